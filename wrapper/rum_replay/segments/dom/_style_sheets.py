"""Style sheets, in which scripts insert and delete single rules, also inside `@media` and the like.

SDKs record a sheet as one text, which is split into rules only when a rule changes or is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import cast

import attrs

from ..._arguments import check_flag, check_instance
from ..._errors import InvalidRequestError

__all__ = ["StyleSheet"]

_MAX_NESTING = 32
"""Levels of rules within rules; CSS that people write has three."""

_MAX_RULES = 20_000
"""Rules of a sheet that scripts can change: in browsers, inserting one at the front moves all others."""

_BLOCK = 500


class _Unit(str):
    """CSS that cannot be split into rules to change, so that nobody tries again."""

    __slots__ = ()


class _Rules:
    """Rules in order, in blocks: inserting or deleting one moves only those of its block."""

    __slots__ = ("_blocks", "length")

    def __init__(self, rules: Sequence[str | _Group]) -> None:
        self._blocks = [list(rules[start : start + _BLOCK]) for start in range(0, len(rules), _BLOCK)] or [[]]
        self.length = len(rules)

    def __iter__(self) -> Iterator[str | _Group]:
        return chain.from_iterable(self._blocks)

    def _find(self, index: int) -> tuple[int, int]:
        """The number of the block with an index, and the index in it; both of the end if that is the index."""
        last = len(self._blocks) - 1
        for number, block in enumerate(self._blocks):
            if index < len(block) or number == last:
                return number, index
            index -= len(block)
        raise AssertionError("there is always a block")

    def insert(self, index: int, rule: str) -> None:
        number, place = self._find(index)
        block = self._blocks[number]
        block.insert(place, rule)
        self.length += 1
        if len(block) > 2 * _BLOCK:
            self._blocks[number : number + 1] = [block[:_BLOCK], block[_BLOCK:]]

    def delete(self, index: int) -> None:
        number, place = self._find(index)
        block = self._blocks[number]
        del block[place]
        self.length -= 1
        # A neighbor takes over what is left of it, so that few blocks hold few rules.
        if len(block) < _BLOCK // 4 and number > 0 and len(self._blocks[number - 1]) <= _BLOCK:
            self._blocks[number - 1] += self._blocks.pop(number)
        elif not block and len(self._blocks) > 1:
            del self._blocks[number]

    def group_at(self, index: int) -> _Group | None:
        """The rule at an index as one that contains rules; None if there is none, or if it has no block."""
        if not 0 <= index < self.length:
            return None
        number, place = self._find(index)
        rule = self._blocks[number][place]
        if isinstance(rule, str):
            group = None if isinstance(rule, _Unit) else _as_group(rule)
            self._blocks[number][place] = _Unit(rule) if group is None else group
            return group
        return rule


@attrs.define(eq=False)
class _Group:
    """A rule that contains rules, such as `@media`, split into these."""

    prelude: str
    rules: _Rules

    @property
    def text(self) -> str:
        inner = "\n".join(map(_text, self.rules))
        return f"{self.prelude}{{\n{inner}\n}}"


def _text(rule: str | _Group) -> str:
    return rule if isinstance(rule, str) else rule.text


class StyleSheet:
    """A style sheet; it changes when a script inserts or deletes rules.

    `rules` is all of its CSS, or the rules one by one. Raises InvalidRequestError if an argument has the wrong type.
    """

    __slots__ = ("_is_fixed", "_length", "_rules", "disabled", "media")

    def __init__(self, rules: str | Iterable[str], media: Iterable[str] = (), disabled: bool = False) -> None:
        # Split, and in blocks, once a rule changes.
        self._rules: str | tuple[str, ...] | _Rules = rules if isinstance(rules, str) else _strings("rules", rules)
        self._is_fixed = False
        self._length: int | None = None
        self.media = _strings("media", media)
        """The media queries that it applies to; all media if there are none."""
        self.disabled = check_flag("disabled", disabled)

    @property
    def text(self) -> str:
        """All rules as CSS."""
        return self._rules if isinstance(self._rules, str) else "\n".join(map(_text, self._rules))

    @property
    def parts(self) -> tuple[str, ...]:
        """All rules as CSS, as they are kept: in one text, or one by one."""
        return (self._rules,) if isinstance(self._rules, str) else tuple(map(_text, self._rules))

    def equals(self, other: StyleSheet) -> bool:
        """Whether another one says the same now."""
        own, others = (self.media, self.disabled), (other.media, other.disabled)
        return own == others and self.parts == other.parts

    @property
    def length(self) -> int:
        """The number of characters of CSS."""
        if self._length is None:
            # Without joining them: a recording can repeat a rule very many times.
            rules = [self._rules] if isinstance(self._rules, str) else self._rules
            self._length = max(0, sum(len(_text(rule)) + 1 for rule in rules) - 1)
        return self._length

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules, each as CSS."""
        return tuple(_split(self._rules) if isinstance(self._rules, str) else map(_text, self._rules))

    def insert(self, rule: str, index: Sequence[int]) -> bool:
        """Insert a rule at an index and return True; return False if there is no such index.

        An index of several numbers is a path into nested rules. A sheet, or a rule that contains rules, with 20,000
        of them gets no more. Raises InvalidRequestError if an argument has the wrong type.
        """
        check_instance("rule", rule, str, "a string")
        rules = self._rules_at(index)
        if rules is None or not 0 <= index[-1] <= rules.length < _MAX_RULES:
            return False
        rules.insert(index[-1], rule)
        self._length = None
        return True

    def delete(self, index: Sequence[int]) -> bool:
        """Delete the rule at an index and return True; return False if there is no such rule.

        An index of several numbers is a path into nested rules. Raises InvalidRequestError if it has the wrong type.
        """
        rules = self._rules_at(index)
        if rules is None or not 0 <= index[-1] < rules.length:
            return False
        rules.delete(index[-1])
        self._length = None
        return True

    def _rules_at(self, index: Sequence[int]) -> _Rules | None:
        """The rules that an index is in; None if there are none, or if there are too many to change."""
        _check_index(index)
        if not 1 <= len(index) <= _MAX_NESTING:
            return None
        if not isinstance(self._rules, _Rules) and not self._is_fixed:
            several = _some(_split(self._rules) if isinstance(self._rules, str) else self._rules)
            self._is_fixed = several is None
            self._rules = self._rules if several is None else _Rules(several)
        if not isinstance(self._rules, _Rules):
            return None
        rules = self._rules
        for position in index[:-1]:
            group = rules.group_at(position)
            if group is None:
                return None
            rules = group.rules
        return rules

    def __repr__(self) -> str:
        text = self._rules if isinstance(self._rules, str) else next(map(_text, self._rules), "")
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
# without an end extends to the end of the sheet and a string to the end of its line, as in browsers. Possessive
# throughout: anything else keeps a state for each character, and searching for an end repeatedly would be quadratic.
_TOKEN = re.compile(
    r""" "[^"\\\r\n\f]*+(?:\\.[^"\\\r\n\f]*+)*+"?+ | '[^'\\\r\n\f]*+(?:\\.[^'\\\r\n\f]*+)*+'?+
    | /\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+ | url\(\s*+(?![\s"'])[^)\\]*+(?:\\.[^)\\]*+)*+\)?+ | \\.
    | [{};] """,
    re.DOTALL | re.VERBOSE,
)


def _split(css: str) -> Iterator[str]:
    """The outermost rules of a CSS text; each ends with its closing brace or, if it has no block, with a semicolon."""
    start = depth = 0
    for token in _TOKEN.finditer(css):
        mark = css[token.start()]
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth = max(0, depth - 1)
        if depth == 0 and mark in ("}", ";"):
            if rule := css[start : token.end()].strip():
                yield rule
            start = token.end()
    if rule := css[start:].strip():
        yield rule


def _some(rules: Iterable[str]) -> list[str] | None:
    """All rules as a list; None if there are more than a sheet may have to be changed."""
    several = list(islice(rules, _MAX_RULES + 1))
    return several if len(several) <= _MAX_RULES else None


def _as_group(rule: str) -> _Group | None:
    """A rule split into the part before its block and the rules inside; None if it has no block, or too many rules."""
    opening = next((token for token in _TOKEN.finditer(rule) if rule[token.start()] == "{"), None)
    if opening is None:
        return None
    several = _some(_split(rule[opening.end() : rule.rfind("}")]))
    return None if several is None else _Group(rule[: opening.start()], _Rules(several))
