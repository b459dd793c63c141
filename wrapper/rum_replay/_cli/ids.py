"""Many ids: as arguments, on standard input or in a file, all of them checked before anything is sent."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import attrs
import click

from .._arguments import check_id
from .._errors import InvalidRequestError
from .arguments import complete_path

__all__ = ["Given", "checked", "from_option", "given_ids", "session_ids", "sessions_argument"]

F = TypeVar("F", bound=Callable[..., Any])
T = TypeVar("T")

_COMMENT = re.compile(r"(?:^|\s)#.*")
_FAULTS_SHOWN = 5


@attrs.frozen
class Given:
    """The text of an id, and where it was found."""

    text: str
    place: str
    """Such as `line 3 of ids.txt`; empty for an argument."""


def from_option(function: F) -> F:
    """The option `--from`."""
    return click.option(
        "--from",
        "from_files",
        multiple=True,
        type=click.Path(path_type=Path),
        shell_complete=complete_path,
        metavar="FILE",
        help="Also take ids from this file, one per line; repeatable. `-` is standard input, # begins a comment.",
    )(function)


def sessions_argument(function: F) -> F:
    """Session ids, and the option `--from`."""
    return click.argument("sessions", metavar="SESSION...", nargs=-1)(from_option(function))


def session_ids(arguments: Iterable[str], from_files: Iterable[Path], *, option: str | None = None) -> list[str]:
    """The ids in the order in which they were given, each once; raises InvalidRequestError for unusable ones."""
    given = given_ids(arguments, from_files, "session ids", option=option)
    return checked(given, lambda text: check_id("session id", text))


def given_ids(
    arguments: Iterable[str], from_files: Iterable[Path], what: str, *, option: str | None = None
) -> list[Given]:
    """Everything that was given; a usage error if nothing was.

    `what` it is, in the plural. `arguments` are those of a command or, with `option`, the values of that option.
    """
    found: list[Given] = []
    places: list[str] = []
    sources: list[str | Path] = [*arguments, *from_files]
    for source in sources:
        if str(source) == "-":
            found += _lines(sys.stdin, "standard input")
            places.append("on standard input")
        elif isinstance(source, Path):
            found += _lines_of(source)
            places.append(f"in {source}")
        else:
            found.append(Given(source, ""))
    if found:
        return found
    if places:
        raise click.UsageError(f"no {what} {' and '.join(places)}", click.get_current_context())
    message = (
        f"Missing {f'option {option}' if option else 'argument'}: give {what}, `-` for standard input, or --from FILE"
    )
    raise click.UsageError(message, click.get_current_context())


def _lines_of(path: Path) -> list[Given]:
    from .._files import file_errors

    try:
        with file_errors(path, "read"), path.open(encoding="utf-8-sig") as file:
            return list(_lines(file, str(path)))
    except UnicodeDecodeError:
        pass  # answered below, so that no foreign exception is chained
    raise InvalidRequestError(f"{path} is not text in UTF-8, which ids are read from")


def _lines(lines: Iterable[str], place: str) -> Iterator[Given]:
    for number, line in enumerate(lines, start=1):
        if text := _COMMENT.sub("", line).strip():
            yield Given(text, f"line {number} of {place}")


def checked(given: Iterable[Given], check: Callable[[str], T]) -> list[T]:
    """What `check` makes of each, without repetitions; raises InvalidRequestError, which names those it refuses."""
    found: dict[T, None] = {}
    faults: list[str] = []
    for one in given:
        try:
            found.setdefault(check(one.text))
        except InvalidRequestError as error:
            faults.append(f"{one.place}: {error}" if one.place else str(error))
    if faults:
        more = f"; and {len(faults) - _FAULTS_SHOWN} more" if len(faults) > _FAULTS_SHOWN else ""
        raise InvalidRequestError(f"{'; '.join(faults[:_FAULTS_SHOWN])}{more}; nothing was sent")
    return list(found)
