"""`rum-replay emulator`: serve the API on this machine, without Datadog."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .._extras import install_command
from .commands import Command, CommandError, Settings

if TYPE_CHECKING:
    from rum_replay_emulator.command import Started
    from rum_replay_emulator.sample import SampleSession

__all__ = ["emulator", "path_commands", "require_emulator"]


def require_emulator() -> None:
    """Raise CommandError if the extra `emulator` is not installed."""
    try:
        import_module("rum_replay_emulator.server")
    except ImportError as error:
        reason = str(error.__cause__ or error)
    else:
        return
    raise CommandError(f"the emulator is not installed ({reason}): {install_command('emulator')}")


def path_commands() -> list[str]:
    """The shell commands after which the shell finds `rum-replay`; none if it already does."""
    from rum_replay_emulator.command import set_variable

    folder = Path(sys.executable).parent
    if shutil.which("rum-replay") or not shutil.which("rum-replay", path=str(folder)):
        return []
    return [set_variable("PATH", f"{folder};$env:PATH" if os.name == "nt" else f"{folder}:$PATH")]


class _EmulatorCommand(Command):
    """Its help states the limits of the server, which is imported only then."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_help_text(ctx, formatter)
        try:
            from rum_replay_emulator.limits import LIMITS
        except ImportError:
            return
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(str(LIMITS))


def _hosts(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[str]:
    if not values:
        return []
    require_emulator()
    from rum_replay_emulator.hosts import checked_host

    try:
        return [checked_host(value) for value in values]
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _finite(_: click.Context, __: click.Parameter, value: float) -> float:
    if not isfinite(value):
        raise click.BadParameter(f"{value} is not a number of seconds")
    return value


@click.command("emulator", cls=_EmulatorCommand)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="The address to serve on, such as 0.0.0.0 in a container: others can then reach it.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help="The port; by default, or with 0, a free one.",
)
@click.option(
    "--allow-host",
    "allowed_hosts",
    multiple=True,
    callback=_hosts,
    metavar="NAME",
    help="Another host to answer for, such as emulator or *.example.com; may be repeated. Others than localhost, "
    "loopback addresses and the address to serve on get 421; on 0.0.0.0 or ::, any address is answered, and names "
    "need this option.",
)
@click.option(
    "--segment-envelope",
    type=click.Choice(["raw", "json", "multipart"]),
    default="raw",
    show_default=True,
    help="What segments are wrapped in. Datadog does not document this; all three are assumptions.",
)
@click.option(
    "--rate-limit", type=click.IntRange(0), metavar="N", help="Answer 429 to more than N requests per period."
)
@click.option(
    "--rate-period",
    type=click.FloatRange(0, min_open=True),
    callback=_finite,
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="The period of --rate-limit.",
)
@click.pass_obj
def emulator(
    settings: Settings,
    *,
    host: str,
    port: int,
    allowed_hosts: list[str],
    segment_envelope: Literal["raw", "json", "multipart"],
    rate_limit: int | None,
    rate_period: float,
) -> None:
    """Serve an emulator of the API on 127.0.0.1.

    It runs until Ctrl-C and needs neither an account nor a network. It accepts any keys, contains a recorded session
    with two views, whose events say that it ended an hour ago, and forgets everything when it ends. Requests are listed
    on standard error.

    The variable RUM_REPLAY_BASE_URL, which it prints, points every client and command at it. `python -m
    rum_replay_emulator` is the same and needs only the extra `emulator`.
    """
    require_emulator()
    from rum_replay_emulator.command import AddressError, EmulatorOptions, run

    output = settings.output

    def announce(started: Started) -> None:
        if settings.json:
            output.json(started.to_dict())
        else:
            output.say(started.instructions(_suggested_commands))

    options = EmulatorOptions(
        host=host,
        port=port,
        allowed_hosts=allowed_hosts,
        segment_envelope=segment_envelope,
        rate_limit=rate_limit,
        rate_period=rate_period,
    )
    try:
        run(options, started=announce, note=output.note)
    except AddressError as error:
        raise CommandError(str(error)) from None


def _suggested_commands(sample: SampleSession) -> list[str]:
    return [
        *path_commands(),
        "rum-replay doctor --online",
        "rum-replay sessions search --since 1d",
        'rum-replay playlists create "Checkout bugs"',
        f"rum-replay playlists add 1 {sample.session_id}",
        f"rum-replay sessions download {sample.session_id} replay",
    ]
