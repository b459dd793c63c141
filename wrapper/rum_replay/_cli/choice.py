"""Which site and which credentials count: an option before the environment, that before a profile."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

import attrs

from .._credentials import API_KEY_VARIABLES, APP_KEY_VARIABLES, BEARER_TOKEN_VARIABLES
from .._errors import ConfigurationError
from .._sites import base_url_origin
from .key_sources import KeySource, looks_like_key
from .profiles import Profile, Profiles, profiles_file, why_absent

__all__ = ["PROFILE_VARIABLE", "Choice", "choose", "first_set", "is_set"]

PROFILE_VARIABLE = "RUM_REPLAY_PROFILE"
_KEYS = {"api_key": API_KEY_VARIABLES, "app_key": APP_KEY_VARIABLES, "bearer_token": BEARER_TOKEN_VARIABLES}


@attrs.frozen
class Choice:
    """The site and the credentials that a command uses: an option counts before the environment, that before a profile.

    Of the keys, the environment's count if they are complete: a token, or both keys. One key alone is completed by the
    profile, or gives way to the profile's token.
    """

    profile: Profile | None
    site: str | None
    base_url: str | None
    """Both None where the environment or the default decides."""

    site_from: str
    keys: Mapping[str, KeySource]
    """Those that the profile contributes."""

    overridden: tuple[str, ...]
    """What the profile has and does not count, such as `the site of profile 'acme'`."""

    @property
    def warning(self) -> str | None:
        """What to say if a profile that was asked for does not decide everything that it states."""
        if self.profile is None or self.profile.chosen_by == "default_profile" or not self.overridden:
            return None
        names = " and ".join(self.overridden)
        return f"the environment counts before {names} of {self.profile.title}: see `rum-replay doctor`"

    def key(self, argument: str) -> str | None:
        """The key that the profile contributes for an argument of the client; raises ConfigurationError."""
        source = self.keys.get(argument)
        return None if source is None else source.get()


def choose(site: str | None, base_url: str | None, name: str | None) -> Choice:
    """What counts, given the options; raises ConfigurationError or FileError if the profile cannot be used."""
    profile = _profile(name)
    if profile is None:
        origin = "--base-url" if base_url is not None else "--site" if site is not None else base_url_origin()
        return Choice(None, site, base_url, origin or "the default", {}, ())
    overridden: list[str] = []
    stated = [member for member in ("site", "base_url") if getattr(profile, member) is not None]
    given = "--base-url" if base_url is not None else "--site" if site is not None else None
    if (origin := given or base_url_origin()) is not None:
        overridden += [] if given else stated
    elif stated:
        origin, site, base_url = profile.title, profile.site, profile.base_url
    keys = _contributed(profile)
    overridden += [argument for argument in profile.keys if argument not in keys]
    return Choice(profile, site, base_url, origin or "the default", keys, tuple(overridden))


def _contributed(profile: Profile) -> dict[str, KeySource]:
    in_environment = {argument for argument, variables in _KEYS.items() if any(map(is_set, variables))}
    if "bearer_token" in in_environment or {"api_key", "app_key"} <= in_environment:
        return {}
    return {argument: source for argument, source in profile.keys.items() if argument not in in_environment}


def is_set(variable: str) -> bool:
    """Whether the environment has a variable that is not empty."""
    return bool(os.environ.get(variable, "").strip())


def first_set(variables: Iterable[str]) -> str:
    """Of variables that mean the same, the one that counts."""
    return next(filter(is_set, variables))


def _profile(name: str | None) -> Profile | None:
    chosen_by = "--profile"
    if name is None and is_set(PROFILE_VARIABLE):
        name, chosen_by = os.environ[PROFILE_VARIABLE].strip(), PROFILE_VARIABLE
    path = profiles_file()
    document = Profiles.read(path)
    if name is None:
        name, chosen_by = document.default_profile, "default_profile"
    if name is None:
        return None
    if name not in document.profiles:
        known = f"it has {', '.join(map(repr, document.profiles))}" if document.profiles else "it has none"
        where = f"{path} has no such profile; {known}" if document.is_there else why_absent(path)
        named = "something that looks like a key" if looks_like_key(name) else f"profile {name!r:.80}"
        raise ConfigurationError(f"{chosen_by} names {named}, and {where}")
    return attrs.evolve(document.profiles[name], chosen_by=chosen_by)
