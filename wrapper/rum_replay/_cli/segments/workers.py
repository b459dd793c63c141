"""Who works on many sessions: this process, further ones, or a Dask cluster; and what to say of failures."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import click

from ..._extras import install_command
from ..commands import CommandError, Settings
from ..output import counted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from ...segments import FailedSource

__all__ = ["Workers", "check_failed", "failures_as_json", "worker_options"]

F = TypeVar("F", bound=Callable[..., Any])

_CONNECTION_TIMEOUT = 10
"""Seconds."""


def worker_options(function: F) -> F:
    """`--jobs` and `--dask`; the command gets `jobs` and `dask`."""
    options: tuple[Callable[[F], F], ...] = (
        click.option(
            "--jobs",
            type=click.IntRange(1),
            metavar="N",
            help="How many processes work at a time; by default one for each core, if there are several sessions. "
            "Standard input is always read by one.",
        ),
        click.option(
            "--dask",
            metavar="ADDRESS",
            help="Let the workers of a Dask cluster do it, such as tcp://scheduler:8786. They need the same files "
            "under the same paths. Needs the extra `dask`.",
        ),
    )
    for option in reversed(options):
        function = option(function)
    return function


@attrs.frozen
class Workers:
    """What the options of a command say."""

    settings: Settings
    jobs: int | None
    dask: str | None

    def __attrs_post_init__(self) -> None:
        if self.jobs is not None and self.dask is not None:
            raise click.UsageError("--jobs and --dask exclude each other: a cluster has its own processes")

    @contextmanager
    def executor(self) -> Generator[Executor | None]:
        """The executor while it is needed; None for this process. After an interrupt, what had begun is ended."""
        if self.dask is not None:
            with _cluster(self.dask) as client:
                yield client.get_executor(pure=False)
            return
        from ...segments._work.processes import OwnProcesses, core_count

        count = self.jobs or core_count()
        if count == 1:
            yield None
            return
        processes = OwnProcesses(count)
        try:
            yield processes
        except BaseException:
            processes.stop()
            raise
        processes.shutdown()


@contextmanager
def _cluster(address: str) -> Generator[Any]:
    try:
        distributed = import_module("distributed")
    except ImportError as error:
        raise CommandError(f"--dask needs distributed ({error}): {install_command('dask')}") from None
    try:
        client = distributed.Client(address, timeout=_CONNECTION_TIMEOUT, set_as_default=False)
    except (OSError, ValueError, TypeError, ImportError) as error:
        raise CommandError(f"no Dask scheduler answers at {address}: {error}") from None
    with client:
        yield client


def failures_as_json(failed: Iterable[FailedSource]) -> list[dict[str, Any]]:
    """What could not be read, for JSON."""
    return [{"files": list(one.files), "error": str(one.error)} for one in failed]


def check_failed(settings: Settings, failed: Sequence[FailedSource]) -> None:
    """Name what could not be read, and end with status 1; returns if there is nothing."""
    for one in failed:
        settings.output.note(f"not read: {one}")
    if failed:
        raise CommandError(f"{counted(len(failed), 'source')} could not be read; everything else is done")
