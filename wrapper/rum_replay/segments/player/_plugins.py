"""Plugins of which a record changes whether they show something of their own, or what is in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..dom import AttributeSet, Effect, Node, NodeAdded, NodeRemoved, Page, TextSet
from ._nodes import Serializer

__all__ = ["changed_plugins"]

_DECIDING = frozenset({"data", "src", "type"})


def changed_plugins(effects: Iterable[Effect], page: Page, serializer: Serializer) -> Iterator[Node]:
    """The plugins that the player has built in another way than they would be built now."""
    touched = dict.fromkeys(
        number for effect in effects for number in _touched(effect, page) if number in serializer.attributes.plugins
    )
    for number in touched:
        node = page.nodes.get(number)
        if node is not None and serializer.is_shown(number) and serializer.attributes.is_outdated(node):
            yield node


def _touched(effect: Effect, page: Page) -> Iterator[int]:
    """The ids of the elements whose content or address an effect may have changed."""
    if isinstance(effect, AttributeSet) and effect.name.lower() in _DECIDING:
        yield effect.id
    elif isinstance(effect, NodeAdded | NodeRemoved) and effect.parent_id is not None:
        yield effect.parent_id
    elif isinstance(effect, TextSet) and (text := page.nodes.get(effect.id)) is not None and text.parent is not None:
        yield text.parent.id
