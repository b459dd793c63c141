"""The rules of style sheets, as far as they declare some properties."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import count, islice

import attrs

from ..._remembered import remembered

__all__ = ["Block", "Declaration", "Properties", "blocks_in"]

_MAX_NESTING = 32
_MAX_SELECTORS = 10_000  # Characters.
_TOKEN = re.compile(
    r""" "[^"\\\r\n\f]*+(?:\\.[^"\\\r\n\f]*+)*+"?+ | '[^'\\\r\n\f]*+(?:\\.[^'\\\r\n\f]*+)*+'?+
    | /\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+ | url\(\s*+(?![\s"'])[^)\\]*+(?:\\.[^)\\]*+)*+\)?+ | \\.
    | [{}] """,
    re.DOTALL | re.VERBOSE,
)
_COMMENT = re.compile(r"/\*[^*]*+(?>\*(?!/)[^*]*+)*+(?:\*/)?+")
_WITH_RULES = ("@layer", "@media", "@supports")
_anonymous = count()

Declaration = tuple[str, str, bool]
"""A property, its value, and whether it is important."""


@attrs.frozen(kw_only=True, eq=False)
class Properties:
    """Which properties are read; equal only to itself."""

    names: str
    """A regular expression for their names."""

    hints: tuple[str, ...]
    """Words of which there is one in every declaration that matters: most texts have none, which is quick to see."""

    shorthands: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict[str, tuple[str, ...]])
    matters: Callable[[str, str], bool]
    """Whether a property with a value matters; where none does, no rule needs to be looked at."""

    _pattern: re.Pattern[str] = attrs.field(
        init=False, default=attrs.Factory(lambda self: _pattern_of(self.names), takes_self=True)
    )

    def may_be_in(self, text: str) -> bool:
        """Whether there may be declarations that matter in a text."""
        lower = text.lower()
        return any(map(lower.__contains__, self.hints))

    def declarations(self, text: str) -> Iterator[Declaration]:
        """The declarations in a text."""
        if not self.may_be_in(text):
            return
        for found in self._pattern.finditer(_COMMENT.sub("", text) if "/*" in text else text):
            name, value = found["name"].lower(), found["value"].strip().lower()
            is_important = found["important"] is not None
            names = self.shorthands.get(name, (name,))
            values = value.split()[:4] or [""]
            for number, one in enumerate(names):
                # Of several values, those that are left out repeat the one two places before, or else the first.
                index = number if number < len(values) else max(0, number - 2)
                yield one, values[min(index, len(values) - 1)] if len(names) > 1 else value, is_important


def _pattern_of(names: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![-\w])(?:-webkit-)?(?P<name>{names})\s*+:\s*+(?P<value>[^;{{}}!]++)(?P<important>![^;{{}}]*+)?",
        re.IGNORECASE,
    )


@attrs.frozen
class Block:
    """A rule of a style sheet."""

    selectors: str
    """Empty if it only names a layer."""

    media: tuple[str, ...]
    layer: tuple[str, ...]
    """The cascade layers that it is in, from the outside in."""

    declarations: tuple[Declaration, ...] = ()


@attrs.define
class _Open:
    """A block that has begun."""

    selectors: str = ""
    """Empty in blocks that are not those of a selector."""

    media: tuple[str, ...] = ()
    layer: tuple[str, ...] = ()
    is_skipped: bool = False
    declarations: list[Declaration] = attrs.field(factory=list[Declaration])


@remembered
def blocks_in(css: str, media: tuple[str, ...], properties: Properties, most: int) -> tuple[Block, ...]:
    """The rules of a text, from the outermost block inward, that declare any of the properties, and named layers.

    `most` is how many of them.
    """
    return tuple(islice(_blocks_in(css, media, properties), most))


def _blocks_in(css: str, media: tuple[str, ...], properties: Properties) -> Iterator[Block]:
    if not properties.may_be_in(css) and "@layer" not in css.lower():
        return
    stack: list[_Open | str] = [_Open(media=media)]  # What begins a block is read only if the block matters.
    start = excess = 0
    for token in _TOKEN.finditer(css):
        mark = css[token.start()]
        if mark not in "{}":
            continue
        text = css[start : token.start()]
        start = token.end()
        if mark == "{":
            if len(stack) > _MAX_NESTING:
                excess += 1
                continue
            declarations, _, prelude = text.rpartition(";")
            if declarations and (declared := list(properties.declarations(declarations))):
                _innermost(stack).declarations.extend(declared)
            if "@" in text:
                yield from _named_layers(declarations, stack)
                yield from _named_layers(prelude, stack)
            stack.append(prelude)
        elif excess:
            excess -= 1
        elif len(stack) > 1:
            declared = list(properties.declarations(text))
            if declared or not isinstance(stack[-1], str):
                block = _innermost(stack)
                block.declarations.extend(declared)
                if block.declarations and block.selectors and not block.is_skipped:
                    yield Block(block.selectors, block.media, block.layer, tuple(block.declarations))
            stack.pop()
    yield from _named_layers(css[start:], stack)


def _named_layers(text: str, stack: list[_Open | str]) -> Iterator[Block]:
    """Blocks without rules for the layers that a text between blocks names, in their order."""
    if "@layer" in text.lower():
        around = _innermost(stack)
        for statement in _COMMENT.sub("", text).split(";"):
            if (named := statement.strip()).lower().startswith("@layer"):
                for name in filter(None, map(str.strip, named[len("@layer") :].split(","))):
                    yield Block("", around.media, (*around.layer, *name.split("."))[:_MAX_NESTING])


def _innermost(stack: list[_Open | str]) -> _Open:
    """The innermost block; it and those around it are read now, if they were not before."""
    around = _Open()
    for number, one in enumerate(stack):
        around = stack[number] = _opened(one, around) if isinstance(one, str) else one
    return around


def _opened(prelude: str, around: _Open) -> _Open:
    prelude = (_COMMENT.sub("", prelude) if "/*" in prelude else prelude).strip()
    if not prelude.startswith("@"):
        selectors = prelude
        if around.selectors:
            parent = f":is({around.selectors})"
            selectors = prelude.replace("&", parent) if "&" in prelude else f"{parent} {prelude}"
        is_skipped = around.is_skipped or len(selectors) > _MAX_SELECTORS
        return _Open(selectors[:_MAX_SELECTORS], around.media, around.layer, is_skipped)
    name = prelude.lower()
    media = (*around.media, prelude[len("@media") :]) if name.startswith("@media") else around.media
    layer = around.layer
    if name.startswith("@layer"):
        named = prelude[len("@layer") :].strip() or f"anonymous {next(_anonymous)}"
        layer = (*layer, *named.split("."))[:_MAX_NESTING]
    is_skipped = around.is_skipped or not name.startswith(_WITH_RULES)
    return _Open(around.selectors, media, layer, is_skipped)
