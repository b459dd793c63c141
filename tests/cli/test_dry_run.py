"""`--dry-run`: what is shown is what would be sent, and nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click
import httpx
import pytest
from rum_replay._cli.app import rum_replay as application

from .bench import CommandLine, TerminalInput
from .test_commands import leaves

SNAPSHOT = ("--event-id", "e", "--start", "5", "--session-id", "s1")
CHANGES: dict[str, tuple[tuple[str, ...], ...]] = {
    "playlists create": (("Bü", "--description", "rage"),),
    "playlists update": (("1", "--name", "b"), ("1", "--description", "", "--name", "c")),
    "playlists delete": (("2",),),
    "playlists add": (("1", "s3", "--ts", "1782907200000"), ("1", "s 4", "s5", "--ts", "today")),
    "playlists remove": (("1", "s1"), ("1", "s1", "s2")),
    "heatmaps create": (
        ("n", "--view-name", "/checkout", "--application-id", "a", "--device-type", "desktop", *SNAPSHOT),
    ),
    "heatmaps update": (("SNAPSHOT", "--device-selected", *SNAPSHOT),),
    "heatmaps delete": (("SNAPSHOT",),),
    "viewership record": (("s1", "--application-id", "a", "--event-id", "e", "--timestamp", "2026-07-01T12:00:00Z"),),
    "viewership delete": (("s1",), ("s1", "s2")),
}
RUNS = [(name, arguments) for name, rows in CHANGES.items() for arguments in rows]
READS = {"GetRumReplayPlaylist"}


def words(prepared: Mapping[str, str], name: str, arguments: tuple[str, ...]) -> list[str]:
    return [*name.split(), *(prepared.get(word, word) for word in arguments)]


def as_shown(method: str, url: str, body: Any) -> tuple[str, str, Mapping[str, str], Any]:
    parsed = httpx.URL(url)
    return method, parsed.raw_path.decode().partition("?")[0], dict(parsed.params), body


def test_every_command_that_changes_something_has_it() -> None:
    having = {name for name, command in leaves(application) if any(one.name == "dry_run" for one in command.params)}
    verbs = ("create", "update", "delete", "add", "remove", "record")
    assert having == set(CHANGES)
    assert having >= {name for name, _ in leaves(application) if name.rsplit(maxsplit=1)[-1] in verbs}


TEXTS = [
    (name, option.opts[0])
    for name, command in leaves(application)
    if name in CHANGES
    for option in command.params
    if isinstance(option, click.Option) and option.metavar == "TEXT"
]


@pytest.mark.parametrize(("name", "option"), TEXTS)
def test_the_text_of_an_option_is_sent(
    rum_replay: CommandLine, prepared: Mapping[str, str], name: str, option: str
) -> None:
    result = rum_replay(*words(prepared, name, CHANGES[name][0]), option, "some other text", "--dry-run", "--json")
    (request,) = result.objects
    assert request["body"]["data"]["attributes"][option.removeprefix("--").replace("-", "_")] == "some other text"


@pytest.mark.parametrize(("name", "arguments"), RUNS, ids=[" ".join((name, *rest)) for name, rest in RUNS])
def test_it_shows_the_requests_that_are_sent_without_it(
    rum_replay: CommandLine, prepared: Mapping[str, str], name: str, arguments: tuple[str, ...]
) -> None:
    command = words(prepared, name, arguments)
    emulator = rum_replay.emulator
    dry = rum_replay(*command, "--dry-run", "--json")
    assert dry.status == 0
    assert dry.err.endswith(" was sent\n")
    assert set(rum_replay.operations) == (READS if name == "playlists update" else set())
    emulator.requests.clear()
    assert rum_replay(*command, *(["--yes"] if "delete" in name or "remove" in name else [])).status == 0
    sent = [
        (one.method, one.path, dict(one.query), json.loads(one.body) if one.body else None)
        for one in emulator.requests
        if one.operation not in READS
    ]
    shown = [as_shown(one["method"], one["url"], one["body"]) for one in dry.objects]
    assert [{**one, "sent": False, "type": "request"} for one in dry.objects] == dry.objects
    assert sorted(shown, key=str) == sorted(sent, key=str)


def test_a_table_has_the_request_line_and_the_body(rum_replay: CommandLine) -> None:
    result = rum_replay("playlists", "create", "Bü\x1b[2J", "--dry-run")
    request, body = result.out.split("\n", 1)
    assert request == f"POST {rum_replay.base_url}/api/v2/rum/replay/playlists"
    assert json.loads(body)["data"]["attributes"] == {"name": "Bü\x1b[2J"}
    assert "\x1b" not in result.out


@pytest.mark.parametrize("form", ["--json", "-ojson", "-oyaml", "-ocsv", "-otable"])
def test_neither_credentials_nor_a_terminal_are_needed(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.delenv("DD_API_KEY")
    monkeypatch.delenv("DD_APP_KEY")
    result = rum_replay.bare("--site", "eu1", "playlists", "delete", "1", "--dry-run", form)
    assert result.status == 0
    assert "https://api.datadoghq.eu/api/v2/rum/replay/playlists/1" in result.out
    assert "none-is-needed" not in result.out


def test_keys_of_the_environment_are_not_shown(rum_replay: CommandLine) -> None:
    result = rum_replay("-v", "playlists", "add", "1", "s1", "s2", "--dry-run", "--json")
    assert [one.keys() for one in result.objects] == [{"type", "method", "url", "body", "sent"}] * 2


def test_it_asks_nothing(rum_replay: CommandLine) -> None:
    assert rum_replay("viewership", "delete", "s1", "--dry-run", stdin=TerminalInput("n\n")).status == 0
    assert rum_replay.operations == []


def test_ids_are_checked_all_the_same(rum_replay: CommandLine) -> None:
    assert "nothing was sent" in rum_replay("playlists", "add", "1", "..", "--dry-run").failed()


def test_an_update_says_that_it_fetched_the_playlist(rum_replay: CommandLine) -> None:
    rum_replay("playlists", "create", "a", "--description", "kept").succeeded()
    result = rum_replay("playlists", "update", "1", "--name", "b", "--dry-run", "--json")
    assert result.err == "dry run: only the GET of the playlist was sent\n"
    assert result.objects[0]["body"]["data"]["attributes"] == {"name": "b", "description": "kept"}
    assert rum_replay("playlists", "get", "1", "--json").objects[0]["attributes"]["name"] == "a"


def test_requests_of_many_come_in_their_order(rum_replay: CommandLine) -> None:
    ids = [f"s{number}" for number in range(30)]
    shown = rum_replay("playlists", "add", "1", *ids, "--dry-run", "--json").objects
    assert [one["url"].partition("?")[0].rpartition("/")[2] for one in shown] == ids
    removed = rum_replay("playlists", "remove", "1", *(f"s{n}" for n in range(150)), "--dry-run", "--json").objects
    assert [len(one["body"]["data"]) for one in removed] == [100, 50]
    assert rum_replay.operations == []
