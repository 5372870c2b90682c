"""Made articles for the register: four of ten report a project with facts, the rest events.

A project or event is reported by one to four articles, some of them near copies, the others in other words; verdicts
hold reasons and evidence as the classifier gives them, and words are as unevenly common as in a language.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from classifier.document import Evidence, Facts, Reason, Verdict
from storage.records import ArticleReading

__all__ = ["START", "Made", "Words", "World", "make_articles", "make_report", "make_words"]

World = dict[str, Any]
"""A project or event: its number, names, places, figures and facts."""

START = datetime(2026, 1, 1, tzinfo=UTC)
_CODES = (
    "KE UG TZ RW BI ET SO SD SS NG GH CI BF ML NE TD CM GA CD AO ZM MW MZ ZA NA BW LS SZ MG MU IN NP BD LK PK AF KH LA "
    "VN TH MM ID PH MY CN MN KZ KG TJ UZ AM GE AZ TR UA MD RO BG RS AL MK BA"
)
COUNTRIES = _CODES.split()
FUNDERS = (
    "European Union",
    "USAID",
    "Netherlands",
    "Norway",
    "United Kingdom",
    "Canada",
    "Japan",
    "Sweden",
    "Switzerland",
)
AGENCIES = ("IOM", "UNODC", "UNICEF", "ILO", "Save the Children", "World Vision", "Caritas")
TEXT_WORDS = 300
VOCABULARY = 20_000
REASONS = 12  # what the classifier gives on average, half of them with a sentence of their own


@dataclass(frozen=True)
class Made:
    """One made article with what the judge would say of it, and the project or event that it reports."""

    reading: ArticleReading
    verdict: Verdict
    world: World


def make_articles(seed: int) -> Iterator[Made]:
    """Made articles without end, the same for a seed; reports of one project come within some dozens of each other."""
    rng = random.Random(seed)
    words = make_words(rng)
    pending: list[tuple[int, Made]] = []
    number = 0
    while True:
        is_project = rng.random() < 0.4
        base = _make_world(rng, words, number, is_project=is_project)
        for report in range(rng.choice((1, 1, 2, 3, 4))):
            is_copy = report > 0 and rng.random() < 0.4
            made = make_report(rng, words, base, f"{seed}-{number}-{report}", is_copy=is_copy)
            pending.append((number + report * rng.randint(1, 40), made))
        number += 1
        due = [made for at, made in pending if at <= number]
        pending = [(at, made) for at, made in pending if at > number]
        yield from due


class Words:
    """A vocabulary drawn from as a language is: the n-th word 1/n times as often as the first (Zipf)."""

    def __init__(self, all_words: list[str], rng: random.Random) -> None:
        self._words, self._rng = all_words, rng
        self._weights = list(accumulate(1 / (n + 10) for n in range(len(all_words))))

    def draw(self, count: int) -> list[str]:
        """Words of a running text."""
        return self._rng.choices(self._words, cum_weights=self._weights, k=count)

    def name(self) -> str:
        """A proper name: any word, the rare as often as the common."""
        return self._rng.choice(self._words).capitalize()


def make_words(rng: random.Random) -> Words:
    """The vocabulary of a made world."""
    return Words([_make_word(rng) for _ in range(VOCABULARY)], rng)


def _make_word(rng: random.Random) -> str:
    return "".join(rng.choice("bcdfglmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4)))


def _make_world(rng: random.Random, words: Words, number: int, *, is_project: bool) -> World:
    own = f"{words.name()} {words.name()}"
    return {
        "number": number,
        "is_project": is_project,
        "places": [words.name() for _ in range(8)],
        "figures": [str(rng.randint(11, 99_999)) for _ in range(4)],
        "name": f"{own} Initiative" if rng.random() < 0.6 else None,
        "country": rng.choice(COUNTRIES),
        "funder": rng.choice(FUNDERS),
        "agency": rng.choice((*AGENCIES, f"{own} Foundation")),
        "amount": float(rng.randint(50, 9_999) * 1_000),
        "start": f"{rng.randint(2019, 2026)}-{rng.randint(1, 12):02}",
        "body": words.draw(TEXT_WORDS),
    }


def make_report(rng: random.Random, words: Words, world: World, key: str, *, is_copy: bool) -> Made:
    """One article about a project or event, in the words of the first or in others."""
    body = list(world["body"]) if is_copy else words.draw(TEXT_WORDS)
    for at in rng.sample(range(TEXT_WORDS), 3 if is_copy else 0):
        body[at] = words.draw(1)[0]
    marks = [*world["places"], *world["figures"]]
    for at, mark in enumerate(marks):
        body[at * (TEXT_WORDS // len(marks))] = mark
    sentences = [" ".join(body[i : i + 15]) for i in range(0, TEXT_WORDS, 15)]
    title = f"{words.name()} {world['places'][0]} {' '.join(words.draw(4))}"
    starts = list(accumulate((len(sentence) + 2 for sentence in sentences), initial=0))
    evidence = [Evidence(s, "text", at, at + len(s)) for s, at in zip(sentences, starts, strict=False)]
    facts = Facts(
        name=world["name"],
        implementers=(world["agency"],),
        funders=(world["funder"],),
        countries=(world["country"],),
        amount=world["amount"] if rng.random() < 0.7 else None,
        currency="USD",
        start=world["start"] if rng.random() < 0.5 else None,
        evidence={"name": (evidence[0],), "funders": (evidence[0],), "amount": (evidence[1],), "start": (evidence[2],)},
    )
    is_project = bool(world["is_project"])
    verdict = Verdict(
        lang="en",
        relevance=0.95,
        is_relevant=True,
        relevance_band="yes",
        new_project_probability=0.9 if is_project else 0.1,
        is_new_project=is_project,
        new_project_band="yes" if is_project else "no",
        topic="project" if is_project else "crime-case",
        reasons=tuple(Reason("relevant", body[n], 1.234, evidence[n // 2]) for n in range(REASONS)),
        facts=facts if is_project else None,
    )
    url = f"https://outlet{world['number'] % 97}.example/news/{key}"
    published_at = START + timedelta(hours=world["number"] / 4)
    text = ". ".join(sentences)
    reading = ArticleReading((), url, url, title, text, "en", f"outlet{world['number'] % 97}", published_at, "page")
    return Made(reading, verdict, world)
