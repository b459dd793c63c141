"""A player for recordings: one HTML file that needs no network.

    from rum_replay import segments

    recording = segments.open("downloads/9d2c7a60")
    segments.write_player(recording, "replay.html")

The file contains rrweb-player (MIT, see `vendor`) and the recording, converted to events of that player. The recorded
page is shown in a sandboxed frame, under a Content-Security-Policy that allows no requests and no scripts except the
player's own.
"""

from ._page import write_player

__all__ = ["write_player"]
