"""Which popovers are taken for opened by scripts, and which for closed."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import Page

from ..made import BODY, ROOT, change, element, event, meta, mutation, record, recording, segment, snapshot

BUTTON, BESIDE, MENU, ITEM, SECOND, THIRD, HOST, INNER, BOX, STATUS = 20, 21, 30, 31, 40, 50, 60, 62, 70, 71
Records = list[dict[str, Any]]


def text(number: int, words: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": words}


def popover(number: int, id: str, value: str = "manual", **attributes: str) -> dict[str, Any]:
    return element(number, "div", element(number + 1, "a", text(number + 2, id)), id=id, popover=value, **attributes)


def inserted(at: float, node: dict[str, Any], parent: int = BODY, more: Records | None = None) -> dict[str, Any]:
    return mutation(at, adds=[added(one, parent) for one in (node, *(more or []))])


def added(node: dict[str, Any], parent: int = BODY) -> dict[str, Any]:
    return {"parentId": parent, "nextId": None, "node": node}


def changed(at: float, *attributes: tuple[int, dict[str, str | None]]) -> dict[str, Any]:
    return mutation(at, attributes=[{"id": number, "attributes": values} for number, values in attributes])


def interaction(kind: int, at: float, id: int) -> dict[str, Any]:
    return event(2, at, type=kind, id=id, x=1, y=1)


def press(at: float, id: int = BUTTON) -> Records:
    return [interaction(1, at, id), interaction(0, at + 1, id), interaction(2, at + 2, id)]


def moved(at: float, id: int) -> dict[str, Any]:
    return event(1, at, positions=[{"x": 1, "y": 1, "id": id, "timeOffset": 0}])


def component(number: int, name: str) -> dict[str, Any]:
    """A component whose button names the popover in its own shadow root."""
    inner = element(number + 2, "button", element(number + 5, "b"), **{"aria-controls": "list"})
    layer = element(number + 3, "div", element(number + 4, "div", id="list"), id=name, popover="manual")
    root = {"type": 11, "id": number + 1, "isShadowRoot": True, "childNodes": [inner, layer]}
    return element(number, "x-select", root)


PAGE = (
    element(BUTTON, "button", element(24, "b"), **{"aria-controls": "menu-list", "aria-expanded": "false"}),
    element(BESIDE, "p", element(25, "span")),
    element(26, "button", **{"aria-expanded": "false"}),
    element(
        MENU, "div", element(ITEM, "ul", text(32, "menu"), id="menu-list"), id="menu", popover="auto", **{"class": "m"}
    ),
    popover(SECOND, "second"),
    popover(THIRD, "third", "hint"),
    component(HOST, "layer"),
    component(80, "other"),
    element(BOX, "div"),
    element(STATUS, "div", role="status"),
)
AT = "left: 10px; top: 20px;"
OPENS = [*press(1_000), changed(1_050, (SECOND, {"style": AT}))]
HOVERS = [moved(5_000, 24), changed(5_100, (SECOND, {"style": AT}))]

CASES: dict[str, tuple[Records, list[str]]] = {
    # Attributes of its own.
    "an attribute": ([changed(10, (SECOND, {"open": ""}))], ["second"]),
    "an attribute that goes": ([changed(10, (SECOND, {"opened": ""})), changed(20, (SECOND, {"opened": None}))], []),
    "an attribute that says no": ([changed(10, (SECOND, {"data-open": "false"}))], []),
    "a state": ([changed(10, (SECOND, {"data-state": "open"}))], ["second"]),
    "another state": (
        [changed(10, (SECOND, {"data-state": "open"})), changed(20, (SECOND, {"data-state": "closed"}))],
        [],
    ),
    "one that is not hidden": ([changed(10, (SECOND, {"aria-hidden": "false"}))], ["second"]),
    "one that is hidden": (
        [changed(10, (SECOND, {"aria-hidden": "false"})), changed(20, (SECOND, {"aria-hidden": "true"}))],
        [],
    ),
    "a class": ([changed(10, (MENU, {"class": "m m--visible"}))], ["menu"]),
    "a class that goes": (
        [changed(10, (MENU, {"class": "m is-open"})), changed(20, (MENU, {"class": "m leaving"}))],
        [],
    ),
    "one of two classes goes": (
        [changed(10, (MENU, {"class": "m show m-active"})), changed(20, (MENU, {"class": "m m-active hide"}))],
        ["menu"],
    ),
    "a class with another word": ([changed(10, (MENU, {"class": "m opening invisible reopened"}))], []),
    "a class for when it is open": ([changed(10, (MENU, {"class": "m open:flex data-[state=open]:p-2"}))], []),
    "another attribute": ([changed(10, (SECOND, {"open-delay": "1", "title": "open"}))], []),
    "what it is about is active": ([inserted(10, popover(90, "new", **{"data-status": "active"}))], []),
    "one that comes open": ([inserted(10, popover(90, "new", open=""), BOX, [text(99, "b")])], ["new"]),
    "a pointer that was in it": (
        [changed(10, (SECOND, {"open": ""})), moved(20, 41), changed(30, (SECOND, {"open": None}))],
        [],
    ),
    "its button that was clicked": (
        [
            inserted(6, element(95, "button", popovertarget="second")),
            *press(10, 95),
            changed(15, (SECOND, {"open": ""})),
            changed(20, (SECOND, {"open": None})),
        ],
        [],
    ),
    "a place that it gets as it is closed": (
        [*press(10), changed(20, (SECOND, {"open": ""})), changed(30, (SECOND, {"open": None, "style": AT}))],
        [],
    ),
    # What names it.
    "expanded": ([changed(10, (BUTTON, {"aria-expanded": "true"}))], ["menu"]),
    "expanded no more": (
        [changed(10, (BUTTON, {"aria-expanded": "true"})), changed(20, (BUTTON, {"aria-expanded": "false"}))],
        [],
    ),
    "expanded, and named later": (
        [changed(10, (26, {"aria-expanded": "true"})), changed(20, (26, {"aria-controls": "second"}))],
        ["second"],
    ),
    "expanded, and then not named": (
        [
            changed(10, (26, {"aria-expanded": "true", "aria-controls": "second"})),
            changed(20, (26, {"aria-controls": None, "aria-expanded": "false"})),
        ],
        [],
    ),
    "expanded in a shadow root": ([changed(10, (INNER, {"aria-expanded": "true"}))], ["layer"]),
    "expanded without a name": ([changed(10, (26, {"aria-expanded": "true"}))], []),
    "expanded in the popover itself": (
        [inserted(10, element(95, "button", **{"aria-controls": "menu-list", "aria-expanded": "true"}), MENU)],
        [],
    ),
    "expanded as it comes": (
        [inserted(10, element(95, "button", **{"aria-controls": "third", "aria-expanded": "true"}))],
        ["third"],
    ),
    "open, and named by what says nothing more": (
        [changed(10, (SECOND, {"open": ""})), changed(20, (26, {"aria-controls": "second", "aria-expanded": None}))],
        ["second"],
    ),
    "open, and named by what is not expanded": (
        [changed(10, (SECOND, {"open": ""})), changed(20, (26, {"aria-controls": "second"}))],
        [],
    ),
    "expanded by what is removed": (
        [changed(10, (BUTTON, {"aria-expanded": "true"})), mutation(20, removes=[{"id": BUTTON, "parentId": BODY}])],
        [],
    ),
    # Inserted.
    "inserted": ([*press(10), inserted(20, popover(90, "new"))], ["new"]),
    "inserted after a pointer moved": ([moved(10, BESIDE), inserted(20, popover(90, "new"))], ["new"]),
    "inserted, and the pointer left": ([moved(10, 24), inserted(20, popover(90, "new")), moved(30, BESIDE)], []),
    "inserted after a press, and the pointer left": (
        [moved(5, 24), *press(10), inserted(2_000, popover(90, "new")), moved(3_000, BESIDE)],
        ["new"],
    ),
    "inserted, and the pointer went into it": (
        [moved(10, 24), inserted(20, popover(90, "new")), moved(30, 91)],
        ["new"],
    ),
    "inserted in boxes of its own": (
        [*press(10), inserted(20, element(98, "div", element(99, "div", popover(90, "new"))))],
        ["new"],
    ),
    "inserted and removed": (
        [*press(10), inserted(20, popover(90, "new")), mutation(30, removes=[{"id": 90, "parentId": BODY}])],
        [],
    ),
    "inserted into a page that nobody uses": ([inserted(20, popover(90, "new"))], []),
    "inserted with the shadow root that it is in": (
        [
            *press(10),
            inserted(20, {"type": 11, "id": 95, "isShadowRoot": True, "childNodes": [popover(90, "new")]}, BOX),
        ],
        [],
    ),
    "inserted without content": ([*press(10), inserted(20, element(90, "div", id="new", popover="manual"))], []),
    "inserted with what is around it": (
        [*press(10), inserted(20, element(98, "main", text(99, "Text"), popover(90, "new")))],
        [],
    ),
    "inserted beside something": (
        [*press(10), inserted(20, popover(90, "new"), more=[element(98, "p", text(99, "x"))])],
        [],
    ),
    "inserted beside something empty": (
        [*press(10), inserted(20, popover(90, "new"), more=[element(98, "style", text(99, "x"))])],
        ["new"],
    ),
    "inserted beside a button without a text": (
        [*press(10), inserted(20, popover(90, "new"), more=[element(98, "button")])],
        [],
    ),
    "inserted as the page gets a text elsewhere": (
        [*press(10), mutation(20, adds=[added(popover(90, "new")), added(text(98, "Title"), BOX)])],
        [],
    ),
    "inserted as something is read aloud": (
        [*press(10), mutation(20, adds=[added(popover(90, "new")), added(text(98, "Saved"), STATUS)])],
        ["new"],
    ),
    "inserted, and clicked": ([*press(10), inserted(20, popover(90, "new")), *press(900, 91)], ["new"]),
    "inserted, clicked, and a press elsewhere": (
        [*press(10), inserted(20, popover(90, "new")), *press(900, 91), *press(2_000, BESIDE)],
        [],
    ),
    "inserted, clicked, and a press in another one": (
        [*press(10), inserted(20, popover(90, "new")), *press(900, 91), *press(2_000, 41)],
        ["new"],
    ),
    "an automatic one that is inserted and clicked": (
        [*press(10), inserted(20, popover(90, "new", "auto")), *press(900, 91)],
        [],
    ),
    "inserted, and a press elsewhere": ([*press(10), inserted(20, popover(90, "new")), *press(900, BESIDE)], ["new"]),
    "inserted, and a press beside an automatic one": (
        [*press(10), inserted(20, popover(90, "new", "auto")), *press(900, BESIDE)],
        [],
    ),
    # Placed.
    "placed after a press": (OPENS, ["second"]),
    "placed, and a press in it": ([*OPENS, interaction(1, 2_000, 41)], ["second"]),
    "placed, and a click in it": ([*OPENS, *press(2_000, 41)], []),
    "placed, and a click in it, where the focus stays": (
        [*OPENS, *press(2_000, 41), interaction(5, 2_010, 41)],
        ["second"],
    ),
    "placed as the page is scrolled": (
        [moved(10, 24), event(3, 20, id=ROOT, x=0, y=90), changed(50, (SECOND, {"style": AT}))],
        [],
    ),
    "placed, and a press elsewhere": ([*OPENS, *press(2_000, BESIDE)], []),
    "placed, and a pointer elsewhere": ([*OPENS, moved(2_000, BESIDE)], ["second"]),
    "placed, and its button again": ([*OPENS, *press(2_000)], []),
    "placed once more": ([*OPENS, changed(2_000, (SECOND, {"style": "left: 10px; top: 30px"}))], ["second"]),
    "placed, closed, and another style": (
        [*OPENS, *press(2_000, BESIDE), *press(3_000), changed(3_010, (SECOND, {"style": f"{AT} color: red"}))],
        [],
    ),
    "placed no more": ([*OPENS, changed(2_000, (SECOND, {"style": ""}))], []),
    "placed where it was at first": (
        [
            inserted(5, popover(90, "new", style="transform: translateX(-100%)")),
            *press(10),
            changed(20, (90, {"style": "transform: translateX(0px)"})),
            *press(2_000, 91),
            changed(2_020, (90, {"style": "transform: translateX(-100%)"})),
        ],
        [],
    ),
    "placed by a transform": (
        [*press(10), changed(20, (SECOND, {"style": "transform:translate(1px, 2px)"}))],
        ["second"],
    ),
    "placed by properties": ([*press(10), changed(20, (SECOND, {"style": "--tip-position-top: 1px"}))], ["second"]),
    "another style": ([*press(10), changed(20, (SECOND, {"style": "color: red; margin-left: 1px; left: auto"}))], []),
    "placed for later": (
        [*press(10), changed(20, (MENU, {"style": AT}), (SECOND, {"style": AT}), (THIRD, {"style": AT}))],
        [],
    ),
    "placed while nobody uses the page": ([changed(20, (SECOND, {"style": AT}))], []),
    "placed under a pointer": (HOVERS, ["second"]),
    "placed under a pointer, and a press there": ([*HOVERS, *press(6_000)], ["second"]),
    "placed, and the pointer in the same button": ([*HOVERS, moved(6_000, BUTTON)], ["second"]),
    "placed, and the pointer in it": ([*HOVERS, moved(6_000, 41)], ["second"]),
    "placed, and the pointer left": ([*HOVERS, moved(6_000, BESIDE)], []),
    "placed for the focus": ([interaction(5, 5_000, BUTTON), changed(5_100, (SECOND, {"style": AT}))], ["second"]),
    "placed, and the focus left": (
        [interaction(5, 5_000, BUTTON), changed(5_100, (SECOND, {"style": AT})), interaction(6, 6_000, BUTTON)],
        [],
    ),
    "placed as something expands": (
        [*press(10, 26), changed(20, (SECOND, {"style": AT}), (26, {"aria-expanded": "true"})), *press(2_000, BESIDE)],
        ["second"],
    ),
    "placed, and that is expanded no more": (
        [
            *press(10, 26),
            changed(20, (SECOND, {"style": AT}), (26, {"aria-expanded": "true"})),
            changed(30, (26, {"aria-expanded": "false"})),
        ],
        [],
    ),
    "another page": ([*OPENS, snapshot(3_000, *PAGE)], []),
}


def on_top(page: Page) -> list[str]:
    return [node.attributes["id"] for node in page.nodes.values() if node.in_top_layer]


@pytest.mark.parametrize("name", CASES)
def test_popovers_are_shown_while_pages_say_that_they_are_open(name: str) -> None:
    records, expected = CASES[name]
    assert on_top(segments.page_at(recording(meta(), snapshot(0, *PAGE), *records).views[0])) == expected


def test_what_was_open_before_a_gap_is_hidden_until_the_page_says_so_again() -> None:
    before = segment(
        meta(), snapshot(0, *PAGE), changed(10, (SECOND, {"open": ""}), (BUTTON, {"aria-expanded": "true"}))
    )
    after = [moved(2_000, BESIDE), changed(3_000, (SECOND, {"open": ""}))]

    def shown(*records: dict[str, Any]) -> list[str]:
        view = segments.open(before + segment(*records, index_in_view=2, has_full_snapshot=False)).views[0]
        return on_top(segments.page_at(view))

    assert on_top(segments.page_at(segments.open(before).views[0])) == ["menu", "second"]
    assert shown(*after[:1]) == []
    assert shown(*after) == ["second"]


@pytest.mark.parametrize(
    ("nodes", "expected"),
    [
        ([popover(MENU, "a", open=""), popover(SECOND, "b", open="false"), popover(THIRD, "c")], ["a"]),
        ([popover(MENU, "a"), element(20, "p", **{"aria-controls": "a", "aria-expanded": "true"})], ["a"]),
        ([element(MENU, "dialog", id="a", popover="", open="")], []),
    ],
)
def test_popovers_are_shown_that_are_open_when_the_page_is_written(nodes: Records, expected: list[str]) -> None:
    assert on_top(segments.page_at(recording(meta(), snapshot(0, *nodes)).views[0])) == expected


def test_popovers_in_change_records_are_shown_likewise() -> None:
    strings = [
        "#document",
        "HTML",
        "BODY",
        "DIV",
        "popover",
        "",
        "BUTTON",
        "aria-controls",
        "m",
        "aria-expanded",
        "true",
    ]
    strings += ["id", "#text", "false"]
    tree = [0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3, [4, 5], [11, 8]], [2, 6, [7, 8]]]
    first = [meta(), record(2, 0, list(tree), format=1), *press(5, 4)]

    def shown(*more: dict[str, Any]) -> list[int]:
        page = segments.page_at(recording(*first, *more).views[0])
        return [node.id for node in page.nodes.values() if node.in_top_layer]

    expands = change(10, [3, [4, [9, 10]]])
    comes = change(20, [1, [3, 3, [4, 5]], [1, 12, 8]])
    assert shown(expands) == [3]
    assert shown(expands, change(20, [3, [4, [9, 13]]])) == []
    assert shown(comes) == [5]
    assert shown(comes, change(30, [2, 5])) == []


def test_markup_leaves_the_display_of_a_popover_with_a_shadow_root_to_its_styles() -> None:
    root = {"type": 11, "id": 92, "isShadowRoot": True, "childNodes": [element(93, "slot")]}
    host = element(91, "x-menu", root, id="host", popover="manual", open="")
    markup = segments.to_html(segments.page_at(recording(meta(), snapshot(0, host)).views[0]))
    assert 'data-replay-top-layer="popover-host"' in markup
    assert "@layer rum-replay{:host([data-replay-top-layer=popover-host]){display:block}}" in markup
