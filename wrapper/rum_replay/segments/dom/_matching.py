"""Which elements a CSS selector selects, as far as a recording says it.

States that are not recorded, such as `:hover`, select nothing, and neither do pseudo-elements or anything that is not
read. Source: https://www.w3.org/TR/selectors-4/
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import attrs

from .._inert.tokens import IDENT, NAME_WITH_ESCAPES, STRING, unescaped
from ._child_order import class_names
from ._nodes import DOCUMENT, ELEMENT, SHADOW_ROOT, Node

__all__ = ["Budget", "Selector", "TooManyStepsError", "keys_of", "scope_of", "selectors_of"]

_NAME = rf"(?:{NAME_WITH_ESCAPES}|{IDENT}++)"
_TOKEN = re.compile(
    r"[ \t\r\n\f]*+(?P<comma>,)[ \t\r\n\f]*+"
    r"|[ \t\r\n\f]*+(?P<end>\))"
    r"|[ \t\r\n\f]*+(?P<combinator>[>+~])[ \t\r\n\f]*+"
    r"|(?P<space>[ \t\r\n\f]++)"
    rf"|\#(?P<id>{_NAME})|\.(?P<class>{_NAME})|(?P<type>\*|{_NAME})"
    rf"|\[[ \t\r\n\f]*+(?P<attribute>{_NAME})[ \t\r\n\f]*+"
    rf"(?>(?P<operator>[~|^$*]?+=)[ \t\r\n\f]*+(?P<value>{STRING}|{_NAME})"
    r"[ \t\r\n\f]*+(?P<flag>[iIsS])?+[ \t\r\n\f]*+)?+\]"
    rf"|(?P<element>:)?:(?P<pseudo>{_NAME})(?P<function>\()?+"
)
_NTH = re.compile(
    r"[ \t\r\n\f]*+(?:(?P<word>odd|even)|(?P<step>[+-]?\d*+)n(?>\s*+(?P<more>[+-]\s*+\d{1,9}+))?+"
    r"|(?P<one>[+-]?\d{1,9}+))"
    r"[ \t\r\n\f]*+\)",
    re.IGNORECASE,
)
_MAX_CLASSES = 100
_MAX_DEPTH = 512
_MAX_PARTS = 64
_MAX_NESTING = 8
_MAX_SELECTOR = 10_000  # Characters.
_LENGTH_PER_STEP = 1_000
"""Characters of an attribute that are compared in the time for one element."""


Specificity = tuple[int, int, int]


class TooManyStepsError(Exception):
    """It would take too long to find out."""


@attrs.define
class Budget:
    """How many elements may still be compared."""

    left: int

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooManyStepsError


Test = Callable[[Node, Budget], bool]


@attrs.define
class _Compound:
    """What one element must be."""

    tests: list[Test] = attrs.field(factory=list[Test])
    key: str = ""
    """`#id`, `.class` or a name that the element must have, to look up selectors by; empty if there is none."""

    is_host: bool = False
    combinator: str = ""
    """How it is connected to the compound on its left; empty for the first one."""


@attrs.frozen
class Selector:
    """A selector without commas."""

    specificity: Specificity
    _parts: tuple[_Compound, ...]
    """From right to left."""

    @property
    def key(self) -> str:
        """`#id`, `.class` or a name that every element that it selects has; empty if there is none."""
        return self._parts[0].key

    @property
    def is_of_host(self) -> bool:
        """Whether it selects the host of the shadow root that the style sheet is in."""
        return self._parts[0].is_host

    def selects(self, element: Node, budget: Budget) -> bool:
        """Whether it selects an element. Raises TooManyStepsError when the budget is spent."""
        return self._matches(element, 0, self.is_of_host and element.shadow_root is not None, budget)

    def _matches(self, element: Node, index: int, is_host: bool, budget: Budget) -> bool:
        budget.spend()
        part = self._parts[index]
        if part.is_host and not is_host:
            return False
        if not all(test(element, budget) for test in part.tests):
            return False
        if not part.combinator:
            return True
        for other, is_shadow_host in _related(element, part.combinator):
            budget.spend()
            if is_shadow_host == self._parts[index + 1].is_host and self._matches(
                other, index + 1, is_shadow_host, budget
            ):
                return True
        return False


def _related(element: Node, combinator: str) -> Iterator[tuple[Node, bool]]:
    """The elements on the left of a combinator, and whether each is the host of the shadow root around."""
    if combinator in "+~":
        sibling = _previous(element)
        while sibling is not None:
            yield sibling, False
            sibling = _previous(sibling) if combinator == "~" else None
        return
    above = element.parent
    while above is not None:
        if above.kind is SHADOW_ROOT:
            if above.parent is not None:
                yield above.parent, True
            return
        if above.kind is not ELEMENT:
            return
        yield above, False
        above = above.parent if combinator == " " else None


def _previous(element: Node) -> Node | None:
    sibling = element.previous_sibling
    while sibling is not None and sibling.kind is not ELEMENT:
        sibling = sibling.previous_sibling
    return sibling


def _next(element: Node) -> Node | None:
    sibling = element.next_sibling
    while sibling is not None and sibling.kind is not ELEMENT:
        sibling = sibling.next_sibling
    return sibling


def keys_of(element: Node) -> list[str]:
    """The keys of all selectors that may select an element, each once."""
    classes = (class_names(element) or ())[:_MAX_CLASSES]
    keys = ["", element.name.lower(), f"#{element.attributes.get('id', '')}", *(f".{name}" for name in classes)]
    return list(dict.fromkeys(keys))


def scope_of(node: Node) -> Node | None:
    """The shadow root that contains a node, or itself; None in the document, or if it is nested too deep to say."""
    above: Node | None = node
    for _ in range(_MAX_DEPTH):
        if above is None or above.kind is SHADOW_ROOT:
            return above
        above = above.parent
    return None


@lru_cache(maxsize=2_000)
def selectors_of(text: str) -> tuple[Selector, ...]:
    """The selectors of a list; none if it contains anything that is not read."""
    if len(text) > _MAX_SELECTOR:
        return ()
    try:
        selectors, end = _Parser(text.strip(" \t\r\n\f")).parse(0, 0)
    except _UnreadError:
        return ()
    return tuple(selectors) if end is None else ()


class _UnreadError(Exception):
    pass


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text

    def parse(self, start: int, nesting: int) -> tuple[list[Selector], int | None]:
        """The selectors from a position up to a closing parenthesis, and the position behind it; None at the end."""
        selectors: list[Selector] = []
        compounds, specificity = [_Compound()], (0, 0, 0)
        is_open = False  # Whether the last compound has something.
        position = start
        while position < len(self._text):
            token = _TOKEN.match(self._text, position)
            if token is None or nesting > _MAX_NESTING or len(compounds) > _MAX_PARTS:
                raise _UnreadError
            position = token.end()
            if token["combinator"] or token["space"]:
                if is_open:
                    compounds.append(_Compound(combinator=token["combinator"] or " "))
                elif token["combinator"]:
                    raise _UnreadError
                is_open = False
            elif token["comma"] or token["end"]:
                selectors.append(_whole(compounds, specificity, is_open))
                if token["end"]:
                    return selectors, position
                compounds, specificity, is_open = [_Compound()], (0, 0, 0), False
            else:
                more, position = self._simple(token, compounds[-1], nesting)
                specificity, is_open = _sum(specificity, more), True
        return [*selectors, _whole(compounds, specificity, is_open)], None

    def _simple(self, token: re.Match[str], compound: _Compound, nesting: int) -> tuple[Specificity, int]:
        if token["pseudo"] is not None:
            return self._pseudo(token, compound, nesting)
        return _simple(token, compound), token.end()

    def _pseudo(self, token: re.Match[str], compound: _Compound, nesting: int) -> tuple[Specificity, int]:
        name, position = unescaped(token["pseudo"]).lower(), token.end()
        if token["element"]:
            raise _UnreadError
        if not token["function"]:
            if name == "host":
                compound.is_host = True
            else:
                compound.tests.append(_STATES.get(name, _never))
            return (0, 1, 0), position
        if name in _LISTS:
            inner, end = self.parse(position, nesting + 1)
            if end is None:
                raise _UnreadError
            compound.tests.append(_none_of(inner) if name == "not" else _any_of(inner))
            return (0, 0, 0) if name == "where" else max(one.specificity for one in inner), end
        nth = _NTH.match(self._text, position)
        if name not in ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type") or nth is None:
            raise _UnreadError
        compound.tests.append(_nth(nth, is_type=name.endswith("type"), step=_next if "last" in name else _previous))
        return (0, 1, 0), nth.end()


def _whole(compounds: list[_Compound], specificity: Specificity, is_open: bool) -> Selector:
    if not is_open:
        raise _UnreadError
    return Selector(specificity, tuple(reversed(compounds)))


def _simple(token: re.Match[str], compound: _Compound) -> Specificity:
    if token["type"] is not None:
        if token["type"] != "*":
            name = unescaped(token["type"])
            compound.key = compound.key or name.lower()
            compound.tests.append(_has_name(name))
        return (0, 0, token["type"] != "*")
    if token["id"] is not None:
        name = unescaped(token["id"])
        compound.key = f"#{name}"
        compound.tests.append(lambda element, _: element.attributes.get("id") == name)
        return (1, 0, 0)
    if token["class"] is not None:
        name = unescaped(token["class"])
        if not compound.key.startswith("#"):
            compound.key = f".{name}"
        compound.tests.append(lambda element, _: name in (class_names(element) or ()))
        return (0, 1, 0)
    compound.tests.append(_has_attribute(token))
    return (0, 1, 0)


def _has_name(name: str) -> Test:
    lower = name.lower()
    return lambda element, _: element.name.lower() == lower


def _has_attribute(token: re.Match[str]) -> Test:
    name, operator = unescaped(token["attribute"]), token["operator"]
    if operator is None:
        return lambda element, _: name in element.attributes
    value = token["value"]
    value = unescaped(value[1:].removesuffix(value[0]) if value[0] in "\"'" else value)
    compare = _comparing(_OPERATORS[operator])
    if (token["flag"] or "").lower() == "i":
        folded = value.lower()
        return lambda element, budget: (
            name in element.attributes and compare(element.attributes[name].lower(), folded, budget)
        )
    return lambda element, budget: name in element.attributes and compare(element.attributes[name], value, budget)


_OPERATORS: dict[str, Callable[[str, str], bool]] = {
    "=": lambda have, want: have == want,
    "~=": lambda have, want: want in have.split(),
    "|=": lambda have, want: have == want or have.startswith(f"{want}-"),
    "^=": lambda have, want: bool(want) and have.startswith(want),
    "$=": lambda have, want: bool(want) and have.endswith(want),
    "*=": lambda have, want: bool(want) and want in have,
}


def _comparing(compare: Callable[[str, str], bool]) -> Callable[[str, str, Budget], bool]:
    def within(have: str, want: str, budget: Budget) -> bool:
        budget.left -= len(have) // _LENGTH_PER_STEP
        budget.spend()
        return compare(have, want)

    return within


_LISTS = frozenset({"-webkit-any", "is", "matches", "not", "where"})


def _any_of(selectors: list[Selector]) -> Test:
    return lambda element, budget: any(one.selects(element, budget) for one in selectors)


def _none_of(selectors: list[Selector]) -> Test:
    return lambda element, budget: not any(one.selects(element, budget) for one in selectors)


def _nth(nth: re.Match[str], *, is_type: bool, step: Callable[[Node], Node | None]) -> Test:
    if nth["word"]:
        every, offset = 2, nth["word"].lower() == "odd"
    elif nth["one"]:
        every, offset = 0, int(nth["one"])
    else:
        every = int(nth["step"] + "1" if nth["step"] in ("", "+", "-") else nth["step"][:10])
        offset = int("".join((nth["more"] or "0").split()))

    def is_nth(element: Node, budget: Budget) -> bool:
        count = 1
        sibling = step(element)
        while sibling is not None:
            budget.spend()
            count += not is_type or sibling.name == element.name
            sibling = step(sibling)
        return count == offset if every == 0 else (count - offset) % every == 0 and (count - offset) // every >= 0

    return is_nth


def _is_root(element: Node, _: Budget) -> bool:
    return element.parent is not None and element.parent.kind is DOCUMENT


def _never(_: Node, __: Budget) -> bool:
    return False


def _always(_: Node, __: Budget) -> bool:
    return True


_STATES: dict[str, Test] = {
    "defined": _always,
    "first-child": lambda element, _: _previous(element) is None,
    "last-child": lambda element, _: _next(element) is None,
    "only-child": lambda element, _: _previous(element) is None and _next(element) is None,
    "root": _is_root,
}


def _sum(one: Specificity, other: Specificity) -> Specificity:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
