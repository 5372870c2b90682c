"""Draws the web pages of the news world: articles with all that surrounds them, listings, home pages, walls and errors.

What enters: an outlet, an article, its neighbours and the address it is served at. What leaves: HTML of some 8 to 30
kB, with menus, other stories' headlines and sums, cookie text, newsletter boxes and footers round the one story, as
on real sites. Pure: the same input gives the same text.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment

from tipwatch.demo.newsroom.world import Article, Outlet

__all__ = ["PageWriter"]

NEIGHBOURS = 6  # other stories beside one: as many as a real sidebar shows
RTL_LANGUAGES = frozenset({"ar"})


class PageWriter:
    """Draws pages from templates, in the words of `interface` (by language)."""

    def __init__(self, templates: Environment, interface: Mapping[str, Mapping[str, Any]]) -> None:
        self._interface = interface
        self._templates = templates

    def article(self, outlet: Outlet, article: Article, others: Sequence[Article], base: str) -> str:
        """An article's page; `others` are the outlet's other stories, of which some are shown beside it."""
        neighbours = [other for other in others if other.key != article.key][:NEIGHBOURS]
        return self._draw(
            f"{outlet.template}.html",
            outlet,
            base,
            lang=article.lang,
            article=article,
            neighbours=neighbours,
            canonical=base + article.path,
            structured_data=_structured_data(outlet, article, base),
        )

    def consent_wall(self, outlet: Outlet, article: Article, base: str) -> str:
        """What stands before an article until cookies are accepted: its title at most, no text of it."""
        return self._draw("consent.html", outlet, base, lang=article.lang, article=article)

    def paywall(self, outlet: Outlet, article: Article, base: str) -> str:
        """The stub that readers without a subscription get: the opening words, then an offer."""
        opening = " ".join(article.paragraphs[0].split()[:12]) + "…"
        return self._draw("paywall.html", outlet, base, lang=article.lang, article=article, opening=opening)

    def listing(self, outlet: Outlet, articles: Sequence[Article], base: str) -> str:
        """The outlet's list of stories, newest first: its front page, and the source of an outlet without a feed."""
        return self._draw("listing.html", outlet, base, lang=outlet.lang, articles=articles)

    def wrapped(self, outlet: Outlet, article: Article, base: str) -> str:
        """A search engine's page that would send a browser on by script; it holds nothing of the article."""
        return self._draw("wrapped.html", outlet, base, lang=article.lang)

    def missing(self, outlet: Outlet, base: str) -> str:
        """The page of an address that is not there."""
        return self._draw("missing.html", outlet, base, lang=outlet.lang)

    def _draw(self, template: str, outlet: Outlet, base: str, *, lang: str, **values: object) -> str:
        words = self._interface[lang]
        direction = "rtl" if lang in RTL_LANGUAGES else "ltr"
        return self._templates.get_template(template).render(
            outlet=outlet, base=base, lang=lang, dir=direction, t=words, **values
        )


def _structured_data(outlet: Outlet, article: Article, base: str) -> str:
    """The article as schema.org JSON-LD; `<` is escaped so that no text can end the script element."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": article.published_at.isoformat(),
        "inLanguage": article.lang,
        "mainEntityOfPage": base + article.path,
        "author": {"@type": "Organization", "name": article.byline or outlet.name},
        "publisher": {"@type": "NewsMediaOrganization", "name": outlet.name, "url": f"{base}/"},
    }
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
