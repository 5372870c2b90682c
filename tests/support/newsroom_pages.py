"""Pages as newsrooms make them, with everything around the article that must stay out of it, and a small judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html import escape

from classifier.document import Band, Document, Verdict
from storage.records import PendingPage

NOW = datetime(2026, 11, 2, 6, 0, tzinfo=UTC)
URL = "https://herald.example/world/2026/11/01/burundi-shelter-project-begins"
TITLE = "Four-year project against trafficking begins in Burundi"
PARAGRAPHS = (
    "The migration agency and the Government of Burundi have begun a four-year project against human trafficking, "
    "officials said in Bujumbura on Sunday, with 3 million dollars from the Netherlands.",
    "The project will train 400 judges, prosecutors and police officers, open two shelters near the lake and help "
    "1,500 people who were exploited in farms, homes and mines over the next four years.",
    "Until now there was one shelter for the whole country, run by nuns with the help of volunteers, and it had to "
    "turn away many of those who came to its door, the ministry of justice said.",
    "A referral system between hospitals, border posts and courts is to be in place by the end of next year, and its "
    "results will be published every six months, the partners said.",
)


def newsroom_page(
    *,
    title: str = TITLE,
    paragraphs: tuple[str, ...] = PARAGRAPHS,
    site: str = "The Herald",
    head: str = "",
    before: str = "",
    lang: str = "en",
    repeat: int = 1,
) -> str:
    """A whole page: cookie banner, menu, article, share buttons, newsletter box, comments, sidebar with other sums,
    footer.

    `repeat` multiplies the sidebar, the styles and the menu: 1 gives some 9 kB, 14 some 140.
    """
    menu = "".join(f'<li><a href="/section/{number}">Section {number}</a></li>' for number in range(12 * repeat))
    related = "".join(
        f'<li class="story"><a href="/world/2026/10/{number}/another-story"><h4>Dam of EUR {number + 20} million '
        f"opened in district {number}</h4></a><p>The bank lent {number + 70} million dollars for it.</p></li>"
        for number in range(6 * repeat)
    )
    body = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    style = "".join(
        f".block-{number} {{ margin: {number}px; color: #a0{number % 10} }} " for number in range(40 * repeat)
    )
    return f"""<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><title>{escape(title)} | {site}</title>
<meta property="og:title" content="{escape(title)}"><meta property="og:site_name" content="{site}">
<meta property="og:type" content="article"><meta property="og:url" content="{URL}"><link rel="canonical" href="{URL}">
<style>{style}</style>{head}</head><body>
<div class="cookie-banner"><p>We use cookies worth EUR 5 million in advertising. By clicking accept you agree to all of
them. </p><button>Accept all</button></div>
<header><nav><ul>{menu}</ul></nav></header>{before}
<main><article><h1>{escape(title)}</h1><p class="byline">By our correspondent</p>
<time datetime="2026-11-01T09:30:00+01:00">1 November</time>{body}
<div class="share-buttons"><a href="#">Share this on a network</a></div>
<div class="newsletter"><p>Sign up for our newsletter, read by 2 million people, and never miss a story again.</p></div>
</article><section id="comments"><p>A reader wrote: this will cost us 44 million dollars, as always, and who will
pay?</p></section> </main><aside class="sidebar"><h3>Related stories</h3><ul>{related}</ul></aside>
<footer><p>Copyright 2026 {site}. A charity with a budget of USD 99 million. All rights
reserved.</p></footer></body></html>"""


def pending(
    *,
    url: str = URL,
    title: str = TITLE,
    summary: str = "A project against trafficking begins in Burundi.",
    attempts: int = 0,
    entry_ids: tuple[int, ...] = (1,),
    host: str = "herald.example",
    published_at: datetime | None = None,
    language: str | None = None,
    outlet: str | None = None,
) -> PendingPage:
    """A page that waits."""
    return PendingPage(entry_ids, url, url, host, title, summary, published_at, language, outlet, "herald", attempts)


def verdict(*, is_relevant: bool) -> Verdict:
    """A verdict without reasons."""
    probability = 0.9 if is_relevant else 0.1
    band: Band = "yes" if is_relevant else "no"
    return Verdict("en", probability, is_relevant, band, 0.1, False, "no", "project" if is_relevant else "general-news")


@dataclass
class WordJudge:
    """Rules out what does not hold the word, and remembers what it was shown."""

    word: str = "trafficking"
    rough: list[Document] = field(default_factory=list)
    judged: list[Document] = field(default_factory=list)

    def rule_out(self, document: Document) -> Verdict | None:
        self.rough.append(document)
        found = self.word in f"{document.title} {document.text}".lower()
        return None if found else verdict(is_relevant=False)

    @property
    def is_encoder_loaded(self) -> bool:
        return True

    def load_fact_reading(self) -> None:
        raise AssertionError("this judge has none")

    def judge(self, document: Document) -> Verdict:
        self.judged.append(document)
        return verdict(is_relevant=True)


CONSENT = (
    "<html><head><title>Before you continue</title></head><body><h1>Before you continue</h1><p>We use cookies and data "
    "to deliver our services. Accept all or reject all cookies to read on.</p></body></html>"
)
