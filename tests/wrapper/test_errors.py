from __future__ import annotations

import copy
import inspect
import pickle
from collections.abc import Callable
from typing import Any

import httpx
import pytest
import rum_replay
from hypothesis import given
from hypothesis import strategies as st
from rum_replay import (
    AuthenticationError,
    BadRequestError,
    ConfigurationError,
    ConflictError,
    ConnectionFailedError,
    FileError,
    InvalidRequestError,
    NotFoundError,
    PartialResultWarning,
    PermissionDeniedError,
    RateLimitError,
    ReplayClient,
    ReplayError,
    RequestTimeoutError,
    RetryPolicy,
    SegmentError,
    SegmentLimitError,
    ServerError,
    StatusError,
    UnexpectedResponseError,
    UnprocessableEntityError,
)
from rum_replay._answers import Answer, describe_status, error_messages
from rum_replay_api import api

from .replay_driver import API_KEY, Driver, Peer
from .replay_samples import PLAYLIST, item_response

ONCE = RetryPolicy(attempts=1)


def repeat(response_sent: httpx.Response) -> Peer:
    return lambda _: httpx.Response(
        response_sent.status_code, headers=response_sent.headers, content=response_sent.content
    )


def test_error_hierarchy_is_complete_and_as_documented() -> None:
    parents = {
        ConfigurationError: ReplayError,
        InvalidRequestError: ReplayError,
        FileError: ReplayError,
        SegmentError: ReplayError,
        SegmentLimitError: SegmentError,
        ConnectionFailedError: ReplayError,
        RequestTimeoutError: ConnectionFailedError,
        UnexpectedResponseError: ReplayError,
        StatusError: ReplayError,
        BadRequestError: StatusError,
        AuthenticationError: StatusError,
        PermissionDeniedError: StatusError,
        NotFoundError: StatusError,
        ConflictError: StatusError,
        UnprocessableEntityError: StatusError,
        RateLimitError: StatusError,
        ServerError: StatusError,
    }
    assert {error: error.__bases__[0] for error in parents} == parents
    public = {value for value in vars(rum_replay).values() if isinstance(value, type) and issubclass(value, Exception)}
    assert public == {ReplayError, PartialResultWarning, *parents}
    assert issubclass(InvalidRequestError, ValueError)
    assert issubclass(SegmentError, ValueError)
    assert issubclass(FileError, OSError)
    assert not issubclass(StatusError, ValueError)


STATUSES = {
    300: StatusError,
    302: StatusError,
    304: StatusError,
    400: BadRequestError,
    401: AuthenticationError,
    402: StatusError,
    403: PermissionDeniedError,
    404: NotFoundError,
    408: StatusError,
    409: ConflictError,
    418: StatusError,
    422: UnprocessableEntityError,
    429: RateLimitError,
    499: StatusError,
    500: ServerError,
    503: ServerError,
    509: ServerError,
    512: ServerError,
    520: ServerError,
    529: ServerError,
    599: ServerError,
    600: StatusError,
    999: StatusError,
}


@pytest.mark.parametrize(("status", "cls"), STATUSES.items())
def test_each_status_raises_the_matching_error(driver: Driver, status: int, cls: type[StatusError]) -> None:
    headers = {"x-request-id": "req-1"}
    client = driver.open(lambda _: httpx.Response(status, json={"errors": ["no"]}, headers=headers), retry=ONCE)
    with pytest.raises(StatusError) as caught:
        client.playlists.get(48213)
    error = caught.value
    assert type(error) is cls
    assert (error.status, error.errors, error.request_id, error.attempts) == (status, ("no",), "req-1", 1)
    assert (error.method, error.url_template) == ("GET", "/api/v2/rum/replay/playlists/{playlist_id}")
    assert error.body == b'{"errors":["no"]}'
    assert error.ids == {"playlist_id": "48213"}
    assert str(error).startswith(f"GET /api/v2/rum/replay/playlists/{{playlist_id}} (playlist_id=48213): {status}")
    assert "no" in str(error)


