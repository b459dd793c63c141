"""What a record is called in exports: the same name for the same thing in all eras of the SDK."""

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

_INCREMENTAL = IncrementalSnapshotRecord | MobileIncrementalSnapshotRecord

_RECORDS: dict[type[object], str] = {
    FullSnapshotRecord: "full_snapshot",
    MetaRecord: "meta",
    FocusRecord: "page_focus",
    ViewEndRecord: "view_end",
    VisualViewportRecord: "visual_viewport",
    FrustrationRecord: "frustration",
    MobileFullSnapshotRecord: "full_snapshot",
    UnknownRecord: "unknown",
}
_DATA: dict[type[object], str] = {
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
_INTERACTIONS = {
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
_POINTER = {"down": "pointer_down", "up": "pointer_up", "move": "pointer_move"}
# What changes are called that have these effects and no others.
_EFFECTS: dict[str, tuple[type[object], ...]] = {
    "input": (ValueSet, CheckedSet),
    "scroll": (Scrolled,),
    "media": (MediaSet,),
    "style_sheet": (StyleSheetsSet,),
    "visual_viewport": (VisualViewportSet,),
    "image": (ImageSet,),
    "size": (SizeSet,),
}

KINDS = tuple(
    dict.fromkeys(
        [*_RECORDS.values(), *_DATA.values(), *_INTERACTIONS.values(), *_POINTER.values(), *_EFFECTS, "interaction"]
    )
)
"""All names that there are."""


def kind_of(record: Record, effects: Sequence[Effect]) -> str:
    """The name for a record; `effects` are what it did to the page."""
    if isinstance(record, ChangeRecord):
        return next(
            (kind for kind, types in _EFFECTS.items() if effects and all(isinstance(one, types) for one in effects)),
            "mutation",
        )
    if isinstance(record, _INCREMENTAL):
        data = record.data
        if isinstance(data, MouseInteractionData):
            return _INTERACTIONS.get(data.type, "interaction")
        if isinstance(data, PointerInteractionData):
            return _POINTER[data.pointer_event_type]
        return _DATA[type(data)]
    return _RECORDS[type(record)]
