"""How the generated client differs from what the generator makes by default, and what applications can rely on."""

from __future__ import annotations

import ast
import builtins
import copy
import importlib
import inspect
import itertools
import keyword
import pickle
import pkgutil
import re
import typing
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from http import HTTPStatus
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest
import rum_replay_api
import rum_replay_api.api
import rum_replay_api.models
import yaml
from rum_replay_api import AuthenticatedClient, Client
from rum_replay_api.api import Operation
from rum_replay_api.api.rum_replay_playlists import get_rum_replay_playlist, list_rum_replay_playlists
from rum_replay_api.errors import UnexpectedStatus
from rum_replay_api.models.playlist import Playlist
from rum_replay_api.models.playlist_array import PlaylistArray
from rum_replay_api.models.playlist_data_type import PlaylistDataType
from rum_replay_api.types import UNSET, Unset

ROOT = Path(__file__).parents[2]
CONTRACT: dict[str, Any] = yaml.load((ROOT / "openapi.yaml").read_bytes(), yaml.CSafeLoader)
SCHEMAS: dict[str, Any] = CONTRACT["components"]["schemas"]
EXAMPLES: dict[str, Any] = {name: entry["value"] for name, entry in CONTRACT["components"]["examples"].items()}
SECRETS = "s3cret-api-key", "s3cret-app-key", "s3cret-token"

OPERATIONS: dict[str, tuple[str, str, dict[str, Any]]] = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, item in CONTRACT["paths"].items()
    for method, operation in item.items()
}


def parameters_of(operation: dict[str, Any]) -> list[dict[str, Any]]:
    components = CONTRACT["components"]["parameters"]
    return [components[row["$ref"].rpartition("/")[2]] if "$ref" in row else row for row in operation["parameters"]]


def request_builders() -> dict[str, Any]:
    """The function of each operation that builds its request, by operationId."""
    constants = {
        value.operation_id: name.lower()
        for name, value in vars(rum_replay_api.api).items()
        if isinstance(value, Operation)
    }
    areas = [
        importlib.import_module(info.name)
        for info in pkgutil.iter_modules(rum_replay_api.api.__path__, "rum_replay_api.api.")
    ]
    builders = {name: getattr(area, name) for area in areas for name in area.__all__}
    return {operation: builders.pop(f"{name}_kwargs") for operation, name in constants.items()}


BUILDERS = request_builders()
MODELS = [value for value in vars(rum_replay_api.models).values() if hasattr(value, "from_dict")]


def test_there_is_a_constant_for_each_operation_of_the_contract() -> None:
    constants = [value for value in vars(rum_replay_api.api).values() if isinstance(value, Operation)]
    assert sorted(map(tuple, constants)) == sorted(
        (name, method, path, operation["x-rum-replay-permission"])
        for name, (method, path, operation) in OPERATIONS.items()
    )
    assert BUILDERS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_parameters_have_readable_names_in_python_and_the_contracts_names_on_the_wire(name: str) -> None:
    method, path, operation = OPERATIONS[name]
    build = BUILDERS[name]
    rows = parameters_of(operation) if "parameters" in operation else []
    in_path = {row["name"]: row["name"] for row in rows if row["in"] == "path"}
    in_query = {row.get("x-python-name", row["name"]): row["name"] for row in rows if row["in"] == "query"}
    body = {"body"} & inspect.signature(build).parameters.keys()
    assert inspect.signature(build).parameters.keys() - body == in_path.keys() | in_query.keys()
    assert bool(body) is ("requestBody" in operation)
    assert all("[" not in python_name and python_name.islower() for python_name in in_query)

    class Body:
        def to_dict(self) -> dict[str, str]:
            return {"it": "is"}

    values = {python_name: f"value/{index}?" for index, python_name in enumerate([*in_path, *in_query])}
    request = build(**values, **({"body": Body()} if body else {}))
    assert request["method"].upper() == method
    url = httpx.URL("https://h" + request["url"])
    expected = path
    for name_in_path in in_path:
        expected = expected.replace(f"{{{name_in_path}}}", values[name_in_path].replace("/", "%2F").replace("?", "%3F"))
    assert url.raw_path.decode() == expected
    assert request.get("params", {}) == {wire: values[python_name] for python_name, wire in in_query.items()}
    if body:
        assert request["json"] == {"it": "is"}


