"""Activities of a publisher's IATI file (standard 2.x), read as the facts of projects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from lxml import etree

from classifier.document import Facts
from classifier.text.normalisation import normalise_text
from storage.articles.made_address import make_address_nowhere
from storage.records import ArticleReading
from tipwatch.errors import BadInput

FUNDING, IMPLEMENTING = "1", "4"  # code list OrganisationRole
STARTS, ENDS = ("2", "1"), ("4", "3")  # code list ActivityDateType, the actual date before the planned one
COMMITMENTS = ("2", "11")  # code list TransactionType: outgoing and incoming commitments
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity: the line it begins on, its identifier, its words, and what it states of the project."""

    line: int
    iati_id: str
    reading: ArticleReading
    facts: Facts


def read_activities(stream: IO[bytes], name: str) -> Iterator[Activity]:
    """The activities of a file, one after the other; the identifier of one that has none is empty.

    Raises:
        BadInput: the file is no XML, or holds no activities.
    """
    count = 0
    try:
        # entities are not followed, nothing is fetched: the file comes from anywhere
        for _, element in etree.iterparse(
            stream, tag="iati-activity", resolve_entities=False, no_network=True, load_dtd=False
        ):
            count += 1
            yield _read(element, (element.findtext("iati-identifier") or "").strip())
            element.clear()
    except etree.XMLSyntaxError as error:
        raise BadInput(
            f"{name}: not XML ({error.msg})", "an IATI activity file begins with <iati-activities>"
        ) from error
    if not count:
        raise BadInput(f"{name} contains no IATI activities", "an IATI activity file begins with <iati-activities>")


def _read(element: Any, iati_id: str) -> Activity:
    title = _words(element.find("title"))
    text = normalise_text("\n\n".join(filter(None, map(_words, element.findall("description")))))
    amount, currency = _sum(element)
    facts = Facts(
        name=title or None,
        funders=_organisations(element, FUNDING),
        implementers=_organisations(element, IMPLEMENTING),
        countries=tuple(dict.fromkeys(c.get("code", "").upper() for c in element.findall("recipient-country"))),
        amount=amount,
        currency=currency,
        start=_date(element, STARTS),
        end=_date(element, ENDS),
    )
    address = make_address_nowhere(f"iati/{iati_id}")
    said = f"{title}\n\n{text}\n\nIATI {iati_id}"  # by which an article that states it is known
    language = (element.get(LANGUAGE) or "en").lower()[:2]
    reading = ArticleReading((), address, address, title, said, language, "", None, "import")
    return Activity(element.sourceline or 0, iati_id, reading, facts)


def _words(element: Any) -> str:
    """The first narrative, which is in the activity's own language."""
    found = None if element is None else element.findtext("narrative")
    return " ".join(normalise_text(found or "").split())


def _organisations(element: Any, role: str) -> tuple[str, ...]:
    named = (_words(one) for one in element.findall("participating-org") if one.get("role") == role)
    return tuple(dict.fromkeys(filter(None, named)))


def _date(element: Any, types: tuple[str, ...]) -> str | None:
    dates = {one.get("type"): one.get("iso-date", "")[:10] for one in element.findall("activity-date")}
    return next((dates[type_] for type_ in types if dates.get(type_)), None)


def _sum(element: Any) -> tuple[float | None, str | None]:
    """What is committed in all, else what is budgeted; nothing where it is in several currencies."""
    committed = [
        one.find("value")
        for one in element.findall("transaction")
        if (kind := one.find("transaction-type")) is not None and kind.get("code") in COMMITMENTS
    ]
    values = [one for one in committed or element.findall("budget/value") if one is not None]
    currencies = {one.get("currency") or element.get("default-currency") for one in values}
    try:
        total = sum(float((one.text or "").replace(",", "")) for one in values)
    except ValueError:
        return None, None
    return (total, currencies.pop()) if len(currencies) == 1 and None not in currencies and total > 0 else (None, None)
