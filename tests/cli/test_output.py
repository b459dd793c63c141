"""Nothing that is printed can control a terminal."""

from __future__ import annotations

import sys
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest
from rum_replay._cli.output import cell
from rum_replay._printable import one_line, printable, printable_markup

from .bench import CommandLine

CONTROLS = [chr(point) for point in (*range(0x20), *range(0x7F, 0xA0))]
BIDIRECTIONAL = list("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
OTHERS = [
    *"\u2028\u2029",  # separators
    *"\u206a\u206b\u206c\u206d\u206e\u206f",  # deprecated formatting
    *"\ufff9\ufffa\ufffb",  # annotations
    *"\u200b\u2060\u2061\u2062\u2063\u2064\u2065\ufeff",  # invisible
    *"\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u2800\u3164\uffa0\ufff0\U0001bca0\U0001d173\U000e0fff",
    *"\u200c\u200d\ufe00\ufe0f\U000e0100\U000e01ef",  # invisible between Latin letters
    *"\U000e0000\U000e0001\U000e0020\U000e0041\U000e007f",  # tags
    *"\ud800\udbff\udc00\udfff",  # surrogates
]


def id_of(character: str) -> str:
    return f"U+{ord(character):04X}"


@pytest.mark.parametrize("character", [*CONTROLS, *BIDIRECTIONAL, *OTHERS], ids=id_of)
def test_unsafe_characters_are_escaped(character: str) -> None:
    escaped = printable(f"a{character}b")
    assert escaped.startswith("a\\")
    assert escaped.isascii()
    assert escaped.encode().decode("unicode_escape") == f"a{character}b"


@pytest.mark.parametrize("character", [*BIDIRECTIONAL, *OTHERS], ids=id_of)
def test_markup_has_a_reference_for_what_html_may_contain(character: str) -> None:
    assert printable_markup(f"<p>{character}</p>") == f"<p>&#x{ord(character):x};</p>"


@pytest.mark.parametrize("character", CONTROLS, ids=id_of)
def test_markup_has_no_controls_except_tabs_and_line_feeds(character: str) -> None:
    shown = character if character in "\t\n" else "\ufffd"
    assert printable_markup(f"<p>{character}</p>") == f"<p>{shown}</p>"


def test_no_character_that_unicode_calls_a_control_a_separator_or_bidirectional_is_printed() -> None:
    everything = map(chr, range(sys.maxunicode + 1))
    unsafe = [
        character
        for character in everything
        if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs")
        or unicodedata.bidirectional(character) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
    ]
    assert len(unsafe) > 2000
    assert [character for character in unsafe if not printable(character).isascii()] == []


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "Bügel 字幕 👩‍👧", "شماره‌ها", "no\u00a0break", r"C:\new", "क्‍ष"),
        *("1\ufe0f\u20e3", "\u00a9\ufe0f", "\u203c\ufe0f", "\u2764\ufe0f\u200d\U0001f525", "\u845b\U000e0100"),
        *("\U0001f3f3\ufe0f\u200d\U0001f308", "\U0001f469\U0001f3fd\u200d\U0001f4bb"),
    ],
)
def test_other_text_is_unchanged(text: str) -> None:
    assert printable(text) == printable_markup(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "شماره\u200c",
        "\u200cشماره",
        "\u0645\u200c\u200c\u0645",
        "\u2764\ufe0f\ufe0f",
        "\u845bx\U000e0100",
        "a\u200d\u0645",
    ],
)
def test_what_joins_nothing_is_invisible_in_other_scripts_too(text: str) -> None:
    assert "\\" in printable(text)


def test_all_that_unicode_calls_invisible_is_escaped_between_latin_letters() -> None:
    signs = "\u070f\U000110bd\U000110cd"  # these are displayed
    ignorable = [
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if unicodedata.category(character) == "Cf"
        and character not in signs
        and unicodedata.bidirectional(character) in ("BN", "ON", "L", "R", "AL")
    ]
    assert len(ignorable) > 100
    visible = [f"{ord(character):x}" for character in ignorable if printable(f"a{character}b").isascii() is False]
    assert visible == []


@pytest.mark.parametrize(
    "arguments", [("playlists", "list"), ("playlists", "get", "1"), ("playlists", "list", "--json")]
)
def test_commands_print_no_unsafe_character(rum_replay: CommandLine, arguments: tuple[str, ...]) -> None:
    unsafe = "".join([*CONTROLS, *BIDIRECTIONAL, *OTHERS[:-4]])
    rum_replay("playlists", "create", "name", "--description", unsafe).succeeded()
    rum_replay("playlists", "update", "1", "--name", f"a{unsafe}b").succeeded()
    printed = rum_replay(*arguments).succeeded().out
    assert "u202e" in printed
    assert set(printed) & set(unsafe) == {"\n"}


def test_one_line() -> None:
    assert one_line(" a\n  b\tc\x1b ") == r"a b c\x1b"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "-"),
        ("", "-"),
        (0, "0"),
        (True, "yes"),
        (False, "no"),
        (datetime(2026, 7, 1, 12, tzinfo=UTC), "2026-07-01T12:00:00Z"),
        (datetime(2026, 7, 1, 14, 0, 0, 250_000, timezone(timedelta(hours=2))), "2026-07-01T12:00:00.250Z"),
        (datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))), "0001-01-01T00:00:00+01:00"),
        (datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-5))), "9999-12-31T23:00:00-05:00"),
        ("a\nb", r"a\nb"),
    ],
)
def test_cell(value: object, shown: str) -> None:
    assert cell(value) == shown
