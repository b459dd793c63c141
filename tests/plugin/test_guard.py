"""The network guard with real sockets: loopback works, and nothing else is contacted.

198.51.100.1 (TEST-NET-2) never answers, so a guard that let a connection through would make a test hang, not pass.
"""

from __future__ import annotations

import asyncio
import contextlib
import email.utils
import errno
import http.server
import importlib
import logging.handlers
import multiprocessing.connection
import os
import pickle
import platform
import smtplib
import socket
import socketserver
import subprocess
import sys
import textwrap
import urllib.request
import uuid
import wsgiref.simple_server
import xmlrpc.server
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
import trio
import urllib3
from pytest_rum_replay.network import this_machine
from pytest_rum_replay.network.connectors import ImportWatch
from pytest_rum_replay.network.guard import BlockedAttempt, NetworkBlockedError, NetworkGuard
from rum_replay import AsyncReplayClient, ReplayClient
from rum_replay_emulator import ManualClock

from .inner_runs import LEAN

OUTSIDE = "198.51.100.1"
NAME = "api.datadoghq.invalid"
PATCHED = ("bind", "connect", "connect_ex", "sendto", "sendmsg")
RESOLVERS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex")
REVERSE = ("gethostbyaddr", "getnameinfo")

# As after `from socket import …`.
early_socket, early_getaddrinfo = socket.socket, socket.getaddrinfo
early_gethostbyaddr, early_getnameinfo = socket.gethostbyaddr, socket.getnameinfo


def state() -> list[object]:
    watches = [finder for finder in sys.meta_path if isinstance(finder, ImportWatch)]
    return (
        [watches]
        + [vars(socket.socket).get(name) for name in PATCHED]
        + [
            getattr(owner, name)
            for owner, names in (
                (socket, RESOLVERS + REVERSE),
                (asyncio.BaseEventLoop, ["create_connection"]),
                (anyio, ["connect_tcp"]),
                (trio, ["open_tcp_stream"]),
            )
            for name in names
        ]
    )


@pytest.fixture
def guard() -> Iterator[NetworkGuard]:
    before = state()
    with NetworkGuard() as guard:
        yield guard
    assert state() == before


@pytest.fixture
def listener() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()


_made: list[socket.socket] = []


def tcp() -> socket.socket:
    _made.append(socket.socket())
    _made[-1].settimeout(0.001)  # in case something gets through
    return _made[-1]


def udp() -> socket.socket:
    _made.append(socket.socket(type=socket.SOCK_DGRAM))
    return _made[-1]


@pytest.fixture(autouse=True)
def closed_sockets() -> Iterator[None]:
    yield
    while _made:
        _made.pop().close()


def raw_connect() -> None:
    sock = tcp()
    super(socket.socket, sock).connect((OUTSIDE, 443))


