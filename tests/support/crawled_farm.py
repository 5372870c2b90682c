"""One crawl of the real program over a farm, and what it left."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from storage.sources.health import SourceHealth
from tests.support.farm import Case, farm, trusting
from tests.support.program import Left, Program, Said, read_left


@dataclass(frozen=True)
class Crawled:
    """What one crawl of the farm said and left. `asked` are the paths asked for, by source."""

    said: Said
    left: Mapping[str, Left]
    asked: Mapping[str, list[str]]
    canary_connections: int
    program: Program
    seconds: float

    def health(self, name: str) -> SourceHealth:
        return self.left[name].health


async def crawl_farm(folder: Path, cases: Mapping[str, Case], database_url: str | None = None) -> Crawled:
    """Serves the cases beside the healthy sources and crawls once."""
    program = Program(folder, database_url)
    async with farm(folder) as one:
        for name, case in cases.items():
            one.open(name, case)
        program.configure(one.sources, crawler={"hosts": one.hosts})
        loop = asyncio.get_running_loop()
        began = loop.time()
        said = await program.run("crawl", environment=trusting(one.authority_file))
        seconds = loop.time() - began
        asked = {name: one.asked(name) for name in one.names}
        connections = one.canary.connections
    with program.database() as database:
        left = read_left(database)
    return Crawled(said, left, asked, connections, program, seconds)
