"""Labelled articles as pairs for the register to learn from: whether two tell of one project.

Labelled records go in, of the corpus and of `seeds/register/`; pairs that the register would compare come out, with
the levels of their comparison and the stories of both sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from classifier.corpus import FACTS_ONLY, document_of, is_page, read_corpus
from classifier.document import Verdict
from classifier.judge import Judge
from storage.register.compare.learning import LabelledPair
from storage.register.compare.levels import compare_fields
from storage.register.resolve.groups import BatchArticle
from storage.register.resolve.prepare import prepare
from tipwatch.evaluation.judging import reading_of
from tipwatch.records import Record, record_of
from tipwatch.resources import seeds_folder

LABELLED = ("dev.jsonl", "own-border.jsonl", "own-retold.jsonl", "own-siblings.jsonl")
"""Of the corpus the files in which articles have stories; what others tell is labelled one by one."""
FOLLOW_UPS = "own-follow-ups.jsonl"
SAME_STORIES = "same-stories.tsv"

CANDIDATES = 24
"""Of the articles that share keys with one, those with the most and rarest are compared: as the register looks at two
dozen owners of a key."""

READ_AT = datetime(2026, 1, 1, tzinfo=UTC)  # of readings that are compared and not kept; nothing depends on it


@dataclass(frozen=True, slots=True)
class LabelledTelling:
    """A labelled record as the register meets it, with its verdict and the story it tells."""

    record: Record
    verdict: Verdict
    story: str
    is_new_project: bool


def read_labelled() -> list[tuple[Mapping[str, Any], str]]:
    """The records whose story is known, each with its story; stories with two names have one."""
    folder = seeds_folder() / "register"
    one_name = _read_names(folder / SAME_STORIES)
    known = {*one_name, *one_name.values()}
    found: list[tuple[Mapping[str, Any], str]] = []
    for file in (*(seeds_folder() / "corpus" / name for name in LABELLED), folder / FOLLOW_UPS):
        for record in read_corpus(file):
            identity = str(record["id"])
            if record.get("teaches") == FACTS_ONLY:  # written after an article of that story, about something else
                found.append((record, f"beside {identity}"))
            elif not is_page(record) and (record.get("story") or identity in known):
                name = str(record.get("story") or identity)
                found.append((record, one_name.get(identity) or one_name.get(name, name)))
    return found


def _read_names(file: Path) -> dict[str, str]:
    """By a story's other name, or the id of a record without one, the name it goes by."""
    return dict(line.split("\t") for line in file.read_text(encoding="utf-8").splitlines() if line)


def judge_labelled(labelled: Iterable[tuple[Mapping[str, Any], str]], judge: Judge) -> list[LabelledTelling]:
    """Judges the records, by encoders that saw nothing of their story where such have scored them."""
    told = []
    for number, (record, story) in enumerate(labelled, 1):
        verdict = judge.judge(document_of(record), encoder_scores=record.get("encoder"))
        as_read = record_of({**record}, number, "the labelled corpus")
        told.append(LabelledTelling(as_read, verdict, story, bool(record["new_project"])))
    return told


def pair_up(told: Sequence[LabelledTelling]) -> list[LabelledPair]:
    """The pairs among these that the register would compare, since they share keys and have facts."""
    items = []
    for number, one in enumerate(told, 1):
        if one.verdict.is_relevant:
            item = prepare(number, reading_of(one.record, one.verdict, READ_AT), one.verdict)
            if item.has_facts:
                items.append((item, one))
    pairs = []
    for at, near in sorted(_list_candidates([item for item, _ in items])):
        (item, one), (other_item, other) = items[at], items[near]
        levels = compare_fields(item.claims, other_item.claims)
        terms = tuple(level.term for level in levels)
        pairs.append(LabelledPair(terms, str(item.article_id), str(other_item.article_id), one.story, other.story))
    return pairs


def _list_candidates(items: Sequence[BatchArticle]) -> set[tuple[int, int]]:
    by_key: dict[str, list[int]] = {}
    for at, item in enumerate(items):
        for key in item.keys:
            by_key.setdefault(key, []).append(at)
    found: set[tuple[int, int]] = set()
    for at, item in enumerate(items):
        shared: dict[int, float] = {}
        for key in sorted({*item.keys, *item.lookup_keys}):
            others = [near for near in by_key.get(key, ()) if near != at]
            for near in others:
                shared[near] = shared.get(near, 0.0) + 1 / len(others)
        best = sorted(shared, key=lambda near: (-shared[near], near))[:CANDIDATES]
        found.update((min(at, near), max(at, near)) for near in best)
    return found
