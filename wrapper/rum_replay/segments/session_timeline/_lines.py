"""A timeline as lines of text or Markdown, in which recorded text has no effect whatever it is.

In Markdown, recorded text is in code spans: neither Markdown nor the references, mentions and addresses that trackers
turn into links have any meaning there.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal
from urllib.parse import quote, urldefrag, urlsplit

from ..._arguments import check_path
from ..._errors import InvalidRequestError
from ..._files import file_errors
from ..._printable import printable
from ..._times import rfc3339
from ..records import Number
from ..summary._quantities import is_moment
from ._entries import TimelineEntry, shortened
from ._excerpts import Excerpt
from ._tabs import Tab

__all__ = ["Form", "Lines", "clock", "player_address"]

Form = Literal["text", "markdown"]

_MAX_ID = 100  # Characters.
_SCHEMES = frozenset({"http", "https", "file"})
_SAFE = "/:?=&%+,;@~._-[]"
_BACKTICKS = re.compile("`++")


def player_address(player: str | os.PathLike[str]) -> str:
    """The address of a player, without a fragment: that of a file, or a URL with the scheme http, https or file.

    Raises InvalidRequestError for anything else, FileError if the path of a file cannot be resolved.
    """
    given = check_path("player", player)
    if not given or not given.isprintable():
        raise InvalidRequestError("player must be the path of a file or a URL")
    scheme = urlsplit(given).scheme.lower() if isinstance(player, str) and "://" in given else ""
    if scheme:
        if scheme not in _SCHEMES:
            raise InvalidRequestError(f"player must be a file or a URL with http, https or file, not {scheme}")
        return quote(urldefrag(given).url, safe=_SAFE)
    with file_errors(given, "found"):
        return Path(given).resolve().as_uri()


def clock(time: Number) -> str:
    """A time in milliseconds as the player shows it, with a decimal: `1:02.5`."""
    tenths = int(abs(time) // 100)
    minutes, seconds = divmod(tenths // 10, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{minutes:02}:{seconds:02}.{tenths % 10}" if hours else f"{minutes}:{seconds:02}.{tenths % 10}"
    return ("-" if time < 0 else "") + (f"{hours}:{text}" if hours else text)


class Lines:
    """The lines of a timeline in one form."""

    def __init__(self, form: Form, player: str | None) -> None:
        self._is_markdown = form == "markdown"
        self._player = player

    def heading(self, tabs: Sequence[Tab]) -> Iterator[str]:
        """Lines about a session: which, and when its tabs begin."""
        first = tabs[0]
        session = "without an id" if first.session_id is None else shortened(first.session_id, _MAX_ID)
        if self._is_markdown:
            name = "**Session** " + (session if first.session_id is None else _code(session))
        else:
            name = f"Session {printable(session)}"
        yield f"{name}, from {_moment(first.start)}"
        for tab in tabs[1:]:
            yield f"{'- ' if self._is_markdown else '  '}tab {tab.number} from {_moment(tab.start)}"

    def entry(self, entry: TimelineEntry, *, with_tab: bool) -> str:
        """The line of an entry."""
        time, fragment = clock(entry.time), entry.fragment or ""
        tab = f"tab {entry.tab}: " if with_tab else ""
        if self._is_markdown:
            what = "".join(piece if isinstance(piece, str) else _code(piece.text) for piece in entry.pieces)
            time = f"[{time}]({self._player}{fragment})" if self._player and fragment else time
            return f"- {time} {tab}{what}"
        link = f"  {self._player or ''}{fragment}" if fragment else ""
        return f"{time:>9}  {tab}{printable(entry.text)}{link}"

    def remark(self, excerpt: Excerpt) -> str:
        """The line that says what an excerpt lacks."""
        return f"- {excerpt.remark()}" if self._is_markdown else f"{'…':>9}  {excerpt.remark()}"


def _moment(time: Number) -> str:
    return rfc3339(time, "seconds") if is_moment(time) else "an unknown time"


def _code(text: str) -> str:
    """A code span that shows a text."""
    text = printable(text)
    if not text.strip():
        return "(blank)"
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * (longest + 1)
    padding = " " if text[0] in "` " or text[-1] in "` " else ""
    return f"{fence}{padding}{text}{padding}{fence}"
