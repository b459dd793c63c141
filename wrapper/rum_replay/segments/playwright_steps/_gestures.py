"""What is done without clicks: drags, and items and layers that a key chose or closed."""

from __future__ import annotations

from collections.abc import Iterator

from ..session_timeline._moment import Action
from ._locators import Target
from ._python import Call, comment, literal, statement, whole

__all__ = ["gesture", "is_gesture"]


def is_gesture(action: Action[Target]) -> bool:
    """Whether an action is one of these; what is selected in a `<select>` is not."""
    return action.kind in ("close", "drag") or (action.kind == "select" and "layer" in action.details)


def gesture(page: str, action: Action[Target], pause: int) -> Iterator[str]:
    """The statements that do the same; `pause` is how long the page may need to be ready for it, in milliseconds."""
    if action.kind == "select":
        yield from _choose(page, action)
    elif action.kind == "drag":
        yield from _drag(page, action, pause)
    else:
        labels = action.details.get("labels", [])[:1]
        choice = (", or the one that chose ", ".") if labels else (".",)
        key = "Enter" if action.details.get("perhaps") == "enter" else "Escape"
        begin = f"This closed without a click: which key did it is not recorded; perhaps {key}{choice[0]}"
        yield from comment(begin, *choice[1:], quoted=labels)
        yield from _wait(page, pause)
        yield from statement(f"{page}.keyboard", [Call("press", (literal(key),))])


def _choose(page: str, action: Action[Target]) -> Iterator[str]:
    """A click on an item, whichever key chose it."""
    labels = action.details.get("labels")
    if action.other is not None:
        yield from statement(page, [action.other.locator, Call("click")])
    elif labels:
        option = Call("get_by_role", (literal("option"), f"name={literal(labels[0])}", "exact=True"))
        yield from statement(page, [option, Call("click")])
    else:
        yield from comment("An item was chosen by a key; which one is not recorded.")


def _drag(page: str, action: Action[Target], pause: int) -> Iterator[str]:
    """The way of the mouse, by its positions."""
    start, end = action.details["from"], action.details["to"]
    name = "something unknown" if action.element is None else action.element.name
    if end is None or None in (*start, *end):
        yield from comment("Perhaps ", " was dragged; where to is not recorded.", quoted=[name])
        return
    is_touch = action.details.get("by") == "touch"
    verb, pointer = ("Swiped ", "finger") if is_touch else ("Dragged ", "mouse")
    yield from comment(verb, f" by the positions that the {pointer} had.", quoted=[name])
    yield from _wait(page, pause)
    first, last = (tuple(str(whole(length)) for length in place) for place in (start, end))
    for move in (Call("move", first), Call("down"), Call("move", (*last, "steps=10")), Call("up")):
        yield from statement(f"{page}.mouse", [move])


def _wait(page: str, pause: int) -> Iterator[str]:
    if pause:
        yield from statement(page, [Call("wait_for_timeout", (f"{pause:_}",))])
