"""The emulators of one test: scripted by its markers, watched while it runs, judged at its end."""

import inspect
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

import pytest
from attrs import define, field
from rum_replay_emulator import Answer, Clock, Emulator, Fault, Faults, ReceivedRequest

from pytest_rum_replay.contract.conformance import Mismatch, check, listed
from pytest_rum_replay.options import FAULT_MARKER

__all__ = ["CheckedEmulators", "fault_markers"]

_LONGEST_MARKER = 200
_ARGUMENTS = [name for name in inspect.signature(Faults.add).parameters if name != "self"]


def fault_markers(test: pytest.Item) -> list[pytest.Mark]:
    """The test's fault markers in the order in which people read them: the module's, the class's, the function's.

    pytest keeps stacked decorators from the lowest to the highest, so those are turned round; lists (a module's
    `pytestmark`, the `marks` of a `pytest.param`) are read as they stand.
    """
    found: list[pytest.Mark] = []
    by_node = [
        (node, [mark for _, mark in group])
        for node, group in groupby(test.iter_markers_with_node(FAULT_MARKER), key=itemgetter(0))
    ]
    for node, marks in reversed(by_node):
        if isinstance(node, pytest.Module):
            found += marks
        else:
            on_object = {id(mark) for mark in getattr(getattr(node, "obj", None), "pytestmark", ())}
            found += [mark for mark in reversed(marks) if id(mark) in on_object]
            found += [mark for mark in marks if id(mark) not in on_object]
    return found


def _written(mark: pytest.Mark) -> str:
    """The marker as it stands in the test."""
    arguments = [*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())]
    text = f"{mark.name}({', '.join(arguments)})"
    return text if len(text) <= _LONGEST_MARKER else f"{text[: _LONGEST_MARKER - 1]}…"


@define
class _ScriptedFault:
    """A marker, and what became of it on each emulator of the test."""

    marker: pytest.Mark
    faults: list[Fault] = field(factory=list[Fault])

    def script(self, emulator: Emulator) -> None:
        if self.marker.args:
            raise _refusal(f"{_written(self.marker)} takes keyword arguments only: {', '.join(_ARGUMENTS)}")
        unknown = [name for name in self.marker.kwargs if name not in _ARGUMENTS]
        if unknown:
            raise _refusal(
                f"{_written(self.marker)}: no argument is called {unknown[0]!r}; there are {', '.join(_ARGUMENTS)}"
            )
        try:
            self.faults.append(emulator.faults.add(**self.marker.kwargs))
        except (TypeError, ValueError, AttributeError) as error:
            raise _refusal(f"{_written(self.marker)}: {error}") from None

    @property
    def was_missed(self) -> bool:
        """Whether it was expected to strike and never did; without end it may wait in vain."""
        return bool(self.faults) and all(fault.times is not None and fault.used == 0 for fault in self.faults)


class CheckedEmulators:
    """Makes the emulators of a test and says in the end what went wrong behind the test's back."""

    def __init__(self, test: pytest.Item) -> None:
        self._scripted = [_ScriptedFault(marker) for marker in fault_markers(test)]
        self._mismatches: list[Mismatch] = []

    def create(self, clock: Clock, options: Mapping[str, Any]) -> Emulator:
        """A new emulator with the faults of the test's markers, whose answers are checked against the contract.

        `options` are arguments of `Emulator`, which may name another clock. Fails the test for what it does not take,
        and for a marker that makes no sense.
        """
        arguments: dict[str, Any] = {"clock": clock, **options, "on_answer": self._check}
        try:
            emulator = Emulator(**arguments)
        except (TypeError, ValueError) as error:
            raise _refusal(f"rum_replay_emulator_options: {error}") from None
        for scripted in self._scripted:
            scripted.script(emulator)
        return emulator

    def problems(self, *, passed: bool) -> Iterator[str]:
        """What the test has to fail for. A fault that was not met is none when the test failed before it could be."""
        if self._mismatches:
            yield listed("the emulator's answers do not fit the contract", self._mismatches)
        for scripted in self._scripted if passed else ():
            if scripted.was_missed:
                yield (
                    f"@pytest.mark.{_written(scripted.marker)} never struck: no such request was made, so the test did "
                    "not see the fault; remove it, or give times=None for one that may wait in vain"
                )

    def _check(self, request: ReceivedRequest, answer: Answer) -> None:
        self._mismatches += check(request.method, request.path, answer.status, answer.headers, answer.body)


def _refusal(reason: str) -> BaseException:
    """What fails the test, shown without a traceback."""
    return pytest.fail.Exception(reason, pytrace=False)
