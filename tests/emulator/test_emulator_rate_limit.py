from __future__ import annotations

import httpx
import pytest
from rum_replay_emulator import Emulator, ManualClock, RateLimit

from .emulator_api import PLAYLISTS, Api, ApiOf


def limits(response: httpx.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("x-ratelimit")}


@pytest.fixture
def limited(api_of: ApiOf, clock: ManualClock) -> Api:
    return api_of(Emulator(clock=clock, rate_limit=RateLimit(2, 60, "rum_playlists")))


def test_without_a_limit_there_are_no_headers(api: Api) -> None:
    assert limits(api.get(PLAYLISTS)) == {}


def test_every_answer_has_the_five_headers_and_the_third_is_429(limited: Api, clock: ManualClock) -> None:
    first = limited.get(PLAYLISTS)
    assert (first.status_code, limits(first)) == (
        200,
        {
            "x-ratelimit-limit": "2",
            "x-ratelimit-period": "60",
            "x-ratelimit-remaining": "1",
            "x-ratelimit-reset": "60",
            "x-ratelimit-name": "rum_playlists",
        },
    )
    clock.advance(12.5)
    second = limited.get("/nowhere")
    assert second.status_code == 404
    assert limits(second)["x-ratelimit-remaining"] == "0"
    assert limits(second)["x-ratelimit-reset"] == "48"
    third = limited.get(PLAYLISTS)
    assert (third.status_code, third.json()) == (429, {"errors": ["Too Many Requests"]})
    assert limits(third)["x-ratelimit-remaining"] == "0"


def test_a_limited_request_changes_nothing(limited: Api) -> None:
    for name in ("a", "b"):
        limited.create_playlist(name)
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "c"}}}
    assert limited.post(PLAYLISTS, json=body).status_code == 429
    limited.emulator.rate_limit = None
    assert limited.playlists() == ["a", "b"]


def test_the_next_period_begins_when_the_clock_reaches_it(limited: Api, clock: ManualClock) -> None:
    for _ in range(3):
        response = limited.get(PLAYLISTS)
    clock.advance(59)
    assert limited.get(PLAYLISTS).status_code == 429
    clock.advance(1)
    response = limited.get(PLAYLISTS)
    assert response.status_code == 200
    assert limits(response)["x-ratelimit-remaining"] == "1"
    assert limits(response)["x-ratelimit-reset"] == "60"


def test_the_limit_can_be_switched_on_and_off(api: Api) -> None:
    api.emulator.rate_limit = RateLimit(0, 0.5)
    response = api.get(PLAYLISTS)
    assert response.status_code == 429
    assert limits(response)["x-ratelimit-period"] == "0.5"
    assert limits(response)["x-ratelimit-name"] == "rum_replay"
    api.emulator.rate_limit = None
    assert api.emulator.rate_limit is None
    assert api.get(PLAYLISTS).status_code == 200


def test_a_reset_begins_a_new_period_and_keeps_the_limit(limited: Api) -> None:
    for _ in range(3):
        limited.get(PLAYLISTS)
    limited.emulator.reset()
    response = limited.get(PLAYLISTS)
    assert response.status_code == 200
    assert limits(response)["x-ratelimit-remaining"] == "1"


@pytest.mark.parametrize("arguments", [(-1, 60), (1, 0), (1, -1)])
def test_impossible_limits_are_refused(arguments: tuple[int, float]) -> None:
    with pytest.raises(ValueError, match="must be"):
        RateLimit(*arguments)
