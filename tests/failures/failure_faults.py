"""All faults in one table: how to script each, and what it means; then the expected outcome of a cell of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from attrs import Factory, field, frozen
from failure_operations import Operation
from rum_replay import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    ConnectionFailedError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ReplayError,
    RequestTimeoutError,
    ServerError,
    StatusError,
    UnexpectedResponseError,
    UnprocessableEntityError,
)

__all__ = [
    "API_KEY",
    "APP_KEY",
    "FAULTS",
    "MODES",
    "START",
    "UNANSWERED",
    "UNDISTURBED",
    "Expected",
    "Fault",
    "details_of",
    "distinct_modes",
    "expected",
    "fault_named",
]

START = 1_782_907_200.0
"""The Unix time at which every cell starts."""


BACKOFF = (0.5, 1.0, 2.0)
"""The longest waits between the attempts, in seconds, by RetryPolicy's defaults."""

ATTEMPTS = len(BACKOFF) + 1

MODES: dict[str, int | None] = {"once": 1, "thrice": 3, "always": None}
"""How many requests a fault hits; None: all."""


@frozen(kw_only=True)
class Fault:
    """One fault. Its attributes describe a request that it hits."""

    name: str
    script: Mapping[str, Any] = field(repr=False)
    """Arguments of `Emulator.faults.add`."""

    error: type[ReplayError] | None
    """The error if nothing helps; None if the status is 2xx, so that the body decides."""

    repeated: Literal["by all", "if idempotent", "by none"] = "if idempotent"
    """Which operations repeat the request."""

    arrives: bool = True
    """Whether the server receives the request."""

    asked: float = 0.0
    """Seconds that the server asks the client to wait."""

    asks_once: bool = False
    """Whether it gives a date, which is past when the second wait starts."""

    attempts: int = ATTEMPTS
    """How often a request that may be repeated is sent before the deadline or the attempts are used up."""

    details: Mapping[str, Any] = Factory(dict[str, Any])
    """Attributes of the error."""

    @property
    def is_applied(self) -> bool:
        """Whether the server applies the request in spite of the fault."""
        hits_the_answer = not self.script.keys() & {"status", "timeout"} and self.script.get("disconnect") in (
            None,
            "body",
        )
        return bool(self.script.get("applied", hits_the_answer))

    def script_for(self, operation: Operation) -> Mapping[str, Any]:
        """The script; a read changes nothing, so there is nothing to apply."""
        if self.error is None and operation.method == "GET":
            return {**self.script, "applied": False}
        return self.script

    def __str__(self) -> str:
        return self.name


def _unanswered(name: str, error: type[ReplayError], **script: Any) -> Fault:
    arrives = "connect" not in script.values()
    return Fault(
        name=name,
        script=script,
        error=error,
        repeated="if idempotent" if arrives else "by all",
        arrives=arrives,
        details={"may_have_been_applied": arrives},
    )


UNANSWERED = [
    _unanswered("connection_refused", ConnectionFailedError, disconnect="connect"),
    _unanswered("connect_timeout", RequestTimeoutError, timeout="connect"),
    _unanswered("read_timeout", RequestTimeoutError, timeout="read"),
    _unanswered("read_timeout_applied", RequestTimeoutError, timeout="read", applied=True),
    _unanswered("slow_answer", RequestTimeoutError, delay=31),
    _unanswered("disconnect_before_answer", ConnectionFailedError, disconnect="before"),
    _unanswered("disconnect_before_answer_applied", ConnectionFailedError, disconnect="before", applied=True),
    _unanswered("disconnect_in_body", ConnectionFailedError, disconnect="body"),
    _unanswered("disconnect_in_error_body", ConnectionFailedError, disconnect="body", status=503, applied=False),
    _unanswered("truncated_body", ConnectionFailedError, truncate=5),
    _unanswered("truncated_to_nothing", ConnectionFailedError, truncate=0),
]

