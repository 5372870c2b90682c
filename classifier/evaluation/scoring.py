"""How good predictions are, by the corpus' guide.

In: labelled records and a prediction for each (`classifier.evaluation.evaluate` makes them). Out: a `Report`:
precision, recall and F1 of both yes/no questions, in all and by language, how far their probabilities are from what
came true, the share of right topics, and precision, recall and F1 of each fact. Borderline records are left out. Facts
are scored on the records that report a new project; one that was not called so counts as having none. Where no
prediction has facts they are not scored.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import Record
from classifier.evaluation.intervals import f1_interval
from classifier.languages import LANGUAGES
from classifier.learning.agreement import IS_SAME
from classifier.schema import FACTS, FactSpec

Prediction = Mapping[str, Any]

QUESTIONS: dict[str, str] = {"relevant": "relevance", "new_project": "new_project_probability"}
"""The yes/no questions, and where a prediction keeps the probability of each."""

_CALIBRATION_BINS = 10


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of one question: rightly said, wrongly said, missed; and the bounds of F1, where they were asked for."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    interval: tuple[float, float] | None = field(default=None, compare=False)

    @property
    def precision(self) -> float:
        """Share of what was said that is right; 0 where nothing was said."""
        return self.right / max(self.right + self.wrong, 1)

    @property
    def recall(self) -> float:
        """Share of what there is that was said; 0 where there is nothing."""
        return self.right / max(self.right + self.missed, 1)

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 0 where nothing is right."""
        return 2 * self.right / max(2 * self.right + self.wrong + self.missed, 1)

    def as_json(self) -> dict[str, Any]:
        """Rounded to four decimals, with the counts."""
        rounded = {name: round(float(getattr(self, name)), 4) for name in ("precision", "recall", "f1")}
        bounds = {} if self.interval is None else {"f1_interval": [round(bound, 4) for bound in self.interval]}
        return {**rounded, **bounds, "right": self.right, "wrong": self.wrong, "missed": self.missed}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One wrong answer: which article, what was asked, what the label says and what was said."""

    article: str
    title: str
    about: str
    wanted: Any
    said: Any

    def as_text(self) -> str:
        """A line for people."""
        return f"{self.article}  {self.about}: {_words(self.wanted)}, said {_words(self.said)}  ({self.title})"


def _words(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(map(str, value)) or "none"
    return "none" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Group:
    """Scores of both questions on some of the articles, and how many these are."""

    articles: int
    questions: dict[str, Score]

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return {"articles": self.articles, **{name: score.as_json() for name, score in self.questions.items()}}


@dataclass(frozen=True, slots=True)
class Report:
    """Scores of predictions; `languages` and `facts` are empty where there was nothing to score. `groups` are the
    languages with a lexicon and those without, and kinds of sources. `doubt` counts what was right and wrong of
    the facts that were stated as doubtful, and of the `others`; empty where none was stated as doubtful."""

    articles: int
    borderline_left_out: int
    questions: dict[str, Score]
    calibration: dict[str, float]
    topics_right: float
    languages: dict[str, Group]
    groups: dict[str, Group]
    facts: dict[str, Score]
    doubt: dict[str, Score]
    mistakes: list[Mistake]

    def as_json(self) -> dict[str, Any]:
        """Plain data, every field present."""
        return {
            "articles": self.articles,
            "borderline_left_out": self.borderline_left_out,
            **{
                question: {**score.as_json(), "calibration_error": round(self.calibration[question], 4)}
                for question, score in self.questions.items()
            },
            "topic": {"right": round(self.topics_right, 4)},
            "languages": {lang: group.as_json() for lang, group in self.languages.items()},
            "groups": {name: group.as_json() for name, group in self.groups.items()},
            "facts": {name: score.as_json() for name, score in self.facts.items()},
            "doubt": {name: score.as_json() for name, score in self.doubt.items()},
        }

    def as_text(self) -> str:
        """A table for people."""
        lines = [f"{self.articles} articles ({self.borderline_left_out} borderline ones left out)", ""]
        head = f"{'':18}{'precision':>10}{'recall':>8}{'F1':>8}{'95 of 100':>14}{'right':>7}{'wrong':>7}{'missed':>8}"
        lines.append(head)
        lines += [_row(question.replace("_", " "), score) for question, score in self.questions.items()]
        lines += [_row(f"  {name.replace('_', ' ')}", score) for name, score in self.facts.items()]
        errors = ", ".join(f"{q.replace('_', ' ')} {error:.3f}" for q, error in self.calibration.items())
        lines += ["", f"Calibration error: {errors}. Right topic: {self.topics_right:.0%}.", ""]
        if self.doubt:
            shares = (f"{name} {s.precision:.0%} of {s.right + s.wrong} right" for name, s in self.doubt.items())
            lines += [f"Facts stated as {', '.join(shares)}.", ""]
        for name, group in self.groups.items():
            if group.articles and len(self.languages) > 1:
                lines.append(f"{name[0].upper()}{name[1:]}: {group.articles} articles")
                lines += [_row(f"  {question.replace('_', ' ')}", score) for question, score in group.questions.items()]
        lines.append("")
        lines.append(f"{'language':10}{'articles':>10}{'F1 relevant':>14}{'F1 new project':>17}")
        for lang, group in sorted(self.languages.items(), key=lambda one: (-one[1].articles, one[0])):
            relevant, new = (_told(group.questions[question]) for question in QUESTIONS)
            lines.append(f"{lang:10}{group.articles:>10}{relevant:>14}{new:>17}")
        return "\n".join(lines)


def _told(score: Score) -> str:
    return f"{score.f1:.3f}" if score.right or score.wrong or score.missed else "–"


def _row(name: str, score: Score) -> str:
    bounds = "–" if score.interval is None else f"{score.interval[0]:.3f}–{score.interval[1]:.3f}"
    numbers = f"{score.precision:>10.3f}{score.recall:>8.3f}{score.f1:>8.3f}{bounds:>14}"
    return f"{name:18}{numbers}{score.right:>7}{score.wrong:>7}{score.missed:>8}"


Pairs = Sequence[tuple[Record, Prediction]]


def score_predictions(records: Sequence[Record], predictions: Sequence[Prediction]) -> Report:
    """Scores one prediction a record, in the same order."""
    pairs = [(r, p) for r, p in zip(records, predictions, strict=True) if not r.get("borderline")]
    by_language: dict[str, list[tuple[Record, Prediction]]] = defaultdict(list)
    for record, prediction in pairs:
        by_language[str(record.get("lang") or prediction["lang"])].append((record, prediction))
    return Report(
        articles=len(pairs),
        borderline_left_out=len(records) - len(pairs),
        questions=_score_group(pairs, with_bounds=True).questions,
        calibration={question: _calibration_of(pairs, question) for question in QUESTIONS},
        topics_right=sum(r.get("topic") == p["topic"] for r, p in pairs) / max(len(pairs), 1),
        languages={lang: _score_group(by_language[lang]) for lang in sorted(by_language)},
        groups={name: _score_group(here, with_bounds=True) for name, here in _groups(pairs).items()},
        facts=_score_facts(pairs),
        doubt=_score_doubt(pairs),
        mistakes=[mistake for pair in pairs for mistake in _mistakes(*pair)],
    )


def _groups(pairs: Pairs) -> dict[str, Pairs]:
    """Articles of languages with a lexicon and without, and by the kind of source that their outlet's name shows."""
    groups: dict[str, list[tuple[Record, Prediction]]] = {"languages with a lexicon": [], "languages without one": []}
    groups |= {kind: [] for kind in (*_SOURCE_KINDS, _OTHER_SOURCES)}
    for record, prediction in pairs:
        has_lexicon = (record.get("lang") or prediction["lang"]) in LANGUAGES
        groups["languages with a lexicon" if has_lexicon else "languages without one"].append((record, prediction))
        outlet = str(record.get("outlet") or "").casefold()
        kinds = (kind for kind, signs in _SOURCE_KINDS.items() if re.search(signs, outlet))
        groups[next(kinds, _OTHER_SOURCES)].append((record, prediction))
    return dict(groups)


