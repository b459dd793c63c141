"""Images that the SDK uploads beside segments: recognized, kept by id, and read again when they are needed."""

from __future__ import annotations

import base64
import gzip
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rum_replay import FileError, segments
from rum_replay.segments._completeness import RecordCounts
from rum_replay.segments._timelines import TimelineClock
from rum_replay.segments.dom import Page, page_at, to_html
from rum_replay.segments.dom._markup.drawings import Drawings
from rum_replay.segments.player._conversion import Conversion

from . import made
from .hostile import tag
from .live_pages import CANVAS

ID = "4x2-" + "0123456789abcdef" * 4
EVENT = json.dumps({"application": {"id": "a"}, "type": "resource"}).encode()


def image(kind: str = "WEBP", size: tuple[int, int] = (4, 2)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, "#4f46e5").save(file, kind)
    return file.getvalue()


WEBP = image()


def upload(content: bytes = WEBP, id: str = ID, boundary: bytes = b"----Boundary") -> bytes:
    """The body of a request, as Chromium writes it."""
    return b"".join(
        [
            b"--" + boundary + b'\r\nContent-Disposition: form-data; name="image"; filename="',
            id.encode(),
            b'"\r\nContent-Type: image/webp\r\n\r\n',
            content,
            b"\r\n--" + boundary + b'\r\nContent-Disposition: form-data; name="event"; filename="blob"\r\n'
            b"Content-Type: application/json\r\n\r\n",
            EVENT,
            b"\r\n--" + boundary + b"--\r\n",
        ]
    )


def canvas(id: str = ID, **attributes: Any) -> bytes:
    """A segment of a page with a canvas that shows an image."""
    drawn = made.change(5, [15, [made.OTHER + 1, id]])
    element = made.element(made.OTHER + 1, "canvas", id="drawing", width="40", height="20", **attributes)
    return made.segment(made.meta(), made.snapshot(0, element), drawn, made.click(6))


