"""The fixtures for emulators and clients, in a user's suite."""

from __future__ import annotations

import pytest

from .inner_runs import ANYIO, LEAN, run


def test_the_client_talks_to_the_emulator_of_its_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        def test_create(rum_replay_client, rum_replay_emulator):
            playlist = rum_replay_client.playlists.create("Checkout bugs")
            assert rum_replay_client.playlists.get(playlist.id).name == "Checkout bugs"
            received = [request.operation for request in rum_replay_emulator.requests]
            assert received == ["CreateRumReplayPlaylist", "GetRumReplayPlaylist"]

        def test_the_next_one_starts_empty(rum_replay_client, rum_replay_emulator):
            assert list(rum_replay_client.playlists.list()) == []
            assert len(rum_replay_emulator.requests) == 1
        """,
    )
    result.assert_outcomes(passed=2)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_async_client_needs_no_plugin_and_works_in_any_loop(pytester: pytest.Pytester, backend: str) -> None:
    result = run(
        pytester,
        f"""
        import anyio

        def test_create(rum_replay_async_client, rum_replay_emulator):
            rum_replay_emulator.faults.add(status=503, times=2, operation="ListRumReplayPlaylists")
            async def main():
                await rum_replay_async_client.playlists.create("Checkout bugs")
                return [playlist.name async for playlist in rum_replay_async_client.playlists.list()]
            assert anyio.run(main, backend={backend!r}) == ["Checkout bugs"]
        """,
        "-p",
        "no:anyio",
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_async_client_works_in_a_test_that_is_async_itself(pytester: pytest.Pytester, backend: str) -> None:
    result = run(
        pytester,
        f"""
        import pytest

        @pytest.fixture
        def anyio_backend():
            return {backend!r}

        @pytest.mark.anyio
        async def test_create(rum_replay_async_client):
            assert (await rum_replay_async_client.playlists.create("Checkout bugs")).name == "Checkout bugs"
        """,
        *ANYIO,
    )
    result.assert_outcomes(passed=1)


def test_both_clients_are_closed_when_the_test_ends(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import pytest
        from rum_replay import ConfigurationError

        kept = []

        def test_use(rum_replay_client, rum_replay_async_client):
            kept.extend([rum_replay_client, rum_replay_async_client])

        def test_afterwards():
            with pytest.raises(ConfigurationError, match="this client is closed"):
                kept[0].playlists.get("1")
            with pytest.raises(ConfigurationError, match="this client is closed"):
                anyio.run(kept[1].playlists.get, "1")
        """,
    )
    result.assert_outcomes(passed=2)


def test_waits_move_the_emulators_clock_and_take_no_time(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import time

        def no_sleep(*_):
            raise AssertionError("somebody slept")

        def test_sync(rum_replay_client, rum_replay_emulator, monkeypatch):
            monkeypatch.setattr(time, "sleep", no_sleep)
            started = rum_replay_emulator.clock.time()
            rum_replay_emulator.faults.add(status=429, headers={"Retry-After": "40"})
            rum_replay_emulator.faults.add(status=503)
            list(rum_replay_client.playlists.list())
            # The time that the server asked for, plus the policy's longest first wait; then its second wait.
            assert rum_replay_emulator.clock.time() - started == 40 + 0.5 + 1

        def test_async_lets_other_tasks_run(rum_replay_async_client, rum_replay_emulator):
            order = []
            rum_replay_emulator.faults.add(status=503, times=2)

            async def call():
                _ = [playlist async for playlist in rum_replay_async_client.playlists.list()]
                order.append("answered")

            async def main():
                async with anyio.create_task_group() as group:
                    group.start_soon(call)
                    group.start_soon(anyio.lowlevel.checkpoint)
                    await anyio.lowlevel.checkpoint()
                    order.append("meanwhile")

            started = rum_replay_emulator.clock.time()
            anyio.run(main)
            assert order == ["meanwhile", "answered"]
            assert rum_replay_emulator.clock.time() - started == 0.5 + 1
        """,
    )
    result.assert_outcomes(passed=2)


def test_deadlines_are_measured_by_the_emulators_clock(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from rum_replay import RateLimitError

        def test_deadline(rum_replay_client, rum_replay_emulator):
            rum_replay_emulator.faults.add(status=429, headers={"Retry-After": "50"}, times=None)
            with pytest.raises(RateLimitError) as caught:
                rum_replay_client.playlists.get("1")
            assert caught.value.attempts == 2
        """,
    )
    result.assert_outcomes(passed=1)


