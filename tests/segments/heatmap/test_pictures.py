"""The look of heatmaps: colors where the clicks are, over the page, with a legend."""

from __future__ import annotations

import errno
import io
import random
import resource
import subprocess
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from rum_replay import ConfigurationError, FileError, InvalidRequestError, segments
from rum_replay.segments.heatmap import Heatmap, PageClick, heatmap_of
from rum_replay.segments.heatmap._colors import COLORS, opacity, share, ticks
from rum_replay.segments.heatmap._density import SCALE_RULE, Density
from rum_replay.segments.heatmap._picture import _printable as printable
from rum_replay.segments.heatmap._picture import given_page

from .. import made
from ..recorded import FOLDERS, NAMES, segment_files

SHOT = FOLDERS[NAMES.index("browser-sdk-7.16.2-allow")] / "shot-0-initial.png"
LEAST, MIDDLE, MOST = (247, 224, 79), (217, 93, 75), (95, 13, 111)


def click(x: float, y: float) -> PageClick:
    return PageClick(x=x, y=y, session_id="s", view_id="v", time=0)


def of_recording(folder: Path) -> Heatmap:
    return heatmap_of(segments.open(segment_files(folder)), url="http://127.0.0.1:*/")


def lightness(color: tuple[int, ...]) -> float:
    """CIE L*, 0 to 100; independent of hue."""
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in color[:3]]
    luminance: float = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return float(116 * luminance ** (1 / 3) - 16)


def hottest(image: Image.Image) -> list[tuple[int, int]]:
    """The most opaque pixels: opacity increases with the number of clicks."""
    alpha = image.getchannel("A")
    top = alpha.getextrema()[1]
    box = alpha.point(lambda level: 255 if level == top else 0).getbbox()
    assert box is not None
    return [(box[0], box[1]), (box[2] - 1, box[3] - 1)]


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_hottest_pixels_are_where_the_rage_clicks_were(folder: Path) -> None:
    heatmap = of_recording(folder)
    image = heatmap.to_image()
    assert (image.mode, image.size) == ("RGBA", (heatmap.width, heatmap.height))
    for x, y in hottest(image):
        assert abs(x - 229) <= 6  # a click on the adjacent button shifts them
        assert abs(y - 137) <= 3
    assert image.getpixel((heatmap.width - 1, heatmap.height - 1)) == (*COLORS[0], 0)


def test_a_click_counts_one_where_it_is_and_less_around_by_a_gaussian() -> None:
    density = Density.of([click(50.9, 60.2), click(50, 60)], (121, 121))
    values = {x: density.image.getpixel((x, 60)) for x in range(121)}
    assert density.most == values[50] == 2
    assert values[50 + 14] == values[50 - 14] == pytest.approx(2 * 0.60653, rel=1e-4)
    assert density.image.getpixel((50, 60 + 14)) == pytest.approx(2 * 0.60653, rel=1e-4)
    assert density.image.getpixel((50 + 4 * 14, 60)) == 0
    assert "standard deviation 14 px" in SCALE_RULE


def test_clicks_at_the_edges_are_drawn_as_far_as_they_are_in_the_picture() -> None:
    density = Density.of([click(0, 0), click(99, 49)], (100, 50))
    assert density.image.getpixel((0, 0)) == pytest.approx(1, abs=1e-3)
    assert density.image.getpixel((99, 49)) == pytest.approx(1, abs=1e-3)


