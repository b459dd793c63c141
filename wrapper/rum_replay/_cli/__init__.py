"""The command `rum-replay`; also `python -m rum_replay`. Needs the extra `cli`: click and rich."""

from __future__ import annotations

import sys
from importlib import import_module

__all__ = ["main"]


def main() -> None:
    """Run the command line with the arguments of this process, then exit.

    The status is 0 for success, 1 for an error, 2 for wrong usage and 130 for an interrupt.
    """
    try:
        sys.exit(_run())
    except KeyboardInterrupt:  # while modules were imported
        sys.stderr.write("error: interrupted\n")
        sys.exit(130)


def _run() -> int | str:
    try:
        for module in ("click", "rich"):
            import_module(module)
    except ImportError as error:
        from .._extras import install_command

        return f"error: the command line is not installed ({error}): {install_command('cli')}"
    from .app import run

    return run()
