"""Record and replay cassettes of several libraries in one process; requires an environment that has them.

    python cassette_player.py record LIBRARY FOLDER URL COUNT,ROUNDS
    python cassette_player.py compare LIBRARY FOLDER URL COUNT,ROUNDS

The first records COUNT different requests; the second replays them, ours and the other's in turn, and prints a pair.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

import httpx
from attrs import asdict

from benchmarks.measure import paired

__all__: list[str] = []

_KEYS = {"DD-API-KEY": "0123456789abcdef" * 2, "DD-APPLICATION-KEY": "0123456789abcdef0123" * 2}
_ANSWER = b'{"data":{"id":"1","type":"rum_replay_playlist","attributes":{"name":"Checkout bugs"}}}'


def cassette_of(library: str, path: Path, *, record: bool) -> AbstractContextManager[object]:
    """A cassette of the library with default settings."""
    if library == "ours":
        from pytest_rum_replay.cassettes import open_cassette
        from pytest_rum_replay.cassettes.mode import Mode

        return open_cassette(path, mode=Mode.ONCE if record else Mode.NONE)
    mode: Any = "once" if record else "none"
    if library == "vcr":
        import vcr  # type: ignore[import-untyped]

        cassette: AbstractContextManager[object] = vcr.use_cassette(str(path), record_mode=mode)
        return cassette
    if library == "cassetter":
        import cassetter  # type: ignore[import-not-found,unused-ignore]

        return cassetter.use_cassette(path, record_mode=mode)  # type: ignore[no-any-return,unused-ignore]
    return nullcontext()  # "httpx": the cost of the client alone


def requests(library: str, path: Path, url: str, count: int, *, record: bool = False) -> Callable[[], None]:
    """A function that opens the cassette and sends this many different requests with an existing client."""
    client = httpx.Client(headers=_KEYS, transport=httpx.MockTransport(_answer) if library == "httpx" else None)

    def send() -> None:
        with cassette_of(library, path, record=record):
            for number in range(count):
                assert client.get(f"{url}/api/v2/rum/replay/playlists/{number}").json()["data"]

    return send


def _answer(_: httpx.Request) -> httpx.Response:
    return httpx.Response(200, content=_ANSWER, headers={"content-type": "application/json"})


def main(task: str, library: str, folder: str, url: str, numbers: str) -> None:
    count, rounds = map(int, numbers.split(","))

    def sending(name: str, *, record: bool = False) -> Callable[[], None]:
        return requests(name, Path(folder) / f"{name}.yaml", url, count, record=record)

    if task == "record":
        sending(library, record=True)()
    else:
        print(json.dumps(asdict(paired(sending("ours"), sending(library), rounds=rounds))))


if __name__ == "__main__":
    main(*sys.argv[1:])
