"""What is said of a source in trouble or well again: its state, why, and what an operator may do about it. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from alerts.i18n.phrases import say_number
from alerts.i18n.translator import SOURCE_LANGUAGE, Voice, mark
from storage.sources.health import BROKEN_AFTER, SourceHealth

IN_TROUBLE = frozenset({"broken", "gone", "moved", "silent"})  # a failure of some hours is no reader's business yet

# By the kinds of error that the crawler stores (see `storage.records.PollOutcome`): what is the matter, for languages
# the crawler's own sentence is not in, and what to do.
CAUSES = {
    "http-401": mark("It asks for a user name and password."),
    "http-403": mark("It refuses us."),
    "http-404": mark("There is nothing at its address."),
    "http-410": mark("Its server says that it is gone for good."),
    "http-429": mark("Its server wants fewer requests."),
    "not-a-feed": mark("There is something other than a feed at its address."),
    "not-a-sitemap": mark("There is something other than a sitemap at its address."),
    "no-links": mark("No links to articles were found on its page."),
    "empty": mark("Its answer is empty."),
    "blocked": mark("A check for browsers stands before it."),
    "tls": mark("Its certificate is not valid."),
    "dns": mark("Its host name is unknown."),
    "refused-address": mark("Its host leads into a private network."),
    "robots": mark("Its robots.txt forbids the page."),
    "too-large": mark("It is too large to be read."),
    "timeout": mark("Its server does not answer in time."),
    "dropped": mark("The connection was cut before the answer was whole."),
    "refused": mark("Nothing answers at its address."),
    "paused": mark("Its server wants fewer requests."),
    "network": mark("This machine could not reach the network."),
    "too-many-redirects": mark("It redirects us again and again."),
    "bad-redirect": mark("It redirects us to something that is not a web address."),
    "bad-scheme": mark("It redirects us to something that is not a web address."),
    "bad-url": mark("Its address cannot be opened."),
    "bad-encoding": mark("Its answer cannot be unpacked."),
    "parse-timeout": mark("Reading it took too long."),
    "parse-crash": mark("Reading it failed."),
    "fault": mark("tipwatch itself failed on it."),
}
ADVICE = {
    "http-401": mark("Give them under credentials."),
    "http-403": mark("Ask its operator, or watch its listing page."),
    "http-404": mark("Look for its new address, or remove it."),
    "http-410": mark("Replace its address, or remove it."),
    "not-a-feed": mark("`tipwatch sources check` looks for the feed."),
    "no-links": mark("The page's layout has changed: choose its links again."),
    "blocked": mark("Ask its operator, or remove it."),
    "tls": mark("Its operator must fix it."),
    "dns": mark("Look for its new address."),
    "refused-address": mark("Such a network is never contacted."),
    "robots": mark("Watch its feed, or ask its operator."),
    "too-large": mark("Raise max_feed_bytes, or watch a smaller feed of theirs."),
}
ELSE = mark("If it lasts, open its address in a browser.")

TroubleKind = Literal["new", "lasting", "silent", "recovered"]


def is_worth_telling(health: SourceHealth, period_from_at: datetime) -> bool:
    """Whether a digest names the source: in trouble for long, or well again since `period_from_at` after such."""
    return health.state in IN_TROUBLE or is_recovered(health, period_from_at)


def is_recovered(health: SourceHealth, period_from_at: datetime) -> bool:
    if health.state != "ok" or health.recovered_at is None or health.recovered_at < period_from_at:
        return False
    return health.failed_from_at is not None and health.recovered_at - health.failed_from_at >= BROKEN_AFTER


def kind_of_trouble(health: SourceHealth, period_from_at: datetime) -> TroubleKind:
    """Which group a source worth telling belongs to."""
    if health.state == "ok":
        return "recovered"
    if health.state == "silent":
        return "silent"
    if health.since_at is None:
        return "lasting"
    turned_at = health.since_at + (BROKEN_AFTER if health.state == "broken" else timedelta())
    return "new" if turned_at >= period_from_at else "lasting"


def say_state(voice: Voice, health: SourceHealth, period_from_at: datetime, now: datetime) -> str:
    """The state in words for a reader, with its days where it has lasted; empty for a source that was always well."""
    kind = kind_of_trouble(health, period_from_at)
    if kind == "recovered":
        return voice.gettext("well again") if health.recovered_at is not None else ""
    if health.state == "gone":
        return voice.gettext("gone for good")
    if health.state == "moved":
        return voice.gettext("moved")
    days = max((now - health.since_at).days, 1) if health.since_at is not None else 0
    number = say_number(voice, days)
    if kind == "silent":
        return voice.ngettext("silent for %(number)s day", "silent for %(number)s days", days, number=number)
    if health.state == "failing":
        return voice.gettext("failing")
    if kind == "new":
        return voice.gettext("newly broken")
    return voice.ngettext(
        "still broken after %(number)s day", "still broken after %(number)s days", days, number=number
    )


def say_reason(voice: Voice, health: SourceHealth) -> str:
    """Why it is in trouble: the stored sentence, or in other languages than its own one by the kind of error."""
    if health.state == "moved":
        return voice.gettext("It has moved to %(address)s for good.", address=health.redirect_to or "")
    if health.state == "silent":
        return voice.gettext("It has published nothing new for far longer than usual.")
    if health.state == "ok":
        return ""
    return say_cause(voice, health.error_kind or "", health.error_text or "")


def say_cause(voice: Voice, kind: str, text: str) -> str:
    """What is the matter with a source or a page: the stored sentence, or in other languages by the kind of error."""
    if voice.language != SOURCE_LANGUAGE:
        if kind in CAUSES:
            return voice.gettext(CAUSES[kind])
        if kind.startswith("http-"):
            return voice.gettext("Its server answers with error %(status)s.", status=kind.removeprefix("http-"))
        return voice.gettext("It could not be read.")
    # The crawler's sentence ends, behind a semicolon, with what to do; that is said by `say_advice`.
    cause = text.split("; ", maxsplit=1)[0].strip().rstrip(".")
    return f"{cause[:1].upper()}{cause[1:]}." if cause else voice.gettext("It could not be read.")


def say_advice(voice: Voice, health: SourceHealth) -> str:
    """What to do about it; empty where nothing is."""
    if health.state == "ok":
        return ""
    if health.state == "moved":
        return voice.gettext("Write the new address into config.yaml.")
    if health.state == "silent":
        return voice.gettext("See in a browser whether it still publishes.")
    return voice.gettext(ADVICE.get(health.error_kind or "", ELSE))
