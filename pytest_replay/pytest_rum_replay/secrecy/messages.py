"""Messages of the plugin, without the credentials that the code under test may have put into them."""

import os
from collections.abc import Iterable

from pytest_rum_replay.secrecy.compressed import InflateLimitError
from pytest_rum_replay.secrecy.known_values import PLACEHOLDER, KnownValues
from pytest_rum_replay.secrecy.leaks import spans
from pytest_rum_replay.secrecy.redaction import environment_credentials
from pytest_rum_replay.secrecy.search import CredentialSearch

__all__ = ["without_credentials"]

_LONGEST = 1 << 16
"""Characters; the rest of a longer message is cut off."""

_ROUNDS = 4


def without_credentials(text: str, secrets: Iterable[str] = ()) -> str:
    """The text with the environment's credentials, and these secrets, replaced in every form that `search` knows."""
    known = KnownValues([*environment_credentials(os.environ), *secrets])
    if not known.values:
        return text
    data = known.replace(text[:_LONGEST].encode("utf-8", "surrogatepass"))
    whole, halves = CredentialSearch(known.values), CredentialSearch(known.values, halves=True)
    try:
        for search in (*[whole] * _ROUNDS, *[halves] * _ROUNDS):
            if halves.find(data) is None:
                return data.decode("utf-8", "surrogatepass")
            if search.find(data) is None:
                continue
            for start, end, _ in reversed(list(spans(data, search))):
                data = data[:start] + PLACEHOLDER.encode() + data[end:]
    except (InflateLimitError, UnicodeDecodeError):
        pass  # decoding may fail if a credential was found in half of a character
    return f"{PLACEHOLDER}: this text contains credentials"
