"""Removes secrets from requests and answers before they are stored or compared.

There are two rules. Values of headers, query and form parameters and JSON fields with secret names are always replaced.
Known values (from the environment, or sent as credentials by a request) are replaced wherever they occur: in text,
in any case, escaped, percent-encoded or in UTF-16, in headers and URLs, and inside compressed streams. Those shorter
than `search.MIN_LENGTH` characters are replaced under secret names only, since such short text occurs by chance.
Other forms of a known value, such as Base64, are not replaced here; `leaks` refuses to write them.

Values are replaced in place; everything else stays the same byte for byte.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from urllib.parse import unquote, unquote_plus, unquote_to_bytes

from attrs import evolve
from rum_replay._credentials import API_KEY_VARIABLES, APP_KEY_VARIABLES, BEARER_TOKEN_VARIABLES

from pytest_rum_replay.interaction import Headers, RecordedRequest, RecordedResponse
from pytest_rum_replay.secrecy.compressed import INFLATE_LIMIT, rewrite_streams
from pytest_rum_replay.secrecy.json_fields import may_have_secret_field, redact_fields
from pytest_rum_replay.secrecy.known_values import PLACEHOLDER, KnownValues
from pytest_rum_replay.secrecy.pseudonyms import Pseudonyms
from pytest_rum_replay.secrecy.secret_names import HINTS, is_secret_header, is_secret_parameter

__all__ = ["Redactor", "environment_credentials"]

_VARIABLES = (*API_KEY_VARIABLES, *APP_KEY_VARIABLES, *BEARER_TOKEN_VARIABLES)
_REDACTED = PLACEHOLDER.encode()
_DISTINCTIVE_LENGTH = 16
"""A word or number with this many characters or more is treated as a secret; shorter ones are too common."""

_HINT = rb"(?:%s)" % b"|".join(HINTS)
_PARAMETER = re.compile(_HINT + rb"[^=&\s]{0,20}=")
_PAIR = re.compile(rb"(^|[&;])([^=&;]*)=(.*?)(?=&|;[^=&;]*=|$)", re.DOTALL)
_PAIR_IN_TEXT = re.compile(  # a backslash ends the value, unless it escapes a character of base64
    rb"([?&;#]|\\{1,16}u0026|&amp;)([\w.%~\[\]-]{1,100})=((?:[^&#\s\"'<>\\]|\\{1,16}(?:/|u00(?:2[bBfF]|3[dD])))+)"
)
_USER = re.compile(rb"(:(?:\\{0,16}/){2})[^/?#@\s\"'<>]{1,500}(?=@)")
_FORM = re.compile(rb"[\w.%~+\[\]-]{1,100}=[^\s{}<>\"]*\Z")
_FORM_DATA = re.compile(
    rb"(\bname=\"?)([^\";\s]{1,100})([^\r\n]{0,200}\r?\n(?:[^\r\n]{1,200}\r?\n){0,8}\r?\n)(.*?)(?=\r?\n--|\Z)",
    re.DOTALL,
)
"""A part of `multipart/form-data`: its name, the rest of its head, and its content."""

_SCHEME = re.compile(r"\s*(?:[A-Za-z][\w-]*\s+)?(.*\S)", re.DOTALL)
_NEXT_COOKIE = re.compile(r",(?=\s*[^;,=\s]+=)")
"""The comma between cookies that a library joined; the comma in a date is not followed by a name."""


def environment_credentials(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The Datadog credentials in the environment: API keys, application keys and bearer tokens."""
    values = (environ.get(name, "").strip() for name in _VARIABLES)
    return tuple(dict.fromkeys(filter(None, values)))


