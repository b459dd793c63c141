"""Code for a new operation, as its neighbors have it: all that the contract knows, and marks where it knows nothing."""

from __future__ import annotations

import ast
import re
import textwrap
from pathlib import Path

from .client_code import ClientCode
from .commands import Command
from .contract import Contract, Endpoint
from .leftovers import mark
from .parameters import CALLS, COMMANDS, DRIVERS
from .source import Module

__all__ = ["emulator_module", "missing_operations", "write_skeletons"]

EMULATOR = "pytest_replay/rum_replay_emulator"
FACTORIES = "pytest_replay/pytest_rum_replay/factories.py"


def missing_operations(contract: Contract, root: Path) -> list[Endpoint]:
    """The operations that no function of `_calls` asks for."""
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((root / CALLS).glob("*.py")))
    return [each for each in contract.endpoints().values() if f"api.{each.snake.upper()}," not in code]


def write_skeletons(
    contract: Contract, endpoint: Endpoint, model: str | None, root: Path
) -> tuple[set[Path], list[str]]:
    """Write what an operation needs; returns the changed modules, and what could not be written.

    The last thing that is written is the call, by which `missing_operations` knows that the others are there.
    """
    names = [CALLS, DRIVERS, COMMANDS]
    lacking = [f"{name}/{endpoint.group}.py" for name in names if not (root / name / f"{endpoint.group}.py").exists()]
    emulator = emulator_module(endpoint, contract, root)
    lacking += [f"{EMULATOR}: a module for {endpoint.tag}"] if emulator is None else []
    if lacking or emulator is None:
        return set(), [
            f"{each} does not exist, so {endpoint.id} gets no code: begin the area by hand, as playlists have it"
            for each in lacking
        ]
    client = ClientCode(contract, endpoint, model, root)
    modules = [_handler(client, emulator)]
    if model is not None:
        modules.append(_factory(model, root))
    command = Module(root / COMMANDS / f"{endpoint.group}.py")
    Command(command, contract, endpoint, model).write(client.in_path, client.others)
    written = {module.path for module in [*modules, command] if module.write()}
    client.write()
    return written | client.written, []


def emulator_module(endpoint: Endpoint, contract: Contract, root: Path) -> Path | None:
    """The module whose class answers the other operations of the area."""
    neighbors = [each.id for each in contract.endpoints().values() if each.tag == endpoint.tag and each != endpoint]
    for path in sorted((root / EMULATOR).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "def handlers(" in text and any(f'"{name}":' in text for name in neighbors):
            return path
    return None


def _handler(client: ClientCode, path: Path) -> Module:
    """The function of the emulator, which nobody but a person can write."""
    module, endpoint = Module(path), client.endpoint
    (handlers,) = (each for each in module.functions() if each.name == "handlers")
    table = next(node.value for node in ast.walk(handlers) if isinstance(node, ast.Return) and node.value)
    name = f"_{endpoint.name}"
    name = f"{name}_of_{endpoint.group}" if f"def {name}(" in module else name
    module.add_element(table, f'"{endpoint.id}": self.{name}')
    declared = client.contract.document["paths"][endpoint.path][endpoint.method.lower()]
    status = next(status for status in declared["responses"] if status.startswith("2"))
    data = "call.page([…])" if endpoint.is_list and endpoint.paged else "[…]" if endpoint.is_list else "{…}"
    answer = f'json_answer({status}, {{"data": {data}}}), where … is {endpoint.answer}'
    values = ", ".join(f"call.path[{number}] is the {each.name}" for number, each in enumerate(client.in_path))
    hint = f"Return {answer if endpoint.answer else 'NO_CONTENT'}{f'; {values}' if values else ''}."
    hint += " What is undocumented is a field of Assumptions."
    statement = textwrap.indent(mark(f"what the emulator answers to {endpoint.id}", hint), "    ")
    method = f"def {name}(self, call: Call) -> Answer:\n{statement}\n"
    named = {node.attr for node in ast.walk(table) if isinstance(node, ast.Attribute)}
    last = max((each for each in module.functions() if each.name in named), key=lambda each: each.lineno)
    module.add_after(last, textwrap.indent(method, "    "))
    return module


def _factory(model: str, root: Path) -> Module:
    """The method of Factory that makes the model."""
    module, name = Module(root / FACTORIES), re.sub(r"(?<!^)(?=[A-Z])", "_", model).lower()
    if f"def {name}(" not in module:
        (before,) = (each for each in module.functions() if each.name == "rum_event")
        text = f"def {name}(self, **overrides: Any) -> {model}:\n    return self.model({model}, **overrides)\n"
        module.add_before(before, textwrap.indent(text, "    "))
        module.add_import("rum_replay", model)
    return module
