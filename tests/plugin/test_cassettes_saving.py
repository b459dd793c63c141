"""What is written to disk, and what is not."""

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
from pytest_rum_replay.cassettes import document, open_cassette
from pytest_rum_replay.cassettes.errors import CassetteFormatError, CassetteLeakError, CassetteNotSavedError
from pytest_rum_replay.cassettes.mode import Mode
from rum_replay_emulator import Emulator

PLAYLISTS = "/api/v2/rum/replay/playlists"
KEY = "0123456789abcdef0123456789abcdef"
HEADERS = {"DD-API-KEY": KEY, "DD-APPLICATION-KEY": "89abcdef" * 5}


@pytest.fixture
def http(emulator: Emulator) -> Iterator[httpx.Client]:
    with emulator.serve() as url, httpx.Client(base_url=url, headers=HEADERS, trust_env=False, verify=False) as client:
        yield client


class TestLeaks:
    def leaking(self, path: Path, emulator: Emulator, http: httpx.Client, mode: Mode) -> str:
        """The error for an answer that contains the API key in a form that is not redacted."""
        with pytest.raises(CassetteLeakError) as caught, open_cassette(path, mode=mode):  # noqa: PT012
            http.get(f"{PLAYLISTS}/1")
            emulator.faults.add(status=200, body={"echo": base64.b64encode(KEY.encode()).decode()})
            http.get(PLAYLISTS)
        return str(caught.value)

    def test_a_file_that_would_contain_a_live_credential_is_not_written(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        self.leaking(path, emulator, http, Mode.ONCE)
        assert not path.exists()
        assert not path.parent.exists()

    def test_the_error_gives_the_position_and_form_of_the_credential_but_not_the_credential(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        text = self.leaking(path, emulator, http, Mode.ONCE)
        assert f"the cassette {path} would contain 1 live credential, so it was not written" in text
        (place,) = [line for line in text.splitlines() if "line" in line]
        assert place.endswith("(base64), in the response of entry 2")
        assert KEY not in text
        assert base64.b64encode(KEY.encode()).decode()[:20] not in text

    @pytest.mark.parametrize("mode", [Mode.NEW, Mode.ALL, Mode.REWRITE])
    def test_an_old_file_is_unchanged(self, path: Path, emulator: Emulator, http: httpx.Client, mode: Mode) -> None:
        with open_cassette(path, mode=Mode.ONCE):
            http.get(f"{PLAYLISTS}/1")
        before = path.read_bytes()
        self.leaking(path, emulator, http, mode)
        assert path.read_bytes() == before
        assert list(path.parent.iterdir()) == [path]

    def test_credentials_that_can_be_removed_are_removed_and_the_file_is_written(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        emulator.faults.add(status=200, body={"echo": KEY, "url": f"https://x/?api_key={KEY}"}, headers={"x-key": KEY})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS, headers={"Authorization": "Bearer fedcba9876543210fedcba9876543210"})
        text = path.read_text(encoding="utf-8")
        assert KEY not in text
        assert "fedcba98" not in text
        assert text.count("REDACTED") >= 6

    def test_a_credential_first_sent_by_a_later_request_is_removed_from_earlier_answers(
        self, path: Path, emulator: Emulator, http: httpx.Client
    ) -> None:
        issued = "tok_5c1f0e2d9b8a7766554433221100ffee"
        emulator.faults.add(status=200, body={"issued": issued})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
            http.get(f"{PLAYLISTS}/1", headers={"Authorization": f"Bearer {issued}"})
        assert issued not in path.read_text(encoding="utf-8")

    def test_a_credential_in_the_environment_is_known_even_if_no_request_sends_it(
        self, path: Path, emulator: Emulator, http: httpx.Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        secret = "feedfacefeedfacefeedfacefeedface"
        monkeypatch.setenv("DD_APP_KEY", secret)
        emulator.faults.add(status=200, body={"echo": secret})
        with open_cassette(path, mode=Mode.ONCE):
            http.get(PLAYLISTS)
        assert secret not in path.read_text(encoding="utf-8")


class TestReplacing:
    def test_folders_are_created(self, path: Path) -> None:
        document.write(path, b"new")
        assert path.read_bytes() == b"new"

    def test_nothing_else_is_left_in_the_folder(self, path: Path) -> None:
        document.write(path, b"old")
        document.write(path, b"new")
        assert path.read_bytes() == b"new"
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_that_cannot_be_replaced_is_a_cassette_error_and_nothing_is_left(self, path: Path) -> None:
        path.mkdir(parents=True)  # a folder at the path of the file
        with pytest.raises(
            CassetteNotSavedError, match=r"the cassette was not saved: .*test_pay\.yaml cannot be written: "
        ):
            document.write(path, b"new")
        assert list(path.parent.iterdir()) == [path]

    def test_a_file_that_cannot_be_read_is_a_cassette_error(self, tmp_path: Path) -> None:
        with pytest.raises(CassetteFormatError, match="cannot be read: "):
            document.read(tmp_path)

    def test_the_new_file_has_the_permissions_of_any_new_file(self, path: Path) -> None:
        document.write(path, b"new")
        (path.parent / "other").write_bytes(b"")
        assert path.stat().st_mode == (path.parent / "other").stat().st_mode

    @pytest.mark.parametrize("moment", ["fsync", "replace"])
    def test_a_process_that_dies_while_saving_leaves_the_old_file(self, path: Path, moment: str) -> None:
        document.write(path, b"old")
        program = (
            "import os, sys; from pathlib import Path; from pytest_rum_replay.cassettes import document\n"
            f"os.{moment} = lambda *_: os._exit(9)\n"
            f"document.write(Path({str(path)!r}), b'new' * 100_000)"
        )
        finished = subprocess.run([sys.executable, "-c", program], check=False)
        assert finished.returncode == 9
        assert path.read_bytes() == b"old"

    def test_the_new_file_is_flushed_before_it_replaces_the_old_one(
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
        document.write(path, b"12345")
        assert steps == ["fsync 5", "replace"]


def test_a_file_without_new_entries_is_not_written(path: Path, http: httpx.Client) -> None:
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
