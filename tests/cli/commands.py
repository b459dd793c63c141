"""Every command, written out by hand: what it requires, its defaults, and the keys of its JSON output.

To run one, the words in capitals are replaced by what `prepared` in conftest.py has prepared.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

__all__ = ["COMMANDS", "Row"]

# The objects of the API, with the keys that the emulator sends.
_PLAYLIST = """
    id type attributes.name attributes.description attributes.session_count attributes.created_at attributes.updated_at
    attributes.created_by.handle attributes.created_by.icon attributes.created_by.id attributes.created_by.name
    attributes.created_by.uuid
"""
_PLAYLIST_HEADINGS = ("id", "name", "sessions", "created at", "created by", "updated at", "description", "user UUID")
_SNAPSHOT = """
    id type attributes.snapshot_name attributes.view_name attributes.device_type attributes.start attributes.event_id
    attributes.is_device_type_selected_by_user attributes.application_id attributes.org_id attributes.created_at
    attributes.created_by attributes.created_by_handle attributes.created_by_user_id attributes.modified_at
"""
_SNAPSHOT_HEADINGS = (
    "id",
    "name",
    "view",
    "device",
    "start ms",
    "modified at",
    "device selected by user",
    "application",
    "session",
    "view id",
    "event",
    "created at",
    "created by",
)
_SESSION = """
    id type attributes.track attributes.session_event.type attributes.session_event.session.id
    attributes.session_event.session.type
"""
_PAGING = {"limit": None, "page_size": None, "start_page": 0}
_PAGE = {"source": None, "ts": None, "max_list_size": None, "paging": None, "max_page_size": None}
_WORKERS = {"jobs": None, "dask": None}
_FILE = "file size sha256 paging next_paging status headers ends_by_close"


@attrs.frozen(kw_only=True)
class Row:
    """What is known about a command."""

    required: tuple[tuple[str, ...], ...] = ()
    """The arguments and options without which it is a usage error."""

    values: Mapping[str, Any]
    """The values of all its parameters if only the required ones are given."""

    talks_to_api: bool = False
    """Whether it takes all global options."""

    makes_no_request: bool = False
    """Whether it takes them although it only says where something is: it is run without the emulator's base URL."""

    runs: tuple[tuple[str, ...], ...] = ((),)
    """What is added to the required ones in order to run it, for each way of running it."""

    keys: Mapping[str, str]
    """The keys of the JSON objects it prints, by their `type`; those of nested objects are joined by dots."""

    headings: tuple[str, ...] = ()
    """The headings of all its tables together, and the names of fields that are shown one per line."""

    @property
    def runs_on_emulator(self) -> bool:
        return self.talks_to_api and not self.makes_no_request


_FOUND_VIEW = "type id session_id application_id started_at duration_ms name url has_replay segments"
_PERIOD = {"start": None, "end": None}

