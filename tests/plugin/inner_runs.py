"""Runs of pytest within a test, for suites like those of the plugin's users."""

from __future__ import annotations

# A run in this process removes the modules that it imported. Those imported here stay: for speed, and because httpx
# keeps the classes of the first httpcore, pools pickle functions of the first concurrent.futures, and libyaml's
# extension cannot be imported twice.
import concurrent.futures.process
import concurrent.futures.thread  # noqa: F401

import httpcore  # noqa: F401
import hypothesis  # noqa: F401
import pytest
import rum_replay._async.events
import rum_replay._async.heatmaps
import rum_replay._async.playlists
import rum_replay._async.sessions
import rum_replay._async.viewership
import rum_replay._sync.events
import rum_replay._sync.heatmaps
import rum_replay._sync.playlists
import rum_replay._sync.sessions
import rum_replay._sync.viewership  # noqa: F401
import yaml  # noqa: F401

__all__ = ["ANYIO", "LEAN", "run"]

LEAN = tuple(f"-pno:{name}" for name in ("cacheprovider", "schemathesis", "hypothesispytest", "cov", "anyio"))
"""Disables plugins that happen to be installed here and take seconds to import."""
ANYIO = ("-p", "anyio.pytest_plugin")
"""Enables async tests."""


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a module of tests in this process, with every warning an error."""
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess(*LEAN, "-W", "error", *arguments)
