"""The command `rum-replay`; also `python -m rum_replay`. Needs the extra `cli`: click and rich."""

from __future__ import annotations

import os
import signal
import sys

__all__ = ["main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    _Handler = Callable[[int, FrameType | None], object]


def main() -> None:
    """Run the command line with the arguments of this process, then exit.

    The status is 0 for success, 1 for an error, 2 for wrong usage and 130 for an interrupt: Ctrl-C or SIGTERM.
    """
    _on_interrupts(_end_now, _end_now)
    run = _imported()
    _on_interrupts(signal.default_int_handler, _as_ctrl_c)
    sys.exit(run())


def _imported() -> Callable[[], int | str]:
    from importlib import import_module

    try:
        for module in ("click", "rich"):
            import_module(module)
    except ImportError as error:
        from .._extras import install_command

        message = f"error: the command line is not installed ({error}): {install_command('cli')}"
        return lambda: message
    from .app import run

    return run


def _on_interrupts(of_ctrl_c: _Handler, of_sigterm: _Handler) -> None:
    for number, handler in ((signal.SIGINT, of_ctrl_c), (signal.SIGTERM, of_sigterm)):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as in the background of a shell
            signal.signal(number, handler)


def _as_ctrl_c(_: int, frame: FrameType | None) -> None:
    """What asyncio does at Ctrl-C while it runs: it cancels what is under way, where an exception could be lost."""
    handler = signal.getsignal(signal.SIGINT)
    (handler if callable(handler) else signal.default_int_handler)(signal.SIGINT, frame)


def _end_now(_: int, __: FrameType | None) -> None:
    """End while modules are imported: nothing has begun, and an exception could be lost in what imports them."""
    os.write(2, b"error: interrupted\n")
    os._exit(130)
