"""When a request matches a recorded one: method, URL and body, compared by a hashable key."""

import json
import re
from collections.abc import Callable, Container
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from rum_replay._times import parse_rfc3339

from pytest_rum_replay.interaction import Interaction, RecordedRequest

__all__ = ["MatchKey", "json_value", "match_key", "merge_key", "time_in", "with_now", "without_times"]

_LOOPBACK = re.compile(r"((?:.*@)?(?:localhost|127\.[0-9.]+|\[::1\])):[0-9]+")


class MatchKey(NamedTuple):
    """Equal for requests that match.

    - Parameters are sorted by name, since their order is irrelevant; repeated ones keep their order.
    - JSON objects and arrays are compared as values: spaces and the order of keys are ignored; `1`, `1.0` and `"1"`
      differ. All other bodies are compared byte by byte, except for the boundary of a multipart body, which clients
      draw at random.
    - Headers are ignored: they describe the client, not the request.
    - The port is ignored on loopback: test servers get a different one in each run.
    """

    method: str
    origin: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: str | bytes
    """JSON in canonical form, or bytes."""


def match_key(request: RecordedRequest) -> MatchKey:
    """The key of a request in the form in which it is saved: without secrets."""
    url = urlsplit(request.url)
    return MatchKey(
        request.method,
        f"{url.scheme}://{_without_loopback_port(url.netloc)}",
        url.path or "/",
        _parameters(url.query) if url.query else (),
        _comparable(request) if request.body else b"",
    )


_DATE = r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d\d:?\d\d)?"
_TIME = re.compile(rf"(?<![\w.])(?:{_DATE}|[12]\d{{9}}(?:\d{{3}}){{0,3}})(?![\w.])", re.ASCII)
"""Dates with a time, and Unix times since 2001 in seconds, milliseconds, microseconds or nanoseconds."""

_MAYBE_TIME = re.compile(rf"(?<![\w.])(?:{_DATE}|-?\d{{1,15}})(?![\w.])", re.ASCII)
"""Dates with a time, and Unix times in milliseconds: tests may have stopped time in any year."""

_NOW = "now"
_LONGEST_LOOK_BACK = 400 * 86_400
"""Seconds; more than anything is kept for."""

_BOUNDARY = re.compile(r'multipart/[^;]*+;.*?boundary=(?:"([^"]++)"|([^\s;"]++))', re.IGNORECASE | re.DOTALL)


def with_now(key: MatchKey, times: Container[int]) -> MatchKey:
    """The key of a request in which it does not matter which of these times, in ms of Unix time, it contains.

    Times that are whole seconds before it, such as those of the last 7 days, are taken relative to it.
    """
    now = time_in(key, times)
    if now is None:
        return key

    def replacement(found: re.Match[str]) -> str:
        time = _milliseconds(found[0])
        if time is None:
            return found[0]
        if time in times:
            return _NOW
        seconds, rest = divmod(now - time, 1000)
        return f"{_NOW}-{seconds}" if not rest and 0 < seconds <= _LONGEST_LOOK_BACK else found[0]

    return _replaced(key, _MAYBE_TIME, replacement)


def without_times(key: MatchKey) -> MatchKey:
    """The key of a request in which times do not matter."""
    return _replaced(key, _TIME, _NOW)


def time_in(key: MatchKey, times: Container[int]) -> int | None:
    """The first of these times that a request contains, in ms of Unix time."""
    texts = [value for _, value in key.query] + ([key.body] if isinstance(key.body, str) else [])
    found = (_milliseconds(match[0]) for text in texts for match in _MAYBE_TIME.finditer(text))
    return next((time for time in found if time is not None and time in times), None)


def merge_key(interaction: Interaction) -> MatchKey:
    """Equal for recordings of the same request, whenever they were made."""
    key = match_key(interaction.request)
    return key if interaction.clock is None else with_now(key, (interaction.clock,))


def _replaced(key: MatchKey, times: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str]) -> MatchKey:
    replaced = partial(times.sub, replacement)
    query = tuple((name, replaced(value)) for name, value in key.query)
    return key._replace(query=query, body=replaced(key.body) if isinstance(key.body, str) else key.body)


def _milliseconds(text: str) -> int | None:
    if text.removeprefix("-").isdigit():
        return int(text)
    try:
        return round(parse_rfc3339(text).timestamp() * 1000)
    except ValueError:
        return None


def json_value(body: bytes) -> Any:
    """The JSON object or array in a body; raises ValueError if there is none, or if an object has duplicate keys."""
    if not body.lstrip().startswith((b"{", b"[")):
        raise ValueError("not a JSON object or array")
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_loopback_port(authority: str) -> str:
    match = _LOOPBACK.fullmatch(authority)
    return authority if match is None else match[1]


def _parameters(query: str) -> tuple[tuple[str, str], ...]:
    # Different bytes that are not UTF-8 stay different.
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _comparable(request: RecordedRequest) -> str | bytes:
    try:
        return json.dumps(json_value(request.body), sort_keys=True)
    except ValueError:
        content_type = next((value for name, value in request.headers if name == "content-type"), "")
        boundary = _BOUNDARY.match(content_type)
        if boundary is None:
            return request.body
        return request.body.replace(b"--" + (boundary[1] or boundary[2]).encode(), b"--boundary")


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate keys")
    return members
