"""What an address leads to is told by its bytes."""

from __future__ import annotations

import pytest

from crawler.http.body_kind import is_page, is_pdf


@pytest.mark.parametrize(
    "text",
    [
        "<html><body>",
        "\ufeff \n<!DOCTYPE html><html>",
        "<?xml version='1.0'?><!-- a > b --><!DOCTYPE html><html xmlns='x'>",
        "<p>A piece of a page",
        "Warning: no database\n<br><html>",
        "<html><body>\0<article>",
    ],
)
def test_markup_of_a_page_is_a_page(text: str) -> None:
    assert is_page(text)


@pytest.mark.parametrize(
    "text",
    [
        "<?xml version='1.0'?><rss version='2.0'>",
        "<rss>",
        "<rdf:RDF>",
        "<feed xmlns='x'>",
        "<svg>",
        "<?xml version='1.0'?><report>",
        '{"html": "<p>x</p>"}',
        "[1, '<p>']",
        "plain words",
        "\x89PNG\r\n\x1a\n\0\0<p>",
        "\ufffd\ufffd JFIF <x:xmpmeta>",
    ],
)
def test_data_are_no_page_whatever_stands_in_them(text: str) -> None:
    assert not is_page(text)


def test_a_document_is_told_by_its_mark() -> None:
    assert is_pdf(b"\r\n%PDF-1.4 ...")
    assert not is_pdf(b"<html>how to write %PDF" + b" " * 1_024 + b"%PDF-1.7")
