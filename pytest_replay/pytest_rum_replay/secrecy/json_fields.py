"""JSON values under secret names replaced in place.

Secret is what a field with a secret name holds, at any depth; what stands for the value of a secret name in a pair
(`{"name": "api_key", "value": …}` in either order, `["api_key", …]`); and what a field named `key` holds if it looks
like a credential. Otherwise `key` is an ordinary name, as in `{"key": "checkout"}`.
"""

import json
import re

from pytest_rum_replay.secrecy.json_text import Container, encoded, replace_spans, walk
from pytest_rum_replay.secrecy.known_values import PLACEHOLDER
from pytest_rum_replay.secrecy.secret_names import (
    HINTS,
    NAME_FIELDS,
    VALUE_FIELDS,
    is_secret_field,
    looks_like_credential,
)

__all__ = ["may_have_secret_field", "redact_fields"]

_REDACTED = PLACEHOLDER.encode()
_FIELD = re.compile(
    rb'(?:%s)[^"]{0,20}"\s{0,20}[:,}\]]|\\u[0-9a-f]{4}[\w\\. -]{0,80}"\s{0,20}[:,}\]]' % b"|".join(HINTS)
)
_LONGEST_NAME = 100


def may_have_secret_field(lower: bytes) -> bool:
    """A quick check of a text in lower case."""
    return _FIELD.search(lower) is not None


def redact_fields(data: bytes) -> bytes:
    """JSON with the strings and numbers that are secret by their place replaced."""
    spans: dict[tuple[int, int], bytes] = {}
    for containers, start, end in walk(data, _is_secret):
        innermost = containers[-1] if containers else None
        if not end:
            if innermost is not None and innermost.pair_is_marked:
                spans |= {span: _replacement(data[span[0] : span[1]]) for span in innermost.pair_values}
            continue
        token = data[start:end]
        if innermost is not None:
            _note_pair(innermost, token, start, end)
        if innermost is not None and (_is_secret(innermost) or _is_key_with_credential(innermost, token)):
            spans[start, end] = _replacement(token)
        elif token.startswith((b'"{', b'"[')) and _FIELD.search(token.lower()):
            spans[start, end] = _redacted_inner(token)
    changed = ((start, end, new) for (start, end), new in sorted(spans.items()) if new != data[start:end])
    return replace_spans(data, changed) if spans else data


def _is_secret(container: Container) -> bool:
    """Whether the current member of a container is secret."""
    place = container.place
    if container.is_marked:
        return True
    if isinstance(place, int):
        return False
    return is_secret_field(place) or (container.pair_is_marked and place.lower() in VALUE_FIELDS)


def _note_pair(container: Container, token: bytes, start: int, end: int) -> None:
    place = container.place
    is_name = place == 0 if isinstance(place, int) else place.lower() in NAME_FIELDS
    is_value = place == 1 if isinstance(place, int) else place.lower() in VALUE_FIELDS
    if is_name and len(token) <= _LONGEST_NAME and token.startswith(b'"') and is_secret_field(_text(token)):
        container.pair_is_marked = True
    elif is_value and not (isinstance(place, int) and is_secret_field(_text(token[:_LONGEST_NAME]))):
        container.pair_values.append((start, end))
    elif isinstance(place, int) and place > 1:
        container.pair_is_marked = False  # a list of names


def _is_key_with_credential(container: Container, token: bytes) -> bool:
    place = container.place
    return isinstance(place, str) and place.lower() == "key" and looks_like_credential(_text(token))


def _text(token: bytes) -> str:
    try:
        return str(json.loads(token))
    except ValueError:  # truncated, or not UTF-8: taken literally
        return token.strip(b'"').decode("utf-8", "replace")


def _replacement(token: bytes) -> bytes:
    if token.startswith(b'"'):
        if len(token) > 1 and token.endswith(b'"'):
            return token if token == b'""' else b'"%s"' % _REDACTED
        return b'"' + _REDACTED  # truncated, and remains so
    return token if token in (b"null", b"true", b"false") else b"0"


def _redacted_inner(token: bytes) -> bytes:
    """A JSON document within a JSON string, which may be truncated."""
    closing = b"" if len(token) > 1 and token.endswith(b'"') else b'"'
    try:
        inner = str(json.loads(token + closing)).encode("utf-8", "surrogatepass")
    except ValueError:  # broken within an escape: it cannot be read as a document
        return token
    redacted = redact_fields(inner)
    if redacted == inner:
        return token
    return encoded(redacted.decode("utf-8", "surrogatepass")).removesuffix(closing)
