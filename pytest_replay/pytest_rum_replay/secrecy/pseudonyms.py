"""Personal fields replaced by pseudonyms; the same value always gets the same pseudonym.

According to the contract's schemas, personal fields are: the creator of a resource (a playlist's `created_by` object; a
snapshot's `created_by`, `created_by_handle` and `created_by_user_id`; the filters by creator), a watcher and its id,
`usr` in the data of a session and in events, and the values of `@usr.…` in the query of a search. In addition, any
object with a `handle` or an `email` is treated as a person. A playlist's name is not personal, and free text such as
its description is searched only for addresses, UUIDs and URLs that are known from a personal field.

People are numbered by first appearance. A pseudonym is of the same kind as the value it replaces: an e-mail address
becomes an e-mail address, and likewise a UUID, a URL or a number. Pseudonyms found in a replayed answer keep their
number.
"""

import json
import re
from collections.abc import Iterator
from functools import partial
from typing import cast
from urllib.parse import quote, unquote_plus

from pytest_rum_replay.secrecy.json_text import JSON, Path, Scalar, encoded, replace_spans, scalars
from pytest_rum_replay.secrecy.known_values import spelling_pattern

__all__ = ["PERSON_FIELDS", "ROLES", "SHARED_FIELDS", "Pseudonyms"]

Field = tuple[Path, str, str | int]
"""The path of a personal value, the name of its field, and the value."""

ROLES = ("created_by", "updated_by", "modified_by", "deleted_by", "watched_by", "owned_by", "shared_by")
"""Fields that are a person, as an object or by name; `ROLE_FIELD` is one of the person's fields."""

PERSON_FIELDS = ("handle", "email", "name", "icon", "id", "uuid", "user_id")
"""The fields of a person that are replaced."""

SHARED_FIELDS = frozenset({"name", "icon"})
"""Fields that two people may have in common, so that they do not identify a person."""

_PERSON = re.compile(rf"{'|'.join(ROLES)}|usr|user")
_OF_PERSON = re.compile(
    rf"(?P<person>{'|'.join(ROLES)})(?:_(?P<field>{'|'.join(PERSON_FIELDS)}))?|(?P<user>@?usr)\.(?P<attribute>.+)"
)
_FILTER = re.compile(r"filter\[([^\]]+)\]")
_QUOTED = r'"(?:[^"\\]|\\.)*+"'
_VALUE = rf'{_QUOTED}|(?:[^\s()"\\]|\\.)++'
_IN_SEARCH = re.compile(rf"{_QUOTED}|(@usr\.([\w.-]+):)(\((?>{_VALUE}|\s)*+|{_VALUE})", re.DOTALL)
_SEARCHED = re.compile(_VALUE, re.DOTALL)
_NO_VALUE = re.compile(r'OR|TO|\*|""|[<>\[].*|.*\]', re.DOTALL)
"""Words of the syntax, comparisons, ranges and an empty text."""

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_URL = re.compile(r"(?:https?:)?//\S+")
_FIRST_NUMBER = 900_000_000  # ids of people: unlikely in a real organization, and within 32 bits
_PSEUDONYM = re.compile(
    r"user-(\d+)@example\.com|00000000-0000-4000-8000-(\d{12})|https://example\.com/user-(\d+)|User (\d+)"
    r"|user-(\d+)(?:-[\w.]+)?"
)


class Pseudonyms:
    """The pseudonyms of one cassette."""

    def __init__(self) -> None:
        self._numbers: dict[str | int, int] = {}
        self._last = 0
        self._everywhere: dict[str, tuple[re.Pattern[bytes], str]] = {}

    def apply(self, value: JSON) -> JSON:
        """A copy of a JSON document with pseudonyms."""
        return self._copy(value, (), self._edits(value))

    def document(self, body: bytes) -> bytes:
        """A body with pseudonyms, otherwise unchanged. In a body that is not JSON only known values are replaced."""
        try:
            value = cast(JSON, json.loads(body))
        except (ValueError, RecursionError):
            return self.text(body)
        edits = self._edits(value)
        spans = ((start, end, encoded(edits[path])) for path, start, end in scalars(body) if path in edits)
        return self.text(replace_spans(body, spans) if edits else body)

    def url(self, url: str) -> str:
        """A URL with pseudonyms in its filters by person."""
        base, mark, query = url.partition("?")
        pairs = (self._pair(pair) for pair in query.split("&"))
        return self.text((base + mark + "&".join(pairs)).encode()).decode()

    def text(self, data: bytes) -> bytes:
        """Any text, with the addresses, UUIDs and URLs known so far replaced by their pseudonyms."""
        may_be_escaped = b"%" in data or b"\\" in data or b"&" in data
        for original, (pattern, pseudonym) in self._everywhere.items():
            if may_be_escaped or original.encode("utf-8", "surrogatepass") in data:
                data = pattern.sub(partial(_spelled_like, pseudonym), data)
        return data

    def _pair(self, pair: str) -> str:
        name, equals, value = pair.partition("=")
        name_in_filter = _FILTER.fullmatch(unquote_plus(name))
        match = _OF_PERSON.fullmatch(name_in_filter.group(1) if name_in_filter else unquote_plus(name))
        if match is None or not value:
            return pair
        original = unquote_plus(value)
        pseudonym = self._replacements([((), _field_of(match), original)])[()]
        return pair if pseudonym == original else f"{name}{equals}{quote(str(pseudonym), safe='')}"

    def _edits(self, document: JSON) -> dict[Path, Scalar]:
        edits: dict[Path, Scalar] = {}
        for person in _people(document, ()):
            edits |= self._replacements(person)
        query = _search_of(document)
        return edits if query is None else edits | {("filter", "query"): _IN_SEARCH.sub(self._searched, query)}

    def _searched(self, term: re.Match[str]) -> str:
        """A term of a search with pseudonyms, if it is about a person."""
        if term[1] is None:
            return term[0]

        def replaced(found: re.Match[str]) -> str:
            written = found[0]
            if _NO_VALUE.fullmatch(written):
                return written
            value = re.sub(r"\\(.)", r"\1", written[1:-1] if written[0] == '"' else written, flags=re.DOTALL)
            pseudonym = self._replacements([((), term[2], value)])[()]
            return written if pseudonym == value else f'"{pseudonym}"'

        return term[1] + _SEARCHED.sub(replaced, term[3])

    def _replacements(self, person: list[Field]) -> dict[Path, Scalar]:
        """Pseudonyms for the values of one person."""
        identifying = [value for _, field, value in person if field not in SHARED_FIELDS]
        number = next(filter(None, map(self._number_of, identifying or [value for _, _, value in person])), None)
        if number is None:
            number = self._last + 1
        self._last = max(self._last, number)
        return {path: self._replacement(field, value, number) for path, field, value in person}

    def _number_of(self, value: str | int) -> int | None:
        return _number_in(value) or self._numbers.get(value)

    def _replacement(self, field: str, value: str | int, number: int) -> str | int:
        if _number_in(value):
            return value
        pseudonym = _pseudonym(field, value, self._numbers.setdefault(value, number))
        if isinstance(value, str) and value not in self._everywhere and _is_distinctive(value):
            whole = rb"(?:(?<![\w.+-])|(?<=\\[nrtbf])|(?<=%%[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))%s(?![\w-]|\.\w)"
            self._everywhere[value] = re.compile(whole % spelling_pattern(value).pattern), str(pseudonym)
        return pseudonym

    def _copy(self, value: JSON, path: Path, edits: dict[Path, Scalar]) -> JSON:
        if path in edits:
            return edits[path]
        if isinstance(value, dict):
            return {name: self._copy(inner, (*path, name), edits) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._copy(inner, (*path, index), edits) for index, inner in enumerate(value)]
        return (
            self.text(value.encode("utf-8", "surrogatepass")).decode("utf-8", "surrogatepass")
            if isinstance(value, str)
            else value
        )


