"""The page that we build is the one that the browser had, at every moment that was written down.

What a recorder leaves out or replaces cannot be the same. Each such difference is listed here, as the change that turns
what the browser had into what is recorded, and each is shown to be needed. Beyond these the trees are equal: tags,
attributes, texts, shadow roots, values, what is checked, scrolling, the viewport, CSS.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest
from rum_replay.segments.dom import page_at

from ..recorded import FOLDERS
from .pages import ALL_SNAPS, Snap, snaps


@attrs.frozen
class Difference:
    """What is recorded otherwise than it is, and why."""

    why: str
    as_recorded: Callable[[Any], None]
    """Changes an element of the browser's tree."""

    as_compared: Callable[[Any], None] = lambda _: None
    """Changes an element of our tree, where both must be brought to one form."""

    not_in: tuple[str, ...] = ()
    """Versions of the SDK that record it as it is."""


def _no_white_space_in_head(element: Any) -> None:
    if element["n"] == "head":
        element["c"] = [child for child in element["c"] if not isinstance(child, str) or child.strip()]


def _hidden_is_empty(element: Any) -> None:
    if element.get("a", {}).get("data-dd-privacy") == "hidden":
        element["a"] = {"data-dd-privacy": "hidden"}
        element["c"] = []


def _masked_is_crossed_out(element: Any) -> None:
    if element.get("a", {}).get("data-dd-privacy") == "mask":
        element["c"] = [re.sub(r"\S", "x", child) for child in element["c"]]


def _passwords_are_stars(element: Any) -> None:
    if element.get("a", {}).get("type") == "password" and element["value"]:
        element["value"] = "***"


def _names_of_passwords_are_stars(element: Any) -> None:
    if element.get("a", {}).get("type") == "password":
        element["a"]["name"] = "***"


def _no_initial_checks(element: Any) -> None:
    if element["n"] == "input":
        element["a"].pop("checked", None)


def _css_in_one_form(element: Any) -> None:
    if "css" in element:
        element["css"] = [re.sub(r"\s*;?\s*([{}:;])\s*", r"\1", rule) for rule in element["css"]]


def _no_more_than_the_browser_tells(element: Any) -> None:
    for name in ("id", "size", "playing", "image"):
        element.pop(name, None)


DIFFERENCES = {
    "white space in head": Difference(
        "SDKs leave out the white space between elements in <head>, or record it as empty texts",
        _no_white_space_in_head,
        _no_white_space_in_head,
    ),
    "hidden": Difference(
        "Of an element with data-dd-privacy=hidden only its size is recorded: no attribute, nothing in it",
        _hidden_is_empty,
    ),
    "masked": Difference(
        "In an element with data-dd-privacy=mask every character is an x, but for white space",
        _masked_is_crossed_out,
    ),
    "passwords": Difference(
        "What is typed into a password field is masked at every privacy level", _passwords_are_stars
    ),
    "names of passwords": Difference(
        "Of a password field the attribute `name` is masked too, since 6",
        _names_of_passwords_are_stars,
        not_in=("5.35.1",),
    ),
    "checked in the markup": Difference(
        "SDKs record whether a field is checked now, not whether its markup has the attribute `checked`",
        _no_initial_checks,
    ),
    "spelling of inserted rules": Difference(
        "A rule that script inserted is recorded as script wrote it; browsers give it back in their own spelling",
        _css_in_one_form,
        _css_in_one_form,
    ),
    "what the browser did not tell": Difference(
        "Ids of nodes are the recorder's; the driver did not write down sizes, playing media and contents of canvases",
        lambda _: None,
        _no_more_than_the_browser_tells,
    ),
}


def _elements(node: Any) -> Iterator[Any]:
    if isinstance(node, str):
        return
    if "n" in node:
        yield node
    for child in [*node.get("c", ()), *([node["shadow"]] if "shadow" in node else ())]:
        yield from _elements(child)


_pages: dict[str, str] = {}


def _ours(snap: Snap) -> Any:
    """Our page at that time, built once."""
    if snap.name not in _pages:
        _pages[snap.name] = json.dumps(page_at(snap.view, snap.time).to_dict())
    return json.loads(_pages[snap.name])


def _both(snap: Snap, names: set[str]) -> tuple[Any, Any]:
    """The browser's page and ours, with some of the differences taken away."""
    live, ours = copy.deepcopy(snap.live), _ours(snap)
    del ours["url"], ours["time"]
    for difference in (DIFFERENCES[name] for name in DIFFERENCES if name in names):
        if not any(version in snap.name for version in difference.not_in):
            for element in _elements(live["tree"]):
                difference.as_recorded(element)
        for element in _elements(ours["tree"]):
            difference.as_compared(element)
    return live, ours


@pytest.mark.parametrize("snap", ALL_SNAPS, ids=lambda snap: snap.name)
def test_the_page_is_the_one_that_the_browser_had(snap: Snap) -> None:
    live, ours = _both(snap, set(DIFFERENCES))
    assert ours == live


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_difference_is_needed_in_every_recording(folder: Any) -> None:
    everything = list(snaps(folder))
    assert len(everything) == 6
    for name, difference in DIFFERENCES.items():
        if any(version in folder.name for version in difference.not_in):
            continue
        both = [_both(snap, DIFFERENCES.keys() - {name}) for snap in everything]
        assert any(live != ours for live, ours in both), name
