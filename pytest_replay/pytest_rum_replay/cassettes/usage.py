"""Cassettes that no test uses, even if several processes ran the tests."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Self

import pytest
from attrs import define, field

from pytest_rum_replay.cassettes.document import HEADER
from pytest_rum_replay.cassettes.naming import SUFFIX, cassette_folder, is_own_name, module_folder

__all__ = ["CassetteUsage", "chose_whole_folders"]


def chose_whole_folders(config: pytest.Config, *, deselected: bool) -> bool:
    """Whether all tests in the folders were collected, so that a cassette none of them uses is really unused.

    `deselected`: whether any test was removed after collection, as by -k, -m, --lf and --deselect.
    """
    if deselected or config.getoption("ignore", None) or config.getoption("ignore_glob", None):
        return False
    return all((config.invocation_params.dir / argument).is_dir() for argument in config.args)


@define
class CassetteUsage:
    """The cassettes that the tests of one process, or of all processes, use.

    A test uses its cassette as soon as it is collected, so the cassette of a skipped test is not unused.
    """

    folders: set[str] = field(factory=set[str])
    """The cassette folders of the collected tests, whether they exist or not."""

    modules: set[str] = field(factory=set[str])
    """The modules of the collected tests."""

    used: set[str] = field(factory=set[str])
    partial: bool = False
    """Whether only some of the tests were collected, or not all were run: then it is unknown what is unused."""

    def collected(self, test_file: Path, folder: str) -> None:
        """Note that a test of this module was collected."""
        self.folders.add(str(cassette_folder(test_file, folder)))
        self.modules.add(str(test_file))

    def uses(self, path: Path) -> None:
        """Note that a test uses this cassette, or would if it were run."""
        self.used.add(str(path))

    def message(self) -> dict[str, Any]:
        """The usage in plain values, for xdist's `workeroutput`."""
        return {
            "folders": sorted(self.folders),
            "modules": sorted(self.modules),
            "used": sorted(self.used),
            "partial": self.partial,
        }

    @classmethod
    def merged(cls, messages: Iterable[Mapping[str, Any]]) -> Self:
        """The combined usage of all workers."""
        usage = cls()
        for message in messages:
            usage.folders.update(message["folders"])
            usage.modules.update(message["modules"])
            usage.used.update(message["used"])
            usage.partial |= message["partial"]
        return usage

    def unused(self, root: Path, test_files: Sequence[str]) -> list[Path]:
        """This plugin's cassettes in the folders that no test uses; only those of which that is sure.

        Modules that were not collected, such as those that skip themselves, may use some: they are looked for next to
        the collected ones and, if the cassettes are elsewhere, below the root directory. `test_files` are patterns.
        """
        if self.partial:
            return []
        found = sorted(
            path
            for folder in self.folders
            for path in Path(folder).rglob(f"*{SUFFIX}")
            if str(path) not in self.used and _is_ours(path)
        )
        left_out = [path for path in self._python_files(root) if str(path) not in self.modules] if found else []
        folders = {module_folder(path) for path in left_out}
        may_share = any(fnmatch(path.name, pattern) for path in left_out for pattern in test_files)
        return [path for path in found if not (path.parent.name in folders if is_own_name(path.name) else may_share)]

    def _python_files(self, root: Path) -> Iterator[Path]:
        beside = {Path(module).parent for module in self.modules}
        if all(any(folder in Path(one).parents for folder in beside) for one in self.folders):
            for folder in beside:
                yield from folder.glob("*.py")
            return
        for path, below, names in os.walk(root):
            # Neither hidden folders nor virtual environments.
            below[:] = [name for name in below if name[0] != "." and not Path(path, name, "pyvenv.cfg").exists()]
            yield from (Path(path, name) for name in names if name.endswith(".py"))


def _is_ours(path: Path) -> bool:
    """Other plugins use folders of the same name."""
    start = HEADER.encode()
    with path.open("rb") as file:
        return file.read(len(start)) == start
