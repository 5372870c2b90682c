"""What a reader sees of a project: its articles' claims merged by agreement, conflicts kept and shown, nothing
averaged.

Claims go in, each with its article's weight; for every fact the values come out, best first, each with the articles
and the sentences that state it. A single-valued fact (name, sum, dates) shows its best value, the others are its
conflicts; lists (organisations) are joined, countries too where enough agree. What a person fixed stands above all.

Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from classifier.document import FACT_NAMES, FactName, Facts
from storage.register.names import compare_names, read_name
from storage.register.organisations import compare_organisations, read_organisation
from storage.verdicts import PASSAGES, Passages

__all__ = ["LIST_FIELDS", "Claim", "MergedClaim", "MergedFacts", "list_claims", "merge_claims"]

LIST_FIELDS: frozenset[str] = frozenset({"implementers", "funders", "partners", "countries"})
ORGANISATION_FIELDS: tuple[FactName, ...] = ("implementers", "funders", "partners")

# A country named by fewer of the articles than this is more often the dateline's or a meeting's than the project's.
COUNTRY_SHARE = 0.34
# With no more than this share of the votes that an organisation has in its strongest role, another role is doubted.
ROLE_SHARE = 0.5
# Sentences kept with a value: a reader needs one, a doubter two.
MAX_SENTENCES = 2
# Two sums are one within this: 24.3 million and 24.30001 million.
SUM_TOLERANCE = 0.01


@dataclass(frozen=True, slots=True)
class Claim:
    """A fact as one article states it.

    `value` is what claims are compared by, `shown` the words for people, `details` the value in parts where one word
    does not hold it (a sum: amount, currency, whether uncertain), `sentences` what states it.
    """

    article_id: int
    field: FactName
    value: str
    shown: str
    details: Mapping[str, Any] | None = None
    sentences: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MergedClaim:
    """One value of a fact: the articles that state it (by id, the first first) and sentences that do.

    `details` as in `Claim`. `is_by_person` marks a value a person fixed; its articles are then empty.
    """

    value: str
    shown: str
    articles: tuple[int, ...]
    sentences: tuple[Mapping[str, Any], ...] = ()
    details: Mapping[str, Any] | None = None
    is_by_person: bool = False


@dataclass(frozen=True, slots=True)
class MergedFacts:
    """A project's facts, merged. Every fact is a tuple of values, best first; empty where nobody states it.

    Of single-valued facts the first is shown and the rest are conflicts; of lists all are shown. `doubted` holds
    values that were left out of a list (a country that one article of many names), by fact.
    """

    name: tuple[MergedClaim, ...] = ()
    implementers: tuple[MergedClaim, ...] = ()
    funders: tuple[MergedClaim, ...] = ()
    partners: tuple[MergedClaim, ...] = ()
    countries: tuple[MergedClaim, ...] = ()
    amount: tuple[MergedClaim, ...] = ()
    start: tuple[MergedClaim, ...] = ()
    end: tuple[MergedClaim, ...] = ()
    duration_months: tuple[MergedClaim, ...] = ()
    doubted: Mapping[str, tuple[MergedClaim, ...]] = field(default_factory=dict)

    @property
    def conflicts(self) -> dict[str, tuple[MergedClaim, ...]]:
        """Facts that articles state differently, each with all its values, best first."""
        found: dict[str, tuple[MergedClaim, ...]] = {}
        for name in FACT_NAMES:
            values: tuple[MergedClaim, ...] = getattr(self, name)
            if name not in LIST_FIELDS and len(values) > 1:
                found[name] = values
            elif self.doubted.get(name):
                found[name] = (*values, *self.doubted[name])
        return found

    @property
    def facts(self) -> Facts:
        """The shown values as plain facts, without evidence."""
        amount = self.amount[0].details if self.amount else None
        return Facts(
            name=self.name[0].shown if self.name else None,
            implementers=tuple(c.shown for c in self.implementers),
            funders=tuple(c.shown for c in self.funders),
            partners=tuple(c.shown for c in self.partners),
            countries=tuple(c.value for c in self.countries),
            amount=amount["amount"] if amount else None,
            currency=amount["currency"] if amount else None,
            is_currency_uncertain=bool(amount and amount.get("is_uncertain")),
            start=self.start[0].value if self.start else None,
            end=self.end[0].value if self.end else None,
            duration_months=int(self.duration_months[0].value) if self.duration_months else None,
        )

    def as_json(self) -> dict[str, Any]:
        """The merged facts, JSON-ready, every sentence once; `from_json` reads them back."""
        passages = Passages()
        stored: dict[str, Any] = {
            name: [_claim_json(c, passages) for c in getattr(self, name)] for name in FACT_NAMES if getattr(self, name)
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

        def read(claims: Iterable[Mapping[str, Any]]) -> tuple[MergedClaim, ...]:
            return tuple(_claim_from_json(row, passages) for row in claims)

        doubted = {name: read(claims) for name, claims in stored.get("doubted", {}).items()}
        return cls(**{name: read(stored.get(name, ())) for name in FACT_NAMES}, doubted=doubted)


_SENTENCE = ("text", "part", "start", "end", "article")


def _claim_json(claim: MergedClaim, passages: Passages) -> dict[str, Any]:
    row: dict[str, Any] = {"value": claim.value, "articles": list(claim.articles)}
    if claim.shown != claim.value:
        row["shown"] = claim.shown
    if claim.sentences:
        row["sentences"] = [passages.add(*(s.get(field) for field in _SENTENCE)) for s in claim.sentences]
    if claim.details:
        row["details"] = dict(claim.details)
    if claim.is_by_person:
        row["is_by_person"] = True
    return row


def _claim_from_json(row: Mapping[str, Any], passages: Sequence[Mapping[str, Any]]) -> MergedClaim:
    return MergedClaim(
        row["value"],
        row.get("shown", row["value"]),
        tuple(row["articles"]),
        tuple(passages[number] for number in row.get("sentences", ())),
        row.get("details"),
        bool(row.get("is_by_person")),
    )


def list_claims(article_id: int, facts: Facts) -> list[Claim]:
    """What an article states, one claim a value; its sentences from the facts' evidence."""
    claims: list[Claim] = []

    def add(name: FactName, value: str, shown: str, details: Mapping[str, Any] | None = None) -> None:
        given = facts.evidence.get(name, ())
        about = [e for e in given if shown in e.text] or list(given)
        sentences = tuple(
            {"text": e.text, "part": e.part, "start": e.start, "end": e.end, "article": article_id}
            for e in about[:MAX_SENTENCES]
        )
        claims.append(Claim(article_id, name, value, shown, details, sentences))

    if facts.name:
        add("name", read_name(facts.name).key or facts.name, facts.name)
    for name in ORGANISATION_FIELDS:
        for shown in getattr(facts, name):
            add(name, read_organisation(shown).key or shown, shown)
    for code in facts.countries:
        add("countries", code, code)
    if facts.amount is not None and facts.currency is not None:
        details = {"amount": facts.amount, "currency": facts.currency, "is_uncertain": facts.is_currency_uncertain}
        add("amount", f"{facts.currency} {facts.amount:.0f}", f"{facts.currency} {facts.amount:,.0f}", details)
    if facts.start is not None:
        add("start", facts.start, facts.start)
    if facts.end is not None:
        add("end", facts.end, facts.end)
    if facts.duration_months is not None:
        add("duration_months", str(facts.duration_months), str(facts.duration_months))
    return claims