WAYS_OUT: dict[str, tuple[Callable[[], Any], str, str | None]] = {
    "connect": (lambda: tcp().connect((OUTSIDE, 443)), OUTSIDE, "443"),
    "connect_ex": (lambda: tcp().connect_ex((OUTSIDE, 443)), OUTSIDE, "443"),
    "connect of an earlier import": (lambda: early_socket().connect((OUTSIDE, 443)), OUTSIDE, "443"),
    "connect below the class": (raw_connect, OUTSIDE, "443"),
    "connect to a name": (lambda: tcp().connect((NAME, 443)), NAME, "443"),
    "connect_ex to a name": (lambda: tcp().connect_ex((NAME, 443)), NAME, "443"),
    "bind to a name": (lambda: tcp().bind((NAME, 0)), NAME, "0"),
    "create_connection": (lambda: socket.create_connection((OUTSIDE, 443), timeout=0.001), OUTSIDE, "443"),
    "create_connection to a name": (lambda: socket.create_connection((NAME, 443)), NAME, "443"),
    "sendto": (lambda: udp().sendto(b"x", (OUTSIDE, 53)), OUTSIDE, "53"),
    "sendto with flags": (lambda: udp().sendto(b"x", 0, (OUTSIDE, 53)), OUTSIDE, "53"),
    "sendto to a name": (lambda: udp().sendto(b"x", (NAME, 53)), NAME, "53"),
    "sendmsg": (lambda: udp().sendmsg([b"x"], [], 0, (OUTSIDE, 53)), OUTSIDE, "53"),
    "sendmsg to a name": (lambda: udp().sendmsg([b"x"], [], 0, (NAME, 53)), NAME, "53"),
    "IPv6": (lambda: socket.socket(socket.AF_INET6).connect(("2001:db8::1", 443)), "2001:db8::1", "443"),
    "getaddrinfo": (lambda: socket.getaddrinfo(NAME, 443), NAME, "443"),
    "getaddrinfo by keyword": (lambda: socket.getaddrinfo(host=NAME, port="https"), NAME, "https"),
    "getaddrinfo of an earlier import": (lambda: early_getaddrinfo(NAME, None), NAME, None),
    "getaddrinfo of bytes": (lambda: socket.getaddrinfo(NAME.encode(), 443), NAME, "443"),
    "gethostbyname": (lambda: socket.gethostbyname(NAME), NAME, None),
    "gethostbyname_ex": (lambda: socket.gethostbyname_ex(NAME), NAME, None),
    "gethostbyaddr": (lambda: socket.gethostbyaddr(NAME), NAME, None),
    "gethostbyaddr of an earlier import": (lambda: early_gethostbyaddr(OUTSIDE), OUTSIDE, None),
    "getnameinfo of an earlier import": (lambda: early_getnameinfo((OUTSIDE, 443), 0), OUTSIDE, "443"),
    "getfqdn": (lambda: socket.getfqdn(NAME), NAME, None),
    "urllib": (lambda: urllib.request.urlopen(f"http://{NAME}/"), NAME, "80"),
    "urllib3": (lambda: urllib3.PoolManager(retries=9).request("GET", f"http://{NAME}/"), NAME, "80"),
    "urllib3 to an address": (lambda: urllib3.PoolManager().request("GET", f"http://{OUTSIDE}/"), OUTSIDE, "80"),
    "httpx": (lambda: httpx.get(f"https://{NAME}/"), NAME, "443"),
    "httpx to an address": (lambda: httpx.get(f"http://{OUTSIDE}/"), OUTSIDE, "80"),
}


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_is_blocked_and_reported(guard: NetworkGuard, way: str) -> None:
    go, host, port = WAYS_OUT[way]
    with pytest.raises(NetworkBlockedError) as caught:
        go()
    assert not isinstance(caught.value, OSError)
    attempt = guard.attempts[0]
    assert (attempt.host, attempt.port) == (host, port)
    assert attempt == caught.value.attempt
    assert len(guard.attempts) == 1


async def asyncio_sock_connect() -> None:
    with socket.socket() as sock:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, (OUTSIDE, 443))


async def asyncio_getaddrinfo() -> None:
    await asyncio.get_running_loop().getaddrinfo(NAME, 443)


async def asyncio_datagram() -> None:
    await asyncio.get_running_loop().create_datagram_endpoint(asyncio.DatagramProtocol, remote_addr=(OUTSIDE, 53))


async def httpx_get(host: str) -> None:
    async with httpx.AsyncClient() as client:
        await client.get(f"https://{host}/")


async def our_client(host: str) -> None:
    async with AsyncReplayClient(base_url=f"https://{host}", api_key="k" * 32, app_key="a" * 40) as client:
        await client.playlists.get(1)


async def task_group() -> None:
    async with asyncio.timeout(None):
        await asyncio.gather(asyncio.create_task(httpx_get(NAME)))


ASYNC_WAYS_OUT: dict[str, tuple[str, Callable[[], Any]]] = {
    "open_connection": ("asyncio", lambda: asyncio.open_connection(NAME, 443)),
    "open_connection to an address": ("asyncio", lambda: asyncio.open_connection(OUTSIDE, 443)),
    "happy eyeballs": ("asyncio", lambda: asyncio.open_connection(NAME, 443, happy_eyeballs_delay=0.1)),
    "happy eyeballs to an address": ("asyncio", lambda: asyncio.open_connection(OUTSIDE, 443, happy_eyeballs_delay=0)),
    "sock_connect": ("asyncio", asyncio_sock_connect),
    "getaddrinfo": ("asyncio", asyncio_getaddrinfo),
    "datagram": ("asyncio", asyncio_datagram),
    "thread": ("asyncio", lambda: asyncio.to_thread(httpx.get, f"https://{NAME}/")),
    "task": ("asyncio", task_group),
    "trio": ("trio", lambda: trio.open_tcp_stream(NAME, 443)),
    "trio to an address": ("trio", lambda: trio.open_tcp_stream(OUTSIDE, 443)),
    "trio to an address by keyword": ("trio", lambda: trio.open_tcp_stream(host=OUTSIDE, port=443)),
    "trio with TLS": ("trio", lambda: trio.open_ssl_over_tcp_stream(OUTSIDE, 443)),
    "trio's getaddrinfo": ("trio", lambda: trio.socket.getaddrinfo(NAME, 443)),
    **{
        f"{name} under {backend}": (backend, go)
        for backend in ("asyncio", "trio")
        for name, go in [
            ("anyio", lambda: anyio.connect_tcp(NAME, 443)),
            ("anyio to an address", lambda: anyio.connect_tcp(OUTSIDE, 443)),
            ("anyio's getaddrinfo", lambda: anyio.getaddrinfo(NAME, 443)),
            ("anyio's thread", lambda: anyio.to_thread.run_sync(socket.create_connection, (OUTSIDE, 443))),
            ("httpx", lambda: httpx_get(NAME)),
            ("httpx to an address", lambda: httpx_get(OUTSIDE)),
            ("our client", lambda: our_client(NAME)),
            ("our client to an address", lambda: our_client(OUTSIDE)),
        ]
    },
}


