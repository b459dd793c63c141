"""One suite that uses a fixture of each plugin commonly installed with ours, in a separate environment."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import environments
import pytest

ROOT = Path(__file__).resolve().parents[2]

SUITE = """
import asyncio

import anyio
import httpx
import pytest
import uvloop
from pytest_rum_replay.network.guard import NetworkBlockedError, NetworkGuard
from rum_replay import ReplayClient

PLAYLISTS = "https://api.datadoghq.com/api/v2/rum/replay/playlists"


@pytest.fixture
def anyio_backend():
    return "asyncio"


def create(client):
    assert client.playlists.create("Checkout bugs").name == "Checkout bugs"


def test_pytest_replay(replay_metadata, rum_replay_client):
    create(rum_replay_client)


@pytest.mark.vcr
@pytest.mark.block_network
def test_pytest_recording(vcr, rum_replay_client):
    create(rum_replay_client)
    assert vcr.play_count == 0


def test_cassetter(cassette, rum_replay_client):
    assert cassette is None
    create(rum_replay_client)


def test_pytest_httpx(httpx_mock, rum_replay_client):
    httpx_mock.add_response(status_code=418)
    assert httpx.get("https://elsewhere.example.com/").status_code == 418
    create(rum_replay_client)


def test_respx(respx_mock, rum_replay_client):
    respx_mock.get("https://elsewhere.example.com/").respond(418)
    assert httpx.get("https://elsewhere.example.com/").status_code == 418
    create(rum_replay_client)


@pytest.mark.asyncio
async def test_pytest_asyncio(rum_replay_async_client):
    assert (await rum_replay_async_client.playlists.create("one")).name == "one"


@pytest.mark.anyio
async def test_anyio(rum_replay_async_client):
    assert (await rum_replay_async_client.playlists.create("one")).name == "one"


def test_pytest_xdist(worker_id, rum_replay_server):
    assert worker_id.startswith("gw")
    with ReplayClient(base_url=rum_replay_server.url, api_key="a", app_key="b") as client:
        create(client)


@pytest.mark.parametrize(
    "connect",
    [
        lambda loop: loop.create_connection(asyncio.Protocol, "198.51.100.1", 443),
        lambda loop: loop.create_connection(asyncio.Protocol, host="api.example.invalid", port=443),
        lambda loop: loop.create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=("198.51.100.1", 53)),
        lambda loop: loop.getaddrinfo("api.example.invalid", 443),
        lambda loop: anyio.connect_tcp("198.51.100.1", 443),
    ],
)
def test_uvloop(connect):
    async def main():
        await connect(asyncio.get_running_loop())

    with NetworkGuard(), pytest.raises(NetworkBlockedError, match="the network guard blocked a"):
        uvloop.run(main())


def test_uvloop_on_loopback():
    async def main():
        loop = asyncio.get_running_loop()
        assert await loop.getaddrinfo("198.51.100.1", 443)
        async with await asyncio.start_server(lambda _, writer: writer.close(), "localhost", 0) as server:
            reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
            assert await reader.read() == b""
            writer.close()

    with NetworkGuard():
        uvloop.run(main())


def test_ours(rum_replay_environment):
    with ReplayClient() as client:
        create(client)
    assert httpx.get(PLAYLISTS).status_code == 401


@pytest.mark.rum_replay_cassette(record="rewrite")
def test_our_cassette(rum_replay_cassette, rum_replay_server):
    with ReplayClient(base_url=rum_replay_server.url, api_key="invented-1", app_key="invented-2") as client:
        create(client)
    assert len(rum_replay_cassette.recorded) == 1
"""


def environment_with_neighbors(folder: Path) -> Path:
    """The Python of a new environment with the wheel of this checkout and all neighboring plugins."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (wheel,) = folder.glob("*.whl")
    python = environments.make(folder / "venv")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    neighbors = project["optional-dependencies"]["neighbors"]
    pins = str(ROOT / "constraints.txt")
    environments.install(python, "--constraint", pins, f"{wheel}[pytest]", *neighbors)
    return python


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return environment_with_neighbors(tmp_path_factory.mktemp("neighbors"))


# Both define the same option, so pytest refuses to start with both; each is left out once.
@pytest.mark.parametrize(("left_out", "present"), [("cassetter", "recording"), ("recording", "cassetter")])
def test_one_suite_uses_a_fixture_of_each(python: Path, tmp_path: Path, left_out: str, present: str) -> None:
    (tmp_path / "test_together.py").write_text(SUITE, encoding="utf-8")
    settings = "[pytest]\nasyncio_mode = strict\nasyncio_default_fixture_loop_scope = function\n"
    (tmp_path / "pytest.ini").write_text(settings, encoding="utf-8")
    choice = ["-p", f"no:{left_out}", "-k", f"not {left_out}"]
    finished = subprocess.run(
        [str(python), "-m", "pytest", "-n", "2", "--replay-record-dir=replayed", *choice],
        cwd=tmp_path,
        # Variables that an outer run sets for its own processes do not apply to this run.
        env={name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "15 passed" in finished.stdout
    loaded = finished.stdout.partition("plugins: ")[2].partition("\n")[0]
    for plugin in ("rum-replay", "replay", present, "httpx", "respx", "asyncio", "anyio", "xdist"):
        assert f"{plugin}-" in loaded
