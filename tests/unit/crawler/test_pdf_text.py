"""The text of PDF documents is read, within limits, and nothing that they hold harms their reader."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.pages.pdf_text import (
    LARGEST_STREAM_BYTES,
    LONGEST_TEXT,
    MOST_OPERATIONS,
    MOST_PAGES,
    UnreadablePdf,
    read_pdf,
)
from tests.support.pdf import assemble, drawn, pdf

LINES = (
    "New project launched",
    "The migration agency has launched a new project against human trafficking in Burundi, and will",
    "train judges, prosecutors and police officers there over the next three years; it is funded by",
    "the Netherlands.",
    "A shelter will open in Bujumbura, for survivors of trafficking in persons from all the counter-",
    "trafficking projects of the region, officials said.",
    "Page 1 of 2",
)


@pytest.mark.parametrize("is_packed", [True, False])
def test_lines_are_joined_to_the_paragraphs_that_they_were_set_from(is_packed: bool) -> None:
    assert read_pdf(pdf(LINES, ("The end (of “it”).",), is_packed=is_packed)).split("\n\n") == [
        LINES[0],
        " ".join(LINES[1:4]),
        "".join(LINES[4:6]),
        "The end (of “it”).",
    ]


def test_a_document_of_many_pages_is_read_at_its_beginning() -> None:
    text = read_pdf(pdf(*([f"This is the text of page {number}, and more."] for number in range(MOST_PAGES + 20))))
    assert text.count("This is the text") == MOST_PAGES
    assert len(read_pdf(pdf(["word " * 20_000]) * 1)) <= LONGEST_TEXT


LOCKED = pdf(LINES).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Nobody /V 9 >>")
CIRCLE = assemble([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"%PDF-1.7", "damaged"),
        (pdf(LINES)[:400], "damaged"),
        (CIRCLE, "damaged"),
        (LOCKED, ""),
        (pdf([]), "no readable text"),
        (pdf(["#$%&/()=?" * 20]), "no readable text"),
        (drawn(bytes(LARGEST_STREAM_BYTES * 4)), "unpacks to more"),
        (b"%PDF-1.7" + bytes(5_000_000), "larger than tipwatch reads"),
        pytest.param(drawn(b"BT /F1 11 Tf " + b"(a) Tj " * MOST_OPERATIONS), "unpacks to more", marks=pytest.mark.slow),
    ],
    ids=["head-only", "cut", "circle", "locked", "empty", "signs", "bomb", "too-large", "operations"],
)
def test_what_cannot_be_read_says_why(body: bytes, words: str) -> None:
    with pytest.raises(UnreadablePdf) as caught:
        read_pdf(body)
    assert words in str(caught.value)
    assert str(caught.value).startswith("the PDF document")


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1_200), st.binary(max_size=40))
def test_any_damage_gives_text_or_a_reason(at: int, damage: bytes) -> None:
    sound = pdf(LINES, is_packed=False)
    with suppress(UnreadablePdf):
        assert isinstance(read_pdf(sound[:at] + damage + sound[at + len(damage) :]), str)
