"""How many elements of a recorded page Playwright would find by a CSS path.

Playwright's CSS enters open shadow trees by itself, and takes a host for the parent of what is at the top of
its shadow tree (https://playwright.dev/python/docs/other-locators). So a path that is unique for browsers need not be
unique there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import chain

import attrs

from ..dom import Node, NodeKind
from ..dom._child_order import class_names

__all__ = [
    "absolute_path",
    "in_playwright_order",
    "is_generated",
    "matches_of",
    "may_be_counted",
    "may_not_last",
    "playwright_path",
]

_NAME = r"(?>\\[0-9a-f]{1,6}+ |\\[^0-9a-f]|[\w\u0080-\U0010ffff-])++"
_STEP = re.compile(
    rf"(?:#(?P<id>{_NAME})|(?P<tag>{_NAME})(?P<classes>(?>\.{_NAME})*+)(?>:nth-of-type\((?P<position>\d++)\))?+)",
    re.ASCII,
)
_PLAIN_TAG = re.compile(r"[a-z][a-z0-9-]*+", re.ASCII)
_CLASS = re.compile(rf"\.({_NAME})", re.ASCII)
_ESCAPE = re.compile(r"\\(?:([0-9a-f]{1,6}+) |(.))", re.ASCII | re.DOTALL)
_GENERATED = re.compile(r"[a-z]*+\d{9,}+|(?=[a-z]*+\d)(?=\d*+[a-z])(?![a-z]++\d++$)[a-z0-9]{8,}+", re.IGNORECASE)
"""Words with letters and digits between each other, and long numbers."""

_OF_HOOKS = re.compile(r":r[0-9a-v]{1,3}:|:R[0-9a-zH]++:|\u00ab|_[rR]_[0-9a-z]++_|(?<![a-zA-Z0-9])r\d")
"""What React's `useId` makes up, such as `:r1:`, `\u00abr1\u00bb` and `_r_1_`; some libraries remove the marks."""

_COUNTED = re.compile(r"^__|\d{2}|(?<![a-z])\d|\d(?=[a-z])", re.IGNORECASE)
"""Numbers, unless they are one digit after a word, as in `address2`; and names of what belongs to a framework."""

_PASSING = re.compile(r"(?:^|[-_])(?:focus(?:ed|-visible|-within)?|hover(?:ed)?)$", re.IGNORECASE)
"""Classes for what the mouse is on, or has the focus."""

_PICKED = re.compile(
    r"(?:^|[-_])(?:active|checked|current|highlight(?:ed)?|selected|(?:end|in|start)-?range)$", re.IGNORECASE
)
"""Classes for what the mouse or a key picks while it is picked."""

_ENTERS_SHADOW = " >>> "
_MAX_DEPTH = 600
_MAX_SHADOW_TREES = 30


@attrs.frozen
class _Step:
    id: str | None
    tag: str | None
    classes: frozenset[str]
    position: int | None

    def fits(self, node: Node, positions: _Positions) -> bool:
        if "-" in (self.id, self.tag, *self.classes):
            return False  # Playwright writes such a name without its escape, and fails.
        if self.id is not None:
            return node.attributes.get("id") == self.id
        if node.name != self.tag or not self.classes.issubset(class_names(node) or ()):
            return False
        return self.position is None or positions.of(node) == self.position


class _Positions:
    """The positions of elements among siblings of the same name, counted once for all siblings."""

    def __init__(self) -> None:
        self._known: dict[Node, int] = {}

    def of(self, node: Node) -> int:
        """The position, from 1."""
        if node not in self._known:
            counts = Counter[str]()
            sibling = node.parent.first_child if node.parent is not None else node
            while sibling is not None:
                if sibling.kind is NodeKind.ELEMENT:
                    counts[sibling.name] += 1
                    self._known[sibling] = counts[sibling.name]
                sibling = sibling.next_sibling
        return self._known[node]


def may_not_last(path: str) -> bool:
    """Whether a path will not last.

    It has an id that scripts seem to have made up, another one whenever the page is loaded, or a class for what the
    mouse is on or has the focus, or ends with one for what is picked.
    """
    steps = [match for match in map(_STEP.fullmatch, re.split(r" > | >>> ", path)) if match is not None]
    if any(is_generated(_unescaped(match["id"])) for match in steps if match["id"]):
        return True
    classes = [_CLASS.findall(match["classes"] or "") for match in steps]
    return any(map(_PASSING.search, chain.from_iterable(classes))) or any(map(_PICKED.search, chain(*classes[-1:])))


def is_generated(name: str) -> bool:
    """Whether scripts seem to have made up an id or name."""
    is_word_made_up = any(_GENERATED.fullmatch(word) for word in re.split(r"[^a-zA-Z0-9]++", name))
    return is_word_made_up or _OF_HOOKS.search(name) is not None


def may_be_counted(name: str) -> bool:
    """Whether an id may depend on what else the page has: libraries number menus and fields as they make them."""
    return _COUNTED.search(name) is not None


