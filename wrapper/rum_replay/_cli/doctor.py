"""`rum-replay doctor`: which site and credentials a command here uses. It names their sources and never shows keys."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import attrs
import click

from .. import ConfigurationError, ReplayError, RetryPolicy, __version__
from .._credentials import API_KEY_VARIABLES, APP_KEY_VARIABLES, BEARER_TOKEN_VARIABLES, Credentials
from .._extras import install_command
from .._sites import ENVIRONMENT_VARIABLES, SITES, Site, resolve_base_url
from .choice import Choice, first_set, is_set
from .commands import ApiCommand, CommandError, Settings
from .output import Columns
from .profiles import profiles_file

__all__ = ["doctor"]

_NETWORK_VARIABLES = ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_REQUIRED = ("httpx", "attrs", "msgspec", "anyio", "click", "rich")
"""The distributions without which no command runs."""

_EMULATOR = ("jsonschema-rs", "uvicorn")
"""The distributions that the emulator needs as well."""


@attrs.define
class _Findings:
    profile: str | None = None
    profile_from: str | None = None
    profiles_file: str | None = None
    site: Site | None = None
    base_url: str | None = None
    site_from: str = "the default"
    credentials: str | None = None
    credentials_from: list[str] = attrs.field(factory=list[str])
    unused: list[str] = attrs.field(factory=list[str])
    network_variables: list[str] = attrs.field(factory=list[str])
    online: bool | None = None
    problems: list[str] = attrs.field(factory=list[str])


def _version(distribution: str) -> str | None:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _version_cell(distribution: str) -> Callable[[_Findings], str]:
    return lambda _: _version(distribution) or f"not installed: {install_command('emulator')}"


def _site_cell(found: _Findings) -> str | None:
    if found.site is not None:
        return f"{found.site.name} ({found.site.domain})"
    return None if found.base_url is None else "not a site of Datadog"


def _online_cell(found: _Findings) -> str:
    if found.online is None:
        return "not tried, because of the problem below" if found.problems else "not tried; add --online"
    return "the credentials work: they may list playlists" if found.online else "failed"


_COLUMNS: Columns[_Findings] = {
    "rum-replay": lambda _: __version__,
    "python": lambda _: platform.python_version(),
    **{distribution: _version_cell(distribution) for distribution in (*_REQUIRED, *_EMULATOR)},
    "profile": lambda found: found.profile and f"{found.profile} (from {found.profile_from})",
    "profiles in": lambda found: found.profiles_file or f"{profiles_file()}, which does not exist",
    "site": _site_cell,
    "base url": lambda found: found.base_url,
    "site from": lambda found: found.site_from,
    "credentials": lambda found: found.credentials,
    "credentials from": lambda found: ", ".join(found.credentials_from),
    "set but not used": lambda found: ", ".join(found.unused),
    "network": lambda found: ", ".join(found.network_variables),
    "online": _online_cell,
}


def _to_json(found: _Findings) -> dict[str, Any]:
    return {
        "version": __version__,
        "python": platform.python_version(),
        "dependencies": {distribution: _version(distribution) for distribution in (*_REQUIRED, *_EMULATOR)},
        "profile": found.profile,
        "profile_from": found.profile_from,
        "profiles_file": found.profiles_file,
        "site": found.site and found.site.name,
        "base_url": found.base_url,
        "site_from": found.site_from,
        "credentials": found.credentials,
        "credentials_from": found.credentials_from,
        "unused": found.unused,
        "network_variables": found.network_variables,
        "online": found.online,
        "problems": found.problems,
    }


@click.command("doctor", cls=ApiCommand)
@click.option("--online", is_flag=True, help="Send one GET request to see whether the credentials work.")
@click.pass_obj
def doctor(settings: Settings, online: bool) -> None:
    """Check the site and credentials in use.

    Shows which site and credentials a command would use here and where each comes from: an option, the environment or a
    profile, whose commands for keys are run. With --online, it also shows whether they work. Variables and commands are
    named; keys are never shown. The exit status is 1 if there is a problem.
    """
    found = _Findings()
    found.network_variables = [name for name in _NETWORK_VARIABLES if is_set(name) or is_set(name.lower())]
    file = profiles_file()
    found.profiles_file = str(file) if os.path.exists(file) else None  # noqa: PTH110 - `Path.exists` may fail
    try:
        choice = settings.choice
    except ReplayError as error:
        found.site_from = "the profile, which cannot be used"
        found.problems.append(str(error))
    else:
        if choice.profile is not None:
            found.profile, found.profile_from = choice.profile.name, choice.profile.chosen_by
        _find_site(choice, found)
        _find_credentials(choice, found)
        if choice.profile is not None:
            found.unused += [f"{member} of {choice.profile.title}" for member in choice.overridden]
    if online and not found.problems:
        _try_credentials(settings, found)
    settings.output.item(found, _COLUMNS, _to_json)
    if found.problems:
        raise CommandError("; ".join(found.problems))


def _find_site(choice: Choice, found: _Findings) -> None:
    found.site_from = choice.site_from
    found.unused = [name for name in ENVIRONMENT_VARIABLES if is_set(name) and name != found.site_from]
    try:
        found.base_url = resolve_base_url(choice.site, choice.base_url)
    except ConfigurationError as error:
        found.problems.append(str(error))
    found.site = next((site for site in SITES if site.api_url == found.base_url), None)


def _find_credentials(choice: Choice, found: _Findings) -> None:
    variables = list(filter(is_set, (*API_KEY_VARIABLES, *APP_KEY_VARIABLES, *BEARER_TOKEN_VARIABLES)))
    try:
        credentials = Credentials(choice.key("api_key"), choice.key("app_key"), choice.key("bearer_token")).resolve()
    except ConfigurationError as error:
        found.credentials_from = [*variables, *(source.title for source in choice.keys.values())]
        found.problems.append(str(error))
        return
    needed = {"bearer_token": BEARER_TOKEN_VARIABLES} if credentials.are_bearer else _KEY_VARIABLES
    found.credentials = "a bearer token" if credentials.are_bearer else "an API key and an application key"
    for argument, alternatives in needed.items():
        source = choice.keys.get(argument)
        found.credentials_from.append(first_set(alternatives) if source is None else source.title)
    found.unused += [name for name in variables if name not in found.credentials_from]


_KEY_VARIABLES = {"api_key": API_KEY_VARIABLES, "app_key": APP_KEY_VARIABLES}


def _try_credentials(settings: Settings, found: _Findings) -> None:
    with settings.client() as replay:
        try:
            list(replay.with_options(retry=RetryPolicy(attempts=1)).playlists.list(page_size=1, limit=1))
        except ReplayError as error:
            found.online = False
            found.problems.append(str(error))
        else:
            found.online = True
