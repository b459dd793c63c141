"""Text that is typed into a field, which is recorded letter by letter: as one action for each text."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

import attrs

from ..dom import Effect, Node, NodeAdded, TextSet
from ..dom._form_fields import form_of, has_submit_button
from ..dom._nodes import walk
from ..dom._roles import native_role_of, upwards
from ..records import Number
from ..summary._activity import ACTIVITY_GAP
from ..summary._fields import MASKED
from ._moment import Action, Moment
from ._open_layers import open_as
from ._pointers import TEXT_ROLES, Pointers
from ._secrets import Secrets

__all__ = ["MAX_VALUE", "Typing"]

MAX_VALUE = 10_000
"""Characters of a text that are kept."""

_ANSWERED_WITHIN = 150
"""Milliseconds from a change of a text to what the page adds because of it. SDKs record changes up to 0.1 s late."""

_PAUSE = ACTIVITY_GAP
"""Milliseconds after which further typing in the same field is another action."""

_PRESSED = 500
"""Milliseconds for which a pointer may be down until something changes, or changes again."""

_IN_PARTS = frozenset({"date", "datetime-local", "month", "number", "time", "week"})
"""Types of fields that hold nothing while what is typed is no whole value, such as a day without a month."""

_COMPOSED = "\u2e80"
"""The first of the letters for which others are typed."""

_LED_ON = 100
"""Milliseconds from when a field loses the focus until something else has it, as after Tab."""

_SHOWN = 1_000
"""Milliseconds from when a field is left until the page shows what was typed, or another field in its place."""

_WITH_LETTER = 100
"""Milliseconds after a letter in which no key follows: what happens then, the page does because of the letter."""

_KEYLESS = frozenset({"by", "is_password", "unknown"})
"""Details of texts that no key ended, such as codes, after which pages go on by themselves."""

_DISABLED = frozenset({"fieldset", "input"})
_FORM_DEPTH = 10
_MAX_BEFORE = 20
_MAX_ADDED = 20

E = TypeVar("E")


@attrs.define
class _Text(Generic[E]):
    """Text that is being typed into a field, or a script's changes of it."""

    node_id: int
    action: Action[E]
    last: Number
    """When it went on, in milliseconds of Unix time."""

    is_secret: bool
    """Whether the field is known by a name that says so."""

    before: deque[tuple[Number, str | None]] = attrs.field(factory=lambda: deque[Any](maxlen=_MAX_BEFORE))
    """When its last changes were made, and the text before each, if it was typed."""

    held: str = ""
    """What the field held before."""

    ends_otherwise: bool = False
    """Whether the field may go for another reason than a key, or what a key does there is said anyway."""

    left: Number | None = None
    """When it went, or the focus did."""

    answered: Number | None = None
    """When the page first changed what it has while the text is typed, such as to what it finds."""


