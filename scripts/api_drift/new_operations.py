"""Operations that only traffic has: under which path, and what the contract can say of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .inference import SEEN, inferred, yaml_lines
from .misfits import Misfit, is_word
from .nodes import Node

__all__ = ["UNKNOWN", "operation_lines", "path_template"]

UNKNOWN = "{…}"
"""In a path: a step that is not known to be a name, and may be data."""


def path_template(steps: Sequence[str], known: Iterable[str]) -> list[str]:
    """The steps of a path as a template.

    A step is a word if all known paths that begin like this one have words there, or if it follows a known value: what
    follows the id of a playlist is the name of something that the playlist has.
    """
    templates = [path.split("/") for path in known]
    found: list[str] = []
    for number, step in enumerate(steps):
        alike = [template[number] for template in templates if len(template) > number]
        placeholder = next((each for each in alike if each.startswith("{")), None)
        if step in alike:
            found.append(step)
        elif placeholder is not None:
            found.append(placeholder)
        else:
            is_name = bool(alike) or (number > 0 and found[-1].startswith("{") and found[-1] != UNKNOWN)
            found.append(step if is_name and is_word(step) else UNKNOWN)
        templates = [template for template in templates if template[number : number + 1] == [found[-1]]]
    return found


def operation_lines(path: str, method: str, group: Sequence[Misfit], paths: Mapping[str, Node]) -> list[str] | None:
    """A path with one operation, as lines of YAML; None without a name for every step that is no value.

    Names and permissions are for maintainers to decide; what follows from traffic is filled in by the next round.
    """
    steps = path.split("/")
    for number, step in enumerate(steps):
        before = "/".join(steps[:number]) + "/"
        has_words = any(each.startswith(before) and not each[len(before) :].startswith("{") for each in paths)
        if step == UNKNOWN and (number < 2 or has_words or steps[number - 1].startswith("{")):
            return None
        if step == UNKNOWN:
            steps[number] = "{id}"
    words = re.findall(r"[A-Za-z0-9]+", " ".join(step for step in steps[3:] if not step.startswith("{")))
    name = method.title() + "".join(word.title() for word in words)
    if steps[-1].startswith("{"):
        name += "By" + "".join(word.title() for word in re.findall(r"[a-z0-9]+", steps[-1]))
    lines = [f"{'/'.join(steps)}:", f"  {method.lower()}:", f"    operationId: {name}"]
    lines += ["    summary: Seen in traffic", f"    description: {SEEN}"]
    parameters = [line for step in steps if step.startswith("{") for line in _parameter(step, paths)]
    if parameters:
        lines += ["    parameters:", *(f"      {line}" for line in parameters)]
    lines.append("    responses:")
    statuses = sorted({answer["status"] for misfit in group for answer in misfit.values})
    for status in statuses:
        answers = [answer for misfit in group for answer in misfit.values if answer["status"] == status]
        lines += [
            f'      "{status}":',
            f"        description: {SEEN}",
            *(f"        {line}" for line in _content(answers)),
        ]
    return lines


def _parameter(step: str, paths: Mapping[str, Node]) -> list[str]:
    """As another path declares it."""
    for path, item in paths.items():
        for operation in item.members().values() if step in path.split("/") else ():
            for parameter in (operation.get("parameters") or Node([], 1)).items():
                reference = parameter.get("$ref")
                if reference is not None and _alike(str(reference.value), step):
                    return [f'- $ref: "{reference.value}"']
    lines = [f"- name: {step.strip('{}')}", "  in: path", "  required: true", f"  description: {SEEN}", "  schema:"]
    return [*lines, "    type: string", f"    description: {SEEN}"]


def _alike(reference: str, step: str) -> bool:
    return reference.rpartition("/")[2].lower() == re.sub(r"[^a-z0-9]", "", step)


def _content(answers: Sequence[Mapping[str, Any]]) -> list[str]:
    types = sorted({answer["type"] for answer in answers if answer["type"]})
    lines = ["content:"] if types else []
    for name in types:
        values = [answer["body"] for answer in answers if answer["type"] == name]
        schema = inferred(values) if "json" in name else {"type": "string", "description": SEEN}
        lines += [f"  {name}:", "    schema:", *(f"      {line}" for line in yaml_lines(schema))]
    return lines
