"""Reads a page and judges it: bytes in, article and verdict out. Runs in the worker processes.

In: a `FetchedPage` (body as it came over the wire, headers that matter, the entries that led to it). Out: a
`PageReading`. Promises: pure but for the classifier loaded once by `prepare`; a page is first read cheaply, and only
one that the classifier cannot rule out is read accurately, and judged by a second call, for which one process holds the
encoder; PDF documents are read likewise; where a page is no article (a wall, a stub, gone, other data, without the
prose that the entry itself has) the entry's own title and summary stand in for it and the reading says so; what cannot
be read at all raises `UnreadablePage`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from classifier.document import Document, Verdict
from crawler.http.body import KEPT_BYTES, Body
from crawler.http.body_kind import charset_of, is_page, is_pdf, name_type
from crawler.http.failures import FetchError
from crawler.pages.article_lines import clean_article
from crawler.pages.article_text import (
    CUT,
    article_text,
    bound_bytes,
    bound_page,
    cut_tags,
    drop_boxes,
    parse_tree,
    rough_text,
)
from crawler.pages.interstitials import (
    BARE_CHARACTERS,
    STUB_CHARACTERS,
    is_front_page_redirect,
    why_no_article,
    why_not_of_entry,
)
from crawler.pages.metadata import BodyFacts, HeadFacts, clean_line, read_body, read_head, read_time
from crawler.pages.pdf_text import UnreadablePdf, read_pdf
from crawler.pages.records import FetchedPage, PageReading, PassedPage, UnreadablePage
from crawler.pages.titles import choose_title
from crawler.text.page_encoding import decode_page
from crawler.text.plain_text import read_summary
from crawler.workers.process import set_up_later
from storage.host_names import host_of
from storage.records import ArticleReading, PendingPage
from storage.urls import choose_canonical

if TYPE_CHECKING:
    from pathlib import Path

    from classifier.encoder.scores import EncoderScores
    from classifier.settings import ClassifierSettings

LEAST_TEXT = 200
"""Characters: where the accurate reading finds less although the rough one found this much, the rough one is taken."""

LONGEST_TEXT = 200_000
"""Characters of text kept: a report of 60 pages. What a project's article says stands in its first page."""

ARTICLE_BODY = '"articleBody"'
"""Mark of a page that may hold its text in structured data only, which the cheap reading does not see."""

LONGEST_TITLE = 1_000
"""Characters of an entry's title used; the longest headlines have 300."""

LONGEST_SUMMARY = 20_000
"""Characters of an entry's summary used; feeds with full text exceed it rarely."""


class Judging(Protocol):
    """What is needed of `classifier.judge.Judge`."""

    def rule_out(self, document: Document) -> Verdict | None:
        """A full "no" where the rough document can be ruled out safely."""
        ...

    @property
    def is_encoder_loaded(self) -> bool:
        """Whether it is there already."""
        ...

    def load_encoder(self) -> object:
        """Loads what judging needs and ruling out does not."""
        ...

    def judge(self, document: Document, *, encoder_scores: EncoderScores | None = None) -> Verdict:
        """Everything, with reasons and facts."""
        ...


_judge: Judging | None = None


class _RulesNothingOut:
    """A judge for whom every page is read accurately."""

    def __init__(self, judge: Judging) -> None:
        self._judge = judge
        self.judge = judge.judge
        self.load_encoder = judge.load_encoder

    @property
    def is_encoder_loaded(self) -> bool:
        """Whether it is there already."""
        return self._judge.is_encoder_loaded

    def rule_out(self, document: Document) -> None:
        """Nothing."""


def prepare(
    settings: ClassifierSettings | None = None, model_folder: Path | None = None, *, may_rule_out: bool = True
) -> None:
    """Imports what reading needs and loads the classifier; for `pool.WorkerPool(setup=...)`, once a worker's lifetime.

    `may_rule_out` False has every page read accurately.
    """
    import trafilatura  # noqa: F401  # before the first page, and before the fork that shares it

    from classifier.judge import Judge
    from classifier.settings import ClassifierSettings

    global _judge  # noqa: PLW0603  # one a process, like the imports
    judge = Judge.load(settings or ClassifierSettings(), model_folder)
    _judge = judge if may_rule_out else _RulesNothingOut(judge)


def read_page(raw: FetchedPage) -> PageReading | PassedPage:
    """Reads one page, and rules it out where the classifier of this process (see `prepare`) can.

    Raises:
        UnreadablePage: `too-large` or `bad-encoding`.
    """
    return read(raw, _loaded())


