# Generated from openapi.yaml by openapi-python-client 0.29.1. Do not edit: run scripts/generate.
from enum import StrEnum


class RUMEventType(StrEnum):
    RUM = "rum"

    @classmethod
    def _missing_(cls, value: object) -> "RUMEventType | None":
        """Keep a value that is not in the contract yet, so that one new value does not make a whole page unreadable"""
        if not isinstance(value, str):
            return None
        unlisted = str.__new__(cls, value)
        unlisted._name_ = unlisted._value_ = value
        return unlisted

    def __reduce_ex__(self, proto: object) -> tuple[object, ...]:
        """Copy and pickle by value: Python up to 3.11.4 goes by name, by which an unlisted value is not found"""
        return type(self), (self._value_,)
