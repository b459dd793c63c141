"""Style sheets, whose rules script may insert and delete one by one, also within `@media` and the like.

Recorders write a sheet as one text; it is taken apart only once a rule of it changes or somebody wants to see one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import attrs

__all__ = ["StyleSheet"]

MAX_NESTING = 32
"""Rules within rules; CSS that people write nests three."""


@attrs.define(eq=False)
class _Group:
    """A rule that holds rules, such as `@media`, taken apart."""

    prelude: str
    rules: list[str | _Group]

    @property
    def text(self) -> str:
        inner = "\n".join(rule if isinstance(rule, str) else rule.text for rule in self.rules)
        return f"{self.prelude}{{\n{inner}\n}}"


class StyleSheet:
    """A style sheet; it changes when script inserts or deletes rules."""

    __slots__ = ("_is_whole", "_rules", "disabled", "media")

    def __init__(self, rules: str | Iterable[str], media: Iterable[str] = (), disabled: bool = False) -> None:
        self._is_whole = isinstance(rules, str)
        self._rules: list[str | _Group] = [rules] if isinstance(rules, str) else list(rules)
        self.media = tuple(media)
        """Media queries that it is for; all media where there is none."""
        self.disabled = disabled

    @property
    def text(self) -> str:
        """All rules as CSS."""
        return "\n".join(rule if isinstance(rule, str) else rule.text for rule in self._rules)

    @property
    def length(self) -> int:
        """About how many characters of CSS it has."""
        return sum(len(rule if isinstance(rule, str) else rule.text) for rule in self._rules)

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules, each as CSS."""
        self._take_apart()
        return tuple(rule if isinstance(rule, str) else rule.text for rule in self._rules)

    def insert(self, rule: str, index: Sequence[int]) -> bool:
        """Put a rule in at an index; several numbers lead into nested rules. False where there is no such place."""
        rules = self._list_at(index)
        if rules is None or not 0 <= index[-1] <= len(rules):
            return False
        rules.insert(index[-1], rule)
        return True

    def delete(self, index: Sequence[int]) -> bool:
        """Take a rule out; False where there is none at that index."""
        rules = self._list_at(index)
        if rules is None or not 0 <= index[-1] < len(rules):
            return False
        del rules[index[-1]]
        return True

    def _take_apart(self) -> None:
        if self._is_whole:
            self._is_whole = False
            self._rules = list(_split("".join(rule for rule in self._rules if isinstance(rule, str))))

    def _list_at(self, index: Sequence[int]) -> list[str | _Group] | None:
        if not 1 <= len(index) <= MAX_NESTING:
            return None
        self._take_apart()
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


# What braces and semicolons mean nothing in: strings, comments, url() without quotes, escapes. A comment or url() that
# does not end goes on to the end of the sheet, as in browsers; looking for its end again and again would be quadratic.
_TOKEN = re.compile(
    r""" "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*' | /\*.*?(?:\*/|\Z) | url\(\s*[^"'\s)](?:[^)\\]|\\.)*\)? | \\.
    | [{};] """,
    re.DOTALL | re.VERBOSE,
)


def _split(css: str) -> list[str]:
    """The outermost rules of a CSS text; each ends with its closing brace or, without a block, with a semicolon."""
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
    """A rule taken apart into what stands before its block and the rules in it; None where it has no block."""
    opening = next((token for token in _TOKEN.finditer(rule) if token.group() == "{"), None)
    if opening is None:
        return None
    return _Group(rule[: opening.start()], list(_split(rule[opening.end() : rule.rfind("}")])))
