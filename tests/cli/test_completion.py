"""TAB: the protocol of each shell, and the shells themselves.

bash runs everywhere. zsh and fish run where they are installed; what they ask the command is tested in any case.
"""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import attrs
import pytest
from rum_replay._cli.app import rum_replay as application
from rum_replay._cli.app import run

from .bench import CommandLine, run_process
from .test_options import COMMANDS, VERBS

SHELLS = ("bash", "zsh", "fish")
INSTALLED = [shell for shell in SHELLS if shell == "bash" or shutil.which(shell)]
COMMAND = "import sys; sys.argv = ['rum-replay']; from rum_replay._cli import main; main()"

CASES = [
    ("rum-replay pl", {"playlists"}),
    ("rum-replay playlists ", VERBS),
    ("rum-replay --site eu1 playlists re", {"remove"}),
    ("rum-replay --site=eu1 playlists re", {"remove"}),
    ("rum-replay --base-url http://127.0.0.1:18111 playlists re", {"remove"}),
    ("rum-replay --base-url=http://127.0.0.1:18111/ -v playlists re", {"remove"}),
    ("rum-replay playlists --json re", {"remove"}),
    ("rum-replay playlists --nonsense re", {"remove"}),
    ("rum-replay playlists list --li", {"--limit"}),
    ("rum-replay playlists list --limit 3 --so", set()),
    ("rum-replay playlists list --limit many --pa", {"--page-size"}),
    ("rum-replay playlists list --site us1", {"us1", "us1-fed"}),
    ("rum-replay playlists list --site=us1", {"--site=us1", "--site=us1-fed"}),
    ("rum-replay playlists list --site datadoghq.", {"datadoghq.com", "datadoghq.eu"}),
    ("rum-replay playlists list -o ", {"table", "json", "yaml", "csv"}),
    ("rum-replay playlists list --output=y", {"--output=yaml"}),
    ("rum-replay playlists list --columns cr", {"created_at", "created_by"}),
    ("rum-replay playlists list --columns id,na", {"id,name"}),
    ("rum-replay playlists list --columns a", {"all"}),
    ("rum-replay segments export --format ", {"jsonl", "csv", "parquet"}),
    ("rum-replay segments timeline --format ", {"text", "markdown", "jsonl"}),
    ("rum-replay segments summary --table ", {"sessions", "views"}),
    ("rum-replay segments pages s v --source ", {"event_platform", "blob"}),
    ("rum-replay heatmaps list x --device-type ", {"desktop", "mobile", "tablet"}),
    ("rum-replay viewership record s --data-source ", {"rum", "product_analytics"}),
    ("rum-replay emulator --segment-envelope m", {"multipart"}),
    ("rum-replay completion ", set(SHELLS)),
    ("rum-replay nonsense ", {name for (name, *rest) in COMMANDS if not rest}),
    ("rum-replay playlists create 'Checkout bugs' --desc", {"--description"}),
    ("rum-replay playlists get ", set()),
]
PATHS = [
    ("rum-replay segments play ", "file"),
    ("rum-replay segments tree ", "file"),
    ("rum-replay segments timeline x --player ", "file"),
    ("rum-replay segments steps x -o ", "file"),
    ("rum-replay segments play one two", "file"),
    ("rum-replay segments play x --output ", "file"),
    ("rum-replay segments heatmap x --background=", "file"),
    ("rum-replay segments export x -o ", "dir"),
    ("rum-replay segments download s v ", "dir"),
]
"""Where the shell itself completes names of files."""


@attrs.frozen
class Asked:
    """The command as a shell runs it for TAB, in this process and without any settings."""

    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def __call__(self, shell: str, **variables: str) -> list[tuple[str, str]]:
        """The kinds and values in the answer."""
        with self.monkeypatch.context() as patch:
            for name in ("DD_API_KEY", "DD_APP_KEY"):
                patch.delenv(name)
            for name, value in {"_RUM_REPLAY_COMPLETE": f"{shell}_complete", **variables}.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                run([])
        shown = self.capsys.readouterr()
        assert (ended.value.code, shown.err) == (0, "")
        lines = [line for line in shown.out.splitlines() if line]
        if shell == "zsh":
            return list(zip(lines[::3], lines[1::3], strict=True))
        return [(line.partition(",")[0], line.partition(",")[2].partition("\t")[0]) for line in lines]


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Asked:
    return Asked(monkeypatch, capsys)


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("line", "expected"), CASES)
def test_the_answer_to_a_line(ask: Asked, shell: str, line: str, expected: set[str]) -> None:
    word = re.split(r"[\s=]", line)[-1]
    if shell == "bash":  # which replaces only what is after the `=`
        expected = {value.partition("=")[2] or value for value in expected}
    variables = {"_RUM_REPLAY_LINE": line} | ({"_RUM_REPLAY_WORD": word} if shell == "bash" else {})
    assert set(ask(shell, **variables)) == {("plain", value) for value in expected}


