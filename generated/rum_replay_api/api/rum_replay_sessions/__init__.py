# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
"""Functions of this area that build the arguments for httpx.Client.request"""

from .get_segments import _get_kwargs as get_segments_kwargs

__all__ = ("get_segments_kwargs",)