COMMANDS: dict[str, Row] = {
    "archive": Row(
        required=(("@type:view",), ("FOLDER",)),
        values={
            "words": ("@type:view", "FOLDER"),
            "sessions": (),
            "from_files": (),
            "concurrency": 8,
            "playlist": None,
            "retry_failed": False,
            "only_status": False,
            "only_check": False,
            "jobs": None,
            "dask": None,
            **_PERIOD,
        },
        talks_to_api=True,
        keys={
            "archive": """
                type directory sessions views saved without_segments failed waiting running size fetched fetched_size
                in_playlists not_in_playlists partial finished started_at
            """,
        },
    ),
    "sessions search": Row(
        values={
            "query": "*",
            "completed": None,
            "replay": "yes",
            "limit": None,
            "only_ids": False,
            "columns": None,
            **_PERIOD,
        },
        talks_to_api=True,
        keys={
            "session": "type id application_id started_at duration_ms completed "
            + " ".join(f"views.{key}" for key in _FOUND_VIEW.split())
        },
        headings=("session", "started at", "duration", "views", "completed", "first page", "application"),
    ),
    "sessions views": Row(
        required=(("SESSION",),),
        values={"session_id": "SESSION", "columns": None, **_PERIOD},
        talks_to_api=True,
        keys={"view": _FOUND_VIEW},
        headings=("view", "started at", "duration", "segments", "page", "name", "application"),
    ),
    "sessions link": Row(
        required=(("SESSION",),),
        values={"session_id": "SESSION", "view_id": None, "at": None},
        talks_to_api=True,
        makes_no_request=True,
        keys={"link": "type session_id url"},
    ),
    "sessions download": Row(
        required=(("SESSION",), ("FOLDER",)),
        values={"session_id": "SESSION", "directory": "FOLDER", "view_ids": ()},
        talks_to_api=True,
        keys={
            "": """
                session_id directory size partial views.view_id views.directory views.has_segments views.size
                views.pages
            """
        },
        headings=("view", "pages", "bytes"),
    ),
    "events search": Row(
        values={
            "query": "*",
            "sort": "timestamp",
            "limit": None,
            "page_size": 1000,
            "columns": None,
            **_PERIOD,
        },
        talks_to_api=True,
        runs=(("@type:view",),),
        keys={
            "rum": """
                id type attributes.timestamp attributes.attributes.type attributes.attributes.application.id
                attributes.attributes.session.id attributes.attributes.session.type
                attributes.attributes.session.has_replay attributes.attributes.view.id attributes.attributes.view.url
                attributes.attributes.view.url_path attributes.attributes.view.url_host
                attributes.attributes.view.time_spent attributes.attributes.view.is_active
                attributes.attributes.view.action.count attributes.attributes._dd.replay_stats.records_count
                attributes.attributes._dd.replay_stats.segments_count
                attributes.attributes._dd.replay_stats.segments_total_raw_size
            """
        },
        headings=("time", "type", "session", "view", "path", "view name", "application", "id"),
    ),
    "open": Row(
        required=(("SESSION",),),
        values={"session_id": "SESSION", "view_id": None, "at": None},
        talks_to_api=True,
        makes_no_request=True,
        keys={"link": "type session_id url opened"},
    ),
    "playlists list": Row(
        values={"query": None, "created_by": None, "columns": None, **_PAGING},
        talks_to_api=True,
        keys={"rum_replay_playlist": _PLAYLIST},
        headings=("id", "name", "sessions", "created at", "created by"),
    ),
    "playlists create": Row(
        required=(("Checkout",),),
        values={"name": "Checkout", "description": None, "dry_run": False},
        talks_to_api=True,
        runs=(("--description", "rage clicks"),),
        keys={"rum_replay_playlist": _PLAYLIST},
        headings=_PLAYLIST_HEADINGS,
    ),
    "playlists get": Row(
        required=(("1",),),
        values={"playlist_id": "1"},
        talks_to_api=True,
        keys={"rum_replay_playlist": _PLAYLIST},
        headings=_PLAYLIST_HEADINGS,
    ),
    "playlists update": Row(
        required=(("1",),),
        values={"playlist_id": "1", "name": None, "description": None, "dry_run": False},
        talks_to_api=True,
        runs=(("--name", "Payment"),),
        keys={"rum_replay_playlist": _PLAYLIST},
        headings=_PLAYLIST_HEADINGS,
    ),
    "playlists delete": Row(
        required=(("2",),),
        values={"playlist_id": "2", "yes": False, "dry_run": False},
        talks_to_api=True,
        runs=(("--yes",),),
        keys={"rum_replay_playlist": "type id deleted"},
    ),
    "playlists sessions": Row(
        required=(("1",),),
        values={"playlist_id": "1", "columns": None, **_PAGING},
        talks_to_api=True,
        keys={"rum_replay_session": _SESSION},
        headings=("session", "track"),
    ),
    "playlists add": Row(
        required=(("1",), ("s3",)),
        values={
            "playlist_id": "1",
            "sessions": ("s3",),
            "from_files": (),
            "ts": None,
            "data_source": None,
            "dry_run": False,
        },
        talks_to_api=True,
        keys={"rum_replay_session": _SESSION},
    ),
    "playlists remove": Row(
        required=(("1",), ("s1",)),
        values={"playlist_id": "1", "sessions": ("s1",), "from_files": (), "yes": False, "dry_run": False},
        talks_to_api=True,
        runs=(("--yes",), ("s2", "--yes")),
        keys={"rum_replay_session": "type id playlist_id removed"},
    ),
    "heatmaps list": Row(
        required=(("/checkout",),),
        values={"view_name": "/checkout", "device_type": None, "application_id": None, "limit": None, "columns": None},
        talks_to_api=True,
        keys={"snapshots": _SNAPSHOT + " attributes.session_id attributes.view_id"},
        headings=("id", "name", "view", "device", "start ms", "modified at"),
    ),
    "heatmaps create": Row(
        required=(
            ("Before",),
            ("--view-name", "/checkout"),
            ("--application-id", "a"),
            ("--device-type", "desktop"),
            ("--event-id", "e"),
            ("--start", "5"),
        ),
        values={
            "name": "Before",
            "view_name": "/checkout",
            "application_id": "a",
            "device_type": "desktop",
            "device_selected": True,
            "event_id": "e",
            "start": 5,
            "session_id": None,
            "view_id": None,
            "dry_run": False,
        },
        talks_to_api=True,
        keys={"snapshots": _SNAPSHOT},
        headings=_SNAPSHOT_HEADINGS,
    ),
    "heatmaps update": Row(
        required=(("SNAPSHOT",), ("--event-id", "e"), ("--start", "5")),
        values={
            "snapshot_id": "SNAPSHOT",
            "event_id": "e",
            "start": 5,
            "device_selected": None,
            "session_id": None,
            "view_id": None,
            "dry_run": False,
        },
        talks_to_api=True,
        runs=(("--device-selected",),),
        keys={"snapshots": _SNAPSHOT + " attributes.session_id attributes.view_id"},
        headings=_SNAPSHOT_HEADINGS,
    ),
    "heatmaps delete": Row(
        required=(("SNAPSHOT",),),
        values={"snapshot_id": "SNAPSHOT", "yes": False, "dry_run": False},
        talks_to_api=True,
        runs=(("--yes",),),
        keys={"snapshots": "type id deleted"},
    ),
    "viewership record": Row(
        required=(("s1",), ("--application-id", "a"), ("--event-id", "e")),
        values={
            "session_id": "s1",
            "application_id": "a",
            "event_id": "e",
            "timestamp": None,
            "data_source": None,
            "dry_run": False,
        },
        talks_to_api=True,
        keys={"rum_replay_watch": "id type attributes.application_id attributes.event_id attributes.timestamp"},
        headings=("id", "watched at", "application", "event", "data source"),
    ),
    "viewership delete": Row(
        required=(("s2",),),
        values={"sessions": ("s2",), "from_files": (), "yes": False, "dry_run": False},
        talks_to_api=True,
        runs=(("--yes",),),
        keys={"rum_replay_watch": "type session_id deleted"},
    ),
    "viewership watchers": Row(
        required=(("s1",),),
        values={"session_id": "s1", "columns": None, **_PAGING},
        talks_to_api=True,
        keys={
            "rum_replay_watcher": """
                id type attributes.handle attributes.icon attributes.last_watched_at attributes.name
                attributes.watch_count
            """
        },
        headings=("user", "name", "UUID", "watches", "last watched at"),
    ),
    "viewership history": Row(
        values={
            "watched_after": None,
            "watched_before": None,
            "created_by": None,
            "session_ids": (),
            "application_id": None,
            "columns": None,
            **_PAGING,
        },
        talks_to_api=True,
        keys={
            "rum_replay_session": _SESSION
            + "attributes.event_id attributes.last_watched_at attributes.session_event.application.id"
        },
        headings=("session", "last watched at", "track", "event"),
    ),
    "segments download": Row(
        required=(("SESSION",), ("VIEW",), ("FOLDER",)),
        values={"views": ("SESSION", "VIEW"), "directory": "FOLDER", "from_files": (), **_PAGE},
        talks_to_api=True,
        keys={
            "": "session_id view_id directory url query size end " + " ".join(f"pages.{key}" for key in _FILE.split())
        },
        headings=("file", "bytes", "SHA-256"),
    ),
    "segments pages": Row(
        required=(("SESSION",), ("VIEW",)),
        values={"session_id": "SESSION", "view_id": "VIEW", "columns": None, **_PAGE},
        talks_to_api=True,
        keys={"": "page size sha256 content_type next_paging"},
        headings=("page", "bytes", "SHA-256", "content type", "next paging"),
    ),
    "segments summary": Row(
        required=(("RECORDED",),),
        values={"sources": ("RECORDED",), "columns": None, "table": None, **_WORKERS},
        keys={
            "session": """
                type application_id session_id source start end duration views segments records size compressed_size
                clicks key_inputs selections scrolls resizes frustrations pages problems heuristics.active_time
                heuristics.rage_clicks heuristics.dead_clicks
            """,
            "view": """
                type application_id session_id view_id source start end duration segments records size compressed_size
                viewport.width viewport.height document_height clicks unattributed_clicks key_inputs selections
                scrolls resizes scroll_depth scroll_share frustrations unknown pages gaps
                problems heuristics.active_time heuristics.activity.start
                heuristics.activity.end heuristics.rage_clicks heuristics.dead_clicks heuristics.signals.kind
                heuristics.signals.clicks heuristics.signals.first.node_id heuristics.signals.first.time
                heuristics.signals.first.x heuristics.signals.first.y
            """,
            "notes": "type problems failed rules",
        },
        headings=(
            *("session", "views", "started at", "duration", "active*", "records", "bytes", "uploaded bytes", "clicks"),
            *("key inputs*", "selections*", "rage clicks*", "dead clicks*", "frustrations recorded", "pages"),
            *("view", "started at", "duration", "active*", "records", "bytes", "uploaded bytes", "viewport", "resizes"),
            *("clicks", "key inputs*", "selections*", "scrolls", "seen down to", "rage clicks*", "dead clicks*"),
            *("frustrations recorded", "segments missing", "pages"),
        ),
    ),
    "segments timeline": Row(
        required=(("RECORDED",),),
        values={"sources": ("RECORDED",), "form": None, "max_lines": None, "player": None, "columns": None},
        keys={
            "entry": """
                type kind time timestamp session_id view_id tab text fragment link details details.checked
                details.clicks details.is_loaded details.is_new_view details.is_password details.labels details.position
                details.title details.url details.value details.viewport details.x details.y element element.name
                element.beside element.privacy element.role element.selector element.tag element.text
            """,
            "left_out": "type count kinds",
        },
    ),
    "segments steps": Row(
        required=(("RECORDED",),),
        values={
            "sources": ("RECORDED",),
            "output": "-",
            "view_id": None,
            "base_url": None,
            "test_id_attribute": "data-testid",
            "name": "test_session",
        },
        keys={"": "python"},
    ),
    "segments tree": Row(
        required=(("RECORDED",),),
        values={"source": "RECORDED", "view_id": None, "at": None, "html": False},
        keys={"": "url time viewport scroll tree"},
    ),
    "segments play": Row(
        required=(("RECORDED",),),
        values={"sources": ("RECORDED",), "output": "replay.html", "title": None, "open_browser": False},
        keys={"": "file views size"},
    ),
    "segments heatmap": Row(
        required=(("RECORDED",),),
        values={
            "sources": ("RECORDED",),
            "output": "heat.html",
            "url": None,
            "at": None,
            "width": None,
            "height": None,
            "tolerance": None,
            "background": None,
            **_WORKERS,
        },
        keys={"": "file url pattern clicks sessions views placements left_out failed"},
    ),
    "segments export": Row(
        required=(("RECORDED",), ("--output", "FOLDER")),
        values={
            "sources": ("RECORDED",),
            "folder": "FOLDER",
            "format": "parquet",
            "one_file_per_table": False,
            "force": False,
            **_WORKERS,
        },
        keys={"": "folder format rows.records rows.views rows.sessions files up_to_date failed"},
    ),
    "emulator": Row(
        values={
            "host": "127.0.0.1",
            "port": 0,
            "allowed_hosts": [],
            "segment_envelope": "raw",
            "rate_limit": None,
            "rate_period": 60.0,
        },
        runs=(),  # it does not end by itself: see test_emulator_command.py
        keys={"": "base_url application_id session_id view_ids"},
    ),
    "demo": Row(
        values={"keep": None},
        keys={
            "found": "type view page segments",
            "archived": "type sessions views bytes_of_segments",
            "summary": "type page seconds clicks rage_clicks dead_clicks",
            "moment": "type at what_happened",
            "player": "type file bytes",
            "playlist": "type page id name description",
            "session": "type page session track",
            "watcher": "type user watches last_watched_at",
            "snapshot": "type name view device start_ms",
            "segment": "type file bytes sha256 as_recorded",
            "view": "type origin sha256",
            "call": "type call status ms",
            "verdict": "type passed calls operations",
        },
    ),
    "completion": Row(
        values={"shell": None},
        runs=(),  # it prints a script: see test_completion.py
        keys={},
    ),
    "audit watches": Row(
        required=(("--sessions", "s1,s2"),),
        values={
            "sessions": ("s1,s2",),
            "from_files": (),
            "query": None,
            "since": None,
            "other_sessions": False,
            "csv": False,
            "columns": None,
        },
        talks_to_api=True,
        keys={
            "limits": "type unknown",
            "watches": "type session_id user name user_id watch_count last_watched_at event_id track found_in",
        },
        headings=("session", "user", "name", "UUID", "watches", "last watched at", "event", "track", "found in"),
    ),
    "doctor": Row(
        values={"online": False},
        talks_to_api=True,
        runs=((), ("--online",)),
        keys={
            "": """
                version python dependencies.httpx dependencies.attrs dependencies.msgspec dependencies.anyio
                dependencies.click dependencies.rich dependencies.jsonschema-rs dependencies.uvicorn profile
                profile_from profiles_file site base_url
                site_from credentials credentials_from unused network_variables online problems
            """
        },
        headings=(
            *(
                "rum-replay",
                "python",
                "httpx",
                "attrs",
                "msgspec",
                "anyio",
                "click",
                "rich",
                "jsonschema-rs",
                "uvicorn",
            ),
            *(
                "profile",
                "profiles in",
                "site",
                "base url",
                "site from",
                "credentials",
                "credentials from",
                "set but not used",
                "network",
            ),
            "online",
        ),
    ),
}
