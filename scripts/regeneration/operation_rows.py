"""The rows of a new operation in the tables that are kept by hand, and a test of the emulator that is to be written."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path

from python_text import literal

from .commands import columns_of, verb
from .contract import Contract, Endpoint
from .kinds import PLAYLIST_ID, Argument, arguments_of
from .leftovers import mark
from .rows import COMMAND_TABLE, EVERY_FAILURE, FORMATS, GUIDE, SURFACE, holder_of, in_text
from .skeletons import emulator_module
from .source import Module

__all__ = ["add_operation", "add_query_parameter", "missing_rows"]

COMMANDS_PAGE = "docs/cli.md"
DEMO = "wrapper/rum_replay/_cli/demo_steps.py"
REFERENCE = "docs/reference/models.md"
CHANGES = "tests/cli/test_dry_run.py"
FAILURES = "tests/failures/failure_operations.py"
ERRORS = "tests/wrapper/test_errors.py"
REQUESTS = "tests/wrapper/test_requests.py"

IDS = {"playlist_id": ("1", "PLAYLIST"), "session_id": ('"s1"', "SESSION"), "snapshot_id": ('"SNAPSHOT"', "SNAPSHOT")}
"""What tests give for ids: as a value, and in the table of failures."""


def add_operation(
    contract: Contract, endpoint: Endpoint, model: str | None, arguments: Sequence[Argument], root: Path
) -> set[Path]:
    """Add the rows of a new operation, and a test of the emulator that is to be written."""
    work = _Rows(contract, endpoint, model, arguments, root)
    return {*work.texts(), *work.modules(), *work.case(work.others, "with all arguments"), *work.test()}


def add_query_parameter(
    contract: Contract, endpoint: Endpoint, model: str | None, argument: Argument, root: Path
) -> set[Path]:
    """Add a row that sends a new query parameter."""
    work = _Rows(contract, endpoint, model, arguments_of(contract, endpoint), root)
    given = [each for each in work.others if each.required or each == argument]
    return {*work.case(given, f"with {argument.name}")}


class _Rows:
    def __init__(
        self, contract: Contract, endpoint: Endpoint, model: str | None, arguments: Sequence[Argument], root: Path
    ) -> None:
        self.contract = contract
        self.endpoint = endpoint
        self.model = model
        self.root = root
        self.in_path = [each for each in arguments if f"{{{each.sent_as}}}" in endpoint.path]
        self.others = [each for each in arguments if each not in self.in_path]
        self.paged = endpoint.is_list and endpoint.paged

    def texts(self) -> Iterator[Path]:
        yield from in_text(self.root / GUIDE, self._guide)
        yield from in_text(self.root / SURFACE, self._design)
        yield from in_text(self.root / COMMANDS_PAGE, self._verbs)
        if self.model is not None:
            yield from in_text(self.root / REFERENCE, self._reference)

    def _parameters(self) -> list[str]:
        names = [each.public_name for each in self.in_path]
        more = ["page_size", "start_page", "limit"] if self.paged else ["limit"] if self.endpoint.is_list else []
        own = [*(each.name for each in self.others), *more]
        return [*names, *(["*"] if own else []), *own]

    def _guide(self, text: str) -> str:
        if re.search(rf"\| {self.endpoint.id}\b", text):
            return text
        names = self._parameters()
        star = names.index("*") if "*" in names else len(names)
        shown = ", ".join([*names[:star], *(f"{name}=" for name in names[star + 1 :])])
        lines = text.splitlines(keepends=True)
        place = next(n for n, line in enumerate(lines) if line.startswith(f"| `{self.endpoint.group}` |")) + 1
        while lines[place].startswith("| |"):
            place += 1
        lines.insert(place, f"| | `{self.endpoint.name}({shown})` | {self.endpoint.id} |\n")
        return "".join(lines)

    def _verbs(self, text: str) -> str:
        """The row of the group in the table at the beginning."""
        row = re.search(rf"^\| `rum-replay {self.endpoint.group}` \|.*(?= \|$)", text, re.MULTILINE)
        if row is None or f"`{verb(self.endpoint)}`" in row[0]:
            return text
        return f"{text[: row.end()]}; `{verb(self.endpoint)}`{text[row.end() :]}"

    def _design(self, text: str) -> str:
        start = text.index(f'    "{self.endpoint.group}": ')
        end = text.index('"""', text.index('"""', start) + 3) if '"""' in text[start:] else -1
        added = f"{self.endpoint.name}({', '.join(self._parameters())})"
        if added.partition("(")[0] + "(" in text[start:end]:
            return text
        return f"{text[:end].rstrip()} ·\n        {added}{text[end:]}"

    def _reference(self, text: str) -> str:
        line = f"::: rum_replay.{self.model}\n"
        return text if line in text else text.replace("::: rum_replay.ListPage\n", f"{line}::: rum_replay.ListPage\n")

    def modules(self) -> Iterator[Path]:
        endpoint, command = self.endpoint, f"{self.endpoint.group} {verb(self.endpoint)}"
        kind = "list" if endpoint.is_list else "one"
        yield from self._add(COMMAND_TABLE, "COMMANDS", command, f'"{command}": {self._command_row()}')
        yield from self._add(FORMATS, "ROW_COMMANDS", command, f'"{command}": "{kind}"')
        if endpoint.is_list and self.model is not None:
            names = " ".join(["id", *(each.name for each in columns_of(self.contract, self.model))])
            yield from self._add(FORMATS, "CSV_NAMES", command, f'"{command}": {literal(names)}')
        yield from self._add(FAILURES, "OPERATIONS", endpoint.id, self._failure_row())
        if endpoint.method != "GET":
            words = ", ".join(f'"{word}"' for word in self._words())
            yield from self._add(CHANGES, "CHANGES", command, f'"{command}": (({words},),)')
        permission = str(
            self.contract.document["paths"][endpoint.path][endpoint.method.lower()]["x-rum-replay-permission"]
        )
        ids = ", ".join(f'"{each.name}": "{_plain(IDS.get(each.name, ("1", ""))[0])}"' for each in self.in_path)
        row = f'(lambda r: {self._call("r")}, {{{ids}}}, "{"write" if permission.endswith("write") else "read"}")'
        yield from self._add(ERRORS, "CALLS", endpoint.id, f'"{endpoint.id}": {row}')
        key = f"{endpoint.group.title()}.{endpoint.name}"
        given = [f'"{name}": {value}' for name, value in self._given()]
        given += ["**paging"] if self.paged else ['"limit": 1'] if endpoint.is_list else []
        row = f'"{key}": (client.{endpoint.group}.{endpoint.name}, {{{", ".join(given)}}})'
        module = Module(self.root / EVERY_FAILURE)
        if f'"{key}"' not in module:
            before = f"{endpoint.group.title()}."
            holder, last = holder_of(module, lambda name: name.startswith(before))
            module.add_element(holder, row, after=last)
            yield from [module.path] * module.write()

    def _add(self, path: str, table: str, key: str, row: str) -> Iterator[Path]:
        """Add a row behind the last one of the group."""
        module = Module(self.root / path)
        if f'"{key}"' in module:
            return
        holder = module.display(table)
        after = None
        if isinstance(holder, ast.Dict):
            keys = [str(name.value) for name in holder.keys if isinstance(name, ast.Constant)]
            after = next((name for name in reversed(keys) if name.startswith(f"{self.endpoint.group} ")), None)
        module.add_element(holder, row, after=after)
        yield from [module.path] * module.write()

    def _given(self) -> Iterator[tuple[str, str]]:
        for each in self.in_path:
            name = each.public_name
            yield name, "world.snapshot_id" if name == "snapshot_id" else "session" if name == "session_id" else "1"
        yield from ((each.name, each.kind.example) for each in self.others)

    def _call(self, client: str, *, constants: bool = False) -> str:
        given = [IDS.get(each.name, ('"x"', '"x"'))[constants] for each in self.in_path]
        given += [f"{each.name}={each.kind.example}" for each in self.others if each.required]
        call = f"{client}.{self.endpoint.group}.{self.endpoint.name}({', '.join(given)})"
        return f"list({call})" if self.endpoint.is_list and not constants else call

    def _failure_row(self) -> str:
        requests = ", 2" if self.paged else ""
        name = f"{self.endpoint.name}_of_{self.endpoint.group}"
        call = self._call("client", constants=True)
        return f'Operation("{name}", "{self.endpoint.id}", lambda client, _: {call}{requests})'

    def _words(self) -> list[str]:
        """The arguments and options that the command requires."""
        words = [_plain(IDS.get(each.name, ("x", ""))[0]) for each in self.in_path]
        for each in self.others:
            words += [f"--{_dashed(each.name)}", _plain(each.kind.example)] if each.required else []
        return words

    def _command_row(self) -> str:
        endpoint = self.endpoint
        words = [f'"{_plain(IDS.get(each.name, ("x", ""))[0])}"' for each in self.in_path]
        required = [f"({word},)" for word in words]
        required += [f'("--{_dashed(e.name)}", "{_plain(e.kind.example)}")' for e in self.others if e.required]
        values = [f'"{each.name}": {word}' for each, word in zip(self.in_path, words, strict=True)]
        values += [f'"{each.name}": {each.kind.example if each.required else None}' for each in self.others]
        values += ['"columns": None'] if endpoint.is_list else []
        values += ["**_PAGING"] if self.paged else ['"limit": None'] if endpoint.is_list else []
        values += ['"yes": False'] if endpoint.method == "DELETE" else []
        values += ['"dry_run": False'] if endpoint.method != "GET" else []
        runs = ['runs=(("--yes",),)'] if endpoint.method == "DELETE" else []
        kind, keys, headings = endpoint.snake, "type", ""
        if self.model is not None:
            schema = self.contract.schemas[self.contract.models()[self.model]]
            kind = self.contract.resolved(schema["properties"]["type"])["enum"][0]
            fields = self.contract.fields(self.contract.attributes(self.contract.models()[self.model]))
            keys = " ".join(["id", "type", *(f"attributes.{each.name}" for each in fields)])
            shown = ["id", *(each.name.replace("_", " ") for each in columns_of(self.contract, self.model))]
            headings = f", headings={(*shown,)!r}"
        fixed = [f"required=({', '.join(required)},)"] if required else []
        fixed += [f"values={{{', '.join(values)}}}", "talks_to_api=True", *runs, f'keys={{"{kind}": {literal(keys)}}}']
        return f"Row({', '.join(fixed)}{headings})"

    def case(self, given: Sequence[Argument], words: str) -> Iterator[Path]:
        """A row of what a method sends, whole."""
        module, endpoint = Module(self.root / REQUESTS), self.endpoint
        name = f"{endpoint.group} {endpoint.name} {words}"
        if f'"{name}"' in module:
            return
        ids = {each.name: "5" if each.kind is PLAYLIST_ID else '"s"' for each in self.in_path}
        values = [*ids.values(), *(f"{each.name}={each.kind.example}" for each in given)]
        values += ["page_size=2"] if self.paged else []
        call = f"c.{endpoint.group}.{endpoint.name}({', '.join(values)})"
        call = f"next(iter({call}))" if endpoint.is_list else call
        path = re.sub(r"\{(\w+)\}", lambda match: _plain(ids[match[1]]), endpoint.path)
        in_query = {each.python_name: each.name for each in endpoint.parameters if not each.in_path}
        query = {in_query[e.sent_as]: _text(e.kind.sent) for e in given if e.sent_as in in_query}
        query |= {"page[number]": "0", "page[size]": "2"} if self.paged else {}
        answer = f'{"list" if endpoint.is_list else "item"}_response(sample_of("{endpoint.answer}"))'
        row = [
            f'"{endpoint.id}"',
            f"lambda c: {call}",
            f"lambda: {answer}" if self.model else "no_content",
            f'"{path}"',
        ]
        row += [f"query={query!r}"] if query else []
        row += [f"body={self._sent_body(given)}"] if endpoint.attributes else []
        row += [f"returns={self.model}"] if self.model else []
        module.add_element(module.display("CASES"), f'"{name}": Case({", ".join(row)})')
        if self.model:
            module.add_import("rum_replay", self.model)
            module.add_import(".replay_samples", "sample_of")
        yield from [module.path] * module.write()

    def _sent_body(self, given: Sequence[Argument]) -> str:
        schema = str(self.contract.schemas[self.endpoint.body or ""]["properties"]["data"]["$ref"]).rpartition("/")[2]
        kind = self.contract.resolved(self.contract.schemas[schema]["properties"]["type"])["enum"][0]
        written = {each.name for each in self.contract.fields(self.endpoint.attributes)}
        values = ", ".join(f'"{each.sent_as}": {each.kind.sent}' for each in given if each.sent_as in written)
        return f'resource("{kind}", {{{values}}})'

    def test(self) -> Iterator[Path]:
        """A test of the emulator, which only a person can write."""
        handlers = emulator_module(self.endpoint, self.contract, self.root)
        path = self.root / "tests" / "emulator" / f"test_emulator_{handlers.stem if handlers else ''}.py"
        name = f"test_{self.endpoint.name}"
        if path.exists() and f"def {name}(" not in (module := Module(path)):
            request = f"{self.endpoint.method} {self.endpoint.path}"
            hint = f"Send {request}, as the tests above do, and compare the whole answer."
            statement = textwrap.indent(mark(f"what the emulator should answer to {self.endpoint.id}", hint), "    ")
            module.add_at_end(f"def {name}(api: Api) -> None:\n{statement}\n")
            yield from [module.path] * module.write()


