"""Every kind of record from browsers and mobile apps; those not in the recordings follow Datadog's schemas."""

from __future__ import annotations

import json
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
import rum_replay
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


def test_the_recordings_contain_these_kinds() -> None:
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
    # Encoding gives the original members again.
    again = json.loads(msgspec.json.encode(record.data))
    assert {name: again[name] for name in data} == data


CHANGES: list[tuple[list[Any], records.Change]] = [
    ([0, "a", "b"], records.AddStrings(("a", "b"))),
    (
        [1, [None, "#document"], [1, 2, ["id", 3]], [0, "#text", "x"], [-2, 1, "html", "", 4]],
        records.AddNodes(
            (
                (None, "#document"),
                (1, 2, ("id", 3)),
                (0, "#text", "x"),
                (-2, 1, "html", "", 4),
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
    "wire",
    [
        [16, 1],
        [-1],
        [],
        ["x"],
        [True, 1],
        5,
        [2, "x"],
        [4, [1]],
        [1, [0]],
        [3, 5],
        [3, [1, []]],
        [3, [1, ["name", "value", "more"]]],
        [14, 1],
        [7, []],
    ],
)
def test_changes_that_cannot_be_decoded_are_kept_and_do_not_affect_others(wire: Any) -> None:
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


def test_mobile_snapshots_contain_wireframes_and_layers() -> None:
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
            # A nested object has its defaults too.
            encoded = {key: wireframe[name][key] for key in value} if isinstance(value, dict) else wireframe[name]
            assert encoded == value
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
        ({"type": True, "timestamp": True, "data": {"source": True}}, (None, None, None)),
        ([1, 2], (None, None, None)),
    ],
)
def test_records_that_cannot_be_decoded_are_kept_raw_with_the_reason(value: Any, expected: tuple[Any, ...]) -> None:
    record = decode(value)
    assert isinstance(record, segments.UnknownRecord)
    assert (record.type, record.timestamp, record.source) == expected
    assert record.reason


def test_unknown_members_remain_in_the_raw_record() -> None:
    record = decode({"type": 6, "timestamp": 1, "data": {"has_focus": True, "new": 1}, "$raw": "AAAA"})
    assert record.data.has_focus is True
    assert json.loads(record.raw)["data"]["new"] == 1


def test_a_lone_surrogate_is_replaced() -> None:
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


def test_a_record_nested_too_deeply_for_the_decoder_is_unknown() -> None:
    data = b'{"type":12,"timestamp":1,"data":' + b"[" * 50_000 + b"]" * 50_000 + b"}"
    # Since Python 3.14, the stack and not a number of calls is the limit; before, a small stack overflows first.
    before = threading.stack_size(1 << 18 if sys.version_info >= (3, 14) else 0)
    with ThreadPoolExecutor(1) as thread:
        record = thread.submit(segments.decode_record, data).result()
    threading.stack_size(before)
    assert isinstance(record, segments.UnknownRecord)
    assert "recursion" in record.reason or "overflow" in record.reason


def test_the_repr_of_a_node_has_the_number_of_its_children_at_any_depth() -> None:
    depth = 3_000
    opening = b'{"type":2,"id":1,"tagName":"b","attributes":{"a":"x"},"childNodes":['
    node = opening * depth + b'{"type":3,"id":2,"textContent":"t"}' + b"]}" * depth
    data = b'{"node":' + node + b',"initialOffset":{"left":0,"top":0}}'
    record = segments.decode_record(b'{"type":2,"timestamp":1,"data":' + data + b"}")
    assert isinstance(record, segments.FullSnapshotRecord)
    assert "ElementNode(id=1, tag_name='b', attributes={'a': 'x'}, child_nodes=<1>, is_svg=False)" in repr(record)
    assert len(repr(record.data)) < 500


@pytest.mark.parametrize("raw", ["{}", 3, None, bytearray(b"{}"), {"type": 4}], ids=lambda raw: type(raw).__name__)
def test_a_record_is_decoded_from_bytes_only(raw: Any) -> None:
    with pytest.raises(rum_replay.InvalidRequestError, match=f"^raw must be bytes of JSON, not {type(raw).__name__}$"):
        segments.decode_record(raw)


@pytest.mark.parametrize(
    ("pointer_event_type", "pointer_type", "known"),
    [
        *((event, pointer, True) for event in ("down", "up", "move") for pointer in ("mouse", "touch", "pen")),
        ("cancel", "mouse", False),
        ("down", "eraser", False),
    ],
)
def test_kinds_of_pointers(pointer_event_type: str, pointer_type: str, known: bool) -> None:
    pointer = {"pointerEventType": pointer_event_type, "pointerType": pointer_type, "pointerId": 1, "x": 1, "y": 2}
    record = incremental_record({"source": 9, **pointer})
    assert isinstance(record, segments.IncrementalSnapshotRecord) is known


@pytest.mark.parametrize(("format_", "known"), [(-1, False), (0, True), (1, True), (2, False)])
def test_formats_of_snapshots(format_: int, known: bool) -> None:
    tree = {"node": {"type": 0, "id": 0, "childNodes": []}, "initialOffset": {"left": 0, "top": 0}}
    data: Any = [] if format_ == 1 else tree
    record = decode({"type": 2, "timestamp": 1, "format": format_, "data": data})
    assert isinstance(record, segments.FullSnapshotRecord) is known


@pytest.mark.parametrize(
    ("cls", "members", "defaults"),
    [
        (records.WireframeClip, {}, {"top": 0, "bottom": 0, "left": 0, "right": 0}),
        (records.StyleSheet, {"cssRules": []}, {"media": (), "disabled": False}),
        (records.StyleSheetAddition, ["a{}"], {"rules": "a{}", "media": (), "disabled": False}),
        (
            records.ElementNode,
            {"type": 2, "id": 1, "tagName": "p", "attributes": {}, "childNodes": []},
            {"is_svg": False},
        ),
        (records.TextNode, {"type": 3, "id": 1, "textContent": ""}, {"is_style": False}),
        (records.CdataNode, {"type": 4, "id": 1}, {"text_content": ""}),
        (records.DocumentNode, {"type": 0, "id": 1, "childNodes": []}, {"adopted_style_sheets": ()}),
        (
            records.DocumentFragmentNode,
            {"type": 11, "id": 1, "childNodes": []},
            {"is_shadow_root": False, "adopted_style_sheets": ()},
        ),
        (records.StyleSheetRuleData, {"source": 8, "id": 1}, {"removes": (), "adds": ()}),
        (records.StyleSheetRuleInsertion, {"rule": "a{}"}, {"index": None}),
        (records.InputData, {"source": 5, "id": 1}, {"text": None, "is_checked": None}),
        (records.MouseInteractionData, {"source": 2, "type": 5, "id": 1}, {"x": None, "y": None}),
        (records.Screen, {"width": 1, "height": 2}, {"href": None}),
        (records.MobileMutationData, {"source": 0}, {"adds": (), "removes": (), "updates": ()}),
        (records.TouchData, {"source": 2}, {"positions": ()}),
        (
            records.CompositionTreeMutationData,
            {"source": 10},
            {"root": None, "adds": (), "removes": (), "updates": ()},
        ),
        (records.MobileSnapshot, {"wireframes": []}, {"composition_tree": None}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_missing_members_have_defaults(cls: type[Any], members: Any, defaults: dict[str, Any]) -> None:
    part = msgspec.convert(members, cls)
    assert {name: getattr(part, name) for name in defaults} == defaults


@pytest.mark.parametrize(
    ("cls", "members"),
    [
        (records.AddedNode, ["node", "parentId", "nextId"]),
        (records.MutationData, ["adds", "removes", "attributes", "texts"]),
        (records.PointerPosition, ["x", "y", "id", "timeOffset"]),
        (records.ScrollData, ["id", "x", "y"]),
        (records.ViewportResizeData, ["width", "height"]),
        (records.VisualViewport, ["offsetLeft", "offsetTop", "pageLeft", "pageTop", "width", "height", "scale"]),
        (records.Frustration, ["frustrationTypes", "recordIds"]),
        (records.Focus, ["has_focus"]),
        (records.DomSnapshot, ["node", "initialOffset"]),
        (records.Offset, ["top", "left"]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_members_that_every_record_has(cls: type[Any], members: list[str]) -> None:
    required = [field.encode_name for field in msgspec.structs.fields(cls) if field.required]
    assert required == members
