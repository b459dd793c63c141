"""The file format of cassettes: YAML that people can read, compare and edit.

    # Recorded by the pytest plugin of rum-replay, …
    version: 1
    interactions:
    - recorded_at: '2026-04-02T15:03:42Z'
      clock: '2026-04-02T15:03:41.873Z'
      request:
        method: GET
        url: https://api.datadoghq.com/api/v2/rum/replay/playlists/42
        headers:
          accept: application/json
      response:
        status: 200
        reason: OK
        headers:
          content-type: application/json
        json:
          data: …

`clock` is there where the request contains the time of the client's clock. The file is always UTF-8 with "\\n" as line
ends; headers are sorted, and a repeated one is a list. For bodies see body.py.
"""

import gc
import re
from collections.abc import Generator, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeGuard, TypeVar, cast

from rum_replay import FileError
from rum_replay._extras import install_command
from rum_replay._files import file_error, file_errors, replacing
from rum_replay._times import parse_rfc3339, rfc3339

from pytest_rum_replay.cassettes.body import BODY_FIELDS, decode_body, encode_body
from pytest_rum_replay.cassettes.errors import CassetteFormatError, CassetteNotSavedError
from pytest_rum_replay.interaction import Headers, Interaction, RecordedRequest, RecordedResponse

try:
    import yaml
except ImportError as error:
    raise ImportError(f"cassettes need PyYAML ({error}): {install_command('pytest')}", name=error.name) from error

__all__ = ["HEADER", "dump", "load", "read", "write"]

T = TypeVar("T")

HEADER = "# Recorded by the pytest plugin of rum-replay"
"""The beginning of every file."""

_COMMENT = f"{HEADER}, without credentials. To record it again: pytest --rum-replay-record=rewrite\n"
_VERSION = 1
_UNLIMITED = 2**31 - 1  # the largest width that libyaml accepts
_TAG = "tag:yaml.org,2002:"
# Line ends that YAML would convert to "\n" or drop; in double quotes they are escaped.
_UNSAFE_LINE_END = re.compile("[\r\x85\u2028\u2029]")


def _text(dumper: Any, text: str) -> Any:
    style = '"' if _UNSAFE_LINE_END.search(text) else "|" if "\n" in text else None
    return dumper.represent_scalar(f"{_TAG}str", text, style=style)


def _never_alias(_dumper: Any, _data: Any) -> bool:
    return True


@lru_cache(maxsize=10_000)
def _tag(kind: Any, value: Any, implicit: Any) -> str:
    return cast(str, _RESOLVER.resolve(kind, value, implicit))


def _resolve(_loader: Any, kind: Any, value: Any, implicit: Any) -> str:
    return _tag(kind, value, implicit)


def _no_tag_by_path(*_: Any) -> None:
    return


# libyaml, if pyyaml was built with it, is about ten times as fast. Most of the remaining time would go into resolving
# the same names and values again and again, and into tags by path, which cassettes do not use.
_RESOLVER: Any = yaml.resolver.Resolver()
_LOADER: Any = type(
    "_Loader",
    (getattr(yaml, "CSafeLoader", yaml.SafeLoader),),
    {"resolve": _resolve, "descend_resolver": _no_tag_by_path, "ascend_resolver": _no_tag_by_path},
)
_DUMPER: Any = type("_Dumper", (getattr(yaml, "CSafeDumper", yaml.SafeDumper),), {})
_DUMPER.ignore_aliases = _never_alias
_DUMPER.add_representer(str, _text)


def dump(interactions: Iterable[Interaction]) -> bytes:
    """The file's content for these interactions, in this order."""
    document = {"version": _VERSION, "interactions": [_fields_of(interaction) for interaction in interactions]}
    text: str = yaml.dump(document, Dumper=_DUMPER, sort_keys=False, allow_unicode=True, width=_UNLIMITED)
    return (_COMMENT + text).encode("utf-8")


def read(path: Path) -> list[Interaction] | None:
    """The interactions in a file; None if the file does not exist.

    Raises CassetteFormatError if it cannot be read or is not a valid cassette.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CassetteFormatError(f"the cassette {file_error(error, path, 'read')}") from error
    return load(data, path)


def load(data: bytes, path: Path) -> list[Interaction]:
    """The interactions in a file's content; raises CassetteFormatError that says which entry is invalid and why."""
    try:
        with _garbage_collection_paused():
            document = _value(yaml.compose(data, Loader=_LOADER))
        return _interactions(document)
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise CassetteFormatError(
            f"{path} is not a valid cassette: {error}. Correct it, or delete it and record it again"
        ) from error


