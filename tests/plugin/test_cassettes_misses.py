"""Requests that are not recorded: they fail, cannot be hidden, and explain why and what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_rum_replay.cassettes import document, open_cassette
from pytest_rum_replay.cassettes.errors import (
    CassetteError,
    CassetteMissError,
    CassetteTooOldError,
    CassetteUsageError,
    UnplayedEntriesError,
)
from pytest_rum_replay.cassettes.matching import match_key
from pytest_rum_replay.cassettes.mode import Mode
from pytest_rum_replay.cassettes.options import CassetteOptions
from pytest_rum_replay.interaction import Interaction, RecordedRequest, RecordedResponse
from rum_replay import ReplayClient
from rum_replay_emulator import ManualClock

API = "https://api.datadoghq.com"
NODE = "tests/test_pay.py::test_card[a b]"
NOON = datetime(2026, 4, 2, 12, tzinfo=UTC)


def interaction(method: str, target: str, body: Any = None, recorded_at: datetime = NOON) -> Interaction:
    sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Interaction(RecordedRequest(method, API + target, (), sent), RecordedResponse(200, "OK"), recorded_at)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "test_pay.yaml"


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client(base_url=API, verify=False) as client:
        yield client


def recorded(path: Path, *interactions: Interaction) -> None:
    path.write_bytes(document.dump(interactions))


def miss(path: Path, http: httpx.Client, method: str, target: str, **more: Any) -> str:
    """The explanation for one missed request."""
    with pytest.raises(CassetteMissError) as caught, open_cassette(path, node_id=NODE):
        http.request(method, target, **more)
    return str(caught.value)


class TestMatching:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("GET", "/x?b=2&a=1"), ("GET", "/x?a=1&b=2")),
            (("GET", "/x?a=%C3%A9+b"), ("GET", "/x?a=%c3%a9%20b")),
            (("GET", "/x?a="), ("GET", "/x?a")),
            (("POST", "/x", b'{"a":1,"b":[1,2]}'), ("POST", "/x", b'{ "b": [1, 2], "a": 1 }')),
            (("POST", "/x", b'{"a":"\\u00e9"}'), ("POST", "/x", '{"a":"é"}'.encode())),
            (("GET", "/x#part"), ("GET", "/x")),
        ],
    )
    def test_these_are_the_same(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
        assert match_key(interaction(*one).request) == match_key(interaction(*other).request)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            (("GET", "/x"), ("HEAD", "/x")),
            (("GET", "/x"), ("GET", "/x/")),
            (("GET", "/x?a=1&a=2"), ("GET", "/x?a=2&a=1")),
            (("GET", "/x?a=1"), ("GET", "/x?a=1&a=1")),
            (("GET", "/x?a=%ff"), ("GET", "/x?a=%fe")),
            (("GET", "/x?a"), ("GET", "/x")),
            (("POST", "/x", b'{"a":1}'), ("POST", "/x", b'{"a":2}')),
            (("POST", "/x", b'{"a":1}'), ("POST", "/x", b'{"a":1.0}')),
            (("POST", "/x", b'{"a":1}'), ("POST", "/x", b'{"a":true}')),
            (("POST", "/x", b'{"a":1}'), ("POST", "/x", b'{"a":"1"}')),
            (("POST", "/x", b"[1,2]"), ("POST", "/x", b"[2,1]")),
            (("POST", "/x", b'{"a":1,"a":2}'), ("POST", "/x", b'{"a":2}')),
            (("POST", "/x", b"a=1&b=2"), ("POST", "/x", b"b=2&a=1")),
            (("POST", "/x", b"1"), ("POST", "/x", b" 1")),
            (("POST", "/x", b"[" * 100_000), ("POST", "/x", b"[" * 100_001)),
        ],
    )
    def test_these_are_not(self, one: tuple[Any, ...], other: tuple[Any, ...]) -> None:
        assert match_key(interaction(*one).request) != match_key(interaction(*other).request)

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("http://127.0.0.1:8000/x", "http://127.0.0.1:9000/x", True),
            ("http://localhost:8000/x", "http://localhost/x", True),
            ("http://[::1]:8000/x", "http://[::1]:9000/x", True),
            ("http://127.8.9.1:8000/x", "http://127.8.9.1:9000/x", True),
            ("http://me@127.0.0.1:8000/x", "http://me@127.0.0.1:9000/x", True),
            ("http://127.0.0.1:8000/x", "http://localhost:8000/x", False),
            ("http://127.0.0.1.example.com:8000/x", "http://127.0.0.1.example.com:9000/x", False),
            ("https://api.datadoghq.com/x", "https://api.datadoghq.eu/x", False),
            ("https://api.datadoghq.com/x", "http://api.datadoghq.com/x", False),
            ("https://api.datadoghq.com:444/x", "https://api.datadoghq.com/x", False),
        ],
    )
    def test_the_host_counts_and_a_port_counts_except_on_loopback(self, one: str, other: str, same: bool) -> None:
        assert (match_key(RecordedRequest("GET", one)) == match_key(RecordedRequest("GET", other))) is same


class TestExplanation:
    def test_it_shows_the_request_and_the_commands(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("GET", "/a"))
        text = miss(path, http, "POST", "/b?q=1", json={"name": "é"})
        assert f"the cassette has no answer for POST {API}/b?q=1\n" in text
        assert 'with the body {"name":"é"}\n' in text
        assert f"cassette: {path} (mode none, 1 entry)" in text
        assert f"pytest --rum-replay-record=new '{NODE}'" in text
        assert f"pytest --rum-replay-record=rewrite '{NODE}'" in text

    def test_it_says_that_there_is_no_file(self, path: Path, http: httpx.Client) -> None:
        assert "The file does not exist yet." in miss(path, http, "GET", "/a")

    @pytest.mark.parametrize(
        ("asked", "entry", "difference"),
        [
            (("GET", "/a/1"), ("GET", "/a/2"), "path: asked /a/1, recorded /a/2"),
            (("PUT", "/a"), ("GET", "/a"), "method: asked PUT, recorded GET"),
            (("GET", "/a?p=1&q=x"), ("GET", "/a?p=2&q=x"), 'query p: asked "1", recorded "2"'),
            (("GET", "/a?p=1"), ("GET", "/a"), 'query p: asked "1", recorded nothing'),
            (("GET", "/a?p=1"), ("GET", "/a?p=1&p=2"), 'query p: asked "1", recorded "1" and "2"'),
            (("POST", "/a", b"one"), ("POST", "/a", b"two"), "body: asked one, recorded two"),
            (("POST", "/a", b"\xff\xfe"), ("POST", "/a"), "body: asked 2 bytes of binary data, recorded nothing"),
            (
                ("POST", "/a", b'{"data":{"tags":["a","b"],"n":1}}'),
                ("POST", "/a", b'{"data":{"tags":["a","c","d"],"n":1.0}}'),
                'json $.data.tags[1]: asked "b", recorded "c"\n  json $.data.tags[2]: asked nothing, recorded "d"\n'
                "  json $.data.n: asked 1, recorded 1.0",
            ),
            (("POST", "/a", b'{"a b":{}}'), ("POST", "/a", b'{"a b":[]}'), 'json $["a b"]: asked {}, recorded []'),
        ],
    )
    def test_it_names_the_difference_from_the_nearest_entry(
        self, path: Path, http: httpx.Client, asked: tuple[Any, ...], entry: tuple[Any, ...], difference: str
    ) -> None:
        recorded(path, interaction("DELETE", "/something/else"), interaction(*entry))
        text = miss(path, http, asked[0], asked[1], content=asked[2] if len(asked) > 2 else None)
        assert f"The nearest is entry 2, {entry[0]} {API}{entry[1]}:\n  {difference}\nTo add" in text

    def test_of_equally_near_entries_it_names_one_with_the_fewest_differences(
        self, path: Path, http: httpx.Client
    ) -> None:
        bodies: list[Any] = [{"a": 1, "b": 1, "c": 1}, {"a": 2, "b": 1, "c": 1}, {"a": 2, "b": 2, "c": 1}]
        recorded(path, *(interaction("POST", "/a", body) for body in bodies))
        assert "nearest is entry 2" in miss(path, http, "POST", "/a", json={"a": 2, "b": 1, "c": 9})

    def test_of_equally_near_entries_it_names_one_that_was_not_played(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("GET", "/a?p=1"), interaction("GET", "/a?p=2"))
        with open_cassette(path) as cassette:
            http.get("/a?p=1")
            with pytest.raises(CassetteMissError, match="nearest is entry 2"):
                http.get("/a?p=3")
            cassette.discard()

    def test_many_differences_and_long_values_are_truncated(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("POST", "/a", {f"key{number}": 0 for number in range(20)}))
        text = miss(path, http, "POST", "/a", json={"key0": "x" * 1000})
        assert "… and 12 more" in text
        assert "… (1002 characters)" in text
        assert len(text) < 2000

    @pytest.mark.parametrize(("length", "shown"), [(98, '"{}"'), (99, '"{}… (101 characters)')])
    def test_values_are_shown_up_to_a_hundred_characters(
        self, path: Path, http: httpx.Client, length: int, shown: str
    ) -> None:
        recorded(path, interaction("POST", "/a", {"key": 0}))
        text = miss(path, http, "POST", "/a", json={"key": "x" * length})
        assert f"asked {shown.format('x' * length)}, recorded 0" in text

    def test_it_says_that_an_entry_was_already_played(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("GET", "/a"), interaction("GET", "/b"))
        with pytest.raises(CassetteMissError) as caught, open_cassette(path):  # noqa: PT012
            http.get("/a")
            http.get("/a")
        assert "recorded 1 time and was requested once more" in str(caught.value)
        assert "allow_playback_repeats=True" in str(caught.value)

    def test_it_marks_an_entry_that_was_already_played(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("GET", "/a?p=1"))
        with pytest.raises(CassetteMissError, match=r"entry 1, .*, already played:"), open_cassette(path):  # noqa: PT012
            http.get("/a?p=1")
            http.get("/a?p=2")

    def test_it_contains_no_secret(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("POST", "/a?api_key=REDACTED", {"password": "REDACTED", "n": 1}))
        text = miss(path, http, "POST", "/a?api_key=0123456789abcdef", json={"password": "hunter2hunter2", "n": 2})
        assert "hunter2" not in text
        assert "0123456789abcdef" not in text
        assert "json $.n: asked 2, recorded 1\nTo" in text

    def test_it_can_be_printed_on_any_terminal(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("POST", "/a", {"a": 1}))
        text = miss(path, http, "POST", "/a", content=b'{"a":"\\ud800","b":"\\u001b[2J"}')
        text.encode("utf-8")
        assert "\x1b" not in text


class TestHiding:
    def test_our_client_neither_retries_nor_wraps_it(self, path: Path) -> None:
        clock = ManualClock()
        before = clock.time()
        with (
            pytest.raises(CassetteMissError) as caught,
            open_cassette(path) as cassette,
            ReplayClient(api_key="k" * 32, app_key="a" * 40, clock=clock) as replay,
        ):
            replay.playlists.get(1)
        assert isinstance(caught.value, AssertionError)
        assert clock.time() == before
        assert len(cassette.misses) == 1

    def test_code_that_swallows_every_exception_fails_at_the_end_with_the_same_explanation(
        self, path: Path, http: httpx.Client
    ) -> None:
        recorded(path, interaction("GET", "/a"))
        swallowed: list[str] = []
        with pytest.raises(CassetteMissError) as caught, open_cassette(path, node_id=NODE):  # noqa: PT012
            http.get("/a")
            for _ in range(3):
                try:
                    http.get("/b")
                except Exception as error:
                    swallowed.append(str(error))
        assert str(caught.value) == swallowed[0]

    def test_of_equal_misses_the_first_is_reported_as_it_is_the_most_helpful(
        self, path: Path, http: httpx.Client
    ) -> None:
        recorded(path, interaction("GET", "/a?p=1"))
        swallowed: list[str] = []
        with pytest.raises(CassetteMissError) as caught, open_cassette(path):  # noqa: PT012
            for target in ("/a?p=2", "/a?p=1", "/a?p=2"):
                try:
                    http.get(target)
                except CassetteMissError as error:
                    swallowed.append(str(error))
        first, second = swallowed
        assert "already played" in second
        assert "already played" not in first
        assert str(caught.value) == first

    def test_misses_are_reported_in_the_order_of_the_requests(self, path: Path, http: httpx.Client) -> None:
        with pytest.raises(CassetteMissError) as caught, open_cassette(path):  # noqa: PT012
            for target in ("/b", "/a", "/b", "/c"):
                with suppress(CassetteMissError):
                    http.get(target)
        missed = re.findall(r"has no answer for GET \S+(/\w)$", str(caught.value), re.MULTILINE)
        assert missed == ["/b", "/a", "/c"]

    def test_each_swallowed_miss_is_reported_once(self, path: Path, http: httpx.Client) -> None:
        with pytest.raises(CassetteMissError) as caught, open_cassette(path):  # noqa: PT012
            for target in ("/a", "/b", "/a"):
                with suppress(Exception):
                    http.get(target)
        assert str(caught.value).count("has no answer for") == 2

    def test_they_are_not_reported_again_for_a_failed_test(self, path: Path, http: httpx.Client) -> None:
        with open_cassette(path) as cassette:
            with suppress(CassetteMissError):
                http.get("/a")
            cassette.discard()
        assert len(cassette.misses) == 1


class TestUnplayed:
    def test_unplayed_entries_fail_a_passing_test(self, path: Path, http: httpx.Client) -> None:
        recorded(path, *(interaction("GET", f"/{number}") for number in range(9)))
        with pytest.raises(UnplayedEntriesError) as caught, open_cassette(path, node_id=NODE):
            http.get("/0")
        text = str(caught.value)
        assert f"without requesting 8 entries of 9 in the cassette {path}" in text
        assert f"entry 2, GET {API}/1\n" in text
        assert "… and 3 more" in text
        assert f"pytest --rum-replay-record=rewrite '{NODE}'" in text
        assert "allow_unplayed=True" in text

    def test_they_may_be_allowed(self, path: Path, http: httpx.Client) -> None:
        recorded(path, interaction("GET", "/a"), interaction("GET", "/b"))
        with open_cassette(path, allow_unplayed=True) as cassette:
            http.get("/a")
        assert [entry.interaction.request.url for entry in cassette.unplayed] == [f"{API}/b"]

    def test_they_are_not_reported_for_a_failing_test(self, path: Path) -> None:
        recorded(path, interaction("GET", "/a"))
        with pytest.raises(ZeroDivisionError), open_cassette(path):
            raise ZeroDivisionError

    def test_adding_to_a_cassette_that_is_not_fully_played_fails_and_changes_nothing(self, path: Path) -> None:
        recorded(path, interaction("GET", "/a"))
        before = path.read_bytes()
        with pytest.raises(UnplayedEntriesError), open_cassette(path, mode=Mode.NEW):
            pass
        assert path.read_bytes() == before


class TestAge:
    @pytest.mark.parametrize(("days", "fails"), [(89, False), (90, False), (91, True)])
    def test_an_entry_older_than_allowed_fails_with_the_command_to_record_it(
        self, path: Path, http: httpx.Client, days: int, fails: bool
    ) -> None:
        recorded(path, interaction("GET", "/a"), interaction("GET", "/b", recorded_at=NOON + timedelta(days=80)))
        now = NOON + timedelta(days=days)

        def work() -> None:
            with open_cassette(path, max_age=timedelta(days=90), now=lambda: now, node_id=NODE):
                http.get("/a")
                http.get("/b")

        if not fails:
            work()
            return
        with pytest.raises(CassetteTooOldError) as caught:
            work()
        assert "an entry is from 2026-04-02, 91 days ago, and at most 90 days are allowed" in str(caught.value)
        assert f"pytest --rum-replay-record=rewrite '{NODE}'" in str(caught.value)

    @pytest.mark.parametrize("mode", [Mode.ALL, Mode.REWRITE])
    def test_entries_that_will_be_recorded_again_may_be_old(self, path: Path, mode: Mode) -> None:
        recorded(path, interaction("GET", "/a"))
        with open_cassette(
            path, mode=mode, max_age=timedelta(hours=1), now=lambda: NOON + timedelta(days=1)
        ) as cassette:
            cassette.discard()


class TestOptions:
    @pytest.mark.parametrize(
        ("text", "age"),
        [
            ("12h", timedelta(hours=12)),
            ("999999h", timedelta(hours=999_999)),
            ("90d", timedelta(days=90)),
            ("4w", timedelta(weeks=4)),
        ],
    )
    def test_an_age_may_be_text(self, text: str, age: timedelta) -> None:
        assert CassetteOptions(max_age=text) == CassetteOptions(max_age=age)

    @pytest.mark.parametrize(
        "age", ["", "90", "90 d", "-1d", "0d", "1.5d", "d", "90y", "1000000h", 90, timedelta(), timedelta(days=-1)]
    )
    def test_an_invalid_age_is_refused(self, age: Any) -> None:
        with pytest.raises(CassetteUsageError, match="max_age must be a positive timedelta or text such as '12h'"):
            CassetteOptions(max_age=age)

    def test_a_mode_may_be_text(self) -> None:
        assert CassetteOptions(record="new").record is Mode.NEW

    @pytest.mark.parametrize(
        ("arguments", "named", "complaint"),
        [
            ((), {"record": "always"}, "record must be one of none, once, new, all, rewrite, not 'always'"),
            ((), {"allow_unplayed": "yes"}, "allow_unplayed must be True or False, not 'yes'"),
            ((), {"allow_playback_repeats": None}, "allow_playback_repeats must be True or False, not None"),
            ((), {"pseudonyms": 1}, "pseudonyms must be True or False, not 1"),
            ((5,), {}, "a cassette's name must be text, not 5"),
            (("a", "b"), {}, "rum_replay_cassette: too many positional arguments; it takes name, record, max_age"),
            ((), {"mode": "new"}, "rum_replay_cassette: got an unexpected keyword argument 'mode'; it takes name"),
        ],
    )
    def test_an_invalid_marker_is_refused(
        self, arguments: tuple[Any, ...], named: dict[str, Any], complaint: str
    ) -> None:
        with pytest.raises(CassetteUsageError) as caught:
            CassetteOptions.named_in(arguments, named)
        assert complaint in str(caught.value)

    def test_a_marker_without_arguments_leaves_everything_open(self) -> None:
        assert CassetteOptions(**CassetteOptions.named_in((), {})) == CassetteOptions(
            None,
            record=None,
            max_age=None,
            allow_unplayed=False,
            allow_playback_repeats=False,
            allow_mismatches=False,
            pseudonyms=None,
        )


def test_every_error_is_a_cassette_error() -> None:
    assert issubclass(CassetteMissError, CassetteError)
    assert issubclass(UnplayedEntriesError, CassetteError)
    assert issubclass(CassetteTooOldError, CassetteError)


class TestMultipart:
    @staticmethod
    def send(http: httpx.Client, content: bytes = b"data", boundary: str | None = None) -> None:
        headers = (
            {} if boundary is None else {"content-type": f'multipart/form-data; charset=utf-8; boundary="{boundary}"'}
        )
        http.post("/upload", files={"file": ("a.txt", content, "text/plain")}, headers=headers)

    def recorded(self, path: Path, content: bytes = b"data") -> None:
        body = (
            '--x1\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n'
        )
        request = RecordedRequest(
            "POST",
            f"{API}/upload",
            (("content-type", "multipart/form-data; boundary=x1"),),
            body.encode() + content + b"\r\n--x1--\r\n",
        )
        path.write_bytes(document.dump([Interaction(request, RecordedResponse(200, "OK"), NOON)]))

    @pytest.mark.parametrize("boundary", [None, "a b'()+_,-./:=?c"])
    def test_the_boundary_does_not_matter(self, path: Path, http: httpx.Client, boundary: str | None) -> None:
        self.recorded(path)
        with open_cassette(path):
            self.send(http, boundary=boundary)

    def test_the_content_does(self, path: Path, http: httpx.Client) -> None:
        self.recorded(path)
        with pytest.raises(CassetteMissError), open_cassette(path):
            self.send(http, b"other")
