"""When a request is the same as a recorded one: method, URL and body, compared by a key that a dict can hold."""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pytest_rum_replay.interaction import RecordedRequest

__all__ = ["MatchKey", "json_value", "match_key"]

_LOOPBACK = re.compile(r"((?:.*@)?(?:localhost|127\.[0-9.]+|\[::1\])):[0-9]+")


class MatchKey(NamedTuple):
    """Equal for requests that are the same.

    - Parameters are sorted by name, since their order means nothing; those that come more than once keep theirs.
    - JSON objects and arrays are compared as values: neither spaces nor the order of keys count, but `1`, `1.0`
      and `"1"` differ. All other bodies are compared byte by byte.
    - Headers do not count: they tell who asks, not what is asked.
    - On loopback the port does not count either: test servers get another one in each run.
    """

    method: str
    origin: str
    path: str
    query: tuple[tuple[str, str], ...]
    body: str | bytes
    """JSON in a canonical form, or bytes."""


def match_key(request: RecordedRequest) -> MatchKey:
    """The key of a request in the form in which it is saved, that is without secrets."""
    url = urlsplit(request.url)
    return MatchKey(
        request.method,
        f"{url.scheme}://{_without_loopback_port(url.netloc)}",
        url.path or "/",
        _parameters(url.query) if url.query else (),
        _comparable(request.body) if request.body else b"",
    )


def json_value(body: bytes) -> Any:
    """The object or array in a body; raises ValueError when there is none, or when a key comes twice in one object."""
    if not body.lstrip().startswith((b"{", b"[")):
        raise ValueError("no JSON object or array")
    try:
        return json.loads(body.decode("utf-8"), object_pairs_hook=_without_duplicates)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _without_loopback_port(authority: str) -> str:
    match = _LOOPBACK.fullmatch(authority)
    return authority if match is None else match[1]


def _parameters(query: str) -> tuple[tuple[str, str], ...]:
    # Bytes that are no UTF-8 stay different from each other.
    pairs = parse_qsl(query, keep_blank_values=True, errors="surrogateescape")
    return tuple(sorted(pairs, key=lambda pair: pair[0]))


def _comparable(body: bytes) -> str | bytes:
    try:
        return json.dumps(json_value(body), sort_keys=True)
    except ValueError:
        return body


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a key comes twice")
    return members
