"""Finished bytes are searched for credentials, and leaks are reported without showing them."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest
import yaml
from pytest_rum_replay.secrecy.leaks import Leak, find_leaks

SECRET = "ddapp_Ab/+cd&efGHijk12345~?>"


@pytest.mark.parametrize(
    ("spelled", "how"),
    [
        (SECRET.encode(), "verbatim"),
        (quote(SECRET, safe="").encode(), "URL-encoded"),
        (quote(SECRET, safe="").lower().replace("ab%2f", "Ab%2f").replace("gh", "GH").encode(), "URL-encoded"),
        (SECRET.replace("/", "\\/").encode(), "JSON-escaped"),
        (SECRET.replace("&", "\\u0026").encode(), "JSON-escaped"),
        (SECRET.replace("&", "&amp;").encode(), "HTML-escaped"),
        (SECRET.encode().hex().encode(), "hex"),
        (SECRET.encode().hex().upper().encode(), "hex"),
        *((base64.b64encode(b"x" * shift + SECRET.encode() + b"yz"), "base64") for shift in range(6)),
        *((base64.urlsafe_b64encode(b"x" * shift + SECRET.encode()).rstrip(b"="), "base64") for shift in range(3)),
    ],
)
def test_a_credential_is_found_in_every_form(spelled: bytes, how: str) -> None:
    spelled = spelled.replace(b"efghijk", b"efGHijk")
    leaks = find_leaks(b"first line\n\xff key: " + spelled + b"\nlast line\n", [SECRET])
    assert [leak.how for leak in leaks] == [how]
    assert leaks[0].line == 2
    if how != "base64":  # there, the first characters may belong to the preceding bytes
        assert leaks[0].column == 8


def test_every_leak_is_listed_in_order() -> None:
    data = b"abcdefgh\n  abcdefgh 616263646566676 6162636465666768\nabcdefgh"
    assert find_leaks(data, ["abcdefgh"]) == [
        Leak(1, 1, "verbatim"),
        Leak(2, 3, "verbatim"),
        Leak(2, 28, "hex"),
        Leak(3, 1, "verbatim"),
    ]


@pytest.mark.parametrize("length", range(6, 12))
def test_credentials_of_any_length_are_found_in_base64(length: int) -> None:
    secret = "kZ9-_q!7uW3x"[:length]
    for shift in range(3):
        assert find_leaks(base64.b64encode(b"\xfe" * shift + secret.encode() + b"\xfd" * 4), [secret])


@pytest.mark.parametrize("style", ["'", '"', "|", ">", None])
@pytest.mark.parametrize("width", [10, 20, 80])
def test_credentials_that_yaml_folds_over_lines_are_found(style: str | None, width: int) -> None:
    text = "some words before it " + SECRET + " and after it"
    document = yaml.safe_dump({"body": {"inner": text}}, width=width).encode()
    assert find_leaks(document, [SECRET])
    styled = yaml.dump({"a": text}, default_style=style, width=width).encode()
    assert find_leaks(styled, [SECRET])


def test_credentials_in_wrapped_base64_of_yaml_are_found() -> None:
    document = yaml.safe_dump({"body": {"binary": b"\x00" * 50 + SECRET.encode() + b"\x01" * 50}})
    assert "!!binary" in document
    (leak,) = find_leaks(document.encode(), [SECRET])
    assert (leak.how, leak.line) == ("base64", 3)


def test_credentials_with_escape_characters_are_found() -> None:
    plain = ("ab%41cd-efgh", "it's 100% a'secret", "back\\slash\\es", "a&amp;b&c;d", "pass word word")
    for secret in (*plain, "sch\xf6n\U0001f600es"):
        assert [leak.how for leak in find_leaks(b"<" + secret.encode() + b">", [secret])] == ["verbatim"]
        assert find_leaks(json.dumps(secret).encode(), [secret])
        assert find_leaks(quote(secret, safe="").encode(), [secret])
        assert find_leaks(yaml.safe_dump(secret).encode(), [secret])


def test_near_misses_short_values_and_the_placeholder_are_not_leaks() -> None:
    data = b"REDACTED short " + SECRET[1:].encode() + b" " + SECRET.replace("Ab", "Ba").encode()
    assert find_leaks(data, [SECRET, "short", "REDACTED", ""]) == []


def test_a_leak_never_shows_the_credential() -> None:
    (leak,) = find_leaks(SECRET.encode(), [SECRET])
    assert SECRET not in repr(leak)
    assert SECRET not in str(leak)
