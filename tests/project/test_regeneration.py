"""scripts/regenerate on a copy of the checkout: what one run writes, what it leaves to a person, and what it says."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import generate
import pytest
from api_drift.comparison import compared
from api_drift.openapi import read_openapi
from attrs import frozen
from regeneration import changelog, deriving, facts, leftovers, linting, steps
from regeneration.__main__ import lead, main
from regeneration.contract import Contract
from regeneration.operation_rows import missing_rows
from regeneration.rows import entry
from regeneration.source import Module, PlaceError
from regeneration_changes import ANY_TEXT, changed, contract

ROOT = Path(__file__).resolve().parents[2]
PARTS = [
    *(
        ".gitignore",
        "openapi.yaml",
        "CHANGELOG.md",
        "pyproject.toml",
        "docs",
        "generated",
        "wrapper",
        "pytest_replay",
        "scripts",
    ),
    *(
        "tests/data/operations.json",
        "tests/emulator/test_emulator_playlists.py",
        "tests/failures/failure_operations.py",
    ),
    *(
        "tests/cli/commands.py",
        "tests/cli/test_formats.py",
        "tests/cli/test_dry_run.py",
        "tests/project/test_every_failure.py",
    ),
    *("tests/wrapper/test_errors.py", "tests/wrapper/test_public_surface.py"),
    *("tests/wrapper/__init__.py", "tests/wrapper/replay_samples.py", "tests/wrapper/replay_driver.py"),
    *("tests/wrapper/conftest.py", "tests/wrapper/test_requests.py"),
]
PROGRAM = """
import inspect, json, typing
from rum_replay import AsyncReplayClient, InvalidRequestError, PlaylistGuest, ReplayClient, ReplayError
from rum_replay_emulator import Emulator
from pytest_rum_replay.factories import Factory
import httpx

emulator = Emulator()
client = ReplayClient(api_key="a", app_key="b", site="us1", http_client=httpx.Client(transport=emulator.transport()))
found = {}
made = client.playlists.create("one", shelf="Checkout")
found["created"] = made.shelf
found["kept"] = client.playlists.update(made, name="two").shelf
found["replaced"] = client.playlists.update(made, name="two", shelf="Pay").shelf
list(client.playlists.list(shelf="Pay"))
found["filter"] = emulator.requests[-1].raw_query
client.playlists.get(1, include="all", since=1)
found["include"] = emulator.requests[-1].raw_query
try:
    client.playlists.create("one", shelf=1)
except InvalidRequestError as error:
    found["refused"] = str(error)
found["factory"] = [Factory().playlist(shelf="f").shelf, Factory().playlist_guest(handle="h").handle]
found["model"] = {name: str(hint) for name, hint in typing.get_type_hints(PlaylistGuest).items()}
for cls in (ReplayClient, AsyncReplayClient):
    group = type(cls(api_key="a", app_key="b", site="us1").playlists)
    for name in ("create", "list_guests", "invite", "uninvite"):
        signature = inspect.signature(getattr(group, name))
        found[f"{group.__name__}.{name}"] = str(signature)
for name, call in {
    "list_guests": lambda: list(client.playlists.list_guests(1)),
    "invite": lambda: client.playlists.invite(1, handle="a@example.com"),
    "uninvite": lambda: client.playlists.uninvite(1),
}.items():
    try:
        call()
    except ReplayError as error:
        found[f"unfilled {name}"] = [str(error), emulator.requests[-1].method, emulator.requests[-1].path]
        found[f"body {name}"] = json.loads(emulator.requests[-1].body or b"null")
print(json.dumps(found))
"""


@frozen
class Copy:
    """A copy of the checkout after a change and one run."""

    root: Path
    printed: str
    status: int


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python, with the packages of the copy before those that are installed."""
    folders = [str(root / name) for name in ("scripts", "generated", "wrapper", "pytest_replay")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(folders)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    root = tmp_path_factory.mktemp("changed") / "check out"
    ignored = shutil.ignore_patterns("__pycache__", "benchmarks", "vendor", "images")
    for part in PARTS:
        (root / part).parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / part).is_dir():
            shutil.copytree(ROOT / part, root / part, ignore=ignored)
        else:
            shutil.copyfile(ROOT / part, root / part)
    commit(root, "openapi.yaml", "generated")
    (root / "openapi.yaml").write_text(changed(), encoding="utf-8", newline="\n")
    finished = run(root, "-m", "regeneration", "--until", "fill in")
    return Copy(root, finished.stdout + finished.stderr, finished.returncode)


