"""The media types of answers, and the shapes of errors that were seen in live answers."""

from __future__ import annotations

import json
from typing import Any, get_args

import pytest
from rum_replay_emulator import Assumptions, Emulator, ErrorShape, RateLimit

from .emulator_api import PLAYLISTS, SESSIONS, ApiOf

JSON_API = "application/vnd.api+json"
TEXT = "playlist 5 does not exist"


@pytest.fixture(autouse=True)
def answer_checker() -> None:
    """Replaces the checker of the other modules, which accepts the documented shape only."""


@pytest.mark.parametrize("media_type", [JSON_API, "application/json; charset=utf-8", "Application/Vnd.Api+JSON ; v=1"])
def test_all_json_is_in_the_assumed_media_type(api_of: ApiOf, media_type: str) -> None:
    assumptions = Assumptions(json_media_type=media_type)
    api = api_of(Emulator(assumptions=assumptions, segment_envelope="json", rate_limit=RateLimit(6, 60)))
    api.emulator.load_segments("s", "v", [b"a"])
    body = {"data": {"type": "rum_replay_playlist", "attributes": {"name": "one"}}}
    api.emulator.faults.add(status=503)
    answers = [
        api.get(PLAYLISTS),
        api.post(PLAYLISTS, json=body),
        api.get(PLAYLISTS),
        api.put(f"{PLAYLISTS}/1", json=body),
        api.get(f"{SESSIONS}/s/views/v/segments"),
        api.get(f"{PLAYLISTS}/5"),
        api.get(PLAYLISTS),
    ]
    assert [answer.status_code for answer in answers] == [503, 201, 200, 200, 200, 404, 429]
    assert {answer.headers["content-type"] for answer in answers} == {media_type}
    assert all(answer.json() for answer in answers)
    assert answers[-1].headers["x-ratelimit-remaining"] == "0"


def test_other_types_stay_as_they_are(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(json_media_type=JSON_API)))
    api.emulator.load_segments("s", "v", [b"a"])
    assert api.get(f"{SESSIONS}/s/views/v/segments").headers["content-type"] == "application/octet-stream"
    api.emulator.faults.add(status=200, body={"data": []})
    assert api.get(PLAYLISTS).headers["content-type"] == "application/json"
    api.create_playlist("one")
    assert "content-type" not in api.delete(f"{PLAYLISTS}/1").headers


DOCUMENTS: dict[ErrorShape, tuple[str, Any]] = {
    "texts": (JSON_API, {"errors": [TEXT]}),
    "json_api": (JSON_API, {"errors": [{"status": "404", "title": "Not Found", "detail": TEXT}]}),
    "titles": ("text/plain", {"errors": [{"title": "Not Found"}]}),
    "codes": (JSON_API, {"errors": [{"code": "not_found", "title": TEXT, "meta": {"status": 404}}]}),
    "no_errors": (JSON_API, {"errors": []}),
    "status": (JSON_API, {"status": "error", "code": 404, "errors": [TEXT]}),
}
OTHERS: dict[ErrorShape, tuple[str | None, bytes]] = {
    "html": ("text/html", b"<!DOCTYPE html><html><head><title>404 Not Found</title></head><body></body></html>"),
    "empty": (None, b""),
    "not_utf8": ("text/plain", b"Not Found \xff\xe9"),
}


def test_each_shape_is_tested() -> None:
    assert {*DOCUMENTS, *OTHERS} == set(get_args(ErrorShape))


@pytest.mark.parametrize("shape", get_args(ErrorShape))
def test_errors_have_the_assumed_shape(api_of: ApiOf, shape: ErrorShape) -> None:
    api = api_of(Emulator(assumptions=Assumptions(error_shape=shape, json_media_type=JSON_API)))
    answer = api.get(f"{PLAYLISTS}/5")
    assert answer.status_code == 404
    media_type, expected = DOCUMENTS[shape] if shape in DOCUMENTS else OTHERS[shape]
    assert answer.headers.get("content-type") == media_type
    assert (json.loads(answer.content) if shape in DOCUMENTS else answer.content) == expected
    # Headers that belong to the status stay.
    assert api.put(PLAYLISTS).headers["allow"] == "GET, POST"


@pytest.mark.parametrize("shape", get_args(ErrorShape))
def test_a_scripted_status_without_a_body_has_the_assumed_shape_too(api_of: ApiOf, shape: ErrorShape) -> None:
    api = api_of(Emulator(assumptions=Assumptions(error_shape=shape)))
    api.emulator.faults.add(status=404)
    api.emulator.faults.add(status=404, body={"errors": ["scripted"]})
    scripted, with_body, real = (api.get("/nowhere") for _ in range(3))
    assert (scripted.content, scripted.headers.get("content-type")) == (real.content, real.headers.get("content-type"))
    assert with_body.json() == {"errors": ["scripted"]}


@pytest.mark.parametrize(
    "value", ["text/html", "json", "application/jsonp", "application/json\r\nX: 1", "", "application/+json"]
)
def test_other_media_types_cannot_be_assumed(value: str) -> None:
    with pytest.raises(ValueError, match="json_media_type must be application/json or another"):
        Assumptions(json_media_type=value)


@pytest.mark.parametrize("field", ["error_shape", "replay_retention"])
def test_unknown_choices_cannot_be_assumed(field: str) -> None:
    options: dict[str, Any] = {field: "other"}
    with pytest.raises(ValueError, match=field):
        Assumptions(**options)
