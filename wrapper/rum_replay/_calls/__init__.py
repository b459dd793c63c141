"""The operations as values: arguments checked, request built by the generated client, decoder of the answer attached.

Nothing here does any I/O; the synchronous and the asynchronous client share all of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import attrs
from rum_replay_api.types import UNSET, Unset

__all__ = ["Call", "optional"]

T = TypeVar("T")


@attrs.frozen
class Call(Generic[T]):
    """One request to make, and how to read its answer."""

    operation: str
    """The operationId of the contract."""

    method: str
    url_template: str
    """The path as the contract states it; shown instead of the path, which holds ids."""

    request: dict[str, Any]
    """Arguments for httpx's build_request; `url` is the path."""

    decode: Callable[[bytes], T]
    """Raises BodyMismatchError for a body that does not fit the contract."""

    @property
    def idempotent(self) -> bool:
        """Whether the request may be sent twice by the rules of HTTP."""
        return self.method in ("GET", "PUT", "DELETE")


def optional(check: Callable[[str, Any], T], name: str, value: object) -> T | Unset:
    """The checked value, or what the generated client leaves out of the request."""
    return UNSET if value is None else check(name, value)