# Error bodies that Datadog's API is known to return, and malformed ones.
BODIES: dict[str, tuple[str, bytes, tuple[str, ...], str]] = {
    "strings": ("application/json", b'{"errors":["text", "more"]}', ("text", "more"), "403 Forbidden: text; more"),
    "json api": (
        "application/vnd.api+json",
        b'{"errors":[{"status":"404","title":"Not Found","detail":"no such thing"}]}',
        ("Not Found: no such thing",),
        "403 Forbidden: Not Found: no such thing",
    ),
    "title as text/plain": (
        "text/plain",
        b'{"errors":[{"title":"Forbidden"}]}',
        ("Forbidden",),
        "Forbidden: Forbidden",
    ),
    "with code and meta": (
        "application/json",
        b'{"errors":[{"code":"E1","title":"Bad","meta":{"a":1}}]}',
        ("Bad",),
        "403 Forbidden: Bad",
    ),
    "code alone": ("application/json", b'{"errors":[{"code":"E1"}]}', ('{"code":"E1"}',), 'Forbidden: {"code":"E1"}'),
    "no errors": ("application/json", b'{"errors":[]}', (), 'holds no error message: {"errors":[]}'),
    "status and code": (
        "application/json",
        b'{"status":"error","code":403,"errors":["Forbidden"],"statuspage":"x"}',
        ("Forbidden",),
        "403 Forbidden: Forbidden",
    ),
    "one string": ("application/json", b'{"errors":"text"}', ("text",), "403 Forbidden: text"),
    "error": ("application/json", b'{"error":"text"}', ("text",), "403 Forbidden: text"),
    "errors and error": ("application/json", b'{"error":"less","errors":"text"}', ("text",), "403 Forbidden: text"),
    "error object": ("application/json", b'{"error":{"message":"text"}}', ("text",), "403 Forbidden: text"),
    "unusual entries": (
        "application/json",
        b'{"errors":[null, "", 7, [1], {"title": 5}, {}, " a "]}',
        ("7", "[1]", '{"title":5}', "{}", "a"),
        '7; [1]; {"title":5}; {}; a',
    ),
    "html": (
        "text/html",
        b"<!DOCTYPE html>\n<html><head><title>Access\n denied &amp; logged</title></head><body>" + b"x" * 9999,
        (),
        "the answer is an HTML page: Access denied & logged",
    ),
    "html without title": ("text/html", b"  <html></html>", (), "the answer is an HTML page"),
    "empty": ("text/plain", b"", (), "the answer is empty"),
    "blank": ("text/plain", b" \n", (), "the answer is empty"),
    "not utf-8": ("text/plain", b"\xff\xfe no", (), r"holds no error message: \xff\xfe no"),
    "json that is not utf-8": ("application/json", b'{"errors":["\xff"]}', (), r'{"errors":["\xff"]}'),
    "json that is not an object": ("application/json", b'["errors"]', (), '["errors"]'),
    "truncated json": ("application/json", b'{"errors":["te', (), '{"errors":["te'),
    "deeply nested json": ("application/json", b"[" * 100_000, (), "[[["),
    "enormous number": ("application/json", b'{"errors":[' + b"9" * 400 + b"]}", ("9" * 300,), "99999"),
    "long text": ("text/plain", b"word " * 9999, (), "word word"),
}


@pytest.mark.parametrize("name", BODIES)
def test_error_body_yields_messages_and_a_one_line_description(driver: Driver, name: str) -> None:
    content_type, body, messages, line = BODIES[name]
    client = driver.open(lambda _: httpx.Response(403, content=body, headers={"content-type": content_type}))
    with pytest.raises(PermissionDeniedError) as caught:
        client.playlists.get(1)
    error = caught.value
    assert error.errors == messages
    assert error.body == body
    assert line in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 1000
    assert error.__context__ is None
    assert error.__cause__ is None


@given(st.binary() | st.binary().map(lambda tail: b'{"errors":' + tail) | st.text().map(str.encode))
def test_parsing_an_error_body_never_raises(body: bytes) -> None:
    messages = error_messages(body)
    assert all(messages)
    assert describe_status(Answer(520, {}, body), messages).startswith("520: ")


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(json_values)
def test_errors_of_any_json_shape_yield_non_empty_strings(errors: Any) -> None:
    try:
        body = httpx.Response(400, json={"errors": errors}).content
    except UnicodeEncodeError:
        return
    assert all(isinstance(message, str) and message for message in error_messages(body))


