"""The same session, recorded in another way: all outputs say the same."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from rum_replay import segments

from .other_form import in_older_form
from .recorded import FOLDERS, documents

Segment = dict[str, Any]

_NEW, _OLD = (next(folder for folder in FOLDERS if version in folder.name) for version in ("7.16.2-allow", "6.33.0"))
_HOUR = 3_600_000
_AT_THE_TOP = {"type": 3, "data": {"source": 3, "id": 0, "x": 0, "y": 0}}
_COUNTS = ("records", "segments", "size", "compressed_size")


def outputs(session: list[Segment]) -> dict[str, Any]:
    """What is made of a session, without the number and size of its parts."""
    recording = segments.open([json.dumps(segment).encode() for segment in session])
    summary = segments.summarize(recording).to_dict()
    for one in [*summary["sessions"], *summary["views"]]:
        for name in _COUNTS:
            del one[name]
    heatmap = segments.heatmap_of(recording)
    pages = [
        segments.page_at(view, view.start + part * (view.end - view.start) / 3)
        for view in recording.views
        for part in range(4)
        if view.start is not None and view.end is not None
    ]
    return {
        "summary": summary,
        "timeline": [entry.to_dict() for entry in segments.timeline(recording)],
        "steps": segments.steps(recording),
        "heatmap": (heatmap.clicks, heatmap.left_out, heatmap.elements, heatmap.markup, heatmap.height),
        "pages": [(segments.to_html(page), page.url, page.viewport, page.scroll, page.problems) for page in pages],
        "problems": recording.report.problems,
    }


def split(session: list[Segment]) -> list[Segment]:
    """Each segment in three, numbered anew."""
    parts: list[Segment] = []
    for segment in session:
        records, third = segment["records"], len(segment["records"]) // 3
        if segment["index_in_view"] == 0:
            index = 0
        for some in (records[:third], records[third : 2 * third], records[2 * third :]):
            times = [one["timestamp"] for one in some if one["type"] != 9]
            stated = {"start": min(times), "end": max(times), "records_count": len(some), "index_in_view": index}
            parts.append({**segment, "records": some, **stated})
            index += 1
    return parts


def shuffled(session: list[Segment]) -> list[Segment]:
    return session[1::2] + session[::2][::-1]


def with_more(*after: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Callable[[list[Segment]], list[Segment]]:
    """With records that change nothing after each other record."""

    def change(session: list[Segment]) -> list[Segment]:
        return [_with(segment, list(_records(segment))) for segment in session]

    def _records(segment: Segment) -> Iterator[dict[str, Any]]:
        begun = segment["index_in_view"] > 0
        for record in segment["records"]:
            yield record
            begun = begun or record["type"] == 2
            if begun and record["type"] != 9:
                for make in after:
                    if (more := make(record)) is not None:
                        yield {**more, "timestamp": record["timestamp"]}

    return change


def _with(segment: Segment, records: list[dict[str, Any]]) -> Segment:
    return {**segment, "records": records, "records_count": len(records)}


def _again(kind: int, source: int | None = None) -> Callable[[dict[str, Any]], dict[str, Any] | None]:
    """The record once more, if it is of a kind."""
    return lambda one: one if one["type"] == kind and (source is None or one["data"]["source"] == source) else None


def apart(session: list[Segment]) -> list[Segment]:
    """Each operation of a change record in a record of its own, except style sheets, which need those that follow."""

    def parts(record: dict[str, Any]) -> list[dict[str, Any]]:
        if record["type"] != 12 or any(operation == 7 for operation, *_ in record["data"]):
            return [record]
        return [{**record, "data": [one]} for one in record["data"]]

    return [_with(one, [part for record in one["records"] for part in parts(record)]) for one in session]


WAYS = {
    "in more segments": split,
    "in another order": lambda session: shuffled(split(session)),
    "with a segment twice": lambda session: [*session, {**dict(reversed(session[1].items())), "new": {"a": [1]}}],
    "with unknown members": lambda session: [
        _with(one, [{**record, "new": [1]} for record in one["records"]]) for one in session
    ],
    "with scrolling twice": with_more(_again(3, 3)),
    "with scrolling to where the page is": with_more(lambda one: _AT_THE_TOP if one["type"] == 2 else None),
    "with a window that is resized to the same size": with_more(_again(3, 4)),
    "with a visual viewport that stays": with_more(_again(8)),
    "with empty changes": with_more(lambda _: {"type": 12, "data": []}, lambda _: {"type": 12, "data": [[0], [11]]}),
    "with changes one by one": apart,
    "in the form of older SDKs": in_older_form,
}


def session_of(name: str) -> list[Segment]:
    return [json.loads(document) for document in documents(_OLD if name == "old" else _NEW)]


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, Any]]:
    return {name: outputs(session_of(name)) for name in ("old", "new")}


def _without(way: str, found: dict[str, Any]) -> dict[str, Any]:
    """What must be the same: a copy is a problem, and summaries count every record of scrolling."""
    found = copy.deepcopy(found)
    if "segment twice" in way:
        found["problems"] = ()
        for one in [found["summary"], *found["summary"]["sessions"], *found["summary"]["views"]]:
            one["problems"] = []
    if "scrolling" in way:
        del found["summary"]
    return found


@pytest.mark.parametrize(
    ("name", "way"), [(name, way) for name in ("new", "old") for way in WAYS if name == "new" or "SDKs" not in way]
)
def test_the_same_session(name: str, way: str, expected: dict[str, dict[str, Any]]) -> None:
    found, wanted = _without(way, outputs(WAYS[way](session_of(name)))), _without(way, expected[name])
    for output, value in wanted.items():
        assert found[output] == value, output


def test_a_session_an_hour_later(expected: dict[str, dict[str, Any]]) -> None:
    text = json.dumps(session_of("new"))
    later = outputs(json.loads(re.sub(r"\b1795\d{9}\b", lambda time: str(int(time[0]) + _HOUR), text)))
    for output in ("summary", "timeline"):
        back = re.sub(r"\b1795\d{9}\b", lambda time: str(int(time[0]) - _HOUR), json.dumps(later[output]))
        assert json.loads(back) == json.loads(json.dumps(expected["new"][output]))
    assert later["pages"] == expected["new"]["pages"]
