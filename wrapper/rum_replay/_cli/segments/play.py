"""`rum-replay segments play`: a page that plays a recording."""

from __future__ import annotations

import webbrowser
from pathlib import Path

import click

from ..commands import Command, CommandError, Settings
from .sources import opened, sources_argument

__all__ = ["play"]


@click.command("play", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    default="replay.html",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write the page; what is there is replaced.",
)
@click.option("--title", help="The page's title.")
@click.option("--open", "open_it", is_flag=True, help="Open it in a browser.")
@click.pass_obj
def play(settings: Settings, *, sources: tuple[str, ...], output: Path, title: str | None, open_it: bool) -> None:
    """Write a page that plays a recording.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input; several
    make one page. It is one HTML file that plays in any browser without network, and asks for nothing: images and fonts
    of the recorded pages that are not in the recording are left out.
    """
    settings.refuse_target("segments play")
    from ...segments.player import write_player

    recording = opened(*sources)
    written = write_player(recording, output, title=title)
    views, size = len(recording.views), written.stat().st_size
    settings.output.done(
        f"{written}: {views} {'view' if views == 1 else 'views'}, {size} bytes",
        {"file": str(written), "views": views, "size": size},
    )
    if open_it and not webbrowser.open(written.resolve().as_uri()):
        raise CommandError(f"no browser could be started; open {written} yourself")
