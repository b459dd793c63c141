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

NO_JITTER = RetryPolicy(jitter=0)


def wait_before_retry(policy: RetryPolicy = NO_JITTER, **circumstances: Any) -> float | None:
    return seconds_before_retry(
        policy, **{"idempotent": True, "attempt": 1, "elapsed": 0.0, "random": 0.5, **circumstances}
    )


def test_defaults_are_as_documented() -> None:
    policy = RetryPolicy()
    assert (policy.attempts, policy.deadline, policy.repeat_creates) == (4, 60.0, False)


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504, 509, 512, 520, 529, 599])
def test_idempotent_request_is_retried_after_status(status: int) -> None:
    assert wait_before_retry(status=status) == 0.5


@pytest.mark.parametrize("status", [200, 204, 301, 400, 401, 403, 404, 405, 407, 409, 418, 428, 430, 451, 499, 600])
def test_no_request_is_retried_after_status(status: int) -> None:
    assert wait_before_retry(status=status) is None
    assert wait_before_retry(attrs.evolve(NO_JITTER, repeat_creates=True), status=status) is None


def test_idempotent_request_is_retried_after_any_connection_failure() -> None:
    assert wait_before_retry(may_have_been_applied=True) == 0.5
    assert wait_before_retry(may_have_been_applied=False) == 0.5


def test_create_is_retried_only_if_it_cannot_have_been_applied() -> None:
    assert wait_before_retry(idempotent=False, status=429) == 0.5
    assert wait_before_retry(idempotent=False, may_have_been_applied=False) == 0.5
    assert wait_before_retry(idempotent=False, may_have_been_applied=True) is None
    for status in (408, 500, 502, 503, 504, 520, 599):
        assert wait_before_retry(idempotent=False, status=status) is None


def test_repeat_creates_retries_creates_like_other_requests() -> None:
    policy = attrs.evolve(NO_JITTER, repeat_creates=True)
    assert wait_before_retry(policy, idempotent=False, may_have_been_applied=True) == 0.5
    assert all(wait_before_retry(policy, idempotent=False, status=status) == 0.5 for status in (408, 500, 503, 599))


def test_waits_double_up_to_the_maximum() -> None:
    policy = attrs.evolve(NO_JITTER, attempts=100)
    waits = [wait_before_retry(policy, status=500, attempt=attempt) for attempt in (1, 2, 3, 4, 5, 6, 99)]
    assert waits == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0]


def test_jitter_shortens_the_wait_by_up_to_its_fraction() -> None:
    for part in (0.0, 0.25, 1.0):
        assert wait_before_retry(RetryPolicy(), status=500, attempt=3, random=part) == 2.0 * (1 - part)
        assert wait_before_retry(RetryPolicy(jitter=0.5), status=500, attempt=3, random=part) == 2.0 * (1 - part / 2)
        assert wait_before_retry(RetryPolicy(jitter=0), status=500, attempt=3, random=part) == 2.0


def test_enormous_number_of_attempts_does_not_overflow() -> None:
    policy = attrs.evolve(NO_JITTER, attempts=10**9, max_backoff=50.0, backoff=3e7)
    assert wait_before_retry(policy, status=500, attempt=10**9 - 1) == 50.0


def test_last_attempt_is_not_followed_by_another() -> None:
    assert wait_before_retry(status=500, attempt=3) == 2.0
    assert wait_before_retry(status=500, attempt=4) is None
    assert wait_before_retry(attrs.evolve(NO_JITTER, attempts=1), status=500) is None


def test_wait_requested_by_the_server_takes_precedence_and_jitter_is_added() -> None:
    assert wait_before_retry(status=429, rate_limit=RateLimit(reset=7.0)) == 7.5
    assert wait_before_retry(status=429, rate_limit=RateLimit(reset=7.0, retry_after=3.0)) == 3.5
    assert wait_before_retry(status=429, rate_limit=RateLimit(reset=0.0)) == 0.5
    assert wait_before_retry(status=503, rate_limit=RateLimit(retry_after=3.0)) == 3.5


def test_reset_of_a_limit_that_is_not_exhausted_does_not_delay_the_retry_of_a_server_error() -> None:
    assert wait_before_retry(status=503, rate_limit=RateLimit(reset=40.0, remaining=9.0)) == 0.5


def test_no_retry_if_the_wait_would_exceed_the_deadline() -> None:
    assert wait_before_retry(status=429, rate_limit=RateLimit(reset=59.5)) == 60.0
    assert wait_before_retry(status=429, rate_limit=RateLimit(reset=59.6)) is None
    assert wait_before_retry(status=500, elapsed=59.5) == 60.0 - 59.5
    assert wait_before_retry(status=500, elapsed=59.6) is None
    assert wait_before_retry(status=500, elapsed=61.0) is None


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
def test_wait_is_never_negative_or_beyond_the_deadline_and_none_after_the_last_attempt(
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


def test_policy_is_frozen_and_its_repr_shows_plain_values() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        NO_JITTER.attempts = 1  # type: ignore[misc]
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
def test_invalid_policy_is_rejected(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match=f"RetryPolicy.{next(iter(options))} must be"):
        RetryPolicy(**options)


@pytest.mark.parametrize("name", ["deadline", "backoff", "max_backoff"])
def test_a_policy_allows_up_to_a_year(name: str) -> None:
    longest: dict[str, Any] = {name: 366 * 86_400}
    assert getattr(RetryPolicy(**longest), name) == longest[name]
    longest[name] += 1
    with pytest.raises(ConfigurationError, match="from 0 to a year"):
        RetryPolicy(**longest)


def test_deadline_of_zero_allows_only_immediate_retries() -> None:
    policy = RetryPolicy(deadline=0, backoff=0)
    assert wait_before_retry(policy, status=500) == 0.0
    assert wait_before_retry(policy, status=500, elapsed=0.001) is None
