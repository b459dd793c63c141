"""What reaches the disk, and what does not."""

from __future__ import annotations

import base64
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from pytest_rum_replay.cassettes import open_cassette, storage
from pytest_rum_replay.cassettes.errors import CassetteFormatError, CassetteLeakError, CassetteNotSavedError
from pytest_rum_replay.cassettes.mode import Mode
from rum_replay_emulator import Emulator

PLAYLISTS = "/api/v2/rum/replay/playlists"
KEY = "0123456789abcdef0123456789abcdef"
HEADERS = {"DD-API-KEY": KEY, "DD-APPLICATION-KEY": "89abcdef" * 5}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cassettes" / "test_pay.yaml"


@pytest.fixture
def emulator() -> Emulator:
    return Emulator()


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    with emulator.serve() as url, httpx.Client(base_url=url, headers=HEADERS, trust_env=False) as client:
        yield client


class TestLeaks:
    def leaking(self, path: Path, emulator: Emulator, http: httpx.Client, mode: Mode) -> str:
        """What is said of an answer that holds the API key in a form that nothing takes out."""
        with pytest.raises(CassetteLeakError) as caught, open_cassette(path, mode=mode):  # noqa: PT012
            http.get(f"{PLAYLISTS}/1")
            emulator.faults.add(status=200, body={"echo": base64.b64encode(KEY.encode()).decode()})
            http.get(PLAYLISTS)
        return str(caught.value)

    def test_a_file_that_would_hold_a_live_credential_is_not_written(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        self.leaking(path, emulator, http, Mode.ONCE)
        assert not path.exists()
        assert not path.parent.exists()

    def test_it_is_told_where_the_credential_would_stand_and_how_it_was_hidden_but_not_what_it_is(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        text = self.leaking(path, emulator, http, Mode.ONCE)
        assert f"the cassette {path} would hold 1 live credential, so it was not written" in text
        (place,) = [line for line in text.splitlines() if "line" in line]
        assert place.endswith("(base64), in the response of entry 2")
        assert KEY not in text
        assert base64.b64encode(KEY.encode()).decode()[:20] not in text

    @pytest.mark.parametrize("mode", [Mode.NEW, Mode.ALL, Mode.REWRITE])
    def test_an_old_file_stays_as_it_was(self, path: Path, emulator: Emulator, http: httpx.Client, mode: Mode) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(f"{PLAYLISTS}/1")
        before = path.read_bytes()
        self.leaking(path, emulator, http, mode)
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]

    def test_what_can_be_taken_out_is_and_the_file_is_written(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        emulator.faults.add(status=200, body={"echo": KEY, "url": f"https://x/?api_key={KEY}"}, headers={"x-key": KEY})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS, headers={"Authorization": "Bearer fedcba9876543210fedcba9876543210"})
        text = path.read_text(encoding="utf-8")
        assert KEY not in text
        assert "fedcba98" not in text
        assert text.count("REDACTED") >= 6

    def test_a_credential_that_only_a_later_request_shows_is_taken_out_of_earlier_answers(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        issued = "tok_5c1f0e2d9b8a7766554433221100ffee"
        emulator.faults.add(status=200, body={"issued": issued})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
            http.get(f"{PLAYLISTS}/1", headers={"Authorization": f"Bearer {issued}"})
        assert issued not in path.read_text(encoding="utf-8")

    def test_a_credential_of_the_environment_is_known_though_no_request_carries_it(
        self, path: Path, emulator: Emulator, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = "feedfacefeedfacefeedfacefeedface"
        monkeypatch.setenv("DD_APP_KEY", secret)
        emulator.faults.add(status=200, body={"echo": secret})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        assert secret not in path.read_text(encoding="utf-8")


class TestReplacing:
    def test_folders_are_made(self, path: Path) -> None:
        storage.replace(path, b"new")
        assert path.read_bytes() == b"new"

    def test_nothing_else_is_left_in_the_folder(self, path: Path) -> None:
        storage.replace(path, b"old")
        storage.replace(path, b"new")
        assert path.read_bytes() == b"new"
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_that_cannot_be_replaced_is_an_error_of_ours_and_nothing_is_left(self, path: Path) -> None:
        path.mkdir(parents=True)  # a folder in the file's place
        with pytest.raises(CassetteNotSavedError, match=r"test_pay\.yaml cannot be saved: "):
            storage.replace(path, b"new")
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_that_cannot_be_read_is_an_error_of_ours(self, tmp_path: Path) -> None:
        with pytest.raises(CassetteFormatError, match="cannot be read: "):
            storage.read(tmp_path)

    def test_the_new_file_has_the_permissions_that_any_new_file_has(self, path: Path) -> None:
        storage.replace(path, b"new")
        (path.parent / "other").write_bytes(b"")
        assert path.stat().st_mode == (path.parent / "other").stat().st_mode

    @pytest.mark.parametrize("moment", ["fsync", "replace"])
    def test_a_process_that_dies_while_saving_leaves_the_old_file(self, path: Path, moment: str) -> None:
        storage.replace(path, b"old")
        program = (
            "import os, sys; from pathlib import Path; from pytest_rum_replay.cassettes import storage\n"
            f"os.{moment} = lambda *_: os._exit(9)\n"
            f"storage.replace(Path({str(path)!r}), b'new' * 100_000)"
        )
        finished = subprocess.run([sys.executable, "-c", program], check=False)
        assert finished.returncode == 9
        assert path.read_bytes() == b"old"

    def test_what_is_half_written_is_flushed_before_it_takes_the_place(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        steps: list[str] = []
        fsync, replace = os.fsync, os.replace

        def noted_fsync(number: int) -> None:
            steps.append(f"fsync {os.fstat(number).st_size}")
            fsync(number)

        def noted_replace(source: Path, target: Path) -> None:
            steps.append("replace")
            replace(source, target)

        monkeypatch.setattr(os, "fsync", noted_fsync)
        monkeypatch.setattr(os, "replace", noted_replace)
        storage.replace(path, b"12345")
        assert steps == ["fsync 5", "replace"]


def test_a_file_that_nothing_was_added_to_is_not_touched(path: Path, http: httpx.Client) -> None:
    with open_cassette(path, mode=Mode.ONCE):
        http.get(PLAYLISTS)
    path.write_bytes(b"# a comment of mine\n" + path.read_bytes())
    before = path.stat()
    with open_cassette(path, mode=Mode.NEW):
        http.get(PLAYLISTS)
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    assert path.stat().st_ino == before.st_ino


def test_recording_the_same_again_gives_the_same_file(path: Path, emulator: Emulator, http: httpx.Client) -> None:
    def record(mode: Mode) -> bytes:
        emulator.faults.add(status=200, body={"b": 1, "a": {}}, headers={"x-b": "1", "x-a": "2"})
        with open_cassette(path, mode=mode, now=lambda: datetime(2026, 4, 2, tzinfo=UTC)):
            http.post(PLAYLISTS, content=b'{"z":1,"a":2}')
        return path.read_bytes()

    first = record(Mode.ONCE)
    assert record(Mode.REWRITE) == first
    assert record(Mode.ALL) == first
