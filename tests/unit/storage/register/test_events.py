"""Whether two articles that announce nothing tell of one event, and whether one is later news of a project."""

from __future__ import annotations

import pytest

from classifier.document import Facts
from storage.register.blocking.lookup import join_words
from storage.register.compare.claims import Claims
from storage.register.compare.events import compare_events, compare_later_report, compare_update
from storage.register.compare.near_copy import sign_text
from tests.support.claims import read

RAID = (
    "Officers led by Inspector Wanjala freed 23 girls from a house in Kayole on Sunday. Two suspects, Otieno and "
    "Barasa, will appear at Makadara with 47 exhibits."
)
RETOLD = (
    "The house in Kayole looked like any other. Inside were 23 girls, said Wanjala, who has worked there for years; "
    "police took Otieno and Barasa away, and the court at Makadara will hear them."
)
OTHER_RAID = (
    "Officers led by Inspector Mutua freed 9 girls from a bar in Githurai on Friday. One suspect, Kamau, will appear "
    "at Kiambu with 12 exhibits."
)


def tell(title: str, text: str, on: str | None = "2026-03-02", facts: Facts | None = None) -> Claims:
    return read(title, text, on, facts, signature=sign_text(f"{title}\n{text}"))


def test_one_raid_in_other_words_is_one_event() -> None:
    match = compare_events(tell("Girls freed in Kayole", RAID), tell("A house like any other", RETOLD, "2026-03-04"))
    assert match.decision == "same"


def test_two_raids_of_one_week_by_one_force_are_two() -> None:
    match = compare_events(tell("Girls freed in Kayole", RAID), tell("Girls freed in Githurai", OTHER_RAID))
    assert match.decision == "different"


def test_a_headline_that_says_another_is_another_event_whatever_the_text_repeats() -> None:
    match = compare_events(
        tell("Arrest in Kayole case", RAID), tell("Second arrest in Kayole case", RAID + " " + OTHER_RAID, "2026-03-05")
    )
    assert match.decision == "different"


def test_the_same_words_weeks_later_are_next_years_event() -> None:
    assert compare_events(tell("Raid", RAID), tell("Raid", RAID, "2026-05-02")).decision == "different"


def test_a_syndicated_copy_is_one_event_even_undated() -> None:
    assert compare_events(tell("Raid", RAID, None), tell("Raid in Kayole", RAID, None)).decision == "same"


def test_undated_tellings_in_other_words_stay_two() -> None:
    short = "Inside the house in Kayole were 23 girls, said Wanjala before he left for Makadara."
    assert compare_events(tell("Raid", RAID), tell("House", short)).decision == "same"
    assert compare_events(tell("Raid", RAID, None), tell("House", short, None)).decision == "different"


DIALOGUE = (
    "Officials of the Bali Process sat with Amina Cossa and Ingrid Solberg of Harbour Light for two days, 43 of them, "
    "and spoke of 1,250 cases from Nampula, Angoche and Moatize. {} hosted the dialogue."
)


def test_one_dialogue_held_in_two_countries_is_two_events() -> None:
    kenya = tell("Dialogue on trafficking held in Kenya", DIALOGUE.format("Kenya"))
    again = tell("Officials meet in Kenya on trafficking", DIALOGUE.format("Kenya"))
    zambia = tell("Dialogue on trafficking held in Zambia", DIALOGUE.format("Zambia"), "2026-03-09")
    assert compare_events(kenya, again).decision == "same"
    assert compare_events(kenya, zambia).decision == "different"


STING = (
    "Deputies of Sheriff Ada Marrow held {} people with Lakeview and Fort Alder police. Selah House, One Harbor and "
    "Palm Rescue helped; Judge Elena Whitcomb of Bartlow sat late."
)
SAME_STING = (
    "The jail of Bartlow filled up: {} were brought in by Lakeview and Fort Alder officers, and Whitcomb heard the "
    "first. Marrow praised Selah House, One Harbor and Palm Rescue."
)


def test_undated_operations_of_one_sheriff_are_told_apart_by_their_figures() -> None:
    march = tell("213 arrested in spring operation", STING.format("213"), None)
    assert compare_events(march, tell("213 netted", SAME_STING.format("213"), None)).decision == "same"
    assert compare_events(march, tell("102 netted", SAME_STING.format("102"), None)).decision == "different"
    assert compare_events(march, tell("Our thanks", SAME_STING.format("many"), None)).decision == "different"


