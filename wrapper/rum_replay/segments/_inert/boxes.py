"""What takes the place of images, films and plugins that a recording lacks, such that their boxes stay as they were.

Recordings have the attributes of an element but not how large an image is in itself, unless the SDK replaced it for
privacy by a picture of the same size. So `width` and `height` in pixels, which pages set to just that size, count as
the size of the image. A transparent picture of that size, in a data URL, lets browsers compute everything else as they
did: percentages, `height: auto`, `max-width`, `aspect-ratio`. Without them the element gets no picture: style sheets
may still give it a size, and otherwise it is as large as an image that did not load.

Sources: https://html.spec.whatwg.org/multipage/rendering.html#dimRendering (attributes of sizes),
https://html.spec.whatwg.org/multipage/rendering.html#images-3 (images that did not load)
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping
from functools import lru_cache
from html import escape
from urllib.parse import quote

from .markup import attribute, attributes
from .names import DISPLAY, SUBSTITUTE_FOR, local_name

__all__ = [
    "BOX",
    "FALLBACK",
    "HIDDEN",
    "HIDDEN_RULE",
    "MEDIA_RULE",
    "SIZING",
    "UNSIZED",
    "UNSIZED_RULE",
    "box_attributes",
    "canvas_style",
    "changed_substitute",
    "is_box",
    "is_unsized",
    "substitute",
]

BOX = "iframe"
"""Name of the element in place of a plugin."""

UNSIZED = "data-replay-unsized"
"""Attribute of images whose own size is not recorded."""

SIZING = frozenset({"alt", "height", "poster", "src", "srcset", "type", "width"})
"""Attributes that decide which picture takes the place of an image."""

UNSIZED_RULE = (
    f"@layer rum-replay{{:where([{UNSIZED}])"
    f"{{{DISPLAY}:inline-block;display:inline-block;contain:layout;flex-shrink:0;min-width:0;min-height:0}}}}"
)
"""Lets style sheets size images of which there is only the alternative text, on the line and in a row, as they size
others. It must be the first layer of a page, so that it yields to every rule of the page."""

HIDDEN = "data-replay-hidden"
"""Attribute of elements whose content is hidden for privacy, and whose style has the size of their border box."""

HIDDEN_RULE = (
    f"@layer rum-replay{{:where([{HIDDEN}]){{box-sizing:border-box!important;flex-shrink:0!important;"
    f'line-height:normal!important}}:where([{HIDDEN}])::before{{content:"\\200b"}}'
    f":where([{HIDDEN}]):where(a,abbr,b,bdi,bdo,cite,code,data,del,dfn,em,font,i,ins,kbd,label,mark,output,q,s,samp,small,"
    "span,strong,sub,sup,time,u,var,:not(:defined)){display:inline-block}}"
)
"""Gives them that size also on the line, with the baseline of the text that was in them."""

MEDIA_RULE = ":is(audio,video):not([controls])::-webkit-media-controls{display:none!important}"
"""Hides the controls that browsers give films and sounds where scripts are disabled, whatever the page wanted.

