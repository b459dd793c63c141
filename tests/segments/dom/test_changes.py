"""Changes: nodes without written ids, a string table, and style sheets by number."""

from __future__ import annotations

import pytest
from rum_replay.segments.dom import NodeKind, Page, Scroll, Size, css_path

from .pages import add, change, change_snapshot, document, element, mutation, page_of, text, tree, tree_snapshot

SHELL = change_snapshot([1, [None, "#document"], [1, "HTML"], [1, "UL"], [1, "LI"], [0, "LI"]])
"""Ids: 0 the document, 1 html, 2 ul, 3 and 4 li."""


def page_with(*operations: object) -> Page:
    return page_of(SHELL, change(*operations))


def ids_in_list(page: Page) -> list[int]:
    parent = page.find(2)
    assert parent is not None
    return [child.id for child in parent.children]


@pytest.mark.parametrize(
    ("point", "order"),
    [(3, [3, 4, 5]), (0, [3, 4, 5]), (-1, [3, 5, 4]), (-2, [5, 3, 4])],
    ids=["last child of id - 3", "after id - 1", "before id - 1", "before id - 2"],
)
def test_a_node_is_added_at_its_insertion_point(point: int, order: list[int]) -> None:
    page = page_with([1, [point, "LI"]])
    assert ids_in_list(page) == order
    assert page.problems == {}


def test_a_node_is_added_after_the_previous_one_also_between_siblings() -> None:
    page = page_with([1, [-2, "LI"], [0, "LI"]])
    assert ids_in_list(page) == [5, 6, 3, 4]


def test_ids_of_removed_nodes_are_not_reused() -> None:
    page = page_with([1, [3, "LI"]], [2, 5], [1, [4, "LI"]])
    assert ids_in_list(page) == [3, 4, 6]


def test_strings_are_given_by_index_by_role_or_directly() -> None:
    page = page_with(
        [0, "LI"],
        [11, [2, "class"], [3, "first", "second"]],
        [1, [3, 0, [1, 2]], [0, {"role": 1, "string": "LI"}, [{"role": 2, "string": "title"}, "written out"]]],
    )
    assert [child.attributes for child in page.nodes[2].children[2:]] == [{"class": "first"}, {"title": "written out"}]


def test_the_string_table_starts_over_with_a_snapshot_and_when_it_is_cleared() -> None:
    page = page_of(change([0, "OLD", "OLDER"]), SHELL, change([0, "LI"], [1, [3, 0]]))
    assert ids_in_list(page) == [3, 4, 5]
    assert page.nodes[5].name == "li"
    page.apply(change([14], [0, "B"], [1, [4, 0]]))
    assert page.nodes[6].name == "b"
    assert page.problems == {}


def test_style_sheets_are_numbered_anew_after_a_snapshot() -> None:
    page = page_of(change([7, ["old{}"]]), SHELL, change([7, ["new{}"]], [8, [0, 0]]))
    assert [sheet.text for sheet in page.nodes[0].style_sheets] == ["new{}"]


def test_indexes_of_attributes_mean_something_else_after_the_string_table_was_cleared() -> None:
    page = page_with([0, "class", "a"], [1, [3, "LI", [0, 1]]], [14], [0, "title", "b"], [1, [4, "LI", [0, 1]]])
    assert [page.nodes[number].attributes for number in (5, 6)] == [{"class": "a"}, {"title": "b"}]


def test_nodes_with_the_same_attribute_have_it_each_for_themselves() -> None:
    page = page_with([0, "id", "x"], [1, [3, "LI", [0, 1]], [4, "LI", [0, 1]], [5, "LI", ["class", "y"]]])
    assert {node.id for node in page.nodes_by_id_attribute["x"]} == {5, 6}
    page.apply(change([3, [5, [0, "z"]]]))
    assert [page.nodes[number].attributes for number in (5, 6, 7)] == [{"id": "z"}, {"id": "x"}, {"class": "y"}]
    assert {node.id for node in page.nodes_by_id_attribute["x"]} == {6}


