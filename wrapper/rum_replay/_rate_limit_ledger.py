"""When each call may be sent, as far as answers describe the rate limits. It decides; the drivers do the waiting.

- While nothing is known about a limit, and after a window has ended, one call goes ahead and the others wait for its
  answer. So a burst costs at most one refused request in each window.
- Within a window as many calls are sent as it has room for, in the order in which they arrived; the others sleep until
  it ends. An answer that mentions no limit lifts all of this for its operation.
"""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from operator import attrgetter
from threading import Lock
from typing import Protocol

import attrs

from ._rate_limits import RateLimit

__all__ = ["Blocked", "NoRoom", "RateLimitLedger", "Sleep", "Turn", "Wakeup"]

_ROUNDING = 1e-6
"""Seconds: a sleep to the end of a window ends there, whatever the sum of floating-point numbers says."""

_ROUNDED_DOWN = 1.0
"""Seconds: a server that refuses a request, and says that its window ends in 0 s, has rounded."""

_by_number = attrgetter("number")


class Wakeup(Protocol):
    """What a blocked call waits for, such as `threading.Event`."""

    def set(self) -> None: ...


@attrs.frozen
class Sleep:
    """Ask again after so many seconds."""

    seconds: float


@attrs.frozen
class Blocked:
    """Ask again when the wake-up is set."""


@attrs.frozen
class NoRoom:
    """The call has waited, and the limit leaves no room for it before its deadline."""

    rate_limit: RateLimit


@attrs.define
class _Limit:
    """One rate limit."""

    size: float | None = None
    """Requests in one window; None until an answer said so."""

    mentioned: bool = True
    """False after an answer without a word of a limit: then there is none, as far as anyone knows."""

    resets_at: float = 0.0
    length: float = 0.0
    """Seconds from the last answer that described a window to that window's end."""

    sent: int = 0
    """Requests of this client in this window."""

    used_by_others: float = 0.0
    under_way: int = 0
    scout: Turn | None = None
    """The call whose answer the others wait for."""

    waiting: list[Turn] = attrs.field(factory=list["Turn"])
    """In the order of arrival."""

    @property
    def room(self) -> float:
        """Requests that this window still allows."""
        return 0.0 if self.size is None else self.size - self.sent - self.used_by_others

    def describe(self, rate_limit: RateLimit, remaining: float, wait: float, now: float, *, alone: bool) -> None:
        """Learn from an answer. `alone`: no other request was under way at any time while this one was."""
        answered = self.sent - self.under_way
        self.size = rate_limit.limit if rate_limit.limit is not None else remaining + answered
        used_by_others = self.size - remaining - self.sent
        # Answers to concurrent requests arrive in any order, and the older ones know of less use.
        self.used_by_others = used_by_others if alone else max(self.used_by_others, used_by_others)
        self.resets_at, self.length = now + wait, wait

    def wake(self) -> None:
        for turn in self.waiting:
            if turn.wakeup is not None:
                turn.wakeup.set()
                turn.wakeup = None


@attrs.define(eq=False)
class Turn:
    """The place of one call in the order of arrival, which it keeps through all attempts."""

    operation: str
    number: int
    has_waited: bool = False
    sleeps_until: float = 0.0
    wakeup: Wakeup | None = None
    waits_for: _Limit | None = None
    sent_under: _Limit | None = None
    """Set while its request is under way and no answer has come."""

    sent_as: int = 0
    """The how manyth request of its window it is, if no other was under way when it was sent; otherwise 0."""


