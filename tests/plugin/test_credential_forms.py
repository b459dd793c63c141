"""A credential in a recording, in whatever form: it is removed, or the recording is refused with its place."""

from __future__ import annotations

import base64
import codecs
import gc
import gzip
import html
import json
import quopri
import random
import re
import sys
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import product
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.parse import quote, unquote_plus

import httpx
import pytest
import yaml
import zstandard
from pytest_rum_replay.cassettes import open_cassette
from pytest_rum_replay.cassettes.errors import CassetteLeakError, CassetteMissError, CassetteUsageError
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.naming import cassette_path, shared_cassette_path, shown_id
from pytest_rum_replay.interaction import RecordedRequest, RecordedResponse
from pytest_rum_replay.network.guard import BlockedAttempt, NetworkBlockedError
from pytest_rum_replay.secrecy.compressed import InflateLimitError
from pytest_rum_replay.secrecy.leaks import Leak, find_leaks
from pytest_rum_replay.secrecy.messages import without_credentials
from pytest_rum_replay.secrecy.redaction import Redactor
from pytest_rum_replay.secrecy.search import CredentialSearch
from pytest_rum_replay.secrecy.secret_names import looks_like_credential
from rum_replay_emulator import Emulator

PLAYLISTS = "/api/v2/rum/replay/playlists"
KEY = "4f9c1b7a2e8d3c60519fa7b8d2e6043c"
TOKEN = "ddapp_Ab/+cd&efGHijk12345=="
SHORT = "k3y4b9Zq"
MEDIUM = "q7m2x9v4k1w8z3n6"
URL = f"https://api.datadoghq.com{PLAYLISTS}"


def as_text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")


def b64(data: str | bytes) -> bytes:
    return base64.b64encode(data.encode() if isinstance(data, str) else data)


def each(form: str) -> Callable[[str], bytes]:
    return lambda secret: "".join(form.format(ord(character)) for character in secret).encode()


def nested(times: int, encode: Callable[[bytes], bytes]) -> Callable[[str], bytes]:
    def encoded(secret: str) -> bytes:
        data = secret.encode()
        for _ in range(times):
            data = encode(data)
        return data

    return encoded


def url_encoded(data: bytes) -> bytes:
    return quote("".join(f"%{byte:02X}" for byte in data) if b"%" not in data else data, safe="").encode()


