"""How big a farm is and where its feeds live: shared by the farm, the floor and the benchmark, and cheap to import."""

from __future__ import annotations

from dataclasses import dataclass

SMALL_PAGE_BYTES, LARGE_PAGE_BYTES = 30_000, 140_000  # an agency's plain page; the mean of pages in the wild
FIRST_ADDRESS = 11  # 127.0.0.12 and up: apart from what else listens on 127.0.0.1


@dataclass(frozen=True, slots=True)
class Layout:
    """How big the farm is. `addresses` are loopback hosts over which the feeds are spread evenly.

    `one_relevant_in` pages one is about trafficking in persons: ten is the share of a feed list chosen for the subject.
    `is_told_whole` has each article be one record of the corpus, all of them on different events, so that what belongs
    together does not depend on the order in which articles come; else their sentences are shuffled.
    """

    feeds: int
    addresses: int
    page_bytes: tuple[int, ...] = (SMALL_PAGE_BYTES, LARGE_PAGE_BYTES)
    latency_seconds: float = 0.0
    seed: int = 7
    is_told_whole: bool = False
    one_relevant_in: int = 10

    def host(self, feed: int) -> str:
        number = FIRST_ADDRESS + feed % self.addresses
        return f"127.0.{number // 250}.{number % 250 + 1}"

    def hosts(self) -> list[str]:
        return sorted({self.host(feed) for feed in range(self.feeds)})