@pytest.mark.parametrize("way", ASYNC_WAYS_OUT)
def test_every_asynchronous_way_out_raises_what_was_blocked(guard: NetworkGuard, way: str) -> None:
    backend, go = ASYNC_WAYS_OUT[way]

    async def main() -> None:
        await go()

    with pytest.raises(NetworkBlockedError, match=f"blocked a .*({NAME}|{OUTSIDE})"):
        anyio.run(main, backend=backend)
    assert len(guard.attempts) == 1


def test_functions_of_modules_that_are_imported_later_raise_what_was_blocked_too() -> None:
    script = """
        from pytest_rum_replay.network.guard import NetworkBlockedError, NetworkGuard
        import sys
        with NetworkGuard():
            assert not {"anyio", "trio", "asyncio"} & set(sys.modules)
            from trio import open_tcp_stream, run
            try:
                run(open_tcp_stream, "198.51.100.1", 80)
            except NetworkBlockedError:
                print("trio")
            from anyio import connect_tcp, run
            try:
                run(connect_tcp, "198.51.100.1", 80)
            except NetworkBlockedError:
                print("anyio")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["trio", "anyio"]


def test_our_client_does_not_retry_blocked_requests(guard: NetworkGuard) -> None:
    clock = ManualClock()
    before = clock.time()
    with (
        ReplayClient(base_url=f"https://{NAME}", api_key="k" * 32, app_key="a" * 40, clock=clock) as client,
        pytest.raises(NetworkBlockedError),
    ):
        client.playlists.get(1)
    assert clock.time() == before
    assert len(guard.attempts) == 1


def test_swallowed_attempts_are_kept_with_the_test_that_ran(guard: NetworkGuard) -> None:
    for _ in range(2):
        with contextlib.suppress(Exception):
            socket.create_connection((NAME, 443))
    test = "tests/plugin/test_guard.py::test_swallowed_attempts_are_kept_with_the_test_that_ran (call)"
    assert guard.attempts == [BlockedAttempt("name resolution", NAME, "443", test)] * 2


def test_the_error_says_what_was_blocked_where_and_how_to_allow_it(guard: NetworkGuard) -> None:
    with pytest.raises(NetworkBlockedError) as caught:
        socket.socket(socket.AF_INET6).connect(("2001:db8::1", 443))
    message = str(caught.value)
    assert message.startswith("the network guard blocked a connection to [2001:db8::1]:443 during tests/plugin/")
    assert "rum_replay_emulator" in message
    assert "--rum-replay-allow-hosts=2001:db8::1" in message
    copied = pickle.loads(pickle.dumps(caught.value))
    assert (str(copied), copied.attempt) == (message, caught.value.attempt)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "LOCALHOST"])
def test_loopback_is_allowed(guard: NetworkGuard, listener: tuple[str, int], host: str) -> None:
    with socket.create_connection((host, listener[1])):
        pass
    with socket.socket() as sock:
        sock.connect((host, listener[1]))
    with udp() as sock:
        sock.sendto(b"x", (host, listener[1]))
        sock.connect((host, listener[1]))
        sock.sendmsg([b"x"])
    assert guard.attempts == []


def test_servers_and_local_sockets_work(guard: NetworkGuard, tmp_path: Path) -> None:
    with socket.create_server(("", 0)) as server, socket.create_connection(("0.0.0.0", server.getsockname()[1])):
        pass
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
    one, other = socket.socketpair()
    with one, other:
        one.sendmsg([b"x"])
        assert other.recv(1) == b"x"
    assert socket.getaddrinfo(None, 80)
    assert socket.getaddrinfo(OUTSIDE, 80)[0][4][0] == OUTSIDE  # without a query
    assert guard.attempts == []


def test_asyncio_serves_and_connects_on_loopback(guard: NetworkGuard) -> None:
    async def main() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"hello")
            writer.close()

        server = await asyncio.start_server(answer, "localhost", 0)
        async with server:
            reader, writer = await asyncio.open_connection("localhost", server.sockets[0].getsockname()[1])
            received = await reader.read()
            writer.close()
            await writer.wait_closed()
            return received

    assert asyncio.run(main()) == b"hello"
    assert guard.attempts == []


def own_address() -> str:
    """An address of this machine that is not loopback, if it has one: found as servers do, by a socket's route."""
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        try:
            sock.connect((OUTSIDE, 9))
        except OSError:
            return "127.0.0.1"
        return str(sock.getsockname()[0])


