"""scripts/test runs every check, whatever the others come to, and reports all failures."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import checks
import pytest

ROOT = Path(__file__).resolve().parents[2]
PASSES, FAILS = "print('fine')", "print('broken'); raise SystemExit(3)"


def test_the_time_of_each_check_is_printed_and_a_failure_stops_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    static = [("first", ["-c", FAILS]), ("second", ["-c", PASSES])]
    tests = [("third", ["-c", FAILS]), ("fourth", ["-c", PASSES])]
    assert checks.run_all(static, tests) == 1
    printed = re.sub(r"\d+\.\d s$", "N s", capfd.readouterr().out, flags=re.MULTILINE)
    assert "— first\nbroken\n  FAILED in N s\n" in printed
    assert "— second\n  ok in N s\n" in printed  # only failures of these are worth reading
    assert "— third\nbroken\n  FAILED in N s\n— fourth\nfine\n  ok in N s\n2 of 4 checks passed in " in printed
    assert printed.endswith("\nFAILED: first\nFAILED: third\n")


def test_all_checks_passing_is_success(capfd: pytest.CaptureFixture[str]) -> None:
    assert checks.run_all([("first", ["-c", PASSES])], [("second", ["-c", PASSES])]) == 0
    assert "2 of 2 checks passed" in capfd.readouterr().out


def test_arguments_go_to_pytest_and_nothing_else_runs(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "test_it.py").write_text("def test_one(): pass\ndef test_other(): assert 0\n", encoding="utf-8")
    arguments = ["-q", "-p", "no:cacheprovider", str(tmp_path / "test_it.py")]
    assert checks.main([*arguments, "-k", "one"]) == 0
    assert "1 passed, 1 deselected" in capfd.readouterr().out
    assert checks.main(arguments) == 1
    assert "checks passed" not in capfd.readouterr().out


def test_every_tool_that_is_configured_is_run() -> None:
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    configured = tools.keys() - {"coverage", "hatch"}  # Coverage is measured on demand.
    commands = " ".join(argument for _, command in [*checks.STATIC, *checks.TESTS] for argument in command)
    names = {"ruff": "ruff check"}
    assert [tool for tool in configured if names.get(tool, tool) not in commands] == []


def test_every_derived_file_is_checked() -> None:
    programs = {command[0] for _, command in checks.STATIC if "--check" in command}
    scripts = (ROOT / "scripts").glob("*.py")
    derive = {f"scripts/{script.name}" for script in scripts if "--check" in script.read_text(encoding="utf-8")}
    need_a_network = {"scripts/release.py", "scripts/vendor_player.py"}
    assert programs >= derive - {"scripts/checks.py"} - need_a_network


def test_type_checks_and_tests_reach_every_folder() -> None:
    folders = {path.parts[len(ROOT.parts)] for path in ROOT.glob("[!.]*/**/*.py")}
    assert folders == set(checks.SOURCES)
