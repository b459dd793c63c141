"""Which popovers scripts have opened, as far as pages say so: SDKs record nothing of `showPopover()`.

Pages and libraries say that one is open

- by its own attributes, such as `open`, `data-state="open"`, `aria-hidden="false"` or a class with such a word;
- by `aria-expanded` of what names it, or something in it, by `aria-controls` or the like;
- by inserting it with its content, and nothing else beside it, into a page that is in use, until it is removed or, if
  the pointer has come to something since the last press, until it leaves that;
- by giving it a place in its `style`. It was opened by a press if one came shortly before, and is then shown until
  something beside it, or its opener once more, is pressed; otherwise by the pointer or the focus, until these leave.

A click in what was inserted or placed often closes it, and nothing says so: after that, only pointers and the focus
show that it is there. But manual popovers that are inserted are mostly those of libraries, which remove them at last.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple

import attrs

from .._css.matching import shown_around
from .._nodes import SHADOW_ROOT, TEXT, Node, scope_of_ids, walk
from .._roles import MAX_DEPTH, control_of

__all__ = ["Pressed", "ScriptedPopovers", "is_automatic", "opener_of"]

_AUTOMATIC = frozenset({"", "auto", "hint"})
"""Values of the attribute `popover` with which a press beside it hides it."""

_WORD = r"(?:active|expanded|open|opened|show|showing|shown|visible)"
_STATE = re.compile(rf"(?:data-)?(?:is-)?{_WORD}")
_OPEN_CLASS = re.compile(rf"(?<![a-z]){_WORD}(?![a-z:\]])", re.IGNORECASE)  # not `open:flex`, `data-[state=open]:flex`
_NAMES_STATE = frozenset({"data-state", "data-status", "state"})
_NO = frozenset({"0", "closed", "false", "hidden", "no"})
_NAMING = ("aria-controls", "popovertarget", "commandfor")
_PLACING = re.compile("bottom|inset|left|position|right|top|transform|translate")
_LENGTH = re.compile("[0-9](?:%|em|px|rem)")
_CONTENT = frozenset({"a", "button", "canvas", "img", "input", "select", "svg", "textarea", "video"})
_READ_ALOUD = frozenset({"alert", "log", "status"})
_WITHOUT_CONTENT = frozenset({"script", "style", "template"})
_MAX_LENGTH = 2_000
_MAX_NAMES = 5
_MAX_SAME = 200
"""Elements with the ids that a record's elements name: those in other shadow roots may have the same."""

_MAX_OPEN = 100
_MAX_NODES = 300
"""Nodes that are looked at for the content of a popover that was inserted."""

_MAX_AT_ONCE = 100
"""Popovers that a record inserts, and elements whose `aria-expanded` it changes."""

_MOST_PLACED = 2
"""Popovers that a record places; scripts that place more do so for later."""


@attrs.frozen(kw_only=True)
class _Opener:
    """What a popover was opened by, as far as that is known."""

    element: Node | None
    is_pressed: bool
    """Whether a press opened it, rather than a pointer or the focus that came."""
    is_pressed_before: bool
    """Whether it was the last thing that was pressed, which may have an effect much later."""


class Pressed(NamedTuple):
    """What was pressed last, and whether that was shortly before."""

    node: Node | None
    is_now: bool


