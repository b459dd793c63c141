"""Selectors that find elements, and texts that people recognize them by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.dom import Page, css_path, page_at, text_of

from ..recorded import FOLDERS, segment_files
from .pages import change, document, element, page_of, shadow, text, tree_snapshot


def page_with(*children: Any) -> Page:
    return page_of(tree_snapshot(document(0, element(1, "html", element(2, "head"), element(3, "body", *children)))))


def card(id_: int, *children: Any, class_: str = "card") -> Any:
    return element(id_, "div", *children, **{"class": class_})


@pytest.mark.parametrize(
    ("children", "path"),
    [
        ([element(9, "p", id="x")], "#x"),
        ([element(9, "p")], "body > p"),
        ([element(4, "p"), element(9, "p")], "body > p:nth-of-type(2)"),
        ([element(4, "p"), element(5, "i"), element(9, "p"), element(6, "p")], "body > p:nth-of-type(2)"),
        ([card(4), card(9, class_=" card  big wide ")], "body > div.card.big"),
        ([card(4, class_="big card"), card(9, class_="card")], "body > div.card:nth-of-type(2)"),
        ([element(4, "p", element(9, "b"), id="x"), element(5, "i", id="y")], "#x > b"),
        ([element(4, "p", id="x"), element(9, "b", id="x")], "body > b"),
        ([element(9, "p", id="1 a:b")], "#\\31 \\ a\\:b"),
        ([element(9, "p", **{"class": "-2 - é md:flex \x7f"})], "body > p.-\\32 .\\-"),
        ([element(9, "x:y", id="")], "body > x\\:y"),
        ([element(9, "p", id="x" * 100)], "#" + "x" * 100),
        ([element(9, "p", id="x" * 101)], "body > p"),
        ([element(9, "p", **{"class": "x" * 100})], "body > p." + "x" * 100),
        ([element(9, "p", **{"class": "x" * 101 + " y"})], "body > p.y"),
        ([element(4, "div", element(9, "body"))], "body > div > body"),
        ([element(9, "p", id="a2\0\x1f\x7f\x80~-_")], "#a2\ufffd\\1f \\7f \x80\\~-_"),
        ([element(9, "p", id="-")], "#\\-"),
        ([element(4, "x-a", shadow(5, element(9, "b", id="x")), id="host")], "#host >>> #x"),
        ([element(4, "x-a", shadow(5, element(6, "p", element(9, "b"))))], "body > x-a >>> p > b"),
        ([element(4, "x-a", shadow(5, element(9, "b", id="x"))), element(6, "i", id="x")], "body > x-a >>> #x"),
        ([element(4, "p", text(9, "in it"))], "body > p"),
    ],
)
def test_a_path_is_short_and_selects_the_element(children: list[Any], path: str) -> None:
    page = page_with(*children)
    assert css_path(page.nodes[9]) == path


def test_the_document_and_its_unique_elements_need_no_path() -> None:
    page = page_with()
    assert [css_path(page.nodes[id_]) for id_ in range(4)] == ["", "html", "head", "body"]


def test_an_id_is_used_as_long_as_it_is_unique() -> None:
    page = page_with(element(4, "p", id="x"), element(5, "b", id="x"))
    assert css_path(page.nodes[4]) == "body > p"
    page.apply(change([3, [5, ["id", "y"]]]))
    assert (css_path(page.nodes[4]), css_path(page.nodes[5])) == ("#x", "#y")
    page.apply(change([3, [5, ["id", "x"]]]))
    assert css_path(page.nodes[4]) == "body > p"
    page.apply(change([2, 5]))
    assert css_path(page.nodes[4]) == "#x"
    page.apply(change([3, [4, ["id"]]]))
    assert css_path(page.nodes[4]) == "body > p"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_element_of_a_recorded_page_has_a_different_path(folder: Path) -> None:
    page = page_at(segments.open(segment_files(folder)).views[0])
    elements = [node for node in page.nodes.values() if node.kind == "element"]
    assert len({css_path(node) for node in elements}) == len(elements) > 60
    paths = {css_path(node): text_of(node) for node in elements}
    assert paths["#buy"] == "Buy"
    assert paths["#sh >>> b"] == "shadow text"
    assert paths["#list > li:nth-of-type(8)"] == "inserted before"


@pytest.mark.parametrize(
    ("children", "visible"),
    [
        ([text(9, " a \n b ")], "a b"),
        ([element(4, "p", text(5, "one")), element(6, "p", text(7, "two"))], "one two"),
        ([text(4, "un"), element(5, "b", text(6, "break")), text(7, "able")], "unbreakable"),
        ([element(5, "div", text(6, "block")), text(7, "after")], "block after"),
        ([element(4, "input", type="submit", value="Pay"), element(5, "img", alt="a card")], "Pay a card"),
        ([element(4, "input", value="typed"), element(5, "textarea", text(6, "typed"))], ""),
        ([element(4, "script", text(5, "x")), element(6, "style", text(7, "x")), text(8, "y")], "y"),
        ([element(4, "select", element(5, "option", text(6, "x")))], ""),
        ([element(4, "x-a", shadow(5, text(6, "inside")), text(7, "slotted"))], "inside slotted"),
        ([text(4, "w" * 80)], "w" * 80),
        ([text(4, "w" * 81)], "w" * 79 + "…"),
        ([text(4, "w" * 50 + " "), text(5, "w" * 31)], "w" * 50 + " " + "w" * 28 + "…"),
    ],
)
def test_the_text_is_what_people_see(children: list[Any], visible: str) -> None:
    page = page_with(*children)
    assert text_of(page.nodes[3]) == visible
    assert page.root is not None
    assert text_of(page.root) == visible


def test_a_text_is_shortened_to_any_length() -> None:
    page = page_with(text(4, "some words"))
    assert [text_of(page.nodes[3], limit) for limit in (10, 9, 6, 5, 1)] == [
        "some words",
        "some wor…",
        "some…",
        "some…",
        "…",
    ]


@pytest.mark.parametrize(("hosts", "path"), [(16, "#x"), (17, "b")])
def test_up_to_16_elements_with_the_same_id_are_compared(hosts: int, path: str) -> None:
    shadows = [
        element(10 * n, "x-a", shadow(10 * n + 1, element(10 * n + 2, "b", id="x"))) for n in range(1, hosts + 1)
    ]
    page = page_with(*shadows)
    assert css_path(page.nodes[12]) == f"body > x-a:nth-of-type(1) >>> {path}"


@pytest.mark.parametrize(("levels", "path"), [(31, "body" + " > div" * 31), (32, "div" + " > div" * 31)])
def test_a_path_has_at_most_32_steps(levels: int, path: str) -> None:
    inner = element(100 + levels, "div")
    for n in reversed(range(1, levels)):
        inner = element(100 + n, "div", inner)
    page = page_with(inner)
    assert css_path(page.nodes[100 + levels]) == path


@pytest.mark.parametrize(
    "name",
    [
        "a",
        "abbr",
        "b",
        "code",
        "em",
        "font",
        "i",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "u",
    ],
)
def test_text_continues_across_inline_elements(name: str) -> None:
    page = page_with(text(4, "un"), element(5, name, text(6, "break")), text(7, "able"))
    assert text_of(page.nodes[3]) == "unbreakable"


@pytest.mark.parametrize("name", ["button", "div", "li", "p", "td", "x-element"])
def test_text_is_separated_by_other_elements(name: str) -> None:
    page = page_with(text(4, "un"), element(5, name, text(6, "break")), text(7, "able"))
    assert text_of(page.nodes[3]) == "un break able"


@pytest.mark.parametrize("name", ["head", "noscript", "option", "script", "style", "template", "textarea"])
def test_elements_whose_content_is_not_visible_text_have_none(name: str) -> None:
    page = page_with(element(4, name, text(5, "hidden"), element(6, "b", text(7, "hidden"))), text(8, "visible"))
    assert text_of(page.nodes[3]) == "visible"


@pytest.mark.parametrize(
    "attributes",
    [
        {"hidden": ""},
        {"hidden": "until-found", "class": "x"},
        {"style": "color: red; DISPLAY : none"},
        {"style": "visibility:hidden", "id": "x"},
    ],
)
def test_what_the_markup_hides_has_no_text(attributes: dict[str, str]) -> None:
    page = page_with(element(4, "b", element(6, "i", text(5, "hidden")), **attributes), text(8, "visible"))
    assert text_of(page.nodes[3]) == "visible"
    assert text_of(page.nodes[4]) == "hidden", "asked for itself, it has its text"


@pytest.mark.parametrize("style", ["--display:none", "display:block", "visibility:visible", "background:url(display)"])
def test_other_styles_hide_nothing(style: str) -> None:
    page = page_with(element(4, "b", text(5, "shown"), style=style))
    assert text_of(page.nodes[3]) == "shown"


@pytest.mark.parametrize(
    ("name", "attributes", "visible"),
    [
        *(("input", {"type": type_, "value": "v"}, "v") for type_ in ("button", "reset", "submit", "SUBMIT")),
        *(("input", {"type": type_, "value": "v"}, "") for type_ in ("text", "password", "checkbox", "hidden")),
        ("img", {"alt": "v"}, "v"),
        ("area", {"alt": "v"}, "v"),
        ("p", {"alt": "v", "value": "v"}, ""),
    ],
)
def test_buttons_and_images_have_text_in_attributes(name: str, attributes: dict[str, str], visible: str) -> None:
    page = page_with(element(4, name, **attributes))
    assert text_of(page.nodes[4]) == visible
