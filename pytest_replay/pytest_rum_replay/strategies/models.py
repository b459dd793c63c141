"""The same data as objects: the generated client's models and `rum_replay`'s flat models."""

from typing import Any, TypeVar, overload

from hypothesis.strategies import SearchStrategy

from pytest_rum_replay.contract import modelling
from pytest_rum_replay.strategies.documents import documents, wire

__all__ = ["api_model", "model"]

T = TypeVar("T")


@overload
def api_model(schema: str, *, nasty: bool = False) -> SearchStrategy[Any]: ...
@overload
def api_model(schema: type[T], *, nasty: bool = False) -> SearchStrategy[T]: ...
def api_model(schema: str | type[Any], *, nasty: bool = False) -> SearchStrategy[Any]:
    """Models of the generated client `rum_replay_api`, made by `from_dict`: `"Playlist"`, or the class itself.

    For `nasty` see `wire`. Raises ValueError, with a suggestion, for an unknown schema.
    """
    name = modelling.schema_name(schema)
    return wire(name, nasty=nasty).map(lambda document: modelling.api_model_of(name, document))


def model(model: type[T], *, nasty: bool = False) -> SearchStrategy[T]:
    """Flat models of `rum_replay`, such as `rum_replay.Playlist`, decoded as the client decodes answers.

    For `nasty` see `wire`. Raises TypeError for a class that is not a flat model.
    """
    strategy = documents(modelling.flat_schema(model), "nasty answer" if nasty else "ordinary")
    return strategy.map(lambda document: modelling.flat_model_of(model, document))
