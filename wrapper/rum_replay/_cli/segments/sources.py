"""What the commands that read segments have in common."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ..commands import CommandError

if TYPE_CHECKING:
    from ...segments._recording import Recording, View

__all__ = ["opened", "sources_argument", "view_of"]

F = TypeVar("F", bound=Callable[..., Any])


def sources_argument(function: F) -> F:
    """One or more places to read segments from."""
    return click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)(function)


def opened(*sources: str) -> Recording:
    """The recording in folders and files, `-` being standard input; raises CommandError where there is none."""
    from ...segments import open as open_recording

    recording = open_recording([sys.stdin.buffer if source == "-" else source for source in sources])
    if not recording.views:
        reason = f": {recording.unreadable[0].reason}" if recording.unreadable else ""
        raise CommandError(f"no segments in {', '.join(sources)}{reason}")
    return recording


def view_of(recording: Recording, given: str | None) -> View:
    """The view with an id or the beginning of one, by default the only one; raises a usage error for any other."""
    found = [view for view in recording.views if given is None or (view.id or "").startswith(given)]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(view.id or "(no id)" for view in found or recording.views)
    if found:
        raise click.UsageError(f"{len(found)} views are meant; choose one with --view: {ids}")
    raise click.UsageError(f"there is no view {given!r}; there are: {ids}")
