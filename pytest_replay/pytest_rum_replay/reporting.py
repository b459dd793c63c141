"""What a session ends with: drift, cassettes that no test uses, and what the network guard blocked."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from pytest_rum_replay.settings import Settings

__all__ = ["Report", "Section", "report"]


@frozen
class Section:
    """A part of pytest's summary."""

    title: str
    lines: tuple[str, ...]


@frozen
class Report:
    """What the summary says, and whether the run fails for it."""

    sections: tuple[Section, ...] = ()
    fails: bool = False


def report(config: pytest.Config, settings: Settings, processes: Sequence[Mapping[str, Any]]) -> Report:
    """From what the processes that ran tests tell; asks the live API where the settings want it.

    Raises pytest.UsageError where that cannot be asked at all.
    """
    sections: list[Section] = []
    blocked = list(dict.fromkeys(attempt for process in processes for attempt in process.get("blocked", ())))
    if blocked:
        sections.append(Section("rum_replay: blocked by the network guard", tuple(blocked)))
    fails = False
    usages = [process["usage"] for process in processes if "usage" in process]
    if usages:
        from pytest_rum_replay.cassettes.usage import CassetteUsage, chose_whole_folders

        usage = CassetteUsage.merged(usages)
        usage.partial = not chose_whole_folders(config, deselected=usage.partial)
        if unused := usage.unused():
            lines = tuple(str(path) for path in unused)
            sections.append(Section("rum_replay: cassettes that no test uses", lines))
        if settings.verify:
            from pytest_rum_replay.drift.verification import Verification

            existing = [path for path in map(Path, sorted(usage.used)) if path.exists()]
            verification = Verification.of(existing, settings.verify_url)
            sections.append(Section("rum_replay: cassettes and the live API", tuple(verification.lines())))
            fails = verification.has_drift
    return Report(tuple(sections), fails)
