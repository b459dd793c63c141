"""The HTML in Chromium, and screenshots by Chromium."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat
from playwright.sync_api import Browser
from rum_replay import ConfigurationError, FileError, segments
from rum_replay.segments.heatmap import Heatmap, heatmap_of
from rum_replay.segments.heatmap import _screenshot as screenshot
from rum_replay.segments.heatmap._document import heatmap_document, page_document

from .. import made
from ..browsing import Canary
from ..hostile import hostile_elements, tag, text
from ..recorded import FOLDERS, NAMES, segment_files
from .conftest import OpenedPage

OpenPage = Callable[[Path], OpenedPage]
ALLOW = FOLDERS[NAMES.index("browser-sdk-7.16.2-allow")]


def heatmap_html(heatmap: Heatmap) -> str:
    return heatmap_document(heatmap.markup, heatmap.clicks, (99, 99), {"Page": "", "Clicks": ""})


def page_html(heatmap: Heatmap) -> str:
    return page_document(heatmap.markup, (99, 99))


@pytest.mark.parametrize("folder", FOLDERS, ids=NAMES)
def test_the_page_shows_the_recorded_content_and_makes_no_requests(
    folder: Path, tmp_path: Path, open_page: OpenPage
) -> None:
    heatmap = heatmap_of(segments.open(segment_files(folder)), url="http://127.0.0.1:*/")
    page = open_page(heatmap.write_html(tmp_path / "heat.html")).page
    # The frame can run nothing; the browser reads its content from outside.
    frame = page.frame_locator("iframe")
    assert "changed text" in frame.locator("body").inner_text()
    assert "shadow text" in frame.locator("b", has_text="shadow text").inner_text()
    heat, shown = (page.locator(selector).bounding_box() for selector in (".heat", "iframe"))
    assert heat == shown
    assert shown is not None
    assert (shown["width"], shown["height"]) == (heatmap.width, heatmap.height)


def test_the_legend_states_what_is_shown_and_the_clicks_can_be_hidden(tmp_path: Path, open_page: OpenPage) -> None:
    hostile = "http://shop/<script>alert(1)</script>$title&amp;"
    recordings = [
        made.recording(made.meta(href=hostile), made.snapshot(), made.click(5), made.click(6), session="a"),
        made.recording(made.meta(href=hostile), made.snapshot(), made.click(5), session="b"),
        made.recording(made.meta(href=hostile, width=300), made.snapshot(), made.click(5), session="c"),
    ]
    page = open_page(heatmap_of(recordings).write_html(tmp_path / "heat.html")).page
    assert page.locator("dl").inner_text().splitlines() == [
        "Page",
        hostile,
        "Shown as of",
        "2026-11-21 03:00:00 UTC, in a viewport of 1000x700 px",
        "Clicks",
        "3 in 2 views of 2 sessions",
        "Not shown",
        "1 in viewports more than 20 px wider or narrower",
    ]
    assert page.locator(".ticks").inner_text().split() == ["1", "3"]
    assert page.locator(".ticks span").evaluate_all("all => all.map(one => one.style.left)") == ["50%", "100%"]
    assert page.locator(".heat").is_visible()
    page.get_by_label("Show the clicks").uncheck()
    assert not page.locator(".heat").is_visible()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "IFRAME"
    attributes = page.locator("iframe").evaluate(
        "one => Object.fromEntries([...one.attributes].map(({name, value}) => [name, value]))"
    )
    assert attributes.pop("src").startswith("data:text/html;charset=utf-8;base64,")
    assert attributes == {
        "sandbox": "",
        "inert": "",
        "tabindex": "-1",
        "scrolling": "no",
        "width": "1000",
        "height": "700",
    }


def test_hostile_markup_runs_nothing_makes_no_requests_and_stays_in_its_frame(
    canary: Canary, tmp_path: Path, open_page: OpenPage
) -> None:
    cover = tag("div", text("covering everything"), style="position:fixed;inset:0;z-index:2147483647")
    breakout = tag("p", text('"></iframe><script>alert(1)</script>'), title='"></iframe><script>alert(2)</script>')
    recording = made.recording(
        made.meta(), made.snapshot(0, *hostile_elements(canary.url), cover, breakout), made.click(5)
    )
    page = open_page(heatmap_of(recording).write_html(tmp_path / "heat.html")).page
    assert "covering everything" in page.frame_locator("iframe").locator("body").inner_text()
    assert page.locator("script").count() == 0
    assert page.frame_locator("iframe").locator("script, object, embed, base, meta[http-equiv]").count() == 0
    assert page.evaluate("document.elementFromPoint(100, 400).className") == "heat"
    page.mouse.click(100, 400)
    assert (
        page.evaluate("() => { try { return document.querySelector('iframe').contentDocument } catch { return 1 } }")
        is None
    )


def test_the_policy_of_the_page_would_stop_requests_of_the_recorded_page(
    canary: Canary, tmp_path: Path, browser: Browser
) -> None:
    recording = made.recording(made.meta(), made.snapshot(), made.click(5))
    path = heatmap_of(recording).write_html(tmp_path / "x.html")
    page = browser.new_page()
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.goto(path.as_uri())
    body = page.frame_locator("iframe").locator("body")
    body.evaluate("(body, url) => { body.style.background = `url(${url}/missed)` }", canary.url)
    request = """url => {
        const script = document.createElement("script");
        script.text = "window.ran = true";
        document.body.append(script);
        return fetch(url).catch(() => null).then(() => window.ran ?? false);
    }"""
    assert page.evaluate(request, f"{canary.url}/fetch") is False
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    page.close()
    assert len(messages) >= 3
    assert all("Content Security Policy" in one for one in messages)


@pytest.mark.parametrize("write", [heatmap_html, page_html])
def test_the_policy_allows_styles_and_embedded_media_only(write: Callable[[Heatmap], str]) -> None:
    html = write(heatmap_of(made.page(made.click(5))))
    policies = re.findall(r'<meta http-equiv="Content-Security-Policy" content="(.*?)">', html)
    assert [policy.split("; ") for policy in policies] == [
        [
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "font-src data:",
            "media-src data:",
            "frame-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    ]
    assert html.index("Content-Security-Policy") < html.index("<style") < html.index("<iframe")


def test_lengths_relative_to_the_viewport_keep_their_size(tmp_path: Path, open_page: OpenPage) -> None:
    css = (
        ".a{height:100vh}.b{height:calc(50dvh - 5px);width:10.5vw}.c{height:10vmin;width:10VMAX}.d{height:.5svh}"
        ".e{height:10vb;width:10vi}.f{height:10lvh;width:10lvw}"
    )
    names = text("#e1vh{}a100vh{}.g{content:'é 5vh';background:url(data:image/png;base64,/5vh+)}")
    boxes = [tag("div", **{"class": name}) for name in "abcdef"]
    inline = tag("div", style="height: 25vh", id="inline")
    adopted = made.change(2, [7, [".a{min-height:101vh}"]], [8, [made.ROOT, 0]])
    recording = made.recording(
        made.meta(),
        made.snapshot(0, tag("style", text(css)), tag("style", names), *boxes, inline),
        adopted,
        made.event(3, 1, id=made.ROOT, x=0, y=900),
        made.click(5),
    )
    heatmap = heatmap_of(recording)
    assert (heatmap.viewport.height, heatmap.height) == (700, 1600)
    assert "#e1vh{}a100vh{}.g{content:'é 5vh'" in heatmap.markup
    assert "base64,/5vh+" in heatmap.markup
    frame = open_page(heatmap.write_html(tmp_path / "heat.html")).page.frame_locator("iframe")
    sizes = [frame.locator(f".{name}").bounding_box() for name in "abcdef"] + [frame.locator("#inline").bounding_box()]
    assert [box and box["height"] for box in sizes] == [707, 345, 70, 3.5, 70, 70, 175]
    assert [box and box["width"] for box in (*sizes[1:3], *sizes[4:6])] == [105, 100, 100, 100]


def test_missing_content_is_a_box_and_animations_are_at_their_end(tmp_path: Path, open_page: OpenPage) -> None:
    moving = "@keyframes in{from{opacity:0}to{opacity:.5}}p{animation:in 1000s 1000s forwards}"
    elements = [
        tag("img", src="http://shop/image.png", width="50", height="40"),
        tag("style", text(moving)),
        tag("p", text("here")),
    ]
    path = heatmap_of(made.recording(made.meta(), made.snapshot(0, *elements), made.click(5))).write_html(
        tmp_path / "x.html"
    )
    frame = open_page(path).page.frame_locator("iframe")
    assert frame.locator("img[data-replay-missing]").bounding_box() is not None
    assert frame.locator("p").evaluate("one => getComputedStyle(one).opacity") == "0.5"


def test_the_legend_counts_images_of_unknown_size() -> None:
    sized = tag("img", src="http://shop/a.png", width="9", height="9")
    quoted = tag("p", text(' data-replay-unsized=""'), title=' data-replay-unsized=""')
    for images in (0, 2):
        unsized = [tag("img", src="http://shop/b.png", alt="<a>") for _ in range(images)]
        html = heatmap_html(
            heatmap_of(made.recording(made.meta(), made.snapshot(0, sized, quoted, *unsized), made.click(5)))
        )
        assert ("<dt>Images of unknown size</dt><dd>2, as style sheets size them" in html) == bool(images)


def test_the_legend_counts_style_rules_without_values() -> None:
    css = "a { border-top-width: ; color: red; } b { padding: ; }"
    for sheets in (0, 2):
        elements = [tag("p", text("<style>a { b: ; }</style>")), *(tag("style", _cssText=css) for _ in range(sheets))]
        html = heatmap_html(heatmap_of(made.recording(made.meta(), made.snapshot(0, *elements), made.click(5))))
        assert ("<dt>Style rules</dt><dd>2 without some values" in html) == bool(sheets)


def test_the_legend_counts_images_and_fonts_of_style_sheets() -> None:
    css = "@font-face { font-family: A; src: url(a.woff2); } a { background: url(a.png); }"
    for sheets in (0, 2):
        hero = tag("p", text("url(&quot;&quot;)"), **({"style": "background: url(b.png)"} if sheets else {}))
        elements = [hero, *(tag("style", _cssText=css) for _ in range(sheets))]
        html = heatmap_html(heatmap_of(made.recording(made.meta(), made.snapshot(0, *elements), made.click(5))))
        assert ("<dt>Images of style sheets</dt><dd>2, such as backgrounds" in html) == bool(sheets)
        assert ("<dt>Fonts</dt><dd>1 not in the recording" in html) == bool(sheets)


def test_the_legend_says_if_a_dialog_was_open_or_popovers_are_hidden() -> None:
    closed = [tag("dialog", class_name="open"), tag("p", text(' popover=""'), title='popover="x" open=""')]
    for number in (0, 2):
        dialogs = [tag("dialog", open="", title="<a> b") for _ in range(number)]
        menus = [tag("div", popover="auto") for _ in range(number)]
        page = made.snapshot(0, *closed, *dialogs, *menus)
        opened = [{"id": one["id"], "attributes": {"open": None}} for one in dialogs[:1]]
        shown = [{"id": one["id"], "attributes": {"open": ""}} for one in dialogs[:1]]
        first = made.recording(made.meta(), page, made.click(5))
        html = heatmap_html(heatmap_of(first))
        assert (f"<dt>Dialogs</dt><dd>{number} open, in the page: " in html) == bool(number)
        changes = made.mutation(1, attributes=opened), made.mutation(2, attributes=shown)
        then = heatmap_html(heatmap_of(made.recording(made.meta(), page, made.click(0.5), *changes, made.click(5))))
        assert (f"<dt>Dialogs</dt><dd>{number} open, of which 1 above all else: " in then) == bool(number)
        assert (f"<dt>Popovers</dt><dd>{number} hidden" in html) == bool(number)


@pytest.mark.usefixtures("browser")
class TestScreenshots:
    @pytest.fixture(autouse=True, params=[name for name in screenshot.BROWSERS if shutil.which(name)] or ["none"])
    def each_chromium(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        """With the headless shell and with the whole browser, if both are installed."""
        monkeypatch.setenv("RUM_REPLAY_CHROMIUM", request.param)

    def test_chromium_draws_the_page_below_the_clicks(self, tmp_path: Path) -> None:
        heatmap = heatmap_of(segments.open(segment_files(ALLOW)), url="http://127.0.0.1:*/")
        with Image.open(heatmap.write_png(tmp_path / "heat.png")) as file:
            picture = file.convert("RGB")
        with Image.open(ALLOW / "shot-3-mutated.png") as file:
            recorded = file.convert("RGB")
        given: dict[str, Image.Image] = {}
        for name in ("3-mutated", "0-initial"):
            path = heatmap.write_png(tmp_path / "given.png", background=ALLOW / f"shot-{name}.png")
            with Image.open(path) as file:
                given[name] = file.convert("RGB")
        assert picture.size == given["3-mutated"].size
        # 2.3 with the font of the recorded page, Liberation Sans, and 4.1 with DejaVu Sans; 1 more without clicks.
        expected = difference(picture, given["3-mutated"])
        assert expected < 6 < difference(picture, given["0-initial"])
        assert expected + 0.5 < difference(picture, recorded)
        assert [path.name for path in sorted(tmp_path.iterdir())] == ["given.png", "heat.png"]

    def test_the_lowest_part_of_a_high_page_is_drawn(self, tmp_path: Path) -> None:
        tall = tag("div", style="height:15980px;background:#00f")
        floor = tag("div", style="height:20px;background:#f00")
        recording = made.recording(
            made.meta(width=600),
            made.snapshot(0, tag("style", text("body{margin:0}button,input{display:none}")), tall, floor),
            made.event(3, 1, id=made.ROOT, x=0, y=15_300),
            made.click(5),
        )
        with Image.open(heatmap_of(recording).write_png(tmp_path / "heat.png")) as picture:
            colors = [picture.convert("RGB").getpixel((300, y)) for y in (10, 15_970, 15_990)]
        assert colors == [(0, 0, 255), (0, 0, 255), (255, 0, 0)]

    def test_hostile_markup_makes_no_requests(self, canary: Canary, tmp_path: Path) -> None:
        recording = made.recording(made.meta(), made.snapshot(0, *hostile_elements(canary.url)), made.click(5))
        assert heatmap_of(recording).write_png(tmp_path / "heat.png").stat().st_size > 1000


def difference(one: Image.Image, other: Image.Image) -> float:
    blur = ImageFilter.BoxBlur(8)
    box = (0, 0, 1000, 700)
    pictures = [picture.crop(box).filter(blur) for picture in (one, other)]
    return ImageStat.Stat(ImageChops.difference(*pictures).convert("L")).mean[0]


class TestWithoutChromium:
    @pytest.fixture
    def program(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
        """Creates a program that is used instead of Chromium."""

        def make(script: str) -> Path:
            path = tmp_path / "browser"
            path.write_text(f"#!/bin/sh\n{script}\n")
            path.chmod(0o755)
            monkeypatch.setenv("RUM_REPLAY_CHROMIUM", str(path))
            return path

        return make

    def draw(self, folder: Path) -> Path:
        return heatmap_of(made.page(made.click(5))).write_png(folder / "heat.png")

    def test_without_any_the_error_says_what_to_do(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("RUM_REPLAY_CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        names = "chromium-headless-shell, chromium, chromium-browser, google-chrome"
        with pytest.raises(ConfigurationError, match=f"none of {names} is on PATH") as error:
            self.draw(tmp_path)
        for way in ("install one", "RUM_REPLAY_CHROMIUM", "`background`", "HTML"):
            assert way in str(error.value)
        monkeypatch.setenv("RUM_REPLAY_CHROMIUM", "/no/such/program")
        with pytest.raises(ConfigurationError, match="names '/no/such/program', which is not a program"):
            self.draw(tmp_path)

    def test_the_named_one_is_started_with_as_few_privileges_as_possible(
        self, tmp_path: Path, program: Callable[[str], Path]
    ) -> None:
        options_file = tmp_path / "options"
        shutil.copy(ALLOW / "shot-0-initial.png", tmp_path / "shot.png")
        take = 'for one; do case "$one" in --screenshot=*) cp "$shot" "${one#--screenshot=}";; esac; done'
        program(f'shot={tmp_path}/shot.png\nprintf "%s\\n" "$@" > {options_file}\n{take}')
        self.draw(tmp_path)
        *options, url = options_file.read_text().splitlines()
        assert {
            one for one in options if not one.startswith(("--user-data-dir=", "--screenshot=", "--no-sandbox"))
        } == {
            "--headless",
            "--disable-gpu",
            "--hide-scrollbars",
            "--force-device-scale-factor=1",
            "--force-color-profile=srgb",
            "--disable-features=IsolateSandboxedIframes",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-extensions",
            "--no-first-run",
            "--no-default-browser-check",
            "--no-proxy-server",
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--window-size=1000,900",
        }
        assert ("--no-sandbox" in options) == (os.geteuid() == 0)
        assert url.startswith("file:///")
        (profile,) = (one.partition("=")[2] for one in options if one.startswith("--user-data-dir"))
        assert not Path(profile).parent.exists()

    def test_the_headless_shell_is_preferred(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("RUM_REPLAY_CHROMIUM", raising=False)
        monkeypatch.setenv("PATH", str(tmp_path))
        for name in ("google-chrome", "chromium-browser", "chromium", "chromium-headless-shell"):
            (tmp_path / name).write_text(f"#!/bin/sh\necho {name}\n")
            (tmp_path / name).chmod(0o755)
            with pytest.raises(ConfigurationError, match=f"/{name} took no screenshot; .* Its output: {name}$"):
                self.draw(tmp_path)

    def test_the_sandbox_is_disabled_for_root_only(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for user, options in ((0, ("--no-sandbox",)), (1000, ())):
            monkeypatch.setattr(os, "geteuid", lambda user=user: user)
            assert screenshot._sandbox_options() == options

    def test_if_it_fails_its_output_is_quoted(self, tmp_path: Path, program: Callable[[str], Path]) -> None:
        program("echo it broke >&2; exit 1")
        with pytest.raises(ConfigurationError, match=r"took no screenshot; give .*`background`.* Its output: it broke"):
            self.draw(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["browser"]

    def test_if_it_cannot_be_started_the_reason_is_stated(self, tmp_path: Path, program: Callable[[str], Path]) -> None:
        program("").write_bytes(b"\x7fELF, but not really")
        with pytest.raises(ConfigurationError, match=r"/browser cannot be started: Exec format error; give a "):
            self.draw(tmp_path)

    def test_if_its_screenshot_is_damaged_the_reason_is_stated(
        self, tmp_path: Path, program: Callable[[str], Path]
    ) -> None:
        program('for one; do case "$one" in --screenshot=*) echo broken > "${one#--screenshot=}";; esac; done')
        with pytest.raises(ConfigurationError, match=r"screenshot cannot be read: cannot identify .*`background`"):
            self.draw(tmp_path)

    def test_without_room_for_temporary_files_the_picture_cannot_be_written(
        self, tmp_path: Path, program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        program("")
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
        with pytest.raises(FileError, match=r"/gone/.* cannot be written: No such file or directory"):
            self.draw(tmp_path)
        assert [path.name for path in tmp_path.iterdir()] == ["browser"]

    def test_if_it_takes_too_long_it_is_ended_with_all_its_processes(
        self, tmp_path: Path, program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(screenshot, "_TIMEOUT", 0.5)
        program(f"sleep 600 & echo $! > {tmp_path}/child\nwait")
        with pytest.raises(ConfigurationError, match=r"took more than 0\.5 s to draw the page and was stopped"):
            self.draw(tmp_path)
        status = Path("/proc", (tmp_path / "child").read_text().strip(), "stat")
        for _ in range(100):
            # Gone, or dead and not yet reaped by its parent.
            if not status.exists() or re.search(r"\) [ZX] ", status.read_text(encoding="utf-8")):
                return
            time.sleep(0.05)
        pytest.fail("a process was left")
