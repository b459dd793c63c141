"""What is made of long texts is made once."""

from __future__ import annotations

import pytest
from rum_replay.segments._remembered import remembered


@pytest.mark.parametrize(
    ("length", "times"), [(10, 3), (199, 3), (200, 1), (2_000, 1), (20_000, 1), (500_000, 1), (500_001, 3)]
)
def test_long_texts_are_read_once(length: int, times: int) -> None:
    made: list[str] = []

    @remembered
    def last(text: str, number: int, *, name: str) -> tuple[str, int, str]:
        made.append(text)
        return text[-1], number, name

    for _ in range(3):
        assert last("a" * length, 1, name="b") == ("a", 1, "b")
    assert len(made) == times
    assert last("a" * length, 2, name="b") == ("a", 2, "b")
    assert last("a" * length, 1, name="c") == ("a", 1, "c")
    assert len(made) == times + 2


def test_what_was_read_longest_ago_is_forgotten() -> None:
    made: list[str] = []

    @remembered
    def length(text: str) -> int:
        made.append(text)
        return len(text)

    texts = [str(number) * 400_000 for number in range(9)]
    for text in [*texts, *texts]:
        assert length(text) == 400_000
    assert len(made) == 18
    assert length(texts[-1]) == 400_000
    assert len(made) == 18
