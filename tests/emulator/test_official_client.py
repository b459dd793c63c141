"""Datadog's own Python client performs every operation against the served emulator and reads back what it wrote."""

# The official client's constructors have no types. Of some calls it says that they give nothing, which is tested here.
# mypy: untyped-calls-exclude="datadog_api_client"
# mypy: disable-error-code="func-returns-value"

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from datadog_api_client import ApiClient, Configuration
from datadog_api_client.exceptions import ApiException, NotFoundException
from datadog_api_client.v2.api.rum_replay_heatmaps_api import RumReplayHeatmapsApi
from datadog_api_client.v2.api.rum_replay_playlists_api import RumReplayPlaylistsApi
from datadog_api_client.v2.api.rum_replay_sessions_api import RumReplaySessionsApi
from datadog_api_client.v2.api.rum_replay_viewership_api import RumReplayViewershipApi
from datadog_api_client.v2.model.playlist import Playlist
from datadog_api_client.v2.model.playlist_data import PlaylistData
from datadog_api_client.v2.model.playlist_data_attributes import PlaylistDataAttributes
from datadog_api_client.v2.model.playlist_data_type import PlaylistDataType
from datadog_api_client.v2.model.session_id_array import SessionIdArray
from datadog_api_client.v2.model.session_id_data import SessionIdData
from datadog_api_client.v2.model.snapshot_create_request import SnapshotCreateRequest
from datadog_api_client.v2.model.snapshot_create_request_data import SnapshotCreateRequestData
from datadog_api_client.v2.model.snapshot_create_request_data_attributes import SnapshotCreateRequestDataAttributes
from datadog_api_client.v2.model.snapshot_update_request import SnapshotUpdateRequest
from datadog_api_client.v2.model.snapshot_update_request_data import SnapshotUpdateRequestData
from datadog_api_client.v2.model.snapshot_update_request_data_attributes import SnapshotUpdateRequestDataAttributes
from datadog_api_client.v2.model.snapshot_update_request_data_type import SnapshotUpdateRequestDataType
from datadog_api_client.v2.model.viewership_history_session_data_type import ViewershipHistorySessionDataType
from datadog_api_client.v2.model.watch import Watch
from datadog_api_client.v2.model.watch_data import WatchData
from datadog_api_client.v2.model.watch_data_attributes import WatchDataAttributes
from datadog_api_client.v2.model.watch_data_type import WatchDataType
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

SESSION = ViewershipHistorySessionDataType.RUM_REPLAY_SESSION
SNAPSHOTS = SnapshotUpdateRequestDataType.SNAPSHOTS
TS = 1_782_907_200_000


@pytest.fixture(scope="module")
def emulator() -> Emulator:
    return Emulator(api_key="k", app_key="a")


@pytest.fixture(autouse=True)
def empty(emulator: Emulator) -> None:
    emulator.reset()


@pytest.fixture(scope="module")
def client(emulator: Emulator) -> Iterator[ApiClient]:
    with emulator.serve() as url:
        configuration = Configuration(host=url, api_key={"apiKeyAuth": "k", "appKeyAuth": "a"})
        with ApiClient(configuration) as api_client:
            yield api_client
            api_client.rest_client.pool_manager.clear()


def playlist(name: str, description: str) -> Playlist:
    attributes = PlaylistDataAttributes(name=name, description=description)
    return Playlist(data=PlaylistData(type=PlaylistDataType.RUM_REPLAY_PLAYLIST, attributes=attributes))


def operations(emulator: Emulator) -> set[str | None]:
    assert None not in [request.operation for request in emulator.requests]
    return {request.operation for request in emulator.requests}


def test_playlists(client: ApiClient, emulator: Emulator) -> None:
    api = RumReplayPlaylistsApi(client)
    created = api.create_rum_replay_playlist(playlist("Checkout bugs", "Rage clicks")).data
    playlist_id = int(created.id)
    assert created.attributes.created_by.handle == emulator.user.handle
    assert created.attributes.created_at.tzinfo is not None
    api.create_rum_replay_playlist(playlist("Search", "Nothing found"))

    listed = api.list_rum_replay_playlists(
        filter_query="checkout", filter_created_by_uuid=emulator.user.uuid, page_size=10, page_number=0
    )
    assert [found.id for found in listed.data] == [created.id]
    assert len(api.list_rum_replay_playlists().data) == 2

    updated = api.update_rum_replay_playlist(playlist_id, playlist("Payment bugs", "Dead clicks"))
    assert updated.data.attributes.name == "Payment bugs"
    for session_id in ("one", "two", "three"):
        added = api.add_rum_replay_session_to_playlist(TS, playlist_id, session_id, data_source="product_analytics")
        assert (added.data.id, added.data.attributes.track) == (session_id, "product_analytics")
    sessions = api.list_rum_replay_playlist_sessions(playlist_id, page_size=2, page_number=0)
    assert [session.id for session in sessions.data] == ["one", "two"]

    assert api.remove_rum_replay_session_from_playlist(playlist_id, "one") is None
    both = SessionIdArray(data=[SessionIdData(id=name, type=SESSION) for name in ("two", "never")])
    assert api.bulk_remove_rum_replay_playlist_sessions(playlist_id, both) is None
    stored = api.get_rum_replay_playlist(playlist_id).data.attributes
    assert (stored.name, stored.description, stored.session_count) == ("Payment bugs", "Dead clicks", 1)

    assert api.delete_rum_replay_playlist(playlist_id) is None
    with pytest.raises(NotFoundException) as gone:
        api.get_rum_replay_playlist(playlist_id)
    assert gone.value.body["errors"] == ["playlist 1 does not exist"]
    assert operations(emulator) == {
        "AddRumReplaySessionToPlaylist",
        "BulkRemoveRumReplayPlaylistSessions",
        "CreateRumReplayPlaylist",
        "DeleteRumReplayPlaylist",
        "GetRumReplayPlaylist",
        "ListRumReplayPlaylistSessions",
        "ListRumReplayPlaylists",
        "RemoveRumReplaySessionFromPlaylist",
        "UpdateRumReplayPlaylist",
    }


