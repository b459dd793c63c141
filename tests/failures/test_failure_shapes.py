"""Every media type of JSON and every shape of errors that was seen in live answers, read by both clients."""

from __future__ import annotations

from http import HTTPStatus
from typing import get_args

import pytest
from attrs import evolve
from failure_bench import FACES, Bench, Outcome, check_error, fine
from failure_faults import START
from failure_operations import DOCUMENTED, OPERATIONS, STRICT, Operation, seeded
from pytest_rum_replay.contract.conformance import check
from rum_replay import (
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StatusError,
    UnprocessableEntityError,
)
from rum_replay_emulator import Answer, Assumptions, Emulator, ErrorShape, ManualClock, ReceivedRequest

MEDIA_TYPES = ["application/json", "application/vnd.api+json", "Application/VND.API+json ; charset=UTF-8"]

CLASSES: dict[int, tuple[type[StatusError], str]] = {
    400: (BadRequestError, "Bad Request"),
    401: (AuthenticationError, "Unauthorized"),
    403: (PermissionDeniedError, "Forbidden"),
    404: (NotFoundError, "Not Found"),
    409: (ConflictError, "Conflict"),
    422: (UnprocessableEntityError, HTTPStatus(422).phrase),  # which Python 3.13 changed
    429: (RateLimitError, "Too Many Requests"),
    500: (ServerError, "Internal Server Error"),
    520: (ServerError, "Error 520"),
}
MESSAGES: dict[ErrorShape, str | None] = {
    "texts": "{0}",
    "json_api": "{0}: {0}",
    "titles": "{0}",
    "codes": "{0}",
    "no_errors": None,
    "status": "{0}",
    "html": None,
    "empty": None,
    "not_utf8": None,
}


class CheckedEmulator:
    """An emulator whose answers are also checked as the plugin does it."""

    def __init__(self, assumptions: Assumptions) -> None:
        self.mismatches: list[str] = []
        self.emulator = seeded(Emulator(clock=ManualClock(START), assumptions=assumptions, on_answer=self._check))

    def _check(self, request: ReceivedRequest, answer: Answer) -> None:
        self.mismatches += map(str, check(request.method, request.path, answer.status, answer.headers, answer.body))


def test_each_shape_and_each_operation_is_tested() -> None:
    assert set(MESSAGES) == set(get_args(ErrorShape))
    assert {operation.operation_id for operation in OPERATIONS} == set(DOCUMENTED)


@pytest.mark.parametrize("face", ["sync", "async"])
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_an_answer_is_read_in_each_media_type_of_json(operation: Operation, media_type: str, face: str) -> None:
    checked = CheckedEmulator(evolve(STRICT, json_media_type=media_type))
    outcome = FACES[face](Bench(checked.emulator), operation)
    assert outcome == Outcome(fine(operation).value)
    assert checked.mismatches == []


@pytest.mark.parametrize("face", ["sync", "async"])
@pytest.mark.parametrize("shape", get_args(ErrorShape))
@pytest.mark.parametrize("media_type", MEDIA_TYPES)
def test_an_error_is_read_in_each_shape(shape: ErrorShape, media_type: str, face: str) -> None:
    operation = next(operation for operation in OPERATIONS if operation.operation_id == "UpdateRumReplayPlaylist")
    message = MESSAGES[shape]
    for status, (kind, phrase) in CLASSES.items():
        checked = CheckedEmulator(evolve(STRICT, error_shape=shape, json_media_type=media_type))
        checked.emulator.faults.add(status=status, times=None)
        outcome = FACES[face](Bench(checked.emulator), operation)
        errors = () if message is None else (message.format(phrase),)
        check_error(operation, outcome.error, kind, {"status": status, "errors": errors})
        assert f": {status}" in str(outcome.error)
        request, error = checked.emulator.requests[0], outcome.error
        assert isinstance(error, StatusError)
        stated = {"json_api": "application/vnd.api+json", "titles": "text/plain", "html": "text/html"}
        headers = [("Content-Type", "text/plain" if shape == "not_utf8" else stated.get(shape, media_type))]
        assert check(request.method, request.path, status, headers, error.body) == []


@pytest.mark.parametrize("shape", get_args(ErrorShape))
def test_the_emulators_own_refusals_conform_to_the_contract_in_each_shape(shape: ErrorShape) -> None:
    operation = next(operation for operation in OPERATIONS if operation.operation_id == "GetRumReplayPlaylist")
    checked = CheckedEmulator(evolve(STRICT, error_shape=shape))
    checked.emulator.reset()  # so that nothing exists
    outcome = FACES["sync"](Bench(checked.emulator), operation)
    assert isinstance(outcome.error, NotFoundError)
    assert checked.mismatches == []
