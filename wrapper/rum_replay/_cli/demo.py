"""`rum-replay demo`: all operations of the API on a recorded session, without an account or a network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import attrs
import click

from .._files import file_errors
from .arguments import complete_folder
from .commands import Command, CommandError, Settings
from .demo_steps import DemoSteps, Rows
from .emulator import path_commands, require_emulator
from .output import Columns, Output, counted

if TYPE_CHECKING:
    import httpx

__all__ = ["demo"]

_API_KEY = "made-up-api-key-of-the-demo"
_APP_KEY = "made-up-application-key-of-the-demo"
_UUID = re.compile(r"([0-9a-f]{6})[0-9a-f]{2}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@click.command("demo", cls=Command)
@click.option(
    "--keep",
    metavar="DIRECTORY",
    type=click.Path(path_type=Path),
    shell_complete=complete_folder,
    help="Keep the archive and the page that plays it in this directory, which must be new or empty.",
)
@click.pass_obj
def demo(settings: Settings, *, keep: Path | None) -> None:
    """See the API at work; needs no account.

    Runs the emulator on 127.0.0.1 with a real recorded session. Goes from a question to the session, its archive, a
    summary, what happened in order, and a page that plays it; calls every operation through ReplayClient; and checks by
    SHA-256 that the segments arrive exactly as they were recorded. Uses no network and leaves nothing behind, except
    with --keep. The exit status is 1 if a check fails.
    """
    require_emulator()
    from rum_replay_emulator import Emulator
    from rum_replay_emulator.sample import load_sample

    from .. import ReplayClient

    started = time.perf_counter()
    output = settings.output
    sample = load_sample()
    emulator = Emulator(api_key=_API_KEY, app_key=_APP_KEY)
    emulator.load_session(sample)
    log = _CallLog()
    with (
        emulator.serve() as base_url,
        # Arguments override the environment, and requests to this machine bypass proxies.
        ReplayClient(base_url=base_url, api_key=_API_KEY, app_key=_APP_KEY, on_response=log.add) as replay,
        _directory(keep) as directory,
    ):
        output.say(
            f"An emulator of the RUM Session Replay API is running at {base_url}\n"
            f"with one session, recorded by Datadog's browser SDK: {counted(len(sample.views), 'view')}, "
            f"{counted(sum(len(view.segments) for view in sample.views), 'segment')}.\n"
            "Calls are listed without /api/v2, with short ids and without most of the query.\n"
        )
        for number, (title, step) in enumerate(DemoSteps(replay, sample, directory).all(), 1):
            output.heading(f"{number}. {title}")
            _show(output, step())
            _show(output, log.take())
    operations = {request.operation for request in emulator.requests}
    if len(emulator.requests) != log.total:
        raise CommandError(f"the demo failed: {counted(log.total, 'call')} made, {len(emulator.requests)} arrived")
    output.result(
        f"All checks passed: {counted(log.total, 'call')}, {counted(len(operations), 'operation')}, "
        "all segments as recorded, "
        f"{time.perf_counter() - started:.1f} s.",
        {"type": "verdict", "passed": True, "calls": log.total, "operations": len(operations)},
    )
    if keep is not None:
        output.say(f"\nOpen {keep / 'replay.html'} in a browser; {keep / 'archive'} has what it was made of.")
    output.say(_next_steps())


@contextmanager
def _directory(keep: Path | None) -> Generator[Path]:
    """Where the demo writes: a temporary directory, or the one to keep."""
    if keep is None:
        with TemporaryDirectory(prefix="rum-replay-demo-") as directory:
            yield Path(directory)
        return
    with file_errors(keep, "used as a directory"):
        keep.mkdir(parents=True, exist_ok=True)
        if any(keep.iterdir()):
            raise CommandError(f"{keep} is not empty: give --keep a new or an empty directory")
    yield keep


def _show(output: Output, rows: Rows) -> None:
    if rows:
        columns: Columns[dict[str, Any]] = {key.replace("_", " "): _get(key) for key in rows[0] if key != "type"}
        output.items(rows, columns, dict, keep_all=True)
        output.say()


def _get(key: str) -> Callable[[Mapping[str, Any]], Any]:
    return lambda row: row[key]


@attrs.define
class _CallLog:
    """The HTTP calls since the last `take`."""

    _rows: Rows = attrs.field(factory=Rows)
    total: int = 0

    def add(self, response: httpx.Response) -> None:
        """Log a call; for `on_response`."""
        url = response.request.url
        self.total += 1
        self._rows.append(
            {
                "type": "call",
                "call": f"{response.request.method} {_shorten(url.path)}{_paging(url.params)}",
                "status": response.status_code,
                "ms": round(response.elapsed.total_seconds() * 1000, 1),
            }
        )

    def take(self) -> Rows:
        """Return the calls logged so far, and clear the log."""
        rows, self._rows = self._rows, []
        return rows


def _shorten(path: str) -> str:
    return _UUID.sub(r"\1…", path.removeprefix("/api/v2"))


def _paging(query: httpx.QueryParams) -> str:
    if "page[number]" in query:
        return f"?page[number]={query['page[number]']}"
    return "?paging=…" if "paging" in query else ""


def _next_steps() -> str:
    from rum_replay_emulator.command import set_variable

    shell = (
        *path_commands(),
        set_variable("DD_SITE", "datadoghq.eu"),
        set_variable("DD_API_KEY", "your API key"),
        set_variable("DD_APP_KEY", "your application key"),
        "rum-replay doctor --online",
        "rum-replay sessions search '@view.error.count:>0' --since 7d",
        "rum-replay archive '@view.error.count:>0' archive --since 7d",
        "rum-replay segments play archive",
    )
    python = (
        "from rum_replay import ReplayClient",
        "",
        "with ReplayClient() as replay:  # DD_SITE, DD_API_KEY, DD_APP_KEY",
        '    playlist = replay.playlists.create("Checkout bugs")',
        '    replay.playlists.add_session(playlist.id, "SESSION_ID")',
        "    for session in replay.playlists.list_sessions(playlist.id):",
        "        print(session.id)",
    )
    indented = ["".join(f"  {line}".rstrip() + "\n" for line in lines) for lines in (shell, python)]
    return f"\nTo use your own account and site:\n\n{indented[0]}\nIn Python:\n\n{indented[1]}"
