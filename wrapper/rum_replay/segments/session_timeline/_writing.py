"""What was written on the page last, by which it is known whether a key chose something."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection
from typing import Any

from ..dom import Effect, Node, NodeAdded, NodeKind, TextSet, ValueSet
from ..dom._form_fields import form_of, has_submit_button
from ..dom._names.selectors import short_text
from ..dom._roles import native_role_of, upwards
from ..records import Number
from ._causes import AT_ONCE, ITEMS
from ._moment import Moment
from ._secrets import Secrets

__all__ = ["MAX_TEXT", "Writing", "item_around", "may_say"]

MAX_TEXT = 100

_TYPED = frozenset({"searchbox", "spinbutton", "textbox"})

_FILLED_WITHIN = 100
"""Milliseconds after the focus moved, in which scripts fill fields, and nobody types yet."""

_EACH_SECOND = 1_100
"""Milliseconds in which what shows the time is written at least once. SDKs record changes up to 0.1 s late."""

_MAX_TEXTS = 100
_MAX_OPTIONS = 1_000


class Writing:
    """The texts that came last in a view, and the options of lists."""

    def __init__(self, moment: Moment[Any], secrets: Secrets) -> None:
        self._moment = moment
        self._secrets = secrets
        self._options: dict[int, str] = {}
        self._texts: deque[tuple[Number, int, str]] = deque(maxlen=_MAX_TEXTS)
        """When each was written, in which node or field, and the text."""

        self._typed: Node | None = None
        """The field into which somebody typed since a pointer was used, if its text is still there."""

        self._led: Number = -math.inf
        """When a pointer was used or the focus moved last."""

    def forget(self) -> None:
        """What ids refer to is not known any more."""
        self.use()
        self._options.clear()
        self._texts.clear()

    def note(self, effect: Effect) -> None:
        """Note what is written."""
        if isinstance(effect, ValueSet):
            self._texts.append((self._moment.now, effect.id, effect.value[:MAX_TEXT]))
            if self._moment.now - self._led > _FILLED_WITHIN:
                self._typed = self._moment.find(effect.id) if effect.value.strip() else None
        elif isinstance(effect, TextSet):
            self._texts.append((self._moment.now, effect.id, effect.text[:MAX_TEXT]))
        elif isinstance(effect, NodeAdded):
            if effect.node.kind is NodeKind.TEXT:
                self._texts.append((self._moment.now, effect.node.id, effect.node.text[:MAX_TEXT]))
            else:
                self._note_option(effect.node)

    def use(self) -> None:
        """A pointer was used."""
        self._typed = None
        self.focus()

    def focus(self) -> None:
        """The focus moved."""
        self._led = self._moment.now

    def ends_by_enter(self, layers: Collection[Node]) -> bool:
        """Whether somebody has just typed into a field of a layer where Enter neither adds a line nor clicks a button.

        In the form of a button, Enter would have clicked that.
        """
        field, form = self._typed, None if self._typed is None else form_of(self._typed)
        if field is None or not _has_one_line(field) or (form is not None and has_submit_button(form)):
            return False
        return any(one in layers for one in upwards(field))

    def _note_option(self, node: Node) -> None:
        if not may_say(node, "role") or node.attributes.get("role") != "option":
            return
        if len(self._options) >= _MAX_OPTIONS:
            self._options.clear()
        text = short_text(node, MAX_TEXT, MAX_TEXT)
        if text and not self._secrets.is_masked(node, text):
            self._options[node.id] = text

    @property
    def options(self) -> frozenset[str]:
        """The texts of the options that came last."""
        return frozenset(self._options.values())

    def has_just_begun(self) -> bool:
        """Whether anything was written just now."""
        return bool(self._texts) and self._moment.now - self._texts[-1][0] <= AT_ONCE

    def has_changed(self, fields: Collection[int], within: Number) -> bool:
        """Whether one of some fields got another text within so many milliseconds."""
        return any(number in fields and self._moment.now - at <= within for at, number, _ in self._texts)

    def since(self, time: Number) -> dict[int, str]:
        """What was written since then, by its node, besides items of lists, which may be drawn anew."""
        return {
            number: text
            for at, number, text in self._texts
            if at >= time and text.strip() and (node := self._moment.find(number)) and item_around(node) is None
        }

    def is_new_since(self, time: Number, began: Number) -> bool:
        """Whether something was written then that is not written again and again, such as the time, since another."""
        began = min(began, time - _EACH_SECOND)
        often = {number for at, number, _ in self._texts if began <= at < time}
        return not self.since(time).keys() <= often

    def option_in(self, texts: frozenset[str]) -> str | None:
        """The option that came last of those with one of these texts."""
        return next((text for text in reversed(self._options.values()) if text in texts), None)


def item_around(node: Node) -> Node | None:
    """The item of a list or menu that a node is in."""
    return next((one for one in upwards(node) if one.attributes.get("role") in ITEMS), None)


def may_say(node: Node, *names: str) -> bool:
    """Whether a node has several attributes, or one of these names: most nodes of a page have none."""
    only = node.only_attribute
    return node.any_attributes is not None or (only is not None and only[0] in names)


def _has_one_line(field: Node) -> bool:
    return field.name == "input" and native_role_of(field) in _TYPED
