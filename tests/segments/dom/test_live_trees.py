"""The page equals the browser's DOM at every time at which that was saved during a recording.

SDKs omit or replace some parts of a page. Each such difference is listed here, as the change that turns the browser's
DOM into the recorded one, and a test shows that each is necessary. Apart from these, the trees are equal: tags,
attributes, texts, shadow roots, values, checked states, scroll positions, the viewport and CSS.
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
    """A part of the page that is not recorded as it is, and the reason."""

    why: str
    as_recorded: Callable[[Any], None]
    """Changes an element of the browser's tree."""

    as_compared: Callable[[Any], None] = lambda _: None
    """Changes an element of our tree, if both trees must be normalized."""

    not_in: tuple[str, ...] = ()
    """Versions of the SDK that record it unchanged."""


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


def _normalized_css(element: Any) -> None:
    if "css" in element:
        element["css"] = [re.sub(r"\s*;?\s*([{}:;])\s*", r"\1", rule) for rule in element["css"]]


def _only_what_the_driver_saved(element: Any) -> None:
    for name in ("id", "size", "playing", "image"):
        element.pop(name, None)


DIFFERENCES = {
    "white space in head": Difference(
        "SDKs omit the white space between elements in <head>, or record it as empty texts",
        _no_white_space_in_head,
        _no_white_space_in_head,
    ),
    "hidden": Difference(
        "SDKs record only the size of an element with data-dd-privacy=hidden: no other attributes and no content",
        _hidden_is_empty,
    ),
    "masked": Difference(
        "In an element with data-dd-privacy=mask, SDKs replace every character except white space with an x",
        _masked_is_crossed_out,
    ),
    "passwords": Difference("SDKs mask the value of a password field at every privacy level", _passwords_are_stars),
    "names of passwords": Difference(
        "Since version 6, SDKs also mask the `name` attribute of a password field",
        _names_of_passwords_are_stars,
        not_in=("5.35.1",),
    ),
    "checked in the markup": Difference(
        "SDKs record whether a field is checked, not whether its markup has the `checked` attribute",
        _no_initial_checks,
    ),
    "spelling of inserted rules": Difference(
        "SDKs record an inserted rule as the script wrote it; browsers return it in their own spelling",
        _normalized_css,
        _normalized_css,
    ),
    "not saved by the driver": Difference(
        "Node ids come from the SDK; the driver did not save sizes, playing media and contents of canvases",
        lambda _: None,
        _only_what_the_driver_saved,
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
    """Our page at the time of a snap; cached."""
    if snap.name not in _pages:
        _pages[snap.name] = json.dumps(page_at(snap.view, snap.time).to_dict())
    return json.loads(_pages[snap.name])


def _both(snap: Snap, names: set[str]) -> tuple[Any, Any]:
    """The browser's page and ours, without some of the differences."""
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
def test_the_page_equals_the_browsers_page(snap: Snap) -> None:
    live, ours = _both(snap, set(DIFFERENCES))
    assert ours == live


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_difference_is_necessary_for_every_recording(folder: Any) -> None:
    all_snaps = list(snaps(folder))
    assert len(all_snaps) == 6
    for name, difference in DIFFERENCES.items():
        if any(version in folder.name for version in difference.not_in):
            continue
        both = [_both(snap, DIFFERENCES.keys() - {name}) for snap in all_snaps]
        assert any(live != ours for live, ours in both), name
