"""Why a request was not answered from the cassette, and what to do about it."""

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any, cast

from attrs import frozen

from pytest_rum_replay.cassettes.matching import MatchKey, json_value, match_key, without_times
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.interaction import RecordedRequest

__all__ = ["Candidate", "differences", "explain_miss", "one_line", "record_command"]

_MAX_DIFFERENCES = 8
_MAX_VALUE_LENGTH = 100
_SEARCHED_LENGTH = 1 << 14
_ABSENT = object()
_OTHER_CLOCK = (
    "Only the time differs, so recording again will not help. It is from another clock than that of rum-replay's",
    "clients, which shows the recorded time while a cassette replays unless they were given a clock of their own.",
    "Pass a fixed time, or let freezegun or time-machine set the clock to the same time whenever the test runs.",
)

Redact = Callable[[str], str]


@frozen
class Candidate:
    """A recorded request that the code under test may have meant."""

    request: RecordedRequest
    key: MatchKey
    played: bool


def explain_miss(
    request: RecordedRequest,
    candidates: Sequence[Candidate],
    *,
    path: Path,
    mode: Mode,
    file_exists: bool,
    node_id: str | None,
    redact: Redact,
) -> str:
    """The request, how the nearest entry differs, and the commands to record it. `candidates` are in file order.

    `redact` removes the credentials that are encoded; in values before they are shortened, as a part of an encoded
    credential would not be recognized.
    """
    lines = [f"the cassette has no answer for {redact(one_line(request))}"]
    if request.body:
        lines.append(f"  with the body {_shown_body(request.body, redact)}")
    lines.append(f"  cassette: {path} (mode {mode}, {_count(len(candidates), 'entry', 'entries')})")
    asked = match_key(request)
    same = [candidate for candidate in candidates if candidate.key == asked]
    if not file_exists:
        lines.append("The file does not exist yet.")
    elif same:
        lines.append(
            f"It is recorded {_count(len(same), 'time', 'times')} and was requested once more: each entry answers "
            "once, in the order recorded (allow_playback_repeats=True lets the last one answer again)."
        )
    elif candidates:
        number, nearest = _nearest(asked, request, candidates)
        lines.append(
            f"The nearest is entry {number}, {redact(one_line(nearest.request))}"
            f"{', already played' if nearest.played else ''}:"
        )
        shown = list(differences(request, nearest.request, redact))
        lines += [f"  {difference}" for difference in shown[:_MAX_DIFFERENCES]]
        if len(shown) > _MAX_DIFFERENCES:
            lines.append(f"  … and {len(shown) - _MAX_DIFFERENCES} more")
        if without_times(asked) == without_times(nearest.key):
            lines += _OTHER_CLOCK
    lines += [
        f"To add it to the cassette:       {record_command(Mode.NEW, node_id)}",
        f"To record the whole test again:  {record_command(Mode.REWRITE, node_id)}",
    ]
    return redact("\n".join(lines))


def record_command(mode: Mode, node_id: str | None) -> str:
    """The command that runs one test, or all of them, in a mode."""
    return f"pytest --rum-replay-record={mode}{'' if node_id is None else f' {shlex.quote(node_id)}'}"


def one_line(request: RecordedRequest) -> str:
    """Method and URL."""
    return f"{request.method} {request.url}"


def differences(asked: RecordedRequest, recorded: RecordedRequest, redact: Redact = str) -> Iterator[str]:
    """One line for each difference that prevents a match."""
    mine, theirs = match_key(asked), match_key(recorded)
    for what, here, there in (
        ("method", mine.method, theirs.method),
        ("origin", mine.origin, theirs.origin),
        ("path", mine.path, theirs.path),
    ):
        if here != there:
            yield f"{what}: asked {here}, recorded {there}"
    if mine.query != theirs.query:
        yield from _query_differences(mine.query, theirs.query, redact)
    if mine.body != theirs.body:
        try:
            yield from _json_differences(json_value(asked.body), json_value(recorded.body), "$", redact)
        except ValueError:
            yield f"body: asked {_shown_body(asked.body, redact)}, recorded {_shown_body(recorded.body, redact)}"


