"""Every record that browser and mobile SDKs write, as a frozen class; unknown ones are kept raw."""

from __future__ import annotations

from .base import Number, RecordBase
from .changes import Change, UnknownChange, decode_changes
from .incremental import IncrementalData
from .kinds import (
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
from .mobile import MobileIncrementalData, MobileSnapshot, Wireframe
from .nodes import Node

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
