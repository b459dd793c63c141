"""Proxies and certificate authorities from the environment's variables."""

from __future__ import annotations

import base64
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import pytest
import trustme
from rum_replay import AsyncReplayClient, ConfigurationError, ConnectionFailedError, ReplayClient, _proxies
from rum_replay._proxies import Proxy, proxy_for, proxy_variables

from .loopback_peer import Loopback, listen
from .replay_driver import API_KEY, APP_KEY, Driver
from .replay_samples import item_response
from .test_credentials import assert_no_secrets, reported_texts

BASE_URL = "https://api.shop.example"
PROXY = "http://proxy.example:3128"
PASSWORD = "s3cr3t-pw"
AUTHORITY = trustme.CA()
SERVER = AUTHORITY.issue_cert("localhost", "127.0.0.1", "::1", "api.shop.example")


@pytest.fixture(autouse=True)
def no_certificates_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


class TestChoice:
    @pytest.mark.parametrize(
        ("environment", "variable", "url"),
        [
            ({"HTTPS_PROXY": PROXY}, "HTTPS_PROXY", PROXY),
            ({"https_proxy": PROXY}, "https_proxy", PROXY),
            ({"ALL_PROXY": PROXY}, "ALL_PROXY", PROXY),
            ({"all_proxy": PROXY}, "all_proxy", PROXY),
            ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other"}, "https_proxy", PROXY),
            ({"HTTPS_PROXY": PROXY, "all_proxy": "http://other"}, "HTTPS_PROXY", PROXY),
            ({"https_proxy": "", "HTTPS_PROXY": "http://other", "ALL_PROXY": PROXY}, "ALL_PROXY", PROXY),
            ({"HTTPS_PROXY": "proxy.example"}, "HTTPS_PROXY", "http://proxy.example"),
            ({"HTTPS_PROXY": " proxy.example:3128\n"}, "HTTPS_PROXY", PROXY),
            ({"HTTPS_PROXY": "user:p%40ss@[fe80::1]:3128"}, "HTTPS_PROXY", "http://user:p%40ss@[fe80::1]:3128"),
            ({"HTTPS_PROXY": "HTTPS://proxy.example/"}, "HTTPS_PROXY", "HTTPS://proxy.example/"),
            # These may be named for other hosts.
            (
                {"HTTPS_PROXY": PROXY, "HTTP_PROXY": "x://", "NO_PROXY": "other.example,10.0.0.0/8"},
                "HTTPS_PROXY",
                PROXY,
            ),
        ],
    )
    def test_the_variable_for_the_scheme_goes_before_that_for_all_and_lower_case_before_upper(
        self, environment: dict[str, str], variable: str, url: str
    ) -> None:
        assert proxy_for(BASE_URL, environment) == Proxy(variable, url)

    @pytest.mark.parametrize(
        "environment",
        [
            {},
            {"HTTP_PROXY": PROXY, "FTP_PROXY": PROXY, "NO_PROXY": "[::1"},
            {"HTTPS_PROXY": ""},
            {"https_proxy": "", "HTTPS_PROXY": PROXY},
            {"HTTPS_PROXY": PROXY, "NO_PROXY": "*"},
            {"HTTPS_PROXY": "not usable:", "no_proxy": "shop.example"},
        ],
    )
    def test_without_one_for_this_host_the_connection_is_direct(self, environment: dict[str, str]) -> None:
        assert proxy_for(BASE_URL, environment) is None

    @pytest.mark.parametrize(
        ("no_proxy", "host"),
        [
            ("shop.example", "shop.example"),
            ("shop.example", "api.shop.example"),
            (".shop.example", "shop.example"),
            (".shop.example", "api.shop.example"),
            ("*.shop.example", "api.shop.example"),
            ("API.Shop.Example.", "api.shop.example"),
            ("shop.example", "API.SHOP.EXAMPLE."),
            ("bücher.example", "api.xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("a.example, ,b.example\tapi.shop.example", "api.shop.example"),
            ("a.example api.shop.example", "api.shop.example"),
            ("a.example,*", "api.shop.example"),
            ("api.shop.example:443", "api.shop.example"),
            ("shop.example:8443", "api.shop.example:8443"),
            ("https://api.shop.example/", "api.shop.example"),
            ("ALL://api.shop.example:443", "api.shop.example"),
            ("localhost", "localhost"),
            ("10.1.2.3", "10.1.2.3"),
            ("10.1.2.3:443", "10.1.2.3"),
            ("10.0.0.0/8", "10.1.2.3"),
            ("10.9.9.9/8", "10.1.2.3"),
            ("10.0.0.0/8:443", "10.1.2.3"),
            ("0.0.0.0/0", "10.1.2.3"),
            ("::1", "[::1]"),
            ("[::1]", "[::1]"),
            ("0:0:0:0:0:0:0:1", "[::1]"),
            ("[::1]:8443", "[::1]:8443"),
            ("::1/128", "[::1]"),
            ("[::1]/128", "[::1]"),
            ("[::1/128]", "[::1]"),
            ("fe80::/10", "[fe80::1]"),
            ("[fe80::]/10:443", "[fe80::1]"),
            ("FE80::1", "[fe80::1%25eth0]"),
            ("fe80::1%eth0", "[fe80::1%25eth0]"),
            ("[fe80::1%25eth0]", "[fe80::1%eth0]"),
            ("fe80::/10", "[fe80::1%eth0]"),
            ("fd07:b51a:cc66:f0::/64", "[fd07:b51a:cc66:f0::2]"),
            ("10.1.2.3", "[::ffff:10.1.2.3]"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("::ffff:10.0.0.0/104", "10.1.2.3"),
        ],
    )
    def test_hosts_in_no_proxy_are_reached_directly(self, no_proxy: str, host: str) -> None:
        for name in ("NO_PROXY", "no_proxy"):
            assert proxy_for(f"https://{host}/datadog", {"HTTPS_PROXY": PROXY, name: no_proxy}) is None

    @pytest.mark.parametrize(
        ("no_proxy", "host"),
        [
            ("shop.example", "notshop.example"),
            ("api.shop.example", "shop.example"),
            ("*.shop.example", "shop.example"),
            ("*shop.example", "notshop.example"),
            ("shop", "api.shop.example"),
            (".", "api.shop.example"),
            ("api.shop.example:8443", "api.shop.example"),
            ("api.shop.example:443", "api.shop.example:8443"),
            ("http://api.shop.example", "api.shop.example"),
            ("localhost", "127.0.0.1"),
            ("127.0.0.1", "localhost"),
            ("10.1.2.3", "10.1.2.4"),
            ("10.0.0.0/8", "11.1.2.3"),
            ("10.1.2.3:8443", "10.1.2.3"),
            ("1.2.3", "10.1.2.3"),
            ("0.0.0.0/0", "api.shop.example"),
            ("0.0.0.0/0", "[::1]"),
            ("::/0", "10.1.2.3"),
            ("::1", "[::2]"),
            ("fe80::/10", "[fec0::1]"),
            ("fe80::1%eth0", "[fe80::1%25eth1]"),
            ("fe80::1%eth0", "[fe80::1]"),
            ("[::1]:8443", "[::1]"),
        ],
    )
    def test_others_are_reached_by_the_proxy(self, no_proxy: str, host: str) -> None:
        assert proxy_for(f"https://{host}/datadog", {"HTTPS_PROXY": PROXY, "NO_PROXY": no_proxy}) is not None

    def test_the_settings_of_the_system_count_if_the_environment_says_nothing_about_proxies(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
            monkeypatch.delenv(name)
        monkeypatch.setattr(_proxies, "getproxies", lambda: {"https": PROXY, "no": "other.example"})
        assert proxy_for(BASE_URL, proxy_variables()) == Proxy("https_proxy", PROXY)
        monkeypatch.setenv("NO_PROXY", "x")
        assert proxy_for(BASE_URL, proxy_variables()) is None


class TestFaults:
    @pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            (f"http://user:{PASSWORD}@[::bad", "is not a URL: what is in brackets must be an IPv6 address"),
            (f"http://user:{PASSWORD}@[nonsense]:1", "is not a URL: what is in brackets must be an IPv6 address"),
            (f"http://user:{PASSWORD}", "has a port that is not a number from 1 to 65535"),
            (f"user:{PASSWORD}@proxy.example:99999", "has a port that is not a number from 1 to 65535"),
            ("proxy.example:0", "has a port that is not a number from 1 to 65535"),
            (f"http://user:{PASSWORD}@", "names no host"),
            ("http://", "names no host"),
            (":3128", "names no host"),
            (
                f"ftp://user:{PASSWORD}@proxy.example",
                "has the scheme ftp; that of a proxy is one of http,",
            ),
            (f"user:{PASSWORD}://proxy.example", "does not start with a scheme such as http://"),
            (f"http://user:{PASSWORD} @proxy.example", "contains a space or a control character"),
            (f"http://user:{PASSWORD}@proxy\x1b.example", "contains a space or a control character"),
        ],
    )
    def test_a_proxy_that_cannot_be_used_is_named_and_its_password_is_not(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, fault: str
    ) -> None:
        monkeypatch.setenv("DD_API_KEY", API_KEY)
        monkeypatch.setenv("DD_APP_KEY", APP_KEY)
        monkeypatch.setenv(variable, value)
        for cls in (ReplayClient, AsyncReplayClient):
            with pytest.raises(ConfigurationError, match=f": {variable} cannot be used: its value {fault}") as caught:
                cls(base_url=BASE_URL)
            texts = list(reported_texts(caught.value))
            assert_no_secrets(iter(texts))
            assert not any(PASSWORD in text for text in texts)

    def test_a_socks_proxy_without_its_package_says_what_to_install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ALL_PROXY", f"socks5h://user:{PASSWORD}@proxy.example")
        with pytest.raises(
            ConfigurationError, match=r': ALL_PROXY .* socksio: pip install "httpx\[socks\]"$'
        ) as caught:
            ReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=BASE_URL)
        assert not any(PASSWORD in text for text in reported_texts(caught.value))

    @pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            ("localhost,10.0.0.0/33", "its entry '10.0.0.0/33' is not an IP address or network, nor a name"),
            ("::1/129", "its entry '::1/129' is not an IP address or network, nor a name"),
            ("fe80::x", "its entry 'fe80::x' is not an IP address or network, nor a name"),
            ("[::1", "its entry '[::1' is not an IP address or network, nor a name"),
            ("[shop.example]x", "its entry '[shop.example]x' is not an IP address or network, nor a name"),
            ("shop.example/24", "its entry 'shop.example/24' is not an IP address or network, nor a name"),
            ("shop.example:https", "the port of its entry 'shop.example:https' is not a number from 1 to 65535"),
            ("[::1]:99999999", "the port of its entry '[::1]:99999999' is not a number from 1 to 65535"),
            ("shop.example:0", "the port of its entry 'shop.example:0' is not a number from 1 to 65535"),
            (f"http://user:{PASSWORD}@proxy.example", "one of its entries contains an @"),
        ],
    )
    def test_an_entry_of_no_proxy_that_cannot_be_used_is_named(
        self, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, fault: str
    ) -> None:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:{PASSWORD}@proxy.example")
        monkeypatch.setenv(variable, value)
        for cls in (ReplayClient, AsyncReplayClient):
            with pytest.raises(ConfigurationError) as caught:
                cls(api_key=API_KEY, app_key=APP_KEY, base_url=BASE_URL)
            assert str(caught.value).startswith(f"no HTTP client can be set up: {variable} cannot be used: {fault}")
            assert not any(PASSWORD in text for text in reported_texts(caught.value))

    @pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
    @pytest.mark.parametrize(
        ("make", "faults"),
        [
            (
                "nothing",
                ("No such file or directory", "contains no certificates under the names"),
            ),
            ("directory", ("Is a directory", "contains no certificates under the names")),
            ("text", ("contains no certificates in PEM format", "Not a directory")),
            ("empty", ("contains no certificates in PEM format", "Not a directory")),
            ("damaged", ("contains no certificates in PEM format", "Not a directory")),
        ],
    )
    def test_what_contains_no_certificates_is_named(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, make: str, faults: tuple[str, str]
    ) -> None:
        path = tmp_path / "certificates"
        contents = {"text": b"hello", "empty": b"", "damaged": AUTHORITY.cert_pem.bytes()[:300] + b"\n"}
        if make == "directory":
            path.mkdir()
            (path / "ca.pem").write_bytes(AUTHORITY.cert_pem.bytes())  # not under the name that OpenSSL looks for
        elif make in contents:
            path.write_bytes(contents[make])
        monkeypatch.setenv(variable, str(path))
        monkeypatch.setenv("DD_API_KEY", API_KEY)
        monkeypatch.setenv("DD_APP_KEY", APP_KEY)
        fault = faults[variable == "SSL_CERT_DIR"]
        for cls in (ReplayClient, AsyncReplayClient):
            with pytest.raises(ConfigurationError) as caught:
                cls(base_url=BASE_URL)
            assert str(caught.value).startswith(
                f"no HTTP client can be set up: {variable} cannot be used: '{path}': {fault}"
            )
            assert_no_secrets(reported_texts(caught.value))

    def test_variables_that_do_not_matter_for_the_base_url_may_have_faults(
        self, monkeypatch: pytest.MonkeyPatch, emulated: str
    ) -> None:
        for name in ("HTTPS_PROXY", "ALL_PROXY", "HTTP_PROXY"):
            monkeypatch.setenv(name, "x://")
        monkeypatch.setenv("NO_PROXY", "[")
        monkeypatch.setenv("SSL_CERT_FILE", "/no/such/file")
        with ReplayClient(api_key=API_KEY, app_key=APP_KEY, base_url=emulated) as client:
            assert client.base_url == emulated

    @pytest.fixture
    def emulated(self) -> str:
        return "http://127.0.0.1:9"


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file with the authority that issued the server's certificate, named by SSL_CERT_FILE."""
    path = tmp_path / "ca.pem"
    AUTHORITY.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@contextmanager
