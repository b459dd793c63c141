"""Who makes a request: the user it is made as, and the credential checks that end in 401 and 403."""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from rum_replay_emulator.answer import RefusedError

__all__ = ["Credentials", "User"]


@frozen
class User:
    """A user of the organization; all values are invented.

    The filters by creator take a `uuid`. `id` is the number in a snapshot's `created_by_user_id`.
    """

    handle: str = "mira.holt@example.com"
    name: str = "Mira Holt"
    icon: str = "https://example.com/avatars/mira.png"
    uuid: str = "5b1f6e80-7c24-4d39-8a55-c0e9d2f4713b"
    id: int = 7015524


@frozen
class Credentials:
    """The credentials that are required. None everywhere: any non-empty pair of keys, or any non-empty bearer token.

    As soon as one is required, only that kind is accepted: with keys required a bearer token answers 403, and with a
    bearer token required keys do.
    """

    api_key: str | None = field(default=None, repr=False)
    app_key: str | None = field(default=None, repr=False)
    bearer_token: str | None = field(default=None, repr=False)

    def check(self, headers: Mapping[bytes, bytes], key_headers: Sequence[bytes]) -> None:
        """Raise RefusedError with 401 for missing or incomplete credentials and with 403 for wrong ones.

        `headers` have names in lower case. `key_headers` are the names of the API key's header and the application
        key's, in this order. A bearer token takes precedence over keys.
        """
        requires_keys = self.api_key is not None or self.app_key is not None
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        token = token.strip()
        if scheme.lower() == b"bearer" and token:
            if requires_keys if self.bearer_token is None else token != self.bearer_token.encode():
                raise RefusedError(403)
            return
        sent = [headers.get(name, b"").strip() for name in key_headers]
        if not all(sent):
            raise RefusedError(401)
        if self.bearer_token is not None and not requires_keys:
            raise RefusedError(403)
        for given, required in zip(sent, (self.api_key, self.app_key), strict=True):
            if required is not None and given != required.encode():
                raise RefusedError(403)
