"""The elements that were clicked, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import attrs

from ._visits import PageClick

__all__ = ["ClickedElement", "clicked_elements"]


@attrs.frozen(kw_only=True)
class ClickedElement:
    """An element of the page shown, in all sessions together; clicks on what a button or link contains are its own."""

    label: str
    """Its tag, and the short text on it or, without that, an attribute that describes it: `button “Pay”`.

    The most frequent one, if it changed. Text that is masked or hidden for privacy is never in it.
    """

    selector: str | None
    """Its CSS selector, as `css_path` gives it; None for whatever is not in the recording."""

    clicks: int
    share: float
    """Its part of all clicks shown, above 0 to 1."""


def clicked_elements(clicks: Iterable[PageClick]) -> tuple[ClickedElement, ...]:
    """The elements, those with most clicks first; of equal ones, the one that was clicked first."""
    labels: dict[str | None, Counter[str]] = {}
    for click in clicks:
        labels.setdefault(click.selector, Counter())[click.label] += 1
    total = sum(counts.total() for counts in labels.values())
    elements = (
        ClickedElement(
            label=max(counts, key=counts.__getitem__),
            selector=selector,
            clicks=counts.total(),
            share=counts.total() / total,
        )
        for selector, counts in labels.items()
    )
    return tuple(sorted(elements, key=lambda element: -element.clicks))
