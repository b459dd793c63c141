"""The attributes that elements are written and built with, and the rules of ours that they need."""

from __future__ import annotations

from collections.abc import Mapping

from ... import _inert as inert
from .._nodes import Node
from .plugins import shows_fallback

__all__ = ["WITH_SUBSTITUTES", "inert_attributes", "is_unsized", "place_in_top_layer", "rule_for", "style_with_size"]

_IMAGES = frozenset({"img", "input"})
_MEDIA = frozenset({"audio", "video"})
WITH_SUBSTITUTES = frozenset({"audio", "img", "input", "source", "video"})
"""Elements that may show something in the place of what is not recorded."""


def style_with_size(node: Node) -> str:
    """The `style` attribute as recorded, with the size of an element that is hidden for privacy.

    One without any was not displayed, and has no margins and no place in a row or grid.
    """
    style, size = node.attributes.get("style"), node.size
    if size is not None:
        shown = f"width:{size.width}px;height:{size.height}px" if size.width or size.height else "display:none"
        return f"{style};{shown}" if style else shown
    return style or ""


def inert_attributes(
    node: Node, recorded: Mapping[str, str], *, is_box: bool, selected: frozenset[str] = inert.SELECTED
) -> dict[str, str]:
    """The attributes to write an element, or the box in its place, with, given those that were recorded.

    `selected` is the attributes that style sheets ask for, if that is known.
    """
    if is_box:
        written = inert.box_attributes(node.name, recorded)
        return written | inert.recorded_attributes(recorded, written, selected)
    if shows_fallback(node):
        written = inert.attributes(inert.FALLBACK, recorded) | {inert.SUBSTITUTE_FOR: node.name}
        return written | inert.recorded_attributes(recorded, written, selected)
    written = inert.attributes(node.name, recorded)
    if inert.is_left_out(node.name):
        return written
    written |= inert.recorded_attributes(recorded, written, selected)
    if node.is_svg or node.name not in WITH_SUBSTITUTES:
        return written
    if node.name == "audio" and node.size is not None:
        written["controls"] = ""  # Without them it would have no box, whatever its style.
    written |= inert.substitute(node.name, recorded, node.parent.name if node.parent is not None else "")
    if not selected.isdisjoint(inert.ADDABLE) and inert.added(recorded, written):
        written[inert.ADDED] = ""
    return written


def is_unsized(node: Node) -> bool:
    """Whether it is an image that the recording lacks, and that has no recorded size either."""
    is_image = node.name in _IMAGES and not node.is_svg and node.size is None
    return is_image and inert.is_unsized(node.name, node.attributes)


def place_in_top_layer(node: Node) -> str:
    """What an element in the top layer is there."""
    return inert.MODAL if node.name == "dialog" and "open" in node.attributes else inert.POPOVER


def rule_for(node: Node) -> str | None:
    """The rule of ours that must apply to an element, if any."""
    if node.name in _MEDIA and not node.is_svg:
        return inert.MEDIA_RULE
    if node.size is not None:
        return inert.HIDDEN_RULE
    return inert.UNSIZED_RULE if is_unsized(node) else None
