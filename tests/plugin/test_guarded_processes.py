"""The network guard in processes that tests start: real ones, and nothing is contacted."""

from __future__ import annotations

import json
import multiprocessing.util
import os
import socket
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_rum_replay.network import children
from pytest_rum_replay.network.children import SessionGuard
from pytest_rum_replay.network.guard import NetworkBlockedError

from .inner_runs import LEAN

SUITE = """
import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor

import pytest
from pytest_rum_replay.network.guard import NetworkBlockedError

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], 443))"
NESTED = "import subprocess, sys; sys.exit(subprocess.call([sys.executable, *sys.argv[1:]]))"

def connect(host):
    socket.create_connection((host, 443))

@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_pool(method):
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(method)) as pool:
        with pytest.raises(NetworkBlockedError, match=f"name resolution of pool-{method}.invalid.*test_pool"):
            pool.submit(connect, f"pool-{method}.invalid").result()

def test_process(capfd):
    process = multiprocessing.get_context("fork").Process(target=connect, args=["process.invalid"])
    process.start()
    process.join()
    assert process.exitcode == 1
    assert "NetworkBlockedError" in capfd.readouterr().err

def test_fork(capfd):
    pid = os.fork()
    if pid == 0:
        try:
            connect("fork.invalid")
        except NetworkBlockedError:
            os._exit(7)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

@pytest.mark.parametrize("arguments", [["-c", CONNECT], ["-c", NESTED, "-c", CONNECT]])
def test_program(arguments):
    command = [sys.executable, *arguments, f"program-{len(arguments)}.invalid"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 1
    assert "NetworkBlockedError: the network guard blocked a name resolution of program-" in done.stderr

def test_asyncio():
    async def main():
        process = await asyncio.create_subprocess_exec(sys.executable, "-c", CONNECT, "asyncio.invalid", stderr=-3)
        return await process.wait()
    assert asyncio.run(main()) == 1

def test_loopback():
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        command = f"import socket; socket.create_connection(('localhost', {port})).close(); print(socket.getfqdn())"
        done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
        assert done.stdout.strip() == socket.getfqdn()
"""
HOSTS = [
    "pool-fork",
    "pool-spawn",
    "pool-forkserver",
    "process",
    "fork",
    "program-2",
    "program-4",
    "asyncio",
]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for temporary files that nothing else on this machine uses."""
    multiprocessing.util.get_temp_dir()  # stays where it is: other tests use its sockets after this one
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", None)
        yield Path(folder)


def test_every_kind_of_process_is_guarded_and_its_attempts_are_reported(
    pytester: pytest.Pytester, temporary: Path
) -> None:
    before = environment()
    pytester.makepyfile(test_a=SUITE)
    result = pytester.runpytest_inprocess(*LEAN, "--rum-replay-block-network")
    result.assert_outcomes(passed=9)
    lines = result.stdout.lines
    start = next(number for number, line in enumerate(lines) if "blocked by the network guard" in line)
    shown = set(lines[start + 1 : start + 1 + len(HOSTS)])
    assert shown == {f"name resolution of {host}.invalid:443" for host in HOSTS}
    assert environment() == before
    assert list(temporary.iterdir()) == []


def test_what_processes_of_a_worker_tried_is_reported_even_if_the_worker_crashes(
    pytester: pytest.Pytester, temporary: Path
) -> None:
    pytester.makepyfile(
        """
        import os, subprocess, sys

        def test_crash():
            connect = "import socket; socket.create_connection(('crashed.invalid', 443))"
            subprocess.run([sys.executable, "-c", connect])
            os._exit(1)
        """
    )
    result = pytester.runpytest_subprocess(*LEAN, "-n1", "--max-worker-restart=0", "--rum-replay-block-network")
    result.stdout.fnmatch_lines(["*blocked by the network guard*", "name resolution of crashed.invalid:443"])
    assert list(temporary.glob("rum-replay-blocked-*")) == []


@pytest.fixture
def guard(monkeypatch: pytest.MonkeyPatch) -> Iterator[SessionGuard]:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.delenv(children.GUARDS, raising=False)
    guard = SessionGuard(["10.0.0.0/8"], is_xdist_worker=False)
    guard.install()
    yield guard
    guard.remove()
    guard.blocked()


def python(*arguments: str, cwd: Path | None = None) -> str:
    command = [sys.executable, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, cwd=cwd)
    return done.stdout + done.stderr


def test_processes_have_the_same_allowed_hosts(guard: SessionGuard) -> None:
    program = "import socket, sys; socket.socket(type=socket.SOCK_DGRAM).connect((sys.argv[1], 9))"
    assert "Blocked" not in python("-c", program, "10.1.2.3")
    assert "Blocked" in python("-c", program, "198.51.100.1")
    assert guard.blocked() == ["connection to 198.51.100.1:9"]
    assert guard.blocked() == []


def test_of_nested_guards_each_must_allow(guard: SessionGuard) -> None:
    inner = SessionGuard(["10.0.0.0/8", "198.51.100.1"], is_xdist_worker=False)
    inner.install()
    program = "import socket, sys; socket.socket(type=socket.SOCK_DGRAM).connect((sys.argv[1], 9))"
    assert "Blocked" in python("-c", program, "198.51.100.1")
    assert "Blocked" in python("-c", program, "198.51.100.2")
    inner.remove()
    assert inner.blocked() == ["connection to 198.51.100.2:9"]
    assert guard.blocked() == ["connection to 198.51.100.1:9"]


def test_a_program_that_uses_no_socket_is_as_without_a_guard(guard: SessionGuard, tmp_path: Path) -> None:
    program = "import sys; print(sys.path, 'socket' in sys.modules, 'attrs' in sys.modules)"
    guarded = python("-c", program, cwd=tmp_path)
    guard.remove()
    assert guarded == python("-c", program, cwd=tmp_path)
    assert "False False" in guarded


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("print('their own', __name__)", "their own sitecustomize\nTrue"),
        ("import missing_module", "No module named 'missing_module'"),
    ],
)
def test_another_sitecustomize_runs_as_ever(
    guard: SessionGuard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, source: str, shown: str
) -> None:
    (tmp_path / "sitecustomize.py").write_text(source, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", f"{os.environ['PYTHONPATH']}{os.pathsep}{tmp_path}")
    output = python("-v", "-c", "import sitecustomize; print(sitecustomize.__file__ is not None)")
    assert shown in output.replace("\r", "")
    program = "import socket; socket.socket(type=socket.SOCK_DGRAM).connect(('198.51.100.1', 9))"
    assert "Blocked" in python("-c", program)


def test_a_process_may_have_a_guard_of_its_own_before_it_uses_a_socket(guard: SessionGuard) -> None:
    program = textwrap.dedent(
        """
        import sys
        from pytest_rum_replay.network.guard import NetworkBlockedError, NetworkGuard
        from pytest_rum_replay.network.hook import installation
        own = NetworkGuard()
        with own:
            import trio
            try:
                trio.run(trio.open_tcp_stream, "10.1.2.3", 9)
            except NetworkBlockedError:
                watches = [finder for finder in sys.meta_path if type(finder).__name__ == "ImportWatch"]
                print(len(own.attempts), len(installation._guards), len(watches))
        """
    )
    assert python("-c", program) == "1 2 1\n"
    assert guard.blocked() == []


def test_each_guard_is_installed_once(guard: SessionGuard) -> None:
    program = (
        "import socket; socket.socket().close(); socket.socket().close();"
        "from pytest_rum_replay.network.hook import installation; print(len(installation._guards))"
    )
    assert python("-c", program) == "1\n"


def test_a_python_that_does_not_have_the_plugin_runs_unguarded(guard: SessionGuard) -> None:
    program = (
        "import sys; sys.modules['pytest_rum_replay'] = None; import socket; socket.socket().close(); print('ran')"
    )
    assert python("-c", program) == "ran\n"


@pytest.mark.parametrize("value", ["", "nonsense", "{}", "[1]", "null"])
def test_a_variable_that_is_not_ours_is_ignored(
    guard: SessionGuard, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv(children.GUARDS, value)
    assert python("-c", "import socket; socket.socket().close(); print('ran')") == "ran\n"


def test_a_link_in_the_place_of_the_log_is_not_followed(
    guard: SessionGuard, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    victim, link = tmp_path / "victim", tmp_path / "log"
    victim.write_bytes(b"precious")
    link.symlink_to(victim)
    monkeypatch.setenv(children.GUARDS, json.dumps([[[], str(link)]]))
    program = """
