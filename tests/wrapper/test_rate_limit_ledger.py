"""The ledger against a simulated server with fixed windows, in virtual time."""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import attrs
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rum_replay._rate_limit_ledger import Blocked, NoRoom, RateLimitLedger, Sleep, Turn
from rum_replay._rate_limits import RateLimit

EXACT: Callable[[float], float] = float
"""How the server states the seconds until its window ends."""

NO_DEADLINE = math.inf


class Flag:
    """A wake-up that can be asked."""

    def __init__(self) -> None:
        self.is_set = False

    def set(self) -> None:
        self.is_set = True


def step(ledger: RateLimitLedger, turn: Turn, now: float = 100.0, deadline: float = NO_DEADLINE) -> Any:
    return ledger.before_sending(turn, now, deadline, Flag())


def answer(remaining: float = 9.0, reset: float = 10.0, limit: float | None = 10.0, name: str | None = None) -> Any:
    return RateLimit(limit=limit, remaining=remaining, reset=reset, name=name)


def ledger_that_knows(*operations: str, now: float = 100.0, **described: Any) -> RateLimitLedger:
    """A ledger after one answer for each operation."""
    ledger = RateLimitLedger()
    for operation in operations:
        turn = ledger.arrive(operation)
        assert step(ledger, turn, now) is None
        ledger.answered(turn, answer(**described), now)
        ledger.leave(turn)
    return ledger


def test_while_nothing_is_known_one_call_goes_ahead_and_the_others_wait_for_its_answer() -> None:
    ledger = RateLimitLedger()
    first, second, third = (ledger.arrive("List") for _ in range(3))
    flags = [Flag(), Flag()]
    assert step(ledger, first) is None
    for turn, flag in zip((second, third), flags, strict=True):
        assert ledger.before_sending(turn, 100.0, NO_DEADLINE, flag) == Blocked()
    assert not any(flag.is_set for flag in flags)
    ledger.answered(first, answer(remaining=1), 100.0)
    assert all(flag.is_set for flag in flags)
    assert step(ledger, second) is None
    assert step(ledger, third) == Sleep(10.0)


def test_other_operations_do_not_wait_for_it() -> None:
    ledger = RateLimitLedger()
    assert step(ledger, ledger.arrive("List")) is None
    assert step(ledger, ledger.arrive("Get")) is None


@pytest.mark.parametrize("ended", ["answered", "failed", "leave"])
def test_calls_wait_no_longer_than_the_one_ahead_whatever_happens_to_it(ended: str) -> None:
    ledger = RateLimitLedger()
    first, second = ledger.arrive("List"), ledger.arrive("List")
    flag = Flag()
    step(ledger, first)
    ledger.before_sending(second, 100.0, NO_DEADLINE, flag)
    arguments = {"answered": (RateLimit(), 100.0), "failed": (100.0,), "leave": ()}[ended]
    getattr(ledger, ended)(first, *arguments)
    assert flag.is_set
    assert step(ledger, second) is None


@pytest.mark.parametrize(
    "limits", [RateLimit(), RateLimit(retry_after=3.0), RateLimit(remaining=0.0), RateLimit(limit=1)]
)
def test_answer_that_mentions_no_limit_or_no_reset_lifts_all_waits(limits: RateLimit) -> None:
    ledger = RateLimitLedger()
    turn = ledger.arrive("List")
    step(ledger, turn)
    ledger.answered(turn, limits, 100.0)
    assert [step(ledger, ledger.arrive("List")) for _ in range(50)] == [None] * 50


def test_first_attempt_that_gets_no_answer_lifts_all_waits() -> None:
    ledger = RateLimitLedger()
    turn = ledger.arrive("List")
    step(ledger, turn)
    ledger.failed(turn, 100.0)
    assert [step(ledger, ledger.arrive("List")) for _ in range(50)] == [None] * 50


def test_window_allows_what_remains_in_it() -> None:
    ledger = ledger_that_knows("List", remaining=3, limit=10)
    turns = [ledger.arrive("List") for _ in range(5)]
    assert [step(ledger, turn) for turn in turns] == [None, None, None, Sleep(10.0), Sleep(10.0)]


