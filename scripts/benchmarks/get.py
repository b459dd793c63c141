"""One GET of a playlist over loopback, from the method call to the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.v2.api.rum_replay_playlists_api import RumReplayPlaylistsApi
from rum_replay import ReplayClient

from .answers import KEYS
from .measure import Row, paired, seconds, times
from .peer import peer

__all__ = ["run"]

_PATH = "/api/v2/rum/replay/playlists/42"
_IN_ONE_RUN = 25


def run(*, quick: bool) -> Iterator[Row]:
    rounds = 4 if quick else 160
    with (
        peer() as url,
        # No proxies or netrc, like our client for http URLs.
        httpx.Client(base_url=url, headers=KEYS, trust_env=False) as raw,
        _replay_client(url) as client,
        _replay_client(f"{url}/limited") as limited_client,
        ApiClient(_configuration(url)) as official_client,
    ):
        official = RumReplayPlaylistsApi(official_client)  # type: ignore[no-untyped-call]
        assert client.playlists.get(42).name == raw.get(_PATH).json()["data"]["attributes"]["name"]
        assert official.get_rum_replay_playlist(42).data.attributes.name == client.playlists.get(42).name

        get = _repeated(lambda: client.playlists.get(42))
        get_raw = _repeated(lambda: raw.get(_PATH).json())
        pair = paired(get, get_raw, rounds=rounds)
        yield Row(
            "one GET over loopback, against raw httpx with `json()`",
            seconds(pair.ours / _IN_ONE_RUN),
            seconds(pair.other / _IN_ONE_RUN),
            times(pair.ratio),
            "≤ 1.10 ×",
            pair.ratio <= 1.1,
        )

        pair = paired(get, _repeated(lambda: official.get_rum_replay_playlist(42)), rounds=rounds)
        yield Row(
            "one GET over loopback, against the official client",
            seconds(pair.ours / _IN_ONE_RUN),
            seconds(pair.other / _IN_ONE_RUN),
            times(pair.ratio),
            "faster",
            pair.ratio < 1,
        )

        get_limited = _repeated(lambda: limited_client.playlists.get(42))
        pair = paired(get_limited, _repeated(lambda: raw.get(f"/limited{_PATH}").json()), rounds=rounds)
        yield Row(
            "the same with five rate-limit headers in the answer, against raw httpx, which ignores them",
            seconds(pair.ours / _IN_ONE_RUN),
            seconds(pair.other / _IN_ONE_RUN),
            times(pair.ratio),
        )

    pair = paired(
        lambda: ReplayClient(api_key=KEYS["DD-API-KEY"], app_key=KEYS["DD-APPLICATION-KEY"]).close(),
        lambda: httpx.Client().close(),
        rounds=rounds,
    )
    yield Row(
        "a further client for Datadog's API, made and closed, against `httpx.Client`",
        seconds(pair.ours),
        seconds(pair.other),
        times(pair.ratio),
        "faster",
        pair.ratio < 1,
    )


def _replay_client(url: str) -> ReplayClient:
    return ReplayClient(base_url=url, api_key=KEYS["DD-API-KEY"], app_key=KEYS["DD-APPLICATION-KEY"])


def _configuration(url: str) -> Configuration:
    """The official client's defaults, except for the host and the keys."""
    keys = {"apiKeyAuth": KEYS["DD-API-KEY"], "appKeyAuth": KEYS["DD-APPLICATION-KEY"]}
    return Configuration(host=url, api_key=keys)  # type: ignore[no-untyped-call]


def _repeated(call: Callable[[], object]) -> Callable[[], None]:
    def repeat() -> None:
        for _ in range(_IN_ONE_RUN):
            call()

    return repeat