class Typing(Generic[E]):
    """The text that is being typed in a view."""

    def __init__(self, moment: Moment[E], secrets: Secrets, pointers: Pointers[E]) -> None:
        self._moment = moment
        self._secrets = secrets
        self._pointers = pointers
        self._text: _Text[E] | None = None
        self._emptied: tuple[Node, Action[E], str] | None = None
        """The field whose text went at once, if that may be because of a key, and what the page must add then."""

        self._added_at: Number | None = None
        self._added: list[Node] = []
        """What the page added last, and when."""

    @property
    def since(self) -> Number | None:
        """When the text was begun that has not ended, in milliseconds of Unix time."""
        return None if self._text is None else self._text.action.at

    def start(self) -> None:
        """A new page; ids begin anew."""
        self.end()
        self._emptied = None

    def pause(self) -> None:
        """End a text that has paused or was left by now."""
        text, now = self._text, self._moment.now
        if text is not None and (now - text.last > _PAUSE or (text.left is not None and now - text.left > _SHOWN)):
            self.end()

    def end(self) -> None:
        """End the text."""
        if self._text is not None:
            self._moment.add(self._text.action)
        self._text = None

    def set(self, field: Node, before: str | bool | None, value: str) -> None:
        """A field has another text than before."""
        held = before if isinstance(before, str) else ""
        is_gone = len(held) > 1 and not value.strip() and not self._moment.is_lost
        if is_gone and field.attributes.get("type", "").lower() not in _IN_PARTS and not self._is_secret(field):
            self._empty(field, held.strip())
        else:
            self._type(field, value, held.strip())

    def leave(self, effects: Sequence[Effect], *, by_key: bool) -> None:
        """After a record: if the field is gone, or the focus went nowhere, perhaps a key ended the text.

        `by_key` is whether nothing else explains that.
        """
        text = self._text
        if text is None or text.ends_otherwise:
            return
        field, details = self._moment.find(text.node_id), text.action.details
        if text.left is None:
            text.ends_otherwise = not by_key or (field is not None and _is_disabled(field))
            text.left = self._left(text, field)
        if text.left is None:
            return
        if field is None and any(isinstance(one, NodeAdded) and _is_for_text(one.node) for one in effects):
            text.ends_otherwise = True  # It is drawn anew, or the page leads on to the next one.
        if text.ends_otherwise:
            details.pop("perhaps", None)
        elif "perhaps" not in details and (key := _key_for(text, field, effects)) is not None:
            details["perhaps"] = key

    def _left(self, text: _Text[E], field: Node | None) -> Number | None:
        """When the focus went from the field to nothing, or that was removed; None if it did not, or nobody asks."""
        focus, details, now = self._pointers.focus, text.action.details, self._moment.now
        is_lost = focus.node_id is None and focus.left == text.node_id
        is_gone = field is None and focus.node_id in (None, text.node_id)
        if not (is_gone or (is_lost and now - focus.since > _LED_ON)) or self._moment.is_lost:
            return None
        if not _KEYLESS.isdisjoint(details) or details.get("value") == "" or self._pointers.used_at >= text.last:
            return None
        left = focus.since if is_lost else now
        text.ends_otherwise = left - text.last <= _WITH_LETTER or (field is not None and self._hides_something())
        return left

    def _hides_something(self) -> bool:
        """Whether something is hidden for privacy, to which the focus may have gone, unrecorded."""
        root = self._moment.page.root
        return root is not None and any(one.size is not None for one in walk(root))

    def navigate(self) -> None:
        """Another page is shown: the field has gone with the one before."""
        if self._text is not None and self._text.left is not None:
            self._text.action.details.pop("perhaps", None)

    def set_unknown(self, field_id: int) -> None:
        """A field that is not known, because records are missing, has another text than before."""
        if self._text is None or self._text.node_id != field_id:
            self.end()
            action = self._moment.action("input", field_id, is_masked=True)
            self._text = _Text(field_id, action, self._moment.now, is_secret=False)
        self._text.last = self._moment.now

    def take_back(self, field_id: int, values: frozenset[str]) -> None:
        """The last changes of the text, as far as they were to these values, were no typing."""
        text = self._text
        if text is None or text.node_id != field_id:
            return
        details = text.action.details
        while details.get("value") in values:
            _, before = text.before.pop() if text.before else (None, None)
            if before is None:
                self._text = None
                return
            details["value"] = before

    def choose(self, field_id: int) -> None:
        """An item was chosen in a field: if its text has just gone, that is why."""
        field, action, _ = self._emptied or (None, None, "")
        if (
            field is not None
            and action is not None
            and field.id == field_id
            and self._moment.now - action.at <= _PRESSED
        ):
            action.details.pop("perhaps", None)
            action.details["by"] = "script"

    def release(self) -> None:
        """A pointer went up whose press is not recorded: what changed meanwhile, such as a number, was not typed."""
        text = self._text
        field = None if text is None else self._moment.find(text.node_id)
        since = None if field is None else self._pointers.pressed_beside(field)
        if text is None or field is None or since is None or "by" in text.action.details:
            return
        at, value = self._moment.now, text.action.details.get("value")
        before: str | None = value
        while text.before and text.before[-1][0] >= since and at - text.before[-1][0] <= _PRESSED:
            at, before = text.before.pop()
        if at == self._moment.now:
            return
        if before is None:
            text.action.details["by"] = "script"
        elif value is not None:
            text.action.details["value"] = before
            self.end()
            script = self._moment.action("input", field.id, value=value, by="script")
            self._moment.add(attrs.evolve(script, at=at))

    def note_added(self, node: Node) -> None:
        """Note that a node was added to the page."""
        now = self._moment.now
        if self._added_at != now:
            self._added_at, self._added = now, []
        if len(self._added) < _MAX_ADDED:
            self._added.append(node)
        if self._emptied is not None and now - self._emptied[1].at <= _ANSWERED_WITHIN:
            self._answer(node)
        else:
            self._note_answer(node)

    def note_removed(self, parent: Node) -> None:
        """Note that a node was removed from another one."""
        self._note_answer(parent)

    def _note_answer(self, node: Node) -> None:
        """The page adds a node, or removes something in it."""
        now, text = self._moment.now, self._text
        if text is not None and text.answered is None and now - text.last <= _ANSWERED_WITHIN:
            text.answered = now if all(above.id != text.node_id for above in upwards(node)) else None

    def _answer(self, node: Node) -> None:
        """The page adds a node when a field is emptied."""
        if self._emptied is not None:
            field, action, wanted = self._emptied
            if "perhaps" not in action.details and wanted in node.text and field not in upwards(node):
                action.details["perhaps"] = "enter"

    def _is_secret(self, field: Node) -> bool:
        return self._secrets.is_secret(field) or self._secrets.is_named_secret(field, self._moment.page)

    def _empty(self, field: Node, held: str) -> None:
        """A text is gone at once: what was typed until then is not lost, such as a message that was sent."""
        text, now = self._text, self._moment.now
        is_left = text is None or text.node_id != field.id
        has_answers = is_left or (text is not None and text.answered is not None and text.answered < now)
        # What the page has changed with each letter, such as what it finds, it changes again with none; that it adds
        # the text shows a key. So it does of a text that somebody has come back to.
        typed = held if has_answers else ""
        self.end()
        # Only people choose files, and only scripts take them away.
        is_file = field.attributes.get("type", "").lower() == "file"
        cause = {"by": "script"} if is_file else self._pointers.cause_of_change(field)
        action = self._moment.add(self._moment.action("input", field.id, value="", **cause))
        form = form_of(field)
        # Enter in a form with such a button would have clicked it, and the x in a field for searches is clicked.
        is_sent = "by" not in action.details and not (form is not None and has_submit_button(form))
        is_sent = is_sent and not self._pointers.are_in_use
        if is_sent and bool(typed) == has_answers:
            self._emptied = field, action, typed
            for node in self._added if self._added_at == self._moment.now else ():
                self._answer(node)  # The same record added it.

    def _type(self, field: Node, value: str, held: str) -> None:
        text, cause = self._text, self._pointers.cause_of_change(field)
        is_taken_over = text is not None and ("by" in text.action.details) != ("by" in cause)
        is_replaced = text is not None and _replaces(value, text.action.details.get("value", ""))
        if text is None or text.node_id != field.id or is_taken_over or is_replaced:
            self.end()
            action = self._moment.action("input", field.id, **cause)
            is_secret = self._secrets.is_named_secret(field, self._moment.page)
            text = self._text = _Text(field.id, action, self._moment.now, is_secret, held=held)
            text.ends_otherwise = not _ends_by_key(field)
        text.last = self._moment.now
        details = text.action.details
        text.before.append((self._moment.now, details.get("value")))
        for name in ("value", "is_cut"):
            details.pop(name, None)
        if text.is_secret or self._secrets.is_secret(field):
            details["is_password"] = True
        elif value == MASKED or self._moment.is_lost:
            details["is_masked"] = True
        elif "is_masked" not in details and "is_password" not in details:
            details["value"] = value[:MAX_VALUE]
            if len(value) > MAX_VALUE:
                details["is_cut"] = True


