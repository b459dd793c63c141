"""The texts by which elements are found, and the rows that they are in."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import Node, NodeKind, nodes_below
from rum_replay.segments.playwright_steps._texts import Row, Texts

from .. import made
from .test_locators import Tree

t = Tree()


def page_of(*nodes: dict[str, Any]) -> tuple[Texts, Node]:
    """The texts of a page, and the element on it with the id `x`."""
    root = segments.page_at(made.recording(made.meta(), made.snapshot(0, *nodes)).views[0]).root
    assert root is not None
    elements = [node for node in nodes_below(root) if node.kind is NodeKind.ELEMENT]
    return Texts(elements), next(node for node in elements if node.attributes.get("id") == "x")


def rows_of(*nodes: dict[str, Any]) -> list[Row]:
    texts, element = page_of(*nodes)
    return list(texts.rows_around(element))


def button(**attributes: str) -> dict[str, Any]:
    return t("button", "Delete", _id="x", **attributes)


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (t("p", "Some text", _id="x"), "Some text"),
        (t("p", "so\u00adft", _id="x"), "soft"),
        (t("p", " two\n lines ", _id="x"), "two lines"),
        (t("x-host", t.shadow(t("b", "inside")), "host ", _id="x"), "host inside"),
        (t("p", "a" * 61, _id="x"), None),
        (t("p", "a", _id="x"), None),
        (t("p", "—…", _id="x"), None),
        (t("p", "xxxx xx", _id="x"), None),
        (t("p", "Some text", _id="x", data_dd_privacy="mask"), None),
        (t("p", "Some text", _id="x", class_="dd-privacy-hidden"), None),
        (t("p", t("b", "Some text"), _id="x"), None),
        (t("style", "Some text", _id="x"), None),
    ],
)
def test_an_element_is_found_by_its_text(element: dict[str, Any], expected: str | None) -> None:
    texts, node = page_of(element)
    assert texts.text_of(node) == (None if expected is None else (expected, False))
    texts, node = page_of(element, t("i", "Some text"), t("i", expected or ""))
    assert texts.text_of(node) is None


@pytest.mark.parametrize(
    ("around", "expected"),
    [
        ([t("li", t("b", "Order 7"), button())], ["Order 7"]),
        ([t("li", t("b", "Order 7"), t("h3", "Lamp"), button())], ["Lamp", "Order 7"]),
        ([t("li", t("b", "Order 7"), button(), t("button", "Edit it"))], ["Order 7"]),
        ([t("li", t("div", t("b", "Two"), t("b", "Three")), button())], ["Two", "Three"]),
        ([t("li", t("b", "xxxxx xxx"), button())], []),
        ([t("li", t("b", "Order 7", data_dd_privacy="mask"), button())], []),
        ([t("li", t("b", "Order 7"), button(), data_dd_privacy="hidden")], []),
        ([t("li", t("b", "…—"), button())], []),
        ([t("li", t("b", "a" * 61), button())], []),
        ([t("div", t("b", "Order 7"), button())], []),
        ([t("td", t("b", "Order 7"), button()), t("td", "Other")], []),
        ([t("div", t("b", "Order 7"), button()), t("div", "Other")], ["Order 7"]),
    ],
)
def test_a_row_has_the_texts_that_are_recorded_and_not_masked(
    around: list[dict[str, Any]], expected: list[str]
) -> None:
    assert [row.text for row in rows_of(*around)] == expected


def test_an_element_is_in_no_row_by_itself_and_its_own_text_is_none_of_the_row() -> None:
    assert rows_of(t("li", t("b", "Order 7"), _id="x"), t("li", t("b", "Order 8"))) == []
    assert rows_of(t("li", t("a", t("b", "Order 7"), _id="x"))) == []


@pytest.mark.parametrize(
    ("classes", "selector"),
    [("card", "div.card"), ("css-1a2b3c4d card", "div.card"), ("aaaaaaaa1b2c3d4e", "div"), ("p-4 mt-2", "div")],
)
def test_cards_are_found_by_a_class_that_people_gave_them(classes: str, selector: str) -> None:
    card = t("div", t("b", "Lamp"), button(), class_=classes)
    assert [row.selector for row in rows_of(card, t("div", t("b", "Chair"), class_=classes))] == [selector]


def test_all_rows_with_the_same_text_are_known_unless_there_are_too_many() -> None:
    row, others = t("li", t("b", "Lamp"), button()), [t("li", t("b", "Lamp")) for _ in range(100)]
    assert [len(one.same) for one in rows_of(row, *others[:3])] == [4]
    assert [len(one.same) for one in rows_of(row, *others[:99])] == [100]
    assert rows_of(row, *others) == []
