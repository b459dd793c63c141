"""Without an extra, each entry point says how to install it, from where this distribution came from."""

from __future__ import annotations

import inspect
import json
from importlib import metadata
from pathlib import Path

import pytest
import rum_replay_emulator.extras
from rum_replay import _extras
from rum_replay._extras import install_command

from .bench import Result, run_process

RECORDED = str(Path(__file__).parents[1] / "data" / "segments" / "browser-sdk-7.16.2-allow")
COMMAND = "from rum_replay._cli import main; main()"


def without(module: str, *arguments: str, program: str = COMMAND) -> Result:
    return run_process(*arguments, python=("-c", f"import sys; sys.modules[{module!r}] = None; {program}"))


@pytest.mark.parametrize("module", ["click", "rich"])
@pytest.mark.parametrize(
    ("arguments", "program"),
    [((), COMMAND), (("demo",), COMMAND), ((), "import runpy; runpy.run_module('rum_replay', run_name='__main__')")],
)
def test_without_the_command_line(module: str, arguments: tuple[str, ...], program: str) -> None:
    assert without(module, *arguments, program=program).failed().endswith(install_command("cli"))


@pytest.mark.parametrize("module", ["uvicorn", "jsonschema_rs", "rum_replay_emulator"])
@pytest.mark.parametrize("command", ["demo", "emulator"])
def test_without_the_emulator(module: str, command: str) -> None:
    line = without(module, command).failed()
    assert module in line
    assert line.endswith(install_command("emulator"))


@pytest.mark.parametrize("module", ["uvicorn", "jsonschema_rs"])
def test_without_what_the_emulators_own_command_needs(module: str) -> None:
    program = "import runpy; runpy.run_module('rum_replay_emulator', run_name='__main__', alter_sys=True)"
    line = without(module, program=program).failed()
    assert module in line
    assert line.endswith(install_command("emulator"))


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("pyarrow", ("export", RECORDED, "-o", "out")),
        ("PIL", ("heatmap", RECORDED, "-o", "heat.html")),
        ("PIL", ("heatmap", RECORDED, "-o", "heat.png")),
    ],
)
def test_without_what_analyses_need(module: str, arguments: tuple[str, ...]) -> None:
    line = without(module, "segments", *arguments).failed()
    assert module in line
    assert line.endswith(install_command("analysis"))


@pytest.mark.parametrize(
    ("module", "program", "extra"),
    [
        ("jsonschema_rs", "from rum_replay_emulator import Emulator", "emulator"),
        ("uvicorn", "import rum_replay_emulator as e; e.Emulator().transport(); e.Emulator().serve()", "emulator"),
        ("jsonschema_rs", "from pytest_rum_replay import strategies", "pytest"),
        ("hypothesis", "from pytest_rum_replay import strategies", "pytest"),
        ("jsonschema_rs", "from pytest_rum_replay import factories", "pytest"),
        ("yaml", "from pytest_rum_replay.cassettes import open_cassette", "pytest"),
    ],
)
def test_without_what_a_python_program_needs(module: str, program: str, extra: str) -> None:
    caught = f"""
try:
    {program}
except ImportError as error:
    assert error.name == {module!r}, error.name
    sys.exit("error: " + str(error))
"""
    line = without(module, program=caught).failed()
    assert module in line
    assert line.endswith(install_command(extra))


def test_without_the_server_the_emulator_works_in_process() -> None:
    program = """
import httpx
from rum_replay_emulator import Emulator
client = httpx.Client(transport=Emulator().transport())
print(client.get("https://api.datadoghq.com/api/v2/rum/replay/playlists").status_code)
"""
    assert without("uvicorn", program=program).succeeded().out == "401\n"


def test_without_the_emulator_all_else_works() -> None:
    assert without("jsonschema_rs", "--help").succeeded().out.startswith("Usage: rum-replay")


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (None, 'pip install "rum-replay[cli]"'),
        ("{}", 'pip install "rum-replay[cli]"'),
        ("not JSON", 'pip install "rum-replay[cli]"'),
        ({"url": "file://HERE", "dir_info": {}}, 'pip install "HERE[cli]"'),
        ({"url": "file://HERE", "dir_info": {"editable": True}}, 'pip install -e "HERE[cli]"'),
        ({"url": "file://HERE/a%20$b", "dir_info": {}}, "pip install 'HERE/a $b[cli]'"),
        ({"url": "file://HERE/deleted", "dir_info": {}}, 'pip install "rum-replay[cli]"'),
        (
            {"url": "https://git.example/r.git", "vcs_info": {"vcs": "git", "commit_id": "4f2a"}},
            'pip install "rum-replay[cli] @ git+https://git.example/r.git@4f2a"',
        ),
        (
            {"url": "https://files.example/r.whl", "archive_info": {}},
            'pip install "rum-replay[cli] @ https://files.example/r.whl"',
        ),
    ],
)
def test_the_command_installs_from_where_the_distribution_came_from(
    origin: object, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a $b").mkdir()
    installed = tmp_path / "rum_replay-1.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Name: rum-replay\nVersion: 1\n")
    if origin is not None:
        text = origin if isinstance(origin, str) else json.dumps(origin)
        (installed / "direct_url.json").write_text(text.replace("HERE", str(tmp_path)))
    monkeypatch.syspath_prepend(tmp_path)
    assert install_command("cli") == expected.replace("HERE", str(tmp_path))


def test_the_command_installs_the_checkout_whose_sources_are_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_installed(name: str) -> metadata.Distribution:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(_extras, "distribution", not_installed)
    assert install_command("cli") == f'pip install "{Path(__file__).parents[2]}[cli]"'


def test_the_emulators_copy_is_the_same() -> None:
    ours, copy = (inspect.getsource(module).partition('"""\n')[2] for module in (_extras, rum_replay_emulator.extras))
    assert ours == copy
    assert rum_replay_emulator.extras.install_command("x") == install_command("x")
