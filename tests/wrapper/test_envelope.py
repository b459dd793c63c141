"""The members of a JSON page that may hold a token, in small pages and in large ones."""

from __future__ import annotations

import json
import mmap
import random
import tempfile
from typing import Any

import pytest
from rum_replay import _envelope
from rum_replay._envelope import small_members

TEXTS = ['a\\"b\\', 'é"x', "", "]}[{", "next_paging", '"meta":', "\\" * 9, "x" * 30]


def a_value(noise: random.Random, depth: int = 0) -> Any:
    kind = noise.random()
    if depth > 4 or kind < 0.4:
        return noise.choice(TEXTS)
    if kind < 0.7:
        return [a_value(noise, depth + 1) for _ in range(noise.randint(0, 4))]
    names = noise.sample(["meta", "links", "a", "paging", 'b"'], noise.randint(0, 4))
    return {name: a_value(noise, depth + 1) for name in names}


def pages() -> list[bytes]:
    noise = random.Random(7)
    found: list[bytes] = []
    for _ in range(400):
        names = noise.sample(["records", "meta", "links", "paging", "next_paging", "q"], noise.randint(1, 5))
        page = json.dumps({name: a_value(noise) for name in names}, indent=noise.choice([None, 1])).encode()
        found.append(page[: noise.randint(1, len(page))] if noise.random() < 0.2 else page)
    return found


@pytest.mark.parametrize("window", [7, 16, 64, 1000])
def test_large_pages_are_read_like_small_ones(monkeypatch: pytest.MonkeyPatch, window: int) -> None:
    expected = [small_members(page) for page in pages()]
    assert sum(bool(members) for members in expected) > 100
    monkeypatch.setattr(_envelope, "_LARGEST_DECODED", 0)
    monkeypatch.setattr(_envelope, "_WINDOW", window)
    assert [small_members(page) for page in pages()] == expected


@pytest.mark.parametrize("at_the_end", [False, True])
@pytest.mark.parametrize(
    "records", ['{"a": "x"},', '{"meta": "\\\\\\""},', '"' + "x" * 1_000_000 + '",', "[" * 70 + "]" * 70 + ","]
)
def test_a_token_in_a_mapped_page_of_many_windows_is_found(
    monkeypatch: pytest.MonkeyPatch, records: str, at_the_end: bool
) -> None:
    monkeypatch.setattr(_envelope, "_LARGEST_DECODED", 1 << 20)
    many = '"records": [' + records * (2_000_000 // len(records) + 1) + "1]"
    meta = '"meta": {"next_paging": "t"}'
    with tempfile.TemporaryFile() as file:
        file.write(f"{{{f'{many}, {meta}' if at_the_end else f'{meta}, {many}'}}}".encode())
        file.flush()
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            assert len(content) > _envelope._LARGEST_DECODED
            assert small_members(content) == {"meta": {"next_paging": "t"}}


@pytest.mark.parametrize("limit", [0, 1 << 30])
def test_a_member_that_is_too_large_for_a_token_is_left_out(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(_envelope, "_LARGEST_DECODED", limit)
    for large in ('"' + "x" * 70_000 + '"', "[" + "[]," * 30_000 + "1]"):
        assert small_members(f'{{"meta": {large}, "paging": "t"}}'.encode()) == {"paging": "t"}
