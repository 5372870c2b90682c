"""Why a verdict came out as it did: the sentences that add most to the encoder's log-odds, with what they do.

In: the document and what the encoder made of it. Out: `Reason`s, the weightiest first. The encoder's heads are linear
in what its layers make of each piece of the text, so a sentence's weight is what its pieces add to the log-odds.
"""

from __future__ import annotations

from classifier.document import ROLE_LETTERS, SENTENCE_ROLES, Document, Evidence, Reason
from classifier.encoder.encoder import EncoderReading
from classifier.text.sentences import split_sentences

_MOST = 3
"""Sentences for, and as many against, each question: what a person reads at a glance."""

_LEAST = 0.05
"""Log-odds below which a sentence decided nothing (one percent at even odds)."""

_FIRST_WORDS = 8
"""Of a sentence: by them a person finds it."""

_LEAST_ROLE = 0.4
"""Probability from which it is said what a sentence does."""


def explain(document: Document, lang: str, reading: EncoderReading, slopes: tuple[float, float]) -> tuple[Reason, ...]:
    """What spoke most for and most against relevance and a new project.

    Args:
        document: the article.
        lang: its language.
        reading: what the encoder made of it.
        slopes: of the calibrations of both questions, by which its log-odds are multiplied.
    """
    before = len(document.title) + 1
    evidence = [Evidence(document.title[a:b], "title", a, b) for a, b in split_sentences(document.title, lang)]
    evidence += [Evidence(document.text[a:b], "text", a, b) for a, b in split_sentences(document.text, lang)]
    spans = [(one.start + at, one.end + at) for one in evidence for at in (before if one.part == "text" else 0,)]
    shares = reading.share_of(spans)
    roles = reading.score_sentences(spans)
    reasons: list[Reason] = []
    for column, about in enumerate(("relevant", "new_project")):
        weights = shares[:, column] * slopes[column]
        for sign in (1, -1):
            order = sorted(range(len(evidence)), key=lambda at: -sign * weights[at])
            for at in order[:_MOST]:
                if sign * weights[at] < _LEAST:
                    break
                likeliest = int(roles[at].argmax())
                is_told = about == "new_project" and roles[at, likeliest] >= _LEAST_ROLE
                reasons.append(
                    Reason(
                        about="relevant" if about == "relevant" else "new_project",
                        words=_first_words(evidence[at].text),
                        weight=round(float(weights[at]), 3),
                        evidence=evidence[at],
                        does=SENTENCE_ROLES[ROLE_LETTERS[likeliest]] if is_told else "",
                    )
                )
    return tuple(sorted(reasons, key=lambda reason: (reason.about == "new_project", -abs(reason.weight))))


def _first_words(sentence: str) -> str:
    """The first words, as they stand there; of a script without spaces the first characters."""
    words = sentence.split(None, _FIRST_WORDS)
    end = sentence.find(words[-1]) if len(words) > _FIRST_WORDS else len(sentence)
    return sentence[:end].strip()[:80]
