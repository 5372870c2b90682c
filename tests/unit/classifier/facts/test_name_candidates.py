"""What may be a project's name, before a model chooses: where names begin and end, and what a sheet says of them."""

from __future__ import annotations

import pytest

from classifier.extraction.linear import Linear
from classifier.extraction.names.choice import choose_name
from tests.support.fact_reading import candidates_in

PREVENTION = "Prevención y atención a niños, niñas y víctimas"


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("en", "The city opens The Nest for trafficked girls.", "The Nest"),
        ("es", "Arranca el proyecto A-FAROS contra la trata.", "A-FAROS"),
        (
            "en",
            "IOM runs the Stop Trafficking-in-Women (STW) Activity in Ghana.",
            "Stop Trafficking-in-Women (STW) Activity",
        ),
        ("en", "Halt Abuse, Learn to Testify (HALT) is a project of the ministry.", "Halt Abuse, Learn to Testify"),
        ("fr", "L'ONG mène le projet RELIANTE dans trois villes.", "RELIANTE"),
        ("de", "Ihr Vorhaben RE-KLIK-TO läuft zwei Jahre.", "RE-KLIK-TO"),
        ("en", "Whoever needs help can dial 1-800-SAFE-NOW at any time.", "1-800-SAFE-NOW"),
        ("ar", "يمول الاتحاد الأوروبي مشروع Amani لمدة سنتين.", "Amani"),
        ("ar", "تبدأ المنظمة مشروع Safe Roads East Africa في أيار.", "Safe Roads East Africa"),
        ("en", "Project Harbour begins in May.", "Project Harbour"),
        ("it", "Parte il progetto Pu.Li.To.2 contro la tratta.", "Pu.Li.To.2"),
        ("en", "A team called N.O.Va helps them.", "N.O.Va"),
        ("tr", "İki yıl sürecek ThbLab_Rize'ı Hollanda finanse ediyor.", "ThbLab_Rize"),
        ("es", "El plan 'Prevención y atención a niños, niñas y víctimas' empieza.", PREVENTION),
        ("en", "The ‘Don’t Look Away’ fund opens.", "Don’t Look Away"),
        ("de", '„Akoma pa" heißt das neue Haus.', "Akoma pa"),
        ("en", "There the Willow Program For Survivors begins.", "Willow Program For Survivors"),
        ("en", "A new project named CARE will help them home.", "CARE"),
        ("es", "El gobierno aprobó el II Plan de acción contra la trata.", "II Plan de acción contra la trata"),
    ],
)
def test_a_name_is_found_in_full(lang: str, text: str, name: str) -> None:
    assert name in candidates_in(text, lang)


def test_a_name_before_its_acronym_holds_no_verb_of_the_sentence() -> None:
    found = candidates_in("A Resource Centre on trafficking has been opened at the Department of Borders (DOBO).")
    assert not any("has been opened" in name for name in found)


@pytest.mark.parametrize("text", ["Project Start: May 2031", "Phase Two begins in May.", "Fase II comienza en mayo."])
def test_headings_and_counted_phases_are_no_names(text: str) -> None:
    assert not candidates_in(text)


def test_a_project_may_be_described_by_where_it_comes_from() -> None:
    found = candidates_in("Sunu Daal, a British project against trafficking, will grow.")
    assert "defined" in found["Sunu Daal"].features


def test_on_a_projects_sheet_the_headline_and_the_labels_say_what_is_what() -> None:
    title = (
        "Better help for those who were forced to work on farms, in kitchens, on building sites and in private homes"
    )
    found = candidates_in("Coordinator: Open Doors\nBudget: EUR 200,000\nDuration: 24 months", title=title)
    assert "title&sheet" in found[title].features
    assert {"labelled", "label=coordinator"} <= set(found["Open Doors"].features)


def test_a_text_without_labels_is_no_sheet() -> None:
    found = candidates_in("Open Doors starts a project. It has said: we will help.", title="Open Doors helps")
    assert not any("sheet" in feature for one in found.values() for feature in one.features)


