"""Programs written for Linux run on Windows and macOS as well: nothing that only POSIX has is used outside a guard.

`scripts/release --check` has mypy look for it with the types of each system, which finds more and takes longer.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import POSIX_ONLY, TESTS

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ("wrapper", "pytest_replay")  # what is generated uses neither files nor processes

# Missing on Windows.
MODULES = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
ATTRIBUTES = {
    *(
        "AF_UNIX",
        "CLOCK_MONOTONIC",
        "MADV_DONTNEED",
        "O_CLOEXEC",
        "O_DIRECTORY",
        "O_NOCTTY",
        "O_NOFOLLOW",
        "O_NONBLOCK",
    ),
    *("SIGALRM", "SIGCHLD", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP", "SIGUSR1", "SIGUSR2"),
    *("SO_REUSEPORT", "WNOHANG", "alarm", "chown", "chroot", "clock_gettime", "create_unix_server", "fchmod", "fchown"),
    *("fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg", "getpgid", "getpgrp", "getrusage", "getuid"),
    *("killpg", "lchown", "madvise", "mkfifo", "mknod", "nice", "open_unix_connection", "openpty", "posix_fallocate"),
    *("posix_spawn", "pread", "pthread_kill", "pthread_sigmask", "pwrite", "recvmsg", "sched_getaffinity", "sendfile"),
    *("sendmsg", "setegid", "seteuid", "setgid", "setitimer", "setpgid", "setrlimit", "setsid", "setuid", "sigwait"),
    *("statvfs", "sysconf", "tcgetattr", "tcsetattr", "tzset", "uname", "wait3", "wait4", "waitpid"),
}
# What exists on Windows and means something else there, whatever it is an attribute or argument of.
DIFFERENT = {
    "SO_REUSEADDR": "lets two servers use one port on Windows",
    "add_reader": "is not supported by the event loop of Windows",
    "add_signal_handler": "is not supported by the event loop of Windows",
    "add_writer": "is not supported by the event loop of Windows",
    "chmod": "sets nothing but a read-only flag on Windows",
    "getppid": "stays the same on Windows when the parent ends",
    "hardlink_to": "is not supported by every file system of Windows",
    "kill": "ends a process on Windows at once, whatever the signal",
    "preexec_fn": "is not supported on Windows",
    "rename": "fails on Windows if the target exists: use replace",
    "send_signal": "ends a process on Windows at once, whatever the signal",
    "shell": "uses another shell on Windows",
    "symlink": "needs a privilege on Windows",
    "symlink_to": "needs a privilege on Windows",
    "terminate": "ends a process on Windows at once, without its handlers",
}
TEXTS = {
    r"/(dev|proc|tmp|etc)(?=/|$)": "is a path that only POSIX has",
    r".*%-[a-zA-Z]": "is a format of strftime that only POSIX has",
    r"fork(server)?\Z": "is a way to start processes that Windows does not have",
}
# Where they are right all the same.
ALLOWED = {
    ("wrapper/rum_replay/_cli/key_sources.py", "kill"): "meant so",
    ("wrapper/rum_replay/_files.py", "/dev"): "a pattern, used after a guard",
    ("wrapper/rum_replay/segments/_work/processes.py", "kill"): "there is nothing else to do on Windows",
    ("wrapper/rum_replay/segments/_work/processes.py", "terminate"): "there is nothing else to do on Windows",
    ("wrapper/rum_replay/segments/records/_base.py", "rename"): "an option of msgspec",
}


def suspicious(source: str) -> Iterator[tuple[str, str]]:
    """What Windows lacks or does otherwise, with the reason, except in functions that ask which system it is.

    `getattr(os, …)` is a guard as well. Docstrings are not looked at.
    """
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if (is_function or isinstance(node, ast.If | ast.IfExp | ast.BoolOp)) and asks_for_the_system(node):
            continue
        waiting += ast.iter_child_nodes(node)
        for name in names_in(node):
            if name in MODULES | ATTRIBUTES:
                yield name, "is missing on Windows"
            elif name in DIFFERENT:
                yield name, DIFFERENT[name]
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for pattern, reason in TEXTS.items():
                if found := re.match(pattern, node.value):
                    yield found[0], reason


def names_in(node: ast.AST) -> list[str]:
    match node:
        case ast.Attribute(attr=name) | ast.keyword(arg=str(name)) if name not in MODULES:
            return [name]
        case ast.Import(names=imported):
            return [alias.name for alias in imported]
        case ast.ImportFrom(module=str(module), names=imported, level=0):
            return [module, *(alias.name for alias in imported)]
    return []


def asks_for_the_system(function: ast.AST) -> bool:
    asked = {("sys", "platform"), ("os", "name")}
    return any(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and (node.value.id, node.attr) in asked
        for node in ast.walk(function)
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", ["fcntl"]),
        ("import fcntl, os", ["fcntl"]),
        ("from resource import getrusage", ["resource", "getrusage"]),
        ("from .resource import read", []),
        ("os.geteuid()", ["geteuid"]),
        ("getattr(os, 'geteuid', None)", []),
        ("if sys.platform != 'win32':\n    os.geteuid()", []),
        ("root = os.name == 'posix' and os.geteuid() == 0", []),
        ("root = os.geteuid() == 0 and is_allowed", ["geteuid"]),
        ("resource = answer.resource", []),
        ("root = os.geteuid() == 0 if os.name == 'posix' else False", []),
        ("def f():\n    if sys.platform == 'win32':\n        return\n    import fcntl", []),
        ("def f():\n    import fcntl\ndef g():\n    return sys.platform", ["fcntl"]),
        ("path.rename(other)", ["rename"]),
        ("path.replace(other)", []),
        ("loop.add_signal_handler(2, stop)", ["add_signal_handler"]),
        ("subprocess.run('ls', shell=True)", ["shell"]),
        ("open('/dev/null')", ["/dev"]),
        ("open('/device')", []),
        ("now.strftime('%-d %B')", ["%-d"]),
        ("def f():\n    '/dev/null is written to.'", []),
        ("context = get_context('fork')", ["fork"]),
    ],
)
def test_what_windows_lacks_or_does_otherwise_is_found(source: str, found: list[str]) -> None:
    assert sorted(name for name, _ in suspicious(source)) == sorted(found)


def test_nothing_that_windows_lacks_or_does_otherwise_is_used() -> None:
    found = {
        (path.relative_to(ROOT).as_posix(), name): reason
        for folder in SHIPPED
        for path in (ROOT / folder).rglob("*.py")
        if "_sync" not in path.parts  # derived
        for name, reason in suspicious(path.read_text(encoding="utf-8"))
    }
    assert {place: reason for place, reason in found.items() if place not in ALLOWED} == {}
    assert ALLOWED.keys() - found.keys() == set()


def test_text_files_have_an_encoding() -> None:
    # This rule is one of ruff's preview, which would change other rules as well.
    options = ["--isolated", "--no-cache", "--preview", "--select=PLW1514", "--output-format=concise"]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", *options, *SHIPPED, "generated", "scripts", "tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_file_of_the_repository_can_be_checked_out_on_windows() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    paths = listed.rstrip("\0").split("\0")
    assert len(paths) > 500
    wrong = re.compile(r'[<>:"|?*\\]|[. ](/|$)|(^|/)(con|prn|aux|nul|com\d|lpt\d)([./]|$)', re.IGNORECASE)
    assert [path for path in paths if wrong.search(path)] == []
    assert len({path.casefold() for path in paths}) == len(paths)
    assert max(map(len, paths)) < 150  # of 260 with the folder of the checkout


NEEDS_POSIX = re.compile(
    rf"^\s*(?:import|from) (?:{'|'.join(sorted(MODULES))})\b"
    rf"|\.(?:{'|'.join(sorted(ATTRIBUTES - {'nice'}))}|chmod|hardlink_to|send_signal|symlink_to)\b"
    r"|#!/|#!\{|/dev/(?:fd|full|null|std)|/proc/|get_context\(\"fork",
    re.MULTILINE,
)


def test_every_test_module_that_needs_posix_is_left_out_on_windows() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py") if "downstream" not in path.parts}
    needing = {path for path, text in texts.items() if NEEDS_POSIX.search(text)} - {Path(__file__)}
    helpers = "|".join(path.stem for path in needing if not path.name.startswith("test_"))
    using = re.compile(rf"^\s*(?:from|import) .*\b({helpers})\b|\b({helpers})\.py\b", re.MULTILINE)
    modules = needing | {path for path, text in texts.items() if using.search(text)}
    expected = {path.relative_to(TESTS).as_posix() for path in modules if path.name.startswith("test_")}
    assert set(POSIX_ONLY) == expected