class LyingText(str):
    __slots__ = ()

    def __str__(self) -> str:
        return "a lie"

    __repr__ = __str__

    def __format__(self, _: str) -> str:
        return "a lie"


class LyingNumber(int):
    __slots__ = ()

    def __str__(self) -> str:
        return "a lie"

    __repr__ = __str__

    def __format__(self, _: str) -> str:
        return "a lie"

    def __index__(self) -> int:
        return 99


class TextMember(str, Enum):  # noqa: UP042 - as people have them
    MEMBER = "some/id"


class NumberMember(int, Enum):
    MEMBER = 42


TEXTS: list[Any] = [LyingText("some/id"), TextMember.MEMBER, StrEnum("Kind", {"MEMBER": "some/id"})["MEMBER"]]  # type: ignore[index]
NUMBERS: list[Any] = [LyingNumber(42), NumberMember.MEMBER, IntEnum("Kind", {"MEMBER": 42})["MEMBER"]]  # type: ignore[index]


def changed(body: Any, text: Any, number: Any) -> Any:
    """A model with other texts and numbers, all but its enumerations."""
    if isinstance(body, list):
        return [changed(item, text, number) for item in body]
    if attrs.has(type(body)):
        fields = {field.name: getattr(body, field.name) for field in attrs.fields(type(body)) if field.init}
        return type(body)(**{name: changed(value, text, number) for name, value in fields.items()})
    if type(body) is str:
        return text
    return number if type(body) is int else body


