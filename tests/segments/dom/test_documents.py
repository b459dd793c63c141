"""Which nodes a page accepts, and how much of it `Page.to_dict` writes out."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import Page

from .pages import add, change_snapshot, document, element, mutation, page_of, shadow, text, tree_snapshot

MIB = 1 << 20


@pytest.mark.parametrize(
    ("parent", "accepted"),
    [
        ({"type": 0, "id": 5, "childNodes": []}, True),
        ({"type": 1, "id": 5, "name": "html", "publicId": "", "systemId": ""}, False),
        (element(5, "p"), True),
        (text(5, "text"), False),
        ({"type": 4, "id": 5, "textContent": ""}, False),
        (shadow(5), True),
        ({"type": 11, "id": 5, "childNodes": []}, True),
    ],
    ids=["document", "doctype", "element", "text", "CDATA", "shadow root", "fragment"],
)
def test_documents_elements_shadow_roots_and_fragments_have_children(parent: Any, accepted: bool) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "div", parent))))
    page.apply(mutation([add(element(9, "b"), 5)]))
    assert (9 in page.nodes) is accepted
    assert page.problems == ({} if accepted else {"a child of a node that cannot have children": 1})


@pytest.mark.parametrize(
    ("parent", "shadow_roots", "problems"),
    [("div", 1, 0), ("div", 2, 1), ("#document", 1, 1)],
)
def test_an_element_has_one_shadow_root_and_a_document_has_none(parent: str, shadow_roots: int, problems: int) -> None:
    roots = [shadow(10 + n) for n in range(shadow_roots)]
    page = page_of(
        tree_snapshot(document(0, *roots) if parent == "#document" else document(0, element(1, "div", *roots)))
    )
    assert page.problems == ({"a shadow root in an invalid place": problems} if problems else {})


def nested(levels: int) -> Page:
    return page_of(change_snapshot([1, [None, "#document"], *[[1, "DIV"] for _ in range(levels)]]))


@pytest.mark.parametrize(("levels", "is_cut"), [(400, False), (401, True)])
def test_a_tree_is_written_out_to_400_levels_below_the_document(levels: int, is_cut: bool) -> None:
    node, depth = nested(levels).to_dict()["tree"], 0
    while node["c"]:
        (node,), depth = node["c"], depth + 1
    assert depth == 400
    assert node.get("cut", False) is is_cut


@pytest.mark.parametrize(
    "operations",
    [
        [[0, "x" * MIB], [1, [None, "#document"], *[[n + 1, "#text", 0] for n in range(64)]]],
        [[0, "x" * MIB], [1, [None, "#document"], *[[n + 1, "P", ["title", 0]] for n in range(64)]]],
        [[0, "x" * MIB], [1, [None, "#document"], *[[n + 1, "INPUT", ["value", 0]] for n in range(64)]]],
        [
            [0, "a{" + "x" * (MIB - 3) + "}"],
            [1, [None, "#document"], *[[n + 1, "STYLE"] for n in range(64)]],
            [7, [0]],
            [8, *[[n + 1, 0] for n in range(64)]],
        ],
    ],
    ids=["texts", "attributes", "values", "style sheets"],
)
def test_a_page_of_64_mi_characters_is_written_out_and_no_larger_one(operations: Any) -> None:
    assert len(page_of(change_snapshot(*operations)).to_dict()["tree"]["c"]) == 64
    larger = page_of(change_snapshot(*operations, [1, [65, "#text", "x"]]))
    assert larger.problems == {}
    with pytest.raises(segments.SegmentError, match=r"^the page holds more than 67,108,864 characters; convert parts"):
        larger.to_dict()


@pytest.mark.parametrize(
    ("recorded", "pixels"),
    [("20px", 20), ("20.25px", 20.25), (-7, -7), ("-7.5", -7.5), ("auto", 0), ("", 0), (True, 0), (None, 0)],
)
def test_recorded_lengths_are_pixels(recorded: Any, pixels: float) -> None:
    box = element(1, "div", rr_width=recorded, rr_height=1)
    (node,) = page_of(tree_snapshot(document(0, element(9, "html", box)))).nodes[9].children
    assert node.size is not None
    assert (node.size.width, node.size.height) == (pixels, 1)
