"""How one project stands to another: read from names, headlines and bodies, in the right direction."""

from __future__ import annotations

from typing import Any

import pytest

from classifier.document import Evidence, Facts
from classifier.languages import LANGUAGES
from storage.register.compare.claims import Claims
from storage.register.compare.match import compare_claims
from storage.register.compare.relations import relate
from storage.register.compare.ties import Tie, is_background, read_ties
from tests.support.claims import as_listed, read

LANTERN: dict[str, Any] = {
    "name": "Lantern Coast",
    "implementers": "Harbour Light Foundation",
    "funders": "Norway",
    "countries": "MZ",
}


def claims(
    title: str, text: str, on: str, *, language: str = "en", stating: dict[str, str] | None = None, **stated: Any
) -> Claims:
    """An article's claims; `stating` are sentences by the fact that they state."""
    evidence: Any = {name: (Evidence(said, "text", 0, len(said)),) for name, said in (stating or {}).items()}
    return read(title, text, on, Facts(**as_listed(stated), evidence=evidence), language=language)


def told(on: str, text: str = "Doors will open in Nampula.", *, title: str = "Six doors", **stated: Any) -> Claims:
    return claims(title, text, on, **{**LANTERN, **stated})


def stands(ours: Claims, theirs: Claims) -> tuple[str, bool] | None:
    found, back = relate(ours, theirs), relate(theirs, ours)
    assert (found is None) == (back is None)
    if found is None or back is None:
        return None
    assert (found.kind, found.is_ours, found.words) == (back.kind, not back.is_ours, back.words)
    return found.kind, found.is_ours


FIRST = told("2021-03-09")


@pytest.mark.parametrize(
    "second",
    [
        told("2024-05-14", name="Lantern Coast II"),
        told("2024-05-14", title="Second phase of Lantern Coast to reach Tete"),
        told("2024-05-14", "The new work is a follow-up to Lantern Coast, which ended in March.", name="Reef Watch"),
    ],
)
def test_the_next_phase_follows_the_first_and_never_the_other_way_round(second: Claims) -> None:
    assert stands(second, FIRST) == ("follows", True)


def test_a_phase_that_only_the_body_names_follows_too() -> None:
    sentence = "Norway is paying $3.1 million for the second phase of Lantern Coast."
    text = f"{sentence} The first phase, which ended in March, helped 1,250 children."
    second = told("2024-05-14", text, stating={"amount": sentence})
    assert second.phase == 2
    assert stands(second, FIRST) == ("follows", True)


def test_a_phase_that_is_only_planned_is_none() -> None:
    sentence = "A second phase of Lantern Coast is expected by 2024."
    assert told("2021-03-09", sentence, stating={"name": sentence}).phase is None


MORE = [
    ("en", "Norway pays another $500,000 for a second shelter. Its first, Casa Amanecer, opened in 2022."),
    ("en", "Norway has topped up Casa Amanecer with new money."),
    ("es", "España destina otros 500.000 euros a Casa Amanecer para abrir un segundo centro."),
    ("fr", "La Norvège verse 500 000 euros supplémentaires à Casa Amanecer."),
    ("pt", "A Noruega dá mais 500.000 euros à Casa Amanecer."),
    ("it", "La Norvegia versa altri 500.000 euro a Casa Amanecer."),
    ("de", "Norwegen gibt weitere 500.000 Euro für Casa Amanecer."),
    ("ro", "Norvegia acordă încă 500.000 de euro pentru Casa Amanecer."),
    ("ru", "Норвегия выделит ещё 500 тыс. евро на Casa Amanecer."),
    ("uk", "Норвегія виділить ще 500 тис. євро на Casa Amanecer."),
    ("tr", "Norveç, Casa Amanecer için 2 milyon dolar daha verecek."),
    ("nl", "Noorwegen geeft nog eens 500.000 euro aan Casa Amanecer."),
    ("id", "Norwegia memberi tambahan 500 ribu euro untuk Casa Amanecer."),
    ("pl", "Norwegia da kolejne 500 tys. euro na Casa Amanecer."),
    ("ar", "قدمت النرويج 500 ألف يورو إضافية إلى Casa Amanecer."),
]


@pytest.mark.parametrize(("language", "text"), MORE)
def test_more_money_for_a_project_supplements_it_in_every_language(language: str, text: str) -> None:
    first = told("2022-08-30", name="Casa Amanecer")
    later = claims("Title", text, "2024-02-12", language=language, **{**LANTERN, "name": "Choluteca"})
    assert stands(later, first) == ("supplements", True)


PARTS = [
    ("en", "The grant is part of the Safer Nets programme of the ministry."),
    ("es", "El proyecto se ejecuta en el marco del programa Safer Nets."),
    ("fr", "Le projet s'inscrit dans le programme Safer Nets."),
    ("pt", "O projeto decorre no âmbito do programa Safer Nets."),
    ("it", "Il progetto è finanziato nell'ambito del programma Safer Nets."),
    ("de", "Das Projekt wird im Rahmen des Programms Safer Nets gefördert."),
    ("ro", "Proiectul este derulat în cadrul programului Safer Nets."),
    ("ru", "Проект осуществляется в рамках программы Safer Nets."),
    ("uk", "Проєкт здійснюється в межах програми Safer Nets."),
    ("tr", "Proje, Safer Nets programı kapsamında yürütülüyor."),
    ("nl", "Het project is onderdeel van het programma Safer Nets."),
    ("id", "Proyek ini bagian dari program Safer Nets."),
    ("pl", "Projekt jest realizowany w ramach programu Safer Nets."),
    ("ar", "ينفذ المشروع في إطار برنامج Safer Nets."),
]


