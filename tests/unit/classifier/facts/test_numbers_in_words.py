"""Numbers of sums in words: each language's way to say how many, and none where a text does not say it."""

from __future__ import annotations

import pytest

from tests.support.fact_reading import sums_in


@pytest.mark.parametrize(
    ("lang", "written", "amount"),
    [
        ("ar", "بخمسة ملايين يورو", 5e6),
        ("ar", "مليون ونصف مليون يورو", 1.5e6),
        ("ar", "مليونا ونصف المليون يورو", 1.5e6),
        ("ar", "3 ملايين ونصف المليون يورو", 3.5e6),
        ("ar", "مليونا يورو", 2e6),
        ("ar", "25 مليونا من اليورو", 25e6),
        ("ar", "مئة وخمسة وعشرين ألف يورو", 125e3),
        ("de", "eine halbe Million Euro", 5e5),
        ("de", "zweieinhalb Millionen Euro", 2.5e6),
        ("en", "two hundred and fifty thousand euros", 250e3),
        ("en", "a million and a half euros", 1.5e6),
        ("en", "a quarter of a million euros", 25e4),
        ("en", "between two and five million euros", 5e6),
        ("en", "the million-euro scheme", 1e6),
        ("es", "un millón y medio de euros", 1.5e6),
        ("es", "2 millones y medio de euros", 2.5e6),
        ("es", "cinco mil quinientos millones de euros", 5.5e9),
        ("fr", "trois cent mille euros", 3e5),
        ("fr", "quatre-vingt mille euros", 8e4),
        ("id", "dua ratus lima puluh juta euro", 250e6),
        ("id", "satu setengah juta euro", 1.5e6),
        ("it", "un milione e mezzo di euro", 1.5e6),
        ("nl", "een half miljoen euro", 5e5),
        ("pt", "cento e cinquenta mil euros", 150e3),
        ("ro", "20 de milioane de euro", 20e6),
        ("ro", "un milion și jumătate de euro", 1.5e6),
        ("ru", "два с половиной миллиона евро", 2.5e6),
        ("ru", "около миллиона евро", 1e6),
        ("tr", "iki buçuk milyon euro", 2.5e6),
        ("tr", "yüz elli bin euro", 150e3),
        ("uk", "п'ять мільйонів євро", 5e6),
        ("uk", "п’ятдесят тисяч євро", 5e4),
    ],
)
def test_a_sum_in_words_is_read_whole(lang: str, written: str, amount: float) -> None:
    assert sums_in(f"X: {written}.", lang) == [(amount, "EUR")]


@pytest.mark.parametrize(
    ("lang", "written"),
    [
        ("ar", "عدة ملايين يورو"),
        ("de", "mehrere Millionen Euro"),
        ("en", "millions of euros"),
        ("en", "a few hundred thousand euros"),
        ("en", "a multi-million-euro scheme"),
        ("en", "three quarters of a million euros"),
        ("es", "cientos de millones de euros"),
        ("fr", "quelques millions d'euros"),
        ("id", "ratusan juta euro"),
        ("it", "decine di milioni di euro"),
        ("ro", "zeci de milioane de euro"),
        ("ru", "миллионы евро"),
        ("tr", "birkaç milyon euro"),
        ("uk", "кілька мільйонів євро"),
    ],
)
def test_many_without_a_number_and_parts_of_one_are_no_sum(lang: str, written: str) -> None:
    assert sums_in(f"X: {written}.", lang) == []


@pytest.mark.parametrize(
    ("lang", "written", "amount"),
    [
        ("ar", "مليون و600 ألف يورو", 1.6e6),
        ("es", "un millón 600 mil euros", 1.6e6),
        ("fr", "un million 600 000 euros", 1.6e6),
        ("id", "satu juta 600 ribu euro", 1.6e6),
        ("it", "un milione e 600mila euro", 1.6e6),
        ("nl", "een miljoen en 200 duizend euro", 1.2e6),
        ("pt", "dois milhões e 300 mil euros", 2.3e6),
        ("ro", "un milion 600 de mii de euro", 1.6e6),
        ("tr", "bir milyon 600 bin avro", 1.6e6),
        ("uk", "один мільйон 600 тисяч євро", 1.6e6),
    ],
)
def test_thousands_in_digits_go_on_where_millions_in_words_end(lang: str, written: str, amount: float) -> None:
    assert sums_in(f"X: {written}.", lang) == [(amount, "EUR")]


def test_a_sum_in_digits_behind_one_with_its_own_currency_is_another_sum() -> None:
    assert sums_in("Un millón de euros y 600 mil euros.", "es") == [(1e6, "EUR"), (6e5, "EUR")]
