"""Scripted faults: what goes wrong with which request, and how often."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from threading import RLock
from typing import Any, Literal, cast

import msgspec
from attrs import define, field

from rum_replay_emulator.answer import Answer
from rum_replay_emulator.refused import phrase

__all__ = ["Disconnect", "Fault", "Faults", "Headers", "Timeout"]

Headers = Mapping[str, str] | Iterable[tuple[str, str]]
"""Response headers; pairs may repeat a name."""
Disconnect = Literal["connect", "before", "body"]
Timeout = Literal["connect", "read"]

_FRAMING = frozenset({"content-length", "transfer-encoding", "connection"})
_REPLACED_WITH_BODY = frozenset({"content-type"})


@define
class Fault:
    """One scripted fault. `used` tells how many requests it has met; the rest repeats what `Faults.add` was given.

    `times` counts what was asked for (None: without end), not what is left.
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
    applied: bool
    used: int = 0

    @property
    def reaches_the_server(self) -> bool:
        """False when the connection itself fails."""
        return self.disconnect != "connect" and self.timeout != "connect"

    @property
    def answers(self) -> bool:
        """Whether at least a part of an answer is sent."""
        return self.disconnect not in ("connect", "before") and self.timeout is None

    def change(self, real: Answer) -> Answer:
        """The answer to send, from the real one (or, when nothing was executed, from an empty one)."""
        status = real.status if self.status is None else self.status
        body, headers = real.body, real.headers
        if self.body is not None:
            body = self.body
            headers = _without(headers, _REPLACED_WITH_BODY)
            if self.content_type is not None:
                headers = (("Content-Type", self.content_type), *headers)
        headers = (*_without(headers, {name.lower() for name, _ in self.headers}), *self.headers)
        answer = Answer(status, headers, body)
        return answer if answer.has_body else Answer(status, _without(headers, _REPLACED_WITH_BODY))


class Faults:
    """The faults of one emulator, consumed in the order in which they were added."""

    def __init__(self, operations: Iterable[str], lock: RLock) -> None:
        self._operations = tuple(operations)
        self._lock = lock
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
        applied: bool | None = None,
    ) -> Fault:
        """Let something go wrong with the next `times` requests (None: with all) of an operation (None: of any).

        - `status`: answer with it, 100 to 599; those without a registered name, such as 520, are fine.
        - `body`: text, bytes, or anything that JSON can hold. Left out, a status from 400 gets the documented
          `{"errors": [...]}` and any other none. Without `status` it replaces the body of the real answer.
        - `headers`: a mapping, or pairs, which may repeat a name. They replace the answer's headers of the same name.
          With neither `status` nor `body` they are added to the real answer.
        - `delay`: seconds before anything is answered. Over a socket this is real time. In process nobody waits: the
          request raises `httpx.ReadTimeout` at once when its read timeout is not longer than that; otherwise a
          `ManualClock` is moved, and any other clock left alone.
        - `timeout`: `"connect"` or `"read"`: no answer ever. In process `httpx.ConnectTimeout` or `httpx.ReadTimeout`;
          over a socket both are silence until the client goes away.
        - `disconnect`: `"connect"`: no connection (over a socket: closed without an answer); `"before"`: closed before
          the answer; `"body"`: broken off (over a socket: reset) after half of the body, or before the answer when it
          has no body.
        - `truncate`: send only so many bytes of the body, though `Content-Length` tells the whole, then close.
        - `applied`: whether the request still does its work before the fault strikes. By default it does where the
          real answer is what gets delayed, changed, broken off or cut, and does not with `status`, `timeout` or
          `disconnect="before"`. Set it for "the server did it, but the answer was lost".

        A fault whose request does not reach the server leaves no trace in `Emulator.requests`; `used` of the returned
        fault counts those as well. Raises ValueError for an unknown operation, and for settings that are out of range
        or contradict each other.
        """
        if operation is not None and operation not in self._operations:
            close = get_close_matches(operation, self._operations, n=1, cutoff=0)[0]
            raise ValueError(f"unknown operation {operation!r}; did you mean {close!r}?")
        pairs = _checked_headers(headers)
        encoded, content_type = _encoded(status, body)
        _check_combination(
            status=status,
            has_content=bool(pairs) or body is not None,
            times=times,
            delay=delay,
            disconnect=disconnect,
            truncate=truncate,
            timeout=timeout,
        )
        needs_real_answer = status is None and timeout is None and disconnect not in ("connect", "before")
        if applied is None:
            applied = needs_real_answer
        elif needs_real_answer and not applied:
            raise ValueError("applied=False leaves no answer to send; give a status")
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
            applied=applied,
        )
        if applied and not fault.reaches_the_server:
            raise ValueError("applied=True: what does not reach the server cannot be applied")
        with self._lock:
            self._queue.append(fault)
        return fault

    def clear(self) -> None:
        """Forget all faults that are still to come."""
        with self._lock:
            self._queue.clear()

    def take(self, operation: str | None) -> Fault | None:
        """The fault for this request, if any; called with the lock held."""
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
            raise ValueError(f"{name} belongs to the transport; use truncate or disconnect to break an answer")
        if not name or not (name + value).isprintable() or not (name + value).isascii():
            raise ValueError(f"not a header: {name!r}: {value!r}")
    return pairs


def _encoded(status: int | None, body: Any) -> tuple[bytes | None, str | None]:
    if body is None:
        if status is None:
            return None, None
        if status < 400:
            return b"", None
        body = {"errors": [phrase(status)]}
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
) -> None:
    if status is not None and not 100 <= status <= 599:
        raise ValueError(f"status must be from 100 to 599, not {status}")
    if times is not None and times < 1:
        raise ValueError(f"times must be at least 1, or None for always, not {times}")
    if not delay >= 0:
        raise ValueError(f"delay must be 0 seconds or more, not {delay}")
    if truncate is not None and truncate < 0:
        raise ValueError(f"truncate must be 0 bytes or more, not {truncate}")
    if disconnect not in (None, "connect", "before", "body"):
        raise ValueError(f"disconnect must be 'connect', 'before' or 'body', not {disconnect!r}")
    if timeout not in (None, "connect", "read"):
        raise ValueError(f"timeout must be 'connect' or 'read', not {timeout!r}")
    if sum(setting is not None for setting in (disconnect, truncate, timeout)) > 1:
        raise ValueError("only one of disconnect, truncate and timeout can happen to a request")
    silent = disconnect in ("connect", "before") or timeout is not None
    if silent and (status is not None or has_content):
        raise ValueError("no answer is sent, so status, headers and body make no sense")
    if timeout is not None and delay:
        raise ValueError("a timeout lasts for ever, so delay makes no sense")
    if not (silent or has_content or delay or disconnect or status is not None or truncate is not None):
        raise ValueError("nothing goes wrong: give status, headers, body, delay, disconnect, truncate or timeout")
