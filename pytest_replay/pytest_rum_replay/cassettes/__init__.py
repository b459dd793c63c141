"""Cassettes: requests recorded with their answers, and replayed without a network.

`open_cassette` is what the fixture `rum_replay_cassette` uses, for code that is no pytest test.
"""

from pytest_rum_replay.cassettes.cassette import Cassette
from pytest_rum_replay.cassettes.opening import open_cassette

__all__ = ["Cassette", "open_cassette"]
