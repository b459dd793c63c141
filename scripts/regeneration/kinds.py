"""How values of each type of the contract are typed, checked and named in the wrapper and in the command."""

from __future__ import annotations

from attrs import frozen
from python_text import is_argument, is_attribute

from .contract import Contract, Endpoint, Field, Parameter

__all__ = ["KINDS", "PLAYLIST_ID", "Argument", "Kind", "arguments_of"]


@frozen
class Kind:
    """What code says for a type."""

    annotation: str
    check: str
    """The function of `_arguments` that checks it."""

    option: str
    """What click is given for an option."""

    example: str
    """A value, for tests."""

    sent_as: str = ""
    """What requests hold for the example; empty if that is the same."""

    @property
    def sent(self) -> str:
        return self.sent_as or self.example


KINDS = {
    "string": Kind("str", "check_text", 'metavar="TEXT"', '"a text"'),
    "integer": Kind("int", "check_integer", 'type=int, metavar="N"', "7"),
    "boolean": Kind("bool", "check_flag", "type=bool", "True"),
    "number": Kind("float", "check_number", 'type=float, metavar="N"', "1.5"),
    "date-time": Kind("datetime | int", "to_datetime", 'metavar="TIME"', "1", '"1970-01-01T00:00:00.001000+00:00"'),
}
"""Of other types, such as lists, parameters are written by hand."""

PLAYLIST_ID = Kind("int | str", "check_playlist_id", 'metavar="PLAYLIST"', "1")
ID = Kind("str", "check_id", 'metavar="ID"', '"s"')
SIZE = Kind("int", "check_size", 'type=int, metavar="N"', "1")
USER = Kind("str", "check_user_uuid", 'metavar="UUID"', '"5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"')


@frozen
class Argument:
    """A parameter of a request as a method of the client takes it."""

    name: str
    sent_as: str
    """How the generated function or class calls it."""

    kind: Kind
    required: bool
    description: str

    @classmethod
    def of_parameter(cls, parameter: Parameter) -> Argument | None:
        """None for a type that is not in KINDS."""
        name = parameter.python_name.removeprefix("filter_")
        name = name if is_argument(name) else parameter.python_name
        if parameter.type not in KINDS:
            return None
        kind = KINDS[parameter.type]
        if parameter.in_path:
            kind = PLAYLIST_ID if name == "playlist_id" else ID
        elif name.endswith(("_limit", "_size")):
            kind = SIZE
        elif name.startswith("created_by"):
            kind = USER
        return cls(name, parameter.python_name, kind, parameter.required, parameter.description)

    @classmethod
    def of_field(cls, field: Field) -> Argument | None:
        """None for a type that is not in KINDS, a name of no argument, and for what only the server sets."""
        if field.set_by_server or field.type not in KINDS or not is_attribute(field.name, of_resource=True):
            return None
        return cls(field.name, field.name, KINDS[field.type], field.required, field.description)

    @property
    def public_name(self) -> str:
        """What methods call it: in their group, the id of playlists is `id`."""
        return "id" if self.kind is PLAYLIST_ID else self.name

    @property
    def annotation(self) -> str:
        return self.kind.annotation if self.required else f"{self.kind.annotation} | None"

    @property
    def checked(self) -> str:
        """The expression that is sent."""
        if self.kind is PLAYLIST_ID:
            return f"{self.kind.check}({self.name})"
        if self.required:
            return f'{self.kind.check}("{self.name}", {self.name})'
        return f'optional({self.kind.check}, "{self.name}", {self.name})'


def arguments_of(contract: Contract, endpoint: Endpoint) -> list[Argument]:
    """What callers of an operation give; required ones first."""
    found = [*map(Argument.of_parameter, endpoint.own_parameters)]
    found += map(Argument.of_field, contract.fields(endpoint.attributes))
    return sorted((each for each in found if each is not None), key=lambda each: not each.required)
