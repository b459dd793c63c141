"""Clicks on what is fixed, sticks or scrolls by itself: where they are placed, and that the element is shown there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments.dom import page_at
from rum_replay.segments.dom._css.matching import Budget, selectors_of
from rum_replay.segments.dom._css.media import applies
from rum_replay.segments.heatmap import Heatmap, Placement, heatmap_of

from .. import made
from ..hostile import ids, svg, tag, text
from ..inert.test_boxes import SERIALIZE

SCROLLS = (0, 700, 1400, 2100)


def scrolled(at: float, top: float, left: float = 0, id: int = made.ROOT) -> dict[str, Any]:
    return made.event(3, at, id=id, x=left, y=top)


def clicked(
    element: dict[str, Any], *positions: tuple[float, float], scrolls: tuple[float, ...] = SCROLLS
) -> list[Any]:
    """Clicks on an element, each after the page was scrolled."""
    records: list[Any] = []
    for number, (scroll, (x, y)) in enumerate(zip(scrolls, positions * len(scrolls), strict=False)):
        records += [scrolled(1000 * number + 1, scroll), made.click(1000 * number + 2, element["id"], x, y)]
    return records


def places(heatmap: Heatmap) -> list[tuple[float, float]]:
    return sorted({(click.x, click.y) for click in heatmap.clicks})


def with_css(css: str, *, width: int = 1000, shadow: bool = False) -> Heatmap:
    """A button that was clicked at the same place of the viewport while the page was scrolled, and style sheets."""
    button = tag("button", text("Chat"), **{"class": "a chat md:b", "id": "c", "data-kind": "help"})
    inner = tag("div", button, **{"class": "corner", "title": "Help"})
    if shadow:
        root = {"type": 11, "id": next(ids), "isShadowRoot": True, "childNodes": [tag("style", _cssText=css), inner]}
        more = [tag("x-chat", root)]
    else:
        more = [tag("style", text(css)), tag("main", tag("p"), inner)]
    return heatmap_of(made.recording(made.meta(width=width), made.snapshot(0, *more), *clicked(button, (10, 20))))


@pytest.mark.parametrize(
    "css",
    [
        ".corner{position:fixed}",
        ".corner { right: 0; POSITION : Fixed !important }",
        "main > .corner.corner{position:fixed;bottom:auto}",
        ".chat, .corner{color:red;position:fixed}",
        "div[title='Help' i]{position:fixed}",
        "body div:not(.x):has-nothing{}main p + div{position:fixed}",
        "#c{position:fixed}",
        r".md\:b{position:fixed}",
        ":is(.x,main) :where(.corner){position:fixed}",
        "@media screen and (min-width:1000px) and (max-width:62.5em){.corner{position:fixed}}",
        "@media (900px <= width < 1001px){@supports (position:fixed){.corner{position:fixed}}}",
        "@layer base{.corner{position:fixed}}",
        "@layer a,b;@layer b{.corner{position:fixed}}@layer a{main .corner{position:static}}",
        "@layer a{main .corner{position:static}}@layer b{.corner{position:fixed}}",
        "@layer a{p{color:red}}@layer b{.corner{position:fixed}}@layer a{main .corner{position:static}}",
        "@layer a{.corner{position:fixed}@layer x{main .corner{position:static}}}",
        "@layer a.x, a.y;@layer a{@layer y{.corner{position:fixed}}@layer x{main .corner{position:static}}}",
        "@layer{main .corner{position:static}}@layer{.corner{position:fixed}}",
        "@layer{.corner{position:fixed!important}}main .corner{position:static!important}",
        "@layer a{.corner{position:fixed!important}}@layer b{main .corner{position:static!important}}",
        "main{color:red;.corner{position:fixed}}",
        "main{& > div{position:fixed}}",
        ".corner{position:static}.corner{position:fixed}",
        "div.corner{position:fixed}.corner{position:static}",
        ".corner{position:fixed}@layer x{main .corner{position:static}}",
        ".corner{position:fixed}@media (max-width:500px){.corner{position:static}}",
        ".corner{position:fixed}.corner:hover{position:static}.corner::before{position:absolute}",
        "/*{*/.corner/*}*/{/*;position:static*/position:/**/fixed}a{content:'}.corner{position:static}'}",
        ".corner:nth-child(2):last-child{position:fixed}",
        "main:has(> p):has(.chat) > .corner{position:fixed}",
    ],
)
def test_what_the_style_fixes_to_the_viewport_is_placed_in_it(css: str) -> None:
    heatmap = with_css(css)
    assert places(heatmap) == [(10, 20)]
    assert heatmap.placements == {Placement.VIEWPORT: 4}


HOLDING = [
    "transform:translateZ(0)",
    "-webkit-transform:scale(1)",
    "rotate:0deg",
    "filter:blur(0)",
    "backdrop-filter:blur(1px)",
    "perspective:9px",
    "will-change:opacity,transform",
    "contain:style paint",
    "content-visibility:auto",
]
NOT_HOLDING = ["transform:none", "filter:unset", "will-change:scroll-position", "contain:size", "text-transform:none"]


@pytest.mark.parametrize("declaration", [*HOLDING, *NOT_HOLDING])
def test_what_is_fixed_within_a_transform_scrolls_with_that(declaration: str) -> None:
    heatmap = with_css(f"main{{{declaration}}}.corner{{position:fixed}}")
    scrolls = declaration in HOLDING
    assert places(heatmap) == ([(10, 20 + scroll) for scroll in SCROLLS] if scrolls else [(10, 20)])
    assert heatmap.placements == {Placement.PAGE if scrolls else Placement.VIEWPORT: 4}


@pytest.mark.parametrize(
    ("scroller", "around", "moves"),
    [("", "", False), ("position:relative", "", True), ("transform:scale(1)", "", True), ("", "position:sticky", True)],
)
def test_what_is_placed_absolutely_scrolls_with_what_it_is_placed_in(scroller: str, around: str, moves: bool) -> None:
    button = tag("button", text("Menu"), style="position:absolute;top:9px")
    pane = tag("div", tag("div", button, style=around), style=f"overflow:auto;{scroller}")
    records = [scrolled(1, 300, id=pane["id"]), made.click(2, button["id"], 10, 20)]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, pane), *records))
    assert places(heatmap) == [(10, 320 if moves else 20)]
    assert heatmap.placements == {Placement.SCROLLER if moves else Placement.PAGE: 1}


@pytest.mark.parametrize(
    "css",
    [
        "",
        ".corner{position:relative}.corners{position:fixed}",
        ".corner{position:fixed}.corner{position:static}",
        ".corner{position:fixed}main .corner{position:static}",
        ".corner{position:fixed}#c{position:static}main .corner{position:absolute!important}",
        ".corner:hover{position:fixed}",
        ".corner::before{position:fixed}",
        "@media (max-width:999px){.corner{position:fixed}}",
        "@media print{.corner{position:fixed}}",
        "@media (prefers-color-scheme:dark){.corner{position:fixed}}",
        "@keyframes corner{from{position:fixed}}@container (width>1px){.corner{position:fixed}}",
        ".corner > .corner{position:fixed}",
        "main.corner, .corner:not(div){position:fixed}",
        "@layer a,b;@layer b{.corner{position:static}}@layer a{main .corner{position:fixed}}",
        "@layer a,b;@media print{@layer c,a}@layer b{.corner{position:static}}@layer a{main .corner{position:fixed}}",
        "body > .corner, .corner + p, p ~ button{position:fixed}",
        ".corner{background-position:fixed;--position:fixed}",
        ".corner:nth-child(odd){position:fixed}",
    ],
)
def test_everything_else_is_placed_by_how_far_the_page_was_scrolled(css: str) -> None:
    heatmap = with_css(css)
    assert places(heatmap) == [(10, 20 + scroll) for scroll in SCROLLS]
    assert heatmap.placements == {Placement.PAGE: 4}


def test_style_sheets_apply_within_their_document_or_shadow_root() -> None:
    assert places(with_css(".corner{position:fixed}", shadow=True)) == [(10, 20)]
    assert places(with_css(":host{position:fixed}", shadow=True)) == [(10, 20)]
    assert places(with_css("x-chat{position:fixed}", shadow=True)) != [(10, 20)]
    assert places(with_css(":host(.x) .corner, .x .corner{position:fixed}", shadow=True)) != [(10, 20)]
    assert places(with_css(":host > .corner{position:fixed}", shadow=True)) == [(10, 20)]
    assert places(with_css(":host(x-chat) .corner{position:fixed}", shadow=True)) == [(10, 20)]
    assert places(with_css("::slotted(.corner){position:fixed}", shadow=True)) != [(10, 20)]


@pytest.mark.parametrize(
    ("outer", "inner", "is_fixed"),
    [
        ("", "::slotted(.bar){position:fixed}", True),
        ("", ":host([open]) slot[name=a]::slotted(:not(p)){position:fixed}", True),
        ("", "::slotted(p), ::slotted(.bar button), .bar::slotted(*){position:fixed}", False),
        (".bar{position:static}", "::slotted(.bar){position:fixed}", False),
        ("", "#pane{position:fixed}", True),
        ("x-bar::part(pane){position:fixed}", "", True),
        ("x-bar[open]::part(pane large){position:fixed}", "#pane{position:static}", True),
        ("x-bar::part(panes), x-bar::part(pane other), p::part(pane){position:fixed}", "", False),
        ("", "::part(pane){position:fixed}", False),
        ("::slotted(.bar){position:fixed}", "", False),
    ],
)
def test_style_sheets_reach_slotted_elements_and_parts(outer: str, inner: str, is_fixed: bool) -> None:
    button = tag("button", text("Menu"))
    slot = tag("div", tag("slot", name="a"), id="pane", part="large pane")
    root = {"type": 11, "id": next(ids), "isShadowRoot": True, "childNodes": [tag("style", _cssText=inner), slot]}
    host = tag("x-bar", root, tag("div", button, slot="a", **{"class": "bar"}), open="")
    more = [tag("style", _cssText=outer), host]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, *more), *clicked(button, (10, 20))))
    assert (places(heatmap) == [(10, 20)]) == is_fixed


@pytest.mark.parametrize(
    ("css", "is_open", "is_fixed"),
    [
        ("", False, True),
        ("dialog{color:red;inset:0}", False, True),
        ("dialog{position:absolute}", False, False),
        ("", True, False),
    ],
)
def test_what_is_in_a_modal_dialog_is_fixed_unless_the_style_says_otherwise(
    css: str, is_open: bool, is_fixed: bool
) -> None:
    button = tag("button", text("Yes"))
    dialog = tag("dialog", button, **({"open": ""} if is_open else {}))
    opens = (
        made.event(2, 0.2, type=1, id=made.BUTTON),
        made.mutation(0.5, attributes=[{"id": dialog["id"], "attributes": {"open": ""}}]),
    )
    page = made.snapshot(0, tag("style", text(css)), tag("p"), dialog)
    heatmap = heatmap_of(made.recording(made.meta(), page, *opens, *clicked(button, (10, 20))))
    assert {click.placement for click in heatmap.clicks} == {Placement.VIEWPORT if is_fixed else Placement.PAGE}
    assert places(heatmap) == ([(10, 20)] if is_fixed else [(10, 20 + scroll) for scroll in SCROLLS])


def test_what_is_important_in_a_style_sheet_counts_before_an_inline_style() -> None:
    button = tag("button", text("Chat"))
    more = [tag("style", _cssText=".x{position:static!important}"), tag("div", button, style="position:fixed")]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, *more), *clicked(button, (10, 20))))
    assert places(heatmap) == [(10, 20)]
    more[1]["attributes"]["class"] = "x"
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, *more), *clicked(button, (10, 20))))
    assert places(heatmap) == [(10, 20 + scroll) for scroll in SCROLLS]


def test_styles_that_change_are_read_again() -> None:
    style, link = tag("style", text(""), _cssText=".old{}"), tag("link", rel="stylesheet", href="/late.css")
    box = tag("div", tag("button"))
    button = box["childNodes"][0]

    def click(at: float) -> dict[str, Any]:
        return made.click(at, button["id"], 10, 20)

    records = [
        scrolled(1, 500),
        click(10),
        made.event(8, 11, id=style["id"], adds=[{"rule": "div{position:fixed}", "index": 0}]),
        click(20),
        made.event(8, 21, id=style["id"], removes=[{"index": 0}]),
        click(30),
        made.mutation(31, attributes=[{"id": box["id"], "attributes": {"style": "position:fixed"}}]),
        click(40),
        made.mutation(41, attributes=[{"id": box["id"], "attributes": {"style": "top:0"}}]),
        made.mutation(42, attributes=[{"id": link["id"], "attributes": {"_cssText": "div{position:fixed}"}}]),
        click(50),
        made.mutation(51, removes=[{"id": link["id"], "parentId": made.BODY}]),
        click(60),
    ]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, style, link, box), *records))
    assert [click.placement for click in heatmap.clicks] == [
        Placement.UNKNOWN,  # the sheet of the link is not recorded yet
        Placement.VIEWPORT,
        Placement.UNKNOWN,
        Placement.VIEWPORT,
        Placement.VIEWPORT,
        Placement.PAGE,
    ]
    assert [click.y for click in heatmap.clicks] == [520, 20, 520, 20, 20, 520]


@pytest.mark.parametrize(
    ("css", "is_known"),
    [
        ("@import url('https://cdn/a.css');p{}", False),
        ("/* @import */ @CHARSET 'x';@layer a, b; @import \"a;b.css\" layer(b) screen", False),
        ("p{} @import url(a.css);", True),
        ("p::before{content:'@import \"a.css\";'}", True),
        ("@layer a{p{}} @media screen{p{}}", True),
    ],
)
def test_a_style_sheet_that_another_one_imports_is_not_in_the_recording(css: str, is_known: bool) -> None:
    # Where nothing is scrolled, it does not matter.
    placements = [Placement.PAGE, *([Placement.PAGE if is_known else Placement.UNKNOWN] * 3)]
    assert [click.placement for click in with_css(css).clicks] == placements


def test_a_click_on_what_is_not_in_the_recording_or_very_deep_is_placed_by_the_page() -> None:
    deep = button = tag("button")
    for _ in range(120):
        deep = tag("div", deep)
    fixed = tag("div", deep, style="position:fixed")
    records = [scrolled(1, 500), made.click(2, 99_999), made.click(3, button["id"])]
    heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, fixed), *records))
    assert (places(heatmap), heatmap.placements) == ([(10, 520)], {Placement.UNKNOWN: 2})


def test_fixed_elements_keep_their_distance_from_the_edges_that_their_style_names() -> None:
    def view(width: int, height: int, name: str) -> segments.Recording:
        corner = tag("b", style="position:fixed;right:0;bottom:0;left:auto")
        bar = tag("i", style="position:fixed;inset:auto 0 0 0")
        top = tag("u", style="position:fixed;inset:0")
        records = [
            made.click(1 + number, one["id"], width - 50, height - 20) for number, one in enumerate((corner, bar, top))
        ]
        page = made.snapshot(0, corner, bar, top)
        return made.recording(made.meta(width=width, height=height), page, *records, view=name)

    heatmap = heatmap_of([view(1010, 500, "a"), view(1000, 700, "b")], width=1000)
    assert [(click.x, click.y) for click in heatmap.clicks] == [
        *((950, 680), (960, 680), (960, 480)),
        *((950, 680), (950, 680), (950, 680)),
    ]


class TestScrollers:
    def test_clicks_are_where_they_are_when_nothing_is_scrolled(self) -> None:
        button = tag("button", id="deep")
        inner = tag("div", button, rr_scrollLeft=30)
        outer = tag("section", inner)
        records = [
            made.click(1, button["id"], 300, 400),
            scrolled(2, 100, id=outer["id"]),
            made.click(3, button["id"], 300, 300),
            scrolled(4, 50, 130, id=inner["id"]),
            made.click(5, button["id"], 200, 250),
            scrolled(6, 40),
            made.click(7, button["id"], 200, 210),
            made.click(8, outer["id"], 5, 6),
        ]
        heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, outer), *records))
        assert places(heatmap) == [(5, 46), (330, 400)]
        assert heatmap.placements == {Placement.PAGE: 1, Placement.SCROLLER: 4}

    def test_the_content_of_an_element_scrolls_with_its_slot(self) -> None:
        slot = tag("div", tag("slot", name="main"))
        root = {"type": 11, "id": next(ids), "isShadowRoot": True, "childNodes": [tag("slot"), slot]}
        button, other = tag("button", slot="main"), tag("button")
        page = made.snapshot(0, tag("x-content", root, button, other))
        records = [scrolled(1, 200, id=slot["id"]), made.click(2, button["id"]), made.click(3, other["id"])]
        assert [click.y for click in heatmap_of(made.recording(made.meta(), page, *records)).clicks] == [220, 20]

    def test_the_picture_extends_to_what_was_clicked_as_far_as_there_is_room(self) -> None:
        button = tag("button")
        box = tag("div", button)
        for top, height, left_out in (
            (300, 1000, {}),
            (99_999, 16_000, {"outside the part of the page that is shown": 1}),
        ):
            records = [scrolled(1, top, id=box["id"]), made.click(2, button["id"]), made.click(3)]
            heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, box), *records))
            assert (heatmap.height, heatmap.left_out) == (height, left_out)
            assert heatmap_of(made.recording(made.meta(), made.snapshot(0, box), *records), height=650).height == 650
        other = made.page(scrolled(1, 99_999, id=made.BODY), made.click(2, made.ROOT))
        assert heatmap_of(other).height == 700


class TestSticky:
    def page(self, *before: dict[str, Any], style: str = "position:sticky;top:0") -> tuple[dict[str, Any], Any]:
        button = tag("button", id="menu")
        return button, made.snapshot(0, *before, tag("header", button, style=style))

    def test_they_are_where_they_are_before_they_stick_as_clicks_show_it(self) -> None:
        button, snapshot = self.page(tag("p", text("announcement")))
        # It is at 200 px, and sticks once the page is scrolled by 190 px.
        clicks = clicked(button, (10, 210), (11, 110), (10, 20), (12, 21), scrolls=(0, 100, 300, 2000))
        heatmap = heatmap_of(made.recording(made.meta(), snapshot, *clicks))
        assert places(heatmap) == [(10, 210), (11, 210), (12, 211)]
        assert heatmap.placements == {Placement.STICKY: 4}

    def test_those_of_many_sessions_are_put_together(self) -> None:
        recordings: list[segments.Recording] = []
        for number, (scroll, y) in enumerate([(0, 210), (900, 20), (1000, 20)]):
            button, snapshot = self.page(tag("p", text("announcement")))
            clicks = clicked(button, (10, y), scrolls=(scroll,))
            recordings.append(made.recording(made.meta(), snapshot, *clicks, view=str(number)))
        assert places(heatmap_of(recordings)) == [(10, 210)]
        assert places(heatmap_of(recordings[1:])) == [(10, 920)]

    def test_all_that_is_in_a_bar_moves_together(self) -> None:
        first, second = tag("a"), tag("a")
        bar = tag("nav", first, second, style="position:sticky;top:0")
        snapshot = made.snapshot(0, tag("header", text("text")), bar)
        clicks = [
            *clicked(first, (10, 20), scrolls=(1200,)),
            scrolled(3000, 800),
            made.click(3001, second["id"], 60, 22),
        ]
        heatmap = heatmap_of(made.recording(made.meta(), snapshot, *clicks))
        assert places(heatmap) == [(10, 822), (60, 822)]

    @pytest.mark.parametrize(
        ("clicks", "placed"),
        {
            "a bar, before it stuck and after": ([(0, 260), (800, 30)], [260, 260]),
            "a bar, just before it stuck": ([(0, 260), (90, 170), (800, 30), (800, 28)], [260, 260, 262, 260]),
            "a long one, before it stuck": ([(0, 300), (500, 400)], [300, 400]),
            "a long one, after it stuck": ([(500, 200), (1500, 450)], [700, 950]),
            "one as long as what it is in": ([(0, 290), (600, 97), (1100, 45), (1100, 109)], [290, 697, 1145, 1209]),
        }.values(),
    )
    def test_what_was_clicked_shows_where_all_else_in_them_is(
        self, clicks: list[tuple[float, float]], placed: list[float]
    ) -> None:
        links = [tag("a", text("Link")) for _ in clicks]
        page = made.snapshot(0, tag("p", text("text")), tag("nav", *links, style="position:sticky;top:0"))
        records = [
            one
            for number, (link, (scroll, y)) in enumerate(zip(links, clicks, strict=True))
            for one in (scrolled(1000 * number, scroll), made.click(1000 * number + 1, link["id"], 10, y))
        ]
        heatmap = heatmap_of(made.recording(made.meta(), page, *records))
        assert [click.y for click in heatmap.clicks] == placed

    def test_those_that_stick_with_their_lower_part_are_further_down(self) -> None:
        first, last = tag("a", text("One")), tag("a", text("Two"))
        contents = tag("nav", first, last, style="position:sticky;top:-300px")
        snapshot = made.snapshot(0, tag("main", text("text")), contents)
        clicks = [made.click(1, first["id"], 10, 220), *clicked(last, (10, 650), (10, 150), scrolls=(0, 1000))]
        assert places(heatmap_of(made.recording(made.meta(), snapshot, *clicks))) == [(10, 220), (10, 650)]

    @pytest.mark.parametrize("top", ["72px", "4.5rem", "var(--bar)"])
    def test_a_click_on_anything_in_them_shows_that_they_are_not_further_down(self, top: str) -> None:
        first, second = tag("a", text("One")), tag("a", text("Two"))
        contents = tag("nav", first, second, style=f"position:sticky;top:{top}")
        snapshot = made.snapshot(0, tag("main", text("text")), contents)
        clicks = [*clicked(first, (10, 160)), scrolled(3000, 2000), made.click(3001, second["id"], 10, 160)]
        heatmap = heatmap_of(made.recording(made.meta(), snapshot, *clicks))
        assert places(heatmap) == [(10, 160)]

    def test_those_that_are_too_long_to_stick_stay_where_they_are(self) -> None:
        first, second = tag("a", text("One")), tag("a", text("Two"))
        contents = tag("nav", first, second, style="position:sticky;top:72px")
        snapshot = made.snapshot(0, tag("main", text("text")), contents)
        clicks = [
            *clicked(first, (10, 160), (10, 60), scrolls=(0, 100)),
            scrolled(3000, 600),
            made.click(3001, second["id"], 10, 300),
        ]
        assert places(heatmap_of(made.recording(made.meta(), snapshot, *clicks))) == [(10, 160), (10, 900)]

    @pytest.mark.parametrize(
        ("clicks", "placed"),
        [
            # The second link shows from where on the side bar sticks, though it is further down in it.
            ([("one", 0, 210), ("two", 0, 500), ("two", 300, 310)], [(10, 210), (10, 500), (10, 500)]),
            # Where what it is in ends, it is pushed up: it moves with the page there.
            ([("one", 0, 210), ("one", 600, 20), ("two", 2000, 200), ("two", 2100, 100)], [(10, 210), (10, 210)]),
        ],
    )
    def test_the_same_thing_clicked_twice_shows_from_where_on_all_sticks(
        self, clicks: list[tuple[str, float, float]], placed: list[tuple[float, float]]
    ) -> None:
        links = {name: tag("a", text(name)) for name in ("one", "two")}
        side = tag("nav", *links.values(), style="position:sticky;top:0")
        records = [
            record
            for number, (name, scroll, y) in enumerate(clicks)
            for record in (scrolled(1000 * number + 1, scroll), made.click(1000 * number + 2, links[name]["id"], 10, y))
        ]
        snapshot = made.snapshot(0, tag("main", text("text")), side)
        heatmap = heatmap_of(made.recording(made.meta(), snapshot, *records))
        assert [(click.x, click.y) for click in heatmap.clicks][: len(placed)] == placed

    @pytest.mark.parametrize(
        ("third", "placed"),
        [
            # What is clicked third shows that it sticks, though the second link is above the first one in between.
            ((500, 400), [(10, 200), (10, 400), (10, 300), (10, 500)]),
            # It does not: what comes later is further down on the page each time.
            ((1200, 150), [(10, 200), (10, 1300), (10, 1300), (10, 1350)]),
        ],
    )
    def test_the_order_of_what_was_clicked_shows_whether_it_sticks(
        self, third: tuple[float, float], placed: list[tuple[float, float]]
    ) -> None:
        links = [tag("a", text(name)) for name in ("zero", "one", "two", "three")]
        snapshot = made.snapshot(0, tag("main", text("text")), tag("nav", *links, style="position:sticky;top:0"))
        records = [
            record
            for number, (link, (scroll, y)) in enumerate(
                zip(links, [(100, 100), (1000, 300), (1100, 200), third], strict=True)
            )
            for record in (scrolled(1000 * number + 1, scroll), made.click(1000 * number + 2, link["id"], 10, y))
        ]
        heatmap = heatmap_of(made.recording(made.meta(), snapshot, *records))
        assert [(click.x, click.y) for click in heatmap.clicks] == placed

    def test_a_high_side_bar_that_comes_first_sticks_from_the_beginning(self) -> None:
        first, second = tag("a", text("One")), tag("a", text("Two"))
        side = tag("nav", first, second, style="position:sticky;top:0")
        html = tag("html", tag("body", side, tag("main", text("text"))))
        snapshot = made.record(
            2, 0, {"node": {"type": 0, "id": 0, "childNodes": [html]}, "initialOffset": {"left": 0, "top": 0}}
        )
        clicks = [*clicked(second, (10, 300), scrolls=(0,)), scrolled(3000, 700), made.click(3001, first["id"], 10, 10)]
        assert places(heatmap_of(made.recording(made.meta(), snapshot, *clicks))) == [(10, 10), (10, 300)]

    def test_the_first_thing_on_a_page_sticks_from_the_beginning(self) -> None:
        button = tag("button")
        header = tag("header", button, style="position:-webkit-sticky;position:sticky;top:0")
        before = [tag("script"), text(" \n"), tag("div", hidden=""), tag("a", text("Skip"), style="position: absolute")]
        for first in ([], before, [tag("p", text("text"))]):
            body = tag("body", *first, tag("div", header))
            snapshot = made.record(
                2,
                0,
                {
                    "node": {"type": 0, "id": 0, "childNodes": [tag("html", body)]},
                    "initialOffset": {"left": 0, "top": 0},
                },
            )
            heatmap = heatmap_of(made.recording(made.meta(), snapshot, *clicked(button, (10, 20), scrolls=(800, 900))))
            assert places(heatmap) == ([(10, 820)] if first and first is not before else [(10, 20)])

    def test_bars_at_the_bottom_are_where_they_stick_when_nothing_is_scrolled(self) -> None:
        def found(*clicks: Any, **more: Any) -> list[tuple[float, float]]:
            return places(heatmap_of(made.recording(made.meta(), snapshot, *clicks, **more)))

        button, snapshot = self.page(style="position:sticky;bottom:20px")
        assert found(*clicked(button, (10, 640))) == [(10, 640)]
        # The page ends below it.
        assert found(*clicked(button, (10, 640), (10, 640), (10, 400), scrolls=(0, 500, 900))) == [(10, 640)]
        # It was clicked only where it does not stick.
        assert found(*clicked(button, (10, 400), scrolls=(900,))) == [(10, 1300)]

    def test_bars_at_the_bottom_stay_there_in_viewports_of_other_heights(self) -> None:
        button, snapshot = self.page(style="position:sticky;bottom:0")
        # It is at 1400 px, where it no longer sticks in the higher viewport.
        recordings = [
            made.recording(
                made.meta(height=height),
                snapshot,
                *clicked(button, (10, height - 20), (10, y), scrolls=(0, 900)),
                view=str(height),
            )
            for height, y in ((500, 480), (700, 500))
        ]
        heatmap = heatmap_of(recordings)
        assert places(heatmap) == [(10, heatmap.viewport.height - 20)]

    def test_what_is_above_the_edge_in_a_high_viewport_is_there(self) -> None:
        button, snapshot = self.page(style="position:sticky;bottom:0")
        recordings = [
            made.recording(
                made.meta(height=height), snapshot, *clicked(button, (10, 400), scrolls=(0,)), view=str(height)
            )
            for height in (500, 700)
        ]
        assert places(heatmap_of(recordings)) == [(10, 400)]

    def test_what_is_higher_than_a_bar_is_where_its_container_ends(self) -> None:
        first, second = tag("a"), tag("a")
        contents = tag("nav", first, second, style="position:sticky;bottom:0")
        snapshot = made.snapshot(0, tag("main", text("text")), contents)
        clicks = [*clicked(first, (10, 100), scrolls=(500,)), made.click(3000, second["id"], 10, 680)]
        assert places(heatmap_of(made.recording(made.meta(), snapshot, *clicks))) == [(10, 600), (10, 1180)]

    def test_they_stick_within_what_scrolls_them(self) -> None:
        button = tag("button")
        head = tag("div", button, style="position:sticky;left:0;top:0")
        box = tag("section", tag("p", text("text")), head, style="overflow:auto")
        records = [
            made.click(1, button["id"], 10, 60),
            scrolled(2, 300, 200, id=box["id"]),
            made.click(3, button["id"], 10, 50),
            scrolled(4, 1000),
            made.click(5, button["id"], 10, 50),
        ]
        heatmap = heatmap_of(made.recording(made.meta(), made.snapshot(0, box), *records))
        assert [(click.x, click.y) for click in heatmap.clicks[:2]] == [(10, 60), (10, 60)]
        # Where the edge is to which they stick is not known, so they are not moved.
        assert (
            "data-replay-stuck"
            not in heatmap_of(made.recording(made.meta(), made.snapshot(0, box), *records[1:3])).markup
        )
        assert {type(click.x) for click in heatmap.clicks} == {int}

    def test_without_a_distance_from_an_edge_nothing_sticks(self) -> None:
        for style in ("position:sticky", "position:sticky;top:auto"):
            button, snapshot = self.page(style=style)
            assert len(places(heatmap_of(made.recording(made.meta(), snapshot, *clicked(button, (10, 20)))))) == 4


LIVE = {
    "fixed, sticky, and centered": (
        """<style>body{margin:0}.bar{position:sticky;top:0;height:50px}.chat{position:fixed;right:10px;bottom:10px}
        @media (min-width:900px){.side{position:sticky;top:70px;float:left;width:100px}}
        .modal{position:fixed;inset:0;display:grid;place-items:center;pointer-events:none}</style>
        <div class="bar"><button id="menu">Menu</button></div><div class="side"><button id="side">Side</button></div>
        <div style="height:3000px">text</div><div class="chat"><button id="chat">Chat</button></div>
        <div class="modal"><button id="modal" style="pointer-events:auto">OK</button></div>""",
        [("html", 0, 0), ("html", 0, 700), ("html", 0, 1500)],
        12,
    ),
    "a shell, of which parts scroll": (
        """<style>html,body{height:100%;margin:0}.app{display:flex;flex-direction:column;height:100%}.head{height:60px}
        .middle{flex:1;display:flex;overflow:hidden}.nav{width:200px}#main{flex:1;overflow:auto}.foot{height:40px}
        #wide{overflow-x:auto;width:300px}#wide div{width:1500px;height:50px}.row{position:sticky;top:0}</style>
        <div class="app"><div class="head"><button id="top">Top</button></div><div class="middle"><div class="nav">
        <button id="nav">Nav</button></div><div id="main"><div class="row"><button id="row">Row</button></div>
        <div style="height:400px"></div><button id="one">One</button><div style="height:900px"></div>
        <button id="two">Two</button>
        <div id="wide"><div><button id="far" style="margin-left:600px">Far</button></div></div>
        <div style="height:500px"></div></div></div><div class="foot"><button id="foot">Foot</button></div></div>""",
        [("#main", 0, 0), ("#main", 0, 300), ("#main", 0, 1000), ("#wide", 500, 0)],
        21,
    ),
    "a body that scrolls": (
        """<style>html{height:100%;overflow:hidden}body{height:100%;overflow:auto;margin:0}</style>
        <div style="height:900px"></div><button id="a">A</button><div style="height:900px"></div>""",
        [("body", 0, 0), ("body", 0, 400), ("body", 0, 700)],
        2,
    ),
    "a dialog that scrolls": (
        """<style>body{margin:0}.over{position:fixed;inset:0;display:flex;align-items:center;justify-content:center}
        #box{width:400px;height:300px;overflow-y:auto}</style><div style="height:2500px">text</div><div class="over">
        <div id="box"><div style="height:250px"></div><button id="ok">OK</button><div style="height:700px"></div>
        <button id="end">End</button></div></div>""",
        [("html", 0, 900), ("#box", 0, 100), ("#box", 0, 750)],
        3,
    ),
    "a bar below something high": (
        """<style>body{margin:0}.bar{position:sticky;top:1rem;height:50px}</style><div style="height:400px"></div>
        <div class="bar"><button id="a">A</button><button id="b">B</button></div>
        <div style="height:2000px"></div><button id="end">End</button>""",
        [("html", 0, 700), ("html", 0, 1200)],
        4,
    ),
    "a bar that comes first, clicked only while it sticks": (
        """<style>body{margin:0}.bar{position:sticky;top:0;height:50px}</style><div class="bar">
        <button id="a">A</button></div><div style="height:2000px"></div>""",
        [("html", 0, 700), ("html", 0, 1200)],
        2,
    ),
    "a bar below something high whose distance from the edge is not read": (
        """<style>body{margin:0;--top:0px}.bar{position:sticky;top:var(--top);height:50px}</style>
        <div style="height:400px"></div><div class="bar"><button id="a">A</button></div>
        <div style="height:2000px"></div>""",
        [("html", 0, 700), ("html", 0, 1200)],
        2,
    ),
    "the head of a long table": (
        """<style>th{position:sticky;top:0}td{height:40px}</style><h1>Title</h1><table><thead><tr><th>
        <button id="a">A</button><th><button id="b">B</button></thead><tbody>"""
        + "<tr><td>1<td>2" * 99
        + """</table>""",
        [("html", 0, 700), ("html", 0, 1200)],
        4,
    ),
    "a bar at the bottom of a page": (
        """<style>body{margin:0}.bar{position:sticky;bottom:1rem;height:50px}#footer{height:800px}</style>
        <button id="a">A</button><div style="height:2000px"></div><div class="bar"><button id="buy">Buy</button></div>
        <div id="footer"><button id="foot">Foot</button></div>""",
        [("html", 0, 0), ("html", 0, 900), ("html", 0, 2050)],
        4,
    ),
    "a bar at the bottom of a page, and what is fixed": (
        """<style>body{margin:30px 0}.bar{position:sticky;bottom:0;height:50px}.chat{position:fixed;right:9px;top:9px}
        #list{height:90px;overflow:auto}</style><div class="chat"><button id="chat">Chat</button></div><div id="list">
        <button id="a" style="margin-top:300px">A</button></div><div style="height:2000px"></div>
        <div class="bar"><button id="buy">Buy</button></div><p style="height:900px"></p>""",
        [("#list", 0, 260), ("html", 0, 500), ("html", 0, 2250)],
        6,
    ),
    "a bar at the bottom of a body that scrolls": (
        """<style>html{height:100%;overflow:hidden}body{height:100%;overflow:auto;margin:0}.bar{position:sticky;bottom:0}
        </style><div style="height:1500px"></div><div class="bar"><button id="buy">Buy</button></div>""",
        [("body", 0, 0)],
        1,
    ),
    "a bar at the bottom of the main part of an app": (
        """<style>body{margin:0}.app{display:flex;flex-direction:column;height:100vh}#main{flex:1;overflow:auto}
        .bar{position:sticky;bottom:0;background:white;padding:9px}.foot{height:60px}</style>
        <div class="app"><div style="height:60px">App</div><div id="main"><div style="height:2000px"></div>
        <div class="bar"><button id="save">Save</button></div></div><div class="foot">Text</div></div>""",
        [("#main", 0, 0), ("#main", 0, 500)],
        2,
    ),
    "a dialog that scrolls over a page that was scrolled": (
        """<style>body{margin:0;height:3000px}.over{position:fixed;inset:0;display:grid;place-items:center}
        .box{width:400px;max-height:80vh;overflow:auto;background:white}.foot{position:sticky;bottom:0;padding:9px}
        </style><div class="over"><div class="box" id="box"><div style="height:1200px">text</div>
        <div class="foot"><button id="ok">OK</button></div></div></div>""",
        [("html", 0, 600), ("#box", 0, 0), ("#box", 0, 300)],
        3,
    ),
    "what browsers give some room above what scrolls in it": (
        """<style>body{margin:0}dialog,fieldset,[popover]{height:120px;overflow:auto;margin:0;width:90px}
        dialog{left:300px;top:0}[popover]{inset:0 auto auto 600px;display:block}p{margin:0 0 300px}
        button{width:50px;height:4px;padding:0;border:0;display:block}</style>
        <dialog open id="a"><button id="b"></button><p>A</p></dialog>
        <fieldset id="c"><button id="d"></button><p>C</p></fieldset>
        <div popover id="e"><button id="f"></button><p>E</p></div>""",
        [("#a", 0, 2), ("#c", 0, 2), ("#e", 0, 2)],
        9,
    ),
    "a layout that depends on the size of the viewport": (
        """<style>body{margin:0}@media (min-width:1200px){#a{margin-left:300px}}
        @media (max-height:800px){#a{margin-top:90px}} #wide{overflow:auto}#wide div{width:2500px}</style>
        <button id="a">A</button><div id="wide"><div>
        <button id="b" style="margin-left:1700px">B</button></div></div>""",
        [("html", 0, 0), ("#wide", 1600, 0)],
        3,
    ),
    "margins, transforms, and what is placed absolutely": (
        """<style>body{margin:0}p{margin:30px 0}button{height:20px;padding:0}#outer{height:300px;overflow:auto}
        #inner,#list{height:150px;overflow:auto}.moved{transform:translateX(9px)}</style><p>text</p>
        <div id="outer"><p>text</p><div id="inner"><p>text</p><div style="height:300px"></div>
        <button id="deep">Deep</button><div style="height:300px"></div></div><div style="height:500px"></div></div>
        <div id="list"><div style="height:400px"></div><button id="last">Last</button>
        <button id="menu" style="position:absolute;left:500px;top:550px">Menu</button></div>
        <div class="moved"><button id="held" style="position:fixed;top:40px;left:300px">Held</button></div>
        <div style="height:1500px"></div>""",
        [("html", 0, 0), ("#list", 0, 300), ("#inner", 0, 250), ("#outer", 0, 40), ("html", 0, 100)],
        17,
    ),
    "a list whose rows are placed by their style": (
        """<style>#list{height:400px;overflow:auto}#rows{position:relative;height:9000px}button{padding:0}</style>
        <div id="list"><div id="rows"><div style="position:absolute;top:2000px"><button id="row">Row</button></div>
        </div></div>""",
        [("#list", 0, 1800), ("#list", 0, 1900)],
        2,
    ),
    "a spacer before what is sticky": (
        """<style>body{margin:0}.bar{position:sticky;top:0}</style><div style="height: 100px"></div>
        <div class="bar"><button id="menu">Menu</button></div><div style="height:3000px"></div>""",
        [("html", 0, 0), ("html", 0, 700), ("html", 0, 1500)],
        3,
    ),
    "cells of a table that stick": (
        """<style>#table{width:400px;height:200px;overflow:auto}td,th{min-width:150px;height:40px;padding:0}
        th{position:sticky;top:0}td:first-child{position:sticky;left:0}button{padding:0}</style><div id="table"><table>
        <thead><tr><th>A<th><button id="head">B</button></thead><tbody>"""
        + "<tr><td>1<td>2<td>3<td>4" * 9
        + """<tr><td>
        <button id="row">Row</button><td>2"""
        + "<tr><td>1" * 9
        + """</table></div>""",
        [("#table", 100, 300), ("#table", 0, 320)],
        3,
    ),
    "cells of a table that stick to the right": (
        """<style>body{direction:rtl;margin:0}#table{width:900px;overflow:auto}td{min-width:400px;height:40px;padding:0}
        td:first-child{position:sticky;inset-inline-start:0;background:white}button{padding:0}</style><div id="table">
        <table><tr><td><button id="row">Row</button><td><button id="one">One</button><td>2<td>3<td>4</table></div>""",
        [("#table", -300, 0), ("#table", -600, 0)],
        2,
    ),
    "a page that is wider than its viewport": (
        """<style>body{margin:0}#right{float:right}#far{margin-left:1300px}</style><button id="right">Right</button>
        <div style="width:1500px"><button id="far">Far</button></div>""",
        [("html", 0, 0), ("html", 400, 0)],
        3,
    ),
    "a page from right to left that is wider than its viewport": (
        """<style>html{direction:rtl}body{margin:0}#far{margin-right:1300px}</style><button id="right">Right</button>
        <div style="width:1500px"><button id="far">Far</button></div>""",
        [("html", 0, 0), ("html", -400, 0)],
        2,
    ),
    "lists in a page from right to left": (
        """<style>html{direction:rtl}body{margin:0}button{width:80px;height:20px;padding:0}
        #a,#b{width:600px;overflow:auto;white-space:nowrap;margin:0}</style><button id="top">Top</button>
        <div id="a"><button id="one">1</button><button id="two" style="margin-right:1000px">2</button></div>
        <div id="b" dir="ltr"><button id="three" style="margin-left:900px">3</button></div>""",
        [("html", 0, 0), ("#a", -600, 0), ("#b", 400, 0)],
        7,
    ),
    "in the middle": (
        """<style>html{max-width:1000px;margin:auto}body{margin:0}#wide{overflow:auto}#wide div{width:2500px}
        </style><button id="a">A</button><div id="wide"><div><button id="b" style="margin-left:1700px">B</button></div>
        </div>""",
        [("html", 0, 0), ("#wide", 1600, 0)],
        3,
    ),
    "a narrow page in the middle": (
        """<style>html{max-width:60ch;margin:auto;padding:3em 1em}pre{height:90px;overflow:auto}</style><p>text</p>
        <button id="a">A</button><pre id="code"><button id="b" style="margin:300px 0 0 300px">B</button></pre>""",
        [("html", 0, 0), ("#code", 0, 260)],
        3,
    ),
    "a narrow page with something wide": (
        """<style>html{max-width:60ch;margin:auto;padding:3em 1em}#wide{overflow:auto}#b{margin:0 1200px}</style>
        <button id="a">A</button><div id="wide"><div style="width:2500px"><button id="b">B</button></div></div>""",
        [("html", 0, 0), ("#wide", 900, 0)],
        3,
    ),
    "something fixed beside a narrow page": (
        """<style>html{max-width:60ch;margin:auto;padding:3em 1em}.chat{position:fixed;right:9px;bottom:9px}</style>
        <button id="a">A</button><div style="height:1500px"></div><button id="b">B</button>
        <div class="chat"><button id="chat">Chat</button></div>""",
        [("html", 0, 0), ("html", 0, 1500)],
        4,
    ),
    "something fixed beside a narrow page with room within": (
        """<style>html{box-sizing:border-box;max-width:600px;margin:0 auto;padding:0 20px}.chat{position:fixed;
        right:9px;bottom:9px}#wide{overflow:auto}#b{margin:0 1200px}</style><button id="a">A</button>
        <div id="wide"><div style="width:2500px"><button id="b">B</button></div></div>
        <div class="chat"><button id="chat">Chat</button></div>""",
        [("html", 0, 0), ("#wide", 900, 0)],
        5,
    ),
    "a page that is cut off at its sides": (
        """<style>html,body{overflow-x:hidden}body{margin:40px}.chat{position:fixed;right:9px;bottom:9px}</style>
        <h1>Title</h1><button id="a">A</button><div style="height:1500px"></div>
        <div class="chat"><button id="chat">Chat</button></div>""",
        [("html", 0, 0), ("html", 0, 400)],
        3,
    ),
    "a bar above the page": (
        """<style>html{margin-top:32px!important;padding-top:20px}body{margin:0}
        .bar{position:fixed;top:0;left:0;height:32px}</style>
        <div class="bar"><button id="bar">Bar</button></div><button id="a">A</button><div style="height:1500px"></div>
        <button id="b">B</button>""",
        [("html", 0, 0), ("html", 0, 1400)],
        4,
    ),
    "a footer at the end of the root": (
        """<style>html{position:relative;min-height:100%}body{margin:0 0 60px}footer{position:absolute;bottom:0}#list{
        height:90px;overflow:auto}</style><div id="list"><button id="a" style="margin-top:300px">A</button></div>
        <div style="height:1500px"></div><footer><button id="foot">Foot</button></footer>""",
        [("#list", 0, 260), ("html", 0, 2000)],
        2,
    ),
    "a list with room around its entries": (
        """<style>ul{list-style:none;padding:0;height:90px;overflow:auto}li{margin:40px 0}</style><ul id="list">
        <li><button id="a">A</button><li><button id="b">B</button><li>C</ul><button id="more">More</button>""",
        [("html", 0, 0), ("#list", 0, 90)],
        4,
    ),
    "lines from the top down": (
        """<style>html{writing-mode:vertical-rl}body{margin:30px;width:2000px}button{margin-right:700px}</style>
        <button id="a">A</button><div></div><button id="b">B</button>""",
        [("html", 0, 0), ("html", -800, 0)],
        2,
    ),
    "messages from the bottom up": (
        """<style>html,body{height:100%;margin:0}body{display:flex;flex-direction:column}.head{height:60px}
        #log{flex:1;overflow:auto;display:flex;flex-direction:column-reverse}.bar{position:fixed;right:9px;top:9px}
        #log button{flex:0 0 400px}</style><div class="head"><button id="top">Top</button></div>
        <div id="log"><button id="a">A</button><button id="b">B</button><button id="c">C</button>
        <button id="d">D</button></div><div class="bar"><button id="help">Help</button></div>""",
        [("html", 0, 0), ("#log", 0, -400), ("#log", 0, -900)],
        12,
    ),
    "dates that stick above messages from the bottom up": (
        """<style>html,body{height:100%;margin:0}body{display:flex;flex-direction:column}#head{position:sticky;top:0}
        #log{flex:1;overflow:auto;display:flex;flex-direction:column-reverse}#log div{flex:0 0 700px}
        #log button{position:sticky;top:0}</style><div id="head"><button id="top">Top</button></div><div id="log">
        <div><button id="a">A</button></div><div><button id="b">B</button></div><div><button id="c">C</button></div>
        </div>""",
        [("#log", 0, -800), ("#log", 0, -2000)],
        5,
    ),
    "enlarged by its style": (
        """<style>body{margin:0;zoom:1.25}.bar{position:sticky;top:0;zoom:80%}#main{height:200px;overflow:auto;zoom:2}
        </style><div class="bar"><button id="menu">Menu</button></div><div id="main"><div style="height:300px"></div>
        <button id="one">One</button><div style="height:400px"></div><button id="two">Two</button></div>""",
        [("#main", 0, 0), ("#main", 0, 250), ("#main", 0, 520)],
        4,
    ),
    "room before what sticks": (
        """<style>body{margin:0;padding:90px 24px}header{position:sticky;top:0}</style>
        <header><button id="menu">Menu</button></header><div style="height:3000px"></div>""",
        [("html", 0, 0), ("html", 0, 700), ("html", 0, 1500)],
        3,
    ),
    "what sticks at a distance that a variable states": (
        """<style>:root{--high:60px}body{margin:0}header{height:40px}.toc{position:sticky;top:calc(var(--high) + 8px)}
        </style><header>Text</header><div class="toc"><button id="a">A</button></div><p style="height:2000px"></p>""",
        [("html", 0, 0), ("html", 0, 700)],
        2,
    ),
    "what sticks at a distance that variables state, as it was clicked first": (
        """<style>:root{--bar:1rem;--high:calc(var(--bar) + 44px)}body{margin:0}main{--gap:8px}
        .toc{position:sticky;top:calc(var(--high) + var(--gap, calc(9px + 1px)) + var(--none, 0px))}</style>
        <main><div style="height:900px">Text</div><div class="toc"><button id="a">A</button></div>
        <p style="height:2000px"></p></main>""",
        [("html", 0, 1100), ("html", 0, 1500)],
        2,
    ),
    "the foot of a table that scrolls in a page that was scrolled": (
        """<style>body{margin:0}#table{height:300px;overflow:auto}td{height:50px}tfoot td{position:sticky;bottom:0}
        </style><p style="height:900px"></p><div id="table"><table><tbody><tr><td style="height:900px">Text</td></tr>
        </tbody><tfoot><tr><td><button id="sum">Sum</button></td></tr></tfoot></table></div><p style="height:900px"></p>
        """,
        [("html", 0, 700), ("#table", 0, 0), ("#table", 0, 300), ("html", 0, 800)],
        4,
    ),
    "screens that the page snaps to": (
        """<style>html{scroll-snap-type:y mandatory}body{margin:60px}section{height:100vh;scroll-snap-align:start}
        </style><section>1</section><section><button id="next">Next</button></section><section>3</section>""",
        [("html", 0, 760)],
        1,
    ),
}
# Where each button is in the viewport, if it is on top there.
CENTERS = """() => [...document.querySelectorAll("button")].map(one => {
    const {x, y, width, height} = one.getBoundingClientRect(), place = [x + width / 2, y + height / 2].map(Math.floor);
    return document.elementFromPoint(...place) === one ? [one.id, ...place] : null;
}).filter(one => one)"""

# Returns how far it is scrolled then: not further than it can be.
SCROLL = "(one, [left, top]) => { one.scrollTo(left, top); return [one.scrollLeft, one.scrollTop] }"


@pytest.fixture
def live(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        yield context.new_page()


@pytest.mark.parametrize(("html", "scrolls", "count"), LIVE.values(), ids=LIVE)
def test_clicks_are_on_their_elements_as_the_heatmap_shows_them(
    html: str, scrolls: list[tuple[str, float, float]], count: int, live: Page, tmp_path: Path
) -> None:
    live.set_content(f"<!DOCTYPE html>{html}")
    root = live.evaluate(SERIALIZE)
    nodes = {
        name: one["id"]
        for one in all_elements(root)
        for name in (one["tagName"].lower(), f"#{one['attributes'].get('id')}")
    }
    records: list[dict[str, Any]] = []
    for selector, *to in scrolls:
        left, top = live.locator(selector).evaluate(SCROLL, to)
        node = made.ROOT if selector == "html" else nodes[selector]
        records.append(scrolled(len(records) * 1000, top, left, node))
        for name, x, y in live.evaluate(CENTERS):
            records.append(made.click(len(records) * 1000, nodes[f"#{name}"], x, y))
    snapshot = made.record(2, 0, {"node": root, "initialOffset": {"top": 0, "left": 0}})
    heatmap = heatmap_of(made.recording(made.meta(), snapshot, *records))
    live.goto(heatmap.write_html(tmp_path / "heat.html").as_uri())
    frame = live.frames[1]
    boxes = {name: frame.locator(name).bounding_box() for name in {str(click.selector) for click in heatmap.clicks}}
    origin = live.locator("iframe").bounding_box()
    scale = live.locator(".page").evaluate("one => one.clientWidth") / heatmap.width
    missed: list[Any] = []
    for click in heatmap.clicks:
        box = boxes[str(click.selector)]
        assert box is not None
        assert origin is not None
        x, y = ((box[side] - origin[side]) / scale for side in ("x", "y"))
        if not (x <= click.x <= x + box["width"] / scale and y <= click.y <= y + box["height"] / scale):
            missed.append((click.selector, click.x, click.y, box))
    assert missed == []
    inner = {selector for selector, *_ in scrolls if selector.startswith("#")}
    overflows = {frame.locator(selector).evaluate("one => getComputedStyle(one).overflow") for selector in inner}
    assert overflows <= {"visible"}
    assert (len(heatmap.clicks), heatmap.left_out) == (count, {})


@pytest.mark.parametrize("position", ["fixed", "relative"])  # What is `relative` there is placed absolutely.
def test_a_modal_dialog_is_in_the_part_that_the_viewport_showed(position: str, live: Page, tmp_path: Path) -> None:
    dialogs = f"dialog{{height:100px;padding:0;border:0;position:{position}}}"
    style = tag("style", text("body{margin:0}main{height:3000px}" + dialogs))
    dialog = tag("dialog", text("Sure?"))
    opens = made.mutation(3, attributes=[{"id": dialog["id"], "attributes": {"open": ""}}])
    page = made.snapshot(0, style, tag("main"), dialog)
    heatmap = heatmap_of(made.recording(made.meta(), page, made.click(1), scrolled(2, 2000), opens))
    assert heatmap.height == 2700
    live.goto(heatmap.write_html(tmp_path / "heat.html").as_uri())
    box = live.frames[1].locator("dialog").evaluate("one => [one.getBoundingClientRect().top, one.clientHeight]")
    assert box == [300, 100]


def all_elements(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if node["type"] == 2:
        yield node
    for child in node.get("childNodes", ()):
        yield from all_elements(child)


def test_the_legend_says_by_which_rule_how_many_were_placed(tmp_path: Path) -> None:
    button = tag("button", style="position:fixed")
    recording = made.recording(
        made.meta(), made.snapshot(0, button), scrolled(1, 50), made.click(2), *clicked(button, (1, 2))
    )
    html = heatmap_of(recording).write_html(tmp_path / "x.html").read_text(encoding="utf-8")
    assert (
        "<dt>Placed</dt><dd>1 by how far the page was scrolled; 4 fixed to the viewport, which is shown at the top</dd>"
    ) in html
    assert "<dt>Placed" not in heatmap_of(made.page(made.click(5))).write_html(tmp_path / "y.html").read_text("utf-8")


# Selectors, and the `id` of the elements that a browser selects by them, are compared in the browser.
TREE = tag(
    "main",
    tag("p", tag("b", id="b1"), text("x"), tag("b", id="b2", **{"class": "x y"}), id="p1", title="One two-three"),
    tag("p", tag("i", id="i1", **{"data-a": 'q"'}), id="p2", **{"class": "x"}, lang="en-US"),
    svg("svg", svg("linearGradient", id="g1"), id="s1"),
    tag("ul", *(tag("li", id=f"l{number}", **{"class": "y" * (number % 2)}) for number in range(7)), id="u1"),
    id="m1",
)
SELECTORS = """
*|p|P|#b1|.x|.x.y|p.x|b.x|main p|main>p|p>b|p b+b|p~p|p~svg|b~b|p + p > i|main > * > b|li|ul>li~li.y|[title]|[title=One]
[title^=One]|[title$=three]|[title*="o t"]|[title~="One"]|[title~=One i]|[title="one TWO-three" i]|[lang|=en]
[data-a="q\\""]|[data-a='q"']|[title^=""]|linearGradient|lineargradient|LINEARGRADIENT|svg *|:root|:root main|html>body
:first-child|:last-child|:only-child|b:first-child|li:nth-child(2)|li:nth-child(odd)|li:nth-child(even)|li:nth-child(3n+1)
li:nth-child(-n+3)|li:nth-child(n+4)|li:nth-child( 2n - 1 )|li:nth-child(-2n+5)|li:nth-last-child(2)|b:nth-of-type(2)
p:nth-of-type(2)|p:nth-last-of-type(1)|li:nth-child(0)|li:nth-child(+3)|:is(p,ul)>.x|:where(.x,.y)|:not(.x)|li:not(.y,:first-child)
p:not(:is(.x))|:is(:not(b))|#\\62 1|.\\78|p /* */ b|p,b|b , i|> p|p >|p,,b|,p|p..x
#|[|[a|:not()|:nth-child(x)|::before|p:hover
:unknown|p::first-line|p:is(|:defined|::slotted(b)|main::part(b)
main:has(b)|p:has(> b)|p:has(b + b)|b:has(+ b)|p:has(~ ul)|p:has(+ p > i)|p:has(~ ul li.y)|ul:has(li.y)|main:has(p b)
main:has(p, zz)|:has(#zz)|p:not(:has(b))|li:has(~ li:last-child)|main:has(main b)|main > :has(> :first-child)
:has(> b) > .x|p:has()|p:has(>)
"""


def test_selectors_select_what_browsers_select(browser: Browser) -> None:
    recording = made.recording(made.meta(), made.snapshot(0, TREE))
    page = page_at(recording.views[0])
    elements = [node for node in page.nodes.values() if node.kind == "element"]
    selectors = [one for line in SELECTORS.strip().split("\n") for one in line.replace("lang|=", "lang¦=").split("|")]
    selectors = [one.replace("¦", "|") for one in selectors]
    with browser.new_context() as context:
        tab = context.new_page()
        tab.set_content("<!DOCTYPE html>" + segments.to_html(page))
        found: list[list[str] | None] = tab.evaluate(
            """selectors => selectors.map(selector => {
                try { return [...document.querySelectorAll(selector)].filter(one => one.id).map(one => one.id) }
                catch { return null }
            })""",
            selectors,
        )
    different: list[Any] = []
    for selector, expected in zip(selectors, found, strict=True):
        ours = [
            node.attributes["id"]
            for node in elements
            if "id" in node.attributes and any(one.selects(node, Budget(9_999)) for one in selectors_of(selector))
        ]
        if ours != (expected or []) and selector != "p /* */ b":
            different.append((selector, expected, ours))
    assert different == []


def test_the_rank_of_selectors_is_that_of_browsers() -> None:
    ranks = {
        "*": (0, 0, 0),
        "p.x#y": (1, 1, 1),
        ":is(p,#a) b": (1, 0, 1),
        ":where(#a) [b]": (0, 1, 0),
        ":not(.a,b)": (0, 1, 0),
        "p:has(> .a, b)": (0, 1, 1),
        ":host(.a) b": (0, 2, 1),
    }
    assert {text: selectors_of(text)[0].specificity for text in ranks} == ranks


MEDIA = """
all;screen;print;screen and (min-width: 1000px);(min-width:1000.5px);(max-width:1000px);(max-width:999px);not all
(min-width:62.5em);(min-width:63em);(width>=1000px);(width>1000px);(1000px<=width);(400px<=width<=1000px)
(400px<width<900px)
(min-height:700px) and (max-height:700px);(orientation:landscape);(orientation:portrait)
only screen and (max-width:10px)
print, (min-width:1px);print, (min-width:9999px);(min-width:1px) and (max-height:1px);(height<701px);(min-width:1rem)
not all;not print;not screen;not all and (min-width:768px);not all and (min-width:1001px);not (min-width:1px)
NOT (width<768px);not print and (min-width:1px);(min-width:1px) or (x);(min-width:1001px) or (max-height:700px)
(min-width:1001px) or (max-height:1px);not (min-width:1001px), print
(min-aspect-ratio:1/1);(min-aspect-ratio: 10 / 7);(max-aspect-ratio:10/7);(max-aspect-ratio:4/3);(min-aspect-ratio:2)
"""
ELSE = [
    "(hover:hover)",
    "not (hover:hover)",
    "(min-width:9999px) or (hover:hover)",
    "(min-width:calc(1px))",
    "(width:5px)",
    "",
    "(",
]


def test_media_queries_on_the_size_of_the_viewport_are_those_of_browsers(browser: Browser) -> None:
    queries = [query for line in MEDIA.strip().split("\n") for query in line.split(";")]
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        matches = context.new_page().evaluate("all => all.map(one => matchMedia(one).matches)", queries)
    viewport = segments.dom.Size(1000, 700)
    assert [applies(query, viewport) for query in queries] == matches
    assert [applies(query, viewport) for query in ELSE if query] == [None] * (len(ELSE) - 1)
