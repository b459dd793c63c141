"""The command as a whole, and the one door through which its failures leave."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path

import click

from .. import ReplayError, __version__
from .commands import Group
from .demo import demo
from .doctor import doctor
from .emulator import emulator
from .heatmaps import heatmaps
from .playlists import playlists
from .printable import one_line
from .segments import segments
from .viewership import viewership

__all__ = ["rum_replay", "run"]


class Application(Group):
    """The one group whose help lists the global options."""

    shows_global_options = True


@click.group("rum-replay", cls=Application, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="rum-replay")
def rum_replay() -> None:
    """Datadog's RUM Session Replay API: playlists, heatmap snapshots, viewership, recorded segments.

    \b
    Credentials come from the environment alone, because other users of a
    computer can read the arguments of commands; no option takes a key or token:
      DD_API_KEY and DD_APP_KEY (or DATADOG_API_KEY and DATADOG_APP_KEY),
      or instead of both DD_BEARER_TOKEN (or DD_ACCESS_TOKEN).
    The site comes from --site, DD_SITE or DATADOG_SITE; without those it is us1.

    Begin with `rum-replay demo`, which needs no account, or `rum-replay doctor`.
    """


for command in (playlists, heatmaps, viewership, segments, emulator, demo, doctor):
    rum_replay.add_command(command)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with these arguments, by default those of the process; gives the exit status.

    0; 1 for a failure; 2 for usage; 130 after an interrupt. Failures are one line on standard error.
    """
    _settle_streams()
    try:
        status = rum_replay.main(arguments, "rum-replay", standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read this has enough. Nothing must be left to write when the interpreter ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (click.ClickException, click.Abort, ReplayError, OSError) as error:
        message, status = _explained(error)
        click.echo(f"error: {one_line(message)}", err=True)
    return status if isinstance(status, int) else 0


def _settle_streams() -> None:
    """Make the standard streams usable whatever they are."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a locale that lacks a character is no reason to fail
    for stream in (sys.stdin,):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="surrogateescape")  # what is no text is refused where it is used


def _explained(error: Exception) -> tuple[str, int]:
    """What to say of a failure, and the exit status for it."""
    if isinstance(error, click.UsageError) and error.ctx is not None:
        return f"{error.format_message()} (see `{error.ctx.command_path} --help`)", error.exit_code
    if isinstance(error, click.ClickException):
        return error.format_message(), error.exit_code
    if isinstance(error, click.Abort):
        return "interrupted", 130
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}", 1
    return str(error), 1