def merge_claims(
    claims: Sequence[Claim], weights: Mapping[int, float], fixed: Mapping[str, Sequence[MergedClaim]] | None = None
) -> MergedFacts:
    """Merges what articles claim.

    Args:
        claims: of all articles of one project, in the order they were stated.
        weights: of each article: 0 for a copy of another (it adds no voice), more for the implementer's or donor's
            own page.
        fixed: values a person decided, by fact; they replace all others there, which stay as conflicts.
    """
    merged: dict[str, tuple[MergedClaim, ...]] = {}
    doubted: dict[str, tuple[MergedClaim, ...]] = {}
    for name in FACT_NAMES:
        groups = _group(name, [c for c in claims if c.field == name])
        ranked = sorted(groups, key=lambda group: -_voice(group, weights))  # stable: among equals the first stated
        values = [_merge_group(group, weights) for group in ranked]
        if name == "countries":
            voices = sum(weights.get(a, 1.0) for a in {c.article_id for c in claims if c.field == name})
            kept = [
                v for v, group in zip(values, ranked, strict=True) if _voice(group, weights) >= COUNTRY_SHARE * voices
            ]
            if kept and len(kept) < len(values):
                doubted[name] = tuple(v for v in values if v not in kept)
                values = kept
        if fixed and name in fixed:
            by_person = list(fixed[name])
            others = [v for v in values if all(v.value != p.value for p in by_person)]
            if name in LIST_FIELDS or not by_person:
                doubted[name] = tuple(others)
                values = by_person
            else:
                values = [*by_person, *others]
        merged[name] = tuple(values)
    _settle_roles(merged, doubted, weights)
    return MergedFacts(**merged, doubted={name: values for name, values in doubted.items() if values})


def _group(name: FactName, claims: Iterable[Claim]) -> list[list[Claim]]:
    groups: list[list[Claim]] = []
    homes: dict[
        str, list[Claim]
    ] = {}  # a value met before needs no second look: a project may have hundreds of articles
    for claim in claims:
        home = homes.get(claim.value)
        if home is None:
            home = next((group for group in groups if _is_same_value(name, group[0], claim)), None)
        if home is None:
            home = []
            groups.append(home)
        home.append(claim)
        homes[claim.value] = home
    return groups


