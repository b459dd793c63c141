"""JSON scanned and edited in place, so that everything that is not replaced stays the same byte for byte.

Truncated and otherwise broken documents, and several in a row, are read as far as they make sense: scripted faults and
proxies produce them, and the secrets in them must be found as well.
"""

import json
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from attrs import define

__all__ = ["JSON", "Path", "Scalar", "encoded", "replace_spans", "scalars"]

Scalar = str | int | float | bool | None
JSON = dict[str, "JSON"] | list["JSON"] | Scalar
Path = tuple[str | int, ...]
Span = tuple[int, int, bytes]

_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"?|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)


@define
class _Container:
    is_object: bool
    place: str | int
    awaits_name: bool


def scalars(data: bytes) -> Iterator[tuple[Path, int, int]]:
    """Every string, number, boolean and null in the text: its path, and the offsets of its start and end."""
    containers: list[_Container] = []
    for token in _TOKEN.finditer(data):
        text = token.group()
        innermost = containers[-1] if containers else None
        match text:
            case b"{" | b"[":
                is_object = text == b"{"
                containers.append(_Container(is_object, "" if is_object else 0, is_object))
            case b"}" | b"]":
                if containers:
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
                yield tuple(container.place for container in containers), token.start(), token.end()


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