FORMS: dict[str, Callable[[str], bytes]] = {
    "verbatim": str.encode,
    "upper case": lambda secret: secret.upper().encode(),
    "lower case": lambda secret: secret.lower().encode(),
    "UTF-16": lambda secret: secret.encode("utf-16"),
    "UTF-16, big-endian": lambda secret: secret.encode("utf-16-be"),
    "UTF-32": lambda secret: secret.encode("utf-32-le"),
    "URL": nested(1, url_encoded),
    "URL twice": nested(2, url_encoded),
    "URL four times": nested(4, url_encoded),
    "URL of IIS": each("%u{0:04x}"),
    "JSON": each("\\u{0:04x}"),
    "JSON in JSON": lambda secret: json.dumps(each("\\u{0:04X}")(secret).decode()).encode(),
    "JSON of PHP": lambda secret: secret.replace("/", "\\/").encode(),
    "JavaScript": each("\\u{{{0:x}}}"),
    "Python": each("\\x{0:02x}"),
    "octal": each("\\{0:03o}"),
    "HTML, decimal": each("&#{0};"),
    "HTML, hexadecimal": each("&#x{0:X};"),
    "HTML, escaped again": lambda secret: html.escape(each("&#{0};")(secret).decode()).encode(),
    "HTML, names": lambda secret: html.escape(secret).replace("/", "&sol;").replace("=", "&equals;").encode(),
    "quoted-printable": each("={0:02X}"),
    "quoted-printable, soft line break": lambda secret: quopri.encodestring(f"{secret[:9]}=\n{secret[9:]}".encode()),
    "spaces": lambda secret: " ".join(secret).encode(),
    "groups of four": lambda secret: " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)).encode(),
    "dashes": lambda secret: "-".join(secret).encode(),
    "line breaks": lambda secret: "\r\n".join(secret).encode(),
    "line breaks in JSON": lambda secret: json.dumps("\n".join(secret)).encode(),
    "zero width": lambda secret: "\u200b".join(secret).encode(),
    "soft hyphens": lambda secret: "\u00ad".join(secret).encode(),
    "full width": lambda secret: "".join(chr(ord(c) + 0xFEE0) for c in secret).encode(),
    "full width in JSON": lambda secret: json.dumps("".join(chr(ord(c) + 0xFEE0) for c in secret)).encode(),
    "mathematical letters": lambda secret: "".join(
        chr(0x1D400 + ord(c) - 65) if "A" <= c <= "Z" else chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c
        for c in secret
    ).encode(),
    "hexadecimal": lambda secret: secret.encode().hex().encode(),
    "hexadecimal in upper case": lambda secret: secret.encode().hex().upper().encode(),
    "hexadecimal of upper case": lambda secret: secret.upper().encode().hex().encode(),
    "hexadecimal of lower case": lambda secret: secret.lower().encode().hex().encode(),
    "hexadecimal with colons": lambda secret: secret.encode().hex(":").encode(),
    "hexadecimal dump": lambda secret: ", ".join(f"0x{byte:02x}" for byte in secret.encode()).encode(),
    "decimal codes": lambda secret: json.dumps(list(secret.encode())).encode(),
    "Base32": lambda secret: base64.b32encode(b"xy" + secret.encode()),
    "Base64": b64,
    "Base64 of a URL": lambda secret: base64.urlsafe_b64encode(secret.encode()).rstrip(b"="),
    "Base64 in lines": lambda secret: base64.encodebytes(secret.encode() * 3),
    "Base64 in lines in JSON": lambda secret: json.dumps(base64.encodebytes(secret.encode() * 3).decode()).encode(),
    "Base64 in a URL, twice": lambda secret: quote(quote(b64(secret), safe=""), safe="").encode(),
    "Base64 in JSON of PHP": lambda secret: b64(secret).replace(b"/", b"\\/"),
    "Basic": lambda secret: b64(f"user:{secret}"),
    "Base64 twice": nested(2, b64),
    "Base64 five times": nested(5, b64),
    "Base64 of gzip": lambda secret: b64(gzip.compress(secret.encode())),
    "Base64 of zlib": lambda secret: b64(zlib.compress(f"with the key {secret} in it".encode())),
    "Base64 of zlib of Base64 of gzip": lambda secret: b64(zlib.compress(b64(gzip.compress(secret.encode())))),
    "Base64 of UTF-16": lambda secret: b64(secret.encode("utf-16")),
    "Base64 of upper case": lambda secret: b64(secret.upper()),
    "Base64 of a URL-encoded one": lambda secret: b64(url_encoded(secret.encode())),
    "hexadecimal of Base64": lambda secret: b64(secret).hex().encode(),
    "hexadecimal of gzip": lambda secret: gzip.compress(secret.encode()).hex().encode(),
    "JWT": lambda secret: b".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=")
        for part in ({"alg": "none"}, {"sub": "x", "key": secret}, {})
    ),
}
SURROUNDINGS = [(b"", b""), (b'{"echo":"', b'"}'), (b"https://h/a/", b"/b?c=d"), (b"see: ", b", please\n")]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("secret", [KEY, TOKEN, SHORT])
def test_a_credential_is_found_in_every_form(name: str, secret: str) -> None:
    secrets = [secret, "another-value-5b1f6e80"]
    for before, after in SURROUNDINGS:
        data = before + FORMS[name](secret) + after
        assert CredentialSearch(secrets).find(data) is not None, data
    assert find_leaks(data, secrets)


@pytest.mark.parametrize("name", FORMS)
def test_no_message_shows_a_form_of_a_credential(name: str) -> None:
    text = f"before <{as_text(FORMS[name](KEY))}> after"
    shown = without_credentials(text, [KEY])
    assert "REDACTED" in shown.replace("\0", "")
    assert shown.startswith("before <")
    assert CredentialSearch([KEY]).find(shown.encode()) is None


