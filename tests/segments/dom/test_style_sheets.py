"""Style sheets that scripts change rule by rule."""

from __future__ import annotations

import pytest
from rum_replay.segments import dom

from .pages import document, element, incremental, page_of, tree_snapshot

CSS = (
    '@import url("a;b.css");\n'
    'a::before { content: "} ; \\" {"; }/* } { */\n'
    "@media print { b { color: red; } @supports (x: y) { i { top: 0; } u { top: 1px; } } }"
    "p { background: url(data:image/png;base64,a\\)}b); }"
)


def test_rules_are_split_correctly_around_strings_comments_and_urls() -> None:
    rules = list(dom.StyleSheet(CSS).rules)
    assert [rule.split("{")[0].split("(")[0].strip() for rule in rules] == [
        "@import url",
        "a::before",
        "/* }",
        "p",
    ]
    assert rules[2].startswith("/* } { */\n@media print { b")
    assert "".join("".join(rules).split()) == "".join(CSS.split())


def test_the_text_of_an_unchanged_sheet_is_the_recorded_text() -> None:
    assert dom.StyleSheet(CSS).text == CSS
    assert dom.StyleSheet(["a{}", "b{}"]).text == "a{}\nb{}"


def test_rules_are_inserted_and_deleted_by_index() -> None:
    sheet = dom.StyleSheet("a{}b{}")
    assert sheet.insert("first{}", [0])
    assert sheet.insert("last{}", [3])
    assert sheet.insert("middle{}", [2])
    assert list(sheet.rules) == ["first{}", "a{}", "middle{}", "b{}", "last{}"]
    assert sheet.delete([1])
    assert list(sheet.rules) == ["first{}", "middle{}", "b{}", "last{}"]


def test_an_index_of_several_numbers_is_a_path_into_nested_rules() -> None:
    sheet = dom.StyleSheet(CSS)
    assert sheet.insert("new{}", [2, 1, 2])
    assert sheet.delete([2, 1, 0])
    assert sheet.insert("x{}", [2, 0])
    assert "".join(sheet.rules[2].split()) == ("/*}{*/@mediaprint{x{}b{color:red;}@supports(x:y){u{top:1px;}new{}}}")
    assert len(sheet.rules) == 4


@pytest.mark.parametrize("index", [[], [3], [-1], [0, 9], [5, 0], [-1, 0], [0] * 40, [0, 0, 0]])
def test_an_index_that_does_not_exist_changes_nothing(index: list[int]) -> None:
    sheet = dom.StyleSheet("a{}b{}")
    assert sheet.insert("x{}", index) is False
    assert sheet.delete(index) is False
    assert sheet.delete([2]) is False
    assert "".join(sheet.text.split()) == "a{}b{}"


def test_rules_are_found_up_to_32_levels_deep() -> None:
    sheet = dom.StyleSheet("@media print {" * 40 + "}" * 40)
    assert sheet.insert("x{}", [0] * 33) is False
    assert sheet.delete([0] * 33) is False
    assert sheet.insert("x{}", [0] * 32) is True
    assert sheet.text.count("x{}") == 1


def test_unmatched_closing_braces_do_not_affect_later_rules() -> None:
    assert list(dom.StyleSheet("}} a{} b{}").rules) == ["}", "}", "a{}", "b{}"]


def test_a_rule_without_a_block_contains_no_rules() -> None:
    assert dom.StyleSheet("@import 'a.css';").insert("x{}", [0, 0]) is False


@pytest.mark.parametrize("css", ["", "}", "a{", "a{{{{", '"', "/*", "url(", "@media x{a{}", "\\", "}}}a{}"])
def test_broken_css_is_kept(css: str) -> None:
    sheet = dom.StyleSheet(css)
    assert "".join(sheet.rules).strip() == css.strip()
    assert sheet.insert("x{}", [0])
    assert sheet.rules[0] == "x{}"


@pytest.mark.parametrize("part", ["/* ", "url( ", "url(a", "'\\", '"\n', "a{", "@media x{"])
def test_css_without_an_end_is_split_in_linear_time(part: str) -> None:
    sheet = dom.StyleSheet(part * 100_000)  # Quadratic time would be hours.
    assert "".join(sheet.rules).strip() == (part * 100_000).strip()


def test_records_delete_rules_of_a_sheet_before_they_insert_others() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "style", _cssText="a{}b{}"), element(2, "style"))))
    effects = page.apply(
        incremental(8, id=1, removes=[{"index": 1}], adds=[{"rule": "c{}"}, {"rule": "d{}", "index": 1}])
    )
    assert effects == (
        dom.RuleDeleted(1, (1,)),
        dom.RuleInserted(1, "c{}", (0,)),
        dom.RuleInserted(1, "d{}", (1,)),
    )
    assert page.nodes[1].style_sheets[0].rules == ("c{}", "d{}", "a{}")
    page.apply(incremental(8, id=2, adds=[{"rule": "e{}", "index": [0]}]))
    assert page.nodes[2].style_sheets[0].rules == ("e{}",)


def test_rules_at_an_index_that_does_not_exist_are_counted() -> None:
    page = page_of(tree_snapshot(document(0, element(1, "style", _cssText="a{}"), element(2, "p"))))
    for data in ({"adds": [{"rule": "b{}", "index": 7}]}, {"removes": [{"index": [0, 3]}]}):
        assert page.apply(incremental(8, id=1, **data)) == ()
    assert page.apply(incremental(8, id=2, removes=[{"index": 0}])) == ()
    assert page.apply(incremental(8, id=2, adds=[{"rule": "b{}"}])) == ()
    assert page.problems == {
        "a style rule at an index that does not exist": 3,
        "a style rule for a node that has no style sheet": 1,
    }
    assert "".join(page.nodes[1].style_sheets[0].text.split()) == "a{}"


@pytest.mark.parametrize(("name", "has_sheet"), [("style", True), ("link", True), ("p", False)])
def test_style_and_link_elements_have_rules(name: str, has_sheet: bool) -> None:
    page = page_of(tree_snapshot(document(0, element(1, name))))
    assert len(page.apply(incremental(8, id=1, adds=[{"rule": "a{}"}]))) == has_sheet
    assert len(page.apply(incremental(8, id=1, removes=[{"index": 0}]))) == has_sheet
