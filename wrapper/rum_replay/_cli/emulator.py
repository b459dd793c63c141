"""`rum-replay emulator`: the API without Datadog, on this machine."""

from __future__ import annotations

import importlib
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal

import click

from .commands import Command, CommandError, Settings
from .next_steps import make_command_known, set_variable
from .output import Output

if TYPE_CHECKING:
    from rum_replay_emulator import Emulator
    from rum_replay_emulator.sample import SampleSession

__all__ = ["emulator", "require_emulator"]

_SECONDS_BETWEEN_LOOKS = 0.2


def require_emulator() -> None:
    """Raise CommandError where the extra `emulator` is not installed."""
    for module in ("uvicorn", "rum_replay_emulator"):
        try:
            importlib.import_module(module)
        except ImportError as error:
            reason = str(error)
        else:
            continue
        raise CommandError(f'the emulator is not installed ({reason}): pip install "rum-replay[emulator]"')


@click.command("emulator", cls=Command)
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="The port on 127.0.0.1; by default a free one.")
@click.option(
    "--segment-envelope",
    type=click.Choice(["raw", "json", "multipart"]),
    default="raw",
    help="What segments come wrapped in. How Datadog does it is not documented; all three are inventions.",
)
@click.option("--rate-limit", type=click.IntRange(0), metavar="N", help="Answer 429 beyond N requests in a period.")
@click.option(
    "--rate-period",
    type=click.FloatRange(0, min_open=True),
    default=60.0,
    metavar="SECONDS",
    help="The period of --rate-limit; 60 by default.",
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
    """Serve a stand-in for the API on 127.0.0.1.

    Runs until Ctrl-C, without account and network. It accepts any keys, keeps what it is sent until it ends, and
    holds one recorded session with two views. Each request is reported on standard error.
    """
    settings.refuse_target("emulator")
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
        _introduce(settings.output, base_url, sample)
        try:
            _report_requests(settings.output, served)
        except KeyboardInterrupt:
            settings.output.note("the emulator has ended")


def _introduce(output: Output, base_url: str, sample: SampleSession) -> None:
    if output.as_json:
        views = [view.view_id for view in sample.views]
        known = {"application_id": sample.application_id, "session_id": sample.session_id, "view_ids": views}
        output.done("", {"base_url": base_url, **known})
        return
    output.say(f"The emulator answers at {base_url} until Ctrl-C. In another terminal:\n")
    lines = (
        *make_command_known(),
        set_variable("DD_API_KEY", "anything"),
        set_variable("DD_APP_KEY", "anything"),
        f"rum-replay --base-url {base_url} doctor --online",
        f'rum-replay --base-url {base_url} playlists create "Checkout bugs"',
        f"rum-replay --base-url {base_url} playlists add 1 {sample.session_id}",
        *(
            f"rum-replay --base-url {base_url} segments download {sample.session_id} {view.view_id} replay/{number}"
            for number, view in enumerate(sample.views, 1)
        ),
    )
    output.say("\n".join(f"  {line}" for line in lines))
    output.say(f'\nIn Python:\n\n  ReplayClient(base_url="{base_url}", api_key="anything", app_key="anything")\n')


def _report_requests(output: Output, served: Emulator) -> None:
    """Until an interrupt; what was reported is forgotten, so that a long run does not fill the memory."""
    while True:
        time.sleep(_SECONDS_BETWEEN_LOOKS)
        arrived = list(served.requests)
        del served.requests[: len(arrived)]
        for request in arrived:
            # The path alone: somebody may have put a secret into the query.
            output.note(f"{request.method} {request.path} ({request.operation or 'not part of the API'})")
