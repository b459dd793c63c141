"""The requests that reached the emulator, for tests to inspect."""

from typing import Any

import httpx
import msgspec
from attrs import frozen

__all__ = ["ReceivedRequest"]

_SECRET_HEADERS = frozenset({"authorization", "cookie", "dd-api-key", "dd-application-key", "proxy-authorization"})
_SECRET_PARAMETERS = frozenset(
    {"api_key", "app_key", "application_key", "access_token", "dd-api-key", "dd-application-key"}
)
_MASK = "[secret]"


@frozen(repr=False)
class ReceivedRequest:
    """One request exactly as it arrived.

    `operation` is the operationId, None for an unknown path or method. `path` is percent-encoded and has no query;
    `body` is in bytes; `time` is the emulator's clock in seconds since 1970-01-01 UTC. Credentials are kept, but masked
    in the repr.
    """

    operation: str | None
    method: str
    path: str
    raw_query: str
    raw_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    time: float

    @property
    def headers(self) -> httpx.Headers:
        """The headers; their names are case-insensitive."""
        return httpx.Headers(list(self.raw_headers))

    @property
    def query(self) -> httpx.QueryParams:
        """The decoded query."""
        return httpx.QueryParams(self.raw_query)

    def json(self) -> Any:
        """The body decoded from JSON. Raises ValueError if it is not JSON."""
        return msgspec.json.decode(self.body)

    def __repr__(self) -> str:
        headers = {name: _MASK if name in _SECRET_HEADERS else value for name, value in self.headers.items()}
        query = [
            (name, _MASK if name.lower() in _SECRET_PARAMETERS else value) for name, value in self.query.multi_items()
        ]
        return (
            f"ReceivedRequest(operation={self.operation!r}, method={self.method!r}, path={self.path!r}, "
            f"query={query!r}, headers={headers!r}, body=<{len(self.body)} bytes>, time={self.time!r})"
        )
