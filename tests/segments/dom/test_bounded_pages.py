"""What a page keeps of hostile recordings, and what naming an element reads of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rum_replay import segments
from rum_replay.segments import dom
from rum_replay.segments.dom import _child_order, _style_sheets, css_path
from rum_replay.segments.dom._building import document as _document
from rum_replay.segments.dom._markup import html as _html
from rum_replay.segments.dom._names import selectors as _selectors
from rum_replay.segments.dom._names.element_names import Elements
from rum_replay.segments.records import _changes

from .pages import (
    add,
    change,
    change_snapshot,
    document,
    element,
    mutation,
    page_of,
    record,
    text,
    tree_snapshot,
)

LIST = 2


def page_with(*children: Any) -> dom.Page:
    return page_of(tree_snapshot(document(0, element(1, "html", element(LIST, "ul", *children)))))


def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_selectors, "_MAX_COMPARED", 3)
    monkeypatch.setattr(_child_order, "_BLOCK", 2)
    monkeypatch.setattr(_style_sheets, "_BLOCK", 2)


def selected(page: dom.Page, node: dom.Node) -> list[dom.Node]:
    """The children of the list that a selector without ids selects, as browsers do."""
    step, _, position = css_path(node).rpartition(" > ")[2].partition(":nth-of-type(")
    name, *classes = step.split(".")
    same = [child for child in page.nodes[LIST].children if child.name == name]
    chosen = [same[int(position[:-1]) - 1]] if position else same
    return [child for child in chosen if set(classes) <= set(child.attributes.get("class", "").split())]


_names = st.sampled_from(["li", "b"])
_classes = st.sampled_from(["", "x", "y", "x y", "y x z", "x" * 10_001])
_steps = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 20), _names, _classes),
        st.tuples(st.just("remove"), st.integers(0, 20)),
        st.tuples(st.just("class"), st.integers(0, 20), _classes),
        st.tuples(st.just("name"), st.integers(0, 20)),
    ),
    max_size=30,
)


@settings(max_examples=150, deadline=None)
@given(_steps)
def test_a_selector_selects_its_element_among_any_number_of_siblings(steps: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        small_blocks(monkeypatch)
        page = page_with(*[element(10 + number, "li", **{"class": "x"}) for number in range(6)])
        css_path(page.nodes[10])
        for number, (what, place, *more) in enumerate(steps):
            children = page.nodes[LIST].children
            chosen = children[place % len(children)] if children else None
            if what == "add":
                node = element(100 + number, more[0], **({"class": more[1]} if more[1] else {}))
                page.apply(mutation([add(node, LIST, chosen.id if chosen and place < len(children) else None)]))
            elif chosen is not None and what == "remove":
                page.apply(change([2, chosen.id]))
            elif chosen is not None and what == "class":
                page.apply(change([3, [chosen.id, ["class", more[0]]]]))
            for child in page.nodes[LIST].children:
                assert selected(page, child) == [child]


@pytest.mark.parametrize(
    ("classes", "step"),
    [("", "li:nth-of-type(70)"), ("row", "li.row:nth-of-type(70)"), ("row own", "li.row.own"), ("own", "li.own")],
)
def test_an_own_class_is_enough_among_very_many_siblings(classes: str, step: str) -> None:
    page = page_with(*[element(100 + number, "li", **{"class": "row"}) for number in range(100)])
    page.apply(change([3, [169, ["class", classes]]]))
    assert css_path(page.nodes[169]) == f"html > ul > {step}"


def test_children_whose_classes_are_not_read_may_have_any() -> None:
    page = page_with(*[element(100 + number, "li", **{"class": "row"}) for number in range(70)])
    page.apply(change([3, [100, ["class", "own"]], [101, ["class", "x" * 10_001]]]))
    assert css_path(page.nodes[100]).endswith("li.own:nth-of-type(1)")
    page.apply(change([2, 101]))
    assert css_path(page.nodes[100]).endswith("li.own")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.integers(-1, 12)), max_size=40))
def test_rules_are_in_order_in_any_number_of_blocks(steps: list[tuple[bool, int]]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        small_blocks(monkeypatch)
        expected = [f"r{number}{{}}" for number in range(5)]
        sheet = dom.StyleSheet("".join(expected))
        for number, (is_insertion, index) in enumerate(steps):
            if is_insertion:
                assert sheet.insert(f"n{number}{{}}", [index]) is (0 <= index <= len(expected))
                if 0 <= index <= len(expected):
                    expected.insert(index, f"n{number}{{}}")
            else:
                assert sheet.delete([index]) is (0 <= index < len(expected))
                if 0 <= index < len(expected):
                    del expected[index]
            assert list(sheet.rules) == expected
            assert sheet.length == len(sheet.text)


@pytest.mark.parametrize("front", [True, False])
def test_no_block_holds_many_rules(front: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    sheet = dom.StyleSheet("a{}")
    for number in range(50):
        sheet.insert("b{}", [0 if front else number])
    rules = sheet._rules
    assert isinstance(rules, _style_sheets._Rules)
    assert max(map(len, rules._blocks)) <= 4
    for _ in range(50):
        sheet.delete([0])
    assert sheet.rules == ("a{}",) if front else len(sheet.rules) == 1
    assert len(rules._blocks) == 1


def test_blocks_that_become_small_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_style_sheets, "_BLOCK", 8)
    sheet = dom.StyleSheet("a{}" * 80)
    for block in reversed(range(10)):
        for _ in range(7):
            sheet.delete([8 * block])
    rules = sheet._rules
    assert isinstance(rules, _style_sheets._Rules)
    assert len(sheet.rules) == 10
    assert len(rules._blocks) <= 5


def test_no_block_holds_many_siblings(monkeypatch: pytest.MonkeyPatch) -> None:
    small_blocks(monkeypatch)
    page = page_with(*[element(10 + number, "li") for number in range(6)])
    css_path(page.nodes[10])
    page.apply(mutation([add(element(100 + number, "li"), LIST, 10) for number in range(50)]))
    order = page.nodes[LIST].child_order
    assert order is not None
    assert max(len(block.nodes) for block in order._blocks) <= 4
    assert css_path(page.nodes[10]) == "html > ul > li:nth-of-type(51)"


@pytest.mark.parametrize("index", [[0], [0, 0]])
def test_a_sheet_with_too_many_rules_does_not_change(index: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_style_sheets, "_MAX_RULES", 3)
    for rules in ("a{}b{}c{}d{}", ["a{}", "b{}", "c{}", "d{}"], "@media x{a{}b{}c{}d{}}"):
        sheet = dom.StyleSheet(rules)
        before = sheet.text
        assert sheet.insert("x{}", index) is (rules == "@media x{a{}b{}c{}d{}}" and index == [0])
        assert sheet.delete([0, 0]) is False
        assert before in sheet.text
    sheet = dom.StyleSheet("a{}b{}")
    assert [sheet.insert("x{}", [0]) for _ in range(3)] == [True, False, False]


@pytest.mark.parametrize(
    ("limit", "value", "records", "problem"),
    [
        (
            "_MAX_NODES",
            4,
            [mutation([add(text(9, "x"), 2)]), mutation([add(text(10, "y"), 2)])],
            "a node of a page with more",
        ),
        ("_MAX_NAME", 3, [mutation([add(element(9, "abcdef"), 2)])], "a name longer than"),
        (
            "_MAX_ATTRIBUTES",
            1,
            [mutation([add(element(9, "p", a="1", b="2"), 2)])],
            "an attribute of an element with more",
        ),
        (
            "_MAX_ATTRIBUTES",
            1,
            [change([3, [2, ["a", "1"], ["b", "2"], ["a", "3"]]])],
            "an attribute of an element with more",
        ),
        ("_REPEATS", -(1 << 30), [change([0, "text"]), change([3, [2, ["a", 0]]])], "a text that is used too often"),
        ("_REPEATS", -(1 << 30), [change([7, ["a{}"]], [8, [0, 0]])], "a text that is used too often"),
    ],
)
def test_what_exceeds_a_limit_is_left_out_and_counted(
    limit: str, value: int, records: list[segments.Record], problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def problems() -> list[str]:
        return list(page_of(tree_snapshot(document(0, element(1, "html", element(2, "ul")))), *records).problems)

    assert problems() == []
    monkeypatch.setattr(_document, limit, value)
    assert [one.startswith(problem) for one in problems()] == [True]


def test_texts_may_be_used_more_often_the_more_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_document, "_REPEATS", 0)
    nodes: list[Any] = [[None, "#document"], [1, "P"], *[[number, "#text", 0] for number in range(1, 401)]]
    page = page_of(change_snapshot([0, "x" * 1_000], [1, *nodes]))
    shown = sum(node.text != "" for node in page.nodes.values())
    assert 100 < shown < 400
    assert page.problems["a text that is used too often"] == 400 - shown


def test_a_long_url_is_cut() -> None:
    page = page_of(record(4, {"width": 1, "height": 1, "href": "http://x/" + "y" * 140_000}))
    assert page.url is not None
    assert len(page.url) == 131_072
    assert page.problems.total() == 1


@pytest.mark.parametrize("nodes", [True, False])
def test_a_change_with_very_many_items_is_kept_as_it_is(nodes: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_changes, "_LARGE", 10)
    monkeypatch.setattr(_changes, "_MAX_ITEMS", 3)
    for count in (2, 3):
        items = [[1, "B"]] * count if nodes else [""] * count
        made = change([1 if nodes else 0, *items])
        assert isinstance(made, segments.ChangeRecord)
        assert isinstance(made.data[0], segments.UnknownChange) is (count == 3)


def named(page: dom.Page, id_: int) -> tuple[str | None, str | None, str | None]:
    found = Elements().find(page, id_)
    assert found is not None
    return found.text, found.caption, found.privacy


@pytest.mark.parametrize(
    ("before", "is_read"),
    [
        ([element(20 + number, "i") for number in range(500)], True),
        ([element(20 + number, "i") for number in range(1_000)], False),
        ([text(20, " " * 500)], True),
        ([text(20, " " * 500 + "x" * 2_000)], True),
    ],
    ids=["some elements", "many elements", "blanks", "a long text"],
)
def test_the_text_of_an_element_is_in_its_first_nodes(before: list[Any], is_read: bool) -> None:
    page = page_with(element(9, "button", *before, text(10, "Pay")))
    assert bool(named(page, 9)[0]) is is_read
    assert dom.text_of(page.nodes[9], 5_000).endswith("Pay")


def test_an_element_whose_classes_are_too_many_to_read_counts_as_masked() -> None:
    page = page_with(element(9, "button", text(10, "Pay"), **{"class": "a " * 5_000}))
    assert named(page, 9) == ("Pay", "Pay", None)
    page = page_with(element(9, "button", text(10, "Pay"), **{"class": "a " * 5_000 + "b"}))
    assert named(page, 9) == ("Pay", None, "masked")


@pytest.mark.parametrize(("levels", "is_used"), [(500, True), (513, False)])
def test_an_id_is_used_down_to_512_levels(levels: int, is_used: bool) -> None:
    nodes: list[Any] = [[None, "#document"], *[[1, "B"]] * levels, [1, "I", ["id", "x"]]]
    page = page_of(change_snapshot([1, *nodes]))
    assert (css_path(page.nodes[levels + 1]) == "#x") is is_used


def test_markup_of_a_sheet_that_repeats_a_rule_is_refused_before_it_is_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    page = page_of(
        tree_snapshot(document(0, element(1, "html"))), change([0, "a{}" * 100], [7, [[0] * 100]], [8, [0, 0]])
    )
    assert len(dom.to_html(page)) > 30_000
    monkeypatch.setattr(_html, "MAX_LENGTH", 30_000)
    monkeypatch.setattr(dom.StyleSheet, "text", property(lambda _: pytest.fail("it was joined")))
    with pytest.raises(segments.SegmentError, match="the page is longer than 30,000 characters"):
        dom.to_html(page)
