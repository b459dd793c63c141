"""The options of the command line and the configuration file, checked."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Self, TypeVar, cast

import pytest
from attrs import frozen

from pytest_rum_replay.network.guard import NetworkGuard
from pytest_rum_replay.options import MODES, Given

__all__ = ["Settings"]

T = TypeVar("T")


def _mode(value: object) -> str:
    if value not in MODES:
        raise ValueError(f"must be one of {', '.join(MODES)}, not {value!r}")
    return str(value)


def _hosts(value: object) -> tuple[str, ...]:
    """Hosts from `a,b` on the command line, or from a list in the configuration file."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple):
        raise ValueError(f"must be a list of hosts, not {value!r}")  # noqa: TRY004 - as for every other option
    parts = (part for item in cast(Iterable[object], items) for part in re.split(r"[,\s]+", str(item)))
    return tuple(re.sub(r"^(['\"])(.*)\1$", r"\2", part) for part in parts if part)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {value!r}")  # noqa: TRY004
    return value


def _url(value: object) -> str:
    from rum_replay import ConfigurationError
    from rum_replay._sites import resolve_base_url

    try:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"must be a whole URL such as 'https://api.datadoghq.eu', not {value!r}")
        resolve_base_url(base_url=value)
    except ConfigurationError as error:
        raise ValueError(str(error)) from None
    return value


def _folder(value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise ValueError(f"must be the path of a folder, not {value!r}")
    return value


_CHECKS: Mapping[str, Callable[[object], Any]] = {
    "record": _mode,
    "allow_hosts": _hosts,
    "block_network": _flag,
    "verify": _flag,
    "verify_url": _url,
    "pseudonyms": _flag,
    "cassette_dir": _folder,
}
"""Each raises ValueError, saying what is allowed."""


@frozen(kw_only=True)
class Settings:
    """The settings of one run."""

    record: str = "none"
    """The mode of cassettes; see `Mode`."""

    allow_hosts: tuple[str, ...] = ()
    """Hosts that tests may reach although the network is blocked."""

    block_network: bool = False

    verify: bool = False
    """Whether the GETs of all used cassettes are sent again at the end of the session."""

    verify_url: str | None = None
    """The base URL for these; None: the site from the environment, as for `ReplayClient()`."""

    pseudonyms: bool = False
    """Whether cassettes have pseudonyms instead of people's names, handles and pictures."""

    cassette_dir: str = "cassettes"
    """The folder for cassettes, next to the test module that uses them."""

    @classmethod
    def of(cls, options: Mapping[str, Given]) -> Self:
        """Settings from options, by the names of the fields; raises pytest.UsageError for invalid values."""
        settings = cls(**{name: _checked(_CHECKS[name], given) for name, given in options.items()})
        hosts, verify, url = (options.get(name) for name in ("allow_hosts", "verify", "verify_url"))
        if hosts is not None:
            if hosts.on_command_line and not settings.allow_hosts:
                raise pytest.UsageError(f"{hosts.name} names no host; --rum-replay-block-network allows none")
            _checked(NetworkGuard, Given(settings.allow_hosts, hosts.name))
        if url is not None and url.on_command_line and not settings.verify:
            raise pytest.UsageError(f"{url.name} is the base URL for --rum-replay-verify: pass that option as well")
        if verify is not None and settings.verify:
            if settings.record != "none":
                raise pytest.UsageError(
                    f"{verify.name} compares cassettes with the live API, so it needs --rum-replay-record=none, not "
                    f"{settings.record} ({options['record'].name})"
                )
            _check_live_api(verify.name, settings.verify_url)
        return settings

    @property
    def guards_network(self) -> bool:
        """Allowing some hosts implies blocking all others."""
        return self.block_network or bool(self.allow_hosts)


def _checked(check: Callable[[Any], T], given: Given) -> T:
    try:
        return check(given.value)
    except ValueError as error:
        raise pytest.UsageError(f"{given.name}: {error}") from None


def _check_live_api(option: str, url: str | None) -> None:
    from rum_replay import ConfigurationError

    from pytest_rum_replay.drift.verification import live_api

    try:
        live_api(url)
    except ConfigurationError as error:
        raise pytest.UsageError(f"{option}: {error}") from None
