"""Names of elements, attributes and fields: which can be written, and which are those that scripts look up.

rrweb-player looks up names in plain objects, where it finds the properties of every object, and asks elements for
properties in whose place browsers put controls, images and frames by their names.

Source: https://html.spec.whatwg.org/multipage/dom.html#dom-document-nameditem (documents),
https://html.spec.whatwg.org/multipage/forms.html#dom-form-nameditem (forms)
"""

from __future__ import annotations

import re

__all__ = [
    "DISPLAY",
    "OBJECT_PROPERTIES",
    "SUBSTITUTE_FOR",
    "hides_property",
    "is_attribute_name",
    "is_name",
    "local_name",
]

# Properties of every JavaScript object, in lower case: rrweb-player changes the case of some names.
OBJECT_PROPERTIES = frozenset(
    {
        "__definegetter__",
        "__definesetter__",
        "__lookupgetter__",
        "__lookupsetter__",
        "__proto__",
        "constructor",
        "hasownproperty",
        "isprototypeof",
        "propertyisenumerable",
        "tolocalestring",
        "tostring",
        "valueof",
    }
)

NAMES = frozenset({"id", "name"})
# Browsers make these properties of the document by their `name`, in place of its own.
NAMED_IN_DOCUMENTS = frozenset({"form", "iframe", "image", "img"})
# And these properties of their form by their `name` or `id`, in place of what the scripts of the player need of a form.
NAMED_IN_FORMS = frozenset({"button", "fieldset", "image", "img", "input", "output", "select", "textarea"})
ELEMENT_PROPERTIES = frozenset(
    {
        "appendChild",
        "assignedSlot",
        "attachShadow",
        "attributes",
        "blur",
        "childNodes",
        "classList",
        "contains",
        "dispatchEvent",
        "firstChild",
        "focus",
        "getAttribute",
        "getRootNode",
        "hidePopover",
        "insertBefore",
        "isConnected",
        "lastChild",
        "matches",
        "nextSibling",
        "nodeName",
        "nodeType",
        "ownerDocument",
        "parentElement",
        "parentNode",
        "popover",
        "previousSibling",
        "removeAttribute",
        "removeChild",
        "replaceChild",
        "scrollLeft",
        "scrollTo",
        "scrollTop",
        "setAttribute",
        "setAttributeNS",
        "shadowRoot",
        "sheet",
        "showPopover",
        "style",
        "tagName",
        "textContent",
    }
)

# Event handlers, declarative shadow roots, and what the recorder, the player and this package add themselves.
DROPPED_PREFIXES = ("_csstext", "data-replay-", "on", "rr_", "shadowroot")

DISPLAY = "--replay-inline"
"""Custom property of images that the recording lacks: how they are displayed where others are on the line."""

SUBSTITUTE_FOR = "data-replay-as"
"""Attribute of a box in place of a plugin: the name of the element that was recorded."""

_NAME = re.compile(r"[A-Za-z][\w.\-]*+(?::[A-Za-z][\w.\-]*+)?", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][\w.\-]*+(?::[A-Za-z_][\w.\-]*+)?", re.ASCII)


def is_name(name: str) -> bool:
    """Whether all browsers accept it as the name of an element or document type, in markup and from scripts."""
    return bool(_NAME.fullmatch(name))


def is_attribute_name(name: str) -> bool:
    """Whether all browsers accept it as the name of an attribute, and it is one of the page, not of a recorder."""
    lower = name.lower()
    is_ours = lower.startswith(DROPPED_PREFIXES) or lower in OBJECT_PROPERTIES
    return bool(_ATTRIBUTE_NAME.fullmatch(name)) and not is_ours


def local_name(name: str) -> str:
    """The name without its prefix, in lower case: `svg:Script` is a `script`."""
    return name.rpartition(":")[2].lower()


def hides_property(kind: str, attribute: str, value: str) -> bool:
    """Whether an `id` or `name` would hide a property of the document or form that scripts need."""
    if attribute == "name" and kind in NAMED_IN_DOCUMENTS:
        return True
    if attribute not in NAMES:
        return False
    return kind in NAMED_IN_FORMS and (value in ELEMENT_PROPERTIES or value.lower() in OBJECT_PROPERTIES)
