"""Judges an article: about trafficking in persons or not, a new project or not, its topic, its facts, and why.

In: a `Document`. Out: a `Verdict`. Promises: pure (the model and the lexicons are read once, at `load`, the encoder at
the first document that is judged), never fails on any text, and the same document gets the same verdict everywhere.
"""

from __future__ import annotations

import gc
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.document import RELEVANT_TOPICS, TOPICS, Document, Reason, Verdict
from classifier.encoder.encoder import Encoder, EncoderError, EncoderReading
from classifier.encoder.scores import EncoderScores
from classifier.extraction import ProjectFacts, read_projects
from classifier.extraction.linear import Models, load_models
from classifier.languages import LANGUAGES, load_lexicon
from classifier.logistic import sigmoid
from classifier.model import MODEL_FOLDER, Model, ModelError
from classifier.prefilter.prefilter import Prefilter
from classifier.reasons import explain
from classifier.settings import ClassifierSettings
from classifier.text.language_detection import language_of
from classifier.title_only import is_title_only

_NOTHING_FOUND = "general-news"
"""The topic of a ruled-out article: nobody looked for another."""

_TEXT_CHARACTERS = 20_000
"""Of a longer text only its beginning is judged: no item of the corpus is a fifth as long, and cost stays bounded."""


class Judge:
    """Judges documents with one model at one set of thresholds; safe to share. What was not loaded before is loaded by
    the first document that needs it."""

    def __init__(
        self,
        model: Model,
        settings: ClassifierSettings,
        facts: Models | None = None,
        *,
        model_folder: Path = MODEL_FOLDER,
    ) -> None:
        """`facts` are the weights by which facts are chosen, those in `model_folder` if None."""
        self.model = model
        self.settings = settings
        self._model_folder = model_folder
        self._encoder: Encoder | None = None
        if facts is not None:
            self.facts = facts

    @classmethod
    def load(cls, settings: ClassifierSettings | None = None, model_folder: Path | None = None) -> Judge:
        """Reads the model (that of the folder, else that of the settings, else the shipped one) and all lexicons, in
        under 0.6 s.

        Raises:
            ModelError: the model is missing, damaged or of another version.
            LexiconError: a lexicon file is damaged.
        """
        judge = cls.load_prefilter(settings, model_folder)
        judge.load_fact_reading()
        return judge

    @classmethod
    def load_prefilter(cls, settings: ClassifierSettings | None = None, model_folder: Path | None = None) -> Judge:
        """As `load`, but no more than ruling out needs: without lexicons and weights of facts, 25 MB."""
        settings = settings or ClassifierSettings()
        folder = model_folder or settings.model or MODEL_FOLDER
        judge = cls(Model.load(folder), settings, model_folder=folder)
        _ = judge.prefilter
        _keep_for_good()
        return judge

    def load_fact_reading(self) -> None:
        """Loads the weights of facts and all lexicons.

        Raises:
            ModelError: the weights are missing or damaged.
            LexiconError: a lexicon file is damaged.
        """
        for lang in LANGUAGES:
            load_lexicon(lang)
        _ = self.facts
        _keep_for_good()

    @cached_property
    def prefilter(self) -> Prefilter:
        """What rules out."""
        return self.model.load_prefilter()

    @cached_property
    def facts(self) -> Models:
        """The weights by which facts are chosen."""
        folder = self._model_folder
        try:
            return load_models(folder)
        except FileNotFoundError as error:
            raise ModelError(f"no model in {folder}: facts.json is missing") from error
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelError(f"the model in {folder} is damaged: facts.json: {error}") from error

    @property
    def is_encoder_loaded(self) -> bool:
        """Whether the next document is judged without loading the encoder first."""
        return self._encoder is not None

    def load_encoder(self) -> Encoder:
        """The encoder, loaded when it is first asked for: some 50 MB.

        Raises:
            ModelError: its files are missing or damaged.
        """
        if self._encoder is None:
            try:
                self._encoder = Encoder(self.model.encoder_folder, self.prefilter.pieces)
            except EncoderError as error:
                raise ModelError(str(error)) from error
        return self._encoder

    def rule_out(self, document: Document) -> Verdict | None:
        """A "no" where title and rough text show cheaply that the article is not about trafficking in persons.

        The text may hold what surrounds the article on its page. None where it cannot be ruled out safely. The verdict
        has no facts; its probability of a new project is only known to be no higher than that of relevance.
        """
        score = self.prefilter.score(document.title, document.text)
        if score >= self.prefilter.weights.least_score:
            return None
        probability = min(float(sigmoid(np.array(score))), _HIGHEST_OF_RULED_OUT)
        return Verdict(
            lang=language_of(document),
            relevance=probability,
            is_relevant=False,
            relevance_band="no",
            new_project_probability=probability,
            is_new_project=False,
            new_project_band="no",
            topic=_NOTHING_FOUND,
            reasons=(Reason("relevant", "hardly any words of trafficking in persons", round(score, 3)),),
        )

    def judge(
        self, document: Document, *, with_facts: bool = True, encoder_scores: EncoderScores | None = None
    ) -> Verdict:
        """The full verdict, with reasons, and (unless told not to) with facts where a new project is possible; those
        of every project, where the text tells several apart.

        `encoder_scores` are taken in place of what the encoder would say, and without reasons: those by an encoder that
        did not learn from the document.

        Raises:
            ModelError: the encoder's files are missing or damaged.
        """
        lang = language_of(document)
        judged = replace(document, text=document.text[:_TEXT_CHARACTERS])
        scores = encoder_scores or self.load_encoder().read(judged.title, judged.text)
        of_relevant, of_new_project = self.model.calibrations.of(lang)
        settings = self.settings
        logits = self.model.logits(scores)
        relevance = of_relevant.probability(logits[0])
        # a new project is always relevant
        new_project = min(of_new_project.probability(logits[1]), relevance)
        is_relevant = relevance >= settings.relevant
        is_likely_new = is_relevant and new_project >= settings.new_project
        is_title = is_title_only(judged.title, judged.text)
        is_new = is_likely_new and not is_title
        relevance_band = settings.relevance_band(relevance)
        band = settings.new_project_band(new_project) if relevance_band != "no" else "no"
        if band == "yes" and not is_new:
            band = "maybe"
        projects: tuple[ProjectFacts, ...] = ()
        if with_facts and band != "no":
            projects = read_projects(judged, lang, self.facts, scores)
        reasons: tuple[Reason, ...] = ()
        if isinstance(scores, EncoderReading):
            reasons = explain(judged, lang, scores, (of_relevant.slope, of_new_project.slope))
            if relevance < settings.maybe:
                reasons = tuple(reason for reason in reasons if reason.about == "relevant")
        verdict = Verdict(
            lang=lang,
            relevance=relevance,
            is_relevant=is_relevant,
            relevance_band=relevance_band,
            new_project_probability=new_project,
            is_new_project=is_new,
            new_project_band=band,
            topic=_choose_topic(scores.topics, is_relevant=is_relevant, is_new_project=is_likely_new),
            reasons=reasons,
            is_language_known=lang in LANGUAGES,
            is_title_only=is_title,
            awaits_support=is_likely_new and is_title,
        )
        told = [replace(verdict, facts=one.facts, elsewhere=one.elsewhere) for one in projects]
        return replace(told[0], others=tuple(told[1:])) if told else verdict


def _choose_topic(scores: NDArray[np.float32], *, is_relevant: bool, is_new_project: bool) -> str:
    """The best topic among those the verdict leaves open; `scores` are in the order of `TOPICS`."""
    if is_new_project:
        return TOPICS[0]
    first, end = (1, len(RELEVANT_TOPICS)) if is_relevant else (len(RELEVANT_TOPICS), len(TOPICS))
    return TOPICS[first + int(np.argmax(scores[first:end]))]


_HIGHEST_OF_RULED_OUT = 0.2
"""What a ruled-out article's probability is said to be at most: so few of those ruled out are about the subject that
more would mislead."""


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
