"""How a failure is reported: one line for people, or one JSON object where JSON is wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise, takewhile
from typing import Any

import attrs
import click

from .. import AuthenticationError, PermissionDeniedError, ReplayError
from .._printable import one_line
from .commands import Interrupted, Settings

__all__ = ["report", "report_one"]


@attrs.frozen
class _Explanation:
    type: str
    """The class of an error of the library, `UsageError`, `CommandError`, `FileError` or `Interrupted`."""

    message: str
    exit_status: int = 1
    hint: str | None = None
    """Where to find out more, if the message does not say it."""


def report(error: Exception, arguments: Sequence[str], settings: Settings) -> int:
    """Write to standard error why a command with these arguments failed; returns the exit status."""
    explanation = _explain(error)
    if _is_json_wanted(error, arguments, settings):
        line = json.dumps(_as_json(error, explanation))
    else:
        hint = "" if explanation.hint is None else f" ({explanation.hint})"
        line = f"error: {one_line(explanation.message + hint)}"
    click.echo(line, err=True)
    return explanation.exit_status


def report_one(error: ReplayError, settings: Settings, name: str) -> None:
    """Write to standard error why one of many things failed; in JSON, the object has its `id`."""
    explanation = _explain(error)
    if settings.json or settings.format == "json":
        line = json.dumps({"id": name, **_as_json(error, explanation)})
    else:
        line = one_line(f"failed: {name}: {explanation.message}")
    click.echo(line, err=True)


def _explain(error: Exception) -> _Explanation:
    if isinstance(error, click.UsageError):
        hint = None if error.ctx is None else f"see `{error.ctx.command_path} --help`"
        return _Explanation("UsageError", error.format_message(), error.exit_code, hint)
    if isinstance(error, Interrupted):
        return _Explanation("Interrupted", error.format_message(), error.exit_code)
    if isinstance(error, click.ClickException):
        return _Explanation("CommandError", error.format_message(), error.exit_code)
    if isinstance(error, click.Abort):
        return _Explanation("Interrupted", "interrupted", 130)
    if isinstance(error, OSError) and not isinstance(error, ReplayError):
        # Only Click's own output, such as help, does not say what could not be written.
        subject = error.filename or "standard output cannot be written"
        return _Explanation("FileError", f"{subject}: {error.strerror or error}")
    hint = None
    if isinstance(error, AuthenticationError | PermissionDeniedError):
        hint = "`rum-replay doctor` shows which site and credentials are used"
    return _Explanation(type(error).__name__, str(error), hint=hint)


def _as_json(error: Exception, explanation: _Explanation) -> dict[str, Any]:
    return {
        "type": explanation.type,
        "message": error.message if isinstance(error, ReplayError) else explanation.message,
        "hint": explanation.hint,
        "exit_status": explanation.exit_status,
        "status": getattr(error, "status", None),
        "errors": list(getattr(error, "errors", ())),
        "request_id": getattr(error, "request_id", None),
        "method": getattr(error, "method", None),
        "url_template": getattr(error, "url_template", None),
        "ids": getattr(error, "ids", {}),
        "attempts": getattr(error, "attempts", 0),
        "retry_after": getattr(error, "retry_after", None),
        "may_have_been_applied": getattr(error, "may_have_been_applied", None),
        "file": getattr(error, "filename", None),
    }


def _is_json_wanted(error: Exception, arguments: Sequence[str], settings: Settings) -> bool:
    """Whether errors are printed as JSON: as the options say or, if they could not be parsed, as they seem to say."""
    if settings.json or settings.format == "json":
        return True
    if not isinstance(error, click.UsageError):
        return False
    words = list(takewhile(lambda word: word != "--", arguments))
    command = None if error.ctx is None else error.ctx.command
    # The option --output of a command may also be the name of a file.
    own = (
        {name for parameter in command.params if parameter.name != "format" for name in parameter.opts}
        if command
        else set[str]()
    )
    pairs = set(pairwise(words))
    return "--json" in words or (
        "-o" not in own
        and (("-o", "json") in pairs or ("--output", "json") in pairs or "-ojson" in words or "--output=json" in words)
    )