def test_the_rate_limit_ends_while_the_client_waits_on_the_clock(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest
        from rum_replay_emulator import RateLimit

        @pytest.fixture
        def rum_replay_emulator_options():
            return {"rate_limit": RateLimit(limit=1, period=10)}

        def test_limit(rum_replay_client, rum_replay_emulator):
            started = rum_replay_emulator.clock.time()
            rum_replay_client.playlists.create("one")
            rum_replay_client.playlists.create("two")
            assert rum_replay_emulator.clock.time() - started >= 10
            assert len(rum_replay_emulator.requests) == 2
        """,
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("demanded", "header"),
    [({"api_key": "k1", "app_key": "k2"}, "DD-API-KEY"), ({"bearer_token": "t1"}, "Authorization")],
)
def test_the_clients_send_the_credentials_that_the_options_require(
    pytester: pytest.Pytester, demanded: dict[str, str], header: str
) -> None:
    result = run(
        pytester,
        f"""
        import pytest
        from rum_replay import ReplayClient

        @pytest.fixture
        def rum_replay_emulator_options():
            return {demanded!r}

        def test_client(rum_replay_client, rum_replay_emulator):
            rum_replay_client.playlists.create("one")
            assert {header!r} in rum_replay_emulator.requests[0].headers

        def test_environment(rum_replay_environment):
            with ReplayClient() as replay:
                replay.playlists.create("one")

        def test_server_requires_them_too(rum_replay_server):
            from rum_replay import PermissionDeniedError
            with ReplayClient(base_url=rum_replay_server.url, api_key="no", app_key="no") as replay:
                with pytest.raises(PermissionDeniedError):
                    replay.playlists.create("one")
        """,
    )
    result.assert_outcomes(passed=3)


def test_invalid_emulator_options_fail_the_test_and_say_so(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.fixture
        def rum_replay_emulator_options():
            return {"assumption": 1}

        def test_it(rum_replay_emulator):
            pass
        """,
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["rum_replay_emulator_options: *unexpected keyword argument 'assumption'*"])


def test_the_server_has_one_address_and_each_test_its_own_emulator(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import urllib.request
        import time
        from rum_replay import ReplayClient

        urls = set()

        def test_client(rum_replay_server):
            urls.add(rum_replay_server.url)
            assert rum_replay_server.url.startswith("http://127.0.0.1:")
            with ReplayClient(base_url=rum_replay_server.url, api_key="a", app_key="b") as replay:
                replay.playlists.create("one")
            assert [request.operation for request in rum_replay_server.emulator.requests] == ["CreateRumReplayPlaylist"]
            assert abs(rum_replay_server.emulator.clock.time() - time.time()) < 60

        def test_without_httpx(rum_replay_server, rum_replay_emulator):
            urls.add(rum_replay_server.url)
            assert len(urls) == 1
            assert rum_replay_server.emulator is not rum_replay_emulator
            assert rum_replay_server.emulator.requests == []
            request = urllib.request.Request(
                rum_replay_server.url + "/api/v2/rum/replay/playlists",
                headers={"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"},
            )
            with urllib.request.urlopen(request) as answer:
                assert answer.read() == b'{"data":[]}'
            assert rum_replay_emulator.requests == []
        """,
    )
    result.assert_outcomes(passed=2)


def test_each_xdist_worker_has_its_own_server(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import os
        from pathlib import Path

        def test_url(rum_replay_server):
            with Path("urls.txt").open("a") as file:
                file.write(f"{os.environ['PYTEST_XDIST_WORKER']} {rum_replay_server.url}\\n")

        def test_the_same(rum_replay_server):
            test_url(rum_replay_server)
        """
    )
    # xdist passes the options that name plugins to its workers, which then load no others.
    result = pytester.runpytest_subprocess(*LEAN, "-n2", "--dist=each")
    result.assert_outcomes(passed=4)
    lines = [line.split() for line in (pytester.path / "urls.txt").read_text(encoding="utf-8").splitlines()]
    assert len(lines) == 4
    assert len({url for _, url in lines}) == len({worker for worker, _ in lines}) == 2


