"""Which elements a CSS selector selects, as far as a recording says it.

States that are not recorded, such as `:hover`, select nothing, and neither do pseudo-elements or anything that is not
read. Source: https://www.w3.org/TR/selectors-4/
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

import attrs

from ..._inert.tokens import IDENT, NAME_WITH_ESCAPES, STRING, unescaped
from .._child_order import class_names
from .._nodes import ELEMENT, SHADOW_ROOT, Node, nodes_below, walk
from .element_tests import (
    NTH,
    STATES,
    Budget,
    Test,
    TooManyStepsError,
    has_attribute,
    has_name,
    is_nth,
    is_part,
    never,
    next_element,
    previous_element,
)

__all__ = ["Budget", "Selector", "TooManyStepsError", "keys_of", "scope_of", "selectors_of", "shown_around"]

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
_MAX_CLASSES = 100
_MAX_DEPTH = 512
_MAX_PARTS = 64
_MAX_NESTING = 8
_MAX_SELECTOR = 10_000  # Characters.
_MAX_SHADOW = 500
"""Nodes of a shadow root in which the slot of an element is looked for."""

_MAX_STEPS_OF_HAS = 2_000
"""Steps after which `:has()` counts as not true."""

Specificity = tuple[int, int, int]


@attrs.define
class _Compound:
    """What one element must be."""

    tests: list[Test] = attrs.field(factory=list[Test])
    key: str = ""
    """`#id`, `.class` or a name that the element must have, to look up selectors by; empty if there is none."""

    is_host: bool = False
    combinator: str = ""
    """How it is connected to the compound on its left; empty for the first one. `slotted` and `part` stand for
    pseudo-elements: on their left are the slot that shows the element, and the host of the shadow root it is in."""


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
    def reach(self) -> str:
        """Where it selects elements: empty if in the tree that the style sheet is in; `host` if that of the shadow root
        it is in; `slotted` if those shown in slots of that, `part` if parts of components in the tree."""
        part = self._parts[0]
        return "host" if part.is_host else part.combinator if part.combinator in _PSEUDO_ELEMENTS else ""

    def selects(self, element: Node, budget: Budget) -> bool:
        """Whether it selects an element. Raises TooManyStepsError when the budget is spent."""
        return self._matches(element, 0, self.reach == "host" and element.shadow_root is not None, budget)

    @property
    def leads(self) -> str:
        """In `:has()`, how it begins."""
        return self._parts[-2].combinator

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
        sibling = previous_element(element)
        while sibling is not None:
            yield sibling, False
            sibling = previous_element(sibling) if combinator == "~" else None
        return
    if combinator in _PSEUDO_ELEMENTS:
        scope = scope_of(element) if combinator == "part" else None
        other = _slot_of(element) if combinator == "slotted" else scope and scope.parent
        if other is not None:
            yield other, False
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


def _slot_of(child: Node) -> Node | None:
    """The slot in which a child of a shadow root's host is shown."""
    shadow = None if child.parent is None else child.parent.shadow_root
    if shadow is None or shadow is child:
        return None
    name = child.attributes.get("slot", "")
    # Not in the shadow roots of what is in it, where other content is shown.
    for node in islice(walk(shadow, is_left_out=lambda node: node.kind is SHADOW_ROOT), _MAX_SHADOW):
        if node.name == "slot" and node.attributes.get("name", "") == name:
            return node
    return None


def shown_around(node: Node | None) -> Iterator[Node]:
    """An element, or the one that contains a text, and those around it as they are laid out, from the inside out."""
    above = node
    while above is not None:
        if above.kind is ELEMENT:
            yield above
        above = _slot_of(above) or above.parent


@lru_cache(maxsize=2_000)
def selectors_of(text: str, *, with_pseudo_elements: bool = False) -> tuple[Selector, ...]:
    """The selectors of a list; none if it contains anything that is not read.

    Of pseudo-elements, those that are elements in other trees, `::slotted()` and `::part()`, are read on request.
    """
    if len(text) > _MAX_SELECTOR:
        return ()
    try:
        selectors, end = _Parser(text.strip(" \t\r\n\f"), with_pseudo_elements=with_pseudo_elements).parse(0, 0)
    except _UnreadError:
        return ()
    return tuple(selectors) if end is None else ()


class _UnreadError(Exception):
    pass


