"""A short session of a mobile app: made up from the schemas that Datadog publishes, not recorded by an SDK."""

import json
import zlib
from functools import cache
from typing import Any

from rum_replay_emulator.sample import SampleSession, SampleView

__all__ = ["load_mobile_sample"]

_APPLICATION = "5f0c1d3e-8a52-4b1f-9c07-2d6e7a1b4c10"
_SESSION = "0d9f7b62-3c41-4e8a-a5d2-91c3e0f7b811"
_VIEW = "7c2e5a90-6b1d-4f37-8e94-b0a1d2c3e412"
_START = 1_795_230_000_000
_WIDTH, _HEIGHT = 360, 640


@cache
def load_mobile_sample() -> SampleSession:
    """A session with one view of two segments: a screen of a shop, a tap on "Pay now", what it changes, and a swipe.

    Nothing in it was recorded: records, order and metadata follow the published schemas. Coordinates are in
    density-independent pixels.
    """
    first = [
        _record(4, 0, {"width": _WIDTH, "height": _HEIGHT}),
        _record(6, 0, {"has_focus": True}),
        _record(10, 0, {"wireframes": _screen()}),
    ]
    thanks = _text(6, "Thank you!", 320, 16, "#2E7D32FF")
    paid = {"source": 0, "adds": [{"previousId": 4, "wireframe": thanks}], "removes": [{"id": 5}], "updates": []}
    second = [
        *_touch((1_000, "down", 180, 244), (1_060, "up", 181, 245)),
        _record(11, 1_200, {**paid, "updates": [{"type": "text", "id": 4, "text": "Paid"}]}),
        *_touch((3_000, "down", 180, 500), (3_100, "move", 180, 350), (3_200, "up", 180, 200)),
        _record(7, 5_000, None),
    ]
    segments = tuple(_segment(index, records) for index, records in enumerate((first, second)))
    view = SampleView(view_id=_VIEW, segments=segments, start=_START, end=_START + 5_000)
    return SampleSession(application_id=_APPLICATION, session_id=_SESSION, views=(view,))


def _screen() -> list[dict[str, Any]]:
    button = {"backgroundColor": "#2E7D32FF", "cornerRadius": 24}
    middle = {"alignment": {"horizontal": "center", "vertical": "center"}}
    pay = {"height": 48, "textPosition": middle, "permanentId": "pay-button"}
    return [
        _box(1, "shape", 0, _WIDTH, _HEIGHT, shapeStyle={"backgroundColor": "#FFFFFFFF"}) | {"x": 0},
        _text(2, "Your cart", 24, 24, "#202124FF"),
        _box(3, "shape", 220, 328, 48, shapeStyle=button, permanentId="pay-button"),
        _text(4, "Pay now", 220, 16, "#FFFFFFFF") | pay,
        _box(5, "image", 80, 100, 100, resourceId="e3b0c44298fc1c14", mimeType="image/png"),
    ]


def _box(number: int, kind: str, top: int, width: int, height: int, **more: Any) -> dict[str, Any]:
    return {"id": number, "type": kind, "x": 16, "y": top, "width": width, "height": height, **more}


def _text(number: int, text: str, top: int, size: int, color: str) -> dict[str, Any]:
    style = {"family": "Roboto, sans-serif", "size": size, "color": color}
    return _box(number, "text", top, 328, 32, text=text, textStyle=style)


def _touch(*events: tuple[int, str, int, int]) -> list[dict[str, Any]]:
    pointer = {"source": 9, "pointerType": "touch", "pointerId": 0}
    return [_record(11, at, {**pointer, "pointerEventType": kind, "x": x, "y": y}) for at, kind, x, y in events]


def _record(kind: int, at: int, data: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": kind, "timestamp": _START + at, **({} if data is None else {"data": data})}


def _segment(index: int, records: list[dict[str, Any]]) -> bytes:
    metadata = {
        "start": records[0]["timestamp"],
        "end": records[-1]["timestamp"],
        "records_count": len(records),
        "has_full_snapshot": index == 0,
        "source": "android",
        "application": {"id": _APPLICATION},
        "session": {"id": _SESSION},
        "view": {"id": _VIEW},
    }
    return zlib.compress(json.dumps({"records": records, **metadata}).encode() + b"\n")
