"""scripts/regenerate on a copy of the checkout: what one run writes, what it leaves to a person, and what it says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import generate
import pytest
from api_drift.comparison import compared
from api_drift.openapi import read_openapi
from attrs import frozen
from regeneration import changelog, deriving, facts, leftovers, linting, steps
from regeneration.__main__ import lead, main
from regeneration.contract import Contract
from regeneration.operation_rows import missing_rows
from regeneration_changes import changed, contract

ROOT = Path(__file__).resolve().parents[2]
PARTS = [
    *("openapi.yaml", "CHANGELOG.md", "pyproject.toml", "docs", "generated", "wrapper", "pytest_replay", "scripts"),
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
]
PROGRAM = """
import inspect, json, typing
from rum_replay import AsyncReplayClient, InvalidRequestError, PlaylistShare, ReplayClient, ReplayError
from rum_replay_emulator import Emulator
from pytest_rum_replay.factories import Factory
import httpx

emulator = Emulator()
client = ReplayClient(api_key="a", app_key="b", site="us1", http_client=httpx.Client(transport=emulator.transport()))
found = {}
made = client.playlists.create("one", folder="Checkout")
found["created"] = made.folder
found["kept"] = client.playlists.update(made, name="two").folder
found["replaced"] = client.playlists.update(made, name="two", folder="Pay").folder
list(client.playlists.list(folder="Pay"))
found["filter"] = emulator.requests[-1].raw_query
try:
    client.playlists.create("one", folder=1)
except InvalidRequestError as error:
    found["refused"] = str(error)
found["factory"] = [Factory().playlist(folder="f").folder, Factory().playlist_share(handle="h").handle]
found["model"] = {name: str(hint) for name, hint in typing.get_type_hints(PlaylistShare).items()}
for cls in (ReplayClient, AsyncReplayClient):
    group = type(cls(api_key="a", app_key="b", site="us1").playlists)
    for name in ("create", "list_shares", "share", "unshare"):
        signature = inspect.signature(getattr(group, name))
        found[f"{group.__name__}.{name}"] = str(signature)
for name, call in {
    "list_shares": lambda: list(client.playlists.list_shares(1)),
    "share": lambda: client.playlists.share(1, handle="a@example.com"),
    "unshare": lambda: client.playlists.unshare(1),
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
    assert used["refused"] == "folder must be a string, not int"
    for group in ("Playlists", "AsyncPlaylists"):
        assert used[f"{group}.create"].startswith(
            "(self, name: 'str', *, description: 'str | None' = None, folder: 'str | None' = None)"
        )


def test_a_new_query_parameter_is_sent(used: dict[str, Any]) -> None:
    assert used["filter"] == "filter%5Bfolder%5D=Pay&page%5Bnumber%5D=1"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "wrapper/rum_replay/_models.py",
            '    folder: str | None = None\n    """The folder that the playlist is in."""\n',
        ),
        ("wrapper/rum_replay/_async/playlists.py", "        `folder`: The folder that the playlist is in.\n"),
        ("wrapper/rum_replay/_cli/playlists.py", '    "folder": lambda playlist: playlist.folder,\n}\n'),
        (
            "wrapper/rum_replay/_cli/playlists.py",
            '@click.option("--folder", metavar="TEXT", help="The folder that the playlist is in.")\n@dry_run_option\n',
        ),
        ("docs/cli.md", "- `--folder TEXT`: The folder that the playlist is in.\n"),
        ("docs/client.md", "`create(name, description=, folder=)`"),
        ("docs/client.md", "`update(id or playlist, name=, description=, folder=)`"),
        ("docs/client.md", "`list(query=, created_by=, page_size=, start_page=, limit=, folder=)`"),
        ("CHANGELOG.md", "- `Playlist.folder`, an attribute that the API has now.\n"),
        ("CHANGELOG.md", "- `playlists.list`, `playlists.create` and `playlists.update` take `folder=`.\n"),
        ("tests/cli/commands.py", 'values={"name": "Checkout", "description": None, "dry_run": False, "folder": None}'),
        ("tests/cli/test_formats.py", "updated_at description user_uuid folder"),
        ("tests/wrapper/test_public_surface.py", "create(name, *, description, folder)"),
        ("tests/project/test_every_failure.py", '{"name": "n", "description": "d", "folder": "a text"}'),
    ],
)
def test_a_new_field_is_written_where_people_read_it(copy: Copy, path: str, expected: str) -> None:
    text = (copy.root / path).read_text(encoding="utf-8")
    assert " ".join(expected.split()) in " ".join(text.split())


def test_new_facts_are_marked_until_a_source_says_the_same(copy: Copy, tmp_path: Path) -> None:
    (tmp_path / "tests" / "data").mkdir(parents=True)
    shutil.copyfile(copy.root / facts.FACTS, tmp_path / facts.FACTS)
    stated = json.loads((tmp_path / facts.FACTS).read_text(encoding="utf-8"))
    assert stated["from_contract"] == [
        "CreateRumReplayPlaylistShare",
        "DeleteRumReplayPlaylistShares",
        "ListRumReplayPlaylistShares",
        "ListRumReplayPlaylists filter[folder]",
        "PlaylistDataAttributes.folder",
        "PlaylistShare",
        "PlaylistShareArray",
        "PlaylistShareData",
        "PlaylistShareDataAttributes",
        "PlaylistShareDataType",
    ]
    source = read_openapi(changed().replace("ListRumReplayPlaylistShares", "ListOther"), "there.yaml")
    nothing = read_openapi(contract(), "there.yaml")
    assert facts.confirm(tmp_path, [nothing]) == []
    assert facts.confirm(tmp_path, [source]) == stated["from_contract"]
    assert json.loads((tmp_path / facts.FACTS).read_text(encoding="utf-8"))["from_contract"] == []