def test_heatmaps(client: ApiClient, emulator: Emulator) -> None:
    api = RumReplayHeatmapsApi(client)
    attributes = SnapshotCreateRequestDataAttributes(
        application_id="shop",
        device_type="mobile",
        event_id="event",
        is_device_type_selected_by_user=False,
        session_id="session",
        snapshot_name="Payment",
        start=42,
        view_id="view",
        view_name="/pay",
    )
    request = SnapshotCreateRequest(data=SnapshotCreateRequestData(type=SNAPSHOTS, attributes=attributes))
    created = api.create_replay_heatmap_snapshot(request).data
    assert created.attributes.created_by_user_id == emulator.user.id

    changed = SnapshotUpdateRequestDataAttributes(event_id="later", is_device_type_selected_by_user=True, start=84)
    update = SnapshotUpdateRequest(data=SnapshotUpdateRequestData(type=SNAPSHOTS, attributes=changed))
    assert api.update_replay_heatmap_snapshot(created.id, update).data.attributes.start == 84

    (listed,) = api.list_replay_heatmap_snapshots(
        "/pay", filter_device_type="mobile", filter_application_id="shop", page_limit=5
    ).data
    assert listed.id == created.id
    assert (listed.attributes.event_id, listed.attributes.snapshot_name) == ("later", "Payment")
    assert api.list_replay_heatmap_snapshots("/pay", filter_device_type="desktop").data == []

    assert api.delete_replay_heatmap_snapshot(created.id) is None
    assert api.list_replay_heatmap_snapshots("/pay").data == []
    assert operations(emulator) == {
        "CreateReplayHeatmapSnapshot",
        "DeleteReplayHeatmapSnapshot",
        "ListReplayHeatmapSnapshots",
        "UpdateReplayHeatmapSnapshot",
    }


def test_viewership(client: ApiClient, emulator: Emulator) -> None:
    api = RumReplayViewershipApi(client)
    noon = datetime(2026, 7, 1, 12, tzinfo=UTC)
    attributes = WatchDataAttributes(application_id="shop", event_id="event", timestamp=noon, data_source="rum")
    watch = Watch(data=WatchData(type=WatchDataType.RUM_REPLAY_WATCH, attributes=attributes))
    for _ in range(2):
        assert api.create_rum_replay_session_watch("session", watch).data.attributes.timestamp == noon

    (watcher,) = api.list_rum_replay_session_watchers("session", page_size=5, page_number=0).data
    assert (watcher.attributes.handle, watcher.attributes.watch_count) == (emulator.user.handle, 2)
    (watched,) = api.list_rum_replay_viewership_history_sessions(
        filter_watched_at_start=TS,
        filter_watched_at_end=TS,
        filter_created_by=emulator.user.uuid,
        filter_session_ids="session,other",
        filter_application_id="shop",
        page_size=5,
        page_number=0,
    ).data
    assert (watched.id, watched.attributes.last_watched_at) == ("session", noon)
    assert api.list_rum_replay_viewership_history_sessions(filter_watched_at_start=TS + 1).data == []

    assert api.delete_rum_replay_session_watch("session") is None
    assert api.list_rum_replay_session_watchers("session").data == []
    assert operations(emulator) == {
        "CreateRumReplaySessionWatch",
        "DeleteRumReplaySessionWatch",
        "ListRumReplaySessionWatchers",
        "ListRumReplayViewershipHistorySessions",
    }


def test_segments(client: ApiClient, emulator: Emulator) -> None:
    # The official client throws the body away, so what can be seen is that the request was right.
    api = RumReplaySessionsApi(client)
    sample = load_sample()
    view = sample.views[0]
    emulator.load_segments(sample.session_id, view.view_id, view.segments)
    assert api.get_segments(view.view_id, sample.session_id, source="blob", ts=TS, max_list_size=100) is None
    assert operations(emulator) == {"GetSegments"}
    assert dict(emulator.requests[0].query) == {"source": "blob", "ts": str(TS), "max_list_size": "100"}
    with pytest.raises(NotFoundException):
        api.get_segments("unknown", sample.session_id)


def test_wrong_keys_and_scripted_faults_reach_it_as_exceptions(client: ApiClient, emulator: Emulator) -> None:
    api = RumReplayPlaylistsApi(client)
    emulator.faults.add(status=520, body="<html>")
    with pytest.raises(ApiException) as raised:
        api.list_rum_replay_playlists()
    assert raised.value.status == 520
    with (
        emulator.serve() as url,
        ApiClient(Configuration(host=url, api_key={"apiKeyAuth": "x", "appKeyAuth": "a"})) as wrong,
    ):
        with pytest.raises(ApiException) as raised:
            RumReplayPlaylistsApi(wrong).list_rum_replay_playlists()
        wrong.rest_client.pool_manager.clear()
    assert (raised.value.status, raised.value.body["errors"]) == (403, ["Forbidden"])
