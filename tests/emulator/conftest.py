"""Fixtures for the emulator's tests. Every answer of an emulator is checked against `openapi.yaml`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from rum_replay_emulator import Emulator, ManualClock
from rum_replay_emulator.core import Core, Exchange

from .answer_checker import AnswerChecker
from .emulator_api import Api, ApiOf

_CHECKER = AnswerChecker()


@pytest.fixture(autouse=True)
def answer_checker(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnswerChecker]:
    """Checks each answer that no scripted fault changed, with or without sockets."""
    failures: list[BaseException] = []
    exchange = Core.exchange

    def checked(core: Core, *arguments: Any) -> Exchange:
        result = exchange(core, *arguments)
        if result.fault is None:
            try:
                _CHECKER.check(core.requests[-1].operation, result.answer)
            except BaseException as failure:
                failures.append(failure)
                raise
        return result

    monkeypatch.setattr(Core, "exchange", checked)
    yield _CHECKER
    assert not failures


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def emulator(clock: ManualClock) -> Emulator:
    return Emulator(clock=clock)


@pytest.fixture
def api_of() -> Iterator[ApiOf]:
    """For tests that configure their own emulator."""
    opened: list[Api] = []

    def open_api(emulator: Emulator) -> Api:
        opened.append(Api(emulator))
        return opened[-1]

    yield open_api
    for api in opened:
        api.client.close()


@pytest.fixture
def api(emulator: Emulator, api_of: ApiOf) -> Api:
    return api_of(emulator)