# ---- A new operation ------------------------------------------------------------------------------------------------


def test_what_only_a_person_can_write_is_listed_with_file_and_line(copy: Copy) -> None:
    operations = ("ListRumReplayPlaylistShares", "CreateRumReplayPlaylistShare", "DeleteRumReplayPlaylistShares")
    handlers = [f"write what the emulator answers to {name}" for name in operations]
    tests = [f"write what the emulator should answer to {name}" for name in operations]
    listed = left(copy)
    assert copy.status == 1
    assert sorted(line.partition(": ")[2] for line in listed) == sorted(handlers + tests)
    for line in listed:
        path, number, _ = line.split(":", 2)
        text = (copy.root / path).read_text(encoding="utf-8").splitlines()[int(number) - 1]
        assert text.strip().startswith('raise NotImplementedError("fill in: ')
    assert "   Next: write that, each at its place; then run it again\n" in copy.printed


@pytest.mark.parametrize(
    ("name", "method", "body"),
    [
        ("list_shares", "GET", None),
        (
            "share",
            "POST",
            {"data": {"type": "rum_replay_playlist_share", "attributes": {"handle": "a@example.com"}}},
        ),
        ("unshare", "DELETE", None),
    ],
)
def test_a_skeleton_sends_its_request_and_fails_where_it_is_not_filled(
    used: dict[str, Any], name: str, method: str, body: Any
) -> None:
    message, *sent = used[f"unfilled {name}"]
    assert "fill in: what the emulator answers to " in message
    assert sent == [method, "/api/v2/rum/replay/playlists/1/shares"]
    assert used[f"body {name}"] == body


def test_a_new_model_and_the_methods_are_typed(used: dict[str, Any]) -> None:
    assert used["model"]["handle"] == "<class 'str'>"
    assert "datetime" in used["model"]["shared_at"]
    assert used["Playlists.share"] == "(self, id: 'int | str', *, handle: 'str') -> 'PlaylistShare'"
    assert used["AsyncPlaylists.list_shares"] == (
        "(self, id: 'int | str', *, page_size: 'int | None' = None, start_page: 'int' = 0, "
        "limit: 'int | None' = None) -> 'AsyncListing[PlaylistShare]'"
    )
    assert used["factory"][1] == "h"


def test_the_reference_has_the_new_commands(copy: Copy) -> None:
    reference = (copy.root / "docs" / "cli.md").read_text(encoding="utf-8")
    for command in ("shares", "share", "unshare"):
        assert f"#### `rum-replay playlists {command}`" in reference


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
    guide.write_text(text.replace("ListRumReplayPlaylistShares", "ListOther"), encoding="utf-8")
    line = text[: text.index("| group | method |")].count("\n") + 1
    assert missing_rows(Contract.of(copy.root), copy.root) == [
        f"docs/client.md:{line}: there is no row for ListRumReplayPlaylistShares; add one below, as the others are"
    ]
    guide.write_text(text, encoding="utf-8")


BROKEN = [
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


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "        description:\n          type: string\n          description: What the playlist is for.",
            "        name:\n          type: string\n          description: What the playlist is for.",
            "name is there twice in the same object; keep one",
        ),
        (
            'schemas/PlaylistData"\n    PlaylistArray',
            'schemas/Missing"\n    PlaylistArray',
            "#/components/schemas/Missing leads nowhere; add it to the components, or correct the name",
        ),
    ],
)
def test_a_step_that_needs_a_person_is_the_last(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, message: str
) -> None:
    text = contract()
    assert text.count(old) == 1
    (tmp_path / "openapi.yaml").write_text(text.replace(old, new), encoding="utf-8")
    before = Contract(text)
    run_ = steps.Run(tmp_path, "HEAD", before)
    if "leads nowhere" in message:
        steps.STEPS["lint"](with_contract(run_))
        assert any(line.endswith(message) for line in run_.left)
        return
    assert lead(run_) == 1
    printed = capsys.readouterr().out
    assert re.search(
        rf"\n   Left to do:\n   \* openapi\.yaml:\d+: {re.escape(message)}\n   Next: correct openapi", printed
    )
    assert printed.splitlines()[-1].endswith("then run it again")
    assert "4. generate" not in printed


def with_contract(run_: steps.Run) -> steps.Run:
    run_.contract = Contract.of(run_.root)
    return run_


def test_a_contract_that_cannot_be_parsed_is_another_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\n", encoding="utf-8")
    commit(tmp_path, "openapi.yaml")
    (tmp_path / "openapi.yaml").write_text("openapi: [3.1.0\n", encoding="utf-8")
    assert main([], tmp_path) == 2
    assert capsys.readouterr().err.startswith("scripts/regenerate: openapi.yaml cannot be parsed: ")


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
        "# Changelog\n\n## 2.0\n\n- Nothing.\n\n## 1.0\n\n- folder\n", encoding="utf-8"
    )
    found = changelog.unnamed(differences, tmp_path)
    assert len(found) == 5
    folder = "CHANGELOG.md:3: say what folder means for users (schema PlaylistDataAttributes: property folder"
    assert any(line.startswith(folder) for line in found)


def test_this_checkout_has_nothing_left_to_fill_in() -> None:
    assert leftovers.marks(ROOT) == []
    assert missing_rows(Contract.of(ROOT), ROOT) == []
    assert facts.mismatches(Contract.of(ROOT), ROOT) == []
