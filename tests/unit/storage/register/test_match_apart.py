"""What keeps two articles' projects apart, from what each claims, and what must not."""

from __future__ import annotations

import pytest

from tests.support.claims import FILLER, claim, compare, lantern


def test_a_second_phase_is_another_project_under_one_name() -> None:
    match = compare(lantern(), lantern(name="Lantern Bridge II", on="2026-04-20", amount=3_100_000.0))
    assert (match.decision, match.is_contradicted) == ("different", True)
    assert "phase" in match.reason


def test_a_phase_that_only_the_headline_names_parts_too() -> None:
    later = lantern(title="Second phase of Lantern Bridge opens", amount=3_100_000.0)
    assert compare(lantern(), later).is_contradicted


def test_an_article_that_leaves_the_phase_out_is_the_same_where_the_sum_says_so() -> None:
    assert compare(lantern(name="Lantern Bridge II"), lantern()).decision == "same"


def test_starts_years_apart_are_two_projects_even_under_one_name() -> None:
    match = compare(lantern(start="2024-01"), lantern(start="2026-01"))
    assert (match.decision, match.is_contradicted) == ("different", True)


def test_yearly_editions_are_two() -> None:
    one = claim(name="Small Grants Round", funders="Faro Fund", countries="RO", start="2024", on="2024-05-02")
    other = claim(name="Small Grants Round", funders="Faro Fund", countries="RO", start="2025", on="2026-01-10")
    assert compare(one, other).decision != "same"


def test_the_same_template_in_another_country_is_another_project() -> None:
    text = f"{FILLER}. " * 3
    one = claim(text=text, name="Preventing trafficking in Malawi", funders="EU", implementers="IOM", countries="MW")
    other = claim(text=text, name="Preventing trafficking in Zambia", funders="EU", implementers="IOM", countries="ZM")
    match = compare(one, other)
    assert (match.decision, match.reason) == ("different", "another name in other countries")


def test_two_grants_of_one_donor_to_one_grantee_in_a_month_stay_apart() -> None:
    housing = claim(
        name="Housing for Survivors", implementers="New Dawn Centre", funders="Department of Justice", countries="US",
        amount=401_818.0, currency="USD", duration_months=36,
    )  # fmt: skip
    training = claim(
        name="Training Against Traffickers", implementers="New Dawn Centre", funders="Department of Justice",
        countries="US", amount=650_000.0, currency="USD", duration_months=36, on="2026-03-25",
    )  # fmt: skip
    assert compare(housing, training).decision != "same"


def test_two_grants_of_one_donor_to_one_grantee_stay_apart_in_two_languages_too() -> None:
    text = "Groups in Tete, Beira and Pemba were asked by Lucia Sande to say what 2,043 people need."
    one = lantern(name="Open Gates", amount=4_700_000.0, duration_months=36, text=text)
    told = "Em Tete, Beira e Pemba vivem 2.043 pessoas, disse ontem a diretora Lucia Sande."
    other = lantern(
        name="Ninguém Sai",
        amount=1_800_000.0,
        duration_months=36,
        language="pt",
        text=told,
        on="2026-06-20",
        url="https://b.example",
    )
    assert compare(one, other).decision != "same"


def test_two_general_titles_of_one_donor_in_one_country_stay_apart() -> None:
    one = claim(
        name="Preventing and Combating Human Trafficking in Moldova", implementers="Council of Europe",
        funders="European Union", countries="MD", on=None,
    )  # fmt: skip
    other = claim(
        name="Strengthening services for victims and labour inspection in Moldova", implementers="Council of Europe",
        funders="European Union", countries="MD", on=None,
    )  # fmt: skip
    assert compare(one, other).decision != "same"


def test_an_acronym_in_the_text_is_the_name_that_the_other_spells_out() -> None:
    spelt = claim(
        name="Support to the Fight against Trafficking in the Lagoon Area", implementers="Harbour Light", on=None
    )
    short, other = (
        claim(
            title="Pact signed", text=f"The pact is part of the {name} project.", implementers="Harbour Light", on=None
        )
        for name in ("SFTLA", "QRSTU")
    )
    assert "name" in compare(spelt, short).reason
    assert compare(spelt, short).points > compare(spelt, other).points


def test_headlines_that_are_nearly_the_same_speak_for_one_project() -> None:
    one = claim(title="Safe Paths in the Lagoon Area", implementers="Harbour Light Foundation", on=None)
    same = claim(
        title="Safe paths against trafficking in the Lagoon Area", implementers="Harbour Light Foundation", on=None
    )
    other = claim(title="Donors meet in Beira", implementers="Harbour Light Foundation", on=None)
    assert compare(one, same).points >= compare(one, other).points + 1


