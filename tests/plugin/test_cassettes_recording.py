"""Requests recorded from real servers and replayed without them."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import threading
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import trio
from pytest_rum_replay.cassettes import document, open_cassette
from pytest_rum_replay.cassettes.errors import (
    CassetteIncompleteError,
    CassetteMissError,
    CassetteNotSavedError,
    CassetteUsageError,
    UnplayedEntriesError,
)
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.interaction import Interaction, RecordedRequest
from rum_replay import AsyncReplayClient, NotFoundError, RateLimitError, ReplayClient, RetryPolicy
from rum_replay_emulator import Emulator, ManualClock

PLAYLISTS = "/api/v2/rum/replay/playlists"
KEYS: dict[str, Any] = {
    "api_key": "0123456789abcdef0123456789abcdef",
    "app_key": "0123456789abcdef0123456789abcdef01234567",
}
HEADERS = {"DD-API-KEY": KEYS["api_key"], "DD-APPLICATION-KEY": KEYS["app_key"]}


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as url:
        yield url


@pytest.fixture
def http(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers=HEADERS, trust_env=False, verify=False) as client:
        yield client


def entries(path: Path) -> list[Interaction]:
    return document.load(path.read_bytes(), path)


def asked(path: Path) -> list[str]:
    return [httpx.URL(entry.request.url).raw_path.decode() for entry in entries(path)]


def new_playlist(name: str) -> dict[str, Any]:
    return {"data": {"type": "rum_replay_playlist", "attributes": {"name": name}}}


def test_a_client_gets_the_same_answers_from_the_cassette_as_from_the_server(
    path: Path, emulator: Emulator, url: str
) -> None:
    def work() -> list[Any]:
        with ReplayClient(base_url=url, **KEYS) as replay:
            created = replay.playlists.create("Checkout bugs", description="rage clicks on /pay")
            replay.playlists.add_session(created.id, "session", ts=1_700_000_000_000)
            listed = list(replay.playlists.list(query="Checkout"))
            replay.playlists.delete(created.id)
            with pytest.raises(NotFoundError) as missing:
                replay.playlists.get(created.id)
            return [created, listed, missing.value.errors, missing.value.status]

    with open_cassette(path, mode=Mode.ONCE) as cassette:
        assert not cassette.replaying
        live = work()
    count = len(emulator.requests)
    with open_cassette(path) as cassette:
        assert cassette.replaying
        assert work() == live
    assert len(cassette.played) == count
    assert len(emulator.requests) == count


def test_recording_changes_nothing_for_the_client(path: Path, http: httpx.Client) -> None:
    plain = http.get(PLAYLISTS)
    with open_cassette(path, mode=Mode.ONCE):
        recorded = http.get(PLAYLISTS)
    assert recorded.content == plain.content
    assert set(recorded.headers) == set(plain.headers)


def test_a_replay_needs_no_server(path: Path, emulator: Emulator) -> None:
    with emulator.serve() as url, open_cassette(path, mode=Mode.ONCE):
        live = httpx.get(url + PLAYLISTS, headers=HEADERS)
    with open_cassette(path):
        replayed = httpx.get(url + PLAYLISTS, headers=HEADERS)
    assert (replayed.status_code, replayed.reason_phrase) == (live.status_code, live.reason_phrase)
    assert replayed.content == live.content
    assert replayed.headers["content-type"] == live.headers["content-type"]


def test_a_replay_ignores_the_port_on_loopback(path: Path, emulator: Emulator) -> None:
    with emulator.serve() as url, open_cassette(path, mode=Mode.ONCE):
        httpx.get(url + PLAYLISTS, headers=HEADERS)
    with open_cassette(path):
        assert httpx.get("http://127.0.0.1:1" + PLAYLISTS, headers=HEADERS).status_code == 200


@pytest.mark.parametrize("run", [asyncio.run, lambda main: trio.run(lambda: main)], ids=["asyncio", "trio"])
def test_asynchronous_clients_are_recorded_and_replayed(
    path: Path, url: str, run: Callable[[Awaitable[object]], object]
) -> None:
    async def work() -> object:
        async with AsyncReplayClient(base_url=url, **KEYS) as replay:
            created = await replay.playlists.create("Checkout bugs")
            return created, [playlist async for playlist in replay.playlists.list()]

    with open_cassette(path, mode=Mode.ONCE):
        live = run(work())
    with open_cassette(path):
        assert run(work()) == live
    assert asked(path)[0] == PLAYLISTS


class TestModes:
    def test_none_sends_nothing_to_the_network(self, path: Path, emulator: Emulator, http: httpx.Client) -> None:
        with pytest.raises(CassetteMissError), open_cassette(path, mode=Mode.NONE):
            http.get(PLAYLISTS)
        assert not emulator.requests
        assert not path.exists()

    def test_once_records_without_a_file_and_only_replays_with_one(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        before = path.read_bytes()
        with open_cassette(path, mode=Mode.ONCE) as cassette:
            assert cassette.replaying
            http.get(PLAYLISTS)
        with pytest.raises(CassetteMissError), open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS, params={"page": "2"})
        assert len(emulator.requests) == 1
        assert path.read_bytes() == before

    def test_new_replays_existing_entries_and_appends_the_rest(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        first = entries(path)
        with open_cassette(path, mode=Mode.NEW):
            http.get(f"{PLAYLISTS}/1")
            http.get(PLAYLISTS)
            http.get(f"{PLAYLISTS}/2")
        assert len(emulator.requests) == 3
        assert entries(path)[:1] == first
        assert asked(path) == [PLAYLISTS, f"{PLAYLISTS}/1", f"{PLAYLISTS}/2"]

    def test_new_records_the_second_of_two_equal_requests_if_one_is_recorded(
        self, path: Path, http: httpx.Client
    ) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        with open_cassette(path, mode=Mode.NEW):
            http.get(PLAYLISTS)
            http.get(PLAYLISTS)
        assert asked(path) == [PLAYLISTS, PLAYLISTS]

    def test_all_records_everything_again_in_place_and_keeps_the_other_entries(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            for number in (1, 2, 3, 2):
                http.get(f"{PLAYLISTS}/{number}")
        http.post(PLAYLISTS, json=new_playlist("Checkout bugs"))
        http.post(PLAYLISTS, json=new_playlist("Login bugs"))
        with open_cassette(path, mode=Mode.ALL):
            for number in (4, 2, 1):
                http.get(f"{PLAYLISTS}/{number}")
        assert asked(path) == [f"{PLAYLISTS}/{number}" for number in (1, 2, 3, 4)]
        assert [entry.response.status for entry in entries(path)] == [200, 200, 404, 404]

    def test_all_keeps_the_order_of_equal_requests(self, path: Path, emulator: Emulator, http: httpx.Client) -> None:
        for mode in (Mode.ONCE, Mode.ALL):
            for number in range(3):
                emulator.faults.add(status=200, body={"mode": mode, "number": number})
            with open_cassette(path, mode=mode):
                for _ in range(3):
                    http.get(PLAYLISTS)
        bodies = [json.loads(entry.response.body) for entry in entries(path)]
        assert bodies == [{"mode": "all", "number": number} for number in range(3)]

    def test_rewrite_keeps_nothing(self, path: Path, http: httpx.Client) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(f"{PLAYLISTS}/1")
            http.get(f"{PLAYLISTS}/2")
        with open_cassette(path, mode=Mode.REWRITE):
            http.get(f"{PLAYLISTS}/3")
        assert asked(path) == [f"{PLAYLISTS}/3"]

    def test_rewriting_a_test_that_no_longer_makes_requests_empties_the_file(
        self, path: Path, http: httpx.Client
    ) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        with open_cassette(path, mode=Mode.REWRITE):
            pass
        assert entries(path) == []

    @pytest.mark.parametrize("mode", Mode)
    def test_no_file_is_created_for_a_test_without_requests(self, path: Path, mode: Mode) -> None:
        with open_cassette(path, mode=mode):
            pass
        assert not path.parent.exists()

    @pytest.mark.parametrize("mode", [Mode.ONCE, Mode.NEW, Mode.ALL, Mode.REWRITE])
    def test_a_failing_test_leaves_the_file_unchanged(self, path: Path, http: httpx.Client, mode: Mode) -> None:
        def failing() -> None:
            with open_cassette(path, mode=mode):
                http.get(f"{PLAYLISTS}/2")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            failing()
        assert not path.exists()
        with open_cassette(path, mode=Mode.NEW):
            http.get(PLAYLISTS)
        before = path.read_bytes()
        if mode is not Mode.ONCE:
            with pytest.raises(ZeroDivisionError):
                failing()
        assert path.read_bytes() == before

    def test_a_discarded_cassette_saves_nothing_and_reports_nothing(self, path: Path, http: httpx.Client) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        before = path.read_bytes()
        with open_cassette(path, mode=Mode.NEW) as cassette:
            http.get(f"{PLAYLISTS}/2")
            cassette.discard()
        assert path.read_bytes() == before


class TestOrder:
    def test_requests_are_saved_in_the_order_of_their_start_regardless_of_their_answers(
        self, path: Path, emulator: Emulator, url: str
    ) -> None:
        for delay in (0.3, 0.2, 0.1, 0.05):
            emulator.faults.add(status=200, body={"delay": delay}, delay=delay)

        async def work() -> list[bytes]:
            async with httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False) as http:

                async def one(number: int) -> bytes:
                    await asyncio.sleep(number * 0.01)
                    return (await http.get(f"{PLAYLISTS}/{number}")).content

                return await asyncio.gather(*map(one, range(4)))

        with open_cassette(path, mode=Mode.ONCE):
            live = asyncio.run(work())
        assert asked(path) == [f"{PLAYLISTS}/{number}" for number in range(4)]
        with open_cassette(path):
            assert asyncio.run(work()) == live

    def test_equal_requests_are_answered_in_the_order_recorded(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        for number in range(3):
            emulator.faults.add(status=200, body={"number": number})
        with open_cassette(path, mode=Mode.ONCE):
            live = [http.get(PLAYLISTS).json()["number"] for _ in range(3)]
        with open_cassette(path):
            assert [http.get(PLAYLISTS).json()["number"] for _ in range(3)] == live == [0, 1, 2]

    def test_the_last_answer_repeats_if_that_is_allowed(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        for number in range(2):
            emulator.faults.add(status=200, body={"number": number})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
            http.get(PLAYLISTS)
        with open_cassette(path, allow_playback_repeats=True):
            assert [http.get(PLAYLISTS).json()["number"] for _ in range(4)] == [0, 1, 1, 1]
        with pytest.raises(UnplayedEntriesError), open_cassette(path, allow_playback_repeats=True):
            http.get(PLAYLISTS)

    def test_threads_share_a_cassette(self, path: Path, http: httpx.Client) -> None:
        def work() -> None:
            threads = [threading.Thread(target=http.get, args=(f"{PLAYLISTS}/{number}",)) for number in range(20)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        with open_cassette(path, mode=Mode.ONCE):
            work()
        assert sorted(asked(path)) == sorted(f"{PLAYLISTS}/{number}" for number in range(20))
        with open_cassette(path) as cassette:
            work()
        assert len(cassette.played) == 20


class TestBodies:
    PLAIN = b'{"data":[{"id":"1"}]}'

    @pytest.mark.parametrize(
        ("coding", "compressed"),
        [
            ("gzip", gzip.compress(PLAIN)),
            ("deflate", zlib.compress(PLAIN)),
            ("deflate", zlib.compress(PLAIN, wbits=-15)),
            ("gzip, deflate", zlib.compress(gzip.compress(PLAIN))),
        ],
        ids=["gzip", "deflate in zlib", "raw deflate", "both"],
    )
    def test_compressed_answers_are_kept_readable(
        self, path: Path, emulator: Emulator, http: httpx.Client, coding: str, compressed: bytes
    ) -> None:
        headers = {"content-encoding": coding, "content-type": "application/json"}
        emulator.faults.add(status=200, body=compressed, headers=headers)
        with open_cassette(path, mode=Mode.ONCE):
            assert http.get(PLAYLISTS).content == self.PLAIN
        assert "id: '1'" in path.read_text(encoding="utf-8")
        assert "content-encoding" not in path.read_text(encoding="utf-8")
        with open_cassette(path):
            assert http.get(PLAYLISTS).content == self.PLAIN

    @pytest.mark.parametrize("coding", ["br", "zstd", "gzip", "unheard-of"])
    def test_a_body_that_cannot_be_decompressed_is_kept_unchanged(
        self, path: Path, emulator: Emulator, http: httpx.Client, coding: str
    ) -> None:
        emulator.faults.add(status=200, body=b"\x8f\x01 no such stream", headers={"content-encoding": coding})

        def outcome() -> bytes | str:
            with http.stream("GET", PLAYLISTS) as response:
                try:
                    return response.read()
                except httpx.DecodingError as error:
                    return str(error)

        with open_cassette(path, mode=Mode.ONCE):
            live = outcome()
        assert f"content-encoding: {coding}" in path.read_text(encoding="utf-8")
        with open_cassette(path):
            assert outcome() == live

    @pytest.mark.parametrize(
        ("status", "body", "headers"),
        [
            (200, bytes(range(256)) * 40, {"content-type": "application/octet-stream"}),
            (200, b'{"a": 1.10,\r\n "a": "\\ud800"}', {"content-type": "application/json"}),
            (200, "é\u2028\x00\r\n ".encode(), {"content-type": "text/plain; charset=utf-8"}),
            (204, b"", {}),
            (429, b'{"errors":["slow down"]}', {"x-ratelimit-reset": "5", "retry-after": "5"}),
            (503, b"<html>", {"content-type": "text/html"}),
        ],
    )
    def test_answers_are_replayed_byte_for_byte(
        self, path: Path, emulator: Emulator, http: httpx.Client, status: int, body: bytes, headers: dict[str, str]
    ) -> None:
        emulator.faults.add(status=status, body=body, headers=headers)
        with open_cassette(path, mode=Mode.ONCE):
            live = http.get(PLAYLISTS)
        with open_cassette(path):
            replayed = http.get(PLAYLISTS)
        assert (replayed.status_code, replayed.content) == (live.status_code, live.content) == (status, body)
        assert replayed.headers.items() >= headers.items()

    def test_headers_that_are_not_ascii_are_replayed_unchanged(self, path: Path) -> None:
        with _raw_server(b"HTTP/1.1 200 Fine\r\nX-Name: \xc3\xa9\r\nX-Name: two\r\nContent-Length: 0\r\n\r\n") as url:
            with open_cassette(path, mode=Mode.ONCE):
                live = httpx.get(url)
            with open_cassette(path):
                replayed = httpx.get(url)
        assert replayed.headers.get_list("x-name") == live.headers.get_list("x-name") == ["é", "two"]
        assert replayed.reason_phrase == "Fine"

    def test_noise_headers_are_dropped_and_others_kept(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        noise = {
            "server": "x",
            "via": "x",
            "cf-ray": "x",
            "x-amz-id": "x",
            "x-request-id": "x",
            "x-datadog-trace-id": "x",
        }
        kept = {"x-ratelimit-limit": "600", "retry-after": "1", "location": "/x", "x-else": "y"}
        emulator.faults.add(status=302, headers={**noise, **kept})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS, headers={"traceparent": "x", "x-team": "shop"})
        (entry,) = entries(path)
        assert dict(entry.response.headers) == kept
        assert [name for name, _ in entry.request.headers] == ["accept", "dd-api-key", "dd-application-key", "x-team"]

    def test_a_stream_is_recorded_whole_and_replayed(self, path: Path, emulator: Emulator, url: str) -> None:
        emulator.load_segments("session", "view", [b"\x78\x9cone", b"\x78\x9ctwo"])

        def download() -> list[bytes]:
            with ReplayClient(base_url=url, **KEYS) as replay:
                return [page.content for page in replay.sessions.iter_segments("session", "view")]

        with open_cassette(path, mode=Mode.ONCE):
            live = download()
        with open_cassette(path):
            assert download() == live
        assert b"one" in live[0]

    def test_a_request_body_that_is_streamed_is_sent_and_recorded(
        self, path: Path, emulator: Emulator, url: str
    ) -> None:
        async def parts() -> AsyncIterator[bytes]:
            body = json.dumps(new_playlist("Checkout bugs")).encode()
            yield body[:10]
            yield body[10:]

        async def work() -> int:
            async with httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False) as http:
                headers = {"content-type": "application/json"}
                return (await http.post(PLAYLISTS, content=parts(), headers=headers)).status_code

        with open_cassette(path, mode=Mode.ONCE):
            assert asyncio.run(work()) == 201
        with open_cassette(path):
            assert asyncio.run(work()) == 201


class TestRetries:
    def test_each_attempt_is_an_entry_and_the_client_retries_in_the_same_way(
        self, path: Path, emulator: Emulator, url: str
    ) -> None:
        emulator.faults.add(status=429, headers={"retry-after": "1", "x-ratelimit-reset": "1"})
        emulator.faults.add(status=503)

        def work() -> list[Any]:
            with ReplayClient(base_url=url, clock=ManualClock(), **KEYS) as replay:
                return list(replay.playlists.list())

        with open_cassette(path, mode=Mode.ONCE):
            live = work()
        assert [entry.response.status for entry in entries(path)] == [429, 503, 200]
        with open_cassette(path):
            assert work() == live

    def test_a_rate_limit_is_replayed_with_its_headers(self, path: Path, emulator: Emulator, url: str) -> None:
        emulator.faults.add(status=429, headers={"X-RateLimit-Limit": "5", "X-RateLimit-Reset": "7"})

        def work() -> tuple[Any, ...]:
            with ReplayClient(base_url=url, retry=RetryPolicy(attempts=1), **KEYS) as replay:
                with pytest.raises(RateLimitError) as caught:
                    replay.playlists.get(1)
                return caught.value.limit, caught.value.reset

        with open_cassette(path, mode=Mode.ONCE):
            live = work()
        with open_cassette(path):
            assert work() == live == (5, 7)

    def test_a_failed_attempt_is_not_recorded_if_a_later_one_was_answered(
        self, path: Path, emulator: Emulator, url: str
    ) -> None:
        emulator.faults.add(disconnect="before")

        def work() -> list[Any]:
            with ReplayClient(base_url=url, clock=ManualClock(), **KEYS) as replay:
                return list(replay.playlists.list())

        with open_cassette(path, mode=Mode.ONCE):
            live = work()
        assert len(emulator.requests) == 2
        assert len(entries(path)) == 1
        with open_cassette(path):
            assert work() == live

    @pytest.mark.parametrize("fault", [{"disconnect": "before"}, {"disconnect": "body"}, {"truncate": 3}])
    def test_a_passing_test_whose_request_got_no_answer_is_not_saved(
        self, path: Path, emulator: Emulator, http: httpx.Client, fault: dict[str, Any]
    ) -> None:
        http.post(PLAYLISTS, json=new_playlist("Checkout bugs"))
        emulator.faults.add(operation="ListRumReplayPlaylists", **fault)

        def work() -> None:
            with open_cassette(path, mode=Mode.ONCE):
                http.get(f"{PLAYLISTS}/1")
                with pytest.raises(httpx.TransportError):
                    http.get(PLAYLISTS)

        with pytest.raises(CassetteIncompleteError, match=rf"1 request got no answer.*\n  GET .*{PLAYLISTS}\n.*faults"):
            work()
        assert not path.exists()


class TestPatches:
    def test_they_are_undone_when_the_context_ends(self, path: Path, emulator: Emulator, http: httpx.Client) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        http.get(PLAYLISTS)
        assert len(emulator.requests) == 2

    def test_they_are_undone_when_saving_fails(self, tmp_path: Path, emulator: Emulator, http: httpx.Client) -> None:
        path = tmp_path / "cassettes" / "test_pay.yaml"
        original = httpx.HTTPTransport.handle_request
        with pytest.raises(CassetteNotSavedError, match="was not saved"), open_cassette(path, mode=Mode.ALL):  # noqa: PT012
            assert httpx.HTTPTransport.handle_request is not original
            http.get(PLAYLISTS)
            path.parent.write_bytes(b"a file where the folder should be")
        assert httpx.HTTPTransport.handle_request is original
        http.get(PLAYLISTS)
        assert len(emulator.requests) == 2

    def test_they_are_undone_when_the_test_is_interrupted(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        with pytest.raises(KeyboardInterrupt), open_cassette(path, mode=Mode.ONCE):
            raise KeyboardInterrupt
        http.get(PLAYLISTS)
        assert len(emulator.requests) == 1

    def test_they_are_never_applied_when_the_file_cannot_be_read(self, tmp_path: Path) -> None:
        before = httpx.HTTPTransport.handle_request
        with pytest.raises(Exception, match="cannot be read"), open_cassette(tmp_path):
            pass
        assert httpx.HTTPTransport.handle_request is before

    def test_in_process_transports_are_not_affected(self, path: Path, emulator: Emulator) -> None:
        def answer(_: httpx.Request) -> httpx.Response:
            return httpx.Response(200, text="mocked")

        with open_cassette(path) as cassette:
            with httpx.Client(transport=httpx.MockTransport(answer)) as client:
                assert client.get("https://api.datadoghq.com/").text == "mocked"
            with httpx.Client(transport=emulator.transport(), headers=HEADERS) as client:
                assert client.get(f"https://api.datadoghq.com{PLAYLISTS}").status_code == 200
        assert not cassette.played

    def test_an_app_called_in_process_runs_and_its_own_requests_are_recorded(self, path: Path, url: str) -> None:
        async def app(_: Any, receive: Any, send: Any) -> None:
            await receive()
            async with httpx.AsyncClient(base_url=url, headers=HEADERS, trust_env=False) as http:
                inner = await http.get(PLAYLISTS)
            await send({"type": "http.response.start", "status": inner.status_code, "headers": []})
            await send({"type": "http.response.body", "body": inner.content})

        async def work() -> bytes:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://app.example") as client:
                return (await client.get("/")).content

        with open_cassette(path, mode=Mode.ONCE):
            live = asyncio.run(work())
        assert asked(path) == [PLAYLISTS]
        with open_cassette(path):
            assert asyncio.run(work()) == live

    def test_a_second_cassette_at_the_same_time_is_refused(self, path: Path, http: httpx.Client) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            with (
                pytest.raises(CassetteUsageError, match="while another cassette is open"),
                open_cassette(path.with_name("other.yaml")),
            ):
                pass
            http.get(PLAYLISTS)
        assert asked(path) == [PLAYLISTS]
        with open_cassette(path):
            http.get(PLAYLISTS)

    def test_the_log_contains_no_credential_from_a_url(
        self, path: Path, http: httpx.Client, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.WARNING, "httpx")  # httpx's own log is not our concern
        with caplog.at_level(logging.DEBUG, "vcr"), open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS, params={"api_key": "fedcba9876543210"})
        assert "fedcba9876543210" not in caplog.text
        assert not logging.getLogger("vcr.request").disabled


def test_sent_requests_can_be_inspected(path: Path, http: httpx.Client) -> None:
    now = datetime(2026, 4, 2, tzinfo=UTC)
    with open_cassette(path, mode=Mode.ONCE, now=lambda: now) as cassette:
        http.get(PLAYLISTS, params={"api_key": "fedcba9876543210"})
        (recorded,) = cassette.recorded
    assert recorded == entries(path)[0]
    assert recorded.recorded_at == now
    assert "fedcba9876543210" not in str(recorded)
    with open_cassette(path) as cassette:
        http.get(PLAYLISTS, params={"api_key": "0123456789abcdef"})
        assert [type(one.request) for one in cassette.played] == [RecordedRequest]
        assert "0123456789abcdef" not in repr(cassette.played)


class _raw_server:
    """Returns the same bytes to every caller."""

    def __init__(self, answer: bytes) -> None:
        import socket

        self._answer = answer
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def _serve(self) -> None:
        connection, _ = self._listener.accept()
        with connection:
            while b"\r\n\r\n" not in connection.recv(65536):
                pass
            connection.sendall(self._answer)

    def __enter__(self) -> str:
        self._thread.start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_: object) -> None:
        self._thread.join(10)
        self._listener.close()
