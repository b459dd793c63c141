"""Queries made from values: whatever the values hold, they find exactly what they say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rum_replay import InvalidRequestError, query
from rum_replay_emulator.event_queries import parse_query

HOSTILE = [
    "/check out",
    '"',
    "\\",
    '\\" OR @type:*',
    "*",
    "?",
    "a*b?c",
    "OR",
    "AND",
    "-",
    "-@type:view",
    "(",
    ")",
    "[1 TO 3]",
    ">5",
    "<=5",
    "1s",
    "5",
    "5.0",
    "@type:view",
    "a:b=c~d/e",
    " leading",
    "trailing ",
    "two  blanks",
    "naïve café",
    "字幕",
    "👩‍👩‍👧",
    "non-breaking\u00a0blank",
    "{curly}",
    "semi;colon, comma",
    "'single'",
    "%20+&#",
]
"""Values that hold what has a meaning in queries, or what is easily lost."""


def finds(written: str, value: object) -> bool:
    """Whether a query finds an event with this value in `context.it`."""
    return parse_query(written)({"attributes": {"type": "view", "context": {"it": value}}})


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_finds_itself_and_nothing_else(value: str) -> None:
    forms = [query.attribute("context.it", value), query.any_of("context.it", ["other", value])]
    for written in [*forms, query.every(query.attribute("type", "view"), forms[0])]:
        assert finds(written, value)
        assert [other for other in HOSTILE if other != value and finds(written, other)] == []
    excluded = query.excluded(query.attribute("context.it", value))
    assert [other for other in HOSTILE if not finds(excluded, other)] == [value]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_prefix_finds_what_starts_with_it(value: str) -> None:
    written = query.starting_with("context.it", value)
    assert finds(written, value)
    assert finds(written, f"{value} and more")
    assert not finds(written, f"not {value}")
    assert [other for other in HOSTILE if finds(written, other)] == [
        other for other in HOSTILE if other.startswith(value)
    ]


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=12), st.text())
def test_any_text_finds_itself_alone(value: str, other: str) -> None:
    written = query.attribute("context.it", value)
    assert finds(written, value)
    assert finds(written, other) == (value == other)
    assert finds(query.starting_with("context.it", value), value + other)


@pytest.mark.parametrize("number", [0, 3, -3, 2.5, -0.25, 1e-7, 1e22, 2**60])
def test_a_number_finds_itself_in_every_form(number: float) -> None:
    assert finds(query.attribute("context.it", number), number)
    assert finds(query.between("context.it", number, number), number)
    for form, expected in [
        (query.more_than, [False, False, True]),
        (query.at_least, [False, True, True]),
        (query.at_most, [True, True, False]),
        (query.less_than, [True, False, False]),
    ]:
        neighbors = [number - abs(number) - 1, number, number + abs(number) + 1]
        assert [finds(form("context.it", number), one) for one in neighbors] == expected


@pytest.mark.parametrize("flag", [True, False])
def test_a_flag_finds_itself(flag: bool) -> None:
    assert finds(query.attribute("context.it", flag), flag)
    assert not finds(query.attribute("context.it", flag), not flag)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        (query.url_path("/check out"), '@view.url_path:"/check out"'),
        (query.session("s"), '@session.id:"s"'),
        (query.view("v"), '@view.id:"v"'),
        (query.attribute("@usr.email", 'a"b\\c'), '@usr.email:"a\\"b\\\\c"'),
        (query.attribute("session.has_replay", True), "@session.has_replay:true"),
        (query.any_of("type", ["view"]), '@type:"view"'),
        (query.any_of("type", ["view", "error"]), '@type:("view" OR "error")'),
        (query.starting_with("view.url_path", "/a b/"), r"@view.url_path:\/a\ b\/*"),
        (query.between("view.error.count", 3, 10), "@view.error.count:[3 TO 10]"),
        (query.more_than("view.error.count", 0), "@view.error.count:>0"),
        (query.at_most("view.loading_time", 1e9), "@view.loading_time:<=1000000000"),
        (query.every("@a:1", "@b:2 OR @c:3"), "@a:1 (@b:2 OR @c:3)"),
        (query.every("@a:1 @b:2", '@c:"x OR y"'), '@a:1 @b:2 @c:"x OR y"'),
        (query.either("@a:1 @b:2", "@c:3"), "(@a:1 @b:2) OR @c:3"),
        (query.excluded("@a:1"), "-@a:1"),
        (query.excluded('@a:"b c"'), '-@a:"b c"'),
        (query.excluded("@a:1 @b:2"), "-(@a:1 @b:2)"),
        (query.excluded("-@a:1"), "-(-@a:1)"),
        (query.every("*"), "*"),
    ],
)
def test_what_is_written(written: str, expected: str) -> None:
    assert written == expected


@pytest.mark.parametrize(
    "unfinished",
    ['@a:"b', "(@a:1", "@a:[1 TO 2", "@a:1)", "@a:1) OR (@b:2", "@a:b\\", "@a:1]", '@a:"b\\"', "", " "],
)
@pytest.mark.parametrize("combine", [query.every, query.either, query.excluded])
def test_a_query_that_would_change_what_is_beside_it_is_refused(combine: Callable[[str], str], unfinished: str) -> None:
    with pytest.raises(InvalidRequestError, match="query"):
        combine(unfinished)


@pytest.mark.parametrize("value", ["", "line\nbreak", "a\0", "\x1b[31m", "\u2028", "\ud800"])
def test_values_that_no_query_can_hold_are_refused(value: str) -> None:
    for write in (query.quoted, query.url_path, lambda text: query.starting_with("a", text)):
        with pytest.raises(InvalidRequestError):
            write(value)


@pytest.mark.parametrize("name", ["", "a b", "a:", "@", 'a"', "a)", "a.", ".a", "a*", "-a", "ä"])
def test_names_that_are_no_paths_are_refused(name: str) -> None:
    with pytest.raises(InvalidRequestError, match="path of an attribute"):
        query.attribute(name, "x")


@pytest.mark.parametrize("values", [[], (), "text", 5, [None], [object()]])
def test_values_of_which_none_can_be_found_are_refused(values: Any) -> None:
    with pytest.raises(InvalidRequestError, match="value"):
        query.any_of("a", values)


@pytest.mark.parametrize("wrong", [5, None, b"@a:1", object()])
@pytest.mark.parametrize("combine", [query.every, query.either, query.excluded])
def test_a_query_is_a_text(combine: Callable[[Any], str], wrong: Any) -> None:
    with pytest.raises(InvalidRequestError, match="query must be a string"):
        combine(wrong)


@pytest.mark.parametrize("combine", [query.every, query.either])
def test_nothing_to_combine_is_refused(combine: Callable[[], str]) -> None:
    with pytest.raises(InvalidRequestError, match="empty"):
        combine()
