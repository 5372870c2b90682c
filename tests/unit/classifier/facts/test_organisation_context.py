"""What small words say of bodies: of time only where a time follows."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.extraction.context import Context
from classifier.extraction.roles.context import BodyContext
from classifier.text.parsed_text import parse_text


def classes_in(text: str, lang: str = "en") -> set[str]:
    """The classes of cues around the bodies of a text of one sentence."""
    reading = parse_text(Document("", text, lang), lang)
    [sentence] = reading.sentences
    return {name for cue in BodyContext(Context(reading)).cues(sentence) for name in cue.value}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Survivors are looked after by a charity."),
        ("fr", "Une maison confiée à la paroisse."),
        ("de", "Sie stehen am Rand."),
        ("nl", "Ze staan op straat."),
    ],
)
def test_a_small_word_before_no_time_says_nothing_of_time(lang: str, text: str) -> None:
    assert not {name for name in classes_in(text, lang) if name.startswith("time-")}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "All are to be housed by 2027."),
        ("en", "All are to be housed by the 31st."),
        ("en", "All are to be housed by December."),
        ("es", "Estarán alojadas para 2027."),
    ],
)
def test_before_a_time_it_says_when_something_ends(lang: str, text: str) -> None:
    assert "time-end" in classes_in(text, lang)


def test_other_cues_are_those_of_the_document() -> None:
    assert {"funds", "launches"} <= classes_in("The fund pays for a shelter that Dawn Centre launches.")


def test_dates_and_names_are_weighed_by_all_small_words() -> None:
    reading = parse_text(Document("", "Survivors are looked after by a charity.", "en"), "en")
    names = {name for cue in Context(reading).cues(reading.sentences[0]) for name in cue.value}
    assert "time-end" in names
