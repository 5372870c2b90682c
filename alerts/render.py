"""Turns a digest's content into a subject, a letter in plain text, and a page in HTML. Pure.

Everything from outside is text here: escaped in HTML by the template engine, stripped of control characters, one line
where one line is meant. Nothing remote is referred to but the articles' own links.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined

from alerts.content import DigestContent
from alerts.message import RenderedDigest
from alerts.phrases import direction_of, one_line, say_count, say_day, say_language, say_moment

TEXT_WIDTH = 72  # the customary width of letters on a screen of text
PLACES_IN_SUBJECT = 4  # more would be cut by mail clients anyway


def render_digest(digest: DigestContent) -> RenderedDigest:
    """The digest as subject, text and HTML."""
    clean = clean_record(digest)
    assert isinstance(clean, DigestContent)
    environment = make_environment()
    shared = {
        "digest": clean,
        "language": "en",
        "headline": say_headline(clean),
        "subject": say_subject(clean),
        "coverage": say_coverage(clean),
    }
    filters = zone_filters(clean.timezone)
    html_environment = environment.overlay(autoescape=True)
    html_environment.filters = environment.filters | filters
    text_environment = environment.overlay(autoescape=False, trim_blocks=False)
    text_environment.filters = environment.filters | filters
    html = html_environment.get_template("digest.html.j2").render(shared)
    text = text_environment.get_template("digest.txt.j2").render(shared)
    return RenderedDigest(subject=say_subject(clean), text=tidy_letter(text), html=inliner().inline(html))


def say_headline(digest: DigestContent) -> str:
    """What is new, in words: "3 new counter-trafficking projects"."""
    if digest.new_projects:
        return say_count(len(digest.new_projects), "new counter-trafficking project")
    if digest.updates:
        return f"No new project, {say_count(len(digest.updates), 'update')}"
    return "No new counter-trafficking project"


def say_subject(digest: DigestContent) -> str:
    """The subject line: the news itself, where, and the day."""
    places: list[str] = []
    for card in digest.new_projects:
        for place in card.places.split(", "):
            if place and place not in places:
                places.append(place)
    more = "…" if len(places) > PLACES_IN_SUBJECT else ""
    where = f": {', '.join(places[:PLACES_IN_SUBJECT])}{more}" if places else ""
    return one_line(f"{say_headline(digest)}{where} · {say_day(digest.slot_at, digest.timezone)}")


def say_coverage(digest: DigestContent) -> str:
    """One line on what the digest rests on."""
    coverage = digest.coverage
    watched = say_count(coverage.sources, "source")
    troubled = coverage.sources - coverage.healthy_sources
    state = "all in order" if not troubled else f"{troubled} of them in trouble"
    return f"{watched} watched, {state}; {say_count(coverage.articles_read, 'article')} read in this period."


@cache
def make_environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alerts"),
        undefined=StrictUndefined,
        trim_blocks=False,
        lstrip_blocks=False,
        autoescape=True,
    )
    environment.filters |= {
        "language_name": say_language,
        "direction": direction_of,
        "count": say_count,
        "wrapped": wrap_lines,
        "heading": underline,
        "ljust": lambda text, width: str(text).ljust(width),
    }
    return environment


@cache
def inliner() -> css_inline.CSSInliner:
    # Media queries (narrow windows, dark mode) must stay in the head; nothing may be loaded from anywhere.
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)


def zone_filters(timezone: str) -> dict[str, Callable[[datetime], str]]:
    return {"day": lambda at: say_day(at, timezone), "moment": lambda at: say_moment(at, timezone)}


def wrap_lines(text: str, first: str = "", following: str = "") -> str:
    """`text` in lines of at most `TEXT_WIDTH` columns, words never cut."""
    lines = textwrap.wrap(
        str(text),
        TEXT_WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) or first.rstrip()


def underline(text: str) -> str:
    return f"{text}\n{'=' * len(text)}"


def tidy_letter(text: str) -> str:
    """No trailing blanks, never more than one empty line, one line feed at the end."""
    lines: list[str] = []
    for line in text.strip("\n").splitlines():
        bare = line.rstrip()
        if bare or (lines and lines[-1]):
            lines.append(bare)
    return "\n".join(lines) + "\n"


def clean_record(value: Any) -> Any:
    """The same record with every text a single clean line and every link http(s) or empty."""
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple):
        return tuple(clean_record(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: clean_record(getattr(value, field.name)) for field in fields(value)}
        if "url" in changes:
            changes["url"] = safe_link(changes["url"])
        return replace(value, **changes)
    return value


def safe_link(url: str) -> str:
    """`url` where it is http or https with a host, else the empty string: such a link is left out."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in {"http", "https"} and parts.hostname and " " not in url else ""
