"""Rage and dead clicks: each clause of the rules, on both sides of each limit."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments.summary import (
    CLICK_DIFFERENCES,
    DEAD_CLICK_RULE,
    RAGE_CLICK_RULE,
    RULES,
    ViewSummary,
    summarize,
)

from ..made import (
    BODY,
    BOX,
    BUTTON,
    FIELD,
    HTML,
    OTHER,
    ROOT,
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

Record = dict[str, Any]

TEXT, BOLD, EMPTY, LINK, HOST, INSIDE, FORM = 200, 201, 202, 203, 204, 205, 210
"""Ids of further nodes."""


def words(number: int, text: str = "some words") -> Record:
    return {"type": 3, "id": number, "textContent": text}


def shadow(host: int, root: int, *children: Record, **attributes: Any) -> Record:
    """An element with a shadow tree."""
    tree = {"type": 11, "id": root, "isShadowRoot": True, "childNodes": list(children)}
    return element(host, "x-card", tree, **attributes)


def end(at: float) -> Record:
    return event(1, at, positions=[])


def down(at: float, id: int = BUTTON, x: float = 10, y: float = 20, *, touch: bool = False) -> Record:
    return event(2, at, type=7 if touch else 1, id=id, x=x, y=y)


def up(at: float, id: int = BUTTON, x: float = 10, y: float = 20) -> Record:
    return event(2, at, type=0, id=id, x=x, y=y)


def double(at: float, id: int) -> Record:
    return event(2, at, type=4, id=id, x=10, y=20)


def pressed(at: float, id: int = BUTTON, x: float = 10, y: float = 20) -> list[Record]:
    """A click as the SDK records it."""
    return [down(at - 80, id, x, y), up(at - 1, id, x, y), click(at, id, x, y)]


def text_change(at: float, text: str = "Paid") -> Record:
    return mutation(at, texts=[{"id": 100, "value": text}])


def attribute(at: float, id: int, **attributes: Any) -> Record:
    return mutation(at, attributes=[{"id": id, "attributes": attributes}])


def scroll(at: float) -> Record:
    return event(3, at, id=ROOT, x=0, y=10)


def view_of(*records: Record, more: tuple[Record, ...] = ()) -> ViewSummary:
    """The summary of a view of the page of `snapshot` with more elements."""
    (view,) = summarize(recording(meta(), snapshot(0, *more), *records)).views
    return view


def found(*records: Record, more: tuple[Record, ...] = ()) -> tuple[int, int]:
    """The numbers of rage and dead clicks."""
    view = view_of(*records, more=more)
    assert (view.rage_clicks, view.dead_clicks) == tuple(
        sum(signal.kind == kind for signal in view.signals) for kind in ("rage_click", "dead_click")
    )
    return view.rage_clicks, view.dead_clicks


class TestRageClicks:
    def test_three_on_one_element_within_a_second(self) -> None:
        view = view_of(click(1000), click(1500), click(2000), end(2000))
        (rage,) = view.signals
        assert (rage.kind, rage.clicks, rage.first.x, rage.first.node_id) == ("rage_click", 3, 10, BUTTON)

    def test_a_run_counts_once_however_long(self) -> None:
        assert found(*(click(1000 + 100 * n) for n in range(20))) == (1, 1)

    def test_two_runs_count_twice(self) -> None:
        assert found(*(click(start + 100 * n) for start in (1000, 9000) for n in range(3)))[0] == 2

    @pytest.mark.parametrize(("last", "clicks"), [(3000, 4), (3001, 3)], ids=["a second later", "later"])
    def test_a_run_ends_with_a_pause_of_more_than_a_second(self, last: float, clicks: int) -> None:
        view = view_of(click(1000), click(1500), click(2000), click(last))
        assert [signal.clicks for signal in view.signals if signal.kind == "rage_click"] == [clicks]

    def test_each_may_be_100_pixels_from_the_previous_one(self) -> None:
        assert found(click(1000, x=0), click(1100, x=100), click(1200, x=200))[0] == 1
        assert found(click(1000, x=0, y=1), click(1100, x=60, y=81), click(1200, x=120, y=161))[0] == 1

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
    def test_these_are_not_rage_clicks(self, clicks: list[Record]) -> None:
        assert found(*clicks)[0] == 0

    def test_later_clicks_make_a_slow_run_a_rage_click(self) -> None:
        view = view_of(*(click(at) for at in (1000, 1900, 2800, 3200, 3500)), end(9000))
        assert [(signal.kind, signal.clicks) for signal in view.signals] == [("rage_click", 5), ("dead_click", 5)]

    @pytest.mark.parametrize(("at", "rage"), [(999, 1), (1050, 0), (2200, 0), (2201, 1)])
    def test_scrolling_in_a_run_or_within_a_second_of_it_prevents_it(self, at: float, rage: int) -> None:
        clicks = [click(1000), click(1100), click(1200)]
        assert found(*sorted([*clicks, scroll(at)], key=lambda one: one["timestamp"]), end(9000))[0] == rage

    def test_scrolling_while_the_pointer_is_pressed_prevents_it(self) -> None:
        clicks = [down(950), scroll(970), up(999), click(1000), *pressed(1100), *pressed(1200)]
        assert found(*clicks, end(9000))[0] == 0
        del clicks[1]
        assert found(*clicks, end(9000))[0] == 1

    def test_inputs_and_changes_do_not_prevent_it(self) -> None:
        changes = [text_change(1010), event(5, 1110, id=BOX, isChecked=True), text_change(1210)]
        assert found(click(1000), changes[0], click(1100), changes[1], click(1200), scroll(2201), end(9000)) == (1, 1)
        assert found(click(1000), changes[0], click(1100), changes[1], click(1200), changes[2], end(9000)) == (1, 0)

    def test_a_rage_click_is_dead_once_if_one_of_its_clicks_is(self) -> None:
        clicks = [click(1000), click(1500), click(1900)]
        view = view_of(*clicks, end(9000))
        assert [(signal.kind, signal.clicks) for signal in view.signals] == [("rage_click", 3), ("dead_click", 3)]
        assert view.signals[0].first == view.signals[1].first
        assert found(*clicks, text_change(2000), end(9000)) == (1, 0)
        assert found(*clicks, text_change(2001), end(9000)) == (1, 1)

    def test_all_nodes_of_a_shadow_tree_are_one_element(self) -> None:
        buttons = [element(INSIDE + n, "button") for n in range(3)]
        clicks = [click(1000 + 100 * n, INSIDE + n) for n in range(3)]
        assert found(*clicks, more=(shadow(HOST, 300, *buttons),))[0] == 1
        assert found(*clicks, more=(element(HOST, "x-card", *buttons),))[0] == 0

    @pytest.mark.parametrize(
        ("ignored", "rage"),
        [
            *[(value, 0) for value in ("rage-click", "all", "", " ", "***", "error-click rage-click")],
            *[(value, 1) for value in ("dead-click", "rage", "error-click")],
        ],
    )
    def test_elements_may_ask_that_it_is_ignored(self, ignored: str, rage: int) -> None:
        inner = element(INSIDE, "button")
        around = element(HOST, "div", inner, **{"data-dd-ignore-frustration": ignored})
        clicks = [click(1000 + 100 * n, INSIDE) for n in range(3)]
        assert found(*clicks, more=(around,))[0] == rage
        in_shadow_tree = shadow(HOST, 300, inner, **{"data-dd-ignore-frustration": ignored})
        assert found(*clicks, more=(in_shadow_tree,))[0] == rage

    def test_a_click_that_asks_to_be_ignored_is_of_another_run(self) -> None:
        ignored = element(INSIDE + 1, "button", **{"data-dd-ignore-frustration": "rage-click"})
        host = shadow(HOST, 300, element(INSIDE, "button"), ignored)
        clicks = [*(click(1000 + 100 * n, INSIDE) for n in range(3)), click(1300, INSIDE + 1)]
        (rage, *_) = view_of(*clicks, end(9000), more=(host,)).signals
        assert (rage.kind, rage.clicks) == ("rage_click", 3)

    def test_a_rule_states_the_numbers(self) -> None:
        assert "at most 100 px and 1 s from the previous one, 3 of them within 1 s" in RAGE_CLICK_RULE


class TestReactions:
    def test_a_click_after_which_nothing_changes_for_more_than_a_second_is_dead(self) -> None:
        assert found(click(1000), end(2001)) == (0, 1)
        assert found(click(1000), end(2000)) == (0, 0), "what came after the end is not known"

    @pytest.mark.parametrize(
        "reaction",
        [
            text_change(2000),
            mutation(2000, removes=[{"parentId": BODY, "id": OTHER}]),
            mutation(2000, adds=[{"parentId": BODY, "nextId": None, "node": element(900, "p")}]),
            change(2000, [3, [BUTTON, ["class", "paid"]]]),
            scroll(2000),
            event(4, 2000, width=500, height=500),
            event(5, 2000, id=BOX, isChecked=True),
            typed(2000, "a"),
            event(7, 2000, id=BUTTON, type=0),
            change(2000, [6, [0, 0, 10]]),
            change(2000, [13, [0, BOX]]),
            record(6, 2000, {"has_focus": False}),
            snapshot(2000),
            record(7, 2000),
            meta(2000, href="http://shop/next"),
        ],
    )
    def test_a_reaction_counts_up_to_a_second_after_the_click(self, reaction: Record) -> None:
        assert found(click(1000), reaction, end(9000)) == (0, 0)
        assert found(click(1000), {**reaction, "timestamp": reaction["timestamp"] + 1}, end(9000)) == (0, 1)

    @pytest.mark.parametrize(
        "other",
        [
            event(1, 1500, positions=[]),
            event(2, 1500, type=5, id=BUTTON),
            record(6, 1500, {"has_focus": True}),
            record(
                8,
                1500,
                {"offsetLeft": 0, "offsetTop": 0, "pageLeft": 0, "pageTop": 0, "width": 5, "height": 5, "scale": 2},
            ),
            tap(1500, "move"),
            event(8, 1500, id=FORM, adds=[{"rule": "p{}"}]),
            change(1500, [5, [BUTTON, 10, 10]]),
            event(4, 1500, width=1000, height=700),
        ],
        ids=["move", "focus event", "focus", "zoom", "finger", "style rule", "size", "resize to the same size"],
    )
    def test_these_are_no_reactions(self, other: Record) -> None:
        sheet = element(FORM, "style", _cssText="b{}")
        assert found(click(1000), other, end(2001), more=(sheet,)) == (0, 1)

    def test_it_may_come_as_soon_as_the_pointer_is_pressed(self) -> None:
        assert found(down(900), text_change(910), up(1040), click(1041), end(5000)) == (0, 0)
        assert found(text_change(899), down(900), up(1040), click(1041), end(5000)) == (0, 1)
        assert found(down(900, touch=True), text_change(910), up(1040), click(1041), end(5000)) == (0, 0)

    def test_it_may_come_before_a_release_whose_press_the_page_prevents(self) -> None:
        assert found(text_change(950), up(1040), click(1041), end(5000)) == (0, 0)
        assert found(text_change(800), up(1040), click(1041), end(5000)) == (0, 1)
        assert found(up(90), click(91), end(5000)) == (0, 0)  # the view begins with it
        assert found(up(290), click(291), end(5000)) == (0, 1)
        assert found(record(6, 950, {"has_focus": True}), up(1040), click(1041), end(5000)) == (0, 1)

    def test_each_press_begins_anew(self) -> None:
        assert found(down(100), text_change(110), down(900), up(1040), click(1041), end(5000)) == (0, 1)
        assert found(down(100), text_change(110), up(500), down(900), up(1040), click(1041), end(5000)) == (0, 1)

    def test_without_a_press_a_change_at_the_time_of_the_click_but_before_it_is_none(self) -> None:
        assert found(text_change(1000), click(1000), end(2001)) == (0, 1)

    def test_a_touch_begins_where_the_finger_touches_and_not_with_the_mouse_event_that_follows(self) -> None:
        touch = [down(900, touch=True), text_change(910), up(1000), down(1001), click(1002)]
        assert found(*touch, end(5000)) == (0, 0)
        later = [down(900, touch=True), text_change(910), up(1000), down(2001), click(2002)]
        assert found(*later, end(5000)) == (0, 1)

    def test_a_change_counts_for_all_clicks_of_the_last_second(self) -> None:
        assert found(click(1000), click(1500, OTHER), text_change(1600), end(9000)) == (0, 0)

    @pytest.mark.parametrize("engaged", [typed(1600, "a"), scroll(1600), event(5, 1600, id=BOX, isChecked=True)])
    def test_input_and_scrolling_count_for_the_last_press_only(self, engaged: Record) -> None:
        assert found(click(1000), engaged, end(9000)) == (0, 0)
        assert found(click(1000), click(1500, OTHER), engaged, end(9000)) == (0, 1)
        assert found(click(1000), click(1500, FIELD), engaged, end(9000)) == (0, 1)
        assert found(click(1000), down(1500, FIELD), engaged, end(9000)) == (0, 1)
        assert found(down(1500), engaged, up(1700), click(1700), end(9000)) == (0, 0)

    def test_changes_in_shadow_trees_are_not_seen(self) -> None:
        inner = element(INSIDE, "button", words(301))
        for change_of in (attribute(1010, INSIDE, n="1"), mutation(1010, texts=[{"id": 301, "value": "x"}])):
            assert found(click(1000), change_of, end(9000), more=(shadow(HOST, 300, inner),)) == (0, 1)
            assert found(click(1000), change_of, end(9000), more=(element(HOST, "div", inner),)) == (0, 0)
        assert found(click(1000), attribute(1010, HOST, n="1"), end(9000), more=(shadow(HOST, 300, inner),)) == (0, 0)

    def test_a_new_shadow_tree_is_not_seen(self) -> None:
        assert found(click(1000), change(1010, [1, [101 - OTHER, "#shadow-root"]]), end(9000)) == (0, 1)
        assert found(click(1000), change(1010, [1, [101 - OTHER, "B"]]), end(9000)) == (0, 0)

    @pytest.mark.parametrize(
        "excluded",
        [
            attribute(1010, INSIDE, n="1"),
            mutation(1010, texts=[{"id": 301, "value": "x"}]),
            mutation(1010, removes=[{"parentId": INSIDE, "id": 301}]),
            mutation(1010, adds=[{"parentId": INSIDE, "nextId": None, "node": element(900, "b")}]),
        ],
        ids=["attribute", "text", "removed", "added"],
    )
    def test_elements_may_ask_that_their_changes_are_ignored(self, excluded: Record) -> None:
        inner = element(INSIDE, "p", words(301))
        around = element(HOST, "div", inner, **{"data-dd-excluded-activity-mutations": ""})
        assert found(click(1000), excluded, end(9000), more=(around,)) == (0, 1)
        assert found(click(1000), excluded, end(9000), more=(element(HOST, "div", inner),)) == (0, 0)
        both = {**excluded, "data": {**excluded["data"], "texts": [{"id": 100, "value": "Paid"}]}}
        assert found(click(1000), both, end(9000), more=(around,)) == (0, 0)

    def test_the_number_of_undecided_clicks_is_limited(self) -> None:
        clicks = [click(1000, (BUTTON, OTHER)[n % 2]) for n in range(1_500)]
        assert found(*clicks, end(5000)) == (0, 1_000)
        slow = [click(1000 + 600 * n) for n in range(1_500)]
        assert view_of(*slow, end(2_000_000)).dead_clicks == 1_000

    def test_a_rule_states_the_time(self) -> None:
        assert "until 1 s after the click" in DEAD_CLICK_RULE


class TestTargets:
    @pytest.mark.parametrize(
        ("target", "dead"),
        [
            (element(FORM, "textarea"), 0),
            (element(FORM, "select"), 0),
            (element(FORM, "canvas"), 0),
            (element(FORM, "video"), 1),
            (element(FORM, "p", contenteditable="false"), 0),
            (element(FORM, "input"), 0),
            (element(FORM, "input", type="image"), 0),
            (element(FORM, "input", type="file"), 0),
            (element(FORM, "input", type="BUTTON"), 1),
            (element(FORM, "input", type="submit"), 1),
            (element(FORM, "input", type="reset"), 1),
            (element(FORM, "input", type="checkbox"), 0),
            (element(FORM, "input", type="checkbox", checked=True), 1),
            (element(FORM, "input", type="radio"), 0),
            (element(FORM, "input", type="Radio", checked=True), 1),
            (element(FORM, "input", type="range"), 0),
            (element(FORM, "input", type="range", value="***"), 0),
            (element(FORM, "input", type="range", value="50"), 1),
            (element(FORM, "option"), 0),
            (element(FORM, "option", selected=True), 1),
            (element(FORM, "button"), 1),
            (element(FORM, "button", popovertarget="menu"), 1),  # The SDK sees no popover that opens.
            (element(FORM, "label"), 1),
            (element(FORM, "a"), 1),
            (element(FORM, "a", href=""), 0),
            (element(FORM, "area", href="/"), 1),
        ],
        ids=lambda value: (
            " ".join([value["tagName"], *map(str, value["attributes"].values())])
            if isinstance(value, dict)
            else str(value)
        ),
    )
    def test_what_is_never_dead(self, target: Record, dead: int) -> None:
        assert found(click(1000, FORM), end(3000), more=(target,)) == (0, dead)

    @pytest.mark.parametrize(
        ("around", "dead"),
        [
            (element(HOST, "a", href="#x"), 0),
            (element(HOST, "a"), 1),
            (element(HOST, "div", contenteditable=""), 0),
            (element(HOST, "label"), 1),
            (element(HOST, "button"), 1),
            (element(HOST, "canvas"), 1),
        ],
        ids=["link", "anchor", "editable", "label", "button", "canvas"],
    )
    def test_links_and_editable_content_with_all_that_is_in_them(self, around: Record, dead: int) -> None:
        around = {**around, "childNodes": [element(BOLD, "b", element(INSIDE, "i"))]}
        assert found(click(1000, INSIDE), end(3000), more=(around,)) == (0, dead)

    @pytest.mark.parametrize(
        ("labelled", "dead"),
        [
            (element(FORM, "input", id="f"), 0),
            (element(FORM, "div", id="f"), 1),
            (element(FORM, "button", id="f"), 1),
            (element(FORM, "input", id="f", type="checkbox", checked=True), 1),
            (element(FORM, "a", element(BOLD, "b", id="f"), href="/"), 0),
            (element(FORM, "input", id="other"), 1),
            (shadow(HOST, 300, element(FORM, "input", id="f")), 1),
        ],
        ids=["field", "div", "button", "checked", "in a link", "missing", "in a shadow tree"],
    )
    def test_a_label_is_as_what_it_is_for(self, labelled: Record, dead: int) -> None:
        label = element(INSIDE, "label", **{"for": "f"})
        assert found(click(1000, INSIDE), end(3000), more=(label, labelled)) == (0, dead)

    @pytest.mark.parametrize(
        ("field", "dead"),
        [
            (element(400, "input", type="checkbox"), 0),  # It may be masked.
            (element(400, "input", type="radio"), 0),
            (element(400, "input", type="checkbox", checked=True), 1),
            (element(400, "input", type="text"), 1),
        ],
        ids=["check box", "radio button", "checked", "text"],
    )
    def test_a_label_and_what_is_in_it_is_as_the_box_in_it(self, field: Record, dead: int) -> None:
        label = element(HOST, "label", field, element(BOLD, "b", element(INSIDE, "i")))
        for clicked in (HOST, BOLD, INSIDE):
            assert found(click(1000, clicked), end(3000), more=(label,)) == (0, dead)

    def test_of_several_elements_with_one_id_a_label_is_for_the_first(self) -> None:
        label = element(INSIDE, "label", **{"for": "f"})
        field, button = element(400, "input", id="f"), element(401, "button", id="f")
        assert found(click(1000, INSIDE), end(3000), more=(label, field, button)) == (0, 0)
        field, button = element(401, "input", id="f"), element(400, "button", id="f")
        assert found(click(1000, INSIDE), end(3000), more=(label, button, field)) == (0, 1)

    def test_only_the_host_of_a_shadow_tree_is_seen(self) -> None:
        link = element(INSIDE, "a", href="/")
        assert found(click(1000, INSIDE), end(3000), more=(shadow(HOST, 300, link),)) == (0, 1)
        nested = shadow(HOST, 300, shadow(310, 311, element(INSIDE, "b")))
        assert found(click(1000, INSIDE), end(3000), more=(nested,)) == (0, 1)
        assert found(click(1000, INSIDE), end(3000), more=(element(320, "a", nested, href="/"),)) == (0, 0)

    @pytest.mark.parametrize(("depth", "dead"), [(98, 0), (99, 0), (100, 1)])
    def test_links_count_up_to_a_depth(self, depth: int, dead: int) -> None:
        nested = element(FORM, "i")
        for n in range(depth - 1):
            nested = element(300 + n, "b", nested)
        assert found(click(1000, FORM), end(3000), more=(element(999, "a", nested, href="/"),)) == (0, dead)

    @pytest.mark.parametrize(
        ("ignored", "dead"),
        [
            *[(value, 0) for value in ("dead-click", "all", "", "***", "error-click\ndead-click")],
            *[(value, 1) for value in ("rage-click", "dead")],
        ],
    )
    def test_elements_may_ask_that_it_is_ignored(self, ignored: str, dead: int) -> None:
        around = element(HOST, "div", element(INSIDE, "button"), **{"data-dd-ignore-frustration": ignored})
        assert found(click(1000, INSIDE), end(3000), more=(around,)) == (0, dead)

    def test_a_node_that_is_not_in_the_page_can_be_dead(self) -> None:
        assert found(click(1000, 999), end(3000)) == (0, 1)


TEXTS = (
    element(TEXT, "p", words(301), element(BOLD, "b", words(302))),
    element(EMPTY, "div", words(304, " \n"), element(INSIDE, "i")),
    element(LINK, "a", words(303)),
)


class TestSelections:
    @pytest.mark.parametrize("id", [TEXT, BOLD, EMPTY, BODY, LINK, HTML])
    def test_double_and_triple_clicks_select_text(self, id: int) -> None:
        twice = [click(1000, id), click(1120, id), double(1121, id)]
        assert found(*twice, end(9000), more=TEXTS) == (0, 0)
        assert found(*twice, click(1240, id), end(9000), more=TEXTS) == (0, 0)

    def test_without_a_double_click_two_clicks_are_dead_and_three_are_rage(self) -> None:
        assert found(click(1000, TEXT), click(1120, TEXT), end(9000), more=TEXTS) == (0, 2)
        assert found(*(click(1000 + 120 * n, TEXT) for n in range(3)), end(9000), more=TEXTS) == (1, 1)

    @pytest.mark.parametrize(
        "target",
        [
            element(FORM, "button", words(310)),
            element(320, "button", element(FORM, "i", words(310))),
            element(FORM, "input", type="submit"),
            element(FORM, "img"),
            element(FORM, "video"),
            element(FORM, "p", words(310), style="color:red; user-select: none"),
            element(320, "div", element(FORM, "p"), style="-webkit-user-select:none"),
        ],
        ids=["button", "in a button", "input", "img", "video", "style", "around"],
    )
    def test_on_these_a_double_click_selects_nothing(self, target: Record) -> None:
        clicks = [click(1000, FORM), click(1120, FORM), double(1121, FORM)]
        assert found(*clicks, end(9000), more=(target,)) == (0, 2)
        assert found(*clicks, click(1240, FORM), end(9000), more=(target,)) == (1, 1)

    @pytest.mark.parametrize("style", ["user-select: text", "x-user-select: none", "color: red"])
    def test_other_styles_do_not_prevent_it(self, style: str) -> None:
        target = element(FORM, "p", words(310), style=style)
        clicks = [click(1000, FORM), click(1120, FORM), double(1121, FORM)]
        assert found(*clicks, end(9000), more=(target,)) == (0, 0)

    def test_three_clicks_on_a_link_are_rage(self) -> None:
        link = element(FORM, "a", words(310), href="#")
        clicks = [click(1000, FORM), click(1120, FORM), double(1121, FORM), click(1240, FORM)]
        assert found(*clicks, end(9000), more=(link,)) == (1, 0)

    def test_double_taps_select_nothing(self) -> None:
        def tapped(at: float) -> list[Record]:
            return [down(at - 50, TEXT, touch=True), up(at - 2, TEXT), down(at - 1, TEXT), click(at, TEXT)]

        assert found(*tapped(1000), *tapped(1200), double(1201, TEXT), end(9000), more=TEXTS) == (0, 2)

    def test_a_double_click_elsewhere_changes_nothing(self) -> None:
        clicks = [click(1000, TEXT), click(1120, TEXT), double(1121, OTHER)]
        assert found(*clicks, end(9000), more=TEXTS) == (0, 2)

    @pytest.mark.parametrize(("x", "y", "dead"), [(10, 20, 1), (13, 20, 1), (14, 20, 0), (10, 24, 0), (12, 22, 1)])
    def test_dragging_over_text_by_more_than_3_pixels_selects_it(self, x: float, y: float, dead: int) -> None:
        dragged = [down(900, TEXT), up(1000, TEXT, x, y), click(1001, TEXT, x, y)]
        assert found(*dragged, end(9000), more=TEXTS) == (0, dead)

    def test_dragging_from_one_text_to_another_selects_both(self) -> None:
        dragged = [down(900, TEXT), up(1000, OTHER, 60), click(1001, BODY, 60)]
        assert found(*dragged, end(9000), more=TEXTS) == (0, 0)

    @pytest.mark.parametrize("id", [EMPTY, INSIDE, BUTTON, BODY])
    def test_dragging_over_what_has_no_text_selects_nothing(self, id: int) -> None:
        dragged = [down(900, id), up(1000, id, 60), click(1001, id, 60)]
        assert found(*dragged, end(9000), more=TEXTS) == (0, 1)

    def test_moving_a_finger_selects_nothing(self) -> None:
        moved = [down(900, TEXT, touch=True), up(1000, TEXT, 19), click(1001, TEXT, 19)]
        assert found(*moved, end(9000), more=TEXTS) == (0, 1)

    def test_the_next_click_ends_a_selection_and_is_not_dead(self) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT)]
        for target in (EMPTY, LINK, TEXT):
            assert found(*selected, click(5000, target), end(9000), more=TEXTS) == (0, 0)
            assert found(*selected, click(5000, target), click(8000, target), end(9900), more=TEXTS) == (0, 1)

    def test_a_click_on_a_button_leaves_the_selection_as_it_is(self) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT)]
        (dead,) = view_of(*selected, click(5000), click(8000, EMPTY), end(9900), more=TEXTS).signals
        assert dead.first.node_id == BUTTON

    @pytest.mark.parametrize(("name", "dead"), [("input", 1), ("textarea", 1), ("select", 0), ("canvas", 0)])
    def test_a_click_into_a_text_field_ends_the_selection(self, name: str, dead: int) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT)]
        more = (*TEXTS, element(FORM, name))
        assert found(*selected, click(5000, FORM), click(8000, EMPTY), end(9900), more=more) == (0, dead)

    def test_a_tap_leaves_the_selection_as_it_is(self) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT)]
        tapped = [down(5000, EMPTY, touch=True), up(5001, EMPTY), click(5002, EMPTY)]
        assert found(*selected, *tapped, end(9900), more=TEXTS) == (0, 1)

    def test_a_selection_by_dragging_ends_likewise(self) -> None:
        dragged = [down(900, TEXT), up(1000, TEXT, 60), click(1001, TEXT, 60)]
        assert found(*dragged, click(5000, EMPTY), end(9900), more=TEXTS) == (0, 0)

    def test_the_third_click_of_three_keeps_the_selection(self) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT), click(1240, TEXT)]
        assert found(*selected, click(5000, EMPTY), end(9900), more=TEXTS) == (0, 0)

    def test_clicks_that_end_a_selection_are_no_rage(self) -> None:
        selected = [click(1000, TEXT), click(1120, TEXT), double(1121, TEXT)]
        rage = [click(5000 + 100 * n, EMPTY) for n in range(3)]
        assert found(*selected, *rage, end(9900), more=TEXTS) == (0, 0)
        assert found(*rage, end(9900), more=TEXTS) == (1, 1)


class TestClicksWithoutPointer:
    def test_those_by_keys_do_not_count(self) -> None:
        before = [*pressed(1000), text_change(1010)]
        assert found(*before, click(5000, x=0, y=0), end(9000)) == (0, 0)
        assert found(*before, *pressed(5000, x=0, y=0), end(9000)) == (0, 1)
        assert found(*before, click(5000, x=0, y=1), end(9000)) == (0, 1)
        assert found(click(5000, x=0, y=0), end(9000)) == (0, 0)
        assert found(click(5000, x=0, y=1), end(9000)) == (0, 1)

    @pytest.mark.parametrize(("late", "dead"), [(1_000, 1), (1_001, 2)])
    def test_those_that_a_label_passes_on_do_not_count(self, late: float, dead: int) -> None:
        labelled = [*pressed(1000, OTHER), click(1000 + late, BUTTON)]
        assert found(*labelled, end(9000)) == (0, dead)

    @pytest.mark.parametrize("other", [click(1050, OTHER), click(1050, BUTTON, x=11)], ids=["same node", "moved"])
    def test_other_clicks_count_without_a_press(self, other: Record) -> None:
        assert found(*pressed(1000, OTHER), other, end(9000)) == (0, 2)

    @pytest.mark.parametrize(("late", "dead"), [(1000, 1), (1001, 0)])
    def test_a_press_belongs_to_the_click_within_a_second_of_its_release(self, late: float, dead: int) -> None:
        clicked = [down(900), up(1000), click(1000 + late, x=0, y=0)]
        assert found(*clicked, end(9000)) == (0, dead)

    def test_presses_that_cause_no_click_do_not_count(self) -> None:
        assert found(down(900), up(1000), end(9000)) == (0, 0)


def test_a_rule_states_how_they_differ_from_the_sdk() -> None:
    assert CLICK_DIFFERENCES in RULES
    for what in ("requests", "windows that open", "selections", "masked", "disabled", "more than 3 px", "within 1 s"):
        assert what in CLICK_DIFFERENCES


def test_the_page_may_be_unknown() -> None:
    (view,) = summarize(recording(meta(), click(1000), end(3000))).views
    assert (view.clicks, view.unattributed_clicks, view.dead_clicks) == (1, 1, 0)
    assert summarize(page(click(1000), end(3000))).views[0].dead_clicks == 1
