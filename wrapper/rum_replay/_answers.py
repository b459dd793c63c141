"""The outcome of one attempt as plain values: an answer, or a failure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, cast

import attrs
import msgspec

from ._errors import status_text
from ._json import FAILURES, decode_json

__all__ = [
    "Answer",
    "BodyMismatchError",
    "Failure",
    "Streamed",
    "describe_status",
    "error_messages",
    "is_whole",
    "request_id",
]

_REQUEST_ID_HEADERS = ("x-request-id", "dd-request-id", "x-datadog-trace-id")
# Stops at the next tag whatever comes, so that a page full of titles costs no more than its length.
_TITLE = re.compile(rb"<title[^<>]*>([^<]*)", re.IGNORECASE)
_EXCERPT = 300
_NOT_WHOLE = frozenset({203, 205, 206, 207, 208})


@attrs.frozen
class Streamed:
    """A body that went to a consumer while it arrived."""

    result: Any
    """What the consumer returned."""


@attrs.frozen
class Answer:
    """An answer that arrived completely."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; a header that came twice is joined with a comma."""

    body: bytes = attrs.field(repr=False)
    """Decompressed; empty if it was streamed."""

    streamed: Streamed | None = attrs.field(default=None, repr=False)
    """Set if the body went to a consumer while it arrived."""

    unreadable: str | None = None
    """Why the body was not kept; it is empty then."""


@attrs.frozen
class Failure:
    """An attempt that did not bring a complete answer."""

    reason: str
    """The kind of failure in the HTTP library's words, such as `ReadTimeout`."""

    detail: str
    timed_out: bool = False
    may_have_been_applied: bool = True
    """False when the request certainly never reached the server."""

    remedy: str | None = None
    """What to do about a failure that would occur again and again; None if another attempt may succeed."""


def is_whole(status: int, *, is_page: bool) -> bool:
    """Whether a status says that the answer is what was asked for, all of it, as the server has it.

    No request asks for a range, a delta or several answers in one. Nothing else shows what a page of segments holds,
    so for a page even an answer that is accepted, but not there yet, is too little.
    """
    return status in (200, 204) if is_page else 200 <= status <= 299 and status not in _NOT_WHOLE


class BodyMismatchError(Exception):
    """Why a body does not fit the contract; becomes an UnexpectedResponseError where the call is known."""


def error_messages(body: bytes) -> tuple[str, ...]:
    """The messages in an error body, in any of the shapes seen on Datadog's API; () if it holds none.

    Shapes: `{"errors": ["text"]}`, `{"errors": [{"title": …, "detail": …}]}` and `{"error": "text"}`, whatever the
    content type claims.
    """
    try:
        document: Any = decode_json(body)
    except FAILURES:
        return ()
    if not isinstance(document, dict):
        return ()
    fields = cast("dict[str, Any]", document)
    if isinstance(entries := fields.get("errors"), list):
        return tuple(filter(None, map(_message, cast("Iterable[Any]", entries))))
    return tuple(filter(None, [_message(fields.get("errors", fields.get("error")))]))


def _message(entry: Any) -> str:
    if isinstance(entry, str):
        return entry.strip()
    if not isinstance(entry, dict):
        return "" if entry is None else _compact(entry)
    fields = cast("dict[str, Any]", entry)
    texts = [fields.get(name) for name in ("title", "detail", "message")]
    message = ": ".join(text.strip() for text in texts if isinstance(text, str) and text.strip())
    return message or _compact(fields)


def _compact(value: Any) -> str:
    return msgspec.json.encode(value).decode()[:_EXCERPT]


def describe_status(answer: Answer, messages: tuple[str, ...]) -> str:
    """One line such as `404 Not Found: no playlist 42`."""
    return f"{status_text(answer.status)}: {'; '.join(messages) or _describe_body(answer)}"


def _describe_body(answer: Answer) -> str:
    body = answer.body
    if answer.unreadable:
        return f"the body was not kept: {answer.unreadable}"
    if not body.strip():
        return "the answer is empty"
    if body.lstrip()[:1] == b"<":
        title = _TITLE.search(body)
        return f"the answer is an HTML page{': ' + _one_line(title[1]) if title else ''}"
    return f"the answer holds no error message: {_one_line(body)}"


def _one_line(body: bytes) -> str:
    import html  # a table of two thousand names, for error pages alone

    text = " ".join(html.unescape(body[: 4 * _EXCERPT].decode("utf-8", "backslashreplace")).split())
    return text if len(text) <= _EXCERPT else text[:_EXCERPT] + " …"


def request_id(headers: Mapping[str, str]) -> str | None:
    """What the server calls the request, where it says so."""
    return next((headers[name] for name in _REQUEST_ID_HEADERS if name in headers), None)
