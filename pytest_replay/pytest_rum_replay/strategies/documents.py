"""Documents of a schema: JSON Schema compiled to strategies.

Only the keywords used by the contract are supported: `$ref`, `type` with one value, `enum`, `format`, `minimum`,
`maximum`, `properties`, `required`, `additionalProperties`, `items` and `anyOf`. A schema with another restricting
keyword is refused instead of being followed in part.
"""

from functools import cache
from typing import Any, Literal

from hypothesis import strategies as st
from rum_replay_emulator.contract import integer_bounds

from pytest_rum_replay.contract import schemas
from pytest_rum_replay.contract.schemas import Schema
from pytest_rum_replay.strategies import values
from pytest_rum_replay.strategies.values import Strategy

__all__ = ["UNLISTED_VALUES", "Manner", "documents", "wire"]

Manner = Literal["ordinary", "nasty answer", "nasty request"]
"""How unusual the valid documents are. Answers may also contain unlisted enumeration values, and null for optional
fields; requests may not, since they are checked strictly against the schema."""

_KEYWORDS_OF_VALUES = {"$ref", "anyOf", "enum", "format", "maximum", "minimum", "type"}
_KEYWORDS_OF_CONTAINERS = {"additionalProperties", "items", "properties", "required"}
_WITHOUT_EFFECT = {"description", "examples", "readOnly", "title"}
UNLISTED_VALUES = ["of_tomorrow", "", "RUM_REPLAY_PLAYLIST", "ünbekannt\0", "\U0001f3ac"]


def wire(schema: str, *, nasty: bool = False) -> Strategy:
    """Documents of the named schema of the contract, such as `PlaylistArray`, as Python's `json` decodes them.

    With `nasty` they are still valid, but contain everything that readers must handle: unknown fields, unlisted
    enumeration values, null for optional fields, any Unicode, and numbers and times from the ends of their ranges.

    Raises ValueError, with a suggestion, for an unknown schema.
    """
    return _named(schema, "nasty answer" if nasty else "ordinary")


@cache
def _named(name: str, manner: Manner) -> Strategy:
    return documents(schemas.schema(name), manner)


def documents(schema: Schema, manner: Manner) -> Strategy:
    """Documents of any schema of the contract. Raises NotImplementedError for an unsupported keyword."""
    keywords = {keyword for keyword in schema if not keyword.startswith("x-")}
    unknown = keywords - _KEYWORDS_OF_VALUES - _KEYWORDS_OF_CONTAINERS - _WITHOUT_EFFECT
    if unknown:
        raise NotImplementedError(f"strategies do not support the keywords {sorted(unknown)} of {schema}")
    if "$ref" in schema:
        return _named(schema["$ref"].rpartition("/")[2], manner)
    if "anyOf" in schema:
        return st.one_of(*(documents(each, manner) for each in schema["anyOf"]))
    if "enum" in schema:
        return st.sampled_from(schema["enum"] + (UNLISTED_VALUES if manner == "nasty answer" else []))
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
            raise NotImplementedError(f"strategies do not support the type {other!r}")


def _strings(schema: Schema, manner: Manner) -> Strategy:
    match schema.get("format"):
        case "date-time":
            if manner == "nasty request":
                # The server may support more of the calendar than Python, which must read answers.
                return values.nasty_times | values.leap_seconds
            return values.times if manner == "ordinary" else values.nasty_times
        case "rum-query":
            return values.QUERIES
        case "rum-time":
            return values.SEARCH_TIMES
        case None:
            return values.TEXTS if manner == "ordinary" else values.nasty_texts
        case other:
            raise NotImplementedError(f"strategies do not support the format {other!r}")


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
        # Now, because Hypothesis builds its Unicode table on first use, which takes too long for a single draw.
        unknown.validate()
    count = len(optional)
    # One choice decides which fields are present: Hypothesis's work grows with the number of choices, and one per field
    # would be most of it. If the first two bits are both set there are unknown fields, so that most objects remain
    # readable; then follows a bit for each optional field, and in nasty answers two more for each, which make it null.
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
