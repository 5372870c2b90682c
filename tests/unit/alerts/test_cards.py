from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from alerts.digest.cards import (
    format_confidence,
    format_maybe,
    format_reasons,
    make_card,
    make_story_line,
    make_update,
)
from alerts.digest.content import FactLine
from alerts.digest.facts import LABELS, TIMES
from alerts.i18n.languages import LANGUAGES
from alerts.i18n.translator import Translator, translator_for
from classifier.document import Evidence, Reason, Verdict
from classifier.schema import FACT_NAMES
from storage.digests.announcements import OtherStory, ProjectUpdate
from storage.projects.projects import ProjectLink
from storage.register.compare.organisations import read_organisation
from storage.register.merge.values import Claim
from tests.support.project_examples import SEEN_AT, claim, euros, project, source

ENGLISH, FRENCH = translator_for("en"), translator_for("fr")
HERALD, GAZETTE, MIROIR = source(1, "The Herald"), source(2, "Gazette"), source(3, "Le Miroir", "fr")


def lines(*arguments: object, **options: object) -> dict[str, FactLine]:
    card = make_card(*arguments, **options)  # type: ignore[arg-type]
    return {line.label: line for line in card.facts}


def test_a_project_is_called_by_its_name_where_it_has_one() -> None:
    named = make_card(project(name=(claim("Safe Harbour", 1),)), ENGLISH)
    assert (named.title, named.title_language, named.title_note) == ("Safe Harbour", "en", "")


def test_a_name_that_readers_can_read_is_preferred() -> None:
    arabic = source(4, "المرآة", "ar")
    told = project(HERALD, arabic, name=(claim("بداية عادلة", 4), claim("Fair Start", 1)))
    card = make_card(told, ENGLISH)
    assert (card.title, card.title_note) == ("Fair Start", "")
    assert lines(told, ENGLISH)["Also called"].value == "بداية عادلة (المرآة)"
    only = make_card(project(arabic, name=(claim("بداية عادلة", 4),)), FRENCH)
    assert (only.title, only.title_language, only.title_note) == ("بداية عادلة", "ar", "Nom en arabe")


def test_organisations_that_are_known_are_called_as_their_readers_call_them() -> None:
    iom = replace(claim("@IOM", 1), shown="المنظمة الدولية للهجرة")
    fund = replace(claim("@gov:CI", 1), shown="gouvernement ivoirien")
    told = project(implementers=(iom, claim("Harbour Trust", 1)), funders=(fund,))
    assert lines(told, ENGLISH)["Runs it"].value == "International Organization for Migration (IOM), Harbour Trust"
    assert lines(told, FRENCH)["Financé par"].value == "Côte d’Ivoire (gouvernement)"
    fixed = replace(iom, is_by_person=True)
    assert lines(project(implementers=(fixed,)), ENGLISH)["Runs it"].value == "المنظمة الدولية للهجرة"


@pytest.mark.parametrize("key", ENGLISH.terms.organisations)
def test_the_names_of_known_organisations_are_those_the_register_knows_them_by(key: str) -> None:
    for language in LANGUAGES:
        assert read_organisation(translator_for(language).terms.organisations[key]).key == key


def test_a_headline_that_stands_for_a_name_says_its_language() -> None:
    card = make_card(project(title="Des refuges en mer", language="fr"), ENGLISH)
    assert (card.title, card.title_language, card.title_note) == ("Des refuges en mer", "fr", "Headline in French")
    assert make_card(project(title="Des refuges en mer", language="fr"), FRENCH).title_note == ""


def test_conflicting_sums_stand_side_by_side_with_who_claims_them() -> None:
    told = project(HERALD, GAZETTE, MIROIR, amount=(euros(11e6, 1, 3), euros(10e6, 2)))
    assert lines(told, ENGLISH)["How much"] == FactLine(
        "How much",
        "EUR\u00a011\u00a0million",
        ("EUR\u00a010\u00a0million (Gazette)",),
        who="The Herald, Le Miroir",
        kind="sum",
    )
    french = lines(told, FRENCH)["Montant"]
    assert french.value == "11\u00a0millions\u00a0EUR"


def test_a_sum_that_nobody_doubts_names_nobody() -> None:
    assert lines(project(amount=(euros(2.5e6, 1),)), ENGLISH)["How much"].who == ""


