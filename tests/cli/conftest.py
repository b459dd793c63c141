"""Fixtures of the command line's tests."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest
from rum_replay_emulator import Emulator
from rum_replay_emulator.sample import SampleSession, load_sample

from .bench import API_KEY, APP_KEY, CommandLine


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys, and nothing else of what an environment may say about Datadog, proxies and terminals."""
    for prefix in ("DD", "DATADOG"):
        for name in ("SITE", "API_KEY", "APP_KEY", "BEARER_TOKEN", "ACCESS_TOKEN"):
            monkeypatch.delenv(f"{prefix}_{name}", raising=False)
    for name in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "FORCE_COLOR", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    monkeypatch.setenv("DD_APP_KEY", APP_KEY)


@pytest.fixture(scope="session", autouse=True)
def heeded_interrupts() -> Iterator[None]:
    """Shells start background jobs with interrupts ignored, and a process hands that on to those it starts."""
    before = signal.getsignal(signal.SIGINT)
    if before is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture(scope="session")
def sample() -> SampleSession:
    return load_sample()


@pytest.fixture
def emulator(sample: SampleSession) -> Emulator:
    emulator = Emulator(api_key=API_KEY, app_key=APP_KEY)
    for view in sample.views:
        emulator.load_segments(sample.session_id, view.view_id, view.segments)
    return emulator


@pytest.fixture
def rum_replay(
    emulator: Emulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[CommandLine]:
    with emulator.serve() as base_url:
        yield CommandLine(emulator, base_url, capsys, monkeypatch)
