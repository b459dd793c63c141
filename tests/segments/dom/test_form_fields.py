"""What form fields hold, from all the ways in which recorders say it."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments import dom

from .pages import add, change, change_snapshot, document, element, incremental, mutation, page_of, text, tree_snapshot


def in_both_formats(*fields: tuple[str, dict[str, Any]]) -> list[dom.Page]:
    old = [
        element(2 + n, name, **{key: value for key, value in attributes.items() if value is not None})
        for n, (name, attributes) in enumerate(fields)
    ]
    new = [
        [
            1 if n == 0 else 0,
            name.upper(),
            *[[key, ""] if value is True else [key, value] for key, value in a.items() if value],
        ]
        for n, (name, a) in enumerate(fields)
    ]
    return [
        page_of(tree_snapshot(document(0, element(1, "form", *old)))),
        page_of(change_snapshot([1, [None, "#document"], [1, "FORM"], *new])),
    ]


@pytest.mark.parametrize(
    ("name", "attributes", "value", "left"),
    [
        ("input", {}, "", {}),
        ("input", {"type": "email", "value": "a@b.example"}, "a@b.example", {"type": "email"}),
        ("input", {"type": "SUBMIT", "value": "Go"}, "Go", {"type": "SUBMIT", "value": "Go"}),
        ("input", {"type": "checkbox", "value": "on"}, "on", {"type": "checkbox"}),
        ("input", {"type": "radio", "value": "2"}, "2", {"type": "radio", "value": "2"}),
        ("textarea", {"value": "text"}, "text", {}),
        ("select", {"value": "b"}, "b", {}),
        ("li", {"value": "3"}, None, {"value": "3"}),
    ],
)
def test_values_are_taken_from_attributes_unless_the_attribute_is_the_value(
    name: str, attributes: dict[str, str], value: str | None, left: dict[str, str]
) -> None:
    for page in in_both_formats((name, attributes)):
        assert (page.nodes[2].value, page.nodes[2].attributes) == (value, left)


def test_of_a_field_hidden_for_privacy_nothing_is_known() -> None:
    for page in in_both_formats(("input", {"data-dd-privacy": "hidden"})):
        assert (page.nodes[2].value, page.nodes[2].checked) == (None, None)


def test_what_is_not_said_to_be_checked_is_not() -> None:
    fields: list[tuple[str, dict[str, Any]]] = [
        ("input", {"type": "checkbox", "checked": True}),
        ("input", {"type": "checkbox"}),
        ("input", {"type": "radio", "checked": True}),
        ("option", {"selected": True}),
        ("option", {}),
        ("input", {}),
    ]
    for page in in_both_formats(*fields):
        assert [page.nodes[n].checked for n in range(2, 8)] == [True, False, True, True, False, None]
        assert not any({"checked", "selected"} & node.attributes.keys() for node in page.nodes.values())
    page = page_of(tree_snapshot(document(0, element(1, "input", type="radio", checked=False))))
    assert page.nodes[1].checked is False


SELECT = element(
    1,
    "select",
    element(2, "option", value="a", selected=True),
    element(3, "optgroup", element(4, "option", value="b")),
    element(5, "option", text(6, " C \n c ")),
    value="a",
)


def chosen(page: dom.Page) -> tuple[str | None, list[int]]:
    return page.nodes[1].value, [node.id for node in page.nodes.values() if node.checked]


def test_choosing_by_value_selects_the_option() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)))
    assert page.apply(incremental(5, id=1, text="b")) == (
        dom.ValueSet(1, "b"),
        dom.CheckedSet(2, False),
        dom.CheckedSet(4, True),
    )
    assert chosen(page) == ("b", [4])
    page.apply(change([12, [1, "C c"]]))
    assert chosen(page) == ("C c", [5])


def test_a_masked_choice_leaves_the_options_alone() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)), incremental(5, id=1, text="***"))
    assert chosen(page) == ("***", [2])


def test_selecting_an_option_changes_the_selects_value_and_forgets_the_other_option() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)))
    assert page.apply(change([13, [0, 5]])) == (
        dom.CheckedSet(2, False),
        dom.CheckedSet(5, True),
        dom.ValueSet(1, "C c"),
    )
    assert chosen(page) == ("C c", [5])


def test_a_selected_option_that_is_gone_is_forgotten() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)), mutation(removes=[{"id": 2, "parentId": 1}]))
    assert page.apply(change([13, [0, 4]])) == (dom.CheckedSet(4, True), dom.ValueSet(1, "b"))
    page.apply(mutation([add(element(2, "option", value="a"), 1)]))
    assert page.apply(change([13, [0, 2]]))[0] == dom.CheckedSet(4, False)


def test_a_select_of_many_keeps_what_was_selected() -> None:
    many = SELECT | {"attributes": {"multiple": True, "value": "a"}}
    page = page_of(tree_snapshot(document(0, many)), change([13, [0, 4, 5]]))
    assert chosen(page) == ("a", [2, 4, 5])
    page.apply(change([13, [1, 2]]))
    page.apply(incremental(5, id=1, text="b"))
    assert chosen(page) == ("b", [4, 5])


def test_boxes_are_checked_unchecked_and_neither() -> None:
    box = element(1, "input", type="checkbox")
    page = page_of(tree_snapshot(document(0, box)), incremental(5, id=1, isChecked=True))
    assert page.nodes[1].checked is True
    assert page.apply(change([13, [2, 1]])) == (dom.CheckedSet(1, False, True),)
    assert page.nodes[1].indeterminate is True
    assert page.apply(change([13, [1, 1]])) == (dom.CheckedSet(1, False, False),)
    assert page.nodes[1].indeterminate is False


def test_a_changed_value_attribute_of_a_text_field_is_what_it_holds() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "input", value="old"))))
    assert page.apply(mutation(attributes=[{"id": 1, "attributes": {"value": "new"}}])) == (dom.ValueSet(1, "new"),)
    assert (page.nodes[1].value, page.nodes[1].attributes) == ("new", {})
    page.apply(change([3, [1, ["value"]]]))
    assert page.nodes[1].value == ""


def test_changed_attributes_of_buttons_and_boxes_are_markup_and_state() -> None:
    box, button = element(1, "input", type="checkbox"), element(2, "input", type="submit", value="Go")
    page = page_of(tree_snapshot(document(0, element(3, "form", box, button))))
    page.apply(change([3, [1, ["checked", ""]], [2, ["value", "Pay"]]]))
    assert (page.nodes[1].checked, page.nodes[1].attributes["checked"]) == (True, "")
    assert (page.nodes[2].value, page.nodes[2].attributes["value"]) == ("Pay", "Pay")
    page.apply(change([3, [1, ["checked"]]]))
    assert page.nodes[1].checked is False


def test_what_is_no_field_holds_nothing() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "p"))))
    assert page.apply(change([12, [1, "x"]], [13, [0, 1]])) == ()
    assert page.problems.total() == 2
    page.apply(mutation([add(element(2, "option"), 1)]))
    assert page.apply(change([13, [0, 2]])) == (dom.CheckedSet(2, True),)