_HTML = "<html><head><title>Bad Gateway</title></head><body><h1>502</h1></body></html>"


def _body(name: str, body: bytes, **script: Any) -> Fault:
    return Fault(name=name, script={"status": 200, "body": body, "applied": True, **script}, error=None)


BODIES = [
    _body("malformed_json", b'{"data": [{"id": "1", '),
    _body("bottomless_json", b'{"data": ' + b"[" * 10_000),
    _body("empty_200", b""),
    _body("empty_204", b"", status=204),
    _body("blank_200", b" \r\n "),
    _body("not_utf8", b'{"data": {"id": "1", "type": "\xff\xfe"}}'),
    _body("html_200", b"<!doctype html><title>Sign in to the airport's network</title>"),
    _body("json_null", b"null"),
    _body("json_of_another_kind", b'{"data": "a string"}'),
]


def _status(
    name: str, error: type[ReplayError], status: int, script: Mapping[str, Any] | None = None, **facts: Any
) -> Fault:
    details = {"status": status, **facts.pop("details", {})}
    return Fault(name=name, script={"status": status, **(script or {})}, error=error, details=details, **facts)


def _too_many(
    name: str, headers: Any, asked: float = 0.0, attempts: int = ATTEMPTS, *, asks_once: bool = False, **details: Any
) -> Fault:
    facts = {"retry_after": None, "reset": None, "limit": None, "remaining": None, **details}
    return _status(
        f"429_{name}",
        RateLimitError,
        429,
        {"headers": headers},
        repeated="by all",
        asked=asked,
        asks_once=asks_once,
        attempts=attempts,
        details=facts,
    )


_USED_UP = {"X-RateLimit-Limit": "100", "X-RateLimit-Period": "60", "X-RateLimit-Remaining": "0"}
_USED_UP_FACTS: dict[str, Any] = {"limit": 100, "remaining": 0}

