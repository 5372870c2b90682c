"""Edits the sources of `config.yaml` in place: comments and order stay, nothing is written that would not be accepted,
and the last edit can be undone."""

from __future__ import annotations

import io
import os
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from crawler.sources.registry import parse_source
from tipwatch.config.document import Document, read_document
from tipwatch.config.load import Configuration, read_config, read_content
from tipwatch.config.schema_paths import ValuePath
from tipwatch.config.selection import all_sources, find_source, source_called
from tipwatch.errors import BadInput, ConfigError
from tipwatch.files import write_file

Item = str | Mapping[str, Any]


def add_sources(file: Path, sources: Sequence[Item]) -> Configuration:
    """Appends sources to the file's `sources:` and gives the configuration as it is then.

    Raises:
        BadInput: one is there already, watched or paused.
        ConfigError: where the file is wrong already, or would be with them (then it is not touched).
    """
    content, configuration = _read(file)
    for item in sources:
        _refuse_known(item, configuration)
    return _write(file, content, with_items(content, ("sources",), sources))


def _refuse_known(item: Item, configuration: Configuration) -> None:
    try:
        source = parse_source(item)
    except ValidationError:
        return  # what is wrong with it is told of the file as it would be
    for known in all_sources(configuration.settings):
        if known.key != source.key:
            continue
        if known in configuration.sources:
            raise BadInput(f"{source.url} is watched already, as {known.label!r}", "see `tipwatch sources list`")
        hint = f"to watch it again: tipwatch sources resume {shlex.quote(known.label)}"
        raise BadInput(f"{source.url} is there already, as {known.label!r}, and paused", hint)


def remove_source(file: Path, word: str) -> tuple[str, Configuration]:
    """Takes a source out, or leaves one of the catalogue out; gives its name and the configuration as it is then.

    Raises:
        BadInput: no source has this name or address.
        ConfigError: see `add_sources`.
    """
    content, configuration = _read(file)
    settings = configuration.settings
    source = source_called(all_sources(settings), word)
    changed = _resumed(content, configuration, source.label)
    own = [one.key for one in settings.sources]
    if source.key in own:
        changed = without_item(changed, ("sources", own.index(source.key)))
    else:
        changed = with_items(changed, ("catalogue", "except"), [source.label])
    return source.label, _write(file, content, changed)


def pause_source(file: Path, word: str) -> tuple[str, Configuration]:
    """Has a source left alone until it is resumed; see `remove_source`. One that is paused stays so."""
    content, configuration = _read(file)
    source = source_called(all_sources(configuration.settings), word)
    if source not in configuration.sources:
        return source.label, configuration
    return source.label, _write(file, content, with_items(content, ("paused",), [source.label]))


def resume_source(file: Path, word: str) -> tuple[str, Configuration]:
    """Has a paused source watched again; see `remove_source`. One that is watched stays so."""
    content, configuration = _read(file)
    source = source_called(all_sources(configuration.settings), word)
    if source in configuration.sources:
        return source.label, configuration
    return source.label, _write(file, content, _resumed(content, configuration, source.label))


def undo_edit(file: Path) -> Configuration:
    """Puts the file back as it was before the last edit made here; once more, and that edit is made again.

    Raises:
        BadInput: nothing was edited here, or the file was changed otherwise since.
    """
    content, _ = _read(file)
    before = _before(file)
    if not before.exists():
        raise BadInput(f"no command has edited {file}", "there is nothing to undo")
    if before.stat().st_mtime_ns != file.stat().st_mtime_ns:
        raise BadInput(f"{file} was edited by hand since", f"its version before the last command is in {before}")
    return _write(file, content, before.read_bytes())


