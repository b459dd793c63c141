"""The steps, in their order: what each does, what it leaves to a person, and what it says about that."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from api_drift.comparison import Difference, compared
from api_drift.known import explained, read_known
from api_drift.model import Source
from api_drift.openapi import read_openapi
from api_drift.rating import rated
from attrs import define, field
from python_text import is_attribute

from . import deriving, facts, leftovers, linting
from .changelog import lines_about, note, unnamed
from .columns import add_column
from .contract import NAME, Contract, Field
from .kinds import arguments_of
from .operation_rows import add_operation, add_query_parameter, missing_rows
from .parameters import Gained, by_hand, hand_through
from .rows import add_parameter
from .skeletons import missing_operations, write_skeletons
from .source import PlaceError, formatted

__all__ = ["STEPS", "Run", "Step"]

FIRST = ["tests/contract", "tests/project/test_operations.py", "tests/project/test_contract_pages.py"]
"""They name what is missing, and take seconds."""

REACHED = [
    *("tests/generated", "tests/wrapper", "tests/emulator", "tests/failures", "tests/strategies", "tests/cli"),
    *("tests/plugin", "tests/drift", "tests/project/test_every_failure.py", "tests/project/test_cli_reference.py"),
]
"""Tests of what is made from the contract; scripts/test runs all others as well."""


@define
class Run:
    """One run: the checkout, and what the steps so far have found."""

    root: Path
    since: str
    before: Contract
    """The contract as it was at that revision."""

    sources: Sequence[Source] = ()
    contract: Contract = field(init=False)
    differences: tuple[Difference, ...] = ()
    """What was changed since then."""

    done: list[str] = field(factory=list)
    left: list[str] = field(factory=list)
    """Of the present step; each line of `left` names a file, a line, and what to do there."""

    next: str = "scripts/regenerate"


Step = Callable[[Run], None]


def drift(run: Run) -> None:
    """Compare the contract with the sources."""
    if not run.sources:
        run.done.append("no source was given; scripts/drift lists what can be compared with openapi.yaml")
        return
    ours = read_openapi(Contract.of(run.root).text, NAME)
    known = read_known(run.root / "scripts" / "api_drift" / "known_drift.toml")
    result = explained([compared(ours, source) for source in run.sources], known)
    for comparison, new in result.new:
        run.done.append(f"compared with {comparison.source.name}: {_count(len(new), 'new difference')}")
        run.left += [f"{each.here}: {each.text} (there {each.there}; {rated(each)[0]})" for each in new]
    if run.left:
        run.next = "edit openapi.yaml, or explain a difference in scripts/api_drift/known_drift.toml; then run it again"
    confirmed = facts.confirm(run.root, list(run.sources))
    run.done += [f"{facts.FACTS}: {each} is in a source as well, no longer only in the contract" for each in confirmed]


def edit(run: Run) -> None:
    """Say what is different from the last commit."""
    run.contract = Contract.of(run.root)
    if run.contract.text == run.before.text:
        run.done.append(f"openapi.yaml is as it was at {run.since}")
        return
    comparison = compared(read_openapi(run.before.text, NAME), read_openapi(run.contract.text, NAME))
    run.differences = comparison.differences
    run.done += [f"{each.there}: {each.text} ({rated(each)[0]})" for each in run.differences]
    if not run.differences:
        run.done.append(f"openapi.yaml has other words than at {run.since}, and the same operations and schemas")


def lint(run: Run) -> None:
    """Check the contract, and write down new facts."""
    run.left += linting.problems(run.contract)
    if run.left:
        run.next = "correct openapi.yaml, whose first lines explain its layout; then run it again"
        return
    run.done.append("openapi.yaml is valid OpenAPI 3.1, and has what our generators need")
    added = facts.add_missing(run.contract, run.root)
    run.done += [f"{facts.FACTS}: added {each}, marked as known from the contract only" for each in added]
    run.left += facts.mismatches(run.contract, run.root)
    run.next = "correct openapi.yaml or the facts; then run it again"


def generate(run: Run) -> None:
    """Make the generated client, the emulator's contract, and the classes that the client returns."""
    try:
        made, edited = deriving.client(run.root)
    except SystemExit as refusal:
        made, edited = [], str(refusal).splitlines()
    run.done += made
    run.left += edited
    run.next = "do that; then run it again"
    if not edited:
        run.done.append(deriving.models_of(run.contract, run.root))


def write(run: Run) -> None:
    """Write code for new operations and parameters; a person fills in what the contract does not say."""
    run.next = "do that; then run it again"
    try:
        _write(run)
    except PlaceError as error:
        run.left.append(f"{str(error).removeprefix(f'{run.root}/')}; write by hand what is new there")
    if not run.done and not run.left:
        run.done.append("every operation has its code, and every parameter is handed through")


