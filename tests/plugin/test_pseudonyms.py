"""Personal fields get pseudonyms: consistent, deterministic and of the same kind; nothing else changes."""

from __future__ import annotations

import copy
import json
from typing import Any
from urllib.parse import quote

import pytest
from pytest_rum_replay.interaction import RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.redaction import Redactor
from rum_replay_emulator import Emulator

UUID = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
FIRST_UUID = "00000000-0000-4000-8000-000000000001"
CREATOR = {
    "handle": "mira.holt@example.com",
    "icon": "https://example.com/avatars/mira.png",
    "id": UUID,
    "name": "Mira Holt",
    "uuid": UUID,
}


def playlist(creator: Any) -> Any:
    attributes = {"name": "Mira Holt", "description": "Rage clicks", "created_by": creator, "session_count": 12}
    return {"data": {"id": "48213", "type": "rum_replay_playlist", "attributes": attributes}}


def test_the_creator_of_a_playlist_is_replaced_and_the_playlists_name_is_not() -> None:
    assert Pseudonyms().apply(playlist(CREATOR)) == playlist(
        {
            "handle": "user-1@example.com",
            "icon": "https://example.com/user-1",
            "id": FIRST_UUID,
            "name": "User 1",
            "uuid": FIRST_UUID,
        }
    )


def test_the_creator_of_a_snapshot_is_replaced_by_values_of_the_same_types() -> None:
    attributes: Any = {
        "created_by": "Mira Holt",
        "created_by_handle": "mira.holt@example.com",
        "created_by_user_id": 7015524,
        "org_id": 903318,
        "snapshot_name": "Mira Holt",
        "start": 7015524,
    }
    result: Any = Pseudonyms().apply({"data": [{"id": "x", "type": "snapshots", "attributes": attributes}]})
    assert result["data"][0]["attributes"] == {
        "created_by": "User 1",
        "created_by_handle": "user-1@example.com",
        "created_by_user_id": 900_000_001,
        "org_id": 903318,
        "snapshot_name": "Mira Holt",
        "start": 7015524,
    }


def test_a_watcher_and_its_id_are_one_person() -> None:
    watcher: Any = {
        "id": UUID,
        "type": "rum_replay_watcher",
        "attributes": {"handle": "m@h.org", "name": "Mira", "icon": "a1b2", "watch_count": 3},
    }
    assert Pseudonyms().apply({"data": [watcher]}) == {
        "data": [
            {
                "id": FIRST_UUID,
                "type": "rum_replay_watcher",
                "attributes": {
                    "handle": "user-1@example.com",
                    "name": "User 1",
                    "icon": "user-1-icon",
                    "watch_count": 3,
                },
            }
        ]
    }


def test_all_fields_of_the_user_of_a_session_event_are_replaced() -> None:
    event: Any = {
        "session": {"id": "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21"},
        "usr": {
            "id": "4711",
            "email": "m@h.org",
            "name": "M",
            "plan": {"tier": "gold", "tags": ["vip"]},
            "paying": True,
        },
        "usr.nick": "mimi",
        "view": {"name": "/checkout"},
    }
    result: Any = Pseudonyms().apply({"session_event": event})
    assert result["session_event"] == {
        "session": {"id": "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21"},
        "usr": {
            "id": "900000002",
            "email": "user-2@example.com",
            "name": "User 2",
            "plan": {"tier": "user-3-tier", "tags": ["user-4-tags"]},
            "paying": True,
        },
        "usr.nick": "user-1-nick",
        "view": {"name": "/checkout"},
    }


def test_people_are_numbered_by_first_appearance_and_recognized_afterwards() -> None:
    first, second = (
        {"handle": "a@x.org", "uuid": UUID, "id": "u1"},
        {"handle": "b@x.org", "uuid": UUID[::-1], "id": "u2"},
    )
    pseudonyms = Pseudonyms()
    result: Any = pseudonyms.apply([playlist(first), playlist(second), playlist(first)])
    handles = [entry["data"]["attributes"]["created_by"]["handle"] for entry in result]
    assert handles == ["user-1@example.com", "user-2@example.com", "user-1@example.com"]
    assert pseudonyms.apply({"created_by_handle": "b@x.org"}) == {"created_by_handle": "user-2@example.com"}
    assert Pseudonyms().apply([playlist(first), playlist(second), playlist(first)]) == result


