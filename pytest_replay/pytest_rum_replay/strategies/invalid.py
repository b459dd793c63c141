"""Documents with exactly one error, labeled with its kind and path."""

import copy
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, Literal

from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from rum_replay_emulator.contract import integer_bounds

from pytest_rum_replay.contract import schemas
from pytest_rum_replay.contract.schemas import Schema
from pytest_rum_replay.strategies import values
from pytest_rum_replay.strategies.documents import documents
from pytest_rum_replay.strategies.values import Strategy

__all__ = [
    "EXAMPLES_OF_TYPES",
    "HALF_PAIRS",
    "INVALID_TIMES",
    "Flaws",
    "Invalid",
    "Problem",
    "flawed",
    "invalid",
    "request_flaws",
    "unreadable",
]

Problem = Literal[
    "missing",
    "wrong type",
    "out of range",
    "bad format",
    "unlisted value",
    "not JSON",
    "half a surrogate pair",
    "leap second",
    "year 0",
    "whole number with a point",
]
"""`unlisted value` is a problem in requests only. The last four are those of `unreadable`."""


@frozen
class Invalid:
    """A document, and its one error."""

    document: Any
    place: str
    """The field's path, such as `data.attributes.name` or `data.0.id`; `body` for the whole document."""

    problem: Problem


Flaws = Callable[[Schema, bool], Iterable[tuple[Problem, Strategy]]]
"""Returns the possible errors of a schema's values. The flag is True for an optional value, for which null is valid in
an answer."""

EXAMPLES_OF_TYPES: dict[str, list[Any]] = {
    "null": [None],
    "string": ["", "5", "true"],
    "integer": [0, 5, -(10**25)],
    "number": [1.5, 1e300],
    "boolean": [False, True],
    "array": [[], ["x"]],
    "object": [{}, {"id": "x"}],
}
INVALID_TIMES = [
    "",
    "yesterday",
    "2026-07-01",
    "2026-07-01T12:00:00",
    "2026-07-01 12:00:00Z",
    "2026-02-30T12:00:00Z",
    "2026-13-01T12:00:00Z",
    "2026-07-01T24:00:00Z",
    "2026-07-01T12:00:00+0200",
    "1782907200000",
]
HALF_PAIRS = ["\ud83d", "cut off \ud83d", "\udc00\ud800", "\udfffx"]


def invalid(schema: str) -> SearchStrategy[Invalid]:
    """Documents that are not valid answers: a missing field, a wrong type, a number out of range, a bad format.

    They never include documents of `wire` with `nasty`. For an enumeration they are values of other types only, since
    every text is valid. Raises ValueError, with a suggestion, for an unknown schema.
    """
    return _labeled(schema, answer_flaws)


def unreadable(schema: str) -> SearchStrategy[Invalid]:
    """Documents that standards allow but Python cannot represent.

    These are halves of surrogate pairs, which JSON's escapes can express (`json.dumps` writes them, UTF-8 cannot); the
    client reads U+FFFD in their place. It refuses the others with an error: leap seconds and the year 0, which Python's
    calendar lacks, and integers written as `5.0`. Raises ValueError for schemas without any text or number.
    """
    return _labeled(schema, _unreadable_flaws)


@cache
def _labeled(name: str, flaws: Flaws) -> SearchStrategy[Invalid]:
    alternatives = list(flawed(schemas.schema(name), flaws))
    if not alternatives:
        raise ValueError(f"documents of the schema {name!r} cannot have an error of this kind")
    return st.one_of(alternatives)


def flawed(schema: Schema, flaws: Flaws, *, optional: bool = False) -> Iterator[SearchStrategy[Invalid]]:
    """One strategy for each path in a schema and each problem there."""
    # With anyOf, only a value that fits none of the alternatives is certainly wrong.
    schema = schemas.resolved(schema)
    for problem, wrong in flaws(schema, optional):
        yield st.builds(Invalid, wrong, st.just("body"), st.just(problem))
    if "properties" in schema:
        required = schema.get("required", ())
        for name, inner in schema["properties"].items():
            others = documents(_without(schema, name), "ordinary")
            if name in required and flaws is not _unreadable_flaws:
                yield st.builds(Invalid, others, st.just(name), st.just("missing"))
            for flaw in flawed(inner, flaws, optional=name not in required):
                yield st.builds(_with_field, others, st.just(name), flaw)
    if "items" in schema:
        items = st.lists(documents(schema["items"], "ordinary"), max_size=2)
        for flaw in flawed(schema["items"], flaws):
            yield st.builds(_with_item, items, items, flaw)


def answer_flaws(schema: Schema, optional: bool) -> Iterator[tuple[Problem, Strategy]]:
    """Values that no answer may contain."""
    types = {resolved["type"] for resolved in map(schemas.resolved, schema.get("anyOf", [schema]))}
    legal = types | ({"integer"} if "number" in types else set[str]()) | ({"null"} if optional else set[str]())
    wrong = [value for name, examples in EXAMPLES_OF_TYPES.items() if name not in legal for value in examples]
    # A copy, since the test may change the value.
    yield "wrong type", st.sampled_from(wrong).map(copy.deepcopy)
    if "integer" in types:
        least, most = integer_bounds(schema)
        yield "out of range", st.integers(max_value=least - 1) | st.integers(min_value=most + 1)
    if schema.get("format") == "date-time":
        yield "bad format", st.sampled_from(INVALID_TIMES)


def request_flaws(schema: Schema, optional: bool) -> Iterator[tuple[Problem, Strategy]]:  # noqa: ARG001
    """Values that no request may contain: null is never valid, and enumeration values must be listed ones."""
    yield from answer_flaws(schema, False)
    if "enum" in schema:
        listed = schema["enum"]
        like = [f"{value}s" for value in listed] + [value.upper() for value in listed] + ["", "unknown"]
        yield "unlisted value", st.sampled_from([text for text in like if text not in listed])


def _unreadable_flaws(schema: Schema, optional: bool) -> Iterator[tuple[Problem, Strategy]]:  # noqa: ARG001
    match schema.get("type"), schema.get("format"):
        case _ if "enum" in schema:
            pass
        case "string", None | "rum-query" | "rum-time":
            yield "half a surrogate pair", st.sampled_from(HALF_PAIRS)
        case "string", "date-time":
            yield "leap second", values.leap_seconds
            yield "year 0", st.just("0000-01-01T00:00:00Z")
        case "integer", _:
            yield "whole number with a point", st.integers(0, 2**31 - 1).map(float)
        case _:
            pass


def _without(schema: Schema, name: str) -> Schema:
    others = {key: inner for key, inner in schema["properties"].items() if key != name}
    return {**schema, "properties": others, "required": [key for key in schema.get("required", ()) if key != name]}


def _with_field(whole: dict[str, Any], name: str, flaw: Invalid) -> Invalid:
    return evolve(flaw, document={**whole, name: flaw.document}, place=_joined(name, flaw.place))


def _with_item(before: list[Any], after: list[Any], flaw: Invalid) -> Invalid:
    place = _joined(str(len(before)), flaw.place)
    return evolve(flaw, document=[*before, flaw.document, *after], place=place)


def _joined(step: str, place: str) -> str:
    return step if place == "body" else f"{step}.{place}"
