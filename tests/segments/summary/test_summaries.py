"""Views, sessions and recordings: how numbers are added up, missing parts, and hostile content."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from rum_replay import InvalidRequestError, segments
from rum_replay.segments.dom import Page
from rum_replay.segments.summary import RULES, SessionSummary, sessions_of, summarize, summarize_view
from rum_replay.segments.summary._summarizer import ViewSummarizer

from ..made import (
    BUTTON,
    START,
    click,
    element,
    event,
    meta,
    mutation,
    page,
    phone,
    record,
    recording,
    screen,
    segment,
    snapshot,
    tap,
    typed,
)
from ..recorded import FOLDERS, NAMES, uploads

WILD = [-1, 0.5, 1e308, 10**30, 253_402_300_800_000, -(10**400)]


def session_of(*segments_: bytes) -> SessionSummary:
    (session,) = summarize(segments.open(b"".join(segments_))).sessions
    return session


def view_of_clicks(view: str, *at: float, **metadata: Any) -> bytes:
    return segment(meta(at[0]), snapshot(at[0]), *(click(one) for one in at), view=view, **metadata)


class TestSessions:
    def test_overlapping_time_of_views_counts_once(self) -> None:
        session = session_of(view_of_clicks("a", 0, 4000), view_of_clicks("b", 3000, 9000))
        assert (session.duration, session.active_time) == (9000, 9000)
        assert [view.duration for view in session.views] == [4000, 6000]

    def test_time_between_views_does_not_count(self) -> None:
        session = session_of(view_of_clicks("a", 0, 4000), view_of_clicks("b", 5000, 6000))
        assert (session.duration, session.active_time) == (5000, 5000)
        assert (session.start, session.end) == (START, START + 6000)

    def test_a_view_within_another_adds_nothing(self) -> None:
        session = session_of(view_of_clicks("a", 0, 9000), view_of_clicks("b", 3000, 4000))
        assert (session.duration, session.active_time, session.clicks) == (9000, 9000, 4)

    def test_sessions_are_kept_apart(self) -> None:
        recorded = segments.open([view_of_clicks("a", 5000, session="x"), view_of_clicks("a", 1000, session="y")])
        sessions = summarize(recorded).sessions
        assert [(session.session_id, session.clicks) for session in sessions] == [("y", 1), ("x", 1)]

    def test_views_that_do_not_state_a_session_are_put_together(self) -> None:
        session = session_of(view_of_clicks("a", 0, session=None), view_of_clicks("b", 5, session=None))
        assert (session.session_id, len(session.views)) == (None, 2)

    def test_pages_are_listed_once_and_in_order(self) -> None:
        visited = [segment(meta(at, href=f"http://shop/{name}"), view=name) for at, name in enumerate("aba")]
        assert session_of(*visited).pages == ("http://shop/a", "http://shop/b")

    def test_views_of_several_recordings_make_one_session(self) -> None:
        views = [
            view
            for name, at in (("b", 9), ("a", 5))
            for view in summarize(segments.open(view_of_clicks(name, at))).views
        ]
        (session,) = sessions_of(views)
        assert (session.clicks, session.records) == (2, 6)
        assert [view.view_id for view in session.views] == ["a", "b"]


class TestMissingParts:
    @pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
    def test_problems_are_those_of_the_report(self, folder: Path) -> None:
        packed = uploads(folder)
        damaged = [
            packed[0],
            packed[0],
            b"?" * 9,
            packed[2][:-40],
            *packed[3:],
            segment(record(99, 0), records_count=7),
        ]
        recorded = segments.open(damaged)
        summary = summarize(recorded)
        assert summary.problems == recorded.report.problems
        assert len(summary.problems) >= 5
        of_views = {problem for view in summary.views for problem in view.problems}
        assert of_views < set(summary.problems)
        assert {view.report for view in summary.views} == set(recorded.report.views)

    def test_gaps_are_reported_with_their_view(self) -> None:
        session = session_of(*(view_of_clicks("a", index, index_in_view=index) for index in (0, 2, 5)))
        assert session.views[0].to_dict()["gaps"] == [[1, 1], [3, 4]]
        assert session.problems == (
            "view a: segment 1 is missing",
            "view a: segments 3 to 4 are missing",
        )

    def test_without_stated_times_those_of_the_records_count(self) -> None:
        (view,) = summarize(page(click(1000), click(8000), start=None, end=None)).views
        assert (view.start, view.end, view.duration) == (START, START + 8000, 8000)
        (view,) = summarize(recording(click(1900), click(1000), click(1500), start=None, end=None)).views
        assert (view.start, view.end) == (START + 1000, START + 1900)

    def test_frustrations_go_back_in_time_and_do_not_count_for_times(self) -> None:
        late = record(9, -5000, {"frustrationTypes": ["dead_click"], "recordIds": [1]})
        (view,) = summarize(page(click(1000), late, start=None, end=None)).views
        assert (view.start, view.end, view.active_time) == (START, START + 1000, 0)

    def test_without_any_time_there_is_no_duration(self) -> None:
        (view,) = summarize(recording(start=None, end=None)).views
        assert (view.start, view.end, view.duration, view.active_time) == (None, None, None, 0)
        assert sessions_of([view])[0].duration is None

    def test_uploaded_bytes_are_known_only_if_all_segments_state_them(self) -> None:
        known = view_of_clicks("a", 0, compressed_segment_size=100)
        unknown = view_of_clicks("a", 1, index_in_view=1)
        assert session_of(known).compressed_size == 100
        assert session_of(known, unknown).compressed_size is None
        other_view = view_of_clicks("b", 1)
        assert session_of(known, other_view).compressed_size is None

    def test_clicks_and_inputs_are_counted_without_a_snapshot_too(self) -> None:
        (view,) = summarize(recording(click(0), typed(1, "a"), event(3, 2, id=0, x=0, y=9))).views
        assert (view.clicks, view.key_inputs, view.scrolls, view.scroll_depth) == (1, 1, 0, None)
        assert view.problems == (
            "view view: it does not begin with a full snapshot; what is before the first cannot be shown",
        )


class TestScreen:
    def test_depth_is_the_lowest_edge_ever_seen(self) -> None:
        scrolled = [event(3, at, id=0, x=0, y=top) for at, top in enumerate((100, 900, 300))]
        (view,) = summarize(page(*scrolled)).views
        assert (view.scrolls, view.scroll_depth, view.scroll_share) == (3, 1600, None)

    def test_scrolling_of_an_element_does_not_count(self) -> None:
        (view,) = summarize(page(event(3, 1, id=BUTTON, x=0, y=500))).views
        assert (view.scrolls, view.scroll_depth) == (0, 700)

    def test_if_the_height_of_the_document_is_recorded_depth_is_a_share_too(self) -> None:
        hidden = snapshot(0, html={"data-dd-privacy": "hidden", "rr_width": "1000px", "rr_height": "2000px"})
        (view,) = summarize(recording(meta(), hidden, event(3, 1, id=0, x=0, y=300))).views
        assert (view.scroll_depth, view.document_height, view.scroll_share) == (1000, 2000, 0.5)

    def test_resizes_are_counted_and_the_first_viewport_is_kept(self) -> None:
        (view,) = summarize(page(event(4, 1, width=640, height=600), event(4, 2, width=641, height=600))).views
        assert view.resizes == 2
        assert view.viewport is not None
        assert (view.viewport.width, view.viewport.height) == (1000, 700)

    def test_the_same_size_once_more_is_no_resize(self) -> None:
        """Android states the size of the screen before the first snapshot of an app, after the metadata."""
        size, turned = ({"source": 4, "width": wide, "height": high} for wide, high in ((360, 640), (640, 360)))
        (view,) = summarize(phone(record(11, 0, size), screen(0), tap(4000, "down"), tap(4050, "up"))).views
        assert (view.resizes, view.active_time, view.problems) == (0, 50, ())
        (view,) = summarize(phone(screen(0), tap(4000, "down"), record(11, 5000, turned))).views
        assert (view.resizes, view.active_time) == (1, 1000)
        web = [{**one, "slotId": "7"} for one in (meta(4500), snapshot(4600), meta(5000, width=200))]
        (view,) = summarize(phone(screen(0), tap(4000, "down"), tap(4050, "up"), *web)).views
        assert (view.resizes, view.active_time) == (0, 50), "that of a web view is not that of the screen"


class TestArguments:
    @pytest.mark.parametrize(
        ("call", "message"),
        [
            (lambda: summarize(5), "recordings must be an iterable of Recording, not int"),  # type: ignore[arg-type]
            (lambda: summarize([page(), b""]), r"recordings\[1\] must be a Recording like those before it, not bytes"),
            (lambda: summarize(page(), executor=5), "executor must be an executor"),  # type: ignore[arg-type]
            (lambda: summarize_view(page()), "view must be a View, not Recording"),  # type: ignore[arg-type]
            (lambda: sessions_of(None), "views must be an iterable of ViewSummary, not NoneType"),  # type: ignore[arg-type]
            (lambda: sessions_of(page().views), r"views\[0\] must be a ViewSummary, not View"),  # type: ignore[arg-type]
        ],
    )
    def test_others_are_refused(self, call: Callable[[], object], message: str) -> None:
        with pytest.raises(InvalidRequestError, match=f"^{message}"):
            call()


class TestDictionaries:
    def test_they_are_json_with_inferred_numbers_apart(self) -> None:
        summary = summarize(page(*(click(1000 + n) for n in range(3)), event(1, 9000, positions=[])))
        values = json.loads(json.dumps(summary.to_dict()))
        (view,), (session,) = values["views"], values["sessions"]
        shared = {"application_id", "clicks", "compressed_size", "duration", "end", "frustrations", "heuristics"}
        shared |= {"key_inputs", "pages", "problems", "records", "resizes", "scrolls", "segments", "selections"}
        shared |= {"session_id", "size", "source", "start"}
        of_view = {
            "document_height",
            "gaps",
            "scroll_depth",
            "scroll_share",
            "unattributed_clicks",
            "unknown",
            "view_id",
            "viewport",
        }
        assert view.keys() == shared | of_view
        assert session.keys() == shared | {"views"}
        assert sorted(view["heuristics"]) == ["active_time", "activity", "dead_clicks", "rage_clicks", "signals"]
        assert sorted(session["heuristics"]) == ["active_time", "dead_clicks", "rage_clicks"]
        assert view["heuristics"]["rage_clicks"] == session["heuristics"]["rage_clicks"] == 1
        assert view["viewport"] == {"width": 1000, "height": 700}
        assert [signal["kind"] for signal in view["heuristics"]["signals"]].count("dead_click") == 1
        assert session["views"] == ["view"]
        assert values["rules"] == list(RULES)
        assert len(set(RULES)) == 9

    def test_frozen_and_equal_by_value(self) -> None:
        one, other = (summarize(page(click(1))) for _ in range(2))
        assert one == other
        with pytest.raises(AttributeError):
            one.views[0].clicks = 5  # type: ignore[misc]


class TestHostileRecordings:
    @pytest.mark.parametrize("wild", WILD)
    def test_implausible_numbers_are_left_out(self, wild: Any) -> None:
        records = [
            meta(width=wild, height=wild),
            snapshot(),
            click(1, x=wild, y=wild),
            click(2, x=1, y=1),
            {**click(0), "timestamp": wild},
            event(3, 3, id=0, x=wild, y=wild),
            event(4, 4, width=wild, height=wild),
            {**typed(0, "a"), "timestamp": wild},
            record(9, 5, {"frustrationTypes": ["dead_click", "x"], "recordIds": [1]}),
        ]
        summary = summarize(recording(*records, start=wild, end=wild, compressed_segment_size=10**30))
        (view,) = summary.views
        text = json.dumps(summary.to_dict(), allow_nan=False)
        assert len(text) < 5_100
        assert view.clicks == 3
        assert view.compressed_size is None
        assert view.frustrations == {"dead_click": 1, "x": 1}
        assert 0 <= (view.duration or 0) < 253_402_300_800_000

    def test_an_end_before_the_start_does_not_give_a_negative_duration(self) -> None:
        (view,) = summarize(page(start=START + 5, end=START)).views
        assert view.duration == 0

    def test_any_number_of_different_items_is_counted_and_few_are_kept(self) -> None:
        def hostile() -> Iterator[dict[str, Any]]:
            yield snapshot()
            for n in range(3000):
                yield meta(4 * n, href=f"http://shop/{n}")
                yield record(9, 4 * n, {"frustrationTypes": [f"kind {n}"], "recordIds": []})
            for n in range(3000):
                yield click(20_000 * (1 + n))

        (view,) = summarize(recording(*hostile())).views
        assert (view.clicks, len(view.pages), len(view.frustrations)) == (3000, 1000, 1000)
        assert view.dead_clicks > len(view.signals) == 1000

    @pytest.mark.no_cover  # Tracing takes memory too.
    def test_memory_does_not_grow_with_the_number_of_records(self) -> None:
        def peak(count: int) -> int:
            recorded = page()
            page_, summarizer = Page(), ViewSummarizer(recorded.views[0])
            tracemalloc.start()
            try:
                for n in range(count):
                    for one in (typed(13_000 * n, str(n)), click(13_000 * n + 1)):
                        decoded = segments.decode_record(json.dumps(one).encode())
                        summarizer.add(decoded, page_.apply(decoded), page_)
                return tracemalloc.get_traced_memory()[1]
            finally:
                tracemalloc.stop()

        enough = 1_600  # for everything that is kept up to a limit
        assert peak(2 * enough) < peak(enough) + 50_000

    def test_mutations_of_missing_nodes_are_not_a_failure(self) -> None:
        nowhere = mutation(1, texts=[{"id": 999, "value": "x"}], removes=[{"id": 998, "parentId": 997}])
        assert summarize(page(nowhere, click(2, 12345), typed(3, "x", 999))).views[0].clicks == 1

    @pytest.mark.parametrize(("pixels", "depth"), [(999_999_300, 1_000_000_000), (1_000_000_001, 700)])
    def test_pixels_have_a_limit(self, pixels: int, depth: int) -> None:
        (view,) = summarize(page(event(3, 1, id=0, x=0, y=pixels))).views
        assert view.scroll_depth == depth

    @pytest.mark.parametrize(("size", "known"), [(0, 0), (1 << 53, 1 << 53), ((1 << 53) + 1, None), (-1, None)])
    def test_sizes_have_a_limit(self, size: int, known: int | None) -> None:
        (view,) = summarize(page(compressed_segment_size=size)).views
        assert view.compressed_size == known

    @pytest.mark.parametrize(
        ("time", "known"), [(0, 0), (-1, None), (253_402_300_799_999, 253_402_300_799_999), (253_402_300_800_000, None)]
    )
    def test_times_are_those_of_the_years_1970_to_9999(self, time: int, known: int | None) -> None:
        (view,) = summarize(recording({**click(0), "timestamp": time}, start=None, end=None)).views
        assert (view.start, view.end) == (known, known)

    def test_a_page_nested_a_thousand_levels_deep(self) -> None:
        deep: dict[str, Any] = element(5000, "i")
        for n in range(400):
            deep = element(4000 + n, "b", deep)
        (view,) = summarize(recording(meta(), snapshot(0, deep), click(1, 5000), event(1, 5000, positions=[]))).views
        assert (view.clicks, view.dead_clicks) == (1, 1)