OWN_ADDRESS = own_address()


def connected(server: socket.socket, host: str) -> bytes:
    """What arrives from a server on this machine."""
    with server, socket.create_connection((host, server.getsockname()[1])) as client:
        accepted, _ = server.accept()
        with accepted:
            accepted.sendall(b"hello")
        return client.recv(5)


def served(server: socketserver.BaseServer) -> str:
    with server:
        return getattr(server, "server_name", "")


def smtp_session() -> str:
    """The name that a mail client gives itself."""
    return smtplib.SMTP().local_hostname


def logged() -> str:
    with socket.socket(type=socket.SOCK_DGRAM) as log:
        log.bind(("localhost", 0))
        handler = logging.handlers.SysLogHandler(("localhost", log.getsockname()[1]))
        handler.emit(logging.makeLogRecord({"msg": "hello"}))
        handler.close()
        return log.recv(100).decode()


def local_file() -> bytes:
    url = Path(os.devnull).resolve().as_uri().replace("file:///", f"file://{socket.gethostname()}/")
    with urllib.request.urlopen(url) as file:
        return bytes(file.read())


def listened() -> str:
    with multiprocessing.connection.Listener(("localhost", 0), "AF_INET") as listener:
        return str(listener.address[0])


async def served_by_asyncio() -> list[str]:
    server = await asyncio.start_server(lambda *_: None, socket.gethostname(), 0)
    async with server:
        return [sock.getsockname()[0] for sock in server.sockets]


async def loop_getnameinfo(host: str, flags: int) -> tuple[str, str]:
    return await asyncio.get_running_loop().getnameinfo((host, 80), flags)


def names_in_hosts_file() -> list[str]:
    lines = [line.partition("#")[0].split() for line in Path("/etc/hosts").read_text(encoding="utf-8").splitlines()]
    return [name for address, *names in filter(None, lines) if address.startswith("127.") for name in names]


