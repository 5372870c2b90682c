"""Whether two articles tell of one project, from what each claims. All projects, bodies and sums are made up."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.document import Evidence, Facts, Sum
from storage.dates import read_stated_date
from storage.register.compare.claims import Claims, days_apart
from storage.register.compare.match import CERTAIN, MatchDecision, compare_claims, join_decisions
from storage.register.compare.near_copy import sign_text
from storage.register.compare.read_claims import facts_for_comparison, read_claims

FILLER = (
    "Officials said on the day that the work will be done with the help of those who know the matter and that people "
    "who need help should come forward without fear because nobody will be asked for papers"
)


def claim(
    *,
    title: str = "New project starts",
    text: str = "",
    on: str | None = "2026-03-02",
    language: str = "en",
    url: str = "https://herald.example/a",
    sums: tuple[tuple[float, str, str], ...] = (),
    **facts: Any,
) -> Claims:
    """An article's claims by way of the facts that would be read from it."""
    listed: dict[str, Any] = {
        name: (value,) if isinstance(value, str) and name in LISTS else value for name, value in facts.items()
    }
    published_at, precision = read_stated_date(on or "")
    stated = tuple(Sum(a, c, s, Evidence("…", "text", 0, 1)) for a, c, s in sums)  # type: ignore[arg-type]
    return read_claims(
        title=title,
        text=text,
        language=language,
        published_at=published_at,
        published_precision=precision,
        canonical_url=url,
        stated=facts_for_comparison(Facts(**listed, sums=stated), title, text, language),
        signature=sign_text(f"{title}\n{text}"),
    )


LISTS = ("implementers", "funders", "partners", "countries")


def compare(one: Claims, other: Claims) -> MatchDecision:
    match = compare_claims(one, other)
    back = compare_claims(other, one)
    assert back.decision == match.decision
    assert back.points == pytest.approx(match.points)
    return match


def lantern(**changes: Any) -> Claims:
    return claim(
        **{
            "name": "Lantern Bridge",
            "implementers": "Harbour Light Foundation",
            "funders": "Kingdom of Norway",
            "countries": "MZ",
            "amount": 2_340_000.0,
            "currency": "USD",
            **changes,
        }
    )


# --- one project


def test_a_rewrite_with_the_same_name_and_bodies_is_the_same() -> None:
    match = compare(lantern(), lantern(title="Norway pays", on="2026-03-20", url="https://other.example/b"))
    assert match.decision == "same"
    assert "the same name" in match.reason


def test_a_translation_is_the_same_by_countries_funder_and_sum_without_a_name() -> None:
    one = claim(funders="Norway", countries="MZ", amount=2_340_000.0, currency="USD")
    other = claim(
        title="Noruega financia projeto", language="pt", on="2026-03-04", funders="Noruega", countries="MZ",
        amount=2_340_000.0, currency="USD",
    )  # fmt: skip
    assert compare(one, other).decision == "same"


def test_a_share_beside_the_total_does_not_part_a_project() -> None:
    total = lantern(amount=6_400_000.0)
    share = lantern(amount=2_100_000.0, on="2026-03-10", title="Harbour Light receives its part")
    assert compare(total, share).decision == "same"


def test_a_sum_converted_at_the_years_rate_speaks_for_one_project() -> None:
    euros = claim(funders="European Union", countries="RW", amount=4_000_000.0, currency="EUR", duration_months=36)
    dollars = claim(
        funders="EU", countries="RW", amount=4_500_000.0, currency="USD", duration_months=36, on="2026-03-03",
        title="Three years against traffickers",
    )  # fmt: skip
    match = compare(euros, dollars)
    assert match.decision == "same"
    assert "converted" in match.reason


def test_an_undated_conversion_counts_only_where_some_years_rate_fits_well() -> None:
    euros = claim(funders="European Union", countries="RW", amount=600_000.0, currency="EUR", on=None)
    fits = claim(funders="European Union", countries="RW", amount=800_000.0, currency="USD", on=None)
    fits_no_year = claim(funders="European Union", countries="RW", amount=1_100_000.0, currency="USD", on=None)
    assert "converted" in compare(euros, fits).reason
    assert "converted" not in compare(euros, fits_no_year).reason


def test_an_exact_sum_named_twice_in_a_month_is_one_grant_even_without_a_common_body() -> None:
    one = claim(title="Grant for shelters", amount=1_237_000.0, currency="USD", countries="PE", funders="Faro Fund")
    other = claim(title="Money for shelters", amount=1_237_000.0, currency="USD", countries="PE", on="2026-03-03")
    assert compare(one, other).decision == "same"


def test_a_name_that_was_not_read_is_found_among_the_others_proper_names() -> None:
    named = lantern(amount=None, currency=None)
    unnamed = claim(
        title="Norway pays",
        text=f"{FILLER}. The scheme, called Lantern Bridge, opens near Nampula.",
        funders="Norway",
        countries="MZ",
        on="2026-03-20",
        url="https://other.example/b",
    )
    match = compare(named, unnamed)
    without = claim(title="Norway pays", text=FILLER, funders="Norway", countries="MZ", on="2026-03-20")
    assert match.points > compare(named, without).points
    assert "name is in the other's text" in match.reason


