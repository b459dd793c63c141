"""The suite of an app that uses the plugin by its public names: offline, in parallel, and recorded again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
import yaml

DOWNSTREAM = Path(__file__).resolve().parents[1] / "downstream"
OFFLINE = ("--rum-replay-record=none", "--rum-replay-block-network")
# The plugins that the suite needs. Others that are installed here take seconds to import.
PLUGINS = ("-p", "no:cacheprovider", "-p", "rum_replay", "-p", "anyio", "-p", "xdist")
LIVE = {
    "DD_API_KEY": "9f1c7a52e0b84d6d8c35aa90417be263",
    "DD_APP_KEY": "b07d51e84f2c49a6935d1e6f8024c7ab93e5d1f6",
}
"""Credentials that must be sent but not written while recording."""


def run(suite: Path, *arguments: str, **variables: str) -> None:
    """Run the suite in a separate process: all tests pass and use every existing cassette."""
    without_ours = {name: value for name, value in os.environ.items() if not name.startswith(("DD_", "DATADOG_"))}
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", str(suite), *PLUGINS, *arguments],
        env={**without_ours, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables},
        cwd=suite.parent,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    output = finished.stdout + finished.stderr
    assert finished.returncode == 0, output
    assert f"rootdir: {suite}\nconfigfile: pytest.ini" in output
    assert "cassettes that no test uses" not in output
    (summary,) = re.findall(r"^=+ (.* in [0-9.]+s.*) =+$", output, re.MULTILINE)
    expected = r"\d+ passed, \d+ deselected" if "-k" in arguments else r"41 passed"
    assert re.fullmatch(expected, summary.partition(" in ")[0])


def cassettes(suite: Path) -> dict[str, str]:
    return {
        str(path.relative_to(suite)): path.read_text(encoding="utf-8") for path in suite.rglob("cassettes/**/*.yaml")
    }


def lasting(text: str) -> list[object]:
    """The content of a cassette except for its times and port; concurrent requests in any order."""
    interactions = yaml.safe_load(re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1", text))["interactions"]
    for interaction in interactions:
        interaction.pop("recorded_at")
    return sorted(interactions, key=repr)


def test_the_suite_passes_offline_and_in_parallel_from_its_committed_cassettes() -> None:
    before = cassettes(DOWNSTREAM)
    run(DOWNSTREAM, *OFFLINE, "-n", "2")
    assert cassettes(DOWNSTREAM) == before


def test_cassettes_recorded_again_are_the_same_and_contain_no_credentials(tmp_path: Path) -> None:
    suite = tmp_path / "downstream"
    shutil.copytree(DOWNSTREAM, suite, ignore=shutil.ignore_patterns("cassettes", "__pycache__", ".hypothesis"))
    assert cassettes(suite) == {}
    # The recorded emulator requires them, so they were sent.
    run(suite, "--rum-replay-record=rewrite", "-k", "test_recorded", **LIVE)
    recorded, committed = cassettes(suite), cassettes(DOWNSTREAM)
    text = "\n".join(recorded.values())
    assert not [value for value in LIVE.values() if value in text]
    assert Counter(re.findall(r"dd-(?:api|application)-key: (.*)", text)).keys() == {"REDACTED"}
    assert {name: lasting(cassette) for name, cassette in recorded.items()} == {
        name: lasting(cassette) for name, cassette in committed.items()
    }


def test_a_suite_without_its_cassettes_fails_and_sends_nothing(tmp_path: Path) -> None:
    suite = tmp_path / "downstream"
    shutil.copytree(DOWNSTREAM, suite, ignore=shutil.ignore_patterns("cassettes", "__pycache__", ".hypothesis"))
    with pytest.raises(AssertionError, match=r"The file does not exist yet\."):
        run(suite, *OFFLINE, "-k", "test_a_missing_playlist_is_an_error")
    assert cassettes(suite) == {}
