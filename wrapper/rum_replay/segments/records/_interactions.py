"""The types of `MouseInteractionData`, by the numbers that SDKs write."""

from __future__ import annotations

__all__ = [
    "BLUR",
    "CLICK",
    "CONTEXT_MENU",
    "DOUBLE_CLICK",
    "FOCUS",
    "MOUSE_DOWN",
    "MOUSE_UP",
    "MOVES_FOCUS",
    "TOUCH_END",
    "TOUCH_START",
]

MOUSE_UP, MOUSE_DOWN, CLICK, CONTEXT_MENU, DOUBLE_CLICK, FOCUS, BLUR, TOUCH_START = range(8)
TOUCH_END = 9

MOVES_FOCUS = frozenset({FOCUS, BLUR})
"""The types that nobody need cause: scripts move the focus too."""
