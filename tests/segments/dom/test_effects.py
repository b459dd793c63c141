"""Effects are complete: replaying them elsewhere gives the same page."""

from __future__ import annotations

from pathlib import Path

import pytest
from rum_replay import segments
from rum_replay.segments import dom

from ..recorded import FOLDERS, segment_files
from .mirror import Mirror, assert_equal
from .pages import (
    add,
    change,
    change_snapshot,
    document,
    element,
    incremental,
    mutation,
    page_of,
    record,
    text,
    tree_snapshot,
)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_replaying_effects_gives_the_same_page_after_every_record(folder: Path) -> None:
    for view in segments.open(segment_files(folder)).views:
        page, mirror = dom.Page(), Mirror()
        for each in view.records():
            effects = page.apply(each)
            for effect in effects:
                mirror.replay(effect)
            if effects:
                assert_equal(page, mirror)
        assert len(page.nodes) > 100
        assert page.problems == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_view_ends_with_the_page_in_the_snapshot_of_the_next_view(folder: Path) -> None:
    first, second = segments.open(segment_files(folder)).views
    pages = dom.page_at(first), dom.page_at(second, second.start)
    contents = []
    for page in pages:
        assert page.root is not None
        assert page.problems == {}
        nodes = [(node.name, node.value, node.checked) for node in dom.nodes_below(page.root)]
        contents.append((dom.text_of(page.root, 10_000), nodes))
    assert contents[0] == contents[1]


def test_changes_of_the_page_as_a_whole_have_effects() -> None:
    viewport = {"offsetLeft": 1, "offsetTop": 2, "pageLeft": 3, "pageTop": 4, "width": 5, "height": 6, "scale": 2}
    page = dom.Page()
    assert page.apply(record(4, {"width": 800, "height": 600, "href": "https://shop.example/"})) == (
        dom.ViewportResized(800, 600),
        dom.UrlSet("https://shop.example/"),
    )
    assert page.apply(incremental(4, width=640, height=480)) == (dom.ViewportResized(640, 480),)
    assert page.apply(incremental(4, width=640, height=480)) == (), "a script dispatched the event"
    assert page.apply(record(6, {"has_focus": False})) == (dom.FocusSet(False),)
    (effect,) = page.apply(record(8, viewport))
    assert isinstance(effect, dom.VisualViewportSet)
    assert page.visual_viewport is effect.viewport
    assert (page.viewport, page.url, page.has_focus) == (dom.Size(640, 480), "https://shop.example/", False)
    assert page.apply(change([10, [7, 6, 5, 4, 3, 2, 1]])) == (dom.VisualViewportSet(page.visual_viewport),)
    assert (page.visual_viewport.offset_left, page.visual_viewport.scale) == (7, 1)


def test_a_snapshot_is_one_effect_in_both_formats() -> None:
    page = dom.Page()
    assert page.apply(tree_snapshot(document(0, element(1, "html")))) == (dom.SnapshotTaken(page.root),)
    assert page.apply(change_snapshot([1, [None, "#document"], [1, "HTML"]], [6, [0, 3, 4]])) == (
        dom.SnapshotTaken(page.root),
    )
    assert page.scroll == dom.Scroll(3, 4)


def test_a_tree_is_added_node_by_node_with_parents_first() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "html", text(2, "end")))))
    effects = page.apply(mutation([add(element(3, "p", element(4, "b", text(5, "bold")), text(6, "plain")), 1, 2)]))
    assert [(effect.node.id, effect.parent_id, effect.before_id) for effect in effects] == [  # type: ignore[union-attr]
        (3, 1, 2),
        (4, 3, None),
        (5, 4, None),
        (6, 3, None),
    ]


def test_a_removal_is_one_effect_for_a_node_and_its_descendants() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "html", element(2, "p", text(3, "gone"))))))
    assert page.apply(mutation(removes=[{"id": 2, "parentId": 1}])) == (dom.NodeRemoved(2, 1),)
    assert page.nodes.keys() == {0, 1}
    assert page.find(3) is None


def test_clicks_and_mouse_moves_change_only_the_time() -> None:
    page = page_of(tree_snapshot(document(0)))
    assert page.apply(record(3, {"source": 2, "type": 2, "id": 0, "x": 1, "y": 2}, timestamp=1)) == ()
    assert page.time == 1
    assert page.apply(record(3, {"source": 1, "positions": []}, timestamp=2)) == ()
    assert page.time == 2


def test_what_is_done_to_missing_nodes_has_effects_unless_no_node_may_have_the_id() -> None:
    page = page_of(tree_snapshot(document(0)))
    for number, is_done in ((7, True), (-1, False), (1 << 40, False)):
        assert page.apply(incremental(5, id=number, text="a")) == ((dom.ValueSet(number, "a"),) if is_done else ())
        assert page.apply(incremental(5, id=number, isChecked=True)) == (
            (dom.CheckedSet(number, True),) if is_done else ()
        )
        assert page.apply(incremental(3, id=number, x=1, y=2)) == ((dom.Scrolled(number, 1, 2),) if is_done else ())
        assert page.apply(incremental(7, id=number, type=0)) == ((dom.MediaSet(number, True),) if is_done else ())
