# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Functions of this area that build the arguments for httpx.Client.request"""

from .search_rum_events import _get_kwargs as search_rum_events_kwargs

__all__ = ("search_rum_events_kwargs",)
