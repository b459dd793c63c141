"""Wireframes of mobile screens as elements of the page; all recordings here are made from the published schemas."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments._timelines import timelines_of
from rum_replay.segments.dom import (
    AttributeSet,
    NodeAdded,
    NodeRemoved,
    Page,
    SnapshotTaken,
    TextSet,
    css_path,
    nodes_below,
    page_at,
    text_of,
    to_html,
)

from .. import made
from ..made import START, element, layer, phone, record, screen, screen_change, wireframe, words

RED, GREEN, BLUE = "#FF0000", "#00FF00", "#0000FF"


def shape(number: int, x: Any = 0, y: Any = 0, width: Any = 10, height: Any = 10, /, **more: Any) -> dict[str, Any]:
    return wireframe(number, "shape", x, y, width, height, **{"fill": RED, **more})


def page_of(*records: dict[str, Any]) -> Page:
    """The page after these records."""
    return page_at(phone(*records).views[0])


def drawn(page: Page) -> list[int]:
    """The wireframes that are drawn, from back to front."""
    root = page.root
    assert root is not None
    return [int(node.attributes["data-wireframe"]) for node in nodes_below(root) if "data-wireframe" in node.attributes]


BROKEN: list[tuple[Any, dict[str, int], list[int]]] = [
    ({"id": 2, "type": "video", "label": {}}, {"a wireframe of an unknown kind, shown as a placeholder": 1}, [1, 2]),
    (
        wireframe(2, "webview", 0, 0, 9, 9),
        {"a web view that does not say which one it is": 1},
        [1, 2],
    ),
    (shape(2, "NaN"), {"a value of a wireframe or layer that cannot be read": 1}, [1, 2]),
    (shape(2, border={"width": 2}), {"a value of a wireframe or layer that cannot be read": 1}, [1, 2]),
    (shape(2, clip={"top": "2", "left": 1}), {"a value of a wireframe or layer that cannot be read": 1}, [1, 2]),
    ({**shape(2), "id": 2.0}, {}, [1, 2]),
    ({**shape(2), "id": "2"}, {"a wireframe that cannot be read": 1}, [1]),
    (None, {"a wireframe that cannot be read": 1}, [1]),
]
"""A wireframe, what is said of it, and what is drawn."""


@pytest.mark.parametrize(("broken", "problems", "expected"), BROKEN)
def test_a_wireframe_that_cannot_be_read_leaves_the_others_on_the_screen(
    broken: Any, problems: dict[str, int], expected: list[int]
) -> None:
    shown = page_of(screen(0, shape(1), broken, shape(3)))
    assert drawn(shown) == [*expected, 3]
    found = {problem: count for problem, count in shown.problems.items() if "position" not in problem}
    assert found == problems
    added = page_of(
        screen(0, shape(1)),
        screen_change(
            10,
            adds=[{"wireframe": broken, "previousId": 1}, {"wireframe": shape(3), "previousId": 1}],
            updates=[{"type": "shape", "id": 1, "x": 5, "y": "high"}],
        ),
    )
    assert sorted(drawn(added)) == [*expected, 3]
    assert "left:5px;top:0px" in added.nodes[1].attributes["style"]


def test_a_layer_that_cannot_be_read_leaves_the_others_on_the_screen() -> None:
    root = layer(9, 0, 0, 99, 99, layer(8, 0, 0, 9, 9, 2), layer(7, 0, 0, 9, 9, 1))
    root["children"].append({"type": "wireframe", "id": "x"})
    layers = [{**layer(8, 0, 0, 9, 9, 2), "width": None}, layer(7, 0, 0, 9, 9, 1, modifiers=[3]), root]
    shown = page_of(screen(0, shape(1), shape(2), layers=layers))
    assert drawn(shown) == [1]
    assert shown.problems == {
        "a layer that cannot be read": 1,
        "a value of a wireframe or layer that cannot be read": 3,
    }
    changed = page_of(
        screen(0, shape(1), shape(2), layers=[layer(7, 0, 0, 9, 9, 1), layer(9, 0, 0, 9, 9, layer(7, 0, 0, 9, 9))]),
        layer_change(
            10, adds=[{"id": 5}], removes=["x"], updates=[{"id": 9, "children": [{"type": "wireframe", "id": 2}]}]
        ),
    )
    assert drawn(changed) == [2]
    without = page_of(record(10, 0, {"wireframes": [shape(1), shape(2)], "compositionTree": {"root": {"id": 1}}}))
    assert drawn(without) == [1, 2]
    assert without.problems == {"a composition tree that cannot be read": 1}


def test_a_record_does_not_say_itself_what_could_not_be_read() -> None:
    raw = json.dumps({**screen(0, shape(1)), "$unread": ["<b>"]}).encode()
    recorded = segments.decode_record(raw)
    assert isinstance(recorded, segments.MobileFullSnapshotRecord)
    assert recorded.unread == ()


def test_what_is_left_out_or_taken_for_something_else_is_said() -> None:
    odd = [
        shape(1, None, 0),
        wireframe(
            2, "shape", 0, 0, 9, 9, shapeStyle={"backgroundColor": "red"}, border={"color": "rgb(0,0,0)", "width": 1}
        ),
        wireframe(3, "shape", 0, 0, 9, 9, shapeStyle={"backgroundGradient": {"type": "radial"}}),
        words(4, "x", 0, 0, 9, 9, font={"color": ""}),
        shape(5, fill="#f00"),
        shape(6, fill="#F008"),
        shape(9, fill="#0"),
        shape(10, fill="#d123456"),
        shape(11, fill="#12345"),
        wireframe(7, "image", 0, 0, 9, 9, base64=PNG),
        wireframe(8, "image", 0, 0, 9, 9, base64=SVG, mimeType="image/svg+xml"),
    ]
    changed = screen_change(1, updates=[{"type": "image", "id": 7, "base64": "?"}])
    shown = page_of(screen(0, *odd), changed)
    assert shown.problems == {
        "an image of an unknown kind, which is hatched": 2,
        "a wireframe without a position or size, which is taken for 0": 1,
        "a color that is not written as #RRGGBB or #RRGGBBAA, which is left out": 3,
        "a gradient of an unknown kind, or an invalid one, which is left out": 1,
    }
    colors = [shown.nodes[number].attributes["style"].partition("background-color:")[2] for number in (5, 6, 9, 10, 11)]
    assert colors == ["#ff0000", "#FF000088", "#00000000", "#1234560d", "#01234500"]


@pytest.mark.parametrize(
    ("clip", "shown"),
    [
        ({"top": 0, "bottom": 0, "left": 0, "right": 0}, ""),
        ({}, ""),
        ({"left": 2}, "inset(0px 0px 0px 2px)"),
        ({"top": -1, "bottom": 0, "left": 0, "right": 0}, "inset(0px 0px 0px 0px)"),
    ],
)
def test_a_clip_of_zeros_is_none_and_of_less_cuts_off_what_exceeds_the_box(clip: dict[str, int], shown: str) -> None:
    """SDKs state zeros where a clip is gone, and the one for React Native -1 where a text must not exceed its box."""
    long = words(1, "x" * 99, 0, 0, 9, 9, clip={"left": 5})
    page = page_of(screen(0, long), screen_change(10, updates=[{"type": "text", "id": 1, "clip": clip}]))
    assert page.nodes[1].attributes["style"].partition("clip-path:")[2].partition(";")[0] == shown


def test_what_cannot_be_seen_is_not_tapped() -> None:
    unseen = [
        wireframe(2, "shape", 0, 0, 9, 9, shapeStyle={"backgroundGradient": {"type": "radial"}}),
        words(3, "x", 0, 0, 9, 9, font={"color": "#00000000"}),
    ]
    found = page_of(screen(0, shape(1), *unseen)).node_at(5, 5)
    assert found is not None
    assert found.attributes["data-wireframe"] == "1"
    faded = layer(8, 0, 0, 9, 9, 2, modifiers=[{"type": "opacity", "value": 0}])
    found = page_of(screen(0, shape(1), shape(2), layers=[faded, layer(9, 0, 0, 9, 9, 1, faded)])).node_at(5, 5)
    assert found is not None
    assert found.attributes["data-wireframe"] == "1"


@pytest.mark.parametrize("is_size_first", [True, False])
def test_what_a_web_view_recorded_before_the_first_snapshot_of_the_screen_is_shown_in_it(
    *, is_size_first: bool
) -> None:
    inner = [made.meta(1, width=100), made.snapshot(2), made.mutation(3, removes=[{"parentId": made.BODY, "id": 3}])]
    size = record(4, 0, {"width": 360, "height": 640})
    early = [{**one, "slotId": "7"} for one in inner]
    frame = wireframe(5, "webview", 0, 0, 200, 100, slotId="7")
    recorded = made.recording(*([size, *early] if is_size_first else [*early, size]), screen(9, frame), source="ios")
    page = page_at(recorded.views[0])
    assert (page.viewport, page.url, page.problems) == (segments.dom.Size(360, 640), None, {})
    buttons = [node.attributes["id"] for node in page.nodes.values() if node.name == "button"]
    assert buttons == ["other"]
    assert "width:360px" in to_html(page)


def test_a_web_view_is_shown_on_its_screen_though_only_one_of_them_records_anything() -> None:
    """By default, SDKs record no touches, and for iOS nothing of a screen that does not change."""
    kept = {"source": "ios", "index_in_view": None}
    frame = wireframe(5, "webview", 0, 0, 360, 600, slotId="77", isVisible=True)
    at = {"first": 0, "other": 9_000, "again": 12_000}
    sources = [
        made.segment(
            record(4, time, {"width": 360, "height": 640}, slotId=None), screen(time, frame), **kept, view=view
        )
        for view, time in at.items()
    ]
    inner = [made.meta(2000), made.snapshot(2100), made.mutation(2200, texts=[{"id": 100, "value": "Paid"}])]
    sources.append(made.segment(*({**one, "slotId": "77"} for one in inner), **kept, view="web"))
    recording = segments.open(sources)
    assert [len(timeline.views) for timeline in timelines_of(recording)] == [3, 1]
    views = {view.id: view for view in recording.views}
    shown = {view: page_at(views[view]) for view in (*at, "web")}
    for page in (*shown.values(), page_at(views["first"], START + 8_999)):
        assert [node.text for node in page.nodes.values() if node.text in ("Pay", "Paid")] == ["Paid"]
    assert "Paid" not in str(page_at(views["first"], START + 2150).to_dict())
    assert page_at(views["first"], START + 1999).nodes[5].first_child is not None
    (alone,) = segments.open(sources[-1]).views
    assert not alone.companions


def test_a_screen_shows_of_a_web_view_what_it_recorded_until_the_next_screen_begins() -> None:
    kept = {"source": "android", "index_in_view": None}
    frame = wireframe(5, "webview", 0, 0, 360, 600, slotId="77", isVisible=True)
    size = record(4, 0, {"width": 360, "height": 640})
    first = made.segment(size, screen(0, frame), **kept, view="first")
    second = made.segment(record(4, 5_000, size["data"]), screen(5_000, frame), **kept, view="second")
    inner = [made.meta(100), made.snapshot(200), made.mutation(7_000, texts=[{"id": 100, "value": "Paid"}])]
    web = made.segment(*({**one, "slotId": "77"} for one in inner), **kept, view="web")
    shown = {view.id: str(page_at(view).to_dict()) for view in segments.open([first, second, web]).views}
    assert ["Pay" in shown[view] and "Paid" not in shown[view] for view in ("first", "second")] == [True, False]
    assert "Paid" in shown["second"]


@pytest.mark.parametrize("has_change", [True, False])
def test_a_screen_that_begins_with_a_place_for_a_web_view_is_no_web_view(*, has_change: bool) -> None:
    """As one does whose first upload is lost."""
    frame = wireframe(5, "webview", 0, 0, 360, 600, slotId="77", isVisible=True)
    first = record(11, 0, {"source": 0, "adds": [{"wireframe": frame}]}) if has_change else screen(0, frame)
    inner = [{**one, "slotId": "77"} for one in (made.meta(2000), made.snapshot(2100))]
    kept = {"source": "ios", "index_in_view": None}
    recording = segments.open(
        [made.segment(first, screen(1000, frame), **kept, view="a"), made.segment(*inner, **kept, view="web")]
    )
    assert [view.is_in_slot for view in recording.views] == [False, True]
    assert "Pay" in str(page_at(recording.views[0]).to_dict())


def test_a_web_view_that_is_recorded_alone_is_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rum_replay.segments.dom._early_records._MAX_BYTES", 2_000)
    inner = [{**one, "slotId": "7"} for one in (made.meta(1), made.snapshot(2), *map(made.click, range(3, 100)))]
    page = page_at(made.recording(*inner, source="ios").views[0])
    assert (page.is_mobile, page.url, page.problems) == (False, "http://shop/", {})
    assert page.nodes[made.BUTTON].attributes["id"] == "pay"


def layer_change(at: float, **changes: Any) -> dict[str, Any]:
    return record(11, at, {"source": 10, **changes})


PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
THREE = screen(0, shape(1), shape(2), shape(3))


class TestOrder:
    @pytest.mark.parametrize(
        ("changes", "order", "problems"),
        [
            ({}, [1, 2, 3], {}),
            ({"adds": [{"wireframe": shape(9)}]}, [9, 1, 2, 3], {}),
            ({"adds": [{"wireframe": shape(9), "previousId": 1}]}, [1, 9, 2, 3], {}),
            ({"adds": [{"wireframe": shape(9), "previousId": 3}]}, [1, 2, 3, 9], {}),
            (
                {"adds": [{"wireframe": shape(9), "previousId": 2}, {"wireframe": shape(8), "previousId": 9}]},
                [1, 2, 9, 8, 3],
                {},
            ),
            ({"removes": [{"id": 2}]}, [1, 3], {}),
            ({"removes": [{"id": 1}], "adds": [{"wireframe": shape(1), "previousId": 3}]}, [2, 3, 1], {}),
            ({"adds": [{"wireframe": shape(1), "previousId": 3}]}, [2, 3, 1], {}),
            (
                {"adds": [{"wireframe": shape(9), "previousId": 7}]},
                [1, 2, 3, 9],
                {"a wireframe to draw after one that does not exist, drawn over all others": 1},
            ),
            (
                {"removes": [{"id": 7}], "updates": [{"type": "shape", "id": 8}]},
                [1, 2, 3],
                {"a change to a wireframe that does not exist": 2},
            ),
            ({"updates": [{"type": "text", "id": 1}]}, [1, 2, 3], {"a change to a wireframe of another type": 1}),
        ],
    )
    def test_changes_are_removals_then_additions_then_updates(
        self, changes: dict[str, Any], order: list[int], problems: dict[str, int]
    ) -> None:
        page = page_of(THREE, screen_change(1, **changes))
        assert drawn(page) == order
        assert page.problems == problems

    def test_a_new_snapshot_replaces_everything(self) -> None:
        page = page_of(THREE, screen(1, shape(3), shape(4), shape(3)))
        assert drawn(page) == [3, 4]
        assert page.problems == {"a wireframe with the id of another": 1}

    def test_changes_before_a_snapshot_are_counted(self) -> None:
        page = page_of(screen_change(0, updates=[{"type": "shape", "id": 1}]), layer_change(1, removes=[1]))
        assert page.problems == {"a change before the first snapshot of a screen": 2}
        assert (page.root, page.is_mobile, page.node_at(1, 1)) == (None, False, None)

    def test_a_page_of_a_browser_may_follow(self) -> None:
        page = page_of(THREE, made.snapshot(1))
        assert not page.is_mobile
        assert page.node_at(1, 1) is None
        assert page.find(made.BUTTON) is not None


class TestUpdates:
    def test_only_what_is_stated_changes(self) -> None:
        before = words(5, "Pay", 10, 20, 100, 30, clip={"top": 3}, border={"color": RED, "width": 1}, fill=BLUE)
        page = Page()
        apply = [page.apply(one) for one in phone(screen(0, before)).records()]
        assert isinstance(apply[-1][0], SnapshotTaken)
        for changes, names in (
            ({"text": "Paid"}, [TextSet]),
            ({"y": 40}, [AttributeSet]),
            ({"clip": {"left": 2}, "text": "Thanks"}, [AttributeSet, TextSet]),
            ({}, []),
        ):
            (change,) = made.recording(screen_change(1, updates=[{"type": "text", "id": 5, **changes}])).records()
            assert [type(effect) for effect in page.apply(change)] == names
        node = page.find(5)
        assert node is not None
        assert text_of(node) == "Thanks"
        style = node.attributes["style"]
        assert "left:10px;top:40px;width:100px;height:30px;clip-path:inset(0px 0px 0px 2px)" in style
        assert f"outline:1px solid {RED};outline-offset:-1px;background-color:{BLUE}" in style

    def test_an_image_that_arrives_replaces_what_was_in_its_place(self) -> None:
        page = page_of(
            screen(0, wireframe(5, "image", 0, 0, 9, 9, resourceId="one")),
            screen_change(1, updates=[{"type": "image", "id": 5, "base64": PNG}]),
        )
        node = page.find(5)
        assert node is not None
        assert [child.name for child in node.children] == ["img"]

    @pytest.mark.parametrize("before", [{"base64": PNG}, {"resourceId": "a"}, {"isEmpty": True}])
    def test_an_image_that_is_uploaded_separately_replaces_any_other(self, before: dict[str, Any]) -> None:
        page = page_of(
            screen(0, wireframe(5, "image", 0, 0, 9, 9, **before)),
            screen_change(1, updates=[{"type": "image", "id": 5, "resourceId": "b"}]),
            screen_change(2, updates=[{"type": "image", "id": 5, "x": 3}]),
        )
        (image,) = page.nodes[5].children
        assert (image.name, image.image_resource) == ("canvas", "b")

    def test_an_image_in_the_segments_replaces_an_empty_one(self) -> None:
        page = page_of(
            screen(0, wireframe(5, "image", 0, 0, 9, 9, isEmpty=True)),
            screen_change(1, updates=[{"type": "image", "id": 5, "base64": PNG}]),
        )
        assert [child.name for child in page.nodes[5].children] == ["img"]

    @pytest.mark.parametrize("before", [{"base64": PNG}, {"resourceId": "a"}])
    def test_an_image_that_is_empty_now_is_not_shown_any_more(self, before: dict[str, Any]) -> None:
        page = page_of(
            screen(0, wireframe(5, "image", 0, 0, 9, 9, **before)),
            screen_change(1, updates=[{"type": "image", "id": 5, "isEmpty": True}]),
        )
        (image,) = page.nodes[5].children
        assert (image.name, image.image_resource) == ("div", None)

    def test_the_screen_is_as_large_as_stated(self) -> None:
        page = page_of(THREE, record(11, 1, {"source": 4, "width": 640, "height": 360}))
        assert page.viewport is not None
        assert (page.viewport.width, page.viewport.height) == (640, 360)
        assert "width:640px;height:360px" in to_html(page)


SVG = "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciPjwvc3ZnPg=="


class TestElements:
    @pytest.mark.parametrize(
        ("recorded", "name", "text"),
        [
            (shape(1), "mobile-shape", ""),
            (words(1, "Pay\nnow", 0, 0, 9, 9), "mobile-text", "Pay now"),
            (words(1, "Pay now", 0, 0, 9, 9, font={"truncationMode": "middle"}), "mobile-text", "Pay now"),
            (words(1, "Pay now", 0, 0, 9, 9, font={"truncationMode": "head"}), "mobile-text", "Pay now"),
            (wireframe(1, "image", 0, 0, 9, 9, base64=PNG), "mobile-image", ""),
            (wireframe(1, "image", 0, 0, 9, 9, resourceId="x"), "mobile-image", ""),
            (wireframe(1, "image", 0, 0, 9, 9, isEmpty=True), "mobile-image", ""),
            (wireframe(1, "placeholder", 0, 0, 9, 9, label="Hidden"), "mobile-placeholder", "Hidden"),
            (wireframe(1, "placeholder", 0, 0, 9, 9), "mobile-placeholder", ""),
            (wireframe(1, "webview", 0, 0, 9, 9, slotId="7"), "mobile-web-view", ""),
            (wireframe(1, "embedded_view", 0, 0, 9, 9, slotId="7"), "mobile-embedded-content", ""),
            (wireframe(1, "embedded_content", 0, 0, 9, 9, slotId="7"), "mobile-embedded-content", ""),
        ],
        ids=lambda value: value["type"] if isinstance(value, dict) else None,
    )
    def test_a_wireframe_is_an_element_with_its_text(self, recorded: dict[str, Any], name: str, text: str) -> None:
        page = page_of(screen(0, recorded))
        node = page.find(1)
        assert node is not None
        assert (node.name, text_of(node), css_path(node)) == (name, text, "#wireframe-1")
        assert not page.problems
        assert f"<{name} " in to_html(page)

    def test_permanent_ids_make_selectors_for_all_sessions(self) -> None:
        same = [shape(1, permanentId="a1"), words(2, "x", 0, 0, 9, 9, permanentId="a1"), shape(3, permanentId="a1")]
        page = page_of(screen(0, *same, shape(4, permanentId="b")))
        paths = [css_path(node) for number in (1, 2, 3, 4) if (node := page.find(number)) is not None]
        first, last = "body > mobile-shape", "body > mobile-shape:nth-of-type(2)"
        assert paths == [f"{first}:nth-of-type(1)", "#a1-text", last, "#b-shape"]

    @pytest.mark.parametrize("number", [-1, (1 << 31) - 1, 1 << 40, -(1 << 63), 1 << 62])
    def test_any_number_may_be_an_id(self, number: int) -> None:
        page = page_of(screen(0, shape(number), shape(5)), screen_change(1, removes=[{"id": 5}]))
        assert drawn(page) == [number]
        node = page.node_at(1, 1)
        assert node is not None
        assert 0 <= node.id < 1 << 53
        assert css_path(node).endswith(str(number))

    @pytest.mark.parametrize(
        "value",
        [
            None,
            True,
            -1,
            0,
            1e300,
            -(1 << 70),
            1 << 70,
            "",
            "red;background:url(//x)",
            "x" * 300,
            [],
            {},
            {"x": 1},
            [1],
        ],
        ids=repr,
    )
    def test_odd_values_become_no_style(self, value: Any) -> None:
        """Records with them are either no records, or drawn without them."""
        gradient = {"type": "linear", "stops": [{"color": RED, "position": 0}, {"color": value, "position": value}]}
        points = {"startPoint": {"x": value, "y": 0}, "endPoint": value}
        styles = [
            {"backgroundGradient": {**gradient, **points}},
            {"backgroundGradient": value},
            {"backgroundColor": value},
            {"cornerRadius": value},
            {"opacity": value},
        ]
        odd = [shape(n, value, value, value, value) for n in range(2)]
        odd += [{**shape(10 + n), "shapeStyle": style} for n, style in enumerate(styles)]
        odd += [shape(20, clip={"top": value}), shape(21, border={"color": value, "width": value})]
        odd += [words(30 + n, "x", 0, 0, 9, 9, font={name: value}) for n, name in enumerate(FONT)]
        odd += [words(40, value, 0, 0, 9, 9), words(41, "x", 0, 0, 9, 9, textPosition={"padding": value})]
        odd += [words(42, "x", 0, 0, 9, 9, textPosition={"padding": {"left": value}, "alignment": {"vertical": value}})]
        odd += [wireframe(50, "image", 0, 0, 9, 9, base64=value), wireframe(51, "webview", 0, 0, 9, 9, slotId=value)]
        kinds = (
            "clip",
            "opacity",
            "colorMatrix",
            "gaussianBlur",
            "shadow",
            "brightnessBias",
            "saturate",
            "maskImage",
            "backgroundMaterial",
            value,
        )
        modifiers = [
            {
                "type": kind,
                **dict.fromkeys(("path", "value", "matrix", "radius", "color", "offsetX", "fillRule"), value),
            }
            for kind in kinds
        ]
        layers = [layer(60, value, value, value, value, 1, modifiers=modifiers, compositeOperation=value)]
        for one in odd:
            _check(page_of(screen(0, one)))
        for one in modifiers:
            _check(page_of(screen(0, shape(1), layers=[layer(60, 0, 0, 9, 9, 1, modifiers=[one])])))
        _check(page_of(screen(0, shape(1), layers=layers)))

    @pytest.mark.parametrize(
        ("recorded", "begins"),
        [
            (PNG, "data:image/png;base64,iVBOR"),
            (f"{PNG[:4]}\n{PNG[4:]}\n", "data:image/png;base64,iVBORw0"),
            (f"data:image/svg+xml;base64,{PNG}", "data:image/png;base64,iVBOR"),
            ("/9j/4AAQ", "data:image/jpeg;base64,/9j/"),
            ("R0lGODlh", "data:image/gif;base64,R0lG"),
            ("UklGRgAAAABXRUJQ", "data:image/webp;base64,UklG"),
            (SVG, None),
            (f"data:image/png;base64,{SVG}", None),
            ('iVBORw0KGgo="onerror=', None),
            ("", None),
            ("a", None),
        ],
    )
    def test_images_are_shown_if_they_are_pixels(self, recorded: str, begins: str | None) -> None:
        markup = to_html(page_of(screen(0, wireframe(1, "image", 0, 0, 9, 9, base64=recorded))))
        assert ('src="' in markup) == (begins is not None)
        assert begins is None or f'src="{begins}' in markup

    def test_glass_is_shown_without_what_is_behind_it(self) -> None:
        glass = {"type": "backgroundMaterial", "kind": "glass"}
        page = page_of(screen(0, shape(1), layers=[layer(60, 0, 0, 9, 9, 1, modifiers=[glass])]))
        assert drawn(page) == [1]
        assert page.problems == {"a layer of glass, behind which nothing is blurred": 1}

    def test_families_of_fonts_are_names(self) -> None:
        family = "'Century Gothic', -apple-system, x;y, url(a), Roboto, serif"
        markup = to_html(page_of(screen(0, words(1, "x", 0, 0, 9, 9, font={"family": family}))))
        quoted = "&#x27;Century Gothic&#x27;,-apple-system,&#x27;Roboto&#x27;,serif,sans-serif;"
        assert f"font:16px/1.2 {quoted}" in markup


FONT = ("family", "size", "color", "truncationMode")


def _check(page: Page) -> None:
    for style in re.findall(r'(?:style|d|values|fill)="([^"]*)"', to_html(page)):
        assert not re.search("red|NaN|inf|url(?!.&quot;#layer)", style), style
    json.dumps(page.to_dict(), allow_nan=False)
    page.node_at(1, 1)


class TestHits:
    @pytest.mark.parametrize(
        ("above", "hit"),
        [
            (shape(2), 2),
            (shape(2, 5, 5, 10, 10), 1),
            (shape(2, 0, 0, 20, 20, clip={"left": 4}), 1),
            (shape(2, 0, 0, 20, 20, clip={"bottom": 17}), 1),
            (shape(2, 0, 0, 20, 20, clip={"right": 16}), 2),
            (shape(2, 0, 0, 20, 20, clip={"right": 17}), 1),
            (shape(2, fill="#FF000000"), 1),
            ({**shape(2), "shapeStyle": {"backgroundColor": RED, "opacity": 0}}, 1),
            ({**shape(2), "shapeStyle": None}, 1),
            ({**shape(2), "shapeStyle": None, "border": {"color": RED, "width": 1}}, 2),
            (words(2, " ", 0, 0, 9, 9), 1),
            (words(2, "x", 0, 0, 9, 9), 2),
            (wireframe(2, "webview", 0, 0, 9, 9, slotId="7", isVisible=False), 1),
            (wireframe(2, "webview", 0, 0, 9, 9, slotId="7"), 2),
            (wireframe(2, "placeholder", 0, 0, 9, 9), 2),
            (shape(2, 0, 0, 3, 9), 1),
            (shape(2, 0, 0, -5, 9), 1),
            ({**shape(2, 2, 2, 20, 20), "shapeStyle": {"backgroundColor": RED, "cornerRadius": 8}}, 1),
            ({**shape(2, 2.5, 2.5, 40, 4), "shapeStyle": {"backgroundColor": RED, "cornerRadius": 99}}, 1),
            ({**shape(2, 0, 0, 9, 9), "shapeStyle": {"backgroundColor": RED, "cornerRadius": 4}}, 2),
            ({**shape(2, 2, -40, 4, 80), "shapeStyle": {"backgroundColor": RED, "cornerRadius": 8}}, 2),
        ],
    )
    def test_the_topmost_wireframe_that_can_be_seen_at_a_point_is_hit(self, above: dict[str, Any], hit: int) -> None:
        page = page_of(screen(0, shape(1), above))
        node = page.node_at(3, 3)
        assert node is page.find(hit)

    def test_layers_decide_what_is_topmost(self) -> None:
        inner = layer(100, 0, 0, 9, 9, 1)
        page = page_of(screen(0, shape(1), shape(2), shape(3), layers=[inner, layer(101, 0, 0, 9, 9, 2, inner)]))
        assert page.node_at(3, 3) is page.find(1)
        assert page.node_at(30, 3) is None

    @pytest.mark.parametrize(
        ("clip", "is_hit"),
        [
            ({"path": "M0 0H20V20H0Z"}, True),
            ({"path": "M0 0H2V20H0Z"}, False),
            ({"path": "M0 0h20v20h-20z m1 1h8v8h-8z"}, True),
            ({"path": "M0 0h20v20h-20z m1 1h8v8h-8z", "fillRule": "evenodd"}, False),
            ({"path": "M20,0A20 20 0 0120,40A20 20 0 01 20 0"}, False),
            ({"path": "M0 10C0 4 4 0 10 0S20 4 20 10V20H0"}, False),
            ({"path": "M0 10Q2 2 10 0T20 20L0 20"}, False),
            ({"path": "M0 0L20 0 20 20"}, True),
            ({"path": "nothing"}, True),
            ({"path": "M0 0H2V20 M1e999 0"}, True),
            ({"path": "M0 0H2V20Z 5"}, True),
            ({"path": "H2V20Z"}, True),
            ({"path": "M0 0" + "h0" * 9_000}, True),
        ],
    )
    def test_what_the_clip_of_a_layer_hides_is_not_hit(self, clip: dict[str, Any], *, is_hit: bool) -> None:
        inner = layer(100, 50, 60, 20, 20, 2, modifiers=[{"type": "clip", **clip}])
        tree = [inner, layer(101, 0, 0, 100, 100, 1, inner)]
        page = page_of(screen(0, shape(1, 0, 0, 100, 100), shape(2, 50, 60, 20, 20), layers=tree))
        assert page.node_at(53, 62) is page.find(2 if is_hit else 1)


def tree_of(page: Page) -> Any:
    """The layers and wireframes that are drawn: numbers of wireframes, and lists that begin with a layer's name."""
    (body,) = (node for node in page.nodes.values() if node.name == "body")

    def inside(node: segments.Node) -> list[Any]:
        found: list[Any] = []
        for child in node.children:
            if "data-wireframe" in child.attributes:
                found.append(int(child.attributes["data-wireframe"]))
            elif child.name == "mobile-layer":
                found.append([child.attributes["id"], *inside(child)])
            else:
                found += inside(child)
        return found

    return inside(body)


