"""The source distribution and the wheel: the same whenever they are built, and with what belongs in them."""

from __future__ import annotations

import importlib.util
import io
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from . import ROOT, UnknownError, output_of

__all__ = ["Distributions", "not_reproducible", "refused_by_the_index", "unexpected_contents", "version_of"]

_TESTS = re.compile(r"(^|/)(tests?|test_[^/]*\.py|[^/]*_test\.py|conftest\.py)(/|$)")


class Distributions:
    """Both distributions of the last commit, built in a folder."""

    def __init__(self, folder: Path) -> None:
        """Raises UnknownError if they cannot be built."""
        self.folder = folder / "dist"
        checkout = export(folder / "checkout")
        self.sdist = _built("sdist", checkout, self.folder)
        self.wheel = _built("wheel", unpacked(self.sdist, folder / "unpacked"), self.folder)

    def __iter__(self) -> Iterator[Path]:
        return iter((self.sdist, self.wheel))


def not_reproducible(distributions: Distributions, folder: Path) -> Iterator[str]:
    """What differs when all is built again, elsewhere, at another time and in another environment.

    The wheel is built from the checkout this time, so what differs is also what the source distribution lacks.
    """
    checkout = export(folder / "another checkout")
    for path in checkout.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    for first, kind in zip(distributions, ("sdist", "wheel"), strict=True):
        again = _built(kind, checkout, folder / "again", {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"})
        if first.name != again.name:
            yield f"{first.name} is {again.name} when it is built again"
        elif first.read_bytes() != again.read_bytes():
            old, new = members(first), members(again)
            names = sorted(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))
            yield f"{first.name} has other bytes when it is built again: {', '.join(names[:5]) or 'only its headers'}"


def refused_by_the_index(distributions: Distributions) -> Iterator[str]:
    """What a package index would refuse, or could not show."""
    if importlib.util.find_spec("twine") is None:
        raise UnknownError("twine is not installed; scripts/release installs it")
    command = [sys.executable, "-m", "twine", "--no-color", "check", "--strict", *map(str, distributions)]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    if done.returncode:
        yield from filter(None, (line.strip() for line in (done.stdout + done.stderr).splitlines()))


def unexpected_contents(distributions: Distributions) -> Iterator[str]:
    """Tests, files that are not in the repository or differ from it, packages of others, and what is missing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = {PurePosixPath(path) for path in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    tracked = set(output_of(["git", "ls-tree", "-r", "--name-only", "-z", "HEAD"]).split("\0"))
    expected = {
        name.removeprefix(f"{package.parent}/")
        for package in packages
        for name in tracked
        if PurePosixPath(name).is_relative_to(package)
    }
    in_wheel = {name for name in members(distributions.wheel) if ".dist-info/" not in name}
    in_sdist = {name.partition("/")[2] for name in members(distributions.sdist)}
    yield from (f"the wheel has {name}, which is not in the repository" for name in sorted(in_wheel - expected))
    yield from (f"the wheel lacks {name}" for name in sorted(expected - in_wheel))
    foreign = in_sdist - tracked - {"PKG-INFO"}
    yield from (f"the source distribution has {name}, which is not in the repository" for name in sorted(foreign))
    for path, names in ((distributions.wheel, in_wheel), (distributions.sdist, in_sdist)):
        yield from (f"{path.name} has a test: {name}" for name in sorted(names) if _TESTS.search(name))


def version_of(distributions: Distributions) -> str:
    return distributions.wheel.name.split("-")[1]


def export(folder: Path) -> Path:
    """The files of the last commit, in a new folder."""
    done = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        raise UnknownError(f"git archive failed: {done.stderr.decode(errors='replace').strip()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        _extract(archive, folder)
    return folder


def unpacked(sdist: Path, folder: Path) -> Path:
    try:
        with tarfile.open(sdist) as archive:
            _extract(archive, folder)
    except tarfile.TarError as error:
        raise UnknownError(f"{sdist.name} cannot be unpacked: {error}") from None
    return folder / sdist.name.removesuffix(".tar.gz")


def members(distribution: Path) -> dict[str, bytes]:
    """The files of a distribution by their names."""
    if distribution.suffix == ".whl":
        with zipfile.ZipFile(distribution) as wheel:
            return {name: wheel.read(name) for name in wheel.namelist()}
    with tarfile.open(distribution) as sdist:
        # A link is a name of what the repository has elsewhere.
        files = {
            member.name: None if member.islnk() or member.issym() else sdist.extractfile(member) for member in sdist
        }
        return {name: file.read() for name, file in files.items() if file is not None}


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Write its files, and nothing outside of the folder, as `filter="data"` does, which Python has since 3.11.4."""
    inside = folder.resolve()
    for member in archive:
        target = (inside / member.name).resolve()
        if not target.is_relative_to(inside) or not (member.isfile() or member.isdir()):
            raise UnknownError(f"{member.name!r} is a link, or leads out of the folder, so it cannot be unpacked")
        if file := archive.extractfile(member):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read())
            target.chmod(0o755 if member.mode & 0o100 else 0o644)


def _built(kind: str, checkout: Path, folder: Path, environment: Mapping[str, str] | None = None) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(folder)]
    done = subprocess.run(
        command,
        cwd=checkout,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        last = ((done.stderr.strip() or done.stdout.strip()).splitlines() or ["no output"])[-1]
        raise UnknownError(f"the {kind} cannot be built: {last}")
    (built,) = folder.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built
