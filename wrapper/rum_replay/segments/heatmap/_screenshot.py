"""A picture of a heatmap's page, drawn by a Chromium that is on this computer."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from ..._errors import ConfigurationError, SegmentError

__all__ = ["BROWSERS", "photograph"]

_VARIABLE = "RUM_REPLAY_CHROMIUM"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Names of Chromium, looked for in this order; the first is made for this alone and starts in a quarter of the time."""

_TIMEOUT = 60
"""Seconds; a page of 16,000 pixels takes a few."""

_ROOM = 200
"""Pixels that the window is higher than the page: in some versions its frame takes a part of the picture's height."""

_OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    "--force-color-profile=srgb",
    # A sandboxed frame in a process of its own is at times not drawn yet when the picture is taken.
    "--disable-features=IsolateSandboxedIframes",
    # The page asks for nothing; nor shall the browser itself.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-proxy-server",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)


def photograph(document: str, width: int, height: int) -> bytes:
    """A document as PNG, of `width` × `height` pixels or somewhat higher.

    Raises ConfigurationError where there is no Chromium, SegmentError where it fails or takes more than a minute.
    """
    executable = _executable()
    with tempfile.TemporaryDirectory(prefix="rum-replay-", ignore_cleanup_errors=True) as folder:
        page, picture = Path(folder, "page.html"), Path(folder, "page.png")
        page.write_text(document, encoding="utf-8", errors="replace")
        command = [
            executable,
            *_OPTIONS,
            *_sandbox_options(),
            f"--user-data-dir={Path(folder, 'profile')}",
            f"--window-size={width},{height + _ROOM}",
            f"--screenshot={picture}",
            page.as_uri(),
        ]
        said = _run(command, folder)
        if not picture.is_file():
            raise SegmentError(f"{executable} took no picture of the page; give a `background`. It said: {said}")
        return picture.read_bytes()


def _executable() -> str:
    named = os.environ.get(_VARIABLE)
    for name in (named,) if named else BROWSERS:
        found = shutil.which(name)
        if found is not None:
            return found
    looked_for = f"{_VARIABLE} names {named!r}, which is no program" if named else f"no {', '.join(BROWSERS)} on PATH"
    raise ConfigurationError(
        f"nothing draws the page: {looked_for}; install Chromium, set {_VARIABLE} to one, give a picture of the page "
        "as `background`, or write HTML, which needs none"
    )


def _sandbox_options() -> tuple[str, ...]:
    """Chromium refuses to run as root with its own sandbox."""
    return ("--no-sandbox",) if hasattr(os, "geteuid") and os.geteuid() == 0 else ()


def _run(command: list[str], folder: str) -> str:
    """The end of what a program said; all of its processes are gone afterwards."""
    with Path(folder, "said").open("w+b") as said:
        process = subprocess.Popen(  # noqa: S603 - a program that this computer's owner chose
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True
        )
        try:
            process.wait(_TIMEOUT)
        except subprocess.TimeoutExpired:
            is_late = True
        else:
            is_late = False
        finally:
            _end(process)
        said.seek(0)
        text = said.read()[-1000:].decode("utf-8", "replace").strip()
    if is_late:
        raise SegmentError(f"{command[0]} took more than {_TIMEOUT} s to draw the page and was stopped")
    return text or "nothing"


def _end(process: subprocess.Popen[bytes]) -> None:
    if hasattr(os, "killpg"):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # all of them have ended
    process.kill()
    process.wait()
