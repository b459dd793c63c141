"""docs/operations.md and docs/unknown.md: up to date, and complete."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import contract_pages
import pytest
from rum_replay_emulator import Assumptions

OPERATIONS = (contract_pages.DOCS / "operations.md").read_text(encoding="utf-8")
UNKNOWN = (contract_pages.DOCS / "unknown.md").read_text(encoding="utf-8")


def test_the_pages_are_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert contract_pages.main(["--check"]) == 0, capsys.readouterr().err


def test_a_page_that_is_not_up_to_date_is_an_error_and_then_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("client.md", "unknown.md"):
        (tmp_path / name).write_bytes((contract_pages.DOCS / name).read_bytes())
    (tmp_path / "operations.md").write_text("old", encoding="utf-8")
    monkeypatch.setattr(contract_pages, "DOCS", tmp_path)
    assert contract_pages.main(["--check"]) == 1
    assert capsys.readouterr().err == "docs/operations.md is not up to date; run scripts/site\n"
    assert contract_pages.main([]) == 0
    assert (tmp_path / "operations.md").read_text(encoding="utf-8") == OPERATIONS


@pytest.mark.parametrize("option", attrs.fields(Assumptions), ids=lambda option: option.name)
def test_each_assumption_is_listed_with_its_default(option: attrs.Attribute[Any]) -> None:
    section = UNKNOWN.partition(f"### `{option.name}`\n\n")[2].partition("\n#")[0]
    assert section.startswith(f"By default `{option.default!r}`.\n\n")
    assert len(section.split()) > 6


def test_everything_that_the_contract_calls_undocumented_is_listed() -> None:
    listed = " ".join(UNKNOWN.split())
    descriptions = [" ".join(text.split()) for text in descriptions_in(contract_pages.CONTRACT)]
    sentences = [sentence for text in descriptions for sentence in re.split(r"(?<=\.) ", text)]
    unknown = {sentence for sentence in sentences if "undocumented" in sentence}
    assert len(unknown) >= 30
    assert [sentence for sentence in unknown if sentence not in listed] == []


def descriptions_in(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(description := value.get("description"), str):
            yield description
        for inner in value.values():
            yield from descriptions_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from descriptions_in(inner)


@pytest.mark.parametrize(("method", "path", "operation"), contract_pages.OPERATIONS)
def test_each_operation_is_listed_with_a_method_of_the_client(
    method: str, path: str, operation: dict[str, Any]
) -> None:
    name = operation["operationId"]
    first = f"| [{name}](#{name.lower()})<br>`{method.upper()} {path}` |"
    (row,) = (line for line in OPERATIONS.splitlines() if line.startswith(first))
    assert re.fullmatch(r" `\w+\.\w+`(, `\w+\.\w+`)* \|", row.removeprefix(first))
    section = OPERATIONS.partition(f"### {name}\n")[2].partition("\n#")[0]
    for parameter in map(contract_pages.resolved, operation.get("parameters", ())):
        assert f"| `{parameter['name']}`" in section
