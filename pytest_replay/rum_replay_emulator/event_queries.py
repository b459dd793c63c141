"""The search syntax of RUM events, as far as it is documented: what a query means for an event.

    query  = terms {"OR" terms}
    terms  = term {["AND"] term}
    term   = ["-"] ("(" query ")" | "*" | name ":" value)
    name   = "@" and the path of an attribute | "service", or the key of a tag, such as "env"
    value  = "(" value {["OR"] value} ")" | "[" number "TO" number "]" | (">" | ">=" | "<" | "<=") number | text
    text   = '"' exact text '"' | text in which "*" and "?" are wildcards and a backslash takes a meaning away

Numbers may have a unit of time (`1s`, `500ms`), which counts in nanoseconds, as durations of RUM do. Anything else is
refused with its place in the query: the live API may take it, and the emulator would have to guess.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import translate
from typing import Any, cast

__all__ = ["Matcher", "QueryError", "parse_query"]

Matcher = Callable[[Mapping[str, Any]], bool]
"""Whether an event matches, given as the `attributes` of its wire form."""

_Test = Callable[[Any], bool]
"""Whether one value of an attribute or tag matches."""

_DEEPEST = 50
_SECOND = 10**9
_UNITS = {
    "": 1,
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "ms": 10**6,
    "s": _SECOND,
    "m": 60 * _SECOND,
    "h": 3_600 * _SECOND,
    "d": 86_400 * _SECOND,
    "w": 604_800 * _SECOND,
}
"""Nanoseconds of each unit."""

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_UNIT = re.compile(r"[a-zµ]*")
_NAME = re.compile(r"@?[A-Za-z_][\w.\-]*")
_BLANKS = re.compile(r"\s*")
_COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda one, other: one >= other,
    "<=": lambda one, other: one <= other,
    ">": lambda one, other: one > other,
    "<": lambda one, other: one < other,
}
_MEANINGFUL = frozenset('?><:="~/\\()[]')
"""Characters that must be escaped, or quoted, in a value."""


class QueryError(ValueError):
    """A query that is not understood, with the place."""

    def __init__(self, place: int, reason: str) -> None:
        super().__init__(f"query, character {place + 1}: {reason}")


def parse_query(query: str) -> Matcher:
    """The meaning of a query; raises QueryError."""
    return _Parser(query).whole()


class _Parser:
    def __init__(self, query: str) -> None:
        self._query = query
        self._place = 0
        self._depth = 0

    def whole(self) -> Matcher:
        self._skip_blanks()
        if self._at_end():
            raise QueryError(0, "is empty; * finds every event")
        matcher = self._alternatives()
        if not self._at_end():
            raise QueryError(self._place, f"{self._query[self._place]!r} closes nothing")
        return matcher

    def _alternatives(self) -> Matcher:
        alternatives = [self._terms()]
        while self._take_word("OR"):
            alternatives.append(self._terms())
        return alternatives[0] if len(alternatives) == 1 else lambda event: any(one(event) for one in alternatives)

    def _terms(self) -> Matcher:
        terms = [self._term()]
        while not self._at_end() and self._query[self._place] != ")" and not self._sees_word("OR"):
            self._take_word("AND")
            terms.append(self._term())
        return terms[0] if len(terms) == 1 else lambda event: all(one(event) for one in terms)

    def _term(self) -> Matcher:
        if self._take("-"):
            if self._query.startswith("-", self._place):
                raise QueryError(self._place, "a second - after the first is not emulated; use a group: -(-name:value)")
            excluded = self._term()
            return lambda event: not excluded(event)
        if self._take("("):
            with _Nested(self):
                matcher = self._alternatives()
            self._close(")")
            return matcher
        if self._take("*"):
            self._skip_blanks()
            return lambda _: True
        start = self._place
        found = _NAME.match(self._query, start)
        if found is None or self._query[found.end() : found.end() + 1] != ":":
            raise QueryError(start, "expected name:value, such as @type:view; texts without a name are not emulated")
        self._place = found.end() + 1
        test = self._value(found[0])
        self._skip_blanks()
        return _on_tags(found[0], test) if found[0][0] != "@" else _on_attribute(found[0][1:], test)

    def _value(self, name: str) -> _Test:
        if self._take("("):
            with _Nested(self):
                self._skip_blanks()
                tests = [self._value(name)]
                while True:
                    self._skip_blanks()
                    self._take_word("OR")
                    if self._at_end() or self._query[self._place] == ")":
                        break
                    tests.append(self._value(name))
            self._close(")", with_blanks=False)
            return lambda value: any(test(value) for test in tests)
        if self._take("["):
            return self._range()
        for sign, compare in _COMPARISONS.items():
            if self._take(sign):
                return _compared(compare, self._number())
        return self._quoted() if self._take('"') else self._text(name)

    def _range(self) -> _Test:
        self._skip_blanks()
        low = self._number()
        self._skip_blanks()
        if not self._take_word("TO"):
            raise QueryError(self._place, "expected TO, as in [3 TO 10]")
        high = self._number()
        self._skip_blanks()
        self._close("]", with_blanks=False)
        return _on_numbers(lambda value: low <= value <= high)

    def _number(self) -> float:
        found = _NUMBER.match(self._query, self._place)
        if found is None:
            raise QueryError(self._place, "expected a number")
        self._place = found.end()
        unit = cast("re.Match[str]", _UNIT.match(self._query, self._place))[0]
        if unit not in _UNITS:
            raise QueryError(
                self._place, f"the unit {unit!r} is not known; there are {', '.join(filter(None, _UNITS))}"
            )
        self._place += len(unit)
        return float(found[0]) * _UNITS[unit]

    def _quoted(self) -> _Test:
        start, text = self._place - 1, ""
        while not self._at_end():
            character = self._next()
            if character == '"':
                return lambda value: _as_text(value) == text
            text += self._escaped() if character == "\\" else character
        raise QueryError(start, 'this " is not closed')

    def _text(self, name: str) -> _Test:
        start, pattern = self._place, ""
        while not self._at_end():
            character = self._query[self._place]
            if character.isspace() or character == ")":
                break
            self._place += 1
            if character == "\\":
                pattern += _literal(self._escaped())
            elif character in "*?":
                pattern += character
            elif character in _MEANINGFUL:
                raise QueryError(
                    self._place - 1, f"{character!r} has a meaning here: escape it with \\, or quote the value"
                )
            else:
                pattern += _literal(character)
        if not pattern:
            raise QueryError(start, f"expected a value of {name}")
        if _NUMBER.fullmatch(pattern):
            number = float(pattern)
            return lambda value: _as_text(value) == pattern or (_is_number(value) and value == number)
        matches = re.compile(translate(pattern)).match
        return lambda value: (text := _as_text(value)) is not None and matches(text) is not None

    def _escaped(self) -> str:
        if self._at_end():
            raise QueryError(self._place - 1, "a backslash must be followed by a character")
        return self._next()

    def _close(self, character: str, *, with_blanks: bool = True) -> None:
        if not self._take(character):
            raise QueryError(self._place, f"expected {character}")
        if with_blanks:
            self._skip_blanks()

    def enter(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise QueryError(self._place, f"more than {_DEEPEST} groups within one another are not emulated")
        self._skip_blanks()

    def leave(self) -> None:
        self._depth -= 1

    def _at_end(self) -> bool:
        return self._place >= len(self._query)

    def _next(self) -> str:
        self._place += 1
        return self._query[self._place - 1]

    def _take(self, text: str) -> bool:
        if not self._query.startswith(text, self._place):
            return False
        self._place += len(text)
        return True

    def _sees_word(self, word: str) -> bool:
        after = self._query[self._place + len(word) : self._place + len(word) + 1]
        return self._query.startswith(word, self._place) and (not after or after.isspace() or after == "(")

    def _take_word(self, word: str) -> bool:
        if not self._sees_word(word):
            return False
        self._place += len(word)
        self._skip_blanks()
        return True

    def _skip_blanks(self) -> None:
        self._place = cast("re.Match[str]", _BLANKS.match(self._query, self._place)).end()


class _Nested:
    """Counts how deep the parser is."""

    def __init__(self, parser: _Parser) -> None:
        self._parser = parser

    def __enter__(self) -> None:
        self._parser.enter()

    def __exit__(self, *_: object) -> None:
        self._parser.leave()


def _literal(character: str) -> str:
    """A character of a pattern of fnmatch that has no meaning."""
    return f"[{character}]" if character in "*?[" else character


def _on_attribute(path: str, test: _Test) -> Matcher:
    names = path.split(".")
    return lambda event: any(map(test, _values(event.get("attributes"), names)))


def _values(holder: Any, names: list[str]) -> Iterator[Any]:
    """The values at a path; each of those in lists. A name may hold dots."""
    if isinstance(holder, list):
        for one in cast("list[object]", holder):
            yield from _values(one, names)
    elif not names:
        yield holder
    elif isinstance(holder, dict):
        members = cast("dict[str, Any]", holder)
        for length in range(1, len(names) + 1):
            name = ".".join(names[:length])
            if name in members:
                yield from _values(members[name], names[length:])


def _on_tags(key: str, test: _Test) -> Matcher:
    def matches(event: Mapping[str, Any]) -> bool:
        tags = [tag for tag in event.get("tags") or () if isinstance(tag, str)]
        values = [value for name, _, value in (tag.partition(":") for tag in tags) if name == key]
        if key == "service" and isinstance(event.get("service"), str):
            values.append(event["service"])
        return any(map(test, values))

    return matches


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _on_numbers(compare: Callable[[float], bool]) -> _Test:
    return lambda value: _is_number(value) and compare(value)


def _compared(compare: Callable[[float, float], bool], bound: float) -> _Test:
    return _on_numbers(lambda value: compare(value, bound))


def _as_text(value: Any) -> str | None:
    """A value as people write it in a query; None for objects, which have no text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value) if isinstance(value, str | int | float) else None
