"""The options of the command line and the configuration file."""

from __future__ import annotations

import pytest

from .inner_runs import LEAN, run

NOTHING = "def test_it(): pass"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rum-replay-record=sometimes"], "*--rum-replay-record: invalid choice: 'sometimes'*none*rewrite*"),
        (["-o", "rum_replay_record=sometimes"], "*rum_replay_record must be one of none, once, *, not 'sometimes'"),
        (["--rum-replay-allow-hosts=https://api.datadoghq.eu/"], "*--rum-replay-allow-hosts: not a host to allow:*"),
        (["--rum-replay-allow-hosts="], "*--rum-replay-allow-hosts: not a host to allow: ''*"),
        (["-o", "rum_replay_cassette_dir= "], "*rum_replay_cassette_dir must name a folder*"),
        (["--rum-replay-verify", "--rum-replay-record=all"], "*needs --rum-replay-record=none, not all"),
        (["--rum-replay-verify-url=http://127.0.0.1:1"], "*for --rum-replay-verify: pass that option as well"),
        (["-o", "rum_replay_block_network=perhaps"], "*rum_replay_block_network*invalid truth value 'perhaps'*"),
    ],
)
def test_an_invalid_value_ends_the_run_before_it_begins(
    pytester: pytest.Pytester, arguments: list[str], message: str
) -> None:
    pytester.makepyfile(NOTHING)
    result = pytester.runpytest_subprocess(*LEAN, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    assert "Traceback" not in result.stderr.str()


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ([], {}, "*--rum-replay-verify: no usable credentials: api_key (DD_API_KEY or DATADOG_API_KEY) is missing*"),
        (
            ["--rum-replay-verify-url=ftp://x"],
            {"DD_BEARER_TOKEN": "t"},
            "*--rum-replay-verify: base_url=*must be a whole URL*",
        ),
    ],
)
def test_verifying_without_credentials_or_with_a_bad_url_ends_the_run_before_it_begins(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    variables: dict[str, str],
    message: str,
) -> None:
    for name in (
        "DD_API_KEY",
        "DATADOG_API_KEY",
        "DD_APP_KEY",
        "DATADOG_APP_KEY",
        "DD_BEARER_TOKEN",
        "DD_ACCESS_TOKEN",
    ):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(NOTHING)
    result = pytester.runpytest_subprocess(*LEAN, "--rum-replay-verify", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])


GUARDED = """
    import socket
    import httpx
    import pytest
    from pytest_rum_replay.network.guard import NetworkBlockedError

    @pytest.fixture(scope="session")
    def wide():
        with pytest.raises(NetworkBlockedError):
            httpx.get("http://wide.example.com/")

    def test_it(wide, rum_replay_server):
        with pytest.raises(NetworkBlockedError):
            socket.getaddrinfo("blocked.example.com", 80)
        assert httpx.get(rum_replay_server.url).status_code == 404
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rum-replay-block-network"],
        ["--rum-replay-allow-hosts=allowed.example.com, other.example.com"],
        ["-o", "rum_replay_block_network=true"],
        ["-o", "rum_replay_allow_hosts=allowed.example.com"],
    ],
)
def test_the_network_is_blocked_for_the_whole_session_and_blocked_attempts_are_reported(
    pytester: pytest.Pytester, arguments: list[str]
) -> None:
    pytester.makepyfile(GUARDED)
    result = pytester.runpytest_subprocess(*LEAN, *arguments)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(
        ["*rum_replay: blocked by the network guard*", "*wide.example.com*", "*blocked.example.com*"]
    )


def test_the_guard_is_gone_when_the_session_ends(pytester: pytest.Pytester) -> None:
    from pytest_rum_replay.network.guard import NetworkBlockedError, NetworkGuard

    result = run(pytester, GUARDED.replace("\n    ", "\n"), "--rum-replay-block-network")
    result.assert_outcomes(passed=1)
    import socket

    with NetworkGuard(["stand-in.invalid"]), pytest.raises(NetworkBlockedError):
        socket.getaddrinfo("blocked.invalid", 80)
    with pytest.raises(OSError, match=r".+"):
        socket.create_connection(("127.0.0.1", 1), timeout=1)


def test_blocked_attempts_of_xdist_workers_are_reported_once(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import pytest
        import socket
        from pytest_rum_replay.network.guard import NetworkBlockedError

        @pytest.mark.parametrize("number", range(2))
        def test_it(number):
            with pytest.raises(NetworkBlockedError):
                socket.getaddrinfo("blocked.example.com", 80)
        """
    )
    result = pytester.runpytest_subprocess(*LEAN, "-n2", "--dist=each", "--rum-replay-block-network")
    result.assert_outcomes(passed=4)
    assert result.stdout.str().count("name resolution of blocked.example.com") == 1


def test_the_command_line_takes_precedence_over_the_configuration_file(pytester: pytest.Pytester) -> None:
    pytester.makeini(
        "[pytest]\nrum_replay_record = sometimes\nrum_replay_cassette_dir = taped\nrum_replay_pseudonyms = true\n"
    )
    result = run(
        pytester,
        """
        def test_it(rum_replay_cassette):
            assert rum_replay_cassette.mode == "once"
            assert rum_replay_cassette.path.parts[-3] == "taped"
            assert rum_replay_cassette.pseudonyms
            assert not rum_replay_cassette.replaying
        """,
        "--rum-replay-record=once",
    )
    result.assert_outcomes(passed=1)
