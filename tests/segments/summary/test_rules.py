"""What is inferred by a rule: activity, key inputs, selections and taps; rage and dead clicks have their own tests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments import heatmap_of
from rum_replay.segments.summary import (
    ACTIVITY_RULE,
    LABEL_RULE,
    MOBILE_RULE,
    RULES,
    TAP_RULE,
    ViewSummary,
    summarize,
)

from .. import made
from ..made import (
    BODY,
    BOX,
    BUTTON,
    FIELD,
    change,
    click,
    element,
    event,
    meta,
    mutation,
    page,
    record,
    recording,
    screen,
    snapshot,
    tap,
    typed,
)
from ..player.test_page import marks_in


def summary_of(*records: dict[str, Any], **metadata: Any) -> ViewSummary:
    """The summary of one view of the page of `snapshot`."""
    (view,) = summarize(page(*records, **metadata)).views
    return view


VISUAL_VIEWPORT = {
    "offsetLeft": 0,
    "offsetTop": 0,
    "pageLeft": 0,
    "pageTop": 0,
    "width": 500,
    "height": 350,
    "scale": 2,
}


def end(at: float) -> dict[str, Any]:
    return event(1, at, positions=[])


class TestActiveTime:
    def test_interactions_up_to_ten_seconds_apart_belong_together(self) -> None:
        assert summary_of(click(1000), click(11_000), click(21_000)).active_time == 20_000
        assert summary_of(click(1000), click(11_001), click(11_501)).active_time == 500

    def test_a_single_interaction_covers_no_time(self) -> None:
        assert summary_of(click(1000)).active_time == 0

    @pytest.mark.parametrize(
        "interaction",
        [
            event(1, 3000, positions=[{"id": 2, "timeOffset": 0, "x": 1, "y": 1}]),
            event(2, 3000, type=7, id=BUTTON, x=1, y=1),
            event(3, 3000, id=0, x=0, y=10),
            event(4, 3000, width=500, height=500),
            typed(3000, "a"),
            event(6, 3000, positions=[]),
            event(9, 3000, pointerEventType="down", pointerType="pen", pointerId=1, x=1, y=1),
            change(3000, [6, [0, 0, 10]]),
            change(3000, [12, [FIELD, "a"]]),
            record(11, 3000, {"source": 2, "positions": []}),
            record(11, 3000, {"source": 4, "width": 500, "height": 500}),
            tap(3000, "move"),
        ],
    )
    def test_pointers_fields_scrolling_and_resizing_are_interactions(self, interaction: dict[str, Any]) -> None:
        assert summary_of(click(1000), interaction).active_time == 2000

    @pytest.mark.parametrize(
        "other",
        [
            mutation(3000, texts=[{"id": 100, "value": "x"}]),
            event(2, 3000, type=5, id=BUTTON),
            event(2, 3000, type=6, id=BUTTON),
            record(6, 3000, {"has_focus": True}),
            event(7, 3000, id=BUTTON, type=0),
            record(8, 3000, VISUAL_VIEWPORT),
            record(11, 3000, {"source": 0, "updates": [], "removes": [{"id": 1}], "adds": []}),
        ],
    )
    def test_records_that_scripts_cause_are_not_interactions(self, other: dict[str, Any]) -> None:
        assert summary_of(click(1000), other).active_time == 0

    def test_timestamps_that_go_backwards_add_nothing(self) -> None:
        assert summary_of(click(5000), click(8000), click(7100)).active_time == 3000
        assert summary_of(click(5000), click(8000), click(1000), click(12_000)).active_time == 7000

    def test_a_rule_states_the_gap(self) -> None:
        assert "at most 10 s apart" in ACTIVITY_RULE

    def test_the_number_of_spans_is_limited(self) -> None:
        view = summary_of(*(click(20_000 * n + late) for n in range(1_501) for late in (0, 1)))
        assert (len(view.activity), view.active_time) == (1_500, 1_500)


class TestKeyInputs:
    def test_each_change_of_the_text_is_one(self) -> None:
        assert summary_of(typed(1, "a"), typed(2, "ab"), typed(3, "ab"), typed(4, "a")).key_inputs == 3

    def test_the_content_of_a_new_field_is_not_an_input(self) -> None:
        added = {"parentId": 2, "nextId": None, "node": element(200, "input", value="ready")}
        assert summary_of(mutation(1, adds=[added]), typed(2, "ready!", 200)).key_inputs == 1

    def test_the_state_of_a_field_when_it_is_added_is_not_an_input(self) -> None:
        added = change(1, [1, [101 - BODY, "INPUT"], [102 - BODY, "INPUT"]], [12, [101, "ready"]], [13, [0, 102]])
        view = summary_of(added, change(2, [12, [101, "ready!"]]))
        assert (view.key_inputs, view.selections) == (1, 0)

    def test_what_a_script_sets_as_it_draws_the_page_is_not_an_input(self) -> None:
        fields = [
            element(300, "input", value="1"),
            element(301, "input", type="checkbox"),
            *(element(number, "input", value="***") for number in (302, 303)),
        ]
        drawn = typed(1, "1", 300), event(5, 1, id=301, isChecked=False), typed(1, "***", 302)
        entered = typed(2, "12", 300), typed(900, "***", 303)
        (view,) = summarize(recording(meta(), snapshot(0, *fields), *drawn, *entered)).views
        assert (view.key_inputs, view.selections) == (2, 0)

    def test_each_field_has_its_own_text(self) -> None:
        more = element(300, "textarea")
        (view,) = summarize(recording(meta(), snapshot(0, more), typed(1, "a"), typed(2, "a", 300))).views
        assert view.key_inputs == 2

    def test_the_text_of_each_field_is_remembered(self) -> None:
        more = snapshot(0, element(300, "textarea"))
        typing = typed(1, "a"), typed(2, "b", 300), typed(3, "a"), typed(4, "b", 300)
        (view,) = summarize(recording(meta(), more, *typing)).views
        assert view.key_inputs == 2

    def test_after_another_snapshot_ids_denote_other_fields(self) -> None:
        assert summary_of(typed(1, "a"), snapshot(2), typed(3, "a")).key_inputs == 2


class TestSelections:
    def test_a_check_box_counts_on_and_off(self) -> None:
        switched = [event(5, at, id=BOX, isChecked=at % 2 == 1) for at in (1, 2, 3)]
        assert summary_of(*switched).selections == 3

    def test_the_same_state_again_does_not_count(self) -> None:
        assert summary_of(event(5, 1, id=BOX, isChecked=True), event(5, 2, id=BOX, isChecked=True)).selections == 1

    def test_a_radio_button_that_is_switched_off_does_not_count(self) -> None:
        radios = [element(200 + n, "input", type="radio", name="r") for n in (0, 1)]
        (view,) = summarize(
            recording(
                meta(),
                snapshot(0, *radios),
                event(5, 1, id=200, isChecked=True),
                event(5, 2, id=201, isChecked=True),
                event(5, 2, id=200, isChecked=False),
            )
        ).views
        assert view.selections == 2

    @pytest.mark.parametrize("value", ["b", "***"])
    def test_an_option_counts_once_even_if_it_is_masked(self, value: str) -> None:
        options = [element(210 + n, "option", value=name) for n, name in enumerate("abc")]
        select = element(200, "select", *options)
        (view,) = summarize(recording(meta(), snapshot(0, select), event(5, 900, id=200, text=value))).views
        assert (view.selections, view.key_inputs) == (1, 0)


def press(at: float, id: int = BOX, x: int = 10) -> list[dict[str, Any]]:
    """A button of the mouse that is pressed, released, and so clicks."""
    up_and_down = [event(2, at, type=kind, id=id, x=x, y=20) for kind in (1, 0)]
    return [*up_and_down, click(at, id, x)]


class TestLabels:
    """BOX is the label of FIELD."""

    @pytest.mark.parametrize(
        ("records", "clicks"),
        [
            ([*press(1000), click(1002, FIELD)], 1),
            ([*press(1000), click(2000, FIELD)], 1),
            ([*press(1000), click(2001, FIELD)], 2),  # by a script
            (
                [
                    event(2, 999, type=1, id=BOX, x=1, y=1),
                    *(click(at, one, 0, 0) for at, one in ((1000, BOX), (1101, FIELD))),
                ],
                2,
            ),
            ([*press(1000), click(1002, FIELD, x=11)], 2),
            ([*press(1000), click(1002, BOX)], 2),
            ([*press(1000), *press(1090, FIELD)], 2),
            ([*press(1000), click(1002, FIELD), *press(1100), click(1102, FIELD)], 2),
            (
                [
                    event(9, 990, pointerEventType="down", pointerType="pen", pointerId=1, x=1, y=1),
                    click(1000, BOX),
                    click(1002, FIELD),
                ],
                1,
            ),
            ([click(1000, BOX), click(1002, FIELD)], 2),  # without presses, nothing shows who clicked
        ],
    )
    def test_the_click_that_browsers_add_on_the_field_of_a_label_does_not_count(
        self, records: list[dict[str, Any]], clicks: int
    ) -> None:
        recorded = page(*records, end(5000))
        assert summarize(recorded).views[0].clicks == clicks
        assert len(heatmap_of(recorded).clicks) == clicks

    def test_the_rule_is_stated(self) -> None:
        assert LABEL_RULE in RULES


class TestTaps:
    def test_down_and_up_in_one_place_are_a_click(self) -> None:
        view = summary_of(tap(1000, "down"), tap(1500, "move"), tap(2000, "up", x=30))
        assert view.clicks == 1
        assert "at most 1 s after it was put down, was never more than 20 px" in TAP_RULE

    @pytest.mark.parametrize(
        "pointers",
        [
            [tap(1000, "down"), tap(2001, "up")],
            [tap(1000, "down"), tap(1100, "up", y=41)],
            [tap(1000, "down"), tap(1100, "up", pointer=2)],
            [tap(1100, "up")],
            [tap(1000, "down"), tap(1100, "move")],
            [tap(1000, "down"), tap(1100, "move", y=41), tap(1200, "up")],
            [tap(1000, "down"), tap(1100, "down", pointer=2), tap(1200, "up"), tap(1300, "up", pointer=2)],
        ],
        ids=["long", "far", "another finger", "up alone", "no up", "far and back", "two fingers"],
    )
    def test_these_are_not_taps(self, pointers: list[dict[str, Any]]) -> None:
        assert summary_of(*pointers).clicks == 0

    @pytest.mark.parametrize(("begins", "taps"), [(1100, 1), (2051, 0)])
    def test_a_finger_is_lifted_when_the_next_screen_begins_whose_records_may_say_so(
        self, begins: float, taps: int, tmp_path: Path
    ) -> None:
        kept: dict[str, Any] = {"source": "ios", "index_in_view": None}
        size = made.record(4, 0, {"width": 360, "height": 640})
        button = made.words(1, "Next", 0, 0, 100, 50)
        first = made.segment(size, screen(0, button), tap(1000, "down"), view="first", **kept)
        second = made.segment(screen(begins, button), tap(begins - 50, "up"), view="second", **kept)
        recording = segments.open([first, second])
        assert [view.clicks for view in summarize(recording).views] == [taps, 0]
        kinds = [entry.kind for entry in segments.timeline(recording)]
        assert kinds == ["page", *["click"] * taps, "page", "end"]
        (marks,) = marks_in(segments.write_player(recording, tmp_path / "player.html"))
        assert [one["data"]["tag"] for one in marks].count("click") == taps
        if taps:
            (click,) = heatmap_of(recording).clicks
            assert (click.view_id, click.label) == ("first", "mobile-text “Next”")

    def test_a_finger_whose_lifting_was_not_recorded_does_not_count_for_long(self) -> None:
        forgotten = tap(1000, "down", pointer=2)
        assert summary_of(forgotten, tap(2001, "down"), tap(2100, "up")).clicks == 1
        assert summary_of(forgotten, tap(2000, "down"), tap(2100, "up")).clicks == 0

    @pytest.mark.parametrize(
        ("positions", "taps"),
        [
            ([(0, 10, 10)], 1),
            ([(0, 10, 10), (200, 15, 10)], 1),
            ([(0, 10, 10), (300, 40, 10)], 0),
            ([(0, 10, 10), (301, 40, 10)], 2),
            ([(at, 10, 10) for at in range(0, 1200, 200)], 1),
            ([(at, 10, 10) for at in range(0, 1201, 200)], 0),
        ],
        ids=["one", "near", "far", "two touches", "short", "long"],
    )
    @pytest.mark.parametrize("is_split", [False, True], ids=["one record", "several records"])
    def test_positions_alone_are_a_tap_where_a_finger_stays_for_a_moment(
        self, positions: list[tuple[int, int, int]], taps: int, *, is_split: bool
    ) -> None:
        recorded = [{"id": 7, "x": x, "y": y, "timestamp": 50_000 + at} for at, x, y in positions]
        groups = [[one] for one in recorded] if is_split else [recorded]
        records = [record(11, one[-1]["timestamp"] - 49_000, {"source": 2, "positions": one}) for one in groups]
        assert summary_of(*records).clicks == taps

    def test_taps_are_neither_rage_nor_dead_clicks_and_the_rules_say_so(self) -> None:
        taps = [tap(at, what) for at in (1000, 1200, 1400) for what in ("down", "up")]
        view = summary_of(*taps, tap(9000, "move"))
        assert (view.clicks, view.rage_clicks, view.dead_clicks) == (3, 0, 0)
        assert "taps are no rage or dead clicks" in MOBILE_RULE
        assert MOBILE_RULE in RULES
