"""How parts are given out to organisations, by models made up for the purpose, and what is weighed for them."""

from __future__ import annotations

import math

import pytest

from classifier.document import Document
from classifier.entities.countries import find_countries
from classifier.entities.organisations import find_organisations
from classifier.extraction.context import Context
from classifier.extraction.linear import Linear, Models
from classifier.extraction.roles.choice import classify_roles
from classifier.extraction.roles.entities import Entity, gather
from classifier.schema import ROLES
from classifier.text.parsed_text import parse_text


def entities_of(text: str, lang: str = "en") -> list[Entity]:
    """The organisations of a text."""
    reading = parse_text(Document("", text, lang), lang)
    return gather(Context(reading), find_organisations(reading, find_countries(reading)), [], [])


def cast(chances: dict[str, dict[str, float]]) -> dict[str, list[str]]:
    """The parts of bodies whose probabilities for each role are given."""
    found = entities_of(" ".join(f"There is the {name}." for name in chances))
    for entity in found:
        entity.features = [entity.name]
    models: Models = {
        role: Linear(
            -9.0,
            {name: 9.0 + math.log(of[role] / (1 - of[role])) for name, of in chances.items() if role in of},
            0.3,
        )
        for role in ROLES
    }
    models["funders_among"] = Linear(-9.0, dict.fromkeys(chances, 18.0))  # as rivals all are alike
    return {role: [entity.name for entity in entities] for role, entities in classify_roles(found, models).items()}


def features_of(text: str, name: str) -> set[str]:
    """What is weighed for one organisation of a text."""
    return {one for entity in entities_of(text) if entity.name == name for one in entity.features}


def test_one_that_is_far_less_likely_than_the_likeliest_runs_nothing() -> None:
    told = cast({"Dawn Centre": {"implementers": 0.9}, "Elm Institute": {"implementers": 0.4}})
    assert told["implementers"] == ["Dawn Centre"]


def test_two_that_are_alike_in_doubt_both_run_it() -> None:
    told = cast({"Dawn Centre": {"implementers": 0.45}, "Elm Institute": {"implementers": 0.4}})
    assert told["implementers"] == ["Dawn Centre", "Elm Institute"]


def test_one_that_is_nearly_as_likely_a_partner_as_a_runner_is_a_partner() -> None:
    told = cast(
        {"Dawn Centre": {"implementers": 0.6}, "Elm Institute": {"implementers": 0.45, "partners": 0.4}},
    )
    assert told["implementers"] == ["Dawn Centre"]
    assert told["partners"] == ["Elm Institute"]


def test_the_words_beside_a_name_are_weighed_by_their_stems_up_to_a_stop() -> None:
    features = features_of("Money was short. The Dawn Centre will teach judges. Nothing else.", "Dawn Centre")
    assert {"wr=will", "wr=teach", "wr=will_teach", "wr=judges"} <= features
    assert not {"wl=money", "wr=nothin"} & features


def test_the_label_of_a_line_is_weighed_for_each_name_in_it() -> None:
    text = "Implementing partners: Dawn Centre, Elm Institute"
    assert {"lab=implem", "lab=partne"} <= features_of(text, "Elm Institute")


def test_what_stands_before_is_told_from_what_follows() -> None:
    features = features_of("Judges are taught by the Dawn Centre in spring.", "Dawn Centre")
    assert {"wl=by", "wl=taught", "wr=spring"} <= features
    assert "wr=taught" not in features


def test_bodies_are_counted_in_their_order_and_lands_by_themselves() -> None:
    text = "Kenya hears of the Dawn Centre and later the Elm Institute."
    assert "ord:land:0" in features_of(text, "Kenya")
    assert "ord:body:0" in features_of(text, "Dawn Centre")
    assert "ord:body:1" in features_of(text, "Elm Institute")


def test_the_label_of_a_line_says_what_part_the_bodies_after_it_play() -> None:
    found = entities_of(
        "Donor agency: Dawn Council / Harbour Bay\n\nLead partner: Orchard Trust\n\nThe Mill Group waits."
    )
    labels = {entity.name: {one for one in entity.features if one.startswith("lab:")} for entity in found}
    assert labels == {
        "Dawn Council": {"lab:funders"},
        "Harbour Bay": {"lab:funders"},
        "Orchard Trust": {"lab:implementers"},
        "Mill Group": set(),
    }


def test_a_labelled_part_stands_whatever_is_likelier() -> None:
    found = entities_of("Donor: Dawn Council")
    models: Models = {role: Linear(-0.1 if role == "implementers" else -4.0, {}, 0.3) for role in ROLES}
    models["funders_among"] = models["funders"]
    roles = classify_roles(found, models)
    assert [entity.name for entity in roles["funders"]] == ["Dawn Council"]
    assert roles["implementers"] == []


