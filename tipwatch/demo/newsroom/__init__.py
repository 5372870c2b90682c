"""The bundled news world: invented outlets that serve invented articles on loopback, for the demo and for tests.

What enters: the data files of `seeds/newsroom/`. What leaves: real HTTP on 127.0.0.11 (feeds of every kind,
sound and broken; article pages as messy as real ones). It promises the same bytes for the same files, round and port,
correct conditional GET, and no contact with anything but loopback. `world` reads the data, `site` decides what an
address answers, `server` does the I/O.
"""

from __future__ import annotations

from tipwatch.demo.newsroom.server import Newsroom, RequestSeen
from tipwatch.demo.newsroom.world import Article, NewsroomError, Outlet, World, load_world

__all__ = ["Article", "Newsroom", "NewsroomError", "Outlet", "RequestSeen", "World", "load_world"]
