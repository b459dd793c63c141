"""Which names of headers, query parameters and JSON fields tell that their values are secret.

A name tells by its end: `api_key`, `clientSecret` and `X-Auth-Token` do, `token_count` does not. No name of the
contract does, and neither do the names under which servers hand out paging tokens: without their values the requests of
a cassette could not be told apart.
"""

import re
from functools import lru_cache

__all__ = ["HINTS", "field_tells", "header_tells", "parameter_tells"]

_SECRET = re.compile(
    r"(?:token|secret|password|passwd|passphrase|pwd|passcode|credential|authorization|signature|jwt|cookie"
    r"|(?:api|app|application|access|secret|private|signing|encryption|client|auth|shared|master|account|service"
    r"|subscription|license|host|session)key)s?$"
)
_PAGING = re.compile(r"(?:page|paging|pagination|next|continuation|cursor)tokens?$")
_SECRET_WORDS = frozenset({"sig", "auth", "pass", "bearer"})
_WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z0-9]+(?![a-z])")

HINTS = (b"token", b"secret", b"pass", b"pwd", b"credential", b"auth", b"sig", b"jwt", b"cookie", b"key", b"bearer")
"""Every name that tells holds one of these, in lower case; for a quick look."""


@lru_cache(maxsize=4096)
def field_tells(name: str) -> bool:
    """Whether a field of a JSON object with this name holds a secret."""
    words = _WORD.findall(name)
    compact = "".join(words).lower()
    if _PAGING.search(compact):
        return False
    return _SECRET.search(compact) is not None or (bool(words) and words[-1].lower() in _SECRET_WORDS)


@lru_cache(maxsize=4096)
def parameter_tells(name: str) -> bool:
    """Whether a parameter of a query or form with this (decoded) name holds a secret; `key` alone does."""
    return field_tells(name) or name.lower() == "key"


@lru_cache(maxsize=4096)
def header_tells(name: str) -> bool:
    """Whether a header with this name holds a secret; names that end in `key` or speak of a session do."""
    words = name.lower().replace("_", "-").split("-")
    return field_tells(name) or words[-1].endswith("key") or any(word.startswith("session") for word in words)
