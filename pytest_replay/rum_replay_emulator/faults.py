"""Scripted faults: which requests fail, how, and how often."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from threading import RLock
from typing import Any, Literal, cast

import msgspec
from attrs import define, field

from rum_replay_emulator.answer import Answer, error_answer, phrase
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.events import cut_short

__all__ = ["Disconnect", "Fault", "Faults", "Headers", "Timeout"]

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
"""Response headers; pairs may repeat a name."""
Disconnect = Literal["connect", "before", "body"]
Timeout = Literal["connect", "read"]

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
_REPLACED_WITH_BODY = frozenset({"content-type"})


@define
class Fault:
    """One scripted fault. `used` is the number of requests it has been applied to; the rest are the arguments of
    `Faults.add`.

    `times` is the number given there (None: every time), not the number left.
    """

    operation: str | None
    status: int | None
    headers: tuple[tuple[str, str], ...]
    body: bytes | None = field(repr=False)
    content_type: str | None
    times: int | None
    delay: float
    disconnect: Disconnect | None
    truncate: int | None
    timeout: Timeout | None
    partial: bool
    applied: bool
    used: int = 0

    @property
    def reaches_the_server(self) -> bool:
        """False if the connection itself fails."""
        return self.disconnect != "connect" and self.timeout != "connect"

    @property
    def answers(self) -> bool:
        """Whether at least part of an answer is sent."""
        return self.disconnect not in ("connect", "before") and self.timeout is None

    def change(self, real: Answer) -> Answer:
        """The answer to send, made from the real one (or from an empty one if the request was not carried out)."""
        status = real.status if self.status is None else self.status
        body, headers = real.body, real.headers
        if self.partial and status == 200 and body:
            body = cut_short(body)
        if self.body is not None:
            body = self.body
            headers = _without(headers, _REPLACED_WITH_BODY)
            if self.content_type is not None:
                headers = (("Content-Type", self.content_type), *headers)
        headers = (*_without(headers, {name.lower() for name, _ in self.headers}), *self.headers)
        answer = Answer(status, headers, body)
        return answer if answer.has_body else Answer(status, _without(headers, _REPLACED_WITH_BODY))


class Faults:
    """The faults of one emulator, applied in the order in which they were added."""

    def __init__(self, operations: Iterable[str], lock: RLock, assumptions: Assumptions) -> None:
        self._operations = tuple(operations)
        self._lock = lock
        self._assumptions = assumptions
        self._queue: list[Fault] = []

    def add(
        self,
        *,
        operation: str | None = None,
        status: int | None = None,
        headers: Headers = (),
        body: Any = None,
        times: int | None = 1,
        delay: float = 0,
        disconnect: Disconnect | None = None,
        truncate: int | None = None,
        timeout: Timeout | None = None,
        partial: bool = False,
        applied: bool | None = None,
    ) -> Fault:
        """Make the next `times` requests (None: all) of an operation (None: of any) go wrong.

        - `status`: answer with this status, 100 to 599; unregistered ones, such as 520, are allowed.
        - `body`: text, bytes, or any JSON value. Left out, a status from 400 gets errors as the emulator's own, by
          default the documented `{"errors": [...]}`, and any other an empty body. Without `status` it replaces the body
          of the real answer.
        - `headers`: a mapping, or pairs, which may repeat a name. They replace the answer's headers of the same name.
          Without `status` and `body` they are added to the real answer.
        - `delay`: seconds before the answer. Over a socket this is real time. In process nothing waits: the request
          raises `httpx.ReadTimeout` immediately if its read timeout is not longer than the delay; otherwise a
          `ManualClock` is moved, and any other clock is left unchanged.
        - `timeout`: `"connect"` or `"read"`: there is never an answer. In process `httpx.ConnectTimeout` or
          `httpx.ReadTimeout` is raised; over a socket both mean silence until the client disconnects.
        - `disconnect`: `"connect"`: no connection (over a socket: closed without an answer); `"before"`: closed before
          the answer; `"body"`: interrupted (over a socket: reset) after half of the body, or before the answer if that
          has no body.
        - `truncate`: send only this many bytes of the body, although `Content-Length` gives the full size, then close.
        - `partial`: of `SearchRUMEvents`: the search runs out of time, so that the answer has half of the page's events
          and the status `timeout`, with HTTP status 200.
        - `applied`: whether the request still takes effect on the server. By default it does if the real answer is
          delayed, changed, interrupted or truncated, and does not with `status`, `timeout` or `disconnect="before"`.
          Set it for "the server did it, but the answer was lost".

        A request that does not reach the server does not appear in `Emulator.requests`; `used` of the returned fault
        counts it as well. Raises ValueError for an unknown operation, and for settings that are out of range or
        contradict each other.
        """
        if operation is not None and operation not in self._operations:
            close = get_close_matches(operation, self._operations, n=1, cutoff=0)[0]
            raise ValueError(f"unknown operation {operation!r}; did you mean {close!r}?")
        pairs = _checked_headers(headers)
        encoded, content_type = _encoded(status, body, self._assumptions)
        _check_combination(
            status=status,
            has_content=bool(pairs) or body is not None,
            times=times,
            delay=delay,
            disconnect=disconnect,
            truncate=truncate,
            timeout=timeout,
            partial=partial,
        )
        if partial and (operation != "SearchRUMEvents" or status is not None or body is not None):
            raise ValueError("partial is for answers of SearchRUMEvents, which status and body would replace")
        needs_real_answer = status is None and timeout is None and disconnect not in ("connect", "before")
        if applied is None:
            applied = needs_real_answer
        elif needs_real_answer and not applied:
            raise ValueError("with applied=False there is no answer to send; give a status")
        fault = Fault(
            operation=operation,
            status=status,
            headers=pairs,
            body=encoded,
            content_type=content_type,
            times=times,
            delay=delay,
            disconnect=disconnect,
            truncate=truncate,
            timeout=timeout,
            partial=partial,
            applied=applied,
        )
        if applied and not fault.reaches_the_server:
            raise ValueError("applied=True: a request that does not reach the server cannot take effect")
        with self._lock:
            self._queue.append(fault)
        return fault

    def clear(self) -> None:
        """Remove all faults that have not been used up."""
        with self._lock:
            self._queue.clear()

    def take(self, operation: str | None) -> Fault | None:
        """The fault for this request, if any. The caller must hold the lock."""
        for position, fault in enumerate(self._queue):
            if fault.operation is None or fault.operation == operation:
                fault.used += 1
                if fault.used == fault.times:
                    del self._queue[position]
                return fault
        return None


def _without(headers: tuple[tuple[str, str], ...], names: Iterable[str]) -> tuple[tuple[str, str], ...]:
    return tuple((name, value) for name, value in headers if name.lower() not in names)


def _checked_headers(headers: Headers) -> tuple[tuple[str, str], ...]:
    given = cast(Mapping[str, str], headers).items() if isinstance(headers, Mapping) else headers
    pairs = tuple(given)
    for name, value in pairs:
        if name.lower() in _FRAMING:
            raise ValueError(f"{name} is set by the transport; use truncate or disconnect to break an answer")
        if not name or not (name + value).isprintable() or not (name + value).isascii():
            raise ValueError(f"not a valid header: {name!r}: {value!r}")
    return pairs


def _encoded(status: int | None, body: Any, assumptions: Assumptions) -> tuple[bytes | None, str | None]:
    if body is None:
        if status is None:
            return None, None
        if status < 400:
            return b"", None
        errors = error_answer(status, [phrase(status)], assumptions)
        return errors.body, dict(errors.headers).get("Content-Type")
    if isinstance(body, str):
        return body.encode(), "text/plain; charset=utf-8"
    if isinstance(body, bytes):
        return body, "application/octet-stream"
    return msgspec.json.encode(body), "application/json"


def _check_combination(
    *,
    status: int | None,
    has_content: bool,
    times: int | None,
    delay: float,
    disconnect: str | None,
    truncate: int | None,
    timeout: str | None,
    partial: bool,
) -> None:
    if status is not None and not 100 <= status <= 599:
        raise ValueError(f"status must be from 100 to 599, not {status}")
    if times is not None and times < 1:
        raise ValueError(f"times must be at least 1, or None for every request, not {times}")
    if not delay >= 0:
        raise ValueError(f"delay must be 0 seconds or more, not {delay}")
    if truncate is not None and truncate < 0:
        raise ValueError(f"truncate must be 0 bytes or more, not {truncate}")
    if disconnect not in (None, "connect", "before", "body"):
        raise ValueError(f"disconnect must be 'connect', 'before' or 'body', not {disconnect!r}")
    if timeout not in (None, "connect", "read"):
        raise ValueError(f"timeout must be 'connect' or 'read', not {timeout!r}")
    if sum(setting is not None for setting in (disconnect, truncate, timeout)) > 1:
        raise ValueError("disconnect, truncate and timeout exclude each other")
    silent = disconnect in ("connect", "before") or timeout is not None
    if silent and (status is not None or has_content):
        raise ValueError("no answer is sent, so status, headers and body make no sense")
    if timeout is not None and delay:
        raise ValueError("a timeout lasts forever, so delay makes no sense")
    if silent and partial:
        raise ValueError("no answer is sent, so it cannot be partial")
    if not (silent or has_content or delay or disconnect or status is not None or truncate is not None or partial):
        raise ValueError(
            "nothing goes wrong: give status, headers, body, delay, disconnect, truncate, timeout or partial"
        )
