"""New parameters of requests, handed through all layers: calls, methods of the client, commands.

Where a request is built, in `_calls`, each attribute that clients may write and each query parameter is given by its
name. One that is not is new: the function around it gets a parameter, then whatever calls that function, up to the
command, which gets an option. People read these signatures, so they are written out instead of made at run time.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field, frozen
from python_text import literal

from .contract import Contract, Endpoint, snake_case
from .kinds import KINDS, Argument
from .source import Function, Module, calls_in

__all__ = ["CALLS", "COMMANDS", "DRIVERS", "Gained", "by_hand", "command_name", "hand_through", "option"]

_REASON = "which is of no plain type, or has a name that no argument can have"

CALLS = "wrapper/rum_replay/_calls"
DRIVERS = "wrapper/rum_replay/_async"
COMMANDS = "wrapper/rum_replay/_cli"


@frozen
class Gained:
    """A parameter that a method of the client, or a command, got."""

    owner: str
    """`playlists.create` for a method, `playlists create` for a command."""

    argument: Argument
    place: str


@define
class _Work:
    root: Path
    gained: list[Gained] = field(factory=list)
    written: set[Path] = field(factory=set)


def hand_through(contract: Contract, root: Path) -> tuple[list[Gained], set[Path]]:
    """Hand new parameters through; returns what got one, and the changed modules."""
    work = _Work(root)
    for endpoint, path in _modules(contract, root):
        for argument, _, _ in list(_missing(contract, endpoint, Module(path))):
            if argument is not None:
                _add(work, endpoint, path, argument)
    return work.gained, work.written


def by_hand(contract: Contract, root: Path) -> list[str]:
    """What requests may have and no argument can be made for, each with the line of the call to add it to."""
    found: dict[tuple[str, int, str], str] = {}
    for endpoint, path in _modules(contract, root):
        for argument, name, line in _missing(contract, endpoint, Module(path)):
            place = path.relative_to(root).as_posix()
            if argument is None:  # of several operations with the same attributes, one says enough
                found.setdefault((place, line, name), f"{place}:{line}: {endpoint.id} may send {name}, {_REASON}")
    return [f"{text}: add it to the call by hand" for text in found.values()]


def _modules(contract: Contract, root: Path) -> Iterator[tuple[Endpoint, Path]]:
    for endpoint in contract.endpoints().values():
        path = root / CALLS / f"{endpoint.group}.py"
        if path.exists():
            yield endpoint, path


def _missing(contract: Contract, endpoint: Endpoint, module: Module) -> Iterator[tuple[Argument | None, str, int]]:
    """What requests of an operation may have, and its function does not give: argument, name, line of the call."""
    for function in _builders(module, endpoint):
        given = _keywords(function)
        for parameter in endpoint.parameters:
            if not parameter.in_path and parameter.python_name not in given:
                yield Argument.of_parameter(parameter), parameter.name, function.lineno
    for call in calls_in(module.tree, endpoint.attributes) if endpoint.attributes else ():
        given = {keyword.arg for keyword in call.keywords}
        for each in contract.fields(endpoint.attributes):
            if not each.set_by_server and not _is_given(each.name, given):
                yield Argument.of_field(each), each.name, call.lineno


def _is_given(name: str, given: set[str | None]) -> bool:
    """Whether a field is sent; the generated client has other names for those that Python does not take."""
    names = {snake_case(name), name.rstrip("_")}
    return any(each is not None and each.rstrip("_") in names for each in given)


def _builders(module: Module, endpoint: Endpoint) -> Iterator[Function]:
    """The functions that build requests of an operation."""
    name = f"{endpoint.snake}_kwargs"
    for function in module.functions():
        if any(isinstance(node, ast.Attribute) and node.attr == name for node in ast.walk(function)):
            yield function


def _keywords(function: Function) -> set[str | None]:
    return {keyword.arg for node in ast.walk(function) if isinstance(node, ast.Call) for keyword in node.keywords}


def _add(work: _Work, endpoint: Endpoint, path: Path, argument: Argument) -> None:
    module = Module(path)
    module.add_import(".._arguments", argument.kind.check)
    if not argument.required:
        module.add_import(".", "optional")
    sent = f"{argument.sent_as}={argument.checked}"
    names: set[str] = set()
    for function in module.functions():
        sends = [
            call for call in ast.walk(function) if isinstance(call, ast.Call) and _builds(call, endpoint, argument)
        ]
        for call in sends[:1]:
            module.add_argument(call, sent)
            names |= _with_callers(module, function, argument)
    if module.write():
        work.written.add(path)
    for name in sorted(names):
        _add_to_driver(work, endpoint, name, argument)


def _builds(call: ast.Call, endpoint: Endpoint, argument: Argument) -> bool:
    """Whether a call builds the request, or the part of its body, that has the argument."""
    function = ast.unparse(call.func)
    if argument.sent_as in {keyword.arg for keyword in call.keywords}:
        return False
    kwargs = f"generated.{endpoint.snake}_kwargs"
    of_query = any(each.python_name == argument.sent_as for each in endpoint.parameters)
    if of_query:
        return function == kwargs or (function == "partial" and ast.unparse(call.args[0]) == kwargs)
    return function == endpoint.attributes


def _with_callers(module: Module, function: Function, argument: Argument) -> set[str]:
    """Give a function, and all that call it in its module, the parameter; returns the names that drivers call."""
    if argument.name not in {each.arg for each in [*function.args.args, *function.args.kwonlyargs]}:
        module.add_parameter(function, argument.name, argument.annotation, None)
    names = set() if function.name.startswith("_") else {function.name}
    for caller in module.functions():
        if caller is not function:
            for call in calls_in(caller, function.name):
                if isinstance(call.func, ast.Name):  # not a method of that name, such as that of a dictionary
                    _give(module, call, argument)
                    names |= _with_callers(module, caller, argument)
    return names


def _give(module: Module, call: ast.Call, argument: Argument) -> None:
    if argument.name not in {keyword.arg for keyword in call.keywords}:
        module.add_argument(call, f"{argument.name}={argument.name}")


def _add_to_driver(work: _Work, endpoint: Endpoint, called: str, argument: Argument) -> None:
    path = work.root / DRIVERS / f"{endpoint.group}.py"
    module = Module(path)
    methods: list[Function] = []
    for method in module.functions():
        for call in calls_in(method, f"calls.{called}"):
            _give(module, call, argument)
            if argument.name not in {each.arg for each in [*method.args.args, *method.args.kwonlyargs]}:
                default = None if argument.required else "None"
                module.add_parameter(method, argument.name, argument.annotation, default)
                module.add_to_docstring(method, f"`{argument.name}`: {argument.description}")
            methods.append(method)
    if module.write():
        work.written.add(path)
    for method in methods:
        place = f"{path.relative_to(work.root).as_posix()}:{method.lineno}"
        work.gained.append(Gained(f"{endpoint.group}.{method.name}", argument, place))
        _add_to_commands(work, endpoint, method.name, argument)


def _add_to_commands(work: _Work, endpoint: Endpoint, method: str, argument: Argument) -> None:
    path = work.root / COMMANDS / f"{endpoint.group}.py"
    if not path.exists():
        return
    module = Module(path)
    for command in module.functions():
        name = command_name(command)
        calls = _purpose(command, f"{endpoint.group}.{method}") if name else []
        for call in calls:
            _give(module, call, argument)
        if calls and argument.name not in {each.arg for each in command.args.kwonlyargs}:
            module.add_decorator(command, option(argument))
            if argument.kind is KINDS["date-time"]:
                module.add_import(".arguments", "time_option")
            module.add_parameter(command, argument.name, argument.annotation, None)
            place = f"{path.relative_to(work.root).as_posix()}:{command.lineno}"
            work.gained.append(Gained(f"{endpoint.group} {name}", argument, place))
    if module.write():
        work.written.add(path)


def _purpose(command: Function, method: str) -> list[ast.Call]:
    """The calls of a method, if that is what a command is for: the last method of the client that it calls."""
    group = method.partition(".")[0]
    called = [
        node
        for node in ast.walk(command)
        if isinstance(node, ast.Call) and re.search(rf"\.{group}\.\w+$", ast.unparse(node.func))
    ]
    last = max(called, key=lambda call: (call.lineno, call.col_offset), default=None)
    return list(calls_in(command, method)) if last and ast.unparse(last.func).endswith(f".{method}") else []


def option(argument: Argument) -> str:
    """What makes an option of an argument."""
    name = f"--{argument.name.replace('_', '-')}"
    if argument.kind is KINDS["date-time"]:
        return f'time_option("{name}", {literal(argument.description.rstrip("."))})'
    required = "required=True, " if argument.required else ""
    return f'click.option("{name}", {argument.kind.option}, {required}help={literal(argument.description)})'


def command_name(function: Function) -> str | None:
    """The verb of a command, from its decorator."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).endswith(".command") and decorator.args:
            return str(ast.literal_eval(decorator.args[0]))
    return None