@pytest.mark.parametrize(
    ("point", "name", "items"),
    [
        (3, "P", []),
        (3, "#text", []),
        (3, "#text", ["written out"]),
        (3, "#text", [1]),
        (3, "#text", [9]),
        (3, "#text", [["class", "a"]]),
        (3, "LABEL", [["for", "a"]]),
        (3, "P", [[0, 1]]),
        (3, "P", [[0, 9]]),
        (3, "P", ["without a value"]),
        (3, "P", [[0, 1], ["title", 2], ["lang", "de"]]),
        (3, "P", [[0, 1], [9, 2]]),
        (3, "svg>linearGradient", [["id", 2]]),
        (3, "math", []),
        (3, "INPUT", [["value", 2]]),
        (3, "#shadow-root", []),
        (0, "P", [[0, 2]]),
        (-1, "P", [[0, 2]]),
        (1, "P", []),
        (9, "P", []),
        (None, "P", []),
    ],
)
def test_a_node_is_the_same_whether_its_name_has_a_role_or_not(
    point: int | None, name: str, items: list[object]
) -> None:
    pages: list[Page] = []
    for recorded in (name, {"role": 0, "string": name}):
        page = page_with([0, "class", "a", "b"], [1, [point, recorded, *items], [1, "B", [0, 1]]])
        pages.append(page)
    ordinary, special = pages
    assert ordinary.to_dict() == special.to_dict()
    assert ordinary.problems == special.problems
    for ours, theirs in zip(ordinary.nodes.values(), special.nodes.values(), strict=True):
        assert (ours.id, ours.is_known_html, ours.is_mathml) == (theirs.id, theirs.is_known_html, theirs.is_mathml)
    for found in ("nodes_by_id_attribute", "labels_by_for"):
        by_id, by_id_too = ({key: len(nodes) for key, nodes in getattr(page, found).items()} for page in pages)
        assert by_id == by_id_too


def test_the_name_of_a_node_determines_its_kind() -> None:
    page = page_of(
        change_snapshot(
            [1, [None, "#document"], [1, "#doctype", "html", "-//W3C//DTD HTML 4.01//EN", "about:legacy-compat"]],
            [1, [0, "HTML"], [1, "X-HOST"], [1, "#shadow-root"], [1, "#text", "in"], [3, "#text", "out"]],
            [1, [5, "svg>linearGradient"], [0, "#cdata-section", "data"], [2, "#document-fragment"]],
        )
    )
    assert [(node.kind, node.name, node.is_svg) for node in page.nodes.values()] == [
        (NodeKind.DOCUMENT, "#document", False),
        (NodeKind.DOCTYPE, "html", False),
        (NodeKind.ELEMENT, "html", False),
        (NodeKind.ELEMENT, "x-host", False),
        (NodeKind.SHADOW_ROOT, "#shadow-root", False),
        (NodeKind.TEXT, "#text", False),
        (NodeKind.TEXT, "#text", False),
        (NodeKind.ELEMENT, "linearGradient", True),
        (NodeKind.CDATA, "#cdata-section", False),
        (NodeKind.FRAGMENT, "#document-fragment", False),
    ]
    assert page.nodes[1].attributes == {"publicId": "-//W3C//DTD HTML 4.01//EN", "systemId": "about:legacy-compat"}
    host = page.nodes[3]
    assert host.shadow_root is page.nodes[4]
    assert page.nodes[4].parent is host
    assert [child.text for child in host.children] == ["out"]
    assert [child.text for child in page.nodes[4].children] == ["in"]


def test_a_node_after_a_shadow_root_is_the_first_child_of_the_host() -> None:
    page = page_of(change_snapshot([1, [None, "#document"], [1, "X-HOST"], [1, "#shadow-root"], [0, "#text", "light"]]))
    assert tree(page) == ["#document", ["x-host", ["shadow"], "light"]]
    page.apply(change([2, 2], [1, [3, "#shadow-root"], [0, "#text", "first"]]))
    assert tree(page) == ["#document", ["x-host", ["shadow"], "first", "light"]]


def test_attributes_are_set_and_removed() -> None:
    page = page_with([3, [3, ["class", "a"], ["title", "t"]]], [3, [3, ["class"], ["id", "x"]]])
    assert page.nodes[3].attributes == {"title": "t", "id": "x"}
    assert css_path(page.nodes[3]) == "#x"


