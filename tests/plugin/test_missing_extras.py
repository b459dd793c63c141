"""Without the extra `pytest`, a test that uses the plugin fails and says how to install it."""

from __future__ import annotations

import pytest
from rum_replay._extras import install_command

from .inner_runs import LEAN


@pytest.mark.parametrize(
    ("module", "fixture", "extra"),
    [
        ("jsonschema_rs", "rum_replay_client", "pytest"),
        ("uvicorn", "rum_replay_server", "emulator"),
        ("yaml", "rum_replay_cassette", "pytest"),
        ("vcr", "rum_replay_cassette", "pytest"),
    ],
)
def test_what_is_missing_is_named_with_the_command(
    pytester: pytest.Pytester, module: str, fixture: str, extra: str
) -> None:
    pytester.makeconftest(f"import sys; sys.modules[{module!r}] = None")
    pytester.makepyfile(f"def test_it({fixture}): pass\ndef test_other(): pass")
    result = pytester.runpytest_subprocess(*LEAN)
    lines = result.outlines + result.errlines
    assert any(module in line and line.endswith(install_command(extra)) for line in lines)
    result.assert_outcomes(passed=1, errors=1)
