"""Every operation × every fault × how often it strikes × both clients: one outcome each, and nothing else."""

import pytest
from attrs import frozen
from failure_bench import FACES, Bench, check, fine
from failure_faults import FAULTS, MODES, Fault, details_of, expected, fault_named, telling_modes
from failure_operations import DOCUMENTED, OPERATIONS, Operation


@frozen
class Cell:
    """One cell of the matrix. It is a single parameter, because thousands of cells make pytest's own time count."""

    operation: Operation
    fault: Fault
    mode: str
    face: str

    def __str__(self) -> str:
        return f"{self.operation}-{self.fault}-{self.mode}-{self.face}"


CELLS = [
    Cell(operation, fault, mode, face)
    for operation in OPERATIONS
    for fault in FAULTS
    for mode in telling_modes(operation, fault)
    for face in ("sync", "async")
    if (mode, face) != ("thrice", "async")  # counting is the same code for both, and once and always have shown that
]


def test_the_table_has_every_operation() -> None:
    assert {operation.operation_id for operation in OPERATIONS} == set(DOCUMENTED)


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
def test_the_state_tells_whether_an_operation_did_its_work(operation: Operation) -> None:
    ran = fine(operation)
    assert (ran.state_before != ran.state_after) == (operation.method != "GET")


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_failure(cell: Cell) -> None:
    operation, fault, strikes = cell.operation, cell.fault, MODES[cell.mode]
    bench = Bench()
    bench.emulator.faults.add(operation=operation.operation_id, times=strikes, **fault.script_for(operation))
    outcome = FACES[cell.face](bench, operation)
    check(operation, expected(operation, fault, strikes), outcome, bench, details_of(fault))


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
