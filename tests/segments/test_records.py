"""Every kind of record of all eras, browsers and mobile; those that the recordings lack are written by the schemas."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import msgspec
import pytest
from rum_replay import segments
from rum_replay.segments import records

from .recorded import FOLDERS, uploads


def decode(value: Any) -> Any:
    raw = json.dumps(value).encode()
    record = segments.decode_record(raw)
    assert record.raw == raw
    return record


def incremental_record(data: dict[str, Any], record_type: int = 3) -> Any:
    return decode({"type": record_type, "timestamp": 5, "data": data})


def test_the_recordings_hold_these_kinds() -> None:
    kinds: Counter[str] = Counter()
    for folder in FOLDERS:
        for record in segments.open(uploads(folder)).records():
            kinds[type(record).__name__] += 1
            data = getattr(record, "data", None)
            parts = data if isinstance(data, tuple) else (data,)
            kinds.update(type(part).__name__ for part in parts)
    assert {"UnknownRecord", "UnknownChange"}.isdisjoint(kinds)
    assert {
        name: kinds[name] for name in ("FullSnapshotRecord", "DomSnapshot", "ChangeRecord", "FrustrationRecord")
    } == {
        "FullSnapshotRecord": 14,
        "DomSnapshot": 4,
        "ChangeRecord": 87,
        "FrustrationRecord": 3,
    }
    assert {"AddStrings", "AddRoleStrings", "SetInputSelections", "SetImageContents", "InputData"} <= set(kinds)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"source": 0, "adds": [], "removes": [], "attributes": [], "texts": []}, records.MutationData),
        ({"source": 1, "positions": [{"x": 1, "y": 2, "id": 3, "timeOffset": -4}]}, records.MouseMoveData),
        ({"source": 2, "type": 6, "id": 1}, records.MouseInteractionData),
        ({"source": 3, "id": 1, "x": 1.5, "y": 2}, records.ScrollData),
        ({"source": 4, "width": 1, "height": 2}, records.ViewportResizeData),
        ({"source": 5, "id": 1, "isChecked": True}, records.InputData),
        ({"source": 6, "positions": []}, records.TouchMoveData),
        ({"source": 7, "id": 1, "type": 0}, records.MediaInteractionData),
        ({"source": 8, "id": 1, "adds": [{"rule": "a{}", "index": [0, 1]}]}, records.StyleSheetRuleData),
        (
            {"source": 9, "pointerEventType": "down", "pointerType": "pen", "pointerId": 1, "x": 1, "y": 2},
            records.PointerInteractionData,
        ),
    ],
)
def test_incremental_sources_of_browsers(data: dict[str, Any], kind: type[Any]) -> None:
    record = incremental_record(data)
    assert type(record) is segments.IncrementalSnapshotRecord
    assert type(record.data) is kind
    # In the names of the wire again, nothing is lost.
    again = json.loads(msgspec.json.encode(record.data))
    assert {name: again[name] for name in data} == data


CHANGES: list[tuple[list[Any], records.Change]] = [
    ([0, "a", "b"], records.AddStrings(("a", "b"))),
    (
        [1, [None, "#document"], [1, 2, ["id", 3]], [0, "#text", "x"], [-2, 1, "html", "", 4]],
        records.AddNodes(
            (
                records.NodeAddition(None, "#document"),
                records.NodeAddition(1, 2, (("id", 3),)),
                records.NodeAddition(0, "#text", ("x",)),
                records.NodeAddition(-2, 1, ("html", "", 4)),
            )
        ),
    ),
    ([2, 5, 6], records.RemoveNodes((5, 6))),
    ([3, [1, ["a", 2], ["b"]]], records.SetAttributes(((1, (("a", 2), ("b",))),))),
    ([4, [1, {"role": 4, "string": "x"}]], records.SetTexts(((1, records.RoleString(4, "x")),))),
    ([5, [1, 2.5, 3]], records.SetSizes(((1, 2.5, 3),))),
    ([6, [1, 2, 3]], records.SetScrollPositions(((1, 2, 3),))),
    (
        [7, ["a{}"], [[1, "b"], ["print"], True]],
        records.AddStyleSheets(
            (records.StyleSheetAddition("a{}"), records.StyleSheetAddition((1, "b"), ("print",), disabled=True))
        ),
    ),
    ([8, [1], [2, 0, 1]], records.AttachStyleSheets(((1, ()), (2, (0, 1))))),
    ([9, [1, 0]], records.SetMediaStates(((1, 0),))),
    ([10, [0, 0, 1, 2, 3, 4, 1.5]], records.SetVisualViewports(((0, 0, 1, 2, 3, 4, 1.5),))),
    ([11, [6, "a{}"], [0]], records.AddRoleStrings(((6, ("a{}",)), (0, ())))),
    ([12, [1, "x"]], records.SetInputValues(((1, "x"),))),
    ([13, [2, 7, 8]], records.SetInputSelections(((2, (7, 8)),))),
    ([14], records.ClearStrings()),
    ([15, [1, 9]], records.SetImageContents(((1, 9),))),
]


@pytest.mark.parametrize(("wire", "change"), CHANGES, ids=[str(wire[0]) for wire, _ in CHANGES])
def test_change_operations(wire: list[Any], change: records.Change) -> None:
    for record in (
        {"type": 12, "timestamp": 1, "data": [wire]},
        {"type": 2, "format": 1, "timestamp": 1, "data": [wire]},
    ):
        assert decode(record).data == (change,)
    assert getattr(change, "operation", None) == wire[0]


@pytest.mark.parametrize(
    "wire", [[16, 1], [], ["x"], [True, 1], 5, [2, "x"], [4, [1]], [1, [0]], [3, 5], [14, 1], [7, []]]
)
def test_changes_that_do_not_fit_are_kept_and_their_neighbours_too(wire: Any) -> None:
    unknown, known = decode({"type": 12, "timestamp": 1, "data": [wire, [2, 1]]}).data
    assert isinstance(unknown, segments.UnknownChange)
    assert json.loads(unknown.raw) == wire
    assert unknown.reason
    assert known == records.RemoveNodes((1,))


def test_nodes_of_the_older_format() -> None:
    host = {
        "type": 2, "id": 2, "tagName": "div", "isSVG": True,
        "attributes": {"class": "a", "rr_scrollTop": 5, "checked": True},
        "childNodes": [
            {"type": 11, "id": 3, "isShadowRoot": True, "childNodes": [],
             "adoptedStyleSheets": [{"cssRules": ["a{}"]}]},
            {"type": 3, "id": 4, "textContent": "x", "isStyle": True},
            {"type": 4, "id": 5, "textContent": ""},
        ],
    }  # fmt: skip
    doctype = {"type": 1, "id": 1, "name": "html", "publicId": "", "systemId": ""}
    document = {"type": 0, "id": 0, "childNodes": [doctype, host]}
    record = decode({"type": 2, "timestamp": 1, "data": {"node": document, "initialOffset": {"top": 1, "left": 2}}})
    assert (record.format, record.data.initial_offset.top) == (0, 1)
    assert record.data.node.child_nodes == (
        records.DoctypeNode(id=1, name="html", public_id="", system_id=""),
        records.ElementNode(
            id=2,
            tag_name="div",
            attributes={"class": "a", "rr_scrollTop": 5, "checked": True},
            is_svg=True,
            child_nodes=(
                records.DocumentFragmentNode(
                    id=3, child_nodes=(), is_shadow_root=True, adopted_style_sheets=(records.StyleSheet(("a{}",)),)
                ),
                records.TextNode(id=4, text_content="x", is_style=True),
                records.CdataNode(id=5),
            ),
        ),
    )


def test_mobile_snapshots_hold_wireframes_and_layers() -> None:
    box = {"id": 1, "x": 0, "y": 1, "width": 2, "height": 3}
    kinds: list[dict[str, Any]] = [
        {"type": "shape", "shapeStyle": {"backgroundColor": "#FFFFFFFF"}, "border": {"color": "#000000", "width": 1}},
        {"type": "text", "text": "x", "textStyle": {"family": "f", "size": 1, "color": "#000000"}, "clip": {"top": 1}},
        {"type": "image", "resourceId": "r", "mimeType": "image/png", "isEmpty": False},
        {"type": "placeholder", "label": "l", "permanentId": "p"},
        {"type": "webview", "slotId": "s", "isVisible": True},
        {"type": "embedded_view", "slotId": "s"},
        {"type": "embedded_content", "slotId": "s"},
    ]
    layer = {**box, "children": [{"type": "wireframe", "id": 1}], "modifiers": [{"type": "opacity", "value": 0.5}]}
    tree = {"root": layer, "layers": [layer]}
    data = {"wireframes": [{**box, **kind} for kind in kinds], "compositionTree": tree}
    record = decode({"type": 10, "timestamp": 1, "slotId": "q", "data": data})
    assert type(record) is segments.MobileFullSnapshotRecord
    assert record.slot_id == "q"
    assert [type(wireframe).__name__.removesuffix("Wireframe") for wireframe in record.data.wireframes] == [
        "Shape", "Text", "Image", "Placeholder", "Webview", "EmbeddedView", "EmbeddedContent",
    ]  # fmt: skip
    again = json.loads(msgspec.json.encode(record.data))
    for wireframe, kind in zip(again["wireframes"], kinds, strict=True):
        for name, value in {**box, **kind}.items():
            # An object holds its defaults too.
            held = {key: wireframe[name][key] for key in value} if isinstance(value, dict) else wireframe[name]
            assert held == value
    assert record.data.composition_tree is not None
    assert record.data.composition_tree.root.modifiers == ({"type": "opacity", "value": 0.5},)
    assert record.data.composition_tree.layers == (record.data.composition_tree.root,)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            {"source": 0, "adds": [{"previousId": 1, "wireframe": {"type": "shape", "id": 2}}], "removes": [{"id": 3}]},
            records.MobileMutationData,
        ),
        ({"source": 0, "updates": [{"type": "text", "id": 2, "text": "x"}]}, records.MobileMutationData),
        ({"source": 2, "positions": [{"id": 1, "x": 2, "y": 3, "timestamp": 4}]}, records.TouchData),
        ({"source": 4, "width": 1, "height": 2}, records.ViewportResizeData),
        (
            {"source": 9, "pointerEventType": "up", "pointerType": "touch", "pointerId": 1, "x": 1, "y": 2},
            records.PointerInteractionData,
        ),
        ({"source": 10, "removes": [1], "updates": [{"id": 2, "children": []}]}, records.CompositionTreeMutationData),
    ],
)
def test_incremental_sources_of_mobile(data: dict[str, Any], kind: type[Any]) -> None:
    record = incremental_record(data, 11)
    assert type(record) is segments.MobileIncrementalSnapshotRecord
    assert type(record.data) is kind


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"type": 99, "timestamp": 7, "data": {"source": 3}}, (99, 7, 3)),
        ({"type": 3, "timestamp": 7, "data": {"source": 42, "x": 1}}, (3, 7, 42)),
        ({"type": 3, "timestamp": 7, "data": {"source": 3, "id": "one"}}, (3, 7, 3)),
        ({"type": 4, "timestamp": 7.5}, (4, 7.5, None)),
        ({"type": "4", "timestamp": None}, (None, None, None)),
        ([1, 2], (None, None, None)),
    ],
)
def test_records_that_do_not_fit_are_kept_raw_with_the_reason(value: Any, expected: tuple[Any, ...]) -> None:
    record = decode(value)
    assert isinstance(record, segments.UnknownRecord)
    assert (record.type, record.timestamp, record.source) == expected
    assert record.reason


def test_members_that_are_not_known_stay_in_the_raw_record() -> None:
    record = decode({"type": 6, "timestamp": 1, "data": {"has_focus": True, "new": 1}, "$raw": "AAAA"})
    assert record.data.has_focus is True
    assert json.loads(record.raw)["data"]["new"] == 1


def test_half_a_character_does_not_cost_the_record() -> None:
    raw = rb'{"type":3,"timestamp":1,"data":{"source":5,"id":1,"text":"\ud83d\ude00 \\ud83d \ud83d"}}'
    record = segments.decode_record(raw)
    assert isinstance(record, segments.IncrementalSnapshotRecord)
    assert isinstance(record.data, records.InputData)
    assert record.data.text == "\N{GRINNING FACE} \\ud83d \N{REPLACEMENT CHARACTER}"
    assert record.raw == raw


def test_records_are_frozen() -> None:
    record = decode({"type": 6, "timestamp": 1, "data": {"has_focus": True}})
    with pytest.raises(AttributeError):
        record.timestamp = 2


def test_nesting_beyond_the_decoder_is_a_reason_and_no_crash() -> None:
    record = segments.decode_record(b'{"type":12,"timestamp":1,"data":' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    assert isinstance(record, segments.UnknownRecord)
    assert "recursion" in record.reason


def test_a_node_is_shown_with_the_number_of_its_children_however_deep_they_are() -> None:
    depth = 3_000
    opening = b'{"type":2,"id":1,"tagName":"b","attributes":{"a":"x"},"childNodes":['
    node = opening * depth + b'{"type":3,"id":2,"textContent":"t"}' + b"]}" * depth
    data = b'{"node":' + node + b',"initialOffset":{"left":0,"top":0}}'
    record = segments.decode_record(b'{"type":2,"timestamp":1,"data":' + data + b"}")
    assert isinstance(record, segments.FullSnapshotRecord)
    shown = "ElementNode(id=1, tag_name='b', attributes={'a': 'x'}, child_nodes=<1>, is_svg=False)"
    assert shown in repr(record)
    assert len(repr(record.data)) < 500
