"""Bytes become text whatever header and page say of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.text.encoding import decode

FRENCH = "Le gouvernement lance un projet contre la traite des êtres humains – « protéger » l’enfance à Genève. " * 3
ARABIC = "أطلقت المنظمة الدولية للهجرة مشروعا جديدا لمكافحة الاتجار بالبشر في بوروندي بقيمة ملايين دولار. " * 3
RUSSIAN = "Международная организация по миграции начала новый проект по борьбе с торговлей людьми. " * 3
CHINESE = "国际移民组织与政府启动打击人口贩运项目，为期三年，预算三百万美元。" * 5


def served(charset: str | None) -> str:
    """The `Content-Type` of a page that a server says is in this charset."""
    return f"text/html; charset={charset}" if charset else "text/html"


@pytest.mark.parametrize(
    ("text", "encoding", "header"),
    [
        (FRENCH, "utf-8", "iso-8859-1"),
        (FRENCH, "cp1252", "utf-8"),
        (FRENCH, "cp1252", None),
        (FRENCH.replace("–", "-").replace("’", "'"), "iso-8859-1", "utf-8"),
        (ARABIC, "utf-8", "windows-1256"),
        (ARABIC, "cp1256", "utf-8"),
        (ARABIC, "cp1256", "windows-1256"),
        (RUSSIAN, "cp1251", None),
        (RUSSIAN, "koi8-r", "koi8-r"),
        (CHINESE, "gb18030", "gb2312"),
        (FRENCH, "utf-16-le", "utf-16"),
        (FRENCH, "utf-16", "utf-8"),
    ],
)
def test_a_page_with_a_wrong_label_reads_as_it_was_written(text: str, encoding: str, header: str | None) -> None:
    body = f"<html><head><title>x</title></head><body><p>{text}</p></body></html>".encode(encoding)
    assert text in decode(body, served(header))[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_told_by_how_markup_begins(encoding: str) -> None:
    html = f"<title>{RUSSIAN}</title><p>{ARABIC}</p>"  # hardly a zero byte in the first two hundred
    assert decode(html.encode(encoding)) == (html, encoding)


def test_the_declaration_of_the_page_is_used_where_the_header_is_silent() -> None:
    body = b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">' + RUSSIAN.encode("cp1251")
    assert decode(body) == (body.decode("cp1251"), "cp1251")


def test_pasted_bytes_in_a_utf_8_page_become_the_marks_they_were() -> None:
    body = FRENCH.encode() + b" \x93quoted\x94 \x96 " + FRENCH.encode()
    text, encoding = decode(body)
    assert encoding == "utf-8"
    assert " “quoted” – " in text


def test_a_label_that_names_no_text_encoding_is_not_obeyed() -> None:
    for label in ("rot13", "zip", "base64", "hex", "idna", "undefined", "nonsense", ""):
        assert "être" in decode("être".encode("cp1252"), served(label))[0]


@given(st.binary(max_size=400), st.text(max_size=20) | st.none())
def test_any_bytes_become_text(body: bytes, header: str | None) -> None:
    text, encoding = decode(body, served(header))
    assert isinstance(text, str)
    assert encoding


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300))
def test_utf_8_is_read_as_written(text: str) -> None:
    if "\x00" not in text and not text.startswith("\ufeff"):
        assert decode(text.encode(), served("iso-8859-1"))[0] == text
