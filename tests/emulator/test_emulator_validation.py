from __future__ import annotations

from typing import Any

import httpx
import pytest
from rum_replay_emulator import Assumptions, Emulator

from .emulator_api import KEYS, PLAYLISTS, SESSIONS, SNAPSHOTS, Api, ApiOf


def errors(response: httpx.Response, status: int = 400) -> list[str]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/json"
    errors: list[str] = response.json()["errors"]
    return errors


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "data: is required"),
        ([], "body: "),
        (None, "body: "),
        ({"data": []}, "data: "),
        ({"data": {}}, "data.type: is required"),
        ({"data": {"type": "playlist"}}, "data.type: "),
        ({"data": {"type": "rum_replay_playlist", "attributes": {}}}, "data.attributes.name: is required"),
        ({"data": {"type": "rum_replay_playlist", "attributes": {"name": 1}}}, "data.attributes.name: "),
        ({"data": {"type": "rum_replay_playlist", "attributes": {"name": None}}}, "data.attributes.name: "),
        (
            {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p", "created_at": "yesterday"}}},
            "data.attributes.created_at: ",
        ),
        (
            {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p", "session_count": 2**63}}},
            "data.attributes.session_count: ",
        ),
        (
            {
                "data": {
                    "type": "rum_replay_playlist",
                    "attributes": {"name": "p", "created_by": {"id": "1", "uuid": "u"}},
                }
            },
            "data.attributes.created_by.handle: is required",
        ),
    ],
)
def test_a_bad_body_answers_400_naming_the_field(api: Api, body: Any, named: str) -> None:
    found = errors(api.post(PLAYLISTS, json=body))
    assert len(found) == 1
    assert found[0].startswith(named)
    assert api.playlists() == []


def test_all_wrong_fields_are_named_at_once(api: Api) -> None:
    body = {"data": {"type": "rum_replay_watch", "attributes": {"application_id": 1, "timestamp": "noon"}}}
    found = errors(api.post(f"{SESSIONS}/s/watches", json=body))
    assert sorted(text.partition(":")[0] for text in found) == [
        "data.attributes.application_id",
        "data.attributes.event_id",
        "data.attributes.timestamp",
    ]


def test_an_item_of_a_list_is_named_by_its_index(api: Api) -> None:
    api.create_playlist("p")
    body = {"data": [{"type": "rum_replay_session"}, {"id": "s"}]}
    response = api.client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=body)
    assert errors(response) == ["data.1.type: is required"]


def test_errors_do_not_repeat_what_was_sent(api: Api) -> None:
    body = {"data": {"type": "a secret value", "attributes": {"name": "p"}}}
    assert "a secret value" not in errors(api.post(PLAYLISTS, json=body))[0]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b'"\xff"', b'{"data": NaN}', b"data=1"])
def test_a_body_that_is_not_json_answers_400(api: Api, content: bytes) -> None:
    (text,) = errors(api.post(PLAYLISTS, content=content))
    assert text.startswith("body: is not JSON")


def test_a_body_that_is_nested_too_deeply_answers_400(api: Api) -> None:
    depth = 100_000
    nested = '{"data": {"type": "rum_replay_playlist", "more": ' + "[" * depth + "]" * depth + "}}"
    assert errors(api.post(PLAYLISTS, content=nested)) == ["body: is nested too deeply"]


def test_a_missing_body_answers_400(api: Api) -> None:
    assert errors(api.post(PLAYLISTS)) == ["body: is required"]


def test_a_body_of_an_operation_that_has_none_is_ignored(api: Api) -> None:
    assert api.client.request("GET", PLAYLISTS, content=b"nonsense").status_code == 200


@pytest.mark.parametrize("value", ["abc", "1.5", "", "+1", "1_0", " 1", "٣", "9" * 5000, str(2**63), str(-(2**63) - 1)])
def test_a_bad_page_number_answers_400(api: Api, value: str) -> None:
    (text,) = errors(api.get(PLAYLISTS, params={"page[number]": value}))
    assert text.startswith("page[number]: ")


@pytest.mark.parametrize(
    ("path", "query", "least"),
    [
        (PLAYLISTS, {"page[number]": -1}, 0),
        (PLAYLISTS, {"page[number]": -(2**63)}, 0),
        (PLAYLISTS, {"page[size]": 0}, 1),
        (f"{PLAYLISTS}/1/sessions", {"page[size]": -5}, 1),
        (SNAPSHOTS, {"filter[view_name]": "/home", "page[limit]": 0}, 1),
    ],
)
def test_numbers_of_pages_without_documented_bounds_count_as_left_out_or_are_refused(
    api_of: ApiOf, path: str, query: dict[str, str | int], least: int
) -> None:
    for refused in (False, True):
        api = api_of(Emulator(assumptions=Assumptions(paging_below_range_is_400=refused)))
        api.create_playlist("one")
        api.add_session("1", "s")
        api.create_snapshot()
        if refused:
            name = list(query)[-1]
            assert errors(api.get(path, params=query)) == [f"{name}: must be at least {least}"]
            assert len(api.listed(path, **{**query, name: least})) == 1
        else:
            assert len(api.listed(path, **query)) == 1


@pytest.mark.parametrize("name", ["page[number]", "page[size]"])
def test_numbers_of_pages_have_64_bits(api: Api, name: str) -> None:
    assert api.get(PLAYLISTS, params={name: 2**63 - 1}).json() == {"data": []}


@pytest.mark.parametrize("value", ["abc", "1.0", str(2**63)])
def test_a_playlist_id_must_be_an_int64(api: Api, value: str) -> None:
    assert errors(api.get(f"{PLAYLISTS}/{value}"))[0].startswith("playlist_id: ")


