"""One call from its first attempt to its end, without any I/O.

The synchronous and the asynchronous driver ask it what to do next, and do it: wait, send, report the outcome.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import attrs

from ._answers import Answer, BodyMismatchError, Failure, describe_status, error_messages, is_whole, request_id
from ._clock import Clock
from ._credentials import Credentials
from ._errors import (
    AuthenticationError,
    BadRequestError,
    CallDetails,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ReplayError,
    RequestTimeoutError,
    ServerError,
    StatusDetails,
    StatusError,
    UnexpectedResponseError,
    UnprocessableEntityError,
)
from ._rate_limit_ledger import Blocked, NoRoom, RateLimitLedger, Sleep, Wakeup
from ._rate_limits import RateLimit, parse_rate_limit
from ._retry import RetryEvent, RetryPolicy, seconds_before_retry

if TYPE_CHECKING:
    from ._calls import Call

__all__ = ["Done", "Exchange", "Retry"]

T = TypeVar("T")

logger = logging.getLogger("rum_replay")

_STATUS_ERRORS: dict[int, type[StatusError]] = {
    400: BadRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: UnprocessableEntityError,
}
_LONGEST_ID = 100


@attrs.frozen
class Done(Generic[T]):
    """The call has succeeded."""

    value: T


@attrs.frozen
class Retry:
    """Wait, then send the request once more."""

    event: RetryEvent

    @property
    def wait(self) -> float:
        """Seconds."""
        return self.event.wait


class Exchange(Generic[T]):
    """The state of one call: how often it was sent, when it began, and what that means for each outcome."""

    def __init__(
        self,
        call: Call[T],
        *,
        policy: RetryPolicy,
        clock: Clock,
        ledger: RateLimitLedger,
        credentials: Credentials,
        host: str,
    ) -> None:
        self._call = call
        self._policy = policy
        self._clock = clock
        self._ledger = ledger
        self._credentials = credentials
        self._host = host
        self._started = clock.monotonic()
        self._turn = ledger.arrive(call.operation)
        self._rate_limit: RateLimit | None = None
        self._attempt = 0
        self._may_have_been_applied = False

    def before_sending(self, wakeup: Wakeup) -> Sleep | Blocked | None:
        """What to wait for before the next attempt, and then to ask again; None if nothing is in its way.

        Raises RateLimitError if the call has waited, and the rate limit leaves no room for it before its deadline. A
        wait that would exceed the deadline from the outset is not believed: the server decides.
        """
        now, deadline = self._clock.monotonic(), self._started + self._policy.deadline
        step = self._ledger.before_sending(self._turn, now, deadline, wakeup)
        if isinstance(step, NoRoom):
            raise self._no_room(step.rate_limit)
        if isinstance(step, Sleep):
            self._log(f"rate limit used up, waiting {step.seconds:.3f} s")
        return step

    def leave(self) -> None:
        """The call has ended; calls that wait behind it need not wait any longer."""
        self._ledger.leave(self._turn)

    def extend_deadline(self, seconds: float) -> None:
        """Do not count the time in which an answer was arriving: the deadline limits failures and waits."""
        self._started += seconds

    def sending(self) -> None:
        """Another attempt begins."""
        self._attempt += 1
        self._rate_limit = None

    def seconds_for_attempt(self, least: float) -> float:
        """How long the attempt that begins may take: until the deadline of the call, and so many seconds at least."""
        return max(self._started + self._policy.deadline - self._clock.monotonic(), least)

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """The headers of an answer have arrived: other calls need not wait until its body has."""
        self._rate_limit = parse_rate_limit(headers, self._clock.time())
        self._ledger.answered(self._turn, self._rate_limit, self._clock.monotonic(), refused=status == 429)

    def is_whole(self, status: int) -> bool:
        """Whether an answer with this status is the whole of what was asked for."""
        return is_whole(status, is_page=self._call.max_page_size is not None)

    def closed(self) -> ReplayError:
        """The error for an attempt that was not made because the client is closed."""
        if self._attempt == 1:
            return ConfigurationError("this client is closed; calls belong between its opening and its closing")
        self._attempt -= 1
        return ConnectionFailedError(
            "the client was closed before the call could be sent again",
            may_have_been_applied=self._may_have_been_applied,
            **self._details(),
        )

    def ended(self, outcome: Answer | Failure) -> Done[T] | Retry:
        """What to do after an attempt; raises the one ReplayError for its outcome when the call has failed."""
        if isinstance(outcome, Failure):
            self._ledger.failed(self._turn, self._clock.monotonic())
            return self._failed(outcome)
        if self._rate_limit is None:
            self.answered(outcome.status, outcome.headers)
        rate_limit = self._rate_limit or RateLimit()
        if 200 <= outcome.status <= 299:
            decoded = self._decoded(outcome)
            if isinstance(decoded, Done):
                return decoded
            outcome = self._redacted(outcome)
            raise self._unexpected_response(outcome, decoded)
        if outcome.status == 404 and self._call.method == "DELETE" and self._may_have_been_applied:
            # An earlier attempt, whose answer was lost, has deleted it.
            self._log("404 after a repeated delete")
            return Done(self._call.decode(b""))
        if retry := self._retry(str(outcome.status), status=outcome.status, rate_limit=rate_limit):
            return retry
        # Crash reporters show local variables: from here on, those of the error's frames hold nothing else.
        outcome = self._redacted(outcome)
        raise self._status_error(outcome, rate_limit)

    def _redacted(self, answer: Answer) -> Answer:
        headers, body = self._credentials.redact_values(answer.headers), self._credentials.redact(answer.body)
        return attrs.evolve(answer, headers=headers, body=body)

    def _failed(self, failure: Failure) -> Retry:
        if failure.remedy is not None:
            self._log(f"{failure.reason}, not sent again")
        elif retry := self._retry(failure.reason, may_have_been_applied=failure.may_have_been_applied):
            return retry
        cls = RequestTimeoutError if failure.timed_out else ConnectionFailedError
        detail = f"{failure.reason}: {failure.detail}" if failure.detail else failure.reason
        if failure.remedy is not None:
            detail += f" ({failure.remedy})"
        raise cls(
            f"{self._host} gave no whole answer: {detail}",
            may_have_been_applied=self._may_have_been_applied or failure.may_have_been_applied,
            **self._details(),
        )

    def _retry(
        self,
        reason: str,
        *,
        status: int | None = None,
        may_have_been_applied: bool = True,
        rate_limit: RateLimit | None = None,
    ) -> Retry | None:
        wait = seconds_before_retry(
            self._policy,
            idempotent=self._call.idempotent,
            attempt=self._attempt,
            elapsed=self._clock.monotonic() - self._started,
            random=random.random(),  # noqa: S311 - jitter, not a secret
            status=status,
            may_have_been_applied=may_have_been_applied,
            rate_limit=rate_limit,
        )
        if wait is None:
            self._log(f"{reason}, not sent again")
            return None
        self._log(f"{reason}, sent again in {wait:.3f} s")
        # A 429 was turned away before anything happened.
        self._may_have_been_applied |= may_have_been_applied and status != 429
        return Retry(
            RetryEvent(
                operation=self._call.operation,
                method=self._call.method,
                url_template=self._call.url_template,
                attempt=self._attempt,
                wait=wait,
                reason=reason,
            )
        )

    def _decoded(self, answer: Answer) -> Done[T] | str:
        """The value, or why there is none."""
        if logger.isEnabledFor(logging.DEBUG):
            self._log(str(answer.status))
        try:
            if answer.streamed is None and not self.is_whole(answer.status):
                raise BodyMismatchError("what arrived is not the whole answer, and no part of it was asked for")
            if answer.unreadable:
                raise BodyMismatchError(answer.unreadable)
            return Done(
                self._call.decode(answer.body) if answer.streamed is None else cast("T", answer.streamed.result)
            )
        except BodyMismatchError as mismatch:
            return str(mismatch)

    def _unexpected_response(self, answer: Answer, reason: str) -> UnexpectedResponseError:
        return UnexpectedResponseError(
            f"{self._host} answered {answer.status}, but the body does not fit the contract: "
            f"{self._credentials.redact_text(reason)}",
            status=answer.status,
            body=answer.body,
            request_id=request_id(answer.headers),
            **self._details(),
        )

    def _status_error(self, answer: Answer, rate_limit: RateLimit) -> StatusError:
        # Once more, because what was escaped twice is not escaped any more.
        messages = tuple(map(self._credentials.redact_text, error_messages(answer.body)))
        message = self._credentials.redact_text(describe_status(answer, messages)) + self._hint(answer)
        details: StatusDetails = {
            "status": answer.status,
            "errors": messages,
            "body": answer.body,
            "request_id": request_id(answer.headers),
            **self._details(),
        }
        if answer.status == 429:
            return RateLimitError(
                message + _rate_limit_numbers(rate_limit),
                retry_after=rate_limit.wait,
                limit=rate_limit.limit,
                remaining=rate_limit.remaining,
                reset=rate_limit.reset,
                **details,
            )
        usual = ServerError if 500 <= answer.status <= 599 else StatusError
        return _STATUS_ERRORS.get(answer.status, usual)(message, **details)

    def _no_room(self, rate_limit: RateLimit) -> RateLimitError:
        again = " again" if self._attempt else ""
        return RateLimitError(
            f"not sent{again}: the rate limit leaves no room before the deadline of {self._policy.deadline:g} s"
            + _rate_limit_numbers(rate_limit),
            status=429,
            limit=rate_limit.limit,
            remaining=rate_limit.remaining,
            reset=rate_limit.reset,
            **self._details(),
        )

    def _hint(self, answer: Answer) -> str:
        if answer.status in (401, 403):
            hint = (
                f" (do the credentials belong to the site behind {self._host}, "
                f"and do they have the permission {self._call.permission}?"
            )
            if self._credentials.are_bearer:
                hint += " A bearer token alone may not be enough for playlists and heatmaps; try keys."
            return hint + ")"
        if 300 <= answer.status <= 399:
            return f" (redirects are not followed, so that credentials stay with {self._host})"
        return ""

    def _details(self) -> CallDetails:
        return {
            "method": self._call.method,
            "url_template": self._call.url_template,
            "attempts": self._attempt,
            "ids": {name: self._shown(value) for name, value in self._call.ids.items()},
        }

    def _shown(self, value: str) -> str:
        # Somebody may have given a key where an id belongs.
        text = self._credentials.redact_text(value)
        return text if len(text) <= _LONGEST_ID else f"{text[:_LONGEST_ID]}…"

    def _log(self, outcome: str) -> None:
        logger.debug("%s %s: %s (attempt %d)", self._call.method, self._call.url_template, outcome, self._attempt)


def _rate_limit_numbers(rate_limit: RateLimit) -> str:
    numbers = {
        "limit": rate_limit.limit,
        "remaining": rate_limit.remaining,
        "seconds to wait": rate_limit.wait,
    }
    known = ", ".join(f"{name} {value:g}" for name, value in numbers.items() if value is not None)
    return f" ({known})" if known else ""
