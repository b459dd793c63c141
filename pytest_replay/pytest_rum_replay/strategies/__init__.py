"""Hypothesis strategies for everything in the API's contract, read from the contract itself.

    from hypothesis import given
    from pytest_rum_replay import strategies

    @given(strategies.wire("PlaylistArray", nasty=True))
    def test_my_reader_copes(document): ...

- `wire("PlaylistArray")`: JSON documents of any schema; `api_model("Playlist")`: the generated client's models;
  `model(rum_replay.Playlist)`: flat models. With `nasty=True`: valid, but full of values that programs often mishandle.
- `invalid("PlaylistArray")`: documents labeled with their error; `unreadable(...)`: valid, but beyond Python.
- `requests("CreateRumReplayPlaylist")` and `invalid_requests(...)`: requests to send, and ones that must answer 400.
- `schema_names()` and `operation_ids()`: all names, for `pytest.mark.parametrize`.
"""

from rum_replay._extras import install_command

try:
    import hypothesis as _  # noqa: F401 - asked for here for all modules of this package
except ImportError as error:
    raise ImportError(f"strategies need Hypothesis ({error}): {install_command('pytest')}", name=error.name) from error

from pytest_rum_replay.contract.schemas import operation_ids, schema_names
from pytest_rum_replay.strategies.documents import wire
from pytest_rum_replay.strategies.invalid import Invalid, Problem, invalid, unreadable
from pytest_rum_replay.strategies.models import api_model, model
from pytest_rum_replay.strategies.operations import InvalidRequest, Request, invalid_requests, requests

__all__ = [
    "Invalid",
    "InvalidRequest",
    "Problem",
    "Request",
    "api_model",
    "invalid",
    "invalid_requests",
    "model",
    "operation_ids",
    "requests",
    "schema_names",
    "unreadable",
    "wire",
]
