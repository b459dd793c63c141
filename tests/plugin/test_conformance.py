"""Answers checked against the contract."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pytest_rum_replay.contract import conformance
from pytest_rum_replay.contract.conformance import Mismatch, check, listed, operation_of
from rum_replay_emulator import Assumptions, Emulator, ErrorShape, User

from .inner_runs import LEAN, run

PLAYLISTS = "https://api.datadoghq.com/api/v2/rum/replay/playlists"
JSON = [("Content-Type", "application/json")]
JSON_API = [("Content-Type", "application/vnd.api+json")]
PLAYLIST: dict[str, Any] = {"data": {"id": "1", "type": "rum_replay_playlist", "attributes": {"name": "one"}}}


def found(method: str, url: str, status: int, document: object, headers: list[tuple[str, str]] = JSON) -> list[str]:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return [str(mismatch) for mismatch in check(method, url, status, headers, body)]


def test_an_answer_that_conforms_has_no_mismatch() -> None:
    assert found("GET", f"{PLAYLISTS}/1", 200, PLAYLIST) == []
    assert found("get", f"{PLAYLISTS}/1", 200, PLAYLIST, [("content-type", "Application/JSON; charset=utf-8")]) == []
    assert found("DELETE", f"{PLAYLISTS}/1", 204, b"", []) == []


def test_a_path_in_the_base_url_is_ignored() -> None:
    operation = operation_of("GET", "http://proxy.example.com/to/datadog/api/v2/rum/replay/playlists/1?x=/api/")
    assert operation is not None
    assert operation.id == "GetRumReplayPlaylist"


def test_each_mismatch_gives_operation_path_value_and_problem() -> None:
    document = {
        "data": [
            {"type": "rum_replay_playlist", "id": 7},
            # In alphabetical order, in which jsonschema-rs before 0.61 shows them.
            {"attributes": {"a/b~c": 1, "created_at": "yesterday", "name": None, "session_count": 1.5}},
        ]
    }
    body = json.dumps(document).encode()
    around = '{"attributes": {"a/b~c": 1, "created_at": "yesterday", "name": null, "session_c…'
    operation = "ListRumReplayPlaylists 200"
    assert sorted(check("GET", f"{PLAYLISTS}?page[size]=1", 200, JSON, body), key=str) == [
        Mismatch(operation, "/data/0/id", "7", 'is not of type "string"'),
        Mismatch(operation, "/data/1/attributes/created_at", '"yesterday"', 'is not a "date-time"'),
        Mismatch(operation, "/data/1/attributes/name", "null", 'is not of type "string"'),
        Mismatch(operation, "/data/1/attributes/session_count", "1.5", 'is not of type "integer"'),
        Mismatch(operation, "/data/1/type", around, "is required"),
    ]


def test_the_document_that_errors_may_refer_to_is_left_as_it_was() -> None:
    document = {"data": {**PLAYLIST["data"], "attributes": dict.fromkeys(("name", "description", "created_by"))}}
    operation = operation_of("GET", f"{PLAYLISTS}/1")
    assert operation is not None
    validator = operation.answers[200]["application/json"]
    assert validator is not None
    (error,) = conformance._errors(validator, document)
    assert error.instance_path == ["data", "attributes", "name"]
    assert list(document["data"]["attributes"].items()) == [("name", None), ("description", None), ("created_by", None)]


def test_null_is_a_mismatch_for_required_fields_only() -> None:
    attributes = {"name": "one", "description": None, "created_by": None}
    assert found("GET", f"{PLAYLISTS}/1", 200, {"data": {**PLAYLIST["data"], "attributes": attributes}}) == []
    operation = "GetRumReplayPlaylist 200"
    for document, place in [(None, "body"), ({"data": None}, "/data")]:
        (mismatch,) = found("GET", f"{PLAYLISTS}/1", 200, document)
        assert mismatch.startswith(f"{operation}: {place} is not of type "), mismatch
    (mismatch,) = found("GET", PLAYLISTS, 200, {"data": [None]})
    assert mismatch.startswith("ListRumReplayPlaylists 200: /data/0 is not of type "), mismatch


@pytest.mark.parametrize(
    ("status", "headers", "body", "place"),
    [
        (202, JSON, PLAYLIST, "status must be 200, 400, 401, 403, 404 or 429, or 5xx; there is 202"),
        (200, [("Content-Type", "text/html")], PLAYLIST, 'content-type must be application/json; there is "text/html"'),
        (200, [], PLAYLIST, 'content-type must be application/json; there is ""'),
        (200, JSON, b"", "body must be JSON (*"),
        (200, JSON, b'{"data": ', "body must be JSON (*"),
        (200, JSON, b"[" * 100_000, "body must be JSON (*"),
        (200, JSON, [], 'body is not of type "object"; there is []'),
        (200, [("Content-Type", "text/json")], PLAYLIST, "content-type must be application/json; *"),
        (200, [("Content-Type", "application/json+x")], PLAYLIST, "content-type must be application/json; *"),
        (200, [("Content-Type", "application/vnd.api+jsonp")], PLAYLIST, "content-type must be application/json; *"),
        (200, JSON_API, {"data": {}}, "/data/type is required; there is {}"),
        (200, JSON_API, b"<html>", "body must be JSON (*"),
        (429, JSON, {"errors": [3]}, '/errors/0 is not of type "string"; there is 3'),
        (404, JSON_API, "Forbidden", 'body is not of type "object"; there is "Forbidden"'),
        (404, JSON, {"errors": [3]}, "/errors/0 is not valid under any*; there is 3"),
        (400, [("Content-Type", "image/png")], b"\x89", "content-type must be application/json, *"),
    ],
)
def test_mismatches_are_found(status: int, headers: list[tuple[str, str]], body: object, place: str) -> None:
    lines = found("GET", f"{PLAYLISTS}/1", status, body, headers)
    assert len(lines) == 1
    pytest.LineMatcher(lines).fnmatch_lines([f"GetRumReplayPlaylist {status}: {place.replace('[', '[[]')}"])


def test_an_unexpected_body_is_a_mismatch() -> None:
    assert found("DELETE", f"{PLAYLISTS}/1", 204, b"gone", []) == [
        "DeleteRumReplayPlaylist 204: body must be empty; there is b'gone'"
    ]


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (200, JSON, {**PLAYLIST, "meta": {"new": 1}}),
        (200, JSON, {"data": {**PLAYLIST["data"], "type": "rum_replay_playlist_v2", "novelty": [1]}}),
        (503, [("Content-Type", "text/html")], b"<html>"),
        (529, [], b"\xff"),
        (404, [], b""),
        (429, JSON, b""),
        (429, [("Content-Type", "text/html")], b"<html>"),
        (401, [("Content-Type", "text/plain")], b"\xff\xfe"),
        (403, JSON_API, {"errors": [{"title": "Forbidden"}]}),
        (429, JSON, {"errors": [{"title": "slow down"}]}),
        (429, JSON_API, {"errors": ["slow down"]}),
        (429, [("Content-Type", "text/plain")], b"slow down"),
        (422, [("Content-Type", "application/problem+json")], {"errors": []}),
        (200, JSON_API, PLAYLIST),
        (200, [("content-type", ' Application/VND.api+JSON ; ext="https://example.com/a"')], PLAYLIST),
        (200, [("Content-Type", "application/vnd.datadog.v2+json;charset=UTF-8")], PLAYLIST),
    ],
)
def test_what_the_contract_leaves_open_is_not_a_mismatch(
    status: int, headers: list[tuple[str, str]], body: object
) -> None:
    assert found("PUT" if status == 422 else "GET", f"{PLAYLISTS}/1", status, body, headers) == []


def test_segments_may_have_any_envelope_and_other_urls_are_not_checked() -> None:
    segments = "https://api.datadoghq.eu/api/v2/rum/replay/sessions/1/views/2/segments"
    operation = operation_of("GET", segments)
    assert operation is not None
    assert operation.id == "GetSegments"
    assert found("GET", segments, 200, b"\x00", [("Content-Type", "multipart/mixed; boundary=x")]) == []
    assert operation_of("GET", "https://api.datadoghq.com/api/v2/series") is None
    assert found("GET", "https://api.datadoghq.com/api/v2/series", 299, b"?", []) == []


def test_values_are_shortened_and_show_no_credential(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", "0123456789abcdef0123456789abcdef")
    document = {"data": {"type": ["0123456789abcdef0123456789abcdef", *range(1000)]}}
    (mismatch,) = check("GET", f"{PLAYLISTS}/1", 200, JSON, json.dumps(document).encode())
    assert "0123456789abcdef" not in str(mismatch)
    assert mismatch.value.startswith('["REDACTED", 0, 1')
    assert mismatch.value.endswith("…")
    assert len(mismatch.value) == 80


def test_a_long_list_of_mismatches_is_truncated_and_gives_their_number() -> None:
    document = {"data": [{"type": "rum_replay_playlist", "id": number} for number in range(100)]}
    mismatches = check("GET", PLAYLISTS, 200, JSON, json.dumps(document).encode())
    assert len(mismatches) == 100
    lines = listed("heading", mismatches).splitlines()
    assert lines[0] == "heading:"
    assert lines[-1] == "  … and 70 more"
    assert len(lines) == 32


@pytest.mark.parametrize("kind", ["sync", "async", "environment", "server"])
def test_an_emulated_answer_that_violates_the_contract_fails_the_test_at_its_end(
    pytester: pytest.Pytester, kind: str
) -> None:
    call = {
        "sync": "client.playlists.list()",
        "async": "anyio.run(collected, async_client)",
        "environment": "ReplayClient().playlists.list()",
        "server": "over_http.playlists.list()",
    }[kind]
    result = run(
        pytester,
        f"""
        import anyio
        import pytest
        import rum_replay_emulator.playlists
        from rum_replay import ReplayClient, UnexpectedResponseError
        from rum_replay_emulator.answer import json_answer

        @pytest.fixture(autouse=True)
        def a_mistake_in_the_emulator(monkeypatch):
            handlers = rum_replay_emulator.playlists.Playlists.handlers
            wrong = json_answer(200, {{"data": [{{"id": "1", "type": 3}}, {{"id": "1"}}]}})
            monkeypatch.setattr(
                rum_replay_emulator.playlists.Playlists,
                "handlers",
                lambda self: {{**handlers(self), "ListRumReplayPlaylists": lambda call: wrong}},
            )

        async def collected(client):
            return [playlist async for playlist in client.playlists.list()]

        def test_it(
            a_mistake_in_the_emulator,
            rum_replay_client,
            rum_replay_async_client,
            rum_replay_environment,
            rum_replay_server,
        ):
            client, async_client = rum_replay_client, rum_replay_async_client
            with ReplayClient(base_url=rum_replay_server.url) as over_http, pytest.raises(UnexpectedResponseError):
                list({call})
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        [
            "the emulator's answers do not conform to the contract:",
            '  ListRumReplayPlaylists 200: /data/0/type is not of type "string"; there is 3',
            '  ListRumReplayPlaylists 200: /data/1/type is required; there is {"id": "1"}',
        ]
    )


