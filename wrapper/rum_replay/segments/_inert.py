"""What recorded markup may contain so that it is inert: it runs nothing, requests nothing and navigates nowhere.

This is the one policy of all outputs that show a recorded page: `to_html`, the player and heatmaps. It works on names,
values and CSS text. HTML and SVG are treated alike, because a parser may put an element into another namespace than the
one it was recorded in. Elements and attributes are looked up by their lower-case name without a prefix.

Sources: https://html.spec.whatwg.org/multipage/indices.html (elements, attributes),
https://html.spec.whatwg.org/multipage/obsolete.html, https://www.w3.org/TR/SVG2/attindex.html,
https://www.w3.org/TR/SVG2/styling.html#PresentationAttributes and https://www.w3.org/TR/css-syntax-3/#tokenization
"""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = [
    "attribute",
    "attributes",
    "css",
    "element_name",
    "is_attribute_name",
    "is_frame",
    "is_left_out",
    "is_name",
    "lacks_content",
    "local_name",
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
# Browsers warn of a fenced frame in a sandbox, nothing ends a <plaintext>, and everything in an <xmp> is text.
RENAMED = {"fencedframe": "iframe", "plaintext": "pre", "xmp": "pre"}
# Properties of every JavaScript object. rrweb-player looks elements up by name in an object and finds these.
OBJECT_PROPERTIES = frozenset(
    {
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)

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
# Event handlers, declarative shadow roots, and what the recorder, the player and this package add themselves.
DROPPED_PREFIXES = ("_csstext", "data-replay-", "on", "rr_", "shadowroot")
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

# Properties of CSS, also with the prefix `-webkit-`, in which `url(#fragment)` is an element of the page.
CSS_REFERENCES = frozenset(
    {
        "backdrop-filter",
        "clip-path",
        "fill",
        "filter",
        "marker",
        "marker-end",
        "marker-mid",
        "marker-start",
        "mask",
        "mask-image",
        "offset-path",
        "stroke",
    }
)
# CSS functions, also with prefixes such as `-webkit-`, that load an image or draw an element as one.
FUNCTIONS = ("cross-fade", "element", "image", "image-rect", "image-set", "src", "url")
AT_RULES = frozenset({"import"})

_NAME = re.compile(r"[A-Za-z][\w.\-]*(?::[A-Za-z][\w.\-]*)?", re.ASCII)
_ATTRIBUTE_NAME = re.compile(r"[A-Za-z_][\w.\-]*(?::[A-Za-z_][\w.\-]*)?", re.ASCII)
_DATA = re.compile(r"[ \t\r\n\f]*data:(?:audio|image|video)/", re.IGNORECASE)


def is_name(name: str) -> bool:
    """Whether all browsers accept it as the name of an element or document type, in markup and from scripts."""
    return bool(_NAME.fullmatch(name))


def is_attribute_name(name: str) -> bool:
    """Whether all browsers accept it as the name of an attribute, and it is one of the page, not of a recorder."""
    return bool(_ATTRIBUTE_NAME.fullmatch(name)) and not name.lower().startswith(DROPPED_PREFIXES)


def local_name(name: str) -> str:
    """The name without its prefix, in lower case: `svg:Script` is a `script`."""
    return name.rpartition(":")[2].lower()


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
    if not is_name(name) or name in OBJECT_PROPERTIES:
        return UNKNOWN
    # Where SVG elements have a prefix, CSS and the parser of HTML know them without it only.
    return RENAMED.get(local_name(name)) or (name.rpartition(":")[2] if is_svg else name)


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
    if attribute.startswith(DROPPED_PREFIXES):
        return None
    if attribute in URLS:
        return _url(kind, attribute, value)
    if attribute not in STYLES:
        return value
    return css(value) if attribute == "style" else css(f"{attribute}:{value}")[len(attribute) + 1 :]


def _url(kind: str, attribute: str, value: str) -> str | None:
    if value.startswith("#") and (kind, attribute) in REFERENCES:
        return value
    if _DATA.match(value) and (kind, attribute) in EMBEDDED:
        return value
    return NOWHERE if kind in LINKS and attribute == "href" else None


def shows_content_of(element: str, name: str) -> bool:
    """Whether the attribute says where the element's content comes from."""
    return (local_name(element), name.lower()) in CONTENT


def lacks_content(element: str, recorded: Mapping[str, str]) -> bool:
    """Whether the element showed something that its recording does not contain, such as an image from a server."""
    return any(
        shows_content_of(element, name) and attribute(element, name, value) is None for name, value in recorded.items()
    )


# Possessive throughout, so that no style sheet takes more than linear time.
_ESCAPE = r"\\(?:[0-9a-fA-F]{1,6}+(?:\r\n|[ \t\r\n\f])?+|[^0-9a-fA-F\r\n\f])"
_IDENT = r"[-A-Za-z0-9_\u0080-\U0010ffff]"
_IN_STRING = rf"{_ESCAPE}|\\(?:\r\n|[\r\n\f])"
_STRINGS = rf'"(?:[^"\\\r\n\f]|{_IN_STRING})*+"', rf"'(?:[^'\\\r\n\f]|{_IN_STRING})*+'"
_STRING = "|".join(f"{string}?+" for string in _STRINGS)
_WHOLE_STRING = re.compile("|".join(_STRINGS))
_NAME_WITH_ESCAPES = rf"{_IDENT}*+(?:{_ESCAPE}{_IDENT}*+)++"
_TOKEN = (
    rf"(?P<comment>/\*(?:[^*]|\*(?!/))*+(?:\*/)?+)|(?P<string>{_STRING})"
    rf"|(?P<at>@(?:{_NAME_WITH_ESCAPES}|{_IDENT}++))"
    rf"|(?<!{_IDENT})(?P<name>{_NAME_WITH_ESCAPES}|{_IDENT}++(?=\())(?P<function>\()?+"
)
_CSS_TOKEN = re.compile(_TOKEN)
_CSS_TOKEN_OR_END = re.compile(rf"{_TOKEN}|(?P<end>[;{{}}])")
_CSS_ESCAPE = re.compile(_ESCAPE)
_URL_ARGUMENT = re.compile(rf"[ \t\r\n\f]*+(?P<string>{_STRING})|(?P<plain>(?:[^)\\]|\\[\s\S])*+)\)?+")
# In an unquoted url() anything else would make it invalid; written in quotes, it needs no escapes.
_PLAIN_URL = re.compile(r"[^\s\"'()\\\x00-\x20\x7f]*+")
_CSS_DATA = re.compile(r"data:(?:audio/|font/|image/|video/|application/(?:x-)?font)", re.IGNORECASE)
_TO_READ = re.compile(r"""[("'@\\]|/\*""")
# A declaration up to a url() in it, without single quotes, comments and escapes, which could hide where it starts.
_DECLARATION = re.compile(r"""\s*+(?P<name>[-A-Za-z]++)\s*+:(?:[^:"'/\\]|"[^:"'/\\]*+")*+""")
_LOOK_BACK = 300
_LONE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*+\\\Z")
_BETWEEN_TOKENS = ("}", ";", "/**/")
# It does nothing, but rules are counted.
_INSTEAD_OF_IMPORT = "@media not all{}"


def css(text: str) -> str:
    """A style sheet or declarations that load nothing, comments emptied; each rule stays one.

    Data URLs and references to elements of the page stay. The text is split into tokens as browsers do, so that
    escapes, comments and strings hide nothing, and what is written is read in the same way by browsers of all years,
    which disagree on the characters of names. Other functions that load get an unknown name: browsers then ignore the
    declaration.
    """
    if not _TO_READ.search(text):
        return text
    # Browsers do the same, and then take it for a part of a name.
    text = text.replace("\0", "\ufffd")
    if _LONE_BACKSLASH.search(text):
        text = text[:-1]
    pieces: list[str] = []
    start = end = 0  # of what is not written yet, and of what is read
    is_dropping = False  # the rest of an @import
    while token := (_CSS_TOKEN_OR_END if is_dropping else _CSS_TOKEN).search(text, end):
        replacement, end = _replacement(text, token)
        if is_dropping:
            if token["end"]:
                is_dropping = False
                start = end if token["end"] == ";" else token.start()
        elif replacement is not None:
            pieces += [text[start : token.start()], replacement]
            start = end
            is_dropping = replacement is _INSTEAD_OF_IMPORT
    if not is_dropping:
        pieces.append(text[start:])
    return "".join(pieces)


def css_piece(text: str) -> str:
    """One of several texts that browsers join into a style sheet, such that no two make a token together."""
    text = css(text)
    return text if not text or text.endswith(_BETWEEN_TOKENS) else f"{text}/**/"


def _replacement(text: str, token: re.Match[str]) -> tuple[str | None, int]:
    """What to write instead of a token, None where it stays, and where it ends."""
    if token["comment"]:
        # It may name a source map, which browsers' tools would load, and rrweb-player splits styles at some comments.
        return "/**/", token.end()
    if token["string"]:
        return _closed(token["string"], is_last=token.end() == len(text)), token.end()
    if token["at"] and _without_escapes(token["at"][1:]) in AT_RULES:
        return _INSTEAD_OF_IMPORT, token.end()
    if token["function"]:
        name = _without_escapes(token["name"])
        if name == "url":
            argument = _URL_ARGUMENT.match(text, token.end())
            assert argument is not None
            return _css_url(text, token.start(), argument), argument.end()
        if name.endswith(FUNCTIONS):
            return "left-out(", token.end()
    return None, token.end()


def _css_url(text: str, start: int, argument: re.Match[str]) -> str:
    """`url(` with its argument; the closing parenthesis as well where the argument was not in quotes."""
    quoted = argument["string"]
    address = argument["plain"].strip(" \t\r\n\f") if quoted is None else quoted[1:]
    is_kept = bool(_CSS_DATA.match(address)) or (address.startswith("#") and _is_reference(text, start))
    if quoted is not None:
        return f"url({_closed(quoted, is_last=argument.end() == len(text))}" if is_kept else 'url(""'
    return f'url("{address}")' if is_kept and _PLAIN_URL.fullmatch(address) else 'url("")'


def _is_reference(text: str, position: int) -> bool:
    """Whether the value of a property that refers to elements of the page is written at a position of a style sheet."""
    first = max(0, position - _LOOK_BACK)
    start = max(text.rfind(separator, first, position) for separator in ";{}") + 1
    if (start == 0 < first) or (start > 1 and text[start - 2] == "\\"):
        return False
    declaration = _DECLARATION.fullmatch(text, start, position)
    return declaration is not None and declaration["name"].lower().removeprefix("-webkit-") in CSS_REFERENCES


def _closed(string: str, *, is_last: bool) -> str:
    """Strings end with the text, or where a line ends, which makes them invalid."""
    return string + string[0] if is_last and not _WHOLE_STRING.fullmatch(string) else string


def _without_escapes(name: str) -> str:
    """The name that an identifier of CSS means, in lower case."""
    return _CSS_ESCAPE.sub(_escaped_character, name).lower() if "\\" in name else name.lower()


def _escaped_character(escape: re.Match[str]) -> str:
    digits = escape.group()[1:].rstrip(" \t\r\n\f")
    if not re.fullmatch("[0-9a-fA-F]+", digits):
        return escape.group()[1:]
    number = int(digits, 16)
    return chr(number) if 0 < number <= 0x10FFFF else "\ufffd"
