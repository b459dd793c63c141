"""Locators find the one element that they are for, in a browser that shows the recorded page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments.playwright_steps._locators import Locators
from rum_replay.segments.playwright_steps._python import PAGE

from .. import made

KEYS = ("id", "data-testid", "data-k", "class")


class Tree:
    """Builds recorded nodes, with ids counted from 1,000."""

    def __init__(self) -> None:
        self.next = 1_000

    def __call__(self, tag: str, *children: Any, **attributes: str) -> dict[str, Any]:
        nodes = [self.text(child) if isinstance(child, str) else child for child in children]
        named = {name.strip("_").replace("_", "-"): value for name, value in attributes.items()}
        self.next += 1
        return made.element(self.next, tag, *nodes, **named)

    def text(self, text: str) -> dict[str, Any]:
        self.next += 1
        return {"type": 3, "id": self.next, "textContent": text}

    def shadow(self, *children: dict[str, Any]) -> dict[str, Any]:
        self.next += 1
        return {"type": 11, "id": self.next, "isShadowRoot": True, "childNodes": list(children)}


def content() -> list[dict[str, Any]]:
    t = Tree()
    return [
        t("button", "Save ", t("b", "draft"), id="save-draft"),
        t("button", "Save", id="save"),
        t("button", t("svg", aria_hidden="true"), t("span", "Close"), id="close"),
        t("button", "x", aria_label="Dismiss", id="dismiss"),
        t("button", t("span", "Cart"), t("span", "3", style="float: right"), id="cart"),
        t("button", t("i", "now"), t("i", "Cart now"), id="cart-2"),
        t("button", t("img", alt="Search"), id="search"),
        t("button", "Twice", id="twice-1"),
        t("button", "Twice", id="twice-2"),
        t("button", "Same", data_testid="same-1"),
        t("button", "Same", data_testid="same-2"),
        t("button", "Hidden", aria_hidden="true", id="hidden"),
        t("a", "Help", href="/help", id="help"),
        t("a", "Help and more", href="/more", id="more"),
        t("a", "No link", id="no-link"),
        t("h2", "A heading that says a lot more than anybody would want to read in a single line", id="heading"),
        t("label", "First name", for_="first"),
        t("input", id="first"),
        t("label", "Last name ", t("input", id="last")),
        t("label", "Secret", for_="secret"),
        t("input", type="password", id="secret"),
        t("label", "Born", for_="born"),
        t("input", type="date", id="born"),
        t("input", placeholder="City", id="city"),
        t("input", type="password", placeholder="Again", id="again"),
        t("input", title="Street", id="street"),
        t("span", "Country", id="label-of-country"),
        t("select", t("option", "Peru"), aria_labelledby="label-of-country", id="country"),
        t("textarea", id="notes"),
        t("input", type="submit", value="Send", id="send"),
        t("input", type="submit", id="submit"),
        t("label", t("input", type="checkbox", id="news"), " Newsletter"),
        t("label", t("input", type="radio", name="pay", id="card"), " Card"),
        t("div", "Item", role="menuitem tab", id="item"),
        t("div", "Tab", role="tab", id="tab"),
        t("div", "Plain", _class="plain wide"),
        t("div", t("span", "It"), role="button", id='quo"te\\s'),
        t("x-box", t.shadow(t("input", id="inner"), t("button", "Inside", id="inside")), id="box-1"),
        t("x-box", t.shadow(t("input", id="inner"), t("button", "Inside", id="inside")), id="box-2"),
        t("p", "masked", data_dd_privacy="mask", _id="masked-p"),
        t("button", "xxxx xx", id="masked"),
        t("button", "xxxx", aria_label="Call Ada", id="masked-text"),
        t("input", placeholder="***", id="masked-placeholder"),
        t("button", "שלום \u202e \u200b!", id="bidi"),
        t("button", "line\nbreak", id="lines"),
        t("button", "A \"quoted\" and 'single' name", id="quoted"),
        made.element(
            900, "style", _cssText="@media (min-width: 1px) { .later { display: none; } } .flow { display: inline }"
        ),
        t("button", "Keep ", t("span", "waiting", class_="later"), id="keep"),
        t("button", t("div", "Over", class_="flow"), t("div", "lay", class_="flow"), id="flow"),
        t(
            *("div", t("span", "Letters"), t("div", t("div", "a.txt", role="treeitem"), role="group")),
            role="treeitem",
            id="branch",
        ),
        t("button", t("i", "Ex", class_="later"), t("b", "Why", class_="later"), id="perhaps-empty"),
        t("label", "Seen", for_="spoken", aria_label="Spoken words"),
        t("input", id="spoken"),
        t("label", "Alone", for_="by-label", aria_label="Another"),
        t("input", id="by-label", type="date"),
        t("label", t("i"), t("span", "Inner text"), class_="text-of-label"),
        t("div", t("div", "Twice written"), t("p", "Twice written", class_="twice-written")),
        t("p", t("i", "One"), t("b", "Two"), class_="no-own-text"),
        t("div", "Half of ", t("b", "a text"), class_="half"),
        t(
            "table",
            t(
                "tbody",
                t("tr", t("td", "Item 1"), t("td", t("button", "Drop", data_k="row-1"))),
                t("tr", t("td", "Item 10"), t("td", t("button", "Drop", data_k="row-10"))),
            ),
        ),
        t(
            "ul",
            t("li", t("span", "Write"), t("button", class_="icon", data_k="icon-1")),
            t("li", t("a", "Read", href="#"), t("button", class_="icon", data_k="icon-2")),
            t("li", t("p", "Around"), t("ul", t("li", t("b", "Deep"), t("button", "Open it", data_k="deep")))),
            t("li", t("b", "Last"), t("button", "Open it", data_k="final")),
        ),
        t("div", t("b", "One row"), t("button", "Take", data_k="role-row"), role="listitem"),
        t("div", t("b", "Other row"), t("button", "Take"), role="listitem"),
        t("button", "STRASSE", id="upper"),
        t("button", "straße", id="lower"),
        t("input", type="checkbox", placeholder="Two\nlines", id="placeholder-of-two-lines"),
        t("button", "Twice", aria_labelledby="nothing", id="twice-3"),
        t("div", "A name that needs an escape", id="-"),
        t("x-slotted", t.shadow(t("button", t("slot"), id="with-slot")), "From the host"),
        t("x-shadow", t.shadow(t("b", "Within")), id="host"),
        t("button", t("x-shadow", t.shadow(t("b", "Within the host"))), id="around-host"),
        t("button", "Glued", t("img", alt="on"), id="glued"),
        t("button", "Ahead", t("x-inline", "lower"), id="inline"),
        t("button", t("input", type="button", value="Press"), " me now", id="button-in-button"),
        t(
            "table",
            t("tbody", t("tr", t("td", "Three", id="cell"), t("td", made.element(901, "input", value="Three")))),
        ),
        t("table", t("tbody", t("tr", t("td", "In a grid", id="grid-cell"))), role="grid"),
        t("table", t("tbody", t("tr", t("td", "For layout", id="layout"))), role="presentation"),
        t("input", type="password", title="Shared title"),
        t("input", title="Shared title", id="like-a-password"),
        t("div", t("a", "Not removed", role="none", href="#")),
        t("a", "Not removed", href="#", id="not-removed"),
    ]


@pytest.fixture(scope="module")
def recorded() -> segments.Page:
    view = made.recording(made.meta(), made.snapshot(0, *content())).views[0]
    return segments.page_at(view)


@pytest.fixture(scope="module")
def shown(browser: Browser, recorded: segments.Page) -> Iterator[Page]:
    """The recorded page in Chromium; each element has its number, which locators do not use."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(segments.to_html(recorded))
        yield page


