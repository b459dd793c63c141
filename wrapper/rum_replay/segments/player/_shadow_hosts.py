"""Which elements may have a shadow root: those that `attachShadow` accepts, and custom elements.

From the DOM Standard, https://dom.spec.whatwg.org/#valid-shadow-host-name; for any other the player would stop.
"""

from __future__ import annotations

import re

from ..dom import Node
from ..dom._nodes import ELEMENT

__all__ = ["can_host_shadow"]

HOSTS = frozenset(
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
RESERVED = frozenset(
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
_CUSTOM_ELEMENT = re.compile(r"[a-z][a-z0-9._]*+-[a-z0-9._\-]*+", re.ASCII)


def can_host_shadow(element: Node) -> bool:
    """Whether browsers let it have a shadow root."""
    if element.is_svg or element.is_mathml or element.kind is not ELEMENT:
        return False
    is_custom = _CUSTOM_ELEMENT.fullmatch(element.name) and element.name not in RESERVED
    return bool(is_custom) or element.name in HOSTS
