"""The smallest change of openapi.yaml that makes traffic fit, as edits of its lines: comments and layout stay.

What is added says that it was seen in traffic and is undocumented, since nothing more is known. Of recorded values only
types are used.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from typing import Any

import yaml

from .conformance import Contract, is_json
from .inference import SEEN, inferred, merged_types, yaml_lines, yaml_member, yaml_word
from .misfits import Misfit, Pointer, json_type
from .model import UnreadableError
from .new_operations import operation_lines
from .traffic import Exchange
from .yaml_edits import YamlEdits, member, of_lines

__all__ = ["patch", "patched"]

_ROUNDS = 8


def patched(text: str, name: str, exchanges: Sequence[Exchange]) -> tuple[str, list[Misfit]]:
    """The document with the changes that make traffic fit, and what does not fit even so.

    One change may show the next: an answer that was not in the contract is then looked into.
    """
    contract = Contract(text, name)
    misfits = contract.misfits(exchanges)
    for _ in range(_ROUNDS):
        changed = _changed(text, name, misfits) or _changed_one_by_one(text, name, misfits)
        if changed == text:
            break
        text, contract = changed, Contract(changed, name)
        misfits = contract.misfits(exchanges)
    return text, misfits


def _changed(text: str, name: str, misfits: Sequence[Misfit]) -> str | None:
    """The document with changes; None if they do not suit its layout, as those of lines within braces do not."""
    try:
        changed = _Patch(text, Contract(text, name)).of(misfits)
        Contract(changed, name)
    except (UnreadableError, yaml.YAMLError, LookupError):
        return None
    return changed


def _changed_one_by_one(text: str, name: str, misfits: Sequence[Misfit]) -> str:
    """The document with those changes that suit its layout."""
    for group in _grouped(misfits).values():
        text = _changed(text, name, group) or text
    return text


def _grouped(misfits: Iterable[Misfit]) -> dict[tuple[str, Pointer], list[Misfit]]:
    """The misfits that one change concerns."""
    grouped: dict[tuple[str, Pointer], list[Misfit]] = {}
    for misfit in misfits:
        grouped.setdefault((misfit.kind, misfit.pointer), []).append(misfit)
    return grouped


def patch(before: str, after: str, name: str) -> str:
    """The difference as a patch that `git apply` and `patch -p1` understand; empty without one."""
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{name}", f"b/{name}"
    )
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


class _Patch:
    def __init__(self, text: str, contract: Contract) -> None:
        self._contract = contract
        self._edits = YamlEdits(text)

    def of(self, misfits: Iterable[Misfit]) -> str:
        done: set[int] = set()
        for (kind, pointer), group in _grouped(misfits).items():
            edit = getattr(self, f"_{kind.replace('-', '_')}", None)
            if edit is None:
                continue  # that no change of the contract makes fit, or not without decisions
            # Aliases make one node of several places, which then needs one change only; the next round sees the rest.
            node = id(self._edits.node(pointer))
            if node not in done:
                done.add(node)
                edit(pointer, group)
        return self._edits.made()

    def _property(self, pointer: Pointer, group: list[Misfit]) -> None:
        values: dict[str, list[Any]] = {}
        for misfit in group:
            values.setdefault(misfit.name, []).extend(misfit.values)
        block = [line for name, seen in values.items() for line in yaml_member(name, inferred(seen))]
        self._edits.insert(self._edits.node((*pointer, "properties")), block)

    def _map(self, pointer: Pointer, _: list[Misfit]) -> None:
        self._edits.insert(self._edits.node(pointer), ["additionalProperties: true"])

    def _missing(self, pointer: Pointer, group: list[Misfit]) -> None:
        node = self._edits.node((*pointer, "required"))
        names = [misfit.name for misfit in group]
        kept = [item.value for item in node.value if item.value not in names]
        if node.flow_style or not kept:
            self._edits.set(pointer, "required", f"[{', '.join(kept)}]" if kept else None)
            return
        for item in node.value:
            if item.value in names:
                self._edits.replace_line(item.start_mark.line)

    def _type(self, pointer: Pointer, group: list[Misfit]) -> None:
        seen = merged_types(
            {json_type(value) for misfit in group for value in misfit.values} | set(self._types(pointer))
        )
        written = [f'"{name}"' if name == "null" else name for name in seen]
        self._edits.set(pointer, "type", written[0] if len(written) == 1 else f"[{', '.join(written)}]")
        if "number" in seen:  # formats of integers no longer hold
            self._edits.set(pointer, "format", None)
        if "array" in seen and "array" not in self._types(pointer):
            inner = [item for misfit in group for value in misfit.values if isinstance(value, list) for item in value]
            self._edits.insert(self._edits.node(pointer), yaml_member("items", inferred(inner)))

    def _null(self, pointer: Pointer, _: list[Misfit]) -> None:
        node = of_lines(self._edits.node(pointer))
        reference = member(node, "$ref")
        if reference is None:
            types = [*self._types(pointer), '"null"']
            self._edits.set(pointer, "type", f"[{', '.join(types)}]")
        else:
            key, value = reference
            indent = " " * key.start_mark.column
            lines = (f"{indent}description: Null was seen in traffic; undocumented.", f"{indent}anyOf:")
            branches = (
                f'{indent}  - $ref: "{value.value}"',
                f'{indent}  - type: "null"',
                f"{indent}    description: {SEEN}",
            )
            self._edits.replace_line(key.start_mark.line, *lines, *branches)

    def _alternative(self, pointer: Pointer, group: list[Misfit]) -> None:
        values = [value for misfit in group for value in misfit.values]
        lines: list[str] = []
        for name in sorted({json_type(value) for value in values}):
            branch = inferred([value for value in values if json_type(value) == name])
            branch = {"type": "null", "description": SEEN} if name == "null" else branch
            first, *rest = yaml_lines(branch)
            lines += [f"- {first}", *(f"  {line}" for line in rest)]
        self._edits.insert(self._edits.node(pointer), lines)

    def _value(self, pointer: Pointer, group: list[Misfit]) -> None:
        node = self._edits.node((*pointer, "enum"))
        names = [yaml_word(name) for name in dict.fromkeys(misfit.name for misfit in group)]
        if node.flow_style:
            self._edits.extend_flow(node, names)
        else:
            self._edits.insert(node, [f"- {name}" for name in names])

    def _free_value(self, pointer: Pointer, _: list[Misfit]) -> None:
        self._edits.set(pointer, "enum", None)

    def _format(self, pointer: Pointer, group: list[Misfit]) -> None:
        numbers = [value for misfit in group for value in misfit.values if isinstance(value, int | float)]
        fits = bool(numbers) and all(-(2**63) <= value < 2**63 for value in numbers)
        self._edits.set(pointer, "format", "int64" if fits else None)

    def _bound(self, pointer: Pointer, group: list[Misfit]) -> None:
        for name in dict.fromkeys(misfit.name for misfit in group):
            self._edits.set(pointer, name, None)

    def _status(self, pointer: Pointer, group: list[Misfit]) -> None:
        node = self._edits.node(pointer)
        by_status: dict[str, list[Misfit]] = {}
        for misfit in group:
            by_status.setdefault(misfit.name.partition(" ")[0], []).append(misfit)
        for status, same in sorted(by_status.items()):
            before = [key for key, _ in node.value if key.value < status]
            if not before:
                self._edits.insert_before(node, node.value[0][0], self._answer(pointer, status, same))
            else:
                self._edits.insert_after(node, before[-1].value, self._answer(pointer, status, same))

    def _answer(self, pointer: Pointer, status: str, group: Sequence[Misfit]) -> list[str]:
        """An answer that another operation has for this status, or one with a body like that of a success."""
        responses = [self._edits.node((*holder, "responses")) for holder in self._operation_pointers()]
        if status >= "400":
            for answers in responses:
                shared = member(answers, status)
                reference = None if shared is None else member(shared[1], "$ref")
                if reference is not None:
                    return [f'"{status}":', f'  $ref: "{reference[1].value}"']
        lines = [f'"{status}":', f"  description: {SEEN}"]
        types = sorted({name for misfit in group if (name := misfit.name.partition(" ")[2])})
        if not types:
            return lines
        lines.append("  content:")
        for media_type in types:
            lines.append(f"    {media_type}:")
            values = [value for misfit in group if misfit.name.endswith(media_type) for value in misfit.values]
            schema_name = self._success_schema(pointer) if status < "300" else "#/components/schemas/ErrorResponse"
            if is_json(media_type) and schema_name is not None and self._has(schema_name):
                lines += ["      schema:", f'        $ref: "{schema_name}"']
            else:
                schema = inferred(values) if is_json(media_type) else {"type": "string", "description": SEEN}
                lines += ["      schema:", *(f"        {line}" for line in yaml_lines(schema))]
        return lines

    def _success_schema(self, pointer: Pointer) -> str | None:
        """The reference of a success of the operation."""
        for key, value in self._edits.node(pointer).value:
            if key.value < "300" and member(value, "content") is not None:
                for kind, media in member(value, "content")[1].value:  # type: ignore[index]
                    schema = member(media, "schema")
                    reference = None if schema is None else member(schema[1], "$ref")
                    if is_json(kind.value) and reference is not None:
                        return str(reference[1].value)
        return None

    def _media_type(self, pointer: Pointer, group: list[Misfit]) -> None:
        block: list[str] = []
        for name in sorted({misfit.name for misfit in group if misfit.name}):
            schema = {"type": "string", "description": SEEN} if not is_json(name) else {"description": SEEN}
            block += [f"{name}:", "  schema:", *(f"    {line}" for line in yaml_lines(schema))]
        if block:
            self._edits.insert(self._edits.node((*pointer, "content")), block)

    def _body(self, pointer: Pointer, group: list[Misfit]) -> None:
        values = [value for misfit in group for value in misfit.values]
        if group[0].name == "request":
            block = ["requestBody:", f"  description: {SEEN}", "  content:", "    application/json:", "      schema:"]
            block += [f"        {line}" for line in yaml_lines(inferred(values))]
            responses = member(self._edits.node(pointer), "responses")
            if responses is not None:
                self._edits.insert_before(self._edits.node(pointer), responses[0], block)
            return
        types = sorted({misfit.name for misfit in group if misfit.name})
        block = ["content:"]
        for name in types:
            schema = inferred(values) if is_json(name) and values else {"type": "string", "description": SEEN}
            block += [f"  {name}:", "    schema:", *(f"      {line}" for line in yaml_lines(schema))]
        if types:
            self._edits.insert(self._edits.node(pointer), block)

    def _parameter(self, pointer: Pointer, group: list[Misfit]) -> None:
        values: dict[str, list[Any]] = {}
        for misfit in group:
            values.setdefault(misfit.name, []).extend(misfit.values)
        block: list[str] = []
        for name, seen in values.items():
            types = {json_type(value) for value in seen}
            schema = inferred(seen) if len(types) == 1 else {"type": "string", "description": SEEN}
            schema.pop("format", None) if schema.get("type") == "string" else None
            block += [f"- name: {yaml_word(name)}", "  in: query", f"  description: {SEEN}", "  schema:"]
            block += [f"    {line}" for line in yaml_lines(schema)]
            if "[" in name:
                block.append(f"  x-python-name: {name.replace('[', '_').replace(']', '')}")
        operation = self._edits.node(pointer)
        parameters = member(operation, "parameters")
        if parameters is not None:
            self._edits.insert(parameters[1], block)
        else:
            after = member(operation, "requestBody") or member(operation, "responses")
            if after is not None:
                self._edits.insert_before(operation, after[0], ["parameters:", *(f"  {line}" for line in block)])

    def _operation(self, pointer: Pointer, group: list[Misfit]) -> None:
        paths = self._contract.document.node(pointer).members()
        added: set[str] = set()
        for name in dict.fromkeys(misfit.name for misfit in group):
            method, _, path = name.partition(" ")
            lines = operation_lines(path, method, [misfit for misfit in group if misfit.name == name], paths)
            if lines is None or method not in ("GET", "PUT", "POST", "DELETE", "PATCH") or path in added:
                continue
            added.add(path)  # its other methods are for the next round
            if path in paths:
                self._edits.insert(self._edits.node((*pointer, path)), [line[2:] for line in lines[1:]])
            else:
                nearest = max(paths, key=partial(_shared_steps, path))
                self._edits.insert_after(self._edits.node(pointer), nearest, lines)

    def _types(self, pointer: Pointer) -> list[str]:
        stated = member(self._edits.node(pointer), "type")
        if stated is None:
            return []
        value = stated[1].value
        return [value] if isinstance(value, str) else [item.value for item in value]

    def _has(self, reference: str) -> bool:
        try:
            self._contract.document.followed(tuple(reference[2:].split("/")))
        except (KeyError, IndexError):
            return False
        return True

    def _operation_pointers(self) -> Iterator[Pointer]:
        for path, item in self._edits.node(("paths",)).value:
            for method, declared in item.value:
                if isinstance(declared, yaml.MappingNode) and member(declared, "responses") is not None:
                    yield ("paths", path.value, method.value)


def _shared_steps(path: str, other: str) -> int:
    """How many steps two paths have in common at their beginning."""
    pairs = zip(path.split("/"), other.split("/"), strict=False)
    return next(
        (number for number, (one, two) in enumerate(pairs) if one != two), min(path.count("/"), other.count("/"))
    )
