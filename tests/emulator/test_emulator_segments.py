from __future__ import annotations

import email
import hashlib
import zlib
from base64 import b64decode
from importlib.resources import files

import httpx
import pytest
from rum_replay_emulator import Assumptions, Emulator, ManualClock, Retention, SegmentEnvelope
from rum_replay_emulator.sample import load_sample

from .emulator_api import PLAYLISTS, SESSIONS, Api, ApiOf

VIEW = f"{SESSIONS}/s/views/v/segments"
SEGMENTS = [b"first" * 10, b"--rum-replay-emulator-segment\r\n\r\n", bytes(range(256)), b""]


def opened(response: httpx.Response) -> tuple[list[bytes], str | None]:
    """The segments of an answer, and the token of the next page."""
    content_type = response.headers["content-type"]
    if content_type == "application/json":
        body = response.json()
        return [b64decode(item["attributes"]["data"]) for item in body["data"]], body.get("meta", {}).get("paging")
    assert content_type.startswith("multipart/mixed; boundary=")
    raw = b"MIME-Version: 1.0\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n" + response.content
    _, *parts = email.message_from_bytes(raw).walk()
    segments: list[bytes] = []
    for part in parts:
        segment = part.get_payload(decode=True)
        assert isinstance(segment, bytes)
        segments.append(segment)
    return segments, response.headers.get("x-paging-next")


def test_raw_segments_are_concatenated(api: Api) -> None:
    api.emulator.load_segments("s", "v", SEGMENTS)
    response = api.get(VIEW, params={"source": "blob", "ts": 1})
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.content == b"".join(SEGMENTS)
    assert "x-paging-next" not in response.headers


@pytest.mark.parametrize("envelope", ["json", "multipart"])
def test_an_envelope_keeps_every_byte(api_of: ApiOf, envelope: SegmentEnvelope) -> None:
    api = api_of(Emulator(segment_envelope=envelope))
    api.emulator.load_segments("s", "v", SEGMENTS)
    assert opened(api.get(VIEW)) == (SEGMENTS, None)


@pytest.mark.parametrize("envelope", ["json", "multipart"])
def test_pages_together_give_every_segment_once(api_of: ApiOf, envelope: SegmentEnvelope) -> None:
    api = api_of(Emulator(segment_envelope=envelope))
    api.emulator.load_segments("s", "v", [b"a" * 4, b"b" * 4, b"c" * 20, b"d", b"e" * 9, b"f"])
    pages: list[list[str]] = []
    token: str | None = None
    while not pages or token is not None:
        response = api.get(VIEW, params={"max_list_size": 10, **({"paging": token} if token else {})})
        segments, token = opened(response)
        pages.append([chr(segment[0]) for segment in segments])
    assert pages == [["a", "b"], ["c"], ["d", "e"], ["f"]]


def test_raw_pages_have_the_token_in_a_header(api: Api) -> None:
    api.emulator.load_segments("s", "v", [b"aaaa", b"bbbb", b"cccc"])
    first = api.get(VIEW, params={"max_list_size": 8})
    assert first.content == b"aaaabbbb"
    last = api.get(VIEW, params={"max_list_size": 8, "paging": first.headers["x-paging-next"]})
    assert last.content == b"cccc"
    assert "x-paging-next" not in last.headers


def test_json_ids_continue_across_pages(api_of: ApiOf) -> None:
    api = api_of(Emulator(segment_envelope="json"))
    api.emulator.load_segments("s", "v", [b"a", b"b"])
    body = api.get(VIEW, params={"max_list_size": 1}).json()
    assert body["data"][0] == {"type": "segment", "id": "v-0", "attributes": {"data": "YQ=="}}
    body = api.get(VIEW, params={"max_list_size": 1, "paging": body["meta"]["paging"]}).json()
    assert [item["id"] for item in body["data"]] == ["v-1"]
    assert "meta" not in body


def test_the_position_of_the_token_is_an_assumption(api_of: ApiOf) -> None:
    assumptions = Assumptions(
        default_segment_list_size=1, segment_token_header="X-Next", segment_token_field=("links", "next")
    )
    for envelope in ("raw", "json"):
        api = api_of(Emulator(segment_envelope=envelope, assumptions=assumptions))
        api.emulator.load_segments("s", "v", [b"a", b"b"])
        response = api.get(VIEW)
        token = response.headers["x-next"] if envelope == "raw" else response.json()["links"]["next"]
        assert api.get(VIEW, params={"paging": token}).status_code == 200


def test_a_token_belongs_to_its_view(api: Api) -> None:
    for view in ("v", "w"):
        api.emulator.load_segments("s", view, [b"a", b"b"])
    token = api.get(VIEW, params={"max_list_size": 1}).headers["x-paging-next"]
    for wrong in (token[:-1], "", "0", "1"):
        response = api.get(VIEW, params={"paging": wrong})
        assert (response.status_code, response.json()) == (400, {"errors": ["paging: is not a token of this view"]})
    assert api.get(f"{SESSIONS}/s/views/w/segments", params={"paging": token}).status_code == 400
    assert api.get(VIEW, params={"paging": token}).content == b"b"


def test_tokens_are_the_same_in_every_run(api: Api, api_of: ApiOf) -> None:
    tokens: list[str] = []
    for one in (api, api_of(Emulator())):
        one.emulator.load_segments("s", "v", [b"a", b"b"])
        tokens.append(one.get(VIEW, params={"max_list_size": 1}).headers["x-paging-next"])
    assert tokens[0] == tokens[1]


@pytest.mark.parametrize("path", [f"{SESSIONS}/s/views/w/segments", f"{SESSIONS}/t/views/v/segments"])
def test_an_unknown_session_or_view_answers_404(api: Api, path: str) -> None:
    api.emulator.load_segments("s", "v", [b"a"])
    assert api.get(path).status_code == 404


