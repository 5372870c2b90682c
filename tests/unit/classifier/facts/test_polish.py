"""What is read in Polish: sums, dates, lengths, countries and bodies in the cases that Polish writes them in."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.entities.countries import find_countries
from classifier.entities.organisations import find_organisations
from classifier.extraction import read_projects
from classifier.extraction.context import Context
from classifier.extraction.roles.entities import Entity, gather
from classifier.text.language_detection import detect_language
from classifier.text.parsed_text import parse_text
from tests.support.fact_reading import (
    countries_in,
    encoder_says,
    facts_of,
    organisations_in,
    sums_in,
    times_in,
)

HOUSE = (
    "Dom dla ofiar handlu ludźmi powstaje w Katowicach. Ministerstwo Sprawiedliwości przekazało Stowarzyszeniu Nowy "
    "Brzeg 450 tys. zł. Prace ruszą 1 stycznia 2025 r. i zakończą się 31 grudnia 2026 r."
)
HOTLINE = (
    "Fundacja Cicha Przystań uruchamia telefon dla kobiet z Ukrainy i Białorusi. Projekt „Bezpieczna Droga” potrwa dwa "
    "i pół roku. Unia Europejska dała na to 1,2 mln euro, a współpracują z nią Straż Graniczna i Caritas Polska."
)
BORDER = (
    "W Polsce, w Czechach i na Słowacji rusza trzyletni program szkoleń dla straży granicznej. Jego budżet to 2 "
    "miliony franków szwajcarskich. Szkolenia prowadzi Międzynarodowa Organizacja do Spraw Migracji (IOM)."
)
FARMS = (
    "Inspekcja Pracy i ukraińscy inspektorzy sprawdzą gospodarstwa pod Lublinem. Program, na który Norwegia "
    "przeznaczyła 15 mln koron norweskich, obejmie lata 2025-2027."
)
JUDGES = (
    "Ministerstwo Spraw Wewnętrznych i Administracji oraz Rada Europy przeszkolą sędziów z Mołdawii i Rumunii. Kurs "
    "rozpocznie się we wrześniu 2024 roku, potrwa 18 miesięcy i będzie kosztował 84 tysiące złotych."
)
COASTS = (
    "Uniwersytet Warszawski zbada z Holendrami i Niemcami handel ludźmi na wybrzeżu Ghany. Badania potrwają od marca "
    "2025 do lutego 2028, a Komisja Europejska zapłaci za nie półtora miliona euro."
)


def entities_of(text: str) -> dict[str, Entity]:
    """The organisations of a text by their names."""
    reading = parse_text(Document("", text, "pl"), "pl")
    found = gather(Context(reading), find_organisations(reading, find_countries(reading)), [], [])
    return {entity.name: entity for entity in found}


@pytest.mark.parametrize("text", [HOUSE, HOTLINE, BORDER, FARMS, JUDGES, COASTS])
def test_an_article_is_known_as_polish(text: str) -> None:
    assert detect_language(text)[0] == "pl"


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        (HOUSE, 450_000, "PLN"),
        (HOTLINE, 1_200_000, "EUR"),
        (BORDER, 2_000_000, "CHF"),
        (FARMS, 15_000_000, "NOK"),
        (JUDGES, 84_000, "PLN"),
        (COASTS, 1_500_000, "EUR"),
        ("Kosztuje to 1 250 000 złotych.", 1_250_000, "PLN"),
        ("Kosztuje to 120 000 PLN.", 120_000, "PLN"),
        ("Dostali dwadzieścia pięć tysięcy dolarów amerykańskich.", 25_000, "USD"),
        ("Dostali pół miliona funtów brytyjskich.", 500_000, "GBP"),
        ("Dostali milion czterysta tysięcy hrywien.", 1_400_000, "UAH"),
    ],
)
def test_a_sum_is_read_with_its_currency(text: str, amount: float, currency: str) -> None:
    assert sums_in(text, "pl") == [(amount, currency)]


def test_millions_that_nobody_counts_are_no_sum() -> None:
    assert sums_in("Zarobili na tym kilka milionów euro.", "pl") == []


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        (HOUSE, ["2025-01-01", "2026-12-31"]),
        (JUDGES, ["2024-09"]),
        ("Podpisano to 21.09.2019.", ["2019-09-21"]),
        ("Ruszyło w maju 2023 r.", ["2023-05"]),
        ("Skończy się w październiku 2028.", ["2028-10"]),
        ("Przed styczniem 2028 roku nic nie będzie.", ["2028-01"]),
    ],
)
def test_a_date_is_read_in_every_case(text: str, dates: list[str]) -> None:
    assert [moment.value for moment in times_in(text, "pl").moments] == dates


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        (COASTS, "2025-03", "2028-02"),
        (FARMS, "2025", "2027"),
        ("Potrwa to od 1.03.2024 do 28.02.2026.", "2024-03-01", "2026-02-28"),
    ],
)
def test_a_span_has_a_start_and_an_end(text: str, start: str, end: str) -> None:
    assert [(span.start, span.end) for span in times_in(text, "pl").ranges] == [(start, end)]


@pytest.mark.parametrize(
    ("text", "months"),
    [
        (HOTLINE, 30),
        (BORDER, 36),
        (JUDGES, 18),
        ("na trzy lata", 36),
        ("przez dwadzieścia cztery miesiące", 24),
        ("36-miesięczny projekt", 36),
        ("przez półtora roku", 18),
        ("potrwa rok", 12),
        ("w ciągu najbliższych pięciu lat", 60),
        ("dziewięciomiesięczny kurs", 9),
    ],
)
def test_a_length_is_read_in_months(text: str, months: int) -> None:
    assert [length.months for length in times_in(text, "pl").lengths] == [months]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        (HOUSE, ["PL"]),
        (HOTLINE, ["UA", "BY", "PL"]),
        (BORDER, ["PL", "CZ", "SK", "CH"]),
        (FARMS, ["UA", "PL", "NO"]),
        (JUDGES, ["MD", "RO"]),
        ("Wywożono je do Niemiec, Włoch i Stanów Zjednoczonych.", ["DE", "IT", "US"]),
        ("Działa w Republice Południowej Afryki i na Wybrzeżu Kości Słoniowej.", ["ZA", "CI"]),
        ("Dla polskich i rumuńskich sędziów.", ["PL", "RO"]),
    ],
)
def test_a_country_is_known_in_every_case(text: str, codes: list[str]) -> None:
    assert list(dict.fromkeys(countries_in(text, "pl"))) == codes


def test_languages_and_orders_are_no_countries() -> None:
    assert countries_in("Broszura w języku polskim, rumuńskim i ukraińskim.", "pl") == []
    assert countries_in("Zakon Maltański pomaga w Ameryce Łacińskiej.", "pl") == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (HOTLINE, ["Fundacja Cicha Przystań", "Unia Europejska", "Straż Graniczna", "Caritas Polska"]),
        (BORDER, ["Międzynarodowa Organizacja do Spraw Migracji"]),
        (JUDGES, ["Ministerstwo Spraw Wewnętrznych i Administracji", "Rada Europy"]),
        (COASTS, ["Uniwersytet Warszawski", "Komisja Europejska"]),
        ("Płaci Ministerstwo Rodziny i Polityki Społecznej.", ["Ministerstwo Rodziny i Polityki Społecznej"]),
        ("Wspólnie z Komendą Główną Policji szkolą sędziów.", ["Komendą Główną Policji"]),
        ("W Fundacji Nowy Brzeg pracuje dziesięć osób.", ["Fundacji Nowy Brzeg"]),
        ("Pomaga fundacja „Cicha Przystań”.", ["Cicha Przystań"]),
        ("Prowadzi to Stowarzyszenie na rzecz Ofiar Handlu Ludźmi.", ["Stowarzyszenie na rzecz Ofiar Handlu Ludźmi"]),
        ("Dom prowadzi Ośrodek Pomocy Społecznej w Gdyni.", ["Ośrodek Pomocy Społecznej"]),
        ("Płaci Lubelski Urząd Wojewódzki w Lublinie.", ["Lubelski Urząd Wojewódzki"]),
    ],
)
def test_a_body_is_found_from_its_first_word_to_its_last(text: str, names: list[str]) -> None:
    found = organisations_in(text, "pl")
    assert [mention.name for mention in found if mention.kind != "proper" or mention.name in names] == names


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("Płaci delegacja Unii Europejskiej.", "EU"),
        ("Dzięki Radzie Europy szkolą sędziów.", "COE"),
        ("Razem z Organizacją Narodów Zjednoczonych szkolą sędziów.", "UN"),
    ],
)
def test_an_agency_is_known_in_every_case(text: str, agency: str) -> None:
    (body,) = organisations_in(text, "pl")
    assert body.agency == agency


def test_bodies_between_commas_and_and_are_one_list() -> None:
    found = organisations_in("Dom prowadzą Fundacja Cicha Przystań, Caritas Polska i Rada Europy.", "pl")
    assert len(found) == 3
    assert len({mention.group for mention in found}) == 1


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("Projekt jest finansowany przez Fundację Alfa.", "Fundację Alfa", "funded_by"),
        ("Dom powstał dzięki dotacji od Fundacji Alfa.", "Fundacji Alfa", "funded_by"),
        ("Projekt realizuje Stowarzyszenie Nowy Brzeg.", "Stowarzyszenie Nowy Brzeg", "implemented_by"),
        ("Dom prowadzony przez Stowarzyszenie Nowy Brzeg.", "Stowarzyszenie Nowy Brzeg", "implemented_by"),
        ("Robią to we współpracy ze Strażą Graniczną.", "Strażą Graniczną", "partner_with"),
        ("Do projektu dołączyła Straż Graniczna.", "Straż Graniczna", "partner"),
    ],
)
def test_the_words_right_before_a_body_say_its_part(text: str, name: str, told: str) -> None:
    assert f"L:{told}:0" in entities_of(text)[name].features


def test_an_article_on_two_projects_tells_the_facts_of_each() -> None:
    text = (
        "Unia Europejska uruchomiła dwa projekty przeciwko handlowi ludźmi. Pierwszy projekt, „Bezpieczna Droga”, "
        "będzie realizować IOM w Mołdawii z budżetem 2 milionów euro przez trzy lata.\n\nDrugi projekt, „Nowe Życie”, "
        "będzie realizować Caritas Polska w Polsce z budżetem 1,5 miliona euro do 2028 roku."
    )
    document = Document("Dwa projekty przeciw handlowi ludźmi", text, "pl")
    found = read_projects(document, "pl", scorer=encoder_says(document))
    assert [(one.facts.name, *one.facts.countries, one.facts.amount) for one in found] == [
        ("Bezpieczna Droga", "MD", 2e6),
        ("Nowe Życie", "PL", 1.5e6),
    ]


def test_the_sum_and_the_dates_of_an_article_are_its_projects() -> None:
    facts = facts_of("Dom dla ofiar handlu ludźmi", HOUSE, "pl")
    assert (facts.countries, facts.amount, facts.currency) == (("PL",), 450_000, "PLN")
    assert (facts.start, facts.end) == ("2025-01-01", "2026-12-31")
