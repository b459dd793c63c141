"""Every default of a public function, class, option and marker, written out independently.

What is public but has no row here fails `test_everything_public_is_listed`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import rum_replay_emulator
from pytest_rum_replay import cassettes, factories, strategies
from pytest_rum_replay.cassettes import open_cassette
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import cassette_path, shared_cassette_path
from pytest_rum_replay.cassettes.options import CassetteOptions
from pytest_rum_replay.cassettes.session import CassetteSession
from pytest_rum_replay.factories import Factory
from pytest_rum_replay.network.guard import NetworkGuard
from pytest_rum_replay.settings import Settings
from rum_replay_emulator import (
    Answer,
    Assumptions,
    Emulator,
    Faults,
    ManualClock,
    RateLimit,
    User,
)

from .inner_runs import run

# Clocks and factories of containers are left out: they have no value to compare.
DEFAULTS: list[tuple[Callable[..., Any], dict[str, Any]]] = [
    (
        Emulator,
        {
            "api_key": None,
            "app_key": None,
            "bearer_token": None,
            "rate_limit": None,
            "segment_envelope": "raw",
            "assumptions": Assumptions(),
            "user": User(),
            "on_answer": None,
        },
    ),
    (Emulator.serve, {"port": 0, "host": "127.0.0.1", "allowed_hosts": ()}),
    (Emulator.load_session, {"ended_at": None}),
    (
        Faults.add,
        {
            "operation": None,
            "status": None,
            "headers": (),
            "body": None,
            "times": 1,
            "delay": 0,
            "disconnect": None,
            "truncate": None,
            "timeout": None,
            "partial": False,
            "applied": None,
        },
    ),
    (ManualClock, {"start": datetime(2026, 7, 1, 12, tzinfo=UTC).timestamp()}),
    (RateLimit, {"name": "rum_replay"}),
    (
        User,
        {
            "handle": "mira.holt@example.com",
            "name": "Mira Holt",
            "icon": "https://example.com/avatars/mira.png",
            "uuid": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b",
            "id": 7015524,
        },
    ),
    (Answer, {"headers": (), "body": b""}),
    (
        open_cassette,
        {
            "mode": Mode.NONE,
            "redactor": None,
            "max_age": None,
            "allow_unplayed": False,
            "allow_playback_repeats": False,
            "pseudonyms": False,
            "node_id": None,
            "outlasts_tests": False,
            "save": True,
        },
    ),
    (
        CassetteOptions,
        {
            "name": None,
            "record": None,
            "max_age": None,
            "allow_unplayed": False,
            "allow_playback_repeats": False,
            "allow_mismatches": False,
            "pseudonyms": None,
        },
    ),
    (
        CassetteSession,
        {"mode": Mode.NONE, "folder": "cassettes", "root": Path(), "pseudonyms": False, "parallel": False},
    ),
    (cassette_path, {"folder": "cassettes", "root": Path()}),
    (shared_cassette_path, {"folder": "cassettes"}),
    (
        Settings,
        {
            "record": "none",
            "allow_hosts": (),
            "block_network": False,
            "verify": False,
            "verify_url": None,
            "pseudonyms": False,
            "cassette_dir": "cassettes",
        },
    ),
    (NetworkGuard, {"allow_hosts": (), "note": None}),
    (Factory, {"seed": 0}),
    (Factory.wire, {"overrides": None}),
    (Factory.api_model, {"overrides": None}),
    (strategies.wire, {"nasty": False}),
    (strategies.api_model, {"nasty": False}),
    (strategies.model, {"nasty": False}),
    (strategies.requests, {"nasty": False, "parameters": None}),
    (strategies.invalid_requests, {"parameters": None}),
    (strategies.Request, {"query": (), "body": None}),
]
WITHOUT_VALUE = {"clock", "now", "usage"}
TESTED_ELSEWHERE = {"Assumptions"}  # in tests/emulator/test_emulator_package.py


def defaults_of(function: Callable[..., Any]) -> dict[str, Any]:
    return {
        name: parameter.default
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is not parameter.empty and name not in WITHOUT_VALUE
    }


@pytest.mark.parametrize(("function", "defaults"), DEFAULTS, ids=lambda row: getattr(row, "__qualname__", ""))
def test_the_defaults_are_these(function: Callable[..., Any], defaults: dict[str, Any]) -> None:
    assert defaults_of(function) == defaults


def public_callables(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name in module.__all__:
        value = getattr(module, name)
        if inspect.isfunction(value):
            yield name, value
        elif inspect.isclass(value) and value.__module__.startswith(("pytest_rum_replay", "rum_replay_emulator")):
            yield name, value
            for method_name, method in vars(value).items():
                if inspect.isfunction(method) and not method_name.startswith("_"):
                    yield f"{name}.{method_name}", method


@pytest.mark.parametrize("module", [rum_replay_emulator, strategies, factories, cassettes], ids=lambda it: it.__name__)
def test_everything_public_is_listed(module: ModuleType) -> None:
    # Those that nobody creates are values of the API: Fault is made by Faults, a Cassette by open_cassette.
    made_here = {"Fault", "Cassette", *TESTED_ELSEWHERE}
    listed = {function for function, _ in DEFAULTS}
    missing = [
        name
        for name, function in public_callables(module)
        if name not in made_here and defaults_of(function) and function not in listed
    ]
    assert missing == [], f"add the defaults of {missing} to DEFAULTS"


def test_the_markers_show_the_arguments_and_defaults_of_what_they_call(pytester: pytest.Pytester) -> None:
    shown = " ".join(pytester.runpytest_inprocess("--markers", "-p", "no:schemathesis").stdout.str().split())
    for marker, function in (("rum_replay_fault", Faults.add), ("rum_replay_cassette", CassetteOptions)):
        written = re.search(rf"@pytest\.mark\.{marker}\(([^:]*)\):", shown)
        assert written is not None
        arguments = [argument for argument in written[1].split(", ") if argument != "*"]
        assert arguments == [f"{name}={default!r}" for name, default in defaults_of(function).items()]


def test_without_options_a_run_replays_blocks_nothing_and_keeps_names(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
        import socket

        def test_it(rum_replay_cassette, request):
            cassette = rum_replay_cassette
            assert (cassette.mode, cassette.replaying, cassette.pseudonyms) == ("none", True, False)
            assert cassette.path.parent.parent == request.path.parent / "cassettes"
            assert not cassette.allow_playback_repeats
            assert "connect" not in vars(socket.socket)  # the guard's patch
        """,
    )
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*rum_replay:*")
