"""The state of form fields, from all the forms in which SDKs record it."""

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
def test_values_are_moved_from_the_attribute_unless_the_attribute_holds_the_value(
    name: str, attributes: dict[str, str], value: str | None, left: dict[str, str]
) -> None:
    for page in in_both_formats((name, attributes)):
        assert (page.nodes[2].value, page.nodes[2].attributes) == (value, left)


def test_the_state_of_a_field_hidden_for_privacy_is_unknown() -> None:
    for page in in_both_formats(("input", {"data-dd-privacy": "hidden"})):
        assert (page.nodes[2].value, page.nodes[2].checked) == (None, None)


def test_fields_are_unchecked_unless_recorded_as_checked() -> None:
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


def selected(page: dom.Page) -> tuple[str | None, list[int]]:
    return page.nodes[1].value, [node.id for node in page.nodes.values() if node.checked]


def test_setting_the_value_of_a_select_selects_the_option() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)))
    assert page.apply(incremental(5, id=1, text="b")) == (
        dom.ValueSet(1, "b"),
        dom.CheckedSet(2, False),
        dom.CheckedSet(4, True),
    )
    assert selected(page) == ("b", [4])
    page.apply(change([12, [1, "C c"]]))
    assert selected(page) == ("C c", [5])


def test_a_masked_value_does_not_change_the_options() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)), incremental(5, id=1, text="***"))
    assert selected(page) == ("***", [2])


def test_selecting_an_option_sets_the_value_of_the_select_and_deselects_the_other_option() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)))
    assert page.apply(change([13, [0, 5]])) == (
        dom.CheckedSet(2, False),
        dom.CheckedSet(5, True),
        dom.ValueSet(1, "C c"),
    )
    assert selected(page) == ("C c", [5])


def test_an_option_that_is_no_longer_selected_is_not_deselected_again() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)), change([13, [1, 2]]))
    assert page.apply(change([13, [0, 4]])) == (dom.CheckedSet(4, True), dom.ValueSet(1, "b"))


def test_a_selected_option_that_was_removed_is_not_deselected() -> None:
    page = page_of(tree_snapshot(document(0, SELECT)), mutation(removes=[{"id": 2, "parentId": 1}]))
    assert page.apply(change([13, [0, 4]])) == (dom.CheckedSet(4, True), dom.ValueSet(1, "b"))
    page.apply(mutation([add(element(2, "option", value="a"), 1)]))
    assert page.apply(change([13, [0, 2]]))[0] == dom.CheckedSet(4, False)
    assert page.apply(change([13, [0, 2]])) == (), "it is selected already"


def test_what_a_script_nests_in_a_select_is_no_option_of_it() -> None:
    nested = SELECT | {"childNodes": [*SELECT["childNodes"], element(9, "input", type="checkbox", checked=True)]}
    page = page_of(tree_snapshot(document(0, nested)), change([13, [0, 4]]))
    assert page.nodes[9].checked is True


def test_a_select_with_multiple_selections_keeps_them() -> None:
    many = SELECT | {"attributes": {"multiple": True, "value": "a"}}
    page = page_of(tree_snapshot(document(0, many)), change([13, [0, 4, 5]]))
    assert selected(page) == ("a", [2, 4, 5])
    page.apply(change([13, [1, 2]]))
    page.apply(incremental(5, id=1, text="b"))
    assert selected(page) == ("b", [4, 5])


def test_the_value_of_a_select_with_multiple_selections_is_the_first_one() -> None:
    many = SELECT | {"attributes": {"multiple": True, "value": "a"}}
    page = page_of(tree_snapshot(document(0, many)), change([13, [0, 4, 5]]))
    page.apply(incremental(5, id=1, text="b"))
    assert selected(page) == ("b", [4, 5]), "what was before it is not selected any more"
    page.apply(incremental(5, id=1, text="a"))
    assert selected(page) == ("a", [2]), "a click selects one, as far as is known"
    page.apply(incremental(5, id=1, text="unknown"))
    assert selected(page) == ("unknown", [2])
    assert page.apply(incremental(5, id=1, text="")) == (dom.ValueSet(1, ""), dom.CheckedSet(2, False))


def test_boxes_are_checked_unchecked_and_indeterminate() -> None:
    box = element(1, "input", type="checkbox")
    page = page_of(tree_snapshot(document(0, box)), incremental(5, id=1, isChecked=True))
    assert page.nodes[1].checked is True
    assert page.apply(change([13, [2, 1]])) == (dom.CheckedSet(1, False, True),)
    assert page.nodes[1].indeterminate is True
    assert page.apply(change([13, [1, 1]])) == (dom.CheckedSet(1, False, False),)
    assert page.nodes[1].indeterminate is False


def test_a_changed_value_attribute_of_a_text_field_is_its_value() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "input", value="old"))))
    assert page.apply(mutation(attributes=[{"id": 1, "attributes": {"value": "new"}}])) == (dom.ValueSet(1, "new"),)
    assert (page.nodes[1].value, page.nodes[1].attributes) == ("new", {})
    page.apply(change([3, [1, ["value"]]]))
    assert page.nodes[1].value == ""


