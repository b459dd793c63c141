"""What recorded markup may contain: every entry of every list, and how CSS is read.

The lists are written out once more, from the HTML Standard's indices of elements and attributes
(https://html.spec.whatwg.org/multipage/indices.html), its obsolete features, the reporting attributes of Attribution
Reporting, the attribute index of SVG 2 and CSS Images 4, so that an entry that is lost or added turns a test red.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rum_replay.segments import _inert as inert
from rum_replay.segments._inert import markup, names, styles

from ..hostile import URL_ATTRIBUTES

IMAGE = "data:image/png;base64,AAAA"
REMOTE = "http://x.example/y"

LEFT_OUT = [
    "animate",
    "animatecolor",
    "animatemotion",
    "animatetransform",
    "base",
    "discard",
    "embed",
    "frame",
    "frameset",
    "meta",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "param",
    "script",
    "set",
]
FRAMES = ["fencedframe", "iframe", "portal"]
RENAMED = {
    "applet": "x-unknown",
    "fencedframe": "iframe",
    "geolocation": "x-unknown",
    "install": "x-unknown",
    "permission": "x-unknown",
    "usermedia": "x-unknown",
}
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
NAMED_IN_DOCUMENTS = ["form", "iframe", "image", "img"]
NAMED_IN_FORMS = ["button", "fieldset", "image", "img", "input", "output", "select", "textarea"]
ELEMENT_PROPERTIES = [
    "appendChild",
    "assignedSlot",
    "attachShadow",
    "attributes",
    "blur",
    "childNodes",
    "classList",
    "contains",
    "dispatchEvent",
    "firstChild",
    "focus",
    "getAttribute",
    "getRootNode",
    "hidePopover",
    "insertBefore",
    "isConnected",
    "lastChild",
    "matches",
    "nextSibling",
    "nodeName",
    "nodeType",
    "ownerDocument",
    "parentElement",
    "parentNode",
    "popover",
    "previousSibling",
    "removeAttribute",
    "removeChild",
    "replaceChild",
    "scrollLeft",
    "scrollTo",
    "scrollTop",
    "setAttribute",
    "setAttributeNS",
    "shadowRoot",
    "sheet",
    "showPopover",
    "style",
    "tagName",
    "textContent",
]
DROPPED = [
    "allow",
    "autofocus",
    "autoplay",
    "command",
    "commandfor",
    "crossorigin",
    "csp",
    "download",
    "formmethod",
    "formtarget",
    "http-equiv",
    "integrity",
    "interestfor",
    "interesttarget",
    "is",
    "nonce",
    "popovertarget",
    "popovertargetaction",
    "sandbox",
    "srcdoc",
    "target",
]
DROPPED_PREFIXES = {
    "_csstext": ["_cssText"],
    "data-replay-": ["data-replay-missing", "data-replay-hidden"],
    "on": ["onclick", "OnLoad", "onbegin", "xlink:onload", "on"],
    "rr_": ["rr_width", "rr_dataURL", "rr_:x"],
    "shadowroot": ["shadowroot", "shadowrootmode", "shadowrootclonable", "shadowrootdelegatesfocus"],
}
ADDED = {("form", "method"): "dialog"}
EMBEDDED = [
    ("audio", "src"),
    ("feimage", "href"),
    ("image", "href"),
    ("img", "src"),
    ("input", "src"),
    ("source", "src"),
    ("video", "poster"),
    ("video", "src"),
    *((name, "background") for name in ("body", "table", "tbody", "td", "tfoot", "th", "thead", "tr")),
]
REFERENCES = [
    ("feimage", "href"),
    ("filter", "href"),
    ("img", "usemap"),
    ("input", "usemap"),
    ("lineargradient", "href"),
    ("pattern", "href"),
    ("radialgradient", "href"),
    ("textpath", "href"),
    ("use", "href"),
]
LINKS = ["a", "area"]
STYLES = [
    "clip-path",
    "cursor",
    "fill",
    "filter",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "stroke",
    "style",
]
CONTENT = [
    ("audio", "src"),
    ("embed", "src"),
    ("frame", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("img", "srcset"),
    ("input", "src"),
    ("object", "data"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("video", "poster"),
    ("video", "src"),
]
CSS_REFERENCES = [
    "backdrop-filter",
    "clip-path",
    "fill",
    "filter",
    "marker",
    "marker-end",
    "marker-mid",
    "marker-start",
    "mask",
    "mask-image",
    "offset-path",
    "stroke",
]
FUNCTIONS = ["cross-fade", "element", "image", "image-rect", "image-set", "src", "url"]
AT_RULES = ["import"]


@pytest.mark.parametrize(
    ("entries", "listed"),
    [
        (markup.LEFT_OUT, LEFT_OUT),
        (markup.FRAMES, FRAMES),
        (markup.RENAMED.items(), RENAMED.items()),
        (names.OBJECT_PROPERTIES, map(str.lower, OBJECT_PROPERTIES)),
        (names.NAMED_IN_DOCUMENTS, NAMED_IN_DOCUMENTS),
        (names.NAMED_IN_FORMS, NAMED_IN_FORMS),
        (names.ELEMENT_PROPERTIES, ELEMENT_PROPERTIES),
        (markup.DROPPED, DROPPED),
        (names.DROPPED_PREFIXES, DROPPED_PREFIXES),
        (markup.URLS, URL_ATTRIBUTES),
        (markup.ADDED.items(), ADDED.items()),
        (markup.EMBEDDED, EMBEDDED),
        (markup.REFERENCES, REFERENCES),
        (markup.LINKS, LINKS),
        (markup.STYLES, STYLES),
        (markup.CONTENT, CONTENT),
        (styles.CSS_REFERENCES, CSS_REFERENCES),
        (styles.FUNCTIONS, FUNCTIONS),
        (styles.AT_RULES, AT_RULES),
    ],
    ids=lambda value: "" if isinstance(value, list) else None,
)
def test_every_entry_has_a_test(entries: Any, listed: Any) -> None:
    assert sorted(entries) == sorted(listed)


class TestElements:
    @pytest.mark.parametrize("name", LEFT_OUT)
    def test_elements_that_do_something_are_empty_placeholders(self, name: str) -> None:
        for written in (name, name.upper(), f"svg:{name}"):
            assert inert.is_left_out(written)
            for is_svg in (True, False):
                assert inert.element_name(written, is_svg=is_svg) == "template"
            assert inert.attributes(written, {"id": "x", "style": "display:block"}) == {}

    @pytest.mark.parametrize("name", FRAMES)
    def test_frames_are_boxes_without_a_document(self, name: str) -> None:
        assert inert.is_frame(name)
        assert inert.is_frame(f"x:{name.upper()}")
        assert inert.element_name(name, is_svg=False) == RENAMED.get(name, name)
        assert inert.attributes(name, {"src": IMAGE, "srcdoc": "x", "width": "5"}) == {"width": "5"}

    @pytest.mark.parametrize("name", RENAMED)
    def test_elements_that_would_swallow_what_follows_or_ask_people_get_another_name(self, name: str) -> None:
        assert inert.element_name(name, is_svg=False) == RENAMED[name]
        assert inert.element_name(f"x:{name.upper()}", is_svg=True) == RENAMED[name]

    @pytest.mark.parametrize("name", OBJECT_PROPERTIES)
    def test_names_that_scripts_take_for_something_else_are_replaced(self, name: str) -> None:
        for written in (name, name.upper(), name.lower(), f"svg:{name}", f"x:{name.upper()}"):
            assert inert.element_name(written, is_svg=False) == "x-unknown"
            assert inert.element_name(written, is_svg=True) == "x-unknown"
        for written in (name, name.upper(), name.lower()):
            assert not inert.is_attribute_name(written)
            assert inert.attributes("div", {written: "x", "class": name}) == {"class": name}

    @pytest.mark.parametrize(
        ("name", "html", "svg"),
        [
            ("div", "div", "div"),
            ("x-y.z", "x-y.z", "x-y.z"),
            ("foreignObject", "foreignObject", "foreignObject"),
            ("svg:foreignObject", "svg:foreignObject", "foreignObject"),
            *(
                (name, "x-unknown", "x-unknown")
                for name in ("", "a b", "a:b:c", "1", "<script", "é", "a\n", "a/", "-a")
            ),
        ],
    )
    def test_names_are_written_if_all_browsers_accept_them(self, name: str, html: str, svg: str) -> None:
        assert inert.element_name(name, is_svg=False) == html
        assert inert.element_name(name, is_svg=True) == svg
        assert inert.is_name(name) == (html != "x-unknown")


class TestAttributes:
    @pytest.mark.parametrize("name", DROPPED)
    def test_attributes_that_do_something_are_dropped(self, name: str) -> None:
        for written in (name, name.upper(), f"x:{name}"):
            assert inert.attribute("button", written, "x") is None

    @pytest.mark.parametrize("name", [name for names in DROPPED_PREFIXES.values() for name in names])
    def test_attributes_of_a_kind_are_dropped_by_the_start_of_their_name(self, name: str) -> None:
        assert inert.attribute("div", name, "x") is None
        assert inert.attributes("div", {name: "x", "class": "y"}) == {"class": "y"}

    @pytest.mark.parametrize("name", URL_ATTRIBUTES)
    def test_attributes_with_a_url_are_dropped(self, name: str) -> None:
        for written in (name, name.upper(), f"xlink:{name}"):
            for value in (REMOTE, "relative", "#x", "", IMAGE, "javascript:alert(1)"):
                assert inert.attribute("x-any", written, value) is None

    @pytest.mark.parametrize("element", NAMED_IN_DOCUMENTS)
    def test_names_that_browsers_make_properties_of_the_document_are_dropped(self, element: str) -> None:
        for name in ("name", "NAME", "x:name"):
            assert inert.attribute(element, name, "kept elsewhere") is None
            assert inert.attribute("input", name, "kept elsewhere") == "kept elsewhere"

    @pytest.mark.parametrize("element", NAMED_IN_FORMS)
    def test_names_that_would_hide_properties_of_a_form_are_dropped(self, element: str) -> None:
        for name in ("id", "ID") if element in NAMED_IN_DOCUMENTS else ("id", "ID", "name"):
            for value in [*ELEMENT_PROPERTIES, *OBJECT_PROPERTIES]:
                assert inert.attribute(element, name, value) is None
                assert inert.attribute("div", name, value) == value
            for value in ("title", "parentnode", "Style", "card"):
                assert inert.attribute(element, name, value) == value

    @pytest.mark.parametrize(("element", "name"), ADDED)
    def test_attributes_that_make_elements_harmless_are_added(self, element: str, name: str) -> None:
        value = ADDED[element, name]
        assert inert.attributes(element, {"class": "x"}) == {"class": "x", name: value}
        assert inert.attributes(element, {name: "post"}) == {name: value}
        assert inert.attribute(element, name.upper(), "post") == value
        assert inert.attribute(element, name, None) == value
        assert inert.attribute("div", name, "post") == "post"

    @pytest.mark.parametrize(("element", "name"), EMBEDDED)
    def test_images_sounds_and_videos_in_data_urls_stay(self, element: str, name: str) -> None:
        for value in (IMAGE, f" \n{IMAGE}", "DATA:audio/wav,x", "data:video/webm,x"):
            assert inert.attribute(element, name, value) == value
        for value in (
            REMOTE,
            "x",
            "\xa0" + IMAGE,
            "data:text/html,x",
            "data:image",
            "javascript:x",
            f"{REMOTE} {IMAGE}",
        ):
            assert inert.attribute(element, name, value) is None

    @pytest.mark.parametrize(("element", "name"), REFERENCES)
    def test_references_to_elements_of_the_page_stay(self, element: str, name: str) -> None:
        assert inert.attribute(element, name, "#x") == "#x"
        for value in (" #x", "y#x", f"{REMOTE}#x", ""):
            assert inert.attribute(element, name, value) is None

    def test_a_fragment_in_the_address_of_an_image_would_load_the_page_again(self) -> None:
        for element, name in EMBEDDED:
            assert inert.attribute(element, name, "#x") == ("#x" if (element, name) in REFERENCES else None)

    @pytest.mark.parametrize("element", LINKS)
    def test_links_look_like_links_and_lead_nowhere(self, element: str) -> None:
        for value in (REMOTE, "javascript:alert(1)", " \x01java\tscript:x", IMAGE, "#part", "", "data:text/html,x"):
            for name in ("href", "HREF", "xlink:href"):
                assert inert.attribute(element, name, value) == "about:blank"
        assert inert.attribute(element, "ping", REMOTE) is None

    @pytest.mark.parametrize("name", STYLES)
    def test_attributes_that_are_css_load_nothing(self, name: str) -> None:
        declaration = "color:red;" if name == "style" else ""
        for element in ("rect", "div"):
            assert inert.attribute(element, name, f"{declaration}url({REMOTE}#g)") == f'{declaration}url("")'
            assert inert.attribute(element, name.upper(), f"url({REMOTE})") == 'url("")'
        is_reference = name not in ("cursor", "style")
        assert inert.attribute("rect", name, "url(#g)") == ('url("#g")' if is_reference else 'url("")')

    @pytest.mark.parametrize(("element", "name"), CONTENT)
    def test_content_that_the_recording_lacks_is_noticed(self, element: str, name: str) -> None:
        assert inert.shows_content_of(element, name.upper())
        assert inert.lacks_content(element, {"class": "x", name: REMOTE})
        assert not inert.lacks_content(element, {"class": REMOTE})
        is_shown = (element, name.removeprefix("xlink:")) in EMBEDDED
        assert inert.lacks_content(element, {name: IMAGE}) != is_shown

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("title", "url(x)"),
            ("class", "kept"),
            ("data-rr", "kept"),
            ("data-src", REMOTE),
            ("value", "javascript:alert(1)"),
            ("xml:lang", "en"),
            ("xmlns:xlink", "http://www.w3.org/1999/xlink"),
            ("aria-label", "<b>"),
            ("_ngcontent-x", ""),
        ],
    )
    def test_other_attributes_stay(self, name: str, value: str) -> None:
        assert inert.attribute("div", name, value) == value
        assert inert.attribute("div", name, None) is None

    @pytest.mark.parametrize(
        "name", ["", "a b", "1", "@click", 'c"d', "x>", "/onload", "onclick\n", "é", "a:b:c", "a="]
    )
    def test_names_of_attributes_are_written_if_all_browsers_accept_them(self, name: str) -> None:
        assert not inert.is_attribute_name(name)
        assert inert.attribute("div", name, "x") is None

    def test_names_of_attributes_are_those_of_the_page(self) -> None:
        assert inert.is_attribute_name("data-rr")
        assert not inert.is_attribute_name("RR_width")


class TestCss:
    @pytest.mark.parametrize("name", FUNCTIONS)
    def test_functions_that_load_are_unknown_ones(self, name: str) -> None:
        expected = f'a{{b:{"url(" if name == "url" else "left-out("}"")}}'
        assert inert.css(f'a{{b:{name}("")}}') == expected
        assert inert.css(f'a{{b:{name.upper()}("")}}') == expected
        escaped = "".join(f"\\{ord(letter):x} " for letter in name)
        assert inert.css(f'a{{b:{escaped}("")}}') == expected
        prefixed = f'a{{b:-webkit-{name}("{REMOTE}")}}'
        assert inert.css(prefixed) == f'a{{b:left-out("{REMOTE}")}}'

    @pytest.mark.parametrize("name", AT_RULES)
    def test_rules_that_load_do_nothing_and_are_counted(self, name: str) -> None:
        for rule in (
            f"@{name} url({REMOTE})",
            f"@{name.upper()} '{REMOTE};' print",
            f"@\\{ord(name[0]):06x}{name[1:]} 'x'",
        ):
            assert inert.css(f"{rule};a{{}}") == "@media not all{}a{}"
            assert inert.css(rule) == "@media not all{}"
            assert inert.css(f"{rule}{{a{{}}}}") == "@media not all{}{a{}}"

    @pytest.mark.parametrize("name", CSS_REFERENCES)
    def test_references_to_elements_of_the_page_stay(self, name: str) -> None:
        for declaration in (
            f"{name}:url(#g)",
            f"a{{ {name.upper()} : x y,url('#g')",
            f"a{{b:c;-webkit-{name}:url( #g )}}",
        ):
            assert "#g" in inert.css(declaration)
            assert "#g" in inert.css(f"{' ' * 1000};{declaration}")

    @pytest.mark.parametrize(
        "css",
        [
            "a{background:url(#g)}",
            "a{mask-box-image:url(#g)}",
            "a{--x:url(#g)}",
            "a{background:/*;fill:*/url(#g)}",
            'a{background:";fill:" url(#g)}',
            "a{background:';fill:' url(#g)}",
            "a{background:\\;fill:url(#g)}",
            "url(#g)",
            f"fill:{' ' * 1000}url(#g)",
        ],
    )
    def test_a_fragment_elsewhere_would_load_the_page_again(self, css: str) -> None:
        assert "url(#" not in inert.css(css)
        assert 'url("#' not in inert.css(css)
        assert 'url("")' in inert.css(css)

    @pytest.mark.parametrize(
        ("css", "expected"),
        [
            ("a{background:url(http://x/y.png) no-repeat}", 'a{background:url("") no-repeat}'),
            ("a{background:URL( 'http://x/y.png' )}", 'a{background:url("" )}'),
            ('a{background:url("http://x/a)b.png")}', 'a{background:url("")}'),
            ("a{background:url(/relative)}", 'a{background:url("")}'),
            ("a{background:url(data:text/html,x)}", 'a{background:url("")}'),
            ("a{background:url(' data:image/png,x')}", 'a{background:url("")}'),
            ("@font-face{src:url(x.woff) format('woff')}", "@font-face{src:url(\"\") format('woff')}"),
            ("a{background:url(http://x", 'a{background:url("")'),
            ("a{background:url(", 'a{background:url("")'),
            ("@media (max-width:700px){a{color:red}}", "@media (max-width:700px){a{color:red}}"),
            ("@supports selector(:is(a)){}", "@supports selector(:is(a)){}"),
            ('a:not(.b)>c{content:"url(x)"}', 'a:not(.b)>c{content:"url\\28 x)"}'),
            ("a{content:'@import \\'x\\''}", "a{content:'\\40 import \\'x\\''}"),
            (".\\@import\\:url\\(x\\){}", ".\\@import\\:url\\(x\\){}"),
            ("a{b:c}/* @import 'x';url(x) *//*# sourceMappingURL=x */", "a{b:c}/**//**/"),
            ("a{b:ur/* rr_split */l(x)}", "a{b:ur/**/l(x)}"),
            ("/* unfinished url(x)", "/**/"),
            # Two names that browsers of different years read in different ways.
            ('a{b:éurl(x")}', 'a{b:left-out(x")}"'),
            ("a{b:\0url(x)}", "a{b:left-out(x)}"),
            ("a{b:U+1url(x)}", "a{b:U+left-out(x)}"),
            # Where # and what follows were one token, the quote would open a string.
            ("a{b:#url(x\") } ' url(y)", "a{b:#url(\"\") } ' url\\28 y)'"),
            ('@import u\\72l(x;" ) ;a{b:url(x)}', '@media not all{}a{b:url("")}'),
            ("a{b:'x\nurl(y)}", 'a{b:\'x\nurl("")}'),
            ("a{b:'x\\\nurl(y)'}", "a{b:'x\\\nurl\\28 y)'}"),
            ("a{b:'x\\61\nurl(y)'}", "a{b:'x\\61\nurl\\28 y)'}"),
            # Whatever takes strings apart, there is nothing in them that loads.
            ("a[b='(\\(\\\\(\\@@\\61(']{}", "a[b='\\28 \\28 \\5c \\28 \\40 \\40 \\61\\28 ']{}"),
            ("a{b:'/* rr_split */\\/* rr_split */'}", "a{b:'/\\* rr_split *//\\* rr_split */'}"),
            ("a{b:'\\\\/*\\'/*\nc:'@x", "a{b:'\\5c /\\*\\'/\\*\nc:'\\40 x'"),
            ("a{b:url(data:image/png,@x/*y)}", 'a{b:url("data:image/png,\\40 x/\\*y")}'),
            ("a{b:'x", "a{b:'x'"),
            ("a{b:'x\\'", "a{b:'x\\''"),
            ("a{b:'x\\", "a{b:'x'"),
            ("a{b:url('data:image/png,x\\", "a{b:url('data:image/png,x'"),
            ("a{b:c\\", "a{b:c"),
            ("a{b:c\\\\", "a{b:c\\\\"),
        ],
    )
    def test_css_is_read_as_browsers_read_it(self, css: str, expected: str) -> None:
        assert inert.css(css) == expected

    @pytest.mark.parametrize("type", ["audio/", "font/", "image/", "video/", "application/font", "application/x-font"])
    def test_data_urls_stay(self, type: str) -> None:
        assert inert.css(f"a{{b:url(data:{type}x;base64,AA==)}}") == f'a{{b:url("data:{type}x;base64,AA==")}}'
        assert inert.css(f"a{{b:url( 'DATA:{type}x,(\\')' )}}") == f"a{{b:url('DATA:{type}x,\\28 \\')' )}}"
        # Without quotes these would make it invalid, and in quotes they would mean something else.
        for hostile in ('"', "'", "(", "\\", " x"):
            assert inert.css(f"a{{b:url(data:{type}x,{hostile}x)}}") == 'a{b:url("")}'

    @pytest.mark.parametrize(
        "pieces",
        [
            ["a{b:ur", "l(http://x)}"],
            ["@imp", "ort 'x';"],
            ["a{b:'", "'; c:url(http://x)}"],
            ["a{b:url(", "'http://x')}"],
            ["@import", " 'http://x';"],
            ["/", "* '*/ url(http://x) '"],
            ["a{b:\\75 ", "rl(http://x)}"],
            ["a{b:\\", "75 rl(http://x)}"],
            ["a{b:image-se", "t('http://x' 1x)}"],
        ],
    )
    def test_pieces_of_a_sheet_make_nothing_together(self, pieces: list[str]) -> None:
        together = "".join(map(inert.css_piece, pieces))
        assert inert.css(together) == together
        assert inert.css_piece("a{}") == "a{}"
        assert inert.css_piece("") == ""

    @pytest.mark.parametrize(
        "hostile",
        [
            "url(",
            "url( ",
            "@import ",
            '@import "',
            "url('",
            "image-set(",
            "@import(",
            "\\a ",
            "\\(",
            "'(@/*",
            "/*",
            "'",
            "é",
            "\\\n",
            "url(#a)",
            ";fill:url(#a)",
            "url(\\",
            "-",
        ],
    )
    def test_sheets_of_any_kind_are_read_once(self, hostile: str) -> None:
        # This would not end if it took more than linear time.
        assert inert.css("(" + hostile * 100_000 + " " * 100_000)

    @given(
        st.lists(
            st.sampled_from(
                [
                    "url(",
                    "u\\72l(",
                    "@import",
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
                    "\n",
                    "a",
                    "fill:",
                    "http://x",
                    "data:image/png,x",
                    "#g",
                    "é",
                    "\x00",
                    "\\\n",
                    "5",
                    "-",
                    "U+",
                    ":defined",
                    "object",
                    "[",
                    "--x:",
                ]
            ),
            max_size=12,
        ).map("".join)
    )
    @example("url('#x")
    def test_inert_css_stays_as_it_is(self, css: str) -> None:
        assert inert.css(inert.css(css)) == inert.css(css)
        assert inert.css_piece(inert.css(css)) == inert.css_piece(css)
