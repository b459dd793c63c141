from __future__ import annotations

import math
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import ConfigurationError, RetryPolicy
from rum_replay._rate_limits import RateLimit
from rum_replay._retry import seconds_before_retry

LONGEST = RetryPolicy(jitter=0)


def decide(policy: RetryPolicy = LONGEST, **circumstances: Any) -> float | None:
    return seconds_before_retry(
        policy, **{"idempotent": True, "attempt": 1, "elapsed": 0.0, "random": 0.5, **circumstances}
    )


def test_the_defaults_are_those_of_the_documentation() -> None:
    policy = RetryPolicy()
    assert (policy.attempts, policy.deadline, policy.repeat_creates) == (4, 60.0, False)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 509, 512, 520, 529, 599])
def test_a_repeatable_request_is_sent_again_after(status: int) -> None:
    assert decide(status=status) == 0.5


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 405, 407, 409, 418, 428, 430, 451, 499, 600])
def test_no_request_is_sent_again_after(status: int) -> None:
    assert decide(status=status) is None
    assert decide(attrs.evolve(LONGEST, repeat_creates=True), status=status) is None


def test_a_repeatable_request_is_sent_again_after_any_failure() -> None:
    assert decide(may_have_been_applied=True) == 0.5
    assert decide(may_have_been_applied=False) == 0.5


def test_a_create_is_sent_again_only_where_it_cannot_have_been_carried_out() -> None:
    assert decide(idempotent=False, status=429) == 0.5
    assert decide(idempotent=False, may_have_been_applied=False) == 0.5
    assert decide(idempotent=False, may_have_been_applied=True) is None
    for status in (408, 500, 502, 503, 504, 520, 599):
        assert decide(idempotent=False, status=status) is None


def test_creates_are_repeated_like_the_others_on_request() -> None:
    policy = attrs.evolve(LONGEST, repeat_creates=True)
    assert decide(policy, idempotent=False, may_have_been_applied=True) == 0.5
    assert all(decide(policy, idempotent=False, status=status) == 0.5 for status in (408, 500, 503, 599))


