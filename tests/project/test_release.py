"""`scripts/release --check`, with programs in the place of pip-audit and npm that print what these print."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLAYER = "wrapper/rum_replay/segments/player/vendor/origin.json"
CLEAN = {"dependencies": [{"name": "httpx", "version": "0.28.1", "vulns": []}], "fixes": []}
VULNERABLE = {
    "dependencies": [
        *CLEAN["dependencies"],
        {
            "name": "h11",
            "version": "0.14.0",
            "vulns": [{"id": "GHSA-1", "aliases": ["CVE-2025-1"], "fix_versions": ["0.16.0"], "description": "…"}],
        },
        {
            "name": "h2",
            "version": "1.0.0",
            "vulns": [{"id": "PYSEC-2", "aliases": [], "fix_versions": [], "description": "…"}],
        },
    ],
    "fixes": [],
}
SKIPPED = {"dependencies": [*VULNERABLE["dependencies"], {"name": "attrs", "skip_reason": "not found: attrs (1.0)"}]}
NO_ADVISORIES: dict[str, Any] = {"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {}}
ADVISORY = {
    "auditReportVersion": 2,
    "vulnerabilities": {
        "rrweb-player": {"name": "rrweb-player", "via": ["rrweb"], "range": "2.1.6"},
        "rrweb": {"name": "rrweb", "via": [{"title": "A fault", "url": "https://example.com/GHSA-3"}]},
    },
}
REFUSED = {"message": "405 Method Not Allowed", "method": "POST"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("scripts/release.py", "constraints.txt", PLAYER):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def check(checkout: Path, packages: object, player: object) -> tuple[int, list[str]]:
    (checkout / "pip_audit.py").write_text(
        "import sys\n"
        f"assert '--requirement={checkout / 'constraints.txt'}' in sys.argv\n"
        f"print({json.dumps(packages)!r} if {packages is not None} else sys.exit('no answer'))\n"
    )
    npm = checkout / "bin" / "npm"
    npm.parent.mkdir()
    npm.write_text(
        f"#!{sys.executable}\nimport json, pathlib, sys\n"
        "if sys.argv[1] == 'install':\n"
        "    assert {'--package-lock-only', '--ignore-scripts'} <= {*sys.argv}\n"
        f"    version = json.load(open({str(checkout / PLAYER)!r}))['version']\n"
        "    assert json.load(open('package.json')) == {'dependencies': {'rrweb-player': version}}\n"
        "    pathlib.Path('package-lock.json').touch()\n"
        "    print('{}')\n"
        "else:\n"
        "    assert sys.argv[1:] == ['audit', '--json', '--package-lock-only']\n"
        "    assert pathlib.Path('package-lock.json').exists()\n"
        f"    print({json.dumps(player)!r})\n"
        "    sys.exit(1)\n"
    )
    npm.chmod(0o755)
    done = subprocess.run(
        [sys.executable, str(checkout / "scripts/release.py"), "--check"],
        env={"PATH": str(npm.parent), "PYTHONPATH": str(checkout), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_nothing_is_known(checkout: Path) -> None:
    assert check(checkout, CLEAN, NO_ADVISORIES) == (0, ["0 known advisories, 0 of 2 sources could not be asked"])


def test_advisories_are_listed(checkout: Path) -> None:
    assert check(checkout, VULNERABLE, ADVISORY) == (
        1,
        [
            "Python packages: h11 0.14.0: GHSA-1, CVE-2025-1, fixed in 0.16.0",
            "Python packages: h2 1.0.0: PYSEC-2, fixed in no version",
            "vendored player: rrweb: A fault, https://example.com/GHSA-3",
            "3 known advisories, 0 of 2 sources could not be asked",
        ],
    )


def test_what_could_not_be_checked_is_said(checkout: Path) -> None:
    status, lines = check(checkout, SKIPPED, REFUSED)
    assert status == 1
    assert lines[2:] == [
        "Python packages: it is not known whether there are advisories: "
        "1 of 4 packages were not checked, first: not found: attrs (1.0)",
        "vendored player: it is not known whether there are advisories: 405 Method Not Allowed",
        "2 known advisories, 2 of 2 sources could not be asked",
    ]


def test_a_program_that_fails_is_no_clean_report(checkout: Path) -> None:
    assert check(checkout, None, NO_ADVISORIES) == (
        2,
        [
            "Python packages: it is not known whether there are advisories: no answer",
            "0 known advisories, 1 of 2 sources could not be asked",
        ],
    )