def located(recorded: segments.Page, find: str) -> tuple[str, segments.Node]:
    node = next(node for node in recorded.nodes.values() if find in map(node.attributes.get, KEYS))
    return str(Locators("data-testid").describe(recorded, node).locator).replace(PAGE, "page"), node


def in_row(rows: str, text: str, locator: str) -> str:
    return f'{rows}.filter(has=page.get_by_text("{text}", exact=True)).{locator}'


ADDED = {"parentId": made.BODY, "nextId": None}
EXPECTED = {
    "text-of-label": 'locator("label").filter(has=page.get_by_text("Inner text", exact=True))',
    "twice-written": 'locator("body > div:nth-of-type(6) > p.twice-written")',
    "no-own-text": 'locator("body > p.no-own-text")',
    "half": 'get_by_text("Half of a text", exact=True)',
    "row-1": in_row('locator("tr")', "Item 1", 'get_by_role("button", name="Drop")'),
    "row-10": in_row('locator("tr")', "Item 10", 'get_by_role("button", name="Drop")'),
    "icon-1": in_row('locator("li")', "Write", 'get_by_role("button")'),
    "icon-2": in_row('locator("li")', "Read", 'get_by_role("button")'),
    "deep": in_row('locator("li")', "Deep", 'get_by_role("button", name="Open it")'),
    "final": in_row('locator("li")', "Last", 'get_by_role("button", name="Open it")'),
    "role-row": in_row('get_by_role("listitem")', "One row", 'get_by_role("button", name="Take")'),
    "save-draft": 'get_by_role("button", name="Save draft")',
    "save": 'get_by_role("button", name="Save", exact=True)',
    "cart-2": 'get_by_role("button", name="Cart now")',
    "close": 'get_by_role("button", name="Close")',
    "dismiss": 'get_by_role("button", name="Dismiss")',
    "cart": 'locator("#cart")',
    "search": 'get_by_role("button", name="Search")',
    "twice-2": 'locator("#twice-2")',
    "same-2": 'get_by_test_id("same-2")',
    "hidden": 'locator("#hidden")',
    "help": 'get_by_role("link", name="Help", exact=True)',
    "more": 'get_by_role("link", name="Help and more")',
    "no-link": 'locator("#no-link")',
    "heading": 'get_by_role("heading", name="A heading that says a lot more than anybody would want to")',
    "first": 'get_by_role("textbox", name="First name")',
    "last": 'get_by_role("textbox", name="Last name")',
    "secret": 'get_by_label("Secret")',
    "born": 'get_by_label("Born")',
    "city": 'get_by_role("textbox", name="City")',
    "again": 'get_by_placeholder("Again")',
    "street": 'get_by_role("textbox", name="Street")',
    "country": 'get_by_role("combobox", name="Country")',
    "notes": 'locator("#notes")',
    "send": 'get_by_role("button", name="Send")',
    "submit": 'get_by_role("button", name="Submit")',
    "news": 'get_by_role("checkbox", name="Newsletter")',
    "card": 'get_by_role("radio", name="Card")',
    "item": 'get_by_role("menuitem", name="Item")',
    "tab": 'get_by_role("tab", name="Tab")',
    "plain wide": 'get_by_text("Plain", exact=True)',
    'quo"te\\s': 'get_by_role("button", name="It", exact=True)',
    "masked": 'locator("#masked")',
    "masked-text": 'locator("#masked-text")',
    "masked-placeholder": 'locator("#masked-placeholder")',
    "bidi": 'get_by_role("button", name="שלום \\u202e \\u200b!")',
    "lines": 'get_by_role("button", name="line break")',
    "keep": 'get_by_role("button", name="Keep")',
    "flow": 'get_by_role("button", name="Over")',
    "branch": 'get_by_role("treeitem", name="Letters")',
    "perhaps-empty": 'locator("#perhaps-empty")',
    "spoken": 'get_by_role("textbox", name="Spoken words")',
    "by-label": 'locator("#by-label")',
    "upper": 'locator("#upper")',
    "lower": 'locator("#lower")',
    "placeholder-of-two-lines": 'get_by_placeholder("Two\\nlines")',
    "twice-3": 'locator("#twice-3")',
    "-": 'get_by_text("A name that needs an escape", exact=True)',
    "with-slot": 'get_by_role("button", name="From the host")',
    "around-host": 'get_by_role("button", name="Within the host")',
    "glued": 'get_by_role("button", name="Glued")',
    "inline": 'get_by_role("button", name="Ahead")',
    "button-in-button": 'get_by_role("button", name="me now")',
    "cell": 'locator("#cell")',
    "grid-cell": 'get_by_role("gridcell", name="In a grid")',
    "layout": 'locator("#layout")',
    "like-a-password": 'locator("#like-a-password")',
    "not-removed": 'locator("#not-removed")',
    "quoted": """get_by_role("button", name="A \\"quoted\\" and 'single' name")""",
}
"""What is found how; by its id, test id or classes."""


