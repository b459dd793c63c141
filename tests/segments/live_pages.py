"""The pages in tests/data/pages: as recorded, and as they were live."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import attrs
from rum_replay import segments

PAGES = Path(__file__).parents[1] / "data" / "pages"

# The boxes of all elements with an id, and how visible they are, as `scripts/record_pages` writes them.
SEE = """page => {
    const seen = {};
    const walk = (root, prefix) => {
        for (const one of root.querySelectorAll("[id]")) {
            const name = prefix + "#" + one.id, {x, y, width, height} = one.getBoundingClientRect();
            const {opacity, visibility, transform} = page.defaultView.getComputedStyle(one);
            seen[name] = {box: [x, y, width, height], opacity: Number(opacity), visibility, transform};
            if (one.scrollTop) seen[name].scroll = one.scrollTop;
            if (one.shadowRoot) walk(one.shadowRoot, name + " >>> ");
        }
    };
    walk(page, "");
    return {scroll: [page.defaultView.scrollX, page.defaultView.scrollY], seen};
}"""


@attrs.frozen
class Snap:
    """What was seen at a moment."""

    time: int
    picture: Path
    scroll: list[float]
    seen: dict[str, dict[str, Any]]
    """The elements with an id: `box` in the viewport, and where the page moves `opacity`, `visibility`, `transform`."""

    def boxes(self, *without: str) -> dict[str, list[float]]:
        """All boxes, but those of some elements."""
        return {name: one["box"] for name, one in self.seen.items() if name not in without}


@attrs.frozen
class LivePage:
    """One of the pages."""

    name: str

    @property
    def uploads(self) -> list[Path]:
        """What the SDK uploaded, a file for each request."""
        return sorted((PAGES / self.name).glob("upload-*.multipart"))

    @property
    def recording(self) -> segments.Recording:
        return segments.open(self.uploads)

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = json.loads((PAGES / self.name / "truth.json").read_bytes())
        return steps

    @property
    def snaps(self) -> list[Snap]:
        return [
            Snap(one["t"], PAGES / self.name / f"snap-{one['number']}.png", one["scroll"], one["seen"])
            for one in self.steps
            if one["what"] == "snap"
        ]


LAYOUT, MOTION, NESTING, COMPONENTS, CANVAS = map(LivePage, ("layout", "motion", "nesting", "components", "canvas"))
