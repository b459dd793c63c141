"""What records of type 3 do to the state of one node."""

from __future__ import annotations

from ...records import InputData, MediaInteractionData, Number, ScrollData, StyleSheetRuleData
from .._effects import CheckedSet, MediaSet, Scrolled, ValueSet
from .document import IDS_OF_SLOT, Document

__all__ = ["OF_A_NODE", "change_state", "set_checked", "set_playing", "set_scroll", "set_value"]

OF_A_NODE = (ScrollData, InputData, MediaInteractionData, StyleSheetRuleData)


def change_state(document: Document, data: ScrollData | InputData | MediaInteractionData | StyleSheetRuleData) -> None:
    """Apply a record of a node to a document."""
    if isinstance(data, ScrollData):
        set_scroll(document, data.id, data.x, data.y)
    elif isinstance(data, InputData):
        if data.text is not None:
            set_value(document, data.id, data.text)
        if data.is_checked is not None:
            set_checked(document, data.id, data.is_checked)
    elif isinstance(data, MediaInteractionData):
        set_playing(document, data.id, data.type == 0)
    elif (node := document.node(data.id)) is not None:
        for removal in data.removes:
            document.delete_rule(node, _as_path(removal.index))
        for addition in data.adds:
            document.insert_rule(node, addition.rule, _as_path(0 if addition.index is None else addition.index))


# What somebody does is an effect also if it is done to a node that came while records were missing.


def set_scroll(document: Document, id: int, left: Number, top: Number) -> None:
    """The node with this id was scrolled."""
    if (node := document.node(id)) is not None:
        document.set_scroll(node, left, top)
    elif _may_be(id):
        document.effects.append(Scrolled(document.base + id, left, top))


def set_value(document: Document, id: int, value: str) -> None:
    """The form field with this id has another value."""
    if (node := document.node(id)) is not None:
        document.set_value(node, value)
    elif _may_be(id):
        document.effects.append(ValueSet(document.base + id, value))


def set_checked(document: Document, id: int, checked: bool, indeterminate: bool = False) -> None:
    """The form field with this id was checked or unchecked."""
    if (node := document.node(id)) is not None:
        document.set_checked(node, checked, indeterminate)
    elif _may_be(id):
        document.effects.append(CheckedSet(document.base + id, checked, indeterminate))


def set_playing(document: Document, id: int, playing: bool) -> None:
    """The audio or video with this id was started or stopped."""
    if (node := document.node(id)) is not None:
        document.set_playing(node, playing)
    elif _may_be(id):
        document.effects.append(MediaSet(document.base + id, playing))


def _may_be(id: int) -> bool:
    """Whether a node may have this id; others would be those of nodes in another slot."""
    return 0 <= id < IDS_OF_SLOT


def _as_path(index: int | tuple[int, ...]) -> tuple[int, ...]:
    return index if isinstance(index, tuple) else (index,)