def test_a_donor_taken_for_the_country_of_work_does_not_part_what_name_and_body_join() -> None:
    misread = lantern(countries="NO", text=f"The Norwegian programme was opened in Mozambique. {FILLER}")
    assert compare(lantern(), misread).decision == "same"
    assert compare(lantern(), lantern(countries="KE")).points < compare(lantern(), misread).points


def test_a_day_of_signing_read_as_the_start_does_not_part_a_project_of_one_name_and_sum() -> None:
    later = lantern(on="2027-05-04", start="2027-05-04")
    first = lantern(on="2026-03-02", start="2026-01")
    assert not compare(first, later).is_contradicted
    assert compare(first, lantern(on="2027-05-04", start="2027-02-04")).is_contradicted
    other_sum = lantern(on="2027-05-04", start="2027-05-04", amount=9e5)
    assert compare(first, other_sum).points < compare(first, later).points


def test_one_country_more_in_a_long_list_is_a_country_misread() -> None:
    one = claim(countries=("BO", "CO", "SV", "PY"), implementers="IOM", duration_months=15)
    more = claim(countries=("BO", "CO", "SV", "PY", "PE"), implementers="IOM", duration_months=15)
    others = claim(countries=("BO", "CO", "PE", "EC"), implementers="IOM", duration_months=15)
    assert "nearly the same countries" in compare(one, more).reason
    assert compare(one, more).points > compare(one, others).points


def test_grants_of_one_programme_a_year_apart_are_two_rounds() -> None:
    one, soon, later = (
        claim(name="Program to End Bondage", funders="Harbour Office", on=on)
        for on in ("2026-03-02", "2026-03-20", "2027-02-01")
    )
    assert compare(one, soon).points > compare(one, later).points
    assert compare(one, later).decision != "same"


def test_news_18_months_later_may_be_of_another_round() -> None:
    without_sum = {"amount": None, "currency": None}
    assert compare(lantern(**without_sum), lantern(**without_sum, on="2028-01-10")).decision == "perhaps"


def test_a_busy_donor_and_a_busy_agency_alone_make_no_project() -> None:
    one = claim(implementers="IOM", funders="European Union", countries=("KE", "UG"))
    other = claim(implementers="IOM", funders="European Union", countries=("UG", "TZ"), on="2026-09-01")
    assert compare(one, other).decision != "same"


def test_nothing_claimed_is_nothing_in_common() -> None:
    assert compare(claim(on=None), claim(on=None)).decision == "different"


@pytest.mark.parametrize("name", ["IOM", "European Union", "USAID", "DFID", "UN Women", "Save the Children"])
def test_a_body_of_hundreds_of_projects_says_no_more_than_a_local_one(name: str) -> None:
    busy = compare(claim(funders=name, countries="MZ"), claim(funders=name, countries="MZ", on="2026-03-30"))
    local = compare(
        claim(funders="Faro Fund", countries="MZ"), claim(funders="Faro Fund", countries="MZ", on="2026-03-30")
    )
    assert busy.points <= local.points


def test_two_pieces_of_one_page_are_not_thereby_one_project() -> None:
    one = claim(funders="Department of Labor", implementers="Global March", amount=4e6, currency="USD")
    other = claim(
        title="Lab opens", funders="Department of Labor", implementers="World Bank", amount=1e7, currency="USD"
    )
    assert compare(one, other).decision != "same"


def test_the_wording_of_the_protocols_is_no_projects_own_name() -> None:
    phrase = "Trafficking in Persons and the Smuggling of Migrants"
    one = claim(name=phrase, implementers="UNODC", funders="European Union", countries="PK", on="2018-09-20")
    other = claim(
        name=f"Action against {phrase}", implementers="UNODC", funders="European Union", countries="NP",
        on="2019-06-04", title="Partners meet",
    )  # fmt: skip
    assert compare(one, other).decision != "same"
    assert compare(claim(name=phrase), claim(name=phrase)).points < compare(lantern(), lantern()).points


def test_one_country_misread_does_not_part_what_name_implementer_and_funder_join() -> None:
    programme = lantern(countries=("KZ", "KG", "TM", "UZ"), amount=None, currency=None)
    misread = lantern(countries="TJ", amount=None, currency=None, title="Not in Tajikistan any more", on="2026-03-09")
    assert compare(programme, misread).decision == "same"
    template = lantern(countries="KZ", amount=None, currency=None)
    assert compare(template, misread).decision != "same"
