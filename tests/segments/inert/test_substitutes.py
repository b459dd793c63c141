"""What is written in place of images, films and plugins, and how selectors find it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import rum_replay.segments.player as player
from rum_replay.segments import _inert as inert

REMOTE = "https://shop.example/a.png"
SIZE = {"width": "600", "height": "300"}
MODAL, POPOVER = "is([data-replay-top-layer=modal])", "is([data-replay-top-layer|=popover])"
ANY = "is(:root,:not(:root))"
OBJECT = ":is(*|iframe,replay-object):where([data-replay-as=object])"
EMBED = "*|iframe:where([data-replay-as=embed])"
IFRAME = "*|iframe:where(:not([data-replay-as]))"


def picture(element: str, name: str = "src", parent: str = "", **recorded: str) -> ElementTree.Element:
    """The picture in the place of an image, parsed as XML, as browsers do."""
    address = inert.substitute(element, recorded, parent)[name]
    kind, _, data = address.partition(",")
    assert kind == "data:image/svg+xml"
    assert not set(" \t\r\n,'\"<>") & set(data)
    return ElementTree.fromstring(unquote(data))


@pytest.mark.parametrize(
    ("element", "name", "parent", "recorded"),
    [
        ("img", "src", "", {"src": REMOTE}),
        ("img", "src", "", {"src": "a.png", "alt": "Hero"}),
        ("img", "src", "", {"srcset": f"{REMOTE} 2x"}),
        ("img", "src", "", {"src": "data:image/png;base64,[...]"}),
        ("img", "src", "", {"src": "data:truncated"}),
        ("IMG", "src", "", {"src": REMOTE}),
        ("input", "src", "", {"src": REMOTE, "type": "Image"}),
        ("video", "poster", "", {"src": REMOTE}),
        ("video", "poster", "", {"poster": REMOTE}),
        ("video", "poster", "", {}),
        ("source", "srcset", "picture", {"srcset": REMOTE}),
    ],
)
def test_what_the_recording_lacks_has_a_picture_of_its_size(
    element: str, name: str, parent: str, recorded: dict[str, str]
) -> None:
    svg = picture(element, name, parent, **recorded, **SIZE)
    assert (svg.get("width"), svg.get("height")) == ("600", "300")
    assert inert.substitute(element, recorded, parent) == {}
    assert inert.substitute(element, {**recorded, "width": "600"}, parent) == {}
    assert inert.substitute(element, {**recorded, "height": "600"}, parent) == {}


@pytest.mark.parametrize(
    ("element", "parent", "recorded"),
    [
        ("img", "", {"src": "data:image/png;base64,AAAA"}),
        ("img", "", {"src": "data:image/png;base64,AAAA", "srcset": REMOTE}),
        ("img", "", {"alt": "never had a source"}),
        ("img", "", {"src": " ", "srcset": ""}),
        ("input", "", {"src": REMOTE}),
        ("input", "", {"src": REMOTE, "type": "text"}),
        ("video", "", {"src": "data:video/webm,x"}),
        ("video", "", {"poster": "data:image/png,x"}),
        ("source", "video", {"srcset": REMOTE}),
        ("source", "picture", {"src": REMOTE}),
        ("audio", "", {"src": REMOTE}),
        ("div", "", {"src": REMOTE}),
    ],
)
def test_others_have_none(element: str, parent: str, recorded: dict[str, str]) -> None:
    assert inert.substitute(element, {**recorded, **SIZE}, parent) == {}
    assert not inert.is_unsized(element, recorded)


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [
        ("600", "300", ("600", "300")),
        (" \n600px", "300.5em", ("600", "300.5")),
        ("7.25", "1", ("7.25", "1")),
        ("100%", "300", None),
        ("50.5%", "300", None),
        ("600", "0", None),
        ("-600", "300", None),
        ("+600", "300", None),
        ("auto", "300", None),
        ("", "", None),
        ("6" * 5_000, "300", ("666666", "300")),
    ],
)
def test_sizes_are_read_as_in_html(width: str, height: str, size: tuple[str, str] | None) -> None:
    recorded = {"src": REMOTE, "width": width, "height": height}
    assert inert.is_unsized("img", recorded) == (size is None)
    if size is None:
        assert inert.substitute("img", recorded) == {}
    else:
        svg = picture("img", **recorded)
        assert (svg.get("width"), svg.get("height")) == size


def test_the_size_of_a_picture_that_the_sdk_censored_is_known() -> None:
    censored = (
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='120.5' height='80' "
        "style='background-color:silver'%3E%3C/svg%3E"
    )
    svg = picture("img", srcset=censored)
    assert (svg.get("width"), svg.get("height")) == ("120.5", "80")
    assert inert.attribute("img", "src", censored) == censored


@pytest.mark.parametrize(
    ("alt", "lines"),
    [
        ("Hero", ["Hero"]),
        ("", []),
        ("Our new shop in the old town, seen from the river", ["Our new shop in the old town,", "seen from the river"]),
        ("</text><script>&amp;\0\ud800\ufffe'\"", ["</text><script>&amp;   '\""]),
        ("w" * 200, ["w" * 30, "w" * 30, "w" * 30]),
    ],
)
def test_the_picture_shows_as_much_of_the_alternative_text_as_there_is_room_for(alt: str, lines: list[str]) -> None:
    svg = picture("img", src=REMOTE, width="240", height="60", alt=alt)
    assert [one.text for one in svg.iter("{http://www.w3.org/2000/svg}tspan")] == lines
    assert {one.tag.rpartition("}")[2] for one in svg.iter()} <= {"svg", "text", "tspan"}
    assert len(picture("img", src=REMOTE, width="1", height="1", alt=alt)) == 0


@pytest.mark.parametrize(
    ("element", "recorded", "style"),
    [
        ("object", {"data": "/a.pdf"}, None),
        ("object", {"data": "/a.png"}, "aspect-ratio:auto 600/300"),
        ("object", {"data": "/a.SVG?x#y", "style": "top:0"}, "aspect-ratio:auto 600/300;top:0"),
        ("object", {"data": "/x", "type": " Image/PNG"}, "aspect-ratio:auto 600/300"),
        ("object", {"data": "/a.png", "type": "text/html"}, None),
        ("object", {"data": "data:image/png,x"}, "aspect-ratio:auto 600/300"),
        ("embed", {"src": "/x?a.png"}, None),
        ("embed", {"src": "data:text/html,x.png"}, None),
        ("EMBED", {"src": "/a.swf", "type": "application/pdf"}, None),
    ],
)
def test_a_frame_without_border_is_in_the_place_of_a_plugin(
    element: str, recorded: dict[str, str], style: str | None
) -> None:
    assert inert.is_box(element, recorded)
    written = inert.box_attributes(element, {"class": "x", "onload": "x", "name": "y", **recorded, **SIZE})
    kept = {"class": "x", "frameborder": "0", "data-replay-as": element.lower(), **SIZE}
    stated = {name: value for name, value in recorded.items() if name == "type"}
    assert written == {**kept, **stated, **({} if style is None else {"style": style})}


@pytest.mark.parametrize(
    ("element", "recorded", "has_fallback"),
    [
        ("object", {}, True),
        ("object", {"data": ""}, True),
        ("object", {"src": REMOTE, "type": "text/html"}, True),
        ("object", {"data": "/a.swf?x"}, True),
        ("object", {"data": "/a", "type": "application/x-shockwave-flash"}, True),
        ("embed", {"data": REMOTE}, False),
        ("applet", {"data": REMOTE, "": "x"}, False),
        ("img", {"src": REMOTE}, False),
        ("x-any", {"": "x"}, False),
    ],
)
def test_what_showed_nothing_itself_has_no_frame(element: str, recorded: dict[str, str], has_fallback: bool) -> None:
    assert not inert.is_box(element, recorded, has_fallback=has_fallback)
    # Without anything in it, browsers show the empty box of a plugin.
    assert inert.is_box(element, recorded) == has_fallback


def test_a_plugin_that_no_browser_has_is_an_empty_box() -> None:
    assert inert.is_box("embed", {"src": "/a.swf"})
    assert inert.is_box("embed", {"type": "application/x-shockwave-flash"})
    assert inert.is_box("object", {"data": "/a.pdf"}, has_fallback=True)


def asked(name: str, rest: str = "") -> str:
    """A selector for what an attribute was recorded as."""
    others = f"[data-replay-was-{name}]" + (",[data-replay-added]" if name in ("poster", "src") else "")
    return f":is([|{name}{rest}]:where(:not({others})),[data-replay-was-{name}{rest}])"


@pytest.mark.parametrize(
    ("element", "recorded", "written", "beside"),
    [
        ("img", {"src": REMOTE, "class": "x"}, {"class": "x"}, {"src": REMOTE}),
        ("img", {"src": "data:image/png,x"}, {"src": "data:image/png,x"}, {}),
        ("a", {"href": "/a", "target": "_blank"}, {"href": "about:blank"}, {"href": "/a", "target": "_blank"}),
        ("a", {"href": "about:blank"}, {"href": "about:blank"}, {}),
        ("a", {"href": "x" * 2_001}, {"href": "about:blank"}, {}),
        ("script", {"src": "/a.js"}, {}, {"src": "/a.js"}),
    ],
)
def test_what_is_not_written_as_recorded_is_written_beside(
    element: str, recorded: dict[str, str], written: dict[str, str], beside: dict[str, str]
) -> None:
    assert inert.attributes(element, recorded) == written
    expected = {f"data-replay-was-{name}": value for name, value in beside.items()}
    assert inert.recorded_attributes(recorded, written) == expected


SELECTORS = [
    ("img[src]{}", f"img{asked('src')}{{}}"),
    ("a[ HREF ^= 'https:' i ]:hover{}", f"a{asked('href', ' ^= ' + chr(39) + 'https:' + chr(39) + ' i ')}:hover{{}}"),
    (":not([t\\61rget=_top]){}", f":not({asked('target', '=_top')}){{}}"),
    ("@media print{a{&[is]{}}}", f"@media print{{a{{&{asked('is')}{{}}}}}}"),
    ("::slotted([poster]),a:has(>[data]){}", f"::slotted({asked('poster')}),a:has(>{asked('data')}){{}}"),
    ("x-y:not(:defined){a:b}", f"x-y:not(:{ANY}){{a:b}}"),
    ("a:modal,b:not(:MODAL){}", f"a:{MODAL},b:not(:{MODAL}){{}}"),
    ("dialog:modal::backdrop{a:modal}", f"dialog:{MODAL}::backdrop{{a:modal}}"),
    ("a:popover-open,a:popover{b:popover-open}", f"a:{POPOVER},a:popover{{b:popover-open}}"),
    ("x-y:defined{}", f"x-y:{ANY}{{}}"),
    (":DEFINED{}", f":{ANY}{{}}"),
    (":\\64 efined{}", f":{ANY}{{}}"),
    (":d\\000065fined{}", f":{ANY}{{}}"),
    (":/*x*/defined,b{}", f":/**/{ANY},b{{}}"),
    (":is(a,:where(b:not(:defined))) c{}", f":is(a,:where(b:not(:{ANY}))) c{{}}"),
    (":host(:not(:defined)){}", f":host(:not(:{ANY})){{}}"),
    ("::slotted(:defined){}", f"::slotted(:{ANY}){{}}"),
    ("a:has(> :defined){}", f"a:has(> :{ANY}){{}}"),
    ("a{b:c;& :not(:defined){d:e}}", f"a{{b:c;& :not(:{ANY}){{d:e}}}}"),
    ("@media (a:defined){b:defined{}}", f"@media (a:defined){{b:{ANY}{{}}}}"),
    ("@layer a;b:defined{}", f"@layer a;b:{ANY}{{}}"),
    ("@scope (:defined) to (object){}", f"@scope (:{ANY}) to ({OBJECT}){{}}"),
    ("@supports selector(:defined){}", f"@supports selector(:{ANY}){{}}"),
    ("a:focus,b:FOCUS-WITHIN c{}", "a:is([data-replay-focus]),b:is([data-replay-focus-within]) c{}"),
    ("a:not(:focus-visible)::before{}", "a:not(:is([data-replay-focus=visible]))::before{}"),
    ("@media print{object{}}", f"@media print{{{OBJECT}{{}}}}"),
    ("svg|object,object|a,embed{}", f"svg|object,object|a,{EMBED}{{}}"),
    ("object,embed{}", f"{OBJECT},{EMBED}{{}}"),
    ("div > OBJECT.a:hover{}", f"div > {OBJECT}.a:hover{{}}"),
    ("o\\62 ject{}", f"{OBJECT}{{}}"),
    ("p>iframe,svg|iframe,IFRAME:hover{}", f"p>{IFRAME},svg|iframe,{IFRAME}:hover{{}}"),
    (":not(object){}", f":not({OBJECT}){{}}"),
    ("a{--x:{b:defined{}};c:d}b:defined{}", f"a{{--x:{{b:defined{{}}}};c:d}}b:{ANY}{{}}"),
    ("a{--x:(;b:defined}b:defined{}", f"a{{--x:(;b:defined}}b:{ANY}{{}}"),
    ("a{b:url(data:image/png,x:defined)}c:defined{}", f'a{{b:url("data:image/png,x:defined")}}c:{ANY}{{}}'),
]
OTHER_CSS = [
    "a{animation:defined}",
    "a{transition:focus 1s}",
    "a::-moz-focus-inner,a:-moz-focusring,a:focus-ring,.focus,.md\\:focus{}",
    "a{animation:b :defined;object:embed}",
    "animation-name:defined",
    "object-fit:cover",
    "a{object-position:0 0;transition:object 1s}",
    "[object],[a=object],[object|a],.object,#object,a:object,::object{}",
    "svg|object,object|a{}",
    ".md\\:defined{}",
    ".\\:defined,a\\.object{}",
    "a::defined{}",
    "a:defined-by,a:undefined,object-x,my-object{}",
    "a:defined(b){}",
    "a[b=':defined']{}",
    "[class][data-src][alt=src][srcs][x|src]{}",
    "a{grid-area:[src];--x:[href]}",
    "a:lang([src]){}",
    "@keyframes object{from{a:b}}",
    "@layer object{}",
    "@container object (a:defined){}",
    "@media (a:defined);b{}",
    "a{b:object(c)}",
    "a{--b:c{d:e} object{f}}",
    "a{--b:[c; object{d}]}",
    "a{--b:(c[d); object{e}}",
    "a{b:[c];--d:e{f} object{g}}",
    ":defined",
    "object",
]


@pytest.mark.parametrize(("css", "expected"), SELECTORS)
def test_selectors_find_what_is_in_the_place_of_elements(css: str, expected: str) -> None:
    assert inert.css(css) == expected
    assert inert.css(expected) == expected


@pytest.mark.parametrize("css", OTHER_CSS)
def test_other_css_stays(css: str) -> None:
    assert inert.css(css) == css
    # Also where something in the same sheet is rewritten.
    assert inert.css(f"b:defined{{}}{css}") == f"b:{ANY}{{}}{css}"


def test_where_styles_of_ours_follow_the_last_child_is_the_last_recorded_one() -> None:
    counted = "1 of :where(:not([data-replay-ours]))"
    assert inert.css("a:last-child{}b:nth-last-child(1){}", has_ours=True) == (
        f"a:nth-last-child({counted}){{}}b:nth-last-child({counted}){{}}"
    )


@pytest.mark.parametrize(
    "before",
    [
        *(".a{b:c}", "a>.b,#c:hover{d:e;f:g}", "a{b:c!important;}", "a[b=c]{}", "@media print{.a{b:c}}", "a{b:c;"),
        *('a{b:url(c"d);e:f}', "a{b:f(g(h(i(j(k)))))}", "a{b:[c] d}", "a{b:(c[d);e:f}", "a{b:(c;d}", "a{b:c)}"),
        *("a{b:'}'}", "a[b=';']{}", 'a{b:"c{d"}', "a{b:'c\nd}", r"a{b:\}c}", "a{b:c/d}", "a{/*}*/}"),
        *("a{--b:{c:d};e:f}", "a{--b:c:d;}", "a{&:hover{b:c}d:e}", "<!--a{b:c}-->", "*{a:b}", "a{b:c}}", ";", "a;"),
        *('.a url("{b:c}.d{e:"){f:g}', "@font-face{a:url(b)}", "@charset 'a';", "@layer a,b;", "a{b:c}\0"),
    ],
)
def test_selectors_are_found_whatever_is_before_them(before: str) -> None:
    assert inert.css(f"{before} .x:defined{{}}").endswith(f" .x:{ANY}{{}}")
    assert inert.css(f"{before} a:x object{{}}").endswith(f" a:x {OBJECT}{{}}")
    assert inert.css(f"{before} a:hover{{}}", hovered="is(b)").endswith(" a:is(b){}")


@pytest.mark.parametrize(
    "hostile",
    [
        *(
            ":defined",
            "a:defined{",
            "object ",
            ":not(:defined",
            ":\\64 efined",
            "object[",
            "--a:{",
            ":/**/",
            "@a ",
            "a|",
        ),
        *("object|", "::", "\\:", "url(", '"', "/*", "é", ";}", "-", "--", ":d\\", "{}", "(", "["),
    ],
)
def test_selectors_are_read_once(hostile: str) -> None:
    # This would not end if it took more than linear time.
    assert inert.css("a:defined{}" + hostile * 100_000 + "b:defined{}")


def test_the_player_has_the_rule_for_images_without_a_size() -> None:
    script = (Path(player.__file__).parent / "assets" / "replay.js").read_text(encoding="utf-8")
    assert inert.UNSIZED_RULE in script.replace('" +\n            "', "")


@pytest.mark.parametrize(
    ("css", "count"),
    [
        ("a { border-top-width: ; border-left-width: ; color: red; }", 1),
        ("@media print { a { padding-top: ; } b { -webkit-mask: ; } c { top: 1px; } }", 2),
        ("a { --own: ; color: red; }", 0),
        ("a { content: 'b: ;'; } /* c: ; */", 0),
    ],
)
def test_rules_of_which_the_recorder_got_no_values_are_counted(css: str, count: int) -> None:
    assert inert.incomplete_rules(css) == count
