"""Rage and dead clicks in the list of events and on the timeline."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay.segments.player import write_player
from rum_replay.segments.summary import CLICK_DIFFERENCES, DEAD_CLICK_RULE, RAGE_CLICK_RULE

from .. import made
from .recorded_player import Recorded
from .replay_page import ReplayPage

OpenPage = Callable[[Path], ReplayPage]


def reaction(at: float) -> dict[str, Any]:
    return made.mutation(at, texts=[{"id": 100, "value": f"Paid at {at}"}])


def end(at: float) -> dict[str, Any]:
    return made.event(1, at, positions=[])


def clicks_in(page: ReplayPage) -> list[list[str]]:
    """The text of each click in the list, line by line, without its time."""
    texts = page.page.locator("nav li button:has(.dot.click)").all_inner_texts()
    return [[line for line in text.split("\n") if line][1:] for text in texts]


@pytest.mark.parametrize(
    ("records", "clicks"),
    [
        ([made.click(0), reaction(900), end(5_000)], [["click button “Pay”"]]),
        ([made.click(0), reaction(1_100), end(5_000)], [["click button “Pay”", "dead click"]]),
        ([made.click(0), end(900)], [["click button “Pay”"]]),
        ([made.click(0, id=made.FIELD), end(5_000)], [["click #name"]]),
        (
            [*(made.click(at) for at in (0, 300, 600)), reaction(700), end(5_000)],
            [["click button “Pay”", "rage click: 3 clicks"], ["click button “Pay”"], ["click button “Pay”"]],
        ),
        (
            [*(made.click(at, id=made.OTHER) for at in (0, 300, 600, 900))],
            [["click #other", "rage click: 4 clicks"], *[["click #other"]] * 3],
        ),
        (
            [made.click(0), reaction(10), *(made.click(at) for at in (4_000, 4_300, 4_600)), end(9_000)],
            [
                ["click button “Pay”"],
                ["click button “Paid at 10”", "rage click: 3 clicks", "dead click"],
                *[["click button “Paid at 10”"]] * 2,
            ],
        ),
    ],
)
def test_each_rage_or_dead_click_is_named_at_its_first_click(
    records: list[dict[str, Any]], clicks: list[list[str]], tmp_path: Path, open_page: OpenPage
) -> None:
    page = open_page(write_player(made.page(*records), tmp_path / "replay.html"))
    assert clicks_in(page) == clicks


def test_signals_belong_to_their_view_and_clicks_before_its_page_is_known_are_on_something_unknown(
    tmp_path: Path, open_page: OpenPage
) -> None:
    def view(name: str, at: int, *records: dict[str, Any]) -> bytes:
        return made.segment(*records, made.meta(at), made.snapshot(at), made.click(at + 10), end(at + 3_000), view=name)

    early = [made.click(at) for at in (7_000, 7_100, 7_200)]
    recording = segments.open([view("one", 0), view("two", 8_500, *early)])
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    unknown = [["click an unknown element (no full snapshot comes before)"]] * 3
    known = ["click button “Pay”", "dead click"]
    assert clicks_in(page) == [known, *unknown, known]


def test_what_the_player_marks_is_what_the_summary_counts(recorded: Recorded, played: ReplayPage) -> None:
    summary = segments.summarize(segments.open(sorted(recorded.folder.glob("seg-*.zlib"))))
    lines = [line for click in clicks_in(played) for line in click]
    assert lines.count("dead click") == sum(view.dead_clicks for view in summary.views) > 0
    assert sum(line.startswith("rage click: ") for line in lines) == sum(v.rage_clicks for v in summary.views) > 0


def test_the_timeline_and_the_legend_show_them_with_a_shape_of_their_own(tmp_path: Path, open_page: OpenPage) -> None:
    clicks = [made.click(at) for at in (1_000, 1_200, 1_400)]
    page = open_page(write_player(made.page(*clicks, end(9_000)), tmp_path / "replay.html"))
    marks = page.page.locator("#marks i")
    titles = marks.evaluate_all("all => all.map(one => [one.className, one.title])")
    assert titles.count(["dead-click", "dead click, button “Pay”"]) == 1
    assert titles.count(["rage-click", "rage click: 3 clicks, button “Pay”"]) == 1
    shapes = {
        where: page.page.evaluate(
            "([selector, pseudo]) => ['click', 'rage-click', 'dead-click'].map(kind =>"
            " getComputedStyle(document.querySelector(`${selector}.${kind}`), pseudo).clipPath)",
            [where, pseudo],
        )
        for where, pseudo in (("#marks i", None), ("#legend li", "::before"), ("#rules li", "::before"))
    }
    (drawn,) = {tuple(shape) for shape in shapes.values()}
    assert len(set(drawn)) == 3
    signal = page.page.locator("nav .signal.rage-click").first
    assert signal.evaluate("one => getComputedStyle(one, '::before').clipPath") == drawn[1]


def test_the_help_states_the_rules(tmp_path: Path, open_page: OpenPage) -> None:
    page = open_page(write_player(made.page(), tmp_path / "replay.html"))
    page.page.get_by_role("button", name="Help").click()
    rules = page.page.locator("#rules li").all_inner_texts()
    assert rules[-2:] == [RAGE_CLICK_RULE, DEAD_CLICK_RULE]
    assert CLICK_DIFFERENCES in page.page.locator("dialog").first.inner_text().replace("\n", " ")
    legend = page.page.locator("#legend")
    assert [legend.locator(f".{kind}-click").get_attribute("title") for kind in ("rage", "dead")] == rules[-2:]


def test_frustration_that_the_sdk_recorded_is_told_apart(tmp_path: Path, open_page: OpenPage) -> None:
    frustration = made.record(9, 10, {"frustrationTypes": ["rage_click", "dead_click"], "recordIds": [7]})
    recording = made.page({**made.click(10), "id": 7}, frustration, end(500))
    page = open_page(write_player(recording, tmp_path / "replay.html"))
    assert page.marks("trouble") == ["rage click, dead click (recorded by the SDK)"]
    assert clicks_in(page) == [["click button “Pay”"]]
