"""The clock of clients while a cassette is open: the time that they had when it was recorded, and no waiting."""

from attrs import frozen
from rum_replay import Clock

from pytest_rum_replay.cassettes.cassette import Cassette

__all__ = ["CassetteClock"]


@frozen
class CassetteClock:
    """A `Clock` in front of the one that a client has otherwise, which is used unless the cassette replays."""

    cassette: Cassette
    clock: Clock

    def time(self) -> float:
        """The Unix time in seconds; while the cassette replays, that of the recording."""
        return self.cassette.clock_time(self.clock.time())

    def monotonic(self) -> float:
        """Seconds on a clock that never goes back, as if there had been no waits to skip."""
        return self.clock.monotonic() + self.cassette.seconds_skipped

    def sleep(self, seconds: float) -> None:
        """Wait, unless the cassette replays."""
        if self.cassette.replaying:
            self.cassette.skip(seconds)
        else:
            self.clock.sleep(seconds)

    async def async_sleep(self, seconds: float) -> None:
        """Wait, or let other tasks run while the cassette replays."""
        if self.cassette.replaying:
            self.cassette.skip(seconds)
            seconds = 0
        await self.clock.async_sleep(seconds)
