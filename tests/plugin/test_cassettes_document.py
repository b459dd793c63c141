"""The file format: readable and exact to the byte."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_rum_replay.cassettes import document
from pytest_rum_replay.cassettes.body import decode_body, encode_body
from pytest_rum_replay.cassettes.errors import CassetteFormatError
from pytest_rum_replay.interaction import Interaction, RecordedRequest, RecordedResponse

PATH = Path("cassettes/test_pay.yaml")
NOON = datetime(2026, 4, 2, 12, 0, 0, tzinfo=UTC)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
LAYOUTS = st.sampled_from(
    [
        {"separators": (",", ":")},
        {"separators": (",", ":"), "ensure_ascii": False},
        {},
        {"ensure_ascii": False},
        {"indent": 2},
        {"indent": 4, "ensure_ascii": False},
        {"indent": 3},
        {"separators": (" , ", " : ")},
    ]
)
NASTY = "a\r\nb\rc\x85d\u2028e\u2029f \n g\t\n\n\x00\x1b\ufeff\ufffe🎈é\ud7ff\ue000 "


def interaction(body: bytes = b"", answer: bytes = b"", **more: Any) -> Interaction:
    request = RecordedRequest("GET", "https://api.datadoghq.com/x", (), body)
    return Interaction(request, RecordedResponse(200, "OK", more.get("headers", ()), answer), NOON)


def written(*interactions: Interaction) -> str:
    return document.dump(interactions).decode("utf-8")


def reread(*interactions: Interaction) -> list[Interaction]:
    return document.load(document.dump(interactions), PATH)


@pytest.fixture(params=["libyaml", "pure Python"])
def either_yaml(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without libyaml, as pyyaml is sometimes built without it."""
    if request.param == "pure Python":
        dumper: Any = type("Dumper", (yaml.SafeDumper,), {"ignore_aliases": lambda *_: True})
        dumper.add_representer(str, document._text)
        monkeypatch.setattr(document, "_LOADER", yaml.SafeLoader)
        monkeypatch.setattr(document, "_DUMPER", dumper)


