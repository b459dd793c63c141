"""What Datadog's SDK considers about the target of a click: whether it can be dead, and whether text is selected on it.

The SDK sees no further than the host of a shadow tree: clicks in the tree are clicks on its host.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

import attrs

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeKind, NodeRemoved, Page, TextSet
from ..dom._names.labels import labelled_by
from ..dom._roles import native_role_of

__all__ = ["Target", "changes_what_the_sdk_observes", "has_text", "is_unattributed", "target_of"]

_MAX_DEPTH = 100
"""What a click costs does not depend on the depth of the page."""

_MAX_SAME_IDS = 100

_NEVER_DEAD = frozenset({"textarea", "select", "canvas"})
_STATE_INPUTS = frozenset({"checkbox", "radio", "range"})
_BUTTON_INPUTS = frozenset({"button", "submit", "reset"})
_MASKED = "***"

# In Chromium, a double click selects the nearest text, even on an empty element, but none on these or in them.
_WITHOUT_SELECTION = frozenset(
    {"button", "input", "textarea", "select", "img", "canvas", "video", "audio", "iframe", "object", "embed"}
)
_TEXT_FIELDS = frozenset({"searchbox", "spinbutton", "textbox"})
_NOT_SELECTABLE = re.compile(r"(?:^|;)\s*+(?:-webkit-)?+user-select\s*+:\s*+none", re.IGNORECASE)
_MAX_STYLE = 1_000

_IGNORE = "data-dd-ignore-frustration"
_EXCLUDED = "data-dd-excluded-activity-mutations"
_MAX_VALUE = 1_000


@attrs.frozen(kw_only=True)
class Target:
    """The target of a click as the SDK sees it."""

    id: int | None
    """The clicked node or, in a shadow tree, the outermost host."""

    can_be_dead: bool = True
    can_be_rage: bool = True
    selects_text: bool = False
    """Whether a double click selects text."""

    ends_selection: bool = False
    """Whether a click ends a selection of text, as there and in fields for text; buttons and the like leave it."""

    has_text: bool = False
    """Whether text is directly on it, so that dragging over it selects some."""


def is_unattributed(page: Page, node_id: int | None) -> bool:
    """Whether a node that was clicked cannot be known, because records are missing before the click."""
    if page.uncertain_because is None:
        return False
    if node_id is None:  # as of a tap where nothing is drawn
        return page.root is None
    return not page.knows_elements or page.find(node_id) is None


def target_of(page: Page, node_id: int | None) -> Target:
    """The target of a click on a node of the page; if records are missing, a click on an unknown one is neither."""
    if node_id is None:
        return Target(id=None)
    node = page.find(node_id) if page.knows_elements else None
    if node is None:
        is_judged = page.uncertain_because is None
        return Target(id=node_id, can_be_dead=is_judged, can_be_rage=is_judged)
    seen = _as_the_sdk_sees(node)
    ignored = _ignored_frustration(node)
    selects = _allows_selection(node)
    return Target(
        id=seen.id,
        can_be_dead="dead-click" not in ignored and not _is_never_dead(seen, page),
        can_be_rage="rage-click" not in ignored,
        selects_text=selects,
        ends_selection=selects or native_role_of(node) in _TEXT_FIELDS,
        has_text=selects and _has_text(node),
    )


def has_text(page: Page, node_id: int) -> bool:
    """Whether text is directly on a node, so that dragging from there selects some."""
    node = page.find(node_id) if page.knows_elements else None
    return node is not None and _has_text(node) and _allows_selection(node)


def changes_what_the_sdk_observes(effect: Effect, page: Page) -> bool:
    """Whether an effect is a change of the DOM outside of shadow trees, and of no element that asks to be ignored."""
    if type(effect) is AttributeSet:
        changed = page.find(effect.id)
    elif type(effect) is TextSet:
        text = page.find(effect.id)
        changed = None if text is None else text.parent
    elif type(effect) is NodeAdded:
        if effect.node.kind is NodeKind.SHADOW_ROOT:
            return False
        changed = None if effect.parent_id is None else page.find(effect.parent_id)
    elif type(effect) is NodeRemoved:
        changed = None if effect.parent_id is None else page.find(effect.parent_id)
    else:
        return False
    return changed is None or not any(
        node.kind is NodeKind.SHADOW_ROOT or _EXCLUDED in node.attributes for node in _upwards(changed)
    )


def _upwards(node: Node) -> Iterator[Node]:
    """The node, its parents, and the hosts of the shadow trees that it is in."""
    current: Node | None = node
    for _ in range(_MAX_DEPTH):
        if current is None:
            return
        yield current
        current = current.parent


def _as_the_sdk_sees(node: Node) -> Node:
    seen = node
    for ancestor in _upwards(node):
        if ancestor.kind is NodeKind.SHADOW_ROOT and ancestor.parent is not None:
            seen = ancestor.parent
    return seen


def _ignored_frustration(node: Node) -> frozenset[str]:
    """What the page asks the SDK to ignore; where the value is masked, everything."""
    ignored: set[str] = set()
    for ancestor in _upwards(node):
        value = ancestor.attributes.get(_IGNORE)
        if value is None:
            continue
        values = value[:_MAX_VALUE].split()
        ignored.update(values)
        if not values or "all" in values or _MASKED in values:
            ignored.update(("dead-click", "rage-click"))
    return frozenset(ignored)


def _is_never_dead(node: Node, page: Page) -> bool:
    target = node
    if node.name == "label" and "for" in node.attributes:
        labelled = _element_with_id(node.attributes["for"], page)
        if labelled is None:
            return False
        target = labelled
    if target.name in _NEVER_DEAD or (target.name in ("input", "option") and _takes_input(target)):
        return True
    label = next((ancestor for ancestor in _upwards(node) if ancestor.name == "label"), None)
    field = None if label is None else labelled_by(label, page)
    if field is not None and _kind(field) in _STATE_INPUTS and _takes_input(field):
        return True
    return any("contenteditable" in ancestor.attributes or _is_link(ancestor) for ancestor in _upwards(target))


def _element_with_id(value: str, page: Page) -> Node | None:
    """The first element outside of shadow trees with this `id` attribute, as scripts find it."""
    same = islice(page.nodes_by_id_attribute.get(value, ()), _MAX_SAME_IDS)
    return min((node for node in same if _as_the_sdk_sees(node) is node), key=lambda node: node.id, default=None)


def _takes_input(field: Node) -> bool:
    """Whether a click on a field never is dead: always, unless the click would show in its recorded state.

    A masked state is not recorded; whether a field without state is masked cannot be seen.
    """
    kind = _kind(field)
    if kind in _BUTTON_INPUTS:
        return False
    if kind == "range":
        return not field.value or field.value == _MASKED
    return kind not in (*_STATE_INPUTS, "option") or not field.checked


def _kind(field: Node) -> str:
    return field.attributes.get("type", "")[:20].lower() if field.name == "input" else field.name


def _prevents_selection(node: Node) -> bool:
    if node.name in _WITHOUT_SELECTION or _is_link(node):
        return True
    return _NOT_SELECTABLE.search(node.attributes.get("style", "")[:_MAX_STYLE]) is not None


def _is_link(node: Node) -> bool:
    return node.name == "a" and "href" in node.attributes


def _allows_selection(node: Node) -> bool:
    return not any(map(_prevents_selection, _upwards(node)))


def _has_text(node: Node) -> bool:
    child = node.first_child
    for _ in range(_MAX_DEPTH):
        if child is None:
            return False
        if child.kind is NodeKind.TEXT and child.text[:_MAX_VALUE].strip():
            return True
        child = child.next_sibling
    return False
