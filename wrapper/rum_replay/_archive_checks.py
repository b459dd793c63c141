"""Checks of archives: whether everything that the journal lists as saved is on disk as it was downloaded."""

from __future__ import annotations

import os
from concurrent.futures import Executor
from functools import partial
from operator import attrgetter
from pathlib import Path

import attrs

from ._archive.checking import CheckedArchive, SavedView
from ._archive.status import ArchiveFailure, ArchiveProgress, ArchiveProgressHook
from ._arguments import check_hook, check_path
from ._errors import FileError, ReplayError
from ._manifest import holds_page, read_manifest
from ._public import public
from .segments._work.by_session import check_executor
from .segments._work.running import run

__all__ = ["ArchiveCheck", "check_archive"]


@attrs.frozen(kw_only=True)
class ArchiveCheck:
    """What a check of an archive found."""

    directory: Path
    views: int
    """Views that are as they were downloaded."""

    size: int
    """Bytes of their segments."""

    damaged: tuple[ArchiveFailure, ...]
    """Views of which something is missing or another, in the order in which they were found."""


def check_archive(
    directory: str | os.PathLike[str],
    *,
    executor: Executor | None = None,
    progress: ArchiveProgressHook | None = None,
) -> ArchiveCheck:
    """Compare all segments in an archive with the sums that were noted when they were downloaded; makes no request.

    What is missing or another is noted in the journal as failed, so that `archive` with `retry_failed` fetches it
    again, as long as Datadog has it. What an archive has besides segments is not compared.

    With an `executor`, of threads, processes or a Dask cluster (`Client.get_executor()`), workers read the files, which
    they must have under the same path. `progress` is called with an ArchiveProgress after each view.

    Raises InvalidRequestError if a run is going on in the directory, or for arguments of other types; FileError if it
    is no archive, or its journal cannot be read or written; ConfigurationError if the workers of the executor cannot do
    any work.
    """
    folder = Path(check_path("directory", directory))
    check_executor(executor)
    check_hook("progress", progress)
    whole = size = 0
    damaged: dict[int, ArchiveFailure] = {}
    with CheckedArchive(folder) as archive:
        views = archive.saved()
        tasks = run(partial(_fault_of, root=str(folder.absolute())), views, executor, size=attrgetter("size"))
        for done, (number, outcome) in enumerate(tasks, start=1):
            view = views[number]
            if outcome is None:
                whole += 1
                size += view.size
            else:
                error = type(outcome).__name__ if isinstance(outcome, ReplayError) else FileError.__name__
                archive.note_damaged(view, error, str(outcome))
                damaged[number] = ArchiveFailure(
                    session_id=view.session_id,
                    view_id=view.view_id,
                    playlist_id=None,
                    error=error,
                    message=str(outcome),
                )
            if progress is not None:
                progress(
                    ArchiveProgress(doing="checking", completed=done, total=len(views), failed=len(damaged), size=size)
                )
    return ArchiveCheck(
        directory=folder, views=whole, size=size, damaged=tuple(damaged[number] for number in sorted(damaged))
    )


def _fault_of(view: SavedView, *, root: str) -> str | None:
    """What is wrong with a view; None if nothing is. What a worker does; raises a ReplayError as well."""
    folder = Path(root, view.folder)
    manifest = read_manifest(folder)
    if manifest is None:
        return f"{folder} has no manifest"
    if manifest.end is None:
        return f"{folder} has not all pages"
    for page in manifest.pages:
        if not holds_page(folder / page.file, page):
            return f"{folder / page.file} is missing, or is not the page that was downloaded"
    return None


public(ArchiveCheck)
