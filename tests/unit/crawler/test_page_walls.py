"""Pages that stand where an article should be are told from articles, and articles from them."""

from __future__ import annotations

import pytest

from crawler.pages.interstitials import is_front_page_redirect, why_blocked, why_no_article
from tests.support.newsroom_pages import PARAGRAPHS, TITLE

ARTICLE = "\n\n".join(PARAGRAPHS * 2)


def note(
    text: str, *, title: str = TITLE, html: str = "", entry: str = TITLE, is_free: bool | None = None
) -> str | None:
    return why_no_article(html=html or text, text=text, titles=(title,), entry_title=entry, is_free=is_free)


@pytest.mark.parametrize(
    ("text", "title", "word"),
    [
        (
            "Checking if the site connection is secure. Enable JavaScript and cookies to continue",
            "Just a moment...",
            "human",
        ),
        ("Sorry, you have been blocked.", "Attention Required! | Cloudflare", "human"),
        (
            "Before you continue to the site\nAccept all\nWe use cookies and data to deliver services.",
            "Site",
            "consent",
        ),
        (
            "Nous utilisons des cookies pour mesurer l'audience.\nContinuer sans accepter\nAccepter tout",
            "Le Jour",
            "consent",
        ),
        ("Utilizamos cookies propias y de terceros.\nAceptar todo", "El Día", "consent"),
        ("A new project begins.\nSubscribe to continue reading. Already a subscriber? Sign in.", TITLE, "subscribers"),
        ("Un projet commence.\nArticle réservé aux abonnés. Déjà abonné ?", TITLE, "subscribers"),
        ("Suscríbete para seguir leyendo", TITLE, "subscribers"),
        ("اشترك الآن لمتابعة القراءة", TITLE, "subscribers"),
        ("The page you want has moved. " * 50, "404 - Page not found", "not there"),
        ("Voici nos derniers articles. " * 50, "Page introuvable", "not there"),
        ("...", TITLE, "no text"),
    ],
)
def test_a_wall_is_named(text: str, title: str, word: str) -> None:
    assert word in (note(text, title=title) or "")


def test_a_page_that_needs_scripts_is_named() -> None:
    html = "<noscript>You need to enable JavaScript to run this app.</noscript><div id=root></div>"
    assert "scripts" in (note("", html=html) or "")


@pytest.mark.parametrize(
    ("text", "title", "entry"),
    [
        (ARTICLE, TITLE, TITLE),
        (ARTICLE + "\nWe use cookies. Accept all", TITLE, TITLE),
        (ARTICLE + "\nSubscribe to continue reading our other articles", TITLE, TITLE),
        (ARTICLE, "Page not found: how links die", "Page not found: how links die"),
        (
            "Police arrested five people in the port on Sunday, and freed eleven, the ministry said in a short note. "
            * 3,
            "Five held",
            "Five held",
        ),
    ],
)
def test_an_article_is_no_wall(text: str, title: str, entry: str) -> None:
    assert note(text, title=title, entry=entry) is None


def test_a_stub_that_says_it_is_not_free_is_for_subscribers() -> None:
    assert "subscribers" in (note(PARAGRAPHS[0], is_free=False) or "")
    assert note(ARTICLE, is_free=False) is None


def test_the_way_to_the_front_page_is_the_way_of_gone_pages() -> None:
    assert is_front_page_redirect("/news/article-7", "/")
    assert not is_front_page_redirect("/news/article-7", "/news/article-seven")
    assert not is_front_page_redirect("/", "/")


def test_a_challenge_before_a_listing_is_named() -> None:
    assert why_blocked(html="cf_chl_opt", text="One moment", title="Just a moment...") is not None
    assert why_blocked(html="", text=ARTICLE, title="News") is None


def test_a_page_that_calls_itself_a_consent_page_is_a_wall_however_much_it_explains() -> None:
    text = "We value your privacy.\n" + "Our partners store what you read on this device for a year. " * 8
    note = why_no_article(html="", text=text, titles=("Before you continue",), entry_title="A shelter opens in Dakar")
    assert note == "a consent wall hides the article"
