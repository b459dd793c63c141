"""The nodes of a recorded page, linked to their siblings as in browsers: adding and removing take constant time."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from enum import StrEnum
from typing import Any

import msgspec

from ..._arguments import check_instance
from ..._errors import InvalidRequestError
from .._resources import Resource
from ..records import Number
from ._style_sheets import StyleSheet

__all__ = [
    "CDATA",
    "DOCTYPE",
    "DOCUMENT",
    "ELEMENT",
    "FRAGMENT",
    "SHADOW_ROOT",
    "TEXT",
    "Node",
    "NodeKind",
    "Scroll",
    "Size",
    "elements_beside",
    "link",
    "nodes_below",
    "scope_of_ids",
    "unlink",
    "walk",
]

_MAX_DEPTH = 400
"""Levels up to which the tree is found that contains a node."""

_MAX_BETWEEN = 3
"""Steps from an element to the next."""


class NodeKind(StrEnum):
    """The kinds of nodes."""

    DOCUMENT = "document"
    DOCTYPE = "doctype"
    ELEMENT = "element"
    TEXT = "text"
    CDATA = "cdata"
    SHADOW_ROOT = "shadow root"
    FRAGMENT = "fragment"


# Python 3.11 takes longer to look up a member of an enumeration than for anything else that is done with a node.
DOCUMENT, DOCTYPE, ELEMENT, TEXT, CDATA, SHADOW_ROOT, FRAGMENT = NodeKind


class Scroll(msgspec.Struct, frozen=True, gc=False):
    """A scroll position in pixels."""

    left: Number
    top: Number


class Size(msgspec.Struct, frozen=True, gc=False):
    """A size in pixels."""

    width: Number
    height: Number


class Node(msgspec.Struct, eq=False):
    """One node of a `Page`. Applying records changes it, so read what you need before you apply the next one.

    `children` builds a new list on each access; `first_child` and `next_sibling` walk without one.
    """

    # A Struct, since pages have thousands of nodes: it fills in most of these values many times faster than `__init__`.
    id: int
    """The id that Datadog's SDK gave it, counted from 0 in each view."""
    kind: NodeKind
    name: str
    """The tag name, in lower case except in SVG; the name of a doctype; `#text` and the like for other nodes."""
    is_svg: bool = False
    text: str = ""
    """The text of a text or CDATA node."""
    parent: Node | None = None
    """The parent; for a shadow root, its host."""
    previous_sibling: Node | None = None
    any_attributes: dict[str, str] | None = None
    """Its `attributes`; None if nobody asked for them, and there are none or one."""
    only_attribute: tuple[str, str, int] | None = None
    """Name and value of the only one until somebody asks: several nodes may share this, and it is smaller."""
    is_known_html: bool = False
    """Whether it is an element of HTML, as the names in change records show."""
    is_mathml: bool = False
    """Whether it is in the namespace of MathML; inferred once it is in a page."""
    shadow_root: Node | None = None
    first_child: Node | None = None
    last_child: Node | None = None
    next_sibling: Node | None = None
    # The state; None where it is not known.
    value: str | None = None
    """The value of an input, textarea or select; `***` where it was masked."""
    checked: bool | None = None
    """Whether a check box or radio button is checked, or an option is selected."""
    indeterminate: bool = False
    scroll: Scroll | None = None
    size: Size | None = None
    """In pixels; recorded for elements whose content is hidden for privacy."""
    playing: bool | None = None
    """Whether audio or video is playing."""
    in_top_layer: bool = False
    """Whether it is taken to be above everything else, as modal dialogs and popovers are, which SDKs do not record. A
    dialog is if it opened after a click, and nothing beside it was used since; a popover while a pointer or the focus
    is in it, after a click on its button, or while the page says that it is open."""
    style_sheets: tuple[StyleSheet, ...] = ()
    """The style sheet of a `<style>` or `<link>`; the adopted style sheets of a document or shadow root."""
    image_resource: str | None = None
    """The id of the image that it shows, which is uploaded separately from the segments."""
    image: Resource | None = None
    """That image; None if it was not found."""
    same_ids: set[Node] | None = None
    """All nodes of the page with the same `id` attribute, itself included; None if it has no such attribute."""
    child_order: Any = None
    """A `ChildOrder` for `css_path`, which hints of a public class do not name; None until it names one of very many
    children."""

    @property
    def attributes(self) -> dict[str, str]:
        """The attributes of the markup, without those that the SDK adds. A doctype may have `publicId` and `systemId`.

        Snapshots do not contain the markup's `checked` and `selected`, nor the `value` of text fields: see `checked`
        and `value`.
        """
        attributes = self.any_attributes
        if attributes is None:
            one = self.only_attribute
            attributes = self.any_attributes = {} if one is None else {one[0]: one[1]}
        return attributes

    @property
    def children(self) -> list[Node]:
        """The children in order, without the shadow root."""
        children: list[Node] = []
        child = self.first_child
        while child is not None:
            children.append(child)
            child = child.next_sibling
        return children

    def __repr__(self) -> str:
        return f"<Node {self.id} {self.kind} {self.name}>"


