"""What records of type 3 do to the state of one node."""

from __future__ import annotations

from ..records import InputData, MediaInteractionData, ScrollData, StyleSheetRuleData
from ._document import Document
from ._nodes import Node

__all__ = ["OF_A_NODE", "change_state"]

OF_A_NODE = (ScrollData, InputData, MediaInteractionData, StyleSheetRuleData)


def change_state(
    document: Document, node: Node, data: ScrollData | InputData | MediaInteractionData | StyleSheetRuleData
) -> None:
    """Apply a record to a node of a document."""
    if isinstance(data, ScrollData):
        document.set_scroll(node, data.x, data.y)
    elif isinstance(data, InputData):
        if data.text is not None:
            document.set_value(node, data.text)
        if data.is_checked is not None:
            document.set_checked(node, data.is_checked)
    elif isinstance(data, MediaInteractionData):
        document.set_playing(node, data.type == 0)
    else:
        for removal in data.removes:
            document.delete_rule(node, _as_path(removal.index))
        for addition in data.adds:
            document.insert_rule(node, addition.rule, _as_path(0 if addition.index is None else addition.index))


def _as_path(index: int | tuple[int, ...]) -> tuple[int, ...]:
    return index if isinstance(index, tuple) else (index,)