TOO_MANY = [
    _too_many("with_reset", {**_USED_UP, "X-RateLimit-Reset": "7"}, 7, retry_after=7, reset=7, **_USED_UP_FACTS),
    _too_many("with_retry_after", {"Retry-After": "3"}, 3, retry_after=3),
    _too_many("with_both", {"Retry-After": "3", "X-RateLimit-Reset": "7"}, 3, retry_after=3, reset=7),
    _too_many("with_neither", {}),
    _too_many("with_limit_but_no_reset", _USED_UP, **_USED_UP_FACTS),
    _too_many("reset_joined", {"X-RateLimit-Reset": "7, 7"}, 7, retry_after=7, reset=7),
    _too_many("reset_repeated", [("X-RateLimit-Reset", "7"), ("X-RateLimit-Reset", "7")], 7, retry_after=7, reset=7),
    _too_many(
        "reset_contradictory", [("X-RateLimit-Reset", "7"), ("X-RateLimit-Reset", "9")], 9, retry_after=9, reset=9
    ),
    _too_many("retry_after_repeated", [("Retry-After", "3"), ("Retry-After", "3")], 3, retry_after=3),
    _too_many(
        "all_repeated",
        [*_USED_UP.items(), *_USED_UP.items(), ("X-RateLimit-Reset", "7"), ("X-RateLimit-Reset", "7")],
        7,
        retry_after=7,
        reset=7,
        **_USED_UP_FACTS,
    ),
    _too_many("reset_fractional", {"X-RateLimit-Reset": "1.5"}, 1.5, retry_after=1.5, reset=1.5),
    _too_many("retry_after_fractional", {"Retry-After": "2.25"}, 2.25, retry_after=2.25),
    _too_many("reset_zero", {"X-RateLimit-Reset": "0"}, 0, retry_after=0, reset=0),
    _too_many("reset_negative", {"X-RateLimit-Reset": "-5"}, 0, retry_after=0, reset=0),
    _too_many("reset_unreadable", {"X-RateLimit-Reset": "soon"}),
    _too_many("reset_nan", {"X-RateLimit-Reset": "nan"}),
    _too_many("reset_empty", {"X-RateLimit-Reset": ""}),
    _too_many("retry_after_unreadable", {"Retry-After": "soon"}),
    # Every cell starts at 2026-07-01 12:00 UTC; these dates are long past when the attempts are used up.
    _too_many("reset_date", {"X-RateLimit-Reset": "1782907201"}, 1, asks_once=True, retry_after=0, reset=0),
    _too_many("retry_after_date", {"Retry-After": "Wed, 01 Jul 2026 12:00:01 GMT"}, 1, asks_once=True, retry_after=0),
    _too_many("reset_far_date", {"X-RateLimit-Reset": "1782907261"}, 61, 1, retry_after=61, reset=61),
    _too_many("retry_after_far_date", {"Retry-After": "Wed, 01 Jul 2026 12:01:01 GMT"}, 61, 1, retry_after=61),
    _too_many("retry_after_past_date", {"Retry-After": "Wed, 01 Jul 2020 12:00:00 GMT"}, 0, retry_after=0),
    # Two such waits exceed the deadline of a minute; one of the following does.
    _too_many("reset_of_45_s", {"X-RateLimit-Reset": "45"}, 45, 2, retry_after=45, reset=45),
    _too_many("reset_beyond_deadline", {"X-RateLimit-Reset": "60"}, 60, 1, retry_after=60, reset=60),
    _too_many("retry_after_beyond_deadline", {"Retry-After": "3600"}, 3600, 1, retry_after=3600),
    _too_many("reset_absurd", {"X-RateLimit-Reset": "9" * 30}, 1e30, 1, retry_after=1e30, reset=1e30),
    _too_many("retry_after_absurd", {"Retry-After": "9" * 30}, 1e30, 1, retry_after=1e30),
]
ABSURD = 1.7976931348623157e308
"""The largest float, which stands in for larger numbers."""

TOO_MANY += [
    _too_many("reset_of_400_digits", {"X-RateLimit-Reset": "9" * 400}, ABSURD, 1, retry_after=ABSURD, reset=ABSURD),
    _too_many("retry_after_of_400_digits", {"Retry-After": "9" * 400}, ABSURD, 1, retry_after=ABSURD),
]

API_KEY = "api-key-0123456789abcdef"
APP_KEY = "app-key-fedcba9876543210"

SERVER_ERRORS = [
    *(_status(str(status), ServerError, status) for status in (500, 503, 504, 509, 512, 520, 529, 599)),
    _status("500_applied", ServerError, 500, {"applied": True}),
    _status("504_applied", ServerError, 504, {"applied": True}),
    _status(
        "html_502",
        ServerError,
        502,
        {"body": _HTML, "headers": {"Content-Type": "text/html", "X-Request-Id": "req-17"}},
        details={"errors": (), "body": _HTML.encode(), "request_id": "req-17"},
    ),
    _status("empty_502", ServerError, 502, {"body": b""}, details={"errors": (), "body": b""}),
    _status("not_utf8_500", ServerError, 500, {"body": b"\xff\xfe"}, details={"errors": (), "body": b"\xff\xfe"}),
    _status("not_gzip_502", ServerError, 502, {"headers": {"Content-Encoding": "gzip"}}, details={"body": b""}),
    _status(
        "500_echoing_keys",
        ServerError,
        500,
        {"body": {"errors": [f"keys {API_KEY} and {APP_KEY} failed"]}},
        details={"errors": ("keys [redacted] and [redacted] failed",)},
    ),
    _status("503_with_retry_after", ServerError, 503, {"headers": {"Retry-After": "3"}}, asked=3),
    _status("503_beyond_deadline", ServerError, 503, {"headers": {"Retry-After": "61"}}, asked=61, attempts=1),
    # The window of the rate limit says nothing about when a failing server recovers.
    _status("500_with_reset", ServerError, 500, {"headers": {"X-RateLimit-Reset": "7", "X-RateLimit-Remaining": "9"}}),
    _status("408", StatusError, 408),
]

