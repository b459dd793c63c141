"""The area "events": the search for RUM events, which finds sessions and views."""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from attrs import frozen

from rum_replay_emulator.answer import Answer, RefusedError, json_answer
from rum_replay_emulator.call import Call, Handler
from rum_replay_emulator.clock import instant
from rum_replay_emulator.contract import contract, first_problem
from rum_replay_emulator.event_queries import Matcher, QueryError, parse_query

__all__ = ["Events", "cut_short"]

_MOST = 1_000
_DEFAULT_LIMIT = 10
_DEFAULT_START, _DEFAULT_END = "now-15m", "now"
_DATE_MATH = re.compile(r"now(?:([+-])(\d{1,9})([smhdw]))?")
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_MILLISECONDS = re.compile(r"\d{1,16}")
_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")

_encode = msgspec.json.Encoder().encode


@frozen
class _Event:
    """`at` is in milliseconds since 1970-01-01 UTC."""

    at: float
    id: str
    wire: dict[str, Any]


class Events:
    """All events, by id."""

    def __init__(self) -> None:
        self._events: dict[str, _Event] = {}

    def handlers(self) -> Mapping[str, Handler]:
        return {"SearchRUMEvents": self._search}

    def load(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Add events, all of them or none; one with the id of an earlier one replaces it."""
        loaded = [_event(wire, f"event {number}") for number, wire in enumerate(events)]
        self._events.update((event.id, event) for event in loaded)

    def _search(self, call: Call) -> Answer:
        wanted: dict[str, Any] = call.body.get("filter", {})
        options: dict[str, Any] = call.body.get("options", {})
        page: dict[str, Any] = call.body.get("page", {})
        if call.assumptions.timezone_with_offset_is_400 and {"timezone", "time_offset"} <= options.keys():
            raise RefusedError(400, "options: timezone and time_offset exclude each other")
        start = _moment("filter.from", wanted.get("from", _DEFAULT_START), call)
        end = _moment("filter.to", wanted.get("to", _DEFAULT_END), call)
        matches = _matcher(wanted.get("query", "*"))
        limit = page.get("limit", _DEFAULT_LIMIT)
        if limit < 1:
            if call.assumptions.paging_below_range_is_400:
                raise RefusedError(400, "page.limit: must be at least 1")
            limit = _DEFAULT_LIMIT
        found = [one for one in self._events.values() if start <= one.at <= end and matches(one.wire["attributes"])]
        if not call.assumptions.event_at_end_is_found:
            found = [one for one in found if one.at < end]
        newest_first = call.body.get("sort", call.assumptions.default_event_sort) == "-timestamp"
        found.sort(key=lambda one: (one.at, one.id), reverse=newest_first)
        if "cursor" in page:
            last = self._event_at(page["cursor"])
            if last is None and call.assumptions.unknown_event_cursor_is_400:
                raise RefusedError(400, "page.cursor: is not a cursor of this search")
            found = [] if last is None else [one for one in found if _comes_after(one, last, newest_first)]
        shown = found[:limit]
        meta: dict[str, Any] = {"elapsed": 1, "request_id": f"rum-{len(found)}", "status": "done", "warnings": []}
        if shown if call.assumptions.last_event_page_is_empty else len(found) > limit:
            meta["page"] = {"after": _cursor(shown[-1].id)}
        return json_answer(200, {"data": [one.wire for one in shown], "meta": meta})

    def _event_at(self, cursor: str) -> _Event | None:
        try:
            after = msgspec.json.decode(
                b64decode(cursor + "=" * (-len(cursor) % 4), validate=True), type=dict[str, str]
            )
            return self._events[after["after"]]
        except (ValueError, KeyError, msgspec.MsgspecError):
            return None


def _comes_after(event: _Event, last: _Event, newest_first: bool) -> bool:
    one, other = (event.at, event.id), (last.at, last.id)
    return one < other if newest_first else one > other


def cut_short(body: bytes) -> bytes:
    """The answer of a search that ran out of time: the first half of the page, and the status `timeout`."""
    document = msgspec.json.decode(body, type=dict[str, Any])
    found: list[Any] = document.get("data", [])
    document["data"] = found[: len(found) // 2]
    if "meta" in document:
        document["meta"]["status"] = "timeout"
    return _encode(document)


def _event(given: Mapping[str, Any], name: str) -> _Event:
    wire: dict[str, Any] = msgspec.json.decode(_encode(given))
    answer = contract().operations["SearchRUMEvents"].answers[200]["application/json"]
    for problem in first_problem(answer, {"data": [wire]}) if answer is not None else ():
        raise ValueError(f"{name}: {problem.removeprefix('data.0.')}")
    attributes: dict[str, Any] = wire.get("attributes", {})
    if "id" not in wire or "timestamp" not in attributes:
        raise ValueError(f"{name}: it needs an id and attributes.timestamp, by which it is found")
    return _Event(instant(attributes["timestamp"]), wire["id"], wire)


def _matcher(query: str) -> Matcher:
    try:
        return parse_query(query)
    except QueryError as error:
        raise RefusedError(400, str(error)) from None


def _moment(name: str, text: str, call: Call) -> float:
    """Milliseconds since 1970-01-01 UTC, from a time, date math or milliseconds."""
    if math := _DATE_MATH.fullmatch(text):
        sign, number, unit = math.groups()
        away = int(number) * _SECONDS[unit] if unit else 0
        return (call.now + (away if sign == "+" else -away)) * 1000
    if _MILLISECONDS.fullmatch(text):
        return int(text)
    try:
        if _ABSOLUTE.fullmatch(text):
            return instant(text)
    except ValueError:
        pass  # Answered below: the form is right, and there is no such day.
    raise RefusedError(400, f"{name}: must be a time such as 2026-07-01T12:00:00Z, now-7d, or milliseconds as a text")


def _cursor(event_id: str) -> str:
    return b64encode(_encode({"after": event_id})).decode().rstrip("=")
