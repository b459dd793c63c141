"""Derive the synchronous drivers in wrapper/rum_replay/_sync from the asynchronous ones in _async.

usage: scripts/unasync [--check]

With --check nothing is written; if files would change, they are listed and the exit status is 1.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import derived
import unasync

ROOT = Path(__file__).resolve().parent.parent
WRAPPER = ROOT / "wrapper" / "rum_replay"
HEADER = "# Derived from rum_replay/_async by scripts/unasync. Do not edit.\n"

# What unasync does not know: our classes, and functions that differ only in their names.
REPLACEMENTS = {
    "AsyncArchiving": "Archiving",
    "AsyncByteStream": "SyncByteStream",
    "AsyncClient": "Client",
    "AsyncConnectionPool": "ConnectionPool",
    "AsyncConnections": "Connections",
    "AsyncConsumer": "Consumer",
    "AsyncEvent": "Event",
    "AsyncEventPages": "EventPages",
    "AsyncEventSearch": "EventSearch",
    "AsyncEvents": "Events",
    "AsyncFoundSessions": "FoundSessions",
    "AsyncFoundViews": "FoundViews",
    "AsyncHeatmaps": "Heatmaps",
    "AsyncItems": "Items",
    "AsyncListing": "Listing",
    "AsyncLock": "Lock",
    "AsyncNetworkBackend": "NetworkBackend",
    "AsyncNetworkStream": "NetworkStream",
    "AsyncPages": "Pages",
    "AsyncPlaylists": "Playlists",
    "AsyncReplayClient": "ReplayClient",
    "AsyncSegmentPages": "SegmentPages",
    "AsyncSendingProgress": "SendingProgress",
    "AsyncSessionSearch": "SessionSearch",
    "AsyncSessions": "Sessions",
    "AsyncTransport": "Transport",
    "AsyncViewSearch": "ViewSearch",
    "AsyncViewership": "Viewership",
    "AsyncWork": "Work",
    "_AsyncBackend": "_Backend",
    "_AsyncDecodedChunks": "_DecodedChunks",
    "_AsyncStream": "_Stream",
    "aclose": "close",
    "aiter_bytes": "iter_bytes",
    "aiter_raw": "iter_raw",
    "aread": "read",
    "async_abandon": "abandon",
    "async_run_blocking": "run_blocking",
    "async_sleep": "sleep",
    "async_together": "together",
    "async_wait": "wait",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/unasync", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; list what differs and fail")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "_sync"
        derive(fresh)
        if not check:
            derived.replace(fresh, WRAPPER / "_sync")
            return 0
        rows = derived.differences(fresh, WRAPPER / "_sync")
    if rows:
        print("These files do not match _async; run scripts/unasync:", *rows, sep="\n  ", file=sys.stderr)
    return 1 if rows else 0


def derive(target: Path) -> None:
    """Write the synchronous modules into a folder."""
    sources = sorted((WRAPPER / "_async").glob("*.py"))
    # unasync writes next to its input, so give it a copy whose path contains the part to replace.
    copies = target.parent / "_async"
    copies.mkdir()
    target.mkdir()
    for source in sources:
        (copies / source.name).write_text(HEADER + source.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    rule = unasync.Rule("/_async/", "/_sync/", additional_replacements=REPLACEMENTS)
    unasync.unasync_files([str(copies / source.name) for source in sources], [rule])
    ruff = [sys.executable, "-m", "ruff"]
    options = ["--quiet", "--isolated", "--no-cache", "--line-length=120", "--target-version=py311", str(target)]
    # Names get shorter, which changes the order of imports and line breaks; types of coroutines become unused.
    subprocess.run([*ruff, "check", "--select=I,F401", "--fix", *options], check=True)
    subprocess.run([*ruff, "format", *options], check=True)


if __name__ == "__main__":
    sys.exit(main())
