"""What it costs to judge an article: `python -m benchmarks.judge` (half a minute; `--json FILE` keeps the numbers).

Over the bundled corpus, on one core: CPU time an article for ruling out (the first look at a page), for the verdict
without facts, and with them; each also for an article of 3 kB, as news sites print them. The CPU time and memory that
loading takes are measured in fresh processes. Beside it, in the same run, the plainest thing that could do part of the
job: TF-IDF over words with logistic regression, by scikit-learn, one such model for each of the two questions. Times
are of the processor, so that other work on the machine hardly counts; the quickest of some rounds is told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from classifier.corpus import document_of, read_corpus
from classifier.document import Document
from classifier.judge import Judge

CORPUS = Path(__file__).parent.parent / "seeds" / "corpus"
ROUNDS = 3  # the quickest is kept: what else runs can only add
ENCODED_ONE_IN = 16  # articles, where the encoder reads: it takes a hundred times as long as ruling out
ARTICLE_CHARACTERS = 3_000  # of an article on a real page, where the corpus retells it in 800

LOADING = {
    "ours": "from classifier.judge import Judge; Judge.load()",
    "ours, with the encoder": "from classifier.judge import Judge; Judge.load().load_encoder()",
    "its imports alone": "import classifier.judge",
    "Python alone": "pass",
}


def main() -> None:
    """Measures and prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there too")
    arguments = parser.parse_args()
    records = [r for r in read_corpus(CORPUS / "dev.jsonl") if not r["borderline"]]
    documents = [document_of(record) for record in records]
    long_documents = [_lengthened(document) for document in documents]
    print(f"{len(documents)} articles of the corpus, then the same at {ARTICLE_CHARACTERS} characters; one core\n")
    times = {"corpus": _measure(records, documents), "3 kB": _measure(records, long_documents)}
    print(f"{'ms an article':34}{'corpus':>9}{'3 kB':>9}")
    for what in times["corpus"]:
        print(f"{what:34}{times['corpus'][what]:>9.3f}{times['3 kB'][what]:>9.3f}")
    print()
    for what in ("rule out", "verdict without facts", "verdict with facts"):
        ratios = [times[size][what] / times[size]["scikit-learn, both questions"] for size in times]
        print(f"{what:34}{ratios[0]:>8.1f}x{ratios[1]:>8.1f}x  of scikit-learn's time")
    loading = {name: _load(code) for name, code in LOADING.items()}
    print(f"\n{'loading, in a fresh process':34}{'CPU s':>9}{'MB':>9}")
    for name, (seconds, megabytes) in loading.items():
        print(f"{name:34}{seconds:>9.2f}{megabytes:>9.0f}")
    if arguments.json:
        arguments.json.write_text(json.dumps({"ms_an_article": times, "loading": loading}, indent=1) + "\n")


def _lengthened(document: Document) -> Document:
    """The same article, its paragraphs over and over until it is as long as on a real page."""
    text = document.text
    while 0 < len(text) < ARTICLE_CHARACTERS:
        text += "\n\n" + document.text
    return replace(document, text=text[:ARTICLE_CHARACTERS])


def _measure(records: Sequence[dict[str, Any]], documents: Sequence[Document]) -> dict[str, float]:
    """CPU milliseconds an article of each kind of judging."""
    judge = Judge.load()
    baselines = [_fit_baseline(records, question) for question in ("relevant", "new_project")]
    judge.load_encoder()
    some = documents[::ENCODED_ONE_IN]
    called_new = [document for document in some if judge.judge(document, with_facts=False).is_new_project]

    def ask_baselines(document: Document) -> None:
        for baseline in baselines:
            baseline.predict_proba([f"{document.title}\n{document.text}"])

    return {
        "rule out": _milliseconds(judge.rule_out, documents),
        "encoder alone": _milliseconds(lambda one: judge.load_encoder().read(one.title, one.text), some),
        "verdict without facts": _milliseconds(lambda one: judge.judge(one, with_facts=False), some),
        "verdict with facts": _milliseconds(judge.judge, some),
        "verdict with facts, new projects": _milliseconds(judge.judge, called_new),
        "scikit-learn, both questions": _milliseconds(ask_baselines, documents),
    }


def _fit_baseline(records: Sequence[dict[str, Any]], question: str) -> Pipeline:
    texts = [f"{record['title']}\n{record['text']}" for record in records]
    baseline = make_pipeline(TfidfVectorizer(sublinear_tf=True), LogisticRegression(max_iter=1000))
    return baseline.fit(texts, [record[question] for record in records])


def _milliseconds(ask: Callable[[Document], object], documents: Sequence[Document]) -> float:
    """The quickest round's CPU time an article."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for document in documents:
            ask(document)
        rounds.append(time.process_time() - began)
    return 1000 * min(rounds) / len(documents)


def _load(code: str) -> tuple[float, float]:
    """CPU seconds and megabytes (RSS at its end) of a fresh process that does this; the least of some."""
    measure = "p = psutil.Process(); t = p.cpu_times(); print(t.user + t.system, p.memory_info().rss / 1e6)"
    runs = []
    for _ in range(ROUNDS):
        arguments = [sys.executable, "-c", f"{code}; import psutil; {measure}"]
        said = subprocess.run(arguments, capture_output=True, text=True, check=True)
        seconds, megabytes = said.stdout.split()
        runs.append((float(seconds), float(megabytes)))
    return min(runs)


if __name__ == "__main__":
    main()