def _nearest(asked: MatchKey, request: RecordedRequest, candidates: Sequence[Candidate]) -> tuple[int, Candidate]:
    """The entry most similar to the request, with its number from 1; of equals, one that has not been played."""

    def likeness(candidate: Candidate) -> tuple[float, bool, bool]:
        key = candidate.key
        path = 1.0 if key.path == asked.path else SequenceMatcher(None, key.path, asked.path, autojunk=False).ratio()
        return path, key.method == asked.method, key.origin == asked.origin

    alike = [likeness(candidate) for candidate in candidates]
    best = max(alike)
    numbered = [
        (number, one) for number, (one, score) in enumerate(zip(candidates, alike, strict=True), 1) if score == best
    ]
    return min(
        numbered,
        key=lambda pair: (
            sum(1 for _ in islice(differences(request, pair[1].request), 100)),
            pair[1].played,
        ),
    )


def _query_differences(
    asked: tuple[tuple[str, str], ...], recorded: tuple[tuple[str, str], ...], redact: Redact
) -> Iterator[str]:
    for name in dict.fromkeys(name for name, _ in (*asked, *recorded)):
        here = [value for key, value in asked if key == name]
        there = [value for key, value in recorded if key == name]
        if here != there:
            yield f"query {name}: asked {_shown_parameter(here, redact)}, recorded {_shown_parameter(there, redact)}"


def _shown_parameter(values: list[str], redact: Redact) -> str:
    return " and ".join(_shown(value, redact) for value in values) or "nothing"


def _json_differences(asked: Any, recorded: Any, place: str, redact: Redact) -> Iterator[str]:
    if isinstance(asked, dict) and isinstance(recorded, dict):
        here, there = cast("dict[str, Any]", asked), cast("dict[str, Any]", recorded)
        for name in dict.fromkeys((*here, *there)):
            step = f".{name}" if name.isidentifier() else f"[{json.dumps(name, ensure_ascii=False)}]"
            yield from _json_differences(here.get(name, _ABSENT), there.get(name, _ABSENT), place + step, redact)
    elif isinstance(asked, list) and isinstance(recorded, list):
        ours, theirs = cast("Sequence[Any]", asked), cast("Sequence[Any]", recorded)
        for index in range(max(len(ours), len(theirs))):
            yield from _json_differences(
                ours[index] if index < len(ours) else _ABSENT,
                theirs[index] if index < len(theirs) else _ABSENT,
                f"{place}[{index}]",
                redact,
            )
    elif asked is _ABSENT or recorded is _ABSENT or json.dumps(asked) != json.dumps(recorded):
        yield f"json {place}: asked {_shown(asked, redact)}, recorded {_shown(recorded, redact)}"


def _shown(value: Any, redact: Redact) -> str:
    if value is _ABSENT:
        return "nothing"
    return _shortened(json.dumps(value, ensure_ascii=False), redact)


def _shown_body(body: bytes, redact: Redact) -> str:
    if not body:
        return "nothing"
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return f"{_count(len(body), 'byte', 'bytes')} of binary data"
    return _shortened(text if text.isprintable() else repr(text), redact)


def _shortened(text: str, redact: Redact) -> str:
    # Half a surrogate pair cannot be printed: the terminal's error would hide this explanation.
    text = text.encode("utf-8", "backslashreplace").decode("utf-8")
    shown = redact(text[:_SEARCHED_LENGTH])
    return shown if len(text) <= _MAX_VALUE_LENGTH else f"{shown[:_MAX_VALUE_LENGTH]}… ({len(text)} characters)"


def _count(number: int, one: str, several: str) -> str:
    return f"{number} {one if number == 1 else several}"
