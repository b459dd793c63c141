"""`rum-replay segments summary`, `tree` and `export`: what to do with segments once they are there."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from .arguments import moment_option
from .commands import Command, CommandError, Settings
from .output import Columns

if TYPE_CHECKING:
    from ..segments.dom import Node, Page
    from ..segments.exports import Format
    from ..segments.recording import Recording, View
    from ..segments.summary import SessionSummary, ViewSummary

__all__ = ["export", "opened", "summary", "tree", "view_of"]

F = TypeVar("F", bound=Callable[..., Any])

# HTML has no use for them, but they steer terminals.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def sources(function: F) -> F:
    """One or more places to read segments from."""
    return click.argument("sources", metavar="SOURCE...", nargs=-1, required=True)(function)


def opened(source: str) -> Recording:
    """The recording in a folder, in a file, or for `-` on standard input; raises CommandError where there is none."""
    from ..segments import open as open_recording

    recording = open_recording(sys.stdin.buffer if source == "-" else source)
    if not recording.views:
        reason = f": {recording.unreadable[0].reason}" if recording.unreadable else ""
        raise CommandError(f"{source} holds no segments{reason}")
    return recording


def view_of(recording: Recording, given: str | None) -> View:
    """The view with an id or the beginning of one, by default the only one; raises a usage error for any other."""
    found = [view for view in recording.views if given is None or (view.id or "").startswith(given)]
    if len(found) == 1:
        return found[0]
    ids = ", ".join(view.id or "(no id)" for view in found or recording.views)
    if found:
        raise click.UsageError(f"{len(found)} views are meant; choose one with --view: {ids}")
    raise click.UsageError(f"there is no view {given!r}; there are: {ids}")


def _seconds(milliseconds: float | None) -> str | None:
    return None if milliseconds is None else f"{milliseconds / 1000:.1f} s"


def _moment(milliseconds: float | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1000, UTC)


def _frustrations(of: ViewSummary | SessionSummary) -> str:
    return ", ".join(f"{count} {noticed}" for noticed, count in of.frustrations.items())


def _seen(view: ViewSummary) -> str | None:
    if view.scroll_depth is None:
        return None
    share = "" if view.scroll_share is None else f" of {view.document_height:g} px ({view.scroll_share:.0%})"
    return f"{view.scroll_depth:g} px{share}"


OF_SESSION: Columns[SessionSummary] = {
    "session": lambda session: session.session_id,
    "views": lambda session: len(session.views),
    "started at": lambda session: _moment(session.start),
    "duration": lambda session: _seconds(session.duration),
    "active*": lambda session: _seconds(session.active_time),
    "records": lambda session: session.records,
    "bytes": lambda session: session.size,
    "uploaded bytes": lambda session: session.compressed_size,
    "clicks": lambda session: session.clicks,
    "key inputs*": lambda session: session.key_inputs,
    "selections*": lambda session: session.selections,
    "rage clicks*": lambda session: session.rage_clicks,
    "dead clicks*": lambda session: session.dead_clicks,
    "frustrations recorded": _frustrations,
    "pages": lambda session: len(session.pages),
}
OF_VIEW: Columns[ViewSummary] = {
    "view": lambda view: view.view_id,
    "started at": lambda view: _moment(view.start),
    "duration": lambda view: _seconds(view.duration),
    "active*": lambda view: _seconds(view.active_time),
    "records": lambda view: view.records,
    "bytes": lambda view: view.size,
    "uploaded bytes": lambda view: view.compressed_size,
    "viewport": lambda view: view.viewport and f"{view.viewport.width}x{view.viewport.height}",
    "resizes": lambda view: view.resizes,
    "clicks": lambda view: view.clicks,
    "key inputs*": lambda view: view.key_inputs,
    "selections*": lambda view: view.selections,
    "scrolls": lambda view: view.scrolls,
    "seen down to": _seen,
    "rage clicks*": lambda view: view.rage_clicks,
    "dead clicks*": lambda view: view.dead_clicks,
    "frustrations recorded": _frustrations,
    "segments missing": lambda view: ", ".join(f"{first}-{last}" for first, last in view.report.gaps),
    "pages": lambda view: " ".join(view.pages),
}


@click.command("summary", cls=Command)
@sources
@click.pass_obj
def summary(settings: Settings, *, sources: tuple[str, ...]) -> None:
    """Tell what happened in sessions and views.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input.

    What segments do not state is told by rules of ours; it is marked with an asterisk, and the rules stand below.
    """
    settings.refuse_target("segments summary")
    from ..segments.summary import RULES, sessions_of, summarise

    output = settings.output
    summaries = [summarise(opened(source)) for source in sources]
    # What several sources hold counts as the last one has it.
    views = list({(view.session_id, view.view_id): view for found in summaries for view in found.views}.values())
    sessions = sessions_of(views)
    problems = [problem for found in summaries for problem in found.problems]
    output.items(sessions, OF_SESSION, lambda session: {"type": "session", **session.to_dict()})
    output.say()
    output.items(views, OF_VIEW, lambda view: {"type": "view", **view.to_dict()})
    if settings.json:
        output.done("", {"type": "notes", "problems": problems, "rules": list(RULES)})
        return
    output.say()
    for rule in RULES:
        output.say(f"* {rule}")
    for problem in problems:
        output.note(f"problem: {problem}")


@click.command("tree", cls=Command)
@click.argument("source", metavar="SOURCE")
@click.option("--view", "view_id", metavar="ID", help="The view, where there are several; the beginning will do.")
@moment_option("--at", "The time to show, by default the end of the view")
@click.option("--html", is_flag=True, help="Markup instead of a tree; nothing in it runs.")
@click.pass_obj
def tree(settings: Settings, *, source: str, view_id: str | None, at: datetime | int | None, html: bool) -> None:
    """Show the page of a view at a time.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input.
    """
    settings.refuse_target("segments tree")
    if html and settings.json:
        raise click.UsageError("--html and --json exclude each other")
    from ..segments.dom import page_at, to_html

    time = at.timestamp() * 1000 if isinstance(at, datetime) else at
    page = page_at(view_of(opened(source), view_id), time)
    if page.root is None:
        raise CommandError("there is no page at that time: no full snapshot comes before it")
    if settings.json:
        settings.output.done("", page.to_dict())
    elif html:
        click.echo(_CONTROL.sub("\ufffd", to_html(page)))
    else:
        for line in _outline(page):
            settings.output.say(line)


_DEEPEST = 100
_LONGEST_TEXT = 100


def _outline(page: Page) -> Iterator[str]:
    """A line for each node, indented; white space alone is left out."""
    from ..segments.dom import nodes_below

    depths: dict[Node, int] = {}
    for node in nodes_below(page.root) if page.root is not None else ():
        depth = depths[node] = 0 if node.parent is None else depths[node.parent] + 1
        if shown := _described(node):
            yield "  " * min(depth, _DEEPEST) + shown


def _described(node: Node) -> str:
    from ..segments.dom import NodeKind

    if node.kind in (NodeKind.TEXT, NodeKind.CDATA):
        text = " ".join(node.text.split())
        shortened = text if len(text) <= _LONGEST_TEXT else text[: _LONGEST_TEXT - 1] + "…"
        return f'"{shortened}"' if text else ""
    words = [f"#doctype {node.name}" if node.kind is NodeKind.DOCTYPE else node.name]
    words += [f'{name}="{value}"' for name, value in node.attributes.items()]
    if node.value is not None and node.attributes.get("value") != node.value:
        words.append(f'(value "{node.value}")')
    if node.checked:
        words.append("(selected)" if node.name == "option" else "(checked)")
    if node.scroll is not None and (node.scroll.left or node.scroll.top):
        words.append(f"(scrolled {node.scroll.left} px right, {node.scroll.top} px down)")
    return " ".join(words)


@click.command("export", cls=Command)
@sources
@click.option("-o", "--output", "folder", type=click.Path(path_type=Path), required=True, help="The folder to fill.")
@click.option("--format", type=click.Choice(["jsonl", "csv", "parquet"]), default="parquet", show_default=True)
@click.pass_obj
def export(settings: Settings, *, sources: tuple[str, ...], folder: Path, format: str) -> None:
    """Export records, views and sessions as tables.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input.

    Files stand in Hive partitions by application and day (UTC), for DuckDB, Polars, Spark and the like. Views and
    sessions that were exported before are replaced. Parquet needs: pip install "rum-replay[analysis]".
    """
    settings.refuse_target("segments export")
    from ..segments.exports import export as export_recordings

    done = export_recordings(map(opened, sources), folder, format=cast("Format", format))
    rows = ", ".join(f"{count} {table}" for table, count in done.rows.items())
    settings.output.done(
        f"{rows} in {len(done.files)} files in {folder}",
        {"folder": str(folder), "format": format, "rows": done.rows, "files": [str(file) for file in done.files]},
    )
