from __future__ import annotations

from typing import Any

import pytest
from rum_replay_emulator import Assumptions, Emulator, User

from .emulator_api import HISTORY, SESSIONS, Api, ApiOf

JO = User(handle="jo@example.com", name="Jo", icon="", uuid="jo-uuid", id=2)


def watchers(api: Api, session: str, **query: str | int) -> list[dict[str, Any]]:
    return api.listed(f"{SESSIONS}/{session}/watchers", **query)


def counts(api: Api, session: str, **query: str | int) -> list[tuple[str, int]]:
    return [(found["id"], found["attributes"]["watch_count"]) for found in watchers(api, session, **query)]


def test_creating_a_watch_returns_the_sent_values_and_an_id(api: Api) -> None:
    watch = api.watch("s", "2026-07-01T12:00:00+02:00", data_source="rum")
    assert watch["attributes"] == {
        "application_id": "shop",
        "event_id": "event",
        "timestamp": "2026-07-01T12:00:00+02:00",
        "data_source": "rum",
    }
    assert watch["id"] != api.watch("s", "2026-07-01T12:00:00Z")["id"]


def test_watchers_are_totals_per_user_latest_first(api: Api) -> None:
    api.watch("s", "2026-07-01T10:00:00Z")
    api.watch("s", "2026-07-01T12:00:00Z")
    api.watch("s", "2026-07-01T11:00:00Z")
    api.watch("other", "2026-07-01T10:00:00Z")
    api.emulator.user = JO
    api.watch("s", "2026-07-01T13:00:00Z")
    assert watchers(api, "s") == [
        {
            "id": "jo-uuid",
            "type": "rum_replay_watcher",
            "attributes": {
                "handle": "jo@example.com",
                "icon": "",
                "last_watched_at": "2026-07-01T13:00:00Z",
                "name": "Jo",
                "watch_count": 1,
            },
        },
        {
            "id": User().uuid,
            "type": "rum_replay_watcher",
            "attributes": {
                "handle": "mira.holt@example.com",
                "icon": "https://example.com/avatars/mira.png",
                "last_watched_at": "2026-07-01T12:00:00Z",
                "name": "Mira Holt",
                "watch_count": 3,
            },
        },
    ]
    assert counts(api, "s", **{"page[size]": 1, "page[number]": 1}) == [(User().uuid, 3)]
    assert counts(api, "never") == []


def test_the_latest_watch_is_chosen_with_regard_to_utc_offsets(api: Api) -> None:
    api.watch("s", "2026-07-01T13:00:00+05:00")
    api.watch("s", "2026-07-01T12:00:00Z")
    assert watchers(api, "s")[0]["attributes"]["last_watched_at"] == "2026-07-01T12:00:00Z"


def test_history_lists_one_user_newest_first(api: Api) -> None:
    api.watch("a", "2026-07-01T10:00:00Z", event_id="first")
    api.watch("b", "2026-07-01T11:00:00Z")
    api.watch("a", "2026-07-01T12:00:00Z", event_id="second")
    api.emulator.user = JO
    api.watch("c", "2026-07-01T09:00:00Z", data_source="product_analytics")
    assert api.history() == ["c"]
    assert api.history(**{"filter[created_by]": User().uuid}) == ["a", "b"]
    assert api.history(**{"filter[created_by]": "nobody"}) == []
    (entry,) = api.get(HISTORY).json()["data"]
    assert entry["attributes"]["track"] == "product_analytics"
    api.emulator.user = User()
    entry = api.get(HISTORY).json()["data"][0]
    assert entry["type"] == "rum_replay_session"
    assert entry["attributes"]["event_id"] == "second"
    assert entry["attributes"]["last_watched_at"] == "2026-07-01T12:00:00Z"
    assert entry["attributes"]["session_event"]["session"]["id"] == "a"


def test_history_is_filtered(api: Api) -> None:
    api.watch("a", "2026-07-01T10:00:00Z")
    api.watch("b", "2026-07-01T11:00:00Z", application_id="blog")
    api.watch("c", "2026-07-01T12:00:00Z")
    ten, eleven = 1_782_900_000_000, 1_782_903_600_000
    assert api.history(**{"filter[watched_at][start]": eleven}) == ["c", "b"]
    assert api.history(**{"filter[watched_at][end]": ten}) == ["a"]
    assert api.history(**{"filter[watched_at][start]": ten + 1, "filter[watched_at][end]": eleven}) == ["b"]
    assert api.history(**{"filter[application_id]": "blog"}) == ["b"]
    assert api.history(**{"filter[session_ids]": "a, c,never"}) == ["c", "a"]
    assert api.history(**{"page[size]": 2, "page[number]": 1}) == ["a"]


