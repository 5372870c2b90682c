"""Articles of files: read as they are, refused with the line that is wrong."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tipwatch.errors import BadInput
from tipwatch.records import Record, read_records


def read(content: bytes) -> list[Record]:
    return list(read_records(None, io.BytesIO(content)))


def test_json_lines_come_with_what_is_known() -> None:
    line = {
        "id": "a",
        "title": " A\n title ",
        "text": "One.",
        "lang": "fr",
        "published": "2024-05",
        "url": "https://x.example/",
        "outlet": "X",
    }
    (record,) = read(b"\xef\xbb\xbf" + json.dumps(line).encode() + b"\n\n")
    assert record.id == "a"
    assert record.document.title == "A title"
    assert (record.document.lang, record.document.published, record.document.outlet) == ("fr", "2024-05", "X")


def test_an_article_without_id_is_known_by_its_line() -> None:
    assert [record.id for record in read(b'{"title": "a"}\n{"text": "b"}\n')] == ["1", "2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"title": "a"}\n{"title":\n', "standard input:2: not JSON"),
        (b"[1]\n", "standard input:1: not a JSON object"),
        (b"{}\n", "standard input:1: neither `title` nor `text`"),
        (b'{"title": 5}\n', "standard input:1: `title` must be text"),
        (b'{"title": "a", "lang": ["fr"]}\n', "standard input:1: `lang` must be text"),
        (b'{"title": "\xff"}\n', "standard input:1: not UTF-8"),
        (b"[" * 100_000 + b"\n", "standard input:1: not JSON"),
    ],
)
def test_a_line_that_is_no_article_is_told_with_its_number(content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        read(content)


def test_a_text_file_begins_with_its_title(tmp_path: Path) -> None:
    file = tmp_path / "launch.txt"
    file.write_text("\n  A launch\n\nFirst.\n\nSecond.", encoding="utf-8")
    (record,) = read_records(file, io.BytesIO())
    assert record.id == "launch"
    assert record.document.title == "A launch"
    assert record.document.text == "First.\n\nSecond."


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    for name in ("none.jsonl", "none.txt"):
        with pytest.raises(BadInput, match="cannot be read: no such file"):
            list(read_records(tmp_path / name, io.BytesIO()))