def nodes_below(node: Node, without: Container[str] = ()) -> Iterator[Node]:
    """Walk over a node and its descendants in document order; a shadow root precedes its host's children.

    Nodes whose names are in `without` are skipped together with their descendants. Depth does not matter. The tree
    must not change during the walk. Raises InvalidRequestError if an argument has the wrong type.
    """
    if isinstance(without, str | bytes) or not hasattr(without, "__contains__"):
        raise InvalidRequestError(f"without must be a collection of node names, not {type(without).__name__}")
    return walk(check_instance("node", node, Node, "a Node"), without)


def elements_beside(node: Node) -> Iterator[Node]:
    """The elements just before and after a node; a text or comment may be between them."""
    for one, is_before in ((node.previous_sibling, True), (node.next_sibling, False)):
        beside = one
        for _ in range(_MAX_BETWEEN):
            if beside is None or beside.kind is ELEMENT:
                break
            beside = beside.previous_sibling if is_before else beside.next_sibling
        if beside is not None and beside.kind is ELEMENT:
            yield beside


def walk(node: Node, without: Container[str] = (), is_left_out: Callable[[Node], bool] | None = None) -> Iterator[Node]:
    """`nodes_below` without the checks; what is below the node and left out is skipped in the same way."""
    current = node
    while True:
        following = None
        is_taken = current.name not in without
        if is_taken and is_left_out is not None and current is not node:
            is_taken = not is_left_out(current)
        if is_taken:
            yield current
            following = current.shadow_root or current.first_child
        while following is None:
            if current is node:
                return
            parent = current.parent
            if current.kind is SHADOW_ROOT and parent is not None:
                following = parent.first_child
            else:
                following = current.next_sibling
            if following is None:
                if parent is None:
                    return
                current = parent
        current = following


def link(node: Node, parent: Node, before: Node | None) -> None:
    """Make a node a child of `parent`, before its child `before` or last; a shadow root becomes its shadow root."""
    node.parent = parent
    if node.kind is SHADOW_ROOT:
        parent.shadow_root = node
        return
    previous = parent.last_child if before is None else before.previous_sibling
    node.previous_sibling, node.next_sibling = previous, before
    if previous is None:
        parent.first_child = node
    else:
        previous.next_sibling = node
    if before is None:
        parent.last_child = node
    else:
        before.previous_sibling = node
    if parent.child_order is not None:
        parent.child_order.add(node)


def unlink(node: Node) -> None:
    """Detach a node from its parent."""
    parent, previous, following = node.parent, node.previous_sibling, node.next_sibling
    node.parent = node.previous_sibling = node.next_sibling = None
    if parent is None:
        return
    if parent.shadow_root is node:
        parent.shadow_root = None
        return
    if parent.child_order is not None:
        parent.child_order.remove(node)
    if previous is None:
        parent.first_child = following
    else:
        previous.next_sibling = following
    if following is None:
        parent.last_child = previous
    else:
        following.previous_sibling = previous


def scope_of_ids(node: Node) -> Node | None:
    """The document or shadow root that contains a node, in which its id is unique."""
    current = node
    for _ in range(_MAX_DEPTH):
        if current.kind is SHADOW_ROOT or current.parent is None:
            return current
        current = current.parent
    return None
