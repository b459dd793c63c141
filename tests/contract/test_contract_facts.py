"""openapi.yaml states what Datadog's documentation states, no more and no less."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
CONTRACT: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_bytes(), yaml.CSafeLoader)
FACTS: dict[str, Any] = json.loads((ROOT / "tests/data/operations.json").read_text(encoding="utf-8"))
OPERATION_FACTS: dict[str, Any] = {operation["operation"]: operation for operation in FACTS["operations"]}
MODEL_FACTS: dict[str, Any] = FACTS["models"]
ERROR_SCHEMAS = {"APIErrorResponse", "ErrorDetail", "ErrorResponse"}
READS_BY_POST = {"SearchRUMEvents"}


def follow(value: dict[str, Any]) -> dict[str, Any]:
    """The object itself, or the component that it refers to."""
    if "$ref" not in value:
        return value
    _, _, section, name = value["$ref"].split("/")
    component: dict[str, Any] = CONTRACT["components"][section][name]
    return component


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, path_item in CONTRACT["paths"].items():
        for method, operation in path_item.items():
            yield method.upper(), path, operation


OPERATIONS = {operation["operationId"]: (method, path, operation) for method, path, operation in operations()}
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]


def parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    return [follow(parameter) for parameter in operation.get("parameters", ())]


def type_name(schema: dict[str, Any]) -> str:
    """A schema in the words of operations.json."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema["type"] == "array":
        return f"array<{type_name(schema['items'])}>"
    if schema.get("format") == "date-time":
        return "date-time"
    return str(schema["type"])


def body_name(holder: dict[str, Any] | None) -> str | None:
    """The model that a request body or a response carries as JSON."""
    media_type = (holder or {}).get("content", {}).get("application/json")
    return type_name(media_type["schema"]) if media_type else None


def described_operation(name: str) -> dict[str, Any]:
    """An operation of the contract in the form of operations.json."""
    method, path, operation = OPERATIONS[name]
    success = {int(status): answer for status, answer in operation["responses"].items() if status.startswith("2")}
    (response,) = {body_name(follow(answer)) for answer in success.values()}
    (area,) = operation["tags"]
    return {
        "area": area,
        "operation": name,
        "method": method,
        "path": path,
        "parameters": [
            {
                "name": parameter["name"],
                "in": parameter["in"],
                "type": type_name(parameter["schema"]),
                "required": parameter.get("required", False),
            }
            for parameter in parameters(operation)
        ],
        "body": body_name(operation.get("requestBody")),
        "success": sorted(success),
        "response": response,
        "auth": [
            CONTRACT["components"]["securitySchemes"][scheme].get("x-datadog-name", scheme)
            for requirement in CONTRACT["security"]
            for scheme in requirement
        ],
    }


def described_model(name: str) -> dict[str, Any]:
    """A schema of the contract in the form of operations.json."""
    schema = SCHEMAS[name]
    if "enum" in schema:
        return {"enum": schema["enum"]}
    properties = schema["properties"]
    return {
        "required": sorted(schema.get("required", ())),
        "properties": {name: {"type": type_name(value)} for name, value in sorted(properties.items())},
        "read_only": sorted(name for name, value in properties.items() if value.get("readOnly")),
    }


def in_order_of_name(operation: dict[str, Any]) -> dict[str, Any]:
    """The order of parameters carries no meaning."""
    return operation | {"parameters": sorted(operation["parameters"], key=lambda parameter: str(parameter["name"]))}


def test_the_contract_has_exactly_the_documented_operations() -> None:
    assert sorted(OPERATIONS) == sorted(OPERATION_FACTS)


@pytest.mark.parametrize("name", sorted(OPERATION_FACTS))
def test_an_operation_is_as_documented(name: str) -> None:
    assert in_order_of_name(described_operation(name)) == in_order_of_name(OPERATION_FACTS[name])


def test_the_contract_has_exactly_the_documented_models_and_the_error_bodies() -> None:
    assert sorted(SCHEMAS) == sorted(MODEL_FACTS.keys() | ERROR_SCHEMAS)


@pytest.mark.parametrize("name", sorted(MODEL_FACTS))
def test_a_model_is_as_documented(name: str) -> None:
    assert described_model(name) == MODEL_FACTS[name]


