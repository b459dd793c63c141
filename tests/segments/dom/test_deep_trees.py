"""Trees that are deeper than JSON decoders support."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import page_at, text_of
from rum_replay.segments.records import _deep_json as deep_json

from ..recorded import FOLDERS, segment_files, values
from .pages import document, element, page_of, tree_snapshot

DEPTH = 4_500
OPEN = '{"type":2,"id":%d,"tagName":"b","attributes":{"title":"}{\\"]["},"childNodes":['
TREE = (
    "".join(OPEN % level for level in range(1, DEPTH))
    + '{"type":3,"id":0,"textContent":"deep"}'.replace("0", str(DEPTH))
    + "]}" * (DEPTH - 1)
)
SNAPSHOT = (
    '{"type":2,"timestamp":1,"data":{"initialOffset":{"top":0,"left":5},"node":{"type":0,"id":0,"childNodes":[%s]}}}'
)


def test_a_snapshot_is_decoded_at_any_depth() -> None:
    raw = (SNAPSHOT % TREE).encode()
    record = segments.decode_record(raw)
    assert isinstance(record, segments.FullSnapshotRecord)
    assert record.raw == raw
    page = page_of(record)
    assert page.problems == {}
    assert len(page.nodes) == DEPTH + 1
    assert page.root is not None
    assert (page.scroll.left, text_of(page.root)) == (5, "deep")
    assert page.nodes[DEPTH - 1].attributes == {"title": '}{"]['}


def test_a_recording_with_a_deep_snapshot_has_a_page() -> None:
    segment = '{"records":[%s],"view":{"id":"v"},"index_in_view":0}' % (SNAPSHOT % TREE)
    (view,) = segments.open(segment.encode()).views
    assert len(page_at(view).nodes) == DEPTH + 1


def test_a_mutation_is_decoded_at_any_depth() -> None:
    addition = '{"node":TREE,"parentId":0,"nextId":null}'.replace("TREE", TREE)
    data = '{"source":0,"adds":[ADDITION],"removes":[],"attributes":[],"texts":[]}'.replace("ADDITION", addition)
    record = segments.decode_record(b'{"type":3,"timestamp":1,"data":%b}' % data.encode())
    page = page_of(tree_snapshot(document(0)), record)
    assert len(page.nodes) == DEPTH + 1


def test_decoding_from_the_inside_out_equals_other_decoders() -> None:
    for value in (v for folder in FOLDERS for v in values(folder) if v["type"] == 12):
        assert deep_json.decode_deep(json.dumps(value).encode()) == value
    folder = FOLDERS[0]
    for record in segments.open(segment_files(folder)).records():
        if isinstance(record, segments.FullSnapshotRecord):
            assert isinstance(record.data, segments.DomSnapshot)
            assert deep_json.decode_deep(record.raw)["data"]["node"] == record.data.node


@pytest.mark.parametrize(
    "broken",
    [
        SNAPSHOT % TREE[:-1],
        SNAPSHOT % TREE.replace("]}", "}]", 1),
        SNAPSHOT % TREE.replace('"deep"', '"deep'),
        SNAPSHOT % TREE.replace('"deep"', '"' + '\\"' * 50_000),
        SNAPSHOT % TREE.replace('"deep"', "1"),
        SNAPSHOT % TREE.replace('"deep"', "-0.0e-0"),
        SNAPSHOT % TREE.replace('"type":3', '"type":77'),
        SNAPSHOT % TREE.replace('"tagName":"b",', "", 1),
        SNAPSHOT % TREE + "]",
        SNAPSHOT.replace('"type":2', '"type":12') % TREE,
    ],
    ids=range(10),
)
def test_a_deep_and_invalid_record_is_unknown(broken: str) -> None:
    record = segments.decode_record(broken.encode())
    assert isinstance(record, segments.UnknownRecord)
    assert record.raw == broken.encode()


def test_a_record_with_a_child_of_an_unknown_kind_is_unknown() -> None:
    broken: Any = element(1, "p") | {"childNodes": [{"type": 9, "id": 2}]}
    raw = json.dumps({"type": 2, "timestamp": 1, "data": {"node": broken, "initialOffset": {"left": 0, "top": 0}}})
    assert isinstance(segments.decode_record(raw.encode()), segments.UnknownRecord)
