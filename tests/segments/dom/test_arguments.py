"""Wrong arguments are errors of ours, which say which argument is wrong and what it must be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast

import pytest
import rum_replay
from rum_replay import segments
from rum_replay.segments import dom

from .. import made
from .pages import page_of, tree_snapshot

# Typed loosely, because the arguments are wrong on purpose.
api = cast("Any", dom)
VIEW = made.page().views[0]
NODE = dom.page_at(VIEW).nodes[made.BUTTON]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: api.page_at("view"), "view must be a View, not str"),
        (lambda: api.page_at(made.page()), "view must be a View, not Recording"),
        (lambda: api.page_at(VIEW, "now"), "time must be a number, not str"),
        (lambda: api.page_at(VIEW, True), "time must be a number, not bool"),
        (lambda: api.page_at(VIEW, float("nan")), "time must be a finite number"),
        (lambda: api.page_at(VIEW, datetime(2026, 1, 1)), "time is a naive datetime"),
        (lambda: api.to_html(3), "of must be a Page or Node, not int"),
        (lambda: api.to_html(None), "of must be a Page or Node, not NoneType"),
        (lambda: api.css_path(None), "node must be a Node, not NoneType"),
        (lambda: api.css_path(dom.Page()), "node must be a Node, not Page"),
        (lambda: api.text_of("text"), "node must be a Node, not str"),
        (lambda: api.text_of(NODE, "80"), "limit must be a whole number, not str"),
        (lambda: api.text_of(NODE, 0), "limit must be at least 1, not 0"),
        (lambda: api.nodes_below(None), "node must be a Node, not NoneType"),
        (lambda: api.nodes_below(NODE, "head"), "without must be a collection of node names, not str"),
        (lambda: api.nodes_below(NODE, 3), "without must be a collection of node names, not int"),
        (lambda: api.Page().apply({"type": 4}), "record must be a Record, not dict"),
        (lambda: api.Page().find("3"), "id must be a whole number, not str"),
        (lambda: api.Page().find([]), "id must be a whole number, not list"),
        (lambda: api.Page().find(True), "id must be a whole number, not bool"),
        (lambda: api.StyleSheet(3), "rules must be several strings, not 3"),
        (lambda: api.StyleSheet(["a{}", None]), "rules must be several strings, not"),
        (lambda: api.StyleSheet("a{}", "print"), "media must be several strings, not 'print'"),
        (lambda: api.StyleSheet("a{}", [], 1), "disabled must be True or False, not int"),
        (lambda: api.StyleSheet("a{}").insert(None, [0]), "rule must be a string, not NoneType"),
        (lambda: api.StyleSheet("a{}").insert("b{}", 0), "index must be a sequence of whole numbers, not 0"),
        (lambda: api.StyleSheet("a{}").insert("b{}", "0"), "index must be a sequence of whole numbers, not '0'"),
        (lambda: api.StyleSheet("a{}").delete([0.0]), "index must be a sequence of whole numbers, not"),
        (lambda: api.StyleSheet("a{}").delete([True]), "index must be a sequence of whole numbers, not"),
    ],
)
def test_a_wrong_argument_is_an_invalid_request(call: Callable[[], Any], message: str) -> None:
    with pytest.raises(rum_replay.InvalidRequestError) as error:
        call()
    assert str(error.value).startswith(message)


def test_a_time_may_be_a_datetime_in_any_time_zone() -> None:
    view = made.page(made.typed(500, "A"), made.typed(1_500, "Ad")).views[0]
    moment = datetime.fromtimestamp((made.START + 500) / 1000, UTC)
    for time in (made.START + 500, float(made.START + 500), moment, moment.astimezone()):
        assert segments.page_at(view, time).nodes[made.FIELD].value == "A"
    assert segments.page_at(view, moment.replace(microsecond=499_999)).nodes[made.FIELD].value == ""


def test_an_id_beyond_64_bits_is_not_in_the_page() -> None:
    assert page_of(tree_snapshot({"type": 0, "id": 0, "childNodes": []})).find(2**70) is None
