"""The command `rum-replay`; also `python -m rum_replay`. Needs the extra `cli`: click and rich."""

from __future__ import annotations

import os
import signal
import sys

__all__ = ["main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Run the command line with the arguments of this process, then exit.

    The status is 0 for success, 1 for an error, 2 for wrong usage and 130 for an interrupt: Ctrl-C or SIGTERM.
    """
    _on_interrupts(_end_now)
    run = _imported()
    _on_interrupts(signal.default_int_handler)
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


def _on_interrupts(handler: Callable[..., object]) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:  # as in the background of a shell
            signal.signal(number, handler)


def _end_now(*_: object) -> None:
    """End while modules are imported: nothing has begun, and an exception could be lost in what imports them."""
    os.write(2, b"error: interrupted\n")
    os._exit(130)
