"""Fixtures for the wrapper's tests."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator

import pytest
from hypothesis import settings

from .replay_driver import FLAVORS, Driver

settings.register_profile("deterministic", derandomize=True, database=None, deadline=None)
settings.load_profile("deterministic")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the Datadog and proxy settings of the machine that runs the tests."""
    for prefix in ("DD", "DATADOG"):
        for name in ("SITE", "API_KEY", "APP_KEY", "BEARER_TOKEN", "ACCESS_TOKEN"):
            monkeypatch.delenv(f"{prefix}_{name}", raising=False)
    monkeypatch.delenv("RUM_REPLAY_BASE_URL", raising=False)
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session", autouse=True)
def shared_tls_context() -> Iterator[None]:
    """Share one TLS context: loading the certificates takes longer than most tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield


@pytest.fixture(params=FLAVORS)
def driver(request: pytest.FixtureRequest) -> Iterator[Driver]:
    """The synchronous client, and the asynchronous one under asyncio and trio."""
    driver = Driver(request.param)
    yield driver
    driver.close()


@pytest.fixture
def sync_driver() -> Iterator[Driver]:
    """For behavior that precedes any request, or code that both clients share."""
    driver = Driver("sync")
    yield driver
    driver.close()


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    backend: str = request.param
    return backend
