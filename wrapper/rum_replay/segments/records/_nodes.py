"""The nodes of snapshots and mutations that hold the DOM as a tree.

These come from browser SDKs up to 6, and from 7 with change records turned off.
"""

from __future__ import annotations

import msgspec

from ._base import Number, Wire

__all__ = [
    "CdataNode",
    "DoctypeNode",
    "DocumentFragmentNode",
    "DocumentNode",
    "ElementNode",
    "Node",
    "StyleSheet",
    "TextNode",
]


class StyleSheet(Wire, frozen=True):
    """An adopted style sheet."""

    css_rules: tuple[str, ...]
    media: tuple[str, ...] = ()
    disabled: bool = False


class _Node(Wire, frozen=True, tag_field="type", kw_only=True):
    id: int
    """Unique within the view."""

    def __repr__(self) -> str:
        # The number of child nodes only: a whole page is too long to print, and may be too deep.
        values = ((name, getattr(self, name)) for name in self.__struct_fields__)
        shown = (f"{name}=<{len(value)}>" if name == "child_nodes" else f"{name}={value!r}" for name, value in values)
        return f"{type(self).__name__}({', '.join(shown)})"


class DocumentNode(_Node, frozen=True, tag=0, kw_only=True):
    """A document."""

    child_nodes: tuple[Node, ...]
    adopted_style_sheets: tuple[StyleSheet, ...] = ()


class DoctypeNode(_Node, frozen=True, tag=1, kw_only=True):
    """A document type."""

    name: str
    public_id: str
    system_id: str


class ElementNode(_Node, frozen=True, tag=2, kw_only=True):
    """An element."""

    tag_name: str
    """In lower case, except in SVG."""

    attributes: dict[str, str | Number | bool | None]
    """The attributes of the markup, and those that the SDK adds for state: `_cssText`, `rr_scrollLeft`, `rr_scrollTop`,
    `rr_width`, `rr_height`, `rr_mediaState`."""

    child_nodes: tuple[Node, ...]
    is_svg: bool = msgspec.field(default=False, name="isSVG")


class TextNode(_Node, frozen=True, tag=3, kw_only=True):
    """Text."""

    text_content: str
    is_style: bool = False
    """Whether its parent is a `<style>`."""


class CdataNode(_Node, frozen=True, tag=4, kw_only=True):
    """A CDATA section; SDKs do not record its text."""

    text_content: str = ""


class DocumentFragmentNode(_Node, frozen=True, tag=11, kw_only=True):
    """A document fragment; in recordings it is always a shadow root, and its parent is the host."""

    child_nodes: tuple[Node, ...]
    is_shadow_root: bool = False
    adopted_style_sheets: tuple[StyleSheet, ...] = ()


Node = DocumentNode | DoctypeNode | ElementNode | TextNode | CdataNode | DocumentFragmentNode
