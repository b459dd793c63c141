"""A page as HTML that does nothing: no script, no handlers, no URLs that run something, no refresh, no frames.

Whatever a recording holds, only tags and attributes that are written here come out, for text and values are escaped and
names checked. What it refers to by URL, such as images, a browser would still load: the Content-Security-Policy of
whoever shows it decides about that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape

from ..._arguments import check_instance
from ..._errors import SegmentError
from ._dictionaries import MAX_LENGTH
from ._nodes import Node, NodeKind
from ._page import Page
from ._style_sheets import StyleSheet

__all__ = ["to_html"]

_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "source", "track", "wbr"})
_LEFT_OUT = frozenset(
    {
        "animate",
        "animatecolor",
        "animatemotion",
        "animatetransform",
        "applet",
        "base",
        "embed",
        "frame",
        "frameset",
        "meta",
        "noembed",
        "noframes",
        "noscript",
        "object",
        "param",
        "script",
        "set",
    }
)
_FRAMES = frozenset({"fencedframe", "iframe", "portal"})
_WITH_IMAGE = frozenset({"feimage", "image", "link"})
# Nothing ends a <plaintext>, and in an <xmp> all is text.
_RENAMED = {"plaintext": "pre", "xmp": "pre"}
_DROPS_FIRST_LINE_FEED = frozenset({"listing", "pre", "textarea"})
_NOT_WRITTEN = frozenset(
    {"action", "autofocus", "autoplay", "formaction", "http-equiv", "ping", "shadowrootmode", "srcdoc"}
)
_NAME = re.compile(r"[A-Za-z][\w.:-]*", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[^\s\"'<>/=`\x00-\x1f\x7f]+")
_IGNORED_IN_URLS = re.compile(r"[\x00-\x20\x7f-\xa0]+")
_RUNS = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)
_MEDIA_DATA = re.compile(r"data:(?:audio|font|image|video)/", re.IGNORECASE)
_MARKUP_IN_CSS = re.compile(r"<(?=[A-Za-z/!?])")


def to_html(of: Page | Node) -> str:
    """Markup of a page, or of a node with all below it; at any depth. Empty for a page without a snapshot.

    Form fields have what they held, shadow roots are declarative ones (`<template shadowrootmode>`), style sheets
    stand as recorded in place of links, elements hidden for privacy have the size they had. How far elements were
    scrolled cannot be said in HTML. Raises SegmentError where the markup is longer than 64 Mi characters, which a
    recording of a few bytes can ask for by repeating a string.
    """
    check_instance("of", of, (Page, Node), "a Page or Node")
    root = of.root if isinstance(of, Page) else of
    pieces: list[str] = []
    length = 0
    for piece in _pieces(root) if root is not None else ():
        pieces.append(piece)
        length += len(piece)
        if length > MAX_LENGTH:
            raise SegmentError(f"the page is longer than {MAX_LENGTH:,} characters as HTML; write parts of it")
    return "".join(pieces)


def _pieces(root: Node) -> Iterator[str]:
    waiting: list[Node | str] = [root]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            yield one
        elif one.kind is NodeKind.ELEMENT:
            waiting.extend(reversed(_element(one)))
        elif one.kind is NodeKind.SHADOW_ROOT:
            yield '<template shadowrootmode="open">'
            yield from _styles(one.style_sheets)
            waiting.append("</template>")
            waiting.extend(reversed(one.children))
        elif one.kind is NodeKind.DOCTYPE:
            yield _doctype(one)
        elif one.kind in (NodeKind.TEXT, NodeKind.CDATA):
            yield escape(one.text, quote=False)
        else:
            waiting.extend(reversed(one.children))


def _element(node: Node) -> list[Node | str]:
    """Its tags and what stands between them."""
    name = node.name if _NAME.fullmatch(node.name) else "x-unknown"
    kind = name.lower()
    if kind in _LEFT_OUT:
        return []
    if kind == "style":
        sheets = node.style_sheets or (StyleSheet("".join(child.text for child in node.children)),)
        return list(_styles(sheets, node.attributes.get("media")))
    if kind == "link":
        if node.style_sheets:
            return list(_styles(node.style_sheets, node.attributes.get("media")))
        if "stylesheet" not in node.attributes.get("rel", "").lower().split():
            return []
    name = _RENAMED.get(kind, name)
    opening = f"<{name}{''.join(_attributes(node, kind))}>"
    if kind in _VOID and not node.is_svg:
        return [opening]
    content: list[Node | str] = []
    if node.shadow_root is not None:
        content.append(node.shadow_root)
    if kind == "head":
        content.append('<meta charset="utf-8">')
    if kind == "textarea" and node.value is not None:
        content.append(escape(node.value, quote=False))
    elif kind not in _FRAMES:
        content.extend(node.children)
    if content and kind in _DROPS_FIRST_LINE_FEED:
        content.insert(0, "\n")
    if node.parent is not None and node.parent.kind is NodeKind.DOCUMENT:
        content.extend(_styles(node.parent.style_sheets))
    return [opening, *content, f"</{name}>"]


def _attributes(node: Node, kind: str) -> Iterator[str]:
    attributes = dict(node.attributes)
    if node.value is not None and kind == "input":
        attributes["value"] = node.value
    if node.checked is not None:
        state = "selected" if kind == "option" else "checked"
        attributes.pop(state, None)
        if node.checked:
            attributes[state] = ""
    if node.size is not None:
        size = f"width:{node.size.width}px;height:{node.size.height}px"
        attributes["style"] = ";".join(filter(None, [attributes.get("style"), size]))
    for name, value in attributes.items():
        if _ATTRIBUTE_NAME.fullmatch(name) and _is_inert(kind, name.lower(), value):
            yield f' {name}="{escape(value)}"'


def _is_inert(kind: str, name: str, value: str) -> bool:
    if name.startswith("on") or name in _NOT_WRITTEN or (kind in _FRAMES and name == "src"):
        return False
    is_link = name.rpartition(":")[2] == "href"
    if is_link and kind == "use":
        return value.startswith("#")
    url = _IGNORED_IN_URLS.sub("", value) if ":" in value else ""
    if not _RUNS.match(url):
        return True
    return _MEDIA_DATA.match(url) is not None and (not is_link or kind in _WITH_IMAGE)


def _styles(sheets: Iterable[StyleSheet], media: str | None = None) -> Iterator[str]:
    for sheet in sheets:
        if not sheet.disabled:
            query = ", ".join(sheet.media) or media
            # The same character, written so that no parser takes it for the start or end of an element.
            css = _MARKUP_IN_CSS.sub(r"\\3c ", sheet.text)
            yield f'<style media="{escape(query)}">{css}</style>' if query else f"<style>{css}</style>"


def _doctype(node: Node) -> str:
    name = node.name if _NAME.fullmatch(node.name) else "html"
    public_id, system_id = (re.sub(r'[">]', "", node.attributes.get(key, "")) for key in ("publicId", "systemId"))
    if public_id:
        return f'<!DOCTYPE {name} PUBLIC "{public_id}"' + (f' "{system_id}">' if system_id else ">")
    return f'<!DOCTYPE {name} SYSTEM "{system_id}">' if system_id else f"<!DOCTYPE {name}>"
