"""The body of a test: a statement for each action that is known well enough, and a comment for the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import attrs

from ..records import Number
from ..session_timeline._moment import Action
from ..session_timeline._tabs import TabAction
from ._constants import Constants
from ._gestures import gesture, is_gesture
from ._locators import Target
from ._navigation import Cause, Navigation
from ._python import Call, comment, literal, statement, whole

__all__ = ["Body"]

_LONGEST_PAUSE = 1_000
_AT_ONCE = 100
_LARGEST = 16_384
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

    cause: Cause | None = None
    """What led to the page that it expects."""

    by_script: int = 0
    """How many changes that scripts made it says are not repeated."""


class Body:
    """Turns the actions of a session into lines of Python."""

    def __init__(self, constants: Constants, base_url: str | None) -> None:
        self._constants = constants
        self._base_url = base_url
        self._steps: list[_Step] = []
        self._pages: dict[int, str] = {}
        self._last: dict[int, _Step] = {}
        self._navigation: dict[int, Navigation] = {}
        self._sized: set[int] = set()
        """The tabs of which the size of the window is known."""

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
            cause = self._navigation[tab].expected_after if kind == "page" else None
            step = _Step(kind=kind, tab=tab, target=target, lines=lines, at=action.at, chosen=chosen, cause=cause)
            if target is not None and target is action.element:
                step.by_script = int(_is_by_script(target, action))
            if self._is_said_with_last(step):
                return
            self._steps.append(step)
            if action.details.get("by") != "script":
                self._last[tab] = step

    def _is_said_with_last(self, step: _Step) -> bool:
        """Whether a script changed something else just before, such as all boxes of a list: one comment says so."""
        last = self._steps[-1] if self._steps else None
        if last is None or not (step.by_script and last.by_script and last.target is not None):
            return False
        if (last.tab, last.kind) != (step.tab, step.kind) or step.at - last.at > _AT_ONCE:
            return False
        last.lines = _not_repeated(last.target, last.by_script)
        last.by_script += 1
        return True

    @property
    def uses_expect(self) -> bool:
        """Whether an address is expected."""
        return any(one.uses_expect for one in self._navigation.values())

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
        elif action.kind in ("check", "select") and not is_gesture(action):
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
            return self._page(tab, action)
        if action.kind == "gap":
            reason = action.details["reason"]
            return comment(f"A gap: {reason}; what was done is not known, nor whether the next steps fit.")
        if is_gesture(action):
            return gesture(self._pages[tab], action, self._pause(tab, action.at))
        if action.kind == "focus_lost" and target is not None:
            words = ("Probably used the frame ", ", whose content is not recorded.")
            return comment(*words, quoted=[target.name])
        if action.kind == "focus_lost" and action.details.get("is_frame"):
            return comment("Used a frame, whose content is not recorded.")
        return self._use(tab, target, action, clicked) if action.kind in _USES else ()

    def _page(self, tab: int, action: Action[Target]) -> Iterator[str]:
        """What leads to a page."""
        navigation = self._navigation.setdefault(tab, Navigation(self._base_url))
        if tab not in self._sized and "viewport" in action.details:
            self._sized.add(tab)
            yield from _viewport(self._pages[tab], action)
        url, last, cause = action.details["url"], self._last.get(tab), self._cause_of(tab)
        led_by = last.cause if last is not None and last is self._steps[-1] else None
        if last is not None and led_by is not None and navigation.is_redirected(url, action.at, last.at, led_by):
            self._steps.pop()
            cause = led_by
        is_loaded = action.details.get("is_loaded")
        yield from navigation.go(self._pages[tab], url, action.at, cause, is_loaded=is_loaded)

    def _cause_of(self, tab: int) -> Cause | None:
        """What may have led to a new page: what was done last, if that is known."""
        last = self._last.get(tab)
        if last is None or (last.kind != "page" and last.lines[-1].lstrip().startswith("#")):
            return None
        leads_to, submits = (None, False) if last.target is None else (last.target.leads_to, last.target.submits)
        return Cause(last.kind, last.at, leads_to, submits)

    def _use(self, tab: int, target: Target | None, action: Action[Target], clicked: Target | None) -> Iterator[str]:
        """The statement for what was done to an element or to the page."""
        page = self._pages[tab]
        if action.kind == "resize":
            yield from _viewport(page, action)
            return
        if target is None:
            reason = action.details.get("unknown")
            if action.kind == "scroll" and reason is None:
                yield from statement(page, self._scroll(None, action))
            else:
                yield from comment(f"A step that is not known ({action.kind.replace('_', ' ')}): {reason}.")
            return
        by = action.details.get("by")
        if _is_by_script(target, action):
            yield from _not_repeated(target)
            return
        if by in ("drag", "label") or (target.type == "range" and action.kind in _CLICKS):
            return  # A click in the middle of a slider would change it.
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
            if clicked.is_in_shadow_tree:
                # Custom elements may change their state later than `check()` expects.
                yield from statement(page, [field.locator, Call("click")])
                return
        key, is_cleared = action.details.get("perhaps"), action.details.get("value") == ""
        pressed = Call("press", (literal(str(key).capitalize()),))
        if key is not None and is_cleared:
            yield from comment("Which keys were pressed is not recorded; perhaps Enter, before the field was cleared.")
            yield from statement(page, [field.locator, pressed])
        yield from statement(page, [field.locator, self._call(target, action)])
        if key is not None and not is_cleared:
            yield from comment(f"The field was left without a click, perhaps by {str(key).capitalize()}.")
            yield from statement(page, [field.locator, pressed])

    def _pause(self, tab: int, at: Number) -> int:
        """How many milliseconds to wait for what the last step may have begun, such as a dialog that fades in."""
        last = self._last.get(tab)
        return 0 if last is None else min(max(whole(at - last.at), 0), _LONGEST_PAUSE)

    def _call(self, target: Target, action: Action[Target]) -> Call:
        """What is done with the locator."""
        details = action.details
        if action.kind == "input":
            return Call("fill", (self._text(target, action),))
        if action.kind == "select":
            return Call("select_option", (self._option(target, details.get("labels"), details.get("index")),))
        if action.kind == "scroll":
            return self._scroll(target, action)[-1]
        if action.kind == "check":
            return Call("check" if details["checked"] else "uncheck")
        if details.get("by") in ("keyboard", "enter"):
            # Enter in a check box sends the form that it is in.
            is_box = details["by"] == "keyboard" and target.type in ("checkbox", "radio")
            return Call("press", ('"Space"' if is_box else '"Enter"',))
        return _CLICKS[action.kind]

    def _scroll(self, target: Target | None, action: Action[Target]) -> list[Call]:
        """Calls that scroll an element, or the page."""
        left, top = (whole(length) for length in action.details["position"])
        if action.details.get("grows"):
            scrolled = Call("locator", ('"html"',)) if target is None else target.locator
            return [scrolled, Call("evaluate", (self._constants.scroll_on(), f"[{left}, {top}]"))]
        if target is None:
            return [Call("evaluate", (literal(f"window.scrollTo({left}, {top})"),))]
        return [target.locator, Call("evaluate", (literal(f"element => element.scrollTo({left}, {top})"),))]

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


def _is_by_script(target: Target, action: Action[Target]) -> bool:
    """Whether a script made a change that somebody could make, too."""
    return action.details.get("by") == "script" and (action.kind != "input" or target.can_be_edited)


def _not_repeated(target: Target, others: int = 0) -> list[str]:
    more = f" and {others} more" if others else ""
    words = (f"A script, a key or autofill changed or clicked {target.description} ", f"{more}: not repeated.")
    return comment(*words, quoted=[target.name])


def _why_unknown(target: Target, action: Action[Target]) -> tuple[str, str] | None:
    """Words around the name of the element, if what was done there cannot be known."""
    details = action.details
    if action.kind in ("click", "double_click", "context_menu") and target.tag in _UNKNOWN:
        x, y = whole(details.get("x") or 0), whole(details.get("y") or 0)
        what = f"page.mouse.click({x}, {y})"
        return f"Clicked on {target.tag} ", f" at that time: {what}; {_UNKNOWN[target.tag]}."
    if target.type == "file":
        if action.kind == "input":
            return "A file was chosen for ", ": use set_input_files; what is in it is not recorded."
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
    x, y = whole(action.details["x"]), whole(action.details["y"] or 0)
    yield from statement(f"{page}.mouse", [Call(click.name, (str(x), str(y), *click.arguments))])


def _viewport(page: str, action: Action[Target]) -> Iterator[str]:
    size = action.details.get("viewport")
    if size is None:
        return
    width, height = (min(max(whole(length), 1), _LARGEST) for length in size)
    argument = f'{{"width": {width}, "height": {height}}}'
    yield from statement(page, [Call("set_viewport_size", (argument,))])
