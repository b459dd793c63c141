"""Where recorded requests and answers do not fit the contract.

Stricter than the pytest plugin's check, since this is about what the contract lacks: unknown properties, values of
enumerations and query parameters count. Like there, null for an optional property is the same as leaving it out, errors
may have no body, and answers with a status of 500 or more may have any form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import frozen

from .misfits import Misfit, Pointer, is_media_type, is_word, json_type
from .model import is_about_replays
from .new_operations import UNKNOWN, path_template
from .nodes import Node
from .schema_check import Document, SchemaCheck, types_of
from .traffic import Exchange

__all__ = ["Contract", "is_json"]

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_JSON = re.compile(r"application/json|[\w.!#$&^+-]+/[\w.!#$&^+-]+\+json", re.ASCII)


@frozen
class _Operation:
    id: str
    method: str
    pattern: re.Pattern[str]
    pointer: Pointer
    parameters: tuple[tuple[Pointer, Node], ...]


class Contract:
    """openapi.yaml, to be checked against. Raises UnreadableError if it cannot be parsed."""

    def __init__(self, text: str, name: str) -> None:
        self.document = Document(text, name)
        self._operations = list(self._found_operations())

    def is_addressed(self, exchange: Exchange) -> bool:
        """Whether a request is for the API that the contract describes."""
        path = _path(exchange.url)
        return path.startswith("/api/") and (
            is_about_replays(path) or any(operation.pattern.fullmatch(path) for operation in self._operations)
        )

    def misfits(self, exchanges: Iterable[Exchange]) -> list[Misfit]:
        """What does not fit, each once for each operation and status, in the order in which it is first met."""
        found: dict[tuple[Any, ...], Misfit] = {}
        for exchange in exchanges:
            where = f"{exchange.file} entry {exchange.number}"
            for misfit in self._of(exchange):
                key = (misfit.kind, misfit.pointer, misfit.name, misfit.operation, misfit.place)
                known = found.setdefault(key, misfit)
                if known is not misfit:
                    known.values += misfit.values
                if where not in known.where:
                    known.where.append(where)
        return list(found.values())

    def _found_operations(self) -> Iterator[_Operation]:
        for path, item in (self.document.top.get("paths") or Node({}, 1)).members().items():
            pattern = re.compile(
                "/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in path.split("/"))
            )
            for method in _METHODS:
                declared = item.get(method)
                if declared is None:
                    continue
                pointer = ("paths", path, method)
                stated = [
                    ((*owner, "parameters", str(number)), node)
                    for owner, holder in ((pointer[:2], item), (pointer, declared))
                    for number, node in enumerate((holder.get("parameters") or Node([], 1)).items())
                ]
                parameters = tuple(self.document.followed(place) for place, _ in stated)
                name = str((declared.get("operationId") or Node(f"{method} {path}", 1)).value)
                yield _Operation(name, method.upper(), pattern, pointer, parameters)

    def _of(self, exchange: Exchange) -> Iterator[Misfit]:
        path = _path(exchange.url)
        operation = next(
            (one for one in self._operations if one.method == exchange.method.upper() and one.pattern.fullmatch(path)),
            None,
        )
        if operation is None:
            yield self._of_unknown(exchange, path)
            return
        yield from self._of_parameters(operation, exchange, path)
        yield from self._of_request(operation, exchange)
        if exchange.status < 500:
            yield from self._of_answer(operation, exchange)

    def _of_unknown(self, exchange: Exchange, path: str) -> Misfit:
        known = [operation.pointer[1] for operation in self._operations]
        template = "/".join(path_template(path.split("/"), known))
        media_type = _media_type(exchange)
        document, is_document = _document(exchange.body) if is_json(media_type) else (None, False)
        shown = media_type if is_media_type(media_type) and (is_document or not is_json(media_type)) else ""
        answer = {"status": exchange.status, "type": shown if exchange.body else "", "body": document}
        answers = [answer] if exchange.status < 500 else []
        method = exchange.method.upper() if exchange.method.lower() in _METHODS else UNKNOWN
        return self._misfit("operation", ("paths",), f"{method} {template}", (method, template), answers)

    def _of_parameters(self, operation: _Operation, exchange: Exchange, path: str) -> Iterator[Misfit]:
        name = f"{operation.id} request"
        known = {}
        for pointer, node in operation.parameters:
            known[str((node.get("in") or node).value), str((node.get("name") or node).value)] = pointer
        given = [
            ("query", each, value) for each, value in parse_qsl(urlsplit(exchange.url).query, keep_blank_values=True)
        ]
        for template, text in zip(operation.pointer[1].split("/"), path.split("/"), strict=True):
            if template.startswith("{"):
                given.append(("path", template.strip("{}"), unquote(text)))
        for location, each, value in given:
            if (location, each) in known:
                pointer = (*known[location, each], "schema")
                check = SchemaCheck(self.document, name, f"{location} parameter {each}")
                yield from check.schema(pointer, self._read(pointer, value), "")
            elif all(map(is_word, re.findall(r"[^\[\]]+", each))) and re.fullmatch(r"\w+(?:\[\w+\])*", each):
                yield self._misfit(
                    "parameter", operation.pointer, each, (name, f"{location} parameter"), [_typed(value)]
                )
            else:
                yield self._misfit("free-parameter", operation.pointer, "", (name, f"a {location} parameter"), [])

    def _read(self, pointer: Pointer, text: str) -> Any:
        """The value that a parameter means: text, unless its schema is of another type and the text is as well."""
        types = types_of(self.document.followed(pointer)[1])
        value = _typed(text)
        return text if not types or "string" in types else value if json_type(value) in types else text

    def _of_request(self, operation: _Operation, exchange: Exchange) -> Iterator[Misfit]:
        if not exchange.request_body:
            return
        name, pointer = f"{operation.id} request", (*operation.pointer, "requestBody")
        document, is_document = _document(exchange.request_body)
        if self.document.node(operation.pointer).get("requestBody") is None:
            yield self._misfit("body", operation.pointer, "request", (name, "body"), [document] if is_document else [])
        elif not is_document:
            yield self._misfit("not-json", pointer, "", (name, "body"), [])
        else:
            target, node = self.document.followed(pointer)
            for kind in (node.get("content") or Node({}, 1)).members():
                if is_json(kind):
                    yield from SchemaCheck(self.document, name, "").schema(
                        (*target, "content", kind, "schema"), document, ""
                    )
                    break

    def _of_answer(self, operation: _Operation, exchange: Exchange) -> Iterator[Misfit]:
        status, name = str(exchange.status), f"{operation.id} {exchange.status}"
        media_type = _media_type(exchange)
        document, is_document = _document(exchange.body) if is_json(media_type) else (None, False)
        answers = self.document.node((*operation.pointer, "responses"))
        if answers.get(status) is None:
            shown = media_type if is_media_type(media_type) else ""
            values = [document] if is_document else []
            misfit = self._misfit("status", (*operation.pointer, "responses"), status, (name, "status"), values)
            misfit.name = f"{status} {shown}".rstrip() if exchange.body else status
            yield misfit
            return
        if exchange.body is None:
            return
        pointer, answer = self.document.followed((*operation.pointer, "responses", status))
        content = (answer.get("content") or Node({}, 1)).members()
        if not exchange.body and (exchange.status >= 400 or exchange.status == 204 or not content):
            return
        if not content:
            shown = media_type if is_media_type(media_type) else ""
            yield self._misfit("body", pointer, shown, (name, "body"), [document] if is_document else [])
            return
        if any(self._is_binary((*pointer, "content", kind)) for kind in content):
            return
        kinds = [kind for kind in content if is_json(kind)]
        if not (kinds and is_json(media_type)):
            if media_type not in content:
                shown = media_type if is_media_type(media_type) else ""
                yield self._misfit("media-type", pointer, shown, (name, "content type"), [])
        elif not is_document:
            yield self._misfit("not-json", (*pointer, "content", kinds[0]), "", (name, "body"), [])
        else:
            yield from SchemaCheck(self.document, name, "").schema(
                (*pointer, "content", kinds[0], "schema"), document, ""
            )

    def _is_binary(self, pointer: Pointer) -> bool:
        form = self.document.node(pointer).at("schema", "format")
        return form is not None and form.value == "binary"

    def _misfit(self, kind: str, pointer: Pointer, name: str, where: tuple[str, str], values: list[Any]) -> Misfit:
        return Misfit(kind, pointer, name, *where, self.document.place(pointer), values)


def is_json(media_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON."""
    return _JSON.fullmatch(media_type) is not None


def _typed(text: str) -> Any:
    """The value that a text in a URL may mean."""
    if re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        return int(text)
    return {"true": True, "false": False}.get(text, text)


def _document(body: bytes | None) -> tuple[Any, bool]:
    try:
        return json.loads(body or b""), True
    except (ValueError, RecursionError):
        return None, False


def _media_type(exchange: Exchange) -> str:
    return exchange.content_type.partition(";")[0].strip().lower()


def _path(url: str) -> str:
    """The path as the contract has it: without what a base URL adds before `/api/`."""
    try:
        path = urlsplit(url).path
    except ValueError:  # no address at all
        return ""
    return path[max(path.find("/api/"), 0) :]
