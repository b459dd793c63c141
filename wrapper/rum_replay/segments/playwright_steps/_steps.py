"""A module for pytest and Playwright that repeats what people did in a recording."""

from __future__ import annotations

import keyword
from collections.abc import Iterator

import attrs

from ..._arguments import check_instance, check_text
from ..._errors import InvalidRequestError, SegmentError
from ..._times import rfc3339
from .._recording import Recording, View
from ..session_timeline._tabs import Tab, actions_of_tabs, tabs_of
from ..summary._quantities import is_moment
from ._body import Body
from ._constants import Constants
from ._locators import DEFAULT_TEST_ID, Locators
from ._navigation import is_web_address
from ._python import comment

__all__ = ["steps"]

_HEAD = '''"""What people did in a recorded session, as steps for Playwright.

Run it with pytest and pytest-playwright. It was made from a recording: check what it does before you rely on it.
"""'''


def steps(
    recording: Recording,
    *,
    view: View | None = None,
    base_url: str | None = None,
    test_id_attribute: str = DEFAULT_TEST_ID,
    name: str = "test_session",
) -> str:
    """What people did in a recording, as a Python module with a test for pytest and Playwright (its sync API).

    Each step finds its element by the first locator of `LOCATOR_RULE` that is unique in the recorded page at that time.
    Text that is masked or not recorded is a constant at the top, to be filled in; passwords are read from the
    environment. A comment says where a step cannot be known. Which addresses are opened and which only expected follows
    `NAVIGATION_RULE`; both rules are in `rum_replay.segments.playwright_steps`. Several sessions make several tests,
    and several tabs several pages. The source is laid out as by `ruff format`, whatever the recording contains.

    `view` limits the steps to one view. `base_url` replaces the origin of all addresses. `test_id_attribute` is the
    attribute with test ids, and `name` the name of the function.

    Raises InvalidRequestError if an argument has the wrong type or value, SegmentError if no view is from a browser,
    and FileError or SegmentError if the source cannot be read again.
    """
    check_instance("recording", recording, Recording, "a Recording")
    if view is not None:
        recording = attrs.evolve(recording, views=(check_instance("view", view, View, "a View"),))
    if base_url is not None and not is_web_address(check_text("base_url", base_url)):
        raise InvalidRequestError(f"base_url must be a URL such as https://staging.example.org, not {base_url!r}")
    if not check_text("name", name).isidentifier() or keyword.iskeyword(name) or not name.isascii():
        raise InvalidRequestError(f"name must be the name of a function such as test_checkout, not {name!r}")
    if not _is_attribute_name(check_text("test_id_attribute", test_id_attribute)):
        raise InvalidRequestError(f"test_id_attribute must be a name such as data-qa, not {test_id_attribute!r}")
    views = tuple(one for one in recording.views if one.source in (None, "browser"))
    if not views:
        raise SegmentError("there are no steps for a browser: no view is from one")
    sessions = tabs_of(attrs.evolve(recording, views=views))
    if not sessions:
        raise SegmentError("there are no steps: the views have no records")
    return "\n".join(_module(sessions, base_url, test_id_attribute, name)) + "\n"


def _is_attribute_name(name: str) -> bool:
    return name.isascii() and name.replace("-", "").replace("_", "").isalnum() and name[0].isalpha() and name.islower()


def _module(sessions: list[tuple[Tab, ...]], base_url: str | None, test_id: str, name: str) -> Iterator[str]:
    constants = Constants()
    functions: list[str] = []
    uses_expect = False
    for number, tabs in enumerate(sessions, 1):
        body = Body(constants, base_url)
        for one in actions_of_tabs(tabs, lambda: Locators(test_id)):
            body.add(one)
        function = name if number == 1 else f"{name}_{number}"
        lines = [*_facts(tabs[0]), *body.lines()]
        if all(line.lstrip().startswith("#") for line in lines):
            lines.append("    pass")
        functions += ["", "", f"def {function}(page: Page) -> None:", *lines]
        uses_expect |= body.uses_expect
    yield from _HEAD.split("\n")
    yield ""
    modules = [*(["os"] if constants.has_passwords else []), *(["re"] if uses_expect else [])]
    yield from (f"import {module}" for module in modules)
    if modules:
        yield ""
    yield f"from playwright.sync_api import Page{', expect' if uses_expect else ''}"
    lines = list(constants.lines())
    if lines:
        yield ""
        yield from lines
    yield from functions


def _facts(tab: Tab) -> list[str]:
    """A comment about where the steps come from."""
    when = rfc3339(tab.start, "seconds") if is_moment(tab.start) else "an unknown time"
    if tab.session_id is None:
        return comment(f"A session without an id, from {when} on.")
    return comment("Session ", f", from {when} on.", quoted=[tab.session_id[:100]])