def saved(folder: Path, files: dict[str, bytes]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


class Pipe(io.RawIOBase):
    """A stream that cannot seek."""

    def __init__(self, content: bytes) -> None:
        self._content = io.BytesIO(content)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        return self._content.read(size)


SOURCES: dict[str, Callable[[Path], Any]] = {
    "a body": lambda _: upload(),
    "a stream": lambda _: Pipe(upload()),
    "bodies one after another": lambda _: upload(image("PNG"), "another") + upload(),
    "compressed": lambda _: gzip.compress(upload()),
    "base64 of a body": lambda _: base64.b64encode(upload(boundary=b"-" * 30 + b"7MA4YWxkTrZu0gWa" * 2)),
    "base64 of a body in JSON": lambda _: json.dumps({"log": [{"text": base64.b64encode(upload()).decode()}]}).encode(),
    "a name without quotes": lambda _: upload().replace(b'"' + ID.encode() + b'"', ID.encode()),
    "base64 of compressed": lambda _: base64.b64encode(gzip.compress(upload())),
    "a file with the body": lambda folder: saved(folder, {"request-0": upload()}),
    "a folder of parts": lambda folder: saved(folder, {ID: WEBP, "event": EVENT}),
    "parts with suffixes": lambda folder: saved(folder, {f"{ID}.webp": WEBP, f"{ID}.event.json": EVENT}),
    "parts with prefixes": lambda folder: saved(folder, {f"res-003-{ID}.webp": WEBP, "res-003.event.json": EVENT}),
}


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_images_are_found_wherever_they_are(source: Callable[[Path], Any], tmp_path: Path) -> None:
    recording = segments.open([canvas(), source(tmp_path / "images")])
    assert recording.report.problems == ()
    found = recording.resources[ID]
    assert (found.id, found.media_type, found.size) == (ID, "image/webp", len(WEBP))
    assert found.read() == WEBP == found.read()
    page = page_at(recording.views[0])
    assert page.nodes[made.OTHER + 1].image is found
    assert base64.b64encode(WEBP).decode() in to_html(page)
    assert base64.b64encode(WEBP).decode() in to_html(page.nodes[made.OTHER + 1])


def test_every_upload_of_a_recorded_page_is_found() -> None:
    recording = CANVAS.recording
    assert (len(recording.resources), recording.report.problems) == (6, ())
    assert all(one.read().startswith(b"RIFF") and len(one.read()) == one.size for one in recording.resources.values())
    (view,) = recording.views
    assert view.resources is recording.resources
    shown = [node.image for node in page_at(view).nodes.values() if node.name == "canvas"]
    assert len(shown) == 3
    assert all(one is not None and recording.resources[one.id] is one for one in shown)


@pytest.mark.parametrize(
    ("kind", "media_type"),
    [("PNG", "image/png"), ("JPEG", "image/jpeg"), ("GIF", "image/gif"), ("WEBP", "image/webp")],
)
def test_types_are_known_by_their_first_bytes(kind: str, media_type: str) -> None:
    (found,) = segments.open(upload(image(kind))).resources.values()
    assert (found.media_type, found.read()) == (media_type, image(kind))


@pytest.mark.parametrize("brand", [b"avif", b"avis", b"mif1\0\0\0\0avif"])
def test_avif_is_known_by_its_brands(brand: bytes) -> None:
    box = b"ftyp" + brand
    content = (len(box) + 4).to_bytes(4) + box + b"\0" * 20
    (found,) = segments.open(upload(content)).resources.values()
    assert (found.media_type, found.read()) == ("image/avif", content)


@pytest.mark.parametrize(
    "content",
    [
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\0\0\0\x10ftypisom\0\0\0\0avifmp42",
        b"RIFF\0\0\0\0WAVE",
        b"\x89PNG",
    ],
)
def test_nothing_else_is_an_image(content: bytes) -> None:
    recording = segments.open([canvas(), upload(content)])
    assert recording.resources == {}
    assert [part.reason for part in recording.unreadable] == ["unknown format"]
    assert "data:image/svg" in (html := to_html(page_at(recording.views[0])))  # its size, in our own words
    assert base64.b64encode(content)[:8].decode() not in html


def test_an_image_without_an_id_is_reported() -> None:
    recording = segments.open(WEBP)
    assert recording.resources == {}
    assert [part.reason for part in recording.unreadable] == ["unknown format"]


def test_of_two_images_with_one_id_the_first_counts() -> None:
    recording = segments.open(upload() + upload(image("PNG")))
    assert recording.resources[ID].media_type == "image/webp"


def test_large_images_are_skipped_and_reported() -> None:
    large = image("PNG", (300, 300)) + b"\0" * 100_000
    recording = segments.open([upload(large, "large"), upload()], limits=segments.Limits(max_resource=len(large) - 1))
    assert list(recording.resources) == [ID]
    (part,) = recording.unreadable
    assert part.reason == f"an image larger than {len(large) - 1:,} bytes"
    assert part.length == len(large)
    whole = segments.open(upload(large, "large"), limits=segments.Limits(max_resource=len(large)))
    assert whole.resources["large"].read() == large


def test_very_many_images_are_an_attack() -> None:
    with pytest.raises(segments.SegmentLimitError, match="more than 2 images") as caught:
        segments.open(upload() * 3, limits=segments.Limits(max_resources=2))
    assert caught.value.limit == "max_resources"


def test_images_are_not_held_in_memory_but_read_again(tmp_path: Path) -> None:
    folder = saved(tmp_path / "images", {"request": upload()})
    found = segments.open(folder).resources[ID]
    (folder / "request").write_bytes(upload(image("WEBP", (8, 8))))
    with pytest.raises(FileError, match="is not what it was"):
        found.read()
    (folder / "request").unlink()
    with pytest.raises(FileError, match="cannot be read"):
        found.read()


def test_copies_of_compressed_images_are_held_up_to_a_limit_and_then_in_a_file() -> None:
    images = {f"image-{number}": image("PNG", (50 + number, 40)) for number in range(20)}
    body = gzip.compress(b"".join(upload(content, name) for name, content in images.items()))
    recording = segments.open(body, limits=segments.Limits(max_held=500))
    assert {name: found.read() for name, found in reversed(list(recording.resources.items()))} == images


def test_a_page_made_from_records_knows_the_images_that_it_is_given() -> None:
    recording = segments.open([canvas(), upload()])
    with_images, without = Page(recording.resources), Page()
    for record in recording.views[0].records():
        with_images.apply(record)
        without.apply(record)
    assert with_images.nodes[made.OTHER + 1].image is recording.resources[ID]
    assert without.nodes[made.OTHER + 1].image is None
    assert without.nodes[made.OTHER + 1].image_resource == ID


@pytest.mark.parametrize("id", [ID, "e3b0c44298fc1c149afbf4c8996fb924"])
def test_images_of_mobile_screens_are_shown_if_they_were_uploaded(id: str) -> None:
    screen = made.screen(0, made.wireframe(7, "image", 0, 0, 40, 20, resourceId=id, mimeType="image/webp"))
    segment = made.segment(made.record(4, 0, {"width": 360, "height": 640}), screen, source="android")
    picture = f"data:image/webp;base64,{base64.b64encode(WEBP).decode()}"
    assert picture in to_html(page_at(segments.open([segment, upload(id=id)]).views[0]))
    assert picture not in to_html(page_at(segments.open(segment).views[0]))


@pytest.mark.parametrize(
    ("sources", "player", "heat"),
    [
        ([canvas(), upload()], [], ""),
        (
            [canvas()],
            ["1 × images that are uploaded separately from the segments, and were not found"],
            "1 on canvases",
        ),
        (
            [made.segment(made.meta(), made.snapshot(0, tag("canvas")), made.click(6))],
            ["1 × drawings on a <canvas>, which are not in the recording"],
            "1 on canvases",
        ),
    ],
    ids=["there", "missing", "never drawn"],
)
def test_outputs_say_how_many_images_are_missing(
    sources: list[bytes], player: list[str], heat: str, tmp_path: Path
) -> None:
    recording = segments.open(sources)
    html = segments.write_player(recording, tmp_path / "replay.html").read_text(encoding="utf-8")
    index = json.loads(html.partition('id="index">')[2].partition("</script>")[0])
    assert index["notes"] == player
    heatmap = segments.heatmap_of(recording).write_html(tmp_path / "heat.html").read_text(encoding="utf-8")
    assert ("<dt>Drawings</dt>" in heatmap) is bool(heat)
    assert f"<dd>{heat}" in heatmap


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ({}, "300 150"),
        ({"width": "40", "height": " 20px"}, "40 20"),
        ({"width": "+7", "height": "0"}, "7 0"),
        ({"width": "-7", "height": "x"}, "300 150"),
        ({"width": '"><script>', "height": "9" * 30}, "300 150"),
    ],
)
def test_a_canvas_has_the_size_that_its_attributes_state(attributes: dict[str, str], size: str) -> None:
    html = to_html(page_at(made.recording(made.meta(), made.snapshot(0, tag("canvas", **attributes))).views[0]))
    width, height = size.split()
    assert f"width%3D%22{width}%22%20height%3D%22{height}%22" in html
    assert "<script" not in html


