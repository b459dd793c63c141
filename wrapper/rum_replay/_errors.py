"""Every failure of this library: one closed hierarchy under `ReplayError`.

```
ReplayError
├── ConfigurationError            site, credentials, an option or something missing on this machine (nothing was sent)
├── InvalidRequestError           an argument makes no sense (nothing was sent); also a ValueError
├── FileError                     a file or folder cannot be read or written; also an OSError
├── ConnectionFailedError         no complete answer arrived
│   └── RequestTimeoutError       … in time
├── UnexpectedResponseError       a 2xx answer whose body does not fit the contract
├── StatusError                   any answer that is not 2xx
│   ├── BadRequestError 400 · AuthenticationError 401 · PermissionDeniedError 403
│   ├── NotFoundError 404 · ConflictError 409 · UnprocessableEntityError 422 · RateLimitError 429
│   └── ServerError 5xx
└── SegmentError                  a source of segments cannot be read; also a ValueError
    └── SegmentLimitError         … without more memory or time than the limits allow
```

Errors carry no credentials, hold no live connection and survive pickling. All arguments of their constructors have
defaults, so that an application can raise any of them in its own tests.
"""

from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any, ClassVar, TypedDict, Unpack

from ._public import public

__all__ = [
    "AuthenticationError",
    "BadRequestError",
    "ConfigurationError",
    "ConflictError",
    "ConnectionFailedError",
    "FileError",
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
    "UnprocessableEntityError",
    "status_text",
]

_NO_IDS: Mapping[str, str] = MappingProxyType({})


class CallDetails(TypedDict, total=False):
    """The call in which an error occurred: arguments that all errors take."""

    method: str | None
    url_template: str | None
    attempts: int
    ids: Mapping[str, str]


def status_text(status: int) -> str:
    """A status with its registered name, such as `404 Not Found`; 509, 512, 520 … occur, and have none."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


class ReplayError(Exception):
    """The root of all errors that this library raises."""

    _default_message: ClassVar[str] = "the operation failed"

    method: str | None
    """The HTTP method of the call that failed; None where no call was made."""

    url_template: str | None
    """The path of the call as the contract states it, with the names of ids in place of ids; None without a call."""

    attempts: int
    """How many times the request was sent, attempts to send it included."""

    ids: Mapping[str, str]
    """The ids that the call was about, by the names of the contract, such as `{"playlist_id": "42"}`."""

    def __init__(
        self,
        message: str | None = None,
        *,
        method: str | None = None,
        url_template: str | None = None,
        attempts: int = 0,
        ids: Mapping[str, str] = _NO_IDS,
    ) -> None:
        self.message: str = self._default_message if message is None else message
        """What went wrong, without the call that it happened in."""
        super().__init__(self.message)
        self.method = method
        self.url_template = url_template
        self.attempts = attempts
        self.ids = dict(ids)

    def __str__(self) -> str:
        if self.method is None:
            return self.message
        ids = ", ".join(f"{name}={value}" for name, value in self.ids.items())
        sends = "" if self.attempts <= 1 else f" (after {self.attempts} attempts)"
        return f"{self.method} {self.url_template}{f' ({ids})' if ids else ''}: {self.message}{sends}"

    def __reduce__(self) -> tuple[Any, ...]:
        # BaseException would call the class with `args` alone, and its constructor would set everything to defaults.
        return _rebuild, (type(self), self.args), self._state()

    def _state(self) -> dict[str, Any]:
        return dict(self.__dict__)


def _rebuild(cls: type[ReplayError], arguments: tuple[Any, ...]) -> ReplayError:
    error = cls.__new__(cls, *arguments)
    error.args = arguments  # which OSError leaves to its own constructor
    return error


class ConfigurationError(ReplayError):
    """The site, the credentials or an option of the client cannot be used, or this machine lacks what is needed.

    Nothing was sent.
    """

    _default_message = "the configuration cannot be used"


class InvalidRequestError(ReplayError, ValueError):
    """An argument cannot be used as it is; nothing was sent."""

    _default_message = "an argument cannot be used"


class FileError(ReplayError, OSError):
    """A file or folder cannot be read or written; `__cause__` is the operating system's error."""

    _default_message = "a file or folder cannot be read or written"

    errno: int | None
    """The operating system's error number, such as `errno.ENOSPC`; None if it gave none."""

    filename: str | None
    """The path that was tried; None where it is not known."""

    def __init__(
        self,
        message: str | None = None,
        *,
        errno: int | None = None,
        filename: str | None = None,
        **call: Unpack[CallDetails],
    ) -> None:
        super().__init__(message, **call)
        self.errno = errno
        self.filename = filename

    def _state(self) -> dict[str, Any]:
        # OSError keeps these two elsewhere than in __dict__.
        return {**self.__dict__, "errno": self.errno, "filename": self.filename}


