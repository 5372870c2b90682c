"""Judges an article: about trafficking in persons or not, a new project or not, its topic, its facts, and why.

In: a `Document`. Out: a `Verdict`. Promises: pure (the model and the lexicons are read once, at `load`), never fails on
any text, and the same document gets the same verdict everywhere.
"""

from __future__ import annotations

import gc
from dataclasses import replace
from pathlib import Path

import numpy as np

from classifier.concepts import known_languages, load_concepts
from classifier.document import Document, Reason, Verdict
from classifier.facts import ProjectFacts, read_projects
from classifier.facts.linear import Models, load_models
from classifier.features import read_text
from classifier.language import language_of
from classifier.model import MODEL_FOLDER, Model, ModelError
from classifier.reasons import Explainer
from classifier.relevance import GLANCE_CONCEPTS, glance
from classifier.settings import ClassifierSettings
from classifier.topics import choose_topic

__all__ = ["Judge"]

_FRIENDS = {
    "drugs": "drug-arms",
    "goods": "wildlife-goods",
    "road": "traffic-transport",
    "smuggling": "smuggling-migration",
    "history": "general-news",
    "culture": "general-news",
}
"""The topic of a ruled-out article: that of the concept it mentions most."""

_NOTHING_FOUND = "general-news"

_NEARLY_RULED_OUT = 0.25
"""Up to this probability after a glance a rough text is read in full, a millisecond, before its page is taken apart,
which costs ten times as much. An article without a word of trafficking in persons lies here, and so does a third of
ordinary news."""

_RULED_OUT_WHEN_READ = 0.1
"""Probability of relevance below which such a reading rules out: far enough below `maybe` that what surrounds an
article on its page does not decide."""

_TEXT_CHARACTERS = 20_000
"""Of a longer text only its beginning is judged: no item of the corpus is a fifth as long, and cost stays bounded."""


class Judge:
    """Judges documents with one model at one set of thresholds; safe to share, loads in under 0.6 s."""

    def __init__(self, model: Model, settings: ClassifierSettings, facts: Models | None = None) -> None:
        """`facts` are the weights by which facts are chosen; the shipped ones if None."""
        self.model = model
        self.settings = settings
        self.facts = facts

    @classmethod
    def load(cls, settings: ClassifierSettings | None = None, model_folder: Path | None = None) -> Judge:
        """Reads the model (that of the folder, else that of the settings, else the shipped one) and all lexicons.

        Raises:
            ModelError: the model is missing, damaged or of another version.
            LexiconError: a lexicon file is damaged.
        """
        for lang in known_languages():
            load_concepts(lang)
        folder = model_folder or (settings.model if settings else None) or MODEL_FOLDER
        model = Model.load(folder)
        try:
            facts = load_models(folder)
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: facts.json is missing") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"the model in {folder} is damaged: facts.json: {error}") from error
        _keep_for_good()
        return cls(model, settings or ClassifierSettings(), facts)

    def rule_out(self, document: Document) -> Verdict | None:
        """A "no" where title and rough text show cheaply that the article is not about trafficking in persons.

        The text may hold what surrounds the article on its page. None where it cannot be ruled out safely. The verdict
        has no facts; its probability of a new project is only known to be no higher than that of relevance.
        """
        lang = language_of(document)
        seen = glance(document.title, document.text, lang)
        if seen is None:
            return None
        below = min(self.model.rule_out_below, self.settings.maybe)
        probability = self.model.glance_probability(seen)
        if below <= probability < _NEARLY_RULED_OUT:
            reading = read_text(document.title, document.text[:_TEXT_CHARACTERS], load_concepts(lang))
            probability = self.model.relevant.probability(self.model.row(reading))
            below = min(_RULED_OUT_WHEN_READ, self.settings.maybe)
        if probability >= below:
            return None
        counts = seen[len(GLANCE_CONCEPTS) : 2 * len(GLANCE_CONCEPTS)]
        friends = [GLANCE_CONCEPTS.index(concept) for concept in _FRIENDS]
        most = max(friends, key=lambda concept: float(counts[concept]))
        words = (
            "no words of trafficking in persons"
            if not counts[:2].any()
            else "hardly any words of trafficking in persons"
        )
        return Verdict(
            lang=lang,
            relevance=probability,
            is_relevant=False,
            relevance_band="no",
            new_project_probability=probability,
            is_new_project=False,
            new_project_band="no",
            topic=_FRIENDS[GLANCE_CONCEPTS[most]] if counts[most] > 0 else _NOTHING_FOUND,
            reasons=(Reason("relevant", words, round(float(np.log(probability / (1 - probability))), 3)),),
        )

    def judge(self, document: Document, *, with_facts: bool = True) -> Verdict:
        """The full verdict, with reasons, and (unless told not to) with facts where a new project is possible; those
        of every project, where the text tells several apart."""
        lang = language_of(document)
        lexicon = load_concepts(lang)
        reading = read_text(document.title, document.text[:_TEXT_CHARACTERS], lexicon)
        row = self.model.row(reading)
        settings = self.settings
        relevance = self.model.relevant.probability(row)
        new_project = min(self.model.new_project.probability(row), relevance)  # a new project is always relevant
        is_relevant = relevance >= settings.relevant
        is_new = is_relevant and new_project >= settings.new_project
        relevance_band = settings.relevance_band(relevance)
        band = settings.new_project_band(new_project) if relevance_band != "no" else "no"
        if band == "yes" and not is_new:
            band = "maybe"
        judged = replace(document, text=document.text[:_TEXT_CHARACTERS])
        projects: tuple[ProjectFacts, ...] = ()
        if with_facts and band != "no":
            projects = read_projects(judged, lang, self.facts)
        explainer = Explainer(judged, lang, reading, self.model, row)
        reasons = explainer.explain("relevant", self.model.relevant)
        if relevance >= settings.maybe:
            reasons += explainer.explain("new_project", self.model.new_project)
        verdict = Verdict(
            lang=lang,
            relevance=relevance,
            is_relevant=is_relevant,
            relevance_band=relevance_band,
            new_project_probability=new_project,
            is_new_project=is_new,
            new_project_band=band,
            topic=choose_topic(self.model.topics.scores(row), is_relevant=is_relevant, is_new_project=is_new),
            reasons=tuple(reasons),
            is_language_known=lexicon is not None,
        )
        told = [replace(verdict, facts=one.facts, elsewhere=one.elsewhere) for one in projects]
        return replace(told[0], others=tuple(told[1:])) if told else verdict


def _keep_for_good() -> None:
    """Takes all that is loaded out of the garbage collector's rounds.

    Lexicons and weights last as long as the process: to look through them again and again for what nobody needs any
    more took a tenth of the time of reading facts.
    """
    gc.collect()  # what is garbage already would be kept as well
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_ROUNDS, *gc.get_threshold()[1:])


_OBJECTS_BETWEEN_ROUNDS = 10_000
"""New objects after which the collector looks for cycles among them. Reading an article leaves some hundreds in cycles:
Python's 700 had it look again and again within one, for what is small enough to wait."""
