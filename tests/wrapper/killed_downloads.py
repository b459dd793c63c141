"""A program, not a test: starts downloads, kills them with SIGKILL at given points, and resumes them.

usage: killed_downloads.py BASE_URL DIRECTORY PLAN

PLAN is a JSON list of [kind, number]: "bytes" kills once that many bytes have been received, "step" right after the
n-th time that a file is opened, written, flushed to disk or renamed. Each entry uses a separate folder, named after its
index in the plan: `killed` is a copy from right after the kill, and `resumed` is where the download was resumed. Prints
a JSON list that says for each entry whether it was killed.

It forks, so that Python and the library are loaded only once; the parent has no threads and no client.
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

import httpcore  # noqa: F401  imported before the first fork to save time, like the next two
import httpx
import rum_replay._sync.sessions  # noqa: F401
from rum_replay import ReplayClient, _downloads, _files, _manifest

TLS = ssl.create_default_context()  # created before the first fork to save time


STEPS = {"open", "fdopen", "write", "fsync", "replace"}
OUR_FILES = [Path(module.__file__ or "").name for module in (_downloads, _files, _manifest)]


class CountingStream(httpx.SyncByteStream):
    """Passes bytes on, and kills the process once enough of them have arrived."""

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
        if event != "c_return" or function.__name__ not in STEPS:  # asked first, since this runs for every call
            return
        file = Path(frame.f_code.co_filename)
        if file.name in OUR_FILES or "pathlib" in (file.stem, file.parent.name):
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


def download_in_child(base_url: str, directory: Path, kind: str, number: int) -> bool:
    """Whether the download was killed; exits if it failed in any other way."""
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
        killed.append(download_in_child(base_url, directory, kind, number))
        if directory.exists():
            shutil.copytree(directory, root / str(index) / "killed")
        assert not download_in_child(base_url, directory, "never", 0)
    print(json.dumps(killed))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3]))
