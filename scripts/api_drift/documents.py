"""OpenAPI documents in YAML or JSON, with the line of everything in them.

Parsing all of Datadog's document, 9 MB, takes seconds. So the text is cut into its paths and components first, and only
those that matter are parsed, with what they refer to.
"""

from __future__ import annotations

import json
import re

import yaml

from .json_documents import json_document
from .model import UnreadableError
from .nodes import Node, Wanted
from .yaml_documents import yaml_document

__all__ = ["Node", "parse"]


def parse(text: str, name: str, wanted: Wanted | None = None) -> Node:
    """Parse a document; with `wanted`, only the paths that are, and the components that they refer to.

    Raises UnreadableError that calls the document by its name.
    """
    try:
        if text.lstrip()[:1] in ("{", "["):
            try:
                return json_document(text, wanted)
            except (StopIteration, ValueError, IndexError):
                if not _is_flow_yaml(text):
                    raise UnreadableError(_not_json(text, name)) from None
        return yaml_document(text, wanted)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        words = " ".join(" ".join(filter(None, (error.context, error.problem))).split())
        place = "" if mark is None else f", in line {mark.line + 1}"
        raise UnreadableError(f"{name} cannot be parsed: {words}{place}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise UnreadableError(f"{name} cannot be parsed: {' '.join(str(error).split())}") from None
    except RecursionError:
        raise UnreadableError(f"{name} cannot be parsed: it is nested too deeply") from None


def _not_json(text: str, name: str) -> str:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        return f"{name} cannot be parsed: it is not JSON: {error.msg}, in line {error.lineno}"
    return f"{name} cannot be parsed: it is not JSON"


def _is_flow_yaml(text: str) -> bool:
    """YAML may have braces, too, but then keys need no quotes."""
    return re.match(r"\s*\{\s*[A-Za-z#]", text) is not None
