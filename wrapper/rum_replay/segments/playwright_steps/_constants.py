"""What the recording lacks and people fill in: constants at the top of the test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from ._locators import Target
from ._python import name_from

__all__ = ["Constants"]

_Kind = Literal["TEXT", "OPTION", "PASSWORD"]


_SCROLL_ON = '''\
# Scrolls further and further, for as long as 10 s: more comes when the end is reached.
SCROLL_ON = """async (element, [left, top]) => {
    const scroller = element.matches("html") ? document.scrollingElement : element;
    for (let tries = 0; tries < 100; tries++) {
        scroller.scrollTo(left, top);
        if (scroller.scrollTop > top - 1) break;
        await new Promise(done => setTimeout(done, 100));
    }
}"""'''


class Constants:
    """The constants of a module, one for each field."""

    def __init__(self) -> None:
        self._names: dict[tuple[_Kind, str, str], str] = {}
        self._kinds: dict[str, _Kind] = {}
        self._scrolls_on = False

    def text(self, field: Target) -> str:
        """The name of what was typed into a field."""
        return self._name("TEXT", field)

    def option(self, select: Target) -> str:
        """The name of the option that was selected."""
        return self._name("OPTION", select)

    def password(self, field: Target) -> str:
        """The name of a password, which comes from the environment."""
        return self._name("PASSWORD", field)

    def scroll_on(self) -> str:
        """The name of the script that scrolls where more comes meanwhile."""
        self._scrolls_on = True
        return "SCROLL_ON"

    @property
    def has_passwords(self) -> bool:
        """Whether the environment is read."""
        return "PASSWORD" in self._kinds.values()

    def lines(self) -> Iterator[str]:
        """The lines that define them."""
        to_fill_in = [name for name, kind in self._kinds.items() if kind != "PASSWORD"]
        if to_fill_in:
            yield "# Fill these in: what was typed or selected there is not recorded."
            yield from (f'{name} = "fill in"' for name in to_fill_in)
        secret = [name for name, kind in self._kinds.items() if kind == "PASSWORD"]
        if secret:
            yield "# Passwords and the like come from the environment."
            yield from (f'{name} = os.environ["{name}"]' for name in secret)
        if self._scrolls_on:
            yield from _SCROLL_ON.split("\n")

    def _name(self, kind: _Kind, field: Target) -> str:
        key = (kind, str(field.locator), field.name)
        if key not in self._names:
            hint = name_from(*field.hints).removeprefix("PASSWORD").strip("_")
            base = f"{kind}_{hint}" if hint else kind
            name, number = base, 1
            while name in self._kinds:
                number += 1
                name = f"{base}_{number}"
            self._names[key] = name
            self._kinds[name] = kind
        return self._names[key]