def write(path: Path, data: bytes) -> None:
    """Replace the file atomically: at any time, even after a crash, it is the old file or the new one.

    Raises CassetteNotSavedError; the old file is then unchanged, and nothing else is left in its folder.
    """
    try:
        with file_errors(path, "written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as file:
                file.write(data)
    except FileError as error:
        raise CassetteNotSavedError(f"the cassette was not saved: {error}") from error


def _fields_of(interaction: Interaction) -> dict[str, Any]:
    request, response, clock = interaction.request, interaction.response, interaction.clock
    return {
        "recorded_at": rfc3339(interaction.recorded_at, "seconds"),
        **({} if clock is None else {"clock": rfc3339(clock)}),
        "request": {"method": request.method, "url": request.url, **_content(request.headers, request.body)},
        "response": {
            "status": response.status,
            "reason": response.reason,
            **_content(response.headers, response.body),
        },
    }


def _content(headers: Headers, body: bytes) -> dict[str, Any]:
    grouped: dict[str, str | list[str]] = {}
    for name, value in sorted(headers, key=lambda header: header[0]):
        before = grouped.get(name)
        if before is None:
            grouped[name] = value
        else:
            grouped[name] = [*([before] if isinstance(before, str) else before), value]
    return {**({"headers": grouped} if grouped else {}), **encode_body(body)}


@contextmanager
def _garbage_collection_paused() -> Generator[None]:
    """Parsing makes many objects and no cycles, so searching for cycles would only take most of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _value(node: Any) -> Any:
    """The value of a YAML node, restricted to JSON types: a file cannot create any other object."""
    if isinstance(node, yaml.MappingNode):
        members: dict[str, Any] = {}
        for key, child in cast(list[tuple[Any, Any]], node.value):
            if not isinstance(key, yaml.ScalarNode) or key.tag == f"{_TAG}merge" or key.value in members:
                raise ValueError(f"line {key.start_mark.line + 1}: a key must be plain text and must not be repeated")
            members[key.value] = _value(child)
        return members
    if isinstance(node, yaml.SequenceNode):
        return [_value(child) for child in cast(list[Any], node.value)]
    if node is None or node.tag == f"{_TAG}null":
        return None
    # A date without quotes is read as text, as JSON has no dates.
    if node.tag in (f"{_TAG}str", f"{_TAG}timestamp"):
        return node.value
    if node.tag in (f"{_TAG}int", f"{_TAG}float", f"{_TAG}bool"):
        constructor: Any = yaml.constructor.SafeConstructor()
        return constructor.construct_object(node)
    raise ValueError(f"line {node.start_mark.line + 1}: {node.tag} is not allowed in a cassette")


def _interactions(document: Any) -> list[Interaction]:
    if not isinstance(document, dict) or set(cast(dict[str, Any], document)) != {"version", "interactions"}:
        raise ValueError("it must contain 'version' and 'interactions'")
    members = cast(dict[str, Any], document)
    entries = members["interactions"]
    if members["version"] != _VERSION:
        raise ValueError(f"version {members['version']!r} is unknown; this plugin reads version {_VERSION}")
    if not _is_list(entries):
        raise TypeError("'interactions' must be a list")
    interactions: list[Interaction] = []
    for number, entry in enumerate(entries, start=1):
        try:
            interactions.append(_interaction(entry))
        except (ValueError, TypeError) as error:
            raise ValueError(f"entry {number}: {error}") from error
    return interactions


def _interaction(entry: Any) -> Interaction:
    fields = _members(entry, "the entry", {"recorded_at", "request", "response"}, {"clock"})
    request = _members(fields["request"], "request", {"method", "url"}, {"headers", *BODY_FIELDS})
    response = _members(fields["response"], "response", {"status", "reason"}, {"headers", *BODY_FIELDS})
    recorded_at = _time(fields, "recorded_at")
    clock = round(_time(fields, "clock").timestamp() * 1000) if "clock" in fields else None
    reason = _checked(response, "reason", str)
    if not reason.isascii():
        raise ValueError("reason must be ASCII")
    return Interaction(
        RecordedRequest(
            _checked(request, "method", str), _checked(request, "url", str), _headers(request), decode_body(request)
        ),
        RecordedResponse(_checked(response, "status", int), reason, _headers(response), decode_body(response)),
        recorded_at,
        clock,
    )


def _time(fields: Mapping[str, Any], name: str) -> datetime:
    try:
        return parse_rfc3339(_checked(fields, name, str)).astimezone(UTC)
    except ValueError as error:
        raise ValueError(f"{name}: {error}") from None


def _headers(fields: Mapping[str, Any]) -> Headers:
    headers: list[tuple[str, str]] = []
    for name, value in _members(fields.get("headers", {}), "headers", set(), None).items():
        for one in value if _is_list(value) else [value]:
            if not isinstance(one, str):
                raise TypeError(f"the header {name} must be text in quotes, not {one!r}")
            headers.append((name.lower(), one))
    return tuple(headers)


def _members(
    value: Any, what: str, required: AbstractSet[str], optional: AbstractSet[str] | None = frozenset()
) -> dict[str, Any]:
    """The mapping, checked to have the required members and no others except optional ones (None: any)."""
    if not isinstance(value, dict):
        raise TypeError(f"{what} must be a mapping")
    members = cast(dict[str, Any], value)
    if missing := required - set(members):
        hint = "; vcrpy's cassettes cannot be read" if missing == {"recorded_at"} else ""
        raise ValueError(f"{what} lacks {', '.join(sorted(missing))}{hint}")
    if optional is not None and (unknown := set(members) - required - optional):
        raise ValueError(f"{what} has unknown {', '.join(sorted(unknown))}")
    return members


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list)


def _checked(fields: Mapping[str, Any], name: str, kind: type[T]) -> T:
    value = fields[name]
    if type(value) is not kind:  # True is an int, but not a status
        raise TypeError(f"{name} must be of type {kind.__name__}, not {value!r}")
    return value
