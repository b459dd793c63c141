"""The certificate authorities that clients trust: those that come with httpx, or those that the environment names."""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from functools import lru_cache

import httpx

from ._errors import ConfigurationError

__all__ = ["no_certificates", "trusted_certificates"]

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""Names under which OpenSSL looks for the certificates in a directory."""


def no_certificates() -> ssl.SSLContext:
    """A TLS context for clients that use no TLS, so that they need not read 140 certificates. It trusts nobody."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def trusted_certificates(environment: Mapping[str, str]) -> ssl.SSLContext:
    """A TLS context that trusts the authorities in the file `SSL_CERT_FILE`, or else in the directories `SSL_CERT_DIR`.

    If neither is set, it trusts those that come with httpx. Raises ConfigurationError, which names the variable, if it
    leads to no certificates.
    """
    variable = next((name for name in ("SSL_CERT_FILE", "SSL_CERT_DIR") if environment.get(name)), None)
    if variable is None:
        return _of_httpx()
    value = environment[variable]
    del environment  # it holds the keys, and debuggers show local variables
    try:
        return _from_file(value) if variable == "SSL_CERT_FILE" else _from_directories(value)
    except (OSError, ValueError) as error:
        # OpenSSL's errors have no text of the system, and those of files repeat the path.
        reason = error.strerror if isinstance(error, OSError) and not isinstance(error, ssl.SSLError) else str(error)
    shown = "its value" if "://" in value else repr(value)
    raise ConfigurationError(f"no HTTP client can be set up: {variable} cannot be used: {shown}: {reason}")


@lru_cache(maxsize=1)
def _of_httpx() -> ssl.SSLContext:
    """One for all clients, since reading the certificates takes longer than all else that a new client does."""
    return httpx.create_ssl_context(trust_env=False)


def _from_file(path: str) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=path)
    except ssl.SSLError as error:
        raise ValueError(f"contains no certificates in PEM format ({error.reason or error})") from None


def _from_directories(paths: str) -> ssl.SSLContext:
    for path in filter(None, paths.split(os.pathsep)):
        try:
            names = os.listdir(path)  # noqa: PTH208 - Path.iterdir() opens the directory only when it is first asked
        except FileNotFoundError:
            continue  # as OpenSSL does
        if any(map(_HASHED.fullmatch, names)):
            return ssl.create_default_context(capath=paths)
    raise ValueError("contains no certificates under the names that OpenSSL looks for, which `openssl rehash` makes")
