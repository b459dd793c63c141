"""Markup and style sheets lose what could run, load or lead away, and keep the rest."""

from __future__ import annotations

import pytest
from rum_replay.segments.dom import Node, NodeKind
from rum_replay.segments.player import _inert as inert

IMAGE = "data:image/png;base64,AAAA"


def element(name: str, *, is_svg: bool = False) -> Node:
    return Node(1, NodeKind.ELEMENT, name, is_svg=is_svg)


@pytest.mark.parametrize(
    ("css", "expected"),
    [
        ("a{background:url(http://x/y.png) no-repeat}", 'a{background:url("") no-repeat}'),
        ("a{background:URL( 'http://x/y.png' )}", 'a{background:url("")}'),
        ('a{background:url("http://x/a)b.png")}', 'a{background:url("")}'),
        ("a{background:url(/relative)}", 'a{background:url("")}'),
        (f"a{{background:url({IMAGE})}}", f"a{{background:url({IMAGE})}}"),
        (f"a{{background:url('{IMAGE}')}}", f"a{{background:url('{IMAGE}')}}"),
        ("a{background:url(data:text/html,x)}", 'a{background:url("")}'),
        ("a{fill:url(#gradient)}", "a{fill:url(#gradient)}"),
        ("@import url(http://x/y.css) screen;a{}", "@media not all{}a{}"),
        ("@import 'http://x/;y.css';a{}", "@media not all{}a{}"),
        ('@IMPORT "x"', "@media not all{}"),
        ("@font-face{src:url(x.woff) format('woff')}", "@font-face{src:url(\"\") format('woff')}"),
        ("a{background:url(http://x", 'a{background:url("")'),
        ('a{background:image-set("http://x" 1x)}', 'a{background:image-set-left-out("http://x" 1x)}'),
        ("@media (max-width:700px){a{color:red}}", "@media (max-width:700px){a{color:red}}"),
        ('a:not(.b)>c{content:"url(x)"}', 'a:not(.b)>c{content:"url("")"}'),
    ],
)
def test_style_sheets_load_nothing(css: str, expected: str) -> None:
    assert inert.css(css) == expected


@pytest.mark.parametrize(
    "hostile", ["url(", "url( ", "@import ", '@import "', "url('", "image-set(", "@import(", 'url("']
)
def test_style_sheets_of_any_kind_are_read_once(hostile: str) -> None:
    # Where that took more than linear time, this would not end.
    assert inert.css(hostile * 200_000 + " " * 200_000)


@pytest.mark.parametrize(
    ("name", "attribute", "value", "expected"),
    [
        ("img", "src", "http://x/y", None),
        ("img", "src", IMAGE, IMAGE),
        ("img", "SRC", " http://x", None),
        ("img", "srcset", f"{IMAGE} 2x", None),
        ("a", "href", "javascript:alert(1)", "about:blank"),
        ("a", "href", "#part", "#part"),
        ("a", "href", "http://x", "about:blank"),
        ("link", "href", IMAGE, None),
        ("base", "href", "#", None),
        ("iframe", "src", IMAGE, None),
        ("form", "action", "/buy", None),
        ("div", "onclick", "x()", None),
        ("div", "OnClick", "x()", None),
        ("div", "style", "color:red;background:url(x)", 'color:red;background:url("")'),
        ("div", "title", "url(x)", "url(x)"),
        ("div", "rr_dataURL", IMAGE, None),
        ("div", "data-replay-hidden", "", None),
        ("div", "data-rr", "kept", "kept"),
        ("div", "a b", "x", None),
        ("meta", "http-equiv", "refresh", None),
        ("embed", "type", "application/pdf", None),
        ("input", "type", "text", "text"),
        ("div", "class", "kept", "kept"),
    ],
)
def test_attributes(name: str, attribute: str, value: str, expected: str | None) -> None:
    assert inert.element_attribute(element(name), attribute, value) == expected


def test_references_in_svg_stay_within_the_document() -> None:
    rect = element("rect", is_svg=True)
    assert inert.element_attribute(rect, "fill", "url(#g)") == "url(#g)"
    assert inert.element_attribute(rect, "fill", "url(http://x#g)") == 'url("")'
    assert inert.element_attribute(element("use", is_svg=True), "xlink:href", "#g") == "#g"
    assert inert.element_attribute(element("use", is_svg=True), "href", "http://x#g") is None
    assert inert.element_attribute(element("animate", is_svg=True), "values", "x") is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("div", "div"),
        ("x-y.z", "x-y.z"),
        ("script", "noscript"),
        ("SCRIPT", "noscript"),
        ("a b", "div"),
        ("a:b:c", "div"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert inert.element_name(element(name)) == expected
    assert inert.element_name(element("<", is_svg=True)) == "g"


def test_hosts_of_shadow_roots_are_those_of_the_standard() -> None:
    names = ("div", "x-host", "img", "a", "font-face", "X-HOST", "input")
    assert [inert.can_host_shadow(element(name)) for name in names] == [True, True, False, False, False, False, False]
    assert not inert.can_host_shadow(element("x-host", is_svg=True))
