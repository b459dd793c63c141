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

_LONGEST_PAUSE = 1_000
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
    chosen: list[str]
    """The options that it selects."""


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
        clicked = self._replace_earlier(tab, action)
        chosen: list[str] = action.details.get("labels", [])
        target, kind = action.element, action.kind
        if kind == "click" and target is not None and target.list_box is not None:
            chosen, target, kind = self._chosen_with(tab, target, target.list_box), target.list_box, "select"
            lines += self._choose(self._pages[tab], target, chosen)
        else:
            lines += self._lines(tab, action, clicked)
        if lines:
            step = _Step(kind=kind, tab=tab, target=target, lines=lines, at=action.at, chosen=chosen)
            self._steps.append(step)
            self._last[tab] = step

    def lines(self) -> Iterator[str]:
        """All lines of the body."""
        for step in self._steps:
            yield from step.lines

    # What one action becomes

    def _replace_earlier(self, tab: int, action: Action[Target]) -> Target | None:
        """Drop the clicks that a statement for this action contains; returns what was clicked first."""
        target, clicked = action.element, None
        if target is None:
            return None
        if action.kind == "double_click":
            if len(self._steps) >= 2 and all(self._is_click(step, tab, target) for step in self._steps[-2:]):
                del self._steps[-2:]
        elif action.kind in ("check", "select"):
            while self._steps and self._is_click(self._steps[-1], tab, target):
                clicked = self._steps.pop().target
        return clicked

    def _chosen_with(self, tab: int, option: Target, list_box: Target) -> list[str]:
        """The options that may be selected after a click on one, as far as is known; replaces the step that says so."""
        last = self._steps[-1] if self._steps else None
        if last is None or last.kind != "select" or last.tab != tab or last.target is None:
            return [option.name]
        if last.target.node_id != list_box.node_id:
            return [option.name]
        del self._steps[-1]
        return list(dict.fromkeys([*last.chosen, option.name]))

    def _choose(self, page: str, list_box: Target, chosen: list[str]) -> Iterator[str]:
        if len(chosen) > 1:
            words = "Which options were selected together is not recorded; these were clicked."
            yield from comment(words)
        yield from statement(page, [list_box.locator, Call("select_option", (self._option(list_box, chosen),))])

    @staticmethod
    def _is_click(step: _Step, tab: int, target: Target) -> bool:
        clicked = step.target
        is_same = clicked is not None and target.node_id in (clicked.node_id, clicked.labels)
        return step.kind == "click" and step.tab == tab and is_same

    def _lines(self, tab: int, action: Action[Target], clicked: Target | None) -> Iterable[str]:
        target = action.element
        if action.kind == "page":
            return self._navigation(tab, action)
        if action.kind == "gap":
            reason = action.details["reason"]
            return comment(f"A gap: {reason}; what was done is not known, nor whether the next steps fit.")
        if action.kind == "focus_lost" and target is not None:
            words = ("Probably used the frame ", ", whose content is not recorded.")
            return comment(*words, quoted=[target.name])
        return self._use(tab, target, action, clicked) if action.kind in _USES else ()

    def _use(self, tab: int, target: Target | None, action: Action[Target], clicked: Target | None) -> Iterator[str]:
        """The statement for what was done to an element or to the page."""
        page = self._pages[tab]
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
        yield from self._repeated(tab, target, action, clicked)

    def _repeated(self, tab: int, target: Target, action: Action[Target], clicked: Target | None) -> Iterator[str]:
        """The statements that do the same to an element."""
        page, by = self._pages[tab], action.details.get("by")
        if action.kind in _CLICKS and by is None:
            opener = () if action.other is None else (action.other.locator,)
            for shown_by in (*opener, *target.shown_by):
                yield from statement(page, [shown_by, Call("hover")])
        if target.is_around_others and by is None and action.kind in _CLICKS and action.details.get("x") is not None:
            yield from _at_point(page, target, action, self._pause(tab, action.at))
            return
        field = action.other if by == "enter" and action.other is not None else target
        if action.kind == "check" and target.may_be_covered and clicked is not None and clicked.labels is not None:
            field = clicked
        yield from statement(page, [field.locator, self._call(target, action)])

    def _pause(self, tab: int, at: Number) -> int:
        """How many milliseconds to wait for what the last step may have begun, such as a dialog that fades in."""
        last = self._last.get(tab)
        return 0 if last is None else min(max(_whole(at - last.at), 0), _LONGEST_PAUSE)

    def _call(self, target: Target, action: Action[Target]) -> Call:
        """What is done with the locator."""
        details = action.details
        if action.kind == "input":
            return Call("fill", (self._text(target, action),))
        if action.kind == "select":
            return Call("select_option", (self._option(target, details.get("labels"), details.get("index")),))
        if action.kind == "scroll":
            return Call("evaluate", (literal(f"element => element.{_scroll_to(action)}"),))
        if action.kind == "check":
            return Call("check" if details["checked"] else "uncheck")
        if details.get("by") in ("keyboard", "enter"):
            # Enter in a check box sends the form that it is in.
            is_box = details["by"] == "keyboard" and target.type in ("checkbox", "radio")
            return Call("press", ('"Space"' if is_box else '"Enter"',))
        return _CLICKS[action.kind]

    def _text(self, target: Target, action: Action[Target]) -> str:
        details = action.details
        if details.get("is_password"):
            return self._constants.password(target)
        if "value" not in details or details.get("is_cut"):
            return self._constants.text(target)
        return literal(details["value"])

    def _option(self, target: Target, labels: list[str] | None, index: int | None = None) -> str | Call:
        if not labels:
            return self._constants.option(target)
        if index is not None:
            return f"index={index}"
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


def _at_point(page: str, target: Target, action: Action[Target], pause: int) -> Iterator[str]:
    """A click beside everything else in an element: nothing says when the page is ready for it."""
    if target.tag not in ("body", "html"):
        yield from statement(page, [target.locator, Call("wait_for")])
    if pause:
        yield from statement(page, [Call("wait_for_timeout", (f"{pause:_}",))])
    click = _CLICKS[action.kind]
    x, y = _whole(action.details["x"]), _whole(action.details["y"] or 0)
    yield from statement(f"{page}.mouse", [Call(click.name, (str(x), str(y), *click.arguments))])


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
