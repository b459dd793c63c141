"""How the facts of two schemas of the same type differ: formats, values, bounds and flags, without what is inside."""

from __future__ import annotations

from collections.abc import Iterator

from .model import Schema

__all__ = ["fact_differences", "summary", "type_name"]

_WIDTHS = {"int32": 32, "int64": 64}
_TIMES = {"date-time", "date"}
# The larger these are, the less is allowed; of the others, the smaller.
_LOWER_BOUNDS = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
_UPPER_BOUNDS = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}


def fact_differences(our: Schema, their: Schema, *, is_optional: bool) -> Iterator[tuple[str, str]]:
    """Kind and words of each difference; `is_optional` says that null means the same as absent."""
    yield from _flags(our, their, is_optional=is_optional)
    yield from _formats(our, their)
    yield from _bounds(our, their)
    yield from _values(our, their)
    if our.default is not None and their.default is not None and our.default != their.default:
        kind = "default-changed" if our.default else "default-stated"
        yield kind, f"default {our.default or 'none'} → {their.default or 'none'}"


def _flags(our: Schema, their: Schema, *, is_optional: bool) -> Iterator[tuple[str, str]]:
    null_allowed = "null-allowed" if is_optional else "null-allowed-required"
    for before, after, kind, what in (
        (our.nullable, their.nullable, null_allowed, "may be null"),
        (their.nullable, our.nullable, "null-forbidden", "may no longer be null"),
        (our.read_only, their.read_only, "became-read-only", "read-only"),
        (their.read_only, our.read_only, "became-writable", "no longer read-only"),
        (our.write_only, their.write_only, "became-write-only", "write-only"),
        (our.deprecated, their.deprecated, "deprecated", "deprecated"),
        (their.deprecated, our.deprecated, "no-longer-deprecated", "no longer deprecated"),
        (our.closed, their.closed, "became-closed", "unknown properties are no longer allowed"),
        (their.closed, our.closed, "became-open", "unknown properties are allowed"),
    ):
        if before is False and after:
            yield kind, what


def _formats(our: Schema, their: Schema) -> Iterator[tuple[str, str]]:
    if our.format is not None and their.format is not None and our.format != their.format:
        kind = _format_change(our.type or "", our.format, their.format)
        yield kind, f"type {type_name(our)} → {type_name(their)}"


def _format_change(type_name: str, ours: str, theirs: str) -> str:
    if type_name == "integer":
        before, after = _WIDTHS.get(ours, 64), _WIDTHS.get(theirs, 64)
        return "format-dropped" if before == after else "integer-wider" if after > before else "integer-narrower"
    subject = "time" if {ours, theirs} & _TIMES else "format"
    return f"{subject}-stated" if not ours else f"{subject}-dropped" if not theirs else f"{subject}-changed"


def _bounds(our: Schema, their: Schema) -> Iterator[tuple[str, str]]:
    if our.bounds is None or their.bounds is None:
        return
    for word in dict.fromkeys((*our.bounds, *their.bounds)):
        before, after = our.bounds.get(word, ""), their.bounds.get(word, "")
        if before != after and _number(before) != _number(after):
            kind = "bound-tightened" if _is_tighter(word, before, after) else "bound-loosened"
            yield kind, f"{word} {before or 'none'} → {after or 'none'}"


def _is_tighter(word: str, before: str, after: str) -> bool:
    if not before or not after:
        return bool(after)
    old, new = _number(before), _number(after)
    if word in _LOWER_BOUNDS | _UPPER_BOUNDS and isinstance(old, float) and isinstance(new, float):
        return (new > old) == (word in _LOWER_BOUNDS)
    return True  # such as another pattern, which refuses what the old one accepted


def _number(text: str) -> float | str:
    """The value of a bound, so that 1000 and 1e3 are the same; the text of a pattern."""
    try:
        return float(text)
    except ValueError:
        return text


def _values(our: Schema, their: Schema) -> Iterator[tuple[str, str]]:
    if our.enum is None or their.enum is None or set(our.enum) == set(their.enum):
        return
    if not our.enum:
        yield "values-limited", f"any value → one of {', '.join(their.enum)}"
    elif not their.enum:
        yield "values-unlimited", f"one of {', '.join(our.enum)} → any value"
    else:
        yield from (("value-added", f"value {value}") for value in their.enum if value not in our.enum)
        yield from (("value-removed", f"value {value}") for value in our.enum if value not in their.enum)


def type_name(schema: Schema) -> str:
    """In words, such as `array of string`."""
    if schema.type == "array" and schema.items is not None:
        return f"array of {type_name(schema.items)}"
    name = schema.type or ("anything" if schema.type == "" else "of unknown type")
    return f"{name} ({schema.format})" if schema.format else name


def summary(schema: Schema, required: bool | None) -> str:
    flag = "" if required is None else ", required" if required else ", optional"
    return f"{type_name(schema)}{flag}"
