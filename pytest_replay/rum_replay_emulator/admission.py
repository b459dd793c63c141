"""What the server refuses before the emulator sees it: heads beyond the limits, other hosts, web pages elsewhere."""

import re
from collections.abc import Sequence

from attrs import frozen

from rum_replay_emulator.answer import error_answer
from rum_replay_emulator.asgi import ASGI, Message, Receive, Send, refuse
from rum_replay_emulator.assumptions import Assumptions
from rum_replay_emulator.hosts import AllowedHosts, host_of
from rum_replay_emulator.limits import Limits

__all__ = ["Admission"]

_ASSUMPTIONS = Assumptions()
"""The server's own errors have the documented shape, whatever the emulator assumes about the API."""

_URL = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)(.*)", re.DOTALL)


@frozen
class _Refusal:
    status: int
    error: str


class Admission:
    """An ASGI application in front of another one; what it refuses, that one does not see.

    A URL as the target of a request, as clients send it to a proxy, names the host in the place of `Host`.
    """

    def __init__(self, application: ASGI, hosts: AllowedHosts, limits: Limits) -> None:
        self._application = application
        self._hosts = hosts
        self._limits = limits

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        path: bytes = scope["raw_path"]
        headers: Sequence[tuple[bytes, bytes]] = scope["headers"]
        authorities = _values(headers, b"host")
        if scope["method"] == "CONNECT":
            authorities = [path]
        elif url := _URL.fullmatch(path):
            authorities = [url[1]]
            scope["raw_path"] = url[2] or b"/"
        refusal = (
            self._too_large(len(path) + len(scope["query_string"]), headers)
            or self._for_another_host(authorities)
            or self._from_another_site(headers)
        )
        if refusal is None:
            await self._application(scope, receive, send)
        else:
            answer = error_answer(refusal.status, [refusal.error], _ASSUMPTIONS)
            await refuse(answer, scope, receive, send)

    def _too_large(self, target_size: int, headers: Sequence[tuple[bytes, bytes]]) -> _Refusal | None:
        limits = self._limits
        if target_size > limits.target_size:
            return _Refusal(414, f"the URL is longer than {limits.target_size} bytes")
        # A head that arrives at once is never incomplete, so the limit of h11 does not see it.
        head_size = target_size + sum(len(name) + len(value) + 4 for name, value in headers)
        if head_size > limits.head_size:
            return _Refusal(431, f"the headers are larger than {limits.head_size} bytes")
        if len(headers) > limits.header_count:
            return _Refusal(431, f"there are more than {limits.header_count} headers")
        # Two ends of a body are how requests are smuggled past proxies.
        if _values(headers, b"content-length") and _values(headers, b"transfer-encoding"):
            return _Refusal(400, "Content-Length and Transfer-Encoding exclude each other")
        return None

    def _for_another_host(self, authorities: Sequence[bytes]) -> _Refusal | None:
        host = host_of(authorities[0].decode("latin-1")) if len(authorities) == 1 else None
        if host is None:
            return _Refusal(400, "Host: must be one name or address of a host, with an optional port")
        if self._hosts.answer(host):
            return None
        return _Refusal(
            421,
            f"this emulator does not answer for the host {host}: if that is yours, {_how_to_allow(host)}",
        )

    def _from_another_site(self, headers: Sequence[tuple[bytes, bytes]]) -> _Refusal | None:
        origins = _values(headers, b"origin")
        if not origins:
            # Browsers send no Origin with a GET that a page neither reads nor adds headers to.
            if b"cross-site" not in _values(headers, b"sec-fetch-site"):
                return None
            return _Refusal(403, "this emulator is not for web pages of other sites")
        for origin in origins:
            url = _URL.fullmatch(origin)
            host = None if url is None or url[2] else host_of(url[1].decode("latin-1"))
            if host is None:
                return _Refusal(403, "this emulator is not for web pages without an address of their own")
            if not self._hosts.trust(host):
                return _Refusal(
                    403,
                    f"this emulator is not for web pages of {host}: if that is yours, {_how_to_allow(host)}",
                )
        return None


def _how_to_allow(host: str) -> str:
    return f'start it with `--allow-host {host}`, or in Python with serve(allowed_hosts=["{host}"])'


def _values(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> list[bytes]:
    return [value for found, value in headers if found == name]
