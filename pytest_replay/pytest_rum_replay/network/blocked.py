"""What the network guard blocked: the attempt, and the error that the caller gets."""

import errno
from typing import Self

from attrs import frozen

__all__ = ["BlockedAttempt", "BlockedRouteError", "NetworkBlockedError"]


@frozen
class BlockedAttempt:
    """An attempt that the guard blocked."""

    action: str
    """connection, datagram or name resolution"""
    host: str
    port: str | None
    test: str | None
    """The running test and its phase, from pytest's PYTEST_CURRENT_TEST; None outside tests."""

    def __str__(self) -> str:
        where = (
            self.host
            if self.port is None
            else f"[{self.host}]:{self.port}"
            if ":" in self.host
            else f"{self.host}:{self.port}"
        )
        return f"{self.action} to {where}" if self.action != "name resolution" else f"name resolution of {where}"


class NetworkBlockedError(Exception):
    """The network guard blocked an `attempt`.

    It is deliberately neither an OSError nor a RuntimeError: HTTP libraries treat an OSError as a network failure,
    which clients retry, and rum_replay treats a RuntimeError as a closed HTTP client. Code that catches every Exception
    still swallows it, so the guard keeps each attempt in `NetworkGuard.attempts`.
    """

    def __init__(self, attempt: BlockedAttempt) -> None:
        from pytest_rum_replay.secrecy.messages import without_credentials

        during = f" during {attempt.test}" if attempt.test else ""
        super().__init__(
            without_credentials(
                f"the network guard blocked a {attempt}{during}. To avoid the network, use the fixture "
                "rum_replay_emulator (or rum_replay_server) or replay a cassette with rum_replay_cassette; to allow "
                f"it, add the host: --rum-replay-allow-hosts={attempt.host}"
            )
        )
        self.attempt = attempt

    def __reduce__(self) -> tuple[type[Self], tuple[BlockedAttempt]]:
        return type(self), (self.attempt,)


class BlockedRouteError(NetworkBlockedError, OSError):
    """The guard blocked the connection of a datagram socket.

    It sends nothing: servers connect one only to learn this machine's address, and get this OSError (ENETUNREACH) on
    a machine without a network, too. It is blocked nevertheless, because nobody sees what is sent afterwards.
    """

    def __init__(self, attempt: BlockedAttempt) -> None:
        super().__init__(attempt)
        self.errno = errno.ENETUNREACH
