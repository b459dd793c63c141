"""Recorded requests and answers as plain values."""

from datetime import datetime

from attrs import field, frozen

__all__ = ["Headers", "Interaction", "RecordedRequest", "RecordedResponse"]

Headers = tuple[tuple[str, str], ...]
"""Names in lower case, in the order in which they were sent; a name may be repeated."""


@frozen
class RecordedRequest:
    """A request as it was sent."""

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)  # kept out of tracebacks, as they may contain live credentials
    body: bytes = field(default=b"", repr=False)


@frozen
class RecordedResponse:
    """An answer with its body decompressed, and without the headers about the compression."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@frozen
class Interaction:
    """A request and its answer."""

    request: RecordedRequest
    response: RecordedResponse
    recorded_at: datetime
    """When the answer arrived: aware, in UTC."""

    clock: int | None = None
    """The time that the request contains because it was that of the client's clock: Unix time in milliseconds."""
