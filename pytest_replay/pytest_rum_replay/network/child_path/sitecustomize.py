"""Guards the network of a Python process that a guarded test run has started: this folder is on its PYTHONPATH.

Python imports this before the program. The guard is loaded when the process uses a socket for the first time, and not
at all where it is not installed. Any Python may read this file, so it is written for the oldest.
"""

# pyright: reportTypeCommentUsage=false

import os
import sys


def guard_at_first_use():
    # type: () -> None
    waiting = [True]

    def hook(event, arguments):
        # type: (str, tuple[object, ...]) -> None
        if waiting and event.startswith("socket."):
            del waiting[:]
            try:
                from pytest_rum_replay.network.children import guard_this_process
            except ImportError:
                return  # another environment
            guard_this_process(event, arguments)

    sys.addaudithook(hook)


def run_hidden_sitecustomize():
    # type: () -> None
    """What Python would have imported if this folder were not in its path."""
    here = __file__.rpartition("sitecustomize.")[0][:-1]
    sys.path[:] = [folder for folder in sys.path if folder != here]
    this = sys.modules.pop(__name__)
    try:
        __import__(__name__)
    except ImportError as error:
        if getattr(error, "name", __name__) != __name__:
            raise
        sys.modules[__name__] = this


if "RUM_REPLAY_NETWORK_GUARD" in os.environ and hasattr(sys, "addaudithook"):
    guard_at_first_use()
run_hidden_sitecustomize()
