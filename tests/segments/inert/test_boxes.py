"""Pages with images, films, plugins and custom elements: all outputs lay them out as the live page was laid out."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import attrs
import pytest
from PIL import Image
from playwright.sync_api import Browser, Frame, Page
from rum_replay import segments

from .. import made

WIDTH, HEIGHT = 600, 300
"""Of the image and the film that the live page shows, in pixels."""

# `SIZED` is the attributes `width` and `height`, which are those of the image.
SIZED = [
    '<img src="/i.png" SIZED>',
    '<img src="/i.png" alt="" SIZED>',
    '<img src="/i.png" alt="Hero" SIZED>',
    '<img src="/i.png" srcset="/i.png 1x, /j.png 3x" alt="Hero" SIZED>',
    '<img srcset="/i.png 1x" alt="Hero" SIZED>',
    '<picture><source srcset="/i.webp" type="image/x-none"><img src="/i.png" alt="Hero" SIZED></picture>',
    '<picture><source srcset="/i.png" media="(min-width: 9px)" SIZED><img src="/j.png" width="9" height="9"></picture>',
    '<picture><source srcset="/i.png" media="(max-width: 9px)" width="7" height="8"><img src="/i.png" SIZED></picture>',
    '<input type="image" src="/i.png" SIZED>',
    '<input type="image" src="/i.png" alt="Send" SIZED>',
    '<video src="/none.webm" poster="/i.png" SIZED></video>',
]
PLUGINS = [
    '<object data="/i.png" type="image/png" SIZED>instead</object>',
    '<object data="/i.png" SIZED><p>instead</p></object>',
    '<embed src="/i.png" type="image/png" SIZED>',
]
STYLES = [
    "",
    "width:100%;height:auto",
    "max-width:100%;height:auto",
    "width:auto;height:90px",
    "width:33%",
    "width:50px;height:20px",
    "width:90px;height:auto;aspect-ratio:1",
    "width:90px;height:auto;aspect-ratio:auto 1",
    "display:block;margin:auto;max-width:50%;height:auto",
    "height:50%",
    "border:3px solid;padding:5px;box-sizing:border-box;width:80px;height:auto",
    "float:right;width:80px;height:auto",
    "object-fit:cover;width:100%;height:40px",
]
# Only style sheets give these a size.
UNSIZED = [
    '<img src="/i.png" class="CLASS">',
    '<img src="/i.png" class="CLASS" alt="">',
    '<img src="/i.png" class="CLASS" alt="A long text about what there is to see in this image">',
    '<img srcset="/i.png 2x" class="CLASS" alt="Hero">',
    '<input type="image" src="/i.png" class="CLASS" alt="Hero">',
    '<video poster="/i.png" class="CLASS"></video>',
    '<object data="/i.png" class="CLASS"></object>',
    '<object data="/page" class="CLASS"><p>instead</p></object>',
    '<embed src="/page" type="text/html" class="CLASS">',
]
CLASSES = {
    "both": "width:200px;height:80px",
    "ratio": "width:300px;aspect-ratio:3/1",
    "percent": "width:50%;height:60px",
    "most": "width:900px;max-width:100%;height:50px",
    "small": "width:24px;height:24px;padding:3px;border:1px solid;vertical-align:middle",
    "square": "width:24px;aspect-ratio:1",
    "block": "display:block;width:100px;height:33px;margin:auto",
    "least": "width:80px;height:400px;max-height:20px",
    "line": "display:inline !important;width:1.5em;height:1.5em;vertical-align:-.1em",
    "reset": "display:initial;width:40px;height:30px",
    "logical": "inline-size:10em;block-size:5em",
    "fill": "position:absolute;inset:0;width:100%;height:100%",
}
# What is adopted is no child of a shadow root, and neither is what we add to one.
ADOPTED = [
    "b:first-child { display: block; padding: 3px }",
    "b:last-child { display: block; padding: 3px }",
    "b:only-child, b:nth-child(2) { display: block; padding: 3px }",
    "* + * { display: block; margin-top: 9px }",
    "b:nth-last-child(odd) { display: block; padding: 3px }",
    "@layer one { img { display: block } b:last-child { display: block; padding: 3px } }",
]
# Images without one, as before a script sets the address of what comes into view.
WITHOUT_IMAGE = [
    f'<div style="display:{display};width:{width}"><img {src} {alt} {size}>beside it</div>'
    for display in ("block", "flex", "grid")
    for width in ("60px", "auto")
    for src in ("", 'src=""', 'src=" "')
    for alt in ("", 'alt=""', 'alt="Hero of it"')
    for size in ("", 'width="50" height="40" style="max-width:100%;height:auto"', 'style="width:50px;height:40px"')
]
OTHERS = [
    '<object data="/page" type="text/html" width="200" height="90">instead</object>',
    '<object data="/page"></object>',
    '<object class="by-name" data="/page"></object><embed class="by-name" src="/page" type="text/html">',
    '<embed src="/page" type="text/html" width="50%" height="40">',
    "<object><p>instead</p></object>",
    '<object class="by-name"><b>instead</b> of it</object>',
    '<object data="/a.swf" width="60" height="40"><p>Get it</p></object>',
    '<object data="/a.swf" width="60" height="40"><param name="movie" value="a"></object>',
    '<object width="60" height="40"><embed src="/a.swf" type="application/x-shockwave-flash" width="50"></object>',
    '<embed src="/a.swf" type="application/x-shockwave-flash" width="70" height="20">',
    '<object type="text/html" style="width:90px"></object>',
    '<audio controls src="/none.wav"></audio>',
    '<audio controls src="/none.wav" style="width:120px;height:30px"></audio>',
    f'<div style="display:flex"><img src="/i.png" alt="" style="width:40px;height:20px"><p>{"long " * 99}</p></div>',
    f'<div style="display:flex"><img src="/i.png" alt="Me" style="width:200px;height:100px"><p>{"long " * 9}</p></div>',
    '<svg width="200" height="50"><image href="/i.png" width="60" height="40"/></svg>',
    '<img src="/i.png" alt="Hero" width="50%" height="40">',
    '<div style="display:flex"><img src="/i.png" alt="Hero" style="width:40px;height:40px"><span>beside</span></div>',
    '<div style="display:grid;grid-template-columns:1fr 2fr"><img src="/i.png" style="width:100%;height:9px">x</div>',
    '<table><tr><td><img src="/i.png" alt="Hero" SIZED style="max-width:100%;height:auto"><td>beside</table>',
    '<img src="/i.png" alt="Hero" class="layered">',
    "<my-card><p>Card</p><button>in card</button></my-card>",
    "<MY-CARD><p>Card</p></MY-CARD>",
    "<later-card>Not defined when it was recorded</later-card>",
    '<x-shadow><img src="/i.png" alt="Hero" class="slotted"></x-shadow>',
    *(f'<x-adopted data-css="{css}" data-order="{n}"></x-adopted>' for css in ADOPTED for n in range(3)),
    '<p class="asked"><img src="/i.png" alt="Hero"></p>',
    '<p class="asked"><img src="/i.png" alt="Hero" SIZED></p>',
    '<p class="asked"><img srcset="/i.png" alt="Hero" SIZED></p>',
    '<p class="asked"><a href="https://shop.example/" target="_blank">link</a> <a href="#here">link</a></p>',
    '<p class="asked"><iframe src="/page"></iframe><video poster="/i.png"></video><video SIZED></video></p>',
    '<p class="asked"><object data="/page"></object><embed src="/page" type="text/html"></p>',
    '<p class="framed"><iframe src="/page"></iframe><object data="/page" SIZED></object></p>',
    '<p class="asked"><button is="own-button" popovertarget="none">Buy</button></p>',
    '<form class="asked" action="/pay" method="post">form</form>',
    '<input type="submit"><input type="reset"><input type="button"><input type="image">',
    '<input type="submit" value="Go"><input type="image" alt="Go"><img src="" alt="Hero" width="60" height="40">',
    '<applet code="a.class" width="60" height="40"><p>No Java</p></applet>',
    '<object data="/page" width="60" height="40" hspace="7" vspace="5" border="3"></object>',
    '<embed src="/page" type="text/html" width="60" height="40" hspace="10%" vspace="5" align="left">',
]
# SDKs record only the size of what is hidden for privacy, HIDDEN.
HIDDEN = [
    "before <span HIDDEN>words</span>, after, and",
    "before <b HIDDEN>words</b> <x-badge HIDDEN>3</x-badge> <button HIDDEN>Pay</button> after, and",
    "<table><tr><td>cell</td><td HIDDEN>hidden</td></tr><tr><th HIDDEN>hidden</th><td>cell</td></tr></table>",
    "<ul><li HIDDEN>one</li><li>two</li></ul><ul HIDDEN><li>three</li></ul>",
    "<fieldset HIDDEN><legend>Name</legend>Ada</fieldset><details HIDDEN><summary>More</summary></details>",
    '<div style="display:flex"><nav HIDDEN style="width:300px">Menu</nav><p style="width:300px">beside</p></div>',
    '<div style="display:grid;grid-template-columns:1fr 2fr"><i HIDDEN>one</i><i>two</i></div>',
    "<x-shadow><b HIDDEN>words</b></x-shadow>",
    '<p HIDDEN style="display:none">No</p><p>shown</p><ul><li HIDDEN hidden>no</li><li>shown</li></ul>',
    '<div style="display:flex;gap:20px"><div HIDDEN hidden>No</div><p>shown</p></div>',
    '<div style="display:grid;grid-template-columns:1fr 2fr"><div HIDDEN hidden>No</div><p>shown</p><p>b</p></div>',
    "<table><tr><td HIDDEN hidden>no</td><td>shown</td></tr><tr HIDDEN hidden><td>no</td></tr></table>",
]
STYLE = """
td, th { padding: 7px }
body { margin: 8px; font: 16px/20px sans-serif } .case { position: relative; width: 410px; min-height: 9px }
object.by-name, embed.by-name { width: 70px; height: 30px }
my-card:not(:defined) { display: none } my-card:defined { display: block; padding: 5px }
.case:has(> :is(my-card:NOT(:DEFIN\\45 D))) { height: 500px }
@layer theme { img { vertical-align: top } .layered { display: block; width: 90px; height: 20px } }
x-shadow { display: block } x-shadow:not(:defined) { display: none }
.asked { img[src$=".PNG" i] { width: 70px; height: 30px } img:not([src]) { display: none } img[srcset] { width: 50px }
a[href^="https:"] { padding: 3px } a[target=_blank]::after { content: " (new)" } a:not([href*="shop"]) { margin: 4px }
iframe[src*="page"] { width: 80px; height: 20px } [poster], [data], [ src ]:is(embed) { width: 60px; height: 25px }
video:not([poster]) { height: 12px } [is="own-button"] { padding: 7px } button[popovertarget] { margin: 2px } }
.framed iframe { vertical-align: middle; border: 5px solid; margin: 0 7px } iframe:first-child { padding: 2px }
form.asked[action][method="post"] { padding: 6px }
"""
SHADOW = (
    "<style>img, ::slotted(img) { width: 60px; height: 30px } :host(:not(:defined)) { height: 1px }</style>"
    '<img src="/i.png" alt="Inside of it"><slot></slot>'
)
SCRIPT = """
customElements.define("my-card", class extends HTMLElement {});
customElements.define("x-adopted", class extends HTMLElement {
    connectedCallback() {
        const root = this.attachShadow({mode: "open"}), sheet = new CSSStyleSheet();
        root.innerHTML = ["<b>1</b>", "<b>1</b><b>2</b><b>3</b>", "<img src=/i.png><b>1</b>"][this.dataset.order];
        sheet.replaceSync("img { width: 30px; height: 20px }" + this.dataset.css);
        root.adoptedStyleSheets = [sheet];
    }
});
customElements.define("x-shadow", class extends HTMLElement {
    constructor() { super(); this.attachShadow({mode: "open"}).innerHTML = SHADOW; }
});
"""

# The page as the SDK records it: a node of the older format.
SERIALIZE = """() => {
    let count = 0;
    const children = node => [...node.childNodes].filter(one => one.localName !== "script").map(write);
    const write = node => {
        const id = count++;
        const rules = sheet => ({cssRules: [...sheet.cssRules].map(one => one.cssText)});
        const sheets = node.adoptedStyleSheets?.length
            ? {adoptedStyleSheets: node.adoptedStyleSheets.map(rules)} : {};
        if (node.nodeType === 9) return {type: 0, id, ...sheets, childNodes: children(node)};
        if (node.nodeType === 10) return {type: 1, id, name: node.name, publicId: "", systemId: ""};
        const isStyle = node.parentNode?.localName === "style";
        if (node.nodeType === 3) return {type: 3, id, textContent: isStyle ? "" : node.data};
        if (node.nodeType === 11) return {type: 11, id, isShadowRoot: true, ...sheets, childNodes: children(node)};
        if (node.dataset?.ddPrivacy === "hidden") {
            const {width, height} = node.getBoundingClientRect();
            const size = {"data-dd-privacy": "hidden", rr_width: `${width}px`, rr_height: `${height}px`};
            return {type: 2, id, tagName: node.tagName, attributes: size, childNodes: []};
        }
        const attributes = Object.fromEntries([...node.attributes].map(({name, value}) => [name, value]));
        if (node.localName === "style") attributes._cssText = [...node.sheet.cssRules].map(one => one.cssText).join("");
        const shadow = node.shadowRoot ? [write(node.shadowRoot)] : [];
        const svg = node.namespaceURI.endsWith("svg") ? {isSVG: true} : {};
        return {type: 2, id, tagName: node.tagName, attributes, ...svg, childNodes: [...shadow, ...children(node)]};
    };
    return write(document);
}"""
# The boxes of all cases and of everything in them, in document order.
MEASURE = """page => [...page.querySelectorAll(".case")].map(one => {
    const all = [one, ...one.querySelectorAll("*")].flatMap(each => [each, ...(each.shadowRoot?.children ?? [])]);
    const left = "[data-dd-privacy] *, slot, source, style, template, object *, replay-object *";
    return all.filter(each => !each.matches(left)).map(each => {
        const {x, y, width, height} = each.getBoundingClientRect();
        return [x, y, width, height];
    });
})"""


def live_page(cases: list[str]) -> str:
    sized = f'width="{WIDTH}" height="{HEIGHT}"'
    classes = "".join(f".{name} {{ {style} }}" for name, style in CLASSES.items())
    body = "".join(f'<div class="case">{case.replace("SIZED", sized)} text</div>' for case in cases)
    script = SCRIPT.replace("SHADOW", repr(SHADOW))
    return f"<!DOCTYPE html><html><head><style>{STYLE}{classes}</style></head><body>{body}<script>{script}</script>"


class Site:
    """A server of one page, and of images of the same size."""

    def __init__(self) -> None:
        file = io.BytesIO()
        Image.new("RGB", (WIDTH, HEIGHT), "red").save(file, "PNG")
        site = self
        self.page = ""
        self.visited: dict[tuple[str, ...], Live] = {}

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                is_image = self.path.endswith(".png")
                is_there = is_image or self.path in ("/", "/page")
                self.send_response(200 if is_there else 404)
                self.send_header("Content-Type", "image/png" if is_image else "text/html")
                self.end_headers()
                self.wfile.write(file.getvalue() if is_image else site.page.encode() if self.path == "/" else b"<p>x")

            def log_message(self, format: str, *args: Any) -> None: ...

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    site = Site()
    thread = threading.Thread(target=site.server.serve_forever, args=[0.05])
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture(scope="module")
def tab(browser: Browser) -> Iterator[Page]:
    with browser.new_context() as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def live_tab(browser: Browser) -> Iterator[Page]:
    """For pages of the server: in one tab, Chromium starts a process each time that a file follows on them."""
    with browser.new_context(viewport={"width": 1000, "height": 700}) as context:
        yield context.new_page()


@pytest.fixture
def page(tab: Page) -> Page:
    """The same for all tests, since Chromium starts a process for each."""
    tab.set_viewport_size({"width": 1000, "height": 700})
    return tab


@attrs.frozen
class Live:
    """A live page: as recorded, and the boxes in it."""

    snapshot: dict[str, Any]
    boxes: list[list[list[float]]]

    @property
    def recording(self) -> segments.Recording:
        return made.recording(made.meta(), made.record(2, 0, self.snapshot), made.click(5))


def visit(site: Site, page: Page, cases: list[str]) -> Live:
    """The page with these cases, with its images, which the event `load` waits for."""
    site.page = live_page(cases)
    page.goto(site.url)
    offset = {"top": 0, "left": 0}
    return Live({"node": page.evaluate(SERIALIZE), "initialOffset": offset}, page.evaluate(f"({MEASURE})(document)"))


def in_markup(recording: segments.Recording, path: Path, page: Page) -> list[Any]:
    path.write_text(segments.to_html(segments.page_at(recording.views[0])), encoding="utf-8")
    page.goto(path.as_uri())
    return measured(page.main_frame)


def in_player(recording: segments.Recording, path: Path, page: Page) -> list[Any]:
    page.set_viewport_size({"width": 1500, "height": 1000})
    page.goto(segments.write_player(recording, path).as_uri())
    page.locator("#position:enabled").wait_for()
    return played(page)


def played(page: Page) -> list[Any]:
    """Boxes in the player, once it has all images, which are in the page itself."""
    page.wait_for_function("[...document.querySelector('#stage iframe').contentDocument.images].every(i => i.complete)")
    result: list[Any] = page.evaluate(f"({MEASURE})(document.querySelector('#stage iframe').contentDocument)")
    return result


def in_heatmap(recording: segments.Recording, path: Path, page: Page) -> list[Any]:
    page.set_viewport_size({"width": 1500, "height": 1000})
    page.goto(segments.heatmap_of(recording).write_html(path).as_uri())
    return measured(page.frames[1])


def measured(frame: Frame) -> list[Any]:
    """Read by the browser's tools, because the frame of a heatmap runs no script."""
    result: list[Any] = frame.locator("html").evaluate(f"html => ({MEASURE})(html.ownerDocument)")
    return result