def missing_rows(contract: Contract, root: Path) -> list[str]:
    """The tables without a row for an operation, each with the line where it begins."""
    texts = {name: (root / name).read_text(encoding="utf-8") for name, _ in TABLES}
    found: list[str] = []
    for endpoint in contract.endpoints().values():
        for name, begin in TABLES:
            if not re.search(rf"\b{endpoint.id}\b", texts[name]):
                line = texts[name].count("\n", 0, texts[name].index(begin)) + 1
                found.append(f"{name}:{line}: there is no row for {endpoint.id}; add one below, as the others are")
    return [*found, *_missing_steps(contract, root)]


def _missing_steps(contract: Contract, root: Path) -> Iterator[str]:
    """The demonstration calls every operation, some by other names."""
    text = (root / DEMO).read_text(encoding="utf-8")
    line = text.count("\n", 0, text.index("class DemoSteps")) + 1
    for each in contract.endpoints().values():
        if f".{each.group}.{each.name}(" not in text and each.id not in ("GetSegments", "SearchRUMEvents"):
            yield f"{DEMO}:{line}: no step calls {each.group}.{each.name}; add it to one"


TABLES = (
    (GUIDE, "| group | method |"),
    (FAILURES, "OPERATIONS = ["),
    (ERRORS, "CALLS: dict"),
)
"""The tables that have a row for each operation, by its id, and how they begin."""


def _plain(literal: str) -> str:
    return literal.strip('"')


def _text(literal: str) -> str:
    """A value as it is in a query."""
    value = ast.literal_eval(literal)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _dashed(name: str) -> str:
    return name.replace("_", "-")
