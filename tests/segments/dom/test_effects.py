"""Effects say all that records do to a page: who repeats them has the same page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments import dom

from ..recorded import FOLDERS, segment_files
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


class Mirror:
    """Another page, changed by effects alone; of nodes it reads what belongs to them, and no other node."""

    def __init__(self) -> None:
        self.nodes: dict[int, dict[str, Any]] = {}
        self.children: dict[int | None, list[int]] = {}

    def repeat(self, effect: dom.Effect) -> None:
        if isinstance(effect, dom.SnapshotTaken):
            self.nodes, self.children = {}, {}
            for node in dom.nodes_below(effect.root) if effect.root else ():
                self._put(node, None if node.parent is None else node.parent.id, None)
        elif isinstance(effect, dom.NodeAdded):
            self._put(effect.node, effect.parent_id, effect.before_id)
        elif isinstance(effect, dom.NodeRemoved):
            self.children[effect.parent_id].remove(effect.id)
            self._drop(effect.id)
        elif isinstance(effect, dom.AttributeSet):
            attributes = self.nodes[effect.id]["attributes"]
            if effect.value is None:
                attributes.pop(effect.name, None)
            else:
                attributes[effect.name] = effect.value
        elif isinstance(effect, dom.TextSet):
            self.nodes[effect.id]["text"] = effect.text
        elif isinstance(effect, dom.ValueSet):
            self.nodes[effect.id]["value"] = effect.value
        elif isinstance(effect, dom.CheckedSet):
            self.nodes[effect.id] |= {"checked": effect.checked, "indeterminate": effect.indeterminate}
        elif isinstance(effect, dom.Scrolled):
            self.nodes[effect.id]["scroll"] = dom.Scroll(effect.left, effect.top)
        elif isinstance(effect, dom.SizeSet):
            self.nodes[effect.id]["size"] = dom.Size(effect.width, effect.height)
        elif isinstance(effect, dom.StyleSheetsSet):
            self.nodes[effect.id]["css"] = [list(sheet.rules) for sheet in effect.sheets]
        elif isinstance(effect, dom.RuleInserted):
            self._rules(effect.id).insert(effect.rule, effect.index)
        elif isinstance(effect, dom.RuleDeleted):
            self._rules(effect.id).delete(effect.index)
        elif isinstance(effect, dom.MediaSet):
            self.nodes[effect.id]["playing"] = effect.playing
        elif isinstance(effect, dom.ImageSet):
            self.nodes[effect.id]["image"] = effect.resource

    def _rules(self, node_id: int) -> dom.StyleSheet:
        css = self.nodes[node_id]["css"]
        css[:] = css or [[]]
        css[0] = css[0] if isinstance(css[0], dom.StyleSheet) else dom.StyleSheet(css[0])
        sheet: dom.StyleSheet = css[0]
        return sheet

    def _put(self, node: dom.Node, parent: int | None, before: int | None) -> None:
        assert parent is None or parent in self.nodes
        assert node.id not in self.nodes
        self.nodes[node.id] = state(node)
        siblings = self.children.setdefault(parent, [])
        place = 0 if node.kind is dom.NodeKind.SHADOW_ROOT else len(siblings)
        siblings.insert(place if before is None else siblings.index(before), node.id)

    def _drop(self, node_id: int) -> None:
        del self.nodes[node_id]
        for child in self.children.pop(node_id, []):
            self._drop(child)

    def plain(self) -> dict[int, dict[str, Any]]:
        return {
            node_id: one | {"css": [list(getattr(sheet, "rules", sheet)) for sheet in one["css"]]}
            for node_id, one in self.nodes.items()
        }


def state(node: dom.Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "name": node.name,
        "is_svg": node.is_svg,
        "attributes": dict(node.attributes),
        "text": node.text,
        "value": node.value,
        "checked": node.checked,
        "indeterminate": node.indeterminate,
        "scroll": node.scroll,
        "size": node.size,
        "playing": node.playing,
        "css": [list(sheet.rules) for sheet in node.style_sheets],
        "image": node.image_resource,
    }


def order(page: dom.Page) -> dict[int | None, list[int]]:
    children: dict[int | None, list[int]] = {}
    for node in dom.nodes_below(page.root) if page.root else ():
        children.setdefault(None if node.parent is None else node.parent.id, []).append(node.id)
    return children


def assert_repeated(page: dom.Page, mirror: Mirror) -> None:
    assert mirror.plain() == {node.id: state(node) for node in page.nodes.values()}
    assert {parent: ids for parent, ids in mirror.children.items() if ids} == order(page)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_repeating_effects_gives_the_same_page_after_every_record(folder: Path) -> None:
    for view in segments.open(segment_files(folder)).views:
        page, mirror = dom.Page(), Mirror()
        for one in view.records():
            effects = page.apply(one)
            for effect in effects:
                mirror.repeat(effect)
            if effects:
                assert_repeated(page, mirror)
        assert len(page.nodes) > 100
        assert page.problems == {}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_next_views_snapshot_holds_what_the_changes_of_the_view_before_led_to(folder: Path) -> None:
    first, second = segments.open(segment_files(folder)).views
    ended, begun = dom.page_at(first), dom.page_at(second, second.start)
    assert begun.root is not None
    assert ended.root is not None
    for page in (ended, begun):
        assert page.problems == {}
    assert dom.text_of(ended.root, 10_000) == dom.text_of(begun.root, 10_000)
    assert [one.name for one in dom.nodes_below(ended.root)] == [one.name for one in dom.nodes_below(begun.root)]
    held = [[(one.value, one.checked) for one in dom.nodes_below(root)] for root in (ended.root, begun.root)]
    assert held[0] == held[1]


def test_every_effect_of_the_page_itself_is_said() -> None:
    viewport = {"offsetLeft": 1, "offsetTop": 2, "pageLeft": 3, "pageTop": 4, "width": 5, "height": 6, "scale": 2}
    page = dom.Page()
    assert page.apply(record(4, {"width": 800, "height": 600, "href": "https://shop.example/"})) == (
        dom.ViewportResized(800, 600),
        dom.UrlSet("https://shop.example/"),
    )
    assert page.apply(incremental(4, width=640, height=480)) == (dom.ViewportResized(640, 480),)
    assert page.apply(record(6, {"has_focus": False})) == (dom.FocusSet(False),)
    (seen,) = page.apply(record(8, viewport))
    assert isinstance(seen, dom.VisualViewportSet)
    assert page.visual_viewport is seen.viewport
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


def test_a_removal_is_one_effect_for_all_below() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "html", element(2, "p", text(3, "gone"))))))
    assert page.apply(mutation(removes=[{"id": 2, "parentId": 1}])) == (dom.NodeRemoved(2, 1),)
    assert page.nodes.keys() == {0, 1}
    assert page.find(3) is None


def test_clicks_and_moves_of_the_mouse_do_nothing_but_pass_time() -> None:
    page = page_of(tree_snapshot(document(0)))
    assert page.apply(record(3, {"source": 2, "type": 2, "id": 0, "x": 1, "y": 2}, timestamp=1)) == ()
    assert page.time == 1
    assert page.apply(record(3, {"source": 1, "positions": []}, timestamp=2)) == ()
    assert page.time == 2
