"""The recording modes: when requests are sent to the network, and what happens to the file."""

from enum import StrEnum

__all__ = ["Mode"]


class Mode(StrEnum):
    """The values of `--rum-replay-record` and of the marker's `record`."""

    NONE = "none"
    """Only replay: nothing is sent to the network, and a request that is not recorded fails."""

    ONCE = "once"
    """Record if there is no file yet; otherwise only replay."""

    NEW = "new"
    """Replay what is in the file, and record everything else and add it."""

    ALL = "all"
    """Replay nothing. New recordings replace the entries they match; the other entries stay."""

    REWRITE = "rewrite"
    """Replay nothing. The new recordings replace the whole file once the test has passed."""

    def replays(self) -> bool:
        """Whether entries of an existing file are replayed."""
        return self in (Mode.NONE, Mode.ONCE, Mode.NEW)

    def records(self, *, file_exists: bool) -> bool:
        """Whether a request that cannot be replayed is sent to the network."""
        return self is not Mode.NONE and not (self is Mode.ONCE and file_exists)
