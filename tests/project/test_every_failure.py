"""Every public function fails with errors of this library alone, whatever is wrong with files or arguments.

The table of calls is written by hand, and compared with what is public: a new function without an entry fails the test.
"""

from __future__ import annotations

import errno
import inspect
import math
import os
import resource
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import rum_replay
from PIL import Image
from rum_replay import (
    AsyncReplayClient,
    ConfigurationError,
    FileError,
    InvalidRequestError,
    ReplayClient,
    RetryPolicy,
    SegmentError,
    StatusError,
    Timeout,
    find_paging_token,
    query,
    segments,
)
from rum_replay._sync.events import Events
from rum_replay._sync.heatmaps import Heatmaps
from rum_replay._sync.playlists import Playlists
from rum_replay._sync.sessions import Sessions
from rum_replay._sync.viewership import Viewership
from rum_replay.segments import dom, exports, heatmap, player, playwright_steps, records, session_timeline, summary
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

PUBLIC_PACKAGES: list[Any] = [
    query,
    segments,
    dom,
    exports,
    heatmap,
    player,
    playwright_steps,
    records,
    session_timeline,
    summary,
]


class World:
    """What calls are made with: a client of an emulator, and a recording on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.emulator = Emulator()
        self.outputs = 0
        sample = load_sample()
        self.session_id, self.view_id = sample.session_id, sample.views[0].view_id
        self.emulator.load_session(sample)
        self.client = self.new_client()
        playlist = self.client.playlists.create("p")
        self.client.playlists.add_session(playlist.id, self.session_id)
        self.snapshot_id = self.client.heatmaps.create(**SNAPSHOT).id
        self.source = self.folder / "source"
        self.client.sessions.download_segments(self.session_id, self.view_id, self.source)
        self.archive = self.folder / "archive"
        rum_replay.archive(self.client, "*", self.archive)
        self.recording = segments.open(self.source)
        self.view = self.recording.views[0]
        self.page = segments.page_at(self.view)
        assert self.page.root is not None
        self.node = next(node for node in dom.nodes_below(self.page.root) if node.name == "body")
        self.heatmap = segments.heatmap_of(self.recording)
        self.record = next(self.view.records())
        self.background = self.output(".png")
        Image.new("RGB", (100, 100)).save(self.background)

    def new_client(self) -> ReplayClient:
        http_client = httpx.Client(transport=self.emulator.transport())
        return ReplayClient(
            site="us1", api_key="a", app_key="b", http_client=http_client, retry=RetryPolicy(attempts=1)
        )

    def output(self, ending: str = "") -> Path:
        """A path that does not exist yet."""
        self.outputs += 1
        return self.folder / f"output-{self.outputs}{ending}"


SNAPSHOT: dict[str, Any] = {
    "application_id": "a",
    "device_type": "desktop",
    "event_id": "e",
    "is_device_type_selected_by_user": True,
    "snapshot_name": "n",
    "start": 0,
    "view_name": "/v",
}

WORK: dict[str, Any] = {"executor": ThreadPoolExecutor(1), "progress": print}

Call = tuple[Callable[..., Any], dict[str, Any]]
"""A function, and arguments with which it succeeds: all that it takes, by name."""


def calls_of(world: World) -> dict[str, Call]:
    """One call of every public function and method, by the name that people write."""
    client, session, view = world.client, world.session_id, world.view_id
    paging = {"page_size": 1, "start_page": 0, "limit": 1}
    page_options = {"source": "blob", "ts": 1, "max_list_size": 9, "paging": None, "next_paging": find_paging_token}
    pages = {**page_options, "max_page_size": 1 << 20}
    options = {"timeout": 3.0, "retry": RetryPolicy(), "on_retry": print, "on_response": str, "max_body_size": 9}
    period = {"start": 0, "end": None}
    archive: dict[str, Any] = {"query_or_session_ids": [session], **period, "concurrency": 1, "keep_in": 1}
    archive |= {"retry_failed": True, "progress": print}
    keys = {"site": "us1", "api_key": "a", "app_key": "b", "clock": None, "http_client": None}
    changed = {"event_id": "e", "is_device_type_selected_by_user": True, "start": 1, "session_id": "s", "view_id": "v"}
    recording, page, node = world.recording, world.page, world.node
    calls: dict[str, Call] = {
        "ReplayClient": (ReplayClient, {**keys, **options}),
        "AsyncReplayClient": (AsyncReplayClient, {**keys, **options}),
        "ReplayClient.with_options": (client.with_options, options),
        "RetryPolicy": (
            RetryPolicy,
            {"attempts": 2, "deadline": 9, "backoff": 1, "max_backoff": 2, "repeat_creates": False, "jitter": 0},
        ),
        "Timeout": (Timeout, {"connect": 1, "read": 1, "write": 1, "pool": 1}),
        "Timeout.of": (Timeout.of, {"value": 3}),
        "find_paging_token": (find_paging_token, {"headers": {}, "content": b""}),
        "Playlists.list": (
            client.playlists.list,
            {"query": "p", "created_by": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b", **paging},
        ),
        "Playlists.create": (client.playlists.create, {"name": "n", "description": "d"}),
        "Playlists.get": (client.playlists.get, {"id": 1}),
        "Playlists.update": (client.playlists.update, {"id": 1, "name": "n", "description": "d"}),
        "Playlists.delete": (client.playlists.delete, {"id": client.playlists.create("to delete").id}),
        "Playlists.list_sessions": (client.playlists.list_sessions, {"id": 1, **paging}),
        "Playlists.add_session": (
            client.playlists.add_session,
            {"id": 1, "session_id": session, "ts": 1, "data_source": "rum"},
        ),
        "Playlists.remove_session": (client.playlists.remove_session, {"id": 1, "session_id": session}),
        "Playlists.remove_sessions": (client.playlists.remove_sessions, {"id": 1, "session_ids": [session]}),
        "Heatmaps.list": (
            client.heatmaps.list,
            {"view_name": "/v", "device_type": "desktop", "application_id": "a", "limit": 1},
        ),
        "Heatmaps.create": (client.heatmaps.create, {**SNAPSHOT, "session_id": "s", "view_id": "v"}),
        "Heatmaps.update": (client.heatmaps.update, {"snapshot_id": world.snapshot_id, **changed}),
        "Heatmaps.delete": (client.heatmaps.delete, {"snapshot_id": client.heatmaps.create(**SNAPSHOT).id}),
        "Viewership.record_watch": (
            client.viewership.record_watch,
            {"session_id": session, "application_id": "a", "event_id": "e", "timestamp": 1, "data_source": "rum"},
        ),
        "Viewership.delete_watches": (client.viewership.delete_watches, {"session_id": session}),
        "Viewership.list_watchers": (client.viewership.list_watchers, {"session_id": session, **paging}),
        "Viewership.list_history": (
            client.viewership.list_history,
            {
                "watched_after": 1,
                "watched_before": 2,
                "created_by": "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b",
                "session_ids": ["s"],
                "application_id": "a",
                **paging,
            },
        ),
        "Events.search": (
            client.events.search,
            {"query": "*", **period, "sort": "timestamp", "page_size": 9, "limit": 1, "cursor": None},
        ),
        "Sessions.search": (
            client.sessions.search,
            {"query": "*", **period, "completed": True, "has_replay": True, "limit": 1},
        ),
        "Sessions.views": (client.sessions.views, {"session_id": session, **period}),
        "Sessions.link": (client.sessions.link, {"session_id": session, "view_id": view, "at": 1}),
        "Sessions.download": (
            client.sessions.download,
            {"session_id": session, "directory": world.output(), "views": [view], "progress": print},
        ),
        "archive": (rum_replay.archive, {**archive, "client": client, "directory": world.output()}),
        "archive_status": (rum_replay.archive_status, {"directory": world.archive}),
        "check_archive": (rum_replay.check_archive, {"directory": world.archive, "executor": None, "progress": print}),
        "query.quoted": (query.quoted, {"value": "v"}),
        "query.attribute": (query.attribute, {"name": "a", "value": "v"}),
        "query.any_of": (query.any_of, {"name": "a", "values": ["v"]}),
        "query.starting_with": (query.starting_with, {"name": "a", "prefix": "v"}),
        "query.between": (query.between, {"name": "a", "low": 1, "high": 2}),
        **{
            f"query.{compare.__name__}": (compare, {"name": "a", "number": 1})
            for compare in (query.more_than, query.at_least, query.less_than, query.at_most)
        },
        "query.excluded": (query.excluded, {"query": "@a:1"}),
        "query.session": (query.session, {"session_id": "s"}),
        "query.view": (query.view, {"view_id": "v"}),
        "query.url_path": (query.url_path, {"path": "/p"}),
        "Sessions.iter_segments": (client.sessions.iter_segments, {"session_id": session, "view_id": view, **pages}),
        "Sessions.download_segments": (
            client.sessions.download_segments,
            {"session_id": session, "view_id": view, "directory": world.output(), "progress": print, **pages},
        ),
        "segments.open": (segments.open, {"source": world.source, "limits": segments.Limits(), "progress": print}),
        "segments.read": (
            segments.read,
            {"source": world.source, "limits": segments.Limits(), "on_unreadable": print},
        ),
        "segments.Limits": (segments.Limits, dict.fromkeys(inspect.signature(segments.Limits).parameters, 10)),
        "segments.decode_record": (segments.decode_record, {"raw": b"{}"}),
        "segments.css_path": (segments.css_path, {"node": node}),
        "segments.text_of": (segments.text_of, {"node": node, "limit": 10}),
        "segments.page_at": (segments.page_at, {"view": world.view, "time": world.view.end}),
        "segments.to_html": (segments.to_html, {"of": page}),
        "segments.dom.nodes_below": (dom.nodes_below, {"node": node, "without": frozenset[str]()}),
        "segments.Page": (segments.Page, {"resources": recording.resources, "is_route": True}),
        "segments.Page.find": (page.find, {"id": 3}),
        "segments.Page.node_at": (page.node_at, {"x": 3, "y": 4.5}),
        "segments.Page.apply": (
            segments.Page().apply,
            {"record": world.record, "gap": segments.Gap("segment 1 is missing")},
        ),
        "segments.Page.note_gap": (segments.Page().note_gap, {"missing": "segment 1 is missing"}),
        "segments.Recording.records": (recording.records, {"view": world.view}),
        "segments.summarize": (segments.summarize, {"recordings": recording, **WORK}),
        "segments.summary.summarize_view": (summary.summarize_view, {"view": world.view}),
        "segments.summary.sessions_of": (summary.sessions_of, {"views": segments.summarize(recording).views}),
        "segments.write_player": (
            segments.write_player,
            {"recording": recording, "path": world.output(".html"), "title": "t"},
        ),
        "segments.timeline": (segments.timeline, {"recording": recording}),
        "segments.Timeline.lines": (
            segments.timeline(recording).lines,
            {"form": "markdown", "max_lines": 10, "player": world.output(".html")},
        ),
        "segments.Timeline.excerpt": (segments.timeline(recording).excerpt, {"max_entries": 5}),
        "segments.steps": (
            segments.steps,
            {
                "recording": recording,
                "view": world.view,
                "base_url": "https://staging.example.org",
                "test_id_attribute": "data-qa",
                "name": "test_it",
            },
        ),
        "segments.heatmap_of": (
            segments.heatmap_of,
            {"recordings": recording, "url": "*", "at": None, "width": None, "height": 500, "tolerance": 20, **WORK},
        ),
        "segments.Heatmap.write_html": (world.heatmap.write_html, {"path": world.output(".html")}),
        "segments.Heatmap.write_png": (
            world.heatmap.write_png,
            {"path": world.output(".png"), "background": world.background},
        ),
        "segments.export": (
            segments.export,
            {
                "recordings": recording,
                "folder": world.output(),
                "format": "csv",
                "one_file_per_table": False,
                "force": False,
                **WORK,
            },
        ),
    }
    return calls


def public_calls() -> Iterator[str]:
    """Every public function, and every public method that takes arguments; constructors that check theirs."""
    yield from ("ReplayClient", "AsyncReplayClient", "RetryPolicy", "Timeout", "segments.Limits", "segments.Page")
    for group in (Playlists, Heatmaps, Viewership, Sessions, Events):
        yield from methods_of(group, group.__name__)
    for package in (rum_replay, *PUBLIC_PACKAGES):
        for name in package.__all__:
            value = getattr(package, name)
            module = package.__name__.removeprefix("rum_replay").removeprefix(".")
            public_name = f"{module}.{name}".removeprefix(".")
            if value in EXEMPT or (package is not segments and value in vars(segments).values()):
                continue
            if inspect.isfunction(value):
                yield public_name
            elif inspect.isclass(value) and not issubclass(value, Exception):
                yield from methods_of(value, public_name)


# Called by the library, not by people: clocks, and the methods of what is given to people to read. Functions that take
# any number of arguments: tests/wrapper/test_query.py.
EXEMPT: list[Any] = [
    rum_replay.AsyncReplayClient,
    rum_replay.Clock,
    rum_replay.SystemClock,
    dom.StyleSheet,
    exports.Column,
    exports.Table,
    query.either,
    query.every,
    summary.Click,
]


def methods_of(cls: type[Any], name: str) -> Iterator[str]:
    for attribute, value in vars(cls).items():
        function = value.__func__ if isinstance(value, classmethod) else value
        if (
            not attribute.startswith("_")
            and inspect.isfunction(function)
            and len(inspect.signature(function).parameters) > 1
        ):
            yield f"{name}.{attribute}"


NAMES = sorted(public_calls())


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Call]:
    return calls_of(World(tmp_path_factory.mktemp("world")))


def finished(call: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """The result; everything of one that is lazy."""
    result = call(**arguments)
    return list(result) if isinstance(result, Iterable) else result


@pytest.mark.parametrize("name", NAMES)
def test_the_call_of_the_table_names_all_arguments_and_succeeds(calls: dict[str, Call], name: str) -> None:
    assert name in calls, f"add a call of {name} to calls_of in {Path(__file__).name}"
    call, arguments = calls[name]
    assert set(arguments) == set(inspect.signature(call).parameters) - LEFT_TO_OTHER_CALLS.get(name, set())
    finished(call, arguments)


def test_the_table_holds_nothing_else(calls: dict[str, Call]) -> None:
    assert set(calls) <= set(NAMES)


# Exclude each other.
LEFT_TO_OTHER_CALLS = {name: {"bearer_token", "base_url"} for name in ("ReplayClient", "AsyncReplayClient")}

WRONG: list[Any] = [
    object(),
    3.5,
    math.nan,
    -1,
    10**400,
    True,
    None,
    "",
    "\0",
    "\ud800",
    b"\xff",
    ["x", 3],
    {"a": object()},
    datetime(2026, 1, 1),
]
NEVER_RIGHT = WRONG[0]


@pytest.mark.parametrize("name", NAMES)
def test_an_argument_of_a_wrong_type_is_an_error_of_this_library(calls: dict[str, Call], name: str) -> None:
    call, arguments = calls[name]
    is_constructor = inspect.isclass(call) or name == "ReplayClient.with_options" or name == "Timeout.of"
    expected = ConfigurationError if is_constructor and not name.startswith("segments.") else InvalidRequestError
    for argument in arguments:
        for value in WRONG:
            try:
                finished(call, {**arguments, argument: value})
            except (expected, FileError, SegmentError, StatusError):
                pass
            except Exception as error:
                raise AssertionError(
                    f"{name}({argument}={value!r:.50}) raises {type(error).__name__}: {error}"
                ) from error
            else:
                assert value is not NEVER_RIGHT, f"{name} takes anything for {argument}"


READS = {
    "segments.open": "source",
    "segments.read": "source",
    "segments.summarize": "recordings",
    "segments.heatmap_of": "recordings",
    "segments.export": "recordings",
    "segments.Heatmap.write_png": "background",
}
WRITES_FILES = {
    "segments.write_player": "path",
    "segments.Heatmap.write_html": "path",
    "segments.Heatmap.write_png": "path",
}
WRITES_FOLDERS = {
    "segments.export": "folder",
    "Sessions.download_segments": "directory",
    "Sessions.download": "directory",
}
WRITES = {**WRITES_FILES, **WRITES_FOLDERS}


@contextmanager
def without_permissions() -> Generator[None]:
    """Root may do everything, so that it has to become somebody else for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)


