"""Everything that is inferred by a rule: activity, key inputs, selections, rage and dead clicks, taps."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments.summary import (
    ACTIVITY_RULE,
    DEAD_CLICK_RULE,
    RAGE_CLICK_RULE,
    TAP_RULE,
    ViewSummary,
    summarize,
)

from ..made import (
    BODY,
    BOX,
    BUTTON,
    FIELD,
    OTHER,
    change,
    click,
    element,
    event,
    meta,
    mutation,
    page,
    record,
    recording,
    snapshot,
    tap,
    typed,
)


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
        assert summary_of(click(5000), click(8000), click(1000)).active_time == 3000
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
        (view,) = summarize(recording(meta(), snapshot(0, select), event(5, 1, id=200, text=value))).views
        assert (view.selections, view.key_inputs) == (1, 0)


class TestRageClicks:
    def test_three_on_one_element_within_a_second(self) -> None:
        view = summary_of(click(1000), click(1500), click(2000), end(9000))
        (rage,) = [signal for signal in view.signals if signal.kind == "rage_click"]
        assert (view.rage_clicks, rage.clicks, rage.first.x, rage.first.node_id) == (1, 3, 10, BUTTON)

    def test_a_run_counts_once_however_long(self) -> None:
        assert summary_of(*(click(1000 + 100 * n) for n in range(20))).rage_clicks == 1

    def test_two_runs_count_twice(self) -> None:
        runs = [click(start + 100 * n) for start in (1000, 9000) for n in range(3)]
        assert summary_of(*runs).rage_clicks == 2

    @pytest.mark.parametrize(
        ("last", "clicks"),
        [
            (click(3000), 4),  # a second later
            (click(3001), 3),
        ],
    )
    def test_a_run_ends_with_a_pause_of_more_than_a_second(self, last: dict[str, Any], clicks: int) -> None:
        view = summary_of(click(1000), click(1500), click(2000), last)
        assert [signal.clicks for signal in view.signals if signal.kind == "rage_click"] == [clicks]

    def test_each_may_be_100_pixels_from_the_previous_one(self) -> None:
        assert summary_of(click(1000, x=0), click(1100, x=100), click(1200, x=200)).rage_clicks == 1
        assert summary_of(click(1000, x=0, y=0), click(1100, x=60, y=80), click(1200, x=120, y=160)).rage_clicks == 1

    def test_a_rule_states_the_numbers(self) -> None:
        assert "at most 100 px and 1 s from the previous one, 3 of them within 1 s" in RAGE_CLICK_RULE

    @pytest.mark.parametrize(
        "clicks",
        [
            [click(1000), click(1100)],
            [click(1000), click(1600), click(2200), click(2800)],
            [click(1000), click(1500), click(2001)],
            [click(1000), click(1100), click(1200, OTHER)],
            [click(1000, x=0), click(1100, x=0), click(1200, x=101)],
            [click(1000), click(900), click(800)],
        ],
        ids=["two", "slow", "a little slow", "another element", "far away", "backwards"],
    )
    def test_these_are_not_rage_clicks(self, clicks: list[dict[str, Any]]) -> None:
        assert summary_of(*clicks).rage_clicks == 0


class TestDeadClicks:
    def test_a_click_after_which_nothing_changes_for_more_than_a_second(self) -> None:
        assert summary_of(click(1000), end(2001)).dead_clicks == 1

    @pytest.mark.parametrize(
        "reaction",
        [
            mutation(2000, texts=[{"id": 100, "value": "Paid"}]),
            change(2000, [3, [BUTTON, ["class", "paid"]]]),
            event(3, 2000, id=0, x=0, y=10),
            event(4, 2000, width=500, height=500),
            event(5, 2000, id=BOX, isChecked=True),
            event(7, 2000, id=BUTTON, type=0),
            change(2000, [6, [0, 0, 10]]),
            change(2000, [13, [0, BOX]]),
            record(10, 2000, {"wireframes": []}),
            record(11, 2000, {"source": 0, "updates": [], "removes": [{"id": 1}], "adds": []}),
            record(11, 2000, {"source": 10, "removes": [1]}),
            snapshot(2000),
            record(7, 2000),
            meta(2000, href="http://shop/next"),
        ],
    )
    def test_a_click_with_a_change_within_a_second_is_not_dead(self, reaction: dict[str, Any]) -> None:
        assert summary_of(click(1000), reaction, end(9000)).dead_clicks == 0
        late = {**reaction, "timestamp": reaction["timestamp"] + 1}
        assert summary_of(click(1000), late, end(9000)).dead_clicks == 1

    @pytest.mark.parametrize(
        "no_reaction",
        [
            event(1, 1500, positions=[]),
            event(2, 1500, type=5, id=BUTTON),
            record(6, 1500, {"has_focus": False}),
            record(8, 1500, VISUAL_VIEWPORT),
            tap(1500, "move"),
        ],
    )
    def test_pointers_focus_and_zooming_are_not_a_reaction(self, no_reaction: dict[str, Any]) -> None:
        assert summary_of(click(1000), no_reaction, end(2001)).dead_clicks == 1

    def test_a_change_before_the_click_is_not_a_reaction(self) -> None:
        before = mutation(1000, texts=[{"id": 100, "value": "Paid"}])
        assert summary_of(before, click(1000), end(2001)).dead_clicks == 1

    def test_if_the_recording_ends_too_early_nothing_is_known(self) -> None:
        assert summary_of(click(1000), end(2000)).dead_clicks == 0

    def test_a_rule_states_the_time(self) -> None:
        assert "changes for 1 s" in DEAD_CLICK_RULE

    def test_the_number_of_undecided_clicks_is_limited(self) -> None:
        assert summary_of(*(click(1000) for _ in range(1_500)), end(5000)).dead_clicks == 1_000

    @pytest.mark.parametrize(
        ("target", "dead"),
        [
            (element(200, "textarea"), 0),
            (element(200, "select"), 0),
            (element(200, "option"), 0),
            (element(200, "label"), 0),
            (element(200, "p", contenteditable="false"), 0),
            (element(200, "input"), 0),
            (element(200, "input", type="checkbox"), 0),
            (element(200, "input", type="BUTTON"), 1),
            (element(200, "input", type="submit"), 1),
            (element(200, "input", type="reset"), 1),
            (element(200, "input", type="image"), 1),
            (element(200, "button"), 1),
            (element(200, "a"), 1),
        ],
    )
    def test_clicks_on_what_takes_input_are_not_dead(self, target: dict[str, Any], dead: int) -> None:
        (view,) = summarize(recording(meta(), snapshot(0, target), click(1000, 200), end(3000))).views
        assert view.dead_clicks == dead

    @pytest.mark.parametrize(("depth", "dead"), [(98, 0), (99, 0), (100, 1)])
    def test_labels_count_up_to_a_depth(self, depth: int, dead: int) -> None:
        nested = element(200, "i")
        for n in range(depth - 1):
            nested = element(300 + n, "b", nested)
        (view,) = summarize(
            recording(meta(), snapshot(0, element(999, "label", nested)), click(1000, 200), end(3000))
        ).views
        assert view.dead_clicks == dead

    def test_clicks_on_form_fields_and_within_labels_are_not_dead(self) -> None:
        label = element(200, "label", element(201, "b"))
        editable = element(210, "div", element(211, "p"), contenteditable="")
        submit = element(220, "input", type="submit")
        for target, dead in ((FIELD, 0), (201, 0), (211, 0), (220, 1), (OTHER, 1)):
            (view,) = summarize(
                recording(meta(), snapshot(0, label, editable, submit), click(1000, target), end(3000))
            ).views
            assert view.dead_clicks == dead, target


class TestTaps:
    def test_down_and_up_in_one_place_are_a_click(self) -> None:
        view = summary_of(tap(1000, "down"), tap(1500, "move"), tap(2000, "up", x=30))
        assert view.clicks == 1
        assert "at most 1 s and 20 px from where it was put down" in TAP_RULE

    @pytest.mark.parametrize(
        "pointers",
        [
            [tap(1000, "down"), tap(2001, "up")],
            [tap(1000, "down"), tap(1100, "up", y=41)],
            [tap(1000, "down"), tap(1100, "up", pointer=2)],
            [tap(1100, "up")],
            [tap(1000, "down"), tap(1100, "move")],
        ],
        ids=["long", "far", "another finger", "up alone", "no up"],
    )
    def test_these_are_not_taps(self, pointers: list[dict[str, Any]]) -> None:
        assert summary_of(*pointers).clicks == 0

    def test_a_screen_that_changes_has_reacted(self) -> None:
        tapped = [tap(1000, "down"), tap(1100, "up")]
        changed = record(11, 1200, {"source": 0, "updates": [], "removes": [{"id": 1}], "adds": []})
        assert summary_of(*tapped, tap(5000, "move")).dead_clicks == 1
        assert summary_of(*tapped, changed, tap(5000, "move")).dead_clicks == 0
