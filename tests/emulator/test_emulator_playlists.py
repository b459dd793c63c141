from __future__ import annotations

import pytest
from rum_replay_emulator import Assumptions, Emulator, ManualClock, User

from .emulator_api import PLAYLISTS, Api, ApiOf

NOON = "2026-07-01T12:00:00.000Z"


def test_creating_a_playlist_returns_all_its_fields_and_it_can_be_read(api: Api) -> None:
    created = api.create_playlist("Checkout bugs", description="Rage clicks")
    assert created == {
        "id": "1",
        "type": "rum_replay_playlist",
        "attributes": {
            "name": "Checkout bugs",
            "description": "Rage clicks",
            "created_at": NOON,
            "updated_at": NOON,
            "created_by": {
                "handle": "mira.holt@example.com",
                "icon": "https://example.com/avatars/mira.png",
                "id": "7015524",
                "name": "Mira Holt",
                "uuid": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b",
            },
            "session_count": 0,
        },
    }
    assert api.get(f"{PLAYLISTS}/1").json() == {"data": created}


def test_playlists_are_listed_oldest_first(api: Api) -> None:
    for name in ("a", "b", "c"):
        api.create_playlist(name)
    assert api.playlists() == ["a", "b", "c"]


def test_playlists_can_be_listed_newest_first(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(list_order="newest_first")))
    for name in ("a", "b", "c"):
        api.create_playlist(name)
    assert api.playlists(**{"page[size]": 2}) == ["c", "b"]


def test_the_query_matches_part_of_name_or_description_in_any_case(api: Api) -> None:
    api.create_playlist("Checkout bugs")
    api.create_playlist("Others", description="seen at CHECKOUT")
    api.create_playlist("Search")
    assert api.playlists(**{"filter[query]": "checkOUT"}) == ["Checkout bugs", "Others"]


def test_the_query_can_be_limited_to_the_name(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(query_searches_description=False)))
    api.create_playlist("Checkout bugs")
    api.create_playlist("Others", description="seen at checkout")
    assert api.playlists(**{"filter[query]": "checkout"}) == ["Checkout bugs"]


def test_playlists_are_filtered_by_creator(api: Api) -> None:
    api.create_playlist("Mira's")
    api.emulator.user = User(handle="jo@example.com", name="Jo", uuid="jo-uuid", id=2)
    created = api.create_playlist("Jo's")
    assert created["attributes"]["created_by"]["handle"] == "jo@example.com"
    assert api.playlists(**{"filter[created_by_uuid]": "jo-uuid"}) == ["Jo's"]
    assert api.playlists(**{"filter[created_by_uuid]": "nobody"}) == []


def test_pages_follow_each_other_and_end_empty(api: Api) -> None:
    for number in range(5):
        api.create_playlist(str(number))
    pages = [api.playlists(**{"page[size]": 2, "page[number]": number}) for number in range(4)]
    assert pages == [["0", "1"], ["2", "3"], ["4"], []]


def test_a_page_size_above_the_maximum_is_silently_lowered(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(default_page_size=1, max_page_size=2)))
    for number in range(5):
        api.create_playlist(str(number))
    assert api.playlists() == ["0"]
    assert api.playlists(**{"page[size]": 50}) == ["0", "1"]
    assert api.playlists(**{"page[size]": 50, "page[number]": 1}) == ["2", "3"]


def test_a_page_size_above_the_maximum_can_be_refused(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(max_page_size=2, page_size_over_max_is_400=True)))
    assert api.playlists() == []  # a size that nobody asked for is not refused
    assert api.playlists(**{"page[size]": 2}) == []
    response = api.get(PLAYLISTS, params={"page[size]": 3})
    assert response.status_code == 400
    assert response.json() == {"errors": ["page[size]: must be at most 2"]}


def test_an_update_replaces_name_and_description_and_sets_updated_at(api: Api, clock: ManualClock) -> None:
    api.create_playlist("Old", description="old")
    clock.advance(60)
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "New"}}}
    updated = api.put(f"{PLAYLISTS}/1", json=body)
    assert updated.status_code == 200
    attributes = updated.json()["data"]["attributes"]
    assert attributes["name"] == "New"
    assert "description" not in attributes
    assert attributes["created_at"] == NOON
    assert attributes["updated_at"] == "2026-07-01T12:01:00.000Z"
    assert api.get(f"{PLAYLISTS}/1").json() == updated.json()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_deleted_playlist_answers_404(api: Api, method: str) -> None:
    api.create_playlist("Gone")
    assert api.delete(f"{PLAYLISTS}/1").status_code == 204
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "New"}}} if method == "PUT" else None
    response = api.client.request(method, f"{PLAYLISTS}/1", json=body)
    assert response.status_code == 404
    assert response.json() == {"errors": ["playlist 1 does not exist"]}
    assert api.get(f"{PLAYLISTS}/1/sessions").status_code == 404
    assert api.add_session("1", "s").status_code == 404
    assert api.playlists() == []
    assert api.create_playlist("Next")["id"] == "2"


