"""The emulator itself, without any transport: a request goes in, an answer and the fault to apply come out."""

from collections.abc import Callable, Mapping, Sequence
from threading import RLock
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from attrs import evolve, frozen

from rum_replay_emulator.answer import Answer, RefusedError, error_answer, in_media_type
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.call import Call, Handler
from rum_replay_emulator.clock import Clock
from rum_replay_emulator.contract import Operation, contract, first_problem, problems
from rum_replay_emulator.events import Events
from rum_replay_emulator.faults import Fault, Faults
from rum_replay_emulator.heatmaps import Heatmaps
from rum_replay_emulator.identity import Credentials, User
from rum_replay_emulator.limits import LIMITS
from rum_replay_emulator.playlists import Playlists
from rum_replay_emulator.rate_limit import RateLimit, RateLimiter
from rum_replay_emulator.received import ReceivedRequest
from rum_replay_emulator.segments import SegmentEnvelope, Segments
from rum_replay_emulator.viewership import Viewership

__all__ = ["Core", "Exchange"]

_decode = msgspec.json.Decoder().decode
_EMPTY = Answer(200)

_LARGE = 16 * 1024
"""The size in bytes from which on only the first problem of a body is reported."""


@frozen
class Exchange:
    """The answer, and the fault to apply when it is delivered."""

    answer: Answer
    fault: Fault | None


class Core:
    """State and rules. Thread-safe: every public method takes the same lock."""

    def __init__(
        self,
        *,
        credentials: Credentials,
        clock: Clock,
        rate_limit: RateLimit | None,
        segment_envelope: SegmentEnvelope,
        assumptions: Assumptions,
        user: User,
        on_answer: Callable[[ReceivedRequest, Answer], object] | None = None,
    ) -> None:
        self.lock = RLock()
        self.clock = clock
        self.user = user
        self.requests: list[ReceivedRequest] = []
        self._contract = contract()
        self.faults = Faults(self._contract.operations, self.lock, assumptions)
        self._credentials = credentials
        self._assumptions = assumptions
        self._envelope: SegmentEnvelope = segment_envelope
        self._first_user = user
        self._on_answer = on_answer
        self.rate_limit = rate_limit
        self._empty()

    @property
    def rate_limit(self) -> RateLimit | None:
        return None if self._limiter is None else self._limiter.rate_limit

    @rate_limit.setter
    def rate_limit(self, rate_limit: RateLimit | None) -> None:
        with self.lock:
            self._limiter = None if rate_limit is None else RateLimiter(rate_limit)

    def load_segments(self, session_id: str, view_id: str, segments: Sequence[bytes]) -> None:
        with self.lock:
            self._segments.load(session_id, view_id, segments, self.clock.time())

    def load_events(self, events: Sequence[Mapping[str, Any]]) -> None:
        with self.lock:
            self._events.load(events)

    def reset(self) -> None:
        with self.lock:
            self.user = self._first_user
            self.requests.clear()
            self.faults.clear()
            self.rate_limit = self.rate_limit
            self._empty()

    def exchange(
        self, method: str, path: str, query: str, headers: Sequence[tuple[bytes, bytes]], body: bytes
    ) -> Exchange:
        """Answer one request. `path` and `query` are percent-encoded, as they were sent."""
        operation, path_values, allow = self._contract.route(method, path)
        operation_id = None if operation is None else operation.id
        with self.lock:
            fault = self.faults.take(operation_id)
            if fault is not None and not fault.reaches_the_server:
                return Exchange(_EMPTY, fault)
            now = self.clock.time()
            request = ReceivedRequest(operation_id, method, path, query, tuple(headers), body, now)
            self.requests.append(request)
            limit_headers: tuple[tuple[str, str], ...] = ()
            allowed = True
            if self._limiter is not None:
                allowed, limit_headers = self._limiter.count(self.clock.monotonic())
            answer = _EMPTY
            if fault is None or fault.applied:
                try:
                    if not allowed:
                        raise RefusedError(429)
                    answer = self._answer(operation, path_values, allow, request)
                    answer = in_media_type(answer, self._assumptions.json_media_type)
                except RefusedError as refusal:
                    answer = error_answer(refusal.status, refusal.errors, self._assumptions)
                    answer = evolve(answer, headers=answer.headers + refusal.headers)
            if limit_headers:
                answer = Answer(answer.status, answer.headers + limit_headers, answer.body)
            if fault is not None and fault.answers:
                answer = fault.change(answer)
            if fault is None and self._on_answer is not None:
                self._on_answer(request, answer)
            return Exchange(answer, fault)

    def body_too_large(self) -> Answer:
        """The answer to a request whose body exceeds the limit: it counts as not received, and uses up no fault."""
        return error_answer(413, [f"body: is larger than {LIMITS.body_size} bytes"], self._assumptions)

    def _empty(self) -> None:
        self._segments = Segments(self._envelope)
        is_known = self._segments.is_known_session
        self._events = Events()
        areas = (
            Playlists(is_known, self._segments.extend_retention),
            Heatmaps(),
            Viewership(is_known),
            self._segments,
            self._events,
        )
        self._handlers: dict[str, Handler] = {}
        for area in areas:
            self._handlers.update(area.handlers())

    def _answer(
        self,
        operation: Operation | None,
        path_values: tuple[str, ...],
        allow: str,
        request: ReceivedRequest,
    ) -> Answer:
        if operation is None:
            if allow:
                raise RefusedError(405, headers=(("Allow", allow),))
            raise RefusedError(404)
        headers = {name.lower(): value for name, value in request.raw_headers}
        self._credentials.check(headers, self._contract.key_headers)
        wrong: list[str] = []
        path: list[Any] = []
        for parameter, text in zip(operation.path_parameters, path_values, strict=True):
            value, errors = parameter.read(text)
            path.append(value)
            wrong += errors
        query = (
            _read_query(operation, request.raw_query, wrong) if request.raw_query or operation.required_query else {}
        )
        body = _read_body(operation, request.body, wrong) if operation.body is not None else None
        if wrong:
            raise RefusedError(400, *wrong)
        return self._handlers[operation.id](Call(tuple(path), query, body, self.user, request.time, self._assumptions))


def _read_query(operation: Operation, raw_query: str, wrong: list[str]) -> dict[str, Any]:
    """The declared parameters by name. Others are ignored; of a repeated parameter the first value is used."""
    query: dict[str, Any] = {}
    for name, text in parse_qsl(raw_query, keep_blank_values=True):
        parameter = operation.query_parameters.get(name)
        if parameter is not None and name not in query:
            query[name], errors = parameter.read(text)
            wrong += errors
    wrong += [f"{name}: is required" for name in operation.required_query if name not in query]
    return query


def _read_body(operation: Operation, raw_body: bytes, wrong: list[str]) -> Any:
    if operation.body is None or not (raw_body or operation.body_required):
        return None
    if not raw_body:
        wrong.append("body: is required")
        return None
    try:
        body = _decode(raw_body)
    except ValueError as error:
        wrong.append(f"body: is not JSON ({error})")
        return None
    except RecursionError:
        wrong.append("body: is nested too deeply")
        return None
    if not operation.body.is_valid(body):
        wrong += (problems if len(raw_body) <= _LARGE else first_problem)(operation.body, body)
    return body
