"""Places of a country that a text names without the country itself."""

import pytest

from classifier.document import Document
from classifier.extraction import read_facts
from tests.support.fact_reading import countries_in, encoder_says


@pytest.mark.parametrize(
    ("lang", "text", "code"),
    [
        ("de", "In Benin-Stadt öffnet ein Haus.", "NG"),
        ("pt", "A casa abre na Cidade do Benim.", "NG"),
        ("id", "Rumah itu dibuka di Sumba.", "ID"),
        ("en", "A house opens in Owen Sound.", "CA"),
        ("nl", "Een huis opent in Leeuwarden.", "NL"),
        ("it", "Una casa apre a Mantova.", "IT"),
        ("ru", "Приют открылся в Самаре.", "RU"),
        ("uk", "Притулок відкрили на Вінниччині.", "UA"),
        ("ar", "افتتح مأوى في نابل.", "TN"),
        ("en", "A tribal home opens for patients of the Indian Health Service.", "US"),
    ],
)
def test_a_region_or_a_town_tells_its_country_in_many_languages(lang: str, text: str, code: str) -> None:
    assert countries_in(text, lang) == [code]


@pytest.mark.parametrize("body", ["The Region of Peel", "Franklin County"])
def test_a_county_that_may_run_a_project_itself_is_no_place(body: str) -> None:
    assert countries_in(f"{body} pays for a house.") == []


def test_a_text_that_counts_in_pounds_speaks_of_the_english_norfolk() -> None:
    assert countries_in("A house opens in Norfolk, with £9,000, as one did in Boston.") == ["GB", "US"]
    assert countries_in("A house opens in Norfolk, with $9,000, as one did in Boston.") == ["US", "US"]


def test_a_project_named_after_the_bird_is_not_in_arizona() -> None:
    assert countries_in("The Phoenix Project begins today.") == []


@pytest.mark.parametrize("mark", ["'", "’"])
def test_either_apostrophe_spells_a_country(mark: str) -> None:
    assert countries_in(f"Le projet couvre la Côte d{mark}Ivoire.", "fr") == ["CI"]


def test_a_line_that_says_who_pays_names_no_country_of_work() -> None:
    """`Pays` is the French word for a country."""
    text = "WHO PAYS: Norway. FOR WHAT: a shelter for trafficked children in Nampula, Mozambique."
    document = Document("Norway helps trafficked children in Mozambique", text, "en", url="https://x.example/a")
    assert "NO" not in read_facts(document, "en", scorer=encoder_says(document)).countries
    document = Document("Un centre pour les enfants victimes de traite", "Pays : Norvège, Suède", "fr")
    assert read_facts(document, "fr", scorer=encoder_says(document)).countries == ("NO", "SE")
