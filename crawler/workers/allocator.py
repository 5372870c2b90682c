"""Tells the C library to give memory back: what is freed here would else stay with the process.

glibc keeps what was freed for later, and learns from each large block that is freed to keep the next of that size too:
after the first body of five megabytes all others come from its heap, which shrinks only from its end. With limits set
by hand large blocks are the system's own and go back when they are freed: 15 MB less in the
main process during a crawl of faulty sources (measured). Elsewhere than on Linux with glibc nothing happens.
"""

from __future__ import annotations

import ctypes
import sys
from functools import cache

LARGE_BYTES = 1024 * 1024
"""A block from this size on is the system's own. Usual pages and what is made of them are smaller."""

FREE_AT_END_BYTES = 4 * 1024 * 1024
"""Of what is free at the heap's end so much is kept for what comes next: with 1 MB a page took 8 % more CPU."""

HEAPS = 2
"""Of all threads together: each thread would else have one of its own, whose free parts the others cannot use."""

M_TRIM_THRESHOLD = -1
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
"""Names of the settings, from glibc's malloc.h."""


@cache
def _library() -> ctypes.CDLL | None:
    """The C library where it is glibc, else None."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        library = ctypes.CDLL("libc.so.6")
    except OSError:
        return None
    return library if hasattr(library, "malloc_trim") and hasattr(library, "mallopt") else None


def return_large_blocks() -> None:
    """From now on blocks of over `LARGE_BYTES` go back to the system when they are freed; for this whole process."""
    library = _library()
    if library is not None:
        library.mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        library.mallopt(M_TRIM_THRESHOLD, FREE_AT_END_BYTES)
        library.mallopt(M_ARENA_MAX, HEAPS)


def keep_free(size: int) -> None:
    """From now on keeps so many bytes that are free for what comes next, large blocks of half of them included."""
    library = _library()
    if library is not None:
        library.mallopt(M_MMAP_THRESHOLD, size // 2)
        library.mallopt(M_TRIM_THRESHOLD, size)


def trim_heap() -> None:
    """Gives back what is free now, wherever in the heap: some milliseconds."""
    library = _library()
    if library is not None:
        library.malloc_trim(0)
