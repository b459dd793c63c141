"""`rum-replay segments`: the recorded segments of a session's views, and what is made of them."""

from __future__ import annotations

import click

from ..commands import Group
from .downloads import download, list_pages
from .export import export
from .heatmap import heatmap
from .play import play
from .summary import summary
from .tree import tree

__all__ = ["segments"]


@click.group(cls=Group)
def segments() -> None:
    """The recorded segments of a session's views.

    What an answer looks like inside is not documented, so pages are kept byte for byte as they come. Replays are gone
    after 30 days unless their session is in a playlist.
    """


for command in (download, list_pages, summary, tree, play, heatmap, export):
    segments.add_command(command)
