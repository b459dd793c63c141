from __future__ import annotations

import copy
import json
import pickle
import typing
from datetime import UTC, datetime
from types import UnionType
from typing import Any

import attrs
import pytest
import rum_replay
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import (
    HeatmapSnapshot,
    Playlist,
    PlaylistCreator,
    PlaylistSession,
    UnexpectedResponseError,
    Watch,
    WatchedSession,
    Watcher,
)
from rum_replay._answers import BodyMismatchError
from rum_replay._decoding import decode_list, decode_one
from rum_replay._resource import Resource

from .replay_driver import Driver
from .replay_samples import (
    CONTRACT,
    PLAYLIST,
    item_response,
    list_response,
    resolved,
    sample_of,
)

SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
MODELS: dict[type[Resource], tuple[str, dict[str, Any]]] = {
    getattr(rum_replay, schema["x-rum-replay-model"]): (name, sample_of(name))
    for name, schema in SCHEMAS.items()
    if "x-rum-replay-model" in schema and "attributes" in schema["properties"]
}
RESOURCES = list(MODELS)


def decoded(model: type[Any], wire: dict[str, Any]) -> Any:
    return decode_one(model)(json.dumps({"data": wire}).encode())


def types_of(annotation: Any) -> tuple[set[Any], bool]:
    """The types that an annotation allows, and whether None is one of them."""
    united = typing.get_origin(annotation) in (typing.Union, UnionType)
    allowed = set(typing.get_args(annotation)) if united else {annotation}
    plain = {getattr(each, "__origin__", each) for each in allowed - {type(None)}}
    return plain, type(None) in allowed


def python_type(schema: dict[str, Any]) -> type[Any]:
    if schema.get("format") == "date-time":
        return datetime
    return {"string": str, "integer": int, "boolean": bool, "object": dict}[schema["type"]]


# The contract requires only `type`. Models are flat, so they also require the required attributes, and an id if methods
# take it as an argument. A recorded watch requires nothing else: its values came from the caller, and a response that
# omits them must not hide that the watch was recorded.
@pytest.mark.parametrize("model", RESOURCES)
def test_model_has_exactly_the_fields_of_the_contract(model: type[Resource]) -> None:
    schema = SCHEMAS[MODELS[model][0]]
    attributes = resolved(schema["properties"]["attributes"])
    properties = {name: value for name, value in schema["properties"].items() if name != "attributes"}
    assert not properties.keys() & attributes["properties"].keys()
    properties |= attributes["properties"]
    required = {*schema["required"], *attributes.get("required", [])}
    if model is Watch:
        required = {"type"}
    if model in (Playlist, PlaylistSession, HeatmapSnapshot, WatchedSession):
        required.add("id")

    fields = attrs.fields_dict(attrs.resolve_types(model))
    assert fields.keys() == properties.keys() | {"extra", "_wire"}
    for name, schema_of_field in properties.items():
        allowed, optional = types_of(fields[name].type)
        if name == "created_by" and model is Playlist:
            assert allowed == {PlaylistCreator}
        else:
            assert allowed == {python_type(resolved(schema_of_field))}, name
        assert optional is (name not in required), name
        assert (fields[name].default is attrs.NOTHING) is (name in required), name


def test_playlist_creator_has_exactly_the_fields_of_the_contract() -> None:
    schema = SCHEMAS["PlaylistDataAttributesCreatedBy"]
    fields = attrs.fields_dict(attrs.resolve_types(PlaylistCreator))
    assert fields.keys() == schema["properties"].keys() | {"extra"}
    for name in schema["properties"]:
        assert types_of(fields[name].type) == ({str}, name not in schema["required"])


