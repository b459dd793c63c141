"""Elements and style sheets made to attack the browser that shows them."""

from __future__ import annotations

import random
from itertools import count
from typing import Any

from . import made

ids = count(1000)


def tag(name: str, /, *children: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return made.element(next(ids), name, *children, **attributes)


def svg(name: str, /, *children: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {**tag(name, *children, **attributes), "isSVG": True}


def text(content: str) -> dict[str, Any]:
    return {"type": 3, "id": next(ids), "textContent": content}


_WITH_URLS = [
    "a",
    "area",
    "audio",
    "blockquote",
    "body",
    "button",
    "del",
    "embed",
    "fencedframe",
    "form",
    "frame",
    "html",
    "iframe",
    "img",
    "input",
    "link",
    "object",
    "portal",
    "script",
    "source",
    "table",
    "td",
    "track",
    "video",
    "x-any",
]
_SVG_WITH_URLS = [
    "a",
    "feImage",
    "filter",
    "image",
    "linearGradient",
    "mpath",
    "pattern",
    "rect",
    "script",
    "textPath",
    "use",
]
# Written out by hand; test_policy.py compares them with those that the product removes.
URL_ATTRIBUTES = [
    "action",
    "archive",
    "attributionsrc",
    "background",
    "base",
    "cite",
    "classid",
    "code",
    "codebase",
    "data",
    "dynsrc",
    "formaction",
    "href",
    "icon",
    "imagesrcset",
    "longdesc",
    "lowsrc",
    "manifest",
    "ping",
    "poster",
    "profile",
    "src",
    "srcset",
    "usemap",
]
_XML_URL_ATTRIBUTES = ["xlink:href", "xml:base"]
_IMAGE_PROPERTIES = [
    "background",
    "border-image-source",
    "content",
    "cursor",
    "list-style-image",
    "mask-image",
    "shape-outside",
]
_IMAGE_FUNCTIONS = (
    'url("{}")',
    "url({})",
    "u\\72l( '{}' )",
    "URL(/**/{})",
    'image-set("{}" 1x)',
    "-webkit-image-set(url({}) 1x)",
    "-webkit-cross-fade(url({}), url({}), 50%)",
    'image("{}")',
    'src("{}")',
    "\\69mage-set('{}' 1x)",
)
_REFERENCES = [
    "clip-path",
    "cursor",
    "fill",
    "filter",
    "marker",
    "marker-start",
    "marker-mid",
    "marker-end",
    "mask",
    "stroke",
]


def hostile_entries(url: str) -> list[dict[str, Any]]:
    """Each attribute with a URL on each element that could load it, and each function of CSS in each kind of value."""
    elements: list[dict[str, Any]] = []
    for make, names in ((tag, _WITH_URLS), (svg, _SVG_WITH_URLS)):
        for name in names:
            urls = {attribute: f"{url}/{name}/{attribute}" for attribute in [*URL_ATTRIBUTES, *_XML_URL_ATTRIBUTES]}
            urls |= {attribute: f"{address} 1x" for attribute, address in urls.items() if attribute.endswith("srcset")}
            elements += [make(name, **urls), make(name, **dict.fromkeys(urls, "#x"))]
    elements += [svg("rect", **{name: f"url({url}/{name}#x)"}, width="9", height="9") for name in _REFERENCES]
    for number, function in enumerate(_IMAGE_FUNCTIONS):
        for name in _IMAGE_PROPERTIES:
            kinds = ("inline", "sheet", "svg", "text")
            values = [function.replace("{}", f"{url}/css/{number}/{name}/{kind}") for kind in kinds]
            inline, sheet, within, recorded = (f"display:list-item;{name}:{value}" for value in values)
            classes = [f"c{number}-{name}-{kind}" for kind in kinds]
            elements += [
                tag("p", text("x"), style=inline),
                tag("style", text(f".{classes[1]}{{{sheet}}}")),
                svg("svg", svg("style", text(f".{classes[2]}{{{within}}}"))),
                tag("style", _cssText=f".{classes[3]}{{{recorded}}}"),
                *(tag("p", text("x"), **{"class": one}) for one in classes[1:]),
            ]
        elements.append(tag("style", text(f"@import {function.replace('{}', f'{url}/import/{number}')};")))
    return [
        *elements,
        # The parser reads character references in styles within <svg>, and tags in both.
        svg("svg", svg("style", text(f"p{{background:u&#114;l({url}/reference)}}<img src={url}/in-style>"))),
        svg("svg", tag("style", text(f"dt{{background:&#117;rl({url}/reference2)}}"))),
        *(tag(name, text("x")) for name in ("b", "dt", "i")),
        tag("style", text("b{background:ur"), text(f"l({url}/two-texts)}}")),
        tag("style", text("i{background:url(#x);list-style:url('#x')}")),
        tag("form", tag("input", name="q"), tag("button", text("send"), formmethod="post"), method="get"),
        tag("button", text("open"), popovertarget="p", commandfor="p", command="show-popover"),
        svg("svg", svg("svg:script", text("alert(1)")), svg("svg:a", svg("svg:animate", attributeName="href"))),
        tag("x:script", text("alert(1)")),
        tag("script", text(f'{{"prefetch":[{{"urls":["{url}/speculation"]}}]}}'), type="speculationrules"),
        tag("div", tag("template", tag("img", src=f"{url}/shadow"), shadowrootmode="open")),
        tag("constructor", text("x")),
        svg("valueOf", svg("toString")),
    ]


def hostile_sheets(url: str, amount: int) -> list[str]:
    """Style sheets of pieces of CSS in random order, the same in each run; each may load from its own path."""
    pieces = [
        "url(",
        "u\\72l(",
        "@import ",
        "image-set(",
        "#",
        "'",
        '"',
        "\\",
        "/*",
        "*/",
        "(",
        ")",
        "{",
        "}",
        ";",
        " ",
    ]
    pieces += [
        "\n",
        "b{background:",
        "x",
        "é",
        "\0",
        "\\\n",
        "5",
        "U+",
        "URL",
        "data:image/png,x",
        "\\a ",
        "-",
        "&",
        "<!--",
    ]
    chosen = random.Random(1)
    sheets: list[str] = []
    for number in range(amount):
        address = f"{url}/sheet/{number}"
        some = [*chosen.choices(pieces, k=chosen.randrange(1, 6)), "url(", address, ")"]
        sheets.append(
            "b{background:"
            + "".join([*some, *chosen.choices([*pieces, address], k=3)])
            + f";}}b{{background:url({address}"
        )
    return sheets


def hostile_elements(url: str) -> list[dict[str, Any]]:
    """Elements that could run a script, make requests or navigate."""
    script = "alert(document.domain);top.location='about:blank'"
    page = f"<script>{script}</script><img src={url}/from-html>"
    return [
        tag("script", text(script)),
        tag("script", src=f"{url}/script.js"),
        tag("script", text("import('./x')"), type="module"),
        tag("noscript", text(page)),
        tag("img", src=f"{url}/image", srcset=f"{url}/set 2x", onerror=script, onload=script),
        tag("img", src="data:image/gif;base64,broken", onerror=script),
        tag("img", src="data:image/svg+xml," + f"<svg xmlns='http://www.w3.org/2000/svg' onload='{script}'/>"),
        tag("picture", tag("source", srcset=f"{url}/source"), tag("img", src=f"{url}/picture")),
        tag(
            "div",
            text("over"),
            onmouseover=script,
            onpointerenter=script,
            onanimationstart=script,
            style="animation: x",
        ),
        tag("a", text("link"), href=f"javascript:{script}", target="_top"),
        tag("a", text("ping"), href=f"{url}/link", ping=f"{url}/ping", target="_blank", download="x", rel="prefetch"),
        tag("meta", **{"http-equiv": "refresh", "content": f"0; url={url}/refresh"}),
        tag("META", **{"HTTP-EQUIV": "ReFresh", "CONTENT": f"0; url=javascript:{script}"}),
        tag("meta", **{"http-equiv": "Content-Security-Policy", "content": "style-src 'none'"}),
        tag("base", href=f"{url}/base/", target="_top"),
        tag("link", rel="stylesheet", href=f"{url}/sheet.css"),
        tag("link", rel="preload", href=f"{url}/preload", **{"as": "image"}),
        tag("link", rel="dns-prefetch preconnect prefetch modulepreload manifest icon", href=url),
        tag("iframe", srcdoc=page, src=f"{url}/frame"),
        tag("iframe", src=f"javascript:{script}"),
        tag("iframe", src=f"data:text/html,{page}", sandbox="allow-scripts allow-top-navigation"),
        tag("frame", src=f"{url}/frame"),
        tag("object", data=f"{url}/object", type="image/png"),
        tag("object", data=f"data:text/html,{page}"),
        tag("embed", src=f"{url}/embed"),
        tag("embed", src=f"data:image/svg+xml,{page}", type="image/svg+xml"),
        tag(
            "video",
            tag("track", src=f"{url}/track", default=""),
            src=f"{url}/video",
            poster=f"{url}/poster",
            autoplay="",
        ),
        tag("audio", src=f"{url}/audio", autoplay="", rr_mediaState="played"),
        tag("form", tag("button", text("go"), formaction=f"{url}/button"), action=f"{url}/form", target="_top"),
        tag("input", type="image", src=f"{url}/input", autofocus="", onfocus=script),
        tag("input", type="file", value="C:\\secret"),
        tag("body", background=f"{url}/background", onload=script),
        tag("table", background=f"{url}/table"),
        tag(
            "div", style=f"background:url({url}/style);list-style-image:url('{url}/list');cursor:url({url}/cursor),auto"
        ),
        tag("div", style=f'background:image-set("{url}/set" 1x);border-image:-webkit-image-set(url({url}/wk) 1x)'),
        tag(
            "style", text(f"@import '{url}/import';@import url({url}/import2);body{{background:URL( \"{url}/css\" )}}")
        ),
        tag(
            "style",
            text(f"@font-face{{font-family:f;src:url({url}/font)}}*{{font-family:f}}</style><script>{script}</script>"),
        ),
        tag("link", _cssText=f"@import url('{url}/cssText');i{{background:url({url}/cssText2)}}", rel="stylesheet"),
        tag("canvas", rr_dataURL=f"{url}/canvas"),
        tag("img", rr_dataURL=f"{url}/rr"),
        tag("dialog", open="", rr_open_mode="modal"),
        tag("template", tag("script", text(script))),
        tag("textarea", value="</textarea><script>alert(1)</script>"),
        tag("div", text("</script><script>alert(1)</script><!-- <script>")),
        tag("x-element", **{"is": "x-other", "data-x": "</script><!--"}),
        svg(
            "svg",
            svg("script", text(script)),
            svg("script", **{"xlink:href": f"{url}/svg.js"}),
            svg("image", href=f"{url}/svg-image", **{"xlink:href": f"{url}/svg-xlink"}),
            svg("use", href=f"{url}/use#x"),
            svg("a", svg("text", text("svg")), **{"xlink:href": f"javascript:{script}", "target": "_top"}),
            svg("rect", fill=f"url({url}/fill#x)", filter=f"url({url}/filter#x)", mask=f"url({url}/mask)"),
            svg("set", attributeName="href", to=f"javascript:{script}", onbegin=script),
            svg("animate", attributeName="xlink:href", values=f"{url}/animate;{url}/animate2", onend=script),
            svg("feImage", href=f"{url}/feimage"),
            svg("foreignObject", tag("iframe", srcdoc=page), tag("script", text(script))),
            onload=script,
        ),
    ]
