"""Cassettes that no test uses, also where several processes ran the tests."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

import pytest
from attrs import define, field

from pytest_rum_replay.cassettes.document import HEADER
from pytest_rum_replay.cassettes.naming import SUFFIX

__all__ = ["CassetteUsage", "chose_whole_folders"]


def chose_whole_folders(config: pytest.Config, *, deselected: bool) -> bool:
    """Whether all tests of the folders in question were collected, so that what none of them uses is of no use.

    `deselected`: whether any test was left out after it had been collected, as -k, -m, --lf and --deselect do.
    """
    if deselected or config.getoption("ignore", None) or config.getoption("ignore_glob", None):
        return False
    return all((config.invocation_params.dir / argument).is_dir() for argument in config.args)


@define
class CassetteUsage:
    """What the tests of one process, or of all, make use of.

    A test makes use of its cassette by being collected, so one that is skipped keeps its own.
    """

    folders: set[str] = field(factory=set[str])
    """Where the collected tests' cassettes lie, whether they have any or not."""

    used: set[str] = field(factory=set[str])
    partial: bool = False
    """Whether only a part of the tests was collected: then nobody can say what is unused."""

    def collected(self, test_file: Path, folder: str) -> None:
        """A test of this module was collected."""
        self.folders.add(str(test_file.parent / folder))

    def uses(self, path: Path) -> None:
        """A test uses this cassette, or would if it were run."""
        self.used.add(str(path))

    def message(self) -> dict[str, Any]:
        """For xdist's `workeroutput`, which carries plain values."""
        return {"folders": sorted(self.folders), "used": sorted(self.used), "partial": self.partial}

    @classmethod
    def merged(cls, messages: Iterable[Mapping[str, Any]]) -> Self:
        """All workers' together."""
        usage = cls()
        for message in messages:
            usage.folders.update(message["folders"])
            usage.used.update(message["used"])
            usage.partial |= message["partial"]
        return usage

    def unused(self) -> list[Path]:
        """The cassettes of ours in the folders that no test uses; none when that cannot be known."""
        if self.partial:
            return []
        return sorted(
            path
            for folder in self.folders
            for path in Path(folder).rglob(f"*{SUFFIX}")
            if str(path) not in self.used and _is_ours(path)
        )


def _is_ours(path: Path) -> bool:
    """Other plugins keep theirs in folders of the same name."""
    start = HEADER.encode()
    with path.open("rb") as file:
        return file.read(len(start)) == start
