"""The options and markers that the plugin registers. Every run imports this, so it imports nothing but pytest."""

from typing import Any, NamedTuple
from warnings import catch_warnings, simplefilter

import pytest

__all__ = ["CASSETTE_MARKER", "FAULT_MARKER", "MODES", "Given", "add_markers", "add_options", "options_set"]

CASSETTE_MARKER = "rum_replay_cassette"
FAULT_MARKER = "rum_replay_fault"

MODES = ("none", "once", "new", "all", "rewrite")
# Options for the command line, as --rum-replay-NAME, and for the configuration file, as rum_replay_NAME.
_OPTIONS = ("record", "allow_hosts", "block_network", "verify", "verify_url", "pseudonyms")
# The values of all options, the last of which is only for the configuration file.
_ALLOWED = {
    "record": f"one of {', '.join(MODES)}",
    "allow_hosts": "a list of hosts",
    "block_network": "true or false",
    "verify": "true or false",
    "verify_url": "a whole URL",
    "pseudonyms": "true or false",
    "cassette_dir": "the path of a folder",
}


class Given(NamedTuple):
    """An option that is set."""

    value: Any
    name: str
    """Its name where it is set: --rum-replay-NAME on the command line, rum_replay_NAME in the configuration file."""

    @property
    def on_command_line(self) -> bool:
        return self.name.startswith("-")


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("rum_replay", "RUM Session Replay")
    group.addoption(
        "--rum-replay-record",
        choices=MODES,
        metavar="MODE",
        help="How cassettes answer requests. none (the default): replay, and fail for requests that are not recorded; "
        "once: record if there is no cassette yet; new: record requests that are missing; all: record everything "
        "again, and keep entries that were not requested; rewrite: record everything again, and keep nothing else.",
    )
    group.addoption(
        "--rum-replay-block-network",
        action="store_true",
        default=None,
        help="Block all access to the network, including name resolution, except for loopback.",
    )
    group.addoption(
        "--rum-replay-allow-hosts",
        metavar="HOST[,HOST...]",
        help="Block the network except for these hosts: names, *.example.com, addresses or networks, each perhaps with "
        "a port (:443).",
    )
    group.addoption(
        "--rum-replay-verify",
        action="store_true",
        default=None,
        help="At the end, send the GETs of all used cassettes to the live API, with the credentials from the "
        "environment. Only GETs are sent. The exit status is 1 if answers have drifted, and 10 if some could not be "
        "compared.",
    )
    group.addoption(
        "--rum-replay-verify-url",
        metavar="URL",
        help="The base URL for --rum-replay-verify, instead of RUM_REPLAY_BASE_URL or DD_SITE.",
    )
    group.addoption(
        "--rum-replay-pseudonyms",
        action="store_true",
        default=None,
        help="Record pseudonyms instead of people's names, handles and pictures.",
    )
    group.addoption(
        "--rum-replay-prune",
        nargs="?",
        const="list",
        choices=("list", "delete"),
        help="List the cassettes that no test uses; with `delete`, remove them if all tests passed.",
    )
    parser.addini("rum_replay_record", "The same as --rum-replay-record.", default=None)
    parser.addini("rum_replay_block_network", "The same as --rum-replay-block-network.", "bool", default=None)
    parser.addini(
        "rum_replay_allow_hosts", "The same as --rum-replay-allow-hosts, as a list.", "linelist", default=None
    )
    parser.addini("rum_replay_verify", "The same as --rum-replay-verify.", "bool", default=None)
    parser.addini("rum_replay_verify_url", "The same as --rum-replay-verify-url.", default=None)
    parser.addini("rum_replay_pseudonyms", "The same as --rum-replay-pseudonyms.", "bool", default=None)
    parser.addini(
        "rum_replay_cassette_dir",
        "The folder for cassettes, next to the test module that uses them (default: cassettes).",
        default=None,
    )


def add_markers(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{CASSETTE_MARKER}(name=None, *, record=None, max_age=None, allow_unplayed=False, "
        "allow_playback_repeats=False, allow_mismatches=False, pseudonyms=None): options of the fixture "
        "rum_replay_cassette. name: of a cassette that several tests share; record: the mode for this test; "
        "max_age: such as '90d'; allow_unplayed: entries need not be requested; "
        "allow_playback_repeats: the last answer may be replayed again; "
        "allow_mismatches: answers need not conform to the contract; pseudonyms: whether to replace personal fields.",
    )
    config.addinivalue_line(
        "markers",
        f"{FAULT_MARKER}(operation=None, status=None, headers=(), body=None, times=1, delay=0, disconnect=None, "
        "truncate=None, timeout=None, partial=False, applied=None): a fault of the test's emulators. The arguments are "
        "those of Emulator.faults.add; several markers apply from top to bottom. A test that passes without using its "
        "fault fails, unless the fault has times=None.",
    )


def options_set(config: pytest.Config) -> dict[str, Given]:
    """The options that are set; the command line takes precedence over the configuration file."""
    options = {name: Given(_in_file(config, f"rum_replay_{name}"), f"rum_replay_{name}") for name in _ALLOWED}
    for name in _OPTIONS:
        if (value := config.getoption(f"rum_replay_{name}")) is not None:
            options[name] = Given(value, f"--rum-replay-{name.replace('_', '-')}")
    return {name: given for name, given in options.items() if given.value is not None}


def _in_file(config: pytest.Config, name: str) -> Any:
    try:
        with catch_warnings():
            simplefilter("ignore")  # a list instead of text, which the settings will refuse
            return config.getini(name)
    # pytest reports an invalid value in each of these ways, depending on its version, the type and the file's format.
    except (ValueError, TypeError, pytest.UsageError) as error:
        raise pytest.UsageError(f"{name}: {error}; it must be {_ALLOWED[name.removeprefix('rum_replay_')]}") from None
