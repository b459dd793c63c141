"""Every record that browser and mobile SDKs write, as a frozen class; unknown ones are kept raw."""

from __future__ import annotations

from ._base import Number, RecordBase
from ._changes import Change, UnknownChange, decode_changes
from ._incremental import IncrementalData
from ._kinds import (
    ChangeRecord,
    DomSnapshot,
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
    decode_record,
)
from ._mobile import MobileIncrementalData, MobileSnapshot, Wireframe
from ._nodes import Node

__all__ = [
    "Change",
    "ChangeRecord",
    "DomSnapshot",
    "FocusRecord",
    "FrustrationRecord",
    "FullSnapshotRecord",
    "IncrementalData",
    "IncrementalSnapshotRecord",
    "MetaRecord",
    "MobileFullSnapshotRecord",
    "MobileIncrementalData",
    "MobileIncrementalSnapshotRecord",
    "MobileSnapshot",
    "Node",
    "Number",
    "Record",
    "RecordBase",
    "UnknownChange",
    "UnknownRecord",
    "ViewEndRecord",
    "VisualViewportRecord",
    "Wireframe",
    "decode_changes",
    "decode_record",
]
