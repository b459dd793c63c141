"""`rum-replay heatmaps`: what reaches the server and what is printed."""

from __future__ import annotations

from .bench import CommandLine

CREATE = [
    *("heatmaps", "create", "Before the redesign", "--view-name", "/checkout", "--application-id", "app-1"),
    *("--device-type", "desktop", "--event-id", "event-1", "--start", "1500"),
]


def created(rum_replay: CommandLine, *options: str) -> str:
    snapshot_id: str = rum_replay(*CREATE, *options, "--json").succeeded().objects[0]["id"]
    return snapshot_id


def test_create_sends_all_fields(rum_replay: CommandLine) -> None:
    created(rum_replay, "--device-detected", "--session-id", "s1", "--view-id", "v1")
    assert rum_replay.emulator.requests[-1].json()["data"]["attributes"] == {
        "application_id": "app-1",
        "device_type": "desktop",
        "event_id": "event-1",
        "is_device_type_selected_by_user": False,
        "session_id": "s1",
        "snapshot_name": "Before the redesign",
        "start": 1500,
        "view_id": "v1",
        "view_name": "/checkout",
    }


def test_create_assumes_a_selected_device_type_and_omits_absent_options(rum_replay: CommandLine) -> None:
    created(rum_replay)
    attributes = rum_replay.emulator.requests[-1].json()["data"]["attributes"]
    assert attributes["is_device_type_selected_by_user"] is True
    assert "session_id" not in attributes


def test_create_shows_the_snapshot(rum_replay: CommandLine) -> None:
    lines = rum_replay(*CREATE).succeeded().lines
    assert any(line.split()[:2] == ["name", "Before"] for line in lines)
    assert any(line.split() == ["device", "selected", "by", "user", "yes"] for line in lines)
    assert any(line.split() == ["created", "by", rum_replay.emulator.user.handle] for line in lines)


def test_create_names_the_option_that_is_missing(rum_replay: CommandLine) -> None:
    assert "--start" in rum_replay(*CREATE[:-2]).failed(status=2)
    assert rum_replay.operations == []


def test_list_filters_and_limits_on_the_server(rum_replay: CommandLine) -> None:
    created(rum_replay)
    options = ["--device-type", "desktop", "--application-id", "app-1", "--limit", "5"]
    lines = rum_replay("heatmaps", "list", "/checkout", *options).succeeded().lines
    assert len(lines) == 2
    assert dict(rum_replay.emulator.requests[-1].query) == {
        "filter[view_name]": "/checkout",
        "filter[device_type]": "desktop",
        "filter[application_id]": "app-1",
        "page[limit]": "5",
    }


def test_update_moves_the_snapshot(rum_replay: CommandLine) -> None:
    snapshot_id = created(rum_replay)
    options = ["--event-id", "event-2", "--start", "9000", "--device-detected", "--view-id", "v2"]
    updated = rum_replay("heatmaps", "update", snapshot_id, *options, "--json").succeeded().objects[0]["attributes"]
    assert (updated["event_id"], updated["start"], updated["view_id"]) == ("event-2", 9000, "v2")
    assert updated["is_device_type_selected_by_user"] is False
    assert updated["snapshot_name"] == "Before the redesign"


def test_update_requires_the_origin_of_the_device_type(rum_replay: CommandLine) -> None:
    line = rum_replay("heatmaps", "update", "x", "--event-id", "e", "--start", "1").failed(status=2)
    assert "--device-selected or --device-detected" in line


def test_delete_deletes(rum_replay: CommandLine) -> None:
    snapshot_id = created(rum_replay)
    rum_replay("heatmaps", "delete", snapshot_id, "--yes").succeeded()
    assert rum_replay("heatmaps", "list", "/checkout", "--json").out == ""
