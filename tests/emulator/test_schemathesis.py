"""Schemathesis, all of its checks, against the served emulator."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import httpx
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import load_sample

from .answer_checker import AnswerChecker
from .emulator_api import API_KEY, APP_KEY, CONTRACT, KEYS, SESSIONS

# The ids that the contract gives as examples, which schemathesis sends.
SESSION, VIEW = "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21", "a41e7b03-6c2f-4f98-b5d0-8e3c19f7a262"

CONFIGURATION = """
[checks]
enabled = true

# An opaque token is not something that a schema can describe, so the one that the view really has is given.
[[operations]]
include-operation-id = "GetSegments"
parameters = {{ "query.paging" = "{token}" }}

# The check takes every DELETE for the end of what its path names. The bulk removal is a DELETE on the list's own path
# that takes sessions out of the list; the list remains, and reading it afterwards is right.
[[operations]]
include-operation-id = "ListRumReplayPlaylistSessions"
checks.use_after_free.enabled = false
"""


def test_schemathesis_finds_nothing(tmp_path: Path, answer_checker: AnswerChecker) -> None:
    emulator = Emulator(api_key=API_KEY, app_key=APP_KEY)
    emulator.load_segments(SESSION, VIEW, load_sample().views[0].segments)
    with httpx.Client(transport=emulator.transport(), headers=KEYS, base_url="http://emulator") as client:
        first_page = client.get(f"{SESSIONS}/{SESSION}/views/{VIEW}/segments", params={"max_list_size": 1})
    configuration = tmp_path / "schemathesis.toml"
    configuration.write_text(CONFIGURATION.format(token=first_page.headers["x-paging-next"]), encoding="utf-8")
    emulator.requests.clear()
    checked_before = answer_checker.checked
    with emulator.serve() as url:
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration)]
        command += ["run", str(CONTRACT), "--url", url]
        command += ["-H", f"DD-API-KEY: {API_KEY}", "-H", f"DD-APPLICATION-KEY: {APP_KEY}"]
        command += ["--seed", "20261121", "--max-examples", "25", "--generation-database", "none"]
        run = subprocess.run(
            [*command, "--no-color"], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False
        )
    assert run.returncode == 0, run.stdout + run.stderr
    for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
        assert f"✅ {phase}\n" in run.stdout
    assert "Tested: 18\n" in run.stdout
    generated = re.search(r"(\d+) generated, \1 passed", run.stdout)
    assert generated is not None
    assert int(generated[1]) > 1000
    # Each answer was judged by this suite's own checker as well.
    assert answer_checker.checked - checked_before == len(emulator.requests)
    reached = {request.operation for request in emulator.requests}
    assert reached >= set(answer_checker.operations)
