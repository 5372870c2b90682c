from __future__ import annotations

from dataclasses import replace

from storage.projects.export import export_rows
from storage.projects.export_iati import write_iati
from storage.projects.quotations import LONGEST, Quotation, find_evidence, find_quotation
from tests.support.project_examples import claim, euros, project, source
from tests.support.register_world import NOW
from tipwatch.cli.project_views import as_record

HERALD, MIROIR = source(1, "The Herald"), source(2, "Le Miroir", "fr")
WHO_AND_HOW_MUCH = "Norway pays EUR 2 million for shelters that the Harbour Trust will run in three towns."
WHO = "The Harbour Trust will open shelters for women who were freed from fishing boats."
FRENCH = "La Norvège verse 2 millions d'euros au Harbour Trust pour ouvrir des refuges dans trois villes."


def test_the_sentence_that_says_what_it_does_is_quoted_and_not_that_of_the_money() -> None:
    told = project(
        implementers=(claim("Harbour Trust", 1, sentence=WHO_AND_HOW_MUCH), claim("Harbour Trust", 1, sentence=WHO)),
        amount=(euros(2e6, 1, sentence=WHO_AND_HOW_MUCH),),
    )
    quotation = find_quotation(told, "en")
    assert quotation == Quotation(WHO, "en", "The Herald")
    assert find_evidence(told, quotation, "en") == Quotation(WHO_AND_HOW_MUCH, "en", "The Herald")
    assert find_evidence(told, Quotation(WHO_AND_HOW_MUCH, "en", "The Herald"), "en") is None, (
        "it states the sum itself"
    )


def test_a_sentence_that_names_trafficking_goes_before_one_that_names_who_runs_it() -> None:
    purpose = "The new centre in Suva is to keep children out of the hands of human traffickers."
    told = project(
        implementers=(claim("Harbour Trust", 1, sentence="The Harbour Trust will run the centre for some years."),),
        countries=(claim("FJ", 1, sentence=purpose),),
    )
    assert find_quotation(told, "en") == Quotation(purpose, "en", "The Herald")


def test_trafficking_in_children_says_what_a_project_is_for() -> None:
    purpose = "The bishop and the harbour master agreed on a project that is to end trafficking in children."
    told = project(
        implementers=(claim("Harbour Trust", 1, sentence="The Harbour Trust will run it with the coast guard."),),
        countries=(claim("FJ", 1, sentence=purpose),),
    )
    assert find_quotation(told, "en") == Quotation(purpose, "en", "The Herald")


def test_trafficking_in_the_name_of_an_agency_does_not_say_what_the_project_is_for() -> None:
    agency = "National Agency against Trafficking in Persons"
    purpose = "Switzerland launched a project against human trafficking worth EUR 2 million."
    told = project(
        implementers=(claim("Harbour Trust", 1, sentence=f"The Harbour Trust will run it with the {agency}."),),
        partners=(claim(agency, 1, sentence=f"The Harbour Trust will run it with the {agency}."),),
        amount=(euros(2e6, 1, sentence=purpose),),
        funders=(claim("Switzerland", 1, sentence=purpose),),
    )
    assert find_quotation(told, "en") == Quotation(purpose, "en", "The Herald")


def test_a_headline_that_names_trafficking_goes_before_who_runs_a_project_of_that_name() -> None:
    headline = "Ministry signs a grant to protect children from human trafficking"
    who = "Harbour will be run by the Harbour Trust and the Ministry."
    told = project(
        replace(HERALD, title=headline),
        name=(claim("Harbour", 1, sentence=who),),
        implementers=(claim("Harbour Trust", 1, sentence=who),),
    )
    assert find_quotation(told, "en") == Quotation(headline, "en", "The Herald")


def test_a_headline_is_quoted_where_no_sentence_says_what_the_project_is_for() -> None:
    headline = "Fiji opens a shelter for victims of human trafficking"
    told = project(
        replace(HERALD, title=headline), name=(claim("Harbour", 1, sentence="The project is called Harbour."),)
    )
    assert find_quotation(told, "en") == Quotation(headline, "en", "The Herald")


def test_a_reader_gets_their_own_language_where_an_article_speaks_it() -> None:
    told = project(
        HERALD,
        MIROIR,
        implementers=(
            claim("Harbour Trust", 1, sentence=WHO_AND_HOW_MUCH),
            claim("Harbour Trust", 2, sentence=FRENCH),
        ),
        amount=(euros(2e6, 1, sentence=WHO_AND_HOW_MUCH), euros(2e6, 2, sentence=FRENCH)),
    )
    assert find_quotation(told, "fr") == Quotation(FRENCH, "fr", "Le Miroir")
    assert find_quotation(told, "en") == Quotation(WHO_AND_HOW_MUCH, "en", "The Herald")


def test_the_sentence_behind_the_sum_is_given_where_the_first_does_not_state_it() -> None:
    budget = "The budget is EUR 2 million."
    told = project(implementers=(claim("Harbour Trust", 1, sentence=WHO),), amount=(euros(2e6, 1, sentence=budget),))
    quotation = find_quotation(told, "en")
    assert quotation is not None
    assert quotation.text == WHO, "a short line is a poor first sentence"
    assert find_evidence(told, quotation, "en") == Quotation(budget, "en", "The Herald")


def test_the_projects_own_sentence_does_where_no_fact_has_one() -> None:
    assert find_quotation(project(sentence=WHO), "en") == Quotation(WHO, "en", "The Herald")
    assert find_quotation(project(), "en") is None


def test_a_very_long_sentence_is_cut_at_a_word_and_says_so() -> None:
    quotation = find_quotation(project(sentence="shelter " * 100), "en")
    assert quotation is not None
    assert len(quotation.text) <= LONGEST
    assert quotation.text.endswith("shelter […]")


def test_sentences_of_articles_that_are_gone_are_not_quoted() -> None:
    assert find_quotation(project(implementers=(claim("Harbour Trust", 99, sentence=WHO),)), "en") is None


def test_the_sentence_behind_the_sum_is_in_the_readers_language_where_one_is() -> None:
    told = project(
        HERALD,
        MIROIR,
        implementers=(claim("Harbour Trust", 1, sentence=WHO),),
        amount=(euros(2e6, 2, 1, sentence="The budget is EUR 2 million."),),
    )
    evidence = find_evidence(told, find_quotation(told, "en"), "en")
    assert evidence is not None
    assert evidence.language == "en"


def test_lists_and_exports_quote_the_sentence_that_a_digest_quotes() -> None:
    told = project(
        sentence=WHO_AND_HOW_MUCH,
        implementers=(claim("Harbour Trust", 1, sentence=WHO),),
        amount=(euros(2e6, 1, sentence=WHO_AND_HOW_MUCH),),
    )
    [row] = export_rows([told])
    activity = write_iati([told], NOW).decode()
    assert (row["sentence"], as_record(told)["sentence"], f">{WHO}</narrative>" in activity) == (WHO, WHO, True)
