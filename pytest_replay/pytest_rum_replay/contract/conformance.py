"""Answers checked against the API's contract, whether they were recorded, replayed or emulated.

What the contract leaves open is no mismatch: unknown fields, null for what may be absent, unknown values of
enumerations, bodies whose type it does not know, and what its description says of errors in general: they may have no
body, or a page made by a proxy, and 5xx statuses occur in any shape.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs
import msgspec
from attrs import frozen
from rum_replay_emulator.contract import Operation, contract

__all__ = ["Mismatch", "check", "listed", "operation_of"]

_LONGEST_VALUE = 80
_MOST_LINES = 30
_REDACTED = "[redacted]"
_decode = msgspec.json.Decoder().decode


@frozen
class Mismatch:
    """One thing in an answer that does not fit the contract."""

    operation: str
    """The operationId and the answer's status, such as `GetRumReplayPlaylist 200`."""

    place: str
    """Where: a JSON pointer into the body, such as `/data/0/type`; or `status`, `content-type` or `body`."""

    value: str
    """What stands there (or, where a field is missing, around it): shortened, without the environment's credentials."""

    problem: str

    def __str__(self) -> str:
        return f"{self.operation}: {self.place} {self.problem}; there is {self.value}"


def operation_of(method: str, url: str) -> Operation | None:
    """The operation that a request is for; None for one that the contract does not know.

    A base URL may have a path of its own: what counts begins at `/api/`.
    """
    path = urlsplit(url).path
    return contract().route(method.upper(), path[max(path.find("/api/"), 0) :])[0]


def check(method: str, url: str, status: int, headers: Iterable[tuple[str, str]], body: bytes) -> list[Mismatch]:
    """What in an answer does not fit the contract; nothing for requests that are for no operation of it.

    `headers` have names in any case; `body` is decompressed.
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
        if media_type not in documented:
            if not (status >= 400 and media_type == "text/html"):
                yield mismatch("content-type", stated, f"must be {_alternatives(documented)}")
        elif media_type.endswith("json"):
            try:
                document = _decode(body)
            except (ValueError, RecursionError) as error:
                yield mismatch("body", body, f"must be JSON ({error})")
            else:
                yield from _document_mismatches(mismatch, documented[media_type], document)


def _document_mismatches(
    mismatch: Callable[[str, Any, str], Mismatch], validator: jsonschema_rs.Validator | None, document: Any
) -> Iterator[Mismatch]:
    for error in () if validator is None else _errors(validator, document):
        place = "".join(f"/{_escaped(str(step))}" for step in error.instance_path)
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required):
            yield mismatch(f"{place}/{_escaped(error.kind.property)}", error.instance, "is required")
        # Of an enumeration only the type binds, which its schema states as well.
        elif not isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Enum):
            yield mismatch(place or "body", error.instance, error.message.removeprefix("the value "))


def _errors(validator: jsonschema_rs.Validator, document: Any) -> list[jsonschema_rs.ValidationError]:
    """What is wrong, but for fields that are null and may be absent: the client takes one for the other."""
    errors = list(validator.iter_errors(document))
    nulls = [error.instance_path for error in errors if error.instance is None and error.instance_path]
    if not nulls:
        return errors
    for *way, last in nulls:
        holder: Any = document
        for step in way:
            holder = holder[step]
        if isinstance(last, str):
            holder.pop(last, None)
    missed = [
        [*error.instance_path, error.kind.property]
        for error in validator.iter_errors(document)
        if isinstance(error.kind, jsonschema_rs.ValidationErrorKind.Required)
    ]
    return [error for error in errors if error.instance is not None or _is_missed(error.instance_path, missed)]


def _is_missed(place: list[str | int], missed: list[list[str | int]]) -> bool:
    return not place or isinstance(place[-1], int) or place in missed


def listed(heading: str, mismatches: Sequence[Mismatch]) -> str:
    """All mismatches under a heading, the many of a long list cut short."""
    lines = list(dict.fromkeys(map(str, mismatches)))
    more = len(lines) - _MOST_LINES
    return "\n".join(
        [f"{heading}:", *(f"  {line}" for line in lines[:_MOST_LINES])] + [f"  … and {more} more"] * (more > 0)
    )


def _alternatives(names: Iterable[str]) -> str:
    *others, last = names
    return f"{', '.join(others)} or {last}" if others else last


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    """A value as people may see it: as JSON, shortened, and without the credentials of the environment."""
    from pytest_rum_replay.secrecy.redaction import environment_credentials

    text = repr(value) if isinstance(value, bytes) else json.dumps(value, ensure_ascii=False)
    for secret in environment_credentials(os.environ):
        text = text.replace(secret, _REDACTED)
    return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
