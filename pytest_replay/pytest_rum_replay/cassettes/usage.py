"""Cassettes that no test uses, even if several processes ran the tests."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import pytest
from attrs import define, field

from pytest_rum_replay.cassettes.document import HEADER
from pytest_rum_replay.cassettes.naming import SUFFIX, cassette_folder

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

    used: set[str] = field(factory=set[str])
    partial: bool = False
    """Whether only some of the tests were collected: then it is unknown which cassettes are unused."""

    def collected(self, test_file: Path, folder: str) -> None:
        """Note that a test of this module was collected."""
        self.folders.add(str(cassette_folder(test_file, folder)))

    def uses(self, path: Path) -> None:
        """Note that a test uses this cassette, or would if it were run."""
        self.used.add(str(path))

    def message(self) -> dict[str, Any]:
        """The usage in plain values, for xdist's `workeroutput`."""
        return {"folders": sorted(self.folders), "used": sorted(self.used), "partial": self.partial}

    @classmethod
    def merged(cls, messages: Iterable[Mapping[str, Any]]) -> Self:
        """The combined usage of all workers."""
        usage = cls()
        for message in messages:
            usage.folders.update(message["folders"])
            usage.used.update(message["used"])
            usage.partial |= message["partial"]
        return usage

    def unused(self) -> list[Path]:
        """This plugin's cassettes in the folders that no test uses; empty if that is unknown."""
        if self.partial:
            return []
        return sorted(
            path
            for folder in self.folders
            for path in Path(folder).rglob(f"*{SUFFIX}")
            if str(path) not in self.used and _is_ours(path)
        )


def _is_ours(path: Path) -> bool:
    """Other plugins use folders of the same name."""
    start = HEADER.encode()
    with path.open("rb") as file:
        return file.read(len(start)) == start