def test_deleting_twice_can_be_allowed(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(delete_is_idempotent=True)))
    api.create_playlist("Gone")
    assert [api.delete(f"{PLAYLISTS}/1").status_code for _ in range(2)] == [204, 204]
    api.create_playlist("Kept")
    assert api.delete(f"{PLAYLISTS}/2/sessions/never").status_code == 204
    assert api.get(f"{PLAYLISTS}/1").status_code == 404


def test_a_missing_resource_can_answer_403(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(missing_is_404=False)))
    response = api.get(f"{PLAYLISTS}/1")
    assert (response.status_code, response.json()) == (403, {"errors": ["Forbidden"]})


def test_adding_a_session_twice_answers_201_then_200(api: Api) -> None:
    api.create_playlist("p")
    first, second = api.add_session("1", "s"), api.add_session("1", "s")
    assert [first.status_code, second.status_code] == [201, 200]
    assert first.json() == second.json()
    assert first.json()["data"]["id"] == "s"
    assert first.json()["data"]["attributes"]["session_event"]["session"]["id"] == "s"
    assert api.sessions("1") == ["s"]


def test_the_track_follows_the_data_source(api: Api) -> None:
    api.create_playlist("p")
    assert api.add_session("1", "a").json()["data"]["attributes"]["track"] == "rum"
    added = api.add_session("1", "b", data_source="product_analytics")
    assert added.json()["data"]["attributes"]["track"] == "product_analytics"


def test_session_count_and_updated_at_follow_the_sessions(api: Api, clock: ManualClock) -> None:
    def playlist() -> tuple[int, str]:
        attributes = api.get(f"{PLAYLISTS}/1").json()["data"]["attributes"]
        return attributes["session_count"], attributes["updated_at"][14:19]

    api.create_playlist("p")
    clock.advance(60)
    api.add_session("1", "a")
    assert playlist() == (1, "01:00")
    clock.advance(60)
    api.add_session("1", "a")
    assert playlist() == (1, "01:00")
    api.add_session("1", "b")
    assert playlist() == (2, "02:00")
    clock.advance(60)
    assert api.delete(f"{PLAYLISTS}/1/sessions/a").status_code == 204
    assert playlist() == (1, "03:00")
    clock.advance(60)
    body = {"data": [{"type": "rum_replay_session", "id": "b"}]}
    assert api.client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=body).status_code == 204
    assert playlist() == (0, "04:00")


def test_adding_and_removing_sessions_can_leave_updated_at_unchanged(api_of: ApiOf, clock: ManualClock) -> None:
    api = api_of(Emulator(clock=clock, assumptions=Assumptions(session_changes_touch_playlist=False)))
    api.create_playlist("p")
    clock.advance(60)
    api.add_session("1", "a")
    attributes = api.get(f"{PLAYLISTS}/1").json()["data"]["attributes"]
    assert (attributes["session_count"], attributes["updated_at"]) == (1, NOON)


def test_sessions_are_paged_in_the_order_in_which_they_were_added(api: Api) -> None:
    api.create_playlist("p")
    for session in ("c", "a", "b"):
        api.add_session("1", session)
    assert api.sessions("1") == ["c", "a", "b"]
    assert api.sessions("1", **{"page[size]": 2, "page[number]": 1}) == ["b"]


def test_a_session_is_removed_once(api: Api) -> None:
    api.create_playlist("p")
    api.add_session("1", "a")
    assert api.delete(f"{PLAYLISTS}/1/sessions/a").status_code == 204
    assert api.delete(f"{PLAYLISTS}/1/sessions/a").status_code == 404
    assert api.sessions("1") == []


def test_bulk_removal_removes_the_ids_that_are_present(api: Api) -> None:
    api.create_playlist("p")
    for session in ("a", "b", "c"):
        api.add_session("1", session)
    items = [{"type": "rum_replay_session", "id": name} for name in ("a", "never", "c", "a")]
    body = {"data": [*items, {"type": "rum_replay_session"}]}
    assert api.client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=body).status_code == 204
    assert api.sessions("1") == ["b"]


def test_bulk_removal_can_be_all_or_nothing(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(bulk_remove_ignores_missing=False)))
    api.create_playlist("p")
    api.add_session("1", "a")
    body = {"data": [{"type": "rum_replay_session", "id": name} for name in ("a", "never")]}
    response = api.client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=body)
    assert response.status_code == 404
    assert "never" in response.text
    assert api.sessions("1") == ["a"]


def test_ids_with_reserved_characters_survive_the_path(api: Api) -> None:
    api.create_playlist("p")
    response = api.put(f"{PLAYLISTS}/1/sessions/a%2Fb%20%C3%A9?ts=1")
    assert response.status_code == 201
    assert api.sessions("1") == ["a/b é"]


