"""What is made of style sheets, remembered for when they come again: with each view of an app, in its components."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

__all__ = ["remembered"]

P = ParamSpec("P")
R = TypeVar("R")

_SHORTEST = 200
"""Characters; inline styles that scripts change all the time are shorter, and soon read again."""

_TIERS = ((2_000, 1_000), (20_000, 250), (500_000, 8))
"""Most characters of a text, and how many such texts are remembered: 11 million characters in all."""


def remembered(make: Callable[Concatenate[str, P], R]) -> Callable[Concatenate[str, P], R]:
    """The same function of a text and of values that can be hashed, which remembers what it returned for long texts."""
    tiers = [(longest, cast("Callable[Concatenate[str, P], R]", lru_cache(count)(make))) for longest, count in _TIERS]

    @wraps(make)
    def of(text: str, /, *arguments: P.args, **named: P.kwargs) -> R:
        size = len(text)
        if size >= _SHORTEST:
            for longest, remembering in tiers:
                if size <= longest:
                    return remembering(text, *arguments, **named)
        return make(text, *arguments, **named)

    return of
