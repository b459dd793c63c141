"""When a request matches a recorded one: method, URL and body, compared by a hashable key."""

import json
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

from pytest_rum_replay.interaction import RecordedRequest

__all__ = ["MatchKey", "json_value", "match_key"]

_LOOPBACK = re.compile(r"((?:.*@)?(?:localhost|127\.[0-9.]+|\[::1\])):[0-9]+")


class MatchKey(NamedTuple):
    """Equal for requests that match.

    - Parameters are sorted by name, since their order is irrelevant; repeated ones keep their order.
    - JSON objects and arrays are compared as values: spaces and the order of keys are ignored, but `1`, `1.0` and `"1"`
      differ. All other bodies are compared byte by byte.
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
        _comparable(request.body) if request.body else b"",
    )


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


def _comparable(body: bytes) -> str | bytes:
    try:
        return json.dumps(json_value(body), sort_keys=True)
    except ValueError:
        return body


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate keys")
    return members
