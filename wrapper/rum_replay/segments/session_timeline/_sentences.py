"""What happened, as sentences: our words, and recorded text between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ..records import Number
from ._entries import Quote, TimelineElement, shortened
from ._moment import Action, ActionKind

__all__ = ["plain", "sentence_of"]

_MAX_QUOTE = 100
_MAX_URL = 300
_TAG = re.compile(r"[a-z][a-z0-9-]{0,40}", re.ASCII)
"""Tags that cannot be taken for anything else."""

_MAX_LABELS = 10
_SOMETHING = "*"
_CHOSEN_FILE = "C:\\fakepath\\"
"""What browsers put before the name of a file, on any system; of several, they say the first."""


_POINTED_AT = frozenset({"click", "double_click", "context_menu", "drag", "rage_click", "dead_click", "frustration"})
"""What is known by the text on it; of what is typed into or scrolled, the text is its content."""

_FINGERS = frozenset({"hold", "swipe", "tap"})
_WHOLE_PAGE = frozenset({"body", "html"})
"""Nobody knows a page by all of its text."""

Pieces = tuple[str | Quote, ...]
_A = Action[TimelineElement]


def sentence_of(action: _A, *, before: str | None, is_first_page: bool) -> Pieces:
    """The sentence for an action; `before` is the address of the page in the tab before."""
    if action.kind == "page":
        return _page(action.details, is_first=is_first_page, before=before)
    return _SENTENCES[action.kind](action)


def plain(pieces: Pieces) -> str:
    """The sentence as plain text, with recorded text in quotation marks."""
    return "".join(piece if isinstance(piece, str) else f"“{piece.text}”" for piece in pieces)


def _page(details: Mapping[str, Any], *, is_first: bool, before: str | None) -> Pieces:
    url, title = details["url"], details["title"]
    verb = "opens " if is_first else "goes to "
    if url is not None and url == before and "is_loaded" in details:
        verb = "loads anew " if details["is_loaded"] else "begins a new view of "
    unknown = "a screen of an app" if details.get("is_mobile") else "a page whose address is not recorded"
    address: Pieces = (unknown,) if url is None else (Quote(shortened(url, _MAX_URL)),)
    named: Pieces = () if title is None else (", titled ", Quote(shortened(title, _MAX_QUOTE)))
    return (verb, *address, *named)


def _what(action: _A) -> Pieces:
    """The element: its role or tag, and its name or text, or else where it is."""
    element = action.element
    if element is None:
        reason = action.details.get("unknown")
        whole = "the screen" if action.details.get("by") in _FINGERS else "the page"
        return (f"something unknown: {reason}",) if reason else (whole,)
    if element.tag in _WHOLE_PAGE and element.name is None:
        return ("the page",)
    kind = element.role or element.tag
    start: Pieces = (f"{kind} ",) if _TAG.fullmatch(kind) else ()
    beside: Pieces = () if element.beside is None else (" beside ", Quote(element.beside))
    name = element.name or (element.text if action.kind in _POINTED_AT else None)
    if name is not None:
        return (*start, Quote(name), *beside)
    hidden: Pieces = () if element.privacy is None else (f" ({element.privacy} for privacy)",)
    return (*start, Quote(shortened(element.selector, _MAX_QUOTE)), *hidden, *beside)


def _click(action: _A) -> Pieces:
    by = action.details.get("by")
    if by == "label":
        return ("the label clicks ", *_what(action))
    if by in ("keyboard", "enter"):
        return ("uses ", *_what(action), " by the keyboard")
    if by == "script":
        return ("a script or key clicks ", *_what(action))
    if by == "drag":
        return ("the drag ends in a click on ", *_what(action))
    return ("taps " if by == "tap" else "clicks ", *_what(action))


def _context_menu(action: _A) -> Pieces:
    if action.details.get("by") == "hold":
        return ("holds ", *_what(action), f" for {action.details['held'] / 1_000:.1f} s")
    return ("opens the context menu of ", *_what(action))


def _input(action: _A) -> Pieces:
    details = action.details
    is_empty = not details.get("value", _SOMETHING).strip()
    if details.get("by") == "script":
        if is_empty:
            return ("a script clears ", *_what(action))
        value: Pieces = (Quote(shortened(details["value"], _MAX_QUOTE)),) if "value" in details else ("another text",)
        return ("a script or autofill puts ", *value, " into ", *_what(action))
    if details.get("is_password"):
        return ("types into ", *_what(action), " (a password or the like, never shown)")
    if is_empty:
        key = (", perhaps by Enter",) if details.get("perhaps") == "enter" else ()
        return ("clears ", *_what(action), *key)
    return _entered(action)


def _entered(action: _A) -> Pieces:
    """What somebody typed, set or chose."""
    details, element = action.details, action.element
    is_slider = element is not None and element.role == "slider"
    key = (f", then perhaps presses {details['perhaps'].capitalize()}",) if "perhaps" in details else ()
    if "value" not in details:
        return ("sets " if is_slider else "types into ", *_what(action), " (what is not recorded)", *key)
    text = Quote(shortened(details["value"].removeprefix(_CHOSEN_FILE), _MAX_QUOTE))
    if is_slider:
        return ("sets ", *_what(action), " to ", text)
    if details["value"].startswith(_CHOSEN_FILE):
        return ("chooses the file ", text, " for ", *_what(action))
    return ("types ", text, " into ", *_what(action), *key)


def _check(action: _A) -> Pieces:
    is_radio = action.element is not None and action.element.role == "radio"
    verb = "unchecks " if not action.details["checked"] else "chooses " if is_radio else "checks "
    if action.details.get("by") == "script":
        verb = f"a script {verb}"
    return (verb, *_what(action))


def _select(action: _A) -> Pieces:
    labels: list[str] = action.details.get("labels", [])
    chosen: Pieces = ("an option (which is not recorded)",)
    if labels:
        quoted = [Quote(shortened(label, _MAX_QUOTE)) for label in labels[:_MAX_LABELS]]
        chosen = tuple(piece for quote in quoted for piece in (", ", quote))[1:]
        chosen += (" and more",) if len(labels) > _MAX_LABELS else ()
    verb = "a script selects " if action.details.get("by") == "script" else "selects "
    key = (" by the keyboard",) if action.details.get("by") == "keyboard" else ()
    return (verb, *chosen, " in ", *(_layer(action) if "layer" in action.details else _what(action)), *key)


def _drag(action: _A) -> Pieces:
    start, end = action.details["from"], action.details["to"]
    verb = "swipes " if action.details.get("by") in ("swipe", "touch") else "drags "
    if end is None:
        return ("perhaps drags ", *_what(action), ", to where is not recorded")
    across, down = (0 if None in (old, new) else new - old for old, new in zip(start, end, strict=True))
    ways = [(across, "right" if across > 0 else "left"), (down, "down" if down > 0 else "up")]
    way = " and ".join(f"{_pixels(abs(length))} {side}" for length, side in ways if length)
    return (verb, *_what(action), f" {way}")


def _layer(action: _A) -> Pieces:
    """A dialog, menu or list, or what shows it."""
    element, role = action.element, action.details["layer"]
    return (role,) if element is None else (f"{role} ", Quote(element.name or shortened(element.selector, _MAX_QUOTE)))


def _close(action: _A) -> Pieces:
    labels: list[str] = action.details.get("labels", [])
    chosen: Pieces = ()
    if labels or action.details.get("is_masked"):
        item = Quote(shortened(labels[0], _MAX_QUOTE)) if labels else "an option (which is not recorded)"
        chosen = (", or chooses ", item, " by the keyboard")
    key = "Enter" if action.details.get("perhaps") == "enter" else "Escape"
    return ("closes ", *_layer(action), f" without a click, perhaps by {key}", *chosen)


def _scroll(action: _A) -> Pieces:
    left, top = action.details["position"]
    across = f" and {_pixels(left)} across" if left else ""
    return ("scrolls ", *_what(action), f" to {_pixels(top)} down{across}")


def _resize(action: _A) -> Pieces:
    width, height = action.details["viewport"]
    what = "turns or resizes the screen" if action.details.get("is_mobile") else "resizes the window"
    return (f"{what} to {round(width)} × {_pixels(height)}",)


def _gap(action: _A) -> Pieces:
    return (f"gap: {action.details['reason']}; what happened is not known, and what is changed next is uncertain",)


def _frustration(action: _A) -> Pieces:
    kinds = ", ".join(kind.replace("_", " ") for kind in action.details["types"])
    where: Pieces = () if action.element is None else (" on ", *_what(action))
    return ("frustration recorded by the SDK: ", Quote(shortened(kinds, _MAX_QUOTE)), *where)


def _rage(action: _A) -> Pieces:
    return ("rage click: ", f"{action.details['clicks']} clicks on ", *_what(action))


def _dead(action: _A) -> Pieces:
    return ("dead click: nothing reacts to the click on ", *_what(action))


def _focus_lost(action: _A) -> Pieces:
    if action.details.get("is_frame"):
        which: Pieces = ("a frame",) if "frames" in action.details else _what(action)
        probably: Pieces = () if len(which) > 1 or action.element is None else (", probably ", *_what(action))
        return ("goes into the content of ", *which, *probably, ", which is not recorded")
    frame: Pieces = () if action.element is None else (", probably to the content of ", *_what(action))
    return ("leaves the page: its window loses focus", *frame)


def _focus_back(action: _A) -> Pieces:
    return (f"comes back to the page after {action.details['away'] / 1_000:.1f} s",)


_SENTENCES: dict[ActionKind, Callable[[_A], Pieces]] = {
    "click": _click,
    "close": _close,
    "drag": _drag,
    "double_click": lambda action: ("double-clicks ", *_what(action)),
    "context_menu": _context_menu,
    "input": _input,
    "check": _check,
    "select": _select,
    "scroll": _scroll,
    "resize": _resize,
    "focus_lost": _focus_lost,
    "focus_back": _focus_back,
    "gap": _gap,
    "end": lambda _: ("the recording of this tab ends",),
    "rage_click": _rage,
    "dead_click": _dead,
    "frustration": _frustration,
}


def _pixels(length: Number) -> str:
    return f"{round(length)} px"