def test_error_includes_a_hint_about_the_likely_cause(driver: Driver) -> None:
    def error_of(status: int, **options: Any) -> str:
        with pytest.raises(StatusError) as caught:
            driver.open(lambda _: httpx.Response(status), **options).playlists.get(1)
        return str(caught.value)

    for status in (401, 403):
        assert "api.datadoghq.com" in error_of(status)
        assert "rum_session_replay_read" in error_of(status)
        assert "bearer" not in error_of(status).lower()
        assert "bearer token alone may not be enough" in error_of(status, keys=False, bearer_token="token")
    for status in (300, 301, 302, 303, 307, 308, 399):
        assert "redirects are not followed" in error_of(status)
    assert "redirects" not in error_of(404)


@pytest.mark.parametrize("name", ["x-request-id", "dd-request-id", "x-datadog-trace-id"])
def test_request_id_is_read_from_each_known_header(driver: Driver, name: str) -> None:
    client = driver.open(lambda _: httpx.Response(400, headers={name.title(): "abc"}))
    with pytest.raises(BadRequestError) as caught:
        client.playlists.get(1)
    assert caught.value.request_id == "abc"


def test_request_id_is_none_if_the_response_has_none(driver: Driver) -> None:
    with pytest.raises(BadRequestError) as caught:
        driver.open(lambda _: httpx.Response(400)).playlists.get(1)
    assert caught.value.request_id is None


UNEXPECTED_BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it is empty"),
    "blank": (b" \r\n", "it is empty"),
    "not json": (b"<html>", "it is not JSON"),
    "not utf-8": (b'{"data": "\xff"}', "it is not JSON"),
    "too deeply nested": (b"[" * 100_000, "it is not JSON"),
    "not an object": (b"[]", "no object under 'data'"),
    "no data": (b"{}", "no object under 'data'"),
    "null": (b'{"data": null}', "no object under 'data'"),
    "a list": (b'{"data": []}', "no object under 'data'"),
    "no name": (b'{"data": {"id": "1", "type": "t"}}', "missing required field `name`"),
    "wrong type": (b'{"data": {"id": 1, "type": "t", "attributes": {"name": "n"}}}', "Expected `str`, got `int`"),
    "attributes are text": (b'{"data": {"id": "1", "type": "t", "attributes": "x"}}', "are not an object"),
    "attributes are a list": (b'{"data": {"id": "1", "type": "t", "attributes": [1]}}', "are not an object"),
    "naive time": (
        b'{"data": {"id": "1", "type": "t", "attributes": {"name": "n", "created_at": "2026-07-01T12:00:00"}}}',
        "timezone",
    ),
    "not a time": (b'{"data": {"id": "1", "type": "t", "attributes": {"name": "n", "created_at": "x"}}}', "created_at"),
    "creator is text": (
        b'{"data": {"id": "1", "type": "t", "attributes": {"name": "n", "created_by": "x"}}}',
        "created_by",
    ),
    "null id": (b'{"data": {"id": null, "type": "t", "attributes": {"name": "n"}}}', "data[0].id"),
}


@pytest.mark.parametrize("name", UNEXPECTED_BODIES)
def test_unexpected_success_body_raises_an_error_with_the_body(driver: Driver, name: str) -> None:
    body, reason = UNEXPECTED_BODIES[name]
    client = driver.open(lambda _: httpx.Response(200, content=body, headers={"x-request-id": "r"}))
    with pytest.raises(UnexpectedResponseError) as caught:
        client.playlists.get(1)
    error = caught.value
    assert reason in str(error)
    assert (error.status, error.body, error.request_id, error.attempts) == (200, body, "r", 1)
    assert error.__context__ is None


@pytest.mark.parametrize(
    "body", [b"{}", b'{"data": {}}', b'{"data": [1]}', b'{"data": [{"type": "t"}, null]}', b"null"]
)
def test_unexpected_list_body_raises_our_own_error(driver: Driver, body: bytes) -> None:
    client = driver.open(lambda _: httpx.Response(200, content=body))
    with pytest.raises(UnexpectedResponseError):
        list(client.playlists.list())


