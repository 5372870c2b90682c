"""Countries as texts name them, and which of them a project works in."""

from __future__ import annotations

import pytest

from classifier.document import Document
from classifier.entities.countries import find_countries
from classifier.languages import LANGUAGES
from classifier.text.parsed_text import parse_text
from tests.support.fact_reading import countries_in, facts_of, features_of


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("en", "It works in Peru, Bolivia and Chile.", ["PE", "BO", "CL"]),
        ("fr", "Il concerne le Bénin et la Côte d'Ivoire.", ["BJ", "CI"]),
        ("es", "Trabaja en Perú y en Costa de Marfil.", ["PE", "CI"]),
        ("ar", "يعمل في بنغلاديش ونيبال.", ["BD", "NP"]),
        ("uk", "Проєкт працює в Україні.", ["UA"]),
        ("ru", "Проект работает в Казахстане.", ["KZ"]),
        ("tr", "Proje Türkiye'de yürütülüyor.", ["TR"]),
        ("de", "Es geht um Rumänien und Tschechien.", ["RO", "CZ"]),
        ("id", "Program ini berjalan di Indonesia.", ["ID"]),
    ],
)
def test_a_country_is_known_in_the_words_of_each_language(lang: str, text: str, codes: list[str]) -> None:
    assert countries_in(text, lang) == codes


@pytest.mark.parametrize("name", ["Netherlands", "Philippines", "Gambia", "Bahamas"])
def test_a_country_with_an_article_is_known_amid_a_sentence(name: str) -> None:
    assert len(countries_in(f"The money comes from the {name} this year.")) == 1


def test_a_city_tells_its_country() -> None:
    assert countries_in("The shelter stands in Kathmandu.") == ["NP"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Give us your names."),
        ("en", "Acting Secretary Chad Wolf spoke."),
        ("tr", "Mali Yardım Aracı kapsamında."),
        ("en", "Judge Marcelo Colombo spoke."),
        ("en", "Minister Florence Banda spoke."),
        ("en", "Roma children are taught there."),
        ("en", "States on the Gulf of Guinea met."),
        ("es", "Son la Cruz Roja y otras."),
        ("pt", "Para Maria, foi um alívio."),
    ],
)
def test_a_word_that_only_looks_like_a_country_is_none(lang: str, text: str) -> None:
    assert countries_in(text, lang) == []


def test_georgia_is_the_american_state_where_the_text_is_of_the_united_states() -> None:
    assert set(countries_in("The U.S. Attorney spoke in Atlanta, Georgia.")) == {"US"}
    assert countries_in("It works in Armenia and Georgia.") == ["AM", "GE"]


def test_a_georgian_county_is_american_without_any_other_sign() -> None:
    assert set(countries_in("Georgians can call the sheriff of their county in Georgia.")) == {"US"}
    assert countries_in("Georgian police opened a line in Georgia.") == ["GE", "GE"]


def test_a_state_behind_a_city_and_a_comma_is_american() -> None:
    assert countries_in("The house in Ybor, Fla., opens. Others are in Paris, TX and Rome, Ga.") == ["US"] * 5
    assert countries_in("PROJECT IN LIMA, IN PARTNERSHIP WITH NUNS") == ["PE"]
    assert countries_in("A casa fica em Belém, PA, no norte.", "pt") == ["BR"]


def test_congo_alone_is_the_one_that_the_text_names_more_fully() -> None:
    assert countries_in("In Kinshasa they said that Congo would act.") == ["CD", "CD"]
    assert countries_in("Gabon and Congo signed in Brazzaville.") == ["GA", "CG", "CG"]


def test_a_city_is_known_by_its_name_in_the_language_of_the_text() -> None:
    assert countries_in("Нова лінія працює у Варшаві.", "uk") == ["PL"]
    assert countries_in("El refugio abrió en Chiclayo.", "es") == ["PE"]
    assert countries_in("Rumah aman dibuka di Tanjungpinang.", "id") == ["ID"]


def test_amman_is_told_from_oman_by_its_dateline_and_by_jordan() -> None:
    assert countries_in("عمان – افتتح الوزير دارا في الأردن.", "ar") == ["JO", "JO"]
    assert countries_in("وقعت السعودية وعمان والكويت اتفاقا في مسقط.", "ar") == ["SA", "OM", "KW", "OM"]


def test_amman_and_oman_are_told_apart_by_the_doubled_letter() -> None:
    assert countries_in("افتتحت الدار في عمّان.", "ar") == ["JO"]
    assert countries_in("افتتحت الدار في سلطنة عمان.", "ar") == ["OM"]


def test_the_donor_the_dateline_and_where_victims_are_taken_are_no_countries_of_work() -> None:
    facts = facts_of(
        "Norway funds project against human trafficking in Malawi",
        "OSLO – Norway will pay for a new project against human trafficking in Malawi. The UNODC will run it in Malawi "
        "for two years. Many victims are taken to Kuwait and Oman.",
    )
    assert facts.countries == ("MW",)


def test_every_language_has_a_country_list_of_its_own() -> None:
    assert all(countries_in("", lang) == [] for lang in LANGUAGES)