class RateLimitLedger:
    """What is known of all limits, shared by all calls of a client and of its copies; safe for threads.

    A limit is identified by X-RateLimit-Name, or by the operation if there is no such header. Only the limits that
    operations count towards at present are kept, so names that change with every answer do not pile up.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._numbers = itertools.count(1)
        self._limit_of: dict[str, _Limit] = {}
        self._name_of: dict[str, str] = {}

    def arrive(self, operation: str) -> Turn:
        """A place in the order of arrival."""
        return Turn(operation, next(self._numbers))

    def before_sending(
        self, turn: Turn, now: float, deadline: float, wakeup: Wakeup
    ) -> Sleep | Blocked | NoRoom | None:
        """What must happen before the request is sent; None if it may be sent now, and then it is counted.

        `now` and `deadline` are monotonic times in seconds.
        """
        with self._lock:
            limit = self._limit_of.setdefault(turn.operation, _Limit())
            if turn.waits_for is not limit:
                self._stop_waiting(turn)
                insort(limit.waiting, turn, key=_by_number)
                turn.waits_for = limit
            turn.sleeps_until = 0.0
            step = self._next_step(limit, turn, now, deadline)
            if step is None:
                self._stop_waiting(turn)
                limit.sent += 1
                limit.under_way += 1
                turn.sent_under, turn.sent_as = limit, limit.sent if limit.under_way == 1 else 0
            elif isinstance(step, Sleep):
                turn.has_waited, turn.sleeps_until = True, now + step.seconds
            elif isinstance(step, Blocked):
                turn.has_waited, turn.wakeup = True, wakeup
            return step

    def _next_step(self, limit: _Limit, turn: Turn, now: float, deadline: float) -> Sleep | Blocked | NoRoom | None:
        if not limit.mentioned and limit.size is None:
            return None
        in_window = limit.size is not None and now + _ROUNDING < limit.resets_at
        if in_window:
            if limit.room >= 1 + bisect_left(limit.waiting, turn.number, key=_by_number):
                return None
            wait = limit.resets_at - now
            if limit.resets_at <= deadline:
                return Sleep(wait)
            if turn.has_waited:
                return NoRoom(RateLimit(limit=limit.size, remaining=max(0.0, limit.room), reset=wait))
            # A wait that exceeds the deadline from the outset is not believed: the server decides.
        if limit.scout is not None or not (in_window or self._is_first(limit, turn, now)):
            return Blocked()
        limit.scout = turn
        if not in_window:
            limit.sent, limit.used_by_others = 0, 0.0
        return None

    @staticmethod
    def _is_first(limit: _Limit, turn: Turn, now: float) -> bool:
        # Those that sleep on, because the window is shorter than an earlier answer said, hold up nobody.
        return next(other for other in limit.waiting if other.sleeps_until <= now + _ROUNDING) is turn

    def answered(self, turn: Turn, rate_limit: RateLimit, now: float, *, refused: bool = False) -> None:
        """Learn from the headers of an answer, which may be a 429; `now` is the monotonic time in seconds."""
        with self._lock:
            if (limit := turn.sent_under) is None:
                return
            remaining, wait = rate_limit.remaining, rate_limit.wait
            if refused and wait == 0:
                wait = _ROUNDED_DOWN
            if remaining is None or wait is None:
                self._learned_nothing(limit, turn, now)
            else:
                named = self._limit_named(rate_limit.name or turn.operation, turn)
                alone = named is limit and limit.under_way == 1 and turn.sent_as == limit.sent
                self._no_longer_under_way(limit, turn)
                named.describe(rate_limit, remaining, wait, now, alone=alone)
                named.wake()
            limit.wake()

    def failed(self, turn: Turn, now: float) -> None:
        """No answer came; `now` is the monotonic time in seconds."""
        with self._lock:
            if (limit := turn.sent_under) is not None:
                self._learned_nothing(limit, turn, now)
                limit.wake()

    def leave(self, turn: Turn) -> None:
        """The call has ended, however it did."""
        with self._lock:
            limits = [limit for limit in (turn.waits_for, turn.sent_under) if limit is not None]
            self._stop_waiting(turn)
            if turn.sent_under is not None:
                self._no_longer_under_way(turn.sent_under, turn)
            for limit in limits:
                limit.wake()

    def _learned_nothing(self, limit: _Limit, turn: Turn, now: float) -> None:
        if limit.scout is turn:
            # From now on there is no limit, or a known one begins a window like the one before.
            limit.mentioned = False
            limit.resets_at = now + limit.length
        self._no_longer_under_way(limit, turn)

    @staticmethod
    def _no_longer_under_way(limit: _Limit, turn: Turn) -> None:
        limit.under_way -= 1
        turn.sent_under = None
        if limit.scout is turn:
            limit.scout = None

    @staticmethod
    def _stop_waiting(turn: Turn) -> None:
        if turn.waits_for is not None:
            turn.waits_for.waiting.remove(turn)
            turn.waits_for = turn.wakeup = None

    def _limit_named(self, name: str, turn: Turn) -> _Limit:
        """The limit that an answer was about; the operation's later calls count towards it."""
        operation = turn.operation
        limit = self._limit_of[operation]
        if self._name_of.get(operation) != name:
            known = next((self._limit_of[other] for other, its in self._name_of.items() if its == name), None)
            if known is not None:
                limit = known
            elif any(self._limit_of[other] is limit for other in self._name_of if other != operation):
                limit = _Limit()  # the operation leaves a limit that it has shared until now
            self._name_of[operation] = name
            self._limit_of[operation] = limit
        if limit is not turn.sent_under:
            limit.sent += 1
        return limit
