"""Checks the answers of an emulator."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]  # It has no types, and its stubs would be one more package.
import yaml
from referencing import Registry
from referencing.jsonschema import DRAFT202012
from rum_replay_emulator.answer import Answer

from .emulator_api import API_KEY, APP_KEY, CONTRACT


class AnswerChecker:
    """Checks answers against `openapi.yaml` itself, with a JSON Schema library other than the emulator's."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = yaml.load(CONTRACT.read_bytes(), yaml.CSafeLoader)
        resource = DRAFT202012.create_resource(self._document)
        self._registry: Registry[Any] = Registry().with_resource("urn:contract", resource)
        self._responses: dict[str, dict[str, Any]] = {
            operation["operationId"]: operation["responses"]
            for item in self._document["paths"].values()
            for operation in item.values()
        }
        self.checked = 0

    @property
    def operations(self) -> list[str]:
        return list(self._responses)

    def check(self, operation: str | None, answer: Answer) -> None:
        self.checked += 1
        everything = repr(answer.headers).encode() + answer.body
        assert API_KEY.encode() not in everything
        assert APP_KEY.encode() not in everything
        if operation is None:
            assert answer.status in (404, 405, 429)
            self._check_json({"$ref": "#/components/schemas/APIErrorResponse"}, answer)
            return
        responses = self._responses[operation]
        assert str(answer.status) in responses, f"{operation} does not document {answer.status}"
        response = responses[str(answer.status)]
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rpartition("/")[2]]
        if "content" not in response:
            assert answer.body == b""
            return
        if answer.status >= 400:
            self._check_json({"$ref": "#/components/schemas/APIErrorResponse"}, answer)
        media_type = dict(answer.headers)["Content-Type"].partition(";")[0]
        if operation == "GetSegments" and answer.status == 200:
            # According to the contract the envelope and its type are unknown.
            assert media_type in ("application/octet-stream", "application/json", "multipart/mixed")
            return
        self._check_json(response["content"][media_type]["schema"], answer)

    def _check_json(self, schema: dict[str, Any], answer: Answer) -> None:
        if "$ref" in schema:
            schema = {"$ref": "urn:contract" + schema["$ref"]}
        checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
        validator = jsonschema.Draft202012Validator(schema, registry=self._registry, format_checker=checker)
        validator.validate(httpx.Response(200, content=answer.body).json())
