"""Known credentials found in any bytes, in whatever form they were written.

Bytes are not compared with every form of a credential; they are simplified until the forms are equal. Escapes are
undone, layer by layer; Base64, hexadecimal digits and compressed streams are decoded, also within each other. What
comes out is compared without case, spaces and punctuation, so that a credential is found that is split, in UTF-16 or
in letters of full width. A credential that consists of words, such as `demo-key`, is compared with its punctuation,
since "demo key" is ordinary text.

All steps run at the speed of C and are linear; how many there are is limited.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain, pairwise

from attrs import define

from pytest_rum_replay.secrecy.compressed import INFLATE_LIMIT, InflateLimitError, rewrite_streams
from pytest_rum_replay.secrecy.escapes import folded, undone

__all__ = ["MIN_LENGTH", "CredentialSearch"]

MIN_LENGTH = 6
"""Shorter values are not searched for: they occur by chance, and replacing them would damage other text."""

_LEAST_RANDOM, _LEAST_LETTERS = 12, 16
"""A credential with this many letters and digits, or letters alone, is also found without its punctuation."""

_LEAST_MIXED, _LEAST_CHANGES = 8, 4
"""So is one with this many if letters and digits change places as often: `k3y4b9Zq`, unlike `session1`."""

_LEAST_STEPS = 6
"""Different steps from one character of a half to the next: zeros alone and alphabets may be anything."""

_LAYERS = 4
_DEPTH = 8
_LOWER = bytes(range(256)).lower()
_SOFTENED = _LOWER.replace(b"+", b" ")  # as in forms
_ALPHANUMERIC = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_BASE64 = _ALPHANUMERIC + b"+/-_"
_STANDARD = bytes.maketrans(b"-_", b"+/")
_NOT_ALPHANUMERIC = bytes(set(range(256)) - set(_ALPHANUMERIC))
_NOT_BASE64 = bytes(set(range(256)) - set(_BASE64))
_BREAKS = b"\r\n\t"
_OMITTED = b"\0\\'\";" + _BREAKS
"""What quoting and escaping may leave between the characters of a credential."""

_CHANGE = re.compile(rb"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])")
_LONGEST_RUN = 16
"""Shorter runs of the digits of Base64, and of printable characters, hold no credential, or only a short one."""

_QUOTED_PRINTABLE = re.compile(rb"=(?:\r?\n|[0-9A-Fa-f]{2})")


@define
class _Budget:
    left: int

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise InflateLimitError(
                "encoded data that holds encoded data, again and again, is too large to be searched for credentials; "
                "keep this call out of the cassette"
            )


class CredentialSearch:
    """Searches for credentials. Those that are shorter than `MIN_LENGTH` are not searched for."""

    def __init__(self, secrets: Iterable[str], *, halves: bool = False) -> None:
        """With `halves`, either half of a credential is enough if it is long: it may be split over two fields."""
        known = {secret for secret in secrets if len(secret) >= MIN_LENGTH}
        squeezable = {secret for secret in known if _is_random(secret)}
        squeezed = (_squeezed(form) for secret in squeezable for form in _layers(secret.encode(), 1))
        self._squeezed = _distinct(chain.from_iterable(map(_halves, squeezed)) if halves else squeezed)
        run = min((len(secret) * 4 // 3 for secret in known), default=_LONGEST_RUN)
        run = min(run, _LONGEST_RUN)
        self._run = re.compile(rb"[A-Za-z0-9+/_-]{%d,}" % run)
        self._hex_run = re.compile(rb"[0-9a-f]{%d,}" % (2 * run))
        self._printable = re.compile(rb"[\t\n\r -~]{%d,}" % run)
        self._witness = next(iter(known), "").encode("utf-8", "surrogatepass")
        """What is found for certain."""

        self._digits = _distinct(digits for secret in known for digits in _other_digits(secret))
        self._soft = _distinct(
            _soft(form)
            for secret in known - squeezable
            for encoded in _encodings(secret)
            for form in _layers(encoded, 1)
        )

    def find(self, data: bytes) -> str | None:
        """How a credential is encoded, from the outside in, such as `base64 of gzip or zlib`; None if there is none.

        Empty for one that is in the text itself.

        Raises compressed.InflateLimitError if too much would have to be decoded.
        """
        if not self._digits:
            return None
        return self._find(data, _Budget(16 * len(data) + INFLATE_LIMIT), 0, ())

    def is_in_text(self, data: bytes) -> bool:
        """Whether there is a credential in the text itself, not only in what it encodes."""
        return any(map(self._is_in, _layers(data, _LAYERS)))

    def _find(self, data: bytes, budget: _Budget, depth: int, path: tuple[str, ...]) -> str | None:
        if len(data) < MIN_LENGTH:
            return None
        budget.spend(len(data))
        if self._is_in(data):
            return " of ".join(path)
        if depth == _DEPTH:
            return None
        # What is decoded from anything but Base64 is noise, in which only long runs of characters are text.
        text = b"\n".join(self._printable.findall(data)) if depth else data
        inner = chain(
            (("gzip or zlib", content) for content in _streams(data)),
            chain.from_iterable(self._in_layer(layer, budget) for layer in _layers(text, _LAYERS)),
        )
        for name, content in inner:
            found = self._find(content, budget, depth + 1, (*path, name)) if name else " of ".join(path)
            if found is not None:
                return found
        return None

    def _in_layer(self, layer: bytes, budget: _Budget) -> Iterator[tuple[str, bytes]]:
        """What the text encodes, and in which way; nothing and no way if there is a credential in the text itself."""
        budget.spend(len(layer))
        if self._is_in(layer):
            yield "", b""
        squeezed = _squeezed(layer)
        for digits in self._digits:
            if digits in squeezed:
                yield "hex", self._witness
        letters = layer.translate(_STANDARD, _NOT_BASE64)
        runs = b"".join(self._run.findall(layer.translate(None, _BREAKS))).translate(_STANDARD)
        if len(runs) < len(letters):  # otherwise it is the same
            yield from (("base64", self._witness) for decoded in _decoded(letters) if self._is_in(decoded))
        yield from (("base64", decoded) for decoded in dict.fromkeys(_decoded(runs)))
        hexadecimal = b"".join(self._hex_run.findall(squeezed))
        for digits in (hexadecimal, hexadecimal[1:]):
            yield "hex", binascii.a2b_hex(digits[: len(digits) // 2 * 2])

    def _is_in(self, data: bytes) -> bool:
        plain = folded(data)
        squeezed = _squeezed(plain)
        if any(needle in squeezed for needle in self._squeezed):
            return True
        if not self._soft:
            return False
        soft = _soft(data)
        return any(needle in soft for needle in self._soft) or (
            plain is not data and any(needle in _soft(plain) for needle in self._soft)
        )


def _encodings(secret: str) -> Iterator[bytes]:
    yield secret.encode("utf-8", "surrogatepass")
    yield json.dumps(secret)[1:-1].encode()  # undoing its escapes gives other bytes than UTF-8


def _is_random(secret: str) -> bool:
    """Whether a credential cannot be a phrase by chance."""
    if not secret.isascii():
        return False
    letters = _squeezed(secret.encode())
    if len(letters) >= _LEAST_MIXED and len(_CHANGE.findall(letters)) >= _LEAST_CHANGES:
        return True
    return len(letters) >= (_LEAST_LETTERS if letters.isalpha() else _LEAST_RANDOM)


def _halves(squeezed: bytes) -> tuple[bytes, ...]:
    """The first and the last half of a credential, one of which is whole wherever it is split; or all of it."""
    half = len(squeezed) // 2
    halves = (squeezed[:half], squeezed[-half:])
    enough = all(len(part) >= _LEAST_RANDOM and _steps(part) >= _LEAST_STEPS for part in halves)
    return halves if enough else (squeezed,)


def _steps(text: bytes) -> int:
    return len({after - before for before, after in pairwise(text)})


def _squeezed(data: bytes) -> bytes:
    return data.translate(_LOWER, _NOT_ALPHANUMERIC)


def _soft(data: bytes) -> bytes:
    return data.translate(_SOFTENED, _OMITTED)


def _distinct(needles: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(dict.fromkeys(filter(None, needles)))


def _other_digits(secret: str) -> Iterator[bytes]:
    """The credential in hexadecimal and decimal digits and in Base32, in lower case.

    Without what depends on the bytes around it.
    """
    encoded = secret.encode("utf-8", "surrogatepass")
    for spelling in (encoded, encoded.lower(), encoded.upper()):
        yield spelling.hex().encode()
    yield "".join(map(str, encoded)).encode()
    for before in range(5):
        start, end = before * 8, (before + len(encoded)) * 8
        yield base64.b32encode(bytes(before) + encoded)[-(-start // 5) : end // 5].lower()


def _layers(text: bytes, most: int) -> Iterator[bytes]:
    """The text, and what it becomes as its escapes are undone, one layer after another."""
    yield text
    for _ in range(most):
        if _QUOTED_PRINTABLE.search(text):
            yield undone(text, quoted_printable=True)
        before, text = text, undone(text)
        if text is before:
            break
        yield text


def _decoded(letters: bytes) -> Iterator[bytes]:
    """The bytes that digits of Base64 may represent: any of four digits may be the first of a group."""
    for start in range(min(4, len(letters))):
        yield binascii.a2b_base64(letters[start:] + b"A" * ((start - len(letters)) % 4))


def _streams(data: bytes) -> list[bytes]:
    contents: list[bytes] = []

    def note(content: bytes) -> bytes:
        contents.append(content)
        return content

    rewrite_streams(data, note, bytes)
    return contents