def test_numbers_continue_after_the_highest_one() -> None:
    people: Any = [{"handle": handle} for handle in ("a@x.org", "b@x.org", "a@x.org", "c@x.org", "user-7@example.com")]
    result: Any = Pseudonyms().apply([*people, {"handle": "d@x.org"}])
    numbers = [person["handle"].removesuffix("@example.com") for person in result]
    assert numbers == ["user-1", "user-2", "user-1", "user-3", "user-7", "user-8"]


def test_people_with_the_same_name_are_different_people() -> None:
    result: Any = Pseudonyms().apply([{"name": "Jo", "handle": "a@x.org"}, {"name": "Jo", "handle": "b@x.org"}])
    assert [person["handle"] for person in result] == ["user-1@example.com", "user-2@example.com"]
    assert [person["name"] for person in result] == ["User 1", "User 1"]  # equal names get equal pseudonyms


def test_each_persons_values_are_replaced_in_lists() -> None:
    body = b'{"data":[ {"created_by":"A","n":[1,[2]]}, {"n":[3],"created_by":"B"}, {"created_by":"A"}]}'
    expected = (
        b'{"data":[ {"created_by":"User 1","n":[1,[2]]}, {"n":[3],"created_by":"User 2"}, {"created_by":"User 1"}]}'
    )
    assert Pseudonyms().document(body) == expected


def test_the_given_document_is_not_changed_and_its_pseudonyms_are_kept() -> None:
    document = playlist(CREATOR)
    before = copy.deepcopy(document)
    pseudonyms = Pseudonyms()
    once = pseudonyms.apply(document)
    assert document == before
    assert pseudonyms.apply(once) == once
    assert Pseudonyms().apply(once) == once


@pytest.mark.parametrize("value", [None, "", True, 0])
def test_empty_values_are_kept(value: Any) -> None:
    assert Pseudonyms().apply(playlist({"handle": "a@b.org", "name": value})) == playlist(
        {"handle": "user-1@example.com", "name": value}
    )


def test_all_other_bytes_of_a_body_are_kept() -> None:
    body = b'{ "data" : [ {"created_by":"Mira Holt" , "x":1.50, "t":"\\u00e9", "created_by_handle":"m@h.org"} ] }\n'
    expected = body.replace(b"Mira Holt", b"User 1").replace(b"m@h.org", b"user-1@example.com")
    assert Pseudonyms().document(body) == expected
    assert Pseudonyms().document(b"no json \xff") == b"no json \xff"


@pytest.mark.parametrize("text", ["{}", "<{}>", "user {} is gone.", "a=%3C{}&b", "line\\n{}\\n", "x\\u003c{}\\u003e"])
def test_known_addresses_are_replaced_in_any_text_but_not_within_longer_ones(text: str) -> None:
    pseudonyms = Pseudonyms()
    pseudonyms.apply(playlist(CREATOR))
    assert pseudonyms.document(text.format(CREATOR["handle"]).encode()) == text.format("user-1@example.com").encode()
    for other in ("other." + CREATOR["handle"], CREATOR["handle"] + ".au", UUID + "0"):
        assert pseudonyms.document(text.format(other).encode()) == text.format(other).encode()


