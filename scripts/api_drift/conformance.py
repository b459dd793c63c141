"""Where recorded requests and answers do not fit the contract.

Stricter than the pytest plugin's check, since this is about what the contract lacks: unknown properties, values of
enumerations and query parameters count. Like there, null for an optional property is the same as leaving it out, errors
may have no body, and answers with a status of 500 or more may have any form.

Nothing shows recorded values. Names of properties and parameters, and new values of enumerations, are shown if they are
words, as names in this API are: lower-case letters, joined by `_` or in camel case, with at most two digits after each
word. Anything else may be data.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from attrs import define, field, frozen
from rum_replay._times import parse_rfc3339

from .documents import Node, parse
from .model import Place, is_about_replays
from .traffic import Exchange

__all__ = ["Contract", "Misfit", "Pointer", "is_json", "is_word", "json_type"]

Pointer = tuple[str, ...]
"""A place in the contract: the names and indexes from the top."""

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_WORD = re.compile(r"-?[a-z]{1,24}[0-9]{0,2}(?:(?:[_-][a-z]{1,24}|[A-Z][a-z]{1,24})[0-9]{0,2}){0,7}")
_JSON = re.compile(r"application/json|[\w.!#$&^+-]+/[\w.!#$&^+-]+\+json", re.ASCII)
_MEDIA_TYPE = re.compile(r"(?:application|text|image|multipart)/[a-z]{1,20}(?:[.+-][a-z]{1,20}){0,3}")
_RANGES = {"int32": 31, "int64": 63}
_MAX_DEPTH = 60


@define
class Misfit:
    """One way in which traffic does not fit the contract, however often."""

    kind: str
    """What `patching` has an edit for."""

    pointer: Pointer
    """Of the schema, answer or operation that it does not fit."""

    name: str
    """What is missing or unknown: a property, a value, a status, a media type, a parameter; or empty."""

    operation: str
    place: str
    """Where in the request or answer, as a JSON pointer with `*` for items of arrays; or `status` and the like."""

    here: Place
    values: list[Any] = field(factory=list, repr=False)
    """What was recorded there; never to be shown."""

    where: list[str] = field(factory=list)
    """The exchanges, as `file entry number`."""

    @property
    def text(self) -> str:
        """The misfit in words, without values."""
        types = " or ".join(sorted({json_type(value) for value in self.values}))
        words = {
            "property": f"is not in the contract ({types})",
            "map": "has properties whose names may be data",
            "missing": "is required, and missing",
            "type": f"is {types}, which the contract does not allow",
            "null": "is null, which the contract does not allow",
            "alternative": f"is {types}, which is none of the alternatives",
            "value": f"has the value {self.name}, which the contract does not list",
            "free-value": "has a value that the contract does not list, and that may be data",
            "format": "is not of the format that the contract states",
            "bound": f"is beyond the {self.name} of the contract",
            "status": f"{self.name} is not in the contract",
            "media-type": f"{self.name or 'that is stated'} is not in the contract",
            "body": "is there, and the contract has none",
            "not-json": "is not JSON, although its type says so",
            "parameter": f"{self.name} is not in the contract",
            "free-parameter": "with a name that may be data is not in the contract",
            "operation": "is not in the contract",
        }
        return f"{self.operation}: {self.place} {words[self.kind]}"


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
        self.name = name
        self._document = parse(text, name)
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

    def node(self, pointer: Pointer) -> Node:
        """What is at a pointer."""
        node = self._document
        for step in pointer:
            node = node.items()[int(step)] if isinstance(node.value, list) else node.value[step]
        return node

    def followed(self, pointer: Pointer) -> tuple[Pointer, Node]:
        """The target of references, and where it is."""
        node = self.node(pointer)
        while (reference := node.get("$ref")) is not None:
            pointer = tuple(step.replace("~1", "/").replace("~0", "~") for step in str(reference.value)[2:].split("/"))
            node = self.node(pointer)
        return pointer, node

    def _found_operations(self) -> Iterator[_Operation]:
        for path, item in (self._document.get("paths") or Node({}, 1)).members().items():
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
                parameters = tuple(self.followed(place) for place, _ in stated)
                name = str((declared.get("operationId") or Node(f"{method} {path}", 1)).value)
                yield _Operation(name, method.upper(), pattern, pointer, parameters)

    def _of(self, exchange: Exchange) -> Iterator[Misfit]:
        path = _path(exchange.url)
        operation = next(
            (one for one in self._operations if one.method == exchange.method.upper() and one.pattern.fullmatch(path)),
            None,
        )
        if operation is None:
            shown = "/".join(self._shown_steps(path.split("/")))
            line = (self._document.get("paths") or self._document).line
            yield Misfit("operation", ("paths",), "", exchange.method.upper(), shown, Place(self.name, line))
            return
        yield from self._of_parameters(operation, exchange, path)
        yield from self._of_request(operation, exchange)
        if exchange.status < 500:
            yield from self._of_answer(operation, exchange)

    def _shown_steps(self, steps: list[str]) -> Iterator[str]:
        """The path, with words only where the contract has words in all paths that begin like this one."""
        templates = [operation.pointer[1].split("/") for operation in self._operations]
        for number, step in enumerate(steps):
            alike = {template[number] for template in templates if len(template) > number}
            is_value = not alike or any(each.startswith("{") for each in alike)
            yield step if step in alike or (is_word(step) and not is_value) else "{…}" if step else ""
            kept = "{" if is_value and step not in alike else step
            templates = [
                template for template in templates if len(template) > number and template[number].startswith(kept)
            ]

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
                check = _Check(self, name, f"{location} parameter {each}")
                yield from check.schema(pointer, self._read(pointer, value), "")
            elif all(map(is_word, re.findall(r"[^\[\]]+", each))) and re.fullmatch(r"\w+(?:\[\w+\])*", each):
                yield self._misfit(
                    "parameter", operation.pointer, each, (name, f"{location} parameter"), [_typed(value)]
                )
            else:
                yield self._misfit("free-parameter", operation.pointer, "", (name, f"a {location} parameter"), [])

    def _read(self, pointer: Pointer, text: str) -> Any:
        """The value that a parameter means: text, unless its schema is of another type and the text is as well."""
        types = _types(self.followed(pointer)[1])
        value = _typed(text)
        return text if not types or "string" in types else value if json_type(value) in types else text

    def _of_request(self, operation: _Operation, exchange: Exchange) -> Iterator[Misfit]:
        if not exchange.request_body:
            return
        name, pointer = f"{operation.id} request", (*operation.pointer, "requestBody")
        document, is_document = _document(exchange.request_body)
        if self.node(operation.pointer).get("requestBody") is None:
            yield self._misfit("body", operation.pointer, "request", (name, "body"), [document] if is_document else [])
        elif not is_document:
            yield self._misfit("not-json", pointer, "", (name, "body"), [])
        else:
            target, node = self.followed(pointer)
            for kind in (node.get("content") or Node({}, 1)).members():
                if is_json(kind):
                    yield from _Check(self, name, "").schema((*target, "content", kind, "schema"), document, "")
                    break

    def _of_answer(self, operation: _Operation, exchange: Exchange) -> Iterator[Misfit]:
        status, name = str(exchange.status), f"{operation.id} {exchange.status}"
        media_type = exchange.content_type.partition(";")[0].strip().lower()
        document, is_document = _document(exchange.body) if is_json(media_type) else (None, False)
        answers = self.node((*operation.pointer, "responses"))
        if answers.get(status) is None:
            shown = media_type if not media_type or _is_shown(media_type) else "text/plain"
            values = [document] if is_document else []
            misfit = self._misfit("status", (*operation.pointer, "responses"), status, (name, "status"), values)
            misfit.name = f"{status} {shown}".rstrip() if exchange.body else status
            yield misfit
            return
        pointer, answer = self.followed((*operation.pointer, "responses", status))
        content = (answer.get("content") or Node({}, 1)).members()
        if not exchange.body and (exchange.status >= 400 or exchange.status == 204 or not content):
            return
        if not content:
            shown = media_type if _is_shown(media_type) else ""
            yield self._misfit("body", pointer, shown, (name, "body"), [document] if is_document else [])
            return
        if any(self._is_binary((*pointer, "content", kind)) for kind in content):
            return
        kinds = [kind for kind in content if is_json(kind)]
        if not (kinds and is_json(media_type)):
            if media_type not in content:
                shown = media_type if _is_shown(media_type) else ""
                yield self._misfit("media-type", pointer, shown, (name, "content type"), [])
        elif not is_document:
            yield self._misfit("not-json", (*pointer, "content", kinds[0]), "", (name, "body"), [])
        else:
            yield from _Check(self, name, "").schema((*pointer, "content", kinds[0], "schema"), document, "")

    def _is_binary(self, pointer: Pointer) -> bool:
        form = self.node(pointer).at("schema", "format")
        return form is not None and form.value == "binary"

    def _misfit(self, kind: str, pointer: Pointer, name: str, where: tuple[str, str], values: list[Any]) -> Misfit:
        return Misfit(kind, pointer, name, *where, Place(self.name, self.node(pointer).line), values)


@frozen
class _Check:
    """A document checked against a schema of the contract."""

    contract: Contract
    operation: str
    place: str
    """What is said instead of a pointer, for a parameter."""

    def schema(
        self, stated: Pointer, value: Any, place: str, *, optional: bool = False, depth: int = 0
    ) -> Iterator[Misfit]:
        """What does not fit; `optional` says that null counts as absent."""
        pointer, node = self.contract.followed(stated)
        types = _types(node)
        branches = next((word for word in ("anyOf", "oneOf") if node.get(word) is not None), None)
        if depth > _MAX_DEPTH or (value is None and (optional or "null" in types or (not types and not branches))):
            return
        if branches is not None:
            yield from self._alternatives(pointer, branches, value, place, depth)
        elif value is None:
            yield self._misfit("null", stated, "", place, value)
        elif types and not types & _fitting(value):
            yield self._misfit("type", pointer, "", place, value)
        else:
            yield from self._value(pointer, node, value, place)
            if isinstance(value, dict):
                yield from self._object(pointer, node, value, place, depth)
            elif isinstance(value, list) and node.get("items") is not None:
                for item in value:
                    yield from self.schema((*pointer, "items"), item, f"{place}/*", depth=depth + 1)

    def _alternatives(self, pointer: Pointer, word: str, value: Any, place: str, depth: int) -> Iterator[Misfit]:
        number = len(self.contract.node((*pointer, word)).items())
        attempts = [
            list(self.schema((*pointer, word, str(each)), value, place, depth=depth + 1)) for each in range(number)
        ]
        inside = [
            attempt
            for attempt in attempts
            if not any(each.kind in ("type", "null") and each.place == self._shown(place) for each in attempt)
        ]
        if inside:
            yield from min(inside, key=len)
        else:
            yield self._misfit("alternative", (*pointer, word), "", place, value)

    def _value(self, pointer: Pointer, node: Node, value: Any, place: str) -> Iterator[Misfit]:
        listed = node.get("enum")
        if listed is not None and value not in [item.value for item in listed.items()]:
            if isinstance(value, str) and is_word(value):
                yield self._misfit("value", pointer, value, place, value)
            else:
                yield self._misfit("free-value", pointer, "", place, value)
        form = node.get("format")
        if form is not None and not _has_format(value, str(form.value)):
            yield self._misfit("format", pointer, "", place, value)
        for word, is_within in _BOUNDS.items():
            bound = node.get(word)
            if bound is not None and not is_within(value, bound.value):
                yield self._misfit("bound", pointer, word, place, value)

    def _object(self, pointer: Pointer, node: Node, value: dict[str, Any], place: str, depth: int) -> Iterator[Misfit]:
        properties = node.get("properties")
        required = [str(item.value) for item in (node.get("required") or Node([], 1)).items()]
        for name in required:
            if name not in value:
                yield self._misfit("missing", pointer, name, f"{place}/{name}", None)
        for name, child in value.items():
            if properties is not None and name in properties.members():
                below = f"{place}/{name}"
                yield from self.schema(
                    (*pointer, "properties", name), child, below, optional=name not in required, depth=depth + 1
                )
            elif properties is None or node.get("additionalProperties") is not None:
                pass  # an object whose properties are not described
            elif is_word(name):
                yield self._misfit("property", pointer, name, f"{place}/{name}", child)
            else:
                yield self._misfit("map", pointer, "", place or "body", child)

    def _misfit(self, kind: str, pointer: Pointer, name: str, place: str, value: Any) -> Misfit:
        here = Place(self.contract.name, self.contract.node(pointer).line)
        values = [] if kind == "missing" else [value]
        return Misfit(kind, pointer, name, self.operation, self._shown(place), here, values)

    def _shown(self, place: str) -> str:
        return self.place + place or "body"


def is_word(text: str) -> bool:
    """Whether a recorded text may be shown as a name, by the rule of this module."""
    return _WORD.fullmatch(text) is not None


def is_json(media_type: str) -> bool:
    """Whether a media type, in lower case and without parameters, is JSON."""
    return _JSON.fullmatch(media_type) is not None


def json_type(value: Any) -> str:
    """The JSON type of a value; `integer` for whole numbers."""
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return "integer"
    names: dict[type, str] = {float: "number", str: "string", list: "array", dict: "object", type(None): "null"}
    return names[type(value)]


def _is_shown(media_type: str) -> bool:
    return _MEDIA_TYPE.fullmatch(media_type) is not None


def _fitting(value: Any) -> set[str]:
    name = json_type(value)
    return {name, "number"} if name == "integer" else {name}


def _types(node: Node) -> set[str]:
    stated = node.get("type")
    return set() if stated is None else {str(item.value) for item in stated.items()} or {str(stated.value)}


def _has_format(value: Any, form: str) -> bool:
    if form == "date-time" and isinstance(value, str):
        try:
            parse_rfc3339(value)
        except ValueError:
            return False
    if form in _RANGES and isinstance(value, int | float) and math.isfinite(value):
        end: int = 2 ** _RANGES[form]
        return -end <= value < end
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_BOUNDS: dict[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, bound: not _is_number(value) or value >= bound,
    "maximum": lambda value, bound: not _is_number(value) or value <= bound,
    "minLength": lambda value, bound: not isinstance(value, str) or len(value) >= bound,
    "maxLength": lambda value, bound: not isinstance(value, str) or len(value) <= bound,
    "minItems": lambda value, bound: not isinstance(value, list) or len(value) >= bound,
    "maxItems": lambda value, bound: not isinstance(value, list) or len(value) <= bound,
    "pattern": lambda value, bound: not isinstance(value, str) or re.search(bound, value) is not None,
}


def _typed(text: str) -> Any:
    """The value that a text in a URL may mean."""
    if re.fullmatch(r"-?[0-9]{1,18}", text, re.ASCII):
        return int(text)
    return {"true": True, "false": False}.get(text, text)


def _document(body: bytes) -> tuple[Any, bool]:
    try:
        return json.loads(body), True
    except (ValueError, RecursionError):
        return None, False


def _path(url: str) -> str:
    """The path as the contract has it: without what a base URL adds before `/api/`."""
    path = urlsplit(url).path
    return path[max(path.find("/api/"), 0) :]
