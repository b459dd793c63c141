"""CSS that loads nothing: split into tokens as browsers do, so that escapes, comments and strings hide nothing.

Source: https://www.w3.org/TR/css-syntax-3/#tokenization
"""

from __future__ import annotations

import io
import re

from .._remembered import remembered
from .circumstances import as_on_page
from .names import DISPLAY
from .selectors import select_substitutes
from .tokens import COMMENT, IDENT, NAME_WITH_ESCAPES, STRING, STRINGS, without_escapes

__all__ = ["AT_RULES", "CSS_REFERENCES", "FUNCTIONS", "css", "css_piece", "incomplete_rules", "left_out"]

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

_WHOLE_STRING = re.compile("|".join(STRINGS))
# What begins a function, a rule or a comment, and the same within a string. Escaped backslashes come first, so that the
# others are read as browsers read them.
_BEGINNINGS = ("(", "@", "/*")
_IN_STRINGS = {
    r"\\": r"\5c ",
    r"\(": r"\28 ",
    r"\@": r"\40 ",
    r"\/*": r"/\*",
    "(": r"\28 ",
    "@": r"\40 ",
    "/*": r"/\*",
}
_TOKEN = (
    rf"(?P<comment>{COMMENT})|(?P<string>{STRING})"
    rf"|(?P<at>@(?:{NAME_WITH_ESCAPES}|{IDENT}++))"
    rf"|(?<!{IDENT})(?P<name>{NAME_WITH_ESCAPES}|{IDENT}++(?=\())(?P<function>\()?+"
)
_CSS_TOKEN = re.compile(_TOKEN)
_CSS_TOKEN_OR_END = re.compile(rf"{_TOKEN}|(?P<end>[;{{}}])")
_URL_ARGUMENT = re.compile(rf"[ \t\r\n\f]*+(?P<string>{STRING})|(?P<plain>(?:[^)\\]|\\[\s\S])*+)\)?+")
# In an unquoted url() anything else would make it invalid; written in quotes, it needs no escapes.
_PLAIN_URL = re.compile(r"[^\s\"'()\\\x00-\x20\x7f]*+")
_CSS_DATA = re.compile(r"data:(?:audio/|font/|image/|video/|application/(?:x-)?font)", re.IGNORECASE)
_TO_READ = re.compile(r"""[("'@\\/]""")
# A declaration up to a url() in it, without single quotes, comments and escapes, which could hide where it starts.
_DECLARATION = re.compile(r"""\s*+(?P<name>[-A-Za-z]++)\s*+:(?>[^:"'/\\]++|"[^:"'/\\]*+")*+""")
_LOOK_BACK = 300
_LONE_BACKSLASH = re.compile(r"(?<!\\)(?:\\\\)*+\\\Z")
_BETWEEN_TOKENS = ("}", ";", "/**/")
# How pages display what they want on the line. Of images that the recording lacks there is only a text, which has no
# size there; see `boxes.UNSIZED_RULE`.
_ON_THE_LINE = re.compile(
    r"(?<![-\w])(display\s{0,9}+:\s{0,9}+)(inline|initial|unset)(?=\s{0,9}+(?:[;!}]|\Z))", re.IGNORECASE
)
_IMAGE_ON_THE_LINE = rf"\1var({DISPLAY},\2)"
# A custom property may be empty.
_INCOMPLETE = re.compile(rf"{STRING}|{COMMENT}|(?P<brace>[{{}}])|(?<=[{{; ])(?P<name>(?!--)[a-z-]++): ;")
_NOTHING = 'url("")'
_FONT = re.compile(r"@font-face\s*+\{[^{}]*+\}", re.IGNORECASE)
# It does nothing, but rules are counted.
_INSTEAD_OF_IMPORT = "@media not all{}"


@remembered
def css(text: str, renamed: frozenset[str] = frozenset(), *, has_ours: bool = False, hovered: str = "") -> str:
    """A style sheet or declarations that load nothing, comments emptied; each rule stays one.

    Selectors select what is in the place of recorded elements (see `selectors`), of which those whose names are in
    `renamed` may be written by another one; `has_ours` and `hovered` as in `select_substitutes`.
    Data URLs and references to elements of the page stay. The text is split into tokens as browsers do, so that
    escapes, comments and strings hide nothing, and what is written is read in the same way by browsers of all years,
    which disagree on the characters of names. Other functions that load get an unknown name: browsers then ignore the
    declaration. Where others are on the line, images that the recording lacks are as `boxes.UNSIZED_RULE` says.
    """
    text = as_on_page(text)
    if "display" in text.lower():
        text = _ON_THE_LINE.sub(_IMAGE_ON_THE_LINE, text)
    return select_substitutes(_loading_nothing(text), renamed, has_ours=has_ours, hovered=hovered)


