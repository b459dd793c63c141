"""Members of enumerations and other subclasses of str and int are sent as the values that they are."""

from __future__ import annotations

import inspect
import re
import types
import typing
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from enum import Enum, IntEnum, StrEnum
from numbers import Integral
from pathlib import Path
from typing import Any

import httpx
import pytest
from rum_replay import AsyncReplayClient, InvalidRequestError, NotFoundError, ReplayClient, RetryPolicy
from rum_replay._arguments import check_count, check_flag, check_integer, check_number, check_path, check_text

LIE = "a lie"


class LyingText(str):
    """Every method that formatting, joining and checking could use returns something else."""

    __slots__ = ()

    def _lie(self, *_: Any) -> Any:
        return LIE

    __str__ = __repr__ = __format__ = strip = lower = upper = replace = removeprefix = rstrip = _lie
    isascii = isdigit = isprintable = startswith = endswith = _lie

    def __iter__(self) -> Iterator[str]:
        return iter(LIE)

    def __len__(self) -> int:
        return 0


class LyingNumber(int):
    __slots__ = ()

    def _lie(self, *_: Any) -> Any:
        return LIE

    def _other(self, *_: Any) -> Any:
        return 99

    __str__ = __repr__ = __format__ = _lie
    __int__ = __index__ = __add__ = __mul__ = __abs__ = __trunc__ = _other


class Markup(str):
    """Like markupsafe's: a string that escapes what is formatted into it."""

    __slots__ = ()

    def __html__(self) -> str:
        return self

    def __format__(self, _: str) -> str:
        return "&lt;"


class WholeNumber:
    """Like numpy's integers: registered as whole numbers, and not int."""

    def __init__(self, value: int) -> None:
        self._value = value

    def __index__(self) -> int:
        return self._value


Integral.register(WholeNumber)


def member_of(cls: Any, value: Any, **options: Any) -> Any:
    """The only member of a new enumeration."""
    return cls("Kind", {"MEMBER": value}, **options)["MEMBER"]


TEXTS: dict[str, Callable[[str], Any]] = {
    "(str, Enum)": lambda value: member_of(Enum, value, type=str),
    "StrEnum": lambda value: member_of(StrEnum, value),
    "subclass": LyingText,
    "markup": Markup,
}
NUMBERS: dict[str, Callable[[int], Any]] = {
    "(int, Enum)": lambda value: member_of(Enum, value, type=int),
    "IntEnum": lambda value: member_of(IntEnum, value),
    "subclass": LyingNumber,
    "like numpy's": WholeNumber,
}

GROUPS = ("playlists", "heatmaps", "viewership", "sessions", "events")
TIMES = ("ts", "timestamp", "watched_after", "watched_before", "start", "end", "at")


def arguments() -> Iterator[tuple[str, str, str, type[str | int]]]:
    """Group, method, parameter and type of every argument that may be a string or a whole number."""
    client = ReplayClient(api_key="a", app_key="b", site="us1")
    for group in GROUPS:
        for method, function in vars(type(getattr(client, group))).items():
            if method.startswith("_"):
                continue
            hints = typing.get_type_hints(function)
            for parameter in inspect.signature(function).parameters:
                for kind in kinds_of(hints[parameter]) if parameter in hints else ():
                    yield group, method, parameter, kind
    client.close()


def kinds_of(hint: Any) -> Iterator[type[str | int]]:
    if typing.get_origin(hint) is Iterable:
        yield str
    for choice in typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,):
        if typing.get_origin(choice) is Iterable:
            yield str
        elif choice in (str, int):
            yield choice


ARGUMENTS = list(arguments())
UUID = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"


def value_for(parameter: str, hint: Any, kind: type, make: Callable[[Any], Any], folder: Path) -> Any:
    if kind is str and any(typing.get_origin(choice) is Iterable for choice in (hint, *typing.get_args(hint))):
        return [make("some-id" if parameter == "views" else "some/id")]
    if parameter == "sort":
        return make("-timestamp")
    if parameter == "directory":
        return make(str(folder))
    if parameter in ("id", "playlist_id"):
        return make(kind("42"))
    if parameter == "created_by":
        return make(UUID)
    return make("some/id" if kind is str else 1_782_907_200_000 if parameter in TIMES else 7)