ORDINARY = [
    KEY[:15],
    KEY[17:],
    KEY[8:23],
    KEY[::2],
    KEY[::-1],
    f"{SHORT[:4]} and {SHORT[4:]}",
    f"{MEDIUM[:8]} and {MEDIUM[8:]}",
    "0" * 31,
    "0123456789abcdef",
    "session-1",
    "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b",
    "demo key of the demo-kez",
    '{"id":"42","key":"checkout","created_at":"2026-07-01T12:00:00.000Z"}',
    base64.b64encode(zlib.compress(b"nothing in particular")).decode(),
    base64.b64encode(KEY[17:].encode()).decode(),
    "REDACTED",
]


@pytest.mark.parametrize("text", ORDINARY)
def test_what_is_no_credential_is_not_found(text: str) -> None:
    known = [KEY, TOKEN, SHORT, MEDIUM, "demo-key", "session1", "0" * 32, "0123456789abcdef" * 2]
    assert find_leaks(text.encode(), known) == []
    assert without_credentials(text, known) == text


SPLITS: dict[str, Callable[[str, str], str]] = {
    "fields": lambda first, last: json.dumps({"first": first, "last": last}),
    "items": lambda first, last: json.dumps([{"part": first}, {"part": last}]),
    "parameters": lambda first, last: f"https://api.datadoghq.com/?a={first}&b={last}",
    "parts": lambda first, last: f"--b\r\n{first}\r\n--b\r\nContent-Disposition: form-data\r\n\r\n{last}\r\n--b--",
    "hexadecimal": lambda first, last: f"{first.encode().hex()} and {last.encode().hex()}",
    "Base64": lambda first, last: json.dumps({"first": b64(first).decode(), "last": b64(last).decode()}),
    "Base64 of gzip": lambda first, last: " & ".join(
        b64(gzip.compress(part.encode())).decode() for part in (last, first)
    ),
}


@pytest.mark.parametrize("name", SPLITS)
@pytest.mark.parametrize("secret", [KEY, f"ddapp_{KEY.upper()}"])
def test_a_credential_is_found_wherever_it_is_split_in_two(name: str, secret: str) -> None:
    for at in range(1, len(secret)):
        text = SPLITS[name](secret[:at], secret[at:])
        (leak, *_) = find_leaks(text.encode(), [secret])
        assert leak.line
        shown = without_credentials(text, [secret])
        assert find_leaks(shown.encode(), [secret]) == []
        assert secret[:at] not in shown or secret[at:] not in shown


def test_half_of_a_credential_is_reported_as_a_part() -> None:
    assert find_leaks(f"<{KEY[:20]}>".encode(), [KEY]) == [Leak(1, 2, "in part")]
    assert find_leaks(f"<{KEY}> <{KEY[:20]}>".encode(), [KEY]) == [Leak(1, 2, "verbatim")]
    shown = without_credentials(f"<{' '.join(KEY)}> and {KEY[:20]}, no more", [KEY])
    assert re.fullmatch(r"<REDACTED> and REDACTED\w{,4}, no more", shown)


@pytest.mark.parametrize("name", ["UTF-16", "UTF-16, big-endian", "UTF-32", "quoted-printable, soft line break"])
def test_what_yaml_and_urls_escape_again_is_found(name: str) -> None:
    text = as_text(FORMS[name](KEY))
    assert find_leaks(yaml.safe_dump({"body": text}).encode(), [KEY])
    assert find_leaks(quote(text).encode(), [KEY])


def test_a_credential_of_words_is_found_with_its_punctuation_only() -> None:
    full_width = "\uff44\uff45\uff4d\uff4f-\uff4b\uff45\uff59"
    for form in ("demo-key", "DEMO-KEY", "demo%2Dkey", "d\0e\0m\0o\0-\0k\0e\0y", full_width):
        assert find_leaks(f"<{form}>".encode(), ["demo-key"]), form
    for name in ("JavaScript", "full width", "full width in JSON", "Base64 twice"):
        assert find_leaks(b"<" + FORMS[name]("demo-key") + b">", ["demo-key"]), name
    assert find_leaks(b"a demo key, the demokey", ["demo-key"]) == []


REDACTED = ["verbatim", "upper case", "UTF-16", "UTF-16, big-endian", "URL", "URL twice", "URL four times", "JSON"]


