"""What is told by a rule: activity, key inputs, selections, rage and dead clicks, taps."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments.summary import ViewSummary, summarize

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


def told(*records: dict[str, Any], **metadata: Any) -> ViewSummary:
    """The summary of one view on the page of `snapshot`."""
    (view,) = summarize(page(*records, **metadata)).views
    return view


def end(at: float) -> dict[str, Any]:
    return event(1, at, positions=[])


class TestActiveTime:
    def test_interactions_up_to_ten_seconds_apart_belong_together(self) -> None:
        assert told(click(1000), click(11_000), click(21_000)).active_time == 20_000
        assert told(click(1000), click(11_001), click(11_501)).active_time == 500

    def test_an_interaction_alone_is_no_time(self) -> None:
        assert told(click(1000)).active_time == 0

    @pytest.mark.parametrize(
        "interaction",
        [
            event(1, 3000, positions=[{"id": 2, "timeOffset": 0, "x": 1, "y": 1}]),
            event(2, 3000, type=7, id=BUTTON, x=1, y=1),
            event(3, 3000, id=0, x=0, y=10),
            event(4, 3000, width=500, height=500),
            typed(3000, "a"),
            event(6, 3000, positions=[]),
            change(3000, [6, [0, 0, 10]]),
        ],
    )
    def test_pointers_fields_scrolling_and_resizing_are_interactions(self, interaction: dict[str, Any]) -> None:
        assert told(click(1000), interaction).active_time == 2000

    @pytest.mark.parametrize(
        "other",
        [
            mutation(3000, texts=[{"id": 100, "value": "x"}]),
            event(2, 3000, type=5, id=BUTTON),
            event(2, 3000, type=6, id=BUTTON),
            record(6, 3000, {"has_focus": True}),
            event(7, 3000, id=BUTTON, type=0),
        ],
    )
    def test_what_scripts_do_is_none(self, other: dict[str, Any]) -> None:
        assert told(click(1000), other).active_time == 0

    def test_timestamps_that_go_backwards_add_nothing(self) -> None:
        assert told(click(5000), click(8000), click(1000)).active_time == 3000
        assert told(click(5000), click(8000), click(1000), click(12_000)).active_time == 7000


class TestKeyInputs:
    def test_each_other_text_is_one(self) -> None:
        assert told(typed(1, "a"), typed(2, "ab"), typed(3, "ab"), typed(4, "a")).key_inputs == 3

    def test_what_a_new_field_holds_is_none(self) -> None:
        added = {"parentId": 2, "nextId": None, "node": element(200, "input", value="ready")}
        assert told(mutation(1, adds=[added]), typed(2, "ready!", 200)).key_inputs == 1

    def test_what_is_said_of_a_field_as_it_is_added_is_none(self) -> None:
        added = change(1, [1, [101 - BODY, "INPUT"], [102 - BODY, "INPUT"]], [12, [101, "ready"]], [13, [0, 102]])
        view = told(added, change(2, [12, [101, "ready!"]]))
        assert (view.key_inputs, view.selections) == (1, 0)

    def test_fields_have_their_own_text_each(self) -> None:
        more = element(300, "textarea")
        (view,) = summarize(recording(meta(), snapshot(0, more), typed(1, "a"), typed(2, "a", 300))).views
        assert view.key_inputs == 2

    def test_after_another_snapshot_ids_stand_for_other_fields(self) -> None:
        assert told(typed(1, "a"), snapshot(2), typed(3, "a")).key_inputs == 2


class TestSelections:
    def test_a_check_box_counts_on_and_off(self) -> None:
        switched = [event(5, at, id=BOX, isChecked=at % 2 == 1) for at in (1, 2, 3)]
        assert told(*switched).selections == 3

    def test_the_same_state_again_is_none(self) -> None:
        assert told(event(5, 1, id=BOX, isChecked=True), event(5, 2, id=BOX, isChecked=True)).selections == 1

    def test_a_radio_button_that_goes_off_does_not_count(self) -> None:
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
    def test_an_option_counts_once_even_where_it_is_masked(self, value: str) -> None:
        options = [element(210 + n, "option", value=name) for n, name in enumerate("abc")]
        select = element(200, "select", *options)
        (view,) = summarize(recording(meta(), snapshot(0, select), event(5, 1, id=200, text=value))).views
        assert (view.selections, view.key_inputs) == (1, 0)


class TestRageClicks:
    def test_three_on_one_element_within_a_second(self) -> None:
        view = told(click(1000), click(1500), click(2000), end(9000))
        (rage,) = [signal for signal in view.signals if signal.kind == "rage_click"]
        assert (view.rage_clicks, rage.clicks, rage.first.x, rage.first.node_id) == (1, 3, 10, BUTTON)

    def test_a_run_counts_once_however_long(self) -> None:
        assert told(*(click(1000 + 100 * n) for n in range(20))).rage_clicks == 1

    def test_two_runs_count_twice(self) -> None:
        runs = [click(start + 100 * n) for start in (1000, 9000) for n in range(3)]
        assert told(*runs).rage_clicks == 2

    @pytest.mark.parametrize(
        "clicks",
        [
            [click(1000), click(1100)],
            [click(1000), click(1600), click(2200), click(2800)],
            [click(1000), click(1100), click(1200, OTHER)],
            [click(1000, x=0), click(1100, x=0), click(1200, x=101)],
            [click(1000), click(900), click(800)],
        ],
        ids=["two", "slow", "another element", "far away", "backwards"],
    )
    def test_these_are_none(self, clicks: list[dict[str, Any]]) -> None:
        assert told(*clicks).rage_clicks == 0


class TestDeadClicks:
    def test_a_click_after_which_nothing_changes(self) -> None:
        assert told(click(1000), end(2001)).dead_clicks == 1

    @pytest.mark.parametrize(
        "reaction",
        [
            mutation(2000, texts=[{"id": 100, "value": "Paid"}]),
            change(2000, [3, [BUTTON, ["class", "paid"]]]),
            event(3, 2000, id=0, x=0, y=10),
            event(4, 2000, width=500, height=500),
            event(5, 2000, id=BOX, isChecked=True),
            event(7, 2000, id=BUTTON, type=0),
            snapshot(2000),
            record(7, 2000),
            meta(2000, href="http://shop/next"),
        ],
    )
    def test_a_change_within_a_second_shows_life(self, reaction: dict[str, Any]) -> None:
        assert told(click(1000), reaction, end(9000)).dead_clicks == 0
        late = {**reaction, "timestamp": reaction["timestamp"] + 1}
        assert told(click(1000), late, end(9000)).dead_clicks == 1

    @pytest.mark.parametrize(
        "no_reaction",
        [
            event(1, 1500, positions=[]),
            event(2, 1500, type=5, id=BUTTON),
            record(6, 1500, {"has_focus": False}),
        ],
    )
    def test_pointers_and_focus_are_no_reaction(self, no_reaction: dict[str, Any]) -> None:
        assert told(click(1000), no_reaction, end(2001)).dead_clicks == 1

    def test_what_happened_before_the_click_is_no_reaction(self) -> None:
        before = mutation(1000, texts=[{"id": 100, "value": "Paid"}])
        assert told(before, click(1000), end(2001)).dead_clicks == 1

    def test_where_the_recording_ends_too_early_nothing_is_known(self) -> None:
        assert told(click(1000), end(2000)).dead_clicks == 0

    def test_clicks_on_form_fields_and_within_labels_are_none(self) -> None:
        label = element(200, "label", element(201, "b"))
        editable = element(210, "div", element(211, "p"), contenteditable="")
        submit = element(220, "input", type="submit")
        for target, dead in ((FIELD, 0), (201, 0), (211, 0), (220, 1), (OTHER, 1)):
            (view,) = summarize(
                recording(meta(), snapshot(0, label, editable, submit), click(1000, target), end(3000))
            ).views
            assert view.dead_clicks == dead, target


class TestTaps:
    def test_down_and_up_in_one_place_is_a_click(self) -> None:
        view = told(tap(1000, "down"), tap(1500, "move"), tap(2000, "up", x=30))
        assert view.clicks == 1

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
    def test_these_are_none(self, pointers: list[dict[str, Any]]) -> None:
        assert told(*pointers).clicks == 0

    def test_a_screen_that_changes_has_reacted(self) -> None:
        tapped = [tap(1000, "down"), tap(1100, "up")]
        changed = record(11, 1200, {"source": 0, "updates": [], "removes": [{"id": 1}], "adds": []})
        assert told(*tapped, tap(5000, "move")).dead_clicks == 1
        assert told(*tapped, changed, tap(5000, "move")).dead_clicks == 0
