"""The paths of cassettes."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

import pytest
from pytest_rum_replay.cassettes.errors import CassetteUsageError
from pytest_rum_replay.cassettes.naming import cassette_path, shared_cassette_path

MODULE = Path("/project/tests/test_pay.py")


def file_of(test: str, module: Path = MODULE) -> Path:
    return cassette_path(module, f"tests/{module.name}::{test}")


def test_a_cassette_is_in_a_folder_next_to_the_test_module_and_named_after_the_test() -> None:
    path = file_of("TestCard::test_paid[eur]")
    assert path.parent == Path("/project/tests/cassettes/test_pay")
    assert path.name.startswith("TestCard-test_paid-eur-")
    assert path.suffix == ".yaml"


@pytest.mark.parametrize(
    "tests",
    [
        ["test_a[a/b]", "test_a[a-b]", "test_a[a:b]", "test_a[a\\b]", "test_a[a b]"],
        ["test_a[x]", "test_A[x]", "test_a[X]", "Test_a[x]"],
        [f"test_a[{'x' * length}]" for length in (200, 201, 5000)],
        ["test_ä", "test_ö", "test_日本", "test_a[🎈]", "test_a[🎉]", "test_a[\udcff]"],
        ["test_a[.]", "test_a[..]", "test_a[ ]", "test_a[]", "test_a"],
    ],
)
def test_similar_ids_have_different_files_even_if_case_is_ignored(tests: list[str]) -> None:
    names = {file_of(test).as_posix().lower() for test in tests}
    assert len(names) == len(tests)


def test_similar_modules_have_different_folders() -> None:
    modules = [MODULE.with_name(name) for name in ("test.pay.py", "test-pay.py", "test_pay.py", "Test_pay.py")]
    assert len({file_of("test_a", module).as_posix().lower() for module in modules}) == len(modules)


@pytest.mark.parametrize(
    "test", ["test_a[" + "é/" * 5000 + "]", 'test_a[a:b*c?d<e>f|g"h]', "test_a[ends.]", "test_日本"]
)
def test_names_are_valid_on_every_file_system(test: str) -> None:
    path = file_of(test)
    assert len(path.name) < 100
    assert path.name.isascii()
    assert not set(path.name) & set('<>:"/\\|?* ')


DEVICES = ["con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))]


@pytest.mark.parametrize("name", [*DEVICES, "NUL", "Aux", "COM1"])
def test_names_of_windows_devices_are_avoided(name: str) -> None:
    assert file_of("test_a", MODULE.with_name(f"{name}.py")).parent.name == f"{name}_"
    for shared in (name, f"shop/{name}", f"{name}/shop"):
        with pytest.raises(CassetteUsageError, match="cannot name a cassette"):
            shared_cassette_path(MODULE, shared)


def test_a_test_named_like_a_windows_device_gets_another_file() -> None:
    assert file_of("con").name.partition(".")[0].lower() != "con"


def test_the_name_does_not_depend_on_where_pytest_was_started() -> None:
    assert cassette_path(MODULE, "test_pay.py::test_a") == cassette_path(MODULE, "project/tests/test_pay.py::test_a")


def test_the_folder_can_be_configured() -> None:
    assert cassette_path(MODULE, "test_pay.py::test_a", "recordings").parent.parent == MODULE.parent / "recordings"


@pytest.mark.parametrize("folder", ["../cassettes", "/recordings", "a/../../b", "..", "../../x/y"])
def test_modules_of_one_name_have_different_files_in_a_folder_of_all(folder: str) -> None:
    modules = [f"/project/tests/{name}/test_pay.py" for name in ("eur", "usd", "Eur", "eur-usd", "eur/usd", "eur_usd")]
    paths = [cassette_path(Path(name), "test_pay.py::test_a", folder, Path("/project")) for name in modules]
    assert len({os.path.normpath(path).lower().rpartition("/")[2] for path in paths}) == len(modules)
    elsewhere = [Path("/other", *Path(name).parts[2:]) for name in modules]
    assert [path.name for path in paths] == [
        cassette_path(name, "test_pay.py::test_a", folder, Path("/other")).name for name in elsewhere
    ], "the place of the checkout does not matter"


@pytest.mark.parametrize("name", ["checkout", "Check_out-2", "shop/checkout"])
def test_a_shared_cassette_has_the_given_name(name: str) -> None:
    path = shared_cassette_path(MODULE, name)
    assert PurePosixPath(path.relative_to(MODULE.parent).as_posix()) == PurePosixPath(f"cassettes/{name}.yaml")


@pytest.mark.parametrize(
    "name", ["", "../checkout", "/checkout", "a//b", "a\\b", "checkout.yaml", "nul", "shop/COM1", "ä"]
)
def test_a_shared_name_that_is_not_a_portable_file_name_is_refused(name: str) -> None:
    with pytest.raises(CassetteUsageError, match="cannot name a cassette: use letters"):
        shared_cassette_path(MODULE, name)


def test_the_file_of_a_test_stays_the_same_in_later_versions() -> None:
    assert file_of("TestCard::test_paid[a/b]") == Path(
        "/project/tests/cassettes/test_pay/TestCard-test_paid-a-b-534d9126a7.yaml"
    )
    assert file_of(f"test_{'x' * 200}").name == f"test_{'x' * 55}-a60f84cbc6.yaml"
    assert file_of("test_a", Path(f"/project/test_{'x' * 200}.py")).parent.name == f"test_{'x' * 55}"


@pytest.mark.parametrize("name", ["x", "x" * 100, "/".join(["y" * 100] * 3)])
def test_each_part_of_a_shared_name_has_at_most_a_hundred_characters(name: str) -> None:
    assert shared_cassette_path(MODULE, name) == MODULE.parent / "cassettes" / f"{name}.yaml"
    with pytest.raises(CassetteUsageError, match="cannot name a cassette"):
        shared_cassette_path(MODULE, f"{name}{'z' * 100}")
