"""Which open dialogs are modal, that is, above everything else and a backdrop; SDKs record only that one is open.

Pages open nearly all dialogs by `showModal()` that they show because somebody clicked, so a `<dialog>` that opens soon
afterwards is taken for modal, until the recording shows otherwise: beside a modal dialog nothing can be used. One that
opens by itself, such as a notice of cookies, is not. Source: https://html.spec.whatwg.org/multipage/interactive-elements.html#dom-dialog-showmodal
"""

from __future__ import annotations

from itertools import islice

from ..records import Number
from ._matching import shown_around
from ._nodes import Node
from ._roles import MAX_DEPTH

__all__ = ["Dialogs"]

_USED_FOR = 200
"""Milliseconds that a pointer is beside a dialog that is not modal. That it closed is recorded up to 0.1 s late."""

_WHOLE_PAGE = frozenset({"#document", "body", "html"})
_MAX_OPEN = 100


class Dialogs:
    """The dialogs of a page that are taken for modal, in the order in which they opened."""

    def __init__(self) -> None:
        self.modal: dict[int, Node] = {}
        self._beside_since: dict[int, Number] = {}
        """Since when a pointer is beside one, in milliseconds of Unix time."""

        self._others: set[int] = set()
        """Dialogs that were shown not to be modal."""

    def open(self, dialog: Node) -> bool:
        """A dialog opens; whether it is taken for modal."""
        if dialog.id in self._others or len(self.modal) >= _MAX_OPEN:
            return False
        self.modal[dialog.id] = dialog
        return True

    def close(self, id: int) -> None:
        """A dialog, or another node, is closed or removed."""
        self.modal.pop(id, None)
        self._beside_since.pop(id, None)

    def beside(self, used: Node, now: Number) -> list[Node]:
        """Note that a pointer is on a node; the dialogs that are therefore no longer taken for modal."""
        if used.name in _WHOLE_PAGE:
            return []
        around = {node.id for node in islice(shown_around(used), MAX_DEPTH)}
        others: list[Node] = []
        for dialog in reversed(self.modal.values()):
            if dialog.id in around:
                self._beside_since.pop(dialog.id, None)
                break  # Those that opened before are below it.
            if now - self._beside_since.setdefault(dialog.id, now) >= _USED_FOR:
                others.append(dialog)
        for dialog in others:
            self.close(dialog.id)
            self._others.add(dialog.id)
        return others
