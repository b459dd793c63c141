"""Timelines say in which row or card a button was used that the others have as well."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from rum_replay import segments

from .. import made

_numbers = count(1_000)


def t(tag: str, *children: Any, **attributes: str) -> dict[str, Any]:
    nodes = [{"type": 3, "id": next(_numbers), "textContent": c} if isinstance(c, str) else c for c in children]
    named = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
    return made.element(next(_numbers), tag, *nodes, **named)


def said(clicked: dict[str, Any], *nodes: dict[str, Any]) -> str:
    """The entry for a click."""
    records = made.meta(), made.snapshot(0, *nodes), made.click(1_000, clicked["id"])
    entries = list(segments.timeline(made.recording(*records)))
    return entries[1].text


@pytest.mark.parametrize("tag", ["tr", "li", "article", "div"])
def test_what_is_beside_a_button_that_other_rows_have_too_is_said(tag: str) -> None:
    buttons = [t("button", "Delete") for _ in range(3)]
    names = ("Lamp", "Chair", "Rug")
    rows = [
        t(tag, t("p", "5 €"), t("p", name), t("div", "\n", button), _class=f"row r{name}")
        for name, button in zip(names, buttons, strict=True)
    ]
    for name, button in zip(names, buttons, strict=True):
        assert said(button, *rows) == f"clicks button “Delete” beside “{name}”"


def test_so_it_is_of_what_only_scripts_make_a_button() -> None:
    parts = [t("div", "Add") for _ in range(2)]
    rows = [t("div", t("b", name), part, _class="card") for name, part in zip(("Lamp", "Chair"), parts, strict=True)]
    assert said(parts[1], *rows) == "clicks div “Add” beside “Chair”"


def test_a_text_that_is_in_a_row_itself_is_said_without_its_button() -> None:
    buttons = [t("button", "Delete") for _ in range(2)]
    rows = [t("li", name, t("form", button)) for name, button in zip(("Milk", "Eggs"), buttons, strict=True)]
    assert said(buttons[1], *rows) == "clicks button “Delete” beside “Eggs”"


def test_a_text_that_no_row_around_has_comes_before_one_that_only_differs_from_that_beside() -> None:
    links = [t("a", "View", href="/") for _ in range(4)]
    rows = [
        t("tr", t("td", state), t("td", name), t("td", link))
        for state, name, link in zip(("Paid", "Open", "Paid", "Open"), ("Ada", "Bob", "Cy", "Bob"), links, strict=True)
    ]
    assert said(links[2], *rows) == "clicks link “View” beside “Cy”"
    assert said(links[3], *rows) == "clicks link “View” beside “Open”"


def test_the_heading_comes_first_and_what_is_hidden_masked_or_in_fields_is_not_said() -> None:
    buttons = [t("button", "Buy") for _ in range(2)]
    rows = [
        t("li", t("b", f"New {kind}"), t("textarea", f"Note {kind}"), t("h3", kind), t("p", "x"), button)
        for kind, button in zip("AB", buttons, strict=True)
    ]
    assert said(buttons[1], *rows) == "clicks button “Buy” beside “B”"
    buttons = [t("button", "Buy") for _ in range(2)]
    rows = [
        t(
            "li",
            t("b", f"Gone {kind}", style="display: none"),
            t("b", f"Secret {kind}", data_dd_privacy="mask"),
            t("b", "xxxx" if kind == "A" else "xxxxx xx"),
            t("button", f"Other {kind}"),
            t("textarea", f"Note {kind}"),
            button,
        )
        for kind, button in zip("AB", buttons, strict=True)
    ]
    assert said(buttons[1], *rows) == "clicks button “Buy”"


def test_nothing_is_said_of_buttons_that_are_known_by_their_names_or_that_no_other_row_has() -> None:
    links = [t("a", t("b", name), " more", href="#") for name in ("Lamp", "Chair")]
    assert said(links[0], *(t("li", link, t("p", f"{n}")) for n, link in enumerate(links))) == "clicks link “Lamp more”"
    boxes = [t("input", type="radio", id=f"r{n}") for n in range(2)]
    rows = [t("li", box, t("label", f"Kind {n}", for_=f"r{n}")) for n, box in enumerate(boxes)]
    assert said(boxes[1], *rows) == "clicks radio “Kind 1”"
    alone = t("button", "Save")
    parts = (t("div", t("h2", "Name"), alone, _class="part"), t("div", t("h2", "Address"), _class="part"))
    assert said(alone, *parts) == "clicks button “Save”"
