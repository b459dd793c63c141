"""Credentials that a server or proxy echoes in another form than it was sent."""

from __future__ import annotations

import base64
import html
import json
import quopri
import random
import socket
import string
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from urllib.parse import quote, quote_plus

import attrs
import httpx
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rum_replay import ReplayError, StatusError, UnexpectedResponseError
from rum_replay._credentials import Credentials
from rum_replay._redaction import LONGEST_TEXT, MOST_CANDIDATES, Redaction

from .loopback_peer import listen
from .replay_driver import API_KEY, APP_KEY, BEARER_TOKEN, Driver
from .test_credentials import reported_texts

AWKWARD = "key/with+slash=0123456789"
PUNCTUATION = "k&y%41\\x#;<\"'>?[]{}|~.-_!$()*,:@^`"
SECRETS = [API_KEY, APP_KEY, BEARER_TOKEN, AWKWARD, PUNCTUATION, "6162636465666768", "\\\\\\n\\u0041"]
SPECIAL = set(string.punctuation)


def each(form: str, *, only_special: bool = False) -> Callable[[str], str]:
    """Every character, or every one that is no letter or digit, in a form such as `%{0:02x}`."""

    def write(secret: str) -> str:
        return "".join(
            form.format(ord(character)) if character in SPECIAL or not only_special else character
            for character in secret
        )

    return write


def mixed(secret: str) -> str:
    """Each character in another form than the one before."""
    forms = ["%{0:02X}", "&#{0};", "\\u{0:04x}", "\\x{0:02x}", "&#x{0:X};", "={0:02X}"]
    return "".join(
        character if index % 7 == 6 else forms[index % 7].format(ord(character))
        for index, character in enumerate(secret)
    )


def as_json(value: str) -> str:
    return json.dumps(value)[1:-1]


NAMED = r"""sol/ plus+ equals= amp& lt< gt> quot" apos' lowbar_ percnt% bsol\ num# semi; quest? lsqb[ rbrack] lcub{
rbrace} vert| period. excl! dollar$ lpar( rpar) ast* comma, colon: commat@ Hat^ grave`"""
NAMES = {named[-1]: f"&{named[:-1]};" for named in NAMED.split()}
LEFT = {
    "Base64 in lines": 12,
    "Basic, one before": 2,
    "Basic, two before": 3,
    "Basic, three before": 4,
    "Basic, as the user": 16,
    "UTF-16, little-endian": 1,
    "UTF-16, big-endian": 1,
    "UTF-32": 3,
}
"""Characters that are left of what was echoed."""