@pytest.mark.parametrize("name", REDACTED)
def test_common_forms_are_removed_from_bodies(name: str) -> None:
    body = b"<" + FORMS[name](KEY) + b">"
    answer = Redactor([KEY]).response(RecordedResponse(200, body=body)).body
    assert find_leaks(answer, [KEY]) == []
    assert answer.replace(b"\0", b"").replace(codecs.BOM_UTF16, b"") == b"<REDACTED>"


def redacted(body: str | bytes, *live: str, content_type: str = "application/json") -> str:
    data = body.encode() if isinstance(body, str) else body
    headers = (("content-type", content_type),)
    as_request = Redactor(live).request(RecordedRequest("POST", URL, headers, data)).body
    assert Redactor(live).response(RecordedResponse(200, "OK", headers, data)).body == as_request
    return as_request.decode()


SECRET_PLACES = {
    f'{{"key":"{KEY}"}}': '{"key":"REDACTED"}',
    f'{{"data":[{{"Key" : "{KEY.upper()}"}}]}}': '{"data":[{"Key" : "REDACTED"}]}',
    '{"key":"ddapp_0aB1cD2eF3gH4iJ5kL6mN7"}': '{"key":"REDACTED"}',
    '{"key":"sk-live-0aB1cD2eF3gH4iJ5kL6mN7=="}': '{"key":"REDACTED"}',
    '[{"name": "api_key", "value": "short"}]': '[{"name": "api_key", "value": "REDACTED"}]',
    '{"value":"short","name":"DD-API-KEY"}': '{"value":"REDACTED","name":"DD-API-KEY"}',
    '{"key":"token","values":["a",{"b":"c"}],"n":1}': '{"key":"token","values":["REDACTED",{"b":"REDACTED"}],"n":1}',
    '{"Name":"password","Value":5,"x":"y"}': '{"Name":"password","Value":0,"x":"y"}',
    '{"headers":[["api_key","short"],["accept","x"]]}': '{"headers":[["api_key","REDACTED"],["accept","x"]]}',
    '[{"name":"api_key","value":"cut o': '[{"name":"api_key","value":"REDACTED',
    '{"e":"{\\"name\\":\\"api_key\\",\\"value\\":\\"s\\"}"}': (
        '{"e": "{\\"name\\":\\"api_key\\",\\"value\\":\\"REDACTED\\"}"}'.replace(": ", ":", 1)
    ),
}


@pytest.mark.parametrize("body", SECRET_PLACES)
def test_unknown_values_that_are_secret_by_their_place_are_removed(body: str) -> None:
    assert redacted(body) == SECRET_PLACES[body]


KEPT = [
    '{"key":"checkout"}',
    '{"key":"5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"}',
    '{"key":"checkout_step_2_confirmation_page_of_2026"}',
    '{"key":"2026-07-01T12:00:00.000Z","keys":["a","b"]}',
    '{"key":"12345678901234567890123"}',
    '{"key":"https://example.com/a1b2c3d4e5f6a7b8c9d0e1f2"}',
    '{"key":42}',
    f'{{"id":"{KEY}","hash":"{KEY}"}}',
    '[{"name":"Checkout bugs","value":"short"}]',
    '[{"name":"token_count","value":"short"}]',
    '["token","secret","password"]',
    '["token","password"]',
    '["token"]',
    '{"name":"x","other":{"value":"y"},"names":["api_key"],"value":"z"}',
]


@pytest.mark.parametrize("body", KEPT)
def test_ordinary_data_is_kept(body: str) -> None:
    assert redacted(body, TOKEN) == body


@pytest.mark.parametrize("value", [KEY, "A1" * 10, "ddapp_" + "a1" * 10, "a1" * 10 + "=="])
def test_what_looks_like_a_credential(value: str) -> None:
    assert looks_like_credential(value)
    for other in (value[:12], f"x.{value}", f"{value} ", value[:-7] + "-" + value[-7:]):
        assert not looks_like_credential(other)


