"""Secrets are removed from requests and answers; everything else stays the same byte for byte."""

from __future__ import annotations

import base64
import gzip
import json
import os
import random
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import rum_replay_emulator
from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.compressed import InflateLimitError, rewrite_streams
from pytest_rum_replay.secrecy.redaction import Redactor, environment_credentials
from pytest_rum_replay.secrecy.search import CredentialSearch
from pytest_rum_replay.secrecy.secret_names import is_secret_field, is_secret_header, is_secret_parameter

KEY = "0123456789abcdef0123456789abcdef"
CONTRACT = Path(rum_replay_emulator.__file__).with_name("openapi.json")
APP_KEY = "ddapp_Ab/+cd&efGHijk12345"
URL = "https://api.datadoghq.com/api/v2/rum/replay/playlists"


def redacted_url(url: str, *live: str) -> str:
    return Redactor(live).request(RecordedRequest("GET", url)).url


def redacted_body(body: bytes, *live: str, content_type: str | None = "application/json") -> bytes:
    headers: Headers = () if content_type is None else (("content-type", content_type),)
    as_request = Redactor(live).request(RecordedRequest("POST", URL, headers, body)).body
    as_response = Redactor(live).response(RecordedResponse(200, "OK", headers, body)).body
    assert as_request == as_response
    return as_request


def redacted_header(name: str, value: str, *live: str) -> str:
    request = Redactor(live).request(RecordedRequest("GET", URL, ((name, value),)))
    return request.headers[0][1]


def raw_deflate(data: bytes) -> bytes:
    deflater = zlib.compressobj(wbits=-15)
    return deflater.compress(data) + deflater.flush()


def gzip_of_yesterday(data: bytes) -> bytes:
    return gzip.compress(data, mtime=1_700_000_000)


def test_the_environment_gives_each_credential_once() -> None:
    environ = {"DD_API_KEY": KEY, "DATADOG_API_KEY": KEY, "DD_APP_KEY": " app ", "DD_ACCESS_TOKEN": "", "HOME": "/root"}
    assert environment_credentials(environ) == (KEY, "app")


@pytest.mark.parametrize(
    "name",
    ["DD_API_KEY", "DATADOG_API_KEY", "DD_APP_KEY", "DATADOG_APP_KEY", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"],
)
def test_every_environment_variable_with_a_credential_is_read(name: str) -> None:
    assert environment_credentials({name: KEY}) == (KEY,)


@pytest.mark.parametrize(
    "name",
    [
        "dd-api-key",
        "dd-application-key",
        "authorization",
        "proxy-authorization",
        "x-auth-token",
        "x-client-secret",
        "x-goog-api-key",
        "x-session-id",
        "x-amz-signature",
        "x-password",
        "ocp-apim-subscription-key",
    ],
)
def test_values_of_headers_with_secret_names_are_replaced(name: str) -> None:
    assert redacted_header(name, "whatever it is") == "REDACTED"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("content-type", "application/json; charset=utf-8"),
        ("x-ratelimit-name", "rum_replay"),
        ("x-ratelimit-remaining", "7, 7"),
        ("x-next-paging", "opaque-paging-token-1"),
        ("x-next-paging-token", "opaque-paging-token-1"),
        ("link", '<https://api.datadoghq.com/x?paging=abc%3D%3D&page%5Bsize%5D=2>; rel="next"'),
        ("etag", '"5f-%41"'),
        ("x-odd", "caf\xe9 \udce9"),
    ],
)
def test_other_headers_are_unchanged(name: str, value: str) -> None:
    assert redacted_header(name, value, KEY) == value


def test_cookies_keep_their_names_and_attributes_and_lose_their_values() -> None:
    assert redacted_header("cookie", "sid=abc; theme=dark; orphan; empty=") == (
        "sid=REDACTED; theme=REDACTED;REDACTED; empty="
    )
    live = "sid=abc=def; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, dog=rex; Secure"
    assert redacted_header("set-cookie", live) == (
        "sid=REDACTED; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly, dog=REDACTED; Secure"
    )
    assert redacted_header("set-cookie", "bare") == "REDACTED"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("api_key=a&application_key=b&ts=1", "api_key=REDACTED&application_key=REDACTED&ts=1"),
        ("app_key=a&token=b", "app_key=REDACTED&token=REDACTED"),
        ("access_token=c&secret=d", "access_token=REDACTED&secret=REDACTED"),
        ("password=x&signature=y&sig=z&key=k", "password=REDACTED&signature=REDACTED&sig=REDACTED&key=REDACTED"),
        ("X-Amz-Signature=f00&X-Amz-Date=20260701", "X-Amz-Signature=REDACTED&X-Amz-Date=20260701"),
        ("api%5Fkey=a&%74oken=b", "api%5Fkey=REDACTED&%74oken=REDACTED"),
        ("ts=1;token=a;b", "ts=1;token=REDACTED"),
        ("token=&flag", "token=&flag"),
    ],
)
def test_query_values_with_secret_names_are_replaced(query: str, expected: str) -> None:
    assert redacted_url(f"{URL}?{query}") == f"{URL}?{expected}"


