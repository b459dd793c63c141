"""Coroutine functions that must check their host before anything else, also of modules that are imported later.

trio, anyio and asyncio's happy eyeballs try several addresses at a time. If all fail they raise an error of their own,
which would hide the network guard's. uvloop connects and resolves in C, where no audit hook sees it.
"""

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, cast

from attrs import frozen

__all__ = ["CONNECTORS", "Connector", "ImportWatch"]


@frozen
class Connector:
    """A coroutine function that connects or resolves."""

    module: str
    """Where it is defined."""

    name: str
    host_at: int
    """The position of its host, after self; the port follows. Or that of an address with both."""

    owner: str = ""
    """The class whose method it is."""

    exported_by: str = ""
    """The module that people import it from, if it is another."""

    def places(self) -> Iterator[tuple[Any, Callable[..., Any]]]:
        """The imported modules, or the class, that have the function, and the function."""
        for module in filter(None, (self.module, self.exported_by)):
            owner: Any = sys.modules.get(module)
            if self.owner:
                owner = getattr(owner, self.owner, None)
                function = getattr(owner, self.name, None)
            else:
                # Not getattr, which makes anyio import what nobody asked for.
                function = cast(Mapping[str, Any], vars(owner)).get(self.name) if owner else None
            if function is not None:
                yield owner, function


CONNECTORS = (
    Connector("asyncio.base_events", "create_connection", 1, "BaseEventLoop"),
    Connector("anyio._core._sockets", "connect_tcp", 0, exported_by="anyio"),
    Connector("trio._highlevel_open_tcp_stream", "open_tcp_stream", 0, exported_by="trio"),
    Connector("uvloop", "create_connection", 1, "Loop"),
    Connector("uvloop", "create_datagram_endpoint", 2, "Loop"),
    Connector("uvloop", "getaddrinfo", 0, "Loop"),
)


class ImportWatch(MetaPathFinder):
    """Calls `imported` with each of some modules when it has been imported, until `remove`."""

    def __init__(self, modules: Sequence[str], imported: Callable[[str], None]) -> None:
        self._modules = frozenset(modules)
        self._imported = imported
        self._being_found: set[str] = set()
        sys.meta_path.insert(0, self)

    def remove(self) -> None:
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in self._modules or fullname in self._being_found:
            return None  # for the latter, the next finder is asked, perhaps one that does the same as this
        finders = [finder.find_spec for finder in sys.meta_path if hasattr(finder, "find_spec")]
        self._being_found.add(fullname)
        try:
            spec = next(filter(None, (find(fullname, path, target) for find in finders)), None)
        finally:
            self._being_found.remove(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _Announcing(spec.loader, self._imported)
        return spec


class _Announcing(Loader):
    """A loader that leaves no trace in the module."""

    def __init__(self, loader: Loader, imported: Callable[[str], None]) -> None:
        self._loader = loader
        self._imported = imported

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        self._imported(module.__name__)