def test_names_may_repeat_unless_assumed_unique(api: Api, api_of: ApiOf) -> None:
    api.create_playlist("same")
    api.create_playlist("same")
    assert api.playlists() == ["same", "same"]
    strict = api_of(Emulator(assumptions=Assumptions(playlist_names_are_unique=True)))
    strict.create_playlist("same")
    strict.create_playlist("other")
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "same"}}}
    assert strict.post(PLAYLISTS, json=body).status_code == 409
    assert strict.put(f"{PLAYLISTS}/2", json=body).status_code == 409
    assert strict.put(f"{PLAYLISTS}/1", json=body).status_code == 200


def test_sessions_can_be_required_to_be_loaded(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(sessions_must_be_known=True)))
    api.create_playlist("p")
    api.emulator.load_segments("known", "view", [b"bytes"])
    assert api.add_session("1", "unknown").status_code == 404
    assert api.add_session("1", "known").status_code == 201


def test_read_only_fields_are_ignored_or_refused(api: Api, api_of: ApiOf) -> None:
    created = api.create_playlist("p", session_count=9, created_at="2020-01-01T00:00:00Z")
    assert created["attributes"]["session_count"] == 0
    assert created["attributes"]["created_at"] == NOON
    strict = api_of(Emulator(assumptions=Assumptions(read_only_fields_are_refused=True)))
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p", "session_count": 9}}}
    response = strict.post(PLAYLISTS, json=body)
    assert (response.status_code, response.json()) == (
        400,
        {"errors": ["data.attributes.session_count: is read-only"]},
    )


def test_another_id_in_the_body_is_ignored_or_refused(api: Api, api_of: ApiOf) -> None:
    body = {"data": {"id": "7", "type": "rum_replay_playlist", "attributes": {"name": "new"}}}
    api.create_playlist("p")
    assert api.put(f"{PLAYLISTS}/1", json=body).json()["data"]["id"] == "1"
    strict = api_of(Emulator(assumptions=Assumptions(id_mismatch_is_409=True)))
    strict.create_playlist("p")
    assert strict.put(f"{PLAYLISTS}/1", json=body).status_code == 409
    assert strict.playlists() == ["p"]


def test_attributes_may_be_optional_or_required(api: Api, api_of: ApiOf) -> None:
    body = {"data": {"type": "rum_replay_playlist"}}
    created = api.post(PLAYLISTS, json=body)
    assert (created.status_code, created.json()["data"]["attributes"]["name"]) == (201, "")
    api.create_playlist("kept")
    assert api.put(f"{PLAYLISTS}/2", json=body).json()["data"]["attributes"]["name"] == "kept"
    strict = api_of(Emulator(assumptions=Assumptions(attributes_are_required=True)))
    response = strict.post(PLAYLISTS, json=body)
    assert (response.status_code, response.json()) == (400, {"errors": ["data.attributes: is required"]})


def test_a_session_that_is_still_running_cannot_be_added(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(sessions_still_running=frozenset({"running"}))))
    playlist = api.create_playlist("p")["id"]
    assert api.put(f"{PLAYLISTS}/{playlist}/sessions/running", params={"ts": 1}).status_code == 400
    assert api.put(f"{PLAYLISTS}/{playlist}/sessions/ended", params={"ts": 1}).status_code == 201


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created_at", NOON),
        ("created_by", {"handle": "h", "id": "1", "uuid": "u"}),
        ("session_count", 9),
        ("updated_at", NOON),
    ],
)
def test_each_read_only_field_can_be_refused_in_creates_and_updates(api_of: ApiOf, field: str, value: object) -> None:
    api = api_of(Emulator(assumptions=Assumptions(read_only_fields_are_refused=True)))
    api.create_playlist("p")
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "q", field: value}}}
    for response in (api.post(PLAYLISTS, json=body), api.put(f"{PLAYLISTS}/1", json=body)):
        assert (response.status_code, response.json()) == (400, {"errors": [f"data.attributes.{field}: is read-only"]})
    assert api.playlists() == ["p"]


def test_removing_absent_sessions_leaves_updated_at_unchanged(api_of: ApiOf, clock: ManualClock) -> None:
    api = api_of(Emulator(clock=clock, assumptions=Assumptions(delete_is_idempotent=True)))
    api.create_playlist("p")
    clock.advance(60)
    assert api.delete(f"{PLAYLISTS}/1/sessions/never").status_code == 204
    body = {"data": [{"type": "rum_replay_session", "id": "never"}]}
    assert api.client.request("DELETE", f"{PLAYLISTS}/1/sessions", json=body).status_code == 204
    assert api.get(f"{PLAYLISTS}/1").json()["data"]["attributes"]["updated_at"] == NOON
