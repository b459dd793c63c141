"""Which elements the player gives a shadow root."""

from __future__ import annotations

import pytest
from rum_replay.segments.dom import Node, NodeKind
from rum_replay.segments.player import _shadow_hosts
from rum_replay.segments.player._shadow_hosts import can_host_shadow

# https://dom.spec.whatwg.org/#valid-shadow-host-name
HOSTS = [
    *("article", "aside", "blockquote", "body", "div", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "main"),
    *("nav", "p", "section", "span"),
]
# https://html.spec.whatwg.org/multipage/custom-elements.html#valid-custom-element-name
RESERVED = [
    *("annotation-xml", "color-profile", "font-face", "font-face-format", "font-face-name", "font-face-src"),
    *("font-face-uri", "missing-glyph"),
]


def can_host(name: str, *, is_svg: bool = False) -> bool:
    return can_host_shadow(Node(1, NodeKind.ELEMENT, name, is_svg=is_svg))


@pytest.mark.parametrize("name", [*HOSTS, "x-host", "x-", "a-b.c_1"])
def test_elements_of_the_standard_and_custom_elements_can(name: str) -> None:
    assert can_host(name)
    assert not can_host(name, is_svg=True)


@pytest.mark.parametrize("name", [*RESERVED, "img", "a", "X-HOST", "input", "details", "-x", "x"])
def test_others_cannot(name: str) -> None:
    assert not can_host(name)


def test_every_entry_has_a_test() -> None:
    assert sorted(_shadow_hosts.HOSTS) == sorted(HOSTS)
    assert sorted(_shadow_hosts.RESERVED) == sorted(RESERVED)
    assert not can_host_shadow(Node(1, NodeKind.SHADOW_ROOT, "div"))
