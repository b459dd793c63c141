"""Selectors of a style sheet, such that they select the elements in place of those that were recorded.

Nothing defines custom elements where no script runs, so `:defined` would never match them. Recordings do not say which
ones were defined: all count as defined, as nearly all are once a page is shown. Nor is a dialog modal or a popover
shown without a script, and nothing has the focus in a page that is shown within another one: `:modal`, `:popover-open`
and `:focus` select what has an attribute for it. And `object` and `embed` select the boxes in their place, which
`iframe` does not, and names of elements that are written by another one select these too. Attributes that are not
written as recorded are asked for what they were. What is written instead is as specific as what
was recorded.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from functools import lru_cache, reduce
from typing import NamedTuple

from .names import SUBSTITUTE_FOR
from .recorded import SELECTED, select_recorded
from .renames import new_name
from .tokens import COMMENT, IDENT, NAME_WITH_ESCAPES, STRING, without_escapes
from .top_layer import MODAL, POPOVER, TOP_LAYER

__all__ = [
    "FOCUS",
    "FOCUS_RULE",
    "FOCUS_VISIBLE",
    "FOCUS_WITHIN",
    "HOVER",
    "HOVERED",
    "HOVERED_IN_PLAYER",
    "OURS",
    "select_substitutes",
]

_ANY = "is(:root,:not(:root))"
OURS = "data-replay-ours"
"""Attribute of styles that come last in a shadow root, and that are not in the recording."""

FOCUS, FOCUS_WITHIN = "data-replay-focus", "data-replay-focus-within"
"""Attributes of what has the focus on the recorded page, and of what it is in."""

FOCUS_VISIBLE = "visible"
"""Value of the former where browsers show it."""

FOCUS_RULE = f":where([{FOCUS}={FOCUS_VISIBLE}]){{outline:auto 1px -webkit-focus-ring-color}}"
"""The frame that browsers draw around it, unless the page has another style for that."""

HOVER = "data-replay-hover"
"""Attribute of what the mouse was on, in markup."""

HOVERED = f"is(:hover,[{HOVER}])"
"""What to write instead of `hover` where elements have the attribute."""

HOVERED_IN_PLAYER = r"is(.\3a hover)"
"""The same in the player, which gives what the mouse is on a class.

