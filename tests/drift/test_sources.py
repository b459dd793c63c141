"""Sources are read completely, with the right lines, whatever their layout; what is not recognized is an error."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from api_drift import openapi
from api_drift.client import read_client
from api_drift.comparison import compared
from api_drift.documents import Node, parse
from api_drift.model import Schema, Source, UnreadableError
from api_drift.openapi import read_openapi
from api_drift.pages import read_page
from api_drift.rating import rated

from .official import TEXT, official, our_source

# ------------------------------------------------------------------------------------------------ OpenAPI documents


def large(document: dict[str, Any], size: int) -> dict[str, Any]:
    """The document among others' paths and schemas, of about that size in bytes as YAML."""
    one = {
        "type": "object",
        "description": "Text with `openapi:`, # signs, *stars* and & signs.\n\nIn two paragraphs: 'quoted'.",
        "properties": {f"field_{number}": {"type": "string", "example": f"value {number}"} for number in range(40)},
    }
    schemas = document["components"]["schemas"]
    # In YAML, the same object in two places is an anchor, here in a part that does not matter, and an alias.
    schemas["Aside"] = {"properties": {"start": schemas["SnapshotCreateRequestDataAttributes"]["properties"]["start"]}}
    for number in range(size // 2600):
        schemas[f"Other{number}"] = one
        document["paths"][f"/api/v2/others/{number}"] = {
            "get": {"operationId": f"GetOther{number}", "responses": {"200": {"description": "OK"}}}
        }
    return document


class _NoAliases(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    def ignore_aliases(self, _data: Any) -> bool:
        return True


LAYOUTS: dict[str, Callable[[Any], str]] = {
    "YAML": lambda document: yaml.dump(document, Dumper=_NoAliases),
    "YAML with aliases": lambda document: yaml.dump(document, Dumper=getattr(yaml, "CSafeDumper", yaml.SafeDumper)),
    "YAML with deep indentation": lambda document: yaml.dump(document, Dumper=_NoAliases, indent=6),
    "YAML in flow style": lambda document: yaml.dump(document, Dumper=_NoAliases, default_flow_style=True),
    "YAML with CRLF": lambda document: yaml.dump(document, Dumper=_NoAliases, line_break="\r\n"),
    "JSON": json.dumps,
    "JSON with escaped slashes": lambda document: json.dumps(document).replace("/", "\\/"),
    "JSON, indented": lambda document: json.dumps(document, indent=4),
    "a comment first": lambda document: "# openapi\n---\n" + yaml.dump(document, Dumper=_NoAliases),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_the_parts_that_matter_are_found_in_every_layout(layout: Any) -> None:
    text = layout(large(official(), 20_000))
    found = read_openapi(text, "theirs", our_source())
    assert len(found.operations) == len(our_source().operations)
    assert compared(our_source(), found).differences == ()
    lines = text.split("\n")
    if len(lines) > 1000:
        operations = {each.name: each for each in found.operations}
        assert lines[operations["GetSegments"].place.line - 1].strip(' "{:\r') == "get"
        answer = operations["GetRumReplayPlaylist"].answers
        assert answer is not None
        data = schema_at(answer[200].schema, "data")
        assert lines[data.place.line - 1].strip(' "{:\r').startswith("PlaylistData")


def schema_at(schema: Schema | None, *names: str) -> Schema:
    for name in names:
        assert schema is not None
        assert schema.properties is not None
        schema = schema.properties[name].schema
    assert schema is not None
    return schema


def test_our_own_document_is_the_same_in_part_and_as_a_whole() -> None:
    assert read_openapi(TEXT, "openapi.yaml", our_source()) == our_source()


def test_only_what_matters_is_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """That is why a large document takes hardly longer; the clock of a busy machine would say nothing."""
    nodes: list[int] = []

    def counted(text: str, name: str, wanted: Any = None) -> Node:
        document = parse(text, name, wanted)
        nodes.append(sum(1 for _ in every(document)))
        return document

    monkeypatch.setattr(openapi, "parse", counted)
    for size in (0, 400_000):
        for layout in ("YAML", "YAML with aliases", "JSON"):
            read_openapi(LAYOUTS[layout](large(official(), size)), layout, our_source())
    assert nodes[:3] == nodes[3:]


def test_an_alias_within_its_own_anchor_ends() -> None:
    assert parse("top: &top\n  inner: *top\n", "endless").at("top", "inner") is not None


def every(node: Node) -> Iterator[Node]:
    yield node
    for child in (*node.members().values(), *node.items()):
        yield from every(child)


GET = "openapi: 3.0.0\npaths:\n  /replay/x:\n    get:\n"


def nested(depth: int) -> dict[str, Any]:
    return {"properties": {"inner": nested(depth - 1)}} if depth else {}


UNREADABLE = {
    "swagger: '2.0'\npaths: {}\n": "is not an OpenAPI 3 document: it says `swagger: 2.0`, in line 1",
    "": "is not an OpenAPI 3 document: it is empty",
    "x: y": "it has no `openapi: 3",
    "openapi: 3.0.0\npaths:\n  /api/v2/users:\n    get: {}\n": "has no operation about replays",
    "openapi: 3.0.0\npaths:\n  a: ]\n": "cannot be parsed: while parsing a block node.*, in line 3",
    '{"openapi": "3.0.0",\n"paths": {': "cannot be parsed: it is not JSON: .*, in line 2",
    "openapi: 3.0.0\npaths:\n  /replay/x:\n    get:\n      parameters:\n      - $ref: a.json#/x\n": "leads nowhere",
    '{"openapi": "3.0.0"}\n{}': "cannot be parsed: it is not JSON: Extra data, in line 2",
    "[" * 100_000: "nested too deeply",
    "openapi: 3.0.0\npaths:\n- /replay/x\n": "theirs:2: paths is not an object",
    "openapi: 3.0.0\npaths:\n  /replay/x: text\n": "theirs:3: an object is expected",
    f"{GET}      parameters: [text]\n": "theirs:5: an object is expected",
    f"{GET}      parameters:\n        a: b\n": "theirs:5: parameters is not a list",
    f"{GET}      parameters:\n      - schema: text\n": "theirs:6: a schema is expected, which is an object",
    f"{GET}      parameters:\n      - schema:\n          type: {{}}\n": "theirs:7: the type is neither a name nor",
    json.dumps(
        {
            "openapi": "3.0.0",
            "paths": {"/replay/x": {"get": {"parameters": [{"schema": nested(400)}]}}},
        }
    ): "nested too deeply",
}


@pytest.mark.parametrize("text", UNREADABLE, ids=UNREADABLE.values())
def test_a_document_that_cannot_be_used_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableError, match=UNREADABLE[text]):
        read_openapi(text, "theirs", our_source())


# ------------------------------------------------------------------------------------------------------------ Pages

SITES = [f"{name}datadoghq.com" for name in ("", "us3.", "us5.", "ap1.", "ap2.", "uk1.")]
SITES += ["datadoghq.eu", "ddog-gov.com", "us2.ddog-gov.com"]


def site_table(endpoint: str, sites: Sequence[str] = SITES) -> str:
    method, path = endpoint.split()
    rows = "".join(f"| app.{site} | {method} https://api.{site}{path} |\n" for site in sites)
    return f"| Datadog site | API endpoint |\n| ------------ | ------------ |\n{rows}"


TOO_MANY = """{% tab title="429" %}
Too many requests
{% tab title="Model" %}
| Field                    | Type     | Description |
| ------------------------ | -------- | ----------- |
| errors [*required*] | [string] | What happened. |

{% /tab %}
{% /tab %}
"""
RESOURCE = """| Parent field | Field | Type | Description |
| ------------ | ----- | ---- | ----------- |
|              | data [*required*] | object | The watch. |
| data         | attributes | object | Its fields. |
| attributes   | application_id [*required*] | string | The application. |
| attributes   | data_source | string | The product. |
| attributes   | event_id [*required*] | string | The event. |
| attributes   | timestamp [*required*] | date-time | The time. |
| data         | id | string | Its id. |
| data         | type [*required*] | enum | What it is. Allowed enum values: `rum_replay_watch` |
"""
EXAMPLE = """```json
{
  "data": {
    "attributes": {"application_id": "a", "data_source": "string", "event_id": "e", "timestamp": "2026-01-01"},
    "id": "string",
    "type": "rum_replay_watch"
  }
}
```
"""
BODY = f'{{% tab title="Model" %}}\n{RESOURCE}\n{{% /tab %}}\n{{% tab title="Example" %}}\n{EXAMPLE}\n{{% /tab %}}\n'
ONE_OPERATION = f"""---
title: Create RUM replay session watch
breadcrumbs: Docs > API Reference > Rum Replay Viewership
---

# Create RUM replay session watch{{% #create-rum-replay-session-watch %}}
{{% tab title="v2" %}}

{site_table("POST /api/v2/rum/replay/sessions/{session_id}/watches")}
### Arguments

#### Path Parameters

| Name | Type | Description |
| ---- | ---- | ----------- |
| session_id [*required*] | string | The session. |

### Request

#### Body Data (required)

{BODY}
### Response

{{% tab title="201" %}}
Created
{BODY}
{{% /tab %}}

{TOO_MANY}
### Code Example

```python
api_instance.create_rum_replay_session_watch(session_id="|not a table|")
```
| Field | Type | Description |
| ----- | ---- | ----------- |
| nothing | of | this |
{{% /tab %}}
"""
AN_AREA = f"""---
title: Rum Replay Heatmaps
breadcrumbs: Docs > API Reference > Rum Replay Heatmaps
---

# Rum Replay Heatmaps

## Delete replay heatmap snapshot{{% #delete-replay-heatmap-snapshot %}}

{{% tab title="v2" %}}
{site_table("DELETE /api/v2/replay/heatmap/snapshots/{snapshot_id}")}
#### Path Parameters

| Name | Type | Description |
| ---- | ---- | ----------- |
| snapshot_id [*required*] | string | The snapshot. |

### Response
{{% tab title="204" %}}
No Content
{{% /tab %}}
{TOO_MANY}
{{% /tab %}}

## List replay heatmap snapshots{{% #list-replay-heatmap-snapshots %}}

{{% tab title="v2" %}}
{site_table("GET /api/v2/replay/heatmap/snapshots", SITES[:4])}
#### Query Strings

| Name | Type | Description |
| ---- | ---- | ----------- |
| filter[device_type] | string | The device. |
| filter[view_name] [*required*] | string | The view. |
| page[limit] | integer | How many. |
| filter[application_id] | string | The application. |

### Response
{{% tab title="200" %}}
OK
{{% tab title="Model" %}}
| Parent field | Field | Type | Description |
| ------------ | ----- | ---- | ----------- |
|              | data [*required*] | [object] | All. |
| data         | attributes | object | Fields. |
| attributes   | start | string | When. |
| data         | id | string | Its id. |
| data         | type [*required*] | enum | What. Allowed enum values: `snapshots`,`pictures` |

{{% /tab %}}
{{% /tab %}}
{TOO_MANY}
{{% /tab %}}
"""
UNDOCUMENTED = {f"status {status} removed" for status in (400, 401, 403, 404, 409, 422)}


def page_differences(text: str, sources: Source | None = None) -> dict[str, tuple[str, int]]:
    """Rating and line in the page of all differences but the undocumented error statuses."""
    found = compared(our_source(), sources or read_page(text, "page.md", our_source())).differences
    return {
        each.text: (rated(each)[0], each.there.line)
        for each in found
        if each.text.partition(": ")[2] not in UNDOCUMENTED
    }


def test_a_page_of_one_operation_is_read_completely() -> None:
    source = read_page(ONE_OPERATION, "page.md", our_source())
    (operation,) = source.operations
    assert (operation.key, operation.area) == ("createrumreplaysessionwatch", "Rum Replay Viewership")
    assert [(each.name, each.location, each.required) for each in operation.parameters] == [
        ("session_id", "path", True)
    ]
    assert operation.answers is not None
    assert sorted(operation.answers) == [201, 429]
    assert operation.body is not None
    assert operation.body.required
    for schema in (operation.body.schema, operation.answers[201].schema):
        assert list(schema_at(schema, "data", "attributes").properties or ()) == [
            "application_id",
            "data_source",
            "event_id",
            "timestamp",
        ]
        assert schema_at(schema, "data", "attributes", "timestamp").format == "date-time"
        assert schema_at(schema, "data", "type").enum == ("rum_replay_watch",)
    assert source.whole_areas == frozenset()
    assert page_differences(ONE_OPERATION) == {}


def test_a_page_of_an_area_has_all_its_operations() -> None:
    source = read_page(AN_AREA, "page.md", our_source())
    assert source.whole_areas == {"Rum Replay Heatmaps"}
    differences = page_differences(AN_AREA)
    snapshots = "/api/v2/replay/heatmap/snapshots"
    assert {text for text in differences if text.startswith("operation ")} == {
        f"operation CreateReplayHeatmapSnapshot: POST {snapshots} removed",
        f"operation UpdateReplayHeatmapSnapshot: PATCH {snapshots}/{{snapshot_id}} removed",
    }
    assert differences["schema SnapshotUpdateRequestDataType: value pictures added"][0] == "additive"
    start = "schema SnapshotDataAttributes: property start: type integer (int64) → string"
    assert differences[start] == ("breaking", line_of(AN_AREA, "| attributes   | start | string |"))
    # Of the other operations of the area the page has no sites, and of this one only some.
    assert {text for text in differences if text.startswith("sites of ")} == {
        f"sites of list-replay-heatmap-snapshots: {site} removed" for site in SITES[4:]
    }


def line_of(text: str, line: str) -> int:
    return text[: text.index(line)].count("\n") + 1


PAGE_CHANGES = {
    "a field is added": (
        "| attributes   | data_source | string",
        "| attributes   | cause | int64 | Why. |\n| attributes   | data_source | string",
        {"schema WatchDataAttributes: property cause (integer (int64), optional) added": "additive"},
    ),
    "a type changes": (
        "timestamp [*required*] | date-time",
        "timestamp [*required*] | int64",
        {"schema WatchDataAttributes: property timestamp: type string (date-time) → integer (int64)": "breaking"},
    ),
    "a field becomes optional": (
        "event_id [*required*]",
        "event_id",
        {"schema WatchDataAttributes: property event_id: required → optional": "breaking"},
    ),
    "a field is removed": (
        "| attributes   | data_source | string | The product. |\n",
        "",
        # The example still has it, but an example describes nothing.
        {"schema WatchDataAttributes: property data_source removed": "breaking"},
    ),
    "only an example has a field": (
        '"data_source": "string", ',
        '"data_source": "string", "cause": 3, ',
        {"schema WatchDataAttributes: property cause (of unknown type) added": "additive"},
    ),
    "an enumeration changes": (
        "`rum_replay_watch`",
        "`watch`",
        {
            "schema WatchDataType: value watch added": "additive",
            "schema WatchDataType: value rum_replay_watch removed": "breaking",
        },
    ),
    "a parameter is added": (
        "### Request",
        "#### Query Strings\n\n| Name | Type | Description |\n| - | - | - |\n| ts | integer | When. |\n\n### Request",
        {
            "operation CreateRumReplaySessionWatch: parameter ts (integer, optional, in query) added": "additive",
        },
    ),
    "a status changes": (
        '{% tab title="201" %}',
        '{% tab title="200" %}',
        {
            "operation CreateRumReplaySessionWatch: status 200 added": "additive",
            "operation CreateRumReplaySessionWatch: status 201 removed": "breaking",
        },
    ),
    "the body becomes optional": (
        "Body Data (required)",
        "Body Data",
        {"operation CreateRumReplaySessionWatch: request body: required → optional": "additive"},
    ),
    "a site is added": (
        "| app.datadoghq.com |",
        "| us9.datadoghq.com | POST https://api.us9.datadoghq.com/api/v2/rum/replay/sessions/{session_id}/watches |\n"
        "| app.datadoghq.com |",
        {"sites: us9.datadoghq.com added": "additive"},
    ),
    "the path changes": (
        "/sessions/{session_id}/watches",
        "/sessions/{session_id}/views-watched",
        {
            "operation CreateRumReplaySessionWatch: path /api/v2/rum/replay/sessions/{session_id}/watches → "
            "/api/v2/rum/replay/sessions/{session_id}/views-watched": "breaking"
        },
    ),
    "a field is deprecated": (
        "| data_source |",
        "| data_source \\[*deprecated*\\] |",
        {"schema WatchDataAttributes: property data_source: deprecated": "cosmetic"},
    ),
    "a type is not one of the usual ones": (
        "timestamp [*required*] | date-time",
        "timestamp [*required*] | <oneOf>",
        {"schema WatchDataAttributes: property timestamp: type string (date-time) → oneOf": "breaking"},
    ),
    "a status is a range": (
        '{% tab title="429" %}',
        '{% tab title="4XX" %}',
        {
            "operation CreateRumReplaySessionWatch: status 4XX added": "additive",
            "operation CreateRumReplaySessionWatch: status 429 removed": "cosmetic",
        },
    ),
    "the host changes": (
        "https://api.",
        "https://rum.",
        {"operation CreateRumReplaySessionWatch: https://api.{site} → https://rum.{site}": "breaking"},
    ),
    "an operation is new": (
        "/sessions/{session_id}/watches",
        "/sessions/{session_id}/shares",
        None,
    ),
}


@pytest.mark.parametrize("name", PAGE_CHANGES)
def test_a_change_of_a_page_is_found(name: str) -> None:
    before, after, expected = PAGE_CHANGES[name]
    assert before in ONE_OPERATION
    text = ONE_OPERATION.replace(before, after)
    if expected is None:  # otherwise the title shows that it is the same operation
        text = text.replace("#create-rum-replay-session-watch", "#share")
        expected = {"operation share: POST /api/v2/rum/replay/sessions/{session_id}/shares added": "additive"}
    assert {text: rating for text, (rating, _) in page_differences(text).items()} == expected


PAGE_LAYOUTS: dict[str, Callable[[str], str]] = {
    "indented tables": lambda text: text.replace("\n|", "\n  |"),
    "CR alone": lambda text: text.replace("\n", "\r"),
    "no spaces in cells": lambda text: re.sub(r" *\| *", "|", text),
    "no descriptions": lambda text: re.sub(r"\| (?:The \w+|Its \w+)\. \|", "|", text),
    "single quotes": lambda text: re.sub(r'title="(\w+)"', r"title='\1'", text),
    "other words for arguments": lambda text: text.replace("Path Parameters", "Path Strings"),
}


@pytest.mark.parametrize("layout", PAGE_LAYOUTS.values(), ids=list(PAGE_LAYOUTS))
def test_the_layout_of_a_page_is_no_difference(layout: Callable[[str], str]) -> None:
    text = layout(ONE_OPERATION)
    assert text != ONE_OPERATION
    assert page_differences(text) == {}


NOT_PAGES = {
    "": "is empty",
    "\n<!DOCTYPE html>\n": "is HTML",
    "# About\n\nNothing here.\n": "has no table of sites",
    ONE_OPERATION.replace("### Response", "### Results"): "no answers were recognized",
    ONE_OPERATION.replace("| Parent field | Field |", "| Above | What |"): "the columns above, what, type, description",
    ONE_OPERATION.replace("Path Parameters", "Others"): "what kind of arguments 'Others' are is not known",
    ONE_OPERATION.replace("| session_id [*required*] |", "| [*required*] |"): "this row has no name",
    ONE_OPERATION.replace("| session_id [*required*] | string |", "| session_id | |"): "this row has no type",
    ONE_OPERATION.replace('"429"', '"Other"'): "this table is in no tab of a status",
    ONE_OPERATION.replace(RESOURCE, ""): "no table was recognized in the tab of a model",
    ONE_OPERATION.replace("| data         | attributes |", "| date         | attributes |"): "the parent field 'date'",
    ONE_OPERATION.replace("POST https://api", "POST ftp://api"): "has no API endpoint",
    ONE_OPERATION.replace("/api/v2/rum/replay/sessions", "/api/v2/users").replace(
        "#create-rum-replay-session-watch", "#create-user"
    ): "has no operation about replays",
}


@pytest.mark.parametrize("text", NOT_PAGES, ids=NOT_PAGES.values())
def test_a_page_that_is_not_recognized_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableError, match=re.escape(NOT_PAGES[text])):
        read_page(text, "page.md", our_source())


def test_an_object_in_one_of_the_same_name_keeps_its_siblings() -> None:
    """The page of the search has `attributes` in `attributes`, and names only the parent."""
    rows = "| data | attributes | object | A. |\n| attributes | attributes | object | B. |\n"
    rows += "| attributes | service | string | C. |"
    text = ONE_OPERATION.replace(
        RESOURCE,
        f"| Parent field | Field | Type | Description |\n|---|---|---|---|\n| | data | object | D. |\n{rows}\n",
    )
    (operation,) = read_page(text.replace(EXAMPLE, ""), "page.md", our_source()).operations
    assert operation.body is not None
    assert list(schema_at(operation.body.schema, "data", "attributes").properties or ()) == ["attributes", "service"]


# ----------------------------------------------------------------------------------------------------------- Client


def test_the_installed_client_knows_what_the_contract_states() -> None:
    source = read_client(None, "datadog-api-client", our_source())
    assert re.fullmatch(r"datadog-api-client \d+\.\d+\.\d+", source.name)
    found = {each.text for each in compared(our_source(), source).differences}
    # What only the contract says so far is in no client.
    facts = json.loads((Path(__file__).parents[1] / "data" / "operations.json").read_text(encoding="utf-8"))
    for place in facts.get("from_contract", ()):
        owner, _, name = place.replace(".", " ", 1).partition(" ")
        lacking = (
            f"property {name} removed",
            f"parameter {name} removed",
            "GET ",
            "POST ",
            "PUT ",
            "PATCH ",
            "DELETE ",
        )
        found -= {
            text for text in found if text.partition(" ")[2].startswith(tuple(f"{owner}: {each}" for each in lacking))
        }
    assert len(source.operations) >= 19
    assert found == {
        "operation GetSegments: answer: body removed",
        *(f"schema RUMQueryFilter: property {name}: type string (rum-time) → string" for name in ("from", "to")),
        "schema RUMQueryFilter: property query: type string (rum-query) → string",
    }


CLIENT_CHANGES = {
    "a type": (
        "v2/model/watcher_data_attributes.py",
        '"handle": (str,),',
        '"handle": (int,),',
        "schema WatcherDataAttributes: property handle: type string → integer",
    ),
    "an attribute": (
        "v2/model/playlist_data.py",
        '"type": "type",',
        '"type": "type", "id": "identifier",',
        "schema PlaylistData: property identifier (string, optional) added",
    ),
    "a parameter": (
        "v2/api/rum_replay_playlists_api.py",
        '"attribute": "filter[query]",',
        '"attribute": "filter[text]",',
        "operation ListRumReplayPlaylists: parameter filter[query] removed",
    ),
    "a value": (
        "v2/model/watcher_data_type.py",
        '        "rum_replay_watcher",\n',
        '        "rum_replay_watcher",\n        "watcher",\n',
        "schema WatcherDataType: value watcher added",
    ),
    "a required argument": (
        "v2/model/watcher_data_attributes.py",
        "watch_count: int,",
        "watch_count: int = 0,",
        "schema WatcherDataAttributes: property watch_count: required → optional",
    ),
}


def test_changes_of_a_client_are_found_with_their_lines(tmp_path: Path) -> None:
    """All in one copy of the client, since starting it is what takes time."""
    import datadog_api_client

    original = Path(datadog_api_client.__file__).parent
    copy = tmp_path / "site-packages" / "datadog_api_client"
    for folder in ("", "v2", "v2/api", "v2/model"):  # what is not in the copy is imported from the original
        (copy / folder).mkdir(parents=True)
        text = (original / folder / "__init__.py").read_text(encoding="utf-8")
        (copy / folder / "__init__.py").write_text(
            f"__path__.append({str(original / folder)!r})\n{text}", encoding="utf-8"
        )
    for path in original.glob("v2/api/rum_replay_*_api.py"):
        (copy / "v2" / "api" / path.name).symlink_to(path)
    for file, before, after, _ in CLIENT_CHANGES.values():
        text = (copy / file if (copy / file).exists() else original / file).read_text(encoding="utf-8")
        assert before in text
        (copy / file).unlink(missing_ok=True)
        (copy / file).write_text(text.replace(before, after), encoding="utf-8")
    found = {each.text: each for each in compared(our_source(), read_client(copy, "copy", our_source())).differences}
    assert {expected for *_, expected in CLIENT_CHANGES.values()} <= found.keys()
    there = found[CLIENT_CHANGES["a type"][3]].there
    assert there.file == "datadog_api_client/v2/model/watcher_data_attributes.py"
    assert (copy.parent / there.file).read_text(encoding="utf-8").split("\n")[
        there.line - 1
    ].strip() == '"handle": (int,),'


def test_a_folder_without_a_client_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnreadableError, match="folder is neither an environment nor a folder that has the package"):
        read_client(tmp_path, "folder", our_source())
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\necho 'No module named datadog_api_client' >&2\nexit 1\n")
    python.chmod(0o755)
    with pytest.raises(UnreadableError, match="no datadog-api-client that can be read: No module named"):
        read_client(tmp_path, "folder", our_source())
