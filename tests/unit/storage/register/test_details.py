from __future__ import annotations

from storage.register.compare.details import (
    MAX_DETAILS,
    pack_details,
    read_details,
    share_details,
    unpack_details,
    weigh_details,
)


def test_figures_and_proper_names_inside_sentences_are_marks() -> None:
    text = "Police in Kibera freed 47 people. They were held near Lake Turkana for 1,200 shillings."
    assert read_details("Raid frees dozens", text) == {"#47", "#1200", "kibera", "lake", "turkana"}


def test_years_single_digits_countries_and_words_of_the_field_are_none() -> None:
    text = "In 2024 the 3 ministries of Kenya and the United Nations met. Nobody spoke."
    assert read_details("", text) == frozenset()


def test_a_headline_in_capitals_tells_no_names() -> None:
    assert read_details("Minister Opens Shelter For Survivors", "nothing more") == frozenset()


def test_eastern_figures_are_figures() -> None:
    assert read_details("", "أنقذت الشرطة ٤٧ شخصا") == {"#47"}


def test_marks_are_few_and_survive_storing() -> None:
    found = read_details("", " ".join(f"in Town{n}x" for n in range(10, 300)))
    assert len(found) <= MAX_DETAILS
    assert unpack_details(pack_details(found)) == found


def test_a_share_is_of_the_smaller_set() -> None:
    assert share_details(frozenset("abcd"), frozenset("ab")) == (2, 1.0)
    assert share_details(frozenset(), frozenset("ab")) == (0, 0.0)


def test_an_exact_figure_and_a_rare_name_weigh_more_than_a_round_one_and_a_common_one() -> None:
    distinctive, common = frozenset({"#8042", "oftadeh"}), frozenset({"#500", "foundat"})
    assert weigh_details(distinctive, distinctive)[0] > 2 * weigh_details(common, common)[0]
    assert weigh_details(distinctive, frozenset()) == (0, 0.0)


def test_four_digits_with_a_separator_are_no_year() -> None:
    assert read_details("", "In 2042 they were 2,043 and 1.987") == {"#2043", "#1987"}