def commit(root: Path, *paths: str) -> None:
    for command in (["init", "-q"], ["add", *paths], ["commit", "-q", "-m", "before"]):
        name = ["-c", "user.name=somebody", "-c", "user.email=somebody@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *name, *command], cwd=root, check=True)


@pytest.fixture(scope="module")
def used(copy: Copy) -> dict[str, Any]:
    """What a program found that uses the copy."""
    finished = run(copy.root, "-c", PROGRAM)
    assert finished.returncode == 0, finished.stderr
    found: dict[str, Any] = json.loads(finished.stdout)
    return found


def left(copy: Copy) -> list[str]:
    return re.findall(r"^   \* (.*)$", copy.printed, re.MULTILINE)


# ---- A new field ----------------------------------------------------------------------------------------------------


def test_a_new_field_is_sent_stored_returned_and_kept(used: dict[str, Any]) -> None:
    assert (used["created"], used["kept"], used["replaced"]) == ("Checkout", "Checkout", "Pay")
    assert used["factory"][0] == "f"


def test_a_new_argument_is_checked_like_its_neighbors(used: dict[str, Any]) -> None:
    assert used["refused"] == "shelf must be a string, not int"
    for group in ("Playlists", "AsyncPlaylists"):
        assert used[f"{group}.create"].startswith("(self, name: 'str', *, description: 'str | None' = None, ")
        assert "shelf: 'str | None' = None) -> " in used[f"{group}.create"]


def test_a_new_query_parameter_is_sent(used: dict[str, Any]) -> None:
    assert dict(parse_qsl(used["filter"]))["filter[shelf]"] == "Pay"
    assert dict(parse_qsl(used["include"])) == {"include": "all", "since": "1970-01-01T00:00:00.001000+00:00"}


def test_only_the_command_for_an_operation_gets_its_options(copy: Copy) -> None:
    """`playlists update` calls `playlists.get` as well, and `update` of `_calls` the method `get` of a dictionary."""
    reference = (copy.root / "docs" / "cli.md").read_text(encoding="utf-8")
    having = re.findall(r"^#### `rum-replay playlists (\w+)`(?:(?!^#).*\n)*?- `--include TEXT", reference, re.MULTILINE)
    assert having == ["get"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "wrapper/rum_replay/_models.py",
            '    shelf: str | None = None\n    """The shelf that the playlist is in."""\n',
        ),
        ("wrapper/rum_replay/_async/playlists.py", "        `shelf`: The shelf that the playlist is in.\n"),
        ("wrapper/rum_replay/_cli/playlists.py", '    "shelf": lambda playlist: playlist.shelf,\n}\n'),
        (
            "wrapper/rum_replay/_cli/playlists.py",
            '@click.option("--shelf", metavar="TEXT", help="The shelf that the playlist is in.")\n@dry_run_option\n',
        ),
        ("docs/cli.md", "- `--shelf TEXT`: The shelf that the playlist is in.\n"),
        ("docs/client.md", "`create(name, …, shelf=)`"),
        ("docs/client.md", "`update(id or playlist, …, shelf=)`"),
        ("docs/client.md", "`list(query=, …, shelf=)`"),
        ("CHANGELOG.md", "- `Playlist.shelf`, an attribute that the API has now.\n"),
        ("CHANGELOG.md", "- `playlists.list`, `playlists.create` and `playlists.update` take `shelf=`.\n"),
        ("tests/cli/commands.py", 'values={"name": "Checkout", … "shelf": None}'),
        ("tests/cli/test_formats.py", "updated_at description …shelf"),
        ("tests/wrapper/test_public_surface.py", "create(name, *, …, shelf)"),
        ("tests/project/test_every_failure.py", '{"name": "n", … "shelf": "a text"}'),
    ],
)
def test_a_new_field_is_written_where_people_read_it(copy: Copy, path: str, expected: str) -> None:
    text = " ".join((copy.root / path).read_text(encoding="utf-8").split())
    pattern = "[^|}]*".join(map(re.escape, " ".join(expected.split()).split("…")))
    assert re.search(pattern, text)


