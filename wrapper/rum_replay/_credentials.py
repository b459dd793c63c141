"""The keys or the token: resolved once, added to requests, shown nowhere.

Crash reporters show the local variables in the frames of a traceback, so no function here holds a secret in a local
variable while it can raise, and the environment is never passed around as a mapping.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from typing import Any, NoReturn

from ._errors import ConfigurationError

__all__ = ["Credentials"]

API_KEY_VARIABLES = ("DD_API_KEY", "DATADOG_API_KEY")
APP_KEY_VARIABLES = ("DD_APP_KEY", "DATADOG_APP_KEY")
BEARER_TOKEN_VARIABLES = ("DD_BEARER_TOKEN", "DD_ACCESS_TOKEN")

REDACTED = b"[redacted]"
_LEAST_REDACTED = 8


class _Secret:
    """One credential: the caller's, or else the environment's; only its names are ever shown."""

    __slots__ = ("_value", "fault", "given")

    def __init__(self, argument: str, variables: tuple[str, ...], value: Any) -> None:
        self.given = value is not None
        self.fault: str | None = None
        """Why it cannot be sent, without quoting it."""
        if not self.given:
            value = next(filter(None, (os.environ.get(name, "").strip() for name in variables)), "")
        name = argument if self.given else " or ".join(variables)
        if not isinstance(value, str):
            self.fault = f"{name} must be a string, not {type(value).__name__}"
            value = ""
        self._value = value.strip()
        if not self.fault and not self._value:
            self.fault = f"{argument} ({' or '.join(variables)}) is missing"
        elif not all("!" <= character <= "~" for character in self._value):
            self.fault = f"{name} holds spaces, control or non-ASCII characters, which no credential has"

    def header(self, name: str, prefix: str = "") -> tuple[str, str]:
        return name, prefix + self._value

    def __bool__(self) -> bool:
        return bool(self._value)


def _length(header: tuple[str, str]) -> int:
    return len(header[1].removeprefix("Bearer "))


class Credentials:
    """Either an API key with an application key, or a bearer token.

    Explicit values take precedence over the environment: a token given to the constructor hides the environment's keys,
    and keys a token. In the environment a token takes precedence over keys. The constructor never raises, so that its
    caller can delete its own variables before `resolve`, which must follow.
    """

    __slots__ = ("_api_key", "_app_key", "_bearer_token", "_headers")

    def __init__(self, api_key: str | None, app_key: str | None, bearer_token: str | None) -> None:
        self._api_key = _Secret("api_key", API_KEY_VARIABLES, api_key)
        self._app_key = _Secret("app_key", APP_KEY_VARIABLES, app_key)
        self._bearer_token = _Secret("bearer_token", BEARER_TOKEN_VARIABLES, bearer_token)
        self._headers: tuple[tuple[str, str], ...] = ()

    def resolve(self) -> Credentials:
        """Decide what will be sent.

        Raises ConfigurationError, naming the variables, where something is missing, contradictory or unsendable.
        """
        keys_given = self._api_key.given or self._app_key.given
        if self._bearer_token.given and keys_given:
            raise ConfigurationError("give either bearer_token or api_key and app_key, not both")
        use_token = self._bearer_token.given or (bool(self._bearer_token) and not keys_given)
        chosen = (self._bearer_token,) if use_token else (self._api_key, self._app_key)
        faults = [secret.fault for secret in chosen if secret.fault]
        if faults:
            hint = "" if use_token else f"; a bearer_token ({' or '.join(BEARER_TOKEN_VARIABLES)}) serves instead"
            raise ConfigurationError(f"no usable credentials: {' and '.join(faults)}{hint}")
        if use_token:
            self._headers = (self._bearer_token.header("Authorization", "Bearer "),)
        else:
            self._headers = (self._api_key.header("DD-API-KEY"), self._app_key.header("DD-APPLICATION-KEY"))
        return self

    @property
    def are_bearer(self) -> bool:
        """Whether a token is sent instead of keys."""
        return len(self._headers) == 1

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Add the credentials to the headers of a request."""
        for pair in self._headers:
            headers[pair[0]] = pair[1]

    def redact(self, body: bytes) -> bytes:
        """The body with every credential blanked out, for servers that echo what they were sent.

        Credentials of fewer than eight characters are left: real ones are longer, and "x" in a test occurs everywhere.
        """
        # The longer ones first: if one is the beginning of another, the end of the other would be left.
        for pair in sorted(self._headers, key=_length, reverse=True):
            if _length(pair) >= _LEAST_REDACTED:
                body = body.replace(pair[1].removeprefix("Bearer ").encode(), REDACTED)
        return body

    def __repr__(self) -> str:
        return f"Credentials({'bearer token' if self.are_bearer else 'keys'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are never pickled or copied; resolve them anew where they are needed")