# --- updates

PROJECT = tell(
    "Norway funds Lighthouse Coast",
    "Nothing more.",
    "2026-03-02",
    Facts(
        name="Lighthouse Coast Nampula",
        implementers=("Harbour Light Foundation",),
        funders=("Norway",),
        countries=("MZ",),
        duration_months=36,
    ),
)
NEWS = "A year on, the Lighthouse Coast Nampula project of the Harbour Light Foundation has helped 300 children."


def update(text: str = NEWS, *, title: str = "A year on", on: str | None = "2027-03-02", **facts: object) -> str:
    its = Facts(**facts) if facts else None  # type: ignore[arg-type]
    return compare_update(tell(title, text, on, its), join_words(title, text), PROJECT).decision


def test_later_news_that_names_the_project_and_who_runs_it_is_an_update() -> None:
    assert update() == "same"


@pytest.mark.parametrize(
    ("why", "changes"),
    [
        ("not named", {"text": "A year on, the project of the Harbour Light Foundation has helped 300 children."}),
        ("no body named", {"text": "A year on, the Lighthouse Coast Nampula project has helped 300 children."}),
        ("another phase", {"title": "Second phase of Lighthouse Coast Nampula opens"}),
        ("another country", {"countries": ("KE",)}),
        ("another country in the headline", {"title": "Kenya praises project"}),
        ("long after its end", {"on": "2034-03-02"}),
        ("before it was announced", {"on": "2025-10-02"}),
        ("undated", {"on": None}),
    ],
)
def test_what_speaks_against_an_update(why: str, changes: dict[str, object]) -> None:
    assert update(**changes) == "different", why  # type: ignore[arg-type]


def test_an_update_of_a_year_alone_may_have_come_before_what_was_announced_in_january() -> None:
    facts = Facts(name="Lighthouse Coast Nampula", implementers=("Harbour Light Foundation",), countries=("MZ",))
    january = tell("Norway funds Lighthouse Coast", "Nothing more.", "2026-01-20", facts)
    said = join_words("A year on", NEWS)
    assert compare_update(tell("A year on", NEWS, "2026-01-25"), said, january).decision == "same"
    assert compare_update(tell("A year on", NEWS, "2026"), said, january).decision == "different"


def test_a_project_without_a_telling_name_has_no_updates() -> None:
    nameless = tell("A project", "Nothing.", facts=Facts(funders=("Norway",), countries=("MZ",)))
    assert compare_update(tell("A year on", NEWS), join_words("A year on", NEWS), nameless).decision == "different"


# --- an announcement told again

ANNOUNCED = (
    "Ambassador Ingrid Solberg and Minister Helena Kida signed for Lantern Bridge in Maputo. Centres in Nampula, Tete, "
    "Moatize and Angoche will help 1,250 children; 84 drivers were trained by Amina Cossa."
)
AGAIN = (
    "Half a year after Solberg and Kida signed in Maputo, Amina Cossa opened doors in Angoche. Tete, Moatize and "
    "Nampula follow for 1,250 children."
)
KNOWN = Facts(funders=("Norway",), countries=("MZ",))


def test_an_announcement_told_again_after_months_is_known_by_its_figures_and_names() -> None:
    project = tell("Norway signs", ANNOUNCED, "2026-03-02", KNOWN)
    assert compare_later_report(tell("Doors open", AGAIN, "2026-09-10"), project).decision == "same"


@pytest.mark.parametrize(
    ("title", "on"), [("Second centre opens", "2026-09-10"), ("Doors open", "2029-09-10"), ("Doors open", None)]
)
def test_another_of_its_kind_or_time_is_no_retelling(title: str, on: str | None) -> None:
    project = tell("Norway signs", ANNOUNCED, "2026-03-02", KNOWN)
    assert compare_later_report(tell(title, AGAIN, on), project).decision == "different"


def test_other_news_of_the_same_place_is_no_retelling() -> None:
    project = tell("Norway signs", ANNOUNCED, "2026-03-02", KNOWN)
    assert (
        compare_later_report(tell("Raid in Nampula", RAID + " It was in Nampula.", "2026-09-10"), project).decision
        == "different"
    )
