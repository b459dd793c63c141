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

# The contract's example ids, which schemathesis sends.
SESSION, VIEW = "6f2d1c84-90ab-4c53-8e17-5b9a0d3f7e21", "a41e7b03-6c2f-4f98-b5d0-8e3c19f7a262"

CONFIGURATION = """
[checks]
enabled = true

# No schema can describe an opaque token, so this is the token that the view really has.
[[operations]]
include-operation-id = "GetSegments"
parameters = {{ "query.paging" = "{token}" }}

# The check assumes that a DELETE removes the resource of its path. The bulk removal is a DELETE on the path of a list
# that removes sessions from it; the list itself remains, and can be read afterwards.
[[operations]]
include-operation-id = "ListRumReplayPlaylistSessions"
checks.use_after_free.enabled = false

# No schema can describe the syntax of a query, nor which cursors there are.
[[operations]]
include-operation-id = "SearchRUMEvents"
checks.positive_data_acceptance.enabled = false
"""


def test_schemathesis_finds_no_failures(tmp_path: Path, answer_checker: AnswerChecker) -> None:
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
    assert f"Tested: {len(answer_checker.operations)}\n" in run.stdout
    generated = re.search(r"(\d+) generated, \1 passed", run.stdout)
    assert generated is not None
    assert int(generated[1]) > 1000
    # This suite's own checker checks each answer too.
    assert answer_checker.checked - checked_before == len(emulator.requests)
    reached = {request.operation for request in emulator.requests}
    assert reached >= set(answer_checker.operations)
