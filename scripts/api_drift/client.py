"""An installed datadog-api-client as a source."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import evolve

from .model import (
    Answer,
    Body,
    Operation,
    Parameter,
    Place,
    Property,
    Schema,
    Source,
    UnreadableError,
    is_about_replays,
)

__all__ = ["INSTALLED", "read_client"]

INSTALLED = "datadog-api-client"
"""As a source: the one that is installed beside the project."""

_PROBE = Path(__file__).with_name("client_probe.py")


def read_client(where: Path | None, name: str, ours: Source) -> Source:
    """What an installed client knows of the operations that are about replays or that `ours` has.

    `where` is an environment, or a folder with the package, or the package itself; None is the one beside the project.
    Raises UnreadableError without a client there, and for one that has no such operation.
    """
    others = [operation.path for operation in ours.operations if not is_about_replays(operation.path)]
    pattern = "|".join(["/replay/", *map(re.escape, others)])
    python, environment = _interpreter(where, name)
    command = [str(python), str(_PROBE), pattern]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no output"])[-1]
        raise UnreadableError(f"{name}: there is no datadog-api-client that can be read: {reason}")
    report = json.loads(done.stdout)
    if not report["operations"]:
        raise UnreadableError(f"{name}: datadog-api-client {report['version']} has no operation about replays")
    return _Report(report).source(f"{name} {report['version']}" if where is None else name)


def _interpreter(where: Path | None, name: str) -> tuple[Path, dict[str, str]]:
    if where is None:
        return Path(sys.executable), dict(os.environ)
    for python in (where / "bin" / "python", where / "Scripts" / "python.exe"):
        if python.exists():
            return python, {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    folder = where.parent if where.name == "datadog_api_client" else where
    if not (folder / "datadog_api_client" / "__init__.py").exists():
        raise UnreadableError(f"{name} is neither an environment nor a folder that has the package datadog_api_client")
    return Path(sys.executable), {**os.environ, "PYTHONPATH": str(folder)}


class _Report:
    """What the probe printed."""

    def __init__(self, report: Mapping[str, Any]) -> None:
        self._report = report
        self._schemas: dict[str, Schema | None] = {}

    def source(self, name: str) -> Source:
        operations = tuple(self._operation(stated) for stated in self._report["operations"])
        sites = {site: Place(*place) for site, place in self._report["sites"].items()}
        return Source("client", name, operations, sites or None, frozenset({"*", "RUM"}))

    def _operation(self, stated: Mapping[str, Any]) -> Operation:
        place = Place(*stated["place"])
        body = stated["body"]
        return Operation(
            place=place,
            method=stated["method"],
            path=stated["path"],
            name=stated["name"],
            area=None,
            parameters=tuple(
                Parameter(
                    Place(*each["place"]),
                    each["name"],
                    each["location"],
                    each["required"],
                    self._schema(each["schema"], Place(*each["place"])),
                )
                for each in stated["parameters"]
            ),
            body=None
            if body is None
            else Body(Place(*body["place"]), body["required"], self._schema(body["schema"], Place(*body["place"]))),
            answers=None,
            result=Answer(place, None if stated["result"] is None else self._schema(stated["result"], place)),
            security=frozenset(stated["security"]),
        )

    def _schema(self, stated: Mapping[str, Any], place: Place) -> Schema:
        if "model" in stated:
            return self._model(stated["model"])
        kind = stated["type"]
        properties = stated.get("properties")
        return Schema(
            place=place,
            type=kind,
            # Integers of any width are `int` in Python.
            format=stated.get("format", None if kind in ("integer", "number") else ""),
            enum=tuple(stated.get("enum", ())),
            nullable=stated["nullable"],
            bounds=stated.get("bounds", {}),
            read_only=stated.get("read_only"),
            closed=stated.get("closed"),
            items=self._schema(stated["items"], place) if "items" in stated else None,
            properties=None
            if properties is None
            else {
                name: Property(
                    Place(*each["place"]), each["required"], self._schema(each["schema"], Place(*each["place"]))
                )
                for name, each in properties.items()
            },
        )

    def _model(self, name: str) -> Schema:
        known = self._schemas.get(name)
        if known is not None:
            return known
        stated = self._report["schemas"][name]
        place = Place(*stated["place"])
        if name in self._schemas:
            return Schema(place, None, name=name)  # it contains itself
        self._schemas[name] = None
        self._schemas[name] = made = evolve(self._schema(stated, place), name=name)
        return made
