"""Digests to look at: every part of a digest, with long words, conflicts, and passages from right to left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from alerts.digest.content import (
    Coverage,
    DigestContent,
    FactLine,
    ProjectCard,
    SourceLink,
    SourceTrouble,
    StoryLine,
    Tally,
    WeeklySummary,
)
from storage.projects.quotations import Quotation

SLOT_AT = datetime(2026, 11, 25, 6, tzinfo=UTC)


def tell(outlet: str, host: str, title: str, language: str, day: int = 24) -> SourceLink:
    path = "-".join(word for word in title.casefold().split() if word.isascii() and word.isalnum())
    return SourceLink(
        outlet, host, f"https://{host}/2026/11/{path}", title, language, datetime(2026, 11, day, 9, tzinfo=UTC)
    )


HARBOUR = ProjectCard(
    public_id="P-7K2M4Q",
    title="Safe Harbour",
    places=("Fiji", "Vanuatu"),
    facts=(
        FactLine("Runs it", "Pacific Shelter Trust, International Organization for Migration (IOM)"),
        FactLine("Pays", "Global Affairs Canada"),
        FactLine("Partners", "Fiji Police Force, Ministry of Women"),
        FactLine("Where", "Fiji, Vanuatu", kind="where"),
        FactLine(
            "How much", "CAD 11 million", ("CAD 10 million (Gazette)",), who="Migration Desk, The Herald", kind="sum"
        ),
        FactLine("When", "January 2027 to December 2030 (4 years)", ("3 years (Gazette)",), kind="when"),
    ),
    quotation=Quotation(
        "Global Affairs Canada will pay CAD 11 million for Safe Harbour, under which the Pacific Shelter Trust opens "
        "six houses for women who were trafficked for work at sea.",
        "en",
        "Migration Desk",
    ),
    links=(
        tell("Migration Desk", "migration-desk.example", "Six houses for women freed from fishing boats", "en"),
        tell("The Herald", "herald.example", "Canada backs shelters in Fiji and Vanuatu with CAD 11 million", "en"),
        tell("Gazette", "gazette.example", "Le Canada finance six refuges pour victimes de la traite", "fr", 25),
    ),
    confidence="almost certainly a new project (98%)",
)
SHELTER = ProjectCard(
    public_id="P-3XW9TB",
    title="إطلاق مشروع جديد لحماية ضحايا الاتجار بالبشر في تونس",
    title_language="ar",
    title_note="Headline in Arabic",
    places=("Tunisia",),
    facts=(
        FactLine("Runs it", "الهيئة الوطنية لمكافحة الاتجار بالأشخاص"),
        FactLine("Pays", "European Union"),
        FactLine("Where", "Tunisia", ("perhaps also Libya (المرآة)",), kind="where"),
        FactLine("How much", "EUR 2.4 million", kind="sum"),
        FactLine("When", "3 years", kind="when"),
    ),
    quotation=Quotation("يمول الاتحاد الأوروبي المشروع بمبلغ 2.4 مليون يورو على مدى ثلاث سنوات.", "ar", "المرآة"),
    evidence=Quotation("وتنفذ الهيئة الوطنية المشروع مع ثلاث جمعيات محلية في خمس ولايات.", "ar", "المرآة"),
    links=(tell("المرآة", "almiraat.example", "إطلاق مشروع جديد لحماية ضحايا الاتجار بالبشر في تونس", "ar"),),
    confidence="probably a new project (81%)",
)
KNOWN = ProjectCard(
    public_id="P-PB7UQY",
    title="Rede Segura",
    places=("Brazil",),
    facts=(
        FactLine("Runs it", "Instituto Maré"),
        FactLine("Pays", "Norway", is_new=True),
        FactLine("How much", "NOK 18 million", kind="sum", is_new=True),
    ),
    quotation=Quotation(
        "O Instituto Maré acompanha quatrocentas famílias nos portos do Pará até 2029.", "pt", "Diário do Porto"
    ),
    links=(tell("Nordlys", "nordlys.example", "Norge gir 18 millioner til arbeid mot menneskehandel", "no", 25),),
    confidence="almost certainly a new project (96%)",
    note="Announced to you on 18 Nov 2026; now also reported by Nordlys.",
)


def story(id_: int, topic: str, link: SourceLink, outlets: int = 1, reason: str | None = None) -> StoryLine:
    return StoryLine(id_, topic, link, outlets, reason)


def morning(language: str = "en") -> DigestContent:
    """A morning with something in every section."""
    return DigestContent(
        subscription="morning",
        slot_key="2026-11-25",
        timezone="Europe/Vienna",
        slot_at=SLOT_AT,
        period_from_at=datetime(2026, 11, 24, 6, tzinfo=UTC),
        period_to_at=SLOT_AT,
        new_projects=(HARBOUR, SHELTER),
        updates=(KNOWN,),
        maybe=(
            story(
                66,
                "Event",
                tell("Lakes Post", "lakes.example", "Talks on a centre for returned children", "en"),
                reason="a new project with 47%, for its words “will open”, “three years”",
            ),
        ),
        news=(
            story(
                13, "Crime case", tell("Delta Times", "delta.example", "Three held after raid on brick kiln", "en"), 4
            ),
            story(
                14, "Crime case", tell("Canal Istmo", "canal.example", "Capturan a seis reclutadores en línea", "es")
            ),
            story(
                15, "Rescue", tell("Sahel Info", "sahel.example", "43 enfants retirés d'un site d'orpaillage", "fr"), 2
            ),
        ),
        sources=(
            SourceTrouble(
                "Old Gazette",
                "broken",
                SLOT_AT,
                "There is nothing at this address.",
                "Look for its new address.",
            ),
            SourceTrouble(
                "Bulletin", "still broken after 12 days", None, "No answer in time.", "Open it in a browser."
            ),
            SourceTrouble(
                "Pacific Wire",
                "silent for 40 days",
                None,
                "It has published nothing new.",
                "See whether it still publishes.",
            ),
            SourceTrouble("Nordlys", "working again", SLOT_AT, "", ""),
        ),
        coverage=Coverage(214, ("Gazette", "Lagos Desk", "صوت المشرق"), 1966),
        language=language,
    )


def quiet_morning() -> DigestContent:
    """A morning on which nothing happened."""
    return replace(morning(), new_projects=(), updates=(), maybe=(), news=(), sources=())


def week() -> WeeklySummary:
    """A week in numbers."""
    return WeeklySummary(
        subscription="week",
        timezone="Europe/Vienna",
        period_from_at=datetime(2026, 11, 18, 6, tzinfo=UTC),
        period_to_at=SLOT_AT,
        new_projects=17,
        updates=5,
        stories=88,
        coverage=Coverage(214, ("Gazette", "Lagos Desk", "صوت المشرق"), 13_020),
        countries=(Tally("Philippines", 5), Tally("Nigeria", 3), Tally("DR Congo", 2), Tally("Fiji", 1)),
        funders=(
            Tally("European Union", 6),
            Tally("Swedish International Development Cooperation Agency", 4),
            Tally("Global Affairs Canada", 1),
        ),
        topics=(Tally("Crime case", 51), Tally("Rescue", 20), Tally("Policy and law", 16), Tally("Campaign", 1)),
        projects=(HARBOUR, SHELTER),
    )
