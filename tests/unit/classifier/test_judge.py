"""What the judge promises of any document."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.document import TOPICS, Document
from classifier.encoder.scores import RecordScores
from classifier.judge import Judge
from classifier.languages import LANGUAGES
from classifier.settings import ClassifierSettings
from classifier.verdict_json import verdict_from_json, verdict_to_json
from tests.support.judged_articles import BAKERY, NEW_PROJECT, SWEDISH, THAI, TRIAL, WELSH

ARTICLES = (NEW_PROJECT, TRIAL, BAKERY, WELSH)

ANY_DOCUMENT = st.builds(
    Document,
    title=st.text(max_size=120),
    text=st.text(max_size=600),
    lang=st.one_of(st.none(), st.sampled_from((*LANGUAGES, "pt-BR", "EN_us", "xx", ""))),
    published=st.one_of(st.none(), st.sampled_from(("2024", "2024-05", "2024-05-06"))),
    url=st.one_of(st.none(), st.just("https://news.example/a")),
)


def test_a_launched_project_is_new_with_its_facts(judge: Judge) -> None:
    verdict = judge.judge(NEW_PROJECT)
    assert (verdict.relevance_band, verdict.new_project_band, verdict.topic) == ("yes", "yes", "project")
    assert verdict.facts is not None
    assert (verdict.facts.amount, verdict.facts.currency, verdict.facts.countries) == (2_400_000, "EUR", ("ZM",))


def test_a_trial_is_relevant_but_no_project_and_has_no_facts(judge: Judge) -> None:
    verdict = judge.judge(TRIAL)
    assert (verdict.is_relevant, verdict.is_new_project, verdict.new_project_band) == (True, False, "no")
    assert verdict.facts is None
    assert verdict.topic == "crime-case"


def test_ordinary_news_is_ruled_out_by_its_cheap_reading(judge: Judge) -> None:
    verdict = judge.rule_out(BAKERY)
    assert verdict is not None
    assert (verdict.is_relevant, verdict.relevance_band, verdict.facts) == (False, "no", None)


@pytest.mark.parametrize("article", [NEW_PROJECT, TRIAL])
def test_what_is_relevant_is_never_ruled_out(judge: Judge, article: Document) -> None:
    assert judge.rule_out(article) is None


def test_a_language_without_a_lexicon_is_judged_as_others_are_and_says_so(judge: Judge) -> None:
    assert judge.rule_out(WELSH) is not None
    verdict = judge.judge(WELSH)
    assert (verdict.lang, verdict.is_language_known, verdict.is_relevant) == ("cy", False, False)
    assert judge.judge(TRIAL).is_language_known


@pytest.mark.parametrize("article", [SWEDISH, THAI], ids=["swedish", "thai"])
def test_a_new_project_is_found_in_languages_without_a_lexicon(judge: Judge, article: Document) -> None:
    assert judge.rule_out(article) is None
    verdict = judge.judge(article)
    assert (verdict.is_relevant, verdict.is_new_project, verdict.is_language_known) == (True, True, False)


def test_the_same_words_in_the_middle_band_are_a_maybe_and_in_the_upper_a_yes(judge: Judge) -> None:
    probability = judge.judge(TRIAL).relevance
    above, below = (1 + probability) / 2, probability / 2
    for threshold, maybe, band in ((below, below, "yes"), (above, below, "maybe"), (above, above, "no")):
        settings_ = ClassifierSettings(relevant=threshold, new_project=above, maybe=maybe)
        verdict = Judge(judge.model, settings_).judge(TRIAL)
        assert (verdict.relevance_band, verdict.is_relevant) == (band, band == "yes")


def test_what_falls_a_little_short_of_a_new_project_is_a_maybe_if_it_may_be_on_the_subject(judge: Judge) -> None:
    said = judge.judge(NEW_PROJECT)
    above, below = (1 + said.new_project_probability) / 2, said.new_project_probability / 2
    for lowest, band in ((below, "maybe"), (above, "no")):
        strict = ClassifierSettings(new_project=above, maybe_new_project=lowest)
        assert Judge(judge.model, strict).judge(NEW_PROJECT).new_project_band == band
    beyond = (1 + said.relevance) / 2
    off_subject = ClassifierSettings(relevant=beyond, maybe=beyond, new_project=above, maybe_new_project=below)
    verdict = Judge(judge.model, off_subject).judge(NEW_PROJECT)
    assert (verdict.relevance_band, verdict.new_project_band) == ("no", "no")


def test_a_band_that_begins_above_its_threshold_is_refused() -> None:
    for wrong in ({"maybe": 0.6}, {"maybe_new_project": 0.99}):
        with pytest.raises(ValueError, match="must not lie above"):
            ClassifierSettings(**wrong)


def test_a_possible_project_keeps_its_facts_for_people_to_look_at(judge: Judge) -> None:
    probability = judge.judge(NEW_PROJECT).new_project_probability
    strict = ClassifierSettings(new_project=(1 + probability) / 2)
    verdict = Judge(judge.model, strict).judge(NEW_PROJECT)
    assert (verdict.is_new_project, verdict.new_project_band) == (False, "maybe")
    assert verdict.facts is not None


@pytest.mark.parametrize("text", ["", NEW_PROJECT.title, f"{NEW_PROJECT.title}\n\nThe Daily Star of Lusaka"])
def test_a_title_alone_is_a_maybe_whatever_its_probability(judge: Judge, text: str) -> None:
    easy = Judge(judge.model, ClassifierSettings(new_project=0.05, maybe_new_project=0.05), judge.facts)
    verdict = easy.judge(replace(NEW_PROJECT, text=text))
    assert (verdict.is_new_project, verdict.new_project_band, verdict.topic) == (False, "maybe", "project")
    assert (verdict.is_title_only, verdict.awaits_support) == (True, True)
    assert easy.judge(NEW_PROJECT).is_new_project


def test_a_title_that_falls_short_by_itself_awaits_nothing(judge: Judge) -> None:
    verdict = judge.judge(replace(TRIAL, text=""))
    assert (verdict.is_title_only, verdict.awaits_support) == (True, False)


def test_a_new_project_is_never_likelier_than_the_subject(judge: Judge) -> None:
    for article in ARTICLES:
        verdict = judge.judge(article)
        assert verdict.new_project_probability <= verdict.relevance


@pytest.mark.parametrize("article", ARTICLES, ids=["project", "trial", "bakery", "welsh"])
def test_reasons_quote_the_article_where_they_say(judge: Judge, article: Document) -> None:
    for reason in judge.judge(article).reasons:
        assert reason.evidence is not None
        where = getattr(article, reason.evidence.part)
        assert where[reason.evidence.start : reason.evidence.end] == reason.evidence.text
        assert reason.words in reason.evidence.text


def test_a_sentence_that_says_that_a_project_starts_is_a_reason_for_a_new_project(judge: Judge) -> None:
    reasons = [reason for reason in judge.judge(NEW_PROJECT).reasons if reason.about == "new_project"]
    told = next(reason for reason in reasons if reason.does == "start")
    assert told.weight > 0
    assert told.evidence is not None
    assert told.evidence.text.startswith(told.words)
    assert not any(reason.does for reason in judge.judge(NEW_PROJECT).reasons if reason.about == "relevant")


def test_what_tells_of_a_crime_speaks_against_a_new_project(judge: Judge) -> None:
    first = next(reason for reason in judge.judge(TRIAL).reasons if reason.about == "new_project")
    assert (first.does, first.weight < 0) == ("crime", True)


def test_the_encoder_reads_with_the_vocabulary_that_the_prefilter_has(judge: Judge) -> None:
    assert judge.load_encoder().pieces is judge.prefilter.pieces


def test_what_an_encoder_said_before_stands_in_for_it(judge: Judge) -> None:
    said = RecordScores(np.array([9.0, 9.0], np.float32), np.zeros(len(TOPICS), np.float32), {})
    apart = Judge(judge.model, judge.settings, judge.facts)
    assert apart.judge(TRIAL, encoder_scores=said).is_new_project
    assert not apart.is_encoder_loaded


def test_the_same_document_gets_the_same_verdict(judge: Judge) -> None:
    assert judge.judge(NEW_PROJECT) == judge.judge(replace(NEW_PROJECT))


@given(document=ANY_DOCUMENT)
@settings(max_examples=60, deadline=None)
def test_any_text_is_judged_and_its_verdict_survives_json(judge: Judge, document: Document) -> None:
    judge.rule_out(document)
    verdict = judge.judge(document)
    assert 0 <= verdict.new_project_probability <= verdict.relevance <= 1
    assert verdict_from_json(verdict_to_json(verdict)) == verdict


@pytest.mark.parametrize(
    "text", ["", "\n\n\n", "0", "." * 5_000, "human trafficking " * 30_000, "\u0000\ud83d\ude00\u202e", "ا" * 50_000]
)
def test_odd_texts_are_judged(judge: Judge, text: str) -> None:
    verdict = judge.judge(Document(title="", text=text))
    assert 0 <= verdict.relevance <= 1


def test_what_is_loaded_for_good_is_left_out_of_the_garbage_collectors_rounds() -> None:
    Judge.load()
    assert gc.get_freeze_count() > 10_000