def test_texts_sizes_scroll_media_and_images_are_set() -> None:
    page = page_with(
        [1, [1, "#text", "old"]],
        [4, [5, "new"]],
        [5, [3, 10, 20.5]],
        [6, [0, 0, 300], [4, 7, 8]],
        [9, [3, 0], [4, 1]],
        [15, [4, "resource"]],
    )
    assert page.nodes[5].text == "new"
    assert page.nodes[3].size == Size(10, 20.5)
    assert (page.scroll, page.nodes[4].scroll) == (Scroll(0, 300), Scroll(7, 8))
    assert (page.nodes[3].playing, page.nodes[4].playing) == (True, False)
    assert page.nodes[4].image_resource == "resource"


def test_scrolling_of_the_html_element_is_recorded_for_the_document() -> None:
    page = page_with([6, [0, 0, 300], [1, 0, 200]])
    assert page.scroll == Scroll(0, 300)
    assert page.nodes[1].scroll is None


def test_style_sheets_are_attached_by_number_and_replace_all_others() -> None:
    page = page_with(
        [7, ["a { color: red; }b { color: blue; }"], [["i { color: green; }"], ["print", "screen"], True]],
        [8, [0, 1, 0], [3, 0]],
    )
    whole, single = page.nodes[3].style_sheets[0], page.nodes[0].style_sheets[0]
    assert whole.rules == ("a { color: red; }", "b { color: blue; }")
    assert (single.rules, single.media, single.disabled) == (("i { color: green; }",), ("print", "screen"), True)
    assert [sheet.rules for sheet in page.nodes[0].style_sheets] == [single.rules, whole.rules]
    page.apply(change([8, [0]]))
    assert page.nodes[0].style_sheets == ()


def test_a_style_sheet_that_several_nodes_share_is_written_for_each_of_them() -> None:
    """As SDKs do: the sheets of a record are those that it attaches, in this order."""
    shared, own = ["a { color: red; }"], ["b { color: blue; }"]
    page = page_with(
        [1, [3, "LI"], [4, "LI"]],
        *([7, shared, own, shared], [8, [3, 0, 1], [4, 0]]),
    )
    page.apply(change([7, own, ["i { color: green; }"], shared], [8, [5, 1, 2, 0]]))
    rules = [[sheet.text[0] for sheet in page.nodes[number].style_sheets] for number in (3, 4, 5)]
    assert rules == [["a", "b"], ["a"], ["b", "i", "a"]]
    assert page.nodes[3].style_sheets[0] is page.nodes[4].style_sheets[0] is page.nodes[5].style_sheets[2]
    page.apply(change([7, ["a { color: gold; }"]], [8, [6, 0]]))
    assert [page.nodes[number].style_sheets[-1].text for number in (4, 6)] == [shared[0], "a { color: gold; }"]
    page.apply(change([7, ["u { color: teal; }"]], [8, [6, 3]]))
    assert [sheet.text[0] for sheet in page.nodes[6].style_sheets] == ["u"]
    assert page.problems == {}


@pytest.mark.parametrize("ids", [[1, 0], [0, 2], [0, 1, 0], [0], [5, 6], [0, 0]])
def test_style_sheets_are_numbered_in_order_where_the_ids_are_not_those_of_sdks(ids: list[int]) -> None:
    page = page_with([7, ["a{}"], ["b{}"]], [8, [3, *ids]])
    assert [sheet.text for sheet in page.nodes[3].style_sheets] == ["ab"[number] + "{}" for number in ids if number < 2]
    page.apply(change([8, [4, 1]]))
    assert [sheet.text for sheet in page.nodes[4].style_sheets] == ["b{}"]


def test_a_view_may_change_from_one_format_to_the_other() -> None:
    page = page_of(SHELL, mutation([add(element(9, "li", text(7, "old format")), 2, 4)]))
    assert ids_in_list(page) == [3, 9, 4]
    # Numbering continues after the highest id so far.
    page.apply(change([1, [-6, "LI"], [9, "LI"]]))
    assert ids_in_list(page) == [3, 9, 10, 4, 11]
    page.apply(tree_snapshot(document(0, element(1, "html"))))
    page.apply(change([0, "P"], [1, [1, 0]]))
    assert tree(page) == ["#document", ["html", ["p"]]]
    page.apply(SHELL)
    assert ids_in_list(page) == [3, 4]
    assert page.problems == {}