INNER = layer(100, 0, 0, 9, 9, 1, 2)
OUTER = layer(101, 0, 0, 9, 9, 3)
LAYERED = screen(0, shape(1), shape(2), shape(3), shape(4), layers=[INNER, OUTER, layer(109, 0, 0, 9, 9, OUTER, INNER)])


def placed(number: int, *numbers: int) -> dict[str, Any]:
    """A change of what a layer contains."""
    return layer_change(1, updates=[{"id": number, "children": children(*numbers)}])


def children(*numbers: int) -> list[dict[str, Any]]:
    """Numbers from 100 on are those of layers."""
    return [{"type": "layer" if number >= 100 else "wireframe", "id": number} for number in numbers]


TWO_STEPS = [{"type": "clip", "path": "M0 0"}, {"type": "opacity", "value": 1}]
SHADOW = {"type": "shadow", "color": RED, "offsetX": 1, "offsetY": 1, "radius": 1}
UNCHANGED = [["layer-101", 3], ["layer-100", 1, 2]]


class TestLayers:
    def test_they_decide_what_is_drawn_and_in_which_order(self) -> None:
        assert tree_of(page_of(LAYERED)) == [["layer-109", *UNCHANGED]]

    @pytest.mark.parametrize(
        ("changes", "expected", "problems"),
        [
            (
                [placed(100, 2, 1)],
                [["layer-101", 3], ["layer-100", 2, 1]],
                0,
            ),
            (
                [placed(100, 4, 2)],
                [["layer-101", 3], ["layer-100", 4, 2]],
                0,
            ),
            ([layer_change(1, updates=[{"id": 100, "x": 5}])], UNCHANGED, 0),
            (
                [
                    layer_change(
                        1,
                        updates=[
                            {
                                "id": 100,
                                "modifiers": [{"type": "clip", "path": "M0 0"}, {"type": "opacity", "value": 1}],
                            }
                        ],
                    )
                ],
                UNCHANGED,
                0,
            ),
            (
                [placed(101, 3, 100)],
                [["layer-101", 3, ["layer-100", 1, 2]]],
                0,
            ),
            ([layer_change(1, removes=[100])], [["layer-101", 3]], 0),
            ([layer_change(1, removes=[99], updates=[{"id": 98}])], UNCHANGED, 2),
            (
                [
                    layer_change(
                        1, adds=[layer(102, 0, 0, 9, 9, 4)], updates=[{"id": 109, "children": children(102, 101)}]
                    )
                ],
                [["layer-102", 4], ["layer-101", 3]],
                0,
            ),
            (
                [placed(101, 101, 3)],
                UNCHANGED,
                1,
            ),
            (
                [placed(101, 109, 3)],
                UNCHANGED,
                1,
            ),
            (
                [placed(101, 3, 3, 1, 77)],
                [["layer-101", 3, 1], ["layer-100", 2]],
                0,
            ),
            (
                [placed(101, 3, 1), layer_change(2, updates=[{"id": 100, "x": 5}])],
                [["layer-101", 3, 1], ["layer-100", 2]],
                0,
            ),
            ([layer_change(1, updates=[{"id": 101, "compositeOperation": "destinationIn"}])], [["layer-100", 1, 2]], 1),
            (
                [
                    screen_change(1, removes=[{"id": 1}]),
                    screen_change(2, adds=[{"wireframe": shape(1)}, {"wireframe": shape(9)}]),
                ],
                UNCHANGED,
                0,
            ),
            (
                [
                    placed(109, 101, 100, 103),
                    layer_change(2, adds=[layer(103, 0, 0, 9, 9, 4)]),
                ],
                [["layer-101", 3], ["layer-100", 1, 2], ["layer-103", 4]],
                0,
            ),
        ],
    )
    def test_changes(self, changes: list[dict[str, Any]], expected: list[Any], problems: int) -> None:
        page = page_of(LAYERED, *changes)
        assert tree_of(page) == [["layer-109", *expected]]
        assert page.problems.total() == problems, page.problems

    def test_another_root_replaces_everything_even_where_there_were_no_layers(self) -> None:
        root = layer(200, 0, 0, 9, 9, 2, 1)
        for before in (LAYERED, screen(0, shape(1), shape(2), shape(3))):
            assert tree_of(page_of(before, layer_change(1, root=root))) == [["layer-200", 2, 1]]

    def test_children_that_stay_keep_their_elements(self) -> None:
        page = Page()
        *_, change = made.recording(LAYERED, placed(100, 4, 1, 2)).records()
        for one in phone(LAYERED).records():
            page.apply(one)
        effects = page.apply(change)
        assert [effect.node.id for effect in effects if isinstance(effect, NodeAdded)] == [4]
        assert not any(isinstance(effect, NodeRemoved) for effect in effects)

    @pytest.mark.parametrize("path", ['M0 0"),url(x)', "M0 0;", "", "M0 0\\", 7, None, "M" * 100_001], ids=range(7))
    def test_a_path_consists_of_commands_and_numbers(self, path: Any) -> None:
        modifiers = [{"type": "clip", "path": path}, {**SHADOW, "path": path}]
        page = page_of(screen(0, shape(1), layers=[layer(9, 0, 0, 9, 9, 1, modifiers=modifiers)]))
        assert page.problems == {"an invalid modifier of a layer": 2}
        assert tree_of(page) == [["layer-9", 1]]

    def test_there_are_limits(self) -> None:
        many = [shape(number) for number in range(2_001)]
        page = page_of(screen(0, *many, layers=[layer(9_000, 0, 0, 9, 9, *range(2_001))]))
        assert len(drawn(page)) == 2_000
        nested = [layer(1_000, 0, 0, 9, 9, 1)]
        for number in range(1_001, 1_040):
            nested.append(layer(number, 0, 0, 9, 9, nested[-1]))
        deep = page_of(screen(0, shape(1), layers=nested))
        crowd = page_of(
            screen(0, shape(1)), screen_change(1, adds=[{"wireframe": shape(number)} for number in range(10_002)])
        )
        layers = page_of(screen(0, shape(1)), layer_change(1, adds=[layer(n, 0, 0, 9, 9) for n in range(5_002)]))
        assert crowd.problems + layers.problems == {
            "a wireframe of a screen with more than 10,000": 2,
            "a layer of a screen with more than 5,000": 2,
        }
        modified = [layer(7, 0, 0, 9, 9, 1, modifiers=[{"type": "clip", "path": "M0 0"}] * 21)]
        assert (page.problems + deep.problems + page_of(screen(0, shape(1), layers=modified)).problems) == {
            "a child of a layer with more than 2,000": 1,
            "a layer within 32 others, which is left out": 1,
            "a modifier of a layer with more than 20, which is left out": 1,
            "modifiers that need more than 8 boxes, which are left out": 1,
        }


