"""Traffic that does not fit the contract is found, nothing of it is shown, and the patch makes it fit."""

from __future__ import annotations

import base64
import gzip
import json
import re
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from api_drift.__main__ import main
from api_drift.conformance import Contract
from api_drift.misfits import is_word
from api_drift.model import UnreadableError
from api_drift.patching import patch, patched
from api_drift.traffic import Exchange, read_traffic
from openapi_spec_validator import OpenAPIV31SpecValidator
from rum_replay import ReplayClient
from rum_replay_emulator import Emulator

from .official import TEXT

SMALL = """\
# A comment at the top.
openapi: 3.1.0
info: {title: Boxes, version: "1"}
paths:
  /api/v2/replay/boxes/{box_id}:
    get:
      operationId: GetBox
      parameters:
        - $ref: "#/components/parameters/BoxId"
        - name: page[size] # of a page
          in: query
          schema:
            type: integer
            format: int64
      responses:
        "200":
          description: A box.
          content:
            application/json:
              schema:
                $ref: "#/components/schemas/Box"
        "404":
          $ref: "#/components/responses/NotFound"
    put:
      operationId: PutBox
      parameters:
        - $ref: "#/components/parameters/BoxId"
      requestBody:
        required: true
        content:
          application/json:
            schema:
              $ref: "#/components/schemas/Box"
      responses:
        # There is no body.
        "204":
          description: >-
            Stored, on
            two lines.

        "404":
          $ref: "#/components/responses/NotFound"
    delete:
      operationId: DeleteBox
      parameters:
        - $ref: "#/components/parameters/BoxId"
      responses:
        "204":
          description: Deleted.
  /api/v2/replay/bytes:
    get:
      operationId: GetBytes
      responses:
        "200":
          description: Bytes.
          content:
            application/octet-stream:
              schema:
                type: string
                format: binary
components:
  parameters:
    Street:
      name: street
      in: query
      schema: &street
        type: string
    BoxId:
      name: box_id
      in: path
      required: true
      schema:
        type: integer
  responses:
    NotFound:
      description: There is none.
      content:
        application/json:
          schema:
            $ref: "#/components/schemas/ErrorResponse"
  schemas:
    Box:
      type: object
      required: [data, kind] # both
      properties:
        data:
          $ref: "#/components/schemas/Data"
        kind:
          $ref: "#/components/schemas/Kind"
        place:
          type: object
          properties:
            street: *street
    Kind:
      type: string
      enum: [box, round_box]
    Color:
      type: string
      enum:
        - red # like this
        - blue
    Data:
      type: object
      required:
        - name
        # A comment between.
        - count
      properties:
        name: &name
          type: string
          description: Its name.
        other_name: *name
        count:
          type: integer
          format: int32
          maximum: 2147483647
        color:
          $ref: "#/components/schemas/Color"
        at:
          type: string
          format: date-time
        code:
          type: string
          maxLength: 3
          pattern: ^[a-z]+$
        labels:
          type: array
          items:
            type: string
        free:
          type: object
          additionalProperties: true
        last: *name
    ErrorResponse:
      type: object
      properties:
        errors:
          type: array
          items:
            anyOf:
              - type: string
              - $ref: "#/components/schemas/ErrorDetail"
    ErrorDetail:
      type: object
      properties:
        title:
          type: string
# A comment at the end.
"""
SECRET = "S3cret-Person@example.com"
DATA: dict[str, Any] = {"name": SECRET, "count": 1}
FITTING: dict[str, Any] = {"data": DATA, "kind": "box"}


def get(body: Any, status: int = 200, *, query: str = "", box: str = "7", kind: str = "application/json") -> Exchange:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Exchange("log", 1, "GET", f"https://api.datadoghq.com/api/v2/replay/boxes/{box}{query}", status, kind, text)


def put(request: Any, body: bytes = b"", status: int = 204) -> Exchange:
    url = "https://api.datadoghq.com/api/v2/replay/boxes/7"
    return Exchange("log", 1, "PUT", url, status, "application/json", body, json.dumps(request).encode())


def data(**fields: Any) -> Exchange:
    return get({**FITTING, "data": {**DATA, **fields}})


FIT: dict[str, Exchange] = {
    "an answer": get(FITTING),
    "a request": put(FITTING),
    "null for an optional field": data(color=None, at=None),
    "fields of a free object": data(free={SECRET: 1, "words": [{"x": None}]}),
    "a time with an offset": data(at="2026-01-01T00:00:00.5+02:00"),
    "a whole number as a float": data(count=3.0),
    "an error of each form": get({"errors": ["text", {"title": "text"}]}, 404),
    "an error without a body": get(b"", 404, kind="text/html"),
    "a failed server": get(b"<html>", 503, kind="text/html"),
    "another JSON type": get(FITTING, kind="application/vnd.api+json; charset=utf-8"),
    "parameters": get(FITTING, query="?page%5Bsize%5D=10"),
    "an answer whose body was not recorded": Exchange(
        "log", 1, "GET", "/api/v2/replay/boxes/7", 200, "application/json", None
    ),
    "bytes": Exchange("log", 1, "GET", "http://localhost:1/proxy/api/v2/replay/bytes", 200, "video/webm", b"\0"),
}