class ScriptedPopovers:
    """The popovers of a page that its scripts opened."""

    def __init__(self) -> None:
        self._states: dict[int, set[str]] = {}
        """By popovers, their attributes and classes that say that they are open."""
        self._expanded: dict[int, Node] = {}
        """By popovers, the elements whose `aria-expanded` says so."""
        self._said: set[int] = set()
        """Popovers of which one of these has said that they are open: then their places say nothing."""
        self._inserted: dict[int, Node] = {}
        self._clicked: set[int] = set()
        """The manual ones of these in which somebody has clicked."""
        self._placed: dict[int, _Opener] = {}
        self._at_first: dict[int, set[str]] = {}
        """Where popovers were before a script placed them."""
        # What one record did:
        self._new: list[Node] = []
        self._expanders: dict[int, Node] = {}
        self._moved: dict[int, Node] = {}
        self._has_changed = False

    def __iter__(self) -> Iterator[int]:
        for known in (self._states, self._expanded, self._inserted, self._placed):
            yield from known

    @property
    def are_unsettled(self) -> bool:
        """Whether the record that is being applied may have opened or closed any."""
        return bool(self._has_changed or self._new or self._expanders or self._moved)

    def add(self, popover: Node, *, is_new: bool) -> None:
        """There is a popover; `is_new` is whether a change of the page inserted it."""
        words = {name for name, value in popover.attributes.items() if _is_open(popover, name, value)}
        if words:
            self._states[popover.id] = words
            self._said.add(popover.id)
            self._has_changed = True
        if is_new and len(self._new) < _MAX_AT_ONCE:
            self._new.append(popover)

    def add_expander(self, element: Node) -> None:
        """An element has, or had, `aria-expanded`."""
        if len(self._expanders) < _MAX_AT_ONCE:
            self._expanders[element.id] = element

    def clear(self) -> None:
        """It is no longer known what is open."""
        for known in (self._states, self._expanded, self._inserted, self._placed, self._clicked):
            known.clear()

    def remove(self, id: int) -> None:
        """Something was removed, or is no popover any more."""
        self.forget(id)
        self._said.discard(id)
        self._at_first.pop(id, None)

    def forget(self, id: int) -> None:
        """A popover is closed, as far as its page says."""
        for known in (self._states, self._expanded, self._inserted, self._placed):
            known.pop(id, None)
        self._clicked.discard(id)
        for number in [number for number, element in self._expanded.items() if element.id == id]:
            del self._expanded[number]
            self._has_changed = True

    def note_attribute(self, popover: Node, name: str, before: str | None) -> bool:
        """An attribute of a popover changed; whether that says that it is closed."""
        value = popover.attributes.get(name)
        if name == "style":
            self._note_place(popover, before or "", value or "")
            return False
        words = self._states.get(popover.id, set())
        if name == "class":
            classes = (value or "")[:_MAX_LENGTH].split()
            new = frozenset(classes).difference((before or "").split())
            now_open = {one for one in words if one[0] != "." or one[1:] in classes}
            now_open |= {f".{one}" for one in new if _OPEN_CLASS.search(one)}
        else:
            is_open = value is not None and (
                _is_open(popover, name, value) or (name, value) == ("aria-hidden", "false")
            )
            now_open = words | {name} if is_open else words - {name}
        self._has_changed |= now_open != words
        if now_open:
            self._states[popover.id] = now_open
            self._said.add(popover.id)
        elif words:
            self.forget(popover.id)
        return bool(words) and not now_open

    def _note_place(self, popover: Node, before: str, value: str) -> None:
        places, places_before = _places(value), _places(before)
        if places <= self._at_first.setdefault(popover.id, places_before):  # as where a drawer slides out again
            self._has_changed |= self._placed.pop(popover.id, None) is not None
            self._moved.pop(popover.id, None)
        elif not places <= places_before and len(self._moved) <= _MOST_PLACED:
            self._moved[popover.id] = popover

    def settle(
        self,
        opener: _Opener,
        popovers: Mapping[int, Node],
        nodes_by_id: Mapping[str, AbstractSet[Node]],
        added: Mapping[int, Node],
        *,
        is_scrolling: bool,
    ) -> list[Node]:
        """A record was applied, which added these nodes; the popovers that are closed, as far as the page says.

        `added` is empty as long as nobody uses the page. While it is scrolled, scripts place also what is closed.
        """
        unnamed, closed, budget = None, list[Node](), iter(range(_MAX_SAME))
        for element in self._expanders.values():
            named = list(_popovers_named_by(element, popovers, nodes_by_id, budget))
            is_expanded = element.attributes.get("aria-expanded", "").lower() == "true"
            known = [popovers[number] for number, one in self._expanded.items() if one is element]
            if is_expanded:
                for popover in named[: _MAX_OPEN - len(self._expanded)]:
                    self._expanded[popover.id] = element
                    self._said.add(popover.id)
                unnamed = unnamed if named else element
            else:
                closed += known + (named if "aria-expanded" in element.attributes else [])
        for popover in closed:
            self.forget(popover.id)
        self._new = [one for one in self._new if popovers.get(one.id) is one and _is_alone(one, added)]
        if self._new and not _has_text_beside(popovers, added):
            for popover in self._new:
                self._insert(popover, opener)
        if len(self._moved) <= _MOST_PLACED and not is_scrolling:
            for number in self._moved.keys() & popovers.keys() - self._said:
                if unnamed is not None and len(self._moved) == 1:
                    self._expanded[number] = unnamed
                elif (opener.element is not None or opener.is_pressed) and len(self._placed) < _MAX_OPEN:
                    self._placed.setdefault(number, opener)
        self._new.clear()
        self._expanders.clear()
        self._moved.clear()
        self._has_changed = False
        return closed

    def _insert(self, popover: Node, opener: _Opener) -> None:
        if opener.element is None or opener.is_pressed or opener.is_pressed_before:
            if len(self._inserted) < _MAX_OPEN:
                self._inserted[popover.id] = popover
        elif len(self._placed) < _MAX_OPEN:
            self._placed[popover.id] = opener

    def press(self, around: Collection[Node]) -> None:
        """Something is pressed, which closes what it is beside, and what it opened."""
        numbers = {one.id for one in around}
        for number, opener in list(self._placed.items()):
            if number not in numbers and (opener.is_pressed or opener.element not in around):
                del self._placed[number]
        is_in_popover = any("popover" in one.attributes for one in around)
        for number, popover in list(self._inserted.items()):
            is_over = is_automatic(popover) or (number in self._clicked and not is_in_popover)
            if number not in numbers and is_over:
                del self._inserted[number]

    def click(self, around: Collection[Node]) -> None:
        """Something is clicked, which may close what it is in."""
        for number in [one.id for one in around]:
            self._placed.pop(number, None)
            popover = self._inserted.get(number)
            if popover is not None and is_automatic(popover):
                del self._inserted[number]
            elif popover is not None:
                self._clicked.add(number)

    def leave(self, *used: Node | None) -> None:
        """This is what the pointer is on and what has the focus."""
        if any(not opener.is_pressed for opener in self._placed.values()):
            around = {one for node in used for one in islice(shown_around(node), MAX_DEPTH)}
            numbers = {one.id for one in around}
            for number, opener in list(self._placed.items()):
                if not opener.is_pressed and number not in numbers and opener.element not in around:
                    del self._placed[number]