def test_the_style_of_a_canvas_changes_with_its_attributes_and_its_image() -> None:
    element = made.element(made.OTHER + 1, "canvas", width="40", height="20", style="color:red")
    document = made.segment(
        made.meta(),
        made.snapshot(0, element),
        made.change(2, [15, [made.OTHER + 1, ID]]),
        made.mutation(3, attributes=[{"id": made.OTHER + 1, "attributes": {"width": "50"}}]),
        made.mutation(4, attributes=[{"id": made.OTHER + 1, "attributes": {"style": "color:blue"}}]),
        made.mutation(5, attributes=[{"id": made.OTHER + 1, "attributes": {"style": None}}]),
        made.change(6, [15, [made.OTHER + 1, "missing"]]),
    )
    conversion = Conversion(TimelineClock())
    (view,) = segments.open([document, upload()]).views
    events = list(map(json.loads, conversion.view_events(view, RecordCounts())))
    changes = [one["attributes"][0]["attributes"] for one in (event["data"] for event in events) if "attributes" in one]
    picture, recorded = base64.b64encode(WEBP).decode(), ["color:red", "color:red", "color:blue", None, None]
    assert [change["style"].count(picture) for change in changes] == [1, 1, 1, 1, 0]
    ends = [change["style"].rpartition(";")[2] for change in changes]
    assert [end if end.startswith("color") else None for end in ends] == recorded
    assert ["width%3D%2250%22" in change["style"] for change in changes] == [False, True, True, True, True]
    assert [change["data-replay-missing"] for change in changes] == [None, None, None, None, ""]
    assert conversion.drawings.missing == {"missing"}
    assert conversion.notes == {}


def test_a_page_and_a_player_hold_so_many_images() -> None:
    picture = len(base64.b64encode(WEBP)) + len("data:image/webp;base64,")
    (view,) = segments.open([canvas(), upload()]).views
    for room, is_shown in ((picture, True), (picture - 1, False)):
        drawings = Drawings(room)
        conversion = Conversion(TimelineClock(), drawings)
        assert (b"data:image/webp" in b"".join(conversion.view_events(view, RecordCounts()))) is is_shown
        assert drawings.missing == (set() if is_shown else {ID})
