"""The paths of cassettes: readable names that never collide.

`tests/test_pay.py::TestCard::test_paid[a/b]` gets `tests/cassettes/test_pay/TestCard-test_paid-a-b-534d9126a7.yaml`.
If the parameters contain a credential, the name leaves them out; so it does one in the name of a test or module.
"""

import os
import re
from hashlib import sha256
from pathlib import Path

from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.secrecy.messages import without_credentials
from pytest_rum_replay.secrecy.secret_names import looks_like_credential

__all__ = [
    "SUFFIX",
    "cassette_folder",
    "cassette_path",
    "is_own_name",
    "module_folder",
    "shared_cassette_path",
    "shown_id",
]

SUFFIX = ".yaml"
_MAX_LENGTH = 60
_HASH_DIGITS = 10
_UNPORTABLE = re.compile(r"[^A-Za-z0-9_]+")
_PARTS = re.compile(r"[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+){0,3}?={0,2}")
"""What a parameter may consist of; pytest joins parameters with hyphens."""

_SHARED_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9_-]{0,99})*")
# Names that Windows reserves for devices, with any extension and in any case.
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9]", re.IGNORECASE)


def cassette_folder(test_file: Path, folder: str) -> Path:
    """The folder for the cassettes of a test module; without `..`, so that it is the same path for all its modules."""
    return Path(os.path.normpath(test_file.parent / folder))


def module_folder(test_file: Path) -> str:
    """The name of the folder for the cassettes of a module's tests; modules with similar names may share it."""
    return _portable(_readable(without_credentials(test_file.stem)))


def is_own_name(name: str) -> bool:
    """Whether a file has a name that `cassette_path` gives, and not one that people chose."""
    return bool(re.search(rf"-[0-9a-f]{{{_HASH_DIGITS}}}{re.escape(SUFFIX)}\Z", name))


def cassette_path(test_file: Path, node_id: str, folder: str = "cassettes", root: Path = Path()) -> Path:
    """The file for one test, in a folder next to the test module.

    The name ends in a hash of the exact id within its module: ids that become equal once cleaned, shortened or compared
    case-insensitively still get different files. No random key can be found from ten digits of it.

    A folder elsewhere, absolute or with `..`, may be that of several modules with the same name, so the path of the
    module below `root` (pytest's root directory) is part of the hash then. Otherwise it is not, so that the directory
    in which pytest is started does not matter.
    """
    _, _, within_module = node_id.partition("::")
    exact = f"{_module(test_file, folder, root)}::{within_module}"
    digits = sha256(exact.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
    name = f"{_readable(shown_id(within_module))}-{digits}{SUFFIX}"
    return cassette_folder(test_file, folder) / module_folder(test_file) / name


def shared_cassette_path(test_file: Path, name: str, folder: str = "cassettes") -> Path:
    """The file for a shared name.

    Raises CassetteUsageError for a name that is not portable as a file name, or that contains a credential.
    """
    if without_credentials(name) != name:
        raise CassetteUsageError("the name of a shared cassette contains a credential: choose another name")
    if not _SHARED_NAME.fullmatch(name) or any(_RESERVED.fullmatch(part) for part in name.split("/")):
        raise CassetteUsageError(
            f"{name!r} cannot name a cassette: use letters, digits, '-' and '_', with '/' between folders and "
            f"without {SUFFIX!r}, and none of the names that Windows reserves"
        )
    return cassette_folder(test_file, folder) / f"{name}{SUFFIX}"


def shown_id(node_id: str) -> str:
    """The id of a test; without its parameters if they contain a credential, or what looks like one.

    pytest accepts it then, too, and runs the test with all its parameters.
    """
    test, bracket, parameters = node_id.partition("[")
    if not bracket:
        return without_credentials(node_id)
    is_secret = any(map(looks_like_credential, _PARTS.findall(parameters))) or without_credentials(node_id) != node_id
    return without_credentials(test) if is_secret else node_id


def _module(test_file: Path, folder: str, root: Path) -> str:
    """What distinguishes a module from others whose cassettes are in the same folder."""
    if not Path(folder).is_absolute() and ".." not in Path(folder).parts:
        return test_file.name
    return Path(os.path.relpath(test_file, root)).as_posix()


def _readable(text: str) -> str:
    return _UNPORTABLE.sub("-", text).strip("-")[:_MAX_LENGTH].strip("-") or "test"


def _portable(name: str) -> str:
    return f"{name}_" if _RESERVED.fullmatch(name) else name
