"""What the classes in `_models` have in common: the API's answers, flat and frozen, derived from the contract.

Fields that an answer leaves out, or holds as null, are None. Fields that this release does not know are kept in
`extra`, enum values that it does not know remain strings, and `to_dict()` returns what the server sent. Times are
aware datetimes. Only ids and the fields that the contract requires are always there.
"""

import copy
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import attrs
import msgspec

__all__ = ["AwareDatetime", "Part", "Resource"]

if TYPE_CHECKING:
    AwareDatetime = Annotated[datetime, msgspec.Meta(tz=True)]
    """RFC 3339 demands an offset; a time without one cannot be placed and does not fit the contract."""
else:
    # freezegun puts a subclass in the place of `datetime`, which may have happened before this module was imported.
    _real = next(cls for cls in datetime.__mro__ if (cls.__module__, cls.__name__) == ("datetime", "datetime"))
    AwareDatetime = Annotated[_real, msgspec.Meta(tz=True)]

_TOP_LEVEL = ("id", "type", "relationships", "links", "meta")
"""What JSON:API puts beside the attributes of a resource."""


@attrs.frozen(kw_only=True)
class Resource:
    """What all resources share: a type, fields that are not known yet, and the wire form."""

    type: str
    """The JSON:API resource type, such as `rum_replay_playlist`."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """Fields of the resource or of its attributes that this release does not know."""

    # Not an argument of the constructor, so that attrs.evolve drops it instead of keeping an outdated value.
    _wire: dict[str, Any] | None = attrs.field(default=None, init=False, eq=False, repr=False)

    def to_dict(self) -> dict[str, Any]:
        """The wire form, `{"id": …, "type": …, "attributes": {…}}`.

        Of a resource from the server: exactly what it sent. Otherwise: made of the fields, without those that are None.
        """
        if self._wire is not None:
            return copy.deepcopy(self._wire)
        fields = _to_wire(self)
        resource = {name: fields.pop(name) for name in _TOP_LEVEL if name in fields}
        return resource | {"attributes": fields}


@attrs.frozen(kw_only=True)
class Part:
    """What objects among the attributes of a resource share."""

    extra: dict[str, Any] = attrs.field(factory=dict[str, Any], hash=False)
    """Fields that this release does not know."""


def _to_wire(value: Any) -> Any:
    if isinstance(value, Resource | Part):
        fields = {field.name: _to_wire(getattr(value, field.name)) for field in attrs.fields(type(value))}
        known = {name: field for name, field in fields.items() if field is not None and name not in ("extra", "_wire")}
        return known | fields["extra"]
    return value.isoformat() if isinstance(value, datetime) else copy.deepcopy(value)
