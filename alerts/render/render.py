"""Turns a digest's content, or a week's, into a subject, a letter in plain text, and a page in HTML. Pure.

Everything from outside is text here: escaped in HTML by the template engine, stripped of control characters, one line
where one line is meant. Nothing remote is referred to but the articles' own links.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache, partial
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import css_inline
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from alerts.digest.content import DigestContent, StoryLine, WeeklySummary
from alerts.i18n.phrases import (
    HARD_BLANKS,
    direction_of,
    format_day,
    format_language,
    format_moment,
    is_right_to_left,
    one_line,
)
from alerts.i18n.translator import Translator, translator_for
from alerts.render.brief import brief_digest, brief_weekly
from alerts.render.headlines import (
    count_projects,
    count_stories,
    count_updates,
    format_coverage,
    format_empty,
    format_headline,
    format_subject,
    list_contents,
    preview_titles,
)
from alerts.render.message import RenderedDigest
from alerts.render.plain_text import draw_bar, tidy_letter, underline, wrap_lines

BARS = 10  # rows of a chart that an eye takes in at once; how many more there are is said
GLANCE_FROM = 4  # projects: fewer cards are seen at a glance themselves

Record = TypeVar("Record", DigestContent, WeeklySummary)


def render_digest(digest: DigestContent) -> RenderedDigest:
    """The digest as subject, text and HTML, in its language."""
    clean = clean_record(digest)
    translator = translator_for(clean.language)
    shared: dict[str, Any] = {
        "digest": clean,
        "headline": format_headline(translator, clean),
        "preview": preview_titles(card.title for card in (*clean.new_projects, *clean.updates)),
        "contents": list_contents(translator, clean),
        "glance": clean.new_projects if len(clean.new_projects) >= GLANCE_FROM else (),
        "coverage": format_coverage(translator, clean.coverage),
        "empty": format_empty(translator, clean),
        "news": group_by_topic(clean.news),
    }
    rendered = render("digest", translator, clean, format_subject(translator, clean), shared)
    empty = f"{shared['empty']} {shared['coverage']}"
    return replace(rendered, brief=brief_digest(translator, clean, shared["contents"], empty))


def render_weekly(summary: WeeklySummary) -> RenderedDigest:
    """A week in numbers as subject, text and HTML, in its language."""
    clean = clean_record(summary)
    translator = translator_for(clean.language)
    headline = count_projects(translator, clean.new_projects)
    day = format_day(translator, clean.period_to_at, clean.timezone)
    subject = translator.gettext("The week to %(day)s: %(headline)s", day=day, headline=headline)
    shared: dict[str, Any] = {
        "digest": clean,
        "headline": headline,
        "intro": translator.gettext(
            "The week in numbers: what the digests announced, with a link to each new project."
        ),
        "preview": preview_titles(line.title for line in clean.projects),
        "coverage": format_coverage(translator, clean.coverage),
        "charts": [
            (title, tallies[:BARS], max(0, len(tallies) - BARS))
            for title, tallies in (
                (translator.gettext("New projects by country"), clean.countries),
                (translator.gettext("New projects by funder"), clean.funders),
                (translator.gettext("Stories by topic"), clean.topics),
            )
            if tallies
        ],
        "others": ", ".join((count_updates(translator, clean.updates), count_stories(translator, clean.stories))),
    }
    rendered = render("weekly", translator, clean, one_line(subject), shared)
    return replace(rendered, brief=brief_weekly(translator, clean, shared["others"]))


def html_bytes(rendered: RenderedDigest) -> int:
    """The size of the HTML body in bytes; large providers clip what is above 102 kB."""
    return len(rendered.html.encode())


def render(
    template: str,
    translator: Translator,
    record: DigestContent | WeeklySummary,
    subject: str,
    shared: dict[str, Any],
) -> RenderedDigest:
    context = shared | {
        "language": translator.language,
        "subject": subject,
        "day": lambda at: format_day(translator, at, record.timezone).replace(" ", HARD_BLANKS[0]),
        "moment": lambda at: format_moment(translator, at, record.timezone),
    }
    page = environment_of(translator.language, is_html=True).get_template(f"{template}.html.j2").render(context)
    letter = environment_of(translator.language, is_html=False).get_template(f"{template}.txt.j2").render(context)
    return RenderedDigest(
        subject=subject,
        text=tidy_letter(letter),
        html=inliner().inline(page),
        language=translator.language,
    )


def group_by_topic(lines: Sequence[StoryLine]) -> list[tuple[str, list[StoryLine]]]:
    """The stories under their topics, topics and stories in the order they came."""
    groups: dict[str, list[StoryLine]] = {}
    for line in lines:
        groups.setdefault(line.topic, []).append(line)
    return list(groups.items())


@cache
def environment_of(language: str, *, is_html: bool) -> Environment:
    """The template engine speaking `language`; escapes everything where it makes HTML."""
    translator = translator_for(language)
    environment = Environment(
        loader=PackageLoader(__package__),
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        autoescape=is_html,  # noqa: S701  a letter in plain text has nothing to escape
        trim_blocks=is_html,
        lstrip_blocks=is_html,
    )
    # Set by jinja2.ext.i18n, which its type information does not know.
    environment.install_gettext_translations(translator.translations, newstyle=True)  # type: ignore[attr-defined]
    environment.filters |= {
        "language_name": partial(format_language, translator),
        "number": translator.number,
        "direction": direction_of,
        "turned": lambda text: Markup(' dir="rtl"') if is_right_to_left(text) else "",
        # A name written from right to left must not turn round the line it stands in.
        "kept_apart": lambda text: Markup("<bdi>%s</bdi>") % text if is_right_to_left(text) else text,
        "wrapped": wrap_lines,
        "heading": underline,
        "bar": draw_bar,
        "ljust": lambda text, width: str(text).ljust(width),
    }
    return environment


@cache
def inliner() -> css_inline.CSSInliner:
    # Media queries (narrow windows, dark mode) must stay in the head; nothing may be loaded from anywhere. Rules that
    # now stand in the elements are not sent twice.
    return css_inline.CSSInliner(keep_at_rules=True, minify_css=True, load_remote_stylesheets=False)


def clean_record(value: Record) -> Record:
    """The same record with every text a single clean line and every link http(s) or empty."""
    cleaned = _clean(value)
    assert isinstance(cleaned, type(value))
    return cleaned


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return one_line(value, kept=HARD_BLANKS)
    if isinstance(value, tuple):
        return tuple(_clean(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        changes = {field.name: _clean(getattr(value, field.name)) for field in fields(value)}
        if "url" in changes:
            changes["url"] = safe_link(changes["url"])
        return replace(value, **changes)
    return value


def safe_link(url: str) -> str:
    """`url` where it is http or https with a host, else the empty string: such a link is left out. Parameters that only
    count readers (`utm_…`) go."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname or any(map(str.isspace, url)):
        return ""
    asked = parts.query.split("&")
    kept = [parameter for parameter in asked if not parameter.startswith("utm_")]
    return url if kept == asked else urlunsplit(parts._replace(query="&".join(kept)))
