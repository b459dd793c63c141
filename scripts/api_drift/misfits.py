"""One way in which traffic does not fit the contract, and what of it may be shown.

Recorded values are not shown. Names of properties and parameters, and new values of enumerations, are shown if they are
words, as names in this API are: lower-case letters, joined by `_` or `-` or in camel case, with at most two digits
after each word. Anything else may be data.
"""

from __future__ import annotations

import re
from typing import Any

from attrs import define, field

from .model import Place

__all__ = ["Misfit", "Pointer", "is_media_type", "is_word", "json_type"]

Pointer = tuple[str, ...]
"""A place in the contract: the names and indexes from the top."""

_WORD = re.compile(r"-?[a-z]{1,24}[0-9]{0,2}(?:(?:[_-][a-z]{1,24}|[A-Z][a-z]{1,24})[0-9]{0,2}){0,7}")
_MEDIA_TYPE = re.compile(r"(?:application|text|image|multipart)/[a-z]{1,20}(?:[.+-][a-z]{1,20}){0,3}")


@define
class Misfit:
    """One way in which traffic does not fit the contract, however often."""

    kind: str
    """What `patching` has an edit for."""

    pointer: Pointer
    """Of the schema, answer or operation that it does not fit."""

    name: str
    """What is missing or unknown: a property, a value, a status, a media type, a parameter; or empty."""

    operation: str
    place: str
    """Where in the request or answer, as a JSON pointer with `*` for items of arrays; or `status` and the like."""

    here: Place
    values: list[Any] = field(factory=list, repr=False)
    """What was recorded there; never to be shown."""

    where: list[str] = field(factory=list)
    """The exchanges, as `file entry number`."""

    @property
    def text(self) -> str:
        """The misfit in words, without values."""
        types = " or ".join(sorted({json_type(value) for value in self.values}))
        words = {
            "property": f"is not in the contract ({types})",
            "map": "has properties whose names may be data",
            "missing": "is required, and missing",
            "type": f"is {types}, which the contract does not allow",
            "null": "is null, which the contract does not allow",
            "alternative": f"is {types}, which is none of the alternatives",
            "value": f"has the value {self.name}, which the contract does not list",
            "free-value": "has a value that the contract does not list, and that may be data",
            "format": "is not of the format that the contract states",
            "bound": f"is beyond the {self.name} of the contract",
            "status": f"{self.name} is not in the contract",
            "media-type": f"{self.name or 'that is stated'} is not in the contract",
            "body": "is there, and the contract has none",
            "not-json": "is not JSON, although its type says so",
            "parameter": f"{self.name} is not in the contract",
            "free-parameter": "with a name that may be data is not in the contract",
            "operation": "is not in the contract",
        }
        return f"{self.operation}: {self.place} {words[self.kind]}"


def is_word(text: str) -> bool:
    """Whether a recorded text may be shown as a name, by the rule of this module."""
    return _WORD.fullmatch(text) is not None


def is_media_type(media_type: str) -> bool:
    """Whether a recorded content type may be shown: one of the usual kinds, made of words."""
    return _MEDIA_TYPE.fullmatch(media_type) is not None


def json_type(value: Any) -> str:
    """The JSON type of a value; `integer` for whole numbers."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names: dict[type, str] = {float: "number", str: "string", list: "array", dict: "object", type(None): "null"}
    return names[type(value)]