def _is_same_value(name: FactName, one: Claim | MergedClaim, other: Claim | MergedClaim) -> bool:
    if one.value == other.value:
        return True
    if name in ORGANISATION_FIELDS:
        ours, theirs = read_organisation(one.shown), read_organisation(other.shown)
        likeness = compare_organisations(ours, theirs)
        # "the Netherlands" beside its ministry is one payer, named more and less fully
        is_bare = ours.key.startswith("@gov:") or theirs.key.startswith("@gov:")
        return likeness == "same" or (likeness == "family" and is_bare)
    if name == "name":
        return compare_names(read_name(one.shown), read_name(other.shown)).kind == "same"
    if name == "amount" and one.details and other.details:
        a, b = float(one.details["amount"]), float(other.details["amount"])
        return bool(one.details["currency"] == other.details["currency"]) and abs(a - b) <= SUM_TOLERANCE * max(a, b)
    if name in ("start", "end"):  # 2024 and 2024-03 do not contradict each other
        n = min(len(one.value), len(other.value))
        return one.value[:n] == other.value[:n]
    return False


def _voice(group: Sequence[Claim], weights: Mapping[int, float]) -> float:
    return sum(weights.get(article, 1.0) for article in {claim.article_id for claim in group})


def _merge_group(group: Sequence[Claim], weights: Mapping[int, float]) -> MergedClaim:
    """The wording shown is the heaviest article's; of equals the fuller one (a date with its day, a name with its
    acronym)."""
    best = max(group, key=lambda c: (weights.get(c.article_id, 1.0), len(c.shown), -c.article_id))
    articles = tuple(dict.fromkeys(claim.article_id for claim in group))
    sentences = [s for claim in (best, *(c for c in group if c is not best)) for s in claim.sentences]
    return MergedClaim(best.value, best.shown, articles, tuple(sentences[:MAX_SENTENCES]), best.details)


def _settle_roles(
    merged: dict[str, tuple[MergedClaim, ...]],
    doubted: dict[str, tuple[MergedClaim, ...]],
    weights: Mapping[int, float],
) -> None:
    """Each organisation in the roles that its articles give it by vote: who runs a project in three articles and pays
    for it in one runs it. A role with no more than half the votes of its strongest is doubted (a partner's is left
    out, since whoever runs or pays is a partner too). A project's own name is no organisation."""
    for role in ORGANISATION_FIELDS:
        merged[role] = tuple(c for c in merged[role] if c.is_by_person or not _is_projects_name(c, merged["name"]))
    settled: dict[str, tuple[MergedClaim, ...]] = {}
    for role in ORGANISATION_FIELDS:  # from the roles as they were, so that their order decides nothing
        rivals = {
            claim.value: [
                (other, rival)
                for other in ORGANISATION_FIELDS
                if other != role
                for rival in merged[other]
                if _is_same_value(role, claim, rival)
            ]
            for claim in merged[role]
        }
        settled[role] = tuple(c for c in merged[role] if _holds_role(c, role, rivals[c.value], weights))
        if role != "partners" and len(settled[role]) < len(merged[role]):
            doubted[role] = (*doubted.get(role, ()), *(c for c in merged[role] if c not in settled[role]))
    merged.update(settled)


def _holds_role(
    claim: MergedClaim, role: FactName, rivals: Sequence[tuple[FactName, MergedClaim]], weights: Mapping[int, float]
) -> bool:
    if claim.is_by_person:
        return True
    ours = _votes(claim, weights)
    for other, rival in rivals:
        theirs = _votes(rival, weights)
        if rival.is_by_person:
            return False
        if role == "partners" and theirs >= ours:
            return False
        if theirs > ours and (other == "partners" or ours <= ROLE_SHARE * theirs):
            return False
        is_one_word_against_another = theirs == ours and not set(claim.articles) & set(rival.articles)
        if is_one_word_against_another and other != "partners":
            # a state's body pays, any other runs
            is_state = read_organisation(claim.shown).government is not None
            if is_state != (role == "funders"):
                return False
    return True


def _votes(claim: MergedClaim, weights: Mapping[int, float]) -> float:
    return sum(weights.get(article, 1.0) for article in claim.articles)


def _is_projects_name(claim: MergedClaim, names: Sequence[MergedClaim]) -> bool:
    """Whether an organisation is the project itself, misread: "Pathways Home II opens in Edo". Well-known bodies are
    not: there the project's name was misread."""
    if read_organisation(claim.shown).is_known:
        return False
    called = read_name(claim.shown)
    return bool(called.words) and any(called.words == read_name(name.shown).words for name in names)
