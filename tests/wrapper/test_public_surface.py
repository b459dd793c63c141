"""The public names: as designed, the same in both clients, and cheap to import."""

from __future__ import annotations

import ast
import inspect
import pickle
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, get_type_hints

import attrs
import pytest
import rum_replay
from rum_replay import AsyncReplayClient, ReplayClient

KEYS: dict[str, Any] = {"site": "us1", "api_key": "a", "app_key": "b"}
CLIENT, ASYNC_CLIENT = ReplayClient(**KEYS), AsyncReplayClient(**KEYS)

# The designed methods, as name(parameters) separated by dots.
DESIGN = {
    "playlists": """
        list(*, query, created_by, page_size, start_page, limit) · create(name, *, description) · get(id) ·
        update(id, *, name, description) · delete(id) · list_sessions(id, *, page_size, start_page, limit) ·
        add_session(id, session_id, *, ts, data_source) · remove_session(id, session_id) ·
        remove_sessions(id, session_ids)""",
    "heatmaps": """
        list(view_name, *, device_type, application_id, limit) ·
        create(*, application_id, device_type, event_id, is_device_type_selected_by_user, snapshot_name, start,
            view_name, session_id, view_id) ·
        update(snapshot_id, *, event_id, is_device_type_selected_by_user, start, session_id, view_id) ·
        delete(snapshot_id)""",
    "viewership": """
        record_watch(session_id, *, application_id, event_id, timestamp, data_source) · delete_watches(session_id) ·
        list_watchers(session_id, *, page_size, start_page, limit) ·
        list_history(*, watched_after, watched_before, created_by, session_ids, application_id, page_size, start_page,
            limit)""",
    "sessions": """
        search(query, *, start, end, completed, has_replay, limit) · views(session_id, *, start, end) ·
        link(session_id, *, view_id, at) · download(session_id, directory, *, views, progress) ·
        iter_segments(session_id, view_id, *, source, ts, max_list_size, paging, next_paging, max_page_size) ·
        download_segments(session_id, view_id, directory, *, source, ts, max_list_size, paging, next_paging,
            progress, max_page_size)""",
    "events": "search(query, *, start, end, sort, page_size, limit, cursor)",
}
PAIRS: list[tuple[type[Any], type[Any]]] = [
    (ReplayClient, AsyncReplayClient),
    *((type(getattr(CLIENT, group)), type(getattr(ASYNC_CLIENT, group))) for group in DESIGN),
    (type(CLIENT.playlists.list()), type(ASYNC_CLIENT.playlists.list())),
    (type(CLIENT.events.search(start=0, end=1)), type(ASYNC_CLIENT.events.search(start=0, end=1))),
    (type(CLIENT.sessions.search(start=0, end=1)), type(ASYNC_CLIENT.sessions.search(start=0, end=1))),
    (type(CLIENT.sessions.views("s")), type(ASYNC_CLIENT.sessions.views("s"))),
]


def notation(method: Any) -> str:
    parts: list[str] = []
    for parameter in list(inspect.signature(method).parameters.values())[1:]:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and "*" not in parts:
            parts.append("*")
        parts.append(parameter.name)
    return ", ".join(parts)


def public_methods(cls: type[Any]) -> dict[str, Any]:
    return {name: value for name, value in vars(cls).items() if inspect.isfunction(value) and not name.startswith("_")}


@pytest.mark.parametrize("group", DESIGN)
def test_method_group_has_the_designed_methods_and_parameters(group: str) -> None:
    designed = re.findall(r"(\w+)\(([^)]*)\)", DESIGN[group])
    methods = public_methods(type(getattr(CLIENT, group)))
    assert {name: notation(method) for name, method in methods.items()} == {
        name: " ".join(parameters.split()) for name, parameters in designed
    }


def test_constructors_have_the_designed_parameters() -> None:
    designed = ["site", "api_key", "app_key", "bearer_token", "base_url", "timeout", "retry", "http_client"]
    for cls in (ReplayClient, AsyncReplayClient):
        parameters = list(inspect.signature(cls).parameters.values())
        assert [parameter.name for parameter in parameters] == [
            *designed,
            "on_retry",
            "on_response",
            "max_body_size",
            "clock",
        ]
        assert all(parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in parameters)
        assert all(parameter.default is not inspect.Parameter.empty for parameter in parameters)


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS)
def test_both_clients_have_the_same_interface(sync: type[Any], asynchronous: type[Any]) -> None:
    renamed = {"aclose": "close"}
    async_methods = {renamed.get(name, name): method for name, method in public_methods(asynchronous).items()}
    sync_methods = public_methods(sync)
    assert list(sync_methods) == list(async_methods)
    for name, method in sync_methods.items():
        sync_parameters, async_parameters = (
            inspect.signature(method).parameters,
            inspect.signature(async_methods[name]).parameters,
        )
        assert [(p.name, p.kind, p.default) for p in sync_parameters.values()] == [
            (p.name, p.kind, p.default) for p in async_parameters.values()
        ], name
        assert inspect.getdoc(method) == inspect.getdoc(async_methods[name])
        assert method.__annotations__.keys() == async_methods[name].__annotations__.keys()
    assert [name for name in vars(sync) if not name.startswith("_")] == [
        renamed.get(name, name) for name in vars(asynchronous) if not name.startswith("_")
    ]


