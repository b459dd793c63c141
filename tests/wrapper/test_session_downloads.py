"""`sessions.download` and `sessions.link`: all views of a session, each resumable; where a replay is shown."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rum_replay import (
    ConfigurationError,
    FoundView,
    InvalidRequestError,
    NotFoundError,
    PartialResultWarning,
    RetryPolicy,
    ServerError,
    SessionDownloadProgress,
    segments,
)
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

from .event_samples import WINDOW, bodies, client_of, emulator_with, view
from .replay_driver import Driver

SAMPLE = load_sample()
SESSION = SAMPLE.session_id
VIEWS = [view.view_id for view in SAMPLE.views]


@pytest.fixture
def emulator() -> Emulator:
    emulator = Emulator()
    emulator.load_session(SAMPLE, ended_at=1_782_900_000_000)
    return emulator


def segment_requests(emulator: Emulator) -> list[str]:
    return [
        request.path.split("/views/")[1].split("/")[0] for request in emulator.requests if "/views/" in request.path
    ]


def test_all_views_are_downloaded_each_into_its_folder(driver: Driver, emulator: Emulator, tmp_path: Path) -> None:
    saved = client_of(driver, emulator).sessions.download(SESSION, tmp_path / "replay")
    assert [view.view_id for view in saved.views] == VIEWS
    for one, recorded in zip(saved.views, SAMPLE.views, strict=True):
        assert one.directory == tmp_path / "replay" / one.view_id
        assert one.has_segments
        assert one.segments is not None
        assert b"".join(file.read_bytes() for file in one.segments.files) == b"".join(recorded.segments)
    assert (saved.without_segments, saved.partial) == ((), ())
    assert saved.size == sum(len(segment) for view in SAMPLE.views for segment in view.segments)
    assert {view.id for view in segments.open(tmp_path / "replay").views} == set(VIEWS)


def test_what_is_whole_is_not_requested_again(driver: Driver, emulator: Emulator, tmp_path: Path) -> None:
    client = client_of(driver, emulator).with_options(retry=RetryPolicy(attempts=1))
    emulator.faults.add(operation="GetSegments", delay=0.001, times=1)
    emulator.faults.add(operation="GetSegments", disconnect="body", times=1)
    with pytest.raises(Exception, match="answer"):
        client.sessions.download(SESSION, tmp_path)
    emulator.requests.clear()
    saved = client.sessions.download(SESSION, tmp_path)
    assert segment_requests(emulator) == VIEWS[1:]
    assert saved.without_segments == ()
    emulator.requests.clear()
    assert client.sessions.download(SESSION, tmp_path, views=VIEWS) == saved
    assert emulator.requests == []


@pytest.mark.parametrize("loaded", [None, [], [b""]], ids=["404", "no segment", "an empty segment"])
def test_a_view_without_segments_is_normal_and_reported(
    driver: Driver, emulator: Emulator, tmp_path: Path, loaded: list[bytes] | None
) -> None:
    if loaded is not None:
        emulator.load_segments(SESSION, "without", loaded)
    saved = client_of(driver, emulator).sessions.download(SESSION, tmp_path, views=["without", VIEWS[0]])
    assert saved.without_segments == ("without",)
    assert [(view.view_id, view.has_segments) for view in saved.views] == [("without", False), (VIEWS[0], True)]
    assert (saved.views[0].segments is None) == (loaded is None) == (not saved.views[0].directory.exists())


def test_views_may_be_ids_or_what_a_search_found_and_count_once(
    sync_driver: Driver, emulator: Emulator, tmp_path: Path
) -> None:
    client = client_of(sync_driver, emulator)
    found = list(client.sessions.views(SESSION))
    assert all(isinstance(view, FoundView) for view in found)
    emulator.requests.clear()
    saved = client.sessions.download(SESSION, tmp_path, views=[found[1], VIEWS[1], VIEWS[0]])
    assert [view.view_id for view in saved.views] == [VIEWS[1], VIEWS[0]]
    assert bodies(emulator) == []


def test_progress_counts_over_all_views(sync_driver: Driver, emulator: Emulator, tmp_path: Path) -> None:
    reports: list[SessionDownloadProgress] = []
    saved = client_of(sync_driver, emulator).sessions.download(SESSION, tmp_path, progress=reports.append)
    assert [(one.view, one.views, one.view_id, one.page) for one in reports] == [
        (0, 2, VIEWS[0], 0),
        (1, 2, VIEWS[1], 0),
    ]
    assert reports[-1].total_bytes == saved.size > reports[0].total_bytes > 0


def test_views_that_may_be_missing_are_said(driver: Driver, tmp_path: Path) -> None:
    emulator = emulator_with(view(number, "s", f"v{number}") for number in range(4))
    emulator.load_segments("s", "v0", [b"x"])
    emulator.faults.add(operation="SearchRUMEvents", partial=True, times=1)
    with pytest.warns(PartialResultWarning):
        saved = client_of(driver, emulator).sessions.download("s", tmp_path)
    assert saved.partial == ("the search ended with the status 'timeout'",)
    assert len(saved.views) < 4


def test_a_session_of_which_nothing_is_found_is_an_empty_download(sync_driver: Driver, tmp_path: Path) -> None:
    saved = client_of(sync_driver, Emulator()).sessions.download("unknown", tmp_path / "replay")
    assert (saved.views, saved.size) == ((), 0)
    assert not (tmp_path / "replay").exists()


def test_a_replay_that_ended_during_the_download_is_an_error(
    sync_driver: Driver, emulator: Emulator, tmp_path: Path
) -> None:
    """Some pages are there and the others are not: that is no view without segments."""
    client = client_of(sync_driver, emulator)
    client.sessions.download(SESSION, tmp_path, views=[VIEWS[0]])
    (page,) = (tmp_path / VIEWS[0]).glob("page-*")
    page.write_bytes(b"damaged")
    emulator.reset()
    with pytest.raises(NotFoundError):
        client.sessions.download(SESSION, tmp_path, views=[VIEWS[0]])


def test_a_failure_of_the_server_is_an_error(sync_driver: Driver, emulator: Emulator, tmp_path: Path) -> None:
    emulator.faults.add(operation="GetSegments", status=500, times=None)
    with pytest.raises(ServerError):
        client_of(sync_driver, emulator).sessions.download(SESSION, tmp_path / "replay")
    assert not (tmp_path / "replay").exists()


@pytest.mark.parametrize(
    "view_id",
    ["", "..", ".", "../x", "a/b", "a\\b", "C:x", "~", " ", "a b", "x" * 101, ".hidden", 5, "nul", "COM1.x", "a."],
)
def test_a_view_that_cannot_name_a_folder_is_refused_before_anything_is_sent(
    sync_driver: Driver, emulator: Emulator, tmp_path: Path, view_id: Any
) -> None:
    with pytest.raises(InvalidRequestError, match=r"views\[1\]"):
        client_of(sync_driver, emulator).sessions.download(SESSION, tmp_path / "replay", views=[VIEWS[0], view_id])
    assert emulator.requests == []


def test_a_view_of_another_session_is_refused(sync_driver: Driver, tmp_path: Path) -> None:
    client = client_of(sync_driver, emulator_with([view(1, "other", "v")]))
    with pytest.raises(InvalidRequestError, match="belongs to session other, not to mine"):
        client.sessions.download("mine", tmp_path, views=client.sessions.views("other", **WINDOW))


@pytest.mark.parametrize(
    ("site", "host"),
    [
        ("us1", "app.datadoghq.com"),
        ("us3", "us3.datadoghq.com"),
        ("us5", "us5.datadoghq.com"),
        ("eu1", "app.datadoghq.eu"),
        ("ap1", "ap1.datadoghq.com"),
        ("ap2", "ap2.datadoghq.com"),
        ("uk1", "uk1.datadoghq.com"),
        ("us1-fed", "app.ddog-gov.com"),
        ("us2-fed", "us2.ddog-gov.com"),
        ("https://acme.datadoghq.eu/rum", "app.datadoghq.eu"),
    ],
)
def test_links_lead_to_the_web_application_of_the_site(driver: Driver, site: str, host: str) -> None:
    assert driver.open(site=site).sessions.link("s") == f"https://{host}/rum/replay/sessions/s"


@pytest.mark.parametrize(
    ("arguments", "query"),
    [
        ({"view_id": "v"}, "?seed=v"),
        ({"at": 1_782_907_200_000}, "?from=1782907200000"),
        ({"view_id": "v&w", "at": datetime(2026, 7, 1, 12, tzinfo=UTC)}, "?seed=v%26w&from=1782907200000"),
    ],
)
def test_links_name_the_view_and_the_time(sync_driver: Driver, arguments: dict[str, Any], query: str) -> None:
    link = sync_driver.open(site="eu1").sessions.link("s/1", **arguments)
    assert link == f"https://app.datadoghq.eu/rum/replay/sessions/s%2F1{query}"


@pytest.mark.parametrize(
    "options", [{"base_url": "http://127.0.0.1:1"}, {"site": "us9.datadoghq.com"}, {"site": "example.org"}]
)
def test_where_no_web_application_is_known_it_is_said(sync_driver: Driver, options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=r"web application that belongs to https?://.* is not known.*us1, us3"):
        sync_driver.open(**options).sessions.link("s")


@pytest.mark.parametrize(
    "arguments", [{"session_id": ".."}, {"session_id": "s", "at": 5e9}, {"session_id": "s", "view_id": ""}]
)
def test_a_link_to_nothing_is_refused(sync_driver: Driver, arguments: dict[str, Any]) -> None:
    with pytest.raises(InvalidRequestError):
        sync_driver.open(site="us1").sessions.link(**arguments)