def judge_page(passed: PassedPage, encoder_scores: EncoderScores | None = None) -> PageReading:
    """Judges a page that `read_page` let pass, with the scores given or those of the encoder; that is loaded when
    first needed and stays with this process."""
    judge = _loaded()
    if encoder_scores is None and not judge.is_encoder_loaded:
        set_up_later(judge.load_encoder)
    return judge_passed(passed, judge, encoder_scores)


def _loaded() -> Judging:
    if _judge is None:
        prepare()
        assert _judge is not None
    return _judge


_NOT_READ = BodyFacts()


@dataclass(slots=True)
class _Seen:
    """What is known of a page while it is read."""

    raw: FetchedPage
    html: str
    head: HeadFacts
    rough: str
    note: str | None
    title: str
    body: BodyFacts = _NOT_READ


def judge_passed(passed: PassedPage, judge: Judging, encoder_scores: EncoderScores | None = None) -> PageReading:
    """The verdict on a page that was not ruled out."""
    verdict = judge.judge(passed.document, encoder_scores=encoder_scores)
    return PageReading(replace(passed.reading, language=verdict.lang), verdict, is_ruled_out=False)


def read(raw: FetchedPage, judge: Judging) -> PageReading | PassedPage:
    """Reads one page; what cannot be ruled out is left to `judge_passed`.

    Raises:
        UnreadablePage: `too-large` or `bad-encoding`.
    """
    if raw.body is None:
        return _read_own_words(raw, judge, raw.note or "the page is gone")
    body = _unpack(raw, raw.body)
    if is_front_page_redirect(urlsplit(raw.page.url).path, urlsplit(raw.url).path):
        return _read_own_words(raw, judge, "the address led to the site's front page")
    if is_pdf(body):
        return _read_pdf(raw, judge, body)
    html, _ = decode_page(bound_bytes(body), charset_of(raw.content_type))
    if html.strip() and not is_page(html):
        return _read_own_words(raw, judge, _no_page(raw))
    html, note = bound_page(html)
    head = read_head(html)
    title = choose_title(head, _NOT_READ, raw.page.title)
    seen = _Seen(raw, html, head, rough_text(html)[:LONGEST_TEXT], note, title)
    wall = _wall(seen, seen.rough)
    is_bare = len(seen.rough) < BARE_CHARACTERS and ARTICLE_BODY in html
    if wall is None and not is_bare and _why_not_of_entry(seen, seen.rough) is None:
        verdict = judge.rule_out(_rough_document(seen))
        if verdict is not None:
            return PageReading(_reading(seen, verdict.lang, ""), verdict, is_ruled_out=True)
    return _read_in_full(seen, judge, wall)


def _read_pdf(raw: FetchedPage, judge: Judging, body: bytes) -> PageReading | PassedPage:
    try:
        text = read_pdf(body)
    except UnreadablePdf as error:
        return _read_own_words(raw, judge, f"{_no_page(raw)}: {error}")
    title = clean_line(raw.page.title, LONGEST_TITLE) or clean_line(text.partition("\n")[0], LONGEST_TITLE) or ""
    seen = _Seen(raw, "", HeadFacts(), clean_article(text, title)[:LONGEST_TEXT], None, title)
    note = _why_not_of_entry(seen, seen.rough)
    if note is not None:
        return _read_own_words(raw, judge, note)
    verdict = judge.rule_out(_rough_document(seen))
    if verdict is not None:
        return PageReading(_reading(seen, verdict.lang, ""), verdict, is_ruled_out=True)
    return _pass_on(seen, seen.rough)


def _wall(seen: _Seen, text: str) -> str | None:
    head = seen.head
    titles = tuple(title for title in (head.document_title, *head.titles) if title)
    return why_no_article(
        html=seen.html, text=text, titles=titles, entry_title=seen.raw.page.title, is_free=seen.body.is_free
    )


def _why_not_of_entry(seen: _Seen, text: str) -> str | None:
    return why_not_of_entry(html=seen.html, text=text, entry_text=_own_words(seen.raw.page))


def _read_in_full(seen: _Seen, judge: Judging, wall: str | None) -> PageReading | PassedPage:
    html, is_cut = cut_tags(seen.html)
    if is_cut:
        seen.note = CUT
    tree = parse_tree(html)
    seen.body = read_body(seen.html, tree)
    text = ""
    if tree is not None:
        drop_boxes(tree)
        text = article_text(tree)
    title = seen.title = choose_title(seen.head, seen.body, seen.raw.page.title)
    text = clean_article(text, title)
    if len(text) < LEAST_TEXT <= len(seen.rough):
        text = clean_article(seen.rough, title)
    if seen.body.article_body and len(seen.body.article_body) > 2 * len(text):
        text = clean_article(read_summary(seen.body.article_body, LONGEST_TEXT), title)
    if len(text) >= min(
        STUB_CHARACTERS, LEAST_TEXT + 2 * len(seen.rough)
    ):  # the rough reading saw a stub where the text stands in structured data only
        wall = None
    wall = wall or _wall(seen, text) or (None if text else "no article was found on the page")
    wall = wall or _why_not_of_entry(seen, text)
    if wall is not None:
        return _read_own_words(seen.raw, judge, wall)
    return _pass_on(seen, text[:LONGEST_TEXT])


