"""An S3 server on loopback, and what is in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from ..work.many_sessions import session, write_download

SECRET = "not-for-logs-5ecre7"


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The file system of fsspec for the server, which the environment names for everything else too."""
    from moto.server import ThreadedMotoServer  # takes almost a second, also for those who run other tests

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        environment.setenv("AWS_ACCESS_KEY_ID", "key")
        environment.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
        environment.setenv("AWS_DEFAULT_REGION", "us-east-1")
        environment.setenv("HOME", str(tmp_path_factory.mktemp("home")))  # without a configuration of this machine
        yield import_module("fsspec").filesystem("s3")
        server.stop()


@pytest.fixture
def bucket(s3: Any, request: pytest.FixtureRequest) -> str:
    """The name of a new bucket."""
    name = f"bucket-{abs(hash(request.node.nodeid)):x}"
    s3.mkdir(name)
    return name


@pytest.fixture
def upload(s3: Any, bucket: str) -> Callable[[Path], str]:
    """Copies a folder into the bucket; gives its URL."""

    def copy(folder: Path) -> str:
        s3.put(str(folder), f"{bucket}/", recursive=True)
        return f"s3://{bucket}/{folder.name}"

    return copy


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Three sessions: one in two files, and two downloads; a file without any; and what archives have beside them."""
    folder = tmp_path / "source"
    folder.mkdir()
    for index in range(2):
        (folder / f"{index}-1.zlib").write_bytes(session(1, index))
    (folder / "notes.txt").write_text("not a segment")
    (folder / "archive.sqlite").write_text("not a segment either")
    for number in (3, 4):
        place = folder / f"downloads/{number}"
        write_download(place, session(number), session=f"session-{number}", view=f"view-{number}")
        (place / "view-event.json").write_text("{}")
    return folder
