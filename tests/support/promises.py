"""The promises, as a machine of states: what the world, the program and people may do, and what then holds."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule
from sqlalchemy import select

from storage.corrections.facts import fix_fact
from storage.corrections.labels import label_article
from storage.corrections.projects import label_project, merge_projects, split_article
from storage.corrections.undo import list_decisions, undo_decision
from storage.decisions import DecidedBy
from storage.projects.projects import load_projects
from storage.tables.schema import article, delivery, digest, entry, project
from tests.support.newsdesk import COUNTRIES, FEED_FAULTS, OUTLETS, PAGE_FAULTS, RECIPIENTS, Newsdesk

SETTLING_DAYS = 4
"""After which all is well again, at the latest: a page that was away comes after a day, a message after an hour."""

outlets = st.sampled_from(OUTLETS)
numbers = st.integers(0, len(COUNTRIES) - 1)


class Promises(RuleBasedStateMachine):
    """A life, and what is to be remembered of it: the entries that a crawl without fault was shown, and what people
    decided. Projects go by their numbers; `joined` maps those that were merged to one of them.

    Which rules may come next is decided by the model alone: what the program has done by then may differ from time to
    time, and a life that cannot be repeated cannot be shortened.
    """

    def __init__(self, desk: Newsdesk) -> None:
        super().__init__()
        self.desk = desk
        desk.reset()
        self.shown: set[tuple[str, tuple[str, int]]] = set()
        self.has_write_failed = False
        self.labels: dict[int, bool] = {}
        self.sums: dict[int, int] = {}
        self.joined: dict[int, int] = {}
        self.parted: dict[int, tuple[str, str]] = {}
        self.spoken_of: dict[int, bool] = {}
        """Those of which an article was labelled."""
        self.before: list[tuple[Any, ...]] = []
        """What was decided before each decision that was not undone."""
        self.once_parted: set[int] = set()
        self.once_joined: set[frozenset[int]] = set()

    # what the world does

    @rule(outlet=outlets, of=outlets, number=numbers)
    def publish(self, outlet: str, of: str, number: int) -> None:
        """A feed links to a page, its own or another outlet's."""
        if (of, number) not in self.desk.feeds[outlet]:
            self.desk.feeds[outlet].insert(0, (of, number))

    @rule(outlet=outlets)
    def drop_oldest(self, outlet: str) -> None:
        del self.desk.feeds[outlet][-1:]

    @rule(outlet=outlets, fault=st.sampled_from(sorted(FEED_FAULTS)))
    def break_feed(self, outlet: str, fault: str) -> None:
        self.desk.feed_faults[outlet] = fault

    @rule(outlet=outlets)
    def mend_feed(self, outlet: str) -> None:
        self.desk.feed_faults.pop(outlet, None)

    @rule(outlet=outlets, number=numbers, fault=st.sampled_from(sorted(PAGE_FAULTS)), times=st.integers(1, 3))
    def break_page(self, outlet: str, number: int, fault: str, times: int) -> None:
        self.desk.page_faults[outlet, number] = [fault] * times

    @rule(recipient=st.sampled_from(RECIPIENTS), reply=st.sampled_from(("451 later", "550 no such user")))
    def break_mailbox(self, recipient: str, reply: str) -> None:
        self.desk.mail.mailbox.answers[recipient] = reply

    @rule()
    def lose_connection_after_data(self) -> None:
        self.desk.mail.mailbox.drop_after_data = 1

    @rule()
    def mend_mail(self) -> None:
        self.desk.mend_mail()

    @rule(hours=st.sampled_from((1, 8, 24, 80)))
    def pass_time(self, hours: int) -> None:
        self.desk.truth += timedelta(hours=hours)

    @rule(days=st.sampled_from((-400, -20, -1, 0, 2, 400)))
    @precondition(lambda self: self.shown)
    def set_clock(self, days: int) -> None:
        """How wrong it is from now on."""
        if self.numbers_known():  # see "What is not promised"
            self.desk.skew = timedelta(days=days)

    # what the program does

    @rule()
    def crawl(self) -> None:
        self.desk.crawl()
        self.shown.update(
            (outlet, one)
            for outlet, feed in self.desk.feeds.items()
            if outlet not in self.desk.feed_faults
            for one in feed
        )

    @rule()
    def deliver(self) -> None:
        self.desk.deliver()
        self.check_announcements()

    @rule(chosen=st.integers(1, 12))
    def crawl_with_a_failing_write(self, chosen: int) -> None:
        self.has_write_failed = True
        with self.desk.failing(chosen):
            self.desk.crawl()

    @rule(chosen=st.integers(1, 8))
    def deliver_with_a_failing_write(self, chosen: int) -> None:
        with self.desk.failing(chosen):
            self.desk.deliver()
        self.check_announcements()

    @rule()
    def restart(self) -> None:
        self.desk.stop()
        self.desk.start()

    # what people decide

    @rule(number=numbers, is_new=st.booleans())
    @precondition(lambda self: self.shown)
    def label(self, number: int, is_new: bool) -> None:
        found = self.find(number)
        if found is not None:
            self.decide(label_project, found, is_new_project=is_new)
            for each in self.group_of(number):
                self.labels[each] = is_new
                self.spoken_of[each] = True

    @rule(number=numbers, is_new=st.booleans())
    @precondition(lambda self: self.shown)
    def label_an_article(self, number: int, is_new: bool) -> None:
        """The latest one of a project that was not split: the project follows where none of its articles says more."""
        articles = self.articles_of(number)
        if self.find(number) is None or number in self.parted:
            return
        self.decide(label_article, articles[-1].id, is_relevant=None, is_new_project=is_new)
        group = self.group_of(number)
        is_announced = any(row.new_project_band != "no" for each in group for row in self.articles_of(each))
        for each in group:
            self.spoken_of[each] = True
            if is_new or not is_announced:
                self.labels[each] = is_new

    @rule(number=numbers, millions=st.integers(1, 9))
    @precondition(lambda self: self.shown)
    def fix_sum(self, number: int, millions: int) -> None:
        found = self.find(number)
        if found is not None:
            self.decide(fix_fact, found, "amount", f"USD {millions}000000")
            self.sums.pop(number, None)
            self.sums[number] = millions  # the last one

    @rule(number=numbers, other=numbers)
    @precondition(lambda self: self.shown)
    def merge(self, number: int, other: int) -> None:
        """Two projects that are whole."""
        into, gone = self.find(number), self.find(other)
        if into is None or gone is None or into == gone or not self.parted.keys().isdisjoint({number, other}):
            return
        self.decide(merge_projects, into, gone)
        said = self.labels.get(number if number in self.spoken_of else other)
        is_spoken_of = number in self.spoken_of or other in self.spoken_of
        for each in self.group_of(other):
            self.joined[each] = self.joined.get(number, number)
        self.once_joined.add(frozenset(self.group_of(number)))
        for each in self.group_of(number):
            if is_spoken_of:
                self.spoken_of[each] = True
            if said is not None:
                self.labels[each] = said

    @rule(number=numbers)
    @precondition(lambda self: self.shown)
    def split(self, number: int) -> None:
        """Takes the last article of a project that was neither merged nor split out of it."""
        articles = self.articles_of(number)
        is_touched = len(self.group_of(number)) > 1 or number in self.parted or number in self.spoken_of
        if len(articles) < 2 or is_touched or len({row.project_id for row in articles}) > 1:
            return
        self.decide(split_article, str(self.find(number)), articles[-1].id)
        self.once_parted.add(number)
        self.parted[number] = (articles[0].canonical_url, articles[-1].canonical_url)

    @rule()
    @precondition(lambda self: self.before)
    def undo(self) -> None:
        """The latest decision that stands."""
        desk = self.desk
        desk.truth += timedelta(minutes=1)
        with desk.database.writing() as connection:
            last = next(one for one in list_decisions(connection, 1000) if not one.is_undone)
            undo_decision(connection, last.id, by=DecidedBy("ana", "it was not so", desk.truth + desk.skew))
        self.labels, self.sums, self.joined, self.parted, self.spoken_of = self.before.pop()

    # what is promised

    def teardown(self) -> None:
        """All is mended, the clock set right; some days later everything promised must hold."""
        try:
            self.settle()
            self.check_entries()
            self.check_announcements(is_settled=True)
            self.check_decisions()
        finally:
            self.desk.forget()

    def settle(self) -> None:
        desk = self.desk
        desk.feed_faults.clear()
        desk.page_faults.clear()
        desk.mend_mail()
        desk.resend_failed()
        desk.skew = timedelta()
        for _ in range(SETTLING_DAYS):
            self.live_a_day()
            if not self.is_waiting():
                break
        self.live_a_day()  # on which nothing may come again

    def live_a_day(self) -> None:
        self.desk.truth += timedelta(days=1)
        self.desk.crawl()
        self.desk.deliver()

    def is_waiting(self) -> bool:
        """Whether an entry or a message is still to be dealt with, or a clock that was ahead used up the digest of one
        of the next days: what came since waits for the one after."""
        truth = self.desk.truth
        is_ahead = digest.c.slot_at.between(truth, truth + timedelta(days=SETTLING_DAYS))
        with self.desk.database.reading() as connection:
            states = {*connection.execute(select(entry.c.state)).scalars()}
            states |= {*connection.execute(select(delivery.c.state)).scalars()}
            is_used_up = connection.execute(select(digest.c.id).where(is_ahead)).first() is not None
        return is_used_up or not states <= {"done", "sent", "failed"}

    def check_entries(self) -> None:
        with self.desk.database.reading() as connection:
            rows = connection.execute(entry.select()).all()
            articles = connection.execute(article.select()).all()
        urls = [row.canonical_url for row in articles]
        assert len(urls) == len(set(urls))
        assert {row.state for row in rows} <= {"done"}
        assert all(row.article_id is not None for row in rows)
        stored = {row.identity for row in rows}
        assert {f"{of}-{number}" for _, (of, number) in self.shown} <= stored
        if not self.has_write_failed:
            assert set(self.desk.served.values()) <= {1}
            assert set(self.desk.judge.judged.values()) <= {1}

    def check_announcements(self, *, is_settled: bool = False) -> None:
        for counts in self.desk.announced().values():
            for number in range(len(COUNTRIES)):
                assert counts[number] <= 1 + (number in self.once_parted), f"project {number} announced twice"
            if is_settled:
                for number in self.numbers_known():
                    # who was told of one of those that were merged knows all, the merge undone too
                    group = {number}.union(*(each for each in self.once_joined if number in each))
                    is_none = any(self.labels.get(each) is False for each in group)
                    assert is_none or sum(counts[each] for each in group) >= 1, f"project {number} never announced"

    def check_decisions(self) -> None:
        last_sums = {self.joined.get(number, number): (number, millions) for number, millions in self.sums.items()}
        for number, millions in last_sums.values():
            with self.desk.database.reading() as connection:
                [found] = load_projects(connection, [self.articles_of(number)[0].project_id])
            assert found.facts.amount[0].details is not None
            assert found.facts.amount[0].details["amount"] == millions * 1_000_000
        for number, is_new in self.labels.items():
            if number in self.numbers_known():
                assert self.band_of(number) == ("yes" if is_new else "maybe")
        for number in self.joined:
            assert len({row.project_id for each in self.group_of(number) for row in self.articles_of(each)}) == 1
        for number, urls in self.parted.items():
            owners = {row.canonical_url: row.project_id for row in self.articles_of(number)}
            assert len({owners[url] for url in urls}) == 2

    # how the model finds things

    def decide(self, correction: Callable[..., object], *what: object, **more: object) -> None:
        desk = self.desk
        desk.truth += timedelta(minutes=1)
        decided = (self.labels, self.sums, self.joined, self.parted, self.spoken_of)
        self.before.append(deepcopy(decided))
        with desk.database.writing() as connection:
            correction(connection, *what, by=DecidedBy("ana", "it is so", desk.truth + desk.skew), **more)

    def group_of(self, number: int) -> set[int]:
        """The number and all that were merged with it."""
        root = self.joined.get(number, number)
        return {root} | {each for each, to in self.joined.items() if to == root}

    def articles_of(self, number: int) -> list[article.row]:  # type: ignore[name-defined]
        with self.desk.database.reading() as connection:
            rows = connection.execute(article.select().order_by(article.c.id)).all()
        return [row for row in rows if number_in(row.canonical_url) == number]

    def find(self, number: int) -> str | None:
        """The public id of the project; None where it is not known yet."""
        articles = self.articles_of(number)
        if not articles or articles[0].project_id is None:
            return None
        with self.desk.database.reading() as connection:
            [found] = load_projects(connection, [articles[0].project_id])
        return found.public_id

    def numbers_known(self) -> set[int]:
        with self.desk.database.reading() as connection:
            return set(map(number_in, connection.execute(select(article.c.canonical_url)).scalars()))

    def band_of(self, number: int) -> str:
        with self.desk.database.reading() as connection:
            id_ = self.articles_of(number)[0].project_id
            return str(connection.execute(project.select().where(project.c.id == id_)).one().band)


def number_in(url: str) -> int:
    """Of the project that a page is about."""
    return int(url.rpartition("/")[2])
