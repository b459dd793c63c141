"""When to send a request again, and after how long. Pure: one decision that fits on a screen."""

from typing import Any

import attrs

from ._errors import ConfigurationError
from ._public import public
from ._rate_limits import RateLimit

__all__ = ["DEFAULT_RETRY_POLICY", "RetryEvent", "RetryPolicy", "checked_policy", "seconds_before_retry"]


_YEAR = 366 * 86_400
"""Seconds; operating systems refuse to sleep for much longer."""


def _whole_number_from_one(_: Any, attribute: "attrs.Attribute[int]", value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ConfigurationError(f"RetryPolicy.{attribute.name} must be a whole number from 1, not {value!r}")


def _seconds(_: Any, attribute: "attrs.Attribute[float]", value: Any) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= _YEAR:
        raise ConfigurationError(f"RetryPolicy.{attribute.name} must be seconds from 0 to a year, not {value!r:.40}")


def _flag(_: Any, attribute: "attrs.Attribute[bool]", value: Any) -> None:
    if not isinstance(value, bool):
        raise ConfigurationError(f"RetryPolicy.{attribute.name} must be True or False, not {value!r:.40}")


def _share(_: Any, attribute: "attrs.Attribute[float]", value: Any) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise ConfigurationError(f"RetryPolicy.{attribute.name} must be a number from 0 to 1, not {value!r:.40}")


@attrs.frozen(kw_only=True)
class RetryPolicy:
    """When and how often requests are sent again after a failure; frozen, and safe to share between clients.

    A GET, PUT or DELETE is sent again after a connection failure, a timeout, 408, 429 and 5xx. A POST or PATCH is sent
    again only where it cannot have been carried out: after 429, or when it never reached the server.

    Waits grow exponentially with full jitter; a wait that the server asks for (Retry-After, X-RateLimit-Reset) takes
    precedence. A wait that would end after the deadline is not begun: the error is raised at once.
    """

    attempts: int = attrs.field(default=4, validator=_whole_number_from_one)
    """How many times one request is sent at most; 1 turns retries off."""

    deadline: float = attrs.field(default=60.0, validator=_seconds)
    """Seconds from the start of a call after which nothing is sent again. The first attempt is not cut short by it."""

    backoff: float = attrs.field(default=0.5, validator=_seconds)
    """Upper bound of the first wait, in seconds; each further wait doubles it."""

    max_backoff: float = attrs.field(default=8.0, validator=_seconds)
    """Upper bound of every wait, in seconds, unless the server asks for a longer one."""

    repeat_creates: bool = attrs.field(default=False, validator=_flag)
    """Treat POST and PATCH like the others, at the risk of creating a thing twice."""

    jitter: float = attrs.field(default=1.0, validator=_share)
    """How much of a wait is random: from 0, always its upper bound, to 1, anything from nothing to its upper bound."""


DEFAULT_RETRY_POLICY = RetryPolicy()


def checked_policy(value: RetryPolicy) -> RetryPolicy:
    """The policy, unchanged; raises ConfigurationError for anything else, such as a number of attempts."""
    if not isinstance(value, RetryPolicy):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise ConfigurationError(
            f"retry must be a RetryPolicy, not {type(value).__name__}; RetryPolicy(attempts=1) is off"
        )
    return value


@attrs.frozen(kw_only=True)
class RetryEvent:
    """One retry that is about to happen; what an `on_retry` hook receives."""

    operation: str
    """The operationId of the contract."""

    method: str
    url_template: str

    attempt: int
    """How often the request was sent so far."""

    wait: float
    """Seconds until it is sent again."""

    reason: str
    """The status or the failure that led to it, such as `503` or `ReadTimeout`."""


def seconds_before_retry(
    policy: RetryPolicy,
    *,
    idempotent: bool,
    attempt: int,
    elapsed: float,
    random: float,
    status: int | None = None,
    may_have_been_applied: bool = True,
    rate_limit: RateLimit | None = None,
) -> float | None:
    """Seconds to wait before the request is sent again, or None if it must not be.

    `attempt` counts from 1; `elapsed` is seconds since the call began; `random` is a number from 0 to 1, drawn for this
    decision. `status` is None if no answer arrived; `may_have_been_applied` then says whether the request may have
    reached the server.
    """
    if attempt >= policy.attempts:
        return None
    repeatable = idempotent or policy.repeat_creates
    if status is None:
        worth_it = repeatable or not may_have_been_applied
    else:
        worth_it = status == 429 or (repeatable and (status == 408 or 500 <= status <= 599))
    if not worth_it:
        return None
    # A large exponent would overflow; 2**30 exceeds any cap.
    ceiling = min(policy.max_backoff, policy.backoff * 2 ** min(attempt - 1, 30))
    wait = ceiling * (1 - policy.jitter * random)
    if rate_limit is not None and (asked := _asked_wait(status, rate_limit)) is not None:
        # Jitter on top, so that many clients do not all come back in the same instant.
        wait += asked
    return wait if elapsed + wait <= policy.deadline else None


def _asked_wait(status: int | None, rate_limit: RateLimit) -> float | None:
    # A 5xx may carry the limit's ordinary headers, whose reset says nothing about when the server recovers.
    return rate_limit.wait if status == 429 else rate_limit.retry_after


public(RetryPolicy, RetryEvent)