@pytest.mark.parametrize(("find", "expected"), EXPECTED.items())
def test_an_element_is_found_by_what_is_most_robust(
    recorded: segments.Page, shown: Page, find: str, expected: str
) -> None:
    locator, node = located(recorded, find)
    assert locator == expected
    found = eval(f"page.{locator}", {"page": shown})
    assert found.count() == 1
    name = next(name for name in KEYS if node.attributes.get(name) == find)
    assert found.get_attribute(name) == find


@pytest.mark.parametrize("box", ["box-1", "box-2"])
def test_elements_in_shadow_trees_are_found_from_their_host(recorded: segments.Page, shown: Page, box: str) -> None:
    _, host = located(recorded, box)
    assert host.shadow_root is not None
    for node in host.shadow_root.children:
        locator = str(Locators("data-testid").describe(recorded, node).locator)
        found = eval(f"page.{locator}", {"page": shown})
        assert found.count() == 1
        assert found.evaluate("element => element.getRootNode().host.id") == box
        assert re.fullmatch(r'locator\("#box-. >> #in(side|ner)"\)', locator)


def test_the_same_in_nested_shadow_trees_is_found_by_its_number(browser: Browser) -> None:
    """Playwright looks at a whole tree before it enters those in it."""
    t = Tree()
    nested = t("x-in", t.shadow(t("i", "1")), t("i", "2"))
    host = t("x-out", t.shadow(nested, t("i", "3")), t("i", "4"))
    view = made.recording(made.meta(), made.snapshot(0, host, t("x-out", t.shadow(t("i", "5"))))).views[0]
    recorded = segments.page_at(view)
    with browser.new_context() as context:
        page = context.new_page()
        page.set_content(segments.to_html(recorded))
        for node in recorded.nodes.values():
            if node.name == "i":
                locator = str(Locators("data-testid").describe(recorded, node).locator)
                assert eval(f"page.{locator}", {"page": page}).all_text_contents() == [segments.text_of(node)], locator


