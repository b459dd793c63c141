"""Which open dialogs are modal, that is, above everything else and a backdrop; SDKs record only that one is open.

Pages open nearly all dialogs by `showModal()` that they show because somebody clicked, so a `<dialog>` that opens soon
afterwards is taken for modal, also if the click led to a new view, until the recording shows otherwise: beside a modal
dialog nothing can be used. So is one that the focus moves into as it opens. One that opens by itself, such as a notice
of cookies, is not, unless it is what a pointer is in next. Source: https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-showmodal
"""

from __future__ import annotations

from itertools import islice

from ...records import Number
from .._css.matching import shown_around
from .._nodes import Node
from .._roles import MAX_DEPTH

__all__ = ["Dialogs"]

_USED_FOR = 200
"""Milliseconds for which a pointer is in a dialog that is modal, or beside one that is not.

That a dialog closed is recorded up to 0.1 s late."""

_PRESSED_AFTER = 100
"""Milliseconds after which a press there shows the same."""

_WHOLE_PAGE = frozenset({"#document", "body", "html"})
_MAX_OPEN = 100


class Dialogs:
    """The open dialogs of a page, as long as their use shows whether they are modal."""

    def __init__(self) -> None:
        self.watched: dict[int, Node] = {}
        """Those that are taken for modal, and those beside which nothing has been used, in the order of opening."""

        self._used_since: dict[int, tuple[bool, Number]] = {}
        """Whether a pointer is in one, rather than beside it, and since when, in milliseconds of Unix time."""

        self._others: set[int] = set()
        """Dialogs that were shown not to be modal."""

    def open(self, dialog: Node, *, is_expected: bool) -> bool:
        """A dialog opens, perhaps because somebody expects one; whether it is taken for modal."""
        if dialog.id in self._others or len(self.watched) >= _MAX_OPEN:
            return False
        # Beside a modal dialog, one that opens late could not be used if it were not modal too.
        is_modal = is_expected or any(one.in_top_layer for one in self.watched.values())
        self.watched[dialog.id] = dialog
        return is_modal

    def close(self, id: int) -> None:
        """A dialog, or another node, is closed or removed."""
        self.watched.pop(id, None)
        self._used_since.pop(id, None)

    def use(self, used: Node, now: Number, *, is_press: bool) -> list[tuple[Node, bool]]:
        """Note that a pointer is on a node, or pressed; the dialogs that are now known to be modal or not."""
        if used.name in _WHOLE_PAGE:
            return []
        around = {node.id for node in islice(shown_around(used), MAX_DEPTH)}
        known: list[tuple[Node, bool]] = []
        for dialog in reversed(list(self.watched.values())):
            is_inside = dialog.id in around
            before = self._used_since.get(dialog.id)
            if before is None or before[0] is not is_inside:
                before = self._used_since[dialog.id] = is_inside, now
            is_long = now - before[1] >= (_PRESSED_AFTER if is_press and not is_inside else _USED_FOR)
            if not is_inside and not dialog.in_top_layer:
                self.close(dialog.id)
            elif is_long and is_inside is not dialog.in_top_layer:
                known.append((dialog, is_inside))
                if not is_inside:
                    self.close(dialog.id)
                    self._others.add(dialog.id)
            if is_inside:
                break  # Those that opened before are below it.
        return known
