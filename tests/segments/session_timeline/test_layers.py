"""Dialogs, menus and lists that close where nobody clicks: what a timeline says, and what a test repeats."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments

from .. import made
from ..made import BODY, BUTTON, FIELD, OTHER, element, event

Records = list[dict[str, Any]]
LAYER, INSIDE, FIRST, SECOND = 400, 401, 410, 420


def text(number: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": content}


def added(node: dict[str, Any]) -> dict[str, Any]:
    return {"parentId": BODY, "nextId": None, "node": node}


def opened(at: float, role: str, *children: dict[str, Any]) -> dict[str, Any]:
    return made.mutation(at, adds=[added(element(LAYER, "div", *children, role=role, **{"aria-label": "Profile"}))])


def items(role: str, first: str = "Ann", second: str = "Bob") -> tuple[dict[str, Any], ...]:
    return (
        element(FIRST, "div", text(411, first), role=role, id="first"),
        element(SECOND, "div", text(421, second), role=role, id="second"),
    )


def removed(at: float, **changes: Any) -> dict[str, Any]:
    return made.mutation(at, removes=[{"parentId": BODY, "id": LAYER}], **changes)


def focus(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=5, id=node)


def blur(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=6, id=node)


def press(at: float, node: int) -> Records:
    return [event(2, at, type=kind, id=node, x=1, y=2) for kind in (1, 0)]


def click(at: float, node: int) -> Records:
    return [*press(at, node), made.click(at + 1, node, 1, 2)]


def expanded(at: float, value: str) -> dict[str, Any]:
    return made.mutation(
        at, attributes=[{"id": FIELD, "attributes": {"role": "combobox", "aria-label": "Who", "aria-expanded": value}}]
    )


def active(at: float, item: str | None) -> dict[str, Any]:
    return made.mutation(at, attributes=[{"id": FIELD, "attributes": {"aria-activedescendant": item}}])


def over(at: float, node: int) -> dict[str, Any]:
    """The mouse moves to a node."""
    return event(1, at, positions=[{"id": node, "timeOffset": 0, "x": 1, "y": 2}])


def shows(at: float, value: str) -> dict[str, Any]:
    return made.mutation(at, attributes=[{"id": BUTTON, "attributes": {"aria-expanded": value}}])


def pointed(at: float, item: str) -> dict[str, Any]:
    """What has the focus is a menu, whose item is active."""
    return made.mutation(at, attributes=[{"id": LAYER, "attributes": {"aria-activedescendant": item}}])


def named(content: str) -> dict[str, Any]:
    return {"parentId": OTHER, "nextId": None, "node": text(500, content)}


def retold(at: float, content: str) -> dict[str, Any]:
    return made.mutation(at, texts=[{"id": 500, "value": content}])


def added_below(parent: int, node: dict[str, Any]) -> dict[str, Any]:
    return {"parentId": parent, "nextId": None, "node": node}


DONE = named("Done")
COLLAPSED = {"id": BUTTON, "attributes": {"aria-expanded": "false"}}
SELECTED = element(430, "div", text(431, "Cy"), role="option", id="third", **{"aria-selected": "true"})
GONE = [{"parentId": LAYER, "id": FIRST}, {"parentId": LAYER, "id": SECOND}]


def said(*records: dict[str, Any]) -> list[str]:
    """What the timeline says besides clicks."""
    kinds = ("input", "select", "close")
    return [entry.text for entry in segments.timeline(made.page(*records)) if entry.kind in kinds]


def written(at: float, node: int = OTHER) -> dict[str, Any]:
    """The page writes something."""
    return made.mutation(at, adds=[{"parentId": node, "nextId": None, "node": text(500, "Done")}])


def written_anew(at: float) -> dict[str, Any]:
    return made.mutation(at, texts=[{"id": 500, "value": "12:00"}])


PERHAPS_CHOSEN = "closes menu “Profile” without a click, perhaps by Escape, or chooses “Bob” by the keyboard"
CLOSED = "closes dialog “Profile” without a click, perhaps by Escape"
DIALOG = [*click(10, BUTTON), opened(50, "dialog", element(INSIDE, "input"))]
MENU = [*click(10, BUTTON), opened(50, "menu", *items("menuitem"))]
LIST = [
    *(focus(5, FIELD), expanded(8, "false"), expanded(20, "true"), opened(30, "listbox", *items("option"))),
    *(made.typed(100, "b"), active(400, "second")),
]

MENU_BAR = [
    made.mutation(1, attributes=[{"id": BUTTON, "attributes": {"role": "menuitem", "aria-haspopup": "menu"}}]),
    *(focus(5, BUTTON), shows(20, "true"), opened(30, "menu", *items("menuitem")), focus(100, FIRST)),
    *(focus(900, SECOND), focus(1_500, BUTTON)),
]
"""The keys leave a menu for the item of the menu bar that showed it; changes are recorded later than that."""

HIDDEN_BY_SHEET = [
    made.mutation(
        1, adds=[added(element(600, "style", _cssText=".modal { display: none } .modal.is-open { display: block }"))]
    ),
    made.mutation(
        2,
        adds=[
            added(
                element(
                    LAYER,
                    "div",
                    element(402, "div", element(INSIDE, "input"), role="dialog", **{"aria-label": "Profile"}),
                    **{"class": "modal"},
                )
            )
        ],
    ),
]

HIDDEN_MENU = element(LAYER, "div", *items("menuitem"), role="menu", **{"aria-label": "Profile", "class": "modal"})


def classes(at: float, value: str) -> dict[str, Any]:
    return made.mutation(at, attributes=[{"id": LAYER, "attributes": {"class": value}}])


CASES: dict[str, tuple[Records, list[str]]] = {
    "a dialog that a class shows and hides": (
        [
            *HIDDEN_BY_SHEET,
            *click(10, BUTTON),
            classes(50, "modal is-open"),
            focus(60, INSIDE),
            classes(3_000, "modal"),
        ],
        [CLOSED],
    ),
    "a dialog that a class shows, and that a click hides": (
        [
            *(*HIDDEN_BY_SHEET, *click(10, BUTTON), classes(50, "modal is-open"), focus(60, INSIDE)),
            *(*click(3_000, OTHER), classes(3_050, "modal")),
        ],
        [],
    ),
    "a dialog whose class does not hide it": (
        [
            *HIDDEN_BY_SHEET,
            *click(10, BUTTON),
            classes(50, "modal is-open"),
            focus(60, INSIDE),
            classes(3_000, "is-open"),
        ],
        [],
    ),
    **{
        f"a menu that a class shows, of which {what}": (
            [
                *(HIDDEN_BY_SHEET[0], made.mutation(2, adds=[added(HIDDEN_MENU)]), focus(5, BUTTON)),
                *(shows(20, "true"), classes(30, "modal is-open"), focus(100, FIRST), focus(900, SECOND)),
                made.mutation(1_500, attributes=[COLLAPSED, {"id": LAYER, "attributes": {"class": "modal"}}]),
                *(focus(1_510, BUTTON), *after),
            ],
            [expected],
        )
        for what, after, expected in (
            ("a key chooses", [made.mutation(1_520, adds=[DONE])], "selects “Bob” in button “Pay” by the keyboard"),
            (
                "nothing is chosen",
                [],
                "closes menu “Profile” without a click, perhaps by Escape, or chooses “Bob” by the keyboard",
            ),
        )
    },
    "an item of a menu below a menu bar": (
        [*MENU_BAR, removed(1_520, adds=[DONE], attributes=[COLLAPSED])],
        ["selects “Bob” in menuitem “Pay” by the keyboard"],
    ),
    "a menu below a menu bar, of which nothing is chosen": (
        [*MENU_BAR, removed(1_520, attributes=[COLLAPSED])],
        ["closes menu “Profile” without a click, perhaps by Escape, or chooses “Bob” by the keyboard"],
    ),
    "a menu below a menu bar that is left before it closes": (
        [*MENU_BAR, removed(4_000, adds=[DONE], attributes=[COLLAPSED])],
        ["closes menu “Profile” without a click, perhaps by Escape"],
    ),
    "a dialog that is a page of its own, before another address": (
        [*DIALOG, focus(60, INSIDE), blur(3_000, INSIDE), removed(3_050), made.meta(3_060, href="http://shop/b")],
        [],
    ),
    "a dialog in whose field somebody types, perhaps before Enter": (
        [*DIALOG, focus(60, INSIDE), made.typed(2_000, "Zoe", INSIDE), removed(3_050)],
        ["types “Zoe” into textbox “body > div > input”", CLOSED.replace("Escape", "Enter")],
    ),
    "a dialog in whose field a script puts a text as it opens": (
        [*DIALOG, focus(150, INSIDE), made.typed(156, "Zoe", INSIDE), removed(3_050)],
        ["types “Zoe” into textbox “body > div > input”", CLOSED],
    ),
    "a dialog in whose field Enter has added a tag": (
        [*DIALOG, focus(60, INSIDE), made.typed(900, "Zoe", INSIDE), made.typed(2_000, "", INSIDE), removed(3_050)],
        ["types “Zoe” into textbox “body > div > input”", "clears textbox “body > div > input”", CLOSED],
    ),
    "a dialog in which somebody types several lines": (
        [
            *(*click(10, BUTTON), opened(50, "dialog", element(INSIDE, "textarea"))),
            *(focus(60, INSIDE), made.typed(2_000, "Zoe", INSIDE), removed(3_050)),
        ],
        ["types “Zoe” into textbox “body > div > textarea”", CLOSED],
    ),
    "a dialog beside which somebody types": (
        [*DIALOG, focus(60, INSIDE), made.typed(2_000, "Zoe", FIELD), removed(3_050)],
        ["a script or autofill puts “Zoe” into textbox “#name”", CLOSED],
    ),
    "a dialog with a form, where Enter would have clicked the button": (
        [
            *click(10, BUTTON),
            opened(50, "dialog", element(600, "form", element(INSIDE, "input"), element(601, "button"))),
            *(focus(60, INSIDE), made.typed(2_000, "Zoe", INSIDE), removed(3_050)),
        ],
        ["types “Zoe” into textbox “body > div > form > input”", CLOSED],
    ),
    "a dialog that is a view of its own": (
        [*DIALOG, focus(60, INSIDE), blur(3_000, INSIDE), removed(3_050), made.record(7, 3_060)],
        [],
    ),
    "a list of several options, one of which was clicked": (
        [
            *(focus(5, FIELD), expanded(8, "false"), expanded(20, "true"), opened(30, "listbox", *items("option"))),
            *(*click(1_000, SECOND), focus(1_001, FIELD)),
            made.mutation(1_100, adds=[{"parentId": OTHER, "nextId": None, "node": text(500, "Bob")}]),
            *(expanded(1_510, "false"), removed(1_600)),
        ],
        [],
    ),
    "a dialog in which the focus was": ([*DIALOG, focus(60, INSIDE), blur(3_000, INSIDE), removed(3_050)], [CLOSED]),
    "a dialog that fades out when the focus has gone back": (
        [*DIALOG, focus(60, INSIDE), blur(3_000, INSIDE), focus(3_001, BUTTON), removed(3_300)],
        [CLOSED],
    ),
    "a dialog without the focus, such as a notice": ([*DIALOG, removed(3_050)], []),
    "a dialog after a click beside it": ([*DIALOG, focus(60, INSIDE), *click(3_000, OTHER), removed(3_050)], []),
    "a dialog in which a field was clicked": (
        [*DIALOG, *click(2_900, INSIDE), blur(3_000, INSIDE), removed(3_050)],
        [CLOSED],
    ),
    "a dialog whose button waits for an answer": (
        [
            *(click(10, BUTTON)[0], opened(50, "dialog", element(INSIDE, "button", text(403, "Save")))),
            *(focus(60, INSIDE), *click(1_000, INSIDE), blur(4_000, INSIDE), removed(4_050)),
        ],
        [],
    ),
    "a native dialog": (
        [
            made.mutation(
                1, adds=[added(element(LAYER, "dialog", element(INSIDE, "button"), **{"aria-label": "Profile"}))]
            ),
            *(
                *click(10, BUTTON),
                focus(20, INSIDE),
                made.mutation(50, attributes=[{"id": LAYER, "attributes": {"open": ""}}]),
            ),
            *(blur(3_000, INSIDE), made.mutation(3_050, attributes=[{"id": LAYER, "attributes": {"open": None}}])),
        ],
        [CLOSED],
    ),
    "a dialog that is hidden": (
        [
            *(*DIALOG, focus(60, INSIDE), blur(3_000, INSIDE)),
            made.mutation(3_050, attributes=[{"id": LAYER, "attributes": {"style": "z-index: 1; display: none"}}]),
        ],
        [CLOSED],
    ),
    "an item of a menu that keys went to": (
        [*MENU, focus(500, SECOND), blur(900, SECOND), removed(930), written(1_010)],
        ["selects “Bob” in menu “Profile” by the keyboard"],
    ),
    "an item of a menu that keys went to, without anything that follows": (
        [*MENU, focus(500, SECOND), blur(900, SECOND), removed(930)],
        [PERHAPS_CHOSEN],
    ),
    "an item of a menu that keys went to, and a clock": (
        [*MENU, written(450), focus(500, SECOND), blur(900, SECOND), removed(930), written_anew(1_010)],
        [PERHAPS_CHOSEN],
    ),
    "an item of a menu that opens a dialog": (
        [*MENU, focus(500, SECOND), blur(900, SECOND), removed(930), opened(940, "dialog")],
        ["selects “Bob” in menu “Profile” by the keyboard"],
    ),
    "a list of several options, one of which became the active one as it was clicked": (
        [
            *(focus(5, FIELD), expanded(8, "false"), expanded(20, "true"), opened(30, "listbox", *items("option"))),
            *(*click(1_000, SECOND)[:1], active(1_001, "second"), *click(1_000, SECOND)[1:], focus(1_010, FIELD)),
            made.mutation(1_100, adds=[{"parentId": OTHER, "nextId": None, "node": text(500, "Bob")}]),
            *(expanded(1_510, "false"), removed(1_600)),
        ],
        [],
    ),
    "a masked item of a menu that keys went to": (
        [
            *(*click(10, BUTTON), opened(50, "menu", *items("menuitem", "xxx", "xxxx xxx"))),
            *(focus(500, SECOND), blur(900, SECOND), removed(930), written(940)),
        ],
        ["selects an option (which is not recorded) in menu “body > div” by the keyboard"],
    ),
    "a masked item of a menu that keys went to, without anything that follows": (
        [
            *(*click(10, BUTTON), opened(50, "menu", *items("menuitem", "xxx", "xxxx xxx"))),
            *(focus(500, SECOND), blur(900, SECOND), removed(930)),
        ],
        [
            "closes menu “body > div” without a click, perhaps by Escape, or chooses an option (which is not recorded) "
            "by the keyboard"
        ],
    ),
    "masked options, of which one seems to be written elsewhere": (
        [
            *(focus(5, FIELD), expanded(8, "false"), expanded(20, "true")),
            *(opened(30, "listbox", *items("option", "xxx", "xxxx xxx")), made.typed(100, "b")),
            *(made.mutation(2_800, adds=[added(text(500, "xxx"))]), removed(2_801), expanded(2_802, "false")),
        ],
        ["types “b” into combobox “Who”", "closes listbox “body > div” without a click, perhaps by Escape"],
    ),
    "a menu with an item that the mouse is over": (
        [
            *(*MENU, event(1, 490, positions=[{"id": SECOND, "timeOffset": 0, "x": 5, "y": 5}])),
            *(focus(500, SECOND), blur(900, SECOND), removed(930)),
        ],
        ["closes menu “Profile” without a click, perhaps by Escape"],
    ),
    "an item that is pressed, and gone before the click": (
        [*MENU, *press(2_000, SECOND), removed(2_020)],
        ["selects “Bob” in menu “Profile”"],
    ),
    "an item that is clicked": ([*MENU, *click(2_000, SECOND), removed(2_020)], []),
    "an option that goes into the field": (
        [*LIST, made.typed(800, "Bob"), active(801, None), expanded(802, "false"), removed(803)],
        ["types “b” into combobox “Who”", "selects “Bob” in combobox “Who” by the keyboard"],
    ),
    "an option that goes into the field before the list closes": (
        [
            *LIST[:-2],
            active(400, "second"),
            made.typed(800, "Bob"),
            active(900, None),
            expanded(901, "false"),
            removed(902),
        ],
        ["selects “Bob” in combobox “Who” by the keyboard"],
    ),
    "an option that no attribute points at": (
        [*LIST[:-1], made.mutation(800, adds=[added(text(500, "Ann"))]), removed(801), expanded(802, "false")],
        ["types “b” into combobox “Who”", "selects “Ann” in listbox “Profile” by the keyboard"],
    ),
    "an option of which several may be chosen, so that the field is empty then": (
        [
            *(*LIST[:-1], made.typed(300, "an")),
            removed(
                800,
                adds=[added(text(500, "Ann"))],
                attributes=[{"id": FIELD, "attributes": {"aria-expanded": "false", "value": ""}}],
            ),
        ],
        ["types “an” into combobox “Who”", "selects “Ann” in combobox “Who” by the keyboard"],
    ),
    "a list without a choice, before a text that has the letters of an option by chance": (
        [
            *(focus(5, FIELD), expanded(8, "false"), expanded(20, "true"), opened(30, "listbox", *items("option"))),
            *(made.mutation(40, texts=[{"id": 421, "value": "NY"}]), made.typed(100, "n"), active(400, "second")),
            *(expanded(1_800, "false"), removed(1_801), made.mutation(1_810, adds=[added(text(500, "SUNNY"))])),
        ],
        [
            "types “n” into combobox “Who”",
            "closes combobox “Who” without a click, perhaps by Escape, or chooses “NY” by the keyboard",
        ],
    ),
    "a list whose active option is gone, and in which several are selected": (
        [
            *LIST,
            made.mutation(
                500,
                adds=[added_below(LAYER, {**SELECTED, "id": number}) for number in (430, 440)],
                removes=[{"parentId": LAYER, "id": SECOND}],
            ),
            *(expanded(1_800, "false"), removed(1_801)),
        ],
        [
            "types “b” into combobox “Who”",
            "closes combobox “Who” without a click, perhaps by Escape",
        ],
    ),
    "a list whose field loses the focus as it closes, which ends the text anyway": (
        [
            *(focus(5, FIELD), expanded(8, "false"), made.typed(100, "Ann"), expanded(300, "true")),
            *(expanded(1_900, "false"), blur(1_910, FIELD), event(1, 2_100, positions=[])),
        ],
        ["types “Ann” into combobox “Who”", "closes combobox “Who” without a click, perhaps by Escape"],
    ),
    "a list without a choice": (
        [*LIST, expanded(1_800, "false"), removed(1_801)],
        [
            "types “b” into combobox “Who”",
            "closes combobox “Who” without a click, perhaps by Escape, or chooses “Bob” by the keyboard",
        ],
    ),
    "a list that is drawn anew while somebody types": (
        [
            *LIST[:-1],
            made.mutation(
                800,
                removes=[{"parentId": BODY, "id": LAYER}],
                adds=[added(element(430, "div", element(431, "div", text(432, "Bob"), role="option"), role="listbox"))],
            ),
        ],
        ["types “b” into combobox “Who”"],
    ),
    "options that are put into the field one after another": (
        [
            *LIST[:-1],
            *(active(400, "first"), made.typed(401, "Ann"), active(700, "second"), made.typed(701, "Bob")),
            *(active(1_800, None), expanded(1_801, "false"), removed(1_802)),
        ],
        ["types “b” into combobox “Who”", "selects “Bob” in combobox “Who” by the keyboard"],
    ),
    "an option that was chosen before": (
        [
            made.mutation(1, adds=[added(element(440, "div", text(441, "Bob"), role="combobox", id="x"))]),
            *click(10, 440),
            focus(11, 440),
            made.mutation(12, attributes=[{"id": 440, "attributes": {"aria-expanded": "true"}}]),
            opened(13, "listbox", *items("option")),
            focus(20, FIRST),
            blur(1_000, FIRST),
            removed(1_010),
            made.mutation(
                1_011,
                attributes=[{"id": 440, "attributes": {"aria-expanded": "false"}}],
                removes=[{"parentId": 440, "id": 441}],
                adds=[{"parentId": 440, "nextId": None, "node": text(442, "Bob")}],
            ),
        ],
        ["closes listbox “Profile” without a click, perhaps by Escape"],
    ),
    "a menu that a press beside it closes, long before the button goes up": (
        [
            *(*MENU, focus(500, FIRST), event(2, 2_000, type=1, id=OTHER, x=1, y=2), blur(2_001, FIRST)),
            *(removed(2_020), event(2, 3_000, type=0, id=OTHER, x=1, y=2)),
        ],
        [],
    ),
    "a dialog that is swiped away": (
        [
            *(*DIALOG, focus(60, INSIDE), event(2, 2_000, type=1, id=LAYER, x=1, y=2)),
            *(event(2, 2_500, type=0, id=LAYER, x=1, y=300), made.click(2_501, LAYER, 1, 300)),
            *(blur(3_000, INSIDE), removed(3_050)),
        ],
        [],
    ),
    "a menu that closes because the page is scrolled": (
        [*MENU, focus(500, FIRST), event(3, 2_000, id=made.ROOT, x=0, y=50), blur(2_010, FIRST), removed(2_020)],
        [],
    ),
    "a menu that closes because the focus goes to another button": (
        [*MENU, focus(500, FIRST), blur(2_000, FIRST), focus(2_001, OTHER), removed(2_020)],
        [],
    ),
    "what a button without a role for that shows": (
        [*click(5, BUTTON), focus(6, BUTTON), shows(30, "true"), shows(700, "false")],
        ["closes button “Pay” without a click, perhaps by Escape"],
    ),
    "what such a button shows, which the page removes with the button": (
        [
            *(*click(5, BUTTON), focus(6, BUTTON), shows(30, "true")),
            made.mutation(2_000, removes=[{"parentId": made.BODY, "id": BUTTON}]),
        ],
        [],
    ),
    "what such a button shows while the mouse is over it": (
        [
            over(3, BUTTON),
            shows(30, "true"),
            *click(400, BUTTON),
            focus(401, BUTTON),
            over(2_000, OTHER),
            shows(2_300, "false"),
        ],
        [],
    ),
    "what such a button shows, hidden by a click": (
        [*click(5, BUTTON), focus(6, BUTTON), shows(30, "true"), *click(2_000, BUTTON), shows(2_030, "false")],
        [],
    ),
    "an item of a menu that opens before the press on its button is a click": (
        [
            *(event(2, 5, type=1, id=BUTTON, x=1, y=2), focus(6, BUTTON), shows(20, "true")),
            *(opened(20, "menu", *items("menuitem")), event(2, 80, type=0, id=BUTTON, x=1, y=2)),
            *(made.click(81, BUTTON, 1, 2), pointed(400, "second"), blur(900, LAYER), focus(901, BUTTON)),
            removed(920, attributes=[COLLAPSED], adds=[DONE]),
        ],
        ["selects “Bob” in button “Pay” by the keyboard"],
    ),
    "a menu that opens before the press on its button is a click, closed at once by a key": (
        [
            *(event(2, 5, type=1, id=BUTTON, x=1, y=2), focus(6, BUTTON)),
            *(opened(20, "menu", *items("menuitem")), event(2, 80, type=0, id=BUTTON, x=1, y=2)),
            *(made.click(81, BUTTON, 1, 2), blur(600, LAYER), focus(601, BUTTON), removed(620)),
        ],
        ["closes menu “Profile” without a click, perhaps by Escape"],
    ),
    "a menu that opens before a press that is not recorded ends, closed at once by a key": (
        [
            *(over(5, BUTTON), shows(20, "true"), opened(20, "menu", *items("menuitem"))),
            *(event(2, 80, type=0, id=BODY, x=1, y=2), made.click(81, BODY, 1, 2)),
            *(blur(600, LAYER), focus(601, BUTTON), removed(620, attributes=[COLLAPSED])),
        ],
        ["closes menu “Profile” without a click, perhaps by Escape"],
    ),
    "an item after which what the page says of the last one changes": (
        [
            *(*click(5, BUTTON), written(60), *click(1_000, BUTTON), opened(1_050, "menu", *items("menuitem"))),
            *(focus(2_500, SECOND), blur(3_900, SECOND)),
            removed(3_930, texts=[{"id": 500, "value": "Bob is done"}]),
        ],
        ["selects “Bob” in menu “Profile” by the keyboard"],
    ),
    "an item of a menu while the page shows the time": (
        [
            *(*click(5, BUTTON), written(60), *click(1_000, BUTTON), opened(1_050, "menu", *items("menuitem"))),
            *(retold(at, str(at)) for at in (1_900, 2_900)),
            *(focus(2_950, SECOND), blur(3_900, SECOND)),
            removed(3_930, texts=[{"id": 500, "value": "3930"}]),
        ],
        ["closes menu “Profile” without a click, perhaps by Escape, or chooses “Bob” by the keyboard"],
    ),
    "an option that the page then names": (
        [*LIST, active(900, "second"), expanded(1_800, "false"), removed(1_801, adds=[named("Given to Bob")])],
        ["types “b” into combobox “Who”", "selects “Bob” in combobox “Who” by the keyboard"],
    ),
    "an item drawn anew, while the field names one that is gone": (
        [
            *(*click(10, BUTTON), opened(50, "dialog", element(INSIDE, "input"), *items("option")), focus(60, INSIDE)),
            made.mutation(300, attributes=[{"id": INSIDE, "attributes": {"aria-activedescendant": "first"}}]),
            *(made.mutation(900, removes=GONE, adds=[added_below(LAYER, SELECTED)]), blur(1_800, INSIDE)),
            removed(1_820, adds=[named("Done")]),
        ],
        ["selects “Cy” in dialog “Profile” by the keyboard"],
    ),
    "an active item that gets another text while a list is filtered": (
        [
            *(*MENU, focus(500, SECOND), made.mutation(900, texts=[{"id": 421, "value": "Cy"}])),
            *(blur(1_900, SECOND), removed(1_930), written(1_940)),
        ],
        ["selects “Cy” in menu “Profile” by the keyboard"],
    ),
    "a masked list that a button shows, in which a key may have chosen": (
        [
            *(*click(5, BUTTON), opened(50, "listbox", *items("option", "***", "***")), focus(60, LAYER)),
            *(pointed(700, "second"), blur(1_900, LAYER), removed(1_930)),
        ],
        [
            "closes listbox “body > div” without a click, perhaps by Escape, or chooses an option"
            " (which is not recorded) by the keyboard"
        ],
    ),
    "a dialog some time after a click on a link in it, which waits for no answer": (
        [
            *(*click(10, BUTTON), opened(50, "dialog", element(INSIDE, "a", text(402, "Help"), href="/help"))),
            *(*click(2_000, INSIDE), focus(2_002, INSIDE), blur(2_900, INSIDE), removed(2_920)),
        ],
        ["closes dialog “Profile” without a click, perhaps by Escape"],
    ),
    "a dialog some time after a click on a link in it that leads nowhere, which is a button": (
        [
            *(*click(10, BUTTON), opened(50, "dialog", element(INSIDE, "a", text(402, "Delete"), href="#"))),
            *(*click(2_000, INSIDE), focus(2_002, INSIDE), blur(4_900, INSIDE), removed(4_920)),
        ],
        [],
    ),
    "a dialog beside the field that was clicked, which keeps the focus": (
        [*click(10, FIELD), focus(11, FIELD), opened(50, "dialog", element(INSIDE, "button")), removed(900)],
        ["closes dialog “Profile” without a click, perhaps by Escape"],
    ),
    "a dialog beside a field into which a day was typed": (
        [
            *(*click(10, FIELD), focus(11, FIELD), opened(50, "dialog", element(INSIDE, "button"))),
            *(made.typed(2_500, "1"), made.typed(2_600, "12"), removed(3_500)),
        ],
        ["types “12” into textbox “#name”", "closes dialog “Profile” without a click, perhaps by Enter"],
    ),
    "a dialog beside a field, which loses the focus to nothing because of Enter": (
        [
            *(*click(10, FIELD), focus(11, FIELD), opened(50, "dialog", element(INSIDE, "button"))),
            *(made.typed(2_500, "12"), blur(3_480, FIELD), removed(3_500)),
        ],
        ["types “12” into textbox “#name”", "closes dialog “Profile” without a click, perhaps by Enter"],
    ),
    "a notice that closes while a field has the focus": (
        [focus(11, FIELD), opened(50, "alertdialog", element(INSIDE, "button")), removed(3_000)],
        [],
    ),
    "a menu that the mouse opens and leaves while a field has the focus": (
        [focus(5, FIELD), opened(2_000, "menu", *items("menuitem")), removed(3_000)],
        [],
    ),
    "a menu that opens under the mouse while a button has the focus": (
        [
            *(*click(5, BUTTON), focus(6, BUTTON)),
            *(event(1, 2_000, positions=[{"id": OTHER, "timeOffset": 0, "x": 5, "y": 5}]),),
            *(opened(2_300, "menu", *items("menuitem")), removed(4_000)),
        ],
        [],
    ),
    "a dialog that only says that something is under way": (
        [
            *click(10, BUTTON),
            opened(50, "dialog", element(INSIDE, "p", text(403, "Please wait"), tabindex="-1")),
            *(focus(60, INSIDE), blur(3_000, INSIDE), removed(3_050)),
        ],
        [],
    ),
    "a list that closes because a server finds nothing": (
        [*LIST, made.typed(700, "bx"), active(701, None), expanded(1_800, "false"), removed(1_801)],
        ["types “bx” into combobox “Who”"],
    ),
    "a list that closes because the focus goes on": (
        [*LIST, blur(1_790, FIELD), focus(1_791, made.BOX), expanded(1_800, "false"), removed(1_801)],
        ["types “b” into combobox “Who”"],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_closes_without_a_click_is_said(name: str) -> None:
    records, expected = CASES[name]
    assert said(*records) == expected


def test_a_press_that_chooses_an_item_makes_no_other_click() -> None:
    down, up = (event(2, at, type=kind, id=SECOND, x=1, y=2) for at, kind in ((1_900, 1), (1_980, 0)))
    records = [*MENU, down, removed(1_920), {**up, "data": {**up["data"], "id": BODY}}, made.click(1_981, BODY, 1, 2)]
    kinds = [entry.kind for entry in segments.timeline(made.page(*records)) if entry.kind in ("click", "select")]
    assert kinds == ["click", "select"]


def test_what_is_chosen_by_keys_is_clicked_and_what_closes_is_left_by_escape() -> None:
    records = [
        *(*MENU, focus(500, SECOND), blur(900, SECOND), removed(930), written(940)),
        *(*click(2_000, BUTTON), opened(2_050, "dialog", element(INSIDE, "input")), focus(2_060, INSIDE)),
        *(blur(3_000, INSIDE), removed(3_050)),
    ]
    assert segments.steps(made.page(*records)).splitlines()[-6:] == [
        '    page.get_by_role("button", name="Pay").click()',
        '    page.get_by_role("menuitem", name="Bob").click()',
        '    page.get_by_role("button", name="Pay").click()',
        "    # This closed without a click: which key did it is not recorded; perhaps Escape.",
        "    page.wait_for_timeout(1_000)",
        '    page.keyboard.press("Escape")',
    ]
