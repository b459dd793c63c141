"""Which hosts the emulator's server answers for, and which web pages it does not; over real sockets."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from rum_replay import AsyncReplayClient, ConfigurationError, ReplayClient, RetryPolicy, StatusError
from rum_replay_emulator import Emulator, RateLimit
from rum_replay_emulator.hosts import AllowedHosts

from .emulator_api import KEYS, PLAYLISTS

CREDENTIALS = "DD-API-KEY: a\r\nDD-APPLICATION-KEY: b\r\n"


@pytest.fixture(scope="module")
def shared() -> Emulator:
    return Emulator()


@pytest.fixture(scope="module")
def loopback(shared: Emulator) -> Iterator[str]:
    with shared.serve() as url:
        yield url


@pytest.fixture(scope="module")
def everywhere(shared: Emulator) -> Iterator[str]:
    with shared.serve(host="0.0.0.0") as url:
        yield url


NAMED = ["emulator", "*.Shop.example", "bücher.example", "192.0.2.7", "[2001:db8::7]", "Trailing.example."]


@pytest.fixture(scope="module")
def naming(shared: Emulator) -> Iterator[str]:
    with shared.serve(allowed_hosts=NAMED) as url:
        yield url


def answer_to(
    url: str, *lines: str, target: str = PLAYLISTS, method: str = "GET", version: str = "1.1"
) -> tuple[int, str]:
    """The status and the error, if any, that a request with these headers gets."""
    parts = urlsplit(url)
    request = "\r\n".join([f"{method} {target} HTTP/{version}", *lines, CREDENTIALS, ""])
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as connection:
        connection.sendall(request.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n").encode("latin-1"))
        received = b""
        while part := connection.recv(65536):
            received += part
    head, _, body = received.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(body).get("errors", [""])[0] if body else ""


# Each host with what a server on 127.0.0.1, one on 0.0.0.0 and one with NAMED hosts answer.
HOSTS = [
    ("127.0.0.1", 200, 200, 200),
    ("127.0.0.1:8080", 200, 200, 200),
    ("127.0.0.1:0", 200, 200, 200),
    ("127.0.0.1:99999", 200, 200, 200),
    ("127.0.0.1:", 200, 200, 200),
    ("127.0.0.1.", 200, 200, 200),
    ("127.255.255.254", 200, 200, 200),
    ("localhost", 200, 200, 200),
    ("LocalHost:80", 200, 200, 200),
    ("localhost.", 200, 200, 200),
    ("a.b.localhost:1", 200, 200, 200),
    ("a.localhost.", 200, 200, 200),
    ("[::1]", 200, 200, 200),
    ("[::1]:8080", 200, 200, 200),
    ("[0:0:0:0:0:0:0:1]", 200, 200, 200),
    ("[::ffff:127.0.0.1]", 200, 200, 200),
    ("0.0.0.0", 421, 200, 421),
    ("10.0.0.5:8080", 421, 200, 421),
    ("192.0.2.7", 421, 200, 200),
    ("[2001:db8::7]:80", 421, 200, 200),
    ("[2001:DB8:0::7]", 421, 200, 200),
    ("[2001:db8::8]", 421, 200, 421),
    ("[::ffff:10.0.0.5]", 421, 200, 421),
    ("emulator", 421, 421, 200),
    ("Emulator:8080", 421, 421, 200),
    ("emulator.", 421, 421, 200),
    ("emulator.example", 421, 421, 421),
    ("a.shop.example", 421, 421, 200),
    ("A.B.SHOP.example:1", 421, 421, 200),
    ("shop.example", 421, 421, 421),
    ("evilshop.example", 421, 421, 421),
    ("a.shop.example.org", 421, 421, 421),
    ("xn--bcher-kva.example", 421, 421, 200),
    ("trailing.example", 421, 421, 200),
    ("evil.example", 421, 421, 421),
    ("evil.example:80", 421, 421, 421),
    ("localhost.evil.example", 421, 421, 421),
    ("127.0.0.1.evil.example", 421, 421, 421),
    ("notlocalhost", 421, 421, 421),
    ("127.1", 421, 421, 421),
    ("2130706433", 421, 421, 421),
    ("0x7f000001", 421, 421, 421),
    ("127.0.0.01", 421, 421, 421),
    ("", 400, 400, 400),
    (".", 400, 400, 400),
    ("::1", 400, 400, 400),
    ("[::1", 400, 400, 400),
    ("[::1]x", 400, 400, 400),
    ("[127.0.0.1]", 400, 400, 400),
    ("[1]", 400, 400, 400),
    ("[::1%25lo]", 400, 400, 400),
    ("user@127.0.0.1", 400, 400, 400),
    ("127.0.0.1@evil.example", 400, 400, 400),
    ("127.0.0.1:80:80", 400, 400, 400),
    ("127.0.0.1:x", 400, 400, 400),
    ("127.0.0.1/", 400, 400, 400),
    ("127.0.0.1, evil.example", 400, 400, 400),
    ("localhost#evil.example", 400, 400, 400),
    ("b\xfccher.example", 400, 400, 400),
    ("*.shop.example", 400, 400, 400),
    ("a" * 256, 400, 400, 400),
]


@pytest.mark.parametrize(("host", "on_loopback", "on_all", "with_names"), HOSTS)
def test_only_hosts_that_nobody_can_rebind_are_answered(
    host: str, on_loopback: int, on_all: int, with_names: int, loopback: str, everywhere: str, naming: str
) -> None:
    answers = [answer_to(url, f"Host: {host}")[0] for url in (loopback, everywhere, naming)]
    assert answers == [on_loopback, on_all, with_names]


def test_the_error_says_what_to_do(loopback: str) -> None:
    assert answer_to(loopback, "Host: Emulator:8080") == (
        421,
        "this emulator does not answer for the host emulator: if that is yours, start it with `--allow-host emulator`, "
        'or in Python with serve(allowed_hosts=["emulator"])',
    )


def test_exactly_one_host_is_required(loopback: str) -> None:
    assert answer_to(loopback)[0] == 400
    assert answer_to(loopback, version="1.0")[0] == 400
    assert answer_to(loopback, "Host: localhost", version="1.0")[0] == 200
    assert answer_to(loopback, "Host: localhost", "Host: localhost")[0] == 400
    assert answer_to(loopback, "Host: localhost", "Host: evil.example")[0] == 400


# As clients send them to a proxy; the host in the URL takes the place of the header.
TARGETS = [
    (f"http://127.0.0.1{PLAYLISTS}", "evil.example", 200),
    (f"HTTP://LOCALHOST:80{PLAYLISTS}?page%5Bsize%5D=1", "evil.example", 200),
    (f"https://localhost{PLAYLISTS}", "localhost", 200),
    (f"http://evil.example{PLAYLISTS}", "localhost", 421),
    (f"http://api.datadoghq.com{PLAYLISTS}", "127.0.0.1", 421),
    (f"http://localhost@evil.example{PLAYLISTS}", "localhost", 400),
    (f"http://user:password@localhost{PLAYLISTS}", "localhost", 400),
    (f"http://{PLAYLISTS}", "localhost", 400),
    ("http://localhost", "localhost", 404),
    ("http://localhost?a=b", "localhost", 404),
    ("http://evil.example?a=b", "localhost", 421),
    (f"//evil.example{PLAYLISTS}", "localhost", 404),
    ("*", "localhost", 404),
    ("*", "evil.example", 421),
]


@pytest.mark.parametrize(("target", "host", "status"), TARGETS)
def test_a_url_as_the_target_names_the_host(loopback: str, target: str, host: str, status: int) -> None:
    assert answer_to(loopback, f"Host: {host}", target=target)[0] == status


@pytest.mark.parametrize(("target", "status"), [("localhost:80", 404), ("evil.example:80", 421)])
def test_a_tunnel_names_the_host(loopback: str, target: str, status: int) -> None:
    assert answer_to(loopback, "Host: localhost", target=target, method="CONNECT")[0] == status


# Headers that browsers add, with what a server on 127.0.0.1, one on 0.0.0.0 and one with NAMED hosts answer.
PAGES: list[tuple[list[str], int, int, int]] = [
    (["Origin: http://localhost:3000"], 200, 200, 200),
    (["Origin: http://localhost:3000", "Sec-Fetch-Site: cross-site"], 200, 200, 200),
    (["Origin: https://127.0.0.1"], 200, 200, 200),
    (["Origin: http://[::1]:3000"], 200, 200, 200),
    (["Origin: http://emulator:8080"], 403, 403, 200),
    (["Origin: https://a.shop.example"], 403, 403, 200),
    (["Origin: http://192.0.2.7"], 403, 403, 200),
    (["Origin: http://10.0.0.5"], 403, 403, 403),
    (["Origin: https://evil.example"], 403, 403, 403),
    (["Origin: https://evil.example", "Sec-Fetch-Site: same-origin"], 403, 403, 403),
    (["Origin: https://localhost.evil.example"], 403, 403, 403),
    (["Origin: https://localhost@evil.example"], 403, 403, 403),
    (["Origin: http://localhost", "Origin: https://evil.example"], 403, 403, 403),
    (["Origin: http://localhost/evil.example"], 403, 403, 403),
    (["Origin: null"], 403, 403, 403),
    (["Origin: "], 403, 403, 403),
    (["Origin: file://"], 403, 403, 403),
    (["Sec-Fetch-Site: cross-site"], 403, 403, 403),
    (["Sec-Fetch-Site: none"], 200, 200, 200),
    (["Sec-Fetch-Site: same-origin"], 200, 200, 200),
]


@pytest.mark.parametrize(
    ("headers", "on_loopback", "on_all", "with_names"), PAGES, ids=[" ".join(row[0]) for row in PAGES]
)
def test_web_pages_elsewhere_are_refused(
    headers: list[str], on_loopback: int, on_all: int, with_names: int, loopback: str, everywhere: str, naming: str
) -> None:
    answers = [answer_to(url, "Host: 127.0.0.1", *headers)[0] for url in (loopback, everywhere, naming)]
    assert answers == [on_loopback, on_all, with_names]


def test_the_error_of_a_web_page_says_what_to_do(loopback: str) -> None:
    _, error = answer_to(loopback, "Host: localhost", "Origin: http://shop.test:3000")
    assert "`--allow-host shop.test`" in error


REFUSED = [
    ({"Host": "evil.example"}, 421),
    ({"Host": "user@localhost"}, 400),
    ({"Origin": "https://evil.example"}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
]


@pytest.mark.parametrize(("headers", "status"), REFUSED)
def test_what_is_refused_changes_nothing(headers: dict[str, str], status: int) -> None:
    emulator = Emulator(rate_limit=RateLimit(1, 600))
    fault = emulator.faults.add(status=503, times=None)
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "p"}}}
    with emulator.serve() as url, httpx.Client(base_url=url, headers=KEYS, trust_env=False) as client:
        for method in ("GET", "POST", "OPTIONS", "HEAD", "DELETE"):
            response = client.request(method, PLAYLISTS, headers=headers, json=body)
            assert response.status_code == status
            assert response.headers["content-type"] == "application/json"
            assert "access-control-allow-origin" not in response.headers
        assert (emulator.requests, fault.used) == ([], 0)
        emulator.faults.clear()
        assert client.get(PLAYLISTS).json() == {"data": []}


def test_a_body_that_is_still_to_come_does_not_hide_the_answer(loopback: str) -> None:
    with httpx.Client(base_url=loopback, headers={**KEYS, "Host": "evil.example"}, trust_env=False) as client:
        assert client.post(PLAYLISTS, content=b"a" * 3_000_000).status_code == 421


def test_the_name_that_the_server_was_given_is_answered() -> None:
    hosts = AllowedHosts.of("10.0.0.5", "Emulator.internal", [])
    answered = ["emulator.internal", "10.0.0.5", "127.0.0.1", "localhost"]
    assert [host for host in [*answered, "internal", "10.0.0.6"] if hosts.answer(host)] == answered


def test_the_zone_of_the_address_that_is_listened_on_does_not_matter() -> None:
    hosts = AllowedHosts.of("fe80::1%eth0", "fe80::1%eth0", [])
    assert hosts.answer("fe80::1")
    assert not hosts.answer("fe80::2")


def test_a_server_on_all_addresses_of_ipv6_answers_for_any_address(shared: Emulator) -> None:
    with shared.serve(host="::") as url:
        assert answer_to(url, "Host: 10.0.0.5")[0] == 200
        assert answer_to(url, "Host: [2001:db8::8]:80")[0] == 200
        assert answer_to(url, "Host: evil.example")[0] == 421


WRONG = [
    "",
    "*",
    "*.",
    "*.*.example",
    "a.*.example",
    "*.127.0.0.1",
    "*.[::1]",
    "emulator:8080",
    "127.0.0.1:80",
    "[::1]:80",
    "[::1",
    "::x",
    "::1]",
    "fe80::1%eth0",
    "http://emulator",
    "a b",
    "a/b",
    "user@emulator",
    "10.0.0.0/8",
    "bücher:80",
    "bücher/a",
    "a@bücher",
    "ü..example",
    "ü" * 300,
    "a" * 256,
]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_a_host_cannot_be_allowed(name: str) -> None:
    with pytest.raises(ValueError, match="is not a host: give a name"), Emulator().serve(allowed_hosts=["a", name]):
        raise AssertionError("unreachable")


def test_a_text_is_not_a_list_of_hosts() -> None:
    with pytest.raises(TypeError, match=r"such as \['emulator'\]"), Emulator().serve(allowed_hosts="emulator"):
        raise AssertionError("unreachable")


ONCE = RetryPolicy(attempts=1)


def test_a_synchronous_caller_sees_what_to_do(loopback: str) -> None:
    named: dict[str, Any] = {"base_url": loopback, "api_key": "a", "app_key": "b", "retry": ONCE}
    with (
        httpx.Client(headers={"Host": "emulator"}, trust_env=False) as http_client,
        ReplayClient(http_client=http_client, **named) as replay,
        pytest.raises(StatusError, match=r"421 .*start it with `--allow-host emulator`"),
    ):
        replay.playlists.create("p")


def test_an_asynchronous_caller_sees_what_to_do(loopback: str) -> None:
    async def create() -> None:
        named: dict[str, Any] = {"base_url": loopback, "api_key": "a", "app_key": "b", "retry": ONCE}
        async with (
            httpx.AsyncClient(headers={"Host": "emulator"}, trust_env=False) as http_client,
            AsyncReplayClient(http_client=http_client, **named) as replay,
        ):
            await replay.playlists.create("p")

    with pytest.raises(StatusError, match=r"421 .*start it with `--allow-host emulator`"):
        asyncio.run(create())


def test_clients_of_ours_refuse_the_name_of_a_container_before_that() -> None:
    with pytest.raises(ConfigurationError, match="plain http is for this machine alone"):
        ReplayClient(base_url="http://emulator:8080", api_key="a", app_key="b")


def test_without_a_listener_any_host_and_page_is_answered(emulator: Emulator) -> None:
    headers = {**KEYS, "Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    with httpx.Client(transport=emulator.transport(), headers=headers) as client:
        assert client.get(f"http://any.example{PLAYLISTS}").status_code == 200

    async def under_another_server() -> int:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(emulator.asgi), headers=headers) as client:
            return (await client.get(f"http://any.example{PLAYLISTS}")).status_code

    assert asyncio.run(under_another_server()) == 200