FIXTURES = ["emulator", "emulator_options", "client", "async_client", "environment", "server", "cassette"]
OPTIONS = ["record", "allow-hosts", "block-network", "verify", "verify-url", "pseudonyms"]


def test_every_fixture_has_a_docstring(pytester: pytest.Pytester) -> None:
    listed = pytester.runpytest_inprocess(*LEAN, "--fixtures").stdout.str()
    for name in FIXTURES:
        _, _, description = listed.partition(f"rum_replay_{name} -- ")
        first_paragraph = description.partition("\n\n")[0]
        assert len(description.splitlines()[1].split()) > 8, name
        assert "no docstring" not in first_paragraph
    assert "_rum_replay_emulators" not in listed


def test_every_option_has_help_on_the_command_line_and_in_the_file(pytester: pytest.Pytester) -> None:
    listed = pytester.runpytest_inprocess(*LEAN, "--help").stdout.str()
    on_command_line, _, in_file = listed.partition(" in the first pytest.")  # the heading, in all versions
    for name in OPTIONS:
        assert f"--rum-replay-{name}" in on_command_line
        assert f"rum_replay_{name.replace('-', '_')} (" in in_file
    assert "rum_replay_cassette_dir (" in in_file


def test_the_markers_are_registered_with_their_arguments(pytester: pytest.Pytester) -> None:
    listed = pytester.runpytest_inprocess(*LEAN, "--markers").stdout.str()
    assert "@pytest.mark.rum_replay_fault(operation=None, status=None" in listed
    assert "@pytest.mark.rum_replay_cassette(name=None, *, record=None" in listed


@pytest.mark.parametrize("scope", ["function", "session"])
def test_all_fixtures_work_while_time_is_frozen(pytester: pytest.Pytester, scope: str) -> None:
    pytester.makeconftest(
        f"""
        import freezegun
        import pytest

        @pytest.fixture(scope={scope!r}, autouse=True)
        def frozen():
            with freezegun.freeze_time("2026-03-01"):
                yield
        """
    )
    pytester.makepyfile(
        """
        import pytest
        from pytest_rum_replay.factories import Factory
        from rum_replay import ReplayClient

        def use(replay):
            playlist = replay.playlists.create("x")
            replay.playlists.add_session(playlist.id, "s")
            replay.viewership.record_watch("s", application_id="a", event_id="e")
            assert [session.id for session in replay.playlists.list_sessions(playlist.id)] == ["s"]
            return playlist

        def test_client(rum_replay_client):
            use(rum_replay_client)

        def test_environment(rum_replay_environment):
            rum_replay_environment.faults.add(operation="ListRumReplayPlaylistSessions", status=503)
            with ReplayClient() as replay:
                use(replay)

        @pytest.mark.rum_replay_cassette(max_age="90d")
        def test_cassette(rum_replay_cassette, rum_replay_server):
            with ReplayClient(base_url=rum_replay_server.url, api_key="0123456789", app_key="0123456789") as replay:
                assert use(replay).created_at.isoformat() == "2026-03-01T00:00:00+00:00"

        def test_factories():
            assert Factory().playlist().created_at.year == 2026
        """
    )
    for mode in ("once", "none"):
        pytester.runpytest_inprocess(*LEAN, f"--rum-replay-record={mode}").assert_outcomes(passed=4)
