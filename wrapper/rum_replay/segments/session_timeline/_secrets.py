"""Which fields hold passwords, and which text is masked; neither is ever shown."""

from __future__ import annotations

import re

from ..dom import Node, Page, nodes_below
from ..dom._accessible_names import name_of
from ..dom._element_names import is_in_masked_part, is_masked_text

__all__ = ["Secrets"]

_MAX_LENGTH = 200
_SECRET_WORD = re.compile(
    r"pass[-_ ]?(?:word|wort|wd|code|phrase)|pwd|kennwort|mot[-_ ]?de[-_ ]?passe|contrase[nñ]a|one-time-code|cc-csc"
    r"|cc-number|security[-_ ]?code|secret|(?<![a-z])(?:cv[vc]|mdp|otp|pass|pin|pw)(?![a-z])"
    # The same as a part of names such as `cardCvc` and `pinCode`.
    r"|(?-i:(?:(?<=[a-z])(?:C[Vv][VvCc]|O[Tt][Pp]|Pass|P[Ii][Nn]|P[Ww])|(?<![A-Za-z])(?:cv[vc]|otp|pass|pin|pw))(?![a-z]))",
    re.IGNORECASE,
)
_WORDY = ("id", "name", "autocomplete", "aria-label", "placeholder", "title")


class Secrets:
    """The fields of a view that hold or held passwords: pages show them as text if people want to see them."""

    def __init__(self) -> None:
        self._fields: set[int] = set()

    def start(self, root: Node) -> None:
        """A new page; ids begin anew."""
        self._fields = {node.id for node in nodes_below(root) if _is_password(node)}

    def note(self, node: Node) -> None:
        """A node that is new, or changed."""
        if _is_password(node):
            self._fields.add(node.id)

    def is_secret(self, field: Node) -> bool:
        """Whether a field holds a password or the like: by its type, now or before, or by how the page calls it."""
        if field.id in self._fields:
            return True
        return any(_SECRET_WORD.search(field.attributes.get(name, "")[:_MAX_LENGTH]) for name in _WORDY)

    @staticmethod
    def is_named_secret(field: Node, page: Page) -> bool:
        """Whether the name by which people know a field, such as that of its label, says that it holds a password."""
        return _SECRET_WORD.search(name_of(field, page).text[:_MAX_LENGTH]) is not None

    @staticmethod
    def is_masked(node: Node, text: str) -> bool:
        """Whether the text of a node is hidden for privacy."""
        return is_masked_text(text) or is_in_masked_part(node)


def _is_password(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("type", "")[:20].lower() == "password"
