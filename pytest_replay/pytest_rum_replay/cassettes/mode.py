"""When a cassette sends requests to the network, and what becomes of the file."""

from enum import StrEnum

__all__ = ["Mode"]


class Mode(StrEnum):
    """The values of `--rum-replay-record` and of the marker's `record`."""

    NONE = "none"
    """Only replay: nothing ever reaches the network, and a request that is not recorded is a failure."""

    ONCE = "once"
    """Record when there is no file yet; with a file, only replay."""

    NEW = "new"
    """Replay what the file holds, record the rest and add it."""

    ALL = "all"
    """Replay nothing. What is recorded takes the place of the entries it matches; the other entries stay."""

    REWRITE = "rewrite"
    """Replay nothing. What is recorded replaces the whole file, once the test has passed."""

    def replays(self) -> bool:
        """Whether entries of an existing file are played."""
        return self in (Mode.NONE, Mode.ONCE, Mode.NEW)

    def records(self, *, file_exists: bool) -> bool:
        """Whether a request that cannot be replayed goes out to the network."""
        return self is not Mode.NONE and not (self is Mode.ONCE and file_exists)