def _search_of(document: JSON) -> str | None:
    """The query in the body of a search for events."""
    wanted = document.get("filter") if isinstance(document, dict) else None
    query = wanted.get("query") if isinstance(wanted, dict) else None
    return query if isinstance(query, str) else None


def _people(value: JSON, path: Path) -> Iterator[list[Field]]:
    """The personal values of a document, grouped by person, in the order of their objects."""
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _people(inner, (*path, index))
            if "usr" in path:
                yield from filter(None, [_personal((*path, index), str(path[-1]), inner)])
    elif isinstance(value, dict):
        own, others, rest = _fields_by_person(value, path)
        yield from filter(None, (own, *others.values()))
        for name in rest:
            yield from _people(value[name], (*path, name))


def _fields_by_person(value: dict[str, JSON], path: Path) -> tuple[list[Field], dict[str, list[Field]], list[str]]:
    """The fields of the person an object represents, those of other people it names, and all other names."""
    is_user = "usr" in path
    is_person = "handle" in value or "email" in value or (bool(path) and _PERSON.fullmatch(str(path[-1])) is not None)
    own: list[Field] = []
    others: dict[str, list[Field]] = {}
    rest: list[str] = []
    if value.get("type") == "rum_replay_watcher":
        attributes = value.get("attributes")
        if isinstance(attributes, dict):  # they and the id belong to the same person
            own, others, _ = _fields_by_person(attributes, (*path, "attributes"))
        return [*own, *_personal((*path, "id"), "id", value.get("id"))], others, [*value]
    for name, inner in value.items():
        match = _OF_PERSON.fullmatch(name)
        if isinstance(inner, dict | list):
            rest.append(name)
        elif is_user or (is_person and name in PERSON_FIELDS):
            own += _personal((*path, name), name, inner)
        elif match is not None:
            person = match["person"] or match["user"]
            others.setdefault(person, []).extend(_personal((*path, name), _field_of(match), inner))
    return own, others, rest


def _personal(path: Path, field: str, value: JSON) -> list[Field]:
    is_value = isinstance(value, str | int) and not isinstance(value, bool) and value not in ("", 0)
    return [(path, field, cast(str | int, value))] if is_value else []


def _field_of(match: re.Match[str]) -> str:
    return match["field"] or match["attribute"] or "name"


def _is_distinctive(value: str) -> bool:
    return any(kind.fullmatch(value) for kind in (_EMAIL, _UUID, _URL))


def _pseudonym(field: str, value: str | int, number: int) -> str | int:
    if isinstance(value, int):
        return _FIRST_NUMBER + number
    if value.isdecimal():
        return str(_FIRST_NUMBER + number)
    for kind, pseudonym in (
        (_EMAIL, f"user-{number}@example.com"),
        (_UUID, f"00000000-0000-4000-8000-{number:012}"),
        (_URL, f"https://example.com/user-{number}"),
    ):
        if kind.fullmatch(value):
            return pseudonym
    return {"name": f"User {number}", "handle": f"user-{number}"}.get(field, f"user-{number}-{field}")


def _number_in(value: str | int) -> int | None:
    """The number of the person if the value is already a pseudonym."""
    if isinstance(value, int) or value.isdecimal():
        number = int(value) - _FIRST_NUMBER
        return number if 0 < number < 1_000_000 else None
    match = _PSEUDONYM.fullmatch(value)
    return int(next(filter(None, match.groups()))) if match else None


def _spelled_like(pseudonym: str, original: re.Match[bytes]) -> bytes:
    return quote(pseudonym, safe="").encode() if b"%" in original.group() else pseudonym.encode()
