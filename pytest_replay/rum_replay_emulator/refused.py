"""The one way in which the emulator says no."""

from http import HTTPStatus

__all__ = ["RefusedError", "phrase"]


def phrase(status: int) -> str:
    """The registered words for a status, and for one that has none, such as 520, `Error 520`."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Error {status}"


class RefusedError(Exception):
    """Raised anywhere in the core; becomes an answer with this status and `{"errors": [...]}`."""

    def __init__(self, status: int, *errors: str, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(status, *errors)
        self.status = status
        self.errors = list(errors) or [phrase(status)]
        self.headers = headers