def test_a_view_may_be_empty(api: Api, api_of: ApiOf) -> None:
    api.emulator.load_segments("s", "v", [])
    assert (api.get(VIEW).status_code, api.get(VIEW).content) == (200, b"")
    for envelope in ("json", "multipart"):
        other = api_of(Emulator(segment_envelope=envelope))
        other.emulator.load_segments("s", "v", [])
        assert other.get(VIEW).status_code == 200


def test_loading_again_replaces(api: Api) -> None:
    api.emulator.load_segments("s", "v", [b"a", b"b"])
    api.emulator.load_segments("s", "v", (part for part in [b"c"]))
    assert api.get(VIEW).content == b"c"


@pytest.mark.parametrize("size", [0, -1, -(2**63)])
def test_a_max_list_size_below_one_counts_as_left_out_or_is_refused(api_of: ApiOf, size: int) -> None:
    for refused in (False, True):
        api = api_of(Emulator(assumptions=Assumptions(paging_below_range_is_400=refused)))
        api.emulator.load_segments("s", "v", [b"a", b"b"])
        answer = api.get(VIEW, params={"max_list_size": size})
        if refused:
            assert answer.json() == {"errors": ["max_list_size: must be at least 1"]}
        else:
            assert answer.content == b"ab"


DAY = 86_400


@pytest.mark.parametrize(
    ("retention", "added", "ends"),
    [
        ("unlimited", None, None),
        ("unlimited", 10, None),
        ("with_permission", None, 30),
        ("with_permission", 0, 456),
        ("with_permission", 29.5, 29.5 + 456),
        ("without_permission", None, 30),
        ("without_permission", 10, 30),
    ],
)
def test_a_replay_is_served_as_long_as_it_is_retained(
    api_of: ApiOf, retention: Retention, added: float | None, ends: float | None
) -> None:
    clock = ManualClock()
    api = api_of(Emulator(clock=clock, assumptions=Assumptions(replay_retention=retention)))
    api.create_playlist("one")
    clock.advance(1000)
    start = clock.time()
    api.emulator.load_segments("s", "v", [b"a"])
    if added is not None:
        clock.advance(added * DAY)
        assert api.add_session("1", "s").status_code == 201
    clock.advance(start + (5000 if ends is None else ends) * DAY - 1 - clock.time())
    assert api.get(VIEW).content == b"a"
    clock.advance(1)
    assert api.get(VIEW).status_code == (200 if ends is None else 404)


def test_extended_retention_counts_from_the_day_on_which_it_was_switched_on(api_of: ApiOf) -> None:
    clock = ManualClock()
    api = api_of(Emulator(clock=clock, assumptions=Assumptions(replay_retention="with_permission")))
    for name in ("one", "two"):
        api.create_playlist(name)
    api.add_session("1", "s")  # before its segments are loaded
    api.emulator.load_segments("s", "v", [b"a"])
    api.emulator.load_segments("late", "v", [b"b"])
    clock.advance(20 * DAY)
    api.add_session("2", "s")
    clock.advance(11 * DAY)
    api.add_session("2", "late")  # its replay has ended already
    api.delete(f"{PLAYLISTS}/1/sessions/s")
    assert api.get(VIEW).content == b"a"
    assert api.get(VIEW.replace("/s/", "/late/")).status_code == 404
    clock.advance(425 * DAY)
    assert api.get(VIEW).status_code == 404
    api.emulator.load_segments("late", "v", [b"c"])
    assert api.get(VIEW.replace("/s/", "/late/")).content == b"c"


def test_the_sample_is_a_whole_recorded_session(api: Api) -> None:
    sample = load_sample()
    assert sample.application_id == "11111111-1111-4111-8111-111111111111"
    assert [len(view.segments) for view in sample.views] == [3, 1]
    assert sample.views[0].end <= sample.views[1].start
    for view in sample.views:
        assert view.start < view.end
        api.emulator.load_segments(sample.session_id, view.view_id, view.segments)
        response = api.get(f"{SESSIONS}/{sample.session_id}/views/{view.view_id}/segments")
        assert response.content == b"".join(view.segments)
        for index, segment in enumerate(view.segments):
            assert f'"index_in_view":{index},'.encode() in zlib.decompress(segment)


def test_the_sample_has_the_bytes_that_were_recorded() -> None:
    folder = files("rum_replay_emulator.sample")
    sums = dict(line.split("  ")[::-1] for line in folder.joinpath("SHA256SUMS").read_text().splitlines())
    assert len(sums) == 8
    for name, digest in sums.items():
        assert hashlib.sha256(folder.joinpath(name).read_bytes()).hexdigest() == digest


def test_an_unknown_source_is_refused_where_that_is_assumed(api_of: ApiOf) -> None:
    for refused, status in ((False, 200), (True, 400)):
        api = api_of(Emulator(assumptions=Assumptions(unknown_segment_source_is_400=refused)))
        api.emulator.load_segments("s", "v", SEGMENTS)
        assert api.get(VIEW, params={"source": "tape"}).status_code == status
        assert api.get(VIEW, params={"source": "event_platform"}).status_code == 200
        assert api.get(VIEW).status_code == 200


def test_an_unknown_token_is_a_page_that_does_not_exist_where_that_is_assumed(api_of: ApiOf) -> None:
    api = api_of(Emulator(assumptions=Assumptions(unknown_segment_token_is_400=False)))
    api.emulator.load_segments("s", "v", SEGMENTS)
    answer = api.get(VIEW, params={"paging": "made-up"})
    assert (answer.status_code, answer.json()) == (404, {"errors": ["paging: is not a token of this view"]})
    assert api.get(VIEW).status_code == 200
