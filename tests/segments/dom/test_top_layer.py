"""Which open dialogs are taken for modal, and which popovers for shown."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import AttributeSet, Effect, Page, TopLayerSet

from ..made import (
    BODY,
    HTML,
    START,
    change,
    click,
    element,
    event,
    meta,
    mutation,
    record,
    recording,
    segment,
    snapshot,
)

DIALOG, INSIDE, SECOND, BESIDE = 30, 31, 40, 50
CLOSED = element(DIALOG, "dialog", element(INSIDE, "p"), id="a")
OPEN = element(DIALOG, "dialog", element(INSIDE, "p"), id="a", open="")
PAGE = (CLOSED, element(SECOND, "dialog", element(41, "p"), id="b"), element(BESIDE, "p"))
Records = list[dict[str, Any]]


def opened(at: float, id: int = DIALOG, value: str | None = "") -> dict[str, Any]:
    return mutation(at, attributes=[{"id": id, "attributes": {"open": value}}])


def moved(at: float, id: int) -> dict[str, Any]:
    return event(1, at, positions=[{"x": 1, "y": 1, "id": id, "timeOffset": 0}])


def added(at: float, node: dict[str, Any]) -> dict[str, Any]:
    return mutation(at, adds=[{"parentId": BODY, "nextId": None, "node": node}])


def on_top(page: Page) -> list[str]:
    return [node.attributes["id"] for node in page.nodes.values() if node.in_top_layer]


def component(number: int, *shadow: dict[str, Any], content: tuple[dict[str, Any], ...]) -> dict[str, Any]:
    """An element whose shadow root shows its content in slots."""
    root = {"type": 11, "id": number + 1, "isShadowRoot": True, "childNodes": list(shadow)}
    return element(number, "x-layer", *content, root)


CASES: dict[str, tuple[tuple[dict[str, Any], ...], Records, list[str]]] = {
    "closed": (PAGE, [click(10)], []),
    "one that opens": (PAGE, [opened(10)], ["a"]),
    "one that opens by itself": (PAGE, [opened(3_000)], []),
    "one that comes open by itself": ((), [added(3_000, OPEN)], []),
    "one that opens two seconds after a click": (PAGE, [click(1_000), opened(3_000)], ["a"]),
    "one that opens after a press": (PAGE, [event(2, 2_000, type=1, id=BESIDE), opened(3_000)], ["a"]),
    "one that opens after a touch": (PAGE, [event(2, 2_000, type=7, id=BESIDE), opened(3_000)], ["a"]),
    "one that opens after something got the focus": (PAGE, [event(2, 2_900, type=5, id=BESIDE), opened(3_000)], []),
    "one that the focus moves into as it opens": (PAGE, [event(2, 2_900, type=5, id=INSIDE), opened(3_000)], ["a"]),
    "one that had the focus before": (PAGE, [event(2, 2_700, type=5, id=INSIDE), opened(3_000)], []),
    "one that comes open": ((), [added(10, OPEN)], ["a"]),
    "one that comes closed": ((), [added(10, CLOSED)], []),
    "one that the page is written with": ((OPEN,), [click(10)], []),
    "one that is open already": ((OPEN,), [opened(10, value="open")], []),
    "one that opens after it was written so": ((OPEN,), [opened(10, value=None), opened(20)], ["a"]),
    "one that closes": (PAGE, [opened(10), opened(20, value=None)], []),
    "one that opens twice": (PAGE, [opened(10), opened(20, value=None), opened(30)], ["a"]),
    "another element": ((element(DIALOG, "details", id="a"),), [opened(10)], []),
    "two": (PAGE, [opened(10), opened(20, SECOND)], ["a", "b"]),
    "one that opens by itself over another": (PAGE, [opened(10), opened(9_000, SECOND), moved(9_500, 41)], ["a", "b"]),
    "one that opens by itself after another closed": (
        PAGE,
        [opened(10), opened(20, value=None), opened(9_000, SECOND)],
        [],
    ),
    "one that opens by itself and is used next": (
        PAGE,
        [opened(3_000), moved(4_000, INSIDE), moved(4_200, DIALOG)],
        ["a"],
    ),
    "one that the page is written with, used next": ((OPEN,), [moved(4_000, INSIDE), moved(4_200, INSIDE)], ["a"]),
    "one that opens by itself and is used for a moment": (
        PAGE,
        [opened(3_000), moved(4_000, 31), moved(4_199, 31)],
        [],
    ),
    "one that opens by itself and is used after something else": (
        PAGE,
        [opened(3_000), moved(4_000, BESIDE), moved(4_050, INSIDE), moved(4_500, INSIDE)],
        [],
    ),
    "one that opens by itself and is used next, and then something beside it": (
        PAGE,
        [opened(3_000), moved(4_000, 31), moved(4_200, 31), moved(5_000, BESIDE), moved(5_200, BESIDE)],
        [],
    ),
    "one that opens by itself a second time": (
        PAGE,
        [opened(3_000), moved(4_000, 50), opened(5_000, value=None), opened(6_000), moved(7_000, 31), moved(7_200, 31)],
        ["a"],
    ),
    "used": (PAGE, [opened(10), moved(1_000, INSIDE), moved(2_000, DIALOG), click(3_000, INSIDE)], ["a"]),
    "used beside": (PAGE, [opened(10), moved(1_000, BESIDE), moved(1_200, BESIDE)], []),
    "clicked beside": (PAGE, [opened(10), click(1_000, BESIDE), click(1_200, BESIDE)], []),
    "used beside for a moment": (PAGE, [opened(10), moved(1_000, BESIDE), moved(1_199, BESIDE)], ["a"]),
    "pressed beside": (PAGE, [opened(10), moved(1_000, BESIDE), event(2, 1_100, type=1, id=BESIDE)], []),
    "pressed beside as it closes": (
        PAGE,
        [opened(10), moved(1_000, BESIDE), event(2, 1_099, type=1, id=BESIDE)],
        ["a"],
    ),
    "used beside, and then itself": (
        PAGE,
        [opened(10), moved(1_000, BESIDE), moved(1_050, INSIDE), moved(1_200, BESIDE), moved(1_300, BESIDE)],
        ["a"],
    ),
    "used beside while it closes": (
        PAGE,
        [opened(10), moved(1_000, BESIDE), opened(1_100, value=None), opened(2_000), moved(2_050, BESIDE)],
        ["a"],
    ),
    "opened once more after it was used beside": (
        PAGE,
        [opened(10), moved(1_000, BESIDE), moved(1_200, BESIDE), opened(2_000, value=None), opened(3_000)],
        [],
    ),
    "a pointer on the whole page": (PAGE, [opened(10), moved(1_000, BODY), moved(2_000, HTML), moved(3_000, 0)], ["a"]),
    "focus beside": (PAGE, [opened(10), event(2, 1_000, type=5, id=BESIDE), event(2, 2_000, type=6, id=3)], ["a"]),
    "a pointer on nothing known": (PAGE, [opened(10), moved(1_000, 99), moved(2_000, 99)], ["a"]),
    "the second of two is used": (
        PAGE,
        [opened(10), opened(20, SECOND), moved(1_000, 41), moved(2_000, 41)],
        ["a", "b"],
    ),
    "the first of two is used": (PAGE, [opened(10), opened(20, SECOND), moved(1_000, 31), moved(2_000, 31)], ["a"]),
    "beside both": (PAGE, [opened(10), opened(20, SECOND), moved(1_000, 50), moved(2_000, 50)], []),
    "a page that comes anew": (PAGE, [opened(10), snapshot(20, OPEN)], []),
    "what is shown in one by a slot is used": (
        (
            component(
                80,
                element(DIALOG, "dialog", element(82, "slot"), id="a"),
                content=(element(INSIDE, "p", element(83, "b")),),
            ),
        ),
        [opened(10), moved(1_000, 83), moved(2_000, INSIDE)],
        ["a"],
    ),
    "one that is removed and comes again": (
        PAGE,
        [opened(10), mutation(20, removes=[{"id": DIALOG, "parentId": BODY}]), added(30, OPEN)],
        ["a"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_dialogs_are_modal_if_they_opened_and_nothing_beside_them_is_used(name: str) -> None:
    nodes, records, expected = CASES[name]
    view = recording(meta(), snapshot(0, *nodes), click(0, BESIDE), *records).views[0]
    assert on_top(segments.page_at(view)) == expected


@pytest.mark.parametrize(
    ("reason", "index", "expected"), [("view_change", 0, True), ("init", 0, False), ("view_change", 1, False)]
)
def test_dialogs_of_a_view_that_a_click_led_to_are_modal(reason: str, index: int, expected: bool) -> None:
    for nodes, records in (((OPEN,), []), (PAGE, [opened(1_900)]), ((), [added(1_900, OPEN)])):
        whole = recording(meta(), snapshot(0, *nodes), *records, creation_reason=reason, index_in_view=index)
        assert on_top(segments.page_at(whole.views[0])) == ["a"] * expected
    late = recording(meta(), snapshot(0, *PAGE), opened(2_100), creation_reason=reason, index_in_view=index)
    assert on_top(segments.page_at(late.views[0])) == []


def test_dialogs_in_change_records_are_modal_likewise() -> None:
    strings = ["#document", "HTML", "BODY", "DIALOG", "id", "a", "open", "", "P"]
    tree = [0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3, [4, 5]], [1, 8], [3, 8]]
    first = [meta(), record(2, 0, list(tree), format=1), click(5, 2)]

    def modal(*more: dict[str, Any]) -> list[int]:
        page = segments.page_at(recording(*first, *more).views[0])
        return [node.id for node in page.nodes.values() if node.in_top_layer]

    opens = change(10, [3, [3, [6, 7]]])
    comes = change(20, [1, [4, 3, [6, 7]]])
    assert modal(opens) == [3]
    assert modal(comes) == [6]
    assert modal(opens, moved(1_000, 5), moved(1_300, 5)) == []
    assert modal(opens, change(900, [3, [3, [6]]])) == []


def test_what_changes_is_an_effect() -> None:
    page, effects = Page(), list[Effect]()
    records = [click(5), opened(10), moved(1_000, BESIDE), moved(1_200, BESIDE), opened(2_000, value=None)]
    records += [opened(3_000), click(3_500), opened(4_000, SECOND), opened(5_000, SECOND, None)]
    for one in recording(meta(), snapshot(0, *PAGE), *records).views[0].records():
        effects += [effect for effect in page.apply(one) if isinstance(effect, AttributeSet | TopLayerSet)]
    assert effects == [
        AttributeSet(DIALOG, "open", ""),
        TopLayerSet(DIALOG, True),
        TopLayerSet(DIALOG, False),
        AttributeSet(DIALOG, "open", None),
        AttributeSet(DIALOG, "open", ""),
        AttributeSet(SECOND, "open", ""),
        TopLayerSet(SECOND, True),
        AttributeSet(SECOND, "open", None),
        TopLayerSet(SECOND, False),
    ]


def test_a_dialog_that_was_removed_changes_no_more() -> None:
    removed = mutation(20, removes=[{"id": DIALOG, "parentId": BODY}])
    records = [click(5), opened(10), removed, moved(1_000, BESIDE), moved(2_000, BESIDE)]
    page, after = Page(), list[Effect]()
    for one in recording(meta(), snapshot(0, *PAGE), *records).views[0].records():
        after = [*page.apply(one)]
    assert after == []


MENU, ITEM, TOGGLE, SHOW, HIDE, COMMAND, FIELD, NOTE, NESTED = range(60, 69)


def button(number: int, **attributes: str) -> dict[str, Any]:
    return element(number, "button", element(number + 100, "b"), **attributes)


def interaction(kind: int, at: float, id: int) -> dict[str, Any]:
    return event(2, at, type=kind, id=id, x=1, y=1)


def press(at: float, id: int) -> Records:
    return [interaction(1, at, id), interaction(0, at + 1, id), click(at + 2, id)]


MENUS = (
    element(MENU, "div", element(ITEM, "a"), element(FIELD, "input"), id="menu", popover="auto"),
    element(
        NOTE, "div", element(NESTED, "div", element(90, "p"), id="nested", popover=""), id="note", popover="manual"
    ),
    button(TOGGLE, popovertarget="menu"),
    button(SHOW, popovertarget="note", popovertargetaction="show"),
    button(HIDE, popovertarget="note", popovertargetaction="HIDE"),
    button(COMMAND, commandfor="menu", command="toggle-popover"),
    button(91, commandfor="menu", command="show-modal"),
    button(92, popovertarget="pay"),
    element(93, "div", popovertarget="menu"),
    component(
        180,
        component(300, element(302, "slot"), content=()),
        element(182, "div", component(183, element(185, "slot"), content=(element(186, "slot"),)), id="s", popover=""),
        content=(element(187, "p", element(188, "b")),),
    ),
    element(BESIDE, "p"),
)
POPOVERS: dict[str, tuple[Records, list[str]]] = {
    "nothing": ([moved(10, BESIDE), *press(20, BESIDE)], []),
    "a pointer in it": ([moved(10, ITEM)], ["menu"]),
    "a pointer that left": ([moved(10, ITEM), moved(20, BESIDE)], []),
    "a pointer that left what is known": ([moved(10, ITEM), moved(20, 999)], []),
    "focus in it": ([interaction(5, 10, FIELD), moved(20, BESIDE)], ["menu"]),
    "focus in what becomes a popover": (
        [
            mutation(
                5, attributes=[{"id": number, "attributes": {"popover": None}} for number in (MENU, NOTE, NESTED, 182)]
            ),
            interaction(5, 10, FIELD),
            mutation(20, attributes=[{"id": MENU, "attributes": {"popover": "manual"}}]),
        ],
        ["menu"],
    ),
    "focus that left": ([interaction(5, 10, FIELD), interaction(6, 20, FIELD)], []),
    "focus that went elsewhere": ([interaction(5, 10, FIELD), interaction(5, 20, TOGGLE)], []),
    "one in another": ([moved(10, 90)], ["note", "nested"]),
    "a click in it, which may hide it": ([moved(10, ITEM), *press(20, ITEM)], []),
    "a pointer that is still in it after a click": ([moved(10, ITEM), *press(20, ITEM), moved(30, ITEM)], ["menu"]),
    "a pointer in what is shown in it by slots": ([moved(10, 188)], ["s"]),
    "a press in it": ([interaction(1, 10, ITEM)], ["menu"]),
    "its button": (press(10, TOGGLE), ["menu"]),
    "what is in its button": (press(10, TOGGLE + 100), ["menu"]),
    "its button, twice": ([*press(10, TOGGLE), *press(900, TOGGLE)], []),
    "its button, and a pointer elsewhere": ([*press(10, TOGGLE), moved(900, BESIDE)], ["menu"]),
    "its button, and a press elsewhere": ([*press(10, TOGGLE), interaction(1, 900, BESIDE)], []),
    "its button, and a touch elsewhere": ([*press(10, TOGGLE), interaction(7, 900, BESIDE)], []),
    "its button, and a click in it": ([*press(10, TOGGLE), *press(900, ITEM)], []),
    "another button of it": ([*press(10, TOGGLE), *press(900, COMMAND)], ["menu"]),
    "a command": (press(10, COMMAND), ["menu"]),
    "a manual one": ([*press(10, SHOW), *press(900, BESIDE)], ["note"]),
    "a button that only shows": ([*press(10, SHOW), *press(900, SHOW)], ["note"]),
    "a button that only hides": ([*press(10, SHOW), *press(900, HIDE)], []),
    "a button that hides what is hidden": (press(10, HIDE), []),
    "other buttons": ([*press(10, 91), *press(20, 92), *press(30, 93)], []),
    "one that is removed": (
        [moved(10, ITEM), mutation(20, removes=[{"id": MENU, "parentId": BODY}]), moved(30, 3)],
        [],
    ),
    "one that is a popover no more": (
        [moved(10, ITEM), mutation(20, attributes=[{"id": MENU, "attributes": {"popover": None}}])],
        [],
    ),
    "one that becomes a popover": (
        [mutation(10, attributes=[{"id": BESIDE, "attributes": {"popover": "", "id": "p"}}]), moved(20, BESIDE)],
        ["p"],
    ),
    "one that comes later": ([added(10, element(95, "div", id="new", popover="")), moved(20, 95)], ["new"]),
    "another page": ([*press(10, TOGGLE), snapshot(20, *MENUS)], []),
}


@pytest.mark.parametrize("name", POPOVERS)
def test_popovers_are_shown_while_they_are_used_or_by_their_button(name: str) -> None:
    records, expected = POPOVERS[name]
    assert on_top(segments.page_at(recording(meta(), snapshot(0, *MENUS), *records).views[0])) == expected


def test_popovers_in_markup_are_shown_and_said_to_be() -> None:
    view = recording(meta(), snapshot(0, *MENUS), moved(10, ITEM), moved(20, BESIDE)).views[0]
    marked, rule = 'popover="auto" data-replay-top-layer="popover"', "[data-replay-top-layer=popover]){display:block"
    shown = segments.to_html(segments.page_at(view, START + 10))
    assert (shown.count(marked), shown.count(rule)) == (1, 1)
    hidden = segments.to_html(segments.page_at(view))
    assert (hidden.count(marked), hidden.count(rule)) == (0, 0)


def test_where_records_are_missing_no_pointer_shows_anything() -> None:
    strings = ["#document", "HTML", "BODY", "DIALOG", "open", "", "P"]
    tree = [0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3], [1, 6], [3, 6]]
    first = segment(meta(), record(2, 0, list(tree), format=1), click(5, 2), change(10, [3, [3, [4, 5]]]))
    after_gap = segment(moved(1_000, 5), moved(2_000, 5), index_in_view=2, has_full_snapshot=False)
    page = segments.page_at(segments.open([first, after_gap]).views[0])
    assert [node.name for node in page.nodes.values() if node.in_top_layer] == ["dialog"]


def test_markup_shows_them_above_everything_else() -> None:
    view = recording(meta(), snapshot(0, *PAGE), click(5), opened(10), opened(20, value=None)).views[0]
    marked, rule = (
        'open="" data-replay-top-layer="modal"',
        ":where([data-replay-top-layer=modal]){position:fixed!important;",
    )
    shown = segments.to_html(segments.page_at(view, START + 10))
    assert (shown.count(marked), shown.count(rule)) == (1, 1)
    closed = segments.to_html(segments.page_at(view))
    assert (closed.count(marked), closed.count(rule)) == (0, 0)
