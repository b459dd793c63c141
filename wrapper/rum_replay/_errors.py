"""Every failure of this library: one closed hierarchy under `ReplayError`.

```
ReplayError
├── ConfigurationError            site, credentials or options make no sense (nothing was sent)
├── InvalidRequestError           an argument makes no sense (nothing was sent); also a ValueError
├── ConnectionFailedError         no complete answer arrived
│   └── RequestTimeoutError       … in time
├── UnexpectedResponseError       a 2xx answer whose body does not fit the contract
├── SegmentError                  a source of segments cannot be read; also a ValueError
│   └── SegmentLimitError         … without more memory or time than the limits allow
└── StatusError                   any answer that is not 2xx
    ├── BadRequestError 400 · AuthenticationError 401 · PermissionDeniedError 403
    ├── NotFoundError 404 · ConflictError 409 · RateLimitError 429
    └── ServerError 5xx
```

Errors carry no credentials, hold no live connection and survive pickling.
"""

from __future__ import annotations

from typing import Any

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "InvalidRequestError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimitError",
    "ReplayError",
    "RequestTimeoutError",
    "SegmentError",
    "SegmentLimitError",
    "ServerError",
    "StatusError",
    "UnexpectedResponseError",
]


def _rebuild(cls: type[ReplayError], message: str, details: dict[str, Any]) -> ReplayError:
    return cls(message, **details)


class ReplayError(Exception):
    """The root of all errors that this library raises."""

    method: str | None = None
    """The HTTP method of the call that failed; None where no call was made."""

    url_template: str | None = None
    """The path of the call as the contract states it, with the ids left out; None where no call was made."""

    attempts: int = 0
    """How often the request was sent, or tried to be sent."""

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        """What went wrong, without the call that it happened in."""
        for name, value in details.items():
            setattr(self, name, value)

    def __str__(self) -> str:
        if self.method is None:
            return self.message
        sends = "" if self.attempts <= 1 else f" (after {self.attempts} attempts)"
        return f"{self.method} {self.url_template}: {self.message}{sends}"

    def __reduce__(self) -> tuple[Any, ...]:
        # BaseException would call the class with `args` alone and lose everything else.
        details = {name: value for name, value in self.__dict__.items() if name not in ("message", "__notes__")}
        return _rebuild, (type(self), self.message, details)


class ConfigurationError(ReplayError):
    """The site, the credentials or an option of the client cannot be used; nothing was sent."""


class InvalidRequestError(ReplayError, ValueError):
    """An argument cannot be sent as it is; nothing was sent."""


class ConnectionFailedError(ReplayError):
    """No complete answer arrived: refused, reset, closed early, or cut in the middle of the body."""

    may_have_been_applied: bool = True
    """False when the request certainly never reached the server."""


class RequestTimeoutError(ConnectionFailedError):
    """No complete answer arrived in time."""


class UnexpectedResponseError(ReplayError):
    """The server reports success, but the body does not fit the contract.

    As far as the status tells, the server has carried out the operation.
    """

    status: int
    """The HTTP status, 200 to 299."""

    body: bytes = b""
    """The body as it came, credentials blanked out; empty where it could not be decompressed."""

    request_id: str | None = None
    """What the server calls this request, where it says so."""


class StatusError(ReplayError):
    """The server answered with a status that is not 2xx."""

    status: int
    """The HTTP status: any integer, unregistered ones such as 520 included."""

    errors: tuple[str, ...] = ()
    """The messages found in the body, in its order; empty where it holds none."""

    body: bytes = b""
    """The body as it came, credentials blanked out."""

    request_id: str | None = None
    """What the server calls this request, where it says so."""


class BadRequestError(StatusError):
    """400: the server refuses the request; `errors` names the field where the server does."""


class AuthenticationError(StatusError):
    """401: no credentials arrived, or this site does not know them."""


class PermissionDeniedError(StatusError):
    """403: the credentials are refused, or lack a permission."""


class NotFoundError(StatusError):
    """404: there is no such thing, or these credentials may not see it."""


class ConflictError(StatusError):
    """409: the request contradicts what the server holds."""


class RateLimitError(StatusError):
    """429: too many requests, and the attempts or the deadline leave no room to wait for the next window."""

    retry_after: float | None = None
    """Seconds to wait as of the answer; None where the server did not say."""

    limit: float | None = None
    """Requests allowed in one window; None where the server did not say."""

    remaining: float | None = None
    """Requests left in this window; None where the server did not say."""

    reset: float | None = None
    """Seconds until the next window; None where the server did not say."""


class ServerError(StatusError):
    """5xx: the server, or something in front of it, failed; unregistered statuses up to 599 included."""


class SegmentError(ReplayError, ValueError):
    """A source cannot be read: a file that is missing, a stream that is closed, a manifest that is none."""


class SegmentLimitError(SegmentError):
    """Going on would cost more memory or time than `Limits` allows: a zip bomb, or limits that are too low."""

    limit: str
    """The field of `Limits` that was reached."""

    source: str
    """The name of the file, or `bytes` or `stream`."""

    offset: int
    """Where in the source, in bytes."""
