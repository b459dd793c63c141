"""docs/testing.md: every Python block runs, all names in it exist, and its tables are complete."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from attrs import field, frozen
from pytest_rum_replay import (
    plugin,
    strategies,  # noqa: F401  # before the inner runs, so that they and this one have the same classes of models
)
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.options import CassetteOptions
from pytest_rum_replay.emulators.clients import emulated_environment
from rum_replay_emulator import Emulator, Faults

from .inner_runs import ANYIO, LEAN

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "testing.md").read_text(encoding="utf-8")
OFFLINE = (*LEAN, *ANYIO, "-W", "error", "--rum-replay-block-network")


@frozen
class Section:
    """A heading and the blocks below it."""

    title: str
    text: str = field(repr=False)

    def blocks(self, language: str) -> list[str]:
        return re.findall(rf"^```{language}\n(.*?)^```$", self.text, re.DOTALL | re.MULTILINE)

    def files(self) -> dict[str, str]:
        """The Python blocks by the file names in their first lines."""
        found: dict[str, str] = {}
        for number, block in enumerate(self.blocks("python")):
            named = re.match(r"# (\w+\.py)\n", block)
            found[named[1] if named else f"test_block_{number}.py"] = block
        return found


def _sections() -> Iterator[Section]:
    _, *pieces = re.split(r"^##+ (.*)$", GUIDE, flags=re.MULTILINE)
    for title, text in zip(pieces[::2], pieces[1::2], strict=True):
        yield Section(title, text)


SECTIONS = list(_sections())
WITH_CODE = [section for section in SECTIONS if section.blocks("python")]
SHELL = [line for section in SECTIONS for block in section.blocks("sh") for line in block.splitlines()]


class LiveApi:
    """Replaces the live API by an emulator while cassettes are recorded."""

    @pytest.fixture(autouse=True)
    def live_api(self, rum_replay_environment: Emulator) -> Emulator:
        return rum_replay_environment


def live_api_of_session() -> object:
    """The same for fixtures of any scope: one emulator for the whole run."""

    @pytest.fixture(scope="session", autouse=True)
    def live_api() -> Iterator[Emulator]:
        emulator = Emulator()
        with emulated_environment(emulator, {}):
            yield emulator

    module = ModuleType("live_api_of_session")
    vars(module)["live_api"] = live_api
    return module


def write(pytester: pytest.Pytester, files: dict[str, str]) -> None:
    for name, source in files.items():
        (pytester.path / name).write_text(source, encoding="utf-8")


def record(pytester: pytest.Pytester, live_api: object | None = None) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*OFFLINE, "--rum-replay-record=rewrite", plugins=[live_api or LiveApi()])


@pytest.mark.parametrize("section", WITH_CODE, ids=lambda section: section.title)
def test_the_blocks_of_each_section_run(pytester: pytest.Pytester, section: Section) -> None:
    pytester.syspathinsert()
    files = section.files()
    write(pytester, files)
    uses_cassettes = any("rum_replay_cassette" in source for source in files.values())
    is_wide = any("@pytest.fixture(scope=" in source for source in files.values())
    recorded = record(pytester, live_api_of_session() if is_wide else None) if uses_cassettes else None
    result = pytester.runpytest_inprocess(*OFFLINE)
    outcomes = result.parseoutcomes()
    assert outcomes.keys() == {"passed"}, outcomes
    assert recorded is None or recorded.parseoutcomes() == outcomes
    # Each test function in the blocks was run, with all its parameters.
    assert outcomes["passed"] >= sum(len(re.findall(r"def test_", source)) for source in files.values())
    assert uses_cassettes == bool(list(pytester.path.rglob("cassettes/**/*.yaml")))


def test_blocks_are_of_known_kinds() -> None:
    opened = re.findall(r"^```(\w*)$", GUIDE, re.MULTILINE)
    assert set(opened) == {"python", "sh", "text", ""}
    assert opened.count("") == len(opened) / 2
    assert sum(len(section.blocks("python")) for section in SECTIONS) == opened.count("python") > 10


def test_a_miss_is_explained_as_the_guide_shows(pytester: pytest.Pytester) -> None:
    (cassettes,) = (section for section in WITH_CODE if section.title == "Cassettes")
    (shown,) = (block for section in SECTIONS for block in section.blocks("text") if "MissError" in block)
    files = cassettes.files()
    write(pytester, files)
    record(pytester).assert_outcomes(passed=1)
    # The test now creates a different playlist from the recorded one.
    write(pytester, {name: source.replace('create("Checkout', 'create("Cart') for name, source in files.items()})
    result = pytester.runpytest_inprocess(*OFFLINE)
    result.assert_outcomes(failed=1, errors=0)
    output = re.sub(r"^E +(?:[\w.]+\.(?=CassetteMissError))?", "", result.stdout.str(), flags=re.MULTILINE)
    lines = [" ".join(line.split()).replace(str(pytester.path), "…") for line in output.splitlines()]
    for line in shown.splitlines():
        assert " ".join(line.split()) in lines


def test_the_options_of_the_guide_are_those_of_pytest(pytester: pytest.Pytester) -> None:
    known = pytester.runpytest_inprocess(*LEAN, "-p", "xdist", "--help").stdout.str()
    options = set(re.findall(r"^ +(--rum-replay-[a-z-]+)", known, re.MULTILINE))
    assert len(options) == 7
    assert set(re.findall(r"--rum-replay-[a-z-]+", GUIDE)) == options
    options.remove("--rum-replay-prune")  # only for the command line
    settings = {f"{name[2:].replace('-', '_')}" for name in options} | {"rum_replay_cassette_dir"}
    assert settings == set(re.findall(r"^ +(rum_replay_\w+) \(", known, re.MULTILINE))
    for option in options:
        assert re.search(rf"^\| `{option}[`=][^|]*\| `{option[2:].replace('-', '_')}` \|", GUIDE, re.MULTILINE)
    for line in SHELL:
        for option in re.findall(r"(?<= )--?[a-z][a-z-]*", line.partition("#")[0]):
            if line.startswith("pytest"):
                assert re.search(rf"(?:^|[\s,]){option}\b", known, re.MULTILINE), line


def test_the_modes_of_the_guide_are_complete() -> None:
    assert set(re.findall(r"--rum-replay-record=(\w+)", GUIDE)) - {"MODE"} <= set(Mode)
    (table,) = re.findall(r"^\| mode \|.*?\n\n", GUIDE, re.MULTILINE | re.DOTALL)
    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(Mode)


def test_every_fixture_is_in_the_table() -> None:
    fixtures = {name for name in vars(plugin) if name.startswith("rum_replay_")}
    assert len(fixtures) == 11
    (table,) = re.findall(r"^\| fixture \|.*?\n\n", GUIDE, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"^\| `(\w+)`", table, re.MULTILINE)) == fixtures


@pytest.mark.parametrize(
    ("marker", "takes"), [("rum_replay_cassette", CassetteOptions), ("rum_replay_fault", Faults.add)]
)
def test_every_argument_of_the_markers_is_in_the_table(marker: str, takes: object) -> None:
    assert callable(takes)
    arguments = [name for name in inspect.signature(takes).parameters if name != "self"]
    assert f"| `{marker}` | {', '.join(f'`{name}`' for name in arguments)} |\n" in GUIDE


def test_links_within_the_guide_point_to_its_headings() -> None:
    anchors = {section.title.lower().replace(" ", "-") for section in SECTIONS}
    linked = set(re.findall(r"\]\(#([\w-]+)\)", GUIDE))
    assert len(linked) > 5
    assert linked <= anchors
