"""The most important entries of a timeline, for tickets."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from itertools import islice

import attrs

from ._entries import TimelineEntry
from ._moment import ActionKind

__all__ = ["EXCERPT_RULE", "Excerpt", "excerpt_of"]

_RANKS: tuple[frozenset[ActionKind], ...] = (
    frozenset({"gap", "rage_click", "dead_click", "frustration"}),
    frozenset({"page"}),
    frozenset({"input", "check", "select"}),
    frozenset({"click", "double_click", "context_menu", "close", "drag"}),
    frozenset({"end", "focus_lost", "focus_back", "resize"}),
    frozenset({"scroll"}),
)
_FOLLOWING = frozenset({"drag", "label", "script", "swipe"})
"""What follows from something that is listed as well, or from nobody's action, says least; apps scroll by swipes."""

_SHARING = 4
"""Ranks of which none keeps all others out."""

EXCERPT_RULE = (
    "an excerpt has the page that was opened first; then gaps and frustration, other pages, inputs, and clicks, each "
    "up to half of the lines that are left; then, as far as there is room, more of these in the same order, ends and "
    "changes of the window, scrolling, swipes in apps, and what labels, drags and scripts click and change; of equal "
    "ones the latest"
)
"""Which entries of a timeline are kept if not all of them may be."""

_RANK_OF = {kind: rank for rank, kinds in enumerate(_RANKS) for kind in kinds}
_NOUNS: dict[ActionKind, str] = {
    "page": "page",
    "click": "click",
    "double_click": "double click",
    "context_menu": "context menu",
    "input": "text input",
    "check": "check",
    "select": "selection",
    "close": "closing by a key",
    "drag": "drag",
    "scroll": "scroll",
    "resize": "resize",
    "focus_lost": "loss of focus",
    "focus_back": "return",
    "gap": "gap",
    "end": "end",
    "rage_click": "rage click",
    "dead_click": "dead click",
    "frustration": "recorded frustration",
}


@attrs.frozen
class Excerpt:
    """The most important entries, in order, and how many of each kind were left out."""

    entries: tuple[TimelineEntry, ...]
    left_out: dict[ActionKind, int] = attrs.field(hash=False)

    def remark(self) -> str:
        """What was left out, as a sentence."""
        total = sum(self.left_out.values())
        kinds = ", ".join(f"{count} × {_NOUNS[kind]}" for kind, count in self.left_out.items())
        return f"left out for brevity: {total} of {total + len(self.entries)} entries ({kinds})"


def excerpt_of(entries: Iterable[TimelineEntry], room: int, *, room_for_remark: int = 0) -> Excerpt:
    """The most important of the entries, as many as there is room for; memory does not grow with their number.

    If some are left out, `room_for_remark` of the room stays free.
    """
    kept = [deque[tuple[int, TimelineEntry]](maxlen=room + 1) for _ in _RANKS]
    first: list[tuple[int, TimelineEntry]] = []
    counts = Counter[ActionKind]()
    for number, entry in enumerate(entries):
        counts[entry.kind] += 1
        if entry.kind == "page" and not first:
            first.append((number, entry))
        else:
            rank = len(_RANKS) - 1 if entry.details.get("by") in _FOLLOWING else _RANK_OF[entry.kind]
            kept[rank].append((number, entry))
    if counts.total() > room:
        room = max(room - room_for_remark, 0)
    chosen = first[:room]
    for of_rank, number in zip(kept, _shares(list(map(len, kept)), room - len(chosen)), strict=True):
        chosen += islice(reversed(of_rank), number)
    chosen.sort(key=lambda one: one[0])
    found = tuple(entry for _, entry in chosen)
    counts.subtract(entry.kind for entry in found)
    left_out = +counts
    return Excerpt(found, dict(sorted(left_out.items(), key=lambda item: _RANK_OF[item[0]])))


def _shares(there: list[int], room: int) -> list[int]:
    """How many entries of each rank are kept: a hundred dead clicks leave room for the pages that they were on."""
    shares = [0] * len(there)
    for ranks, is_half in ((range(_SHARING), True), (range(len(there)), False)):
        for rank in ranks:
            more = min(there[rank] - shares[rank], (room + 1) // 2 if is_half else room)
            shares[rank] += more
            room -= more
    return shares