@pytest.mark.parametrize("model", RESOURCES)
def test_all_values_of_the_contract_example_are_decoded_and_encoded(model: type[Resource]) -> None:
    wire = MODELS[model][1]
    resource = decoded(model, wire)
    assert (resource.id, resource.type) == (wire["id"], wire["type"])
    for name, value in wire["attributes"].items():
        found = getattr(resource, name)
        if isinstance(found, datetime):
            assert found == datetime.fromisoformat(value)
        elif isinstance(found, PlaylistCreator):
            assert {key: getattr(found, key) for key in value} == value
        else:
            assert found == value
    assert resource.extra == {}
    assert resource.to_dict() == wire


@pytest.mark.parametrize("model", RESOURCES)
@pytest.mark.parametrize("null", [True, False])
def test_absent_and_null_values_are_none_and_encoded_as_received(model: type[Resource], null: bool) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    fields = attrs.fields_dict(model)
    optional = [name for name in wire["attributes"] if fields[name].default is None]
    for name in optional:
        if null:
            wire["attributes"][name] = None
        else:
            del wire["attributes"][name]
    resource = decoded(model, wire)
    assert all(getattr(resource, name) is None for name in optional)
    assert resource.extra == {}
    assert resource.to_dict() == wire


@pytest.mark.parametrize("model", [PlaylistSession, HeatmapSnapshot, Watch])
@pytest.mark.parametrize("attributes", [{}, {"attributes": {}}, {"attributes": None}])
def test_attributes_may_be_missing_if_none_is_required(model: type[Resource], attributes: dict[str, Any]) -> None:
    wire = {"id": "i", "type": "t", **attributes}
    resource = decoded(model, wire)
    assert resource == model(id="i", type="t")  # type: ignore[call-arg]
    assert resource.to_dict() == wire


@pytest.mark.parametrize("model", RESOURCES)
def test_unknown_fields_and_values_are_preserved(model: type[Resource]) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    wire["type"] = "future_type"
    wire["relationships"] = {"x": [1, None, {"y": 2}]}
    wire["attributes"] |= {"extra": 1, "_wire": 2, "future_field": [True], "attributes": None, "device_type": "watch"}
    resource = decoded(model, wire)
    assert resource.type == "future_type"
    expected = {name: wire["attributes"][name] for name in ("extra", "_wire", "future_field", "attributes")}
    expected["relationships"] = wire["relationships"]
    if model is HeatmapSnapshot:
        assert resource.device_type == "watch"
    else:
        expected["device_type"] = "watch"
    assert resource.extra == expected
    assert resource.to_dict() == wire


def test_unknown_fields_of_a_creator_are_preserved() -> None:
    wire = copy.deepcopy(PLAYLIST)
    wire["attributes"]["created_by"] |= {"extra": 1, "org": {"id": 2}}
    playlist = decoded(Playlist, wire)
    assert playlist.created_by.extra == {"extra": 1, "org": {"id": 2}}
    assert playlist.to_dict() == wire
    renamed = attrs.evolve(playlist, name="m").to_dict()
    assert renamed["attributes"]["created_by"] == wire["attributes"]["created_by"]


def test_unknown_fields_are_assigned_to_the_right_item() -> None:
    plain = {"id": "1", "type": "t", "attributes": {"name": "n"}}
    odd = {
        "id": "2",
        "type": "t",
        "attributes": {"name": "n", "new": 1, "created_by": {**PLAYLIST["attributes"]["created_by"], "new": 2}},
    }
    first, second, third = decode_list(Playlist)(json.dumps({"data": [plain, odd, plain]}).encode())
    assert (first.extra, second.extra, third.extra) == ({}, {"new": 1}, {})
    assert second.created_by is not None
    assert second.created_by.extra == {"new": 2}
    assert (first.to_dict(), second.to_dict()) == (plain, odd)


def test_resource_id_takes_precedence_over_an_attribute_of_that_name() -> None:
    wire = {"id": "outer", "type": "t", "attributes": {"name": "n", "id": 5, "type": None}}
    playlist = decoded(Playlist, wire)
    assert (playlist.id, playlist.type) == ("outer", "t")
    assert playlist.to_dict() == wire


