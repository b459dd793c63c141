"""The global options, help, and what no option may take."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import click
import pytest
import rum_replay as library
from rum_replay._cli.app import rum_replay as command

from .bench import CommandLine, run_process


def walk(group: click.Group, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, found in group.commands.items():
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from walk(found, *path, name)


COMMANDS = dict(walk(command))
VERBS = {path[1] for path in COMMANDS if path[0] == "playlists" and len(path) > 1}


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_no_option_takes_a_credential(path: tuple[str, ...]) -> None:
    found = COMMANDS[path] if path else command
    names = {name for parameter in found.params for name in (parameter.name or "", *parameter.opts)}
    words = {word for name in names for word in name.strip("-").replace("-", "_").split("_")}
    assert not words & {"key", "token", "secret", "password", "bearer", "credentials"}


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_every_command_explains_itself(rum_replay: CommandLine, path: tuple[str, ...]) -> None:
    result = rum_replay.bare(*path, "--help").succeeded()
    assert result.out.startswith(f"Usage: {' '.join(('rum-replay', *path))} ")
    assert all(len(line) <= 80 for line in result.lines)
    assert "..." not in result.out.partition("Commands:")[2]  # summaries fit


def test_help_says_that_credentials_come_from_the_environment_only(rum_replay: CommandLine) -> None:
    text = " ".join(rum_replay.bare("--help").out.split())
    assert "No option takes a key or token" in text
    assert "DD_API_KEY" in text


def test_help_works_without_credentials_and_with_a_broken_site(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DD_API_KEY")
    monkeypatch.setenv("DD_SITE", "not a site")
    rum_replay.bare("playlists", "list", "--help").succeeded()


def test_version(rum_replay: CommandLine) -> None:
    assert rum_replay.bare("--version").succeeded().out == f"rum-replay, version {library.__version__}\n"


@pytest.mark.parametrize("arguments", [(), ("playlists",), ("playlists", "--json")])
def test_without_a_command_it_is_a_usage_error(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    result = rum_replay.bare(*arguments)
    assert result.status == 2
    assert result.out == ""
    assert result.err.startswith(("Usage: rum-replay", '{"type": "UsageError", "message": "Missing command'))


@pytest.mark.parametrize("position", [0, 1, 2])
def test_global_options_can_be_given_anywhere(rum_replay: CommandLine, position: int) -> None:
    arguments = ["playlists", "list"]
    arguments[position:position] = ["--json", "--base-url", rum_replay.base_url]
    assert rum_replay.bare(*arguments).succeeded().out == ""
    assert rum_replay.operations == ["ListRumReplayPlaylists"]


def test_site_and_base_url_exclude_each_other(rum_replay: CommandLine) -> None:
    assert "exclude each other" in rum_replay("playlists", "list", "--site", "eu1").failed(status=2)


def test_site_overrides_the_environment(rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_SITE", "us3")
    (found,) = rum_replay.bare("doctor", "--json", "--site", "eu1").succeeded().objects
    assert (found["base_url"], found["site_from"]) == ("https://api.datadoghq.eu", "--site")


def test_timeout_limits_the_wait_for_a_silent_server(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="CreateRumReplayPlaylist", delay=5, times=1)
    assert "ReadTimeout" in rum_replay("playlists", "create", "a", "--timeout", "0.1").failed()


@pytest.mark.parametrize("seconds", ["0", "-1", "inf", "nan"])
def test_an_invalid_timeout_is_refused(rum_replay: CommandLine, seconds: str) -> None:
    assert "timeout" in rum_replay("playlists", "list", f"--timeout={seconds}").failed()
    assert rum_replay.operations == []


def test_verbose_logs_requests_to_standard_error_and_only_then(rum_replay: CommandLine) -> None:
    level = logging.getLogger("rum_replay").level
    result = rum_replay("-v", "playlists", "list", "-v", "--json")
    assert result.status == 0
    assert result.out == ""
    assert result.err == "rum_replay: GET /api/v2/rum/replay/playlists: 200 (attempt 1)\n"
    assert rum_replay("-v", "playlists", "list", "--json").err == result.err
    assert rum_replay("playlists", "list", "--json").err == ""
    assert logging.getLogger("rum_replay").level == level


def test_waits_between_attempts_are_reported(rum_replay: CommandLine) -> None:
    headers = {"Retry-After": "1"}
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=429, headers=headers, times=1)
    result = rum_replay("playlists", "list", "--json")
    assert result.status == 0
    assert result.err.startswith("GET /api/v2/rum/replay/playlists: 429, retrying in 1.")


def test_short_waits_between_attempts_are_not_reported(rum_replay: CommandLine) -> None:
    rum_replay.emulator.faults.add(operation="ListRumReplayPlaylists", status=503, times=1)
    rum_replay("playlists", "list", "--json").succeeded()
    assert len(rum_replay.operations) == 2


def test_the_module_is_the_command() -> None:
    assert run_process("--version").succeeded().out.startswith("rum-replay, version ")


def imported_by(*arguments: str) -> set[str]:
    """The modules that a run of the command imports, and those of the interpreter itself."""
    program = f"""
