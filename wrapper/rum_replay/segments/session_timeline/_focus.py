"""What has focus, as far as that is known."""

from __future__ import annotations

from ..dom import Node
from ..dom._roles import FIELDS
from ..records import Number

__all__ = ["Focus"]

_MAX_FIELDS = 10_000


class Focus:
    """The focus within the page of a view.

    That a script gives the focus to what it has just inserted is not recorded, since SDKs do not know that yet: the
    first such field that changes is taken to have it.
    """

    def __init__(self) -> None:
        self.is_known = False
        self.node_id: int | None = None
        """What has the focus; None if nothing has it, or that is not known."""

        self.since: Number = 0
        """Since when, in milliseconds of Unix time."""

        self.left: int | None = None
        """What had it before."""

        self._new_fields: set[int] = set()
        """Fields that came since the focus was last recorded."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self.left, self.node_id, self.is_known = None, None, False
        self._new_fields.clear()

    def move(self, node_id: int | None, now: Number) -> None:
        """The focus went to a node, or away."""
        self.left, self.node_id, self.is_known, self.since = self.node_id, node_id, True, now
        self._new_fields.clear()

    def note_added(self, node: Node) -> None:
        """Note that a node was added to the page."""
        if node.name in FIELDS and len(self._new_fields) < _MAX_FIELDS:
            self._new_fields.add(node.id)

    def goes_to_new(self, field: Node, now: Number) -> bool:
        """Whether a field that changes shows that a script has given it the focus; it has it from now on then."""
        if self.node_id is not None or field.id not in self._new_fields:
            return False
        self.node_id, self.since = field.id, now
        return True
