"""Sources of one entry each, whose page is what a test wants it to be."""

from __future__ import annotations

from collections.abc import Mapping

from tests.support.farm import Case, Place, article, document
from tests.support.feeds import item, rss
from tests.support.sites import Answer, Route

SUMMARY = "A new project against human trafficking was launched in Burundi by the migration agency, officials said."
HTML = "text/html; charset=utf-8"

LEAD = "The International Organization for Migration has launched a new project against human trafficking in Burundi."
MORE = (
    "The three-year project will train police officers and prosecutors, protect survivors of trafficking in persons "
    "and open a shelter in Bujumbura, together with the Government of Burundi, officials said."
)


def page(answer: Route, expected: object = None, **routes: Route) -> Case:
    """A source of one entry whose page answers so."""

    def serve(place: Place) -> Mapping[str, Route]:
        entry = item(1, title="Project against trafficking begins", link=place.url("/page/1"), description=SUMMARY)
        served = {f"/{name}": route for name, route in routes.items()}
        return {"/feed": document(rss(entry)), "/page/1": answer, **served}

    return Case(serve, expected)


def html(text: str, **headers: str) -> Answer:
    return document(text, HTML, **headers)


def told(*paragraphs: str, title: str, around: str = "") -> Case:
    return page(article(title, *paragraphs, around=around))
