"""One part of the training as a process of its own does it: reads the bundled corpus, trains or scores.

In: the part and the folder of parts. Out: what `cross_fit` gives. A module beside `__main__`, since a spawned process
cannot import from that.
"""

from __future__ import annotations

from pathlib import Path

from classifier.corpus import PREFILTER_ONLY, read_corpus
from classifier.encoder.scores import RecordScores
from classifier.training.cross_fit import fit_part, score_part
from classifier.training.encoder_fit import Recipe
from classifier.training.examples import Example, example_of

__all__ = ["CORPUS", "fit", "read_examples", "score"]

CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"


def read_examples() -> tuple[list[dict[str, object]], list[Example]]:
    """The records of the bundled corpus that the encoder learns from, and the example that each is."""
    files = sorted(CORPUS.glob("*.jsonl"))
    found = [(file.stem, record) for file in files for record in read_corpus(file, with_scores=False)]
    records = [(source, record) for source, record in found if record.get("teaches") != PREFILTER_ONLY]
    return [record for _, record in records], [example_of(record, source) for source, record in records]


def fit(part: int, folder: Path) -> None:
    """Trains a part's network."""
    fit_part(read_examples()[1], part, folder, Recipe(seed=part))


def score(part: int, folder: Path) -> dict[str, RecordScores]:
    """What a part's network says of the records that it did not learn from."""
    records, examples = read_examples()
    return score_part({str(record["id"]): record for record in records}, examples, part, folder)
