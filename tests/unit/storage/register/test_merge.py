"""What a project's articles claim, merged: agreement, sources' weight, conflicts, what people fixed."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from classifier.document import Evidence, Facts
from classifier.schema import FactName
from storage.register.merge.facts import MergedFacts, merge_claims
from storage.register.merge.values import Claim, list_claims


def state(article_id: int, **facts: Any) -> list[tuple[FactName, Claim]]:
    return list_claims(article_id, Facts(**facts))


def merge(
    *stated: list[tuple[FactName, Claim]], weights: dict[int, float] | None = None, **fixed: list[Claim]
) -> MergedFacts:
    return merge_claims([claim for claims in stated for claim in claims], weights or {}, fixed)


def test_what_more_articles_say_is_shown_and_the_rest_is_a_conflict() -> None:
    merged = merge(
        state(1, amount=2e6, currency="USD"), state(2, amount=3e6, currency="USD"), state(3, amount=3e6, currency="USD")
    )
    assert merged.facts.amount == 3e6
    assert [c.shown for c in merged.conflicts["amount"]] == ["USD 3,000,000", "USD 2,000,000"]
    assert [c.articles for c in merged.amount] == [(2, 3), (1,)]


def test_a_donors_own_page_outweighs_a_rewrite() -> None:
    merged = merge(state(1, start="2026-03"), state(2, start="2026-05"), weights={1: 1.0, 2: 2.0})
    assert merged.facts.start == "2026-05"
    assert "start" in merged.conflicts


def test_a_copy_is_no_voice_of_its_own() -> None:
    merged = merge(
        state(1, duration_months=24),
        state(2, duration_months=36),
        state(3, duration_months=36),
        weights={3: 0.0, 2: 0.5},
    )
    assert merged.facts.duration_months == 24


def test_a_year_and_a_day_in_it_do_not_contradict_and_the_fuller_is_shown() -> None:
    merged = merge(state(1, start="2026"), state(2, start="2026-03-02"))
    assert merged.facts.start == "2026-03-02"
    assert merged.conflicts == {}


def test_sums_within_one_in_a_hundred_are_one() -> None:
    merged = merge(state(1, amount=24_300_000.0, currency="AUD"), state(2, amount=24_299_000.0, currency="AUD"))
    assert len(merged.amount) == 1


def test_one_sum_in_two_currencies_is_never_averaged() -> None:
    merged = merge(state(1, amount=4e6, currency="EUR"), state(2, amount=4.5e6, currency="USD"))
    assert {c.shown for c in merged.amount} == {"EUR 4,000,000", "USD 4,500,000"}
    assert merged.facts.amount in (4e6, 4.5e6)


def test_organisations_in_several_languages_are_one() -> None:
    merged = merge(
        state(1, implementers=("IOM",)), state(2, implementers=("Organisation internationale pour les migrations",))
    )
    assert len(merged.implementers) == 1
    assert merged.implementers[0].articles == (1, 2)


def test_the_one_unknown_body_of_each_script_is_one_under_its_name_in_latin_letters() -> None:
    merged = merge(
        state(1, implementers=("دار المنارة لرعاية الأسرة", "المنظمة الدولية للهجرة")),
        state(2, implementers=("IOM", "Lighthouse Family Home")),
    )
    assert set(merged.facts.implementers) == {"Lighthouse Family Home", "IOM"}
    assert [c.articles for c in merged.implementers] == [(1, 2), (1, 2)]


def test_bodies_in_two_scripts_stay_apart_where_one_script_has_two_of_them() -> None:
    merged = merge(
        state(1, implementers=("دار المنارة لرعاية الأسرة",)),
        state(2, implementers=("Lighthouse Family Home", "Dockers' Relief Society")),
    )
    assert len(merged.implementers) == 3


def test_bodies_in_two_scripts_stay_apart_where_one_article_names_both() -> None:
    merged = merge(state(1, partners=("Дім під каштаном", "Lighthouse Family Home")))
    assert len(merged.partners) == 2


def test_names_in_the_letters_of_japanese_are_of_one_script() -> None:
    merged = merge(state(1, partners=("あけぼの会",)), state(2, partners=("港湾支援協会",)))
    assert len(merged.partners) == 2


def test_of_two_articles_that_disagree_whether_a_body_runs_it_or_is_a_partner_the_surer_is_believed() -> None:
    body = "Harbour Light Foundation"

    def tell(article: int, role: str, probability: float) -> list[tuple[FactName, Claim]]:
        return state(article, **{role: (body,), "probabilities": {role: {body: probability}}})

    partner = merge(tell(1, "implementers", 0.6), tell(2, "partners", 0.9))
    assert (partner.facts.implementers, partner.facts.partners) == ((), (body,))
    runner = merge(tell(1, "implementers", 0.9), tell(2, "partners", 0.6))
    assert (runner.facts.implementers, runner.facts.partners) == ((body,), ())


def test_what_some_call_partner_and_more_call_implementer_is_shown_once() -> None:
    merged = merge(
        state(1, implementers=("Harbour Light Foundation",)),
        state(2, implementers=("Harbour Light Foundation",)),
        state(3, partners=("Harbour Light Foundation",)),
    )
    assert merged.facts.implementers == ("Harbour Light Foundation",)
    assert merged.facts.partners == ()


def test_an_organisation_has_the_role_that_more_articles_give_it_whatever_language_names_it() -> None:
    merged = merge(
        state(1, implementers=("ILO",), funders=("US Department of Labor", "International Labour Organization")),
        state(2, implementers=("OIT",), funders=("Departamento de Trabajo de Estados Unidos",)),
        state(3, implementers=("OIT", "Departamento de Trabajo estadounidense")),
    )
    assert merged.facts.implementers == ("ILO",)
    assert [c.value for c in merged.funders] == ["@USDOL"]
    assert [c.shown for c in merged.doubted["funders"]] == ["International Labour Organization"]
    assert [c.shown for c in merged.doubted["implementers"]] == ["Departamento de Trabajo estadounidense"]


def test_a_body_that_one_article_says_both_runs_and_pays_does_both() -> None:
    merged = merge(state(1, implementers=("Asia Foundation",), funders=("Asia Foundation", "USAID")))
    assert merged.facts.implementers == ("Asia Foundation",)
    assert merged.facts.funders == ("Asia Foundation", "USAID")


def test_of_two_articles_that_disagree_a_states_body_pays_and_any_other_runs() -> None:
    merged = merge(
        state(1, implementers=("Norad",), funders=("Harbour Light Trust",)),
        state(2, implementers=("Harbour Light Trust",), funders=("Norad",)),
    )
    assert merged.facts.implementers == ("Harbour Light Trust",)
    assert merged.facts.funders == ("Norad",)


def test_a_project_does_not_run_itself() -> None:
    merged = merge(
        state(1, name="Pathways Home II", implementers=("Idia Foundation",)),
        state(2, implementers=("Idia Foundation", "Pathways Home II")),
    )
    assert merged.facts.implementers == ("Idia Foundation",)
    assert "implementers" not in merged.conflicts


def test_a_country_that_one_of_many_names_is_doubted() -> None:
    merged = merge(*(state(n, countries=("MZ",)) for n in range(1, 5)), state(5, countries=("MZ", "NO")))
    assert merged.facts.countries == ("MZ",)
    assert [c.value for c in merged.doubted["countries"]] == ["NO"]
    assert "countries" in merged.conflicts


def test_what_a_person_fixed_stands_alone() -> None:
    fixed = [Claim("2026-04", "2026-04", (), is_by_person=True)]
    merged = merge(state(1, start="2026-03"), state(2, start="2026-03"), start=fixed)
    assert merged.facts.start == "2026-04"
    assert merged.start[0].is_by_person
    assert [c.value for c in merged.start] == ["2026-04"]
    assert "start" not in merged.conflicts


def test_a_fact_fixed_to_nothing_is_empty() -> None:
    merged = merge(state(1, end="2029"), end=[])
    assert merged.facts.end is None


def test_every_value_keeps_the_sentence_that_states_it() -> None:
    sentence = Evidence("It will run until 2029.", "text", 10, 33)
    merged = merge(state(7, end="2029", evidence={"end": (sentence,)}))
    assert merged.end[0].sentences == (
        {"text": sentence.text, "part": "text", "start": 10, "end": 33, "article": 7},
    )  # fmt: skip


facts = st.fixed_dictionaries(
    {
        "name": st.sampled_from([None, "Lantern Bridge", "Lantern Bridge II"]),
        "implementers": st.sampled_from([(), ("IOM",), ("OIM", "UNODC")]),
        "funders": st.sampled_from([(), ("Norway",), ("Norad",)]),
        "partners": st.sampled_from([(), ("IOM",)]),
        "countries": st.sampled_from([(), ("MZ",), ("MZ", "MW")]),
        "amount": st.sampled_from([None, 1e6, 2.5e6]),
        "start": st.sampled_from([None, "2026", "2026-03"]),
        "evidence": st.sampled_from([{}, {"name": (Evidence("Lantern Bridge starts.", "text", 0, 22),)}]),
    }
)


@given(st.lists(facts, max_size=4))
def test_merged_facts_come_back_as_they_were_stored(stated: list[dict[str, Any]]) -> None:
    merged = merge(*(state(n, currency="USD" if one["amount"] else None, **one) for n, one in enumerate(stated, 1)))
    assert MergedFacts.from_json(json.loads(json.dumps(merged.as_json()))) == merged


@given(st.lists(facts, min_size=1, max_size=4))
def test_no_claim_is_lost_by_merging(stated: list[dict[str, Any]]) -> None:
    claims = [
        claim for n, one in enumerate(stated, 1) for claim in state(n, currency="USD" if one["amount"] else None, **one)
    ]
    merged = merge_claims(claims, {})
    for field in ("name", "funders", "countries", "amount", "start"):
        values = (*getattr(merged, field), *merged.doubted.get(field, ()))
        articles = {a for value in values for a in value.articles}
        assert articles == {a for name, claim in claims if name == field for a in claim.articles}
