"""What the distributions of the last commit contain, and that the wheel works with only what it requires installed."""

from __future__ import annotations

import copy
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from releasing import distributions
from releasing.distributions import Distributions

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Distributions:
    return Distributions(tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: Distributions) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built.wheel) as archive:
        yield archive


def test_both_are_the_same_when_they_are_built_again(built: Distributions, tmp_path: Path) -> None:
    assert list(distributions.not_reproducible(built, tmp_path)) == []


def test_they_contain_what_is_in_the_repository_and_no_tests(built: Distributions) -> None:
    assert list(distributions.unexpected_contents(built)) == []


def test_what_does_not_belong_in_them_is_found(built: Distributions, tmp_path: Path) -> None:
    broken = copy.copy(built)
    broken.wheel, broken.sdist = (Path(shutil.copy(path, tmp_path)) for path in (built.wheel, built.sdist))
    with zipfile.ZipFile(broken.wheel, "a") as wheel:
        wheel.writestr("rum_replay/tests/test_it.py", "")
    with tarfile.open(broken.sdist, "w:gz") as sdist:
        sdist.add(ROOT / "tests" / "conftest.py", "rum_replay-1/tests/conftest.py")
        sdist.add(ROOT / "LICENSE", "rum_replay-1/docs/notes.txt")
    assert list(distributions.unexpected_contents(broken)) == [
        "the wheel has rum_replay/tests/test_it.py, which is not in the repository",
        "the source distribution has docs/notes.txt, which is not in the repository",
        f"{built.wheel.name} has a test: rum_replay/tests/test_it.py",
        f"{built.sdist.name} has a test: tests/conftest.py",
    ]


def test_a_wheel_contains_our_packages_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {
        "pytest_rum_replay",
        "rum_replay",
        "rum_replay_api",
        "rum_replay_emulator",
    }


@pytest.mark.parametrize(
    "name",
    [
        "pytest_rum_replay/py.typed",
        "rum_replay/py.typed",
        "rum_replay_api/py.typed",
        "rum_replay_emulator/py.typed",
        "rum_replay_emulator/openapi.json",
        "rum_replay_emulator/sample/README.md",
    ],
)
def test_a_wheel_contains_the_files_that_are_not_modules(wheel: zipfile.ZipFile, name: str) -> None:
    assert name in wheel.namelist()


def test_a_wheel_contains_the_sample_recording_unchanged(wheel: zipfile.ZipFile) -> None:
    source = ROOT / "pytest_replay" / "rum_replay_emulator" / "sample"
    segments = sorted(source.glob("*.zlib"))
    assert segments
    for segment in segments:
        assert wheel.read(f"rum_replay_emulator/sample/{segment.name}") == segment.read_bytes()


def test_the_metadata_gives_extras_license_and_command(wheel: zipfile.ZipFile) -> None:
    names = {Path(name).name: name for name in wheel.namelist() if ".dist-info/" in name}
    metadata = wheel.read(names["METADATA"]).decode()
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    for extra in ("all", "cli", "emulator", "pytest"):
        assert f"Provides-Extra: {extra}" in metadata
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert sorted(line.split()[1].partition(">")[0].partition("<")[0] for line in required) == [
        "anyio",
        "attrs",
        "httpx",
        "msgspec",
    ]
    assert "rum-replay = rum_replay._cli:main" in wheel.read(names["entry_points.txt"]).decode()
    assert "LICENSE" in names


def test_the_client_needs_only_the_dependencies_it_declares(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = """
import sys
for optional in ("click", "rich", "uvicorn", "jsonschema_rs", "yaml", "pytest"):
    sys.modules[optional] = None
import rum_replay, httpx
assert rum_replay.__file__.startswith(sys.argv[1]), rum_replay.__file__
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={"data": []}))
with rum_replay.ReplayClient(api_key="a", app_key="b", http_client=httpx.Client(transport=transport)) as replay:
    print(list(replay.playlists.list()), list(replay.heatmaps.list("/")), list(replay.viewership.list_history()))
"""
    finished = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout) == (0, "[] [] []\n"), finished.stderr


def test_the_emulator_needs_only_the_dependencies_of_its_extra(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    wheel.extractall(tmp_path)
    program = """
import runpy, sys
for other in ("rich", "yaml", "pytest", "hypothesis", "vcr", "pyarrow", "PIL"):
    sys.modules[other] = None
sys.argv[1:] = ["--json"]
runpy.run_module("rum_replay_emulator", run_name="__main__", alter_sys=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", program],
        env={"PYTHONPATH": str(tmp_path), "PATH": ""},
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        process.kill()
    assert json.loads(line)["base_url"].startswith("http://127.0.0.1:")
