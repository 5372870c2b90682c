"""Tells pages that stand where an article should be: challenges, consent walls, paywall stubs, soft 404s.

In: what a page says (title, visible text, HTML) and what its entry does. Out: a note that says what it is, or None for
an article. Promises: a long text that speaks of what its entry says is never taken for a wall, whatever words it holds,
so that an article about cookies or paywalls stays one; a cookie banner over a real article is no wall; a page without
prose never takes the place of an entry that has some.
"""

from __future__ import annotations

import re

from classifier.text.language_detection import detect_language
from crawler.pages.prose import prose_of, speaks_of
from storage.records import LEAST_PROSE

STUB_CHARACTERS = 900
"""Visible text shorter than this (some 150 words) is looked at closely; news articles shorter than it are few, and
theirs is judged by the words below."""

BARE_CHARACTERS = 250
"""Text shorter than this is no article: a title, a caption, a line of a menu."""

LEAST_CONFIDENCE = 0.45
"""With which a page's language is told before it counts as another than the entry's; of 2,700 pages in 30 languages
none came below 0.47."""

_CHALLENGE_TITLE = re.compile(
    r"^(just a moment|attention required|access (to this page has been )?denied|(are you|you are) (a )?(robot"
    r"|human|not a robot)"
    r"|pardon our interruption|checking your browser|ddos-guard|security check|robot or human|bot verification"
    r"|human verification|verif(y|ying) (you are|that you)|please wait|one moment,? please|403 forbidden|forbidden"
    r"|un momento|un instant|um momento|einen moment|request (rejected|blocked)|client challenge|vercel security)",
    re.IGNORECASE,
)
_CHALLENGE_MARKUP = (
    "cdn-cgi/challenge-platform",
    "cf-chl-",
    "cf_chl_opt",
    "_Incapsula_Resource",
    "captcha-delivery.com",
    "px-captcha",
    "sgcaptcha",
    "ddos-guard",
    "awsWafCookieDomainList",
    "challenge.js",
)
_CHALLENGE_TEXT = re.compile(
    r"enable javascript and cookies to continue|verify(ing)? (that )?you are (a )?human|unusual traffic from your"
    r"|complete the (security check|captcha)|checking (if the site connection is secure|your browser before)"
    r"|v[eé]rifi(ez|er) que vous [eê]tes humain|verifique que (é|usted es) (um )?humano",
    re.IGNORECASE,
)
_NEEDS_SCRIPT = re.compile(
    r"(enable|activate|turn on|requires?|need to have) javascript|javascript (is|seems to be|to be"
    r"|must be) (disabled|enabled|required)"
    r"|(activer|activez) (le )?javascript|(habilitar?|habilite|activ(ar|e)|ative) (o |el )?javascript"
    r"|تفعيل جافا ?سكريبت",
    re.IGNORECASE,
)
_CONSENT = re.compile(
    r"we (and our \d* ?partners )?(use|value|store|care about) (your |cookies|and/or)|before you continue"
    r"|accept (all|cookies)"
    r"|cookie (policy|settings|preferences)|manage (your )?(consent|cookies|preferences|privacy)|your privacy (is"
    r"|choices)"
    r"|nous utilisons des cookies|accepter (et continuer|tout|les cookies)|continuer sans accepter|g[eé]rer (mes"
    r"|vos) (choix|cookies)"
    r"|utilizamos cookies|usamos cookies|aceptar (todo|cookies|y continuar)|aceitar (tudo|todos|cookies)"
    r"|pol[ií]tica de (cookies|privacidad|privacidade)|wir verwenden cookies|alle akzeptieren|zustimmen und weiter"
    r"|نستخدم ملفات تعريف الارتباط|ملفات الارتباط|سياسة الخصوصية",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"subscribe (now )?to (continue|read|keep reading|unlock|access)|(article|content|story) is (only )?(for"
    r"|available to|reserved for) "
    r"(our )?(paid |premium )?(subscribers|members)|already a (subscriber|member)|(log|sign) in to (continue|read)"
    r"|to (continue|keep) reading|register to (continue|read)|your (free )?(article )?limit|start your (free )?trial"
    r"|(article|contenu) r[eé]serv[eé] aux abonn[eé]s|(pour lire la suite|d[eé]j[aà] abonn[eé])|abonnez-vous pour"
    r"|suscr[ií]b(ete|ase) para|contenido exclusivo para suscriptores|para (seguir|continuar) leyendo|ya (es"
    r"|eres) suscriptor"
    r"|(assine|fa[cç]a login) para (continuar|ler)|conte[uú]do exclusivo para assinantes|j[aá] [eé] assinante"
    r"|اشترك (الآن )?لمتابعة|هذا المحتوى للمشتركين|للمشتركين فقط",
    re.IGNORECASE,
)
_MISSING_TITLE = re.compile(
    r"^(error )?(404|410)\b|\b(404|410)( error)?$|page (was )?not found|not found$|page (does not|doesn.t"
    r"|no longer) exists?"
    r"|(page|article|content|story) (is )?(no longer available|unavailable|has been (removed|deleted))|we can.t find"
    r"|page (introuvable|non trouv[eé]e|inexistante)|p[aá]gina (no|n[aã]o) (encontrada|existe|disponible)"
    r"|no encontrad[ao]$"
    r"|seite nicht gefunden|الصفحة غير موجودة|لم يتم العثور",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]")


