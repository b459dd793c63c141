"""The search syntax of RUM events: what is documented is understood, everything else is refused with its place."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay_emulator.event_queries import QueryError, parse_query

CHECKOUT: dict[str, Any] = {
    "service": "shop web",
    "tags": ["env:prod", "version:1.2", "version:2.0", "no-key", "url:a:b", 5],
    "attributes": {
        "type": "view",
        "session": {"id": "s1", "has_replay": True},
        "view": {
            "url_path": "/department/sofas",
            "name": 'Say "hi" (now)',
            "loading_time": 2_000_000_000,
            "error": {"count": 3},
            "cart.total": 12.5,
        },
        "action": {"frustration": {"type": ["rage_click", "dead_click"]}},
        "context": {
            "code": "5",
            "note": "",
            "nothing": None,
            "object": {"a": 1},
            "minus": "-5",
            "items": [{"sku": "x"}],
        },
    },
}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("*", True),
        ("  *  ", True),
        # Attributes, and tags without @.
        ("@type:view", True),
        ("@type:session", False),
        ("@type:VIEW", False),
        ("@view.type:view", False),
        ("type:view", False),
        ("@session.has_replay:true", True),
        ("@session.has_replay:false", False),
        ("@context.missing:x", False),
        ("@context.nothing:null", False),
        ("@context.object:*", False),
        ("@view.cart.total:12.5", True),
        ("@context.items.sku:x", True),
        ("env:prod", True),
        ("env:dev", False),
        ("version:1.2", True),
        ("version:2.0", True),
        ('service:"shop web"', True),
        (r"service:shop\ web", True),
        ("@service:shop*", False),
        (r"url:a\:b", True),
        # Lists: one of the values is enough.
        ("@action.frustration.type:rage_click", True),
        ("@action.frustration.type:dead_click", True),
        ("@action.frustration.type:error_click", False),
        # Quotes are exact, wildcards work outside of them only.
        ('@view.url_path:"/department/sofas"', True),
        ('@view.url_path:"/department/*"', False),
        (r"@view.url_path:\/department\/*", True),
        (r"@view.url_path:*sofas", True),
        (r"@view.url_path:*part*sof?s", True),
        (r"@view.url_path:\/depart", False),
        (r"@view.url_path:*\*", False),
        ('@view.name:"Say \\"hi\\" (now)"', True),
        (r"@view.name:Say\ \"hi\"\ \(now\)", True),
        ("@context.note:*", True),
        # Numbers.
        ("@view.error.count:3", True),
        ("@view.error.count:3.0", True),
        ("@view.error.count:30", False),
        ("@view.error.count:>2", True),
        ("@view.error.count:>3", False),
        ("@view.error.count:>=3", True),
        ("@view.error.count:<3", False),
        ("@view.error.count:<=3", True),
        ("@view.error.count:[3 TO 10]", True),
        ("@view.error.count:[ 1  TO  3 ]", True),
        ("@view.error.count:[4 TO 10]", False),
        ("@view.error.count:>-1", True),
        ("@context.minus:-5", True),
        ("@context.code:>1", False),  # a text is no number
        ("@session.has_replay:>0", False),
        # Durations are in nanoseconds, or have a unit.
        ("@view.loading_time:2000000000", True),
        ("@view.loading_time:[1s TO 3s]", True),
        ("@view.loading_time:>2s", False),
        ("@view.loading_time:>=2000ms", True),
        ("@view.loading_time:<2001ms", True),
        ("@view.loading_time:<1m", True),
        ("@view.loading_time:[1999ms TO 2.5s]", True),
        # AND is the default; OR, exclusion, groups.
        ("@type:view env:prod", True),
        ("@type:view AND env:prod", True),
        ("@type:view env:dev", False),
        ("@type:session OR env:prod", True),
        ("@type:session OR env:dev", False),
        ("-@type:session", True),
        ("-@type:view", False),
        ("-@context.missing:x", True),
        ("@type:view -(env:dev OR env:test)", True),
        ("@type:view -(env:dev OR env:prod)", False),
        ("-(-@type:view)", True),
        ("(@type:session OR @type:view) (env:prod)", True),
        ("@type:(session OR view)", True),
        ("@type:(session OR error)", False),
        ("-version:(1* OR 2*)", False),
        ("-version:(3* OR 4*)", True),
        ('@session.id:("s0" OR "s1")', True),
        ("@view.error.count:(>10 OR [1 TO 3])", True),
        ("@type:session OR @type:view env:prod", True),
        ("@type:ORder OR @type:view", True),
    ],
)
def test_what_a_query_finds(query: str, expected: bool) -> None:
    assert parse_query(query)(CHECKOUT) is expected


@pytest.mark.parametrize(
    ("query", "character", "reason"),
    [
        ("", 1, "is empty"),
        ("   ", 1, "is empty"),
        ("checkout", 1, "texts without a name"),
        ('"checkout"', 1, "expected name:value"),
        ("@type:view checkout", 12, "expected name:value"),
        ("@type", 1, "expected name:value"),
        ("@type:", 7, "expected a value of @type"),
        ("@type: view", 7, "expected a value"),
        (":view", 1, "expected name:value"),
        ("@type:view OR", 14, "expected name:value"),
        ("OR @type:view", 1, "expected name:value"),
        ("@type:view AND", 15, "expected name:value"),
        ("@type:view or @type:error", 12, "expected name:value"),
        ("(@type:view", 12, r"expected \)"),
        ("@type:(view", 12, r"expected \)"),
        ("@type:view)", 11, "closes nothing"),
        ('@view.name:"a', 12, "is not closed"),
        ("@view.url:http://x", 15, "':' has a meaning here"),
        ("@view.url:/x", 11, "'/' has a meaning here"),
        ("@view.name:a=b", 13, "has a meaning"),
        ("@a:b\\", 5, "a backslash must be followed"),
        ("@a:>x", 5, "expected a number"),
        ("@a:>5y", 6, "the unit 'y' is not known"),
        ("@a:[1 TO", 9, "expected a number"),
        ("@a:[1 - 2]", 7, "expected TO"),
        ("@a:[1 TO 2", 11, r"expected \]"),
        ("@a:[* TO 2]", 5, "expected a number"),
        ("--@a:1", 2, "a second -"),
        ("-", 2, "expected name:value"),
        ("@a b:1", 1, "expected name:value"),
        ("{a}", 1, "expected name:value"),
        ("(" * 60 + "@a:1" + ")" * 60, 52, "more than 50 groups"),
        ("@a:" + "(" * 60 + "1" + ")" * 60, 55, "more than 50 groups"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(query: str, character: int, reason: str) -> None:
    with pytest.raises(QueryError, match=f"^query, character {character}: .*{reason}"):
        parse_query(query)


@pytest.mark.parametrize(
    "query",
    ["(" * 100_000, "-" * 100_000, "@a:" + "(" * 100_000, "@a:1 " * 2_000, " OR ".join(["@a:1"] * 2_000)],
    ids=["groups", "exclusions", "groups of values", "terms", "alternatives"],
)
def test_no_length_or_depth_is_too_much(query: str) -> None:
    try:
        parse_query(query)(CHECKOUT)
    except QueryError:
        pass
    else:
        assert query.startswith("@a:1")


def test_wildcards_cost_time_that_is_linear_in_the_value() -> None:
    matches = parse_query("@a:" + "*a" * 30 + "b")
    assert not matches({"attributes": {"a": "a" * 5_000}})