def test_bash_may_be_configured_to_take_an_option_with_its_value_as_one_word(ask: Asked) -> None:
    variables = {"_RUM_REPLAY_LINE": "rum-replay playlists list --site=eu", "_RUM_REPLAY_WORD": "--site=eu"}
    assert ask("bash", **variables) == [("plain", "--site=eu1")]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(("line", "kind"), PATHS)
def test_paths_are_left_to_the_shell(ask: Asked, shell: str, line: str, kind: str) -> None:
    assert [found for found, _ in ask(shell, _RUM_REPLAY_LINE=line)] == [kind]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("words", "incomplete", "expected"),
    [
        (["playlists"], "", VERBS),
        (["playlists"], "cr", {"create"}),
        (["--site", "eu1", "playlists"], "cr", {"create"}),
    ],
)
def test_the_variables_of_click_are_understood(
    ask: Asked, shell: str, words: list[str], incomplete: str, expected: set[str]
) -> None:
    current = incomplete if shell == "fish" else str(len(words) + 1)
    variables = {"COMP_WORDS": " ".join(["rum-replay", *words, incomplete]), "COMP_CWORD": current}
    assert {value for _, value in ask(shell, **variables)} == expected


@pytest.mark.parametrize("path", [(), *COMMANDS], ids=" ".join)
def test_every_command_completes_its_options_and_the_values_of_each(ask: Asked, path: tuple[str, ...]) -> None:
    found = COMMANDS[path] if path else application
    line = " ".join(("rum-replay", *path))
    for parameter in found.params:
        for name in (*parameter.opts, *parameter.secondary_opts):
            ask("bash", _RUM_REPLAY_LINE=f"{line} {name} ")  # which checks that nothing fails
    completed = {value for _, value in ask("bash", _RUM_REPLAY_LINE=f"{line} --")}
    names = {name for parameter in found.params for name in (*parameter.opts, *parameter.secondary_opts)}
    own = {name for name in names if name.startswith("--")}
    assert completed == {*own, "--help"}


def test_nothing_that_costs_time_is_imported() -> None:
    program = (
        "import atexit, sys\n"
        "costly = {'httpx', 'msgspec', 'anyio', 'rich', 'yaml', 'rum_replay_api', 'rum_replay_emulator', 'asyncio'}\n"
        "atexit.register(lambda: print('imported:', *sorted(costly & set(sys.modules))))\n"
        "import click; from rum_replay._cli.app import run; run([])"
    )
    variables = {"_RUM_REPLAY_COMPLETE": "bash_complete", "_RUM_REPLAY_LINE": "rum-replay playlists list --site "}
    lines = run_process(python=("-c", program), environment=variables).succeeded().lines
    assert "plain,eu1" in lines
    assert lines[-1] == "imported:"


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("variable", ["/bin/{}", "/usr/local/bin/{}", "{}"])
def test_the_script_of_the_shell_in_use_is_printed_by_default(
    rum_replay: CommandLine, shell: str, variable: str
) -> None:
    script = rum_replay.bare("completion", shell).succeeded().out
    assert f"_RUM_REPLAY_COMPLETE={shell}_complete" in script
    rum_replay.monkeypatch.setenv("SHELL", variable.format(shell))
    assert rum_replay.bare("completion").succeeded().out == script


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_what_click_prints_on_request(rum_replay: CommandLine, shell: str) -> None:
    printed = run_process(python=("-c", COMMAND), environment={"_RUM_REPLAY_COMPLETE": f"{shell}_source"})
    # Older releases of click end it with one more line feed.
    assert printed.succeeded().out.rstrip("\n") == rum_replay.bare("completion", shell).out.rstrip("\n")


def test_an_answer_of_another_process() -> None:
    variables = {"_RUM_REPLAY_COMPLETE": "bash_complete", "COMP_WORDS": "rum-replay playlists ", "COMP_CWORD": "2"}
    lines = run_process(python=("-c", COMMAND), environment=variables).succeeded().lines
    assert "plain,create" in lines


@pytest.mark.parametrize(("variable", "words"), [("/bin/tcsh", "SHELL names 'tcsh'"), ("", "SHELL is not set")])
def test_an_unknown_shell_is_a_usage_error(rum_replay: CommandLine, variable: str, words: str) -> None:
    rum_replay.monkeypatch.setenv("SHELL", variable)
    line = rum_replay.bare("completion").failed(status=2)
    assert words in line
    assert "bash, zsh, fish" in line
    assert "'tcsh'" in rum_replay.bare("completion", "tcsh").failed(status=2)


@pytest.mark.parametrize("shell", SHELLS)
def test_help_says_how_to_install_the_script(rum_replay: CommandLine, shell: str) -> None:
    assert f"rum-replay completion {shell}" in rum_replay.bare("completion", "--help").succeeded().out


