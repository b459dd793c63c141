"""The paths of cassettes: readable names that never collide.

`tests/test_pay.py::TestCard::test_paid[a/b]` gets `tests/cassettes/test_pay/TestCard-test_paid-a-b-534d9126a7.yaml`.
"""

import re
from hashlib import sha256
from pathlib import Path

from pytest_rum_replay.cassettes.errors import CassetteUsageError

__all__ = ["SUFFIX", "cassette_path", "shared_cassette_path"]

SUFFIX = ".yaml"
_MAX_LENGTH = 60
_HASH_DIGITS = 10
_UNPORTABLE = re.compile(r"[^A-Za-z0-9_]+")
_SHARED_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_-]{0,99})*")
# Names that Windows reserves for devices, with any extension and in any case.
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)


def cassette_path(test_file: Path, node_id: str, folder: str = "cassettes") -> Path:
    """The file for one test, in a folder next to the test module.

    The name ends in a hash of the exact id within its module: ids that become equal once cleaned, shortened or compared
    case-insensitively still get different files. The path of the module is not hashed, so that the directory in which
    pytest is started does not matter.
    """
    _, _, within_module = node_id.partition("::")
    exact = f"{test_file.name}::{within_module}"
    digits = sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    name = f"{_readable(within_module)}-{digits}{SUFFIX}"
    return test_file.parent / folder / _portable(_readable(test_file.stem)) / name


def shared_cassette_path(test_file: Path, name: str, folder: str = "cassettes") -> Path:
    """The file for a shared name; raises CassetteUsageError for a name that is not portable as a file name."""
    if not _SHARED_NAME.fullmatch(name) or any(_RESERVED.fullmatch(part) for part in name.split("/")):
        raise CassetteUsageError(
            f"{name!r} cannot name a cassette: use letters, digits, '-' and '_', with '/' between folders and "
            f"without {SUFFIX!r}, and none of the names that Windows reserves"
        )
    return test_file.parent / folder / f"{name}{SUFFIX}"


def _readable(text: str) -> str:
    return _UNPORTABLE.sub("-", text).strip("-")[:_MAX_LENGTH].strip("-") or "test"


def _portable(name: str) -> str:
    return f"{name}_" if _RESERVED.fullmatch(name) else name
