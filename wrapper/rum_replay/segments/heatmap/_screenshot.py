"""A screenshot of a document, taken by a Chromium that is installed on this computer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

from ..._errors import ConfigurationError

__all__ = ["BROWSERS", "take_screenshot"]

_VARIABLE = "RUM_REPLAY_CHROMIUM"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Names of Chromium, in order of preference; the first is made only for this and starts in a quarter of the time."""

_INSTEAD = "give a picture of the page as `background`, or write HTML, which does not need Chromium"

_TIMEOUT = 60
"""Seconds; a page 16,000 pixels high takes a few."""

_EXTRA_HEIGHT = 200
"""Pixels by which the window is higher than the page: in some versions its frame reduces the screenshot's height."""

_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    # A sandboxed frame in a separate process is sometimes not drawn yet when the screenshot is taken.
    "--disable-features=IsolateSandboxedIframes",
    # The page makes no requests; the browser itself must not either.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def take_screenshot(document: str, width: int, height: int) -> bytes:
    """A document as PNG, of `width` × `height` pixels or somewhat higher.

    Raises ConfigurationError if there is no Chromium, or if it fails or takes more than a minute; OSError if there is
    no room for temporary files.
    """
    executable = _executable()
    with tempfile.TemporaryDirectory(prefix="rum-replay-", ignore_cleanup_errors=True) as folder:
        page, screenshot = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_text(document, encoding="utf-8", errors="replace")
        command = [
            executable,
            *_OPTIONS,
            *_sandbox_options(),
            f"--user-data-dir={Path(folder, 'profile')}",
            f"--window-size={width},{height + _EXTRA_HEIGHT}",
            f"--screenshot={screenshot}",
            page.as_uri(),
        ]
        output = _run(command, folder)
        if not screenshot.is_file():
            raise ConfigurationError(f"{executable} took no screenshot; {_INSTEAD}. Its output: {output}")
        return screenshot.read_bytes()


def _executable() -> str:
    named = os.environ.get(_VARIABLE)
    for name in (named,) if named else BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    reason = (
        f"{_VARIABLE} names {named!r}, which is not a program" if named else f"none of {', '.join(BROWSERS)} is on PATH"
    )
    raise ConfigurationError(f"no Chromium to draw the page: {reason}; install one, set {_VARIABLE}, {_INSTEAD}")


def _sandbox_options() -> tuple[str, ...]:
    """Chromium refuses to run as root with its own sandbox."""
    return ("--no-sandbox",) if sys.platform != "win32" and os.geteuid() == 0 else ()


def _run(command: list[str], folder: str) -> str:
    """Run a program; returns the end of its output. All of its processes have ended afterwards."""
    with Path(folder, "output").open("w+b") as output:
        process = _start(command, folder, output)
        try:
            process.wait(_TIMEOUT)
        except subprocess.TimeoutExpired:
            is_late = True
        else:
            is_late = False
        finally:
            _end(process)
        output.seek(0)
        text = output.read()[-1000:].decode("utf-8", "replace").strip()
    if is_late:
        raise ConfigurationError(
            f"{command[0]} took more than {_TIMEOUT} s to draw the page and was stopped; {_INSTEAD}"
        )
    return text or "none"


def _start(command: list[str], folder: str, output: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - a program that this computer's owner chose
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    except OSError as error:
        reason = error.strerror or str(error)
    raise ConfigurationError(f"{command[0]} cannot be started: {reason}; {_INSTEAD}")


def _end(process: subprocess.Popen[bytes]) -> None:
    if sys.platform != "win32":
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # all processes have ended
    process.kill()
    process.wait()