@contextmanager
def full_disk(folder: Path) -> Generator[None]:
    """Nothing more can be written into a folder: a small file system that is full, or else a limit for files."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(folder)]
    if sys.platform == "linux" and subprocess.run(mount, capture_output=True, check=False).returncode == 0:
        try:
            (folder / "filler").write_bytes(b"x" * 12_288)
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def check_file_error(call: Callable[..., Any], arguments: dict[str, Any], *numbers: int) -> None:
    with pytest.raises(FileError) as caught:
        finished(call, arguments)
    error = caught.value
    assert error.errno in numbers, error
    assert isinstance(error.__cause__, OSError)
    assert error.__cause__.errno == error.errno
    assert error.filename
    assert error.filename in str(error)


@pytest.mark.parametrize("name", READS)
def test_what_cannot_be_read_is_a_file_error(calls: dict[str, Call], name: str, tmp_path: Path) -> None:
    call, arguments = calls[name]
    finished(call, arguments)  # what is imported on the way is imported before permissions are given up
    (tmp_path / "file").write_bytes(b"{}")
    (tmp_path / "secret").mkdir(mode=0o700)
    (tmp_path / "secret" / "file").write_bytes(b"{}")
    place = READS[name]
    check_file_error(call, {**arguments, place: tmp_path / "missing"}, errno.ENOENT)
    check_file_error(call, {**arguments, place: tmp_path / "file" / "below"}, errno.ENOTDIR)
    if place == "background":
        check_file_error(call, {**arguments, place: tmp_path}, errno.EISDIR)
    (tmp_path / "secret").chmod(0)
    try:
        with without_permissions():
            check_file_error(call, {**arguments, place: tmp_path / "secret" / "file"}, errno.EACCES)
    finally:
        (tmp_path / "secret").chmod(0o700)


@pytest.mark.parametrize("name", WRITES)
def test_what_cannot_be_written_is_a_file_error_and_leaves_nothing(
    calls: dict[str, Call], name: str, tmp_path: Path
) -> None:
    call, arguments = calls[name]
    finished(call, arguments)
    place = WRITES[name]
    (tmp_path / "file").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "locked").mkdir(mode=0o700)
    check_file_error(call, {**arguments, place: tmp_path / "file" / "below"}, errno.ENOTDIR)
    if name in WRITES_FILES:
        check_file_error(call, {**arguments, place: tmp_path / "folder"}, errno.EISDIR)
        check_file_error(call, {**arguments, place: tmp_path / "no folder" / "output.html"}, errno.ENOENT)
    else:
        check_file_error(call, {**arguments, place: tmp_path / "file"}, errno.EEXIST, errno.ENOTDIR)
    with without_permissions():
        check_file_error(call, {**arguments, place: tmp_path / "locked" / "output"}, errno.EACCES)
    assert (tmp_path / "file").read_text() == "kept"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder", "locked"]


@pytest.mark.parametrize("name", [*WRITES, "jsonl", "parquet"])
def test_a_full_disk_is_a_file_error_and_leaves_no_half_file(calls: dict[str, Call], name: str, tmp_path: Path) -> None:
    is_format = name not in WRITES
    call, arguments = calls["segments.export" if is_format else name]
    arguments = {**arguments, "format": name} if is_format else arguments
    finished(call, arguments)
    with full_disk(tmp_path / "disk"):
        output = tmp_path / "disk" / "output"
        check_file_error(call, {**arguments, WRITES.get(name, "folder"): output}, errno.ENOSPC, errno.EFBIG)
        assert not output.is_file()
        # A download keeps the pages that are whole.
        assert {path.name for path in output.rglob("*") if path.is_file()} <= {"page-00000.bin"}
