"""The end of a test: the checks that may still fail it, and the new content of the file."""

import re
from collections import deque
from collections.abc import Sequence

from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.document import dump, write
from pytest_rum_replay.cassettes.errors import (
    CassetteIncompleteError,
    CassetteLeakError,
    CassetteMissError,
    UnplayedEntriesError,
)
from pytest_rum_replay.cassettes.explanation import one_line, record_command
from pytest_rum_replay.cassettes.matching import MatchKey, match_key, merge_key
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.interaction import Interaction
from pytest_rum_replay.secrecy.compressed import InflateLimitError, decoded_start
from pytest_rum_replay.secrecy.leaks import Leak, find_leaks
from pytest_rum_replay.secrecy.messages import without_credentials

__all__ = ["finish"]

_MAX_LISTED = 5


def finish(cassette: Cassette) -> None:
    """Check that a passing test used the cassette completely, then save what was recorded.

    Raises CassetteMissError, UnplayedEntriesError, CassetteIncompleteError, CassetteLeakError or
    CassetteNotSavedError; the file is then the same as before the test.
    """
    if cassette.discarded:
        return
    if cassette.misses:
        raise CassetteMissError("\n\n".join(str(miss) for miss in cassette.misses))
    if cassette.unplayed and not cassette.allow_unplayed:
        raise UnplayedEntriesError(_unplayed(cassette))
    _check_all_answered(cassette)
    recorded = cassette.recorded
    if recorded or (cassette.mode is Mode.REWRITE and cassette.entries):
        _save(cassette, _merged(cassette, recorded))


def _save(cassette: Cassette, interactions: Sequence[Interaction]) -> None:
    _check_codings(cassette, interactions)
    data = dump(interactions)
    try:
        leaks = find_leaks(data, cassette.redactor.secrets, most=_MAX_LISTED + 1)
    except InflateLimitError as error:
        raise CassetteLeakError(f"the cassette {cassette.path} was not written: {error}") from None
    if leaks:
        found = [
            f"  line {leak.line}, column {leak.column} ({leak.how}), {_place(data, leak.line)}"
            for leak in leaks[:_MAX_LISTED]
        ]
        raise CassetteLeakError(
            f"the cassette {cassette.path} would contain {_count_of(leaks)}, "
            "so it was not written:\n"
            + "\n".join(found)
            + "\nChange the code under test so that it does not send credentials there, or use worthless credentials"
        )
    write(cassette.path, data)


def _check_codings(cassette: Cassette, interactions: Sequence[Interaction]) -> None:
    """Raise for a body in a coding that could not be decoded, and in which a credential would not be seen."""
    for number, interaction in enumerate(interactions, start=1):
        for part in (interaction.request, interaction.response):
            codings = ", ".join(value.lower() for name, value in part.headers if name == "content-encoding")
            content = decoded_start(part.body, codings) if part.body and codings else b""
            where = f"in the {'request' if part is interaction.request else 'response'} of entry {number}"
            if content is None:
                raise CassetteLeakError(
                    f"the cassette {cassette.path} was not written: the body {where} has the content coding {codings}, "
                    "which cannot be searched for credentials here. Install brotli or zstandard, or do not accept this "
                    "coding"
                )
            if find_leaks(content, cassette.redactor.secrets, most=1):
                raise CassetteLeakError(
                    f"the cassette {cassette.path} would contain a live credential in the damaged {codings} {where}, "
                    "so it was not written"
                )


def _count_of(leaks: Sequence[Leak]) -> str:
    return (
        f"more than {_MAX_LISTED} live credentials"
        if len(leaks) > _MAX_LISTED
        else _count(len(leaks), "live credential")
    )


def _place(data: bytes, line: int) -> str:
    """The part of the document that contains a line: a line number alone is useless, as the file was not written."""
    before = data.decode("utf-8").split("\n")[:line]
    entry = sum(text.startswith("- recorded_at:") for text in before)
    part = next((match[1] for text in reversed(before) if (match := re.match(r"  (request|response):", text))), "file")
    return f"in the {part} of entry {entry}"


def _merged(cassette: Cassette, recorded: Sequence[Interaction]) -> list[Interaction]:
    """The new content of the file: old entries that stay, in place, and the new ones."""
    old = [entry.interaction for entry in cassette.entries]
    if cassette.mode is Mode.REWRITE:
        return list(recorded)
    if cassette.mode is not Mode.ALL:
        return [*old, *recorded]
    new: dict[MatchKey, deque[Interaction]] = {}
    for interaction in recorded:
        new.setdefault(merge_key(interaction), deque()).append(interaction)
    merged: list[Interaction] = []
    placed: set[int] = set()
    for entry in cassette.entries:
        replacements = new.get(merge_key(entry.interaction))
        if replacements is None:
            merged.append(entry.interaction)
        elif replacements:
            placed.add(id(replacements[0]))
            merged.append(replacements.popleft())
    return merged + [interaction for interaction in recorded if id(interaction) not in placed]


def _check_all_answered(cassette: Cassette) -> None:
    """Raise for requests without an answer: a replay would miss them. A later attempt that was answered is enough."""
    answered = [number for number, sent in enumerate(cassette.sent) if sent.response is not None]
    if len(answered) == len(cassette.sent):
        return
    clean = [cassette.redactor.request(sent.request) for sent in cassette.sent]
    last_answer = {match_key(clean[number]): number for number in answered}
    lost = [
        without_credentials(one_line(clean[number]), cassette.redactor.secrets)
        for number, sent in enumerate(cassette.sent)
        if sent.response is None and last_answer.get(match_key(clean[number]), -1) < number
    ]
    if lost:
        raise CassetteIncompleteError(
            f"the test passed, but {_count(len(lost), 'request')} got no answer (failed or interrupted). A cassette "
            f"contains answers only, so {cassette.path} was not written:\n"
            + "\n".join(f"  {request}" for request in lost[:_MAX_LISTED])
            + "\nFor a test of failures, use the fixture rum_replay_emulator and its faults"
        )


def _unplayed(cassette: Cassette) -> str:
    unplayed = cassette.unplayed
    numbers = {id(entry): number for number, entry in enumerate(cassette.entries, start=1)}
    lines = [
        f"the test passed without requesting {_count(len(unplayed), 'entry')} of {len(cassette.entries)} "
        f"in the cassette {cassette.path}:"
    ]
    lines += [
        f"  entry {numbers[id(entry)]}, "
        + without_credentials(one_line(entry.interaction.request), cassette.redactor.secrets)
        for entry in unplayed[:_MAX_LISTED]
    ]
    if len(unplayed) > _MAX_LISTED:
        lines.append(f"  … and {len(unplayed) - _MAX_LISTED} more")
    lines.append(f"To record it again: {record_command(Mode.REWRITE, cassette.node_id)}")
    lines.append("To allow it: @pytest.mark.rum_replay_cassette(allow_unplayed=True)")
    return "\n".join(lines)


def _count(number: int, noun: str) -> str:
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun[:-1] + 'ies' if noun.endswith('y') else noun + 's'}"
