"""A Dask cluster of processes does the same as one process; the command connects to it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay._cli.app import run

from .many_sessions import write_sessions
from .test_executors import tables

pytestmark = pytest.mark.no_cover  # processes are not traced


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    distributed: Any = import_module("distributed")
    with (
        warnings.catch_warnings(action="ignore"),  # of its own event loops and sockets
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
    ):
        yield cluster


def test_a_cluster_writes_the_same_bytes_and_the_command_uses_it(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_sessions(Path("source"))
    segments.export(Path("source"), "expected", format="csv")
    with cluster.get_client() as client:
        done = segments.export(str(tmp_path / "source"), tmp_path / "out", format="csv", executor=client.get_executor())
    assert (done.rows["sessions"], done.failed) == (8, ())
    assert tables(Path("out")) == tables(Path("expected"))

    arguments = ["segments", "export", str(tmp_path / "source"), "-o", str(tmp_path / "command"), "--format", "csv"]
    assert run([*arguments, "--dask", cluster.scheduler_address]) == 0
    assert "8 sessions in" in capsys.readouterr().out
    assert tables(Path("command")) == tables(Path("expected"))


def test_where_no_cluster_answers_the_command_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["segments", "summary", "nowhere", "--dask", "not an address"]) == 1
    assert "error: no Dask scheduler answers at not an address: " in capsys.readouterr().err
    assert run(["segments", "summary", "nowhere", "--dask", "tcp://127.0.0.1:1", "--jobs", "2"]) == 2
    assert "--jobs and --dask exclude each other" in capsys.readouterr().err
