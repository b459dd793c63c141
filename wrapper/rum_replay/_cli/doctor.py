"""`rum-replay doctor`: what options and environment come to. It names variables and never shows their values."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from .. import ConfigurationError, ReplayError, RetryPolicy, __version__
from .._credentials import API_KEY_VARIABLES, APP_KEY_VARIABLES, BEARER_TOKEN_VARIABLES, Credentials
from .._sites import ENVIRONMENT_VARIABLES as SITE_VARIABLES
from .._sites import SITES, resolve_base_url
from .commands import Command, CommandError, Settings
from .output import Columns

__all__ = ["doctor"]

_NETWORK_VARIABLES = ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")
_EMULATOR_NEEDS = ("jsonschema-rs", "uvicorn")

Findings = dict[str, Any]
"""What was found, by what it is about."""


@click.command("doctor", cls=Command)
@click.option("--online", is_flag=True, help="Make one GET that tells whether the credentials work.")
@click.pass_obj
def doctor(settings: Settings, online: bool) -> None:
    """Explain site and credentials, and try them.

    Says which ones a command here would use and where they come from, and with --online whether they work.
    Variables are named, their values never shown. Exits with 1 where something is wrong.
    """
    settings.check_target()
    findings: Findings = {"rum-replay": __version__, **_versions()}
    wrong = [_find_site(settings, findings), _find_credentials(findings)]
    findings["network"] = ", ".join(filter(_is_set_in_any_case, _NETWORK_VARIABLES)) or None
    problems = [problem for problem in wrong if problem]
    if online and not problems:
        problems += filter(None, [_ask(settings, findings)])
    rows: Columns[Findings] = {name.replace("_", " "): _finding(name) for name in findings}
    settings.output.item(findings, rows, dict)
    if problems:
        raise CommandError("; ".join(problems))


def _finding(name: str) -> Callable[[Findings], object]:
    return lambda findings: findings[name]


def _versions() -> Findings:
    found = {"python": platform.python_version()}
    for distribution in ("httpx", "attrs", "msgspec", "anyio", "click", "rich", *_EMULATOR_NEEDS):
        try:
            found[distribution] = version(distribution)
        except PackageNotFoundError:
            extra = "emulator" if distribution in _EMULATOR_NEEDS else "cli"
            found[distribution] = f'not installed: pip install "rum-replay[{extra}]"'
    return found


def _find_site(settings: Settings, findings: Findings) -> str | None:
    if settings.base_url is not None:
        origin = "--base-url"
    elif settings.site is not None:
        origin = "--site"
    else:
        origin = _first_set(SITE_VARIABLES) or "the default"
    try:
        base_url = resolve_base_url(settings.site, settings.base_url)
    except ConfigurationError as error:
        findings |= {"site": None, "base_url": None, "site_from": origin}
        return str(error)
    known = next((f"{site.name} ({site.domain})" for site in SITES if site.api_url == base_url), None)
    findings |= {"site": known or "none of Datadog's nine", "base_url": base_url, "site_from": origin}
    return None


def _find_credentials(findings: Findings) -> str | None:
    set_variables = [
        name
        for name in (*API_KEY_VARIABLES, *APP_KEY_VARIABLES, *BEARER_TOKEN_VARIABLES)
        if os.environ.get(name, "").strip()
    ]
    try:
        credentials = Credentials(None, None, None).resolve()
    except ConfigurationError as error:
        findings |= {"credentials": None, "credentials_from": ", ".join(set_variables) or None, "also_set": None}
        return str(error)
    sources = (BEARER_TOKEN_VARIABLES,) if credentials.are_bearer else (API_KEY_VARIABLES, APP_KEY_VARIABLES)
    used = [_first_set(variables) for variables in sources]
    unused = [name for name in set_variables if name not in used]
    findings |= {
        "credentials": "a bearer token" if credentials.are_bearer else "an API key and an application key",
        "credentials_from": ", ".join(filter(None, used)),
        "also_set": f"{', '.join(unused)} (not used)" if unused else None,
    }
    return None


def _first_set(variables: tuple[str, ...]) -> str | None:
    return next((name for name in variables if os.environ.get(name, "").strip()), None)


def _is_set_in_any_case(name: str) -> bool:
    return bool(os.environ.get(name) or os.environ.get(name.lower()))


def _ask(settings: Settings, findings: Findings) -> str | None:
    with settings.client() as replay:
        try:
            list(replay.with_options(retry=RetryPolicy(attempts=1)).playlists.list(page_size=1, limit=1))
        except ReplayError as error:
            findings["online"] = "failed"
            return str(error)
    findings["online"] = "the credentials work: they may list playlists"
    return None
