"""Timelines as lines of text and Markdown: what is recorded is only text there, and excerpts keep what says most."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from markdown_it import MarkdownIt
from rum_replay import InvalidRequestError, segments
from rum_replay._printable import printable

from .. import made
from ..made import OTHER, element, event

HOSTILE = {
    "a terminal": "\x1b]0;title\x07\x1b[31mred\x9b2J",
    "line ends": "a\nb\r\n\n# c\u2028d\u2029e\x85f",
    "bidi": "\u202eevil\u2066 \u200b\u200f",
    "surrogates": "\ud800",
    "emphasis": "**a** _b_ ~~c~~ ***",
    "a link": "[a](http://evil/) [b]: http://evil/ <http://evil/> http://evil/ www.evil.example",
    "an image": "![a](http://evil/x.png)",
    "HTML": "<img src=x onerror=alert(1)> <script>alert(1)</script> <!-- &lt; &#60;",
    "a heading": "# a",
    "a table": "| a | b |\n|---|---|\n| c | d |",
    "a fence": "```\ncode\n```",
    "backticks": "` `` ``` a `",
    "only backticks": "``",
    "references": "@everyone #123 owner/repo#4 GH-5 !6 0123456789abcdef0123456789abcdef01234567",
    "a backslash": "\\` \\",
    "mathematics": "$`x`$ $$y$$",
    "white space": "   ",
    "a quote": "” <b> “ > - 1. a",
    "long": "x" * 5_000,
}


def recording_with(hostile: str) -> segments.Recording:
    """A recorded text wherever there can be one."""
    parts = [
        element(400, "button", {"type": 3, "id": 401, "textContent": hostile}),
        element(402, hostile or "x", id=hostile),
        element(403, "input", **{"aria-label": hostile}),
        element(404, "select", element(405, "option", {"type": 3, "id": 406, "textContent": hostile})),
    ]
    snapshot = made.snapshot(0, *parts)
    title = element(407, "head", element(408, "title", {"type": 3, "id": 409, "textContent": hostile}))
    snapshot["data"]["node"]["childNodes"][0]["childNodes"].insert(0, title)
    return made.recording(
        made.meta(href=hostile),
        snapshot,
        *(made.click(at, node) for at, node in enumerate((400, 402, 403), 1)),
        made.typed(10, hostile, 403),
        event(5, 11, id=404, text=" ".join(hostile.split())),
        made.record(9, 12, {"frustrationTypes": [hostile], "recordIds": [1]}),
        session=hostile,
        view=hostile,
    )


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_lines_of_text_control_no_terminal(hostile: str) -> None:
    timeline = segments.timeline(recording_with(hostile))
    lines = [*timeline.lines()]
    assert len(lines) == len([*timeline]) + 1
    assert all(printable(line) == line and len(line) < 2_000 for line in lines)


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE)
def test_in_markdown_recorded_text_is_code_and_nothing_else(hostile: str) -> None:
    timeline = segments.timeline(recording_with(hostile))
    lines = [*timeline.lines("markdown", player="https://replays.example/one two/(1).html?a=[b]#x")]
    assert len(lines) == len([*timeline]) + 1
    tokens = MarkdownIt("commonmark").enable("table").enable("strikethrough").parse("\n".join(lines))
    blocks = {token.type for token in tokens}
    assert blocks <= {
        *("paragraph_open", "paragraph_close", "inline", "bullet_list_open", "bullet_list_close"),
        *("list_item_open", "list_item_close"),
    }
    assert sum(token.type == "list_item_open" for token in tokens) == len(lines) - 1
    inlines = [child for token in tokens for child in token.children or ()]
    outside = "".join(child.content for child in inlines if child.type == "text")
    assert re.fullmatch(r"[A-Za-z0-9 :,.()×-]*", outside), outside
    kinds = {child.type for child in inlines}
    assert kinds <= {"text", "code_inline", "link_open", "link_close", "softbreak", "strong_open", "strong_close"}
    links = {str(child.attrs["href"]).partition("#")[0] for child in inlines if child.type == "link_open"}
    assert links == {"https://replays.example/one%20two/%281%29.html?a=%5Bb%5D"}
    assert any(child.type == "code_inline" for child in inlines) or not hostile.strip()


def many() -> segments.Recording:
    """A hundred clicks and scrolls, ten inputs, and dead clicks."""
    records: list[dict[str, Any]] = []
    for number in range(50):
        at = 5_000 * number + 10
        records += [made.click(at, OTHER), event(3, at + 5, id=0, x=0, y=number + 1)]
        if number % 5 == 0:
            records.append(made.typed(at + 7, f"text {number}"))
        if number % 25 == 24:
            records += [made.click(at + 2_000), event(1, at + 4_900, positions=[])]
    return made.page(*records, made.meta(400_000, href="http://shop/b"))


@pytest.mark.parametrize("form", ["text", "markdown"])
@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 10, 20, 50, 100, 1_000])
def test_there_are_at_most_so_many_lines(form: Any, most: int) -> None:
    timeline = segments.timeline(many())
    lines = [*timeline.lines(form, max_lines=most)]
    everything = [*timeline.lines(form)]
    if most >= len(everything):
        assert lines == everything
        return
    assert len(lines) == most
    listed, whole = re.findall(r"left out for brevity: (\d+) of (\d+) entries", lines[-1])[0]
    assert int(whole) == len(everything) - 1
    entries = [line for line in lines[:-1] if line in everything[1:]]
    assert int(listed) == int(whole) - len(entries)
    assert entries == [line for line in everything if line in entries]


def test_an_excerpt_keeps_what_says_most() -> None:
    timeline = segments.timeline(many())
    assert sorted(kinds(timeline, 5)) == ["dead_click", "dead_click", "input", "page", "page"]
    excerpt = timeline.excerpt(20)
    assert [entry.kind for entry in excerpt.entries].count("click") == 6
    assert excerpt.left_out == {"click": 46, "end": 1, "scroll": 50}
    assert [entry for entry in timeline if entry.kind == "click"][-6:] == [
        entry for entry in excerpt.entries if entry.kind == "click"
    ]
    assert excerpt.remark() == "left out for brevity: 97 of 117 entries (46 × click, 1 × end, 50 × scroll)"
    assert timeline.excerpt(1_000).entries == tuple(timeline)
    assert timeline.excerpt(1_000).left_out == {}


def test_in_an_excerpt_no_kind_keeps_all_others_out() -> None:
    records: list[dict[str, Any]] = []
    for number in range(40):  # each with a dead click, an input and a page
        at = 10_000 * number + 10
        records += [made.click(at), made.typed(at + 3_000, f"text {number}"), made.click(at + 3_500, OTHER)]
        records.append(made.meta(at + 4_000, href=f"http://shop/{number}"))
    timeline = segments.timeline(made.page(*records))
    assert Counter(kinds(timeline, 20)) == {"dead_click": 11, "page": 6, "input": 2, "click": 1}
    assert Counter(kinds(timeline, 2)) == {"page": 1, "dead_click": 1}
    assert kinds(timeline, 1) == ["page"]
    assert timeline.excerpt(20).entries[-1].time > 390_000


def test_in_an_excerpt_swipes_in_apps_say_as_little_as_scrolling() -> None:
    touches = [made.tap(10, "down"), made.tap(50, "up")]
    for at in range(1_000, 21_000, 1_000):
        touches += [made.tap(at, "down", 50, 500), made.tap(at + 100, "up", 50, 100)]
    found = [entry.kind for entry in segments.timeline(made.phone(made.screen(0), *touches)).excerpt(6).entries]
    assert found == ["page", "click", "drag", "drag", "drag", "end"]


def test_what_scripts_change_says_less_than_the_clicks_because_of_which_they_do() -> None:
    records: list[dict[str, Any]] = [event(2, 1, type=5, id=made.BUTTON)]
    for number in range(10):
        at = 2_000 * number + 500
        records += [made.click(at), made.typed(at + 10, f"text {number}")]
    timeline = segments.timeline(made.page(*records))
    assert kinds(timeline, 6) == ["page", *["click"] * 5]
    assert Counter(kinds(timeline, 16)) == {"page": 1, "click": 10, "end": 1, "input": 4}


def kinds(timeline: segments.Timeline, most: int) -> list[str]:
    return [entry.kind for entry in timeline.excerpt(most).entries]


def test_lines_link_to_the_player_and_name_sessions_and_tabs(tmp_path: Path) -> None:
    recording = segments.open(
        [
            made.segment(made.meta(), made.snapshot(), made.click(61_500), view="one"),
            made.segment(made.meta(30_000), made.snapshot(30_000), made.click(3_900_000), view="two"),
            made.segment(made.meta(5_000_000), made.snapshot(5_000_000), session=None, view="three"),
        ]
    )
    timeline = segments.timeline(recording)
    assert [*timeline.lines()] == [
        "Session session, from 2026-11-21T03:00:00Z",
        "  tab 2 from 2026-11-21T03:00:30Z",
        "   0:00.0  tab 1: opens “http://shop/”  #t=0",
        "   0:00.0  tab 2: opens “http://shop/”  #t=0&timeline=2",
        "   1:01.5  tab 1: clicks button “Pay”  #t=61.5",
        "   1:01.5  tab 1: the recording of this tab ends  #t=61.5",
        "1:04:30.0  tab 2: clicks button “Pay”  #t=3870&timeline=2",
        "1:04:30.0  tab 2: the recording of this tab ends  #t=3870&timeline=2",
        "",
        "Session without an id, from 2026-11-21T04:23:20Z",
        "   0:00.0  opens “http://shop/”  #t=0&timeline=3",
        "   0:00.0  the recording of this tab ends  #t=0&timeline=3",
    ]
    player = tmp_path / "a b.html"
    markdown = [*timeline.lines("markdown", player=player)]
    assert markdown[4] == f"- [1:01.5]({player.as_uri()}#t=61.5) tab 1: clicks button `Pay`"
    assert [*timeline.lines(player="http://x/r.html#old")][4].endswith("  http://x/r.html#t=61.5")
    assert "](" not in "".join(timeline.lines("markdown"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"form": "html"}, "form must be text or markdown"),
        ({"max_lines": 0}, "max_lines must be"),
        ({"max_lines": "5"}, "max_lines must be"),
        ({"player": ""}, "player is empty"),
        ({"player": "javascript://x/%0aalert(1)"}, "player must be a file or a URL with http, https or file"),
        ({"player": "a\nb"}, "player must be"),
        ({"player": 5}, "player must be"),
    ],
)
def test_wrong_arguments_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequestError, match=message):
        segments.timeline(made.page()).lines(**options)


def test_an_excerpt_has_at_least_one_entry() -> None:
    with pytest.raises(InvalidRequestError, match="max_entries must be"):
        segments.timeline(made.page()).excerpt(0)
