"""The register: what is the same article, the same story, the same project, over outlets, languages, months and phases.

Readings with their verdicts go in; articles, stories and projects come out, each once, with the reason why what was
joined. The decisions are pure (`urls`, `near_copy`, `same_project`, `stories`, `merge`); `register` does the reading
and writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storage.register.urls import canonicalise_url, choose_canonical

if TYPE_CHECKING:
    from storage.register.register import FoundPlace, find_places, register_articles

__all__ = ["FoundPlace", "canonicalise_url", "choose_canonical", "find_places", "register_articles"]


def __getattr__(name: str) -> Any:
    """Loads the I/O only when it is asked for: the crawler's workers need addresses, not a database."""
    if name in ("FoundPlace", "find_places", "register_articles"):
        from storage.register import register

        return getattr(register, name)
    raise AttributeError(name)
