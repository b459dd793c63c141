"""The moment that was reached in a view: the page as it is, the time, and what was found so far."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import count
from typing import Any, Generic, Literal, Protocol, TypeVar

import attrs

from ..dom import Effect, Node, Page
from ..records import Number

__all__ = ["Action", "ActionKind", "Describer", "Moment"]

ActionKind = Literal[
    "page",
    "click",
    "double_click",
    "context_menu",
    "input",
    "check",
    "select",
    "close",
    "drag",
    "scroll",
    "resize",
    "focus_lost",
    "focus_back",
    "gap",
    "end",
    "rage_click",
    "dead_click",
    "frustration",
]

_MOST_HELD = 10_000

E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)


class Describer(Protocol[E_co]):
    """Describes elements of one page; it sees every record's effects first."""

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""

    def describe(self, page: Page, node: Node) -> E_co:
        """Describe a node of the page as it is now."""
        ...


@attrs.frozen(kw_only=True)
class Action(Generic[E]):
    """One thing that happened."""

    kind: ActionKind
    at: Number
    """Milliseconds of Unix time, by the clock of the player."""

    element: E | None = None
    """What it happened to; None where there is no such thing, or it is not known."""

    other: E | None = None
    """The field in which a key was pressed that clicked the element, what the mouse entered when it came, or what was
    chosen in the element."""

    details: dict[str, Any] = attrs.field(factory=dict[str, Any])


class Moment(Generic[E]):
    """Changes from record to record; actions are added to it."""

    def __init__(self, describer: Describer[E]) -> None:
        self.page = Page()
        self.now: Number = 0
        """Milliseconds of Unix time, by the clock of the player."""

        self._describer = describer
        self._found: list[tuple[Number, int, Action[E]]] = []
        self._numbers = count()

    @property
    def is_lost(self) -> bool:
        """Whether what ids refer to is unknown, because records are missing."""
        return not self.page.knows_elements

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page, before anything else of it."""
        self._describer.note(effects)

    def find(self, id: int | None) -> Node | None:
        """The node with this id, if that is certain."""
        return None if id is None or self.is_lost else self.page.find(id)

    def element(self, id: int | None, details: dict[str, Any]) -> E | None:
        """The description of a node; `details` get the reason if there is none."""
        if id is None:
            return None
        node = self.find(id)
        if node is not None:
            return self._describer.describe(self.page, node)
        details["unknown"] = self.page.uncertain_because or "it is not in the recording"
        return None

    def action(self, kind: ActionKind, node_id: int | None = None, **details: Any) -> Action[E]:
        """An action that begins now."""
        return Action(kind=kind, at=self.now, element=self.element(node_id, details), details=details)

    def add(self, action: Action[E]) -> Action[E]:
        """Add an action to those that were found."""
        heappush(self._found, (action.at, next(self._numbers), action))
        return action

    def forget(self) -> None:
        """Forget what was done so far, but not what is missing."""
        self._found = [one for one in self._found if one[2].kind == "gap"]
        heapify(self._found)

    def until(self, time: Number) -> Iterator[Action[E]]:
        """The actions up to this time in order, and the earliest ones beyond the number that is held."""
        while self._found and (self._found[0][0] <= time or len(self._found) > _MOST_HELD):
            yield heappop(self._found)[2]

    def rest(self) -> Iterator[Action[E]]:
        """All actions that are left, in order."""
        while self._found:
            yield heappop(self._found)[2]
