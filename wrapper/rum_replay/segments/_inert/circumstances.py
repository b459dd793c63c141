"""CSS that depends on how a page is shown, written such that it means what it meant on the page.

- Where a page is shown, no script runs. Where it was recorded, some did: media queries get the answer of then.
- What `content-visibility: auto` leaves out has a size that the page guessed, up to when it is scrolled into view. What
  was in view before is not recorded; people scroll through what is above, so everything is laid out. Otherwise what is
  left out depends on the window that shows the page, and changes with each time that the player seeks.
- Markup has to know what moves as the page is scrolled, which no selector finds; see `BY_SCROLLING`.
"""

from __future__ import annotations

import re

__all__ = ["BY_SCROLLING", "as_on_page", "media"]

BY_SCROLLING = "--replay-by-scrolling"
"""Custom property of what moves as far as something is scrolled: so long a time that nothing has moved yet."""

_MEDIA = re.compile(r"(@media\b)([^{;]*+)", re.IGNORECASE)
_SCRIPTING = re.compile(
    r"\([ \t\r\n\f]*+scripting[ \t\r\n\f]*+(?>:[ \t\r\n\f]*+(?P<value>enabled|initial-only|none)[ \t\r\n\f]*+)?+\)",
    re.IGNORECASE,
)
# Media queries that are understood wherever a page is shown.
_ALWAYS, _NEVER = "(min-width:0)", "(max-width:0)"
_LEAVING_OUT = re.compile(
    r"(?<![-\w])content-visibility(\s{0,9}+:\s{0,9}+)auto(?=\s{0,9}+(?:[;!})]|\Z))", re.IGNORECASE
)
_CONTAINED = r"contain\1layout style paint"  # As it is without, as long as it is drawn.
# In parentheses, it asks whether browsers know it.
_SCROLLED = re.compile(r"(?<![-\w])(\(\s{0,9}+)?(animation-timeline\s{0,9}+:\s{0,9}+scroll\()", re.IGNORECASE)


def as_on_page(css: str) -> str:
    """A style sheet or declarations."""
    lower = css.lower()  # Far quicker than regular expressions.
    if "scripting" in lower:
        css = _MEDIA.sub(lambda rule: rule[1] + media(rule[2]), css)
    if "content-visibility" in lower:
        css = _LEAVING_OUT.sub(_CONTAINED, css)
    if "animation-timeline" in lower:
        css = _SCROLLED.sub(lambda found: found[0] if found[1] else f"{BY_SCROLLING}:1e7s;{found[2]}", css)
    return css


def media(query: str) -> str:
    """A media query."""
    return _SCRIPTING.sub(_answer, query)


def _answer(feature: re.Match[str]) -> str:
    return _ALWAYS if (feature["value"] or "enabled").lower() == "enabled" else _NEVER