@settings(deadline=None)
@given(st.binary() | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
@example(b"\xed\xa0\x80")
@example(NASTY.encode())
@example(b"\n leading")
@example(b"\n\n  \n")
@example(b"--- \n...\n")
@example(b"null")
def test_any_bytes_are_restored(body: bytes) -> None:
    assert [(one.request.body, one.response.body) for one in reread(interaction(body, body))] == [(body, body)]


@settings(deadline=None)
@given(JSON.filter(lambda value: isinstance(value, dict | list)), LAYOUTS, st.sampled_from(["", "\n", " ", "\r\n"]))
@example({"a": NASTY, NASTY: [NASTY]}, {}, "")
@example({"<<": {"=": "=", "~": "no", "1": "0x1F", "on": "12:30:45", "": "2024-01-01"}}, {}, "\n")
@example([1e22, 1e-7, -0.0, 10**400, 0.1, 1e16, 123456789.123456789], {}, "")
@example({"a": {}, "b": [], "c": [[], {}]}, {"indent": 2}, "")
@example([" a", "a ", "a\n", "\na", "a\n\n", "a:\n b", "# a", "a #b", "\t", "'", '"', "\\"], {}, "")
def test_any_json_is_restored_byte_for_byte(value: Any, layout: dict[str, Any], end: str) -> None:
    body = (json.dumps(value, **layout) + end).encode("utf-8", "surrogatepass")
    assert decode_body(encode_body(body)) == body
    assert reread(interaction(body, body))[0].response.body == body


@pytest.mark.parametrize(
    "body",
    [
        '{"n":1.10}',
        '{"n":1E5}',
        '{"n":1e400}',
        '{"n":-0}',
        '{"a":1,"a":2}',
        '{"a": 1,"b":2}',
        '{"u":"\\u00E9"}',
        '{"u":"\\/"}',
        '{"u":"\\ud800"}',
        "[NaN,Infinity]",
        '{"html":"\\u003cb\\u003e"}',
        "[" * 500 + "]" * 500,
        "[" * 100_000 + "]" * 100_000,
        '{"n":' + "9" * 5000 + "}",
        " {}",
        "{",
    ],
)
@pytest.mark.usefixtures("either_yaml")
def test_json_with_several_possible_forms_is_restored_exactly(body: str) -> None:
    assert reread(interaction(answer=body.encode()))[0].response.body.decode() == body


@pytest.mark.parametrize(
    "text",
    [
        NASTY,
        "é\n" * 3,
        "a\n  b\n",
        "  a\nb",
        "\n\na",
        "🎈\nb\n",
        "a \nb",
        "\ta\nb",
        "x" * 500,
        "a\x85",
        "a\x85b\nc",
        "\u2028\n",
        "a\u2029b\nc\n",
        "a\rb\nc\n",
    ],
)
@pytest.mark.usefixtures("either_yaml")
def test_text_is_restored_with_any_yaml_implementation(text: str) -> None:
    value = json.dumps({"text": text}, ensure_ascii=False, separators=(",", ":")).encode()
    assert reread(interaction(text.encode(), value)) == [interaction(text.encode(), value)]


def test_json_is_written_as_yaml() -> None:
    text = written(
        interaction(answer=b'{"data":{"name":"Checkout bugs","tags":["a","b"],"count":2,"on":true,"by":null}}')
    )
    assert (
        "    json:\n      data:\n        name: Checkout bugs\n        tags:\n        - a\n        - b\n"
        "        count: 2\n        'on': true\n        by: null\n" in text
    )


def test_the_layout_of_json_is_recorded_if_it_is_not_the_usual_one() -> None:
    assert "json_style" not in written(interaction(answer=b'{"a":"b"}'))
    assert "    json_style: spaced ascii newline\n" in written(interaction(answer=b'{"a": "\\u00e9"}\n'))
    assert "    json_style: indent-2\n" in written(interaction(answer=b'{\n  "a": 1\n}'))


@pytest.mark.parametrize(
    ("style", "layout"),
    [
        (None, {"separators": (",", ":")}),
        ("spaced", {}),
        ("indent-2", {"indent": 2}),
        ("indent-4", {"indent": 4}),
    ],
)
def test_every_layout_of_json_has_a_style(style: str | None, layout: dict[str, Any]) -> None:
    value = {"a": [1, "b"]}
    expected = {"json": value} if style is None else {"json_style": style, "json": value}
    assert encode_body(json.dumps(value, **layout).encode()) == expected


def test_text_is_a_block_and_a_long_line_is_not_folded() -> None:
    assert "    text: |\n      one\n      two\n" in written(interaction(answer=b"one\ntwo\n"))
    assert f"text: {'word ' * 100}end\n" in written(interaction(answer=b"word " * 100 + b"end"))


@pytest.mark.parametrize("body", [b"\x00", b"PK\x03\x04", b"\x1b[2J", b"\x7f", b"\xff"])
def test_unprintable_text_is_base64_even_if_it_is_utf_8(body: bytes) -> None:
    assert encode_body(body).keys() == {"base64"}


@pytest.mark.parametrize(("depth", "field"), [(40, "json"), (41, "text")])
def test_json_that_is_nested_deeply_is_text(depth: int, field: str) -> None:
    for body in (b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth):
        assert encode_body(body).keys() == {field}
        assert decode_body(encode_body(body)) == body


def test_binary_is_base64_in_one_line() -> None:
    assert "    base64: AAEC/w==\n" in written(interaction(answer=b"\0\x01\x02\xff"))
    assert max(map(len, written(interaction(answer=bytes(range(256)) * 10)).splitlines())) > 3000


def test_an_empty_body_has_no_fields() -> None:
    assert written(interaction()).endswith("  response:\n    status: 200\n    reason: OK\n")


def test_the_file_says_what_wrote_it_its_version_and_when_each_entry_was_recorded() -> None:
    first, version, *_ = written(interaction()).splitlines()
    assert first.startswith(document.HEADER)
    assert "--rum-replay-record=rewrite" in first
    assert version == "version: 1"
    assert "- recorded_at: '2026-04-02T12:00:00Z'\n" in written(interaction())


def test_headers_are_sorted_and_repeated_ones_keep_their_order() -> None:
    headers = (("x-b", "2"), ("link", "second"), ("x-a", "1"), ("link", "first"), ("x-odd", "é: #"))
    text = written(interaction(headers=headers))
    assert "    headers:\n      link:\n      - second\n      - first\n      x-a: '1'\n      x-b: '2'\n" in text
    assert sorted(reread(interaction(headers=headers))[0].response.headers) == sorted(headers)


def test_lines_end_the_same_on_every_system() -> None:
    assert b"\r" not in document.dump([interaction(b"a\r\nb", b"a\r\nb")])


def test_writing_a_file_that_was_read_changes_nothing() -> None:
    data = document.dump([interaction(NASTY.encode(), b'{"a": 1}'), interaction(b"\xff", b"[1,2]")])
    assert document.dump(document.load(data, PATH)) == data


def test_a_file_may_be_edited_by_hand() -> None:
    text = written(interaction(answer=b'{"at":"2024-01-01","n":1}'))
    edited = text.replace("'2024-01-01'", "2024-12-31").replace("'2026-04-02T12:00:00Z'", "2026-04-02T13:00:00+01:00")
    (one,) = document.load(f"# mine\n{edited}".encode(), PATH)
    assert one.response.body == b'{"at":"2024-12-31","n":1}'
    assert one.recorded_at == NOON


ENTRY = """\
version: 1
interactions:
- recorded_at: '2026-04-02T12:00:00Z'
  request: {method: GET, url: 'https://api.datadoghq.com/x'}
  response: {status: 200, reason: OK}
"""


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (("version: 1", "version: 2"), "version 2 is unknown; this plugin reads version 1"),
        (("version: 1", "other: 1"), "it must contain 'version' and 'interactions'"),
        (("interactions:", "interactions: ["), "(?s)line"),
        (("method: GET, ", ""), "entry 1: request lacks method"),
        (("method: GET, url", "method: GET, uri"), "entry 1: request lacks url"),
        (("method: GET,", "method: GET, uri: x,"), "entry 1: request has unknown uri"),
        (("status: 200", "status: '200'"), "entry 1: status must be of type int, not '200'"),
        (("status: 200", "status: yes"), "entry 1: status must be of type int, not True"),
        (("reason: OK", "reason: é"), "entry 1: reason must be ASCII"),
        (("reason: OK", "reason: OK, text: a, base64: YQ=="), "entry 1: text and base64 exclude each other"),
        (("reason: OK", "reason: OK, base64: '*'"), "entry 1: base64 is damaged"),
        (("reason: OK", "reason: OK, text: [a]"), "entry 1: text must be text"),
        (("reason: OK", "reason: OK, json: 1, json_style: neat"), "entry 1: json_style must be one of compact, spaced"),
        (("reason: OK", "reason: OK, json_style: spaced"), "entry 1: json_style needs json"),
        (("reason: OK", "reason: OK, headers: {x-limit: 5}"), "entry 1: the header x-limit must be text in quotes"),
        (("reason: OK", "reason: OK, status: 201"), "line 5: a key must be plain text and must not be repeated"),
        (("reason: OK", "reason: !!python/name:os.system x"), "line 5: .* is not allowed in a cassette"),
        (
            ("recorded_at: '2026-04-02T12:00:00Z'\n  ", ""),
            "entry 1: the entry lacks recorded_at; vcrpy's cassettes cannot",
        ),
        (("12:00:00Z", "12:00:00"), "entry 1: recorded_at: '2026-04-02T12:00:00' has no offset from UTC"),
        (("2026-04-02T12", "soon"), "entry 1: recorded_at: 'soon.*' is not a time"),
        (("  request: {", "  request: [{"), "(?s)line"),
    ],
)
def test_a_damaged_file_is_refused_with_its_name_the_position_and_advice(
    change: tuple[str, str], complaint: str
) -> None:
    assert document.load(ENTRY.encode(), PATH)
    with pytest.raises(CassetteFormatError, match=complaint) as caught:
        document.load(ENTRY.replace(*change).encode(), PATH)
    assert str(caught.value).startswith(f"{PATH} is not a valid cassette: ")
    assert str(caught.value).endswith("delete it and record it again")


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\xff", b"- 1\n", b"&a [*a]", b"[" * 100])
def test_a_file_that_is_not_a_cassette_is_refused(data: bytes) -> None:
    with pytest.raises(CassetteFormatError, match="is not a valid cassette"):
        document.load(data, PATH)
