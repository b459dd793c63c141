"""The options of the command line and the configuration file, checked."""

from collections.abc import Iterable, Mapping
from typing import Any, Self

import pytest
from attrs import Attribute, field, frozen

from pytest_rum_replay.network.guard import NetworkGuard
from pytest_rum_replay.options import MODES

__all__ = ["Settings"]


def _known_mode(_: object, __: object, value: str) -> None:
    if value not in MODES:
        raise pytest.UsageError(f"rum_replay_record must be one of {', '.join(MODES)}, not {value!r}")


def _hosts(value: str | Iterable[str]) -> tuple[str, ...]:
    """Hosts from `a,b` on the command line, or from a list in the configuration file."""
    items = [value] if isinstance(value, str) else value
    return tuple(host.strip() for item in items for host in item.split(","))


def _folder(_: object, __: "Attribute[str]", value: str) -> None:
    if not value.strip():
        raise pytest.UsageError("rum_replay_cassette_dir must name a folder")


@frozen(kw_only=True)
class Settings:
    """The settings of one run. Raises pytest.UsageError for invalid values."""

    record: str = field(default="none", validator=_known_mode)
    """The mode of cassettes; see `Mode`."""

    allow_hosts: tuple[str, ...] = field(default=(), converter=_hosts)
    """Hosts that tests may reach although the network is blocked."""

    block_network: bool = False

    verify: bool = False
    """Whether the GETs of all used cassettes are sent again at the end of the session."""

    verify_url: str | None = None
    """The base URL for these; None: the site from the environment, as for `ReplayClient()`."""

    pseudonyms: bool = False
    """Whether cassettes have pseudonyms instead of people's names, handles and pictures."""

    cassette_dir: str = field(default="cassettes", validator=_folder)
    """The folder for cassettes, next to the test module that uses them."""

    @classmethod
    def of(cls, options: Mapping[str, Any]) -> Self:
        """Settings from options, by the names of the fields."""
        settings = cls(**options)
        if settings.verify and settings.record != "none":
            raise pytest.UsageError(
                "--rum-replay-verify compares cassettes with the live API, so it needs "
                f"--rum-replay-record=none, not {settings.record}"
            )
        if settings.verify_url and not settings.verify:
            raise pytest.UsageError(
                "--rum-replay-verify-url is the base URL for --rum-replay-verify: pass that option as well"
            )
        if settings.verify:
            _check_live_api(settings.verify_url)
        return settings

    @property
    def guards_network(self) -> bool:
        """Allowing some hosts implies blocking all others."""
        return self.block_network or bool(self.allow_hosts)

    def network_guard(self) -> NetworkGuard:
        """A guard that allows the hosts of the settings; raises pytest.UsageError for invalid hosts."""
        try:
            return NetworkGuard(self.allow_hosts)
        except ValueError as error:
            raise pytest.UsageError(f"--rum-replay-allow-hosts: {error}") from None


def _check_live_api(url: str | None) -> None:
    from rum_replay import ConfigurationError

    from pytest_rum_replay.drift.verification import live_api

    try:
        live_api(url)
    except ConfigurationError as error:
        raise pytest.UsageError(f"--rum-replay-verify: {error}") from None
