"""Which fields hold passwords, and which text is masked; neither is ever shown."""

from __future__ import annotations

import re
from itertools import islice

from ..dom import Node, Page, nodes_below
from ..dom._names.accessible_names import name_of
from ..dom._names.element_names import is_masked
from ..dom._nodes import walk
from ..dom._roles import upwards

__all__ = ["Secrets"]

_MAX_LENGTH = 200
_MAX_TYPE = 20
_FOR_LOGIN = (
    r"pass[-_ ]?(?:word|wort|wd|code|phrase)|pwd|kennwort|mot[-_ ]?de[-_ ]?passe|contrase[nñ]a|senha|wachtwoord|heslo"
    r"|has[lł]o|l[oö]senord|adgangskode|salasana|jelsz[oó]|[sş]ifre|mật khẩu|kata sandi|парол|κωδικός πρόσβασης"
    r"|parol[aă](?![a-z])|(?:user|login)pass(?![a-z])|(?<![a-z])(?<!palabra )(?<!palabras )clave(?![a-z])"
    r"|סיסמ[הא]|كلمة (?:المرور|السر)|पासवर्ड|รหัสผ่าน|パスワード|暗証番号|密[码碼]|비밀번호"
)


def _not_after(*words: str) -> str:
    return f"(?i:{''.join(f'(?<!{word})(?<!{word}[-_ ])' for word in words)})"


_NO_PASS = _not_after(
    *("boarding", "bus", "day", "guest", "lift", "parking", "rail", "season", "ski", "train", "travel", "visitor")
)
_NO_RATE = "(?![-_ /](?:fail|rate|through))"
_NO_CARD = _not_after("bonus", "club", "library", "loyalty", "member", "membership", "rewards")
_FOR_CODES = (
    r"one-time-code|totp|(?-i:(?<![A-Za-z])(?:[im]|push|chip|sms)?TAN(?![A-Za-z]))|[0-9][-_ ]digit[-_ ]code"
    r"|(?:auth|authentication|authenticator|recovery|security|sms|verification|[2m]fa|one[-_ ]time|login|backup|access)"
    r"[-_ ]?code"
    r"|(?:sicherheits|bestätigungs|einmal|zugangs)code|geheimzahl"
    r"|code (?:de )?(?:s[eé]curit[eé]|v[eé]rification|secret)|c[oó]digo (?:de )?(?:seguridad|segurança|verifica|sms)"
    r"|codice (?:di )?(?:sicurezza|verifica)|(?:確認|認証|セキュリティ)コード|验证码|驗證碼|인증 ?번호"
)
_FOR_CARDS = (
    r"cc-csc|(?<![a-z])cc[-_ ]?num(?:ber)?(?![a-z])|(?:credit|debit)[-_ ]?card(?![-_ ]?(?:type|holder|name|expir))"
    rf"|{_NO_CARD}card[-_ ]?(?:number|no)(?![a-z])|card[-_ ]verification|(?<![a-z])(?:csc|cvn)(?![a-z])"
    r"|pr[üu]f(?:nummer|ziffer)"
    r"|(?<!kunden)(?<!mitglieds)(?<!bibliotheks)(?<!bonus)kartennummer|num[eé]ro de (?:la )?carte(?! de fid)"
    r"|n[uú]mero (?:de|da|do) (?:la )?(?:tarjeta|cart[ãa]o)|numero (?:della )?carta|numer karty|k(?:or|aar)tnummer"
    r"|номер карты|カード番号|카드 ?번호|卡号"
)
_FOR_KEYS = (
    r"secret(?!ar)(?![-_ ]santa)|(?:api|access|private|recovery|encryption|network|wi-?fi|wpa2?)[-_ ]?key"
    r"|(?:seed|recovery)[-_ ]?phrase|mnemonic|security[-_ ]answer|memorable[-_ ]word"
    r"|(?<![a-z])ssn(?![a-z])|social[-_ ]security[-_ ](?:number|no)(?![a-z])"
)
_SECRET_WORD = re.compile(
    rf"{_FOR_LOGIN}|{_FOR_CODES}|{_FOR_CARDS}|{_FOR_KEYS}"
    rf"|(?<![a-z])(?:cv[vc]|mdp|otp|{_NO_PASS}pass{_NO_RATE}|pin|pw"
    r"|token(?![-_ ](?:amount|name|symbol)))(?![a-z])"
    # The same as a part of names such as `cardCvc`, `PinInput` and `pinCode`.
    rf"|(?-i:(?:(?<=[a-z])(?:C[Vv][VvCc]|O[Tt][Pp]|{_NO_PASS}Pass{_NO_RATE}|P[Ii][Nn]|P[Ww]|Token)"
    rf"|(?<![A-Za-z])(?:[Cc][Vv][VvCc]|[Oo][Tt][Pp]|{_NO_PASS}[Pp]ass{_NO_RATE}|[Pp][Ii][Nn]|[Pp][Ww]))(?![a-z]))",
    re.IGNORECASE,
)
"""What fields for passwords and codes are called. Pages that show a password as text may make a new field for that."""

_OTHER_WORD = re.compile(r"postal|postcode|zip[-_ ]?code", re.IGNORECASE)
"""What else fields are called that are also called PIN code, as in India."""

_OTHER_TYPES = frozenset({"date", "datetime-local", "email", "month", "search", "time", "url", "week"})
_OTHER_CONTENT = frozenset(
    {"country", "country-name", "email", "family-name", "given-name", "postal-code", "street-address"}
)
"""What `autocomplete` says of fields that hold no secret, whatever they are called."""

_CHARACTERS_OF_CODES = range(4, 9)
_MOST_BOXES = 2 * _CHARACTERS_OF_CODES[-1]
"""Of a code that is typed twice; more are a puzzle or a table."""

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
        if _is_for_something_else(field):
            return False
        is_called_so = any(_SECRET_WORD.search(field.attributes.get(name, "")[:_MAX_LENGTH]) for name in _WORDY)
        return is_called_so or _is_box_of_code(field)

    @staticmethod
    def is_named_secret(field: Node, page: Page) -> bool:
        """Whether the name by which people know a field, such as that of its label, says that it holds a password."""
        name = name_of(field, page).text[:_MAX_LENGTH]
        return _SECRET_WORD.search(name) is not None and not _is_for_something_else(field)

    @staticmethod
    def is_masked(node: Node, text: str) -> bool:
        """Whether the text of a node is hidden for privacy."""
        return is_masked(node, text)


def _is_for_something_else(field: Node) -> bool:
    """Whether the page says that a field holds something that is no secret."""
    attributes = field.attributes
    if attributes.get("type", "")[:_MAX_TYPE].lower() in _OTHER_TYPES:
        return True
    if not _OTHER_CONTENT.isdisjoint(attributes.get("autocomplete", "")[:_MAX_LENGTH].lower().split()):
        return True
    return any(_OTHER_WORD.search(attributes.get(name, "")[:_MAX_LENGTH]) for name in _WORDY)


def _is_box_of_code(field: Node) -> bool:
    """Whether a field is one of the few side by side for one character each, as there are for codes."""
    if not _takes_one_character(field):
        return False
    around = islice(upwards(field), 1, _MAX_AROUND)
    boxes = [sum(map(_takes_one_character, islice(walk(one), _MAX_NEAR))) for one in around]
    return any(count in _CHARACTERS_OF_CODES for count in boxes) and max(boxes) <= _MOST_BOXES


def _takes_one_character(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("maxlength") == "1"


def _is_password(node: Node) -> bool:
    return node.name == "input" and node.attributes.get("type", "")[:_MAX_TYPE].lower() == "password"
