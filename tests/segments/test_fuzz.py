from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .fuzz.target import read_anything, use_anything
from .recorded import FOLDERS, documents, envelopes, uploads

SEEDS = sorted((Path(__file__).parent / "fuzz" / "seeds").iterdir())
# Small ones, so that mutations are likely to have an effect.
SMALL = [min(uploads(folder), key=len) for folder in FOLDERS] + [min(documents(folder), key=len) for folder in FOLDERS]
WRAPPED = [content for folder in FOLDERS[::3] for _, content in envelopes(folder)]
# Longer than the window, which changes the meaning of indexes when it is refilled.
LONG = [
    b"".join(documents(folder)[0].strip() for folder in FOLDERS),
    b"[" + b",".join(documents(FOLDERS[0]) * 4) + b"]",
]
TOKENS = [
    *(b'"', b"[", b"]", b"{", b"}", b",", b":", b"\\", b"\n", b"\0", b"\xff", b"1", b" "),
    *(b"\x78\x9c", b"\x1f\x8b\x08", b"\x00\x00\xff\xff", b"--a+b", b"\r\n\r\n", b'"records":['),
    *(b'"H4sIAAAAAAAAAAAA', b"eJyrVkrLz1eyUkpKLFKqBQAdegQ0", b'{"records":[{"type":7,"timestamp":1}'),
]

# A snapshot and a segment that follows it, in both formats, and the seed with a mobile screen.
WHOLE = [json.loads(documents(folder)[index]) for folder in (FOLDERS[0], FOLDERS[-2]) for index in (0, 3)]
WHOLE += [json.loads((SEEDS[0].parent / "mobile-screen").read_bytes())] * 2
ODD_VALUES: list[Any] = [
    *(None, True, -1, 0, 3, 1e300, 1 << 62, -(1 << 70), 0.5, "", "\0", "\ud800", "x" * 300, "data:,", [], {}, [[]]),
    *(1, 100, "7", "#FFFFFF", "shape", "layer", "wireframe"),
    *({"type": 2}, [0, 1], {"id": 1, "childNodes": []}, [{"id": 1}], [[0, "#text", "a"]], "javascript:alert(1)"),
]


@st.composite
def mutated(draw: st.DrawFn, originals: list[bytes]) -> bytes:
    content = bytearray(draw(st.sampled_from(originals)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(content)))
        change = draw(st.sampled_from(["byte", "cut", "remove", "insert", "repeat"]))
        if change == "byte" and at < len(content):
            content[at] = draw(st.integers(0, 255))
        elif change == "cut":
            del content[at:]
        elif change == "remove":
            del content[at : at + draw(st.sampled_from([1, 2, 10, 500]))]
        elif change == "insert":
            content[at:at] = draw(st.sampled_from(TOKENS))
        else:
            content[at:at] = content[draw(st.integers(0, len(content))) :][:300]
    return bytes(content)


@st.composite
def altered(draw: st.DrawFn) -> bytes:
    """A segment that is valid JSON, with values that no SDK writes, or records in another order."""
    document = copy.deepcopy(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 5))):
        records: list[Any] = document["records"]
        change = draw(st.sampled_from(["value", "value", "value", "move", "remove", "repeat"]))
        at = draw(st.integers(0, len(records) - 1))
        if change == "value":
            _alter(draw, records[at])
        elif change == "move":
            records.insert(draw(st.integers(0, len(records) - 1)), records.pop(at))
        elif change == "remove" and len(records) > 1:
            del records[at]
        elif change == "repeat":
            records.insert(at, copy.deepcopy(draw(st.sampled_from(records))))
    return json.dumps(document).encode()


def _alter(draw: st.DrawFn, value: Any) -> None:
    """Replace something in a value by an odd value, or by a copy of the whole value."""
    whole = value
    while isinstance(value, dict | list) and value:
        key: Any = draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        if not isinstance(value[key], dict | list) or not value[key] or draw(st.integers(0, 3)) == 0:
            # A copy, because a later change may alter it.
            value[key] = copy.deepcopy(draw(st.sampled_from([*ODD_VALUES, whole])))
            return
        value = value[key]


@pytest.mark.parametrize("seed", SEEDS, ids=lambda path: path.name)
def test_the_corpus_is_read_and_used_without_other_exceptions(seed: Path) -> None:
    read_anything(seed.read_bytes())
    use_anything(seed.read_bytes())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(altered())
def test_records_with_any_values_are_read_and_used_without_other_exceptions(content: bytes) -> None:
    read_anything(content)
    use_anything(content)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(SMALL))
def test_mutated_recordings_raise_nothing_and_are_read_the_same_in_every_way(content: bytes) -> None:
    read_anything(content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated(WRAPPED))
def test_mutated_envelopes_raise_nothing_and_are_read_the_same_in_every_way(content: bytes) -> None:
    read_anything(content)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TOKENS), max_size=40).map(b"".join))
def test_any_sequence_of_tokens_raises_nothing(content: bytes) -> None:
    read_anything(content)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(LONG), st.lists(st.tuples(st.floats(0, 1), st.sampled_from(TOKENS), st.integers(0, 2)), min_size=1)
)
def test_long_documents_with_damage_in_many_places_raise_nothing(
    original: bytes, damages: list[tuple[float, bytes, int]]
) -> None:
    content = bytearray(original)
    for share, token, removed in damages:
        at = int(share * len(content))
        content[at : at + removed] = token
    read_anything(bytes(content))
