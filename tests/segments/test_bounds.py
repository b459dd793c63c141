"""Hostile recordings take time in proportion to their size, and bounded memory. No test measures time."""

from __future__ import annotations

import ast
import importlib
import io
import pkgutil
import re
import sys
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, ModuleType
from typing import Any

import pytest
from benchmarks import bounds
from rum_replay import _csv, _json, _printable, segments
from rum_replay.segments import _inert, dom
from rum_replay.segments._parsing import segment_reader
from rum_replay.segments.dom._css import style_rules as _style_rules
from rum_replay.segments.heatmap import _positions
from rum_replay.segments.playwright_steps import _locators

from .made import START, click, record, segment

SEARCHES = {"findall", "finditer", "search", "split", "sub", "subn"}
PACKAGE = str(Path(segments.__file__).parent)


def modules() -> Iterator[ModuleType]:
    """All that read recorded text."""
    yield from (_csv, _json, _printable)
    for found in pkgutil.walk_packages(segments.__path__, "rum_replay.segments."):
        yield importlib.import_module(found.name)


def patterns(module: ModuleType) -> Iterator[str | bytes]:
    """The regular expressions of a module, and those in calls of `re`."""
    yield from (value.pattern for value in vars(module).values() if isinstance(value, re.Pattern))
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str | bytes)
        ):
            yield node.args[0].value


def backtracks(pattern: str | bytes) -> bool:
    """Whether a pattern repeats anything without an upper bound, and gives back what it took."""
    parser: Any = importlib.import_module("re._parser")
    constants: Any = importlib.import_module("re._constants")

    def found(item: Any) -> bool:
        if isinstance(item, tuple) and len(item) == 2 and item[0] in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            _, most, body = item[1]
            return most == constants.MAXREPEAT or found(body)
        if isinstance(item, tuple | list | parser.SubPattern):
            return any(map(found, item))
        return False

    # Whitespace that is only there to be read changes nothing.
    return found(parser.parse(pattern, re.VERBOSE if "\n" in str(pattern) else 0))


def test_no_pattern_over_recorded_text_backtracks_without_a_bound() -> None:
    all_patterns = {(module.__name__, one) for module in modules() for one in patterns(module)}
    assert len(all_patterns) > 40
    assert [one for one in sorted(all_patterns, key=str) if backtracks(one[1])] == []


@pytest.mark.parametrize("pattern", ["a*b", r"(?:[^x\\]|\\.)*", "a{2,}?", "(a|(?:b+)c)", "(?=a*)", "(?:a{1,9}b*){3}"])
def test_backtracking_is_recognized(pattern: str) -> None:
    assert backtracks(pattern)
    assert not backtracks(re.sub(r"([*+}])\??", r"\1+", pattern))


def searched(module: ModuleType) -> Iterator[str | bytes]:
    """The regular expressions that a module searches for, anywhere in a text."""
    for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and node.attr in SEARCHES and isinstance(node.value, ast.Name):
            found = getattr(module, node.value.id, None)
            if isinstance(found, re.Pattern):
                yield found.pattern


def restarts(pattern: str | bytes) -> bool:
    """Whether a search reads a long text again from each character: all that a pattern begins with is also in what it
    repeats without a bound, and something must follow that.
    """
    parser: Any = importlib.import_module("re._parser")
    compiler: Any = importlib.import_module("re._compiler")
    constants: Any = importlib.import_module("re._constants")
    repeats = (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT)

    def flat(items: Any) -> Iterator[Any]:
        for item in items:
            if item[0] is constants.SUBPATTERN:
                yield from flat(item[1][3])
            elif item[0] is constants.ATOMIC_GROUP:
                yield from flat(item[1])
            else:
                yield item

    def alternatives(items: list[Any]) -> Iterator[list[Any]]:
        if items and items[0][0] is constants.BRANCH:
            for one in items[0][1][1]:
                yield from alternatives([*flat(one), *items[1:]])
        else:
            yield items

    def characters(item: Any) -> set[str]:
        if item[0] not in (constants.ANY, constants.IN, constants.LITERAL, constants.NOT_LITERAL):
            return set()
        state = parser.State()
        state.str = ""
        one: re.Pattern[str] = compiler.compile(parser.SubPattern(state, [item]))
        return {character for character in map(chr, range(128)) if one.fullmatch(character)}

    def found(items: list[Any]) -> bool:
        before: list[set[str]] = []
        for number, item in enumerate(items):
            if item[0] in (constants.ASSERT, constants.ASSERT_NOT, constants.AT):
                return False  # What is before it says where a search begins.
            if item[0] not in repeats:
                before.append(characters(item))
                continue
            _, most, body = item[1]
            must_follow = any(one[0] not in repeats or one[1][0] > 0 for one in items[number + 1 :])
            if most is not constants.MAXREPEAT or not must_follow or len(body) != 1:
                return False
            repeated = characters(body[0])
            return all(one & repeated for one in before)
        return False

    tree = parser.parse(pattern, re.VERBOSE if "\n" in str(pattern) else 0)
    again = [items for items in alternatives(list(flat(tree))) if found(items)]
    # Where one alternative fails, another one may take the same characters.
    taken = {str(items[0]) for items in alternatives(list(flat(tree))) if len(items) == 1 or not found(items)}
    return any(str(items[0]).replace("0, MAX", "1, MAX") not in taken for items in again)