MISFITS: dict[str, tuple[list[Exchange], set[str], list[str]]] = {
    "an unknown field": (
        [data(folder=SECRET)],
        {"GetBox 200: /data/folder is not in the contract (string)"},
        ["+        folder:", "+          type: string", "+          description: Seen in traffic; undocumented."],
    ),
    "an unknown field of several types": (
        [data(folder=1), data(folder=None), data(folder="x"), put({**FITTING, "data": {**DATA, "folder": [1, "a"]}})],
        {
            "GetBox 200: /data/folder is not in the contract (integer or null or string)",
            "PutBox request: /data/folder is not in the contract (array)",
        },
        [
            "+        folder:",
            "+          type: [array, integer, string]",
            "+          description: Seen in traffic; undocumented.",
            "+          items:",
            "+            type: [integer, string]",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown object": (
        [get({**FITTING, "meta": {"total": 3, "share": 0.5, "at": "2026-01-01T00:00:00Z", "no": None}})],
        {"GetBox 200: /meta is not in the contract (object)"},
        [
            "+        meta:",
            "+          type: object",
            "+          description: Seen in traffic; undocumented.",
            "+          properties:",
            "+            total:",
            "+              type: integer",
            "+              format: int64",
            "+              description: Seen in traffic; undocumented.",
            "+            share:",
            "+              type: number",
            "+              description: Seen in traffic; undocumented.",
            "+            at:",
            "+              type: string",
            "+              format: date-time",
            "+              description: Seen in traffic; undocumented.",
            '+            "no":',
            "+              description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown object whose keys may be data": (
        [get({**FITTING, "by": {SECRET: 3}})],
        {"GetBox 200: /by is not in the contract (object)"},
        [
            "+        by:",
            "+          type: object",
            "+          description: Seen in traffic; undocumented.",
            "+          additionalProperties: true",
        ],
    ),
    "an unknown field whose name may be data": (
        [get({**FITTING, SECRET: 1})],
        {"GetBox 200: body has properties whose names may be data"},
        ["+      additionalProperties: true"],
    ),
    "unknown fields of an object and of one at its end": (
        [get({**FITTING, "place": {"street": "x", "town": SECRET}, "zone": "z"})],
        {f"GetBox 200: /{name} is not in the contract (string)" for name in ("place/town", "zone")},
        [
            f"+{' ' * indentation}{line}"
            for name, indentation in (("town", 12), ("zone", 8))
            for line in (f"{name}:", "  type: string", "  description: Seen in traffic; undocumented.")
        ],
    ),
    "an empty array": (
        [data(folders=[])],
        {"GetBox 200: /data/folders is not in the contract (array)"},
        [
            "+        folders:",
            "+          type: array",
            "+          description: Seen in traffic; undocumented.",
            "+          items:",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "another type": (
        [data(count="many"), data(count=1.5)],
        {"GetBox 200: /data/count is number or string, which the contract does not allow"},
        ["-          type: integer", "-          format: int32", "+          type: [number, string]"],
    ),
    "another type of an alias": (
        [data(last=1)],
        {"GetBox 200: /data/last is integer, which the contract does not allow"},
        ["-          type: string", "+          type: [integer, string]"],
    ),
    "null for a required field": (
        [data(name=None)],
        {"GetBox 200: /data/name is null, which the contract does not allow"},
        ["-          type: string", '+          type: [string, "null"]'],
    ),
    "null for a required object": (
        [get({"data": None, "kind": "box"})],
        {"GetBox 200: /data is null, which the contract does not allow"},
        [
            '-          $ref: "#/components/schemas/Data"',
            "+          description: Null was seen in traffic; undocumented.",
            "+          anyOf:",
            '+            - $ref: "#/components/schemas/Data"',
            '+            - type: "null"',
            "+              description: Seen in traffic; undocumented.",
        ],
    ),
    "null in an array": (
        [data(labels=["a", None])],
        {"GetBox 200: /data/labels/* is null, which the contract does not allow"},
        ["-            type: string", '+            type: [string, "null"]'],
    ),
    "a missing field": (
        [get({"data": DATA})],
        {"GetBox 200: /kind is required, and missing"},
        ["-      required: [data, kind] # both", "+      required: [data]"],
    ),
    "a missing field of a long list": (
        [get({**FITTING, "data": {"name": "x"}})],
        {"GetBox 200: /data/count is required, and missing"},
        ["-        - count"],
    ),
    "all required fields are missing": (
        [get({**FITTING, "data": {}}), get({})],
        {
            *(f"GetBox 200: /data/{name} is required, and missing" for name in ("name", "count")),
            *(f"GetBox 200: /{name} is required, and missing" for name in ("data", "kind")),
        },
        [
            "-      required: [data, kind] # both",
            "-      required:",
            "-        - name",
            "-        # A comment between.",
            "-        - count",
        ],
    ),
    "an unknown value": (
        [get({**FITTING, "kind": "flat_box"}), data(color="-green")],
        {
            "GetBox 200: /kind has the value flat_box, which the contract does not list",
            "GetBox 200: /data/color has the value -green, which the contract does not list",
        },
        ["-      enum: [box, round_box]", "+      enum: [box, round_box, flat_box]", '+        - "-green"'],
    ),
    "an unknown value that may be data": (
        [get({**FITTING, "kind": SECRET})],
        {"GetBox 200: /kind has a value that the contract does not list, and that may be data"},
        ["-      enum: [box, round_box]"],
    ),
    "another format": (
        [data(at="yesterday")],
        {"GetBox 200: /data/at is not of the format that the contract states"},
        ["-          format: date-time"],
    ),
    "a large integer": (
        [data(count=2**40)],
        {
            "GetBox 200: /data/count is not of the format that the contract states",
            "GetBox 200: /data/count is beyond the maximum of the contract",
        },
        ["-          format: int32", "-          maximum: 2147483647", "+          format: int64"],
    ),
    "a long text": (
        [data(code=SECRET)],
        {f"GetBox 200: /data/code is beyond the {word} of the contract" for word in ("maxLength", "pattern")},
        ["-          maxLength: 3", "-          pattern: ^[a-z]+$"],
    ),
    "another form of errors": (
        [get({"errors": [3, [SECRET]]}, 404)],
        {"GetBox 404: /errors/* is array or integer, which is none of the alternatives"},
        [
            "+              - type: array",
            "+                description: Seen in traffic; undocumented.",
            "+                items:",
            "+                  type: string",
            "+                  description: Seen in traffic; undocumented.",
            "+              - type: integer",
            "+                format: int64",
            "+                description: Seen in traffic; undocumented.",
        ],
    ),
    "more in one form of errors": (
        [get({"errors": [{"title": "x", "detail": SECRET}]}, 404)],
        {"GetBox 404: /errors/*/detail is not in the contract (string)"},
        ["+        detail:", "+          type: string", "+          description: Seen in traffic; undocumented."],
    ),
    "an unknown status of success": (
        [get({**FITTING, "page": 1}, 203)],
        {"GetBox 203: status 203 application/json is not in the contract"},
        [
            '+        "203":',
            "+          description: Seen in traffic; undocumented.",
            "+          content:",
            "+            application/json:",
            "+              schema:",
            '+                $ref: "#/components/schemas/Box"',
            "+        page:",
            "+          type: integer",
            "+          format: int64",
            "+          description: Seen in traffic; undocumented.",
        ],
    ),
    "a status of errors that other operations have": (
        [Exchange("log", 1, "DELETE", "/api/v2/replay/boxes/7", 404, "application/json", b'{"errors": []}')],
        {"DeleteBox 404: status 404 application/json is not in the contract"},
        ['+        "404":', '+          $ref: "#/components/responses/NotFound"'],
    ),
    "a status of errors that no operation has": (
        [get({"errors": []}, 423), get(b"<html>", 423, kind="text/html; charset=utf-8")],
        {
            "GetBox 423: status 423 application/json is not in the contract",
            "GetBox 423: status 423 text/html is not in the contract",
        },
        [
            '+        "423":',
            "+          description: Seen in traffic; undocumented.",
            "+          content:",
            "+            application/json:",
            "+              schema:",
            '+                $ref: "#/components/schemas/ErrorResponse"',
            "+            text/html:",
            "+              schema:",
            "+                type: string",
            "+                description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown type of errors": (
        [get(b"<html>", 404, kind="text/html")],
        {"GetBox 404: content type text/html is not in the contract"},
        [
            "+        text/html:",
            "+          schema:",
            "+            type: string",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "a body where there is none": (
        [put(FITTING, b'{"ok": true}')],
        {"PutBox 204: body is there, and the contract has none"},
        [
            "+          content:",
            "+            application/json:",
            "+              schema:",
            "+                type: object",
            "+                description: Seen in traffic; undocumented.",
            "+                properties:",
            "+                  ok:",
            "+                    type: boolean",
            "+                    description: Seen in traffic; undocumented.",
        ],
    ),
    "a body of a request that has none": (
        [Exchange("log", 1, "DELETE", "/api/v2/replay/boxes/7", 204, "", b"", b'{"force": true}')],
        {"DeleteBox request: body is there, and the contract has none"},
        [
            "+      requestBody:",
            "+        description: Seen in traffic; undocumented.",
            "+        content:",
            "+          application/json:",
            "+            schema:",
            "+              type: object",
            "+              description: Seen in traffic; undocumented.",
            "+              properties:",
            "+                force:",
            "+                  type: boolean",
            "+                  description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown parameter": (
        [get(FITTING, query=f"?filter[kind]={SECRET}&filter[kind]=1&force=true")],
        {
            "GetBox request: query parameter filter[kind] is not in the contract",
            "GetBox request: query parameter force is not in the contract",
        },
        [
            "+        - name: filter[kind]",
            "+          in: query",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: string",
            "+            description: Seen in traffic; undocumented.",
            "+          x-python-name: filter_kind",
            "+        - name: force",
            "+          in: query",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: boolean",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "a parameter of an operation that has none": (
        [Exchange("log", 1, "GET", "/api/v2/replay/bytes?at=3", 200, "", b"x")],
        {"GetBytes request: query parameter at is not in the contract"},
        [
            "+      parameters:",
            "+        - name: at",
            "+          in: query",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: integer",
            "+            format: int64",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown operation": (
        [
            Exchange(
                "log", 1, "GET", f"/api/v2/replay/trays/{SECRET}?full=true", 200, "application/json", b'{"id": "x"}'
            ),
            Exchange("log", 1, "GET", "/api/v2/replay/trays/8", 502, "text/html", b"<html>"),
        ],
        {"GET: /api/v2/replay/trays/{…} is not in the contract"},
        [
            "+  /api/v2/replay/trays/{id}:",
            "+    get:",
            "+      operationId: GetReplayTraysById",
            "+      summary: Seen in traffic",
            "+      description: Seen in traffic; undocumented.",
            "+      parameters:",
            "+        - name: id",
            "+          in: path",
            "+          required: true",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: string",
            "+            description: Seen in traffic; undocumented.",
            "+        - name: full",
            "+          in: query",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: boolean",
            "+            description: Seen in traffic; undocumented.",
            "+      responses:",
            '+        "200":',
            "+          description: Seen in traffic; undocumented.",
            "+          content:",
            "+            application/json:",
            "+              schema:",
            "+                type: object",
            "+                description: Seen in traffic; undocumented.",
            "+                properties:",
            "+                  id:",
            "+                    type: string",
            "+                    description: Seen in traffic; undocumented.",
        ],
    ),
    "an unknown method": (
        [Exchange("log", 1, "POST", "/api/v2/replay/boxes/7", 204, "", b"", b'{"name": "x"}')],
        {"POST: /api/v2/replay/boxes/{box_id} is not in the contract"},
        [
            "+    post:",
            "+      operationId: PostReplayBoxesByBoxId",
            "+      summary: Seen in traffic",
            "+      description: Seen in traffic; undocumented.",
            "+      parameters:",
            '+        - $ref: "#/components/parameters/BoxId"',
            "+      requestBody:",
            "+        description: Seen in traffic; undocumented.",
            "+        content:",
            "+          application/json:",
            "+            schema:",
            "+              type: object",
            "+              description: Seen in traffic; undocumented.",
            "+              properties:",
            "+                name:",
            "+                  type: string",
            "+                  description: Seen in traffic; undocumented.",
            "+      responses:",
            '+        "204":',
            "+          description: Seen in traffic; undocumented.",
        ],
    ),
    "names and values that YAML takes for something else": (
        [data(color="null"), get({**FITTING, "kind": "no"}, query="?on=x")],
        {
            "GetBox 200: /data/color has the value null, which the contract does not list",
            "GetBox 200: /kind has the value no, which the contract does not list",
            "GetBox request: query parameter on is not in the contract",
        },
        [
            '+        - "null"',
            "-      enum: [box, round_box]",
            '+      enum: [box, round_box, "no"]',
            '+        - name: "on"',
            "+          in: query",
            "+          description: Seen in traffic; undocumented.",
            "+          schema:",
            "+            type: string",
            "+            description: Seen in traffic; undocumented.",
        ],
    ),
    "what is nested deeply": (
        [get(json.dumps({**FITTING, "deep": 1})[:-2].encode() + b"[" * 600 + b"]" * 600 + b"}")],
        {"GetBox 200: /deep is not in the contract (array)"},
        [
            f"+{' ' * (8 + 2 * depth)}{line}"
            for depth in range(22)
            for line in (
                "items:" if depth else "deep:",
                *(["  type: array"] if depth < 21 else []),
                "  description: Seen in traffic; undocumented.",
            )
        ],
    ),
    "another type of a parameter": (
        [get(FITTING, query="?page[size]=all", box=SECRET)],
        {
            "GetBox request: query parameter page[size] is string, which the contract does not allow",
            "GetBox request: path parameter box_id is string, which the contract does not allow",
        },
        [
            "-            type: integer",
            "+            type: [integer, string]",
            "-        type: integer",
            "+        type: [integer, string]",
        ],
    ),
}

WITHOUT_PROPOSAL: dict[str, tuple[Exchange, str]] = {
    "an unknown operation whose name may be data": (
        Exchange("log", 1, "GET", f"/api/v2/replay/{SECRET}?x=1", 200, "", b""),
        "GET: /api/v2/replay/{…} is not in the contract",
    ),
    "a method that may be data": (
        Exchange("log", 1, SECRET, "/api/v2/replay/boxes/7", 200, "", b""),
        "{…}: /api/v2/replay/boxes/{box_id} is not in the contract",
    ),
    "an unknown operation below a value": (
        Exchange("log", 1, "GET", f"/api/v2/replay/boxes/7/{SECRET}", 200, "", b""),
        "GET: /api/v2/replay/boxes/{box_id}/{…} is not in the contract",
    ),
    "an unknown operation below something unknown": (
        Exchange("log", 1, "GET", "/api/v2/replay/trays/alice/bob", 200, "", b""),
        "GET: /api/v2/replay/trays/{…}/{…} is not in the contract",
    ),
    "a parameter whose name may be data": (
        get(FITTING, query=f"?{SECRET}=1"),
        "GetBox request: a query parameter with a name that may be data is not in the contract",
    ),
    "an answer that is not JSON": (
        get(SECRET.encode()),
        "GetBox 200: body is not JSON, although its type says so",
    ),
    "an answer of no known type": (
        get(SECRET.encode(), kind=SECRET),
        "GetBox 200: content type that is stated is not in the contract",
    ),
}


def texts(text: str, exchanges: list[Exchange]) -> list[str]:
    return [misfit.text for misfit in Contract(text, "small.yaml").misfits(exchanges)]


@pytest.mark.parametrize("exchange", FIT.values(), ids=list(FIT))
def test_what_the_contract_leaves_open_fits(exchange: Exchange) -> None:
    contract = Contract(SMALL, "small.yaml")
    assert contract.is_addressed(exchange)
    assert [misfit.text for misfit in contract.misfits([exchange])] == []


@pytest.mark.parametrize(("exchanges", "expected", "changes"), MISFITS.values(), ids=list(MISFITS))
def test_a_misfit_is_found_and_the_smallest_change_makes_it_fit(
    exchanges: list[Exchange], expected: set[str], changes: list[str]
) -> None:
    assert set(texts(SMALL, exchanges)) == expected
    after, left = patched(SMALL, "small.yaml", exchanges)
    assert left == []
    assert texts(after, exchanges) == []
    lines = patch(SMALL, after, "small.yaml").split("\n")[2:]
    # Of equal lines, which ones count as new is the choice of whatever compares them.
    assert sorted(line for line in lines if line[:1] in ("+", "-")) == sorted(changes)
    assert SECRET not in "\n".join([*lines, *texts(SMALL, exchanges)])
    # What is added follows what it belongs to, not the blank lines after that.
    assert [line for before, line in pairwise(lines) if before == " " and line.startswith("+")] == []


@pytest.mark.parametrize(("exchange", "expected"), WITHOUT_PROPOSAL.values(), ids=list(WITHOUT_PROPOSAL))
def test_what_no_change_makes_fit_is_only_reported(exchange: Exchange, expected: str) -> None:
    after, left = patched(SMALL, "small.yaml", [exchange])
    assert after == SMALL
    assert [misfit.text for misfit in left] == [expected]


@pytest.mark.parametrize(
    "layout",
    [
        lambda document: yaml.safe_dump(document, default_flow_style=True, width=10**6),
        lambda document: yaml.safe_dump(document, default_flow_style=None),
        lambda document: json.dumps(document, indent=1),
        json.dumps,
    ],
    ids=["flow", "mixed", "JSON", "JSON in one line"],
)
def test_a_layout_that_no_change_suits_is_left_as_it_is(layout: Callable[[Any], str]) -> None:
    """Changes are of lines. What they would break is only reported."""
    text = layout(yaml.safe_load(SMALL))
    exchanges = [data(folder=SECRET, count="many"), get({**FITTING, "kind": "flat_box"}, query="?zone=1")]
    before = texts(text, exchanges)
    assert len(before) == 4
    after, left = patched(text, "small.yaml", exchanges)
    assert {misfit.text for misfit in left} <= {*before}
    assert texts(after, exchanges) == [misfit.text for misfit in left]


def test_an_object_without_properties_gets_none(tmp_path: Path) -> None:
    text = SMALL.replace("          properties:\n            street: *street\n", "          properties: {}\n")
    after, left = patched(text, "small.yaml", [get({**FITTING, "place": {"town": "x"}})])
    assert (after, [misfit.text for misfit in left]) == (
        text,
        ["GetBox 200: /place/town is not in the contract (string)"],
    )


def test_an_addition_is_at_the_end_even_if_that_is_an_alias() -> None:
    town, zone = {"place": {"town": "x"}}, {"place": {}, "zone": "x"}
    after, _ = patched(SMALL, "small.yaml", [get({**FITTING, **town}), get({**FITTING, **zone}), data(folder="x")])
    lines = after.split("\n")
    place = lines.index("            street: *street")
    added = [line.strip() for line in lines[place + 1 : place + 7] if line.endswith(":")]
    assert added == ["town:", "zone:"]
    assert lines[lines.index("        last: *name") + 1] == "        folder:"


def test_a_new_path_is_beside_those_that_begin_like_it() -> None:
    exchange = Exchange("log", 1, "GET", "/api/v2/replay/boxes/7/lids", 204, "", b"")
    after, _ = patched(SMALL, "small.yaml", [exchange])
    paths = [line.strip() for line in after.split("\n") if line.startswith("  /api")]
    boxes = "/api/v2/replay/boxes/{box_id}"
    assert paths == [f"{boxes}:", f"{boxes}/lids:", "/api/v2/replay/bytes:"]


def test_a_content_type_that_may_be_data_is_not_shown() -> None:
    exchange = get(SECRET.encode(), 418, kind=SECRET)
    assert texts(SMALL, [exchange]) == ["GetBox 418: status 418 is not in the contract"]
    after, left = patched(SMALL, "small.yaml", [exchange])
    assert [misfit.text for misfit in left] == ["GetBox 418: body is there, and the contract has none"]
    added = [line for line in patch(SMALL, after, "small.yaml").split("\n")[3:] if line.startswith("+")]
    assert added == ['+        "418":', "+          description: Seen in traffic; undocumented."]


def test_everything_at_once_is_one_change() -> None:
    exchanges = [exchange for group, _, _ in MISFITS.values() for exchange in group]
    after, left = patched(SMALL, "small.yaml", exchanges)
    assert left == []
    assert "# A comment at the top." in after
    assert "- red # like this" in after
    assert list(OpenAPIV31SpecValidator(yaml.safe_load(after)).iter_errors()) == []


@pytest.mark.parametrize(
    "word", ["folder", "session_count", "createdAt", "-timestamp", "sort_by_name", "page2", "vnd-api"]
)
def test_words_are_shown(word: str) -> None:
    assert is_word(word)


@pytest.mark.parametrize(
    "text",
    [
        "Alice",
        "a b",
        "a@b",
        "6f2d1c84",
        "ddapp_AbCdEf0123456789",
        "a1b2c3",
        "user12345",
        "d" * 32,
        "0",
        "",
        "x.y",
        "ключ",
        "2026-01-01",
    ],
)
def test_what_may_be_data_is_not_shown(text: str) -> None:
    assert not is_word(text)


# ---------------------------------------------------------------------------------------------------------- Files

PLAYLIST = {"data": {"id": "1", "type": "rum_replay_playlist", "attributes": {"name": SECRET, "shelf": SECRET}}}
URL = "https://api.datadoghq.com/api/v2/rum/replay/playlists/7"
MISFIT = "GetRumReplayPlaylist 200: /data/attributes/shelf is not in the contract (string)"


def har(body: dict[str, Any]) -> str:
    request = {"method": "GET", "url": URL, "headers": [{"name": "DD-API-KEY", "value": SECRET}]}
    content = {"mimeType": "application/json; charset=utf-8", **body}
    large = {"size": 10**9, "mimeType": "application/json"}
    others = [
        {"request": {**request, "url": "https://example.com/"}, "response": {"status": 200, "content": {}}},
        {"request": request, "response": {"status": 0, "content": {}}},
        {"request": request, "response": {"status": 200, "content": large}},
    ]
    entry = {"request": request, "response": {"status": 200, "content": content}}
    return json.dumps({"log": {"entries": [*others, entry]}})


def vcrpy(body: Any, **headers: Any) -> str:
    request = {"method": "GET", "uri": URL, "headers": {"DD-API-KEY": [SECRET]}, "body": None}
    response = {"status": {"code": 200}, "headers": {"Content-Type": ["application/json"], **headers}, "body": body}
    return yaml.safe_dump({"version": 1, "interactions": [{"request": request, "response": response}]})


def cassette() -> str:
    response = {"status": 200, "reason": "OK", "headers": {"content-type": "application/json"}, "json": PLAYLIST}
    entry = {"recorded_at": "2026-01-01T00:00:00Z", "request": {"method": "GET", "url": URL}, "response": response}
    comment = "# Recorded by the pytest plugin of rum-replay, without credentials.\n"
    return comment + yaml.safe_dump({"version": 1, "interactions": [entry]})


def log() -> str:
    line = {
        "method": "GET",
        "url": URL,
        "status": 200,
        "content_type": "application/json",
        "body": json.dumps(PLAYLIST),
    }
    return json.dumps({"method": "DELETE", "url": URL, "status": 204, "body": None}) + "\n\n" + json.dumps(line) + "\n"


FILES: dict[str, Callable[[], str]] = {
    "cassette.yaml": cassette,
    "vcrpy.yaml": lambda: vcrpy({"string": json.dumps(PLAYLIST)}),
    "vcrpy-gzip.yaml": lambda: vcrpy(
        {"string": gzip.compress(json.dumps(PLAYLIST).encode())}, **{"Content-Encoding": "gzip"}
    ),
    "vcrpy.json": lambda: json.dumps(yaml.safe_load(vcrpy({"string": json.dumps(PLAYLIST)})), indent=1),
    "browser.har": lambda: har({"text": json.dumps(PLAYLIST)}),
    "browser-base64.har": lambda: har(
        {"text": base64.b64encode(json.dumps(PLAYLIST).encode()).decode(), "encoding": "base64"}
    ),
    "answers.jsonl": log,
    "answers-as-documents.jsonl": lambda: log().replace(json.dumps(json.dumps(PLAYLIST)), json.dumps(PLAYLIST)),
    "one-answer.jsonl": lambda: log().splitlines()[-1],
}


def run(folder: Path, *arguments: str) -> int:
    return main(["--relative-to", str(folder), "--traffic", *arguments])


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_is_read(tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    (tmp_path / name).write_text(FILES[name](), encoding="utf-8")
    assert run(tmp_path, name) == 1
    shown = capsys.readouterr()
    assert shown.err == ""
    assert MISFIT in shown.out
    assert f"    {name} entry " in shown.out
    assert ": 1 misfit\n" in shown.out
    assert "This patch makes them fit:" in shown.out
    assert SECRET not in shown.out


DAMAGED = {
    "": "is not a cassette",
    "{": "is not a cassette",
    f"text with {SECRET}": "is not a cassette",
    cassette().replace("json:", "jsn:"): "is not a cassette",
    vcrpy({"string": "{}"}).replace("uri", SECRET): "is not a cassette",
    log().replace('"status"', '"code"'): "is not a cassette",
    har({"text": "%", "encoding": "base64"}).replace("%", "é"): "is not a cassette",
    log().replace("204", "Infinity"): "or it is damaged: line 1 cannot be read",
    log().replace('"application/json"', "5"): "or it is damaged: line 3 cannot be read",
    log().replace(json.dumps(URL), "null"): "or it is damaged: line 1 cannot be read",
    log().replace("200", "-1"): "or it is damaged: line 3 cannot be read",
    har({"text": "{}", "mimeType": 5}): "or it is damaged: entry 4 cannot be read",
    har({"text": "{}"}).replace('"GET"', "null"): "or it is damaged: entry 1 cannot be read",
    vcrpy({"string": b"\x1f\x8b"}, **{"Content-Encoding": "gzip"}): "or it is damaged: entry 1 cannot be read",
    vcrpy({"string": "{}"}).replace(URL, "http://["): "has no request to this API among its 1 request",
    json.dumps({"log": {"entries": {}}}): "or it is damaged",
    log().replace("/replay/", "/other/"): "has no request to this API among its 2 requests",
}


@pytest.mark.parametrize("text", DAMAGED, ids=range(len(DAMAGED)))
def test_a_file_that_cannot_be_used_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    (tmp_path / "file").write_text(text, encoding="utf-8")
    assert run(tmp_path, "file") == 2
    shown = capsys.readouterr()
    assert shown.err.startswith("scripts/drift: file ")
    assert DAMAGED[text] in shown.err
    assert SECRET not in shown.err
    assert shown.out == ""


def test_a_body_that_cannot_be_decoded_is_not_known(tmp_path: Path) -> None:
    for encoding in ("br", "gzip, br"):
        (tmp_path / "file").write_text(vcrpy({"string": b"\x0b\x02\x80"}, **{"Content-Encoding": encoding}))
        assert [each.body for each in read_traffic(tmp_path / "file", "file")] == [None]
    (tmp_path / "file").write_text(vcrpy({"string": "{}"}, **{"Content-Encoding": "br"}))
    assert [each.body for each in read_traffic(tmp_path / "file", "file")] == [b"{}"]


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="file cannot be read: No such file"):
        read_traffic(tmp_path / "file", "file")


def test_the_recordings_of_our_own_tests_fit(capsys: pytest.CaptureFixture[str]) -> None:
    folder = Path(__file__).resolve().parents[1] / "downstream" / "tests" / "cassettes"
    files = [str(path) for path in sorted(folder.rglob("*.yaml"))]
    assert len(files) > 3
    assert run(folder, *files) == 0
    assert ": all fit" in capsys.readouterr().out


def test_the_documented_log_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The code in CONTRIBUTING.md, with a client and the emulator."""
    guide = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    monkeypatch.chdir(tmp_path)
    emulator = Emulator()
    emulator.load_segments("session", "view", [b"segment"])
    with (
        httpx.Client(transport=emulator.transport()) as http,
        ReplayClient(http_client=http, api_key="key", app_key=SECRET, on_response=names["log"]) as client,
    ):
        playlist = client.playlists.create(SECRET)
        assert [each.name for each in client.playlists.list()] == [SECRET]
        client.playlists.delete(playlist.id)
        assert all(page.content for page in client.sessions.iter_segments("session", "view"))
    assert run(tmp_path, "answers.jsonl") == 0
    lines = (tmp_path / "answers.jsonl").read_text(encoding="utf-8").splitlines()
    assert capsys.readouterr().out == f"{len(lines)} requests: all fit\n"
    assert len(lines) >= 4


def test_the_patch_is_applied_by_git_and_nothing_is_left(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With our own document: comments and layout stay, and the generator's and validators' rules hold."""
    unusual = {
        "id": "1",
        "type": "rum_replay_list",
        "attributes": {"name": None, "shelf": SECRET, "session_count": "12", "created_at": "now", "by": {SECRET: 1}},
    }
    entries = [
        ("GET", "playlists?filter[shelf]=a&page[size]=x", 200, {"data": [unusual], "meta": {"total": 3}}),
        ("GET", "playlists/1", 202, {"data": unusual}),
        ("DELETE", "playlists/x", 204, {"data": None}),
        ("POST", "playlists", 404, {"errors": [3]}),
        ("GET", "sessions/1/watchers", 200, {"data": [{"type": SECRET, "attributes": {"handle": "a"}}]}),
    ]
    lines = [
        {
            "method": method,
            "url": f"https://api.datadoghq.com/api/v2/rum/replay/{path}",
            "status": status,
            "content_type": "application/json",
            "body": json.dumps(body),
        }
        for method, path, status, body in entries
    ]
    (tmp_path / "log").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (tmp_path / "openapi.yaml").write_text(TEXT, encoding="utf-8")
    assert run(tmp_path, "log", "--patch") == 1
    change = capsys.readouterr().out
    assert SECRET not in change
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)
    subprocess.run(["git", "apply", "-"], cwd=tmp_path, input=change, text=True, check=True)
    after = (tmp_path / "openapi.yaml").read_text(encoding="utf-8")
    assert main(["--relative-to", str(tmp_path), "--traffic", "log", "--contract", "./openapi.yaml"]) == 0
    assert list(OpenAPIV31SpecValidator(yaml.safe_load(after)).iter_errors()) == []
    comments = [line for line in TEXT.split("\n") if line.lstrip().startswith("#")]
    assert [line for line in after.split("\n") if line.lstrip().startswith("#")] == comments


def test_the_reports_have_the_same_misfits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "log").write_text(log(), encoding="utf-8")
    assert run(tmp_path, "log", "--format", "json") == 1
    report = json.loads(capsys.readouterr().out)
    (misfit,) = report["misfits"]
    assert (report["requests"], misfit["text"], misfit["where"]) == (2, MISFIT, ["log entry 3"])
    assert TEXT.split("\n")[misfit["here"]["line"] - 1].strip() == "PlaylistDataAttributes:"
    assert report["patch"].startswith("--- a/openapi.yaml\n+++ b/openapi.yaml\n@@ ")
    assert run(tmp_path, "log", "--format", "github", "--summary", "summary.md") == 1
    line = misfit["here"]["line"]
    assert f"::warning file=openapi.yaml,line={line},title=drift%3A traffic::{MISFIT}\n" in capsys.readouterr().out
    assert MISFIT in (tmp_path / "summary.md").read_text(encoding="utf-8")
