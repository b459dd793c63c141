"""Style sheets, in which scripts insert and delete single rules, also inside `@media` and the like.

SDKs record a sheet as one text, which is split into rules only when a rule changes or is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import cast

import attrs

from ..._arguments import check_flag, check_instance
from ..._errors import InvalidRequestError

__all__ = ["StyleSheet"]

_MAX_NESTING = 32
"""Levels of rules within rules; CSS that people write has three."""


@attrs.define(eq=False)
class _Group:
    """A rule that contains rules, such as `@media`, split into these."""

    prelude: str
    rules: list[str | _Group]

    @property
    def text(self) -> str:
        inner = "\n".join(rule if isinstance(rule, str) else rule.text for rule in self.rules)
        return f"{self.prelude}{{\n{inner}\n}}"


class StyleSheet:
    """A style sheet; it changes when a script inserts or deletes rules.

    `rules` is all of its CSS, or the rules one by one. Raises InvalidRequestError if an argument has the wrong type.
    """

    __slots__ = ("_is_unsplit", "_rules", "disabled", "media")

    def __init__(self, rules: str | Iterable[str], media: Iterable[str] = (), disabled: bool = False) -> None:
        self._is_unsplit = isinstance(rules, str)
        self._rules: list[str | _Group] = [rules] if isinstance(rules, str) else [*_strings("rules", rules)]
        self.media = _strings("media", media)
        """The media queries that it applies to; all media if there are none."""
        self.disabled = check_flag("disabled", disabled)

    @property
    def text(self) -> str:
        """All rules as CSS."""
        return "\n".join(rule if isinstance(rule, str) else rule.text for rule in self._rules)

    @property
    def length(self) -> int:
        """The approximate number of characters of CSS."""
        return sum(len(rule if isinstance(rule, str) else rule.text) for rule in self._rules)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules, each as CSS."""
        self._split()
        return tuple(rule if isinstance(rule, str) else rule.text for rule in self._rules)

    def insert(self, rule: str, index: Sequence[int]) -> bool:
        """Insert a rule at an index and return True; return False if there is no such index.

        An index of several numbers is a path into nested rules. Raises InvalidRequestError if an argument has the wrong
        type.
        """
        check_instance("rule", rule, str, "a string")
        rules = self._list_at(index)
        if rules is None or not 0 <= index[-1] <= len(rules):
            return False
        rules.insert(index[-1], rule)
        return True

    def delete(self, index: Sequence[int]) -> bool:
        """Delete the rule at an index and return True; return False if there is no such rule.

        An index of several numbers is a path into nested rules. Raises InvalidRequestError if it has the wrong type.
        """
        rules = self._list_at(index)
        if rules is None or not 0 <= index[-1] < len(rules):
            return False
        del rules[index[-1]]
        return True

    def _split(self) -> None:
        if self._is_unsplit:
            self._is_unsplit = False
            self._rules = list(_split("".join(rule for rule in self._rules if isinstance(rule, str))))

    def _list_at(self, index: Sequence[int]) -> list[str | _Group] | None:
        _check_index(index)
        if not 1 <= len(index) <= _MAX_NESTING:
            return None
        self._split()
        rules = self._rules
        for position in index[:-1]:
            if not 0 <= position < len(rules):
                return None
            rule = rules[position]
            if isinstance(rule, str):
                group = _as_group(rule)
                if group is None:
                    return None
                rules[position] = rule = group
            rules = rule.rules
        return rules

    def __repr__(self) -> str:
        text = self._rules[0] if self._rules and isinstance(self._rules[0], str) else ""
        return f"<StyleSheet {text[:40]!r}>"


def _strings(name: str, values: object) -> tuple[str, ...]:
    """Several strings; a single one is a mistake."""
    items = tuple(cast("Iterable[object]", values)) if _is_several(values, Iterable) else (None,)
    if not all(isinstance(item, str) for item in items):
        raise InvalidRequestError(f"{name} must be several strings, not {values!r:.80}")
    return cast("tuple[str, ...]", items)


def _check_index(index: object) -> None:
    numbers = cast("Sequence[object]", index) if _is_several(index, Sequence) else (None,)
    if not all(type(number) is int for number in numbers):
        raise InvalidRequestError(f"index must be a sequence of whole numbers, not {index!r:.80}")


def _is_several(values: object, cls: type) -> bool:
    return isinstance(values, cls) and not isinstance(values, str)


# Strings, comments, url() without quotes, and escapes, in which braces and semicolons mean nothing. A comment or url()
# without an end extends to the end of the sheet, as in browsers; searching for its end repeatedly would be quadratic.
_TOKEN = re.compile(
    r""" "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | /\*.*?(?:\*/|\Z) | url\(\s*[^"'\s)](?:[^)\\]|\\.)*\)? | \\.
    | [{};] """,
    re.DOTALL | re.VERBOSE,
)


def _split(css: str) -> list[str]:
    """The outermost rules of a CSS text; each ends with its closing brace or, if it has no block, with a semicolon."""
    rules: list[str] = []
    start = depth = 0
    for token in _TOKEN.finditer(css):
        mark = token.group()
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        if depth == 0 and mark in ("}", ";"):
            rules.append(css[start : token.end()].strip())
            start = token.end()
    rules.append(css[start:].strip())
    return [rule for rule in rules if rule]


def _as_group(rule: str) -> _Group | None:
    """A rule split into the part before its block and the rules inside; None if it has no block."""
    opening = next((token for token in _TOKEN.finditer(rule) if token.group() == "{"), None)
    if opening is None:
        return None
    return _Group(rule[: opening.start()], list(_split(rule[opening.end() : rule.rfind("}")])))
