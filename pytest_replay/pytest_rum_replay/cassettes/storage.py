"""Cassettes on disk: read as a whole, replaced as a whole."""

from pathlib import Path

from rum_replay._files import replacing

from pytest_rum_replay.cassettes.errors import CassetteFormatError, CassetteNotSavedError

__all__ = ["read", "replace"]


def read(path: Path) -> bytes | None:
    """The file's bytes; None where there is no file. Raises CassetteFormatError when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CassetteFormatError(f"the cassette {path} cannot be read: {error}") from error


def replace(path: Path, data: bytes) -> None:
    """Put the bytes in the file's place at once: whoever looks, even after a crash, finds the old file or the new one.

    Raises CassetteNotSavedError; the old file is then as it was, and nothing is left beside it.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as file:
            file.write(data)
    except OSError as error:
        raise CassetteNotSavedError(f"the cassette {path} cannot be saved: {error}") from error