def tls_server() -> Iterator[Loopback]:
    """A server for https that answers every request with a playlist."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    SERVER.configure_cert(context)
    answer = item_response()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer.content)}\r\n\r\n"

    def respond(connection: Any) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            received = b""
            while b"\r\n\r\n" not in received:
                received += secure.recv(65536)
            secure.sendall(head.encode() + answer.content)
            while secure.recv(65536):
                pass

    with listen(respond) as loopback:
        yield attrs.evolve(loopback, url=f"https://localhost:{loopback.port}")


@attrs.define
class Tunnel:
    """A proxy that connects every CONNECT to one server."""

    port: int
    asked: list[bytes]
    """The heads of the requests that it received."""


@contextmanager
def tunnel_to(port: int, *, tls: bool = False) -> Iterator[Tunnel]:
    asked: list[bytes] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    SERVER.configure_cert(context)

    def pump(source: Any, target: Any) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with suppress(OSError):
            target.shutdown(socket.SHUT_WR)

    def connect(connection: Any) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(connection, server_side=True) if tls else connection as client,
            socket.create_connection(("127.0.0.1", port)) as server,
        ):
            asked.append(client.recv(65536))
            client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()

    with listen(connect) as loopback:
        yield Tunnel(loopback.port, asked)


def test_a_proxy_with_a_password_leads_to_the_server_and_sees_no_key(
    driver: Driver, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server() as server, tunnel_to(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://user:p%40ss@127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.0/8,::1/128")
        assert driver.open(BASE_URL).playlists.get(1).id == "48213"
    (asked,) = proxy.asked
    assert asked.startswith(b"CONNECT api.shop.example:443 ")
    assert b"Basic " + base64.b64encode(b"user:p@ss") in asked
    assert_no_secrets(iter([asked.decode()]))


@pytest.mark.parametrize(
    ("host", "no_proxy"),
    [
        ("localhost", "localhost"),
        ("127.0.0.1", "10.0.0.0/8, 127.0.0.0/8 ::1/128"),
        ("127.0.0.1", "*"),
        ("127.0.0.1", "127.0.0.1:{port}"),
    ],
)
def test_a_host_in_no_proxy_is_reached_without_the_proxy(
    driver: Driver, trusted: Path, monkeypatch: pytest.MonkeyPatch, host: str, no_proxy: str
) -> None:
    with tls_server() as server, tunnel_to(server.port) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", no_proxy.format(port=server.port))
        assert driver.open(f"https://{host}:{server.port}").playlists.get(1).id == "48213"
        assert proxy.asked == []
        monkeypatch.setenv("NO_PROXY", "127.0.0.1:1,fe80::/10")
        assert driver.open(f"https://{host}:{server.port}").playlists.get(1).id == "48213"
        assert len(proxy.asked) == 1


def test_a_proxy_that_is_reached_by_tls_may_have_a_certificate_of_the_same_authority(
    driver: Driver, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tls_server() as server, tunnel_to(server.port, tls=True) as proxy:
        monkeypatch.setenv("ALL_PROXY", f"https://localhost:{proxy.port}")
        assert driver.open(BASE_URL).playlists.get(1).id == "48213"
        assert len(proxy.asked) == 1


class TestAuthorities:
    def test_without_a_variable_those_that_come_with_httpx_are_trusted(
        self, driver: Driver, trusted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", "")
        with tls_server() as server, pytest.raises(ConnectionFailedError, match="ConnectError"):
            driver.open(server.url, retry=driver.retry_policy(attempts=1)).playlists.get(1)

    def test_a_directory_of_certificates_is_trusted(
        self, driver: Driver, trusted: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "certificates"
        folder.mkdir()
        hashed = subprocess.run(
            ["openssl", "x509", "-hash", "-noout", "-in", trusted], capture_output=True, text=True, check=True
        )
        shutil.copy(trusted, folder / f"{hashed.stdout.strip()}.0")
        monkeypatch.delenv("SSL_CERT_FILE")
        monkeypatch.setenv("SSL_CERT_DIR", os.pathsep.join(["/no/such/directory", str(folder)]))
        with tls_server() as server:
            assert driver.open(server.url).playlists.get(1).id == "48213"

    def test_the_file_goes_before_the_directory(
        self, driver: Driver, trusted: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_DIR", "/no/such/directory")
        with tls_server() as server:
            assert driver.open(server.url).playlists.get(1).id == "48213"