WRAPPER = """\
#!/bin/sh
# The command for TAB; otherwise it is only noted what was typed.
[ -z "$_RUM_REPLAY_COMPLETE" ] && [ "$1" != completion ] && {{
    echo "$0 $*" >"$HOME/entering" && mv "$HOME/entering" "$HOME/entered" && exit
}}
exec {python} -m rum_replay "$@"
"""


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the command prints for each shell, as people may keep it, and with zsh's list of functions."""
    folder = tmp_path_factory.mktemp("completion")
    for shell in SHELLS:
        command = [sys.executable, "-m", "rum_replay", "completion", shell]
        done = subprocess.run(command, capture_output=True, timeout=60, check=True)
        (folder / shell).write_bytes(done.stdout)
    if "zsh" in INSTALLED:
        script = 'autoload -U compinit; compinit -u -d "$0"'
        subprocess.run(["zsh", "-fc", script, folder / "functions"], timeout=60, check=True)
    return folder


@pytest.fixture
def home(tmp_path: Path, printed: Path) -> Path:
    """A home directory with a few files, and with the command in `bin`."""
    (tmp_path / "somewhere.bin").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "printed").symlink_to(printed)
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin" / "rum-replay"
    command.write_text(WRAPPER.format(python=sys.executable))
    command.chmod(0o755)
    return tmp_path


def environment(home: Path) -> dict[str, str]:
    """Without the configuration of this machine."""
    names = {"HOME": home, "ZDOTDIR": home, "XDG_CONFIG_HOME": home / "config", "XDG_DATA_HOME": home / "data"}
    path = os.pathsep.join([str(home / "bin"), os.environ["PATH"]])
    return {"PATH": path, "TERM": "xterm", "LC_ALL": "C.UTF-8", **{name: str(path) for name, path in names.items()}}


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_the_function_of_bash(home: Path, line: str, expected: set[str]) -> None:
    """With the variables that bash sets; it splits words at `=` and `:`."""
    word = re.split(r"[ =:]", line)[-1]
    script = (
        'eval "$(cat printed/bash)"; COMP_LINE=$1; COMP_POINT=${#1}\n'
        '_rum_replay_completion rum-replay "$2" previous; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", script, "bash", line, word],
        cwd=home,
        env=environment(home),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stderr == ""
    assert {value for value in done.stdout.splitlines() if value} == {value.rpartition("=")[2] for value in expected}


START = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(cat printed/bash)"'),
    "zsh": (["zsh", "-i"], 'autoload -U compinit; compinit -C -d printed/functions; eval "$(cat printed/zsh)"'),
    "fish": (["fish", "-i"], "cat printed/fish | source"),
}


TAKE_TERMINAL = (
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execvp(sys.argv[1], sys.argv[1:])"
)
"""Makes the terminal the controlling one, which shells want for jobs, and starts the shell."""


def entered(shell: str, home: Path, typed: str) -> str:
    """The line that a shell on a terminal runs after a text and TAB are typed, and Enter."""
    command, setup = START[shell]
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", TAKE_TERMINAL, *command],
        stdin=there,
        stdout=there,
        stderr=there,
        env=environment(home),
        cwd=home,
        start_new_session=True,
    )
    os.close(there)
    note, ready = home / "entered", home / "ready"
    shown = b""
    deadline = time.monotonic() + 90
    try:
        for text, file in ((f"{setup}; touch ready\r", ready), (f"{typed}\t\r", note)):
            os.write(here, text.encode())
            while not file.exists() and time.monotonic() < deadline:
                if select.select([here], [], [], 0.1)[0]:
                    shown += os.read(here, 65536)
        assert note.exists(), shown.decode(errors="replace")
        assert b"Traceback" not in shown
        return note.read_text().strip()
    finally:
        process.kill()
        process.wait()
        os.close(here)


@pytest.mark.parametrize("shell", INSTALLED)
@pytest.mark.parametrize(
    ("typed", "arguments"),
    [
        ("rum-replay pla", "playlists"),
        ("rum-replay --site eu1 playlists crea", "--site eu1 playlists create"),
        ("rum-replay --base-url=http://x:1/ playlists crea", "--base-url=http://x:1/ playlists create"),
        ("rum-replay playlists list --site=eu", "playlists list --site=eu1"),
        ("rum-replay playlists list --output ya", "playlists list --output yaml"),
        ("rum-replay segments play some", "segments play somewhere.bin"),
        ("rum-replay segments play --output=some", "segments play --output=somewhere.bin"),
        ("rum-replay segments download s v fold", "segments download s v folder"),
        ("bin/rum-replay playlists crea", "playlists create"),
        ("~/bin/rum-replay playlists crea", "playlists create"),
    ],
)
def test_tab_in_a_shell(shell: str, home: Path, typed: str, arguments: str) -> None:
    command, _, found = entered(shell, home, typed).partition(" ")
    assert Path(command).name == "rum-replay"
    assert found.removesuffix("/") == arguments  # zsh takes the slash back when the line ends