Show = Callable[[segments.Recording, Path, Page], list[Any]]
every_output = pytest.mark.parametrize("show", [in_markup, in_player, in_heatmap])


@every_output
@pytest.mark.parametrize(
    "cases",
    [
        *([case.replace("SIZED", f'SIZED style="{style}"') for style in STYLES] for case in SIZED),
        *(
            [case.replace("SIZED", f'SIZED style="{style}"') for style in STYLES if "auto 1" not in style]
            for case in PLUGINS
        ),
        *([case.replace("CLASS", name) for name in CLASSES] for case in UNSIZED),
        OTHERS,
        WITHOUT_IMAGE,
        [case.replace("HIDDEN", 'data-dd-privacy="hidden"') for case in HIDDEN],
    ],
    ids=[*SIZED, *PLUGINS, *UNSIZED, "others", "without image", "hidden"],
)
def test_every_box_and_what_follows_it_is_where_it_was(
    show: Show, cases: list[str], site: Site, live_tab: Page, page: Page, tmp_path: Path
) -> None:
    live = site.visited.get(tuple(cases)) or visit(site, live_tab, cases)
    site.visited[tuple(cases)] = live
    shown = show(live.recording, tmp_path / "page.html", page)
    assert len(live.boxes) == len(cases)
    assert [
        (case, expected, found)
        for case, expected, found in zip(cases, live.boxes, shown, strict=True)
        if [pytest.approx(box, abs=1) for box in expected] != found
    ] == []