@pytest.mark.parametrize(
    "query",
    [
        "paging=eyJvcGFxdWUiOjF9&max_list_size=1000&source=blob&ts=17",
        "filter%5Bquery%5D=token+of+love&filter%5Bcreated_by_uuid%5D=5b1f6e80&page%5Bnumber%5D=0&page%5Bsize%5D=50",
        "filter[session_ids]=a,b&filter[watched_at][start]=1&filter[application_id]=x",
        "page_token=abc&nextPageToken=def&monkeys=2&signal=3&author=me",
    ],
)
def test_parameters_that_distinguish_requests_are_kept(query: str) -> None:
    assert redacted_url(f"{URL}?{query}", KEY) == f"{URL}?{query}"


def names_in_contract() -> Iterator[tuple[str, str]]:
    def walk(node: Any) -> Iterator[tuple[str, str]]:
        if isinstance(node, dict):
            if node.get("in") in ("query", "path"):
                yield "parameter", node["name"]
            for name in node.get("properties", {}):
                yield "field", name
            for name in node.get("headers", {}):
                yield "header", name
            for inner in node.values():
                yield from walk(inner)
        elif isinstance(node, list):
            for inner in node:
                yield from walk(inner)

    yield from walk(json.loads(CONTRACT.read_bytes()))


def test_no_name_of_the_contract_is_secret() -> None:
    is_secret: dict[str, Callable[[str], bool]] = {
        "parameter": is_secret_parameter,
        "field": is_secret_field,
        "header": is_secret_header,
    }
    names = set(names_in_contract())
    assert {kind for kind, _ in names} == set(is_secret)
    assert [name for kind, name in names if is_secret[kind](name)] == []


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "application/vnd.api+json", "text/plain", None],
)
def test_json_values_with_secret_names_are_replaced_for_any_content_type(content_type: str | None) -> None:
    body = b' {"a" : [1.50, {"api_key":"x", "apiKey": 17,\n"tokens":["p",{"q":"r"}], "n": 3}],"Password":null}\n'
    assert redacted_body(body, content_type=content_type) == (
        b' {"a" : [1.50, {"api_key":"REDACTED", "apiKey": 0,\n"tokens":["REDACTED",{"q":"REDACTED"}], "n": 3}],'
        b'"Password":null}\n'
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (rb'{"to\u006ben":"x"}', rb'{"to\u006ben":"REDACTED"}'),
        (rb'{"token":"a\"b\\"}', b'{"token":"REDACTED"}'),
        (b'{"token":true,"secret":[false,null,-1.5e3,""]}', b'{"token":true,"secret":[false,null,0,""]}'),
        (b'{"data":1,"client_secret":"cut o', b'{"data":1,"client_secret":"REDACTED'),
        (b'{"token":"a"}\n{"token":"b"}\n', b'{"token":"REDACTED"}\n{"token":"REDACTED"}\n'),
        (b'{"token":"', b'{"token":"REDACTED'),
        (b'\xff{"token":"x","n":"\xfe"}', b'\xff{"token":"REDACTED","n":"\xfe"}'),
    ],
)
def test_escaped_truncated_and_concatenated_json_is_searched_too(body: bytes, expected: bytes) -> None:
    assert redacted_body(body) == expected


def test_json_within_json_strings_is_searched() -> None:
    inner = json.dumps({"headers": {"DD-API-KEY": "x"}, "n": 1})
    whole = json.dumps({"echo": inner, "n": 2}).encode()
    result = json.loads(redacted_body(whole))
    assert json.loads(result["echo"]) == {"headers": {"DD-API-KEY": "REDACTED"}, "n": 1}
    assert result["n"] == 2
    assert b"abcdefgh" not in redacted_body(rb'{"echo":"{\"token\": \"abcdefgh')


