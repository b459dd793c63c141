"""What has the focus, and what it is in, as markup says it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from rum_replay import segments

from ..made import BODY, START, element, event, meta, mutation, recording, snapshot

SLOTTED = element(
    30,
    "x-menu",
    {
        "type": 11,
        "id": 31,
        "isShadowRoot": True,
        "childNodes": [element(32, "div", element(33, "slot"), id="around"), element(34, "div", id="beside")],
    },
    element(35, "button", id="in-slot"),
    id="host",
)


def marked(*records: dict[str, Any], at: float = 1_000) -> dict[str, str]:
    """The attributes about the focus, by the ids of elements."""
    page = segments.page_at(recording(meta(), snapshot(0, SLOTTED), *records).views[0], START + at)
    tags = re.findall(r"<[^<>]*data-replay-focus[^<>]*>", segments.to_html(page))
    found = ((re.search(r'\bid="([^"]*)"', tag), tag) for tag in tags)
    return {
        "" if name is None else name[1]: " ".join(sorted(re.findall(r"data-replay-(focus[^ =]*)", tag)))
        for name, tag in found
    }


def focus(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=5, id=node)


def test_what_is_around_a_slot_contains_the_focus_of_what_is_in_it() -> None:
    assert marked(focus(500, 35)) == {
        "": "focus-within",  # Of the body, and of the slot.
        "host": "focus-within",
        "around": "focus-within",
        "in-slot": "focus focus-within",
    }


def test_what_is_removed_has_no_focus_any_more() -> None:
    removed = mutation(600, removes=[{"id": 30, "parentId": BODY}])
    again = mutation(700, adds=[{"parentId": BODY, "nextId": None, "node": SLOTTED}])
    assert marked(focus(500, 35), removed) == {}
    assert marked(focus(500, 35), removed, again) == {}


PRESS = event(2, 500, type=1, id=35, x=1, y=1)
HEADING = element(40, "h1", id="heading", tabindex="-1")


@pytest.mark.parametrize(
    ("records", "is_visible"),
    [
        ((), True),
        ((PRESS,), False),
        ((PRESS, focus(510, 35)), False),
        ((PRESS, focus(510, 35), focus(4_000, 35)), True),  # A key moved it there.
    ],
)
def test_what_scripts_give_the_focus_long_after_a_press_has_no_frame(
    records: tuple[dict[str, Any], ...], is_visible: bool
) -> None:
    """As in browsers: a page that is fetched after a click gets the focus without a frame, unless keys were used."""
    added = mutation(100, adds=[{"parentId": BODY, "nextId": None, "node": HEADING}])
    page = segments.page_at(
        recording(meta(), snapshot(0, SLOTTED), added, *records, focus(5_000, 40)).views[0], START + 6_000
    )
    assert ('data-replay-focus="visible"' in segments.to_html(page)) == is_visible
