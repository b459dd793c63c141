"""The final check before anything is written: finished bytes searched for live credentials."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from attrs import frozen

from pytest_rum_replay.secrecy.known_values import PLACEHOLDER
from pytest_rum_replay.secrecy.search import CredentialSearch

__all__ = ["Leak", "find_leaks", "spans"]

_BLOCK = 1 << 16
_OVERLAP = 1 << 13
"""Bytes; more than a credential takes in most forms, so that it is whole in one of two blocks."""


@frozen(order=True)
class Leak:
    """The position and form of a credential; never the credential itself."""

    line: int
    """From 1."""
    column: int
    """From 1, in bytes."""
    how: str
    """verbatim, in another case, split, in part, UTF-16, URL-encoded, JSON-escaped or HTML-escaped; or how it is
    encoded, from the outside in, such as `base64 of gzip or zlib`"""


def find_leaks(data: bytes, secrets: Iterable[str], *, most: int = 20) -> list[Leak]:
    """Occurrences of the secrets, in order: every one of the first few, in any form that `search` knows.

    Raises compressed.InflateLimitError if the data cannot be searched completely.
    """
    secrets = [secret for secret in secrets if secret not in PLACEHOLDER]
    whole, halves = CredentialSearch(secrets), CredentialSearch(secrets, halves=True)
    if halves.find(data) is None:
        return []
    search = halves if whole.find(data) is None else whole
    found: list[Leak] = []
    for start, end, how in islice(spans(data, search), most):
        line_start = data.rfind(b"\n", 0, start) + 1
        form = how or ("in part" if search is halves else _how(data[start:end], secrets))
        found.append(Leak(data.count(b"\n", 0, start) + 1, start - line_start + 1, form))
    return found


def spans(data: bytes, search: CredentialSearch) -> Iterator[tuple[int, int, str]]:
    """The start and end of each credential in data that has one, in order, and how it is encoded.

    The data is searched in blocks, so that the time does not grow with the number of credentials times their distance.
    """
    position = 0
    any_found = False
    while position < len(data):
        end = min(position + _BLOCK + _OVERLAP, len(data))
        how = search.find(data[position:end])
        if how is None:
            position += _BLOCK
            continue
        first, last = _narrowed(data, position, end, search)
        yield first, last, search.find(data[first:last]) or ""
        any_found = True
        position = last
    if not any_found:
        # Longer than a block, as a compressed stream may be.
        yield 0, len(data), search.find(data) or ""


def _narrowed(data: bytes, start: int, end: int, search: CredentialSearch) -> tuple[int, int]:
    """The shortest part of a block with the first credential in it."""
    end = _first(start, end, lambda middle: search.find(data[start:middle]) is not None)
    size = _first(0, end - start, lambda size: search.find(data[end - size : end]) is not None)
    return end - size, end


def _first(low: int, high: int, is_enough: Callable[[int], bool]) -> int:
    """The least number above `low` that is enough; `high` is."""
    while high - low > 1:
        middle = (low + high) // 2
        if is_enough(middle):
            high = middle
        else:
            low = middle
    return high


def _how(spelling: bytes, secrets: Iterable[str]) -> str:
    verbatim = [secret.encode("utf-8", "surrogatepass") for secret in secrets]
    if any(secret in spelling or spelling in secret for secret in verbatim):
        return "verbatim"
    for mark, how in ((b"%", "URL-encoded"), (b"\\", "JSON-escaped"), (b"&", "HTML-escaped"), (b"\0", "UTF-16")):
        if mark in spelling:
            return how
    lower = spelling.lower()
    return "in another case" if any(lower in secret.lower() for secret in verbatim) else "split"
