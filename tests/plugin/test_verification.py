"""`--rum-replay-verify`: recorded GETs are sent again, and drift is reported."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from pytest_rum_replay.drift.comparison import Comparison, compared
from pytest_rum_replay.drift.verification import Verification
from pytest_rum_replay.interaction import RecordedRequest, RecordedResponse
from pytest_rum_replay.reporting import NOT_COMPARED
from rum_replay._clock import override_clock
from rum_replay_emulator import Emulator, ManualClock

from .inner_runs import LEAN

SUITE = """
    import os
    import pytest
    from rum_replay import ReplayClient

    @pytest.mark.skip("its cassette was never recorded")
    def test_later(rum_replay_cassette):
        pass

    def test_checkout(rum_replay_cassette):
        with ReplayClient(base_url=os.environ["RECORDED_AT"]) as replay:
            assert [playlist.name for playlist in replay.playlists.list(limit=1)] == ["Checkout bugs"]
            replay.playlists.get("1")
            made = replay.playlists.create("Made by the test")
            replay.playlists.get(made.id)
"""
KEYS = {"DD_API_KEY": "0123456789abcdef" * 2, "DD_APP_KEY": "0123456789abcdef0123" * 2}
VERIFY = (*LEAN, "--rum-replay-record=none", "--rum-replay-verify", "--rum-replay-verify-url")


def playlist_made(emulator: Emulator, name: str = "Checkout bugs") -> None:
    import httpx

    with httpx.Client(transport=emulator.transport(), base_url="http://emulator") as client:
        document = {"data": {"type": "rum_replay_playlist", "attributes": {"name": name}}}
        headers = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}
        assert client.post("/api/v2/rum/replay/playlists", json=document, headers=headers).status_code == 201
    emulator.requests.clear()


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A recorded suite whose cassettes come from a server that no longer exists."""
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(SUITE)
    emulator = Emulator()
    playlist_made(emulator)
    with emulator.serve() as url:
        monkeypatch.setenv("RECORDED_AT", url)
        pytester.runpytest_inprocess(*LEAN, "--rum-replay-record=rewrite").assert_outcomes(passed=1, skipped=1)
    return pytester


def test_only_gets_are_sent_and_equal_answers_are_not_drift(suite: pytest.Pytester) -> None:
    emulator = Emulator()
    playlist_made(emulator)
    with emulator.serve() as url:
        result = suite.runpytest_inprocess(*VERIFY, url)
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.OK
    assert [request.operation for request in emulator.requests] == [
        "ListRumReplayPlaylists",
        "GetRumReplayPlaylist",
        "GetRumReplayPlaylist",
    ]
    assert {request.headers["dd-api-key"] for request in emulator.requests} == {KEYS["DD_API_KEY"]}
    result.stdout.fnmatch_lines(
        [
            "*rum_replay: cassettes and the live API*",
            "*GET /api/v2/rum/replay/playlists/1",
            "*changed values (no drift): /data/attributes/created_at*",
            "*GET /api/v2/rum/replay/playlists/2",
            "*not compared: its resource was created by an earlier request, and no longer exists",
            "3 recorded GETs in 1 cassette: 2 same, 0 drifted, 1 could not be compared",
        ]
    )


def test_drift_is_reported_and_fails_the_run(suite: pytest.Pytester) -> None:
    emulator = Emulator()
    playlist_made(emulator)
    changed = {
        "data": {"id": 1, "type": "rum_replay_playlist", "attributes": {"name": "Checkout bugs", "color": "red"}}
    }
    emulator.faults.add(operation="GetRumReplayPlaylist", status=200, body=changed)
    emulator.faults.add(operation="ListRumReplayPlaylists", status=403, times=None)
    with emulator.serve() as url:
        result = suite.runpytest_inprocess(*VERIFY, url)
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "*GET /api/v2/rum/replay/playlists?*: DRIFT",
            "*status: 200 → 403",
            "*GET /api/v2/rum/replay/playlists/1: DRIFT",
            "*/data/id: string → integer",
            "*/data/attributes/created_at: removed",
            "*/data/attributes/color: added",
            '*GetRumReplayPlaylist 200: /data/id is not of type "string"; there is 1',
            "3 recorded GETs in 1 cassette: 0 same, 2 drifted, 1 could not be compared",
        ]
    )


