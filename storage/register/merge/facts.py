"""What a reader sees of a project: its articles' claims merged by agreement, conflicts kept and shown, nothing
averaged.

Claims go in, each with its article's weight; for every fact the values come out, best first, each with the articles
and the sentences that state it. A single-valued fact (name, sum, dates) shows its best value, the others are its
conflicts; lists (organisations) are joined, countries too where enough agree. What a person fixed stands above all.

Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from classifier.document import Facts
from classifier.schema import FACT_NAMES, FACTS, FactName, FactSpec
from storage.articles.verdicts import PASSAGES, Passages
from storage.register.compare.names import read_name
from storage.register.compare.organisations import read_organisation
from storage.register.merge.scripts import join_scripts, scripts_of
from storage.register.merge.values import MAX_SENTENCES, Claim, is_same_value, plain_fields

# A country named by fewer of the articles than this is more often the dateline's or a meeting's than the project's.
COUNTRY_SHARE = 0.34
# With no more than this share of the votes that an organisation has in its strongest role, another role is doubted.
ROLE_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class MergedFacts:
    """A project's facts, merged: `values` by fact, best first, without the facts that nobody states.

    Every fact is an attribute too (`merged.amount`), empty where nobody states it. Of single-valued facts the first is
    shown and the rest are conflicts; of lists all are shown. `doubted` holds values that were left out of a list (a
    country that one article of many names), by fact.
    """

    values: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)
    doubted: Mapping[str, tuple[Claim, ...]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> tuple[Claim, ...]:
        if name not in FACT_NAMES:
            raise AttributeError(f"there is no fact {name!r}", name=name, obj=self)
        return self.values.get(name, ())

    @property
    def conflicts(self) -> dict[str, tuple[Claim, ...]]:
        """Facts that articles state differently, each with all its values, best first."""
        found: dict[str, tuple[Claim, ...]] = {}
        for spec in FACTS:
            values = self.values.get(spec.name, ())
            if not spec.is_list and len(values) > 1:
                found[spec.name] = values
            elif self.doubted.get(spec.name):
                found[spec.name] = (*values, *self.doubted[spec.name])
        return found

    @property
    def facts(self) -> Facts:
        """The shown values as plain facts, without evidence."""
        plain: dict[str, Any] = {}
        for spec in FACTS:
            if values := self.values.get(spec.name):
                plain |= plain_fields(spec, values)
        return Facts(**plain)

    def as_json(self) -> dict[str, Any]:
        """The merged facts, JSON-ready, every sentence once; `from_json` reads them back."""
        passages = Passages()
        stored: dict[str, Any] = {
            name: [_claim_json(c, passages) for c in self.values[name]] for name in FACT_NAMES if name in self.values
        }
        if self.doubted:
            stored["doubted"] = {
                name: [_claim_json(c, passages) for c in claims] for name, claims in self.doubted.items()
            }
        if passages.rows:
            stored[PASSAGES] = passages.rows
        return stored

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> MergedFacts:
        """Reads what `as_json` gave."""
        passages = [dict(zip(_SENTENCE, row, strict=True)) for row in stored.get(PASSAGES, ())]

        def read(given: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, tuple[Claim, ...]]:
            return {name: tuple(_claim_from_json(row, passages) for row in rows) for name, rows in given.items()}

        return cls(read({name: stored[name] for name in FACT_NAMES if name in stored}), read(stored.get("doubted", {})))


_SENTENCE = ("text", "part", "start", "end", "article")


def _claim_json(claim: Claim, passages: Passages) -> dict[str, Any]:
    row: dict[str, Any] = {"value": claim.value, "articles": list(claim.articles)}
    if claim.shown != claim.value:
        row["shown"] = claim.shown
    if claim.sentences:
        row["sentences"] = [passages.add(*(s.get(field) for field in _SENTENCE)) for s in claim.sentences]
    if claim.details:
        row["details"] = dict(claim.details)
    if claim.is_by_person:
        row["is_by_person"] = True
    if claim.probability is not None:
        row["probability"] = round(claim.probability, 2)
    return row


def _claim_from_json(row: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> Claim:
    sentences = tuple(passages[number] for number in row.get("sentences", ()))
    return Claim(**{"shown": row["value"], **row, "articles": tuple(row["articles"]), "sentences": sentences})


def merge_claims(
    stated: Sequence[tuple[FactName, Claim]],
    weights: Mapping[int, float],
    fixed: Mapping[str, Sequence[Claim]] | None = None,
) -> MergedFacts:
    """Merges what articles claim.

    Args:
        stated: by all articles of one project, in the order they were stated.
        weights: of each article: 0 for a copy of another (it adds no voice), more for the implementer's or donor's
            own page.
        fixed: values a person decided, by fact; they stand alone there: what articles say otherwise is refuted.
    """
    merged: dict[str, tuple[Claim, ...]] = {}
    doubted: dict[str, tuple[Claim, ...]] = {}
    for spec in FACTS:
        name = spec.name
        groups = _group(spec, (claim for of, claim in stated if of == name))
        # stable: among equals the first stated
        values = sorted((_merge_group(its, weights) for its in groups), key=lambda one: -_votes(one, weights))
        if spec.kind == "countries":
            voices = sum(
                weights.get(article, 1.0) for article in {article for one in values for article in one.articles}
            )
            kept = [one for one in values if _votes(one, weights) >= COUNTRY_SHARE * voices]
            if kept and len(kept) < len(values):
                doubted[name] = tuple(one for one in values if one not in kept)
                values = kept
        if fixed and name in fixed:
            values = list(fixed[name])
            doubted.pop(name, None)
        merged[name] = tuple(values)
    _settle_roles(merged, doubted, weights)
    return MergedFacts(*({name: values for name, values in some.items() if values} for some in (merged, doubted)))


def _group(spec: FactSpec, claims: Iterable[Claim]) -> list[list[Claim]]:
    groups: list[list[Claim]] = []
    # a value met before needs no second look: a project may have hundreds of articles
    homes: dict[str, list[Claim]] = {}
    for claim in claims:
        home = homes.get(claim.value)
        if home is None:
            home = next((group for group in groups if is_same_value(spec, group[0], claim)), None)
        if home is None:
            home = []
            groups.append(home)
        home.append(claim)
        homes[claim.value] = home
    return join_scripts(groups) if spec.kind == "organisations" else groups


def _merge_group(group: Sequence[Claim], weights: Mapping[int, float]) -> Claim:
    """The wording shown is one in Latin letters, which all readers of digests read; of several the heaviest article's;
    of equals the fuller one (a date with its day, a name with its acronym)."""

    def rank(claim: Claim) -> tuple[bool, float, int, int]:
        return scripts_of(claim.shown) == {"LATIN"}, _votes(claim, weights), len(claim.shown), -claim.articles[0]

    best = max(group, key=rank)
    sentences = [s for claim in (best, *(c for c in group if c is not best)) for s in claim.sentences]
    measured = [claim.probability for claim in group if claim.probability is not None]
    return replace(
        best,
        articles=tuple(dict.fromkeys(article for claim in group for article in claim.articles)),
        sentences=tuple(sentences[:MAX_SENTENCES]),
        probability=max(measured) if len(measured) == len(group) else None,
    )


def _settle_roles(
    merged: dict[str, tuple[Claim, ...]],
    doubted: dict[str, tuple[Claim, ...]],
    weights: Mapping[int, float],
) -> None:
    """Each organisation in the roles that its articles give it by vote: who runs a project in three articles and pays
    for it in one runs it. A role with no more than half the votes of its strongest is doubted (a partner's is left
    out, since whoever runs or pays is a partner too). A project's own name is no organisation."""
    roles = {spec.name: spec for spec in FACTS if spec.kind == "organisations"}
    for role in roles:
        merged[role] = tuple(c for c in merged[role] if c.is_by_person or not _is_projects_name(c, merged["name"]))
    settled: dict[str, tuple[Claim, ...]] = {}
    for role, spec in roles.items():  # from the roles as they were, so that their order decides nothing
        rivals = {
            claim.value: [
                (other, rival)
                for other in roles
                if other != role
                for rival in merged[other]
                if is_same_value(spec, claim, rival)
            ]
            for claim in merged[role]
        }
        settled[role] = tuple(c for c in merged[role] if _holds_role(c, role, rivals[c.value], weights))
        if role != "partners" and len(settled[role]) < len(merged[role]):
            doubted[role] = (*doubted.get(role, ()), *(c for c in merged[role] if c not in settled[role]))
    merged.update(settled)


