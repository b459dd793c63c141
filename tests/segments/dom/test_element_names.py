"""The short texts by which people know elements, in players and heatmaps."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments.dom import Page
from rum_replay.segments.dom._names.element_names import Elements

from ..made import element, recording, snapshot

FIELD = 900


def text(number: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": content}


def label(content: str, *inside: dict[str, Any], **attributes: str) -> dict[str, Any]:
    return element(910, "label", text(911, content), *inside, **attributes)


def field(name: str = "input", *options: dict[str, Any], **attributes: str) -> dict[str, Any]:
    return element(FIELD, name, *options, id="field", **attributes)


OPTIONS = element(920, "option", text(921, "Pear")), element(922, "option", text(923, "Fig"))
CASES: dict[str, tuple[list[dict[str, Any]], str | None]] = {
    "nothing": ([field()], None),
    "a label beside it": ([label("E-mail", **{"for": "field"}), field()], "E-mail"),
    "a label around it": ([label("I agree ", field(type="checkbox"))], "I agree"),
    "a label around a list": ([label("Fruit", field("select", *OPTIONS))], "Fruit"),
    "a list without a label": ([field("select", *OPTIONS)], None),
    "what names it": (
        [element(930, "b", text(931, "Total"), id="total"), field(**{"aria-labelledby": "total"})],
        "Total",
    ),
    "a label before other texts": ([label("E-mail", **{"for": "field"}), field(placeholder="you@a.b")], "E-mail"),
    "a text in the field": ([field(placeholder="you@a.b")], "you@a.b"),
    "a masked label": ([label("xxxx", **{"for": "field"}), field()], None),
    "a label in a masked part": (
        [element(905, "div", label("E-mail", **{"for": "field"}), **{"data-dd-privacy": "mask"}), field()],
        None,
    ),
    "a label that is too long": ([label("word " * 20, **{"for": "field"}), field(title="Terms")], "Terms"),
    "a button": ([label("Pay by card", field("button", text(940, "Pay")))], "Pay"),
    "a button without a text": ([field("button", title="Close")], "Close"),
}


@pytest.mark.parametrize("name", CASES)
def test_what_people_know_an_element_by(name: str) -> None:
    nodes, expected = CASES[name]
    (view,) = recording(snapshot(0, *nodes)).views
    page = Page()
    for placed in view.placed_records():
        page.apply(placed.record, placed.gap)
    found = Elements().find(page, FIELD)
    assert found is not None
    assert found.caption == expected
