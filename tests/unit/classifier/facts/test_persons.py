"""No person's name becomes a fact, least of all a victim's: neither a project's name nor one of its bodies."""

from __future__ import annotations

import itertools

import pytest

from classifier.document import Document, Facts
from classifier.extraction.extractor import extract_candidates
from tests.support.fact_reading import facts_of

TITLE = "New project against human trafficking launched in Ghana"
PROJECT = (
    "The International Organization for Migration has launched a three-year project against human trafficking in "
    "Ghana, funded by the Kingdom of the Netherlands with USD 3 million. "
)


def told(facts: Facts) -> str:
    """Everything that names somebody."""
    return " | ".join([facts.name or "", *facts.implementers, *facts.funders, *facts.partners])


def parts_told(facts: Facts, person: str) -> list[str]:
    """The parts of a person's name that came out."""
    return [part for part in person.split() if len(part) > 2 and part in told(facts)]


PERSONS = ("Blessing Okonkwo", "Xochitl Ramírez", "Thi Nguyen", "Mirela", "Oluwaseun Adé", "Dilnoza Karimova")
VICTIMS = (
    "A survivor, {}, 17, was freed last year. {} will receive a grant from the project.",
    "{} (not her real name) was sold by a neighbour. The project is supported by {} and others.",
    "{}, whose name has been changed, was trafficked at 14. In partnership with {}, the shelter opened its doors.",
    "Survivor {} told reporters of her years in a brick kiln. Funded by {}, the fund helps others.",
    "A girl named {} was found in the house. The project, called {}, will help girls.",
    "{}, a 16-year-old from the north, escaped. The programme is implemented by {}.",
    "The 19-year-old {} was promised work. Launched by {}, the project will train police.",
    'The project is called "{}" (a pseudonym) after the girl {} whom it helped first.',
)


@pytest.mark.parametrize("story", VICTIMS)
def test_a_victim_is_neither_a_body_nor_a_project(story: str) -> None:
    for person in PERSONS:
        if person == "Mirela" and "Survivor {}" in story:
            continue  # an "S" alone is all that tells her name from the word before it
        assert parts_told(facts_of(TITLE, PROJECT + story.format(person, person)), person) == []


TELLINGS = (
    "The project was funded by {} with USD 2 million.",
    "{} will implement the project in partnership with {}.",
    "Supported by {}, the project will train 300 officers. It is financed by Minister {} and Mr {}.",
    "“We shall protect children”, said {}, who runs the project with {}.",
    "The project, {}, will last three years.",
)


@pytest.mark.parametrize(
    "person",
    ["Maria Lopez", "John P. Okafor", "Fatima El Mansouri", "Olena Kovalenko", "Priya Sharma", "Jean-Luc Moreau"],
)
def test_a_given_name_and_a_surname_are_a_person_whatever_they_are_said_to_do(person: str) -> None:
    for telling in TELLINGS:
        facts = facts_of(TITLE, PROJECT + telling.format(*itertools.repeat(person, telling.count("{}"))))
        assert person not in told(facts)


@pytest.mark.parametrize(
    ("lang", "title", "text", "person"),
    [
        (
            "fr",
            "Un projet contre la traite lancé au Togo",
            "Le projet est financé par Afiavi (prénom d'emprunt) et par l'Union européenne. Afiavi, 16 ans, a fui.",
            "Afiavi",
        ),
        (
            "es",
            "Nuevo proyecto contra la trata en Perú",
            "El proyecto es ejecutado por Yesenia Quispe, de 17 años. La víctima Yesenia Quispe fue captada en Cusco. "
            "Lo financia la Unión Europea.",
            "Yesenia",
        ),
        (
            "de",
            "Neues Projekt gegen Menschenhandel",
            "Die 19-jährige Bukola (Name geändert) wurde nach Wien gebracht. Das Projekt „Bukola“ (Name geändert) wird "
            "vom Bund gefördert.",
            "Bukola",
        ),
        (
            "uk",
            "Новий проєкт проти торгівлі людьми",
            "Проєкт за підтримки Соломії Гнатюк (ім'я змінено) розпочато. Постраждала Соломія Гнатюк розповіла.",
            "Гнатюк",
        ),
        (
            "ar",
            "مشروع جديد لمكافحة الاتجار بالبشر",
            "أطلقت المنظمة مشروع «مريم» (اسم مستعار) لمكافحة الاتجار بالبشر.",
            "مريم",
        ),
    ],
)
def test_so_it_is_in_other_languages(lang: str, title: str, text: str, person: str) -> None:
    assert person not in told(facts_of(title, text, lang))


def test_what_is_known_of_a_person_at_one_place_counts_at_all() -> None:
    facts = facts_of(TITLE, PROJECT + "Minister Efua Hirsch Ballin spoke. The project is financed by Hirsch Ballin.")
    assert "Ballin" not in told(facts)


@pytest.mark.parametrize(
    "body",
    [
        "Maria Lopez Foundation",
        "Taylor Morrison",
        "Polaris Project",
        "Caritas Lebanon",
        "Mary Ward Loreto",
        "Maria's Voice",
    ],
)
def test_a_body_that_bears_a_name_stays_a_body(body: str) -> None:
    text = f"The three-year project against human trafficking in Ghana is funded by the {body} with USD 3 million."
    assert body in told(facts_of("A project begins in Ghana", text))


def test_the_projects_bodies_and_name_are_those_without_the_persons() -> None:
    facts = facts_of(TITLE, PROJECT + "The survivor Blessing Okonkwo, 19, spoke. It is called “Safe Shores”.")
    assert facts.name == "Safe Shores"
    assert facts.implementers == ("International Organization for Migration",)
    assert "Netherlands" in facts.funders[0]


def test_of_a_person_and_the_body_behind_only_the_body_is_told() -> None:
    facts = facts_of(
        "Federal grant for human trafficking project",
        "New Life Center has been awarded a federal grant against human trafficking. Dr. Marta Quell-Ibarra of Arizona "
        "State University's Office of Sex Trafficking Research will lead the project as partner for three years.",
    )
    told = [*facts.implementers, *facts.funders, *facts.partners]
    assert not any("Quell" in name for name in told)


@pytest.mark.parametrize("house", ["Ruth's Home", "Esther’s Home"])
def test_a_house_that_bears_a_given_name_is_no_person(house: str) -> None:
    text = f"A house for ten women was shown on Tuesday.\n\n{house} stands on a farm. It will open in May."
    assert house in [str(one.value) for one in extract_candidates(Document(TITLE, text, "en"), "en").names]


def test_what_belongs_to_a_person_of_the_article_is_kept_out_with_the_person() -> None:
    text = f"A survivor, Ruth, 17, was freed last year. {PROJECT}The project, called Ruth's Hope, will help girls."
    assert "Ruth" not in told(facts_of(TITLE, text))
