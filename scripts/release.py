"""Check what is about to be released: the last commit, as users would get it.

usage: scripts/release --check [--only PART ...] [--tag TAG] [--keep FOLDER]

The parts are
  advisories     published ones about the pinned packages and the player
  distributions  sdist and wheel are the same when they are built twice, an index would accept them, and they contain
                 what they should
  installations  the wheel, alone and with each extra in clean environments, does what it is for; so it does with the
                 lowest and with the newest versions of its dependencies
  interface      public names that changed or went since the last tag are in the changelog
  platforms      nothing is used that only one operating system has, by the types of Windows and macOS

The exit status is 1 if anything is wrong, and 2 if something could not be found out, such as without a network.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from pathlib import Path

from releasing import ROOT, UnknownError, advisories, distributions, installations, interface, output_of

Check = tuple[str, Callable[[], Iterable[str]]]


class Release:
    """The checks, by part."""

    def __init__(self, folder: Path, tag: str | None) -> None:
        self._folder = folder
        self._tag = tag

    @cached_property
    def built(self) -> distributions.Distributions:
        return distributions.Distributions(self._folder)

    def parts(self) -> dict[str, list[Check]]:
        return {
            "advisories": [
                ("no advisories about the Python packages", advisories.of_python_packages),
                ("no advisories about the vendored player", advisories.of_vendored_player),
            ],
            "distributions": [
                ("sdist and wheel are the same when they are built twice", self._not_reproducible),
                ("a package index accepts them", lambda: distributions.refused_by_the_index(self.built)),
                ("they contain what they should", lambda: distributions.unexpected_contents(self.built)),
            ],
            "installations": [
                ("the wheel works alone and with each extra", self._with_each_extra),
                ("the wheel works with the lowest and the newest versions", self._with_other_versions),
            ],
            "interface": [
                ("what programs could miss is in the changelog", self._breakages),
                ("the changelog fits the version", self._changelog_faults),
            ],
            "platforms": [
                ("types for Windows", lambda: mistyped("win32")),
                ("types for macOS", lambda: mistyped("darwin")),
            ],
        }

    def _not_reproducible(self) -> Iterable[str]:
        return distributions.not_reproducible(self.built, self._folder)

    def _with_each_extra(self) -> Iterable[str]:
        return installations.with_each_extra(self.built.wheel, self._folder)

    def _with_other_versions(self) -> Iterable[str]:
        return installations.with_lowest_and_newest_versions(self.built.wheel, self._folder)

    def _breakages(self) -> Iterable[str]:
        tag = interface.last_tag()
        print(
            f"  compared with {tag}"
            if tag
            else "  there is no tag of a release before this commit, so there is nothing to compare with"
        )
        return interface.breakages(tag) if tag else ()

    def _changelog_faults(self) -> Iterable[str]:
        return interface.changelog_faults(distributions.version_of(self.built), self._tag, interface.changelog_text())


def mistyped(platform: str) -> Iterator[str]:
    """What mypy finds with the types of a platform."""
    # A cache of its own, since each platform would throw away that of the other.
    options = [f"--platform={platform}", f"--cache-dir=.mypy_cache/{platform}", "--no-error-summary"]
    command = [sys.executable, "-m", "mypy", *options, "wrapper", "pytest_replay", "generated"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        raise UnknownError(done.stderr.strip())
    yield from done.stdout.splitlines()


def main() -> int:
    summary, _, details = (__doc__ or "").partition("\n\nusage")
    parser = argparse.ArgumentParser(
        prog="scripts/release",
        description=summary,
        epilog=details.partition("\n\n")[2],
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parts = ("advisories", "distributions", "installations", "interface", "platforms")
    parser.add_argument("--check", action="store_true", required=True, help="upload nothing")
    parser.add_argument(
        "--only", action="append", choices=parts, metavar="PART", help="check only this; may be repeated"
    )
    parser.add_argument("--tag", help="the tag that is released now; its version and day must be in the changelog")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="copy sdist and wheel there if nothing is wrong")
    given = parser.parse_args()
    if given.keep is not None and given.keep.exists() and not given.keep.is_dir():
        parser.error(f"{given.keep} is not a folder")
    if uncommitted():
        print("! There are uncommitted changes. Sdist and wheel are of the last commit, all else is of the files here.")
    with tempfile.TemporaryDirectory(prefix="rum-replay-release-") as folder:
        release = Release(Path(folder), given.tag)
        status = check_all([check for part in given.only or parts for check in release.parts()[part]])
        if given.keep is not None and not status:
            shutil.copytree(release.built.folder, given.keep, dirs_exist_ok=True)
    return status


def uncommitted() -> bool:
    """Whether files differ from the last commit; not if git cannot say."""
    try:
        return bool(output_of(["git", "status", "--porcelain"]).strip())
    except (UnknownError, OSError):
        return False  # what needs git says so itself


def check_all(checks: list[Check]) -> int:
    """Run all checks; 0 if nothing is wrong, 1 if something is, 2 if that is not known."""
    started = time.monotonic()
    wrong = unknown = 0
    for name, check in checks:
        begun = time.monotonic()
        print(f"— {name}", flush=True)
        verdict = "ok"
        try:
            for fault in check():
                print(f"  {fault}", flush=True)
                verdict = "FAILED"
        except (UnknownError, OSError) as error:  # such as a program that is not installed
            print(f"  this could not be found out: {error}")
            verdict = "FAILED" if verdict == "FAILED" else "UNKNOWN"
        wrong += verdict == "FAILED"
        unknown += verdict == "UNKNOWN"
        print(f"  {verdict} in {time.monotonic() - begun:.1f} s", flush=True)
    passed = len(checks) - wrong - unknown
    seconds = time.monotonic() - started
    print(f"{passed} of {len(checks)} checks passed in {seconds:.0f} s; {wrong} failed, {unknown} unknown")
    return 1 if wrong else 2 if unknown else 0


if __name__ == "__main__":
    sys.exit(main())
