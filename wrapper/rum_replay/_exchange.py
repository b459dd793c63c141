"""One call from its first attempt to its end, without any I/O.

The synchronous and the asynchronous driver ask it what to do next, and do it: wait, send, hand over what came back.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import attrs

from . import _errors as errors
from ._answers import Answer, BodyMismatchError, Failure, describe_status, error_messages, request_id
from ._credentials import Credentials
from ._rate_limits import RateLimit, RateLimitLedger, parse_rate_limit
from ._retry import RetryEvent, RetryPolicy, seconds_before_retry

if TYPE_CHECKING:
    from ._calls import Call

__all__ = ["Done", "Exchange", "Retry"]

T = TypeVar("T")

logger = logging.getLogger("rum_replay")

_STATUS_ERRORS: dict[int, type[errors.StatusError]] = {
    400: errors.BadRequestError,
    401: errors.AuthenticationError,
    403: errors.PermissionDeniedError,
    404: errors.NotFoundError,
    409: errors.ConflictError,
    429: errors.RateLimitError,
}


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
    """The state of one call: how often it was sent, since when, and what that means for what comes back."""

    def __init__(
        self, call: Call[T], policy: RetryPolicy, ledger: RateLimitLedger, credentials: Credentials, host: str
    ) -> None:
        self._call = call
        self._policy = policy
        self._ledger = ledger
        self._credentials = credentials
        self._host = host
        self._started = policy.clock()
        self._attempt = 0
        self._may_have_been_applied = False

    def wait_before_first_send(self) -> float:
        """Seconds until the rate limit of this operation opens, as far as earlier answers told.

        A wait that would exceed the deadline is not worth believing: the request is sent, and the server decides.
        """
        wait = self._ledger.wait(self._call.operation, self._started)
        if not 0.0 < wait <= self._policy.deadline:
            return 0.0
        logger.debug("%s %s: rate limit used up, waiting %.3f s", self._call.method, self._call.url_template, wait)
        return wait

    def extend_deadline(self, seconds: float) -> None:
        """Leave out time in which an answer was arriving: the deadline is for failing and waiting."""
        self._started += seconds

    def sending(self) -> None:
        """Another attempt begins."""
        self._attempt += 1

    def closed(self) -> errors.ReplayError:
        """The error for an attempt that was not made because the client is closed."""
        if self._attempt == 1:
            return errors.ConfigurationError("this client is closed; calls belong between its opening and its closing")
        self._attempt -= 1
        return errors.ConnectionFailedError(
            "the client was closed before the call could be sent again",
            may_have_been_applied=self._may_have_been_applied,
            **self._context(),
        )

    def ended(self, outcome: Answer | Failure) -> Done[T] | Retry:
        """What an attempt's outcome means; raises the one ReplayError for it when the call has failed."""
        if isinstance(outcome, Failure):
            return self._failed(outcome)
        rate_limit = parse_rate_limit(outcome.headers, self._policy.wall_clock())
        self._ledger.note(self._call.operation, rate_limit, self._policy.clock())
        if 200 <= outcome.status <= 299:
            return Done(self._decoded(outcome))
        if outcome.status == 404 and self._call.method == "DELETE" and self._may_have_been_applied:
            # An earlier attempt, whose answer was lost, has deleted it.
            self._log("404 after a repeated delete")
            return Done(self._call.decode(b""))
        if retry := self._retry(str(outcome.status), status=outcome.status, rate_limit=rate_limit):
            return retry
        raise self._status_error(outcome, rate_limit)

    def _failed(self, failure: Failure) -> Retry:
        if retry := self._retry(failure.reason, may_have_been_applied=failure.may_have_been_applied):
            return retry
        cls = errors.RequestTimeoutError if failure.timed_out else errors.ConnectionFailedError
        detail = f"{failure.reason}: {failure.detail}" if failure.detail else failure.reason
        raise cls(
            f"{self._host} gave no whole answer: {detail}",
            may_have_been_applied=self._may_have_been_applied or failure.may_have_been_applied,
            **self._context(),
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
            elapsed=self._policy.clock() - self._started,
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

    def _decoded(self, answer: Answer) -> T:
        if logger.isEnabledFor(logging.DEBUG):
            self._log(str(answer.status))
        try:
            if answer.undecodable:
                raise BodyMismatchError(f"it cannot be decompressed: {answer.undecodable}")
            return self._call.decode(answer.body)
        except BodyMismatchError as mismatch:
            reason = str(mismatch)
        raise errors.UnexpectedResponseError(
            f"{self._host} answered {answer.status}, but the body does not fit the contract: {reason}",
            status=answer.status,
            body=self._credentials.redact(answer.body),
            request_id=request_id(answer.headers),
            **self._context(),
        )

    def _status_error(self, answer: Answer, rate_limit: RateLimit) -> errors.StatusError:
        body = self._credentials.redact(answer.body)
        messages = error_messages(body)
        details: dict[str, Any] = {
            "status": answer.status,
            "errors": messages,
            "body": body,
            "request_id": request_id(answer.headers),
            **self._context(),
        }
        cls = _STATUS_ERRORS.get(answer.status) or (
            errors.ServerError if 500 <= answer.status <= 599 else errors.StatusError
        )
        message = describe_status(Answer(answer.status, answer.headers, body), messages) + self._hint(answer)
        if cls is errors.RateLimitError:
            details |= {
                "retry_after": rate_limit.wait,
                "limit": rate_limit.limit,
                "remaining": rate_limit.remaining,
                "reset": rate_limit.reset,
            }
            message += _rate_limit_numbers(rate_limit)
        return cls(message, **details)

    def _hint(self, answer: Answer) -> str:
        if answer.status in (401, 403):
            hint = f" (are the credentials of the site behind {self._host}, with rum_session_replay_read?"
            if self._credentials.are_bearer:
                hint += " A bearer token alone may not be enough for playlists and heatmaps; try keys."
            return hint + ")"
        if 300 <= answer.status <= 399:
            return f" (redirects are not followed, so that credentials stay with {self._host})"
        return ""

    def _context(self) -> dict[str, Any]:
        return {"method": self._call.method, "url_template": self._call.url_template, "attempts": self._attempt}

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
