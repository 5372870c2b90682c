"""What an article's page says is judged and mined as it stands: nothing is drawn from what stands around it, no amount
is a thousandfold error, and what is about other things or no new project is turned down."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.support.crawled_farm import Crawled
from tests.support.farm import Case
from tests.support.page_cases import LEAD, MORE, told

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Sum:
    """What an article states of money: the words, and the amounts with currency that are right (None: left out)."""

    sentence: str
    right: tuple[tuple[float, str], ...]


SUMS: dict[str, Sum] = {
    "sum-decimal-comma": Sum("The project is funded by Italy with 1,5 million euros.", ((1_500_000, "EUR"),)),
    "sum-dots": Sum("The project is funded by Germany with EUR 1.500.000.", ((1_500_000, "EUR"),)),
    "sum-apostrophes": Sum("The project is funded by Switzerland with CHF 1’500’000.", ((1_500_000, "CHF"),)),
    "sum-spaces": Sum("The project is funded by Norway with NOK 30 000 000.", ((30_000_000, "NOK"),)),
    "sum-francs": Sum("The project is funded by France with 16 billion FCFA.", ((16e9, "XOF"), (16e9, "XAF"))),
    "sum-crore": Sum("The project is funded by the ministry with Rs 2 crore.", ((20_000_000, "INR"),)),
    "sum-dollars": Sum("The project is funded by the United States with US$ 516,000.", ((516_000, "USD"),)),
    "sum-range": Sum("The project is funded by the EU with €10-12m.", ((10e6, "EUR"), (12e6, "EUR"))),
    "sum-in-words": Sum("The project is funded by Ireland with two million euros.", ((2_000_000, "EUR"),)),
    "sum-of-parts": Sum(
        "The project gets £6m of £11m of a programme of £33.5m of the Home Office.",
        ((6e6, "GBP"), (11e6, "GBP"), (33.5e6, "GBP")),
    ),
    "sum-arabic-digits": Sum("The project is funded by the Union with ١٥ million euros.", ((15e6, "EUR"),)),
    "sum-arabic-marks": Sum("قيمة المشروع ١٥ مِليون يُورو بتمويل من الاتحاد الأوروبي.", ((15e6, "EUR"),)),
    "sum-of-nothing": Sum("The agency did not say what the project will cost.", ()),
}

BESIDE = (
    "<aside class='related'><h3>Related stories</h3><ul><li><a href='/a'>Dam of EUR 77 million opened in Peru</a></li>"
    "<li><a href='/b'>Bank lends USD 99 million to Kenya</a></li></ul></aside><div class='cookie-banner'><p>We use "
    "cookies worth EUR 55 million. Accept all.</p></div><nav><a href='/c'>Fund of USD 88 million</a></nav>"
)

TURNED_DOWN: dict[str, tuple[str, str]] = {
    "other-drugs": (
        "Police break up drug trafficking ring at the port",
        "Police seized two tonnes of cocaine and arrested nine members of a drug trafficking ring at the port.",
    ),
    "other-wildlife": (
        "Customs step up the fight against wildlife trafficking",
        "A new unit of the customs service will fight the trafficking of ivory, rhino horn and pangolin scales.",
    ),
    "other-arms": (
        "Ministers agree on plan against arms trafficking",
        "Ministers agreed on a plan against the illicit trafficking of small arms and light weapons in the region.",
    ),
    "other-antiquities": (
        "Museum project fights trafficking of antiquities",
        "A three-year project of the museum will trace antiquities and paintings stolen and trafficked abroad.",
    ),
    "other-web": (
        "How to double the traffic of your web shop",
        "Search engines bring most of the traffic to web shops; a good title doubles the traffic of a page.",
    ),
}
NOT_NEW: dict[str, tuple[str, str]] = {
    "old-arrest": (
        "Three arrested for human trafficking in Lagos",
        "Police arrested three men on suspicion of trafficking in persons after a raid on a house in Lagos on Monday.",
    ),
    "old-closing": (
        "Project against human trafficking comes to its end in Kyiv",
        "The closing conference of a four-year project against human trafficking, which has trained 900 police "
        "officers since 2022, was held in Kyiv on Friday. The project ended with a ceremony for all who took part.",
    ),
    "old-call": (
        "Call for proposals: services for victims of human trafficking",
        "Organisations may apply until 31 December for grants for services to victims of human trafficking. Proposals "
        "are to be sent by e-mail; applicants must be registered non-profit organisations. The deadline is final.",
    ),
}


def plain(title: str, text: str) -> Case:
    return told(text, text.replace("The ", "Meanwhile the "), title=title)


TITLE = "New project against human trafficking in Burundi"
CASES: dict[str, Case] = {
    **{name: told(LEAD, one.sentence, MORE, title=TITLE) for name, one in SUMS.items()},
    "page-boilerplate": told(LEAD, MORE, title=TITLE, around=BESIDE),
    **{name: plain(*words) for name, words in {**TURNED_DOWN, **NOT_NEW}.items()},
}


@pytest.mark.parametrize("name", sorted(SUMS))
def test_an_amount_is_right_or_left_out(crawled: Crawled, name: str) -> None:
    facts = crawled.left[name].article.verdict.facts
    stated = (facts.amount, facts.currency) if facts is not None and facts.amount is not None else None
    assert stated is None or stated in SUMS[name].right or stated in {(amount, None) for amount, _ in SUMS[name].right}


def test_most_amounts_are_not_left_out(crawled: Crawled) -> None:
    facts = [crawled.left[name].article.verdict.facts for name, one in SUMS.items() if one.right]
    assert sum(one is not None and one.amount is not None for one in facts) >= len(facts) * 0.7


def test_no_fact_is_drawn_from_what_stands_around_the_article(crawled: Crawled) -> None:
    one = crawled.left["page-boilerplate"].article
    assert one.verdict.is_new_project
    assert one.verdict.facts is not None
    assert one.verdict.facts.amount is None
    assert one.verdict.facts.countries == ("BI",)
    assert "million" not in (one.text or "")


@pytest.mark.parametrize("name", sorted(TURNED_DOWN))
def test_trafficking_of_other_things_is_turned_down(crawled: Crawled, name: str) -> None:
    assert not crawled.left[name].article.verdict.is_new_project
    assert not crawled.left[name].article.verdict.is_relevant


@pytest.mark.parametrize("name", sorted(NOT_NEW))
def test_what_is_no_new_project_is_not_called_one(crawled: Crawled, name: str) -> None:
    one = crawled.left[name].article
    assert not one.verdict.is_new_project
    assert one.project_id is None