def test_other_labels_of_a_sheet_say_no_part() -> None:
    found = entities_of("Location: Dawn Council, Harbour Bay")
    assert not any(one.startswith("lab:") for entity in found for one in entity.features)


def test_what_is_said_of_a_body_between_commas_leaves_it_the_subject() -> None:
    assert "v&pre:^" in features_of("Dawn Centre, a small charity from the north, opens a house.", "Dawn Centre")
    assert "v&pre:^" not in features_of("Dawn Centre, Elm Institute, and others were there.", "Dawn Centre")


def test_it_is_weighed_how_many_bodies_a_text_names() -> None:
    assert "bodies:1" in features_of("Dawn Centre opens a house in Chile.", "Dawn Centre")
    assert "bodies:2" in features_of("Dawn Centre opens a house with Elm Institute.", "Dawn Centre")


def test_wordings_of_consortia_and_founders_say_who_runs_a_project() -> None:
    assert "L:implemented_by:0" in features_of("The scheme is the brainchild of the Dawn Centre.", "Dawn Centre")
    assert "R:implements:0" in features_of("The Dawn Centre is behind it.", "Dawn Centre")


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("es", "Con el apoyo de: Fundación Faro", "Fundación Faro"),
        ("it", "Linea di finanziamento: Fondazione Faro", "Fondazione Faro"),
        ("fr", "Avec le soutien de : Fondation Phare", "Fondation Phare"),
        ("pt", "Quem financia: Fundação Farol", "Fundação Farol"),
        ("ro", "Cu sprijinul: Fundația Far", "Fundația Far"),
    ],
)
def test_a_label_of_support_or_of_money_says_who_pays(lang: str, text: str, name: str) -> None:
    (found,) = entities_of(text, lang)
    assert found.name == name
    assert "lab:funders" in found.features


def test_a_body_is_named_in_full_though_its_language_writes_all_but_the_first_word_small() -> None:
    (russian,) = entities_of("Деньги даёт Евросоюз. Европейский союз платит давно.", "ru")
    (french,) = entities_of("L'UE paie. Selon l'Union européenne, c'est assez.", "fr")
    assert (russian.name, french.name) == ("Европейский союз", "Union européenne")


def test_of_a_state_and_its_ministry_that_pay_the_ministry_is_told() -> None:
    found = cast({"Netherlands": {"funders": 0.9}, "Dutch Ministry of Foreign Affairs": {"funders": 0.8}})
    assert found["funders"] == ["Dutch Ministry of Foreign Affairs"]


@pytest.mark.parametrize(
    ("lang", "text", "name", "told"),
    [
        ("de", "Umgesetzt wird das Programm von der Caritas.", "Caritas", "implemented_by"),
        ("nl", "De kosten komen voor rekening van Stichting Moviera.", "Stichting Moviera", "funded_by"),
        ("fr", "Le projet est financé à 80 % par Expertise France.", "Expertise France", "funded_by"),
        ("es", "Los gastos corren por cuenta de la Fundación Alas.", "Fundación Alas", "funded_by"),
        ("it", "Le risorse sono stanziate dalla Regione Puglia.", "Regione Puglia", "funded_by"),
        ("ro", "Banii sunt puși la dispoziție de Ambasada Norvegiei.", "Ambasada Norvegiei", "funded_by"),
        ("uk", "До проєкту долучилася Національна поліція.", "Національна поліція", "partner"),
        ("tr", "Projenin yürütücü kuruluşu Ankara Üniversitesi.", "Ankara Üniversitesi", "implemented_by"),
        ("id", "Dananya digelontorkan oleh Kedutaan Besar Australia.", "Kedutaan Besar Australia", "funded_by"),
    ],
)
def test_the_words_right_before_a_body_say_its_part(lang: str, text: str, name: str, told: str) -> None:
    (found,) = [entity for entity in entities_of(text, lang) if entity.name == name]
    assert f"L:{told}:0" in found.features


def test_an_english_cue_that_is_another_word_elsewhere_is_not_read_there() -> None:
    (french,) = [one for one in entities_of("La Caritas agit dans tout le pays.", "fr") if one.name == "Caritas"]
    assert not [one for one in french.features if "funds" in one]
    assert any("funds" in one for one in features_of("The Caritas pays.", "Caritas"))


def test_a_bare_word_for_a_body_or_a_faith_names_nobody() -> None:
    told = cast({name: {"implementers": 0.9} for name in ("School", "State", "Christian", "ministère", "Dawn Centre")})
    assert told["implementers"] == ["Dawn Centre"]


def test_a_body_whose_name_ends_in_such_a_word_is_one() -> None:
    told = cast({name: {"implementers": 0.9} for name in ("Lagos State", "Hill School")})
    assert told["implementers"] == ["Lagos State", "Hill School"]
