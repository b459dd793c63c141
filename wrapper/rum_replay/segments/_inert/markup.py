"""Elements and attributes that run nothing, request nothing and navigate nowhere.

HTML and SVG are treated alike, because a parser may put an element into another namespace than the one it was recorded
in. Elements and attributes are looked up by their lower-case name without a prefix.

Sources: https://html.spec.whatwg.org/multipage/indices.html (elements, attributes),
https://html.spec.whatwg.org/multipage/obsolete.html, https://www.w3.org/TR/SVG2/attindex.html,
https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .names import DROPPED_PREFIXES, OBJECT_PROPERTIES, hides_property, is_attribute_name, is_name, local_name
from .styles import css

__all__ = [
    "attribute",
    "attributes",
    "element_name",
    "is_frame",
    "is_left_out",
    "lacks_content",
    "shows_content_of",
]

PLACEHOLDER = "template"
"""Takes the place of elements that are left out: it is never displayed, and rules such as `:nth-child` still match."""

UNKNOWN = "x-unknown"
"""Takes the place of elements whose names cannot be written; browsers display it like any element they do not know."""

# They run scripts, load documents or plugins, set attributes of other elements, change where URLs lead or what the page
# may do, or have content that was not displayed where scripts ran.
LEFT_OUT = frozenset(
    {
        "animate",
        "animatecolor",
        "animatemotion",
        "animatetransform",
        "applet",
        "base",
        "discard",
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
FRAMES = frozenset({"fencedframe", "iframe", "portal"})
# Browsers warn of a fenced frame in a sandbox, nothing ends a <plaintext>, everything in an <xmp> is text, and others
# ask for permissions (https://wicg.github.io/PEPC/permission-elements.html).
RENAMED = {
    "fencedframe": "iframe",
    "geolocation": UNKNOWN,
    "install": UNKNOWN,
    "permission": UNKNOWN,
    "plaintext": "pre",
    "usermedia": UNKNOWN,
    "xmp": "pre",
}
# They start or open something, submit a form, choose where a link opens, set policies for what is no longer loaded,
# or hold scripts or markup.
DROPPED = frozenset(
    {
        "allow",
        "autofocus",
        "autoplay",
        "command",
        "commandfor",
        "crossorigin",
        "csp",
        "download",
        "formmethod",
        "formtarget",
        "http-equiv",
        "integrity",
        "interestfor",
        "interesttarget",
        "is",
        "nonce",
        "popovertarget",
        "popovertargetaction",
        "sandbox",
        "srcdoc",
        "target",
    }
)
# `base` is `xml:base`.
URLS = frozenset(
    {
        "action",
        "archive",
        "attributionsrc",
        "background",
        "base",
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
    }
)
# A form with this method closes the dialog that it is in, and otherwise does nothing.
ADDED = {("form", "method"): "dialog"}
# Where a `data:` URL is an image, sound or video.
EMBEDDED = frozenset(
    {
        ("audio", "src"),
        ("body", "background"),
        ("feimage", "href"),
        ("image", "href"),
        ("img", "src"),
        ("input", "src"),
        ("source", "src"),
        ("table", "background"),
        ("tbody", "background"),
        ("td", "background"),
        ("tfoot", "background"),
        ("th", "background"),
        ("thead", "background"),
        ("tr", "background"),
        ("video", "poster"),
        ("video", "src"),
    }
)
# How SDKs end a data URL that they cut because it was long; nothing can be shown of it.
CUT = "[...]"
# Where a `#fragment` is an element of the page. In others, such as <img src="#x">, browsers load the page once more,
# and in a frame with `srcdoc` a link to one loads the page around it.
REFERENCES = frozenset(
    {
        ("feimage", "href"),
        ("filter", "href"),
        ("img", "usemap"),
        ("input", "usemap"),
        ("lineargradient", "href"),
        ("pattern", "href"),
        ("radialgradient", "href"),
        ("textpath", "href"),
        ("use", "href"),
    }
)
# A link without an address would not look like a link.
LINKS = frozenset({"a", "area"})
NOWHERE = "about:blank"
# Attributes that are CSS: `style`, and SVG's presentation attributes whose values may contain url().
STYLES = frozenset(
    {
        "clip-path",
        "cursor",
        "fill",
        "filter",
        "marker",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "stroke",
        "style",
    }
)
# Attributes that say where the content of an element comes from.
CONTENT = frozenset(
    {
        ("audio", "src"),
        ("embed", "src"),
        ("frame", "src"),
        ("iframe", "src"),
        ("img", "src"),
        ("img", "srcset"),
        ("input", "src"),
        ("object", "data"),
        ("source", "src"),
        ("source", "srcset"),
        ("track", "src"),
        ("video", "poster"),
        ("video", "src"),
    }
)

_DATA = re.compile(r"[ \t\r\n\f]*+data:(?:audio|image|video)/", re.IGNORECASE)


def is_left_out(element: str) -> bool:
    """Whether an element, and everything in it, is replaced by an empty placeholder without attributes."""
    return local_name(element) in LEFT_OUT


def is_frame(element: str) -> bool:
    """Whether it is a box for another document, so that its children are not displayed."""
    return local_name(element) in FRAMES


def element_name(name: str, *, is_svg: bool) -> str:
    """The name to write an element with."""
    if is_left_out(name):
        return PLACEHOLDER
    local = local_name(name)
    if not is_name(name) or local in OBJECT_PROPERTIES:
        return UNKNOWN
    # Where SVG elements have a prefix, CSS and the parser of HTML know them without it only.
    return RENAMED.get(local) or (name.rpartition(":")[2] if is_svg else name)


def attributes(element: str, recorded: Mapping[str, str]) -> dict[str, str]:
    """The attributes to write an element with, given its name and its attributes as recorded."""
    kept: dict[str, str] = {}
    for name, value in recorded.items():
        inert = attribute(element, name, value)
        if inert is not None:
            kept[name] = inert
    kind = local_name(element)
    return kept | {name: value for (owner, name), value in ADDED.items() if owner == kind}


def attribute(element: str, name: str, value: str | None) -> str | None:
    """The value to give an attribute of an element; None: the element must not have it, or it was removed."""
    kind, attribute = local_name(element), local_name(name)
    if (kind, attribute) in ADDED:
        return ADDED[kind, attribute]
    if value is None or kind in LEFT_OUT or attribute in DROPPED or not is_attribute_name(name):
        return None
    if attribute.startswith(DROPPED_PREFIXES) or hides_property(kind, attribute, value):
        return None
    if attribute in URLS:
        return _url(kind, attribute, value)
    if attribute not in STYLES:
        return value
    return css(value) if attribute == "style" else css(f"{attribute}:{value}")[len(attribute) + 1 :]


def _url(kind: str, attribute: str, value: str) -> str | None:
    if value.startswith("#") and (kind, attribute) in REFERENCES:
        return value
    if _DATA.match(value) and (kind, attribute) in EMBEDDED and not value.endswith(CUT):
        return value
    return NOWHERE if kind in LINKS and attribute == "href" else None


def shows_content_of(element: str, name: str) -> bool:
    """Whether the attribute says where the element's content comes from."""
    return (local_name(element), name.lower()) in CONTENT


def lacks_content(element: str, recorded: Mapping[str, str]) -> bool:
    """Whether the element showed something that its recording does not contain, such as an image from a server."""
    # By name, because a hostile element has very many attributes, and this is asked after each change.
    kind = local_name(element)
    return any(
        owner == kind and name in recorded and attribute(element, name, recorded[name]) is None
        for owner, name in CONTENT
    )