def test_what_a_person_corrected_is_said_to_be() -> None:
    fixed = replace(euros(12e6), is_by_person=True)
    line = lines(project(amount=(fixed, euros(10e6, 1))), ENGLISH)["How much"]
    assert (line.value, line.who) == ("EUR\u00a012\u00a0million", "corrected by hand")


def test_times_and_other_times_share_a_line() -> None:
    told = project(
        HERALD,
        GAZETTE,
        start=(claim("2027-01", 1),),
        end=(claim("2030", 1), claim("2029-12-31", 2)),
        duration_months=(claim("48", 1), claim("36", 2)),
    )
    line = lines(told, ENGLISH)["When"]
    assert line.value == "January 2027 to 2030 (4 years)"
    assert line.others == ("until 31 Dec 2029 (Gazette)", "3 years (Gazette)")


def test_doubted_countries_and_other_names_are_told() -> None:
    told = project(
        HERALD,
        GAZETTE,
        name=(claim("Safe Harbour", 1), claim("Harbours of Safety", 2)),
        countries=(claim("FJ", 1),),
        doubted={"countries": (claim("VU", 2),)},
    )
    said = lines(told, ENGLISH)
    assert said["Where"] == FactLine("Where", "Fiji", ("perhaps also Vanuatu (Gazette)",), kind="where")
    assert said["Also called"].value == "Harbours of Safety (Gazette)"


def test_related_projects_are_named_but_not_those_parted_from_it() -> None:
    links = (
        ProjectLink("follows", "P-111111", "Safe Harbour I", "phase"),
        ProjectLink("apart", "P-222222", "Other", "parted by hand"),
        ProjectLink("perhaps-same", "P-333333", "Port sûr", "same funder"),
    )
    line = lines(project(links=links), ENGLISH)["See also"]
    assert line.value == "Safe Harbour I (P-111111), which it follows · Port sûr (P-333333), perhaps the same"


@pytest.mark.parametrize(
    ("translator", "said"),
    [
        (ENGLISH, ("which it follows", "of which it is part", "to which it adds money")),
        (translator_for("es"), ("del que es continuación", "del que forma parte", "al que añade fondos")),
        (
            translator_for("fr"),
            ("dont il prend la suite", "dont il fait partie", "auquel il apporte des fonds supplémentaires"),
        ),
    ],
)
def test_a_card_says_how_a_project_stands_to_another_in_every_language(
    translator: Translator, said: tuple[str, ...]
) -> None:
    for kind, words in zip(("follows", "part-of", "supplements"), said, strict=True):
        told = project(links=(ProjectLink(kind, "P-111111", "Safe Harbour", "its text says so"),))
        assert f"Safe Harbour (P-111111), {words}" in {line.value for line in make_card(told, translator).facts}


def test_nothing_known_is_nothing_said() -> None:
    card = make_card(project(), ENGLISH)
    assert (card.facts, card.places, card.quotation, card.evidence) == ((), (), None, None)


def test_an_update_tells_the_new_articles_and_marks_what_they_add() -> None:
    told = project(HERALD, GAZETTE, funders=(claim("Norway", 2),), implementers=(claim("Shelter Trust", 1, 2),))
    update = ProjectUpdate(told, (2,), SEEN_AT - timedelta(days=6))
    card = make_update(update, ENGLISH, "UTC")
    assert card.note == "Announced to you on 18 Nov 2026; now also reported by Gazette."
    assert [link.outlet for link in card.links] == ["Gazette"]
    assert {line.label: line.is_new for line in card.facts} == {"Runs it": False, "Pays": True}
    assert make_update(update, FRENCH, "UTC").note == (
        "Annoncé le 18 nov. 2026\u00a0; désormais relayé aussi par Gazette."
    )


def doubtful(value: str, probability: float = 0.5) -> Claim:
    return replace(claim(value, 1), probability=probability)


