"""How browsers lay a page out, which depends on its document type: in quirks mode, as browsers of the 1990s did.

Source: https://html.spec.whatwg.org/multipage/parsing.html#the-initial-insertion-mode
"""

from __future__ import annotations

import re
from enum import Enum, auto

from .._nodes import DOCTYPE, DOCUMENT, Node

__all__ = ["LayoutMode", "layout_mode"]

_OLD = re.compile(
    r"html\Z|-/w3c/dtd html 4\.0 transitional/en\Z|-//w3o//dtd w3 html|-//w3c//dtd (?:w3 html|html (?:3|experimental))"
    r"|-//w3c//dtd html 4\.0 (?:frameset|transitional)//|-//ietf//dtd html|\+//silmaril//dtd html|-//as//dtd html 3"
    r"|-//advasoft ltd//dtd html 3|-//metrius//dtd|-//microsoft//dtd internet explorer|-//netscape comm\. corp\.//dtd"
    r"|-//o'reilly and associates//dtd html|-//softquad|-//spyglass//dtd|-//sq//dtd html"
    r"|-//sun microsystems corp\.//dtd|-//webtechs//dtd mozilla"
)
_OLD_SYSTEM = "http://www.ibm.com/data/dtd/v11/ibmxhtml1-transitional.dtd"
_LIMITED = re.compile(r"-//w3c//dtd xhtml 1\.0 (?:frameset|transitional)//")
_BY_SYSTEM = re.compile(r"-//w3c//dtd html 4\.01 (?:frameset|transitional)//")
_LONGEST = 200  # Characters that are looked at.


class LayoutMode(Enum):
    """Which rules apply."""

    STANDARD = auto()
    LIMITED_QUIRKS = auto()
    """Only images in table cells differ."""

    QUIRKS = auto()


def layout_mode(root: Node) -> LayoutMode:
    """The mode of a document."""
    top_level = root.children if root.kind is DOCUMENT else ()
    doctype = next((node for node in top_level if node.kind is DOCTYPE), None)
    if doctype is None or doctype.name.lower() != "html":
        return LayoutMode.QUIRKS
    public, system = (doctype.attributes.get(name, "")[:_LONGEST].lower() for name in ("publicId", "systemId"))
    if _OLD.match(public) or system == _OLD_SYSTEM or (_BY_SYSTEM.match(public) and not system):
        return LayoutMode.QUIRKS
    is_limited = _LIMITED.match(public) or _BY_SYSTEM.match(public)
    return LayoutMode.LIMITED_QUIRKS if is_limited else LayoutMode.STANDARD
