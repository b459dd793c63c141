"""Form fields and editable text: what was typed, checked and selected, and whether a script did it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import CheckedSet, Node, NodeAdded, NodeKind, NodeRemoved, TextSet, ValueSet
from ..dom._form_fields import form_of, has_submit_button, owning_select
from ..dom._nodes import walk
from ..dom._roles import upwards
from ..dom._selectors import INLINE
from ..records import Number
from ..summary._activity import ACTIVITY_GAP
from ._moment import Action, Moment
from ._secrets import Secrets

__all__ = ["Fields"]

_ANSWERED_WITHIN = 150
"""Milliseconds from a change of a text to what the page adds because of it. SDKs record changes up to 0.1 s late."""

_MASKED = "***"
"""What SDKs record in the place of a masked value."""

_PAUSE = ACTIVITY_GAP
"""Milliseconds after which further typing in the same field is another action."""

_MAX_STATES = 10_000
_MAX_VALUE = 10_000  # Characters.
_MAX_TYPE = 20
_MAX_OPTIONS = 2_000
"""Nodes of a select that are read for the options selected in it, and of editable text."""

_MAX_SELECTED = 100
_MAX_TEXTS = 10
_MAX_DEPTH = 100
_FILLERS = dict.fromkeys(map(ord, "\u200b\u2060\ufeff"))
"""Characters without a width, which editors put where the cursor is; nobody types them."""

_NOT_TYPED = frozenset({"button", "hidden", "image", "reset", "submit"})

E = TypeVar("E")


@attrs.define
class _Typing(Generic[E]):
    """Text that is being typed into a field, or a script's changes of it."""

    node_id: int
    action: Action[E]
    last: Number
    """When it went on, in milliseconds of Unix time."""

    is_secret: bool
    """Whether the field is known by a name that says so."""

    has_answers: bool = False
    """Whether the page adds something while the text is typed, such as what it finds."""


