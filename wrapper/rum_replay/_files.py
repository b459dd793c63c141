"""Files that are replaced as a whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

__all__ = ["replacing"]


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[IO[bytes]]:
    """A file to write, put in the place of `path` once it is whole and on disk.

    Whoever looks, even after a crash, finds the old file or the new one. Raises OSError; where anything is raised, the
    old file is as it was, and nothing is left beside it.
    """
    target = Path(path)
    # In the same folder, since only there is a rename atomic; hidden, and with an ending that nothing looks for.
    unfinished = target.with_name(f".{target.name[:100]}-{secrets.token_hex(4)}.part")
    try:
        with unfinished.open("xb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)
