"""The command `rum-replay`; also `python -m rum_replay`. Needs the extra `cli`: click and rich."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager

__all__ = ["ending_at_once", "main"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator


def main() -> None:
    """Run the command line with the arguments of this process, then exit.

    The status is 0 for success, 1 for an error, 2 for wrong usage and 130 for an interrupt: Ctrl-C or SIGTERM.
    """
    _on_interrupts(signal.default_int_handler)
    with ending_at_once():
        run = _imported()
    sys.exit(run())


@contextmanager
def ending_at_once() -> Generator[None]:
    """Let an interrupt end the process while modules are imported, if `main` runs in it.

    Nothing has begun then, and an exception could be lost in what imports them.
    """
    changed = signal.getsignal(signal.SIGTERM) is signal.default_int_handler
    if changed:
        _on_interrupts(_end_now)
    try:
        yield
    finally:
        if changed:
            _on_interrupts(signal.default_int_handler)


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
    os.write(2, b"error: interrupted\n")
    os._exit(130)
