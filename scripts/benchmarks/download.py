"""Downloading one page of segments, 1 GiB, over loopback to a file; each side in its own process, to measure memory.

    python -m benchmarks.download (ours|raw) URL FOLDER

downloads once and prints the time in seconds and the memory in bytes.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import httpx
from rum_replay import ReplayClient

from .answers import KEYS
from .measure import Row, paired_values, times
from .peer import peer

__all__ = ["peak_memory", "run"]

_MIB = 1 << 20
_SESSION, _VIEW = "4f0b3d52-7c1e-4b44-9a6e-2f0d0a1c9e11", "9d2c7a60-03f5-4a0e-8a53-6b1f4f2f7c22"


def run(*, quick: bool) -> Iterator[Row]:
    size, rounds = (8 * _MIB, 0) if quick else (1024 * _MIB, 7)
    memory: dict[str, list[int]] = {"ours": [], "raw": []}

    def once(side: str) -> float:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, "-m", "benchmarks.download", side, url, folder]
            output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            (page,) = Path(folder).glob("page*.bin")
            assert page.stat().st_size == size
        elapsed, grown = output.split()
        memory[side].append(int(grown))
        return float(elapsed)

    with peer(size) as url:
        pair = paired_values(lambda: once("ours"), lambda: once("raw"), rounds=rounds)
    what = f"segment download, {size // _MIB:,} MiB over loopback"
    yield Row(
        f"{what}, against raw httpx streaming to a file; both end with fsync, ours hashes on the way",
        f"{size / _MIB / pair.ours:.0f} MiB/s",
        f"{size / _MIB / pair.other:.0f} MiB/s",
        f"{times(1 / pair.ratio)} the rate",
        "≥ 0.9 × its rate",
        1 / pair.ratio >= 0.9,
    )
    rate = size / _MIB / min(_hash_seconds(size) for _ in range(rounds or 1))
    yield Row(
        f"{what}: SHA-256 of as many bytes in memory, on one core, against that rate of raw httpx",
        f"{rate:.0f} MiB/s",
        f"{size / _MIB / pair.other:.0f} MiB/s",
        f"{times(rate * pair.other / (size / _MIB))} the rate",
    )
    yield Row(
        f"{what}: peak memory above that before the first call",
        f"{max(memory['ours']) / _MIB:.1f} MiB",
        f"{max(memory['raw']) / _MIB:.1f} MiB",
        times(median(memory["ours"]) / median(memory["raw"])),
        "≤ 32 MiB",
        max(memory["ours"]) <= 32 * _MIB,
    )


def _hash_seconds(size: int) -> float:
    block = bytes(_MIB)
    digest = hashlib.sha256()
    started = time.perf_counter()
    for _ in range(size // _MIB):
        digest.update(block)
    return time.perf_counter() - started


def _download(side: str, url: str, folder: Path) -> None:
    if side == "ours":
        with ReplayClient(base_url=url, api_key=KEYS["DD-API-KEY"], app_key=KEYS["DD-APPLICATION-KEY"]) as client:
            client.sessions.download_segments(_SESSION, _VIEW, folder)
        return
    headers = {**KEYS, "Accept-Encoding": "identity"}
    with (
        httpx.Client(headers=headers, trust_env=False) as raw,
        raw.stream("GET", f"{url}/api/v2/rum/replay/sessions/{_SESSION}/views/{_VIEW}/segments") as answer,
        (folder / "page.bin").open("wb") as file,
    ):
        for chunk in answer.iter_raw():
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())


def peak_memory() -> int:
    """The peak memory of this process so far, in bytes."""
    status = Path("/proc/self/status")
    if status.exists():
        # Not getrusage: on Linux it starts at the memory of the parent.
        (kib,) = (
            line.split()[1] for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM")
        )
        return int(kib) * 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    before = peak_memory()
    started = time.perf_counter()
    _download(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
    print(time.perf_counter() - started, peak_memory() - before)
