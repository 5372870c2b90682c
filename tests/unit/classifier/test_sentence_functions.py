"""The letters that say what each sentence of an article does."""

from __future__ import annotations

from pathlib import Path

import pytest

from classifier.concepts import load_concepts
from classifier.corpus import document_of, read_corpus
from classifier.features import read_text
from classifier.language import language_of

CORPUS = Path(__file__).parents[3] / "seeds" / "corpus"
LETTERS = frozenset("NDRMIGTAPLFCSBO")


ROWS = [line.split("\t") for line in (CORPUS / "functions.tsv").read_text(encoding="utf-8").splitlines()]


FEWEST = {"dev": 500, "own": 200, "own-border": 300, "own-facts": 450, "own-hard": 70, "own-projects": 70}
FEWEST |= {"own-retold": 2_500, "own-siblings": 250}


@pytest.mark.parametrize("name", sorted(FEWEST))
def test_every_sentence_of_the_articles_listed_has_one_letter(name: str) -> None:
    records = {r["id"]: r for r in read_corpus(CORPUS / f"{name}.jsonl")}
    here = [(records[each], letters) for each, letters in ROWS if each in records]
    assert len(here) >= FEWEST[name]
    unequal = []
    for record, letters in here:
        document = document_of(record)
        reading = read_text(document.title, document.text, load_concepts(language_of(document)))
        if len(letters) != len(reading.sentences) or not LETTERS.issuperset(letters):
            unequal.append(record["id"])
    assert unequal == []


def test_no_article_is_listed_twice() -> None:
    assert len({name for name, _ in ROWS}) == len(ROWS)


def test_the_guide_explains_every_letter() -> None:
    guide = (CORPUS / "GUIDE.md").read_text(encoding="utf-8")
    assert {letter for letter in LETTERS if f"| `{letter}` |" in guide} == LETTERS
