"""A recorded page as markup that shows it in a frame as high as the page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from functools import lru_cache
from itertools import islice

from .. import _inert as inert
from .._inert.tokens import STRING
from ..dom import Node, NodeKind, Page, Size, nodes_below
from ..dom._css.matching import Budget, Selector, TooManyStepsError, keys_of, scope_of, selectors_of
from ..dom._css.media import applies
from ..dom._markup.html import Markup
from ..dom._page import focus_marks
from ._frame_styles import FrameStyles

__all__ = [
    "count_incomplete_rules",
    "count_left_out",
    "count_modal_dialogs",
    "count_open_dialogs",
    "count_popovers",
    "count_shown_popovers",
    "count_unsized",
    "count_without_drawing",
    "is_hatched",
    "static_markup",
]

# Not in strings and addresses, where the data of a font may contain the same.
_VIEWPORT_UNIT = re.compile(
    rf"{STRING}|url\([^)\"']*+"
    r"|(?<![\w.#])(?P<number>\d{1,9}(?:\.\d{0,9})?|\.\d{1,9})[sld]?(?P<unit>vh|vw|vmin|vmax|vb|vi)\b",
    re.IGNORECASE,
)
_MISSING = "data-replay-missing"
_MARK = f'(?:{_MISSING}|{inert.HIDDEN})=""'
_HATCHED = re.compile(f"<[^<> ]*+(?> (?!{_MARK})[^<> ]*+)*+ {_MARK}")  # in a tag: texts may contain the same
_UNSIZED = re.compile(f'<[^<> ]*+(?> (?!{inert.UNSIZED}="")[^<> ]*+)*+ {inert.UNSIZED}=""')
_UNDRAWN = re.compile(f'<canvas[^<> ]*+(?> (?!{_MISSING}="")[^<> ]*+)*+ {_MISSING}=""')
_STYLES = re.compile(r"<style\b[^<>]*+>((?>[^<]++|<(?!/style>))*+)</style>")
_IMAGE_IN_ATTRIBUTE = "url(&quot;&quot;)"
_OPEN_DIALOG = re.compile('<dialog(?> (?!open=")[^<> ]*+)*+ open="')
_TOP_LAYER = f'<[^<> ]*+(?> (?!{inert.TOP_LAYER}=")[^<> ]*+)*+ {inert.TOP_LAYER}="'
_MODAL = re.compile(_TOP_LAYER + inert.MODAL)
_SHOWN_POPOVER = re.compile(_TOP_LAYER + inert.POPOVER)
_POPOVER = re.compile('<[a-z][^<> ]*+(?> (?!popover=")[^<> ]*+)*+ popover="')
# What the recording does not contain is hatched as in the player, carets do not blink, and nothing scrolls the page.
_ADDED = (
    f"<style>[{_MISSING}],[{inert.HIDDEN}]"
    "{background:repeating-linear-gradient(45deg,#8882 0 6px,#8884 6px 12px)!important}"
    "*{caret-color:transparent!important}:root,body{scroll-snap-type:none!important}</style>"
)


_END_OF_HEAD = "</head>"
_INTO_SHADOW = " >>> "
_MEDIA = re.compile(r"(@media\b)([^{;]*+)(?=\{)", re.IGNORECASE)
_SHOWN_WHOLE = "data-replay-whole"
_AROUND = "data-replay-around"
_FLUSH = "data-replay-flush"
_STUCK = "data-replay-stuck"
# Beyond their edges, what scrolls is shown over whatever is there. What scrolls may be smaller than what is in it, and
# margins within it do not become its own: what has no padding above them gets some, which some elements have anyway.
_WHOLE = ":where([{name}]){{min-width:0;min-height:0}}[{name}]{{overflow:visible!important}}"
_STYLED = {
    _AROUND: _WHOLE.format(name=_AROUND),
    _SHOWN_WHOLE: _WHOLE.format(name=_SHOWN_WHOLE)
    + f":where([{_SHOWN_WHOLE}]:not(dialog,fieldset,[popover])){{padding-block-start:.02px}}",
    _FLUSH: _WHOLE.format(name=_FLUSH) + f"[{_FLUSH}]{{padding-block-start:.02px!important}}",
}
_MAX_EDGES = 10
"""Edges that elements stick to, and distances from these; the page is searched for each."""

_MAX_COMPARED = 2_000_000
"""Elements compared with the selectors of those that are shown whole."""


def static_markup(
    page: Page,
    layout: Size,
    *,
    shown_whole: AbstractSet[str] = frozenset(),
    edges: Mapping[str, tuple[str, float]] = {},
    is_cropped: bool = False,
    beyond: float = 0,
    origin: tuple[int, int] = (0, 0),
) -> str:
    """Inert markup that a browser shows without requests.

    The frame that shows the markup is higher than the viewport was, and may be wider. So lengths relative to the
    viewport, such as `100vh`, become pixels, and media queries on its size are decided.

    `edges` is selectors of sticky elements, `top` or `bottom`, and how far they stay from that edge of the frame, in
    pixels.

    `shown_whole` is selectors of elements that scroll by themselves; what is in them is shown beyond their edges. With
    these, if `is_cropped`, if the frame is `beyond` pixels wider than the viewport was, or if something is in the top
    layer, the root is as large as the viewport was, and what is fixed to the viewport is there. `origin` is where its
    top left corner is in the frame, in pixels.

    Raises SegmentError if there are more than 64 Mi characters.
    """
    if page.root is None:
        return ""
    whole = _elements(page.root, shown_whole) if shown_whole else set[Node]()
    frame_styles = FrameStyles(page, layout)
    styled = {one: _FLUSH if frame_styles.is_without_padding(one) else _SHOWN_WHOLE for one in whole}
    for element in whole:
        above = element.parent
        while above is not None and above not in styled:
            if above.kind is NodeKind.ELEMENT:
                styled[above] = _AROUND
            above = above.parent
    styles = dict(_STYLED)
    by_edge: defaultdict[tuple[str, float], set[str]] = defaultdict(set)
    for selector, place in edges.items():
        by_edge[place].add(selector)
    for number, ((edge, distance), selectors) in enumerate(islice(by_edge.items(), _MAX_EDGES)):
        name = f"{_STUCK}-{number}"
        styles[name] = f"[{name}]{{{edge}:{distance:g}px!important}}"
        for element in _elements(page.root, selectors):
            styled.setdefault(element, name)
    markup = Markup(
        restyle=_in_viewport(layout),
        mark=_MISSING,
        styled=styled,
        marks=focus_marks(page),
        styles=styles,
    ).of(page.root)
    has_fixed = is_cropped or _has_top_layer(page.root)
    added = _ADDED
    if has_fixed or beyond > 0 or whole:
        added += f"<style>{frame_styles.of_root(origin, beyond, has_fixed=has_fixed)}</style>"
    # At the end of a document, it would be the last child of the body. Nothing that is recorded can contain this tag.
    before, end, after = markup.partition(_END_OF_HEAD)
    return f"{before}{added}{end}{after}" if end else markup + added


def _has_top_layer(root: Node) -> bool:
    return any(node.in_top_layer for node in nodes_below(root))


def _elements(root: Node, paths: AbstractSet[str]) -> set[Node]:
    """The elements of a page that have these selectors, written by `css_path`."""
    found: set[Node] = set()
    by_key: defaultdict[str, list[list[Selector]]] = defaultdict(list)
    for path in paths:
        parts = [selector for part in path.split(_INTO_SHADOW) for selector in selectors_of(part)]
        if parts and len(parts) == path.count(_INTO_SHADOW) + 1:
            by_key[parts[-1].key].append(parts)
    budget = Budget(_MAX_COMPARED)
    try:
        for element in nodes_below(root):
            if element.kind is NodeKind.ELEMENT and any(
                _is_at(element, parts, budget) for key in keys_of(element) for parts in by_key.get(key, ())
            ):
                found.add(element)
    except TooManyStepsError:
        pass
    return found


def _is_at(element: Node | None, parts: list[Selector], budget: Budget) -> bool:
    """Whether an element is selected by the last part, the host of the shadow root around it by the one before."""
    for number in range(len(parts) - 1, -1, -1):
        if element is None or not parts[number].selects(element, budget):
            return False
        root = scope_of(element)
        if (root is None) != (number == 0):
            return False
        element = None if root is None else root.parent
    return True


def is_hatched(markup: str) -> bool:
    """Whether anything in the markup of a page is hatched."""
    return _HATCHED.search(markup) is not None


def count_unsized(markup: str) -> int:
    """How many images in the markup of a page have no recorded size."""
    return sum(1 for _ in _UNSIZED.finditer(markup))


def count_without_drawing(markup: str) -> int:
    """How many canvases in the markup of a page lack what was drawn on them."""
    return sum(1 for _ in _UNDRAWN.finditer(markup))


def count_incomplete_rules(markup: str) -> int:
    """How many style rules in the markup of a page lack values; components may share theirs."""
    return sum(map(inert.incomplete_rules, set(_STYLES.findall(markup))))


def count_left_out(markup: str) -> tuple[int, int]:
    """How many images, and rules for fonts, the styles in the markup of a page lack; components may share theirs."""
    counts = [inert.left_out(css) for css in set(_STYLES.findall(markup))]
    images = sum(image for image, _ in counts) + markup.count(_IMAGE_IN_ATTRIBUTE)
    return images, sum(font for _, font in counts)


def count_open_dialogs(markup: str) -> int:
    """How many dialogs in the markup of a page are open."""
    return sum(1 for _ in _OPEN_DIALOG.finditer(markup))


def count_modal_dialogs(markup: str) -> int:
    """How many of them are taken for modal."""
    return sum(1 for _ in _MODAL.finditer(markup))


def count_popovers(markup: str) -> int:
    """How many elements in the markup of a page may have been shown as popovers."""
    return sum(1 for _ in _POPOVER.finditer(markup))


def count_shown_popovers(markup: str) -> int:
    """How many of them are shown."""
    return sum(1 for _ in _SHOWN_POPOVER.finditer(markup))


def _in_viewport(layout: Size) -> Callable[[str], str]:
    """Changes CSS such that it means in any frame what it meant in a viewport of this size."""
    wide, high = layout.width / 100, layout.height / 100
    units = {"vw": wide, "vi": wide, "vh": high, "vb": high, "vmin": min(wide, high), "vmax": max(wide, high)}

    def decided(rule: re.Match[str]) -> str:
        answer = applies(rule[2], layout)
        return rule[0] if answer is None else f"{rule[1]} {'all' if answer else 'not all'}"

    def in_pixels(found: re.Match[str]) -> str:
        return f"{float(found['number']) * units[found['unit'].lower()]:.10g}px" if found["unit"] else found[0]

    @lru_cache(maxsize=100)
    def fixed(css: str) -> str:
        if "@media" in css.lower():
            css = _MEDIA.sub(decided, css)
        return _VIEWPORT_UNIT.sub(in_pixels, css)

    return fixed
