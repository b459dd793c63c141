"""Profiles: an option counts before the environment, that before the profile; keys are never in the file."""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from rum_replay import ConfigurationError, FileError
from rum_replay._cli import choice, key_sources
from rum_replay._cli.choice import choose
from rum_replay._cli.commands import Settings
from rum_replay._cli.profiles import profiles_file

from .bench import API_KEY, APP_KEY, BEARER_TOKEN, CommandLine, process_environment, run_process

KEY = "0123456789abcdef0123456789abcdef"
"""What an API key looks like."""

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes the file of profiles; no credentials are in the environment."""
    for name in ("DD_API_KEY", "DD_APP_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("ACME_API", API_KEY)
    monkeypatch.setenv("ACME_APP", APP_KEY)
    monkeypatch.setenv("ACME_TOKEN", BEARER_TOKEN)
    path = tmp_path / "rum-replay" / "config.toml"
    path.parent.mkdir()

    def write(text: str) -> Path:
        path.write_text(text, encoding="utf-8")
        return path

    return write


def program(code: str) -> str:
    """A command for TOML that runs Python code."""
    return "[" + ", ".join(f"'{word}'" for word in (sys.executable, "-c", code)) + "]"


KEYS = 'api_key = { variable = "ACME_API" }\napp_key = { variable = "ACME_APP" }\n'
ACME = f'[profiles.acme]\nsite = "eu1"\n{KEYS}'


def local(base_url: str, keys: str = KEYS) -> str:
    return f'[profiles.local]\nbase_url = "{base_url}"\n{keys}'


def test_a_profile_gives_the_site_and_the_keys(rum_replay: CommandLine, write: Write) -> None:
    write(local(rum_replay.base_url))
    rum_replay.bare("--profile", "local", "playlists", "create", "a").succeeded()
    assert rum_replay.emulator.requests[-1].headers["DD-API-KEY"] == API_KEY
    assert rum_replay.emulator.requests[-1].headers["DD-APPLICATION-KEY"] == APP_KEY


def test_many_calls_use_it_as_well(rum_replay: CommandLine, write: Write) -> None:
    write(local(rum_replay.base_url))
    rum_replay.bare("playlists", "create", "a", "--profile", "local").succeeded()
    rum_replay.bare("playlists", "add", "1", "s1", "s2", "--profile", "local").succeeded()


def test_keys_come_from_commands(rum_replay: CommandLine, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WHERE", "the environment reaches the command")
    code = 'import os; assert os.environ["WHERE"]; print(os.environ["%s"])'
    keys = [f"{key}_key = {{ command = {program(code % f'ACME_{key.upper()}')} }}" for key in ("api", "app")]
    write(local(rum_replay.base_url, "\n".join(keys)))
    rum_replay.bare("--profile", "local", "playlists", "list", "--json").succeeded()
    assert rum_replay.operations == ["ListRumReplayPlaylists"]


def test_a_command_is_run_without_a_shell_and_once(rum_replay: CommandLine, write: Write, tmp_path: Path) -> None:
    marks = tmp_path / "marks"
    code = 'import sys; open(sys.argv[1], "a").write(sys.argv[2]); print("x" * 20)'
    words = [sys.executable, "-c", code, str(marks), "$HOME; exit 1 "]
    command = ", ".join(f"'{word}'" for word in words)
    write(local(rum_replay.base_url, f"bearer_token = {{ command = [{command}] }}"))
    settings = Settings(profile="local")
    for _ in range(2):
        with settings.client() as replay:
            assert replay.base_url == rum_replay.base_url
    assert marks.read_text() == "$HOME; exit 1 "


PRECEDENCE = [
    # options, variables, where requests go
    ((), {}, "https://api.datadoghq.eu"),
    (("--site", "us3"), {}, "https://api.us3.datadoghq.com"),
    (("--base-url", "http://127.0.0.1:1"), {"DD_SITE": "us5"}, "http://127.0.0.1:1"),
    ((), {"DD_SITE": "us5"}, "https://api.us5.datadoghq.com"),
    ((), {"DATADOG_SITE": "us5"}, "https://api.us5.datadoghq.com"),
    ((), {"DD_SITE": "  "}, "https://api.datadoghq.eu"),
    ((), {"RUM_REPLAY_BASE_URL": "http://127.0.0.1:2", "DD_SITE": "us5"}, "http://127.0.0.1:2"),
    (("--site", "us3"), {"RUM_REPLAY_BASE_URL": "http://127.0.0.1:2"}, "https://api.us3.datadoghq.com"),
]


@pytest.mark.parametrize(("options", "variables", "expected"), PRECEDENCE)
def test_options_count_before_the_environment_and_that_before_the_profile(
    rum_replay: CommandLine,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    variables: dict[str, str],
    expected: str,
) -> None:
    write(ACME)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = rum_replay.bare("--profile", "acme", *options, "playlists", "delete", "1", "--dry-run")
    assert result.out == f"DELETE {expected}/api/v2/rum/replay/playlists/1\n"
    is_warned = "the environment counts before site of profile 'acme': see `rum-replay doctor`" in result.err
    assert is_warned == (not options and any(map(str.strip, variables.values())))


CREDENTIALS = [
    # the profile's, those of the environment, what is sent
    (KEYS, {}, (API_KEY, APP_KEY, None)),
    (KEYS, {"DD_API_KEY": "env-api", "DD_APP_KEY": "env-app"}, ("env-api", "env-app", None)),
    (KEYS, {"DD_API_KEY": "env-api"}, ("env-api", APP_KEY, None)),
    (KEYS, {"DATADOG_APP_KEY": "env-app"}, (API_KEY, "env-app", None)),
    (KEYS, {"DD_BEARER_TOKEN": "env-token"}, (None, None, "Bearer env-token")),
    (KEYS, {"DD_API_KEY": "env-api", "DD_ACCESS_TOKEN": "env-token"}, (None, None, "Bearer env-token")),
    ('app_key = { variable = "ACME_APP" }', {"DD_API_KEY": "env-api"}, ("env-api", APP_KEY, None)),
    ('bearer_token = { variable = "ACME_TOKEN" }', {}, (None, None, f"Bearer {BEARER_TOKEN}")),
    ('bearer_token = { variable = "ACME_TOKEN" }', {"DD_API_KEY": "env-api"}, (None, None, f"Bearer {BEARER_TOKEN}")),
    (
        'bearer_token = { variable = "ACME_TOKEN" }',
        {"DD_API_KEY": "env-api", "DD_APP_KEY": "env-app"},
        ("env-api", "env-app", None),
    ),
]


@pytest.mark.parametrize(("keys", "variables", "expected"), CREDENTIALS)
def test_keys_of_the_environment_count_before_those_of_the_profile(
    rum_replay: CommandLine,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    keys: str,
    variables: dict[str, str],
    expected: tuple[str | None, ...],
) -> None:
    write(local(rum_replay.base_url, keys))
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    rum_replay.bare("--profile", "local", "playlists", "list", "--json")
    (request,) = rum_replay.emulator.requests
    names = ("DD-API-KEY", "DD-APPLICATION-KEY", "Authorization")
    assert tuple(request.headers.get(name) for name in names) == expected


CHOSEN = [
    ((), {}, 'default_profile = "local"\n', True),
    ((), {"RUM_REPLAY_PROFILE": " local "}, "", True),
    (("--profile", "local"), {"RUM_REPLAY_PROFILE": "other"}, 'default_profile = "other"\n', True),
    ((), {"RUM_REPLAY_PROFILE": ""}, "", False),
    ((), {}, "", False),
]


@pytest.mark.parametrize(("options", "variables", "head", "found"), CHOSEN)
def test_the_option_the_variable_or_the_file_chooses(
    rum_replay: CommandLine,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    variables: dict[str, str],
    head: str,
    found: bool,
) -> None:
    write(f"{head}{local(rum_replay.base_url)}[profiles.other]\nsite = 'us3'\n")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    result = rum_replay.bare(*options, "playlists", "list", "--json")
    if found:
        result.succeeded()
    else:
        assert "no usable credentials" in result.failure()["message"]


@pytest.mark.parametrize(
    ("options", "variables", "text", "message"),
    [
        (("--profile", "b"), {}, ACME, "--profile names profile 'b', and {file} has no such profile; it has 'acme'"),
        (("--profile", "b"), {}, "", "--profile names profile 'b', and {file} has no such profile; it has none"),
        (("--profile", "b"), {}, None, "--profile names profile 'b', and there is no file {file}"),
        (("--profile", ""), {}, ACME, "--profile names profile '', and {file} has no such profile"),
        ((), {"RUM_REPLAY_PROFILE": "b"}, ACME, "RUM_REPLAY_PROFILE names profile 'b', and {file} has no such"),
        ((), {"RUM_REPLAY_PROFILE": KEY}, ACME, "RUM_REPLAY_PROFILE names something that looks like a key, and {file}"),
        ((), {}, f"default_profile = 'b'\n{ACME}", "default_profile names profile 'b', and {file} has no such"),
    ],
)
def test_a_profile_that_is_not_there(
    rum_replay: CommandLine,
    write: Write,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    variables: dict[str, str],
    text: str | None,
    message: str,
) -> None:
    file = write(text or "")
    if text is None:
        file.unlink()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert message.format(file=file) in rum_replay.bare(*options, "playlists", "list").failed()


FAULTS = [
    ("site = ", "is not TOML (at "),
    ("a = 1\na = 2\n", "is not TOML (at line 2, column "),
    ("a = " + "[" * 5000, "is not TOML "),
    ('sites = "eu1"', "has the unknown member sites at the top; there are default_profile, profiles"),
    ("default_profile = 1", "has a default_profile that is not text but a number"),
    ("profiles = []", "must have a table in profiles, not a list"),
    ("profiles.acme = 2026-07-01", "must have a table in profiles.acme, not a time"),
    ("[profiles.acme]\nsites = 'eu1'", "has the unknown member sites in profiles.acme; there are site, base_url,"),
    ("[profiles.acme]\nsite = true", "has a site in profiles.acme that is not text but a truth value"),
    ("[profiles.acme]\nsite = 'datadoghq.com.evil'", "cannot be used, in profiles.acme: site='datadoghq.com.evil'"),
    ("[profiles.acme]\nbase_url = 'ftp://x'", "cannot be used, in profiles.acme: base_url"),
    (
        "[profiles.acme]\nsite = 'eu1'\nbase_url = 'http://localhost'",
        "cannot be used, in profiles.acme: give either site or base_url, not both",
    ),
    ("[profiles.acme]\napi_key = 5", "must have a table in profiles.acme.api_key, not a number"),
    ("[profiles.acme]\napi_key = {}", "must have either a command or a variable in profiles.acme.api_key"),
    (
        "[profiles.acme]\napi_key = {variable = 'A', command = ['b']}",
        "must have either a command or a variable in profiles.acme.api_key",
    ),
    ("[profiles.acme]\napi_key = {variable = 'A B'}", "must name an environment variable in profiles.acme.api_key.v"),
    ("[profiles.acme]\napi_key = {file = 'x'}", "has the unknown member file in profiles.acme.api_key; there are"),
    (
        "[profiles.acme]\napi_key = {command = 'op read'}",
        "must have a list in profiles.acme.api_key.command, such as",
    ),
    ("[profiles.acme]\napi_key = {command = []}", "must have a program and its arguments, all of them texts, in"),
    (
        "[profiles.acme]\napi_key = {command = ['op', 1]}",
        "must have a program and its arguments, all of them texts, in",
    ),
    (
        f"[profiles.acme]\nbearer_token = {{variable = 'T'}}\n{KEYS}",
        "has both a bearer_token and keys in profiles.acme",
    ),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[text[:60] for text, _ in FAULTS])
def test_a_file_that_cannot_be_used_is_named_with_the_place(
    rum_replay: CommandLine, write: Write, text: str, message: str
) -> None:
    file = write(text)
    line = rum_replay.bare("--profile", "acme", "playlists", "list").failed()
    assert line.startswith(f"error: {file} {message}")
    assert rum_replay.operations == []


PASTED = [
    f"[profiles.acme]\napi_key = '{KEY}'",
    "[profiles.acme]\napp_key = 'short-secret-7f'",
    f"[profiles.acme]\nbearer_token = 'ddpat_{KEY}'",
    f"[profiles.acme]\napi_key = {{ variable = '{KEY}' }}",
    f"[profiles.acme]\napi_key = {{ value = '{KEY}' }}",
    f"[profiles.acme]\napi_key = {{ command = ['echo', '{KEY}'] }}",
    f"[profiles.acme]\napi_key = {{ command = ['sh', '-c', 'echo {KEY}{KEY[:8]}'] }}",
    f"[profiles.acme]\nsite = '{KEY}'",
    f"[profiles.acme]\n{KEY} = 'x'",
    f"[profiles.{KEY}]\nsite = 'eu1'",
    f"api_key = '{KEY}'",
    f"'{KEY}' = 1\n'{KEY}' = 2",
    f"api_key = '{KEY}",
]
SECRET = (KEY, KEY[:8], "short-secret-7f")


@pytest.mark.parametrize("text", PASTED)
@pytest.mark.parametrize("command", [("playlists", "list"), ("doctor",), ("--json", "doctor")], ids=" ".join)
def test_a_key_in_the_file_is_refused_and_not_shown(
    rum_replay: CommandLine, write: Write, text: str, command: tuple[str, ...]
) -> None:
    file = write(text)
    result = rum_replay.bare(*command)
    assert result.status == 1
    assert str(file) in result.err
    assert not [one for one in SECRET if one in result.out + result.err]


@pytest.mark.parametrize("text", PASTED)
def test_no_variable_of_a_traceback_holds_a_key_of_the_file(write: Write, text: str) -> None:
    write(text)
    with pytest.raises(ConfigurationError) as caught:
        choose(None, None, None)
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    ours = shown.partition("rum_replay/_cli")[2]
    assert ours
    assert not [one for one in SECRET if one in ours]


def test_no_variable_of_a_traceback_holds_a_key_that_was_found(write: Write) -> None:
    write(ACME.replace("ACME_APP", "NOWHERE"))
    with pytest.raises(ConfigurationError) as caught:
        Settings(profile="acme").client()
    shown = "".join(traceback.TracebackException.from_exception(caught.value, capture_locals=True).format())
    assert "choice = Choice(" in shown
    assert API_KEY not in shown


COMPLAINTS = [
    ("raise SystemExit(3)", "failed, status 3: it wrote nothing to standard error"),
    ("import sys; sys.exit('no such\\nitem\\x1b[2J')", r"failed, status 1: no such item\x1b[2J"),
    ("import os; os.kill(os.getpid(), 9)", "was ended by signal 9: it wrote nothing to standard error"),
    ("pass", "printed nothing"),
    ("print('a b')", "printed more than one word: it must print the key alone"),
    ("print('x' * 20); import sys; sys.exit('bad ' + 'x' * 20)", "failed, status 1: bad [redacted]"),
    (f"import sys; sys.exit('bad {KEY[:16]}' + '{KEY[16:]}')", "failed, status 1: bad [redacted]"),
    ("import os, sys; sys.exit(os.environ['ACME_TOKEN'])", "failed, status 1: it is [redacted]"),
    ("import sys; sys.exit('a' * 5000 + 'end')", "aaaend"),
]


@pytest.mark.parametrize(("code", "message"), COMPLAINTS, ids=[code[:40] for code, _ in COMPLAINTS])
def test_a_command_that_gives_no_key_is_explained(
    rum_replay: CommandLine, write: Write, code: str, message: str
) -> None:
    code = code.replace("sys.exit(os", "sys.exit('it is ' + os")
    escaped = code.replace("\\", "\\\\").replace('"', '\\"')
    command = f'["{sys.executable}", "-c", "{escaped}"]'
    write(local(rum_replay.base_url, f"api_key = {{ command = {command} }}\napp_key = {{ variable = 'ACME_APP' }}"))
    line = rum_replay.bare("--profile", "local", "playlists", "list").failed()
    name = Path(sys.executable).name
    assert line.startswith(f"error: api_key of profile 'local': the command `{name}` ")
    assert line.endswith(message)
    assert len(line) < 450
    assert KEY not in line
    assert rum_replay.operations == []


def test_a_command_does_not_read_what_is_meant_for_ours(write: Write, tmp_path: Path) -> None:
    write(local("http://127.0.0.1:1", "bearer_token = { command = ['sh', '-c', 'cat >&2; exit 3'] }"))
    done = subprocess.run(
        [sys.executable, "-m", "rum_replay", "--profile", "local", "playlists", "list"],
        input="s1\n",
        env=process_environment({"XDG_CONFIG_HOME": str(tmp_path)}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.endswith("the command `sh` failed, status 3: it wrote nothing to standard error\n")


def test_a_command_that_cannot_be_started(rum_replay: CommandLine, write: Write) -> None:
    write(local(rum_replay.base_url, "bearer_token = { command = ['/nowhere/secrets', 'read'] }"))
    line = rum_replay.bare("--profile", "local", "playlists", "list").failed()
    assert line.endswith(
        "bearer_token of profile 'local': the command `secrets` cannot be started: No such file or directory"
    )


def test_a_command_that_does_not_end_is_ended(
    rum_replay: CommandLine, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_sources, "TIMEOUT", 0.5)
    # What it starts itself keeps the pipes open.
    write(
        local(
            rum_replay.base_url,
            "bearer_token = { command = ['sh', '-c', 'echo touch it >&2; sleep 5 & exec sleep 1000'] }",
        )
    )
    assert "did not end within 0.5 s: touch it" in rum_replay.bare("--profile", "local", "playlists", "list").failed()


def test_a_variable_that_is_not_set(rum_replay: CommandLine, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write(local(rum_replay.base_url))
    monkeypatch.delenv("ACME_APP")
    line = rum_replay.bare("--profile", "local", "playlists", "list").failed()
    assert line == "error: app_key of profile 'local': ACME_APP is not set"


def test_a_link_is_for_the_site_of_the_profile_and_runs_no_command(rum_replay: CommandLine, write: Write) -> None:
    write("[profiles.acme]\nsite = 'eu1'\nbearer_token = { command = ['/nowhere/secrets'] }")
    printed = rum_replay.bare("--profile", "acme", "sessions", "link", "s").succeeded().out
    assert printed.startswith("https://app.datadoghq.eu/")


def test_a_dry_run_runs_no_command(rum_replay: CommandLine, write: Write) -> None:
    write(local(rum_replay.base_url, "bearer_token = { command = ['/nowhere/secrets'] }"))
    assert rum_replay.bare("--profile", "local", "playlists", "create", "a", "--dry-run").status == 0


@pytest.mark.parametrize(
    ("mode", "message"),
    [(0o602, "may be written by everybody"), (0o000, "cannot be read: Permission denied")],
)
def test_a_file_that_must_not_be_trusted_or_cannot_be_read(
    rum_replay: CommandLine, write: Write, mode: int, message: str
) -> None:
    file = write(ACME)
    file.chmod(mode)
    if mode == 0 and os.geteuid() == 0:  # whom no permission stops
        file.unlink()
        file.mkdir()
        message = "cannot be read: it is a folder, not a regular file"
    line = rum_replay.bare("playlists", "list").failed()
    assert str(file) in line
    assert message in line


def test_a_file_that_cannot_be_read_is_a_file_error(write: Write) -> None:
    file = write("")
    file.unlink()
    file.mkdir()
    with pytest.raises(FileError) as caught:
        choose(None, None, None)
    assert caught.value.filename == str(file)


@pytest.mark.parametrize("place", ["/dev/null", "/nowhere"])
def test_without_a_place_for_the_file_there_are_no_profiles(
    rum_replay: CommandLine, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", place)
    rum_replay("playlists", "list", "--json").succeeded()


def test_the_place_is_that_of_platformdirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", "/somewhere")
    assert profiles_file() == Path("/somewhere/rum-replay/config.toml")
    monkeypatch.setenv("HOME", "/home/ana")
    for unusable in ("", "relative", "~"):
        monkeypatch.setenv("XDG_CONFIG_HOME", unusable)
        assert profiles_file() == Path("/home/ana/.config/rum-replay/config.toml")
    monkeypatch.delenv("XDG_CONFIG_HOME")
    assert profiles_file() == Path("/home/ana/.config/rum-replay/config.toml")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert profiles_file() == Path("/home/ana/Library/Application Support/rum-replay/config.toml")


def test_without_a_home_no_file_of_the_current_folder_counts(
    rum_replay: CommandLine, write: Write, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write("not TOML").rename(tmp_path / "config.toml")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(choice, "profiles_file", lambda: Path("config.toml"))
    assert "names profile 'a', and there is no file config" in rum_replay.bare("--profile", "a", "doctor").err


def test_a_place_that_cannot_be_looked_at_is_said(rum_replay: CommandLine, write: Write) -> None:
    file = write("")
    file.unlink()
    file.symlink_to(file)
    line = rum_replay.bare("--profile", "acme", "playlists", "list").failed()
    assert line.endswith(f"names profile 'acme', and {file} cannot be read: Too many levels of symbolic links")
    assert "no such profile" not in rum_replay.bare("doctor").err


def test_doctor_says_what_comes_from_where(
    rum_replay: CommandLine, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = program('import os; print(os.environ["ACME_API"])')
    file = write(ACME.replace('api_key = { variable = "ACME_API" }', f"api_key = {{ command = {command} }}"))
    found = rum_replay.bare("--profile", "acme", "doctor", "--json").succeeded().objects[0]
    name = Path(sys.executable).name
    assert (found["profile"], found["profile_from"], found["profiles_file"]) == ("acme", "--profile", str(file))
    assert (found["site"], found["site_from"]) == ("eu1", "profile 'acme'")
    assert found["credentials_from"] == [f"the command `{name}` (profile 'acme')", "ACME_APP (profile 'acme')"]
    monkeypatch.setenv("DD_SITE", "us3")
    monkeypatch.setenv("DD_API_KEY", API_KEY)
    found = rum_replay.bare("--profile", "acme", "doctor", "--json").succeeded().objects[0]
    assert (found["site"], found["site_from"]) == ("us3", "DD_SITE")
    assert found["credentials_from"] == ["DD_API_KEY", "ACME_APP (profile 'acme')"]
    assert found["unused"] == ["site of profile 'acme'", "api_key of profile 'acme'"]
    monkeypatch.setenv("DD_BEARER_TOKEN", BEARER_TOKEN)
    found = rum_replay.bare("--profile", "acme", "doctor", "--json").succeeded().objects[0]
    assert found["credentials_from"] == ["DD_BEARER_TOKEN"]
    assert found["unused"] == ["DD_API_KEY", *(f"{one} of profile 'acme'" for one in ("site", "api_key", "app_key"))]


def test_doctor_explains_a_profile_that_gives_no_keys(rum_replay: CommandLine, write: Write) -> None:
    write(ACME.replace("ACME_APP", "NOWHERE"))
    result = rum_replay.bare("--profile", "acme", "doctor")
    assert result.status == 1
    assert "credentials from  ACME_API (profile 'acme'), NOWHERE (profile 'acme')" in result.lines
    assert result.err == "error: app_key of profile 'acme': NOWHERE is not set\n"


def test_the_command_for_the_rest_has_the_profile(write: Write) -> None:
    assert Settings(profile="a b").words() == ["--profile", "a b"]


def test_completion_offers_the_names(write: Write, tmp_path: Path) -> None:
    write(f"{ACME}[profiles.beta]\n")
    variables = {"_RUM_REPLAY_COMPLETE": "bash_complete", "COMP_WORDS": "rum-replay --profile ", "COMP_CWORD": "2"}
    completed = run_process(environment={**variables, "XDG_CONFIG_HOME": str(tmp_path)}).succeeded().lines
    assert completed == ["plain,acme", "plain,beta"]
    write("not TOML")
    assert run_process(environment={**variables, "XDG_CONFIG_HOME": str(tmp_path)}).succeeded().out.strip() == ""