@given(json_values)
def test_decoding_any_json_raises_only_our_own_error(data: Any) -> None:
    driver = Driver("sync")
    try:
        response = httpx.Response(200, json={"data": data})
        in_item = httpx.Response(200, json={"data": {**PLAYLIST, "attributes": data}})
    except UnicodeEncodeError:
        return
    for response_sent in (response, in_item):
        client = driver.open(repeat(response_sent))
        for call in (lambda c: c.playlists.get(1), lambda c: list(c.viewership.list_watchers("s", limit=1))):
            try:
                call(client)
            except UnexpectedResponseError as error:
                assert error.body == response_sent.content  # noqa: PT017
    driver.close()


def test_deletes_ignore_the_response_body(driver: Driver) -> None:
    client = driver.open(lambda _: httpx.Response(200, content=b"\xff gone"))
    assert client.playlists.delete(1) is None  # type: ignore[func-returns-value]


EXAMPLES: list[ReplayError] = [
    ReplayError("text"),
    ConfigurationError("text"),
    InvalidRequestError("text"),
    FileError("text", errno=28, filename="/x"),
    SegmentError("text"),
    SegmentLimitError("text", limit="max_depth", source="a.bin", offset=7),
    NotFoundError("text", ids={"playlist_id": "42"}),
    ConnectionFailedError("text", may_have_been_applied=False, method="GET", url_template="/x", attempts=2),
    RequestTimeoutError("text", may_have_been_applied=True, method="GET", url_template="/x", attempts=2),
    UnexpectedResponseError("text", status=200, body=b"\xff", request_id="r", method="GET", url_template="/x"),
    *(
        cls(
            "text",
            status=499,
            errors=("a", "b"),
            body=b"\xff",
            request_id="r",
            method="PUT",
            url_template="/x/{id}",
            attempts=3,
        )
        for cls in (
            StatusError,
            BadRequestError,
            AuthenticationError,
            PermissionDeniedError,
            NotFoundError,
            ConflictError,
            UnprocessableEntityError,
            ServerError,
        )
    ),
    RateLimitError("text", status=429, retry_after=1.5, limit=2.0, remaining=0.0, reset=3.0, attempts=1),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickling_and_copying_completely(error: ReplayError) -> None:
    for copied in (*(pickle.loads(pickle.dumps(error, protocol)) for protocol in range(6)), copy.deepcopy(error)):
        assert type(copied) is type(error)
        assert vars(copied) == vars(error)
        assert (str(copied), copied.args) == (str(error), error.args)
        assert [getattr(copied, name, None) for name in ("errno", "filename")] == [
            getattr(error, name, None) for name in ("errno", "filename")
        ]


def test_notes_and_attributes_of_subclasses_survive_pickling() -> None:
    class PlaylistGoneError(NotFoundError):
        def __init__(self, playlist: int) -> None:
            super().__init__(f"no playlist {playlist}")
            self.playlist = playlist

    globals()["PlaylistGoneError"] = PlaylistGoneError  # where pickle looks for it
    PlaylistGoneError.__qualname__ = "PlaylistGoneError"
    error = PlaylistGoneError(42)
    error.add_note("while tidying up")
    copied = pickle.loads(pickle.dumps(error))
    assert (copied.playlist, copied.status, str(copied)) == (42, 404, "no playlist 42")
    assert copied.__notes__ == ["while tidying up"]


STATUS_OF = {
    StatusError: 400,
    BadRequestError: 400,
    AuthenticationError: 401,
    PermissionDeniedError: 403,
    NotFoundError: 404,
    ConflictError: 409,
    UnprocessableEntityError: 422,
    RateLimitError: 429,
    ServerError: 500,
    UnexpectedResponseError: 200,
}
ALL_ERRORS = sorted({type(error) for error in EXAMPLES}, key=lambda cls: cls.__name__)


@pytest.mark.parametrize("cls", ALL_ERRORS)
def test_applications_can_construct_each_error_in_their_tests(cls: type[ReplayError]) -> None:
    for error in (cls(), cls("gone")):
        assert (error.method, error.url_template, error.attempts, error.ids) == (None, None, 0, {})
        assert str(error)
        assert getattr(error, "status", None) == STATUS_OF.get(cls)
    assert str(cls("gone")) == "gone"
    for name, parameter in inspect.signature(cls).parameters.items():
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            assert hasattr(cls(), name), name


def test_default_values_of_error_attributes() -> None:
    assert ConnectionFailedError().may_have_been_applied is True
    rate_limit = RateLimitError()
    assert (rate_limit.retry_after, rate_limit.limit, rate_limit.remaining, rate_limit.reset) == (None,) * 4
    assert (rate_limit.errors, rate_limit.body, rate_limit.request_id) == ((), b"", None)
    assert (UnexpectedResponseError().body, UnexpectedResponseError().request_id) == (b"", None)
    assert (FileError().errno, FileError().filename) == (None, None)
    limit = SegmentLimitError()
    assert (limit.limit, limit.source, limit.offset) == ("", "", 0)
    assert str(NotFoundError()) == "404 Not Found"
    assert str(ServerError(status=520)) == "520"


@pytest.mark.parametrize("cls", ALL_ERRORS)
def test_misspelled_keyword_is_a_type_error(cls: type[Any]) -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument 'sttaus'"):
        cls("gone", sttaus=404)
    with pytest.raises(TypeError):
        cls("gone", 404)


def test_error_message_names_the_call_and_the_number_of_attempts() -> None:
    assert str(ReplayError("text")) == "text"
    assert str(ReplayError("text", method="GET", url_template="/x", attempts=1)) == "GET /x: text"
    assert str(ReplayError("text", method="GET", url_template="/x", attempts=3)) == "GET /x: text (after 3 attempts)"
    error = ReplayError("text", method="GET", url_template="/x/{a}", ids={"a": "1", "b": "2"})
    assert str(error) == "GET /x/{a} (a=1, b=2): text"


UUID = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
CALLS: dict[str, tuple[Callable[[ReplayClient], Any], dict[str, str], str]] = {
    "ListRumReplayPlaylists": (lambda r: list(r.playlists.list(query="q")), {}, "read"),
    "CreateRumReplayPlaylist": (lambda r: r.playlists.create("n"), {}, "write"),
    "GetRumReplayPlaylist": (lambda r: r.playlists.get(1), {"playlist_id": "1"}, "read"),
    "UpdateRumReplayPlaylist": (lambda r: r.playlists.update("2", name="n"), {"playlist_id": "2"}, "write"),
    "DeleteRumReplayPlaylist": (lambda r: r.playlists.delete(3), {"playlist_id": "3"}, "write"),
    "ListRumReplayPlaylistSessions": (lambda r: list(r.playlists.list_sessions(4)), {"playlist_id": "4"}, "read"),
    "AddRumReplaySessionToPlaylist": (
        lambda r: r.playlists.add_session(5, "s/ä ?"),
        {"playlist_id": "5", "session_id": "s/ä ?"},
        "write",
    ),
    "RemoveRumReplaySessionFromPlaylist": (
        lambda r: r.playlists.remove_session(6, "s"),
        {"playlist_id": "6", "session_id": "s"},
        "write",
    ),
    "BulkRemoveRumReplayPlaylistSessions": (
        lambda r: r.playlists.remove_sessions(7, ["s", "t"]),
        {"playlist_id": "7", "session_ids": "s,t"},
        "write",
    ),
    "ListReplayHeatmapSnapshots": (
        lambda r: list(r.heatmaps.list("/pay", application_id="a")),
        {"view_name": "/pay", "application_id": "a"},
        "read",
    ),
    "CreateReplayHeatmapSnapshot": (
        lambda r: r.heatmaps.create(
            application_id="a",
            device_type="desktop",
            event_id="e",
            is_device_type_selected_by_user=True,
            snapshot_name="n",
            start=0,
            view_name="v",
            view_id="w",
        ),
        {"application_id": "a", "event_id": "e", "view_id": "w"},
        "read",
    ),
    "UpdateReplayHeatmapSnapshot": (
        lambda r: r.heatmaps.update("h", event_id="e", is_device_type_selected_by_user=True, start=0, session_id="s"),
        {"snapshot_id": "h", "event_id": "e", "session_id": "s"},
        "read",
    ),
    "DeleteReplayHeatmapSnapshot": (lambda r: r.heatmaps.delete("h"), {"snapshot_id": "h"}, "read"),
    "CreateRumReplaySessionWatch": (
        lambda r: r.viewership.record_watch("s", application_id="a", event_id="e"),
        {"session_id": "s", "application_id": "a", "event_id": "e"},
        "read",
    ),
    "DeleteRumReplaySessionWatch": (lambda r: r.viewership.delete_watches("s"), {"session_id": "s"}, "read"),
    "ListRumReplaySessionWatchers": (lambda r: list(r.viewership.list_watchers("s")), {"session_id": "s"}, "read"),
    "ListRumReplayViewershipHistorySessions": (
        lambda r: list(r.viewership.list_history(created_by=UUID, session_ids=iter("st"), application_id="a")),
        {"created_by": UUID, "session_ids": "s,t", "application_id": "a"},
        "read",
    ),
    "GetSegments": (
        lambda r: list(r.sessions.iter_segments("s", "v")),
        {"session_id": "s", "view_id": "v"},
        "read",
    ),
    "SearchRUMEvents": (lambda r: list(r.events.search(start=0, end=1)), {}, "search"),
}
PERMISSIONS = {"read": "rum_session_replay_read", "write": "rum_playlist_write", "search": "rum_apps_read"}


def test_calls_cover_every_operation() -> None:
    assert set(CALLS) == {value.operation_id for value in vars(api).values() if isinstance(value, api.Operation)}


@pytest.mark.parametrize("operation", CALLS)
def test_errors_name_the_ids_and_denied_requests_the_required_permission(driver: Driver, operation: str) -> None:
    call, ids, permission = CALLS[operation]
    for status in (401, 403, 400):
        client = driver.open(lambda _, status=status: httpx.Response(status))  # type: ignore[misc]
        with pytest.raises(StatusError) as caught:
            call(client)
        assert caught.value.ids == ids
        shown = ", ".join(f"{name}={value}" for name, value in ids.items())
        assert (f" ({shown}): " in str(caught.value)) is bool(ids)
        named = {name for name in PERMISSIONS.values() if name in str(caught.value)}
        assert named == (set() if status == 400 else {PERMISSIONS[permission]})
    with pytest.raises(ConnectionFailedError) as failed:
        call(driver.open(refuse_connection, retry=ONCE))
    assert failed.value.ids == ids


def refuse_connection(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused")


def test_ids_that_are_keys_are_redacted_and_long_ids_truncated(driver: Driver) -> None:
    client = driver.open(lambda _: httpx.Response(404))
    with pytest.raises(NotFoundError) as caught:
        client.heatmaps.delete(API_KEY)
    assert caught.value.ids == {"snapshot_id": "[redacted]"}
    assert API_KEY not in repr(vars(caught.value)) + str(caught.value)
    for length, shown in ((100, "x" * 100), (101, "x" * 100 + "…")):
        with pytest.raises(NotFoundError) as caught:
            client.heatmaps.delete("x" * length)
        assert caught.value.ids == {"snapshot_id": shown}


def test_raised_rate_limit_error_keeps_its_numbers_when_pickled(driver: Driver) -> None:
    headers = {"x-ratelimit-limit": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "600"}
    client = driver.open(lambda _: httpx.Response(429, json={"errors": ["slow down"]}, headers=headers))
    with pytest.raises(RateLimitError) as caught:
        client.playlists.get(1)
    copied = pickle.loads(pickle.dumps(caught.value))
    assert vars(copied) == vars(caught.value)
    assert (copied.limit, copied.remaining, copied.reset, copied.retry_after) == (5.0, 0.0, 600.0, 600.0)


def test_statuses_200_to_299_are_successes(driver: Driver) -> None:
    for status in (200, 201, 202, 226, 299):
        assert driver.open(repeat(item_response(status=status))).playlists.get(1).id == "48213"


@pytest.mark.parametrize("page", [b"<title>" * 50_000, b"<title" * 50_000, b"<title>a</title>" * 50_000])
def test_html_page_with_many_titles_is_parsed_in_linear_time(page: bytes) -> None:
    # A regular expression that backtracks at each title would block the interpreter for minutes.
    assert "an HTML page" in describe_status(Answer(502, {}, b"<html>" + page), ())