@pytest.mark.parametrize(
    ("lang", "title", "text"),
    [
        ("es", "", "«Ya tenemos camas para todas», dijo la alcaldesa."),
        ("fr", "« Nous ne savions rien »", "La ville ouvre un foyer."),
        ("tr", "", "Bakan «Kimse yalnız kalsın istemiyor, hazırlanıyor» dedi."),
        ("en", '"They were sold like shoes"', "A county pays for beds."),
    ],
)
def test_what_somebody_says_in_quotation_marks_is_no_name(lang: str, title: str, text: str) -> None:
    found = candidates_in(text, lang, title)
    assert not any("kind:quote" in one.features or "«" in name or '"' in name for name, one in found.items())


def test_a_call_in_quotation_marks_that_is_introduced_as_a_project_is_a_name() -> None:
    assert "We are not for sale" in candidates_in('The town starts the project "We are not for sale".')


def test_what_a_person_says_after_a_comma_is_no_gloss_of_their_name() -> None:
    assert "glossed" not in candidates_in("The mayor, Ada Binti, “Hope is here”.")["Ada Binti"].features
    assert "glossed" in candidates_in("They plan Ada Binti, “hope” in the local tongue.")["Ada Binti"].features


def test_who_did_something_is_no_part_of_a_name_with_where_it_was_done() -> None:
    found = candidates_in(
        "It opened in Kogi State by the National Agency for the Prohibition of Trafficking in Persons."
    )
    assert not any("by the" in name for name in found)


def test_a_word_for_bodies_in_general_names_no_project() -> None:
    assert "ONG" not in candidates_in("Diez ONG reciben dinero.", "es")


def test_an_acronym_behind_a_closing_quotation_mark_is_of_what_stands_within() -> None:
    assert "bracket-acronym" in candidates_in("“Safe Paths Home” (SPH) will run.")["Safe Paths Home"].features


def test_the_branch_of_an_agency_in_a_place_is_no_project() -> None:
    assert "UNICEF Malta" not in candidates_in("Under the Blue Action, UNICEF Malta runs a project.")


@pytest.mark.parametrize(("noun", "is_body"), [("charity", True), ("group", True), ("drive", False)])
def test_a_word_for_a_body_before_a_name_in_quotation_marks_is_seen(noun: str, is_body: bool) -> None:
    found = candidates_in(f"On Monday the {noun} «Golden Aim» started.")["Golden Aim"]
    assert ("head-before:ngo" in found.features) is is_body


def test_a_foundation_in_front_of_the_colon_of_a_headline_is_no_project() -> None:
    candidates = list(candidates_in("The charity KRZ builds. KRZ hopes.", title="KRZ: beds for boys").values())
    model = Linear(-4.0, {}, 0.3)
    assert choose_name(candidates, model, model) is None


def test_a_name_that_the_headline_parts_off_is_found_again_in_the_text() -> None:
    text = "We have called our part Standing up Tall. It takes children out of the mines."
    found = candidates_in(text, title="Standing up Tall: five years to empty the mines")["Standing up Tall"]
    assert {sentence.part for sentence, _, _ in found.places} == {"title", "text"}


@pytest.mark.parametrize(
    ("text", "is_found"),
    [("Ce public est celui du projet CARE, que mène la ville.", True), ("La ville le mène avec CARE.", False)],
)
def test_a_project_may_be_called_as_an_agency_is(text: str, is_found: bool) -> None:
    assert ("CARE" in candidates_in(text, "fr")) is is_found


def test_an_acronym_in_brackets_behind_the_full_name_is_not_what_the_project_goes_by() -> None:
    candidates = candidates_in("Safe Roads and Open Paths (SAROP) is a short project.")
    candidates["Safe Roads and Open Paths"].features = ["likely"]
    chosen = choose_name(list(candidates.values()), Linear(-4.0, {"likely": 6.0}, 0.3), Linear(-4.0, {}, 0.3))
    assert chosen is not None
    assert chosen.value == "Safe Roads and Open Paths"


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Amani, which means “peace”, begins in May.", True),
        ("OMAHA, Neb. — “A bed is a start,” the nurse said.", False),
    ],
)
def test_what_is_said_behind_a_dateline_is_not_what_a_name_means(text: str, is_told: bool) -> None:
    assert any("glossed" in one.features for one in candidates_in(text).values()) is is_told
