"""Pages and samples of the site that are made from other files of the checkout; MkDocs calls these functions.

Nothing of this is committed: the documents are in the root, where people look for them in a checkout, and the samples
are made from the recorded session that the emulator has.
"""

from __future__ import annotations

import posixpath
import re
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from rum_replay import segments
from rum_replay_emulator.sample import load_sample

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = {
    "architecture.md": "ARCHITECTURE.md",
    "benchmarks.md": "scripts/benchmarks/RESULTS.md",
    "changelog.md": "CHANGELOG.md",
    "contributing.md": "CONTRIBUTING.md",
}
PAGES = {document: page for page, document in DOCUMENTS.items()}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add documents from outside `docs`, and a player, a heatmap and a summary of the recorded sample."""
    for page, document in DOCUMENTS.items():
        text = (ROOT / document).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=with_nested_lists(with_links_of_the_site(text, document))))
    for name, content in samples().items():
        files.append(File.generated(config, f"samples/{name}", content=content))
    return files


def with_links_of_the_site(text: str, document: str) -> str:
    """The text with relative links that lead to the page where the site has the document."""

    def moved(link: re.Match[str]) -> str:
        parts = urlsplit(link[1])
        if parts.scheme or not parts.path:
            return link[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(document), parts.path))
        page = PAGES.get(target, target.removeprefix("docs/"))
        return f"]({page}{f'#{parts.fragment}' if parts.fragment else ''})"

    return re.sub(r"\]\(([^)\s]+)\)", moved, text)


def with_nested_lists(text: str) -> str:
    """The text with lists in lists indented by four spaces for each level, which Python-Markdown requires."""
    return re.sub(r"^(?: {2})+(?=- )", lambda indent: indent[0] * 2, text, flags=re.MULTILINE)


def samples() -> dict[str, str]:
    """The sample files by name."""
    recording = segments.open([part for view in load_sample().views for part in view.segments])
    with tempfile.TemporaryDirectory() as folder:
        player = segments.write_player(recording, Path(folder) / "player.html", title="A recorded session")
        heatmap = segments.heatmap_of(recording).write_html(Path(folder) / "heatmap.html")
        timeline = "\n".join(segments.timeline(recording).lines("text", max_lines=20))
        return {
            "player.html": player.read_text(encoding="utf-8"),
            "heatmap.html": heatmap.read_text(encoding="utf-8"),
            "timeline.txt": f"{timeline}\n",
        }
