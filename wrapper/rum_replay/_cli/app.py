"""The command as a whole, and the one place where its failures are reported."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, MutableMapping, Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .. import ReplayError, __version__
from .commands import COMPLETE_VARIABLE, GLOBAL_OPTIONS, Group, Settings, on_interrupt
from .settings import write_global_options

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from .. import Clock

__all__ = ["rum_replay", "run"]

_COMMANDS = {
    "archive": ("archive:archive", "Download many sessions and their events."),
    "audit": ("audit:audit", "Report across sessions and users."),
    "completion": ("completion:completion", "Print a script that makes TAB complete commands."),
    "demo": ("demo:demo", "See the API at work; needs no account."),
    "doctor": ("doctor:doctor", "Check the site and credentials in use."),
    "emulator": ("emulator:emulator", "Serve an emulator of the API on 127.0.0.1."),
    "events": ("events:events", "Search RUM events, which lead to sessions and views."),
    "heatmaps": ("heatmaps:heatmaps", "Create and list snapshots, which heatmaps are drawn on."),
    "open": ("sessions:open_replay", "Open a replay in the browser, or print its URL."),
    "playlists": ("playlists:playlists", "Create, fill and list playlists of replays."),
    "segments": ("segments:segments", "Download, read, play and export the segments of a replay."),
    "sessions": ("sessions:sessions", "Find sessions and their views, link to and download them."),
    "viewership": ("viewership:viewership", "Record and list who watched which session."),
}
"""Where each command is, and its line in the list of commands: only the one that is run is imported."""


class _Commands(MutableMapping[str, click.Command]):
    """The commands by name, each imported when it is asked for."""

    def __getitem__(self, name: str) -> click.Command:
        module, _, attribute = _COMMANDS[name][0].partition(":")
        command: click.Command = getattr(import_module(f".{module}", __package__), attribute)
        return command

    def __iter__(self) -> Iterator[str]:
        return iter(_COMMANDS)

    def __len__(self) -> int:
        return len(_COMMANDS)

    def __setitem__(self, name: str, _: click.Command) -> NoReturn:
        raise TypeError(f"{name} has to be added to the table of commands")

    def __delitem__(self, name: str) -> NoReturn:
        raise TypeError(f"{name} has to be removed from the table of commands")


class _Application(Group):
    """The root, which lists its commands without importing them."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in _COMMANDS.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """The commands that begin like this, and the options."""
        from click.shell_completion import CompletionItem

        found = [
            CompletionItem(name, help=summary)
            for name, (_, summary) in _COMMANDS.items()
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def make_context(self, *arguments: Any, **settings: Any) -> click.Context:
        """Parse the arguments; an interrupt is one line, where Click itself would write two."""
        with on_interrupt():
            return super().make_context(*arguments, **settings)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an interrupt is one line."""
        with on_interrupt():
            return super().invoke(ctx)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """End help with all global options."""
        write_global_options(GLOBAL_OPTIONS, ctx, formatter)


@click.group(
    "rum-replay", cls=_Application, commands=_Commands(), context_settings={"help_option_names": ["-h", "--help"]}
)
@click.version_option(__version__, prog_name="rum-replay")
def rum_replay() -> None:
    """Work with Datadog's RUM Session Replay API: sessions, playlists, heatmaps, viewership and recorded segments.

    \b
    Credentials are read from the environment:
      DD_API_KEY and DD_APP_KEY (or DATADOG_API_KEY and DATADOG_APP_KEY), or
      DD_BEARER_TOKEN (or DD_ACCESS_TOKEN), which is used instead of both.
    No option takes a key or token, because other users of a computer can see
    the arguments of a command.

    The Datadog site is taken from --site, DD_SITE or DATADOG_SITE; the default is us1.
    RUM_REPLAY_BASE_URL, like --base-url, replaces the site by a proxy or the emulator.

    A profile, which --profile or RUM_REPLAY_PROFILE names, is a site and where its keys are kept, in a file of yours;
    what the environment says counts before it.

    New here? `rum-replay demo` needs no account; `rum-replay doctor` checks your configuration.
    """


def run(arguments: Sequence[str] | None = None, *, clock: Clock | None = None) -> int:
    """Run the command with these arguments, by default those of the process, and return the exit status.

    0 for success, 1 for an error, 2 for wrong usage, 130 for an interrupt. A failure is reported as one line on
    standard error, which is a JSON object if JSON is wanted. `clock` is for tests.
    """
    _prepare_streams()
    settings = Settings(clock=clock)
    if os.environ.get(COMPLETE_VARIABLE):
        import_module(".completion", __package__)  # it registers the shells
    try:
        status = rum_replay.main(
            arguments, "rum-replay", complete_var=COMPLETE_VARIABLE, standalone_mode=False, obj=settings
        )
        sys.stdout.flush()
    except BrokenPipeError:
        status = 1  # the reader has closed the pipe
    except (click.ClickException, click.Abort, ReplayError, OSError) as error:
        from .failures import report

        status = report(error, sys.argv[1:] if arguments is None else arguments, settings)
    _discard_unwritable_output()
    return status if isinstance(status, int) else 0


def _prepare_streams() -> None:
    """Make the standard streams usable even if they are closed or cannot encode everything."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:  # the parent process closed it
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    # A character that the locale lacks is not an error, and input that is not text is refused where it is used.
    for stream, errors in (
        (sys.stdin, "surrogateescape"),
        (sys.stdout, "backslashreplace"),
        (sys.stderr, "backslashreplace"),
    ):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors=errors)


def _discard_unwritable_output() -> None:
    """Drop output that cannot be written: the interpreter would fail when it tries again on exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