def test_unknown_values_in_multipart_bodies_are_removed() -> None:
    body = (
        '--b\r\nContent-Disposition: form-data; name="api_key"\r\nContent-Type: text/plain\r\n\r\nfirst\r\nsecond\r\n'
        '--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nkept\r\n--b--\r\n'
    )
    expected = body.replace("first\r\nsecond", "REDACTED")
    assert redacted(body, content_type="multipart/form-data; boundary=b") == expected


def test_a_credential_as_the_name_of_a_header_is_removed() -> None:
    request = RecordedRequest("GET", URL, ((KEY, "x"), ("accept", "y")))
    assert Redactor([KEY.upper()]).request(request).headers == (("redacted", "x"), ("accept", "y"))


def test_the_user_of_a_url_is_removed_whatever_its_length() -> None:
    request = RecordedRequest("GET", f"https://{'u' * 600}:p@h.example.com/a@b?c=d")
    assert Redactor().request(request).url == "https://REDACTED@h.example.com/a@b?c=d"


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    headers = {"DD-API-KEY": KEY, "DD-APPLICATION-KEY": "89abcdef" * 5}
    with emulator.serve() as url, httpx.Client(base_url=url, headers=headers, trust_env=False, verify=False) as client:
        yield client


@pytest.mark.parametrize("name", FORMS)
def test_no_recording_contains_a_form_of_a_credential(
    name: str, path: Path, emulator: Emulator, http: httpx.Client
) -> None:
    emulator.faults.add(status=200, body=b"<" + FORMS[name](KEY) + b">", headers={"content-type": "text/plain"})
    refusal = ""
    try:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
    except CassetteLeakError as error:
        refusal = str(error)
    assert find_leaks(path.read_bytes() if path.exists() else refusal.encode(), [KEY]) == []
    assert path.exists() or "in the response of entry 1" in refusal


PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "path": lambda text: {"url": f"{PLAYLISTS}/{quote(text, safe='')}"},
    "parameter": lambda text: {"params": {"x": text}},
    "name of a parameter": lambda text: {"params": {text: "x"}},
    "header": lambda text: {"headers": {"x-note": text}},
    "name of a header": lambda text: {"headers": {f"x-{text}": "x"}},
    "JSON": lambda text: {"json": {"note": text}},
    "name in JSON": lambda text: {"json": {text: 1}},
    "form": lambda text: {"data": {"note": text}},
    "multipart": lambda text: {"files": {"note": (None, text)}},
    "name of a file": lambda text: {"files": {"note": (text, b"x")}},
    "content of a file": lambda text: {"files": {"note": ("a.bin", b"\0\xff" + text.encode() + b"\xfe")}},
    "two fields": lambda text: {"json": {"first": text[:-9], "last": text[-9:]}},
    "two parameters": lambda text: {"params": {"a": text[:9], "b": text[9:]}},
}


# Names of headers have no case, so nothing can be decoded from them; nor from parts of what was encoded as a whole.
NOT_DECODED = {"name of a header", "two fields", "two parameters"}
IN_PLACES = [
    *product(("verbatim", "upper case", "hexadecimal"), PLACES),
    *product(("Base64", "Base64 of gzip"), [place for place in PLACES if place not in NOT_DECODED]),
]


@pytest.mark.parametrize(("form", "place"), IN_PLACES)
def test_no_request_is_recorded_with_a_credential_in_any_place(
    form: str, place: str, path: Path, http: httpx.Client
) -> None:
    text = as_text(FORMS[form](KEY))
    refusal = ""
    try:
        with open_cassette(path, mode=Mode.ONCE):
            http.request(**{"method": "POST", "url": PLAYLISTS, **PLACES[place](text)})
    except CassetteLeakError as error:
        refusal = str(error)
    assert path.exists() or "in the request of entry 1" in refusal
    written = unquote_plus(path.read_text(encoding="utf-8") if path.exists() else refusal).lower()
    assert text[:-9].lower() not in written
    assert text[9:].lower() not in written


brotli: Any = import_module("brotli")
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.compress,
    "zstd": zstandard.ZstdCompressor().compress,
    "gzip": gzip.compress,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("damage", [b"", b"\xff" * 100_000])
