"""Secrets out of requests and answers, before they are kept and before they are compared.

Two rules find them. Values under telling names (headers, query and form parameters, JSON fields) are secret whatever
they are. Values that are known, from the environment or because a request carried them as credentials, are replaced
wherever they turn up: in text, escaped or percent-encoded, in headers and URLs, and inside of compressed streams.
Known values shorter than `echoes.SHORTEST` characters are replaced under telling names only: such a text occurs by
chance. Base64 of a known value is left to `leaks`, which refuses to write it.

What is replaced is replaced in place; everything else stays byte for byte.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote, unquote_plus, unquote_to_bytes

from attrs import evolve

from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.compressed import INFLATE_LIMIT, rewrite_streams
from pytest_rum_replay.secrecy.echoes import PLACEHOLDER, Echoes
from pytest_rum_replay.secrecy.json_text import Path, encoded, replace_spans, scalars
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.telling_names import HINTS, field_tells, header_tells, parameter_tells

__all__ = ["Redactor", "environment_credentials"]

_VARIABLES = (
    "DD_API_KEY",
    "DATADOG_API_KEY",
    "DD_APP_KEY",
    "DATADOG_APP_KEY",
    "DD_BEARER_TOKEN",
    "DD_ACCESS_TOKEN",
)
_REDACTED = PLACEHOLDER.encode()

_HINT = rb"(?:%s)" % b"|".join(HINTS)
_FIELD = re.compile(_HINT + rb'[^"]{0,20}"\s{0,20}:|\\u[0-9a-f]{4}[\w\\. -]{0,80}"\s{0,20}:')
_PARAMETER = re.compile(_HINT + rb"[^=&\s]{0,20}=")
_PAIR = re.compile(rb"(^|[&;])([^=&;]*)=(.*?)(?=&|;[^=&;]*=|$)", re.DOTALL)
_PAIR_IN_TEXT = re.compile(  # a backslash ends the value, unless it escapes what base64 holds
    rb"([?&;#]|\\+u0026|&amp;)([\w.%~\[\]-]{1,100})=((?:[^&#\s\"'<>\\]|\\+/|\\+u00(?:2[bBfF]|3[dD]))+)"
)
_USER = re.compile(rb"(:(?:\\*/){2})[^/?#@\s\"'<>]{1,500}(?=@)")
_FORM = re.compile(rb"[\w.%~+\[\]-]{1,100}=[^\s{}<>\"]*\Z")
_SCHEME = re.compile(r"\s*(?:[A-Za-z][\w-]*\s+)?(.*\S)", re.DOTALL)
_NEXT_COOKIE = re.compile(r",(?=\s*[^;,=\s]+=)")
"""Between set cookies that a library joined; the comma of a date is followed by no name."""


def environment_credentials(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The Datadog credentials that the environment holds: API keys, application keys and bearer tokens."""
    values = (environ.get(name, "").strip() for name in _VARIABLES)
    return tuple(dict.fromkeys(filter(None, values)))


