"""Records that no recorder writes: what does not fit is counted and skipped, and the rest is applied."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rum_replay import segments
from rum_replay.segments import dom
from rum_replay.segments import records as recorded
from rum_replay.segments.records import Offset

from .mirror import Mirror, assert_equal
from .pages import (
    add,
    change,
    change_snapshot,
    document,
    element,
    incremental,
    mutation,
    page_of,
    record,
    shadow,
    text,
    tree,
    tree_snapshot,
)

DEPTH = 100_000
SHELL = tree_snapshot(
    document(0, element(1, "html", element(2, "ul", element(3, "li", text(4, "a")), element(5, "li"))))
)
SHELL_TREE = ["#document", ["html", ["ul", ["li", "a"], ["li"]]]]


def deep_page() -> dom.Page:
    """100,000 elements within one another, and a text in the last."""
    nodes: list[Any] = [[None, "#document"], *[[1, "B"]] * DEPTH, [1, "#text", "deep"]]
    return page_of(change_snapshot([1, *nodes]))


@pytest.mark.parametrize(
    "operation",
    [
        [1, [99, "LI"]],
        [1, [-99, "LI"]],
        [1, [0, "LI"], [None, "HTML"]],
        [2, 99],
        [2, -1],
        [3, [99, ["a", "b"]]],
        [3, [4, ["a", "b"]]],
        [4, [99, "x"]],
        [4, [2, "x"]],
        [5, [99, 1, 1]],
        [6, [99, 1, 1]],
        [8, [99, 0]],
        [9, [99, 0]],
        [12, [99, "x"]],
        [13, [0, 99]],
        [15, [99, "x"]],
        [3, [1, [7, "b"]]],
        [3, [1, ["a", -1]]],
        [4, [4, 0]],
        [12, [1, 0]],
        [15, [1, 0]],
        [77, "an operation to come"],
        [1, "no node"],
    ],
    ids=json.dumps,
)
def test_an_operation_that_does_not_fit_is_counted_and_changes_nothing(operation: Any) -> None:
    page = page_of(SHELL, change(operation))
    if operation[1:] == [[0, "LI"], [None, "HTML"]]:
        assert tree(page)[1][1] == ["ul", ["li", "a"], ["li"], ["li"]]
    else:
        assert tree(page) == SHELL_TREE
    assert page.problems.total() == 1


@pytest.mark.parametrize(
    "addition",
    [
        add(text(9, "x"), 99),
        add(text(9, "x"), 4),
        add(text(9, "x"), 2, 4),
        add(text(9, "x"), 9),
        add(shadow(9), 0),
        add(element(9, "b", text(3, "an id that another has")), 99),
    ],
    ids=[
        "no such parent",
        "in a text",
        "before a node elsewhere",
        "in itself",
        "a shadow root of no element",
        "nowhere",
    ],
)
def test_an_addition_that_does_not_fit_is_left_out(addition: Any) -> None:
    page = page_of(SHELL, mutation([addition]))
    assert tree(page) == SHELL_TREE
    assert page.problems.total() == 1


def test_an_addition_before_a_missing_sibling_goes_last() -> None:
    page = page_of(SHELL, mutation([add(text(9, "x"), 2, 99)]))
    assert tree(page)[1][1][-1] == "x"
    assert page.problems.total() == 1


def test_additions_that_wait_for_one_another_are_left_out() -> None:
    adds = [add(element(10, "b"), 11), add(element(11, "b"), 10), add(text(12, "x"), 2, 13), add(text(13, "x"), 2, 12)]
    page = page_of(SHELL, mutation([*adds, add(text(14, "y"), 2, 14)]))
    assert tree(page) == SHELL_TREE
    assert page.problems == {"additions that depend on one another": 5}


def test_a_node_cannot_move_into_itself() -> None:
    page = page_of(SHELL, mutation([add(element(2, "ul"), 3)]))
    assert tree(page) == ["#document", ["html"]]
    assert page.problems.total() == 1


def test_the_first_node_keeps_an_id_that_is_given_twice() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "a", text(1, "x")), element(0, "b"), element(2, "c"))))
    assert tree(page) == ["#document", ["a"], ["c"]]
    page = page_of(SHELL, mutation([add(element(9, "b", element(3, "i", text(10, "below it")), text(11, "c")), 1)]))
    assert tree(page)[1][1:] == [["ul", ["li", "a"], ["li"]], ["b", "c"]]
    assert page.problems == {"a node id that is already in use": 1}


def test_a_second_shadow_root_is_left_out() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "x-host", shadow(2, text(3, "first")), shadow(4)))))
    assert tree(page) == ["#document", ["x-host", ["shadow", "first"]]]


@pytest.mark.parametrize(
    "addition",
    [mutation([add(element(9, "b"), 1, 2)]), change([1, [-2, "B"]])],
    ids=["mutation", "change"],
)
def test_nothing_comes_before_a_shadow_root(addition: Any) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "x-host", shadow(2), text(3, "x")))), addition)
    assert tree(page) == ["#document", ["x-host", ["shadow"], "x"]]
    assert page.problems == {"a node to insert before a node that has another parent": 1}
    assert [node.id for node in dom.nodes_below(page.nodes[1])] == [1, 2, 3]


@pytest.mark.parametrize(
    "removal",
    [
        lambda *ids: change([2, *ids]),
        lambda *ids: change(*([2, number] for number in ids)),
        lambda *ids: mutation(removes=[{"parentId": 0, "id": number} for number in ids]),
    ],
    ids=["one operation", "several", "mutation"],
)
def test_a_node_may_be_removed_with_its_descendants_in_one_record(removal: Any) -> None:
    page = page_of(SHELL, removal(2, 3))
    assert (tree(page), page.problems.total()) == (["#document", ["html"]], 0)
    page.apply(removal(3))
    assert page.problems == {"a change to a node that does not exist": 1}


def test_removing_the_root_or_an_ancestor_removes_all_below() -> None:
    page = page_of(SHELL, change([2, 2, 3]))
    assert tree(page) == ["#document", ["html"]]
    assert page.problems.total() == 0
    page.apply(change([2, 0]))
    assert (page.root, dict(page.nodes)) == (None, {})
    assert dom.to_html(page) == ""
    assert page.to_dict()["tree"] is None
    page.apply(change([1, [None, "#document"]]))
    assert page.root is page.nodes[6]


def test_nodes_that_cannot_be_added_use_up_their_ids() -> None:
    page = page_of(SHELL, change([1, [99, "LI"], [1, "B"], [5, 42], [7, "LI"]], [4, [4, "b"]]))
    assert [child.id for child in page.nodes[2].children] == [3, 5, 9]
    assert page.nodes[4].text == "b"


def test_records_without_a_snapshot_or_of_other_kinds_are_counted() -> None:
    page = page_of(change([2, 1]), incremental(3, id=1, x=0, y=0))
    unknown = segments.decode_record(b'{"type":99,"timestamp":1}')
    mobile = segments.decode_record(b'{"type":10,"timestamp":1,"data":{"wireframes":[]}}')
    other = record(3, {"source": 4, "width": 1, "height": 1}, slotId="another")
    moved = record(3, {"source": 1, "positions": []}, slotId="another")
    for one in (unknown, mobile, SHELL, other, moved):
        page.apply(one)
    assert page.problems == {
        "a change to a node that does not exist": 2,
        "a record of an unknown kind": 1,
        "a record from another web view": 2,
    }
    assert page.viewport is None
    assert tree(page) == SHELL_TREE


@pytest.mark.parametrize("value", ["", "px", "1e999px", "nan", "-", "٣", None, True, 1e300])
def test_an_invalid_size_becomes_a_number(value: Any) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "p", rr_width=value, rr_scrollTop=value))))
    json.dumps(page.to_dict(), allow_nan=False)


def test_pages_of_any_depth_are_read_walked_written_and_removed() -> None:
    page = deep_page()
    last = page.nodes[DEPTH + 1]
    assert dom.text_of(page.nodes[1]) == "deep"
    assert dom.css_path(last) == " > ".join(["b"] * 32)
    assert dom.to_html(page) == "<b>" * DEPTH + "deep" + "</b>" * DEPTH
    written = json.dumps(page.to_dict())
    assert written.count('"cut": true') == 1
    page.apply(change([2, 1]))
    assert page.nodes.keys() == {0}


def test_trees_of_any_depth_are_read() -> None:
    depth = 30_000
    node: recorded.Node = recorded.TextNode(id=depth + 1, text_content="deep")
    for number in range(depth, 0, -1):
        node = recorded.ElementNode(id=number, tag_name="b", attributes={}, child_nodes=(node,))
    root = recorded.DocumentNode(id=0, child_nodes=(node,))
    snapshot = segments.FullSnapshotRecord(timestamp=0, data=segments.DomSnapshot(root, Offset(0, 0)))
    page = page_of(snapshot)
    assert dom.to_html(page) == "<b>" * depth + "deep" + "</b>" * depth


def test_many_siblings_are_added_in_front_of_one_another() -> None:
    count = 20_000
    nodes: list[Any] = [[None, "#document"], [1, "UL"], [1, "LI"], *[[-1, "LI"]] * count]
    page = page_of(change_snapshot([1, *nodes]))
    assert [child.id for child in page.nodes[1].children] == list(range(count + 2, 1, -1))
    page.apply(change([2, *range(count, 2, -1)]))
    assert [child.id for child in page.nodes[1].children] == [count + 2, count + 1, 2]


_ids = st.integers(-2, 12)
_strings = st.one_of(st.integers(-1, 9), st.sampled_from(["id", "value", "checked", "x", "INPUT", "SELECT", "OPTION"]))
_names = st.sampled_from(["#text", "#shadow-root", "DIV", "SELECT", "OPTION", "INPUT", "svg>g", "#document", 3])
_pairs = st.tuples(_strings, _strings)
_operations = st.one_of(
    st.tuples(st.just(0), st.text("ab", max_size=2)),
    st.tuples(st.just(1), st.tuples(st.one_of(st.none(), st.integers(-5, 8)), _names, _pairs)),
    st.tuples(st.just(1), st.tuples(st.integers(-5, 8), _names)),
    st.tuples(st.just(2), _ids),
    st.tuples(st.just(3), st.tuples(_ids, st.one_of(_pairs, st.tuples(_strings)))),
    st.tuples(st.sampled_from([4, 12, 15]), st.tuples(_ids, _strings)),
    st.tuples(st.sampled_from([5, 6]), st.tuples(_ids, st.integers(-9, 9), st.floats(-9, 9))),
    st.tuples(st.just(7), st.tuples(st.lists(_strings, max_size=2))),
    st.tuples(st.just(8), st.tuples(_ids, st.integers(-1, 2), st.integers(-1, 2))),
    st.tuples(st.just(9), st.tuples(_ids, st.integers(0, 2))),
    st.tuples(st.just(13), st.tuples(st.integers(0, 3), _ids)),
    st.tuples(st.just(14)),
)
_node = st.recursive(
    st.one_of(
        st.builds(text, _ids, st.text("ab", max_size=2)),
        st.builds(element, _ids, st.sampled_from(["p", "select", "option"]), id=st.sampled_from(["a", "b"])),
    ),
    lambda below: st.builds(
        lambda make, id_, inner: make(id_, *inner),
        st.sampled_from([lambda id_, *inner: element(id_, "div", *inner), shadow, document]),
        _ids,
        st.lists(below, max_size=3),
    ),
    max_leaves=4,
)
_removals = st.fixed_dictionaries({"id": _ids, "parentId": _ids})
_records = st.one_of(
    st.lists(_operations, max_size=4).map(lambda operations: change(*operations)),
    st.lists(_operations, max_size=4).map(lambda operations: change_snapshot(*operations)),
    st.builds(tree_snapshot, _node),
    st.builds(
        mutation,
        st.lists(st.builds(add, _node, _ids, st.one_of(st.none(), _ids)), max_size=4),
        st.lists(_removals, max_size=2),
        st.lists(
            st.fixed_dictionaries(
                {"id": _ids, "attributes": st.dictionaries(st.sampled_from(["id", "_cssText", "value"]), _strings)}
            ),
            max_size=2,
        ),
    ),
    st.builds(lambda id_, index: incremental(8, id=id_, adds=[{"rule": "a{}", "index": index}]), _ids, _ids),
    st.builds(lambda id_, value: incremental(5, id=id_, text=value), _ids, st.sampled_from(["a", "b"])),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_records, max_size=6))
def test_any_records_leave_a_tree_that_their_effects_reproduce(records: list[segments.Record]) -> None:
    page, mirror = page_of(SHELL), Mirror()
    mirror.replay(dom.SnapshotTaken(page.root))
    for one in records:
        for effect in page.apply(one):
            mirror.replay(effect)
        assert_equal(page, mirror)
    below = list(dom.nodes_below(page.root)) if page.root else []
    assert {node.id: node for node in below} == dict(page.nodes)
    assert len(below) == len(page.nodes)
    for node in below:
        assert [child.parent for child in node.children] == [node] * len(node.children)
        backwards = node.last_child
        for child in reversed(node.children):
            assert child is backwards
            backwards = child.previous_sibling
        same = {
            other
            for other in below
            if node.attributes.get("id") and other.attributes.get("id") == node.attributes["id"]
        }
        assert (node.same_ids or set()) == same
        dom.css_path(node)
        dom.text_of(node)
    json.dumps(page.to_dict())
    dom.to_html(page)


@pytest.mark.parametrize(
    "operations",
    [
        [[0, "x" * 1_000_000], [1, [None, "#document"], [1, "P"], *[[n + 1, "#text", 0] for n in range(100)]]],
        [[0, "x" * 1_000_000], [1, [None, "#document"], *[[n + 1, "P", ["title", 0]] for n in range(100)]]],
        [
            [0, "a{" + "x" * 1_000_000 + "}"],
            [1, [None, "#document"], *[[n + 1, "STYLE"] for n in range(100)]],
            [7, [0]],
            [8, *[[n + 1, 0] for n in range(100)]],
        ],
    ],
    ids=["texts", "attributes", "style sheets"],
)
def test_a_page_that_repeats_a_long_string_is_refused_when_it_is_written(operations: Any) -> None:
    page = page_of(change_snapshot(*operations))
    for write in (page.to_dict, lambda: dom.to_html(page)):
        with pytest.raises(segments.SegmentError, match="67,108,864 characters"):
            write()


def test_a_record_may_search_a_limited_number_of_options() -> None:
    options = [element(n, "option", value=str(n)) for n in range(2, 1_000)]
    page = page_of(tree_snapshot(document(0, element(1, "select", *options))))
    page.apply(change([12, [1, "999"], [1, "2"], [1, "nowhere"], [1, "998"]]))
    assert page.nodes[999].checked is False
    assert page.nodes[2].checked is True
    assert page.problems == {"a selection from too many options": 2}
    page.apply(change([12, [1, "998"]]))
    assert [node.id for node in page.nodes.values() if node.checked] == [998]
