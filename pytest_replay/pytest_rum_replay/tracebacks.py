"""How a failed test shows a request that was not recorded or was blocked: its message follows the line that caused it.

The traceback would otherwise show 40 lines of HTTP libraries in between, in which nothing is wrong.
"""

import re
from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import cast

import pytest

__all__ = ["explain", "shorten_summary"]

_OURS = "pytest_rum_replay"
_HTTP = ("vcr", "httpx", "httpcore", "anyio", "trio", "asyncio", "concurrent", "contextlib", "socket")
_LIBRARIES = frozenset((_OURS, "rum_replay", "rum_replay_api", *_HTTP))
"""Top-level modules whose frames are left out."""

_PYTEST = frozenset(("_pytest", "pluggy"))


def explain(error: BaseException, misses: Iterable[Exception]) -> None:
    """Leave out the libraries' frames of our errors in an exception's chain; note the misses if it contains none."""
    chain = list(_chain(error))
    ours = [link for link in chain if _is_ours(link)]
    for link in chain:
        if link in ours or (_members(link) and any(map(_is_ours, _chain(link)))):
            link.__traceback__ = _without_libraries(link.__traceback__)
    if not ours:
        for miss in misses:
            error.add_note(f"\nThe cassette had no answer for a request, and the tested code caught the error:\n{miss}")


def shorten_summary(report: pytest.TestReport) -> None:
    """Leave out the module of our errors in pytest's short summary, which has one line for each failure."""
    crash = getattr(report.longrepr, "reprcrash", None)
    if crash is not None:
        crash.message = re.sub(rf"^{_OURS}\.[\w.]*?(\w+:)", r"\1", crash.message)


def _is_ours(value: object) -> bool:
    # By name: importing our modules imports HTTP libraries, and most failures have nothing to do with them.
    return type(value).__module__.partition(".")[0] == _OURS


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The exception, its causes and contexts, and the members of groups, each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        link = waiting.pop()
        if id(link) not in seen:
            seen.add(id(link))
            yield link
            waiting += [other for other in (link.__cause__, link.__context__) if other is not None]
            waiting += _members(link)


def _members(error: BaseException) -> tuple[BaseException, ...]:
    return cast("BaseExceptionGroup[BaseException]", error).exceptions if isinstance(error, BaseExceptionGroup) else ()


def _without_libraries(trace: TracebackType | None) -> TracebackType | None:
    frames: list[TracebackType] = []
    while trace is not None:
        frames.append(trace)
        trace = trace.tb_next
    kept = [frame for frame in frames if _top_level_module(frame) not in _LIBRARIES]
    if all(_top_level_module(frame) in _PYTEST for frame in kept):
        return frames[0] if frames else None
    for frame, following in zip(kept, [*kept[1:], None], strict=True):
        frame.tb_next = following
    return kept[0]


def _top_level_module(trace: TracebackType) -> str:
    return str(trace.tb_frame.f_globals.get("__name__", "")).partition(".")[0]
