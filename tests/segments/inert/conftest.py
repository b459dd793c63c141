"""Inert markup in a browser."""

from __future__ import annotations

from ..browsing import browser, canary, server

__all__ = ["browser", "canary", "server"]
