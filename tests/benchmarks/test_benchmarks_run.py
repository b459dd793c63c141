"""scripts/benchmark works; no test asserts how fast anything is."""

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmarks import __main__ as command
from benchmarks.measure import Row, paired_values, times

ROOT = Path(__file__).resolve().parents[2]
ROWS = [
    Row("one thing", "1 ms", "2 ms", "0.50 ×", "faster", met=True),
    Row("another", "3 ms", "2 ms", "1.50 ×", "≤ 1.25 ×", met=False),
    Row("only to understand", "3 ms", "2 ms", "1.50 ×"),
]


def run(arguments: Sequence[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": "scripts", "PYTHONUTF8": "1"}
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("measure", command.MEASURES)
def test_every_measure_prints_a_ratio_for_each_of_its_rows(measure: str) -> None:
    finished = run([measure, "--quick"])
    assert finished.returncode == 0, finished.stderr
    rows = re.findall(r"^(\w+): .+\n    (.+)$", finished.stdout, re.MULTILINE)
    assert {name for name, _ in rows} == {measure}
    assert all(re.match(r"(\d+\.\d\d ×|1/\d+\.\d|\d+\.\d times faster)", row) for _, row in rows), finished.stdout
    assert "quick run" in finished.stdout


def test_the_error_for_an_unknown_name_lists_the_known_ones() -> None:
    finished = run(["sped"])
    assert finished.returncode == 2
    assert "there is no measure sped; there are decode, get, import," in finished.stderr


def test_a_quick_run_cannot_be_written() -> None:
    finished = run(["get", "--write", "--quick"])
    assert finished.returncode == 2
    assert "--write requires full measurements; leave out --quick" in finished.stderr


def test_writing_replaces_the_numbers_of_one_measure_and_keeps_everything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = tmp_path / "RESULTS.md"
    results.write_text(f"# Before\n{command.BEGIN}{command.END}\n## After\n", encoding="utf-8")
    monkeypatch.setattr(command, "RESULTS", results)
    command.write("get", ROWS[:1])
    command.write("decode", ROWS[1:2])
    command.write("get", ROWS[2:])
    text = results.read_text(encoding="utf-8")
    assert text.startswith(f"# Before\n{command.BEGIN}\n### decode\n")
    assert text.endswith(f"{command.END}\n## After\n")
    assert re.findall(r"^### (.*)$", text, re.MULTILINE) == ["decode", "get"]
    assert "| one thing |" not in text
    assert text.count("| another | 3 ms | 2 ms | 1.50 × | ≤ 1.25 × | missed |") == 1
    assert text.count("| only to understand | 3 ms | 2 ms | 1.50 × |  |  |") == 1


def test_a_row_with_a_goal_has_a_verdict() -> None:
    assert [row.verdict for row in ROWS] == ["met", "missed", ""]


def test_the_committed_results_have_one_place_for_the_numbers() -> None:
    text = (ROOT / "scripts" / "benchmarks" / "RESULTS.md").read_text(encoding="utf-8")
    assert text.count(command.BEGIN) == text.count(command.END) == 1


def test_pairs_alternate_after_a_warm_up() -> None:
    order: list[str] = []
    mine = iter([100.0, 2.0, 4.0, 6.0])
    theirs = iter([100.0, 1.0, 4.0, 2.0])

    def ours() -> float:
        order.append("ours")
        return next(mine)

    def other() -> float:
        order.append("other")
        return next(theirs)

    pair = paired_values(ours, other, rounds=3)
    assert order == ["ours", "other", "ours", "other", "other", "ours", "ours", "other"]
    assert (pair.ours, pair.other, pair.ratio) == (4.0, 2.0, 2.0)


def test_ratios_far_below_one_are_shown_as_fractions() -> None:
    assert (times(1.061), times(0.1), times(1 / 41.25)) == ("1.06 ×", "0.10 ×", "1/41.2")
