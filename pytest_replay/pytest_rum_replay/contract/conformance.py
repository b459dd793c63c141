"""Answers checked against the API's contract, whether they were recorded, replayed or emulated.

What the contract leaves open is not a mismatch: unknown fields, null for optional fields, unknown enumeration values
and bodies of unspecified types. Nor is what its description says in general: JSON may come in any `+json` type, errors
may have any of their forms, no body or a proxy's page, and 5xx answers may have any form.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import msgspec
from attrs import frozen
from rum_replay_emulator.contract import Operation, contract

__all__ = ["Mismatch", "check", "listed", "operation_of"]

_MAX_VALUE_LENGTH = 80
_MAX_LINES = 30
_JSON = re.compile(r"application/json|[\w.!#$&^+-]+/[\w.!#$&^+-]+\+json", re.ASCII)
_decode = msgspec.json.Decoder().decode


@frozen
class Mismatch:
    """One way in which an answer does not conform to the contract."""

    operation: str
    """The operationId and the answer's status, such as `GetRumReplayPlaylist 200`."""

    place: str
    """A JSON pointer into the body, such as `/data/0/type`; or `status`, `content-type` or `body`."""

    value: str
    """The value there, or the object that lacks a field: shortened, without the environment's credentials."""

    problem: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.place} {self.problem}; there is {self.value}"


def operation_of(method: str, url: str) -> Operation | None:
    """The operation of a request; None if the contract does not have it.

    A base URL may include a path: everything before `/api/` is ignored.
    """
    path = urlsplit(url).path
    return contract().route(method.upper(), path[max(path.find("/api/"), 0) :])[0]


def check(method: str, url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> list[Mismatch]:
    """The ways in which an answer does not conform to the contract; empty for a request of no known operation.

    The names of `headers` are in any case; `body` is decompressed.
    """
    operation = operation_of(method, url)
    if operation is None or status >= 500:
        return []
    return list(_mismatches(operation, status, headers, body))


def _mismatches(
    operation: Operation, status: int, headers: Iterable[tuple[str, str]], body: bytes
) -> Iterator[Mismatch]:
    def mismatch(place: str, value: Any, problem: str) -> Mismatch:
        return Mismatch(f"{operation.id} {status}", place, _shown(value), problem)

    documented = operation.answers.get(status)
    if documented is None:
        yield mismatch("status", status, f"must be {_alternatives(map(str, sorted(operation.answers)))}, or 5xx")
    elif not documented:
        if body:
            yield mismatch("body", body, "must be empty")
    elif None not in documented.values() and (body or status < 400):
        stated = next((value for name, value in headers if name.lower() == "content-type"), "")
        media_type = stated.partition(";")[0].strip().lower()
        schemas = [validator for name, validator in documented.items() if is_json(name)]
        if schemas and is_json(media_type):
            try:
                document = _decode(body)
            except (ValueError, RecursionError) as error:
                yield mismatch("body", body, f"must be JSON ({error})")
            else:
                # The forms of errors are mixed: one may come in the media type that is documented for another.
                yield from min((list(_document_mismatches(mismatch, each, document)) for each in schemas), key=len)
        elif media_type not in documented:
            yield mismatch("content-type", stated, f"must be {_alternatives(documented)}")


def _document_mismatches(
    mismatch: Callable[[str, Any, str], Mismatch], validator: jsonschema_rs.Validator | None, document: Any
) -> Iterator[Mismatch]:
    for error in () if validator is None else _errors(validator, document):
        place = "".join(f"/{_escaped(str(step))}" for step in error.instance_path)
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
            yield mismatch(f"{place}/{_escaped(error.kind.property)}", error.instance, "is required")
        # Of an enumeration only the type is binding, and the schema states that as well.
        elif not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Enum):
            yield mismatch(place or "body", error.instance, error.message.removeprefix("the value "))


def _errors(validator: jsonschema_rs.Validator, document: Any) -> list[jsonschema_rs.ValidationError]:
    """The errors, except for optional fields that are null: the client treats null like an absent field."""
    errors = list(validator.iter_errors(document))
    nulls = [error.instance_path for error in errors if error.instance is None and error.instance_path]
    if not nulls:
        return errors
    before: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for *parents, last in nulls:
        container: Any = document
        for step in parents:
            container = container[step]
        if isinstance(last, str) and last in container:
            before.append((container, dict(container)))
            del container[last]
    required = [
        [*error.instance_path, error.kind.property]
        for error in validator.iter_errors(document)
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required)
    ]
    for container, fields in reversed(before):  # errors of jsonschema-rs 0.61 and later refer to the document's objects
        container.clear()
        container.update(fields)
    return [error for error in errors if error.instance is not None or _is_required(error.instance_path, required)]


def _is_required(place: list[str | int], required: list[list[str | int]]) -> bool:
    return not place or isinstance(place[-1], int) or place in required


def is_json(media_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON, as application/vnd.api+json is."""
    return bool(_JSON.fullmatch(media_type))


def listed(heading: str, mismatches: Sequence[Mismatch]) -> str:
    """The mismatches under a heading; a long list is truncated."""
    lines = list(dict.fromkeys(map(str, mismatches)))
    more = len(lines) - _MAX_LINES
    return "\n".join(
        [f"{heading}:", *(f"  {line}" for line in lines[:_MAX_LINES])] + [f"  … and {more} more"] * (more > 0)
    )


def _alternatives(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    """A value for display: as JSON, shortened, and without the environment's credentials."""
    from pytest_rum_replay.secrecy.messages import without_credentials

    text = without_credentials(repr(value) if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False))
    return text if len(text) <= _MAX_VALUE_LENGTH else f"{text[: _MAX_VALUE_LENGTH - 1]}…"
