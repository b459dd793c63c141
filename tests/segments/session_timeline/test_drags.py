"""What is dragged: what a timeline says, and what a test repeats."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments

from .. import made
from ..made import BODY, FIELD, element, event

Records = list[dict[str, Any]]
LIST, FIRST, SECOND, EDITED = 400, 401, 402, 403


def text(number: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": content}


def page(*records: dict[str, Any]) -> segments.Recording:
    items = (
        element(FIRST, "li", text(411, "Ann")),
        element(SECOND, "li", text(412, "Bob"), draggable="true"),
    )
    edited = element(EDITED, "div", text(413, "Dear"), contenteditable="true")
    return made.recording(made.meta(), made.snapshot(0, element(LIST, "ul", *items), edited), *records)


def down(at: float, node: int, x: float = 10, y: float = 20) -> dict[str, Any]:
    return event(2, at, type=1, id=node, x=x, y=y)


def touch(at: float, node: int, y: float = 20, kind: int = 7) -> dict[str, Any]:
    """A finger goes down, or up."""
    return event(2, at, type=kind, id=node, x=10, y=y)


def over(at: float, node: int) -> dict[str, Any]:
    """The mouse moves to a node."""
    return event(1, at, positions=[{"id": node, "timeOffset": 0, "x": 10, "y": 20}])


def up(at: float, node: int, x: float = 10, y: float = 80) -> dict[str, Any]:
    return event(2, at, type=0, id=node, x=x, y=y)


def moves(at: float, node: int = FIRST) -> dict[str, Any]:
    """The page moves something."""
    return made.mutation(at, attributes=[{"id": node, "attributes": {"style": "top: 9px"}}])


def ripple(at: float) -> dict[str, Any]:
    node = element(420, "span", style="left: 9px")
    return made.mutation(
        at,
        adds=[{"parentId": made.BUTTON, "nextId": None, "node": node}],
        attributes=[{"id": made.BUTTON, "attributes": {"class": "is-pressed"}}],
    )


DRAGGED = "drags li “Ann” 60 px down"

CASES: dict[str, tuple[Records, list[str]]] = {
    "an item": ([down(5, FIRST), moves(50), up(500, BODY)], [DRAGGED]),
    "an item whose change is recorded late": ([down(5, FIRST), up(500, BODY), moves(590)], [DRAGGED]),
    "something whose neighbors change": ([down(5, FIRST), moves(50, SECOND), up(500, FIRST)], [DRAGGED]),
    "in two directions": (
        [down(5, FIRST), moves(50), up(500, BODY, 4, 10)],
        ["drags li “Ann” 6 px left and 10 px up"],
    ),
    "a drag that browsers take for a click": (
        [down(5, FIRST), moves(50), up(500, FIRST), made.click(501, FIRST, 10, 80)],
        [DRAGGED, "the drag ends in a click on li “Ann”"],
    ),
    "fingers, for which SDKs record that the mouse goes up before it goes down": (
        [
            *(up(5, FIRST, 10, 20), down(6, FIRST), made.click(7, FIRST, 10, 20), moves(50)),
            *(up(2_005, SECOND), down(2_006, SECOND, 10, 80), made.click(2_007, SECOND, 10, 80), moves(2_050, SECOND)),
            *(up(4_005, BODY, 90, 300), down(4_006, BODY, 90, 300)),
        ],
        ["clicks li “Ann”", "clicks li “Bob”"],
    ),
    "a selection of text": ([down(5, FIRST), moves(50, made.OTHER), up(500, FIRST)], []),
    "a selection of text in a field": ([down(5, FIELD), moves(50, FIELD), up(500, FIELD)], []),
    "a selection of text that is edited": ([down(5, EDITED), moves(50, EDITED), up(500, EDITED)], []),
    "a press that trembles": (
        [down(5, FIRST), moves(50), up(500, FIRST, 12, 23), made.click(501, FIRST, 12, 23)],
        ["clicks li “Ann”"],
    ),
    "a selection of text that a page marks by a class": (
        [
            *(down(5, FIRST), made.mutation(50, attributes=[{"id": LIST, "attributes": {"class": "selecting"}}])),
            *(up(500, FIRST, 10, 90), made.click(501, FIRST, 10, 90)),
        ],
        ["clicks li “Ann”"],
    ),
    "a press that closes something elsewhere on the page": (
        [
            *(down(5, LIST), made.mutation(50, removes=[{"parentId": EDITED, "id": 413}])),
            *(up(500, BODY), made.click(501, BODY, 10, 80)),
        ],
        ["the drag ends in a click on the page"],
    ),
    "a press on a button that shows a ripple, while the hand trembles": (
        [
            *(down(5, made.BUTTON), ripple(50), up(300, made.BUTTON, 19, 24)),
            made.click(301, made.BUTTON, 19, 24),
        ],
        ["clicks button “Pay”"],
    ),
    "a button that is left before the button of the mouse goes up": (
        [down(5, made.BUTTON), ripple(50), up(300, BODY, 300), made.click(301, BODY, 300, 80)],
        ["the drag ends in a click on the page"],
    ),
    "a button that is moved": (
        [down(5, made.BUTTON), moves(50, made.BUTTON), up(300, made.BUTTON), made.click(301, made.BUTTON, 10, 80)],
        ["drags button “Pay” 60 px down", "the drag ends in a click on button “Pay”"],
    ),
    "something whose press and way are not recorded": (
        [over(5, FIRST), moves(50), up(500, FIRST), made.click(501, FIRST, 10, 80)],
        [DRAGGED, "the drag ends in a click on li “Ann”"],
    ),
    "something that moved before the mouse did": (
        [over(5, FIRST), moves(50), over(400, SECOND), up(500, SECOND)],
        [],
    ),
    "something beside the mouse, when a finger goes up elsewhere": (
        [over(5, FIRST), event(2, 20, type=7, id=SECOND, x=10, y=80), moves(50), up(60, SECOND)],
        [],
    ),
    "by a finger": (
        [touch(5, FIRST), moves(50), up(500, FIRST), touch(501, FIRST, 80, 9)],
        ["swipes li “Ann” 60 px down"],
    ),
    "by two fingers": (
        [touch(5, FIRST), touch(90, FIRST, 60), moves(120), touch(500, FIRST, 150, 9), touch(510, FIRST, 5, 9)],
        [],
    ),
    "by a finger after one whose end is not recorded": (
        [touch(5, SECOND), touch(1_000, FIRST), moves(1_050), touch(1_200, FIRST, 80, 9)],
        ["swipes li “Ann” 60 px down"],
    ),
    "by a finger that scrolls": (
        [touch(5, FIRST), event(3, 40, id=made.ROOT, x=0, y=60), moves(50), touch(501, FIRST, 80, 9)],
        [],
    ),
    "by a finger that only trembles": ([touch(5, FIRST), moves(50), touch(501, FIRST, 32, 9)], []),
    "by a finger that goes on scrolling": ([touch(5, SECOND), touch(5_000, SECOND)], []),
    "a change long after": ([down(5, FIRST), up(500, BODY), moves(900)], []),
    "by the browser, which a page lets do it once something is pressed": (
        [
            *(down(5, FIRST), made.mutation(20, attributes=[{"id": FIRST, "attributes": {"draggable": "true"}}])),
            *(moves(100), down(5_000, made.BUTTON)),
        ],
        ["perhaps drags li “Ann”, to where is not recorded"],
    ),
    "by the browser, which records no end": (
        [down(5, SECOND), down(5_000, made.BUTTON)],
        ["perhaps drags li “Bob”, to where is not recorded"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_dragged_is_said(name: str) -> None:
    records, expected = CASES[name]
    kinds = ("click", "drag")
    assert [entry.text for entry in segments.timeline(page(*records)) if entry.kind in kinds] == expected


def test_a_drag_whose_press_is_not_recorded_begins_when_something_moves() -> None:
    recording = page(over(5, FIRST), moves(50), moves(300), up(500, FIRST))
    assert [entry.time for entry in segments.timeline(recording) if entry.kind == "drag"] == [50]


def test_drags_are_repeated_by_their_positions() -> None:
    swiped = segments.steps(page(touch(5, FIRST), moves(50), touch(500, FIRST, 80, 9)))
    assert "    # Swiped “body > ul > li:nth-of-type(1)” by the positions that the finger had.\n" in swiped
    records = [
        *(down(5, FIRST), moves(50), up(500, FIRST), made.click(501, FIRST, 10, 80)),
        *(down(2_000, SECOND), down(5_000, made.BUTTON)),
    ]
    assert segments.steps(page(*records)).splitlines()[-7:] == [
        "    # Dragged “body > ul > li:nth-of-type(1)” by the positions that the mouse had.",
        "    page.wait_for_timeout(5)",
        "    page.mouse.move(10, 20)",
        "    page.mouse.down()",
        "    page.mouse.move(10, 80, steps=10)",
        "    page.mouse.up()",
        "    # Perhaps “body > ul > li:nth-of-type(2)” was dragged; where to is not recorded.",
    ]
