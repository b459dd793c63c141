"""Public classes show the module that people import them from, and can be used from there."""

from __future__ import annotations

import pickle
import pkgutil
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any, get_args, get_type_hints

import attrs
import msgspec
import pytest
import rum_replay
from rum_replay import segments
from rum_replay.segments import records

from . import made

PACKAGES = [
    "rum_replay.segments",
    *(f"rum_replay.segments.{one.name}" for one in pkgutil.iter_modules(segments.__path__) if one.name[0] != "_"),
]
EXPORTS = {package: import_module(package).__all__ for package in ("rum_replay", *PACKAGES)}
CLASSES: list[tuple[str, type[Any]]] = [
    (package, export)
    for package in PACKAGES
    for export in (getattr(import_module(package), name) for name in EXPORTS[package])
    if isinstance(export, type)
]
# Changes are lists without a tag, which only decode_record tells apart.
NOT_DECODABLE = {records.FullSnapshotRecord, records.ChangeRecord, segments.PlacedRecord}
STRUCTS = list(dict.fromkeys(cls for _, cls in CLASSES if issubclass(cls, msgspec.Struct) and cls not in NOT_DECODABLE))
IDS = [f"{package}.{cls.__name__}" for package, cls in CLASSES]


def test_the_public_packages_are_those_without_an_underscore() -> None:
    assert sorted(PACKAGES) == [
        "rum_replay.segments",
        "rum_replay.segments.dom",
        "rum_replay.segments.exports",
        "rum_replay.segments.heatmap",
        "rum_replay.segments.player",
        "rum_replay.segments.playwright_steps",
        "rum_replay.segments.records",
        "rum_replay.segments.session_timeline",
        "rum_replay.segments.summary",
    ]


@pytest.mark.parametrize(("package", "cls"), CLASSES, ids=IDS)
def test_a_class_shows_the_shortest_module_that_exports_it(package: str, cls: type[Any]) -> None:
    exporting = [
        name
        for name in ("rum_replay", "rum_replay.segments", package)
        if cls.__name__ in EXPORTS[name] and getattr(import_module(name), cls.__name__) is cls
    ]
    assert cls.__module__ == exporting[0]
    if not issubclass(cls, Enum):  # Enums show only their name.
        assert repr(cls) == f"<class '{exporting[0]}.{cls.__name__}'>"
    assert pickle.loads(pickle.dumps(cls)) is cls


def classes_in(hint: Any) -> Iterator[type[Any]]:
    """The classes in a type hint; a name that was not resolved fails the test."""
    assert not isinstance(hint, str), hint
    if isinstance(hint, type) and not get_args(hint):
        yield hint
    for argument in get_args(hint):
        if not isinstance(argument, str | int | bool | list):  # Arguments of Literal and Callable.
            yield from classes_in(argument)


@pytest.mark.parametrize(("package", "cls"), CLASSES, ids=IDS)
def test_type_hints_resolve_to_classes_that_are_public_too(package: str, cls: type[Any]) -> None:
    hints = get_type_hints(cls, include_extras=True)
    for name, hint in hints.items():
        for used in classes_in(hint):
            is_internal = used.__module__.startswith("rum_replay") and "._" in used.__module__
            assert not is_internal or name.startswith("_"), (name, used)
    if attrs.has(cls):
        attrs.resolve_types(cls)
        for field in attrs.fields(cls):
            list(classes_in(field.type))


def test_records_can_be_pickled() -> None:
    for record in made.page(made.click(1), made.change(2, [0, "a"], [99]), made.record(99, 3)).records():
        assert pickle.loads(pickle.dumps(record)) == record


@pytest.mark.parametrize("cls", STRUCTS, ids=lambda cls: cls.__name__)
def test_a_part_of_a_record_can_be_decoded_by_its_class(cls: type[msgspec.Struct]) -> None:
    assert isinstance(msgspec.json.Decoder(cls), msgspec.json.Decoder)
    fields = {field.name: field.type for field in msgspec.structs.fields(cls)}
    assert fields.items() <= get_type_hints(cls, include_extras=True).items()


def test_errors_are_those_of_the_root_package() -> None:
    assert segments.SegmentError is rum_replay.SegmentError
    assert segments.SegmentLimitError is rum_replay.SegmentLimitError