def test_secrets_in_links_within_bodies_are_replaced() -> None:
    body = rb'{"next":"https:\/\/u:pw@h\/x?token=ab\/c\u0026page=2","html":"<a href=\"https://h/?sig=1&amp;key=2\">"}'
    assert redacted_body(body) == (
        rb'{"next":"https:\/\/u:pw@h\/x?token=REDACTED\u0026page=2",'
        rb'"html":"<a href=\"https://h/?sig=REDACTED&amp;key=REDACTED\">"}'
    ).replace(b"u:pw@h", b"REDACTED@h")


def test_the_user_of_a_url_is_replaced_and_learned() -> None:
    redactor = Redactor()
    request = RecordedRequest("GET", "https://me:p%40ss-word1@api.datadoghq.com/x")
    redactor.learn(request)
    assert redactor.request(request).url == "https://REDACTED@api.datadoghq.com/x"
    assert "p@ss-word1" in redactor.secrets


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded; charset=utf-8", "text/plain", None])
def test_values_with_secret_names_are_replaced_in_forms(content_type: str | None) -> None:
    assert redacted_body(b"client_secret=a%20b&grant=c&key=d", content_type=content_type) == (
        b"client_secret=REDACTED&grant=c&key=REDACTED"
    )


@pytest.mark.parametrize(
    "spelled",
    [
        APP_KEY,
        quote(APP_KEY, safe=""),
        quote(APP_KEY, safe="").lower().replace("ddapp_ab", "ddapp_Ab").replace("efghijk", "efGHijk"),
        quote(APP_KEY),
        json.dumps(APP_KEY)[1:-1],
        APP_KEY.replace("/", "\\/"),
        APP_KEY.replace("/", "\\\\/"),
        APP_KEY.replace("&", "\\u0026"),
        APP_KEY.replace("&", "&amp;"),
        "".join(f"\\u{ord(character):04x}" for character in APP_KEY),
        "".join(f"%{ord(character):02X}" for character in APP_KEY),
        "".join(f"&#{ord(character)};" for character in APP_KEY),
        "".join(f"\\x{ord(character):02x}" for character in APP_KEY),
    ],
)
def test_known_values_are_replaced_in_every_encoding(spelled: str) -> None:
    assert redacted_body(f"before {spelled} after \xe9".encode(), APP_KEY, content_type="text/html") == (
        "before REDACTED after \xe9".encode()
    )
    assert redacted_header("x-echo", f"<{spelled}>", APP_KEY) == "<REDACTED>"


def test_known_values_are_replaced_in_urls_and_reasons() -> None:
    assert redacted_url(f"https://h/x/{KEY}/y?q={KEY}", KEY) == "https://h/x/REDACTED/y?q=REDACTED"
    assert Redactor([KEY]).response(RecordedResponse(400, f"No {KEY}")).reason == "No REDACTED"


def test_a_value_that_contains_another_is_replaced_whole() -> None:
    assert redacted_body(b"abcdefgh-tail abcdefgh", "abcdefgh", "abcdefgh-tail") == b"REDACTED REDACTED"


def test_short_values_and_the_placeholder_itself_are_not_known_values() -> None:
    redactor = Redactor(["short", "REDACTED", "EDACTE", ""])
    assert redactor.secrets == frozenset()
    body = b"short REDACTED"
    assert redactor.response(RecordedResponse(200, body=body)).body == body
    assert redacted_header("dd-api-key", "short", "short") == "REDACTED"


def test_credentials_are_learned_from_requests() -> None:
    redactor = Redactor()
    basic = base64.b64encode(b"mira:open-sesame").decode()
    redactor.learn(
        RecordedRequest(
            "GET",
            f"{URL}?token=query-token-1&lang=english&secret=swordfish",
            (
                ("dd-api-key", KEY),
                ("authorization", "Bearer bearer-value"),
                ("proxy-authorization", f"Basic {basic}"),
                ("cookie", 'sid="cookie-value"; theme=default'),
                ("accept", "application/json"),
            ),
        )
    )
    assert redactor.secrets == {
        KEY,
        "bearer-value",
        basic,
        "mira:open-sesame",
        "open-sesame",
        "cookie-value",
        "query-token-1",
    }
    answer = RecordedResponse(200, body=b'{"you sent": ["bearer-value", "open-sesame", "default", "cookie-value"]}')
    assert redactor.response(answer).body == b'{"you sent": ["REDACTED", "REDACTED", "default", "REDACTED"]}'