_SOURCE_KINDS = {
    "public bodies": r"\.gov|\.gob\.|\.gouv|\.mil|government|ministr|parl|cabinet|police|regering",
    "organisations": r"\.org|\.int|\.edu|foundation|church",
}
_OTHER_SOURCES = "papers, agencies and blogs"


Counts = tuple[int, int, int]
"""What was right, wrong and missed of one article."""


def _score(counts: Sequence[Counts], pairs: Pairs, *, with_bounds: bool = True) -> Score:
    """From the counts of each of the articles."""
    table = np.array(counts, np.int64).reshape(-1, 3)
    stories = [str(record.get("story") or record.get("id")) for record, _ in pairs]
    right, wrong, missed = map(int, table.sum(0))
    return Score(right, wrong, missed, f1_interval(table.astype(float), stories) if with_bounds else None)


def _mistakes(record: Record, prediction: Prediction) -> list[Mistake]:
    """What was wrong about one article; the facts of a project that was called one."""
    article, title = str(record.get("id") or ""), str(record.get("title") or "")
    found = [
        Mistake(article, title, question, bool(record[question]), bool(prediction[question]))
        for question in QUESTIONS
        if bool(record[question]) != bool(prediction[question])
    ]
    gold, said = record.get("project"), prediction.get("project")
    if record["new_project"] and prediction["new_project"] and gold and said:
        for spec in FACTS:
            _, wrong, missed = _score_fact(spec, gold, said)
            if wrong or missed:
                wanted, read = (
                    [p.get(field) for field in spec.fields] if spec.kind == "amount" else p.get(spec.name)
                    for p in (gold, said)
                )
                found.append(Mistake(article, title, spec.name, wanted, read))
    return found