@pytest.mark.parametrize("name", ["filter[created_by]", "filter[created_by_uuid]", "filter%5Bcreated_by%5D"])
def test_filters_by_person_are_replaced_in_queries(name: str) -> None:
    pseudonyms = Pseudonyms()
    url = f"https://h/p?page[size]=2&{name}={{}}&filter[query]=Mira%20Holt"
    assert pseudonyms.url(url.format(UUID)) == url.format(FIRST_UUID)
    assert pseudonyms.url(url.format(FIRST_UUID)) == url.format(FIRST_UUID)
    assert pseudonyms.url(url.format(quote("m@h.org"))) == url.format("user-2%40example.com")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('@usr.email:"m@h.org" @view.url_path:"/m"', '@usr.email:"user-1@example.com" @view.url_path:"/m"'),
        (r"-@usr.name:Mira\ Holt OR @usr.name:Mir*", '-@usr.name:"User 1" OR @usr.name:"User 2"'),
        (r'@usr.name:("Mira \"M\" H." OR Tom) env:prod', '@usr.name:("User 1" OR "User 2") env:prod'),
        (f"(@usr.id:{UUID})", f'(@usr.id:"{FIRST_UUID}")'),
        (r'@usr.plan:"\"pro\""', '@usr.plan:"user-1-plan"'),
        ("@usr.id:4711 @usr.age:>30 @usr.age:[1 TO 3]", '@usr.id:"900000001" @usr.age:>30 @usr.age:[1 TO 3]'),
        ('@usr.id:* @usr.id:"" @view.name:"@usr.id:4711"', '@usr.id:* @usr.id:"" @view.name:"@usr.id:4711"'),
    ],
)
def test_people_in_the_query_of_a_search_are_replaced(query: str, expected: str) -> None:
    once = Pseudonyms().document(json.dumps({"filter": {"query": query}}).encode())
    assert json.loads(once) == {"filter": {"query": expected}}
    assert Pseudonyms().document(once) == once


def exchange(redactor: Redactor, uuid: str, creator: Any) -> tuple[str, bytes, str]:
    """Two lists, the second by another, hard-coded person, as in the test of an app."""
    first = redactor.request(RecordedRequest("GET", f"https://h/p?filter[created_by_uuid]={uuid}"))
    answer = redactor.response(RecordedResponse(200, body=json.dumps(playlist(creator)).encode()))
    constant = "0c9b7a52-1e4f-4d86-a3b8-72f6e1d05c94"
    return (
        first.url,
        answer.body,
        redactor.request(RecordedRequest("GET", f"https://h/p?filter[created_by]={constant}")).url,
    )


def test_requests_at_replay_match_those_that_were_recorded() -> None:
    recorded = exchange(Redactor(pseudonyms=Pseudonyms()), UUID, CREATOR)
    replayed_creator = json.loads(recorded[1])["data"]["attributes"]["created_by"]
    replayed = exchange(Redactor(pseudonyms=Pseudonyms()), replayed_creator["uuid"], replayed_creator)
    assert replayed == recorded
    assert "mira" not in "".join(map(str, recorded)).replace("Mira Holt", "").lower()
    assert recorded[2].endswith("000000000002")


def test_known_addresses_are_replaced_in_headers() -> None:
    redactor = Redactor(pseudonyms=Pseudonyms())
    redactor.response(RecordedResponse(200, body=json.dumps(playlist(CREATOR)).encode()))
    answer = redactor.response(RecordedResponse(200, headers=(("x-user", "mira.holt@example.com"),)))
    assert answer.headers == (("x-user", "user-1@example.com"),)


def test_nothing_of_the_emulators_user_is_left_in_its_answers() -> None:
    import httpx

    redactor = Redactor(pseudonyms=Pseudonyms())
    with httpx.Client(
        transport=Emulator().transport(),
        base_url="https://api.datadoghq.com",
        headers={"DD-API-KEY": "k" * 32, "DD-APPLICATION-KEY": "a" * 40},
    ) as client:
        new = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "Checkout"}}}
        client.post("/api/v2/rum/replay/playlists", json=new).raise_for_status()
        watch = {"application_id": "a", "event_id": "e", "timestamp": "2026-07-01T12:00:00Z"}
        session = "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21"
        client.post(
            f"/api/v2/rum/replay/sessions/{session}/watches",
            json={"data": {"type": "rum_replay_watch", "attributes": watch}},
        ).raise_for_status()
        answers = [
            client.get("/api/v2/rum/replay/playlists"),
            client.get(f"/api/v2/rum/replay/sessions/{session}/watchers"),
        ]
    for answer in answers:
        assert b"mira" in answer.content.lower()
        body = redactor.response(RecordedResponse(answer.status_code, body=answer.content)).body
        assert b"mira" not in body.lower()
        assert UUID.encode() not in body
        assert b"user-1@example.com" in body
