"""Which views show the same page, which page is shown, and what is left out."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments import SegmentError
from rum_replay.segments.heatmap import _visits, heatmap_of

from .. import made


def view(
    name: str, url: str, clicks: int = 1, width: int = 1000, at: float = 0, text: str = "Pay", **more: Any
) -> segments.Recording:
    """One view in a separate session: a page, clicks 10 px apart, and a text that identifies it."""
    records = [
        made.meta(at, width=width, href=url),
        made.snapshot(at, made.element(50, "p", {"type": 3, "id": 51, "textContent": text})),
        *(made.click(at + 10 + number, x=10 + 10 * number) for number in range(clicks)),
    ]
    return made.recording(*records, view=name, session=f"session of {name}", **more)


def test_many_sessions_of_one_page_are_put_together_whatever_their_query_and_fragment() -> None:
    shown = heatmap_of(
        view(f"v{number}", f"http://shop/cart{rest}", at=number * 1000)
        for number, rest in enumerate(["", "?a=1", "#b", "?c#d", "?"])
    )
    assert (len(shown.clicks), shown.sessions, shown.views, shown.pattern) == (5, 5, 5, "http://shop/cart")
    assert [click.view_id for click in shown.clicks] == ["v0", "v1", "v2", "v3", "v4"]
    assert shown.left_out == {}


def test_fragments_by_which_an_app_names_its_pages_are_pages() -> None:
    rest = ["", *(f"#{route}" for route in ("/", "/cart", "!/cart", "/cart#total")), "?a=1#/cart?b=2"]
    recordings = [view(f"v{number}", f"http://shop/{one}") for number, one in enumerate(rest)]
    shown = heatmap_of(recordings)
    assert (shown.pattern, [click.view_id for click in shown.clicks]) == ("http://shop/#/cart", ["v2", "v4", "v5"])
    assert shown.left_out == {"on other pages": 3}
    assert heatmap_of(recordings, url="http://shop/#/cart").views == 3
    assert heatmap_of(recordings, url="http://shop/").views == 6


def test_sessions_and_views_are_counted() -> None:
    shown = heatmap_of(
        made.page(made.click(5), made.click(6), view=view, session=session)
        for session, view in (("s", "a"), ("s", "b"), ("s", "c"), ("t", "a"))
    )
    assert (len(shown.clicks), shown.views, shown.sessions) == (8, 4, 2)


def test_the_page_with_the_most_clicks_is_shown_and_those_on_others_are_counted() -> None:
    shown = heatmap_of([view("a", "http://shop/a", 2), view("b", "http://shop/b", 3), view("c", "http://shop/c?x", 2)])
    assert (shown.url, len(shown.clicks), shown.left_out) == ("http://shop/b", 3, {"on other pages": 4})


@pytest.mark.parametrize(
    ("pattern", "views"),
    [
        ("http://shop/p/*", ["1", "2"]),
        ("http://shop/p/1", ["1"]),
        ("http://shop/p/1?size=[m]", ["1"]),
        ("*size=*", ["1"]),
        ("*#/cart", ["3"]),
        ("*", ["1", "2", "3"]),
    ],
)
def test_a_pattern_defines_which_urls_are_one_page(pattern: str, views: list[str]) -> None:
    recordings = [
        view("1", "http://shop/p/1?size=[m]"),
        view("2", "http://shop/p/2"),
        view("3", "http://shop/#/cart"),
    ]
    assert [click.view_id for click in heatmap_of(recordings, url=pattern).clicks] == views


@pytest.mark.parametrize("pattern", ["http://shop/p?1", "http://shop/p/[1]", "http://shop/p/", "HTTP://shop/p/1"])
def test_only_a_star_is_special_in_a_pattern(pattern: str) -> None:
    with pytest.raises(InvalidRequestError, match="no page matches"):
        heatmap_of(view("1", "http://shop/p/1"), url=pattern)


def test_a_url_with_a_star_is_one_page_unless_it_is_given_as_a_pattern() -> None:
    recordings = [view("1", "http://shop/*", 3), view("2", "http://shop/other")]
    assert len(heatmap_of(recordings).clicks) == 3
    assert len(heatmap_of(recordings, url="http://shop/*").clicks) == 4


def test_if_a_pattern_matches_nothing_the_error_lists_the_urls() -> None:
    recordings = [view(str(number), f"http://shop/{number}?x") for number in range(12)]
    with pytest.raises(InvalidRequestError, match=r"no page matches '/cart'; there are: http://shop/0, .* and 2 more"):
        heatmap_of(recordings, url="/cart")


def test_a_click_belongs_to_the_url_at_its_time() -> None:
    recording = made.page(made.click(5), made.meta(10, href="http://shop/next"), made.click(15), made.click(16))
    first, second = heatmap_of(recording, url="http://shop/"), heatmap_of(recording)
    assert [click.time - made.START for click in first.clicks] == [5]
    assert [click.time - made.START for click in second.clicks] == [15, 16]


def test_a_view_that_occurs_twice_counts_once() -> None:
    assert len(heatmap_of([view("a", "http://shop/"), view("a", "http://shop/")]).clicks) == 1
    unnamed = [view("a", "http://shop/"), made.page(made.click(5), view=None), made.page(made.click(5), view=None)]
    assert len(heatmap_of(unnamed).clicks) == 3


class TestLayouts:
    def test_clicks_in_viewports_of_about_the_width_are_shown_and_others_counted(self) -> None:
        widths = [1000, 1000, 980, 1020, 979, 1021, 400]
        shown = heatmap_of(view(str(n), "http://shop/", width=width) for n, width in enumerate(widths))
        assert [click.view_id for click in shown.clicks] == ["0", "1", "2", "3"]
        assert shown.left_out == {"in viewports more than 20 px wider or narrower": 3}
        assert (shown.viewport.width, shown.width) == (1000, 1000)

    def test_the_layout_with_the_most_clicks_is_shown_unless_a_width_is_asked_for(self) -> None:
        recordings = [
            view("wide", "http://shop/", 4, width=1920, at=9999),
            view("a", "http://shop/", 2, width=390),
            view("b", "http://shop/", 3, width=400),
        ]
        assert heatmap_of(recordings).viewport.width == 400
        assert heatmap_of(recordings, tolerance=5).viewport.width == 1920
        assert heatmap_of(recordings, width=1910).viewport.width == 1920
        assert heatmap_of(recordings, width=393).viewport.width == 390
        with pytest.raises(InvalidRequestError, match=r"no page was seen 800 px wide.*there are: 390, 400, 1920"):
            heatmap_of(recordings, width=800)

    def test_a_view_that_is_resized_has_two_layouts(self) -> None:
        recording = made.page(made.click(5), made.event(4, 10, width=500, height=900), made.click(15), made.click(16))
        shown = heatmap_of(recording)
        assert (shown.viewport.width, shown.height, len(shown.clicks)) == (500, 900, 2)

    def test_clicks_beyond_the_right_edge_of_the_page_shown_are_counted(self) -> None:
        wider = made.page(made.click(5, x=1005), view="wider").views
        assert wider
        recording = made.recording(made.meta(width=1010), made.snapshot(), made.click(5, x=1005), view="wider")
        shown = heatmap_of([view("a", "http://shop/", 2), recording])
        assert shown.left_out == {"outside the part of the page that is shown": 1}


class TestTimes:
    def test_the_page_is_shown_as_it_was_last_seen(self) -> None:
        recordings = [
            view("later", "http://shop/", at=5000, text="later"),
            view("sooner", "http://shop/", text="sooner"),
        ]
        for several in (recordings, recordings[::-1]):
            shown = heatmap_of(several)
            assert ("later" in shown.markup, "sooner" in shown.markup) == (True, False)
            assert shown.time == made.START + 5010

    def test_it_is_shown_as_it_was_in_the_layout_and_at_the_url_shown(self) -> None:
        gone = made.mutation(20, removes=[{"id": made.BUTTON, "parentId": made.BODY}])
        for leaving in (made.event(4, 10, width=300, height=300), made.meta(10, href="http://shop/next")):
            shown = heatmap_of(made.page(made.click(5), made.click(6), leaving, gone))
            assert (shown.time, "Pay" in shown.markup) == (made.START + 6, True)

    def test_it_is_shown_at_a_time_in_the_view_that_began_last_before(self) -> None:
        recordings = [view(name, "http://shop/", at=at, text=name) for name, at in (("a", 0), ("b", 5000), ("c", 9000))]
        shown = heatmap_of(recordings, at=made.START + 6000)
        assert [name in shown.markup for name in ("<p>a", "<p>b", "<p>c")] == [False, True, False]
        assert len(shown.clicks) == 3
        gone = made.mutation(20, removes=[{"id": made.BUTTON, "parentId": made.BODY}])
        recording = made.page(made.click(10), gone, made.click(30))
        assert "Pay" in heatmap_of(recording, at=made.START + 19).markup
        assert "Pay" not in heatmap_of(recording, at=made.START + 20).markup

    def test_the_url_and_layout_at_that_time_are_those_shown(self) -> None:
        recordings = [view("a", "http://shop/a?x", width=400), view("b", "http://shop/b", 5, at=5000)]
        shown = heatmap_of(recordings, at=made.START + 100)
        assert (shown.pattern, shown.viewport.width, len(shown.clicks)) == ("http://shop/a", 400, 1)

    def test_a_time_can_be_a_datetime(self) -> None:
        gone = made.mutation(20, removes=[{"id": made.BUTTON, "parentId": made.BODY}])
        recording = made.page(made.click(10), gone, made.click(30))
        start = datetime(2026, 11, 21, 12, tzinfo=timezone(timedelta(hours=9)))
        for milliseconds, is_there in ((19, True), (19.999, True), (20, False)):
            shown = heatmap_of(recording, at=start + timedelta(milliseconds=milliseconds))
            assert ("Pay" in shown.markup) is is_there
            assert shown.markup == heatmap_of(recording, at=made.START + milliseconds).markup

    def test_times_without_a_matching_page_are_refused(self) -> None:
        recording = made.page(made.click(5), made.meta(10, href="http://shop/next"), made.click(15))
        with pytest.raises(InvalidRequestError, match=r"not recorded by 1795229999999; .* time is 1795230000000"):
            heatmap_of(recording, at=made.START - 1)
        assert heatmap_of(recording, at=made.START).url == "http://shop/"
        with pytest.raises(
            InvalidRequestError, match="the page was 'http://shop/next', which does not match 'http://shop/'"
        ):
            heatmap_of(recording, at=made.START + 12, url="http://shop/")
        with pytest.raises(InvalidRequestError, match="give `at` or `width`, not both"):
            heatmap_of(recording, at=made.START + 12, width=1000)


class TestSizes:
    def test_the_picture_extends_as_far_as_anybody_saw(self) -> None:
        far = made.page(made.event(3, 1, id=made.ROOT, x=30, y=900), made.event(3, 2, id=made.ROOT, x=0, y=0))
        shown = heatmap_of([far, view("a", "http://shop/")])
        assert (shown.width, shown.height) == (1030, 1600)

    @pytest.mark.parametrize(("height", "shown_height"), [(None, 16_000), (800, 800), (60_000, 16_000)])
    def test_of_a_page_too_high_for_a_picture_the_upper_part_is_shown(
        self, height: int | None, shown_height: int
    ) -> None:
        recording = made.page(made.click(1), made.event(3, 2, id=made.ROOT, x=0, y=50_000), made.click(5))
        shown = heatmap_of(recording, height=height)
        assert (shown.height, len(shown.clicks)) == (shown_height, 1)
        assert shown.left_out == {"outside the part of the page that is shown": 1}

    @pytest.mark.parametrize(
        ("width", "height", "shown_height"),
        [(8_000, 3_000, 3_000), (8_000, 3_001, 3_000), (1_500, 16_000, 16_000), (1_000, 16_001, 16_000)],
    )
    def test_pictures_have_a_maximum_height_and_area(self, width: int, height: int, shown_height: int) -> None:
        recording = made.recording(made.meta(width=width, height=height), made.snapshot(), made.click(1))
        shown = heatmap_of(recording)
        assert (shown.width, shown.height) == (width, shown_height)

    @pytest.mark.parametrize("width", [8_001, 1_000_000_000])
    def test_a_page_too_wide_for_a_picture_is_refused(self, width: int) -> None:
        recording = made.recording(made.meta(width=width), made.snapshot(), made.click(1))
        with pytest.raises(SegmentError, match=f"the page is {width:,} px wide; .* give its width"):
            heatmap_of(recording, height=700)

    def test_a_height_beyond_the_page_does_not_extend_the_picture(self) -> None:
        assert [heatmap_of(made.page(made.click(1)), height=height).height for height in (699, 700, 701)] == [
            699,
            700,
            700,
        ]

    def test_a_click_on_the_last_row_and_column_is_shown_and_the_next_is_outside(self) -> None:
        recording = made.page(made.click(1, x=999, y=699), made.click(2, x=1000, y=5), made.click(3, x=5, y=700))
        shown = heatmap_of(recording)
        assert [(click.x, click.y) for click in shown.clicks] == [(999, 699)]
        assert shown.left_out == {"outside the part of the page that is shown": 2}

    def test_absurd_sizes_are_not_a_layout(self) -> None:
        recording = made.page(
            made.click(1),
            made.event(3, 2, id=made.ROOT, x=0, y=1e300),
            made.click(3),
            made.event(3, 4, id=made.ROOT, x=-50, y=-1e8),
            made.click(5),
        )
        shown = heatmap_of(recording)
        assert (shown.width, shown.height, len(shown.clicks)) == (1050, 700, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"url": 5}, "url must be a string, not int"),
        ({"url": b"*"}, "url must be a string, not bytes"),
        ({"at": "2026-11-21"}, "at must be a number, not str"),
        ({"at": True}, "at must be a number, not bool"),
        ({"at": float("nan")}, "at must be a finite number, not nan"),
        ({"at": datetime(2026, 11, 21)}, "at is a naive datetime"),
        ({"width": "1000"}, "width must be a number, not str"),
        ({"width": 0}, "width must be at least 1, not 0"),
        ({"height": "x"}, "height must be a whole number, not str"),
        ({"height": 700.0}, "height must be a whole number, not float"),
        ({"height": 0}, "height must be at least 1, not 0"),
        ({"tolerance": None}, "tolerance must be a number, not NoneType"),
        ({"tolerance": -1}, "tolerance must be at least 0, not -1"),
        ({"tolerance": float("inf")}, "tolerance must be a finite number, not inf"),
        ({"recordings": None}, "recordings must be an iterable of Recording, not NoneType"),
        ({"recordings": [5]}, r"segments cannot be read from int"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequestError, match=f"^{message}"):
        heatmap_of(**{"recordings": made.page(made.click(5)), **arguments})


def test_the_least_arguments_are_accepted() -> None:
    recording = made.recording(made.meta(width=1), made.snapshot(), made.click(5, x=0, y=0.5))
    assert heatmap_of(recording, width=1, height=1, tolerance=0).height == 1


class TestHostileRecordings:
    def test_a_page_of_any_depth_is_shown(self) -> None:
        nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"], *([1, "DIV"] for _ in range(5_000))]
        snapshot = made.record(2, 0, [nodes], format=1)
        shown = heatmap_of(made.recording(made.meta(), snapshot, made.click(5)))
        assert shown.markup.count("<div>") == 5_000

    @pytest.mark.parametrize("repeated", ["sheet", "attribute"])
    def test_a_short_recording_of_an_extremely_long_page_is_refused(self, repeated: str) -> None:
        long = "a{width:1vw}" * 20_000
        style = [1, "DIV", ["style", 1]] if repeated == "attribute" else [1, "STYLE"]
        siblings = ([number, *style[1:]] for number in range(1, 501))
        nodes = [1, [None, "#document"], [1, "HTML"], [1, "BODY"], *siblings]
        sheets = [7, [long]], [8, *([number, 0] for number in range(3, 503))]
        operations = [[0, "x", long], nodes] if repeated == "attribute" else [nodes, *sheets]
        snapshot = made.record(2, 0, operations, format=1)
        with pytest.raises(SegmentError, match="the page is longer than 67,108,864 characters"):
            heatmap_of(made.recording(made.meta(), snapshot, made.click(5)))

    def test_the_number_of_layouts_kept_is_limited(self) -> None:
        pages = [made.meta(number, href=f"http://shop/{number}") for number in range(10_000)]
        shown = heatmap_of(made.page(*pages[:-1], made.click(1), pages[-1], made.click(2)))
        assert (shown.url, shown.left_out) == ("http://shop/9998", {"more than are kept of a view": 1})

    def test_the_number_of_clicks_kept_of_a_layout_is_limited(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_visits, "_MAX_CLICKS", 3)
        shown = heatmap_of(made.page(*(made.click(number) for number in range(5))))
        assert len(shown.clicks) == 3
        assert shown.left_out == {"more than are kept of a view": 2}

    @pytest.mark.parametrize(("length", "shown"), [(300, "x" * 288), (301, "x" * 288 + "...")])
    def test_urls_are_shown_up_to_300_characters(self, length: int, shown: str, tmp_path: Path) -> None:
        heatmap = heatmap_of(view("a", "http://shop/" + "x" * (length - 12)))
        html = heatmap.write_html(tmp_path / "x.html").read_text(encoding="utf-8")
        assert f"<dd>http://shop/{shown}</dd>" in html

    def test_extremely_long_urls_are_shortened_in_the_legend(self, tmp_path: Path) -> None:
        shown = heatmap_of(view("a", "http://shop/" + "x" * 100_000))
        assert len(shown.url) == 100_012
        assert shown.write_html(tmp_path / "x.html").stat().st_size < 50_000


def test_the_legend_rounds_the_size_of_the_viewport(tmp_path: Path) -> None:
    snapshot = made.snapshot(0, html={"data-dd-privacy": "hidden", "rr_width": "981px", "rr_height": "1744px"})
    recording = made.recording(made.meta(0, 980.5714, 1743.25), snapshot, made.click(10))
    written = heatmap_of(recording).write_html(tmp_path / "heat.html").read_text()
    assert "in a viewport of 981x1743 px" in written