def test_an_api_that_cannot_be_reached_is_asked_once_and_has_an_exit_status_of_its_own(suite: pytest.Pytester) -> None:
    with Emulator().serve() as url:
        pass
    result = suite.runpytest_inprocess(*VERIFY, url)
    result.assert_outcomes(passed=1, skipped=1)
    assert result.ret == NOT_COMPARED
    result.stdout.fnmatch_lines(
        [
            "*GET /api/v2/rum/replay/playlists?*",
            "    not compared: no answer: GET /api/v2/rum/replay/playlists*ConnectError*after 2 attempts*",
            "*GET /api/v2/rum/replay/playlists/1",
            "    not compared: there was no connection for GET /api/v2/rum/replay/playlists?*",
            "*GET /api/v2/rum/replay/playlists/2",
            "    not compared: there was no connection for GET /api/v2/rum/replay/playlists?*",
            "3 recorded GETs in 1 cassette: 0 same, 0 drifted, 3 could not be compared",
        ]
    )


@pytest.mark.parametrize(
    ("faults", "counts", "status"),
    [
        ([{"status": 503, "times": None}], "1 same, 0 drifted, 2 could not be compared", NOT_COMPARED),
        ([{"disconnect": "before", "times": None}], "1 same, 0 drifted, 2 could not be compared", NOT_COMPARED),
        (
            [{"operation": "ListRumReplayPlaylists", "disconnect": "before", "times": None}],
            "1 same, 0 drifted, 2 could not be compared",
            NOT_COMPARED,
        ),
        ([{"status": 503, "times": 1}], "2 same, 0 drifted, 1 could not be compared", pytest.ExitCode.OK),
        (
            [{"status": 429, "times": 4}, {"operation": "ListRumReplayPlaylists", "status": 403}],
            "0 same, 1 drifted, 2 could not be compared",
            pytest.ExitCode.TESTS_FAILED,
        ),
    ],
)
def test_no_answer_is_not_drift(
    suite: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    faults: list[dict[str, Any]],
    counts: str,
    status: int,
) -> None:
    emulator = Emulator()
    playlist_made(emulator)
    for fault in faults:
        emulator.faults.add(**{"operation": "GetRumReplayPlaylist", **fault})
    with emulator.serve() as url, override_clock(["127.0.0.1"], ManualClock()):
        result = suite.runpytest_inprocess(*VERIFY, url)
    assert result.ret == status
    result.stdout.fnmatch_lines([f"3 recorded GETs in 1 cassette: {counts}"])


def test_failed_tests_matter_more_than_an_api_that_cannot_be_reached(suite: pytest.Pytester) -> None:
    suite.makepyfile(test_other="def test_other(): assert False")
    with Emulator().serve() as url:
        pass
    assert suite.runpytest_inprocess(*VERIFY, url).ret == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize(
    ("comparisons", "conclusive"),
    [
        ([], True),
        ([Comparison("GET a")], True),
        ([Comparison("GET a"), Comparison("GET b", not_compared="temporary")], True),
        ([Comparison("GET a", drift=("status",)), Comparison("GET b", not_compared="temporary")], True),
        ([Comparison("GET b", not_compared="temporary")], False),
        ([Comparison("GET a"), Comparison("GET b", not_compared="no answer", unanswered=True)], False),
    ],
)
def test_a_run_that_compared_nothing_or_lacks_an_answer_is_not_conclusive(
    comparisons: list[Comparison], conclusive: bool
) -> None:
    assert Verification({Path("a.yaml"): comparisons}).is_conclusive is conclusive


def test_a_damaged_cassette_fails_its_test_and_is_not_compared(suite: pytest.Pytester) -> None:
    (recorded,) = suite.path.rglob("*.yaml")
    recorded.write_text(recorded.read_text(encoding="utf-8").replace("version: 1", "version: 2"), encoding="utf-8")
    emulator = Emulator()
    with emulator.serve() as url:
        result = suite.runpytest_inprocess(*VERIFY, url)
    result.assert_outcomes(errors=1, skipped=1)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    assert emulator.requests == []
    result.stdout.fnmatch_lines(
        [
            "*test_checkout: *is not a valid cassette: version 2 is unknown*",
            str(recorded),
            "  all requests",
            "    not compared: * is not a valid cassette: version 2 is unknown*",
        ]
    )


