"""Elements that are written by another name, because parsers would not keep them where they were.

Browsers know no style for these names, so it is written here: that of HTML, as far as CSS can say it. It is in the
first cascade layer and has no specificity, so that it yields to every rule of the page, as a browser's own style does.

Source: https://html.spec.whatwg.org/multipage/rendering.html
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["RAW", "UNRENDERED", "before_layers", "in_first_layer", "new_name", "style_rules"]

_PREFIX = "replay-"

RAW = frozenset({"plaintext", "xmp"})
"""Elements that are always written by another name, because parsers take all that is in them, or follows, for text."""

UNRENDERED = "data-replay-unrendered"
"""Attribute of elements that no browser shows."""

_BLOCK = "display:block"
_CELL = "display:table-cell;vertical-align:inherit;padding:1px"
_SECTION = "vertical-align:middle;border-color:inherit"
_PREFORMATTED = f"{_BLOCK};font-family:monospace;white-space:pre;margin-block:1em"
_HEADINGS = {
    "h1": (2, 0.67),
    "h2": (1.5, 0.83),
    "h3": (1.17, 1),
    "h4": (1, 1.33),
    "h5": (0.83, 1.67),
    "h6": (0.67, 2.33),
}
_LOOKS = {
    "area": "display:none",
    "basefont": "display:none",
    "body": f"{_BLOCK};margin:8px",
    "button": (
        "display:inline-block;box-sizing:border-box;align-content:center;margin:0;padding:1px 6px;"
        "border:2px outset ButtonBorder;border-radius:3px;background-color:ButtonFace;color:ButtonText;"
        "font:13.3333px Arial;font:-webkit-small-control;letter-spacing:normal;word-spacing:normal;line-height:normal;"
        "text-align:center;text-indent:0;text-shadow:none;text-transform:none;cursor:default"
    ),
    "caption": "display:table-caption;text-align:center;text-align:-webkit-center",
    "col": "display:table-column",
    "colgroup": "display:table-column-group",
    "dd": f"{_BLOCK};margin-inline-start:40px",
    "dt": _BLOCK,
    "form": _BLOCK,
    "head": "display:none",
    "hr": f"{_BLOCK};unicode-bidi:isolate;margin:.5em auto;border:1px inset;overflow:hidden;color:gray",
    "html": _BLOCK,
    "li": "display:list-item;text-align:match-parent",
    "nobr": "white-space:nowrap",
    "p": f"{_BLOCK};margin-block:1em",
    "plaintext": _PREFORMATTED,
    "rp": "display:none",
    "table": (
        "display:table;box-sizing:border-box;border-spacing:2px;border-collapse:separate;border-color:gray;"
        "text-indent:initial"
    ),
    "tbody": f"display:table-row-group;{_SECTION}",
    "td": _CELL,
    "tfoot": f"display:table-footer-group;{_SECTION}",
    "th": f"{_CELL};font-weight:bold;text-align:center",
    "thead": f"display:table-header-group;{_SECTION}",
    "title": "display:none",
    "tr": "display:table-row;vertical-align:inherit;border-color:inherit",
    "xmp": _PREFORMATTED,
    **{
        name: f"{_BLOCK};font-size:{size}em;margin-block:{margin}em;font-weight:bold"
        for name, (size, margin) in _HEADINGS.items()
    },
}
_RUBY_TEXT = ":where(ruby>replay-rt){display:ruby-text;font-size:50%;text-align:start}"
_LINK = ":where(replay-a[href]){color:LinkText;text-decoration:underline;cursor:pointer}"


_ROWS = frozenset({"table", "tbody", "tfoot", "thead", "tr"})
_FORM_IN_ROWS = ":is(table,tbody,tfoot,thead,tr,{rows})>:is(form,replay-form){{display:none!important}}"


def new_name(name: str) -> str:
    """The name to write an element with instead of its own."""
    return _PREFIX + name


def in_first_layer(rules: str) -> str:
    """Rules that yield to those of the page, as a browser's own do; `boxes.UNSIZED_RULE` is in the same layer."""
    return f"@layer rum-replay{{{rules}}}" if rules else ""


def before_layers(css: str) -> str:
    """A style sheet that may come before our rules, such that our layer stays the first one."""
    return f"@layer rum-replay;{css}" if "@layer" in css.lower() else css


def style_rules(names: Iterable[str]) -> str:
    """The style of renamed elements, given the names that they had, as rules within the layer."""
    names = sorted(names)
    rules = [f":where({new_name(name)}:not([hidden],[popover])){{{_LOOKS[name]}}}" for name in names if name in _LOOKS]
    if "a" in names:
        rules.append(_LINK)
    if "rt" in names:
        rules.append(_RUBY_TEXT)
    if rows := _ROWS.intersection(names):
        rules.append(_FORM_IN_ROWS.format(rows=",".join(map(new_name, sorted(rows)))))
    return "".join(rules)
