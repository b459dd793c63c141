"""The emulator as a command: what `rum-replay emulator` and `python -m rum_replay_emulator` do.

Both parse their own options and decide how lines are printed; the rest is here.
"""

import os
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any, Literal

from attrs import frozen

from rum_replay_emulator.emulator import Emulator
from rum_replay_emulator.rate_limit import RateLimit
from rum_replay_emulator.sample import SampleSession, load_sample

__all__ = ["AddressError", "EmulatorOptions", "Started", "run", "set_variable"]

_POLLING_INTERVAL = 0.2
"""Seconds."""


class AddressError(Exception):
    """The emulator cannot serve at a host and port; its text names them and the reason."""


@frozen(kw_only=True)
class EmulatorOptions:
    """What either command may be given."""

    host: str = "127.0.0.1"
    port: int = 0
    allowed_hosts: Sequence[str] = ()
    segment_envelope: Literal["raw", "json", "multipart"] = "raw"
    rate_limit: int | None = None
    """Requests per period."""

    rate_period: float = 60.0
    """Seconds."""


@frozen
class Started:
    """An emulator that has begun to serve."""

    base_url: str
    sample: SampleSession

    @property
    def variables(self) -> dict[str, str]:
        """The environment with which every client and command here reaches it."""
        return {"RUM_REPLAY_BASE_URL": self.base_url, "DD_API_KEY": "anything", "DD_APP_KEY": "anything"}

    def to_dict(self) -> dict[str, Any]:
        """What programs want to know."""
        return {
            "base_url": self.base_url,
            "application_id": self.sample.application_id,
            "session_id": self.sample.session_id,
            "view_ids": [view.view_id for view in self.sample.views],
        }

    def instructions(self, commands: Callable[[SampleSession], list[str]] | None = None) -> str:
        """What people do next: shell commands to paste, ended by those for the sample, and the same in Python."""
        lines = [set_variable(name, value) for name, value in self.variables.items()]
        lines += commands(self.sample) if commands is not None else []
        shell = "".join(f"  {line}\n" for line in lines)
        return (
            f"The emulator is running at {self.base_url} until Ctrl-C. In another terminal:\n\n{shell}\n"
            f"In Python, with these variables or without:\n\n  ReplayClient()\n"
            f'  ReplayClient(base_url="{self.base_url}", api_key="anything", app_key="anything")\n'
        )


def set_variable(name: str, value: str) -> str:
    """The shell command that sets an environment variable: for PowerShell on Windows, for POSIX shells elsewhere."""
    return f'$env:{name} = "{value}"' if os.name == "nt" else f'export {name}="{value}"'


def run(options: EmulatorOptions, *, started: Callable[[Started], object], note: Callable[[str], object]) -> None:
    """Serve an emulator with the sample session until an interrupt.

    `started` is called once, `note` for each request that arrived and at the end. Raises AddressError.
    """
    emulator = Emulator(
        segment_envelope=options.segment_envelope,
        rate_limit=None if options.rate_limit is None else RateLimit(options.rate_limit, options.rate_period),
    )
    sample = load_sample()
    emulator.load_session(sample)
    with ExitStack() as stack:
        try:
            base_url = stack.enter_context(
                emulator.serve(options.port, host=options.host, allowed_hosts=options.allowed_hosts)
            )
        except OSError as error:
            reason = error.strerror or error
            raise AddressError(f"{options.host}:{options.port} cannot be used: {reason}") from error
        try:
            started(Started(base_url, sample))
            while True:
                time.sleep(_POLLING_INTERVAL)
                # Those listed are dropped, so that memory does not grow.
                arrived = list(emulator.requests)
                del emulator.requests[: len(arrived)]
                for request in arrived:
                    # Only the path: the query may contain a secret.
                    note(f"{request.method} {request.path} ({request.operation or 'not part of the API'})")
        except KeyboardInterrupt:
            note("the emulator has ended")
