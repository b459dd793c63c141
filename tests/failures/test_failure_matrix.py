"""Operations × faults × how many requests a fault hits × both clients: each cell has exactly one outcome.

Every fault meets operations of every kind, and every operation meets every kind of fault. Faults that differ only in
the bytes that are read, such as the notations of a header, take the same path for all operations of a kind.
"""

import pytest
from attrs import frozen
from failure_bench import FACES, Bench, check, fine
from failure_faults import FAULTS, MODES, UNANSWERED, Fault, details_of, distinct_modes, expected, fault_named
from failure_operations import DOCUMENTED, ONE_OF_EACH_KIND, OPERATIONS, Operation


@frozen
class Cell:
    """One cell of the matrix; a single parameter, because pytest's overhead for each one adds up over thousands."""

    operation: Operation
    fault: Fault
    mode: str
    face: str

    def __str__(self) -> str:
        return f"{self.operation}-{self.fault}-{self.mode}-{self.face}"


FAULTS_FOR_ALL = [
    *UNANSWERED,
    *map(
        fault_named,
        (
            "malformed_json",
            "empty_200",
            "empty_204",
            "json_of_another_kind",
            "429_with_reset",
            "429_with_neither",
            "429_reset_beyond_deadline",
            "500",
            "500_applied",
            "503_with_retry_after",
            "408",
            "403",
            "404",
            "409",
            "422",
        ),
    ),
]

CELLS = [
    Cell(operation, fault, mode, face)
    for operation in OPERATIONS
    for fault in (FAULTS if operation in ONE_OF_EACH_KIND else FAULTS_FOR_ALL)
    for mode in distinct_modes(operation, fault)
    for face in ("sync", "async")
    if (mode, face) != ("thrice", "async")  # counting is the same code for both, as once and always show
]


def test_the_table_has_every_operation() -> None:
    missing = DOCUMENTED.keys() - {operation.operation_id for operation in OPERATIONS}
    assert not missing, "add them to OPERATIONS in tests/failures/failure_operations.py"


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_state_changes_if_an_operation_is_applied(operation: Operation) -> None:
    ran = fine(operation)
    assert (ran.state_before != ran.state_after) == (not operation.only_reads)


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_failure(cell: Cell) -> None:
    operation, fault, hits = cell.operation, cell.fault, MODES[cell.mode]
    bench = Bench()
    bench.emulator.faults.add(operation=operation.operation_id, times=hits, **fault.script_for(operation))
    outcome = FACES[cell.face](bench, operation)
    check(operation, expected(operation, fault, hits), outcome, bench, details_of(fault))


TRIO_FAULTS = [
    fault_named(name)
    for name in (
        "connect_timeout",
        "read_timeout_applied",
        "disconnect_in_body",
        "malformed_json",
        "429_with_reset",
        "html_502",
    )
]


@pytest.mark.parametrize("fault", TRIO_FAULTS, ids=str)
@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_failure_under_trio(operation: Operation, fault: Fault) -> None:
    bench = Bench()
    bench.emulator.faults.add(operation=operation.operation_id, **fault.script_for(operation))
    outcome = FACES["trio"](bench, operation)
    check(operation, expected(operation, fault, 1), outcome, bench, details_of(fault))
