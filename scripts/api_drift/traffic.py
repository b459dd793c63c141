"""Recorded requests and answers: cassettes of the pytest plugin and of vcrpy, HAR files, and logs of `on_response`.

A log has one JSON object a line, with `method`, `url` and `status`, and perhaps `content_type`, `body` and
`request_body`; the bodies are texts, as they were sent. Without `body`, it is not known what it was.
"""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
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


def read_traffic(path: Path, name: str) -> list[Exchange]:
    """The exchanges in a file; raises UnreadableError, whose text quotes nothing of the file."""
    text = read_text(path, name)
    start = text.lstrip()[:1]
    try:
        if start == "{":
            return list(_har(json.loads(text), name) if _is_one_document(text) else _log(text, name))
        if text.startswith(HEADER):
            return list(_cassette(text, path, name))
        return list(_vcrpy(LOADER(text).get_single_data(), name))
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        LookupError,
        RecursionError,
        yaml.YAMLError,
        zlib.error,
        OSError,
    ):
        pass  # the error may quote the file
    kinds = "a cassette of the pytest plugin or of vcrpy, a HAR file, or a log of on_response as JSON lines"
    raise UnreadableError(f"{name} is not {kinds}, or it is damaged")


def _is_one_document(text: str) -> bool:
    """A log is one only if it has a single line."""
    try:
        document = json.loads(text)
    except ValueError:
        return False
    return "log" in document


def _cassette(text: str, path: Path, name: str) -> Iterator[Exchange]:
    try:
        interactions = load(text.encode("utf-8"), path)
    except CassetteFormatError:
        raise ValueError("not a cassette") from None
    for number, interaction in enumerate(interactions, start=1):
        request, response = interaction.request, interaction.response
        kind = next((value for header, value in response.headers if header == "content-type"), "")
        yield Exchange(name, number, request.method, request.url, response.status, kind, response.body, request.body)


def _vcrpy(document: Any, name: str) -> Iterator[Exchange]:
    for number, entry in enumerate(document["interactions"], start=1):
        request, response = entry["request"], entry["response"]
        headers = {str(key).lower(): value for key, value in response["headers"].items()}
        encoding = _first(headers.get("content-encoding", ""))
        body = response["body"]
        yield Exchange(
            name,
            number,
            request["method"],
            request["uri"],
            int(response["status"]["code"]),
            _first(headers.get("content-type", "")),
            _decoded(_bytes(body.get("string", "") if isinstance(body, dict) else body), encoding),
            _bytes(request.get("body")),
        )


def _har(document: Any, name: str) -> Iterator[Exchange]:
    for number, entry in enumerate(document["log"]["entries"], start=1):
        request, response = entry["request"], entry["response"]
        content = response["content"]
        text = content.get("text")
        body = base64.b64decode(text) if text and content.get("encoding") == "base64" else _bytes(text)
        if not response["status"]:  # the browser had no answer
            continue
        yield Exchange(
            name,
            number,
            request["method"],
            request["url"],
            int(response["status"]),
            content.get("mimeType", ""),
            body if text is not None or content.get("size") == 0 else None,
            _bytes(request.get("postData", {}).get("text")),
        )


def _log(text: str, name: str) -> Iterator[Exchange]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            entry: Mapping[str, Any] = json.loads(line)
            yield Exchange(
                name,
                number,
                str(entry["method"]),
                str(entry["url"]),
                int(entry["status"]),
                entry.get("content_type") or "",
                None if entry.get("body") is None else _bytes(entry["body"]),
                _bytes(entry.get("request_body")),
            )


def _decoded(body: bytes, encoding: str) -> bytes:
    """Recorders keep bodies as they came, or decode them and leave the header."""
    if encoding.lower() == "gzip" and body.startswith(b"\x1f\x8b"):
        return gzip.decompress(body)
    return body


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return b"" if value is None else str(value).encode("utf-8", "surrogatepass")


def _first(value: Any) -> str:
    return str(value[0] if isinstance(value, list) and value else value)
