"""Regular expressions match alike on every Python: none depends on what 3.11.5 corrected."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("wrapper", "pytest_replay", "scripts")

PARSER: Any = importlib.import_module("re._parser")  # which no type checker knows
CONSTANTS: Any = importlib.import_module("re._constants")
ONE_CHARACTER = {CONSTANTS.LITERAL, CONSTANTS.NOT_LITERAL, CONSTANTS.IN, CONSTANTS.ANY}
REPEATS = {CONSTANTS.MAX_REPEAT, CONSTANTS.MIN_REPEAT, CONSTANTS.POSSESSIVE_REPEAT}
START, BEYOND, NOTED = range(3)

# Prints the file, text and flags of each pattern that is compiled by our modules while they are imported.
RECORDER = """
import importlib, json, re, sys
parse, found = re._parser.parse, []
def record(pattern, flags=0, *rest):
    frame = sys._getframe(1)
    while frame.f_globals["__name__"].partition(".")[0] == "re":
        frame = frame.f_back
    found.append((frame.f_code.co_filename, repr(pattern), int(flags)))
    return parse(pattern, flags, *rest)
re._parser.parse = record
sys.path[:0] = json.loads(sys.argv[1])
for name in json.loads(sys.argv[2]):
    importlib.import_module(name)
print(json.dumps(found))
"""


# Up to Python 3.11.4 (CPython gh-100061 and gh-106052), a possessive group whose pass fails ends at the last place
# that was noted in this pass, instead of at its start. Noted is: where a repetition of one character, a choice, an
# atomic group or a lookaround begins; where other repetitions pass; where an atomic group or lookaround ends.
# Captures do not matter. Right are passes whose failure is that of the group, as they are below its minimum; those
# that can fail only while no place beyond their start is noted; and what is in an atomic group at their start, since
# that goes back when it fails. Nested groups count each for itself. Everything else counts as wrong here, though some
# of it is right by chance. `(?>…)*+` instead of `(?:…)*+` is right, and takes no more memory.
def wrong_groups(items: Iterable[tuple[Any, Any]]) -> Iterator[Any]:
    """The possessive groups in a parsed pattern whose passes may fail with a noted place beyond their start."""
    for operator, argument in items:
        if operator is CONSTANTS.POSSESSIVE_REPEAT and not is_one_character(argument[2]):
            least, most, group = argument
            if least != most and noted_after(group, START) is None:
                yield group
        for part in parts_of(argument):
            yield from wrong_groups(part)


def parts_of(argument: Any) -> Iterator[Any]:
    if isinstance(argument, PARSER.SubPattern):
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            yield from parts_of(part)


def is_one_character(items: Any) -> bool:
    if len(items) != 1:
        return False
    operator, argument = items[0]
    if operator is CONSTANTS.SUBPATTERN:
        return argument[0] is None and is_one_character(argument[3])
    return operator in ONE_CHARACTER


def noted_after(items: Iterable[tuple[Any, Any]], state: int) -> int | None:
    """What a pass has noted after these items; None if it may fail when it has noted a place beyond its start."""
    for operator, argument in items:
        after: int | None = None
        if operator in ONE_CHARACTER or operator in (CONSTANTS.AT, CONSTANTS.GROUPREF):
            after = None if state == NOTED else BEYOND
        elif operator is CONSTANTS.SUBPATTERN:
            after = noted_after(argument[3], state)
        elif operator is CONSTANTS.BRANCH and state != NOTED:
            ends = [noted_after(choice, START if state == START else NOTED) for choice in argument[1]]
            after = None if None in ends else max(end for end in ends if end is not None)
        elif operator in REPEATS and (argument[0] == 0 or state == START):
            if is_one_character(argument[2]) and operator is CONSTANTS.POSSESSIVE_REPEAT:
                after = BEYOND if state == START else NOTED
            elif argument[0] == 0 or noted_after(argument[2], START) is not None:
                after = NOTED
        elif operator is CONSTANTS.ATOMIC_GROUP and state == START:
            after = NOTED
        if after is None:
            return None
        state = after
    return state


def is_wrong(pattern: str | bytes, flags: int = 0) -> bool:
    return any(True for _ in wrong_groups(PARSER.parse(pattern, flags)))


def test_no_pattern_of_a_module_has_a_possessive_group_that_old_versions_match_wrongly() -> None:
    files = sorted(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))
    paths = [str(ROOT / folder) for folder in (*FOLDERS, "generated")]
    modules = [name for file in files if (name := module_of(file))]
    command = [sys.executable, "-c", RECORDER, json.dumps(paths), json.dumps(modules)]
    found = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    ours = {tuple(row) for row in found if Path(row[0]) in set(files)}
    assert len(ours) > 150
    assert sorted(row for row in ours if is_wrong(ast.literal_eval(row[1]), row[2])) == []


def module_of(file: Path) -> str | None:
    """The name of a module; None for those that do something when they are imported."""
    parts = file.relative_to(ROOT).with_suffix("").parts[1:]
    if parts[-1] in ("__main__", "sitecustomize"):
        return None
    return ".".join(parts).removesuffix(".__init__")


def test_no_pattern_in_a_function_has_one_either() -> None:
    for folder in FOLDERS:
        for file in (ROOT / folder).rglob("*.py"):
            for call in calls_in_functions(ast.parse(file.read_text(encoding="utf-8"))):
                match call.args:
                    case [ast.Constant(value=str() | bytes() as pattern), *_]:
                        assert not is_wrong(pattern), (file, pattern)
                    case [assembled, *_]:  # which is not known before it runs
                        text = ast.unparse(assembled)
                        assert not re.search(r"\)([*+?]|\{[\d,{}]+\})\+", text), (
                            f"{file}: assemble {text} in the module"
                        )


def calls_in_functions(tree: ast.AST) -> Iterator[ast.Call]:
    """The calls of functions of `re`."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                match node:
                    case ast.Call(func=ast.Attribute(value=ast.Name(id="re"))):
                        yield node


# How 3.11.2 matches short texts with these, compared with 3.11.7.
WRONG = (
    r"(?:ab?c)*+",
    r"(?:a(?:bd|ce))*+",
    r"(?:[^*]|\*(?!/))*+",
    r"(?:\\(?!\Z))?+",
    r'(?:"[^"]*+")++',
    r"(?:(?=ab)a[bc]d)*+",
    r"(?:(?:ab)*+c){1,2}+",
    r"(?:(?>a)b)*+",
    r"(?:a(?>b))*+",
    r"(?:(a)b?c)*+",
    r"(?>x(?:ab?c)*+)*+",
    r"x|(?:ab?c)*+",
)
RIGHT = (
    r"(?:abc)*+",
    r"(?:[^a\\]++|\\.)*+",
    r"(?:\\.[^a\\]*+)*+",
    r"(?:a++[bd])*+",
    r"(?:ab?c){2}+",
    r"(?>ab?c)*+",
    r"(?>[^*]|\*(?!/))*+",
    r"(?:(?>ab?c|d)e*+)*+",
)


@pytest.mark.parametrize("pattern", WRONG)
def test_a_pass_that_may_fail_after_a_place_beyond_its_start_is_noted_is_found(pattern: str) -> None:
    assert is_wrong(pattern)


@pytest.mark.parametrize("pattern", RIGHT)
def test_other_passes_are_left_alone(pattern: str) -> None:
    assert not is_wrong(pattern)
