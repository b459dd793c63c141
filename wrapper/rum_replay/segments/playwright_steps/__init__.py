"""What people did in a recording, as a test for Playwright.

from pathlib import Path
from rum_replay import segments

recording = segments.open("downloads/9d2c7a60")
Path("test_checkout.py").write_text(segments.steps(recording, name="test_checkout"), encoding="utf-8")
"""

from ..._public import public_exports
from ._locators import LOCATOR_RULE
from ._navigation import NAVIGATION_RULE
from ._steps import steps

__all__ = ["LOCATOR_RULE", "NAVIGATION_RULE", "steps"]

public_exports(globals(), __all__, __name__)