def _pass_on(seen: _Seen, text: str) -> PassedPage:
    """What was read, to be judged."""
    document = Document(
        title=seen.title,
        text=text,
        lang=_language_hint(seen, text),
        published=_published_on(_published_at(seen)),
        url=seen.raw.url,
        outlet=_outlet(seen),
    )
    return PassedPage(_reading(seen, document.lang or "", text), document)


def _unpack(raw: FetchedPage, body: bytes) -> bytes:
    try:
        packed = Body(raw.content_encoding, raw.max_bytes, kept_bytes=KEPT_BYTES)
        packed.add(body)
        return packed.finish()
    except FetchError as error:
        raise UnreadablePage(error.kind, error.text) from None


def _rough_document(seen: _Seen) -> Document:
    page = seen.raw.page
    summary = _own_words(page)
    text = f"{summary}\n\n{seen.rough}" if summary and summary[:80] not in seen.rough else seen.rough
    return Document(seen.title, text, _language_hint(seen, text), None, seen.raw.url, page.outlet)


def _no_page(raw: FetchedPage) -> str:
    return f"the address leads to no page but to {name_type(raw.content_type)}"


def _own_words(page: PendingPage) -> str:
    return read_summary(page.summary, LONGEST_SUMMARY)


def _read_own_words(raw: FetchedPage, judge: Judging, note: str) -> PageReading | PassedPage:
    """The entry's own words in the page's place."""
    page = raw.page
    title = clean_line(page.title, LONGEST_TITLE) or page.url
    summary = _own_words(page)
    published = _published_on(page.published_at)
    document = Document(title, summary, page.language, published, page.url, page.outlet or page.host)
    verdict = judge.rule_out(document)
    reading = ArticleReading(
        entry_ids=page.entry_ids,
        url=page.url,
        canonical_url=page.canonical_url,
        title=title,
        text="" if verdict else summary,
        language=verdict.lang if verdict else page.language or "",
        outlet=page.outlet or page.host,
        published_at=page.published_at,
        read_from="summary",
        read_note=note,
    )
    return PageReading(reading, verdict, is_ruled_out=True) if verdict else PassedPage(reading, document)


def _reading(seen: _Seen, lang: str, text: str) -> ArticleReading:
    raw = seen.raw
    return ArticleReading(
        entry_ids=raw.page.entry_ids,
        url=raw.url,
        canonical_url=_canonical_url(seen),
        title=seen.title or raw.url,
        text=text,
        language=lang,
        outlet=_outlet(seen),
        published_at=_published_at(seen),
        read_from="page",
        read_note=seen.note,
    )


def _canonical_url(seen: _Seen) -> str:
    page, declared = seen.raw.page, seen.head.declared_url
    if seen.raw.url == page.url and declared in (None, page.url, page.canonical_url):
        return page.canonical_url
    try:
        return choose_canonical(seen.raw.url, declared)
    except ValueError:  # a redirect to an address too long to keep
        return seen.raw.page.canonical_url


def _published_at(seen: _Seen) -> datetime | None:
    """Structured data, the head, markup, then the entry; the entry's time where a page states the same day only."""
    latest = seen.raw.fetched_at
    stated = read_time(seen.body.published, latest) or read_time(seen.head.published, latest)
    entry = seen.raw.page.published_at
    if stated is None or (entry is not None and stated.date() == entry.date() and _is_midnight(stated)):
        return entry
    return stated


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _published_on(at: datetime | None) -> str | None:
    return at.date().isoformat() if at is not None else None


def _outlet(seen: _Seen) -> str:
    host = (host_of(seen.raw.url) or seen.raw.page.host).removeprefix("www.")
    return seen.head.site_name or seen.body.publisher or seen.raw.page.outlet or host


def _language_hint(seen: _Seen, text: str) -> str | None:
    """None for a text long enough to tell its language itself: templates state the wrong one too often."""
    if len(text) >= LEAST_TEXT:
        return None
    return seen.raw.page.language or seen.head.language
