from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.render.message import SUBJECT_LENGTH, Heading, RenderedDigest, make_message, message_id, plain_header
from storage.projects.quotations import cut
from tests.support.digest_examples import HOSTILE, SLOT_AT

HEADING = Heading("Morning list", "2026-11-25", "tipwatch <watch@example.org>", SLOT_AT)


def make(subject: str = "News", recipient: str = "Ana Ruiz <ana@example.org>") -> EmailMessage:
    return make_message(
        RenderedDigest(subject, "Letter ž\n", "<p>Page ž</p>"),
        HEADING,
        recipient,
    )


def test_the_message_has_what_mailers_and_filters_look_for() -> None:
    message = message_from_bytes(make().as_bytes(), policy=default)
    assert message["From"] == "tipwatch <watch@example.org>"
    assert message["To"] == "Ana Ruiz <ana@example.org>"
    assert message["List-Id"] == "<morning-list.tipwatch.example.org>"
    assert message["List-Unsubscribe"] == "<mailto:watch@example.org?subject=unsubscribe>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"].datetime == SLOT_AT
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


def test_text_and_page_come_back_as_they_were() -> None:
    message = message_from_bytes(make().as_bytes(), policy=default)
    assert [str(part.get_content()).strip() for part in message.iter_parts()] == ["Letter ž", "<p>Page ž</p>"]


def test_lines_are_short_enough_for_any_server() -> None:
    assert max(len(line) for line in make("ž" * 400).as_bytes().split(b"\r\n")) <= 998


@pytest.mark.parametrize("subject", [HOSTILE, "a\r\nBcc: x@example.org", "=?utf-8?q?a=0ABcc:_x?=", "tab\there\u2028x"])
def test_a_hostile_subject_adds_no_header(subject: str) -> None:
    message = message_from_bytes(make(subject).as_bytes(), policy=default)
    assert message["Bcc"] is None
    assert len(message["Subject"].splitlines()) == 1
    assert message["To"] == "Ana Ruiz <ana@example.org>"


@given(st.text(max_size=300))
def test_any_subject_makes_a_message_that_can_be_read_back(subject: str) -> None:
    message = message_from_bytes(make(subject).as_bytes(), policy=default)
    assert sorted(message.keys()) == sorted(make("News").keys())
    assert str(message["Subject"]).strip() == cut(plain_header(subject), SUBJECT_LENGTH).strip()


def test_a_subject_that_is_folded_keeps_its_spaces() -> None:
    subject = "3 new counter-trafficking projects: United Kingdom, Fiji, Norway · 25 Nov 2026"
    message = make(subject).as_bytes()
    assert str(message_from_bytes(message, policy=default)["Subject"]) == subject
    assert max(map(len, message.split(b"\r\n\r\n")[0].split(b"\r\n"))) <= 120


def test_the_message_id_depends_on_who_and_when_alone() -> None:
    first = make("one")["Message-ID"]
    assert first == make("two")["Message-ID"]
    assert first == message_id(HEADING, "ANA@example.org", "example.org")
    assert first != message_id(replace(HEADING, slot_key="2026-11-26"), "ana@example.org", "example.org")
    assert first != message_id(HEADING, "eva@example.org", "example.org")
