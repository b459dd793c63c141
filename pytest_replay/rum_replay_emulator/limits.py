"""What is accepted at most: sizes in bytes, times in seconds."""

from collections.abc import Iterable

from attrs import frozen

__all__ = ["LIMITS", "Limits", "declares_more"]

_KIB = 1024
_MIB = 1024 * _KIB


@frozen(kw_only=True)
class Limits:
    """The limits of requests and connections. `body_size` holds without sockets too; the others are the server's."""

    body_size: int = 4 * _MIB
    """Removing 50,000 sessions from a playlist, the largest request of the API that makes sense, fits."""

    framing_size: int = 512 * _KIB
    """What the head, chunk sizes, chunk extensions and trailers of a request may add to its body."""

    head_size: int = 64 * _KIB
    target_size: int = 32 * _KIB
    header_count: int = 100
    request_seconds: float = 30
    """From the first byte of a request to its last."""

    idle_seconds: float = 60
    """Longer than common clients keep a connection, so that the client is the one who closes it."""

    connections: int = 200
    """Fewer than the files that a process may have open by default, 256 on macOS."""

    linger_size: int = 16 * _MIB
    linger_seconds: float = 2
    """After an error that comes before the end of the request, so much is still read and discarded: closing a
    connection with unread data resets it, and the reset may overtake the answer."""

    def __str__(self) -> str:
        return (
            f"A request may have a body of {_size(self.body_size)}, a URL of {_size(self.target_size)} and "
            f"{self.header_count} headers of {_size(self.head_size)} together, and must arrive within "
            f"{self.request_seconds:g} s; there may be {self.connections} connections, and those without a request are "
            f"closed after {self.idle_seconds:g} s or when others need the room."
        )


def _size(size: int) -> str:
    return f"{size // _MIB} MiB" if size >= _MIB else f"{size // _KIB} KiB"


LIMITS = Limits()


def declares_more(headers: Iterable[tuple[bytes, bytes]], size: int) -> bool:
    """Whether a `Content-Length` announces more than so many bytes."""
    lengths = [value for name, value in headers if name.lower() == b"content-length"]
    return any(length.isdigit() and int(length[:20]) > size for length in lengths)