By itself, rrweb-player adds such selectors to those that are there, which leaves `:not(:hover)` true, and not in
adopted style sheets. It would find the name if it were written without an escape.
"""

_RECORDED = f":where(:not([{OURS}]))"
_ALWAYS = {
    "defined": _ANY,
    "focus": f"is([{FOCUS}])",
    "focus-visible": f"is([{FOCUS}={FOCUS_VISIBLE}])",
    "focus-within": f"is([{FOCUS_WITHIN}])",
    "modal": f"is([{TOP_LAYER}={MODAL}])",
    "popover-open": f"is([{TOP_LAYER}|={POPOVER}])",
}
_LAST = {
    "last-child": f"nth-last-child(1 of {_RECORDED})",
    "only-child": f"nth-last-child(1 of {_RECORDED}):where(:first-child)",
}
_COUNTED = re.compile(r"[^()]*+(?=\))")
# With any namespace, as without one, and so written that they are not rewritten again.
_BOXES = {
    "embed": f"*|iframe:where([{SUBSTITUTE_FOR}=embed])",
    "iframe": f"*|iframe:where(:not([{SUBSTITUTE_FOR}]))",
    "object": f":is(*|iframe,replay-object):where([{SUBSTITUTE_FOR}=object])",
}

_COMMENTS = r"(?>/\*[^*]*+(?>\*(?!/)[^*]*+)*+\*/)*+"
# Whether reading the sheet is worth it, asked in two steps. The names may be written with escapes.
_NAMES = re.compile(r"defined|modal|popover-open|:focus|object|embed|iframe|\[|\\0{0,4}[4-7]|\\[g-z]", re.IGNORECASE)
_PSEUDO = "defined|modal|popover-open|focus(?>-visible|-within)?+"
_CANDIDATE = re.compile(
    rf"(?<!:):{_COMMENTS}(?P<pseudo>{NAME_WITH_ESCAPES}|{_PSEUDO})(?!{IDENT}|[\\(])"
    rf"|(?<![\w.#:\\|-])(?P<type>{NAME_WITH_ESCAPES}|object|embed|iframe)(?!{IDENT}|[\\(|])"
    rf"|\[[ \t\r\n\f]*+(?P<attribute>{NAME_WITH_ESCAPES}|{'|'.join(sorted(SELECTED))})(?!{IDENT}|\\)",
    re.IGNORECASE,
)
_NAME = rf"(?:{NAME_WITH_ESCAPES}|{IDENT}++)"
_SPACE = r"[ \t\r\n\f]*+"
_PLAIN_URL = r"url\([ \t\r\n\f]*+(?![\"'])(?:[^)\\]|\\[\s\S])*+\)?+"
_TOKEN = re.compile(
    rf"(?P<skipped>{COMMENT}|{STRING}|{_PLAIN_URL}|::{_NAME}|[.#|]{_NAME})"
    rf"|@(?P<at>{_NAME})"
    rf"|\[{_SPACE}(?P<attribute>{_NAME})(?P<rest>{_SPACE}(?:[~|^$*]?=\s*+(?:{STRING}|{_NAME}){_SPACE}[isIS]?{_SPACE})?)\]"
    rf"|:{_COMMENTS}(?P<pseudo>{_NAME})(?P<pseudo_function>\()?+"
    rf"|(?P<type>{_NAME})(?P<function>\()?+"
    r"|(?P<mark>[{};()\[\]])",
    re.IGNORECASE,
)
# Most statements stay as they are. Those of which this is easily seen are passed over: declarations, and rules whose
# head begins with a name and has nothing to replace; both without comments, escapes and rules within.
_SIMPLE_STRING = r""" "[^"\\\r\n\f;{}]*+"|'[^'\\\r\n\f;{}]*+' """.strip()
_HEAD = rf"""(?=[ \t\r\n\f]*+(?:[.#:]?[a-z_\d]|::|\[))(?>[^{{}}"'\\/;@]++|/(?!\*)|{_SIMPLE_STRING})*+"""
_OF_ARGUMENTS = r"""[^(){}"'\\/\[\]]++|/(?!\*)"""
_ARGUMENTS = reduce(lambda nested, _: rf"\((?>{_OF_ARGUMENTS}|{nested})*+\)", range(4), r"(?!)")
_DECLARATION = rf"""(?>[^{{}}"'\\/()\[\];@]++|/(?!\*)|{_SIMPLE_STRING}|{_ARGUMENTS})*+"""
_SIMPLE = re.compile(rf"{_DECLARATION};|(?P<head>{_HEAD})\{{(?>{_DECLARATION};)*+{_DECLARATION}\}}", re.IGNORECASE)
# Rules whose head contains selectors, and functions whose arguments are some.
_WITH_SELECTORS = frozenset({"scope", "supports"})
_FUNCTIONS = """
-moz-any -webkit-any cue cue-region has host host-context is matches not nth-child nth-last-child selector slotted where
"""
_OF_SELECTORS = frozenset(_FUNCTIONS.split())
# Which elements have a state, by the name of the state, the name of the element, and what else it needs.
_STATES = (
    (("-moz-any-link", "-webkit-any-link", "any-link", "link"), "a", "[href]"),
    (("disabled",), "button", "[disabled]"),
    (("enabled",), "button", ":not([disabled])"),
)


class _Instead(NamedTuple):
    """What to write instead of the names of elements, and of pseudo-classes after the colon."""

    types: dict[str, str]
    states: dict[str, str]
    names: re.Pattern[str]
    """Finds what may be one of them in the head of a simple rule."""


@lru_cache(maxsize=100)
def _instead(renamed: frozenset[str], has_ours: bool, hovered: str) -> _Instead:
    types = _BOXES | {name: f":is({name},{new_name(name)})" for name in renamed}
    states = _ALWAYS | ({"hover": hovered} if hovered else {}) | (_LAST if has_ours else {})
    for names, element, has in _STATES:
        if element in renamed:
            states |= {name: f"is(:{name},{new_name(element)}:where({has}))" for name in names}
    replaced = (
        rf":(?:{_any_of(states)})",
        rf"(?<![\w.#-])(?:{_any_of([*types, 'nth-last-child'])})",
        rf"\[[ \t\r\n\f]*+(?:{_any_of(SELECTED)})",
    )
    return _Instead(types, states, re.compile("|".join(replaced), re.IGNORECASE))


def _any_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(names)))


