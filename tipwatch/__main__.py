"""The command `tipwatch`: runs a command and turns whatever comes of it into an exit code and plain words.

No traceback reaches a user. An error that is somebody's to mend is told with a hint (exit 2); a bug of ours is logged
with its traceback in the log file and told in one sentence (exit 1: it needs a person).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from tipwatch.errors import ExitCode, TipwatchError

_TOLD_BY_THEMSELVES = ("storage.database.errors", "storage.codes", "classifier.model", "crawler.workers.errors")
"""Modules of errors whose words, and hints if they have any, are for users."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `tipwatch ARGUMENTS` (those of the process unless given) and returns its exit code."""
    from tipwatch.cli.app import build_command
    from tipwatch.standard_streams import discard_output, prepare_streams

    prepare_streams()
    try:
        code = build_command()(
            args=None if arguments is None else list(arguments), prog_name="tipwatch", standalone_mode=False
        )
        sys.stdout.flush()
        return int(code or ExitCode.DONE)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # `tipwatch articles list | head`: whoever read has had enough
        discard_output()
        return ExitCode.DONE
    except Exception as error:  # the one place where every error ends; each becomes words below
        code = _tell(_inmost(error))
        try:
            sys.stdout.flush()
        except OSError:
            discard_output()
        return code


def _inmost(error: Exception) -> Exception:
    """The error itself, where task groups have wrapped it alone."""
    while isinstance(error, ExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error


def _tell(error: Exception) -> int:
    from tipwatch.text import escape_controls

    if isinstance(error, TipwatchError):
        return _say(error.message, error.hint, error.exit_code)
    usage = _usage_error(error)
    if usage is not None:
        return usage
    if any(kind.__module__ in _TOLD_BY_THEMSELVES for kind in type(error).__mro__):
        return _say(str(error), str(getattr(error, "hint", "")), ExitCode.BAD_INPUT)
    if isinstance(error, OSError) and error.filename is not None:
        reason = (error.strerror or "cannot be used").lower()
        hint = "" if error.filename == "standard output" else "check the path and its permissions"
        return _say(f"{escape_controls(str(error.filename))}: {reason}", hint, ExitCode.BAD_INPUT)
    if isinstance(error, UnicodeEncodeError):  # the name of a file, of bytes that are not UTF-8
        shown = escape_controls(str(error.object))
        return _say(f"{shown} is not UTF-8 text", "give it another name", ExitCode.BAD_INPUT)
    from tipwatch.cli.common import report_bug

    return _say(report_bug(error), "", ExitCode.NEEDS_A_PERSON)


def _usage_error(error: Exception) -> int | None:
    """Typer's own words for a wrong option or argument; None for any other error."""
    import typer

    if isinstance(error, typer.Abort):
        return ExitCode.INTERRUPTED
    if not isinstance(error, typer.TyperException):
        return None
    show = getattr(error, "show", None)
    if show is not None:
        show(file=sys.stderr)
        return ExitCode.BAD_INPUT
    return _say(str(error), "", ExitCode.BAD_INPUT)


def _say(message: str, hint: str, code: int) -> int:
    from tipwatch.text import escape_controls

    lines = [escape_controls(line) for line in message.splitlines() or ["unknown error"]]
    print("\n".join(lines if "\n" in message or not hint else [f"tipwatch: {lines[0]}"]), file=sys.stderr)
    if hint:
        print(f"  {escape_controls(hint[:1].upper() + hint[1:])}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
