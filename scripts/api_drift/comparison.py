"""The differences between two sources; pure.

Each is named from our side: `added` is what the source has and we lack. Schemas are compared where operations use them,
in requests and answers, so that a source needs no names for them; a difference inside a schema that several operations
use is one difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from attrs import define, field, frozen

from .model import Answer, Body, Operation, Parameter, Place, Property, Schema, Source, is_about_replays

__all__ = ["Comparison", "Difference", "compared"]

Change = Literal["added", "removed", "changed"]
_MAX_DEPTH = 40
_WIDTHS = {"int32": 32, "int64": 64}
_TIMES = {"date-time", "date"}
# The larger, the less is allowed; of the others, the smaller.
_LOWER_BOUNDS = {"minimum", "exclusiveMinimum", "minLength", "minItems"}
_UPPER_BOUNDS = {"maximum", "exclusiveMaximum", "maxLength", "maxItems"}


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
        return f"{self.subject}: {self.what} {self.change}" if self.change != "changed" else f"{self.subject}: {self.what}"


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
    for operation in added:
        end = max((known.place for known in ours.operations), default=Place("", 1))
        what = f"{operation.method} {operation.path}"
        work.add("operation-added", "added", f"operation {operation.name}", what, end, operation.place)
    missing: list[str] = []
    for operation in lacking:
        if not _is_covered(operation, theirs):
            missing.append(operation.name)
            continue
        there = Place(theirs.name, 1)
        what = f"{operation.method} {operation.path}"
        work.add("operation-removed", "removed", f"operation {operation.name}", what, operation.place, there)
        work.subjects.add(f"operation {operation.name}")
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
    work.subjects.add("sites")
    start = min(ours.sites.values(), default=Place("", 1))
    end = min(theirs.sites.values(), default=Place(theirs.name, 1))
    for site, there in theirs.sites.items():
        if site not in ours.sites:
            work.add("site-added", "added", "sites", site, start, there)
    for site, here in ours.sites.items():
        if site not in theirs.sites:
            work.add("site-removed", "removed", "sites", site, here, end)
    for operation in theirs.operations:
        for site in theirs.sites if operation.sites is not None else ():
            if site not in (operation.sites or {}):
                subject = f"sites of {operation.name}"
                work.add("site-removed", "removed", subject, site, ours.sites.get(site, start), operation.place)


@frozen
class _At:
    """Where in our document a comparison is: the subject, the names from there on, and what it is about."""

    subject: str
    trail: str
    direction: str
    operation: str
    depth: int = 0

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

    def add(self, kind: str, change: Change, subject: str, what: str, here: Place, there: Place, at: _At | None = None) -> None:
        directions, operations = (frozenset({at.direction}), (at.operation,)) if at else (frozenset[str](), ())
        difference = Difference(kind, change, subject, what, here, there, directions, operations)
        self._found.setdefault((kind, subject, what), []).append(difference)

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
        subject = f"operation {our.name}"
        self.subjects.add(subject)

        def changed(kind: str, name: str, before: str, after: str) -> None:
            self.add(kind, "changed", subject, f"{name} {before} → {after}", our.place, their.place)

        if our.key != their.key:
            changed("operation-renamed", "name", our.name, their.name)
        if our.method != their.method:
            changed("method-changed", "method", our.method, their.method)
        if our.route[1] != their.route[1]:
            changed("path-changed", "path", our.path, their.path)
        if our.area and their.area and our.area.lower() != their.area.lower():
            changed("area-changed", "area", our.area, their.area)
        if their.deprecated and our.deprecated is False:
            self.add("deprecated", "changed", subject, "deprecated", our.place, their.place)
        if our.security is not None and their.security is not None:
            for name in sorted(their.security - our.security):
                self.add("security-added", "added", subject, f"authentication {name}", our.place, their.place)
            for name in sorted(our.security - their.security):
                self.add("security-removed", "removed", subject, f"authentication {name}", our.place, their.place)
        self._parameters(subject, our, their)
        self._body(subject, our, their)
        if their.answers is not None and our.answers is not None:
            self._answers(subject, our.name, our.answers, their.answers, our.place, their.place)
        elif their.result is not None and our.answers is not None:
            success = next((answer for status, answer in our.answers.items() if status < 300), None)
            if success is not None:
                self._answer(_At(subject, "answer", "answer", our.name), success, their.result)

    def _parameters(self, subject: str, our: Operation, their: Operation) -> None:
        here = _with_places_in_path(our)
        there = _with_places_in_path(their)
        for key in [key for key in here if key not in there and key[0] != "path"]:
            moved = next((other for other in there if other[1] == key[1] and other not in here), None)
            if moved is not None:
                what = f"parameter {key[1]}: in {key[0]} → {moved[0]}"
                self.add("parameter-moved", "changed", subject, what, here[key].place, there[moved].place)
                here[moved] = here.pop(key)
        for key, parameter in there.items():
            at = _At(subject, f"parameter {parameter.name}", "request", our.name)
            if key not in here:
                kind = "parameter-added-required" if parameter.required else "parameter-added"
                what = f"parameter {parameter.name} ({_summary(parameter.schema, parameter.required)}, in {parameter.location})"
                self.add(kind, "added", subject, what, our.place, parameter.place, at)
                continue
            known = here[key]
            if known.name != parameter.name:
                what = f"parameter {known.name}: name → {parameter.name}"
                self.add("path-parameter-renamed", "changed", subject, what, known.place, parameter.place, at)
            self._required(at, known.required, parameter.required, known.place, parameter.place)
            if parameter.deprecated and known.deprecated is False:
                self.add("deprecated", "changed", subject, at.of("deprecated"), known.place, parameter.place, at)
            self.schema(at, known.schema, parameter.schema, known.place, parameter.place)
        for key, parameter in here.items():
            if key not in there:
                at = _At(subject, "", "request", our.name)
                what = f"parameter {parameter.name}"
                self.add("parameter-removed", "removed", subject, what, parameter.place, their.place, at)

    def _body(self, subject: str, our: Operation, their: Operation) -> None:
        at = _At(subject, "request body", "request", our.name)
        if our.body is None and their.body is not None:
            kind = "body-added-required" if their.body.required else "body-added"
            self.add(kind, "added", subject, "request body", our.place, their.body.place, at)
        elif our.body is not None and their.body is None:
            self.add("body-removed", "removed", subject, "request body", our.body.place, their.place, at)
        elif our.body is not None and their.body is not None:
            self._required(at, our.body.required, their.body.required, our.body.place, their.body.place)
            self._content(at, our.body, their.body)

    def _answers(
        self, subject: str, name: str, ours: Mapping[int, Answer], theirs: Mapping[int, Answer], here: Place, there: Place
    ) -> None:
        for status, answer in theirs.items():
            at = _At(subject, f"status {status}", "answer", name)
            if status not in ours:
                kind = "status-added" if status < 300 else "error-status-added"
                self.add(kind, "added", subject, f"status {status}", here, answer.place)
            else:
                self._answer(at, ours[status], answer)
        for status, answer in ours.items():
            if status not in theirs:
                kind = "status-removed" if status < 300 else "error-status-removed"
                self.add(kind, "removed", subject, f"status {status}", answer.place, there)

    def _answer(self, at: _At, our: Answer, their: Answer) -> None:
        if our.schema is None and their.schema is not None:
            what = at.of(f"body ({_summary(their.schema, None)})")
            self.add("answer-body-added", "added", at.subject, what, our.place, their.place, at)
        elif our.schema is not None and their.schema is None:
            what = at.of("body")
            self.add("answer-body-removed", "removed", at.subject, what, our.place, their.place, at)
        self._content(at, our, their)

    def _content(self, at: _At, our: Answer | Body, their: Answer | Body) -> None:
        if our.media_types and their.media_types:
            for name in sorted(their.media_types - our.media_types):
                what = at.of(f"media type {name}")
                self.add("media-type-added", "added", at.subject, what, our.place, their.place, at)
            for name in sorted(our.media_types - their.media_types):
                what = at.of(f"media type {name}")
                self.add("media-type-removed", "removed", at.subject, what, our.place, their.place, at)
        if our.schema is not None and their.schema is not None:
            self.schema(at, our.schema, their.schema, our.place, their.place)

    def _required(self, at: _At, our: bool | None, their: bool | None, here: Place, there: Place) -> None:
        if our is None or their is None or our == their:
            return
        if their:
            self.add("became-required", "changed", at.subject, at.of("optional → required"), here, there, at)
        else:
            self.add("became-optional", "changed", at.subject, at.of("required → optional"), here, there, at)

    def schema(self, at: _At, our: Schema, their: Schema, here: Place, there: Place) -> None:
        """Compare two schemas; `here` and `there` are the places that refer to them."""
        if our.name is not None:
            subject = f"schema {our.name}"
            at = _At(subject, "", at.direction, at.operation, at.depth)
            self.subjects.add(subject)
            here = our.place
            if their.name is not None and their.name != our.name:
                self.add("schema-renamed", "changed", subject, f"name → {their.name}", here, their.place, at)
        if their.name is not None or their.type is not None:
            there = their.place
        if at.depth > _MAX_DEPTH or their.type is None or our.type is None:
            return

        def changed(kind: str, what: str) -> None:
            self.add(kind, "changed", at.subject, at.of(what), here, there, at)

        if our.type != their.type:
            wider = (our.type, their.type) == ("integer", "number") or not their.type
            narrower = (our.type, their.type) == ("number", "integer") or not our.type
            kind = "type-widened" if wider else "type-narrowed" if narrower else "type-changed"
            changed(kind, f"type {_type(our)} → {_type(their)}")
            return
        if our.format is not None and their.format is not None and our.format != their.format:
            changed(_format_change(our.type, our.format, their.format), f"type {_type(our)} → {_type(their)}")
        self._values(at, our, their, here, there)
        if our.nullable is False and their.nullable:
            changed("null-allowed", "may be null")
        elif our.nullable and their.nullable is False:
            changed("null-forbidden", "may no longer be null")
        if our.read_only is False and their.read_only:
            changed("became-read-only", "read-only")
        elif our.read_only and their.read_only is False:
            changed("became-writable", "no longer read-only")
        if our.deprecated is False and their.deprecated:
            changed("deprecated", "deprecated")
        if our.closed is False and their.closed:
            changed("became-closed", "unknown properties are no longer allowed")
        for word, before, after in _bounds(our, their):
            kind = "bound-tightened" if _is_tighter(word, before, after) else "bound-loosened"
            changed(kind, f"{word} {before or 'none'} → {after or 'none'}")
        if our.items is not None and their.items is not None:
            self.schema(at.below("[]"), our.items, their.items, our.items.place, their.items.place)
        if our.properties is not None and their.properties is not None:
            self._properties(at, our.properties, their.properties, here, there)

    def _values(self, at: _At, our: Schema, their: Schema, here: Place, there: Place) -> None:
        if our.enum is None or their.enum is None or set(our.enum) == set(their.enum):
            return
        if not our.enum:
            what = at.of(f"any value → one of {', '.join(their.enum)}")
            self.add("values-limited", "changed", at.subject, what, here, there, at)
        elif not their.enum:
            what = at.of(f"one of {', '.join(our.enum)} → any value")
            self.add("values-unlimited", "changed", at.subject, what, here, there, at)
        else:
            for value in their.enum:
                if value not in our.enum:
                    self.add("value-added", "added", at.subject, at.of(f"value {value}"), here, there, at)
            for value in our.enum:
                if value not in their.enum:
                    self.add("value-removed", "removed", at.subject, at.of(f"value {value}"), here, there, at)

    def _properties(
        self, at: _At, ours: Mapping[str, Property], theirs: Mapping[str, Property], here: Place, there: Place
    ) -> None:
        for name, their in theirs.items():
            place = f"property {name}" if not at.trail else name
            if name not in ours:
                kind = "property-added-required" if their.required else "property-added"
                what = at.below(f"{place} ({_summary(their.schema, their.required)})").trail
                self.add(kind, "added", at.subject, what, here, their.place, at)
            else:
                below = at.below(place)
                self._required(below, ours[name].required, their.required, ours[name].place, their.place)
                self.schema(below, ours[name].schema, their.schema, ours[name].place, their.place)
        for name, our in ours.items():
            if name not in theirs:
                what = at.below(f"property {name}" if not at.trail else name).trail
                self.add("property-removed", "removed", at.subject, what, our.place, there, at)


def _with_places_in_path(operation: Operation) -> dict[tuple[str, str], Parameter]:
    """The parameters by location and name; those in the path by their number, since requests do not hold their names."""
    order = [part.strip("{}") for part in operation.path.split("/") if part.startswith("{")]
    return {
        (each.location, str(order.index(each.name)) if each.location == "path" and each.name in order else each.name): each
        for each in operation.parameters
    }


def _format_change(type_name: str, ours: str, theirs: str) -> str:
    if type_name == "integer":
        before, after = _WIDTHS.get(ours, 64), _WIDTHS.get(theirs, 64)
        return "format-dropped" if before == after else "integer-wider" if after > before else "integer-narrower"
    if ours in _TIMES or theirs in _TIMES:
        return "time-added" if theirs in _TIMES and not ours else "time-removed" if not theirs else "time-changed"
    return "format-added" if not ours else "format-dropped" if not theirs else "format-changed"


def _bounds(our: Schema, their: Schema) -> Iterator[tuple[str, str, str]]:
    if our.bounds is None or their.bounds is None:
        return
    for word in dict.fromkeys((*our.bounds, *their.bounds)):
        before, after = our.bounds.get(word, ""), their.bounds.get(word, "")
        if before != after:
            yield word, before, after


def _is_tighter(word: str, before: str, after: str) -> bool:
    if not before or not after:
        return bool(after)
    if word in _LOWER_BOUNDS | _UPPER_BOUNDS:
        try:
            return (float(after) > float(before)) == (word in _LOWER_BOUNDS)
        except ValueError:
            pass
    return True  # such as another pattern, which refuses what the old one accepted


def _type(schema: Schema) -> str:
    """In words, such as `array of string`."""
    if schema.type == "array" and schema.items is not None:
        return f"array of {_type(schema.items)}"
    name = schema.type or ("anything" if schema.type == "" else "of unknown type")
    return f"{name} ({schema.format})" if schema.format else name


def _summary(schema: Schema, required: bool | None) -> str:
    flag = "" if required is None else ", required" if required else ", optional"
    return f"{_type(schema)}{flag}"
