"""The imports of a test run that does not use the plugin."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = ["httpx", "vcr", "hypothesis", "yaml", "attrs", "attr", "msgspec", "rum_replay", "rum_replay_emulator", "anyio"]
SUITE = """
import json, sys
def test_modules():
    print("IMPORTED", json.dumps(sorted(sys.modules)))
"""


def imported(folder: Path, *arguments: str) -> set[str]:
    """The modules loaded in a pytest run of a test without fixtures, with no other plugin."""
    (folder / "test_modules.py").write_text(SUITE, encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-s", "-q", "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    (line,) = (line for line in finished.stdout.splitlines() if "IMPORTED" in line)
    return set(json.loads(line.partition("IMPORTED ")[2]))


def test_a_run_that_uses_no_fixture_imports_nothing_heavy(tmp_path: Path) -> None:
    loaded = imported(tmp_path, "-p", "rum_replay")
    assert "pytest_rum_replay.plugin" in loaded
    assert loaded.isdisjoint(HEAVY)
    without = imported(tmp_path)
    assert {name for name in loaded - without if not name.startswith("_")} == {
        "pytest_rum_replay",
        "pytest_rum_replay.emulator_fixtures",
        "pytest_rum_replay.options",
        "pytest_rum_replay.plugin",
    }


def test_a_run_with_an_option_still_imports_no_http_library_and_no_yaml(tmp_path: Path) -> None:
    loaded = imported(tmp_path, "-p", "rum_replay", "--rum-replay-record=once", "--rum-replay-block-network")
    assert "pytest_rum_replay.network.guard" in loaded
    assert loaded.isdisjoint({"httpx", "vcr", "hypothesis", "yaml", "rum_replay", "rum_replay_emulator"})


def test_the_entry_point_loads_the_plugin_under_its_name_and_it_can_be_left_out(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_it(rum_replay_emulator): pass")
    arguments = ("-p", "no:schemathesis", "-p", "no:cacheprovider")
    pytester.runpytest_subprocess(*arguments, "--trace-config").stdout.fnmatch_lines(
        ["*rum_replay * : *pytest_rum_replay*plugin.py"]
    )
    without = pytester.runpytest_subprocess(*arguments, "-p", "no:rum_replay")
    without.assert_outcomes(errors=1)
    without.stdout.fnmatch_lines(["*fixture 'rum_replay_emulator' not found*"])


def test_the_init_of_the_package_is_empty() -> None:
    import pytest_rum_replay

    assert pytest_rum_replay.__file__ is not None
    assert Path(pytest_rum_replay.__file__).read_bytes() == b""


def test_the_emulators_fixtures_import_neither_vcr_nor_hypothesis_nor_a_server(tmp_path: Path) -> None:
    (tmp_path / "test_a_use.py").write_text(
        "import sys\n"
        "def test_it(rum_replay_client, rum_replay_async_client, rum_replay_environment):\n"
        "    assert not {'vcr', 'hypothesis', 'yaml', 'uvicorn'} & set(sys.modules)\n",
        encoding="utf-8",
    )
    assert "httpx" not in imported(tmp_path, "-p", "rum_replay", "--deselect", "test_a_use.py::test_it")
    assert "httpx" in imported(tmp_path, "-p", "rum_replay")