import sys
from rum_replay._cli.app import run
run({arguments!r})
print(*sys.modules)
"""
    return set(run_process(python=("-c", program)).succeeded().lines[-1].split())


COSTLY = {
    *(
        "httpx",
        "anyio",
        "msgspec",
        "rum_replay_api",
        "rum_replay_emulator",
        "uvicorn",
        "jsonschema_rs",
        "asyncio",
        "ssl",
    ),
    *("importlib.metadata", "secrets", "tomllib", "rich.console", "rich.live", "yaml"),
}
OF_ALL_COMMANDS = ("app", "commands", "output", "progress", "settings", "tables", "times")


def test_help_imports_no_command_and_nothing_costly() -> None:
    imported = imported_by("--help")
    ours = {name for name in imported if name.startswith("rum_replay._cli.")}
    assert ours == {f"rum_replay._cli.{name}" for name in OF_ALL_COMMANDS}
    assert not imported & COSTLY


def test_the_help_of_a_command_imports_no_other_and_no_client() -> None:
    imported = imported_by("playlists", "add", "--help")
    assert "rum_replay._cli.playlists" in imported
    assert not imported & {f"rum_replay._cli.{name}" for name in command.commands if name != "playlists"}
    assert not imported & {"httpx", "anyio", "msgspec", "rum_replay_emulator", "rum_replay.segments"}


def test_the_list_of_commands_shows_what_each_says_of_itself(rum_replay: CommandLine) -> None:
    listed = rum_replay.bare("--help").out.partition("Commands:\n")[2].partition("\n\n")[0]
    summaries = dict(re.split("  +", line.strip(), maxsplit=1) for line in listed.splitlines())
    assert summaries == {name: found.get_short_help_str(60) for name, found in command.commands.items()}
    assert list(summaries) == sorted(summaries)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "rum-replay ",
            {
                *("sessions", "events", "playlists", "heatmaps", "viewership", "segments", "archive", "open", "audit"),
                *("emulator", "demo", "doctor", "completion"),
            },
        ),
        ("rum-replay playlists ", VERBS),
        ("rum-replay demo --", {"--keep", "--json", "--help"}),
        (
            "rum-replay doctor --",
            {"--online", "--profile", "--site", "--base-url", "--timeout", "--verbose", "--json", "--output", "--help"},
        ),
    ],
)
def test_the_shell_completes_commands_and_options(words: str, expected: set[str]) -> None:
    variables = {"_RUM_REPLAY_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": str(words.count(" "))}
    completed = run_process(python=("-c", COMPLETION), environment=variables).succeeded().lines
    assert {line.partition(",")[2] for line in completed} == expected


COMPLETION = "import sys; sys.argv = ['rum-replay']; from rum_replay._cli import main; main()"