class Redactor:
    """Removes the secrets from the requests and answers of one cassette.

    `live` are values known to be secret. A live request and its recording are redacted to the same form, and redacting
    twice changes nothing. The credentials in `environment` are known as well, now and whenever something is learned, so
    that those which a test sets later are, too.

    With `pseudonyms`, personal fields are replaced as well; people are numbered by first appearance, so requests and
    answers must be passed in their original order, including the answers that are replayed.
    Methods raise compressed.InflateLimitError for a body that is too large, once inflated, to be searched.
    """

    def __init__(
        self,
        live: Iterable[str] = (),
        *,
        pseudonyms: Pseudonyms | None = None,
        inflate_limit: int = INFLATE_LIMIT,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._known = KnownValues(live)
        self._environment = environment
        self.look_at_environment()
        self._pseudonyms = pseudonyms
        self._inflate_limit = inflate_limit

    @property
    def secrets(self) -> frozenset[str]:
        """All known values that are long enough to be searched for."""
        return self._known.values

    def look_at_environment(self) -> None:
        """Remember the credentials that the environment has now."""
        if self._environment is not None:
            self._known.add(environment_credentials(self._environment))

    def learn(self, request: RecordedRequest) -> None:
        """Remember the credentials sent with the request, so that they are recognized where an answer repeats them."""
        self.look_at_environment()
        found: list[str] = []
        for name, value in request.headers:
            if name == "cookie":
                found += filter(_is_distinctive, map(_cookie_value, value.split(";")))
            elif is_secret_header(name):
                found += _credentials_of(value)
        user = _USER.search(request.url.encode())
        if user is not None:
            found += filter(_is_distinctive, map(unquote, user.group()[3:].decode().split(":", 1)))
        found += filter(_is_distinctive, _secret_parameters(request.url.partition("?")[2].encode()))
        self._known.add(found)

    def request(self, request: RecordedRequest) -> RecordedRequest:
        """The request without secrets; depends only on the request and on the values learned so far."""
        url, headers = self._url(request.url), self._headers(request.headers)
        body = request.body
        if body:
            content_type = next((value for name, value in headers if name == "content-type"), "")
            # A compressed request is text that is searched like any other; only answers contain recorded segments.
            body = self._body(body, content_type, inside=partial(self._text, content_type=content_type))
        return evolve(request, url=url, headers=headers, body=body)

    def response(self, response: RecordedResponse) -> RecordedResponse:
        """The answer without secrets. Cookies that it sets are remembered as known values."""
        for name, value in response.headers:
            if name == "set-cookie":
                self._known.add(filter(_is_distinctive, map(_cookie_value, _NEXT_COOKIE.split(value))))
        headers = self._headers(response.headers)
        content_type = next((value for name, value in headers if name == "content-type"), "")
        body = self._body(response.body, content_type, inside=self._known.replace) if response.body else b""
        return evolve(response, reason=self._header_text(response.reason), headers=headers, body=body)

    def _url(self, url: str) -> str:
        base, mark, query = url.encode().partition(b"?")
        if b"@" in base:
            scheme, slashes, rest = base.partition(b"://")
            authority, slash, path = rest.partition(b"/")
            user, at, host = authority.rpartition(b"@")
            base = scheme + slashes + (_REDACTED if user else b"") + at + host + slash + path
        redacted = self._known.replace(base + mark + _redact_parameters(query)).decode()
        return redacted if self._pseudonyms is None else self._pseudonyms.url(redacted)

    def _headers(self, headers: Headers) -> Headers:
        return tuple((self._header_name(name), self._header(name, value)) for name, value in headers)

    def _header_name(self, name: str) -> str:
        data = name.encode("utf-8", "surrogateescape")
        redacted = self._known.replace(data)
        return name if redacted == data else redacted.decode("utf-8", "surrogateescape").lower()

    def _header(self, name: str, value: str) -> str:
        # Cookie names and the attributes of Set-Cookie are kept, so that a cookie jar behaves the same at replay.
        if name == "cookie":
            return self._header_text(";".join(map(_redacted_cookie, value.split(";"))))
        if name == "set-cookie":
            return self._header_text(",".join(map(_redacted_set_cookie, _NEXT_COOKIE.split(value))))
        return PLACEHOLDER if value and is_secret_header(name) else self._header_text(value)

    def _header_text(self, value: str) -> str:
        # Round-trips text whether the HTTP library decoded it as Latin-1, as UTF-8 or with surrogate escapes.
        data = value.encode("utf-8", "surrogateescape")
        redacted = self._known.replace(_redact_links(data))
        if self._pseudonyms is not None:
            redacted = self._pseudonyms.text(redacted)
        return value if redacted == data else redacted.decode("utf-8", "surrogateescape")

    def _body(self, body: bytes, content_type: str, *, inside: Callable[[bytes], bytes]) -> bytes:
        # Streams first: replacing a secret in a stored block would corrupt the stream around it.
        outside = partial(self._text, content_type=content_type)
        body = rewrite_streams(body, inside, outside, limit=self._inflate_limit)
        if self._pseudonyms is not None:
            body = self._pseudonyms.document(body)
        return body

    def _text(self, data: bytes, content_type: str) -> bytes:
        lower = data.lower()  # searching this is ten times faster than a case-insensitive search
        if (_has_hint(lower) or b"\\u" in lower) and may_have_secret_field(lower):
            data = redact_fields(data)
        if b"form-data" in lower:
            data = _FORM_DATA.sub(_redacted_part, data)
        is_form = "form-urlencoded" in content_type.lower() or (b"=" in data and _FORM.match(data) is not None)
        return self._known.replace(_redact_parameters(data) if is_form else _redact_links(data))


def _has_hint(lower: bytes) -> bool:
    return any(hint in lower for hint in HINTS)


def _is_distinctive(value: str) -> bool:
    """Whether the value of a cookie or parameter is more specific than a common word or number, such as a language."""
    is_common = value.isalpha() or value.isdecimal()
    return value != PLACEHOLDER and (len(value) >= _DISTINCTIVE_LENGTH or not is_common)


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
    """The credentials in a header: its value without the scheme, and for Basic also the decoded parts."""
    match = _SCHEME.match(value)
    if match is None:
        return
    yield match.group(1)
    if value.lstrip()[:6].lower() == "basic ":
        try:
            decoded = base64.b64decode(match.group(1), validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return  # not Basic credentials; the value itself was yielded already
        yield decoded
        yield decoded.partition(":")[2]


def _may_have_secret_name(query: bytes) -> bool:
    return _has_hint((unquote_to_bytes(query) if b"%" in query else query).lower())


def _secret_parameters(query: bytes) -> Iterator[str]:
    if not _may_have_secret_name(query):
        return
    for match in _PAIR.finditer(query):
        if is_secret_parameter(unquote_plus(match.group(2).decode())):
            yield unquote_plus(match.group(3).decode("utf-8", "replace"))


def _redact_parameters(query: bytes) -> bytes:
    """The query or form with the values of secret names replaced."""
    if not _may_have_secret_name(query):
        return query
    return _PAIR.sub(_redacted_pair, query)


def _redacted_pair(match: re.Match[bytes]) -> bytes:
    before, name, value = match.groups()
    if not value or not is_secret_parameter(unquote_plus(name.decode("utf-8", "replace"))):
        return match.group()
    return before + name + b"=" + _REDACTED


def _redacted_part(match: re.Match[bytes]) -> bytes:
    before, name, head, content = match.groups()
    is_secret = bool(content) and is_secret_parameter(name.decode("utf-8", "replace"))
    return before + name + head + _REDACTED if is_secret else match.group()


def _redact_links(text: bytes) -> bytes:
    """The text with users, passwords and query values of secret names replaced in its URLs."""
    if b"@" in text and b"/" in text:
        text = _USER.sub(rb"\1" + _REDACTED, text)
    if b"=" in text and _has_hint(lower := text.lower()) and _PARAMETER.search(lower):
        text = _PAIR_IN_TEXT.sub(_redacted_pair_in_text, text)
    return text


def _redacted_pair_in_text(match: re.Match[bytes]) -> bytes:
    before, name, _ = match.groups()
    return before + name + b"=" + _REDACTED if is_secret_parameter(unquote(name.decode("latin-1"))) else match.group()
