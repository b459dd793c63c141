"""What happened in a recording, in order: for tickets, and for programs.

    from rum_replay import segments

    timeline = segments.timeline(segments.open("downloads/9d2c7a60"))
    for entry in timeline:
        print(entry.time, entry.kind, entry.text, entry.element, entry.fragment)
    print("\\n".join(timeline.lines("markdown", max_lines=20, player="replay.html")))

Times are those of the player that `write_player` makes of the same recording.
"""

from ..._public import public, public_exports
from ._entries import Quote, TimelineElement, TimelineEntry
from ._excerpts import EXCERPT_RULE, Excerpt
from ._timeline import Timeline, timeline

__all__ = ["EXCERPT_RULE", "Excerpt", "Quote", "Timeline", "TimelineElement", "TimelineEntry", "timeline"]

public_exports(globals(), __all__, __name__)
public(Timeline, TimelineElement, TimelineEntry, module="rum_replay.segments")