class _Parser:
    def __init__(self, text: str, *, with_pseudo_elements: bool) -> None:
        self._text = text
        self._with_pseudo_elements = with_pseudo_elements

    def parse(
        self, start: int, nesting: int, relative_to: list[Node] | None = None
    ) -> tuple[list[Selector], int | None]:
        """The selectors from a position up to a closing parenthesis, and the position behind it; None at the end.

        Those in `:has()` are relative to the last of some nodes.
        """
        selectors: list[Selector] = []
        compounds, specificity = _first(relative_to), (0, 0, 0)
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
                elif token["combinator"] and len(compounds) == 2 and relative_to is not None:
                    compounds[1].combinator = token["combinator"]
                elif token["combinator"]:
                    raise _UnreadError
                is_open = False
            elif token["element"]:
                compound, more, position = self._pseudo_element(token, nesting)
                compounds.append(compound)
                specificity, is_open = _sum(specificity, more), True
            elif token["comma"] or token["end"]:
                selectors.append(_whole(compounds, specificity, is_open))
                if token["end"]:
                    return selectors, position
                compounds, specificity, is_open = _first(relative_to), (0, 0, 0), False
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
        if not token["function"]:
            if name == "host":
                compound.is_host = True
            else:
                compound.tests.append(STATES.get(name, never))
            return (0, 1, 0), position
        if name in _LISTS:
            anchors: list[Node] = []
            inner, end = self.parse(position, nesting + 1, anchors if name == "has" else None)
            if end is None:
                raise _UnreadError
            test = _has(inner, anchors) if name == "has" else _none_of(inner) if name == "not" else _any_of(inner)
            compound.tests.append(test)
            compound.is_host |= name == "host"
            most = max(one.specificity for one in inner)
            return (0, 0, 0) if name == "where" else _sum(most, (0, name == "host", 0)), end
        nth = NTH.match(self._text, position)
        if name not in ("nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type") or nth is None:
            raise _UnreadError
        compound.tests.append(
            is_nth(nth, is_type=name.endswith("type"), step=next_element if "last" in name else previous_element)
        )
        return (0, 1, 0), nth.end()

    def _pseudo_element(self, token: re.Match[str], nesting: int) -> tuple[_Compound, Specificity, int]:
        """What it selects in another tree, and the position behind it."""
        name = unescaped(token["pseudo"]).lower()
        if name not in _PSEUDO_ELEMENTS or not token["function"] or not self._with_pseudo_elements:
            raise _UnreadError
        if name == "part":
            names = _PARTS.match(self._text, token.end())
            if names is None:
                raise _UnreadError
            return _Compound([is_part(frozenset(names[1].split()))], combinator=name), (0, 0, 1), names.end()
        inner, end = self.parse(token.end(), nesting + 1)
        if end is None:
            raise _UnreadError
        most = max(one.specificity for one in inner)
        return _Compound([_any_of(inner)], combinator=name), _sum(most, (0, 0, 1)), end


def _first(relative_to: list[Node] | None) -> list[_Compound]:
    """The compounds that a selector begins with."""
    if relative_to is None:
        return [_Compound()]
    return [_Compound([lambda element, _: element is relative_to[-1]]), _Compound(combinator=" ")]


def _whole(compounds: list[_Compound], specificity: Specificity, is_open: bool) -> Selector:
    if not is_open:
        raise _UnreadError
    return Selector(specificity, tuple(reversed(compounds)))


def _simple(token: re.Match[str], compound: _Compound) -> Specificity:
    if token["type"] is not None:
        if token["type"] != "*":
            name = unescaped(token["type"])
            compound.key = compound.key or name.lower()
            compound.tests.append(has_name(name))
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
    compound.tests.append(has_attribute(token))
    return (0, 1, 0)


_LISTS = frozenset({"-webkit-any", "has", "host", "is", "matches", "not", "where"})
_PSEUDO_ELEMENTS = frozenset({"part", "slotted"})
_PARTS = re.compile(r"[ \t\r\n\f]*+([^()\\]++)\)")


def _any_of(selectors: list[Selector]) -> Test:
    return lambda element, budget: any(one.selects(element, budget) for one in selectors)


def _none_of(selectors: list[Selector]) -> Test:
    return lambda element, budget: not any(one.selects(element, budget) for one in selectors)


def _has(selectors: list[Selector], anchors: list[Node]) -> Test:
    def has(element: Node, budget: Budget) -> bool:
        follows = any(one.leads in "+~" for one in selectors)
        anchors.append(element)
        own = Budget(min(budget.left, _MAX_STEPS_OF_HAS))
        start = own.left
        try:
            return any(
                one.selects(other, own)
                for other in (_followers(element) if follows else nodes_below(element))
                if other.kind is ELEMENT and other is not element
                for one in selectors
            )
        except TooManyStepsError:
            return False
        finally:
            anchors.pop()
            budget.left -= start - own.left
            budget.spend()

    return has


def _followers(element: Node) -> Iterator[Node]:
    """What is within an element, and the siblings after it with everything in them."""
    yield from nodes_below(element)
    sibling = next_element(element)
    while sibling is not None:
        yield from nodes_below(sibling)
        sibling = next_element(sibling)


def _sum(one: Specificity, other: Specificity) -> Specificity:
    return one[0] + other[0], one[1] + other[1], one[2] + other[2]
