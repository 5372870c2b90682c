"""`python -m classifier.training FOLDER`: trains the encoder on the bundled corpus and writes it into the model.

It takes an hour of two cores, and needs the extra `train`. FOLDER keeps the parts, so that a training that
was broken off goes on; --finish only puts together parts that are there.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from classifier.corpus import read_corpus
from classifier.encoder.scores import SCORES_FILE
from classifier.model import MODEL_FOLDER
from classifier.training.cross_fit import FOLDS, finish, fit_part
from classifier.training.encoder_fit import Recipe
from classifier.training.examples import Example, example_of

CORPUS = Path(__file__).parents[2] / "seeds" / "corpus"


def _read_examples() -> tuple[list[dict[str, object]], list[Example]]:
    files = sorted(CORPUS.glob("*.jsonl"))
    records = [(file.stem, record) for file in files for record in read_corpus(file)]
    return [record for _, record in records], [example_of(record, source) for source, record in records]


def _fit(part: int, folder: Path) -> None:
    fit_part(_read_examples()[1], part, folder, Recipe(seed=part))


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the parts are kept")
    parser.add_argument("--workers", type=int, default=2, help="parts trained at once, one core each")
    parser.add_argument("--finish", action="store_true", help="train nothing, put the parts together")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    missing = [part for part in range(FOLDS) if not (folder / f"scores-{part}.pt").exists()]
    if not arguments.finish and missing:
        with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool:
            for done in [pool.submit(_fit, part, folder) for part in missing]:
                done.result()
    records, examples = _read_examples()
    log = finish(records, examples, folder, out=MODEL_FOLDER / "encoder", scores_file=CORPUS / SCORES_FILE)
    print(log["average_precision"])


if __name__ == "__main__":
    main()
