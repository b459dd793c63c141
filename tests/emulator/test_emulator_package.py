"""Properties of the package as a whole."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from typing import Any

import attrs
import pytest
from rum_replay_emulator import Assumptions, Emulator, ManualClock, RateLimit, User, assumptions
from rum_replay_emulator.contract import contract

from .answer_checker import AnswerChecker
from .emulator_api import API_KEY, APP_KEY, PLAYLISTS, Api, ApiOf


def test_every_operation_of_the_contract_has_a_handler(answer_checker: AnswerChecker) -> None:
    assert set(contract().operations) == set(answer_checker.operations)


def test_every_assumption_is_documented_as_such() -> None:
    (tree,) = ast.parse(inspect.getsource(assumptions)).body[-1:]
    assert isinstance(tree, ast.ClassDef)
    fields: list[str] = []
    documented: list[str] = []
    for before, after in zip(tree.body, [*tree.body[1:], None], strict=True):
        if isinstance(before, ast.AnnAssign):
            name = ast.unparse(before.target)
            fields.append(name)
            if isinstance(after, ast.Expr) and ast.literal_eval(after.value).startswith("Assumption: "):
                documented.append(name)
    assert fields == documented
    assert fields == [attribute.name for attribute in attrs.fields(Assumptions)]


@pytest.mark.parametrize(
    "arguments",
    [
        {"max_page_size": 0},
        {"default_page_size": 0},
        {"max_snapshots": -1},
        {"default_segment_list_size": 0},
        {"list_order": "random"},
        {"delete_watches_of": "nobody"},
        {"max_page_size": True},
        {"segment_token_field": ()},
        {"segment_token_field": ("data", "x")},
        {"segment_token_field": "paging"},
        {"segment_token_header": ""},
        {"segment_token_header": "X Y"},
        {"sessions_still_running": "abc"},
    ],
)
def test_impossible_assumptions_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises((ValueError, TypeError), match=next(iter(arguments))):
        Assumptions(**arguments)


def test_importing_and_using_it_in_process_loads_neither_client_nor_server() -> None:
    code = (
        "import sys, httpx, rum_replay_emulator as e;"
        "httpx.Client(transport=e.Emulator().transport()).get('https://a.example/');"
        "print([name for name in sys.modules if name.partition('.')[0] in "
        "('rum_replay', 'rum_replay_api', 'uvicorn', 'yaml', 'pytest')])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_received_requests_can_be_inspected(api: Api, clock: ManualClock) -> None:
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p"}}}
    api.post(f"{PLAYLISTS}?a=1&a=2&b=%20", json=body)
    api.get("/nowhere")
    received, lost = api.emulator.requests
    assert (received.operation, received.method, received.path) == ("CreateRumReplayPlaylist", "POST", PLAYLISTS)
    assert received.query.get_list("a") == ["1", "2"]
    assert received.query["b"] == " "
    assert received.headers["dd-api-key"] == API_KEY
    assert received.json() == body
    assert received.body == json.dumps(body, separators=(",", ":")).encode()
    assert received.time == clock.time()
    assert (lost.operation, lost.path) == (None, "/nowhere")
    with pytest.raises(AttributeError):
        received.path = "other"  # type: ignore[misc]  # it is refused
    with pytest.raises(ValueError, match="truncated"):
        lost.json()


def test_credentials_are_masked_where_requests_are_shown(api: Api) -> None:
    headers = {"Authorization": "Bearer very-secret", "Cookie": "very-secret"}
    api.get(f"{PLAYLISTS}?api_key=very-secret&DD-API-KEY=very-secret&color=red", headers=headers)
    shown = repr(api.emulator.requests)
    for secret in (API_KEY, APP_KEY, "very-secret"):
        assert secret not in shown
    assert "ListRumReplayPlaylists" in shown
    assert "red" in shown


@pytest.mark.parametrize(
    "name", ["Authorization", "Cookie", "DD-API-KEY", "DD-APPLICATION-KEY", "Proxy-Authorization", "X-Other"]
)
def test_each_secret_header_is_masked_and_no_other(api: Api, name: str) -> None:
    api.client.get(PLAYLISTS, headers={name: "the-value"})
    (request,) = api.emulator.requests
    assert request.headers[name] == "the-value"
    assert ("the-value" in repr(request)) is (name == "X-Other")


@pytest.mark.parametrize(
    "name",
    ["api_key", "app_key", "application_key", "access_token", "dd-api-key", "DD-Application-Key", "filter[query]"],
)
def test_each_secret_parameter_is_masked_and_no_other(api: Api, name: str) -> None:
    api.client.get(PLAYLISTS, params={name: "the-value"})
    (request,) = api.emulator.requests
    assert request.query[name] == "the-value"
    assert ("the-value" in repr(request)) is (name == "filter[query]")


def test_required_credentials_are_not_shown() -> None:
    emulator = Emulator(api_key="very-secret", app_key="very-secret", bearer_token="very-secret")
    assert "very-secret" not in repr(emulator) + repr(emulator._core._credentials)


def test_a_reset_forgets_everything_except_the_configuration(api: Api, clock: ManualClock) -> None:
    emulator = api.emulator
    api.create_playlist("p")
    api.create_snapshot()
    api.watch("s", "2026-07-01T10:00:00Z")
    emulator.load_segments("s", "v", [b"a"])
    emulator.faults.add(status=500)
    emulator.user = User(uuid="somebody else")
    clock.advance(60)
    emulator.reset()
    assert emulator.requests == []
    assert emulator.user == User()
    assert emulator.clock is clock
    assert clock.time() == ManualClock().time() + 60
    assert api.playlists() == []
    assert api.snapshots() == []
    assert api.history() == []
    assert api.get("/api/v2/rum/replay/sessions/s/views/v/segments").status_code == 404
    assert api.create_playlist("p")["id"] == "1"


def test_emulators_share_no_state(api: Api, api_of: ApiOf) -> None:
    api.create_playlist("p")
    api.emulator.rate_limit = RateLimit(1, 1)
    other = api_of(Emulator())
    assert other.playlists() == []
    assert len(other.emulator.requests) == 1


def test_a_manual_clock_only_goes_forward() -> None:
    clock = ManualClock(10)
    clock.advance(2.5)
    assert clock.time() == 12.5
    with pytest.raises(ValueError, match="cannot go back"):
        clock.advance(-1)


def test_the_defaults_follow_the_documentation() -> None:
    assert attrs.asdict(Assumptions()) == {
        "json_media_type": "application/json",
        "error_shape": "texts",
        "missing_is_404": True,
        "delete_is_idempotent": False,
        "bulk_remove_ignores_missing": True,
        "clearing_no_watches_is_404": False,
        "delete_watches_of": "caller",
        "sessions_must_be_known": False,
        "sessions_still_running": frozenset(),
        "replay_retention": "unlimited",
        "unknown_segment_source_is_400": False,
        "attributes_are_required": False,
        "read_only_fields_are_refused": False,
        "unknown_attributes_are_kept": False,
        "id_mismatch_is_409": False,
        "playlist_names_are_unique": False,
        "snapshot_names_are_unique": False,
        "list_order": "oldest_first",
        "query_searches_description": True,
        "session_changes_touch_playlist": True,
        "session_track": "rum",
        "default_page_size": 25,
        "paging_below_range_is_400": False,
        "max_page_size": 100,
        "page_size_over_max_is_400": False,
        "max_snapshots": 1000,
        "default_segment_list_size": 10 * 1024 * 1024,
        "unknown_segment_token_is_400": True,
        "segment_token_header": "X-Paging-Next",
        "segment_token_field": ("meta", "paging"),
        "default_event_sort": "-timestamp",
        "event_at_end_is_found": True,
        "last_event_page_is_empty": True,
        "unknown_event_cursor_is_400": True,
        "timezone_with_offset_is_400": True,
        "organization_id": 903318,
    }