def _ends_by_key(field: Node) -> bool:
    """Whether a key may end a text, unseen: in a form with a button, Enter would have clicked that."""
    form = form_of(field)
    is_alone = form is None or not has_submit_button(form)
    return field.name == "input" and is_alone and all(open_as(one) is None for one in upwards(field))


def _is_disabled(field: Node) -> bool:
    """Whether the page disables a field, as while it saves, so that it loses the focus."""
    return any("disabled" in one.attributes for one in islice(upwards(field), _FORM_DEPTH) if one.name in _DISABLED)


def _is_for_text(node: Node) -> bool:
    return native_role_of(node) in TEXT_ROLES


def _key_for(text: _Text[Any], field: Node | None, effects: Sequence[Effect]) -> str | None:
    """The key that may have ended a text: if the field is gone, the page shows what was typed, or was there before."""
    added = [plain for effect in effects if (plain := _plain(_written(effect)))]
    is_kept = any(_plain(text.action.details.get("value", "")) in one for one in added)
    if _plain(text.held) in added and not is_kept:
        return "escape"
    return "enter" if is_kept or field is not None else None


def _plain(text: str) -> str:
    """The letters and digits of a text, which pages may show in another form."""
    return "".join(filter(str.isalnum, text[:MAX_VALUE])).casefold()


def _written(effect: Effect) -> str:
    """The text that an effect shows."""
    if isinstance(effect, NodeAdded):
        return effect.node.text
    return effect.text if isinstance(effect, TextSet) else ""


def _replaces(value: str, before: str) -> bool:
    """Whether a letter takes the place of a whole text, which was selected, or has gone unrecorded when it was sent."""
    # As for Chinese and Japanese, several letters may be typed for a single one, which takes their place then.
    is_typed = len(value) == 1 and value < _COMPOSED
    return is_typed and len(before) > 2 and value not in (before[0], before[-1])
