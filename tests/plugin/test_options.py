"""The options of the command line and the configuration file."""

from __future__ import annotations

import pytest

from .inner_runs import LEAN, run

NOTHING = "def test_it(): pass"


MODES = "one of none, once, new, all, rewrite"
BOOLEAN = "invalid truth value 'perhaps'; it must be true or false"


def ended_at_once(result: pytest.RunResult, message: str) -> None:
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([message])
    assert "Traceback" not in result.stderr.str()
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()
    assert "passed" not in result.stdout.str()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--rum-replay-record=sometimes"], "*--rum-replay-record: invalid choice: 'sometimes'*none*rewrite*"),
        (["--rum-replay-record"], "*--rum-replay-record: expected one argument"),
        (["-o", "rum_replay_record=sometimes"], f"*rum_replay_record: must be {MODES}, not 'sometimes'"),
        (["-o", "rum_replay_record="], f"*rum_replay_record: must be {MODES}, not ''"),
        (["--rum-replay-allow-hosts=h:https"], "*--rum-replay-allow-hosts: not a host to allow: 'h:https': a port is*"),
        (
            ["--rum-replay-allow-hosts=fine.example.com,a b*"],
            "*--rum-replay-allow-hosts: not a host*'b[*]': a [*] may*",
        ),
        (
            ["--rum-replay-allow-hosts="],
            "*--rum-replay-allow-hosts names no host; --rum-replay-block-network allows none",
        ),
        (["--rum-replay-allow-hosts= , "], "*--rum-replay-allow-hosts names no host; *"),
        (["--rum-replay-allow-hosts"], "*--rum-replay-allow-hosts: expected one argument"),
        (
            ["-o", "rum_replay_allow_hosts=fine.example.com 10.0.0.1/8"],
            "*: rum_replay_allow_hosts: not a host*10.0.0.0/8*",
        ),
        (["-o", "rum_replay_allow_hosts='h"], '*: rum_replay_allow_hosts: not a host*"\'h"*'),
        (["--rum-replay-block-network=yes"], "*--rum-replay-block-network: ignored explicit argument 'yes'"),
        (["-o", "rum_replay_block_network=perhaps"], f"*: rum_replay_block_network: {BOOLEAN}"),
        (["-o", "rum_replay_verify=perhaps"], f"*: rum_replay_verify: {BOOLEAN}"),
        (["-o", "rum_replay_pseudonyms=perhaps"], f"*: rum_replay_pseudonyms: {BOOLEAN}"),
        (["-o", "rum_replay_cassette_dir= "], "*: rum_replay_cassette_dir: must be the path of a folder, not '*'"),
        (["-o", "rum_replay_cassette_dir=a\0b"], "*: rum_replay_cassette_dir: must be the path of a folder, not 'a*"),
        (
            ["--rum-replay-verify", "--rum-replay-record=all"],
            "*: --rum-replay-verify compares *so it needs --rum-replay-record=none, not all (--rum-replay-record)",
        ),
        (
            ["-o", "rum_replay_verify=true", "-o", "rum_replay_record=once"],
            "*: rum_replay_verify compares *so it needs --rum-replay-record=none, not once (rum_replay_record)",
        ),
        (["--rum-replay-verify-url=http://127.0.0.1:1"], "*for --rum-replay-verify: pass that option as well"),
        (["--rum-replay-verify-url="], "*: --rum-replay-verify-url: must be a whole URL such as *, not ''"),
        (["--rum-replay-verify-url=ftp://x"], "*: --rum-replay-verify-url: base_url='ftp://x' must be a whole URL *"),
        (["-o", "rum_replay_verify_url=nowhere"], "*: rum_replay_verify_url: base_url='nowhere' must be a whole URL *"),
    ],
)
def test_an_invalid_value_ends_the_run_before_it_begins(
    pytester: pytest.Pytester, arguments: list[str], message: str
) -> None:
    pytester.makepyfile(NOTHING)
    ended_at_once(pytester.runpytest_inprocess(*LEAN, *arguments), message)


@pytest.mark.parametrize(
    ("option", "allowed"),
    [
        ("record", MODES),
        ("allow_hosts", "*"),
        ("block_network", "true or false"),
        ("verify", "true or false"),
        ("verify_url", "a whole URL*"),
        ("pseudonyms", "true or false"),
        ("cassette_dir", "the path of a folder"),
    ],
)
def test_a_value_of_a_wrong_type_in_a_toml_file_ends_the_run_before_it_begins(
    pytester: pytest.Pytester, option: str, allowed: str
) -> None:
    table = "tool.pytest" if pytest.version_tuple >= (9,) else "tool.pytest.ini_options"
    pytester.makepyprojecttoml(f"[{table}]\nrum_replay_{option} = [['a']]\n")
    pytester.makepyfile(NOTHING)
    ended_at_once(pytester.runpytest_inprocess(*LEAN), f"*: rum_replay_{option}: *{allowed}*")


@pytest.mark.parametrize("strict", [[], ["-W", "error"]])
@pytest.mark.parametrize("option", ["record", "verify_url", "cassette_dir"])
def test_a_list_instead_of_text_ends_the_run_before_it_begins(
    pytester: pytest.Pytester, option: str, strict: list[str]
) -> None:
    pytester.makepyprojecttoml(f"[tool.pytest.ini_options]\nrum_replay_{option} = ['a']\n")
    pytester.makepyfile(NOTHING)
    ended_at_once(pytester.runpytest_inprocess(*LEAN, *strict), f"*: rum_replay_{option}: *must be *")


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (["-o", "rum_replay_record=sometimes"], "rum_replay_record"),
        (["--rum-replay-allow-hosts=h:https"], "--rum-replay-allow-hosts"),
        (["-o", "rum_replay_pseudonyms=perhaps"], "rum_replay_pseudonyms"),
    ],
)
def test_an_invalid_value_is_reported_once_however_many_workers_there_are(
    pytester: pytest.Pytester, arguments: list[str], option: str
) -> None:
    pytester.makepyfile(NOTHING)
    result = pytester.runpytest_inprocess(*LEAN, "-n2", *arguments)
    ended_at_once(result, f"ERROR: {option}: *")
    assert len(result.stderr.lines) <= 2
    assert "gw0" not in result.stdout.str() + result.stderr.str()


def test_a_url_in_the_configuration_file_is_for_runs_that_verify(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\nrum_replay_verify_url = https://replay-proxy.example\n")
    run(pytester, NOTHING).assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("arguments", "variables", "message"),
    [
        ([], {}, "*--rum-replay-verify: no usable credentials: api_key (DD_API_KEY or DATADOG_API_KEY) is missing*"),
        (
            ["--rum-replay-verify-url=ftp://x"],
            {"DD_BEARER_TOKEN": "t"},
            "*--rum-replay-verify-url: base_url=*must be a whole URL*",
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
    ended_at_once(pytester.runpytest_inprocess(*LEAN, "--rum-replay-verify", *arguments), message)


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
        ["-o", "rum_replay_allow_hosts=allowed.example.com 'other.example.com',third.example.com"],
    ],
)
def test_the_network_is_blocked_for_the_whole_session_and_blocked_attempts_are_reported(
    pytester: pytest.Pytester, arguments: list[str]
) -> None:
    result = run(pytester, GUARDED.replace("\n    ", "\n"), *arguments)
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
