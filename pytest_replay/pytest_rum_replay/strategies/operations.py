"""Requests of the API's operations: valid ones, and ones with exactly one error."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from attrs import evolve, frozen
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from rum_replay_emulator.contract import integer_bounds

from pytest_rum_replay.contract import schemas
from pytest_rum_replay.contract.schemas import Operation, Parameter
from pytest_rum_replay.strategies import values
from pytest_rum_replay.strategies.documents import Manner, documents
from pytest_rum_replay.strategies.invalid import Invalid, Problem, flawed, request_flaws
from pytest_rum_replay.strategies.values import Strategy

__all__ = ["INVALID_INTEGERS", "INVALID_JSON", "InvalidRequest", "Request", "invalid_requests", "requests"]

Parameters = Mapping[str, SearchStrategy[str] | SearchStrategy[int]]
"""Strategies for the values of parameters, by the names in the contract."""

INVALID_INTEGERS = ["", "x", "1.5", "1e3", "+1", " 1", "0x10", "1_000", "--1", "١"]
INVALID_JSON = [b"{", b'{"data": }', b"[1,]", b"{'data': 1}", b'"\xff"', b"\xef\xbb\xbf{}", b"<html></html>", b"NaN"]


@frozen
class Request:
    """A request to send, without host and credentials."""

    operation: str
    """The operationId."""

    method: str
    path: str
    """Percent-encoded, as it is sent."""

    query: tuple[tuple[str, str], ...] = ()
    """Names and values, not yet encoded."""

    body: Any = None
    """The JSON document; None for no body; bytes are sent unchanged."""

    @property
    def url(self) -> str:
        """The path with the query."""
        pairs = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in self.query)
        return f"{self.path}?{pairs}" if pairs else self.path

    @property
    def content(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body, ensure_ascii=False).encode()


@frozen
class InvalidRequest:
    """A request, and its one error."""

    request: Request
    place: str
    """The parameter's name, or the field's path in the body, such as `data.attributes.name`; `body` for all of it."""

    problem: Problem


def requests(operation: str, *, nasty: bool = False, parameters: Parameters | None = None) -> SearchStrategy[Request]:
    """Valid requests of an operation, named by its operationId, such as `CreateRumReplayPlaylist`.

    With `nasty` they contain unknown fields, any Unicode, and numbers and times from the ends of their ranges.

    Ids are drawn like all other values. To use ids that exist, pass `parameters`: strategies by the parameters' names
    in the contract, such as `{"playlist_id": st.just(1)}`. These parameters are always sent.

    Raises ValueError, with a suggestion, for an unknown operation or parameter.
    """
    return _requests(schemas.operation(operation), "nasty request" if nasty else "ordinary", parameters or {})


def invalid_requests(operation: str, *, parameters: Parameters | None = None) -> SearchStrategy[InvalidRequest]:
    """Requests that the API must refuse with 400, each with exactly one error and otherwise ordinary.

    For `parameters` and the errors raised see `requests`. Also raises ValueError for an operation whose requests are
    all valid, such as one with only a text in its path.
    """
    declared = schemas.operation(operation)
    valid = _requests(declared, "ordinary", parameters or {})
    alternatives = [*_wrong_parameters(declared, valid), *_wrong_bodies(declared, valid)]
    if not alternatives:
        raise ValueError(f"every request of {operation} is valid: it has no body, and all its parameters are text")
    return st.one_of(alternatives)


def _requests(operation: Operation, manner: Manner, given: Parameters) -> SearchStrategy[Request]:
    names = [parameter.name for parameter in operation.parameters]
    for name in given:
        if name not in names:
            raise schemas.unknown_name(f"parameter of {operation.id}", name, names)
    required: dict[str, Strategy] = {}
    optional: dict[str, Strategy] = {}
    for parameter in operation.parameters:
        name = parameter.name
        always = parameter.required or name in given
        (required if always else optional)[name] = given[name] if name in given else _values(parameter, manner)

    def request(drawn: dict[str, Any], body: Any) -> Request:
        return Request(
            operation=operation.id,
            method=operation.method,
            path=_filled(operation.path, drawn),
            query=tuple((name, str(value)) for name, value in drawn.items() if f"{{{name}}}" not in operation.path),
            body=body,
        )

    bodies = st.none() if operation.body is None else documents(operation.body, manner)
    return st.builds(request, st.fixed_dictionaries(required, optional=optional), bodies)


def _values(parameter: Parameter, manner: Manner) -> Strategy:
    if parameter.location == "path" and parameter.schema["type"] == "string":
        # An empty path segment or dots, even encoded, would address a different resource.
        nasty = values.nasty_texts.filter(lambda text: text not in ("", ".", ".."))
        return values.segments if manner == "ordinary" else values.segments | nasty
    return documents(parameter.schema, manner)


def _filled(template: str, drawn: Mapping[str, Any]) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: quote(str(drawn[match[1]]), safe=""), template)


def _wrong_parameters(operation: Operation, valid: SearchStrategy[Request]) -> Iterator[SearchStrategy[InvalidRequest]]:
    for parameter in operation.parameters:
        place = operation.path.split("/").index(f"{{{parameter.name}}}") if parameter.location == "path" else None
        for problem, wrong in _wrong_values(parameter):
            yield st.builds(_with_parameter, valid, st.just(parameter.name), wrong, st.just(problem), st.just(place))
        if parameter.required and parameter.location == "query":
            yield st.builds(_without_parameter, valid, st.just(parameter.name))


def _wrong_values(parameter: Parameter) -> Iterator[tuple[Problem, Strategy]]:
    """Text parameters accept any text; only numbers can be wrong."""
    if parameter.schema["type"] == "integer":
        # In a path, an empty text would make a different path.
        texts = [text for text in INVALID_INTEGERS if text or parameter.location == "query"]
        yield "wrong type", st.sampled_from(texts)
        least, most = integer_bounds(parameter.schema)
        yield "out of range", (st.integers(max_value=least - 1) | st.integers(min_value=most + 1)).map(str)


def _with_parameter(request: Request, name: str, text: str, problem: Problem, place: int | None) -> InvalidRequest:
    if place is None:
        without = _without_parameter(request, name).request
        return InvalidRequest(evolve(without, query=(*without.query, (name, text))), name, problem)
    steps = request.path.split("/")
    steps[place] = quote(text, safe="")
    return InvalidRequest(evolve(request, path="/".join(steps)), name, problem)


def _without_parameter(request: Request, name: str) -> InvalidRequest:
    others = tuple(pair for pair in request.query if pair[0] != name)
    return InvalidRequest(evolve(request, query=others), name, "missing")


def _wrong_bodies(operation: Operation, valid: SearchStrategy[Request]) -> Iterator[SearchStrategy[InvalidRequest]]:
    if operation.body is None:
        return
    yield valid.map(lambda request: InvalidRequest(evolve(request, body=None), "body", "missing"))
    yield st.builds(
        _with_flaw, valid, st.builds(Invalid, st.sampled_from(INVALID_JSON), st.just("body"), st.just("not JSON"))
    )
    for flaw in flawed(operation.body, request_flaws):
        yield st.builds(_with_flaw, valid, flaw)


def _with_flaw(request: Request, flaw: Invalid) -> InvalidRequest:
    # None would mean that there is no body.
    body = b"null" if flaw.document is None else flaw.document
    return InvalidRequest(evolve(request, body=body), flaw.place, flaw.problem)