_REFUSALS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
    418: StatusError,
}
_ELSEWHERE = {"headers": {"Location": "https://elsewhere.example/api/v2/rum/replay/playlists"}}
REFUSALS = [
    *(_status(str(status), error, status, repeated="by none") for status, error in _REFUSALS.items()),
    *(_status(f"{status}_elsewhere", StatusError, status, _ELSEWHERE, repeated="by none") for status in (302, 307)),
]

FAULTS = [*UNANSWERED, *BODIES, *TOO_MANY, *SERVER_ERRORS, *REFUSALS]


def fault_named(name: str) -> Fault:
    """One row of the table."""
    (found,) = (fault for fault in FAULTS if fault.name == name)
    return found


UNDISTURBED: Any = object()
"""The value that the operation returns if nothing fails."""


@frozen(kw_only=True)
class Expected:
    """The outcome that one cell of the matrix must have."""

    error: type[ReplayError] | None = None
    value: Any = UNDISTURBED
    """Without an error: the result of the call."""

    given: list[Any] = Factory(list[Any])
    """With an error: the items received before it."""

    attempts: int = 1
    """How often the request that the fault hits is tried."""

    sends: int
    """How many requests the server receives."""

    is_applied: bool = True
    """Whether the server applied the request, which never happens more than once."""

    asked: tuple[float, ...] = (0.0, 0.0, 0.0)
    """Seconds that the server asks the client to wait, before each further attempt."""

    @property
    def waits(self) -> list[float]:
        """Seconds: the wait that the server asks for, plus the longest backoff."""
        waits = [asked + most for asked, most in zip(self.asked, BACKOFF, strict=True)]
        return waits[: self.attempts - 1]


def expected(operation: Operation, fault: Fault, hits: int | None) -> Expected:
    """The outcome if the fault hits this many requests of the operation, from the first; None: all."""
    if "truncate" in fault.script and operation.answer == "nothing":
        return Expected(value=None, sends=1)  # nothing can be missing from an empty body
    if fault.error is None:
        return _with_body(operation, fault)
    may_repeat = fault.repeated == "by all" or (fault.repeated == "if idempotent" and operation.is_idempotent)
    attempts = fault.attempts if may_repeat else 1
    asked = (fault.asked, 0.0, 0.0) if fault.asks_once else (fault.asked,) * 3
    if hits is not None and hits < attempts:
        sends = operation.requests_on_success + (hits if fault.arrives else 0)
        return Expected(attempts=hits + 1, sends=sends, asked=asked)
    return Expected(
        error=fault.error,
        attempts=attempts,
        sends=attempts if fault.arrives else 0,
        is_applied=fault.is_applied,
        asked=asked,
    )


def distinct_modes(operation: Operation, fault: Fault) -> list[str]:
    """The modes with different outcomes."""
    modes: list[str] = []
    known: list[Expected] = []
    for mode, hits in MODES.items():
        outcome = expected(operation, fault, hits)
        if outcome not in known:
            known.append(outcome)
            modes.append(mode)
    return modes


def _with_body(operation: Operation, fault: Fault) -> Expected:
    """A 2xx is never repeated: the operation was applied, whatever the body says."""
    if operation.answer == "JSON":
        return Expected(error=UnexpectedResponseError, sends=1)
    return Expected(value=None if operation.answer == "nothing" else [fault.script["body"]], sends=1)


def details_of(fault: Fault) -> Mapping[str, Any]:
    """Attributes of an error that this fault causes."""
    if fault.error is not None:
        return fault.details
    status = fault.script["status"]
    return {"status": status, "body": b"" if status == 204 else fault.script["body"]}
