"""Recorded markup made inert: it runs no script, asks the network for nothing and leads nowhere.

The player's page forbids all of that already, by its Content-Security-Policy and its sandboxed frame. What is taken out
here would be refused there, with an error in the console for each. Which elements and attributes load or lead
somewhere is in the HTML Standard, "Attributes", https://html.spec.whatwg.org/multipage/indices.html#attributes-3
"""

from __future__ import annotations

import re

from ..dom._nodes import Node, NodeKind

__all__ = [
    "can_be_missing",
    "can_host_shadow",
    "css",
    "element_attribute",
    "element_name",
    "is_attribute_name",
    "is_missing",
    "is_name",
]

_NAME = re.compile(r"[A-Za-z][\w.\-]*(?::[A-Za-z][\w.\-]*)?", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?", re.ASCII)
_ADDRESSES = frozenset(
    {
        "action",
        "archive",
        "attributionsrc",
        "background",
        "cite",
        "classid",
        "code",
        "codebase",
        "data",
        "dynsrc",
        "formaction",
        "href",
        "icon",
        "imagesrcset",
        "longdesc",
        "lowsrc",
        "manifest",
        "ping",
        "poster",
        "profile",
        "src",
        "srcset",
        "usemap",
        "xlink:href",
        "xml:base",
    }
)
# `http-equiv` refreshes and sets policies; the others start something, lead somewhere or belong to the recorder.
_DROPPED = frozenset(
    {
        "allow",
        "autofocus",
        "autoplay",
        "crossorigin",
        "csp",
        "download",
        "http-equiv",
        "integrity",
        "is",
        "nonce",
        "popovertarget",
        "sandbox",
        "srcdoc",
        "target",
        "_csstext",
    }
)
_OUR_OWN = ("rr_", "data-replay-")
_EMBEDDED = re.compile(r"data:(?:image|audio|video|font)/", re.IGNORECASE)
_LOADED = frozenset({"audio", "embed", "frame", "iframe", "img", "input", "object", "source", "track", "video"})
_PLUGINS = frozenset({"embed", "object"})
_ANIMATIONS = frozenset({"animate", "animatemotion", "animatetransform", "discard", "set"})
# `attachShadow` takes these and custom elements: https://dom.spec.whatwg.org/#valid-shadow-host-name
_SHADOW_HOSTS = frozenset(
    {
        "article",
        "aside",
        "blockquote",
        "body",
        "div",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "main",
        "nav",
        "p",
        "section",
        "span",
    }
)
_NO_CUSTOM_ELEMENTS = frozenset(
    {
        "annotation-xml",
        "color-profile",
        "font-face",
        "font-face-format",
        "font-face-name",
        "font-face-src",
        "font-face-uri",
        "missing-glyph",
    }
)
_CUSTOM_ELEMENT = re.compile(r"[a-z][a-z0-9._\-]*-[a-z0-9._\-]*", re.ASCII)

# Possessive throughout, so that no style sheet, however made, takes more than linear time.
_CSS_IMPORT = re.compile(r"""@import\b(?:[^;"'{}]|"[^"]*+"?|'[^']*+'?)*+;?""", re.IGNORECASE)
_CSS_URL = re.compile(r"""\b(?:url|src)\(\s*+("[^"]*+"?|'[^']*+'?|[^)"'\s]*+)\s*+\)?""", re.IGNORECASE)
_CSS_IMAGE_SET = re.compile(r"\bimage-set\(", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Whether all browsers take it as a name of an element or document type."""
    return bool(_NAME.fullmatch(name))


def is_attribute_name(name: str) -> bool:
    """Whether all browsers take it as a name of an attribute, and the player as one of the page's."""
    return bool(_ATTRIBUTE_NAME.fullmatch(name)) and not name.lower().startswith(_OUR_OWN)


def element_name(node: Node) -> str:
    """The tag name to build it by: scripts become `noscript`, and what no browser would take as a name `div` or `g`."""
    if not is_name(node.name):
        return "g" if node.is_svg else "div"
    return "noscript" if node.name.lower() == "script" else node.name


def element_attribute(element: Node, name: str, value: str) -> str | None:
    """The value to set an attribute to; None where it must not stand at all."""
    lower = name.lower()
    if (
        not _ATTRIBUTE_NAME.fullmatch(name)
        or lower in _DROPPED
        or lower.startswith(("on", *_OUR_OWN))
        # These could set what is taken out here; without attributes they do nothing.
        or element.name.lower() in _ANIMATIONS
        # Plugins are looked for by their type alone.
        or (lower == "type" and element.name.lower() in _PLUGINS)
    ):
        return None
    if lower in _ADDRESSES:
        return _address(element, lower, value)
    return css(value) if lower == "style" or element.is_svg else value


def can_be_missing(element: Node, name: str) -> bool:
    """Whether the attribute says where the element's content comes from."""
    return element.name.lower() in _LOADED and name.lower() in ("src", "srcset", "data", "poster")


def is_missing(element: Node) -> bool:
    """Whether it shows something that its recording does not hold, such as an image from a server."""
    return any(
        can_be_missing(element, name) and not _EMBEDDED.match(value.strip())
        for name, value in element.attributes.items()
    )


def css(text: str) -> str:
    """A style sheet or declaration that loads nothing; rules keep their number, as rules are later told by it."""
    if "@" in text:
        text = _CSS_IMPORT.sub("@media not all{}", text)
    if "(" in text:
        text = _CSS_IMAGE_SET.sub("image-set-left-out(", _CSS_URL.sub(_without_address, text))
    return text


def can_host_shadow(element: Node) -> bool:
    """Whether browsers would let it have a shadow root."""
    if element.is_svg or element.kind is not NodeKind.ELEMENT:
        return False
    is_custom = _CUSTOM_ELEMENT.fullmatch(element.name) and element.name not in _NO_CUSTOM_ELEMENTS
    return bool(is_custom) or element.name in _SHADOW_HOSTS


def _address(element: Node, name: str, value: str) -> str | None:
    if element.name.lower() in ("base", "iframe", "frame", "embed", "object", "link", "script"):
        return None
    if value.startswith("#") or (name != "srcset" and _EMBEDDED.match(value.strip())):
        return value
    # A link without an address would not look like one.
    return "about:blank" if name == "href" and element.name.lower() in ("a", "area") else None


def _without_address(match: re.Match[str]) -> str:
    address = match.group(1).strip("\"'").strip()
    return match.group() if address.startswith("#") or _EMBEDDED.match(address) else 'url("")'
