"""The tabs of a session: when each begins in the player, and their actions in the order in which they happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from heapq import heappop, heappush
from typing import Generic, TypeVar

import attrs

from .._recording import Recording, View
from .._timelines import Timeline, TimelineClock, timelines_of
from ..dom import Effect, NodeAdded, Page, SnapshotTaken
from ..records import FrustrationRecord, Number
from ._actions import actions_of
from ._moment import Action, Describer

__all__ = ["Tab", "TabAction", "actions_of_tabs", "tabs_of"]

E = TypeVar("E")


@attrs.frozen(kw_only=True)
class Tab:
    """Views of a session that follow one another, as in one tab of a browser; a timeline of the player."""

    number: int
    """Its number in the session, from 1 on."""

    session_id: str | None
    start: Number
    """When time begins on its timeline, in milliseconds of Unix time."""

    timeline: int | None
    """Its number in the player, from 1 on; None if the player cannot show it, for lack of a full snapshot."""

    views: tuple[View, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class TabAction(Generic[E]):
    """An action, and where it happened."""

    tab: Tab
    view: View
    action: Action[E]


def tabs_of(recording: Recording) -> list[tuple[Tab, ...]]:
    """The tabs of each session, by their start; reads each up to its first full snapshot, where the player begins."""
    sessions: dict[str | None, list[Tab]] = {}
    shown = 0
    for timeline in timelines_of(recording):
        start, is_playable = _start_of(timeline)
        if start is None:
            continue
        shown += is_playable
        tabs = sessions.setdefault(timeline.session_id, [])
        tabs.append(
            Tab(
                number=len(tabs) + 1,
                session_id=timeline.session_id,
                start=start,
                timeline=shown if is_playable else None,
                views=tuple(timeline.views),
            )
        )
    return [tuple(tabs) for tabs in sessions.values()]


def _start_of(timeline: Timeline) -> tuple[Number | None, bool]:
    """When the player begins, and whether it can; otherwise when the first record was made, None if there is none."""
    clock = TimelineClock()
    for view in timeline.views:
        page = Page()
        for record in view.records():
            effects = page.apply(record)
            if isinstance(record, FrustrationRecord) or record.timestamp is None:
                continue
            now = clock.at(record.timestamp)
            if page.root is not None and any(map(_shows_page, effects)):
                return now, True
    return clock.start, False


def _shows_page(effect: Effect) -> bool:
    """Whether the player begins with this effect, in any view."""
    return isinstance(effect, SnapshotTaken) or (isinstance(effect, NodeAdded) and effect.parent_id is None)


def actions_of_tabs(tabs: Sequence[Tab], describer: Callable[[], Describer[E]]) -> Iterator[TabAction[E]]:
    """The actions of a session's tabs, in the order in which they happened; the last one of each tab is its end.

    A describer is made for each view. Only tabs that are open at the same time are read at the same time.
    """
    waiting = sorted(tabs, key=lambda tab: tab.start, reverse=True)
    open_tabs: list[tuple[Number, int, TabAction[E], Iterator[TabAction[E]]]] = []

    def take(number: int, actions: Iterator[TabAction[E]]) -> None:
        following = next(actions, None)
        if following is not None:
            heappush(open_tabs, (following.action.at, number, following, actions))

    while waiting or open_tabs:
        while waiting and (not open_tabs or waiting[-1].start <= open_tabs[0][0]):
            tab = waiting.pop()
            take(tab.number, _actions_of_tab(tab, describer))
        if open_tabs:
            _, number, current, actions = heappop(open_tabs)
            yield current
            take(number, actions)


def _actions_of_tab(tab: Tab, describer: Callable[[], Describer[E]]) -> Iterator[TabAction[E]]:
    clock = TimelineClock()
    for view in tab.views:
        for action in actions_of(view, clock, describer()):
            yield TabAction(tab=tab, view=view, action=action)
    yield TabAction(tab=tab, view=tab.views[-1], action=Action(kind="end", at=clock.now))