def _write(run: Run) -> None:
    written: set[Path] = set()
    models = {schema: model for model, schema in run.contract.models().items()}
    for endpoint in missing_operations(run.contract, run.root):
        model = models.get(endpoint.answer or "")
        changed, left = write_skeletons(run.contract, endpoint, model, run.root)
        run.left += left
        if changed:
            changed |= add_operation(run.contract, endpoint, model, arguments_of(run.contract, endpoint), run.root)
            words = " ".join(f"{endpoint.summary[:1].lower()}{endpoint.summary[1:]}".split())
            note([f"- `{endpoint.group}.{endpoint.name}`, for {endpoint.id}: {words}."], run.root)
            run.done.append(f"wrote {endpoint.group}.{endpoint.name} for {endpoint.id}, in {_names(changed, run.root)}")
        written |= changed
    gained, changed = hand_through(run.contract, run.root)
    for got in gained:
        changed |= add_parameter(got, run.root)
        changed |= _query_case(run, got)
        run.done.append(f"{got.place}: {got.owner} takes {got.argument.name}")
    fields = [(model, each) for model, each in _new_fields(run) if _is_attribute(run, model, each.name)]
    for model, each in fields:
        shown = set() if each.type in ("object", "array") else add_column(model, each.name, run.root)
        run.done += [f"{model}.{each.name} has a column, in {_names(shown, run.root)}"] if shown else []
        changed |= shown
    lines = lines_about(gained, [(model, each.name) for model, each in fields])
    run.done += [f"CHANGELOG.md: added “{line}”; say more where users need it" for line in note(lines, run.root)]
    formatted(written | changed, run.root)


def twin(run: Run) -> None:
    """Derive the synchronous client."""
    run.done.append(deriving.drivers(run.root))


def documents(run: Run) -> None:
    """Derive the reference of the command, and the pages about the contract."""
    for name, files in (("cli_reference", "docs/cli.md"), ("contract_pages", "docs/operations.md docs/unknown.md")):
        before = [(run.root / file).read_bytes() for file in files.split()]
        finished = deriving.script(run.root, f"scripts/{name}.py")
        if finished.returncode:
            run.left += [f"scripts/{name}.py failed:", *finished.stdout.splitlines()[-20:]]
            run.next = "correct what the traceback names; then run it again"
        else:
            same = before == [(run.root / file).read_bytes() for file in files.split()]
            run.done.append(f"{files.replace(' ', ' and ')}: {'up to date' if same else 'made anew'}")


def fill_in(run: Run) -> None:
    """List what only a person can write: marks of skeletons, and uses of what is gone."""
    run.left += leftovers.marks(run.root)
    run.left += by_hand(run.contract, run.root)
    run.left += leftovers.lacking(run.contract, run.differences, run.root)
    run.left += missing_rows(run.contract, run.root)
    run.done += _without_attribute(run)
    for change, places in leftovers.uses(run.before, run.differences, run.root).items():
        run.done.append(f"{change}: {_count(len(places), 'place')} may use it, none was changed:")
        run.done += [f"  {place}" for place in places]
    run.done += [] if run.done or run.left else ["nothing is left to fill in"]
    run.next = "write that, each at its place; then run it again"


def tests(run: Run) -> None:
    """Run what the contract reaches, first what names missing parts; all of it takes minutes."""
    for paths in (FIRST, REACHED):
        workers = ["-n", str(os.cpu_count() or 1), "--dist", "worksteal"]
        finished = deriving.script(run.root, "-m", "pytest", "-q", "--tb=line", *workers, *paths)
        if finished.returncode:
            run.left += _failures(finished.stdout, run.root)
            run.next = f"scripts/test {' '.join(paths)} shows these failures in full; when they pass, run it again"
            return
        run.done.append(f"passed: {' '.join(paths)}")


def _failures(printed: str, root: Path) -> list[str]:
    """The places where tests failed, with the reason, and the tests; the end of the output if there are none."""
    lines = printed.splitlines()
    places = [line.removeprefix(f"{root}/") for line in lines if re.match(r"\S+\.py:\d+: ", line)]
    names = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return [*dict.fromkeys(places), *names] or lines[-20:]


def changelog(run: Run) -> None:
    """See that the changelog names what was changed."""
    run.left += unnamed(run.differences, run.root)
    if not run.left:
        run.done.append("CHANGELOG.md names every change; read what it says as a user would")
    run.next = "add a line for users; then run it again"


STEPS: dict[str, Step] = {
    "drift": drift,
    "edit": edit,
    "lint": lint,
    "generate": generate,
    "write": write,
    "twin": twin,
    "documents": documents,
    "fill in": fill_in,
    "tests": tests,
    "changelog": changelog,
}


def _query_case(run: Run, gained: Gained) -> set[Path]:
    """A row that sends a query parameter that a method got."""
    for endpoint in run.contract.endpoints().values():
        in_query = {each.python_name for each in endpoint.parameters}
        if gained.owner == f"{endpoint.group}.{endpoint.name}" and gained.argument.sent_as in in_query:
            models = {schema: model for model, schema in run.contract.models().items()}
            model = models.get(endpoint.answer or "")
            return add_query_parameter(run.contract, endpoint, model, gained.argument, run.root)
    return set()


def _new_fields(run: Run) -> list[tuple[str, Field]]:
    """The fields of classes that the contract has now and had not at the revision."""
    found: list[tuple[str, Field]] = []
    before = run.before.models()
    for model, schema in run.contract.models().items():
        holder = run.contract.attributes(schema) or schema
        old = {each.name for each in run.before.fields(run.before.attributes(schema) or schema)}
        if model in before:
            found += [(model, each) for each in run.contract.fields(holder) if each.name not in old]
    return found


def _is_attribute(run: Run, model: str, name: str) -> bool:
    of_resource = run.contract.attributes(run.contract.models()[model]) is not None
    return is_attribute(name, of_resource=of_resource)


def _without_attribute(run: Run) -> list[str]:
    """What is said of new fields that classes cannot have as attributes."""
    return [
        f"{NAME}:{each.line}: {model} has no attribute {each.name}, a name that is taken; `to_dict()` has it"
        for model, each in _new_fields(run)
        if not _is_attribute(run, model, each.name)
    ]


def _names(paths: set[Path], root: Path) -> str:
    return ", ".join(sorted(path.relative_to(root).as_posix() for path in paths))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
