"""Credentials: where they come from, and that they go to one place only."""

from __future__ import annotations

import copy
import io
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
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
from .replay_samples import one

KEYS = {"dd-api-key": API_KEY, "dd-application-key": APP_KEY}
TOKEN = {"authorization": f"Bearer {BEARER_TOKEN}"}


def sent_headers(driver: Driver, **options: Any) -> dict[str, str]:
    """The credentials that one request of a client carries."""
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return one()

    driver.open(peer, keys=False, **options).playlists.get(1)
    names = ("dd-api-key", "dd-application-key", "authorization")
    return {name: requests[0].headers[name] for name in names if name in requests[0].headers}


def test_keys_or_a_token_are_sent_but_never_both(driver: Driver) -> None:
    assert sent_headers(driver, api_key=API_KEY, app_key=APP_KEY) == KEYS
    assert sent_headers(driver, bearer_token=BEARER_TOKEN) == TOKEN


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
def test_the_environment_is_asked_for_what_is_not_given(
    sync_driver: Driver, variables: dict[str, str], expected: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert sent_headers(sync_driver) == expected


def test_what_is_given_goes_before_the_environment(sync_driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DD_API_KEY", "DD_APP_KEY", "DD_BEARER_TOKEN"):
        monkeypatch.setenv(name, "of-the-environment")
    assert sent_headers(sync_driver, api_key=API_KEY, app_key=APP_KEY) == KEYS
    assert sent_headers(sync_driver, api_key=API_KEY) == {**KEYS, "dd-application-key": "of-the-environment"}
    assert sent_headers(sync_driver, app_key=APP_KEY) == {**KEYS, "dd-api-key": "of-the-environment"}
    assert sent_headers(sync_driver, bearer_token=BEARER_TOKEN) == TOKEN


def test_later_changes_of_the_environment_have_no_effect(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    monkeypatch.setenv("DD_APP_KEY", APP_KEY)
    monkeypatch.setenv("DD_SITE", "eu1")
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return one()

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
def test_missing_credentials_are_an_error_that_names_the_variables(
    cls: type[ReplayClient], options: dict[str, Any], named: list[str], unnamed: list[str]
) -> None:
    with pytest.raises(ConfigurationError, match="missing") as caught:
        cls(**options)
    assert all(name in str(caught.value) for name in named)
    assert not any(name in str(caught.value) for name in unnamed)


def test_an_empty_argument_does_not_fall_back_to_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    with pytest.raises(ConfigurationError, match=r"api_key \(DD_API_KEY or DATADOG_API_KEY\) is missing"):
        ReplayClient(api_key="", app_key=APP_KEY)


@pytest.mark.parametrize("keys", [{"api_key": API_KEY}, {"app_key": APP_KEY}])
def test_keys_and_token_together_are_refused(keys: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="not both"):
        ReplayClient(bearer_token=BEARER_TOKEN, **keys)


BAD = ["ab\nc-s3cret", "s3cret\r\nX: y", "s3crét", "s3 cret", "s3cret\x00", "s3cret\x7f", "💥s3cret"]


@pytest.mark.parametrize("value", BAD, ids=ascii)
@pytest.mark.parametrize("cls", [ReplayClient, AsyncReplayClient])
def test_a_credential_that_cannot_be_sent_is_refused_without_being_quoted(cls: type[ReplayClient], value: Any) -> None:
    for options in ({"api_key": value, "app_key": "x"}, {"api_key": "x", "app_key": value}, {"bearer_token": value}):
        with pytest.raises(ConfigurationError, match="spaces, control or non-ASCII") as caught:
            cls(**options)
        for text in texts_of(caught.value):
            assert "s3cr" not in text


def test_a_bad_variable_is_named_without_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATADOG_APP_KEY", "s3cret with spaces")
    with pytest.raises(ConfigurationError, match="DD_APP_KEY or DATADOG_APP_KEY holds spaces") as caught:
        ReplayClient(api_key=API_KEY)
    for text in texts_of(caught.value):
        assert "s3cret" not in text


@pytest.mark.parametrize("value", [b"bytes-s3cret", 5, ["s3cret"]])
def test_a_credential_of_another_type_is_refused(value: Any) -> None:
    with pytest.raises(ConfigurationError, match="api_key must be a string, not") as caught:
        ReplayClient(api_key=value, app_key=APP_KEY)
    assert "s3cret" not in repr(caught.value)


def test_whitespace_around_a_credential_is_no_part_of_it(sync_driver: Driver) -> None:
    assert sent_headers(sync_driver, api_key=f"{API_KEY}\n", app_key=f" {APP_KEY}\t") == KEYS


# ---- They are shown nowhere -----------------------------------------------------------------------------------------


def texts_of(error: BaseException | None) -> Iterator[str]:
    """All that a crash reporter could show of an error: its own words, and the variables of all frames but tests'."""
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
            yield from texts_of(error.__context__)
        error = error.__cause__


def assert_secret(texts: Iterator[str]) -> None:
    for text in texts:
        for secret in SECRETS:
            assert secret not in text


def echo(received: Received, status: int) -> None:
    body = f"you sent {received.headers}".encode()
    received.respond(status, {"Content-Type": "text/plain"}, body)


def hang_up(_: Received) -> None:
    raise ConnectionAbortedError


def garbage(received: Received) -> None:
    received.write(f"{received.headers['dd-api-key']} is no HTTP\r\n\r\n".encode())
    raise ConnectionAbortedError


def cut(received: Received) -> None:
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
    "garbage": garbage,
    "cut": cut,
    "gzip": lambda received: received.respond(200, {"Content-Encoding": "gzip"}, b"x"),
}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # see "gzip" in test_segment_pages
@pytest.mark.parametrize("name", FAILURES)
def test_no_failure_shows_a_credential(driver: Driver, name: str) -> None:
    with serve(FAILURES[name]) as loopback:
        client = driver.open(loopback.url)
        for call in (
            lambda: client.playlists.get(1),
            lambda: list(client.playlists.list()),
            lambda: client.playlists.create("n"),
        ):
            with pytest.raises(ReplayError) as caught:
                call()
            assert_secret(texts_of(caught.value))
            assert caught.value.__context__ is None or driver.flavour != "sync"
    assert loopback.received[0].headers["dd-api-key"] == API_KEY


def test_a_token_is_shown_as_little(driver: Driver) -> None:
    with serve(lambda received: echo(received, 403)) as loopback:
        client = driver.open(loopback.url, keys=False, bearer_token=BEARER_TOKEN)
        with pytest.raises(StatusError) as caught:
            client.playlists.get(1)
    assert_secret(texts_of(caught.value))
    assert b"Bearer [redacted]" in caught.value.body


def test_a_connection_that_cannot_be_had_shows_no_credential(driver: Driver) -> None:
    with pytest.raises(ConnectionFailedError) as caught:
        driver.open(f"http://127.0.0.1:{free_port()}").playlists.get(1)
    assert_secret(texts_of(caught.value))


def test_a_hook_that_raises_shows_no_credential(driver: Driver) -> None:
    def hook(_: object) -> None:
        raise LookupError("of the hook")

    with serve(lambda received: echo(received, 503)) as loopback:
        for name in ("on_response", "on_retry"):
            options: dict[str, Any] = {name: hook}
            client = driver.open(loopback.url, **options)
            with pytest.raises(LookupError) as caught:
                client.playlists.get(1)
            assert_secret(texts_of(caught.value))


def test_echoed_credentials_are_blanked_out_of_bodies(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url).playlists.get(1)
    assert caught.value.body.count(b"[redacted]") == 2
    with serve(lambda received: echo(received, 200)) as loopback, pytest.raises(UnexpectedResponseError) as unfit:
        driver.open(loopback.url).playlists.get(1)
    assert unfit.value.body.count(b"[redacted]") == 2


def test_a_key_that_begins_another_leaves_nothing_of_it(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url, api_key=APP_KEY[:20], app_key=APP_KEY).playlists.get(1)
    assert APP_KEY[20:].encode() not in caught.value.body


def test_words_are_not_cut_up_for_the_short_keys_of_a_test(driver: Driver) -> None:
    body = {"errors": ["data.attributes.application_id is required"]}
    client = driver.open(lambda _: httpx.Response(400, json=body), api_key="e", app_key="app")
    with pytest.raises(StatusError) as caught:
        client.playlists.get(1)
    assert caught.value.errors == ("data.attributes.application_id is required",)


def test_a_client_brought_along_with_auth_does_not_replace_the_token(driver: Driver) -> None:
    seen: list[dict[str, str]] = []

    def answer(received: Received) -> None:
        seen.append(received.headers)
        received.respond(200, {}, one().content)

    with serve(answer) as loopback:
        brought = driver.open_http_client(auth=("proxy", "word"))
        driver.open(loopback.url, keys=False, bearer_token=BEARER_TOKEN, http_client=brought).playlists.get(1)
        driver.open(loopback.url, http_client=brought).playlists.get(1)
    token, keys = ({name.lower(): value for name, value in headers.items()} for headers in seen)
    assert token["authorization"] == f"Bearer {BEARER_TOKEN}"
    assert keys["authorization"].startswith("Basic "), "with keys it is no business of ours"


@pytest.mark.parametrize("credentials", [{"api_key": API_KEY, "app_key": APP_KEY}, {"bearer_token": BEARER_TOKEN}])
def test_nothing_that_can_be_shown_shows_a_credential(driver: Driver, credentials: dict[str, str]) -> None:
    client = unwrapped(driver.open(lambda _: one(), keys=False, **credentials))
    things = [client, client.playlists, client.playlists.list()]
    for thing in things:
        assert_secret(iter([str(thing), repr(thing), repr(getattr(thing, "__dict__", None))]))
        if type(thing).__module__.startswith("rum_replay."):
            # Debuggers and crash reporters show attributes of attributes too.
            things += [
                value for value in getattr(thing, "__dict__", {}).values() if not any(value is t for t in things)
            ]


@pytest.mark.parametrize("duplicate", [pickle.dumps, copy.copy, copy.deepcopy])
def test_clients_and_credentials_cannot_be_pickled_or_copied(
    driver: Driver, duplicate: Callable[[object], object]
) -> None:
    client = unwrapped(driver.open(lambda _: one()))
    for thing in (client, Credentials(API_KEY, APP_KEY, None).resolve()):
        with pytest.raises(TypeError, match="new") as caught:
            duplicate(thing)
        assert_secret(iter([repr(caught.value)]))


def test_log_lines_of_all_loggers_show_no_credential(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore", "rum_replay", "asyncio", "hpack"):
        caplog.set_level(logging.DEBUG, logger=name)
    answers = iter([503, 429, 200])

    def answer(received: Received) -> None:
        received.respond(next(answers, 400), {}, one().content)

    with serve(answer) as loopback:
        client = driver.open(loopback.url)
        client.playlists.get(1)
        with pytest.raises(StatusError):
            client.playlists.get(2)
    loggers = {record.name.partition(".")[0] for record in caplog.records}
    assert {"httpx", "httpcore", "rum_replay"} <= loggers
    formatter = logging.Formatter("%(message)s %(args)s %(exc_info)s")
    assert_secret(formatter.format(record) for record in caplog.records)
    assert_secret(repr(vars(record)) for record in caplog.records)


# ---- They go to nobody else -----------------------------------------------------------------------------------------


@pytest.fixture
def stranger() -> Iterator[Loopback]:
    """A server that must never be talked to."""
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        yield loopback


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(driver: Driver, stranger: Loopback, status: int) -> None:
    def answer(received: Received) -> None:
        received.respond(status, {"Location": f"{stranger.url}{received.target}"})

    with serve(answer) as loopback:
        for client in (
            driver.open(loopback.url),
            driver.open(loopback.url, http_client=driver.open_http_client(follow_redirects=True)),
        ):
            with pytest.raises(StatusError, match="redirects are not followed"):
                client.playlists.get(1)
            with pytest.raises(StatusError, match="redirects are not followed"):
                list(client.sessions.iter_segments("s", "v"))
    assert stranger.received == []
    assert len(loopback.received) == 4


def test_plain_http_to_this_machine_goes_through_no_proxy_of_the_environment(
    driver: Driver, stranger: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(name, stranger.url)
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        assert driver.open(loopback.url).playlists.get(1).id == "48213"
    assert stranger.received == []
    assert len(loopback.received) == 1


def test_a_proxy_for_https_sees_no_credential(driver: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = io.BytesIO()

    def proxy(connection: Any) -> None:
        seen.write(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")

    with listen(proxy) as loopback:
        monkeypatch.setenv("HTTPS_PROXY", loopback.url)
        with pytest.raises(ConnectionFailedError, match="ProxyError") as caught:
            driver.open(site="us1", retry=driver.time.policy(attempts=1)).playlists.get(1)
    assert seen.getvalue().startswith(b"CONNECT api.datadoghq.com:443 ")
    assert_secret(iter([seen.getvalue().decode()]))
    assert not caught.value.may_have_been_applied


def test_an_unusable_proxy_setting_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://[::bad")
    for cls in (ReplayClient, AsyncReplayClient):
        with pytest.raises(ConfigurationError, match="no HTTP client can be set up"):
            cls(api_key=API_KEY, app_key=APP_KEY, site="us1")


def test_a_netrc_file_adds_nothing(driver: Driver, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serve(lambda received: received.respond(200, {}, one().content)) as loopback:
        driver.open(loopback.url).playlists.get(1)
    assert "authorization" not in loopback.received[0].headers


def test_resolving_raises_without_secrets_in_any_frame() -> None:
    credentials = Credentials(API_KEY, APP_KEY, BEARER_TOKEN)
    with pytest.raises(ConfigurationError) as caught:
        credentials.resolve()
    assert_secret(texts_of(caught.value))


def test_only_credentials_of_at_least_eight_characters_are_blanked_out(driver: Driver) -> None:
    with serve(lambda received: echo(received, 400)) as loopback, pytest.raises(StatusError) as caught:
        driver.open(loopback.url, api_key="8letters", app_key="7letter").playlists.get(1)
    assert b"8letters" not in caught.value.body
    assert b"7letter" in caught.value.body
