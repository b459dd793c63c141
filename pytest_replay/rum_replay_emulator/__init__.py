"""A stateful stand-in for Datadog's RUM Session Replay API, driven by the project's contract.

    from rum_replay_emulator import Emulator

    emulator = Emulator()
    client = httpx.Client(transport=emulator.transport(), base_url="https://api.datadoghq.com")

`Emulator.serve` serves the same over HTTP on 127.0.0.1, and so does `python -m rum_replay_emulator`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rum_replay_emulator.answer import Answer
    from rum_replay_emulator.assumptions import Assumptions, ErrorShape, Retention
    from rum_replay_emulator.clock import Clock, ManualClock, SystemClock
    from rum_replay_emulator.emulator import Emulator
    from rum_replay_emulator.faults import Fault, Faults
    from rum_replay_emulator.identity import User
    from rum_replay_emulator.rate_limit import RateLimit
    from rum_replay_emulator.received import ReceivedRequest
    from rum_replay_emulator.segments import SegmentEnvelope
    from rum_replay_emulator.transport import EmulatorTransport

__all__ = [
    "Answer",
    "Assumptions",
    "Clock",
    "Emulator",
    "EmulatorTransport",
    "ErrorShape",
    "Fault",
    "Faults",
    "ManualClock",
    "RateLimit",
    "ReceivedRequest",
    "Retention",
    "SegmentEnvelope",
    "SystemClock",
    "User",
]

# Imported when first used, so that `python -m rum_replay_emulator` can explain what is not installed.
_MODULES = {
    "Answer": "answer",
    "Assumptions": "assumptions",
    "Clock": "clock",
    "Emulator": "emulator",
    "EmulatorTransport": "transport",
    "ErrorShape": "assumptions",
    "Fault": "faults",
    "Faults": "faults",
    "ManualClock": "clock",
    "RateLimit": "rate_limit",
    "ReceivedRequest": "received",
    "Retention": "assumptions",
    "SegmentEnvelope": "segments",
    "SystemClock": "clock",
    "User": "identity",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
