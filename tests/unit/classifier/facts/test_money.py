"""Sums of money, as the languages of the world write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.document import Document
from classifier.extraction.amounts.candidates import sum_candidates
from classifier.extraction.amounts.features import sum_value
from classifier.extraction.context import Context
from classifier.quantities.dates import find_times
from classifier.quantities.money import find_money
from classifier.quantities.numerals import parse_number
from classifier.text.parsed_text import parse_text
from tests.support.fact_reading import facts_of, sums_in


@pytest.mark.parametrize(
    ("lang", "written", "amount", "currency"),
    [
        ("en", "It costs 715.000 Euros.", 715_000, "EUR"),
        ("de", "Die Schweiz zahlt 900’000 Franken.", 900_000, "CHF"),
        ("fr", "Il coûte 30 000 000 euros.", 30_000_000, "EUR"),
        ("en", "Norway gives NOK 16,2 million.", 16_200_000, "NOK"),
        ("en", "India released Rs 100 crore for it.", 1_000_000_000, "INR"),
        ("fr", "Le coût est de 16 milliards de FCFA.", 16_000_000_000, "XOF"),
        ("pt", "O fundo pagou R$ 5 milhões.", 5_000_000, "BRL"),
        ("ar", "بلغت الكلفة ٣ ملايين دولار أمريكي.", 3_000_000, "USD"),
        ("ar", "المشروع بقيمة ١٥ مِليون يُورو.", 15_000_000, "EUR"),
        ("es", "Donaron US$ 2.5 millones.", 2_500_000, "USD"),
        ("en", "The grant is worth US$ 516,000.", 516_000, "USD"),
        ("en", "It is worth 1,5 million euros.", 1_500_000, "EUR"),
        ("es", "Cuesta 1.500.000 euros.", 1_500_000, "EUR"),
        ("en", "A two and a half million dollar gift from the U.S. came.", 2_500_000, "USD"),
        ("es", "Son 5 mil 751 millones 286 mil 857 euros.", 5_751_286_857, "EUR"),
        ("it", "Ha stanziato 1 milione e 300 mila euro.", 1_300_000, "EUR"),
        ("uk", "Виділено 15 млн норвезьких крон.", 15_000_000, "NOK"),
        ("ru", "Бюджет составляет 1,6 млн долларов США.", 1_600_000, "USD"),
        ("tr", "Proje 1,3 milyon avro ile destekleniyor.", 1_300_000, "EUR"),
        ("id", "Dibiayai sebesar Rp 4,5 miliar.", 4_500_000_000, "IDR"),
        ("ro", "Costă 160.000 de euro.", 160_000, "EUR"),
        ("nl", "Er is 1,7 miljoen euro voor.", 1_700_000, "EUR"),
        ("pt", "É pago com 18 milhões de coroas norueguesas.", 18_000_000, "NOK"),
        ("en", "Canberra put in A$3.6 million.", 3_600_000, "AUD"),
        ("en", "In Nigeria it costs N10 million.", 10_000_000, "NGN"),
        ("en", "South Africa gives R20 million.", 20_000_000, "ZAR"),
        ("en", "Kenya gives Sh20 million.", 20_000_000, "KES"),
        ("en", "India released Rs 1.5 cr for it.", 15_000_000, "INR"),
        ("es", "Bolivia aporta Bs 2 millones.", 2_000_000, "BOB"),
        ("fr", "Ottawa verse 2 M$ CA.", 2_000_000, "CAD"),
        ("fr", "La région verse 500 k€.", 500_000, "EUR"),
        ("en", "Cost of the kiln: NRs. 1,200,000.", 1_200_000, "NPR"),
        ("en", "Namibia gives N$1,2 million.", 1_200_000, "NAD"),
        ("en", "It costs €2½ million.", 2_500_000, "EUR"),
        ("es", "Chile recibe US$ 1,5 MM.", 1_500_000, "USD"),
        ("es", "El refugio recibe 5 mdp.", 5_000_000, "MXN"),
        ("es", "Destinan 12 mil mdp y otro tanto.", 12_000_000_000, "MXN"),
        ("es", "Washington aporta 1.5 mdd.", 1_500_000, "USD"),
        ("fr", "Un budget de 4,5 MDH.", 4_500_000, "MAD"),
        ("pt", "Orçado em 27 mil contos.", 27_000_000, "CVE"),
        ("de", "Es kostet 300 Tsd. Euro im Jahr.", 300_000, "EUR"),
        ("ar", "قدمت اليابان منحة قدرها ٣٢٠ مليون ين للمبادرة.", 320_000_000, "JPY"),
        ("en", "The grant is 300 KEUR.", 300_000, "EUR"),
        ("es", "El DIF de México aporta $2'500,000.", 2_500_000, "MXN"),
        ("tr", "Proje 2 buçuk milyon avro ile destekleniyor.", 2_500_000, "EUR"),
        ("id", "Dibiayai sebesar Rp1,5 M.", 1_500_000_000, "IDR"),
        ("en", "Belize pays BZ$1.15 million.", 1_150_000, "BZD"),
        ("en", "It costs 85 million tenge.", 85_000_000, "KZT"),
        ("es", "Aportan B/. 120,000 para ello.", 120_000, "PAB"),
        ("es", "El Perú aporta S/. 250 000.", 250_000, "PEN"),
        ("fr", "Il reçoit 7 millions de francs Pacifique.", 7_000_000, "XPF"),
        ("tr", "AB 240 bin avroluk destek veriyor.", 240_000, "EUR"),
        ("tr", "Giderlerin 1,4 milyon lirasını vakıf karşılıyor.", 1_400_000, "TRY"),
        ("tr", "Bütçe 6,2 milyon İsveç kronunu buluyor.", 6_200_000, "SEK"),
        ("ar", "بلغت الكلفة (٢٤٠) مليون دينار عراقي.", 240_000_000, "IQD"),
        ("ar", "بلغت المنحة مليوناً و(٣٠٠) ألف دولار كندي.", 1_300_000, "CAD"),
        ("ar", "تبلغ الكلفة 8 مليارات و400 مليون دينار عراقي.", 8_400_000_000, "IQD"),
        ("uk", "Фонд дав 84 тисячі злотих.", 84_000, "PLN"),
    ],
)
def test_a_sum_is_read_in_the_writing_of_its_language(lang: str, written: str, amount: float, currency: str) -> None:
    assert sums_in(written, lang) == [(amount, currency)]


def test_a_range_is_no_sum_because_no_one_number_was_stated() -> None:
    assert sums_in("The call offers €10-12m.") == []


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("Mexico puts 5 million pesos into it.", "MXN"),
        ("Colombia pays 5 million pesos for it.", "COP"),
        ("Manila pays 5 million pesos for it.", "PHP"),
        ("Kathmandu pays 5 million rupees for it.", "NPR"),
        ("Romania pays 5 million lei for it.", "RON"),
        ("Norway pays 5 million kroner for it.", "NOK"),
        ("Sweden pays 5 million kronor for it.", "SEK"),
        ("Gabon pays 5 million FCFA for it.", "XAF"),
        ("Togo pays 5 million FCFA for it.", "XOF"),
        ("They pay 5 million FCFA for it.", "XOF"),
        ("Malawi pays K5 million for it.", "MWK"),
        ("Zambia pays K5 million for it.", "ZMW"),
        ("Lesotho pays M5 million for it.", "LSL"),
        ("Eswatini pays E5 million for it.", "SZL"),
        ("Qatar pays QR 5 million for it.", "QAR"),
        ("Bhutan pays Nu 5 million for it.", "BTN"),
        ("Guatemala pays Q5 million for it.", "GTQ"),
        ("Ethiopia pays Br 5 million for it.", "ETB"),
        ("Jordan pays JD 5 million for it.", "JOD"),
        ("Tanzania pays TSh 5 million for it.", "TZS"),
    ],
)
def test_a_word_that_several_countries_use_is_read_by_the_countries_of_the_text(text: str, currency: str) -> None:
    assert sums_in(text) == [(5_000_000, currency)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("es", "El Departamento de Trabajo dio 3 millones de dólares a una red de México y de Colombia."),
        ("es", "México: la red recibe $3 millones de dólares."),
        ("en", "Workers in Mexico and in Colombia are helped with $3 million."),
    ],
)
def test_dollars_are_never_pesos_but_for_a_bare_sign_in_spanish(lang: str, text: str) -> None:
    assert sums_in(text, lang) == [(3_000_000, "USD")]
    assert sums_in("Santiago de Chile: el gobierno de Chile da $3 millones.", "es") == [(3_000_000, "CLP")]


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("قدمت حكومة الإمارات 8 ملايين درهم.", "AED"),
        ("قدمت حكومة المغرب 8 ملايين درهم.", "MAD"),
        ("قدمت حكومة قطر 8 ملايين ريال.", "QAR"),
        ("قدمت حكومة مصر 8 ملايين جنيه.", "EGP"),
        ("قدمت حكومة الأردن 8 ملايين دينار.", "JOD"),
    ],
)
def test_arabic_words_for_money_are_read_by_the_countries_of_the_text(text: str, currency: str) -> None:
    assert sums_in(text, "ar") == [(8_000_000, currency)]


@pytest.mark.parametrize(
    "text",
    ["Malawi has K-12 schools.", "Zambia's K9 unit looks on.", "Guatemala begins in Q1 2025.", "It pays E5 million."],
)
def test_a_letter_is_money_only_in_its_country_and_before_a_sum(text: str) -> None:
    assert sums_in(text) == []


def test_a_year_in_brackets_before_a_sum_is_no_part_of_it() -> None:
    assert sums_in("By the Act (2019) US$ 5 million are given.") == [(5_000_000, "USD")]
    assert sums_in("It costs twelve (12) million euros.") == [(12_000_000, "EUR")]


def test_an_m_behind_foreign_money_in_indonesian_may_be_a_thousand_times_as_much() -> None:
    assert sums_in("Hibah itu sebesar US$ 1,5 M.", "id") == []


def test_what_is_won_is_no_korean_money() -> None:
    assert sums_in("The shelter won 450,000 euros; Seoul gives 5 million won.") == [
        (450_000, "EUR"),
        (5_000_000, "KRW"),
    ]


def test_a_word_of_several_countries_is_left_unread_where_no_country_is_named() -> None:
    assert sums_in("They will share 5 million pesos.") == []


@pytest.mark.parametrize(
    ("text", "outlet", "currency"),
    [
        ("The fund gives $5 million.", None, "USD"),
        ("Ottawa gives $5 million.", "news.example.ca", "CAD"),
        ("The Australian Government gives $5 million.", "minister.example.gov.au", "AUD"),
        ("The U.S. State Department gives $5 million for work in Burundi.", "iwacu.example.bi", "USD"),
        ("A firm gives $5 million for work in Laos, the US consul said.", "news.example.nz", "USD"),
        ("A firm gives $5 million for work in Laos.", "news.example.nz", "NZD"),
    ],
)
def test_a_bare_dollar_is_read_by_who_pays_and_who_publishes(text: str, outlet: str | None, currency: str) -> None:
    assert sums_in(text, outlet=outlet) == [(5_000_000, currency)]


def test_a_bare_dollar_is_a_guess_only_where_something_points_to_another_country() -> None:
    text = "The $3 million project against human trafficking was launched by IOM. {} funds it."
    plain = facts_of("IOM launches project against human trafficking", text.format("The Netherlands"))
    torn = facts_of("IOM launches project against human trafficking", text.format("The Government of Canada"))
    assert (plain.amount, plain.currency, plain.is_currency_uncertain) == (3_000_000, "USD", False)
    assert (torn.amount, torn.is_currency_uncertain) == (3_000_000, True)


def test_a_bare_dollar_is_that_of_the_same_sum_whose_currency_is_told() -> None:
    text = "Australia gives $550,000. The Government of Australia pays USD 550,000 now and $90,000 later."
    assert sums_in(text) == [(550_000, "USD"), (550_000, "USD"), (90_000, "AUD")]


def test_the_profits_of_traffickers_are_never_a_projects_amount() -> None:
    facts = facts_of(
        "New hotline against human trafficking opens",
        "A national hotline against human trafficking opened today. Traffickers earn $150 billion a year worldwide.",
    )
    assert facts.amount is None
    assert [(one.amount, one.scope) for one in facts.sums] == [(150e9, "other")]


@given(st.integers(1, 10**12), st.sampled_from([",", ".", " ", "'", "’", "\u00a0", "\u202f"]))
def test_a_number_in_groups_of_three_reads_back_to_itself(value: int, sign: str) -> None:
    written = f"{value:,}".replace(",", sign)
    assert parse_number(written) == value


@given(st.integers(0, 999), st.integers(0, 99), st.sampled_from(".,"))
def test_one_or_two_digits_behind_a_sign_are_a_fraction(whole: int, cents: int, sign: str) -> None:
    assert parse_number(f"{whole}{sign}{cents:02d}") == pytest.approx(whole + cents / 100)


@given(st.integers(1, 999), st.sampled_from(["million", "thousand", "billion"]), st.sampled_from(["EUR", "CHF", "NOK"]))
def test_a_multiplier_multiplies_once(value: int, word: str, currency: str) -> None:
    factor = {"thousand": 1e3, "million": 1e6, "billion": 1e9}[word]
    assert sums_in(f"The budget is {currency} {value} {word} in all.") == [(value * factor, currency)]


@given(st.text(alphabet="0123456789.,' ", max_size=20))
def test_a_number_that_could_mean_two_things_is_none_and_never_fails(written: str) -> None:
    value = parse_number(written)
    assert value is None or value >= 0


@pytest.mark.parametrize(
    ("sentence", "amount"),
    [
        ("The ministry gives $400,000, and another $60,000 comes from the city.", 460_000),
        ("The ministry gives Rahab House $410,000 and Cascade Families $390,000.", 800_000),
        ("The ministry adds $2 million, which takes its value to $5 million.", 5_000_000),
        ("The ministry gives $400,000 of a total of $500,000.", 500_000),
        ("The ministry gives $400,000, and the city adds $60,000.", 460_000),
        ("The ministry gives $400,000. The city spends $60,000 of its own, so that $460,000 is at hand.", 460_000),
    ],
)
def test_a_sum_in_parts_is_added_up_and_a_stated_total_taken(sentence: str, amount: float) -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        f"A new project against human trafficking starts in Kenya. {sentence} IOM will run the project for two years.",
    )
    assert facts.amount == amount


def test_a_larger_sum_beside_the_projects_is_not_added_to_it() -> None:
    facts = facts_of(
        "New project against human trafficking in Kenya",
        "Norway funds a new project against human trafficking in Kenya with $2 million. Traffickers earn $150 billion "
        "a year and governments spend $120 million against it.",
    )
    assert facts.amount == 2_000_000


def test_a_yearly_sum_counts_for_all_the_years_it_is_given_for() -> None:
    facts = facts_of(
        "Shelter for trafficking survivors opens",
        "Safe Harbor opens a shelter for women who were trafficked, a new project against human trafficking. It has a "
        "grant of $500,000 a year for two years from the Virginia Department of Criminal Justice Services.",
        outlet="wric.com",
    )
    assert facts.amount == 1_000_000


@pytest.mark.parametrize(
    ("lang", "written", "sums"),
    [
        ("en", "Budget (USD): 200,000", [(200_000, "USD")]),
        ("en", "Start: 2018 | End: 2021 | Amount in EUR: 105000", [(105_000, "EUR")]),
        (
            "it",
            "Lo Stato mette 900 mila euro, la Regione altri 140 mila per i corsi.",
            [(900_000, "EUR"), (140_000, "EUR")],
        ),
        ("nl", "Het huis krijgt vijf keer 500.000 euro, samen 2,5 miljoen.", [(500_000, "EUR"), (2_500_000, "EUR")]),
        ("en", "It received 5,000 euros; another 140,000 people were told.", [(5_000, "EUR")]),
        ("fr", "Le Trésor met 75 millions de gourdes à disposition.", [(75_000_000, "HTG")]),
    ],
)
def test_a_number_takes_its_currency_from_its_label_or_the_sum_before(
    lang: str, written: str, sums: list[tuple[float, str]]
) -> None:
    assert sums_in(written, lang) == sums


@pytest.mark.parametrize(
    "written", ["The village lies 369 km away.", "P.B. Silva spoke.", "It rests on 4P.", "22 mad dogs"]
)
def test_letters_that_only_look_like_money_are_none(written: str) -> None:
    assert sums_in(written) == []


def test_a_headline_that_rounds_up_gives_way_to_the_exact_sum() -> None:
    facts = facts_of(
        "£0.5 million for a new project against human trafficking",
        "A new project against human trafficking has been awarded £459,990 by the Department of Health.",
    )
    assert facts.amount == 459_990


@pytest.mark.parametrize(
    ("sentence", "amount", "currency"),
    [
        ("The European Union gives N5.3 billion, or €25 million, to Nigeria.", 25_000_000, "EUR"),
        ("Nigeria gives N530 million, or €2.5 million.", 530_000_000, "NGN"),
        ("The European Union gives 11 million euros, or $12.7 million, to Nigeria.", 11_000_000, "EUR"),
        ("Norway gives 5 million kroner ($576,040) to Nigeria.", 5_000_000, "NOK"),
    ],
)
def test_of_a_sum_in_two_currencies_the_givers_is_taken(sentence: str, amount: float, currency: str) -> None:
    facts = facts_of(
        "New project against human trafficking in Nigeria",
        f"A new project against human trafficking starts. {sentence} IOM will run the project for two years.",
    )
    assert (facts.amount, facts.currency) == (amount, currency)


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("en", "It has 100,000 euros every year for three years."),
        ("es", "Tiene 100.000 euros al año durante tres años."),
        ("de", "Es kostet 100.000 Euro pro Jahr über drei Jahre."),
        ("fr", "Il reçoit 100 000 euros par an pendant trois ans."),
    ],
)
def test_a_yearly_sum_counts_for_all_years_in_each_language(lang: str, sentence: str) -> None:
    reading = parse_text(Document("", sentence, lang), lang)
    sums = sum_candidates(Context(reading), find_money(reading), find_times(reading).lengths)
    assert [sum_value(one).amount for one in sums] == [300_000]
