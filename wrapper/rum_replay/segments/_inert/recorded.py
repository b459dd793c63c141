"""Attributes that are written with another value than recorded, or left out, for the selectors that ask for them.

Style sheets select by addresses, as in `img[src$=".svg"]` or `a[target]`, and what they say is often a size. So what
such an attribute was is written once more by a name that means nothing to browsers, and selectors are rewritten to ask
for that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from .tokens import IDENT, NAME_WITH_ESCAPES, without_escapes

__all__ = [
    "ADDABLE",
    "ADDED",
    "SELECTED",
    "added",
    "recorded_attributes",
    "recorded_name",
    "select_recorded",
    "selected_in",
]

ADDED = "data-replay-added"
"""Attribute of elements with a `src` or `poster` that was not recorded."""

SELECTED = frozenset(
    {
        "action",
        "autofocus",
        "autoplay",
        "cite",
        "command",
        "commandfor",
        "crossorigin",
        "data",
        "download",
        "formaction",
        "formmethod",
        "formtarget",
        "href",
        "is",
        "method",
        "name",
        "popovertarget",
        "popovertargetaction",
        "poster",
        "sandbox",
        "src",
        "srcdoc",
        "srcset",
        "target",
    }
)
"""Attributes that style sheets may ask for and that are not always written as recorded, in lower case."""

_PREFIX = "data-replay-was-"
ADDABLE = frozenset({"poster", "src"})
_LONGEST = 2_000
"""Characters of a value; longer ones are mostly images in themselves, which are written as recorded."""
_SELECTED_IN = re.compile(
    rf"\[[ \t\r\n\f]*+({NAME_WITH_ESCAPES}|{'|'.join(sorted(SELECTED))})(?!{IDENT}|\\)", re.IGNORECASE
)


def selected_in(css: str) -> frozenset[str]:
    """The attributes among `SELECTED` that a style sheet may ask for."""
    if "[" not in css:
        return frozenset()
    return SELECTED.intersection(without_escapes(found[1]) for found in _SELECTED_IN.finditer(css))


@lru_cache(maxsize=100)
def recorded_name(attribute: str) -> str:
    """The name by which the recorded value of an attribute is written."""
    return _PREFIX + attribute


def recorded_attributes(
    recorded: Mapping[str, str], written: Mapping[str, str], selected: frozenset[str] = SELECTED
) -> dict[str, str]:
    """What to write beside the attributes of an element, given those that were recorded and those that are written.

    `selected` is the attributes that style sheets ask for.
    """
    if selected.isdisjoint(recorded):  # as for most elements
        return {}
    # By name, because a hostile element has very many attributes.
    return {
        recorded_name(name): recorded[name]
        for name in sorted(selected.intersection(recorded))
        if written.get(name) != recorded[name] and len(recorded[name]) <= _LONGEST
    }


def added(recorded: Mapping[str, str], written: Mapping[str, str | None]) -> bool:
    """Whether an element gets a `src` or `poster` that was not recorded."""
    return any(name not in recorded and written.get(name) is not None for name in ADDABLE)


def select_recorded(attribute: str, rest: str) -> str:
    """A selector for what was recorded, as specific as one of the attribute; `rest` is what follows its name."""
    was = recorded_name(attribute)
    others = f"[{was}],[{ADDED}]" if attribute in ADDABLE else f"[{was}]"
    # Without a namespace, as it is, and so written that it is not rewritten again.
    return f":is([|{attribute}{rest}]:where(:not({others})),[{was}{rest}])"
