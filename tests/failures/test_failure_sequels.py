"""Failures followed by something else: another fault, a missing resource, a second page, a rate limit."""

from typing import Any

import pytest
from attrs import evolve
from failure_bench import FACES, Bench, FakeTime, check, check_error, fine, new_emulator
from failure_faults import START, Expected, Fault, details_of, expected, fault_named
from failure_operations import DELETES, OPERATIONS, REQUEST_OF_ANOTHER_CLIENT, STRICT, Operation
from rum_replay import ConnectionFailedError, NotFoundError, RequestTimeoutError
from rum_replay_emulator import Emulator, ManualClock, RateLimit

both_faces = pytest.mark.parametrize("face", ["sync", "async"])

CREATES = [operation for operation in OPERATIONS if not operation.is_idempotent]
REPEATABLE = [operation for operation in OPERATIONS if operation.is_idempotent]
PAGED = [operation for operation in OPERATIONS if operation.requests_on_success == 2]

ADDRESSING = [
    operation
    for operation in OPERATIONS
    if "playlist_id" in operation.url_template
    or "snapshot_id" in operation.url_template
    or operation.name in ("delete_watches", "iter_segments", "download_segments")
]
"""Operations that return 404 if the resource is missing."""

ONCE = [
    fault_named(name)
    for name in (
        "connection_refused",
        "connect_timeout",
        "429_with_reset",
        "read_timeout",
        "disconnect_before_answer",
        "disconnect_in_error_body",
        "500",
        "503_with_retry_after",
        "408",
    )
]


@both_faces
@pytest.mark.parametrize("fault", ONCE, ids=str)
@pytest.mark.parametrize("operation", ADDRESSING, ids=str)
def test_then_the_resource_is_missing(operation: Operation, fault: Fault, face: str) -> None:
    bench = Bench(Emulator(clock=ManualClock(START), assumptions=STRICT))
    bench.emulator.faults.add(operation=operation.operation_id, **fault.script)
    outcome = FACES[face](bench, operation)
    assert len(bench.emulator.requests) == fault.arrives + (operation.is_idempotent or fault.repeated == "by all")
    if not operation.is_idempotent and fault.repeated == "if idempotent":
        assert fault.error is not None
        check_error(operation, outcome.error, fault.error, {"attempts": 1, **details_of(fault)})
    elif operation.method == "DELETE" and fault.repeated == "if idempotent":
        # The first attempt may have deleted it, which is what the caller wanted.
        assert outcome.error is None
        assert outcome.value is None
    else:
        check_error(operation, outcome.error, NotFoundError, {"attempts": 2, "status": 404})


@both_faces
@pytest.mark.parametrize("operation", DELETES, ids=str)
def test_a_404_after_a_lost_answer_means_that_the_delete_succeeded(operation: Operation, face: str) -> None:
    bench = Bench()
    for name in ("disconnect_before_answer_applied", "429_with_reset", "connection_refused"):
        bench.emulator.faults.add(operation=operation.operation_id, **fault_named(name).script)
    outcome = FACES[face](bench, operation)
    check(operation, Expected(attempts=4, sends=3, asked=(0.0, 7.0, 0.0)), outcome, bench)


@both_faces
@pytest.mark.parametrize("operation", REPEATABLE, ids=str)
def test_an_error_says_that_an_earlier_attempt_may_have_been_applied(operation: Operation, face: str) -> None:
    bench = Bench()
    bench.emulator.faults.add(operation=operation.operation_id, timeout="read", applied=True)
    bench.emulator.faults.add(operation=operation.operation_id, disconnect="connect", times=None)
    outcome = FACES[face](bench, operation)
    outcome_expected = Expected(error=ConnectionFailedError, attempts=4, sends=1)
    check(operation, outcome_expected, outcome, bench, {"may_have_been_applied": True})


@both_faces
@pytest.mark.parametrize("operation", CREATES, ids=str)
def test_a_create_is_repeated_until_it_may_have_been_applied(operation: Operation, face: str) -> None:
    bench = Bench()
    for name in ("connection_refused", "429_with_reset", "read_timeout_applied"):
        bench.emulator.faults.add(operation=operation.operation_id, **fault_named(name).script)
    outcome = FACES[face](bench, operation)
    outcome_expected = Expected(error=RequestTimeoutError, attempts=3, sends=2, asked=(0.0, 7.0, 0.0))
    check(operation, outcome_expected, outcome, bench, {"may_have_been_applied": True})


LATER = [
    fault_named(name)
    for name in (
        "read_timeout",
        "truncated_body",
        "malformed_json",
        "429_with_reset",
        "429_reset_beyond_deadline",
        "500",
    )
]


@both_faces
@pytest.mark.parametrize("mode", ["once", "always"])
@pytest.mark.parametrize("fault", LATER, ids=str)
@pytest.mark.parametrize("operation", PAGED, ids=str)
def test_on_the_second_page(operation: Operation, fault: Fault, mode: str, face: str) -> None:
    bench = Bench()
    hits = 1 if mode == "once" else None
    bench.emulator.faults.add(operation=operation.operation_id, headers={"X-Nothing": "goes wrong with the first page"})
    bench.emulator.faults.add(operation=operation.operation_id, times=hits, **fault.script_for(operation))
    outcome = FACES[face](bench, operation)
    first_page: list[Any] = fine(operation).value if operation.answer == "JSON" else fine(operation).value[:1]
    outcome_expected = expected(operation, fault, hits)
    if outcome_expected.error is not None:
        given = [] if operation.name == "download_segments" else first_page
        outcome_expected = evolve(outcome_expected, sends=outcome_expected.sends + 1, given=given)
    elif fault.error is None:
        # A body without a paging token is the last page.
        outcome_expected = evolve(outcome_expected, sends=2, value=first_page + outcome_expected.value)
    check(operation, outcome_expected, outcome, bench, details_of(fault))


@both_faces
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_client_waits_for_a_used_up_rate_limit(operation: Operation, face: str) -> None:
    """One request per ten seconds, which another client has just used."""
    time = FakeTime()
    bench = Bench(new_emulator(time), time)
    bench.emulator.rate_limit = RateLimit(limit=1, period=10)
    assert bench.emulator.transport().handle_request(REQUEST_OF_ANOTHER_CLIENT).status_code == 200
    bench.emulator.requests.clear()
    outcome = FACES[face](bench, operation)
    assert outcome.error is None
    # One 429; before the second page the limit is known, so the wait has no jitter.
    assert len(bench.emulator.requests) == 1 + operation.requests_on_success
    assert [event.reason for event in bench.retries] == ["429"]
    assert bench.time.slept == pytest.approx([10.5, 10.0][: operation.requests_on_success])
