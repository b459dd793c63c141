"""Which statement or comment stands for what was done."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import Any

import attrs
import pytest
from rum_replay import InvalidRequestError, SegmentError, segments
from rum_replay._printable import printable

from .. import made
from ..made import BOX, BUTTON, OTHER, element, event, record

Records = list[dict[str, Any]]

LABEL, SELECT, PEAR, FIG, CANVAS, FRAME, PASSWORD, SEND, DIALOG, IN_DIALOG, FILE, READONLY, EDITABLE = range(200, 213)
DARK_LABEL, DARK, COLORS, RED, BLUE, SAME, SECOND, BACKDROP, BRANCH, BRANCH_NAME, HATS = range(220, 231)


SHEET = "#dark { opacity: 0; } #menu > p { display: none } #menu:hover > p, .x { display: block }"


def text(number: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": content}


def snapshot(at: float = 0) -> dict[str, Any]:
    return made.snapshot(
        at,
        element(LABEL, "label", text(300, "I agree"), **{"for": "agree"}),
        element(
            SELECT,
            "select",
            element(PEAR, "option", text(301, "Pear")),
            element(FIG, "option", text(302, 'A "fig"')),
            id="fruit",
        ),
        element(CANVAS, "canvas", id="drawing"),
        element(FRAME, "iframe", id="bank"),
        element(
            303,
            "form",
            element(PASSWORD, "input", id="pw", type="password"),
            element(304, "input", id="code", name="user"),
            element(SEND, "button", text(305, "Send")),
        ),
        element(DIALOG, "dialog", element(IN_DIALOG, "button", text(306, "Sure")), id="dialog"),
        element(FILE, "input", id="photo", type="file"),
        element(READONLY, "input", id="total", readonly=""),
        element(EDITABLE, "div", text(307, "Dear"), id="letter", contenteditable="true"),
        element(
            320,
            "style",
            _cssText=SHEET,
        ),
        element(
            321,
            "p",
            element(DARK_LABEL, "label", element(DARK, "input", id="dark", type="checkbox"), text(322, "Dark")),
        ),
        element(
            COLORS,
            "select",
            element(RED, "option", text(323, "Red")),
            element(BLUE, "option", text(324, "Blue")),
            id="colors",
            multiple="",
        ),
        element(
            SAME,
            "select",
            element(325, "option", text(326, "Same"), value="1"),
            element(SECOND, "option", text(327, "Same"), value="2"),
            id="same",
        ),
        element(335, "nav", element(336, "p", element(HATS, "a", text(337, "Hats"), href="#")), id="menu"),
        element(BACKDROP, "div", element(328, "p", element(329, "button", text(330, "Close"))), id="backdrop"),
        element(
            BRANCH,
            "div",
            element(BRANCH_NAME, "span", text(331, "Letters"), id="letters"),
            element(332, "div", element(333, "div", text(334, "a.txt"), role="treeitem"), role="group"),
            role="treeitem",
            id="branch",
        ),
    )


def page(*records: dict[str, Any], **metadata: Any) -> segments.Recording:
    return made.recording(made.meta(), snapshot(), *records, **metadata)


def press(at: float, node: int, x: float = 10, y: float = 20) -> Records:
    return [
        event(2, at, type=1, id=node, x=x, y=y),
        event(2, at, type=0, id=node, x=x, y=y),
        made.click(at, node, x, y),
    ]


def focus(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=5, id=node)


def checked(at: float, node: int, *, on: bool = True) -> dict[str, Any]:
    return event(5, at, id=node, isChecked=on)


def body(source: str) -> list[str]:
    """The statements and comments of the first test, after those that open the page."""
    lines = source.split("def test_session(page: Page) -> None:\n")[1].split("\n\n\n", maxsplit=1)[0].splitlines()
    assert lines[0].startswith("    # Session “session”, from 2026-11-21T03:00:00Z on.")
    assert lines[1:3] == [
        '    page.set_viewport_size({"width": 1000, "height": 700})',
        '    page.goto("http://shop/")',
    ]
    return [line.removeprefix("    ") for line in lines[3:]]


NEW_LINK = {"parentId": made.BODY, "nextId": None, "node": element(350, "p", id="new")}
PAY = 'page.get_by_role("button", name="Pay")'
AGREE = 'page.get_by_role("checkbox", name="I agree")'

CUSTOM_BOX = {
    "parentId": made.BODY,
    "nextId": None,
    "node": element(
        *(399, "x-box"),
        {
            "type": 11,
            "id": 400,
            "isShadowRoot": True,
            "childNodes": [
                element(401, "label", element(402, "input", type="checkbox", style="opacity: 0"), element(403, "slot"))
            ],
        },
    ),
}
BOXES = [element(360 + number, "input", id=f"box-{name}", type="checkbox") for number, name in enumerate("abc")]
EXPECT_A = ('expect(page).to_have_url(re.compile("^http://shop/a(?:[?#].*)?$"))',)
EXPECT_SHOP = ('expect(page).to_have_url(re.compile("^http://shop/(?:[?#].*)?$"))',)
GROWS = [
    event(3, 1, id=0, x=0, y=100),
    made.mutation(20, adds=[NEW_LINK]),
    event(3, 40, id=0, x=0, y=900),
]
CLEARED = [focus(1, made.FIELD), made.typed(2, "Hi"), made.typed(900, "")]
ENTER = [
    'page.locator("#name").fill("Hi")',
    "# Which keys were pressed is not recorded; perhaps Enter, before the field was",
    "# cleared.",
    'page.locator("#name").press("Enter")',
    'page.locator("#name").fill("")',
]

CASES: dict[str, tuple[Records, list[str]]] = {
    "a click": ([made.click(1)], [f"{PAY}.click()"]),
    "two clicks": ([*press(1, BUTTON), *press(300, BUTTON)], [f"{PAY}.click()", f"{PAY}.click()"]),
    "a double click": (
        [*press(1, BUTTON), *press(300, BUTTON), event(2, 301, type=4, id=BUTTON, x=1, y=1)],
        [f"{PAY}.dblclick()"],
    ),
    "the right button": (
        [event(2, 1, type=1, id=BUTTON), event(2, 2, type=0, id=BUTTON), event(2, 3, type=3, id=BUTTON, x=1, y=1)],
        [f'{PAY}.click(button="right")'],
    ),
    "a button that is gone when the mouse is released": (
        [event(2, 1, type=1, id=BUTTON, x=10, y=20), event(2, 50, type=0, id=made.BODY), made.click(51, made.BODY)],
        [f"{PAY}.click()"],
    ),
    "a button whose name changes as soon as it is pressed": (
        [
            event(2, 1, type=1, id=BUTTON, x=10, y=20),
            made.mutation(2, texts=[{"id": 100, "value": "Paying"}]),
            made.click(51, BUTTON, 11, 20),
        ],
        [f"{PAY}.click()"],
    ),
    "a drag": (
        [event(2, 1, type=1, id=BUTTON, x=10, y=20), made.click(151, made.BODY, 300, 20)],
        ["page.wait_for_timeout(151)", "page.mouse.click(300, 20)"],
    ),
    "a click beside everything": (
        [*press(1, BUTTON), *press(9_000, 1, 900, 600)],
        [f"{PAY}.click()", "page.wait_for_timeout(1_000)", "page.mouse.click(900, 600)"],
    ),
    "a click on a backdrop": (
        press(300, BACKDROP, 5, 6),
        ['page.locator("#backdrop").wait_for()', "page.wait_for_timeout(300)", "page.mouse.click(5, 6)"],
    ),
    "a menu that a script opens for the mouse": (
        [
            event(1, 2_000, positions=[{"x": 10, "y": 20, "id": BUTTON, "timeOffset": 0}]),
            made.mutation(2_300, adds=[NEW_LINK]),
            event(1, 4_000, positions=[{"x": 10, "y": 40, "id": 350, "timeOffset": 0}]),
            *press(4_500, 350),
            *press(5_000, 350),
        ],
        [f"{PAY}.hover()", 'page.locator("#new").click()', 'page.locator("#new").click()'],
    ),
    "what comes after a click": (
        [
            event(1, 2_000, positions=[{"x": 10, "y": 20, "id": BUTTON, "timeOffset": 0}]),
            *press(2_100, BUTTON),
            made.mutation(2_300, adds=[NEW_LINK]),
            *press(4_500, 350),
        ],
        [f"{PAY}.click()", 'page.locator("#new").click()'],
    ),
    "a menu within one that was clicked just before": (
        [
            *press(1_000, BUTTON),
            made.mutation(1_050, attributes=[{"id": made.OTHER, "attributes": {"aria-haspopup": "menu"}}]),
            event(1, 1_300, positions=[{"x": 10, "y": 60, "id": made.OTHER, "timeOffset": 0}]),
            made.mutation(1_600, adds=[NEW_LINK]),
            *press(2_500, 350),
        ],
        [f"{PAY}.click()", 'page.locator("#other").hover()', 'page.locator("#new").click()'],
    ),
    "what comes late after a click, while the mouse is already elsewhere": (
        [
            *press(1_000, BUTTON),
            event(1, 1_300, positions=[{"x": 10, "y": 60, "id": made.OTHER, "timeOffset": 0}]),
            made.mutation(1_600, adds=[NEW_LINK]),
            *press(2_500, 350),
        ],
        [f"{PAY}.click()", 'page.locator("#new").click()'],
    ),
    "what comes while the mouse rests": (
        [
            event(1, 2_000, positions=[{"x": 10, "y": 20, "id": BUTTON, "timeOffset": 0}]),
            made.mutation(9_300, adds=[NEW_LINK]),
            *press(9_500, 350),
        ],
        ['page.locator("#new").click()'],
    ),
    "a menu that opens by itself": (
        press(1, HATS),
        ['page.locator("#menu").hover()', 'page.get_by_role("link", name="Hats").click()'],
    ),
    "a part of what contains other controls": (press(1, BRANCH_NAME), ['page.locator("#letters").click()']),
    "a check box that only its label shows": (
        [*press(1, DARK_LABEL), made.click(2, DARK), checked(3, DARK)],
        ['page.get_by_text("Dark", exact=True).check()'],
    ),
    "a check box of a custom element": (
        [made.mutation(1, adds=[CUSTOM_BOX]), *press(2_000, 401), made.click(2_002, 402), checked(2_050, 402)],
        ['page.locator("body > x-box >> label").click()'],
    ),
    "a check box that lets clicks through": (
        [*press(1, DARK), checked(3, DARK)],
        ['page.get_by_role("checkbox", name="Dark").check()'],
    ),
    "an option of a list": (
        [event(5, 1, id=COLORS, text="Red"), *press(2, RED)],
        ['page.locator("#colors").select_option(label="Red")'],
    ),
    "several options of a list": (
        [event(5, 1, id=COLORS, text="Red"), *press(2, RED), *press(900, BLUE)],
        [
            "# Which options were selected together is not recorded; these were clicked.",
            'page.locator("#colors").select_option(label=["Red", "Blue"])',
        ],
    ),
    "an option that another one is called like": (
        [event(5, 1, id=SECOND, isChecked=True), event(5, 1, id=SAME, text="2")],
        ['page.locator("#same").select_option(index=1)'],
    ),
    "a check box": ([*press(1, BOX), checked(2, BOX)], [f"{AGREE}.check()"]),
    "a check box that is switched off": (
        [*press(1, BOX), checked(2, BOX), *press(2_001, BOX), checked(2_002, BOX, on=False)],
        [f"{AGREE}.check()", f"{AGREE}.uncheck()"],
    ),
    "a label": (
        [*press(1, LABEL), made.click(2, BOX), checked(3, BOX)],
        [f"{AGREE}.check()"],
    ),
    "a label without a known state": (
        [*press(1, LABEL), made.click(2, BOX)],
        ['page.get_by_text("I agree", exact=True).click()'],
    ),
    "typing": ([made.typed(1, "A"), made.typed(9, "Ada")], ['page.locator("#name").fill("Ada")']),
    "typing twice": (
        [made.typed(1, "A"), *press(9, BUTTON), made.typed(20, "Ab")],
        ['page.locator("#name").fill("A")', f"{PAY}.click()", 'page.locator("#name").fill("Ab")'],
    ),
    "clearing": (
        [made.typed(1, "A"), made.typed(20_000, "")],
        ['page.locator("#name").fill("A")', 'page.locator("#name").fill("")'],
    ),
    "a text that the page took": ([*CLEARED, made.mutation(990, adds=[NEW_LINK])], ENTER),
    "a text that is deleted": ([*CLEARED, made.mutation(1_200, adds=[NEW_LINK])], [ENTER[0], ENTER[-1]]),
    "a text in a form with a button, which Enter would have clicked": (
        [focus(1, 304), made.typed(2, "me", 304), made.typed(9, "", 304), made.mutation(20, adds=[NEW_LINK])],
        ['page.locator("#code").fill("me")', 'page.locator("#code").fill("")'],
    ),
    "a masked text in a field whose id scripts make up": (
        [
            made.mutation(
                1, attributes=[{"id": made.FIELD, "attributes": {"id": "mantine-ygso98xx6", "aria-label": "City"}}]
            ),
            made.typed(2, "***"),
        ],
        ['page.get_by_role("textbox", name="City").fill(TEXT_CITY)'],
    ),
    "an element with a class for what has the focus": (
        [
            made.mutation(
                1,
                adds=[{"parentId": made.BODY, "nextId": None, "node": element(400, "i", **{"class": "icon p-focus"})}],
            ),
            *press(2_000, 400),
        ],
        ['page.locator("html > body:nth-of-type(1) > i:nth-of-type(1)").click()'],
    ),
    "a day with a class for what is picked": (
        [
            made.mutation(
                1,
                adds=[
                    {"parentId": made.BODY, "nextId": None, "node": element(400 + n, "b", **{"class": kind})}
                    for n, kind in enumerate(("day", "day endRange"))
                ],
            ),
            *press(2_000, 401),
        ],
        ['page.locator("html > body:nth-of-type(1) > b:nth-of-type(2)").click()'],
    ),
    "a button with a label for nothing else": (
        [
            made.mutation(
                1,
                adds=[
                    {
                        "parentId": made.BODY,
                        "nextId": None,
                        "node": element(
                            *(400, "button", element(401, "label", text(402, "Animal"))),
                            element(403, "div", text(404, "Cat")),
                        ),
                    }
                ],
            ),
            *press(2_000, 403),
        ],
        ['page.get_by_role("button", name="Animal Cat").click()'],
    ),
    "a masked text": ([made.typed(1, "***")], ['page.locator("#name").fill(TEXT_NAME)']),
    "a password": ([made.typed(1, "***", PASSWORD)], ['page.locator("#pw").fill(PASSWORD_PW)']),
    "a password that is shown": (
        [
            made.mutation(1, attributes=[{"id": PASSWORD, "attributes": {"type": "text"}}]),
            made.typed(2, "hunter2", PASSWORD),
        ],
        ['page.locator("#pw").fill(PASSWORD_PW)'],
    ),
    "an option": (
        [event(5, 1, id=SELECT, text='A "fig"')],
        ["""page.locator("#fruit").select_option(label='A "fig"')"""],
    ),
    "a masked option": ([event(5, 1, id=SELECT, text="***")], ['page.locator("#fruit").select_option(OPTION_FRUIT)']),
    "a click and an option": (
        [*press(1, SELECT), event(5, 2, id=SELECT, text="Pear")],
        ['page.locator("#fruit").select_option(label="Pear")'],
    ),
    "Enter in a field": (
        [*press(1, BUTTON), focus(2, 304), made.typed(300, "me", 304), made.click(400, SEND, 0, 0)],
        [f"{PAY}.click()", 'page.locator("#code").fill("me")', 'page.locator("#code").press("Enter")'],
    ),
    "a key on a button": (
        [*press(1, OTHER), focus(2, BUTTON), made.click(2_000, BUTTON, 0, 0)],
        ['page.locator("#other").click()', f'{PAY}.press("Enter")'],
    ),
    "a key on a check box without a known state": (
        [*press(1, OTHER), focus(2, BOX), made.click(2_000, BOX, 0, 0)],
        ['page.locator("#other").click()', f'{AGREE}.press("Space")'],
    ),
    "a click by a script": (
        [*press(1, OTHER), focus(2, OTHER), made.click(2_000, BUTTON, 0, 0)],
        [
            'page.locator("#other").click()',
            "# A script, a key or autofill changed or clicked button “Pay”: not repeated.",
        ],
    ),
    "boxes that a script checks at once": (
        [
            made.mutation(1, adds=[{"parentId": made.BODY, "nextId": None, "node": one} for one in BOXES]),
            *(*press(100, OTHER), focus(101, OTHER)),
            *(event(5, 1_000 + number, id=one["id"], isChecked=True) for number, one in enumerate(BOXES)),
            made.typed(1_010, "3 chosen"),
            event(5, 1_200, id=BOXES[0]["id"], isChecked=False),
        ],
        [
            'page.locator("#other").click()',
            "# A script, a key or autofill changed or clicked checkbox “#box-a” and 2 more: not",
            "# repeated.",
            "# A script, a key or autofill changed or clicked textbox “#name”: not repeated.",
            "# A script, a key or autofill changed or clicked checkbox “#box-a”: not repeated.",
        ],
    ),
    "a value by a script": (
        [focus(1, OTHER), made.typed(2_000, "12")],
        ["# A script, a key or autofill changed or clicked textbox “#name”: not repeated."],
    ),
    "scrolling": (
        [event(3, 1, id=0, x=0, y=10), event(3, 20, id=0, x=0, y=300.6)],
        ['page.evaluate("window.scrollTo(0, 301)")'],
    ),
    "scrolling where more comes": (GROWS, ['page.locator("html").evaluate(SCROLL_ON, [0, 900])']),
    "scrolling to where more comes": (GROWS[:2], ['page.evaluate("window.scrollTo(0, 100)")']),
    "scrolling there and back": (
        [event(3, 1, id=0, x=0, y=100), event(3, 20, id=0, x=0, y=300), event(3, 40, id=0, x=0, y=0)],
        ['page.evaluate("window.scrollTo(0, 300)")', 'page.evaluate("window.scrollTo(0, 0)")'],
    ),
    "scrolling an element": (
        [event(3, 1, id=DIALOG, x=5, y=10)],
        [
            "# The recording shows the dialog closed that contains the next element.",
            'page.locator("#dialog").evaluate("element => element.scrollTo(5, 10)")',
        ],
    ),
    "a window that is resized": (
        [event(4, 1, width=800, height=600), event(4, 30, width=640, height=480.4)],
        ['page.set_viewport_size({"width": 640, "height": 480})'],
    ),
    "a canvas": (
        [made.click(1, CANVAS, 12, 34)],
        [
            "# Clicked on canvas “#drawing” at that time: page.mouse.click(12, 34); what was",
            "# drawn there is not recorded.",
        ],
    ),
    "a click into a frame": (
        [event(1, 1, positions=[{"x": 1, "y": 1, "id": FRAME, "timeOffset": 0}]), record(6, 2, {"has_focus": False})],
        ["# Probably used the frame “#bank”, whose content is not recorded."],
    ),
    "use of a frame, which may be one of several": (
        [
            made.snapshot(2, made.element(350, "iframe"), made.element(351, "iframe")),
            *(record(6, 3, {"has_focus": True}), record(6, 1_005, {"has_focus": True})),
        ],
        ["# Used a frame, whose content is not recorded."],
    ),
    "a frame's border": (
        [made.click(1, FRAME, 5, 6)],
        ["# Clicked on iframe “#bank” at that time: page.mouse.click(5, 6); its content is not", "# recorded."],
    ),
    "a closed dialog": (
        [made.click(1, IN_DIALOG)],
        [
            "# The recording shows the dialog closed that contains the next element.",
            'page.get_by_role("button", name="Sure").click()',
        ],
    ),
    "a file": (
        [made.click(1, FILE)],
        ["# Perhaps a file was chosen for “#photo”: use set_input_files; which one is not", "# recorded."],
    ),
    "a text whose field loses the focus to nothing": (
        [
            *(focus(1, made.FIELD), made.typed(5, "Ann"), event(2, 900, type=6, id=made.FIELD)),
            event(1, 1_100, positions=[]),
        ],
        [
            'page.locator("#name").fill("Ann")',
            "# The field was left without a click, perhaps by Enter.",
            'page.locator("#name").press("Enter")',
        ],
    ),
    "a file with a name": (
        [made.typed(1, "C:\\fakepath\\a.png", FILE)],
        ["# A file was chosen for “#photo”: use set_input_files; what is in it is not", "# recorded."],
    ),
    "a field that nobody can type into": (
        [made.typed(1, "12", READONLY)],
        ["# A script changed the field “#total”, which nobody can type into."],
    ),
    "editable content": (
        [focus(1, EDITABLE), made.mutation(2, texts=[{"id": 307, "value": "Dear all"}])],
        ['page.locator("#letter").fill("Dear all")'],
    ),
    "editable content of several lines": (
        [
            focus(1, EDITABLE),
            made.mutation(
                2,
                adds=[
                    {"parentId": EDITABLE, "nextId": None, "node": element(340, "div", element(341, "br"))},
                    {"parentId": EDITABLE, "nextId": None, "node": element(342, "p", text(343, "Best\n regards"))},
                ],
            ),
        ],
        ['page.locator("#letter").fill("Dear\\n\\nBest regards")'],
    ),
    "a click on nothing that is known": (
        [made.click(1, 999)],
        ["# A step that is not known (click): it is not in the recording."],
    ),
    "an address that a click leads to": (
        [made.click(1), made.meta(900, href="http://shop/a?b=(1)"), snapshot(900)],
        [f"{PAY}.click()", 'expect(page).to_have_url(re.compile(r"^http://shop/a\\?b=\\(1\\)(?:#.*)?$"))'],
    ),
    "an address that leads on to another one by itself": (
        [
            *(made.click(1), made.meta(900, href="http://shop/callback"), snapshot(900)),
            *(made.meta(1_800, href="http://shop/a"), snapshot(1_800)),
        ],
        [f"{PAY}.click()", *EXPECT_A],
    ),
    "back from an address to which another one led": (
        [
            *(made.click(1), made.meta(900, href="http://shop/callback"), snapshot(900)),
            *(made.meta(1_800, href="http://shop/a"), snapshot(1_800)),
            *(made.meta(30_000, href="http://shop/"), snapshot(30_000)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A),
            *("try:", "    page.go_back()", *(f"    {line}" for line in EXPECT_SHOP)),
            *("except AssertionError:", '    page.goto("http://shop/")'),
        ],
    ),
    "an address that comes late and leads on by itself": (
        [
            *(made.click(1), made.meta(9_000, href="http://shop/a"), snapshot(9_000)),
            *(made.meta(11_000, href="http://shop/done"), snapshot(11_000)),
        ],
        [
            f"{PAY}.click()",
            'expect(page).to_have_url(re.compile("^http://shop/a(?:[?#].*)?$"), timeout=30_000)',
            'page.goto("http://shop/done")',
        ],
    ),
    "an address that leads back by itself": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900)),
            *(made.meta(1_800, href="http://shop/"), snapshot(1_800)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A),
            *("try:", "    page.go_back()", *(f"    {line}" for line in EXPECT_SHOP)),
            *("except AssertionError:", '    page.goto("http://shop/")'),
        ],
    ),
    "a slow one": (
        [made.click(1), made.meta(5_000, href="http://shop/a"), snapshot(5_000)],
        [f"{PAY}.click()", 'expect(page).to_have_url(re.compile("^http://shop/a(?:[?#].*)?$"), timeout=30_000)'],
    ),
    "an address after a long time": (
        [made.click(1), made.meta(15_000, href="http://shop/a"), snapshot(15_000)],
        [f"{PAY}.click()", 'page.goto("http://shop/a")'],
    ),
    "an address after something else": (
        [made.click(1), event(3, 2, id=0, x=0, y=9), made.meta(900, href="http://shop/a"), snapshot(900)],
        [f"{PAY}.click()", 'page.evaluate("window.scrollTo(0, 9)")', 'page.goto("http://shop/a")'],
    ),
    "an address that a selection leads to": (
        [event(5, 1, id=SELECT, text="Pear"), made.meta(900, href="http://shop/a"), snapshot(900)],
        ['page.locator("#fruit").select_option(label="Pear")', *EXPECT_A],
    ),
    "an address after a script changed a field": (
        [
            *(*press(1, BUTTON), focus(2, BUTTON), made.typed(1_200, "12")),
            *(made.meta(1_900, href="http://shop/a"), snapshot(1_900)),
        ],
        [
            f"{PAY}.click()",
            "# A script, a key or autofill changed or clicked textbox “#name”: not repeated.",
            *EXPECT_A,
        ],
    ),
    "the address before, after a click": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900), made.click(2_000)),
            *(made.meta(3_000), snapshot(3_000), made.meta(4_000, href="http://shop/a"), snapshot(4_000)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A, f"{PAY}.click()"),
            "# Either this led back, or somebody went back in the browser.",
            *("try:", *(f"    {line}" for line in EXPECT_SHOP), "except AssertionError:", "    page.go_back()"),
            *("try:", "    page.go_back()", *(f"    {line}" for line in EXPECT_A)),
            *("except AssertionError:", '    page.goto("http://shop/a")'),
        ],
    ),
    "the address before, whose query changed without a view": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900)),
            *(made.meta(20_000, href="http://shop/?page=2"), snapshot(20_000)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A, "try:", "    page.go_back()"),
            r'    expect(page).to_have_url(re.compile(r"^http://shop/\?page=2(?:#.*)?$"))',
            *("except AssertionError:", '    page.goto("http://shop/?page=2")'),
        ],
    ),
    "an address of which only the fragment is another one than before": (
        [
            *(made.meta(900, href="http://shop/#a"), made.click(1_000)),
            *(made.meta(1_500, href="http://shop/b"), snapshot(1_500), made.meta(40_000, href="http://shop/#c")),
        ],
        [
            'page.goto("http://shop/#a")',
            f"{PAY}.click()",
            'expect(page).to_have_url(re.compile("^http://shop/b(?:[?#].*)?$"))',
            'page.goto("http://shop/#c")',
        ],
    ),
    "the address before, as its query has become meanwhile": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900)),
            *(made.meta(20_000, href="http://shop/?page=2"), snapshot(20_000)),
            *(made.meta(40_000, href="http://shop/a"), snapshot(40_000)),
            *(made.meta(60_000, href="http://shop/?page=2"), snapshot(60_000)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A, "try:", "    page.go_back()"),
            r'    expect(page).to_have_url(re.compile(r"^http://shop/\?page=2(?:#.*)?$"))',
            *("except AssertionError:", '    page.goto("http://shop/?page=2")'),
            *("try:", "    page.go_forward()", *(f"    {line}" for line in EXPECT_A)),
            *("except AssertionError:", '    page.goto("http://shop/a")', "try:", "    page.go_back()"),
            r'    expect(page).to_have_url(re.compile(r"^http://shop/\?page=2(?:#.*)?$"))',
            *("except AssertionError:", '    page.goto("http://shop/?page=2")'),
        ],
    ),
    "an address that differs by its fragment alone": (
        [
            *(made.click(1), made.meta(900, href="http://shop/#/a"), made.click(2_000), made.meta(2_500)),
            *(made.meta(20_000, href="http://shop/#/a"), made.meta(40_000)),
        ],
        [
            *(f"{PAY}.click()", 'expect(page).to_have_url(re.compile("^http://shop/#/a$"))', f"{PAY}.click()"),
            "# Either this led back, or somebody went back in the browser.",
            *("try:", '    expect(page).to_have_url(re.compile("^http://shop/$"))'),
            *("except AssertionError:", "    page.go_back()"),
            *("try:", "    page.go_back()", '    expect(page).to_have_url(re.compile("^http://shop/#/a$"))'),
            *("except AssertionError:", '    page.goto("http://shop/#/a")'),
            *("try:", "    page.go_back()", '    expect(page).to_have_url(re.compile("^http://shop/$"))'),
            *("except AssertionError:", '    page.goto("http://shop/")'),
        ],
    ),
    "the address before, by a link": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900)),
            made.mutation(901, adds=[{**NEW_LINK, "node": element(360, "a", text(361, "Home"), href="/?x#y")}]),
            *(made.click(2_000, 360), made.meta(3_000), snapshot(3_000)),
        ],
        [f"{PAY}.click()", *EXPECT_A, 'page.get_by_role("link", name="Home").click()', *EXPECT_SHOP],
    ),
    "back and forward": (
        [
            *(made.click(1), made.meta(900, href="http://shop/a"), snapshot(900)),
            *(made.meta(20_000), snapshot(20_000), made.meta(40_000, href="http://shop/a"), snapshot(40_000)),
        ],
        [
            *(f"{PAY}.click()", *EXPECT_A),
            *("try:", "    page.go_back()", *(f"    {line}" for line in EXPECT_SHOP)),
            *("except AssertionError:", '    page.goto("http://shop/")'),
            *("try:", "    page.go_forward()", *(f"    {line}" for line in EXPECT_A)),
            *("except AssertionError:", '    page.goto("http://shop/a")'),
        ],
    ),
    "an address that was there longer ago": (
        [made.meta(at, href=f"http://shop/{name}") for at, name in ((9, "a"), (99, "b"), (999, ""))],
        [f'page.goto("http://shop/{name}")' for name in ("a", "b", "")],
    ),
    "a slider that is clicked, which is moved to its middle by that": (
        [
            made.mutation(
                1, adds=[{"parentId": made.BODY, "nextId": None, "node": element(350, "input", type="range")}]
            ),
            *(*press(900, 350)[:1], made.typed(901, "70", 350), *press(902, 350)[1:]),
        ],
        ['page.locator("body > input:nth-of-type(5)").fill("70")'],
    ),
    "an address that is a script": (
        [made.meta(900, href="javascript:alert(1)"), snapshot(900)],
        ["# A page was opened here whose address is not recorded, or is not one of the web."],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_step(name: str) -> None:
    records, expected = CASES[name]
    assert body(segments.steps(page(*records))) == expected


def test_what_is_missing_is_said_and_what_follows_is_not_attributed() -> None:
    changes = [made.change(9, [0, "#document", "html"], [1, [None, 0], [1, 1]])]
    first = made.segment(made.meta(), record(2, 0, changes[0]["data"], format=1))
    third = made.segment(made.click(5_000, 1), index_in_view=2, has_full_snapshot=False)
    assert body(segments.steps(segments.open([first, third]))) == [
        "# A gap: segment 1 is missing; what was done is not known, nor whether the next",
        "# steps fit.",
        "# A step that is not known (click): segment 1 is missing.",
    ]


def test_a_window_gets_its_size_as_soon_as_that_is_known() -> None:
    lost = made.segment(made.click(0), index_in_view=1, has_full_snapshot=False)
    again = made.segment(made.meta(5_000), made.snapshot(5_000), index_in_view=2)
    assert segments.steps(segments.open([lost, again])).splitlines()[-2:] == [
        '    page.set_viewport_size({"width": 1000, "height": 700})',
        '    page.goto("http://shop/")',
    ]


def test_tabs_are_pages_of_their_own_and_sessions_tests_of_their_own() -> None:
    first = made.segment(made.meta(), snapshot(), made.click(1), made.click(9_000), view="one")
    other = made.segment(made.meta(3_000, href="http://shop/b"), snapshot(3_000), made.click(5_000, OTHER), view="two")
    later = made.segment(made.meta(60_000), snapshot(60_000), session="later", view="three")
    source = segments.steps(segments.open([first, other, later]), name="test_session")
    assert body(source) == [
        f"{PAY}.click()",
        "page_2 = page.context.new_page()",
        'page_2.set_viewport_size({"width": 1000, "height": 700})',
        'page_2.goto("http://shop/b")',
        'page_2.locator("#other").click()',
        f"{PAY}.click()",
    ]
    assert "def test_session_2(page: Page) -> None:\n    # Session “later”" in source


LOADED = "# A new view begins at the same address: by a reload, or by the page itself."


@pytest.mark.parametrize(
    ("reason", "clicked", "expected"),
    [
        ("init", [], ["page.reload()"]),
        ("view_change", [], [LOADED]),
        (None, [], [LOADED]),
        ("init", [made.click(5_000)], [f"{PAY}.click()", "page.reload()"]),
        ("init", [made.click(9_500)], [f"{PAY}.click()", LOADED]),
        ("init", [made.click(5_000, 351)], ['page.get_by_role("button", name="Send").click()', LOADED]),
    ],
)
def test_a_page_is_reloaded_if_nothing_else_may_have_loaded_it(
    reason: str | None, clicked: Records, expected: list[str]
) -> None:
    form = element(350, "form", element(351, "button", text(352, "Send")))
    first = made.segment(made.meta(), made.snapshot(0, form), *clicked, record(7, 9_900), view="one")
    second = made.segment(made.meta(10_000), snapshot(10_000), view="two", creation_reason=reason)
    assert body(segments.steps(segments.open([first, second]))) == expected


BACK = ["# Nothing led to another view at the same address: perhaps somebody went back.", "page.go_back()"]


@pytest.mark.parametrize(
    ("at", "done", "expected"),
    [
        (13_001, [], BACK),
        (13_001, [event(3, 12_000, id=0, x=0, y=9)], ['page.evaluate("window.scrollTo(0, 9)")', LOADED]),
        (16_001, [event(3, 13_000, id=0, x=0, y=9)], ['page.evaluate("window.scrollTo(0, 9)")', *BACK]),
        (13_000, [], [LOADED]),  # The page may lead on by itself.
        (16_001, [made.typed(13_000, "Lamp")], ['page.locator("#name").fill("Lamp")', LOADED]),
    ],
)
def test_where_apps_have_one_address_somebody_goes_back_if_nothing_was_done(
    at: int, done: Records, expected: list[str]
) -> None:
    views = [
        (made.meta(), snapshot(0), made.click(9_000)),
        (made.meta(10_000), snapshot(10_000), *done),
        (made.meta(at), snapshot(at), record(7, at + 1)),
    ]
    uploads = [
        made.segment(*records, view=f"v{n}", creation_reason="view_change" if n else "init")
        for n, records in enumerate(views)
    ]
    assert body(segments.steps(segments.open(uploads))) == [f"{PAY}.click()", LOADED, *expected]


def test_where_it_is_not_recorded_why_views_begin_nobody_goes_back_to_the_same_address() -> None:
    views = (made.meta(), snapshot(0), made.click(9_000)), (made.meta(10_000), snapshot(10_000)), (made.meta(20_000),)
    uploads = [
        made.segment(*records, snapshot(20_000), view=f"v{number}", creation_reason=None)
        if number == 2
        else made.segment(*records, view=f"v{number}", creation_reason=None)
        for number, records in enumerate(views)
    ]
    assert body(segments.steps(segments.open(uploads))) == [f"{PAY}.click()", LOADED, LOADED]


def test_a_view_alone_an_origin_a_test_id_and_a_name_can_be_chosen() -> None:
    marked = made.snapshot(0, element(400, "div", **{"data-qa": 'a"b'}))
    first = made.segment(made.meta(href="http://shop:1/a?b#c"), marked, made.click(1, 400), view="one")
    second = made.segment(made.meta(60_000), made.snapshot(60_000), made.click(60_001), view="two")
    recording = segments.open([first, second])
    source = segments.steps(
        recording, view=recording.views[0], base_url="https://staging/x/", test_id_attribute="data-qa", name="test_a"
    )
    assert "def test_a(page: Page) -> None:" in source
    assert 'page.goto("https://staging/x/a?b#c")' in source
    assert """page.locator('[data-qa="a\\\\22 b"]').click()""" in source
    assert "Pay" not in source


def test_constants_have_names_of_their_own() -> None:
    source = segments.steps(
        page(
            made.typed(1, "***"),
            *press(2, BUTTON),
            made.typed(3, "***"),
            made.typed(4, "***", PASSWORD),
            made.typed(5, "***", 304),
        )
    )
    assert source.split("\n\n\n")[0].splitlines()[4:] == [
        "",
        "import os",
        "",
        "from playwright.sync_api import Page",
        "",
        "# Fill these in: what was typed or selected there is not recorded.",
        'TEXT_NAME = "fill in"',
        'TEXT_USER = "fill in"',
        "# Passwords and the like come from the environment.",
        'PASSWORD_PW = os.environ["PASSWORD_PW"]',
    ]


HOSTILE = {
    "quotes": "\"\"\"''' \\",
    "an end of a line": "a\nimport os\r\nb",
    "separators": "a\u2028b\u2029c\x85d\x0b\x0c\x1c",
    "bidi": "\u202eevil\u2066",
    "surrogates": "\ud800 \udfff",
    "a terminal": "\x1b]0;x\x07\x9b2J",
    "directives": "fmt: off # fmt: skip # noqa # type: ignore",
    "a very long text": "word " * 40,
    "a very long word": "x" * 300,
    "wide": "漢字" * 30,
    "code": '"); import os; os.system("x',
    "braces": "{page} %s \\N{BULLET} \\x41 \\u0041",
    "emoji": "👨‍👩‍👧 ☺️ é",
    "nothing": "\u200b",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_whatever_is_recorded_is_only_text_in_formatted_source(hostile: str) -> None:
    parts = [
        element(400, "button", text(401, hostile), id=hostile, **{"data-testid": hostile}),
        element(402, "input", name=hostile, id="b", placeholder=hostile, **{"aria-label": hostile}),
        element(403, "select", element(404, "option", text(405, hostile)), id="c"),
        element(406, "canvas", **{"class": hostile}),
        element(407, hostile, text(408, hostile)),
        element(409, "input", name=hostile, type="password"),
    ]
    clicks = [made.click(at, node) for at, node in enumerate((400, 402, 406, 407), 1)]
    recording = made.recording(
        made.meta(href=f"http://shop/{hostile}"),
        made.snapshot(0, *parts),
        *clicks,
        made.typed(10, hostile, 402),
        made.typed(20_000, "***", 402),
        made.typed(20_001, hostile, 409),
        event(5, 20_002, id=403, text=hostile),
        made.click(20_003),
        made.meta(20_100, href=f"http://shop/?{hostile}"),
        session=hostile,
    )
    source = segments.steps(recording)
    tree = ast.parse(source)
    functions = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert {function.attr for function in functions if isinstance(function, ast.Attribute)} <= KNOWN
    assert {function.id for function in functions if isinstance(function, ast.Name)} <= {"expect"}
    assert sum(isinstance(node, ast.FunctionDef) for node in tree.body) == 1
    assert all(printable(line) == line for line in source.split("\n"))
    # A session whose id is no valid text has none.
    assert f"“{printable(hostile[:100])}”" in source or "\ud800" in hostile  # in one line of a comment
    command = [sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


KNOWN = {
    *(
        "set_viewport_size",
        "goto",
        "click",
        "fill",
        "select_option",
        "evaluate",
        "locator",
        "get_by_role",
        "get_by_label",
    ),
    *("get_by_placeholder", "get_by_test_id", "to_have_url", "compile", "nth"),
}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"name": "test it"}, "name must be the name of a function"),
        ({"name": "class"}, "name must be the name of a function"),
        ({"name": 5}, "name must be"),
        ({"base_url": "staging"}, "base_url must be a URL"),
        ({"base_url": "javascript:x"}, "base_url must be a URL"),
        ({"base_url": 5}, "base_url must be"),
        ({"test_id_attribute": 'x"]'}, "test_id_attribute must be a name"),
        ({"test_id_attribute": ""}, "test_id_attribute must be a name"),
        ({"view": "one"}, "view must be a View"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        segments.steps(made.page(), **options)


def test_there_are_no_steps_without_a_view_of_a_browser() -> None:
    with pytest.raises(SegmentError, match="no view is from one"):
        segments.steps(attrs.evolve(made.page(), views=()))
    with pytest.raises(SegmentError, match="no view is from one"):
        segments.steps(made.page(source="ios"))
    with pytest.raises(SegmentError, match="the views have no records"):
        segments.steps(made.recording())


def test_a_test_of_which_no_step_is_known_does_nothing() -> None:
    source = segments.steps(made.recording(made.meta(href="about:blank", width=None, height=None), made.click(5)))
    ast.parse(source)
    assert source.endswith("\n    pass\n")
