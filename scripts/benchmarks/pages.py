"""Downloads of pages that unpack to much, and of many pages; each in its own process, to measure memory.

    python -m benchmarks.pages (sync|async) URL FOLDER

downloads once and prints how much the peak of the memory grew, in bytes.
"""

from __future__ import annotations

import asyncio
import gzip
import importlib
import itertools
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

from rum_replay import AsyncReplayClient, ReplayClient
from rum_replay._manifest import Manifest, ManifestWriter, PageFile, page_name, read_manifest

from .answers import KEYS
from .download import peak_memory
from .measure import Row, times
from .peer import encoded_peer

__all__ = ["run"]

_MIB = 1 << 20


def _encoders() -> dict[str, Callable[[bytes], bytes]]:
    brotli: Any = importlib.import_module("brotli")
    zstandard: Any = importlib.import_module("zstandard")
    return {
        "gzip": gzip.compress,
        "deflate": zlib.compress,
        "br": lambda data: brotli.compress(data, quality=1),
        "zstd": zstandard.ZstdCompressor().compress,
    }


def run(*, quick: bool) -> Iterator[Row]:
    yield from _memory(8 * _MIB if quick else 300 * _MIB, 1 if quick else None)
    yield _many(200 if quick else 20_000)


def _memory(size: int, most: int | None) -> Iterator[Row]:
    encoders = _encoders()
    record = b'{"type":3,"data":{"source":0,"text":"abc"}},'
    end = b'1],"meta":{"page":{"after":null}}}'
    pages = {
        "zeros": bytes(size),
        "records in JSON": b'{"records":[' + record * (size // len(record)) + end,
    }
    stacks = [*((name,) for name in encoders), *itertools.permutations(encoders, 2)][:most]
    for (kind, page), side in itertools.product(pages.items(), ("sync", "async")):
        grown: dict[str, int] = {}
        for stack in stacks if kind == "zeros" else stacks[:1]:
            body = page
            for name in stack:
                body = encoders[name](body)
            grown[", ".join(stack)] = _grown(side, body, ", ".join(stack), len(page))
        worst = max(grown, key=lambda name: grown[name])
        yield Row(
            f"page of {size // _MIB} MiB of {kind} unpacked, {side}: peak memory above an idle client, worst of "
            f"{len(grown)} codings and stacks of two ({worst})",
            f"{grown[worst] / _MIB:.1f} MiB",
            f"{len(page) / _MIB:.0f} MiB",
            times(grown[worst] / len(page)),
            "≤ 64 MiB",
            grown[worst] <= 64 * _MIB,
        )


def _grown(side: str, body: bytes, coding: str, size: int) -> int:
    with encoded_peer(body, coding) as url, tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.pages", side, url, folder]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        (page,) = Path(folder).glob("page*.bin")
        assert page.stat().st_size == size
    return int(output)


def _many(count: int) -> Row:
    """Adding pages to a manifest, the last tenth against the first tenth of one run."""

    def page(number: int) -> PageFile:
        return PageFile(
            file=page_name(number),
            size=10_000,
            sha256=f"{number:064x}",
            paging=f"token-{number}" if number else None,
            next_paging=f"token-{number + 1}",
            status=200,
            headers={f"x-header-{index}": "value" * 5 for index in range(10)},
        )

    seconds: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        writer = ManifestWriter(folder, Manifest(url="http://host/", query={}, pages=()))
        for number in range(count):
            started = time.perf_counter()
            writer.add(page(number), None)
            seconds.append(time.perf_counter() - started)
        writer.close()
        read = read_manifest(folder)
        assert read is not None
        assert len(read.pages) == count
    first, last = median(seconds[: count // 10]), median(seconds[-count // 10 :])
    return Row(
        f"manifest of {count:,} pages: adding one of the last tenth, against one of the first tenth; each with fsync",
        f"{last * 1e3:.2f} ms",
        f"{first * 1e3:.2f} ms",
        times(last / first),
        "≤ 1.5 ×",
        last <= 1.5 * first,
    )


def _download(side: str, url: str, folder: str) -> int:
    api_key, app_key = KEYS["DD-API-KEY"], KEYS["DD-APPLICATION-KEY"]
    if side == "sync":
        with ReplayClient(base_url=url, api_key=api_key, app_key=app_key) as client:
            client.playlists.get(1)
            before = peak_memory()
            client.sessions.download_segments("session", "view", folder)
        return peak_memory() - before

    async def run() -> int:
        async with AsyncReplayClient(base_url=url, api_key=api_key, app_key=app_key) as client:
            await client.playlists.get(1)
            before = peak_memory()
            await client.sessions.download_segments("session", "view", folder)
        return peak_memory() - before

    return asyncio.run(run())


if __name__ == "__main__":
    print(_download(*sys.argv[1:]))
