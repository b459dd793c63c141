"""What stands beside a heatmap, in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ._density import SPREAD

if TYPE_CHECKING:
    from ._heatmap import Heatmap

__all__ = ["SCALE_RULE", "legend_of"]

SCALE_RULE = f"clicks at and around each place (Gaussian, standard deviation {SPREAD} px; the scale is logarithmic)"
_LONGEST_URL = 300
_LAST_MOMENT = 253_402_300_799_999  # of the year 9999


def legend_of(heatmap: Heatmap) -> list[tuple[str, str]]:
    """Headings, and what belongs under each."""
    viewport = heatmap.viewport
    views, sessions = _number(heatmap.views, "view"), _number(heatmap.sessions, "session")
    page = _shortened(heatmap.pattern) or "(URL not recorded)"
    rows = [
        ("Page", page if heatmap.url in ("", heatmap.pattern) else f"{page} (shown: {_shortened(heatmap.url)})"),
        ("Shown as of", f"{_moment(heatmap.time)}, in a viewport of {viewport.width:g}x{viewport.height:g} px"),
        ("Clicks", f"{len(heatmap.clicks):,} in {views} of {sessions}"),
    ]
    if heatmap.left_out:
        rows.append(("Not shown", "; ".join(f"{count:,} {reason}" for reason, count in heatmap.left_out.items())))
    return rows


def _shortened(url: str) -> str:
    return url if len(url) <= _LONGEST_URL else f"{url[:_LONGEST_URL]}..."


def _number(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _moment(time: float) -> str:
    if not 0 <= time <= _LAST_MOMENT:
        return f"{time:g} ms"
    return f"{datetime.fromtimestamp(time / 1000, UTC):%Y-%m-%d %H:%M:%S} UTC"
