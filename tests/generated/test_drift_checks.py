"""scripts/generate and scripts/unasync give the same files in every folder, and their checks find every difference."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import derived
import pytest

ROOT = Path(__file__).parents[2]
PARTS = "openapi.yaml", "scripts", "generated", "wrapper", "pytest_replay/rum_replay_emulator/openapi.json"
CLIENT, SYNC = Path("generated/rum_replay_api"), Path("wrapper/rum_replay/_sync")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the scripts read and write, at another path with a ruff configuration that must have no effect."""
    target = tmp_path / "elsewhere with spaces"
    for part in PARTS:
        source = ROOT / part
        (target / part).parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target / part)
    (target / "pyproject.toml").write_text("[tool.ruff]\nline-length = 40\nindent-width = 2\n", encoding="utf-8")
    return target


def run(checkout: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts" / script), *arguments]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False, timeout=120)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_generated_client_does_not_depend_on_the_path(checkout: Path) -> None:
    shutil.rmtree(checkout / CLIENT)
    emulator_contract = checkout / "pytest_replay/rum_replay_emulator/openapi.json"
    emulator_contract.unlink()
    result = run(checkout, "generate.py")
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert contents(checkout / CLIENT) == contents(ROOT / CLIENT)
    assert emulator_contract.read_bytes() == (ROOT / "pytest_replay/rum_replay_emulator/openapi.json").read_bytes()
    assert run(checkout, "generate.py", "--check").returncode == 0


def test_a_check_lists_edited_missing_and_extra_files_and_changes_nothing(checkout: Path) -> None:
    edited, missing, extra = (checkout / CLIENT / name for name in ("client.py", "models/watch.py", "api/mine.py"))
    edited.write_text(edited.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    missing.unlink()
    extra.touch()
    contract = checkout / "pytest_replay/rum_replay_emulator/openapi.json"
    contract.write_bytes(contract.read_bytes().replace(b"ListRumReplayPlaylists", b"ListPlaylists"))
    before = contents(checkout)
    result = run(checkout, "generate.py", "--check")
    assert result.returncode == 1
    assert "run scripts/generate" in result.stderr
    assert sorted(line.strip() for line in result.stderr.splitlines()[1:]) == sorted(
        [
            f"differs: {edited}",
            f"missing: {missing}",
            f"not derived from anything: {extra}",
            f"differs: {contract / '.'}",
        ]
    )
    assert contents(checkout) == before

    assert run(checkout, "generate.py").returncode == 0
    assert contents(checkout / CLIENT) == contents(ROOT / CLIENT)


def test_a_change_to_the_contract_is_drift(checkout: Path) -> None:
    contract = checkout / "openapi.yaml"
    text = contract.read_text(encoding="utf-8")
    assert text.count("summary: Delete a snapshot") == 1
    contract.write_text(text.replace("summary: Delete a snapshot", "summary: Drop a snapshot"), encoding="utf-8")
    result = run(checkout, "generate.py", "--check")
    assert result.returncode == 1
    assert "delete_replay_heatmap_snapshot.py" in result.stderr
    assert "openapi.json" in result.stderr
    assert len(result.stderr.splitlines()) == 3


def test_a_replacement_that_does_not_apply_is_an_error_that_gives_its_reason(checkout: Path) -> None:
    replacements = checkout / "scripts" / "templates" / "replacements.toml"
    text = replacements.read_text(encoding="utf-8")
    replacements.write_text(
        text + '\n[[replacement]]\ntemplate = "model.py.jinja"\nwhy = "of a test"\nold = "not in there"\nnew = "x"\n',
        encoding="utf-8",
    )
    before = contents(checkout / CLIENT)
    for arguments in ([], ["--check"]):
        result = run(checkout, "generate.py", *arguments)
        assert result.returncode == 1
        assert "model.py.jinja does not contain the text to replace exactly once" in result.stderr
        assert "of a test" in result.stderr
    assert contents(checkout / CLIENT) == before


def test_a_contract_that_the_generator_rejects_changes_nothing(checkout: Path) -> None:
    contract = checkout / "openapi.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(
        text.replace("    WatchDataType:\n      type: string", "    WatchDataType:\n      type: strung")
    )
    before = contents(checkout / CLIENT)
    result = run(checkout, "generate.py")
    assert result.returncode == 1
    assert "the generator rejects openapi.yaml" in result.stderr
    assert contents(checkout / CLIENT) == before


def test_the_synchronous_drivers_do_not_depend_on_the_path(checkout: Path) -> None:
    shutil.rmtree(checkout / SYNC)
    assert run(checkout, "unasync_wrapper.py").returncode == 0
    assert contents(checkout / SYNC) == contents(ROOT / SYNC)
    assert run(checkout, "unasync_wrapper.py", "--check").returncode == 0


def test_edited_missing_and_extra_drivers_are_listed(checkout: Path) -> None:
    edited, missing, extra = (checkout / SYNC / name for name in ("client.py", "listing.py", "mine.py"))
    edited.write_text(edited.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    missing.unlink()
    extra.touch()
    before = contents(checkout)
    result = run(checkout, "unasync_wrapper.py", "--check")
    assert result.returncode == 1
    assert sorted(line.strip() for line in result.stderr.splitlines()[1:]) == sorted(
        [f"differs: {edited}", f"missing: {missing}", f"not derived from anything: {extra}"]
    )
    assert contents(checkout) == before
    assert run(checkout, "unasync_wrapper.py").returncode == 0
    assert contents(checkout / SYNC) == contents(ROOT / SYNC)


def test_a_change_to_the_asynchronous_source_is_drift(checkout: Path) -> None:
    source = checkout / "wrapper/rum_replay/_async/playlists.py"
    source.write_text(source.read_text(encoding="utf-8").replace("One playlist", "The playlist"), encoding="utf-8")
    result = run(checkout, "unasync_wrapper.py", "--check")
    assert result.returncode == 1
    assert [line.strip() for line in result.stderr.splitlines()[1:]] == [f"differs: {checkout / SYNC / 'playlists.py'}"]


def test_the_synchronous_drivers_contain_no_asynchronous_code() -> None:
    files = list((ROOT / SYNC).glob("*.py"))
    assert files
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# Derived from rum_replay/_async by scripts/unasync. Do not edit.\n")
        code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
        for word in ("async def", "await ", "async for", "async with", "aclose", "AsyncClient", "anyio", "__anext__"):
            assert word not in code.replace("`async with`", "").replace("`await`", ""), (file.name, word)


def test_a_replacement_of_text_that_occurs_more_than_once_is_an_error(checkout: Path) -> None:
    replacements = checkout / "scripts" / "templates" / "replacements.toml"
    text = replacements.read_text(encoding="utf-8")
    replacements.write_text(
        text + '\n[[replacement]]\ntemplate = "model.py.jinja"\nwhy = "of a test"\nold = "endif"\nnew = "endif"\n',
        encoding="utf-8",
    )
    result = run(checkout, "generate.py", "--check")
    assert result.returncode == 1
    assert "model.py.jinja does not contain the text to replace exactly once" in result.stderr


def test_a_warning_of_the_generator_is_an_error(checkout: Path) -> None:
    contract = checkout / "openapi.yaml"
    text = contract.read_text(encoding="utf-8")
    place = "/api/v2/rum/replay/playlists/{playlist_id}:\n"
    assert text.count(place) == 1
    contract.write_text(text.replace(place, place.replace("playlist_id", "other_id")), encoding="utf-8")
    before = contents(checkout / CLIENT)
    result = run(checkout, "generate.py")
    assert result.returncode == 1
    assert "the generator rejects openapi.yaml" in result.stderr
    assert contents(checkout / CLIENT) == before


def test_an_operation_without_a_permission_is_an_error(checkout: Path) -> None:
    contract = checkout / "openapi.yaml"
    text = contract.read_text(encoding="utf-8")
    contract.write_text(text.replace("      x-rum-replay-permission: rum_apps_read\n", ""), encoding="utf-8")
    result = run(checkout, "generate.py", "--check")
    assert result.returncode == 1
    assert result.stderr.startswith("openapi.yaml: SearchRUMEvents needs x-rum-replay-permission")


def test_caches_are_not_drift(tmp_path: Path) -> None:
    for name in ("fresh", "present"):
        (tmp_path / name / "package").mkdir(parents=True)
        (tmp_path / name / "package" / "module.py").write_text("")
    (tmp_path / "present" / "package" / "__pycache__").mkdir()
    (tmp_path / "present" / "package" / "__pycache__" / "module.cpython-311.pyc").write_bytes(b"")
    assert derived.differences(tmp_path / "fresh", tmp_path / "present") == []
