"""Cassettes: requests recorded with their answers, and replayed without a network.

The fixture `rum_replay_cassette` uses `open_cassette`, which also works outside pytest.
"""

from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.lifecycle import open_cassette

__all__ = ["Cassette", "open_cassette"]
