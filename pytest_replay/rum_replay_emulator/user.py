"""The person in whose name requests are made."""

from attrs import frozen

__all__ = ["User"]


@frozen
class User:
    """A user of the organisation; all values are invented.

    `uuid` is what filters by creator take. `id` is the number that a snapshot's `created_by_user_id` holds.
    """

    handle: str = "mira.holt@example.com"
    name: str = "Mira Holt"
    icon: str = "https://example.com/avatars/mira.png"
    uuid: str = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
    id: int = 7015524
