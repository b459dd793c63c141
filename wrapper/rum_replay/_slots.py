"""A queue in front of the connections, so that no call waits inside the HTTP library.

httpcore's own queue loses connections when asynchronous calls are cancelled in it (seen in 1.0.9): they stay reserved
for requests that nobody sends, until none is left.
"""

from __future__ import annotations

from collections import deque
from threading import Lock

import attrs

from ._rate_limit_ledger import Wakeup

__all__ = ["Slots", "Waiter"]


@attrs.define(eq=False)
class Waiter:
    """A call without a slot."""

    wakeup: Wakeup
    """Set when the call gets a slot."""

    has_slot: bool = False


class Slots:
    """At most `count` calls have a slot at any time; others wait in the order of arrival. Safe for threads."""

    def __init__(self, count: int) -> None:
        self._lock = Lock()
        self._free = count
        self._waiters: deque[Waiter] = deque()

    def take(self, wakeup: Wakeup) -> Waiter | None:
        """Take a slot; if none is free, wait as the Waiter that is returned."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            waiter = Waiter(wakeup)
            self._waiters.append(waiter)
            return waiter

    def give_back(self) -> None:
        """Pass the slot on."""
        with self._lock:
            self._pass_on()

    def stop_waiting(self, waiter: Waiter) -> bool:
        """Whether the waiter has a slot by now; if not, it will not get one any more."""
        with self._lock:
            if not waiter.has_slot:
                self._waiters.remove(waiter)
            return waiter.has_slot

    def _pass_on(self) -> None:
        if self._waiters:
            waiter = self._waiters.popleft()
            waiter.has_slot = True
            waiter.wakeup.set()
        else:
            self._free += 1