def test_a_credential_in_a_coded_body_is_not_recorded(
    coding: str, damage: bytes, path: Path, emulator: Emulator, http: httpx.Client
) -> None:
    content = random.Random(1).randbytes(1 << 18).hex().encode()  # several blocks, of which the last ones are damaged
    body = CODINGS[coding](KEY.encode() + b" " + content)
    body = body[: len(body) - len(damage)] + damage
    refusal = ""
    emulator.faults.add(status=200, body=body, headers={"content-type": "text/plain", "content-encoding": coding})
    try:
        with open_cassette(path, mode=Mode.ONCE):
            try:
                http.get(PLAYLISTS)
            except httpx.DecodingError:
                assert damage
    except CassetteLeakError as error:
        refusal = str(error)
    assert find_leaks(path.read_bytes() if path.exists() else refusal.encode(), [KEY]) == []
    assert path.exists() or "in the response of entry 1" in refusal
    assert bool(refusal) is (bool(damage) and coding == "zstd")  # httpx reads the others up to the damage


def test_credentials_that_are_set_during_the_test_are_known_as_are_the_old_ones(
    path: Path, emulator: Emulator, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, last = "old-5b1f6e807c244d39", "new-8a55c0e9d2f4713b", "last-c0e9d2f4713b8a55"
    monkeypatch.setenv("DD_APP_KEY", old)
    with open_cassette(path, mode=Mode.ONCE):
        monkeypatch.setenv("DD_APP_KEY", new)
        http.get(PLAYLISTS)
        monkeypatch.setenv("DD_APP_KEY", last)
        emulator.faults.add(status=200, body=f"{old} {new} {last}".encode(), headers={"content-type": "text/plain"})
        http.get(PLAYLISTS)
        monkeypatch.delenv("DD_APP_KEY")
    assert "REDACTED REDACTED REDACTED" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FORMS)
def test_a_miss_shows_no_form_of_a_credential(name: str, path: Path) -> None:
    form = as_text(FORMS[name](KEY))
    headers = {"DD-API-KEY": KEY}
    with (
        pytest.raises(CassetteMissError) as caught,
        httpx.Client(headers=headers, verify=False) as client,
        open_cassette(path, node_id=f"test_pay.py::test_a[{KEY}]"),
    ):
        client.post(f"{URL}/x?q={quote(form)}", json={"about": "x" * 60 + form, "m": form})
    assert find_leaks(str(caught.value).encode(), [KEY]) == []
    assert "xxxxxx" in str(caught.value)
    # Nor the beginning of one, where the value was cut.
    for beginning in (KEY[:12], b64(KEY)[:16].decode(), KEY.encode().hex()[:24]):
        assert beginning not in str(caught.value)


# What once took quadratic time, or looks like something that has to be decoded.
WORST: dict[str, bytes] = {
    "backslashes": b"\\",
    "escapes": b"\\u0041",
    "short escapes": b"\\n",
    "percent signs": b"%",
    "percent-encoded": b"%41",
    "percent-encoded again": b"%2525",
    "entities": b"&#97;",
    "ampersands": b"&",
    "quoted-printable": b"=41",
    "beginnings of a credential": KEY[:-1].encode() + b" ",
    "a credential": KEY.upper().encode() + b" ",
    "Base64": b64("QUJDREVGR0g" * 3),
    "one letter": b"V",
    "hexadecimal": b"5b1f6e807c244d39",
    "nested arrays": b"[1,",
    "nested objects": b'{"token":',
    "pairs": b'{"name":"api_key","value":"x"},',
    "form data": b'form-data; name="token"\r\n\r\n',
    "links": b"://?token=a\\\\",
    "full width": "\uff21".encode(),
}


