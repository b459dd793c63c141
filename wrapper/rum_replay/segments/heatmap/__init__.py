"""Heatmaps: where people clicked, over the page as it looked.

    from rum_replay import segments
    from rum_replay.segments.heatmap import heatmap_of

    heatmap = heatmap_of([segments.open("downloads/9d2c7a60"), segments.open("downloads/f00d")])
    heatmap.write_html("heat.html")  # one file that makes no requests and runs nothing
    heatmap.write_png("heat.png")  # drawn by Chromium, or over a picture of the page: background="page.png"
    for click in heatmap.clicks:  # in pixels of the page
        print(click.x, click.y, click.session_id, click.view_id, click.time)
    for element in heatmap.elements[:10]:  # the most clicked first
        print(element.label, element.selector, element.clicks, element.share)
    print(heatmap.left_out)  # how many clicks are not shown, by reason

Pictures are drawn by Pillow, which the extra `analysis` installs.
"""

from ..._public import public, public_exports
from ._elements import ClickedElement
from ._heatmap import Heatmap
from ._placement import Placement
from ._pooling import TOLERANCE, heatmap_of
from ._visits import PageClick

__all__ = ["TOLERANCE", "ClickedElement", "Heatmap", "PageClick", "Placement", "heatmap_of"]

public_exports(globals(), __all__, __name__)
public(Heatmap, module="rum_replay.segments")
