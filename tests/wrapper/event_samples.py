"""RUM events for the tests of search, and a client of an emulator that has them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from rum_replay import ReplayClient
from rum_replay_emulator import Assumptions, Emulator

from .replay_driver import Driver

START = datetime(2026, 7, 1, 10, tzinfo=UTC)
END = START + timedelta(days=1)
WINDOW: dict[str, Any] = {"start": START, "end": END}


def event(number: int, *, at: float | None = None, kind: str = "view", **own: Any) -> dict[str, Any]:
    """The wire form of an event, `at` minutes after START, by default one for each number."""
    time = START + timedelta(minutes=number if at is None else at)
    attributes = {"timestamp": time.isoformat().replace("+00:00", "Z"), "attributes": {"type": kind, **own}}
    return {"id": f"event-{number:06}", "type": "rum", "attributes": attributes}


def view(number: int, session_id: str, view_id: str, *, at: float | None = None, **details: Any) -> dict[str, Any]:
    """An event of a view with a replay."""
    session = {"id": session_id, "has_replay": True}
    return event(number, at=at, session=session, view={"id": view_id, **details}, application={"id": "app"})


def session(number: int, session_id: str, *, at: float | None = None, **details: Any) -> dict[str, Any]:
    """The event of a session with a replay."""
    return event(number, at=at, kind="session", session={"id": session_id, "has_replay": True, **details})


def emulator_with(events: Iterable[dict[str, Any]], **assumed: Any) -> Emulator:
    emulator = Emulator(assumptions=Assumptions(**assumed))
    emulator.load_events(events)
    return emulator


def client_of(driver: Driver, emulator: Emulator) -> ReplayClient:
    return driver.open(site="us1", http_client=driver.open_http_client(transport=emulator.transport()))


def bodies(emulator: Emulator) -> list[dict[str, Any]]:
    """The bodies of the searches that arrived."""
    return [request.json() for request in emulator.requests if request.operation == "SearchRUMEvents"]