def test_limit_that_is_not_stated_is_inferred() -> None:
    ledger = ledger_that_knows("List", remaining=3, limit=None)
    turns = [ledger.arrive("List") for _ in range(5)]
    assert [step(ledger, turn) for turn in turns] == [None, None, None, Sleep(10.0), Sleep(10.0)]


def test_fraction_of_a_request_is_no_room_for_one() -> None:
    ledger = ledger_that_knows("List", remaining=0.5)
    assert step(ledger, ledger.arrive("List")) == Sleep(10.0)


def test_room_belongs_to_those_who_arrived_first() -> None:
    ledger = ledger_that_knows("List", remaining=1)
    early, late = ledger.arrive("List"), ledger.arrive("List")
    ledger._limit_of["List"].sent += 1  # there was no room when they came
    assert [step(ledger, turn) for turn in (early, late)] == [Sleep(10.0), Sleep(10.0)]
    ledger._limit_of["List"].sent -= 1
    assert step(ledger, late, 101.0) == Sleep(9.0)
    assert step(ledger, early, 101.0) is None


def test_after_a_window_the_earliest_call_goes_ahead_again() -> None:
    ledger = ledger_that_knows("List", remaining=0)
    early, late = ledger.arrive("List"), ledger.arrive("List")
    assert [step(ledger, turn) for turn in (early, late)] == [Sleep(10.0)] * 2
    assert step(ledger, late, 110.0) == Blocked()
    assert step(ledger, early, 110.0) is None
    ledger.answered(early, answer(remaining=9), 110.5)
    assert step(ledger, late, 110.5) is None


def test_call_that_sleeps_on_holds_up_nobody() -> None:
    ledger = ledger_that_knows("List", remaining=0, reset=1000.0)
    early, late = ledger.arrive("List"), ledger.arrive("List")
    assert step(ledger, early) == Sleep(1000.0)
    ledger._limit_of["List"].resets_at = 110.0  # a later answer knew better
    assert step(ledger, late) == Sleep(10.0)
    assert step(ledger, late, 110.0) is None


def test_known_limit_is_expected_to_go_on_if_the_first_answer_of_a_window_does_not_mention_it() -> None:
    ledger = ledger_that_knows("List", remaining=0, limit=3)
    turn = ledger.arrive("List")
    assert step(ledger, turn, 110.0) is None
    ledger.answered(turn, RateLimit(), 111.0)
    turns = [ledger.arrive("List") for _ in range(3)]
    assert [step(ledger, turn, 111.0) for turn in turns] == [None, None, Sleep(10.0)]


def test_use_by_others_is_counted() -> None:
    ledger = ledger_that_knows("List", remaining=9)
    turns = [ledger.arrive("List") for _ in range(10)]
    assert [step(ledger, turn) for turn in turns[:3]] == [None, None, None]
    # Four of ours, and five of others.
    ledger.answered(turns[2], answer(remaining=1), 101.0)
    # Sent before the one above, and answered later: it knows less.
    ledger.answered(turns[0], answer(remaining=8), 101.0)
    assert [step(ledger, turn, 101.0) for turn in turns[3:6]] == [None, Sleep(10.0), Sleep(10.0)]


def test_answer_to_a_lone_request_is_believed_even_if_it_raises_what_remains() -> None:
    ledger = ledger_that_knows("List", remaining=1)
    turn = ledger.arrive("List")
    assert step(ledger, turn, 101.0) is None
    ledger.answered(turn, answer(remaining=7), 101.0)
    turns = [ledger.arrive("List") for _ in range(8)]
    assert [step(ledger, turn, 101.0) for turn in turns] == [None] * 7 + [Sleep(10.0)]


def test_named_limit_is_shared_by_the_operations_known_to_count_towards_it() -> None:
    ledger = ledger_that_knows("Get", "List", remaining=0, name="rum")
    assert step(ledger, ledger.arrive("Get")) == Sleep(10.0)
    assert step(ledger, ledger.arrive("List")) == Sleep(10.0)
    assert step(ledger, ledger.arrive("Delete")) is None


