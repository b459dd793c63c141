"""The options and markers of the plugin, as pytest is told of them. Every run imports this, so it needs only pytest."""

from typing import Any

import pytest

__all__ = ["FAULT_MARKER", "MODES", "add_markers", "add_options", "given"]

FAULT_MARKER = "rum_replay_fault"

MODES = ("none", "once", "new", "all", "rewrite")
# What may be given on the command line as --rum-replay-NAME, and in the configuration file as rum_replay_NAME.
_BOTH = ("record", "allow_hosts", "block_network", "verify", "verify_url", "pseudonyms")


def add_options(parser: pytest.Parser) -> None:
    group = parser.getgroup("rum_replay", "RUM Session Replay")
    group.addoption(
        "--rum-replay-record",
        choices=MODES,
        metavar="MODE",
        help="What cassettes do with requests. none (the default): replay, and fail on what is not recorded; once: "
        "record where there is no cassette yet; new: record what a cassette lacks; all: ask everything again and keep "
        "what was not asked; rewrite: ask everything again and keep nothing else.",
    )
    group.addoption(
        "--rum-replay-block-network",
        action="store_true",
        default=None,
        help="Let no test, fixture or library reach the network, name resolution included. Loopback is allowed.",
    )
    group.addoption(
        "--rum-replay-allow-hosts",
        metavar="HOST[,HOST...]",
        help="Block the network but for these hosts: names, *.example.com, addresses or networks.",
    )
    group.addoption(
        "--rum-replay-verify",
        action="store_true",
        default=None,
        help="At the end, send the GETs of all cassettes in use to the live API, with the credentials of the "
        "environment, and fail where its answers have drifted. Nothing that writes is ever sent.",
    )
    group.addoption(
        "--rum-replay-verify-url",
        metavar="URL",
        help="The base URL that --rum-replay-verify asks, in place of the site that DD_SITE names.",
    )
    group.addoption(
        "--rum-replay-pseudonyms",
        action="store_true",
        default=None,
        help="Record pseudonyms in the place of people's names, handles and pictures.",
    )
    parser.addini("rum_replay_record", "The same as --rum-replay-record.", default=None)
    parser.addini("rum_replay_block_network", "The same as --rum-replay-block-network.", "bool", default=None)
    parser.addini("rum_replay_allow_hosts", "The same as --rum-replay-allow-hosts, as a list.", "args", default=None)
    parser.addini("rum_replay_verify", "The same as --rum-replay-verify.", "bool", default=None)
    parser.addini("rum_replay_verify_url", "The same as --rum-replay-verify-url.", default=None)
    parser.addini("rum_replay_pseudonyms", "The same as --rum-replay-pseudonyms.", "bool", default=None)
    parser.addini(
        "rum_replay_cassette_dir",
        "The folder for cassettes, beside the test module that uses them; by default it is called cassettes.",
        default=None,
    )


def add_markers(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "rum_replay_cassette(name=None, *, record=None, max_age=None, allow_unplayed=False, "
        "allow_playback_repeats=False, allow_mismatches=False, pseudonyms=None): how the fixture rum_replay_cassette "
        "records and replays. name: a cassette that several tests share; record: a mode for this test; "
        "max_age: such as '90d'; allow_unplayed: entries need not be asked for; "
        "allow_playback_repeats: the last answer may come again; "
        "allow_mismatches: answers need not fit the contract; pseudonyms: for personal fields.",
    )
    config.addinivalue_line(
        "markers",
        f"{FAULT_MARKER}(operation=None, status=None, headers=(), body=None, times=1, delay=0, disconnect=None, "
        "truncate=None, timeout=None, applied=None): something that goes wrong in the emulators of the test. The "
        "arguments are those of Emulator.faults.add; several markers strike in the order in which they stand. A test "
        "that passes without meeting a fault fails, unless the fault has times=None.",
    )


def given(config: pytest.Config) -> dict[str, Any]:
    """What the command line and the configuration file say, the first before the second; not what they leave open."""
    values = {name: config.getini(f"rum_replay_{name}") for name in (*_BOTH, "cassette_dir")}
    values.update((name, value) for name in _BOTH if (value := config.getoption(f"rum_replay_{name}")) is not None)
    return {name: value for name, value in values.items() if value is not None}