HERE: dict[str, Callable[[], Any]] = {
    "getfqdn": socket.getfqdn,
    "getfqdn of an empty name": lambda: socket.getfqdn(""),
    "getfqdn of loopback": lambda: socket.getfqdn("127.0.0.1"),
    "getfqdn of the own address": lambda: socket.getfqdn(OWN_ADDRESS),
    "gethostbyname": lambda: socket.gethostbyname(socket.gethostname()),
    "gethostbyname of the full name": lambda: socket.gethostbyname(socket.getfqdn()),
    "gethostbyname in upper case": lambda: socket.gethostbyname(socket.gethostname().upper()),
    "gethostbyname_ex": lambda: socket.gethostbyname_ex(socket.gethostname()),
    "gethostbyname of an address": lambda: socket.gethostbyname(OUTSIDE),
    "gethostbyname of every name in the hosts file": lambda: [*map(socket.gethostbyname, names_in_hosts_file())],
    "gethostbyaddr of loopback": lambda: socket.gethostbyaddr("127.0.0.1"),
    "gethostbyaddr of localhost": lambda: socket.gethostbyaddr("localhost"),
    "gethostbyaddr of the own address": lambda: socket.gethostbyaddr(OWN_ADDRESS),
    "gethostbyname of localhost.localdomain": lambda: socket.gethostbyname("localhost.localdomain"),
    "getaddrinfo": lambda: socket.getaddrinfo(socket.gethostname(), 80),
    "getaddrinfo of whether a name is an address": lambda: socket.getaddrinfo(NAME, 80, flags=socket.AI_NUMERICHOST),
    "getaddrinfo of an address": lambda: socket.getaddrinfo(OUTSIDE, "http", 0, 0, 0, socket.AI_NUMERICHOST),
    "getnameinfo of loopback": lambda: socket.getnameinfo(("127.0.0.1", 80), 0),
    "getnameinfo in numbers": lambda: socket.getnameinfo((OUTSIDE, 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV),
    "getnameinfo with a name": lambda: socket.getnameinfo((NAME, 80), 0),
    "asyncio's getnameinfo in numbers": lambda: asyncio.run(loop_getnameinfo(OUTSIDE, socket.NI_NUMERICHOST)),
    "platform.node": platform.node,
    "uuid.getnode": uuid.getnode,
    "email.utils.make_msgid": lambda: email.utils.make_msgid().partition("@")[2],
    "http.server": lambda: served(http.server.HTTPServer(("", 0), http.server.BaseHTTPRequestHandler)),
    "wsgiref": lambda: served(wsgiref.simple_server.make_server("", 0, lambda *_: [])),
    "xmlrpc.server": lambda: served(xmlrpc.server.SimpleXMLRPCServer(("localhost", 0))),
    "smtplib": smtp_session,
    "logging.handlers": logged,
    "urllib.request of a local file": local_file,
    "multiprocessing.connection": listened,
    "asyncio.start_server": lambda: asyncio.run(served_by_asyncio()),
    "create_server": lambda: connected(socket.create_server(("", 0)), socket.gethostname()),
    "create_server at the own name": lambda: connected(
        socket.create_server((socket.gethostname(), 0)), socket.gethostbyname(socket.gethostname())
    ),
    "create_server at the own address": lambda: connected(socket.create_server((OWN_ADDRESS, 0)), OWN_ADDRESS),
    "httpx from the own address": lambda: httpx.HTTPTransport(local_address=OWN_ADDRESS).close(),
}


def outcome(call: Callable[[], Any]) -> object:
    try:
        return call()
    except OSError as error:
        return type(error), error.args


@pytest.mark.parametrize("call", HERE)
def test_what_concerns_only_this_machine_is_as_without_a_guard(call: str) -> None:
    expected = outcome(HERE[call])
    with NetworkGuard() as guard:
        assert outcome(HERE[call]) == expected
    assert guard.attempts == []


def test_a_reverse_look_up_of_an_address_elsewhere_returns_the_address(guard: NetworkGuard) -> None:
    assert socket.gethostbyaddr(OUTSIDE) == (OUTSIDE, [], [OUTSIDE])
    assert socket.getfqdn(OUTSIDE) == OUTSIDE
    assert socket.getnameinfo((OUTSIDE, 80), 0) == (OUTSIDE, "http")
    assert socket.getnameinfo(("2001:db8::1", 80, 0, 0), socket.NI_NUMERICSERV) == ("2001:db8::1", "80")
    assert asyncio.run(loop_getnameinfo(OUTSIDE, 0)) == (OUTSIDE, "http")
    with pytest.raises(socket.gaierror, match="asks nobody") as caught:
        socket.getnameinfo((OUTSIDE, 80), socket.NI_NAMEREQD)
    assert caught.value.errno == socket.EAI_NONAME
    assert guard.attempts == []


def test_names_that_the_resolver_gives_for_this_machine_are_its_own(
    guard: NetworkGuard, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned: set[str] = set()
    monkeypatch.setattr(this_machine, "_learned", learned)
    with pytest.raises(NetworkBlockedError):
        socket.gethostbyname("full-name-of-this-machine.invalid")
    this_machine.learn_names(socket.gethostname(), ["Full-Name-of-this-machine.invalid.", "127.0.0.1"])
    this_machine.learn_names("127.0.0.1", ["loopback.invalid"])
    this_machine.learn_names(OUTSIDE, ["outside.invalid"])
    this_machine.learn_names(NAME, ["name.invalid"])
    assert learned == {"full-name-of-this-machine.invalid", "loopback.invalid"}
    with pytest.raises(socket.gaierror):
        socket.gethostbyname("full-name-of-this-machine.invalid")


def test_a_host_name_that_a_test_invents_is_not_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    this_machine._host_names.cache_clear()
    this_machine._names_in_hosts_file.cache_clear()
    with NetworkGuard():
        monkeypatch.setattr(socket, "gethostname", lambda: "database.invalid")
        monkeypatch.setattr(Path, "read_text", lambda *_, **__: "127.0.0.1 database.invalid")
        with pytest.raises(NetworkBlockedError):
            socket.gethostbyname(socket.gethostname())


def test_a_server_that_looks_for_its_address_gets_the_error_of_a_machine_without_a_network(guard: NetworkGuard) -> None:
    with socket.socket(type=socket.SOCK_DGRAM) as sock:
        with pytest.raises(OSError, match=f"the network guard blocked a connection to {OUTSIDE}:53") as caught:
            sock.connect((OUTSIDE, 53))
        assert isinstance(caught.value, NetworkBlockedError)
        assert caught.value.errno == errno.ENETUNREACH
        assert sock.getsockname()[0] == "0.0.0.0"  # still open: its owner closes it
    assert [attempt.host for attempt in guard.attempts] == [OUTSIDE]


@pytest.mark.parametrize("address", ["224.0.0.1", "255.255.255.255", "ff02::1", "203.0.113.7", "2001:db8::1"])
def test_multicast_broadcast_and_foreign_addresses_are_not_this_machine(address: str) -> None:
    found = this_machine.address_of(address)
    assert found is not None
    assert not this_machine.is_own_address(found)


@pytest.mark.parametrize(
    ("entry", "allowed", "refused"),
    [
        ("api.datadoghq.com", ["api.datadoghq.com", "API.DataDogHQ.com."], ["datadoghq.com", "x.api.datadoghq.com"]),
        (" *.Example.com ", ["a.example.com", "a.b.example.com"], ["example.com", "anexample.com", "example.com.evil"]),
        ("API.Example.com.", ["api.example.com"], ["com"]),
        ("under_score-1", ["under_score-1"], ["under"]),
        ("https://Api.Example.com/v1?x=y#z", ["api.example.com"], ["example.com", "https", "v1"]),
        ("https://me:secret@api.example.com", ["api.example.com"], ["me"]),
        ("//api.example.com/", ["api.example.com"], []),
        ("api.example.com/", ["api.example.com"], []),
        ("api.example.com/v1", ["api.example.com"], []),
        ("me@api.example.com", ["api.example.com"], ["me"]),
        ("wss://*.example.com/", ["a.example.com"], ["example.com"]),
        ("198.51.100.1", ["198.51.100.1", "::ffff:198.51.100.1"], ["198.51.100.2", "198.51.100.1.example.com"]),
        ("198.51.100.1/", ["198.51.100.1"], ["198.51.100.2"]),
        ("http://198.51.100.1/x", ["198.51.100.1"], ["198.51.100.2"]),
        ("::ffff:198.51.100.1", ["198.51.100.1"], []),
        ("10.0.0.0/8", ["10.255.0.1"], ["11.0.0.1"]),
        ("10.0.0.0/255.0.0.0", ["10.255.0.1"], ["11.0.0.1"]),
        ("[2001:db8::]", ["2001:db8::", "2001:0db8:0::0"], ["2001:db8::1"]),
        ("2001:DB8::/32", ["2001:db8::1", "2001:db8::1%eth0"], ["2001:db9::1", "32.1.13.184"]),
        ("[2001:db8::]/32", ["2001:db8::1"], ["2001:db9::1"]),
        ("fe80::1%eth0", ["fe80::1%eth0", "fe80::1"], ["fe80::2"]),
        ("https://[2001:db8::1]/x", ["2001:db8::1"], ["2001:db8::2"]),
        ("b\xfccher.example", ["xn--bcher-kva.example", "B\xdcCHER.example"], ["bucher.example"]),
        ("http://*.b\xfccher.example/", ["a.xn--bcher-kva.example"], ["xn--bcher-kva.example"]),
    ],
)
def test_hosts_are_allowed_by_name_domain_address_network_and_url(
    entry: str, allowed: list[str], refused: list[str]
) -> None:
    hosts = NetworkGuard([entry]).hosts
    assert [host for host in allowed if not (hosts.allow(host) and hosts.allow(host, 8443))] == []
    assert [host for host in refused if hosts.allow(host)] == []


@pytest.mark.parametrize(
    ("entry", "host"),
    [
        ("api.example.com:8443", "api.example.com"),
        ("*.example.com:8443", "api.example.com"),
        ("https://me@api.example.com:8443/x", "api.example.com"),
        ("198.51.100.1:8443", OUTSIDE),
        ("[2001:db8::1]:8443", "2001:db8::1"),
        ("https://[2001:db8::1]:8443/x", "2001:db8::1"),
    ],
)
def test_an_entry_with_a_port_allows_this_port_only(entry: str, host: str) -> None:
    hosts = NetworkGuard([entry]).hosts
    assert (hosts.allow(host), hosts.allow(host, 8443)) == (True, True)
    assert (hosts.allow(host, 443), hosts.allow(host, 0)) == (False, False)
    both = NetworkGuard([entry, entry.replace("8443", "443")]).hosts
    assert (both.allow(host, 8443), both.allow(host, 443), both.allow(host, 80)) == (True, True, False)


def test_only_the_allowed_port_is_reached_and_resolved(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (OUTSIDE, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answer)  # the only part that would need a network
    with NetworkGuard([f"{NAME}:53"]) as guard:
        assert socket.getaddrinfo(NAME, 53)
        for allowed in ("53", "domain", "unknown-service", "0", "", None):
            guard.check("name resolution", NAME, allowed)
        udp().connect((OUTSIDE, 53))
        with pytest.raises(NetworkBlockedError, match=f"connection to {OUTSIDE}:54"):
            udp().connect((OUTSIDE, 54))
        for port in (80, "http"):
            with pytest.raises(NetworkBlockedError, match=f"name resolution of {NAME}:{port}"):
                asyncio.run(asyncio.open_connection(NAME, port))
    assert len(guard.attempts) == 3


def test_what_is_always_allowed_is_this_machine_only() -> None:
    guard = NetworkGuard()
    local = ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "0.0.0.0", "::", ""]
    local += ["localhost", "app.localhost", "localhost.localdomain", "LocalHost."]
    assert [host for host in local if not guard.hosts.allow(host)] == []
    outside = ["localhost.example.com", "notlocalhost", "127.1", "2130706433", "::2", "<broadcast>", "169.254.0.1"]
    assert [host for host in outside if guard.hosts.allow(host)] == []


@pytest.mark.parametrize("name", ["AF_UNIX", "AF_NETLINK", "AF_ALG", "AF_SYSTEM", "AF_ROUTE"])
def test_sockets_outside_ip_are_always_allowed(guard: NetworkGuard, name: str) -> None:
    class Socket:
        family = getattr(socket, name, socket.AF_UNIX)  # no system has all of them
        type = socket.SOCK_STREAM

        def close(self) -> None:
            """Called for a blocked socket."""

    sys.audit("socket.connect", Socket(), (OUTSIDE, 80))
    Socket.family = socket.AF_INET
    with pytest.raises(NetworkBlockedError):
        sys.audit("socket.connect", Socket(), (OUTSIDE, 80))


@pytest.mark.parametrize(
    ("entry", "advice"),
    [
        ("", "it has no host"),
        ("https://", "it has no host"),
        ("file:///etc/hosts", "it has no host"),
        ("://h", "it has no scheme"),
        ("*", "a * may only be the first part"),
        ("*.", "it contains what no host name does"),
        ("a.*.com", "a * may only be the first part"),
        ("*example.com", "a * may only be the first part"),
        (".example.com", "write *.example.com for all names below example.com"),
        ("10.0.0.1/8", "write 10.0.0.0/8 for the network, or 10.0.0.1 for the address"),
        ("10.0.0.1/33", "not a network"),
        ("10.0.0.1/v1", "a single address is written without a slash"),
        ("10.0.0.0/8:443", "not a network"),
        ("127.1", "an address is written in full"),
        ("2130706433", "an address is written in full"),
        ("256.0.0.1", "an address is written in full"),
        ("a b", "separated by commas"),
        ("a;b", "it contains what no host name does"),
        ("${HOST}", "it contains what no host name does"),
        ("a..b", "it contains what no host name does"),
        ("-a.b", "it contains what no host name does"),
        ("a" * 64, "it contains what no host name does"),
        ("http+unix://%2Fvar%2Frun", "it contains what no host name does"),
        ("h:", "a port is a number from 1 to 65535"),
        ("h:0", "a port is a number from 1 to 65535"),
        ("h:65536", "a port is a number from 1 to 65535"),
        ("h:https", "a port is a number from 1 to 65535"),
        (f"h:{'1' * 5000}", "a port is a number from 1 to 65535"),
        ("h:80:80", "a port is a number from 1 to 65535"),
        ("h:\u0661", "a port is a number from 1 to 65535"),
        ("[::1", "only an IPv6 address is written in brackets"),
        ("[h]:80", "only an IPv6 address is written in brackets"),
        ("[::1]80", "only an IPv6 address is written in brackets"),
    ],
)
def test_entries_that_are_not_hosts_are_refused_with_advice(entry: str, advice: str) -> None:
    with pytest.raises(
        ValueError, match=r"not a host to allow: .*Allowed are a name \(api\.datadoghq\.com\)"
    ) as caught:
        NetworkGuard(["fine.example.com", entry])
    assert repr(entry) in str(caught.value)
    assert advice in str(caught.value)


def test_a_refused_url_is_shown_without_its_password() -> None:
    with pytest.raises(ValueError, match="not a host to allow: 'https://…@h:https/'"):
        NetworkGuard(["https://me:hunter2@h:https/"])


def test_a_single_string_is_not_a_list_of_hosts() -> None:
    with pytest.raises(TypeError, match="several hosts"):
        NetworkGuard("api.datadoghq.com")


@pytest.mark.parametrize("resolver", RESOLVERS)
def test_an_allowed_name_allows_the_addresses_it_resolves_to(monkeypatch: pytest.MonkeyPatch, resolver: str) -> None:
    answers = {
        "getaddrinfo": [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (OUTSIDE, 443))],
        "gethostbyname": OUTSIDE,
        "gethostbyname_ex": ("x", [], [OUTSIDE]),
    }
    monkeypatch.setattr(socket, resolver, lambda *_: answers[resolver])  # the only part that would need a network
    guard = NetworkGuard(["*.example.com"])
    with guard:
        assert not guard.hosts.allow(OUTSIDE)
        getattr(socket, resolver)("api.example.com", *([443] if resolver == "getaddrinfo" else []))
        assert guard.hosts.allow(OUTSIDE)
        assert not guard.hosts.allow("198.51.100.2")
    assert not guard.hosts.allow(OUTSIDE)


def test_installing_and_removing_twice_is_the_same_as_once() -> None:
    before = state()
    guard = NetworkGuard()
    guard.remove()
    guard.install()
    installed = state()
    assert all(new is not old for new, old in zip(installed, before, strict=True))
    guard.install()
    assert state() == installed
    guard.remove()
    assert state() == before
    guard.remove()
    assert state() == before
    with udp() as sock:
        sock.connect((OUTSIDE, 53))  # sends nothing
    assert guard.attempts == []


def test_two_watches_of_the_same_import_both_hear_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # As in a run of pytest within a guarded one, which has its own copy of the plugin.
    (tmp_path / "watched_module.py").write_text("VALUE = 1", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    first: list[str] = []
    second: list[str] = []
    watches = [ImportWatch(["watched_module"], first.append), ImportWatch(["watched_module"], second.append)]
    try:
        module = importlib.import_module("watched_module")
    finally:
        for watch in watches:
            watch.remove()
        sys.modules.pop("watched_module", None)
    assert first == second == ["watched_module"]
    assert module.VALUE == 1
    assert module.__spec__ is not None
    assert type(module.__loader__).__name__ == type(module.__spec__.loader).__name__ == "SourceFileLoader"


def test_of_several_guards_each_must_allow_and_the_last_one_restores() -> None:
    before = state()
    outer, inner = NetworkGuard([NAME]), NetworkGuard([OUTSIDE])
    with outer:
        once = state()
        with inner:
            assert state() == once
            for host in (NAME, OUTSIDE, "198.51.100.2"):
                with pytest.raises(NetworkBlockedError):
                    udp().connect((host, 53))
        assert state() == once != before
        with pytest.raises(NetworkBlockedError):
            udp().connect((OUTSIDE, 53))
    assert [attempt.host for attempt in inner.attempts] == [NAME, "198.51.100.2"]  # the inner one is checked first
    assert [attempt.host for attempt in outer.attempts] == [OUTSIDE, OUTSIDE]
    assert state() == before


def test_patches_of_other_code_survive() -> None:
    original = socket.getaddrinfo
    guard = NetworkGuard()
    guard.install()
    below = socket.getaddrinfo

    def theirs(*arguments: Any) -> Any:
        return below(*arguments)

    setattr(socket, "getaddrinfo", theirs)  # noqa: B010 - typed as a function that nobody replaces
    try:
        guard.remove()
        assert socket.getaddrinfo is theirs
        assert socket.getaddrinfo("127.0.0.1", 80)
    finally:
        socket.getaddrinfo = original


def test_the_guard_is_removed_when_the_guarded_code_fails() -> None:
    before = state()
    with pytest.raises(ZeroDivisionError), NetworkGuard():
        raise ZeroDivisionError
    assert state() == before


def test_threads_and_the_end_of_the_interpreter_are_guarded() -> None:
    script = textwrap.dedent(
        """
        import atexit, socket, threading
        from pytest_rum_replay.network.guard import NetworkGuard
        guard = NetworkGuard()
        guard.install()
        def go():
            try:
                socket.socket(type=socket.SOCK_DGRAM).connect(("198.51.100.1", 53))
            except Exception as error:
                print(type(error).__name__, guard.attempts[-1].test)
        atexit.register(go)
        thread = threading.Thread(target=go)
        thread.start()
        thread.join()
        """
    )
    environment = {"PATH": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.splitlines() == ["BlockedRouteError None"] * 2
    assert done.stderr == ""


def test_a_session_under_xdist_is_guarded_in_every_worker_and_leaves_no_patch(pytester: pytest.Pytester) -> None:
    importlib.import_module("xdist")
    pytester.makeconftest(
        """
        import pytest, socket
        from pytest_rum_replay.network.guard import NetworkGuard

        @pytest.fixture(scope="session", autouse=True)
        def guard():
            with NetworkGuard() as guard:
                yield guard
            assert "connect" not in vars(socket.socket)

        @pytest.fixture(scope="module")
        def wide(guard):
            try:
                socket.create_connection(("api.datadoghq.invalid", 443))
            except Exception as error:
                return error
        """
    )
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("number", range(4))
        def test_wide(wide, number):
            assert type(wide).__name__ == "NetworkBlockedError"
            assert "(setup)" in wide.attempt.test
        """
    )
    result = pytester.runpytest_subprocess(*LEAN, "-n2")
    result.assert_outcomes(passed=4)
