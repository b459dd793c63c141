"""The data of record types 10 and 11 from mobile SDKs: wireframes, and the layers that they are drawn in.

Lengths and positions are in density-independent pixels from the top left corner of the screen. The classes follow all
versions of the JSON schemas that Datadog publishes (DataDog/rum-events-format, Apache-2.0).
"""

from __future__ import annotations

from typing import Any

from ._base import Number, Wire
from ._incremental import PointerInteractionData, ViewportResizeData

__all__ = [
    "AddedWireframe",
    "CompositionLayer",
    "CompositionLayerChild",
    "CompositionLayerUpdate",
    "CompositionTree",
    "CompositionTreeMutationData",
    "EmbeddedContentWireframe",
    "EmbeddedViewWireframe",
    "ImageWireframe",
    "MobileIncrementalData",
    "MobileMutationData",
    "MobileSnapshot",
    "PlaceholderWireframe",
    "RemovedWireframe",
    "ShapeBorder",
    "ShapeStyle",
    "ShapeWireframe",
    "TextStyle",
    "TextWireframe",
    "TouchData",
    "TouchPosition",
    "WebviewWireframe",
    "Wireframe",
    "WireframeClip",
]


class WireframeClip(Wire, frozen=True):
    """How many pixels of a wireframe are hidden at each side."""

    top: Number = 0
    bottom: Number = 0
    left: Number = 0
    right: Number = 0


class ShapeStyle(Wire, frozen=True):
    """How a wireframe is filled; colors are `#RRGGBBAA`."""

    background_color: str | None = None
    background_gradient: dict[str, Any] | None = None
    opacity: Number | None = None
    """0 to 1."""

    corner_radius: Number | None = None


class ShapeBorder(Wire, frozen=True):
    """The line around a wireframe."""

    color: str
    width: Number


class TextStyle(Wire, frozen=True):
    """The font of a text."""

    family: str
    size: Number
    color: str
    truncation_mode: str | None = None
    """`clip`, `head`, `tail` or `middle`; None if the text wraps."""


class _Wireframe(Wire, frozen=True, tag_field="type", kw_only=True):
    """A wireframe, or an update of one, in which None means that a value has not changed."""

    id: int
    """Stays the same throughout the view."""

    x: Number | None = None
    y: Number | None = None
    width: Number | None = None
    height: Number | None = None
    clip: WireframeClip | None = None
    permanent_id: str | None = None
    """Identifies the element across views, as in RUM action events."""


class _Shape(_Wireframe, frozen=True, tag_field="type", kw_only=True):
    shape_style: ShapeStyle | None = None
    border: ShapeBorder | None = None


class ShapeWireframe(_Shape, frozen=True, tag="shape", kw_only=True):
    """A rectangle."""


class TextWireframe(_Shape, frozen=True, tag="text", kw_only=True):
    """Text in a rectangle."""

    text: str | None = None
    text_style: TextStyle | None = None
    text_position: dict[str, Any] | None = None
    """`padding` in pixels and `alignment`, as recorded."""


class ImageWireframe(_Shape, frozen=True, tag="image", kw_only=True):
    """An image: its bytes as base64, or the id of a separately uploaded resource."""

    base64: str | None = None
    resource_id: str | None = None
    mime_type: str | None = None
    is_empty: bool | None = None


class PlaceholderWireframe(_Wireframe, frozen=True, tag="placeholder", kw_only=True):
    """A placeholder for content that is not recorded."""

    label: str | None = None


class WebviewWireframe(_Shape, frozen=True, tag="webview", kw_only=True):
    """A web view; its own records carry the same slot id."""

    slot_id: str | None = None
    is_visible: bool | None = None


class EmbeddedViewWireframe(_Shape, frozen=True, tag="embedded_view", kw_only=True):
    """A view of another framework; the earlier name of `EmbeddedContentWireframe`."""

    slot_id: str | None = None
    is_visible: bool | None = None


class EmbeddedContentWireframe(_Shape, frozen=True, tag="embedded_content", kw_only=True):
    """A view of another framework; its own records carry the same slot id."""

    slot_id: str | None = None
    is_visible: bool | None = None


Wireframe = (
    ShapeWireframe
    | TextWireframe
    | ImageWireframe
    | PlaceholderWireframe
    | WebviewWireframe
    | EmbeddedViewWireframe
    | EmbeddedContentWireframe
)


class CompositionLayerChild(Wire, frozen=True):
    """A wireframe or layer that is drawn in a layer."""

    type: str
    """`wireframe` or `layer`."""

    id: int


class CompositionLayerUpdate(Wire, frozen=True, kw_only=True):
    """An update of a layer, in which None means that a value has not changed."""

    id: int
    x: Number | None = None
    y: Number | None = None
    width: Number | None = None
    height: Number | None = None
    children: tuple[CompositionLayerChild, ...] | None = None
    modifiers: tuple[dict[str, Any], ...] | None = None
    composite_operation: str | None = None


class CompositionLayer(Wire, frozen=True, kw_only=True):
    """A group that wireframes and other layers are drawn in, from back to front."""

    id: int
    """Stays the same throughout the view."""

    x: Number
    y: Number
    width: Number
    height: Number
    children: tuple[CompositionLayerChild, ...]
    modifiers: tuple[dict[str, Any], ...] = ()
    """Clips, opacity, blur and the like, as recorded; each has a `type`."""

    composite_operation: str | None = None


class CompositionTree(Wire, frozen=True):
    """The layers of a screen."""

    root: CompositionLayer
    layers: tuple[CompositionLayer, ...] = ()


class MobileSnapshot(Wire, frozen=True):
    """The whole screen, from back to front."""

    wireframes: tuple[Wireframe, ...]
    composition_tree: CompositionTree | None = None


class _Data(Wire, frozen=True, tag_field="source", kw_only=True):
    pass


class AddedWireframe(Wire, frozen=True, kw_only=True):
    """A wireframe that is drawn right after the one with `previous_id`, or before all others if that is None."""

    wireframe: Wireframe
    previous_id: int | None = None


class RemovedWireframe(Wire, frozen=True):
    """A wireframe that was removed."""

    id: int


class MobileMutationData(_Data, frozen=True, tag=0, kw_only=True):
    """Source 0: wireframes were added, removed or updated."""

    adds: tuple[AddedWireframe, ...] = ()
    removes: tuple[RemovedWireframe, ...] = ()
    updates: tuple[Wireframe, ...] = ()


class TouchPosition(Wire, frozen=True):
    """A position of a finger."""

    id: int
    """The number of the finger."""

    x: Number
    y: Number
    timestamp: Number
    """Milliseconds of Unix time."""


class TouchData(_Data, frozen=True, tag=2, kw_only=True):
    """Source 2: fingers touched the screen."""

    positions: tuple[TouchPosition, ...] = ()


class CompositionTreeMutationData(_Data, frozen=True, tag=10, kw_only=True):
    """Source 10: layers were added, removed or updated."""

    root: CompositionLayer | None = None
    adds: tuple[CompositionLayer, ...] = ()
    removes: tuple[int, ...] = ()
    updates: tuple[CompositionLayerUpdate, ...] = ()


MobileIncrementalData = (
    MobileMutationData | TouchData | ViewportResizeData | PointerInteractionData | CompositionTreeMutationData
)
