"""A file that is replaced as a whole."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["replace"]


def replace(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write a file; what was there stays until the new one is whole. Raises OSError."""
    target = Path(path)
    partial = target.with_name(f"{target.name}.part")
    try:
        partial.write_bytes(content)
        os.replace(partial, target)
    finally:
        partial.unlink(missing_ok=True)
    return target
