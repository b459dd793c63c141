"""`rum-replay demo`: the API at work on a recorded session, without account and network."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import attrs
import click

from .. import ReplayClient
from .commands import Command, CommandError, Settings
from .demo_story import Rows, Story
from .emulator import require_emulator
from .next_steps import make_command_known, set_variable
from .output import Columns, Output
from .printable import cell

if TYPE_CHECKING:
    import httpx

__all__ = ["demo"]

_API_KEY = "invented-api-key-of-the-demo"
_APP_KEY = "invented-application-key-of-the-demo"
_UUID = re.compile(r"([0-9a-f]{6})[0-9a-f]{2}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@click.command("demo", cls=Command)
@click.pass_obj
def demo(settings: Settings) -> None:
    """Show the API at work, without an account.

    No network, and nothing stays behind. Serves the emulator on 127.0.0.1 with a real recorded session, uses all
    operations on it through ReplayClient, and proves by SHA-256 that the segments arrive as they were recorded.
    Exits with 1 where anything does not hold.
    """
    settings.refuse_target("demo")
    require_emulator()
    from rum_replay_emulator import Emulator
    from rum_replay_emulator.sample import load_sample

    started = time.perf_counter()
    output = settings.output
    sample = load_sample()
    emulator = Emulator(api_key=_API_KEY, app_key=_APP_KEY)
    for view in sample.views:
        emulator.load_segments(sample.session_id, view.view_id, view.segments)
    calls = _CallLog()
    with (
        emulator.serve() as base_url,
        # What is given explicitly goes before the environment, and plain http to this machine through no proxy.
        ReplayClient(base_url=base_url, api_key=_API_KEY, app_key=_APP_KEY, on_response=calls.note) as replay,
        TemporaryDirectory(prefix="rum-replay-demo-") as directory,
    ):
        output.say(
            f"An emulator of the RUM Session Replay API answers at {base_url}\n"
            f"and holds one session, recorded by Datadog's browser SDK: {len(sample.views)} views, "
            f"{sum(len(view.segments) for view in sample.views)} segments.\n"
            "Calls are listed without /api/v2, with ids cut and without most of the query.\n"
        )
        for number, (title, step) in enumerate(Story(replay, sample, Path(directory)).steps(), 1):
            output.heading(f"{number}. {title}")
            _show(output, step())
            _show(output, calls.take())
    operations = {request.operation for request in emulator.requests}
    if len(emulator.requests) != calls.total:
        raise CommandError(f"the demo failed: {calls.total} calls were made, {len(emulator.requests)} arrived")
    output.done(
        f"Everything holds: {calls.total} calls, {len(operations)} operations, all segments as recorded, "
        f"{time.perf_counter() - started:.1f} s.",
        {"holds": True, "calls": calls.total, "operations": len(operations)},
    )
    output.say(_next_steps())


def _show(output: Output, rows: Rows) -> None:
    if rows:
        columns: Columns[dict[str, Any]] = {name: _get(name) for name in rows[0]}
        output.items(rows, columns, _to_json)
        output.say()


def _get(name: str) -> Callable[[dict[str, Any]], Any]:
    return lambda row: row[name]


def _to_json(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, int | None) else cell(value) for name, value in row.items()}


@attrs.define
class _CallLog:
    """The HTTP calls since they were last shown."""

    _rows: Rows = attrs.field(factory=Rows)
    total: int = 0

    def note(self, response: httpx.Response) -> None:
        """Take down one answer; for `on_response`."""
        url = response.request.url
        self.total += 1
        self._rows.append(
            {
                "call": f"{response.request.method} {_shortened(url.path)}{_paging(url.params)}",
                "status": response.status_code,
                "ms": f"{response.elapsed.total_seconds() * 1000:.1f}",
            }
        )

    def take(self) -> Rows:
        """Give them, and forget them."""
        rows, self._rows = self._rows, []
        return rows


def _shortened(path: str) -> str:
    return _UUID.sub(r"\1…", path.removeprefix("/api/v2"))


def _paging(query: httpx.QueryParams) -> str:
    if "page[number]" in query:
        return f"?page[number]={query['page[number]']}"
    return "?paging=…" if "paging" in query else ""


def _next_steps() -> str:
    shell = (
        *make_command_known(),
        set_variable("DD_SITE", "datadoghq.eu"),
        set_variable("DD_API_KEY", "your API key"),
        set_variable("DD_APP_KEY", "your application key"),
        "rum-replay doctor --online",
        "rum-replay playlists list --limit 5",
        "rum-replay segments download SESSION_ID VIEW_ID replay",
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
    return f"\nThe same on your account, with your site:\n\n{indented[0]}\nIn Python:\n\n{indented[1]}"