class Fields(Generic[E]):
    """The fields of a view."""

    def __init__(self, moment: Moment[E], secrets: Secrets, is_used: Callable[[Node], bool]) -> None:
        self._moment = moment
        self._secrets = secrets
        self._is_used = is_used
        """Whether somebody has focused or clicked a field, or that is not known."""

        self._typing: _Typing[E] | None = None
        self._emptied: tuple[Node, Action[E]] | None = None
        """The field whose text went at once, if that may be because of a key."""

        self._states: dict[int, str | bool] = {}
        self._selects: dict[int, Node] = {}
        """The selects in which the record that is being read selected something."""

    @property
    def since(self) -> Number | None:
        """When the typing began that has not ended, in milliseconds of Unix time."""
        return None if self._typing is None else self._typing.action.at

    def start(self) -> None:
        """A new page; ids begin anew."""
        self.end()
        self._states.clear()
        self._emptied = None

    def pause(self) -> None:
        """End typing that has paused by now."""
        if self._typing is not None and self._moment.now - self._typing.last > _PAUSE:
            self.end()

    def end(self) -> None:
        """End typing."""
        if self._typing is not None:
            self._moment.add(self._typing.action)
        self._typing = None

    def change(self, effect: ValueSet | CheckedSet) -> None:
        """The state of a field was set; the same state as before is no change."""
        node = self._moment.page.find(effect.id)
        if node is None:
            return
        self._secrets.note(node)
        before = self._states.get(effect.id)
        if not self._is_new(effect.id, effect.value if isinstance(effect, ValueSet) else effect.checked):
            return
        select = node if node.name == "select" else owning_select(node) if node.name == "option" else None
        if select is not None:
            self._selects[select.id] = select
        elif isinstance(effect, CheckedSet):
            self._check(node, is_on=effect.checked)
        elif node.name != "input" or node.attributes.get("type", "")[:_MAX_TYPE].lower() not in _NOT_TYPED:
            self._set_text(node, before, effect.value)

    def focus(self, focused: int | None) -> None:
        """Something got the focus: editors change their page then, but not the text in it."""
        node = None if focused is None else self._moment.page.find(focused)
        if node is not None and _is_editable(node):
            self._is_new(node.id, self._text_of(node))

    def edit(self, effect: TextSet | NodeAdded | NodeRemoved, focused: int) -> None:
        """The page changed while something has focus: in a text that is `contenteditable`, somebody types."""
        if isinstance(effect, NodeAdded):
            node: Node | None = effect.node
        else:
            changed = effect.parent_id if isinstance(effect, NodeRemoved) else effect.id
            node = None if changed is None else self._moment.page.find(changed)
        for _ in range(_MAX_DEPTH):
            if node is None:
                return
            if node.id == focused:
                if _is_editable(node):
                    value, before = self._text_of(node), self._states.get(node.id)
                    if self._is_new(node.id, value):
                        self._set_text(node, before, value)
                return
            node = node.parent

    def add_selections(self) -> None:
        """Add what is selected now, where the record that was read changed it."""
        for select in self._selects.values():
            self.end()
            options = [node for node in islice(walk(select), _MAX_OPTIONS) if node.name == "option"]
            selected = [option for option in options if option.checked]
            texts = [self._option_text(option) for option in selected[:_MAX_SELECTED]]
            details = self._cause(select)
            if not texts or None in texts or self._moment.is_lost or self._secrets.is_secret(select):
                details["is_masked"] = True
            else:
                details["labels"] = texts
                if len(selected) == 1 and [self._option_text(option) for option in options].count(texts[0]) > 1:
                    details["index"] = options.index(selected[0])
            self._moment.add(self._moment.action("select", select.id, **details))
        self._selects.clear()

    def _text_of(self, editable: Node) -> str:
        """The text that somebody edits, as far as it is recorded."""
        text = _lines_in(editable)
        return _MASKED if self._secrets.is_masked(editable, text) else text

    def _is_new(self, node_id: int, state: str | bool) -> bool:
        """Note the state of a field, and return whether it is another one than before."""
        if self._states.get(node_id) == state:
            return False
        if len(self._states) >= _MAX_STATES:
            self._states.clear()
        self._states[node_id] = state
        return True

    def _check(self, node: Node, *, is_on: bool) -> None:
        if not is_on and node.attributes.get("type", "")[:_MAX_TYPE].lower() == "radio":
            return  # Another one was chosen.
        self.end()
        self._moment.add(self._moment.action("check", node.id, checked=is_on, **self._cause(node)))

    def _set_text(self, field: Node, before: str | bool | None, value: str) -> None:
        is_gone = isinstance(before, str) and len(before) > 1 and not value.strip() and not self._moment.is_lost
        if is_gone and not self._is_secret(field):
            self._empty(field)
        else:
            self._type(field, value)

    def _is_secret(self, field: Node) -> bool:
        return self._secrets.is_secret(field) or self._secrets.is_named_secret(field, self._moment.page)

    def _empty(self, field: Node) -> None:
        """A text is gone at once: what was typed until then is not lost, such as a message that was sent."""
        typing = self._typing
        has_answers = typing is not None and typing.node_id == field.id and typing.has_answers
        self.end()
        action = self._moment.add(self._moment.action("input", field.id, value="", **self._cause(field)))
        form = form_of(field)
        # Enter in a form with such a button would have clicked it.
        if "by" not in action.details and not has_answers and not (form is not None and has_submit_button(form)):
            self._emptied = field, action

    def note_added(self, node: Node) -> None:
        """Note that a node was added to the page."""
        now, typing = self._moment.now, self._typing
        if self._emptied is not None and now - self._emptied[1].at <= _ANSWERED_WITHIN:
            field, action = self._emptied
            if "perhaps" not in action.details and field not in upwards(node):
                action.details["perhaps"] = "enter"
        elif typing is not None and not typing.has_answers and now - typing.last <= _ANSWERED_WITHIN:
            typing.has_answers = all(above.id != typing.node_id for above in upwards(node))

    def _type(self, field: Node, value: str) -> None:
        typing, cause = self._typing, self._cause(field)
        is_taken_over = typing is not None and "by" in typing.action.details and "by" not in cause
        if typing is None or typing.node_id != field.id or is_taken_over:
            self.end()
            action = self._moment.action("input", field.id, **cause)
            typing = self._typing = _Typing(
                field.id, action, self._moment.now, self._secrets.is_named_secret(field, self._moment.page)
            )
        typing.last = self._moment.now
        details = typing.action.details
        for name in ("value", "is_cut"):
            details.pop(name, None)
        if typing.is_secret or self._secrets.is_secret(field):
            details["is_password"] = True
        elif value == _MASKED or self._moment.is_lost:
            details["is_masked"] = True
        elif "is_masked" not in details and "is_password" not in details:
            details["value"] = value[:_MAX_VALUE]
            if len(value) > _MAX_VALUE:
                details["is_cut"] = True

    def _cause(self, field: Node) -> dict[str, Any]:
        return {} if self._moment.is_lost or self._is_used(field) else {"by": "script"}

    def _option_text(self, option: Node) -> str | None:
        """The label of an option; None if it is masked."""
        texts = (child.text for child in option.children[:_MAX_TEXTS] if child.kind is NodeKind.TEXT)
        text = option.attributes.get("label") or " ".join(" ".join(text[:_MAX_VALUE] for text in texts).split())
        return None if self._secrets.is_masked(option, text) else text[:_MAX_VALUE]


def _is_editable(node: Node) -> bool:
    return node.attributes.get("contenteditable", "false") != "false"


def _lines_in(editable: Node) -> str:
    """The text that somebody edits, line by line."""
    lines, line = list[str](), ""
    for node in islice(walk(editable), 1, _MAX_OPTIONS):
        if node.kind is NodeKind.TEXT:
            line += node.text[:_MAX_VALUE].translate(_FILLERS)
        elif (node.name == "br" and (node.next_sibling is not None or node.previous_sibling is None)) or (
            node.kind is NodeKind.ELEMENT and node.name not in INLINE and line.strip()
        ):
            lines, line = [*lines, line], ""
    return "\n".join(" ".join(one.split()) for one in [*lines, line]).strip()[:_MAX_VALUE]