import socket
try:
    socket.gethostbyname("linked.invalid")
except Exception as error:
    print(type(error).__name__)
"""
    assert python("-c", program) == "NetworkBlockedError\n"
    assert victim.read_bytes() == b"precious"


@pytest.mark.parametrize(
    ("before", "changed", "after"),
    [
        (None, "{}", None),
        ("", "{}", None),
        ("/theirs", "{}", "/theirs"),
        ("/theirs", "/more:{}", "/more:/theirs"),
        (None, "/more:{}", "/more"),
        ("/theirs", "/other", "/other"),
    ],
)
def test_the_environment_is_as_before_except_for_what_tests_have_changed(
    monkeypatch: pytest.MonkeyPatch, before: str | None, changed: str, after: str | None
) -> None:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.setenv(children.GUARDS, "[]")
    if before is not None:
        monkeypatch.setenv("PYTHONPATH", before)
    guard = SessionGuard([], is_xdist_worker=False)
    guard.remove()
    guard.install()
    monkeypatch.setenv("PYTHONPATH", changed.replace(":", os.pathsep).format(os.environ["PYTHONPATH"]))
    guard.remove()
    guard.remove()
    assert os.environ.get("PYTHONPATH") == (after and after.replace(":", os.pathsep))
    assert os.environ[children.GUARDS] == "[]"


def test_an_attempt_of_this_process_is_reported_once(guard: SessionGuard) -> None:
    with pytest.raises(NetworkBlockedError):
        socket.gethostbyname("once.invalid")
    assert guard.blocked() == ["name resolution of once.invalid"]
