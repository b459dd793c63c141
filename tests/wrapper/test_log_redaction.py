"""The HTTP libraries log headers, reason phrases and, for HTTP/2, requests: never with a credential."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import weakref
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from rum_replay import AsyncReplayClient, NotFoundError, ReplayClient, ReplayError
from rum_replay._credentials import Credentials

from .loopback_peer import listen
from .replay_driver import API_KEY, APP_KEY, BEARER_TOKEN, Driver
from .replay_samples import item_response
from .test_redaction import AWKWARD, FORMS, respond_with, traces_of, with_length
from .tls_peer import serve_http2, trusting

TRACE = 5
KEYS = {"api_key": AWKWARD, "app_key": APP_KEY}
TOKEN = {"bearer_token": BEARER_TOKEN}
BODY = item_response().content


def logged(caplog: pytest.LogCaptureFixture) -> str:
    formatter = logging.Formatter("%(name)s %(message)s %(args)s %(exc_info)s")
    return "\n".join(f"{formatter.format(record)} {vars(record)!r}" for record in caplog.records)


def assert_no_trace(text: str, options: dict[str, str]) -> None:
    for secret in options.values():
        for trace in traces_of(secret):
            assert trace not in text


@pytest.mark.parametrize("options", [KEYS, TOKEN], ids=["keys", "token"])
@pytest.mark.parametrize("form", ["verbatim", "URL", "JSON, all", "Base64"])
def test_echo_in_headers_and_reason_is_not_logged(
    driver: Driver, caplog: pytest.LogCaptureFixture, options: dict[str, Any], form: str
) -> None:
    caplog.set_level(TRACE)
    for echo in map(FORMS[form], options.values()):
        answer = with_length(f"404 no {echo}", f"X-Request-Id: {echo}\r\nSet-Cookie: k={echo}\r\n", b"{}")
        with listen(partial(respond_with, answer=answer)) as loopback, pytest.raises(NotFoundError):
            driver.open(loopback.url, keys=False, **options).playlists.get(1)
    text = logged(caplog)
    assert "httpcore.http11 receive_response_headers.complete" in text
    assert '"HTTP/1.1 404 no [redacted]"' in text
    assert_no_trace(text, options)


@pytest.mark.parametrize("options", [KEYS, TOKEN], ids=["keys", "token"])
def test_http_2_logs_no_credential(driver: Driver, caplog: pytest.LogCaptureFixture, options: dict[str, Any]) -> None:
    caplog.set_level(TRACE)
    seen: list[dict[str, str]] = []

    def answer(headers: list[tuple[str, str]]) -> tuple[list[tuple[str, str]], bytes]:
        seen.append(dict(headers))
        echo = seen[-1].get("authorization") or seen[-1]["dd-api-key"]
        return [(":status", "200"), ("x-request-id", echo), ("x-echo", FORMS["URL"](echo))], BODY

    with serve_http2(answer) as loopback:
        http_client = driver.open_http_client(http2=True, verify=trusting())
        client = driver.open(loopback.url, keys=False, http_client=http_client, **options)
        for number in range(3):
            assert client.playlists.get(number).id == "48213"
    assert {"HTTP/2"} == {record.args[2] for record in caplog.records if record.name == "httpx" and record.args}  # type: ignore[index]
    sent = seen[0].get("authorization", "").removeprefix("Bearer ") or seen[0]["dd-api-key"]
    assert sent in options.values()
    text = logged(caplog)
    assert "hpack.hpack Adding b'" in text
    assert "[redacted]" in text
    assert_no_trace(text, options)
    assert_no_blocks(caplog)


def assert_no_blocks(caplog: pytest.LogCaptureFixture) -> None:
    """Blocks of headers hold keys in Huffman's code, from which anyone can read them."""
    messages = [record.getMessage() for record in caplog.records if record.name == "hpack.hpack"]
    blocks = [message for message in messages if message.startswith(("Encoded header block to", "Decoding "))]
    assert blocks
    assert all("bytes]" in message and "\\x" not in message for message in blocks)


IMPORTED_LATER = f"""
import logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
from rum_replay._credentials import Credentials
credentials = Credentials({API_KEY!r}, {APP_KEY!r}, None).resolve()
assert not any(name.startswith(("hpack", "h2")) for name in sys.modules)
import hpack
hpack.Encoder().encode([("dd-api-key", {API_KEY!r}), ("x", "visible")])
"""


def test_libraries_that_are_imported_later_log_no_credential() -> None:
    result = subprocess.run([sys.executable, "-c", IMPORTED_LATER], capture_output=True, text=True, check=True)
    assert "Adding b'dd-api-key'=b'[redacted]'" in result.stdout
    assert "Adding b'x'=b'visible'" in result.stdout
    assert API_KEY not in result.stdout


@pytest.mark.parametrize("make", [ReplayClient, AsyncReplayClient])
def test_logs_are_watched_once_and_clients_are_forgotten(make: Callable[..., Any]) -> None:
    references = []
    for number in range(50):
        client = make(api_key=f"{API_KEY}{number}", app_key=APP_KEY, base_url="http://127.0.0.1:1")
        references.append(weakref.ref(client._transport.credentials))
    del client
    gc.collect()
    assert not any(reference() for reference in references)
    for name in ("httpx", "httpcore.http11", "httpcore.http2", "hpack.hpack", "hpack.table"):
        ours = [f for f in logging.getLogger(name).filters if type(f).__module__.startswith("rum_replay")]
        assert len(ours) == 1


def test_logs_of_other_programs_parts_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    credentials = Credentials(API_KEY, APP_KEY, None).resolve()
    logging.getLogger("httpx").info("%s and %d", "text", 5)
    logging.getLogger("mine").info("%s", API_KEY)
    logging.getLogger("httpx").info("%s and %d", API_KEY, 5)
    assert [record.getMessage() for record in caplog.records] == ["text and 5", API_KEY, "[redacted] and 5"]
    assert caplog.records[0].args == ("text", 5)
    assert credentials


def test_message_that_does_not_fit_its_arguments_is_left_to_logging(monkeypatch: pytest.MonkeyPatch) -> None:
    credentials = Credentials(API_KEY, APP_KEY, None).resolve()
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign, assignment]
    logger = logging.getLogger("httpx")
    monkeypatch.setattr(logger, "propagate", False)
    monkeypatch.setattr(logger, "handlers", [handler])
    logger.warning("%d", "no number")
    assert [(record.msg, record.args) for record in records] == [("%d", ("no number",))]
    assert credentials


def test_failed_call_logs_no_credential(driver: Driver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(TRACE)
    answer = f"{API_KEY} is no HTTP\r\n\r\n".encode()
    with listen(partial(respond_with, answer=answer)) as loopback, pytest.raises(ReplayError):
        driver.open(loopback.url, retry=driver.retry_policy(attempts=1)).playlists.get(1)
    assert "receive_response_headers.failed" in logged(caplog)
    assert_no_trace(logged(caplog), {"api_key": API_KEY})
