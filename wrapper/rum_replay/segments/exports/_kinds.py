"""The kinds of records in exports: the same name for the same thing in all versions of the SDK."""

from __future__ import annotations

from collections.abc import Sequence

from ..dom import CheckedSet, Effect, ImageSet, MediaSet, Scrolled, SizeSet, StyleSheetsSet, ValueSet, VisualViewportSet
from ..records import (
    ChangeRecord,
    FocusRecord,
    FrustrationRecord,
    FullSnapshotRecord,
    IncrementalSnapshotRecord,
    MetaRecord,
    MobileFullSnapshotRecord,
    MobileIncrementalSnapshotRecord,
    Record,
    UnknownRecord,
    ViewEndRecord,
    VisualViewportRecord,
)
from ..records._incremental import (
    InputData,
    MediaInteractionData,
    MouseInteractionData,
    MouseMoveData,
    MutationData,
    PointerInteractionData,
    ScrollData,
    StyleSheetRuleData,
    TouchMoveData,
    ViewportResizeData,
)
from ..records._mobile import CompositionTreeMutationData, MobileMutationData, TouchData

__all__ = ["KINDS", "kind_of"]

_INCREMENTAL = (IncrementalSnapshotRecord, MobileIncrementalSnapshotRecord)

_BY_RECORD: dict[type[object], str] = {
    FullSnapshotRecord: "full_snapshot",
    MetaRecord: "meta",
    FocusRecord: "page_focus",
    ViewEndRecord: "view_end",
    VisualViewportRecord: "visual_viewport",
    FrustrationRecord: "frustration",
    MobileFullSnapshotRecord: "full_snapshot",
    UnknownRecord: "unknown",
}
_BY_DATA: dict[type[object], str] = {
    MutationData: "mutation",
    MouseMoveData: "mouse_move",
    ScrollData: "scroll",
    ViewportResizeData: "resize",
    InputData: "input",
    TouchMoveData: "touch_move",
    MediaInteractionData: "media",
    StyleSheetRuleData: "style_sheet",
    MobileMutationData: "mutation",
    TouchData: "touch_move",
    CompositionTreeMutationData: "mutation",
}
_BY_INTERACTION = {
    0: "mouse_up",
    1: "mouse_down",
    2: "click",
    3: "context_menu",
    4: "double_click",
    5: "focus",
    6: "blur",
    7: "touch_start",
    9: "touch_end",
}
_BY_POINTER = {"down": "pointer_down", "up": "pointer_up", "move": "pointer_move"}
# The kind of a change record that has only these effects.
_BY_EFFECTS: dict[str, set[type[object]]] = {
    "input": {ValueSet, CheckedSet},
    "scroll": {Scrolled},
    "media": {MediaSet},
    "style_sheet": {StyleSheetsSet},
    "visual_viewport": {VisualViewportSet},
    "image": {ImageSet},
    "size": {SizeSet},
}
_MOST_TYPES = max(map(len, _BY_EFFECTS.values()))

_NAMED = (_BY_RECORD, _BY_DATA, _BY_INTERACTION, _BY_POINTER)
KINDS = tuple(dict.fromkeys([*(kind for by in _NAMED for kind in by.values()), *_BY_EFFECTS, "interaction"]))
"""All kinds."""


def kind_of(record: Record, effects: Sequence[Effect]) -> str:
    """The kind of a record; `effects` are its effects on the page, as `Page.apply` returned them."""
    if isinstance(record, _INCREMENTAL):
        data = record.data
        if isinstance(data, MouseInteractionData):
            return _BY_INTERACTION.get(data.type, "interaction")
        if isinstance(data, PointerInteractionData):
            return _BY_POINTER[data.pointer_event_type]
        return _BY_DATA[type(data)]
    if isinstance(record, ChangeRecord):
        found = set(map(type, effects))
        if found and len(found) <= _MOST_TYPES:
            for kind, types in _BY_EFFECTS.items():
                if found <= types:
                    return kind
        return "mutation"
    return _BY_RECORD[type(record)]
