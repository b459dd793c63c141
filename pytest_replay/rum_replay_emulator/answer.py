"""An answer before anything is done to its delivery, and the error that becomes one."""

from http import HTTPStatus
from typing import Any

import msgspec
from attrs import frozen

__all__ = ["NO_CONTENT", "Answer", "RefusedError", "json_answer", "phrase"]

_encode = msgspec.json.Encoder().encode


@frozen
class Answer:
    """A status, headers without `Content-Length`, and the body in bytes."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def has_body(self) -> bool:
        """Whether HTTP allows a body with this status."""
        return self.status >= 200 and self.status not in (204, 304)


_JSON = (("Content-Type", "application/json"),)
NO_CONTENT = Answer(204)


def json_answer(status: int, value: Any, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, _JSON + headers, _encode(value))


class RefusedError(Exception):
    """Raised anywhere in the core; becomes an answer with this status and `{"errors": [...]}`."""

    def __init__(self, status: int, *errors: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = list(errors) or [phrase(status)]
        self.headers = headers


def phrase(status: int) -> str:
    """The registered reason phrase of a status, or `Error 520` for one that has none, such as 520."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Error {status}"
