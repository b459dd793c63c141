"""Threads and tasks that outlive their test, and tests that are ended by a timeout."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from rum_replay_emulator import Emulator

from .inner_runs import ANYIO, LEAN


@pytest.fixture
def url(emulator: Emulator) -> Iterator[str]:
    with emulator.serve() as url:
        yield url


def paths_in_cassettes(pytester: pytest.Pytester) -> dict[str, list[str]]:
    """What the cassettes contain, by test."""
    return {
        path.stem.rpartition("-")[0]: [
            line.rpartition("/")[2].strip() for line in path.read_text(encoding="utf-8").splitlines() if " url:" in line
        ]
        for path in pytester.path.rglob("*.yaml")
    }


def test_a_thread_that_a_test_left_behind_sends_nothing_in_the_next(
    pytester: pytest.Pytester, url: str, emulator: Emulator
) -> None:
    pytester.makepyfile(
        f"""
        import threading
        import httpx
        import pytest

        with_cassette = pytest.mark.rum_replay_cassette(record="rewrite")
        begun, go_on, went_on, errors = *(threading.Event() for _ in range(3)), []

        def late():
            httpx.get("{url}/early")
            begun.set()
            for _ in range(3):
                go_on.wait()
                go_on.clear()
                try:
                    httpx.get("{url}/late")
                except Exception as error:
                    errors.append(str(error))
                went_on.set()

        def continued():
            went_on.clear()
            go_on.set()
            went_on.wait()

        @with_cassette
        def test_3():
            threading.Thread(target=late).start()
            httpx.get("{url}/of_3")
            begun.wait()

        def test_between():
            continued()

        @with_cassette
        def test_4():
            httpx.get("{url}/of_4")
            continued()

        def teardown_module():
            continued()
            assert len(errors) == 3
            assert "GET 127.0.0.1 was not sent, and is in no cassette: it comes from a thread that" in errors[0]
            assert "::test_3 left behind" in errors[0]
            assert errors[0] == errors[1] == errors[2]
        """
    )
    pytester.runpytest_inprocess(*LEAN).assert_outcomes(passed=3)
    found = paths_in_cassettes(pytester)
    assert {name: sorted(paths) for name, paths in found.items()} == {"test_3": ["early", "of_3"], "test_4": ["of_4"]}
    assert "/late" not in {request.path for request in emulator.requests}
    httpx.get(f"{url}/afterwards")
    assert emulator.requests[-1].path == "/afterwards"


def test_the_worker_of_a_pool_serves_each_test_in_turn(pytester: pytest.Pytester, url: str) -> None:
    pytester.makepyfile(
        f"""
        from concurrent.futures import ThreadPoolExecutor
        import httpx
        import pytest

        pytestmark = pytest.mark.rum_replay_cassette(record="rewrite")
        pool = ThreadPoolExecutor(1)

        @pytest.mark.parametrize("number", [1, 2, 3])
        def test_it(number):
            assert pool.submit(httpx.get, f"{url}/{{number}}").result().status_code == 404
        """
    )
    pytester.runpytest_inprocess(*LEAN).assert_outcomes(passed=3)
    assert paths_in_cassettes(pytester) == {"test_it-1": ["1"], "test_it-2": ["2"], "test_it-3": ["3"]}


def test_a_task_that_a_test_left_behind_sends_nothing_in_the_next(pytester: pytest.Pytester, url: str) -> None:
    pytester.makepyfile(
        f"""
        import asyncio
        import httpx
        import pytest

        pytestmark = [pytest.mark.anyio, pytest.mark.rum_replay_cassette(record="rewrite")]
        tasks = []

        @pytest.fixture(scope="module")
        def anyio_backend():
            return "asyncio"

        @pytest.fixture(scope="module", autouse=True)
        async def loop_of_module():
            yield

        async def late(go_on):
            await go_on.wait()
            async with httpx.AsyncClient() as client:
                await client.get("{url}/late")

        async def test_3():
            go_on = asyncio.Event()
            tasks.append((asyncio.create_task(late(go_on)), go_on))
            async with httpx.AsyncClient() as client:
                await client.get("{url}/of_3")

        async def test_4():
            (task, go_on), = tasks
            async with httpx.AsyncClient() as client:
                await client.get("{url}/of_4")
            go_on.set()
            with pytest.raises(Exception, match="it comes from a task that .*::test_3.* left behind"):
                await task
        """
    )
    pytester.runpytest_inprocess(*LEAN, *ANYIO).assert_outcomes(passed=2)
    assert paths_in_cassettes(pytester) == {"test_3": ["of_3"], "test_4": ["of_4"]}


@pytest.mark.parametrize("method", ["signal", "thread"])
def test_a_timeout_leaves_no_half_file_and_the_next_test_records(
    pytester: pytest.Pytester, url: str, emulator: Emulator, method: str
) -> None:
    pytester.makepyfile(
        f"""
        import time
        import httpx
        import pytest

        pytestmark = pytest.mark.rum_replay_cassette(record="rewrite")

        @pytest.mark.timeout(2, method="{method}")
        def test_slow():
            httpx.get("{url}/slow")
            time.sleep(60)

        def test_next():
            httpx.get("{url}/next")
        """
    )
    result = pytester.runpytest_subprocess(*LEAN)
    if method == "signal":
        result.assert_outcomes(failed=1, passed=1)
    else:  # it ends the whole process
        assert result.ret == 1
        assert not list(pytester.path.rglob("cassettes/**/*.*"))
        pytester.runpytest_subprocess(*LEAN, "-k", "test_next").assert_outcomes(passed=1, deselected=1)
    assert paths_in_cassettes(pytester) == {"test_next": ["next"]}
    assert [request.path for request in emulator.requests] == ["/slow", "/next"]
