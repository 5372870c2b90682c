"""One line an event, on standard error and in a rotating file under the data folder.

A line is `time level logger: event key=value …`, or one JSON object with the same. An event is named once and for all,
what it is about before the dot and what became of it behind (`daemon.started`); its values are in `extra=`, and those
that are None are left out. Whatever comes in from outside stays on its line: control characters are escaped. Secrets of
the configuration are blotted out, and mail addresses keep their first letter and host only.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import re
import sys
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from tipwatch.text import escape_controls

LOG_FILE = "tipwatch.log"
FILE_BYTES = 5_000_000  # about 40,000 lines: weeks of an office's watch
FILES_KEPT = 5  # so that the log never takes more than 30 MB of the disk
SHORTEST_SECRET = 4  # anything shorter would blot out ordinary words
OWN_LOGGERS = ("tipwatch", "crawler", "alerts", "storage", "classifier")

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_ADDRESS = re.compile(r"([\w])[\w.+-]{0,63}@([\w-]+(?:\.[\w-]+)+)")
_PASSWORD_IN_URL = re.compile(r"(\b\w+://[^\s/:@]*):[^\s/@]+@")


class Formatter(logging.Formatter):
    """Formats a record as a line of text or as a JSON object, safe to show in a terminal.

    Args:
        secrets: texts to blot out wherever they stand.
        is_json: one JSON object a line instead of text.
        is_traceback_shown: whether a traceback follows; in the file it does, on standard error it does not.
    """

    def __init__(
        self, secrets: Collection[str] = (), *, is_json: bool = False, is_traceback_shown: bool = True
    ) -> None:
        super().__init__()
        self._secrets = sorted((secret for secret in secrets if len(secret) >= SHORTEST_SECRET), key=len, reverse=True)
        self._is_json = is_json
        self._is_traceback_shown = is_traceback_shown

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        event = self._clean(record.getMessage())
        values = {key: self._value(value) for key, value in as_mapping(record).items() if value is not None}
        traceback = ""
        if record.exc_info and self._is_traceback_shown:
            traceback = self._clean(self.formatException(record.exc_info), keep_lines=True)
        elif record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            values["error"] = self._value(f"{type(error).__name__}: {error}")
        if self._is_json:
            whole = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": event, **values}
            return json.dumps({**whole, "traceback": traceback} if traceback else whole, ensure_ascii=False)
        pairs = "".join(f" {key}={_quoted(value)}" for key, value in values.items())
        lines = "".join(f"\n  {line}" for line in traceback.splitlines())
        return f"{at} {record.levelname.lower()} {record.name}: {event}{pairs}{lines}"

    def _value(self, value: object) -> object:
        return value if isinstance(value, (int, float)) else self._clean(str(value))

    def _clean(self, text: str, *, keep_lines: bool = False) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = _PASSWORD_IN_URL.sub(r"\1:***@", text)
        text = _ADDRESS.sub(r"\1***@\2", text)
        return "\n".join(map(escape_controls, text.splitlines())) if keep_lines else escape_controls(text)


def set_up_logging(
    *,
    folder: Path | None,
    style: Literal["text", "json"] = "text",
    level: str = "info",
    secrets: Collection[str] = (),
    is_shown: bool = True,
) -> None:
    """Sends our events to standard error (with `is_shown`) and into `folder`; what was set up before is replaced.

    A folder that cannot be written costs the file, not the command: standard error says so.
    """
    root = logging.getLogger()
    for handler in list(root.handlers):
        if isinstance(handler, _Ours):
            root.removeHandler(handler)
            handler.close()
    is_json = style == "json"
    root.setLevel(logging.WARNING)  # libraries: only what needs a look
    for name in OWN_LOGGERS:
        logging.getLogger(name).setLevel(level.upper())
    for name in ("scrapy", "apscheduler", "asyncio"):  # their warnings are either ours to tell, or a fault worth a line
        logging.getLogger(name).setLevel(logging.ERROR)
    if is_shown:
        shown = _StderrHandler()
        shown.setFormatter(Formatter(secrets, is_json=is_json, is_traceback_shown=False))
        root.addHandler(shown)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            kept = _FileHandler(
                folder / LOG_FILE, maxBytes=FILE_BYTES, backupCount=FILES_KEPT, encoding="utf-8", delay=True
            )
        except OSError as error:
            logging.getLogger(__name__).warning("log.unwritable", extra={"folder": folder, "reason": error.strerror})
            return
        kept.setFormatter(Formatter(secrets, is_json=is_json))
        root.addHandler(kept)


class _Ours(logging.Handler):
    """Marks the handlers that `set_up_logging` may replace; a full disk under the log is told once, and never
    raised."""

    _was_told = False

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 (the library's name)
        if not self._was_told:
            self._was_told = True
            reason = sys.exc_info()[1]
            print(f"tipwatch: the log cannot be written ({type(reason).__name__}: {reason})", file=sys.stderr)


class _StderrHandler(logging.StreamHandler[Any], _Ours):
    """Writes to what standard error is now, so that a test that replaces it sees the lines."""

    def emit(self, record: logging.LogRecord) -> None:
        self.stream = sys.stderr
        super().emit(record)


class _FileHandler(logging.handlers.RotatingFileHandler, _Ours):
    """The file under the data folder."""

    def close(self) -> None:
        """Closes it; what a full disk did not take is lost with it."""
        with contextlib.suppress(OSError):
            super().close()


def _quoted(value: object) -> str:
    text = value if isinstance(value, str) else json.dumps(value)
    needs_quotes = not text or any(character in text for character in ' "=')
    return '"' + text.replace('"', '\\"') + '"' if needs_quotes else text


def log_file() -> Path | None:
    """The file the log is written to; None where only standard error, or nothing, is set up."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, _FileHandler):
            return Path(handler.baseFilename)
    return None


def as_mapping(record: logging.LogRecord) -> Mapping[str, object]:
    """The values an event carries, for tests and metrics."""
    return {key: value for key, value in vars(record).items() if key not in _STANDARD}
