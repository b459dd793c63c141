"""Runs of pytest within a test: the suite under test is that of somebody who uses the plugin."""

from __future__ import annotations

# A run in this process forgets what it imported. What is imported here stays: for speed, and because httpx keeps the
# classes of the first httpcore for good and libyaml's extension cannot be imported twice.
import httpcore  # noqa: F401
import hypothesis  # noqa: F401
import pytest
import rum_replay._async.heatmaps
import rum_replay._async.playlists
import rum_replay._async.sessions
import rum_replay._async.viewership
import rum_replay._sync.heatmaps
import rum_replay._sync.playlists
import rum_replay._sync.sessions
import rum_replay._sync.viewership  # noqa: F401
import yaml  # noqa: F401

__all__ = ["ANYIO", "LEAN", "run"]

LEAN = tuple(f"-pno:{name}" for name in ("cacheprovider", "schemathesis", "hypothesispytest", "cov", "anyio"))
"""Plugins left out that this environment happens to have, and that take seconds to import."""
ANYIO = ("-p", "anyio.pytest_plugin")
"""For tests that are async themselves."""


def run(pytester: pytest.Pytester, source: str, *arguments: str) -> pytest.RunResult:
    """Run a module of tests in this process, with every warning an error."""
    pytester.makepyfile(source)
    return pytester.runpytest_inprocess(*LEAN, "-W", "error", *arguments)