def test_changed_attributes_of_buttons_and_boxes_change_markup_and_state() -> None:
    box, button = element(1, "input", type="checkbox"), element(2, "input", type="submit", value="Go")
    page = page_of(tree_snapshot(document(0, element(3, "form", box, button))))
    page.apply(change([3, [1, ["checked", ""]], [2, ["value", "Pay"]]]))
    assert (page.nodes[1].checked, page.nodes[1].attributes["checked"]) == (True, "")
    assert (page.nodes[2].value, page.nodes[2].attributes["value"]) == ("Pay", "Pay")
    page.apply(change([3, [1, ["checked"]]]))
    assert page.nodes[1].checked is False


def test_a_node_that_is_not_a_form_field_has_no_state() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "p"))))
    assert page.apply(change([12, [1, "x"]], [13, [0, 1]])) == ()
    assert page.problems.total() == 2
    page.apply(mutation([add(element(2, "option"), 1)]))
    assert page.apply(change([13, [0, 2]])) == (dom.CheckedSet(2, True),)


@pytest.mark.parametrize(
    ("type_", "moved"),
    [
        *((type_, False) for type_ in ("button", "hidden", "image", "reset", "submit", "checkbox", "radio")),
        *((type_, True) for type_ in ("text", "password", "search", "number", "range", "date", "color", "unknown")),
    ],
)
def test_the_type_of_an_input_determines_where_its_value_is(type_: str, moved: bool) -> None:
    for page in in_both_formats(("input", {"type": type_, "value": "v"})):
        assert page.nodes[2].value == "v"
        assert ("value" not in page.nodes[2].attributes) is moved


@pytest.mark.parametrize(
    ("name", "attributes"),
    [("input", {"type": "checkbox"}), ("input", {"type": "RADIO"}), ("option", {}), ("input", {"type": "text"})],
)
def test_only_boxes_radio_buttons_and_options_are_checked_by_an_attribute(name: str, attributes: Any) -> None:
    for page in in_both_formats((name, attributes)):
        page.apply(change([3, [2, ["selected" if name == "option" else "checked", ""]]]))
        assert page.nodes[2].checked is (None if attributes.get("type") == "text" else True)


@pytest.mark.parametrize(("options", "found"), [(1_999, True), (2_000, False)])
def test_a_record_searches_2000_nodes_for_the_option_of_a_value(options: int, found: bool) -> None:
    # The select itself is one of the nodes.
    nodes = [element(n, "option", value=str(n)) for n in range(2, options + 2)]
    page = page_of(tree_snapshot(document(0, element(1, "select", *nodes))))
    page.apply(change([12, [1, str(options + 1)]]))
    assert page.nodes[options + 1].checked is found
    assert page.problems.total() == (not found)


@pytest.mark.parametrize("name", ["input", "select", "textarea", "p", "option", "button"])
def test_inputs_selects_and_textareas_have_a_value(name: str) -> None:
    page = page_of(tree_snapshot(document(0, element(1, name))))
    page.apply(change([12, [1, "v"]]))
    has_value = name in ("input", "select", "textarea")
    assert page.nodes[1].value == ("v" if has_value else None)
    assert page.problems == ({} if has_value else {"a value for a node that is not a form field": 1})


def test_the_value_of_a_text_area_follows_its_default_text_if_that_has_been_its_value() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "textarea"))))
    page.apply(change([12, [1, "Hi"]]))
    page.apply(mutation(adds=[{"parentId": 1, "nextId": None, "node": text(2, "Hi")}]))
    assert page.nodes[1].value == "Hi"
    removed = mutation(removes=[{"parentId": 1, "id": 2}])
    assert page.apply(removed) == (dom.NodeRemoved(2, 1), dom.ValueSet(1, ""))
    assert page.nodes[1].value == ""


@pytest.mark.parametrize(
    "records",
    [
        [mutation(texts=[{"id": 2, "value": "Bye"}])],
        [mutation(removes=[{"parentId": 1, "id": 2}]), mutation(adds=[add(text(3, "Bye"), 1)])],
        [change([1, [2, "#text", "Bye"]], [2, 2])],
    ],
)
def test_the_value_of_a_text_area_follows_its_default_text_until_somebody_types(records: list[Any]) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "textarea", text(2, "Hi"), value="Hi"))))
    for record in records:
        page.apply(record)
    assert page.nodes[1].value == "Bye"


def test_a_new_text_area_has_its_recorded_value() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "form"))))
    page.apply(mutation(adds=[add(element(2, "textarea", text(3, "Hi"), value=""), 1)]))
    assert page.nodes[2].value == ""


def test_what_was_typed_before_the_recording_began_stays() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "textarea", text(2, "Hi"), value="Hi there"))))
    page.apply(mutation(texts=[{"id": 2, "value": "Ho"}]))
    assert page.nodes[1].value == "Hi there"


@pytest.mark.parametrize("typed", ["He", "***"])
def test_what_is_typed_stays_where_the_default_text_is_another(typed: str) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "textarea"))))
    page.apply(mutation(adds=[{"parentId": 1, "nextId": None, "node": text(2, "Hi")}]))
    page.apply(change([12, [1, typed]]))
    page.apply(mutation(texts=[{"id": 2, "value": "Ho"}]))
    assert page.nodes[1].value == typed