@pytest.mark.parametrize(("language", "perhaps"), [("en", "perhaps"), ("fr", "peut-être"), ("es", "quizá")])
def test_a_doubtful_fact_is_marked_and_no_other(language: str, perhaps: str) -> None:
    reader = translator_for(language)
    told = project(
        name=(doubtful("Safe Harbour"),),
        funders=(claim("Dawn Fund", 1), doubtful("Dusk Fund"), doubtful("Noon Fund", 0.9)),
        countries=(claim("FJ", 1), doubtful("PE")),
        amount=(replace(euros(11e6, 1), probability=0.6),),
        start=(claim("2026", 1),),
        end=(doubtful("2029"),),
    )
    card = make_card(told, reader)
    values = {line.kind: line.value for line in card.facts if line.kind != "party"}
    [funders] = [line.value for line in card.facts if "Dawn Fund" in line.value]
    assert funders == f"Dawn Fund, {perhaps} Dusk Fund, Noon Fund"
    assert card.amount.startswith(f"{perhaps} ")
    assert values["when"].startswith(f"{perhaps} ")
    assert [place.startswith(perhaps) for place in card.places] == [False, True]
    assert card.title == "Safe Harbour"
    assert card.title_note
    sure = make_card(project(name=(claim("Safe Harbour", 1),), start=(doubtful("2026", 0.66),)), reader)
    assert perhaps not in f"{sure}"
    assert not sure.title_note


def test_a_new_project_marks_nothing_as_new() -> None:
    assert not lines(project(funders=(claim("Norway", 1),)), ENGLISH)["Pays"].is_new


@pytest.mark.parametrize(
    ("confidence", "said"),
    [
        (1.0, "almost certainly a new project (99%)"),
        (0.9, "almost certainly a new project (90%)"),
        (0.7, "probably a new project (70%)"),
        (0.5, "possibly a new project (50%)"),
    ],
)
def test_how_sure_is_said_in_a_word_and_a_number(confidence: float, said: str) -> None:
    assert format_confidence(ENGLISH, confidence) == said


def test_a_maybe_quotes_the_sentence_that_spoke_most_for_it() -> None:
    start = Evidence("The centre will open in May. " + "Word " * 40, "text", 0, 229)
    other = Evidence("Since 2019 it has trained judges.", "text", 230, 263)
    reasons = [
        Reason("new_project", "Since 2019", -3.0, other, "running"),
        Reason("relevant", "Since 2019", 9.0, other),
        Reason("new_project", "The centre will open", 2.0, start, "start"),
    ]
    told = format_reasons(ENGLISH, reasons, 0.47)
    assert told.startswith("47% likely to be a new project, because of the sentence “The centre will open in May. Word")
    assert told.endswith("Word…”")
    assert len(told) < 250
    assert format_reasons(FRENCH, reasons, 0.47).startswith(
        "nouveau projet avec une probabilité de 47\xa0%, en raison de la phrase «\xa0The centre will"
    )
    assert format_reasons(ENGLISH, reasons[:2], 0.47) == "47% likely to be a new project"


def test_a_maybe_of_a_headline_alone_says_so() -> None:
    verdict = Verdict("en", 0.9, True, "yes", 0.4, False, "maybe", "project", is_title_only=True)
    assert format_maybe(ENGLISH, verdict) == "40% likely to be a new project, judging by its headline alone"
    assert format_maybe(ENGLISH, replace(verdict, is_title_only=False)) == "40% likely to be a new project"


def test_a_project_known_by_headlines_alone_says_so_until_an_article_is_read() -> None:
    alone = replace(HERALD, is_title_only=True)
    assert make_card(project(alone, replace(GAZETTE, is_title_only=True)), ENGLISH).note == (
        "Known from its headline alone: none of its articles could be read."
    )
    assert make_card(project(alone, GAZETTE), ENGLISH).note is None


def test_a_story_is_told_once_with_its_outlets_counted() -> None:
    story = OtherStory("Three held", "rescue", "en", "https://a.example/1", (8, 9), ("The Herald", "Gazette"), SEEN_AT)
    line = make_story_line(story, FRENCH)
    assert (line.article_id, line.topic, line.outlets, line.link.outlet) == (8, "Victimes secourues", 2, "The Herald")


def test_a_week_has_a_line_for_each_project() -> None:
    line = make_card(project(countries=(claim("FJ", 1),), amount=(euros(2e6, 1),)), ENGLISH)
    assert (line.places, line.amount, line.title_language) == (("Fiji",), "EUR\u00a02\u00a0million", "en")


def test_every_fact_has_a_phrase() -> None:
    assert set(FACT_NAMES) == {*LABELS, *TIMES}