def opener_of(used: Node | None, pressed: Pressed) -> _Opener:
    """What opens popovers now, given what the pointer is on or has the focus."""
    element = None if used is None else control_of(used)
    is_pressed_before = pressed.node is not None and control_of(pressed.node) is element
    return _Opener(element=element, is_pressed=pressed.is_now, is_pressed_before=is_pressed_before)


def is_automatic(popover: Node) -> bool:
    """Whether a press beside a popover hides it."""
    return popover.attributes.get("popover", "").lower() in _AUTOMATIC


def _is_open(popover: Node, name: str, value: str) -> bool:
    """Whether an attribute says that a popover is open."""
    if name in _NAMES_STATE:
        # What is active may be what the popover is about, such as a user.
        return value.lower() != "active" and _STATE.fullmatch(value.lower()[:_MAX_LENGTH]) is not None
    is_of_dialog = name == "open" and popover.name == "dialog"
    return not is_of_dialog and _STATE.fullmatch(name) is not None and value.lower()[:_MAX_LENGTH] not in _NO


def _places(style: str) -> set[str]:
    """The declarations that place an element, also by properties of their own."""
    return {one.strip() for one in style[:_MAX_LENGTH].lower().split(";") if _is_place(one)}


def _is_place(declaration: str) -> bool:
    name, _, value = declaration.strip().partition(":")
    is_placing = _PLACING.search(name) if name.startswith("--") else _PLACING.match(name)
    return is_placing is not None and _LENGTH.search(value) is not None


def _popovers_named_by(
    element: Node,
    popovers: Mapping[int, Node],
    nodes_by_id: Mapping[str, AbstractSet[Node]],
    budget: Iterator[object],
) -> Iterator[Node]:
    """The popovers of which an element with `aria-expanded` says whether they are open: not that which it is in."""
    names = " ".join(element.attributes.get(one, "")[:_MAX_LENGTH] for one in _NAMING).split()[:_MAX_NAMES]
    if not names:
        return
    scope, around_it = scope_of_ids(element), set(islice(shown_around(element), MAX_DEPTH))
    for name in names:
        for node, _ in zip(nodes_by_id.get(name, ()), budget, strict=False):
            if scope_of_ids(node) is scope:
                around = islice(shown_around(node), MAX_DEPTH)
                popover = next((one for one in around if popovers.get(one.id) is one), None)
                if popover is not None and popover not in around_it:
                    yield popover


def _has_text_beside(popovers: Mapping[int, Node], added: Mapping[int, Node]) -> bool:
    """Whether any text was added that is not in a popover, as where a page is built, apart from what is read aloud."""
    texts = (one for one in added.values() if one.kind is TEXT and one.text.strip())
    for text in islice(texts, _MAX_NODES):
        around = islice(shown_around(text), MAX_DEPTH)
        if not any(one.id in popovers or one.name in _WITHOUT_CONTENT or _is_read_aloud(one) for one in around):
            return True
    return False


def _is_read_aloud(node: Node) -> bool:
    return "aria-live" in node.attributes or node.attributes.get("role") in _READ_ALOUD


def _is_alone(popover: Node, added: Collection[int]) -> bool:
    """Whether a popover was added with its content, and with nothing that has any beside it."""
    if popover.id not in added:
        return False
    top = popover
    for _ in range(MAX_DEPTH):
        if top.parent is None or top.parent.id not in added:
            break
        top = top.parent
    if top.kind is SHADOW_ROOT:
        return False
    neighbors = (one for one in (top.previous_sibling, top.next_sibling) if one is not None and one.id in added)
    beside = [*neighbors, top] if top is not popover else [*neighbors]
    return _has_content(popover) and not any(_has_content(one, popover) for one in beside)


def _has_content(node: Node, popover: Node | None = None) -> bool:
    """Whether a node has any content, apart from what is in a popover."""
    below = islice(walk(node, _WITHOUT_CONTENT, lambda one: one is popover), _MAX_NODES)
    return any(
        one.name in _CONTENT or (one.kind is TEXT and not one.text.isspace() and one.text != "") for one in below
    )
