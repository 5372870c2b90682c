"""Labelled records: how they are read, what keeps some together, and how they are parted for cross-validation.

In: JSON Lines (`seeds/corpus/GUIDE.md` says what each field means). Out: records, the document of each, and the part
each is judged in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from classifier.document import Document
from classifier.encoder.scores import SCORES_FILE, RecordScores, read_scores

Record = Mapping[str, Any]

FACTS_ONLY = "facts"
"""What a record teaches (`teaches`) that is there for its facts, and for what its sentences do: all such records are
new projects told in hard ways, and would make the model take too much for a new project."""

RELEVANCE_ONLY = "relevance"
"""What a record teaches that stands at the border of the subject (a road that is built with safeguards against
trafficking, a company's statement on slavery, a play): whether it is relevant, and its facts. What a new project is
like, and how rare a word is, is learnt from articles as they come: with these it was told worse."""

PREFILTER_ONLY = "prefilter"
"""What a record of ordinary news teaches: what a day's news is, so that most of it is ruled out. Nothing else reads
it."""


class CorpusError(ValueError):
    """A labelled record cannot be used; the message names file and line, or the record."""


def read_corpus(path: Path, *, with_scores: bool = True) -> list[dict[str, Any]]:
    """The records of a JSON Lines file, with what lies beside it in the folder: what each sentence does
    (`sentence_roles`: where it begins in headline, line end and text joined, and a letter), and what encoders say that
    saw nothing of the record's story (`encoder`: `RecordScores`; unless told not to, as before they are trained).

    Raises:
        CorpusError: a line is no JSON object or misses a field that training needs.
    """
    records = []
    roles, scores = _sentence_roles_beside(path), _scores_in(path.parent) if with_scores else {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise CorpusError(f"{path}:{number}: no JSON: {error}") from error
        missing = {"id", "title", "text", "relevant", "new_project"} - set(record if isinstance(record, dict) else ())
        if missing:
            raise CorpusError(f"{path}:{number}: missing {', '.join(sorted(missing))}")
        for field, table in (("sentence_roles", roles), ("encoder", scores)):
            if record["id"] in table:
                record[field] = table[record["id"]]
        records.append(record)
    return records


@cache
def _scores_in(folder: Path) -> dict[str, RecordScores]:
    try:
        return read_scores(folder / SCORES_FILE)
    except (ValueError, KeyError, BadZipFile) as error:
        raise CorpusError(f"{folder / SCORES_FILE} is damaged: {error}") from error


def _sentence_roles_beside(path: Path) -> dict[str, list[tuple[int, str]]]:
    """By the record's id; empty where nobody told."""
    table = path.with_name("sentence-roles.tsv")
    if not table.exists():
        return {}
    rows = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line.count("\t") == 1)
    return {one: [(int(item[:-1]), item[-1]) for item in items.split()] for one, items in rows}


def document_of(record: Record) -> Document:
    """The record as the classifier would meet it."""
    return Document(
        title=record["title"],
        text=record["text"],
        lang=record.get("lang"),
        published=record.get("published"),
        url=record.get("url"),
        outlet=record.get("outlet"),
    )


def is_page(record: Record) -> bool:
    """Whether a record was written for training as real pages are: the nearest the corpus has to them."""
    return str(record.get("note") or "").startswith("written for training in the manner of real pages")


def story_of(record: Record) -> str:
    """What keeps records together that tell one project or event: their story, or the id of one that has none."""
    return str(record.get("story") or record["id"])


def folds_of(records: Sequence[Record], count: int) -> NDArray[np.intp]:
    """A fold for each record: records of one story share it, and labels and languages are spread evenly.

    Stories are dealt out, the largest of each kind first, to the fold that has least of the kind; the order within a
    kind is that of a hash, so that it does not follow the order of the file.
    """
    stories: dict[str, list[int]] = {}
    for i, record in enumerate(records):
        stories.setdefault(story_of(record), []).append(i)
    kinds: dict[tuple[bool, bool, bool], list[str]] = {}
    for story, members in stories.items():
        first = records[members[0]]
        kinds.setdefault((bool(first["relevant"]), bool(first["new_project"]), first.get("lang") == "en"), []).append(
            story
        )
    fold = np.zeros(len(records), np.intp)
    for kind in sorted(kinds):
        load = np.zeros(count)
        for story in sorted(kinds[kind], key=lambda s: (-len(stories[s]), hashlib.sha256(s.encode()).digest())):
            chosen = int(np.argmin(load))
            load[chosen] += len(stories[story])
            fold[stories[story]] = chosen
    return fold
