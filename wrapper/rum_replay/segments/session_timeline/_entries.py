"""The entries of a timeline, as values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from ..dom import Node, Page, css_path
from ..dom._effects import (
    AttributeSet,
    Effect,
    NodeAdded,
    NodeRemoved,
    RuleDeleted,
    RuleInserted,
    SnapshotTaken,
    StyleSheetsSet,
    TextSet,
)
from ..dom._names.accessible_names import name_of
from ..dom._names.element_names import is_masked, is_masked_text
from ..dom._names.selectors import short_text
from ..dom._page import words_beside, words_on
from ..dom._roles import control_of, role_of
from ..dom._styles.visibility import Visibility
from ..records import Number
from ._moment import ActionKind
from ._rows import text_beside

__all__ = ["ElementNames", "Quote", "TimelineElement", "TimelineEntry", "fragment_of", "shortened"]

_MAX_NAME = 100
_MAX_BESIDE = 60
_MAX_NODES = 1_000
_MAX_KNOWN = 1_000
_RENAMING_EFFECTS = (
    SnapshotTaken | NodeAdded | NodeRemoved | AttributeSet | TextSet | StyleSheetsSet | RuleInserted | RuleDeleted
)


@attrs.frozen(kw_only=True)
class TimelineElement:
    """An element of the page, as it was when something happened to it."""

    role: str | None
    """Its ARIA role, such as `button` or `textbox`; None if it has none by which people know elements."""

    name: str | None
    """Its accessible name, at most 100 characters; None if it has none, or if it is masked."""

    text: str | None
    """The text on it, at most 100 characters; None if there is none, or if it is masked."""

    tag: str
    selector: str
    """Its CSS selector, as `css_path` gives it."""

    privacy: str | None
    """`masked` or `hidden`, if the recording lacks its name for privacy."""

    beside: str | None = None
    """The heading or first text, at most 60 characters, that only the row or card has which it is in, if one next to
    that has something that looks the same. On the screen of an app, the text below it, or next to it in its row, if
    nothing is written on it."""


@attrs.frozen
class Quote:
    """Recorded text within a sentence."""

    text: str


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """Something that happened in a session."""

    kind: ActionKind
    time: Number
    """Milliseconds since the start of its tab, which is the time that the player shows; negative before the first full
    snapshot, where the player begins."""

    timestamp: Number
    """Milliseconds of Unix time, mended if clocks jump."""

    session_id: str | None
    view_id: str | None
    tab: int
    """The number of the tab in its session, from 1 on; a view that starts while others continue is in another tab."""

    text: str
    """What happened, as a sentence on one line. It may contain recorded text, and so anything that can be typed."""

    element: TimelineElement | None = None
    """What it happened to; None if that is nothing, or not known."""

    details: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """What else is known; which members there are depends on the kind."""

    fragment: str | None = None
    """The end of a link to this moment in the player, such as `#t=12.5`; None if the player cannot show it."""

    pieces: tuple[str | Quote, ...] = attrs.field(default=(), repr=False)
    """The sentence, divided into our words and recorded text."""

    def to_dict(self) -> dict[str, Any]:
        """The entry as JSON values."""
        return {
            "kind": self.kind,
            "time": self.time,
            "timestamp": self.timestamp,
            "session_id": self.session_id,
            "view_id": self.view_id,
            "tab": self.tab,
            "text": self.text,
            "element": None if self.element is None else attrs.asdict(self.element),
            "details": dict(self.details),
            "fragment": self.fragment,
        }


def fragment_of(time: Number, timeline: int | None) -> str | None:
    """The fragment of a link to a time in milliseconds on a timeline of the player, as in media fragments."""
    if timeline is None or time < 0:
        return None
    whole, part = divmod(int(time), 1_000)
    seconds = f"{whole}.{part:03}".rstrip("0").rstrip(".")
    return f"#t={seconds}" + ("" if timeline == 1 else f"&timeline={timeline}")


class ElementNames:
    """Describes the elements of one view for a timeline; descriptions are kept until the page changes."""

    def __init__(self) -> None:
        self._known: dict[int, TimelineElement] = {}
        self._visibility = Visibility()

    def note(self, effects: Sequence[Effect]) -> None:
        """Forget descriptions that may have changed."""
        self._visibility.note(effects)
        if any(isinstance(effect, _RENAMING_EFFECTS) for effect in effects):
            self._known.clear()

    def describe(self, page: Page, node: Node) -> TimelineElement:
        """The button, link or field that contains a node, or its element."""
        if node.id not in self._known:
            if len(self._known) >= _MAX_KNOWN:
                self._known.clear()
            self._known[node.id] = _described(page, control_of(node), self._visibility)
        return self._known[node.id]


def _described(page: Page, element: Node, visibility: Visibility) -> TimelineElement:
    name = name_of(element, page, visibility)
    shown = name.text if name.without_doubtful is None else name.without_doubtful

    def may_hide(node: Node) -> bool:
        return visibility.may_hide(node, page)

    text = short_text(element, _MAX_NAME, _MAX_NODES, may_hide)
    text = text or shortened(words_on(page, element), _MAX_NAME)
    privacy = "hidden" if element.size is not None else None
    if privacy is None and (name.is_masked or is_masked(element, text)):
        privacy = "masked"
    return TimelineElement(
        role=role_of(element),
        name=None if privacy is not None or not shown else shortened(shown, _MAX_NAME),
        text=None if privacy is not None or not text else text,
        tag=element.name,
        selector=css_path(element),
        privacy=privacy,
        beside=_caption_of(page, element) if page.is_mobile and not text else text_beside(element, name.text, may_hide),
    )


def _caption_of(page: Page, wireframe: Node) -> str | None:
    """What is written beside a wireframe, unless it is masked."""
    text = shortened(words_beside(page, wireframe), _MAX_BESIDE)
    return None if not text or is_masked_text(text) else text


def shortened(text: str, limit: int) -> str:
    """A text on one line of at most so many characters."""
    text = " ".join(text[: limit * 4].split())
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