def test_adding_a_session_needs_ts(api: Api) -> None:
    api.create_playlist("p")
    assert errors(api.put(f"{PLAYLISTS}/1/sessions/s")) == ["ts: is required"]
    assert errors(api.put(f"{PLAYLISTS}/1/sessions/s?ts=soon")) == ["ts: must be an integer"]


def test_all_wrong_parameters_are_named_at_once(api: Api) -> None:
    found = errors(api.put(f"{PLAYLISTS}/x/sessions/s"))
    assert [text.partition(":")[0] for text in found] == ["playlist_id", "ts"]


def test_unknown_and_repeated_parameters_are_tolerated(api: Api) -> None:
    api.create_playlist("p")
    assert api.get(f"{PLAYLISTS}?color=red&page[size]=1&page[size]=x").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/api/v2/rum/replay",
        PLAYLISTS + "/",
        PLAYLISTS + "/1/",
        "/api/v2/rum/replay/heatmap/snapshots",
        "/API/V2" + PLAYLISTS,
    ],
)
def test_an_unknown_path_answers_404(api: Api, path: str) -> None:
    assert errors(api.get(path), 404) == ["Not Found"]
    assert api.emulator.requests[-1].operation is None


def test_a_known_path_with_another_method_answers_405_with_allow(api: Api) -> None:
    response = api.patch(PLAYLISTS)
    assert errors(response, 405) == ["Method Not Allowed"]
    assert sorted(response.headers["allow"].split(", ")) == ["GET", "POST"]
    assert api.client.request("HEAD", SNAPSHOTS).status_code == 405


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"DD-API-KEY": "a"}, 401),
        ({"DD-APPLICATION-KEY": "b"}, 401),
        ({"DD-API-KEY": "a", "DD-APPLICATION-KEY": " "}, 401),
        ({"Authorization": "Bearer "}, 401),
        ({"Authorization": "Basic YTpi"}, 401),
        ({"dd-api-key": "a", "dd-application-key": "b"}, 200),
        ({"Authorization": "Bearer t"}, 200),
        ({"authorization": "bearer t"}, 200),
    ],
)
def test_any_pair_of_keys_or_bearer_token_is_accepted(headers: dict[str, str], status: int) -> None:
    with httpx.Client(transport=Emulator().transport(), headers=headers) as client:
        response = client.get(f"https://api.datadoghq.eu{PLAYLISTS}")
        assert response.status_code == status


TOKEN = {"Authorization": "Bearer right"}
PAIR = {"DD-API-KEY": "right", "DD-APPLICATION-KEY": "right too"}


@pytest.mark.parametrize(
    ("required", "headers", "status"),
    [
        ({"api_key": "right", "app_key": "right too"}, PAIR, 200),
        ({"api_key": "right", "app_key": "right too"}, {**PAIR, "DD-API-KEY": "wrong"}, 403),
        ({"api_key": "right", "app_key": "right too"}, {**PAIR, "DD-APPLICATION-KEY": "wrong"}, 403),
        ({"api_key": "right", "app_key": "right too"}, {"DD-API-KEY": "right"}, 401),
        ({"api_key": "right", "app_key": "right too"}, {}, 401),
        ({"api_key": "right", "app_key": "right too"}, TOKEN, 403),
        ({"api_key": "right"}, {**PAIR, "DD-APPLICATION-KEY": "any"}, 200),
        ({"app_key": "right too"}, {**PAIR, "DD-API-KEY": "any"}, 200),
        ({"app_key": "right too"}, TOKEN, 403),
        ({"bearer_token": "right"}, TOKEN, 200),
        ({"bearer_token": "right"}, {"Authorization": "Bearer wrong"}, 403),
        ({"bearer_token": "right"}, PAIR, 403),
        ({"bearer_token": "right"}, {}, 401),
        ({"api_key": "right", "app_key": "right too", "bearer_token": "right"}, TOKEN, 200),
        ({"api_key": "right", "app_key": "right too", "bearer_token": "right"}, PAIR, 200),
        ({"api_key": "right", "app_key": "right too", "bearer_token": "right"}, {"Authorization": "Bearer x"}, 403),
        ({"api_key": "right", "app_key": "right too", "bearer_token": "right"}, {**PAIR, **TOKEN}, 200),
        ({"api_key": "right", "app_key": "right too"}, {**PAIR, **TOKEN}, 403),
        ({"bearer_token": "right"}, {**PAIR, "Authorization": "Bearer wrong"}, 403),
    ],
)
def test_required_credentials(required: dict[str, Any], headers: dict[str, str], status: int) -> None:
    with httpx.Client(transport=Emulator(**required).transport(), headers=headers) as client:
        response = client.get(f"https://api.datadoghq.com{PLAYLISTS}")
        assert response.status_code == status
        assert "right" not in response.text


def test_credentials_are_checked_before_parameters(emulator: Emulator) -> None:
    with httpx.Client(transport=emulator.transport()) as client:
        assert client.get(f"https://api.datadoghq.com{PLAYLISTS}/x").status_code == 401
        assert client.get(f"https://api.datadoghq.com{PLAYLISTS}/x", headers=KEYS).status_code == 400


def test_empty_credentials_and_unknown_envelopes_are_refused() -> None:
    with pytest.raises(ValueError, match="credential"):
        Emulator(api_key="")
    with pytest.raises(ValueError, match="segment_envelope"):
        Emulator(segment_envelope="zip")  # type: ignore[arg-type]  # it is refused


@pytest.mark.parametrize("value", [-(2**63) - 1, 2**63])
def test_a_ts_must_be_an_int64(api: Api, value: int) -> None:
    api.create_playlist("p")
    (text,) = errors(api.put(f"{PLAYLISTS}/1/sessions/s", params={"ts": value}))
    assert text.startswith("ts: ")
