"""Every entry of every list in `secrecy`, and every threshold: without one of them a test here fails.

The tables are written out independently, and `test_the_tables_are_complete` compares them with the modules, so that an
entry without a test fails too.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from pytest_rum_replay.cassettes.headers import NOISE, NOISE_PREFIXES, without_noise
from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy import known_values, pseudonyms, search, secret_names
from pytest_rum_replay.secrecy.escapes import undone
from pytest_rum_replay.secrecy.known_values import KnownValues
from pytest_rum_replay.secrecy.leaks import find_leaks
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.redaction import Redactor, environment_credentials

URL = "https://api.datadoghq.com/api/v2/rum/replay/playlists"

# Each name is secret because of one entry alone.
BY_KEY_KIND = {
    "api": "api_key",
    "app": "app_key",
    "application": "application_key",
    "access": "access_key",
    "secret": "secret_key",
    "private": "private_key",
    "signing": "signing_key",
    "encryption": "encryption_key",
    "client": "client_key",
    "auth": "auth_key",
    "shared": "shared_key",
    "master": "master_key",
    "account": "account_key",
    "service": "service_key",
    "subscription": "subscription_key",
    "license": "license_key",
    "host": "host_key",
    "session": "session_key",
}
BY_ENDING = {
    "token": "bot_token",
    "secret": "client_secret",
    "password": "db_password",
    "passwd": "db_passwd",
    "passphrase": "gpg_passphrase",
    "pwd": "db_pwd",
    "passcode": "door_passcode",
    "credential": "aws_credential",
    "authorization": "proxy_authorization",
    "signature": "request_signature",
    "jwt": "id_jwt",
    "cookie": "http_cookie",
}
BY_LAST_WORD = {"sig": "url_sig", "auth": "http_auth", "pass": "db_pass", "bearer": "http_bearer"}
PAGING = {
    "page": "page_token",
    "paging": "paging_token",
    "pagination": "pagination_token",
    "next": "next_token",
    "continuation": "continuation_token",
    "cursor": "cursor_token",
}
NAMES = [*BY_KEY_KIND.values(), *BY_ENDING.values(), *BY_LAST_WORD.values()]
PLURALS = [f"{name}s" for name in (*BY_KEY_KIND.values(), *BY_ENDING.values())]
# One name for each hint that contains no other hint.
HINTED = {
    "token": "bot_token",
    "secret": "client_secret",
    "pass": "db_passwd",
    "pwd": "db_pwd",
    "credential": "aws_credential",
    "auth": "http_auth",
    "sig": "url_sig",
    "jwt": "id_jwt",
    "cookie": "http_cookie",
    "key": "app_key",
    "bearer": "http_bearer",
}
NOT_SECRET = [
    "bypass",
    "tokenize",
    "token_count",
    "key",
    "keys",
    "monkey",
    "author",
    "design",
    "passenger",
    "cookies_ok",
]

ROLES = ["created_by", "updated_by", "modified_by", "deleted_by", "watched_by", "owned_by", "shared_by"]
PERSON_FIELDS = {
    "handle": "user-1",
    "email": "user-1-email",
    "name": "User 1",
    "icon": "user-1-icon",
    "id": "user-1-id",
    "uuid": "user-1-uuid",
    "user_id": "user-1-user_id",
}

DROPPED = [
    "accept-encoding",
    "age",
    "alt-svc",
    "connection",
    "content-length",
    "content-security-policy",
    "content-security-policy-report-only",
    "date",
    "dd-request-id",
    "host",
    "keep-alive",
    "nel",
    "proxy-connection",
    "report-to",
    "server",
    "server-timing",
    "strict-transport-security",
    "te",
    "traceparent",
    "tracestate",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-cache",
    "x-content-type-options",
    "x-correlation-id",
    "x-frame-options",
    "x-request-id",
    "x-served-by",
]
DROPPED_PREFIXES = ["cf-", "x-amz-", "x-amzn-", "x-datadog-", "x-envoy-"]


def redacted_json(name: str, value: str = "v") -> str:
    body = json.dumps({name: value}).encode()
    return str(json.loads(Redactor().response(RecordedResponse(200, body=body)).body)[name])


def redacted_query(name: str) -> str:
    return Redactor().request(RecordedRequest("GET", f"{URL}?{name}=v")).url.partition("=")[2]


def redacted_form(name: str) -> bytes:
    body = f"{name}=v".encode()
    return Redactor().request(RecordedRequest("POST", URL, body=body)).body.partition(b"=")[2]


def redacted_header(name: str) -> str:
    return Redactor().request(RecordedRequest("GET", URL, ((name, "v"),))).headers[0][1]


def test_the_tables_are_complete() -> None:
    assert set(BY_KEY_KIND) == set(secret_names.KEY_KINDS)
    assert {*BY_ENDING, *(f"{kind}key" for kind in BY_KEY_KIND)} == set(secret_names.SECRET_ENDINGS)
    assert set(BY_LAST_WORD) == secret_names.SECRET_WORDS
    assert set(PAGING) == set(secret_names.PAGING_KINDS)
    assert {hint.encode() for hint in HINTED} == set(secret_names.HINTS)
    assert [name for hint, name in HINTED.items() if [other for other in HINTED if other in name] != [hint]] == []
    assert set(ROLES) == set(pseudonyms.ROLES)
    assert set(PERSON_FIELDS) == set(pseudonyms.PERSON_FIELDS)
    assert {"name", "icon"} == pseudonyms.SHARED_FIELDS
    assert set(DROPPED) == NOISE
    assert set(DROPPED_PREFIXES) == set(NOISE_PREFIXES)
    assert set(ENTITIES) == set(known_values.ENTITIES)
    assert set(SHORT_ESCAPES) == set(known_values.SHORT_ESCAPES)


@pytest.mark.parametrize("name", [*NAMES, *PLURALS])
def test_every_secret_name_is_redacted_everywhere(name: str) -> None:
    camel_case = "".join(word.title() for word in name.split("_"))
    for spelling in (name, name.replace("_", "-"), name.upper(), camel_case, camel_case[0].lower() + camel_case[1:]):
        assert redacted_json(spelling) == "REDACTED"
        assert redacted_query(spelling) == "REDACTED"
        assert redacted_form(spelling) == b"REDACTED"
        text = Redactor().response(RecordedResponse(200, body=f"see https://h/?{spelling}=v#a".encode())).body
        assert text == f"see https://h/?{spelling}=REDACTED#a".encode()
    assert redacted_header(name.replace("_", "-")) == "REDACTED"


@pytest.mark.parametrize("name", [*NOT_SECRET, *PAGING.values(), *(f"{name}s" for name in PAGING.values())])
def test_other_names_are_not_redacted(name: str) -> None:
    assert redacted_json(name) == "v"
    if name != "key":
        assert redacted_query(name) == "v"
        assert redacted_form(name) == b"v"


def test_a_plain_key_is_secret_as_a_parameter_only() -> None:
    assert (redacted_query("key"), redacted_query("KEY"), redacted_query("keys")) == ("REDACTED", "REDACTED", "v")
    assert redacted_form("key") == b"REDACTED"
    assert redacted_json("key") == "v"


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("x-custom-key", True),
        ("x_custom_key", True),
        ("x-monkey", True),
        ("x-session", True),
        ("session-id", True),
        ("x-sessionid", True),
        ("x-keys", False),
        ("x-key-count", False),
        ("x-obsession", False),
    ],
)
def test_headers_are_also_secret_if_they_end_in_key_or_name_a_session(name: str, is_secret: bool) -> None:
    assert (redacted_header(name) == "REDACTED") is is_secret


@pytest.mark.parametrize(
    ("value", "is_secret"),
    [
        ("a" * 15, False),
        ("a" * 16, True),
        ("é" * 15, False),
        ("1" * 15, False),
        ("1" * 16, True),
        ("abc12", False),  # shorter than any known value
        ("abc123", True),
        ("abc-de", True),
        ("english", False),
        ("REDACTED", False),
    ],
)
def test_values_that_may_be_ordinary_words_are_known_from_a_certain_length(value: str, is_secret: bool) -> None:
    expected = {value} if is_secret else set[str]()
    encoded = quote(value)
    for request in (
        RecordedRequest("GET", URL, (("cookie", f"a={value}"),)),
        RecordedRequest("GET", URL, (("cookie", f"a={value}; b=x"),)),
        RecordedRequest("GET", f"{URL}?token={encoded}"),
        RecordedRequest("GET", f"https://{encoded}@api.datadoghq.com/"),
        RecordedRequest("GET", f"https://x:{encoded}@api.datadoghq.com/"),
    ):
        redactor = Redactor()
        redactor.learn(request)
        assert redactor.secrets == expected
    redactor = Redactor()
    redactor.response(RecordedResponse(200, headers=(("set-cookie", f"a={value}; Path=/"),)))
    assert redactor.secrets == expected


def test_headers_with_secret_names_are_known_whatever_their_value() -> None:
    redactor = Redactor()
    redactor.learn(RecordedRequest("GET", URL, (("dd-api-key", "english"), ("accept", "application/json"))))
    assert redactor.secrets == {"english"}


def test_known_values_are_searched_for_from_six_characters() -> None:
    assert search.MIN_LENGTH == 6
    for replace in (KnownValues(["12345", "abcdef"]).replace, lambda data: redacted_with(data, "12345", "abcdef")):
        assert replace(b"<12345><abcdef>") == b"<12345><REDACTED>"
    assert [leak.column for leak in find_leaks(b"<12345><abcdef>", ["12345", "abcdef"])] == [9]


def redacted_with(data: bytes, *live: str) -> bytes:
    return Redactor(live).response(RecordedResponse(200, body=data)).body


ENTITIES = {'"': "&quot;", "&": "&amp;", "'": "&apos;", "<": "&lt;", ">": "&gt;"}
SHORT_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "/": r"\/"}
OTHER_SPELLINGS = [
    ("a", "%61"),
    ("/", "%2F"),
    ("/", "%2f"),
    ("a", r"\u0061"),
    ("a", r"\\u0061"),
    ("k", r"\u006B"),
    ("é", r"\u00e9"),
    ("é", r"\xe9"),
    ("é", r"\xE9"),
    ("é", "%C3%A9"),
    ("\u0100", r"\u0100"),
    ("😀", r"\ud83d\ude00"),
    ("😀", r"\uD83D\uDE00"),
    ("😀", r"\U0001f600"),
    ("😀", "%F0%9F%98%80"),
    ("a", "&#97;"),
    ("a", "&#097;"),
    ("a", "&#x61;"),
    ("a", "&#X0061;"),
    ("k", "&#x6B;"),
    ("\\", r"\\"),
    ("\\", r"\\\\"),
    ("'", "''"),
    (" ", "+"),
]


@pytest.mark.parametrize(
    ("character", "spelling"), [*ENTITIES.items(), *SHORT_ESCAPES.items(), *OTHER_SPELLINGS], ids=ascii
)
def test_known_values_are_found_in_every_spelling_of_a_character(character: str, spelling: str) -> None:
    value = f"qwe{character}rty"
    spelled = f"<qwe{spelling}rty>".encode()
    assert KnownValues([value]).replace(spelled) == b"<REDACTED>"
    assert len(find_leaks(spelled, [value])) == 1
    assert KnownValues([value]).replace(b"<qwe~rty>") == b"<qwe~rty>"


LINE_ENDS = (r"\n", r"\r", r"\t")


@pytest.mark.parametrize(("character", "escape"), SHORT_ESCAPES.items(), ids=ascii)
def test_short_escapes_are_undone_for_the_search(character: str, escape: str) -> None:
    expected = "\n" if escape in LINE_ENDS else character
    assert undone(f"qwe{escape}rty".encode()) == f"qwe{expected}rty".encode()


@pytest.mark.parametrize("length", [1, 500])
def test_users_of_urls_in_text_are_redacted_up_to_a_length(length: int) -> None:
    assert redacted_with(f"see https://{'u' * length}@host/".encode()) == b"see https://REDACTED@host/"


def test_longer_users_of_urls_are_left_alone_to_bound_the_search() -> None:
    text = f"see https://{'u' * 501}@host/".encode()
    assert redacted_with(text) == text


@pytest.mark.parametrize(("length", "is_found"), [(100, True), (101, False)])
def test_parameter_names_in_text_have_a_bounded_length(length: int, is_found: bool) -> None:
    name = "token".rjust(length, "x")
    expected = "REDACTED" if is_found else "v"
    assert redacted_with(f"https://h/?{name}=v".encode()) == f"https://h/?{name}={expected}".encode()


@pytest.mark.parametrize(("length", "is_form"), [(100, True), (101, False)])
def test_a_body_is_taken_for_a_form_only_with_a_name_of_bounded_length(length: int, is_form: bool) -> None:
    name = "token".rjust(length, "x")
    expected = "REDACTED" if is_form else "v"
    assert redacted_with(f"{name}=v".encode()) == f"{name}={expected}".encode()


@pytest.mark.parametrize("separator", ["?", "&", ";", "#", r"\u0026", r"\\u0026", "&amp;"])
def test_parameters_in_text_are_found_after_every_separator(separator: str) -> None:
    assert redacted_with(f"<x{separator}token=v>".encode()) == f"<x{separator}token=REDACTED>".encode()


@pytest.mark.parametrize("role", [*ROLES, "usr", "user"])
def test_every_object_that_is_a_person_is_replaced(role: str) -> None:
    assert Pseudonyms().apply({role: {"name": "Mira Holt"}, "x": {"name": "Mira Holt"}}) == {
        role: {"name": "User 1"},
        "x": {"name": "Mira Holt"},
    }


@pytest.mark.parametrize("role", ROLES)
def test_every_field_that_names_a_person_is_replaced(role: str) -> None:
    assert Pseudonyms().apply({role: "Mira Holt", "name": "Mira Holt"}) == {role: "User 1", "name": "Mira Holt"}
    for field, pseudonym in PERSON_FIELDS.items():
        assert Pseudonyms().apply({f"{role}_{field}": "mira", f"{role}_at": "x"}) == {
            f"{role}_{field}": pseudonym,
            f"{role}_at": "x",
        }


@pytest.mark.parametrize("identified_by", ["handle", "email"])
@pytest.mark.parametrize(("field", "pseudonym"), PERSON_FIELDS.items())
def test_every_field_of_a_person_is_replaced(identified_by: str, field: str, pseudonym: str) -> None:
    person: dict[str, Any] = {identified_by: "m@h.org", field: "mira", "title": "mira"}
    result = Pseudonyms().apply({"x": person})
    assert result == {"x": {identified_by: "user-1@example.com", field: pseudonym, "title": "mira"}}


@pytest.mark.parametrize("field", PERSON_FIELDS)
def test_people_are_recognized_by_every_field_except_shared_ones(field: str) -> None:
    result: Any = Pseudonyms().apply([{"usr": {"x": "a", field: "same"}}, {"usr": {"x": "b", field: "same"}}])
    are_two = field in ("name", "icon")
    assert [person["usr"]["x"] for person in result] == ["user-1-x", "user-2-x" if are_two else "user-1-x"]


@pytest.mark.parametrize(
    ("original", "pseudonym"),
    [
        (5, 900_000_001),
        ("5", "900000001"),
        (900_000_000, 900_000_001),
        (900_000_007, 900_000_007),
        (900_999_999, 900_999_999),
        (901_000_000, 900_000_001),
        ("user-4", "user-4"),
        ("user-4@example.com", "user-4@example.com"),
        ("00000000-0000-4000-8000-000000000004", "00000000-0000-4000-8000-000000000004"),
        ("https://example.com/user-4", "https://example.com/user-4"),
        ("User 4", "User 4"),
        ("user-4-icon", "user-4-icon"),
        ("http://h/1", "https://example.com/user-1"),
        ("//h/1", "https://example.com/user-1"),
        ("5B1F6E80-7C24-4D39-8A55-C0E9D2F4713B", "00000000-0000-4000-8000-000000000001"),
    ],
)
def test_pseudonyms_are_of_the_same_kind_and_are_kept_where_they_occur(
    original: str | int, pseudonym: str | int
) -> None:
    assert Pseudonyms().apply({"created_by_id": original}) == {"created_by_id": pseudonym}


@pytest.mark.parametrize("name", [*DROPPED, *(f"{prefix}anything" for prefix in DROPPED_PREFIXES)])
def test_every_noise_header_is_dropped(name: str) -> None:
    headers: Headers = (("content-type", "text/plain"), (name, "x"), (f"x-my-{name}", "y"))
    assert without_noise(headers) == (headers[0], headers[2])


@pytest.mark.parametrize("prefix", DROPPED_PREFIXES)
def test_headers_that_only_resemble_noise_are_kept(prefix: str) -> None:
    headers: Headers = ((f"{prefix.removesuffix('-')}2", "x"), (f"my-{prefix}id", "y"))
    assert without_noise(headers) == headers


def test_credentials_come_from_the_variables_of_the_client() -> None:
    variables = ["DD_API_KEY", "DATADOG_API_KEY", "DD_APP_KEY", "DATADOG_APP_KEY", "DD_BEARER_TOKEN", "DD_ACCESS_TOKEN"]
    environ = {name: f" {name.lower()} " for name in variables} | {"DD_SITE": "datadoghq.eu", "DD_TOKEN": "x"}
    assert environment_credentials(environ) == tuple(name.lower() for name in variables)
