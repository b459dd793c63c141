"""The report at the end of a session: blocked attempts, unused cassettes, and drift."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from pytest_rum_replay.settings import Settings

if TYPE_CHECKING:
    from pytest_rum_replay.cassettes.usage import CassetteUsage

__all__ = ["NOT_COMPARED", "Report", "Section", "report"]

NOT_COMPARED = 10
"""The exit status of a run that could not compare cassettes with the live API. pytest's own begin at 0 and grow."""


@frozen
class Section:
    """A section of pytest's summary."""

    title: str
    lines: tuple[str, ...]


@frozen
class Report:
    """The sections, and the exit status that they give to a run whose tests passed."""

    sections: tuple[Section, ...] = ()
    exit_status: int = pytest.ExitCode.OK


def report(session: pytest.Session, settings: Settings, processes: Sequence[Mapping[str, Any]]) -> Report:
    """The report on the processes that ran tests.

    If the settings ask for it, sends requests to the live API, and removes cassettes that no test uses.
    """
    config = session.config
    passed = session.exitstatus == pytest.ExitCode.OK
    was_cut_short = bool(session.shouldstop or session.shouldfail)
    sections: list[Section] = []
    blocked = list(dict.fromkeys(attempt for process in processes for attempt in process.get("blocked", ())))
    if blocked:
        sections.append(Section("rum_replay: blocked by the network guard", _shown(blocked)))
    exit_status: int = pytest.ExitCode.OK
    usages = [process["usage"] for process in processes if "usage" in process]
    if usages:
        from pytest_rum_replay.cassettes.usage import CassetteUsage, chose_whole_folders

        usage = CassetteUsage.merged(usages)
        usage.partial = not chose_whole_folders(config, deselected=usage.partial or was_cut_short)
        unused = usage.unused(config.rootpath, config.getini("python_files"))
        lines = [*map(str, unused), *_pruned(config, usage, unused, passed=passed)]
        if lines:
            sections.append(Section("rum_replay: cassettes that no test uses", _shown(lines)))
        if settings.verify:
            from pytest_rum_replay.drift.verification import Verification

            existing = [path for path in map(Path, sorted(usage.used)) if path.exists()]
            verification = Verification.of(existing, settings.verify_url)
            sections.append(Section("rum_replay: cassettes and the live API", _shown(verification.lines())))
            if verification.drifted:
                exit_status = pytest.ExitCode.TESTS_FAILED
            elif not verification.is_conclusive:
                exit_status = NOT_COMPARED
    return Report(tuple(sections), exit_status)


def _pruned(config: pytest.Config, usage: "CassetteUsage", unused: Sequence[Path], *, passed: bool) -> list[str]:
    """What `--rum-replay-prune` says; with `delete` it removes the files."""
    prune = config.getoption("rum_replay_prune")
    if prune is None:
        return []
    if usage.partial:
        return ["it is not known which these are: only some of the tests were collected or run"]
    if not unused:
        return ["none"]
    if prune == "list":
        return ["to remove them: --rum-replay-prune=delete"]
    if not passed:
        return ["they were not removed, because tests failed"]
    for path in unused:
        path.unlink()
        with suppress(OSError):  # others are in it
            path.parent.rmdir()
    return ["they were removed"]


def _shown(lines: Iterable[str]) -> tuple[str, ...]:
    from pytest_rum_replay.secrecy.messages import without_credentials

    return tuple(map(without_credentials, lines))
