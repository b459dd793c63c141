"""The network guard in Python processes that tests start, and the report of what it blocked there.

A forked process has its parent's guard. Others find in their environment what to guard (`GUARDS`) and, on PYTHONPATH, a
`sitecustomize` that does it. Not guarded: other programs; Python with -I, -E or -S; an environment without these two
variables; and a Python that does not have this package.
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from pytest_rum_replay.network.blocked import BlockedAttempt
from pytest_rum_replay.network.guard import NetworkGuard
from pytest_rum_replay.network.hook import installation

__all__ = ["GUARDS", "SessionGuard", "guard_this_process"]

GUARDS = "RUM_REPLAY_NETWORK_GUARD"
"""The variable: JSON, a list with the allowed hosts and the log of each guard of the processes above."""

_PATH = "PYTHONPATH"
_FOLDER = str(Path(__file__).with_name("child_path"))


class SessionGuard:
    """The guard of a test run: of this process, and of the Python processes that it starts while this is installed."""

    def __init__(self, allow_hosts: Iterable[str], *, is_xdist_worker: bool) -> None:
        self._allow_hosts = list(allow_hosts)
        self._guard = NetworkGuard(self._allow_hosts, note=self._note)
        self._pid = os.getpid()
        inherited = _inherited()
        # The processes that a worker starts report to the main process, so that a worker that crashes loses nothing.
        self._reports = not (is_xdist_worker and inherited)
        self._log = _new_log() if self._reports else Path(inherited[-1][1])
        self._before: str | None = None
        self._is_installed = False

    def install(self) -> None:
        self._is_installed = True
        self._guard.install()
        if self._reports:
            self._before = os.environ.get(GUARDS)
            os.environ[GUARDS] = json.dumps([*_inherited(), [self._allow_hosts, str(self._log)]])
            os.environ[_PATH] = os.pathsep.join(filter(None, (_FOLDER, os.environ.get(_PATH))))

    def remove(self) -> None:
        """Undo `install`; has no effect the second time."""
        self._guard.remove()
        if self._reports and self._is_installed:
            _restore(GUARDS, self._before)
            folders = os.environ.get(_PATH, "").split(os.pathsep)
            if _FOLDER in folders:  # perhaps not the first any more
                folders.remove(_FOLDER)
            _restore(_PATH, os.pathsep.join(folders) or None)
        self._is_installed = False

    def blocked(self) -> list[str]:
        """What was blocked in all these processes; forgets what was blocked in others."""
        own = [str(attempt) for attempt in self._guard.attempts]
        if not self._reports:
            return own
        try:
            lines = self._log.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return own
        with suppress(OSError):
            self._log.unlink()
        return own + [json.loads(line) for line in lines]

    def _note(self, attempt: BlockedAttempt) -> None:
        if os.getpid() != self._pid:  # in a forked process, whose memory nobody will see
            _write(self._log, attempt)


def guard_this_process(event: str, arguments: tuple[Any, ...]) -> None:
    """Guard a process that finds guards in its environment, at its first audit event of a socket."""
    for allow_hosts, log in _inherited():
        NetworkGuard(allow_hosts, note=partial(_write, Path(log))).install()
    installation.audit(event, arguments)


def _inherited() -> list[tuple[list[str], str]]:
    try:
        return [(allow_hosts, log) for allow_hosts, log in json.loads(os.environ.get(GUARDS, "[]"))]
    except (ValueError, TypeError):
        return []


def _new_log() -> Path:
    """The name of a file that the first blocked process makes."""
    # Not for the processes that are guarded: each of them would load these modules.
    import secrets
    import tempfile

    return Path(tempfile.gettempdir(), f"rum-replay-blocked-{secrets.token_hex(16)}")


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value


def _write(log: Path, attempt: BlockedAttempt) -> None:
    # In one piece: several processes may write at the same time. The error is raised in any case.
    with suppress(OSError):
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)  # not through a planted link
        file = os.open(log, flags, 0o600)
        try:
            os.write(file, f"{json.dumps(str(attempt))}\n".encode())
        finally:
            os.close(file)
