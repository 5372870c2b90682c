"""Reads a page and judges it: bytes in, article and verdict out. Runs in the worker processes.

In: a `FetchedPage` (body as it came over the wire, headers that matter, the entries that led to it). Out: a
`PageReading`. Promises: pure but for the classifier loaded once by `prepare`; a page is first read cheaply, and only
one that the classifier cannot rule out is read accurately, and judged by a second call, for which one process holds the
encoder; PDF documents are read likewise; where a page is no article (a wall, a stub, gone, other data, without the
prose that the entry itself has) the entry's own title and summary stand in for it and the reading says so; what cannot
be read at all raises FetchError.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from classifier.document import Document, Verdict
from crawler.http.body import KEPT_BYTES, Body
from crawler.http.body_kind import is_page, is_pdf, name_type
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
from crawler.pages.records import FetchedPage, PageReading, PassedPage
from crawler.pages.titles import choose_title
from crawler.text.encoding import decode
from crawler.text.plain_text import read_summary
from crawler.workers.process import set_up_later
from storage.host_names import host_of
from storage.records import ArticleReading
from storage.urls import choose_canonical

if TYPE_CHECKING:
    from classifier.settings import ClassifierSettings

LEAST_TEXT = 200
"""Characters: where the accurate reading finds less although the rough one found this much, the rough one is taken."""

LONGEST_TEXT = 200_000
"""Characters of text kept: a report of 60 pages. What a project's article says stands in its first page."""

ARTICLE_BODY = '"articleBody"'
"""Mark of a page that may hold its text in structured data only, which the cheap reading does not see."""

ENCODER_BYTES = 16_000_000
"""What the encoder fills while it reads a page. Given back and asked for again it would cost 7 ms of its 50."""

WORDS_BYTES = 20_000_000
"""What the words of thirteen languages fill, each loaded with the first article in it. A worker that may not keep them
is replaced, and loads the encoder anew, every few dozen articles."""

LONGEST_TITLE = 1_000
"""Characters of an entry's title used; the longest headlines have 300."""

LONGEST_SUMMARY = 20_000
"""Characters of an entry's summary used; feeds with full text exceed it rarely."""


class Judging(Protocol):
    """What is needed of `classifier.judge.Judge`."""

    def rule_out(self, document: Document) -> Verdict | None:
        """A full "no" where the rough document can be ruled out safely."""

    @property
    def is_encoder_loaded(self) -> bool:
        """Whether it is there already."""

    def load_fact_reading(self) -> None:
        """Loads what reading facts needs; the encoder is loaded by the first document judged."""

    def judge(self, document: Document) -> Verdict:
        """Everything, with reasons and facts."""


_judge: Judging | None = None


class RulesNothingOut:
    """A judge for whom every page is read accurately."""

    def __init__(self, judge: Judging) -> None:
        self._judge = judge
        self.judge = judge.judge
        self.load_fact_reading = judge.load_fact_reading

    @property
    def is_encoder_loaded(self) -> bool:
        """Whether it is there already."""
        return self._judge.is_encoder_loaded

    def rule_out(self, document: Document) -> None:
        """Nothing."""


def prepare(settings: ClassifierSettings | None = None, *, may_rule_out: bool = True) -> None:
    """Imports what reading needs and loads what rules pages out; for `pool.WorkerPool(setup=...)`, once a worker's
    lifetime.

    `may_rule_out` False has every page read accurately.
    """
    import trafilatura  # noqa: F401  # before the first page, and before the fork that shares it

    from classifier.judge import Judge

    global _judge  # noqa: PLW0603  # one a process, like the imports
    judge = Judge.load_prefilter(settings)
    _judge = judge if may_rule_out else RulesNothingOut(judge)


def read_page(fetched: FetchedPage) -> PageReading | PassedPage:
    """Reads one page, and rules it out where the classifier of this process (see `prepare`) can.

    Raises:
        FetchError: `too-large` or `bad-encoding`.
    """
    return read(fetched, _loaded())


def judge_page(passed: PassedPage) -> PageReading:
    """Judges a page that `read_page` let pass. The first one loads what judging needs beyond reading, which stays with
    this process."""
    judge = _loaded()
    if not judge.is_encoder_loaded:
        set_up_later(partial(rehearse_judging, judge), working_bytes=ENCODER_BYTES, growth_bytes=WORDS_BYTES)
    return judge_passed(passed, judge)


