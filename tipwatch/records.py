"""Articles in files: JSON Lines (`id`, `title`, `text` and what else is known), or a text file whose first line is
the title."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from classifier.document import Document
from classifier.text.normalisation import normalise_text
from storage.dates import read_stated_date
from tipwatch.errors import BadInput
from tipwatch.text import is_text

LONGEST_LINE = 5_000_000  # characters; an article is thousands, a line beyond this is another kind of file
TEXT_FIELDS = ("lang", "published", "url", "outlet")
RECORD_FIELDS = ("id", "title", "text", *TEXT_FIELDS)


@dataclass(frozen=True, slots=True)
class Record:
    """An article of a file: its id there, the document, and the line it stood in. `unreadable_date` is what stood for
    its date and is none: it counts as undated."""

    id: str
    document: Document
    line: int
    unreadable_date: str | None = None


def read_records(file: Path | None, stdin: IO[bytes]) -> Iterator[Record]:
    """The articles of a file (of standard input where None), in its order.

    Raises:
        BadInput: the file cannot be read, or a line is no article; names file and line.
    """
    if file is not None and file.suffix.lower() == ".txt":
        yield _from_text(file)
        return
    name = "standard input" if file is None else str(file)
    with nullcontext(stdin) if file is None else open_file(file) as stream:
        for line, row in list_objects(stream, name):
            if isinstance(row, BadInput):
                raise row
            yield record_of(row, line, name)


def open_file(file: Path) -> IO[bytes]:
    """The file, to be read.

    Raises:
        BadInput: it cannot be.
    """
    try:
        return file.open("rb")
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise BadInput(f"{file} cannot be read: {reason}", "check the path and its permissions") from error


def list_objects(stream: Iterable[bytes], name: str) -> Iterator[tuple[int, dict[str, Any] | BadInput]]:
    """The number of each line of JSON Lines with its object, or with what is wrong; blank lines are passed over."""
    for number, raw in enumerate(stream, 1):
        if raw.strip():
            try:
                yield number, _parse_object(raw, number, name)
            except BadInput as error:
                yield number, error


def record_of(row: dict[str, Any], line: int, name: str) -> Record:
    """An object as an article.

    Raises:
        BadInput: title and text are missing, or a field is not text.
    """
    title, text = row.get("title") or "", row.get("text") or ""
    for field, value in (("title", title), ("text", text), *((field, row.get(field)) for field in TEXT_FIELDS)):
        if value is not None and not isinstance(value, str):
            raise BadInput(f"{name}:{line}: `{field}` must be text", "")
    if not (title.strip() or text.strip()):
        raise BadInput(f"{name}:{line}: neither `title` nor `text`", "each line is an object with id, title and text")
    known = {field: row.get(field) or None for field in TEXT_FIELDS}
    published = known["published"]
    unreadable = published if published and read_stated_date(published)[0] is None else None
    if unreadable:
        known["published"] = None
    return Record(str(row.get("id", line)), _document(title, text, **known), line, unreadable)


def _parse_object(raw: bytes, number: int, name: str) -> dict[str, Any]:
    if len(raw) > LONGEST_LINE:
        raise BadInput(
            f"{name}:{number}: a line of {len(raw)} bytes; the limit is {LONGEST_LINE}", "one article a line"
        )
    try:
        row = json.loads(raw.decode("utf-8-sig" if number == 1 else "utf-8"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{name}:{number}: not UTF-8 text (byte {error.start + 1})", "save the file as UTF-8") from error
    except (ValueError, RecursionError) as error:
        reason = getattr(error, "msg", "nested too deeply")
        hint = "each line is one JSON object; a plain article goes into a file that ends in .txt"
        raise BadInput(f"{name}:{number}: not JSON ({reason})", hint) from error
    if b"\\ud" in raw.lower() and not is_text(json.dumps(row, ensure_ascii=False)):
        reason = "a \\u escape that is half a character (a lone surrogate)"
        raise BadInput(f"{name}:{number}: {reason}", "write the character itself, or both halves")
    if not isinstance(row, dict):
        raise BadInput(f"{name}:{number}: not a JSON object", "each line is an object with id, title and text")
    return row


def _from_text(file: Path) -> Record:
    try:
        with open_file(file) as stream:
            content = stream.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{file}: not UTF-8 text (byte {error.start + 1})", "save the file as UTF-8") from error
    title, _, text = content.strip().partition("\n")
    if not title:
        raise BadInput(f"{file} is empty", "its first line is the title, the rest the text")
    return Record(file.stem, _document(title, text.strip()), 1)


def _document(title: str, text: str, **known: str | None) -> Document:
    """Title and text in the form in which those of the crawler are judged."""
    return Document(" ".join(normalise_text(title).split()), normalise_text(text), **known)