@pytest.mark.parametrize(("sync", "asynchronous"), PAIRS[1:])
def test_only_methods_that_make_a_request_immediately_are_coroutines(sync: type[Any], asynchronous: type[Any]) -> None:
    assert not any(map(inspect.iscoroutinefunction, public_methods(sync).values()))
    for name, method in public_methods(asynchronous).items():
        lazy = name.startswith(("list", "iter", "pages", "search", "views")) or name == "link"
        assert inspect.iscoroutinefunction(method) is not lazy, name


@pytest.mark.parametrize("cls", [sync for sync, _ in PAIRS])
def test_every_public_method_has_a_docstring_and_a_return_type(cls: type[Any]) -> None:
    assert inspect.getdoc(cls)
    for name, method in public_methods(cls).items():
        assert inspect.getdoc(method), name
        assert method.__annotations__["return"], name


def test_all_lists_exactly_the_public_names() -> None:
    designed = "ReplayClient AsyncReplayClient RetryPolicy ReplayError Playlist PlaylistSession HeatmapSnapshot Watch"
    assert {*designed.split(), "Watcher", "WatchedSession"} <= set(rum_replay.__all__)
    assert dir(rum_replay) == sorted(rum_replay.__all__)
    values = [getattr(rum_replay, name) for name in rum_replay.__all__ if name != "__version__"]
    assert [value.__name__ for value in values] == sorted(set(rum_replay.__all__) - {"__version__"})


def test_imports_for_type_checkers_match_the_runtime_names() -> None:
    (checking,) = (node for node in ast.parse(inspect.getsource(rum_replay)).body if isinstance(node, ast.If))
    imported = {
        alias.name: node.module
        for node in checking.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert imported.keys() | {"__version__"} == set(rum_replay.__all__)
    for name, module in imported.items():
        assert getattr(import_module(f"rum_replay.{module}"), name) is getattr(rum_replay, name)


@pytest.mark.parametrize("name", sorted(set(rum_replay.__all__) - {"__version__"}))
def test_repr_of_a_class_shows_the_module_to_import_it_from(name: str) -> None:
    value = getattr(rum_replay, name)
    if isinstance(value, type):
        assert repr(value) == f"<class 'rum_replay.{name}'>"
        assert pickle.loads(pickle.dumps(value)) is value
        get_type_hints(value)
        if attrs.has(value):
            attrs.resolve_types(value)


def test_every_module_that_is_not_a_package_is_marked_as_internal() -> None:
    root = Path(rum_replay.__file__).parent
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).parts
        assert parts[-1] == "__init__.py" or any(part.startswith("_") for part in parts), path


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'rum_replay' has no attribute 'ReplyClient'"):
        _ = rum_replay.ReplyClient  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
    with pytest.raises(ImportError, match="cannot import name 'ReplyClient'"):
        exec("from rum_replay import ReplyClient")


def run_in_a_fresh_interpreter(program: str) -> str:
    command = [sys.executable, "-W", "error", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


# httpx and httpcore import some of these if they are installed; the library does not need them.
HEAVY = ["click", "rich", "uvicorn", "jsonschema_rs", "jsonschema", "yaml", "trio", "rum_replay_emulator"]


def test_importing_the_client_loads_neither_endpoints_nor_the_command_line() -> None:
    program = "from rum_replay import ReplayClient; import sys; print(*sys.modules)"
    loaded = run_in_a_fresh_interpreter(program).split()
    assert not [module for module in loaded if module.startswith(("rum_replay_api.api", "rum_replay_api.models"))]
    assert not [module for module in loaded if module.startswith("rum_replay.") and "cli" in module.split("_")]
    assert not {"uvicorn", "jsonschema_rs", "jsonschema", "yaml", "rum_replay_emulator"} & set(loaded)


def test_importing_only_the_package_loads_no_dependency() -> None:
    loaded = run_in_a_fresh_interpreter("import rum_replay, sys; print(*sys.modules)").split()
    assert not {"httpx", "attr", "msgspec", "anyio", "rum_replay_api"} & set(loaded)


def test_library_works_without_the_dependencies_of_its_extras() -> None:
    program = f"""
import sys
for name in {HEAVY}:
    sys.modules[name] = None  # makes importing it fail
import httpx
from rum_replay import ReplayClient
transport = httpx.MockTransport(lambda request: httpx.Response(200, json={{"data": []}}))
client = ReplayClient(site="us1", api_key="a", app_key="b", http_client=httpx.Client(transport=transport))
print(list(client.playlists.list()), list(client.heatmaps.list("v")), list(client.viewership.list_history()))
"""
    assert run_in_a_fresh_interpreter(program) == "[] [] []\n"


def test_each_area_is_imported_on_first_use() -> None:
    program = """
import sys
from rum_replay import ReplayClient
client = ReplayClient(api_key="a", app_key="b", base_url="http://127.0.0.1:1")
client.heatmaps
print(*(name for name in sys.modules if name.startswith("rum_replay_api.api.")))
"""
    areas = {name.split(".")[2] for name in run_in_a_fresh_interpreter(program).split()}
    assert areas == {"rum_replay_heatmaps"}


def test_version_looks_like_a_release_number() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", rum_replay.__version__)
