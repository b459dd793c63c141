"""A short recorded session for demonstrations and tests; README.md in this folder describes its origin."""

from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from attrs import frozen

__all__ = ["SampleSession", "SampleView", "load_sample"]


@frozen
class SampleView:
    """One view: its segments in order, each as the SDK uploaded it (zlib), and the period that they cover.

    `start` and `end` are milliseconds since 1970-01-01 UTC.
    """

    view_id: str
    segments: tuple[bytes, ...]
    start: int
    end: int


@frozen
class SampleSession:
    """The session, with its views in the order in which they were opened."""

    application_id: str
    session_id: str
    views: tuple[SampleView, ...]

    def events(self, ended_at: float | None = None) -> list[dict[str, Any]]:
        """RUM events of the session, its views and the clicks in them, in the wire form that a search answers with.

        They are made from the recorded segments, and lack what those do not hold, such as errors, resources and people.
        `ended_at`, in milliseconds since 1970-01-01 UTC, moves them so that the session ended then; by default they
        have the recorded times. Segments are never changed.
        """
        from rum_replay_emulator.sample_events import events_of  # decompresses, which few need

        return events_of(self, 0 if ended_at is None else ended_at - self.views[-1].end)


@cache
def load_sample() -> SampleSession:
    """The recorded session: two views, four segments, about 8 kB."""
    recorded: list[tuple[dict[str, Any], bytes]] = []
    for resource in files(__name__).iterdir():
        if resource.name.endswith(".event.json"):
            event = msgspec.json.decode(resource.read_bytes())
            name = resource.name.replace(".event.json", ".zlib")
            recorded.append((event, files(__name__).joinpath(name).read_bytes()))
    recorded.sort(key=lambda pair: pair[0]["start"])
    views: dict[str, list[tuple[dict[str, Any], bytes]]] = {}
    for event, segment in recorded:
        views.setdefault(event["view"]["id"], []).append((event, segment))
    first = recorded[0][0]
    return SampleSession(
        application_id=first["application"]["id"],
        session_id=first["session"]["id"],
        views=tuple(
            SampleView(
                view_id=view_id,
                segments=tuple(segment for _, segment in pairs),
                start=pairs[0][0]["start"],
                end=pairs[-1][0]["end"],
            )
            for view_id, pairs in views.items()
        ),
    )