def all_parameters() -> list[dict[str, Any]]:
    return [parameter for _, _, operation in OPERATIONS.values() for parameter in parameters(operation)]


def integer_schemas() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every integer with the name of its parameter or property."""
    for parameter in all_parameters():
        if parameter["schema"].get("type") == "integer":
            yield parameter["name"], parameter["schema"]
    for name, schema in SCHEMAS.items():
        for key, value in schema.get("properties", {}).items():
            if value.get("type") == "integer":
                yield f"{name}.{key}", value


def test_every_integer_states_its_width() -> None:
    widths = {name: schema.get("format") for name, schema in integer_schemas()}
    assert {name: width for name, width in widths.items() if width not in ("int32", "int64")} == {}
    assert widths["ts"] == widths["playlist_id"] == "int64"  # times in milliseconds need more than 32 bits
    assert widths["WatcherDataAttributes.watch_count"] == "int32"


def test_integers_are_bounded_only_where_that_is_documented() -> None:
    bounds = {
        name: {key: schema[key] for key in ("minimum", "maximum") if key in schema}
        for name, schema in integer_schemas()
        if {"minimum", "maximum"} & schema.keys()
    }
    assert bounds == {
        "RUMQueryPageOptions.limit": {"maximum": 1000},
        "WatcherDataAttributes.watch_count": {"maximum": 2147483647},
    }


def test_every_point_in_time_in_a_body_is_a_date_time() -> None:
    points = {
        f"{name}.{key}": value.get("format")
        for name, schema in SCHEMAS.items()
        for key, value in schema.get("properties", {}).items()
        if key.endswith("_at") or key == "timestamp"
    }
    assert len(points) >= 8
    assert set(points.values()) == {"date-time"}


def test_the_server_is_one_of_the_nine_sites() -> None:
    (server,) = CONTRACT["servers"]
    (variable,) = server["variables"].values()
    assert server["url"] == "https://api.{site}"
    assert variable["default"] == "datadoghq.com"
    assert sorted(variable["enum"]) == [
        "ap1.datadoghq.com",
        "ap2.datadoghq.com",
        "datadoghq.com",
        "datadoghq.eu",
        "ddog-gov.com",
        "uk1.datadoghq.com",
        "us2.ddog-gov.com",
        "us3.datadoghq.com",
        "us5.datadoghq.com",
    ]


def test_credentials_are_both_keys_or_a_bearer_token() -> None:
    assert CONTRACT["security"] == [{"apiKeyAuth": [], "appKeyAuth": []}, {"bearerAuth": []}]
    # Given for an operation, it would change the signatures of the generated client.
    assert not any("security" in operation for _, _, operation in OPERATIONS.values())
    schemes = CONTRACT["components"]["securitySchemes"]
    assert {name: {k: v for k, v in scheme.items() if k != "description"} for name, scheme in schemes.items()} == {
        "apiKeyAuth": {"type": "apiKey", "in": "header", "name": "DD-API-KEY"},
        "appKeyAuth": {"type": "apiKey", "in": "header", "name": "DD-APPLICATION-KEY"},
        "bearerAuth": {"type": "http", "scheme": "bearer", "x-datadog-name": "AuthZ"},
    }


ERROR_ANSWERS = {
    "400": "#/components/responses/BadRequest",
    "401": "#/components/responses/Unauthorized",
    "403": "#/components/responses/Forbidden",
    "404": "#/components/responses/NotFound",
    "409": "#/components/responses/Conflict",
    "422": "#/components/responses/UnprocessableEntity",
    "429": "#/components/responses/TooManyRequests",
}


@pytest.mark.parametrize("name", sorted(OPERATION_FACTS))
def test_an_operation_documents_the_error_answers_that_it_can_give(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    expected = {"400", "401", "403", "429"}
    if "{" in path:
        expected.add("404")
    if method in ("POST", "PUT", "PATCH") and name not in READS_BY_POST:
        expected |= {"409", "422"}
    answers = {
        status: answer["$ref"] for status, answer in operation["responses"].items() if not status.startswith("2")
    }
    assert answers == {status: ERROR_ANSWERS[status] for status in expected}


@pytest.mark.parametrize("name", sorted(ERROR_ANSWERS))
def test_an_error_answer_carries_json_errors(name: str) -> None:
    answer = follow({"$ref": ERROR_ANSWERS[name]})
    assert body_name(answer) == ("APIErrorResponse" if name == "429" else "ErrorResponse")
    # Readers such as the generator take the first of several content types.
    assert list(answer["content"]) == ["application/json", "application/vnd.api+json", "text/plain", "text/html"]


def test_too_many_requests_names_the_rate_limit_headers() -> None:
    headers = CONTRACT["components"]["responses"]["TooManyRequests"]["headers"]
    assert sorted(headers) == [
        "Retry-After",
        "X-RateLimit-Limit",
        "X-RateLimit-Name",
        "X-RateLimit-Period",
        "X-RateLimit-Remaining",
        "X-RateLimit-Reset",
    ]


def test_the_documented_error_body_is_a_list_of_texts() -> None:
    assert described_model("APIErrorResponse") == {
        "required": ["errors"],
        "properties": {"errors": {"type": "array<string>"}},
        "read_only": [],
    }


def test_segments_are_bytes() -> None:
    _, _, operation = OPERATIONS["GetSegments"]
    content = operation["responses"]["200"]["content"]
    (media_type,) = content.values()
    assert list(content) == ["application/octet-stream"]
    assert (media_type["schema"]["type"], media_type["schema"]["format"]) == ("string", "binary")


@pytest.mark.parametrize("name", sorted(OPERATION_FACTS))
def test_an_operation_is_idempotent_by_its_method_or_because_it_only_reads(name: str) -> None:
    method, _, operation = OPERATIONS[name]
    assert operation["x-rum-replay-idempotent"] is (method in ("GET", "PUT", "DELETE") or name in READS_BY_POST)


@pytest.mark.parametrize("name", sorted(OPERATION_FACTS))
def test_only_changes_to_playlists_and_search_require_another_permission_than_viewing_replays(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    expected = "rum_session_replay_read"
    if method != "GET" and "/playlists" in path:
        expected = "rum_playlist_write"
    elif "/events" in path:
        expected = "rum_apps_read"
    assert operation["x-rum-replay-permission"] == expected


def test_every_operation_that_pages_says_how() -> None:
    words = {"page[number]": "page", "page[limit]": "limit", "paging": "token"}
    for name, (_, _, operation) in OPERATIONS.items():
        expected = [words[parameter["name"]] for parameter in parameters(operation) if parameter["name"] in words]
        if name == "SearchRUMEvents":  # in its body
            expected = ["cursor"]
        assert operation.get("x-rum-replay-pagination") == (expected[0] if expected else None), name


def test_bracketed_parameters_have_readable_python_names() -> None:
    names = {row["name"]: row["x-python-name"] for row in all_parameters() if "[" in row["name"]}
    assert names == {name: re.sub(r"[\[\]]+", "_", name).strip("_") for name in names}
    assert names["filter[watched_at][start]"] == "filter_watched_at_start"


@pytest.mark.parametrize("name", sorted(OPERATION_FACTS))
def test_an_operation_shows_its_json_by_example(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    holders = [operation.get("requestBody", {}), *map(follow, operation["responses"].values())]
    media_types = [
        holder["content"]["application/json"] for holder in holders if "application/json" in holder.get("content", {})
    ]
    assert media_types
    assert all(media_type.get("examples") for media_type in media_types)


@pytest.mark.parametrize("name", sorted(name for name, facts in OPERATION_FACTS.items() if facts["body"]))
def test_a_documented_body_must_be_sent_as_json(name: str) -> None:
    body = OPERATIONS[name][2]["requestBody"]
    assert body["required"] is True
    assert list(body["content"]) == ["application/json"]


def test_the_documentation_says_no_more_about_ts_than_the_contract_does() -> None:
    descriptions = {row["description"] for row in all_parameters() if row["name"] == "ts"}
    assert descriptions == {
        "Server-side timestamp in milliseconds. The documentation says no more: neither of which moment nor what the "
        "server does with it."
    }


def test_longer_retention_is_promised_only_together_with_its_permission() -> None:
    texts = [CONTRACT["info"]["description"], OPERATIONS["AddRumReplaySessionToPlaylist"][2]["description"]]
    for text in texts:
        assert "15 months" in text
        assert "`rum_extend_retention`" in text
        assert "not its events" in text
    every = (ROOT / "openapi.yaml").read_text(encoding="utf-8")
    assert every.count("15 months") == len(texts)