def test_two_launches_in_one_small_country_in_one_week_speak_for_one_project() -> None:
    one = claim(title="IOM opens project", implementers="IOM", funders="Japan", countries="LS")
    week, season = (
        claim(title="Lesotho and IOM begin work", implementers="OIM", countries="LS", on=on)
        for on in ("2026-03-04", "2026-05-20")
    )
    assert "few such projects start there" in compare(one, week).reason
    assert compare(one, week).points > compare(one, season).points


def test_a_start_that_was_misread_does_not_part_two_reports_of_one_occasion() -> None:
    text = (
        f"{FILLER}. Ministers Queiroz and Segas met in Benguela and Lobito with 110 guests of the Kandando Centre, "
        "and spoke of 47 cases from Huambo."
    )
    one = claim(text=text, implementers="Kandando Centre", countries="AO", start="2026-03")
    other = claim(
        title="Ministers open centre", text=text.replace("spoke", "told"), implementers="Kandando Centre",
        countries="AO", start="2020", on="2026-03-03",
    )  # fmt: skip
    assert compare(one, other).decision == "same"


# --- two projects


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


# --- time


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [
        ("2026-03-02", "2026-03-05", 3),
        ("2026-03-01", "2026-03-01", 0),
        ("2026-03-01", "2026-03-25", 24),
        ("2026-03", "2026-03-25", 20),
        ("2026-03", "2026-05", 61),
        ("2026", "2026", None),
        ("2026", "2025-12-30", None),
        ("2026", "2024-01-20", 366),
        (None, "2026-01-20", None),
    ],
)
def test_days_between_dates_are_no_finer_than_the_coarser(one: str | None, other: str, apart: int | None) -> None:
    assert days_apart(claim(on=one), claim(on=other)) == apart


def test_starts_that_are_the_days_of_the_news_do_not_contradict_each_other_where_the_total_is_one() -> None:
    launch = lantern(name=None, title="Workshop opens work", start="2026-03-02")
    signed = lantern(name=None, title="Agreement signed", start="2027-04-05", on="2027-04-05")
    assert not compare(launch, signed).is_contradicted
    other_sum = lantern(name=None, title="Agreement signed", start="2027-04-05", on="2027-04-05", amount=6_400_000.0)
    assert compare(launch, other_sum).decision == "different"


def test_a_round_sum_years_later_is_another_round() -> None:
    first = lantern(name=None, amount=5_000_000.0)
    later = lantern(name=None, amount=5_000_000.0, on="2033-05-09", title="Harbour Light widens its work")
    match = compare(first, later)
    assert match.decision == "perhaps"
    assert "reported 87 months apart" in match.reason


# --- an article against a group


def test_one_member_that_is_much_alike_does_not_outvote_those_that_are_not() -> None:
    alike, unlike = MatchDecision("same", "the same name", 3.0), MatchDecision("different", "other funders", -3.0)
    assert join_decisions([alike, alike, unlike]).decision == "same"
    assert join_decisions([alike, unlike, unlike]).decision != "same"


def test_a_group_is_like_an_article_whatever_the_order_of_its_members() -> None:
    matches = [
        MatchDecision("same", "a", 3.0),
        MatchDecision("perhaps", "b", -1.0),
        MatchDecision("different", "c", -5.0),
    ]
    assert join_decisions(matches).points == join_decisions(matches[::-1]).points


def test_what_is_known_for_certain_outweighs_any_group() -> None:
    known, others = (
        MatchDecision("same", "the same IATI identifier", CERTAIN),
        [MatchDecision("different", "c", -6.0)] * 9,
    )
    assert join_decisions([known, *others]).decision == "same"


# --- properties

claims = st.builds(
    claim,
    on=st.sampled_from([None, "2026-03-02", "2026-03-20", "2026-03", "2024"]),
    name=st.sampled_from([None, "Lantern Bridge", "Lantern Bridge II", "Project against trafficking in persons"]),
    implementers=st.sampled_from([(), ("IOM",), ("Harbour Light Foundation",), ("IOM", "UNODC")]),
    funders=st.sampled_from([(), ("Norway",), ("European Union",)]),
    countries=st.sampled_from([(), ("MZ",), ("MZ", "MW"), ("US",)]),
    amount=st.sampled_from([None, 1_000_000.0, 2_340_000.0]),
    currency=st.sampled_from(["USD", "EUR"]),
    start=st.sampled_from([None, "2026", "2024-05"]),
    duration_months=st.sampled_from([None, 24, 36]),
)


@settings(deadline=None)  # the first one reads the tables of names
@given(claims, claims)
def test_a_decision_does_not_depend_on_which_comes_first(one: Claims, other: Claims) -> None:
    compare(one, other)


@settings(deadline=None)  # the first one reads the tables of names
@given(claims)
def test_an_article_never_contradicts_itself(one: Claims) -> None:
    assert not compare(one, one).is_contradicted


@settings(deadline=None)  # the first one reads the tables of names
@given(claims, claims)
def test_the_same_always_says_why_in_words(one: Claims, other: Claims) -> None:
    match = compare(one, other)
    assert match.reason
    assert match.decision != "same" or not match.is_contradicted
