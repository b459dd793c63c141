"""Clients that are used on after a fork: every child gets the playlists that it asked for."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from .loopback_peer import Loopback, Received, serve
from .replay_samples import playlist_data

PROGRAMS = Path(__file__).with_name("forking_programs.py")
CALLS = 10


def answer(received: Received) -> None:
    number = received.target.rpartition("/")[2]
    received.respond(200, {}, httpx.Response(200, json={"data": playlist_data(int(number))}).content)


def run(program: str, loopback: Loopback) -> Counter[str]:
    """The lines that the children of a program reported, and how often."""
    # Since Python 3.12, every fork of a process with threads is a warning, which servers that fork live with.
    warnings = "ignore:This process:DeprecationWarning"
    command = [sys.executable, "-W", warnings, str(PROGRAMS), program, loopback.url]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return Counter(done.stdout.splitlines())


@pytest.mark.parametrize(
    ("program", "calls"),
    [
        ("preloaded", 5 * CALLS),
        ("copies", 8 * CALLS),
        ("under_load", 24 * CALLS),
        ("prefork", 12 * CALLS),
        ("process_pool", 5 * CALLS),
        ("asynchronous", 6 * CALLS),
        ("http_client_unused", 4 * CALLS),
    ],
)
def test_every_process_gets_the_answers_to_its_own_requests(program: str, calls: int) -> None:
    with serve(answer) as loopback:
        assert run(program, loopback) == {"ok": calls}


def test_parent_keeps_its_connection_when_children_close_theirs() -> None:
    with serve(answer) as loopback:
        lines = run("closed_by_children", loopback)
    assert lines.pop("ok") == 5 * CALLS
    assert list(lines.values()) == [4]
    assert "this client is closed" in next(iter(lines))
    of_parent = [received for received in loopback.received if received.target.endswith(("/1", "/5000", "/5009"))]
    assert len({received.peer_port for received in of_parent}) == 1


def test_client_closed_before_the_fork_is_closed_in_the_children() -> None:
    with serve(answer) as loopback:
        lines = run("closed_before", loopback)
    assert list(lines.values()) == [4 * CALLS]
    assert "this client is closed" in next(iter(lines))


def test_http_client_of_the_caller_is_refused_if_it_was_forked_with_connections() -> None:
    with serve(answer) as loopback:
        lines = run("http_client_in_use", loopback)
    assert lines.pop("ok") == CALLS
    assert list(lines.values()) == [4 * CALLS]
    assert "make the HTTP client after the fork" in next(iter(lines))
