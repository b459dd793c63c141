from __future__ import annotations

from typing import Any

import pytest
from rum_replay_emulator import Assumptions, Emulator, ManualClock

from .emulator_api import SNAPSHOTS, Api, ApiOf, snapshot

NOON = "2026-07-01T12:00:00.000Z"


def change(**attributes: Any) -> dict[str, Any]:
    return {
        "data": {
            "type": "snapshots",
            "attributes": {"event_id": "later", "is_device_type_selected_by_user": True, "start": 5, **attributes},
        }
    }


def test_creating_a_snapshot_returns_its_audit_fields(api: Api) -> None:
    created = api.create_snapshot("Home", session_id="s", view_id="v")
    assert created["attributes"] == {
        "application_id": "shop",
        "device_type": "desktop",
        "event_id": "event",
        "is_device_type_selected_by_user": False,
        "session_id": "s",
        "snapshot_name": "Home",
        "start": 0,
        "view_id": "v",
        "view_name": "/home",
        "created_at": NOON,
        "created_by": "Mira Holt",
        "created_by_handle": "mira.holt@example.com",
        "created_by_user_id": 7015524,
        "modified_at": NOON,
        "org_id": 903318,
    }
    assert api.get(SNAPSHOTS, params={"filter[view_name]": "/home"}).json() == {"data": [created]}


def test_ids_differ_and_are_the_same_in_every_run(api: Api, api_of: ApiOf) -> None:
    first, second = api.create_snapshot("a")["id"], api.create_snapshot("b")["id"]
    assert first != second
    assert api_of(Emulator()).create_snapshot("a")["id"] == first


def test_snapshots_are_filtered_by_view_name_device_and_application(api: Api) -> None:
    api.create_snapshot("plain")
    api.create_snapshot("phone", device_type="mobile")
    api.create_snapshot("elsewhere", application_id="blog")
    api.create_snapshot("paying", view_name="/pay")
    assert api.snapshots() == ["plain", "phone", "elsewhere"]
    assert api.snapshots("/pay") == ["paying"]
    assert api.snapshots("/hom") == []
    assert api.snapshots(**{"filter[device_type]": "mobile"}) == ["phone"]
    assert api.snapshots(**{"filter[application_id]": "blog"}) == ["elsewhere"]
    assert api.snapshots(**{"filter[application_id]": "blog", "filter[device_type]": "mobile"}) == []


def test_the_view_name_is_required(api: Api) -> None:
    response = api.get(SNAPSHOTS)
    assert (response.status_code, response.json()) == (400, {"errors": ["filter[view_name]: is required"]})


def test_the_list_is_limited(api: Api, api_of: ApiOf) -> None:
    capped = api_of(Emulator(assumptions=Assumptions(max_snapshots=2)))
    for name in ("a", "b", "c"):
        api.create_snapshot(name)
        capped.create_snapshot(name)
    assert api.snapshots(**{"page[limit]": 1}) == ["a"]
    assert api.snapshots(**{"page[limit]": 50}) == ["a", "b", "c"]
    assert capped.snapshots() == ["a", "b"]
    assert capped.snapshots(**{"page[limit]": 50}) == ["a", "b"]


def test_newest_first_is_an_option(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(list_order="newest_first")))
    for name in ("a", "b"):
        api.create_snapshot(name)
    assert api.snapshots() == ["b", "a"]


def test_a_patch_changes_the_event_but_not_the_name(api: Api, clock: ManualClock) -> None:
    created = api.create_snapshot("Home")
    clock.advance(60)
    response = api.patch(f"{SNAPSHOTS}/{created['id']}", json=change(snapshot_name="Renamed", view_id="v"))
    assert response.status_code == 200
    expected = {
        **created["attributes"],
        "event_id": "later",
        "is_device_type_selected_by_user": True,
        "start": 5,
        "view_id": "v",
        "modified_at": "2026-07-01T12:01:00.000Z",
    }
    assert response.json()["data"]["attributes"] == expected
    listed = api.get(SNAPSHOTS, params={"filter[view_name]": "/home"}).json()["data"]
    assert listed == [response.json()["data"]]


