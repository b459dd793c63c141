"""Invalid documents have exactly the problem that their label names."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from pytest_rum_replay import strategies
from pytest_rum_replay.strategies import Invalid
from pytest_rum_replay.strategies.documents import documents

from .contract_judge import SCHEMAS, conforms, examples, is_legal, resolved

OBJECTS = [name for name, schema in SCHEMAS.items() if "properties" in schema]


def schema_at(name: str, steps: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = SCHEMAS[name]
    for step in steps:
        schema = resolved(schema["items"] if step.isdigit() else schema["properties"][step])
    return schema


def labels(name: str) -> set[tuple[str, str]]:
    seen: set[tuple[str, str]] = set()

    @given(strategies.invalid(name))
    @examples(500)
    def collect(wrong: Invalid) -> None:
        seen.add((wrong.place, wrong.problem))

    collect()
    return seen


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
@examples(8)
def test_an_invalid_document_has_exactly_the_one_thing_wrong(name: str, data: st.DataObject) -> None:
    wrong = data.draw(strategies.invalid(name))
    assert not is_legal(name, wrong.document)
    if wrong.place == "body":
        assert wrong.problem == "wrong type"
        return
    *outer, last = wrong.place.split(".")
    mended = copy.deepcopy(wrong.document)
    holder: Any = mended
    for step in outer:
        holder = holder[int(step) if step.isdigit() else step]
    assert (last in holder) is (wrong.problem != "missing") or isinstance(holder, list)
    right = data.draw(documents(schema_at(name, wrong.place.split(".")), "ordinary"))
    holder[int(last) if isinstance(holder, list) else last] = right
    assert conforms(name, mended)


def test_every_possible_problem_of_a_schema_is_generated() -> None:
    assert labels("WatcherDataAttributes") == {
        ("body", "wrong type"),
        ("handle", "missing"),
        ("handle", "wrong type"),
        ("name", "wrong type"),
        ("icon", "wrong type"),
        ("last_watched_at", "missing"),
        ("last_watched_at", "wrong type"),
        ("last_watched_at", "bad format"),
        ("watch_count", "missing"),
        ("watch_count", "wrong type"),
        ("watch_count", "out of range"),
    }
    assert ("errors.0", "wrong type") in labels("ErrorResponse")


@pytest.mark.parametrize("name", ["PlaylistArray", "SnapshotData", "ErrorResponse", "WatchDataType"])
@given(data=st.data())
@examples(25)
def test_what_nasty_answers_may_contain_is_not_labeled_invalid(name: str, data: st.DataObject) -> None:
    wrong = data.draw(strategies.invalid(name))
    assert not (wrong.place.endswith("type") and isinstance(wrong.document, str))
    if wrong.problem == "wrong type" and wrong.place != "body":
        *outer, last = wrong.place.split(".")
        holder: Any = wrong.document
        for step in outer:
            holder = holder[int(step) if step.isdigit() else step]
        if isinstance(holder, dict) and holder[last] is None:
            assert last in schema_at(name, outer)["required"]


@pytest.mark.parametrize("name", [name for name in SCHEMAS if "enum" not in SCHEMAS[name]])
@given(data=st.data())
@examples(8)
def test_an_unreadable_document_is_labeled_and_legal_within_pythons_calendar(name: str, data: st.DataObject) -> None:
    odd = data.draw(strategies.unreadable(name))
    if odd.problem in ("half a surrogate pair", "whole number with a point"):
        assert is_legal(name, odd.document)
        assert json.loads(json.dumps(odd.document)) == odd.document
    if odd.problem == "half a surrogate pair":
        with pytest.raises(UnicodeEncodeError):
            json.dumps(odd.document, ensure_ascii=False).encode()
    assert odd.problem in ("half a surrogate pair", "whole number with a point", "leap second", "year 0")


def test_an_enumeration_has_no_unreadable_documents() -> None:
    with pytest.raises(ValueError, match="documents of the schema 'WatchDataType' cannot have an error of this kind"):
        strategies.unreadable("WatchDataType")


def test_an_invalid_document_shrinks_to_the_problem() -> None:
    smallest = find(strategies.invalid("Playlist"), lambda wrong: wrong.place.endswith(".name"), settings=examples(300))
    assert smallest.problem in ("missing", "wrong type")
    assert len(json.dumps(smallest.document)) <= 90


def test_the_error_for_a_misspelled_schema_has_a_suggestion() -> None:
    for strategy in (strategies.invalid, strategies.unreadable):
        with pytest.raises(ValueError, match="did you mean PlaylistArray"):
            strategy("PlaylistArry")


def test_documents_share_no_objects() -> None:
    alike = 0
    values = strategies.invalid("WatchDataType")

    @given(st.tuples(values, values))
    @examples(100)
    def compare(pair: tuple[Invalid, Invalid]) -> None:
        nonlocal alike
        first, second = pair[0].document, pair[1].document
        if isinstance(first, list) and first == second:
            alike += 1
            assert first is not second

    compare()
    assert alike


@pytest.mark.parametrize("required", ["handle", "id", "uuid"])
def test_null_is_a_problem_of_each_required_field(required: str) -> None:
    # About one document in a hundred has null there.
    smallest = find(
        strategies.invalid("PlaylistDataAttributesCreatedBy"),
        lambda wrong: isinstance(wrong.document, dict) and wrong.document.get(required, "missing") is None,
        settings=examples(20_000),
    )
    assert smallest.place == required


def test_null_is_no_problem_of_optional_fields() -> None:
    nulls: set[str] = set()

    @given(strategies.invalid("PlaylistDataAttributesCreatedBy"))
    @examples(400)
    def collect(wrong: Invalid) -> None:
        if isinstance(wrong.document, dict):
            nulls.update(name for name, value in wrong.document.items() if value is None)

    collect()
    assert nulls <= {"handle", "id", "uuid"}


@pytest.mark.parametrize(("sign", "nearest"), [(-1, -(2**31) - 1), (1, 2**31)])
def test_a_number_out_of_range_shrinks_to_the_one_just_outside(sign: int, nearest: int) -> None:
    smallest = find(
        strategies.invalid("WatcherDataAttributes"),
        lambda wrong: wrong.problem == "out of range" and wrong.document["watch_count"] * sign > 0,
        settings=examples(500),
    )
    assert smallest.document["watch_count"] == nearest
