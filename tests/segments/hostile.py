"""Elements made to attack whoever shows them."""

from __future__ import annotations

from itertools import count
from typing import Any

from . import made

ids = count(1000)


def tag(name: str, *children: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return made.element(next(ids), name, *children, **attributes)


def svg(name: str, *children: dict[str, Any], **attributes: Any) -> dict[str, Any]:
    return {**tag(name, *children, **attributes), "isSVG": True}


def text(content: str) -> dict[str, Any]:
    return {"type": 3, "id": next(ids), "textContent": content}


def hostile_elements(url: str) -> list[dict[str, Any]]:
    """What could run a script, ask a server or lead away."""
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
