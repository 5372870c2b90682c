"""Makes what a reader sees of a project, a story, a source from what storage knows, in the reader's language. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from alerts.digest.advice import format_advice, format_cause, format_reason, format_state
from alerts.digest.content import ParkedPage, ProjectCard, SourceLink, SourceTrouble, StoryLine
from alerts.digest.facts import format_title, format_title_note, list_facts, list_places
from alerts.i18n.phrases import format_day, format_share, format_topic
from alerts.i18n.translator import Translator
from classifier.document import DOUBTFUL, Reason, Verdict
from storage.articles.articles import StoredArticle
from storage.articles.made_address import is_made
from storage.articles.pages import ParkedEntry
from storage.digests.announcements import OtherStory, ProjectUpdate
from storage.projects.projects import Project, ProjectSource
from storage.projects.quotations import cut, find_evidence, find_quotation
from storage.sources.health import SourceHealth

# From these confidences on a project is almost certainly or probably a new one; below, possibly. They part what a
# calibrated probability calls right nine times in ten, and two times in three.
SURE, PROBABLE = 0.9, DOUBTFUL
SENTENCE_CHARACTERS = 160
"""Of the sentence quoted beside a maybe, which is a line in a list: two lines of it."""


def make_card(
    project: Project, translator: Translator, *, new: Collection[int] | None = None, note: str | None = None
) -> ProjectCard:
    """A project's card; `new` (article ids) leaves only these articles in it, and marks what they add, for an
    update."""
    sources = [source for source in project.sources if new is None or source.id in new]
    title, title_language = format_title(project)
    quotation = find_quotation(project, translator.language)
    if note is None and project.is_title_only:
        note = translator.gettext("Known from its headline alone: none of its articles could be read.")
    return ProjectCard(
        public_id=project.public_id,
        title=title,
        places=tuple(list_places(translator, project)),
        facts=tuple(list_facts(translator, project, new=new)),
        quotation=quotation,
        links=tuple(source_link(source) for source in sources),
        confidence=translator.gettext("a new project, confirmed by a person")
        if project.is_labelled
        else format_confidence(translator, project.confidence),
        note=note,
        title_language=title_language,
        title_note=format_title_note(translator, project),
        evidence=find_evidence(project, quotation, translator.language),
    )


def make_update(update: ProjectUpdate, translator: Translator, timezone: str) -> ProjectCard:
    """The card of a known project with what is new of it: who reports it now, and what that adds."""
    reporting = [source for source in update.project.sources if source.id in update.article_ids]
    note = translator.gettext(
        "Announced to you on %(day)s; now also reported by %(outlets)s.",
        day=format_day(translator, update.announced_at, timezone),
        outlets=", ".join(dict.fromkeys(source.outlet for source in reporting)),
    )
    return make_card(update.project, translator, new=update.article_ids, note=note)


def source_link(source: ProjectSource) -> SourceLink:
    """An article of a project; what a person brought without an address leads nowhere."""
    has_address = not is_made(source.url)
    return SourceLink(
        outlet=source.outlet,
        host=source.host if has_address else "",
        url=source.url if has_address else "",
        title=source.title,
        language=source.language,
        published_at=source.published_at,
    )


def format_confidence(translator: Translator, confidence: float) -> str:
    """How sure it is that the project is a new one, which says nothing of a fact: "probably a new project (81%)"."""
    share = format_share(translator, min(confidence, 0.99))  # nothing a machine reads is certain
    if confidence >= SURE:
        return translator.gettext("almost certainly a new project (%(share)s)", share=share)
    if confidence >= PROBABLE:
        return translator.gettext("probably a new project (%(share)s)", share=share)
    return translator.gettext("possibly a new project (%(share)s)", share=share)


def make_maybe_line(article: StoredArticle, translator: Translator) -> StoryLine:
    """One line of an article in the middle band, with what spoke for it."""
    return StoryLine(
        article_id=article.id,
        topic=format_topic(translator, article.verdict.topic),
        link=SourceLink(
            article.outlet, article.host, article.url, article.title, article.language, article.published_at
        ),
        outlets=1,
        reason=format_maybe(translator, article.verdict),
    )


def format_maybe(translator: Translator, verdict: Verdict) -> str:
    """Why an article is no more than a maybe."""
    if verdict.is_title_only:
        share = format_share(translator, verdict.new_project_probability)
        return translator.gettext("%(share)s likely to be a new project, judging by its headline alone", share=share)
    return format_reasons(translator, verdict.reasons, verdict.new_project_probability)


def format_reasons(translator: Translator, reasons: Sequence[Reason], probability: float) -> str:
    """How likely a new project is, and the article's sentence that spoke most for it."""
    share = format_share(translator, probability)
    spoke = [one for one in reasons if one.about == "new_project" and one.weight > 0 and one.evidence]
    best = max(spoke, key=lambda one: one.weight, default=None)
    if best is None or best.evidence is None:
        return translator.gettext("%(share)s likely to be a new project", share=share)
    quoted = cut(best.evidence.text, SENTENCE_CHARACTERS)
    sentence = translator.gettext("“%(words)s”", words=quoted)
    return translator.gettext(
        "%(share)s likely to be a new project, because of the sentence %(sentence)s", share=share, sentence=sentence
    )


def make_story_line(story: OtherStory, translator: Translator) -> StoryLine:
    """One line of a story that is no new project; its first article stands for it."""
    host = urlsplit(story.url).hostname or ""
    return StoryLine(
        article_id=story.article_ids[0],
        topic=format_topic(translator, story.topic),
        link=SourceLink(story.outlets[0], host, story.url, story.title, story.language, story.published_at),
        outlets=len(story.outlets),
    )


def make_trouble(
    health: SourceHealth, translator: Translator, *, period_from_at: datetime, now: datetime
) -> SourceTrouble:
    """A source worth a word (see `alerts.digest.advice.is_worth_mentioning`)."""
    state, since_at = format_state(translator, health, period_from_at, now)
    return SourceTrouble(
        health.name, state, since_at, format_reason(translator, health), format_advice(translator, health)
    )


def make_parked_page(parked: ParkedEntry, translator: Translator) -> ParkedPage:
    """A page that is parked, under the title that its source gave it."""
    return ParkedPage(
        title=parked.title or parked.url,
        source=parked.source_name,
        host=urlsplit(parked.url).hostname or "",
        url=parked.url,
        reason=format_cause(translator, parked.error_kind, parked.error_text or ""),
    )