def playwright_path(path: str) -> str:
    """A path of `css_path` as Playwright's selector: `>>` instead of `>>>` goes on within what was found."""
    return path.replace(_ENTERS_SHADOW, " >> ")


def matches_of(path: str, nodes: Iterable[Node]) -> list[Node] | None:
    """The elements among the nodes of a page that Playwright finds by a path.

    None if it is not one of `css_path`, or if it leads through too many shadow trees.
    """
    parts: list[list[_Step]] = []
    if path.count(_ENTERS_SHADOW) > _MAX_SHADOW_TREES:
        return None
    for part in path.split(_ENTERS_SHADOW):
        found = [_STEP.fullmatch(step) for step in part.split(" > ")]
        steps = [_step(match) for match in found if match is not None]
        if not steps or len(steps) < len(found):
            return None
        parts.append(steps)
    positions = _Positions()
    return [node for node in nodes if node.kind is NodeKind.ELEMENT and _fits(node, parts, positions)]


def in_playwright_order(path: str, found: Iterable[Node], nodes: Sequence[Node]) -> list[Node]:
    """What `matches_of` found for a path, in the order of Playwright.

    It looks at a whole tree before it enters the shadow trees in it, and after ` >> ` anew in each element found.
    """
    first = path.rpartition(_ENTERS_SHADOW)[0]
    number = {node: position for position, node in enumerate(nodes)}
    if not first:
        return sorted(found, key=lambda node: _order(node, None, number))
    scopes = in_playwright_order(first, matches_of(first, nodes) or (), nodes)
    left = dict.fromkeys(found)
    ordered: list[Node] = []
    for scope in scopes:
        inside = [node for node in left if _is_inside(node, scope)]
        ordered += sorted(inside, key=lambda node: _order(node, scope, number))
        for node in inside:
            del left[node]
    return [*ordered, *left]


def _is_inside(node: Node, scope: Node) -> bool:
    above = _parent(node)
    for _ in range(_MAX_DEPTH):
        if above is None or above is scope:
            break
        above = _parent(above)
    return above is scope


def _order(node: Node, scope: Node | None, number: dict[Node, int]) -> list[tuple[int, int]]:
    """A key to sort by: hosts of the shadow trees around a node within the scope, the outermost first, and itself."""
    key = [(0, number[node])]
    above = node
    for _ in range(_MAX_DEPTH):
        if above.parent is None or above is scope:
            break
        if above.kind is NodeKind.SHADOW_ROOT:
            # The shadow tree of the scope itself comes before those of what is in the scope.
            key.append((1, -1 if above.parent is scope else number.get(above.parent, 0)))
        above = above.parent
    return key[::-1]


def absolute_path(node: Node) -> str | None:
    """The path from the root element by positions alone; None in shadow trees, and if it would be very long."""
    steps: list[str] = []
    positions = _Positions()
    element: Node | None = node
    for _ in range(_MAX_DEPTH):
        if element is None or element.kind is NodeKind.SHADOW_ROOT or not _PLAIN_TAG.fullmatch(element.name):
            return None
        if element.name == "html":
            return " > ".join(["html", *reversed(steps)])
        steps.append(f"{element.name}:nth-of-type({positions.of(element)})")
        element = element.parent
    return None


def _step(match: re.Match[str]) -> _Step:
    identifier, tag, position = match["id"], match["tag"], match["position"]
    return _Step(
        None if identifier is None else _unescaped(identifier),
        None if tag is None else _unescaped(tag),
        frozenset(map(_unescaped, _CLASS.findall(match["classes"] or ""))),
        None if position is None else int(position),
    )


def _unescaped(name: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], name)


def _fits(node: Node, parts: list[list[_Step]], positions: _Positions) -> bool:
    """Whether a node fits the last part, and something above what that begins with fits the parts before it."""
    top = _top_of(node, parts[-1], positions)
    for steps in reversed(parts[:-1]):
        # The nearest element that fits leaves the most above it for the other parts, so no other needs to be tried.
        above = None if top is None else _parent(top)
        top = None
        for _ in range(_MAX_DEPTH):
            if above is None or top is not None:
                break
            top, above = _top_of(above, steps, positions), _parent(above)
    return top is not None


def _top_of(node: Node, steps: list[_Step], positions: _Positions) -> Node | None:
    """The element that fits the first of the steps if the node fits the last one."""
    current: Node | None = node
    top = node
    for step in reversed(steps):
        if current is None or not step.fits(current, positions):
            return None
        top, current = current, _parent(current)
    return top


def _parent(node: Node) -> Node | None:
    """The parent element; for what is at the top of a shadow tree, the host."""
    parent = node.parent
    if parent is not None and parent.kind is NodeKind.SHADOW_ROOT:
        parent = parent.parent
    return parent if parent is not None and parent.kind is NodeKind.ELEMENT else None
