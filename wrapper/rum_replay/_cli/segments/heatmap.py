"""`rum-replay segments heatmap`: where people clicked on a page."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from ..arguments import moment_option
from ..commands import Command, Settings
from .sources import opened, sources_argument

__all__ = ["heatmap"]


@click.command("heatmap", cls=Command)
@sources_argument
@click.option(
    "-o",
    "--output",
    default="heat.html",
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write it, .html or .png; what is there is replaced.",
)
@click.option("--url", metavar="PATTERN", help="The page's URL, with * for anything; by default the most clicked one.")
@moment_option("--at", "The time at which the page is shown, by default when it was last seen")
@click.option("--width", type=click.IntRange(1), metavar="PX", help="The width of the layout; by default the usual.")
@click.option("--height", type=click.IntRange(1), metavar="PX", help="Show no more than the upper part of the page.")
@click.option("--tolerance", type=click.IntRange(0), metavar="PX", help="How much wider or narrower others may be.")
@click.option(
    "--background",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A picture of the page from its top left corner, for .png; by default Chromium draws the recorded page.",
)
@click.pass_obj
def heatmap(
    settings: Settings,
    *,
    sources: tuple[str, ...],
    output: Path,
    url: str | None,
    at: datetime | int | None,
    width: int | None,
    height: int | None,
    tolerance: int | None,
    background: Path | None,
) -> None:
    """Show where people clicked on a page.

    SOURCE is a folder that `segments download` filled, any folder or file of segments, or - for standard input; the
    clicks of all sessions are put together. An .html file asks for nothing and runs nothing; for a .png the page is
    drawn by Chromium or taken from --background. Needs: pip install "rum-replay[analysis]".
    """
    settings.refuse_target("segments heatmap")
    kind = output.suffix.lower()
    if kind not in (".html", ".htm", ".png"):
        raise click.UsageError(f"{output} ends neither in .html nor in .png")
    if background is not None and kind != ".png":
        raise click.UsageError("--background is for .png files; HTML shows the recorded page")
    if at is not None and width is not None:
        raise click.UsageError("--at and --width exclude each other: at a time the page had one width")
    from ...segments.heatmap import TOLERANCE, heatmap_of

    found = heatmap_of(
        map(opened, sources),
        url=url,
        at=at,
        width=width,
        height=height,
        tolerance=TOLERANCE if tolerance is None else tolerance,
    )
    written = found.write_png(output, background=background) if kind == ".png" else found.write_html(output)
    settings.output.done(
        f"{written}: {len(found.clicks)} {'click' if len(found.clicks) == 1 else 'clicks'} on {found.pattern}",
        {
            "file": str(written),
            "url": found.url,
            "pattern": found.pattern,
            "clicks": len(found.clicks),
            "sessions": found.sessions,
            "views": found.views,
            "left_out": dict(found.left_out),
        },
    )
    for reason, count in found.left_out.items():
        settings.output.note(f"not shown: {count} {reason}")