def select_substitutes(
    css: str, renamed: frozenset[str] = frozenset(), *, has_ours: bool = False, hovered: str = ""
) -> str:
    """A style sheet with other selectors; what is a part of declarations, such as `animation:defined`, stays.

    `renamed` is the names of elements of which some are written by another one, and `has_ours` says whether styles of
    our own follow the recorded children of the shadow root that the style sheet is in, `hovered` what to write
    instead of `hover`, if anything.
    """
    hovered = hovered if ":hover" in css.lower() else ""
    has_ours = has_ours and any(name in css.lower() for name in _LAST)
    if not (renamed or has_ours or hovered) and (
        not _NAMES.search(css) or not any(map(_is_meant, _CANDIDATE.finditer(css)))
    ):
        return css
    css = css.replace("\0", "\ufffd")  # as browsers do, which then take it for a part of a name
    written = io.StringIO()
    start = position = 0  # of what is not written yet, and of what is not read
    instead_of = _instead(renamed, has_ours, hovered)
    statement = _Statement(instead_of, has_ours=has_ours)
    while True:
        while statement.is_new and (simple := _SIMPLE.match(css, position)):
            if simple["head"] and instead_of.names.search(simple["head"]):
                break
            position = simple.end()
        if (token := _TOKEN.search(css, position)) is None:
            break
        position = token.end()
        for first, end, instead in statement.take(token):
            written.write(css[start:first] + instead)
            start = end
    written.write(css[start:])
    return written.getvalue()


class _Statement:
    """A rule up to its block, or a declaration: which of them, is known at its end only."""

    def __init__(self, instead: _Instead, *, has_ours: bool) -> None:
        self._types, self._states, self._has_ours = instead.types, instead.states, has_ours
        self._blocks = 0  # that it is in
        self._begin()

    def _begin(self) -> None:
        self._selectors: list[tuple[int, int, str]] = []
        self.is_new = self._has_selectors = True
        self._brackets = bytearray()  # Whether there are no selectors within each.
        self._opaque = 0  # how many of them have none
        self._element = ""  # the pseudo-element just before
        self._custom_from: int | None = None  # the blocks around a custom property, whose value may contain others

    def take(self, token: re.Match[str]) -> list[tuple[int, int, str]]:
        """Take the next token; where a rule's head ends, returns what to replace in it: start, end, new text."""
        element, self._element = self._element, ""
        if mark := token["mark"]:
            return self._mark(mark, element)
        if token["function"] or token["pseudo_function"]:
            name = without_escapes(token["type"] or token["pseudo"])
            self._open(name not in _OF_SELECTORS)
            if name == "nth-last-child" and self._has_ours:
                self._count_recorded(token)
        elif (name := token["attribute"]) and (attribute := without_escapes(name)) in SELECTED and not self._opaque:
            self._selectors.append((token.start(), token.end(), select_recorded(attribute, token["rest"])))
        elif token["pseudo"] and (state := self._states.get(without_escapes(token["pseudo"]))):
            self._selectors.append((token.start("pseudo"), token.end("pseudo"), state))
        elif (name := token["type"]) and (instead := self._types.get(without_escapes(name))):
            is_prefix = token.string.startswith("|", token.end())
            if not is_prefix and not self._opaque:
                self._selectors.append((token.start("type"), token.end("type"), instead))
        elif (skipped := token["skipped"]) and skipped.startswith("::"):
            self._element = without_escapes(skipped[2:])
        if self.is_new and (name := token["type"]) and name.startswith("--") and self._blocks:
            self._custom_from = self._blocks
        if self.is_new and token["at"]:
            self._has_selectors = without_escapes(token["at"]) in _WITH_SELECTORS
        self.is_new = self.is_new and token["skipped"] is not None and token["skipped"].startswith("/*")
        return []

    def _count_recorded(self, token: re.Match[str]) -> None:
        counted = _COUNTED.match(token.string, token.end())
        if counted is not None and " of " not in counted.group().lower():
            self._selectors.append((counted.end(), counted.end(), f" of {_RECORDED}"))

    def _open(self, is_opaque: bool) -> None:
        self._brackets.append(is_opaque)
        self._opaque += is_opaque

    def _mark(self, mark: str, element: str) -> list[tuple[int, int, str]]:
        self.is_new = False
        if mark in "([":
            self._open(mark == "[" or bool(element and element not in _OF_SELECTORS))
        elif mark in ")]":
            if self._brackets:
                self._opaque -= self._brackets.pop()
        elif mark == "{":
            self._blocks += 1
            if self._custom_from is None:
                found = self._selectors if self._has_selectors else []
                self._begin()
                return found
        elif mark == "}":
            self._blocks = max(0, self._blocks - 1)
            if self._custom_from is None or self._blocks < self._custom_from:
                self._begin()
        elif not self._brackets and (self._custom_from is None or self._blocks == self._custom_from):
            self._begin()
        return []


def _is_meant(candidate: re.Match[str]) -> bool:
    if (pseudo := candidate["pseudo"]) is not None:
        return without_escapes(pseudo) in _ALWAYS
    if (attribute := candidate["attribute"]) is not None:
        return without_escapes(attribute) in SELECTED
    return without_escapes(candidate["type"]) in _BOXES
