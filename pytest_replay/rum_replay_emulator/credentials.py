"""Who may ask: the checks behind 401 and 403."""

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from rum_replay_emulator.refused import RefusedError

__all__ = ["Credentials"]


@frozen
class Credentials:
    """What is demanded. None everywhere: any non-empty pair of keys, or any non-empty bearer token, will do.

    As soon as one is demanded, only that way in is open: with keys demanded a bearer token answers 403, and with a
    bearer token demanded keys do.
    """

    api_key: str | None = field(default=None, repr=False)
    app_key: str | None = field(default=None, repr=False)
    bearer_token: str | None = field(default=None, repr=False)

    def check(self, headers: Mapping[bytes, bytes], key_headers: Sequence[bytes]) -> None:
        """Raise RefusedError with 401 for credentials that are missing or incomplete and 403 for wrong ones.

        `headers` have names in lower case. `key_headers` name the API key's header, then the application key's.
        A bearer token counts before keys.
        """
        demands_keys = self.api_key is not None or self.app_key is not None
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        token = token.strip()
        if scheme.lower() == b"bearer" and token:
            if demands_keys if self.bearer_token is None else token != self.bearer_token.encode():
                raise RefusedError(403)
            return
        sent = [headers.get(name, b"").strip() for name in key_headers]
        if not all(sent):
            raise RefusedError(401)
        if self.bearer_token is not None and not demands_keys:
            raise RefusedError(403)
        for given, demanded in zip(sent, (self.api_key, self.app_key), strict=True):
            if demanded is not None and given != demanded.encode():
                raise RefusedError(403)
