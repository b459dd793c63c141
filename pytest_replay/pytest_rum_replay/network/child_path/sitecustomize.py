"""Guards the network of a Python process that a guarded test run has started: this folder is on its PYTHONPATH.

Python imports this before the program. The guard is loaded when the process uses a socket for the first time, and not
at all where it is not installed: any Python 3 may read this file.
"""

import os
import sys


def guard_at_first_use() -> None:
    waiting = [True]

    def hook(event: str, arguments: "tuple[object, ...]") -> None:
        if waiting and event.startswith("socket."):
            waiting.clear()
            try:
                from pytest_rum_replay.network.children import guard_this_process
            except ImportError:
                return  # another environment
            guard_this_process(event, arguments)

    sys.addaudithook(hook)


def run_hidden_sitecustomize() -> None:
    """What Python would have imported if this folder were not in its path."""
    here = __file__[: -len("/sitecustomize.py")]
    sys.path[:] = [folder for folder in sys.path if folder != here]
    this = sys.modules.pop(__name__)
    try:
        __import__(__name__)
    except ImportError as error:
        if error.name != __name__:
            raise
        sys.modules[__name__] = this


if "RUM_REPLAY_NETWORK_GUARD" in os.environ and hasattr(sys, "addaudithook"):
    guard_at_first_use()
run_hidden_sitecustomize()
