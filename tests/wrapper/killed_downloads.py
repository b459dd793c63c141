"""A program, not a test: starts downloads, kills them with SIGKILL at given moments, and takes them up again.

usage: killed_downloads.py BASE_URL DIRECTORY PLAN

PLAN is a JSON list of [kind, number]: "bytes" kills when so many bytes have been received, "step" right after the n-th
time that a file has been opened, written to or renamed. Each is played in a folder of its own, named by its place in
the plan: as it was after the kill in `killed`, and taken up in `resumed`. Prints a JSON list: whether each was killed.

It forks, so that Python and the library are loaded once; it has no threads and no client itself.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import ssl
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import httpcore  # noqa: F401  before the first fork, like the next two: imports cost time
import httpx
import rum_replay._sync.sessions  # noqa: F401
from rum_replay import ReplayClient, _downloads, _files, _manifest

TLS = ssl.create_default_context()  # so does this


OUR_FILES = [Path(module.__file__ or "").name for module in (_downloads, _files, _manifest)]


class CountingStream(httpx.SyncByteStream):
    """Passes bytes on, and ends the process when enough of them have come."""

    received = 0

    def __init__(self, stream: httpx.SyncByteStream, kill_at: int) -> None:
        self._stream = stream
        self._kill_at = kill_at

    def __iter__(self) -> Iterator[bytes]:
        for chunk in self._stream:
            CountingStream.received += len(chunk)
            yield chunk
            if CountingStream.received >= self._kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

    def close(self) -> None:
        self._stream.close()


class KillingTransport(httpx.HTTPTransport):
    def __init__(self, kill_at: int) -> None:
        super().__init__(verify=TLS)
        self._kill_at = kill_at

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        response = super().handle_request(request)
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = CountingStream(response.stream, self._kill_at)
        return response


def kill_at_step(number: int) -> None:
    left = number

    def hook(frame: FrameType, event: str, function: Any) -> None:
        nonlocal left
        file = Path(frame.f_code.co_filename)
        if event != "c_return" or not (file.name in OUR_FILES or "pathlib" in (file.stem, file.parent.name)):
            return
        if function.__name__ in ("open", "write", "writelines", "replace"):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.setprofile(hook)
    threading.setprofile(hook)


def download(base_url: str, directory: Path, kind: str, number: int) -> None:
    if kind == "step":
        kill_at_step(number)
    transport = KillingTransport(number if kind == "bytes" else sys.maxsize)
    with httpx.Client(transport=transport) as http_client:
        client = ReplayClient(base_url=base_url, api_key="a", app_key="b", http_client=http_client)
        client.sessions.download_segments("s", "v", directory)


def in_a_child(base_url: str, directory: Path, kind: str, number: int) -> bool:
    """Whether it was killed; any other end but success ends this program."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            download(base_url, directory, kind, number)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    if os.WEXITSTATUS(status) != 0:
        sys.exit(f"a download failed: {kind} {number}")
    return False


def main(base_url: str, root: Path, plan: list[tuple[str, int]]) -> None:
    killed: list[bool] = []
    for index, (kind, number) in enumerate(plan):
        directory = root / str(index) / "resumed"
        killed.append(in_a_child(base_url, directory, kind, number))
        if directory.exists():
            shutil.copytree(directory, root / str(index) / "killed")
        assert not in_a_child(base_url, directory, "never", 0)
    print(json.dumps(killed))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
