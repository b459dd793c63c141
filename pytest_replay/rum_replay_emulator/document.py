"""The contract's document as it is packaged: `openapi.json`, generated from the repository's `openapi.yaml`."""

from collections.abc import Iterable, Mapping
from importlib.resources import files
from typing import Any, cast

import msgspec

__all__ = ["contract_document", "integer_bounds"]

_BITS = {"int32": 31, "int64": 63}


def contract_document() -> dict[str, Any]:
    """A new copy of it, with the range of every integer written out.

    `format: int32` and `int64` are ranges, which JSON Schema validators do not know; here they are `minimum` and
    `maximum` too.
    """
    packaged = files(__name__.rpartition(".")[0]).joinpath("openapi.json")
    document = cast(dict[str, Any], msgspec.json.decode(packaged.read_bytes()))
    _bound_integers(document)
    return document


def integer_bounds(schema: Mapping[str, Any]) -> tuple[int, int]:
    """The least and the largest value of an integer schema; one without a format has 64 bits."""
    end = 2 ** _BITS[schema.get("format", "int64")]
    return schema.get("minimum", -end), schema.get("maximum", end - 1)


def _bound_integers(node: Any) -> None:
    if isinstance(node, dict):
        schema = cast(dict[str, Any], node)
        if schema.get("type") == "integer":
            schema["minimum"], schema["maximum"] = integer_bounds(schema)
        for child in schema.values():
            _bound_integers(child)
    elif isinstance(node, list):
        for child in cast(Iterable[Any], node):
            _bound_integers(child)