def test_renaming_can_be_refused(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(read_only_fields_are_refused=True)))
    created = api.create_snapshot("Home")
    response = api.patch(f"{SNAPSHOTS}/{created['id']}", json=change(snapshot_name="Renamed"))
    assert (response.status_code, response.json()) == (
        400,
        {"errors": ["data.attributes.snapshot_name: is read-only"]},
    )
    assert api.post(SNAPSHOTS, json={"data": snapshot("x", org_id=1)}).status_code == 400


@pytest.mark.parametrize("missing", ["event_id", "is_device_type_selected_by_user", "start"])
def test_a_patch_requires_all_fields_of_the_event(api: Api, missing: str) -> None:
    created = api.create_snapshot("Home")
    body = change()
    del body["data"]["attributes"][missing]
    response = api.patch(f"{SNAPSHOTS}/{created['id']}", json=body)
    assert (response.status_code, response.json()) == (400, {"errors": [f"data.attributes.{missing}: is required"]})


def test_a_deleted_snapshot_answers_404(api: Api) -> None:
    created = api.create_snapshot("Gone")
    url = f"{SNAPSHOTS}/{created['id']}"
    assert api.delete(url).status_code == 204
    assert api.delete(url).status_code == 404
    assert api.patch(url, json=change()).status_code == 404
    assert api.snapshots() == []


def test_deleting_twice_can_be_allowed(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(delete_is_idempotent=True)))
    assert api.delete(f"{SNAPSHOTS}/never").status_code == 204


def test_names_may_repeat_unless_assumed_unique(api: Api, api_of: ApiOf) -> None:
    api.create_snapshot("same")
    api.create_snapshot("same")
    strict = api_of(Emulator(assumptions=Assumptions(snapshot_names_are_unique=True)))
    strict.create_snapshot("same")
    strict.create_snapshot("same", view_name="/pay")
    assert strict.post(SNAPSHOTS, json={"data": snapshot("same")}).status_code == 409


def test_another_id_in_the_body_can_be_refused(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(id_mismatch_is_409=True)))
    created = api.create_snapshot("Home")
    body = change()
    body["data"]["id"] = created["id"]
    assert api.patch(f"{SNAPSHOTS}/{created['id']}", json=body).status_code == 200
    body["data"]["id"] = "another"
    assert api.patch(f"{SNAPSHOTS}/{created['id']}", json=body).status_code == 409


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("created_at", NOON),
        ("created_by", "me"),
        ("created_by_handle", "me@example.com"),
        ("created_by_user_id", 1),
        ("modified_at", NOON),
        ("org_id", 1),
    ],
)
def test_each_read_only_field_is_ignored_or_refused(api: Api, api_of: ApiOf, field: str, value: object) -> None:
    created = api.create_snapshot("Home", **{field: value})
    assert created["attributes"][field] != value or value == NOON
    strict = api_of(Emulator(assumptions=Assumptions(read_only_fields_are_refused=True)))
    kept = strict.create_snapshot("Home")
    for response in (
        strict.post(SNAPSHOTS, json={"data": snapshot("x", **{field: value})}),
        strict.patch(f"{SNAPSHOTS}/{kept['id']}", json=change(**{field: value})),
    ):
        assert (response.status_code, response.json()) == (400, {"errors": [f"data.attributes.{field}: is read-only"]})
    assert strict.snapshots() == ["Home"]


def test_a_patch_moves_the_snapshot_to_another_session_and_view(api: Api) -> None:
    created = api.create_snapshot("Home", session_id="s", view_id="v")
    changed = api.patch(f"{SNAPSHOTS}/{created['id']}", json=change(session_id="t", view_id="w")).json()["data"]
    assert (changed["attributes"]["session_id"], changed["attributes"]["view_id"]) == ("t", "w")
    kept = api.patch(f"{SNAPSHOTS}/{created['id']}", json=change()).json()["data"]
    assert (kept["attributes"]["session_id"], kept["attributes"]["view_id"]) == ("t", "w")
