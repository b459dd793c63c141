"""Mutations: trees of nodes with ids, in an order in which parents and siblings may come later."""

from __future__ import annotations

import random

import pytest
from rum_replay.segments import dom

from .pages import add, document, element, incremental, mutation, page_of, shadow, text, tree, tree_snapshot

SHELL = tree_snapshot(document(0, element(1, "html", element(2, "ul", element(3, "li"), element(4, "li")))))


def ids_in_list(page: dom.Page) -> list[int]:
    return [child.id for child in page.nodes[2].children]


def test_nodes_are_added_before_their_next_sibling_or_last() -> None:
    page = page_of(SHELL, mutation([add(text(5, "last"), 2), add(element(6, "li"), 2, 4), add(text(7, "b"), 6)]))
    assert ids_in_list(page) == [3, 6, 4, 5]
    assert tree(page) == ["#document", ["html", ["ul", ["li"], ["li", "b"], ["li"], "last"]]]


def test_several_nodes_added_last_keep_their_order() -> None:
    page = page_of(SHELL, mutation([add(text(5, "a"), 2), add(text(6, "b"), 2), add(text(7, "c"), 2)]))
    assert ids_in_list(page) == [3, 4, 5, 6, 7]


def test_additions_may_refer_to_siblings_and_parents_that_come_later() -> None:
    adds = [
        add(text(9, "deep"), 8),
        add(element(6, "li"), 2, 7),
        add(element(5, "li"), 2, 6),
        add(element(7, "li", element(8, "b")), 2, 3),
    ]
    page = page_of(SHELL, mutation(adds))
    assert ids_in_list(page) == [5, 6, 7, 3, 4]
    assert page.nodes[8].children == [page.nodes[9]]
    assert page.problems == {}


def test_ten_thousand_additions_in_any_order_give_the_same_page() -> None:
    ids = list(range(10, 10_010))
    adds = [add(element(id_, "li"), 2, id_ + 1 if id_ + 1 < 10_010 else 3) for id_ in ids]
    for order in (adds, adds[::-1], random.Random(7).sample(adds, len(adds))):
        page = page_of(SHELL, mutation(order))
        assert ids_in_list(page) == [*ids, 3, 4]
        assert page.problems == {}


def test_a_node_moves_by_removal_and_addition() -> None:
    page = dom.Page()
    page.apply(SHELL)
    moved = mutation([add(element(3, "li", text(5, "new")), 2)], [{"id": 3, "parentId": 2}])
    effects = page.apply(moved)
    assert ids_in_list(page) == [4, 3]
    assert [type(effect) for effect in effects] == [dom.NodeRemoved, dom.NodeAdded, dom.NodeAdded]


def test_a_node_that_is_added_again_without_removal_moves() -> None:
    page = page_of(SHELL, mutation([add(element(3, "li"), 2)]))
    assert ids_in_list(page) == [4, 3]


def test_attributes_and_texts_are_changed_after_additions() -> None:
    page = page_of(
        SHELL,
        mutation(
            [add(text(5, "old"), 3)],
            attributes=[{"id": 3, "attributes": {"class": "a", "hidden": True, "tabindex": 2, "data-a": "x"}}],
            texts=[{"id": 5, "value": "new"}],
        ),
        mutation(
            attributes=[{"id": 3, "attributes": {"data-a": None, "hidden": False}}], texts=[{"id": 5, "value": None}]
        ),
    )
    assert page.nodes[3].attributes == {"class": "a", "tabindex": "2"}
    assert page.nodes[5].text == ""


def test_attributes_that_the_sdk_adds_are_state() -> None:
    page = page_of(
        tree_snapshot(
            document(
                0,
                element(
                    1,
                    "html",
                    element(2, "div", rr_width="100.5px", rr_height="20px", rr_scrollLeft=5, rr_scrollTop=7),
                    element(3, "video", rr_mediaState="played"),
                    element(4, "audio", rr_mediaState="paused"),
                    element(5, "style", _cssText="a{}b{}"),
                    rr_scrollTop=9,
                ),
            )
        )
    )
    box, video, audio, style = page.nodes[1].children
    assert all(not node.attributes for node in page.nodes.values())
    assert (box.size, box.scroll) == (dom.Size(100.5, 20), dom.Scroll(5, 7))
    assert (video.playing, audio.playing) == (True, False)
    assert [sheet.rules for sheet in style.style_sheets] == [("a{}", "b{}")]
    # SDKs record the scroll position of <html> for the document.
    assert page.nodes[1].scroll is None
    page.apply(mutation(attributes=[{"id": 5, "attributes": {"_cssText": None}}]))
    assert style.style_sheets == ()


def test_trees_contain_shadow_roots_fragments_and_adopted_style_sheets() -> None:
    root = shadow(3, text(4, "in")) | {
        "adoptedStyleSheets": [{"cssRules": ["b{}"], "media": ["print"], "disabled": True}]
    }
    host = element(2, "x-host", root, text(5, "out"))
    page = page_of(
        tree_snapshot(document(0, {"type": 1, "id": 1, "name": "html", "publicId": "p", "systemId": ""}, host))
    )
    assert tree(page) == ["#document", ["#doctype"], ["x-host", ["shadow", "in"], "out"]]
    (sheet,) = page.nodes[3].style_sheets
    assert (sheet.rules, sheet.media, sheet.disabled) == (("b{}",), ("print",), True)
    assert page.nodes[1].attributes == {"publicId": "p"}
    fragment = {"type": 11, "id": 0, "childNodes": [{"type": 4, "id": 1, "textContent": ""}]}
    assert page_of(tree_snapshot(fragment)).root.kind is dom.NodeKind.FRAGMENT  # type: ignore[union-attr]


def test_svg_names_get_back_the_capitals_that_older_sdks_dropped() -> None:
    svg = element(2, "svg", element(3, "lineargradient") | {"isSVG": True}) | {"isSVG": True}
    page = page_of(tree_snapshot(document(0, element(1, "DIV", svg, element(4, "lineargradient")))))
    assert [node.name for node in page.nodes.values()] == [
        "#document",
        "div",
        "svg",
        "linearGradient",
        "lineargradient",
    ]


def test_the_document_and_elements_are_scrolled() -> None:
    page = page_of(SHELL, incremental(3, id=0, x=0, y=600), incremental(3, id=2, x=3, y=4))
    assert (page.scroll, page.nodes[0].scroll, page.nodes[2].scroll) == (
        dom.Scroll(0, 600),
        dom.Scroll(0, 600),
        dom.Scroll(3, 4),
    )


@pytest.mark.parametrize(("type_", "playing"), [(0, True), (1, False)])
def test_media_play_and_pause(type_: int, playing: bool) -> None:
    page = page_of(SHELL, incremental(7, id=2, type=type_))
    assert page.nodes[2].playing is playing
