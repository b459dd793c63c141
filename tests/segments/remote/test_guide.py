"""What the guide shows of URLs."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import pytest
from rum_replay import segments
from rum_replay._cli.app import run

from ..test_guide import PAGES
from .test_exports import tables

SECTION = PAGES["scale.md"].partition("## Segments and tables at URLs")[2].partition("\n## ")[0]


def test_its_examples_run(s3: Any, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    s3.mkdir("bucket")
    s3.put(str(source / "downloads/3"), "bucket/archive/VIEW/", recursive=True)
    commands = re.findall(r"^rum-replay (.*)$", SECTION, re.MULTILINE)
    assert [command.split()[1] for command in commands] == ["summary", "play", "export"]
    for command in commands:
        assert run(shlex.split(command)) == 0
    assert Path("replay.html").stat().st_size > 10_000
    written = tables(s3, "s3://bucket/tables")
    assert len(written) == 3
    (block,) = re.findall(r"^```python\n(.*?)^```$", SECTION, re.DOTALL | re.MULTILINE)
    exec(compile(block, "docs/scale.md", "exec"), {"segments": segments})
    assert tables(s3, "s3://bucket/tables") == written
