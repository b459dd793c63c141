"""Which open dialogs are taken for modal."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import AttributeSet, Effect, ModalSet, Page

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


def modal_on(page: Page) -> list[str]:
    return [node.attributes["id"] for node in page.nodes.values() if node.is_modal]


CASES: dict[str, tuple[tuple[dict[str, Any], ...], Records, list[str]]] = {
    "closed": (PAGE, [click(10)], []),
    "one that opens": (PAGE, [opened(10)], ["a"]),
    "one that comes open": ((), [added(10, OPEN)], ["a"]),
    "one that comes closed": ((), [added(10, CLOSED)], []),
    "one that the page is written with": ((OPEN,), [click(10)], []),
    "one that is open already": ((OPEN,), [opened(10, value="open")], []),
    "one that opens after it was written so": ((OPEN,), [opened(10, value=None), opened(20)], ["a"]),
    "one that closes": (PAGE, [opened(10), opened(20, value=None)], []),
    "one that opens twice": (PAGE, [opened(10), opened(20, value=None), opened(30)], ["a"]),
    "another element": ((element(DIALOG, "details", id="a"),), [opened(10)], []),
    "two": (PAGE, [opened(10), opened(20, SECOND)], ["a", "b"]),
    "used": (PAGE, [opened(10), moved(1_000, INSIDE), moved(2_000, DIALOG), click(3_000, INSIDE)], ["a"]),
    "used beside": (PAGE, [opened(10), moved(1_000, BESIDE), moved(1_200, BESIDE)], []),
    "clicked beside": (PAGE, [opened(10), click(1_000, BESIDE), click(1_200, BESIDE)], []),
    "used beside for a moment": (PAGE, [opened(10), moved(1_000, BESIDE), moved(1_199, BESIDE)], ["a"]),
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
    "one that is removed and comes again": (
        PAGE,
        [opened(10), mutation(20, removes=[{"id": DIALOG, "parentId": BODY}]), added(30, OPEN)],
        ["a"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_dialogs_are_modal_if_they_opened_and_nothing_beside_them_is_used(name: str) -> None:
    nodes, records, expected = CASES[name]
    assert modal_on(segments.page_at(recording(meta(), snapshot(0, *nodes), *records).views[0])) == expected


def test_dialogs_in_change_records_are_modal_likewise() -> None:
    strings = ["#document", "HTML", "BODY", "DIALOG", "id", "a", "open", "", "P"]
    tree = [0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3, [4, 5]], [1, 8], [3, 8]]
    first = [meta(), record(2, 0, list(tree), format=1)]

    def modal(*more: dict[str, Any]) -> list[int]:
        page = segments.page_at(recording(*first, *more).views[0])
        return [node.id for node in page.nodes.values() if node.is_modal]

    opens = change(10, [3, [3, [6, 7]]])
    comes = change(20, [1, [4, 3, [6, 7]]])
    assert modal(opens) == [3]
    assert modal(comes) == [6]
    assert modal(opens, moved(1_000, 5), moved(1_300, 5)) == []
    assert modal(opens, change(900, [3, [3, [6]]])) == []


def test_what_changes_is_an_effect() -> None:
    page, effects = Page(), list[Effect]()
    records = [opened(10), moved(1_000, BESIDE), moved(1_200, BESIDE), opened(2_000, value=None), opened(3_000)]
    records += [opened(4_000, SECOND), opened(5_000, SECOND, None)]
    for one in recording(meta(), snapshot(0, *PAGE), *records).views[0].records():
        effects += [effect for effect in page.apply(one) if isinstance(effect, AttributeSet | ModalSet)]
    assert effects == [
        AttributeSet(DIALOG, "open", ""),
        ModalSet(DIALOG, True),
        ModalSet(DIALOG, False),
        AttributeSet(DIALOG, "open", None),
        AttributeSet(DIALOG, "open", ""),
        AttributeSet(SECOND, "open", ""),
        ModalSet(SECOND, True),
        AttributeSet(SECOND, "open", None),
        ModalSet(SECOND, False),
    ]


def test_a_dialog_that_was_removed_changes_no_more() -> None:
    removed = mutation(20, removes=[{"id": DIALOG, "parentId": BODY}])
    records = [opened(10), removed, moved(1_000, BESIDE), moved(2_000, BESIDE)]
    page, after = Page(), list[Effect]()
    for one in recording(meta(), snapshot(0, *PAGE), *records).views[0].records():
        after = [*page.apply(one)]
    assert after == []


def test_where_records_are_missing_no_pointer_shows_anything() -> None:
    strings = ["#document", "HTML", "BODY", "DIALOG", "open", "", "P"]
    tree = [0, *strings], [1, [None, 0], [1, 1], [1, 2], [1, 3], [1, 6], [3, 6]]
    first = segment(meta(), record(2, 0, list(tree), format=1), change(10, [3, [3, [4, 5]]]))
    after_gap = segment(moved(1_000, 5), moved(2_000, 5), index_in_view=2, has_full_snapshot=False)
    page = segments.page_at(segments.open([first, after_gap]).views[0])
    assert [node.name for node in page.nodes.values() if node.is_modal] == ["dialog"]


def test_markup_shows_them_above_everything_else() -> None:
    view = recording(meta(), snapshot(0, *PAGE), opened(10), opened(20, value=None)).views[0]
    marked, rule = 'open="" data-replay-modal=""', ":where([data-replay-modal]){position:fixed;"
    shown = segments.to_html(segments.page_at(view, START + 10))
    assert (shown.count(marked), shown.count(rule)) == (1, 1)
    closed = segments.to_html(segments.page_at(view))
    assert (closed.count(marked), closed.count(rule)) == (0, 0)
