"""Which names of headers, query parameters and JSON fields mark their values as secret.

The end of a name decides: `api_key`, `clientSecret` and `X-Auth-Token` are secret, `token_count` is not. No name of the
contract is secret, and neither are the names that servers use for paging tokens: without their values, the requests of
a cassette would be indistinguishable.
"""

import re
from functools import lru_cache

__all__ = [
    "HINTS",
    "KEY_KINDS",
    "NAME_FIELDS",
    "PAGING_KINDS",
    "SECRET_ENDINGS",
    "SECRET_WORDS",
    "VALUE_FIELDS",
    "is_secret_field",
    "is_secret_header",
    "is_secret_parameter",
    "looks_like_credential",
]

KEY_KINDS = (
    "api",
    "app",
    "application",
    "access",
    "secret",
    "private",
    "signing",
    "encryption",
    "client",
    "auth",
    "shared",
    "master",
    "account",
    "service",
    "subscription",
    "license",
    "host",
    "session",
)
"""The kinds of keys that are secret: `KIND_key`. A plain `key`, as in a dictionary, is not."""

SECRET_ENDINGS = (
    "token",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "passcode",
    "credential",
    "authorization",
    "signature",
    "jwt",
    "cookie",
    *(f"{kind}key" for kind in KEY_KINDS),
)
"""Names that end in one of these, in singular or plural and in any spelling of compound words, are secret."""

PAGING_KINDS = ("page", "paging", "pagination", "next", "continuation", "cursor")
"""`KIND_token` is not secret."""

SECRET_WORDS = frozenset({"sig", "auth", "pass", "bearer"})
"""Names whose last word is one of these are secret; as mere endings they would be too common, as in `bypass`."""

_SECRET = re.compile(rf"(?:{'|'.join(SECRET_ENDINGS)})s?$")
_PAGING = re.compile(rf"(?:{'|'.join(PAGING_KINDS)})tokens?$")
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")

HINTS = (b"token", b"secret", b"pass", b"pwd", b"credential", b"auth", b"sig", b"jwt", b"cookie", b"key", b"bearer")
"""Every secret name contains at least one of these, in lower case: a quick check before a thorough one."""


NAME_FIELDS = frozenset(
    {"name", "key", "field", "header", "id", "k", "label", "param", "parameter", "variable", "property"}
)
VALUE_FIELDS = frozenset({"value", "values", "val", "v", "content", "data", "default", "text"})
"""Where one of the first holds a secret name, one of the second holds its value: `{"name": "api_key", "value": …}`."""

_CREDENTIAL = re.compile(r"(?:[A-Za-z]{2,10}[_-]){0,3}([A-Za-z0-9]{20,200})={0,2}", re.ASCII)


def looks_like_credential(value: str) -> bool:
    """Whether a value is 20 letters and digits or more, both and without separators; a prefix like `ddapp_` is allowed.

    UUIDs, numbers, times, addresses and words are not.
    """
    match = _CREDENTIAL.fullmatch(value)
    return match is not None and not match[1].isalpha() and not match[1].isdecimal()


@lru_cache(maxsize=4096)
def is_secret_field(name: str) -> bool:
    """Whether a field of a JSON object with this name has a secret value."""
    words = _WORD.findall(name)
    compact = "".join(words).lower()
    if _PAGING.search(compact):
        return False
    return _SECRET.search(compact) is not None or (bool(words) and words[-1].lower() in SECRET_WORDS)


@lru_cache(maxsize=4096)
def is_secret_parameter(name: str) -> bool:
    """Whether a query or form parameter with this decoded name has a secret value; plain `key` does as well."""
    return is_secret_field(name) or name.lower() == "key"


@lru_cache(maxsize=4096)
def is_secret_header(name: str) -> bool:
    """Whether a header with this name has a secret value; names that end in `key` or name a session do as well."""
    words = name.lower().replace("_", "-").split("-")
    return is_secret_field(name) or words[-1].endswith("key") or any(word.startswith("session") for word in words)