@pytest.mark.parametrize("depth", [25, 31, 100])
def test_shadow_trees_in_one_another_take_no_time_and_very_many_are_not_checked(depth: int) -> None:
    t = Tree()
    innermost = nested = t("x-in")
    for _ in range(depth):
        nested = t("x-in", t.shadow(nested))
    recording = made.recording(made.meta(), made.snapshot(0, nested), made.click(1_000, innermost["id"]))
    is_checked = depth < 30
    assert ("was not checked" in segments.steps(recording)) is not is_checked


@pytest.mark.parametrize(
    ("identifier", "is_generated"),
    [
        ("mantine-ygj26upjj-1", True),
        ("mantine-4imyahmet", True),
        ("b9f99249-5174-4718-9f57-d8b0c1ac37d8", True),
        ("react-aria1234567890", True),
        (":r1:", True),
        ("radix-\u00abr1a\u00bb", True),
        ("menu-_r_3_-item", True),
        ("field-r12", True),
        ("form:row:save", False),
        ("cart", False),
        ("step-2", False),
        ("checkout2026", False),
        ("headlessui-listbox-option", False),
    ],
)
def test_an_id_that_scripts_make_up_is_not_in_a_path(identifier: str, is_generated: bool) -> None:
    view = made.page(made.mutation(1, adds=[{**ADDED, "node": made.element(500, "div", id=identifier)}])).views[0]
    page = segments.page_at(view)
    node = page.find(500)
    assert node is not None
    locator = str(Locators("data-testid").describe(page, node).locator)
    assert locator == (
        'locator("html > body:nth-of-type(1) > div:nth-of-type(1)")'
        if is_generated
        else f'locator("{segments.css_path(node)}")'.replace("\\", "\\\\")
    )


@pytest.mark.parametrize(
    ("identifier", "is_first"),
    [("cart", True), ("address2", True), ("mat-tab-0", False), ("ember123", False), ("__button1", False)],
)
def test_an_id_with_a_number_that_libraries_may_count_comes_after_the_text(identifier: str, is_first: bool) -> None:
    t = Tree()
    page = segments.page_at(made.recording(made.meta(), made.snapshot(0, t("div", "Shop", id=identifier))).views[0])
    locator = str(Locators("data-testid").describe(page, page.nodes[1_002]).locator)
    assert locator == (f'locator("#{identifier}")' if is_first else 'get_by_text("Shop", exact=True)')


def test_what_is_in_a_card_is_found_by_the_heading_of_the_card(browser: Browser) -> None:
    t = Tree()
    cards = [
        t(
            "div",
            t("p", "5 €"),
            t("div", t("h3", name), _class="top"),
            "\n",
            t("div", t("button", "Buy"), _class="foot"),
            _class="css-1ab2 card",
        )
        for name in ("Lamp", "Chair", "Rug")
    ]
    page = segments.page_at(made.recording(made.meta(), made.snapshot(0, *cards)).views[0])
    with browser.new_context() as context:
        shown = context.new_page()
        shown.set_content(segments.to_html(page))
        buttons = [node for node in page.nodes.values() if node.name == "button" and segments.text_of(node) == "Buy"]
        for number, node in enumerate(buttons):
            locator = str(Locators("data-testid").describe(page, node).locator).replace(PAGE, "page")
            name = ("Lamp", "Chair", "Rug")[number]
            assert locator == (
                f'locator("div.card").filter(has=page.get_by_text("{name}", exact=True))'
                '.get_by_role("button", name="Buy")'
            )
            found = eval(f"page.{locator}", {"page": shown})
            assert found.evaluate_all(
                "all => all.map(one => [...document.querySelectorAll('.foot button')].indexOf(one))"
            ) == [number]