class ConnectionFailedError(ReplayError):
    """No complete answer arrived: refused, reset, closed early, or cut in the middle of the body.

    Also when a certificate is refused, which is not tried again: the message says what to do.
    """

    _default_message = "no complete answer arrived"

    may_have_been_applied: bool
    """False when the request certainly never reached the server."""

    def __init__(
        self, message: str | None = None, *, may_have_been_applied: bool = True, **call: Unpack[CallDetails]
    ) -> None:
        super().__init__(message, **call)
        self.may_have_been_applied = may_have_been_applied


class RequestTimeoutError(ConnectionFailedError):
    """No complete answer arrived in time."""

    _default_message = "no complete answer arrived in time"


class UnexpectedResponseError(ReplayError):
    """The server reports success, but the body does not fit the contract.

    Going by the status, the server has carried out the operation.
    """

    _default_message = "the body of the answer does not fit the contract"

    status: int
    """The HTTP status, 200 to 299."""

    body: bytes
    """The body as received, at most 1 MiB, with credentials blanked out; empty if it could not be decompressed."""

    request_id: str | None
    """The server's id for this request; None if it gave none."""

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int = 200,
        body: bytes = b"",
        request_id: str | None = None,
        **call: Unpack[CallDetails],
    ) -> None:
        super().__init__(message, **call)
        self.status = status
        self.body = body
        self.request_id = request_id


class StatusError(ReplayError):
    """The server answered with a status that is not 2xx."""

    _default_status: ClassVar[int] = 400

    status: int
    """The HTTP status: any integer, unregistered ones such as 520 included."""

    errors: tuple[str, ...]
    """The messages found in the body, in its order; empty if it holds none."""

    body: bytes
    """The body as received, at most 1 MiB, with credentials blanked out."""

    request_id: str | None
    """The server's id for this request; None if it gave none."""

    def __init__(
        self,
        message: str | None = None,
        *,
        status: int | None = None,
        errors: tuple[str, ...] = (),
        body: bytes = b"",
        request_id: str | None = None,
        **call: Unpack[CallDetails],
    ) -> None:
        self.status = self._default_status if status is None else status
        super().__init__(status_text(self.status) if message is None else message, **call)
        self.errors = errors
        self.body = body
        self.request_id = request_id


class BadRequestError(StatusError):
    """400: the server refuses the request; `errors` names the field where the server does."""


class AuthenticationError(StatusError):
    """401: no credentials arrived, or this site does not know them."""

    _default_status = 401


class PermissionDeniedError(StatusError):
    """403: the credentials are refused, or lack a permission."""

    _default_status = 403


class NotFoundError(StatusError):
    """404: it does not exist, or these credentials may not see it."""

    _default_status = 404


class ConflictError(StatusError):
    """409: the request contradicts what the server holds."""

    _default_status = 409


class UnprocessableEntityError(StatusError):
    """422: the server can read the request, but not carry it out as it is; sibling APIs of Datadog use it like 400."""

    _default_status = 422


class StatusDetails(CallDetails, total=False):
    """What every answer with a status has: arguments that all its errors take."""

    status: int | None
    errors: tuple[str, ...]
    body: bytes
    request_id: str | None


class RateLimitError(StatusError):
    """429: too many requests, and neither attempts nor deadline allow waiting for the next window."""

    _default_status = 429

    retry_after: float | None
    """Seconds to wait as of the answer; None if the server did not say."""

    limit: float | None
    """Requests allowed in one window; None if the server did not say."""

    remaining: float | None
    """Requests left in this window; None if the server did not say."""

    reset: float | None
    """Seconds until the next window; None if the server did not say."""

    def __init__(
        self,
        message: str | None = None,
        *,
        retry_after: float | None = None,
        limit: float | None = None,
        remaining: float | None = None,
        reset: float | None = None,
        **answer: Unpack[StatusDetails],
    ) -> None:
        super().__init__(message, **answer)
        self.retry_after = retry_after
        self.limit = limit
        self.remaining = remaining
        self.reset = reset


class ServerError(StatusError):
    """5xx: the server, or something in front of it, failed; unregistered statuses up to 599 included."""

    _default_status = 500


class SegmentError(ReplayError, ValueError):
    """A source of segments cannot be read, or does not hold what was asked for."""

    _default_message = "the source cannot be read"


class SegmentLimitError(SegmentError):
    """Going on would cost more memory or time than `Limits` allows: a zip bomb, or limits that are too low."""

    _default_message = "reading on would cost more than the limits allow"

    limit: str
    """The field of `Limits` that was reached."""

    source: str
    """The name of the file, or `bytes` or `stream`."""

    offset: int
    """Where in the source, in bytes."""

    def __init__(
        self,
        message: str | None = None,
        *,
        limit: str = "",
        source: str = "",
        offset: int = 0,
        **call: Unpack[CallDetails],
    ) -> None:
        super().__init__(message, **call)
        self.limit = limit
        self.source = source
        self.offset = offset


public(*(value for value in list(globals().values()) if isinstance(value, type) and issubclass(value, ReplayError)))