class Redactor:
    """Takes the secrets out of one cassette's requests and answers.

    `live` are values known to be secret. A request and its recording map to the same form, and what is redacted
    already stays as it is. With `pseudonyms`, personal fields are replaced as well; these are numbered by first
    appearance, so requests and answers must come in the order in which they happened, at replay the replayed answers
    too. Methods raise compressed.InflateLimitError for a body that is too large, inflated, to be searched.
    """

    def __init__(
        self,
        live: Iterable[str] = (),
        *,
        pseudonyms: Pseudonyms | None = None,
        inflate_limit: int = INFLATE_LIMIT,
    ) -> None:
        self._echoes = Echoes(live)
        self._pseudonyms = pseudonyms
        self._inflate_limit = inflate_limit

    @property
    def secrets(self) -> frozenset[str]:
        """Every known value that is long enough to be looked for."""
        return self._echoes.values

    def learn(self, request: RecordedRequest) -> None:
        """Remember the credentials that the request carries, in order to know them where they are echoed."""
        found: list[str] = []
        for name, value in request.headers:
            if name == "cookie":
                found += filter(_is_distinctive, map(_cookie_value, value.split(";")))
            elif header_tells(name):
                found += _credentials_of(value)
        user = _USER.search(request.url.encode())
        if user is not None:
            found += filter(_is_distinctive, map(unquote, user.group()[3:].decode().split(":", 1)))
        found += filter(_is_distinctive, _secret_parameters(request.url.partition("?")[2].encode()))
        self._echoes.add(found)

    def request(self, request: RecordedRequest) -> RecordedRequest:
        """The request without secrets; depends on nothing but it and on what was learnt."""
        url, headers = self._url(request.url), self._headers(request.headers)
        body = request.body
        if body:
            content_type = next((value for name, value in headers if name == "content-type"), "")
            # A request that is sent compressed is text to be searched like any other; recordings are only answered.
            body = self._body(body, content_type, inside=partial(self._text, content_type=content_type))
        return evolve(request, url=url, headers=headers, body=body)

    def response(self, response: RecordedResponse) -> RecordedResponse:
        """The answer without secrets. Cookies that it sets are learnt."""
        for name, value in response.headers:
            if name == "set-cookie":
                self._echoes.add(filter(_is_distinctive, map(_cookie_value, _NEXT_COOKIE.split(value))))
        headers = self._headers(response.headers)
        content_type = next((value for name, value in headers if name == "content-type"), "")
        body = self._body(response.body, content_type, inside=self._echoes.replace) if response.body else b""
        return evolve(response, reason=self._header_text(response.reason), headers=headers, body=body)

    def _url(self, url: str) -> str:
        base, mark, query = url.encode().partition(b"?")
        if b"@" in base:
            base = _USER.sub(rb"\1" + _REDACTED, base)
        redacted = self._echoes.replace(base + mark + _redact_parameters(query)).decode()
        return redacted if self._pseudonyms is None else self._pseudonyms.url(redacted)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((name, self._header(name, value)) for name, value in headers)

    def _header(self, name: str, value: str) -> str:
        # The names of cookies stay, and so do a set cookie's attributes: a cookie jar works at replay as it did live.
        if name == "cookie":
            return self._header_text(";".join(map(_redacted_cookie, value.split(";"))))
        if name == "set-cookie":
            return self._header_text(",".join(map(_redacted_set_cookie, _NEXT_COOKIE.split(value))))
        return PLACEHOLDER if value and header_tells(name) else self._header_text(value)

    def _header_text(self, value: str) -> str:
        # One round trip for text that HTTP libraries decoded as Latin-1, UTF-8 or with escapes alike.
        data = value.encode("utf-8", "surrogateescape")
        redacted = self._echoes.replace(_redact_links(data))
        if self._pseudonyms is not None:
            redacted = self._pseudonyms.text(redacted)
        return value if redacted == data else redacted.decode("utf-8", "surrogateescape")

    def _body(self, body: bytes, content_type: str, *, inside: Callable[[bytes], bytes]) -> bytes:
        # Streams first: replacing a secret in a stored block would break the stream around it.
        outside = partial(self._text, content_type=content_type)
        body = rewrite_streams(body, inside, outside, limit=self._inflate_limit)
        if self._pseudonyms is not None:
            body = self._pseudonyms.document(body)
        return body

    def _text(self, data: bytes, content_type: str) -> bytes:
        lower = data.lower()  # searching it is ten times faster than searching without regard to case
        if (_has_hint(lower) or b"\\u" in lower) and _FIELD.search(lower):
            data = _redact_fields(data)
        is_form = "form-urlencoded" in content_type.lower() or (b"=" in data and _FORM.match(data) is not None)
        return self._echoes.replace(_redact_parameters(data) if is_form else _redact_links(data))


def _has_hint(lower: bytes) -> bool:
    return any(hint in lower for hint in HINTS)


def _is_distinctive(value: str) -> bool:
    """Whether a cookie's or parameter's value can be told from an ordinary word or number, such as a language."""
    return value != PLACEHOLDER and (len(value) >= 16 or not (value.isalpha() or value.isdecimal()))


