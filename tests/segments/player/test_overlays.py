"""Dialogs, popovers and pinch zoom are said in the player's notes if they occur."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments._completeness import RecordCounts
from rum_replay.segments._timelines import TimelineClock
from rum_replay.segments.player._conversion import Conversion
from rum_replay.segments.player._overlays import DIALOGS, MODAL, OTHER_POPOVERS, USED_POPOVERS, ZOOM

from ..made import BODY, change, click, element, event, meta, mutation, record, recording, segment, snapshot


def notes_of(recorded: segments.Recording) -> dict[str, int]:
    conversion = Conversion(TimelineClock())
    for view in recorded.views:
        assert list(conversion.view_events(view, RecordCounts()))
    return dict(conversion.notes)


def set_attributes(at: float, id: int, **attributes: Any) -> dict[str, Any]:
    return mutation(at, attributes=[{"id": id, "attributes": attributes}])


def add(at: float, node: dict[str, Any]) -> dict[str, Any]:
    return mutation(at, adds=[{"parentId": BODY, "nextId": None, "node": node}])


def zoom(at: float, scale: float) -> dict[str, Any]:
    sizes = dict.fromkeys(("offsetLeft", "offsetTop", "pageLeft", "pageTop"), 0)
    return record(8, at, {**sizes, "width": 1000, "height": 700, "scale": scale})


CLOSED = element(30, "dialog", element(31, "p"))
OPEN = element(30, "dialog", element(31, "p"), open="")
MENU = element(40, "div", element(41, "a"), id="menu", popover="auto")
BUTTONS = (
    element(50, "button", element(51, "b"), popovertarget="menu"),
    element(52, "button", popovertarget="other"),
    element(53, "button", commandfor="menu", command="Show-Popover"),
    element(54, "button", commandfor="menu", command="show-modal"),
    element(55, "div", popovertarget="menu"),
    element(56, "input", popovertarget="menu", type="button"),
    element(57, "button", popovertarget="pay"),
)
NOTHING: dict[str, int] = {}
# The nodes of the first page, what happens, and the notes.
CASES: list[tuple[str, tuple[Any, ...], list[dict[str, Any]], dict[str, int]]] = [
    ("a closed dialog", (CLOSED,), [click(10)], NOTHING),
    ("an open dialog", (OPEN,), [], {DIALOGS: 1}),
    ("a dialog that opens", (CLOSED,), [set_attributes(10, 30, open="")], {MODAL: 1}),
    ("twice", (CLOSED,), [set_attributes(at, 30, open=to) for at, to in ((1, ""), (2, None), (3, ""))], {MODAL: 2}),
    ("open already", (OPEN,), [set_attributes(1, 30, open="x"), set_attributes(2, 30, open="")], {DIALOGS: 1}),
    ("a dialog that closes", (OPEN,), [set_attributes(10, 30, open=None)], {DIALOGS: 1}),
    ("a dialog that comes open", (), [add(10, OPEN)], {MODAL: 1}),
    (
        "a dialog beside which something is used",
        (CLOSED, element(60, "p")),
        [set_attributes(10, 30, open=""), click(1_000, 60), click(2_000, 60), set_attributes(3_000, 30, open=None)],
        {DIALOGS: 1},
    ),
    ("a dialog that comes closed", (), [add(10, CLOSED)], NOTHING),
    ("another element that opens", (element(30, "details"),), [set_attributes(10, 30, open="")], NOTHING),
    ("a popover", (MENU,), [click(10)], {OTHER_POPOVERS: 1}),
    ("a popover that comes later", (), [add(10, MENU)], {OTHER_POPOVERS: 1}),
    ("an element that becomes one", (element(40, "div"),), [set_attributes(10, 40, popover="")], {OTHER_POPOVERS: 1}),
    ("a click in a popover", (MENU,), [click(10, 41), click(20, 40)], {USED_POPOVERS: 1}),
    ("focus in a popover", (MENU,), [event(2, 10, type=5, id=41)], {USED_POPOVERS: 1}),
    ("a click on its button", (MENU, *BUTTONS), [click(10, 51)], {USED_POPOVERS: 1}),
    ("a click on a button with a command", (MENU, *BUTTONS), [click(10, 53)], {USED_POPOVERS: 1}),
    ("a click on a button of a form", (MENU, *BUTTONS), [click(10, 56)], {USED_POPOVERS: 1}),
    ("clicks on others", (MENU, *BUTTONS), [click(10, one) for one in (52, 54, 55, 57)], {OTHER_POPOVERS: 1}),
    ("one of two", (MENU, element(42, "p", popover="")), [click(1, 41)], {USED_POPOVERS: 1, OTHER_POPOVERS: 1}),
    ("no zoom", (), [zoom(10, 1), zoom(20, 1.004)], NOTHING),
    ("zoom", (), [zoom(10, 1), zoom(20, 1.5), zoom(30, 2), zoom(40, 1), zoom(50, 0.5)], {ZOOM: 2}),
    ("zoom in change records", (), [change(10, [10, [0, 0, 0, 0, 500, 350, 2]])], {ZOOM: 1}),
]


@pytest.mark.parametrize(("nodes", "happens", "notes"), [pytest.param(*rest, id=kind) for kind, *rest in CASES])
def test_what_the_recording_shows_is_noted(
    nodes: tuple[dict[str, Any], ...], happens: list[dict[str, Any]], notes: dict[str, int]
) -> None:
    assert notes_of(recording(meta(), snapshot(0, *nodes), click(0), *happens)) == notes


def test_after_a_gap_no_click_shows_that_a_popover_was_used() -> None:
    strings = ["#document", "HTML", "BODY", "DIV", "popover", "", "A"]
    compact = record(2, 0, [[0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3, [4, 5]], [1, 6]]], format=1)
    lost = change(500, [1, [2, 6]])
    first = [meta(), compact, click(100, 2)]
    assert notes_of(segments.open([segment(*first, lost), segment(click(900, 4), index_in_view=1)])) == {
        USED_POPOVERS: 1
    }
    after_gap = notes_of(segments.open([segment(*first), segment(click(900, 4), index_in_view=2)]))
    assert after_gap[OTHER_POPOVERS] == 1
    assert USED_POPOVERS not in after_gap
