from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.register.compare.names import (
    compare_names,
    complete_name,
    fold_words,
    read_name,
    read_title_phase,
    spells_loosely,
)


def compare(one: str, other: str) -> str:
    return compare_names(read_name(one), read_name(other)).kind


@pytest.mark.parametrize(
    ("name", "phase"),
    [
        ("Harbour Light II", 2),
        ("Harbour Light 2", 2),
        ("Harbour Light, Phase II", 2),
        ("Harbour Light (second phase)", None),  # what stands in brackets is another name, not part of this one
        ("Second phase of Harbour Light", 2),
        ("Deuxième phase du projet Lueur", 2),
        ("Proyecto Faro, fase 3", 3),
        ("Третий этап проекта «Маяк»", 3),
        ("المرحلة الثانية من مشروع منارة", 2),
        ("Harbour Light", None),
        ("Hotline 116", None),
        ("Project 2025", None),
        ("Harbour Light 2024", None),
    ],
)
def test_the_phase_of_a_name(name: str, phase: int | None) -> None:
    assert read_name(name).phase == phase


@pytest.mark.parametrize(
    ("title", "phase"),
    [
        ("Second phase of Harbour Light opens in Accra", 2),
        ("Fourth edition of the fund brings twelve grants", 4),
        ("Lancement de la troisième phase du projet", 3),
        ("Two arrested in Accra", None),
        ("World Cup phase begins", None),
    ],
)
def test_the_phase_a_headline_names(title: str, phase: int | None) -> None:
    assert read_title_phase(title) == phase


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Light Initiative", "The Harbour Light Initiative"),
        ("Harbour Light Initiative", "HARBOUR LIGHT INITIATIVE"),
        ("Harbour Light Initiative (HLI)", "HLI"),
        ("Projet Lueur d'Espoir", "Lueur d’Espoir"),
        ("Projet d'appui à la lutte contre la traite des personnes", "ALTP"),
        ("مشروع منارة الساحل", "منارة الساحل"),
        ("Harbour Light Coast Programme for Fishing Villages", "Harbour Light Coast"),
    ],
)
def test_spellings_of_one_name_are_the_same(one: str, other: str) -> None:
    assert compare(one, other) == compare(other, one) == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Harbour Light Initiative", "Mountain Watch Initiative"),
        ("Preventing trafficking in Malawi", "Preventing trafficking in Zambia"),
        ("Harbour Light Ghana", "Harbour Light Kenya"),
    ],
)
def test_two_names_are_two_even_in_one_template(one: str, other: str) -> None:
    places = {"malawi", "zambia", "ghana", "kenya"}
    first, second = (read_name(name).without(frozenset(), frozenset(places)) for name in (one, other))
    assert compare_names(first, second).kind == compare_names(second, first).kind == "other"


def test_a_name_of_common_words_alone_is_the_same_but_not_telling() -> None:
    match = compare_names(read_name("Combating Trafficking in Persons"), read_name("Combating trafficking in persons"))
    assert (match.kind, match.is_distinctive) == ("same", False)


def test_a_missing_name_is_unknown() -> None:
    assert compare_names(None, read_name("Harbour Light")).kind == "unknown"
    assert compare_names(read_name(""), read_name("Harbour Light")).kind == "unknown"


def test_another_phase_of_a_name_is_the_same_name_with_its_number() -> None:
    one, other = read_name("Harbour Light"), read_name("Harbour Light II")
    assert (compare_names(one, other).kind, one.phase, other.phase) == ("same", None, 2)


def test_small_words_and_accents_fall_away() -> None:
    assert fold_words("Le projet d'appui à la Côte") == ["projet", "appui", "cote"]
    assert fold_words("проект против торговли и й людьми") == ["проект", "против", "торговли", "людьми"]
    assert fold_words("مشروع على الساحل") == ["مشروع", "ساحل"]


@pytest.mark.parametrize(
    "name", ["مكافحة الاتجار بالأشخاص", "Противодействие торговле людьми", "Протидія торгівлі людьми"]
)
def test_names_of_common_words_tell_nothing_in_other_scripts_either(name: str) -> None:
    assert read_name(name).distinctive == frozenset()


names = st.lists(
    st.sampled_from(["Harbour", "Light", "Faro", "project", "trafficking", "II", "phase", "2", "Ghana", "HLI", "of"]),
    max_size=6,
).map(" ".join)


@given(names, names)
def test_the_likeness_of_names_is_symmetric(one: str, other: str) -> None:
    assert compare_names(read_name(one), read_name(other)) == compare_names(read_name(other), read_name(one))


@given(names)
def test_a_name_is_never_another_than_itself(name: str) -> None:
    assert compare(name, name) in ("same", "unknown")


@pytest.mark.parametrize(
    ("acronym", "words"),
    [
        ("compass", "cooperation on migration and partnerships to achieve sustainable solutions"),
        ("laba", "lantern bridge"),
        ("sosin", "stamping out slavery in nampula"),
    ],
)
def test_an_acronym_is_spelt_by_beginnings_of_words(acronym: str, words: str) -> None:
    assert spells_loosely(acronym, words.split()) is (acronym != "laba")


@pytest.mark.parametrize(
    ("name", "text", "whole"),
    [
        ("Lantern Bridge", "IOM opened Lantern Bridge (LB4C) on Monday.", "Lantern Bridge (LB4C)"),
        ("LANBRI", "the work of the Lantern Bridge (LANBRI) in Tete", "Lantern Bridge (LANBRI)"),
        ("LANBRI", "the work of LANBRI in Tete", "LANBRI"),
        ("Lantern Bridge", "Lantern Bridge (which is new) opened.", "Lantern Bridge"),
        ("Lantern Bridge (LB)", "Lantern Bridge (XYZ)", "Lantern Bridge (LB)"),
    ],
)
def test_a_name_is_completed_by_what_its_article_gives_with_it(name: str, text: str, whole: str) -> None:
    assert complete_name(name, text) == whole
