"""Models made from wire documents: those of the generated client, by schema name, and `rum_replay`'s flat ones."""

from enum import Enum
from typing import Any, TypeVar, cast

import attrs
import msgspec
import rum_replay
import rum_replay_api.models
from rum_replay import Playlist, PlaylistCreator, RumEvent
from rum_replay._decoding import decode_events, decode_one

from pytest_rum_replay.contract import schemas
from pytest_rum_replay.contract.schemas import Schema

__all__ = ["api_model_of", "flat_model_of", "flat_schema", "schema_name", "wire_of"]

T = TypeVar("T")

_FLAT: dict[type[Any], str] = {getattr(rum_replay, name): schema for name, schema in schemas.flat_models().items()}
_FLAT[RumEvent] = "RUMEvent"


def schema_name(schema: str | type[Any]) -> str:
    """The name of a schema, given as the name itself or as the generated client's class.

    Raises ValueError, with a suggestion, for anything else.
    """
    name = schema if isinstance(schema, str) else schema.__name__
    schemas.schema(name)
    if schema not in (name, getattr(rum_replay_api.models, name)):
        raise ValueError(f"{schema!r} is not a model of rum_replay_api; use rum_replay_api.models.{name}")
    return name


def api_model_of(name: str, wire: Any) -> Any:
    """The generated client's model of a document of the named schema."""
    api_class = getattr(rum_replay_api.models, name)
    return api_class(wire) if issubclass(api_class, Enum) else api_class.from_dict(wire)


def flat_schema(model: type[Any]) -> Schema:
    """The schema of the resource that a flat model is decoded from, with the fields that the model needs required.

    Raises TypeError for a class that is not a flat model.
    """
    if model not in _FLAT:
        names = ", ".join(f"rum_replay.{known.__name__}" for known in _FLAT)
        raise TypeError(f"{model!r} is not a flat model; the flat models are {names}")
    schema = schemas.schema(_FLAT[model])
    if model in (PlaylistCreator, RumEvent):
        return schema
    needed = {name for name, field in attrs.fields_dict(model).items() if field.default is attrs.NOTHING}
    # A field that is not in the resource itself is in its attributes, where the contract already requires it.
    outer = {name if name in schema["properties"] else "attributes" for name in needed}
    return {**schema, "required": sorted({*schema["required"], *outer})}


def flat_model_of(model: type[T], wire: dict[str, Any]) -> T:
    """The flat model that the client decodes from a resource in an answer.

    Raises rum_replay._decoding.BodyMismatchError for a resource that does not fit.
    """
    if model is PlaylistCreator:
        return cast(T, flat_model_of(Playlist, _playlist(wire)).created_by)
    if model is RumEvent:
        return cast(T, decode_events(msgspec.json.encode({"data": [wire]})).items[0])
    decode = decode_one(cast(Any, model))
    return cast(T, decode(msgspec.json.encode({"data": wire})))


def wire_of(model: Any) -> dict[str, Any]:
    """The wire form of a flat model."""
    if isinstance(model, PlaylistCreator):
        playlist = Playlist(id="0", type="rum_replay_playlist", name="", created_by=model)
        return cast(dict[str, Any], playlist.to_dict()["attributes"]["created_by"])
    return cast(dict[str, Any], model.to_dict())


def _playlist(creator: dict[str, Any]) -> dict[str, Any]:
    return {"id": "0", "type": "rum_replay_playlist", "attributes": {"name": "", "created_by": creator}}
