"""`python -m classifier.training FOLDER`: trains the encoder on the bundled corpus and writes it into the model.

It takes an hour of two cores, and needs the dependency group `encoder`. FOLDER keeps the parts, so that a training that
was broken off goes on; --finish only puts together parts that are there.
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from classifier.encoder.scores import RecordScores
from classifier.training.cross_fit import FOLDS, finish, fit_part, score_part


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the parts are kept")
    parser.add_argument("--workers", type=int, default=2, help="parts trained at once, one core each")
    parser.add_argument("--finish", action="store_true", help="train nothing, put the parts together")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    missing = [part for part in range(FOLDS) if not (folder / f"part-{part}.pt").exists()]
    scores: dict[str, RecordScores] = {}
    with ProcessPoolExecutor(arguments.workers, mp_context=get_context("spawn")) as pool:
        for done in [pool.submit(fit_part, part, folder) for part in missing if not arguments.finish]:
            done.result()
        for found in [pool.submit(score_part, part, folder) for part in range(FOLDS)]:
            scores |= found.result()
    print(finish(scores, folder)["average_precision"])


if __name__ == "__main__":
    main()
