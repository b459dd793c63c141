"""The in-process emulator, which checks and keeps state, against a canned answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
from rum_replay_emulator import Emulator

from .answers import KEYS
from .measure import Row, paired, seconds, times

__all__ = ["run"]

_PLAYLISTS = "/api/v2/rum/replay/playlists"
_NEW = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "Checkout bugs"}}}
_IN_ONE_RUN = 100


def run(*, quick: bool) -> Iterator[Row]:
    rounds = 4 if quick else 100
    emulator = Emulator()
    canned: dict[str, httpx.Response] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        like = canned[request.method]
        return httpx.Response(like.status_code, headers=like.headers, content=like.content)

    with (
        _client(emulator.transport()) as emulated,
        _client(httpx.MockTransport(answer)) as mocked,
    ):
        # The mock returns what the emulator returned, byte for byte.
        canned["POST"] = emulated.post(_PLAYLISTS, json=_NEW)
        playlist = f"{_PLAYLISTS}/{canned['POST'].json()['data']['id']}"
        canned["GET"] = emulated.get(playlist)
        assert [answer.status_code for answer in canned.values()] == [201, 200]

        def repeated(call: Callable[[], httpx.Response]) -> Callable[[], None]:
            def repeat() -> None:
                emulator.requests.clear()
                for _ in range(_IN_ONE_RUN):
                    call()

            return repeat

        pair = paired(repeated(lambda: emulated.get(playlist)), repeated(lambda: mocked.get(playlist)), rounds=rounds)
        yield Row(
            "emulator in process, GET of a playlist, against `httpx.MockTransport` with a canned answer",
            seconds(pair.ours / _IN_ONE_RUN),
            seconds(pair.other / _IN_ONE_RUN),
            times(pair.ratio),
            "≤ 3 ×",
            pair.ratio <= 3,
        )

        pair = paired(
            repeated(lambda: emulated.post(_PLAYLISTS, json=_NEW)),
            repeated(lambda: mocked.post(_PLAYLISTS, json=_NEW)),
            rounds=rounds,
        )
        yield Row(
            "the same for a POST that creates one, its body checked against the contract",
            seconds(pair.ours / _IN_ONE_RUN),
            seconds(pair.other / _IN_ONE_RUN),
            times(pair.ratio),
            "≤ 3 ×",
            pair.ratio <= 3,
        )


def _client(transport: httpx.BaseTransport) -> httpx.Client:
    return httpx.Client(transport=transport, base_url="https://api.datadoghq.com", headers=KEYS)
