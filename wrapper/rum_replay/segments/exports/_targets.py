"""Where the files of an export go: into a folder here, or to a URL, for which they are written here first."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TypedDict

import attrs

from ..._arguments import check_path
from ..._errors import FileError, ReplayError
from ..._files import missing_folders, remove_empty_folders
from ..._remote import LocalCopy, RemoteFile, RemotePlace, is_url
from ._earlier import FILE_NAME, Written, WrittenFile
from ._whole_tables import is_about_files_in

__all__ = ["LocalTarget", "RemoteTarget", "Target", "target_of"]

_SESSIONS_AT_ONCE = 64
"""After as many, the list of what was exported goes to a URL: only whole files can."""


class Places(TypedDict):
    """What an `Export` says of where its files are."""

    folder: Path | str
    files: tuple[Path, ...]
    urls: tuple[str, ...]


@attrs.define
class LocalTarget:
    """A folder here, to which workers write as well."""

    folder: Path

    @property
    def workers_folder(self) -> str:
        """Where workers write, as `target_of` takes it."""
        return str(self.folder)

    def now(self, name: str) -> WrittenFile:
        """A file as it is now."""
        return WrittenFile.at(self.folder / name, self.folder)

    def named(self, files: Iterable[WrittenFile]) -> Places:
        """Files, for people."""
        return Places(folder=self.folder, files=tuple(self.folder / file.path for file in files), urls=())

    def arrived(self, names: Iterable[str]) -> tuple[WrittenFile, ...]:
        """Files that were written, where they belong."""
        return tuple(self.now(name) for name in names)

    def noted(self, written: Written) -> None:
        """The list in the folder has them."""

    def is_fatal(self, error: ReplayError, tables: Iterable[str]) -> bool:
        """Whether an error is about what is written, rather than about a source."""
        return is_about_files_in(*(self.folder / name for name in tables))(error)

    @contextmanager
    def open(self) -> Generator[None]:
        """Folders that were made are removed again if the export fails and they are empty."""
        made = missing_folders(self.folder)
        try:
            yield
        except BaseException:
            remove_empty_folders(made)
            raise


@attrs.define
class RemoteTarget:
    """A folder at a URL. Each process writes to a temporary folder, from which whole files are copied there."""

    place: RemotePlace
    _copy: LocalCopy = attrs.field(factory=LocalCopy.new, init=False)
    _there: dict[str, WrittenFile] = attrs.field(factory=dict[str, WrittenFile], init=False)
    """By name: what is there, as far as it is known."""

    _alike: dict[tuple[str, str], set[str]] = attrs.field(factory=lambda: defaultdict(set), init=False)
    """The names of files of one table that are about the same view or session."""

    _noted: int = attrs.field(default=0, init=False)

    @property
    def folder(self) -> Path:
        """Where this process writes."""
        return self._copy.path

    @property
    def workers_folder(self) -> str:
        """Where workers write, as `target_of` takes it."""
        return self.place.url

    def now(self, name: str) -> WrittenFile:
        """A file as it is now."""
        return self._there.get(name, WrittenFile(name, -1, 0))

    def named(self, files: Iterable[WrittenFile]) -> Places:
        """Files, for people."""
        return Places(folder=self.place.url, files=(), urls=tuple(self.place.url_of(file.path) for file in files))

    def arrived(self, names: Iterable[str]) -> tuple[WrittenFile, ...]:
        """Files that were written, once they are where they belong."""
        return tuple(map(_as_written, self.place.put(list(names), self.folder)))

    def noted(self, written: Written) -> None:
        """Of a view or session, nothing is left in other partitions; sometimes, the list is copied there."""
        for file in written.files:
            alike = self._alike[_table_and_file(file.path)]
            self.place.remove(sorted(alike - {file.path}))
            for name in alike:
                self._there.pop(name, None)
            self._alike[_table_and_file(file.path)] = {file.path}
            self._there[file.path] = file
        self._noted += 1
        if self._noted % _SESSIONS_AT_ONCE == 0:
            self._put_list()

    def _put_list(self) -> None:
        if (self.folder / FILE_NAME).exists():
            self.place.put([FILE_NAME], self.folder)

    def is_fatal(self, error: ReplayError, tables: Iterable[str]) -> bool:
        """Whether an error is about what is written, rather than about a source."""
        if isinstance(error, FileError) and error.filename == self.place.shown:
            return True
        return is_about_files_in(*(self.folder / name for name in tables))(error)

    @contextmanager
    def open(self) -> Generator[None]:
        """Within this, what is there is known; in the end, the list of what was exported is there too."""
        files = self.place.files(may_be_missing=True)
        for file in files:
            self._there[file.name] = _as_written(file)
            self._alike[_table_and_file(file.name)].add(file.name)
        self.place.copy([file for file in files if file.name == FILE_NAME], self.folder)
        try:
            yield
        finally:
            if self._noted % _SESSIONS_AT_ONCE:
                self._put_list()


Target = LocalTarget | RemoteTarget


def target_of(folder: str | os.PathLike[str]) -> Target:
    """The target that was given; raises InvalidRequestError for what cannot be one, and as RemotePlace does."""
    return RemoteTarget(RemotePlace(folder)) if is_url(folder) else LocalTarget(Path(check_path("folder", folder)))


def _as_written(file: RemoteFile) -> WrittenFile:
    return WrittenFile(file.name, file.size, int.from_bytes(file.version[:7]))


def _table_and_file(name: str) -> tuple[str, str]:
    table, _, rest = name.partition("/")
    return table, rest.rpartition("/")[2]
