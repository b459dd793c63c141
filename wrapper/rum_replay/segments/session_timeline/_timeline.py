"""A session in order: an iterable of entries, which reads the recording as it goes."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

import attrs

from ..._arguments import check_instance, check_size
from ..._errors import InvalidRequestError
from .._recording import Recording
from ._entries import ElementNames, TimelineElement, TimelineEntry, fragment_of
from ._excerpts import Excerpt, excerpt_of
from ._lines import Form, Lines, player_address
from ._sentences import plain, sentence_of
from ._tabs import Tab, TabAction, actions_of_tabs, tabs_of

__all__ = ["Timeline", "timeline"]


@attrs.frozen(eq=False)
class Timeline(Iterable[TimelineEntry]):
    """What happened in a recording, in order; sessions follow one another, and their tabs are interleaved.

    Each iteration reads the recording again, in memory that does not grow with it. Iterating, and all methods, raise
    FileError or SegmentError if the source cannot be read again, or has changed.
    """

    recording: Recording = attrs.field(repr=False)

    def __iter__(self) -> Iterator[TimelineEntry]:
        """The entries, in order."""
        for tabs in tabs_of(self.recording):
            yield from _entries_of(tabs)

    def excerpt(self, max_entries: int) -> Excerpt:
        """The most important entries, by `EXCERPT_RULE`, and how many others there are of each kind.

        Raises InvalidRequestError if `max_entries` is not a whole number of at least 1.
        """
        return excerpt_of(self, check_size("max_entries", max_entries))

    def lines(
        self,
        form: Form = "text",
        *,
        max_lines: int | None = None,
        player: str | os.PathLike[str] | None = None,
    ) -> Iterator[str]:
        """The timeline as lines of `text` or `markdown`, with a link to each moment in the player.

        Recorded text in them cannot control a terminal, and is nothing but text in Markdown. `max_lines` limits the
        number of lines, by `EXCERPT_RULE`; the last one then says what was left out. `player` is the file that
        `write_player` wrote, or the URL where it is; without it, links have only their fragments, and Markdown none.

        Raises InvalidRequestError if an argument has the wrong type or value.
        """
        if form not in ("text", "markdown"):
            raise InvalidRequestError(f"form must be text or markdown, not {form!r}")
        most = None if max_lines is None else check_size("max_lines", max_lines)
        return self._lines(Lines(form, None if player is None else player_address(player)), most)

    def _lines(self, lines: Lines, most: int | None) -> Iterator[str]:
        sessions = tabs_of(self.recording)
        headings = [[*lines.heading(tabs)] for tabs in sessions]
        if most is None:
            found: Iterable[Iterable[TimelineEntry]] = map(_entries_of, sessions)
            excerpt = None
        else:
            room = most - sum(map(len, headings)) - len(headings) + 1
            if room <= most // 2:
                headings, room = [list[str]() for _ in headings], most
            numbered = ((number, entry) for number, tabs in enumerate(sessions) for entry in _entries_of(tabs))
            excerpt, found = _divided(numbered, room, len(sessions))
        for number, (tabs, entries) in enumerate(zip(sessions, found, strict=True)):
            if number and headings[number]:
                yield ""
            yield from headings[number]
            for entry in entries:
                yield lines.entry(entry, with_tab=len(tabs) > 1)
        if excerpt is not None and excerpt.left_out:
            yield lines.remark(excerpt)


def timeline(recording: Recording) -> Timeline:
    """What happened in a recording: pages, clicks, typing, scrolling, frustration, gaps, and so on, in order.

    Times are those of the player that `write_player` makes of the same recording, and each entry has the end of a link
    to its moment there. Rage and dead clicks are found by the rules in `RULES` of `rum_replay.segments.summary`. Masked
    text stays masked, and nothing that was typed into a password field is shown.

    Raises InvalidRequestError for anything but a recording.
    """
    return Timeline(check_instance("recording", recording, Recording, "a Recording"))


def _divided(
    entries: Iterable[tuple[int, TimelineEntry]], room: int, sessions: int
) -> tuple[Excerpt, list[list[TimelineEntry]]]:
    """The excerpt of all sessions together, and what it has of each."""
    number_of: dict[str | None, int] = {}

    def noted() -> Iterator[TimelineEntry]:
        for number, entry in entries:
            number_of[entry.session_id] = number
            yield entry

    excerpt = excerpt_of(noted(), room, room_for_remark=1)
    found: list[list[TimelineEntry]] = [[] for _ in range(sessions)]
    for entry in excerpt.entries:
        found[number_of[entry.session_id]].append(entry)
    return excerpt, found


def _entries_of(tabs: tuple[Tab, ...]) -> Iterator[TimelineEntry]:
    """The entries of one session."""
    pages: dict[int, str | None] = {}
    for one in actions_of_tabs(tabs, ElementNames):
        yield _entry(one, pages)
        if one.action.kind == "page":
            pages[one.tab.number] = one.action.details["url"]


def _entry(one: TabAction[TimelineElement], pages: Mapping[int, str | None]) -> TimelineEntry:
    """The entry for an action; `pages` has the address of the page in each tab."""
    tab, action = one.tab, one.action
    pieces = sentence_of(action, before=pages.get(tab.number), is_first_page=tab.number not in pages)
    time = action.at - tab.start
    return TimelineEntry(
        kind=action.kind,
        time=time,
        timestamp=action.at,
        session_id=tab.session_id,
        view_id=one.view.id,
        tab=tab.number,
        text=plain(pieces),
        element=action.element,
        details=action.details,
        fragment=fragment_of(time, tab.timeline),
        pieces=pieces,
    )
