"""`rum-replay segments`: the recorded segments of a session's views, and what can be made of them."""

from __future__ import annotations

import click

from ..commands import Group
from .downloads import download, list_pages
from .files import export, heatmap, play
from .story import steps, timeline
from .summary import summary
from .tree import tree

__all__ = ["segments"]


@click.group(cls=Group)
def segments() -> None:
    """Download, read, play and export the segments of a replay.

    `download` and `pages` get segments from the API, and the other commands read files. Datadog deletes replays after
    30 days unless their session is in a playlist.
    """


for command in (download, list_pages, summary, timeline, steps, tree, play, heatmap, export):
    segments.add_command(command)