def _holds_role(claim: Claim, role: str, rivals: Sequence[tuple[str, Claim]], weights: Mapping[int, float]) -> bool:
    if claim.is_by_person:
        return True
    ours = _votes(claim, weights)
    for other, rival in rivals:
        theirs = _votes(rival, weights)
        if rival.is_by_person:
            return False
        is_one_word_against_another = theirs == ours and not set(claim.articles) & set(rival.articles)
        if "partners" in (role, other):
            lead = ours - theirs
            if is_one_word_against_another:
                lead = (claim.probability or 0.0) - (rival.probability or 0.0)
            if lead < 0 or (lead == 0 and role == "partners"):
                return False
        elif theirs > ours and ours <= ROLE_SHARE * theirs:
            return False
        elif is_one_word_against_another:
            # a state's organisation pays, any other runs
            is_state = read_organisation(claim.shown).government is not None
            if is_state != (role == "funders"):
                return False
    return True


def _votes(claim: Claim, weights: Mapping[int, float]) -> float:
    return sum(weights.get(article, 1.0) for article in claim.articles)


def _is_projects_name(claim: Claim, names: Sequence[Claim]) -> bool:
    """Whether an organisation is the project itself, misread: "Pathways Home II opens in Edo". Well-known organisations
    are not: there the project's name was misread."""
    if read_organisation(claim.shown).is_known:
        return False
    called = read_name(claim.shown)
    return bool(called.words) and any(called.words == read_name(name.shown).words for name in names)
