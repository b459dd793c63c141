"""The environment variables that clients read, set for tests."""

import os
from collections.abc import Mapping
from typing import Any

import pytest
from rum_replay._credentials import API_KEY_VARIABLES, APP_KEY_VARIABLES, BEARER_TOKEN_VARIABLES
from rum_replay._sites import ENVIRONMENT_VARIABLES, SITE_VARIABLES

__all__ = ["SITE", "credentials_for", "name_emulator", "set_missing_credentials"]

SITE = "datadoghq.com"
"""The site of clients that use an emulator."""

_INVENTED = {"api_key": "invented-api-key", "app_key": "invented-application-key"}
_VARIABLE = {
    "api_key": API_KEY_VARIABLES[0],
    "app_key": APP_KEY_VARIABLES[0],
    "bearer_token": BEARER_TOKEN_VARIABLES[0],
}
_ALL = (*ENVIRONMENT_VARIABLES, *API_KEY_VARIABLES, *APP_KEY_VARIABLES, *BEARER_TOKEN_VARIABLES)


def credentials_for(options: Mapping[str, Any]) -> dict[str, Any]:
    """The credentials for an emulator created with these options; invented ones where it requires none."""
    required = {name: options[name] for name in _VARIABLE if options.get(name) is not None}
    return required if list(required) == ["bearer_token"] else {**_INVENTED, **required}


def name_emulator(patch: pytest.MonkeyPatch, credentials: Mapping[str, str]) -> None:
    """Set a site and these credentials in the environment, and remove all others."""
    for variable in _ALL:
        patch.delenv(variable, raising=False)
    patch.setenv(SITE_VARIABLES[0], SITE)
    for name, value in credentials.items():
        patch.setenv(_VARIABLE[name], value)


def set_missing_credentials(patch: pytest.MonkeyPatch) -> None:
    """Set invented credentials if the environment has no complete ones, so that clients can be created."""
    has_keys = all(any(map(os.environ.get, names)) for names in (API_KEY_VARIABLES, APP_KEY_VARIABLES))
    if not has_keys and not any(map(os.environ.get, BEARER_TOKEN_VARIABLES)):
        for name, value in _INVENTED.items():
            patch.setenv(_VARIABLE[name], value)
