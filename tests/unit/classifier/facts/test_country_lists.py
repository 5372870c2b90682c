"""Countries that stand in a list, a field or a pair are taken together."""

from __future__ import annotations

import pytest

from tests.support.fact_reading import facts_of, features_of


def test_the_countries_of_one_list_are_taken_together() -> None:
    facts = facts_of(
        "New programme against human trafficking in four Pacific states",
        "A new programme against human trafficking starts in Samoa, Tonga, Vanuatu and Kiribati. "
        "Save the Children runs it.",
    )
    assert facts.countries == ("WS", "TO", "VU", "KI")


def test_of_a_list_each_country_is_told_by_the_reasons_for_the_list_and_each_reason_once() -> None:
    found = features_of("Work starts in Nepal, India and Bhutan, and women from Laos, Japan and Peru are helped.")
    assert {"why:origin", "list:3"} <= found["LA"]
    assert not [name for name in found["LA"] if name.startswith(("L:", "R:", "listed&why:", "listed&pre:"))]


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("de", "Es geht um Belgien, die Schweiz und das Vereinigte Königreich.", "CH"),
        ("ro", "Lucrează în Austria, Elveția și Marea Britanie.", "CH"),
        ("nl", "Het loopt in België, in Polen en in Litouwen.", "PL"),
        ("fr", "Il agit au Mali, au Niger et en Guinée.", "NE"),
    ],
)
def test_articles_and_repeated_prepositions_stand_within_a_list(lang: str, text: str, code: str) -> None:
    assert "list:3" in features_of(text, lang)[code]


@pytest.mark.parametrize(
    ("lang", "text", "inside", "outside"),
    [
        ("en", "In three West African states it begins: Mali, Niger and Togo. Those from Oman know.", "NE", "OM"),
        ("ru", "Проект охватит три страны: Чили, Перу и Боливию. Людей увозят в Катар.", "PE", "QA"),
        ("ar", "يعمل في ثلاث دول هي ليبيا وتونس والمغرب. ويصل بعضهم من السودان.", "TN", "SD"),
        ("de", "In drei Ländern geht es los: Polen, Ungarn und Litauen. Viele kommen aus Nepal.", "HU", "NP"),
    ],
)
def test_a_list_as_long_as_the_text_counts_countries_is_told_from_others(
    lang: str, text: str, inside: str, outside: str
) -> None:
    reasons = features_of(text, lang)
    assert "counted:me&list" in reasons[inside]
    assert "counted:others&list" in reasons[outside]


def test_two_countries_are_counted_as_a_pair_and_a_count_without_a_list_is_told() -> None:
    assert "counted:me&pair" in features_of("Chad and Niger sign. It runs in both countries.")["TD"]
    assert "counted:none" in features_of("Chad will run it in seven countries.")["TD"]
    assert not any(one.startswith("counted") for one in features_of("Chad and Niger sign.")["TD"])


def test_prepositions_cut_short_stand_within_a_list() -> None:
    assert "list:3" in features_of("Sept partenaires d'Italie, d'Espagne et de Hongrie.", "fr")["HU"]


@pytest.mark.parametrize(
    ("lang", "field", "codes"),
    [
        ("en", "Countries: Peru, Chile", ("PE", "CL")),
        ("fr", "Pays : Bénin", ("BJ",)),
        ("uk", "Країни: Польща, Чехія", ("PL", "CZ")),
    ],
)
def test_the_countries_that_a_field_names_are_all(lang: str, field: str, codes: tuple[str, ...]) -> None:
    text = f"{field}\n\nA new project against human trafficking in Kenya and Uganda, Kenya above all, starts in Kenya."
    assert facts_of("New project", text, lang).countries == codes


def test_a_word_for_country_amid_a_sentence_is_no_field() -> None:
    assert "labelled" not in features_of("They know the country: Kenya is where they work.")["KE"]
    assert "labelled" not in features_of("Countries: Peru. Donor: Norway")["NO"]


def test_the_homes_of_the_members_of_a_consortium_are_told_apart() -> None:
    found = features_of("Partners: Payoke (Belgium); Caritas Foundation, Spain; the Ministry of Justice (France).")
    assert all("homes:3" in found[code] for code in ("BE", "ES", "FR"))
    found = features_of("Payoke works in Belgium, Spain and France.")
    assert not any("home" in features for features in found.values())


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "Sie werden nach Dschibuti, nach Kenia und nach Katar gebracht."),
        ("nl", "Zij komen uit Nigeria, uit Ghana en uit Benin."),
        ("en", "They are sent to Kenya, to Sudan and to Qatar."),
    ],
)
def test_a_list_whose_preposition_is_repeated_is_one(lang: str, text: str) -> None:
    assert all("list:3" in found for code, found in features_of(text, lang).items() if "told" not in found)
