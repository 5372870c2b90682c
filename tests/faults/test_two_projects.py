"""An article that tells of several projects, or of one within a larger programme: each project is a record with its
own facts, and every sum keeps its scope."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from storage.articles.articles import StoredArticle, get_article
from storage.projects.listing import list_projects
from tests.support.crawled_farm import Crawled
from tests.support.farm import Case, article, document
from tests.support.feeds import item, rss

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Told:
    """The amounts of which one is taken for the project's, and then the scope of each sum; the same of further
    projects."""

    amounts: dict[float, dict[float, str]]
    countries: tuple[str, ...]
    others: tuple[Told, ...] = ()


def telling(title: str, *paragraphs: str, told: Told) -> Case:
    """A source of one entry, whose page is this article."""
    return Case(
        lambda place: {
            "/feed": document(rss(item(1, title=title, link=place.url("/page/1")))),
            "/page/1": article(title, *paragraphs),
        },
        told,
    )


CASES: dict[str, Case] = {
    "two-projects": telling(
        "Two new projects against human trafficking launched in Tonga and Samoa",
        "Two projects against human trafficking were launched this week. In Tonga, the International Organization for "
        "Migration has launched Coral Path, a three-year project funded by the Netherlands with USD 3.1 million.",
        "In Samoa, UNODC has begun Palm Road, a two-year project against trafficking in persons that Norway funds with "
        "USD 5.2 million and that will train 300 police officers to identify victims and prosecutors to try cases.",
        told=Told(
            {3.1e6: {3.1e6: "project", 5.2e6: "other"}},
            ("TO",),
            (Told({5.2e6: {3.1e6: "other", 5.2e6: "project"}}, ("WS",)),),
        ),
    ),
    "programme-within-programme": telling(
        "Anti-trafficking project in Vanuatu gets £6m",
        "A new project against human trafficking in Vanuatu, run by Unseen, will get £6m of an £11m programme, itself "
        "part of the £33.5m Modern Slavery Fund, the Home Office said on Monday.",
        "The project will train police officers, protect survivors of trafficking in persons and open a shelter there. "
        "It will run for three years and reach every island of the country, the department said in a statement.",
        told=Told(
            {
                6e6: {6e6: "project", 11e6: "programme", 33.5e6: "programme"},
                11e6: {6e6: "share", 11e6: "project", 33.5e6: "programme"},
            },
            ("VU",),
        ),
    ),
    "shares-of-a-project": telling(
        "New project against human trafficking launched in Kiribati",
        "The International Organization for Migration has launched a project against human trafficking in Kiribati, "
        "funded by Australia with USD 4.4 million over three years, of which USD 1.2 million is for a shelter.",
        "The project will train police officers and prosecutors and protect survivors of trafficking in persons, "
        "together with the government, officials said at the opening ceremony on Monday.",
        told=Told({4.4e6: {4.4e6: "project", 1.2e6: "share"}}, ("KI",)),
    ),
}


TAKES_THE_FUND = pytest.mark.xfail(reason="the weights learnt with the encoder take the fund's total", strict=True)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=TAKES_THE_FUND if name == "programme-within-programme" else ())
        for name in sorted(CASES)
    ],
)
def test_every_sum_is_told_with_its_scope(crawled: Crawled, name: str) -> None:
    records = records_of(crawled, name)
    expected: Told = CASES[name].expected
    for stored, told in zip(records, (expected, *expected.others), strict=True):
        assert (stored.read_from, stored.verdict.new_project_band) == ("page", "yes")
        facts = stored.verdict.facts
        assert facts is not None
        assert facts.amount in told.amounts
        assert {one.amount: one.scope for one in facts.sums} == told.amounts[facts.amount]
        assert all(str(int(one.amount))[0] in one.evidence.text for one in facts.sums)
        assert facts.countries == told.countries


@pytest.mark.parametrize("name", sorted(CASES))
def test_the_register_holds_each_project_once_with_its_own_amount(crawled: Crawled, name: str) -> None:
    for stored in records_of(crawled, name):
        with crawled.program.database() as database, database.reading() as connection:
            listed = list_projects(connection, limit=1_000)
        (project,) = [one for one in listed if any(source.id == stored.id for source in one.sources)]
        assert stored.verdict.facts is not None
        assert project.facts.facts.amount == stored.verdict.facts.amount
        assert project.facts.facts.countries == stored.verdict.facts.countries
        assert project.title == stored.title or project.title in (stored.text or "")


def records_of(crawled: Crawled, name: str) -> list[StoredArticle]:
    """The article of a source, once for each project it tells of."""
    first = crawled.left[name].article
    with crawled.program.database() as database, database.reading() as connection:
        beside = [get_article(connection, id_) for id_ in first.beside]
    return [first, *(one for one in beside if one is not None)]
