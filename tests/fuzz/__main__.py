"""Fuzzes a target with atheris, guided by which lines an input reaches.

    python -m tests.fuzz TARGET [-max_total_time=300 and other options of libFuzzer]

Starts from the kept corpus and from what earlier runs found (`build/fuzz/TARGET`). An input that raises something, or
takes too long, is written into `build/fuzz`: mend it, and keep it in `tests/fuzz/corpus/TARGET`.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

LONGEST_BYTES = 20_000
"""Of one input: what grows too fast shows well below."""

MEMORY_MB = 2_000


def main() -> int:
    target, options = sys.argv[1], sys.argv[2:]
    with atheris.instrument_imports(include=["crawler", "classifier", "storage", "tipwatch", "feedparser"]):
        from tests.fuzz.limit import within_a_second
        from tests.fuzz.targets import TARGETS, loaded_judge

    run, words = TARGETS[target]
    loaded_judge()
    kept = Path(__file__).parent / "corpus" / target
    found = Path("build/fuzz") / target
    found.mkdir(parents=True, exist_ok=True)
    dictionary = found.with_suffix(".dict")
    dictionary.write_text("".join(f'"{escape(word)}"\n' for word in words if word.isprintable()))

    def one(data: bytes) -> None:
        with within_a_second(is_counted=True):
            run(data)

    arguments = [f"-dict={dictionary}", f"-max_len={LONGEST_BYTES}", f"-rss_limit_mb={MEMORY_MB}", "-timeout=10"]
    arguments += [f"-artifact_prefix={found}-", *options, str(found), str(kept)]
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()
    return 0


def escape(word: str) -> str:
    """A word as libFuzzer's dictionaries write it."""
    return "".join(chr(byte) if 32 < byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    sys.exit(main())
