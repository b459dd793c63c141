"""Pages of segments: what a page is, where to look for the token of the next, and which one is the last. Pure.

Only the status of the segments operation's answer is documented: neither its content type nor the place of the next
paging token is known. So nothing here ever says "complete", only "no token found".
"""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import attrs

from ._arguments import check_text
from ._envelope import small_members
from ._errors import InvalidRequestError
from ._public import public

__all__ = ["PagingTokenFinder", "SegmentPage", "SegmentWalk", "find_paging_token", "found_token"]

PagingTokenFinder = Callable[[Mapping[str, str], Any], str | None]
"""Takes an answer's headers (lower-case names) and its bytes or a memory map of them; gives the next token or None."""

# Not split at commas: a target may hold some.
_LINK = re.compile(r"<([^<>]*+)>([^<]*+)")
_HEADERS = ("x-next-paging", "x-paging-next", "x-paging", "next-paging", "paging")


@attrs.frozen(kw_only=True)
class SegmentPage:
    """One answer of the segments operation, unchanged."""

    content: bytes = attrs.field(repr=False)
    """The body, in whatever envelope the server uses."""

    headers: Mapping[str, str] = attrs.field(repr=False)
    """Names in lower case."""

    next_paging: str | None
    """The token found for the next page; None means that none was found, which need not be the end."""

    @property
    def content_type(self) -> str | None:
        """The media type that the server states."""
        return self.headers.get("content-type")


class SegmentWalk:
    """Which token to ask with next; ends without a token, at a token used before, and at a page seen before."""

    def __init__(self, paging: str | None) -> None:
        self._next: str | None = paging
        self._used: set[str | None] = set()
        self._seen: set[bytes] = set()
        self.end: str | None = None
        """Why there are no more pages; None while there may be more."""

    @property
    def paging(self) -> str | None:
        """The token to ask with; None for the first page."""
        return self._next

    def take(self, digest: bytes, next_paging: str | None) -> bool:
        """Record a page by its SHA-256 and move past it; False if it repeats an earlier one, and does not count."""
        if digest in self._seen:
            self.end = "repeated page"
            return False
        self._seen.add(digest)
        self._used.add(self._next)
        self._next = next_paging
        if next_paging is None:
            self.end = "no token found"
        elif next_paging in self._used:
            self.end = "repeated token"
        return True


def digest_of(content: bytes) -> bytes:
    """What identifies a page."""
    return hashlib.sha256(content).digest()


def find_paging_token(headers: Mapping[str, str], content: Any) -> str | None:
    """The next token, from a few places where such a token is commonly found.

    Headers first, then a JSON body's `next_paging`, `paging`, `meta` and `links`; other parts of the body are skipped
    without being built. Replace it by the argument `next_paging` if the live API turns out to do otherwise. Raises
    InvalidRequestError for headers that are not a mapping of texts, and for content that does not consist of bytes.
    """
    try:
        return next(_candidates(headers, content), None)
    except (AttributeError, LookupError, TypeError):  # LookupError: slices are hashable since Python 3.12
        given = f"{type(headers).__name__} and {type(content).__name__}"
    raise InvalidRequestError(f"a token is looked for in a mapping of headers and in bytes, not in {given}")


def found_token(finder: PagingTokenFinder, headers: Mapping[str, str], content: Any) -> str | None:
    """The token that a finder sees; raises InvalidRequestError if it returns something that is not a token."""
    token: object = finder(headers, content)
    return check_text("what next_paging found", token) if token else None


def _candidates(headers: Mapping[str, str], content: Any) -> Iterator[str]:
    yield from (headers[name] for name in _HEADERS if headers.get(name))
    yield from _tokens_of_link_header(headers.get("link", ""))
    members = small_members(content)
    meta = _mapping(members.get("meta"))
    page = _mapping(meta.get("page"))
    links = _mapping(members.get("links"))
    places = (members.get("next_paging"), members.get("paging"), meta.get("next_paging"), meta.get("paging"))
    yield from (token for token in (*places, page.get("after")) if isinstance(token, str) and token)
    if isinstance(url := links.get("next"), str):
        yield from _token_of_url(url)


def _mapping(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _tokens_of_link_header(value: str) -> Iterator[str]:
    for target, parameters in _LINK.findall(value):
        if 'rel="next"' in parameters.replace(" ", "") or "rel=next" in parameters.replace(" ", ""):
            yield from _token_of_url(target)


def _token_of_url(url: str) -> list[str]:
    try:
        return parse_qs(urlsplit(url).query).get("paging", [])[:1]
    except ValueError:
        return []


public(SegmentPage)
