"""Markup that looks like the page and is inert."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments import _inert as inert
from rum_replay.segments.dom import page_at, to_html

from ..recorded import FOLDERS, segment_files
from .pages import change, change_snapshot, document, element, incremental, page_of, shadow, text, tree_snapshot

OURS = ' data-replay-ours style="display:none!important"'
"""Attributes of styles that are no elements of the recording."""

DOCTYPE = {"type": 1, "id": 99, "name": "html", "publicId": "", "systemId": ""}


def html_of(*children: Any) -> str:
    """Markup of the children of a body, from a snapshot of the older format."""
    page = page_of(tree_snapshot(document(0, element(1, "body", *children))))
    assert page.problems == {}
    markup = to_html(page)
    assert markup.startswith("<body>")
    return markup.removeprefix("<body>").removesuffix("</body>")


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    ("children", "markup"),
    [
        (
            [element(9, "p", text(2, "a < b & c > d"), title='"<&>"')],
            '<p title="&quot;&lt;&amp;&gt;&quot;">a &lt; b &amp; c &gt; d</p>',
        ),
        ([element(9, "br"), element(2, "img", alt="")], '<br><img alt="">'),
        (
            [element(9, "input", type="checkbox", value="on", checked=True)],
            '<input type="checkbox" value="on" checked="">',
        ),
        ([element(9, "input", value="typed")], '<input value="typed">'),
        (
            [element(9, "textarea", text(2, "seed"), value="\n</textarea>x")],
            "<textarea>\n\n&lt;/textarea&gt;x</textarea>",
        ),
        ([element(9, "pre", text(2, "\ncode"))], "<pre>\n\ncode</pre>"),
        (
            [
                element(
                    9,
                    "select",
                    element(2, "option", value="a"),
                    element(3, "option", value="b", selected=True),
                    value="b",
                )
            ],
            '<select><option value="a"></option><option value="b" selected=""></option></select>',
        ),
        (
            [element(9, "x-a", shadow(2, text(3, "in")), text(4, "out"))],
            '<x-a><template shadowrootmode="open">in</template>out</x-a>',
        ),
        ([element(9, "style", _cssText="a > b{}", media="print")], '<style media="print">a > b{}</style>'),
        ([element(9, "style", text(2, "a{}"))], "<style>a{}</style>"),
        ([element(9, "link", rel="stylesheet", href="/a.css", _cssText="a{}")], "<style>a{}</style>"),
        ([element(9, "link", rel="stylesheet", href="/a.css")], "<template></template>"),
        ([element(9, "link", rel="preload", href="/a.js"), element(2, "p")], "<template></template><p></p>"),
        ([element(9, "listing", text(2, "\n<b>"))], "<listing>\n\n&lt;b&gt;</listing>"),
        ([element(9, "iframe", element(2, "p"), text(3, "x"), width="5")], '<iframe width="5"></iframe>'),
        ([element(9, "form", action="/pay", method="post")], '<form method="dialog"></form>'),
        (
            [element(9, "svg", element(2, "svg:use", href="#x") | {"isSVG": True}) | {"isSVG": True}],
            '<svg><use href="#x"></use></svg>',
        ),
        ([element(9, "audio", src="a.wav", controls="", autoplay="")], '<audio controls=""></audio>'),
    ],
)
def test_markup_shows_the_page(children: list[Any], markup: str) -> None:
    assert html_of(*children) == markup


def test_a_whole_page_has_its_doctype_its_charset_and_adopted_sheets() -> None:
    page = page_of(
        change_snapshot(
            [
                1,
                [None, "#document"],
                [1, "#doctype", "html", "-//W3C", "about:x"],
                [0, "HTML"],
                [1, "HEAD"],
                [0, "BODY"],
            ],
            [1, [1, "X-A"], [1, "#shadow-root"]],
            [7, ["a{}", ["print", "screen"]], ["b{}", [], True], ["c{}"]],
            [8, [0, 0, 1], [6, 2]],
        )
    )
    assert to_html(page) == (
        '<!DOCTYPE html PUBLIC "-//W3C" "about:x"><html><head><meta charset="utf-8"></head><body><x-a>'
        f'<template shadowrootmode="open"><style{OURS}>c{{}}</style></template></x-a></body>'
        f'<style{OURS} media="print, screen">a{{}}</style></html>'
    )
    assert to_html(page.nodes[6]) == f'<template shadowrootmode="open"><style{OURS}>c{{}}</style></template>'


def test_what_is_left_out_of_a_head_leaves_no_trace_and_what_would_end_it_only_its_styles() -> None:
    ending = element(4, "div", text(5, "shown nowhere"), element(6, "p", element(7, "style", text(8, "a{}"))))
    head = element(2, "head", element(3, "script"), element(9, "link"), ending, text(10, "text"))
    assert to_html(page_of(tree_snapshot(document(0, element(1, "html", head))))) == (
        '<html><head><meta charset="utf-8"><style>a{}</style></head></html>'
    )


@pytest.mark.parametrize(
    ("doctype", "markup"),
    [
        ({}, "<!DOCTYPE html>"),
        ({"name": "x><script"}, "<!DOCTYPE html>"),
        ({"systemId": 'a"><script>'}, '<!DOCTYPE html SYSTEM "a<script">'),
        ({"publicId": "p"}, '<!DOCTYPE html PUBLIC "p">'),
    ],
)
def test_a_document_type_cannot_end_early(doctype: dict[str, str], markup: str) -> None:
    assert to_html(page_of(tree_snapshot(document(0, DOCTYPE | doctype)))) == markup


@pytest.mark.parametrize(
    "hostile",
    [
        element(9, "script", text(2, "alert(1)")),
        element(9, "SCRIPT", src="x.js"),
        element(9, "script", href="x.js") | {"isSVG": True},
        element(9, "p", onclick="alert(1)", ONLOAD="alert(1)"),
        element(9, "a", href="javascript:alert(1)"),
        element(9, "a", href=" \n\x01JaVa\tScRiPt\n:alert(1)"),
        element(9, "a", **{"xlink:href": "javascript:alert(1)"}),
        element(9, "a", href="data:text/html,<script>alert(1)</script>"),
        element(9, "a", href="data:image/svg+xml,<svg onload=alert(1)>"),
        element(9, "img", src="data:text/html,x"),
        element(9, "use", href="data:image/svg+xml,x") | {"isSVG": True},
        element(9, "form", action="https://evil.example/"),
        element(9, "button", formaction="javascript:alert(1)"),
        element(
            9, "iframe", text(2, "</iframe><script>"), src="https://evil.example/", srcdoc="<script>alert(1)</script>"
        ),
        element(9, "object", data="x.swf"),
        element(9, "embed", src="x.swf"),
        element(9, "base", href="https://evil.example/"),
        element(9, "meta", **{"http-equiv": "refresh", "content": "0;url=javascript:alert(1)"}),
        element(9, "animate", attributeName="href", values="javascript:alert(1)") | {"isSVG": True},
        element(9, "set", attributeName="onclick", to="alert(1)") | {"isSVG": True},
        element(9, "noscript", text(2, "</noscript><script>alert(1)</script>")),
        element(9, "xmp", element(2, "script")),
        element(9, "plaintext", text(2, "<script>")),
        element(9, "template", element(3, "plaintext", text(2, "<script>"))),
        element(9, "style", _cssText="</style><script>alert(1)</script>"),
        element(9, "style", _cssText="<img src=x onerror=alert(1)>") | {"isSVG": True},
        element(9, "style", _cssText="b{background:u&#114;l(x)&lt;script") | {"isSVG": True},
        element(9, "style", text(2, "</style><script>alert(1)</script>")),
        element(9, "style", media='"><script>', _cssText="a{}"),
        element(9, "link", rel="stylesheet", href="javascript:alert(1)"),
        element(9, "link", rel="import", href="x.html"),
        element(9, "p><script>alert(1)</script"),
        element(9, "p", **{"x><script>": "", "a b": "", 'c"d': "", "onclick\n": "x", "/onload": "x", "": "x"}),
        element(9, "p", title='"><script>alert(1)</script>'),
        element(9, "title", text(2, "</title><script>alert(1)</script>")),
        element(9, "textarea", value="</textarea><script>alert(1)</script>"),
        element(9, "template", element(2, "script"), shadowrootmode="open"),
        text(9, "<script>alert(1)</script>"),
        {"type": 4, "id": 9, "textContent": "]]><script>"},
    ],
    ids=repr,
)
def test_no_text_and_no_name_becomes_a_tag_or_attribute(hostile: Any) -> None:
    markup = html_of(hostile, element(10, "b"))
    tags = Tags(markup).found
    assert ("b", {}) in tags
    assert {name for name, _ in tags} <= {
        *("a", "audio", "b", "button", "form", "iframe", "img", "p", "pre", "style", "template", "textarea", "title"),
        *("replay-plaintext", "replay-use", "replay-xmp", "x-unknown"),
    }
    for _, attributes in tags:
        ours = {"data-replay-as", "data-replay-unrendered", "data-replay-unsized", "frameborder"}
        assert attributes.keys() <= ours | {"href", "media", "method", "title", "xlink:href"}
        assert {attributes.get("href"), attributes.get("xlink:href")} <= {None, "about:blank"}
    # Also where a style is read as ordinary markup, as it is within <svg>, no tag or character comes out of its text.
    assert "<img src=x" not in markup
    assert "<script" not in markup.lower()
    assert "u&#" not in markup


def test_the_rule_for_images_without_a_size_is_there_once_in_each_document_and_shadow_root() -> None:
    images = [element(3, "img", src="a.png"), element(4, "img", src="b.png", alt="b", width="9")]
    inside = element(5, "x-a", shadow(6, element(7, "img", src="c.png")), element(8, "b"))
    other = element(9, "x-a", shadow(10, element(11, "img", src="c.png", width="3", height="4")))
    body = element(2, "body", *images, inside, other)
    page = page_of(tree_snapshot(document(0, element(1, "html", element(12, "head", element(13, "title")), body))))
    markup = to_html(page)
    rule = f"<style>{inert.UNSIZED_RULE}</style>"
    in_shadow = rule.replace("<style", f"<style{OURS}")
    assert (markup.count(rule), markup.count(in_shadow)) == (1, 1)
    assert f'<head><meta charset="utf-8">{rule}<title>' in markup
    assert f'<x-a><template shadowrootmode="open"><img data-replay-unsized="">{in_shadow}</template>' in markup
    assert to_html(page.nodes[3]) == f'<img data-replay-unsized="">{rule}'
    assert to_html(page.nodes[6]).count(in_shadow) == 1
    assert inert.UNSIZED_RULE not in to_html(page.nodes[9])


def test_an_image_whose_box_is_recorded_has_a_size() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "img", src="a.png", rr_width="60px", rr_height="30px"))))
    assert to_html(page).startswith('<img style="width:60px;height:30px" data-replay-hidden="">')


def test_what_was_recorded_of_an_attribute_is_written_if_a_style_sheet_asks_for_it() -> None:
    link = element(2, "a", href="/a", target="_blank")
    assert html_of(link) == '<a href="about:blank"></a>'
    asking = element(3, "style", text(4, r"a[ hre\66 $='a'],[src] {}"))
    assert html_of(link, asking).startswith('<a href="about:blank" data-replay-was-href="/a"></a>')


def test_styles_that_are_no_elements_do_not_count_as_children() -> None:
    css = "b:last-child,i:only-child{}b:nth-last-child(2n + 1){}b:nth-last-child(1 of i){}@layer a{b:first-child{}}"
    recorded = ":where(:not([data-replay-ours]))"
    counting = (
        f"@layer rum-replay;b:nth-last-child(1 of {recorded}),i:nth-last-child(1 of {recorded}):where(:first-child){{}}"
        f"b:nth-last-child(2n + 1 of {recorded}){{}}b:nth-last-child(1 of i){{}}@layer a{{b:first-child{{}}}}"
    )
    image = element(4, "img", src="a.png")
    alone = shadow(2, element(3, "style", _cssText=css))
    assert f"<style>{css}</style>" in html_of(element(9, "x-a", alone))
    assert f"<style>{counting}</style>" in html_of(
        element(9, "x-a", shadow(2, element(3, "style", _cssText=css), image))
    )


@pytest.mark.parametrize(
    ("hidden", "markup"),
    [
        (element(9, "div", rr_width="10px", rr_height="2.5px"), '<div style="width:10px;height:2.5px"'),
        (element(9, "div", style="top:0", rr_width="1px"), '<div style="top:0;width:1px;height:0px"'),
        (element(9, "p", rr_width="0px", rr_height="0px"), '<p style="display:none"'),
        (element(9, "audio", rr_width="300px", rr_height="54px"), '<audio style="width:300px;height:54px" controls=""'),
    ],
)
def test_what_is_hidden_for_privacy_has_its_size(hidden: dict[str, Any], markup: str) -> None:
    assert html_of(hidden).startswith(f'{markup} data-replay-hidden=""></')


def test_images_in_data_urls_stay() -> None:
    image = element(2, "image", href="data:image/png;base64,AA") | {"isSVG": True}
    svg = element(3, "svg", image) | {"isSVG": True}
    assert html_of(element(9, "img", src="data:image/png;base64,AA"), svg) == (
        '<img src="data:image/png;base64,AA"><svg><image href="data:image/png;base64,AA"></image></svg>'
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_recorded_pages_are_complete(folder: Path) -> None:
    page = page_at(segments.open(segment_files(folder)).views[1])
    tags = Tags(to_html(page)).found
    shown = [node.name for node in page.nodes.values() if node.kind == "element"]
    # A link whose sheet is recorded is a style; two adopted sheets and the charset are added, a meta is left out.
    assert len(tags) == len(shown) + len(
        ["document's sheet", "shadow root's sheet", "template", "rule for what is hidden"]
    )
    by_id = {attributes.get("id"): attributes for _, attributes in tags}
    assert by_id["name"]["value"] == "Ada"
    assert "checked" in by_id["r2"]
    assert "checked" not in by_id["r1"]
    assert "item 2" in to_html(page)


def test_changes_of_form_fields_are_written() -> None:
    page = page_of(
        tree_snapshot(
            document(0, element(1, "form", element(2, "input"), element(3, "input", type="radio", value="1")))
        ),
        incremental(5, id=2, text="<typed>"),
        change([13, [0, 3]]),
    )
    assert (
        to_html(page)
        == '<form method="dialog"><input value="&lt;typed&gt;"><input type="radio" value="1" checked=""></form>'
    )


@pytest.mark.parametrize(
    ("css", "written"),
    [
        (r".\<sm\:p-1{color:red}", r".\3c sm\:p-1{color:red}"),
        (r".\[\&li\]\:p-1 li{color:red}", r".\[\26 li\]\:p-1 li{color:red}"),
        (r"p::before{content:'\</style>'}", r"p::before{content:'\3c /style>'}"),
        (r"p::before{content:'\\<b>'}", r"p::before{content:'\\\3c b>'}"),
        (r"p::before{content:'a<b &lt; c\66'}", r"p::before{content:'a\3c b \26 lt; c\66'}"),
    ],
)
def test_css_with_what_would_begin_markup_means_the_same_escaped_or_not(css: str, written: str) -> None:
    assert html_of(element(9, "style", _cssText=css)) == f"<style>{written}</style>"