@pytest.mark.parametrize("name", OPERATIONS)
def test_subclasses_of_str_and_int_are_sent_as_their_values(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    build = BUILDERS[name]
    hints = typing.get_type_hints(build)
    hints.pop("return")
    example: Any = None
    if "body" in hints:
        content = operation["requestBody"]["content"]["application/json"]
        reference = next(iter(content["examples"].values()))["$ref"] if "examples" in content else None
        wire = EXAMPLES[reference.rpartition("/")[2]] if reference else content["example"]
        example = hints.pop("body").from_dict(copy.deepcopy(wire))

    def sent(text: Any, number: Any) -> tuple[Any, ...]:
        values = {
            parameter: number if int in (hint, *typing.get_args(hint)) else text for parameter, hint in hints.items()
        }
        body = {} if example is None else {"body": changed(example, text, number)}
        with AuthenticatedClient(text_url(text), api_key=text, app_key=text, token=text) as client:
            request = client.get_httpx_client().build_request(**build(**values, **body))
        return request.method, request.url.raw_path, request.headers.raw, request.read()

    def text_url(text: Any) -> Any:
        return type(text)("https://h") if isinstance(text, LyingText) else "https://h"

    plain = sent("some/id", 42)
    for text, number in zip(TEXTS, NUMBERS, strict=True):
        assert sent(text, number) == plain


@pytest.mark.parametrize("name", OPERATIONS)
def test_required_parameters_have_no_default_and_omitted_ones_are_not_sent(name: str) -> None:
    _, _, operation = OPERATIONS[name]
    build = BUILDERS[name]
    rows = parameters_of(operation) if "parameters" in operation else []
    required = {row.get("x-python-name", row["name"]) for row in rows if row.get("required")}
    signature = inspect.signature(build)
    assert {
        parameter.name
        for parameter in signature.parameters.values()
        if parameter.default is inspect.Parameter.empty and parameter.name != "body"
    } == required
    if "body" not in signature.parameters:
        sent = build(**dict.fromkeys(required, "x")).get("params", {})
        query = {row["name"] for row in rows if row["in"] == "query" and row.get("required")}
        assert sent.keys() == query


# ---- Round trips --------------------------------------------------------------------------------------------


def stored_playlist() -> dict[str, Any]:
    return copy.deepcopy(EXAMPLES["PlaylistStored"])


def test_every_example_of_the_contract_survives_a_round_trip() -> None:
    survived = 0
    for method, _, operation in OPERATIONS.values():
        for status, response in operation["responses"].items():
            for media in response.get("content", {}).values():
                schema = media["schema"].get("$ref", "").rpartition("/")[2]
                for example in media.get("examples", {}).values():
                    value = EXAMPLES[example["$ref"].rpartition("/")[2]]
                    model = getattr(rum_replay_api.models, schema)
                    again = normalized(model.from_dict(copy.deepcopy(value)).to_dict())
                    assert again == normalized(value), (method, status)
                    survived += 1
    assert survived >= 12


def normalized(value: Any) -> Any:
    """The value with all times in one notation: the generated client writes an offset, the server Z."""
    if isinstance(value, dict):
        return {key: normalized(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [normalized(inner) for inner in value]
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)", value):
        return datetime.fromisoformat(value)
    return value


def test_unknown_values_of_an_enumeration_are_kept() -> None:
    wire = stored_playlist()
    wire["data"]["type"] = "rum_replay_playlist_of_tomorrow"
    playlist = Playlist.from_dict(wire)
    assert playlist.data.type_ == "rum_replay_playlist_of_tomorrow"
    assert isinstance(playlist.data.type_, PlaylistDataType)
    assert (playlist.data.type_.name, playlist.data.type_.value) == (playlist.data.type_, playlist.data.type_)
    assert playlist.to_dict()["data"]["type"] == "rum_replay_playlist_of_tomorrow"
    assert pickle.loads(pickle.dumps(playlist)).to_dict() == playlist.to_dict()
    assert [*PlaylistDataType] == [PlaylistDataType.RUM_REPLAY_PLAYLIST]


def test_only_strings_are_values_of_an_enumeration() -> None:
    with pytest.raises(ValueError, match="5 is not a valid PlaylistDataType"):
        PlaylistDataType(5)  # type: ignore[arg-type]


def test_unknown_fields_are_kept_on_every_level() -> None:
    wire = stored_playlist()
    wire["new"] = wire["data"]["new"] = wire["data"]["attributes"]["new"] = {"deep": [1, None]}
    wire["data"]["attributes"]["created_by"]["new"] = True
    assert normalized(Playlist.from_dict(copy.deepcopy(wire)).to_dict()) == normalized(wire)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_null_for_an_optional_field_means_that_it_is_absent(model: type[Any]) -> None:
    required, optional = fields_of(model)
    wire = {**required, **dict.fromkeys(optional)}
    instance = model.from_dict(wire)
    for name in optional:
        assert getattr(instance, attribute_name(name)) is UNSET, name
    assert not instance.to_dict().keys() & set(optional)
    assert wire.keys() == {*required, *optional}


def attribute_name(name: str) -> str:
    """The generator adds an underscore to words of Python, except to `id`."""
    return name + "_" if name != "id" and (keyword.iskeyword(name) or hasattr(builtins, name)) else name


def fields_of(model: type[Any]) -> tuple[dict[str, Any], list[str]]:
    """Values for the required fields of a model's schema, and the names of the optional ones."""
    schema = schema_of(model)
    properties = schema.get("properties", {})
    required = {name: value_for(properties[name]) for name in schema.get("required", [])}
    return required, [name for name in properties if name not in required]


def schema_of(model: type[Any]) -> dict[str, Any]:
    if model.__name__ in SCHEMAS:
        found: dict[str, Any] = SCHEMAS[model.__name__]
        return found
    return {}  # made from a schema without a name, which declares no fields


def value_for(schema: dict[str, Any]) -> Any:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        target = SCHEMAS[name]
        if target["type"] == "object":
            return fields_of(getattr(rum_replay_api.models, name))[0]
        return value_for(target)
    if "enum" in schema:
        return schema["enum"][0]
    if schema.get("format") == "date-time":
        return "2026-07-01T12:00:00+00:00"
    return {"string": "x", "integer": 1, "boolean": True, "array": []}[schema["type"]]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_model_with_only_required_fields_round_trips(model: type[Any]) -> None:
    required, optional = fields_of(model)
    instance = model.from_dict(copy.deepcopy(required))
    assert instance.to_dict() == required
    for duplicate in (copy.copy(instance), copy.deepcopy(instance), pickle.loads(pickle.dumps(instance))):
        assert duplicate == instance
        assert duplicate.to_dict() == required
        for name in optional:
            assert getattr(duplicate, attribute_name(name)) is UNSET


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_fields_are_documented_where_editors_look(model: type[Any]) -> None:
    (definition,) = (node for node in ast.parse(inspect.getsource(inspect.getmodule(model) or model)).body
                     if isinstance(node, ast.ClassDef))
    documented = {
        ast.unparse(field.target).removesuffix("_"): ast.literal_eval(text.value)
        for field, text in itertools.pairwise(definition.body)
        if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr)
    }
    described = {
        name: schema["description"]
        for name, schema in schema_of(model).get("properties", {}).items()
        if "description" in schema
    }
    assert {name: " ".join(text.split()) for name, text in documented.items() if name in described} == described


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_copies_of_unset_are_unset_itself(protocol: int) -> None:
    for duplicate in (copy.copy(UNSET), copy.deepcopy(UNSET), pickle.loads(pickle.dumps(UNSET, protocol))):
        assert duplicate is UNSET
    assert not UNSET
    assert isinstance(UNSET, Unset)
    assert copy.deepcopy({"a": [UNSET]})["a"][0] is UNSET


# ---- Clients --------------------------------------------------------------------------------------------------------


def test_no_repr_shows_a_key() -> None:
    client = AuthenticatedClient(
        base_url="https://h",
        api_key=SECRETS[0],
        app_key=SECRETS[1],
        token=SECRETS[2],
        headers={"X-Key": "s3cret-header"},
        httpx_args={"auth": ("user", "s3cret-password")},
    )
    with client:
        texts = [repr(client), str(client), repr(client.get_httpx_client()), repr(vars(AuthenticatedClient))]
    assert not any("s3cret" in text for text in texts)
    assert "https://h" in repr(client)


def test_only_the_given_credentials_are_sent() -> None:
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json=stored_playlist())

    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(peer)}}
    for client in (
        AuthenticatedClient(base_url="https://h", api_key=SECRETS[0], app_key=SECRETS[1], **options),
        AuthenticatedClient(base_url="https://h", token=SECRETS[2], **options),
        Client(base_url="https://h", headers={"X-A": "b"}, **options),
    ):
        with client:
            found = get_rum_replay_playlist.sync(5, client=client)
        assert isinstance(found, Playlist)
        assert found.data.id == "48213"
    names = "dd-api-key", "dd-application-key", "authorization", "x-a"
    assert [{name: request.headers[name] for name in names if name in request.headers} for request in requests] == [
        {"dd-api-key": SECRETS[0], "dd-application-key": SECRETS[1]},
        {"authorization": f"Bearer {SECRETS[2]}"},
        {"x-a": "b"},
    ]
    assert requests[0].url == "https://h/api/v2/rum/replay/playlists/5"
    assert set(requests[0].extensions["timeout"].values()) == {30.0}


@pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"])
@pytest.mark.anyio
async def test_the_asynchronous_functions_do_the_same(anyio_backend: str) -> None:
    requests: list[httpx.Request] = []

    def peer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return httpx.Response(200, json={"data": [stored_playlist()["data"]]})

    async with AuthenticatedClient(
        base_url="https://h", token=SECRETS[2], httpx_args={"transport": httpx.MockTransport(peer)}
    ) as client:
        answer = await list_rum_replay_playlists.asyncio_detailed(client=client, filter_query="a b", page_number=0)
    assert answer.status_code is HTTPStatus.OK
    assert isinstance(answer.parsed, PlaylistArray)
    assert [playlist.id for playlist in answer.parsed.data] == ["48213"]
    assert dict(requests[0].url.params) == {"filter[query]": "a b", "page[number]": "0"}
    assert requests[0].headers["authorization"] == f"Bearer {SECRETS[2]}"


def test_a_status_that_is_not_in_the_contract_is_an_error_on_request_only() -> None:
    options: dict[str, Any] = {"httpx_args": {"transport": httpx.MockTransport(lambda _: httpx.Response(418))}}
    with Client(base_url="https://h", **options) as client:
        assert get_rum_replay_playlist.sync(5, client=client) is None
    with (
        Client(base_url="https://h", raise_on_unexpected_status=True, **options) as client,
        pytest.raises(UnexpectedStatus, match="418"),
    ):
        get_rum_replay_playlist.sync(5, client=client)


@pytest.mark.anyio
async def test_leaving_the_context_closes_the_client() -> None:
    with Client(base_url="https://h") as client:
        assert not client.get_httpx_client().is_closed
    assert client.get_httpx_client().is_closed
    async with Client(base_url="https://h") as client:
        assert not client.get_async_httpx_client().is_closed
    assert client.get_async_httpx_client().is_closed


def test_every_file_says_that_it_is_generated_and_the_package_is_typed() -> None:
    files = [*(ROOT / "generated" / "rum_replay_api").rglob("*.py")]
    assert len(files) > 60
    for file in files:
        first = file.read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith("# Generated from openapi.yaml by openapi-python-client"), file
        assert "Do not edit" in first
    assert (ROOT / "generated" / "rum_replay_api" / "py.typed").exists()
