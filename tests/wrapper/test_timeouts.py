from __future__ import annotations

import math
from typing import Any

import attrs
import pytest
from rum_replay import ConfigurationError, Timeout
from rum_replay._timeouts import DEFAULT_TIMEOUT


def test_all_timeouts_are_finite_by_default() -> None:
    assert Timeout(connect=5.0, read=30.0, write=30.0, pool=30.0) == DEFAULT_TIMEOUT


def test_number_applies_to_all_parts_and_a_timeout_is_kept() -> None:
    assert Timeout.of(3) == Timeout(connect=3, read=3, write=3, pool=3)
    timeout = Timeout(read=1.5)
    assert Timeout.of(timeout) is timeout


@pytest.mark.parametrize("value", [None, 0, -1, 1e10, 10**400, math.inf, math.nan, True, "5", (1, 2)])
def test_timeouts_that_are_not_positive_finite_numbers_are_rejected(value: Any) -> None:
    with pytest.raises(ConfigurationError, match=r"^timeout.* must be .*number of seconds above 0, up to a year"):
        Timeout.of(value)
    for part in attrs.fields_dict(Timeout):
        with pytest.raises(
            ConfigurationError, match=f"timeout: {part} must be a number of seconds above 0, up to a year"
        ):
            Timeout(**{part: value})


def test_a_part_may_take_up_to_a_year() -> None:
    year = 366 * 86_400
    assert Timeout.of(year).read == year
    with pytest.raises(ConfigurationError, match="up to a year"):
        Timeout.of(year + 1)
