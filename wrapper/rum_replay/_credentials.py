"""The keys or the token: resolved once, added to requests, shown nowhere.

Crash reporters show the local variables in the frames of a traceback, so no function here holds a secret in a local
variable while it can raise, and the environment is never passed around as a mapping.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, NoReturn
from weakref import WeakValueDictionary

from ._errors import ConfigurationError

if TYPE_CHECKING:
    from ._redaction import Redaction

__all__ = ["Credentials"]

API_KEY_VARIABLES = ("DD_API_KEY", "DATADOG_API_KEY")
APP_KEY_VARIABLES = ("DD_APP_KEY", "DATADOG_APP_KEY")
BEARER_TOKEN_VARIABLES = ("DD_BEARER_TOKEN", "DD_ACCESS_TOKEN")


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
        if not issubclass(type(value), str):
            self.fault = f"{name} must be a string, not {type(value).__name__}"
            value = ""
        self._value = str.__str__(value).strip()  # an exact string: subclasses may have ways of their own
        if not self.fault and not self._value:
            self.fault = f"{argument} ({' or '.join(variables)}) is missing"
        elif not all("!" <= character <= "~" for character in self._value):
            self.fault = f"{name} holds spaces, control or non-ASCII characters, which no credential has"

    def header(self, name: str, prefix: str = "") -> tuple[str, str]:
        return name, prefix + self._value

    def __bool__(self) -> bool:
        return bool(self._value)


class Credentials:
    """Either an API key with an application key, or a bearer token.

    Explicit values take precedence over the environment: a token given to the constructor hides the environment's keys,
    and keys a token. In the environment a token takes precedence over keys. The constructor never raises, so that its
    caller can delete its own variables before `resolve`, which must follow.
    """

    __slots__ = ("__weakref__", "_api_key", "_app_key", "_bearer_token", "_headers", "_redaction")

    def __init__(self, api_key: str | None, app_key: str | None, bearer_token: str | None) -> None:
        self._api_key = _Secret("api_key", API_KEY_VARIABLES, api_key)
        self._app_key = _Secret("app_key", APP_KEY_VARIABLES, app_key)
        self._bearer_token = _Secret("bearer_token", BEARER_TOKEN_VARIABLES, bearer_token)
        self._headers: tuple[tuple[str, str], ...] = ()
        self._redaction: Redaction | None = None

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
        _log_filter.protect(self)
        return self

    @property
    def are_bearer(self) -> bool:
        """Whether a token is sent instead of keys."""
        return len(self._headers) == 1

    def apply(self, headers: MutableMapping[str, str]) -> None:
        """Add the credentials to the headers of a request."""
        for pair in self._headers:
            headers[pair[0]] = pair[1]

    def redact(self, text: bytes) -> bytes:
        """The text with every credential blanked out, for servers that echo what they were sent; see Redaction.

        At most the first 1,048,576 bytes.
        """
        if self._redaction is None:
            from ._redaction import Redaction  # its patterns take a while to compile

            self._redaction = Redaction(pair[1].removeprefix("Bearer ") for pair in self._headers)
        return self._redaction(text)

    def redact_text(self, text: str) -> str:
        """The same for a string."""
        return self.redact(text.encode("utf-8", "backslashreplace")).decode("utf-8", "replace")

    def redact_values(self, headers: Mapping[str, str]) -> dict[str, str]:
        """The same for the values of headers."""
        return {name: self.redact_text(value) for name, value in headers.items()}

    def __repr__(self) -> str:
        return f"Credentials({'bearer token' if self.are_bearer else 'keys'})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("credentials are never pickled or copied; resolve them anew where they are needed")


_LOGGERS = (
    "httpx",
    *(f"httpcore.{name}" for name in ("connection", "http11", "http2", "proxy", "socks")),
    "hpack.hpack",
    "hpack.table",
)
"""Loggers that may show headers and reason phrases. hpack, which httpx uses for HTTP/2, logs those of requests, too."""


class _LogFilter(logging.Filter):
    """Blanks out the credentials of all clients in what the HTTP libraries log.

    There is one for all clients, which holds none of them. It runs only where a record is logged, so it costs nothing
    while these loggers are off.
    """

    def __init__(self) -> None:
        super().__init__()
        self._protected = WeakValueDictionary[int, Credentials]()

    def protect(self, credentials: Credentials) -> None:
        self._protected[id(credentials)] = credentials
        for name in _LOGGERS:
            logging.getLogger(name).addFilter(self)  # once; these libraries may be imported later

    def filter(self, record: logging.LogRecord) -> bool:
        protected = [found for reference in self._protected.valuerefs() if (found := reference()) is not None]
        if not protected:
            return True
        if record.name == "hpack.hpack" and isinstance(record.args, tuple) and len(record.args) == 1:
            # A block of headers, in which Huffman's code hides keys from any search.
            record.args = tuple(f"[{len(arg)} bytes]" if isinstance(arg, bytes) else arg for arg in record.args)
        try:
            shown = message = record.getMessage()
        except Exception:  # noqa: BLE001 - arguments that do not fit; logging reports them where it formats the record
            return True
        for credentials in protected:
            shown = credentials.redact_text(shown)
        if shown != message:
            record.msg, record.args = shown, ()
        return True


_log_filter = _LogFilter()
