"""What a failed test shows of a request that was not recorded, or that was blocked."""

from __future__ import annotations

import pytest

from .inner_runs import ANYIO, LEAN, run

SUITE = """
import asyncio
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from rum_replay import AsyncReplayClient, ReplayClient

URL = "https://api.datadoghq.com/api/v2/rum/replay/playlists/1"

def fetch():
    return httpx.get(URL)

async def fetch_async():
    async with httpx.AsyncClient() as client:
        await client.get(URL)

async def ask_async():
    async with AsyncReplayClient() as replay:
        await replay.playlists.get(1)

async def in_a_group():
    async with anyio.create_task_group() as group:
        group.start_soon(fetch_async)

def test_httpx(rum_replay_cassette):
    fetch()

def test_client(rum_replay_cassette):
    with ReplayClient() as replay:
        replay.playlists.get(1)

@pytest.mark.parametrize("go", [fetch_async, ask_async, in_a_group])
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_async(rum_replay_cassette, go, backend):
    anyio.run(go, backend=backend)

@pytest.mark.anyio
async def test_coroutine(rum_replay_cassette):
    await fetch_async()

def test_asyncio(rum_replay_cassette):
    asyncio.run(fetch_async())

def test_thread(rum_replay_cassette):
    with ThreadPoolExecutor() as threads:
        threads.submit(fetch).result()

def test_hook(rum_replay_cassette):
    def again(request):
        fetch()
    with httpx.Client(event_hooks={"request": [again]}) as client:
        client.get("https://elsewhere.example.com/")

@pytest.fixture
def fetched(rum_replay_cassette):
    fetch()

def test_setup(fetched):
    pass

@pytest.fixture
def fetching(rum_replay_cassette):
    yield
    fetch()

def test_teardown(fetching):
    pass

def test_wrapped(rum_replay_cassette):
    try:
        fetch()
    except Exception as error:
        raise ValueError("cannot load") from error

def test_replaced(rum_replay_cassette):
    try:
        fetch()
    except Exception:
        raise ValueError("cannot load")

def test_swallowed(rum_replay_cassette):
    try:
        fetch()
    except Exception:
        pass

def test_swallowed_and_missed(rum_replay_cassette):
    answer = None
    try:
        answer = fetch()
    except Exception:
        pass
    assert answer is not None

@pytest.mark.rum_replay_cassette
def test_swallowed_and_failed():
    try:
        fetch()
    except Exception:
        pass
    pytest.fail("no answer")

def test_skipped(rum_replay_cassette):
    try:
        fetch()
    except Exception:
        pytest.skip("no answer")
"""
OUTCOMES = {"failed": 17, "passed": 2, "errors": 3, "skipped": 1}
LIBRARIES = ("site-packages/httpx", "site-packages/httpcore", "site-packages/vcr", "site-packages/anyio")
OURS = ("wrapper/rum_replay", "pytest_rum_replay/cassettes", "pytest_rum_replay/network", "_sync/", "_async/")


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makepyfile(test_a=SUITE)
    return pytester


@pytest.mark.parametrize("style", ["auto", "native"])
def test_a_miss_is_explained_without_frames_of_libraries(suite: pytest.Pytester, style: str) -> None:
    result = suite.runpytest_inprocess(*LEAN, *ANYIO, f"--tb={style}")
    result.assert_outcomes(**OUTCOMES)
    shows_no_library(result)
    # Once for each failure and error.
    assert result.stdout.str().count("the cassette has no answer for GET https://api.datadoghq.com/api/v2") == 20
    summary = result.stdout.str().partition("short test summary info")[2]
    assert "FAILED test_a.py::test_client - CassetteMissError: the cassette has no answer" in summary
    assert "pytest_rum_replay." not in summary


@pytest.mark.parametrize("style", ["long", "short", "line"])
def test_every_style_of_tracebacks_does_without_frames_of_libraries(suite: pytest.Pytester, style: str) -> None:
    result = suite.runpytest_inprocess(*LEAN, f"--tb={style}", "-k", "test_client or test_wrapped or test_setup")
    result.assert_outcomes(failed=2, errors=1)
    shows_no_library(result)
    # With `line`, older versions of pytest do not show the cause of an exception.
    times = 1 if style == "line" else 3
    result.stdout.fnmatch_lines(["*the cassette has no answer for GET https://api.datadoghq.com/api/v2*"] * times)


def shows_no_library(result: pytest.RunResult) -> None:
    output = result.stdout.str()
    assert [part for part in (*LIBRARIES, *OURS, "INTERNALERROR") if part in output] == []


def test_the_message_follows_the_line_that_sends_the_request(suite: pytest.Pytester) -> None:
    result = suite.runpytest_inprocess(*LEAN, "-k", "test_client")
    result.stdout.fnmatch_lines(
        [
            ">           replay.playlists.get(1)",
            "E           *CassetteMissError: the cassette has no answer for GET *",
        ],
        consecutive=True,
    )


def test_what_tested_code_has_caught_is_noted_at_the_failure(suite: pytest.Pytester) -> None:
    output = suite.runpytest_inprocess(*LEAN, "-k", "test_swallowed_and").stdout
    output.fnmatch_lines(
        [
            "E       assert None is not None",
            "E       The cassette had no answer for a request, and the tested code caught the error:",
            "E       the cassette has no answer for GET https://api.datadoghq.com/*",
            "E       Failed: no answer",
            "E       The cassette had no answer for a request, and the tested code caught the error:",
        ]
    )


def test_the_whole_traceback_is_shown_on_request(suite: pytest.Pytester) -> None:
    output = suite.runpytest_inprocess(*LEAN, "--full-trace", "-k", "test_httpx").stdout.str()
    assert "site-packages/httpx" in output


def test_a_blocked_request_is_explained_in_the_same_way(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        test_a="""
        import httpx

        def test_it():
            httpx.get("https://api.example.invalid/")
        """
    )
    result = pytester.runpytest_inprocess(*LEAN, "--rum-replay-block-network")
    result.assert_outcomes(failed=1)
    shows_no_library(result)
    result.stdout.fnmatch_lines(["FAILED test_a.py::test_it - NetworkBlockedError: the network guard blocked *"])


def test_other_failures_are_shown_as_ever(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import httpx

        def test_it():
            httpx.get("http://127.0.0.1:1/")
        """,
    )
    assert "site-packages/httpx" in result.stdout.str()
