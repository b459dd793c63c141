"""Faults scripted by the marker `rum_replay_fault`."""

from __future__ import annotations

import pytest

from .inner_runs import run


def test_several_markers_apply_in_the_order_in_which_they_are_written(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        def fault(status):
            return pytest.mark.rum_replay_fault(status=status)

        pytestmark = [fault(501), fault(502)]

        @fault(503)
        @fault(504)
        class TestOrder:
            @pytest.mark.parametrize("parameter", [pytest.param(1, marks=[fault(507), fault(508)])])
            @fault(505)
            @fault(506)
            def test_order(self, rum_replay_emulator, parameter):
                import httpx
                with httpx.Client(transport=rum_replay_emulator.transport()) as client:
                    statuses = [client.get("http://x/").status_code for _ in range(8)]
                assert statuses == list(range(501, 509))
        """,
    )
    result.assert_outcomes(passed=1)


def test_a_fault_applies_to_sync_and_async_clients_and_the_server(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import anyio
        import pytest
        from rum_replay import NotFoundError, RateLimitError, ReplayClient

        @pytest.mark.rum_replay_fault(status=429, headers={"Retry-After": "7"}, times=4)
        @pytest.mark.rum_replay_fault(status=404, operation="GetRumReplayPlaylist")
        class TestFaces:
            def test_sync(self, rum_replay_client):
                with pytest.raises(RateLimitError) as caught:
                    rum_replay_client.playlists.get("1")
                assert caught.value.retry_after == 7
                with pytest.raises(NotFoundError):
                    rum_replay_client.playlists.get("1")

            def test_async(self, rum_replay_async_client):
                with pytest.raises(RateLimitError):
                    anyio.run(rum_replay_async_client.playlists.get, "1")
                with pytest.raises(NotFoundError):
                    anyio.run(rum_replay_async_client.playlists.get, "1")

            def test_environment(self, rum_replay_environment):
                with ReplayClient() as replay:
                    with pytest.raises(RateLimitError):
                        replay.playlists.get("1")
                    with pytest.raises(NotFoundError):
                        replay.playlists.get("1")

        @pytest.mark.rum_replay_fault(status=404, operation="GetRumReplayPlaylist", body={"errors": ["gone fishing"]})
        def test_server(rum_replay_server):
            with ReplayClient(base_url=rum_replay_server.url, api_key="a", app_key="b") as replay:
                with pytest.raises(NotFoundError, match="gone fishing"):
                    replay.playlists.get("1")
        """,
    )
    result.assert_outcomes(passed=4)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("status=503, times=4", "ServerError"),
        ("delay=100, times=4", "RequestTimeoutError"),
        ("disconnect='before', times=4", "ConnectionFailedError"),
        ("truncate=3, times=4", "ConnectionFailedError"),
        ("status=200, body='{\"data\": [', times=1", "UnexpectedResponseError"),
    ],
)
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_each_kind_of_fault_raises_its_error_in_the_client(
    pytester: pytest.Pytester, fault: str, error: str, kind: str
) -> None:
    call = "rum_replay_client.playlists.get('1')"
    if kind == "async":
        call = "anyio.run(rum_replay_async_client.playlists.get, '1')"
    result = run(
        pytester,
        f"""
        import anyio
        import pytest
        from rum_replay import {error}

        @pytest.mark.rum_replay_fault({fault})
        def test_fault(rum_replay_client, rum_replay_async_client):
            with pytest.raises({error}):
                {call}
        """,
    )
    result.assert_outcomes(passed=1)


def test_an_unused_fault_fails_a_passing_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.rum_replay_fault(operation="DeleteRumReplayPlaylist", status=503)
        @pytest.mark.rum_replay_fault(operation="CreateRumReplayPlaylist", status=429)
        def test_it(rum_replay_client):
            rum_replay_client.playlists.create("one")
        """,
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*rum_replay_fault(operation='DeleteRumReplayPlaylist', status=503) was never applied:*times=None*"]
    )
    result.stdout.no_fnmatch_line("*status=429) was never applied*")


def test_an_unused_fault_is_accepted_in_these_cases(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.rum_replay_fault(status=503, times=None)
        def test_without_end(rum_replay_client):
            pass

        @pytest.mark.rum_replay_fault(status=503)
        def test_that_failed_before(rum_replay_client):
            assert False

        @pytest.mark.rum_replay_fault(status=503)
        def test_that_was_skipped_before(rum_replay_client):
            pytest.skip("not today")

        @pytest.mark.rum_replay_fault(status=503, times=9)
        def test_that_used_part_of_it(rum_replay_client, rum_replay_emulator):
            with pytest.raises(Exception):
                rum_replay_client.playlists.get("1")

        @pytest.mark.rum_replay_fault(status=503, times=9)
        def test_that_used_it_on_one_of_two_emulators(rum_replay_emulator, rum_replay_server):
            import urllib.error
            import urllib.request
            with pytest.raises(urllib.error.HTTPError) as caught:
                urllib.request.urlopen(rum_replay_server.url)
            caught.value.close()
        """,
    )
    result.assert_outcomes(passed=3, failed=1, skipped=1)


def test_a_fault_without_an_emulator_fails_the_test(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import pytest

        @pytest.mark.rum_replay_fault(status=503)
        def test_it():
            pass

        @pytest.mark.rum_replay_fault(status=503)
        def test_that_requests_it_late(request):
            with pytest.raises(Exception):
                request.getfixturevalue("rum_replay_client").playlists.get("1")
                request.getfixturevalue("rum_replay_client").playlists.get("1")
        """,
    )
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*::test_it has the marker rum_replay_fault but no emulator to apply it to: use*"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("503", "rum_replay_fault(503) takes keyword arguments only: operation, status, *"),
        ("stauts=503", "*(stauts=503): there is no argument 'stauts', only operation, status, *"),
        *(
            (f"status=7, body={'x' * size!r}", f"rum_replay_fault(status=7, body='{shown}: status must be *")
            for size, shown in ((165, "x" * 165 + "')"), (166, "x" * 166 + "…"))
        ),
        ("status=7", "rum_replay_fault(status=7): status must be from 100 to 599, not 7"),
        ("status='503'", "rum_replay_fault(status='503'): *"),
        ("operation='GetPlaylist', status=503", "*: unknown operation 'GetPlaylist'; did you mean 'GetRumReplay*"),
        ("", "rum_replay_fault(): nothing goes wrong: give status, *"),
        ("body='x' * 1000, status=7", "rum_replay_fault(body='xxx*xxx…: status must be from 100 to 599, not 7"),
    ],
)
def test_an_invalid_marker_fails_its_test_and_says_why(pytester: pytest.Pytester, arguments: str, message: str) -> None:
    result = run(
        pytester,
        f"""
        import pytest

        @pytest.mark.rum_replay_fault({arguments})
        def test_it(rum_replay_client):
            pass
        """,
    )
    result.assert_outcomes(errors=1)
    output = result.stdout.str()
    result.stdout.fnmatch_lines(["*ERROR at setup of test_it*", message.replace("[", "[[]")])
    assert "Traceback" not in output
    assert max(map(len, output.splitlines())) < 400
