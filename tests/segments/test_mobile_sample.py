"""The made session of a mobile app, as tests of other projects use it: through the emulator and the client."""

from __future__ import annotations

from pathlib import Path

import httpx
from rum_replay import ReplayClient, segments
from rum_replay_emulator import Emulator
from rum_replay_emulator.mobile_sample import load_mobile_sample

from . import made


def test_it_is_downloaded_summarized_and_shown(tmp_path: Path) -> None:
    sample = load_mobile_sample()
    (view,) = sample.views
    emulator = Emulator()
    emulator.load_segments(sample.session_id, view.view_id, view.segments)
    with (
        httpx.Client(transport=emulator.transport()) as http_client,
        ReplayClient(api_key="0" * 32, app_key="1" * 40, http_client=http_client) as client,
    ):
        client.sessions.download_segments(sample.session_id, view.view_id, tmp_path / "view")
    recording = segments.open(tmp_path / "view")
    (summary,) = segments.summarize(recording).views
    assert (summary.source, summary.clicks, summary.problems) == ("android", 1, ())
    assert (summary.start, summary.end) == (view.start, view.end) == (made.START, made.START + 5_000)
    (tapped,) = segments.heatmap_of(recording).elements
    assert (tapped.label, tapped.selector) == ("mobile-text “Pay now”", "#pay-button-text")
    page = segments.page_at(recording.views[0])
    assert not page.problems
    assert "Thank you!" in segments.to_html(page)
