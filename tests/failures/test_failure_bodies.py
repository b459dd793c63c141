"""Answers that are JSON but differ from what is documented, made from the emulator's real answers."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from failure_bench import FACES, Bench, Outcome, check, fine
from failure_faults import Expected
from failure_fields import FIELDS, Field, Path, resource_schema
from failure_operations import OPERATIONS, Operation
from pytest_rum_replay.factories import Factory
from rum_replay import UnexpectedResponseError

both_faces = pytest.mark.parametrize("face", ["sync", "async"])

WITH_JSON = [operation for operation in OPERATIONS if operation.name in FIELDS]
WITHOUT_JSON = [operation for operation in OPERATIONS if operation.answer != "JSON"]
PLACES = [
    pytest.param(operation, field, id=f"{operation}-{field}")
    for operation in WITH_JSON
    for field in FIELDS[operation.name]
]

FUTURE: dict[str, Any] = {"shape": "unknown", "since": [2027]}


def real_document(operation: Operation) -> Any:
    """The emulator's answer, completed by fields of the contract that were in no request."""
    document = json.loads(fine(operation).first_body)
    if schema := resource_schema(operation):
        attributes = Factory().wire(schema)["attributes"]
        resource_of(document)["attributes"] = merged(attributes, resource_of(document)["attributes"])
    return document


def merged(made: dict[str, Any], real: dict[str, Any]) -> dict[str, Any]:
    both = {name for name, value in made.items() if isinstance(value, dict) and isinstance(real.get(name), dict)}
    return {**made, **real, **{name: merged(made[name], real[name]) for name in both - {"session_event"}}}


def resource_of(document: Any) -> dict[str, Any]:
    """The first, or the only one."""
    data = document["data"]
    resource: dict[str, Any] = data[0] if isinstance(data, list) else data
    return resource


def parent_of(document: Any, path: Path) -> dict[str, Any]:
    """The object that contains the field, which must be there for the test to prove anything."""
    place = resource_of(document)
    for key in path[:-1]:
        place = place[key]
    assert path[-1] in place
    return place


def run(operation: Operation, face: str, document: Any) -> tuple[Bench, Outcome, bytes]:
    """Run the operation, with this document as its first answer."""
    bench = Bench()
    body = json.dumps(document).encode()
    bench.emulator.faults.add(
        operation=operation.operation_id, status=200, body=body, applied=operation.method != "GET"
    )
    return bench, FACES[face](bench, operation), body


def check_refused(operation: Operation, face: str, document: Any) -> None:
    bench, outcome, body = run(operation, face, document)
    check(operation, Expected(error=UnexpectedResponseError, sends=1), outcome, bench, {"status": 200, "body": body})


def check_accepted(operation: Operation, face: str, document: Any) -> Any:
    """Check everything around the first model and return it."""
    bench, outcome, _ = run(operation, face, document)
    assert outcome.error is None
    check(operation, Expected(value=outcome.value, sends=operation.requests_on_success), outcome, bench)
    (model,) = outcome.value if isinstance(outcome.value, list) else [outcome.value]
    assert model.to_dict() == resource_of(document)
    return model


def value_at(model: Any, path: Path) -> Any:
    for name in path:
        if name != "attributes":
            model = getattr(model, name)
    return model


def paths_in(resource: dict[str, Any], above: Path = ()) -> Iterator[Path]:
    for key, value in resource.items():
        if key != "attributes":
            yield (*above, key)
        if key in ("attributes", "created_by") and isinstance(value, dict):
            yield from paths_in(value, (*above, key))


@pytest.mark.parametrize("operation", WITH_JSON, ids=str)
def test_the_table_has_every_field(operation: Operation) -> None:
    paths = set(paths_in(resource_of(real_document(operation))))
    assert paths == {field.path for field in FIELDS[operation.name]}


@both_faces
@pytest.mark.parametrize(("operation", "field"), PLACES)
def test_field_is_missing(operation: Operation, field: Field, face: str) -> None:
    document = real_document(operation)
    del parent_of(document, field.path)[field.path[-1]]
    if field.is_required:
        check_refused(operation, face, document)
    else:
        assert value_at(check_accepted(operation, face, document), field.path) is None


@both_faces
@pytest.mark.parametrize(("operation", "field"), PLACES)
def test_field_is_null(operation: Operation, field: Field, face: str) -> None:
    document = real_document(operation)
    parent_of(document, field.path)[field.path[-1]] = None
    if field.is_required:
        check_refused(operation, face, document)
    else:
        assert value_at(check_accepted(operation, face, document), field.path) is None


@both_faces
@pytest.mark.parametrize(("operation", "field"), PLACES)
def test_field_has_the_wrong_type(operation: Operation, field: Field, face: str) -> None:
    document = real_document(operation)
    parent_of(document, field.path)[field.path[-1]] = field.wrong
    check_refused(operation, face, document)


