"""Standard input, output and error made so that whatever happens to them can be told in words.

A stream that was closed is opened again, since the next file to be opened would take its number, and what is printed
would go into that file. A character that the terminal does not know is printed as its escape.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import Any


class _Output(io.FileIO):
    """Standard output, whose errors say that they are its own."""

    def write(self, data: Any, /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            raise OSError(error.errno, error.strerror, "standard output") from error


def prepare_streams() -> None:
    """Takes the process's streams in hand; those that a test has put in their place are left as they are."""
    # Output that was closed is opened for reading: whoever prints is told that it cannot be written.
    for number, mode in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, mode)  # takes the lowest free number, which is this one
    if sys.stdin is None:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(io.FileIO(0, "rb", closefd=False)))
    if sys.stdout is None or sys.stdout is sys.__stdout__:
        old = sys.stdout
        encoding = old.encoding if old is not None else "utf-8"
        buffer = io.BufferedWriter(_Output(1, "wb", closefd=False))
        sys.stdout = io.TextIOWrapper(buffer, encoding=encoding, errors="backslashreplace", line_buffering=os.isatty(1))
    if sys.stderr is None:
        sys.stderr = io.TextIOWrapper(io.FileIO(2, "wb", closefd=False), errors="backslashreplace", write_through=True)


def discard_output() -> None:
    """What is still to be printed goes nowhere: it cannot be written, and the end of the process would try again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
