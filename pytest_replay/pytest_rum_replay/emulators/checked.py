"""The emulators of one test: faults from its markers are scripted, and all answers are checked."""

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

_MAX_MARKER_LENGTH = 200
_ARGUMENTS = [name for name in inspect.signature(Faults.add).parameters if name != "self"]


def fault_markers(test: pytest.Item) -> list[pytest.Mark]:
    """The test's fault markers in reading order: the module's, the class's, the function's.

    pytest keeps stacked decorators from bottom to top, so those are reversed; lists (a module's `pytestmark`, the
    `marks` of a `pytest.param`) are already in order.
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


def _source_of(mark: pytest.Mark) -> str:
    """The marker as it is written in the test."""
    arguments = [*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())]
    text = f"{mark.name}({', '.join(arguments)})"
    return text if len(text) <= _MAX_MARKER_LENGTH else f"{text[: _MAX_MARKER_LENGTH - 1]}…"


@define
class _ScriptedFault:
    """A marker, and its fault on each emulator of the test."""

    marker: pytest.Mark
    faults: list[Fault] = field(factory=list[Fault])

    def script(self, emulator: Emulator) -> None:
        if self.marker.args:
            raise _refusal(f"{_source_of(self.marker)} takes keyword arguments only: {', '.join(_ARGUMENTS)}")
        unknown = [name for name in self.marker.kwargs if name not in _ARGUMENTS]
        if unknown:
            raise _refusal(
                f"{_source_of(self.marker)}: there is no argument {unknown[0]!r}, only {', '.join(_ARGUMENTS)}"
            )
        try:
            self.faults.append(emulator.faults.add(**self.marker.kwargs))
        except (TypeError, ValueError, AttributeError) as error:
            raise _refusal(f"{_source_of(self.marker)}: {error}") from None

    @property
    def was_missed(self) -> bool:
        """Whether it was expected to apply but never did; with times=None it need not apply."""
        return bool(self.faults) and all(fault.times is not None and fault.used == 0 for fault in self.faults)


class CheckedEmulators:
    """Creates the emulators of a test, and reports at its end the problems that the test itself did not notice."""

    def __init__(self, test: pytest.Item) -> None:
        self._scripted = [_ScriptedFault(marker) for marker in fault_markers(test)]
        self._mismatches: list[Mismatch] = []

    def create(self, clock: Clock, options: Mapping[str, Any]) -> Emulator:
        """A new emulator with the faults of the test's markers, whose answers are checked against the contract.

        `options` are arguments of `Emulator`, and may include another clock. Fails the test for arguments that
        `Emulator` does not accept, and for an invalid marker.
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
        """The reasons to fail the test. An unused fault is not a problem if the test failed before reaching it."""
        if self._mismatches:
            yield listed("the emulator's answers do not conform to the contract", self._mismatches)
        for scripted in self._scripted if passed else ():
            if scripted.was_missed:
                yield (
                    f"@pytest.mark.{_source_of(scripted.marker)} was never applied: no such request was made. "
                    "Remove the marker, or pass times=None for a fault that may remain unused"
                )

    def _check(self, request: ReceivedRequest, answer: Answer) -> None:
        self._mismatches += check(request.method, request.path, answer.status, answer.headers, answer.body)


def _refusal(reason: str) -> BaseException:
    """An exception that fails the test without a traceback."""
    return pytest.fail.Exception(reason, pytrace=False)