ENUMS = ("type", "device_type", "data_source", "track")
"""Fields with values that Datadog documents, all or some."""

ENUM_PLACES = [cell for cell in PLACES if cell.values[1].path[-1] in ENUMS]  # type: ignore[union-attr]


@both_faces
@pytest.mark.parametrize(("operation", "field"), ENUM_PLACES)
def test_unknown_enum_value_is_kept(operation: Operation, field: Field, face: str) -> None:
    document = real_document(operation)
    parent_of(document, field.path)[field.path[-1]] = "of_the_future"
    assert value_at(check_accepted(operation, face, document), field.path) == "of_the_future"


@both_faces
@pytest.mark.parametrize("place", ["document", "resource", "attributes", "resource and attributes"])
@pytest.mark.parametrize("operation", WITH_JSON, ids=str)
def test_unknown_field_is_kept(operation: Operation, place: str, face: str) -> None:
    document = real_document(operation)
    expected_extra: dict[str, Any] = {}
    if place == "document":
        document["of_the_future"] = FUTURE
    if "resource" in place:
        resource_of(document)["links"] = expected_extra["links"] = FUTURE
    if "attributes" in place:
        resource_of(document)["attributes"]["of_the_future"] = expected_extra["of_the_future"] = FUTURE
    assert check_accepted(operation, face, document).extra == expected_extra


@both_faces
@pytest.mark.parametrize(
    "operation",
    [
        each
        for each in WITH_JSON
        if ("attributes", "created_by", "handle") in {field.path for field in FIELDS[each.name]}
    ],
    ids=str,
)
def test_unknown_field_of_a_creator_is_kept(operation: Operation, face: str) -> None:
    document = real_document(operation)
    resource_of(document)["attributes"]["created_by"]["of_the_future"] = FUTURE
    model = check_accepted(operation, face, document)
    assert model.created_by.extra == {"of_the_future": FUTURE}
    assert model.extra == {}


def _replaced(value: Any) -> Callable[[Any], Any]:
    return lambda _: value


def _with_data(value: Any) -> Callable[[Any], Any]:
    return lambda document: {**document, "data": value}


def _one_instead_of_many_or_many_instead_of_one(document: Any) -> Any:
    data = document["data"]
    return {"data": data[0] if isinstance(data, list) else [data]}


def _with_attributes(value: Any) -> Callable[[Any], Any]:
    def change(document: Any) -> Any:
        changed = copy.deepcopy(document)
        resource_of(changed)["attributes"] = value
        return changed

    return change


ENVELOPES: dict[str, Callable[[Any], Any]] = {
    "document_is_null": _replaced(None),
    "document_is_a_list": lambda document: [document],
    "document_is_a_string": _replaced("data"),
    "document_is_an_error": _replaced({"errors": ["Forbidden"]}),
    "data_is_missing": _replaced({}),
    "data_is_null": _with_data(None),
    "data_is_a_number": _with_data(7),
    "data_is_one_instead_of_many_or_many_instead_of_one": _one_instead_of_many_or_many_instead_of_one,
    "resource_is_a_string": lambda document: {"data": ["7"] if isinstance(document["data"], list) else "7"},
    "resource_is_null": lambda document: {"data": [None] if isinstance(document["data"], list) else None},
    "resource_is_empty": lambda document: {"data": [{}] if isinstance(document["data"], list) else {}},
    "attributes_are_a_string": _with_attributes("none"),
    "attributes_are_a_list": _with_attributes(["name"]),
    "attributes_are_a_number": _with_attributes(7),
}


@both_faces
@pytest.mark.parametrize("envelope", ENVELOPES)
@pytest.mark.parametrize("operation", WITH_JSON, ids=str)
def test_envelope_is_wrong(operation: Operation, envelope: str, face: str) -> None:
    check_refused(operation, face, ENVELOPES[envelope](real_document(operation)))


IGNORED_DOCUMENTS = {
    "unknown_enum": {"data": {"id": "1", "type": "of_the_future"}},
    "unknown_field": {"data": {"id": "1", "type": "rum_replay_playlist", "of_the_future": FUTURE}},
    "missing_required_field": {"data": {"id": "1"}},
    "null": {"data": {"id": None, "type": None, "attributes": None}},
    "wrong_type": {"data": {"id": 7, "type": [], "attributes": "none"}},
}


@both_faces
@pytest.mark.parametrize("document", IGNORED_DOCUMENTS.values(), ids=list(IGNORED_DOCUMENTS))
@pytest.mark.parametrize("operation", WITHOUT_JSON, ids=str)
def test_json_that_is_not_read(operation: Operation, document: Any, face: str) -> None:
    """The status of a delete is enough; segments may be any bytes."""
    bench, outcome, body = run(operation, face, document)
    check(operation, Expected(value=[body] if operation.answer == "bytes" else None, sends=1), outcome, bench)
