"""What GitHub runs cannot run here, so it is checked: by zizmor, by the schemas of its files, and by what it names."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))


def content(path: Path) -> dict[Any, Any]:
    loaded: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


def test_zizmor_finds_nothing() -> None:
    zizmor = Path(sys.executable).with_name("zizmor")
    options = ["--offline", "--no-progress", "--quiet", "--persona=pedantic", "--strict-collection", "--format=plain"]
    done = subprocess.run([zizmor, *options, ROOT], capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_reads_the_workflows(tmp_path: Path) -> None:
    broken = (
        (GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8").replace("persist-credentials: false", "lfs: true")
    )
    (tmp_path / "ci.yml").write_text(broken, encoding="utf-8")
    zizmor = Path(sys.executable).with_name("zizmor")
    done = subprocess.run(
        [zizmor, "--offline", "--quiet", "--format=plain", tmp_path / "ci.yml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "artipacked" in done.stdout


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("github-workflows", [*WORKFLOWS]),
        ("dependabot", [GITHUB / "dependabot.yml"]),
        ("github-issue-config", [GITHUB / "ISSUE_TEMPLATE" / "config.yml"]),
        (
            "github-issue-forms",
            [path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml"],
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_file_fits_its_schema(schema: str, files: list[Path]) -> None:
    assert files
    done = CliRunner().invoke(check_jsonschema, ["--builtin-schema", f"vendor.{schema}", *map(str, files)])
    assert done.exit_code == 0, done.output


def test_tests_run_on_every_python_and_system_that_is_promised() -> None:
    matrix = content(GITHUB / "workflows" / "ci.yml")["jobs"]["tests"]["strategy"]["matrix"]
    found = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert matrix["python"] == found
    assert f">={found[0]}" == PROJECT["requires-python"]
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos", "windows"}
    text = (GITHUB / "workflows" / "ci.yml").read_text(encoding="utf-8")
    assert f'python-version: "{found[0]}"' in text  # all other checks run with the oldest


def test_every_action_is_pinned_to_the_same_commit_everywhere() -> None:
    uses = [
        line.split("uses:")[1].strip()
        for path in WORKFLOWS
        for line in path.read_text(encoding="utf-8").splitlines()
        if "uses:" in line and "./" not in line
    ]
    assert len(uses) >= 8
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", use) for use in uses)
    assert len(set(uses)) == len({use.partition("@")[0] for use in uses})


def test_only_what_publishes_may_ask_for_a_token() -> None:
    for path in WORKFLOWS:
        workflow = content(path)
        assert workflow["permissions"] == {}
        for name, job in workflow["jobs"].items():
            expected = {"id-token": "write"} if name == "publish" else {"contents": "read"} if name != "all" else {}
            assert job["permissions"] == expected, name
    publish = content(GITHUB / "workflows" / "release.yml")["jobs"]["publish"]
    assert publish["environment"] == "pypi"
    assert publish["needs"] == ["ci", "build"]


def test_every_script_that_is_named_exists() -> None:
    files = [
        *WORKFLOWS,
        ROOT / ".pre-commit-config.yaml",
        *GITHUB.glob("**/*.md"),
        *GITHUB.glob("ISSUE_TEMPLATE/*.yml"),
    ]
    named = {name for path in files for name in re.findall(r"scripts/[\w.]*\w", path.read_text(encoding="utf-8"))}
    assert {"scripts/test", "scripts/release", "scripts/generate"} <= named
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_every_hook_before_a_commit_passes_and_names_files_that_exist() -> None:
    (repository,) = content(ROOT / ".pre-commit-config.yaml")["repos"]
    files = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    for hook in repository["hooks"]:
        pattern = hook.get("files", r"\.py$")
        assert any(re.search(pattern, name) for name in files), hook["id"]
        assert hook["language"] == "system"


def test_every_url_is_in_one_repository() -> None:
    repository = PROJECT["urls"]["Repository"]
    assert all(url.startswith(repository) for url in PROJECT["urls"].values())
    (contact,) = content(GITHUB / "ISSUE_TEMPLATE" / "config.yml")["contact_links"]
    assert contact["url"].startswith(f"{repository}/security/")
    for name, url in PROJECT["urls"].items():
        path = re.sub(r".*/(blob|tree)/main/", "", url)
        assert url == repository or path == f"{repository}/issues" or (ROOT / path).exists(), name
