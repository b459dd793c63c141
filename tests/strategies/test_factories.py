"""Factories make sensible, seeded, conforming data."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import attrs
import pytest
import rum_replay
import rum_replay_api.models
from pytest_rum_replay.factories import ABSENT, Factory
from rum_replay import PlaylistCreator

from .contract_judge import SCHEMAS, conforms, resolved

NAMES = [*(schema["x-rum-replay-model"] for schema in SCHEMAS.values() if "x-rum-replay-model" in schema), "RumEvent"]
MODELS: dict[type[Any], Callable[..., Any]] = {
    getattr(rum_replay, name): getattr(Factory, re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()) for name in NAMES
}


@pytest.fixture
def make() -> Factory:
    return Factory()


@pytest.mark.parametrize("name", SCHEMAS)
def test_documents_of_every_schema_conform_and_have_all_fields(make: Factory, name: str) -> None:
    document = make.wire(name)
    assert conforms(name, document)
    _assert_complete(SCHEMAS[name], document)
    api_class = getattr(rum_replay_api.models, name)
    assert type(make.api_model(name)) is type(make.api_model(api_class)) is api_class


def _assert_complete(schema: dict[str, Any], document: Any) -> None:
    schema = resolved(schema)
    if "properties" in schema:
        assert document.keys() == schema["properties"].keys()
        for name, inner in schema["properties"].items():
            _assert_complete(inner, document[name])
    elif "items" in schema:
        assert len(document) == 1
        _assert_complete(schema["items"], document[0])


@pytest.mark.parametrize("model", MODELS)
def test_flat_models_have_all_fields_and_their_wire_form(make: Factory, model: type[Any]) -> None:
    made = MODELS[model](make)
    assert type(made) is model
    assert type(make.model(model)) is model
    assert all(getattr(made, field.name) is not None for field in attrs.fields(model) if field.init)
    if model is not PlaylistCreator:
        assert made.to_dict()["attributes"]


def test_values_depend_on_the_seed_only() -> None:
    def values(seed: int) -> list[Any]:
        make = Factory(seed)
        return [make.playlist(), make.wire("SnapshotArray"), make.watcher(), make.playlist()]

    assert values(3) == values(3)
    assert all(one != other for one, other in zip(values(3), values(4), strict=True))


@pytest.mark.parametrize("model", [model for model in MODELS if model is not PlaylistCreator])
def test_ids_differ_between_calls(make: Factory, model: type[Any]) -> None:
    assert len({MODELS[model](make).id for _ in range(50)}) == 50


def test_items_of_a_page_differ(make: Factory) -> None:
    page = make.wire("PlaylistArray", {"data.2.id": "x"})
    assert [item["id"] for item in page["data"]] == ["48214", "48215", "x"]
    assert len({item["attributes"]["name"] for item in page["data"]}) == 3
    assert len({item["attributes"]["created_by"]["uuid"] for item in page["data"]}) == 3
    assert make.wire("Playlist")["data"]["id"] == "48217"


def test_values_make_sense_together(make: Factory) -> None:
    playlist = make.playlist()
    assert (playlist.id, playlist.name) == ("48214", "Checkout bugs 1")
    assert playlist.created_at is not None
    assert playlist.updated_at is not None
    assert playlist.created_at < playlist.updated_at
    assert playlist.created_by is not None
    assert playlist.created_by.name == "Mira Holt 1"
    assert playlist.created_by.handle == "mira.holt.1@example.com"
    assert make.heatmap_snapshot().view_name == make.heatmap_snapshot().view_name == "/checkout/payment"
    assert make.watch().data_source == "rum"
    assert {make.heatmap_snapshot().is_device_type_selected_by_user for _ in range(20)} == {True, False}


def test_an_override_changes_what_it_names_and_nothing_else() -> None:
    plain, changed = Factory(5).wire("Playlist"), Factory(5).wire("Playlist", {"data.attributes.created_by.name": "N"})
    assert changed["data"]["attributes"]["created_by"].pop("name") == "N"
    assert plain["data"]["attributes"]["created_by"].pop("name") == "Mira Holt 1"
    assert plain == changed
    one, other = Factory(5).playlist(), Factory(5).playlist(name="N", description=None)
    assert other == attrs.evolve(one, name="N", description=None)
    assert other.to_dict()["attributes"].keys() == one.to_dict()["attributes"].keys() - {"description"}


def test_flat_overrides_are_values_of_the_model(make: Factory) -> None:
    moment = datetime(2027, 1, 2, 3, tzinfo=UTC)
    creator = make.playlist_creator(name=None, extra={"org": 1})
    playlist = make.playlist(
        id="7", type="of_tomorrow", created_at=moment, session_count=0, created_by=creator, extra={"new": [1]}
    )
    assert (playlist.id, playlist.type, playlist.created_at, playlist.session_count) == ("7", "of_tomorrow", moment, 0)
    assert playlist.created_by == creator
    assert playlist.extra == {"new": [1]}
    assert playlist.to_dict()["attributes"]["created_by"]["org"] == 1


def test_wire_overrides_are_values_of_the_wire(make: Factory) -> None:
    moment = datetime(2027, 1, 2, 3, tzinfo=UTC)
    document = make.wire(
        "PlaylistsSession",
        {
            "data.type": "of_tomorrow",
            "data.attributes.track": ABSENT,
            "data.attributes.session_event.session.id": "s",
        },
    )
    assert document["data"]["type"] == "of_tomorrow"
    assert document["data"]["attributes"] == {"session_event": {"session": {"id": "s"}}}
    assert make.wire("WatchData", {"attributes.timestamp": moment})["attributes"]["timestamp"] == moment.isoformat()
    assert make.wire("SnapshotArray", {"data": []}) == {"data": []}
    assert make.wire("APIErrorResponse", {"errors.1": "b", "errors.0": "a"}) == {"errors": ["a", "b"]}
    assert make.wire("ErrorResponse", {"errors.0.title": "Gone"})["errors"][0]["title"] == "Gone"
    model = make.api_model(rum_replay_api.models.Playlist, {"data.attributes.name": "N"})
    assert model.data.attributes.name == "N"  # type: ignore[union-attr]


REFUSED: list[tuple[Callable[[Factory], Any], type[Exception], str]] = [
    (lambda make: make.playlist(nam="x"), ValueError, "there is no field of Playlist 'nam'; did you mean name"),
    (lambda make: make.playlist(name=5), ValueError, r"attributes\.name: the value is not of type \"string\""),
    (lambda make: make.playlist(name=None), ValueError, r"attributes\.name: is required"),
    (lambda make: make.playlist(created_at=datetime(2027, 1, 2)), ValueError, r"attributes\.created_at: .*date-time"),
    (lambda make: make.playlist(session_count=2**63), ValueError, r"attributes\.session_count: .*maximum"),
    (
        lambda make: make.playlist(extra={"name": 1}),
        ValueError,
        "extra is for unknown fields, but 'name' is a field of Playlist",
    ),
    (lambda make: make.playlist(_wire={}), ValueError, "no field of Playlist '_wire'"),
    (lambda make: make.model(dict), TypeError, "is not a flat model"),
    (lambda make: make.wire("Playlst"), ValueError, "there is no schema 'Playlst'; did you mean Playlist"),
    (lambda make: make.wire("Playlist", {"data.nme": 1}), ValueError, r"there is no field 'data\.nme'; did you mean"),
    (lambda make: make.wire("Playlist", {"data.id.x": 1}), ValueError, r"'data\.id' is a single value without fields"),
    (lambda make: make.wire("Playlist", {"data.id": 5}), ValueError, r"data\.id: the value is not of type \"string\""),
    (lambda make: make.wire("Playlist", {"data.id": object()}), ValueError, "is not JSON"),
    (lambda make: make.wire("Playlist", {"data": {}, "data.id": ""}), ValueError, "conflicts with another one"),
    (lambda make: make.wire("Playlist", {"data.id": "", "data": {}}), ValueError, "conflicts with another one"),
    (
        lambda make: make.wire("PlaylistArray", {"data.x": 1}),
        ValueError,
        "'data' is a list: the next step must be an index",
    ),
    (lambda make: make.wire("PlaylistArray", {"data.0": ABSENT}), ValueError, r"'data\.0' cannot be absent"),
    (lambda make: make.wire("Playlist", {"data": ABSENT}), ValueError, "data: is required"),
    (lambda make: make.wire("WatchDataType", {"x": 1}), ValueError, "'the document' is a single value"),
    (lambda make: make.api_model(rum_replay.Playlist), ValueError, "is not a model of rum_replay_api"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED)
def test_an_override_that_does_not_conform_is_an_error_that_says_why(
    make: Factory, call: Callable[[Factory], Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call(make)
