"""What a simple selector asks of one element, and how many elements may be asked."""

from __future__ import annotations

import re
from collections.abc import Callable

import attrs

from ..._inert.tokens import unescaped
from .._nodes import DOCUMENT, ELEMENT, Node

__all__ = [
    "NTH",
    "STATES",
    "Budget",
    "Test",
    "TooManyStepsError",
    "has_attribute",
    "has_name",
    "is_nth",
    "is_part",
    "never",
    "next_element",
    "previous_element",
]

NTH = re.compile(
    r"[ \t\r\n\f]*+(?:(?P<word>odd|even)|(?P<step>[+-]?\d*+)n(?>\s*+(?P<more>[+-]\s*+\d{1,9}+))?+"
    r"|(?P<one>[+-]?\d{1,9}+))"
    r"[ \t\r\n\f]*+\)",
    re.IGNORECASE,
)
_LENGTH_PER_STEP = 1_000
"""Characters of an attribute that are compared in the time for one element."""


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


def previous_element(element: Node) -> Node | None:
    sibling = element.previous_sibling
    while sibling is not None and sibling.kind is not ELEMENT:
        sibling = sibling.previous_sibling
    return sibling


def next_element(element: Node) -> Node | None:
    sibling = element.next_sibling
    while sibling is not None and sibling.kind is not ELEMENT:
        sibling = sibling.next_sibling
    return sibling


def has_name(name: str) -> Test:
    lower = name.lower()
    return lambda element, _: element.name.lower() == lower


def has_attribute(token: re.Match[str]) -> Test:
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


def is_part(names: frozenset[str]) -> Test:
    return lambda element, _: names <= set(element.attributes.get("part", "")[:_LENGTH_PER_STEP].split())


def is_nth(nth: re.Match[str], *, is_type: bool, step: Callable[[Node], Node | None]) -> Test:
    if nth["word"]:
        every, offset = 2, nth["word"].lower() == "odd"
    elif nth["one"]:
        every, offset = 0, int(nth["one"])
    else:
        every = int(nth["step"] + "1" if nth["step"] in ("", "+", "-") else nth["step"][:10])
        offset = int("".join((nth["more"] or "0").split()))

    def has_place(element: Node, budget: Budget) -> bool:
        count = 1
        sibling = step(element)
        while sibling is not None:
            budget.spend()
            count += not is_type or sibling.name == element.name
            sibling = step(sibling)
        return count == offset if every == 0 else (count - offset) % every == 0 and (count - offset) // every >= 0

    return has_place


def _is_root(element: Node, _: Budget) -> bool:
    return element.parent is not None and element.parent.kind is DOCUMENT


def never(_: Node, __: Budget) -> bool:
    return False


def _always(_: Node, __: Budget) -> bool:
    return True


STATES: dict[str, Test] = {
    "defined": _always,
    "first-child": lambda element, _: previous_element(element) is None,
    "last-child": lambda element, _: next_element(element) is None,
    "only-child": lambda element, _: previous_element(element) is None and next_element(element) is None,
    "root": _is_root,
}
