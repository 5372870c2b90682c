"""The lexicons an analyst edits: every language has every section, in the form the readers expect."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from classifier import languages
from classifier.entities.name_words import load_name_words
from classifier.languages import LANGUAGES, Lexicon, load_countries, load_country_cues, load_lexicon, read_language
from classifier.lexicon import load_agencies, load_currencies, load_places
from classifier.text.phrase_matcher import split_phrase
from classifier.text.tokens import fold

FOLDERS = sorted(
    folder for folder in Path(languages.__file__).parent.iterdir() if folder.is_dir() and folder.name != "__pycache__"
)
ISO_4217 = re.compile(r"[A-Z]{3}")
ISO_3166 = re.compile(r"[A-Z]{2}")
MAY_LACK = {"home", "single_multipliers", "dual_multipliers", "abbreviations", "name_words"}
"""Sections that not every language has something for."""
CUE_CLASSES = {
    "funded_by",
    "funds",
    "grant",
    "receives",
    "implements",
    "implemented_by",
    "launches",
    "partner_with",
    "partner",
    "helps",
    "works_with",
    "says",
    "attends",
    "person",
    "beneficiary",
    "named",
    "past",
    "future",
    "total",
    "share",
    "parent",
    "profit",
    "elsewhere",
}
BODY_KINDS = {"government", "embassy", "state", "fund", "ngo", "university"}
AGENCY_KINDS = {"agency", "donor", "both", "ngo", "state", "body"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_has_every_section_and_no_unknown_one(lang: str) -> None:
    sections = {section.name for section in fields(Lexicon)} - {"is_known"}
    assert sections - MAY_LACK <= set(read_language(lang, "lexicon")) <= sections


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_folder_holds_a_lexicon_with_its_countries_or_what_cldr_lacks(folder: Path) -> None:
    assert {file.stem for file in folder.iterdir()} - {"page"} in ({"lexicon", "countries"}, {"quantities"})


@pytest.mark.parametrize("lang", [folder.name for folder in FOLDERS if folder.name not in LANGUAGES])
def test_what_cldr_lacks_is_written_as_the_sections_of_a_lexicon_are(lang: str) -> None:
    added = read_language(lang, "quantities")
    assert set(added) <= {section.name for section in fields(Lexicon)} | {"countries"}
    assert all(value > 0 for section in ("numbers", "multipliers") for value in added.get(section, {}).values())
    assert set(added.get("durations", {})) <= {"day", "week", "month", "year"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_language_is_written_as_the_readers_expect(lang: str) -> None:
    lexicon = load_lexicon(lang)
    assert lexicon.decimal in (".", ",")
    assert set(lexicon.months) == set(range(1, 13))
    assert all(value > 0 for value in (*lexicon.numbers.values(), *lexicon.multipliers.values()))
    assert set(lexicon.currencies) - set(load_currencies().shared) == {
        code for code in lexicon.currencies if ISO_4217.fullmatch(code)
    }
    assert set(lexicon.durations) <= {"day", "week", "month", "year"}
    assert set(lexicon.cues) <= CUE_CLASSES
    assert set(lexicon.organisations) <= BODY_KINDS
    assert set(lexicon.time) == {"start", "end"}
    assert set(lexicon.enumeration) == {
        "first",
        "second",
        "later",
        "counted",
        "follows",
        "pairs",
        "besides",
        "shared",
        "negated",
        "subject",
    }
    assert set(lexicon.prepositions) <= {"by", "with", "from", "to", "of", "in", "under"}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_false_friend_is_a_cue_of_english(lang: str) -> None:
    english = load_lexicon("en")
    cues = {
        phrase for phrases in (*english.cues.values(), *english.time.values(), english.projects) for phrase in phrases
    }
    assert set(load_lexicon(lang).false_friends) <= cues
    assert lang != "en" or not load_lexicon(lang).false_friends


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_phrase_is_text_without_white_space_around_it(lang: str) -> None:
    lexicon = load_lexicon(lang)
    lists = [*lexicon.cues.values(), *lexicon.organisations.values(), *lexicon.prepositions.values(), lexicon.projects]
    phrases: list[Any] = [
        one for words in (*lists, *lexicon.enumeration.values()) for one in words
    ]  # YAML has yes and no
    wrong = [one for one in phrases if not isinstance(one, str) or one != one.strip() or not one]
    assert wrong == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_countries_are_by_iso_code_and_the_same_in_every_language(lang: str) -> None:
    codes: list[Any] = list(load_countries(lang))  # `no` is false in YAML
    assert all(isinstance(code, str) and ISO_3166.fullmatch(code) for code in codes)
    assert set(load_countries(lang)) == set(load_countries("en"))


def test_places_and_agencies_belong_to_known_countries() -> None:
    known = set(load_countries("en"))
    assert set(load_places().places) <= known
    assert set(load_places().signs) <= known
    assert {agency.home for agency in load_agencies() if agency.home} <= known


def test_a_place_is_in_one_country_and_written_with_a_capital() -> None:
    places = [place for some in load_places().places.values() for place in some]
    assert len({place.casefold() for place in places}) == len(places)
    assert not [place for place in places if place[0].islower()]


def test_every_class_of_country_cues_is_known_in_every_language() -> None:
    for lang in LANGUAGES:
        cues = load_country_cues(lang)
        assert all(cues.values())
        assert lang == "en" or sum(map(len, cues.values())) > sum(map(len, load_country_cues("en").values()))


def test_agencies_have_one_entry_each_and_a_known_kind() -> None:
    ids = [agency.id for agency in load_agencies()]
    assert len(ids) == len(set(ids))
    assert {agency.kind for agency in load_agencies()} <= AGENCY_KINDS


def test_no_name_of_a_body_begins_with_an_elided_article() -> None:
    names = [name for agency in load_agencies() for name in agency.names]
    assert not [name for name in names if fold(name).startswith(("l'", "l’"))]


def test_a_name_stands_for_one_body() -> None:
    bodies: dict[tuple[str, ...], set[str]] = {}
    for agency in load_agencies():
        for name in agency.names:
            bodies.setdefault(split_phrase(name), set()).add(agency.id)
    assert {name: ids for name, ids in bodies.items() if len(ids) > 1} == {}


def test_currencies_are_iso_codes_or_shared_words() -> None:
    signs, dollars, shared = load_currencies().signs, load_currencies().dollars, load_currencies().shared
    assert all(ISO_4217.fullmatch(code) for code in set(signs) - set(shared))
    assert all(
        ISO_4217.fullmatch(code) for code in (*dollars.values(), *(c for one in shared.values() for c in one.values()))
    )


def test_a_word_that_is_a_multiplier_and_a_currency_in_one_is_of_a_currency_that_is_read_by_itself() -> None:
    joined = load_currencies().joined
    assert {code for _, code in joined.values()} <= load_currencies().signs.keys()
    assert {factor for factor, _ in joined.values()} <= {1e3, 1e6, 1e9}
    assert all(word == fold(word) for word in joined)


def test_the_small_words_of_names_are_read_in_full() -> None:
    words = load_name_words()
    assert {"of", "de"} <= words.genitives
    assert "and" in words.conjunctions


def test_an_unknown_language_has_an_empty_lexicon() -> None:
    assert not load_lexicon("xx").is_known
    assert load_countries("xx") == {}