CHANGING = [
    '<img id="grows" src="/i.png" alt="Hero" width="60" height="60">',
    '<img id="shown" src="data:image/png,none" alt="" width="60" height="30">',
    '<img id="freed" src="/i.png" alt="Hero" width="60" height="30" class="both">',
    '<video id="film" style="width:90px;height:auto" poster="/i.png" width="60" height="60"></video>',
    '<input id="button" type="image" src="/i.png" width="60" height="60" style="height:auto">',
    '<object id="plugin" data="/page" width="60" height="30"></object>',
    '<p class="asked"><img id="asked" src="/j.jpg" width="60" height="40"><img id="unset" src="/i.png" alt=""></p>',
    '<object id="filled" width="60" height="30"></object> <embed id="started" width="60" height="30">',
    '<object id="emptied" data="/page" width="60" height="30"><p>instead <b>of</b> it</p></object>',
    '<object id="spaced" data="/page" width="60" height="30"></object>',
    '<div style="display:flex;width:60px"><img id="empty" style="width:50px;height:40px" alt="">beside it</div>',
    '<span id="place"></span>',
]
CHANGE = """() => {
    const find = id => document.getElementById(id);
    find("grows").width = 600; find("grows").height = 300; find("grows").style = "width:50%;height:auto";
    find("shown").src = "/i.png";
    find("freed").removeAttribute("width"); find("freed").removeAttribute("height");
    find("film").width = 300; find("film").height = 150;
    find("button").width = 600; find("button").height = 300;
    find("plugin").height = 90;
    find("asked").src = "/i.png"; find("unset").removeAttribute("src"); find("empty").src = "";
    find("filled").append("text"); find("started").src = "/page"; find("spaced").setAttribute("hspace", 9);
    find("emptied").removeAttribute("data");
    find("place").innerHTML = '<img src="/i.png" alt="Later" class="small"><object data="/page" width="50"></object>';
    const host = document.createElement("x-shadow");
    host.innerHTML = '<img src="/i.png" alt="Hero">';
    find("place").append(host);
}"""


