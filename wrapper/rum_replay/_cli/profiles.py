"""Profiles: the site of an organization and where its keys come from, in a file that never holds the keys.

    default_profile = "acme"

    [profiles.acme]
    site = "eu1"
    api_key = { command = ["op", "read", "op://Work/Datadog/api-key"] }
    app_key = { variable = "ACME_APP_KEY" }

What a text of the file may hold is never quoted unless it is harmless: somebody may have pasted a key there.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

import attrs
import click

from .._errors import ConfigurationError
from .._sites import resolve_base_url
from .key_sources import KeySource, looks_like_key

__all__ = ["Profile", "Profiles", "profile_names", "profiles_file", "why_absent"]

_KEYS = ("api_key", "app_key", "bearer_token")
_MEMBERS = ("site", "base_url", *_KEYS)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def profiles_file() -> Path:
    """Where the profiles are, such as `~/.config/rum-replay/config.toml`: the place that platformdirs names."""
    folder = Path(click.get_app_dir("rum-replay", roaming=False))
    if not folder.is_absolute():  # by XDG_CONFIG_HOME, which is to be ignored then
        folder = Path(os.path.expanduser("~/.config/rum-replay"))  # noqa: PTH111 - `Path` fails without a home
    return folder / "config.toml"


@attrs.frozen
class Profile:
    """What the file says about an organization."""

    name: str
    chosen_by: str
    """`--profile`, RUM_REPLAY_PROFILE or `default_profile`."""

    site: str | None = None
    base_url: str | None = None
    keys: Mapping[str, KeySource] = attrs.field(factory=dict[str, KeySource])
    """By the argument of the client, such as `api_key`."""

    @property
    def title(self) -> str:
        """Its name for people."""
        return f"profile {self.name!r}"


@attrs.frozen
class Profiles:
    """The file, checked."""

    is_there: bool = False
    default_profile: str | None = None
    profiles: Mapping[str, Profile] = attrs.field(factory=dict[str, Profile])

    @classmethod
    def read(cls, path: Path) -> Profiles:
        """What the file says; nothing if there is none."""
        read = _read(path)
        if isinstance(read, str):  # raised here, where no local variable holds what somebody may have pasted
            raise ConfigurationError(f"{path} {read}")
        return read


def profile_names() -> list[str]:
    """The names in the file, for completion; none if it cannot be read."""
    try:
        return list(Profiles.read(profiles_file()).profiles)
    except (ConfigurationError, OSError):
        return []


def why_absent(path: Path) -> str:
    """Why there are no profiles in this file, for people."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    return f"there is no file {path}"


def _is_there(path: Path) -> bool:
    """Whether there is such a file; not if it cannot be found out, as in the home of another user."""
    try:
        path.stat()
    except OSError:
        return False
    return path.is_absolute()  # without a home it is not, and a file in the current folder may be anybody's


class _ProfilesError(Exception):
    """What is wrong with the file, and where."""


