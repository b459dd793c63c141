"""A page as HTML that is inert: it runs nothing, requests nothing and navigates nowhere.

Whatever a recording contains, only tags and attributes that are written here come out, because text and values are
escaped and names are checked. What elements, attributes and style sheets may contain is decided in `_inert`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from itertools import chain

import attrs

from ..._arguments import check_instance
from ..._errors import SegmentError
from .. import _inert as inert
from ._dictionaries import MAX_LENGTH
from ._nodes import Node, NodeKind, walk
from ._page import Page
from ._style_sheets import StyleSheet

__all__ = ["Markup", "style_with_size", "to_html"]

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "source", "track", "wbr"})
_DROPS_FIRST_LINE_FEED = frozenset({"listing", "pre", "textarea"})
# Within <svg>, the parser reads tags and character references in the text of a <style>.
_MARKUP_IN_CSS = re.compile(r"<(?=[A-Za-z/!?])|&(?=[#A-Za-z])")
_IMAGES = frozenset({"img", "input"})
_WITH_SUBSTITUTES = frozenset({"audio", "img", "input", "source", "video"})
_CACHED_SHEETS = 100
"""Texts of style sheets; components often share theirs."""


def to_html(of: Page | Node) -> str:
    """Markup of a page, or of a node with everything below it; at any depth. Empty for a page without a snapshot.

    The markup is inert. Scripts, plugins, `<meta>` and the like are empty `<template>` elements, frames are empty, and
    images, sounds, fonts and style sheets are there only if the recording contains them, as text or as data URLs.
    Links to other pages lead to `about:blank`, and forms submit nothing; the addresses are in `Node.attributes`.

    Form fields have the values they held, shadow roots are declarative ones (`<template shadowrootmode>`), recorded
    style sheets replace links to them, elements hidden for privacy have the size they had. HTML has no way to say how
    far elements were scrolled. Raises SegmentError if the markup is longer than 64 Mi characters, which a recording of
    a few bytes can ask for by repeating a string.
    """
    check_instance("of", of, (Page, Node), "a Page or Node")
    root = of.root if isinstance(of, Page) else of
    return "" if root is None else Markup().of(root)


def _unchanged(css: str) -> str:
    return css


@attrs.define
class Markup:
    """Writes nodes as inert HTML."""

    restyle: Callable[[str], str] = _unchanged
    """Changes inert CSS further."""

    mark: str | None = None
    """Name of an attribute for elements whose content the recording does not contain."""

    hidden_mark: str | None = None
    """Name of an attribute for elements that are hidden for privacy."""

    is_in_frame: bool = False
    """Whether the markup is for a frame; in a frame, other frames are empty."""

    _scopes: set[Node | None] = attrs.field(init=False, factory=set["Node | None"])
    """The shadow roots, and None for the document, with images whose size is not recorded."""

    _inert_css: Callable[[str], str] = attrs.field(init=False, factory=lambda: lru_cache(_CACHED_SHEETS)(inert.css))

    def of(self, root: Node) -> str:
        """The markup of a node and everything below it. Raises SegmentError if it is longer than 64 Mi characters."""
        pieces: list[str] = []
        length = 0
        self._scopes = scopes_of(filter(is_unsized, walk(root)), root)
        for piece in chain(self._pieces(root), self._unsized_rule(None)):
            pieces.append(piece)
            length += len(piece)
            if length > MAX_LENGTH:
                raise _too_long()
        return "".join(pieces)

    def _unsized_rule(self, scope: Node | None) -> Iterator[str]:
        """The rule for images without a size, once for each document and shadow root that has one."""
        if scope in self._scopes:
            self._scopes.discard(scope)
            yield f"<style>{inert.UNSIZED_RULE}</style>"

    def _pieces(self, root: Node) -> Iterator[str]:
        waiting: list[Node | str] = [root]
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                yield one
            elif one.kind is NodeKind.ELEMENT:
                waiting.extend(reversed(self._element(one)))
            elif one.kind is NodeKind.SHADOW_ROOT:
                yield '<template shadowrootmode="open">'
                yield from self._unsized_rule(one)
                yield from self._styles(one.style_sheets)
                waiting.append("</template>")
                waiting.extend(reversed(one.children))
            elif one.kind is NodeKind.DOCTYPE:
                yield _doctype(one)
            elif one.kind in (NodeKind.TEXT, NodeKind.CDATA):
                yield escape(one.text, quote=False)
            else:
                waiting.extend(reversed(one.children))

    def _element(self, node: Node) -> list[Node | str]:
        """Its tags and everything between them."""
        is_box = is_plugin_box(node)
        name = inert.BOX if is_box else inert.element_name(node.name, is_svg=node.is_svg)
        kind = name.lower()
        if kind == "style":
            sheets = node.style_sheets or (StyleSheet("".join(child.text for child in node.children)),)
            return list(self._styles(sheets, node.attributes.get("media")))
        if kind == "link" and node.style_sheets:
            return list(self._styles(node.style_sheets, node.attributes.get("media")))
        if kind == "link" or (inert.is_left_out(node.name) and not is_box):
            # Within <head> no rule cares.
            is_in_head = node.parent is not None and node.parent.name == "head"
            return [] if is_in_head else [f"<{inert.PLACEHOLDER}></{inert.PLACEHOLDER}>"]
        opening = f"<{name}{''.join(self._attributes(node, kind, is_box=is_box))}>"
        if kind in _VOID and not node.is_svg:
            return [opening]
        content: list[Node | str] = []
        if node.shadow_root is not None:
            content.append(node.shadow_root)
        if kind == "head":
            content.append('<meta charset="utf-8">')
            content.extend(self._unsized_rule(None))
        if kind == "textarea" and node.value is not None:
            content.append(escape(node.value, quote=False))
        elif inert.is_frame(kind):
            opening = f"{opening[:-1]}{self._frame_content(node)}>"
        else:
            content.extend(node.children)
        if content and name in _DROPS_FIRST_LINE_FEED:
            content.insert(0, "\n")
        if node.parent is not None and node.parent.kind is NodeKind.DOCUMENT:
            content.extend(self._styles(node.parent.style_sheets))
        return [opening, *content, f"</{name}>"]

    def _frame_content(self, frame: Node) -> str:
        """The page of a web view on a mobile screen, as attributes; those of browsers are not recorded."""
        page = frame.first_child
        if page is None or page.kind is not NodeKind.DOCUMENT or self.is_in_frame:
            return ""
        # Lengths that are relative to the viewport are relative to the frame.
        markup = Markup(mark=self.mark, hidden_mark=self.hidden_mark, is_in_frame=True).of(page)
        return f' sandbox="" srcdoc="{escape(markup)}"'

    def _attributes(self, node: Node, kind: str, *, is_box: bool) -> Iterator[str]:
        attributes = dict(node.attributes)
        if node.value is not None and kind == "input":
            attributes["value"] = node.value
        if node.checked is not None:
            state = "selected" if kind == "option" else "checked"
            attributes.pop(state, None)
            if node.checked:
                attributes[state] = ""
        if node.size is not None:
            attributes["style"] = style_with_size(node)
        for name, value in inert_attributes(node, attributes, is_box=is_box).items():
            yield f' {name}="{escape(self.restyle(value) if name.lower() == "style" else value)}"'
        if self.mark is not None and _lacks_content(node):
            yield f' {self.mark}=""'
        if is_unsized(node):
            yield f' {inert.UNSIZED}=""'
        if self.hidden_mark is not None and node.size is not None:
            yield f' {self.hidden_mark}=""'

    def _styles(self, sheets: Iterable[StyleSheet], media: str | None = None) -> Iterator[str]:
        for sheet in sheets:
            if not sheet.disabled:
                if sheet.length > MAX_LENGTH:
                    raise _too_long()
                query = ", ".join(sheet.media) or media
                css = _MARKUP_IN_CSS.sub(_css_escape, self.restyle(self._inert_css(sheet.text)))
                yield f'<style media="{escape(query)}">{css}</style>' if query else f"<style>{css}</style>"


def style_with_size(node: Node) -> str:
    """The `style` attribute as recorded, with the size of an element that is hidden for privacy."""
    size = [f"width:{node.size.width}px;height:{node.size.height}px"] if node.size is not None else []
    return ";".join([*filter(None, [node.attributes.get("style")]), *size])


def is_plugin_box(node: Node) -> bool:
    """Whether a box is in place of it, an `<object>` or `<embed>`."""
    is_in_head = node.parent is not None and node.parent.name == "head"
    return not node.is_svg and not is_in_head and inert.is_box(node.name, node.attributes)


def inert_attributes(node: Node, recorded: Mapping[str, str], *, is_box: bool) -> dict[str, str]:
    """The attributes to write an element, or the box in its place, with, given those that were recorded."""
    if is_box:
        return inert.box_attributes(node.name, recorded)
    written = inert.attributes(node.name, recorded)
    if node.is_svg or node.name not in _WITH_SUBSTITUTES:
        return written
    if node.name == "audio" and node.size is not None:
        written["controls"] = ""  # Without them it would have no box, whatever its style.
    return written | inert.substitute(node.name, recorded, node.parent.name if node.parent is not None else "")


def is_unsized(node: Node) -> bool:
    """Whether it is an image that the recording lacks, and that has no recorded size either."""
    return node.name in _IMAGES and not node.is_svg and inert.is_unsized(node.name, node.attributes)


def scopes_of(nodes: Iterable[Node], root: Node) -> set[Node | None]:
    """The shadow roots that nodes below a root are in; None for those that are in none."""
    scopes: set[Node | None] = set()
    known: dict[Node, Node | None] = {root: root if root.kind is NodeKind.SHADOW_ROOT else None}
    for node in nodes:
        path: list[Node] = []
        while node not in known and node.kind is not NodeKind.SHADOW_ROOT and node.parent is not None:
            path.append(node)
            node = node.parent  # noqa: PLW2901 - up to one that is known
        scope = known.setdefault(node, node if node.kind is NodeKind.SHADOW_ROOT else None)
        known.update(dict.fromkeys(path, scope))
        scopes.add(scope)
    return scopes


def _too_long() -> SegmentError:
    return SegmentError(f"the page is longer than {MAX_LENGTH:,} characters as HTML; write parts of it")


def _css_escape(character: re.Match[str]) -> str:
    """The same character, written so that no parser takes it for the start of anything."""
    return f"\\{ord(character.group()):x} "


def _lacks_content(node: Node) -> bool:
    is_drawn = node.image_resource is not None or node.name in ("canvas", "mobile-placeholder")
    return is_drawn or inert.lacks_content(node.name, node.attributes)


def _doctype(node: Node) -> str:
    name = node.name if inert.is_name(node.name) else "html"
    public_id, system_id = (re.sub(r'[">]', "", node.attributes.get(key, "")) for key in ("publicId", "systemId"))
    if public_id:
        return f'<!DOCTYPE {name} PUBLIC "{public_id}"' + (f' "{system_id}">' if system_id else ">")
    return f'<!DOCTYPE {name} SYSTEM "{system_id}">' if system_id else f"<!DOCTYPE {name}>"