@pytest.mark.parametrize("show", [in_player, in_markup])
def test_boxes_change_with_the_page(show: Show, site: Site, live_tab: Page, page: Page, tmp_path: Path) -> None:
    before = visit(site, live_tab, CHANGING)
    live_tab.evaluate(CHANGE)
    live_tab.wait_for_load_state("networkidle")
    boxes, changed = live_tab.evaluate(f"({MEASURE})(document)"), live_tab.evaluate(SERIALIZE)
    recording = made.recording(
        made.meta(), made.record(2, 0, before.snapshot), changes(before.snapshot["node"], changed), made.click(5)
    )
    assert before.boxes != boxes
    found = show(recording, tmp_path / "page.html", page)
    if show is in_player:
        position = page.locator("#position:enabled")
        position.fill(position.get_attribute("max") or "")
        found = played(page)
    assert found == [[pytest.approx(box, abs=1) for box in case] for case in boxes]


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """A mutation from one page to the other: attributes by the attribute `id`, and the children of what was empty."""
    first, last = ({one["attributes"].get("id"): one for one in elements(page)} for page in (before, after))
    attributes: list[dict[str, Any]] = []
    for name in filter(None, first):
        old, new = first[name]["attributes"], last[name]["attributes"]
        values = {key: new.get(key) for key in (*old, *new) if old.get(key) != new.get(key)}
        attributes.append({"id": first[name]["id"], "attributes": values})
    adds = [
        {"parentId": first[name]["id"], "nextId": None, "node": one}
        for name in ("filled", "place")
        if name in first
        for one in last[name]["childNodes"]
    ]
    for number, one in enumerate(node for add in adds for node in elements(add["node"], every=True)):
        one["id"] = 1_000 + number
    return made.mutation(2, attributes=attributes, adds=adds)


def elements(node: dict[str, Any], *, every: bool = False) -> Iterator[dict[str, Any]]:
    """A node and all below it; only the elements, unless all nodes are wanted."""
    if every or node["type"] == 2:
        yield node
    for child in node.get("childNodes", []):
        yield from elements(child, every=every)
