"""The crawler as the running daemon holds it, for `benchmarks.crawl`: one process that obeys commands.

In, a JSON object a line on stdin: `{"do": "open", "database": URL, "feeds": [URL, …]}` takes up another database,
`{"do": "cycle", "has_pages": bool}` crawls all feeds once, due or not, `{"do": "profile", "file": PATH}` begins and
ends a profile. Out, a JSON object a line on stdout. Connections, robots rules and worker processes are kept from cycle
to cycle, as they are in `tipwatch run`. Ends with its stdin.

    python -m benchmarks.crawl_subject '{"crawler": "settings as JSON"}'
"""

from __future__ import annotations

import asyncio
import cProfile
import json
import sys
import time
from pathlib import Path
from typing import Any

from crawler.service import Crawler
from crawler.settings import CrawlerSettings
from crawler.sources.registry import parse_source
from crawler.sources.settings import SourceSettings
from storage.database.engine import Database


async def serve(settings: CrawlerSettings) -> None:
    database: Database | None = None
    sources: list[SourceSettings] = []
    profile: cProfile.Profile | None = None
    async with Crawler(settings) as crawler:
        while line := await asyncio.to_thread(sys.stdin.readline):
            command = json.loads(line)
            answer: dict[str, Any] = {}
            if command["do"] == "open":
                if database is not None:
                    database.close()
                database = Database.open(command["database"])
                sources = [parse_source(url) for url in command["feeds"]]
            elif command["do"] == "profile":  # of this process; the workers are not in it
                if profile is None:
                    profile = cProfile.Profile()
                    profile.enable()
                else:
                    profile.disable()
                    profile.dump_stats(Path(command["file"]))
                    profile = None
            else:
                assert database is not None, "open comes first"
                began, before = time.perf_counter(), time.process_time()
                summary = await crawler.crawl(database, sources, is_forced=True, has_pages=command["has_pages"])
                answer = {
                    "wall_seconds": time.perf_counter() - began,
                    "main_cpu_seconds": time.process_time() - before,
                    "summary": summary.as_json(),
                }
            print(json.dumps(answer), flush=True)
    if database is not None:
        database.close()


if __name__ == "__main__":
    asyncio.run(serve(CrawlerSettings.model_validate(json.loads(sys.argv[1]))))
