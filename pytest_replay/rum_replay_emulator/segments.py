"""The area "sessions": recorded segments, in pages and in any of three envelopes."""

from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b
from typing import Any, Literal

from attrs import frozen

from rum_replay_emulator.answer import Answer, RefusedError, json_answer
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.call import Call, Handler

__all__ = ["SegmentEnvelope", "Segments"]

SegmentEnvelope = Literal["raw", "json", "multipart"]
"""How segments are wrapped in an answer. None of the three is known to be the live API's: all are inventions for
testing decoders.

- `"raw"`: `application/octet-stream`, the segments' bytes concatenated; the next token in a response header.
- `"json"`: `{"data": [{"type": "segment", "id": "<view>-<index>", "attributes": {"data": "<base64>"}}], "meta":
  {"paging": "<token>"}}`; no token on the last page.
- `"multipart"`: `multipart/mixed`, one `application/octet-stream` part for each segment; the token in a header.
"""

_BOUNDARY = "rum-replay-emulator-segment"
_DAY = 86_400.0
_RETENTION, _EXTENDED_RETENTION = 30 * _DAY, 456 * _DAY


@frozen
class _View:
    """`tokens[i]` is the token of the page that begins with segment i + 1; the first page needs no token."""

    segments: tuple[bytes, ...]
    tokens: tuple[str, ...]


@frozen
class _Page:
    """`first` is the index of the page's first segment in its view."""

    view_id: str
    first: int
    segments: tuple[bytes, ...]
    next_token: str | None

    def token_headers(self, assumptions: Assumptions) -> tuple[tuple[str, str], ...]:
        return () if self.next_token is None else ((assumptions.segment_token_header, self.next_token),)


class Segments:
    """Segments by session and view."""

    def __init__(self, envelope: SegmentEnvelope) -> None:
        self._wrap = _ENVELOPES[envelope]
        self._views: dict[tuple[str, str], _View] = {}
        self._loaded: dict[str, float] = {}
        self._extended: dict[str, float] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {"GetSegments": self._get}

    def load(self, session_id: str, view_id: str, segments: Iterable[bytes], now: float) -> None:
        kept = tuple(bytes(segment) for segment in segments)
        tokens = tuple(_token(session_id, view_id, index) for index in range(1, len(kept)))
        self._views[session_id, view_id] = _View(kept, tokens)
        self._loaded[session_id] = now

    def extend_retention(self, session_id: str, now: float) -> None:
        """Counts from the first time, and does not bring back a replay that has ended."""
        if now < self._loaded.get(session_id, now) + _RETENTION:
            self._extended.setdefault(session_id, now)

    def _ended(self, call: Call, session_id: str) -> bool:
        extended = self._extended.get(session_id)
        end = self._loaded[session_id] + _RETENTION if extended is None else extended + _EXTENDED_RETENTION
        return call.assumptions.replay_retention != "unlimited" and call.now >= end

    def is_known_session(self, session_id: str) -> bool:
        return session_id in self._loaded

    def _get(self, call: Call) -> Answer:
        session_id, view_id = call.path
        view = self._views.get((session_id, view_id))
        if view is None or self._ended(call, session_id):
            raise call.missing(f"view {view_id} of session {session_id}")
        source = call.query.get("source", "blob")
        if call.assumptions.unknown_segment_source_is_400 and source not in ("event_platform", "blob"):
            raise RefusedError(400, "source: must be event_platform or blob")
        segments = view.segments
        first = _first_segment(view, call)
        room = call.number("max_list_size", call.assumptions.default_segment_list_size)
        end = first
        while end < len(segments) and (end == first or len(segments[end]) <= room):
            room -= len(segments[end])
            end += 1
        token = view.tokens[end - 1] if end < len(segments) else None
        return self._wrap(_Page(view_id, first, segments[first:end], token), call.assumptions)


def _token(session_id: str, view_id: str, index: int) -> str:
    """Opaque to clients, valid for one view only, and the same in every run."""
    digest = blake2b("\0".join((session_id, view_id, str(index))).encode(), digest_size=12).digest()
    return urlsafe_b64encode(digest).decode()


def _first_segment(view: _View, call: Call) -> int:
    token = call.query.get("paging")
    if token is None:
        return 0
    if token not in view.tokens:
        status = 400 if call.assumptions.unknown_segment_token_is_400 else 404
        raise RefusedError(status, "paging: is not a token of this view")
    return view.tokens.index(token) + 1


def _raw(page: _Page, assumptions: Assumptions) -> Answer:
    headers = (("Content-Type", "application/octet-stream"), *page.token_headers(assumptions))
    return Answer(200, headers, b"".join(page.segments))


def _json(page: _Page, assumptions: Assumptions) -> Answer:
    body: dict[str, Any] = {
        "data": [
            {
                "type": "segment",
                "id": f"{page.view_id}-{index}",
                "attributes": {"data": b64encode(segment).decode()},
            }
            for index, segment in enumerate(page.segments, page.first)
        ]
    }
    if page.next_token is not None:
        *parents, last = assumptions.segment_token_field
        place = body
        for key in parents:
            place = place.setdefault(key, {})
        place[last] = page.next_token
    return json_answer(200, body)


def _multipart(page: _Page, assumptions: Assumptions) -> Answer:
    # A boundary must not occur in the parts, which may contain any bytes.
    boundary = _BOUNDARY
    while any(boundary.encode() in segment for segment in page.segments):
        boundary += "-"
    parts = [
        b'--%b\r\nContent-Type: application/octet-stream\r\nContent-Disposition: form-data; name="segment"; '
        b'filename="%d"\r\n\r\n%b\r\n' % (boundary.encode(), index, segment)
        for index, segment in enumerate(page.segments, page.first)
    ]
    headers = (("Content-Type", f"multipart/mixed; boundary={boundary}"), *page.token_headers(assumptions))
    return Answer(200, headers, b"".join(parts) + f"--{boundary}--\r\n".encode())


_ENVELOPES: dict[SegmentEnvelope, Callable[[_Page, Assumptions], Answer]] = {
    "raw": _raw,
    "json": _json,
    "multipart": _multipart,
}
