"""The contract is free of mistakes, and each kind of mistake, made in it on purpose, is found where it was made."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lint_contract
import pytest
import yaml
from contract_checks import CHECKS, FOUNDATIONS, Check, Contract
from contract_grammar import join, resolve
from lint_contract import Finding, check_examples, check_specification, lint

TEXT = lint_contract.CONTRACT.read_text(encoding="utf-8")
# Through JSON, so that what YAML aliases share becomes separate, and a change stays where it is made.
DOCUMENT: dict[str, Any] = json.loads(json.dumps(yaml.safe_load(TEXT)))

PLAYLISTS = join("/paths", "/api/v2/rum/replay/playlists")
PLAYLIST = join("/paths", "/api/v2/rum/replay/playlists/{playlist_id}")
PLAYLIST_SESSION = join("/paths", "/api/v2/rum/replay/playlists/{playlist_id}/sessions/{session_id}")
HISTORY = join("/paths", "/api/v2/rum/replay/viewership-history/sessions")
SITE = "/servers/0/variables/site"
SCHEMAS = "/components/schemas"
PARAMETERS = "/components/parameters"
EXAMPLES = "/components/examples"

Mutation = Callable[[dict[str, Any]], None]


def put(pointer: str, value: Any) -> Mutation:
    """Sets what a JSON pointer leads to, or would lead to."""
    parent, _, name = pointer.rpartition("/")

    def mutate(document: dict[str, Any]) -> None:
        target = resolve(document, parent)
        key = name.replace("~1", "/").replace("~0", "~")
        target[int(key) if isinstance(target, list) else key] = value

    return mutate


def drop(pointer: str) -> Mutation:
    parent, _, name = pointer.rpartition("/")

    def mutate(document: dict[str, Any]) -> None:
        del resolve(document, parent)[name]

    return mutate


def rename(pointer: str, name: str) -> Mutation:
    parent, _, old = pointer.rpartition("/")

    def mutate(document: dict[str, Any]) -> None:
        target = resolve(document, parent)
        target[name] = target.pop(old)

    return mutate


def append(pointer: str, value: Any) -> Mutation:
    return lambda document: resolve(document, pointer).append(value)


def mutated(mutation: Mutation) -> dict[str, Any]:
    document = copy.deepcopy(DOCUMENT)
    mutation(document)
    assert document != DOCUMENT
    return document


# Mutation, where it must be found, and a piece of the message.
MISTAKES: dict[str, tuple[Mutation, str, str]] = {
    "operationId missing": (drop(f"{PLAYLISTS}/get/operationId"), f"{PLAYLISTS}/get", "no operationId"),
    "operationId twice": (
        put(f"{PLAYLISTS}/post/operationId", "ListRumReplayPlaylists"),
        f"{PLAYLISTS}/post/operationId",
        f"{PLAYLISTS}/get has the operationId",
    ),
    "nullable": (
        put(f"{SCHEMAS}/WatchData/properties/id/nullable", True),
        f"{SCHEMAS}/WatchData/properties/id/nullable",
        "type: [..., 'null']",
    ),
    "tag undeclared": (
        put(f"{PLAYLISTS}/get/tags", ["Rum Replay Playlist"]),
        f"{PLAYLISTS}/get/tags/0",
        "'Rum Replay Playlist' is not declared",
    ),
    "tags missing": (drop(f"{PLAYLISTS}/get/tags"), f"{PLAYLISTS}/get", "no tags"),
    "security scheme undefined": (
        put("/security/1", {"AuthZ": []}),
        "/security/1/AuthZ",
        "security scheme 'AuthZ' is not declared",
    ),
    "security in an operation": (
        put(f"{PLAYLISTS}/get/security", [{"bearerAuth": []}]),
        f"{PLAYLISTS}/get/security",
        "top level only",
    ),
    "required name unknown": (
        append(f"{SCHEMAS}/WatchDataAttributes/required", "time_stamp"),
        f"{SCHEMAS}/WatchDataAttributes/required/3",
        "no property 'time_stamp'",
    ),
    "server default outside its enum": (put(f"{SITE}/default", "datadog.com"), f"{SITE}/default", "'datadog.com'"),
    "server variable undeclared": (put("/servers/0/url", "https://api.{host}"), "/servers/0/url", "'host'"),
    "keyword misspelt in a schema": (
        rename(f"{SCHEMAS}/WatchData/required", "requierd"),
        f"{SCHEMAS}/WatchData/requierd",
        "did you mean `required`?",
    ),
    "keyword misspelt in an operation": (
        put(f"{PLAYLISTS}/get/depreciated", True),
        f"{PLAYLISTS}/get/depreciated",
        "did you mean `deprecated`?",
    ),
    "keyword misspelt in a parameter": (
        rename(f"{PARAMETERS}/SessionId/required", "require"),
        f"{PARAMETERS}/SessionId/require",
        "in a parameter: did you mean `required`?",
    ),
    "keyword misspelt in a response": (
        rename("/components/responses/TooManyRequests/headers", "header"),
        "/components/responses/TooManyRequests/header",
        "in a response: did you mean `headers`?",
    ),
    "keyword of an operation in a path": (put(f"{PLAYLISTS}/tags", []), f"{PLAYLISTS}/tags", "in a path item"),
    "keyword beside a reference": (
        put(f"{PLAYLIST}/get/responses/404/content", {}),
        f"{PLAYLIST}/get/responses/404/content",
        "no keyword `content`",
    ),
    "extension misspelt": (
        rename(f"{PLAYLISTS}/get/x-rum-replay-pagination", "x-rum-replay-paging"),
        f"{PLAYLISTS}/get/x-rum-replay-paging",
        "did you mean `x-rum-replay-pagination`?",
    ),
    "extension missing": (
        drop(f"{PLAYLISTS}/get/x-rum-replay-idempotent"),
        f"{PLAYLISTS}/get",
        "no x-rum-replay-idempotent",
    ),
    "format unknown": (
        put(f"{SCHEMAS}/WatchDataAttributes/properties/timestamp/format", "date_time"),
        f"{SCHEMAS}/WatchDataAttributes/properties/timestamp/format",
        "no format 'date_time'",
    ),
    "format of another type": (
        put(f"{PARAMETERS}/PageSize/schema/format", "date-time"),
        f"{PARAMETERS}/PageSize/schema/format",
        "there are: int32, int64",
    ),
    "type unknown": (
        put(f"{PARAMETERS}/PageSize/schema/type", "int"),
        f"{PARAMETERS}/PageSize/schema/type",
        "no type 'int'",
    ),
    "enum without a type": (
        drop(f"{SCHEMAS}/PlaylistDataType/type"),
        f"{SCHEMAS}/PlaylistDataType",
        "the schema has no type",
    ),
    "schema without a type": (
        drop(f"{SCHEMAS}/WatchData/properties/id/type"),
        f"{SCHEMAS}/WatchData/properties/id",
        "the schema has no type",
    ),
    "boolean instead of a schema": (
        put(f"{SCHEMAS}/WatchData/properties/id", True),
        f"{SCHEMAS}/WatchData/properties/id",
        "must be a schema",
    ),
    "required of Swagger 1": (
        put(f"{SCHEMAS}/WatchData/properties/id/required", True),
        f"{SCHEMAS}/WatchData/properties/id/required",
        "must be a list",
    ),
    "text instead of a boolean": (
        put(f"{PARAMETERS}/SessionId/required", "yes"),
        f"{PARAMETERS}/SessionId/required",
        "must be a boolean",
    ),
    "list instead of a mapping": (put(f"{PLAYLISTS}/get/responses", []), f"{PLAYLISTS}/get/responses", "a mapping"),
    "closed object": (
        put(f"{SCHEMAS}/WatchDataAttributes/additionalProperties", False),
        f"{SCHEMAS}/WatchDataAttributes/additionalProperties",
        "never false",
    ),
    "description missing on a schema": (
        drop(f"{SCHEMAS}/WatchData/properties/id/description"),
        f"{SCHEMAS}/WatchData/properties/id",
        "the schema has no description",
    ),
    "description missing on a parameter": (
        drop(f"{PARAMETERS}/PageSize/description"),
        f"{PARAMETERS}/PageSize",
        "the parameter has no description",
    ),
    "description missing inside a parameter": (
        drop(f"{PARAMETERS}/PageSize/schema/description"),
        f"{PARAMETERS}/PageSize/schema",
        "the schema has no description",
    ),
    "description empty": (put(f"{PLAYLISTS}/get/description", ""), f"{PLAYLISTS}/get", "no description"),
    "summary missing": (drop(f"{PLAYLISTS}/get/summary"), f"{PLAYLISTS}/get", "no summary"),
    "descriptions of a parameter differ": (
        put(f"{PARAMETERS}/PageSize/schema/description", "Items in a page."),
        f"{PARAMETERS}/PageSize/schema/description",
        "differs",
    ),
    "path parameter undeclared": (
        put(f"{PLAYLIST}/get/parameters", []),
        f"{PLAYLIST}/get",
        "{playlist_id}, but no parameter",
    ),
    "parameter of a whole path not in the path": (
        put(f"{PLAYLIST}/parameters", [{"$ref": "#/components/parameters/SessionId"}]),
        f"{PLAYLIST}/parameters/0",
        "no {session_id}",
    ),
    "path parameter not in the path": (
        append(f"{PLAYLIST}/get/parameters", {"$ref": "#/components/parameters/SessionId"}),
        f"{PLAYLIST}/get/parameters/1",
        "no {session_id}",
    ),
    "bracketed parameter without a Python name": (
        drop(f"{PARAMETERS}/PageSize/x-python-name"),
        f"{PARAMETERS}/PageSize",
        "needs an x-python-name",
    ),
    "Python name that is none": (
        put(f"{PARAMETERS}/PageSize/x-python-name", "page-size"),
        f"{PARAMETERS}/PageSize/x-python-name",
        "cannot name a Python argument",
    ),
    "Python name that is a keyword": (
        put(f"{PARAMETERS}/PageSize/x-python-name", "from"),
        f"{PARAMETERS}/PageSize/x-python-name",
        "cannot name a Python argument",
    ),
    "Python name twice in an operation": (
        put(f"{HISTORY}/get/parameters/1/x-python-name", "filter_watched_at_start"),
        f"{HISTORY}/get/parameters/1",
        f"{HISTORY}/get/parameters/0 has the Python name",
    ),
    "Python name equal to a plain name": (
        append(
            f"{PLAYLIST_SESSION}/put/parameters",
            DOCUMENT["components"]["parameters"]["PageSize"] | {"x-python-name": "ts"},
        ),
        f"{PLAYLIST_SESSION}/put/parameters/4",
        f"{PLAYLIST_SESSION}/put/parameters/2 has the Python name ts",
    ),
    "reference to nothing": (
        put(f"{PLAYLIST}/get/responses/404/$ref", "#/components/responses/Missing"),
        f"{PLAYLIST}/get/responses/404/$ref",
        "nothing stands at",
    ),
    "reference to another kind": (
        put(f"{PLAYLIST}/get/responses/404/$ref", "#/components/schemas/ErrorResponse"),
        f"{PLAYLIST}/get/responses/404/$ref",
        "must point into #/components/responses/",
    ),
    "reference to another document": (
        put(f"{SCHEMAS}/Watch/properties/data/$ref", "models.yaml#/WatchData"),
        f"{SCHEMAS}/Watch/properties/data/$ref",
        "must point into #/components/schemas/",
    ),
    "component unused": (
        put(f"{SCHEMAS}/Leftover", {"type": "string", "description": "Nobody's."}),
        f"{SCHEMAS}/Leftover",
        "nothing refers to this component",
    ),
    "security scheme unused": (
        put("/security", [{"bearerAuth": []}]),
        "/components/securitySchemes/apiKeyAuth",
        "nothing refers to this component",
    ),
    "shared example with a wrong value": (
        put(f"{EXAMPLES}/PlaylistStored/value/data/type", "playlist"),
        f"{EXAMPLES}/PlaylistStored/value/data/type",
        "does not fit its schema",
    ),
    "shared example without a required field": (
        drop(f"{EXAMPLES}/WatchToRecord/value/data/attributes/event_id"),
        f"{EXAMPLES}/WatchToRecord/value/data/attributes",
        "'event_id' is a required property",
    ),
    "shared example with a wrong date": (
        put(f"{EXAMPLES}/WatchToRecord/value/data/attributes/timestamp", "2026-07-01 noon"),
        f"{EXAMPLES}/WatchToRecord/value/data/attributes/timestamp",
        "is not a 'date-time'",
    ),
    "shared example with too large a number": (
        put(f"{EXAMPLES}/WatcherPage/value/data/0/attributes/watch_count", 2**31),
        f"{EXAMPLES}/WatcherPage/value/data/0/attributes/watch_count",
        "is not a 'int32'",
    ),
    "inline example with a wrong value": (
        put(
            f"{PLAYLISTS}/post/requestBody/content/application~1json/examples",
            {"short": {"summary": "Too short.", "value": {}}},
        ),
        f"{PLAYLISTS}/post/requestBody/content/application~1json/examples/short/value",
        "'data' is a required property",
    ),
    "example of a schema": (
        put(f"{SCHEMAS}/PlaylistDataAttributes/properties/session_count/examples", ["twelve"]),
        f"{SCHEMAS}/PlaylistDataAttributes/properties/session_count/examples/0",
        "is not of type 'integer'",
    ),
    "example of a schema in the manner of OpenAPI 3.0": (
        put(f"{SCHEMAS}/PlaylistDataAttributes/properties/session_count/example", "twelve"),
        f"{SCHEMAS}/PlaylistDataAttributes/properties/session_count/example",
        "is not of type 'integer'",
    ),
    "example of a header": (
        put("/components/headers/RateLimitLimit/example", 100),
        "/components/headers/RateLimitLimit/example",
        "is not of type 'string'",
    ),
    "example in the manner of OpenAPI 3.0": (
        put(f"{PARAMETERS}/PageSize/example", 0),
        f"{PARAMETERS}/PageSize/example",
        "less than the minimum",
    ),
    "default of a schema": (
        put(f"{PARAMETERS}/PageSize/schema/default", "10"),
        f"{PARAMETERS}/PageSize/schema/default",
        "is not of type 'integer'",
    ),
    "status that is none": (
        put(f"{PLAYLISTS}/get/responses/2000", {"description": "Too much."}),
        f"{PLAYLISTS}/get/responses",
        "openapi-spec-validator",
    ),
    "path without a slash": (
        put("/paths/api", {}),
        "/paths",
        "openapi-spec-validator",
    ),
}


def matching(findings: list[Finding], location: str, fragment: str) -> list[Finding]:
    return [finding for finding in findings if finding.location == location and fragment in finding.message]


def test_the_contract_has_no_findings() -> None:
    assert lint(TEXT) == []


def test_what_the_mistakes_are_made_in_has_no_findings() -> None:
    assert lint(yaml.safe_dump(DOCUMENT)) == []


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_where_it_is(name: str) -> None:
    mutation, location, fragment = MISTAKES[name]
    findings = lint(json.dumps(mutated(mutation)))
    assert len(matching(findings, location, fragment)) == 1, findings


@pytest.mark.parametrize("check", [*FOUNDATIONS, *CHECKS, check_examples, check_specification])
def test_every_check_finds_one_of_the_mistakes(check: Check) -> None:
    needs_foundations = check in (check_examples, check_specification)
    # The mistakes that only the slowest check finds stand last.
    for mutation, location, fragment in reversed(MISTAKES.values()):
        contract = Contract(mutated(mutation))
        if needs_foundations and any(finding for foundation in FOUNDATIONS for finding in foundation(contract)):
            continue
        if matching(list(check(contract)), location, fragment):
            return
    pytest.fail("none of the mistakes is this check's to find")


TEXT_MISTAKES: dict[str, tuple[str, str, str, str]] = {
    "status key without quotes": (
        '        "204":\n          description: The playlist is deleted.',
        "        204:\n          description: The playlist is deleted.",
        f"{PLAYLIST}/delete/responses/204",
        'put it in quotes: "204"',
    ),
    "key that YAML reads as a boolean": (
        "        id:\n          type: string\n          description: The watcher's id.",
        "        on:\n          type: string\n          description: The watcher's id.",
        f"{SCHEMAS}/WatcherData/properties/on",
        'put it in quotes: "on"',
    ),
    "schema twice": (
        "    WatchDataType:\n",
        "    WatchData:\n",
        f"{SCHEMAS}/WatchData",
        "'WatchData' stands here 2 times",
    ),
    "method twice in a path": (
        "    post:\n      operationId: CreateRumReplayPlaylist\n",
        "    get:\n      operationId: CreateRumReplayPlaylist\n",
        f"{PLAYLISTS}/get",
        "'get' stands here 2 times",
    ),
}


@pytest.mark.parametrize("name", TEXT_MISTAKES)
def test_a_mistake_in_the_yaml_is_found_where_it_is(name: str) -> None:
    right, wrong, location, fragment = TEXT_MISTAKES[name]
    assert TEXT.count(right) == 1
    text = TEXT.replace(right, wrong)
    assert len(matching(lint(text), location, fragment)) == 1


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "not a mapping"),
        ("- openapi", "not a mapping"),
        ("openapi: [3.1.0", "not YAML"),
        ("openapi: !unknown 3.1.0", "not YAML"),
        ("openapi: 2026-13-01", "not YAML"),
        ("{}", "has no paths"),
    ],
)
def test_a_text_that_is_no_contract_is_a_finding(text: str, fragment: str) -> None:
    assert matching(lint(text), "", fragment)


def test_the_script_prints_every_finding_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.yaml"
    path.write_text(json.dumps(mutated(put(f"{SITE}/default", "datadog.com"))), encoding="utf-8")
    assert lint_contract.main(path) == 1
    assert capsys.readouterr().out == (
        f"openapi.yaml: {SITE}/default: the default 'datadog.com' is not one of the allowed values\n"
    )


def test_the_script_says_nothing_about_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_contract.main() == 0
    assert capsys.readouterr().out == ""
