"""How the test gets from page to page: addresses are opened, or expected, or somebody went back or forward to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import attrs

from ..records import Number
from ._python import INDENT, Call, comment, literal, pattern, statement

__all__ = ["NAVIGATION_RULE", "Cause", "Navigation", "is_web_address"]

_CAUSE_WITHIN = 10_000
"""Milliseconds from a click to the address that it leads to."""

_AT_ONCE = 2_000
"""Milliseconds from a click to the page that a script has loaded anew because of it."""

_REDIRECTED_WITHIN = 3_000
"""Milliseconds from an address to the one to which its page leads on by itself."""

NAVIGATION_RULE = (
    f"navigation: a new address within {_CAUSE_WITHIN // 1_000} s after a click, key or selection, with nothing else "
    "in between, is expected as its result; of several that follow one another within "
    f"{_REDIRECTED_WITHIN // 1_000} s each, only the last one is; if it is the address before, it may also be the "
    "browser's button that led there, so both are tried; without such a cause, the browser goes back or forward to an "
    "address that was the one before or after, and any other is opened; a page that the browser loaded anew without "
    "such a cause is reloaded; where a click had led to another view at the same address, and then one begins there "
    f"although nothing was done for {_REDIRECTED_WITHIN // 1_000} s, it goes back; an expected address may have a "
    "query and fragment where the recorded one has none, since newer SDKs leave them out"
)
"""Which addresses are opened, and which only expected."""

_SLOW = 2_500
_SLOW_TIMEOUT = "timeout=30_000"
"""For expected addresses that took longer than so many milliseconds; Playwright waits for 5 s."""

_MAX_URL = 2_000
_MAX_VISITED = 1_000
_CLICKS = frozenset({"click", "double_click"})
_READING = frozenset({"page", "scroll"})
_CHOICES = frozenset({"check", "select"})
"""They seldom lead anywhere, so that going back after them is more likely."""


@attrs.frozen
class Cause:
    """What was done last in a tab, if that is known."""

    kind: str
    at: Number
    leads_to: str | None = None
    """The address of the link that was clicked."""

    submits: bool = False
    """Whether it sends a form."""

    def may_load_anew(self, now: Number) -> bool:
        """Whether the page may have loaded itself anew because of this."""
        delay = self.delay_until(now)
        return delay is not None and (self.submits or self.leads_to is not None or delay <= _AT_ONCE)

    def is_surely_of(self, url: str) -> bool:
        """Whether a link that was clicked leads to this address; queries and fragments may be missing in recordings."""
        return self.leads_to is not None and _path_of(self.leads_to) == _path_of(url)

    def is_over(self, now: Number) -> bool:
        """Whether nothing was done since a page was opened, which does not lead on to another one by itself."""
        return self.kind in _READING and now - self.at > _REDIRECTED_WITHIN

    def delay_until(self, now: Number) -> Number | None:
        """The milliseconds since then, if it may have led to an address that is new by now."""
        delay = now - self.at
        return delay if self.kind in _CLICKS | _CHOICES and 0 <= delay <= _CAUSE_WITHIN else None


class Navigation:
    """The addresses of a tab, as they are in the history of the browser that runs the test."""

    def __init__(self, base_url: str | None) -> None:
        self.uses_expect = False
        self.expected_after: Cause | None = None
        """What leads to the address that was expected last, if nothing but that leads there."""

        self._base = None if base_url is None else base_url.rstrip("/")
        self._visited: list[str | None] = []
        self._place = -1

    def is_redirected(self, url: str | None, at: Number, expected_at: Number, cause: Cause) -> bool:
        """Whether the page that is expected leads on to another one by itself, and need not be seen."""
        is_at_once = 0 <= at - expected_at <= _REDIRECTED_WITHIN and cause.delay_until(at) is not None
        if url in (self._at(0), self._at(-1)) or not is_at_once:
            return False
        self._place -= 1
        return True

    def go(
        self, page: str, url: str | None, at: Number, cause: Cause | None, *, is_loaded: bool | None = None
    ) -> Iterator[str]:
        """The statements that lead to an address, or expect it; `is_loaded` is whether the browser loaded the page."""
        self.expected_after = None
        if url is None or len(url) > _MAX_URL or not is_web_address(url):
            self._begin_with(None)
            yield from comment("A page was opened here whose address is not recorded, or is not one of the web.")
        elif self._visited and url == self._visited[self._place]:
            if is_loaded and (cause is None or not cause.may_load_anew(at)):
                yield from statement(page, [Call("reload")])
                return
            yield from self._go_on(page, url, at, cause, is_loaded=is_loaded)
        else:
            yield from self._go(page, url, None if cause is None else cause.delay_until(at), cause)

    def _go_on(self, page: str, url: str, at: Number, cause: Cause | None, *, is_loaded: bool | None) -> Iterator[str]:
        """Another view at the same address: newer SDKs leave out the fragments by which some apps name their pages."""
        if is_loaded is False and cause is not None and cause.delay_until(at) is not None:
            self._push(url)
        elif is_loaded is False and self._at(-1) == url and cause is not None and cause.is_over(at):
            self._place -= 1
            yield from comment("Nothing led to another view at the same address: perhaps somebody went back.")
            yield from statement(page, [Call("go_back")])
            return
        else:
            self._begin_with(url)
        yield from comment("A new view begins at the same address: by a reload, or by the page itself.")

    def _go(self, page: str, url: str, delay: Number | None, cause: Cause | None) -> Iterator[str]:
        is_sure = cause is not None and cause.is_surely_of(url)
        is_before, is_after = self._at(-1) == url and not is_sure, self._at(1) == url
        if delay is not None and cause is not None and not (is_before and cause.kind in _CHOICES):
            expected = self._expect(page, url, delay, INDENT * 2 if is_before else INDENT)
            if not is_before:
                self._push(url)
                self.expected_after = cause
                yield from expected
                return
            self._push(url)  # Which is more likely; another address is opened if going back does not lead there.
            yield from comment("Either this led back, or somebody went back in the browser.")
            yield from _tried(expected, statement(page, [Call("go_back")], INDENT * 2))
        elif is_before or is_after or self._may_be_before(url):
            expected = self._expect(page, url, 0, INDENT * 2)
            self._place += 1 if is_after and not is_before else -1
            there = statement(page, [Call("go_forward" if is_after and not is_before else "go_back")], INDENT * 2)
            self._visited[self._place] = url
            # Only some of what pages add to the history of the browser is recorded.
            instead = statement(page, [Call("goto", (literal(self._rebased(url)),))], INDENT * 2)
            yield from _tried([*there, *expected], instead)
        else:
            self._push(url)
            yield from statement(page, [Call("goto", (literal(self._rebased(url)),))])

    def _at(self, distance: int) -> str | None:
        """The address that is so many places away in the history."""
        place = self._place + distance
        return self._visited[place] if 0 <= place < len(self._visited) else None

    def _may_be_before(self, url: str) -> bool:
        """Whether the address before may have become this one: where only a query changes, no view begins."""
        before = self._at(-1)
        return before is not None and _path_of(before) == _path_of(url) and "#" not in f"{before}{url}"

    def _push(self, url: str) -> None:
        self._visited = [*self._visited[: self._place + 1][-_MAX_VISITED:], url]
        self._place = len(self._visited) - 1

    def _begin_with(self, url: str | None) -> None:
        """What the history of the browser holds besides this address is not known."""
        self._visited, self._place = [url], 0

    def _expect(self, page: str, url: str, delay: Number, indent: str) -> list[str]:
        """The statement that expects an address, which that of the current page does not fit."""
        self.uses_expect = True
        wanted, current = _escaped(self._rebased(url)), self._at(0)
        if current is None or not current.startswith((f"{url}?", f"{url}#")):
            wanted += _rest_after(url)
        expected: list[str | Call] = [Call("re.compile", (pattern(f"^{wanted}$"),))]
        if delay > _SLOW:
            expected.append(_SLOW_TIMEOUT)
        return list(statement("", [Call("expect", (page,)), Call("to_have_url", tuple(expected))], indent))

    def _rebased(self, url: str) -> str:
        """The URL with the origin, and the path before, of the base URL."""
        if self._base is None:
            return url
        parts = urlsplit(url)
        query = f"?{parts.query}" if parts.query else ""
        fragment = f"#{parts.fragment}" if parts.fragment else ""
        return f"{self._base}{parts.path or '/'}{query}{fragment}"


def is_web_address(url: str) -> bool:
    """Whether a URL leads to a page, and is not, for example, a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "file" or (parts.scheme in ("http", "https") and bool(parts.netloc))


def _tried(first: list[str], otherwise: Iterator[str]) -> Iterator[str]:
    """Statements, and others if what the first ones expect is not so."""
    yield f"{INDENT}try:"
    yield from first
    yield f"{INDENT}except AssertionError:"
    yield from otherwise


def _path_of(url: str) -> str:
    return url.partition("#")[0].partition("?")[0]


def _rest_after(url: str) -> str:
    """A pattern for what may follow an address: what follows the path may be missing in the recording."""
    return "" if "#" in url else r"(?:#.*)?" if "?" in url else r"(?:[?#].*)?"


def _escaped(text: str) -> str:
    return re.sub(r"[.^$*+?{}\[\]\\|()]", lambda found: f"\\{found[0]}", text)
