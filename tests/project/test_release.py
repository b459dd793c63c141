"""`scripts/release --check`: what it finds out, and what it says when it cannot.

For advisories, programs that print what pip-audit and npm print take their place.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import release
from releasing import UnknownError, distributions, interface

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
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("constraints.txt", PLAYER):
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
        [sys.executable, str(checkout / "scripts/release.py"), "--check", "--only", "advisories"],
        env={"PATH": str(npm.parent), "PYTHONPATH": str(checkout), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.stderr == ""
    lines = re.sub(r" in \d+(\.\d)? s", "", done.stdout).splitlines()
    return done.returncode, [line.strip() for line in lines]


PACKAGES, PLAYERS = "— no advisories about the Python packages", "— no advisories about the vendored player"


def test_nothing_is_known(checkout: Path) -> None:
    assert check(checkout, CLEAN, NO_ADVISORIES) == (
        0,
        [PACKAGES, "ok", PLAYERS, "ok", "2 of 2 checks passed; 0 failed, 0 unknown"],
    )


def test_advisories_are_listed(checkout: Path) -> None:
    assert check(checkout, VULNERABLE, ADVISORY) == (
        1,
        [
            PACKAGES,
            "h11 0.14.0: GHSA-1, CVE-2025-1, fixed in 0.16.0",
            "h2 1.0.0: PYSEC-2, fixed in no version",
            "FAILED",
            PLAYERS,
            "rrweb: A fault, https://example.com/GHSA-3",
            "FAILED",
            "0 of 2 checks passed; 2 failed, 0 unknown",
        ],
    )


def test_what_could_not_be_checked_is_said(checkout: Path) -> None:
    status, lines = check(checkout, SKIPPED, REFUSED)
    assert status == 1
    assert lines[3:] == [
        "this could not be found out: 1 of 4 packages were not checked, first: not found: attrs (1.0)",
        "FAILED",
        PLAYERS,
        "this could not be found out: 405 Method Not Allowed",
        "UNKNOWN",
        "0 of 2 checks passed; 1 failed, 1 unknown",
    ]


def test_a_program_that_fails_is_no_clean_report(checkout: Path) -> None:
    assert check(checkout, None, NO_ADVISORIES) == (
        2,
        [
            PACKAGES,
            "this could not be found out: no answer",
            "UNKNOWN",
            PLAYERS,
            "ok",
            "1 of 2 checks passed; 0 failed, 1 unknown",
        ],
    )


def test_a_check_that_fails_stops_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    def fails() -> Iterator[str]:
        yield "one thing"
        raise UnknownError("the rest")

    def passes() -> Iterator[str]:
        return iter(())

    assert release.check_all([("first", fails), ("second", passes)]) == 1
    assert "1 of 2 checks passed" in capsys.readouterr().out
    assert release.check_all([("second", passes)]) == 0


def packages(root: Path, init: str, playlists: str) -> Path:
    """A checkout with the packages that are compared."""
    for path in ("wrapper/rum_replay/_sync", "generated/rum_replay_api", "pytest_replay/rum_replay_emulator"):
        (root / path).mkdir(parents=True)
        (root / path / "__init__.py").touch()
    (root / "pytest_replay/pytest_rum_replay").mkdir()
    (root / "pytest_replay/pytest_rum_replay/__init__.py").touch()
    (root / "wrapper/rum_replay/__init__.py").write_text(init, encoding="utf-8")
    (root / "wrapper/rum_replay/_sync/playlists.py").write_text(playlists, encoding="utf-8")
    return root


METHODS = "class Playlists:\n    def create(self, name, *, description=None): ...\n    def _send(self, a): ...\n"


@pytest.mark.parametrize(
    ("init", "playlists", "missed"),
    [
        ("class Page: ...\n", METHODS, []),
        ("class Page: ...\nclass More: ...\n", METHODS, []),
        ("class _Page: ...\n", METHODS, [("Page", "rum_replay.Page: Public object was removed")]),
        (
            "class Page: ...\n",
            METHODS.replace("create", "make"),
            [("Playlists.create", "rum_replay._sync.playlists.Playlists.create: Public object was removed")],
        ),
        (
            "class Page: ...\n",
            METHODS.replace("=None", ""),
            [
                (
                    "Playlists.create",
                    "rum_replay._sync.playlists.Playlists.create: Parameter is now required (description)",
                )
            ],
        ),
        ("class Page: ...\n", METHODS.replace("_send(self, a)", "_sent(self)"), []),
    ],
)
def test_what_programs_could_miss_is_found(
    tmp_path: Path, init: str, playlists: str, missed: list[tuple[str, str]]
) -> None:
    old = packages(tmp_path / "old", "class Page: ...\n", METHODS)
    assert list(interface.differences(old, packages(tmp_path / "new", init, playlists))) == missed


def test_what_cannot_be_compared_is_said(tmp_path: Path) -> None:
    old, new = (packages(tmp_path / name, "", METHODS) for name in ("old", "new"))
    shutil.rmtree(old / "pytest_replay/pytest_rum_replay")  # it is newer
    shutil.rmtree(new / "generated/rum_replay_api")
    assert list(interface.differences(old, new)) == [("rum_replay_api", "rum_replay_api: Public package was removed")]
    module = new / "wrapper/rum_replay/_sync/playlists.py"
    module.write_text("def (", encoding="utf-8")
    with pytest.raises(UnknownError, match=r"rum_replay\._sync\.playlists cannot be read: it is no valid Python"):
        list(interface.differences(old, new))
    module.unlink()
    with pytest.raises(UnknownError, match=r"rum_replay\._sync\.playlists has moved"):
        list(interface.differences(old, new))


@pytest.mark.parametrize("target", ["/etc/hosts", "../../outside"])
def test_a_link_that_leads_out_of_the_repository_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    (tmp_path / "a link").symlink_to(target)
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for command in (["init", "--quiet"], ["add", "."], ["commit", "--quiet", "-m", "all"]):
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True)
    monkeypatch.setattr(distributions, "ROOT", tmp_path)
    with pytest.raises(UnknownError, match="'a link'"):
        distributions.export(tmp_path / "exported")


def test_the_last_release_is_compared_and_the_changelog_may_say_what_went(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "tag.gpgSign=false"]
        command = ["git", *identity, "-C", str(tmp_path), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def commit(methods: str, tag: str) -> None:
        (tmp_path / "wrapper/rum_replay/_sync/playlists.py").write_text(methods, encoding="utf-8")
        git("add", "--all")
        git("commit", "--quiet", "--message", "all", "--no-gpg-sign")
        git("tag", tag)

    packages(tmp_path, "", METHODS)
    changelog = tmp_path / "CHANGELOG.md"
    changelog.write_text("## 1.9.0 – 2026-12-01\n\nplaylists.create\n", encoding="utf-8")
    git("init", "--quiet")
    commit(METHODS, "v1.9.0")
    assert interface.last_tag(tmp_path) is None  # the commit itself is about to be released
    commit(METHODS + "\n", "v1.10.0")
    commit("class Playlists: ...\n", "v1.11.0")
    for other in ("v1.10.1rc1", "v2-with-holes"):
        git("tag", other, "HEAD~1")
    assert interface.last_tag(tmp_path) == "v1.10.0"
    git("clone", "--quiet", "--depth=1", tmp_path.as_uri(), str(tmp_path / "cut off"))
    with pytest.raises(UnknownError, match="the history is cut off"):
        interface.last_tag(tmp_path / "cut off")
    old = changelog.read_text(encoding="utf-8")
    for newest, missing in (("playlists.make", 1), ("`playlists.create` is gone", 0)):
        changelog.write_text(f"## 1.11.0 – unreleased\n\n{newest}\n\n{old}", encoding="utf-8")
        assert len(list(interface.breakages("v1.10.0", tmp_path))) == missing
    assert git("worktree", "list").count("\n") == 1


@pytest.mark.parametrize(
    ("changelog", "tag", "faults"),
    [
        ("## 1.2.3 – unreleased\n", None, []),
        ("## 1.2.3 – 2026-12-01\n", "v1.2.3", []),
        ("## 1.2.3 – unreleased\n", "v1.2.3", ["'unreleased' where the day of the release belongs"]),
        ("## 1.2.3 – 2026-12-01\n", "v1.2.4", ["the tag is v1.2.4, and the version is 1.2.3"]),
        ("## 1.2.2 – 2026-12-01\n## 1.2.3 – 2026-01-01\n", None, ["begins with 1.2.2, and the version is 1.2.3"]),
        ("## 1.2.3 – 2026-02-30\n", "v1.2.3", ["'2026-02-30' where the day of the release belongs"]),
        ("# Changelog\n", None, ["no heading such as"]),
        (None, "v1.2.3", ["there is no CHANGELOG.md"]),
    ],
)
def test_the_changelog_must_fit_the_release(changelog: str | None, tag: str | None, faults: list[str]) -> None:
    found = list(interface.changelog_faults("1.2.3", tag, changelog))
    assert len(found) == len(faults)
    assert all(part in sentence for part, sentence in zip(faults, found, strict=True))


def test_only_the_newest_section_of_the_changelog_counts() -> None:
    assert interface.newest_section("# C\n\n## 2 – unreleased\n\na\n\n## 1 – 2026-01-01\n\nb\n") == "\n\na\n\n"
