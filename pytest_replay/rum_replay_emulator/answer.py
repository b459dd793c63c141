"""What the core gives to a face: a whole answer, before anything is done to its delivery."""

from typing import Any

import msgspec
from attrs import frozen

__all__ = ["NO_CONTENT", "Answer", "json_answer"]

_encode = msgspec.json.Encoder().encode


@frozen
class Answer:
    """A status, headers without `Content-Length`, and the body in bytes."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    @property
    def has_body(self) -> bool:
        """Whether HTTP lets this status carry a body."""
        return self.status >= 200 and self.status not in (204, 304)


_JSON = (("Content-Type", "application/json"),)
NO_CONTENT = Answer(204)


def json_answer(status: int, value: Any, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    return Answer(status, _JSON + headers, _encode(value))