def test_a_cookie_set_by_an_answer_is_also_removed_from_its_body() -> None:
    redactor = Redactor()
    answer = RecordedResponse(200, headers=(("set-cookie", "sid=s1e2c3r4e5t6; Path=/"),), body=b"sid is s1e2c3r4e5t6")
    assert redactor.response(answer).body == b"sid is REDACTED"
    assert "s1e2c3r4e5t6" in redactor.secrets


def test_a_live_request_and_its_recording_are_redacted_to_the_same_form() -> None:
    def request(key: str) -> RecordedRequest:
        body = json.dumps({"token": key, "text": f"with {key}"}).encode()
        headers = (("dd-api-key", key), ("cookie", f"s={key}"))
        return RecordedRequest("POST", f"{URL}?api_key={key}&q={key}", headers, body)

    def redacted(key: str) -> RecordedRequest:
        redactor = Redactor()
        redactor.learn(request(key))
        return redactor.request(request(key))

    recorded = redacted(KEY)
    assert redacted("another-key-at-replay") == recorded
    assert Redactor([KEY]).request(recorded) == recorded


@pytest.mark.parametrize("compress", [gzip_of_yesterday, zlib.compress, raw_deflate])
@pytest.mark.parametrize("ended", [True, False])
def test_known_values_in_compressed_streams_are_replaced_and_nothing_else(compress: Any, ended: bool) -> None:
    content = bytes(random.Random(1).choices(range(256), k=3000)) + KEY.encode() + b"after"
    body = compress(content) if ended else compress(content + os.urandom(500))[:-300]
    first, second = redacted_body(body, KEY), redacted_body(body, KEY)
    assert first == second != body
    wbits = {gzip_of_yesterday: 31, zlib.compress: 15, raw_deflate: -15}[compress]
    inflater = zlib.decompressobj(wbits=wbits)
    inflated = inflater.decompress(first)
    assert inflater.eof is ended
    assert inflated.startswith(content.replace(KEY.encode(), b"REDACTED"))
    if wbits == 31:
        assert first[4:8] == b"\0\0\0\0"


def test_of_concatenated_and_enveloped_streams_only_those_with_a_known_value_change() -> None:
    clean, dirty = zlib.compress(b"x" * 100, 9), zlib.compress(b"<" + KEY.encode() + b">", 1)
    body = b"--part\r\n\r\n" + clean + clean + dirty + gzip.compress(b"clean") + b"\r\n--part--"
    before, after = body.split(dirty)
    result = redacted_body(body, KEY)
    assert result.startswith(before)
    assert result.endswith(after)
    assert zlib.decompress(result[len(before) : len(result) - len(after)]) == b"<REDACTED>"


def test_streams_in_streams_are_searched() -> None:
    result = redacted_body(gzip.compress(zlib.compress(KEY.encode())), KEY)
    assert zlib.decompress(gzip.decompress(result)) == b"REDACTED"


def test_rare_zlib_headers_are_recognized_only_at_the_beginning_and_right_after_a_stream() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, 12)
    rare = packer.compress(KEY.encode()) + packer.flush()
    assert rare[0] != 0x78
    for before in (b"", zlib.compress(b"x"), gzip.compress(b"x")):
        result = redacted_body(before + rare, KEY)
        assert result.startswith(before + rare[:2])
        assert zlib.decompressobj(wbits=-15).decompress(result[len(before) + 2 :]) == b"REDACTED"
    assert redacted_body(b"--" + rare, KEY) == b"--" + rare


def test_gzip_streams_with_every_optional_header_are_searched() -> None:
    plain = gzip.compress(KEY.encode(), mtime=0)
    body = plain[:3] + b"\x1e" + plain[4:10] + b"\x02\0ab" + b"name\0" + b"comment\0" + b"\x12\x34" + plain[10:]
    assert gzip.decompress(redacted_body(body, KEY)) == b"REDACTED"