def test_us_before_a_sum_names_no_country() -> None:
    assert countries_in("The grant is US $2 million, or two million US dollars.") == []
    assert countries_in("The US gave $2 million.") == ["US"]


def test_where_victims_go_and_a_seat_in_the_dateline_are_told_from_the_country_of_work() -> None:
    reasons = features_of("VIENNA – A project starts in Nepal. Women from Nepal are sold in Qatar.")
    assert {"why:destination", "why:origin"} <= reasons["QA"]
    assert "dateline&seat" in reasons["AT"]
    assert "all:why:destination" not in reasons["NP"]


def test_a_sign_tells_a_country_that_is_not_named() -> None:
    assert {"told:sign", "sign&told"} <= features_of(
        "Los vecinos piden ayuda. Lo aprobó el Consejo de Ministros.", "es"
    )["ES"]
    assert "ES" not in features_of("Lo aprobó el consejo.", "es")


def test_a_country_is_weighed_by_what_the_headline_names() -> None:
    reasons = features_of("It begins in Kenya. Uganda came first.", title="Project for Kenya begins")
    assert "title:me&alone" in reasons["KE"]
    assert "title:not&hosts" in reasons["UG"]


def test_a_body_named_after_a_place_that_is_also_a_first_name_is_no_person() -> None:
    assert countries_in("The Kenya Police and the Phoenix Fire Department signed.") == ["KE", "US"]
    assert countries_in("Women of the Virginia Beach region called.") == ["US"]
    assert countries_in("Deputy Minister Kenya Morris spoke.") == []


def test_a_state_may_be_written_with_points() -> None:
    assert countries_in("ELMWOOD, N.C. – The house opens. Another is in Rome, N.Y., since May.") == ["US", "US", "US"]


@pytest.mark.parametrize(
    ("lang", "text"), [("ru", "Казахстанская полиция обучит судей."), ("uk", "Для румунських суддів.")]
)
def test_an_adjective_written_small_names_its_country(lang: str, text: str) -> None:
    assert countries_in(text, lang) in (["KZ"], ["RO"])


@pytest.mark.parametrize(
    ("lang", "text", "kinds"),
    [
        ("fr", "La Suisse finance, selon l'ambassade suisse.", ["name", "adjective"]),
        ("es", "La cooperación argentina trabaja en Argentina.", ["adjective", "name"]),
        ("pt", "A cooperação suíça apoia; a Noruega paga.", ["adjective", "name"]),
        ("it", "L'ambasciata svizzera in Armenia parla.", ["adjective", "name"]),
        ("it", "Per la polizia serba la Serbia paga.", ["adjective", "name"]),
    ],
)
def test_one_word_for_both_is_the_country_with_a_capital_and_its_adjective_without(
    lang: str, text: str, kinds: list[str]
) -> None:
    assert [mention.kind for mention in find_countries(parse_text(Document("", text, lang), lang))] == kinds


def test_a_small_word_that_begins_like_a_country_is_none() -> None:
    assert countries_in("Ради того, чтобы малийцы знали, индивидуально и чаде.", "ru") == []


@pytest.mark.parametrize(
    "text",
    ["Vienna (Austria), 3 May 2020 - Talks began.", "Vienna – Talks began.", "VIENNA: Talks began."],
)
def test_a_seat_in_the_dateline_is_told_with_its_country(text: str) -> None:
    assert "dateline&seat" in features_of(text)["AT"]


@pytest.mark.parametrize("text", ["Austria-based nuns help.", "Austria is where the nuns – all eight – live."])
def test_a_dash_within_a_sentence_or_a_word_makes_no_dateline(text: str) -> None:
    assert "dateline" not in features_of(text)["AT"]


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("en", "Texans and Virginians called.", "US"),
        ("es", "Cuatro distritos cusqueños y dos limeños.", "PE"),
        ("es", "La casa está en Carolina del Norte.", "US"),
        ("ru", "Приют открыли в Северной Каролине.", "US"),
        ("pt", "A polícia paulista e a baiana.", "BR"),
        ("de", "Hessische und bayerische Stellen.", "DE"),
        ("ar", "مصريات وعاملات مصريات.", "EG"),
        ("nl", "Vlaamse en Antwerpse huizen.", "BE"),
    ],
)
def test_the_people_of_a_province_and_its_name_in_another_language_tell_the_country(
    lang: str, text: str, code: str
) -> None:
    assert set(countries_in(text, lang)) == {code}


def test_a_verb_that_is_written_nearly_like_the_people_of_a_city_is_none() -> None:
    assert countries_in("Calendario: que crucen, que quiten y que pacen; pueblos poblados.", "es") == []


def test_a_meeting_named_after_a_saint_is_no_city() -> None:
    assert countries_in("She spoke at the Santa Marta Conference.") == []


def test_a_town_named_after_one_elsewhere_is_american_beside_an_american_place() -> None:
    assert set(countries_in("Kent schools begin. The county lies in Michigan.")) == {"US"}
    assert countries_in("Kent schools begin. British nuns teach in Texas.") == ["GB", "GB", "US"]
    assert countries_in("Kent schools begin.") == ["GB"]


