"""`rum_replay_environment`: code that creates its own clients reaches the emulator."""

from __future__ import annotations

import pytest

from .inner_runs import LEAN, run


def test_clients_from_the_environment_reach_the_emulator(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import httpx
        from rum_replay import AsyncReplayClient, ReplayClient

        def test_it(rum_replay_environment, rum_replay_emulator):
            assert rum_replay_environment is rum_replay_emulator
            with ReplayClient() as replay:
                replay.playlists.create("sync")

            async def main():
                async with AsyncReplayClient(site="eu1") as replay:
                    await replay.playlists.create("async")
                async with httpx.AsyncClient() as client:
                    answer = await client.get(
                        "https://api.us5.datadoghq.com/api/v2/rum/replay/playlists",
                        headers={"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"},
                    )
                    return [playlist["attributes"]["name"] for playlist in answer.json()["data"]]

            assert anyio.run(main) == ["sync", "async"]
            answer = httpx.get("https://api.datadoghq.com/api/v2/rum/replay/playlists")
            assert answer.status_code == 401
            assert len(rum_replay_emulator.requests) == 4
        """,
    )
    result.assert_outcomes(passed=1)


def test_the_environment_has_only_invented_credentials_and_is_restored(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_SITE", "datadoghq.eu")
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", "http://127.0.0.1:9")
    for name in ("DD_API_KEY", "DATADOG_API_KEY", "DATADOG_APP_KEY", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"):
        monkeypatch.setenv(name, "a-real-one")
    result = run(
        pytester,
        """
        import os

        def named():
            return {name: value for name, value in os.environ.items() if name.startswith(("DD_", "DATADOG_"))}

        def test_during(rum_replay_environment):
            assert set(named()) == {"DD_SITE", "DD_API_KEY", "DD_APP_KEY"}
            assert os.environ["DD_SITE"] == "datadoghq.com"
            assert "RUM_REPLAY_BASE_URL" not in os.environ
            assert "a-real-one" not in named().values()

        def test_afterwards():
            assert named()["DD_SITE"] == "datadoghq.eu"
            assert os.environ["RUM_REPLAY_BASE_URL"] == "http://127.0.0.1:9"
            assert list(named().values()).count("a-real-one") == 5
        """,
    )
    result.assert_outcomes(passed=2)


def test_an_existing_client_reaches_the_emulator_too_but_only_during_the_test(
    pytester: pytest.Pytester,
) -> None:
    result = run(
        pytester,
        """
        import httpx
        from rum_replay import ReplayClient

        patched = httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request
        early = ReplayClient(site="us3", api_key="k", app_key="a")

        def test_during(rum_replay_environment):
            assert early.playlists.create("one").name == "one"
            assert rum_replay_environment.requests[0].headers["dd-api-key"] == "k"

        def test_afterwards():
            assert (httpx.HTTPTransport.handle_request, httpx.AsyncHTTPTransport.handle_async_request) == patched
            early.close()
        """,
    )
    result.assert_outcomes(passed=2)


def test_other_requests_and_custom_transports_are_not_affected(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import httpx

        def test_it(rum_replay_environment, rum_replay_server):
            own = httpx.MockTransport(lambda request: httpx.Response(418))
            with httpx.Client(transport=own) as client:
                assert client.get("https://api.datadoghq.com/").status_code == 418
            assert httpx.get(rum_replay_server.url).status_code == 404

            async def main():
                async with httpx.AsyncClient() as client:
                    return (await client.get(rum_replay_server.url)).status_code

            assert anyio.run(main) == 404
            assert len(rum_replay_server.emulator.requests) == 2
            assert rum_replay_environment.requests == []
        """,
    )
    result.assert_outcomes(passed=1)


