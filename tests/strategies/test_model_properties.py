"""Properties of all models, made from any legal document."""

from __future__ import annotations

import copy
import json
import pickle
import re
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any, cast

import attrs
import httpx
import pytest
import rum_replay_api.models
from hypothesis import given
from hypothesis import strategies as st
from pytest_rum_replay import strategies
from pytest_rum_replay.factories import Factory
from rum_replay import (
    HeatmapSnapshot,
    Playlist,
    PlaylistCreator,
    PlaylistSession,
    ReplayClient,
    UnexpectedResponseError,
    Watch,
    WatchedSession,
    Watcher,
)

from .contract_judge import SCHEMAS, examples, meaning, resolved

RESOURCES: dict[type[Any], str] = {
    Playlist: "PlaylistData",
    PlaylistSession: "PlaylistsSessionData",
    HeatmapSnapshot: "SnapshotData",
    Watch: "WatchData",
    Watcher: "WatcherData",
    WatchedSession: "ViewershipHistorySessionData",
}
OBJECTS = [name for name, schema in SCHEMAS.items() if schema["type"] == "object"]
ENUMS = [name for name in SCHEMAS if name not in OBJECTS]
DUPLICATED: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))]


CALLS: dict[type[Any], Callable[[ReplayClient, int], Any]] = {
    Playlist: lambda client, count: list(client.playlists.list(limit=count)),
    PlaylistSession: lambda client, count: list(client.playlists.list_sessions(1, limit=count)),
    HeatmapSnapshot: lambda client, count: list(client.heatmaps.list("/", limit=count)),
    Watch: lambda client, _: [client.viewership.record_watch("s", application_id="a", event_id="e", timestamp=0)],
    Watcher: lambda client, count: list(client.viewership.list_watchers("s", limit=count)),
    WatchedSession: lambda client, count: list(client.viewership.list_history(limit=count)),
}


@cache
def client_and_answers() -> tuple[ReplayClient, list[bytes]]:
    """A client, and the list from which it takes the bodies of its answers."""
    bodies: list[bytes] = []
    transport = httpx.MockTransport(
        lambda request: httpx.Response(201 if request.method == "POST" else 200, content=bodies.pop())
    )
    http_client = httpx.Client(transport=transport)
    return ReplayClient(api_key="a", app_key="b", site="us1", http_client=http_client), bodies


def decoded(model: type[Any], *resources: Any) -> list[Any]:
    """The models that the client makes of these resources in one answer."""
    client, bodies = client_and_answers()
    bodies[:] = [json.dumps({"data": resources[0] if model is Watch else resources}).encode()]
    return cast("list[Any]", CALLS[model](client, len(resources)))


def attributes_of(wire: dict[str, Any]) -> dict[str, Any]:
    return wire.get("attributes") or {}


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("name", OBJECTS)
@given(data=st.data())
@examples(9)
def test_a_round_trip_through_a_generated_model_loses_nothing(name: str, nasty: bool, data: st.DataObject) -> None:
    document = data.draw(strategies.wire(name, nasty=nasty))
    before = copy.deepcopy(document)
    api_class = getattr(rum_replay_api.models, name)
    given_back = api_class.from_dict(document).to_dict()
    assert meaning(SCHEMAS[name], given_back) == meaning(SCHEMAS[name], document)
    assert document == before
    assert api_class.from_dict(given_back).to_dict() == given_back


@pytest.mark.parametrize("name", ENUMS)
@given(data=st.data())
@examples(15)
def test_generated_enumerations_keep_listed_and_unlisted_values(name: str, data: st.DataObject) -> None:
    value = data.draw(strategies.wire(name, nasty=True))
    member = getattr(rum_replay_api.models, name)(value)
    assert (str(member), member.value) == (value, value)
    assert copy.deepcopy(member) == member == pickle.loads(pickle.dumps(member))
    assert json.dumps(member) == json.dumps(value)


@pytest.mark.parametrize("name", SCHEMAS)
@given(data=st.data())
@examples(8)
def test_generated_models_are_copied_pickled_and_compared_by_value(name: str, data: st.DataObject) -> None:
    model = data.draw(strategies.api_model(name, nasty=True))
    assert isinstance(model, getattr(rum_replay_api.models, name))
    for duplicated in DUPLICATED:
        assert duplicated(model) == model
    if name in OBJECTS:
        model_class = type(model)
        assert model_class.from_dict(model.to_dict()) == model
        assert copy.deepcopy(model).to_dict() == model.to_dict()


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("model", [*RESOURCES, PlaylistCreator])
@given(data=st.data())
@examples(14)
def test_flat_models_are_copied_pickled_compared_and_hashed_by_value(
    model: type[Any], nasty: bool, data: st.DataObject
) -> None:
    made = data.draw(strategies.model(model, nasty=nasty))
    assert type(made) is model
    for duplicated in DUPLICATED:
        duplicate = duplicated(made)
        assert duplicate == made
        assert hash(duplicate) == hash(made)
        assert repr(duplicate) == repr(made)
        if model in RESOURCES:
            assert duplicate.to_dict() == made.to_dict()
    field = data.draw(st.sampled_from([field.name for field in attrs.fields(model) if field.init]))
    assert attrs.evolve(made, **{field: object()}) != made


