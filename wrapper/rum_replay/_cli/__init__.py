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
        for module in ("click", "rich"):
            import_module(module)
    except ImportError as error:
        from .._extras import install_command

        sys.exit(f"error: the command line is not installed ({error}): {install_command('cli')}")
    from .app import run

    sys.exit(run())
