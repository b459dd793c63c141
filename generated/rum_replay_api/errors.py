# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Contains shared errors types that can be raised from API functions"""

from collections.abc import Mapping

_EXCERPT = 300


class UnexpectedStatus(Exception):
    """The answer's status is not in the contract; raised if Client.raise_on_unexpected_status is True

    Attributes:
        status_code: any number, also one without a registered name, such as 520
        content: the body as it arrived, decompressed
        headers: of the answer; names in any case
    """

    _problem = "a status that is not in the contract"

    def __init__(self, status_code: int, content: bytes, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status_code, content, headers)
        self.status_code = status_code
        self.content = content
        self.headers: Mapping[str, str] = {} if headers is None else headers

    def __str__(self) -> str:
        shown = self.content[:_EXCERPT].decode(errors="backslashreplace")
        return f"status {self.status_code}, {self._problem}: {shown or 'no content'}"


class UnexpectedBody(UnexpectedStatus):
    """No model can be built from the answer's body; raised if Client.raise_on_unexpected_status is True

    The status is in the contract. The body is empty, a page of HTML, other text or a JSON document of another form;
    `__cause__` shows where it differs. Plain values such as strings and numbers are not checked.
    """

    _problem = "with a body that does not fit the contract"


__all__ = ["UnexpectedBody", "UnexpectedStatus"]
