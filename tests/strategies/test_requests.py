"""The emulator accepts every valid request, and rejects every invalid one with the right reason."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from pytest_rum_replay import strategies
from pytest_rum_replay.contract.conformance import check
from pytest_rum_replay.strategies import InvalidRequest, Request
from rum_replay_emulator import Assumptions, Emulator

from .contract_judge import CONTRACT, OPERATIONS, examples

KEYS = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b", "Content-Type": "application/json"}
PLAYLISTS, SNAPSHOTS = "/api/v2/rum/replay/playlists", "/api/v2/replay/heatmap/snapshots"
SESSION = "/api/v2/rum/replay/sessions/session"
ACCEPTS_ANYTHING = ("DeleteReplayHeatmapSnapshot", "DeleteRumReplaySessionWatch")
"""Their only parameter is a string in the path."""


class Stock:
    """An emulator with one resource of each kind."""

    def __init__(self) -> None:
        # No strategy can know which cursors there are.
        assumed = Assumptions(unknown_event_cursor_is_400=False, timezone_with_offset_is_400=False)
        self.emulator = Emulator(assumptions=assumed)
        self.client = httpx.Client(transport=self.emulator.transport(), headers=KEYS, base_url="http://emulator")
        self.renew()

    def renew(self) -> None:
        self.emulator.reset()
        self.emulator.load_segments("session", "view", [b"one", b"two"])
        self._make("POST", PLAYLISTS, {"type": "rum_replay_playlist", "attributes": {"name": "n"}})
        self._make("PUT", f"{PLAYLISTS}/1/sessions/session?ts=0", None)
        watch = {"application_id": "a", "event_id": "e", "timestamp": "2026-07-01T12:00:00Z"}
        self._make("POST", f"{SESSION}/watches", {"type": "rum_replay_watch", "attributes": watch})
        snapshot = self._make("POST", SNAPSHOTS, {"type": "snapshots"})
        page = self.client.get(f"{SESSION}/views/view/segments", params={"max_list_size": 1})
        self._known = {
            "playlist_id": 1,
            "session_id": "session",
            "view_id": "view",
            "snapshot_id": snapshot["data"]["id"],
            "paging": page.headers["x-paging-next"],
        }

    def known(self, operation: str) -> dict[str, st.SearchStrategy[Any]]:
        """Strategies for parameters that name existing resources."""
        return {name: st.just(value) for name, value in self._known.items() if name in parameters_of(operation)}

    def send(self, request: Request) -> httpx.Response:
        answer = self.client.request(request.method, request.url, content=request.content)
        assert self.emulator.requests[-1].operation == request.operation
        headers = answer.headers.multi_items()
        assert check(request.method, request.url, answer.status_code, headers, answer.content) == []
        return answer

    def _make(self, method: str, url: str, data: Any) -> Any:
        answer = self.client.request(method, url, json=None if data is None else {"data": data})
        assert answer.status_code == 201, answer.text
        return answer.json()


def parameters_of(operation: str) -> dict[str, dict[str, Any]]:
    stated = OPERATIONS[operation].get("parameters", [])
    nodes = [CONTRACT["components"]["parameters"][p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in stated]
    return {node["name"]: node for node in nodes}


@pytest.fixture(scope="module")
def stock() -> Stock:
    return Stock()


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS)
@given(data=st.data(), exists=st.booleans())
@examples(9)
def test_the_emulator_accepts_every_valid_request(
    stock: Stock, operation: str, nasty: bool, data: st.DataObject, exists: bool
) -> None:
    stock.renew()
    parameters = stock.known(operation) if exists else None
    request = data.draw(strategies.requests(operation, nasty=nasty, parameters=parameters))
    answer = stock.send(request)
    documented = {int(status) for status in OPERATIONS[operation]["responses"]}
    assert answer.status_code in documented, answer.text
    assert answer.status_code < 300 or (answer.status_code == 404 and not exists), answer.text


@pytest.mark.parametrize("operation", [operation for operation in OPERATIONS if operation not in ACCEPTS_ANYTHING])
def test_the_emulator_rejects_every_invalid_request_and_names_the_place(stock: Stock, operation: str) -> None:
    stock.renew()

    @given(strategies.invalid_requests(operation, parameters=stock.known(operation)))
    @examples(35 if "requestBody" in OPERATIONS[operation] else 25)
    def check_rejected(wrong: InvalidRequest) -> None:
        answer = stock.send(wrong.request)
        assert answer.status_code == 400, answer.text
        assert any(text.startswith(f"{wrong.place}: ") for text in answer.json()["errors"]), answer.text

    check_rejected()


def test_every_possible_problem_of_a_request_is_generated() -> None:
    seen: set[tuple[str, str]] = set()
    nulls: set[str] = set()

    @given(strategies.invalid_requests("BulkRemoveRumReplayPlaylistSessions"))
    @examples(1200)
    def collect(wrong: InvalidRequest) -> None:
        place = re.sub(r"\d", "N", wrong.place)
        assert (wrong.request.content == b"") is ((place, wrong.problem) == ("body", "missing"))
        seen.add((place, wrong.problem))
        if b"null" in wrong.request.content:
            nulls.add(place)

    collect()
    assert seen == {
        ("playlist_id", "wrong type"),
        ("playlist_id", "out of range"),
        ("body", "missing"),
        ("body", "not JSON"),
        ("body", "wrong type"),
        ("data", "missing"),
        ("data", "wrong type"),
        ("data.N", "wrong type"),
        ("data.N.id", "wrong type"),
        ("data.N.type", "missing"),
        ("data.N.type", "wrong type"),
        ("data.N.type", "unlisted value"),
    }
    # The id may be left out, but it may not be null.
    assert "data.N.id" in nulls


def test_no_path_has_empty_or_dot_segments() -> None:
    @given(strategies.requests("GetSegments", nasty=True))
    @examples(300)
    def check_path(request: Request) -> None:
        assert not {"", ".", ".."} & set(request.path.removeprefix("/").split("/"))

    check_path()


def test_a_required_parameter_is_sometimes_missing() -> None:
    smallest = find(
        strategies.invalid_requests("AddRumReplaySessionToPlaylist"),
        lambda wrong: wrong.problem == "missing",
        settings=examples(200),
    )
    assert (smallest.place, smallest.request.query) == ("ts", ())


@pytest.mark.parametrize("operation", OPERATIONS)
@given(data=st.data())
@examples(10)
def test_a_request_has_the_form_of_its_operation(operation: str, data: st.DataObject) -> None:
    request = data.draw(strategies.requests(operation, nasty=True))
    template = next(path for path, item in CONTRACT["paths"].items() if OPERATIONS[operation] in item.values())
    declared = CONTRACT["paths"][template][request.method.lower()]
    assert (request.operation, declared["operationId"]) == (operation, operation)
    assert request.path.isascii()
    for step, stated in zip(request.path.split("/"), template.split("/"), strict=True):
        if stated.startswith("{"):
            assert unquote(step) not in ("", ".", "..")
        else:
            assert step == stated
    required = {n for n, p in parameters_of(operation).items() if p["in"] == "query" and p.get("required")}
    allowed = {n for n, p in parameters_of(operation).items() if p["in"] == "query"}
    assert required <= {name for name, _ in request.query} <= allowed
    path, _, query = request.url.partition("?")
    assert (path, tuple(parse_qsl(query, keep_blank_values=True))) == (request.path, request.query)
    if "requestBody" in declared:
        assert json.loads(request.content) == request.body
    else:
        assert (request.body, request.content) == (None, b"")


def test_given_parameters_are_used() -> None:
    @given(
        strategies.requests(
            "ListRumReplayPlaylistSessions", parameters={"playlist_id": st.just(7), "page[size]": st.integers(3, 4)}
        )
    )
    @examples(20)
    def check_request(request: Request) -> None:
        assert request.path == f"{PLAYLISTS}/7/sessions"
        assert dict(request.query)["page[size]"] in ("3", "4")

    check_request()


def test_a_request_shrinks() -> None:
    smallest = find(
        strategies.requests("CreateReplayHeatmapSnapshot", nasty=True), lambda _: True, settings=examples(50)
    )
    assert smallest == Request("CreateReplayHeatmapSnapshot", "POST", SNAPSHOTS, body={"data": {"type": "snapshots"}})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: strategies.requests("CreateRumReplayPlaylst"), "did you mean CreateRumReplayPlaylist"),
        (lambda: strategies.invalid_requests("GetSegment"), "did you mean GetSegments"),
        (
            lambda: strategies.requests("GetRumReplayPlaylist", parameters={"playlist": st.just(1)}),
            "there is no parameter of GetRumReplayPlaylist 'playlist'; did you mean playlist_id",
        ),
        (
            lambda: strategies.invalid_requests("DeleteReplayHeatmapSnapshot"),
            "every request of DeleteReplayHeatmapSnapshot is valid",
        ),
    ],
)
def test_the_error_for_an_unknown_name_has_a_suggestion(make: Callable[[], Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_all_operations_have_requests() -> None:
    assert set(strategies.operation_ids()) == OPERATIONS.keys()
