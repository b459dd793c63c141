"""The DOM of a view at any time, from the recordings of all eras of browser SDKs.

page = page_at(view, time)  # ms of Unix time; None: the end
page.root, page.find(17), page.scroll, page.viewport, page.url, page.to_dict(), to_html(page)

page = Page()
for record in view.records():
    for effect in page.apply(record):  # what it did, said in the same way for all formats
        ...
page.problems  # what did not fit and was left out, counted; nothing is raised
"""

from __future__ import annotations

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
    UrlSet,
    ValueSet,
    ViewportResized,
    VisualViewportSet,
)
from ._html import to_html
from ._nodes import Node, NodeKind, Scroll, Size, nodes_below
from ._page import Page, page_at
from ._selectors import css_path, text_of
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