def test_no_search_reads_a_long_text_again_from_each_character() -> None:
    all_patterns = {(module.__name__, one) for module in modules() for one in searched(module)}
    assert len(all_patterns) > 40
    assert [one for one in sorted(all_patterns, key=str) if restarts(one[1])] == []


@pytest.mark.parametrize(
    "pattern", ["[^{;]*+[{]", r"--[\w-]++:", r"url\([^)]*+\)", "(?>x|(a++))b", "a(?:b++)c|[ab]++c"]
)
def test_reading_again_is_recognized(pattern: str) -> None:
    assert restarts(pattern)


@pytest.mark.parametrize("pattern", ["x[^{;]*+", r"(?<!-)--[\w-]++:", r"<[^<>]*+>", "a{1,9}+b", "[ab]++c*+"])
def test_what_is_read_once_is_recognized(pattern: str) -> None:
    assert not restarts(pattern)


LENGTH = 60_000
CSS = {
    "string": '"' + "a" * LENGTH,
    "closed string": '"' + "a" * LENGTH + '"',
    "single quotes": "'" + "a" * LENGTH + "'",
    "escapes in a string": '"' + r"\a" * (LENGTH // 2),
    "lines in a string": '"' + "\\\n" * (LENGTH // 2),
    "url": "url(" + "a" * LENGTH,
    "escapes in a url": "url(" + r"\a" * (LENGTH // 2),
    "data URL": "a{b:url(data:image/png;base64," + "A" * LENGTH + ")}",
    "spaces in a url": "url(" + " " * LENGTH,
    "comment": "/*" + "a" * LENGTH,
    "asterisks": "/*" + "*" * LENGTH,
    "name": "a" * LENGTH + "(",
    "escapes": r"\61 " * (LENGTH // 4),
    "at-rule": "@" + "a" * LENGTH,
    "parentheses": "(" * LENGTH,
    "brackets": "[" * LENGTH,
    "braces": "{" * LENGTH,
    "backslashes": "\\" * LENGTH,
    "quotes": '"' * LENGTH,
    "references": "fill:url(#a);" * (LENGTH // 13),
    "comments": "/**/" * (LENGTH // 4),
}


@pytest.mark.parametrize("css", CSS.values(), ids=CSS)
@pytest.mark.parametrize(
    "read",
    [
        _inert.css,
        lambda css: _inert.css(css, frozenset({"a"})),
        lambda css: dom.StyleSheet(css).insert("a{}", [0]),
        lambda css: len(_style_rules.blocks_in(css, (), _positions.PROPERTIES, len(css))),
    ],
    ids=["inert", "renamed", "split", "positions"],
)
def test_style_sheets_are_read_in_little_more_memory_than_they_have(read: Callable[[str], object], css: str) -> None:
    tracemalloc.start()
    try:
        read(css)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * LENGTH


SIZES: dict[Callable[[int], bytes], int] = {
    bounds.siblings: 300,
    bounds.depth: 200,
    bounds.attributes: 400,
    bounds.rules: 300,
    bounds.clicks: 1600,
    bounds.mutations: 200,
    bounds.members: 40,
}


def steps(run: Callable[[], object]) -> int:
    """How many lines of the segment tools run."""
    count = 0

    def line(_: FrameType, event: str, __: Any) -> Any:
        nonlocal count
        count += event == "line"
        return line

    def call(frame: FrameType, _: str, __: Any) -> Any:
        return line if frame.f_code.co_filename.startswith(PACKAGE) else None

    before = sys.gettrace()
    sys.settrace(call)
    try:
        run()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize(
    ("name", "shape"),
    [
        *((name, shape) for name in ("player", "heatmap", "export to JSON lines") for shape in SIZES),
        *(("timeline", bounds.mutations), ("timeline", bounds.clicks), ("steps", bounds.clicks)),
    ],
)
def test_twice_the_input_takes_twice_the_steps(
    name: str, shape: Callable[[int], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_locators, "_CREDIT", 0)  # so that a small recording is as a large one
    monkeypatch.setattr(_locators, "_CREDIT_PER_RECORD", 30)
    counts: list[int] = []
    for size in (SIZES[shape], 2 * SIZES[shape]):
        path = tmp_path / f"{size}.json"
        path.write_bytes(shape(size))
        counts.append(steps(lambda path=path: bounds.OUTPUTS[name](path, tmp_path)))  # type: ignore[misc]
    assert counts[1] <= 2.2 * counts[0]


class Counted(io.BytesIO):
    """A stream that counts the bytes that are read from it."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("pack", [bytes, zlib.compress], ids=["plain", "zlib"])
@pytest.mark.parametrize("is_listed", [True, False])
def test_segments_in_any_order_take_a_few_passes(
    is_listed: bool, pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segment_reader, "_MAX_PASSED", 1_000)
    parts = [segment(click(n), record(7, n, note="x" * n * 100), index_in_view=n).strip() for n in range(60)]
    content = pack(b"[" + b",".join(reversed(parts)) + b"]" if is_listed else b"\n".join(reversed(parts)))
    if pack is bytes and not is_listed:
        content = b'{"all":[' + content.replace(b"\n", b",") + b"]}"
    stream = Counted(content)
    recording = segments.open(stream, limits=segments.Limits(max_held=0))
    first = stream.count
    assert [one.timestamp for one in recording.records()] == [START + n for n in range(60) for _ in range(2)]
    assert stream.count <= 10 * first
    again = [one.raw for one in recording.views[0].segments[30].records()]
    assert [b'"note"' in raw for raw in again] == [False, True]
