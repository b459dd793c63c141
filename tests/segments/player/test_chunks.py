"""The recording is in chunks: from whichever of them the player starts and however it gets there, it shows the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..live_pages import NESTING
from ..recorded import FOLDERS, segment_files
from .chunked import WHOLE, write_in_chunks
from .replay_page import ReplayPage
from .test_mobile_screens import recorded as screens
from .test_page import chunks_in, index_in

OpenPage = Callable[[Path], ReplayPage]

# Everything that people see of the page, and what later records depend on.
LOOK = """() => {
  const mirror = player.replayer.getMirror();
  const rules = sheet => [...sheet.cssRules].map(rule => rule.cssText);
  const fields = ["input", "option", "select", "textarea"];
  const walk = node => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const name = node.localName ?? node.nodeName;
    const ignored = ["_cssText", "rr_scrollLeft", "rr_scrollTop"];
    if (fields.includes(name)) ignored.push("checked", "selected", "value");
    const own = value => value.split(" ").filter(one => one && !["rrweb-paused", ":hover"].includes(one)).join(" ");
    const attributes = [...node.attributes ?? []].filter(({ name }) => !ignored.includes(name))
      .map(({ name, value }) => [name, name === "class" ? own(value) : value]);
    const ofPage = [...node.childNodes].filter(one => mirror.hasNode(one) && !["style", "textarea"].includes(name));
    const shadow = node.shadowRoot;
    return [
      node.nodeType, name, node.namespaceURI, attributes.filter(([name, value]) => name !== "class" || value).sort(),
      ofPage.map(walk), node.sheet && rules(node.sheet), node.adoptedStyleSheets?.map(rules),
      shadow && [[...shadow.childNodes].map(walk), shadow.adoptedStyleSheets.map(rules)],
      fields.includes(name) && [node.value, name === "input" && node.checked, node.selected, node.selectedIndex],
      node.scrollLeft, node.scrollTop, name === "iframe" && node.contentDocument && walk(node.contentDocument),
      node.nodeType === Node.ELEMENT_NODE && JSON.stringify(node.getBoundingClientRect()),
    ];
  };
  const { mouse, iframe } = player.replayer, { left, top } = mouse.style;
  const pointer = [left, top, mouse.classList.contains("touch-active")];
  return JSON.stringify([walk(iframe.contentDocument), iframe.width, iframe.height, pointer]);
}"""
# Seeks to moments one after another, and returns how the page of each was made and how it looks.
VISIT = f"""async (moments) => {{
  const seen = [];
  for (const moment of moments) {{
    if (moment === null) {{
      player.shown = null;  // The next one is built.
      continue;
    }}
    await player.seek(moment);
    await new Promise(requestAnimationFrame);
    seen.push([player.how, ({LOOK})()]);
  }}
  return seen;
}}"""


def element(id: int, name: str, /, *children: Any, **attributes: Any) -> dict[str, Any]:
    return made.element(id, name, *children, **attributes)


def text(id: int, content: str) -> dict[str, Any]:
    return {"type": 3, "id": id, "textContent": content}


def shadow(id: int, *children: Any) -> dict[str, Any]:
    return {"type": 11, "id": id, "isShadowRoot": True, "childNodes": list(children)}


def add(parent: int, node: dict[str, Any], before: int | None = None) -> dict[str, Any]:
    return {"adds": [{"parentId": parent, "nextId": before, "node": node}]}


def change(id: int, **attributes: Any) -> dict[str, Any]:
    return {"attributes": [{"id": id, "attributes": attributes}]}


PAGE = [
    element(50, "style", text(51, "p{color:red} b{color:blue}")),
    element(52, "style", _cssText="i{color:red} u{color:blue}"),
    *(element(60 + n, "input", type="radio", name="r") for n in range(3)),
    element(69, "select", *(element(70 + n, "option", value=f"o{n}") for n in range(3))),
    element(79, "select", *(element(80 + n, "option", value=f"m{n}") for n in range(3)), multiple=""),
    element(
        90,
        "div",
        *(element(91 + n, "p", text(100 + n, f"line {n}")) for n in range(8)),
        style="height:50px;overflow:auto",
    ),
    element(180, "select", *(element(181 + n, "option", value=f"w{n}") for n in range(3)), multiple=""),
    element(110, "div", shadow(111, element(112, "style", text(113, "p{color:lime}")), element(114, "p"))),
    element(120, "textarea", text(121, "initial")),
    element(130, "img", src="http://cdn/x.png", width="50"),
    element(131, "canvas", width="30", height="20"),
    element(132, "svg", element(133, "use", **{"xlink:href": "#x"}, isSVG=True), isSVG=True),
    element(134, "div", rr_width="40px", rr_height="20px"),
]
FIELDS: list[tuple[int, dict[str, Any]]] = [
    (made.FIELD, {"text": "typed"}),
    (120, {"text": "typed, too"}),
    (60, {"isChecked": True}),
    (61, {"isChecked": True}),
    (60, {"isChecked": False}),
    (made.BOX, {"isChecked": True}),
    (69, {"text": "o2"}),
    (180, {"text": "w2"}),
    (81, {"isChecked": True}),
    (82, {"isChecked": True}),
]
MUTATIONS: list[dict[str, Any]] = [
    change(made.BUTTON, **{"class": "a b", "style": "color:red", "title": "t"}),
    change(made.BUTTON, **{"class": None, "title": None}),
    {"texts": [{"id": 100, "value": "changed"}]},
    add(made.BODY, element(200, "section", element(201, "b", text(202, "new"))), before=90),
    {"removes": [{"id": 91, "parentId": 90}], **add(90, element(203, "p", text(204, "added")))},
    {"removes": [{"id": 200, "parentId": made.BODY}]},
    add(made.BODY, element(205, "x-host", shadow(206, element(207, "p", text(208, "inside"))))),
    add(206, element(210, "i", text(211, "before")), before=207),
    {"removes": [{"id": 207, "parentId": 206}]},
    change(130, src="http://cdn/y.png"),
    change(131, width="60"),
    change(133, **{"xlink:href": None}),
    change(134, style="color:red"),
    change(69, **{"class": "chosen"}),
    change(72, selected=""),
    change(made.BOX, checked=None),
    add(made.BODY, element(220, "div", element(221, "p", style="height:900px"), style="overflow:auto;height:100px")),
]


def everything() -> list[dict[str, Any]]:
    """A page of the older format, of which everything changes that can."""
    changes = [
        made.event(1, 0, positions=[{"x": 10, "y": 20, "id": made.BUTTON, "timeOffset": 0}]),
        made.event(8, 0, id=52, adds=[{"rule": "em{color:pink}", "index": 1}]),
        made.event(8, 0, id=50, adds=[{"rule": "em{margin:3px}", "index": 0}]),
        made.event(8, 0, id=52, removes=[{"index": 0}]),
        *(made.event(5, 0, id=field, **state) for field, state in FIELDS),
        *(made.event(3, 0, id=90, x=0, y=y) for y in (40, 90)),
        *(made.mutation(0, **mutation) for mutation in MUTATIONS),
        made.event(3, 0, id=220, x=0, y=700),
        made.event(3, 0, id=made.ROOT, x=0, y=300),
        made.event(4, 0, width=800, height=500),
        made.mutation(0, removes=[{"id": 220, "parentId": made.BODY}]),
        made.event(2, 0, type=7, id=made.BUTTON, x=50, y=60),
        made.event(2, 0, type=9, id=made.BUTTON, x=51, y=61),
        # What cannot be undone exactly.
        made.mutation(0, attributes=[{"id": 52, "attributes": {"_cssText": "i{color:lime}"}}]),
        made.mutation(0, removes=[{"id": 50, "parentId": made.BODY}, {"id": 69, "parentId": made.BODY}]),
    ]
    timed = [{**one, "timestamp": made.START + 100 * number} for number, one in enumerate(changes, 1)]
    return [made.meta(), made.snapshot(0, *PAGE), *timed]


STRINGS = ["#document", "HTML", "HEAD", "STYLE", "BODY", "DIV", "#shadow-root", "P", "#text", "INPUT", "type", "radio"]
NODES = [[None, 0], [1, 1], [1, 2], [1, 3], [3, 4], [1, 5], [1, 6], [1, 7], [1, 8, "inside"], [5, 9, [10, 11]]]
CHANGES: list[list[Any]] = [
    [8, [6, 1]],
    [8, [0]],
    [8, [3, 1]],
    [13, [0, 9]],
    [3, [7, ["id", "q"]]],
    [5, [5, 30, 20]],
    [4, [8, "changed"]],
    [8, [3, 0]],
    [2, 9],
]


def change_records() -> list[dict[str, Any]]:
    """A page of the format of SDK 7, with adopted style sheets."""
    sheets = [[0, *STRINGS], [1, *NODES], [7, ["p{color:red}"], ["i{color:blue}"]], [8, [3, 0], [0, 1], [6, 0, 1]]]
    changes = [made.change(100 * number, one) for number, one in enumerate(CHANGES, 1)]
    return [made.meta(), made.record(2, 0, sheets, format=1), *changes]


def two_snapshots() -> list[dict[str, Any]]:
    moved = made.event(1, 500, positions=[{"x": 100, "y": 120, "id": made.BUTTON, "timeOffset": 0}])
    again = [made.meta(1_000, 600, 400), made.snapshot(1_000, element(70, "p"))]
    return [made.meta(), made.snapshot(), made.typed(400, "a"), moved, *again, made.typed(1_500, "b")]


def of_folder(folder: Path) -> Callable[[], segments.Recording]:
    return lambda: segments.open(segment_files(folder))


RECORDINGS: dict[str, Callable[[], segments.Recording]] = {
    "everything": lambda: made.recording(*everything()),
    "change records": lambda: made.recording(*change_records()),
    "two snapshots": lambda: made.recording(*two_snapshots()),
    "screens of an app": screens,
    "nested by scripts": lambda: NESTING.recording,
    **{folder.name: of_folder(folder) for folder in FOLDERS if "5.35" in folder.name or "canvas" in folder.name},
}


PARTS = 11


def visit(page: ReplayPage, moments: list[float | None]) -> list[tuple[str, str]]:
    return [(how, seen) for how, seen in page.page.evaluate(VISIT, moments)]


@pytest.mark.parametrize("name", RECORDINGS)
def test_a_moment_looks_the_same_from_wherever_it_is_reached(name: str, tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(write_in_chunks(RECORDINGS[name](), tmp_path / "replay.html", 1))
    moments: list[float | None] = [round(page.total * part / (PARTS - 1)) for part in range(PARTS)]
    # Always from the recorded snapshot on, as if there were no checkpoints.
    page.page.evaluate(
        """() => {
          player.plan = time => {
            const last = player.chunks.at(time);
            return { how: "build", first: player.chunks.snapshotOf(last), last };
          };
        }"""
    )
    known = {moment: seen for moment, (_, seen) in zip(moments, visit(page, moments), strict=True)}
    page.page.evaluate("() => { delete player.plan; }")
    ways = set()
    # A small page is built anew to go back; of a large one, everything is undone that can be.
    for prepare in ("largePage = 1e12;", "largePage = 0; player.chunks.between = () => 0;"):
        page.page.evaluate(f"() => {{ {prepare} }}")
        order = [None, *moments, *reversed(moments), *(moments[n * 5 % PARTS] for n in range(PARTS))]
        order += [None, moments[1], moments[4], moments[2], moments[1]]
        reached = [moment for moment in order if moment is not None]
        for moment, (way, looks) in zip(reached, visit(page, order), strict=True):
            assert json.loads(looks) == json.loads(known[moment]), (moment, way)
            ways.add(way)
    assert ways == {"build", "go on", "undo"}


def test_checkpoints_add_nothing_to_the_notes(tmp_path: Path) -> None:
    for name in ("everything", "screens of an app", "nested by scripts"):
        recording = RECORDINGS[name]()
        whole, divided = (write_in_chunks(recording, tmp_path / f"{size}.html", size) for size in (WHOLE, 1))
        assert index_in(divided)["notes"] == index_in(whole)["notes"] != []
        assert len(chunks_in(divided)[0]) > len(chunks_in(whole)[0])


def test_a_chunk_ends_after_a_mebibyte_and_twice_the_size_of_its_page(tmp_path: Path) -> None:
    def chunks(page: int, events: int) -> int:
        rows = [made.mutation(n, texts=[{"id": 100, "value": f"{n:100}" * 100}]) for n in range(events)]
        recording = made.recording(made.meta(), made.snapshot(0, element(70, "p", title="x" * page)), *rows)
        return len(chunks_in(write_player(recording, tmp_path / "replay.html"))[0])

    assert [chunks(0, events) for events in (100, 110, 220)] == [1, 2, 3]
    assert [chunks(1_000_000, events) for events in (110, 190, 210)] == [1, 1, 2]


TYPED = [made.typed(at, str(at)) for at in range(1_000, 9_000, 1_000)]
VALUE = "page => page.querySelector('#name').value"


@pytest.fixture
def typing(tmp_path: Path, open_page: OpenPage) -> ReplayPage:
    """A field that changes once per second, in a chunk for each."""
    return open_page(write_in_chunks(made.page(*TYPED), tmp_path / "replay.html", 1))


def test_only_what_is_shown_is_decoded_and_not_everything_is_kept(typing: ReplayPage) -> None:
    decoded = "() => player.chunks.decoded.size"
    assert typing.page.evaluate(decoded) == 1
    typing.seek(5_500)
    assert typing.page.evaluate(decoded) < 8
    typing.page.evaluate("() => { mostDecoded = 1; player.shown = null; }")
    typing.seek(8_050)
    assert typing.page.evaluate(decoded) == 1
    typing.seek(3_500)
    assert typing.in_frame(VALUE) == "3000"


def test_of_many_seeks_the_last_one_wins(typing: ReplayPage) -> None:
    shown = typing.page.evaluate(
        """async moments => {
          const shown = [], { show } = player;
          player.show = time => { shown.push(Math.floor(time - player.recording.start)); show.call(player, time); };
          await Promise.all(moments.map(moment => player.seek(moment)));
          return shown;
        }""",
        [7_500, 2_500, 6_500, 4_500],
    )
    assert shown == [4_500]
    assert (typing.in_frame(VALUE), typing.page.get_attribute("#stage", "aria-busy")) == ("4000", "false")


def test_playing_goes_on_from_chunk_to_chunk_without_building_the_page_anew(typing: ReplayPage) -> None:
    typing.page.evaluate(
        """() => {
          window.built = 0;
          window.values = [];
          player.replayer.on("fullsnapshot-rebuilded", () => { built += 1; });
          player.replayer.on("event-cast", ({ data }) => { if (data.text) values.push(data.text); });
        }"""
    )
    typing.page.get_by_label("Speed").select_option("16")
    typing.page.locator("#play").click()
    typing.page.locator("#play:not(.playing)").wait_for()
    assert typing.position == typing.total
    assert typing.page.evaluate("values") == [str(at) for at in range(1_000, 9_000, 1_000)]
    assert typing.page.evaluate("built") == 0


def test_inactivity_is_skipped_up_to_what_comes_in_a_later_chunk(tmp_path: Path, open_page: OpenPage) -> None:
    changes = [made.mutation(at, texts=[{"id": 100, "value": str(at)}]) for at in range(1_000, 50_000, 1_000)]
    page = open_page(write_in_chunks(made.page(*changes, made.click(60_000)), tmp_path / "replay.html", 1))
    page.page.get_by_label("Skip inactivity").check()
    page.seek(900)
    page.page.locator("#play").click()
    page.page.get_by_text("skipping at 12×").wait_for()


def damage(path: Path, number: int) -> Path:
    """Change a byte in the middle of a chunk."""
    page = path.read_text(encoding="utf-8")
    chunk = [*re.finditer(r'class="recording">\n(.*?)\n</script>', page, re.DOTALL)][number]
    middle = (chunk.start(1) + chunk.end(1)) // 2
    other = "A" if page[middle] != "A" else "B"
    path.write_text(page[:middle] + other + page[middle + 1 :], encoding="utf-8")
    return path


def test_of_a_damaged_chunk_the_page_says_so_and_the_others_are_shown(tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(damage(write_in_chunks(made.page(*TYPED), tmp_path / "replay.html", 1), 4))
    problem = page.page.get_by_role("alert")
    expect(problem).to_have_count(0)
    page.seek(3_500)
    expect(problem).to_contain_text("This moment of the recording cannot be shown: a part of it is damaged")
    page.seek(6_500)
    expect(problem).to_have_count(0)
    assert page.in_frame(VALUE) == "6000"
    page.seek(2_900)
    page.page.get_by_label("Speed").select_option("8")
    page.page.locator("#play").click()
    expect(problem).to_be_visible()
    page.page.locator("#play:not(.playing)").wait_for()
    assert (page.in_frame(VALUE), page.position // 100) == ("3000", 30)
