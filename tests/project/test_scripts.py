"""How the launcher scripts set up their environment: which Python they use, and what they report when none fits."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from extras import environment_with

ROOT = Path(__file__).resolve().parents[2]

# Fake interpreters, for machines whose Python is unsuitable.
TOO_OLD = f"""#!/bin/sh
case "$1" in
  --version) echo "Python 3.10.18" ;;
  -c) exec {sys.executable} -c 'import sys; sys.version_info = (3, 10, 18); exec(sys.argv[1])' "$2" ;;
esac
"""
WITHOUT_VENV = f'#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexec {sys.executable} "$@"\n'
# Makes an environment that records installations instead of carrying them out.
RECORDING = f"""#!/bin/sh
case "$*" in
  *ensurepip*) exit 0 ;;
  "-m venv .venv")
    mkdir -p .venv/bin
    cat >.venv/bin/python <<'END'
#!/bin/sh
echo "$*" >>installed.log
case "$*" in "-m uv "*) [ -e uv-works ] ;; esac
END
    chmod +x .venv/bin/python ;;
  *) exec {sys.executable} "$@" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of the launchers, and a folder with only the commands that they need."""
    place = tmp_path / "checkout with a space"
    (place / "scripts").mkdir(parents=True)
    for name in ("environment.sh", "demo", "test"):
        shutil.copy(ROOT / "scripts" / name, place / "scripts" / name)
    for name in ("constraints.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, place / name)
    (tmp_path / "bin").mkdir()
    for tool in ("sh", "dirname", "basename", "cat", "cksum", "mkdir", "chmod"):
        found = shutil.which(tool)
        assert found
        (tmp_path / "bin" / tool).symlink_to(found)
    return place


def run(checkout: Path, script: str, python: str | None, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    if python is not None:
        fake = checkout.parent / "bin" / "python3"
        fake.write_text(python, encoding="utf-8")
        fake.chmod(0o755)
    return subprocess.run(
        [str(checkout / "scripts" / script)],
        cwd=cwd or checkout,
        env={"PATH": str(checkout.parent / "bin")},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_reported(checkout: Path) -> None:
    finished = run(checkout, "demo", TOO_OLD)
    assert finished.returncode == 1
    assert finished.stderr.startswith("demo: this needs Python 3.11 or newer, found: Python 3.10.18;")


def test_the_demo_needs_only_what_its_script_installs(tmp_path: Path) -> None:
    script = (ROOT / "scripts" / "demo").read_text(encoding="utf-8")
    assert "extra=cli,emulator\n" in script
    environment = environment_with(tmp_path, "cli", "emulator")
    command = [sys.executable, "-m", "rum_replay", "demo"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for beyond in ("PIL", "pytest"):
        import_it = [sys.executable, "-c", f"import {beyond}"]
        assert subprocess.run(import_it, env=environment, capture_output=True, check=False).returncode == 1


def test_a_missing_python_is_reported(checkout: Path) -> None:
    finished = run(checkout, "test", None)
    assert finished.returncode == 1
    assert finished.stderr.startswith("test: this needs Python 3.11 or newer, found: none;")


def test_a_missing_venv_module_is_reported(checkout: Path) -> None:
    finished = run(checkout, "demo", WITHOUT_VENV)
    assert finished.returncode == 1
    assert "has no venv module" in finished.stderr
    assert "apt install python3-venv" in finished.stderr


def test_the_pinned_versions_are_installed_and_only_once(checkout: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for _ in range(2):
        finished = run(checkout, "demo", RECORDING, cwd=elsewhere)
        assert finished.returncode == 0, finished.stderr
    log = (checkout / "installed.log").read_text(encoding="utf-8").splitlines()
    installs = [line for line in log if " pip install " in f" {line} "]
    assert len(installs) == 2
    assert all("--constraint constraints.txt" in line for line in installs)
    assert installs[1].endswith("--no-build-isolation --editable .[cli,emulator]")
    assert [line for line in log if line not in installs] == ["-m rum_replay demo"] * 2


@pytest.mark.parametrize("uv_works", [True, False])
def test_what_tests_need_is_installed_by_uv_or_by_pip_where_uv_finds_no_index(checkout: Path, uv_works: bool) -> None:
    if uv_works:
        (checkout / "uv-works").touch()
    finished = run(checkout, "test", RECORDING)
    assert finished.returncode == 0, finished.stderr
    log = (checkout / "installed.log").read_text(encoding="utf-8").splitlines()
    commands = [line.split(" install ")[0] for line in log if line.endswith("--editable .[test]")]
    assert commands == ["-m uv pip"] if uv_works else ["-m uv pip", "-m pip"]


def test_changed_pins_are_installed_again(checkout: Path) -> None:
    run(checkout, "demo", RECORDING)
    with (checkout / "constraints.txt").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    run(checkout, "demo", RECORDING)
    log = (checkout / "installed.log").read_text(encoding="utf-8")
    assert log.count("--editable .[cli,emulator]") == 2


def test_every_pin_is_exact_and_names_no_index() -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert pins
    for pin in pins:
        name, _, version = pin.partition(";")[0].strip().partition("==")
        assert name, pin
        assert version, pin
        assert "/" not in pin, pin


def test_the_launchers_are_executable() -> None:
    for name in ("demo", "test", "test-minimum", "generate", "unasync", "drift"):
        assert os.access(ROOT / "scripts" / name, os.X_OK), name
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
