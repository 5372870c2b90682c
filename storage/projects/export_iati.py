"""Projects as activities of the International Aid Transparency Initiative (IATI standard 2.03).

Projects go in, an XML document comes out that holds what the standard's schema requires, in its order. tipwatch is a
secondary reporter: it says what the news says. A start that is stated by its year or month stands at the beginning of
it, an end at its end, with the words beside it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from storage.articles.made_address import is_made
from storage.dates import read_stated_date
from storage.projects.export_columns import canonical
from storage.projects.projects import Project
from storage.projects.quotations import find_quotation
from storage.register.compare.iati import OWN

VERSION = "2.03"
REPORTER = "tipwatch"
OTHER_ORGANISATION = "90"  # code list OrganisationType: Other
ROLES = (("funders", "1"), ("implementers", "4"))  # code list OrganisationRole: funding, implementing
PIPELINE, IMPLEMENTATION, CLOSED = "1", "2", "4"  # code list ActivityStatus
PLANNED_START, PLANNED_END = "1", "3"  # code list ActivityDateType
GENERAL_DESCRIPTION = "1"  # code list DescriptionType
COMMITMENT = "2"  # code list TransactionType: an outgoing commitment
WEB_PAGE = "A12"  # code list DocumentCategory: activity web page
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_LANGUAGE_CODE = re.compile("[a-z]{2,3}")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_iati(projects: Iterable[Project], now: datetime) -> bytes:
    """An `iati-activities` document of all these projects, at least one: the standard knows no empty one."""
    root = Element("iati-activities", {"version": VERSION, "generated-datetime": _moment(now)})
    for one in projects:
        root.append(_activity(one, now))
    indent(root)
    written: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _activity(one: Project, now: datetime) -> Element:
    """One activity; the standard fixes the order of its elements."""
    facts = one.facts.facts
    announced_at = one.announced_at or one.first_seen_at
    activity = Element("iati-activity", {"last-updated-datetime": _moment(one.last_changed_at)})
    _speak(activity, one.language)
    SubElement(activity, "iati-identifier").text = one.iati_id or f"{OWN}{one.public_id}"
    reporter = {"ref": REPORTER, "type": OTHER_ORGANISATION, "secondary-reporter": "1"}
    _narrate(SubElement(activity, "reporting-org", reporter), "tipwatch, from news reports", "en")
    _narrate(SubElement(activity, "title"), facts.name or one.title)
    quotation = find_quotation(one, one.language)
    described, language = (quotation.text, quotation.language) if quotation else (one.title, one.language)
    _narrate(SubElement(activity, "description", type=GENERAL_DESCRIPTION), described, language)
    for field, role in ROLES:
        for claim in getattr(one.facts, field):
            known, ids = canonical(claim)
            ref = {"ref": ids["iati"]} if "iati" in ids else {}
            _narrate(SubElement(activity, "participating-org", {**ref, "role": role}), known)
    if not (facts.funders or facts.implementers):  # one is required
        _narrate(SubElement(activity, "participating-org", role=ROLES[1][1]), "not stated", "en")
    SubElement(activity, "activity-status", code=_status(facts.start, facts.end, now))
    start, end = _day(facts.start), _day(facts.end, is_last=True)
    stated = f"stated as {facts.start}" if start else "the announcement; no start is stated"
    first = {"type": PLANNED_START, "iso-date": start or f"{announced_at:%Y-%m-%d}"}
    _narrate(SubElement(activity, "activity-date", first), stated, "en")
    if end:
        last = SubElement(activity, "activity-date", {"type": PLANNED_END, "iso-date": end})
        _narrate(last, f"stated as {facts.end}", "en")
    _place(activity, facts.countries)
    if facts.amount is not None and facts.currency is not None:
        transaction = SubElement(activity, "transaction")
        SubElement(transaction, "transaction-type", code=COMMITMENT)
        day = f"{announced_at:%Y-%m-%d}"
        SubElement(transaction, "transaction-date", {"iso-date": day})
        value = SubElement(transaction, "value", {"currency": facts.currency, "value-date": day})
        value.text = str(facts.as_project()["amount"])
    for source in one.sources:
        if is_made(source.url):  # a person brought it without an address
            continue
        link = SubElement(activity, "document-link", url=source.url, format="text/html")
        _narrate(SubElement(link, "title"), source.title, source.language)
        SubElement(link, "category", code=WEB_PAGE)
    return activity


def _place(activity: Element, countries: Sequence[str]) -> None:
    """The countries; of several the standard demands the share of each, and the news does not say it."""
    for number, code in enumerate(countries):
        country = SubElement(activity, "recipient-country", code=code)
        if len(countries) > 1:
            # whole percents that add up to 100: the first few have one more
            whole, rest = divmod(100, len(countries))
            country.set("percentage", str(whole + (number < rest)))
            _narrate(country, "share not stated; equal shares assumed", "en")


def _status(start: str | None, end: str | None, now: datetime) -> str:
    today = f"{now:%Y-%m-%d}"
    if end and end < today[: len(end)]:
        return CLOSED
    return PIPELINE if start and start > today[: len(start)] else IMPLEMENTATION


def _day(stated: str | None, *, is_last: bool = False) -> str | None:
    """The first day of what a date names, or its last."""
    at, precision = read_stated_date(stated or "")
    if at is None:
        return None
    if is_last and precision != "day":
        month = 12 if precision == "year" else at.month
        at = at.replace(month=month, day=monthrange(at.year, month)[1])
    return f"{at:%Y-%m-%d}"


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _narrate(parent: Element, text: str, language: str = "") -> None:
    narrative = SubElement(parent, "narrative")
    narrative.text = _NOT_IN_XML.sub("", text)
    _speak(narrative, language)


def _speak(element: Element, language: str) -> None:
    """Names the language, where it is one: what a source says of its own may be anything."""
    if _LANGUAGE_CODE.fullmatch(language):
        element.set(LANGUAGE, language)