def test_streams_with_a_false_checksum_or_a_defect_are_searched_as_far_as_they_can_be_read() -> None:
    stream = zlib.compress(b"begin " + KEY.encode() + b" end")
    false = stream[:-4] + b"\0\0\0\0"
    assert zlib.decompressobj(wbits=-15).decompress(redacted_body(false, KEY)[2:]) == b"begin REDACTED end"
    flushed = zlib.compressobj()
    defect = flushed.compress(KEY.encode()) + flushed.flush(zlib.Z_SYNC_FLUSH) + b"\xff" * 9
    result = redacted_body(defect, KEY)
    assert zlib.decompressobj().decompress(result[:-9]) == b"REDACTED"
    assert result.endswith(b"\xff" * 8)


@pytest.mark.parametrize("size", [0, 1, 10, 20_000])
def test_bytes_without_a_known_value_are_unchanged(size: int) -> None:
    body = bytes(random.Random(size).choices(range(256), k=size))
    for candidate in (body, zlib.compress(body, 1), gzip.compress(body), zlib.compress(body)[:-3], b"x\x9c" + body):
        assert redacted_body(candidate, KEY, content_type="application/octet-stream") == candidate


def test_a_decompression_bomb_is_refused_after_bounded_work() -> None:
    bomb = zlib.compress(bytes(3_000_000))
    looked_at: list[int] = []

    def look(content: bytes) -> bytes:
        looked_at.append(len(content))
        return content

    with pytest.raises(InflateLimitError, match=r"more than 1,000,000 bytes.*max_list_size"):
        Redactor([KEY], inflate_limit=1_000_000).response(RecordedResponse(200, body=bomb))
    with pytest.raises(InflateLimitError):
        rewrite_streams(bomb * 50, look, bytes, limit=10_000_000)
    assert looked_at == [3_000_000] * 3


def test_streams_nested_too_deep_are_refused() -> None:
    body = KEY.encode()
    for _ in range(6):
        body = zlib.compress(body)
    with pytest.raises(InflateLimitError, match="nested more than 4 deep"):
        redacted_body(body, KEY)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(b"POST http://127.0.0.1:42701/api/v2/rum/replay/playlists", id="to two bytes"),
        pytest.param(b"AM4KDm3AgAAAA", id="to six bytes and more, up to damage"),
    ],
)
def test_ordinary_text_whose_digits_seem_to_be_nested_streams_is_not_refused(text: bytes) -> None:
    # As Base64, a part of it inflates by chance, and so does what comes out, five times.
    assert CredentialSearch(["0123456789"]).find(text) is None
    assert CredentialSearch(["0123456789"]).find(text + b"?key=0123456789") == ""


def test_many_false_marks_cost_bounded_work() -> None:
    empty_blocks = (b"x\x9c" + b"\0\0\0\xff\xff" * 200) * 400
    with pytest.raises(InflateLimitError):
        rewrite_streams(empty_blocks, bytes, bytes, limit=1_000_000)


def test_many_headers_before_one_stream_without_output_cost_bounded_work() -> None:
    headers = (b"\x1f\x8b\x08\x08" + b"\1" * 8) * 100 + b"\0"  # each reads the others as a file's name
    with pytest.raises(InflateLimitError):
        rewrite_streams(headers + b"\0\0\0\xff\xff" * 10_000, bytes, bytes, limit=1_000_000)


def test_a_recorded_segment_is_unchanged_unless_it_contains_a_known_value() -> None:
    segment = (CONTRACT.parent / "sample" / "seg-001-view70ff591c-idx0.zlib").read_bytes()
    assert redacted_body(segment, KEY, content_type="application/octet-stream") == segment
    content = zlib.decompress(segment)
    word = content[20:60].decode()
    result = redacted_body(segment, word, content_type="application/octet-stream")
    assert zlib.decompress(result) == content.replace(word.encode(), b"REDACTED")
    assert redacted_body(result, word, content_type="application/octet-stream") == result


def test_text_rules_do_not_reach_into_streams_that_are_stored_uncompressed() -> None:
    for body in (zlib.compress(b'{"token":"x"}', 0), gzip.compress(b'{"token":"x"}', 0)):
        assert Redactor([KEY]).response(RecordedResponse(200, body=body)).body == body


def test_a_compressed_request_is_searched_for_secret_names_too() -> None:
    body = gzip.compress(b'{"token":"x"}')
    request = RecordedRequest("POST", URL, (("content-encoding", "gzip"),), body)
    assert gzip.decompress(Redactor([KEY]).request(request).body) == b'{"token":"REDACTED"}'
