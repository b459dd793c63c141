"""How to install the optional parts; the emulator, which may not import this, has a copy that a test compares."""

from __future__ import annotations

import json
import os
import shlex
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit
from urllib.request import url2pathname

__all__ = ["install_command"]


def install_command(extra: str) -> str:
    """The shell command that installs an extra from the place that this distribution was installed from."""
    origin = _origin()
    url: str = origin.get("url", "")
    vcs = origin.get("vcs_info")
    requirement = f"rum-replay[{extra}]"
    if vcs:
        requirement += f" @ {vcs['vcs']}+{url}@{vcs['commit_id']}"
    elif url.startswith("file:"):
        path = url2pathname(urlsplit(url).path)
        if Path(path).exists():
            requirement = f"{path}[{extra}]"
    elif url:
        requirement += f" @ {url}"
    editable = "-e " if origin.get("dir_info", {}).get("editable") else ""
    return f"pip install {editable}{_quoted(requirement)}"


def _origin() -> dict[str, Any]:
    """What installers leave behind of anything that did not come from an index: PEP 610."""
    try:
        left = distribution("rum-replay").read_text("direct_url.json")
    except PackageNotFoundError:  # its sources are on the path
        checkout = Path(__file__).parents[2]
        return {"url": checkout.as_uri()} if (checkout / "pyproject.toml").is_file() else {}
    try:
        return cast("dict[str, Any]", json.loads(left or "{}"))
    except ValueError:
        return {}


def _quoted(text: str) -> str:
    # Double quotes are right in all shells, as long as they quote nothing special.
    return shlex.quote(text) if os.name == "posix" and set('"$`\\!') & set(text) else f'"{text}"'
