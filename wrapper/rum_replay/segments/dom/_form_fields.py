"""The state of form fields, which SDKs record in the attributes `value`, `checked` and `selected`.

The HTML Standard defines which fields keep their value in the `value` attribute and which keep it separately:
https://html.spec.whatwg.org/multipage/input.html#dom-input-value
"""

from __future__ import annotations

from itertools import islice

from ._nodes import Node, walk
from ._roles import upwards

__all__ = [
    "FORM_FIELDS",
    "form_of",
    "has_submit_button",
    "holds_value",
    "is_checkable",
    "option_value",
    "owning_select",
    "submits",
    "take_initial_state",
    "written_value",
]

FORM_FIELDS = frozenset({"input", "textarea", "select", "option"})
"""The names of elements with a state."""

_VALUE_IS_ATTRIBUTE = frozenset({"hidden", "submit", "image", "reset", "button"})
_MAX_TEXT = 10_000  # Characters of an option's text.
_MAX_TYPE = 20  # Characters, so that a longer one, which is unknown, is not read each time.
_MAX_NODES = 1_000  # Nodes of a form that are looked at.
_CHECKABLE = frozenset({"checkbox", "radio"})
_NO_SUBMIT = frozenset({"button", "reset"})


def is_checkable(node: Node) -> bool:
    """Whether a node is a check box, a radio button or an option."""
    return node.name == "option" or (node.name == "input" and _type(node) in _CHECKABLE)


def holds_value(node: Node) -> bool:
    """Whether a node keeps its value separately from its `value` attribute, as text fields and selects do."""
    return node.name in ("textarea", "select") or (
        node.name == "input" and _type(node) not in _VALUE_IS_ATTRIBUTE | _CHECKABLE
    )


def take_initial_state(node: Node) -> None:
    """Move the state that the SDK recorded in the attributes of a new node to the node's own fields.

    SDKs do not record empty values and unchecked boxes.
    """
    attributes = node.attributes
    if node.name not in FORM_FIELDS or attributes.get("data-dd-privacy") == "hidden":
        return
    if holds_value(node):
        node.value = attributes.pop("value", "")
        return
    if node.name == "option":
        node.checked = attributes.pop("selected", None) is not None
        return
    if is_checkable(node):
        node.checked = attributes.pop("checked", None) is not None
        if attributes.get("value") == "on":
            # The default of HTML for a missing attribute, which SDKs write out.
            del attributes["value"]
        node.value = attributes.get("value", "on")
    else:
        node.value = attributes.get("value", "")


def written_value(field: Node) -> str | None:
    """What its `value` attribute must be to show its value; None if it has none.

    A button that has no such attribute has a label of its own, which an empty value would replace.
    """
    has_own_label = not field.value and "value" not in field.attributes and not holds_value(field)
    return None if has_own_label else field.value


def owning_select(option: Node) -> Node | None:
    """The select that contains an option, directly or in an optgroup."""
    parent = option.parent
    if parent is not None and parent.name == "optgroup":
        parent = parent.parent
    return parent if parent is not None and parent.name == "select" else None


def option_value(option: Node) -> str:
    """The value that the select has when this option is selected."""
    if (value := option.attributes.get("value")) is not None:
        return value
    return " ".join(option.first_child.text[:_MAX_TEXT].split()) if option.first_child is not None else ""


def _type(field: Node) -> str:
    return field.attributes.get("type", "text")[:_MAX_TYPE].lower()


def form_of(node: Node) -> Node | None:
    """The form that a node is in."""
    return next((one for one in upwards(node) if one.name == "form"), None)


def submits(control: Node) -> bool:
    """Whether an element is a button that submits its form, as browsers do for Enter in a field of it."""
    kind = _type(control)
    return (
        kind in ("submit", "image") if control.name == "input" else control.name == "button" and kind not in _NO_SUBMIT
    )


def has_submit_button(form: Node) -> bool:
    """Whether a form has such a button."""
    return any(map(submits, islice(walk(form), _MAX_NODES)))
