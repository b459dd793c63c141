"""Archiving many sessions, each of two views: memory that does not grow with their number, and what the journal costs.

    python -m benchmarks.archive (archive|downloads) URL FOLDER SESSIONS

fills a folder in a process of its own, and prints its processor time in seconds and the memory that it grew by in
bytes. `downloads` fetches the same views one after another, without searching and without a journal.

That runs which are killed end in the same archive is shown by `python -m tests.wrapper.killed_archives`.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rum_replay import ReplayClient, archive
from rum_replay_emulator import Emulator

from .answers import KEYS
from .download import peak_memory
from .measure import Row, paired_values, times

__all__ = ["run"]

_START = datetime(2026, 7, 1, tzinfo=UTC)
_VIEWS = 2
_SEGMENT = bytes(range(256)) * 16


def run(*, quick: bool) -> Iterator[Row]:
    few, some, many, rounds = (2, 4, 8, 0) if quick else (200, 1_000, 5_000, 3)
    with _emulator(many).serve() as url:
        memory = {count: _once("archive", url, count)[1] for count in (some, many)}
        pair = paired_values(
            lambda: _once("archive", url, few)[0], lambda: _once("downloads", url, few)[0], rounds=rounds
        )
    yield Row(
        f"archive of {many:,} sessions of {_VIEWS} views: peak memory above that before, against {some:,} sessions; "
        "SQLite keeps up to 2 MB of the journal",
        f"{memory[many] / 1e6:.1f} MB",
        f"{memory[some] / 1e6:.1f} MB",
        times(memory[many] / memory[some]),
        "≤ 1.5 ×",
        memory[many] <= 1.5 * memory[some],
    )
    yield Row(
        f"archive of {few} sessions, processor time, against the bare downloads of the same views",
        f"{pair.ours / few * 1e3:.1f} ms a session",
        f"{pair.other / few * 1e3:.1f} ms a session",
        times(pair.ratio),
    )


def _emulator(sessions: int) -> Emulator:
    emulator = Emulator()
    for number in range(sessions):
        emulator.load_events(_events(number))
        for view in range(_VIEWS):
            emulator.load_segments(f"session-{number}", f"view-{view}", [_SEGMENT])
    return emulator


def _events(number: int) -> Iterator[dict[str, Any]]:
    session = {"id": f"session-{number}", "has_replay": True}
    for index in range(-1, _VIEWS):
        time = (_START + timedelta(seconds=60 * number + index)).isoformat().replace("+00:00", "Z")
        own: dict[str, Any] = {"type": "view", "session": session, "view": {"id": f"view-{index}"}}
        if index < 0:
            own = {"type": "session", "session": {**session, "is_active": False}}
        own["application"] = {"id": "app"}
        yield {"id": f"{number:06}-{index}", "type": "rum", "attributes": {"timestamp": time, "attributes": own}}


def _once(what: str, url: str, sessions: int) -> tuple[float, int]:
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.archive", what, url, folder, str(sessions)]
        elapsed, grown = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
        pages = sum(1 for _ in Path(folder).rglob("page-*.bin"))
        assert pages == _VIEWS * sessions, pages
    return float(elapsed), int(grown)


def _fill(what: str, url: str, folder: Path, sessions: int) -> None:
    with ReplayClient(base_url=url, api_key=KEYS["DD-API-KEY"], app_key=KEYS["DD-APPLICATION-KEY"]) as client:
        if what == "archive":
            archive(client, "*", folder, start=_START, end=_START + timedelta(minutes=sessions) - timedelta(seconds=2))
            return
        for number in range(sessions):
            for view in range(_VIEWS):
                client.sessions.download_segments(f"session-{number}", f"view-{view}", folder / f"{number}-{view}")


if __name__ == "__main__":
    before, started = peak_memory(), time.process_time()
    _fill(sys.argv[1], sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    print(time.process_time() - started, peak_memory() - before)