def _read(path: Path) -> Profiles | str:
    """The document, or what is wrong with it: an exception would leave the text in the frames of its traceback."""
    if not _is_there(path):
        return Profiles()
    from .._files import file_errors, open_regular

    with file_errors(path, "read"), open_regular(path) as file:
        if fault := _fault_of_owner(os.fstat(file.fileno())):
            return fault
        content = file.read()
    try:
        return _checked(tomllib.loads(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return f"is not text in UTF-8: see the byte at offset {error.start}"
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        place = re.search(r"\(at [^()]+\)", str(error))  # and no more, since messages may quote the text
        return f"is not TOML {place[0] if place else '(its tables are nested too deeply)'}"
    except _ProfilesError as fault:
        return str(fault)


def _fault_of_owner(status: os.stat_result) -> str | None:
    """Why a file that may start commands is not to be trusted."""
    if sys.platform == "win32":
        return None
    if status.st_uid not in (0, os.geteuid()):
        return "belongs to another user, who could run commands as you by it: make it yours"
    if status.st_mode & stat.S_IWOTH:
        return "may be written by everybody, who could run commands as you by it: run chmod o-w on it"
    return None


def _checked(document: dict[str, Any]) -> Profiles:
    for place, text in _texts(document):
        if looks_like_key(text):
            raise _ProfilesError(f"holds what looks like a key in {place}; {_INSTEAD}")
    _only(document, ("default_profile", "profiles"), "at the top")
    default = document.get("default_profile")
    if default is not None and not isinstance(default, str):
        raise _ProfilesError(f"has a default_profile that is not text but {_kind(default)}")
    tables = _table(document.get("profiles", {}), "profiles")
    return Profiles(True, default, {name: _checked_profile(name, table) for name, table in tables.items()})


_INSTEAD = (
    "keys do not belong in this file: say where they come from, "
    'as in api_key = { variable = "NAME" } or api_key = { command = ["program", "argument"] }'
)


def _checked_profile(name: str, value: object) -> Profile:
    place = f"profiles.{_shown(name)}"
    table = _table(value, place)
    _only(table, _MEMBERS, f"in {place}")
    for member in ("site", "base_url"):
        if member in table and not isinstance(table[member], str):
            raise _ProfilesError(f"has a {member} in {place} that is not text but {_kind(table[member])}")
    site, base_url = table.get("site"), table.get("base_url")
    try:
        if site is not None or base_url is not None:
            resolve_base_url(site, base_url)
    except ConfigurationError as error:
        raise _ProfilesError(f"cannot be used, in {place}: {error}") from None
    if "bearer_token" in table and ("api_key" in table or "app_key" in table):
        raise _ProfilesError(f"has both a bearer_token and keys in {place}: give one of the two")
    keys = {
        member: _checked_source(member, table[member], name, f"{place}.{member}") for member in _KEYS if member in table
    }
    return Profile(name, "", site, base_url, keys)


def _checked_source(argument: str, value: object, profile: str, place: str) -> KeySource:
    if isinstance(value, str):
        raise _ProfilesError(f"holds a key in {place}; {_INSTEAD}")
    table = _table(value, place)
    _only(table, ("command", "variable"), f"in {place}")
    if len(table) != 1:
        raise _ProfilesError(f"must have either a command or a variable in {place}")
    variable = table.get("variable")
    if variable is not None:
        if not isinstance(variable, str) or not _VARIABLE.fullmatch(variable):
            raise _ProfilesError(f"must name an environment variable in {place}.variable: letters, digits and _")
        return KeySource(argument, profile, variable=variable)
    words: object = table["command"]
    if not isinstance(words, list):
        raise _ProfilesError(
            f'must have a list in {place}.command, such as ["op", "read", "op://Work/Datadog/api-key"]'
        )
    command = [word for word in cast("list[object]", words) if isinstance(word, str) and "\0" not in word]
    if not command or len(command) != len(cast("list[object]", words)) or not command[0].strip():
        raise _ProfilesError(f"must have a program and its arguments, all of them texts, in {place}.command")
    return KeySource(argument, profile, command=tuple(command))


def _table(value: object, place: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _ProfilesError(f"must have a table in {place}, not {_kind(value)}")
    return cast("dict[str, Any]", value)


def _only(table: Mapping[str, object], known: Iterable[str], place: str) -> None:
    unknown = [member for member in table if member not in known]
    if unknown:
        raise _ProfilesError(f"has the unknown member {_shown(unknown[0])} {place}; there are {', '.join(known)}")


def _kind(value: object) -> str:
    names = {"bool": "a truth value", "int": "a number", "float": "a number", "str": "text", "list": "a list"}
    return {**names, "dict": "a table"}.get(type(value).__name__, "a time")


def _texts(value: object, place: str = "") -> Iterator[tuple[str, str]]:
    """All texts in the document, names included, each with its place."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield f"a name in {place}" if place else "a name at the top", name
            yield from _texts(inner, f"{place}.{name}" if place else name)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _texts(inner, place)
    elif isinstance(value, str):
        yield place, value


def _shown(name: str) -> str:
    """A name from the file, in quotes unless TOML needs none."""
    if looks_like_key(name):
        return "(which looks like a key)"
    return name if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name, re.ASCII) else repr(name)[:80]
