"""A copy of a page that is built from effects alone, which must be enough for that."""

from __future__ import annotations

from typing import Any

from rum_replay.segments import dom


class Mirror:
    """A copy of a page; it reads the own data of the nodes in effects, but never follows their links to other nodes."""

    def __init__(self) -> None:
        self.nodes: dict[int, dict[str, Any]] = {}
        self.children: dict[int | None, list[int]] = {}

    def replay(self, effect: dom.Effect) -> None:
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
            self._state(effect.id)["value"] = effect.value
        elif isinstance(effect, dom.CheckedSet):
            self._state(effect.id).update(checked=effect.checked, indeterminate=effect.indeterminate)
        elif isinstance(effect, dom.Scrolled):
            self._state(effect.id)["scroll"] = dom.Scroll(effect.left, effect.top)
        elif isinstance(effect, dom.SizeSet):
            self.nodes[effect.id]["size"] = dom.Size(effect.width, effect.height)
        elif isinstance(effect, dom.StyleSheetsSet):
            self.nodes[effect.id]["css"] = [list(sheet.rules) for sheet in effect.sheets]
        elif isinstance(effect, dom.RuleInserted):
            self._rules(effect.id).insert(effect.rule, effect.index)
        elif isinstance(effect, dom.RuleDeleted):
            self._rules(effect.id).delete(effect.index)
        elif isinstance(effect, dom.MediaSet):
            self._state(effect.id)["playing"] = effect.playing
        elif isinstance(effect, dom.TopLayerSet):
            self.nodes[effect.id]["top"] = effect.is_in
        elif isinstance(effect, dom.ImageSet):
            self.nodes[effect.id]["image"] = effect.resource

    def _state(self, node_id: int) -> dict[str, Any]:
        """The state of a node, which may be one that is missing."""
        return self.nodes.get(node_id, {})

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
            node_id: node | {"css": [list(getattr(sheet, "rules", sheet)) for sheet in node["css"]]}
            for node_id, node in self.nodes.items()
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
        "top": node.in_top_layer,
        "css": [list(sheet.rules) for sheet in node.style_sheets],
        "image": node.image_resource,
    }


def order(page: dom.Page) -> dict[int | None, list[int]]:
    children: dict[int | None, list[int]] = {}
    for node in dom.nodes_below(page.root) if page.root else ():
        children.setdefault(None if node.parent is None else node.parent.id, []).append(node.id)
    return children


def assert_equal(page: dom.Page, mirror: Mirror) -> None:
    assert mirror.plain() == {node.id: state(node) for node in page.nodes.values()}
    assert {parent: ids for parent, ids in mirror.children.items() if ids} == order(page)
