"""What the resolver holds: articles of a batch with their places, and the projects and stories they go to.

Plain data, changed by the resolver alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from classifier.document import Verdict
from storage.records import ArticleReading, RegistrationOutcome
from storage.register.blocking.key_index import OwnerKind
from storage.register.compare.claims import Member


@dataclass(slots=True)
class Group:
    """A project or story in the resolver: stored (`id`) or of this batch (`id` None until written)."""

    kind: OwnerKind
    id: int | None
    members: list[Member] = field(default_factory=list)
    new_items: list[BatchArticle] = field(default_factory=list)
    merged_into: Group | None = None

    def settle(self) -> Group:
        """The group this one was merged into in the end; itself where it was not."""
        group = self
        while group.merged_into is not None:
            group = group.merged_into
        return group


@dataclass(slots=True, eq=False)
class BatchArticle(Member):
    """A relevant article of the batch: what it is compared by, and where it went.

    `stated` are its facts as they are stored for comparison, None where it has none that are worth it; `marks` are its
    details, stored likewise. `keys` are those it will be found by; `lookup_keys` are looked up for it beside them.
    """

    reading: ArticleReading
    verdict: Verdict
    stated: Mapping[str, Any] | None
    marks: frozenset[str]
    bands: tuple[int, ...]
    keys: tuple[str, ...]
    lookup_keys: tuple[str, ...]
    place: Place | None = None

    @property
    def is_new_project(self) -> bool:
        return self.verdict.is_new_project

    @property
    def group(self) -> Group:
        """The project or story it went to in the end."""
        assert self.place is not None
        return self.place.group.settle()


@dataclass(slots=True)
class Place:
    """Where an article went and why; `copy_of_id` is the article whose text it has."""

    group: Group
    outcome: RegistrationOutcome
    reason: str | None = None
    copy_of_id: int | None = None


@dataclass(frozen=True, slots=True)
class Relation:
    """Two projects that may be the same, or of which the first follows, belongs to or adds to the other, and why."""

    kind: str
    group: Group
    other: Group
    reason: str


@dataclass(frozen=True, slots=True)
class Split:
    """A project that was shown to be two: the articles (ids) that left it for one of their own, and why."""

    group: Group
    part: Group
    article_ids: tuple[int, ...]
    reason: str
