"""Organisations as texts name them, and the parts they play."""

from __future__ import annotations

import pytest

from classifier.lexicon import load_agencies, load_offices
from tests.unit.classifier.facts.reading_examples import facts_of, organisations_in


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        (
            "en",
            "The grant goes to Maggie's Place, Inc. and New Life Center.",
            ["Maggie's Place, Inc", "New Life Center"],
        ),
        ("en", "The Ministry of Foreign Affairs of Norway paid.", ["Ministry of Foreign Affairs of Norway"]),
        ("fr", "Il est géré par l'association « Bab Al Moustakbal ».", ["Bab Al Moustakbal"]),
        ("de", "Das sagt eine Frau von der Stiftung „Wohl der Kinder“.", ["Wohl der Kinder"]),
        ("ar", "أطلقت المنظمة الدولية للهجرة المشروع.", ["المنظمة الدولية للهجرة"]),
        ("en", "The Canadian government pays.", ["Canadian government"]),
    ],
)
def test_a_name_is_cut_where_it_ends(lang: str, text: str, names: list[str]) -> None:
    assert [mention.name for mention in organisations_in(text, lang)] == names


def test_an_acronym_shares_the_key_of_its_long_form() -> None:
    first, second = organisations_in("The Safe Roads Foundation (SRF) opens today. SRF has ten staff.")
    assert first.acronym == "SRF"
    assert first.key == second.key


def test_a_person_is_no_organisation() -> None:
    assert organisations_in("Minister Ana Jara spoke.") == []


def test_the_names_of_one_list_stand_in_one_group() -> None:
    mentions = organisations_in("It is run by the Freedom Fund, Hope House and the Dawn Foundation.")
    assert len({mention.group for mention in mentions}) == 1


ARTICLE = (
    "UNODC starts project against human trafficking in Malawi",
    "The United Nations Office on Drugs and Crime (UNODC), in partnership with the Government of Malawi, has launched "
    "a project against human trafficking. The project is funded by the Government of Norway and will run for two "
    "years.",
)


def test_who_runs_pays_and_takes_part_is_told_apart() -> None:
    facts = facts_of(*ARTICLE)
    assert facts.implementers == ("United Nations Office on Drugs and Crime",)
    assert facts.funders == ("Government of Norway",)
    assert facts.partners == ("Government of Malawi",)


def test_a_name_is_given_without_the_acronym_the_text_adds_in_brackets() -> None:
    facts = facts_of(*ARTICLE)
    assert not any("(" in name for name in (*facts.implementers, *facts.funders, *facts.partners))


@pytest.mark.parametrize(
    ("lang", "title", "text", "implementers", "funders"),
    [
        (
            "fr",
            "Bénin : un projet contre la traite",
            "Un projet contre la traite des personnes a été lancé. Il est mis en œuvre "
            "par l'ONUDC et financé par l'Union européenne.",
            ("ONUDC",),
            ("Union européenne",),
        ),
        (
            "es",
            "Proyecto contra la trata en Perú",
            "La OIM lanzó un proyecto contra la trata de personas en Perú. Es financiado por la Unión Europea.",
            ("OIM",),
            ("Unión Europea",),
        ),
        (
            "pt",
            "Angola: projeto contra o tráfico",
            "A OIM lançou um projeto contra o tráfico de pessoas em Angola, financiado pela União Europeia.",
            ("OIM",),
            ("União Europeia",),
        ),
        (
            "en",
            "Dutch-funded project starts in Nigeria",
            "IOM has launched a Dutch-funded project against human trafficking in Nigeria.",
            ("IOM",),
            ("Netherlands",),
        ),
    ],
)
def test_the_parts_are_read_in_other_languages_too(
    lang: str, title: str, text: str, implementers: tuple[str, ...], funders: tuple[str, ...]
) -> None:
    facts = facts_of(title, text, lang)
    assert (facts.implementers, facts.funders) == (implementers, funders)


def test_one_who_runs_a_project_and_says_that_it_pays_too_has_both_roles() -> None:
    facts = facts_of(
        "New action on human trafficking in Serbia",
        "The Council of Europe has launched a new action against human trafficking in Serbia. It is funded by the "
        "European Union and the Council of Europe and implemented by the Council of Europe.",
    )
    assert "Council of Europe" in facts.implementers
    assert {"European Union", "Council of Europe"} <= set(facts.funders)


def test_words_for_a_kind_of_bodies_name_nobody() -> None:
    facts = facts_of(
        "IOM launches project against human trafficking in Fiji",
        "The International Organization for Migration (IOM) has launched a project against human trafficking in Fiji "
        "together with NGOs, in partnership with Ministries, and a Fijian NGO, Homes of Hope, runs it with IOM.",
    )
    named = {*facts.implementers, *facts.funders, *facts.partners}
    assert "International Organization for Migration" in named
    assert named.isdisjoint({"NGOs", "Ministries", "Fijian NGO"})


def test_an_office_and_its_department_are_one_payer() -> None:
    facts = facts_of(
        "Justice Department funds shelter in Ohio",
        "The U.S. Department of Justice has awarded $400,000 to Harbor House to shelter victims of trafficking. The "
        "grant comes from the department's Office for Victims of Crime and lasts three years.",
    )
    assert facts.funders == ("U.S. Department of Justice",)


def test_a_state_and_its_government_are_one_payer() -> None:
    facts = facts_of(
        "Japan pays for work against trafficking in Laos",
        "The Government of Japan will give USD 900,000 to IOM for a two-year project against trafficking in persons in "
        "Laos. Japan has funded such work since 2010, the Japanese ambassador said at the signing.",
    )
    assert len(facts.funders) == 1


def test_an_office_is_one_of_a_body_in_the_gazetteer() -> None:
    known = {agency.id for agency in load_agencies()}
    assert set(load_offices().values()) <= known
