"""Credentials: where they come from, and that they are sent to the API only."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import httpx
import pytest
from rum_replay import (
    AsyncReplayClient,
    ConfigurationError,
    ConnectionFailedError,
    ReplayClient,
    ReplayError,
    StatusError,
    UnexpectedResponseError,
)
from rum_replay._credentials import Credentials

from .loopback_peer import Loopback, Received, free_port, listen, serve
from .replay_driver import API_KEY, APP_KEY, BEARER_TOKEN, SECRETS, Driver, unwrapped
from .replay_samples import item_response

KEYS = {"dd-api-key": API_KEY, "dd-application-key": APP_KEY}
TOKEN = {"authorization": f"Bearer {BEARER_TOKEN}"}


def sent_credentials(driver: Driver, **options: Any) -> dict[str, str]:
    """The credentials that a client sends in a request."""
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return item_response()

    driver.open(peer, keys=False, **options).playlists.get(1)
    names = ("dd-api-key", "dd-application-key", "authorization")
    return {name: requests[0].headers[name] for name in names if name in requests[0].headers}


def test_either_keys_or_a_token_are_sent(driver: Driver) -> None:
    assert sent_credentials(driver, api_key=API_KEY, app_key=APP_KEY) == KEYS
    assert sent_credentials(driver, bearer_token=BEARER_TOKEN) == TOKEN


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}, KEYS),
        ({"DATADOG_API_KEY": API_KEY, "DATADOG_APP_KEY": APP_KEY}, KEYS),
        ({"DD_API_KEY": API_KEY, "DATADOG_APP_KEY": APP_KEY}, KEYS),
        ({"DD_API_KEY": API_KEY, "DATADOG_API_KEY": "other", "DD_APP_KEY": APP_KEY, "DATADOG_APP_KEY": "other"}, KEYS),
        ({"DD_API_KEY": " ", "DATADOG_API_KEY": f" {API_KEY}\n", "DD_APP_KEY": APP_KEY}, KEYS),
        ({"DD_BEARER_TOKEN": BEARER_TOKEN}, TOKEN),
        ({"DD_ACCESS_TOKEN": BEARER_TOKEN}, TOKEN),
        ({"DD_BEARER_TOKEN": BEARER_TOKEN, "DD_ACCESS_TOKEN": "other"}, TOKEN),
        ({"DD_ACCESS_TOKEN": BEARER_TOKEN, "DD_API_KEY": API_KEY, "DD_APP_KEY": APP_KEY}, TOKEN),
    ],
)
def test_missing_credentials_are_read_from_the_environment(
    sync_driver: Driver, variables: dict[str, str], expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert sent_credentials(sync_driver) == expected


def test_arguments_take_precedence_over_the_environment(sync_driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DD_API_KEY", "DD_APP_KEY", "DD_BEARER_TOKEN"):
        monkeypatch.setenv(name, "from-the-environment")
    assert sent_credentials(sync_driver, api_key=API_KEY, app_key=APP_KEY) == KEYS
    assert sent_credentials(sync_driver, api_key=API_KEY) == {**KEYS, "dd-application-key": "from-the-environment"}
    assert sent_credentials(sync_driver, app_key=APP_KEY) == {**KEYS, "dd-api-key": "from-the-environment"}
    assert sent_credentials(sync_driver, bearer_token=BEARER_TOKEN) == TOKEN


def test_later_changes_to_the_environment_have_no_effect(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    monkeypatch.setenv("DD_APP_KEY", APP_KEY)
    monkeypatch.setenv("DD_SITE", "eu1")
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return item_response()

    client = driver.open(peer, keys=False, site=None)
    for name in ("DD_API_KEY", "DD_APP_KEY", "DD_SITE", "DD_BEARER_TOKEN"):
        monkeypatch.setenv(name, "us5")
    client.playlists.get(1)
    client.with_options(timeout=1).playlists.get(1)
    assert len(requests) == 2
    for request in requests:
        assert request.url.host == "api.datadoghq.eu"
        assert request.headers["dd-api-key"] == API_KEY
        assert "authorization" not in request.headers


MISSING: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({}, ["DD_API_KEY", "DATADOG_API_KEY", "DD_APP_KEY", "DATADOG_APP_KEY", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"], []),
    ({"api_key": API_KEY}, ["DD_APP_KEY", "DATADOG_APP_KEY"], ["DD_API_KEY"]),
    ({"app_key": APP_KEY}, ["DD_API_KEY", "DATADOG_API_KEY"], ["DD_APP_KEY"]),
    ({"api_key": "", "app_key": APP_KEY}, ["api_key", "DD_API_KEY"], ["DD_APP_KEY"]),
    ({"bearer_token": "  "}, ["bearer_token", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"], ["DD_API_KEY"]),
]


@pytest.mark.parametrize(("options", "named", "unnamed"), MISSING)
@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_error_for_missing_credentials_names_the_variables(
    cls: type[ReplayClient], options: dict[str, Any], named: list[str], unnamed: list[str]
) -> None:
    with pytest.raises(ConfigurationError, match="missing") as caught:
        cls(**options)
    assert all(name in str(caught.value) for name in named)
    assert not any(name in str(caught.value) for name in unnamed)


def test_empty_argument_does_not_fall_back_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    with pytest.raises(ConfigurationError, match=r"api_key \(DD_API_KEY or DATADOG_API_KEY\) is missing"):
        ReplayClient(api_key="", app_key=APP_KEY)


@pytest.mark.parametrize("keys", [{"api_key": API_KEY}, {"app_key": APP_KEY}])
def test_keys_together_with_a_token_are_rejected(keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        ReplayClient(bearer_token=BEARER_TOKEN, **keys)


INVALID = ["ab\nc-s3cret", "s3cret\r\nX: y", "s3crét", "s3 cret", "s3cret\x00", "s3cret\x7f", "💥s3cret"]


@pytest.mark.parametrize("value", INVALID, ids=ascii)
@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_invalid_credential_is_rejected_without_being_quoted(cls: type[ReplayClient], value: Any) -> None:
    for options in ({"api_key": value, "app_key": "x"}, {"api_key": "x", "app_key": value}, {"bearer_token": value}):
        with pytest.raises(ConfigurationError, match="spaces, control or non-ASCII") as caught:
            cls(**options)
        for text in reported_texts(caught.value):
            assert "s3cr" not in text


def test_error_for_an_invalid_variable_names_it_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATADOG_APP_KEY", "s3cret with spaces")
    with pytest.raises(ConfigurationError, match="DD_APP_KEY or DATADOG_APP_KEY holds spaces") as caught:
        ReplayClient(api_key=API_KEY)
    for text in reported_texts(caught.value):
        assert "s3cret" not in text


@pytest.mark.parametrize("value", [b"bytes-s3cret", 5, ["s3cret"]])
def test_credential_of_the_wrong_type_is_rejected(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="api_key must be a string, not") as caught:
        ReplayClient(api_key=value, app_key=APP_KEY)
    assert "s3cret" not in repr(caught.value)


def test_whitespace_around_a_credential_is_stripped(sync_driver: Driver) -> None:
    assert sent_credentials(sync_driver, api_key=f"{API_KEY}\n", app_key=f" {APP_KEY}\t") == KEYS


# ---- They are never revealed -----------------------------------------------------------------------------------------


def reported_texts(error: BaseException | None) -> Iterator[str]:
    """Everything that a crash reporter could show: the error itself, and the variables of all frames outside tests."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield from (str(error), repr(error), repr(error.args), repr(vars(error)))
        yield "".join(traceback.format_exception(error))
        yield pickle.dumps(error).decode("latin-1") if isinstance(error, ReplayError) else ""
        frames: list[FrameType] = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
        for frame in frames:
            if "/tests/" not in frame.f_code.co_filename and "/_pytest/" not in frame.f_code.co_filename:
                for name, value in frame.f_locals.items():
                    yield f"{name} = {value!r}"
        if error.__context__ is not None:
            yield from reported_texts(error.__context__)
        error = error.__cause__


