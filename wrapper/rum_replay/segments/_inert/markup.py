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
from functools import lru_cache

import attrs

from .circumstances import media
from .names import DROPPED_PREFIXES, NAMES, OBJECT_PROPERTIES, hides_property, is_attribute_name, is_name, local_name
from .styles import css

__all__ = [
    "attribute",
    "attributes",
    "element_name",
    "has_content",
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
# Browsers warn of a fenced frame in a sandbox, and others ask for permissions (https://wicg.github.io/PEPC/permission-elements.html).
# No browser knows applets any more: they show what is in them.
RENAMED = {
    "applet": UNKNOWN,
    "fencedframe": "iframe",
    "geolocation": UNKNOWN,
    "install": UNKNOWN,
    "permission": UNKNOWN,
    "usermedia": UNKNOWN,
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
MEDIA = "media"
"""Attribute that is a media query."""

# Attributes that say where the content of an element comes from.
CONTENT = frozenset(
    {
        ("audio", "src"),
        ("embed", "src"),
        ("frame", "src"),
        ("iframe", "src"),
        ("image", "href"),
        ("image", "xlink:href"),
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

_ADDED_NAMES = frozenset(name for _, name in ADDED)
_LONGEST_REMEMBERED = 100
"""Characters of an attribute's name; those of elements are never much longer."""

_DATA = re.compile(r"[ \t\r\n\f]*+data:(?:audio|image|video)/", re.IGNORECASE)


@attrs.frozen
class _Element:
    """What is known from the name of an element."""

    kind: str
    """Its local name in lower case."""

    is_left_out: bool
    is_frame: bool
    written: str
    written_in_svg: str
    added: Mapping[str, str]
    content: tuple[str, ...]


@lru_cache(maxsize=1_000)
def _known(name: str) -> _Element:
    kind = local_name(name)
    is_left_out = kind in LEFT_OUT
    written = written_in_svg = PLACEHOLDER
    if not is_left_out and (not is_name(name) or kind in OBJECT_PROPERTIES):
        written = written_in_svg = UNKNOWN
    elif not is_left_out:
        written = RENAMED.get(kind) or name
        # Where SVG elements have a prefix, CSS and the parser of HTML know them without it only.
        written_in_svg = RENAMED.get(kind) or name.rpartition(":")[2]
    added = {name: value for (owner, name), value in ADDED.items() if owner == kind}
    content = tuple(name for owner, name in CONTENT if owner == kind)
    return _Element(kind, is_left_out, kind in FRAMES, written, written_in_svg, added, content)


def is_left_out(element: str) -> bool:
    """Whether an element, and everything in it, is replaced by an empty placeholder without attributes."""
    return _known(element).is_left_out


def is_frame(element: str) -> bool:
    """Whether it is a box for another document, so that its children are not displayed."""
    return _known(element).is_frame


def element_name(name: str, *, is_svg: bool) -> str:
    """The name to write an element with."""
    known = _known(name)
    return known.written_in_svg if is_svg else known.written


def attributes(element: str, recorded: Mapping[str, str]) -> dict[str, str]:
    """The attributes to write an element with, given its name and its attributes as recorded."""
    known = _known(element)
    kept: dict[str, str] = {}
    for name, value in recorded.items():
        # Most attributes are plain, and pages have very many.
        if len(name) <= _LONGEST_REMEMBERED and _is_plain_name(name) and not known.is_left_out:
            kept[name] = value
        elif (inert := attribute(element, name, value)) is not None:
            kept[name] = inert
    if known.added:
        kept.update(known.added)
    return kept


@lru_cache(maxsize=1_000)
def _is_plain_name(name: str) -> bool:
    """Whether every element may have the attribute, with any value."""
    attribute = local_name(name)
    is_written = is_attribute_name(name) and attribute not in DROPPED and not attribute.startswith(DROPPED_PREFIXES)
    has_a_rule = attribute in URLS or attribute in STYLES or attribute in NAMES or attribute in _ADDED_NAMES
    has_a_rule = has_a_rule or attribute == MEDIA
    return is_written and not has_a_rule


def attribute(element: str, name: str, value: str | None) -> str | None:
    """The value to give an attribute of an element; None: the element must not have it, or it was removed."""
    known, attribute = _known(element), local_name(name)
    if attribute in known.added:
        return known.added[attribute]
    if value is None or known.is_left_out or attribute in DROPPED or not is_attribute_name(name):
        return None
    if attribute.startswith(DROPPED_PREFIXES) or hides_property(known.kind, attribute, value):
        return None
    if attribute in URLS:
        return _url(known.kind, attribute, value)
    if attribute not in STYLES:
        return media(value) if attribute == MEDIA else value
    return css(value) if attribute == "style" else css(f"{attribute}:{value}")[len(attribute) + 1 :]


def _url(kind: str, attribute: str, value: str) -> str | None:
    if value.startswith("#") and (kind, attribute) in REFERENCES:
        return value
    if _DATA.match(value) and (kind, attribute) in EMBEDDED and not value.endswith(CUT):
        return value
    if not value and (kind, attribute) == ("img", "src"):
        return value  # Nothing is loaded, but browsers lay it out as an image that failed to load.
    return NOWHERE if kind in LINKS and attribute == "href" else None


def has_content(element: str) -> bool:
    """Whether attributes may say where the element's content comes from."""
    return bool(_known(element).content)


def shows_content_of(element: str, name: str) -> bool:
    """Whether the attribute says where the element's content comes from."""
    return name.lower() in _known(element).content


def lacks_content(element: str, recorded: Mapping[str, str]) -> bool:
    """Whether the element showed something that its recording does not contain, such as an image from a server."""
    # By name, because a hostile element has very many attributes, and this is asked after each change.
    content = _known(element).content
    return bool(content) and any(
        recorded.get(name, "").strip() and attribute(element, name, recorded[name]) is None for name in content
    )
