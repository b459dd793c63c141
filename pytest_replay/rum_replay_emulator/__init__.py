"""A stateful stand-in for Datadog's RUM Session Replay API, driven by the project's contract.

    from rum_replay_emulator import Emulator

    emulator = Emulator()
    client = httpx.Client(transport=emulator.transport(), base_url="https://api.datadoghq.com")

`Emulator.serve` serves the same over HTTP on 127.0.0.1.
"""

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