FORMS: dict[str, Callable[[str], str]] = {
    "verbatim": str,
    "upper case": str.upper,
    "lower case": str.lower,
    "JSON": as_json,
    "JSON of PHP": lambda secret: as_json(secret).replace("/", "\\/"),
    "JSON of Gson": lambda secret: (
        as_json(secret).replace("=", "\\u003d").replace("&", "\\u0026").replace("'", "\\u0027")
    ),
    "JSON, all": each("\\u{0:04x}"),
    "JSON, all in upper case": each("\\u{0:04X}"),
    "JSON in JSON": lambda secret: as_json(as_json(each("\\u{0:04x}", only_special=True)(secret))),
    "JSON three times": lambda secret: as_json(as_json(as_json(secret))),
    "HTML": html.escape,
    "HTML, decimal": each("&#{0};"),
    "HTML, zeros": each("&#0000{0};"),
    "HTML, hexadecimal": each("&#x{0:x};"),
    "HTML, hexadecimal in upper case": each("&#X{0:X};"),
    "HTML, hexadecimal with zeros": each("&#x000{0:x};"),
    "HTML, no semicolon": each("&#{0}", only_special=True),
    "HTML, hexadecimal, no semicolon": each("&#x{0:x}", only_special=True),
    "HTML, names": lambda secret: "".join(NAMES.get(character, character) for character in secret),
    "HTML, names, no semicolon": lambda secret: "".join(NAMES.get(c, c).rstrip(";") for c in secret),
    "HTML, escaped again": lambda secret: html.escape(each("&#{0};", only_special=True)(secret)),
    "HTML in JSON of Go": lambda secret: each("&#{0};", only_special=True)(secret).replace("&", "\\u0026"),
    "HTML in a URL": lambda secret: quote(each("&#{0};", only_special=True)(secret), safe=""),
    "URL": lambda secret: quote(secret, safe=""),
    "URL, plus": quote_plus,
    "URL, lower case": each("%{0:02x}", only_special=True),
    "URL, all": each("%{0:02X}"),
    "URL, all in lower case": each("%{0:02x}"),
    "URL twice": lambda secret: quote(quote(secret, safe=""), safe=""),
    "URL three times": lambda secret: quote(quote(quote(secret, safe=""), safe=""), safe=""),
    "URL, all, twice": lambda secret: quote(each("%{0:02X}")(secret), safe=""),
    "URL of IIS": each("%u00{0:02x}"),
    "URL in JSON of Gson": lambda secret: quote(secret, safe="").replace("%", "\\u0025"),
    "URL in HTML": lambda secret: each("%{0:02X}")(secret).replace("%", "&#37;"),
    "JSON in a URL": lambda secret: quote(each("\\u{0:04x}")(secret), safe=""),
    "Python, hexadecimal": each("\\x{0:02x}"),
    "Python, long": each("\\U{0:08x}"),
    "Python, repr": lambda secret: repr(secret)[1:-1],
    "Python, repr of bytes": lambda secret: repr(secret.encode())[2:-1],
    "Python, repr of a repr": lambda secret: repr(repr(secret)[1:-1])[1:-1],
    "JavaScript": each("\\u{{{0:x}}}"),
    "octal": each("\\{0:03o}"),
    "shell": lambda secret: "".join("\\" + character if character in SPECIAL else character for character in secret),
    "quoted-printable": lambda secret: quopri.encodestring(secret.encode()).decode(),
    "quoted-printable, all": each("={0:02X}"),
    "quoted-printable, soft line break": lambda secret: f"{secret[:5]}=\r\n{secret[5:]}",
    "mixed": mixed,
    "Base64": lambda secret: base64.b64encode(secret.encode()).decode(),
    "Base64 of a URL": lambda secret: base64.urlsafe_b64encode(secret.encode()).decode().rstrip("="),
    "Base64 in JSON of PHP": lambda secret: base64.b64encode(secret.encode()).decode().replace("/", "\\/"),
    "Base64 in a URL": lambda secret: quote(base64.b64encode(secret.encode()).decode(), safe=""),
    "Base64 in lines": lambda secret: base64.encodebytes(secret.encode() * 3).decode(),
    "Basic, one before": lambda secret: base64.b64encode(b":" + secret.encode()).decode(),
    "Basic, two before": lambda secret: base64.b64encode(b"u:" + secret.encode()).decode(),
    "Basic, three before": lambda secret: base64.b64encode(b"us:" + secret.encode()).decode(),
    "Basic, as the user": lambda secret: base64.b64encode(secret.encode() + b":password").decode(),
    "hexadecimal": lambda secret: secret.encode().hex(),
    "hexadecimal in upper case": lambda secret: secret.encode().hex().upper(),
    "UTF-16, little-endian": lambda secret: secret.encode("utf-16-le").decode("latin-1"),
    "UTF-16, big-endian": lambda secret: secret.encode("utf-16-be").decode("latin-1"),
    "UTF-32": lambda secret: secret.encode("utf-32-le").decode("latin-1"),
}
CONTEXTS = [("bad key ", " given"), ("?api_key=", "&next"), ('{"errors":["', '"]}'), ("%41=", "%"), ("", "")]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("secret", SECRETS)
def test_credential_is_found_in_every_form(name: str, secret: str) -> None:
    redact = Redaction([secret])
    echoed = FORMS[name](secret).encode("latin-1")
    for before, after in CONTEXTS:
        shown = redact(before.encode() + echoed + after.encode())
        assert b"[redacted]" in shown, (before, echoed)
        rest = shown.replace(b"[redacted]", b"")
        # At most zeros of UTF-16, or the Base64 of what surrounds the credential there.
        assert len(rest) <= len(before) + len(after) + LEFT.get(name, 0), (echoed, shown)
        assert shown.startswith(before.encode()), shown
        assert shown.endswith(after.encode()), shown


@given(
    secret=st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=8, max_size=40),
    seed=st.integers(0, 2**16),
)
@example(secret="000000}0", seed=56387)  # a brace after an escape that has none before it
def test_any_mixture_of_forms_of_any_credential_is_found(secret: str, seed: int) -> None:
    generator = random.Random(seed)
    forms = ["{1}", "%{0:02x}", "&#{0};", "&#x{0:x};", "\\u{0:04X}", "\\x{0:02x}", "%25{0:02X}", "={0:02X}"]
    echoed = "".join(generator.choice(forms).format(ord(character), character) for character in secret)
    shown = Redaction([secret])(f"<{echoed}>".encode())
    assert shown == b"<[redacted]>"


INNOCENT = [
    b"",
    b"data.attributes.application_id is required",
    b'{"errors":["\\u00e4\\/\\n & %41 =3D &amp; \\\\"]}',
    API_KEY[:-1].encode(),
    base64.b64encode(API_KEY[2:].encode()),
    bytes(range(256)) * 3,
    "Schlüssel 💥".encode(),
    "\ud83d".encode("utf-8", "surrogatepass"),
    b"%",
    b"\\",
    b"&#",
    b"&#x",
    b"=",
]


