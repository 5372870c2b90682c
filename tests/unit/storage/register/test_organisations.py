from __future__ import annotations

import pytest

from storage.register.compare.gazetteer import countries_in
from storage.register.compare.organisations import compare_organisations, read_organisation


def compare(one: str, other: str) -> str:
    return compare_organisations(read_organisation(one), read_organisation(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("International Organization for Migration", "OIM"),
        ("المنظمة الدولية للهجرة", "IOM"),
        ("Conseil de l'Europe", "مجلس أوروبا"),
        ("Conseil de l'Europe", "ومجلس أوروبا"),
        ("Ministry of Justice", "Ministry of Justice of Malawi"),
        ("US Department of Labor", "Departamento de Trabajo estadounidense"),
        ("Government of the United Kingdom", "United Kingdom"),
        ("AICS", "Agence italienne pour la coopération"),
        ("UN Women Zambia", "ONU Femmes"),
        ("U.N. Migration Agency", "IOM"),
        ("Harbour Light Foundation", "Foundation Harbour Light"),
        ("Bantay Foundation", "Bantay Foundation (BF)"),
        ("OFED", "Office fédéral contre l'esclavage domestique"),
        ("CAV", "Centrul de Ajutor pentru Victime"),
        ("KCOH", "Krajowe Centrum dla Ofiar Handlu"),
    ],
)
def test_names_of_one_organisation_are_the_same(one: str, other: str) -> None:
    assert compare(one, other) == "same"
    assert compare(other, one) == "same"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ministry of Justice of Malawi", "Ministry of Justice of Zambia"),
        ("Ministry of Justice", "Ministry of Labour"),
        ("UNICEF", "UNODC"),
        ("Harbour Light Foundation", "Mountain Watch Foundation"),
        ("UN Women", "Chipata Women's Trust"),
        ("IOM", "The Migration Trust"),
        ("UN", "Unidos por la Niñez"),
    ],
)
def test_names_of_two_organisations_are_not(one: str, other: str) -> None:
    assert compare(one, other) == "other"
    assert compare(other, one) == "other"


def test_a_government_and_its_agency_are_one_family() -> None:
    assert compare("Government of Norway", "Norad") == "family"


def test_a_body_and_the_larger_one_it_belongs_to_are_one_family() -> None:
    assert compare("UN", "UNODC") == "family"
    assert compare("IOM Development Fund", "OIM") == "family"


def test_countries_are_found_in_running_words_as_nouns_adjectives_and_in_several_words() -> None:
    words = "the nigerian police met in south africa and moldova"
    assert countries_in(words.split()) == {"NG", "ZA", "MD"}
