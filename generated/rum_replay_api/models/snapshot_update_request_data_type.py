# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from enum import StrEnum


class SnapshotUpdateRequestDataType(StrEnum):
    SNAPSHOTS = "snapshots"

    @classmethod
    def _missing_(cls, value: object) -> "SnapshotUpdateRequestDataType | None":
        """A value that the contract does not list yet: kept, so that one new value does not cost a whole page"""
        if not isinstance(value, str):
            return None
        unlisted = str.__new__(cls, value)
        unlisted._name_ = unlisted._value_ = value
        return unlisted
