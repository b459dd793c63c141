"""`rum-replay segments tree`: the page of a view at some time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ..._times import rfc3339
from ..arguments import complete_path, time_option
from ..commands import Command, CommandError, Settings
from .recordings import find_view, open_recording

if TYPE_CHECKING:
    from ...segments.dom import Node, Page

__all__ = ["tree"]

_MAX_INDENTATION = 100
_MAX_TEXT = 100
"""Characters."""


@click.command("tree", cls=Command)
@click.argument("source", metavar="SOURCE", shell_complete=complete_path)
@click.option("--view", "view_id", metavar="ID", help="The view, if there are several; the start of its id is enough.")
@time_option("--at", "The time to show, by default the end of the view")
@click.option("--html", is_flag=True, help="Print HTML instead of a tree, without scripts.")
@click.pass_obj
def tree(settings: Settings, *, source: str, view_id: str | None, at: datetime | int | None, html: bool) -> None:
    """Show the page of a view at some time.

    SOURCE is a directory filled by `segments download`, any other folder or file of segments, or - for standard input.
    """
    if html and settings.json:
        raise click.UsageError("--html and --json exclude each other")
    from ...segments.dom import page_at, to_html
    from ...segments.summary._quantities import is_moment

    page = page_at(find_view(open_recording(settings, source), view_id), at)
    if page.root is None:
        raise CommandError("there is no page at that time: the first full snapshot comes later")
    if page.uncertain_because is not None:
        since = page.uncertain_since
        moment = f" since {rfc3339(int(since))}" if since is not None and is_moment(since) else ""
        settings.output.note(f"the page is a guess{moment}: {page.uncertain_because}")
    if settings.json:
        settings.output.json(page.to_dict())
    elif html:
        settings.output.markup(to_html(page))
    else:
        for line in _outline(page):
            settings.output.say(line)


def _outline(page: Page) -> Iterator[str]:
    """A line for each node, indented; text that is only white space is left out."""
    from ...segments.dom import nodes_below

    depths: dict[Node, int] = {}
    for node in nodes_below(page.root) if page.root is not None else ():
        depth = depths[node] = 0 if node.parent is None else depths[node.parent] + 1
        if line := _describe(node):
            yield "  " * min(depth, _MAX_INDENTATION) + line


def _describe(node: Node) -> str:
    from ...segments.dom import NodeKind

    if node.kind in (NodeKind.TEXT, NodeKind.CDATA):
        text = " ".join(node.text.split())
        shortened = text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"
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
