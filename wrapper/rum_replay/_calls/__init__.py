"""The operations as values: arguments checked, request built by the generated client, decoder of the answer attached.

Nothing here does any I/O; the synchronous and the asynchronous client share all of it. Every function raises
InvalidRequestError for an argument that cannot be sent. Functions of lists check their arguments once and return a
function from page numbers to calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote

import attrs
from rum_replay_api.types import UNSET, Unset

__all__ = ["Call", "PageCalls", "optional"]

T = TypeVar("T")


@attrs.frozen
class Call(Generic[T]):
    """One request to make, and how to read its answer."""

    operation: str
    """The operationId of the contract."""

    method: str
    url_template: str
    """The path as the contract states it, with the names of ids in place of ids."""

    permission: str
    """What credentials need for this operation, as far as the contract knows."""

    request: dict[str, Any]
    """Arguments for httpx's build_request; `url` is the path."""

    decode: Callable[[bytes], T]
    """Raises BodyMismatchError for a body that does not fit the contract. Not used if the body is streamed."""

    other_ids: Mapping[str, str | Unset] = attrs.field(factory=dict[str, "str | Unset"])
    """Ids that the call is about and that are not in its path; UNSET for those that were not given."""

    max_page_size: int | None = None
    """Bytes of the body if it is streamed, compressed or not; None for no limit."""

    only_reads: bool = False
    """Whether it changes nothing, although its method could."""

    @property
    def idempotent(self) -> bool:
        """Whether the request may be sent twice, by the rules of HTTP or because it only reads."""
        return self.only_reads or self.method in ("GET", "PUT", "DELETE")

    @property
    def ids(self) -> dict[str, str]:
        """The ids that the call is about, by the contract's names: those in the path first."""
        path = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]*)", self.url_template)
        match = re.fullmatch(path, self.request["url"])
        in_path = {} if match is None else {name: unquote(value) for name, value in match.groupdict().items()}
        return in_path | {name: value for name, value in self.other_ids.items() if isinstance(value, str)}


PageCalls = Callable[[int], Call[list[T]]]
"""Gives the call for a page of a list, counted from 0."""


def optional(check: Callable[[str, Any], T], name: str, value: object) -> T | Unset:
    """The checked value, or what the generated client leaves out of the request."""
    return UNSET if value is None else check(name, value)
