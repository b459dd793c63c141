"""The nodes of a recorded page: linked to their siblings as in browsers, so that adding and removing cost the same
wherever it happens."""

from __future__ import annotations

from collections.abc import Container, Iterator
from enum import StrEnum

import attrs

from ..records._base import Number
from ._style_sheets import StyleSheet

__all__ = ["Node", "NodeKind", "Scroll", "Size", "nodes_below"]


class NodeKind(StrEnum):
    """What a node is."""

    DOCUMENT = "document"
    DOCTYPE = "doctype"
    ELEMENT = "element"
    TEXT = "text"
    CDATA = "cdata"
    SHADOW_ROOT = "shadow root"
    FRAGMENT = "fragment"


@attrs.frozen
class Scroll:
    """How far something is scrolled, in pixels."""

    left: Number
    top: Number


@attrs.frozen
class Size:
    """Pixels."""

    width: Number
    height: Number


class Node:
    """One node. It changes as records are applied: take what you need before the next one.

    `children` is a new list at each reading; `first_child` and `next_sibling` walk without one.
    """

    __slots__ = (
        "attributes",
        "checked",
        "first_child",
        "id",
        "image_resource",
        "indeterminate",
        "is_svg",
        "kind",
        "last_child",
        "name",
        "next_sibling",
        "parent",
        "playing",
        "previous_sibling",
        "same_ids",
        "scroll",
        "shadow_root",
        "size",
        "style_sheets",
        "text",
        "value",
    )

    def __init__(self, id: int, kind: NodeKind, name: str, *, is_svg: bool = False, text: str = "") -> None:
        self.id = id
        """Datadog's own id, counted from 0 in each view."""
        self.kind = kind
        self.name = name
        """The tag name, in lower case but for SVG; of a doctype its name; `#text` and the like of all others."""
        self.is_svg = is_svg
        self.attributes: dict[str, str] = {}
        """As in the markup, without the recorder's own. A doctype's may be `publicId` and `systemId`. The markup's
        `checked` and `selected`, and the `value` of text fields, are not recorded in snapshots: see `checked` and
        `value`."""
        self.text = text
        """Of text and CDATA."""
        self.parent: Node | None = None
        """Of a shadow root its host."""
        self.shadow_root: Node | None = None
        self.first_child: Node | None = None
        self.last_child: Node | None = None
        self.next_sibling: Node | None = None
        self.previous_sibling: Node | None = None
        # State; None where nothing is known of it.
        self.value: str | None = None
        """What an input, textarea or select holds; `***` where it was masked."""
        self.checked: bool | None = None
        """Of check boxes and radio buttons; of options whether they are selected."""
        self.indeterminate = False
        self.scroll: Scroll | None = None
        self.size: Size | None = None
        """In pixels; recorded of elements whose content is hidden for privacy."""
        self.playing: bool | None = None
        """Of audio and video."""
        self.style_sheets: tuple[StyleSheet, ...] = ()
        """Of a `<style>` or `<link>` its own one; of a document or shadow root those that script adopted."""
        self.image_resource: str | None = None
        """Id of the image that it shows, which is uploaded apart from the segments."""
        self.same_ids: set[Node] | None = None
        """All nodes of the page with the same attribute `id`; None without one."""

    @property
    def children(self) -> list[Node]:
        """In order, without the shadow root."""
        children: list[Node] = []
        child = self.first_child
        while child is not None:
            children.append(child)
            child = child.next_sibling
        return children

    def link(self, parent: Node, before: Node | None) -> None:
        """Become a child of `parent`, in front of its child `before` or last; a shadow root becomes its shadow root."""
        self.parent = parent
        if self.kind is NodeKind.SHADOW_ROOT:
            parent.shadow_root = self
            return
        previous = parent.last_child if before is None else before.previous_sibling
        self.previous_sibling, self.next_sibling = previous, before
        if previous is None:
            parent.first_child = self
        else:
            previous.next_sibling = self
        if before is None:
            parent.last_child = self
        else:
            before.previous_sibling = self

    def unlink(self) -> None:
        """Leave the parent."""
        parent, previous, following = self.parent, self.previous_sibling, self.next_sibling
        self.parent = self.previous_sibling = self.next_sibling = None
        if parent is None:
            return
        if parent.shadow_root is self:
            parent.shadow_root = None
            return
        if previous is None:
            parent.first_child = following
        else:
            previous.next_sibling = following
        if following is None:
            parent.last_child = previous
        else:
            following.previous_sibling = previous

    def __repr__(self) -> str:
        return f"<Node {self.id} {self.kind} {self.name}>"


def nodes_below(node: Node, without: Container[str] = ()) -> Iterator[Node]:
    """The node and all below it in document order; a shadow root comes before its host's children.

    Nodes with names in `without` are left out with all that is below them. At any depth. The tree may not change
    meanwhile.
    """
    current = node
    while True:
        following = None
        if current.name not in without:
            yield current
            following = current.shadow_root or current.first_child
        while following is None:
            if current is node:
                return
            parent = current.parent
            if current.kind is NodeKind.SHADOW_ROOT and parent is not None:
                following = parent.first_child
            else:
                following = current.next_sibling
            if following is None:
                if parent is None:
                    return
                current = parent
        current = following
