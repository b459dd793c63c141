"""JSON scanned and edited in place, so that everything that is not replaced stays the same byte for byte.

Truncated and otherwise broken documents, and several in a row, are read as far as they make sense: scripted faults and
proxies produce them, and the secrets in them must be found as well.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise

from attrs import define, field

__all__ = ["JSON", "Container", "Path", "Scalar", "encoded", "replace_spans", "scalars", "walk"]

Scalar = str | int | float | bool | None
JSON = dict[str, "JSON"] | list["JSON"] | Scalar
Path = tuple[str | int, ...]
Span = tuple[int, int, bytes]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


@define
class Container:
    """An object or array that is being read."""

    is_object: bool
    place: str | int
    """The name or the index of the current member."""

    awaits_name: bool
    is_marked: bool = False
    pair_is_marked: bool = False
    pair_values: list[tuple[int, int]] = field(factory=list[tuple[int, int]])


def scalars(data: bytes) -> Iterator[tuple[Path, int, int]]:
    """Every string, number, boolean and null in the text: its path, and the offsets of its start and end."""
    for containers, start, end in walk(data):
        if end:
            yield tuple(container.place for container in containers), start, end


def walk(
    data: bytes, is_marked: Callable[[Container], bool] = lambda container: container.is_marked
) -> Iterator[tuple[list[Container], int, int]]:
    """Every scalar with the containers around it, from the outside in; and each container as it ends, with an end of 0.

    `is_marked` decides for each container, by the one around it, whether it is marked.
    """
    containers: list[Container] = []
    for token in _TOKEN.finditer(data):
        text = token.group()
        innermost = containers[-1] if containers else None
        match text:
            case b"{" | b"[":
                is_object = text == b"{"
                marked = innermost is not None and is_marked(innermost)
                containers.append(Container(is_object, "" if is_object else 0, is_object, marked))
            case b"}" | b"]":
                if containers:
                    yield containers, token.start(), 0
                    containers.pop()
            case b",":
                if innermost is not None:
                    innermost.awaits_name = innermost.is_object
                    if isinstance(innermost.place, int):
                        innermost.place += 1
            case b":":
                pass
            case _ if innermost is not None and innermost.awaits_name:
                innermost.place, innermost.awaits_name = _name(text), False
            case _:
                yield containers, token.start(), token.end()
    while containers:
        yield containers, len(data), 0
        containers.pop()


def _name(text: bytes) -> str:
    try:
        return str(json.loads(text))
    except ValueError:  # truncated, or not UTF-8: taken literally
        return text.strip(b'"').decode("utf-8", "replace")


def encoded(value: Scalar) -> bytes:
    """The scalar encoded as JSON."""
    return json.dumps(value).encode()


def replace_spans(data: bytes, spans: Iterable[Span]) -> bytes:
    """The data with each (start, end, replacement) replaced; spans must be in order and must not overlap."""
    ordered = [(0, 0, b""), *spans, (len(data), len(data), b"")]
    return b"".join(before[2] + data[before[1] : after[0]] for before, after in pairwise(ordered))
