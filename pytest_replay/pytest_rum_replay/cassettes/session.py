"""The cassettes of one pytest session: the file, mode and secrets of each test's cassette."""

import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from attrs import define, field
from rum_replay import SystemClock

from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.cassettes.explanation import record_command
from pytest_rum_replay.cassettes.lifecycle import open_cassette
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import cassette_path, shared_cassette_path, shown_id
from pytest_rum_replay.cassettes.options import CassetteOptions
from pytest_rum_replay.cassettes.usage import CassetteUsage
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.redaction import Redactor

__all__ = ["CassetteSession"]

_CLOCK = SystemClock()
"""Its `monotonic` goes on while freezegun or time-machine has stopped time."""


@define
class CassetteSession:
    """The cassettes of one process that runs tests."""

    mode: Mode = Mode.NONE
    folder: str = "cassettes"
    """The folder for cassettes, next to each test module."""

    root: Path = Path()
    """pytest's root directory."""

    pseudonyms: bool = False
    parallel: bool = False
    """Whether other processes run tests at the same time."""

    usage: CassetteUsage = field(factory=CassetteUsage)
    _paths: dict[tuple[Path, str], Path] = field(init=False, factory=dict[tuple[Path, str], Path], repr=False)
    """By test module and id: a name depends on the credentials that were known when it was first asked for."""

    _new_shared: set[Path] = field(init=False, factory=set[Path])
    """Shared cassettes that did not exist before this session."""

    _started: float = field(init=False, factory=lambda: time.time() - _CLOCK.monotonic(), repr=False)
    """The Unix time at which that clock showed 0 seconds."""

    def path_of(self, test_file: Path, node_id: str, options: CassetteOptions, scope: str = "function") -> Path:
        """The file for a test, or for what fixtures of a class, a module or the session send.

        Raises CassetteUsageError for an invalid name.
        """
        if scope == "session":
            return shared_cassette_path(self.root / "all.py", scope, self.folder)
        if scope != "function":
            node_id = f"{node_id}::({scope})"
        elif options.name is not None:
            return shared_cassette_path(test_file, options.name, self.folder)
        known = self._paths.get((test_file, node_id))
        if known is None:
            known = self._paths[test_file, node_id] = cassette_path(test_file, node_id, self.folder, self.root)
        return known

    @contextmanager
    def open(
        self, test_file: Path, node_id: str, options: CassetteOptions, *, scope: str = "function", save: bool = True
    ) -> Generator[Cassette]:
        """The test's cassette; call its `discard()` before the end unless the test passed.

        Each of the tests that share a cassette replays it from the start, none has to play all of it, and rewriting
        replaces only the requests that are made again, since the rest belongs to other tests. One process cannot see
        what another is about to save, so recording a shared cassette in parallel raises CassetteUsageError. All this
        holds as well for the cassette of a wider `scope`. `save` is that of `open_cassette`.
        """
        path = self.path_of(test_file, node_id, options, scope)
        self.usage.uses(path)
        mode = options.record or self.mode
        shared = options.name is not None or scope != "function"
        if shared:
            mode = self._mode_of_shared(path, mode, node_id)
        pseudonyms = self.pseudonyms if options.pseudonyms is None else options.pseudonyms
        with open_cassette(
            path,
            mode=mode,
            redactor=Redactor(environment=os.environ, pseudonyms=Pseudonyms() if pseudonyms else None),
            pseudonyms=pseudonyms,
            max_age=options.max_age,
            now=self._now,
            allow_unplayed=options.allow_unplayed or shared,
            allow_playback_repeats=options.allow_playback_repeats,
            node_id=shown_id(node_id) or None,
            outlasts_tests=scope != "function",
            save=save,
        ) as cassette:
            yield cassette

    def _now(self) -> datetime:
        """The real time: tests may stop or shift theirs, and a recording does not age with them."""
        return datetime.fromtimestamp(self._started + _CLOCK.monotonic(), UTC)

    def _mode_of_shared(self, path: Path, mode: Mode, node_id: str) -> Mode:
        exists = path.exists()
        if self.parallel and mode.records(file_exists=exists):
            raise CassetteUsageError(
                f"the cassette {path} is shared by several tests, so it cannot be recorded while tests run in parallel "
                f"(mode {mode}). Record it in one process: "
                f"{record_command(mode, shown_id(node_id) or None)} -p no:xdist"
            )
        if mode is Mode.ONCE:
            if not exists:
                self._new_shared.add(path)
            elif path in self._new_shared:
                return Mode.NEW
        return Mode.ALL if mode is Mode.REWRITE else mode
