"""The differences between two sources; pure.

Each is named from our side: `added` is what the source has and we lack. Schemas are compared where operations use them,
in requests and answers, so that a source needs no names for them; a difference inside a schema that several operations
use is one difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import define, evolve, field, frozen

from .model import Answer, Body, Operation, Parameter, Place, Property, Schema, Server, Source, is_about_replays
from .schema_facts import fact_differences, summary, type_name

__all__ = ["Comparison", "Difference", "compared"]

Change = Literal["added", "removed", "changed"]
_CanBeRequired = Body | Parameter | Property
_MAX_DEPTH = 40


@frozen
class Difference:
    """One difference between our document and a source."""

    kind: str
    """What `rating` has a rule for, such as `property-added`."""

    change: Change
    subject: str
    """The `operation …`, `schema …` or `sites` that differ."""

    what: str
    """What of it: `property start: type integer → string`."""

    here: Place
    there: Place
    directions: frozenset[str] = frozenset()
    """`request` and `answer`, for what is in bodies and parameters."""

    operations: tuple[str, ...] = ()
    """The operations that it was found in."""

    @property
    def text(self) -> str:
        return (
            f"{self.subject}: {self.what} {self.change}" if self.change != "changed" else f"{self.subject}: {self.what}"
        )


@frozen
class Comparison:
    """The differences from one source, and what was compared."""

    source: Source
    differences: tuple[Difference, ...]
    subjects: frozenset[str]
    """Everything that was compared, in the words of `Difference.subject`."""

    missing: tuple[str, ...]
    """Our operations that the source does not have, and need not have, as it is about something else."""


def compared(ours: Source, theirs: Source) -> Comparison:
    """Compare our document with a source."""
    work = _Work()
    pairs, added, lacking = _paired(ours.operations, theirs.operations)
    for our, their in pairs:
        work.operation(our, their)
        if their.server is not None:
            _server(work, our.server or ours.server, their.server, f"operation {our.name}")
    _server(work, ours.server, theirs.server, "servers")
    end = max((operation.place for operation in ours.operations), default=Place("", 1))
    for operation in added:
        what = f"{operation.method} {operation.path}"
        work.add("operation-added", _At(f"operation {operation.name}"), what, end, operation.place)
    missing: list[str] = []
    for operation in lacking:
        if _is_covered(operation, theirs):
            at = _At(f"operation {operation.name}")
            what = f"{operation.method} {operation.path}"
            work.subjects.add(at.subject)
            work.add("operation-removed", at, what, operation.place, Place(theirs.name, 1))
        else:
            missing.append(operation.name)
    _sites(work, ours, theirs)
    return Comparison(theirs, tuple(work.differences()), frozenset(work.subjects), tuple(missing))


def _paired(
    ours: Iterable[Operation], theirs: Iterable[Operation]
) -> tuple[list[tuple[Operation, Operation]], list[Operation], list[Operation]]:
    """Operations with the same method and path; of the others, those with the same name; what is left on each side."""
    by_route = {operation.route: operation for operation in theirs}
    pairs = [(our, by_route.pop(our.route)) for our in ours if our.route in by_route]
    found = {our.key for our, _ in pairs}
    by_name = {operation.key: operation for operation in by_route.values()}
    lacking: list[Operation] = []
    for our in ours:
        if our.key not in found:
            if our.key in by_name:
                pairs.append((our, by_name.pop(our.key)))
            else:
                lacking.append(our)
    return pairs, list(by_name.values()), lacking


def _is_covered(operation: Operation, source: Source) -> bool:
    return (operation.area or "") in source.whole_areas or (
        "*" in source.whole_areas and is_about_replays(operation.path)
    )


def _sites(work: _Work, ours: Source, theirs: Source) -> None:
    """The sites of a source; of a page, whose operations list them each, also where one lists others than the page."""
    if ours.sites is None or theirs.sites is None:
        return
    at = _At("sites")
    work.subjects.add(at.subject)
    start = min(ours.sites.values(), default=Place("", 1))
    end = min(theirs.sites.values(), default=Place(theirs.name, 1))
    for site, there in theirs.sites.items():
        if site not in ours.sites:
            work.add("site-added", at, site, start, there)
    for site, here in ours.sites.items():
        if site not in theirs.sites:
            work.add("site-removed", at, site, here, end)
    for operation in theirs.operations:
        for site in theirs.sites if operation.sites is not None else ():
            if site not in (operation.sites or {}):
                here = ours.sites.get(site, start)
                work.add("site-removed", _At(f"sites of {operation.name}"), site, here, operation.place)


def _server(work: _Work, our: Server | None, their: Server | None, subject: str) -> None:
    if our is not None and their is not None:
        work.subjects.add(subject)
        if our.url.rstrip("/") != their.url.rstrip("/"):
            work.add("server-changed", _At(subject), f"{our.url} → {their.url}", our.place, their.place)


@frozen
class _At:
    """Where in our document a comparison is: the subject, the names from there on, and what it is about."""

    subject: str
    trail: str = ""
    direction: Literal["request", "answer", ""] = ""
    operation: str = ""
    depth: int = 0
    is_optional: bool = False
    """Whether it is a property that may be absent, for which null means the same."""

    def below(self, step: str) -> _At:
        trail = step if not self.trail else f"{self.trail}{step}" if step == "[]" else f"{self.trail}.{step}"
        return _At(self.subject, trail, self.direction, self.operation, self.depth + 1)

    def of(self, what: str) -> str:
        return f"{self.trail}: {what}" if self.trail else what


@define
class _Work:
    """Collects differences; equal ones of several operations become one."""

    subjects: set[str] = field(factory=set)
    _found: dict[tuple[str, str, str], list[Difference]] = field(factory=dict)

    def add(self, kind: str, at: _At, what: str, here: Place, there: Place) -> None:
        directions = frozenset({at.direction} - {""})
        operations = (at.operation,) if at.direction else ()
        change: Change = "added" if "-added" in kind else "removed" if "-removed" in kind else "changed"
        difference = Difference(kind, change, at.subject, what, here, there, directions, operations)
        self._found.setdefault((kind, at.subject, what), []).append(difference)

    def differences(self) -> Iterator[Difference]:
        for (kind, subject, what), same in self._found.items():
            first = same[0]
            yield Difference(
                kind,
                first.change,
                subject,
                what,
                first.here,
                first.there,
                frozenset().union(*(each.directions for each in same)),
                tuple(dict.fromkeys(name for each in same for name in each.operations)),
            )

    def operation(self, our: Operation, their: Operation) -> None:
        at = _At(f"operation {our.name}", operation=our.name)
        self.subjects.add(at.subject)

        def differs(kind: str, what: str) -> None:
            self.add(kind, at, what, our.place, their.place)

        if our.key != their.key:
            differs("operation-renamed", f"name {our.name} → {their.name}")
        if our.method != their.method:
            differs("method-changed", f"method {our.method} → {their.method}")
        if our.route[1] != their.route[1]:
            differs("path-changed", f"path {our.path} → {their.path}")
        if our.area and their.area and our.area.lower() != their.area.lower():
            differs("area-changed", f"area {our.area} → {their.area}")
        if their.deprecated and our.deprecated is False:
            differs("deprecated", "deprecated")
        if our.deprecated and their.deprecated is False:
            differs("no-longer-deprecated", "no longer deprecated")
        if our.security is not None and their.security is not None:
            for name in sorted(their.security - our.security):
                differs("security-added", f"authentication {name}")
            for name in sorted(our.security - their.security):
                differs("security-removed", f"authentication {name}")
        self._parameters(our, their)
        self._body(our, their)
        self._answers(our, their)

    def _parameters(self, our: Operation, their: Operation) -> None:
        whole = _At(f"operation {our.name}", "", "request", our.name)
        here, there = _by_location(our), _by_location(their)
        if our.route[1] == their.route[1]:
            # Requests do not hold the names in a path, so that the place in it decides.
            there = _renamed(there, zip(their.names_in_path, our.names_in_path, strict=True))
        for key in [key for key in here if key not in there]:
            moved = next((other for other in there if other[1] == key[1] and other not in here), None)
            if moved is not None:
                what = f"parameter {key[1]}: in {key[0]} → {moved[0]}"
                self.add("parameter-moved", whole, what, here[key].place, there[moved].place)
                here[moved] = here.pop(key)
        renamed = [
            [key for key in side if key[0] == "path" and key not in other]
            for side, other in ((there, here), (here, there))
        ]
        there = _renamed(there, ((new[1], old[1]) for new, old in zip(*renamed, strict=False)))
        for key, parameter in there.items():
            if key in here:
                self._parameter(whole.below(f"parameter {here[key].name}"), here[key], parameter)
            else:
                kind = "parameter-added-required" if parameter.required else "parameter-added"
                stated = f"{summary(parameter.schema, parameter.required)}, in {parameter.location}"
                self.add(kind, whole, f"parameter {parameter.name} ({stated})", our.place, parameter.place)
        for key, parameter in here.items():
            if key not in there:
                self.add("parameter-removed", whole, f"parameter {parameter.name}", parameter.place, their.place)

    def _parameter(self, at: _At, our: Parameter, their: Parameter) -> None:
        if our.name != their.name:
            self.add("path-parameter-renamed", at, at.of(f"name → {their.name}"), our.place, their.place)
        self._required(at, our, their)
        if their.deprecated and our.deprecated is False:
            self.add("deprecated", at, at.of("deprecated"), our.place, their.place)
        self.schema(at, our.schema, their.schema, our.place, their.place)

    def _body(self, our: Operation, their: Operation) -> None:
        at = _At(f"operation {our.name}", "request body", "request", our.name)
        if our.body is not None and their.body is not None:
            self._required(at, our.body, their.body)
            if our.body.schema is not None and their.body.schema is None:
                self.add("body-removed", at, at.of("content"), our.body.place, their.body.place)
            self._content(at, our.body, their.body)
        elif their.body is not None:
            kind = "body-added-required" if their.body.required else "body-added"
            self.add(kind, at, at.trail, our.place, their.body.place)
        elif our.body is not None:
            self.add("body-removed", at, at.trail, our.body.place, their.place)

    def _answers(self, our: Operation, their: Operation) -> None:
        ours, theirs = our.answers or {}, their.answers
        whole = _At(f"operation {our.name}", operation=our.name)
        if theirs is None:
            success = next((answer for status, answer in ours.items() if _is_success(status)), None)
            if success is not None and their.result is not None:
                self._answer(evolve(whole, trail="answer", direction="answer"), success, their.result)
            return
        for status, answer in theirs.items():
            if status in ours:
                self._answer(evolve(whole, trail=f"status {status}", direction="answer"), ours[status], answer)
            else:
                kind = "status-added" if _is_success(status) else "error-status-added"
                self.add(kind, whole, f"status {status}", our.place, answer.place)
        for status, answer in ours.items():
            if status not in theirs:
                kind = "status-removed" if _is_success(status) else "error-status-removed"
                self.add(kind, whole, f"status {status}", answer.place, their.place)

    def _answer(self, at: _At, our: Answer, their: Answer) -> None:
        if our.schema is None and their.schema is not None:
            what = at.of(f"body ({summary(their.schema, None)})")
            self.add("answer-body-added", at, what, our.place, their.place)
        elif our.schema is not None and their.schema is None:
            what = at.of("body")
            self.add("answer-body-removed", at, what, our.place, their.place)
        self._content(at, our, their)

    def _content(self, at: _At, our: Answer | Body, their: Answer | Body) -> None:
        if our.media_types and their.media_types:
            for name in sorted(their.media_types - our.media_types):
                what = at.of(f"media type {name}")
                self.add("media-type-added", at, what, our.place, their.place)
            for name in sorted(our.media_types - their.media_types):
                what = at.of(f"media type {name}")
                self.add("media-type-removed", at, what, our.place, their.place)
        if our.schema is not None and their.schema is not None:
            self.schema(at, our.schema, their.schema, our.place, their.place)

    def _required(self, at: _At, our: _CanBeRequired, their: _CanBeRequired) -> None:
        if our.required is None or their.required is None or our.required == their.required:
            return
        if their.required:
            self.add("became-required", at, at.of("optional → required"), our.place, their.place)
        else:
            self.add("became-optional", at, at.of("required → optional"), our.place, their.place)

    def schema(self, at: _At, our: Schema, their: Schema, here: Place, there: Place) -> None:
        """Compare two schemas; `here` and `there` are the places that refer to them."""
        if our.name is not None:
            at = evolve(at, subject=f"schema {our.name}", trail="")
            self.subjects.add(at.subject)
            here = our.place
            if their.name is not None and their.name != our.name:
                self.add("schema-renamed", at, f"name → {their.name}", here, their.place)
        if their.name is not None or their.type is not None:
            there = their.place
        if at.depth > _MAX_DEPTH or their.type is None or our.type is None:
            return
        if our.type != their.type:
            wider = (our.type, their.type) == ("integer", "number") or not their.type
            narrower = (our.type, their.type) == ("number", "integer") or not our.type
            kind = "type-widened" if wider else "type-narrowed" if narrower else "type-changed"
            self.add(kind, at, at.of(f"type {type_name(our)} → {type_name(their)}"), here, there)
            return
        for kind, what in fact_differences(our, their, is_optional=at.is_optional):
            self.add(kind, at, at.of(what), here, there)
        if our.items is not None and their.items is not None:
            self.schema(at.below("[]"), our.items, their.items, our.items.place, their.items.place)
        if our.values is not None and their.values is not None:
            below = at.below("additionalProperties")
            self.schema(below, our.values, their.values, our.values.place, their.values.place)
        if our.properties is not None and their.properties is not None:
            self._properties(at, our.properties, their.properties, here, there)

    def _properties(
        self, at: _At, ours: Mapping[str, Property], theirs: Mapping[str, Property], here: Place, there: Place
    ) -> None:
        for name, their in theirs.items():
            below = at.below(name if at.trail else f"property {name}")
            if name in ours and their.is_only_example:
                self.add("property-removed", at, below.trail, ours[name].place, there)
            elif name in ours:
                self._required(below, ours[name], their)
                below = evolve(below, is_optional=ours[name].required is False)
                self.schema(below, ours[name].schema, their.schema, ours[name].place, their.place)
            else:
                kind = "property-added-required" if their.required else "property-added"
                self.add(kind, at, f"{below.trail} ({summary(their.schema, their.required)})", here, their.place)
        for name, our in ours.items():
            if name not in theirs:
                below = at.below(name if at.trail else f"property {name}")
                self.add("property-removed", at, below.trail, our.place, there)


def _by_location(operation: Operation) -> dict[tuple[str, str], Parameter]:
    return {(each.location, each.name): each for each in operation.parameters}


def _renamed(
    parameters: Mapping[tuple[str, str], Parameter], names: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], Parameter]:
    """The parameters with other names for those in the path: each pair is what it is called, and what it is to be."""
    known = dict(names)
    return {
        (location, known.get(name, name) if location == "path" else name): each
        for (location, name), each in parameters.items()
    }


def _is_success(status: int | str) -> bool:
    return str(status)[0] in "12"
