"""`rum-replay doctor` names the variables in use and never shows their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from rum_replay._extras import install_command

from .bench import API_KEY, APP_KEY, BEARER_TOKEN, CommandLine, run_process


def findings_of(rum_replay: CommandLine, *arguments: str) -> dict[str, Any]:
    (findings,) = rum_replay.bare("doctor", "--json", *arguments).succeeded().objects
    return findings


def test_site_from_the_environment(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATADOG_SITE", "datadoghq.eu")
    findings = findings_of(rum_replay)
    assert findings["site"] == "eu1"
    assert findings["base_url"] == "https://api.datadoghq.eu"
    assert findings["site_from"] == "DATADOG_SITE"


def test_site_by_default(rum_replay: CommandLine) -> None:
    findings = findings_of(rum_replay)
    assert (findings["site"], findings["site_from"]) == ("us1", "the default")


def test_base_url_from_the_option(rum_replay: CommandLine) -> None:
    findings = findings_of(rum_replay, "--base-url", "http://127.0.0.1:9")
    assert (findings["base_url"], findings["site_from"]) == ("http://127.0.0.1:9", "--base-url")


def test_base_url_from_the_environment(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_SITE", "eu1")
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", rum_replay.base_url)
    findings = findings_of(rum_replay, "--online")
    assert (findings["site"], findings["base_url"]) == (None, rum_replay.base_url)
    assert (findings["site_from"], findings["unused"]) == ("RUM_REPLAY_BASE_URL", ["DD_SITE"])
    assert rum_replay.operations == ["ListRumReplayPlaylists"]


@pytest.mark.parametrize(
    ("option", "base_url"),
    [(("--site", "ap1"), "https://api.ap1.datadoghq.com"), (("--base-url", "http://[::1]:9"), "http://[::1]:9")],
)
def test_options_override_the_environment(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, option: tuple[str, str], base_url: str
) -> None:
    monkeypatch.setenv("DD_SITE", "eu1")
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", "http://127.0.0.1:9")
    findings = findings_of(rum_replay, *option)
    assert (findings["base_url"], findings["site_from"]) == (base_url, option[0])
    assert findings["unused"] == ["RUM_REPLAY_BASE_URL", "DD_SITE"]


def test_a_wrong_base_url_in_the_environment_is_named(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RUM_REPLAY_BASE_URL", "http://api.datadoghq.com")
    assert "RUM_REPLAY_BASE_URL='http://api.datadoghq.com'" in rum_replay.bare("doctor").failed()


def test_the_variables_that_supply_the_keys(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DD_APP_KEY")
    monkeypatch.setenv("DATADOG_APP_KEY", APP_KEY)
    monkeypatch.setenv("DATADOG_API_KEY", API_KEY)
    findings = findings_of(rum_replay)
    assert findings["credentials"] == "an API key and an application key"
    assert findings["credentials_from"] == ["DD_API_KEY", "DATADOG_APP_KEY"]
    assert findings["unused"] == ["DATADOG_API_KEY"]


def test_a_token_takes_precedence_over_keys(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_ACCESS_TOKEN", BEARER_TOKEN)
    findings = findings_of(rum_replay)
    assert findings["credentials"] == "a bearer token"
    assert findings["credentials_from"] == ["DD_ACCESS_TOKEN"]
    assert findings["unused"] == ["DD_API_KEY", "DD_APP_KEY"]


def test_everything_is_shown_even_if_there_are_problems(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_SITE", "nonsense")
    monkeypatch.delenv("DD_API_KEY")
    result = rum_replay.bare("doctor", "--online")
    line = result.failed()
    assert "DD_SITE='nonsense'" in line
    assert "DD_API_KEY" in line
    assert any(line.split() == ["credentials", "from", "DD_APP_KEY"] for line in result.lines)
    assert any(line.split(maxsplit=1) == ["online", "not tried, because of the problem below"] for line in result.lines)


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("case", [str.upper, str.lower])
def test_variables_for_the_network_are_named(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, name: str, case: Callable[[str], str]
) -> None:
    monkeypatch.setenv(case(name), f"http://user:{API_KEY}@proxy.example:3128")
    assert findings_of(rum_replay)["network_variables"] == [name]


@pytest.mark.parametrize("distribution", ["jsonschema-rs", "uvicorn"])
def test_a_missing_distribution_comes_with_the_command_that_installs_it(distribution: str) -> None:
    program = (
        "from importlib import metadata; from rum_replay._cli import main\n"
        "version = metadata.version\n"
        "def without(name):\n"
        f"    if name == {distribution!r}: raise metadata.PackageNotFoundError(name)\n"
        "    return version(name)\n"
        "metadata.version = without\n"
        "main()\n"
    )
    keys = {"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}
    lines = run_process("doctor", python=("-c", program), environment=keys).succeeded().lines
    (line,) = (line for line in lines if line.startswith(distribution))
    assert line.split(maxsplit=1)[1] == f"not installed: {install_command('emulator')}"


def test_online_is_tried_once(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=503)
    assert "503" in rum_replay("doctor", "--online").failed()
    assert rum_replay.operations == ["ListRumReplayPlaylists"]


def test_versions_are_shown(rum_replay: CommandLine) -> None:
    names = {line.split()[0] for line in rum_replay.bare("doctor").succeeded().lines}
    assert {"rum-replay", "python", "httpx", "uvicorn"} <= names


def test_without_online_nothing_is_sent(rum_replay: CommandLine) -> None:
    rum_replay("doctor").succeeded()
    assert rum_replay.operations == []


def test_online_sends_one_get(rum_replay: CommandLine) -> None:
    result = rum_replay("doctor", "--online").succeeded()
    assert result.lines[-1].split()[:4] == ["online", "the", "credentials", "work:"]
    assert rum_replay.operations == ["ListRumReplayPlaylists"]


def test_online_reports_credentials_that_do_not_work(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", "another")
    result = rum_replay("doctor", "--online")
    line = result.failed()
    assert "403" in line
    assert "rum_session_replay_read" in line
    assert result.lines[-1].split() == ["online", "failed"]
    assert rum_replay.operations == ["ListRumReplayPlaylists"]
