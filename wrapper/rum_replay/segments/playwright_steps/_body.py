"""The body of a test: a statement for each action that is known well enough, and a comment for the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import attrs

from ..records import Number
from ..session_timeline._moment import Action
from ..session_timeline._tabs import TabAction
from ._constants import Constants
from ._locators import Target
from ._python import Call, comment, literal, pattern, statement

__all__ = ["NAVIGATION_RULE", "Body"]

_CAUSE_WITHIN = 10_000
"""Milliseconds from a click to the address that it leads to."""

NAVIGATION_RULE = (
    f"navigation: a new address within {_CAUSE_WITHIN // 1_000} s after a click or key, with nothing else in between, "
    "is expected as its result; any other is opened; an expected address may have a query and fragment where the "
    "recorded one has none, since newer SDKs leave them out"
)
"""Which addresses are opened, and which only expected."""

_SLOW = 2_500
_SLOW_TIMEOUT = "timeout=30_000"
"""For expected addresses that took longer than so many milliseconds; Playwright waits for 5 s."""

_LARGEST = 16_384
_MAX_URL = 2_000
_UNKNOWN = {
    "canvas": "what was drawn there is not recorded",
    "embed": "its content is not recorded",
    "iframe": "its content is not recorded",
    "object": "its content is not recorded",
}
_CLICKS = {"click": Call("click"), "double_click": Call("dblclick"), "context_menu": Call("click", ('button="right"',))}
_USES = frozenset({"click", "double_click", "input", "check", "select", "scroll", "resize", "context_menu"})


@attrs.define(kw_only=True)
class _Step:
    """The lines for an action."""

    kind: str
    tab: int
    target: Target | None
    lines: list[str]
    at: Number


class Body:
    """Turns the actions of a session into lines of Python."""

    def __init__(self, constants: Constants, base_url: str | None) -> None:
        self._constants = constants
        self._base = None if base_url is None else base_url.rstrip("/")
        self._steps: list[_Step] = []
        self._pages: dict[int, str] = {}
        self._last: dict[int, _Step] = {}
        self._urls: dict[int, str] = {}
        self.uses_expect = False

    def add(self, one: TabAction[Target]) -> None:
        """Add the next action."""
        tab, action = one.tab.number, one.action
        lines: list[str] = []
        if tab not in self._pages:
            self._pages[tab] = "page" if not self._pages else f"page_{tab}"
            if self._pages[tab] != "page":
                lines.append(f"    {self._pages[tab]} = page.context.new_page()")
        self._replace_earlier(tab, action)
        lines += self._lines(tab, action)
        if lines:
            step = _Step(kind=action.kind, tab=tab, target=action.element, lines=lines, at=action.at)
            self._steps.append(step)
            self._last[tab] = step

    def lines(self) -> Iterator[str]:
        """All lines of the body."""
        for step in self._steps:
            yield from step.lines

    # What one action becomes

    def _replace_earlier(self, tab: int, action: Action[Target]) -> None:
        """Drop the clicks that a statement for this action contains."""
        target = action.element
        if target is None:
            return
        if action.kind == "double_click":
            if len(self._steps) >= 2 and all(self._is_click(step, tab, target) for step in self._steps[-2:]):
                del self._steps[-2:]
        elif action.kind in ("check", "select"):
            while self._steps and self._is_click(self._steps[-1], tab, target):
                self._steps.pop()

    @staticmethod
    def _is_click(step: _Step, tab: int, target: Target) -> bool:
        clicked = step.target
        is_same = clicked is not None and target.node_id in (clicked.node_id, clicked.labels)
        return step.kind == "click" and step.tab == tab and is_same

    def _lines(self, tab: int, action: Action[Target]) -> Iterable[str]:
        page, target = self._pages[tab], action.element
        if action.kind == "page":
            return self._navigation(tab, action)
        if action.kind == "gap":
            reason = action.details["reason"]
            return comment(f"A gap: {reason}; what was done is not known, nor whether the next steps fit.")
        if action.kind == "focus_lost" and target is not None:
            words = ("Probably used the frame ", ", whose content is not recorded.")
            return comment(*words, quoted=[target.name])
        return self._use(page, target, action) if action.kind in _USES else ()

    def _use(self, page: str, target: Target | None, action: Action[Target]) -> Iterator[str]:
        """The statement for what was done to an element or to the page."""
        if action.kind == "resize":
            yield from _viewport(page, action)
            return
        if target is None:
            reason = action.details.get("unknown")
            if action.kind == "scroll" and reason is None:
                yield from statement(page, [Call("evaluate", (literal(f"window.{_scroll_to(action)}"),))])
            else:
                yield from comment(f"A step that is not known ({action.kind.replace('_', ' ')}): {reason}.")
            return
        by = action.details.get("by")
        if by == "script":
            words = (f"A script, a key or autofill changed or clicked {target.description} ", ": not repeated.")
            yield from comment(*words, quoted=[target.name])
            return
        if by == "label":
            return
        reason = _why_unknown(target, action)
        if reason is not None:
            yield from comment(*reason, quoted=[target.name])
            return
        if target.is_in_closed_dialog:
            yield from comment("The recording shows the dialog closed that contains the next element.")
        if not target.is_checked:
            yield from comment("Whether this locator finds one element only was not checked.")
        field = action.other if by == "enter" and action.other is not None else target
        yield from statement(page, [field.locator, self._call(target, action)])

    def _call(self, target: Target, action: Action[Target]) -> Call:
        """What is done with the locator."""
        details = action.details
        if action.kind == "input":
            return Call("fill", (self._text(target, action),))
        if action.kind == "select":
            return Call("select_option", (self._option(target, details.get("labels")),))
        if action.kind == "scroll":
            return Call("evaluate", (literal(f"element => element.{_scroll_to(action)}"),))
        if action.kind == "check":
            return Call("check" if details["checked"] else "uncheck")
        if details.get("by") in ("keyboard", "enter"):
            return Call("press", ('"Enter"',))
        return _CLICKS[action.kind]

    def _text(self, target: Target, action: Action[Target]) -> str:
        details = action.details
        if details.get("is_password"):
            return self._constants.password(target)
        if "value" not in details or details.get("is_cut"):
            return self._constants.text(target)
        return literal(details["value"])

    def _option(self, target: Target, labels: list[str] | None) -> str | Call:
        if not labels:
            return self._constants.option(target)
        if len(labels) == 1:
            return f"label={literal(labels[0])}"
        return Call("label=", tuple(map(literal, labels)), "[]")

    # Pages

    def _navigation(self, tab: int, action: Action[Target]) -> Iterator[str]:
        page, url = self._pages[tab], action.details["url"]
        before, self._urls[tab] = self._urls.get(tab), url
        if before is None:
            yield from _viewport(page, action)
        if url is None or len(url) > _MAX_URL or not is_web_address(url):
            yield from comment("A page was opened here whose address is not recorded, or is not one of the web.")
        elif url == before:
            yield from comment("A new view begins at the same address: by a reload, or by the page itself.")
        elif (delay := self._delay_after_click(tab, action.at)) is not None:
            self.uses_expect = True
            expected: list[str | Call] = [Call("re.compile", (pattern(_pattern_of(self._rebased(url))),))]
            if delay > _SLOW:
                expected.append(_SLOW_TIMEOUT)
            yield from statement("", [Call("expect", (page,)), Call("to_have_url", tuple(expected))])
        else:
            yield from statement(page, [Call("goto", (literal(self._rebased(url)),))])

    def _delay_after_click(self, tab: int, at: Number) -> Number | None:
        """The milliseconds since a click, if it was the last step and so may have led to a new address."""
        last = self._last.get(tab)
        if last is None or last.kind not in ("click", "double_click") or last.lines[-1].lstrip().startswith("#"):
            return None
        return at - last.at if 0 <= at - last.at <= _CAUSE_WITHIN else None

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


def _why_unknown(target: Target, action: Action[Target]) -> tuple[str, str] | None:
    """Words around the name of the element, if what was done there cannot be known."""
    details = action.details
    if action.kind in ("click", "double_click", "context_menu") and target.tag in _UNKNOWN:
        x, y = _whole(details.get("x") or 0), _whole(details.get("y") or 0)
        what = f"page.mouse.click({x}, {y})"
        return f"Clicked on {target.tag} ", f" at that time: {what}; {_UNKNOWN[target.tag]}."
    if target.type == "file":
        return "Perhaps a file was chosen for ", ": use set_input_files; which one is not recorded."
    if action.kind == "input" and not target.can_be_edited:
        return "A script changed the field ", ", which nobody can type into."
    return None


def _viewport(page: str, action: Action[Target]) -> Iterator[str]:
    size = action.details.get("viewport")
    if size is None:
        return
    width, height = (min(max(_whole(length), 1), _LARGEST) for length in size)
    argument = f'{{"width": {width}, "height": {height}}}'
    yield from statement(page, [Call("set_viewport_size", (argument,))])


def _scroll_to(action: Action[Target]) -> str:
    left, top = (_whole(length) for length in action.details["position"])
    return f"scrollTo({left}, {top})"


def _whole(length: Number) -> int:
    return round(max(-1e9, min(length, 1e9)))


def _pattern_of(url: str) -> str:
    """A pattern for an address; what follows the path may be missing in the recording."""
    rest = "" if "#" in url else r"(?:#.*)?" if "?" in url else r"(?:[?#].*)?"
    return f"^{_escaped(url)}{rest}$"


def _escaped(text: str) -> str:
    return re.sub(r"[.^$*+?{}\[\]\\|()]", lambda found: f"\\{found[0]}", text)
