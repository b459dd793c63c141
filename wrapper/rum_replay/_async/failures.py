"""What the HTTP library's exceptions mean for a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import httpx

from .._answers import Failure
from .._credentials import Credentials

if TYPE_CHECKING:
    import ssl

__all__ = ["AsyncSendingProgress", "failure"]

# What certainly happens before a byte of the request is sent.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)

# Why a certificate is refused, as OpenSSL numbers it.
_NOT_YET_VALID, _EXPIRED, _HOSTNAME_MISMATCH, _ADDRESS_MISMATCH = 9, 10, 62, 64


def failure(error: Exception, progress: AsyncSendingProgress, credentials: Credentials) -> Failure:
    """The failure in words; the exception's frames hold the request's bytes, and the keys in them.

    The words may quote bytes that are not HTTP, such as an echo of the request.
    """
    refusal = _certificate_refusal(error)
    return Failure(
        reason=type(error).__name__,
        detail=credentials.redact_text(str(refusal or error)),
        timed_out=isinstance(error, httpx.TimeoutException),
        may_have_been_applied=not (isinstance(error, _NEVER_SENT) or progress.ended_before_request),
        remedy=None if refusal is None else _certificate_remedy(refusal.verify_code),
    )


class AsyncSendingProgress:
    """How far a request got, from what httpcore reports about it; other transports report nothing.

    A proxy may fail at its own CONNECT in every way in which a server may fail, and the exceptions are the same.
    """

    def __init__(self) -> None:
        self.reported = self.began = False

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        self.reported = True
        if event.endswith(".send_request_headers.started") and info["request"].method != b"CONNECT":
            self.began = True

    @property
    def ended_before_request(self) -> bool:
        """Whether certainly no byte of the request was sent."""
        return self.reported and not self.began


def _certificate_refusal(error: BaseException) -> ssl.SSLCertVerificationError | None:
    """Why the certificate of the server, or of the proxy, was refused; None if something else went wrong."""
    import ssl  # loaded by now where there was a certificate to refuse

    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause


def _certificate_remedy(verify_code: int) -> str:
    if verify_code in (_HOSTNAME_MISMATCH, _ADDRESS_MISMATCH):
        return "the certificate belongs to another host: check site=, base_url= and proxies"
    if verify_code in (_NOT_YET_VALID, _EXPIRED):
        return "check this machine's clock; otherwise the server needs a new certificate"
    return (
        "the certificate's authority is not trusted here: name the file of its certificate in SSL_CERT_FILE, "
        "or give http_client= a client made with verify="
    )
