"""Resolves one batch of articles: for each a project or story, stored or new, with the reason in words.

Stored owners with their articles go in (`load`), then the batch's articles one after another, which see each other like
stored ones. No database here: what was resolved is written down afterwards (`persist`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storage.register.blocking.key_index import OwnerKind
from storage.register.blocking.keys import list_blocking_keys
from storage.register.blocking.lookup import StoredMember
from storage.register.compare.claims import Member
from storage.register.compare.events import compare_events
from storage.register.compare.headlines import are_two_outlets_headlines, compare_headlines
from storage.register.compare.match import MatchDecision, compare_claims, join_decisions
from storage.register.compare.near_copy import estimate_similarity
from storage.register.compare.relations import relate
from storage.register.resolve.groups import BatchArticle, Group, Place, Relation, Split
from storage.register.resolve.members import is_of_one_article, is_true_copy, match_member, match_reports, strongest
from storage.register.resolve.splitting import find_split

# A text shares this much with one it was copied from; 3 of 15 sentences rewritten leave 0.66.
COPY_SIMILARITY = 0.6
# Of the owners that share keys with an article, those with the most are compared; a true match is nearly always among
# them.
COMPARED_OWNERS = 10
# Log-odds from which an article is plainly of a project: 20 to 1. At 2 to 1, an article that joined two projects joined
# as many wrongly as rightly among the labelled ones.
PLAIN = 3.0
# "Perhaps the same as" is for people to look at: more than three is a list nobody reads.
MAX_PERHAPS = 3


class BatchResolver:
    """Finds a place for each article of one batch."""

    def __init__(
        self,
        apart: frozenset[tuple[int, int]] = frozenset(),
        settled_stories: frozenset[int] = frozenset(),
        joined: frozenset[int] = frozenset(),
    ) -> None:
        """What a person decided: `apart` are pairs of project ids never merged by rule, `settled_stories` no
        project's, `joined` projects that a person merged others into, however unlike they are."""
        self._settled_stories = settled_stories
        self._joined = joined
        self.groups: dict[tuple[OwnerKind, int], Group] = {}
        self.new_groups: list[Group] = []
        self.relations: list[Relation] = []
        self.merges: list[tuple[Group, Group, str]] = []
        self.splits: list[Split] = []
        self._apart = apart
        self._by_key: dict[tuple[OwnerKind, str], list[Group]] = {}
        self._by_band: dict[int, list[tuple[Member, Group]]] = {}

    # --- what is stored

    def add_member(self, member: StoredMember) -> None:
        """Puts a stored article in the resolver, under its owner."""
        group = self.groups.get(member.owner)
        if group is None:
            group = self.groups[member.owner] = Group(member.owner[0], member.owner[1])
        group.members.append(member)

    def add_keys_found(self, kind: OwnerKind, found: dict[str, list[int]]) -> None:
        """Notes which stored owners have which keys; owners not in the resolver are passed over."""
        loaded = {id_: group for (group_kind, id_), group in self.groups.items() if group_kind == kind}
        for key, ids in found.items():
            self._by_key[kind, key] = [loaded[id_] for id_ in ids if id_ in loaded]

    def add_bands_found(self, found: dict[int, list[int]]) -> None:
        """Notes which stored articles have which bands."""
        at = {m.article_id: (m, group) for group in self.groups.values() for m in group.members}
        for band, ids in found.items():
            self._by_band[band] = [at[id_] for id_ in ids if id_ in at]

    # --- placing

    def place(self, item: BatchArticle) -> Place:
        """Finds an article's place and puts it there."""
        place = self._find_copy(item) or self._find_project(item) or self._find_story(item)
        item.place = place
        group = place.group
        group.members.append(item)
        group.new_items.append(item)
        for key in item.keys:
            at = self._by_key.setdefault((group.kind, key), [])
            if group not in at:
                at.append(group)
        for band in item.bands:
            self._by_band.setdefault(band, []).append((item, group))
        return place

    def _find_copy(self, item: BatchArticle) -> Place | None:
        ours = item.claims.signature
        if ours is None:
            return None
        candidates = {id(m): (m, group) for band in item.bands for m, group in self._by_band.get(band, ())}
        best: tuple[float, Member, Group] | None = None
        for member, found in candidates.values():
            theirs = member.claims.signature
            if theirs is None:
                continue
            alike = estimate_similarity(ours, theirs)
            group = found.settle()
            may_join = group.kind == "project" or not (item.is_new_project and item.has_facts)
            if (
                alike >= COPY_SIMILARITY
                and may_join
                and not is_of_one_article(item, group)
                and is_true_copy(item, member)
                and (best is None or alike > best[0])
            ):
                best = (alike, member, group)
        if best is None:
            return None
        alike, member, group = best
        return Place(
            group, "near-copy", f"{alike:.0%} of the text is that of article {member.article_id}", member.article_id
        )

    def _find_project(self, item: BatchArticle) -> Place | None:
        linked = [(group, self._link(item, group)) for group in self.list_candidates("project", item)]
        judged = [(group, self._judge_project(item, group, its)) for group, its in linked]
        is_new_project = item.is_new_project or self._is_supported(item)
        same = sorted(((g, match) for g, match in judged if match.decision == "same"), key=lambda pair: -pair[1].points)
        if same:
            group, match = same[0]
            matches = {id(g): [one for _, one in its] for g, its in linked}
            for other, second in same[1:]:
                self._consider_merge(group, other, second, [*matches[id(group)], *matches[id(other)]])
            if is_new_project:
                self._absorb_stories(item, group.settle())
            self._relate(item, group, judged)
            return Place(group.settle(), "known-project", match.reason)
        for group, its in linked:
            if (part := self._part(group, its)) is not None:
                self._relate(item, part, judged)
                return Place(part, "known-project", "one with some articles of a project that it shows to be two")
        if not is_new_project:
            return None
        group = Group("project", None)
        self.new_groups.append(group)
        perhaps = sorted(
            ((g, match) for g, match in judged if match.decision == "perhaps"), key=lambda pair: -pair[1].points
        )
        self.relations += [Relation("perhaps-same", group, g, match.reason) for g, match in perhaps[:MAX_PERHAPS]]
        self._relate(item, group, judged)
        self._absorb_stories(item, group)
        return Place(group, "new-project")

    def _find_story(self, item: BatchArticle) -> Place:
        for group in self.list_candidates("story", item):
            for member in group.members:
                match = compare_headlines(item.claims, member.claims)
                if match.decision != "same" and item.has_facts and member.has_facts:
                    match = compare_claims(item.claims, member.claims)
                if match.decision != "same" and not match.is_contradicted:
                    match = compare_events(item.claims, member.claims)
                if match.decision == "same":
                    return Place(group, "known-story", match.reason)
        group = Group("story", None)
        self.new_groups.append(group)
        return Place(group, "new-story")

    def list_candidates(self, kind: OwnerKind, item: BatchArticle) -> list[Group]:
        """Groups that share a key with the article, those with the most and rarest keys first."""
        counted: dict[int, float] = {}
        groups: dict[int, Group] = {}
        for key in (*item.keys, *item.lookup_keys):
            found = {id(g): g for g in (group.settle() for group in self._by_key.get((kind, key), ()))}
            for identity, group in found.items():
                if group.kind == kind and not is_of_one_article(item, group):
                    groups[identity] = group
                    counted[identity] = counted.get(identity, 0.0) + 1 / len(found)
        best = sorted(counted, key=lambda identity: -counted[identity])  # stable: of equals the first found
        return [groups[identity] for identity in best[:COMPARED_OWNERS]]

    # --- judging

    def _is_supported(self, item: BatchArticle) -> bool:
        """Whether a second outlet has the headline that alone would make the article a new project."""
        return item.verdict.awaits_support and any(
            are_two_outlets_headlines(item.claims, member.claims)
            for story in self.list_candidates("story", item)
            if story.id not in self._settled_stories
            for member in story.members
        )

    def _link(self, item: BatchArticle, group: Group) -> list[tuple[Member, MatchDecision]]:
        """How the article is like each of a project's, as far as both have facts."""
        return [(m, compare_claims(item.claims, m.claims)) for m in group.members if item.has_facts and m.has_facts]

    def _judge_project(
        self, item: BatchArticle, group: Group, its: Sequence[tuple[Member, MatchDecision]]
    ) -> MatchDecision:
        """The article against a project: by the mean over its articles with facts, where both have any.

        An article that announces nothing, or a project none of whose articles has facts, is later news of it only if
        none contradicts: news that names a project may have come to the wrong phase of it. What a person merged may
        contradict itself, so that one that is the same is enough.
        """
        linked = [match for _, match in its]
        if linked and group.id in self._joined:
            return max(linked, key=lambda match: match.points)
        whole = join_decisions(linked) if linked else None
        if whole is not None and whole.decision == "same":
            return whole
        if any(match.is_contradicted for match in linked):
            return whole or linked[0]
        reports = [match for m in group.members for match in match_reports(item, m)]
        return strongest(*([whole] if whole else []), *reports)

    def _relate(self, item: BatchArticle, group: Group, judged: Iterable[tuple[Group, MatchDecision]]) -> None:
        """How the article's project stands to those that it is not: it follows one, belongs to one, adds to one."""
        for other, match in judged:
            if match.decision != "same" and item.has_facts:
                reports = (relate(item.claims, member.claims) for member in other.members if member.has_facts)
                if (found := next(filter(None, reports), None)) is not None:
                    pair = (group, other) if found.is_ours else (other, group)
                    self.relations.append(Relation(found.kind, *pair, found.words))

    def _part(self, group: Group, linked: Sequence[tuple[Member, MatchDecision]]) -> Group | None:
        """Makes two of a project that an article shows to be two, and gives the one that is the article's; None where
        it shows no such thing, or a person made it one.

        The project stays with its first article.
        """
        found = None if group.id in self._joined else find_split(linked)
        if found is None:
            return None
        near, rest, reason = found
        stays = any(member is group.members[0] for member in near)
        leaving = rest if stays else near
        part = Group("project", None)
        self.new_groups.append(part)
        self.splits.append(Split(group, part, tuple(member.article_id for member in leaving), reason))
        for member in leaving:
            self._move(member, group, part)
        return group if stays else part

    def _move(self, member: Member, group: Group, part: Group) -> None:
        group.members = [one for one in group.members if one is not member]
        part.members.append(member)
        keys: Iterable[str] = list_blocking_keys(member.claims)
        if isinstance(member, BatchArticle):
            assert member.place is not None
            member.place.group = part
            group.new_items.remove(member)
            part.new_items.append(member)
            keys = member.keys
        for key in keys:
            self._by_key.setdefault(("project", key), []).append(part)
        for at in self._by_band.values():
            at[:] = [(one, part if one is member else its) for one, its in at]

    def _consider_merge(
        self, group: Group, other: Group, match: MatchDecision, matches: Sequence[MatchDecision]
    ) -> None:
        """An article that is both projects' shows them to be one, where nothing between them contradicts it.

        That alone would chain: their articles must be alike in the mean too. Those that are perhaps the same are one
        where the article is plainly so with each of them (`matches`), and that tips the mean.
        """
        group, other = group.settle(), other.settle()
        if group is other or _pair(group, other) in self._apart:
            return
        between = [
            compare_claims(a.claims, b.claims)
            for a in group.members
            for b in other.members
            if a.has_facts and b.has_facts
        ]
        if not between or any(one.is_contradicted for one in between):
            return
        alone = join_decisions(between)
        if alone.decision == "perhaps" and matches and min(one.points for one in matches) >= PLAIN:
            alone = join_decisions([*between, *matches])
        if alone.decision != "same":
            return
        into, gone = (group, other) if _age(group) <= _age(other) else (other, group)
        gone.merged_into = into
        into.members += gone.members
        self.merges.append((gone, into, f"one article reports both: {match.reason}"))

    def _absorb_stories(self, item: BatchArticle, group: Group) -> None:
        """Stories that turn out to have reported this project (a `maybe`, news that came before) become its sources."""
        for story in self.list_candidates("story", item):
            if story.id in self._settled_stories:
                continue
            for member in story.members:
                match = match_member(item, member)
                if match.decision == "same":
                    story.merged_into = group
                    group.members += story.members
                    group.new_items += story.new_items
                    self.merges.append((story, group, match.reason))
                    break


def _pair(group: Group, other: Group) -> tuple[int, int]:
    one, two = sorted((group.id or 0, other.id or 0))
    return one, two


def _age(group: Group) -> tuple[bool, int]:
    return (group.id is None, group.id or 0)
