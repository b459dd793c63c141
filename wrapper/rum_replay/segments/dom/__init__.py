"""The DOM of a view at any time, from recordings of all generations of the browser SDK.

from rum_replay.segments.dom import Page, page_at, to_html

page = page_at(view, time)  # an aware datetime or ms of Unix time; None means the end
page.root, page.find(17), page.scroll, page.viewport, page.url, page.to_dict(), to_html(page)

page = Page(recording.resources)  # with the images of canvases, if they were uploaded beside the segments
for placed in view.placed_records():
    for effect in page.apply(placed.record, placed.gap):  # what the record did, in one form for all formats
        ...
page.uncertain_since, page.uncertain_because  # since when and why it is a guess, if records are missing
page.problems  # invalid parts of records, which were skipped, and how many of each kind
"""

from __future__ import annotations

from ..._public import public, public_exports
from ._effects import (
    AttributeSet,
    CheckedSet,
    Effect,
    FocusSet,
    ImageSet,
    MediaSet,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    Scrolled,
    SizeSet,
    SnapshotTaken,
    StyleSheetsSet,
    TextSet,
    TopLayerSet,
    UrlSet,
    ValueSet,
    ViewportResized,
    VisualViewportSet,
)
from ._markup.html import to_html
from ._names.selectors import css_path, text_of
from ._nodes import Node, NodeKind, Scroll, Size, nodes_below
from ._page import Page
from ._page_at import page_at
from ._style_sheets import StyleSheet

__all__ = [
    "AttributeSet",
    "CheckedSet",
    "Effect",
    "FocusSet",
    "ImageSet",
    "MediaSet",
    "Node",
    "NodeAdded",
    "NodeKind",
    "NodeRemoved",
    "Page",
    "RuleDeleted",
    "RuleInserted",
    "Scroll",
    "Scrolled",
    "Size",
    "SizeSet",
    "SnapshotTaken",
    "StyleSheet",
    "StyleSheetsSet",
    "TextSet",
    "TopLayerSet",
    "UrlSet",
    "ValueSet",
    "ViewportResized",
    "VisualViewportSet",
    "css_path",
    "nodes_below",
    "page_at",
    "text_of",
    "to_html",
]

public_exports(globals(), __all__, __name__)
public(Node, Page, module="rum_replay.segments")