def test_one_click_is_visible_beside_ten_thousand_and_those_do_not_saturate() -> None:
    crowd = [click(100 + number % 100, 100 + number // 100 % 100) for number in range(10_000)]
    rage = [click(400, 150)] * 4_000
    density = Density.of([*crowd, *rage, click(600, 150)], (700, 300))
    image = density.to_image()
    lone, many, most = (image.getpixel((x, 150)) for x in (600, 150, 400))
    none = image.getpixel((690, 290))
    assert isinstance(lone, tuple)
    assert isinstance(many, tuple)
    assert isinstance(most, tuple)
    assert none == (*COLORS[0], 0)
    assert lone[3] > 150
    assert lightness(lone) - lightness(many) > 20
    assert lightness(many) - lightness(most) > 3
    assert most[:3] == COLORS[-1]
    value = density.image.getpixel((600, 150))
    assert isinstance(value, float)
    assert lone == pytest.approx(
        (*COLORS[round(255 * share(value, density.most))], 255 * opacity(value, density.most)), abs=3
    )
    # There is no visible edge where the spread of a click is cut off.
    alpha = image.getchannel("A")
    steps = ImageChops.difference(alpha, ImageChops.offset(alpha, 1)).crop((1, 0, 700, 300)).getextrema()[1]
    assert isinstance(steps, int)
    assert steps < 80


def test_characters_that_could_reorder_or_break_text_are_replaced() -> None:
    assert printable("shop/\u202eé \x00\n/漢") == "shop/\ufffdé \ufffd\ufffd/漢"


def test_very_many_positions_are_merged_and_no_click_is_lost() -> None:
    clicks = [click(number % 400, number // 400) for number in range(400 * 60)]
    density = Density.of(clicks, (400, 60))
    middle = density.image.getpixel((200, 30))
    exact = sum(2.718281828 ** (-((x - 200) ** 2 + (y - 30) ** 2) / 2 / 14**2) for x in range(400) for y in range(60))
    assert middle == pytest.approx(exact, rel=0.01)


def test_colors_get_darker_by_even_steps_so_that_everybody_sees_their_order() -> None:
    levels = [lightness(COLORS[step]) for step in range(0, 256, 15)]
    falls = [one - other for one, other in pairwise(levels)]
    assert min(falls) > 0.6 * sum(falls) / len(falls)
    assert max(falls) < 1.4 * sum(falls) / len(falls)
    assert (COLORS[0], COLORS[127], COLORS[-1]) == (LEAST, MIDDLE, MOST)
    assert len(COLORS) == 256


def test_the_scale_ranges_from_no_click_to_the_most() -> None:
    assert (share(0, 7), share(7, 7)) == (0, 1)
    assert share(1, 100) == pytest.approx(0.15019, abs=1e-5)
    assert opacity(0.0499, 5) == 0 < opacity(0.0501, 5) < opacity(0.5, 5) < opacity(1, 5) < opacity(5, 5)
    assert opacity(0.5, 5) == pytest.approx(0.426713)
    assert opacity(0.999_999, 5) == pytest.approx(0.62, abs=1e-6)
    assert opacity(1, 1e300) == pytest.approx(0.62, abs=1e-3)
    assert opacity(5, 5) == pytest.approx(0.85)
    assert [ticks(most) for most in (0.3, 1, 5.2, 19, 20, 250.7, 20_000)] == [
        [1],
        [1],
        [1, 5],
        [1, 19],
        [1, 10, 20],
        [1, 10, 100, 251],
        [1, 10, 100, 1000, 10000, 20000],
    ]


class TestOverABackground:
    FOLDER = FOLDERS[NAMES.index("browser-sdk-7.16.2-allow")]

    def test_the_clicks_are_over_a_given_screenshot_and_the_legend_is_below(self, tmp_path: Path) -> None:
        heatmap = of_recording(self.FOLDER)
        path = heatmap.write_png(tmp_path / "heat.png", background=self.FOLDER / "shot-0-initial.png")
        with Image.open(path) as file:
            picture = file.convert("RGB")
        with Image.open(self.FOLDER / "shot-0-initial.png") as file:
            screenshot = file.convert("RGB")
        overlay = heatmap.to_image()
        expected = screenshot.copy()
        expected.paste(overlay.crop((0, 0, 1000, 700)), (0, 0), overlay.crop((0, 0, 1000, 700)))
        assert picture.crop((0, 0, 1000, 700)).tobytes() == expected.tobytes() != screenshot.tobytes()
        assert (picture.width, heatmap.height) == (1000, 1300)
        assert picture.height > 1400
        assert picture.crop((0, 700, 1000, 1300)).getcolors() == [(600_000, (230, 232, 235))]
        legend = picture.crop((0, 1300, 1000, picture.height))
        colors = {color for _, color in legend.getcolors(100_000) or []}
        assert set(COLORS[1:-1]) <= colors
        assert list(tmp_path.iterdir()) == [path]

    def test_a_background_of_another_resolution_is_scaled_to_the_width_of_the_page(self, tmp_path: Path) -> None:
        large = Image.new("RGBA", (2000, 3200), "#00ff00")
        large.paste("#0000ff", (0, 400, 2000, 3200))
        large.save(tmp_path / "large.png")
        heatmap = heatmap_of(made.page(made.click(5, x=900, y=600)))
        with Image.open(heatmap.write_png(tmp_path / "heat.png", background=tmp_path / "large.png")) as picture:
            assert [picture.getpixel((5, y)) for y in (190, 210, 690)] == [(0, 255, 0), (0, 0, 255), (0, 0, 255)]
            assert picture.width == 1000

    def test_a_transparent_background_is_placed_on_white(self, tmp_path: Path) -> None:
        Image.new("RGBA", (1000, 700), (0, 0, 0, 0)).save(tmp_path / "clear.png")
        heatmap = heatmap_of(made.page(made.click(5)))
        with Image.open(heatmap.write_png(tmp_path / "heat.png", background=tmp_path / "clear.png")) as picture:
            assert picture.getpixel((500, 500)) == (255, 255, 255)

    def test_what_is_left_of_the_page_is_left_of_the_background(self, tmp_path: Path) -> None:
        Image.new("RGB", (1000, 700), "green").save(tmp_path / "page.png")
        heatmap = heatmap_of(made.page(made.event(3, 1, id=made.ROOT, x=-200, y=0), made.click(2, x=900, y=9)))
        assert (heatmap.width, heatmap.origin) == (1200, (200, 0))
        with Image.open(heatmap.write_png(tmp_path / "heat.png", background=tmp_path / "page.png")) as picture:
            colors = [picture.getpixel((x, 600)) for x in (0, 199, 200, 1199)]
        assert colors == [(230, 232, 235)] * 2 + [(0, 128, 0)] * 2

    def test_what_scrolls_in_the_page_is_beyond_the_background(self, tmp_path: Path) -> None:
        Image.new("RGB", (2000, 1400), "green").save(tmp_path / "page.png")
        heatmap = heatmap_of(made.page(made.event(3, 1, id=made.BODY, x=800, y=0), made.click(2, x=900, y=9)))
        assert (heatmap.width, heatmap.origin) == (1800, (0, 0))
        with Image.open(heatmap.write_png(tmp_path / "heat.png", background=tmp_path / "page.png")) as picture:
            colors = [picture.getpixel((x, 600)) for x in (0, 999, 1000, 1799)]
        assert colors == [(0, 128, 0)] * 2 + [(230, 232, 235)] * 2

    def test_the_same_clicks_give_the_same_bytes(self, tmp_path: Path) -> None:
        first, second = of_recording(self.FOLDER), of_recording(self.FOLDER)
        for name, of in (("a", first), ("b", second)):
            of.write_png(tmp_path / f"{name}.png", background=self.FOLDER / "shot-0-initial.png")
            of.write_html(tmp_path / f"{name}.html")
        for ending in ("png", "html"):
            assert (tmp_path / f"a.{ending}").read_bytes() == (tmp_path / f"b.{ending}").read_bytes()

    @pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n" + bytes(99)])
    def test_a_file_that_is_not_a_picture_is_refused_and_the_old_heatmap_stays(
        self, content: bytes, tmp_path: Path
    ) -> None:
        (tmp_path / "page.png").write_bytes(content)
        (tmp_path / "heat.png").write_bytes(b"before")
        with pytest.raises(InvalidRequestError, match=r"page\.png cannot be used as a picture of the page: "):
            heatmap_of(made.page(made.click(5))).write_png(tmp_path / "heat.png", background=tmp_path / "page.png")
        assert (tmp_path / "heat.png").read_bytes() == b"before"
        assert len(list(tmp_path.iterdir())) == 2

    @pytest.mark.parametrize("kind", ["PNG", "GIF", "JPEG", "TIFF", "WEBP", "ICNS", "SPIDER"])
    def test_a_damaged_picture_is_used_or_refused(self, kind: str, tmp_path: Path) -> None:
        file = io.BytesIO()
        Image.radial_gradient("L").convert("RGB").resize((64, 64)).save(file, kind)
        chance = random.Random(kind)
        for _ in range(100):
            content = bytearray(file.getvalue())
            for _ in range(chance.randrange(1, 9)):
                content[chance.randrange(min(len(content), 300))] = chance.randrange(256)
            (tmp_path / "page").write_bytes(content)
            with suppress(InvalidRequestError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                assert given_page(str(tmp_path / "page"), (50, 20), 50).size == (50, 20)

    @pytest.mark.parametrize(("name", "reason"), [("gone.png", "No such file"), ("folder", "Is a directory")])
    def test_a_file_that_cannot_be_read_is_a_file_error(self, name: str, reason: str, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        with pytest.raises(FileError, match=rf"/{name} cannot be read: {reason}") as raised:
            heatmap_of(made.page(made.click(5))).write_png(tmp_path / "heat.png", background=tmp_path / name)
        assert raised.value.filename == str(tmp_path / name)
        assert isinstance(raised.value.__cause__, OSError)
        assert [path.name for path in tmp_path.iterdir()] == ["folder"]

    def test_a_background_of_too_many_pixels_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        file = io.BytesIO()
        Image.new("1", (20_000, 10_001)).save(file, "PNG")
        (tmp_path / "page.png").write_bytes(file.getvalue())
        with pytest.raises(InvalidRequestError, match="cannot be used as a picture"):
            heatmap_of(made.page(made.click(5))).write_png(tmp_path / "heat.png", background=tmp_path / "page.png")

    def test_a_background_that_would_be_scaled_to_nothing_is_refused(self, tmp_path: Path) -> None:
        Image.new("RGB", (5_000, 1)).save(tmp_path / "page.png")
        with pytest.raises(InvalidRequestError, match=r"page\.png cannot be used as a picture of the page"):
            heatmap_of(made.page(made.click(5))).write_png(tmp_path / "heat.png", background=tmp_path / "page.png")

    def test_the_numbers_are_at_their_place_below_the_scale(self, tmp_path: Path) -> None:
        heatmap = heatmap_of(made.page(*(made.click(5) for _ in range(3))))
        with Image.open(heatmap.write_png(tmp_path / "heat.png", background=SHOT)) as file:
            picture = file.convert("RGB")
        scale = [y for y in range(700, picture.height) if picture.getpixel((16, y)) == LEAST]
        assert (len(scale), picture.getpixel((335, scale[0])), picture.getpixel((336, scale[0]))) == (
            14,
            MOST,
            (255, 255, 255),
        )
        below = (
            picture.crop((0, scale[-1] + 2, 1000, scale[-1] + 18)).convert("L").point(lambda light: 255 * (light < 99))
        )
        one, three = (below.crop(box).getbbox() for box in ((0, 0, 250, 16), (250, 0, 1000, 16)))
        assert one is not None
        assert three is not None
        assert (one[0] + one[2]) / 2 == pytest.approx(16 + 320 * share(1, 3), abs=2)
        assert 250 + three[2] == pytest.approx(16 + 320, abs=2)

    @pytest.mark.parametrize("width", [1, 30, 200, 2500])
    def test_pages_of_any_width_have_a_legend(self, width: int, tmp_path: Path) -> None:
        Image.new("RGB", (3, 2)).save(tmp_path / "page.png")
        recording = made.recording(
            made.meta(width=width, href="http://shop/" + "\x00é" * 200), made.snapshot(), made.click(5, x=0)
        )
        path = heatmap_of(recording).write_png(tmp_path / "heat.png", background=tmp_path / "page.png")
        with Image.open(path) as picture:
            assert picture.width == width
            assert picture.height > 850


def test_a_reader_of_the_old_file_can_read_it_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "heat.html"
    path.write_text("before")
    with path.open() as old:
        heatmap_of(made.page(made.click(5))).write_html(path)
        assert old.read() == "before"
    assert path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


Write = Callable[[Heatmap, Any], Path]
WRITERS: dict[str, Write] = {
    "html": Heatmap.write_html,
    "png": lambda heatmap, path: heatmap.write_png(path, background=SHOT),
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
class TestWriting:
    HEATMAP = heatmap_of(made.page(made.click(5)))

    @pytest.mark.parametrize("path", ["folder", "file/heat", "gone/heat"])
    def test_a_path_that_cannot_be_written_is_a_file_error(self, write: Write, path: str, tmp_path: Path) -> None:
        (tmp_path / "folder").mkdir()
        (tmp_path / "file").write_text("before")
        with pytest.raises(FileError, match=rf"/{path} cannot be written: ") as raised:
            write(self.HEATMAP, tmp_path / path)
        assert (raised.value.filename, isinstance(raised.value.__cause__, OSError)) == (str(tmp_path / path), True)
        assert sorted(one.name for one in tmp_path.rglob("*")) == ["file", "folder"]

    def test_a_full_disk_leaves_the_old_file(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "heat").write_text("before")
        limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
        try:
            with pytest.raises(FileError, match="/heat cannot be written: File too large") as raised:
                write(self.HEATMAP, tmp_path / "heat")
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert raised.value.errno == errno.EFBIG
        assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("heat", "before")]

    @pytest.mark.parametrize("path", [None, 5, b"heat", "", "a\0b"])
    def test_a_path_that_makes_no_sense_is_refused(self, write: Write, path: Any) -> None:
        with pytest.raises(InvalidRequestError, match=r"^path "):
            write(self.HEATMAP, path)


@pytest.mark.parametrize("background", [5, b"page.png", "", io.BytesIO()])
def test_a_background_that_is_not_a_path_is_refused(background: Any, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match=r"^background "):
        heatmap_of(made.page(made.click(5))).write_png(tmp_path / "heat.png", background=background)
    assert list(tmp_path.iterdir()) == []


def test_without_pillow_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "PIL.Image", None)
    heatmap = heatmap_of(made.page(made.click(5)))
    for draw in (
        heatmap.to_image,
        lambda: heatmap.write_html(tmp_path / "x"),
        lambda: heatmap.write_png(tmp_path / "x"),
    ):
        with pytest.raises(ConfigurationError, match=r'pip install .*\[analysis\]"'):
            draw()


def test_clicks_are_found_without_pillow() -> None:
    code = (
        "import sys; sys.path[:0] = ['tests']\n"
        "from segments import made\n"
        "from rum_replay.segments.heatmap import heatmap_of\n"
        "print(len(heatmap_of(made.page(made.click(5))).clicks), 'PIL' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    result = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert result.stdout == "1 False\n"
