"""The bundled news world: invented outlets that serve invented articles on loopback, for the demo and for tests.

What enters: the data files of `seeds/newsroom/`. What leaves: real HTTP on 127.0.0.11 (feeds of every kind,
sound and broken; article pages as messy as real ones). It promises the same bytes for the same files, round and port,
correct conditional GET, and no contact with anything but loopback. `reading` reads the data, `pages` and `feeds`
render, `site` decides what an address answers, `server` does the I/O.
"""

from __future__ import annotations

from tipwatch.demo.newsroom.reading import load_world
from tipwatch.demo.newsroom.server import Newsroom, RequestSeen
from tipwatch.demo.newsroom.world import Article, NewsroomError, Outlet, World

__all__ = ["Article", "Newsroom", "NewsroomError", "Outlet", "RequestSeen", "World", "load_world"]