def _loading_nothing(text: str) -> str:
    if not _TO_READ.search(text):
        return text
    # Browsers do the same, and then take it for a part of a name.
    text = text.replace("\0", "\ufffd")
    if _LONE_BACKSLASH.search(text):
        text = text[:-1]
    written = io.StringIO()  # A list of very many short pieces takes ten times the memory.
    start = end = 0  # of what is not written yet, and of what is read
    is_dropping = False  # the rest of an @import
    while token := (_CSS_TOKEN_OR_END if is_dropping else _CSS_TOKEN).search(text, end):
        replacement, end = _replacement(text, token)
        if is_dropping:
            if token["end"]:
                is_dropping = False
                start = end if token["end"] == ";" else token.start()
        elif replacement is not None:
            written.write(text[start : token.start()] + replacement)
            start = end
            is_dropping = replacement is _INSTEAD_OF_IMPORT
    if not is_dropping:
        written.write(text[start:])
    return written.getvalue()


def css_piece(text: str, *, hovered: str = "") -> str:
    """One of several texts that browsers join into a style sheet, such that no two make a token together."""
    text = css(text, hovered=hovered)
    return text if not text or text.endswith(_BETWEEN_TOKENS) else f"{text}/**/"


@remembered
def incomplete_rules(text: str) -> int:
    """How many rules of a style sheet lack values.

    Where a rule sets a shorthand with `var()` and a part of it again, as in `border: var(--line); border-color: red`,
    Chromium gives recorders the other parts without their values, such as `border-top-width: ;`.
    """
    if ": ;" not in text:
        return 0
    found = 0
    is_found = False
    for token in _INCOMPLETE.finditer(text):
        if token["brace"]:
            is_found = False
        elif token["name"] and not is_found:
            is_found = True
            found += 1
    return found


def left_out(text: str) -> tuple[int, int]:
    """How many images, and rules for fonts, a style sheet or declarations lack, as `css` has written them."""
    if not (count := text.count(_NOTHING)):
        return 0, 0
    fonts = [lacking for font in _FONT.findall(text) if (lacking := font.count(_NOTHING))]
    return count - sum(fonts), len(fonts)


def _replacement(text: str, token: re.Match[str]) -> tuple[str | None, int]:
    """What to write instead of a token, None where it stays, and where it ends."""
    if token["comment"]:
        # It may name a source map, which browsers' tools would load, and rrweb-player splits styles at some comments.
        return "/**/", token.end()
    if token["string"]:
        written = _string(token["string"], is_last=token.end() == len(text))
        return None if written == token["string"] else written, token.end()  # what stays as it is takes no memory
    if token["at"] and without_escapes(token["at"][1:]) in AT_RULES:
        return _INSTEAD_OF_IMPORT, token.end()
    if token["function"]:
        name = without_escapes(token["name"])
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
        return f"url({_string(quoted, is_last=argument.end() == len(text))}" if is_kept else 'url(""'
    is_kept = is_kept and _PLAIN_URL.fullmatch(address) is not None
    return f'url("{_without_beginnings(address)}")' if is_kept else 'url("")'


def _is_reference(text: str, position: int) -> bool:
    """Whether the value of a property that refers to elements of the page is written at a position of a style sheet."""
    first = max(0, position - _LOOK_BACK)
    start = max(text.rfind(separator, first, position) for separator in ";{}") + 1
    if (start == 0 < first) or (start > 1 and text[start - 2] == "\\"):
        return False
    declaration = _DECLARATION.fullmatch(text, start, position)
    return declaration is not None and declaration["name"].lower().removeprefix("-webkit-") in CSS_REFERENCES


def _string(string: str, *, is_last: bool) -> str:
    """The same string. Strings end with the text, or where a line ends, which makes them invalid."""
    closed = string + string[0] if is_last and not _WHOLE_STRING.fullmatch(string) else string
    return _without_beginnings(closed)


def _without_beginnings(string: str) -> str:
    """The same string, in which nothing begins that loads.

    rrweb-player splits styles at some comments and rewrites selectors with `:hover`, and its parser disagrees with
    browsers on where some strings begin and end: what was in a string may be outside one afterwards.
    """
    if any(beginning in string for beginning in _BEGINNINGS):
        for written, instead in _IN_STRINGS.items():
            string = string.replace(written, instead)
    return string