def test_new_facts_are_marked_until_a_source_says_the_same(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "tests" / "data").mkdir(parents=True)
    shutil.copyfile(copy.root / facts.FACTS, tmp_path / facts.FACTS)
    stated = json.loads((tmp_path / facts.FACTS).read_text(encoding="utf-8"))
    before = json.loads((ROOT / facts.FACTS).read_text(encoding="utf-8")).get("from_contract", [])
    new = [name for name in stated["from_contract"] if name not in before]
    assert new == [
        "CreateRumReplayPlaylistGuest",
        "DeleteRumReplayPlaylistGuests",
        "GetRumReplayPlaylist include",
        "GetRumReplayPlaylist since",
        "ListRumReplayPlaylistGuests",
        "ListRumReplayPlaylists filter[shelf]",
        "PlaylistDataAttributes.class",
        "PlaylistDataAttributes.labels",
        "PlaylistDataAttributes.shelf",
        "PlaylistGuest",
        "PlaylistGuestArray",
        "PlaylistGuestData",
        "PlaylistGuestDataAttributes",
        "PlaylistGuestDataType",
    ]
    source = read_openapi(changed(), "there.yaml")
    nothing = read_openapi(contract(), "there.yaml")
    assert not {*facts.confirm(tmp_path, [nothing])} & {*new}
    assert facts.confirm(tmp_path, [source]) == new
    assert json.loads((tmp_path / facts.FACTS).read_text(encoding="utf-8"))["from_contract"] == []