def why_no_article(
    *, html: str, text: str, titles: tuple[str, ...], entry_title: str, is_free: bool | None = None
) -> str | None:
    """A note on what stands in the article's place; None where the page is one.

    Args:
        html: the page.
        text: its main text, as read roughly.
        titles: what the page calls itself (its title, its heading).
        entry_title: what the source called the article: a headline with "not found" in it is no missing page.
        is_free: whether its structured data say that it can be read without paying.
    """
    shown = " ".join(titles)
    if any(_MISSING_TITLE.search(title) for title in titles) and not _MISSING_TITLE.search(entry_title):
        return "the page says that the article is not there"
    if len(text) >= STUB_CHARACTERS:
        return None
    if any(_CHALLENGE_TITLE.search(title) for title in titles) and not _CHALLENGE_TITLE.search(entry_title):
        return "the site asked for proof of a human reader"
    if _CHALLENGE_TEXT.search(text) or (
        len(text) < BARE_CHARACTERS and any(mark in html for mark in _CHALLENGE_MARKUP)
    ):
        return "the site asked for proof of a human reader"
    if is_free is False or _PAYWALL.search(text):
        return "the page shows only the beginning; the rest is for subscribers"
    is_named_wall = any(_CONSENT.search(title) for title in titles) and not _CONSENT.search(entry_title)
    rest = _without_lines(_CONSENT, text)
    if is_named_wall or (len(rest) < BARE_CHARACTERS and (_CONSENT.search(text) or _CONSENT.search(shown))):
        return "a consent wall hides the article"
    if len(text) < BARE_CHARACTERS:
        if _PAYWALL.search(html):
            return "the page shows only the beginning; the rest is for subscribers"
        if _NEEDS_SCRIPT.search(html):
            return "the page shows its text only to browsers that run scripts"
        if not _LETTERS.search(text):
            return "the page contains no text"
    return None


def why_not_of_entry(*, html: str, text: str, entry_text: str) -> str | None:
    """A note where an entry that has prose says more than its page, or something else; None where the page is better.

    Args:
        html: the page; its head often repeats what the entry says.
        text: its main text.
        entry_text: what the source says of it.
    """
    entry_prose = prose_of(entry_text)
    if len(entry_prose) < LEAST_PROSE:
        return None
    prose = prose_of(text)
    if len(prose) < max(LEAST_PROSE, len(entry_prose) // 2):
        return "the page says less than the entry itself"
    if speaks_of((html[: html.find("</head") + 1], text), entry_text):
        return None
    if _CONSENT.search(text):
        return "a consent wall hides the article"
    language, confidence = detect_language(prose)
    if confidence >= LEAST_CONFIDENCE and language != detect_language(entry_prose)[0]:
        return None  # a translation, which shares no words
    return "the page contains nothing that the entry says"


def is_front_page_redirect(asked_path: str, final_path: str) -> bool:
    """Whether an article's address led to the front page, which is how many sites say that it is gone."""
    return final_path.strip("/") == "" and asked_path.strip("/") != ""


def _without_lines(pattern: re.Pattern[str], text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not pattern.search(line))


def why_blocked(*, html: str, text: str, title: str) -> str | None:
    """A note where a page stands in the way of something that is no article (a feed, a sitemap); None where it is none.

    Args:
        html: the page, or its beginning.
        text: its visible text.
        title: what it calls itself.
    """
    if len(text) >= STUB_CHARACTERS and not _CHALLENGE_TITLE.search(title):
        return None
    has_mark = any(mark in html for mark in _CHALLENGE_MARKUP)
    if has_mark or _CHALLENGE_TITLE.search(title) or _CHALLENGE_TEXT.search(text):
        return "the site asked for proof of a human reader"
    if _CONSENT.search(text) or _CONSENT.search(title):
        return "a consent wall stands before it"
    if _NEEDS_SCRIPT.search(text) and len(text) < BARE_CHARACTERS * 2:
        return "the site answers only browsers that run scripts"
    return None
