"""What a record did to the page, in one form for all formats of recordings.

The effects of a record are in the order in which they happened, so they can be replayed elsewhere one after another.
An effect that refers to a node by its id follows the one that added the node, unless that is missing: what is entered,
scrolled or played in a node that is not in the page is an effect too. Nodes in effects are those of the page: they are
in the state after all effects of the record, and the next record changes them.
"""

from __future__ import annotations

import msgspec

from ..records import Number, VisualViewport
from ._nodes import Node
from ._style_sheets import StyleSheet

__all__ = [
    "AttributeSet",
    "CheckedSet",
    "Effect",
    "FocusSet",
    "ImageSet",
    "MediaSet",
    "NodeAdded",
    "NodeRemoved",
    "RuleDeleted",
    "RuleInserted",
    "Scrolled",
    "SizeSet",
    "SnapshotTaken",
    "StyleSheetsSet",
    "TextSet",
    "TopLayerSet",
    "UrlSet",
    "ValueSet",
    "ViewportResized",
    "VisualViewportSet",
]


class SnapshotTaken(msgspec.Struct, frozen=True, gc=False):
    """A full snapshot replaced the page: all nodes and ids are new, and so is `Page.scroll`.

    The new nodes have no effects of their own; only a `VisualViewportSet` may follow.
    """

    root: Node | None


class NodeAdded(msgspec.Struct, frozen=True, gc=False):
    """One node was added below a parent that existed before; each of its children follows with its own effect.

    The node has its attributes, text and state already; effects that set them may follow as well.
    """

    node: Node
    parent_id: int | None
    """None if the node is the root."""

    before_id: int | None
    """The sibling that it was inserted before; None if it is the last child or a shadow root."""


class NodeRemoved(msgspec.Struct, frozen=True, gc=False):
    """A node was removed with its descendants, and their ids are free. A node that moves is removed and added again."""

    id: int
    parent_id: int | None


class AttributeSet(msgspec.Struct, frozen=True, gc=False):
    """An attribute was set, or removed if the value is None."""

    id: int
    name: str
    value: str | None


class TextSet(msgspec.Struct, frozen=True, gc=False):
    """The text of a text node changed."""

    id: int
    text: str


class ValueSet(msgspec.Struct, frozen=True, gc=False):
    """The value of a form field changed; for a `<select>`, a `CheckedSet` for the option with that value comes too."""

    id: int
    value: str


class CheckedSet(msgspec.Struct, frozen=True, gc=False):
    """A check box or radio button was checked or unchecked, or an option selected or deselected."""

    id: int
    checked: bool
    indeterminate: bool = False


class Scrolled(msgspec.Struct, frozen=True, gc=False):
    """An element was scrolled to this position in pixels; the id of the root stands for the document."""

    id: int
    left: Number
    top: Number


class SizeSet(msgspec.Struct, frozen=True, gc=False):
    """An element whose content is hidden for privacy has this size in pixels."""

    id: int
    width: Number
    height: Number


class StyleSheetsSet(msgspec.Struct, frozen=True, gc=False):
    """A node has these style sheets: a `<style>` or `<link>` its own one, a document or shadow root the adopted ones.

    Several nodes may share a sheet.
    """

    id: int
    sheets: tuple[StyleSheet, ...]


class RuleInserted(msgspec.Struct, frozen=True, gc=False):
    """A rule was inserted into the style sheet of a `<style>` or `<link>`; without a style sheet, it got one.

    An index of several numbers is a path into nested rules.
    """

    id: int
    rule: str
    index: tuple[int, ...]


class RuleDeleted(msgspec.Struct, frozen=True, gc=False):
    """A rule was deleted from the style sheet of a `<style>` or `<link>`."""

    id: int
    index: tuple[int, ...]


class MediaSet(msgspec.Struct, frozen=True, gc=False):
    """Audio or video started or stopped playing."""

    id: int
    playing: bool


class TopLayerSet(msgspec.Struct, frozen=True, gc=False):
    """An element is taken to be above everything else, or no longer: a modal dialog or a popover."""

    id: int
    is_in: bool


class ImageSet(msgspec.Struct, frozen=True, gc=False):
    """An image or canvas shows a resource that is uploaded separately from the segments."""

    id: int
    resource: str


class ViewportResized(msgspec.Struct, frozen=True, gc=False):
    """The layout viewport has a new size in pixels."""

    width: Number
    height: Number


class VisualViewportSet(msgspec.Struct, frozen=True, gc=False):
    """Another part of the page is visible."""

    viewport: VisualViewport


class UrlSet(msgspec.Struct, frozen=True, gc=False):
    """The page has a new URL."""

    url: str


class FocusSet(msgspec.Struct, frozen=True, gc=False):
    """The page gained or lost focus."""

    has_focus: bool


Effect = (
    SnapshotTaken
    | NodeAdded
    | NodeRemoved
    | AttributeSet
    | TextSet
    | ValueSet
    | CheckedSet
    | Scrolled
    | SizeSet
    | StyleSheetsSet
    | RuleInserted
    | RuleDeleted
    | MediaSet
    | TopLayerSet
    | ImageSet
    | ViewportResized
    | VisualViewportSet
    | UrlSet
    | FocusSet
)
