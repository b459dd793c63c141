"""Recorded names that scripts look up: the player shows the same elements as `to_html`, whatever they are called."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from rum_replay import segments
from rum_replay.segments.player import write_player

from .. import made
from ..hostile import ids, svg, tag, text
from .replay_page import ReplayPage

OpenPage = Callable[[Path], ReplayPage]

OBJECT_PROPERTIES = [
    "__defineGetter__",
    "__defineSetter__",
    "__lookupGetter__",
    "__lookupSetter__",
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "toString",
    "valueOf",
]
WRITTEN = [
    written
    for name in OBJECT_PROPERTIES
    for written in (
        name,
        name.upper(),
        name.lower(),
        name.capitalize(),
        f"svg:{name}",
        f"X:{name.upper()}",
        f"x-{name}",
    )
]

# Each element and text in a document and its shadow roots, with its depth and attributes, but for what the player adds.
# Properties are read by the getters of their classes, because the elements hide some of their own.
_STRUCTURE = """page => {
    const found = [], added = ["autocomplete", "data-replay-missing", "data-replay-hidden", "data-replay-hover"];
    const getter = (type, name) => {
        const {get} = Object.getOwnPropertyDescriptor(type.prototype, name);
        return node => get.call(node);
    };
    const [kind, data, children] = ["nodeType", "textContent", "childNodes"].map(name => getter(Node, name));
    const [localName, attributes, shadow] = ["localName", "attributes", "shadowRoot"].map(
        name => getter(Element, name));
    const walk = (node, depth) => {
        if (kind(node) === 3 && data(node)) found.push([depth, data(node)]);
        if (kind(node) !== 1) return;
        const isKept = ({name}) => !added.includes(name) && !name.startsWith("data-replay-was-");
        const kept = [...attributes(node)].filter(isKept);
        const texts = kept.map(({name, value}) => `${name.toLowerCase()}=${value.replace(/ ?:hover$/, "")}`);
        found.push([depth, localName(node).toLowerCase(), ...texts.filter(one => one !== "class=").sort()]);
        if (shadow(node)) for (const child of children(shadow(node))) walk(child, depth + 100);
        for (const child of children(node)) walk(child, depth + 1);
    };
    walk(Document.prototype.querySelector.call(page, "body"), 0);
    return found;
}"""


def check_the_same_structure(recording: segments.Recording, path: Path, open_page: OpenPage) -> None:
    page = open_page(write_player(recording, path / "replay.html"))
    view = recording.views[0]
    markup = segments.to_html(segments.page_at(view, view.end))
    expected = page.page.evaluate(f"markup => ({_STRUCTURE})(Document.parseHTMLUnsafe(markup))", markup)
    assert len(expected) > 300
    page.seek(page.total)
    assert page.in_frame(_STRUCTURE) == expected
    page.seek(0)
    page.page.keyboard.press("k")
    page.page.locator("#play:not(.playing)").wait_for()
    assert page.in_frame(_STRUCTURE) == expected


def named(name: str) -> list[dict[str, Any]]:
    """Elements that have the name in every place where a name may be."""
    values = {"id": name, "class": name, "title": name, "data-x": name, name: name}
    root = {"type": 11, "id": next(ids), "isShadowRoot": True, "childNodes": [tag(name, text("in shadow"), **values)]}
    return [
        tag(name, text("x"), **values),
        svg("svg", svg(name, svg("g", **values), **values), **values),
        tag("math", tag(name, **values)),
        tag("div", tag(f"x-{name.strip('_').lower()}", **values), root),
        *(tag("iframe", tag(name, text("in a frame")), name=name) for _ in range(name == "constructor")),
        tag("form", tag("input", name=name, value=name), tag("button", text("y"), id=name), name=name),
        tag("img", name=name, id=name),
    ]


def test_names_of_the_properties_of_objects(tmp_path: Path, open_page: OpenPage) -> None:
    plain, shape, other = tag("div", text("z")), svg("svg", svg("rect", x="1")), tag("b", constructor="a", toString="b")
    snapshot = made.snapshot(0, plain, shape, other, *(one for name in WRITTEN for one in named(name)))
    doctype = {"type": 1, "id": next(ids), "name": "constructor", "publicId": "", "systemId": ""}
    snapshot["data"]["node"]["childNodes"].insert(0, doctype)
    added = [one for name in WRITTEN for one in named(name)]
    later = [{"parentId": made.BODY, "nextId": None, "node": one} for one in added]
    changed = [plain["id"], shape["id"], shape["childNodes"][0]["id"], added[0]["id"], made.BODY]
    removed = dict.fromkeys(WRITTEN)
    records = [
        made.meta(),
        snapshot,
        made.mutation(50, adds=later),
        made.mutation(100, attributes=[{"id": one, "attributes": {name: name for name in WRITTEN}} for one in changed]),
        made.mutation(150, attributes=[{"id": one, "attributes": removed} for one in [*changed, other["id"]]]),
        made.mutation(200, removes=[{"parentId": made.BODY, "id": added[1]["id"]}]),
        made.click(250, id=added[2]["id"]),
    ]
    check_the_same_structure(made.recording(*records), tmp_path, open_page)


def test_names_of_the_properties_of_objects_in_the_newer_format(tmp_path: Path, open_page: OpenPage) -> None:
    # A node is added below the one that is so many nodes before it.
    nodes: list[Any] = [[None, "#document"], [1, "HTML"], [1, "BODY"]]
    for name in WRITTEN:
        nodes += [[len(nodes) - made.BODY, name, [name, name], ["id", name]], [len(nodes) + 1 - made.BODY, "svg>svg"]]
        nodes += [[1, f"svg>{name}", [name, name]], [len(nodes) + 1 - made.BODY, "DIV"], [1, "#shadow-root"], [1, name]]
    snapshot = made.record(2, 0, [[1, *nodes]], format=1)
    added = [[len(nodes) + n - made.BODY, name, [name, name]] for n, name in enumerate(WRITTEN)]
    attributes = [[3, [made.BODY, [name, name]]] for name in WRITTEN]
    removed = [[3, [made.BODY, [name]]] for name in WRITTEN]
    later = [made.change(100, [1, *added], *attributes), made.change(120, *removed)]
    recording = made.recording(made.meta(), snapshot, *later, made.click(150))
    assert not segments.page_at(recording.views[0]).problems
    check_the_same_structure(recording, tmp_path, open_page)


@pytest.fixture(scope="module")
def properties(browser: Browser) -> list[str]:
    """The names of all properties that this browser's forms and documents have."""
    page = browser.new_page()
    names: list[str] = page.evaluate(
        """() => [...new Set([document, document.createElement("form")].flatMap(one => {
            const names = [];
            for (; one; one = Object.getPrototypeOf(one)) names.push(...Object.getOwnPropertyNames(one));
            return names;
        }))].sort()"""
    )
    page.close()
    assert len(names) > 400
    return names