def test_request_that_turns_out_to_count_towards_a_known_limit_is_counted_there() -> None:
    ledger = ledger_that_knows("Get", remaining=9, name="rum")
    turn = ledger.arrive("List")
    assert step(ledger, turn) is None
    others = [ledger.arrive("Get") for _ in range(9)]
    assert [step(ledger, other) for other in others[:4]] == [None] * 4
    ledger.answered(turn, answer(remaining=8, name="rum"), 100.0)
    assert [step(ledger, other) for other in others[4:]] == [None] * 4 + [Sleep(10.0)]


def test_refusal_until_a_reset_in_no_time_is_rounded() -> None:
    ledger = RateLimitLedger()
    turn = ledger.arrive("List")
    step(ledger, turn)
    ledger.answered(turn, answer(remaining=0, reset=0.0), 100.0, refused=True)
    assert step(ledger, ledger.arrive("List")) == Sleep(1.0)


def test_operation_can_move_to_another_limit() -> None:
    ledger = ledger_that_knows("Get", "List", remaining=5, name="rum")
    turn = ledger.arrive("List")
    step(ledger, turn)
    ledger.answered(turn, answer(remaining=0, name="lists"), 100.0)
    assert step(ledger, ledger.arrive("List")) == Sleep(10.0)
    assert step(ledger, ledger.arrive("Get")) is None


def test_names_that_change_with_every_answer_do_not_pile_up() -> None:
    ledger = RateLimitLedger()
    for number in range(1000):
        for operation in ("Get", "List"):
            turn = ledger.arrive(operation)
            assert step(ledger, turn, float(number)) is None
            ledger.answered(turn, answer(name=f"{operation}-{number}"), float(number))
            ledger.leave(turn)
    assert len(ledger._limit_of) == len(ledger._name_of) == 2
    assert not any(limit.waiting for limit in ledger._limit_of.values())


def test_wait_beyond_the_deadline_is_not_believed_from_the_outset() -> None:
    ledger = ledger_that_knows("List", remaining=0, reset=3600.0)
    first, second = ledger.arrive("List"), ledger.arrive("List")
    assert step(ledger, first, 100.0, 160.0) is None
    assert step(ledger, second, 100.0, 160.0) == Blocked()
    ledger.answered(first, answer(remaining=0, reset=3600.0), 101.0)
    refused = step(ledger, second, 101.0, 160.0)
    assert refused == NoRoom(RateLimit(limit=10.0, remaining=0.0, reset=3600.0))


def test_call_that_has_waited_is_not_sent_after_its_deadline() -> None:
    ledger = ledger_that_knows("List", remaining=0)
    turn = ledger.arrive("List")
    assert step(ledger, turn, 100.0, 115.0) == Sleep(10.0)
    other = ledger.arrive("List")
    ledger._limit_of["List"].resets_at = 120.0
    assert isinstance(step(ledger, turn, 110.0, 115.0), NoRoom)
    assert step(ledger, other, 110.0, 125.0) == Sleep(10.0)


