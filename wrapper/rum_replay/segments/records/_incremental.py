"""The data of record type 3, with a class for each `source`."""

from __future__ import annotations

from typing import Literal

from ._base import Number, Wire
from ._nodes import Node

__all__ = [
    "AddedNode",
    "AttributeMutation",
    "IncrementalData",
    "InputData",
    "MediaInteractionData",
    "MouseInteractionData",
    "MouseMoveData",
    "MutationData",
    "PointerInteractionData",
    "PointerPosition",
    "RemovedNode",
    "ScrollData",
    "StyleSheetRuleData",
    "StyleSheetRuleDeletion",
    "StyleSheetRuleInsertion",
    "TextMutation",
    "TouchMoveData",
    "ViewportResizeData",
]


class _Data(Wire, frozen=True, tag_field="source", kw_only=True):
    pass


class AddedNode(Wire, frozen=True, kw_only=True):
    """A node that was added with its descendants, before the node `next_id` or as the last child of its parent."""

    node: Node
    parent_id: int
    next_id: int | None
    previous_id: int | None = None


class RemovedNode(Wire, frozen=True):
    """A node that was removed with its descendants."""

    id: int
    parent_id: int


class AttributeMutation(Wire, frozen=True):
    """The attributes of a node that changed; None for those that were removed."""

    id: int
    attributes: dict[str, str | Number | bool | None]


class TextMutation(Wire, frozen=True):
    """The new text of a text node."""

    id: int
    value: str | None


class MutationData(_Data, frozen=True, tag=0, kw_only=True):
    """Source 0: the DOM changed."""

    adds: tuple[AddedNode, ...]
    removes: tuple[RemovedNode, ...]
    attributes: tuple[AttributeMutation, ...]
    texts: tuple[TextMutation, ...]


class PointerPosition(Wire, frozen=True, kw_only=True):
    """A position of the mouse or of a finger."""

    x: Number
    """Pixels from the left edge of the viewport."""

    y: Number
    """Pixels from its top edge."""

    id: int
    """The node under the pointer."""

    time_offset: Number
    """Milliseconds to add to the record's timestamp; zero or negative."""


class MouseMoveData(_Data, frozen=True, tag=1, kw_only=True):
    """Source 1: the mouse moved."""

    positions: tuple[PointerPosition, ...]


class MouseInteractionData(_Data, frozen=True, tag=2, kw_only=True):
    """Source 2: a button or finger was pressed or released, a click, or a change of focus."""

    type: int
    """0 up, 1 down, 2 click, 3 context menu, 4 double click, 5 focus, 6 blur, 7 touch start, 9 touch end."""

    id: int
    """The target node."""

    x: Number | None = None
    """Pixels from the left edge of the viewport; None for focus and blur."""

    y: Number | None = None
    """Pixels from its top edge; None for focus and blur."""


class ScrollData(_Data, frozen=True, tag=3, kw_only=True):
    """Source 3: a node, or the document, was scrolled."""

    id: int
    x: Number
    """Pixels scrolled from the left."""

    y: Number
    """Pixels scrolled from the top."""


class ViewportResizeData(_Data, frozen=True, tag=4, kw_only=True):
    """Source 4, also on mobile: the viewport has a new size in density-independent pixels."""

    width: Number
    height: Number


class InputData(_Data, frozen=True, tag=5, kw_only=True):
    """Source 5: the state of a form field changed: its text, or whether it is checked."""

    id: int
    text: str | None = None
    is_checked: bool | None = None


class TouchMoveData(_Data, frozen=True, tag=6, kw_only=True):
    """Source 6: a finger moved."""

    positions: tuple[PointerPosition, ...]


class MediaInteractionData(_Data, frozen=True, tag=7, kw_only=True):
    """Source 7: audio or video was started (type 0) or paused (type 1)."""

    id: int
    type: int


class StyleSheetRuleInsertion(Wire, frozen=True):
    """A rule that was inserted at an index; an index of several numbers is a path into nested rules."""

    rule: str
    index: int | tuple[int, ...] | None = None


class StyleSheetRuleDeletion(Wire, frozen=True):
    """The rule at an index was deleted."""

    index: int | tuple[int, ...]


class StyleSheetRuleData(_Data, frozen=True, tag=8, kw_only=True):
    """Source 8: a script changed the rules of a node's style sheet; deletions come before insertions."""

    id: int
    removes: tuple[StyleSheetRuleDeletion, ...] = ()
    adds: tuple[StyleSheetRuleInsertion, ...] = ()


class PointerInteractionData(_Data, frozen=True, tag=9, kw_only=True):
    """Source 9, also on mobile: a pointer was pressed, released or moved."""

    pointer_event_type: Literal["down", "up", "move"]
    pointer_type: Literal["mouse", "touch", "pen"]
    pointer_id: int
    x: Number
    """Pixels from the left edge of the viewport."""

    y: Number
    """Pixels from its top edge."""


IncrementalData = (
    MutationData
    | MouseMoveData
    | MouseInteractionData
    | ScrollData
    | ViewportResizeData
    | InputData
    | TouchMoveData
    | MediaInteractionData
    | StyleSheetRuleData
    | PointerInteractionData
)
