"""Which fields hold passwords, and which text is masked; neither is ever shown."""

from __future__ import annotations

import re
from itertools import islice

from ..dom import Node, Page, nodes_below
from ..dom._accessible_names import name_of
from ..dom._element_names import is_in_masked_part, is_masked_text
from ..dom._nodes import walk
from ..dom._roles import upwards

__all__ = ["Secrets"]

_MAX_LENGTH = 200
_FOR_LOGIN = (
    r"pass[-_ ]?(?:word|wort|wd|code|phrase)|pwd|kennwort|mot[-_ ]?de[-_ ]?passe|contrase[nñ]a|senha|wachtwoord|heslo"
    r"|has[lł]o|l[oö]senord|adgangskode|salasana|jelsz[oó]|[sş]ifre|mật khẩu|kata sandi|парол|κωδικός πρόσβασης"
    r"|סיסמ[הא]|كلمة (?:المرور|السر)|पासवर्ड|รหัสผ่าน|パスワード|暗証番号|密[码碼]|비밀번호"
)
_SECRET_WORD = re.compile(
    rf"{_FOR_LOGIN}|one-time-code|cc-csc|cc-number|secret|(?:api|access|private)[-_ ]?key"
    r"|card[-_ ]?(?:number|no)(?![a-z])"
    r"|(?:auth|authentication|recovery|security|sms|verification|[2m]fa)[-_ ]?code|(?:sicherheits|bestätigungs)code"
    r"|kartennummer|(?<![a-z])(?:cv[vc]|mdp|otp|pass|pin|pw|token)(?![a-z])"
    # The same as a part of names such as `cardCvc`, `PinInput` and `pinCode`.
    r"|(?-i:(?:(?<=[a-z])(?:C[Vv][VvCc]|O[Tt][Pp]|Pass|P[Ii][Nn]|P[Ww]|Token)"
    r"|(?<![A-Za-z])(?:[Cc][Vv][VvCc]|[Oo][Tt][Pp]|[Pp]ass|[Pp][Ii][Nn]|[Pp][Ww]))(?![a-z]))",
    re.IGNORECASE,
)
"""What fields for passwords and codes are called. Pages that show a password as text may make a new field for that."""

_CHARACTERS_OF_CODES = range(4, 9)
_MAX_AROUND = 5
_MAX_NEAR = 100
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
        """Whether a field holds a password or the like: by type, now or before, by name or by size."""
        if field.id in self._fields:
            return True
        is_called_so = any(_SECRET_WORD.search(field.attributes.get(name, "")[:_MAX_LENGTH]) for name in _WORDY)
        return is_called_so or _is_box_of_code(field)

    @staticmethod
    def is_named_secret(field: Node, page: Page) -> bool:
        """Whether the name by which people know a field, such as that of its label, says that it holds a password."""
        return _SECRET_WORD.search(name_of(field, page).text[:_MAX_LENGTH]) is not None

    @staticmethod
    def is_masked(node: Node, text: str) -> bool:
        """Whether the text of a node is hidden for privacy."""
        return is_masked_text(text) or is_in_masked_part(node)


def _is_box_of_code(field: Node) -> bool:
    """Whether a field is one of the few side by side for one character each, as there are for codes."""
    if not _takes_one_character(field):
        return False
    around = islice(upwards(field), 1, _MAX_AROUND)
    return any(sum(map(_takes_one_character, islice(walk(one), _MAX_NEAR))) in _CHARACTERS_OF_CODES for one in around)


def _takes_one_character(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("maxlength") == "1"


def _is_password(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("type", "")[:20].lower() == "password"