def with_items(content: bytes, path: tuple[str, ...], items: Sequence[Item]) -> bytes:
    """The YAML with items appended to the list at a path, which is made where it is missing; everything else, comments
    too, as it was."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # no line of the author's is wrapped
    text = content.decode("utf-8-sig")
    yaml.indent(mapping=2, sequence=4 if _has_indented_lists(text) else 2, offset=2 if _has_indented_lists(text) else 0)
    document = yaml.load(text)
    mapping = document
    for key in path[:-1]:
        if not isinstance(mapping.get(key), CommentedMap):
            mapping[key] = CommentedMap()
        mapping = mapping[key]
    if not isinstance(mapping.get(path[-1]), CommentedSeq):
        mapping[path[-1]] = CommentedSeq()
    listed: CommentedSeq = mapping[path[-1]]
    if not len(listed):
        listed.fa.set_block_style()  # an empty `[]` would grow into one long line
    for item in items:
        listed.append(item if isinstance(item, str) else CommentedMap(item))
    out = io.BytesIO()
    yaml.dump(document, out)
    return out.getvalue()


def without_item(content: bytes, path: ValuePath) -> bytes:
    """The YAML without an item of a list; comments before and behind it stay.

    Raises:
        BadInput: the list is written in brackets.
    """
    document = read_document(content, {}, {})
    lines = content.decode("utf-8-sig").splitlines(keepends=True)
    line, column = document.places[path]
    first = line - 1
    if lines[first][: column - 1].strip() != "-":
        raise BadInput(f"the list on line {line} is in brackets", "write each item on a line of its own, with a dash")
    indentation = lines[first].index("-")
    end = first + 1
    for number in range(first + 1, len(lines)):
        written = lines[number].strip()
        if not written or written.startswith("#"):
            continue
        if len(lines[number]) - len(lines[number].lstrip()) <= indentation:
            break
        end = number + 1
    del lines[first:end]
    if (*path[:-1], 1) not in document.places:  # it was the only one
        _empty(lines, document, path[:-1])
    return "".join(lines).encode()


def _empty(lines: list[str], document: Document, path: ValuePath) -> None:
    line, column = document.keys[path]
    key, colon, rest = lines[line - 1][column - 1 :].partition(":")
    lines[line - 1] = f"{lines[line - 1][: column - 1]}{key}{colon} []{rest}"


def _resumed(content: bytes, configuration: Configuration, label: str) -> bytes:
    """The YAML without whatever pauses a source."""
    settings = configuration.settings
    sources = all_sources(settings)
    for index, word in reversed(list(enumerate(settings.paused))):
        paused = find_source(sources, word)
        if paused is not None and paused.label == label:
            content = without_item(content, ("paused", index))
    return content


def _read(file: Path) -> tuple[bytes, Configuration]:
    """The file, which is refused as it stands where it is wrong already, not as an edit would leave it."""
    content = read_content(file)
    return content, read_config(content, file, is_for_mail=False)


def _write(file: Path, before: bytes, after: bytes) -> Configuration:
    try:
        configuration = read_config(after, file, is_for_mail=False)
    except ConfigError as error:  # in lines that the file does not have
        problems = [replace(one, line=0, column=0, path=_last_key(one.path)) for one in error.problems]
        raise ConfigError(file, problems) from error
    kept = _before(file)
    write_file(kept, before, mode=file.stat().st_mode & 0o777)
    write_file(file, after)
    edited_at = file.stat().st_mtime_ns  # whoever edits it by hand makes it another
    os.utime(kept, ns=(edited_at, edited_at))
    return configuration


def _last_key(path: str) -> str:
    """What of a path people can read: the place in a list is none of theirs."""
    last = path.rpartition(".")[2]
    return "" if last.isdecimal() else last


def _before(file: Path) -> Path:
    """Where the file is kept as it was before the last edit."""
    target = file.resolve()
    return target.with_name(f"{target.name}.bak")


def _has_indented_lists(text: str) -> bool:
    """Whether the file writes `  - item` under a key (the usual way) or `- item`; the former where it has none."""
    for line in text.splitlines():
        if line.lstrip().startswith("- "):
            return line.startswith(" ")
    return True
