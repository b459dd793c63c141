"""What a record did to the page, said in the same way for all formats of recordings.

Effects come in the order in which they happened, so that they can be repeated elsewhere one after the other. Those that
speak of a node by its id come after the one that added it. Nodes in effects are those of the page: they are as all
effects of the record left them, and change with the next record.
"""

from __future__ import annotations

import attrs

from ..records._base import Number
from ..records._kinds import VisualViewport
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
    "UrlSet",
    "ValueSet",
    "ViewportResized",
    "VisualViewportSet",
]


@attrs.frozen
class SnapshotTaken:
    """A full snapshot: all nodes are new, and so are `Page.scroll` and all ids.

    Nothing else is said of them; only the visual viewport may follow.
    """

    root: Node | None


@attrs.frozen
class NodeAdded:
    """One node was added, below a parent that was there before; its children follow, each with its own effect.

    Its attributes, text and state are in the node; effects that set them may follow in addition.
    """

    node: Node
    parent_id: int | None
    """None for the root."""

    before_id: int | None
    """The sibling in front of which it was put; None for the last place, and for shadow roots."""


@attrs.frozen
class NodeRemoved:
    """A node was removed with all that is below it; all their ids are gone. A node that moves is removed and added."""

    id: int
    parent_id: int | None


@attrs.frozen
class AttributeSet:
    """An attribute has a new value; None where it was removed."""

    id: int
    name: str
    value: str | None


@attrs.frozen
class TextSet:
    """A text node holds another text."""

    id: int
    text: str


@attrs.frozen
class ValueSet:
    """A form field holds another value; for a `<select>` that of the option, whose `CheckedSet` comes too."""

    id: int
    value: str


@attrs.frozen
class CheckedSet:
    """A check box or radio button was checked or not, an option selected or not."""

    id: int
    checked: bool
    indeterminate: bool = False


@attrs.frozen
class Scrolled:
    """An element, or by the id of the root the document, is scrolled so many pixels from its left and top."""

    id: int
    left: Number
    top: Number


@attrs.frozen
class SizeSet:
    """An element without content, hidden for privacy, has this size in pixels."""

    id: int
    width: Number
    height: Number


@attrs.frozen
class StyleSheetsSet:
    """All style sheets of a node: of a `<style>` or `<link>` its own one, of others those that script adopted.

    A sheet may stand at several nodes.
    """

    id: int
    sheets: tuple[StyleSheet, ...]


@attrs.frozen
class RuleInserted:
    """A rule was put into the style sheet of a `<style>` or `<link>`, which is new if there was none before.

    Several numbers lead into nested rules.
    """

    id: int
    rule: str
    index: tuple[int, ...]


@attrs.frozen
class RuleDeleted:
    """A rule was taken out of the style sheet of a `<style>` or `<link>`."""

    id: int
    index: tuple[int, ...]


@attrs.frozen
class MediaSet:
    """Audio or video plays or not."""

    id: int
    playing: bool


@attrs.frozen
class ImageSet:
    """An image or canvas shows a resource that is uploaded apart from the segments."""

    id: int
    resource: str


@attrs.frozen
class ViewportResized:
    """The layout viewport has this size in pixels."""

    width: Number
    height: Number


@attrs.frozen
class VisualViewportSet:
    """Another part of the page is seen."""

    viewport: VisualViewport


@attrs.frozen
class UrlSet:
    """The page has this URL."""

    url: str


@attrs.frozen
class FocusSet:
    """The page gained or lost the focus."""

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
    | ImageSet
    | ViewportResized
    | VisualViewportSet
    | UrlSet
    | FocusSet
)
