"""The conversion of records of both formats to events of rrweb's player."""

from __future__ import annotations

import json
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments._completeness import RecordCounts
from rum_replay.segments._timelines import TimelineClock
from rum_replay.segments.player._conversion import Conversion

from .. import made
from ..recorded import FOLDERS, segment_files

FULL_SNAPSHOT, INCREMENTAL, META, CUSTOM = 2, 3, 4, 5


def converted(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """The events of one view."""
    return of_recording(made.recording(*records))


def of_recording(recording: segments.Recording) -> list[dict[str, Any]]:
    conversion = Conversion(TimelineClock())
    return [json.loads(event) for view in recording.views for event in conversion.view_events(view, RecordCounts())]


def after_snapshot(*records: dict[str, Any]) -> list[dict[str, Any]]:
    """The data of the events after the snapshot and its style sheets."""
    events = converted(made.meta(), made.snapshot(), *records)
    assert [event["type"] for event in events[:4]] == [CUSTOM, META, FULL_SNAPSHOT, INCREMENTAL]
    return [event["data"] for event in events[4:]]


def mutations(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The parts of mutations that are not empty."""
    return [{k: v for k, v in event.items() if v and k != "source"} for event in data if event.get("source") == 0]


def by_id(node: dict[str, Any], wanted: int) -> dict[str, Any]:
    pending = [node]
    while pending:
        candidate = pending.pop()
        if candidate["id"] == wanted:
            return candidate
        pending += candidate.get("childNodes", ())
    raise AssertionError(wanted)


def snapshot_of(*records: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = next(e for e in converted(*records) if e["type"] == FULL_SNAPSHOT)["data"]["node"]
    return node


def test_a_view_starts_with_its_viewport_and_a_document_with_shifted_ids() -> None:
    view, meta, snapshot, sheets = converted(made.click(-5), made.meta(0, 800, 600, "http://x/"), made.snapshot())
    assert view["data"] == {"tag": "view", "payload": {"id": "view", "url": "http://x/"}}
    assert meta["data"] == {"href": "http://x/", "width": 800, "height": 600}
    assert snapshot["data"]["node"]["id"] == made.ROOT + 1
    assert by_id(snapshot["data"]["node"], made.BUTTON + 1)["attributes"] == {"id": "pay"}
    assert sheets["data"] == {"source": 15, "id": made.ROOT + 1, "styles": [], "styleIds": []}


def test_trees_are_added_node_by_node() -> None:
    tree = made.element(20, "ul", made.element(21, "li", {"type": 3, "id": 22, "textContent": "one"}))
    (mutation,) = mutations(
        after_snapshot(made.mutation(1, adds=[{"node": tree, "parentId": made.BODY, "nextId": made.FIELD}]))
    )
    assert [(add["node"]["id"], add["parentId"], add["nextId"]) for add in mutation["adds"]] == [
        (21, made.BODY + 1, made.FIELD + 1),
        (22, 21, None),
        (23, 22, None),
    ]
    assert all(add["node"].get("childNodes", []) == [] for add in mutation["adds"])


def test_the_nodes_of_a_shadow_root_are_marked_children_of_its_host() -> None:
    root = {"type": 11, "id": 31, "isShadowRoot": True, "childNodes": [made.element(32, "b")]}
    host = made.element(30, "x-host", root, made.element(33, "i"))
    body = by_id(snapshot_of(made.snapshot(0, host)), 31)
    assert body["isShadowHost"]
    assert [(child["id"], child.get("isShadow")) for child in body["childNodes"]] == [(33, True), (34, None)]
    changes = mutations(
        [
            event["data"]
            for event in converted(
                made.snapshot(0, host),
                made.mutation(1, removes=[{"id": 32, "parentId": 31}]),
                made.mutation(2, adds=[{"node": made.element(40, "u"), "parentId": 31, "nextId": None}]),
            )
            if event["type"] == INCREMENTAL
        ]
    )
    assert changes[0] == {"removes": [{"id": 33, "parentId": 31, "isShadow": True}]}
    assert (changes[1]["adds"][0]["parentId"], changes[1]["adds"][0]["node"]["isShadow"]) == (31, True)


def test_an_element_that_cannot_host_a_shadow_root_has_its_nodes_as_children() -> None:
    root = {"type": 11, "id": 31, "isShadowRoot": True, "childNodes": [made.element(32, "b")]}
    image = by_id(snapshot_of(made.snapshot(0, made.element(30, "img", root))), 31)
    assert "isShadowHost" not in image
    assert [(child["id"], child.get("isShadow")) for child in image["childNodes"]] == [(33, None)]


def test_input_events_have_both_the_text_and_the_checked_state() -> None:
    data = after_snapshot(made.typed(1, "Ada"), made.event(5, 2, id=made.BOX, isChecked=True))
    inputs = [event for event in data if event.get("source") == 5]
    assert inputs == [
        {"source": 5, "id": made.FIELD + 1, "text": "Ada", "isChecked": False},
        {"source": 5, "id": made.BOX + 1, "text": "on", "isChecked": True},
    ]


def test_selecting_an_option_sets_the_value_of_its_select() -> None:
    options = [made.element(41 + n, "option", value=value) for n, value in enumerate("abc")]
    select = made.element(40, "select", *options, value="a")
    changed = [
        event["data"]
        for event in converted(made.snapshot(0, select), made.change(5, [13, [0, 42], [1, 41]]))
        if event["type"] == INCREMENTAL
    ]
    assert {"source": 5, "id": 41, "text": "b", "isChecked": False} in changed


def test_the_newer_format_gives_the_same_events() -> None:
    old = after_snapshot(
        made.mutation(1, attributes=[{"id": made.BUTTON, "attributes": {"class": "used", "id": None}}]),
        made.event(3, 2, id=made.ROOT, x=0, y=50),
        made.typed(3, "Ada"),
    )
    new = after_snapshot(
        made.change(1, [3, [made.BUTTON, ["class", "used"], ["id"]]]),
        made.change(2, [6, [made.ROOT, 0, 50]]),
        made.change(3, [12, [made.FIELD, "Ada"]]),
    )
    assert new == old


def test_removals_after_additions_keep_their_order() -> None:
    added = {"node": made.element(20, "p"), "parentId": made.BODY, "nextId": None}
    nodes = [1, [98, "P"]]  # as child of the body
    data = after_snapshot(made.mutation(1, adds=[added]), made.change(2, [2, 20], nodes))
    first, second = mutations(data)
    assert list(first) == ["adds"]
    assert (list(second), second["removes"][0]["id"]) == (["removes", "adds"], 21)


def test_each_style_rule_has_its_own_event_to_preserve_their_order() -> None:
    sheet = made.element(20, "style", _cssText="a{}b{}c{}")
    data = [
        event["data"]
        for event in converted(
            made.snapshot(0, sheet),
            made.event(8, 1, id=20, removes=[{"index": 1}], adds=[{"rule": "x{}", "index": 0}]),
            made.event(8, 2, id=20, adds=[{"rule": "@media print{}", "index": 0}]),
            made.event(8, 3, id=20, adds=[{"rule": "y{background:url(http://y)}", "index": [0, 0]}]),
        )
        if event["type"] == INCREMENTAL and event["data"]["source"] == 8
    ]
    assert data == [
        {"source": 8, "id": 21, "removes": [{"index": 1}]},
        {"source": 8, "id": 21, "adds": [{"rule": "x{}", "index": 0}]},
        {"source": 8, "id": 21, "adds": [{"rule": "@media print{}", "index": 0}]},
        {"source": 8, "id": 21, "adds": [{"rule": 'y{background:url("")}', "index": [0, 0]}]},
    ]


def test_adopted_style_sheets_are_one_rule_each_with_their_media() -> None:
    snapshot = made.snapshot()
    snapshot["data"]["node"]["adoptedStyleSheets"] = [
        {"cssRules": ["a{color:red}", "b{}"], "media": ["print", "screen"]},
        {"cssRules": ["c{}"], "disabled": True},
    ]
    data = converted(snapshot)[-1]["data"]
    assert [style["rules"][0]["rule"] for style in data["styles"]] == [
        "@media print, screen{a{color:red}\nb{}}",
        "@media not all{c{}}",
    ]
    assert data["styleIds"] == [1, 2]


def test_shadow_roots_that_are_added_adopt_their_style_sheets() -> None:
    root = {"type": 11, "id": 21, "isShadowRoot": True, "childNodes": [made.element(22, "b")]}
    host = made.element(20, "x-a", {**root, "adoptedStyleSheets": [{"cssRules": ["b{}"]}, {"cssRules": ["i{}"]}]})
    data = after_snapshot(made.mutation(1, adds=[{"node": host, "parentId": made.BODY, "nextId": None}]))
    assert [(one["source"], one.get("id")) for one in data] == [(0, None), (15, 21)]
    assert [style["rules"][0]["rule"] for style in data[1]["styles"]] == ["@media all{b{}}", "@media all{i{}}"]
    nodes = [1, [101 - made.BODY, "X-A"], [1, "#shadow-root"], [1, "B"]]
    data = after_snapshot(made.change(1, nodes, [7, ["b{}"]], [8, [102, 0]]))
    assert [(one["source"], one.get("id")) for one in data] == [(0, None), (15, 102)], "once"


def test_nodes_that_are_added_scrolled_are_scrolled() -> None:
    box = made.element(20, "div", rr_scrollTop=30, rr_scrollLeft=4)
    data = after_snapshot(made.mutation(1, adds=[{"node": box, "parentId": made.BODY, "nextId": None}]))
    assert data[-1] == {"source": 3, "id": 21, "x": 4, "y": 30}


def test_typing_is_one_mark_until_a_pause_or_another_field() -> None:
    data = after_snapshot(
        made.typed(0, "A"),
        made.typed(1_999, "Ad"),
        made.typed(3_998, "Ada"),
        made.typed(5_998, "Ada!"),
        made.event(5, 6_000, id=made.BOX, isChecked=True),
        made.event(5, 6_100, id=made.BOX, isChecked=False),
    )
    marks = [event["payload"]["target"] for event in data if event.get("tag") == "input"]
    assert marks == ["#name", "#name", "#agree"]


def test_what_a_script_sets_as_it_draws_a_field_has_no_mark() -> None:
    field = {"parentId": made.BODY, "nextId": None, "node": made.element(350, "input", value="Ada")}
    drawn = made.snapshot(12, made.element(351, "input", value="***")), made.typed(15, "***", 351)
    data = after_snapshot(made.mutation(5, adds=[field]), made.typed(9, "Ada", 350), *drawn)
    assert not [event for event in data if event.get("tag") == "input"]


def test_a_click_between_changes_of_a_field_separates_their_marks() -> None:
    data = after_snapshot(made.typed(0, "A"), made.click(100), made.typed(200, "Ad"))
    assert [event["tag"] for event in data if "tag" in event] == ["input", "click", "input"]


def test_adopted_style_sheets_have_different_ids_throughout_a_timeline() -> None:
    def view(name: str) -> bytes:
        snapshot = made.snapshot()
        snapshot["data"]["node"]["adoptedStyleSheets"] = [{"cssRules": ["a{}"]}]
        return made.segment(snapshot, view=name)

    events = of_recording(segments.open([view("first"), view("second")]))
    assert [event["data"]["styleIds"] for event in events if event["data"].get("source") == 15] == [[1], [2]]


@pytest.mark.parametrize(
    ("field", "attributes"),
    [
        (made.element(20, "input", type="file", value="C:\\fakepath\\a.txt"), {"type": "file"}),
        (made.element(20, "input", type="text", value="a"), {"type": "text", "value": "a"}),
        (made.element(20, "select", value="a"), {}),
        (
            made.element(20, "input", type="radio", value="a", checked=True),
            {"type": "radio", "value": "a", "checked": ""},
        ),
        (made.element(20, "option", value="a", selected=True), {"value": "a", "selected": ""}),
    ],
)
def test_the_state_of_a_field_becomes_attributes_that_the_player_can_set(
    field: dict[str, Any], attributes: dict[str, str]
) -> None:
    assert by_id(snapshot_of(made.snapshot(0, field)), 21)["attributes"] == attributes


def test_disabled_style_sheets_of_an_element_are_omitted() -> None:
    nodes = [1, [None, "#document"], [1, "HTML"], [1, "STYLE"]]
    sheets = [[7, ["a{}"], ["b{}", [], True], ["c{}"]], [8, [2, 0, 1, 2]]]
    document = snapshot_of(made.record(2, 0, [nodes, *sheets], format=1))
    assert by_id(document, 3)["attributes"] == {"_cssText": "a{}\nc{}"}


def test_the_first_element_of_a_document_without_html_is_shown_in_a_body() -> None:
    children = [{"type": 3, "id": 1, "textContent": "text"}, made.element(2, "p"), made.element(3, "p")]
    data = {"node": {"type": 0, "id": 0, "childNodes": children}, "initialOffset": {"left": 0, "top": 0}}
    (html,) = snapshot_of(made.record(2, 0, data))["childNodes"]
    (body,) = html["childNodes"]
    assert [child["id"] for child in body["childNodes"]] == [3]


def test_frustration_is_marked_at_its_click() -> None:
    click = {**made.click(500), "id": 7}
    frustration = made.record(9, 400, {"frustrationTypes": ["rage_click", "dead_click"], "recordIds": [7, 8]})
    mark = after_snapshot(click, made.click(900), frustration)[-1]
    assert mark == {
        "tag": "frustration",
        "payload": {"target": "rage click, dead click", "time": made.START + 500},
    }


def test_recorded_frustration_is_marked_at_its_first_click() -> None:
    (folder,) = (folder for folder in FOLDERS if "5.35.1" in folder.name)
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    first_clicks: dict[str, int] = {}
    for step in truth:
        if step["what"] == "click":
            first_clicks.setdefault(step["sel"], step["t"])
    events = of_recording(segments.open(segment_files(folder)))
    marks = [event["data"]["payload"] for event in events if event["data"].get("tag") == "frustration"]
    for mark, selector in zip(marks, ("#rage", "#dead", "#boom"), strict=True):
        # The driver logged the start of the click and the browser its end, with different rounding.
        assert abs(mark["time"] - first_clicks[selector]) < 100


def test_pointer_events_keep_their_numbers_and_have_shifted_ids() -> None:
    position = {"x": 1, "y": 2, "id": made.BUTTON, "timeOffset": -10}
    data = after_snapshot(
        made.event(1, 1, positions=[position]),
        made.event(6, 2, positions=[{**position, "timeOffset": 5}]),
        made.event(2, 3, type=7, id=made.BUTTON, x=5, y=6),
        made.event(2, 4, type=5, id=made.FIELD),
        made.event(9, 5, pointerEventType="down", pointerType="mouse", pointerId=1, x=1, y=1),
    )
    moved = {**position, "id": made.BUTTON + 1}
    assert [event for event in data if event["source"] != 0] == [
        {"source": 1, "positions": [moved]},
        {"source": 6, "positions": [{**moved, "timeOffset": 0}]},
        {"source": 2, "type": 7, "id": made.BUTTON + 1, "x": 5, "y": 6},
        {"source": 2, "type": 5, "id": made.FIELD + 1},
    ]


def test_pointers_are_where_they_were_on_a_page_of_which_a_part_is_visible() -> None:
    position = {"x": 1, "y": 2, "id": made.BUTTON, "timeOffset": 0}
    data = after_snapshot(made.enlarged(1, 40, 30), made.event(1, 2, positions=[position]), made.click(3, x=5, y=6))
    assert [(one["x"], one["y"]) for event in data for one in event.get("positions", ())] == [(41, 32)]
    assert [(event["x"], event["y"]) for event in data if event.get("source") == 2] == [(45, 36)]


def test_a_later_snapshot_of_a_view_is_a_new_document_but_not_a_new_view() -> None:
    events = converted(made.meta(), made.snapshot(), made.meta(50, 300, 200), made.snapshot(60))
    assert [event["type"] for event in events].count(FULL_SNAPSHOT) == 2
    assert [event["data"]["tag"] for event in events if event["type"] == CUSTOM] == ["view"]
    assert [event["data"]["width"] for event in events if event["type"] == META] == [1000, 300]


def test_hidden_elements_have_their_size_and_are_marked() -> None:
    hidden = made.element(20, "div", rr_width="30px", rr_height="40px")
    attributes = by_id(snapshot_of(made.snapshot(0, hidden)), 21)["attributes"]
    assert attributes == {"style": "width:30px;height:40px", "data-replay-hidden": ""}


def test_the_frame_is_as_wide_as_the_page_while_it_has_no_scroll_bar() -> None:
    def seen(at: float, width: float, scale: float = 1) -> dict[str, Any]:
        zeros = dict.fromkeys(("offsetLeft", "offsetTop", "pageLeft", "pageTop"), 0)
        return made.record(8, at, {**zeros, "width": width, "height": 300, "scale": scale})

    resized = made.event(4, 7, width=800, height=600)
    records = [seen(1, 1000), seen(2, 1015), seen(3, 1015), seen(4, 500, 2), seen(5, 400), seen(6, 1015), resized]
    data = after_snapshot(*records)
    assert [(event["width"], event["height"]) for event in data] == [(1015, 700), (1000, 700), (1015, 700), (800, 600)]


def test_browsers_show_the_chosen_option_of_a_select_themselves() -> None:
    chosen = made.element(22, "selectedcontent", {"type": 3, "id": 23, "textContent": "One"})
    select = made.element(20, "select", made.element(21, "button", chosen), made.element(24, "option"))
    added = {"parentId": 22, "nextId": None, "node": made.element(30, "b")}
    events = converted(made.meta(), made.snapshot(0, select), made.mutation(1, adds=[added]))
    assert by_id(events[2]["data"]["node"], 23)["childNodes"] == []
    assert mutations([event["data"] for event in events[4:]]) == []


def test_what_has_the_focus_and_what_it_is_in_have_attributes() -> None:
    inner = made.element(21, "input", type="text")
    box = made.element(20, "p", inner, made.element(22, "a"))
    added = {"parentId": made.BODY, "nextId": None, "node": box}
    pressed = made.event(2, 3, type=1, id=21, x=1, y=1)
    focused, moved, lost = (
        made.event(2, at, type=kind, id=node) for at, kind, node in ((4, 5, 21), (5, 5, 22), (6, 6, 22))
    )
    found = mutations(after_snapshot(made.mutation(1, adds=[added]), pressed, focused, moved, lost))[1:]
    within, nothing = {"data-replay-focus-within": ""}, {"data-replay-focus-within": None}
    changes = [sorted((one["id"], one["attributes"]) for one in mutation["attributes"]) for mutation in found]
    around = [made.HTML + 1, made.BODY + 1, 21]
    assert changes == [
        [*((one, within) for one in around), (22, {**within, "data-replay-focus": "visible"})],
        [(22, {**nothing, "data-replay-focus": None}), (23, {**within, "data-replay-focus": ""})],
        [*((one, nothing) for one in around), (23, {**nothing, "data-replay-focus": None})],
    ]


def test_what_comes_in_the_place_of_what_had_the_focus_has_none() -> None:
    added = {"parentId": made.BODY, "nextId": None, "node": made.element(21, "input")}
    come, gone = made.mutation(1, adds=[added]), made.mutation(3, removes=[{"id": 21, "parentId": made.BODY}])
    focused = made.event(2, 2, type=5, id=21)
    found = mutations(after_snapshot(come, focused, gone, made.mutation(4, adds=[added])))
    within, nothing = {"data-replay-focus-within": ""}, {"data-replay-focus-within": None}
    changes = [{one["id"]: one["attributes"] for one in mutation.get("attributes", ())} for mutation in found]
    around = (made.HTML + 1, made.BODY + 1)
    assert [change for change in changes if change] == [
        {**dict.fromkeys(around, within), 22: {**within, "data-replay-focus": "visible"}},
        dict.fromkeys(around, nothing),
    ]
    assert "data-replay-focus" not in str([mutation.get("adds") for mutation in found])


def test_a_textarea_has_its_text_as_value_and_no_children() -> None:
    area = made.element(20, "textarea", {"type": 3, "id": 21, "textContent": "seed"}, value="seed more")
    converted_area = by_id(snapshot_of(made.snapshot(0, area)), 21)
    assert converted_area["attributes"] == {"value": "seed more"}
    assert converted_area["childNodes"] == []


def test_separately_uploaded_images_are_marked_and_counted() -> None:
    nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"], [1, "IMG"]]
    conversion = Conversion(TimelineClock())
    (view,) = made.recording(made.record(2, 0, [nodes, [15, [3, "sha"]]], format=1)).views
    (snapshot,) = [
        e for e in map(json.loads, conversion.view_events(view, RecordCounts())) if e["type"] == FULL_SNAPSHOT
    ]
    assert by_id(snapshot["data"]["node"], 4)["attributes"] == {"data-replay-missing": ""}
    assert conversion.drawings.missing == {"sha"}


@pytest.mark.parametrize(
    ("recorded", "shown"),
    [(None, (1280, 720)), ((1, 16_384), (1, 16_384)), ((0, 16_385), (1, 16_384)), ((-5, 1e9), (1, 16_384))],
)
def test_a_viewport_has_a_default_and_is_limited(recorded: Any, shown: tuple[int, int]) -> None:
    meta = [] if recorded is None else [made.meta(0, *recorded)]
    sizes = [] if recorded is None else [(500, 400), recorded]
    resized = [made.event(4, 5, width=width, height=height) for width, height in sizes]
    events = [e["data"] for e in converted(*meta, made.snapshot(), *resized) if "width" in e["data"]]
    assert [(data["width"], data["height"]) for data in events] == [shown, (500, 400), shown][: 1 + len(resized)]


@pytest.mark.parametrize(("type_", "known"), [(-1, False), *((n, True) for n in range(11)), (11, False)])
def test_interactions_that_the_player_knows_are_converted(type_: int, known: bool) -> None:
    data = after_snapshot(made.event(2, 1, type=type_, id=made.BODY, x=1, y=2))
    assert any(event.get("source") == 2 for event in data) is known


@pytest.mark.parametrize(("length", "label"), [(60, "button “{}”"), (61, "#long")])
def test_the_label_of_a_mark_is_a_text_of_60_characters_or_a_selector(length: int, label: str) -> None:
    text = "w" * length
    button = made.element(20, "button", {"type": 3, "id": 21, "textContent": text}, id="long")
    events = converted(made.snapshot(0, button), made.click(1, id=20))
    assert events[-1]["data"]["payload"] == {"target": label.format(text)}


def test_a_click_on_a_node_that_does_not_exist_is_marked() -> None:
    assert after_snapshot(made.click(1, id=999))[-1]["payload"] == {"target": "something that is not in the recording"}


@pytest.mark.parametrize(("divs", "omitted"), [(509, 0), (510, 0), (511, 1)])
def test_a_document_has_512_levels_of_elements(divs: int, omitted: int) -> None:
    conversion = Conversion(TimelineClock())
    # Each node is the last child of the one before it; html and body are the first two levels.
    nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"], *([1, "DIV"] for _ in range(divs))]
    (view,) = made.recording(made.record(2, 0, [nodes], format=1), made.change(9, [1, [1, "P"]])).views
    _view, _meta, snapshot, _sheets, *additions = conversion.view_events(view, RecordCounts())
    assert snapshot.count(b'"tagName"') == divs + 2 - omitted  # Too deep for the json module.
    assert [b'"tagName":"p"' in addition for addition in additions] == ([True] if divs == 509 else [])
    assert conversion.notes.total() == omitted + (divs == 510)


def test_everything_that_the_player_cannot_show_is_counted() -> None:
    conversion = Conversion(TimelineClock())
    hidden = made.element(20, "div", rr_width="30px", rr_height="40px")
    others = [
        made.element(21, "canvas"),
        made.element(22, "link", rel="Stylesheet", href="a.css"),
        made.element(23, "link", rel="icon", href="a.ico"),
        made.element(24, "img", src="https://shop.example/a.png"),
        made.element(25, "img", src="data:image/png;base64,"),
        made.element(26, "link", rel="stylesheet", _cssText="a{}"),
        made.element(27, "style", _cssText="@layer a; @import url(b.css);a{}"),
    ]
    (view,) = made.recording(
        made.snapshot(0, hidden, *others), made.click(1, id=999), made.event(3, 2, id=999, x=1, y=1)
    ).views
    assert list(conversion.view_events(view, RecordCounts()))
    assert conversion.notes == {
        "elements that are hidden for privacy": 1,
        "drawings on a <canvas>, which are not in the recording": 1,
        "style sheets that are not in the recording": 2,
        "<img> whose content comes from a server and is not in the recording": 1,
        "images of unknown size: as style sheets size them, or else as images that failed to load": 1,
        "a change to a node that does not exist": 1,
    }


def test_style_rules_without_values_are_counted_once_for_each_style_sheet() -> None:
    css = "a { border-top-width: ; border-left-width: ; color: red; } b { padding: ; }"
    sheets = [[7, [css], [f"{css} u {{ top: ; }}"], [css]], [8, [made.ROOT, 0, 1], [made.BODY, 2]]]
    styles = [made.element(21, "style", _cssText=css), made.element(22, "style", _cssText=css)]
    conversion = Conversion(TimelineClock())
    (view,) = made.recording(made.snapshot(0, *styles), made.change(1, *sheets), made.change(2, *sheets)).views
    assert list(conversion.view_events(view, RecordCounts()))
    assert {note.partition(" of ")[0]: count for note, count in conversion.notes.items()} == {"style rules": 2 + 2 + 3}


def test_times_are_those_that_javascript_can_represent_and_never_go_backwards() -> None:
    last = 8.64e15
    clock = TimelineClock()
    assert [clock.at(time) for time in (5, 4, 6, last + 1, last, 7)] == [5, 5, 6, 6, last, last]
    assert [TimelineClock().at(time) for time in (0, last, last + 1, -1)] == [0, last, 0, 0]
    clock = TimelineClock()
    assert (clock.at(-1), clock.at(9), clock.start) == (0, 9, 0)