def test_the_network_guard_is_removed_before_the_live_api_is_called(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess(*VERIFY, "https://nowhere.invalid", "--rum-replay-block-network")
    assert result.ret == NOT_COMPARED
    result.stdout.fnmatch_lines(["*no answer: GET /api/v2/rum/replay/playlists*ConnectError*"])


def test_xdist_workers_report_to_the_main_process_which_verifies_once(suite: pytest.Pytester) -> None:
    emulator = Emulator()
    playlist_made(emulator)
    with emulator.serve() as url:
        result = suite.runpytest_subprocess(*VERIFY, url, "-n2", "--dist=each", "--rum-replay-block-network")
    result.assert_outcomes(passed=2, skipped=2)
    assert result.ret == pytest.ExitCode.OK
    assert len(emulator.requests) == 3
    result.stdout.fnmatch_lines(["3 recorded GETs in 1 cassette: 2 same, 0 drifted, 1 could not be compared"])


def test_without_the_option_nothing_is_sent_to_the_live_api(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess(*LEAN)
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.no_fnmatch_line("*live API*")


def test_unused_cassettes_are_reported_only_when_all_tests_ran(suite: pytest.Pytester) -> None:
    (recorded,) = suite.path.rglob("*.yaml")
    orphan = recorded.with_name("test_gone-0123456789.yaml")
    orphan.write_bytes(recorded.read_bytes())
    suite.runpytest_inprocess(*LEAN).stdout.fnmatch_lines(["*cassettes that no test uses*", str(orphan)])
    suite.runpytest_inprocess(*LEAN, "-k", "later or checkout").stdout.fnmatch_lines([str(orphan)])
    suite.makepyfile(test_other="def test_other(): pass")
    for arguments in (["-k", "checkout"], [str(next(suite.path.glob("test_*.py")))]):
        result = suite.runpytest_inprocess(*LEAN, *arguments)
        result.stdout.no_fnmatch_line("*cassettes that no test uses*")


def test_a_cassette_replays_without_credentials_in_the_environment(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in KEYS:
        monkeypatch.delenv(name)
    suite.runpytest_inprocess(*LEAN).assert_outcomes(passed=1, skipped=1)
    assert not set(KEYS) & set(os.environ)


def test_a_replayed_answer_that_violates_the_contract_fails_the_test(suite: pytest.Pytester) -> None:
    (recorded,) = suite.path.rglob("*.yaml")
    text = recorded.read_text(encoding="utf-8")
    assert "session_count: 0" in text
    recorded.write_text(text.replace("session_count: 0", "session_count: 99999999999999999999", 1), encoding="utf-8")
    result = suite.runpytest_inprocess(*LEAN)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        ["*do not conform to the contract:", "*ListRumReplayPlaylists 200: /data/0/attributes/session_count *9999999"]
    )


def test_a_recorded_answer_that_violates_the_contract_fails_the_test_and_is_not_saved(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    (recorded,) = suite.path.rglob("*.yaml")
    before = recorded.read_bytes()
    emulator = Emulator()
    playlist_made(emulator)
    emulator.faults.add(operation="GetRumReplayPlaylist", headers={"X-Odd": "1", "Content-Type": "text/plain"})
    with emulator.serve() as url:
        monkeypatch.setenv("RECORDED_AT", url)
        result = suite.runpytest_inprocess(*LEAN, "--rum-replay-record=rewrite")
    result.assert_outcomes(passed=1, errors=1, skipped=1)
    result.stdout.fnmatch_lines(
        ["*GetRumReplayPlaylist 200: content-type must be application/json*", "To allow this: *allow_mismatches=True)"]
    )
    assert recorded.read_bytes() == before


def test_answers_that_are_allowed_to_violate_the_contract_are_recorded_and_replayed(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = "@pytest.mark.rum_replay_cassette(allow_mismatches=True)\n    def test_checkout"
    suite.makepyfile(SUITE.replace("def test_checkout", marked))
    emulator = Emulator()
    playlist_made(emulator)
    emulator.faults.add(operation="GetRumReplayPlaylist", headers={"Content-Type": "text/plain"})
    with emulator.serve() as url:
        monkeypatch.setenv("RECORDED_AT", url)
        suite.runpytest_inprocess(*LEAN, "--rum-replay-record=rewrite").assert_outcomes(passed=1, skipped=1)
    (recorded,) = suite.path.rglob("*.yaml")
    assert "content-type: text/plain" in recorded.read_text(encoding="utf-8")
    suite.runpytest_inprocess(*LEAN).assert_outcomes(passed=1, skipped=1)


def test_an_invalid_cassette_marker_fails_its_test_and_names_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.rum_replay_cassette(max_age="soon")
        def test_it(rum_replay_cassette):
            pass
        """
    )
    result = pytester.runpytest_inprocess(*LEAN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*::test_it: max_age must be *"])


def response(body: bytes, status: int = 200, media_type: str = "application/json") -> RecordedResponse:
    return RecordedResponse(status, "", (("content-type", media_type),), body)


GET = RecordedRequest("GET", "https://api.datadoghq.com/api/v2/series")


@pytest.mark.parametrize(
    ("before", "after", "drift", "changed"),
    [
        (b'{"a":1}', b'{"a": 1}', [], []),
        (b'{"a":1}', b'{"a":2}', [], ["/a"]),
        (b'{"a":1}', b'{"a":1.5}', ["/a: integer → number"], []),
        (b'{"a":1}', b'{"a":null}', ["/a: integer → null"], []),
        (b'{"a":{"b":{"c":1}}}', b"{}", ["/a: removed"], []),
        (b"{}", b'{"a":{"b":{"c":1}}}', ["/a: added"], []),
        (b'{"a":[]}', b'{"a":[{"b":1}]}', [], ["/a (0 → 1 items)"]),
        (b'{"a":[{"b":1},{"b":2}]}', b'{"a":[{"b":1},{"b":3}]}', [], ["/a/1/b"]),
        (
            b'{"a":[{"b":1},{"b":"x"}]}',
            b'{"a":[{"b":1}]}',
            ["/a/*/b: integer or string → integer"],
            ["/a (2 → 1 items)"],
        ),
        (b"[1]", b"{}", ["the document: array → object"], []),
        (b"\x00", b"\x01", [], ["the body"]),
        (b"\x00", b"\x00", [], []),
    ],
)
def test_changed_shapes_are_drift_and_changed_values_are_not(
    before: bytes, after: bytes, drift: list[str], changed: list[str]
) -> None:
    comparison = compared(GET, response(before), response(after), "GET it")
    assert list(comparison.drift) == drift
    assert list(comparison.changed) == changed


@pytest.mark.parametrize(("fields", "end"), [(10, "/f9"), (11, "/f9 and 1 more")])
def test_changed_values_are_listed_up_to_ten(fields: int, end: str) -> None:
    before, after = (
        response(json.dumps({f"f{number}": value for number in range(fields)}).encode()) for value in (1, 2)
    )
    verification = Verification({Path("a.yaml"): [compared(GET, before, after, "GET it")]})
    assert list(verification.lines())[2].endswith(f", {end}")


def test_a_different_status_or_content_type_is_drift() -> None:
    assert compared(GET, response(b"{}"), response(b"[]", status=404), "").drift == ("status: 200 → 404",)
    html: Any = response(b"{}", media_type="text/html; charset=utf-8")
    assert compared(GET, response(b"{}"), html, "").drift == ("content type: application/json → text/html",)
    api = response(b"{}", media_type="application/vnd.api+json")
    assert compared(GET, response(b"{}"), api, "").drift == ()


def test_requests_that_cannot_be_repeated_are_reported_and_never_sent(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from pytest_rum_replay.secrecy.known_values import PLACEHOLDER

    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    playlists = "https://evil.example.com/api/v2/rum/replay/playlists"
    requests = [
        (RecordedRequest("GET", "https://evil.example.com/login"), 200),
        (RecordedRequest("GET", f"{playlists}?token={PLACEHOLDER}"), 200),
        *((RecordedRequest("GET", playlists), status) for status in (408, 429, 500, 503)),
        (RecordedRequest("DELETE", f"{playlists}/1"), 204),
        (RecordedRequest("GET", f"{playlists}/1"), 404),
    ]
    answers = [response(b'{"errors":["does not exist"]}', status) for _, status in requests]
    exchanges = zip((request for request, _ in requests), answers, strict=True)
    path = cassette_of(tmp_path / "cassette.yaml", *exchanges)
    emulator = Emulator()
    with emulator.serve() as url:
        verification = Verification.of([path], url)
    assert [(request.method, request.path) for request in emulator.requests] == [
        ("GET", "/api/v2/rum/replay/playlists/1")
    ]
    assert verification.is_conclusive
    pytest.LineMatcher(list(verification.lines())).fnmatch_lines(
        [
            str(path),
            "*not compared: it is not a request of this API",
            "*not compared: a secret was removed from its URL",
            *(f"*not compared: a {status} is temporary" for status in (408, 429, 500, 503)),
            "7 recorded GETs in 1 cassette: 1 same, 0 drifted, 6 could not be compared",
        ]
    )


def cassette_of(path: Path, *exchanges: tuple[RecordedRequest, RecordedResponse]) -> Path:
    from datetime import UTC, datetime

    from pytest_rum_replay.cassettes.document import dump
    from pytest_rum_replay.interaction import Interaction

    path.write_bytes(dump(Interaction(request, answer, datetime.now(UTC)) for request, answer in exchanges))
    return path


def test_a_missing_resource_is_drift_unless_the_cassette_created_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    playlists = "https://api.datadoghq.com/api/v2/rum/replay/playlists"
    get = (RecordedRequest("GET", f"{playlists}/1"), response(b'{"data":{"type":"rum_replay_playlist"}}'))
    write = (RecordedRequest("POST", playlists), response(b"{}", 201))
    alone = cassette_of(tmp_path / "alone.yaml", get, get)
    after_write = cassette_of(tmp_path / "after-write.yaml", write, get)
    emulator = Emulator()
    with emulator.serve() as url:
        verification = Verification.of([alone, after_write], url)
    assert [comparison.drift for comparison in verification.comparisons[alone]] == [("status: 200 → 404",)] * 2
    assert [comparison.drift for comparison in verification.comparisons[after_write]] == [()]
    assert len(emulator.requests) == 1  # equal requests are sent once
