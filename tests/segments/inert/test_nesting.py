"""Elements where only scripts can put them: all outputs have the tree and the boxes of the live page."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from rum_replay import segments
from rum_replay.segments import _inert as inert
from rum_replay.segments.dom import Node, page_at, to_html

from .. import made
from ..hostile import svg, tag, text
from .test_boxes import SERIALIZE

Tree = Any
"""A text, or a name and what is below it; `svg:` and `math:` begin names in SVG and MathML."""

NESTINGS: dict[str, Tree] = {
    "div in p": ["p", "before ", ["div", "within"], " after"],
    "div in a span in p": ["p", ["span", ["div", "within"]], "after"],
    "siblings of the same name": ["div", ["p", "one"], ["p", ["div", "two"]], ["p", "three"]],
    "p in p": ["p", "outer", ["p", "inner"]],
    "list in p": ["p", "before", ["ul", ["li", "one"], ["li", "two"]]],
    "table in p": ["p", ["table", ["tbody", ["tr", ["td", "cell"]]]]],
    "p in a button in p": ["p", ["button", ["p", "kept by parsers"]], ["div", "not kept"]],
    "a in a": ["a", "outer ", ["a", "inner"], " after"],
    "a in a block in a": ["a", ["div", ["a", "inner"]], " after"],
    "a in a cell in a": ["a", ["table", ["tbody", ["tr", ["td", ["a", "kept by parsers"]]]]]],
    "button in button": ["button", "outer ", ["button", "inner"]],
    "button in a span in button": ["button", ["span", ["button", "inner"]], " after"],
    "form in form": ["form", "outer", ["form", ["input"]], "after"],
    "form in a list in form": ["form", ["ul", ["li", ["form", "inner"]]], "after"],
    "heading in heading": ["h1", "outer", ["h2", "inner"]],
    "same heading in heading": ["h1", ["h1", "inner"], "after"],
    "li in li": ["ol", ["li", "one", ["li", "within"]], ["li", "two"]],
    "li in a div in li": ["ul", ["li", ["div", ["li", "within"]]]],
    "li in a form in li": ["ul", ["li", ["form", ["form", ["li", "within"]]]]],
    "li alone": ["div", ["li", "alone"]],
    "dd in dt": ["dl", ["dt", "term", ["dd", "within"]], ["dd", "after"]],
    "nobr in nobr": ["nobr", "outer ", ["nobr", "inner"]],
    "tr in div": ["div", ["tr", ["td", "one"], ["td", "two"]]],
    "td in div": ["div", ["td", "cell"], "after"],
    "th in span": ["span", ["th", "cell"]],
    "tbody in div": ["div", ["tbody", ["tr", ["td", "cell"]]]],
    "caption in div": ["div", ["caption", "title"]],
    "col in div": ["div", ["col"], ["colgroup"], "after"],
    "tr in table": ["table", ["tr", ["td", "one"], ["td", "two"]]],
    "td in tbody": ["table", ["tbody", ["td", "one"], ["td", "two"]]],
    "div in table": ["table", ["div", "within"], ["tbody", ["tr", ["td", "cell"]]]],
    "text in table": ["table", "text", ["tbody", "more", ["tr", ["td", "cell"], "last"]]],
    "row of an own name": ["table", ["tbody", ["x-row", ["td", "one"], ["td", "two"]]]],
    "form in tr": ["table", ["tbody", ["tr", ["form", ["td", "cell"], ["input"]]]]],
    "td in td": ["table", ["tbody", ["tr", ["td", "outer", ["td", "inner"]], ["td", "after"]]]],
    "table in table": ["table", ["tbody", ["tr", ["td", ["table", ["tbody", ["tr", ["td", "kept by parsers"]]]]]]]],
    "option in div": ["div", ["option", "one"], ["option", "two"]],
    "option in option": ["select", ["option", "one", ["option", "two"]], ["option", "three"]],
    "others in select": ["select", ["div", "text"], ["option", "one"], ["input"], ["select", ["option", "two"]]],
    "html in div": ["div", ["html", ["head", ["title", "title"]], ["body", ["p", "within"]]]],
    "head in div": ["div", ["head", "text"], "after"],
    "body in div": ["div", ["body", "within"]],
    "div in svg": ["svg:svg", ["svg:rect"], ["div", "within", ["p", "more"]], ["svg:circle"]],
    "p in svg with a breakout": ["p", ["svg:svg", ["svg:g", ["b", "within"]]], "after"],
    "div in foreign object": ["svg:svg", ["svg:foreignObject", ["div", "within", ["p", ["div", "more"]]]]],
    "a in svg in a": ["a", ["svg:svg", ["svg:foreignObject", ["a", "inner"]]], " after"],
    "part of svg outside": ["div", ["svg:path"], ["svg:text", "not shown"], ["svg:title", "not shown"], "after"],
    "image of HTML": ["div", ["image", "text"], "after"],
    "ruby in ruby": ["ruby", "base", ["rt", "one", ["rt", "two"]]],
    "elements in title": ["div", ["title", ["b", "not shown"]], "after"],
    "text and elements in a rule": ["div", ["hr", "text", ["p", "more"]], ["hr"], "after"],
    "elements in source and track": ["p", ["source", ["b", "one"]], ["track", "two", ["i", "three"]], " after"],
    "area that is shown": ["div", ["area", ["b", "not shown"]], "after"],
    "text that parsers would read": ["div", ["xmp", "a\n b", ["b", "c"]], ["plaintext", "d", ["p", "e"]], "after"],
    "pre beside it": ["div", ["pre", "a\n b"], ["listing", "c\n d"], ["xmp", "e"]],
    "basefont with content": ["div", ["basefont", ["b", "not shown"]], "after"],
    "rt outside of ruby": ["p", ["rt", ["rb", "one"], "two"], ["ruby", "three", ["rt", ["rt", "four"]]]],
    "block in a caption outside of a table": [
        "div",
        ["caption", ["table", ["tbody", ["tr", ["td", "cell"]]]]],
        "after",
    ],
    "formatting four times": ["b", ["b", ["b", ["b", ["p", ["b", "x"]], "y"]], "z"], "after"],
    "HTML in a formula": ["p", ["math:math", ["math:mrow", ["math:mi", "x"], ["div", ["p", "not shown"]]]], " after"],
    "deep": ["p", ["a", ["button", ["form", ["ul", ["li", ["p", ["a", ["button", ["form", ["li", "x"]]]]]]]]]]],
}
STYLE = """
body { font: 16px/20px sans-serif } .case { position: relative; padding: 1px; min-width: 1px }
p { color: rgb(1, 2, 3); margin-inline: 5px } p:nth-of-type(3) { padding-top: 9px }
p > div { padding: 3px } div.case > p:first-child { letter-spacing: 1px }
a:any-link { color: rgb(4, 5, 6) } a a:link { letter-spacing: 2px } a:nth-of-type(1) { padding: 2px }
button { font: 16px/20px sans-serif; padding: 4px } button > button:enabled { border: 3px solid }
button:not(.x) { margin: 1px }
form form { padding: 5px } li:nth-of-type(2) { padding-left: 4px } li li { font-size: 14px } h1 { line-height: 1.2 }
table > tr > td, tbody > td, x-row > td { padding: 6px } td td { border: 2px solid }
div > tr > td:last-child { width: 90px }
xmp, plaintext { padding: 3px } pre { margin-left: 7px } hr + hr { height: 5px } hr { font-size: 14px }
x-row { display: table-row } svg { width: 90px; height: 40px; overflow: visible } body body, html html { padding: 3px }
body > .case:last-child { padding: 4px } div.case:nth-last-child(odd) { padding-top: 3px }
@media (min-width: 1px) { tr:nth-child(odd of tr) { background: rgb(7, 8, 9) } } :lang(tr) { color: red }
"""
BUILD = """([css, cases]) => {
    const build = (tree, parent) => {
        if (typeof tree === "string") return parent.append(tree);
        const [name, ...below] = tree;
        const [local, prefix] = name.split(":").reverse();
        const namespace = {svg: "2000/svg", math: "1998/Math/MathML"}[prefix] ?? "1999/xhtml";
        const node = document.createElementNS(`http://www.w3.org/${namespace}`, local);
        if (name === "a") node.href = "https://shop.example/";
        parent.append(node);
        below.forEach(one => build(one, node));
    };
    document.head.append(Object.assign(document.createElement("style"), {textContent: css}));
    const adopted = new CSSStyleSheet();
    adopted.replaceSync("body > :nth-last-child(2) { margin-top: 5px }");
    document.adoptedStyleSheets = [adopted];
    for (const tree of cases) {
        const around = Object.assign(document.createElement("div"), {className: "case"});
        document.body.append(around);
        build(tree, around);
    }
}"""
# Of each case: names and texts as a tree, and of every element the box, the color and the size of letters.
LOOK = """page => [...page.querySelectorAll(".case")].map(one => {
    const write = node => node.nodeType === 3 ? node.data
        : [node.localName.toLowerCase().replace("replay-", ""), ...[...node.childNodes].map(write)];
    const top = one.getBoundingClientRect().y;
    return [write(one), [one, ...one.querySelectorAll("*")].map(each => {
        const {x, y: absolute, width, height} = each.getBoundingClientRect();
        const y = x || absolute || width || height ? absolute - top : 0;
        const {color, fontSize, letterSpacing} = page.defaultView.getComputedStyle(each);
        return [[x, y, width, height], [color, fontSize, letterSpacing]];
    })];
})"""


@pytest.fixture(scope="module")
def live(browser: Browser) -> tuple[segments.Recording, list[Any]]:
    """The page as a script builds it: recorded, and what it looks like."""
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        page.set_content("<!DOCTYPE html><html><head></head><body></body></html>")
        page.evaluate(BUILD, [STYLE, list(NESTINGS.values())])
        snapshot = {"node": page.evaluate(SERIALIZE), "initialOffset": {"top": 0, "left": 0}}
        look = page.evaluate(f"({LOOK})(document)")
    return made.recording(made.meta(), made.record(2, 0, snapshot), made.click(5)), look


def in_markup(recording: segments.Recording, path: Path, page: Page) -> Any:
    path.write_text(to_html(page_at(recording.views[0])), encoding="utf-8")
    page.goto(path.as_uri())
    return page.evaluate(f"({LOOK})(document)")


def in_player(recording: segments.Recording, path: Path, page: Page) -> Any:
    page.goto(segments.write_player(recording, path).as_uri())
    page.locator("#position:enabled").wait_for()
    return page.evaluate(f"({LOOK})(document.querySelector('#stage iframe').contentDocument)")


def in_heatmap(recording: segments.Recording, path: Path, page: Page) -> Any:
    page.goto(segments.heatmap_of(recording).write_html(path).as_uri())
    # Read by the browser's tools, because the frame of a heatmap runs no script.
    return page.frames[1].locator("html").evaluate(f"html => ({LOOK})(html.ownerDocument)")


@pytest.mark.parametrize("show", [in_markup, in_player, in_heatmap])
def test_what_scripts_nest_looks_as_on_the_live_page(
    show: Callable[[segments.Recording, Path, Page], Any],
    live: tuple[segments.Recording, list[Any]],
    browser: Browser,
    tmp_path: Path,
) -> None:
    recording, expected = live
    width, height = (1000, 700) if show is in_markup else (1500, 1000)
    with browser.new_context(viewport={"width": width, "height": height}) as context:
        found = show(recording, tmp_path / "page.html", context.new_page())
    assert len(expected) == len(found) == len(NESTINGS)
    different: dict[str, Any] = {}
    for name, (tree, boxes), (found_tree, found_boxes) in zip(NESTINGS, expected, found, strict=True):
        if tree != found_tree:
            different[name] = (tree, found_tree)
        elif [[pytest.approx(box, abs=1), style] for box, style in boxes] != found_boxes:
            different[name] = [(one, other) for one, other in zip(boxes, found_boxes, strict=True) if one != other]
    assert different == {}, json.dumps(different, indent=1)


NAMES = """
p div a button form span ul ol li dl dt dd h1 h2 table thead tbody tr td th caption colgroup col select option optgroup
b i nobr ruby rb rt rp rtc section pre address svg math mi mtext foreignObject g title html body head label input img hr
br marquee image font text fieldset legend center details summary x-foo dialog em code main menu
xmp plaintext source track x-shadow
"""
INPUT = frozenset({"br", "img", "input"})
# What the parser of the browser makes of documents: names and texts as trees.
PARSE = """documents => documents.map(html => {
    const write = node => node.nodeType === 3 ? node.data : [node.localName.toLowerCase().replace("replay-", ""),
        ...[...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].filter(isRecorded).map(write)];
    const isRecorded = node => node.localName !== "style";
    return write(Document.parseHTMLUnsafe(html).body);
})"""


def any_tree(chance: random.Random, around: tuple[str, ...] = (), *, is_svg: bool = False) -> dict[str, Any]:
    name = chance.choice(NAMES.split())
    is_svg = name == "svg" or (is_svg and chance.random() < 0.9)
    below: list[dict[str, Any]] = []
    for number in range(0 if name in INPUT or len(around) > 8 else chance.choice([0, 1, 1, 2, 3])):
        is_text = number == 1 and chance.random() < 0.3
        below.append(
            text("t") if is_text else any_tree(chance, (*around, name), is_svg=is_svg and name != "foreignObject")
        )
    if name == "x-shadow" and below and not {"math", "svg"}.intersection(around):
        below = [{**tag("x"), "type": 11, "isShadowRoot": True, "childNodes": below}]
    return (svg if is_svg else tag)(name, *below)


def written(node: Node) -> Any:
    if node.kind == "text":
        return node.text
    shown = [] if node.name in INPUT else [*(node.shadow_root.children if node.shadow_root else ()), *node.children]
    return [node.name.lower(), *map(written, shown)]


def test_browsers_parse_the_tree_that_was_recorded_whatever_it_is(browser: Browser) -> None:
    pages: list[tuple[str, Any]] = []
    for seed in range(60):
        chance = random.Random(seed)
        recording = made.recording(made.meta(), made.snapshot(0, *(any_tree(chance) for _ in range(4))))
        page = page_at(recording.views[0])
        body = page.find(made.BODY)
        assert body is not None
        pages.append((to_html(page), written(body)))
    with browser.new_context() as context:
        parsed = context.new_page().evaluate(PARSE, [html for html, _ in pages])
    assert [
        (seed, tree, found) for seed, ((_, tree), found) in enumerate(zip(pages, parsed, strict=True)) if tree != found
    ] == []
    assert sum("<replay-" in html for html, _ in pages) > 50


def test_pages_that_parsers_keep_have_no_other_names() -> None:
    kept = ("a in a cell in a", "table in table", "formatting four times", "li alone")
    nodes = [nested(NESTINGS[name]) for name in kept]
    markup = to_html(page_at(made.recording(made.meta(), made.snapshot(0, *nodes)).views[0]))
    assert "replay-" not in markup


def nested(tree: Tree) -> dict[str, Any]:
    return text(tree) if isinstance(tree, str) else tag(tree[0], *map(nested, tree[1:]))


def test_rows_without_a_section_are_kept_where_cells_span_others() -> None:
    rows = [tag("tr", tag("td", text("both"), colspan="2")), tag("tr", tag("td"), tag("td"))]
    markup = to_html(page_at(made.recording(made.meta(), made.snapshot(0, tag("table", *rows))).views[0]))
    assert "<table><tr><td colspan=" in markup


@pytest.mark.parametrize("show", [in_markup, in_heatmap])
def test_attributes_style_a_table_without_sections(
    show: Callable[[segments.Recording, Path, Page], Any], browser: Browser, tmp_path: Path
) -> None:
    """As scripts build tables that append rows to them."""
    rows = [tag("tr", *(tag("td", text("cell"), **cell) for _ in range(2))) for cell in ({}, {"width": "150"})]
    tables = [
        tag("table", rows[0], border="1", cellpadding="5", cellspacing="0"),
        tag("table", rows[1]),
        tag("table", tag("col", width="200"), tag("tr", tag("td", text("cell")))),
    ]
    cases = [tag("div", one, **{"class": "case"}) for one in tables]
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        page = context.new_page()
        found = show(made.recording(made.meta(), made.snapshot(0, *cases), made.click(5)), tmp_path / "page.html", page)
        widths = [[box[2] for box, _ in boxes if box[2]] for _, boxes in found]
    text_width = widths[0][-1] - 12
    assert widths[0][-1] == widths[0][-2]
    assert 20 < text_width < 40
    assert widths[1][-2:] == [152, 152]
    assert widths[2][-1] == 200


@pytest.mark.parametrize(
    ("css", "selecting"),
    [
        ("p{}", ":is(p,replay-p){}"),
        ("P.x>p#y,div p:hover{p:p}", ":is(p,replay-p).x>:is(p,replay-p)#y,div :is(p,replay-p):hover{p:p}"),
        ("a:link,a:any-link{}", ":is(a,replay-a):is(:link,replay-a:where([href])),"
         ":is(a,replay-a):is(:any-link,replay-a:where([href])){}"),
        ("a:visited{}", ":is(a,replay-a):visited{}"),
        (":not(p):is(a,.p)::before{}", ":not(:is(p,replay-p)):is(:is(a,replay-a),.p)::before{}"),
        (":nth-child(2n of p){}", ":nth-child(2n of :is(p,replay-p)){}"),
        ("::slotted(p),::part(p),:lang(p){}", "::slotted(:is(p,replay-p)),::part(p),:lang(p){}"),
        ("[p]{}[x=p]{}.p{}#a{}--p{}svg|a{}p-x{}", "[p]{}[x=p]{}.p{}#a{}--p{}svg|a{}p-x{}"),
        (".x{p{color:a}animation:p}", ".x{:is(p,replay-p){color:a}animation:p}"),
        ("@media (p){p{}}@keyframes p{}@scope (a) to (p){}", "@media (p){:is(p,replay-p){}}@keyframes p{}"
         "@scope (:is(a,replay-a)) to (:is(p,replay-p)){}"),
        ("@supports selector(p>a){}", "@supports selector(:is(p,replay-p)>:is(a,replay-a)){}"),
        (r"\70 {}", ":is(p,replay-p){}"),
        ("b{}", "b{}"),
    ],
)  # fmt: skip
def test_selectors_select_renamed_elements_too(css: str, selecting: str) -> None:
    assert inert.css(css, frozenset({"a", "p"})) == selecting
    assert inert.css(css) == css
