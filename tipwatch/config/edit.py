"""Adds sources to `config.yaml` in place: comments and order stay, and nothing is written that would not be
accepted."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tipwatch.config.load import Configuration, read_config
from tipwatch.errors import BadInput
from tipwatch.files import write_file

__all__ = ["add_sources", "with_sources"]

Source = str | Mapping[str, Any]


def add_sources(file: Path, sources: Sequence[Source]) -> Configuration:
    """Appends sources to the file's `sources:` and gives the configuration as it is then.

    Raises:
        ConfigError: where the file is wrong already, or would be with them (then it is not touched).
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read: {error.strerror}", "write one with `tipwatch config init`") from error
    read_config(
        content, file, is_for_mail=False
    )  # a file that is wrong already is told as it stands, not as we would leave it
    changed = with_sources(content, sources)
    configuration = read_config(changed, file, is_for_mail=False)
    write_file(file, changed)
    return configuration


def with_sources(content: bytes, sources: Sequence[Source]) -> bytes:
    """The YAML with sources appended; everything else, comments too, as it was."""
    from ruamel.yaml import YAML
    from ruamel.yaml.comments import CommentedMap, CommentedSeq

    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000  # no line of the author's is wrapped
    text = content.decode("utf-8-sig")
    yaml.indent(mapping=2, sequence=4 if _has_indented_lists(text) else 2, offset=2 if _has_indented_lists(text) else 0)
    document = yaml.load(text)
    if not isinstance(document.get("sources"), CommentedSeq):
        document["sources"] = CommentedSeq()
    listed: CommentedSeq = document["sources"]
    if not len(listed):
        listed.fa.set_block_style()  # an empty `[]` would grow into one long line
    for source in sources:
        listed.append(source if isinstance(source, str) else CommentedMap(source))
    out = io.BytesIO()
    yaml.dump(document, out)
    return out.getvalue()


def _has_indented_lists(text: str) -> bool:
    """Whether the file writes `  - item` under a key (the usual way) or `- item`; the former where it has none."""
    for line in text.splitlines():
        if line.lstrip().startswith("- "):
            return line.startswith(" ")
    return True
