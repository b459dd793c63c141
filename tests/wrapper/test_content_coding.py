from __future__ import annotations

import gzip
import importlib
import itertools
import random
import zlib
from collections.abc import Callable
from typing import Any

import pytest
from rum_replay._content_coding import (
    MOST_CODINGS,
    BodyDecoder,
    BodyLimitError,
    CodingError,
    TruncatedError,
    accepted_codings,
)

brotli: Any = importlib.import_module("brotli")
zstandard: Any = importlib.import_module("zstandard")


def raw_deflate(data: bytes) -> bytes:
    compressor = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return compressor.compress(data) + compressor.flush()


def two_members(data: bytes) -> bytes:
    half = len(data) // 2
    return gzip.compress(data[:half]) + gzip.compress(data[half:])


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": two_members,
    "GZip": lambda data: gzip.compress(data) + bytes(9),
    "deflate": zlib.compress,
    "Deflate": raw_deflate,
    "br": lambda data: brotli.compress(data, quality=3),
    "zstd": zstandard.ZstdCompressor().compress,
    "ZSTD": lambda data: zstandard.ZstdCompressor().compress(data[:5]) + zstandard.ZstdCompressor().compress(data[5:]),
}
BODY = random.Random(5).randbytes(2000) * 20 + bytes(400_000)
STACKS = [*((name,) for name in ENCODERS), *itertools.permutations(("gzip", "deflate", "br", "zstd"), 2)]


def encoded(data: bytes, stack: tuple[str, ...]) -> bytes:
    for name in stack:
        data = ENCODERS[name](data)
    return data


def decoded(data: bytes, coding: str, step: int, limit: int | None = None) -> list[bytes]:
    decoder = BodyDecoder(coding, limit)
    pieces = [piece for start in range(0, len(data), step) for piece in decoder.feed(data[start : start + step])]
    decoder.finish()
    return pieces


@pytest.mark.parametrize("step", [1, 7, 65_536])
@pytest.mark.parametrize("stack", STACKS, ids=", ".join)
def test_body_is_decoded_however_it_arrives(stack: tuple[str, ...], step: int) -> None:
    assert b"".join(decoded(encoded(BODY, stack), ", ".join(stack), step)) == BODY


@pytest.mark.parametrize("stack", STACKS, ids=", ".join)
def test_body_that_is_cut_off_is_noticed(stack: tuple[str, ...]) -> None:
    whole = encoded(BODY, stack)
    padding = 9 if stack[-1] == "GZip" else 0
    for cut in (1, 2, 4, 8, 9, 100, len(whole) // 2, len(whole) - padding - 1):
        with pytest.raises(TruncatedError, match="ends in the middle"):
            decoded(whole[: len(whole) - padding - cut], ", ".join(stack), 65_536)


@pytest.mark.parametrize("name", ENCODERS)
def test_damaged_body_is_noticed(name: str) -> None:
    with pytest.raises(CodingError):
        decoded(b"\xff\xfe this is something else " * 9, name, 65_536)


@pytest.mark.parametrize("name", ENCODERS)
def test_pieces_are_small_whatever_they_unpack_to(name: str) -> None:
    bomb = ENCODERS[name](bytes(50_000_000))
    sizes = list(map(len, decoded(bomb, name, 65_536)))
    assert sum(sizes) == 50_000_000
    assert max(sizes) <= 2 << 20


def test_zstandard_must_not_ask_for_more_memory_than_http_allows() -> None:
    parameters = zstandard.ZstdCompressionParameters.from_level(3, window_log=24, enable_ldm=True)
    data = zstandard.ZstdCompressor(compression_params=parameters).compress(bytes(1 << 25))
    with pytest.raises(CodingError):
        decoded(data, "zstd", 65_536)


@pytest.mark.parametrize("stack", STACKS, ids=", ".join)
def test_limit_holds_for_the_body(stack: tuple[str, ...]) -> None:
    data = encoded(BODY, stack)
    assert b"".join(decoded(data, ", ".join(stack), 4096, limit=len(BODY))) == BODY
    with pytest.raises(BodyLimitError, match="larger than 439,999 bytes"):
        decoded(data, ", ".join(stack), 4096, limit=len(BODY) - 1)


def test_limit_holds_for_each_layer() -> None:
    """Many empty members: small outside, large in the middle, and nothing inside."""
    data = gzip.compress(gzip.compress(b"") * 100_000)
    with pytest.raises(BodyLimitError):
        decoded(data, "gzip, gzip", 4096, limit=1_000_000)


@pytest.mark.parametrize("coding", ["", "identity", " , identity", "utf-8", "none", "aws-chunked"])
def test_words_that_are_no_compression_change_nothing(coding: str) -> None:
    assert decoded(b"body", coding, 2) == [b"bo", b"dy"]


@pytest.mark.parametrize("name", ENCODERS)
def test_empty_body_has_no_coding(name: str) -> None:
    assert decoded(b"", name, 1) == []


def test_more_codings_than_anybody_uses_are_refused() -> None:
    assert b"".join(decoded(encoded(b"x", ("gzip",) * MOST_CODINGS), ", ".join(["gzip"] * MOST_CODINGS), 9)) == b"x"
    with pytest.raises(CodingError, match="it has 6 content codings, more than 5"):
        BodyDecoder(", ".join(["gzip"] * 6))


@pytest.mark.parametrize("name", ["compress", "X-Compress"])
def test_coding_that_nothing_here_decodes_is_named(name: str) -> None:
    with pytest.raises(CodingError, match=f"its content coding is {name.lower()}"):
        BodyDecoder(name)


@pytest.mark.parametrize(
    ("missing", "accepted", "name", "needed"),
    [
        ({"brotli": None, "brotlicffi": None}, "gzip, deflate, zstd", "br", "brotli or brotlicffi, 1.2 or newer"),
        ({"zstandard": None}, "gzip, deflate, br", "zstd", "zstandard"),
    ],
)
def test_server_is_asked_for_what_can_be_decoded(
    monkeypatch: pytest.MonkeyPatch, missing: dict[str, None], accepted: str, name: str, needed: str
) -> None:
    assert accepted_codings() == "gzip, deflate, br, zstd"
    for module in missing:
        monkeypatch.setitem(importlib.import_module("sys").modules, module, None)
    assert accepted_codings() == accepted
    with pytest.raises(CodingError, match=f"its content coding is {name}, which needs the package {needed}"):
        BodyDecoder(name)


def test_brotli_without_limits_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brotli, "Decompressor", object)
    assert accepted_codings() == "gzip, deflate, zstd"