Chromium and Safari know the name; in Firefox, nothing in a page can hide them.
"""

_PIXELS = re.compile(r"[ \t\r\n\f]*+(\d{1,6}+(?:\.\d{1,6}+)?)\d*+(%)?+", re.ASCII)
_CANVAS_SIZE = re.compile(r"[ \t\r\n\f]*+\+?(\d{1,5}+)(?!\d)", re.ASCII)
# What SDKs write instead of an image that they hide for privacy, and of the source of one that had none.
_CENSORED = re.compile(
    r"data:image/svg\+xml,%3Csvg xmlns='http://www\.w3\.org/2000/svg' "
    r"width='(\d{1,6}(?:\.\d{1,20})?)' height='(\d{1,6}(?:\.\d{1,20})?)'",
    re.ASCII,
)
_IMAGE_FILES = (".avif", ".bmp", ".gif", ".ico", ".jpeg", ".jpg", ".png", ".svg", ".webp")
# No browser has shown Flash since 2021, and others for longer: they show what is inside of the element, if anything.
_FLASH = "application/x-shockwave-flash"
_UNKNOWN_TO_BROWSERS = frozenset({_FLASH, "application/x-java-applet", "application/x-silverlight-2"})
FALLBACK = "replay-object"
"""Name of the element in place of an `<object>` of which browsers show what is in it."""

_ADDRESSES = {"embed": "src", "object": "data"}
# Attributes that give a plugin margins and, if it is an <object>, a border.
_OF_PLUGINS = {"border": "border:{} solid", "hspace": "margin-inline:{}", "vspace": "margin-block:{}"}
_MAX_ADDRESS = 8_192  # Characters that are looked at.
# The attributes that hold pictures.
_PICTURES = {"img": "src", "input": "src", "source": "srcset", "video": "poster"}
_MAX_ALT = 100  # Characters.


def is_box(element: str, recorded: Mapping[str, str], *, has_fallback: bool = False) -> bool:
    """Whether it is a plugin that had a box of its own, in whose place there is one.

    `has_fallback` is whether there is something in it that browsers show if they can show nothing else; without that,
    an `<object>` has a box even if it is empty.
    """
    if (kind := local_name(element)) not in _ADDRESSES:
        return False
    address = recorded.get(_ADDRESSES[kind])
    if kind == "embed":
        return address is not None or "type" in recorded
    return not has_fallback or (bool(address) and _type(address or "", recorded) not in _UNKNOWN_TO_BROWSERS)


def box_attributes(element: str, recorded: Mapping[str, str]) -> dict[str, str]:
    """The attributes to write the box of a plugin with.

    The box is a frame, which has the same size as a plugin where none is given. Where the plugin showed an image, the
    style keeps its proportions; it also has what attributes of plugins say that frames do not know.
    """
    kind = local_name(element)
    written = {"frameborder": "0"} | attributes(BOX, recorded) | {SUBSTITUTE_FOR: kind}
    style: list[str] = []
    size = _natural_size(recorded)
    if size is not None and _type(recorded.get(_ADDRESSES[kind], ""), recorded).startswith("image/"):
        style.append(f"aspect-ratio:auto {size[0]:g}/{size[1]:g}")
    for name, written_as in _OF_PLUGINS.items():
        length = _PIXELS.match(recorded.get(name, ""))
        if length is not None and (kind, name) != ("embed", "border") and not (name == "border" and length[2]):
            style.append(written_as.format(f"{length[1]}{length[2] or 'px'}"))
    if style:
        written["style"] = ";".join([*style, *filter(None, [written.get("style")])])
    return written


def _type(address: str, recorded: Mapping[str, str]) -> str:
    """The media type of what a plugin shows, as far as it is stated; `image/` for images of an unknown kind."""
    if stated := recorded.get("type", "").strip().lower():
        return stated
    file = re.split(r"[?#]", address[:_MAX_ADDRESS], maxsplit=1)[0].strip().lower()
    if file.startswith("data:"):
        return file[5:]
    if file.endswith(".swf"):
        return _FLASH
    return "image/" if file.endswith(_IMAGE_FILES) else ""


def canvas_style(recorded: Mapping[str, str], picture: str | None) -> str:
    """Declarations for a canvas: its size, since browsers lay one out like text where no script runs, and its picture.

    The picture is a data URL. It is as large as the content of the canvas, whatever its own size, as drawings are.
    """
    width, height = (_CANVAS_SIZE.match(recorded.get(name, "")) for name in ("width", "height"))
    blank = _picture(float(width[1]) if width else 300, float(height[1]) if height else 150, "")
    style = f'content:url("{blank}")!important'
    if picture is None:
        return style
    return (
        f'{style};background-image:url("{picture}"),none!important;background-position:0 0!important;'
        "background-size:100% 100%!important;background-repeat:no-repeat!important;"
        "background-origin:content-box!important;background-clip:content-box,border-box!important"
    )


def changed_substitute(element: str, recorded: Mapping[str, str], parent: str = "") -> dict[str, str | None]:
    """What to write once an attribute in `SIZING` has changed; None removes an attribute."""
    # By name, because a hostile element has very many attributes.
    known = {name: recorded[name] for name in SIZING if name in recorded}
    kind = local_name(element)
    name = _PICTURES.get(kind)
    if name is None:
        return {}
    shown = substitute(kind, known, parent).get(name) or attribute(kind, name, known.get(name))
    return {name: shown, UNSIZED: "" if is_unsized(kind, known) else None} if name == "src" else {name: shown}


def substitute(element: str, recorded: Mapping[str, str], parent: str = "") -> dict[str, str]:
    """The attribute with a picture of the right size for an element that lacks its own; empty if it needs none."""
    kind = local_name(element)
    name = _PICTURES.get(kind, "")
    if kind == "source":
        lacks = name in recorded and local_name(parent) == "picture"
    elif kind == "video":
        lacks = not any(_is_shown(kind, one, recorded) for one in ("poster", "src"))
    else:
        lacks = _lacks_image(kind, recorded)
    size = _natural_size(recorded) if lacks else None
    if size is None:
        return {}
    return {name: _picture(*size, recorded.get("alt", "")[:_MAX_ALT] if name == "src" else "")}


def is_unsized(element: str, recorded: Mapping[str, str]) -> bool:
    """Whether it is an image that the recording lacks, and that has no recorded size either."""
    return _lacks_image(local_name(element), recorded) and _natural_size(recorded) is None


def _lacks_image(kind: str, recorded: Mapping[str, str]) -> bool:
    if kind != "img" and not (kind == "input" and recorded.get("type", "").lower() == "image"):
        return False
    # An empty address is as none: browsers show the text.
    has_one = recorded.get("src", "").strip() or (kind == "img" and recorded.get("srcset", "").strip())
    return bool(has_one) and not _is_shown(kind, "src", recorded)


def _is_shown(kind: str, name: str, recorded: Mapping[str, str]) -> bool:
    return bool(attribute(kind, name, recorded.get(name)))


def _natural_size(recorded: Mapping[str, str]) -> tuple[float, float] | None:
    """Width and height of an image in pixels."""
    if censored := _CENSORED.match(recorded.get("srcset", "")):
        width, height = float(censored[1]), float(censored[2])
    else:
        width, height = (_pixels(recorded.get(name, "")) for name in ("width", "height"))
    return (width, height) if width > 0 and height > 0 else None


def _pixels(length: str) -> float:
    """A length as HTML reads it; 0 if it is none in pixels."""
    found = _PIXELS.match(length)
    return 0 if found is None or found[2] else float(found[1])


@lru_cache(maxsize=1_000)
def _picture(width: float, height: float, text: str) -> str:
    """A transparent picture of a size in pixels, with as much of a text in it as there is room for."""
    size = min(14.0, height * 0.7)
    letters = int((width - 8) / (size * 0.55)) if text else 0
    lines = max(1, int(height / (size * 1.3))) if text else 0
    written = "".join(one if one.isprintable() else " " for one in text)
    rows = textwrap.wrap(written, letters)[:lines] if letters > 0 else []
    spans = "".join(
        f'<tspan x="4" y="{size * (1.3 * number + 1.1):g}">{escape(row)}</tspan>' for number, row in enumerate(rows)
    )
    label = (
        f'<text font-family="sans-serif" font-size="{size:g}" fill="#444" stroke="#fff" stroke-width="2" '
        f'paint-order="stroke">{spans}</text>'
    )
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{height:g}">{label if rows else ""}</svg>'
    return f"data:image/svg+xml,{quote(svg, safe='')}"
