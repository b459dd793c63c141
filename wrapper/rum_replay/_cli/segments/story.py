"""`rum-replay segments timeline` and `steps`: what people did, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from ..._files import replacing
from ..arguments import columns_option, complete_path, sources_argument
from ..commands import Command, RowCommand, Settings
from ..output import Column, Columns, counted
from .recordings import counting, find_view, open_recording

if TYPE_CHECKING:
    from ...segments import TimelineEntry

__all__ = ["steps", "timeline"]

T = TypeVar("T")


def _seconds(entry: TimelineEntry) -> str:
    return f"{entry.time / 1000:.1f} s"


_COLUMNS: Columns[TimelineEntry] = {
    "time": Column(lambda entry: entry.time, _seconds, "ms"),
    "kind": lambda entry: entry.kind,
    "what happened": lambda entry: entry.text,
    "fragment": lambda entry: entry.fragment,
    "role": lambda entry: entry.element and entry.element.role,
    "name": lambda entry: entry.element and entry.element.name,
    "selector": lambda entry: entry.element and entry.element.selector,
    "tab": lambda entry: entry.tab,
    "session": lambda entry: entry.session_id,
    "view": lambda entry: entry.view_id,
    "timestamp": Column(lambda entry: entry.timestamp, lambda entry: f"{entry.timestamp:.0f}", "ms"),
}
_FIRST = ("time", "kind", "what happened", "fragment")


def _as_setting(ctx: click.Context, _: click.Parameter, form: str | None) -> str | None:
    """`jsonl` is what `--json` prints."""
    if form == "jsonl":
        ctx.ensure_object(Settings).json = True
    return form


@click.command("timeline", cls=RowCommand)
@sources_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "jsonl"]),
    callback=_as_setting,
    help="How to print the timeline: text by default; jsonl is the same as --json.",
)
@click.option(
    "--max-lines",
    type=click.IntRange(1),
    metavar="N",
    help="Print at most N lines, those that say most; the last one says what was left out.",
)
@click.option(
    "--player",
    metavar="FILE-or-URL",
    shell_complete=complete_path,
    help="Where the page is that `segments play` wrote: each moment is linked to it. Without it, text has only the "
    "ends of links, such as #t=12.5, and Markdown has none.",
)
@columns_option(_COLUMNS)
@click.pass_obj
def timeline(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    form: Literal["text", "markdown", "jsonl"] | None,
    max_lines: int | None,
    player: str | None,
    columns: list[str] | None,
) -> None:
    """Show what happened in a session, in order.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.
    Several sources make one timeline.

    Pages, clicks, typing, selections, scrolling, changes of the window, frustration and gaps, each with the time that
    the player shows. Masked text stays masked, and passwords are never shown. With --max-lines, pages, frustration and
    gaps come first, then inputs and clicks, and scrolling last.
    """
    if form in ("text", "markdown") and (settings.json or settings.format is not None):
        raise click.UsageError(f"--format {form} excludes --json and --output")
    from ...segments import timeline as timeline_of
    from ...segments.session_timeline._excerpts import excerpt_of
    from ...segments.session_timeline._lines import player_address

    address = None if player is None else player_address(player)
    recording = open_recording(settings, *sources)
    output = settings.output
    with settings.progress.work("reading", ", ".join(sources), unit="records") as task:
        found = timeline_of(counting(recording, task))
        if output.form == "table" and columns is None:
            lines = found.lines("markdown" if form == "markdown" else "text", max_lines=max_lines, player=player)
            for line in _shown(settings, lines):
                output.say(line)
            return
        entries: Iterable[TimelineEntry] = found
        excerpt = None
        if max_lines is not None:
            # Among objects, one is what was left out.
            excerpt = excerpt_of(found, max_lines - output.prints_objects)
            entries = excerpt.entries

        def as_json(entry: TimelineEntry) -> dict[str, Any]:
            link = None if address is None or entry.fragment is None else address + entry.fragment
            return {"type": "entry", **entry.to_dict(), "link": link}

        output.items(_shown(settings, entries), _COLUMNS, as_json, columns, first=_FIRST)
    left_out = {} if excerpt is None else excerpt.left_out
    if output.prints_objects:
        output.json({"type": "left_out", "count": sum(left_out.values()), "kinds": left_out})
    elif excerpt is not None and left_out:
        output.note(excerpt.remark())


def _shown(settings: Settings, items: Iterable[T]) -> Iterator[T]:
    """The items, one by one; while one is printed, the line about progress is gone."""
    for item in items:
        with settings.progress.paused():
            yield item


@click.command("steps", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    default="-",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The file to write or replace; - for standard output.",
)
@click.option("--view", "view_id", metavar="ID", help="Only this view; the start of its id is enough.")
@click.option("--base-url", metavar="URL", help="Open pages there instead of where they were recorded.")
@click.option(
    "--test-id-attribute",
    metavar="NAME",
    default="data-testid",
    show_default=True,
    help="The attribute of the pages that has ids for tests.",
)
@click.option(
    "--name", metavar="FUNCTION", default="test_session", show_default=True, help="The name of the test function."
)
@click.pass_obj
def steps(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    output: Path,
    view_id: str | None,
    base_url: str | None,
    test_id_attribute: str,
    name: str,
) -> None:
    """Write what happened in a session as a test for Playwright.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.

    The test is Python for pytest and pytest-playwright. Text that is not recorded is a constant at its top, passwords
    come from the environment, and comments say which steps cannot be known.
    """
    from ...segments import steps as steps_of

    recording = open_recording(settings, *sources)
    view = None if view_id is None else find_view(recording, view_id)
    with settings.progress.work("writing", ", ".join(sources), unit="records"):
        source = steps_of(recording, view=view, base_url=base_url, test_id_attribute=test_id_attribute, name=name)
    if output != Path("-"):
        with replacing(output) as file:
            file.write(source.encode())
        lines = source.count("\n")
        settings.output.result(f"{output}: {counted(lines, 'line')}", {"file": str(output), "lines": lines})
    elif settings.json:
        settings.output.json({"python": source})
    else:
        for line in source.splitlines():
            settings.output.say(line)
