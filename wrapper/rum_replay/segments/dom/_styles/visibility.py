"""Which elements the style sheets of a page hide, as far as the recorded CSS says it."""

from __future__ import annotations

from collections.abc import Sequence

from .._css.style_rules import Properties
from .._effects import Effect
from .._nodes import Node, Size
from .._page import Page
from .cascade import Cascade

__all__ = ["Visibility"]

_HIDING = {"display": frozenset({"none"}), "visibility": frozenset({"collapse", "hidden"})}
_PROPERTIES = Properties(
    names="display|visibility", hints=("display", "visibility"), matters=lambda name, value: value in _HIDING[name]
)
_VIEWPORT = Size(1_000, 800)
"""For pages whose size is not recorded."""

_BUDGET = 5_000
"""Elements to compare with selectors for one element."""

_MOST_STEPS = 20_000_000
"""What may be looked at in all; after that, nothing is hidden."""


class Visibility:
    """What the style sheets of one page hide."""

    def __init__(self) -> None:
        self._cascade = Cascade(_PROPERTIES, _BUDGET)
        self._page: Page | None = None

    def note(self, effects: Sequence[Effect]) -> None:
        """Note what a record did to the page."""
        if self._page is not None:
            self._cascade.note(effects, self._page)

    def may_hide(self, node: Node, page: Page, /) -> bool:
        """Whether they hide an element, apart from those around it."""
        self._page = page
        if self._cascade.steps > _MOST_STEPS:
            return False
        found = self._cascade.values([node], page, page.viewport or _VIEWPORT)
        return found is not None and any(found[0].get(name, "") in values for name, values in _HIDING.items())

    def may_be_inline(self, _: Node, __: Page, /) -> bool:
        """Spaces in names are for people here, and blocks have them."""
        return False
