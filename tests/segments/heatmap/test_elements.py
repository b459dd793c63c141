"""The list of the most clicked elements."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.heatmap import ClickedElement, Heatmap, _visits, heatmap_of

from .. import made
from ..hostile import tag, text
from ..recorded import FOLDERS, NAMES, segment_files
from .conftest import OpenedPage

OpenPage = Callable[[Path], OpenedPage]

# What SDKs write for any masked attribute of an image, depending on whether it has a size.
SILVER_IMAGE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='240' height='120' "
    "style='background-color:silver'%3E%3C/svg%3E"
)
SILVER_PIXEL = "data:image/gif;base64,R0lGODlhAQABAIAAAMLCwgAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw=="


def clicked(*elements: dict[str, Any], on: dict[str, Any] | None = None, clicks: int = 1) -> Heatmap:
    """A heatmap of clicks on the last element, or on another."""
    target = (on or elements[-1])["id"]
    recording = made.recording(
        made.meta(), made.snapshot(0, *elements), *(made.click(5 + number, id=target) for number in range(clicks))
    )
    return heatmap_of(recording)


def named(tag_name: str, *children: dict[str, Any], **attributes: Any) -> str:
    (element,) = clicked(tag(tag_name, *children, **attributes)).elements
    return element.label


class TestNames:
    @pytest.mark.parametrize(
        ("element", "label"),
        [
            (tag("button", text(" Add  to\ncart ")), "button “Add to cart”"),
            (tag("button", **{"aria-label": "Close"}), "button “Close”"),
            (tag("button", text("×"), **{"aria-label": "Close"}), "button “×”"),
            (tag("a", tag("img", alt="Home")), "a “Home”"),
            (tag("div", title=" Open \n menu "), "div “Open menu”"),
            (tag("input", placeholder="E-mail"), "input “E-mail”"),
            (tag("input", type="submit", value="Send"), "input “Send”"),
            (tag("div", text("x" * 61 + "y")), "div"),
            (tag("div", text("long " * 20), **{"aria-label": "Menu"}), "div “Menu”"),
            (tag("div", text("y" * 60)), f"div “{'y' * 60}”"),
            (tag("div", **{"aria-label": "y" * 61}), "div"),
            (tag("div"), "div"),
        ],
    )
    def test_an_element_is_named_by_its_text_or_its_attributes(self, element: dict[str, Any], label: str) -> None:
        assert clicked(element).elements[0].label == label

    @pytest.mark.parametrize(
        ("element", "label"),
        [
            (tag("button", text("xxx xx")), "button (masked for privacy)"),
            (tag("button", text("xxx"), **{"aria-label": "Call Ada Lovelace"}), "button (masked for privacy)"),
            (tag("button", text("x")), "button “x”"),
            (tag("a", tag("img", alt="***")), "a (masked for privacy)"),
            (tag("a", text("xxx"), tag("img", alt=SILVER_IMAGE)), "a (masked for privacy)"),
            (tag("img", alt=SILVER_PIXEL, title=SILVER_PIXEL), "img (masked for privacy)"),
            (tag("input", placeholder="***"), "input"),
            (
                tag("button", text("Ada"), **{"data-dd-privacy": "mask"}),
                "button (masked for privacy)",
            ),
            (
                tag("button", **{"class": "big dd-privacy-mask", "title": "Ada"}),
                "button (masked for privacy)",
            ),
            (
                tag("div", **{"data-dd-privacy": "hidden", "rr_width": "90px", "rr_height": "20px"}),
                "div (hidden for privacy)",
            ),
        ],
    )
    def test_what_is_masked_or_hidden_is_not_shown(self, element: dict[str, Any], label: str) -> None:
        heatmap = clicked(element)
        assert heatmap.elements[0].label == label

    @pytest.mark.parametrize(
        ("outer", "inner", "label"),
        [
            ("mask", None, "button (masked for privacy)"),
            ("mask", "allow", "button “Ada”"),
            ("allow", "mask", "button (masked for privacy)"),
            ("mask-user-input", None, "button “Ada”"),
        ],
    )
    def test_the_nearest_privacy_setting_counts(self, outer: str, inner: str | None, label: str) -> None:
        attributes = {} if inner is None else {"data-dd-privacy": inner}
        button = tag("button", text("Ada"), **attributes)
        around = tag("div", tag("p", button), **{"data-dd-privacy": outer})
        assert clicked(around, on=button).elements[0].label == label

    @pytest.mark.parametrize("is_recorded", [True, False])
    def test_a_press_that_opens_something_counts_for_what_was_pressed(self, is_recorded: bool) -> None:
        """The browser then clicks what is around both; the press is not recorded if the page prevents what follows."""
        moved = made.event(1, 5, positions=[{"id": made.BUTTON, "timeOffset": 0, "x": 10, "y": 20}])
        presses = [
            made.event(2, 10, type=kind, id=number, x=10, y=20) for kind, number in ((1, made.BUTTON), (0, made.HTML))
        ]
        recording = made.page(moved, *presses[not is_recorded :], made.click(11, made.HTML))
        assert [element.label for element in heatmap_of(recording).elements] == ["button “Pay”"]

    def test_tags_of_any_length_are_shortened(self) -> None:
        assert named("x-" + "y" * 1000) == "x-" + "y" * 58

    @pytest.mark.parametrize(
        "control",
        [
            tag("a", href="/x"),
            tag("button"),
            tag("label"),
            tag("summary"),
            *(
                tag("div", role=role)
                for role in ("button", "checkbox", "link", "menuitem", "option", "radio", "switch", "tab")
            ),
        ],
        ids=lambda control: control["attributes"].get("role", control["tagName"]),
    )
    def test_clicks_within_a_control_are_its_own(self, control: dict[str, Any]) -> None:
        icon = tag("b", tag("i"))
        control = {**control, "childNodes": [icon], "attributes": {**control["attributes"], "id": "control"}}
        heatmap = clicked(control, on=icon["childNodes"][0])
        assert [element.selector for element in heatmap.elements] == ["#control"]

    def test_a_field_in_a_label_and_an_element_in_no_control_are_themselves(self) -> None:
        field, inner = tag("input", id="field"), tag("i", id="inner")
        for on in (field, inner):
            heatmap = clicked(tag("label", field), tag("div", inner, role="presentation"), on=on)
            assert heatmap.elements[0].selector == f"#{on['attributes']['id']}"


def test_elements_are_counted_across_sessions_and_sorted() -> None:
    renamed = made.mutation(10, texts=[{"id": 100, "value": "Paid"}])
    recordings = [
        made.page(made.click(5), renamed, made.click(11), made.click(12, id=made.OTHER), session="a"),
        made.page(made.click(5), made.click(6, id=made.FIELD), session="b"),
        made.page(made.click(1, id=9999), made.click(2, x=2_000), session="c"),
    ]
    heatmap = heatmap_of(recordings)
    assert heatmap.elements == (
        ClickedElement(label="button “Pay”", selector="#pay", clicks=3, share=0.5),
        ClickedElement(label="button", selector="#other", clicks=1, share=1 / 6),
        ClickedElement(label="input", selector="#name", clicks=1, share=1 / 6),
        ClickedElement(label="something that is not in the recording", selector=None, clicks=1, share=1 / 6),
    )
    assert [(click.selector, click.label) for click in heatmap.clicks[:2]] == [
        ("#pay", "button “Pay”"),
        ("#pay", "button “Paid”"),
    ]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_elements_of_a_recording_are_those_that_its_driver_clicked(folder: Path) -> None:
    heatmap = heatmap_of(segments.open(segment_files(folder)), url="http://127.0.0.1:*/")
    assert heatmap.elements[0].label == "button “Rage”"
    assert sum(element.clicks for element in heatmap.elements) == len(heatmap.clicks)
    assert sum(element.share for element in heatmap.elements) == pytest.approx(1)
    assert {"#buy", "#rage", "#dead", "#boom", "#cb"} <= {element.selector for element in heatmap.elements}


def test_the_number_of_elements_named_in_a_view_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_visits, "_MAX_CLICKED_ELEMENTS", 1)
    heatmap = heatmap_of(made.page(made.click(1), made.click(2, id=made.OTHER), made.click(3)))
    assert [(element.selector, element.clicks) for element in heatmap.elements] == [("#pay", 2), (None, 1)]


def rows_of(page: OpenedPage) -> list[list[str]]:
    rows = page.page.get_by_role("table").get_by_role("row").all()
    return [row.locator("th, td").all_inner_texts() for row in rows]


def many(count: int) -> Heatmap:
    """Element number n is clicked twice, except for the last one."""
    elements = [tag("button", id=f"b{number}") for number in range(count)]
    clicks = [made.click(5 + n, id=elements[n // 2]["id"], x=10 + 30 * (n // 2)) for n in range(2 * count - 1)]
    return heatmap_of(made.recording(made.meta(), made.snapshot(0, *elements), *clicks))


class TestTable:
    def test_it_has_names_paths_clicks_and_shares(self, tmp_path: Path, open_page: OpenPage) -> None:
        recording = made.page(made.click(1), made.click(2), made.click(3, id=made.OTHER), made.click(4, id=9999))
        page = open_page(heatmap_of(recording).write_html(tmp_path / "heat.html"))
        assert rows_of(page) == [
            ["Element", "Clicks", "Share"],
            ["button “Pay”\n#pay", "2", "50.0%"],
            ["button\n#other", "1", "25.0%"],
            ["something that is not in the recording", "1", "25.0%"],
        ]
        table = page.page.get_by_role("table")
        assert table.get_by_role("columnheader").count() == 3
        assert table.get_by_role("rowheader").count() == 3
        assert page.page.get_by_role("region", name="Most clicked elements").count() == 1

    @pytest.mark.parametrize(
        ("count", "listed", "others"),
        [
            (20, 20, []),
            (21, 20, ["and 1 more, with 1 click"]),
            (23, 20, ["and 3 more, with 5 clicks"]),
        ],
    )
    def test_twenty_are_listed_and_the_others_counted(
        self, count: int, listed: int, others: list[str], tmp_path: Path, open_page: OpenPage
    ) -> None:
        page = open_page(many(count).write_html(tmp_path / "heat.html"))
        assert len(rows_of(page)) == 1 + listed
        assert page.page.locator("#elements p").all_inner_texts() == others

    def test_markup_in_names_and_paths_stays_text_and_long_paths_are_cut(
        self, tmp_path: Path, open_page: OpenPage
    ) -> None:
        attack = "<script>alert(1)</script>$title"
        path = [tag("section", tag("i"), tag("i"), **{"class": "z" * 90}) for _ in range(5)]
        for outer, inner in pairwise(path):
            outer["childNodes"].append(inner)
        path[-1]["childNodes"].append(tag("button", text(attack)))
        heatmap = clicked(path[0], on=path[-1]["childNodes"][-1])
        page = open_page(heatmap.write_html(tmp_path / "heat.html"))
        (name, code) = rows_of(page)[1][0].split("\n", 1)
        assert name == f"button “{attack}”"
        selector = heatmap.elements[0].selector
        assert selector is not None
        assert (len(code), code) == (301, f"{selector[:300]}…")

    def test_an_entry_frames_its_clicks_when_it_is_pointed_at_focused_or_followed(
        self, tmp_path: Path, open_page: OpenPage
    ) -> None:
        clicks = [made.click(1, x=100, y=200), made.click(2, x=160, y=220), made.click(3, id=made.OTHER, x=900, y=650)]
        page = open_page(heatmap_of(made.page(*clicks)).write_html(tmp_path / "heat.html")).page
        origin, links, spots = page.locator(".layers").bounding_box(), page.locator("th a"), page.locator(".spot")
        assert origin is not None

        def visible() -> list[int]:
            return [number for number in range(2) if spots.nth(number).is_visible()]

        assert visible() == []
        links.first.hover()
        assert visible() == [0]
        box = spots.first.bounding_box()
        assert box is not None
        assert (box["x"] - origin["x"], box["y"] - origin["y"]) == (86, 186)
        assert (box["width"], box["height"]) == (88, 48)
        links.nth(1).focus()
        assert visible() == [0, 1]
        page.mouse.move(1, 1)
        assert visible() == [1]
        links.first.focus()
        page.keyboard.press("Enter")
        page.get_by_label("Show the clicks").focus()
        assert visible() == [0]
