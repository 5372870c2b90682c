"""Dates, spans of years and lengths of time."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.document import Document
from classifier.extraction.extractor import extract_candidates
from classifier.extraction.linear import Linear, load_models
from classifier.extraction.one import read_facts
from tests.support.fact_reading import facts_of, times_in


@pytest.mark.parametrize(
    ("lang", "written", "date"),
    [
        ("ar", "يبدأ في 1 يناير/كانون الثاني 2024.", "2024-01-01"),
        ("ar", "يبدأ في كانون الثاني (يناير) 2024.", "2024-01"),
        ("tr", "Proje 2024 Ocak ayında başlıyor.", "2024-01"),
        ("en", "It began on 21 September 2019.", "2019-09-21"),
        ("en", "It began on September 21st, 2019.", "2019-09-21"),
        ("en", "It began on 2019-09-21.", "2019-09-21"),
        ("de", "Beginn ist der 21.09.2019.", "2019-09-21"),
        ("fr", "Il a débuté le 1er mars 2024.", "2024-03-01"),
        ("fr", "Il a débuté le 1 er mars 2024.", "2024-03-01"),
        ("es", "Comenzó el 12 de julio de 2023.", "2023-07-12"),
        ("pt", "Foi assinado em 20 de abril de 2023.", "2023-04-20"),
        ("ar", "انطلق في ١٢ أغسطس ٢٠٢٣.", "2023-08-12"),
        ("ru", "К январю 2028 года проект закончится.", "2028-01"),
        ("uk", "Над цим працювали перед січнем 2028 року.", "2028-01"),
        ("en", "It began in May 2022.", "2022-05"),
        ("en", "It began in 2022.", "2022"),
    ],
)
def test_a_date_is_read_as_far_as_it_is_stated(lang: str, written: str, date: str) -> None:
    assert [moment.value for moment in times_in(written, lang).moments] == [date]


def test_a_day_and_month_that_could_be_read_two_ways_give_the_year_alone() -> None:
    assert [moment.value for moment in times_in("It was signed on 03/04/2021.").moments] == ["2021"]
    assert [moment.value for moment in times_in("It was signed on 25/04/2021.").moments] == ["2021-04-25"]


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("ar", "وُقّع في 03/04/2021."),
        ("es", "Se firmó el 03/04/2021."),
        ("fr", "Signé le 03/04/2021."),
        ("id", "Diluncurkan Sabtu (3/4/2021)."),
        ("it", "Firmato il 3/4/2021."),
        ("pt", "Assinado em 03/04/2021."),
        ("tr", "03/04/2021 tarihinde imzalandı."),
    ],
)
def test_the_day_stands_first_in_other_languages_than_english(lang: str, written: str) -> None:
    assert [moment.value for moment in times_in(written, lang).moments] == ["2021-04-03"]


def test_a_day_that_its_month_has_not_gives_the_month_alone() -> None:
    assert [moment.value for moment in times_in("It ended on 31 June 2021.").moments] == ["2021-06"]
    assert [moment.value for moment in times_in("It ended on 29 February 2020.").moments] == ["2020-02-29"]


@pytest.mark.parametrize(
    ("lang", "written", "start", "end"),
    [
        ("ar", "يستمر بين عامي 2024 و2026.", "2024", "2026"),
        ("tr", "Proje Ocak 2024'ten Aralık 2026'ya kadar sürecek.", "2024-01", "2026-12"),
        ("en", "It runs in 2019-2022.", "2019", "2022"),
        ("en", "It runs from January 2024 to December 2026.", "2024-01", "2026-12"),
        ("en", "It runs from 1 June 2023 to 31 May 2027.", "2023-06-01", "2027-05-31"),
        ("ro", "Se derulează între martie 2023 și februarie 2025.", "2023-03", "2025-02"),
        ("fr", "Il couvre la période de 2021 à 2024.", "2021", "2024"),
        ("en", "It pays for projects in 2019-20.", "2019", "2020"),
        ("en", "It pays for projects in 2023/25, the ministry said.", "2023", "2025"),
        ("en", "It runs from October to March 2024.", "2023-10", "2024-03"),
        ("en", "It runs from 5 May to 20 June 2024.", "2024-05-05", "2024-06-20"),
        ("es", "Funcionará desde mayo hasta diciembre de 2024.", "2024-05", "2024-12"),
        ("it", "Dall'aprile 2021 all'ottobre 2023 saranno accolte donne.", "2021-04", "2023-10"),
    ],
)
def test_two_dates_with_a_word_of_direction_are_a_range(lang: str, written: str, start: str, end: str) -> None:
    assert [(span.start, span.end) for span in times_in(written, lang).ranges] == [(start, end)]


@pytest.mark.parametrize(
    ("lang", "written", "months"),
    [
        ("en", "a three-year project", 36),
        ("en", "It lasts 18 months.", 18),
        ("en", "It lasts 2½ years.", 30),
        ("en", "It lasts half a year.", 6),
        ("de", "Das Projekt ist 36-monatig.", 36),
        ("ar", "يستمر سنة ونصف.", 18),
        ("en", "They will work there over the next year.", 12),
        ("en", "The money is for two fiscal years.", 24),
        ("fr", "Au cours des trois prochaines années, elle aidera.", 36),
        ("es", "Cuesta 72.000 euros por año y medio.", 18),
        ("ar", "تنفذها الجمعية على مدى عام.", 12),
        ("ar", "ومدته عام ونصف.", 18),
        ("ru", "Программа рассчитана на год.", 12),
        ("uk", "Це триватиме дев’ять місяців.", 9),
        ("uk", "Це триватиме п'ять років.", 60),
        ("en", "It lasts two and a half years.", 30),
        ("en", "a three-and-a-half-year project", 42),
        ("en", "a year-and-a-half project", 18),
        ("en", "a 3 1/2-year project", 42),
        ("en", "a two-year project – half of it on trial", 24),
        ("id", "selama dua puluh empat bulan", 24),
        ("ru", "в течение 18-ти месяцев", 18),
        ("uk", "протягом шістнадцяти місяців", 16),
        ("fr", "d'une durée de trois ans", 36),
        ("es", "durante 30 meses", 30),
        ("de", "über vier Jahre", 48),
        ("ar", "لمدة ثلاث سنوات", 36),
        ("uk", "на два роки", 24),
        ("id", "selama tiga tahun", 36),
        ("ro", "pe o durată de 41 de luni", 41),
        ("ro", "timp de douăzeci și patru de luni", 24),
        ("en", "for three more years", 36),
        ("en", "for 24 (twenty-four) months", 24),
        ("es", "durante dos años y medio", 30),
        ("es", "durante treinta y seis meses", 36),
        ("de", "ein 36-monatiges Vorhaben", 36),
        ("tr", "iki buçuk yıl sürecek", 30),
        ("ru", "полтора года", 18),
        ("nl", "tweeënhalf jaar lang", 30),
        ("ar", "لمدة سنتين ونصف", 30),
        ("ar", "برنامج لثلاث سنوات", 36),
        ("ar", "خلال السنوات الثلاث المقبلة", 36),
        ("ru", "трёхмесячный пилот", 3),
        ("uk", "дев'ятимісячний курс", 9),
        ("de", "ein vierjähriges Vorhaben", 48),
    ],
)
def test_a_length_is_read_in_months(lang: str, written: str, months: int) -> None:
    assert [length.months for length in times_in(written, lang).lengths] == [months]


def test_a_half_in_digits_is_no_two() -> None:
    assert times_in("It is a 1/2-year project.", "en").lengths == []


def test_the_number_of_a_law_is_no_length() -> None:
    facts = facts_of("افتتاح دار لضحايا الاتجار بالبشر", "وقد نص على إنشائها القانون رقم ٩ لسنة ٢٠٠٩.", "ar")
    assert facts.duration_months is None


def test_years_in_the_projects_own_name_are_its_start_and_end() -> None:
    facts = facts_of(
        "IOM launches project against human trafficking in Burundi",
        "IOM has launched a project against human trafficking. It will be known as "
        "Burundi Counter-Trafficking 2019-2022.",
    )
    assert (facts.name, facts.start, facts.end) == ("Burundi Counter-Trafficking 2019-2022", "2019", "2022")


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2045, 12, 31)))
def test_any_day_written_out_reads_back_to_itself(day: datetime.date) -> None:
    months = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ]
    written = f"It began on {day.day} {months[day.month - 1]} {day.year} in the capital."
    assert [moment.value for moment in times_in(written).moments] == [day.isoformat()]


@given(st.integers(1, 180))
def test_any_number_of_months_up_to_fifteen_years_is_a_length(months: int) -> None:
    assert [length.months for length in times_in(f"It will last {months} months in all.").lengths] == [months]


def test_two_digits_after_a_year_that_may_be_a_month_are_no_second_year() -> None:
    assert times_in("It began in 2009-10.").ranges == []
    assert times_in("It began on 2019-09-21.").ranges == []


def test_an_end_is_taken_from_the_range_whose_start_is_the_projects() -> None:
    facts = facts_of(
        "Project against child trafficking in Burkina Faso",
        "Many children are trafficked to the coast. From 2019 to 2023, phase VI of a fund against child trafficking "
        "will help to change this. It follows the national strategy for the protection of children (2018-2027).",
    )
    assert (facts.start, facts.end) == ("2019", "2023")


def test_a_start_is_taken_from_the_sentence_that_tells_the_end() -> None:
    facts = facts_of(
        "África Austral: UNODC instala sistema de dados sobre tráfico de pessoas",
        "Angola e Botsuana terão centros de dados sobre tráfico de pessoas, com 500 mil dólares do Departamento "
        "de Estado. Iniciado a 1 de Outubro de 2016, o projecto termina a 30 de Março de 2020, ao cabo de 42 meses.",
        "pt",
    )
    assert (facts.start, facts.end, facts.duration_months) == ("2016-10-01", "2020-03-30", 42)


@pytest.mark.parametrize(
    ("lang", "written", "date"),
    [
        ("en", "The house opens on Oct. 1.", "10-01"),
        ("en", "The house opens in June.", "06"),
        ("fr", "La maison ouvre le 12 septembre.", "09-12"),
        ("pt", "A casa abre em outubro.", "10"),
        ("de", "Seit dem 1. Oktober arbeitet das Haus.", "10-01"),
        ("tr", "Eğitimler eylülde başlayacak.", "09"),
        ("en", "It may open, they march and hope.", None),
    ],
)
def test_a_date_without_its_year_is_kept_apart_from_those_with_one(lang: str, written: str, date: str | None) -> None:
    times = times_in(written, lang)
    assert [moment.value for moment in times.yearless] == ([date] if date else [])
    assert times.moments == []


@pytest.mark.parametrize(
    ("published", "start", "end"),
    [("2019-01-10", "2018-10-01", "2019-10-01"), ("2018-11-20", "2018-10-01", "2019-10-01")],
)
def test_a_date_without_its_year_starts_in_the_nearest_and_ends_in_the_next(
    published: str, start: str, end: str
) -> None:
    document = Document("Shelter", "It is of Oct. 1.", "en", published)
    gathered = extract_candidates(document, "en")
    assert [one.value for one in gathered.starts] == [start]
    assert [one.value for one in gathered.ends] == [end]


def test_without_a_day_of_publication_a_date_without_its_year_is_nobodys() -> None:
    assert extract_candidates(Document("Shelter", "It opened on Oct. 1.", "en"), "en").starts == []


def test_a_labelled_line_of_a_projects_page_gives_its_start_and_end() -> None:
    facts = facts_of(
        "New project against human trafficking in Ghana",
        "Country: Ghana\nStart date: October 1, 2017\nEnd date: March 31, 2020\n\nA new project against human "
        "trafficking helps survivors in Ghana.",
    )
    assert (facts.start, facts.end) == ("2017-10-01", "2020-03-31")


@pytest.mark.parametrize(
    "dateline", ["Washington, DC, 24 October 2017", "The Daily Post, January 11, 2017.", "LYON, le 15 janvier 2021 –"]
)
def test_the_date_of_a_dateline_is_marked_as_the_articles(dateline: str) -> None:
    lang = "fr" if "janvier" in dateline else "en"
    text = f"{dateline}\n\nA project against human trafficking has been given a grant."
    (start,) = extract_candidates(Document("Grant", text, lang), lang).starts
    assert "wire" in start.features


def test_a_datelines_day_that_the_text_tells_again_is_what_the_text_says_of_it() -> None:
    text = "Accra, 3 May 2021 – It is a hard life.\n\nA charity launched its project on 3 May 2021 in the north."
    (start,) = extract_candidates(Document("Help", text, "en", "2021-05-04"), "en").starts
    assert "wire" not in start.features
    assert "on:begins" in start.features


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "All of it should be finished in 2029."),
        ("de", "Alles soll 2029 fertig sein."),
        ("it", "Il progetto finisce nel 2029."),
        ("es", "El proyecto acabará en 2029."),
        ("nl", "In 2029 moet het klaar zijn."),
        ("ru", "Проект закончится в 2029 году."),
    ],
)
def test_a_verb_for_coming_to_an_end_speaks_for_an_end(lang: str, text: str) -> None:
    (end,) = extract_candidates(Document("Help", text, lang), lang).ends
    assert any("time-end:" in feature for feature in end.features)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("de", "24 Monate lang wird geforscht."),
        ("nl", "Vijf jaar lang wordt er gewerkt."),
        ("pt", "O programa dura três anos."),
        ("fr", "Le programme dure trois ans."),
        ("ru", "Проект сроком на три года."),
        ("ar", "برنامج مدته ثلاث سنوات."),
    ],
)
def test_a_word_for_lasting_speaks_for_a_length(lang: str, text: str) -> None:
    (length,) = extract_candidates(Document("Help", text, lang), lang).lengths
    assert any("future:" in feature for feature in length.features)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "In an earlier phase, from 2015 to 2019, it had other aims."),
        ("ru", "Предыдущая программа шла с 2015 по 2019 год."),
        ("it", "Un progetto pilota, dal 2015 al 2019, aveva altri scopi."),
    ],
)
def test_the_span_of_a_forerunner_is_marked_as_such(lang: str, text: str) -> None:
    gathered = extract_candidates(Document("Help", text, lang), lang)
    for candidates in (gathered.starts, gathered.ends):
        (found,) = candidates
        assert any("earlier" in feature for feature in found.features)


def test_a_span_of_something_else_does_not_complete_the_projects_end() -> None:
    models = load_models() | {
        "start": Linear(-0.7, {}, 0.38),  # one in three: below the threshold, enough for a date beside the end
        "end": Linear(-3.0, {"kind:date7": 6.0}, 0.4),
    }
    title = "New project against human trafficking"
    other = Document(title, "It ends in May 2029; an older one, from 2022 to 2024, was smaller.", "en")
    facts = read_facts(other, "en", models)
    assert (facts.start, facts.end) == (None, "2029-05")
    begun = Document(title, "It began in 2022 and ends in May 2029.", "en")
    facts = read_facts(begun, "en", models)
    assert (facts.start, facts.end) == ("2022", "2029-05")


@pytest.mark.parametrize(
    "text", ["Duration: 01/2025 – 12/2027", "It runs from 1/2025 to 12/2027.", "(01/2025-12/2027)"]
)
def test_a_span_of_months_in_digits_is_read(text: str) -> None:
    assert [(span.start, span.end) for span in times_in(text).ranges] == [("2025-01", "2027-12")]


def test_the_number_of_a_law_is_no_month() -> None:
    times = times_in("Law 11/2019 and Decree 5/2015 apply.")
    assert not times.ranges
    assert [moment.value for moment in times.moments] == ["2019", "2015"]


def test_both_dates_of_one_span_are_the_projects_where_one_is() -> None:
    text = "The institute takes part in a project on forced labour with two ministries. HARBOUR will ask employers."
    facts = facts_of("HARBOUR (2012–2014): how are seasonal workers recruited?", text)
    assert (facts.start, facts.end) == ("2012", "2014")
