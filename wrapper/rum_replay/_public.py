"""Which module people import a class from: what tracebacks, reprs and pickles name instead of an internal one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import get_type_hints

__all__ = ["public", "public_exports"]


def public(*classes: type, module: str = "rum_replay") -> None:
    """Let classes name a public module as theirs.

    Type hints are looked up in the module that a class names, and the public one lacks most of what an internal one
    imports. So the hints are resolved first.
    """
    for cls in classes:
        if cls.__annotations__:
            hints = get_type_hints(cls, include_extras=True)
            cls.__annotations__ = {name: hints[name] for name in cls.__annotations__}
        cls.__module__ = module


def public_exports(namespace: Mapping[str, object], names: Iterable[str], module: str) -> None:
    """Let the classes among a package's exported names name the package as their module.

    A class that several packages export names the one with the shortest path; names that are still to be imported
    are passed over.
    """
    exports = (namespace.get(name) for name in names)
    public(*(e for e in exports if isinstance(e, type) and len(module) < len(e.__module__)), module=module)