def test_waits_double_up_to_a_cap() -> None:
    policy = attrs.evolve(LONGEST, attempts=100)
    waits = [decide(policy, status=500, attempt=attempt) for attempt in (1, 2, 3, 4, 5, 6, 99)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_jitter_takes_any_part_of_the_wait() -> None:
    for part in (0.0, 0.25, 1.0):
        assert decide(RetryPolicy(), status=500, attempt=3, random=part) == 2.0 * (1 - part)
        assert decide(RetryPolicy(jitter=0.5), status=500, attempt=3, random=part) == 2.0 * (1 - part / 2)
        assert decide(RetryPolicy(jitter=0), status=500, attempt=3, random=part) == 2.0


def test_an_enormous_number_of_attempts_does_not_overflow() -> None:
    policy = attrs.evolve(LONGEST, attempts=10**9, max_backoff=50.0, backoff=3e7)
    assert decide(policy, status=500, attempt=10**9 - 1) == 50.0


def test_the_last_attempt_is_the_last() -> None:
    assert decide(status=500, attempt=3) == 2.0
    assert decide(status=500, attempt=4) is None
    assert decide(attrs.evolve(LONGEST, attempts=1), status=500) is None


def test_a_wait_that_the_server_names_goes_before_with_jitter_on_top() -> None:
    assert decide(status=429, rate_limit=RateLimit(reset=7.0)) == 7.5
    assert decide(status=429, rate_limit=RateLimit(reset=7.0, retry_after=3.0)) == 3.5
    assert decide(status=429, rate_limit=RateLimit(reset=0.0)) == 0.5
    assert decide(status=503, rate_limit=RateLimit(retry_after=3.0)) == 3.5


def test_the_reset_of_an_ordinary_answer_does_not_delay_the_retry_of_a_server_error() -> None:
    assert decide(status=503, rate_limit=RateLimit(reset=40.0, remaining=9.0)) == 0.5


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    assert decide(status=429, rate_limit=RateLimit(reset=59.5)) == 60.0
    assert decide(status=429, rate_limit=RateLimit(reset=59.6)) is None
    assert decide(status=500, elapsed=59.5) == 60.0 - 59.5
    assert decide(status=500, elapsed=59.6) is None
    assert decide(status=500, elapsed=61.0) is None


numbers = st.none() | st.floats(min_value=0, max_value=1e12)


@given(
    attempts=st.integers(1, 10),
    attempt=st.integers(1, 12),
    deadline=st.floats(0, 1e6),
    backoff=st.floats(0, 1e6),
    max_backoff=st.floats(0, 1e6),
    elapsed=st.floats(0, 1e7),
    jitter=st.floats(0, 1),
    random=st.floats(0, 1),
    idempotent=st.booleans(),
    repeat_creates=st.booleans(),
    applied=st.booleans(),
    status=st.none() | st.integers(100, 999),
    reset=numbers,
    retry_after=numbers,
)
def test_a_wait_is_never_negative_never_beyond_the_deadline_and_none_after_the_attempts(
    attempts: int,
    attempt: int,
    deadline: float,
    backoff: float,
    max_backoff: float,
    elapsed: float,
    jitter: float,
    random: float,
    idempotent: bool,
    repeat_creates: bool,
    applied: bool,
    status: int | None,
    reset: float | None,
    retry_after: float | None,
) -> None:
    policy = RetryPolicy(
        attempts=attempts,
        deadline=deadline,
        backoff=backoff,
        max_backoff=max_backoff,
        repeat_creates=repeat_creates,
        jitter=jitter,
    )
    wait = seconds_before_retry(
        policy,
        idempotent=idempotent,
        attempt=attempt,
        elapsed=elapsed,
        random=random,
        status=status,
        may_have_been_applied=applied,
        rate_limit=RateLimit(reset=reset, retry_after=retry_after),
    )
    if attempt >= attempts:
        assert wait is None
    if not (idempotent or repeat_creates) and status is None and applied:
        assert wait is None
    if wait is not None:
        assert wait >= 0.0
        assert elapsed + wait <= deadline
        if status == 429 and retry_after is not None:
            assert wait >= retry_after


def test_a_policy_is_frozen_and_has_no_functions_in_its_repr() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        LONGEST.attempts = 1  # type: ignore[misc]
    assert repr(RetryPolicy()) == (
        "RetryPolicy(attempts=4, deadline=60.0, backoff=0.5, max_backoff=8.0, repeat_creates=False, jitter=1.0)"
    )


@pytest.mark.parametrize(
    "options",
    [
        {"attempts": 0},
        {"attempts": -1},
        {"attempts": 2.0},
        {"attempts": True},
        {"attempts": None},
        {"deadline": -1},
        {"deadline": math.inf},
        {"deadline": math.nan},
        {"deadline": "60"},
        {"deadline": None},
        {"backoff": -0.1},
        {"backoff": False},
        {"max_backoff": math.inf},
        {"jitter": -0.01},
        {"jitter": 1.01},
        {"jitter": math.nan},
        {"jitter": True},
        {"jitter": "0"},
        {"repeat_creates": 1},
        {"repeat_creates": None},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"RetryPolicy.{next(iter(options))} must be"):
        RetryPolicy(**options)


@pytest.mark.parametrize("name", ["deadline", "backoff", "max_backoff"])
def test_a_policy_allows_up_to_a_year(name: str) -> None:
    year = 366 * 86_400
    assert getattr(RetryPolicy(**{name: year}), name) == year
    with pytest.raises(ConfigurationError, match="from 0 to a year"):
        RetryPolicy(**{name: year + 1})


def test_a_deadline_of_zero_allows_one_attempt_and_instant_retries_only() -> None:
    policy = RetryPolicy(deadline=0, backoff=0)
    assert decide(policy, status=500) == 0.0
    assert decide(policy, status=500, elapsed=0.001) is None