def rehearse_reading() -> PassedPage:
    """Reads a page of our own, for what the first one makes; gives what is to be judged of it."""
    from crawler.pages.rehearsal import PAGE  # by workers only

    passed = read_page(PAGE)
    assert isinstance(passed, PassedPage)
    return passed


def rehearse_judging(judge: Judging) -> PageReading:
    """Judges that page, with its facts: what the one worker that judges makes for itself, 25 MB that the others do
    without, and the encoder."""
    judge.load_fact_reading()
    return judge_passed(rehearse_reading(), judge)


def _loaded() -> Judging:
    if _judge is None:
        prepare()
        assert _judge is not None
    return _judge


_NOT_READ = BodyFacts()


def judge_passed(passed: PassedPage, judge: Judging) -> PageReading:
    """The verdict on a page that was not ruled out."""
    verdict = judge.judge(passed.document)
    return PageReading(replace(passed.reading, language=verdict.lang), verdict, is_ruled_out=False)


def read(fetched: FetchedPage, judge: Judging) -> PageReading | PassedPage:
    """Reads one page; what cannot be ruled out is left to `judge_passed`.

    Raises:
        FetchError: `too-large` or `bad-encoding`.
    """
    return _PageReader(fetched, judge).read()


class _PageReader:
    """Reads one page, and keeps what it has found out of it on the way."""

    def __init__(self, fetched: FetchedPage, judge: Judging) -> None:
        self._fetched = fetched
        self._entry = fetched.page
        self._judge = judge
        self._html = ""
        self._head = HeadFacts()
        self._body = _NOT_READ
        self._rough = ""
        self._note: str | None = None
        self._title = ""

    def read(self) -> PageReading | PassedPage:
        """See `read`."""
        if self._fetched.body is None:
            return self._read_own_words(self._fetched.note or "the page is gone")
        body = self._unpack(self._fetched.body)
        if is_front_page_redirect(urlsplit(self._entry.url).path, urlsplit(self._fetched.url).path):
            return self._read_own_words("the address led to the site's front page")
        if is_pdf(body):
            return self._read_pdf(body)
        html, _ = decode(bound_bytes(body), self._fetched.content_type)
        if html.strip() and not is_page(html):
            return self._read_own_words(self._no_page())
        self._html, self._note = bound_page(html)
        self._head = read_head(self._html)
        self._title = choose_title(self._head, _NOT_READ, self._entry.title)
        self._rough = rough_text(self._html)[:LONGEST_TEXT]
        wall = self._why_no_article(self._rough)
        is_bare = len(self._rough) < BARE_CHARACTERS and ARTICLE_BODY in self._html
        if wall is None and not is_bare and self._why_not_of_entry(self._rough) is None:
            ruled_out = self._rule_out()
            if ruled_out is not None:
                return ruled_out
        return self._read_in_full(wall)

    def _unpack(self, body: bytes) -> bytes:
        packed = Body(self._fetched.content_encoding, self._fetched.max_bytes, kept_bytes=KEPT_BYTES)
        packed.add(body)
        return packed.finish()

    def _read_pdf(self, body: bytes) -> PageReading | PassedPage:
        try:
            text = read_pdf(body)
        except UnreadablePdf as error:
            return self._read_own_words(f"{self._no_page()}: {error}")
        entry_title = clean_line(self._entry.title, LONGEST_TITLE)
        self._title = entry_title or clean_line(text.partition("\n")[0], LONGEST_TITLE) or ""
        self._rough = clean_article(text, self._title)[:LONGEST_TEXT]
        note = self._why_not_of_entry(self._rough)
        if note is not None:
            return self._read_own_words(note)
        return self._rule_out() or self._pass_on(self._rough)

    def _rule_out(self) -> PageReading | None:
        summary = self._own_words
        has_summary = summary and summary[:80] not in self._rough
        text = f"{summary}\n\n{self._rough}" if has_summary else self._rough
        verdict = self._judge.rule_out(
            Document(self._title, text, self._language_hint(text), None, self._fetched.url, self._entry.outlet)
        )
        return PageReading(self._reading(verdict.lang, ""), verdict, is_ruled_out=True) if verdict is not None else None

    def _why_no_article(self, text: str) -> str | None:
        titles = tuple(title for title in (self._head.document_title, *self._head.titles) if title)
        return why_no_article(
            html=self._html, text=text, titles=titles, entry_title=self._entry.title, is_free=self._body.is_free
        )

    def _why_not_of_entry(self, text: str) -> str | None:
        return why_not_of_entry(html=self._html, text=text, entry_text=self._own_words)

    def _read_in_full(self, wall: str | None) -> PageReading | PassedPage:
        html, is_cut = cut_tags(self._html)
        if is_cut:
            self._note = CUT
        tree = parse_tree(html)
        self._body = read_body(self._html, tree)
        text = ""
        if tree is not None:
            drop_boxes(tree)
            text = article_text(tree)
        title = self._title = choose_title(self._head, self._body, self._entry.title)
        text = clean_article(text, title)
        if len(text) < LEAST_TEXT <= len(self._rough):
            text = clean_article(self._rough, title)
        if self._body.article_body and len(self._body.article_body) > 2 * len(text):
            text = clean_article(read_summary(self._body.article_body, LONGEST_TEXT), title)
        # the rough reading saw a stub where the text stands in structured data only
        if len(text) >= min(STUB_CHARACTERS, LEAST_TEXT + 2 * len(self._rough)):
            wall = None
        wall = wall or self._why_no_article(text) or (None if text else "no article was found on the page")
        wall = wall or self._why_not_of_entry(text)
        return self._read_own_words(wall) if wall is not None else self._pass_on(text[:LONGEST_TEXT])

    def _pass_on(self, text: str) -> PassedPage:
        """What was read, to be judged."""
        document = Document(
            title=self._title,
            text=text,
            lang=self._language_hint(text),
            published=_published_on(self._published_at()),
            url=self._fetched.url,
            outlet=self._outlet(),
        )
        return PassedPage(self._reading(document.lang or "", text), document)

    def _read_own_words(self, note: str) -> PageReading | PassedPage:
        """The entry's own words in the page's place."""
        entry = self._entry
        title = clean_line(entry.title, LONGEST_TITLE) or entry.url
        summary = self._own_words
        outlet = entry.outlet or entry.host
        published = _published_on(entry.published_at)
        document = Document(title, summary, entry.language, published, entry.url, outlet)
        verdict = self._judge.rule_out(document)
        reading = ArticleReading(
            entry_ids=entry.entry_ids,
            url=entry.url,
            canonical_url=entry.canonical_url,
            title=title,
            text="" if verdict else summary,
            language=verdict.lang if verdict else entry.language or "",
            outlet=outlet,
            published_at=entry.published_at,
            read_from="summary",
            read_note=note,
        )
        return PageReading(reading, verdict, is_ruled_out=True) if verdict else PassedPage(reading, document)

    def _no_page(self) -> str:
        return f"the address leads not to a page but to {name_type(self._fetched.content_type)}"

    @cached_property
    def _own_words(self) -> str:
        return read_summary(self._entry.summary, LONGEST_SUMMARY)

    def _reading(self, lang: str, text: str) -> ArticleReading:
        return ArticleReading(
            entry_ids=self._entry.entry_ids,
            url=self._fetched.url,
            canonical_url=self._canonical_url(),
            title=self._title or self._fetched.url,
            text=text,
            language=lang,
            outlet=self._outlet(),
            published_at=self._published_at(),
            read_from="page",
            read_note=self._note,
        )

    def _canonical_url(self) -> str:
        entry, declared = self._entry, self._head.declared_url
        if self._fetched.url == entry.url and declared in (None, entry.url, entry.canonical_url):
            return entry.canonical_url
        try:
            return choose_canonical(self._fetched.url, declared)
        except ValueError:  # a redirect to an address too long to keep
            return entry.canonical_url

    def _published_at(self) -> datetime | None:
        """Structured data, the head, markup, then the entry; the entry's time where a page states the same day only."""
        latest = self._fetched.fetched_at
        stated = read_time(self._body.published, latest) or read_time(self._head.published, latest)
        entry_at = self._entry.published_at
        is_vaguer = stated is not None and entry_at is not None and stated.date() == entry_at.date()
        return entry_at if stated is None or (is_vaguer and _is_midnight(stated)) else stated

    def _outlet(self) -> str:
        host = (host_of(self._fetched.url) or self._entry.host).removeprefix("www.")
        return self._head.site_name or self._body.publisher or self._entry.outlet or host

    def _language_hint(self, text: str) -> str | None:
        """None for a text long enough to tell its language itself: templates state the wrong one too often."""
        return None if len(text) >= LEAST_TEXT else self._entry.language or self._head.language


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def _published_on(at: datetime | None) -> str | None:
    return at.date().isoformat() if at is not None else None
