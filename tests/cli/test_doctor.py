"""`rum-replay doctor` names the variables in use and never shows their values."""

from __future__ import annotations

from typing import Any

import pytest

from .bench import API_KEY, APP_KEY, BEARER_TOKEN, CommandLine


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


def test_proxies_are_named(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("https_proxy", f"http://user:{API_KEY}@proxy.example:3128")
    assert findings_of(rum_replay)["network_variables"] == ["HTTPS_PROXY"]


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