@pytest.mark.parametrize("text", INNOCENT)
def test_what_is_no_credential_stays_as_it_is(text: bytes) -> None:
    assert Redaction(SECRETS)(text) == text


def test_all_credentials_in_a_text_are_found() -> None:
    redact = Redaction([API_KEY, APP_KEY])
    text = f"{API_KEY}{APP_KEY} {each('%{0:02x}')(APP_KEY)},{API_KEY.upper()}\0{API_KEY}".encode()
    assert redact(text) == b"[redacted][redacted] [redacted],[redacted]\0[redacted]"


@pytest.mark.parametrize("secrets", [[APP_KEY[:20], APP_KEY], [APP_KEY, APP_KEY[:20]]])
def test_the_longer_credential_is_found_first(secrets: list[str]) -> None:
    assert Redaction(secrets)(f"<{APP_KEY}>".encode()) == b"<[redacted]>"


@pytest.mark.parametrize("piece", [b"\\", b"%", b"&amp;", b"\\u0031"])
def test_text_of_nothing_but_escapes_is_cut(piece: bytes) -> None:
    text = piece * (LONGEST_TEXT // len(piece))
    shown = Redaction([API_KEY])(text)
    assert text.startswith(shown)
    assert MOST_CANDIDATES <= len(shown) < len(text)


def test_long_text_is_cut_and_no_part_of_a_credential_is_left_at_the_cut() -> None:
    for position in range(LONGEST_TEXT - 40, LONGEST_TEXT + 1, 4):
        text = b"." * position + API_KEY.encode() + b"." * 100
        shown = Redaction([API_KEY])(text)
        assert shown[:position] == b"." * min(position, LONGEST_TEXT)
        assert shown[position:].removeprefix(b"[redacted]").strip(b".") == b""
        assert len(shown) <= LONGEST_TEXT + len("[redacted]")
    repeated = Redaction([API_KEY])(API_KEY.encode() * (LONGEST_TEXT // 16))
    assert set(repeated.split(b"[redacted]")) == {b""}


# ---- In the errors of the client ------------------------------------------------------------------------------------


def everything(error: BaseException) -> Iterator[str]:
    """All that a crash reporter could show, and what is in the values that the frames of the call hold."""
    yield from reported_texts(error)
    yield repr(getattr(error, "__notes__", ()))
    for frame, _ in traceback.walk_tb(error.__traceback__):
        if "rum_replay/" in frame.f_code.co_filename:
            for value in frame.f_locals.values():
                if attrs.has(type(value)) and not hasattr(value, "credentials"):
                    yield repr([getattr(value, field.name) for field in attrs.fields(type(value))])


def traces_of(secret: str) -> list[str]:
    """What must not be seen: a part of the credential, as it is or as the places above write it."""
    middle = secret[6:18]
    forms = [
        name
        for name in FORMS
        if not name.startswith(("Base64", "Basic", "UTF", "quoted-printable, soft", "Python, repr of"))
    ]
    return [middle, *(FORMS[name](middle) for name in forms)]


def respond_with(connection: socket.socket, answer: bytes) -> None:
    while connection.recv(65536):
        connection.sendall(answer)


def with_length(status: str, headers: str, body: bytes) -> bytes:
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode("latin-1") + body


def chunked(body: bytes) -> bytes:
    """A chunk for every three bytes."""
    chunks = [body[index : index + 3] for index in range(0, len(body), 3)]
    framed = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
    return b"HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n" + framed + b"0\r\n\r\n"


PLACES: dict[str, Callable[[str], bytes]] = {
    "errors": lambda echo: with_length("400 X", "", f'{{"errors":["bad key {echo}"]}}'.encode()),
    "error": lambda echo: with_length("403 X", "", f'{{"error":"bad key {echo}"}}'.encode()),
    "detail": lambda echo: with_length("404 X", "", f'{{"errors":[{{"title":"T","detail":"{echo}"}}]}}'.encode()),
    "name of a member": lambda echo: with_length("409 X", "", f'{{"errors":[{{"{echo}":1}}]}}'.encode()),
    "title": lambda echo: with_length("401 X", "", f"<html><title>{echo}</title>".encode()),
    "text": lambda echo: with_length("418 X", "", f"bad key {echo}".encode()),
    "chunks": lambda echo: chunked(f'{{"errors":["{echo}"]}}'.encode()),
    "reason": lambda echo: with_length(f"400 {echo}", "", b"{}"),
    "X-Request-Id": lambda echo: with_length("400 X", f"X-Request-Id: {echo}\r\n", b"{}"),
    "DD-Request-Id": lambda echo: with_length("400 X", f"DD-Request-Id: {echo}\r\n", b"{}"),
    "Location": lambda echo: with_length("302 X", f"Location: /login?key={echo}\r\n", b""),
    "WWW-Authenticate": lambda echo: with_length("401 X", f'WWW-Authenticate: Basic realm="{echo}"\r\n', b"{}"),
    "Set-Cookie": lambda echo: with_length("400 X", f"Set-Cookie: key={echo}\r\n", b"{}"),
    "Retry-After": lambda echo: with_length("429 X", f"Retry-After: {echo}\r\n", b"{}"),
    "unexpected body": lambda echo: with_length("200 X", "", f'{{"data":"{echo}"}}'.encode()),
    "unexpected body, request id": lambda echo: with_length("200 X", f"X-Request-Id: {echo}\r\n", b"no"),
    "no HTTP": lambda echo: f"{echo} is no HTTP\r\n\r\n".encode(),
    "no header": lambda echo: f"HTTP/1.1 200 OK\r\n{echo}\r\n\r\n".encode(),
    "no length": lambda echo: f"HTTP/1.1 200 OK\r\nContent-Length: {echo}\r\n\r\n".encode(),
    "server error": lambda echo: with_length("500 X", "", f'{{"errors":["{echo}"]}}'.encode()),
}
IN_ERRORS = [
    "verbatim",
    "JSON of PHP",
    "JSON, all",
    "HTML, decimal",
    "URL",
    "URL twice",
    "Base64",
    "mixed",
    "upper case",
]


@pytest.mark.parametrize("place", PLACES)
def test_echo_reaches_no_part_of_an_error(driver: Driver, place: str) -> None:
    for secret, options in (
        (AWKWARD, {"api_key": AWKWARD, "app_key": APP_KEY}),
        (BEARER_TOKEN, {"bearer_token": BEARER_TOKEN}),
    ):
        for form in IN_ERRORS:
            answer = PLACES[place](FORMS[form](secret))
            with listen(partial(respond_with, answer=answer)) as loopback:
                once = driver.retry_policy(attempts=1)
                client = driver.open(loopback.url, keys=False, retry=once, **options)
                with pytest.raises(ReplayError) as caught:
                    client.playlists.get(1)
            texts = list(everything(caught.value))
            for trace in [*traces_of(secret), FORMS[form](secret)]:
                assert not any(trace in text for text in texts), (form, trace)
            if isinstance(caught.value, StatusError | UnexpectedResponseError) and place not in NOT_KEPT:
                assert "[redacted]" in f"{caught.value.body!r} {caught.value.request_id}"


NOT_KEPT = ["reason", "Location", "WWW-Authenticate", "Set-Cookie", "Retry-After"]


def test_other_parts_of_an_error_stay_as_they_were(sync_driver: Driver) -> None:
    body = b'{"errors":["a \\/ \\u0041 &amp; %41 b"], "more": "' + b"x" * 1000 + b'"}'
    client = sync_driver.open(lambda _: httpx.Response(400, headers={"X-Request-Id": "%41\\/"}, content=body))
    with pytest.raises(StatusError) as caught:
        client.playlists.get(1)
    assert caught.value.body == body
    assert caught.value.errors == ("a / A &amp; %41 b",)
    assert caught.value.request_id == "%41\\/"


def test_what_was_escaped_twice_in_ways_of_its_own_is_found_once_it_is_read(sync_driver: Driver) -> None:
    """The message of a body is JSON undone; what is still escaped in it is searched for again."""
    echoed = each("\\u0026#37;{0:02x}")(AWKWARD)
    assert Redaction([AWKWARD])(echoed.encode()) == echoed.encode()
    client = sync_driver.open(
        lambda _: httpx.Response(400, content=f'{{"errors":["{echoed}"]}}'.encode()),
        keys=False,
        api_key=AWKWARD,
        app_key=APP_KEY,
    )
    with pytest.raises(StatusError) as caught:
        client.playlists.get(1)
    assert "[redacted]" in caught.value.errors[0]
    assert not any(trace in text for text in everything(caught.value) for trace in traces_of(AWKWARD))


def test_id_that_is_a_credential_is_not_shown(sync_driver: Driver) -> None:
    client = sync_driver.open(lambda _: httpx.Response(404))
    with pytest.raises(StatusError, match=r"session_id=\[redacted\]") as caught:
        client.viewership.delete_watches(API_KEY.upper())
    assert caught.value.ids == {"session_id": "[redacted]"}


def test_credentials_keep_no_pattern_in_the_cache_of_re() -> None:
    import re

    credentials = Credentials("zq" * 16, "xw" * 16, None).resolve()
    assert credentials.redact(b"zq" * 16) == b"[redacted]"
    assert not any("zqzq" in str(key) or "xwxw" in str(key) for key in re._cache)  # type: ignore[attr-defined]
