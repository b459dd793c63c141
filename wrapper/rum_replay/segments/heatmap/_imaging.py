"""Pillow, which is imported when the first picture is drawn."""

from __future__ import annotations

from importlib import import_module

from ..._errors import ConfigurationError

__all__ = ["require_pillow"]


def require_pillow() -> None:
    """Raises ConfigurationError where Pillow is not installed."""
    try:
        import_module("PIL.Image")
    except ImportError as error:
        reason = str(error)
    else:
        return
    raise ConfigurationError(f'heatmaps need Pillow ({reason}): pip install "rum-replay[analysis]"')