@pytest.mark.parametrize("nasty", [False, True])
@pytest.mark.parametrize("model", RESOURCES)
@given(data=st.data())
@examples(15)
def test_flat_models_return_their_wire_form(model: type[Any], nasty: bool, data: st.DataObject) -> None:
    # The strategy decoded the model from its wire form; decoding that again must give the same model.
    made = data.draw(strategies.model(model, nasty=nasty))
    wire = made.to_dict()
    (again,) = decoded(model, wire)
    assert again == made
    assert json.dumps(again.to_dict()) == json.dumps(wire)
    if model is not Watch:  # no operation returns several
        assert decoded(model, wire, wire) == [made, made]
    # An evolved model builds its wire form from its fields, as one made by hand does.
    by_hand = attrs.evolve(made)
    assert decoded(model, by_hand.to_dict()) == [made]


@pytest.mark.parametrize("model", RESOURCES)
@given(data=st.data())
@examples(50)
def test_flat_models_keep_unknown_fields_and_values(model: type[Any], data: st.DataObject) -> None:
    made = data.draw(strategies.model(model, nasty=True))
    wire = made.to_dict()
    schema = SCHEMAS[RESOURCES[model]]
    known_inside = resolved(schema["properties"]["attributes"])["properties"]
    assert made.type == wire["type"]
    assert made.id == wire.get("id")
    attributes = attributes_of(wire)
    for name in known_inside:
        value, found = attributes.get(name), getattr(made, name)
        if value is None:
            assert found is None
        elif isinstance(value, str | int | bool) and not hasattr(found, "isoformat"):
            assert found == value
    for name in attributes.keys() - known_inside.keys() - {"id", "type", "attributes"}:
        assert name in made.extra
    for name in wire.keys() - schema["properties"].keys() - attributes.keys() - known_inside.keys():
        assert repr(made.extra[name]) == repr(wire[name])


@pytest.mark.parametrize("model", RESOURCES)
@given(data=st.data())
@examples(14)
def test_wrong_types_and_times_are_an_error_that_names_the_field(model: type[Any], data: st.DataObject) -> None:
    wrong = data.draw(
        strategies.invalid(RESOURCES[model]).filter(
            lambda wrong: (
                wrong.problem in ("wrong type", "bad format")
                and isinstance(wrong.document, dict)
                # A watch accepts null because it requires nothing; these two forms of times are accepted too.
                and not any(excused in json.dumps(wrong.document) for excused in ("null", " 12:00:00Z", "+0200"))
            )
        )
    )
    # The models require more than the contract does.
    document = {"id": "1", **wrong.document}
    if wrong.place != "attributes" and model in (Playlist, Watcher, WatchedSession):
        document.setdefault("attributes", {"name": "", "handle": "", "last_watched_at": "2026-07-01T12:00:00Z"})
        document["attributes"].setdefault("watch_count", 0)
    with pytest.raises(UnexpectedResponseError) as caught:
        decoded(model, document)
    # A flat model has no `attributes`, and an error names fields only.
    field = wrong.place.removeprefix("attributes.").partition(".")[0]
    assert field in str(caught.value)


def outcome(model: type[Any], document: dict[str, Any]) -> object:
    """The model, or why there is none: schemas leave out attributes that the models need."""
    try:
        return decoded(model, document)
    except UnexpectedResponseError as error:
        return str(error)


@pytest.mark.parametrize("model", RESOURCES)
@given(data=st.data())
@examples(15)
def test_values_that_python_cannot_represent_are_replaced_or_refused(model: type[Any], data: st.DataObject) -> None:
    odd = data.draw(strategies.unreadable(RESOURCES[model]))
    document = {"id": "1", **odd.document}
    if odd.problem == "half a surrogate pair":
        readable = json.loads(re.sub(r"\\ud[89a-f]..", r"\\ufffd", json.dumps(document)))
        assert outcome(model, document) == outcome(model, readable)
        return
    with pytest.raises(UnexpectedResponseError) as caught:
        decoded(model, document)
    assert json.loads(caught.value.body)["data"] in (document, [document])


TIMES = [
    (name, field)
    for name, schema in SCHEMAS.items()
    for field, inner in schema.get("properties", {}).items()
    if inner.get("format") == "date-time"
]


@pytest.mark.parametrize(("name", "field"), TIMES)
def test_generated_models_read_a_lowercase_t_and_z(name: str, field: str) -> None:
    lowercase, uppercase = "2026-07-01t12:00:00z", "2026-07-01T12:00:00Z"
    make = Factory()
    model = make.api_model(name, {field: lowercase})
    assert getattr(model, field) == datetime.fromisoformat(uppercase)


def test_a_class_that_is_not_a_model_is_an_error() -> None:
    with pytest.raises(TypeError, match=r"is not a flat model; the flat models are rum_replay\.Playlist, "):
        strategies.model(dict)
    with pytest.raises(ValueError, match=r"is not a model of rum_replay_api; use rum_replay_api\.models\.Playlist"):
        strategies.api_model(Playlist)


def test_a_class_of_the_generated_client_can_be_used_instead_of_its_name() -> None:
    @given(strategies.api_model(rum_replay_api.models.WatchData))
    @examples(5)
    def check(model: rum_replay_api.models.WatchData) -> None:
        assert type(model) is rum_replay_api.models.WatchData

    check()