def _cookie_value(cookie: str) -> str:
    name, equals, value = cookie.partition(";")[0].partition("=")
    return (value if equals else name).strip(' "')


def _redacted_cookie(cookie: str) -> str:
    name, equals, value = cookie.partition("=")
    if not equals:
        return PLACEHOLDER if name.strip() else name
    return f"{name}={PLACEHOLDER}" if value else cookie


def _redacted_set_cookie(cookie: str) -> str:
    pair, semicolon, attributes = cookie.partition(";")
    return _redacted_cookie(pair) + semicolon + attributes


def _credentials_of(value: str) -> Iterator[str]:
    """What a header value proves who one is with: itself without its scheme, and for Basic the decoded parts."""
    match = _SCHEME.match(value)
    if match is None:
        return
    yield match.group(1)
    if value.lstrip()[:6].lower() == "basic ":
        try:
            decoded = base64.b64decode(match.group(1), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return  # no Basic credentials after all; the header's value itself is known
        yield decoded
        yield decoded.partition(":")[2]


def _may_tell(query: bytes) -> bool:
    return _has_hint((unquote_to_bytes(query) if b"%" in query else query).lower())


def _secret_parameters(query: bytes) -> Iterator[str]:
    if not _may_tell(query):
        return
    for match in _PAIR.finditer(query):
        if parameter_tells(unquote_plus(match.group(2).decode())):
            yield unquote_plus(match.group(3).decode("utf-8", "replace"))


def _redact_parameters(query: bytes) -> bytes:
    """Values under telling names in a query or a form replaced."""
    if not _may_tell(query):
        return query
    return _PAIR.sub(_redacted_pair, query)


def _redacted_pair(match: re.Match[bytes]) -> bytes:
    before, name, value = match.groups()
    if not value or not parameter_tells(unquote_plus(name.decode("utf-8", "replace"))):
        return match.group()
    return before + name + b"=" + _REDACTED


def _redact_links(text: bytes) -> bytes:
    """Users and passwords, and query values under telling names, replaced in the URLs of a text."""
    if b"@" in text and b"/" in text:
        text = _USER.sub(rb"\1" + _REDACTED, text)
    if b"=" in text and _has_hint(lower := text.lower()) and _PARAMETER.search(lower):
        text = _PAIR_IN_TEXT.sub(_redacted_pair_in_text, text)
    return text


def _redacted_pair_in_text(match: re.Match[bytes]) -> bytes:
    before, name, _ = match.groups()
    return before + name + b"=" + _REDACTED if parameter_tells(unquote(name.decode("latin-1"))) else match.group()


def _redact_fields(data: bytes) -> bytes:
    """Strings and numbers under telling names in JSON replaced, at any depth below the name."""
    spans: list[tuple[int, int, bytes]] = []
    for path, start, end in scalars(data):
        token = data[start:end]
        if _is_secret(path):
            replacement = _in_place_of(token)
        elif token.startswith((b'"{', b'"[')) and _FIELD.search(token.lower()):
            replacement = _redacted_inner(token)
        else:
            continue
        if replacement != token:
            spans.append((start, end, replacement))
    return replace_spans(data, spans) if spans else data


def _is_secret(path: Path) -> bool:
    return any(isinstance(place, str) and field_tells(place) for place in path)


def _in_place_of(token: bytes) -> bytes:
    if token.startswith(b'"'):
        if len(token) > 1 and token.endswith(b'"'):
            return token if token == b'""' else b'"%s"' % _REDACTED
        return b'"' + _REDACTED  # cut off, and still so
    return token if token in (b"null", b"true", b"false") else b"0"


def _redacted_inner(token: bytes) -> bytes:
    """A JSON document within a JSON string, which may be cut off."""
    closing = b"" if len(token) > 1 and token.endswith(b'"') else b'"'
    try:
        inner = str(json.loads(token + closing)).encode("utf-8", "surrogatepass")
    except ValueError:  # broken within an escape: nothing reads it as a document
        return token
    redacted = _redact_fields(inner)
    if redacted == inner:
        return token
    return encoded(redacted.decode("utf-8", "surrogatepass")).removesuffix(closing)