def test_clients_wait_on_the_emulators_clock_instead_of_sleeping(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import pytest
        import time
        from rum_replay import AsyncReplayClient, RateLimitError, ReplayClient, RetryPolicy
        from rum_replay_emulator import ManualClock

        early = ReplayClient(site="us1", api_key="k", app_key="a", retry=RetryPolicy(attempts=2))

        @pytest.fixture(autouse=True)
        def nobody_sleeps(monkeypatch):
            def no_sleep(*_):
                raise AssertionError("somebody slept")
            monkeypatch.setattr(time, "sleep", no_sleep)

        def test_waits(rum_replay_environment):
            started = rum_replay_environment.clock.time()
            rum_replay_environment.faults.add(status=503, times=2)
            with ReplayClient() as replay:
                list(replay.playlists.list())
            assert rum_replay_environment.clock.time() - started == 0.5 + 1
            rum_replay_environment.faults.add(status=503)
            list(early.playlists.list())
            assert rum_replay_environment.clock.time() - started == 0.5 + 1 + 0.5

            async def main():
                rum_replay_environment.faults.add(status=429, headers={"Retry-After": "50"}, times=None)
                async with AsyncReplayClient() as replay:
                    with pytest.raises(RateLimitError) as caught:
                        await replay.playlists.get("1")
                    assert caught.value.attempts == 2  # the deadline has passed on the emulator's clock

            anyio.run(main)

        def test_now_is_the_emulators_time(rum_replay_environment):
            with ReplayClient() as replay:
                playlist = replay.playlists.create("one")
                replay.playlists.add_session(playlist.id, "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21")
            sent = rum_replay_environment.requests[-1].query["ts"]
            assert int(sent) == rum_replay_environment.clock.time() * 1000

        def test_a_clock_that_a_client_was_given_stays(rum_replay_environment):
            clock = ManualClock(1_000)
            started = rum_replay_environment.clock.time()
            rum_replay_environment.faults.add(status=503)
            with ReplayClient(retry=RetryPolicy(jitter=0), clock=clock) as replay:
                list(replay.playlists.list())
                list(replay.with_options(timeout=3).playlists.list())
            assert clock.time() == 1_000.5
            assert rum_replay_environment.clock.time() == started

        def test_clocks_are_those_of_before_again():
            assert abs(early._transport.now() / 1000 - time.time()) < 60
        """,
    )
    result.assert_outcomes(passed=4)


def test_waits_for_servers_elsewhere_are_real(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import time
        from rum_replay import ReplayClient, RetryPolicy

        def test_it(rum_replay_environment, rum_replay_server):
            slept = []
            real = RetryPolicy(backoff=0.001)
            rum_replay_server.emulator.faults.add(status=503)
            started = rum_replay_environment.clock.time()
            with ReplayClient(base_url=rum_replay_server.url, retry=real) as replay:
                list(replay.playlists.list())
            assert rum_replay_environment.clock.time() == started
        """,
    )
    result.assert_outcomes(passed=1)


def test_threads_reach_the_emulator(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        from concurrent.futures import ThreadPoolExecutor
        from rum_replay import ReplayClient

        def create(number):
            with ReplayClient() as replay:
                return replay.playlists.create(str(number)).name

        def test_it(rum_replay_environment):
            with ThreadPoolExecutor(4) as pool:
                assert sorted(pool.map(create, range(8))) == sorted(map(str, range(8)))
            assert len(rum_replay_environment.requests) == 8
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    "fixtures", ["rum_replay_environment, rum_replay_cassette", "rum_replay_cassette, rum_replay_environment"]
)
def test_what_is_recorded_comes_from_the_emulator_of_the_same_test(pytester: pytest.Pytester, fixtures: str) -> None:
    pytester.makepyfile(
        f"""
        import anyio
        import pytest
        from rum_replay import AsyncReplayClient, ReplayClient

        @pytest.mark.parametrize("name", ["one", "two"])
        @pytest.mark.rum_replay_cassette(record="rewrite")
        def test_it({fixtures}, name):
            with ReplayClient() as replay:
                replay.playlists.create(name)

            async def names():
                async with AsyncReplayClient() as replay:
                    return [playlist.name async for playlist in replay.playlists.list()]

            assert anyio.run(names) == [name]
            assert len(rum_replay_cassette.recorded) == len(rum_replay_environment.requests) > 1
        """
    )
    # In a separate process, in which the first test imports vcrpy.
    pytester.runpytest_subprocess(*LEAN, "-W", "error").assert_outcomes(passed=2)
