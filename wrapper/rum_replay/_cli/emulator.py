"""`rum-replay emulator`: serve the API on this machine, without Datadog."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from .commands import Command, CommandError, Settings
from .output import Output

if TYPE_CHECKING:
    from rum_replay_emulator import Emulator
    from rum_replay_emulator.sample import SampleSession

__all__ = ["emulator", "path_commands", "require_emulator", "set_variable"]

_POLLING_INTERVAL = 0.2
"""Seconds."""


def require_emulator() -> None:
    """Raise CommandError if the extra `emulator` is not installed."""
    for module in ("uvicorn", "rum_replay_emulator"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            reason = str(error)
        else:
            continue
        raise CommandError(f'the emulator is not installed ({reason}): pip install "rum-replay[emulator]"')


def set_variable(name: str, value: str) -> str:
    """The shell command that sets an environment variable: for PowerShell on Windows, for POSIX shells elsewhere."""
    return f'$env:{name} = "{value}"' if os.name == "nt" else f'export {name}="{value}"'


def path_commands() -> list[str]:
    """The shell commands after which the shell finds `rum-replay`; none if it already does."""
    folder = Path(sys.executable).parent
    if shutil.which("rum-replay") or not shutil.which("rum-replay", path=str(folder)):
        return []
    return [set_variable("PATH", f"{folder};$env:PATH" if os.name == "nt" else f"{folder}:$PATH")]


@click.command("emulator", cls=Command)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="PORT",
    help="The port on 127.0.0.1; by default, or with 0, a free one.",
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
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="The period of --rate-limit.",
)
@click.pass_obj
def emulator(
    settings: Settings,
    *,
    port: int,
    segment_envelope: Literal["raw", "json", "multipart"],
    rate_limit: int | None,
    rate_period: float,
) -> None:
    """Serve an emulator of the API on 127.0.0.1.

    It runs until Ctrl-C and needs neither an account nor a network. It accepts any keys, contains a recorded session
    with two views, and forgets everything when it ends. Requests are listed on standard error.
    """
    require_emulator()
    from rum_replay_emulator import Emulator, RateLimit
    from rum_replay_emulator.sample import load_sample

    served = Emulator(
        segment_envelope=segment_envelope,
        rate_limit=None if rate_limit is None else RateLimit(rate_limit, rate_period),
    )
    sample = load_sample()
    for view in sample.views:
        served.load_segments(sample.session_id, view.view_id, view.segments)
    with ExitStack() as stack:
        try:
            base_url = stack.enter_context(served.serve(port))
        except OSError as error:
            raise CommandError(f"127.0.0.1:{port} cannot be used: {error.strerror}") from None
        if settings.json:
            settings.output.json(
                {
                    "base_url": base_url,
                    "application_id": sample.application_id,
                    "session_id": sample.session_id,
                    "view_ids": [view.view_id for view in sample.views],
                }
            )
        else:
            _print_instructions(settings.output, base_url, sample)
        try:
            _report_requests(settings.output, served)
        except KeyboardInterrupt:
            settings.output.note("the emulator has ended")


def _print_instructions(output: Output, base_url: str, sample: SampleSession) -> None:
    output.say(f"The emulator is running at {base_url} until Ctrl-C. In another terminal:\n")
    command = f"rum-replay --base-url {base_url}"
    lines = (
        *path_commands(),
        set_variable("DD_API_KEY", "anything"),
        set_variable("DD_APP_KEY", "anything"),
        f"{command} doctor --online",
        f'{command} playlists create "Checkout bugs"',
        f"{command} playlists add 1 {sample.session_id}",
        *(
            f"{command} segments download {sample.session_id} {view.view_id} replay/{number}"
            for number, view in enumerate(sample.views, 1)
        ),
    )
    output.say("\n".join(f"  {line}" for line in lines))
    output.say(f'\nIn Python:\n\n  ReplayClient(base_url="{base_url}", api_key="anything", app_key="anything")\n')


def _report_requests(output: Output, served: Emulator) -> None:
    """List requests until an interrupt; those listed are dropped, so that memory does not grow."""
    while True:
        time.sleep(_POLLING_INTERVAL)
        arrived = list(served.requests)
        del served.requests[: len(arrived)]
        for request in arrived:
            # Only the path: the query may contain a secret.
            output.note(f"{request.method} {request.path} ({request.operation or 'not part of the API'})")
