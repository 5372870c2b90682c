"""How an article of a batch is like one article of a project or story, whatever is known of either. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from storage.register.compare.claims import Member
from storage.register.compare.events import compare_events, compare_later_report, compare_update
from storage.register.compare.headlines import compare_headlines
from storage.register.compare.match import MatchDecision, compare_claims
from storage.register.resolve.groups import BatchArticle, Group


def is_of_one_article(item: BatchArticle, group: Group) -> bool:
    """Whether another project of the same article is there: then this one is not, whatever they have in common."""
    return any(item.claims.is_beside(member.claims) for member in group.members)


def match_reports(item: BatchArticle, member: Member) -> Iterator[MatchDecision]:
    """How an article reports what a member announced, or the other way round, where facts alone do not say."""
    ours, theirs = item.claims, member.claims
    if (match := compare_headlines(ours, theirs)).decision == "same":
        yield match
        return
    if item.has_facts and member.has_facts:
        if not item.is_new_project:
            yield compare_update(ours, item.words, theirs)
        return
    yield compare_events(ours, theirs)
    if not item.has_facts and member.has_facts:
        yield compare_update(ours, item.words, theirs)
        yield compare_later_report(ours, theirs)
    elif item.has_facts and not member.has_facts:
        yield compare_later_report(theirs, ours)
        if member.words:
            yield compare_update(theirs, member.words, ours)


def match_member(item: BatchArticle, member: Member) -> MatchDecision:
    """How an article is like one of a project or story, by its facts or by what it reports."""
    both = [compare_claims(item.claims, member.claims)] if item.has_facts and member.has_facts else []
    if both and (both[0].decision == "same" or both[0].is_contradicted):
        return both[0]
    return strongest(*both, *match_reports(item, member))


def strongest(*matches: MatchDecision) -> MatchDecision:
    """The decision that joins most surely, at least one being given."""
    order = {"same": 2, "perhaps": 1, "different": 0}
    return max(matches, key=lambda match: (order[match.decision], match.points))


def is_true_copy(item: BatchArticle, member: Member) -> bool:
    """Whether two much alike texts are one text, and not one template filled in twice."""
    if item.has_facts and member.has_facts:
        return compare_claims(item.claims, member.claims).decision == "same"
    return compare_events(item.claims, member.claims).decision == "same"
