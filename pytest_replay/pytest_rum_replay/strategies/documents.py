"""Documents by their schema: JSON Schema compiled to strategies.

The contract uses few keywords, and this knows those: `$ref`, `type` with one value, `enum`, `format`, `minimum`,
`maximum`, `properties`, `required`, `additionalProperties`, `items` and `anyOf`. A schema with another keyword that
narrows documents is refused instead of being half obeyed.
"""

from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st
from rum_replay_emulator.contract import integer_bounds

from pytest_rum_replay.contract import schemas
from pytest_rum_replay.contract.schemas import Schema
from pytest_rum_replay.strategies import values
from pytest_rum_replay.strategies.values import Strategy

__all__ = ["Manner", "documents", "wire"]

Manner = Literal["ordinary", "nasty answer", "nasty request"]
"""How far documents go within what is legal. Answers may also hold unlisted values of enumerations, and null for what
is optional; a request may not, since it is checked against the schema to the letter."""

_KEYWORDS_OF_VALUES = {"$ref", "anyOf", "enum", "format", "maximum", "minimum", "type"}
_KEYWORDS_OF_CONTAINERS = {"additionalProperties", "items", "properties", "required"}
_WITHOUT_EFFECT = {"description", "examples", "readOnly", "title"}
_UNLISTED = ["of_tomorrow", "", "RUM_REPLAY_PLAYLIST", "ünbekannt\0", "\U0001f3ac"]


def wire(schema: str, *, nasty: bool = False) -> Strategy:
    """Documents of the contract's schema of that name, such as `PlaylistArray`, as Python's `json` would give them.

    With `nasty` they are still legal, and hold what readers must cope with: unknown fields, unlisted values of
    enumerations, null for what is optional, any Unicode, and numbers and times from the ends of their ranges.

    Raises ValueError, with a suggestion, for a name that is no schema.
    """
    return _named(schema, "nasty answer" if nasty else "ordinary")


@cache
def _named(name: str, manner: Manner) -> Strategy:
    return documents(schemas.schema(name), manner)


def documents(schema: Schema, manner: Manner) -> Strategy:
    """Documents of any schema of the contract. Raises NotImplementedError for a keyword that is not known here."""
    unknown = schema.keys() - _KEYWORDS_OF_VALUES - _KEYWORDS_OF_CONTAINERS - _WITHOUT_EFFECT
    if unknown:
        raise NotImplementedError(f"strategies do not know the keywords {sorted(unknown)} of {schema}")
    if "$ref" in schema:
        return _named(schema["$ref"].rpartition("/")[2], manner)
    if "anyOf" in schema:
        return st.one_of(*(documents(each, manner) for each in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"] + (_UNLISTED if manner == "nasty answer" else []))
    return _of_one_type(schema, manner)


def _of_one_type(schema: Schema, manner: Manner) -> Strategy:
    match schema["type"]:
        case "object":
            return _objects(schema, manner)
        case "array":
            return st.lists(documents(schema["items"], manner), max_size=3)
        case "string":
            return _strings(schema, manner)
        case "integer":
            make = values.integers if manner == "ordinary" else values.nasty_integers
            return make(*integer_bounds(schema))
        case "boolean":
            return st.booleans()
        case other:
            raise NotImplementedError(f"strategies do not know the type {other!r}")


def _strings(schema: Schema, manner: Manner) -> Strategy:
    match schema.get("format"):
        case "date-time":
            if manner == "nasty request":
                # The server may know more of the calendar than Python, which must read answers.
                return values.nasty_times | values.leap_seconds
            return values.times if manner == "ordinary" else values.nasty_times
        case None:
            return values.TEXTS if manner == "ordinary" else values.nasty_texts
        case other:
            raise NotImplementedError(f"strategies do not know the format {other!r}")


def _objects(schema: Schema, manner: Manner) -> Strategy:
    properties = schema.get("properties", {})
    compiled = {name: documents(inner, manner) for name, inner in properties.items()}
    required = {name: strategy for name, strategy in compiled.items() if name in schema.get("required", ())}
    optional = [(name, strategy) for name, strategy in compiled.items() if name not in required]
    free, nullable = bool(schema.get("additionalProperties")), manner == "nasty answer"
    if manner == "ordinary":
        unknown = st.dictionaries(values.TEXTS, values.json_values, max_size=3) if free else None
    else:
        unknown = st.dictionaries(values.unknown_names, values.nasty_json_values, min_size=not free, max_size=2)
        # Now, for in a fresh checkout Hypothesis first makes its table of Unicode, too long for a single draw.
        unknown.validate()
    count = len(optional)
    # One choice says what is there: Hypothesis works by the choice, and one for each field would be most of its work.
    # Two bits say that there are unknown fields, where both are set, so that people can read most objects; then comes
    # a bit for each optional field, and in nasty answers two more bits for each, which make it null.
    size = -(-(2 + count * (3 if nullable else 1)) // 8)
    masks = st.binary(min_size=size, max_size=size)

    @st.composite
    def objects(draw: st.DrawFn) -> dict[str, Any]:
        mask = int.from_bytes(draw(masks)) if optional or unknown is not None else 0
        present, null = mask >> 2, (mask >> 2 + count) & (mask >> 2 + 2 * count)
        document: dict[str, Any] = {}
        if unknown is not None and (free or mask & 3 == 3):
            document = {name: value for name, value in draw(unknown).items() if name not in compiled}
        for name, strategy in required.items():
            document[name] = draw(strategy)
        for position, (name, strategy) in enumerate(optional):
            if present >> position & 1:
                document[name] = None if nullable and null >> position & 1 else draw(strategy)
        return document

    return objects()
