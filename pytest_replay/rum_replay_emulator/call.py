"""One validated request, as the handlers of the API's areas receive it."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from attrs import frozen

from rum_replay_emulator.answer import Answer, RefusedError
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.clock import rfc3339
from rum_replay_emulator.identity import User

__all__ = ["Call", "Handler"]

_Item = TypeVar("_Item")


@frozen
class Call:
    """Converted parameters, the decoded body, the user, and the time in seconds since 1970-01-01 UTC."""

    path: tuple[Any, ...]
    query: dict[str, Any]
    body: Any
    user: User
    now: float
    assumptions: Assumptions

    @property
    def timestamp(self) -> str:
        return rfc3339(self.now)

    @property
    def attributes(self) -> dict[str, Any]:
        """`data.attributes` of the body; empty where they were left out, if the assumptions allow that."""
        attributes = self.body["data"].get("attributes")
        if attributes is None:
            if self.assumptions.attributes_are_required:
                raise RefusedError(400, "data.attributes: is required")
            return {}
        return cast(dict[str, Any], attributes)

    def page(self, items: Sequence[_Item]) -> Sequence[_Item]:
        """The items of the page that `page[number]` and `page[size]` select."""
        assumed = self.assumptions
        size = self.number("page[size]", assumed.default_page_size)
        if size > assumed.max_page_size:
            if assumed.page_size_over_max_is_400 and "page[size]" in self.query:
                raise RefusedError(400, f"page[size]: must be at most {assumed.max_page_size}")
            size = assumed.max_page_size
        start = size * self.number("page[number]", 0, least=0)
        return items[start : start + size]

    def number(self, name: str, default: int, *, least: int = 1) -> int:
        """A number of the query that selects a page; below `least` it is refused or counts as left out."""
        value: int = self.query.get(name, default)
        if value >= least:
            return value
        if self.assumptions.paging_below_range_is_400:
            raise RefusedError(400, f"{name}: must be at least {least}")
        return default

    def missing(self, what: str) -> RefusedError:
        """The error to raise for something that does not exist."""
        return RefusedError(404, f"{what} does not exist") if self.assumptions.missing_is_404 else RefusedError(403)

    def refuse_read_only(self, *names: str) -> None:
        """Raise RefusedError for attributes that only the server sets, if the assumptions refuse them."""
        if self.assumptions.read_only_fields_are_refused:
            refused = [f"data.attributes.{name}: is read-only" for name in names if name in self.attributes]
            if refused:
                raise RefusedError(400, *refused)

    def check_id(self, expected: str) -> None:
        """Raise RefusedError for a `data.id` that differs from the path's, if the assumptions refuse it."""
        if self.assumptions.id_mismatch_is_409 and self.body["data"].get("id", expected) != expected:
            raise RefusedError(409, "data.id: differs from the id in the path")


Handler = Callable[[Call], Answer]