def test_to_dict_of_a_modified_copy_reflects_the_changes() -> None:
    wire = copy.deepcopy(PLAYLIST)
    wire["links"] = {"self": "x"}
    wire["attributes"]["new"] = 1
    playlist = decoded(Playlist, wire)
    changed = attrs.evolve(playlist, name="other", description=None, session_count=0)
    expected = copy.deepcopy(wire)
    expected["attributes"] |= {"name": "other", "session_count": 0}
    del expected["attributes"]["description"]
    given = changed.to_dict()
    for name in ("created_at", "updated_at"):
        moment = given["attributes"].pop(name)
        assert datetime.fromisoformat(moment) == datetime.fromisoformat(expected["attributes"].pop(name))
    assert given == expected
    assert playlist.to_dict() == wire
    assert decoded(Playlist, changed.to_dict()) == changed


def test_to_dict_of_a_model_created_by_hand_is_the_wire_form() -> None:
    moment = datetime(2026, 7, 1, 12, tzinfo=UTC)
    creator = PlaylistCreator(handle="h", id="i", uuid="u", extra={"org": 1})
    playlist = Playlist(
        id="1", type="rum_replay_playlist", name="n", created_at=moment, created_by=creator, extra={"x": []}
    )
    assert playlist.to_dict() == {
        "id": "1",
        "type": "rum_replay_playlist",
        "attributes": {
            "name": "n",
            "created_at": "2026-07-01T12:00:00+00:00",
            "created_by": {"handle": "h", "id": "i", "uuid": "u", "org": 1},
            "x": [],
        },
    }
    assert decoded(Playlist, playlist.to_dict()) == playlist
    watch = Watch(type="rum_replay_watch")
    assert watch.to_dict() == {"type": "rum_replay_watch", "attributes": {}}


@pytest.mark.parametrize("model", RESOURCES)
def test_models_are_equal_hashable_copied_and_pickled_by_value(model: type[Resource]) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    wire["attributes"]["new"] = {"unhashable": []}
    first, second = decoded(model, wire), decoded(model, wire)
    assert first == second
    assert hash(first) == hash(second)
    assert first is not second
    assert decoded(model, {**wire, "type": "other"}) != first
    for duplicate in (copy.copy(first), copy.deepcopy(first), pickle.loads(pickle.dumps(first))):
        assert duplicate == first
        assert hash(duplicate) == hash(first)
        assert duplicate.to_dict() == wire
    by_hand = attrs.evolve(first)
    assert by_hand == first


@pytest.mark.parametrize("model", RESOURCES)
def test_models_are_frozen_and_to_dict_returns_a_copy(model: type[Resource]) -> None:
    wire = MODELS[model][1]
    resource = decoded(model, wire)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        resource.type = "other"
    given = resource.to_dict()
    given["attributes"].clear()
    assert resource.to_dict() == wire
    with pytest.raises(AttributeError):
        resource.misspelt = 1
    assert "_wire" not in repr(resource)


def test_to_dict_of_a_model_created_by_hand_returns_a_deep_copy() -> None:
    session = PlaylistSession(id="s", type="t", session_event={"deep": [1]}, extra={"x": [1]})
    given = session.to_dict()
    given["attributes"]["session_event"]["deep"].append(2)
    given["attributes"]["x"].append(2)
    assert (session.session_event, session.extra) == ({"deep": [1]}, {"x": [1]})