def test_the_range_limits_which_watch_counts(api: Api) -> None:
    api.watch("a", "2026-07-01T10:00:00Z", event_id="first")
    api.watch("a", "2026-07-01T12:00:00Z", event_id="second")
    response = api.get(HISTORY, params={"filter[watched_at][end]": 1_782_900_000_000})
    assert response.json()["data"][0]["attributes"]["event_id"] == "first"


def test_deleting_watches_removes_the_callers_own(api: Api) -> None:
    api.watch("s", "2026-07-01T10:00:00Z")
    api.emulator.user = JO
    api.watch("s", "2026-07-01T11:00:00Z")
    assert api.delete(f"{SESSIONS}/s/watches").status_code == 204
    assert counts(api, "s") == [(User().uuid, 1)]
    assert api.history() == []
    assert api.delete(f"{SESSIONS}/s/watches").status_code == 204


def test_deleting_watches_can_remove_everyones(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(delete_watches_of="everyone")))
    api.watch("s", "2026-07-01T10:00:00Z")
    api.emulator.user = JO
    assert api.delete(f"{SESSIONS}/s/watches").status_code == 204
    assert counts(api, "s") == []


def test_deleting_no_watches_can_be_refused(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(clearing_no_watches_is_404=True)))
    api.watch("s", "2026-07-01T10:00:00Z")
    assert [api.delete(f"{SESSIONS}/s/watches").status_code for _ in range(2)] == [204, 404]


def test_sessions_can_be_required_to_be_loaded(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(sessions_must_be_known=True)))
    api.emulator.load_segments("known", "view", [])
    api.watch("known", "2026-07-01T10:00:00Z")
    attributes = {"application_id": "a", "event_id": "e", "timestamp": "2026-07-01T10:00:00Z"}
    body = {"data": {"type": "rum_replay_watch", "attributes": attributes}}
    assert api.post(f"{SESSIONS}/unknown/watches", json=body).status_code == 404


@pytest.mark.parametrize(
    "timestamp",
    [
        "2026-07-01t12:00:00.123456789z",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
    ],
)
def test_every_timestamp_of_the_contract_is_understood(api: Api, timestamp: str) -> None:
    assert api.watch("s", timestamp)["attributes"]["timestamp"] == timestamp
    assert watchers(api, "s")[0]["attributes"]["last_watched_at"] == timestamp
    assert api.history() == ["s"]


def test_a_leap_second_is_returned_as_the_following_second(api: Api) -> None:
    assert api.watch("s", "2016-12-31T23:59:60Z")["attributes"]["timestamp"] == "2017-01-01T00:00:00.000Z"
    assert api.history(**{"filter[watched_at][start]": 1_483_228_800_000}) == ["s"]
    assert api.history(**{"filter[watched_at][start]": 1_483_228_800_001}) == []


@pytest.mark.parametrize("timestamp", ["0000-01-01T00:00:00Z", "9999-12-31T23:59:60Z"])
def test_a_year_without_a_calendar_is_refused(api: Api, timestamp: str) -> None:
    attributes = {"application_id": "a", "event_id": "e", "timestamp": timestamp}
    body = {"data": {"type": "rum_replay_watch", "attributes": attributes}}
    response = api.post(f"{SESSIONS}/s/watches", json=body)
    assert response.status_code == 400
    assert "data.attributes.timestamp" in response.text


def test_a_watch_without_attributes_has_the_current_time(api: Api) -> None:
    response = api.post(f"{SESSIONS}/s/watches", json={"data": {"type": "rum_replay_watch"}})
    assert response.status_code == 201
    assert response.json()["data"]["attributes"] == {
        "application_id": "",
        "event_id": "",
        "timestamp": "2026-07-01T12:00:00.000Z",
    }


def test_history_names_the_application_of_the_latest_watch(api: Api) -> None:
    api.watch("s", "2026-07-01T10:00:00Z", application_id="blog")
    api.watch("s", "2026-07-01T12:00:00Z", application_id="shop")
    (entry,) = api.listed(HISTORY)
    assert entry["attributes"]["session_event"]["application"] == {"id": "shop"}