@attrs.define
class Server:
    """Allows `limit` requests in each window of `period` seconds."""

    limit: int
    period: float
    states_limit: bool = True
    name: str | None = None
    stated: Callable[[float], float] = EXACT
    windows: Counter[int] = attrs.field(factory=Counter[int])
    refused: Counter[int] = attrs.field(factory=Counter[int])

    def respond(self, now: float) -> tuple[bool, RateLimit]:
        window = int(now // self.period)
        self.windows[window] += 1
        allowed = self.windows[window] <= self.limit
        if not allowed:
            self.refused[window] += 1
        return allowed, RateLimit(
            limit=self.limit if self.states_limit else None,
            remaining=max(0, self.limit - self.windows[window]),
            reset=self.stated((window + 1) * self.period - now),
            name=self.name,
        )


class Simulation:
    """Many calls in virtual time. Each event is a time, a number that decides between equal times, and an action."""

    def __init__(self, server: Server, fates: list[tuple[float, float, str]]) -> None:
        self.server = server
        self.ledger = RateLimitLedger()
        self.now = 0.0
        self.events: list[tuple[float, int, Callable[[], None]]] = []
        self.ties = itertools.count()
        self.outcomes: dict[int, str] = {}
        self.sent: list[int] = []
        for latency, arrival, fate in fates:
            self.at(arrival, partial(self.come, latency, fate))

    def come(self, latency: float, fate: str) -> None:
        self.ask(self.ledger.arrive("List"), latency, fate)

    def at(self, time: float, action: Callable[[], None]) -> None:
        heapq.heappush(self.events, (time, next(self.ties), action))

    def run(self) -> None:
        while self.events:
            self.now, _, action = heapq.heappop(self.events)
            action()

    def ask(self, turn: Turn, latency: float, fate: str) -> None:
        if turn.number in self.outcomes:
            return
        again = lambda: self.ask(turn, latency, fate)  # noqa: E731
        wakeup = attrs.make_class("Wakeup", [])()
        wakeup.set = lambda: self.at(self.now, again)
        what = self.ledger.before_sending(turn, self.now, NO_DEADLINE, wakeup)
        if isinstance(what, Sleep):
            assert 0 < what.seconds <= self.server.period + 1
            self.at(self.now + what.seconds, again)
            if fate == "cancelled":
                self.at(self.now + what.seconds / 2, lambda: self.end(turn, "cancelled"))
        elif what is None:
            self.sent.append(turn.number)
            if fate == "lost":
                self.at(self.now + latency, partial(self.lose, turn))
            else:
                self.at(self.now + latency / 2, lambda: self.arrive(turn, latency, fate))

    def arrive(self, turn: Turn, latency: float, fate: str) -> None:
        allowed, rate_limit = self.server.respond(self.now)

        def answered() -> None:
            if turn.number in self.outcomes:
                return
            self.ledger.answered(turn, rate_limit, self.now, refused=not allowed)
            if allowed:
                self.end(turn, "ok")
            else:
                self.at(self.now + (rate_limit.wait or 0.0), lambda: self.ask(turn, latency, fate))

        self.at(self.now + latency / 2, answered)

    def lose(self, turn: Turn) -> None:
        self.ledger.failed(turn, self.now)
        self.end(turn, "lost")

    def end(self, turn: Turn, outcome: str) -> None:
        if self.outcomes.setdefault(turn.number, outcome) == outcome:
            self.ledger.leave(turn)


LATENCIES = st.floats(min_value=0.01, max_value=0.4)


@settings(max_examples=150, deadline=None)
@given(
    latencies=st.lists(LATENCIES, min_size=1, max_size=80),
    limit=st.integers(1, 20),
    states_limit=st.booleans(),
    name=st.sampled_from([None, "rum"]),
    stated=st.sampled_from([EXACT, math.ceil, lambda seconds: max(1, math.floor(seconds))]),
)
@example([0.05] * 80, 10, True, "rum", EXACT)
@example([0.05] * 80, 10, False, None, math.ceil)
def test_burst_succeeds_in_order_with_at_most_one_refusal_in_each_window(
    latencies: list[float], limit: int, states_limit: bool, name: str | None, stated: Callable[[float], float]
) -> None:
    server = Server(limit, period=2.0, states_limit=states_limit, name=name, stated=stated)
    simulation = Simulation(server, [(latency, 0.0, "") for latency in latencies])
    simulation.run()
    assert simulation.outcomes == dict.fromkeys(range(1, len(latencies) + 1), "ok")
    assert all(count <= 1 for count in server.refused.values()), server.refused
    firsts = list(dict.fromkeys(simulation.sent))
    assert firsts == sorted(firsts)
    # Nearly nothing of the windows is wasted.
    assert simulation.now <= (len(latencies) / limit + 2) * (server.period + 1.0 + 2 * max(latencies))


@settings(max_examples=150, deadline=None)
@given(
    fates=st.lists(
        st.tuples(LATENCIES, st.floats(0, 5), st.sampled_from(["", "", "lost", "cancelled"])), min_size=1, max_size=60
    ),
    limit=st.integers(1, 5),
    stated=st.sampled_from([EXACT, math.ceil, math.floor, lambda _: 0.0]),
)
def test_every_call_ends_whatever_happens_to_the_others(
    fates: list[tuple[float, float, str]], limit: int, stated: Callable[[float], float]
) -> None:
    simulation = Simulation(Server(limit, period=1.0, stated=stated), fates)
    simulation.run()
    assert sorted(simulation.outcomes) == list(range(1, len(fates) + 1))
    limit_of = simulation.ledger._limit_of["List"]
    assert (limit_of.under_way, limit_of.scout, limit_of.waiting) == (0, None, [])
