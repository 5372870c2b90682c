"""What an operator may do about a source in trouble, in a sentence. Pure."""

from __future__ import annotations

from storage.health import SourceHealth

# By the kinds of error that the crawler stores (see `storage.records.PollOutcome`).
ADVICE = {
    "http-401": "It asks for a user name and password: give them under credentials.",
    "http-403": "It refuses us: ask its operator, or watch its listing page.",
    "http-404": "Look for its new address, or remove it.",
    "http-410": "Replace its address, or remove it.",
    "not-a-feed": "Its address shows something else now: `tipwatch sources check` looks for the feed.",
    "no-links": "The page's layout has changed: choose its links anew.",
    "blocked": "A check for browsers stands before it: ask its operator, or remove it.",
    "tls": "Its certificate must be mended by its operator.",
    "dns": "Its host name is unknown: look for its new address.",
    "refused-address": "Its host leads into a private network, which is never contacted.",
    "robots": "Its robots.txt forbids the page: watch its feed, or ask its operator.",
    "too-large": "Raise max_feed_bytes, or watch a smaller feed of theirs.",
}
ELSE = "If it lasts, open its address in a browser."
STATES = {"failing": "failing", "broken": "broken", "gone": "gone for good", "moved": "moved", "silent": "silent"}


def say_state(health: SourceHealth) -> str:
    """The state in words for a reader; empty for a source that is well or was never visited."""
    return STATES.get(health.state, "")


def say_reason(health: SourceHealth) -> str:
    """Why it is in trouble: the stored sentence, or one made from the state."""
    if health.state == "moved":
        return f"It sends us on to {health.redirect_to} for good."
    if health.state == "silent":
        return "It has told nothing new for far longer than it usually does."
    # The crawler's sentence ends, behind a semicolon, with what to do; that is said by `say_advice`.
    cause = (health.error_text or "it could not be read").split("; ")[0].strip().rstrip(".")
    return f"{cause[:1].upper()}{cause[1:]}."


def say_advice(health: SourceHealth) -> str:
    """What to do about it."""
    if health.state == "moved":
        return "Write the new address into config.yaml."
    if health.state == "silent":
        return "See in a browser whether it still publishes."
    return ADVICE.get(health.error_kind or "", ELSE)
