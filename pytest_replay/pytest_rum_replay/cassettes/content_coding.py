"""Bodies without their compression, as the client under test sees them."""

import httpx

from pytest_rum_replay.interaction import Headers

__all__ = ["decoded"]


def decoded(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """The body decompressed, and the headers without `content-encoding`.

    httpx does it, so a recording holds exactly what its clients read: gzip, deflate with and without the zlib wrapper,
    and br and zstd where their packages are installed. What it cannot decompress stays compressed and labelled, so
    that replaying it comes to the same.
    """
    codings = [(name, value) for name, value in headers if name == "content-encoding"]
    if not codings:
        return headers, body
    try:
        plain = httpx.Response(200, headers=codings, content=body).content
    except httpx.DecodingError:
        return headers, body
    # Unknown codings are passed through in silence; nothing compressed equals its own content.
    if plain == body:
        return headers, body
    return tuple(pair for pair in headers if pair[0] != "content-encoding"), plain
