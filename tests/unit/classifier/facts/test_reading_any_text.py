"""What holds for the facts of any text: evidence is verbatim, nothing fails, the frame of a page states nothing."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.document import Document, Facts
from classifier.extraction import read_facts
from classifier.languages import LANGUAGES
from classifier.schema import FACT_NAMES
from tests.support.fact_reading import encoder_says, facts_of

TITLE = "IOM launches project against human trafficking in Burundi"
TEXT = (
    "IOM, in partnership with the Government of Burundi, has launched a project against human trafficking.\n\n"
    "The $3 million project, funded by the Kingdom of the Netherlands, will be known as Burundi Counter-Trafficking "
    "2019-2022 and will run for the next 3 years.\n\n"
    "It will assist 900 survivors and train 60 police officers."
)
WORDS = st.sampled_from(
    [
        "The",
        "project",
        "“",
        "”",
        "«",
        "(",
        ")",
        ",",
        ".",
        "\n\n",
        "$3 million",
        "of",
        "and",
        "IOM",
        "Government",
        "Burundi",
        "funded by",
        "called",
        "2019-2022",
        "three years",
        "Rs",
        "crore",
        "ministère",
        "de la",
        "وزارة",
        "٣ ملايين",
        "دولار",
        "з",
        "Україна",
        "Georgia",
        "US",
        "€10-12m",
        "-",
        "’s",
        "Inc",
        "№",
        "😀",
        "\u202f",
        "1.234.567,89",
        "ACRONYM",
        "E.U.",
        "Ein",
        "und",
        "e.V.",
        "Fundación",
        "Paniamor",
    ]
)


def evidence_is_verbatim(document: Document, facts: Facts) -> bool:
    stated = [one for sentences in facts.evidence.values() for one in sentences]
    stated += [one.evidence for one in facts.sums]
    return all(getattr(document, one.part)[one.start : one.end] == one.text for one in stated)


@settings(max_examples=60, deadline=None)  # the first call reads the lexicons
@given(st.text(max_size=300), st.text(max_size=60), st.sampled_from([*LANGUAGES, "xx"]))
@example("", "EIN", "de")
def test_no_text_of_any_signs_fails(text: str, title: str, lang: str) -> None:
    document = Document(title, text, lang)
    assert evidence_is_verbatim(document, read_facts(document, lang, scorer=encoder_says(document)))


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=60), st.sampled_from([*LANGUAGES, "xx"]))
def test_no_order_of_telling_words_fails(words: list[str], lang: str) -> None:
    document = Document(" ".join(words[:8]), " ".join(words), lang, "2024-05-03", "https://news.example.ca/1", "news")
    facts = read_facts(document, lang, scorer=encoder_says(document))
    assert evidence_is_verbatim(document, facts)
    assert (facts.amount is None) == (facts.currency is None)
    assert facts.start is None or facts.end is None or facts.end[:4] >= facts.start[:4]


def test_every_stated_fact_carries_the_sentence_that_states_it() -> None:
    document = Document(TITLE, TEXT, "en")
    facts = read_facts(document, "en", scorer=encoder_says(document))
    project = facts.as_project()
    stated = {name for name in FACT_NAMES if project[name] not in (None, [])}
    assert stated == set(FACT_NAMES)
    assert stated == set(facts.evidence)
    assert evidence_is_verbatim(document, facts)


def test_the_launch_in_burundi_is_read_in_full() -> None:
    facts = facts_of(TITLE, TEXT)
    assert facts.as_project() == {
        "name": "Burundi Counter-Trafficking 2019-2022",
        "implementers": ["IOM"],
        "funders": ["Kingdom of the Netherlands"],
        "partners": ["Government of Burundi"],
        "countries": ["BI"],
        "amount": 3000000,
        "currency": "USD",
        "start": "2019",
        "end": "2022",
        "duration_months": 36,
        "people": 900,
    }


@pytest.mark.parametrize(
    "frame",
    [
        "Read also: UK gives $90 million to a project against human trafficking in Kenya",
        "Photo: Getty Images, a $90 million project of the World Bank in Kenya",
        "Related stories: World Bank pays $90 million for Kenya",
    ],
)
def test_the_frame_of_a_page_states_no_facts(frame: str) -> None:
    plain, framed = facts_of(TITLE, TEXT), facts_of(TITLE, f"{TEXT}\n\n{frame}")
    assert framed.as_project() == plain.as_project()
    assert [one.amount for one in framed.sums] == [3_000_000]


@pytest.mark.parametrize(
    "line",
    [
        "BUJUMBURA (WAVY/AP) – Norway pays another $90,000 for it.",
        "Women sign up by themselves; Norway pays another $90,000.",
        "Source: Norwegian Agency for Development Cooperation, grant: $90,000 for its beginning",
        "Source of the money is Norway, which pays another $90,000 for it.",
    ],
)
def test_a_line_that_only_looks_like_the_frame_of_a_page_states_facts(line: str) -> None:
    assert 90_000 in [one.amount for one in facts_of(TITLE, f"{TEXT}\n\n{line}").sums]


def test_each_sentence_of_a_long_headline_is_read_for_itself() -> None:
    facts = facts_of("Go. Burundi starts project", TEXT)
    assert facts.countries == facts_of(TITLE, TEXT).countries


def test_the_same_text_gives_the_same_facts() -> None:
    assert facts_of(TITLE, TEXT) == facts_of(TITLE, TEXT)


def test_a_sum_of_each_scope_is_told_with_its_sentence() -> None:
    facts = facts_of(
        "EU funds project against human trafficking in Ghana",
        "The European Union pays EUR 800,000 of a total of EUR 1,000,000 for a new project against human trafficking "
        "in Ghana.",
    )
    scopes = {one.amount: one.scope for one in facts.sums}
    assert scopes[facts.amount or 0] == "project"
    assert set(scopes) == {800_000, 1_000_000}
