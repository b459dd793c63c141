"""What to type next: lines to copy into a shell, right for the shell and for how this command was installed. Pure."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

__all__ = ["make_command_known", "set_variable"]


def set_variable(name: str, value: str) -> str:
    """Set an environment variable, in PowerShell on Windows and in a POSIX shell elsewhere."""
    return f'$env:{name} = "{value}"' if os.name == "nt" else f'export {name}="{value}"'


def make_command_known() -> list[str]:
    """What it takes for the shell to find `rum-replay`; nothing where it does already."""
    folder = Path(sys.executable).parent
    if shutil.which("rum-replay") or not shutil.which("rum-replay", path=str(folder)):
        return []
    if os.name == "nt":
        return [set_variable("PATH", f"{folder};$env:PATH")]
    return [set_variable("PATH", f"{folder}:$PATH")]