def test_a_drift_is_listed_with_both_places_and_stops(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in (facts.FACTS, "scripts/api_drift/known_drift.toml", "openapi.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, tmp_path / name)
    source = read_openapi(changed(), "there.yaml")
    assert lead(steps.Run(tmp_path, "HEAD", Contract(contract()), [source])) == 1
    printed = capsys.readouterr().out
    shelf = r"openapi\.yaml:\d+: schema PlaylistDataAttributes: property shelf \(string, optional\) added"
    assert re.search(rf"\n   \* {shelf} \(there there\.yaml:\d+; additive\)\n", printed)
    assert "   Next: edit openapi.yaml, or explain a difference in scripts/api_drift/known_drift.toml" in printed
    assert "2. edit" not in printed


# ---- A new operation ------------------------------------------------------------------------------------------------


def test_what_only_a_person_can_write_is_listed_with_file_and_line(copy: Copy) -> None:
    operations = ("ListRumReplayPlaylistGuests", "CreateRumReplayPlaylistGuest", "DeleteRumReplayPlaylistGuests")
    steps_ = [f"no step calls playlists.{name}; add it to one" for name in ("list_guests", "invite", "uninvite")]
    handlers = [f"write what the emulator answers to {name}" for name in operations]
    tests = [f"write what the emulator should answer to {name}" for name in operations]
    reason = "which is of no plain type, or has a name that no argument can have: add it to the call by hand"
    calls = [f"CreateRumReplayPlaylist may send {name}, {reason}" for name in ("class", "labels")]
    listed = left(copy)
    assert copy.status == 1
    assert sorted(line.partition(": ")[2] for line in listed) == sorted(handlers + tests + steps_ + calls)
    for line in listed:
        path, number, _ = line.split(":", 2)
        text = (copy.root / path).read_text(encoding="utf-8").splitlines()[int(number) - 1].strip()
        begins = "class DemoSteps:" if "no step calls" in line else 'raise NotImplementedError("fill in: '
        assert text.startswith("attributes = PlaylistDataAttributes(" if reason in line else begins)
    assert "   Next: write that, each at its place; then run it again\n" in copy.printed


@pytest.mark.parametrize(
    ("name", "method", "body"),
    [
        ("list_guests", "GET", None),
        (
            "invite",
            "POST",
            {"data": {"type": "rum_replay_playlist_guest", "attributes": {"handle": "a@example.com"}}},
        ),
        ("uninvite", "DELETE", None),
    ],
)
def test_a_skeleton_sends_its_request_and_fails_where_it_is_not_filled(
    used: dict[str, Any], name: str, method: str, body: Any
) -> None:
    message, *sent = used[f"unfilled {name}"]
    assert "fill in: what the emulator answers to " in message
    assert sent == [method, "/api/v2/rum/replay/playlists/1/guests"]
    assert used[f"body {name}"] == body


def test_a_new_model_and_the_methods_are_typed(used: dict[str, Any]) -> None:
    assert used["model"]["handle"] == "<class 'str'>"
    assert "datetime" in used["model"]["invited_at"]
    assert used["Playlists.invite"] == "(self, id: 'int | str', *, handle: 'str') -> 'PlaylistGuest'"
    assert used["AsyncPlaylists.list_guests"] == (
        "(self, id: 'int | str', *, page_size: 'int | None' = None, start_page: 'int' = 0, "
        "limit: 'int | None' = None) -> 'AsyncListing[PlaylistGuest]'"
    )
    assert used["factory"][1] == "h"


def test_the_reference_has_the_new_commands(copy: Copy) -> None:
    reference = (copy.root / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in ("guests", "invite", "uninvite"):
        assert f"#### `rum-replay playlists {command}`" in reference


def test_the_rows_of_requests_are_right(copy: Copy) -> None:
    unused = [
        f"-pno:{plugin}" for plugin in ("cacheprovider", "schemathesis", "hypothesispytest", "pytest_cov", "xdist")
    ]
    rows = "guests or invite or shelf or include or since or every_operation or every_query"
    finished = run(copy.root, "-m", "pytest", "-q", *unused, "-k", rows, "tests/wrapper/test_requests.py")
    assert finished.returncode == 0, finished.stdout
    assert "20 passed" in finished.stdout  # six rows in each of three ways, and whether any is missing


def test_any_text_means_itself_in_code(copy: Copy) -> None:
    """Descriptions in docstrings and help texts, a summary in the docstring and the question of a command."""
    places = {"_models.py": "", "_async/playlists.py": " Long. ", "_cli/playlists.py": " Long. "}
    for name, after in places.items():
        code = ast.parse((copy.root / "wrapper" / "rum_replay" / name).read_text(encoding="utf-8"))
        texts = [
            node.value for node in ast.walk(code) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        assert any(f"{ANY_TEXT}{after}".strip() in " ".join(text.split()) for text in texts), name
    assert {f"{ANY_TEXT}.", f"{ANY_TEXT}?", f"done: {ANY_TEXT}"} <= {*texts}


def test_a_field_whose_name_python_takes_is_no_attribute(copy: Copy) -> None:
    line = changed()[: changed().index("        class:\n")].count("\n") + 1
    words = f"openapi.yaml:{line}: Playlist has no attribute class, a name that is taken; `to_dict()` has it"
    assert f"   {words}\n" in copy.printed


def test_what_was_written_is_laid_out_as_everything_else(copy: Copy) -> None:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--quiet", "wrapper", "pytest_replay", "tests"]
    checked = subprocess.run(command, cwd=copy.root, capture_output=True, text=True, check=False)
    assert checked.stdout == ""


def test_a_second_run_writes_nothing(copy: Copy) -> None:
    before = {path: path.read_bytes() for path in files(copy.root)}
    again = steps.Run(copy.root, "HEAD", Contract(contract()))
    steps.edit(again)
    again.done = []
    steps.write(again)
    assert again.done == ["every operation has its code, and every parameter is handed through"]
    assert facts.add_missing(again.contract, copy.root) == []
    assert {path: path.read_bytes() for path in files(copy.root)} == before


def files(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and not {".git", "__pycache__"} & {*path.parts})


# ---- What is wrong or missing ---------------------------------------------------------------------------------------


def test_an_edited_generated_file_is_named_and_stays(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(generate, "CLIENT", copy.root / "generated" / "rum_replay_api")
    assert deriving.edited_by_hand(copy.root) == []
    name = "generated/rum_replay_api/models/watch.py"
    before = (copy.root / name).read_text(encoding="utf-8")
    (copy.root / name).write_text(before.replace("class Watch:", "class Watch:  # mine"), encoding="utf-8")
    line = before[: before.index("class Watch:")].count("\n") + 1
    (edited,) = deriving.edited_by_hand(copy.root)
    assert edited.startswith(f"{name}:{line}: somebody has edited this")
    assert edited.endswith(f"make the change there, then `git restore {name}`, or delete it")
    (copy.root / name).write_text(before, encoding="utf-8")


def test_a_missing_row_is_named_by_its_table(copy: Copy) -> None:
    guide = copy.root / "docs" / "client.md"
    text = guide.read_text(encoding="utf-8")
    guide.write_text(text.replace("ListRumReplayPlaylistGuests", "ListOther"), encoding="utf-8")
    line = text[: text.index("| group | method |")].count("\n") + 1
    assert missing_rows(Contract.of(copy.root), copy.root)[:1] == [
        f"docs/client.md:{line}: there is no row for ListRumReplayPlaylistGuests; add one below, as the others are"
    ]
    guide.write_text(text, encoding="utf-8")


def test_a_table_that_is_not_as_it_was_is_named() -> None:
    with pytest.raises(PlaceError, match=r"tests/cli/commands\.py:1: no row is like the one that should be there"):
        entry(Module(ROOT / "tests" / "cli" / "commands.py"), "playlists nothing")
    with pytest.raises(PlaceError, match=r"tests/cli/commands\.py:1: nothing is assigned to OTHERS"):
        Module(ROOT / "tests" / "cli" / "commands.py").display("OTHERS")


BROKEN = [
    (
        "              examples:\n                recorded:\n"
        '                  $ref: "#/components/examples/WatchRecorded"\n',
        "",
        "CreateRumReplaySessionWatch needs `examples` there, which refer to #/components/examples",
    ),
    ("      x-rum-replay-method: playlists.get\n", "", "needs `x-rum-replay-method` (such as playlists.get)"),
    ("      x-rum-replay-model: Watcher\n", "", "needs `x-rum-replay-model: Watcher`, or another name,"),
    ("          x-python-name: filter_query\n", "", "needs `x-python-name: filter_query`, as names with brackets do"),
    (
        "          description: What the playlist is for.\n",
        "",
        "PlaylistDataAttributes.description needs a description",
    ),
    ("          format: int64\n          description: How many sess", "          description: How many sess", "int64`"),
    ("updated_at, session_count]", "updated_at, size]", "names size, which PlaylistDataAttributes does not have"),
    ("playlists.delete\n", "playlists.create\n", "already has the method playlists.create; choose another one"),
    (
        "      type: object\n      x-rum-replay-model: Watch\n",
        "      type: thing\n      x-rum-replay-model: Watch\n",
        "3.1",
    ),
]
"""What is replaced in the contract, and the end of what linting says about its line."""


def test_each_mistake_in_the_contract_is_named_with_its_line() -> None:
    text = contract()
    assert linting.problems(Contract(text)) == []
    for old, new, _ in BROKEN:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found = linting.problems(Contract(text))
    for _, _, words in BROKEN:
        assert [line for line in found if words in line], words
    lines = text.splitlines()
    for problem in found:
        assert re.match(r"openapi\.yaml:\d+: ", problem)
    (named,) = (line for line in found if "needs `x-python-name" in line)
    assert lines[int(named.split(":")[1]) - 1].strip() == "- name: filter[query]"


def replaced(root: Path, old: str, new: str) -> steps.Run:
    """A run in a folder whose contract has something else in one place."""
    text = contract()
    assert text.count(old) == 1
    (root / "openapi.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return steps.Run(root, "HEAD", Contract(text))


def test_a_step_that_needs_a_person_is_the_last(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    there = "          type: string\n          description: What the playlist is for."
    assert lead(replaced(tmp_path, f"        description:\n{there}", f"        name:\n{there}")) == 1
    printed = capsys.readouterr().out
    assert re.search(
        r"\n   Left to do:\n   \* openapi\.yaml:\d+: name is there twice in the same object; keep one\n   Next: ",
        printed,
    )
    assert printed.splitlines()[-1].endswith("then run it again")
    assert "4. generate" not in printed


def test_a_reference_that_leads_nowhere_is_named(tmp_path: Path) -> None:
    run_ = replaced(tmp_path, 'schemas/PlaylistData"\n    PlaylistArray', 'schemas/Missing"\n    PlaylistArray')
    run_.contract = Contract.of(tmp_path)
    steps.STEPS["lint"](run_)
    message = "#/components/schemas/Missing leads nowhere; add it to the components, or correct the name"
    assert any(line.endswith(message) for line in run_.left)


def test_a_contract_that_cannot_be_parsed_is_another_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    commit(tmp_path, "openapi.yaml")
    (tmp_path / "openapi.yaml").write_text("openapi: [3.1.0\n", encoding="utf-8")
    assert main([], tmp_path) == 2
    shown = capsys.readouterr().err
    assert re.fullmatch(r"scripts/regenerate: openapi\.yaml cannot be parsed: while parsing .*, in line \d\n", shown)


# ---- What is gone ---------------------------------------------------------------------------------------------------


def test_uses_of_what_is_gone_are_listed_and_nothing_else() -> None:
    before = Contract(contract())
    after = contract().replace("        session_count:\n", "        sessions_total:\n")
    after = after.replace(
        "        track: &track\n          type: string\n", "        track: &track\n          type: integer\n"
    )
    start = after.index("    delete:\n      operationId: DeleteRumReplayPlaylist\n")
    after = after[:start] + after[after.index("  /api/v2/rum/replay/playlists/{playlist_id}/sessions:\n") :]
    differences = compared(read_openapi(before.text, "openapi.yaml"), read_openapi(after, "openapi.yaml")).differences
    places = leftovers.uses(before, differences, ROOT)
    by_name = {text.partition(" ")[2]: found for text, found in places.items()}
    gone = by_name["PlaylistDataAttributes: property session_count removed"]
    assert any(re.match(r"wrapper/rum_replay/_cli/playlists\.py:\d+: .*playlist\.session_count", line) for line in gone)
    assert any(line.startswith("docs/client.md:") for line in gone)
    operation = next(found for text, found in by_name.items() if text.startswith("DeleteRumReplayPlaylist:"))
    for path in ("_calls/playlists.py", "_cli/playlists.py"):
        assert any(line.startswith(f"wrapper/rum_replay/{path}:") for line in operation), path
    retyped = next(found for text, found in by_name.items() if "property track: type string → integer" in text)
    assert any("session.track" in line for line in retyped)
    for line in [*gone, *operation, *retyped]:
        path, number, shown = line.split(":", 2)
        assert "_sync/" not in path
        assert shown.strip() in (ROOT / path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
    assert not any(text for text in by_name if "added" in text)


def test_the_changelog_must_name_every_change(copy: Copy, tmp_path: Path) -> None:
    differences = compared(
        read_openapi(contract(), "openapi.yaml"), read_openapi(changed(), "openapi.yaml")
    ).differences
    assert changelog.unnamed(differences, copy.root) == []
    (tmp_path / "CHANGELOG.md").write_text(
        "# Changelog\n\n## 2.0\n\n- Nothing.\n\n## 1.0\n\n- shelf\n", encoding="utf-8"
    )
    found = changelog.unnamed(differences, tmp_path)
    assert len(found) == 9
    shelf = "CHANGELOG.md:3: say what shelf means for users (schema PlaylistDataAttributes: property shelf"
    assert any(line.startswith(shelf) for line in found)


def test_this_checkout_has_nothing_left_to_fill_in() -> None:
    assert leftovers.marks(ROOT) == []
    assert missing_rows(Contract.of(ROOT), ROOT) == []
    assert facts.mismatches(Contract.of(ROOT), ROOT) == []