WEB = {"slotId": "77"}
FRAME = wireframe(1, "webview", 0, 0, 200, 100, slotId="77", isVisible=True)


def web(one: dict[str, Any]) -> dict[str, Any]:
    """A record of a browser in a web view."""
    return {**one, **WEB}


WEB_PAGE = [web(made.meta(1, width=200, height=100)), web(made.snapshot(2))]
CHANGED = web(made.mutation(4, texts=[{"id": 100, "value": "Paid"}]))


class TestWebViews:
    @pytest.mark.parametrize("is_apart", [False, True], ids=["in the view of the screen", "in a view of its own"])
    def test_what_they_recorded_is_in_their_frame(self, *, is_apart: bool) -> None:
        records = [record(4, 0, {"width": 360, "height": 640}), screen(0, FRAME, shape(2, 0, 200))]
        later = [record(7, 9)]
        if is_apart:
            apart = made.segment(*WEB_PAGE, CHANGED, source="ios", view="w")
            parts = [made.segment(*records, *later, source="ios"), apart]
        else:
            parts = [made.segment(*records, *WEB_PAGE, CHANGED, *later, source="ios")]
        recording = segments.open(b"".join(parts))
        view = recording.views[0]
        for time, text in ((3, "Pay"), (4, "Paid"), (None, "Paid")):
            page = page_at(view, None if time is None else START + time)
            frame = page.find(1)
            assert frame is not None
            (button,) = (node for node in nodes_below(frame) if node.attributes.get("id") == "pay")
            assert text_of(button) == text
            assert css_path(button) == "#wireframe-1 > iframe >>> #pay"
            assert page.find(button.id) is button
            assert button.id != made.BUTTON
            markup = to_html(page)
            assert 'sandbox="" srcdoc="' in markup
            assert f"&gt;{text}&lt;/button" in markup
            assert not page.problems
            assert (page.is_mobile, page.url) == (True, None)

    def test_their_slots_may_have_numbers(self) -> None:
        page = page_of(screen(0, {**FRAME, "slotId": 77}), *({**one, "slotId": 77} for one in WEB_PAGE), CHANGED)
        assert "&gt;Paid&lt;/button" in to_html(page)
        assert not page.problems

    def test_they_outlive_what_happens_to_their_wireframe(self) -> None:
        page = Page()
        for one in phone(screen(0), *WEB_PAGE).records():
            page.apply(one)
        assert page.root is not None
        assert "iframe" not in to_html(page)
        steps = [
            (screen_change(3, adds=[{"wireframe": FRAME}]), True),
            (CHANGED, True),
            (screen_change(5, removes=[{"id": 1}]), False),
            (screen(6, FRAME), True),
            (screen_change(7, updates=[{**FRAME, "x": 20}]), True),
            (screen_change(7, updates=[{"id": 1, "type": "webview", "y": 20}]), True),
            (screen_change(7, updates=[{**FRAME, "slotId": 77}]), True),
            (screen_change(7, updates=[{**FRAME, "slotId": "another"}]), False),
            (screen_change(7, updates=[{**FRAME, "slotId": "a third"}]), False),
            (screen_change(8, removes=[{"id": 1}], adds=[{"wireframe": FRAME}]), True),
            (web(made.snapshot(9)), True),
        ]
        for change, is_shown in steps:
            (one,) = made.recording(change).records()
            page.apply(one)
            assert ("srcdoc" in to_html(page)) == is_shown, change
        assert "&gt;Pay&lt;" in to_html(page)
        assert not page.problems

    def test_their_effects_are_those_of_the_screen(self) -> None:
        page = Page()
        for one in phone(screen(0, FRAME), *WEB_PAGE).records():
            page.apply(one)
        texts = [node for node in page.nodes.values() if node.text == "Pay"]
        (effect,) = page.apply(next(made.recording(CHANGED).records()))
        assert effect == TextSet(texts[0].id, "Paid")
        (again,) = made.recording(web(made.snapshot(9))).records()
        first, *others = page.apply(again)
        frame = next(node for node in page.nodes.values() if node.name == "iframe")
        assert isinstance(first, NodeRemoved)
        assert first.parent_id == frame.id
        assert {type(one) for one in others} == {NodeAdded}
        assert isinstance(others[0], NodeAdded)
        assert others[0].parent_id == frame.id

    def test_what_is_removed_with_its_parent_may_be_named_too(self) -> None:
        removals = [{"parentId": made.BODY, "id": made.BUTTON}, {"parentId": made.BUTTON, "id": 100}]
        page = page_of(screen(0, FRAME), *WEB_PAGE, web(made.mutation(4, removes=removals)))
        assert not page.problems
        assert "Pay" not in to_html(page)

    def test_a_page_of_another_width_is_scaled(self) -> None:
        page = page_of(screen(0, FRAME), web(made.meta(1, width=400, height=300)), WEB_PAGE[1])
        assert "width:400px;height:200px;transform:scale(0.5)" in to_html(page)

    def test_other_frameworks_have_screens_of_their_own(self) -> None:
        inner = screen(1, words(1, "from elsewhere", 0, 0, 90, 20), shape(2))
        page = page_of(screen(0, {**FRAME, "type": "embedded_content"}), web(inner))
        outer = page.find(1)
        assert outer is not None
        assert "from elsewhere" in [node.text for node in nodes_below(outer)]
        assert text_of(outer) == "", "a web view is not known by what is in it"
        assert "from elsewhere" in to_html(page)
        assert "transform" not in to_html(page)

    def test_records_before_the_screen_are_replaced_by_it(self) -> None:
        page = page_of(*WEB_PAGE, screen(3, FRAME))
        assert page.is_mobile
        assert drawn(page) == [1]

    def test_there_are_limits(self) -> None:
        slots = [{**one, "slotId": str(slot)} for slot in range(20) for one in WEB_PAGE]
        page = page_of(screen(0, FRAME), *slots)
        assert page.problems == {"a record of a web view, of which a screen has more than 16": 8}

    @pytest.mark.parametrize("number", [-1, 1 << 40, -(1 << 41)])
    def test_their_nodes_cannot_have_ids_of_others(self, number: int) -> None:
        page = page_of(screen(0, FRAME), *WEB_PAGE, web(made.mutation(5, adds=[_addition(number)])))
        assert page.problems == {"a node of a web view with an id out of range": 1}

    def test_nothing_can_be_added_beside_their_page(self) -> None:
        shell = web(record(2, 1, [[1, [None, "#document"], [1, "HTML"]]], format=1))
        page = page_of(screen(0, FRAME), shell, web(made.change(2, [1, [-2, "P"]])))
        assert page.problems == {"a child of a node that cannot have children": 1}


def _addition(number: int) -> dict[str, Any]:
    return {"parentId": made.BODY, "nextId": None, "node": element(number, "p")}
