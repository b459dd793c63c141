"""How long one attempt may take; all finite by default."""

from typing import Any

import attrs

from ._errors import ConfigurationError
from ._public import public

__all__ = ["DEFAULT_TIMEOUT", "Timeout"]

_YEAR = 366 * 86_400
"""Seconds; operating systems refuse to wait for much longer."""


def _seconds(_: Any, attribute: "attrs.Attribute[float]", value: Any) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 < value <= _YEAR:
        raise ConfigurationError(
            f"timeout: {attribute.name} must be a number of seconds above 0, up to a year, not {value!r:.40}"
        )


@attrs.frozen(kw_only=True)
class Timeout:
    """Seconds for each part of one attempt; a retry begins anew.

    After `RetryPolicy.deadline` no attempt begins, and an answer that is still arriving is abandoned (after `read`
    seconds, if that is later). Pages of segments may take as long as they need; their bodies are bounded from piece to
    piece only. With your own `http_client` the same holds for headers.
    """

    connect: float = attrs.field(default=5.0, validator=_seconds)
    """Until the connection is established."""

    read: float = attrs.field(default=30.0, validator=_seconds)
    """Between two pieces of the answer."""

    write: float = attrs.field(default=30.0, validator=_seconds)
    """Between two pieces of the request."""

    pool: float = attrs.field(default=30.0, validator=_seconds)
    """Until one of the pool's connections is free."""

    @classmethod
    def of(cls, value: "float | Timeout") -> "Timeout":
        """A Timeout as it is; a number of seconds counts for each part.

        Raises ConfigurationError for anything else, including None: nothing may wait forever.
        """
        if isinstance(value, Timeout):
            return value
        return cls(connect=value, read=value, write=value, pool=value)


DEFAULT_TIMEOUT = Timeout()

public(Timeout)
