"""A page on a new project, to be read and judged before the first that comes.

Much of what reading and judging need is made when it is first needed: patterns, lists of domains, tables of the
libraries, lexicons.
"""

from __future__ import annotations

from datetime import UTC, datetime

from crawler.pages.records import FetchedPage
from storage.records import PendingPage

AT = datetime(2026, 1, 1, tzinfo=UTC)
URL = "https://rehearsal.example/news/1"
TITLE = "New project against human trafficking starts in Kenya and Uganda"
PARAGRAPHS = (
    "The International Organization for Migration has launched a new project against trafficking in persons in Kenya "
    "and Uganda, the ministry of labour said on Monday.",
    "The three-year project, funded by the European Union with 2.5 million euros, will train labour inspectors, "
    "support survivors and help prosecutors to build cases until December 2028.",
    "It will be carried out together with the Kenya Red Cross, and is to reach 4,000 people in eight districts.",
)
_HTML = (
    f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{TITLE}</title>'
    f'<link rel="canonical" href="{URL}"></head><body>'
    f"<nav><ul><li><a href='/'>Home</a></li></ul></nav><article><h1>{TITLE}</h1>"
    f"{''.join(f'<p>{paragraph}</p>' for paragraph in PARAGRAPHS)}</article><footer>Contact</footer></body></html>"
)
PAGE = FetchedPage(
    PendingPage(
        entry_ids=(0,),
        url=URL,
        canonical_url=URL,
        host="rehearsal.example",
        title=TITLE,
        summary=PARAGRAPHS[0],
        published_at=AT,
        language="en",
        outlet=None,
        source_name="rehearsal",
        attempts=0,
    ),
    URL,
    _HTML.encode(),
    AT,
    content_type="text/html; charset=utf-8",
)
