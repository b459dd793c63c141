"""Recorded requests and answers: cassettes of the pytest plugin and of vcrpy, HAR files, and logs of `on_response`.

A log has one JSON object a line, with `method`, `url` and `status`, and perhaps `content_type`, `body` and
`request_body`; the bodies are texts, as they were sent. Without `body`, it is not known what it was.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from attrs import field, frozen
from pytest_rum_replay.cassettes.document import HEADER, load
from pytest_rum_replay.cassettes.errors import CassetteFormatError

from .model import UnreadableError, read_text
from .yaml_documents import LOADER

__all__ = ["Exchange", "read_traffic"]


@frozen
class Exchange:
    """A request and its answer. Only where it is may be shown."""

    file: str
    number: int
    """Of the entry in the file, counted from 1; of a log, the line."""

    method: str = field(repr=False)
    url: str = field(repr=False)
    status: int
    content_type: str = field(repr=False)
    body: bytes | None = field(repr=False)
    """None if it was not recorded, as browsers leave out large ones."""

    request_body: bytes = field(repr=False, default=b"")


_Entries = Iterable[tuple[int, Any]]
_Maker = Callable[[str, int, Any], Exchange | None]
_FAULTS = (
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    EOFError,
    OSError,
    zlib.error,
    yaml.YAMLError,
)
"""What reading something of another form raises. The errors may quote it, so they are not shown."""


class _DamagedEntryError(Exception):
    """An entry has not the form that the kind of file has; the text says which."""


def read_traffic(path: Path, name: str) -> list[Exchange]:
    """The exchanges in a file; raises UnreadableError, whose text quotes nothing of the file."""
    text = read_text(path, name)
    where = ""
    try:
        return list(_exchanges(text, path, name))
    except _DamagedEntryError as error:
        where = f": {error} cannot be read"
    except _FAULTS:
        pass
    kinds = "a cassette of the pytest plugin or of vcrpy, a HAR file, or a log of on_response as JSON lines"
    raise UnreadableError(f"{name} is not {kinds}, or it is damaged{where}")


def _exchanges(text: str, path: Path, name: str) -> Iterator[Exchange]:
    if text.lstrip()[:1] == "{":
        document = _one_document(text)
        if isinstance(document.get("log"), dict):
            return _made(_of_har, name, "entry", enumerate(_listed(document["log"]["entries"]), start=1))
        if "interactions" in document:  # vcrpy writes JSON as well
            return _made(_of_vcrpy, name, "entry", enumerate(_listed(document["interactions"]), start=1))
        lines = [(number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
        return _made(_of_log, name, "line", lines)
    if text.startswith(HEADER):
        return _cassette(text, path, name)
    document = LOADER(text).get_single_data()
    return _made(_of_vcrpy, name, "entry", enumerate(_listed(document["interactions"]), start=1))


def _made(make: _Maker, name: str, unit: str, entries: _Entries) -> Iterator[Exchange]:
    for number, entry in entries:
        try:
            exchange = make(name, number, entry)
        except _FAULTS:
            raise _DamagedEntryError(f"{unit} {number}") from None
        if exchange is not None:
            yield exchange


def _one_document(text: str) -> dict[str, Any]:
    """The whole text as an object; an empty one for a log with several lines."""
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _cassette(text: str, path: Path, name: str) -> Iterator[Exchange]:
    try:
        interactions = load(text.encode("utf-8"), path)
    except CassetteFormatError:
        raise ValueError("not a cassette") from None
    for number, interaction in enumerate(interactions, start=1):
        request, response = interaction.request, interaction.response
        kind = next((value for header, value in response.headers if header == "content-type"), "")
        yield Exchange(name, number, request.method, request.url, response.status, kind, response.body, request.body)


def _of_vcrpy(name: str, number: int, entry: Any) -> Exchange:
    request, response = entry["request"], entry["response"]
    headers = {str(key).lower(): value for key, value in (response.get("headers") or {}).items()}
    body = response.get("body")
    return Exchange(
        name,
        number,
        _text(request["method"]),
        _text(request["uri"]),
        _status(response["status"]["code"]),
        _first(headers.get("content-type")),
        _decoded(
            _bytes(body.get("string") if isinstance(body, dict) else body), _first(headers.get("content-encoding"))
        ),
        _bytes(request.get("body")),
    )


def _of_har(name: str, number: int, entry: Any) -> Exchange | None:
    request, response = entry["request"], entry["response"]
    if not response["status"]:  # the browser had no answer
        return None
    content = response.get("content") or {}
    text = content.get("text")
    body = base64.b64decode(str(text)) if text and content.get("encoding") == "base64" else _bytes(text)
    is_left_out = text is None and content.get("size") != 0
    return Exchange(
        name,
        number,
        _text(request["method"]),
        _text(request["url"]),
        _status(response["status"]),
        _first(content.get("mimeType")),
        None if is_left_out else body,
        _bytes((request.get("postData") or {}).get("text")),
    )


def _of_log(name: str, number: int, line: str) -> Exchange:
    entry: Mapping[str, Any] = json.loads(line)
    return Exchange(
        name,
        number,
        _text(entry["method"]),
        _text(entry["url"]),
        _status(entry["status"]),
        _first(entry.get("content_type")),
        None if entry.get("body") is None else _bytes(entry["body"]),
        _bytes(entry.get("request_body")),
    )


def _decoded(body: bytes, encoding: str) -> bytes | None:
    """Recorders keep bodies as they came, or decode them and leave the header. None if that cannot be undone here."""
    encoding = encoding.lower()
    if encoding == "gzip" and body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    if encoding in ("", "identity", "gzip") or not body:
        return body
    try:
        json.loads(body)
    except ValueError:
        return None
    return body


def _bytes(value: Any) -> bytes:
    """A body; some recorders keep the document instead of its text."""
    if isinstance(value, bytes):
        return value
    text = value if isinstance(value, str) else json.dumps(value)
    return b"" if value is None else text.encode("utf-8", "surrogatepass")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("not a text")
    return value


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _status(value: Any) -> int:
    status = int(value)
    if isinstance(value, bool) or status != float(value) or not 100 <= status <= 999:
        raise ValueError("not a status")
    return status


def _first(value: Any) -> str:
    """The value of a header; empty without one."""
    if isinstance(value, list):
        value = value[0] if value else None
    return "" if value is None else _text(value)
