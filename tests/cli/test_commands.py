"""Every command: its parameters, their defaults, its JSON output, and the operations that it performs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from rum_replay._cli.app import rum_replay as application
from rum_replay._cli.commands import Settings
from rum_replay_api import api

from .bench import CommandLine, Result
from .commands import COMMANDS

GLOBAL_OPTIONS = {
    ("--profile", "acme"): Settings(profile="acme"),
    ("--site", "eu1"): Settings(site="eu1"),
    ("--base-url", "http://127.0.0.1:1"): Settings(base_url="http://127.0.0.1:1"),
    ("--timeout", "0"): Settings(timeout=0),
    ("-v",): Settings(verbose=True),
    ("--verbose",): Settings(verbose=True),
    ("--json",): Settings(json=True),
}


def leaves(group: click.Group, *path: str) -> Iterator[tuple[str, click.Command]]:
    for name, found in group.commands.items():
        if isinstance(found, click.Group):
            yield from leaves(found, *path, name)
        else:
            yield " ".join((*path, name)), found


TREE = dict(leaves(application))


def parse(name: str, *arguments: str) -> click.Context:
    """Parse the arguments of a command without running it."""
    return TREE[name].make_context(name, list(arguments), obj=Settings())


def flat(*parts: tuple[str, ...]) -> list[str]:
    return [word for part in parts for word in part]


def test_every_command_is_in_the_table() -> None:
    assert TREE.keys() == COMMANDS.keys(), "describe new commands in tests/cli/commands.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_defaults_of_all_parameters(name: str) -> None:
    context = parse(name, *flat(*COMMANDS[name].required))
    values = {key: str(value) if isinstance(value, Path) else value for key, value in context.params.items()}
    assert values == dict(COMMANDS[name].values)
    assert context.obj == Settings(site=None, base_url=None, timeout=None, json=False, verbose=False)


@pytest.mark.parametrize(
    ("name", "index"),
    [(name, index) for name, row in COMMANDS.items() for index in range(len(row.required))],
)
def test_a_missing_required_argument_is_a_usage_error(rum_replay: CommandLine, name: str, index: int) -> None:
    required = list(COMMANDS[name].required)
    missing = required.pop(index)
    line = rum_replay.bare(*name.split(), *flat(*required)).failed(status=2)
    assert "Missing" in line
    assert missing[0] in line or not missing[0].startswith("-")


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if row.talks_to_api])
def test_a_command_that_talks_to_the_api_takes_all_global_options(name: str) -> None:
    arguments = flat(*COMMANDS[name].required)
    for option, value in GLOBAL_OPTIONS.items():
        stored = parse(name, *arguments, *option).obj
        assert stored == value


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if not row.talks_to_api])
def test_any_other_command_takes_only_json(rum_replay: CommandLine, name: str) -> None:
    noun, *verb = name.split()
    arguments = flat(*COMMANDS[name].required)
    for option, value in GLOBAL_OPTIONS.items():
        if option == ("--json",):
            assert parse(name, *arguments, *option).obj == value
            continue
        if (name, *option[:1]) == ("segments steps", "--base-url"):
            continue  # After the command, it has one of its own.
        before = [[*option, noun, *verb, *arguments]] + ([[noun, *option, *verb, *arguments]] if verb else [])
        for words in (*before, [noun, *verb, *arguments, *option]):
            shown = "--verbose" if words in before and option == ("-v",) else option[0]
            assert rum_replay.bare(*words).failed(status=2) == (
                f"error: {shown} does not apply to `rum-replay {name}`, which makes no requests to Datadog "
                f"(see `rum-replay {name} --help`)"
            )


@pytest.mark.parametrize("name", COMMANDS)
def test_help_lists_the_global_options_that_apply(rum_replay: CommandLine, name: str) -> None:
    section = rum_replay.bare(*name.split(), "--help").succeeded().out.partition("Global options")[2]
    assert "--json" in section
    for option in ("--profile", "--site", "--base-url", "--timeout", "-v, --verbose"):
        assert (option in section) == COMMANDS[name].talks_to_api


def run(rum_replay: CommandLine, name: str, prepared: Mapping[str, str], *options: str) -> list[Result]:
    """Run a command in each of the ways that the table lists."""
    row = COMMANDS[name]
    words = [[prepared.get(word, word) for word in flat(*row.required, added)] for added in row.runs]
    execute = rum_replay if row.runs_on_emulator else rum_replay.bare
    return [execute(*name.split(), *arguments, *options) for arguments in words]


def keys_of(value: Mapping[str, Any], prefix: str = "") -> set[str]:
    """The keys of an object, with those of nested objects and of the objects in lists behind a dot."""
    keys: set[str] = set()
    for key, inner in value.items():
        name = f"{prefix}{key}"
        first = inner[0] if isinstance(inner, list) and inner else inner
        if isinstance(first, dict) and first and key not in OPAQUE:
            keys |= keys_of(first, f"{name}.")
        else:
            keys.add(name)
    return keys


OPAQUE = {"frustrations", "gestures", "headers", "left_out", "placements", "query", "tree", "unknown"}
"""Objects whose keys are data."""


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if row.runs])
def test_the_keys_of_json_output(rum_replay: CommandLine, prepared: Mapping[str, str], name: str) -> None:
    printed = [one for result in run(rum_replay, name, prepared, "--json") for one in result.succeeded().objects]
    expected = {kind: set(keys.split()) for kind, keys in COMMANDS[name].keys.items()}
    found: dict[str, set[str]] = {}
    for one in printed:
        found.setdefault(one.get("type", ""), set()).update(keys_of(one))
    assert found == expected


FIELDS = (
    "playlists create",
    "playlists get",
    "playlists update",
    "heatmaps create",
    "heatmaps update",
    "viewership record",
    "doctor",
)
"""Commands that print a field per line; others print tables."""


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if row.headings])
def test_the_headings_of_tables(rum_replay: CommandLine, prepared: Mapping[str, str], name: str) -> None:
    lines = run(rum_replay, name, prepared)[0].succeeded().lines
    expected = list(COMMANDS[name].headings)
    if name in FIELDS:
        found = [line.split("  ")[0] for line in lines]
    else:
        # A table begins at the first line and after each empty one.
        tables = [line for before, line in zip(["", *lines], lines, strict=False) if not before and "  " in line]
        found = [heading for line in tables for heading in re.split("  +", line)]
    assert found == expected


def test_every_operation_of_the_contract_has_a_command(rum_replay: CommandLine, prepared: Mapping[str, str]) -> None:
    for name, row in COMMANDS.items():
        if row.runs_on_emulator:
            for result in run(rum_replay, name, prepared):
                assert result.status == 0, (name, result.err)
    contract = {value.operation_id for value in vars(api).values() if isinstance(value, api.Operation)}
    missing = contract - set(rum_replay.operations)
    assert not missing, f"add a command to rum_replay/_cli, and a row to tests/cli/commands.py, for {sorted(missing)}"


def test_the_guide_names_every_command() -> None:
    text = (Path(__file__).parents[2] / "docs" / "cli.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `rum-replay (\w+)` \| (.*) \|$", text, re.MULTILINE)
    named = {noun: set(re.findall(r"`(\w+)`", verbs)) for noun, verbs in rows}
    nouns: dict[str, set[str]] = {}
    for name in COMMANDS:
        noun, *verb = name.split()
        nouns.setdefault(noun, set()).update(verb)
    assert named == nouns, "docs/cli.md begins with a table of commands"