def requests_of(
    group: str, method: str, changed: str, kind: type, make: Callable[[Any], Any], folder: Path
) -> list[httpx.Request]:
    """What a method sends if one argument, of a type, is made by `make` and the others are plain."""
    sent: list[httpx.Request] = []

    def refuse(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(404)

    with httpx.Client(transport=httpx.MockTransport(refuse)) as http_client:
        client = ReplayClient(api_key="a", app_key="b", site="us1", http_client=http_client)
        function = getattr(getattr(client, group), method)
        hints = typing.get_type_hints(function)
        given: dict[str, Any] = {}
        for name, parameter in inspect.signature(function).parameters.items():
            if name == changed:
                given[name] = value_for(name, hints[name], kind, make, folder)
            elif parameter.default is inspect.Parameter.empty or name in TIMES:
                first = next(kinds_of(hints[name]), None)
                given[name] = True if first is None else value_for(name, hints[name], first, first, folder)
        if method == "list_history" and changed not in TIMES:
            given.update(watched_after=0)
        if method == "link":  # It makes no request.
            return [httpx.Request("GET", function(**given))]
        if method == "download":  # A view without segments is normal.
            given.setdefault("views", ["some-id"])
            assert LIE not in repr(function(**given))
            return sent
        with pytest.raises(NotFoundError) as caught:
            list(function(**given))
        assert LIE not in str(caught.value)
    return sent


def on_the_wire(request: httpx.Request) -> tuple[Any, ...]:
    return request.method, request.url.raw_path, request.headers.raw, request.read()


@pytest.mark.parametrize(("group", "method", "parameter", "kind"), ARGUMENTS)
def test_subclass_is_sent_like_the_plain_value(
    group: str, method: str, parameter: str, kind: type, tmp_path: Path
) -> None:
    (plain,) = requests_of(group, method, parameter, kind, lambda value: value, tmp_path / "plain")
    for name, make in (TEXTS if kind is str else NUMBERS).items():
        (sent,) = requests_of(group, method, parameter, kind, make, tmp_path / re.sub(r"\W", "", name))
        assert on_the_wire(sent) == on_the_wire(plain), name


def test_the_arguments_were_found() -> None:
    assert len(ARGUMENTS) >= 102
    assert {group for group, *_ in ARGUMENTS} == set(GROUPS)


def sent_by(cls: type[ReplayClient], options: dict[str, Any]) -> tuple[Any, ...]:
    seen: list[httpx.Response] = []
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(404))) as http_client:
        with pytest.raises(NotFoundError):
            cls(**options, http_client=http_client, on_response=seen.append).playlists.get(1)
        return (str(seen[0].request.url), *on_the_wire(seen[0].request))


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize(
    "options",
    [
        {"site": "eu1", "api_key": "some-key", "app_key": "other-key"},
        {"site": "https://app.datadoghq.eu/rum", "bearer_token": "some-token"},
        {"base_url": "http://127.0.0.1:1/x", "api_key": " some-key ", "app_key": "other-key"},
    ],
)
def test_subclass_is_taken_by_the_client_like_the_plain_value(name: str, options: dict[str, str]) -> None:
    changed = {option: TEXTS[name](value) for option, value in options.items()}
    assert sent_by(ReplayClient, changed) == sent_by(ReplayClient, options)
    given, plain = AsyncReplayClient(**changed), AsyncReplayClient(**options)  # type: ignore[arg-type]
    assert given.base_url == plain.base_url


def test_checks_return_exact_types(tmp_path: Path) -> None:
    class Fraction(float):
        def __float__(self) -> float:
            return 99.0

    exact: list[tuple[Any, type]] = [
        (check_text("x", LyingText("t")), str),
        (check_path("x", LyingText(tmp_path)), str),
        (check_number("x", Fraction(0.5)), float),
        *((check_integer("x", make(3)), int) for make in NUMBERS.values()),
        *((check_number("x", make(3)), int) for make in NUMBERS.values()),
        *((check_count("x", make(3), least=0), int) for make in NUMBERS.values()),
    ]
    assert [type(value) for value, _ in exact] == [kind for _, kind in exact]
    assert [value for value, _ in exact] == ["t", str(tmp_path), 0.5, *[3] * 12]


def test_bool_and_durations_are_not_whole_numbers() -> None:
    class Duration(WholeNumber):
        """Like numpy's timedelta64, which derives from its integers."""

        def __index__(self) -> int:
            raise TypeError

    for value in (True, Duration(1)):
        with pytest.raises(InvalidRequestError, match="x must be a whole number"):
            check_integer("x", value)
    with pytest.raises(InvalidRequestError, match="x must be True or False"):
        check_flag("x", NUMBERS["IntEnum"](1))


def test_lone_surrogate_in_a_text_is_refused_by_its_name(tmp_path: Path) -> None:
    client = ReplayClient(api_key="a", app_key="b", site="us1", retry=RetryPolicy(attempts=1))
    for group, method, parameter, kind in ARGUMENTS:
        if kind is str and parameter not in ("id", "directory"):
            with pytest.raises(InvalidRequestError, match=rf"^{parameter}(\[0\])? holds half of a surrogate pair"):
                call_with(client, group, method, parameter, "\udc00", tmp_path)
    client.close()


def call_with(client: ReplayClient, group: str, method: str, changed: str, text: str, folder: Path) -> None:
    function = getattr(getattr(client, group), method)
    hints = typing.get_type_hints(function)
    given = {
        name: value_for(name, hints[name], first, first, folder)
        if (first := next(kinds_of(hints[name]), None))
        else True
        for name, parameter in inspect.signature(function).parameters.items()
        if parameter.default is inspect.Parameter.empty
    }
    given[changed] = value_for(changed, hints[changed], str, lambda _: text, folder)
    function(**given)


def test_times_have_no_datetime_left_out() -> None:
    """The names in TIMES are all parameters that take a datetime (and one of `heatmaps` that does not)."""
    client = ReplayClient(api_key="a", app_key="b", site="us1")
    found = {
        name
        for group in GROUPS
        for method, function in vars(type(getattr(client, group))).items()
        if not method.startswith("_")
        for name, hint in typing.get_type_hints(function).items()
        if datetime in typing.get_args(hint)
    }
    client.close()
    assert found == set(TIMES)