def test_names_that_would_hide_what_forms_and_documents_are(
    properties: list[str], tmp_path: Path, open_page: OpenPage
) -> None:
    def hiding() -> tuple[dict[str, Any], list[dict[str, Any]]]:
        kinds = ("button", "fieldset", "input", "output", "select", "textarea", "img")
        controls = [tag(kinds[n % 7], **{("id", "name")[n % 2]: name}) for n, name in enumerate(properties)]
        frames = [tag("iframe", name=name) for name in ("close", "head", "open", "querySelectorAll", "write")]
        form = tag("form", tag("p", text("x")), *controls, style="color:red")
        return form, [form, *(tag(("img", "form")[n % 2], name=name) for n, name in enumerate(properties)), *frames]

    (first, before), (second, after) = hiding(), hiding()
    added = [{"parentId": made.BODY, "nextId": None, "node": one} for one in after]
    within = [{"parentId": form["id"], "nextId": None, "node": tag("b", text("y"))} for form in (first, second)]
    removed = [{"parentId": form["id"], "id": form["childNodes"][0]["id"]} for form in (first, second)]
    styled = [{"id": form["id"], "attributes": {"style": "color:blue", "title": "t"}} for form in (first, second)]
    records = [
        made.meta(),
        made.snapshot(0, *before),
        made.mutation(50, adds=added),
        made.event(1, 60, positions=[{"x": 1, "y": 1, "id": first["id"], "timeOffset": 0}]),
        made.mutation(100, adds=within, attributes=styled),
        made.event(3, 120, id=first["id"], x=0, y=1),
        made.mutation(150, removes=removed),
        made.click(200, id=second["id"]),
        made.mutation(250, attributes=[{"id": second["id"], "attributes": {"title": None}}]),
    ]
    check_the_same_structure(made.recording(*records), tmp_path, open_page)
