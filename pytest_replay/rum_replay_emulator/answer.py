"""An answer before anything is done to its delivery, and the error that becomes one."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

import msgspec
from attrs import evolve, frozen

from rum_replay_emulator.assumptions import Assumptions

__all__ = ["NO_CONTENT", "Answer", "RefusedError", "error_answer", "in_media_type", "json_answer", "phrase"]

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


def in_media_type(answer: Answer, media_type: str) -> Answer:
    """The answer with this type in the place of `application/json`."""
    if media_type == _JSON[0][1] or _JSON[0] not in answer.headers:
        return answer
    headers = tuple((name, media_type if (name, value) == _JSON[0] else value) for name, value in answer.headers)
    return evolve(answer, headers=headers)


def error_answer(status: int, errors: Sequence[str], assumptions: Assumptions) -> Answer:
    """An error in the assumed shape; see `Assumptions.error_shape`."""
    title = phrase(status)
    match assumptions.error_shape:
        case "texts":
            answer = json_answer(status, {"errors": errors})
        case "json_api":
            details = [{"status": str(status), "title": title, "detail": text} for text in errors]
            return _content(status, "application/vnd.api+json", _encode({"errors": details}))
        case "titles":
            return _content(status, "text/plain", _encode({"errors": [{"title": title}]}))
        case "codes":
            code = title.lower().replace(" ", "_")
            coded = [{"code": code, "title": text, "meta": {"status": status}} for text in errors]
            answer = json_answer(status, {"errors": coded})
        case "no_errors":
            answer = json_answer(status, {"errors": []})
        case "status":
            answer = json_answer(status, {"status": "error", "code": status, "errors": errors})
        case "html":
            page = f"<!DOCTYPE html><html><head><title>{status} {title}</title></head><body></body></html>"
            return _content(status, "text/html", page.encode())
        case "empty":
            return Answer(status)
        case "not_utf8":
            return _content(status, "text/plain", f"{title} \xff\xe9".encode("latin-1"))
    return in_media_type(answer, assumptions.json_media_type)


def _content(status: int, media_type: str, body: bytes) -> Answer:
    return Answer(status, (("Content-Type", media_type),), body)


class RefusedError(Exception):
    """Raised anywhere in the core; becomes an answer with this status and these errors."""

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
