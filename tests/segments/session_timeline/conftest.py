"""A browser, to compare timelines with what the player shows."""

from ..browsing import browser

__all__ = ["browser"]
