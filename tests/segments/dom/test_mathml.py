"""Which elements are MathML."""

from __future__ import annotations

from typing import Any

import pytest
from rum_replay.segments.dom import Page

from .pages import change_snapshot, document, element, page_of, tree_snapshot


def mathml_in(page: Page) -> list[int]:
    return [node.id for node in page.nodes.values() if node.is_mathml]


SVG = element(5, "svg") | {"isSVG": True}
# What is in <math>, which has the id 2, and the ids of the elements that are MathML.
TREES: list[tuple[Any, list[int]]] = [
    (element(3, "mrow", element(4, "unknown")), [2, 3, 4]),
    (element(3, "div", element(4, "mi")), [2]),
    (
        element(3, "mtext", element(4, "input"), element(5, "mglyph"), element(6, "math", element(7, "mn"))),
        [2, 3, 5, 6, 7],
    ),
    (element(3, "annotation-xml", element(4, "section"), encoding="Text/HTML"), [2, 3]),
    (element(3, "annotation-xml", element(4, "ci"), encoding="MathML-Content"), [2, 3, 4]),
    (element(3, "annotation-xml", SVG), [2, 3]),
]


@pytest.mark.parametrize(("tree", "expected"), TREES)
def test_elements_in_formulas_are_mathml_as_in_html_parsers(tree: Any, expected: list[int]) -> None:
    page = page_of(tree_snapshot(document(0, element(1, "body", element(2, "math", tree), element(9, "mi")))))
    assert mathml_in(page) == expected
    assert page.to_dict()["tree"]["c"][0]["c"][0]["mathml"] is True


def test_names_in_capitals_are_html() -> None:
    names = ["math", "mrow", "SECTION", "svg>svg", "mi"]
    nodes = [[1, "HTML"], *([1, name] for name in names), [7, "MATH"], [1, "mi"]]
    page = page_of(change_snapshot([1, [None, "#document"], *nodes]))
    assert mathml_in(page) == [2, 3]
