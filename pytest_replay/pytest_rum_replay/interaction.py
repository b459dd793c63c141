"""What was asked and what was answered, as plain values."""

from datetime import datetime

from attrs import field, frozen

__all__ = ["Headers", "Interaction", "RecordedRequest", "RecordedResponse"]

Headers = tuple[tuple[str, str], ...]
"""Names in lower case, in the order in which they were sent; a name may come again."""


@frozen
class RecordedRequest:
    """A request as it went out."""

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)  # not in a traceback, where they may be live credentials
    body: bytes = field(default=b"", repr=False)


@frozen
class RecordedResponse:
    """An answer as it came back, its body decompressed and without the headers that described the compression."""

    status: int
    reason: str = ""
    headers: Headers = ()
    body: bytes = field(default=b"", repr=False)


@frozen
class Interaction:
    """A request with its answer."""

    request: RecordedRequest
    response: RecordedResponse
    recorded_at: datetime
    """When the answer arrived, aware, in UTC."""
