"""Search queries from values, quoted so that nothing in them is taken for syntax.

    from rum_replay import query

    query.url_path("/check out")                 # @view.url_path:"/check out"
    query.attribute("usr.email", "a@example.com")  # @usr.email:"a@example.com"
    query.more_than("view.error.count", 0)       # @view.error.count:>0
    query.every(query.url_path("/checkout"), query.excluded(query.attribute("session.type", "synthetics")))

All functions are pure and return text, which `events.search` and `sessions.search` take. The syntax is that of
Datadog's page on searching in the RUM Explorer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import cast

from .._arguments import check_number, check_text
from .._errors import InvalidRequestError

__all__ = [
    "any_of",
    "at_least",
    "at_most",
    "attribute",
    "between",
    "either",
    "every",
    "excluded",
    "less_than",
    "more_than",
    "quoted",
    "session",
    "starting_with",
    "url_path",
    "view",
]

_CLOSING = {"(": ")", "[": "]"}
_NAME = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*", re.ASCII)
# Characters with a meaning outside of quotes, blanks, and those of the other rules: everything but these is plain.
_NOT_PLAIN = re.compile(r"[^\w.,@%+-]")
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def quoted(value: str) -> str:
    """A value in double quotes, in which only `"` and the backslash have a meaning.

    Raises InvalidRequestError for anything but text, for an empty one, and for line breaks and control characters: how
    a query would have to hold them is not documented.
    """
    text = check_text("value", value)
    if not text:
        raise InvalidRequestError("value must not be empty: a query for an empty text finds nothing")
    if _CONTROL.search(text):
        raise InvalidRequestError("value must not hold line breaks or control characters")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def attribute(name: str, value: str | bool | float) -> str:
    """Events whose attribute has exactly this value: `attribute("session.has_replay", True)`.

    `name` is a path without the `@`, such as `view.url_path`. Raises InvalidRequestError if it is not one.
    """
    return f"{_named(name)}:{_value(value)}"


def any_of(name: str, values: Iterable[str | bool | float]) -> str:
    """Events whose attribute has one of these values; raises InvalidRequestError without any."""
    if isinstance(values, str) or not isinstance(cast("object", values), Iterable):
        raise InvalidRequestError(f"values must be a list of values, not {type(values).__name__}")
    written = [_value(value) for value in values]
    if not written:
        raise InvalidRequestError("values must not be empty: nothing has one of no values")
    return f"{_named(name)}:{written[0]}" if len(written) == 1 else f"{_named(name)}:({' OR '.join(written)})"


def starting_with(name: str, prefix: str) -> str:
    """Events whose attribute starts with this text."""
    quoted(prefix)  # For what it refuses.
    return f"{_named(name)}:{_NOT_PLAIN.sub(_escaped, prefix)}*"


def between(name: str, low: float, high: float) -> str:
    """Events whose attribute is a number from `low` to `high`, both included; durations are in nanoseconds."""
    return f"{_named(name)}:[{_number(low)} TO {_number(high)}]"


def more_than(name: str, number: float) -> str:
    """Events whose attribute is a number above this one."""
    return f"{_named(name)}:>{_number(number)}"


def at_least(name: str, number: float) -> str:
    """Events whose attribute is this number, or one above it."""
    return f"{_named(name)}:>={_number(number)}"


def less_than(name: str, number: float) -> str:
    """Events whose attribute is a number below this one."""
    return f"{_named(name)}:<{_number(number)}"


def at_most(name: str, number: float) -> str:
    """Events whose attribute is this number, or one below it."""
    return f"{_named(name)}:<={_number(number)}"


def every(*queries: str) -> str:
    """Events that match all of the queries."""
    return " ".join(f"({one})" if "OR" in _terms(one) else one for one in _checked(queries))


def either(*queries: str) -> str:
    """Events that match at least one of the queries."""
    # Which of OR and AND binds closer is not documented, so what has several terms is grouped.
    return " OR ".join(f"({one})" if len(_terms(one)) > 1 else one for one in _checked(queries))


def excluded(query: str) -> str:
    """Events that do not match the query."""
    (one,) = _checked((query,))
    return f"-{one}" if len(_terms(one)) == 1 and not one.startswith("-") else f"-({one})"


def session(session_id: str) -> str:
    """Events of one session."""
    return attribute("session.id", session_id)


def view(view_id: str) -> str:
    """Events of one view."""
    return attribute("view.id", view_id)


def url_path(path: str) -> str:
    """Events of views with this path, such as `/checkout`."""
    return attribute("view.url_path", path)


def _named(name: str) -> str:
    text = check_text("name", name).removeprefix("@")
    if not _NAME.fullmatch(text):
        raise InvalidRequestError(f"name must be the path of an attribute, such as view.url_path, not {name!r}")
    return f"@{text}"


def _value(value: str | bool | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(value) if isinstance(value, str) else _number(value)


def _number(value: float) -> str:
    number = check_number("value", value)
    return str(int(number)) if number == int(number) else f"{Decimal(repr(number)):f}"  # Never with an exponent.


def _escaped(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _checked(queries: Iterable[str]) -> list[str]:
    given = [check_text("query", one).strip() for one in queries]
    if not given or not all(map(_terms, given)):
        raise InvalidRequestError("a query must not be empty; use * for every event")
    return given


def _terms(query: str) -> list[str]:
    """What is separated by blanks outside of quotes, parentheses and brackets.

    Raises InvalidRequestError for a query that does not end by itself, or that closes a group which it did not open:
    what is put beside it would become part of it.
    """
    terms, current, closing, is_quoted = list[str](), "", list[str](), False
    characters = iter(query)
    for character in characters:
        if character.isspace() and not closing and not is_quoted:
            terms, current = [*terms, current], ""
            continue
        current += character
        if character == "\\":
            escaped = next(characters, None)
            if escaped is None:
                raise InvalidRequestError(f"the query {query!r} ends with a backslash, which would escape what follows")
            current += escaped
        elif character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif character in _CLOSING:
            closing.append(_CLOSING[character])
        elif closing and character == closing[-1]:
            closing.pop()
        elif character in _CLOSING.values():
            raise InvalidRequestError(f"the query {query!r} has a {character} that closes nothing")
    if closing or is_quoted:
        raise InvalidRequestError(f"the query {query!r} lacks a {chr(34) if is_quoted else closing[-1]} at its end")
    return [term for term in (*terms, current) if term]
