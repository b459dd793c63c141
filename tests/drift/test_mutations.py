"""Every kind of change of an official document is found, rated right, and found alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import yaml
from api_drift.comparison import Comparison, compared
from api_drift.openapi import read_openapi
from api_drift.rating import RULES, rated

from .official import TEXT, official, our_source

Change = Callable[[dict[str, Any]], object]

PLAYLISTS = "/api/v2/rum/replay/playlists"
PLAYLIST = PLAYLISTS + "/{playlist_id}"
ADDED = PLAYLIST + "/sessions/{session_id}"
SNAPSHOTS = "/api/v2/replay/heatmap/snapshots"
WATCHES = "/api/v2/rum/replay/sessions/{session_id}/watches"
SEGMENTS = "/api/v2/rum/replay/sessions/{session_id}/views/{view_id}/segments"


def schema(document: dict[str, Any], name: str) -> Any:
    return document["components"]["schemas"][name]


def prop(document: dict[str, Any], name: str, of: str) -> Any:
    return schema(document, name)["properties"][of]


def operation(document: dict[str, Any], path: str, method: str) -> Any:
    return document["paths"][path][method]


def parameter(document: dict[str, Any], path: str, method: str, name: str) -> Any:
    return next(each for each in operation(document, path, method)["parameters"] if each["name"] == name)


def required(name: str, of: str) -> Change:
    return lambda document: schema(document, name).setdefault("required", []).append(of)


def optional(name: str, of: str) -> Change:
    return lambda document: schema(document, name)["required"].remove(of)


def with_property(name: str, of: str, stated: dict[str, Any], *, needed: bool = False) -> Change:
    def change(document: dict[str, Any]) -> None:
        schema(document, name)["properties"][of] = stated
        if needed:
            required(name, of)(document)

    return change


def without_property(name: str, of: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        del schema(document, name)["properties"][of]
        needed = schema(document, name).get("required", [])
        if of in needed:
            needed.remove(of)

    return change


def with_facts(name: str, of: str, **facts: Any) -> Change:
    return lambda document: prop(document, name, of).update(facts)


def without_fact(name: str, of: str, fact: str) -> Change:
    return lambda document: prop(document, name, of).pop(fact)


def with_parameter(path: str, method: str, **facts: Any) -> Change:
    stated = {"in": "query", "schema": {"type": "string"}, **facts}
    return lambda document: operation(document, path, method).setdefault("parameters", []).append(stated)


def without_parameter(path: str, method: str, name: str) -> Change:
    return lambda document: operation(document, path, method)["parameters"].remove(
        parameter(document, path, method, name)
    )


def renamed_path(before: str, after: str) -> Change:
    return lambda document: document["paths"].update({after: document["paths"].pop(before)})


def renamed_path_parameter(document: dict[str, Any]) -> None:
    parameter(document, SEGMENTS, "get", "view_id")["name"] = "view"
    renamed_path(SEGMENTS, SEGMENTS.replace("view_id", "view"))(document)


def in_path(document: dict[str, Any]) -> None:
    parameter(document, SEGMENTS, "get", "source").update({"in": "path", "required": True})
    renamed_path(SEGMENTS, SEGMENTS + "/{source}")(document)


def in_query(document: dict[str, Any]) -> None:
    parameter(document, SEGMENTS, "get", "session_id")["in"] = "query"
    renamed_path(SEGMENTS, SEGMENTS.replace("/{session_id}", ""))(document)


def new_method(path: str, before: str, after: str) -> Change:
    return lambda document: document["paths"][path].update({after: document["paths"][path].pop(before)})


def new_operation(document: dict[str, Any]) -> None:
    document["paths"][PLAYLIST + "/reports"] = {
        "get": {"operationId": "ListReports", "tags": ["Rum Replay Playlists"], "responses": {"200": {}}}
    }


def with_status(path: str, method: str, status: str, like: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        responses = operation(document, path, method)["responses"]
        responses[status] = responses[like]

    return change


def without_status(path: str, method: str, status: str) -> Change:
    return lambda document: operation(document, path, method)["responses"].pop(status)


def new_media_type(document: dict[str, Any]) -> None:
    content = operation(document, PLAYLIST, "get")["responses"]["200"]["content"]
    content["application/xml"] = content.pop("application/json")


def renamed_schema(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    schemas["RumWatch"] = schemas.pop("Watch")
    text = json.dumps(document["paths"]).replace('"#/components/schemas/Watch"', '"#/components/schemas/RumWatch"')
    document["paths"] = json.loads(text)


def sites(document: dict[str, Any]) -> Any:
    return document["servers"][0]["variables"]["site"]["enum"]


MUTATIONS: list[tuple[str, Change, set[str]]] = [
    (
        "an optional property is added",
        with_property("PlaylistDataAttributes", "shelf", {"type": "string"}),
        {"additive property-added: schema PlaylistDataAttributes: property shelf (string, optional) added"},
    ),
    (
        "a property that requests must have is added",
        with_property("WatchDataAttributes", "reason", {"type": "string"}, needed=True),
        {"breaking property-added-required: schema WatchDataAttributes: property reason (string, required) added"},
    ),
    (
        "a property that only answers must have is added",
        with_property("WatcherDataAttributes", "team", {"type": "integer", "format": "int64"}, needed=True),
        {
            "additive property-added-required: schema WatcherDataAttributes: "
            "property team (integer (int64), required) added"
        },
    ),
    (
        "an array is added",
        with_property("PlaylistData", "labels", {"type": "array", "items": {"type": "string"}}),
        {"additive property-added: schema PlaylistData: property labels (array of string, optional) added"},
    ),
    (
        "a property of answers is removed",
        without_property("SnapshotDataAttributes", "org_id"),
        {"breaking property-removed: schema SnapshotDataAttributes: property org_id removed"},
    ),
    (
        "a property of requests is removed",
        without_property("SnapshotCreateRequestDataAttributes", "view_name"),
        {"breaking property-removed: schema SnapshotCreateRequestDataAttributes: property view_name removed"},
    ),
    (
        "the type of a property changes",
        with_facts("PlaylistDataAttributes", "description", type="integer"),
        {"breaking type-changed: schema PlaylistDataAttributes: property description: type string → integer"},
    ),
    (
        "the type of items changes",
        lambda document: prop(document, "RUMEventAttributes", "tags")["items"].update(type="object"),
        {"breaking type-changed: schema RUMEventAttributes: property tags[]: type string → object"},
    ),
    (
        "an integer of answers becomes a number",
        with_facts("WatcherDataAttributes", "watch_count", type="number"),
        {
            "breaking type-widened: schema WatcherDataAttributes: "
            "property watch_count: type integer (int32) → number (int32)"
        },
    ),
    (
        "an integer of requests becomes a number",
        with_facts("SnapshotUpdateRequestDataAttributes", "start", type="number"),
        {
            "additive type-widened: schema SnapshotUpdateRequestDataAttributes: "
            "property start: type integer (int64) → number (int64)"
        },
    ),
    (
        "an integer becomes wider",
        with_facts("WatcherDataAttributes", "watch_count", format="int64"),
        {
            "additive integer-wider: schema WatcherDataAttributes: "
            "property watch_count: type integer (int32) → integer (int64)"
        },
    ),
    (
        "an integer of requests becomes narrower",
        with_facts("SnapshotCreateRequestDataAttributes", "start", format="int32"),
        {
            "breaking integer-narrower: schema SnapshotCreateRequestDataAttributes: property start: "
            "type integer (int64) → integer (int32)"
        },
    ),
    (
        "a time of answers becomes a text",
        without_fact("WatcherDataAttributes", "last_watched_at", "format"),
        {
            "breaking time-dropped: schema WatcherDataAttributes: "
            "property last_watched_at: type string (date-time) → string"
        },
    ),
    (
        "a text of answers becomes a time",
        with_facts("WatcherDataAttributes", "name", format="date-time"),
        {"additive time-stated: schema WatcherDataAttributes: property name: type string → string (date-time)"},
    ),
    (
        "a text of requests must be a UUID",
        with_facts("SnapshotUpdateRequestDataAttributes", "view_id", format="uuid"),
        {
            "breaking format-stated: schema SnapshotUpdateRequestDataAttributes: "
            "property view_id: type string → string (uuid)"
        },
    ),
    (
        "a text of answers is said to be a UUID",
        with_facts("WatcherData", "id", format="uuid"),
        {"cosmetic format-stated: schema WatcherData: property id: type string → string (uuid)"},
    ),
    (
        "a value is added to an enumeration",
        lambda document: schema(document, "RUMResponseStatus")["enum"].append("running"),
        {"additive value-added: schema RUMResponseStatus: value running added"},
    ),
    (
        "a value is removed from an enumeration",
        lambda document: schema(document, "RUMSort")["enum"].remove("timestamp"),
        {"breaking value-removed: schema RUMSort: value timestamp removed"},
    ),
    (
        "a value of an enumeration is replaced",
        lambda document: schema(document, "WatcherDataType").update(enum=["watcher"]),
        {
            "breaking value-removed: schema WatcherDataType: value rum_replay_watcher removed",
            "additive value-added: schema WatcherDataType: value watcher added",
        },
    ),
    (
        "an enumeration is given up",
        lambda document: schema(document, "RUMSort").pop("enum"),
        {"additive values-unlimited: schema RUMSort: one of timestamp, -timestamp → any value"},
    ),
    (
        "a parameter becomes an enumeration",
        lambda document: parameter(document, SEGMENTS, "get", "source")["schema"].update(enum=["blob"]),
        {"breaking values-limited: operation GetSegments: parameter source: any value → one of blob"},
    ),
    (
        "a property becomes required in requests",
        required("SnapshotCreateRequestDataAttributes", "session_id"),
        {
            "breaking became-required: schema SnapshotCreateRequestDataAttributes: "
            "property session_id: optional → required"
        },
    ),
    (
        "a property becomes required in answers",
        required("WatcherDataAttributes", "name"),
        {"additive became-required: schema WatcherDataAttributes: property name: optional → required"},
    ),
    (
        "a property becomes optional in answers",
        optional("WatcherDataAttributes", "watch_count"),
        {"breaking became-optional: schema WatcherDataAttributes: property watch_count: required → optional"},
    ),
    (
        "a property becomes optional in requests",
        optional("SnapshotUpdateRequestDataAttributes", "start"),
        {"additive became-optional: schema SnapshotUpdateRequestDataAttributes: property start: required → optional"},
    ),
    (
        "an optional property of answers may be null",
        with_facts("WatcherDataAttributes", "icon", nullable=True),
        {"additive null-allowed: schema WatcherDataAttributes: property icon: may be null"},
    ),
    (
        "a property may be null, in the words of OpenAPI 3.1",
        with_facts("WatcherDataAttributes", "icon", type=["string", "null"]),
        {"additive null-allowed: schema WatcherDataAttributes: property icon: may be null"},
    ),
    (
        "a property of the type of its own object is added",
        with_property("PlaylistData", "parent", {"$ref": "#/components/schemas/PlaylistData"}),
        {"additive property-added: schema PlaylistData: property parent (object, optional) added"},
    ),
    (
        "a required property of answers may be null",
        with_facts("WatcherDataAttributes", "handle", nullable=True),
        {"breaking null-allowed-required: schema WatcherDataAttributes: property handle: may be null"},
    ),
    (
        "a property becomes read-only",
        with_facts("PlaylistDataAttributes", "created_at", readOnly=True),
        {"breaking became-read-only: schema PlaylistDataAttributes: property created_at: read-only"},
    ),
    (
        "a property is no longer read-only",
        with_facts("SnapshotDataAttributes", "org_id", readOnly=False),
        {"cosmetic became-writable: schema SnapshotDataAttributes: property org_id: no longer read-only"},
    ),
    (
        "a property is deprecated",
        with_facts("PlaylistDataAttributes", "session_count", deprecated=True),
        {"cosmetic deprecated: schema PlaylistDataAttributes: property session_count: deprecated"},
    ),
    (
        "a maximum of requests becomes smaller",
        with_facts("RUMQueryPageOptions", "limit", maximum=500),
        {"breaking bound-tightened: schema RUMQueryPageOptions: property limit: maximum 1000 → 500"},
    ),
    (
        "a maximum of requests becomes larger",
        with_facts("RUMQueryPageOptions", "limit", maximum=5000),
        {"additive bound-loosened: schema RUMQueryPageOptions: property limit: maximum 1000 → 5000"},
    ),
    (
        "a minimal length is introduced",
        with_facts("PlaylistDataAttributes", "name", minLength=1),
        {"breaking bound-tightened: schema PlaylistDataAttributes: property name: minLength none → 1"},
    ),
    (
        "unknown properties are refused",
        lambda document: schema(document, "SessionIdData").update(additionalProperties=False),
        {"breaking became-closed: schema SessionIdData: unknown properties are no longer allowed"},
    ),
    ("a schema is renamed", renamed_schema, {"cosmetic schema-renamed: schema Watch: name → RumWatch"}),
    (
        "an optional parameter is added",
        with_parameter(PLAYLISTS, "get", name="filter[shelf]"),
        {
            "additive parameter-added: operation ListRumReplayPlaylists: parameter filter[shelf] "
            "(string, optional, in query) added"
        },
    ),
    (
        "a required parameter is added",
        with_parameter(PLAYLISTS, "post", name="org", required=True),
        {
            "breaking parameter-added-required: operation CreateRumReplayPlaylist: "
            "parameter org (string, required, in query) added"
        },
    ),
    (
        "a parameter is removed",
        without_parameter(SNAPSHOTS, "get", "filter[device_type]"),
        {"breaking parameter-removed: operation ListReplayHeatmapSnapshots: parameter filter[device_type] removed"},
    ),
    (
        "a parameter becomes required",
        lambda document: parameter(document, SEGMENTS, "get", "ts").update(required=True),
        {"breaking became-required: operation GetSegments: parameter ts: optional → required"},
    ),
    (
        "a parameter becomes optional",
        lambda document: parameter(document, ADDED, "put", "ts").update(required=False),
        {"additive became-optional: operation AddRumReplaySessionToPlaylist: parameter ts: required → optional"},
    ),
    (
        "the type of a parameter changes",
        lambda document: parameter(document, ADDED, "put", "ts").update(schema={"type": "string"}),
        {"breaking type-changed: operation AddRumReplaySessionToPlaylist: parameter ts: type integer (int64) → string"},
    ),
    (
        "a parameter moves to the headers",
        lambda document: parameter(document, SEGMENTS, "get", "paging").update({"in": "header"}),
        {"breaking parameter-moved: operation GetSegments: parameter paging: in query → header"},
    ),
    (
        "a name in a path changes",
        renamed_path_parameter,
        {"cosmetic path-parameter-renamed: operation GetSegments: parameter view_id: name → view"},
    ),
    (
        "a path is renamed",
        renamed_path(SNAPSHOTS, "/api/v2/rum/replay/snapshots"),
        {
            f"breaking path-changed: operation {name}: path {SNAPSHOTS} → /api/v2/rum/replay/snapshots"
            for name in ("ListReplayHeatmapSnapshots", "CreateReplayHeatmapSnapshot")
        },
    ),
    (
        "a path leaves the part of the API that is about replays",
        renamed_path(WATCHES, "/api/v3/watches/{session_id}"),
        {
            f"breaking path-changed: operation {name}: path {WATCHES} → /api/v3/watches/{{session_id}}"
            for name in ("CreateRumReplaySessionWatch", "DeleteRumReplaySessionWatch")
        },
    ),
    (
        "a method changes",
        new_method(SNAPSHOTS + "/{snapshot_id}", "patch", "put"),
        {"breaking method-changed: operation UpdateReplayHeatmapSnapshot: method PATCH → PUT"},
    ),
    (
        "an operation is renamed",
        lambda document: operation(document, PLAYLIST, "get").update(operationId="ReadPlaylist"),
        {"cosmetic operation-renamed: operation GetRumReplayPlaylist: name GetRumReplayPlaylist → ReadPlaylist"},
    ),
    (
        "an operation is added",
        new_operation,
        {f"additive operation-added: operation ListReports: GET {PLAYLIST}/reports added"},
    ),
    (
        "an operation is added to an area under another path",
        lambda document: document["paths"].update(
            {"/api/v2/reports": {"get": {"operationId": "ListReports", "tags": ["Rum Replay Playlists"]}}}
        ),
        {"additive operation-added: operation ListReports: GET /api/v2/reports added"},
    ),
    (
        "the search moves",
        renamed_path("/api/v2/rum/events/search", "/api/v2/rum/search"),
        {"breaking path-changed: operation SearchRUMEvents: path /api/v2/rum/events/search → /api/v2/rum/search"},
    ),
    (
        "an operation is removed",
        lambda document: document["paths"][WATCHES].pop("delete"),
        {f"breaking operation-removed: operation DeleteRumReplaySessionWatch: DELETE {WATCHES} removed"},
    ),
    (
        "an operation is deprecated",
        lambda document: operation(document, PLAYLIST, "put").update(deprecated=True),
        {"cosmetic deprecated: operation UpdateRumReplayPlaylist: deprecated"},
    ),
    (
        "an operation moves to another area",
        lambda document: operation(document, SEGMENTS, "get").update(tags=["Rum Replay Segments"]),
        {"cosmetic area-changed: operation GetSegments: area Rum Replay Sessions → Rum Replay Segments"},
    ),
    (
        "a way to authenticate is removed",
        lambda document: operation(document, PLAYLIST, "get")["security"].pop(),
        {"breaking security-removed: operation GetRumReplayPlaylist: authentication AuthZ removed"},
    ),
    (
        "a status of success is added",
        with_status(PLAYLISTS, "post", "202", "201"),
        {"additive status-added: operation CreateRumReplayPlaylist: status 202 added"},
    ),
    (
        "a status of success is removed",
        without_status(ADDED, "put", "200"),
        {"breaking status-removed: operation AddRumReplaySessionToPlaylist: status 200 removed"},
    ),
    (
        "a status of errors is added",
        with_status(PLAYLIST, "get", "410", "404"),
        {"additive error-status-added: operation GetRumReplayPlaylist: status 410 added"},
    ),
    (
        "a status of errors is removed",
        without_status(PLAYLISTS, "post", "409"),
        {"cosmetic error-status-removed: operation CreateRumReplayPlaylist: status 409 removed"},
    ),
    (
        "the body of an answer is removed",
        lambda document: operation(document, PLAYLISTS, "post")["responses"]["201"].pop("content"),
        {"breaking answer-body-removed: operation CreateRumReplayPlaylist: status 201: body removed"},
    ),
    (
        "the body of an answer is added",
        lambda document: operation(document, PLAYLIST, "delete")["responses"]["204"].update(
            content={"application/json": {"schema": {"type": "object"}}}
        ),
        {"additive answer-body-added: operation DeleteRumReplayPlaylist: status 204: body (object) added"},
    ),
    (
        "the media type of an answer changes",
        new_media_type,
        {
            "additive media-type-added: operation GetRumReplayPlaylist: status 200: media type application/xml added",
            "breaking media-type-removed: operation GetRumReplayPlaylist: "
            "status 200: media type application/json removed",
        },
    ),
    (
        "the body of a request is removed",
        lambda document: operation(document, PLAYLIST + "/sessions", "delete").pop("requestBody"),
        {"breaking body-removed: operation BulkRemoveRumReplayPlaylistSessions: request body removed"},
    ),
    (
        "the body of a request becomes optional",
        lambda document: operation(document, WATCHES, "post")["requestBody"].update(required=False),
        {"additive became-optional: operation CreateRumReplaySessionWatch: request body: required → optional"},
    ),
    (
        "a required body is added to a request",
        lambda document: operation(document, ADDED, "put").update(
            requestBody={"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
        ),
        {"breaking body-added-required: operation AddRumReplaySessionToPlaylist: request body added"},
    ),
    (
        "a site is added",
        lambda document: sites(document).append("ap3.datadoghq.com"),
        {"additive site-added: sites: ap3.datadoghq.com added"},
    ),
    (
        "a site is removed",
        lambda document: sites(document).remove("us5.datadoghq.com"),
        {"breaking site-removed: sites: us5.datadoghq.com removed"},
    ),
    (
        "a format of answers is no longer stated",
        without_fact("RUMQueryFilter", "query", "format"),
        {"additive format-dropped: schema RUMQueryFilter: property query: type string (rum-query) → string"},
    ),
    (
        "a format of requests changes",
        with_facts("RUMQueryFilter", "query", format="lucene"),
        {"breaking format-changed: schema RUMQueryFilter: property query: type string (rum-query) → string (lucene)"},
    ),
    (
        "a time becomes a date",
        with_facts("WatcherDataAttributes", "last_watched_at", format="date"),
        {
            "breaking time-changed: schema WatcherDataAttributes: property last_watched_at: "
            "type string (date-time) → string (date)"
        },
    ),
    (
        "one of several types remains",
        lambda document: prop(document, "ErrorResponse", "errors").update(items={"type": "string"}),
        {"breaking type-changed: schema ErrorResponse: property errors[]: type anyOf(object, string) → string"},
    ),
    (
        "a way to authenticate is added",
        lambda document: operation(document, PLAYLIST, "get")["security"].append({"cookieAuth": []}),
        {"additive security-added: operation GetRumReplayPlaylist: authentication cookieAuth added"},
    ),
    (
        "an optional body is added to a request",
        lambda document: operation(document, ADDED, "put").update(
            requestBody={"content": {"application/json": {"schema": {"type": "object"}}}}
        ),
        {"additive body-added: operation AddRumReplaySessionToPlaylist: request body added"},
    ),
    (
        "a parameter is deprecated",
        lambda document: parameter(document, SEGMENTS, "get", "source").update(deprecated=True),
        {"cosmetic deprecated: operation GetSegments: parameter source: deprecated"},
    ),
    (
        "a default changes",
        with_facts("RUMQueryPageOptions", "limit", default=20),
        {"breaking default-changed: schema RUMQueryPageOptions: property limit: default 10 → 20"},
    ),
    (
        "a default is no longer stated",
        without_fact("RUMQueryFilter", "from", "default"),
        {'breaking default-changed: schema RUMQueryFilter: property from: default "now-15m" → none'},
    ),
    (
        "a default is stated",
        lambda document: parameter(document, SEGMENTS, "get", "source")["schema"].update(default="blob"),
        {'cosmetic default-stated: operation GetSegments: parameter source: default none → "blob"'},
    ),
    (
        "a parameter moves from the query to the path",
        in_path,
        {
            f"breaking path-changed: operation GetSegments: path {SEGMENTS} → {SEGMENTS}/{{source}}",
            "breaking parameter-moved: operation GetSegments: parameter source: in query → path",
            "breaking became-required: operation GetSegments: parameter source: optional → required",
        },
    ),
    (
        "a parameter moves from the path to the query",
        in_query,
        {
            f"breaking path-changed: operation GetSegments: path {SEGMENTS} → {SEGMENTS.replace('/{session_id}', '')}",
            "breaking parameter-moved: operation GetSegments: parameter session_id: in path → query",
        },
    ),
    (
        "further properties must be of a type",
        lambda document: schema(document, "WatchDataAttributes").update(additionalProperties={"type": "string"}),
        {"breaking type-narrowed: schema WatchDataAttributes: additionalProperties: type anything → string"},
    ),
    (
        "a property is only for requests",
        with_facts("PlaylistDataAttributes", "description", writeOnly=True),
        {"breaking became-write-only: schema PlaylistDataAttributes: property description: write-only"},
    ),
    (
        "an undescribed property is required",
        required("WatchDataAttributes", "reason"),
        {"breaking property-added-required: schema WatchDataAttributes: property reason (anything, required) added"},
    ),
    (
        "a flag is beside a reference",
        lambda document: prop(document, "Playlist", "data").update(deprecated=True),
        {"cosmetic deprecated: schema PlaylistData: deprecated"},
    ),
    (
        "null is one of two alternatives",
        lambda document: schema(document, "WatcherDataAttributes")["properties"].update(
            icon={"oneOf": [{"type": "string"}, {"type": "null"}]}
        ),
        {"additive null-allowed: schema WatcherDataAttributes: property icon: may be null"},
    ),
    (
        "the only alternative may be null",
        lambda document: schema(document, "WatcherDataAttributes")["properties"].update(
            icon={"oneOf": [{"type": "string", "nullable": True}]}
        ),
        {"additive null-allowed: schema WatcherDataAttributes: property icon: may be null"},
    ),
    (
        "a limit is no longer included, in the words of OpenAPI 3.0",
        with_facts("RUMQueryPageOptions", "limit", exclusiveMaximum=True),
        {
            "additive bound-loosened: schema RUMQueryPageOptions: property limit: maximum 1000 → none",
            "breaking bound-tightened: schema RUMQueryPageOptions: property limit: exclusiveMaximum none → 1000",
        },
    ),
    (
        "the content of a request is no longer described",
        lambda document: operation(document, PLAYLISTS, "post")["requestBody"].pop("content"),
        {"breaking body-removed: operation CreateRumReplayPlaylist: request body: content removed"},
    ),
    (
        "a request may have anything",
        lambda document: operation(document, PLAYLISTS, "post")["requestBody"]["content"].update(
            {"application/json": {}}
        ),
        {"additive type-widened: schema Playlist: type object → anything"},
    ),
    (
        "the items of a list may be anything",
        lambda document: prop(document, "RUMEventAttributes", "tags").pop("items"),
        {"breaking type-widened: schema RUMEventAttributes: property tags[]: type string → anything"},
    ),
    (
        "a range of statuses is added",
        with_status(PLAYLIST, "get", "5XX", "404"),
        {"additive error-status-added: operation GetRumReplayPlaylist: status 5XX added"},
    ),
    (
        "another type of answers comes first",
        lambda document: operation(document, PLAYLIST, "get")["responses"]["200"].update(
            content={
                "application/problem+json": {"schema": {"type": "string"}},
                **operation(document, PLAYLIST, "get")["responses"]["200"]["content"],
            }
        ),
        {
            "additive media-type-added: operation GetRumReplayPlaylist: "
            "status 200: media type application/problem+json added"
        },
    ),
    (
        "the host changes",
        lambda document: document["servers"][0]["variables"]["subdomain"].update(default="api2"),
        {"breaking server-changed: servers: https://api.{site} → https://api2.{site}"},
    ),
    (
        "an operation has a host of its own",
        lambda document: operation(document, SEGMENTS, "get").update(
            servers=[{**document["servers"][0], "url": "https://segments.{site}"}]
        ),
        {"breaking server-changed: operation GetSegments: https://api.{site} → https://segments.{site}"},
    ),
    (
        "an operation is on some sites only",
        lambda document: operation(document, SEGMENTS, "get").update(
            servers=[{"url": f"https://api.{site}"} for site in sites(document)[:-1]]
        ),
        {"breaking site-removed: sites of GetSegments: us2.ddog-gov.com removed"},
    ),
    (
        "each site has a server, and one is new",
        lambda document: document.update(
            servers=[{"url": f"https://api.{site}"} for site in [*sites(document), "ap3.datadoghq.com"]]
        ),
        {"additive site-added: sites: ap3.datadoghq.com added"},
    ),
]


def inlined(document: dict[str, Any]) -> None:
    schema(document, "Playlist")["properties"]["data"] = schema(document, "PlaylistData")


def in_parts(document: dict[str, Any]) -> None:
    whole = schema(document, "PlaylistDataAttributes")
    document["components"]["schemas"]["Base"] = {"required": ["name"], "properties": {"name": {"type": "string"}}}
    del whole["properties"]["name"], whole["required"]
    whole["allOf"] = [{"$ref": "#/components/schemas/Base"}]


def of_property(document: dict[str, Any], name: str, of: str, stated: dict[str, Any]) -> None:
    schema(document, name)["properties"][of] = stated


def required_outside(document: dict[str, Any]) -> None:
    whole = schema(document, "WatcherDataAttributes")
    part = {"type": "object", "properties": whole.pop("properties")}
    whole["allOf"] = [part, {"required": whole.pop("required")}]


def in_one_of(document: dict[str, Any]) -> None:
    of_property(document, "Playlist", "data", {"type": "object", "oneOf": [prop(document, "Playlist", "data")] * 2})


def in_a_part(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Holder"] = {"allOf": [prop(document, "Playlist", "data")]}
    of_property(document, "Playlist", "data", {"$ref": "#/components/schemas/Holder/allOf/0"})


def bounds_in_parts(document: dict[str, Any]) -> None:
    limit = prop(document, "RUMQueryPageOptions", "limit")
    parts = [{"maximum": limit.pop("maximum") + 0.0}, {"default": limit.pop("default")}]
    limit["allOf"] = [*parts, {"type": limit.pop("type"), "exclusiveMaximum": False, "minimum": None}]


def with_charset(document: dict[str, Any]) -> None:
    content = operation(document, PLAYLISTS, "post")["requestBody"]["content"]
    content["Application/JSON; charset=utf-8"] = content.pop("application/json")


def constant(document: dict[str, Any]) -> None:
    kind = schema(document, "WatchDataType")
    kind["const"] = kind["default"] = kind.pop("enum")[0]


UNCHANGED: dict[str, Change] = {
    "as it is": lambda document: None,
    "a reference is replaced by what it refers to": inlined,
    "a schema is put together from parts": in_parts,
    "what is not about replays changes": lambda document: document["paths"].pop("/api/v2/users"),
    "a site is listed twice": lambda document: sites(document).append("datadoghq.eu"),
    "what is required is in a part of its own": required_outside,
    "the same alternative twice": in_one_of,
    "a reference leads into a list": in_a_part,
    "bounds are in parts of their own": bounds_in_parts,
    "a media type has a parameter": with_charset,
    "an enumeration of one value is a constant, and its default": constant,
    "an enumeration has no type": lambda document: schema(document, "RUMSort").pop("type"),
    "a bound allows everything": with_facts("PlaylistDataAttributes", "name", minLength=0),
    "further properties may be anything": lambda document: schema(document, "WatchData").update(
        additionalProperties={}
    ),
    "what is in the path need not be said to be required": lambda document: parameter(
        document, SEGMENTS, "get", "view_id"
    ).pop("required"),
    "each site has a server": lambda document: document.update(
        servers=[{"url": f"https://api.{site}/"} for site in sites(document)]
    ),
    "another order of servers": lambda document: document["servers"].reverse(),
}


def difference(document: dict[str, Any], dump: Callable[[Any], str] = json.dumps) -> Comparison:
    return compared(our_source(), read_openapi(dump(document), "official", our_source()))


@pytest.mark.parametrize(("change", "expected"), [each[1:] for each in MUTATIONS], ids=[each[0] for each in MUTATIONS])
def test_a_change_is_found_and_rated(change: Change, expected: set[str]) -> None:
    document = official()
    change(document)
    found = difference(document).differences
    assert {f"{rated(each)[0]} {each.kind}: {each.text}" for each in found} == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("change", UNCHANGED.values(), ids=list(UNCHANGED))
def test_other_changes_are_no_difference(change: Change) -> None:
    document = official()
    change(document)
    assert difference(document).differences == ()


def test_every_rule_is_tried() -> None:
    tried = {text.split()[1].removesuffix(":") for _, _, expected in MUTATIONS for text in expected}
    assert len(MUTATIONS) >= 40
    # What our document does not have cannot be taken away from it.
    assert RULES.keys() - tried == {"null-forbidden", "no-longer-deprecated", "became-open"}


def test_flags_and_types_of_ours_that_are_gone_are_found() -> None:
    """What our document does not have."""
    before, after = official(), official()
    prop(before, "WatcherDataAttributes", "icon").update(nullable=True, deprecated=True)
    operation(before, SEGMENTS, "get")["deprecated"] = True
    schema(before, "WatchData")["additionalProperties"] = False
    ours, theirs = (read_openapi(json.dumps(each), "one") for each in (before, after))
    assert {f"{rated(each)[0]} {each.kind}: {each.text}" for each in compared(ours, theirs).differences} == {
        "additive null-forbidden: schema WatcherDataAttributes: property icon: may no longer be null",
        "cosmetic no-longer-deprecated: schema WatcherDataAttributes: property icon: no longer deprecated",
        "cosmetic no-longer-deprecated: operation GetSegments: no longer deprecated",
        "additive became-open: schema WatchData: unknown properties are allowed",
    }


@pytest.mark.parametrize(
    "dump", [yaml.safe_dump, lambda document: json.dumps(document, indent=2)], ids=["YAML", "JSON"]
)
def test_a_difference_names_its_lines_in_both_documents(dump: Callable[[Any], str]) -> None:
    document = official()
    prop(document, "SnapshotDataAttributes", "org_id")["type"] = "string"
    without_property("WatchData", "id")(document)
    theirs = dump(document).split("\n")
    found = {each.what: each for each in difference(document, dump).differences}
    changed, removed = found["property org_id: type integer (int64) → string (int64)"], found["property id"]
    assert TEXT.split("\n")[changed.here.line - 1].strip() == "org_id:"
    assert theirs[changed.there.line - 1].strip(' "{:') == "org_id"
    assert TEXT.split("\n")[removed.here.line - 2 : removed.here.line] == ["      properties:", "        id:"]
    assert theirs[removed.there.line - 1].strip(' "{:') == "WatchData"