@pytest.mark.parametrize("name", WORST)
def test_the_time_is_linear(name: str) -> None:
    def seconds(size: int) -> float:
        data = (WORST[name] * (size // len(WORST[name]) + 1))[:size]
        started = time.process_time()
        with suppress(InflateLimitError):
            clean = Redactor([KEY, TOKEN]).response(RecordedResponse(200, body=data)).body
            find_leaks(clean, [KEY, TOKEN], most=3)
        return time.process_time() - started

    gc.collect()
    gc.freeze()  # or garbage collection would visit what all tests before have left
    try:
        seconds(1 << 12)
        small = max(min(seconds(1 << 15) for _ in range(3)), 0.002)
        # Sixteen times the size: 256 times the time if it were quadratic.
        assert seconds(1 << 19) / small < 70
    finally:
        gc.unfreeze()


@pytest.mark.parametrize("start", [0, (1 << 16) - 10, 1 << 16, 5 * (1 << 16) - 31])
def test_a_credential_is_located_wherever_it_is(start: int) -> None:
    text = bytearray(b"%%% " * (1 << 17))
    text[start : start + len(KEY)] = KEY.encode()
    (leak,) = find_leaks(bytes(text), [KEY])
    assert (leak.line, leak.column, leak.how) == (1, start + 1, "verbatim")


def test_a_credential_in_a_stream_of_many_blocks_is_found() -> None:
    noise = random.Random(1).randbytes(150_000).hex().encode()
    (leak,) = find_leaks(b"<" + b64(zlib.compress(noise + KEY.encode())) + b">", [KEY])
    assert leak.how == "base64 of gzip or zlib"


def test_a_message_is_cut_where_searching_would_take_long() -> None:
    assert len(without_credentials("%%% " * 100_000, [KEY])) == 1 << 16


MODULE = Path("/project/tests/test_pay.py")
PARAMETERS = [KEY, f"a-{KEY}-b", KEY.upper(), b64(KEY).decode(), " ".join(KEY), f"{'x' * 50}{KEY}", quote(quote(TOKEN))]


@pytest.mark.parametrize("parameter", PARAMETERS, ids=range(len(PARAMETERS)))
def test_a_credential_in_a_parameter_is_not_in_the_name_of_the_file(
    parameter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DD_API_KEY", KEY)
    monkeypatch.setenv("DD_APP_KEY", TOKEN)
    name = cassette_path(MODULE, f"tests/test_pay.py::test_a[{parameter}]").name
    assert name.startswith("test_a-")
    assert len(name) == len("test_a-0123456789.yaml")
    assert shown_id(f"tests/test_pay.py::test_a[{parameter}]") == "tests/test_pay.py::test_a"


def test_an_unknown_parameter_that_looks_like_a_credential_is_not_in_the_name_of_the_file() -> None:
    names = {cassette_path(MODULE, f"tests/test_pay.py::test_a[eur-{key}]").name for key in (KEY, KEY[::-1])}
    assert len(names) == 2
    assert all(len(name) == len("test_a-0123456789.yaml") for name in names)
    assert shown_id("tests/test_pay.py::test_a[eur-checkout-42]") == "tests/test_pay.py::test_a[eur-checkout-42]"


def test_a_credential_in_the_name_of_a_test_or_module_is_not_in_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", KEY)
    modules = [Path(f"/project/tests/test_{key}.py") for key in (KEY, KEY.upper())]
    paths = {cassette_path(module, f"tests/{module.name}::test_{KEY}_is_refused") for module in modules}
    assert len(paths) == 2
    assert not any(KEY in str(path).lower() for path in paths)
    assert {path.parent.name for path in paths} == {"test_REDACTED"}


def test_a_shared_name_that_contains_a_credential_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", KEY)
    with pytest.raises(CassetteUsageError, match="contains a credential") as caught:
        shared_cassette_path(MODULE, f"shop/{KEY}")
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("form", [KEY, b64(KEY).decode(), KEY.upper()])
def test_the_network_guard_shows_no_credential(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DD_API_KEY", KEY)
    attempt = BlockedAttempt("connection", f"{form}.example.com", "443", f"test_pay.py::test_a[{form}] (call)")
    text = str(NetworkBlockedError(attempt))
    assert "REDACTED" in text
    assert form not in text


def test_little_is_decoded_where_little_is_encoded() -> None:
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    search = CredentialSearch([KEY, TOKEN])
    body = b'{"id":"42","name":"Checkout bugs","created_at":"2026-07-01T12:00:00.000Z"}' * 10
    search.find(body)  # what is computed once is not counted
    sys.setprofile(count)
    try:
        assert search.find(body) is None
    finally:
        sys.setprofile(None)
    assert calls < 300
