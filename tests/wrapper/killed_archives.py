"""A program, not a test: kills runs of an archive with SIGKILL at random moments until all of it is there.

usage: python -m tests.wrapper.killed_archives DIRECTORY [--sessions N] [--kills N] [--seed N]

The emulator runs in a process of its own and answers 429, 500, half of a body or nothing at random. Each run is a
process of its own too. Once an archive is whole, the next one begins, until there were as many kills as wanted. Prints
a JSON object: how many runs were killed, and everything that is wrong, in words.

It forks, so that Python and the library are loaded only once; the parent has no threads and no client.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import rum_replay._sync.archiving  # noqa: F401  imported before the first fork to save time
from rum_replay import ReplayClient, RetryPolicy, archive
from rum_replay_emulator import Assumptions, Emulator

START = datetime(2026, 7, 1, tzinfo=UTC)
END = START + timedelta(days=7)
SEGMENT = 20_000
"""Bytes; pages have at most two."""


# ---- The emulator's process ----


def serve(sessions: int, seed: int) -> None:
    noise = random.Random(seed)
    emulator = Emulator(
        assumptions=Assumptions(default_segment_list_size=2 * SEGMENT), on_answer=lambda *_: make_trouble()
    )
    has_trouble = False

    def make_trouble() -> None:
        if has_trouble and noise.random() < 0.2:
            faults: list[dict[str, Any]] = [
                {"status": 429, "headers": {"Retry-After": "0"}},
                {"status": 500},
                {"disconnect": "before"},
                {"disconnect": "body"},
                {"truncate": 7},
            ]
            emulator.faults.add(**noise.choice(faults))

    for number in range(sessions):
        emulator.load_events(events_of(number))
        for view in range(number % 3 + 1):
            if (number + view) % 5:  # the others have no segments
                segments = [noise.randbytes(noise.randrange(1, SEGMENT)) for _ in range(number % 4 + 1)]
                emulator.load_segments(f"session-{number}", f"view-{view}", segments)
    with emulator.serve() as base_url:
        print(base_url, flush=True)
        for line in sys.stdin:
            has_trouble = line == "trouble\n"
            log = [(one.operation, one.method, one.path, one.raw_query) for one in emulator.requests]
            emulator.requests.clear()
            print(json.dumps(log), flush=True)


def events_of(number: int) -> Iterator[dict[str, Any]]:
    def event(name: str, minute: int, **own: Any) -> dict[str, Any]:
        time = (START + timedelta(minutes=minute)).isoformat().replace("+00:00", "Z")
        common = {"application": {"id": f"app-{number % 2}"}}
        attributes = {"timestamp": time, "attributes": {**common, **own}}
        return {"id": f"{number}-{name}", "type": "rum", "attributes": attributes}

    session = {"id": f"session-{number}", "has_replay": True}
    yield event("session", 20 * number, type="session", session={**session, "is_active": False})
    for view in range(number % 3 + 1):
        yield event(f"view-{view}", 20 * number + view, type="view", session=session, view={"id": f"view-{view}"})


class Server:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.base_url = self._line()

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def log(self, *, then: str) -> list[list[str]]:
        """The requests since the last time; from now on there is `trouble`, or `peace`."""
        assert self._process.stdin is not None
        print(then, file=self._process.stdin, flush=True)
        log: list[list[str]] = json.loads(self._line())
        return log


@contextmanager
def server(sessions: int, seed: int) -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.wrapper.killed_archives", "--serve", str(sessions), str(seed)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Server(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()


# ---- Runs ----


def run(base_url: str, directory: Path) -> int:
    """How many failed."""
    retry = RetryPolicy(attempts=8, backoff=0.01, max_backoff=0.05)
    with ReplayClient(base_url=base_url, api_key="a", app_key="b", retry=retry) as client:
        return archive(client, "*", directory, start=START, end=END, retry_failed=True).failed


def run_in_child(work: Callable[[], int], kill_after: float | None) -> bool:
    """Whether it was killed; exits if it failed in any other way."""
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
    child = os.fork()
    if child == 0:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
        code = 2
        try:
            code = 0 if work() == 0 else 3
        finally:
            os._exit(code)
    if kill_after is not None and signal.sigtimedwait([signal.SIGCHLD], kill_after) is None:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    while signal.sigtimedwait([signal.SIGCHLD], 0) is not None:
        pass
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    if os.WEXITSTATUS(status) not in (0, 3):
        sys.exit("a run failed")
    return False


def whole_pages(directory: Path) -> set[tuple[str, str | None]]:
    """Path and token of each page that is on disk."""
    return {
        (manifest["url"].partition("/api/")[2], page["paging"])
        for path in directory.rglob("manifest.json")
        for manifest in [json.loads(path.read_bytes())]
        for page in manifest["pages"]
    }


def state(directory: Path) -> dict[str, Any]:
    """Everything in an archive, without times and without the numbers of rows."""
    files: dict[str, Any] = {}
    for path in directory.rglob("*"):
        name = path.relative_to(directory).as_posix()
        if path.name == "manifest.json":
            files[name] = json.loads(path.read_bytes())
            for page in files[name]["pages"]:
                page["headers"].pop("date", None)
        elif path.is_file() and not path.name.startswith("archive."):
            files[name] = path.read_bytes()
        else:
            files[name] = None
    with closing(sqlite3.connect(directory / "archive.sqlite")) as journal:
        files["views"] = sorted(
            journal.execute(
                "SELECT sessions.id, folder, has_ended, views.id, state, is_open, size, views.error FROM views "
                "JOIN sessions ON session = sessions.number"
            )
        )
    return files


def trial(root: Path, sessions: int, kills: int, seed: int) -> dict[str, Any]:
    noise = random.Random(seed)
    problems: list[str] = []
    killed, archives = 0, 0
    with server(sessions, seed) as emulator:
        began = time.monotonic()
        run_in_child(partial(run, emulator.base_url, root / "reference"), None)
        seconds = time.monotonic() - began
        expected = state(root / "reference")
        expected_requests = sum(one[0] == "GetSegments" for one in emulator.log(then="trouble"))
        most = max(2 * seconds * 3 / max(kills, 3), 0.2)  # a third of the kills, at most, for one archive
        while killed < kills or archives == 0:
            directory = root / str(archives)
            archives += 1
            requests, is_whole = 0, False
            while not is_whole:
                pages = whole_pages(directory)
                kill_after = noise.uniform(0, most) if killed < kills else None
                was_killed = run_in_child(partial(run, emulator.base_url, directory), kill_after)
                killed += was_killed
                if not was_killed:
                    with closing(sqlite3.connect(directory / "archive.sqlite")) as journal:
                        (failed,) = journal.execute("SELECT count(*) FROM views WHERE state = 'failed'").fetchone()
                    is_whole = not failed
                for operation, method, path, query in emulator.log(then="trouble"):
                    token = httpx.QueryParams(query).get("paging")
                    requests += operation == "GetSegments"
                    if (path.partition("/api/")[2], token) in pages:
                        problems.append(f"{path} {token} was whole, and was fetched again")
                    if operation not in ("GetSegments", "SearchRUMEvents"):
                        problems.append(f"{method} {path}")
            found = state(directory)
            problems += [
                f"{directory.name}: {name} differs"
                for name in expected.keys() | found.keys()
                if expected.get(name, "") != found.get(name, "")
            ]
            if requests < expected_requests:
                problems.append(f"{requests} requests for segments instead of at least {expected_requests}")
    return {
        "sessions": sessions,
        "killed": killed,
        "archives": archives,
        "files": len(expected),
        "requests_without_kills": expected_requests,
        "seconds_without_kills": round(seconds, 1),
        "problems": problems,
    }


def main() -> None:
    if sys.argv[1] == "--serve":
        serve(int(sys.argv[2]), int(sys.argv[3]))
        return
    parser = argparse.ArgumentParser(prog="python -m tests.wrapper.killed_archives")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--sessions", type=int, default=300)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    print(json.dumps(trial(given.directory, given.sessions, given.kills, given.seed)))


if __name__ == "__main__":
    main()