@pytest.mark.parametrize(
    "moment", ["2026-07-01T12:00:00", "2026-07-01 12:00:00", "2026-07-01", "now", "", 5, True, "2026-13-01T00:00:00Z"]
)
def test_time_without_an_offset_or_in_another_format_is_rejected(driver: Driver, moment: Any) -> None:
    wire = copy.deepcopy(PLAYLIST)
    wire["attributes"]["updated_at"] = moment
    client = driver.open(
        lambda request: item_response(wire) if request.url.path.endswith("/1") else list_response(PLAYLIST, wire)
    )
    with pytest.raises(UnexpectedResponseError, match=r"data\[0\]\.updated_at"):
        client.playlists.get(1)
    with pytest.raises(UnexpectedResponseError, match=r"data\[1\]\.updated_at"):
        list(client.playlists.list())


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-07-01T12:00:00Z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T14:00:00.123456+02:00", datetime(2026, 7, 1, 12, 0, 0, 123456, tzinfo=UTC)),
        ("2026-07-01T12:00:00.123456789Z", datetime(2026, 7, 1, 12, 0, 0, 123457, tzinfo=UTC)),
        ("2026-07-01t12:00:00z", datetime(2026, 7, 1, 12, tzinfo=UTC)),
        ("2026-07-01T07:00:00-05:00", datetime(2026, 7, 1, 12, tzinfo=UTC)),
    ],
)
def test_rfc_3339_times_become_aware_datetimes(text: str, moment: datetime) -> None:
    wire = copy.deepcopy(PLAYLIST)
    wire["attributes"]["updated_at"] = text
    playlist = decoded(Playlist, wire)
    assert playlist.updated_at == moment
    assert playlist.updated_at.utcoffset() is not None
    assert playlist.to_dict() == wire


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (model, name)
        for model in RESOURCES
        for name, field in attrs.fields_dict(model).items()
        if field.default is attrs.NOTHING
    ],
)
def test_missing_required_field_is_an_error_that_names_it(model: type[Resource], name: str) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    (wire if name in wire else wire["attributes"]).pop(name)
    with pytest.raises(BodyMismatchError, match=rf"missing required field `{name}` - at `data\[0\]`"):
        decoded(model, wire)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.integers(-(2**63), 2**63)
    | st.text(st.characters(codec="utf-8"), max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
names = st.text(st.characters(codec="utf-8"), max_size=8)


@given(
    top=st.dictionaries(names, json_values, max_size=3),
    attributes=st.dictionaries(names, json_values, max_size=4),
    model=st.sampled_from(RESOURCES),
)
def test_wire_form_is_lossless(top: dict[str, Any], attributes: dict[str, Any], model: type[Resource]) -> None:
    sample = MODELS[model][1]
    wire = {**top, **sample, "attributes": {**attributes, **sample["attributes"]}}
    resource = decoded(model, wire)
    assert resource.to_dict() == wire
    known = attrs.fields_dict(model).keys() - {"extra", "_wire"}
    assert resource.extra.keys() == (wire.keys() | wire["attributes"].keys()) - known - {"attributes"}


@pytest.mark.parametrize("model", RESOURCES)
def test_field_at_the_wrong_level_is_not_mistaken_for_a_known_field(model: type[Resource]) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    inside = next(iter(wire["attributes"]))
    odd = {**wire, inside: [5], "links": 1, "attributes": {**wire["attributes"], "id": 5, "type": 5}}
    resource = decoded(model, odd)
    assert resource == attrs.evolve(decoded(model, wire), extra={"links": 1})
    assert resource.to_dict() == odd


@pytest.mark.parametrize("model", [Watch, Watcher])
def test_attribute_named_id_is_not_the_resource_id(model: type[Resource]) -> None:
    wire = copy.deepcopy(MODELS[model][1])
    del wire["id"]
    wire["attributes"]["id"] = 5
    resource = decoded(model, wire)
    assert resource.id is None
    assert resource.to_dict() == wire


@pytest.mark.parametrize("member", ["relationships", "links", "meta"])
def test_the_members_of_json_api_stay_beside_the_attributes_of_a_changed_copy(member: str) -> None:
    playlist = decoded(Playlist, {**copy.deepcopy(PLAYLIST), member: {"a": 1}})
    changed = attrs.evolve(playlist, name="other").to_dict()
    assert changed[member] == {"a": 1}
    assert member not in changed["attributes"]