def test_benin_before_a_nigerian_state_is_the_city() -> None:
    assert set(countries_in("The home is in Benin, Edo State.")) == {"NG"}
    assert set(countries_in("Benin City grows. Nuns came to Benin.")) == {"NG"}
    assert countries_in("Women from Nigeria pass through Benin.") == ["NG", "BJ"]


def test_a_syllable_between_hyphens_is_no_place() -> None:
    assert countries_in("Il progetto Ri-Trat-TO comincia.", "it") == []


def test_what_is_elsewhere_or_only_visited_is_told_from_work() -> None:
    assert "why:other_work" in features_of("Another award goes to nuns in Chile.")["CL"]
    assert "why:office:L0" in features_of("Il est prévu une visite d'étude en Jordanie.", "fr")["JO"]


@pytest.mark.parametrize(("lang", "text"), [("en", "The Order of Malta helps."), ("it", "Aiuta l'Ordine di Malta.")])
def test_an_order_named_after_an_island_is_no_country(lang: str, text: str) -> None:
    assert countries_in(text, lang) == []


def test_money_of_a_donor_is_no_sign_of_its_country() -> None:
    assert "GB" not in features_of("Two million pounds will train nuns.")


def test_another_language_s_word_for_states_counts_nothing_in_english() -> None:
    assert not any(one.startswith("counted") for one in features_of("Chad has two state agencies.")["TD"])


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Callers are answered in French, German and Russian."),
        ("en", "The leaflet can be had in Romanian for all who ask."),
        ("en", "A Russian-speaking lawyer is there, and one who speaks Thai."),
        ("fr", "La ligne répond en français, allemand et russe."),
        ("es", "Atienden en francés y rumano."),
        ("pt", "Atendem em francês ou romeno."),
        ("it", "Si risponde in francese e in lingua rumena."),
        ("de", "Es gibt Beratung auf Rumänisch und Bulgarisch."),
        ("ro", "Cei care vorbesc engleza sau franceza sunt puțini."),
        ("ru", "Отвечают на румынском и русском языках."),
        ("uk", "Відповідають румунською мовою."),
        ("id", "Mereka dilayani dalam bahasa Inggris."),
        ("ar", "الخط متاح باللغة الفرنسية."),
    ],
)
def test_a_language_is_no_country(lang: str, text: str) -> None:
    assert countries_in(text, lang) == []


@pytest.mark.parametrize(
    ("lang", "text", "codes"),
    [
        ("en", "It works in French, Greek and Italian ports.", ["FR", "GR", "IT"]),
        ("en", "They spoke to Romanian police about trafficking in Eswatini.", ["RO", "SZ"]),
        ("pt", "O ministro angolano fala do plano.", ["AO"]),
    ],
)
def test_an_adjective_with_its_noun_is_no_language(lang: str, text: str, codes: list[str]) -> None:
    assert countries_in(text, lang) == codes


def test_a_country_whose_name_begins_small_is_known() -> None:
    assert countries_in("It runs in the former Yugoslav Republic of Macedonia.") == ["MK"]
    assert countries_in("La ayuda de la Unión Europea llega.", "es") == []


def test_a_town_that_bears_a_name_of_two_countries_is_in_the_one_named() -> None:
    assert countries_in("Una casa abre en Guadalajara, la tercera de España.", "es") == ["ES", "ES"]
    assert countries_in("Una casa abre en Guadalajara.", "es") == ["MX"]
    assert countries_in("De España llega dinero a Guadalajara, en México.", "es") == ["ES", "MX", "MX"]


def test_the_university_of_georgia_tells_that_its_state_and_its_town_are_american() -> None:
    text = "Scholars at the University of Georgia, on the Athens campus, will train courts in Georgia."
    assert countries_in(text) == ["US", "US"]
    assert countries_in("Courts in Georgia and a shelter in Athens.") == ["GE", "GR"]


def test_an_english_abbreviation_is_no_country_in_another_language() -> None:
    assert countries_in("It works in the DRC.") == ["CD"]
    assert countries_in("Lavorano CWEP in Polonia e DRC in Grecia.", "it") == ["PL", "GR"]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "A house for refugees from Ukraine opens."),
        ("de", "Ein Haus für Geflüchtete aus der Ukraine öffnet."),
        ("fr", "Une maison ouvre pour les réfugiées d'Ukraine."),
        ("es", "Abre una casa para refugiadas de Ucrania."),
        ("it", "Apre una casa per le profughe dall'Ucraina."),
        ("nl", "Een huis voor vluchtelingen uit Oekraïne opent."),
        ("ro", "Se deschide o casă pentru refugiații din Ucraina."),
        ("ru", "Открылся дом для беженок из Украины."),
        ("ar", "افتتح بيت للاجئات من أوكرانيا."),
    ],
)
def test_the_country_that_refugees_fled_from_is_told_apart(lang: str, text: str) -> None:
    assert {"why:refugee", "why:away", "all:why:refugee"} <= features_of(text, lang)["UA"]
