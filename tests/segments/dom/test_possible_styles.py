"""Which elements style sheets may hide, and in bounded time."""

from __future__ import annotations

import pytest
from rum_replay.segments.dom import NodeAdded, Page
from rum_replay.segments.dom._styles import possible_styles as _possible_styles

from .pages import document, element, page_of, text, tree_snapshot

CSS = "@media (width < 9px) { .menu > .narrow { visibility: hidden } } .shown { top: 0 }"


@pytest.fixture
def page() -> Page:
    items = (element(number, "p", **{"class": name}) for number, name in ((5, "narrow"), (6, "shown")))
    menu = element(4, "div", *items, **{"class": "menu"})
    return page_of(tree_snapshot(document(0, element(1, "html", element(2, "style", text(3, CSS)), menu))))


def test_elements_that_a_rule_hides_in_some_circumstances_may_be_hidden(page: Page) -> None:
    rules = _possible_styles.PossibleStyles()
    assert [rules.may_hide(page.nodes[number], page) for number in (4, 5, 6)] == [False, True, False]


def test_a_page_whose_style_sheets_change_again_and_again_is_not_visited_each_time(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_possible_styles, "_MOST_READ", 2 * (len(page.nodes) + 1))
    rules = _possible_styles.PossibleStyles()
    added = NodeAdded(page.nodes[2], 1, None)
    for is_known in (True, True, False):
        assert rules.may_hide(page.nodes[6], page) is not is_known
        rules.note([added])
