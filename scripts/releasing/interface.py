"""What changed for users since the last release: the public names, compared by griffe, and the changelog."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from . import ROOT, UnknownError, output_of

__all__ = ["breakages", "changelog_faults", "changelog_text", "differences", "last_tag"]

CHANGELOG = ROOT / "CHANGELOG.md"
# griffe passes over what is in private modules. The groups of methods that a client has are there.
COMPARED = {
    "rum_replay": ("", "_sync.events", "_sync.heatmaps", "_sync.playlists", "_sync.sessions", "_sync.viewership"),
    "rum_replay_api": ("",),
    "rum_replay_emulator": ("",),
    "pytest_rum_replay": ("factories", "strategies", "plugin"),
}
SOURCES = ("wrapper", "generated", "pytest_replay")
_RELEASE = re.compile(r"v\d+(?:\.\d+)*")
_HEADING = re.compile(r"^## (\S+) – (\S+)$", re.MULTILINE)


def last_tag(root: Path = ROOT) -> str | None:
    """The newest tag of a release before the last commit; None if there is none.

    Raises UnknownError without git, or without the history that would show which tags are before it.
    """
    tags = output_of(["git", "tag", "--list", "v[0-9]*", "--merged", "HEAD", "--sort=-version:refname"], root).split()
    here = set(output_of(["git", "tag", "--points-at", "HEAD"], root).split())
    found = next((tag for tag in tags if tag not in here and _RELEASE.fullmatch(tag)), None)
    if found is None and output_of(["git", "rev-parse", "--is-shallow-repository"], root).strip() == "true":
        raise UnknownError("the history is cut off, and may have tags of releases: git fetch --unshallow --tags")
    return found


def breakages(tag: str, root: Path = ROOT) -> Iterator[str]:
    """What programs that use the release of a tag could miss, unless the changelog names it in its newest section."""
    section = newest_section(changelog_text(root) or "")
    with tempfile.TemporaryDirectory() as folder:
        output_of(["git", "worktree", "add", "--quiet", "--detach", folder + "/old", tag], root)
        try:
            for name, sentence in differences(Path(folder, "old"), root):
                if not re.search(rf"\b{re.escape(name)}\b", section, re.IGNORECASE):
                    yield f"{sentence}; the newest section of the changelog does not name {name}"
        finally:
            shutil.rmtree(folder + "/old")
            subprocess.run(["git", "worktree", "prune"], cwd=root, check=False)


def differences(old: Path, new: Path) -> Iterator[tuple[str, str]]:
    """What programs could miss in a checkout that another has: how the changelog would name it, and a sentence."""
    from griffe import GriffeError, GriffeLoader, Parameter, find_breaking_changes

    loaders = [GriffeLoader(search_paths=[root / source for source in SOURCES]) for root in (old, new)]
    for package, parts in COMPARED.items():
        if not _has(old, package):
            continue  # it is newer than that
        if not _has(new, package):
            yield package, f"{package}: Public package was removed"
            continue
        try:
            before, after = (loader.load(package) for loader in loaders)
        except (GriffeError, SyntaxError) as error:
            raise UnknownError(f"{package} cannot be read: {error}") from None
        for loader in loaders:
            loader.resolve_aliases(external=False)
        for part in parts:
            try:
                pair = (before[part], after[part]) if part else (before, after)
            except KeyError:
                if not _is_in(old, package, part):
                    continue
                why = "cannot be read: it is no valid Python" if _is_in(new, package, part) else "has moved"
                raise UnknownError(f"{package}.{part} {why}; {__name__} lists it") from None
            for change in find_breaking_changes(*pair):
                changed = next((v for v in (change.old_value, change.new_value) if isinstance(v, Parameter)), None)
                details = f" ({changed.name})" if changed is not None else ""
                # A method is named with its class or group, since its name alone may be any word.
                parent = change.obj.parent
                name = f"{parent.name}.{change.obj.name}" if parent is not None and parent.is_class else change.obj.name
                yield name, f"{change.obj.path}: {change.kind.value}{details}"


def _has(checkout: Path, package: str) -> bool:
    return any((checkout / source / package).is_dir() for source in SOURCES)


def _is_in(checkout: Path, package: str, module: str) -> bool:
    path = f"{package}/{module.replace('.', '/')}"
    return any((checkout / source / f"{path}{suffix}").exists() for source in SOURCES for suffix in ("", ".py"))


def changelog_text(root: Path = ROOT) -> str | None:
    """The changelog; None without one. Raises UnknownError if it cannot be read."""
    try:
        return (root / CHANGELOG.name).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise UnknownError(f"{CHANGELOG.name} cannot be read: {error}") from None


def newest_section(changelog: str) -> str:
    """The text of the first release in a changelog."""
    headings = list(_HEADING.finditer(changelog))
    end = headings[1].start() if len(headings) > 1 else len(changelog)
    return changelog[headings[0].end() : end] if headings else ""


def changelog_faults(version: str, tag: str | None, changelog: str | None) -> Iterator[str]:
    """What is wrong with a changelog, for a version and, if that is to be released now, its tag."""
    if changelog is None:
        yield f"there is no {CHANGELOG.name}"
        return
    newest = _HEADING.search(changelog)
    if newest is None:
        yield "the changelog has no heading such as `## 1.2.3 – 2026-01-31`"
        return
    if newest[1] != version:
        yield f"the changelog begins with {newest[1]}, and the version is {version}"
    if tag is not None and tag != f"v{version}":
        yield f"the tag is {tag}, and the version is {version}"
    if tag is not None and not _is_day(newest[2]):
        yield f"the changelog says {newest[2]!r} where the day of the release belongs"


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return re.fullmatch(r"\d{4}-\d\d-\d\d", text) is not None
