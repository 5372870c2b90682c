"""Short ways to read one kind of fact from a sentence, for the tests of this folder."""

from __future__ import annotations

from functools import cache

from classifier.document import Document, Facts
from classifier.encoder.encoder import Encoder
from classifier.entities.countries import find_countries
from classifier.entities.currency import Currencies, resolve_sums
from classifier.entities.mention import Mention
from classifier.entities.organisations import find_organisations
from classifier.extraction import read_facts
from classifier.extraction.candidates import Candidate
from classifier.extraction.context import Context
from classifier.extraction.countries.candidates import country_candidates
from classifier.extraction.encoder_evidence import Scorer
from classifier.extraction.names.candidates import find_names
from classifier.model import MODEL_FOLDER
from classifier.quantities.dates import Times, find_times
from classifier.quantities.money import find_money
from classifier.text.parsed_text import parse_text


def sums_in(text: str, lang: str = "en", outlet: str | None = None) -> list[tuple[float, str]]:
    """The sums a text states, with their currencies resolved."""
    reading = parse_text(Document("", text, lang, outlet=outlet), lang)
    countries = find_countries(reading)
    currencies = Currencies(reading, countries, find_organisations(reading, countries))
    return [(money.amount, money.currency) for money in resolve_sums(find_money(reading), currencies)]


def times_in(text: str, lang: str = "en") -> Times:
    """What a text says of time."""
    return find_times(parse_text(Document("", text, lang), lang))


def countries_in(text: str, lang: str = "en") -> list[str]:
    """The codes of the countries a text mentions, in order."""
    return [mention.code for mention in find_countries(parse_text(Document("", text, lang), lang))]


def features_of(text: str, lang: str = "en", title: str = "") -> dict[str, set[str]]:
    """The features of each country that may be one of work."""
    reading = parse_text(Document(title, text, lang), lang)
    countries = find_countries(reading)
    bodies = find_organisations(reading, countries)
    found = country_candidates(reading, Context(reading), countries, bodies)
    return {str(one.value): set(one.features) for one in found}


def organisations_in(text: str, lang: str = "en") -> list[Mention]:
    """The organisations a text mentions, in order, without plain countries."""
    reading = parse_text(Document("", text, lang), lang)
    found = find_organisations(reading, find_countries(reading))
    return [mention for mention in found if mention.kind not in ("country", "place")]


def facts_of(title: str, text: str, lang: str = "en", **known: str) -> Facts:
    """The facts of an article."""
    document = Document(title, text, lang, **known)
    return read_facts(document, lang, scorer=encoder_says(document))


def encoder_says(document: Document) -> Scorer:
    """What the shipped encoder says of a document's candidates and names."""
    return _encoder().read(document.title, document.text)


@cache
def _encoder() -> Encoder:
    return Encoder(MODEL_FOLDER / "encoder")


def candidates_in(text: str, lang: str = "en", title: str = "") -> dict[str, Candidate]:
    """The candidates for a name, by the name."""
    reading = parse_text(Document(title, text, lang), lang)
    mentions = find_organisations(reading, find_countries(reading))
    return {str(one.value): one for one in find_names(reading, Context(reading), mentions)}
