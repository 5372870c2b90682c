"""What is said of a source in trouble or well again: its state, why, and what an operator may do about it. Pure."""

from __future__ import annotations

from datetime import datetime

from alerts.i18n.languages import SOURCE_LANGUAGE
from alerts.i18n.translator import N_, Translator
from storage.sources.health import AILING, BROKEN_AFTER, SourceHealth

IN_TROUBLE = AILING - {"failing"}  # a failure of some hours is no reader's business yet

# By the kinds of error that the crawler stores (see `storage.records.PollOutcome`): what is the matter, for languages
# the crawler's own sentence is not in, and what to do.
CAUSES = {
    "http-401": N_("It asks for a user name and password."),
    "http-403": N_("It denies us access."),
    "http-404": N_("There is nothing at its address."),
    "http-410": N_("Its server says that it is gone for good."),
    "http-429": N_("Its server wants fewer requests."),
    "not-a-feed": N_("There is something other than a feed at its address."),
    "not-a-sitemap": N_("There is something other than a sitemap at its address."),
    "no-links": N_("No links to articles were found on its page."),
    "empty": N_("Its answer is empty."),
    "blocked": N_("A browser check blocks access to it."),
    "tls": N_("Its certificate is not valid."),
    "dns": N_("Its host name is unknown."),
    "refused-address": N_("Its host is in a private network."),
    "robots": N_("Its robots.txt forbids the page."),
    "too-large": N_("It is too large to be read."),
    "timeout": N_("Its server does not answer in time."),
    "dropped": N_("The connection was lost before the whole answer had arrived."),
    "refused": N_("Nothing answers at its address."),
    "paused": N_("Its server wants fewer requests."),
    "network": N_("This machine could not reach the network."),
    "too-many-redirects": N_("It redirects us again and again."),
    "bad-redirect": N_("It redirects us to something that is not a web address."),
    "bad-scheme": N_("It redirects us to something that is not a web address."),
    "bad-url": N_("Its address cannot be opened."),
    "bad-encoding": N_("Its answer cannot be decompressed."),
    "parse-timeout": N_("Reading it took too long."),
    "parse-crash": N_("Reading it failed."),
    "fault": N_("tipwatch ran into an internal error with it."),
}
ADVICE = {
    "http-401": N_("Set them under credentials."),
    "http-403": N_("Ask its operator, or watch its listing page."),
    "http-404": N_("Look for its new address, or remove it."),
    "http-410": N_("Replace its address, or remove it."),
    "not-a-feed": N_("The command “tipwatch sources check” looks for the feed."),
    "no-links": N_("The page's layout has changed: choose its links again."),
    "blocked": N_("Ask its operator, or remove it."),
    "tls": N_("Its operator must fix it."),
    "dns": N_("Look for its new address."),
    "refused-address": N_("Such a network is never contacted."),
    "robots": N_("Watch its feed, or ask its operator."),
    "too-large": N_("Raise max_feed_bytes, or watch a smaller feed of the same outlet."),
}
ELSE = N_("If this lasts, open its address in a browser.")


def is_worth_mentioning(health: SourceHealth, period_from_at: datetime) -> bool:
    """Whether a digest names the source: in trouble for long, or well again since `period_from_at` after such."""
    if health.state in IN_TROUBLE:
        return True
    if health.state != "ok" or health.recovered_at is None or health.recovered_at < period_from_at:
        return False
    return health.failed_from_at is not None and health.recovered_at - health.failed_from_at >= BROKEN_AFTER


def format_state(
    translator: Translator, health: SourceHealth, period_from_at: datetime, now: datetime
) -> tuple[str, datetime | None]:
    """The state in words for a reader, and since when it holds, unless the words say for how many days; empty for a
    source that was always well."""
    words = {
        "ok": translator.gettext("working again") if health.recovered_at is not None else "",
        "gone": translator.gettext("gone for good"),
        "moved": translator.gettext("moved"),
        "failing": translator.gettext("failing"),
        "broken": translator.gettext("broken"),
        "in-part": translator.gettext("read in part"),
    }
    days = max((now - health.since_at).days, 1) if health.since_at is not None else 0
    if health.state == "silent":
        return translator.ngettext("silent for %(number)s day", "silent for %(number)s days", days), None
    is_new = health.since_at is not None and health.since_at + BROKEN_AFTER >= period_from_at
    if health.state == "broken" and not is_new:
        return translator.ngettext("broken for %(number)s day", "broken for %(number)s days", days), None
    return words[health.state], health.since_at


def format_reason(translator: Translator, health: SourceHealth) -> str:
    """Why it is in trouble: the stored sentence, or in other languages than its own one by the kind of error."""
    if health.state == "moved":
        return translator.gettext("It has moved to %(address)s for good.", address=health.redirect_to or "")
    if health.state == "silent":
        return translator.gettext("It has published nothing new for far longer than usual.")
    if health.state == "in-part":
        return translator.gettext("Its document ends in the middle: news may be missing.")
    if health.state == "ok":
        return ""
    return format_cause(translator, health.error_kind or "", health.error_text or "")


def format_cause(translator: Translator, kind: str, text: str) -> str:
    """What is the matter with a source or a page: the stored sentence, or in other languages by the kind of error."""
    if translator.language != SOURCE_LANGUAGE:
        if kind in CAUSES:
            return translator.gettext(CAUSES[kind])
        if kind.startswith("http-"):
            return translator.gettext("Its server answers with error %(status)s.", status=kind.removeprefix("http-"))
        return translator.gettext("It could not be read.")
    # The crawler's sentence ends, behind a semicolon, with what to do; `format_advice` gives that.
    cause = text.split("; ", maxsplit=1)[0].replace("`", "").strip().rstrip(".")
    return f"{cause[:1].upper()}{cause[1:]}." if cause else translator.gettext("It could not be read.")


def format_advice(translator: Translator, health: SourceHealth) -> str:
    """What to do about it; empty where nothing is."""
    if health.state == "ok":
        return ""
    if health.state == "moved":
        return translator.gettext("Write the new address into config.yaml.")
    if health.state == "silent":
        return translator.gettext("Check in a browser whether it still publishes.")
    return translator.gettext(ADVICE.get(health.error_kind or "", ELSE))
