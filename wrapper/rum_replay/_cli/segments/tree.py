"""`rum-replay segments tree`: the page of a view at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from ..arguments import moment_option
from ..commands import Command, CommandError, Settings
from .sources import opened, view_of

if TYPE_CHECKING:
    from ...segments.dom import Node, Page

__all__ = ["tree"]

# HTML has no use for them, but they steer terminals.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_DEEPEST = 100
_LONGEST_TEXT = 100


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
    from ...segments.dom import page_at, to_html

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


def _outline(page: Page) -> Iterator[str]:
    """A line for each node, indented; white space alone is left out."""
    from ...segments.dom import nodes_below

    depths: dict[Node, int] = {}
    for node in nodes_below(page.root) if page.root is not None else ():
        depth = depths[node] = 0 if node.parent is None else depths[node.parent] + 1
        if shown := _described(node):
            yield "  " * min(depth, _DEEPEST) + shown


def _described(node: Node) -> str:
    from ...segments.dom import NodeKind

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
