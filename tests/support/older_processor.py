"""Commands of tipwatch as a processor of 2013 runs them, in processes of their own."""

from __future__ import annotations

import os
import platform
import subprocess
import sys

OLDER = (
    {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR"}
    if platform.machine() in ("x86_64", "AMD64")
    else {}
)
"""What keeps numpy and its linear algebra from using what processors can since 2013.

A newer one adds up in another order and rounds another exponential: a model that was made on it must come out all the
same."""


def run(*arguments: str) -> str:
    """Runs a command; gives what it printed. A process that counts covered lines would take five times as long."""
    command = [sys.executable, "-m", "tipwatch", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **OLDER})
    assert done.returncode == 0, done.stderr
    return done.stdout