@pytest.mark.parametrize(("language", "text"), PARTS)
def test_an_award_is_part_of_the_programme_that_it_names_in_every_language(language: str, text: str) -> None:
    programme = claims("Title", "Nothing.", "2024-01-10", name="Safer Nets", funders="Norway", countries="MZ")
    award = claims("Title", text, "2024-02-12", language=language, **LANTERN)
    assert stands(award, programme) == ("part-of", True)


def test_every_language_with_a_lexicon_has_its_words() -> None:
    assert {language for language, _ in MORE} == {language for language, _ in PARTS} == set(LANGUAGES)


def test_an_award_is_part_of_the_round_that_names_many_whatever_the_language() -> None:
    nine = tuple(f"{name} Haven" for name in ("Bay", "Valley", "Delta", "Mesa", "Pine"))
    whole = claims(
        "Staat fördert neun Gruppen", "…", "2023-09-27", language="de", funders="Norway", countries="US",
        implementers=nine, amount=5.4e6, currency="USD",
    )  # fmt: skip
    award = claims(
        "More beds", "…", "2023-10-03", funders="Norway", countries="US", implementers="Bay Haven", amount=6e5,
        currency="USD",
    )  # fmt: skip
    assert stands(award, whole) == ("part-of", True)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # a sum beside a comparison, and a number of people
        (
            told("2024-02-12", "More than $500,000 was paid for Casa Amanecer."),
            told("2022-08-30", name="Casa Amanecer"),
        ),
        (told("2024-02-12", "Another 40 women came to Casa Amanecer."), told("2022-08-30", name="Casa Amanecer")),
        # told within days: two accounts of one launch
        (told("2022-08-31", "Another $500,000 goes to Casa Amanecer."), told("2022-08-30", name="Casa Amanecer")),
        # the programme that is named is another
        (told("2024-02-12", "It is part of the Reef Watch programme."), told("2022-08-30", name="Safer Nets")),
        # nearly one name for the work of others, and a word that is no name there
        (
            told("2024-02-12", name="Lantern Line II", implementers="Tide Aid", funders="Scotland", countries="GB"),
            told("2021-03-09"),
        ),
        (told("2024-02-12", "It is part of what gives them hope."), told("2022-08-30", name="Hope")),
        # what is told first follows nothing that is told later
        (told("2019-02-12", "It is a follow-up to Reef Watch."), told("2022-08-30", name="Reef Watch")),
    ],
)
def test_what_only_looks_like_a_tie_is_none(ours: Claims, theirs: Claims) -> None:
    assert stands(ours, theirs) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (told("2024-03-01", name="Harbour 1"), told("2024-03-04", name="Harbour 2")),
        (told("2021-03-01", "The shelter Harbour 1 opens.", name="Harbour 1"), told("2024-03-04", name="Harbour 2")),
        (told("2021-03-01", name="Harbour"), told("2024-03-04", "The Harbour 2 house opens.", name="Harbour 2")),
        (told("2021-03-01", name="Rescue Unit 1"), told("2024-03-04", name="Rescue Unit 2")),
        (told("2021-03-01", name="Scanner model 3"), told("2024-03-04", name="Scanner model 4")),
    ],
)
def test_numbers_of_houses_units_and_models_are_no_phases(one: Claims, other: Claims) -> None:
    assert stands(other, one) is None
    assert compare_claims(one, other).decision != "same"


def test_a_phase_that_is_called_one_follows_even_where_a_name_ends_like_a_houses() -> None:
    first = told("2016-11-14", name="Pathways Home")
    text = "The foundation has launched Pathways Home II, the second phase of its project."
    second = told("2019-03-09", text, title="Pathways Home II: Norway pays for a second phase", name="Pathways Home II")
    assert stands(second, first) == ("follows", True)


def test_a_predecessor_named_in_passing_is_not_the_projects_name() -> None:
    text = "The work builds on the Reef Watch programme, which ended in 2019. Doors will open."
    assert told("2021-03-01", text, name="Reef Watch programme").name is None
    assert is_background("Reef Watch", "Six doors", text, "en")
    assert not is_background("Reef Watch", "Reef Watch begins", text, "en")
    assert not is_background("Reef Watch", "Six doors", f"{text} Reef Watch is run by Norway.", "en")


def test_a_project_that_says_it_follows_another_is_never_joined_to_it() -> None:
    before = told("2015-03-01", name="Reef Watch")
    text = "The work builds on the Reef Watch programme, which ended in 2019."
    after = told("2021-03-01", text, name=None)
    match = compare_claims(after, before)
    assert (match.decision, match.is_contradicted) == ("different", True)
    assert stands(after, before) == ("follows", True)


def test_a_language_without_words_ties_nothing() -> None:
    assert read_ties("Title", "Another $500,000 goes to Casa Amanecer.", "xx") == ()
    assert read_ties("Title", "Another $500,000 goes to Casa Amanecer.", "en") == (
        Tie("supplements", "Another $500,000 goes to Casa Amanecer.", "Another $500,000 goes to Casa Amanecer. "),
    )
