"""Every operation of the contract is in every part of the project; a failure says where to add what is missing."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis.strategies import SearchStrategy
from pytest_rum_replay import strategies
from pytest_rum_replay.factories import Factory
from rum_replay import NotFoundError, ReplayClient
from rum_replay_emulator import Assumptions, Emulator

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_bytes(), yaml.CSafeLoader)
OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
}
GUIDE = (ROOT / "docs" / "client.md").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KEYS = {"DD-API-KEY": "a", "DD-APPLICATION-KEY": "b"}

each_operation = pytest.mark.parametrize("name", OPERATIONS)


def schema_in(holder: dict[str, Any] | None) -> str | None:
    """The name of the schema that a request body or an answer carries as JSON."""
    content = (holder or {}).get("content", {}).get("application/json")
    return None if content is None else str(content["schema"]["$ref"]).rpartition("/")[2]


def answer_schema(name: str) -> str | None:
    answers = OPERATIONS[name][2]["responses"].items()
    return next(filter(None, (schema_in(answer) for status, answer in answers if status.startswith("2"))), None)


# ---- What the client sends ------------------------------------------------------------------------------------------


def public_methods() -> dict[tuple[str, str], Any]:
    """Every method of the synchronous client that stands for an operation, by group and name."""
    with ReplayClient(api_key="a", app_key="b", site="us1") as client:
        groups = {name: group for name in vars(type(client)) if (group := area_of(client, name)) is not None}
    return {
        (group_name, name): function
        for group_name, group in groups.items()
        for name, function in vars(type(group)).items()
        if not name.startswith("_")
    }


def area_of(client: ReplayClient, name: str) -> Any:
    member = None if name.startswith("_") else getattr(client, name)
    return member if type(member).__module__.startswith("rum_replay.") else None


METHODS = public_methods()


def argument_for(hint: Any, name: str, directory: Path) -> Any:
    """A value that a method takes for a required parameter of this type."""
    kinds = {str: "1", int: 1, bool: True}
    if name == "directory":
        return directory
    if typing.get_origin(hint) is Iterable:
        return ["1"]
    choices = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    return next(kinds[choice] for choice in choices if choice in kinds)


def operation_sent_by(group: str, name: str, directory: Path) -> str | None:
    """The operation that a method of the client asks for, as the emulator routes it."""
    function = METHODS[group, name]
    hints = typing.get_type_hints(function)
    required = {
        parameter.name: argument_for(hints[parameter.name], parameter.name, directory)
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is inspect.Parameter.empty and parameter.name != "self"
    }
    emulator = Emulator()
    with httpx.Client(transport=emulator.transport()) as http_client:
        client = ReplayClient(api_key="a", app_key="b", site="us1", http_client=http_client)
        with suppress(NotFoundError):
            result = getattr(getattr(client, group), name)(**required)
            if isinstance(result, Iterable):
                list(result)
    return emulator.requests[0].operation if emulator.requests else None


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str | None]:
    """The operation that each method of the client asks for."""
    return {
        (group, name): operation_sent_by(group, name, tmp_path_factory.mktemp("segments")) for group, name in METHODS
    }


# ---- The parts of the project ---------------------------------------------------------------------------------------


@each_operation
def test_the_client_has_a_method_for_the_operation(name: str, sent: dict[tuple[str, str], str | None]) -> None:
    assert name in sent.values(), (
        f"add a function for {name} to wrapper/rum_replay/_calls, a method that calls it to wrapper/rum_replay/_async, "
        "and run scripts/unasync"
    )


def test_the_guide_lists_every_method_with_its_operation(sent: dict[tuple[str, str], str | None]) -> None:
    listed: dict[tuple[str, str], str | None] = {}
    group = ""
    rows = re.findall(r"^\| (?:`(\w+)`)? ?\| `(\w+)\(.*\| (\w+)[^|]*\|$", GUIDE, re.MULTILINE)
    for row_group, method, operation in rows:
        group = row_group or group
        listed[group, method] = None if operation == "none" else operation
    assert listed == sent, 'correct the table "The operations" in docs/client.md: one row for each method of the client'


@each_operation
def test_the_changelog_names_the_operation(name: str) -> None:
    assert re.search(rf"\b{name}\b", CHANGELOG), (
        f"add {name} to CHANGELOG.md, under the version that brings it, to the operations of its area"
    )


@each_operation
def test_the_emulator_answers_the_operation_as_the_contract_says(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    parameters = [
        CONTRACT["components"]["parameters"][row["$ref"].rpartition("/")[2]] if "$ref" in row else row
        for row in operation.get("parameters", ())
    ]
    query = {row["name"]: "1" for row in parameters if row["in"] == "query" and row.get("required")}
    body = schema_in(operation.get("requestBody"))
    assumed = Assumptions(unknown_event_cursor_is_400=False, timezone_with_offset_is_400=False)
    transport = Emulator(assumptions=assumed).transport()
    with httpx.Client(transport=transport, base_url="https://emulator.example", headers=KEYS) as client:
        try:
            answer = client.request(
                method,
                re.sub(r"\{\w+\}", "1", path),
                params=query,
                json=None if body is None else Factory().wire(body),
            )
        except KeyError:
            pytest.fail(f"add a handler for {name} to the module of its area in pytest_replay/rum_replay_emulator")
    assert str(answer.status_code) in operation["responses"], answer.text
    assert answer.is_success or answer.status_code == 404, answer.text


@pytest.mark.parametrize("name", [name for name in OPERATIONS if answer_schema(name) is not None])
def test_a_factory_and_a_strategy_make_what_the_operation_answers(
    name: str, sent: dict[tuple[str, str], str | None]
) -> None:
    # The last one: `sessions` searches for events too, and makes something else of them.
    method = next(method for method, operation in reversed(sent.items()) if operation == name)
    returned = typing.get_type_hints(METHODS[method])["return"]
    if not typing.get_args(returned) and issubclass(returned, Iterable):
        returned = typing.get_type_hints(returned.__iter__)["return"]
    (model,) = typing.get_args(returned) or (returned,)
    makers = [typing.get_type_hints(maker)["return"] for key, maker in vars(Factory).items() if not key.startswith("_")]
    assert model in makers, (
        f"add a method that makes a {model.__name__} to Factory in pytest_replay/pytest_rum_replay/factories.py, "
        "and the model with its schema to the table in pytest_rum_replay/contract/modelling.py"
    )
    assert type(Factory().model(model)) is model
    assert isinstance(strategies.model(model), SearchStrategy)


# ---- What clients may write -----------------------------------------------------------------------------------------


def attributes_of(name: str | None) -> dict[str, Any]:
    """The schema of the attributes of the resource that a body is."""
    schemas = CONTRACT["components"]["schemas"]
    data = schemas.get(name or "", {}).get("properties", {}).get("data", {}).get("$ref", "").rpartition("/")[2]
    attributes = schemas.get(data, {}).get("properties", {}).get("attributes", {}).get("$ref", "").rpartition("/")[2]
    found: dict[str, Any] = schemas.get(attributes, {})
    return found


def values_for(schema: dict[str, Any]) -> dict[str, Any]:
    """A value for each attribute that clients may write."""
    kinds: dict[str, Any] = {"string": "a text", "integer": 7, "boolean": True, "number": 1.5}
    return {
        name: "2026-07-01T12:00:00Z" if stated.get("format") == "date-time" else kinds[stated["type"]]
        for name, stated in schema["properties"].items()
        if not stated.get("readOnly") and name not in schema.get("x-rum-replay-set-by-server", ()) and "type" in stated
    }


@pytest.mark.parametrize(
    "name", [name for name in OPERATIONS if attributes_of(schema_in(OPERATIONS[name][2].get("requestBody")))]
)
def test_what_clients_may_write_is_taken_sent_stored_and_returned(name: str) -> None:
    _, path, operation = OPERATIONS[name]
    written = values_for(attributes_of(schema_in(operation["requestBody"])))
    emulator = Emulator()
    with httpx.Client(transport=emulator.transport()) as http_client:
        client = ReplayClient(api_key="a", app_key="b", site="us1", http_client=http_client)
        existing = {"playlist_id": client.playlists.create("old").id, "session_id": "s"}
        taken = attributes_of("SnapshotCreateRequest")
        existing["snapshot_id"] = client.heatmaps.create(**values_for(taken)).id
        group, _, method = operation["x-rum-replay-method"].partition(".")
        given = {**written, "start": 9} if "start" in written else written
        given = {key: datetime.fromisoformat(value) if key == "timestamp" else value for key, value in given.items()}
        ids = [existing[each] for each in re.findall(r"\{(\w+)\}", path)]
        made = getattr(getattr(client, group), method)(*ids, **given)
    attributes = made.to_dict()["attributes"]
    sent = emulator.requests[-1].json()["data"]["attributes"]
    for key in written:
        assert getattr(made, key) == given[key], key
        assert key in sent
        assert key in attributes


def test_every_operation_names_its_method(sent: dict[tuple[str, str], str | None]) -> None:
    for name, (_, _, operation) in OPERATIONS.items():
        group, _, method = operation["x-rum-replay-method"].partition(".")
        assert sent[group, method] == name, f"correct x-rum-replay-method of {name} in openapi.yaml"
