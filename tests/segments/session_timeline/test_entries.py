"""What a timeline says, and how."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments.session_timeline import TimelineElement
from rum_replay_emulator.mobile_sample import load_mobile_sample

from .. import made
from ..made import BOX, BUTTON, FIELD, OTHER, element, event, record

Records = list[dict[str, Any]]
LABEL, SELECT, OPTION, FRAME, RADIO, MASKED, EDITABLE, SECRET = range(200, 208)


def text(number: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": number, "textContent": content}


def page(*records: dict[str, Any], **metadata: Any) -> segments.Recording:
    fruit = (element(OPTION, "option", text(301, "Pear")), element(302, "option", text(303, "Fig")))
    parts = (
        element(LABEL, "label", text(300, "I agree"), **{"for": "agree"}),
        element(SELECT, "select", *fruit),
        element(FRAME, "iframe", id="bank"),
        element(RADIO, "input", type="radio", **{"aria-label": "By post"}),
        element(MASKED, "button", text(304, "xxxx xxx"), id="masked"),
        element(EDITABLE, "div", text(305, "Dear"), id="letter", contenteditable=""),
        element(SECRET, "input", id="secret-answer"),
    )
    return made.recording(made.meta(), made.snapshot(0, *parts), *records, **metadata)


def focus(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=5, id=node)


def press(at: float, node: int) -> Records:
    return [
        event(2, at, type=1, id=node, x=1, y=2),
        event(2, at, type=0, id=node, x=1, y=2),
        made.click(at, node, 1, 2),
    ]


SENT = {"parentId": made.BODY, "nextId": None, "node": element(350, "p", text(351, "Hi"))}


FILES = {"parentId": made.BODY, "nextId": None, "node": element(360, "input", id="files", type="file")}


def over(at: float, node: int, x: float = 1, y: float = 2) -> dict[str, Any]:
    """The mouse moves to a node."""
    return event(1, at, positions=[{"id": node, "timeOffset": 0, "x": x, "y": y}])


def new_field(number: int, name: str) -> dict[str, Any]:
    return {"parentId": made.BODY, "nextId": None, "node": element(number, "input", id=name)}


def new_form(number: int) -> dict[str, Any]:
    parts = element(number + 1, "input", id="answer"), element(number + 2, "button", text(number + 3, "Send"))
    return {"parentId": made.BODY, "nextId": None, "node": element(number, "form", *parts)}


EDITOR = 370
LINES = {"parentId": made.BODY, "nextId": None, "node": element(395, "textarea", id="lines")}


def editor(number: int, value: str, name: str = "title") -> dict[str, Any]:
    return {"parentId": made.BODY, "nextId": None, "node": element(number, "input", id=name, value=value)}


def again(value: str) -> dict[str, Any]:
    return editor(EDITOR + 1, value)


def new_code() -> dict[str, Any]:
    return made.mutation(2, adds=[editor(EDITOR, "", "otp")])


def shown(content: str, number: int = 380) -> dict[str, Any]:
    return {"parentId": OTHER, "nextId": None, "node": text(number, content)}


def blur(at: float, node: int) -> dict[str, Any]:
    return event(2, at, type=6, id=node)


NEW_EDITOR = made.mutation(2, adds=[editor(EDITOR, "Old")])
EDITOR_GONE = {"parentId": made.BODY, "id": EDITOR}
VALUE_SHOWN = made.mutation(900, removes=[EDITOR_GONE], adds=[shown("Ann")])
HIDDEN = {"parentId": made.BODY, "nextId": None, "node": element(396, "div", rr_width="9px", rr_height="9px")}
EDITED = [NEW_EDITOR, focus(3, EDITOR), made.typed(5, "An", EDITOR), made.typed(200, "Ann", EDITOR)]

CASES: dict[str, tuple[Records, list[str]]] = {
    "a click": ([made.click(1_000)], ["1000 click clicks button “Pay”"]),
    "a click without a name": ([made.click(5, OTHER)], ["5 click clicks button “#other”"]),
    "a click on masked text": ([made.click(5, MASKED)], ["5 click clicks button “#masked” (masked for privacy)"]),
    "a click on what frameworks hide on small screens, and what they cut out": (
        [
            made.mutation(
                1,
                adds=[
                    {
                        "parentId": made.BODY,
                        "nextId": None,
                        "node": element(
                            *(350, "nav", element(351, "button", text(352, "Help"), **{"class": "mask mask-star"})),
                            **{"class": "hidden md:flex"},
                        ),
                    }
                ],
            ),
            made.click(5, 351),
        ],
        ["5 click clicks button “Help”"],
    ),
    "a click on what a class of the SDK masks": (
        [
            made.mutation(1, attributes=[{"id": BUTTON, "attributes": {"class": "btn dd-privacy-mask"}}]),
            made.click(5),
        ],
        ["5 click clicks button “#pay” (masked for privacy)"],
    ),
    "a click beside everything": ([made.click(5, made.BODY)], ["5 click clicks the page"]),
    "a click of which only the release is recorded, on what the mouse was over": (
        [
            *(over(495, BUTTON), event(2, 500, type=0, id=made.HTML, x=2, y=2), made.click(501, made.HTML, 1, 2)),
            *press(1_000, OTHER)[:2],
            *(over(1_500, BUTTON), event(2, 1_510, type=0, id=made.HTML, x=2, y=2), made.click(1_511, made.HTML, 1, 2)),
        ],
        [
            "501 click clicks button “Pay”",
            "501 dead_click dead click: nothing reacts to the click on button “Pay”",
            "1511 click clicks button “Pay”",
        ],
    ),
    "a click of which only the release is recorded, elsewhere": (
        [over(5, BUTTON, 50), event(2, 10, type=0, id=made.HTML, x=2, y=2), made.click(11, made.HTML, 1, 2)],
        ["11 click clicks the page"],
    ),
    "a click of which only the release is recorded, on something beside": (
        [over(5, BUTTON), event(2, 10, type=0, id=OTHER, x=2, y=2), made.click(11, OTHER, 1, 2)],
        ["11 click clicks button “#other”"],
    ),
    "a click on nothing": ([made.click(5, 999)], ["5 click clicks something unknown: it is not in the recording"]),
    "typing": ([made.typed(5, "A"), made.typed(900, "Ada")], ["5 input types “Ada” into textbox “#name”"]),
    "typing after a pause": (
        [made.typed(5, "A"), made.typed(20_000, "Ada")],
        ["5 input types “A” into textbox “#name”", "20000 input types “Ada” into textbox “#name”"],
    ),
    "the same text again": ([made.typed(5, "A"), made.typed(20_000, "A")], ["5 input types “A” into textbox “#name”"]),
    "clearing": ([made.typed(5, " ")], ["5 input clears textbox “#name”"]),
    "messages in a field that is cleared when they are sent": (
        [made.typed(5, "A"), made.typed(90, "Ada"), made.typed(200, ""), made.typed(900, "B"), made.typed(990, "")],
        [
            "5 input types “Ada” into textbox “#name”",
            "200 input clears textbox “#name”",
            "900 input clears textbox “#name”",
        ],
    ),
    "messages in a form that is reset, which is not recorded": (
        [made.typed(5, "Ada"), made.typed(900, "B"), made.typed(990, "Bob"), made.typed(1_500, "B")],
        ["5 input types “Ada” into textbox “#name”", "900 input types “B” into textbox “#name”"],
    ),
    "letters that are typed for one of another script": (
        [made.typed(at, one) for at, one in ((5, "z"), (90, "zhong"), (600, "中"), (900, "中国"))],
        ["5 input types “中国” into textbox “#name”"],
    ),
    "a masked slider": (
        [
            made.snapshot(5, element(350, "input", type="range", title="Volume", value="***")),
            *(event(2, 900, type=5, id=350), made.typed(950, "***", 350)),
        ],
        ["950 input sets slider “Volume” (what is not recorded)"],
    ),
    "messages that are sent one after the other": (
        [made.typed(5, "Ada"), made.typed(200, ""), made.typed(900, "Bob"), made.typed(990, "")],
        [
            "5 input types “Ada” into textbox “#name”",
            "200 input clears textbox “#name”",
            "900 input types “Bob” into textbox “#name”",
            "990 input clears textbox “#name”",
        ],
    ),
    "masked typing": ([made.typed(5, "***")], ["5 input types into textbox “#name” (what is not recorded)"]),
    "text that is masked while it is typed": (
        [made.typed(5, "A"), made.typed(6, "***"), made.typed(7, "Abc")],
        ["5 input types into textbox “#name” (what is not recorded)"],
    ),
    "a secret": (
        [made.typed(5, "Rex", SECRET)],
        ["5 input types into textbox “#secret-answer” (a password or the like, never shown)"],
    ),
    "a field that becomes one for passwords": (
        [made.mutation(1, attributes=[{"id": FIELD, "attributes": {"type": "password"}}]), made.typed(5, "hunter2")],
        ["5 input types into input “#name” (a password or the like, never shown)"],
    ),
    "an update by a script": (
        [focus(1, OTHER), made.typed(2_000, "12")],
        ["2000 input a script or autofill puts “12” into textbox “#name”"],
    ),
    "a number that steps while a button beside it is held": (
        [
            *(focus(1, FIELD), made.typed(5, "1"), *press(1_000, OTHER)[:1], made.typed(1_300, "2")),
            *(made.typed(1_800, "3"), *press(1_900, OTHER)[1:]),
        ],
        [
            "5 input types “1” into textbox “#name”",
            "1300 input a script or autofill puts “3” into textbox “#name”",
            "1900 click clicks button “#other”",
        ],
    ),
    "a number in a field to which a button beside it leads the focus": (
        [*press(1_000, OTHER)[:1], focus(1_001, FIELD), made.typed(1_010, "2"), *press(1_080, OTHER)[1:]],
        [
            "1010 input a script or autofill puts “2” into textbox “#name”",
            "1080 click clicks button “#other”",
        ],
    ),
    "a number that steps because of a press that is not recorded": (
        [
            *(focus(1, FIELD), made.typed(5, "1"), over(900, OTHER), made.typed(1_000, "2"), made.typed(1_400, "3")),
            *press(1_500, OTHER)[1:],
        ],
        [
            "5 input types “1” into textbox “#name”",
            "1000 input a script or autofill puts “3” into textbox “#name”",
            "1500 click clicks button “#other”",
        ],
    ),
    "typing before a press that is not recorded, while the mouse was there": (
        [over(1, OTHER), focus(2, FIELD), made.typed(5, "1"), *press(900, OTHER)[1:]],
        ["5 input types “1” into textbox “#name”", "900 click clicks button “#other”"],
    ),
    "a box that is drawn anew": ([focus(1, OTHER), event(5, 2_000, id=BOX, isChecked=False)], []),
    "a box of the page that a script switches off": (
        [
            made.snapshot(5, element(350, "input", type="checkbox", title="News", checked=""), element(351, "button")),
            focus(6, 351),
            event(5, 2_000, id=350, isChecked=False),
        ],
        ["2000 check a script unchecks checkbox “News”"],
    ),
    "a new box that a script switches off": (
        [
            focus(1, OTHER),
            made.mutation(
                5,
                adds=[
                    {
                        "parentId": made.BODY,
                        "nextId": None,
                        "node": element(350, "input", type="checkbox", title="News", checked=""),
                    }
                ],
            ),
            event(5, 2_000, id=350, isChecked=False),
        ],
        ["2000 check a script unchecks checkbox “News”"],
    ),
    "a box that a script switches off": (
        [focus(1, OTHER), event(5, 2_000, id=BOX, isChecked=True), event(5, 2_100, id=BOX, isChecked=False)],
        [
            "2000 check a script checks checkbox “I agree”",
            "2100 check a script unchecks checkbox “I agree”",
        ],
    ),
    "a field that a script inserts and focuses": (
        [
            *press(1, BUTTON),
            focus(2, BUTTON),
            event(2, 3, type=6, id=BUTTON),
            made.mutation(20, adds=[new_field(400, "answer")]),
            made.typed(900, "T", 400),
            made.typed(950, "Th", 400),
        ],
        ["1 click clicks button “Pay”", "900 input types “Th” into textbox “#answer”"],
    ),
    "enter in a field that a script inserts and focuses": (
        [
            *press(1, BUTTON),
            event(2, 3, type=6, id=BUTTON),
            made.mutation(20, adds=[new_form(400)]),
            made.typed(900, "T", 401),
            made.click(950, 402, 0, 0),
        ],
        [
            "1 click clicks button “Pay”",
            "900 input types “T” into textbox “#answer”",
            "950 click uses button “Send” by the keyboard",
        ],
    ),
    "fields that a script inserts and fills": (
        [
            *press(1, BUTTON),
            event(2, 3, type=6, id=BUTTON),
            made.mutation(20, adds=[new_field(400, "answer"), new_field(410, "other-answer")]),
            made.typed(900, "T", 400),
            made.typed(901, "U", 410),
        ],
        [
            "1 click clicks button “Pay”",
            "900 input types “T” into textbox “#answer”",
            "901 input a script or autofill puts “U” into textbox “#other-answer”",
        ],
    ),
    "a field that a script inserts while another has focus": (
        [focus(1, FIELD), made.mutation(20, adds=[new_field(400, "answer")]), made.typed(900, "T", 400)],
        ["900 input a script or autofill puts “T” into textbox “#answer”"],
    ),
    "a field that was there when the focus was lost": (
        [
            focus(1, OTHER),
            made.mutation(20, adds=[new_field(400, "answer")]),
            event(2, 30, type=6, id=OTHER),
            made.typed(900, "T", 400),
        ],
        ["900 input a script or autofill puts “T” into textbox “#answer”"],
    ),
    "a slider that moves before it gets the focus": (
        [
            focus(1, FIELD),
            made.mutation(2, attributes=[{"id": SECRET, "attributes": {"id": "volume", "type": "range"}}]),
            *press(900, SECRET)[:1],
            made.typed(900, "50", SECRET),
            focus(901, SECRET),
            *press(902, SECRET)[1:],
        ],
        ["900 input sets slider “#volume” to “50”", "902 click clicks slider “#volume”"],
    ),
    "a suggestion that was clicked": (
        [focus(1, FIELD), made.typed(5, "A"), *press(2_000, OTHER), made.typed(2_040, "Ada")],
        [
            "5 input types “A” into textbox “#name”",
            "2000 click clicks button “#other”",
            "2040 input a script or autofill puts “Ada” into textbox “#name”",
        ],
    ),
    "messages that are sent": (
        [
            *(focus(1, FIELD), made.typed(5, "H"), made.typed(6, "Hi"), made.typed(900, "")),
            *(made.mutation(950, adds=[SENT]), made.typed(1_500, "Bye"), made.typed(2_000, "")),
        ],
        [
            "5 input types “Hi” into textbox “#name”",
            "900 input clears textbox “#name”, perhaps by Enter",
            "1500 input types “Bye” into textbox “#name”",
            "2000 input clears textbox “#name”",
        ],
    ),
    "tags that the page adds in the same record": (
        [
            *(focus(1, FIELD), made.typed(5, "re"), made.typed(400, "red")),
            *(made.mutation(500, adds=[SENT]), made.typed(500, "")),
        ],
        ["5 input types “red” into textbox “#name”", "500 input clears textbox “#name”, perhaps by Enter"],
    ),
    "a text whose field goes as it is shown": (
        [*EDITED, VALUE_SHOWN, made.click(2_000)],
        [
            "5 input types “Ann” into textbox “#title”, then perhaps presses Enter",
            "2000 click clicks button “Pay”",
        ],
    ),
    "a text whose field goes as what was there before is shown again": (
        [*EDITED, made.mutation(900, removes=[EDITOR_GONE], adds=[shown("Old")]), made.click(2_000)],
        [
            "5 input types “Ann” into textbox “#title”, then perhaps presses Escape",
            "2000 click clicks button “Pay”",
        ],
    ),
    "a text whose field goes as both are shown, what was typed and what was there before": (
        [*EDITED, made.mutation(900, removes=[EDITOR_GONE], adds=[shown("Old", 480), shown("Ann")]), made.click(2_000)],
        [
            "5 input types “Ann” into textbox “#title”, then perhaps presses Enter",
            "2000 click clicks button “Pay”",
        ],
    ),
    "a text whose field goes long before the page shows it": (
        [
            *(*EDITED, made.mutation(900, removes=[EDITOR_GONE])),
            *(event(1, 2_000, positions=[]), made.mutation(2_100, adds=[shown("Ann")])),
        ],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field loses the focus to nothing": (
        [*EDITED, blur(900, EDITOR), event(1, 1_100, positions=[]), made.click(2_000)],
        [
            "5 input types “Ann” into textbox “#title”, then perhaps presses Enter",
            "2000 click clicks button “Pay”",
        ],
    ),
    "a masked text whose field goes": (
        [NEW_EDITOR, focus(3, EDITOR), made.typed(5, "***", EDITOR), VALUE_SHOWN],
        ["5 input types into textbox “#title” (what is not recorded), then perhaps presses Enter"],
    ),
    "a text whose field goes and that is shown later, in another form": (
        [
            *(*EDITED, made.typed(300, "1200", EDITOR), made.mutation(900, removes=[EDITOR_GONE])),
            made.mutation(1_200, adds=[shown("$1,200")]),
        ],
        ["5 input types “1200” into textbox “#title”, then perhaps presses Enter"],
    ),
    "a text whose field goes while the page shows something else": (
        [*EDITED, made.mutation(900, removes=[EDITOR_GONE], adds=[shown("10 % off")]), made.click(3_000)],
        ["5 input types “Ann” into textbox “#title”", "3000 click clicks button “Pay”"],
    ),
    "a text whose field is drawn anew some time later": (
        [*EDITED, VALUE_SHOWN, made.mutation(1_300, adds=[again("Ann")]), event(1, 2_000, positions=[])],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field gives way to the next one": (
        [*EDITED, made.mutation(900, removes=[EDITOR_GONE], adds=[shown("Ann"), again("Bob")])],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field goes with its last letter": (
        [*EDITED, made.mutation(290, removes=[EDITOR_GONE], adds=[shown("Ann")])],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field loses the focus with its last letter": (
        [*EDITED, blur(202, EDITOR), VALUE_SHOWN],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field the page disables": (
        [
            *(*EDITED, made.mutation(890, attributes=[{"id": EDITOR, "attributes": {"disabled": ""}}])),
            *(blur(900, EDITOR), event(1, 1_100, positions=[])),
        ],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field may lose the focus to what is hidden for privacy": (
        [made.mutation(1, adds=[HIDDEN]), *EDITED, blur(900, EDITOR), event(1, 1_100, positions=[])],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field goes where something else is pressed": (
        [
            *(*EDITED, event(2, 850, type=1, id=BUTTON, x=1, y=2), blur(851, EDITOR)),
            VALUE_SHOWN,
        ],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field goes when the focus goes on": (
        [*EDITED, blur(890, EDITOR), focus(891, OTHER), VALUE_SHOWN],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field goes with its page": (
        [*EDITED, VALUE_SHOWN, made.meta(1_100, href="http://shop/b")],
        ["5 input types “Ann” into textbox “#title”", "1100 page goes to “http://shop/b”"],
    ),
    "a text whose field goes with its view": (
        [*EDITED, VALUE_SHOWN, record(7, 1_100)],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text that is deleted letter by letter before its field goes": (
        [NEW_EDITOR, focus(3, EDITOR), made.typed(5, "A", EDITOR), made.typed(300, "", EDITOR), VALUE_SHOWN],
        ["5 input clears textbox “#title”"],
    ),
    "a text whose field goes with its form, in which Enter would have clicked a button": (
        [
            *(made.mutation(2, adds=[new_form(390)]), focus(3, 391), made.typed(5, "Hi", 391)),
            *(made.mutation(900, removes=[{"parentId": made.BODY, "id": 390}]), event(1, 2_000, positions=[])),
        ],
        ["5 input types “Hi” into textbox “#answer”"],
    ),
    "lines of text that lose the focus to nothing": (
        [
            *(made.mutation(2, adds=[LINES]), focus(3, 395), made.typed(5, "Hi", 395), blur(900, 395)),
            event(1, 1_100, positions=[]),
        ],
        ["5 input types “Hi” into textbox “#lines”"],
    ),
    "a text whose field is drawn anew": (
        [*EDITED, made.mutation(900, removes=[EDITOR_GONE], adds=[again("Ann")]), event(1, 2_000, positions=[])],
        ["5 input types “Ann” into textbox “#title”"],
    ),
    "a text whose field goes as its list is scrolled": (
        [*EDITED, event(3, 880, id=made.ROOT, x=0, y=9), VALUE_SHOWN],
        ["5 input types “Ann” into textbox “#title”", "880 scroll scrolls the page to 9 px down"],
    ),
    "scrolling of what has just gone": ([event(3, 50, id=999, x=0, y=9)], []),
    "a code whose field goes": (
        [new_code(), focus(3, EDITOR), made.typed(5, "123456", EDITOR), VALUE_SHOWN],
        ["5 input types into textbox “#otp” (a password or the like, never shown)"],
    ),
    "a search that its field clears where that is clicked": (
        [
            *(focus(1, FIELD), made.typed(5, "H"), made.typed(6, "Hi"), event(2, 850, type=1, id=FIELD, x=1, y=2)),
            *(event(2, 900, type=0, id=FIELD, x=1, y=2), made.typed(900, ""), made.click(901, FIELD, 1, 2)),
            made.mutation(950, adds=[SENT]),
        ],
        [
            "5 input types “Hi” into textbox “#name”",
            "900 input clears textbox “#name”",
            "901 click clicks textbox “#name”",
        ],
    ),
    "a file, for which a button shows the dialog": (
        [
            focus(4, OTHER),
            *press(5, BUTTON),
            made.mutation(10, adds=[FILES]),
            made.typed(3_000, "C:\\fakepath\\a.txt", 360),
        ],
        ["5 click clicks button “Pay”", "3000 input chooses the file “a.txt” for input “#files”"],
    ),
    "a file that the page takes": (
        [
            *(*press(5, BUTTON), made.mutation(10, adds=[FILES]), made.typed(3_000, "C:\\fakepath\\a.txt", 360)),
            *(made.typed(3_010, "", 360), made.mutation(3_020, adds=[SENT])),
        ],
        [
            "5 click clicks button “Pay”",
            "3000 input chooses the file “a.txt” for input “#files”",
            "3010 input a script clears input “#files”",
        ],
    ),
    "a list that opens before the press on what shows it is a click, of which nothing else is recorded": (
        [
            *(*press(5, OTHER), made.mutation(20, adds=[FILES])),
            *(over(2_000, BUTTON, 30), made.click(2_100, made.BODY, 55, 2)),
        ],
        ["5 click clicks button “#other”", "2100 click clicks button “Pay”"],
    ),
    "a tag that the page adds after suggestions for it": (
        [
            *(focus(1, FIELD), made.typed(5, "H"), made.mutation(20, adds=[{**SENT, "node": element(352, "p")}])),
            *(made.typed(400, "Hi"), made.typed(900, ""), made.mutation(950, adds=[SENT])),
        ],
        ["5 input types “Hi” into textbox “#name”", "900 input clears textbox “#name”, perhaps by Enter"],
    ),
    "a message that a click on a button sends": (
        [
            *(focus(1, EDITABLE), *press(2_000, OTHER), focus(2_010, EDITABLE)),
            made.mutation(2_120, adds=[SENT], texts=[{"id": 305, "value": ""}]),
        ],
        [
            "2000 click clicks button “#other”",
            "2120 input a script clears div “#letter”",
        ],
    ),
    "messages in quick succession": (
        [
            *(focus(1, FIELD), made.typed(5, "Hi"), made.typed(900, ""), made.typed(930, "B")),
            *(made.mutation(950, adds=[SENT, {**SENT, "node": element(352, "p")}]), made.typed(1_500, "Bye")),
            *(made.typed(2_000, ""), made.mutation(2_050, adds=[{**SENT, "node": element(353, "p")}])),
        ],
        [
            "5 input types “Hi” into textbox “#name”",
            "900 input clears textbox “#name”, perhaps by Enter",
            "930 input types “Bye” into textbox “#name”",
            "2000 input clears textbox “#name”, perhaps by Enter",
        ],
    ),
    "a filter that is cleared": (
        [
            *(focus(1, FIELD), made.typed(5, "Hi"), made.mutation(50, adds=[SENT])),
            *(made.typed(900, ""), made.mutation(950, adds=[{**SENT, "node": element(352, "p")}])),
        ],
        ["5 input types “Hi” into textbox “#name”", "900 input clears textbox “#name”"],
    ),
    "a filter of what the page has that is cleared": (
        [
            *(focus(1, FIELD), made.typed(5, "He"), made.mutation(50, removes=[{"parentId": BOX, "id": OTHER}])),
            *(made.typed(900, ""), made.mutation(950, adds=[SENT])),
        ],
        ["5 input types “He” into textbox “#name”", "900 input clears textbox “#name”"],
    ),
    "a filter that is cleared after something else": (
        [
            *(focus(1, FIELD), made.typed(5, "He"), *press(2_000, FIELD)),
            *(made.typed(3_900, ""), made.mutation(3_950, adds=[SENT])),
        ],
        [
            "5 input types “He” into textbox “#name”",
            "2000 click clicks textbox “#name”",
            "3900 input clears textbox “#name”",
        ],
    ),
    "a message that is sent after something else": (
        [
            *(focus(1, FIELD), made.typed(5, "Hi"), *press(2_000, FIELD)),
            *(made.typed(3_900, ""), made.mutation(3_950, adds=[SENT])),
        ],
        [
            "5 input types “Hi” into textbox “#name”",
            "2000 click clicks textbox “#name”",
            "3900 input clears textbox “#name”, perhaps by Enter",
        ],
    ),
    "a message that is sent just before a new page": (
        [
            *(focus(1, FIELD), made.typed(5, "Hi"), made.typed(900, "")),
            *(made.snapshot(920), made.mutation(950, adds=[SENT])),
        ],
        ["5 input types “Hi” into textbox “#name”", "900 input clears textbox “#name”"],
    ),
    "typing on a new page, whose focus is not known": (
        [focus(1, OTHER), made.snapshot(500), made.typed(900, "Ada")],
        ["900 input types “Ada” into textbox “#name”"],
    ),
    "a key or a script on a new page, whose focus is not known": (
        [*press(1, OTHER), focus(2, BUTTON), made.snapshot(500), made.click(2_000, BUTTON, 0, 0)],
        ["1 click clicks button “#other”", "2000 click a script or key clicks button “Pay”"],
    ),
    "typing after a script": (
        [focus(1, FIELD), *press(1_000, OTHER), made.typed(1_040, "Ada"), made.typed(3_000, "Ada L")],
        [
            "1000 click clicks button “#other”",
            "1040 input a script or autofill puts “Ada” into textbox “#name”",
            "3000 input types “Ada L” into textbox “#name”",
        ],
    ),
    "an edited message that is sent": (
        [
            *(focus(1, EDITABLE), made.mutation(5, texts=[{"id": 305, "value": "Hi"}])),
            *(made.mutation(900, texts=[{"id": 305, "value": ""}]), made.mutation(950, adds=[SENT])),
        ],
        ["5 input types “Hi” into div “#letter”", "900 input clears div “#letter”, perhaps by Enter"],
    ),
    "a letter that is deleted": (
        [made.typed(5, "Hi"), made.typed(6, "H"), made.typed(7, "")],
        ["5 input clears textbox “#name”"],
    ),
    "a field that a script clears": (
        [focus(1, FIELD), made.typed(5, "Hi"), *press(900, OTHER), focus(901, OTHER), made.typed(2_500, "")],
        [
            "5 input types “Hi” into textbox “#name”",
            "900 click clicks button “#other”",
            "900 dead_click dead click: nothing reacts to the click on button “#other”",
            "2500 input a script clears textbox “#name”",
        ],
    ),
    "editing": (
        [focus(1, EDITABLE), made.mutation(5, texts=[{"id": 305, "value": "Dear all"}])],
        ["5 input types “Dear all” into div “#letter”"],
    ),
    "an editor that changes its page when it gets the focus": (
        [
            focus(1, EDITABLE),
            made.mutation(5, adds=[{"parentId": EDITABLE, "nextId": None, "node": element(400, "br")}]),
            made.mutation(900, texts=[{"id": 305, "value": "\u2060Dear \ufeffall\u200b"}]),
            made.mutation(20_000, texts=[{"id": 305, "value": "Dear all"}]),
        ],
        ["900 input types “Dear all” into div “#letter”"],
    ),
    "masked text that is edited": (
        [
            *(focus(1, EDITABLE), made.mutation(5, texts=[{"id": 305, "value": "xxxx xx"}])),
            *(made.mutation(90, texts=[{"id": 305, "value": "xxxx xxx"}]), focus(20_000, EDITABLE)),
            made.mutation(20_005, texts=[{"id": 305, "value": "xxxx xxx xx"}]),
        ],
        [f"{at} input types into div “#letter” (masked for privacy) (what is not recorded)" for at in (5, 20_005)],
    ),
    "what browsers scroll in a field or label": ([event(3, 5, id=one, x=30, y=0) for one in (FIELD, LABEL)], []),
    "a change beside what is edited": ([focus(1, EDITABLE), made.mutation(5, texts=[{"id": 100, "value": "Buy"}])], []),
    "a check box": ([event(5, 5, id=BOX, isChecked=True)], ["5 check checks checkbox “I agree”"]),
    "switching it off": (
        [event(5, 5, id=BOX, isChecked=True), event(5, 2_000, id=BOX, isChecked=False)],
        ["5 check checks checkbox “I agree”", "2000 check unchecks checkbox “I agree”"],
    ),
    "what a script sets as it draws the page, and what is typed afterwards": (
        [
            made.snapshot(
                5,
                element(350, "input", title="Seats", value="1"),
                element(351, "input", title="Name", value="***"),
                element(352, "input", title="City", value="***"),
                element(353, "input", type="checkbox", title="News"),
            ),
            *(made.typed(9, "1", 350), made.typed(9, "***", 351), event(5, 9, id=353, isChecked=False)),
            *(made.typed(2_000, "12", 350), made.typed(4_000, "***", 352)),
        ],
        [
            "2000 input types “12” into textbox “Seats”",
            "4000 input types into textbox “City” (what is not recorded)",
        ],
    ),
    "dates and numbers, which are empty until they are whole": (
        [
            made.snapshot(
                5,
                element(350, "input", type="date", title="Day", value="2026-05-06"),
                element(351, "input", type="number", title="Seats", value="12"),
            ),
            *(made.typed(900, "", 350), made.typed(1_000, "2026-07-06", 350)),
            *(made.typed(2_000, "", 351), made.typed(2_100, "-5", 351), made.typed(3_000, "", 351)),
        ],
        [
            "900 input types “2026-07-06” into input “Day”",
            "2000 input clears spinbutton “Seats”",
        ],
    ),
    "what a script sets as it draws a new field once more": (
        [
            made.mutation(
                5, adds=[{"parentId": made.BODY, "nextId": None, "node": element(350, "input", value="Ada")}]
            ),
            made.typed(900, "Ada", 350),
        ],
        [],
    ),
    "a radio button": (
        [event(5, 5, id=RADIO, isChecked=True), event(5, 6, id=RADIO, isChecked=False)],
        ["5 check chooses radio “By post”"],
    ),
    "a label": (
        [*press(5, LABEL), made.click(6, BOX, 1, 2), event(5, 7, id=BOX, isChecked=True)],
        [
            "5 click clicks label “I agree”",
            "6 click the label clicks checkbox “I agree”",
            "7 check checks checkbox “I agree”",
        ],
    ),
    "a label on a slow page": (
        [*press(5, LABEL), made.click(400, BOX, 0, 0), event(5, 401, id=BOX, isChecked=True)],
        [
            "5 click clicks label “I agree”",
            "400 click the label clicks checkbox “I agree”",
            "401 check checks checkbox “I agree”",
        ],
    ),
    "a selection": ([event(5, 5, id=SELECT, text="Fig")], ["5 select selects “Fig” in combobox “body > select”"]),
    "an option that is chosen from a list, after which Chromium adds a click": (
        [*press(5, SELECT), event(5, 700, id=SELECT, text="Fig"), made.click(703, SELECT, 0, 124)],
        ["5 click clicks combobox “body > select”", "700 select selects “Fig” in combobox “body > select”"],
    ),
    "a masked selection": (
        [event(5, 5, id=SELECT, text="***")],
        ["5 select selects an option (which is not recorded) in combobox “body > select”"],
    ),
    "a key": (
        [*press(1, OTHER), focus(2, BUTTON), made.click(2_000, BUTTON, 0, 0)],
        [
            "1 click clicks button “#other”",
            "1 dead_click dead click: nothing reacts to the click on button “#other”",
            "2000 click uses button “Pay” by the keyboard",
        ],
    ),
    "a key where nothing is pressed": (
        [focus(2, BUTTON), made.click(2_000, BUTTON, 0, 0), made.click(9_000, OTHER, 0, 0)],
        [
            "2000 click uses button “Pay” by the keyboard",
            "9000 click a script or key clicks button “#other”",
        ],
    ),
    "enter in a field that had the focus before the recording began": (
        [made.snapshot(2, new_form(350)["node"]), made.typed(5, "T", 351), made.click(2_000, 352, 0, 0)],
        ["5 input types “T” into textbox “#answer”", "2000 click uses button “Send” by the keyboard"],
    ),
    "scrolling": (
        [event(3, 5, id=0, x=0, y=10), event(3, 50, id=0, x=3, y=300), event(3, 90, id=0, x=3, y=200)],
        [
            "5 scroll scrolls the page to 300 px down and 3 px across",
            "90 scroll scrolls the page to 200 px down and 3 px across",
        ],
    ),
    "scrolling down and at once up again": (
        [event(3, at, id=0, x=0, y=y) for at, y in ((5, 300), (90, 0))],
        ["5 scroll scrolls the page to 300 px down", "90 scroll scrolls the page to 0 px down"],
    ),
    "scrolling that is back where it was when it is recorded": (
        [event(3, at, id=0, x=0, y=y) for at, y in ((5, 0), (90, 300), (5000, 300))],
        ["90 scroll scrolls the page to 300 px down"],
    ),
    "scrolling far": (
        [event(3, 5, id=0, x=0, y=1_234_567.4)],
        ["5 scroll scrolls the page to 1234567 px down"],
    ),
    "scrolling two things at once": (
        [event(3, 5, id=0, x=0, y=10), event(3, 6, id=EDITABLE, x=0, y=1), event(3, 7, id=0, x=0, y=20)],
        ["5 scroll scrolls the page to 20 px down", "6 scroll scrolls div “#letter” to 1 px down"],
    ),
    "a new size": (
        [event(4, 5, width=900, height=650), event(4, 40, width=800, height=600.25)],
        ["5 resize resizes the window to 800 × 600 px"],
    ),
    "losing focus": (
        [
            record(6, 5, {"has_focus": True}),
            record(6, 1_000, {"has_focus": False}),
            record(6, 3_500, {"has_focus": True}),
        ],
        [
            "1000 focus_lost leaves the page: its window loses focus",
            "3500 focus_back comes back to the page after 2.5 s",
        ],
    ),
    "text that is selected from one element to another": (
        [
            made.snapshot(2, element(350, "p", text(351, "One")), element(352, "p", text(353, "Two"))),
            *(event(2, 5, type=1, id=350, x=10, y=10), event(2, 900, type=0, id=352, x=40, y=50)),
            *(made.click(901, made.BODY, 40, 50), event(2, 9_000, type=1, id=352, x=40, y=50)),
        ],
        ["901 click the drag ends in a click on the page"],
    ),
    "a frame": (
        [event(1, 4, positions=[{"x": 1, "y": 1, "id": FRAME, "timeOffset": 0}]), record(6, 5, {"has_focus": False})],
        ["5 focus_lost leaves the page: its window loses focus, probably to the content of iframe “#bank”"],
    ),
    "the only frame, where the mouse was seen last beside it": (
        [record(6, 3, {"has_focus": True}), over(4, BUTTON), record(6, 5, {"has_focus": True})],
        ["5 focus_lost goes into the content of iframe “#bank”, which is not recorded"],
    ),
    "one of two frames": (
        [
            made.snapshot(
                2,
                element(350, "iframe", id="card"),
                element(351, "iframe", id="code"),
                element(352, "iframe", style="display: none"),
                element(353, "iframe", height="0"),
                element(354, "p"),
            ),
            *(record(6, 3, {"has_focus": True}), over(4, 351), record(6, 5, {"has_focus": True})),
            *(record(6, 1_005, {"has_focus": True}), over(1_006, 354), record(6, 2_005, {"has_focus": True})),
        ],
        [
            "5 focus_lost goes into the content of a frame, probably iframe “#code”, which is not recorded",
            "1005 focus_back comes back to the page after 1.0 s",
            "2005 focus_lost goes into the content of a frame, which is not recorded",
        ],
    ),
    "frames of scripts only, and the focus before another snapshot": (
        [
            made.snapshot(2, element(350, "iframe", width="1", height="1")),
            *(record(6, 3, {"has_focus": True}), record(6, 1_005, {"has_focus": True})),
            *(made.snapshot(2_000, element(350, "iframe")), made.meta(3_000), record(6, 3_000, {"has_focus": True})),
            made.snapshot(3_000),
        ],
        [],
    ),
    "a frame that another snapshot has too": (
        [
            *(made.snapshot(2, element(350, "iframe")), made.snapshot(1_000, element(350, "iframe", id="card"))),
            *(record(6, 1_200, {"has_focus": True}), record(6, 2_000, {"has_focus": True})),
        ],
        ["2000 focus_lost goes into the content of iframe “#card”, which is not recorded"],
    ),
    "a frame that is inserted, beside one in a hidden part": (
        [
            made.snapshot(2, element(350, "div", element(351, "iframe", id="ad"), hidden="")),
            made.mutation(9, adds=[{"parentId": made.BODY, "nextId": None, "node": element(360, "iframe", id="card")}]),
            *(record(6, 1_200, {"has_focus": True}), record(6, 2_000, {"has_focus": True})),
        ],
        ["2000 focus_lost goes into the content of iframe “#card”, which is not recorded"],
    ),
    "a page that is clicked while a frame has had the focus from the start": (
        [
            record(6, 3, {"has_focus": True}),
            *(event(2, 5, type=1, id=BUTTON, x=1, y=1), record(6, 6, {"has_focus": True})),
            *(made.click(90, BUTTON, 1, 1), made.mutation(95), record(6, 2_005, {"has_focus": True})),
        ],
        [
            "90 click clicks button “Pay”",
            "90 dead_click dead click: nothing reacts to the click on button “Pay”",
            "2005 focus_lost goes into the content of iframe “#bank”, which is not recorded",
        ],
    ),
    "a frame in a window that keeps the focus": (
        [
            *(record(6, 3, {"has_focus": True}), over(4, FRAME), record(6, 5, {"has_focus": True})),
            *(over(1_990, BUTTON), record(6, 2_005, {"has_focus": True}), record(6, 2_006, {"has_focus": True})),
        ],
        [
            "5 focus_lost goes into the content of iframe “#bank”, which is not recorded",
            "2005 focus_back comes back to the page after 2.0 s",
        ],
    ),
    "a dead click": (
        [made.click(5), event(1, 2_000, positions=[])],
        ["5 click clicks button “Pay”", "5 dead_click dead click: nothing reacts to the click on button “Pay”"],
    ),
    "scrolling between fast clicks": (
        [
            *(made.click(5 + 100 * number) for number in range(3)),
            event(3, 220, id=0, x=0, y=1),
            event(1, 9_000, positions=[]),
        ],
        [
            "5 click clicks button “Pay”",
            "5 dead_click dead click: nothing reacts to the click on button “Pay”",
            "105 click clicks button “Pay”",
            "105 dead_click dead click: nothing reacts to the click on button “Pay”",
            "205 click clicks button “Pay”",
            "220 scroll scrolls the page to 1 px down",
        ],
    ),
    "text without a role": ([made.click(5, EDITABLE)], ["5 click clicks div “Dear”"]),
    "another address": (
        [made.meta(5, href="http://shop/b"), made.meta(6, href="http://shop/b")],
        ["5 page goes to “http://shop/b”"],
    ),
    "another button of the mouse": (
        [event(2, 5, type=3, id=BUTTON, x=1, y=1)],
        ["5 context_menu opens the context menu of button “Pay”"],
    ),
}


def listed(recording: segments.Recording) -> list[str]:
    return [f"{entry.time} {entry.kind} {entry.text}" for entry in segments.timeline(recording)]


@pytest.mark.parametrize("name", CASES)
def test_what_is_listed(name: str) -> None:
    records, expected = CASES[name]
    first, *entries, last = listed(page(*records))
    assert first == "0 page opens “http://shop/”"
    assert last.endswith(" end the recording of this tab ends")
    assert entries == expected


def test_rage_and_dead_clicks_follow_the_first_click_that_they_are_about() -> None:
    clicks = [made.click(1_000 + 200 * number) for number in range(5)]
    entries = [entry.split(maxsplit=2) for entry in listed(page(*clicks, event(1, 40_000, positions=[])))]
    assert [(time, kind) for time, kind, _ in entries] == [
        ("0", "page"),
        ("1000", "click"),
        ("1000", "rage_click"),
        ("1000", "dead_click"),
        *((str(time), "click") for time in (1200, 1400, 1600, 1800)),
        ("40000", "end"),
    ]
    assert entries[2][2] == "rage click: 5 clicks on button “Pay”"


def test_recorded_frustration_is_listed_where_it_happened() -> None:
    down = {**event(2, 1_000, type=1, id=BUTTON), "id": 7}
    noticed = record(9, 1_000, {"frustrationTypes": ["rage_click", "error_click"], "recordIds": [7]})
    entries = listed(page(down, made.click(1_050), made.typed(1_400, "A"), noticed, made.typed(20_000, "B")))
    assert entries[1:3] == [
        "1000 frustration frustration recorded by the SDK: “rage click, error click” on button “Pay”",
        "1050 click clicks button “Pay”",
    ]


def test_frustration_with_something_unknown_is_not_said_to_be_with_the_page() -> None:
    noticed = record(9, 1_000, {"frustrationTypes": ["error_click"], "recordIds": [7]})
    entries = listed(page(made.click(900, 999), noticed, event(1, 5_000, positions=[])))
    unknown = "something unknown: it is not in the recording"
    assert entries[1:4] == [
        f"900 click clicks {unknown}",
        "900 frustration frustration recorded by the SDK: “error click”",
        f"900 dead_click dead click: nothing reacts to the click on {unknown}",
    ]


def test_after_a_gap_nothing_is_attributed_until_the_next_snapshot() -> None:
    strings = [0, "#document", "html", "button", "id", "pay", "Pay", "#text"]
    whole = [strings, [1, [None, 0], [1, 1], [1, 2, [3, 4]]]]
    first = made.segment(made.meta(), record(2, 0, whole, format=1), made.click(10, 2))
    lost = made.segment(
        made.click(5_000, 2),
        made.change(5_001, [12, [2, 5]]),
        record(2, 6_000, whole, format=1),
        made.click(7_000, 2),
        index_in_view=2,
        has_full_snapshot=False,
    )
    entries = listed(segments.open([first, lost]))
    assert entries[2].startswith("10 gap gap: segment 1 is missing; what happened is not known, and what is changed")
    assert [entry for entry in entries if " click clicks" in entry or " gap " in entry] == [
        "10 click clicks button “#pay”",
        *entries[2:3],
        "5000 click clicks something unknown: segment 1 is missing",
        "7000 click clicks button “#pay”",
    ]


def test_where_ids_are_written_elements_are_known_after_a_gap() -> None:
    first = made.segment(made.meta(), made.snapshot())
    third = made.segment(made.click(5_000), index_in_view=3, has_full_snapshot=False)
    entries = listed(segments.open([first, third]))
    assert entries[1].startswith("0 gap gap: segments 1 to 2 are missing; ")
    assert entries[2] == "5000 click clicks button “Pay”"


def test_missing_beginnings_and_cut_segments_are_gaps() -> None:
    late = made.segment(made.meta(9_000), made.snapshot(9_000), index_in_view=2)
    assert [entry.split(";")[0] for entry in listed(segments.open(late))[:2]] == [
        "0 gap gap: segments 0 to 1 are missing",
        "0 page opens “http://shop/”",
    ]
    whole = made.segment(made.meta(), made.snapshot(), made.click(5), made.click(6))
    cut = segments.open([whole[: whole.rindex(b'{"type": 3')]])
    assert " gap gap: records are missing, because a segment without an index is cut; " in listed(cut)[-2]
    stated = made.page(made.click(5), records_count=9)
    assert " gap gap: records are missing: segment 0 states 9, and has 3; " in listed(stated)[1]


def test_an_entry_has_everything_that_programs_need() -> None:
    entry = [*segments.timeline(page(made.click(1_500)))][1]
    assert entry.element == TimelineElement(
        role="button", name="Pay", tag="button", text="Pay", selector="#pay", privacy=None
    )
    assert entry.to_dict() == {
        "kind": "click",
        "time": 1_500,
        "timestamp": made.START + 1_500,
        "session_id": "session",
        "view_id": "view",
        "tab": 1,
        "text": "clicks button “Pay”",
        "element": {
            "role": "button",
            "name": "Pay",
            "text": "Pay",
            "tag": "button",
            "selector": "#pay",
            "privacy": None,
            "beside": None,
        },
        "details": {"x": 10, "y": 20},
        "fragment": "#t=1.5",
    }
    with pytest.raises(AttributeError):
        entry.kind = "end"


def test_a_title_is_listed_unless_it_is_masked() -> None:
    def titled(title: str) -> list[str]:
        head = element(400, "head", element(401, "title", text(402, title)))
        snapshot = made.snapshot()
        snapshot["data"]["node"]["childNodes"][0]["childNodes"].insert(0, head)
        return listed(made.recording(made.meta(), snapshot))

    assert titled("Shop")[0] == "0 page opens “http://shop/”, titled “Shop”"
    assert titled("xxxx xx")[0] == "0 page opens “http://shop/”"


def test_a_page_has_the_title_that_scripts_give_it_after_its_address() -> None:
    opened = made.snapshot()
    title = element(500, "title", text(501, "Home"))
    opened["data"]["node"]["childNodes"][0]["childNodes"].insert(0, element(502, "head", title))
    recorded = made.recording(
        *(made.meta(), opened, made.meta(9_000, href="http://shop/hats")),
        *(made.mutation(9_300, texts=[{"id": 501, "value": "Hats"}]), made.meta(20_000, href="http://shop/cart")),
        made.mutation(25_000, texts=[{"id": 501, "value": "(1) Cart"}]),
    )
    assert listed(recorded)[:3] == [
        "0 page opens “http://shop/”, titled “Home”",
        "9000 page goes to “http://shop/hats”, titled “Hats”",
        "20000 page goes to “http://shop/cart”, titled “Hats”",
    ]


@pytest.mark.parametrize("ends", ["view", "address"])
def test_a_title_just_before_a_new_address_is_that_of_the_next_page(ends: str) -> None:
    opened = made.snapshot()
    head = element(502, "head", element(500, "title", text(501, "Home")))
    opened["data"]["node"]["childNodes"][0]["childNodes"].insert(0, head)
    left = record(7, 1_030) if ends == "view" else made.meta(1_030, href="http://shop/hats")
    recorded = made.recording(made.meta(), opened, made.mutation(1_000, texts=[{"id": 501, "value": "Hats"}]), left)
    pages = [line for line in listed(recorded) if " page " in line]
    assert pages == [
        "0 page opens “http://shop/”, titled “Home”",
        *(["1030 page goes to “http://shop/hats”, titled “Hats”"] if ends == "address" else []),
    ]


@pytest.mark.parametrize(
    ("reason", "says"),
    [("init", "loads anew"), ("view_change", "begins a new view of"), (None, "goes to")],
)
def test_a_new_view_at_the_same_address_is_said_to_be_loaded_if_it_is(reason: str | None, says: str) -> None:
    first = made.segment(made.meta(), made.snapshot(), record(7, 5_000), view="one")
    second = made.segment(made.meta(6_000), made.snapshot(6_000), view="two", creation_reason=reason)
    assert f"6000 page {says} “http://shop/”" in listed(segments.open([first, second]))


def test_a_screen_begins_with_itself_and_not_with_a_web_view_on_it() -> None:
    early = [{**one, "slotId": "7"} for one in (made.meta(), made.snapshot(1), made.click(2))]
    frame = made.wireframe(5, "webview", 0, 0, 200, 100, slotId="7")
    size = record(4, 9, {"width": 360, "height": 640})
    recording = made.recording(*early, size, made.screen(10, frame), source="ios")
    assert [one for one in listed(recording) if " end " not in one] == ["9 page opens a screen of an app"]


@pytest.mark.parametrize(
    ("others", "said", "step"),
    [
        ("Pay now", "clicks button “x”", 'page.get_by_role("button", name="x").click()'),
        ("xxx xxx", "clicks button “#other” (masked for privacy)", 'page.locator("#other").click()'),
        ("y", "clicks button “x”", 'page.get_by_role("button", name="x").click()'),
    ],
)
def test_a_lone_x_is_a_masked_letter_where_no_text_can_be_read(others: str, said: str, step: str) -> None:
    x = {"parentId": made.OTHER, "nextId": None, "node": text(400, "x")}
    styles = {"parentId": made.BODY, "nextId": None, "node": element(401, "style", text(402, "a { color: red }"))}
    written = made.mutation(5, adds=[x, styles], texts=[{"id": 100, "value": others}])
    recording = made.page(written, *press(900, OTHER))
    assert listed(recording)[1] == f"900 click {said}"
    assert step in segments.steps(recording)


@pytest.mark.parametrize(("part", "is_masked"), [({"data-dd-privacy": "allow"}, True), ({}, False)])
def test_a_part_that_the_page_allows_does_not_make_a_lone_x_readable(part: dict[str, Any], is_masked: bool) -> None:
    x = {"parentId": made.OTHER, "nextId": None, "node": text(400, "x")}
    shown = {"parentId": made.BODY, "nextId": None, "node": element(401, "nav", text(402, "Welcome"), **part)}
    written = made.mutation(5, adds=[x, shown], texts=[{"id": 100, "value": "xxx xxx"}])
    said = "“#other” (masked for privacy)" if is_masked else "“x”"
    assert listed(made.page(written, *press(900, OTHER)))[1] == f"900 click clicks button {said}"


def test_a_lone_x_in_a_part_that_the_page_allows_is_readable_on_a_masked_page() -> None:
    x = {"parentId": made.OTHER, "nextId": None, "node": text(400, "x")}
    allowed = [{"id": made.OTHER, "attributes": {"data-dd-privacy": "allow"}}]
    written = made.mutation(5, adds=[x], attributes=allowed, texts=[{"id": 100, "value": "xxx xxx"}])
    assert listed(made.page(written, *press(900, OTHER)))[1] == "900 click clicks button “x”"


def test_taps_on_mobile_screens_are_listed() -> None:
    screen = record(10, 0, {"wireframes": []})
    recording = made.recording(screen, made.tap(10, "down"), made.tap(50, "up"), source="ios")
    assert [entry.split(" ")[:2] for entry in listed(recording)] == [["0", "page"], ["50", "click"], ["50", "end"]]
    assert [entry.fragment for entry in segments.timeline(recording)] == ["#t=0", "#t=0.05", "#t=0.05"]


@pytest.mark.parametrize(
    ("touches", "expected"),
    [
        pytest.param(
            [(0, "down", 20, 20), (1_300, "up", 22, 20)], ["1410 context_menu holds mobile-shape “Buy” for 1.3 s"]
        ),
        pytest.param(
            [(0, "down", 20, 20), (100, "move", 20, 200), (150, "up", 50, 220)],
            ["260 drag swipes mobile-shape “Buy” 30 px right and 200 px down"],
        ),
        pytest.param([(0, "down", 300, 300), (90, "up", 300, 100)], ["200 drag swipes the screen 200 px up"]),
        pytest.param([(0, "down", 20, 20), (100, "move", 20, 200), (150, "up", 22, 20)], [], id="there and back"),
    ],
)
def test_what_else_a_finger_does_on_a_screen_is_listed(touches: list[Any], expected: list[str]) -> None:
    button = [made.wireframe(1, "shape", 0, 0, 200, 50, fill="#0000FF"), made.words(2, "Buy", 80, 10, 40, 30)]
    recorded = [made.tap(110 + at, what, x, y) for at, what, x, y in touches]
    assert listed(made.phone(made.screen(0, *button), *recorded))[1:-1] == expected
    second = made.tap(120, "down", 100, 200, pointer=2)
    assert listed(made.phone(made.screen(0, *button), recorded[0], second, *recorded[1:]))[1:-1] == []


def test_a_swipe_of_which_only_positions_are_recorded_is_listed() -> None:
    positions = [
        record(11, at, {"source": 2, "positions": [{"id": 1, "x": 9, "y": at, "timestamp": made.START + at}]})
        for at in range(100, 400, 50)
    ]
    recorded = made.phone(made.screen(0), *positions, made.screen_change(3_000))
    assert listed(recorded)[1:-1] == ["350 drag swipes the screen 250 px down"]


@pytest.mark.parametrize("until", ["a change", "the end"])
def test_positions_have_times_of_their_own(until: str) -> None:
    """A finger is held for as long as they say, whatever the clock of the records does; the end of a view lifts it."""
    positions = [
        record(
            11, at, {"source": 2, "positions": [{"id": 1, "x": 9, "y": 9, "timestamp": made.START - 9_000_000 + at}]}
        )
        for at in range(100, 1_500, 100)
    ]
    recorded = made.phone(made.screen(0), *positions, *[made.screen_change(3_000)][: until == "a change"])
    assert listed(recorded)[1:-1] == ["1400 context_menu holds the screen for 1.3 s"]


def test_a_swipe_that_opens_the_next_screen_is_listed() -> None:
    size = record(4, 0, {"width": 360, "height": 640})
    swipe = [made.tap(100, "down", 2, 300), made.tap(150, "move", 90, 300), made.tap(200, "move", 180, 300)]
    first = made.segment(size, made.screen(0), *swipe, source="ios")
    later = [
        {**one, "timestamp": one["timestamp"] + 400} for one in (size, made.screen(0), made.tap(0, "up", 250, 300))
    ]
    second = made.segment(*later, source="ios", view={"id": "second"})
    assert [one for one in listed(segments.open([first, second])) if " page " not in one][:-1] == [
        "200 drag swipes the screen 178 px right"
    ]


def test_a_tap_beside_the_text_of_a_button_is_on_the_button() -> None:
    button = [made.wireframe(1, "shape", 0, 0, 200, 50, fill="#0000FF"), made.words(2, "Buy", 80, 10, 40, 30)]
    taps = [made.tap(900, "down", 5, 5), made.tap(950, "up", 5, 5), made.tap(2_000, "down", 300, 300)]
    recorded = made.phone(made.screen(0, *button), *taps, made.tap(2_050, "up", 300, 300))
    assert listed(recorded)[1:3] == ["950 click taps mobile-shape “Buy”", "2050 click taps the screen"]


def test_what_was_tapped_is_described_as_it_was_when_the_finger_was_put_down() -> None:
    (view,) = load_mobile_sample().views
    assert listed(segments.open(list(view.segments))) == [
        "0 page opens a screen of an app",
        "1060 click taps mobile-text “Pay now”",
        "3200 drag swipes mobile-shape “#wireframe-1” 300 px up",
        "5000 end the recording of this tab ends",
    ]


def test_a_screen_whose_first_snapshot_is_missing_is_one_of_an_app() -> None:
    lost = made.segment(
        made.screen_change(0, removes=[{"id": 1}]), made.tap(10, "down"), made.tap(50, "up"), source="ios"
    )
    assert listed(segments.open(lost))[1:3] == [
        "50 page opens a screen of an app",
        "50 click taps something unknown: no full snapshot comes before",
    ]


def test_a_touch_that_ends_a_screen_is_no_gap_of_the_next_one() -> None:
    recorded = made.phone(made.tap(10, "up"), made.screen(20), made.tap(500, "down"), made.tap(550, "up"))
    assert [entry.kind for entry in segments.timeline(recorded)] == ["page", "click", "end"]


@pytest.mark.parametrize(
    ("x", "y", "beside"),
    [
        (60, 600, "Home"),  # Below it, rather than in its row.
        (180, 600, "Cart"),
        (300, 600, None),  # The caption is masked.
        (330, 110, "Sounds"),  # In its row, and nearer than the other.
        (20, 300, None),
        (180, 560, None),
    ],
)
def test_what_has_no_text_in_an_app_is_known_by_what_is_beside_it(x: float, y: float, beside: str | None) -> None:
    bar = [made.wireframe(n, "image", 120 * n - 80, 590, 40, 20, resourceId="a") for n in (1, 2, 3)]
    captions = [
        made.words(10 + n, one, 120 * n - 100, 612, 80, 16) for n, one in ((1, "Home"), (2, "Cart"), (3, "xxxx"))
    ]
    row = [
        made.words(20, "All", 10, 100, 30, 20),
        made.words(21, "Sounds", 50, 100, 200, 20),
        made.wireframe(22, "shape", 300, 95, 50, 30, fill="#00FF00"),
        made.wireframe(23, "shape", 0, 200, 40, 200, fill="#FF0000"),
        made.words(24, "Beside something high", 60, 290, 200, 20),
        made.wireframe(25, "shape", 160, 550, 40, 20, fill="#0000FF"),
    ]
    taps = [made.tap(100, "down", x, y), made.tap(150, "up", x, y)]
    (click,) = (
        entry
        for entry in segments.timeline(made.phone(made.screen(0, *bar, *captions, *row), *taps))
        if entry.kind == "click"
    )
    assert click.element is not None
    assert click.element.beside == beside
    assert (f"beside “{beside}”" in str(click)) is (beside is not None)


def test_a_phone_is_turned() -> None:
    sizes = [record(11, at, {"source": 4, "width": 640, "height": 360}) for at in (1_000, 2_000)]
    assert listed(made.phone(made.screen(0), *sizes))[1:2] == [
        "1000 resize turns or resizes the screen to 640 × 360 px"
    ]


def test_a_tap_by_positions_alone_is_certain_at_the_end() -> None:
    positions = [{"id": 1, "x": 10, "y": 20, "timestamp": made.START + 50}]
    recording = made.phone(
        made.screen(0, made.words(1, "Buy", 0, 0, 100, 50)), record(11, 60, {"source": 2, "positions": positions})
    )
    assert listed(recording)[1] == "60 click taps mobile-text “Buy”"


def test_a_view_goes_on_in_the_tab_that_was_left_last() -> None:
    def view(name: str, start: float, end: float, *records: dict[str, Any]) -> bytes:
        return made.segment(made.meta(start), made.snapshot(start), *records, record(7, end), view=name)

    parts = [
        view("a", 0, 10_000, made.click(9_000)),
        view("help", 2_000, 6_000, made.click(3_000)),
        view("b", 10_200, 12_000, made.click(11_000)),
    ]
    clicks = [entry for entry in segments.timeline(segments.open(parts)) if entry.kind == "click"]
    assert [(entry.view_id, entry.tab) for entry in clicks] == [("help", 2), ("a", 1), ("b", 1)]


def test_each_iteration_reads_the_recording_again() -> None:
    timeline = segments.timeline(page(made.click(1)))
    assert [*timeline] == [*timeline]


@pytest.mark.parametrize("wrong", [None, "downloads", b"", 5])
def test_only_recordings_have_timelines(wrong: Any) -> None:
    with pytest.raises(InvalidRequestError, match="recording must be a Recording"):
        segments.timeline(wrong)


SHEET = """
.never, .again { display: none }
@media print { .printed { display: none } }
@media (max-width: 1000px) { .narrow { visibility: hidden } }
button .again { display: inline }
"""

NAMED: dict[str, tuple[dict[str, Any], int, str]] = {
    "by no image that is masked": (
        element(
            400,
            "button",
            element(401, "img", alt="data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'"),
            id="b",
        ),
        400,
        "button “#b” (masked for privacy)",
    ),
    "by the host, through a slot": (
        element(
            400,
            "x-button",
            text(401, "Pay now"),
            element(402, "b", text(403, "not assigned"), slot="other"),
        )
        | {
            "childNodes": [
                {
                    "type": 11,
                    "id": 404,
                    "isShadowRoot": True,
                    "childNodes": [element(405, "button", element(406, "slot"))],
                },
                text(401, "Pay now"),
                element(402, "b", text(403, "not assigned"), slot="other"),
            ]
        },
        405,
        "button “Pay now”",
    ),
    "by what a label says aloud": (
        element(400, "label", text(401, "Seen"), element(402, "input"), **{"aria-label": "Spoken"}),
        402,
        "textbox “Spoken”",
    ),
    "by what is in the shadow root of a part": (
        element(400, "button", element(401, "x-icon"))
        | {
            "childNodes": [
                element(401, "x-icon")
                | {"childNodes": [{"type": 11, "id": 402, "isShadowRoot": True, "childNodes": [text(403, "Inside")]}]}
            ]
        },
        400,
        "button “Inside”",
    ),
    "by what labels a part": (
        element(
            400,
            "div",
            element(401, "span", text(402, "Delete it"), id="part-label"),
            element(403, "button", element(404, "i", text(405, "x"), **{"aria-labelledby": "part-label"})),
        ),
        403,
        "button “Delete it”",
    ),
    "without a hidden part": (
        element(400, "div", text(401, "Menu"), element(402, "b", text(403, "secret"), hidden="")),
        400,
        "div “Menu”",
    ),
    "without what style sheets hide now": (
        element(
            400,
            "div",
            element(401, "style", _cssText=SHEET),
            element(
                402,
                "button",
                text(403, "Open"),
                *(
                    element(410 + number, "span", text(420 + number, f" {name}"), **{"class": name})
                    for number, name in enumerate(("never", "printed", "narrow", "again"))
                ),
            ),
        ),
        402,
        "button “Open printed again”",
    ),
    "by nothing that style sheets hide": (
        element(
            400,
            "button",
            element(401, "style", _cssText=SHEET),
            element(402, "i", text(403, "Menu"), **{"class": "never"}),
            id="menu",
        ),
        400,
        "button “#menu”",
    ),
    "by a label in it that labels nothing else": (
        element(400, "x-radio", text(401, "Two"), role="radio")
        | {
            "childNodes": [
                text(401, "Two"),
                {
                    "type": 11,
                    "id": 402,
                    "isShadowRoot": True,
                    "childNodes": [element(403, "label", element(404, "slot"), element(405, "div"))],
                },
            ]
        },
        405,
        "radio “Two”",
    ),
    "without what is typed in it": (
        element(400, "label", text(401, "Area"), element(402, "textarea", text(403, "typed"))),
        400,
        "label “Area”",
    ),
}


@pytest.mark.parametrize("name", NAMED)
def test_an_element_is_named(name: str) -> None:
    node, clicked, expected = NAMED[name]
    recording = made.recording(made.meta(), made.snapshot(0, node), made.click(1_000, clicked))
    assert [entry.text for entry in segments.timeline(recording) if entry.kind == "click"] == [f"clicks {expected}"]


CALLED = [
    *("user_pass", "userPin", "cardCvc", "CVV2", "Security code", "otp", "motDePasse", "Passwort", "Senha", "Hasło"),
    *("Şifre", "Lösenord", "Пароль", "パスワード", "密码", "비밀번호", "كلمة المرور", "סיסמה", "Verification code"),
    *("2FA code", "card_number", "Kartennummer", "apiKey", "access-token", "PinInput", "ccNumber", "Credit card"),
    *("TAN", "Recovery phrase", "6-digit code", "Geheimzahl", "Código de seguridad", "Code de vérification", "验证码"),
    *(
        "Numéro de carte",
        "Número de tarjeta",
        "Social Security Number",
        "Access code",
        "Backup code",
        "Clave",
        "Parola",
    ),
]
NOT_CALLED = [
    *("passport", "spinner", "compass", "shipping", "topPage", "overpass", "postcode", "number", "tokenize"),
    *("keyboard", "discount code", "zip code", "Boarding pass", "seasonPass", "Secretary", "Loyalty card number"),
    *("Kundenkartennummer", "token symbol", "pass rate", "tan line", "palabras clave", "Numéro de carte de fidélité"),
]


@pytest.mark.parametrize("attribute", ["id", "name", "placeholder", "aria-label", "title", "label"])
@pytest.mark.parametrize("called", CALLED + NOT_CALLED)
def test_what_is_typed_into_a_field_that_is_called_a_password_is_never_shown(called: str, attribute: str) -> None:
    attributes = {} if attribute == "label" else {attribute: called}
    field = element(
        400, "label", text(401, called if attribute == "label" else "x"), element(402, "input", **attributes)
    )
    recording = made.recording(made.meta(), made.snapshot(0, field), focus(5, 402), made.typed(10, "hunter2", 402))
    shown = "".join(str(entry.to_dict()) for entry in segments.timeline(recording)) + segments.steps(recording)
    assert ("hunter2" in shown) == (called in NOT_CALLED)


@pytest.mark.parametrize(
    ("attributes", "is_shown"),
    [
        ({"autocomplete": "shipping postal-code"}, True),
        ({"name": "postal_code"}, True),
        ({"type": "search"}, True),
        ({"type": "email"}, True),
        ({"type": "tel"}, False),
        ({"autocomplete": "off"}, False),
    ],
)
def test_fields_that_say_what_else_they_are_for_are_no_secrets(attributes: dict[str, str], *, is_shown: bool) -> None:
    field = element(400, "label", text(401, "PIN code"), element(402, "input", **attributes))
    recording = made.recording(made.meta(), made.snapshot(0, field), focus(5, 402), made.typed(10, "560001", 402))
    assert ("560001" in "".join(entry.text for entry in segments.timeline(recording))) is is_shown


def test_nobody_types_into_fields_that_are_read_only() -> None:
    field = element(402, "input", readonly="", id="date")
    recording = made.recording(made.meta(), made.snapshot(0, field), focus(5, 402), made.typed(10, "Monday", 402))
    texts = [entry.text for entry in segments.timeline(recording) if entry.kind == "input"]
    assert texts == ["a script or autofill puts “Monday” into textbox “#date”"]


def test_nobody_types_what_a_suggestion_puts_into_the_field_that_has_the_focus() -> None:
    option = element(402, "div", text(403, "Parma"), role="option")
    gone = made.mutation(1_010, removes=[{"parentId": made.BODY, "id": 402}])
    recording = made.recording(
        made.meta(),
        made.snapshot(0, option),
        *(focus(5, made.FIELD), made.click(1_000, 402), gone, made.typed(1_050, "Parma")),
    )
    texts = [entry.text for entry in segments.timeline(recording) if entry.kind in ("click", "input")]
    assert texts == ["clicks option “Parma”", "a script or autofill puts “Parma” into textbox “#name”"]


def test_nobody_types_what_a_picker_puts_into_the_field_to_which_it_leads_the_focus_back() -> None:
    day = element(402, "span", text(403, "17"), tabindex="0")
    recording = made.recording(
        made.meta(),
        made.snapshot(0, day),
        *(focus(5, made.FIELD), event(2, 1_000, type=1, id=402, x=1, y=2), focus(1_001, 402)),
        *(event(2, 1_002, type=0, id=402, x=1, y=2), made.click(1_003, 402, 1, 2), focus(1_004, made.FIELD)),
        made.typed(1_010, "2026-11-17"),
    )
    texts = [entry.text for entry in segments.timeline(recording) if entry.kind in ("click", "input")]
    assert texts == ["clicks span “17”", "a script or autofill puts “2026-11-17” into textbox “#name”"]


def test_boxes_of_a_puzzle_are_no_code() -> None:
    rows = [
        element(500 + row, "tr", *(element(600 + 10 * row + at, "input", maxlength="1") for at in range(5)))
        for row in range(5)
    ]
    recording = made.recording(
        made.meta(), made.snapshot(0, element(400, "table", *rows)), focus(5, 600), made.typed(10, "A", 600)
    )
    assert [entry.details for entry in segments.timeline(recording) if entry.kind == "input"] == [{"value": "A"}]


@pytest.mark.parametrize(("boxes", "is_code"), [(3, False), (4, True), (6, True), (9, False)])
def test_what_is_typed_into_boxes_for_the_characters_of_a_code_is_never_shown(boxes: int, is_code: bool) -> None:
    fields = [element(410 + number, "div", element(430 + number, "input", maxlength="1")) for number in range(boxes)]
    recording = made.recording(
        made.meta(),
        made.snapshot(0, element(400, "form", element(401, "div", *fields), element(402, "input"))),
        *(focus(5, 430), made.typed(10, "7", 430), focus(15, 402), made.typed(20, "5", 402)),
    )
    typed = [entry.details for entry in segments.timeline(recording) if entry.kind == "input"]
    assert typed == [{"is_password": True} if is_code else {"value": "7"}, {"value": "5"}]
