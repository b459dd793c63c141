"""Strategies generate everything that the contract allows, and shrink to readable examples."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from pytest_rum_replay import strategies
from pytest_rum_replay.contract import schemas
from pytest_rum_replay.strategies.documents import documents

from .contract_judge import SCHEMAS, conforms, examples, is_legal


def smallest(strategy: st.SearchStrategy[Any], condition: Callable[[Any], bool]) -> Any:
    """The smallest example."""
    return find(strategy, condition, settings=examples(1000))


def anywhere(document: Any, condition: Callable[[Any], bool]) -> bool:
    if condition(document):
        return True
    if isinstance(document, dict):
        return any(anywhere(inner, condition) for pair in document.items() for inner in pair)
    return isinstance(document, list) and any(anywhere(inner, condition) for inner in document)


def test_all_schemas_of_the_contract_have_strategies() -> None:
    assert set(strategies.schema_names()) == SCHEMAS.keys()


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
@examples(8)
def test_ordinary_documents_conform(name: str, data: st.DataObject) -> None:
    document = data.draw(strategies.wire(name))
    assert conforms(name, document)
    assert json.loads(json.dumps(document)) == document


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
@examples(8)
def test_nasty_documents_are_legal(name: str, data: st.DataObject) -> None:
    document = data.draw(strategies.wire(name, nasty=True))
    assert is_legal(name, document)
    # UTF-8 can encode them.
    assert json.loads(json.dumps(document, ensure_ascii=False).encode()) == document


NASTINESS: dict[str, Callable[[Any], bool]] = {
    "unknown field": lambda d: any(name not in ("id", "type", "attributes") for name in d),
    "unlisted type": lambda d: d["type"] not in ("rum_replay_playlist", "snapshots"),
    "null instead of an object": lambda d: d.get("attributes", 0) is None,
    "null instead of a value": lambda d: None in (d.get("attributes") or {}).values(),
    "beyond 16 bits": lambda d: anywhere(d, lambda value: isinstance(value, str) and any(c > "\uffff" for c in value)),
    "right to left": lambda d: anywhere(d, lambda value: isinstance(value, str) and "ש" in value),
    "NUL": lambda d: anywhere(d, lambda value: isinstance(value, str) and "\0" in value),
    "smallest 64-bit integer": lambda d: anywhere(d, lambda value: value == -(2**63)),
    "largest 64-bit integer": lambda d: anywhere(d, lambda value: value == 2**63 - 1),
    "year 1": lambda d: anywhere(d, lambda value: isinstance(value, str) and value.startswith("0001-01-01T")),
    "year 9999": lambda d: anywhere(d, lambda value: isinstance(value, str) and value.startswith("9999-12-31T")),
    "offset": lambda d: anywhere(d, lambda value: isinstance(value, str) and value[-6:].endswith("-23:59")),
    "nanoseconds": lambda d: anywhere(d, lambda value: isinstance(value, str) and value[19:29] == ".999999999"),
    "a field named like the model's own": lambda d: "_wire" in d,
}


def test_ordinary_documents_contain_nothing_nasty() -> None:
    @given(strategies.wire("SnapshotData"))
    @examples(60)
    def check(document: Any) -> None:
        assert [kind for kind, holds in NASTINESS.items() if holds(document)] == []

    check()


def test_a_thousand_nasty_examples_of_the_largest_schema_contain_everything_nasty() -> None:
    largest = max(SCHEMAS, key=lambda name: len(json.dumps(SCHEMAS[name])))
    assert largest == "SnapshotDataAttributes"
    made: list[str] = []
    held: set[str] = set()

    @given(strategies.wire("SnapshotArray", nasty=True))
    @settings(examples(1000), suppress_health_check=[], derandomize=True)
    def make(document: Any) -> None:
        made.append(json.dumps(document))
        for item in document["data"]:
            held.update(kind for kind in NASTINESS.keys() - held if NASTINESS[kind](item))

    make()
    assert len(made) >= 1000
    assert len(set(made)) >= 700
    assert held == set(NASTINESS)


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("name", ["PlaylistDataAttributes", "SnapshotDataAttributes"])
def test_every_field_is_sometimes_present_and_optional_fields_sometimes_absent(name: str, nasty: bool) -> None:
    schema = SCHEMAS[name]
    seen: list[frozenset[str]] = []

    @given(strategies.wire(name, nasty=nasty))
    @examples(70)
    def collect(document: dict[str, Any]) -> None:
        seen.append(frozenset(document))

    collect()
    required = set(schema.get("required", ()))
    assert frozenset[str]().union(*seen) >= schema["properties"].keys()
    assert frozenset.intersection(*seen) == required


@pytest.mark.parametrize(
    ("name", "condition", "minimal"),
    [
        ("SnapshotArray", lambda d: True, {"data": []}),
        ("SnapshotArray", lambda d: len(d["data"]) > 1, {"data": [{"type": "snapshots"}] * 2}),
        ("Playlist", lambda d: True, {"data": {"type": "rum_replay_playlist"}}),
        (
            "PlaylistDataAttributes",
            lambda d: "created_at" in d,
            {"name": "", "created_at": "1970-01-01T00:00:00.000Z"},
        ),
        (
            "WatcherData",
            lambda d: d.get("attributes"),
            {
                "type": "rum_replay_watcher",
                "attributes": {"handle": "", "last_watched_at": "1970-01-01T00:00:00.000Z", "watch_count": 0},
            },
        ),
        ("PlaylistsSessionDataAttributes", lambda d: d.get("session_event"), {"session_event": {"": None}}),
        ("ErrorResponse", lambda d: any(isinstance(error, dict) for error in d.get("errors", ())), {"errors": [{}]}),
    ],
)
def test_examples_shrink_to_the_minimal_one_that_meets_the_condition(
    name: str, condition: Callable[[Any], bool], minimal: Any
) -> None:
    assert smallest(strategies.wire(name), condition) == minimal


@pytest.mark.parametrize(
    ("name", "condition", "most"),
    [
        ("SnapshotArray", lambda d: len(d["data"]) > 1, 80),
        ("Playlist", lambda d: d["data"].get("attributes"), 80),
        ("WatcherData", lambda d: (d.get("attributes") or {}).get("watch_count", 0) < 0, 150),
    ],
)
def test_nasty_examples_shrink_too(name: str, condition: Callable[[Any], bool], most: int) -> None:
    assert len(json.dumps(smallest(strategies.wire(name, nasty=True), condition))) <= most


def test_an_unknown_field_shrinks_to_one_without_name_and_value() -> None:
    shown = smallest(strategies.wire("SessionIdData", nasty=True), lambda d: d.keys() > {"type", "id"})
    assert shown == {"": None, "type": "rum_replay_session", "id": ""}


@pytest.mark.parametrize("keyword", [{"pattern": "^x"}, {"maxLength": 5}, {"oneOf": []}, {"const": 1}])
def test_an_unknown_keyword_is_an_error(keyword: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match=next(iter(keyword))):
        documents({"type": "string", **keyword}, "ordinary")


@pytest.mark.parametrize("schema", [{"type": "number"}, {"type": "string", "format": "uuid"}])
def test_an_unknown_type_or_format_is_an_error(schema: dict[str, Any]) -> None:
    with pytest.raises(NotImplementedError, match="do not support the"):
        documents(schema, "ordinary")


def test_the_error_for_a_misspelled_schema_has_a_suggestion() -> None:
    with pytest.raises(ValueError, match="there is no schema 'PlaylistArry'; did you mean PlaylistArray"):
        strategies.wire("PlaylistArry")
    with pytest.raises(ValueError, match="there is no schema 'x'; there are Playlist, PlaylistArray, "):
        strategies.api_model("x")


def with_ranges(node: Any) -> Any:
    """The node with the ranges that `format: int32` and `int64` stand for."""
    if isinstance(node, list):
        return [with_ranges(child) for child in node]
    if not isinstance(node, dict):
        return node
    copied = {name: with_ranges(child) for name, child in node.items()}
    if node.get("type") == "integer":
        end = {"int32": 0x8000_0000, "int64": 0x8000_0000_0000_0000}[node["format"]]
        copied = {"minimum": -end, "maximum": end - 1, **copied}
    return copied


def test_the_schemas_are_those_of_the_contract_with_the_ranges_of_integers() -> None:
    assert {name: schemas.schema(name) for name in schemas.schema_names()} == with_ranges(SCHEMAS)


def test_the_plugin_needs_neither_strategies_nor_factories() -> None:
    program = "import sys, pytest_rum_replay.plugin; print(sorted(m for m in sys.modules if 'pytest_rum_replay' in m))"
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "strategies" not in finished.stdout
    assert "factories" not in finished.stdout


def test_factories_work_without_hypothesis() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from pytest_rum_replay.factories import Factory\n"
        "print(Factory().playlist(name='x').name)"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert finished.stdout == "x\n"


def test_the_unicode_table_is_built_with_the_strategy_not_in_its_first_draw(tmp_path: Path) -> None:
    """Building it takes seconds in a fresh checkout; so slow a draw fails Hypothesis's health check."""
    program = "from pytest_rum_replay.strategies import wire; wire('WatcherArray', nasty=True)"
    environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": str(tmp_path)}
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, check=True)
    assert list(tmp_path.rglob("charmap*"))