def test_what_only_scripts_make_a_button_is_found_by_its_text_in_its_card(browser: Browser) -> None:
    t = Tree()
    cards = [t("div", t("b", name), t("div", "Add"), _class="card") for name in ("Lamp", "Chair")]
    page = segments.page_at(made.recording(made.meta(), made.snapshot(0, *cards)).views[0])
    with browser.new_context() as context:
        shown = context.new_page()
        shown.set_content(segments.to_html(page))
        node = [one for one in page.nodes.values() if one.name == "div" and segments.text_of(one) == "Add"][1]
        locator = str(Locators("data-testid").describe(page, node).locator).replace(PAGE, "page")
        assert locator == (
            'locator("div.card").filter(has=page.get_by_text("Chair", exact=True)).get_by_text("Add", exact=True)'
        )
        found = eval(f"page.{locator}", {"page": shown})
        assert found.evaluate_all("all => all.map(one => one.parentNode.textContent)") == ["ChairAdd"]


def test_what_is_written_by_elements_in_an_element_does_not_find_it_in_its_card() -> None:
    t = Tree()
    cards = [t("div", t("b", name), t("div", t("i", "Add"), t("i", "1")), _class="card") for name in ("Lamp", "Chair")]
    page = segments.page_at(made.recording(made.meta(), made.snapshot(0, *cards)).views[0])
    node = [one for one in page.nodes.values() if one.name == "div" and segments.text_of(one) == "Add1"][1]
    locator = str(Locators("data-testid").describe(page, node).locator).replace(PAGE, "page")
    assert locator == 'locator("body > div.card:nth-of-type(2) > div")'


def test_the_titles_of_icons_and_the_names_of_reset_buttons_count_as_text(browser: Browser) -> None:
    t = Tree()
    nodes = [
        t("p", t("svg", t("title", "Careful")), "Details", data_k="0"),
        t("p", "Clear", data_k="1"),
        t("input", type="reset", value="Clear"),
        t("p", "Careful", data_k="2"),
    ]
    page = segments.page_at(made.recording(made.meta(), made.snapshot(0, *nodes)).views[0])
    with browser.new_context() as context:
        shown = context.new_page()
        shown.set_content(segments.to_html(page))
        for node in page.nodes.values():
            if "data-k" in node.attributes:
                locator = str(Locators("data-testid").describe(page, node).locator)
                found = eval(f"page.{locator}", {"page": shown})
                assert found.evaluate_all("all => all.map(one => one.dataset.k)") == [node.attributes["data-k"]], (
                    locator
                )


@pytest.mark.parametrize("tag", ["ion-item", "section"])
def test_what_is_like_the_element_beside_it_is_a_row_but_no_cell_is(browser: Browser, tag: str) -> None:
    t = Tree()
    buttons = [t("button", "Drop"), t("button", "Drop")]
    rows = [t(tag, t("b", name), button) for name, button in zip(("Mon", "Tue"), buttons, strict=True)]
    changes = [t("button", "Edit"), t("button", "Edit")]
    cells = [
        t("tr", t("td", name), t("td", t("a", "Open", href="#"), " ", one))
        for name, one in zip(("Ann", "Bob"), changes, strict=True)
    ]
    page = segments.page_at(
        made.recording(made.meta(), made.snapshot(0, *rows, t("table", t("tbody", *cells)))).views[0]
    )
    found = [
        str(Locators("data-testid").describe(page, page.nodes[one["id"]]).locator) for one in (buttons[1], changes[1])
    ]
    assert found == [
        f'locator("{tag}").filter(has={PAGE}.get_by_text("Tue", exact=True)).get_by_role("button", name="Drop")',
        f'locator("tr").filter(has={PAGE}.get_by_text("Bob", exact=True)).get_by_role("button", name="Edit")',
    ]
    with browser.new_context() as context:
        shown = context.new_page()
        shown.set_content(segments.to_html(page))
        for locator in found:
            assert eval(f"page.{locator.replace(PAGE, 'page')}", {"page": shown}).count() == 1
