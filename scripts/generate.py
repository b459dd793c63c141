"""Derive the generated client and the emulator's copy of the contract from openapi.yaml.

usage: scripts/generate [--check]

With --check nothing is written; if files would change, they are listed and the exit status is 1.
"""

from __future__ import annotations

import argparse
import functools
import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import derived
import openapi_python_client
import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "openapi.yaml"
TEMPLATES = ROOT / "scripts" / "templates"
CLIENT = ROOT / "generated" / "rum_replay_api"
EMULATOR_CONTRACT = ROOT / "pytest_replay" / "rum_replay_emulator" / "openapi.json"

GENERATOR = f"openapi-python-client {importlib.metadata.version('openapi-python-client')}"
HEADER = f"# Generated from openapi.yaml by {GENERATOR}. Do not edit: run scripts/generate.\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/generate", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; list what differs and fail")
    check = parser.parse_args().check
    with tempfile.TemporaryDirectory() as folder:
        fresh_client = Path(folder) / CLIENT.name
        fresh_contract = Path(folder) / EMULATOR_CONTRACT.name
        generate_client(fresh_client, Path(folder) / "templates")
        compile_contract(fresh_contract)
        pairs = [(fresh_client, CLIENT), (fresh_contract, EMULATOR_CONTRACT)]
        if not check:
            for fresh, present in pairs:
                derived.replace(fresh, present)
            return 0
        rows = [row for fresh, present in pairs for row in derived.differences(fresh, present)]
    if rows:
        print("These files do not match openapi.yaml; run scripts/generate:", *rows, sep="\n  ", file=sys.stderr)
    return 1 if rows else 0


def generate_client(target: Path, templates: Path) -> None:
    """Run the generator into an empty folder and mark each file with its origin."""
    collect_templates(templates)
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--path", str(CONTRACT), "--meta", "none"]
    command += ["--config", str(ROOT / "scripts" / "generator.yaml"), "--custom-template-path", str(templates)]
    command += ["--output-path", str(target), "--fail-on-warning"]
    # The hooks must find the pinned ruff of this environment first.
    search_path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    result = subprocess.run(
        command, env={**os.environ, "PATH": search_path}, capture_output=True, text=True, encoding="utf-8", check=False
    )
    if result.returncode:
        sys.exit(f"the generator rejects openapi.yaml:\n{result.stdout}{result.stderr}")
    for module in target.rglob("*.py"):
        module.write_text(HEADER + module.read_text(encoding="utf-8"), encoding="utf-8", newline="\n")
    (target / "py.typed").touch()


def collect_templates(target: Path) -> None:
    """Our templates, and the generator's templates with our replacements."""
    shutil.copytree(TEMPLATES, target, ignore=shutil.ignore_patterns("*.md", "*.toml"))
    originals = Path(openapi_python_client.__file__).parent / "templates"
    for change in tomllib.loads((TEMPLATES / "replacements.toml").read_text(encoding="utf-8"))["replacement"]:
        template = target / change["template"]
        text = (template if template.exists() else originals / change["template"]).read_text(encoding="utf-8")
        if text.count(change["old"]) != 1:
            sys.exit(
                f"scripts/templates/replacements.toml: in {GENERATOR}, {change['template']} does not contain the text "
                f"to replace exactly once; adapt the replacement. Its reason: {change['why']}"
            )
        template.parent.mkdir(exist_ok=True)
        template.write_text(text.replace(change["old"], change["new"]), encoding="utf-8")
    # The generator hands no extensions of the contract to its templates.
    (target / "operations.jinja").write_text(f"{{% set operations = {operations()} %}}\n", encoding="utf-8")


@functools.cache
def contract() -> dict[str, Any]:
    """The content of openapi.yaml, by libyaml if PyYAML was built with it, which takes a tenth of the time."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    document: dict[str, Any] = yaml.load(CONTRACT.read_text(encoding="utf-8"), loader)  # noqa: S506 - both are safe
    return document


def operations() -> dict[str, tuple[str, str]]:
    """The operationId, which the generator changes, and the required permission, by method and path."""
    found: dict[str, tuple[str, str]] = {}
    for path, item in contract()["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                name = operation["operationId"]
                if "x-rum-replay-permission" not in operation:
                    sys.exit(f"openapi.yaml: {name} needs x-rum-replay-permission, which errors 401 and 403 name")
                found[f"{method} {path}"] = (name, operation["x-rum-replay-permission"])
    return found


def compile_contract(target: Path) -> None:
    """Write the contract as JSON, which the emulator reads without a YAML parser, a hundred times faster."""
    document = {"x-origin": "Derived from openapi.yaml. Do not edit: run scripts/generate.", **contract()}
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    target.write_text(text + "\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