def calibration_error(gold: NDArray[np.bool_], probabilities: NDArray[np.float64]) -> float:
    """Expected calibration error: how far stated probabilities lie from what came true, over equal bins of 0..1."""
    place = np.minimum((probabilities * _CALIBRATION_BINS).astype(int), _CALIBRATION_BINS - 1)
    parts = [place == b for b in range(_CALIBRATION_BINS) if (place == b).any()]
    return float(sum(abs(gold[p].mean() - probabilities[p].mean()) * p.mean() for p in parts))


def _calibration_of(pairs: Pairs, question: str) -> float:
    gold = np.array([bool(record[question]) for record, _ in pairs])
    return calibration_error(gold, np.array([said[QUESTIONS[question]] for _, said in pairs], float))


def _score_group(pairs: Pairs, *, with_bounds: bool = False) -> Group:
    questions = {}
    for question in QUESTIONS:
        answers = [(bool(record[question]), bool(said[question])) for record, said in pairs]
        counts = [(int(gold and said), int(said and not gold), int(gold and not said)) for gold, said in answers]
        questions[question] = _score(counts, pairs, with_bounds=with_bounds)
    return Group(len(pairs), questions)


def _score_facts(pairs: Pairs) -> dict[str, Score]:
    """Of the projects whose facts are labelled, each fact that some label tells of."""
    if not any(said.get("project") for _, said in pairs):
        return {}
    known = [(r["project"], (p.get("project") if p["new_project"] else None) or {}) for r, p in pairs if _is_known(r)]
    told = [spec for spec in FACTS if any(spec.name in gold for gold, _ in known)]
    of_projects = [pair for pair in pairs if _is_known(pair[0])]
    return {spec.name: _score([_score_fact(spec, *one) for one in known], of_projects) for spec in told}


def _score_doubt(pairs: Pairs) -> dict[str, Score]:
    """Of all stated values, how many are right among those stated as doubtful, and among the others."""
    counts = {"doubtful": [0, 0], "others": [0, 0]}
    for record, said in pairs:
        if not (_is_known(record) and said.get("project")):
            continue
        for spec in FACTS:
            found = said["project"].get(spec.name)
            for value in found or () if spec.is_list else () if found is None else (found,):
                stated = {**said["project"], spec.name: [value] if spec.is_list else value}
                right, wrong, _ = _score_fact(spec, record["project"], stated)
                doubtful = said.get("doubtful", {}).get(spec.name, ())
                kind = "doubtful" if (str(value) in doubtful or (doubtful and not spec.is_list)) else "others"
                counts[kind][0] += right
                counts[kind][1] += wrong
    if not any(counts["doubtful"]):
        return {}
    return {name: Score(right, wrong) for name, (right, wrong) in counts.items()}


def _is_known(record: Record) -> bool:
    return bool(record["new_project"] and record.get("project"))


def _score_fact(spec: FactSpec, gold: Mapping[str, Any], said: Mapping[str, Any]) -> Counts:
    """Right, wrong and missed of one fact of one project; nothing of all where the label does not tell of it."""
    if spec.name not in gold:
        return 0, 0, 0
    wanted, found = gold[spec.name], said.get(spec.name)
    if spec.is_list:
        return _compare_lists(wanted or [], found or [], IS_SAME[spec.kind])
    if wanted is None or found is None:
        return 0, int(found is not None), int(wanted is not None)
    is_right = bool(IS_SAME[spec.kind](wanted, found))
    if spec.kind == "amount":
        is_right = is_right and gold.get("currency") == said.get("currency")
    return int(is_right), int(not is_right), int(not is_right)


def _compare_lists(gold: list[str], said: list[str], is_same: Callable[[str, str], bool]) -> Counts:
    left = list(said)
    right = 0
    for wanted in gold:
        found = next((one for one in left if is_same(wanted, one)), None)
        if found is not None:
            right += 1
            left.remove(found)
    return right, len(left), len(gold) - right