def assert_no_secrets(texts: Iterator[str]) -> None:
    for text in texts:
        for secret in SECRETS:
            assert secret not in text


def echo(received: Received, status: int) -> None:
    body = f"you sent {received.headers}".encode()
    received.respond(status, {"Content-Type": "text/plain"}, body)


def hang_up(_: Received) -> None:
    raise ConnectionAbortedError


def send_garbage(received: Received) -> None:
    received.write(f"{received.headers['dd-api-key']} is no HTTP\r\n\r\n".encode())
    raise ConnectionAbortedError


def truncate(received: Received) -> None:
    received.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{")
    raise ConnectionAbortedError


FAILURES: dict[str, Callable[[Received], None]] = {
    "400": lambda received: echo(received, 400),
    "401": lambda received: echo(received, 401),
    "429": lambda received: echo(received, 429),
    "503": lambda received: echo(received, 503),
    "json": lambda received: received.respond(403, {}, f'{{"errors": ["{received.headers["dd-api-key"]}"]}}'.encode()),
    "not json": lambda received: echo(received, 200),
    "redirect": lambda received: received.respond(302, {"Location": "http://127.0.0.1:1/"}),
    "hang up": hang_up,
    "garbage": send_garbage,
    "cut": truncate,
    "gzip": lambda received: received.respond(200, {"Content-Encoding": "gzip"}, b"x"),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see "gzip" in test_segment_pages
@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_reveals_a_credential(driver: Driver, name: str) -> None:
    with serve(FAILURES[name]) as loopback:
        client = driver.open(loopback.url)
        for call in (
            lambda: client.playlists.get(1),
            lambda: list(client.playlists.list()),
            lambda: client.playlists.create("n"),
        ):
            with pytest.raises(ReplayError) as caught:
                call()
            assert_no_secrets(reported_texts(caught.value))
            assert caught.value.__context__ is None or driver.flavor != "sync"
    assert loopback.received[0].headers["dd-api-key"] == API_KEY


def test_no_failure_reveals_a_token(driver: Driver) -> None:
    with serve(lambda received: echo(received, 403)) as loopback:
        client = driver.open(loopback.url, keys=False, bearer_token=BEARER_TOKEN)
        with pytest.raises(StatusError) as caught:
            client.playlists.get(1)
    assert_no_secrets(reported_texts(caught.value))
    assert b"Bearer [redacted]" in caught.value.body


def test_refused_connection_reveals_no_credential(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open(f"http://127.0.0.1:{free_port()}").playlists.get(1)
    assert_no_secrets(reported_texts(caught.value))


def test_hook_that_raises_reveals_no_credential(driver: Driver) -> None:
    def hook(_: object) -> None:
        raise LookupError("raised by the hook")

    with serve(lambda received: echo(received, 503)) as loopback:
        for name in ("on_response", "on_retry"):
            options: dict[str, Any] = {name: hook}
            client = driver.open(loopback.url, **options)
            with pytest.raises(LookupError) as caught:
                client.playlists.get(1)
            assert_no_secrets(reported_texts(caught.value))


def test_echoed_credentials_are_redacted_in_bodies(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url).playlists.get(1)
    assert caught.value.body.count(b"[redacted]") == 2
    with serve(lambda received: echo(received, 200)) as loopback, pytest.raises(UnexpectedResponseError) as unexpected:
        driver.open(loopback.url).playlists.get(1)
    assert unexpected.value.body.count(b"[redacted]") == 2


def test_echoed_credentials_are_in_no_manifest_and_no_page(driver: Driver, tmp_path: Path) -> None:
    def page(received: Received) -> None:
        received.respond(200, {"X-Echo": f"you sent {received.headers['dd-api-key']}", "Link": "<?paging=>"}, b"{}")

    with serve(page) as loopback:
        client = driver.open(loopback.url)
        done = client.sessions.download_segments("s", "v", tmp_path / "replay")
        (one,) = client.sessions.iter_segments("s", "v")
    assert done.pages[0].headers["x-echo"] == one.headers["x-echo"] == "you sent [redacted]"
    assert done.pages[0].headers["link"] == "<?paging=>"
    assert_no_secrets(iter([(tmp_path / "replay" / "manifest.json").read_text(), repr(one.headers)]))


def test_key_that_is_a_prefix_of_another_does_not_leave_the_rest_unredacted(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url, api_key=APP_KEY[:20], app_key=APP_KEY).playlists.get(1)
    assert APP_KEY[20:].encode() not in caught.value.body


def test_short_keys_do_not_redact_parts_of_ordinary_words(driver: Driver) -> None:
    body = {"errors": ["data.attributes.application_id is required"]}
    client = driver.open(lambda _: httpx.Response(400, json=body), api_key="e", app_key="app")
    with pytest.raises(StatusError) as caught:
        client.playlists.get(1)
    assert caught.value.errors == ("data.attributes.application_id is required",)


def test_auth_of_a_custom_http_client_does_not_replace_the_token(driver: Driver) -> None:
    seen: list[dict[str, str]] = []

    def respond(received: Received) -> None:
        seen.append(received.headers)
        received.respond(200, {}, item_response().content)

    with serve(respond) as loopback:
        custom = driver.open_http_client(auth=("proxy", "word"))
        driver.open(loopback.url, keys=False, bearer_token=BEARER_TOKEN, http_client=custom).playlists.get(1)
        driver.open(loopback.url, http_client=custom).playlists.get(1)
    token, keys = ({name.lower(): value for name, value in headers.items()} for headers in seen)
    assert token["authorization"] == f"Bearer {BEARER_TOKEN}"
    assert keys["authorization"].startswith("Basic "), "the library does not use this header with keys"


@pytest.mark.parametrize("credentials", [{"api_key": API_KEY, "app_key": APP_KEY}, {"bearer_token": BEARER_TOKEN}])
def test_no_repr_or_reachable_attribute_reveals_a_credential(driver: Driver, credentials: dict[str, str]) -> None:
    client = unwrapped(driver.open(lambda _: item_response(), keys=False, **credentials))
    objects = [client, client.playlists, client.playlists.list()]
    for item in objects:
        assert_no_secrets(iter([str(item), repr(item), repr(getattr(item, "__dict__", None))]))
        if type(item).__module__.startswith("rum_replay."):
            # Debuggers and crash reporters show attributes of attributes too.
            objects += [
                value for value in getattr(item, "__dict__", {}).values() if not any(value is t for t in objects)
            ]


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_clients_and_credentials_cannot_be_pickled_or_copied(
    driver: Driver, duplicate: Callable[[object], object]
) -> None:
    client = unwrapped(driver.open(lambda _: item_response()))
    for item in (client, Credentials(API_KEY, APP_KEY, None).resolve()):
        with pytest.raises(TypeError, match="new") as caught:
            duplicate(item)
        assert_no_secrets(iter([repr(caught.value)]))


def test_log_records_of_all_loggers_reveal_no_credential(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "rum_replay", "asyncio", "hpack"):
        caplog.set_level(logging.DEBUG, logger=name)
    statuses = iter([503, 429, 200])

    def respond(received: Received) -> None:
        received.respond(next(statuses, 400), {}, item_response().content)

    with serve(respond) as loopback:
        client = driver.open(loopback.url)
        client.playlists.get(1)
        with pytest.raises(StatusError):
            client.playlists.get(2)
    loggers = {record.name.partition(".")[0] for record in caplog.records}
    assert {"httpx", "httpcore", "rum_replay"} <= loggers
    formatter = logging.Formatter("%(message)s %(args)s %(exc_info)s")
    assert_no_secrets(formatter.format(record) for record in caplog.records)
    assert_no_secrets(repr(vars(record)) for record in caplog.records)


# ---- They are sent only to the API -----------------------------------------------------------------------------------


@pytest.fixture
def other_server() -> Iterator[Loopback]:
    """A server that must not receive any request."""
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        yield loopback


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_not_followed(driver: Driver, other_server: Loopback, status: int) -> None:
    def respond(received: Received) -> None:
        received.respond(status, {"Location": f"{other_server.url}{received.target}"})

    with serve(respond) as loopback:
        for client in (
            driver.open(loopback.url),
            driver.open(loopback.url, http_client=driver.open_http_client(follow_redirects=True)),
        ):
            with pytest.raises(StatusError, match="redirects are not followed"):
                client.playlists.get(1)
            with pytest.raises(StatusError, match="redirects are not followed"):
                list(client.sessions.iter_segments("s", "v"))
    assert other_server.received == []
    assert len(loopback.received) == 4


def test_plain_http_to_loopback_bypasses_proxies_from_the_environment(
    driver: Driver, other_server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, other_server.url)
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
    assert other_server.received == []
    assert len(loopback.received) == 1


def test_https_proxy_sees_no_credential(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = io.BytesIO()

    def proxy(connection: Any) -> None:
        seen.write(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with listen(proxy) as loopback:
        monkeypatch.setenv("HTTPS_PROXY", loopback.url)
        with pytest.raises(ConnectionFailedError, match="ProxyError") as caught:
            driver.open(site="us1", retry=driver.retry_policy(attempts=1)).playlists.get(1)
    assert seen.getvalue().startswith(b"CONNECT api.datadoghq.com:443 ")
    assert_no_secrets(iter([seen.getvalue().decode()]))
    assert not caught.value.may_have_been_applied


def test_unusable_proxy_setting_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://[::bad")
    for cls in (ReplayClient, AsyncReplayClient):
        with pytest.raises(ConfigurationError, match="no HTTP client can be set up"):
            cls(api_key=API_KEY, app_key=APP_KEY, site="us1")


def test_netrc_file_is_ignored(driver: Driver, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serve(lambda received: received.respond(200, {}, item_response().content)) as loopback:
        driver.open(loopback.url).playlists.get(1)
    assert "authorization" not in loopback.received[0].headers


def test_error_while_resolving_credentials_leaves_no_secret_in_any_frame() -> None:
    credentials = Credentials(API_KEY, APP_KEY, BEARER_TOKEN)
    with pytest.raises(ConfigurationError) as caught:
        credentials.resolve()
    assert_no_secrets(reported_texts(caught.value))


def test_only_credentials_of_at_least_eight_characters_are_blanked_out(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url, api_key="8letters", app_key="7letter").playlists.get(1)
    assert b"8letters" not in caught.value.body
    assert b"7letter" in caught.value.body