def test_answers_changed_by_a_fault_are_not_checked(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from rum_replay import UnexpectedResponseError

        def test_it(rum_replay_client, rum_replay_emulator):
            rum_replay_emulator.faults.add(status=200, body={"data": 3})
            with pytest.raises(UnexpectedResponseError):
                list(rum_replay_client.playlists.list())
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("media_type", ["application/vnd.api+json", "Application/VND.API+json ; charset=UTF-8"])
@pytest.mark.parametrize("shape", ["texts", "json_api"])
def test_a_first_recording_of_json_api_passes_and_is_readable_and_redacted(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, media_type: str, shape: ErrorShape
) -> None:
    keys = {"DD_API_KEY": "0123456789abcdef" * 2, "DD_APP_KEY": "0123456789abcdef0123" * 2}
    for name, value in keys.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(
        """
        import os
        import pytest
        from rum_replay import NotFoundError, ReplayClient

        @pytest.mark.rum_replay_cassette(pseudonyms=True)
        def test_it(rum_replay_cassette):
            with ReplayClient(base_url=os.environ["RECORDED_AT"]) as replay:
                made = replay.playlists.create("One", description="key " + "0123456789abcdef" * 2)
                assert replay.playlists.get(made.id).name == "One"
                with pytest.raises(NotFoundError):
                    replay.playlists.get(7)
        """
    )
    emulator = Emulator(assumptions=Assumptions(json_media_type=media_type, error_shape=shape))
    with emulator.serve() as url:
        monkeypatch.setenv("RECORDED_AT", url)
        pytester.runpytest_inprocess(*LEAN, "--rum-replay-record=once").assert_outcomes(passed=1)
    monkeypatch.setenv("RECORDED_AT", "http://127.0.0.1:1")
    pytester.runpytest_inprocess(*LEAN, "--rum-replay-record=none").assert_outcomes(passed=1)
    (cassette,) = pytester.path.rglob("*.yaml")
    text = cassette.read_text(encoding="utf-8")
    assert text.count(f"content-type: {media_type}") == 2 + (
        shape == "texts" or media_type == "application/vnd.api+json"
    )
    assert text.count("name: One") == 3
    assert "playlist 7 does not exist" in text
    assert User().handle not in text
    assert User().name not in text
    assert keys["DD_API_KEY"] not in text
